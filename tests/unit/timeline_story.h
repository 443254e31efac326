/*
 * A few days of a few people, for tests of the timeline.
 */
#ifndef OCSIGHT_TESTS_UNIT_TIMELINE_STORY_H
#define OCSIGHT_TESTS_UNIT_TIMELINE_STORY_H

#include "tests/unit/report_run.h"

#include "analyzer/engine/bands.h"
#include "reports/presence_report.h"

#define HOURS(count) ((count)*3600)

struct story_change {
    const char *user;
    int64_t seconds; /* after 2026-11-20T10:00:00Z */
    int64_t availability;
    const char *activity;
    enum presence_source source;
    bool timed;
    int64_t also_low; /* what else is admitted; 0 = nothing */
    int64_t also_high;
};

/* Every band, an odd number, a state that ran out, sets, changes too close to tell apart. */
/* clang-format off */
static const struct story_change long_story[] = {
    {"ann@contoso.example", HOURS(-2),      3500,  "", SOURCE_AGGREGATE, false, 0, 0},
    {"ann@contoso.example", HOURS(1),       6500,  "in-a-meeting", SOURCE_AGGREGATE, false, 0, 0},
    {"ann@contoso.example", HOURS(3),       5000,  "", SOURCE_AGGREGATE, false, 0, 0},
    {"ann@contoso.example", HOURS(4),       15500, "", SOURCE_AGGREGATE, false, 0, 0},
    {"ann@contoso.example", HOURS(7),       9500,  "in-presentation", SOURCE_AGGREGATE, false, 0, 0},
    {"ann@contoso.example", HOURS(10),      12500, "", SOURCE_AGGREGATE, false, 0, 0},
    {"ann@contoso.example", HOURS(12),      18500, "", SOURCE_AGGREGATE, false, 0, 0},
    {"ann@contoso.example", HOURS(22),      3500,  "", SOURCE_AGGREGATE, false, 0, 0},
    {"ann@contoso.example", HOURS(28),      15500, "off-work", SOURCE_AGGREGATE, false, 0, 0},
    {"bob@contoso.example", HOURS(0),       6500,  "", SOURCE_COMPUTED, false, 0, 0},
    {"bob@contoso.example", HOURS(2),       7500,  "on-the-phone", SOURCE_COMPUTED, false, 6500, 6500},
    {"bob@contoso.example", HOURS(9),       2500,  "", SOURCE_COMPUTED, false, 0, 0},
    {"bob@contoso.example", HOURS(12),      15500, "회의 중", SOURCE_COMPUTED, false, 4500, 5999},
    {"bob@contoso.example", HOURS(24),      3500,  "", SOURCE_COMPUTED, true, 0, 0},
    {"bob@contoso.example", HOURS(30),      6500,  "", SOURCE_COMPUTED, false, 0, 0},
    {"bob@contoso.example", HOURS(30) + 2,  9500,  "", SOURCE_COMPUTED, false, 0, 0},
    {"bob@contoso.example", HOURS(30) + 4,  6500,  "", SOURCE_COMPUTED, false, 0, 0},
    {"bob@contoso.example", HOURS(30) + 6,  3500,  "", SOURCE_COMPUTED, false, 0, 0},
    {"a-very-long-name-of-a-user-in-a-long-department@subsidiary.contoso.example", HOURS(5), 3500, "",
     SOURCE_PIDF, false, 0, 0},
    {"a-very-long-name-of-a-user-in-a-long-department@subsidiary.contoso.example", HOURS(6), 6500,
     "on-the-phone", SOURCE_PIDF, true, 0, 0},
};
/* clang-format on */

static inline void tell_change(const struct sink *sink, const struct story_change *row,
                               uint64_t record)
{
    struct change change = {
        .kind = CHANGE_PRESENCE,
        .time = AT(row->seconds),
        .origin = at(row->timed ? row->seconds - 60 : row->seconds, record),
        .as.presence = {.user = slice_of(row->user),
                        .band = band_of(row->availability),
                        .availability = row->availability,
                        .activity = slice_of(row->activity),
                        .source = row->source,
                        .admitted = {.ranges = {{row->availability, row->availability},
                                                {row->also_low, row->also_high}},
                                     .count = row->also_low > 0 ? 2 : 1},
                        .cause = slice_of(row->timed ? "publication ran out" : "publishes")},
    };
    sink->change(sink->context, &change);
}

static inline void tell_story(const struct sink *sink)
{
    for (size_t i = 0; i < COUNT(long_story); i++) {
        tell_change(sink, &long_story[i], i + 1);
    }
}

/* A message tells what its sender is called. */
static inline void tell_name(const struct sink *sink, const char *user, const char *name)
{
    struct message message = {.from = {.user = slice_of(user), .display = slice_of(name)}};
    struct event event = {.kind = EVENT_MESSAGE, .message = &message};
    sink->event(sink->context, &event);
}

#endif
