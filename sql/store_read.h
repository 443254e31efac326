/*
 * A store as it is read again: its runs, its inputs, and the records of each run in the order in
 * which they were kept. How the rows look: store_rows.h; the writer's side: store.h.
 *
 * Called by analyzer/replay.c. Nothing in the file is believed: a row that makes no sense is
 * passed over and counted, a table that cannot be read on ends where it is damaged, and the
 * others go on.
 */
#ifndef OCSIGHT_SQL_STORE_READ_H
#define OCSIGHT_SQL_STORE_READ_H

#include "analyzer/engine/event.h"
#include "analyzer/engine/message.h"
#include "analyzer/engine/summary.h"

/* One call of the writer. */
struct stored_run {
    int64_t id;
    bool complete;
    bool partial; /* interrupted by the user: what was read until then is there */
    int64_t first_sequence;
    int64_t last_sequence;
    uint64_t records; /* its rows; this and the following: 0 as long as it is not complete */
    uint64_t packets;
    uint64_t decoded;
    uint64_t skipped[SKIP_REASONS];
    struct coverage_summary coverage;
    size_t first_input; /* in store_reader_inputs() */
    size_t input_count;
};

struct store_reader;

/* Never NULL: store_reader_problem() says what is wrong. `path` must outlive the reader. */
struct store_reader *store_reader_open(const char *path);
void store_reader_close(struct store_reader *reader);

/* One line without the path; "" while nothing is wrong. */
const char *store_reader_problem(const struct store_reader *reader);

const struct stored_run *store_reader_runs(const struct store_reader *reader, size_t *count);

/* Of all runs, in order; the reader holds their texts. */
const struct input_info *store_reader_inputs(const struct store_reader *reader, size_t *count);

enum stored_kind {
    STORED_MESSAGE,
    STORED_EVENT,
    STORED_ENDING, /* an event about an input as a whole (struct keeper) */
};

/* Borrowed until the next call of stored_rows_next(). origin.input is an index of the inputs. */
struct stored_record {
    enum stored_kind kind;
    int64_t merge_time;
    struct sip_unit unit; /* STORED_MESSAGE */
    struct event event;   /* else */
};

/* The records of one run. */
struct stored_rows;

/* The reader must outlive them. */
struct stored_rows *stored_rows_open(struct store_reader *reader, const struct stored_run *run);
void stored_rows_close(struct stored_rows *rows);

/* The next record; false at the end. */
bool stored_rows_next(struct stored_rows *rows, struct stored_record *out);

/* Rows that were passed over; and, one line, what is missing: where reading broke off, or how many
 * rows are not there. */
uint64_t stored_rows_odd(const struct stored_rows *rows);
const char *stored_rows_problem(const struct stored_rows *rows);

#endif
