/*
 * .NET ticks and their text. See compliance_time.h.
 */
#include "analyzer/engine/compliance_time.h"

enum { NS_PER_TICK = 100, TICK_DIGITS = 7, DAYS_400 = 146097, DAYS_100 = 36524, DAYS_4 = 1461 };

#define TICKS_DAY    (86400 * TICKS_SECOND)
#define TICKS_MINUTE (60 * TICKS_SECOND)

static int64_t floor_divide(int64_t number, int64_t by)
{
    return number / by - (number % by < 0);
}

int64_t ticks_of_time(int64_t time)
{
    return time == TIME_NONE ? TICKS_NONE : floor_divide(time, NS_PER_TICK) + TICKS_1970;
}

int64_t ticks_to_time(int64_t ticks)
{
    if (ticks == TICKS_NONE || ticks < 0 || ticks > TICKS_LAST) {
        return TIME_NONE;
    }
    int64_t since = ticks - TICKS_1970;
    int64_t most = INT64_MAX / NS_PER_TICK;
    return since > most || since < -most ? TIME_NONE : since * NS_PER_TICK;
}

int64_t ticks_since_1970(int64_t ticks)
{
    return floor_divide(ticks - TICKS_1970, TICKS_SECOND / 1000);
}

/* ---- the calendar; years begin in March, so that the leap day comes last ---- */

/* Days since 0001-01-01. */
static int64_t days_of(int64_t year, int64_t month, int64_t day)
{
    int64_t y = year - (month <= 2);
    int64_t m = (month + 9) % 12;
    return y * 365 + y / 4 - y / 100 + y / 400 + (m * 153 + 2) / 5 + day - 307;
}

struct date {
    int64_t year, month, day;
};

static struct date date_of(int64_t days)
{
    int64_t rest = days + 306; /* since 0000-03-01 */
    int64_t eras = rest / DAYS_400;
    rest %= DAYS_400;
    int64_t year = (rest - rest / (DAYS_4 - 1) + rest / DAYS_100 - rest / (DAYS_400 - 1)) / 365;
    int64_t of_year = rest - (365 * year + year / 4 - year / 100);
    int64_t march = (5 * of_year + 2) / 153;
    struct date date = {
        .year = year + eras * 400,
        .month = march < 10 ? march + 3 : march - 9,
        .day = of_year - (153 * march + 2) / 5 + 1,
    };
    date.year += date.month <= 2;
    return date;
}

/* ---- text ---- */

static size_t put(char *out, size_t at, int64_t number, size_t digits, char after)
{
    for (size_t i = digits; i > 0; i--) {
        out[at + i - 1] = (char)('0' + number % 10);
        number /= 10;
    }
    out[at + digits] = after;
    return at + digits + 1;
}

struct slice ticks_text(int64_t ticks, char out[static TICKS_TEXT])
{
    size_t at = 0;
    if (ticks < 0 || ticks > TICKS_LAST) {
        out[0] = '\0';
        return (struct slice){out, 0};
    }
    struct date date = date_of(ticks / TICKS_DAY);
    int64_t of_day = ticks % TICKS_DAY;
    at = put(out, at, date.year, 4, '-');
    at = put(out, at, date.month, 2, '-');
    at = put(out, at, date.day, 2, 'T');
    at = put(out, at, of_day / (60 * TICKS_MINUTE), 2, ':');
    at = put(out, at, of_day / TICKS_MINUTE % 60, 2, ':');
    at = put(out, at, of_day / TICKS_SECOND % 60, 2, '.');
    at = put(out, at, ticks % TICKS_SECOND, TICK_DIGITS, 'Z') - 1;
    while (out[at - 1] == '0') {
        at--;
    }
    at -= out[at - 1] == '.';
    out[at++] = 'Z';
    out[at] = '\0';
    return (struct slice){out, at};
}

struct ticks_reader {
    struct slice text;
    size_t at;
    bool bad;
};

static int64_t take_number(struct ticks_reader *reader, size_t digits)
{
    int64_t number = 0;
    for (size_t i = 0; i < digits; i++, reader->at++) {
        if (reader->at >= reader->text.size || !ascii_is_digit(reader->text.data[reader->at])) {
            reader->bad = true;
            return 0;
        }
        number = number * 10 + (reader->text.data[reader->at] - '0');
    }
    return number;
}

static bool take_byte(struct ticks_reader *reader, char byte)
{
    bool there = reader->at < reader->text.size && reader->text.data[reader->at] == byte;
    reader->at += there;
    return there;
}

static void need_byte(struct ticks_reader *reader, char byte)
{
    reader->bad = !take_byte(reader, byte) || reader->bad;
}

static int64_t in_range(struct ticks_reader *reader, int64_t number, int64_t low, int64_t high)
{
    reader->bad = reader->bad || number < low || number > high;
    return number;
}

/* Ticks of ".1234567"; further digits are cut off. */
static int64_t take_fraction(struct ticks_reader *reader)
{
    int64_t fraction = 0;
    int64_t unit = TICKS_SECOND / 10;
    if (!take_byte(reader, '.')) {
        return 0;
    }
    size_t first = reader->at;
    while (reader->at < reader->text.size && ascii_is_digit(reader->text.data[reader->at])) {
        fraction += (reader->text.data[reader->at++] - '0') * unit;
        unit /= 10;
    }
    reader->bad = reader->bad || reader->at == first;
    return fraction;
}

/* Ticks that the zone is ahead of UTC. */
static int64_t take_zone(struct ticks_reader *reader)
{
    if (reader->at >= reader->text.size || take_byte(reader, 'Z') || take_byte(reader, 'z')) {
        return 0;
    }
    bool east = take_byte(reader, '+');
    if (!east) {
        need_byte(reader, '-');
    }
    int64_t hours = in_range(reader, take_number(reader, 2), 0, 14);
    need_byte(reader, ':');
    int64_t minutes = in_range(reader, take_number(reader, 2), 0, 59);
    return (east ? 1 : -1) * (hours * 60 + minutes) * TICKS_MINUTE;
}

int64_t ticks_parse(struct slice text)
{
    struct ticks_reader reader = {.text = slice_trim(text)};
    int64_t year = in_range(&reader, take_number(&reader, 4), 1, 9999);
    need_byte(&reader, '-');
    int64_t month = in_range(&reader, take_number(&reader, 2), 1, 12);
    need_byte(&reader, '-');
    int64_t day = in_range(&reader, take_number(&reader, 2), 1, 31);
    need_byte(&reader, 'T');
    int64_t hour = in_range(&reader, take_number(&reader, 2), 0, 23);
    need_byte(&reader, ':');
    int64_t minute = in_range(&reader, take_number(&reader, 2), 0, 59);
    need_byte(&reader, ':');
    int64_t second = in_range(&reader, take_number(&reader, 2), 0, 59);
    int64_t fraction = take_fraction(&reader);
    int64_t ahead = take_zone(&reader);
    if (reader.bad || reader.at < reader.text.size ||
        date_of(days_of(year, month, day)).day != day) {
        return TICKS_NONE;
    }
    int64_t seconds = days_of(year, month, day) * 86400 + (hour * 60 + minute) * 60 + second;
    int64_t ticks = seconds * TICKS_SECOND + fraction - ahead;
    return ticks < 0 || ticks > TICKS_LAST ? TICKS_NONE : ticks;
}
