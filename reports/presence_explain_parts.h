/*
 * What presence_explain.c keeps and presence_explain_write.c writes.
 */
#ifndef OCSIGHT_REPORTS_PRESENCE_EXPLAIN_PARTS_H
#define OCSIGHT_REPORTS_PRESENCE_EXPLAIN_PARTS_H

#include "reports/presence_explain.h"

enum {
    EXPLAIN_FIRST = 2, /* the containers that states are aggregated in: 2 and 3 */
    EXPLAIN_CONTAINERS = 2,
};

/* The latest CHANGE_AGGREGATE of a container; its inputs and texts stand behind it. */
struct explain_aggregate {
    int64_t time;
    struct aggregate_change aggregate; /* `user` is "", as are user and name of the inputs' keys */
};

struct explain_category {
    struct category_key key; /* user and name are "" */
    struct slice name;       /* heap copy, as written */
    struct slice text;       /* heap copy */
    enum category_kind kind;
    size_t bytes; /* of a category of which nothing is known, verbatim */
    int64_t published;
    int64_t until;
    struct origin origin;
    bool live;
};

struct presence_explain {
    struct explain_aggregate *aggregates[EXPLAIN_CONTAINERS]; /* one block each, or NULL */
    struct map categories;                                    /* -> struct explain_category */
    size_t limit;
    uint64_t beyond; /* categories that found no room */
};

#endif
