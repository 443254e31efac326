/*
 * The rows of all servers that were asked, in a temporary SQLite file until they are read back
 * user by user: 100,000 users are as little memory as one.
 *
 * Called by analyzer/rows_feed.c. The file is unlinked and ends with the run.
 */
#ifndef OCSIGHT_ANALYZER_ROWS_GATHERED_H
#define OCSIGHT_ANALYZER_ROWS_GATHERED_H

#include "sql/cell.h"

/* Which statement gave a row; a user's rows come back in this order. */
enum gathered_kind {
    GATHERED_RESOURCE,   /* rtc.Resource */
    GATHERED_DIRECTORY,  /* rtc.ResourceDirectory */
    GATHERED_REGISTERED, /* rtcdyn.HomedResourceDynamic */
    GATHERED_ENDPOINT,   /* rtcdyn.RegistrarEndpoint */
    GATHERED_STATIC,     /* rtc.PublishedStaticInstance */
    GATHERED_DYNAMIC,    /* rtcdyn.PublishedInstance */
};

/* What a kind of row does not have is CELL_NULL. Borrowed until the next call. */
struct gathered_row {
    struct slice user; /* "user@host" in lower case */
    enum gathered_kind kind;
    size_t server; /* number of the peer, from 0 */
    struct cell resource;
    struct cell category; /* CategoryId */
    struct cell name;     /* of the category */
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

struct gathered;

/* Never NULL; gathered_problem() is "" while nothing is wrong. */
struct gathered *gathered_new(void);
void gathered_free(struct gathered *gathered);
const char *gathered_problem(const struct gathered *gathered);

/* False when the temporary file takes no more. */
bool gathered_add(struct gathered *gathered, const struct gathered_row *row);

/* After the last row: the next one by user, kind and server. False at the end or on a problem. */
bool gathered_next(struct gathered *gathered, struct gathered_row *out);

#endif
