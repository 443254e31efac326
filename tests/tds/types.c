#include "tests/tds/types.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* clang-format off */
static const struct {
    const char *name;
    enum type_kind kind;
    uint32_t size; /* without "(n)" */
} type_table[] = {
    {"tinyint",          TYPE_TINYINT,       1},
    {"smallint",         TYPE_SMALLINT,      2},
    {"int",              TYPE_INT,           4},
    {"integer",          TYPE_INT,           4},
    {"bigint",           TYPE_BIGINT,        8},
    {"bit",              TYPE_BIT,           1},
    {"float",            TYPE_FLOAT,         8},
    {"nvarchar",         TYPE_NVARCHAR,     30},
    {"nchar",            TYPE_NVARCHAR,     30},
    {"sysname",          TYPE_NVARCHAR,    128},
    {"varchar",          TYPE_VARCHAR,      30},
    {"char",             TYPE_VARCHAR,      30},
    {"varbinary",        TYPE_VARBINARY,    30},
    {"binary",           TYPE_VARBINARY,    30},
    {"image",            TYPE_IMAGE,  TYPE_MAX},
    {"datetime",         TYPE_DATETIME,      8},
    {"smalldatetime",    TYPE_SMALLDATETIME, 4},
    {"datetime2",        TYPE_DATETIME2,     7},
    {"uniqueidentifier", TYPE_GUID,         16},
    {"sql_variant",      TYPE_VARIANT,    8009},
    {"ntext",            TYPE_NTEXT,  TYPE_MAX},
    {"decimal",          TYPE_DECIMAL,      17},
};
/* clang-format on */

enum { TYPE_COUNT = sizeof type_table / sizeof *type_table };

/* Latin1_General, code page 1252, case-insensitive. */
static const uint8_t collation[5] = {0x09, 0x04, 0xD0, 0x00, 0x34};

struct type type_parse(const char *text)
{
    size_t size = strcspn(text, " (");
    for (unsigned i = 0; i < TYPE_COUNT; i++) {
        if (strlen(type_table[i].name) != size || strncasecmp(type_table[i].name, text, size) != 0)
            continue;
        struct type type = {type_table[i].kind, type_table[i].size};
        const char *length = text + size + strspn(text + size, " (");
        if (strncasecmp(length, "max", 3) == 0)
            type.size = TYPE_MAX;
        else if (isdigit((unsigned char)*length))
            type.size = (uint32_t)strtoul(length, NULL, 10);
        return type;
    }
    return (struct type){TYPE_NONE, 0};
}

const char *type_name(enum type_kind kind)
{
    for (unsigned i = 0; i < TYPE_COUNT; i++)
        if (type_table[i].kind == kind)
            return type_table[i].name;
    return "unknown";
}

/* ---- metadata ---- */

static void put_sized(struct bytes *out, uint8_t code, uint32_t size, bool text)
{
    bytes_u8(out, code);
    bytes_u16(out, size == TYPE_MAX ? 0xFFFF : (uint16_t)size);
    if (text)
        bytes_put(out, collation, sizeof collation);
}

void type_put(struct bytes *out, struct type type)
{
    switch (type.kind) {
    case TYPE_TINYINT:
    case TYPE_SMALLINT:
    case TYPE_INT:
    case TYPE_BIGINT:
        bytes_put(out, (uint8_t[]){0x26, (uint8_t)type.size}, 2);
        return;
    case TYPE_BIT:
        bytes_put(out, (uint8_t[]){0x68, 1}, 2);
        return;
    case TYPE_FLOAT:
        bytes_put(out, (uint8_t[]){0x6D, 8}, 2);
        return;
    case TYPE_DATETIME:
    case TYPE_SMALLDATETIME:
        bytes_put(out, (uint8_t[]){0x6F, (uint8_t)type.size}, 2);
        return;
    case TYPE_DATETIME2:
        bytes_put(out, (uint8_t[]){0x2A, (uint8_t)type.size}, 2);
        return;
    case TYPE_GUID:
        bytes_put(out, (uint8_t[]){0x24, 16}, 2);
        return;
    case TYPE_VARCHAR:
        put_sized(out, 0xA7, type.size, true);
        return;
    case TYPE_VARBINARY:
        put_sized(out, 0xA5, type.size, false);
        return;
    case TYPE_VARIANT:
        bytes_u8(out, 0x62);
        bytes_u32(out, type.size);
        return;
    case TYPE_IMAGE:
        bytes_u8(out, 0x22);
        bytes_u32(out, type.size);
        bytes_u8(out, 1); /* one part of the table's name */
        bytes_u16(out, 4);
        bytes_utf16(out, "Data", 4);
        return;
    default:
        put_sized(out, 0xE7, type.size == TYPE_MAX ? TYPE_MAX : type.size * 2, true);
    }
}

/* ---- values ---- */

enum { PLP_CHUNK = 8000 };

static void put_plp(struct bytes *out, const uint8_t *data, size_t size)
{
    bytes_u64(out, size);
    for (size_t at = 0; at < size; at += PLP_CHUNK) {
        size_t part = size - at < PLP_CHUNK ? size - at : PLP_CHUNK;
        bytes_u32(out, (uint32_t)part);
        bytes_put(out, data + at, part);
    }
    bytes_u32(out, 0);
}

/* `size` of the value in bytes, `most` of the type in bytes. */
static void put_variable(struct bytes *out, const uint8_t *data, size_t size, uint32_t most,
                         uint32_t text_size)
{
    if (most == TYPE_MAX) {
        put_plp(out, data, size > text_size ? text_size : size);
        return;
    }
    size_t part = size > most ? most : size;
    bytes_u16(out, (uint16_t)part);
    bytes_put(out, data, part);
}

static void put_image(struct bytes *out, const uint8_t *data, size_t size, uint32_t text_size)
{
    static const uint8_t pointer_and_time[16 + 8] = "dummy textptr\0\0\0dummyTS";
    bytes_u8(out, 16);
    bytes_put(out, pointer_and_time, sizeof pointer_and_time);
    size_t part = size > text_size ? text_size : size;
    bytes_u32(out, (uint32_t)part);
    bytes_put(out, data, part);
}

static void put_null(struct bytes *out, struct type type)
{
    switch (type.kind) {
    case TYPE_NVARCHAR:
    case TYPE_VARCHAR:
    case TYPE_VARBINARY:
        if (type.size == TYPE_MAX)
            bytes_u64(out, UINT64_MAX);
        else
            bytes_u16(out, 0xFFFF);
        return;
    case TYPE_VARIANT:
        bytes_u32(out, 0);
        return;
    default:
        bytes_u8(out, 0);
    }
}

static void put_text(struct bytes *out, struct type type, const char *text, size_t size,
                     uint32_t text_size)
{
    struct bytes coded = {0};
    bool wide = type.kind == TYPE_NVARCHAR;
    if (wide)
        bytes_utf16(&coded, text, size);
    else
        bytes_cp1252(&coded, text, size);
    uint32_t most = wide && type.size != TYPE_MAX ? type.size * 2 : type.size;
    put_variable(out, coded.data, coded.size, most, text_size);
    bytes_dispose(&coded);
}

/* sql_variant with an nvarchar or an int in it. */
static void put_variant(struct bytes *out, sqlite3_value *value)
{
    if (sqlite3_value_type(value) == SQLITE_INTEGER) {
        bytes_u32(out, 2 + 4);
        bytes_put(out, (uint8_t[]){0x38, 0}, 2);
        bytes_u32(out, (uint32_t)sqlite3_value_int(value));
        return;
    }
    const char *text = (const char *)sqlite3_value_text(value);
    struct bytes wide = {0};
    bytes_utf16(&wide, text, strlen(text));
    bytes_u32(out, (uint32_t)(2 + 7 + wide.size));
    bytes_put(out, (uint8_t[]){0xE7, 7}, 2);
    bytes_put(out, collation, sizeof collation);
    bytes_u16(out, 256);
    bytes_put(out, wide.data, wide.size);
    bytes_dispose(&wide);
}

static void put_time(struct bytes *out, struct type type, const char *text)
{
    int32_t days = 0;
    uint32_t ticks = 0;
    if (!time_parse(text, &days, &ticks)) {
        put_null(out, type);
        return;
    }
    if (type.kind == TYPE_DATETIME) {
        bytes_u8(out, 8);
        bytes_u32(out, (uint32_t)days);
        bytes_u32(out, ticks);
    } else if (type.kind == TYPE_SMALLDATETIME) {
        bytes_u8(out, 4);
        bytes_u16(out, (uint16_t)days);
        bytes_u16(out, (uint16_t)(ticks / (300 * 60)));
    } else {
        const uint64_t parts = (uint64_t)ticks * 100000 / 3; /* of 100 ns */
        const uint32_t since_year_1 = (uint32_t)(days + DAYS_TO_1900);
        bytes_u8(out, 8);
        bytes_u32(out, (uint32_t)parts);
        bytes_u8(out, (uint8_t)(parts >> 32));
        bytes_u16(out, (uint16_t)since_year_1);
        bytes_u8(out, (uint8_t)(since_year_1 >> 16));
    }
}

static void put_number(struct bytes *out, struct type type, sqlite3_value *value)
{
    uint64_t number = (uint64_t)sqlite3_value_int64(value);
    if (type.kind == TYPE_BIT)
        number = number != 0;
    if (type.kind == TYPE_FLOAT) {
        double real = sqlite3_value_double(value);
        memcpy(&number, &real, sizeof number);
    }
    uint8_t size = (uint8_t)type.size;
    bytes_u8(out, size);
    for (unsigned i = 0; i < size; i++)
        bytes_u8(out, (uint8_t)(number >> (8 * i)));
}

void type_put_value(struct bytes *out, struct type type, sqlite3_value *value, uint32_t text_size)
{
    if (sqlite3_value_type(value) == SQLITE_NULL) {
        put_null(out, type);
        return;
    }
    uint8_t guid[16];
    switch (type.kind) {
    case TYPE_VARBINARY:
    case TYPE_IMAGE: {
        const uint8_t *data = sqlite3_value_blob(value);
        size_t size = (size_t)sqlite3_value_bytes(value);
        if (type.kind == TYPE_IMAGE)
            put_image(out, data, size, text_size);
        else
            put_variable(out, data, size, type.size, text_size);
        return;
    }
    case TYPE_DATETIME:
    case TYPE_SMALLDATETIME:
    case TYPE_DATETIME2:
        put_time(out, type, (const char *)sqlite3_value_text(value));
        return;
    case TYPE_GUID:
        if (!guid_parse((const char *)sqlite3_value_text(value), guid)) {
            put_null(out, type);
            return;
        }
        bytes_u8(out, sizeof guid);
        bytes_put(out, guid, sizeof guid);
        return;
    case TYPE_VARIANT:
        put_variant(out, value);
        return;
    case TYPE_NVARCHAR:
    case TYPE_VARCHAR: {
        const char *text = (const char *)sqlite3_value_text(value);
        put_text(out, type, text, (size_t)sqlite3_value_bytes(value), text_size);
        return;
    }
    default:
        put_number(out, type, value);
    }
}

/* ---- dates and GUIDs ---- */

/* Days of the civil calendar since 1900-01-01. */
static int32_t days_of(int year, int month, int day)
{
    year -= month <= 2;
    int era = year / 400;
    int of_era = year - era * 400;
    int of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 693901;
}

bool time_parse(const char *text, int32_t *days, uint32_t *ticks)
{
    int year, month, day, hour = 0, minute = 0, second = 0, used = 0;
    if (!text || sscanf(text, "%4d-%2d-%2d%n", &year, &month, &day, &used) != 3 || used != 10)
        return false;
    if (year < 1 || month < 1 || month > 12 || day < 1 || day > 31)
        return false;
    double fraction = 0;
    if (text[10] == ' ' || text[10] == 'T') {
        if (sscanf(text + 11, "%2d:%2d%n", &hour, &minute, &used) != 2)
            return false;
        const char *rest = text + 11 + used;
        if (*rest == ':' && sscanf(rest, ":%2d%n", &second, &used) == 1 && rest[used] == '.')
            fraction = strtod(rest + used, NULL);
    } else if (text[10]) {
        return false;
    }
    if (hour > 23 || minute > 59 || second > 59)
        return false;
    *days = days_of(year, month, day);
    *ticks =
        (uint32_t)(((hour * 60) + minute) * 60 + second) * 300 + (uint32_t)(fraction * 300 + 0.5);
    return true;
}

void time_put(struct bytes *text, int32_t days, uint32_t ticks)
{
    int year = 1900 + days / 366;
    while (days_of(year + 1, 1, 1) <= days)
        year++;
    while (days_of(year, 1, 1) > days)
        year--;
    int month = 12;
    while (days_of(year, month, 1) > days)
        month--;
    const unsigned seconds = ticks / 300;
    bytes_format(text, "%04d-%02d-%02d %02u:%02u:%02u", year, month,
                 (int)(days - days_of(year, month, 1)) + 1, seconds / 3600, seconds / 60 % 60,
                 seconds % 60);
    if (ticks % 300)
        bytes_format(text, ".%03u", (ticks % 300 * 10 + 1) / 3);
}

/* Where the bytes of the text lie in the binary form. */
static const uint8_t guid_order[16] = {3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15};

bool guid_parse(const char *text, uint8_t guid[16])
{
    for (unsigned i = 0; i < 16; i++) {
        if (*text == '-')
            text++;
        unsigned byte;
        if (!isxdigit((unsigned char)text[0]) || !isxdigit((unsigned char)text[1]) ||
            sscanf(text, "%2x", &byte) != 1)
            return false;
        guid[guid_order[i]] = (uint8_t)byte;
        text += 2;
    }
    return *text == 0;
}

void guid_put(struct bytes *text, const uint8_t guid[16])
{
    for (unsigned i = 0; i < 16; i++)
        bytes_format(text, i == 4 || i == 6 || i == 8 || i == 10 ? "-%02x" : "%02x",
                     guid[guid_order[i]]);
}
