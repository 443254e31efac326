/*
 * Times of a compliance export (facts/xccos.md 1.15): .NET ticks, 100 ns since the beginning of
 * the year 1, and the two forms that stand beside them.
 *
 * Pure arithmetic on the proleptic Gregorian calendar, for the years 1 to 9999. What does not
 * fit is cut off, not rounded, before 1970 too.
 */
#ifndef OCSIGHT_ANALYZER_ENGINE_COMPLIANCE_TIME_H
#define OCSIGHT_ANALYZER_ENGINE_COMPLIANCE_TIME_H

#include "analyzer/engine/origin.h"

#define TICKS_NONE   INT64_MIN
#define TICKS_LAST   INT64_C(3155378975999999999) /* 9999-12-31T23:59:59.9999999Z */
#define TICKS_1970   INT64_C(621355968000000000)
#define TICKS_SECOND INT64_C(10000000)

enum { TICKS_TEXT = 29 }; /* "9999-12-31T23:59:59.9999999Z" and a NUL */

/* From and to ns since 1970. The first cuts; the second is TIME_NONE outside of 1677 .. 2262. */
int64_t ticks_of_time(int64_t time);
int64_t ticks_to_time(int64_t ticks);

/* since1970: milliseconds. */
int64_t ticks_since_1970(int64_t ticks);

/* string: ISO, UTC, up to seven digits of a second without trailing zeros. */
struct slice ticks_text(int64_t ticks, char out[static TICKS_TEXT]);

/* The reverse of it; a zone other than Z is applied, none is UTC. TICKS_NONE = no such time. */
int64_t ticks_parse(struct slice text);

#endif
