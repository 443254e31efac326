/*
 * The databases of `ocsight audit` and `ocsight flows`: servers of --server, and inputs that are
 * snapshots.
 */
#ifndef OCSIGHT_ANALYZER_COMMANDS_AUDIT_ROWS_H
#define OCSIGHT_ANALYZER_COMMANDS_AUDIT_ROWS_H

#include "analyzer/commands/run.h"
#include "analyzer/database_audit.h"

struct audit_rows;

bool audit_rows_wanted(const struct options *options);

/*
 * Opens the snapshots and connects to the servers. `rest` becomes the options without the inputs
 * that are snapshots; it borrows from `options` and from the result. NULL = wrong usage, told.
 */
struct audit_rows *audit_rows_open(const char *command, const struct options *options,
                                   struct options *rest);
void audit_rows_free(struct audit_rows *rows);

/* The trace's events and changes go there. */
struct database_audit *audit_rows_database(struct audit_rows *rows);

/* Looks at the compliance databases when the trace has been read. */
const struct looker *audit_rows_looker(const struct audit_rows *rows);

/* After the trace: reads, judges, compares. Does nothing a second time. */
void audit_rows_finish(struct audit_rows *rows);

/* What the summary says of them, and the exit status that they mean. */
void audit_rows_tell(const struct audit_rows *rows, struct summary *summary);
enum exit_status audit_rows_status(const struct audit_rows *rows);

#endif
