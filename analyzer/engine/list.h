/*
 * Doubly linked lists through links that live inside the objects.
 *
 * A head is a link of its own; a zeroed link is in no list. Taking a link out
 * needs no head and costs the same wherever it stands.
 */
#ifndef OCSIGHT_ANALYZER_ENGINE_LIST_H
#define OCSIGHT_ANALYZER_ENGINE_LIST_H

#include <stdbool.h>
#include <stddef.h>

struct link {
    struct link *previous;
    struct link *next;
};

/* The object that holds `link` as its `member`. */
#define LIST_OWNER(link, type, member) ((type *)(void *)((char *)(link)-offsetof(type, member)))

static inline void list_init(struct link *head)
{
    head->previous = head;
    head->next = head;
}

static inline bool list_empty(const struct link *head)
{
    return head->next == head;
}

/* Harmless on a link that is in no list. */
static inline void list_remove(struct link *link)
{
    if (link->next) {
        link->previous->next = link->next;
        link->next->previous = link->previous;
        *link = (struct link){0};
    }
}

/* At the end of the list; taken out of the one it was in. */
static inline void list_append(struct link *head, struct link *link)
{
    list_remove(link);
    link->previous = head->previous;
    link->next = head;
    head->previous->next = link;
    head->previous = link;
}

#endif
