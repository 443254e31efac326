/*
 * Tick counts of any resolution to ns since the epoch, without overflow.
 *
 * Used by the capture readers: pcapng interfaces count in 10^-n or 2^-n seconds
 * with n up to 127 from an offset of their own (if_tsresol, if_tsoffset); NetMon
 * writes calendar times and Windows file times.
 */
#ifndef OCSIGHT_DECODERS_TICKS_H
#define OCSIGHT_DECODERS_TICKS_H

#include "analyzer/engine/origin.h"

/* One clock. Made by ticks_of() once per interface, so that a packet costs two divisions. */
struct ticks {
    bool binary; /* 2^-exponent, else 10^-exponent seconds */
    uint8_t exponent;
    int64_t offset;  /* seconds added */
    uint64_t second; /* ticks per second; 0 = more than 64 bits hold */
};

/* `resolution` as in if_tsresol: the top bit says binary. */
struct ticks ticks_of(uint8_t resolution, int64_t offset);

/* TIME_NONE when the time does not lie in 1970 .. 2116, the range of packet times. */
int64_t ticks_time(const struct ticks *ticks, uint64_t count);

/* The count that ticks_time() makes `time` or the next later one of; false when there is none. */
bool ticks_count(const struct ticks *ticks, int64_t time, uint64_t *out);

/* ns from whole seconds and a part; TIME_NONE as above. `part` is below 2^62. */
int64_t ticks_join(int64_t seconds, int64_t part);

/* 100 ns since 1601-01-01T00:00:00Z (FILETIME); TIME_NONE as above. */
int64_t ticks_filetime(uint64_t filetime);

/* A calendar time, UTC; TIME_NONE as above or when a field is out of its range. */
struct calendar {
    unsigned year, month, day, hour, minute, second, millisecond;
};

int64_t ticks_calendar(const struct calendar *calendar);

#endif
