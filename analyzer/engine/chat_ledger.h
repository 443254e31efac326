/*
 * The ledger's storage: posts by content, and what is remembered of old ones.
 * The rules are chat_post.h's.
 */
#ifndef OCSIGHT_ANALYZER_ENGINE_CHAT_LEDGER_H
#define OCSIGHT_ANALYZER_ENGINE_CHAT_LEDGER_H

#include "analyzer/engine/chat_post.h"
#include "analyzer/engine/chat_room.h"

/* (room, author, text) as a key. */
struct post_key {
    uint64_t words[3];
};

/* Posts of the same content, in posting order. */
struct post_group {
    struct map_entry *entry;
    struct link posts;
    size_t count;
};

struct ledger_post {
    uint64_t id;
    struct chat_room_state *room;
    struct slice author;
    struct post_group *group;
    struct link link;   /* in group->posts */
    struct link recent; /* in chat->recent */
    int64_t active;     /* when something last happened to it */
    int64_t ts;         /* as posted; TIME_NONE */
    int64_t copy_ts;    /* as its copies say; TIME_NONE */
    int64_t posted_at;
    struct origin origin;
    bool captured;
    bool refused;    /* and not sent again */
    bool retry;      /* was sent again */
    bool challenged; /* 401 or 407: comes again with credentials */
    bool mismatch;   /* author is not the sender */
    bool file_link;
    bool has_ts;
    struct post_wait *wait; /* while its INFO is unanswered */
    struct map copies;      /* session -> uint64_t digest of the service envelope */
};

/* What stays of a post when it is forgotten. */
struct remembered_post {
    uint64_t id;
    bool captured;
    int64_t posted_at;
    struct origin origin;
};

/* There was a `ts`, readable or not. */
bool post_has_ts(const struct chat_post *post);

struct post_key ledger_key(struct chat *chat, const struct chat_room_state *room,
                           const struct chat_post *post);

struct post_group *ledger_find(struct chat *chat, const struct post_key *key);

/* A new entry, the last of its group. `id` 0 = the next one. */
struct ledger_post *ledger_add(struct chat *chat, const struct post_key *key,
                               struct chat_room_state *room, const struct chat_post *post,
                               uint64_t id);

/* Something happened to it. */
void ledger_touch(struct chat *chat, struct ledger_post *post);

/* Forgets what nothing happened to for LEDGER_MEMORY. */
void ledger_age(struct chat *chat);

/* Whether the session has a copy; *out_envelope is the digest of its envelope. */
bool ledger_copied(const struct ledger_post *post, uint64_t session, uint64_t *out_envelope);
void ledger_copy(struct chat *chat, struct ledger_post *post, uint64_t session, uint64_t envelope);

/* The id of a message with that content and second; 0 and NULL when it has no ts or is new. */
const struct remembered_post *ledger_recall(struct chat *chat, const struct post_key *key,
                                            int64_t ts);
void ledger_remember(struct chat *chat, const struct post_key *key, int64_t ts,
                     const struct remembered_post *post);

#endif
