/*
 * The call flows of a run: begun, filled step by step, judged at their end.
 *
 * The recognisers (flow_chat.c, flow_presence.c) find out which moment of which flow a message is
 * and say so here; this part keeps what was seen of each flow, labels the messages, and decides in
 * the end which steps are missing or misplaced and whether that may be said: never of a flow whose
 * opening was not captured, nor of one in which something was refused or left unanswered (other
 * rules speak of that), nor over datagrams or where bytes are missing (design.md section 5).
 *
 * Memory follows the live flows. A flow with something to judge waits for the end of the input,
 * when all losses are known and the exports and rows of the compliance service are compared.
 */
#ifndef OCSIGHT_ANALYZER_AUDIT_FLOW_H
#define OCSIGHT_ANALYZER_AUDIT_FLOW_H

#include "analyzer/audit/archive.h"
#include "analyzer/audit/flow_tables.h"
#include "analyzer/audit/recent.h"
#include "analyzer/audit/sessions.h"
#include "analyzer/audit/stored.h"
#include "analyzer/audit/verdict.h"
#include "analyzer/engine/buffer.h"
#include "analyzer/engine/flow.h"
#include "analyzer/engine/limits.h"
#include "analyzer/engine/list.h"
#include "analyzer/engine/timers.h"

enum { FLOW_CALL_IDS = 4, FLOW_SETTLE = 30 }; /* s: the wait for a command's reply (XC01) */

/* A message that may be or is a step. */
struct flow_sight {
    bool known;
    uint64_t message; /* id, ascending in the order of first sight; 0 = it was none */
    uint64_t transaction;
    int64_t time;
    struct origin origin;
    struct route route; /* of the message */
    bool datagram;
};

/* A step of a flow as it was seen. */
struct flow_sighting {
    struct flow_sight sight;
    struct proof *proof; /* NULL unless seen */
};

struct flow_run {
    struct link link; /* live, or ended and to be judged */
    struct timer settle;
    enum flow_kind kind;
    struct slice user;
    struct slice call_ids[FLOW_CALL_IDS];
    size_t call_id_count;
    uint32_t seen;            /* bits */
    bool joined;              /* the opening was not captured */
    bool datagram;            /* lost packets leave no trace */
    bool excused;             /* something failed in it: other rules speak */
    bool rooms;               /* the user is known to have rooms to enter */
    bool others;              /* others were in the room when it was posted to */
    bool settled;             /* no step for FLOW_SETTLE */
    bool proved;              /* and the client went on: what was not seen does not come */
    unsigned pending;         /* commands without a reply */
    uint64_t post;            /* its id in the ledger; 0 = none */
    uint64_t post_message;    /* the message that carried it */
    struct flow_run **holder; /* where the recogniser points to it; cleared when it ends */
    struct map *map;          /* where else it is found, and taken out of when it ends */
    struct map_entry *entry;
    struct link sibling;          /* of one dialog */
    struct flow_sighting steps[]; /* those of its table */
};

struct call_flows {
    struct map_seed seed;
    struct limits limits;
    struct proofs *proofs;
    const struct sessions *sessions;
    const struct archive *archive;
    const struct stored *stored;
    struct flow_sink sink;
    struct timers timers;
    struct link live;
    struct link ended;
    size_t live_count;
    size_t ended_count;
    uint64_t refused; /* flows that found no place */
    bool saw_http;
    bool saw_dns;
    struct recent labels;       /* message id -> its step */
    struct recent transactions; /* id -> the step of its request */
    struct map explained; /* message id -> the step that a finding of it is about; one a flow */
    /* flow_chat.c */
    struct map endpoints; /* user and epid -> struct flow_endpoint */
    struct map talks;     /* dialog -> struct flow_talk */
    struct map invites;   /* dialog -> struct flow_sight of its INVITE */
    struct map rooms;     /* user and room -> struct flow_run that may wait for its post */
    struct map lookups;   /* client address -> struct flow_sight of its DNS question */
    /* flow_presence.c */
    struct map watches;      /* dialog -> struct flow_run */
    struct map publishers;   /* user -> struct flow_run */
    struct map devices;      /* user and entity tag -> struct flow_run */
    struct map device_calls; /* transaction -> struct flow_run that waits for its tag */
};

void call_flows_init(struct call_flows *flows, struct map_seed seed, const struct limits *limits,
                     struct proofs *proofs, const struct sessions *sessions,
                     const struct archive *archive, const struct stored *stored);
void call_flows_dispose(struct call_flows *flows);

/* Before the rules see it; `witness` and `sessions` have seen it. */
void call_flows_event(struct call_flows *flows, const struct event *event);
void call_flows_change(struct call_flows *flows, const struct change *change);
void call_flows_advance(struct call_flows *flows, int64_t now);

/*
 * The input has ended: all flows go to the sink, what is wrong with them to the verdicts. After
 * archive_settle() and stored_settle().
 */
void call_flows_end(struct call_flows *flows, const struct witness *witness,
                    struct verdicts *verdicts);

/* The step that a proof's first message was; false when it has none. */
bool call_flows_label_of(const struct call_flows *flows, const struct proof *proof,
                         const char **out_flow, const char **out_step);

/* ---- for the recognisers ---- */

/* NULL when there is no place. `holder` may be NULL. */
struct flow_run *flow_begin(struct call_flows *flows, enum flow_kind kind, struct slice user,
                            struct flow_run **holder);

struct flow_sight flow_sight_of(const struct message *message);

/*
 * The moment is there; the first sight of a step counts. NULL for a run is fine; `message` is NULL
 * for what was seen before the flow was recognised.
 */
void flow_see(struct call_flows *flows, struct flow_run *run, enum flow_moment moment,
              const struct flow_sight *sight, const struct message *message);

/* This message belongs to the step, too; or it answers the one that does. */
void flow_mark(struct call_flows *flows, const struct flow_run *run, enum flow_moment moment,
               uint64_t message, uint64_t transaction, bool answer);

bool flow_has(const struct flow_run *run, enum flow_moment moment);

/* A key of two words; `key` holds it, and is the caller's to dispose. */
struct slice flow_pair_key(struct buffer *key, struct slice one, struct slice other);

void flow_call(struct flow_run *run, struct slice call_id);

/* It is found by this key from now on; another one that was gives way. */
void flow_place(struct call_flows *flows, struct flow_run *run, struct map *map, struct slice key);

/* It ends here; NULL is fine. */
void flow_end(struct call_flows *flows, struct flow_run *run);

/* flow_chat.c */
void flow_chat_init(struct call_flows *flows);
void flow_chat_dispose(struct call_flows *flows);
void flow_chat_event(struct call_flows *flows, const struct event *event);
void flow_chat_change(struct call_flows *flows, const struct change *change);

/* flow_presence.c */
void flow_presence_init(struct call_flows *flows);
void flow_presence_dispose(struct call_flows *flows);
void flow_presence_event(struct call_flows *flows, const struct event *event);
void flow_presence_change(struct call_flows *flows, const struct change *change);

#endif
