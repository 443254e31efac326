/*
 * A doubly linked list through the objects themselves: what was touched last
 * stands last, so that the oldest is found and any one is removed at once.
 */
#ifndef OCSIGHT_DECODERS_QUEUE_H
#define OCSIGHT_DECODERS_QUEUE_H

#include <stddef.h>

/* Lives inside `object`, which it points back to. */
struct queue_link {
    struct queue_link *next;
    struct queue_link *previous;
    void *object;
};

struct queue {
    struct queue_link *first; /* oldest */
    struct queue_link *last;
};

static inline void queue_push(struct queue *queue, struct queue_link *link, void *object)
{
    *link = (struct queue_link){NULL, queue->last, object};
    if (queue->last) {
        queue->last->next = link;
    } else {
        queue->first = link;
    }
    queue->last = link;
}

static inline void queue_remove(struct queue *queue, struct queue_link *link)
{
    if (link->previous) {
        link->previous->next = link->next;
    } else {
        queue->first = link->next;
    }
    if (link->next) {
        link->next->previous = link->previous;
    } else {
        queue->last = link->previous;
    }
}

/* The oldest object but `keep`, or NULL. */
static inline void *queue_oldest(const struct queue *queue, const void *keep)
{
    const struct queue_link *link = queue->first;
    if (link && link->object == keep) {
        link = link->next;
    }
    return link ? link->object : NULL;
}

#endif
