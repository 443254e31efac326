/*
 * Making a snapshot: each table of each server in one transaction.
 *
 * A run that is killed leaves a file whose last server has no end: it says itself that it is
 * unfinished, and holds whole tables only. The rows pass through one by one: memory does not grow
 * with them.
 */
#ifndef OCSIGHT_SQL_SNAPSHOT_WRITE_H
#define OCSIGHT_SQL_SNAPSHOT_WRITE_H

#include "analyzer/engine/map.h"
#include "sql/snapshot.h"

struct snapshot_order {
    const char *version;  /* of the program */
    uint64_t max_rows;    /* of each table; 0 = no bound */
    struct map_seed seed; /* of the digests that find copies of a row */
    int64_t (*now)(void); /* ns */
};

struct snapshot_writer;

/*
 * A new file, or with `append` one that is there. NULL and one line (with the path) in `problem`.
 */
struct snapshot_writer *snapshot_writer_new(const char *path, bool append,
                                            const struct snapshot_order *order,
                                            char problem[static SNAPSHOT_PROBLEM]);
void snapshot_writer_free(struct snapshot_writer *writer);

/* How it went with one server. */
struct snapshot_outcome {
    bool ended;            /* every table was asked for */
    bool complete;         /* ... and every one that is there was kept whole */
    bool present;          /* the file has that server already: nothing was done */
    bool unwritten;        /* the file could not be written: `problem` */
    enum peer_fault fault; /* the first of the server's that is neither FINE nor CUT */
    const char *problem;   /* of it; borrowed until the next call */
    uint64_t tables;
    uint64_t rows;
    uint64_t copies; /* of rows, which a dirty read gave once more */
};

/*
 * Keeps the tables of one server. What an earlier run left of it unfinished is removed first.
 */
struct snapshot_outcome snapshot_take(struct snapshot_writer *writer, struct peer *peer);

#endif
