/*
 * One query: from its tokens to the rows that are sent.
 */
#ifndef OCSIGHT_TESTS_TDS_QUERY_H
#define OCSIGHT_TESTS_TDS_QUERY_H

#include "tests/tds/scan.h"
#include "tests/tds/script.h"

enum { QUERY_COLUMNS = 256 };

struct query {
    struct session *session;
    const struct script *script;
    sqlite3_stmt *statement;
    struct column columns[QUERY_COLUMNS];
    unsigned count;
    uint64_t rows;
    uint32_t text_size; /* of this query's rows */
};

/* Sends columns and rows, or an error; false after an error. */
bool query_run(struct query *query, const struct statement *statement);

/* How the query goes wrong on command: faults.h. */
enum query_verdict {
    QUERY_GOES_ON,
    QUERY_ENDS, /* given up: the client asked for it, or the connection is over */
    QUERY_FAILS,
};

/* The faults that answer instead of rows. */
enum query_verdict query_strike(struct query *query);

/* After how many rows each happens; -1 = never. */
struct row_faults {
    int slow, cut, garbage, mute, scan;
    bool twice;
    bool cut_text;
};

struct row_faults row_faults_find(struct query *query);

/* Before the next row is sent. */
enum query_verdict row_faults_strike(const struct row_faults *faults, struct query *query);

#endif
