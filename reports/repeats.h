/*
 * Which messages only repeat what was said before: polls, keep-alives, refreshes, 100 Trying.
 *
 * Fed every event beside the one that draws, and asked after the last one. A message repeats
 * something only if the same was asked and accepted before and its answer is no news: nothing that
 * failed, no content that differs. What finds no room (limits.report_rows) is told apart from
 * nothing, so it is taken for news. RFC 3261 10.2.4 (registrations), RFC 6665 4.1.2 (subscriptions
 * and polls), RFC 4028 (sessions), RFC 3903 4.3 and facts/presence.md 1.2 (publications).
 */
#ifndef OCSIGHT_REPORTS_REPEATS_H
#define OCSIGHT_REPORTS_REPEATS_H

#include "analyzer/engine/event.h"
#include "analyzer/engine/limits.h"
#include "analyzer/engine/map.h"

enum repeat_kind {
    REPEAT_NONE,
    REPEAT_POLL,         /* a query that was asked before, answered as before */
    REPEAT_KEEP_ALIVE,   /* OPTIONS */
    REPEAT_REGISTER,     /* a registration goes on */
    REPEAT_SUBSCRIPTION, /* a subscription goes on */
    REPEAT_NOTICE,       /* a notification of what was notified before */
    REPEAT_SESSION,      /* a session goes on, with the same media */
    REPEAT_PRESENCE,     /* published values again */
    REPEAT_PROVISIONAL,  /* 100 Trying */
    REPEAT_KINDS
};

/* What a message repeats; `exchange` is shared by a request and its answers. */
struct repeat {
    enum repeat_kind kind;
    uint64_t exchange;
};

struct repeats;

struct repeats *repeats_new(struct map_seed seed, const struct limits *limits);
void repeats_free(struct repeats *repeats); /* NULL is allowed */
void repeats_event(struct repeats *repeats, const struct event *event);

/* After the last event; only then it may be asked. */
void repeats_settle(struct repeats *repeats);
struct repeat repeats_of(const struct repeats *repeats, uint64_t message);

/* "refresh of subscription"; in the plural if `count` is not 1. */
const char *repeat_words(enum repeat_kind kind, uint64_t count);

#endif
