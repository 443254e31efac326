/*
 * Rules about chat history. See rules_history.h.
 *
 * Facts: xccos.md 1.5 (bccontext), 1.9 (logged), 1.10 (reading without being joined),
 * 1.11 (the query model), 6.5 (XE13 to XE16), 8.5 (history proves storage).
 */
#include "analyzer/audit/rules_history.h"

#include <string.h>

#include "analyzer/audit/state.h"

enum {
    QUERY_MEMORY = 600, /* s: how long an unanswered query is remembered */
    ROOM_POSTS = 64,    /* latest accepted posts of a room that history is held against */
    ROOM_MEMORY = 3600, /* s: without an accepted post */
    STRANGERS = 8,      /* authors of items in one reply that are no captured post */
};

#define SETTLED (5 * TIME_SECOND) /* a post is stored by then */

/* ---- what was asked ---- */

struct query {
    struct expectation expected;
    uint32_t limit;
    uint64_t rooms;
};

static uint64_t query_number(const struct audit *audit, const struct message *message,
                             struct slice envelope, struct slice sequence)
{
    const struct slice words[] = {map_number_key(&message->dialog), envelope, sequence};
    return audit_key(audit, words, sizeof words / sizeof words[0]);
}

static void query_sent(struct audit *audit, enum rule_id rule, const struct event *event)
{
    const struct chat_fact *chat = &event->as.chat;
    const struct message *message = event->message;
    struct slice room = chat->room_count > 0 ? chat->rooms[0].uri : (struct slice){0};
    const struct subject about = {
        .user = message->from.user,
        .room = room,
        .room_name = room_names_find(&audit->room_names, room),
        .call_id = message->call_id,
    };
    struct query *query = expect_add(&audit->expect, rule,
                                     query_number(audit, message, chat->envelope, chat->sequence),
                                     event->origin.time, &about, sizeof *query);
    if (query) {
        query->limit = chat->history_limit;
        query->rooms = chat->room_count;
        proof_cite(&audit->proofs, query->expected.proof, message);
        expect_until(&audit->expect, &query->expected,
                     time_after(event->origin.time, QUERY_MEMORY * TIME_SECOND));
    }
}

static struct query *query_of(const struct audit *audit, const struct event *event)
{
    const struct chat_fact *chat = &event->as.chat;
    bool reply = chat->class == CHAT_REPLY && chat->has_ref && chat->verb == CHAT_BCCONTEXT;
    return reply && event->message
               ? expect_find(
                     &audit->expect, RULE_CHAT_HISTORY_TOO_LONG,
                     query_number(audit, event->message, chat->ref_envelope, chat->ref_sequence))
               : NULL;
}

static void raise_reply(struct audit *audit, enum rule_id rule, const struct event *event,
                        const struct query *query, const struct verdict *given)
{
    struct proof *proof = proof_new();
    struct verdict draft = *given;
    proof_join(&audit->proofs, proof, query->expected.proof);
    proof_cite(&audit->proofs, proof, event->message);
    draft.rule = rule;
    draft.time = event->origin.time;
    draft.proof = proof;
    verdict_raise(&audit->verdicts, &draft);
    proof_release(&audit->proofs, proof);
}

/* ---- chat-history-too-long ---- */

void history_length_event(struct audit *audit, enum rule_id rule, const struct event *event)
{
    const struct chat_fact *chat = &event->as.chat;
    const struct message *message = event->message;
    if (chat->class == CHAT_COMMAND && chat->verb == CHAT_BCCONTEXT && message) {
        query_sent(audit, rule, event);
        return;
    }
    struct query *query = query_of(audit, event);
    if (!query) {
        return;
    }
    uint64_t count = 0;
    for (size_t i = 0; i < chat->room_count; i++) {
        count += chat->rooms[i].history_count;
    }
    if (query->limit > 0 && count > query->limit) {
        const struct verdict draft = {
            .severity = SEVERITY_WARNING,
            .count = count,
            .number = query->limit,
            .about = query->expected.about,
        };
        raise_reply(audit, rule, event, query, &draft);
    }
    expect_drop(&audit->expect, query);
}

/* ---- chat-history-foreign ---- */

void history_room_event(struct audit *audit, enum rule_id rule, const struct event *event)
{
    const struct chat_fact *chat = &event->as.chat;
    const struct query *query = query_of(audit, event);
    if (!query || query->rooms != 1 || query->expected.about.room.size == 0) {
        return;
    }
    struct slice asked = query->expected.about.room;
    struct slice foreign = {0};
    uint64_t count = 0;
    for (size_t i = 0; i < chat->room_count; i++) {
        for (size_t j = 0; j < chat->rooms[i].history_count; j++) {
            struct slice room = chat->rooms[i].history[j].room;
            if (room.size > 0 && !slice_equal(room, asked)) {
                foreign = room;
                count++;
            }
        }
    }
    if (count > 0) {
        struct verdict draft = {
            .severity = SEVERITY_ERROR, .count = count, .about = query->expected.about};
        struct slice name = room_names_find(&audit->room_names, foreign);
        draft.about.place = name.size > 0 ? name : foreign;
        raise_reply(audit, rule, event, query, &draft);
    }
}

/* ---- chat-history-incomplete ---- */

enum history_kind { HISTORY_ROOM = 1, HISTORY_REPLY };

struct stored_post {
    uint64_t post;
    uint64_t author; /* its hash */
    int64_t accepted;
    struct origin origins[2]; /* the post, and the answer to it */
};

/* A room: its latest accepted posts. */
struct history_room {
    struct expectation expected;
    enum history_kind kind;
    bool unlogged;
    int64_t last;
    uint64_t count;
    struct stored_post posts[ROOM_POSTS];
};

/* One reply that is being read. */
struct history_reply {
    struct expectation expected;
    enum history_kind kind;
    uint64_t session;
    struct route routes[SESSION_ROUTES];
    size_t route_count;
    int64_t asked;
    uint64_t listed; /* a bit for each post of the room, by its place there */
    uint64_t strangers[STRANGERS];
    size_t stranger_count;
    uint64_t lacking;
    int64_t oldest; /* ns: when the first of those was accepted */
};

static uint64_t history_number(const struct audit *audit, enum history_kind kind, uint64_t id,
                               struct slice room)
{
    const struct slice words[] = {{(const char *)&kind, sizeof kind}, map_number_key(&id), room};
    return audit_key(audit, words, 3);
}

static struct history_room *history_room_of(const struct audit *audit, enum rule_id rule,
                                            struct slice room)
{
    return expect_find(&audit->expect, rule, history_number(audit, HISTORY_ROOM, 0, room));
}

static struct history_room *history_room_keep(struct audit *audit, enum rule_id rule,
                                              const struct subject *about, int64_t now)
{
    struct history_room *room = history_room_of(audit, rule, about->room);
    if (!room) {
        room = expect_add(&audit->expect, rule, history_number(audit, HISTORY_ROOM, 0, about->room),
                          now, about, sizeof *room);
        if (room) {
            room->kind = HISTORY_ROOM;
            expect_until(&audit->expect, &room->expected,
                         time_after(now, ROOM_MEMORY * TIME_SECOND));
        }
    }
    return room;
}

static uint64_t author_hash(const struct audit *audit, struct slice author)
{
    return map_hash(audit->seed, author);
}

static void history_stored(struct audit *audit, enum rule_id rule, const struct change *change)
{
    const struct post_change *post = &change->as.post;
    const struct subject about = {.room = post->room, .room_name = post->room_name};
    struct history_room *room = history_room_keep(audit, rule, &about, change->time);
    if (!room) {
        return;
    }
    struct stored_post *stored = &room->posts[room->count++ % ROOM_POSTS];
    room->last = change->time;
    *stored = (struct stored_post){
        .post = post->id,
        .author = author_hash(audit, post->author),
        .accepted = change->time,
        .origins = {post->post, change->origin},
    };
    stored->origins[0].row = stored->origins[1].row = NULL;
}

/* From then on an item of the history may be a captured post that nobody knows any more. */
void history_gap_event(struct audit *audit, enum rule_id rule, const struct event *event)
{
    static const struct slice remembered = SLICE("remembered");
    const struct coverage_fact *coverage = &event->as.coverage;
    (void)rule;
    audit->forgetful = audit->forgetful || (coverage->kind == COVERAGE_CAP &&
                                            slice_equal(coverage->detail, remembered));
}

static void history_asked(struct audit *audit, enum rule_id rule, const struct change *change)
{
    const struct command_change *command = &change->as.command;
    const struct session *session = seen_sessions_find(&audit->sessions, command->session.id);
    const struct history_room *room = history_room_of(audit, rule, command->room);
    if (!change->message || !session || !room || audit->forgetful) {
        return;
    }
    const struct subject about = {
        .user = command->session.user,
        .room = command->room,
        .room_name = room->expected.about.room_name,
        .call_id = command->session.call_id,
    };
    uint64_t number =
        history_number(audit, HISTORY_REPLY, change->message->transaction, command->room);
    struct history_reply *reply =
        expect_add(&audit->expect, rule, number, change->time, &about, sizeof *reply);
    if (reply) {
        reply->kind = HISTORY_REPLY;
        reply->session = session->id;
        reply->asked = command->sent_at;
        reply->route_count = session->route_count;
        memcpy(reply->routes, session->routes, sizeof reply->routes);
        proof_cite_change(&audit->proofs, reply->expected.proof, change);
        expect_until(&audit->expect, &reply->expected, change->time);
    }
}

static void history_listed(struct audit *audit, enum rule_id rule, const struct change *change)
{
    const struct post_change *post = &change->as.post;
    struct history_reply *reply = expect_find(
        &audit->expect, rule, history_number(audit, HISTORY_REPLY, post->transaction, post->room));
    const struct history_room *room = history_room_of(audit, rule, post->room);
    if (!reply || !room) {
        return;
    }
    if (!post->captured) {
        if (reply->stranger_count < STRANGERS) {
            reply->strangers[reply->stranger_count] = author_hash(audit, post->author);
        }
        reply->stranger_count++;
        return;
    }
    for (size_t i = 0; i < ROOM_POSTS && i < room->count; i++) {
        if (room->posts[i].post == post->id) {
            reply->listed |= UINT64_C(1) << i;
        }
    }
}

void history_gap_change(struct audit *audit, enum rule_id rule, const struct change *change)
{
    const struct room_change *told = &change->as.room;
    if (change->kind == CHANGE_POST && change->as.post.state == POST_ACCEPTED) {
        history_stored(audit, rule, change);
    } else if (change->kind == CHANGE_POST && change->as.post.state == POST_HISTORY) {
        history_listed(audit, rule, change);
    } else if (change->kind == CHANGE_COMMAND && change->as.command.state == COMMAND_ANSWERED &&
               change->as.command.verb == CHAT_BCCONTEXT) {
        history_asked(audit, rule, change);
    } else if (change->kind == CHANGE_ROOM && told->logged != SAID_NOTHING) {
        const struct subject about = {.room = told->uri, .room_name = told->name};
        struct history_room *room =
            told->logged == SAID_NO || history_room_of(audit, rule, told->uri)
                ? history_room_keep(audit, rule, &about, change->time)
                : NULL;
        if (room) {
            room->unlogged = told->logged == SAID_NO;
        }
    }
}

/* An item of the same author that is no captured post may be this one, with another ts. */
static bool may_be_listed(const struct history_reply *reply, uint64_t author)
{
    for (size_t i = 0; i < reply->stranger_count && i < STRANGERS; i++) {
        if (reply->strangers[i] == author) {
            return true;
        }
    }
    return reply->stranger_count > STRANGERS;
}

static bool is_lacking(const struct history_room *room, const struct history_reply *reply,
                       size_t place, int64_t oldest)
{
    const struct stored_post *stored = &room->posts[place];
    return (reply->listed >> place & 1) == 0 && stored->accepted > oldest &&
           stored->accepted <= reply->asked - SETTLED && !may_be_listed(reply, stored->author);
}

/* What lies between listed posts and is not listed. Nothing is said of older ones: limits differ.
 */
static void history_compare(struct audit *audit, struct history_reply *reply,
                            const struct history_room *room)
{
    size_t known = room->count < ROOM_POSTS ? room->count : ROOM_POSTS;
    int64_t oldest = INT64_MAX;
    for (size_t i = 0; i < known; i++) {
        if ((reply->listed >> i & 1) != 0 && room->posts[i].accepted < oldest) {
            oldest = room->posts[i].accepted;
        }
    }
    for (size_t i = 0; i < known; i++) {
        if (is_lacking(room, reply, i, oldest)) {
            const struct stored_post *stored = &room->posts[i];
            bool first = reply->lacking++ == 0 || stored->accepted < reply->oldest;
            reply->oldest = first ? stored->accepted : reply->oldest;
            for (size_t j = 0; j < 2; j++) {
                if (stored->origins[j].record > 0) {
                    proof_add(&audit->proofs, reply->expected.proof, &stored->origins[j]);
                }
            }
        }
    }
}

void history_gap_overdue(struct audit *audit, struct expectation *expected)
{
    struct history_reply *reply = (struct history_reply *)expected;
    struct history_room *room = (struct history_room *)expected;
    if (room->kind == HISTORY_ROOM) {
        int64_t until = time_after(room->last > expected->since ? room->last : expected->since,
                                   ROOM_MEMORY * TIME_SECOND);
        if (until <= audit->now) {
            expect_drop(&audit->expect, expected);
        } else {
            expect_until(&audit->expect, expected, until);
        }
        return;
    }
    room = history_room_of(audit, expected->rule, expected->about.room);
    if (room && !room->unlogged && reply->listed != 0) {
        history_compare(audit, reply, room);
    }
    if (reply->lacking == 0) {
        expect_drop(&audit->expect, expected);
    }
}

void history_gap_judge(struct audit *audit, struct expectation *expected)
{
    const struct history_reply *reply = (const struct history_reply *)expected;
    if (reply->kind == HISTORY_REPLY && reply->lacking > 0 &&
        session_hears(&audit->witness, reply->routes, reply->route_count, reply->oldest,
                      expected->since)) {
        struct verdict draft = verdict_of(audit, expected, SEVERITY_WARNING);
        draft.count = reply->lacking;
        verdict_raise(&audit->verdicts, &draft);
    }
}

/* ---- chat-history-not-joined ---- */

struct outside_query {
    struct expectation expected;
    struct route routes[SESSION_ROUTES];
    size_t route_count;
    int64_t session_since;
};

/* Clients ask for history while the join is still open: that is waited for. */
void history_outside_change(struct audit *audit, enum rule_id rule, const struct change *change)
{
    const struct command_change *command = &change->as.command;
    const struct membership_change *member = &change->as.membership;
    if (change->kind == CHANGE_MEMBERSHIP) {
        if (member->state == MEMBER_JOINED) {
            expect_drop(&audit->expect,
                        expect_find(&audit->expect, rule,
                                    audit_place_key(audit, member->session.id, member->room)));
        }
        return;
    }
    const struct session *session = seen_sessions_find(&audit->sessions, command->session.id);
    if (command->state != COMMAND_SENT || command->verb != CHAT_BCCONTEXT || !session ||
        !command->session.from_start || command->room.size == 0 ||
        seen_sessions_joined(&audit->sessions, session->id, command->room)) {
        return;
    }
    const struct subject about = {
        .user = command->session.user,
        .room = command->room,
        .call_id = command->session.call_id,
    };
    struct outside_query *row =
        expect_add(&audit->expect, rule, audit_place_key(audit, command->session.id, command->room),
                   change->time, &about, sizeof *row);
    if (row) {
        row->session_since = session->since;
        row->route_count = session->route_count;
        memcpy(row->routes, session->routes, sizeof row->routes);
        proof_cite_change(&audit->proofs, row->expected.proof, change);
        expect_until(&audit->expect, &row->expected,
                     time_after(change->time, audit_wait(audit, rule)));
    }
}

void history_outside_judge(struct audit *audit, struct expectation *expected)
{
    const struct outside_query *row = (const struct outside_query *)expected;
    int64_t until = time_after(expected->since, audit_wait(audit, expected->rule));
    if (session_hears(&audit->witness, row->routes, row->route_count, row->session_since, until) &&
        session_heard(&audit->witness, row->routes, row->route_count, row->session_since, until)) {
        struct verdict draft = verdict_of(audit, expected, SEVERITY_NOTE);
        const struct slice words[] = {expected->about.user, expected->about.room};
        verdict_group(&audit->verdicts, &draft, words, 2);
    }
}
