/*
 * What the server makes of each user, as the owner's own document said, and what
 * each standing watcher was shown of that user last: for the rule that asks whether
 * a watcher's picture is stale.
 *
 * One copy for each pair of user and subscription, kept while that subscription
 * lives. Polls, PIDF and legacy forms are left out.
 */
#ifndef OCSIGHT_ANALYZER_AUDIT_COPIES_H
#define OCSIGHT_ANALYZER_AUDIT_COPIES_H

#include "analyzer/audit/presences.h"
#include "analyzer/engine/list.h"

/* The server's aggregateState of container 2 or 3. */
struct own_aggregate {
    bool known;
    bool changed; /* the last word was another one than before */
    int64_t availability;
    enum band band;
    int64_t time;    /* ns: when its owner was told */
    uint64_t dialog; /* in which */
};

enum { OWN_FIRST, OWN_SECOND, OWN_AGGREGATES }; /* containers 2 and 3 */

struct copied_user {
    struct own_aggregate own[OWN_AGGREGATES];
    struct link copies; /* struct copy, the one told first before others */
    struct map dialogs; /* dialog -> struct copy */
};

struct copy {
    struct link of_user;
    struct link of_dialog;
    struct copied_user *user;
    struct map_entry *entry; /* in user->dialogs */
    struct slice watcher;
    uint64_t dialog;
    int64_t time; /* ns: when it was shown */
    int64_t availability;
    enum band band;
    unsigned served;    /* enum served_container */
    struct route route; /* to the watcher */
    bool has_route;     /* and what is missing of it would be noticed */
    struct proof *proof;
};

struct copies {
    struct proofs *proofs;
    struct map users;   /* user -> struct copied_user */
    struct map dialogs; /* dialog -> struct link of its copies */
    size_t user_limit;
    size_t limit;
    size_t count;
    uint64_t refused; /* what found no place: nothing can be concluded any more */
};

void copies_init(struct copies *copies, struct map_seed seed, const struct limits *limits,
                 struct proofs *proofs);
void copies_dispose(struct copies *copies);

/* Before the rules see it, after `presences` did: which subscriptions live is known there. */
void copies_change(struct copies *copies, const struct presences *presences,
                   const struct change *change);

/* NULL when nobody was told anything of that user. */
struct copied_user *copies_of(const struct copies *copies, struct slice user);
const struct copy *copies_find(const struct copied_user *user, uint64_t dialog);

/* Is this the owner's copy of the aggregate, and of which container? */
bool copies_own(const struct told_change *told, size_t *out_which);

/* Would any container that can have served the copy show this, with these aggregates? */
bool copy_fits(const struct copy *copy);

#endif
