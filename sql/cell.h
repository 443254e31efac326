/*
 * One value of a row, whatever database it came from.
 *
 * Borrowed until the callback or the step that gave it ends.
 */
#ifndef OCSIGHT_SQL_CELL_H
#define OCSIGHT_SQL_CELL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analyzer/engine/origin.h"
#include "analyzer/engine/slice.h"

enum cell_kind {
    CELL_NULL,
    CELL_INTEGER, /* int, bigint, bit ... and .NET ticks as they stand */
    CELL_TEXT,    /* UTF-8; a GUID in lower case with dashes */
    CELL_BYTES,
    CELL_TIME, /* a date-time column, as ns; its time zone is not known (databases.md 13), UTC is
                  assumed */
};

struct cell {
    enum cell_kind kind;
    int64_t integer;    /* CELL_INTEGER, CELL_TIME (ns) */
    struct slice bytes; /* CELL_TEXT, CELL_BYTES */
};

static inline struct cell cell_of_integer(int64_t value)
{
    return (struct cell){.kind = CELL_INTEGER, .integer = value};
}

static inline struct cell cell_of_text(struct slice text)
{
    return (struct cell){.kind = CELL_TEXT, .bytes = text};
}

static inline struct cell cell_of_time(int64_t time)
{
    return (struct cell){.kind = time == TIME_NONE ? CELL_NULL : CELL_TIME, .integer = time};
}

/* NULL and anything that is no number: `otherwise`. */
int64_t cell_integer(const struct cell *cell, int64_t otherwise);

/* CELL_TIME, or a text "2015-06-01 09:00:00[.fff]" as a snapshot holds it; else TIME_NONE. */
int64_t cell_time(const struct cell *cell);

/*
 * "2015-06-01T09:00:00.000": the form that no language setting of a server reads otherwise, and
 * in which a snapshot holds times. Digits behind the milliseconds only where there are any.
 */
enum { CELL_TIME_TEXT = 40 };
struct slice cell_time_text(int64_t time, char out[static CELL_TIME_TEXT]);

/* The bytes of texts and bytes; "" for anything else. */
struct slice cell_bytes(const struct cell *cell);

#endif
