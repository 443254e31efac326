/*
 * The rows of `ocsight dialogs`: which one a message belongs to, and how long a
 * row is remembered.
 *
 * Called by decoders/exchange.c with first copies (dialogs_place) and with every
 * copy (dialogs_count). An INVITE or SUBSCRIBE row is a dialog by Call-ID and
 * tags; it is opened by the request without To tag, and the legs of a fork share
 * it until a second one is answered 2xx, which then gets a row of its own. Any
 * other method has one row per Call-ID and kind. A request with a To tag whose
 * dialog is not known opens a row with from_start false.
 *
 * What a message does to the state of its row is decided in dialog_state.c, what
 * an INVITE row is for in dialog_service.c. Rows are forgotten by record time once
 * nothing can happen to them; a row that leaves memory is emitted a last time.
 *
 * Normative: RFC 3261 12; RFC 3265 3; RFC 6665 4.4.1; facts/presence.md 8.6.
 */
#ifndef OCSIGHT_DECODERS_DIALOG_H
#define OCSIGHT_DECODERS_DIALOG_H

#include "analyzer/engine/event.h"
#include "analyzer/engine/limits.h"
#include "analyzer/engine/map.h"
#include "analyzer/engine/timers.h"
#include "decoders/queue.h"

/* Which column of the state machine a row follows. */
enum dialog_usage {
    USAGE_CALL,         /* INVITE */
    USAGE_SUBSCRIPTION, /* SUBSCRIBE; REFER outside a dialog */
    USAGE_BINDING,      /* REGISTER, PUBLISH: a lifetime, no dialog */
    USAGE_EXCHANGE,     /* SERVICE, MESSAGE, OPTIONS, NEGOTIATE, other */
    USAGES
};

/* How long a row is kept; those done with go first when there are too many. */
enum dialog_keeping {
    KEEP_ENDED,    /* terminated or refused */
    KEEP_LAPSED,   /* a subscription whose time ran out: a notifier that has not noticed goes on */
    KEEP_ANSWERED, /* an accepted exchange; a further request may come under its Call-ID */
    KEEP_WAITING,  /* not answered yet */
    KEEP_LIVE,     /* confirmed: until it ends, lapses or has run out */
    KEEPINGS
};

enum {
    DIALOG_KEYS = 8,       /* of one row; further legs are found through the first key */
    DIALOG_LINGER = 90,    /* seconds after the last message of an ended row */
    DIALOG_PATIENCE = 360, /* the same where something may still come */
    DIALOG_REGRET = 3600,  /* the same for a lapsed subscription: RFC 3856's default lifetime */
};

struct dialog {
    struct dialog_view view; /* strings lie in `text` and `late` */
    enum dialog_usage usage;
    uint64_t opened_by;    /* transaction */
    uint64_t opener_tag;   /* digest of the tag of `from` */
    uint64_t answered_tag; /* of the leg that was answered 2xx; 0 = none yet */
    bool cancelled;        /* a CANCEL was seen */
    bool unsubscribing;    /* a SUBSCRIBE with Expires 0 was seen in the dialog */
    bool chat_seen;        /* an xccos body other than the lookup's was seen */
    struct origin last;    /* of the latest message */
    struct origin expiry;  /* of the message that set expires_at */

    /* private */
    struct dialogs *table;
    int64_t touched; /* ns: time of the run at its latest message */
    struct timer timer;
    struct queue_link all;       /* in the order of opening */
    struct queue_link recent;    /* in the order of use */
    enum dialog_keeping keeping; /* the queue that `recent` stands in */
    struct map_entry *keys[DIALOG_KEYS];
    size_t key_count;
    uint64_t tags[DIALOG_KEYS]; /* digests of the legs that have a key */
    size_t tag_count;
    char *text;    /* strings known when it was opened */
    char *late[3]; /* learned later: event, to_epid, reason */
    size_t bytes;
    size_t references; /* identities that point here */
    bool dropped;      /* no longer a row; lives until the last reference goes */
};

struct dialogs {
    struct map_seed seed;
    const struct limits *limits;
    const struct event_sink *sink;
    struct map map; /* keys of all rows */
    struct timers timers;
    struct queue all;
    struct queue recent[KEEPINGS];
    size_t count;
    size_t bytes;
    uint64_t next_id;
    int64_t now; /* ns: latest time of the run; TIME_NONE before the first */
    bool capped; /* limits.dialogs was reached */
};

/* The message that a row is asked for, and what its transaction knows. */
struct dialog_query {
    const struct message *message;
    struct dialog *request_row; /* a response's: the row of its request; else NULL */
    bool request_known;
    bool request_in_dialog; /* that request had a To tag */
};

void dialogs_init(struct dialogs *table, struct map_seed seed, const struct limits *limits,
                  const struct event_sink *sink);

/* Rows that identities still point to are freed with their last reference. */
void dialogs_dispose(struct dialogs *table);

/* Time goes on: subscriptions lapse and rows are forgotten, each with its event. */
void dialogs_advance(struct dialogs *table, int64_t now);

/*
 * The row of a first copy, opened when there is none (state trying, nothing
 * counted). *out_changed when it is new, or when the request that opened it came
 * only now.
 */
struct dialog *dialogs_place(struct dialogs *table, const struct dialog_query *query,
                             bool *out_changed);

/* One more copy of a message of this row. Call after its state has advanced. */
void dialogs_count(struct dialogs *table, struct dialog *row, const struct message *message);

/* Emits the row as it stands. `message` may be NULL. */
void dialogs_emit(struct dialogs *table, struct dialog *row, enum dialog_state previous,
                  const struct origin *origin, const struct message *message);

/* Emits every row a last time, undecided ones as unfinished, and forgets them. */
void dialogs_end(struct dialogs *table);

void dialog_hold(struct dialog *row);
void dialog_release(struct dialog *row);

/* A string of the view that became known after the row was opened. */
enum dialog_text { TEXT_EVENT, TEXT_TO_EPID, TEXT_REASON };
void dialog_keep_text(struct dialog *row, enum dialog_text which, struct slice value);

#endif
