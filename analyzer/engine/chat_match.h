/*
 * Which post a delivered copy is of (facts/xccos.md 6.5, match key; 8.5).
 *
 * Nothing on the wire ties the two together. The candidates are the posts of the same
 * room, author and text that this session has no copy of; of several, in this order:
 *
 *   1. one whose other copies carry the same ts
 *   2. one without copies that was posted with this second as its ts
 *   3. the first one without copies
 *   4. the first one whose other copies' ts is not further off than clocks differ
 *
 * A copy is a duplicate when the service envelope came to this session before, or
 * when the session has a copy of every such post, one of them with this very ts.
 *
 * The server may store a text otherwise than it was posted. A copy whose text was
 * never posted is held to be the edited form of a post only where there is no
 * choice: the one captured post of that room, author and second, of which this
 * session has no copy.
 *
 * Somebody may say the same thing thousands of times: how far each session is in
 * such a group is kept, and only WINDOW posts behind that are looked at again.
 */
#ifndef OCSIGHT_ANALYZER_ENGINE_CHAT_MATCH_H
#define OCSIGHT_ANALYZER_ENGINE_CHAT_MATCH_H

#include "analyzer/engine/chat_ledger.h"

struct post_match {
    struct ledger_post *post; /* NULL: of none that is known */
    bool duplicate;
    bool edited;
};

struct post_match match_copy(struct chat *chat, const struct chat_room_state *room,
                             const struct post_key *key, const struct chat_post *seen,
                             uint64_t session, uint64_t envelope);

#endif
