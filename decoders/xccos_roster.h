/*
 * Who is in which room: the users (`uib`) of a reply, and the lists of their
 * numbers (`aib`) that its rooms refer to (facts/xccos.md 1.4, 2.4).
 *
 * A part of decoders/xccos.c's document. Users may stand before or behind the
 * rooms, so lists are kept as written and resolved when the reply ends. Numbers
 * are the sender's choice: users are sorted by number, not put in a hash table,
 * and thousands of them cost n log n at worst.
 */
#ifndef OCSIGHT_DECODERS_XCCOS_ROSTER_H
#define OCSIGHT_DECODERS_XCCOS_ROSTER_H

#include "decoders/document.h"

/* A numbered user. */
struct roster_user {
    uint32_t id;
    size_t place; /* in the document: of two with one number the first counts */
    struct slice user;
    bool listed;        /* by any group */
    bool repeated;      /* counted as such in the room `first_group` stands for */
    size_t first_group; /* of the room that listed it last */
    size_t group;       /* that listed it last */
};

/* One `aib` of a room, or one `uib` right inside it. */
struct roster_group {
    bool single;       /* one user, known by address */
    struct slice user; /* of a single one */
    struct slice ids;  /* else numbers, comma-separated */
    size_t offset;     /* of the element in the document */
    uint64_t mask;
    bool has_mask;
};

/* Of one child of the envelope. Groups of one room stand side by side. */
struct roster {
    const struct document *document;
    size_t *members_left; /* what limits.body_members still allows in this document */
    bool *members_capped;
    struct roster_user *users;
    size_t user_count;
    size_t user_capacity;
    bool unsorted; /* numbers did not ascend */
    struct roster_group *groups;
    size_t group_count;
    size_t group_capacity;
};

/* A `uib` with a number. */
void roster_add_user(struct roster *roster, uint32_t id, struct slice user);

/* A `uib` without a number inside a room, or the user of a join notice. */
void roster_add_single(struct roster *roster, const struct xml_element *element, struct slice user,
                       bool has_mask, uint64_t mask);

/* An `aib` with a list. */
void roster_add_list(struct roster *roster, const struct xml_element *element, struct slice ids,
                     bool has_mask, uint64_t mask);

/* After the last user was added, before the first roster_resolve(). */
void roster_sort(struct roster *roster);

/*
 * The members that `count` groups from `first` on name, as an array in the arena;
 * `repeated` counts the numbers that several of these groups list.
 */
const struct chat_member *roster_resolve(struct roster *roster, size_t first, size_t count,
                                         size_t *member_count, uint32_t *repeated);

/* Users whose number no group listed; 0 when a cap has left anything out. */
uint32_t roster_unused(const struct roster *roster);

#endif
