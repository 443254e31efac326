/*
 * Containers: whom an owner's lists name, and so which container a watcher is
 * served from (facts/presence.md 1.6 and part 5).
 *
 * The owner's own document lists containers with their members; the next one
 * begins a new list. What setContainerMembers asks for counts from its 2xx on. A
 * watcher is looked up by its exact address, then by its domain, and of several
 * containers the highest id serves it; by source network (same enterprise,
 * federated, everyone) nothing is concluded, since the network is not known.
 */
#ifndef OCSIGHT_ANALYZER_ENGINE_CONTAINERS_H
#define OCSIGHT_ANALYZER_ENGINE_CONTAINERS_H

#include "analyzer/engine/users.h"

struct containers {
    struct core *core;
    struct users *users;
    struct map requests; /* transaction -> struct member_request, oldest first */
    size_t waiting;      /* changes asked for in all of them */
};

void containers_init(struct containers *containers, struct core *core, struct users *users);
void containers_dispose(struct containers *containers);

/* EVENT_CONTAINER, and EVENT_MESSAGE of the answer to a SERVICE. */
void containers_seen(struct containers *containers, const struct event *event);
void containers_answered(struct containers *containers, const struct message *message);

/* What the lists of one owner say of one watcher. */
struct container_place {
    bool certain;         /* false: it may be in any container */
    uint32_t id;          /* the container that serves it */
    struct origin origin; /* what named it */
};

struct container_place containers_find(const struct core *core, const struct user *owner,
                                       struct slice watcher);

/* Of one user; NULL is fine. */
void container_list_free(struct container_list *list);

#endif
