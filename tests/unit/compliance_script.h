/*
 * What a chat service does, as rows of data, for the tests of the compliance view and of the
 * rules about exports: each row becomes the message and the change that the engine would give.
 *
 * The record number of a row is its place in the script, from 1. Each session talks to the service
 * from an address of its own.
 */
#ifndef OCSIGHT_TESTS_UNIT_COMPLIANCE_SCRIPT_H
#define OCSIGHT_TESTS_UNIT_COMPLIANCE_SCRIPT_H

#include <stdio.h>

#include "analyzer/engine/change.h"
#include "tests/unit/harness.h"

#define STORY_START (INT64_C(1399360000) * TIME_SECOND) /* 2014-05-06T07:06:40Z */

enum deed {
    DEEDS_END,
    JOINS,    /* a join reply */
    ASSUMED,  /* the session is in the room; its join was not captured */
    ASKS,     /* to join: nothing is decided */
    LEAVES,   /* a part was asked for */
    PARTS,    /* a part reply */
    HANGS_UP, /* BYE, still in the room */
    BREAKS,   /* the session runs out without a message */
    SENDS,    /* a post */
    TAKEN,    /* its 200 */
    REFUSED,
    COPIED,  /* a copy to this session */
    DOUBLED, /* a second copy */
    PAST,    /* it stands in a history reply */
    READS,   /* an answered bccontext */
    FAILS,   /* a refused one */
    UPLOADS,
    LINKS, /* a message links to what was uploaded */
    DOWNLOADS,
    TOLD_IN, /* the session is told that `other` is in the room */
    TOLD_OUT,
    NAMED, /* CHANGE_ROOM */
    UNLOGGED,
    CROWDED,
    GAP,   /* bytes are missing in what the service sent to this session */
    QUIET, /* some other message: time passes */
};

struct act {
    double at; /* seconds after the start */
    enum deed deed;
    unsigned session;
    const char *user; /* without its domain */
    const char *room;
    const char *text; /* content, stored name, the other user, a name */
    uint64_t post;
    double ts;      /* 0 = none; as `at` */
    const char *id; /* chatId */
    bool edited;
    bool lost; /* the post itself was not captured */
};

struct audience {
    void (*event)(void *context, const struct event *event);
    void (*change)(void *context, const struct change *change);
    void *context;
};

/* The strings of one row. */
struct act_texts {
    char user[64];
    char other[64];
    char room[64];
};

static inline int64_t story_time(double seconds)
{
    return STORY_START + (int64_t)(seconds * 1000) * 1000000;
}

static inline struct slice act_text(const char *text)
{
    return slice_of(text ? text : "");
}

static inline void stage_texts(struct act_texts *texts, const struct act *act)
{
    snprintf(texts->user, sizeof texts->user, "%s@contoso.example", act->user ? act->user : "");
    snprintf(texts->other, sizeof texts->other, "%s@contoso.example", act->text ? act->text : "");
    snprintf(texts->room, sizeof texts->room, "ma-chan://contoso.example/%s",
             act->room ? act->room : "");
}

static inline struct message stage_message(const struct act *act, const struct act_texts *texts,
                                           const struct origin *origin)
{
    bool up = act->deed == SENDS || act->deed == HANGS_UP || act->deed == ASKS ||
              act->deed == LEAVES || act->deed == TAKEN || act->deed == REFUSED;
    bool response = act->deed == TAKEN || act->deed == REFUSED;
    struct address client = {{192, 0, 2, (uint8_t)(20 + act->session)}, ADDRESS_IPV4, 52311};
    struct address server = {{192, 0, 2, 5}, ADDRESS_IPV4, 5061};
    struct message message = {
        .id = origin->record,
        .request = !response,
        .method = act->deed == HANGS_UP ? SIP_BYE : SIP_INFO,
        .status = response ? 200 : 0,
        .call_id = SLICE("c1"),
        .from = {.user = slice_of(up ? texts->user : "chat@contoso.example")},
        .to = {.user = slice_of(up ? "chat@contoso.example" : texts->user)},
        .observed = {.origin = *origin,
                     .source = up && !response ? client : server,
                     .destination = up && !response ? server : client,
                     .transport = TRANSPORT_TCP},
    };
    return message;
}

static inline void stage_membership(struct change *change, const struct act *act, struct slice room)
{
    static const struct {
        enum membership_state from;
        enum membership_state state;
    } steps[] = {
        [JOINS] = {MEMBER_JOINING, MEMBER_JOINED}, [ASSUMED] = {MEMBER_NONE, MEMBER_JOINED},
        [ASKS] = {MEMBER_NONE, MEMBER_JOINING},    [LEAVES] = {MEMBER_JOINED, MEMBER_LEAVING},
        [PARTS] = {MEMBER_LEAVING, MEMBER_NONE},   [HANGS_UP] = {MEMBER_JOINED, MEMBER_NONE},
        [BREAKS] = {MEMBER_JOINED, MEMBER_NONE},
    };
    change->kind = CHANGE_MEMBERSHIP;
    change->as.membership = (struct membership_change){
        .room = room,
        .room_name = act_text(act->text),
        .from = steps[act->deed].from,
        .state = steps[act->deed].state,
        .assumed = act->deed == ASSUMED,
    };
}

static inline void stage_post(struct change *change, const struct act *act, struct slice room,
                              struct slice author)
{
    static const enum post_state states[] = {
        [SENDS] = POST_SENT,       [TAKEN] = POST_ACCEPTED,    [REFUSED] = POST_REFUSED,
        [COPIED] = POST_DELIVERED, [DOUBLED] = POST_DUPLICATE, [PAST] = POST_HISTORY,
    };
    bool seen = act->deed != TAKEN && act->deed != REFUSED;
    change->kind = CHANGE_POST;
    change->as.post = (struct post_change){
        .id = act->post,
        .room = room,
        .author = author,
        .text = seen ? act_text(act->text) : slice_of(""),
        .ts = act->ts > 0 ? story_time(act->ts) : TIME_NONE,
        .has_ts = act->ts > 0,
        .state = states[act->deed],
        .captured = !act->lost && act->deed != PAST,
        .edited = act->edited,
        .posted_at = TIME_NONE,
    };
}

static inline void stage_other(struct change *change, const struct act *act,
                               const struct act_texts *texts)
{
    struct slice room = slice_of(texts->room);
    if (act->deed == READS || act->deed == FAILS) {
        change->kind = CHANGE_COMMAND;
        change->as.command = (struct command_change){
            .id = 1,
            .verb = CHAT_BCCONTEXT,
            .state = act->deed == READS ? COMMAND_ANSWERED : COMMAND_FAILED,
            .room = room,
        };
    } else if (act->deed == TOLD_IN || act->deed == TOLD_OUT) {
        change->kind = CHANGE_ROSTER;
        change->as.roster = (struct roster_change){
            .room = room, .user = slice_of(texts->other), .present = act->deed == TOLD_IN};
    } else if (act->deed >= UPLOADS && act->deed <= DOWNLOADS) {
        change->kind = CHANGE_FILE;
        change->as.file = (struct file_change){
            .id = act->post,
            .room = act->room ? room : slice_of(""),
            .state = act->deed == LINKS ? FILE_POSTED : FILE_COMPLETE,
            .download = act->deed == DOWNLOADS,
            .stored = act_text(act->text),
        };
    } else {
        change->kind = CHANGE_ROOM;
        change->as.room = (struct room_change){
            .uri = room,
            .name = act->deed == NAMED ? act_text(act->text) : slice_of(""),
            .logged = act->deed == UNLOGGED ? SAID_NO : SAID_NOTHING,
            .suspended = act->deed == CROWDED,
        };
    }
}

static inline struct session_ref stage_session(const struct act *act, const struct act_texts *texts)
{
    return (struct session_ref){
        .id = act->session,
        .user = act->user ? slice_of(texts->user) : slice_of(""),
        .call_id = SLICE("c1"),
        .dialog = act->session,
        .from_start = true,
    };
}

static inline void stage_change(struct change *change, const struct act *act,
                                const struct act_texts *texts)
{
    struct session_ref session = stage_session(act, texts);
    if (act->deed <= BREAKS) {
        stage_membership(change, act, slice_of(texts->room));
        change->as.membership.session = session;
    } else if (act->deed <= PAST) {
        stage_post(change, act, slice_of(texts->room), slice_of(texts->user));
        change->as.post.session = session;
    } else {
        stage_other(change, act, texts);
    }
    if (change->kind == CHANGE_COMMAND) {
        change->as.command.session = session;
    } else if (change->kind == CHANGE_ROSTER) {
        change->as.roster.session = session;
    } else if (change->kind == CHANGE_FILE) {
        change->as.file.session = session;
    }
}

static inline void play_gap(const struct audience *audience, const struct message *message)
{
    struct event event = {.kind = EVENT_COVERAGE, .origin = message->observed.origin};
    event.as.coverage = (struct coverage_fact){
        .kind = COVERAGE_GAP,
        .source = message->observed.source,
        .destination = message->observed.destination,
        .bytes = 1460,
    };
    audience->event(audience->context, &event);
}

static inline void play_act(const struct audience *audience, const struct act *act, uint64_t record)
{
    struct act_texts texts;
    const struct origin origin = {.time = story_time(act->at), .record = record, .order = record};
    stage_texts(&texts, act);
    struct message message = stage_message(act, &texts, &origin);
    struct event event = {.kind = EVENT_MESSAGE, .origin = origin, .message = &message};
    if (act->deed == GAP) {
        play_gap(audience, &message);
        return;
    }
    if (act->deed != BREAKS) {
        audience->event(audience->context, &event);
    }
    if (act->deed == COPIED && act->id) {
        event.kind = EVENT_CHAT;
        event.as.chat = (struct chat_fact){.class = CHAT_MESSAGE};
        event.as.chat.post.chat_id = slice_of(act->id);
        audience->event(audience->context, &event);
    }
    struct change change = {.id = record,
                            .time = origin.time,
                            .origin = origin,
                            .message = act->deed == BREAKS ? NULL : &message};
    if (act->deed != QUIET) {
        stage_change(&change, act, &texts);
        audience->change(audience->context, &change);
    }
}

static inline void play_acts(const struct audience *audience, const struct act *acts)
{
    for (uint64_t i = 0; acts[i].deed != DEEDS_END; i++) {
        play_act(audience, &acts[i], i + 1);
    }
}

/* Rows from their first members: a deed in a room, with a text, of a message, with a ts. */
#define STAMPED(at, deed, session, user, room, text, post, ts)                                     \
    {                                                                                              \
        at, deed, session, user, room, text, post, ts, NULL, false, false                          \
    }
#define POST(at, deed, session, user, room, text, post)                                            \
    STAMPED(at, deed, session, user, room, text, post, 0)
#define WITH(at, deed, session, user, room, text) POST(at, deed, session, user, room, text, 0)
#define DO(at, deed, session, user, room)         WITH(at, deed, session, user, room, NULL)

#define ACTS(...)                                                                                  \
    (const struct act[])                                                                           \
    {                                                                                              \
        __VA_ARGS__,                                                                               \
        {                                                                                          \
            .deed = DEEDS_END                                                                      \
        }                                                                                          \
    }

#endif
