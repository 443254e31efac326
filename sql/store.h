/*
 * One store being written: its file, its runs, and the rows of its own record
 * (sql/store/truth.sql). The reader's side is store_rows.h.
 *
 * Called by analyzer/store_keeper.c and analyzer/commands/store.c. One process writes at a time.
 * Rows go into transactions of bounded size; a run says that it is complete with its last one. A
 * run that was cut off is dropped by the next one that writes. Masking and digests are the
 * caller's.
 *
 * The first failure stays: from then on nothing is written, and store_problem() has one line about
 * it. What was committed before is kept.
 */
#ifndef OCSIGHT_SQL_STORE_H
#define OCSIGHT_SQL_STORE_H

#include "analyzer/engine/buffer.h"
#include "analyzer/engine/event.h"
#include "analyzer/engine/map.h"
#include "analyzer/engine/summary.h"
#include "sql/lite.h"

enum { STORE_DIGEST = 32, STORE_PROBLEM = 256 };

enum store_opening {
    STORE_CREATE, /* must not exist */
    STORE_APPEND, /* goes on in an existing store, or creates it */
};

struct store;

/* Never NULL: store_problem() tells whether it can be used. `path` is borrowed. */
struct store *store_open(const char *path, enum store_opening opening, struct map_seed seed);

/* Commits what is still open; false if that or anything before it failed. */
bool store_close(struct store *store);

/* One line without the path; "" while nothing is wrong. */
const char *store_problem(const struct store *store);

/* It was made by this process and nothing was read into it. */
bool store_is_empty(const struct store *store);

/* The store holds one run, the one that store_begin_run() began. */
bool store_has_one_run(struct store *store);

/* Others may read it from now on, until the next transaction. */
bool store_share(struct store *store);

/* ---- before a run ---- */

/* An input as it is named for a new run. */
struct store_input {
    struct slice name;
    uint64_t size;      /* 0 = not known */
    const char *sha256; /* "" = not known */
};

/* How an input stands in the store already. */
enum store_known {
    STORE_NEW,
    STORE_WHOLE,   /* in a complete run */
    STORE_PARTIAL, /* in a run that the user interrupted */
};

/* Is any input of that size there? If not, it need not be hashed. */
bool store_has_size(struct store *store, uint64_t size);

/* `*run` becomes the run's id. */
enum store_known store_find_input(struct store *store, const struct store_input *input,
                                  int64_t *run);

/* The names of a run's inputs, ", " between, appended to `out`. */
void store_name_inputs(struct store *store, int64_t run, struct buffer *out);

size_t store_count_inputs(struct store *store, int64_t run);

/* A run that was cut off, the latest first; 0 = none. */
int64_t store_cut_run(struct store *store);

/* Takes a run away with everything that only it wrote, in one transaction. */
bool store_drop_run(struct store *store, int64_t run);

/* ---- a run ---- */

bool store_begin_run(struct store *store, const char *tool, const char *filter,
                     const struct store_input *inputs, size_t count);

/* A message without secrets, cut into head and body; `digest` is the SHA-256 of the body. */
void store_add_message(struct store *store, const struct observation *observed, uint32_t flags,
                       struct slice head, struct slice body,
                       const unsigned char digest[static STORE_DIGEST]);

/* HTTP, DNS, coverage, a diagnostic; `of_input`: told of an input as a whole. */
void store_add_event(struct store *store, const struct event *event, bool of_input);

/* The totals, and the run is complete. */
bool store_end_run(struct store *store, const struct summary *summary);

/* Nothing could be read: as if it had not begun. */
void store_abandon_run(struct store *store);

#endif
