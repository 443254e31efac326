/*
 * One message as a fact, however many copies of it were captured.
 *
 * An identity belongs to a transaction (decoders/transaction.h): it is its
 * request, one of its responses, told apart by status and To tag, or the ACK of
 * a refused INVITE. Each copy adds an observation. A copy on the input, flow and
 * branch of an earlier one is a retransmission; anywhere else it is the same
 * message on another hop, in another input or on a leg of a fork.
 *
 * Tags are compared by 64 bits of keyed hash (tag_digest()).
 */
#ifndef OCSIGHT_DECODERS_IDENTITY_H
#define OCSIGHT_DECODERS_IDENTITY_H

#include "analyzer/engine/message.h"

struct dialog;

struct identity {
    uint64_t id;           /* ascending from 1 */
    uint64_t to_tag;       /* digest; 0 = none */
    uint16_t status;       /* 0 = the request, or its ACK */
    bool ack;              /* the ACK of a refused INVITE */
    struct identity *next; /* younger one of the same transaction */
    struct dialog *dialog; /* the row it belongs to: a counted reference; NULL = none */
    struct observation *observations;
    size_t count;
    size_t capacity;
    struct observation only; /* room for the first: most messages are seen once */
};

struct identity *identity_new(uint64_t id, uint64_t to_tag, uint16_t status, bool ack);
void identity_free(struct identity *identity);

/* Heap bytes it holds. */
size_t identity_bytes(const struct identity *identity);

/*
 * Adds a copy and says what it is; its `retransmission` is set. Of more than
 * `max` copies the first and the latest are kept, and *capped is set.
 */
enum message_role identity_observe(struct identity *identity, struct observation *copy, size_t max,
                                   bool *capped);

/* Was a copy seen on this input and flow? With any branch, or with this very branch. */
bool identity_saw_flow(const struct identity *identity, const struct observation *copy);
bool identity_saw_hop(const struct identity *identity, const struct observation *copy);

/* Was a copy seen between these addresses, in any input? */
bool identity_saw_link(const struct identity *identity, const struct observation *copy);

/* One host sent the request on several branches. */
bool identity_forked(const struct identity *identity);

/* The same direction between the same addresses, the input not compared. */
bool observation_same_link(const struct observation *a, const struct observation *b);

/* The opposite direction between the same addresses, the input not compared. */
bool observation_answers(const struct observation *request, const struct observation *response);

#endif
