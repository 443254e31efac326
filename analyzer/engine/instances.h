/*
 * Published category instances: (user, name, instance, container).
 *
 * The client asks with SERVICE; its publications wait for the answer and count
 * from the 2xx on (facts/presence.md 1.1, 1.2). The owner's own documents set
 * instances directly. An instance ends when it is deleted, its time runs out,
 * its endpoint leaves (expireType endpoint) or its user's last one does (user).
 *
 * A publication whose answer is never seen is not applied.
 */
#ifndef OCSIGHT_ANALYZER_ENGINE_INSTANCES_H
#define OCSIGHT_ANALYZER_ENGINE_INSTANCES_H

#include "analyzer/engine/aggregate.h"
#include "analyzer/engine/users.h"

struct instances {
    struct core *core;
    struct users *users;
    struct map requests;    /* transaction of a SERVICE -> struct publish_request, oldest first */
    size_t waiting;         /* publications in all of them */
    struct user *unsettled; /* its inputs changed in a document that may not be complete */
    int64_t unsettled_time;
    struct origin unsettled_origin;
};

void instances_init(struct instances *instances, struct core *core, struct users *users);
void instances_end(struct instances *instances);

/* Of one user. */
void instances_dispose(struct map *map);

/* EVENT_PUBLICATION, and EVENT_MESSAGE of the answer to a SERVICE. */
void instances_asked(struct instances *instances, const struct event *event);
void instances_answered(struct instances *instances, const struct message *message);

/* EVENT_CATEGORY of an owner's document, of the answer to a SERVICE, or of a database row. */
void instances_told(struct instances *instances, struct user *user, const struct event *event);

/*
 * The inputs of one document arrive one by one; what follows from them is
 * derived when the next message begins or time passes, so that half a document
 * is never taken for a presence.
 */
void instances_settle(struct instances *instances);

/* An endpoint left. True when an input went with it; the caller updates the presence. */
bool instances_endpoint_left(struct core *core, struct user *user, struct slice epid, bool last);

/* The live inputs of container 2, else of container 3; at most instances.count are written. */
size_t instances_inputs(const struct presence *presence, struct aggregate_input *out);

/* TIMER_INSTANCE */
void instances_timer(struct instances *instances, struct timer *timer);

#endif
