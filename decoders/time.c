/*
 * Times in documents. See time.h.
 */
#include "decoders/time.h"

struct time_reader {
    struct slice text;
    size_t at;
    bool bad;
};

static unsigned take_digits(struct time_reader *reader, size_t count)
{
    unsigned value = 0;
    for (size_t i = 0; i < count; i++, reader->at++) {
        if (reader->at >= reader->text.size || !ascii_is_digit(reader->text.data[reader->at])) {
            reader->bad = true;
            return 0;
        }
        value = value * 10 + (unsigned)(reader->text.data[reader->at] - '0');
    }
    return value;
}

static bool take_byte(struct time_reader *reader, char byte)
{
    if (reader->at < reader->text.size && ascii_lower(reader->text.data[reader->at]) == byte) {
        reader->at++;
        return true;
    }
    return false;
}

static void need_byte(struct time_reader *reader, char byte)
{
    if (!take_byte(reader, byte)) {
        reader->bad = true;
    }
}

/* ".417" as ns; 0 without a fraction. */
static int64_t take_fraction(struct time_reader *reader)
{
    int64_t value = 0;
    int64_t unit = TIME_SECOND / 10;
    if (!take_byte(reader, '.')) {
        return 0;
    }
    size_t first = reader->at;
    while (reader->at < reader->text.size && ascii_is_digit(reader->text.data[reader->at])) {
        value += (reader->text.data[reader->at] - '0') * unit;
        unit /= 10;
        reader->at++;
    }
    reader->bad = reader->bad || reader->at == first;
    return value;
}

/* Seconds that local time is ahead of UTC. */
static int64_t take_zone(struct time_reader *reader)
{
    if (reader->at == reader->text.size || take_byte(reader, 'z')) {
        return 0;
    }
    int sign = take_byte(reader, '-') ? -1 : 1;
    if (sign > 0) {
        need_byte(reader, '+');
    }
    unsigned hours = take_digits(reader, 2);
    need_byte(reader, ':');
    unsigned minutes = take_digits(reader, 2);
    reader->bad = reader->bad || hours > 23 || minutes > 59;
    return sign * (int64_t)(hours * 3600 + minutes * 60);
}

static unsigned month_days(unsigned year, unsigned month)
{
    static const unsigned char days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (month == 2 && leap ? 1U : 0U);
}

/* Days from 1970-01-01; the year is taken to begin in March, so that the leap day comes last. */
static int64_t date_days(unsigned year, unsigned month, unsigned day)
{
    int64_t y = (int64_t)year - (month <= 2 ? 1 : 0);
    int64_t m = ((int64_t)month + 9) % 12;
    int64_t in_year = (153 * m + 2) / 5 + day - 1;
    return 365 * y + y / 4 - y / 100 + y / 400 + in_year - 719468;
}

static int64_t take_date(struct time_reader *reader)
{
    unsigned year = take_digits(reader, 4);
    need_byte(reader, '-');
    unsigned month = take_digits(reader, 2);
    need_byte(reader, '-');
    unsigned day = take_digits(reader, 2);
    if (reader->bad || year < 1601 || year > 2262 || month < 1 || month > 12 || day < 1 ||
        day > month_days(year, month)) {
        reader->bad = true;
        return 0;
    }
    return date_days(year, month, day);
}

static int64_t take_clock(struct time_reader *reader)
{
    unsigned hour = take_digits(reader, 2);
    need_byte(reader, ':');
    unsigned minute = take_digits(reader, 2);
    need_byte(reader, ':');
    unsigned second = take_digits(reader, 2);
    reader->bad = reader->bad || hour > 23 || minute > 59 || second > 59;
    return (int64_t)(hour * 3600 + minute * 60 + second);
}

int64_t time_parse(struct slice text)
{
    struct time_reader reader = {.text = slice_trim(text)};
    int64_t seconds = take_date(&reader) * 86400;
    need_byte(&reader, 't');
    seconds += take_clock(&reader);
    int64_t fraction = take_fraction(&reader);
    seconds -= take_zone(&reader);
    if (reader.bad || reader.at != reader.text.size) {
        return TIME_NONE;
    }
    /* One second of margin keeps the fraction inside as well. */
    if (seconds <= INT64_MIN / TIME_SECOND || seconds >= INT64_MAX / TIME_SECOND) {
        return TIME_NONE;
    }
    return seconds * TIME_SECOND + fraction;
}
