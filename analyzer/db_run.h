/*
 * One report: its questions to each server, and the rows that came.
 *
 *   options -> peers -> rows -> merged over the servers (db_merge.h) -> reports/table.h
 *
 * Called by commands/db.c. A server that lacks a whole database is no fault while another one has
 * it; whatever else goes wrong with one is said on standard error, in the output, and by the exit
 * status, and the others are still asked.
 */
#ifndef OCSIGHT_ANALYZER_DB_RUN_H
#define OCSIGHT_ANALYZER_DB_RUN_H

#include "analyzer/db_value.h"
#include "analyzer/exit_status.h"
#include "analyzer/options.h"

struct db_server {
    struct peer *peer; /* NULL: it was not reached */
    int64_t now;       /* the moment that its rows are judged at, ns */
    struct table_source source;
    bool lacks; /* a whole database */
    bool failed;
};

struct db_run {
    const struct db_report *report;
    const struct options *options;
    struct map_seed seed;
    struct db_server *servers;
    size_t server_count;
    struct db_reader reader;
    struct table *table;
    struct table_column *columns; /* "server", then those of the report */
    struct arena arena;           /* texts of remarks and parameters */
    struct slice *remarks;
    size_t remark_count;
    enum exit_status status;
};

/* `report` and `options` must outlive it. */
void db_run_init(struct db_run *run, const struct db_report *report, const struct options *options,
                 struct map_seed seed);
void db_run_dispose(struct db_run *run);

void db_run_server(struct db_run *run, struct peer *peer, int64_t now);
void db_run_unreached(struct db_run *run, struct slice name, int64_t now);
void db_run_remark(struct db_run *run, struct slice remark); /* copied; once */

/* A room's number, given as such or at the end of "ma-chan://contoso.example/300"; -1 = none. */
int64_t db_run_room_number(struct slice room);

/* Asks the servers and completes the table. */
void db_run_gather(struct db_run *run);

/* At least one server gave an answer, so that there is something to write. */
bool db_run_answered(const struct db_run *run);
void db_run_write(struct db_run *run, const struct report_style *style, struct output *output);

/* ---- for the functions of the reports ---- */

/* One statement to one server; its rows go to `sink`. False when the answer is no whole one. */
bool db_run_ask(struct db_run *run, size_t server, const char *statement,
                const struct row_sink *sink);

/* The same for all statements of the report: each row is one of the table. */
bool db_run_collect(struct db_run *run, size_t server, const char *statement);

/* The cells of a new row, with the server's name in the first. */
struct table_cell *db_run_add(struct db_run *run, size_t server);

#endif
