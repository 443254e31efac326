/*
 * Where a fact came from: the evidence that travels with everything to the
 * last output (design.md section 3).
 *
 * Passed by value. `input` is an index into the run's inputs (summary.h), from
 * 0. `record` is the 1-based packet number in that input, or the line number in
 * a text log. A TCP message has the record and time of the packet that
 * completed it.
 */
#ifndef OCSIGHT_ANALYZER_ENGINE_ORIGIN_H
#define OCSIGHT_ANALYZER_ENGINE_ORIGIN_H

#include <stdint.h>

#include "analyzer/engine/slice.h"

/* A time that is not known. Times are ns since 1970-01-01T00:00:00Z. */
#define TIME_NONE   INT64_MIN
#define TIME_SECOND INT64_C(1000000000)

/* `wait` (not negative) later; stays at the end of time instead of overflowing. */
static inline int64_t time_after(int64_t time, int64_t wait)
{
    return time > INT64_MAX - wait ? INT64_MAX : time + wait;
}

/* Sums and differences of times stop at the ends of the type: stamps come from captures. */
static inline int64_t time_add(int64_t time, int64_t ns)
{
    if (ns > 0 ? time > INT64_MAX - ns : time < INT64_MIN - ns) {
        return ns > 0 ? INT64_MAX : INT64_MIN;
    }
    return time + ns;
}

static inline int64_t time_apart(int64_t later, int64_t earlier)
{
    if (earlier < 0 ? later > INT64_MAX + earlier : later < INT64_MIN + earlier) {
        return earlier < 0 ? INT64_MAX : INT64_MIN;
    }
    return later - earlier;
}

/*
 * A database row. Unlike the event that carries it, the row and its texts live as long as the
 * engine that the event is fed to, and as the reports that see its changes: evidence is cited
 * after the event.
 */
struct origin_row {
    struct slice server;
    struct slice database;
    struct slice table;
    struct slice key; /* the key columns as a JSON object text */
};

struct origin {
    int64_t time;                 /* ns; TIME_NONE when the source has none */
    uint64_t record;              /* 1-based; 0 = none (a database row, the run itself) */
    uint64_t offset;              /* bytes from the start of that input; 0 = not known */
    uint64_t stream;              /* TCP connection: `order` of its first packet; 0 = none */
    uint64_t stream_offset;       /* first byte in that direction's stream */
    uint32_t input;               /* index of the input */
    const struct origin_row *row; /* NULL unless it is a database row */
    uint64_t order;               /* place of its record among all that the run read; 0 = none */
};

/*
 * The order of a run: that in which its records were read, all inputs merged by
 * (time, input, record). Records of one input stay as they were captured, also
 * where its clock goes back.
 */
static inline int origin_compare(const struct origin *a, const struct origin *b)
{
    if (a->order != 0 && b->order != 0) {
        return (a->order > b->order) - (a->order < b->order);
    }
    if (a->time != b->time) {
        return a->time < b->time ? -1 : 1;
    }
    if (a->input != b->input) {
        return a->input < b->input ? -1 : 1;
    }
    return (a->record > b->record) - (a->record < b->record);
}

#endif
