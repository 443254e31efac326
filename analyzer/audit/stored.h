/*
 * The posts of the capture against rows of mgccomp.tblComplianceData: steps 3 and 5 of the call
 * flow compliance-archive (facts/databases.md 8.4; seed flow compliance-archive).
 *
 * A look is what one server had at one moment. Rows of a look are paired with posts by room, user,
 * text and time. A row is deleted once it was processed, so a post without one proves nothing by
 * itself. It is missing where the look shows that the service had not come so far: a row of an
 * earlier post of the same room has a number above lastProcessedEntryID, a row of a later post a
 * number above that, and nothing lies between them that could be the post's. That rows are
 * numbered as they come is inferred, and not used where the look itself contradicts it.
 *
 * A row is gone when a later look at the same server has no row of its number any more.
 *
 * Nothing is kept unless stored_expect() said that there will be looks.
 */
#ifndef OCSIGHT_ANALYZER_AUDIT_STORED_H
#define OCSIGHT_ANALYZER_AUDIT_STORED_H

#include "analyzer/engine/arena.h"
#include "analyzer/engine/compliance.h"

enum stored_answer {
    STORED_CANNOT_TELL,
    STORED_HOLDS,
    STORED_LACKS,
};

/* What two looks say of a row. */
enum stored_removal {
    STORED_REMOVAL_UNKNOWN,
    STORED_STAYS,
    STORED_GONE,
};

/* cmplType; others than these are never paired. */
enum { STORED_CHAT = 1, STORED_REPLACED = 10, STORED_PURGED = 11 };

struct stored_row {
    int64_t id; /* cmplEventID */
    int64_t type;
    struct slice room; /* in any case */
    struct slice user; /* with or without "sip:" */
    struct slice text;
    int64_t ticks;
};

/* How far the service had come when a look was taken. */
struct stored_progress {
    bool known; /* tblComplianceState was read */
    bool calm;  /* nobody held the lock, and it was the same before and after the rows were read */
    int64_t last_processed;
};

struct stored_room;

struct stored_message {
    struct stored_message *next; /* of the room, accepted later */
    struct stored_room *room;
    struct slice user;
    struct slice call_id;
    uint64_t text; /* digest */
    uint64_t post; /* its id in the ledger */
    int64_t ticks;
    struct origin origin;
    bool silent; /* nothing is concluded from its absence */
    enum stored_answer answer;
    enum stored_removal removal;
    struct origin row;       /* of the first look that has it */
    struct origin bounds[2]; /* STORED_LACKS: rows before and after where it would be */
    int64_t looked;          /* ns: when the row was gone */
    /* private to stored_match.c: */
    struct stored_entry *entry;       /* its row in the look being judged */
    const struct stored_look *holder; /* the look of `row`, and its number there */
    int64_t id;
    bool doubtful; /* a row of that look may be its with another text */
};

struct stored_room {
    struct slice uri; /* in lower case */
    struct slice name;
    struct stored_message *first;
    struct stored_message *last;
    bool altered; /* private to stored_match.c: messages of it were replaced or purged */
};

struct stored_looks {
    struct stored_look **all;
    size_t count;
    size_t capacity;
};

struct stored {
    struct map_seed seed;
    size_t limit;
    struct arena arena;
    struct buffer text; /* scratch */
    bool expected;
    struct map rooms; /* URI -> struct stored_room */
    struct map posts; /* ledger id -> struct stored_message */
    struct stored_looks looks;
    struct compliance_view view;
    size_t rows;
    uint64_t refused;
};

void stored_init(struct stored *stored, struct map_seed seed, const struct limits *limits);
void stored_dispose(struct stored *stored);

/* ---- the capture ---- */

/* Before its first event: there will be looks. */
void stored_expect(struct stored *stored);
void stored_event(struct stored *stored, const struct event *event);
void stored_change(struct stored *stored, const struct change *change);

/* ---- the looks, after the capture; of one server in the order of their time ---- */

/* What rows are to be asked for: the rooms (URI -> struct stored_room), and since when (ticks). */
const struct map *stored_rooms(const struct stored *stored);
int64_t stored_start(const struct stored *stored);

void stored_look(struct stored *stored, struct slice server, int64_t time);
void stored_told(struct stored *stored, const struct stored_row *row);
/* `whole` = every row of those rooms since then was told. */
void stored_look_end(struct stored *stored, bool whole, const struct stored_progress *progress);

/* ---- the comparison ---- */

/* `tolerance` in ns: how far the times of a post and its row may be apart. */
void stored_settle(struct stored *stored, int64_t tolerance);

/* After stored_settle(); NULL = nothing is known of that post. */
const struct stored_message *stored_of_post(const struct stored *stored, uint64_t post);

#endif
