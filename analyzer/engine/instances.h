/*
 * Published category instances: (user, name, instance, container).
 *
 * They come from a client's accepted publications (services.h) and from the
 * owner's own documents. An instance ends when it is deleted, its time runs out,
 * its endpoint leaves (expireType endpoint) or its user's last one does (user):
 * facts/presence.md 1.1.
 */
#ifndef OCSIGHT_ANALYZER_ENGINE_INSTANCES_H
#define OCSIGHT_ANALYZER_ENGINE_INSTANCES_H

#include "analyzer/engine/aggregate.h"
#include "analyzer/engine/follows.h"
#include "analyzer/engine/users.h"

/* What a fact says beside the state, in memory of its own. */
struct category_words {
    bool manual;
    enum category_kind category;
    struct slice text; /* in one line, cut */
    struct followed followed;
};

struct instance {
    struct map_entry *entry; /* in presence.instances */
    struct user *user;
    struct slice name;
    uint32_t number;
    uint32_t container;
    struct state_value value; /* kind STATE_NONE when it is no state or was cleared */
    uint32_t version;
    enum expire_type expire_type;
    struct slice epid; /* of the publisher; "" when unknown */
    int64_t published; /* publishTime, or when its 2xx was seen */
    bool stamped;      /* it is publishTime */
    struct category_words words;
    uint64_t seen; /* core.moment when a document listed it last */
    int64_t until; /* TIME_NONE = not by time */
    struct origin origin;
    struct timer timer;
    bool counted; /* in presence.input_count */
    /* Only while an answer is told: */
    uint32_t index;           /* 1-based place in the request; 0 = none asked for it */
    uint32_t current_version; /* of a conflict: the server's */
};

struct instances {
    struct core *core;
    struct user *unsettled; /* its inputs changed in a document that may not be complete */
    int64_t unsettled_time;
    struct origin unsettled_origin;
    char unsettled_text[CAUSE_TEXT]; /* why */
    struct slice unsettled_cause;
    struct user *whole; /* the document lists all that the user has published; NULL */
    uint64_t whole_dialog;
};

void instances_init(struct instances *instances, struct core *core);

/* Of one user. */
void instances_dispose(struct map *map);

/* EVENT_CATEGORY of an owner's document, of the answer to a SERVICE, or of a database row. */
void instances_told(struct instances *instances, struct user *user, const struct event *event);

/* The document that is being told lists everything: the first one of a subscription. */
void instances_told_all(struct instances *instances, struct user *user, uint64_t dialog);

/* Something of a document was taken in that the rest of it may correct. */
void instances_unsettle(struct instances *instances, struct user *user);

/* The same of a request that was accepted: the answer may say more of it; `cause` is copied. */
void instances_unsettle_by(struct instances *instances, struct user *user, struct slice cause);

/*
 * The inputs of one document arrive one by one; what follows from them is
 * derived when the next message begins or time passes, so that half a document
 * is never taken for a presence.
 */
void instances_settle(struct instances *instances);

/* An endpoint left. True when an input went with it; the caller updates the presence. */
bool instances_endpoint_left(struct core *core, struct user *user, struct slice epid, bool last);

/* The live inputs of one container; at most instances.count are written. `causes` may be NULL. */
size_t instances_inputs(const struct presence *presence, uint32_t container,
                        struct aggregate_input *out, struct aggregate_cause *causes);

/* TIMER_INSTANCE */
void instances_timer(struct instances *instances, struct timer *timer);

/* ---- one instance, for services.c ---- */

struct instance *instance_find(const struct user *user, struct slice name, uint32_t number,
                               uint32_t container);

struct category_words category_words_keep(const struct category_fact *fact);
void category_words_drop(struct category_words *words);

/* The instance says something else now, which it keeps. */
void instance_say(struct core *core, struct instance *instance, struct category_words words);

/* Made if it is new; NULL when the user's table is full. */
struct instance *instance_keep(struct core *core, struct user *user, struct slice name,
                               uint32_t number, uint32_t container);

/* Tells the presence that an input came, went or changed; `gone` = it is about to be freed. */
void instance_changed(struct core *core, struct instance *instance, bool gone);

void instance_set_until(struct core *core, struct instance *instance, int64_t until);

void instance_emit(struct core *core, const struct instance *instance, enum publication_state state,
                   uint16_t status);

/* Emits its last state and frees it. */
void instance_end(struct core *core, struct instance *instance, enum publication_state state,
                  uint16_t status);

#endif
