/*
 * Arithmetic on record times that cannot overflow: times and lifetimes both
 * come from the input.
 */
#ifndef OCSIGHT_DECODERS_MOMENT_H
#define OCSIGHT_DECODERS_MOMENT_H

#include "analyzer/engine/origin.h"

/* `time` + `seconds`; INT64_MAX when that is past all times, TIME_NONE when `time` is. */
static inline int64_t time_later(int64_t time, int64_t seconds)
{
    if (time == TIME_NONE || seconds <= 0) {
        return time;
    }
    int64_t room = time > 0 ? INT64_MAX - time : INT64_MAX;
    return seconds > room / TIME_SECOND ? INT64_MAX : time + seconds * TIME_SECOND;
}

#endif
