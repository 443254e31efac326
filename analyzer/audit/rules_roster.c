/*
 * Rules about rosters. See rules_roster.h.
 *
 * Facts: xccos.md 1.4 and 1.10 (info blocks, masks), 1.6 (notices), 6.4 (XD03 to XD07,
 * XD10 to XD14), 8.4.
 *
 * Somebody enters or leaves a room: its own session shows it, or the first notice
 * of it. Every other session that has been in the room for a while is to be told; that
 * is one rule with three causes (XD12 to XD14).
 */
#include "analyzer/audit/rules_roster.h"

#include <string.h>

#include "analyzer/audit/state.h"
#include "analyzer/engine/buffer.h"
#include "analyzer/engine/rights.h"

enum { BIG_ROOM = 75 }; /* xccos.md 1.9: beyond it a roster may be left out */

/* ---- one reply or notice ---- */

static bool is_join(const struct chat_fact *chat)
{
    return chat->verb == CHAT_JOIN || chat->verb == CHAT_BJOIN;
}

/* The reply to a join that succeeded; its rooms carry rosters. */
static bool is_join_reply(const struct event *event)
{
    const struct chat_fact *chat = &event->as.chat;
    return event->message && chat->class == CHAT_REPLY && is_join(chat) && chat->has_code &&
           chat->code == 200;
}

/* One finding of what a message says itself; `words` group it with others. */
static void raise_said(struct audit *audit, const struct verdict *given, const struct event *event,
                       const struct slice *words, size_t word_count)
{
    struct verdict draft = *given;
    draft.time = event->origin.time;
    draft.about.user = event->message->to.user;
    draft.about.call_id = event->message->call_id;
    draft.proof = proof_new();
    proof_cite(&audit->proofs, draft.proof, event->message);
    verdict_group(&audit->verdicts, &draft, words, word_count);
    proof_release(&audit->proofs, draft.proof);
}

void unknown_id_event(struct audit *audit, enum rule_id rule, const struct event *event)
{
    const struct chat_fact *chat = &event->as.chat;
    for (size_t i = 0; is_join_reply(event) && i < chat->room_count; i++) {
        const struct chat_room *room = &chat->rooms[i];
        struct verdict draft = {.rule = rule,
                                .severity = SEVERITY_ERROR,
                                .about = {.room = room->uri, .room_name = room->name}};
        for (size_t j = 0; j < room->member_count; j++) {
            if (room->members[j].unresolved) {
                draft.number = draft.count == 0 ? room->members[j].id : draft.number;
                draft.count++;
            }
        }
        if (draft.count > 0) {
            const struct slice words[] = {map_number_key(&event->message->id)};
            raise_said(audit, &draft, event, words, 1);
        }
    }
}

void unused_user_event(struct audit *audit, enum rule_id rule, const struct event *event)
{
    if (is_join_reply(event) && event->as.chat.unused_users > 0) {
        const struct verdict draft = {
            .rule = rule, .severity = SEVERITY_NOTE, .count = event->as.chat.unused_users};
        const struct slice words[] = {event->message->to.user};
        raise_said(audit, &draft, event, words, 1);
    }
}

void id_repeated_event(struct audit *audit, enum rule_id rule, const struct event *event)
{
    const struct chat_fact *chat = &event->as.chat;
    for (size_t i = 0; is_join_reply(event) && i < chat->room_count; i++) {
        const struct chat_room *room = &chat->rooms[i];
        if (room->repeated > 0) {
            const struct verdict draft = {
                .rule = rule,
                .severity = SEVERITY_NOTE,
                .count = room->repeated,
                .about = {.room = room->uri, .room_name = room->name},
            };
            const struct slice words[] = {room->uri};
            raise_said(audit, &draft, event, words, 1);
        }
    }
}

static bool lists(const struct chat_room *room, struct slice user)
{
    for (size_t i = 0; i < room->member_count; i++) {
        if (room->members[i].unresolved || slice_equal_nocase(room->members[i].user, user)) {
            return true; /* who is not named may be anybody */
        }
    }
    return false;
}

void without_joiner_event(struct audit *audit, enum rule_id rule, const struct event *event)
{
    const struct chat_fact *chat = &event->as.chat;
    for (size_t i = 0; is_join_reply(event) && i < chat->room_count; i++) {
        const struct chat_room *room = &chat->rooms[i];
        if (room->failure.size == 0 && room->member_count > 0 && room->member_count < BIG_ROOM &&
            !lists(room, event->message->to.user)) {
            const struct verdict draft = {
                .rule = rule,
                .severity = SEVERITY_NOTE,
                .count = 1,
                .about = {.room = room->uri, .room_name = room->name},
            };
            const struct slice words[] = {room->uri};
            raise_said(audit, &draft, event, words, 1);
        }
    }
}

/* Members of one group stand side by side: so many that have the mask of the first. */
static size_t same_mask(const struct chat_room *room, size_t first)
{
    size_t count = 1;
    while (first + count < room->member_count && room->members[first + count].has_mask &&
           room->members[first + count].mask == room->members[first].mask) {
        count++;
    }
    return count;
}

static void raise_mask(struct audit *audit, enum rule_id rule, const struct event *event,
                       const struct chat_room *room, uint64_t mask, size_t count)
{
    struct buffer rights;
    buffer_init(&rights, SIZE_MAX);
    mask_write(&rights, mask);
    const struct verdict draft = {
        .rule = rule,
        .severity = SEVERITY_NOTE,
        .number = mask,
        .count = count,
        .about = {.room = room->uri, .room_name = room->name, .detail = buffer_slice(&rights)},
    };
    const struct slice words[] = {map_number_key(&mask)};
    raise_said(audit, &draft, event, words, 1);
    buffer_dispose(&rights);
}

void mask_event(struct audit *audit, enum rule_id rule, const struct event *event)
{
    const struct chat_fact *chat = &event->as.chat;
    bool told =
        is_join_reply(event) || (event->message && chat->class == CHAT_NOTICE && is_join(chat));
    for (size_t i = 0; told && i < chat->room_count; i++) {
        const struct chat_room *room = &chat->rooms[i];
        for (size_t j = 0, count = 1; j < room->member_count; j += count) {
            const struct chat_member *member = &room->members[j];
            count = member->has_mask ? same_mask(room, j) : 1;
            if (member->has_mask && member->mask != MASK_MEMBER && member->mask != MASK_MANAGER) {
                raise_mask(audit, rule, event, room, member->mask, count);
            }
        }
    }
}

/* ---- rows that wait ---- */

enum row_kind {
    ROW_NOTICE,  /* an odd notice, judged at the end */
    ROW_LEFT,    /* the session has left the room just now */
    ROW_CLOUDED, /* rosters of the room tell nothing: too big, or a reply without one */
    ROW_MOVE,    /* somebody entered or left */
    ROW_UNTOLD,  /* ... and this session was not told yet */
    ROW_ALONE,   /* the session entered, and the user was not in before by another one */
};

struct roster_row {
    struct expectation expected;
    enum row_kind kind;
    bool present; /* entered */
    uint64_t session;
    int64_t member_since; /* ns */
    int64_t due;          /* ns */
    struct route routes[SESSION_ROUTES];
    size_t route_count;
};

/* So many seconds of a notice and what it is about may stand the other way round. */
#define CROSSING (2 * TIME_SECOND)
#define SETTLED  (10 * TIME_SECOND) /* a session is in a room for so long before it is asked */

static uint64_t row_number(const struct audit *audit, enum row_kind kind, uint64_t session,
                           struct slice room, struct slice user)
{
    const struct slice words[] = {
        {(const char *)&kind, sizeof kind}, map_number_key(&session), room, user};
    return audit_key(audit, words, sizeof words / sizeof words[0]);
}

static struct roster_row *row_add(struct audit *audit, enum rule_id rule, uint64_t number,
                                  enum row_kind kind, int64_t time, const struct subject *about)
{
    struct roster_row *row = expect_add(&audit->expect, rule, number, time, about, sizeof *row);
    if (row) {
        row->kind = kind;
    }
    return row;
}

static void row_take_session(struct roster_row *row, const struct session *session)
{
    row->session = session->id;
    row->route_count = session->route_count;
    memcpy(row->routes, session->routes, sizeof row->routes);
}

/* Was all that the session got and sent in that time readable? */
static bool row_is_sure(const struct audit *audit, const struct roster_row *row, int64_t from,
                        int64_t until)
{
    return session_hears(&audit->witness, row->routes, row->route_count, from, until) &&
           session_heard(&audit->witness, row->routes, row->route_count, from, until);
}

/* ---- rooms whose rosters tell nothing ---- */

static bool room_is_clouded(const struct audit *audit, struct slice room)
{
    const struct slice nobody = {0};
    return expect_find(&audit->expect, RULE_CHAT_ROSTER_DIVERGED,
                       row_number(audit, ROW_CLOUDED, 0, room, nobody)) != NULL;
}

/* For good: what was not told meanwhile is not made up for. */
static void cloud_room(struct audit *audit, struct slice room, int64_t time)
{
    const struct slice nobody = {0};
    const struct subject about = {.room = room};
    if (!room_is_clouded(audit, room)) {
        (void)row_add(audit, RULE_CHAT_ROSTER_DIVERGED,
                      row_number(audit, ROW_CLOUDED, 0, room, nobody), ROW_CLOUDED, time, &about);
    }
}

/* ---- chat-roster-notice-repeated ---- */

/* Several endpoints of one user make repeats normal. */
static bool has_session_there(const struct audit *audit, struct slice room, struct slice user,
                              uint64_t except)
{
    const struct membership *member = seen_sessions_room(&audit->sessions, room);
    while (member &&
           (member->session->id == except || !slice_equal_nocase(member->session->user, user))) {
        member = member->next;
    }
    return member != NULL;
}

void notice_repeated_change(struct audit *audit, enum rule_id rule, const struct change *change)
{
    const struct roster_change *roster = &change->as.roster;
    if (!roster->notice || roster->present != roster->before || roster->suspended ||
        roster->membership != MEMBER_JOINED || !roster->session.from_start ||
        room_is_clouded(audit, roster->room)) {
        return;
    }
    const struct membership *member =
        seen_sessions_joined(&audit->sessions, roster->session.id, roster->room);
    uint64_t number = row_number(audit, ROW_NOTICE, roster->session.id, roster->room, roster->user);
    if (!member || time_apart(change->time, member->since) < CROSSING ||
        expect_find(&audit->expect, rule, number) ||
        has_session_there(audit, roster->room, roster->user, 0)) {
        return;
    }
    const struct subject about = {
        .user = roster->session.user,
        .peer = roster->user,
        .room = roster->room,
        .room_name = roster->room_name,
        .call_id = roster->session.call_id,
        .what =
            slice_of(roster->present ? "entering who was in already" : "leaving who was not in"),
    };
    struct roster_row *row = row_add(audit, rule, number, ROW_NOTICE, change->time, &about);
    if (row) {
        row_take_session(row, member->session);
        row->member_since = member->since;
        proof_cite_change(&audit->proofs, row->expected.proof, change);
    }
}

void notice_repeated_judge(struct audit *audit, struct expectation *expected)
{
    const struct roster_row *row = (const struct roster_row *)expected;
    if (row_is_sure(audit, row, row->member_since, expected->since)) {
        struct verdict draft = verdict_of(audit, expected, SEVERITY_NOTE);
        const struct slice words[] = {expected->about.room, expected->about.what};
        verdict_group(&audit->verdicts, &draft, words, 2);
    }
}

/* ---- chat-notice-not-joined ---- */

static void note_left(struct audit *audit, enum rule_id rule, const struct change *change)
{
    const struct membership_change *member = &change->as.membership;
    const struct slice nobody = {0};
    const struct subject about = {.user = member->session.user};
    if (member->from == member->state ||
        (member->state != MEMBER_NONE && member->state != MEMBER_FAILED)) {
        return;
    }
    struct roster_row *row =
        row_add(audit, rule, row_number(audit, ROW_LEFT, member->session.id, member->room, nobody),
                ROW_LEFT, change->time, &about);
    if (row) {
        expect_until(&audit->expect, &row->expected, time_after(change->time, CROSSING));
    }
}

static void stray_notice(struct audit *audit, enum rule_id rule, const struct change *change)
{
    const struct roster_change *roster = &change->as.roster;
    const struct slice nobody = {0};
    uint64_t id = roster->session.id;
    uint64_t number = row_number(audit, ROW_NOTICE, id, roster->room, nobody);
    const struct session *session = seen_sessions_find(&audit->sessions, id);
    bool outside = roster->membership == MEMBER_NONE || roster->membership == MEMBER_FAILED;
    if (!roster->notice || !outside || !roster->session.from_start || !session ||
        expect_find(&audit->expect, rule, number) ||
        expect_find(&audit->expect, rule, row_number(audit, ROW_LEFT, id, roster->room, nobody))) {
        return;
    }
    const struct subject about = {
        .user = roster->session.user,
        .peer = roster->user,
        .room = roster->room,
        .room_name = roster->room_name,
        .call_id = roster->session.call_id,
        .what = slice_of(roster->present ? "entered" : "left"),
    };
    struct roster_row *row = row_add(audit, rule, number, ROW_NOTICE, change->time, &about);
    if (row) {
        row_take_session(row, session);
        row->member_since = session->since;
        proof_cite_change(&audit->proofs, row->expected.proof, change);
    }
}

void stray_notice_change(struct audit *audit, enum rule_id rule, const struct change *change)
{
    if (change->kind == CHANGE_MEMBERSHIP) {
        note_left(audit, rule, change);
    } else {
        stray_notice(audit, rule, change);
    }
}

void stray_notice_judge(struct audit *audit, struct expectation *expected)
{
    const struct roster_row *row = (const struct roster_row *)expected;
    if (row->kind == ROW_NOTICE && row_is_sure(audit, row, row->member_since, expected->since)) {
        struct verdict draft = verdict_of(audit, expected, SEVERITY_WARNING);
        verdict_raise(&audit->verdicts, &draft);
    }
}

/* ---- chat-roster-diverged ---- */

/* A join reply without a roster: the room may be a big one, whose notices are suspended. */
void diverged_event(struct audit *audit, enum rule_id rule, const struct event *event)
{
    const struct chat_fact *chat = &event->as.chat;
    (void)rule;
    for (size_t i = 0; is_join_reply(event) && i < chat->room_count; i++) {
        const struct chat_room *room = &chat->rooms[i];
        if (room->failure.size == 0 && room->member_count == 0) {
            cloud_room(audit, room->uri, event->origin.time);
        }
    }
}

/* Who moved where, and how that is known. */
struct move {
    struct slice room;
    struct slice room_name;
    struct slice user;
    bool present;
    uint64_t teller;      /* the session that shows it */
    struct slice service; /* that it talks to */
    const char *words;
    int64_t listened; /* ns: only sessions that were in by then can tell */
};

/* The record of a move outlives the wait for its notices, so that late ones are no move anew. */
static struct roster_row *move_keep(struct audit *audit, const struct change *change,
                                    const struct move *move)
{
    enum rule_id rule = RULE_CHAT_ROSTER_DIVERGED;
    uint64_t number = row_number(audit, ROW_MOVE, 0, move->room, move->user);
    struct roster_row *row = expect_find(&audit->expect, rule, number);
    if (row && row->present == move->present) {
        return NULL;
    }
    const struct subject about = {
        .user = move->user,
        .room = move->room,
        .room_name = move->room_name,
        .what = slice_of(move->words),
    };
    row = row_add(audit, rule, number, ROW_MOVE, change->time, &about);
    if (row) {
        row->present = move->present;
        row->due = time_after(change->time, audit_wait(audit, rule));
        proof_cite_change(&audit->proofs, row->expected.proof, change);
        expect_until(&audit->expect, &row->expected, time_after(row->due, audit_wait(audit, rule)));
    }
    return row;
}

static void await_notice(struct audit *audit, const struct roster_row *move,
                         const struct membership *member)
{
    enum rule_id rule = RULE_CHAT_ROSTER_DIVERGED;
    struct subject about = move->expected.about;
    about.peer = member->session->user;
    about.call_id = member->session->call_id;
    struct roster_row *row = row_add(
        audit, rule, row_number(audit, ROW_UNTOLD, member->session->id, about.room, about.user),
        ROW_UNTOLD, move->expected.since, &about);
    if (row) {
        proof_release(&audit->proofs, row->expected.proof);
        row->expected.proof = proof_hold(move->expected.proof);
        row->present = move->present;
        row->member_since = member->since;
        row->due = move->due;
        row_take_session(row, member->session);
        expect_until(&audit->expect, &row->expected, row->due);
    }
}

/* Every other session that has been in the room for a while is to be told. */
static void move_seen(struct audit *audit, const struct change *change, const struct move *move)
{
    if (room_is_clouded(audit, move->room)) {
        return;
    }
    const struct roster_row *row = move_keep(audit, change, move);
    const struct membership *member = row ? seen_sessions_room(&audit->sessions, move->room) : NULL;
    for (; member; member = member->next) {
        const struct session *session = member->session;
        if (session->id != move->teller && session->from_start && member->since <= move->listened &&
            !slice_equal_nocase(session->user, move->user) &&
            slice_equal_nocase(session->service, move->service) &&
            time_apart(change->time, member->since) >= SETTLED &&
            !expect_find(&audit->expect, RULE_CHAT_ROSTER_DIVERGED,
                         row_number(audit, ROW_UNTOLD, session->id, move->room, move->user))) {
            await_notice(audit, row, member);
        }
    }
}

/* It was told of the user: what it waited for has come. */
static void told(struct audit *audit, const struct roster_change *roster)
{
    enum rule_id rule = RULE_CHAT_ROSTER_DIVERGED;
    struct roster_row *row =
        expect_find(&audit->expect, rule,
                    row_number(audit, ROW_UNTOLD, roster->session.id, roster->room, roster->user));
    if (row && row->present == roster->present && !row->expected.overdue) {
        expect_drop(&audit->expect, row);
    }
}

/* Of the two ends of the message: the session may have been forgotten with its end. */
static struct slice service_of(const struct change *change, const struct session_ref *session)
{
    const struct message *message = change->message;
    bool sent = slice_equal_nocase(message->from.user, session->user);
    return sent ? message->to.user : message->from.user;
}

static uint64_t alone_number(const struct audit *audit, struct slice room, struct slice user)
{
    return row_number(audit, ROW_ALONE, 0, room, user);
}

/* Somebody enters who is in: by another endpoint, which need not have been captured. */
static void told_again(struct audit *audit, const struct change *change)
{
    const struct roster_change *roster = &change->as.roster;
    struct roster_row *row = expect_find(&audit->expect, RULE_CHAT_ROSTER_DIVERGED,
                                         alone_number(audit, roster->room, roster->user));
    if (row && roster->notice && roster->present && roster->before &&
        time_apart(change->time, row->expected.since) > CROSSING) {
        expect_drop(&audit->expect, row);
    }
}

static void diverged_roster(struct audit *audit, const struct change *change)
{
    const struct roster_change *roster = &change->as.roster;
    told(audit, roster);
    told_again(audit, change);
    if (roster->suspended) {
        cloud_room(audit, roster->room, change->time);
    } else if (roster->notice && roster->before != roster->present &&
               roster->membership == MEMBER_JOINED && roster->session.from_start &&
               change->message) {
        const struct move move = {
            .room = roster->room,
            .room_name = roster->room_name,
            .user = roster->user,
            .present = roster->present,
            .teller = roster->session.id,
            .service = service_of(change, &roster->session),
            .words = roster->present ? "is said to have entered" : "is said to have left",
            .listened = change->time,
        };
        move_seen(audit, change, &move);
    }
}

/* Everybody else lists the user, as far as it can be known: nobody was told of a part before. */
static bool all_list(const struct audit *audit, const struct membership_change *given)
{
    size_t others = 0;
    const struct membership *member = seen_sessions_room(&audit->sessions, given->room);
    for (; member; member = member->next) {
        others += !slice_equal_nocase(member->session->user, given->session.user);
    }
    return given->listed >= others;
}

/* Out of the room: by a part that was granted, or because the dialog ended while it was joined. */
static bool has_left(const struct audit *audit, const struct change *change)
{
    const struct membership_change *member = &change->as.membership;
    bool granted = member->from == MEMBER_LEAVING && change->message->method == SIP_INFO;
    return member->state == MEMBER_NONE && (granted || member->from == MEMBER_JOINED) &&
           !slice_equal(member->reason, slice_of("new dialog")) && all_list(audit, member);
}

/* A new one: nobody had it listed, so it was not in by another endpoint. */
static bool has_entered(const struct change *change)
{
    const struct membership_change *member = &change->as.membership;
    return member->state == MEMBER_JOINED && member->from != MEMBER_JOINED && !member->assumed &&
           member->listed == 0;
}

/*
 * Since when the session that leaves is known to be the user's only one in the room; TIME_NONE if
 * it is not. Others may not have been captured, and then nobody is told that this one left.
 */
static int64_t alone_since(struct audit *audit, const struct membership_change *member, bool over)
{
    struct roster_row *row = expect_find(&audit->expect, RULE_CHAT_ROSTER_DIVERGED,
                                         alone_number(audit, member->room, member->session.user));
    if (!row || row->session != member->session.id) {
        return TIME_NONE;
    }
    int64_t since = row->expected.since;
    if (over) {
        expect_drop(&audit->expect, row);
    }
    return since;
}

static void note_alone(struct audit *audit, const struct change *change)
{
    const struct membership_change *member = &change->as.membership;
    const struct subject about = {.room = member->room};
    struct roster_row *row = row_add(audit, RULE_CHAT_ROSTER_DIVERGED,
                                     alone_number(audit, member->room, member->session.user),
                                     ROW_ALONE, change->time, &about);
    if (row) {
        row->session = member->session.id;
    }
}

static void diverged_membership(struct audit *audit, const struct change *change)
{
    const struct membership_change *member = &change->as.membership;
    bool out = member->state == MEMBER_NONE || member->state == MEMBER_FAILED;
    int64_t alone = alone_since(audit, member, out);
    if (!change->message || !member->session.from_start ||
        seen_sessions_other(&audit->sessions, member->session.user, member->session.id)) {
        return;
    }
    bool enters = has_entered(change);
    if (!enters && (alone == TIME_NONE || !has_left(audit, change))) {
        return;
    }
    if (enters) {
        note_alone(audit, change);
    }
    const struct move move = {
        .room = member->room,
        .room_name = member->room_name,
        .user = member->session.user,
        .present = enters,
        .teller = member->session.id,
        .service = service_of(change, &member->session),
        .words = enters ? "entered" : "left",
        .listened = enters ? change->time : alone,
    };
    move_seen(audit, change, &move);
}

void diverged_change(struct audit *audit, enum rule_id rule, const struct change *change)
{
    (void)rule;
    switch (change->kind) {
    case CHANGE_ROSTER:
        diverged_roster(audit, change);
        break;
    case CHANGE_MEMBERSHIP:
        diverged_membership(audit, change);
        break;
    default:
        if (change->as.room.suspended) {
            cloud_room(audit, change->as.room.uri, change->time);
        }
    }
}

/* Only who was in the room all the time had to be told, and only of where the user is now. */
void diverged_overdue(struct audit *audit, struct expectation *expected)
{
    const struct roster_row *row = (const struct roster_row *)expected;
    struct slice room = expected->about.room;
    const struct membership *member = seen_sessions_joined(&audit->sessions, row->session, room);
    const struct roster_row *move = expect_find(
        &audit->expect, expected->rule, row_number(audit, ROW_MOVE, 0, room, expected->about.user));
    if (row->kind != ROW_UNTOLD || !member || member->since != row->member_since || !move ||
        move->present != row->present || move->expected.since != expected->since ||
        room_is_clouded(audit, room)) {
        expect_drop(&audit->expect, expected);
    }
}

void diverged_judge(struct audit *audit, struct expectation *expected)
{
    const struct roster_row *row = (const struct roster_row *)expected;
    if (row->kind == ROW_UNTOLD && expected->overdue &&
        row_is_sure(audit, row, row->member_since, row->due)) {
        struct verdict draft = verdict_of(audit, expected, SEVERITY_WARNING);
        const struct slice words[] = {
            expected->about.room,
            expected->about.user,
            {(const char *)&expected->since, sizeof expected->since},
        };
        verdict_group(&audit->verdicts, &draft, words, sizeof words / sizeof words[0]);
    }
}
