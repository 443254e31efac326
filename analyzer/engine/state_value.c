/*
 * Published states as the engine keeps them. See state_value.h.
 */
#include "analyzer/engine/state_value.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/engine/arena.h"

static struct state_activity *keep_activities(const struct state_activity *from, size_t count)
{
    size_t bytes = count * sizeof *from;
    for (size_t i = 0; i < count; i++) {
        bytes += from[i].token.size;
    }
    struct state_activity *kept = memory_alloc(bytes);
    char *text = (char *)(kept + count);
    for (size_t i = 0; i < count; i++) {
        kept[i] = from[i];
        kept[i].token.data = text;
        if (from[i].token.size > 0) {
            memcpy(text, from[i].token.data, from[i].token.size);
        }
        text += from[i].token.size;
    }
    return kept;
}

struct state_value state_value_copy(const struct state_value *value)
{
    struct state_value copy = *value;
    copy.activities = value->activity_count > 0
                          ? keep_activities(value->activities, value->activity_count)
                          : NULL;
    return copy;
}

struct state_value state_value_keep(const struct presence_value *value)
{
    struct state_activity activities[PRESENCE_ACTIVITIES];
    size_t count = value->activity_count < PRESENCE_ACTIVITIES ? value->activity_count
                                                               : (size_t)PRESENCE_ACTIVITIES;
    for (size_t i = 0; i < count; i++) {
        const struct presence_activity *from = &value->activities[i];
        activities[i] = (struct state_activity){from->token, from->min, from->max};
    }
    struct state_value borrowed = {value->kind, value->availability, count, activities};
    return state_value_copy(&borrowed);
}

/* facts/presence.md 7.3: the band of a PIDF activity; the number is the band's usual one. */
struct pidf_row {
    struct slice token;
    enum band band;
    uint32_t max; /* on-the-phone is shown up to the end of Busy, idle: presence.md 2.5 */
};

/* clang-format off */
static const struct pidf_row pidf_rows[] = {
    {SLICE("on-the-phone"), BAND_BUSY, 8999},
    {SLICE("busy"),         BAND_BUSY, 8999},
    {SLICE("meeting"),      BAND_BUSY, 8999},
    {SLICE("appointment"),  BAND_BUSY, 8999},
    {SLICE("presentation"), BAND_BUSY, 8999}, /* or Do not disturb: the sheet leaves it open */
    {SLICE("away"),         BAND_AWAY, 17999},
};
/* clang-format on */

static const struct pidf_row *pidf_row_find(struct slice token)
{
    for (size_t i = 0; i < sizeof pidf_rows / sizeof pidf_rows[0]; i++) {
        if (slice_equal_nocase(pidf_rows[i].token, token)) {
            return &pidf_rows[i];
        }
    }
    return NULL;
}

/* The least available of the activities; none of a known kind leaves *activity alone. */
static int64_t pidf_availability(const struct pidf_fact *fact, struct state_activity *activity)
{
    int64_t availability = band_rows()[BAND_AVAILABLE].usual;
    size_t count = fact->value.activity_count;
    for (size_t i = 0; i < count && i < PRESENCE_ACTIVITIES; i++) {
        struct slice token = fact->value.activities[i].token;
        const struct pidf_row *row = pidf_row_find(token);
        if (row && band_rows()[row->band].usual > availability) {
            availability = band_rows()[row->band].usual;
            *activity = (struct state_activity){token, band_rows()[row->band].low, row->max};
        }
    }
    return availability;
}

struct state_value state_value_keep_pidf(const struct pidf_fact *fact)
{
    if (!fact->has_basic && fact->value.activity_count == 0 &&
        fact->value.availability == AVAILABILITY_NONE) {
        return (struct state_value){.kind = STATE_NONE, .availability = AVAILABILITY_NONE};
    }
    struct state_activity activity = {0};
    struct state_value value = {.kind = STATE_PHONE, .activities = &activity};
    if (fact->has_basic && !fact->open) {
        value.availability = band_rows()[BAND_OFFLINE].usual;
    } else {
        value.availability = pidf_availability(fact, &activity);
    }
    if (fact->value.availability != AVAILABILITY_NONE) {
        value.availability = fact->value.availability;
    }
    value.activity_count = activity.token.size > 0;
    return state_value_copy(&value);
}

void state_value_drop(struct state_value *value)
{
    free(value->activities);
    *value = (struct state_value){.kind = STATE_NONE, .availability = AVAILABILITY_NONE};
}

bool state_value_equal(const struct state_value *a, const struct state_value *b)
{
    if (a->kind != b->kind || a->availability != b->availability ||
        a->activity_count != b->activity_count) {
        return false;
    }
    for (size_t i = 0; i < a->activity_count; i++) {
        const struct state_activity *x = &a->activities[i];
        const struct state_activity *y = &b->activities[i];
        if (x->min != y->min || x->max != y->max || !slice_equal(x->token, y->token)) {
            return false;
        }
    }
    return true;
}

struct slice state_value_activity(const struct state_value *value, int64_t availability)
{
    for (size_t i = 0; i < value->activity_count; i++) {
        const struct state_activity *activity = &value->activities[i];
        if (activity->token.size > 0 && availability >= (int64_t)activity->min &&
            availability <= (int64_t)activity->max) {
            return activity->token;
        }
    }
    return (struct slice){0};
}

enum band state_band(enum state_kind kind, int64_t availability)
{
    if (kind == STATE_AGGREGATE && availability < 0) {
        return BAND_OFFLINE;
    }
    return band_of(availability);
}
