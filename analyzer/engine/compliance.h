/*
 * The compliance view: what the chat service hands to a compliance adapter, in the six kinds of
 * the export (facts/xccos.md 1.15).
 *
 * One struct for both sides. A capture's events are derived from its changes (struct
 * compliance_view), an export's are read by decoders/compliance.c. The report writes them, the
 * audit compares the two.
 *
 * Borrowed until the callback that received it returns.
 */
#ifndef OCSIGHT_ANALYZER_ENGINE_COMPLIANCE_H
#define OCSIGHT_ANALYZER_ENGINE_COMPLIANCE_H

#include "analyzer/engine/buffer.h"
#include "analyzer/engine/change.h"
#include "analyzer/engine/compliance_time.h"
#include "analyzer/engine/limits.h"
#include "analyzer/engine/map.h"

enum compliance_kind {
    COMPLIANCE_JOIN,
    COMPLIANCE_PART,
    COMPLIANCE_CHAT,
    COMPLIANCE_BACKCHAT, /* somebody read the history */
    COMPLIANCE_UPLOAD,
    COMPLIANCE_DOWNLOAD,
    COMPLIANCE_KINDS
};

struct compliance_event {
    enum compliance_kind kind;
    struct slice room; /* URI in lower case */
    struct slice room_name;
    struct slice user;    /* "user@host" in lower case; "" = not known */
    struct slice content; /* text of a CHAT, repository name of a file, else "" */
    uint64_t id;          /* of a CHAT; 0 = not known */
    int64_t ticks;        /* TICKS_NONE = no readable time (exports only) */
    struct origin origin; /* packet, or element of an export */

    /* of a capture's events: */
    uint64_t number;      /* ascending from 1 */
    uint64_t post;        /* CHAT: its id in the ledger */
    struct slice call_id; /* of the session that it was seen in */
    bool service_time;    /* `ticks` is the service's own stamp, else capture time */
    bool marked_up;       /* the service changed the text, or it links to a file: what an archive
                             says need not be what was posted */
    bool proven;          /* the service said so itself; false where a session only broke off */
};

/* One Conversation of an export. */
struct compliance_channel {
    struct slice uri; /* in lower case */
    struct slice name;
    enum said logged; /* islogged */
    int64_t start;    /* ticks; TICKS_NONE = not told */
    int64_t end;
};

/* "JOIN", "FILEUPLOAD" ... as the export spells them; find: without case, COMPLIANCE_KINDS = none.
 */
const char *compliance_kind_name(enum compliance_kind kind);
enum compliance_kind compliance_kind_find(struct slice name);

/*
 * The next character of a text as XML 1.0 can hold it, cut off the front of `rest`. A byte that
 * is no UTF-8, and a character that XML forbids, becomes U+FFFD and is counted.
 */
struct slice compliance_character(struct slice *rest, uint64_t *replaced);

/*
 * A text as it is compared: as chat_text.h makes it plain; characters as above; a line end like a
 * blank, which is what XML makes of it in an attribute.
 */
void compliance_fold(struct slice text, struct buffer *out);

/* Who wants the events of a capture. */
struct compliance_sink {
    void *context;
    void (*event)(void *context, const struct compliance_event *event);
    /* A copy told more of event->number: ticks, id and marked_up are to be taken over. */
    void (*amend)(void *context, const struct compliance_event *event);
};

/*
 * Derives the events from what the engine says.
 *
 *  JOIN          a join reply admitted the session; each endpoint joins by itself, like the rows
 *                of tblComplianceParticipant. A join that was not captured is none.
 *  PART          the part reply, or the end of the session
 *  CHAT          a post that the service accepted, or a copy of one that was not captured; once,
 *                whatever copies, retries and history follow
 *  BACKCHAT      an answered bccontext
 *  FILEUPLOAD    the last part of a file was taken, or a message links to what was being uploaded
 *  FILEDOWNLOAD  the last part of a file was sent; both only where the web service's calls could
 *                be read, since nothing else tells the name that an export has
 *
 * Time: a CHAT has the `ts` of its copies where that differs from the post's, for then the
 * service itself set it; a `ts` that was only handed on is the client's (xccos.md U8). All
 * else has the time at which the service's answer was captured.
 */
struct compliance_view {
    struct compliance_sink sink;
    struct map posts; /* ledger id -> what is known of it */
    struct map files; /* transfer id -> itself: told already */
    size_t limit;
    uint64_t last;      /* number of the latest event */
    uint64_t forgotten; /* highest post id that was forgotten */
    uint64_t late;      /* copies of forgotten posts: nothing is said of them */
    uint64_t message;   /* whose chat id is below */
    uint64_t chat_id;
};

void compliance_view_init(struct compliance_view *view, struct map_seed seed,
                          const struct limits *limits, const struct compliance_sink *sink);
void compliance_view_dispose(struct compliance_view *view);
void compliance_view_event(struct compliance_view *view, const struct event *event);
void compliance_view_change(struct compliance_view *view, const struct change *change);

#endif
