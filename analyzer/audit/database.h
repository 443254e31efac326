/*
 * Rules over database rows: what a state without history allows to say (facts/databases.md 10,
 * facts/presence.md 10), and what rows say against a trace.
 *
 * Called by analyzer/database_audit.c on an audit of its own: rows and packets are replayed in two
 * engines and compared, never merged. Between audit_new() and audit_end() the rows of one user
 * after the other are told; evidence is kept, so rows need to live no longer than each call.
 */
#ifndef OCSIGHT_ANALYZER_AUDIT_DATABASE_H
#define OCSIGHT_ANALYZER_AUDIT_DATABASE_H

#include "analyzer/audit/audit.h"
#include "analyzer/engine/live.h"

/* What holds for all rows. */
struct database_scope {
    int64_t now;  /* the moment that they are judged for */
    bool covered; /* every front end that the databases name was asked, to the end */
};

/* How long a row may stand after it ran out: the moment to judge ExpiresAt by is so much earlier.
 */
int64_t audit_row_grace(const struct audit *audit);

/* What the trace says must have lasted so long before its end; a post must be so old. */
int64_t audit_presence_grace(const struct audit *audit);
int64_t audit_post_grace(const struct audit *audit);

/* One user: its rows, registrations and notes (analyzer/rows_feed.h, with that grace). */
void audit_person(struct audit *audit, const struct database_scope *scope,
                  const struct live_person *person);

/* A change of the engine that was fed this user's rows. */
void audit_row_change(struct audit *audit, const struct database_scope *scope,
                      const struct change *change);

/* A row of Endpoint or RegistrarEndpoint that lacks another, or ran out. */
enum orphan_kind {
    ORPHAN_EXPIRED,         /* ExpiresAt has passed */
    ORPHAN_UNREGISTERED,    /* an endpoint without a registration */
    ORPHAN_WITHOUT_OWNER,   /* a registration of nobody */
    ORPHAN_WITHOUT_ENDPOINT /* a registration without an endpoint */
};

struct orphan {
    enum orphan_kind kind;
    struct slice user; /* "" = not known */
    struct slice id;   /* EndpointId */
    struct origin origin;
};

void audit_orphan(struct audit *audit, const struct orphan *orphan);

/* No ExpiresAt lies ahead of the moment: the servers' times may be of another zone. */
void audit_distrust_clock(struct audit *audit);

/* What could not be asked: "rtcdyn.Endpoint is not there" of one server. */
void audit_row_gap(struct audit *audit, struct slice server, struct slice what, int64_t now);

/* ---- against a trace ---- */

struct presence_pair {
    struct slice user;
    struct slice trace; /* "busy (6500)" */
    struct slice rows;
    int64_t traced;              /* ns: since when the trace has it so */
    const struct origin *source; /* what says so in the trace */
    const struct origin *row;
};

void audit_presence_differs(struct audit *audit, const struct presence_pair *pair);

struct missing_post {
    struct slice room;
    struct slice room_name;
    struct slice author;
    const struct origin *post;
    int64_t posted; /* ns */
};

void audit_post_missing(struct audit *audit, const struct missing_post *post);

#endif
