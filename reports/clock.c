/*
 * Times as text. See clock.h.
 */
#include "reports/clock.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { SECONDS_PER_DAY = 86400 };

/* Whole seconds and the rest, rounded towards the past. */
static int64_t split(int64_t time, int64_t *out_nanoseconds)
{
    int64_t seconds = time / TIME_SECOND;
    int64_t rest = time % TIME_SECOND;
    if (rest < 0) {
        rest += TIME_SECOND;
        seconds--;
    }
    *out_nanoseconds = rest;
    return seconds;
}

static void break_down(int64_t seconds, const struct clock_zone *zone, struct tm *out)
{
    time_t value = (time_t)seconds;
    if (!(zone && zone->local ? localtime_r(&value, out) : gmtime_r(&value, out))) {
        *out = (struct tm){.tm_year = 70, .tm_mday = 1};
    }
}

void clock_iso(int64_t time, char out[static CLOCK_TEXT])
{
    if (time == TIME_NONE) {
        out[0] = '\0';
        return;
    }
    int64_t rest = 0;
    struct tm parts;
    break_down(split(time, &rest), NULL, &parts);
    int digits = rest % 1000 != 0 ? 9 : 6;
    snprintf(out, CLOCK_TEXT, "%04d-%02d-%02dT%02d:%02d:%02d.%0*" PRId64 "Z", parts.tm_year + 1900,
             parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec, digits,
             digits == 9 ? rest : rest / 1000);
}

void clock_date(int64_t time, const struct clock_zone *zone, char out[static CLOCK_TEXT])
{
    if (time == TIME_NONE) {
        snprintf(out, CLOCK_TEXT, "(no time)");
        return;
    }
    int64_t rest = 0;
    struct tm parts;
    break_down(split(time, &rest), zone, &parts);
    snprintf(out, CLOCK_TEXT, "%04d-%02d-%02d %02d:%02d:%02d.%03" PRId64, parts.tm_year + 1900,
             parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec,
             rest / 1000000);
}

void clock_of_day(int64_t time, const struct clock_zone *zone, char out[static CLOCK_TEXT])
{
    if (time == TIME_NONE) {
        snprintf(out, CLOCK_TEXT, "(no time)");
        return;
    }
    int64_t rest = 0;
    struct tm parts;
    break_down(split(time, &rest), zone, &parts);
    snprintf(out, CLOCK_TEXT, "%02d:%02d:%02d.%06" PRId64, parts.tm_hour, parts.tm_min,
             parts.tm_sec, rest / 1000);
}

void clock_zone_name(int64_t time, const struct clock_zone *zone, char out[static CLOCK_TEXT])
{
    if (!zone || !zone->local || time == TIME_NONE) {
        snprintf(out, CLOCK_TEXT, "UTC");
        return;
    }
    int64_t rest = 0;
    struct tm parts;
    break_down(split(time, &rest), zone, &parts);
    if (strftime(out, CLOCK_TEXT, "%Z", &parts) == 0) {
        snprintf(out, CLOCK_TEXT, "local");
    }
}

int64_t clock_ahead(int64_t time, const struct clock_zone *zone)
{
    int64_t rest = 0;
    struct tm parts;
    if (!zone || !zone->local || time == TIME_NONE) {
        return 0;
    }
    int64_t seconds = split(time, &rest);
    break_down(seconds, zone, &parts);
    return ((int64_t)timegm(&parts) - seconds) * TIME_SECOND;
}

void clock_duration(int64_t nanoseconds, char out[static CLOCK_TEXT])
{
    int64_t milliseconds = nanoseconds / 1000000;
    int64_t seconds = milliseconds / 1000;
    if (milliseconds == 0) {
        snprintf(out, CLOCK_TEXT, "%" PRId64 " us", nanoseconds / 1000);
    } else if (seconds == 0) {
        snprintf(out, CLOCK_TEXT, "%" PRId64 " ms", milliseconds);
    } else if (seconds < 60) {
        snprintf(out, CLOCK_TEXT, "%" PRId64 ".%03" PRId64 " s", seconds, milliseconds % 1000);
    } else if (seconds < 3600) {
        snprintf(out, CLOCK_TEXT, "%" PRId64 " min %" PRId64 " s", seconds / 60, seconds % 60);
    } else {
        snprintf(out, CLOCK_TEXT, "%" PRId64 " h %" PRId64 " min", seconds / 3600,
                 seconds / 60 % 60);
    }
}

/* Exactly `count` digits at the front. */
static bool take_number(struct slice *text, size_t count, int *out)
{
    uint32_t value = 0;
    if (text->size < count || !slice_to_u32(slice_sub(*text, 0, count), &value)) {
        return false;
    }
    *out = (int)value;
    *text = slice_from(*text, count);
    return true;
}

static bool take_byte(struct slice *text, char byte)
{
    if (text->size == 0 || text->data[0] != byte) {
        return false;
    }
    *text = slice_from(*text, 1);
    return true;
}

/* hh:mm:ss[.fraction] to ns of the day. */
static bool take_time_of_day(struct slice *text, int64_t *out)
{
    int hour = 0;
    int minute = 0;
    int second = 0;
    if (!take_number(text, 2, &hour) || !take_byte(text, ':') || !take_number(text, 2, &minute)) {
        return false;
    }
    if (take_byte(text, ':') && !take_number(text, 2, &second)) {
        return false;
    }
    if (hour > 23 || minute > 59 || second > 60) {
        return false;
    }
    *out = ((int64_t)hour * 3600 + minute * 60 + second) * TIME_SECOND;
    if (take_byte(text, '.')) {
        if (text->size == 0 || !ascii_is_digit(text->data[0])) {
            return false;
        }
        int64_t unit = TIME_SECOND / 10;
        while (text->size > 0 && ascii_is_digit(text->data[0])) {
            *out += (text->data[0] - '0') * unit;
            unit /= 10;
            *text = slice_from(*text, 1);
        }
    }
    return true;
}

/* Z, +hh:mm or nothing, to the seconds that local time is ahead. */
static bool take_zone(struct slice *text, int64_t *out)
{
    *out = 0;
    if (text->size == 0 || take_byte(text, 'Z') || take_byte(text, 'z')) {
        return true;
    }
    int sign = take_byte(text, '+') ? 1 : take_byte(text, '-') ? -1 : 0;
    int hours = 0;
    int minutes = 0;
    if (sign == 0 || !take_number(text, 2, &hours)) {
        return false;
    }
    take_byte(text, ':');
    if (text->size > 0 && !take_number(text, 2, &minutes)) {
        return false;
    }
    if (hours > 23 || minutes > 59) {
        return false;
    }
    *out = sign * ((int64_t)hours * 3600 + (int64_t)minutes * 60);
    return true;
}

/* yyyy-mm-dd to days since 1970; false for a day that its month does not have. */
static bool take_date(struct slice *text, int64_t *out)
{
    int year = 0;
    int month = 0;
    int day = 0;
    if (!take_number(text, 4, &year) || !take_byte(text, '-') || !take_number(text, 2, &month) ||
        !take_byte(text, '-') || !take_number(text, 2, &day)) {
        return false;
    }
    if (year < 1900 || year > 2261) { /* ns since 1970 end in 2262 */
        return false;
    }
    struct tm parts = {.tm_year = year - 1900, .tm_mon = month - 1, .tm_mday = day};
    *out = (int64_t)timegm(&parts) / SECONDS_PER_DAY;
    return parts.tm_mon == month - 1 && parts.tm_mday == day;
}

static int64_t day_of(int64_t time)
{
    int64_t rest = 0;
    int64_t seconds = split(time, &rest);
    return seconds / SECONDS_PER_DAY - (seconds % SECONDS_PER_DAY < 0 ? 1 : 0);
}

bool clock_parse(struct slice text, int64_t day, int64_t *out)
{
    int64_t of_day = 0;
    int64_t ahead = 0;
    int64_t days = 0;
    struct slice rest = slice_trim(text);
    if (slice_find_byte(rest, '-') == 4) {
        if (!take_date(&rest, &days)) {
            return false;
        }
        if (rest.size > 0 && !take_byte(&rest, 'T') && !take_byte(&rest, ' ')) {
            return false;
        }
    } else if (day == TIME_NONE || rest.size == 0) {
        return false;
    } else {
        days = day_of(day);
    }
    if (rest.size > 0 && !take_time_of_day(&rest, &of_day)) {
        return false;
    }
    if (!take_zone(&rest, &ahead) || rest.size > 0) {
        return false;
    }
    int64_t midnight = 0;
    return !__builtin_mul_overflow(days * SECONDS_PER_DAY - ahead, TIME_SECOND, &midnight) &&
           !__builtin_add_overflow(midnight, of_day, out);
}
