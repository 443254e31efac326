/*
 * SQL Server's types: from a declaration ("nvarchar(450)") to what lies in COLMETADATA and rows
 * ([MS-TDS] 2.2.5.4 to 2.2.5.6), and from an RPC's parameter back to a value.
 */
#ifndef OCSIGHT_TESTS_TDS_TYPES_H
#define OCSIGHT_TESTS_TDS_TYPES_H

#include <sqlite3.h>

#include "tests/tds/bytes.h"

enum type_kind {
    TYPE_NONE, /* not known */
    TYPE_TINYINT,
    TYPE_SMALLINT,
    TYPE_INT,
    TYPE_BIGINT,
    TYPE_BIT,
    TYPE_FLOAT,
    TYPE_NVARCHAR,
    TYPE_VARCHAR,
    TYPE_VARBINARY,
    TYPE_IMAGE,
    TYPE_DATETIME,
    TYPE_SMALLDATETIME,
    TYPE_DATETIME2,
    TYPE_GUID,
    TYPE_VARIANT,
    TYPE_NTEXT, /* of parameters only, as the next ones */
    TYPE_DECIMAL,
};

/* The length of varbinary(max) and its like. */
enum { TYPE_MAX = 0x7FFFFFFF };

struct type {
    enum type_kind kind;
    uint32_t size; /* characters or bytes; TYPE_MAX */
};

/* TYPE_NONE for a word that is no type. Any case; "(max)" or its length in the catalogue. */
struct type type_parse(const char *text);
const char *type_name(enum type_kind kind);

/* TYPE_INFO of a column; for image with the table's name that belongs to it. */
void type_put(struct bytes *out, struct type type);

/* One value of a row, cut to the type's size and to `text_size` bytes where that applies. */
void type_put_value(struct bytes *out, struct type type, sqlite3_value *value, uint32_t text_size);

/* From 0001-01-01 to 1900-01-01. */
enum { DAYS_TO_1900 = 693595 };

/* 'YYYY-MM-DD hh:mm:ss[.fff]' and days since 1900-01-01 with 1/300 seconds. */
bool time_parse(const char *text, int32_t *days, uint32_t *ticks);
void time_put(struct bytes *text, int32_t days, uint32_t ticks);

/* A GUID's text and its mixed-endian bytes. */
bool guid_parse(const char *text, uint8_t guid[16]);
void guid_put(struct bytes *text, const uint8_t guid[16]);

enum value_class { VALUE_NULL, VALUE_INTEGER, VALUE_REAL, VALUE_TEXT, VALUE_BYTES };

struct parameter {
    struct bytes name; /* "@user"; empty = by place */
    struct type type;
    enum value_class class;
    int64_t integer;
    double real;
    struct bytes bytes; /* text as UTF-8 */
};

/* Name, type and value of one RPC parameter; NULL, or what is wrong with it. */
const char *parameter_read(struct reader *reader, struct parameter *parameter);
void parameter_dispose(struct parameter *parameter);

#endif
