/*
 * The ticks of a time axis: round times of the clock that people read.
 */
#ifndef OCSIGHT_REPORTS_TIMELINE_TICKS_H
#define OCSIGHT_REPORTS_TIMELINE_TICKS_H

#include "analyzer/engine/arena.h"
#include "reports/clock.h"

enum { TIMELINE_TICKS = 64 };

struct timeline_tick {
    int64_t time;
    struct slice label; /* "10:00", "10:00:05", "10:00:05.250"; "" where only a day begins */
    struct slice day;   /* "2026-11-20" where a day begins and the axis shows days; else "" */
};

/*
 * Ticks from `from` to `to`, at most `most` of them (no more than TIMELINE_TICKS), at
 * round times of the zone. Returns how many.
 */
size_t timeline_ticks_make(struct timeline_tick ticks[static TIMELINE_TICKS], int64_t from,
                           int64_t to, size_t most, const struct clock_zone *zone,
                           struct arena *arena);

/* The widest label that ticks between these times can have. */
struct slice timeline_ticks_widest(int64_t from, int64_t to);

/* The first and the last moment lie on different days. */
bool timeline_ticks_days(int64_t from, int64_t to, const struct clock_zone *zone);

#endif
