/*
 * The info blocks of a command, reply or notice: what lies inside `data`
 * (facts/xccos.md 1.4-1.6).
 *
 * A part of decoders/xccos.c's document: its handlers pass on what lies inside a
 * child of the envelope, xccos_blocks_close() then completes the fact. Blocks
 * whose shape is not known are left to the fact's raw bytes.
 */
#ifndef OCSIGHT_DECODERS_XCCOS_BLOCKS_H
#define OCSIGHT_DECODERS_XCCOS_BLOCKS_H

#include "decoders/xccos_property.h"
#include "decoders/xccos_roster.h"

struct room_draft;

/* What one document may still bring, whatever the number of its children. */
struct xccos_budget {
    size_t members;          /* limits.body_members */
    size_t rooms;            /* rooms, remembered messages, preferences: limits.body_facts */
    size_t preference_bytes; /* limits.preference_bytes */
    bool members_capped;
    bool rooms_capped;
};

struct xccos_blocks {
    const struct document *document;
    struct chat_fact *fact; /* being filled */
    struct xccos_budget *budget;
    struct roster roster;
    struct room_draft *rooms;
    size_t room_count;
    size_t room_capacity;
    struct chat_post *posts; /* history of all rooms; those of one room stand side by side */
    size_t post_count;
    size_t post_capacity;
    struct chat_preference *preferences;
    size_t preference_count;
    size_t preference_capacity;
    enum room_property property; /* whose text is being collected */
    bool in_room;                /* inside a `chanib` that was kept */
    bool in_user;                /* inside a `uib`, for the `aib` of a join notice */
    struct slice user;           /* of that `uib` */
    bool in_query;               /* inside `bcq` */
    bool in_post;                /* inside a `msg` that was kept */
    bool in_chat;                /* collecting its text */
};

void xccos_blocks_open(struct xccos_blocks *blocks, const struct document *document,
                       struct xccos_budget *budget, struct chat_fact *fact);

/* `level` is 1 for a block in `data`, 2 for one inside that, and so on. */
void xccos_blocks_start(struct xccos_blocks *blocks, const struct xml_element *element,
                        unsigned level);
void xccos_blocks_text(struct xccos_blocks *blocks, struct slice text);
void xccos_blocks_end(struct xccos_blocks *blocks, unsigned level);

/* Resolves the rosters and hands rooms and history to the fact. */
void xccos_blocks_close(struct xccos_blocks *blocks);

#endif
