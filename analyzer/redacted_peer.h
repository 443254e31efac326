/*
 * Rows of databases in pseudonyms (decoders/pseudonym.h): what stands between a peer and everybody
 * who asks it, with --redact.
 *
 *   command -> peer_ask() -> the real values of --user and --room go to the server
 *   command <- pseudonyms in every text and document <- the server's rows
 *
 * So no report, drawing or snapshot ever holds an original name: users, hosts, display names,
 * rooms, messages, telephone numbers, documents and whatever text nothing is known of. Numbers,
 * times, flags and GUIDs stay. The same key gives the same pseudonyms as in captures, so that a
 * trace and rows can still be compared. What a server says in its own words is left out.
 *
 * Not hidden: how many rows there are, and the order in which a server sorted them.
 *
 * All functions take NULL for "nothing is redacted" and then change nothing.
 */
#ifndef OCSIGHT_ANALYZER_REDACTED_PEER_H
#define OCSIGHT_ANALYZER_REDACTED_PEER_H

#include "analyzer/engine/map.h"
#include "analyzer/options.h"
#include "sql/snapshot.h"

struct redacted_peers;

/*
 * Notes what the options select before redaction_new() rewrites it. NULL when nothing is to be
 * redacted.
 */
struct redacted_peers *redacted_peers_new(const struct options *options, struct map_seed seed);
void redacted_peers_free(struct redacted_peers *peers);

/* After redaction_new(): with the run's key, and the pseudonyms of what was selected. */
void redacted_peers_begin(struct redacted_peers *peers, const struct options *options);

/* From now on. `peers` must outlive what is asked of it. */
void redacted_peers_cover(struct redacted_peers *peers, struct peer *peer);
void redacted_peers_cover_all(struct redacted_peers *peers, const struct snapshot *snapshot);

/* "fe01.contoso.example:1433", "fe01\RTCLOCAL" as the outputs call it; lives as long as `peers`. */
struct slice redacted_peers_server(struct redacted_peers *peers, struct slice name);

/* "fe01: what is to be said" of a server that was covered or named; lives as long as `peers`. */
const char *redacted_peers_remark(struct redacted_peers *peers, const char *remark);

#endif
