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
    struct link again; /* those of them that were refused or challenged and may come again */
    struct map places; /* session -> struct post_place, once there is more than one post */
};

/* How far a session has its copies of a group: it has all up to and including `last`. */
struct post_place {
    struct ledger_post *last; /* NULL = none of those that are still known */
    struct link link;         /* in last->places */
};

/* Captured posts of one author in one room whose ts is the same second. */
struct post_stamp {
    struct map_entry *entry;
    struct link posts;
    size_t count;
};

struct ledger_post {
    uint64_t id;
    struct chat_room_state *room;
    struct slice author;
    struct post_group *group;
    struct link link;  /* in group->posts */
    struct link again; /* in group->again */
    struct post_stamp *stamp;
    struct link stamped; /* in stamp->posts */
    struct link recent;  /* in chat->recent */
    struct link places;  /* struct post_place */
    int64_t active;      /* when something last happened to it */
    int64_t ts;          /* as posted; TIME_NONE */
    int64_t copy_ts;     /* as its copies say; TIME_NONE */
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
    struct map copies;      /* session -> struct ledger_copy */
};

struct ledger_copy {
    uint64_t envelope; /* digest of the service envelope; 0 = it has no id */
    uint64_t dialog;
    bool edited;
    struct origin origin;
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

/* Same second, or one of them is not known. */
bool post_same_second(int64_t a, int64_t b);

struct post_key ledger_key(struct chat *chat, const struct chat_room_state *room,
                           const struct chat_post *post);

struct post_group *ledger_find(struct chat *chat, const struct post_key *key);

/* A new entry, the last of its group. `id` 0 = the next one. */
struct ledger_post *ledger_add(struct chat *chat, const struct post_key *key,
                               struct chat_room_state *room, const struct chat_post *post,
                               uint64_t id);

/* It was captured, with this ts: from now on ledger_stamped() finds it. */
void ledger_stamp(struct chat *chat, struct ledger_post *post);

/* The only captured post of that room, author and second; NULL when there is none or a choice. */
struct ledger_post *ledger_stamped(struct chat *chat, const struct chat_room_state *room,
                                   const struct chat_post *post);

/* It may be sent again; it was, and is the last of its group now. */
void ledger_expect_again(struct ledger_post *post);
void ledger_again(struct ledger_post *post);

/* Something happened to it. */
void ledger_touch(struct chat *chat, struct ledger_post *post);

/* Forgets what nothing happened to for LEDGER_MEMORY. */
void ledger_age(struct chat *chat);

/* The session's copy, NULL when it has none. */
struct ledger_copy *ledger_copied(const struct ledger_post *post, uint64_t session);
struct ledger_copy *ledger_copy(struct chat *chat, struct ledger_post *post, uint64_t session);

/* How far the session is in the group; NULL while the group is a single post. */
struct post_place *ledger_place(struct post_group *group, uint64_t session);
void post_place_at(struct post_place *place, struct ledger_post *last);

/* The first message with that content and second; NULL when it has no ts or is new. */
const struct remembered_post *ledger_recall(struct chat *chat, const struct post_key *key,
                                            int64_t ts);

/* The same for the items of one history reply: identical ones are different messages. */
const struct remembered_post *ledger_recall_next(struct chat *chat, const struct post_key *key,
                                                 int64_t ts);

void ledger_remember(struct chat *chat, const struct post_key *key, int64_t ts,
                     const struct remembered_post *post);

#endif
