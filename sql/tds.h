/*
 * db-lib of FreeTDS behind a seam of our own: logging in, and the peer that asks through it.
 *
 * Called by connect.c only. tds.c is the one file that includes sybdb.h.
 */
#ifndef OCSIGHT_SQL_TDS_H
#define OCSIGHT_SQL_TDS_H

#include "sql/trouble.h"

struct tds;

/*
 * With the configuration at that path (tds_config.h), which has a section of the host's name. NULL
 * and the trouble when it fails. `options` must outlive the connection.
 */
struct tds *tds_open(const char *configuration, const char *host,
                     const struct server_options *options, struct trouble *trouble);
void tds_close(struct tds *tds);

/* Runs a statement that gives no rows; false with the trouble set. */
bool tds_run(struct tds *tds, const char *text, struct trouble *trouble);

/* Its context is a struct tds. */
extern const struct peer_type tds_peer;

/* FreeTDS's errors of this process go there (tds_config.h); -1 = there is no such log. */
int tds_log(void);

#endif
