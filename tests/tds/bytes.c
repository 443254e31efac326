#include "tests/tds/bytes.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void bytes_reserve(struct bytes *bytes, size_t more)
{
    if (bytes->capacity - bytes->size >= more)
        return;
    size_t capacity = bytes->capacity ? bytes->capacity : 256;
    while (capacity - bytes->size < more)
        capacity *= 2;
    bytes->data = realloc(bytes->data, capacity);
    if (!bytes->data)
        abort();
    bytes->capacity = capacity;
}

void bytes_put(struct bytes *bytes, const void *data, size_t size)
{
    if (size == 0)
        return;
    bytes_reserve(bytes, size);
    memcpy(bytes->data + bytes->size, data, size);
    bytes->size += size;
}

void bytes_text(struct bytes *bytes, const char *text)
{
    bytes_put(bytes, text, strlen(text));
}

void bytes_format(struct bytes *bytes, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    char *text = NULL;
    int size = vasprintf(&text, format, list);
    va_end(list);
    if (size < 0)
        abort();
    bytes_put(bytes, text, (size_t)size);
    free(text);
}

static void bytes_little(struct bytes *bytes, uint64_t value, unsigned size)
{
    uint8_t data[8];
    for (unsigned i = 0; i < size; i++)
        data[i] = (uint8_t)(value >> (8 * i));
    bytes_put(bytes, data, size);
}

void bytes_u8(struct bytes *bytes, uint8_t value)
{
    bytes_put(bytes, &value, 1);
}

void bytes_u16(struct bytes *bytes, uint16_t value)
{
    bytes_little(bytes, value, 2);
}

void bytes_u32(struct bytes *bytes, uint32_t value)
{
    bytes_little(bytes, value, 4);
}

void bytes_u64(struct bytes *bytes, uint64_t value)
{
    bytes_little(bytes, value, 8);
}

void bytes_big16(struct bytes *bytes, uint16_t value)
{
    bytes_u8(bytes, (uint8_t)(value >> 8));
    bytes_u8(bytes, (uint8_t)value);
}

void bytes_set16(struct bytes *bytes, size_t at, uint16_t value)
{
    bytes->data[at] = (uint8_t)value;
    bytes->data[at + 1] = (uint8_t)(value >> 8);
}

enum { REPLACEMENT = 0xFFFD };

/* The next code point of UTF-8. */
static uint32_t utf8_next(const char *text, size_t size, size_t *at)
{
    uint8_t first = (uint8_t)text[(*at)++];
    if (first < 0x80)
        return first;
    unsigned more = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : 1;
    if (first < 0xC2 || first > 0xF4 || size - *at < more)
        return REPLACEMENT;
    uint32_t point = first & (0x3Fu >> more);
    for (unsigned i = 0; i < more; i++) {
        uint8_t byte = (uint8_t)text[*at + i];
        if ((byte & 0xC0) != 0x80)
            return REPLACEMENT;
        point = point << 6 | (byte & 0x3F);
    }
    *at += more;
    return point;
}

static void utf8_put(struct bytes *bytes, uint32_t point)
{
    if (point < 0x80) {
        bytes_u8(bytes, (uint8_t)point);
        return;
    }
    unsigned more = point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;
    static const uint8_t marks[] = {0, 0xC0, 0xE0, 0xF0};
    bytes_u8(bytes, (uint8_t)(marks[more] | point >> (6 * more)));
    for (unsigned i = more; i-- > 0;)
        bytes_u8(bytes, (uint8_t)(0x80 | (point >> (6 * i) & 0x3F)));
}

void bytes_utf16(struct bytes *bytes, const char *text, size_t size)
{
    for (size_t at = 0; at < size;) {
        uint32_t point = utf8_next(text, size, &at);
        if (point >= 0x10000) {
            bytes_u16(bytes, (uint16_t)(0xD800 + ((point - 0x10000) >> 10)));
            bytes_u16(bytes, (uint16_t)(0xDC00 + (point & 0x3FF)));
        } else {
            bytes_u16(bytes, (uint16_t)point);
        }
    }
}

void bytes_utf8(struct bytes *bytes, const uint8_t *utf16, size_t size)
{
    struct reader reader = reader_over(utf16, size & ~(size_t)1);
    while (reader.left > 0) {
        uint32_t point = reader_u16(&reader);
        if (point >= 0xD800 && point < 0xDC00 && reader.left >= 2) {
            struct reader after = reader;
            uint16_t low = reader_u16(&after);
            if (low >= 0xDC00 && low < 0xE000) {
                point = 0x10000 + ((point - 0xD800) << 10 | (low - 0xDC00u));
                reader = after;
            }
        }
        utf8_put(bytes, point >= 0xD800 && point < 0xE000 ? REPLACEMENT : point);
    }
}

/* 0x80 to 0x9F of Windows-1252; the rest is Latin-1. */
static const uint16_t cp1252_high[32] = {
    0x20AC, 0x0081, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0x008D, 0x017D, 0x008F, 0x0090, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x009D, 0x017E, 0x0178,
};

static uint8_t cp1252_of(uint32_t point)
{
    if (point < 0x80 || (point >= 0xA0 && point <= 0xFF))
        return (uint8_t)point;
    for (unsigned i = 0; i < 32; i++)
        if (cp1252_high[i] == point)
            return (uint8_t)(0x80 + i);
    return '?';
}

void bytes_cp1252(struct bytes *bytes, const char *text, size_t size)
{
    for (size_t at = 0; at < size;)
        bytes_u8(bytes, cp1252_of(utf8_next(text, size, &at)));
}

void bytes_from_cp1252(struct bytes *bytes, const uint8_t *data, size_t size)
{
    for (size_t i = 0; i < size; i++)
        utf8_put(bytes, data[i] >= 0x80 && data[i] < 0xA0 ? cp1252_high[data[i] - 0x80] : data[i]);
}

const char *bytes_string(struct bytes *bytes)
{
    bytes_reserve(bytes, 1);
    bytes->data[bytes->size] = 0;
    return (const char *)bytes->data;
}

void bytes_clear(struct bytes *bytes)
{
    bytes->size = 0;
}

void bytes_dispose(struct bytes *bytes)
{
    free(bytes->data);
    *bytes = (struct bytes){0};
}

struct reader reader_over(const void *data, size_t size)
{
    return (struct reader){.at = data, .left = size};
}

const uint8_t *reader_take(struct reader *reader, size_t size)
{
    if (reader->bad || size > reader->left) {
        reader->bad = true;
        reader->left = 0;
        return NULL;
    }
    const uint8_t *taken = reader->at;
    reader->at += size;
    reader->left -= size;
    return taken;
}

static uint64_t reader_little(struct reader *reader, unsigned size)
{
    const uint8_t *data = reader_take(reader, size);
    uint64_t value = 0;
    for (unsigned i = 0; data && i < size; i++)
        value |= (uint64_t)data[i] << (8 * i);
    return value;
}

uint8_t reader_u8(struct reader *reader)
{
    return (uint8_t)reader_little(reader, 1);
}

uint16_t reader_u16(struct reader *reader)
{
    return (uint16_t)reader_little(reader, 2);
}

uint32_t reader_u32(struct reader *reader)
{
    return (uint32_t)reader_little(reader, 4);
}

uint64_t reader_u64(struct reader *reader)
{
    return reader_little(reader, 8);
}

uint16_t reader_big16(struct reader *reader)
{
    uint16_t little = reader_u16(reader);
    return (uint16_t)(little << 8 | little >> 8);
}
