/*
 * A run of packets on its way through the decoding: the unit of work.
 *
 * The reader fills it with datagrams, copied, and the number of the shard that
 * each belongs to. Every shard then works through its datagrams and leaves what
 * came out in its own harvest. Batches have a fixed size, whatever the number of
 * threads, so that nothing depends on that number.
 */
#ifndef OCSIGHT_ANALYZER_BATCH_H
#define OCSIGHT_ANALYZER_BATCH_H

#include "analyzer/engine/arena.h"
#include "analyzer/engine/event.h"
#include "decoders/body.h"
#include "decoders/frame.h"

enum {
    SHARDS = 16,             /* fixed: each has its own part of every cap */
    BATCH_PACKETS = 512,     /* datagrams of one batch at the most */
    BATCH_BYTES = 512 << 10, /* and payload bytes, roughly */
    HARVESTS = SHARDS + 1,   /* the last one is the reader's own: caps of the frame decoder */
};

/* A message with its facts, or an event without a message; lives in its harvest. */
struct item {
    uint64_t order; /* its place in the run */
    struct harvest *home;
    struct item *next; /* in the order in which they came out */
    bool is_message;
    union {
        struct {
            struct message message;
            struct facts facts; /* they point to `message` */
        };
        struct event event; /* coverage; only if it is no message */
    };
};

/* What one shard made of one batch. Items outlive the batch while the merge holds them. */
struct harvest {
    struct arena arena;
    struct item *first;
    struct item *last;
    size_t pending;     /* items that the merge has not handed on yet */
    uint64_t watermark; /* nothing before this place can come out later; UINT64_MAX = no limit */
    struct harvest *next_spare;
};

/* A datagram, or what a store kept of some: then one of `unit` and `event` is set. */
struct batch_entry {
    struct datagram datagram; /* its payload lies in the batch's arena, as all of the following */
    const struct sip_unit *unit; /* a message as framed */
    const struct event *event;   /* an event without a message */
    uint64_t order;              /* of what was kept: its place in the run */
    unsigned shard;
};

struct batch {
    struct arena arena;
    struct batch_entry entries[BATCH_PACKETS];
    size_t count;
    size_t bytes;
    int64_t now;    /* time of the latest packet read; TIME_NONE without any */
    uint64_t order; /* place of the last packet read */
    bool last;      /* the input ends after this batch */
    struct harvest *harvests[HARVESTS];
};

struct batch *batch_new(void);
void batch_free(struct batch *batch);

/* Empties it for the next use; its harvests must have been taken out or be done with. */
void batch_clear(struct batch *batch);

/* Copies one datagram in. */
void batch_add(struct batch *batch, const struct datagram *datagram);

/* The same for what was kept; what came of one packet has the same origin.order. */
void batch_add_unit(struct batch *batch, const struct sip_unit *unit, uint64_t order);
void batch_add_event(struct batch *batch, const struct event *event, uint64_t order);
bool batch_is_full(const struct batch *batch);

struct harvest *harvest_new(void);
void harvest_free(struct harvest *harvest);
void harvest_clear(struct harvest *harvest);

/* A cleared item at the end of a harvest. */
struct item *harvest_add(struct harvest *harvest);

/* A copy of an event without a message (coverage, a web service call, a DNS answer), its words too.
 */
struct event event_keep(struct arena *arena, const struct event *event);

/* Keeps such an event. */
void harvest_event(struct harvest *harvest, const struct event *event);

#endif
