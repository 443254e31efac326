/*
 * What store_read.c and store_records.c share of one open store. Private to them.
 */
#ifndef OCSIGHT_SQL_STORE_READER_H
#define OCSIGHT_SQL_STORE_READER_H

#include "analyzer/engine/arena.h"
#include "sql/lite.h"
#include "sql/store_read.h"

enum { READER_PROBLEM = 256 };

struct store_reader {
    const char *path;
    struct lite *lite;
    struct arena arena; /* texts that live as long as the reader */
    struct stored_run *runs;
    size_t run_count;
    struct input_info *inputs;
    int64_t *input_ids; /* ascending */
    size_t input_count;
    const char **codes; /* of diagnostics */
    size_t code_count;
    char problem[READER_PROBLEM];
    char remark[READER_PROBLEM]; /* totals that could not be read */
};

/* The index of the input with that id; false when there is none. */
bool reader_find_input(const struct store_reader *reader, int64_t id, uint32_t *index);

/* The same text each time, as long as the reader lives; NULL for what is no code, and when there
 * are too many. */
const char *reader_code(struct store_reader *reader, struct slice text);

/* Earlier than 1970 or later than 2116 is no time of a record (decoders/capture.h). */
bool reader_is_time(int64_t time);

#endif
