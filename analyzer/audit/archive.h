/*
 * The compliance view of the capture against exports of the compliance service: what is in one
 * and not in the other, and what differs (facts/xccos.md 1.15; seed flow compliance-archive).
 *
 * The exports are given before the capture is read, the capture's events come with the changes,
 * and at the end each event of the one side finds its partner on the other: by room, kind, user,
 * text and time, first exactly, then within the tolerance, then with one of them different. What
 * stays alone is judged by rules_compliance.c, which asks here whether the other side could have
 * it at all:
 *
 *  - an export answers only for the time between its first and its last event (adapters run every
 *    15 minutes: what came later is in another file), for the rooms that it mentions, for rooms
 *    that are logged, for kinds that it has at all, and only if it could be read to its end;
 *  - a capture answers for a message if a session that was in the room could be heard all the
 *    time, for a join or part if such a session was also never told of that user. Reads of the
 *    history and files are seen by their own user's session alone, and that user may have
 *    another one that was not captured: of these a capture proves nothing.
 *
 * Nothing is kept, and no rule runs, unless there is an export.
 */
#ifndef OCSIGHT_ANALYZER_AUDIT_ARCHIVE_H
#define OCSIGHT_ANALYZER_AUDIT_ARCHIVE_H

#include "analyzer/audit/sessions.h"
#include "analyzer/engine/arena.h"
#include "analyzer/engine/compliance.h"

/* What is different in two events that belong together. */
enum archive_difference {
    ARCHIVE_SAME,
    ARCHIVE_TEXT,
    ARCHIVE_AUTHOR,
    ARCHIVE_ROOM,
    ARCHIVE_KIND,
    ARCHIVE_TIME,
    ARCHIVE_DIFFERENCES
};

/* One session in one room, as far as the capture knows. */
struct stay {
    struct stay *next; /* of the room, begun before */
    struct slice user;
    int64_t from; /* ns */
    int64_t until;
    bool assumed; /* its join was not captured, nor who was there then */
    struct route routes[SESSION_ROUTES];
    size_t route_count;
};

struct archive_room {
    uint64_t number; /* ascending from 1 */
    struct slice uri;
    struct slice name;  /* heap copy */
    bool archived;      /* an export has a conversation of it */
    bool unlogged;      /* the service or an export says so */
    bool suspended;     /* too big for its rosters to be told */
    struct stay *stays; /* sessions in it, latest first */
};

/* One event of either side. */
struct archive_row {
    enum compliance_kind kind;
    struct archive_room *room;
    struct slice user;
    struct slice call_id;
    uint64_t text; /* digest of the content; 0 where it is not compared */
    uint64_t post;
    int64_t ticks;
    struct origin origin;
    bool exact;     /* `ticks` is the service's own */
    bool proven;    /* of a capture */
    bool marked_up; /* of a capture */
    bool judged;    /* of a capture: the exports must have it */
    enum archive_difference difference;
    struct archive_row *partner; /* NULL = alone */
    uint64_t key;                /* private, of the pass */
};

struct archive_rows {
    struct archive_row **all;
    size_t count;
    size_t capacity;
};

/* A hostile export names more events, in a room of more sessions, than can be looked through. */
enum { ARCHIVE_WORK = 1 << 26 };

struct archive {
    struct map_seed seed;
    size_t limit;
    struct arena arena;
    struct buffer text;           /* scratch */
    bool given;                   /* there is an export */
    bool torn;                    /* one of them could not be read whole */
    bool several;                 /* one file holds several rooms: a missing one is missing */
    bool kinds[COMPLIANCE_KINDS]; /* that the exports have */
    int64_t start;                /* ticks: what the exports span */
    int64_t end;
    const struct archive_room *file_room; /* of the file being read */
    struct map rooms;                     /* URI -> struct archive_room */
    struct map guests;                    /* (room, user) -> struct guest */
    struct map open;                      /* (session, room) -> open struct stay */
    struct map posts;                     /* ledger id -> its struct archive_row in `seen` */
    struct archive_rows told;             /* by the exports */
    struct archive_rows seen; /* in the capture; the view's event numbers are its places */
    struct compliance_view view;
    uint64_t refused; /* events and stays that found no place */
    uint64_t work;    /* stays that were looked at; up to ARCHIVE_WORK */
    bool settled;
};

void archive_init(struct archive *archive, struct map_seed seed, const struct limits *limits);
void archive_dispose(struct archive *archive);

/* ---- the exports, before the first event of the capture ---- */

void archive_file(struct archive *archive);
void archive_channel(struct archive *archive, const struct compliance_channel *channel);
void archive_told(struct archive *archive, const struct compliance_event *event);
void archive_file_end(struct archive *archive, bool whole);

/* ---- the capture ---- */

void archive_event(struct archive *archive, const struct event *event);
void archive_change(struct archive *archive, const struct sessions *sessions,
                    const struct change *change);

/* ---- the comparison ---- */

/* Finds the partners. `tolerance` in ns. */
void archive_settle(struct archive *archive, int64_t tolerance);

/* Would the capture show this event of an export if it happened? */
bool archive_captured(struct archive *archive, const struct witness *witness,
                      const struct archive_row *row, int64_t tolerance);

/* What the exports say of a post of the ledger: step 4 of the flow compliance-archive. */
enum archive_answer {
    ARCHIVE_CANNOT_TELL, /* no export, or none that answers for it */
    ARCHIVE_HOLDS,
    ARCHIVE_LACKS,
};

/* After archive_settle(), which comes before anything is judged at the end of the input. */
enum archive_answer archive_of_post(const struct archive *archive, uint64_t post);

/* Its event in an export; NULL unless ARCHIVE_HOLDS. */
const struct archive_row *archive_copy_of_post(const struct archive *archive, uint64_t post);

#endif
