/*
 * The rows of all servers that were asked, in a temporary SQLite file until they are read back
 * user by user: 100,000 users are as little memory as one.
 *
 * Called by analyzer/rows_feed.c. The file is unlinked and ends with the run.
 */
#ifndef OCSIGHT_ANALYZER_ROWS_SPILL_H
#define OCSIGHT_ANALYZER_ROWS_SPILL_H

#include "sql/cell.h"

/* Which statement gave a row; a user's rows come back in this order. */
enum spill_kind {
    SPILL_RESOURCE,   /* rtc.Resource */
    SPILL_DIRECTORY,  /* rtc.ResourceDirectory */
    SPILL_REGISTERED, /* rtcdyn.HomedResourceDynamic */
    SPILL_ENDPOINT,   /* rtcdyn.RegistrarEndpoint */
    SPILL_STATIC,     /* rtc.PublishedStaticInstance */
    SPILL_DYNAMIC,    /* rtcdyn.PublishedInstance */
};

/* What a kind of row does not have is CELL_NULL. Borrowed until the next call. */
struct spill_row {
    struct slice user; /* "user@host" in lower case */
    enum spill_kind kind;
    size_t server; /* number of the peer, from 0 */
    struct cell resource;
    struct cell category;  /* CategoryId */
    struct cell name;      /* of the category */
    struct cell container;
    struct cell instance;
    struct cell version;
    int64_t time; /* ns, TIME_NONE */
    int64_t expires;
    struct cell endpoint;
    struct cell front_end;
    struct cell flag;
    struct slice data;
};

struct spill;

/* Never NULL; spill_problem() is "" while nothing is wrong. */
struct spill *spill_new(void);
void spill_free(struct spill *spill);
const char *spill_problem(const struct spill *spill);

/* False when the temporary file takes no more. */
bool spill_add(struct spill *spill, const struct spill_row *row);

/* After the last row: the next one by user, kind and server. False at the end or on a problem. */
bool spill_next(struct spill *spill, struct spill_row *out);

#endif
