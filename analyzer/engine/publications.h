/*
 * PIDF publications: PUBLISH with entity tags (RFC 3903, facts/presence.md 7).
 *
 * Every PUBLISH may have a Call-ID of its own, so a publication is known by
 * user and entity tag. Each 2xx replaces the tag and restarts the clock:
 *
 *   no If-Match, body      -> live (a further one: it replaces nothing)
 *   If-Match, no body      -> refreshed
 *   If-Match, body         -> modified
 *   If-Match, Expires: 0   -> removed
 *   last 2xx + Expires     -> expired, with no packet to show it
 *   412                    -> refused; the server has no such publication any more
 *
 * A refresh that was sent in time and is still unanswered holds the deadline
 * back until it is answered or can no longer be.
 */
#ifndef OCSIGHT_ANALYZER_ENGINE_PUBLICATIONS_H
#define OCSIGHT_ANALYZER_ENGINE_PUBLICATIONS_H

#include "analyzer/engine/aggregate.h"
#include "analyzer/engine/users.h"

struct publications {
    struct core *core;
    struct users *users;
    struct map
        values; /* transaction of a PUBLISH with a body -> struct state_value, oldest first */
};

void publications_init(struct publications *publications, struct core *core, struct users *users);
void publications_end(struct publications *publications);

/* Of one user. */
void publications_dispose(struct map *map);

/* EVENT_MESSAGE of a PUBLISH, EVENT_PIDF of its body, EVENT_MESSAGE of its answer. */
void publications_asked(struct publications *publications, const struct message *message);
void publications_value(struct publications *publications, const struct event *event);
void publications_answered(struct publications *publications, const struct message *message);

/* When the newest value of a live publication was accepted; 0 = there is none that says anything.
 */
uint64_t publications_moment(const struct presence *presence);

/* The least available of the live ones, the newest of equals; NULL without. */
const struct state_value *publications_leading(const struct presence *presence);

/* As inputs of the aggregation; at most publications.count are written. `causes` may be
   NULL. */
size_t publications_inputs(const struct presence *presence, struct aggregate_input *out,
                           struct aggregate_cause *causes);

/* TIMER_PUBLICATION */
void publications_timer(struct publications *publications, struct timer *timer);

#endif
