/*
 * Times as text. Capture times are ns since 1970 (origin.h); the zone is only
 * for people's eyes and is set once by the program.
 */
#ifndef OCSIGHT_REPORTS_CLOCK_H
#define OCSIGHT_REPORTS_CLOCK_H

#include "analyzer/engine/origin.h"

enum { CLOCK_TEXT = 48 };

/* How people are shown times. `local` = the TZ of the process, else UTC. */
struct clock_zone {
    bool local;
};

/* "2026-11-20T10:00:00.123456Z", nine digits when the last three are not zero; "" for TIME_NONE. */
void clock_iso(int64_t time, char out[static CLOCK_TEXT]);

/* "2026-11-20 10:00:00.123" in the zone. */
void clock_date(int64_t time, const struct clock_zone *zone, char out[static CLOCK_TEXT]);

/* "10:00:00.123456" in the zone. */
void clock_of_day(int64_t time, const struct clock_zone *zone, char out[static CLOCK_TEXT]);

/* "UTC", or the zone's own short name at that time. */
void clock_zone_name(int64_t time, const struct clock_zone *zone, char out[static CLOCK_TEXT]);

/* ns that the zone's clocks were ahead of UTC at that time. */
int64_t clock_ahead(int64_t time, const struct clock_zone *zone);

/* "1.234 s", "12 ms", "3 min 4 s": a waiting time for people. */
void clock_duration(int64_t nanoseconds, char out[static CLOCK_TEXT]);

/*
 * Reads "2026-11-20T10:00:00[.frac][Z|+hh:mm]", "2026-11-20 10:00:00", and, with
 * `day` (any time of the day that is meant), "10:00:00[.frac]". UTC without a
 * zone letter. False when it is no time.
 */
bool clock_parse(struct slice text, int64_t day, int64_t *out);

#endif
