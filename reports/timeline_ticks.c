/*
 * The ticks of a time axis. See timeline_ticks.h.
 */
#include "reports/timeline_ticks.h"

#include <string.h>

#define MILLISECOND (TIME_SECOND / 1000)
#define MINUTE      (60 * TIME_SECOND)
#define HOUR        (60 * MINUTE)
#define DAY         (24 * HOUR)

enum { DATE = 10 }; /* characters of "2026-11-20" */

/* What people count in. */
static const int64_t steps[] = {
    MILLISECOND,
    2 * MILLISECOND,
    5 * MILLISECOND,
    10 * MILLISECOND,
    20 * MILLISECOND,
    50 * MILLISECOND,
    100 * MILLISECOND,
    200 * MILLISECOND,
    500 * MILLISECOND,
    TIME_SECOND,
    2 * TIME_SECOND,
    5 * TIME_SECOND,
    10 * TIME_SECOND,
    15 * TIME_SECOND,
    30 * TIME_SECOND,
    MINUTE,
    2 * MINUTE,
    5 * MINUTE,
    10 * MINUTE,
    15 * MINUTE,
    30 * MINUTE,
    HOUR,
    2 * HOUR,
    3 * HOUR,
    6 * HOUR,
    12 * HOUR,
    DAY,
    2 * DAY,
    7 * DAY,
    28 * DAY,
    91 * DAY,
    364 * DAY,
    3640 * DAY,
    36400 * DAY,
};

static int64_t choose_step(int64_t from, int64_t to, size_t most)
{
    size_t last = sizeof steps / sizeof steps[0] - 1;
    for (size_t i = 0; i < last; i++) {
        if ((to - from) / steps[i] < (int64_t)most) {
            return steps[i];
        }
    }
    return steps[last];
}

bool timeline_ticks_days(int64_t from, int64_t to, const struct clock_zone *zone)
{
    char first[CLOCK_TEXT];
    char last[CLOCK_TEXT];
    clock_date(from, zone, first);
    clock_date(to, zone, last);
    return strncmp(first, last, DATE) != 0;
}

struct slice timeline_ticks_widest(int64_t from, int64_t to)
{
    int64_t span = to - from;
    return slice_of(span < 20 * TIME_SECOND ? "00:00:00.000"
                    : span < 30 * MINUTE    ? "00:00:00"
                                            : "00:00");
}

/* Only as much of the time as the step can change. */
static struct slice tick_label(int64_t time, int64_t step, const struct clock_zone *zone,
                               struct arena *arena)
{
    char date[CLOCK_TEXT];
    clock_date(time, zone, date);
    if (step >= DAY) {
        return slice_of("");
    }
    size_t digits = step >= MINUTE ? 5 : step >= TIME_SECOND ? 8 : 12;
    return arena_keep(arena, slice_sub(slice_of(date), DATE + 1, digits));
}

static bool begins_day(int64_t local)
{
    return local % DAY == 0;
}

static struct slice day_label(int64_t time, const struct clock_zone *zone, struct arena *arena)
{
    char date[CLOCK_TEXT];
    clock_date(time, zone, date);
    date[DATE] = '\0';
    return arena_keep(arena, slice_of(date));
}

size_t timeline_ticks_make(struct timeline_tick ticks[static TIMELINE_TICKS], int64_t from,
                           int64_t to, size_t most, const struct clock_zone *zone,
                           struct arena *arena)
{
    most = most < 2 ? 2 : most > TIMELINE_TICKS - 2 ? TIMELINE_TICKS - 2 : most;
    bool days = timeline_ticks_days(from, to, zone);
    int64_t step = choose_step(from, to, most);
    int64_t local = from + clock_ahead(from, zone);
    size_t count = 0;
    local = (local + step - 1) / step * step;
    while (count < TIMELINE_TICKS) {
        /* An hour that the zone leaves out or repeats moves the ticks by it, not their labels. */
        int64_t time = local - clock_ahead(local - clock_ahead(local, zone), zone);
        if (time > to) {
            break;
        }
        if (time >= from && (count == 0 || time > ticks[count - 1].time)) {
            ticks[count++] = (struct timeline_tick){
                .time = time,
                .label = tick_label(time, step, zone, arena),
                .day = days && begins_day(local) ? day_label(time, zone, arena) : slice_of(""),
            };
        }
        local += step;
    }
    return count;
}
