/*
 * Tick counts to ns. See ticks.h.
 *
 * Normative: draft-ietf-opsawg-pcapng section 4.2 (if_tsresol, if_tsoffset).
 * Parts of a nanosecond are cut off, not rounded.
 */
#include "decoders/ticks.h"

/* The last time a packet can have: 2^62 ns, in the year 2116. */
#define LATEST (INT64_C(1) << 62)

enum { NANO_DIGITS = 9, DECIMAL_MAX = 19, BINARY_MAX = 63 };

static uint64_t power_of_ten(unsigned exponent)
{
    uint64_t power = 1;
    for (unsigned i = 0; i < exponent; i++) {
        power *= 10;
    }
    return power;
}

struct ticks ticks_of(uint8_t resolution, int64_t offset)
{
    struct ticks ticks = {
        .binary = (resolution & 0x80) != 0, .exponent = resolution & 0x7f, .offset = offset};
    if (ticks.binary) {
        ticks.second = ticks.exponent <= BINARY_MAX ? UINT64_C(1) << ticks.exponent : 0;
    } else {
        ticks.second = ticks.exponent <= DECIMAL_MAX ? power_of_ten(ticks.exponent) : 0;
    }
    return ticks;
}

/* floor(part * 10^9 / 2^exponent) for part < 2^exponent: a product of up to 94 bits, in two halves.
 */
static uint64_t binary_part(uint64_t part, unsigned exponent)
{
    uint64_t nano = (uint64_t)TIME_SECOND;
    if (exponent <= 32) {
        return part * nano >> exponent;
    }
    uint64_t upper = (part >> 32) * nano + ((part & UINT32_MAX) * nano >> 32);
    return exponent - 32 < 64 ? upper >> (exponent - 32) : 0;
}

static uint64_t decimal_part(uint64_t part, unsigned exponent)
{
    if (exponent <= NANO_DIGITS) {
        return part * power_of_ten(NANO_DIGITS - exponent);
    }
    unsigned surplus = exponent - NANO_DIGITS;
    return surplus <= DECIMAL_MAX ? part / power_of_ten(surplus) : 0;
}

int64_t ticks_time(const struct ticks *ticks, uint64_t count)
{
    uint64_t seconds = ticks->second > 0 ? count / ticks->second : 0;
    uint64_t part = ticks->second > 0 ? count % ticks->second : count;
    uint64_t nano =
        ticks->binary ? binary_part(part, ticks->exponent) : decimal_part(part, ticks->exponent);
    if (seconds > INT64_MAX ||
        (ticks->offset > 0 && (int64_t)seconds > INT64_MAX - ticks->offset)) {
        return TIME_NONE;
    }
    return ticks_join((int64_t)seconds + ticks->offset, (int64_t)nano);
}

/* part * 2^exponent / 10^9, rounded up: the first 34 bits, which fit a word with it, then the rest.
 */
static uint64_t binary_count(uint64_t part, unsigned exponent)
{
    enum { FIRST = 34 };
    uint64_t nano = (uint64_t)TIME_SECOND;
    unsigned first = exponent < FIRST ? exponent : FIRST;
    unsigned rest = exponent - first;
    uint64_t whole = (part << first) / nano;
    uint64_t left = (part << first) % nano;
    return (whole << rest) + ((left << rest) + nano - 1) / nano;
}

static uint64_t decimal_count(uint64_t part, unsigned exponent)
{
    if (exponent >= NANO_DIGITS) {
        return part * power_of_ten(exponent - NANO_DIGITS);
    }
    uint64_t unit = power_of_ten(NANO_DIGITS - exponent);
    return (part + unit - 1) / unit;
}

bool ticks_count(const struct ticks *ticks, int64_t time, uint64_t *out)
{
    if (ticks->second == 0 || time < 0 || (ticks->offset < 0 && ticks->offset < -LATEST)) {
        return false;
    }
    int64_t seconds = time / TIME_SECOND - ticks->offset;
    uint64_t part = (uint64_t)(time % TIME_SECOND);
    uint64_t behind =
        ticks->binary ? binary_count(part, ticks->exponent) : decimal_count(part, ticks->exponent);
    if (seconds < 0 || (uint64_t)seconds > (UINT64_MAX - behind) / ticks->second) {
        return false;
    }
    *out = (uint64_t)seconds * ticks->second + behind;
    return true;
}

int64_t ticks_join(int64_t seconds, int64_t part)
{
    if (seconds > LATEST / TIME_SECOND || seconds < -(LATEST / TIME_SECOND)) {
        return TIME_NONE;
    }
    int64_t time = seconds * TIME_SECOND + part;
    return time >= 0 && time <= LATEST ? time : TIME_NONE;
}

int64_t ticks_filetime(uint64_t filetime)
{
    const int64_t from_1601_to_1970 = INT64_C(11644473600);
    const uint64_t per_second = 10000000;
    return ticks_join((int64_t)(filetime / per_second) - from_1601_to_1970,
                      (int64_t)(filetime % per_second) * 100);
}

/* Days since 1970-01-01 in the Gregorian calendar; the year starts in March, so leap days come
 * last. */
static int64_t days_since_epoch(unsigned year, unsigned month, unsigned day)
{
    int64_t y = (int64_t)year - (month <= 2);
    int64_t m = ((int64_t)month + 9) % 12;
    int64_t days_before_1970 = 719468;
    return y * 365 + y / 4 - y / 100 + y / 400 + (m * 153 + 2) / 5 + day - 1 - days_before_1970;
}

int64_t ticks_calendar(const struct calendar *calendar)
{
    if (calendar->year < 1970 || calendar->year > 2200 || calendar->month < 1 ||
        calendar->month > 12 || calendar->day < 1 || calendar->day > 31 || calendar->hour > 23 ||
        calendar->minute > 59 || calendar->second > 60 || calendar->millisecond > 999) {
        return TIME_NONE;
    }
    int64_t days = days_since_epoch(calendar->year, calendar->month, calendar->day);
    int64_t seconds =
        days * 86400 + calendar->hour * 3600 + calendar->minute * 60 + calendar->second;
    return ticks_join(seconds, (int64_t)calendar->millisecond * 1000000);
}
