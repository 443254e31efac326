/*
 * The dialogs that chat sessions run over, as the events and changes said: when
 * each was accepted, refreshed, spoken on, disowned and ended.
 *
 * A session (sessions.h) goes on over several dialogs; rules about one dialog need
 * what happened on it, also a while after its end: INFO that comes too late, the
 * answer to a BYE. Kept until LEG_LINGER after the end.
 */
#ifndef OCSIGHT_ANALYZER_AUDIT_LEGS_H
#define OCSIGHT_ANALYZER_AUDIT_LEGS_H

#include "analyzer/audit/proof.h"
#include "analyzer/audit/sessions.h"
#include "analyzer/engine/list.h"

enum {
    LEG_LINGER = 90, /* seconds; the dialogs table knows a dialog no longer than that */
    LEG_BUSY = 8,    /* refused INFO of one dialog that are remembered */
};

/* A request that was refused with 503, and the post or command in it. */
struct leg_refusal {
    uint64_t transaction;
    uint64_t cause; /* 0 = not known */
    struct origin origin;
};

/* Times are ns, TIME_NONE = not seen. */
struct leg {
    struct link ended; /* in legs->ended, by the time when it was over */
    struct map_entry *entry;
    uint64_t dialog;
    uint64_t endpoint; /* legs_endpoint() */
    struct slice user;
    struct slice call_id;
    struct slice service;
    bool named; /* its endpoint has an epid */
    bool lookup;
    bool from_start;                     /* its INVITE was captured */
    struct route routes[SESSION_ROUTES]; /* from the service to the client */
    size_t route_count;
    int64_t opened;
    int64_t accepted;     /* 2xx to the INVITE */
    int64_t acknowledged; /* first ACK after that */
    int64_t renewed;      /* accepted, or the latest 2xx to a refresh */
    int64_t expires;      /* seconds: Session-Expires, -1 = none */
    bool refreshing;      /* a refresh was sent and not accepted */
    bool spoken;          /* the client sent INFO since it was renewed */
    int64_t client_info;  /* its first INFO */
    uint32_t info_cseq;   /* the number of that */
    int64_t first_command;
    int64_t last_command;
    bool replied;         /* a reply came */
    bool disabled;        /* ended right after the first command */
    int64_t disowned;     /* 487 of the client */
    unsigned stale_infos; /* INFO of the service long after that */
    int64_t over;         /* ended, refused or lost */
    bool ended_by_service;
    int64_t end;                          /* BYE */
    int64_t end_answered;                 /* 2xx or 481 to it */
    struct leg_refusal refused[LEG_BUSY]; /* the latest ones, a ring */
    size_t refused_count;
    struct proof *accepted_proof; /* what renewed it last */
    struct proof *command_proof;  /* first command, and the latest */
    struct proof *latest_proof;
    struct proof *end_proof;
    struct proof *disowned_proof;
    struct proof *stale_proof; /* the same, and what still came after */
};

struct legs {
    struct map_seed seed;
    struct proofs *proofs;
    struct map dialogs;   /* dialog -> struct leg */
    struct map endpoints; /* endpoint -> the leg opened last, lookups left out */
    struct link ended;
    size_t limit;
    uint64_t refused; /* legs that found no place */
};

void legs_init(struct legs *legs, struct map_seed seed, const struct limits *limits,
               struct proofs *proofs);
void legs_dispose(struct legs *legs);

/* Before the rules see it. */
void legs_event(struct legs *legs, const struct event *event);
void legs_change(struct legs *legs, const struct change *change);

/* NULL when it is no chat dialog, or has been forgotten. */
struct leg *legs_find(const struct legs *legs, uint64_t dialog);

/* The endpoint's dialog that was opened last, lookups left out; NULL when there is none. */
struct leg *legs_latest(const struct legs *legs, uint64_t endpoint);

/*
 * Was everything readable that the client's host sent to the service's in that time, on whatever
 * connection? A new dialog may come over a new one.
 */
bool legs_heard(const struct witness *witness, const struct route *routes, size_t count,
                int64_t from, int64_t until);

/* A user's endpoint as a number. */
uint64_t legs_endpoint(const struct legs *legs, struct slice user, struct slice epid);

#endif
