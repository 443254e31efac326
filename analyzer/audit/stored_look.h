/*
 * One look at the compliance database: private to stored.c and stored_match.c.
 */
#ifndef OCSIGHT_ANALYZER_AUDIT_STORED_LOOK_H
#define OCSIGHT_ANALYZER_AUDIT_STORED_LOOK_H

#include "analyzer/audit/stored.h"

struct stored_entry {
    int64_t id;
    int64_t type;
    struct stored_room *room;
    struct slice user;
    uint64_t text;
    int64_t ticks;
    struct stored_message *post; /* NULL = alone */
};

struct stored_look {
    struct slice server; /* in lower case */
    struct slice shown;  /* as it was given */
    int64_t time;
    struct stored_entry **entries;
    size_t count;
    size_t capacity;
    struct map ids; /* cmplEventID -> its entry */
    bool torn;      /* not all rows were told: absence means nothing */
    struct stored_progress progress;
};

#endif
