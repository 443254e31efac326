/*
 * The rows of two snapshots, spooled into a temporary file and compared there: memory does not
 * grow with them.
 */
#ifndef OCSIGHT_ANALYZER_DB_DIFF_ROWS_H
#define OCSIGHT_ANALYZER_DB_DIFF_ROWS_H

#include "analyzer/engine/buffer.h"
#include "sql/cell.h"

struct diff_rows;

/* Never NULL; diff_rows_problem() is "" while nothing is wrong. */
struct diff_rows *diff_rows_new(void);
void diff_rows_free(struct diff_rows *rows);
const char *diff_rows_problem(const struct diff_rows *rows);

/* Where a row belongs. */
struct diff_place {
    int side; /* 0, 1 */
    int part;
    struct slice server;
};

bool diff_rows_add(struct diff_rows *rows, const struct diff_place *place, struct slice key,
                   struct slice words);

/* One difference; NULL data = not on that side. Borrowed until the next. */
struct difference {
    int part;
    struct slice server;
    struct slice key;
    struct slice before;
    struct slice after;
    bool had;
    bool has;
};

/* After the last row. False at the end or on a problem. */
bool diff_rows_next(struct diff_rows *rows, struct difference *out);

/* "name=value" appended with what stands between; long texts and bytes by their size and digest. */
void diff_put_cell(struct buffer *out, const char *name, const struct cell *cell);

/* Only those "name=value" of `words` that `other` does not have. */
void diff_put_changed(struct buffer *out, struct slice words, struct slice other);

#endif
