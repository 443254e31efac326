/*
 * `ocsight db diff A B`: what changed from one snapshot of servers to another.
 *
 * First what an administrator asks (who signed in or out, whose band changed, which rooms and
 * members, which compliance events are gone or new), then table after table. Rows of tables are
 * told apart by the keys of sql/snapshot_tables.h; columns that one side lacks are left out, and
 * said. Called by analyzer/commands/db.c with words "diff", A, B.
 */
#ifndef OCSIGHT_ANALYZER_DB_DIFF_H
#define OCSIGHT_ANALYZER_DB_DIFF_H

#include "analyzer/exit_status.h"
#include "analyzer/options.h"

enum exit_status db_diff(const struct options *options);

#endif
