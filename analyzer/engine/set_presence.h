/*
 * setPresence of LCS 2005 level clients (facts/presence.md part 6).
 *
 * It counts from its 2xx on, as what one endpoint says, and ends with that
 * endpoint; there is no lifetime of its own. It is the user's presence only where
 * nothing better is known: presence.h.
 */
#ifndef OCSIGHT_ANALYZER_ENGINE_SET_PRESENCE_H
#define OCSIGHT_ANALYZER_ENGINE_SET_PRESENCE_H

#include "analyzer/engine/users.h"

struct set_presence {
    struct core *core;
    struct users *users;
    struct map requests; /* transaction -> what was asked for, oldest first */
};

/* What one endpoint set. */
struct legacy_state {
    int64_t availability;
    struct slice activity;
    uint64_t moment; /* when it was accepted */
};

void set_presence_init(struct set_presence *set, struct core *core, struct users *users);
void set_presence_end(struct set_presence *set);

/* Of one user. */
void set_presence_dispose(struct map *map);

/* EVENT_LEGACY of a SERVICE, and EVENT_MESSAGE of its answer. */
void set_presence_asked(struct set_presence *set, const struct event *event);
void set_presence_answered(struct set_presence *set, const struct message *message);

/* The newest; NULL without. */
const struct legacy_state *set_presence_leading(const struct presence *presence);

/* An endpoint left. True when it had set something; the caller updates the presence. */
bool set_presence_endpoint_left(struct user *user, struct slice epid, bool last);

#endif
