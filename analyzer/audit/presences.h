/*
 * Published activities, what watchers were last told of them, and whose
 * subscriptions and endpoints live, as the changes said: for the rules that ask
 * whether something is still shown that should be gone.
 *
 * Only publications that carry an activity ("on-the-phone") count here: that a
 * user is merely available or away has too many causes to blame one. What watchers
 * are told is kept for users of whom such a publication by PUBLISH was seen.
 */
#ifndef OCSIGHT_ANALYZER_AUDIT_PRESENCES_H
#define OCSIGHT_ANALYZER_AUDIT_PRESENCES_H

#include "analyzer/audit/proof.h"
#include "analyzer/audit/witness.h"
#include "analyzer/engine/change.h"

/* What one watcher was told of one user, and before that. */
struct told {
    struct told *next; /* of the same user, the first watcher first */
    struct slice watcher;
    struct slice activity;
    struct slice activity_before;
    int64_t time; /* ns */
    int64_t time_before;
    bool polled;
    bool polled_before;
    uint64_t dialog;
    struct route route; /* to the watcher */
    bool has_route;     /* and what is missing of it would be noticed */
    struct proof *proof;
    struct proof *proof_before;
};

struct published_user {
    struct told *first;
    struct told *last;
    struct map watchers; /* watcher -> struct told */
};

struct presences {
    struct proofs *proofs;
    struct map users;         /* user -> struct published_user */
    struct map live;          /* publication -> its activity, a kept slice */
    struct map counts;        /* (user, activity) and (user): how many live, how many signed out */
    struct map signed_out;    /* (user, epid) that unregistered itself */
    struct map subscriptions; /* live subscription dialogs */
    size_t user_limit;
    size_t told_limit;
    size_t told_count;
    uint64_t refused;     /* what found no place: nothing can be concluded any more */
    bool sign_out_missed; /* a sign-out found no place: anybody may be signed out */
};

void presences_init(struct presences *presences, struct map_seed seed, const struct limits *limits,
                    struct proofs *proofs);
void presences_dispose(struct presences *presences);

/* Before the rules see it. */
void presences_change(struct presences *presences, const struct change *change);

/* First of those who were told something of the user; NULL when nobody was. */
const struct told *presences_told(const struct presences *presences, struct slice user);
const struct told *presences_told_to(const struct presences *presences, struct slice user,
                                     struct slice watcher);

/* Does a live publication of the user say this? */
bool presences_publishes(const struct presences *presences, struct slice user,
                         struct slice activity);

/* Is the PIDF publication with this entity tag live, and does it carry an activity? */
bool presences_lives(const struct presences *presences, struct slice user, struct slice tag);

/* Does a new publication of the user by PUBLISH await its answer? That may have been missed. */
bool presences_asked(const struct presences *presences, struct slice user);

bool presences_subscribed(const struct presences *presences, uint64_t dialog);

/* Did an endpoint of the user sign out and not come back, as far as that could be kept? */
bool presences_signed_out(const struct presences *presences, struct slice user);

/* Did this one sign out, or was it deregistered, and did not come back? Running out is neither. */
bool presences_endpoint_left(const struct presences *presences, struct slice user,
                             struct slice epid);

#endif
