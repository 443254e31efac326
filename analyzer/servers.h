/*
 * The servers of --server: connected one after another, each a peer.
 *
 * Called by every command that takes --server. The password is found once for all of them. A
 * server that cannot be reached is one line on standard error and EXIT_DATABASE; the others are
 * still used, and the output says which were (servers_remarks).
 */
#ifndef OCSIGHT_ANALYZER_SERVERS_H
#define OCSIGHT_ANALYZER_SERVERS_H

#include "analyzer/exit_status.h"
#include "analyzer/options.h"
#include "sql/peer.h"

struct servers;

/*
 * Never NULL. `status` becomes EXIT_DATABASE when one of them could not be reached (or
 * EXIT_INTERRUPTED on Ctrl-C) and is left alone otherwise. `options` must outlive the servers.
 */
struct servers *servers_connect(const struct options *options, enum exit_status *status);
void servers_free(struct servers *servers);

/* Those that were reached, in the order of the command line. */
size_t servers_count(const struct servers *servers);
struct peer *servers_peer(const struct servers *servers, size_t index);

/* Is the server of that name, as the command line wrote it, among them? */
bool servers_reached(const struct servers *servers, struct slice name);

/*
 * What the output must say of the connections, a line each and without line ends: "fe01:
 * certificate not verified", "fe02: not reached: ...". None when all is as it should be.
 */
size_t servers_remark_count(const struct servers *servers);
const char *servers_remark(const struct servers *servers, size_t index);

/*
 * For the answer of a peer that is not whole: one line on standard error, and the exit status that
 * it means (EXIT_DATABASE, EXIT_INTERRUPTED; `status` as it was when the answer is whole or was
 * only stopped by its receiver). PEER_CUT is no failure and is said by the output.
 */
enum exit_status servers_complain(const struct peer *peer, const struct peer_answer *answer,
                                  enum exit_status status);

#endif
