/*
 * What the presence report keeps of a run: a row a user, and of a timeline one
 * compact entry a change.
 *
 * Filled by reports/presence_report.c; read by everything that writes or draws
 * presence. Up to limits.report_rows users; entries beyond limits.timeline_rows go to the query's
 * spill, and without one, or when that fails, they are counted.
 */
#ifndef OCSIGHT_REPORTS_PRESENCE_MODEL_H
#define OCSIGHT_REPORTS_PRESENCE_MODEL_H

#include "analyzer/engine/arena.h"
#include "analyzer/engine/change.h"
#include "analyzer/engine/limits.h"
#include "analyzer/engine/map.h"
#include "analyzer/engine/spill.h"

struct presence_query {
    const struct slice *users; /* "user@host", or with * as in a shell; none = everybody */
    size_t user_count;
    struct slice watcher;      /* --as: "user@host", what it was told; "" = not asked for */
    bool timeline;             /* every change with its cause */
    bool explain;              /* the inputs, and what became of each */
    bool names;                /* display names, for a drawing */
    int64_t at;                /* the state at that moment; TIME_NONE = at `to` */
    int64_t from;              /* timeline: first moment, TIME_NONE = from the start */
    int64_t to;                /* last moment, TIME_NONE = to the end */
    const struct spill *spill; /* room for more entries of timelines; NULL = none */
};

/* What a user's presence was from `time` on. */
struct presence_entry {
    int64_t time;
    int64_t since; /* where `time` is query.from: when it began; else `time` */
    int64_t availability;
    struct origin origin;
    enum band band;
    enum presence_source source;
    const struct admitted *admitted; /* NULL = nothing beside `availability` */
    bool timed;                      /* it ran out: no packet shows the change */
    struct slice activity;
    struct slice cause;
};

/* An entry that is replaced by each newer one; its texts are heap copies. */
struct presence_latest {
    struct presence_entry entry;
    struct admitted admitted; /* what entry.admitted points to */
};

struct presence_person {
    struct slice user;               /* the map's key */
    struct slice name;               /* display name; heap copy, "" = not known */
    struct presence_latest now;      /* at the end of the query; band unknown without a change */
    struct presence_latest before;   /* the last one before query.from; time TIME_NONE = none */
    struct presence_entry *timeline; /* whole after presence_model_load() */
    size_t count;
    size_t capacity;
    uint64_t number;                  /* owner of spilled entries */
    uint64_t spilled;                 /* entries that are elsewhere; they come behind those here */
    struct arena loaded;              /* texts of those that were read back */
    struct presence_explain *explain; /* NULL unless query.explain and there is something */
    bool asked;                       /* the query names this user */
};

struct presence_model {
    struct presence_query query;
    struct limits limits;
    struct map people; /* "user@host" -> struct presence_person */
    size_t entries;    /* of all timelines, in memory */
    uint64_t beyond;   /* changes that found no room */
    struct arena arena;
};

void presence_model_init(struct presence_model *model, const struct presence_query *query,
                         struct map_seed seed, const struct limits *limits);
void presence_model_dispose(struct presence_model *model);

/* The row of a user, made if need be; NULL when nobody asked for it or there is no room. */
struct presence_person *presence_model_person(struct presence_model *model, struct slice user);

/* Takes a change of presence; any other change only mentions its users. */
void presence_model_change(struct presence_model *model, const struct change *change);

/* The last moment that the query is about; TIME_NONE = the end. */
int64_t presence_query_end(const struct presence_query *query);

/*
 * At the end: makes a person's timeline whole, with the state at query.from as its beginning, and
 * gives its memory back. One at a time for what is written in order; a drawing loads all.
 */
void presence_model_load(struct presence_model *model, struct presence_person *person);
void presence_model_unload(struct presence_person *person);

/* All rows by user; release with free(). */
struct presence_person **presence_model_sorted(const struct presence_model *model);

#endif
