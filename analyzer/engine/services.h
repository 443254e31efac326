/*
 * Publications that a client asked for with SERVICE and that wait for the
 * answer (facts/presence.md 1.1, 1.2).
 *
 * They count from the 2xx on, all of a request together; any refusal but a
 * challenge refuses all, and the fault document of a 409 says which of them carried
 * an old version. A request whose answer is never seen is not applied.
 */
#ifndef OCSIGHT_ANALYZER_ENGINE_SERVICES_H
#define OCSIGHT_ANALYZER_ENGINE_SERVICES_H

#include "analyzer/engine/instances.h"

struct services {
    struct core *core;
    struct users *users;
    struct instances *instances;
    struct map requests;             /* transaction -> struct publish_request, oldest first */
    size_t waiting;                  /* publications in all of them */
    struct publish_request *refused; /* by the last 409, for the fault document in it */
    uint64_t refused_moment;
};

void services_init(struct services *services, struct core *core, struct users *users,
                   struct instances *instances);
void services_dispose(struct services *services);

/* EVENT_PUBLICATION, and EVENT_MESSAGE of the answer. */
void services_asked(struct services *services, const struct event *event);
void services_answered(struct services *services, const struct message *message);

/* EVENT_FAULT, in that answer. */
void services_fault(struct services *services, const struct event *event);

#endif
