/*
 * A file with the rows of servers' databases, kept so that whatever is asked of a live server can
 * be asked later without one: `ocsight store snapshot`.
 *
 * A snapshot is known by its content (PRAGMA application_id), never by its name. Each server in it
 * is a peer of its own. Written by snapshot_write.c; the tables are told in
 * sql/snapshot/schema.sql.
 */
#ifndef OCSIGHT_SQL_SNAPSHOT_H
#define OCSIGHT_SQL_SNAPSHOT_H

#include "sql/peer.h"

enum {
    SNAPSHOT_APPLICATION = 0x4f43534e, /* PRAGMA application_id: "OCSN" */
    SNAPSHOT_VERSION = 1,              /* PRAGMA user_version */
    SNAPSHOT_PROBLEM = 400,
};

/* Looks at the file's header only. False for whatever cannot be read, too. */
bool snapshot_is(const char *path);

struct snapshot;

/*
 * Only reads. NULL and one line (with the path) in `problem` when there is no such file, when it
 * is foreign, damaged or of a later version.
 */
struct snapshot *snapshot_open(const char *path, char problem[static SNAPSHOT_PROBLEM]);
void snapshot_close(struct snapshot *snapshot);

/* Its servers in the order in which they were asked. The peers are the snapshot's. */
size_t snapshot_count(const struct snapshot *snapshot);
struct peer *snapshot_peer(const struct snapshot *snapshot, size_t index);

/* When that server was asked, ns: what "now" means for its rows. */
int64_t snapshot_taken(const struct snapshot *snapshot, size_t index);

/*
 * What an output must say of it, a line each and without line ends: "fe01: unfinished: ...",
 * "fe01: rtcdyn.PublishedInstance: cut by --max-rows: 1000 rows kept". None when everything was
 * kept.
 */
size_t snapshot_remark_count(const struct snapshot *snapshot);
const char *snapshot_remark(const struct snapshot *snapshot, size_t index);

#endif
