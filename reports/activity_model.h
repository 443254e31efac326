/*
 * What happened in chat rooms, one compact row for each: who came and went, what was posted and
 * what became of it, what was fetched of the history, what was found, where bytes are missing.
 *
 * Built from changes, findings and gaps; written by reports/activity_write.c and drawn by
 * activity_draw.c. Rows are in the order of time once activity_model_settle() was called. What
 * exceeds limits.report_rows is counted.
 */
#ifndef OCSIGHT_REPORTS_ACTIVITY_MODEL_H
#define OCSIGHT_REPORTS_ACTIVITY_MODEL_H

#include "reports/report.h"

enum activity_kind {
    ACTIVITY_ENTERED, /* a session of the user's own joined, or a notice told so */
    ACTIVITY_LISTED,  /* a roster has the user, who came before anybody could see it */
    ACTIVITY_LEFT,
    ACTIVITY_POSTED,
    ACTIVITY_FETCHED, /* somebody got messages of the room's history */
    ACTIVITY_FINDING,
    ACTIVITY_GAP, /* of the run, not of a room: bytes of a stream are missing */
};

/* What became of a post; the order of the legend. */
enum activity_fate {
    FATE_ACCEPTED,
    FATE_DELIVERED, /* only copies were captured */
    FATE_HISTORY,   /* only the history tells of it */
    FATE_UNANSWERED,
    FATE_REFUSED,
    FATES
};

/* A user of a room; a room's people are in the order of first sight. */
struct activity_person {
    struct slice user;
    unsigned sessions;      /* joined now, by what was captured of them */
    bool own;               /* there was such a session */
    bool agreed;            /* the room's agreed view has the user now */
    bool there;             /* by one of these */
    bool listed;            /* the latest that was told of the user was a list, not a notice */
    struct activity *first; /* of its rows, in the order of time after settling */
    struct activity *last;
};

struct activity_room {
    struct slice uri;
    struct slice name;      /* heap copy; "" where none is known */
    struct map people;      /* user -> struct activity_person */
    struct activity *first; /* of its rows, in the order of time after settling */
    struct activity *last;
    size_t count;
    size_t posts;
    size_t most;              /* people at one time */
    bool shown;               /* for whoever writes: it was asked for */
    struct activity *fetched; /* the latest row of that kind */
};

struct activity {
    int64_t time;
    enum activity_kind kind;
    bool told;              /* only others say that the person came or went */
    bool file;              /* the post links to a file */
    enum post_state state;  /* of a post, as in the chat report */
    enum severity severity; /* of a finding */
    struct origin origin;
    struct activity_room *room;     /* NULL for a gap */
    struct activity_person *person; /* NULL where nobody is meant */
    struct slice words;    /* text of a post, how a stay ended, a finding's sentence and rule */
    const char *rule;      /* of a finding */
    uint64_t number;       /* copies of a post, messages fetched, id of a finding, bytes missing */
    size_t there;          /* people in the room from then on; after settling */
    size_t order;          /* in which it was told */
    struct activity *next; /* in the room */
    struct activity *next_of_one; /* of the same person in the room */
};

struct activity_model {
    struct limits limits;
    struct map_seed seed;
    struct arena arena;
    struct map rooms; /* URI -> struct activity_room */
    struct map posts; /* id -> struct activity */
    struct activity **rows;
    size_t count;
    size_t capacity;
    size_t kept;     /* rows, rooms and people, of limits.report_rows */
    uint64_t beyond; /* that found no room */
};

void activity_model_init(struct activity_model *model, struct map_seed seed,
                         const struct limits *limits);
void activity_model_dispose(struct activity_model *model);

void activity_model_change(struct activity_model *model, const struct change *change);
void activity_model_event(struct activity_model *model, const struct event *event);
void activity_model_finding(struct activity_model *model, const struct finding *finding);

/* At the end: everything in the order of time, with the number of people at each moment. */
void activity_model_settle(struct activity_model *model);

enum activity_fate activity_fate_of(const struct activity *post);

/* "accepted", "delivered-only" ... as the chat report names them. */
const char *activity_fate_name(enum activity_fate fate);

/* "entered", "listed", "left", "posted", "fetched", "finding", "gap" */
const char *activity_kind_name(enum activity_kind kind);

#endif
