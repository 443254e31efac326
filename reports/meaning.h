/*
 * What a SIP message means, in a few words: "join Ops Bridge", "state 6500 busy".
 *
 * Made of the message and of the body events that follow it. For people who
 * read a flow: it is no decoding, and it never holds secrets or chat texts.
 * The terms are those of facts/presence.md and facts/xccos.md; what is not
 * known there is named as it was written.
 */
#ifndef OCSIGHT_REPORTS_MEANING_H
#define OCSIGHT_REPORTS_MEANING_H

#include "analyzer/engine/arena.h"
#include "analyzer/engine/event.h"

enum {
    MEANING_ITEMS = 3,    /* facts named; further ones are counted */
    MEANING_ROOM = '\x01' /* stands for the name of `room`, which may be learned only later */
};

struct meaning_list {
    struct slice items[MEANING_ITEMS];
    struct slice of[MEANING_ITEMS]; /* who or what an item begins with */
    size_t count;
    unsigned more;
};

struct meaning {
    struct arena arena;
    struct slice lead;  /* before the facts */
    struct slice trail; /* after them */
    struct slice alone; /* if there are none */
    struct slice aside; /* always at the end */
    struct slice told;  /* who is notified */
    bool update;        /* the message publishes: names no user */
    bool plain;         /* says no more than the message's title and its place */
    bool removes;       /* the latest publication was one that is taken back */
    struct meaning_list said;
    struct meaning_list named; /* lesser facts: shown if nothing else is */
    struct slice room;         /* URI of the first room named; "" = none */
};

void meaning_init(struct meaning *meaning);
void meaning_dispose(struct meaning *meaning);

/* A new message; what was known of the last one is forgotten. */
void meaning_begin(struct meaning *meaning, const struct message *message);

/* A body event of that message. */
void meaning_add(struct meaning *meaning, const struct event *event);

/* Nothing beyond what the title and the request before it say. */
bool meaning_is_plain(const struct meaning *meaning);

/* At most `columns` wide; safe to print once MEANING_ROOM is replaced. Borrowed until the next
 * begin. */
struct slice meaning_text(struct meaning *meaning, size_t columns);

#endif
