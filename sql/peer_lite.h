/*
 * A server's rows in a snapshot file, as a peer.
 *
 * Tables are called "rtcdyn.PublishedInstance"; a column "@server" says of which server of the
 * snapshot a row is. Their columns have the types that the server declared.
 */
#ifndef OCSIGHT_SQL_PEER_LITE_H
#define OCSIGHT_SQL_PEER_LITE_H

#include "sql/lite.h"
#include "sql/peer.h"

/* The database must outlive the peer. `server` is the key of its row in table snapshot. */
struct peer *peer_lite_new(struct lite *database, struct slice name, int64_t server);

#endif
