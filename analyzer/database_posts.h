/*
 * The chat messages of a trace against mgc.tblChat.
 *
 * A room's URI is "ma-chan://domain/ID"; whether ID is the number or the GUID of its row in
 * tblNode is not known (facts/databases.md 8.4). A room whose ID is found as either, under the
 * name that the trace has, is compared; of any other it is said that it cannot be.
 */
#ifndef OCSIGHT_ANALYZER_DATABASE_POSTS_H
#define OCSIGHT_ANALYZER_DATABASE_POSTS_H

#include "analyzer/audit/audit.h"
#include "sql/peer.h"

struct database_posts;

struct database_posts *database_posts_new(struct map_seed seed, const struct limits *limits);
void database_posts_free(struct database_posts *posts);

void database_posts_event(struct database_posts *posts, const struct event *event);
void database_posts_change(struct database_posts *posts, const struct change *change);

/* After the trace: asks a peer that has the chat database; what is not there goes to the audit. */
struct peer_answer database_posts_ask(struct database_posts *posts, struct peer *peer,
                                      struct audit *audit, int64_t now);

#endif
