/*
 * Which request a message is, or answers: transactions and their attempts.
 *
 * Called by decoders/exchange.c for each copy in the order of the run. The key
 * of a transaction is Call-ID, CSeq number and method, and From tag; below it
 * stand the attempts (the same request sent again after 401 or 407 without a new
 * CSeq, presence.md 8.6) and the variants for several To tags (a BYE to each leg
 * of a fork counts its CSeq per dialog). The ACK of a refused INVITE belongs to
 * the INVITE, the ACK of an accepted one stands alone (RFC 3261 17.1.1.3, 13.2.2.4).
 *
 * A response may come before its request when inputs with different clocks are
 * merged; it then opens the transaction and the request joins it.
 *
 * What is remembered is what can still matter: TRANSACTION_FINISHED seconds
 * after the last copy of an answered request, TRANSACTION_PENDING of an open one.
 * A copy that comes later counts as a new message.
 */
#ifndef OCSIGHT_DECODERS_TRANSACTION_H
#define OCSIGHT_DECODERS_TRANSACTION_H

#include "analyzer/engine/limits.h"
#include "analyzer/engine/map.h"
#include "decoders/identity.h"
#include "decoders/queue.h"

enum {
    TRANSACTION_FINISHED = 64, /* seconds; twice 64 * T1, RFC 3261 17.1.2.2 */
    TRANSACTION_PENDING =
        300, /* seconds; a ringing INVITE is reminded every minute, timer C is 3 min */
};

struct transaction {
    uint64_t id; /* ascending from 1 */
    unsigned attempt;
    enum sip_method method;
    uint64_t to_tag;          /* of the request; 0 while there is none */
    struct identity *request; /* NULL: not captured, or not yet */
    struct identity *first;   /* all identities, oldest first */
    struct identity *last;
    size_t responses;         /* identities beside the request */
    struct request_view view; /* valid with `request` */
    bool challenged;          /* got 401 or 407 */
    bool accepted;            /* got 2xx */
    bool refused;             /* got 3xx-6xx */
    bool proves_accepted;     /* an ACK whose branch shows that its INVITE got 2xx */
    uint32_t challenged_input;
    uint64_t accepted_tag; /* digest of the To tag of the latest 2xx */
    uint64_t refused_tag;  /* and of the latest 3xx-6xx */

    /* private */
    struct map_entry *entry;   /* its key; the value is the youngest under that key */
    struct transaction *older; /* under the same key */
    struct queue *queue;       /* the one it stands in */
    struct queue_link link;
    int64_t touched; /* ns: time of the run at its latest copy */
    char *text;      /* strings of `view` */
    size_t bytes;    /* heap bytes it holds */
};

struct transactions {
    struct map_seed seed;
    const struct limits *limits;
    struct map map;
    struct queue pending;
    struct queue finished;
    size_t count;
    size_t bytes;
    uint64_t next_id;
    uint64_t next_identity;
    int64_t now;          /* ns: latest time of the run; TIME_NONE before the first */
    bool capped;          /* limits.transactions was reached */
    bool capped_attempts; /* limits.attempts */
    bool capped_copies;   /* limits.copies */
};

void transactions_init(struct transactions *table, struct map_seed seed,
                       const struct limits *limits);
void transactions_dispose(struct transactions *table);

/* Time goes on: forgets what ran out. A time that goes back changes nothing. */
void transactions_advance(struct transactions *table, int64_t now);

/* The transaction of one copy, opened when there is none. The message needs a Call-ID. */
struct transaction *transactions_place(struct transactions *table, const struct message *message);

/*
 * Adds the copy to its transaction and fills role, id, transaction, attempt,
 * request_kept and observations of the message. May forget other transactions.
 */
struct identity *transactions_observe(struct transactions *table, struct transaction *transaction,
                                      struct message *message);

#endif
