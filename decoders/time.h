/*
 * Times as presence and chat documents write them (facts/xccos.md 8.6):
 * YYYY-MM-DDTHH:MM:SS[.fraction][Z|+hh:mm|-hh:mm]; without a zone it is UTC.
 *
 * Pure arithmetic on the proleptic Gregorian calendar; neither the clock nor the
 * zone of this machine plays a part.
 */
#ifndef OCSIGHT_DECODERS_TIME_H
#define OCSIGHT_DECODERS_TIME_H

#include "analyzer/engine/origin.h"

/*
 * ns since 1970-01-01T00:00:00Z; blanks around the time are ignored, digits
 * beyond nanoseconds too. TIME_NONE when it is not such a time, when a part is
 * out of range, or when it lies outside what 64-bit nanoseconds hold
 * (1677-09-21 to 2262-04-11).
 */
int64_t time_parse(struct slice text);

#endif
