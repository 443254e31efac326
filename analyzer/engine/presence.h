/*
 * What band a user is in, and how that is known.
 *
 * Knowledge comes from three sides: the server's aggregate (seen by its owner,
 * or in a watcher's copy), the inputs that the aggregate is made of
 * (instances.h), and PIDF publications (publications.h). The newest wins; which
 * of two that speak of the same publication wins is in presence_tell().
 *
 *   the server said something after the inputs last changed -> that
 *   else inputs are known -> computed (aggregate.h), PIDF joining as a call
 *   else PIDF over what the server last said -> computed, the less available
 *   else PIDF alone -> pidf
 *   the last endpoint left after all that -> offline, computed
 *   nothing of all that, or only watchers' copies that are older, and an
 *   LCS 2005 level client set its presence -> legacy
 *
 * While a PIDF publication lives, what the server said before it, or says that
 * the publication does not explain, is kept beside; it is what comes back when
 * the publication ends (facts/presence.md 7.1).
 */
#ifndef OCSIGHT_ANALYZER_ENGINE_PRESENCE_H
#define OCSIGHT_ANALYZER_ENGINE_PRESENCE_H

#include "analyzer/engine/aggregate.h"
#include "analyzer/engine/core.h"
#include "analyzer/engine/state_value.h"

struct user;

/* Which copy of the server's aggregate it was; a higher one is not replaced by a lower one. */
enum aggregate_rank {
    RANK_NOTIFIED,  /* a watcher's copy */
    RANK_OTHER,     /* container 3, 300, 100: other watchers' view, in the owner's document */
    RANK_COLLEAGUE, /* container 200, 400, or a container that was not told */
    RANK_FIRST,     /* container 2 */
};

/* What the server said a user's presence is. */
struct presence_report {
    bool known;
    int64_t availability; /* AVAILABILITY_NONE: an aggregateState without one, Offline */
    struct slice activity;
    enum presence_source source;
    enum aggregate_rank rank;
    int64_t published; /* publishTime as the server stamped it; TIME_NONE */
    uint64_t moment;   /* core.moment when it was seen */
};

/* When the most active machine of one container became what it is. */
struct machine_track {
    bool known;
    int64_t number;
    enum machine_clock clock;
    int64_t changed; /* ns, by the capture's clock */
};

/* The presence of one user, inside struct user. Zeroed = nothing known. */
struct presence {
    struct map instances;    /* instances.c */
    struct map publications; /* publications.c: entity tag -> struct publication */
    struct map legacy;       /* set_presence.c: epid -> struct legacy_state */
    struct presence_report said;
    struct presence_report before; /* see above */
    struct presence_report under;  /* what `before` was until something less available than
                                      the publication hid it */
    uint64_t inputs_moment;        /* when an input last changed; 0 = never */
    uint64_t inputs_since;         /* when there was one again after none */
    size_t input_count;            /* live state inputs of containers 2 and 3 */
    size_t input_counts[2];        /* ... of each */
    struct machine_track machines[2];
    struct link aggregates_link; /* in core->aggregates while something is due */
    unsigned aggregates_due;     /* enum aggregated */
    unsigned aggregates_shown;
    bool complete;            /* the owner's own document showed all inputs there are */
    uint64_t complete_dialog; /* the subscription that keeps it so */
    bool missed;              /* an input found no place: never complete again */
    bool user_state_known;    /* a userState of this user was seen */
    int64_t inputs_published; /* newest publishTime of an input, by the server's clock */
    uint64_t gone_moment;     /* when the last endpoint left; 0 = it did not */
    /* as last emitted */
    enum band band;
    int64_t availability;
    struct slice activity;
    enum presence_source source;
};

void presence_init(struct presence *presence, struct map_seed seed);
void presence_dispose(struct presence *presence);

/* An input came (+1), went (-1) or changed (0). presence_update() follows when all are in. */
void presence_touch(struct core *core, struct user *user, int input);

/* Derives the user's presence and emits a change if it is another than before. */
void presence_update(struct core *core, struct user *user, struct slice cause);

/*
 * The server said it; `report` is borrowed, its `moment` is set here. Emits unless
 * `more`: then the rest of the document may say it better, and presence_update()
 * follows.
 */
void presence_tell(struct core *core, struct user *user, const struct presence_report *report,
                   bool more);

/* The inputs of the user are all known from here on, as long as that subscription lives. */
void presence_completed(struct user *user, uint64_t dialog);
void presence_incomplete(struct core *core, struct user *user);

/* The last endpoint left (registered), or somebody of the user's is there again. */
void presence_gone(struct core *core, struct user *user);
void presence_back(struct core *core, struct user *user);

/* "publishes userState 9500" and the like, in `out`. */
enum { CAUSE_TEXT = 96 };
struct slice presence_cause(char out[static CAUSE_TEXT], const char *verb, const char *what,
                            int64_t availability);

#endif
