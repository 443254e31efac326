/*
 * Calls and the presence that a gateway publishes for them. See rules_calls.h.
 *
 * Facts: presence.md 7.1 and rule P5 (AudioCodes Mediant manual): "on the phone" at
 * call connect, Expires: 0 at call end. A call belongs to a gateway when its INVITE
 * came from or went to the host that publishes, and its caller or callee is the user.
 *
 * Three kinds of rows, all expectations of the one rule:
 *
 *   call    an INVITE dialog that was captured from its beginning, with its lines
 *   line    a user at a host: how many calls are open, and what that host publishes
 *   left    the last call of a line is over and its state lives; with a deadline
 */
#include "analyzer/audit/rules_calls.h"

#include "analyzer/audit/state.h"

enum { CALL_LINES = 8 }; /* two parties at four hosts: more hops than that are not followed */

enum row_kind { ROW_CALL, ROW_LINE, ROW_LEFT };

struct row {
    struct expectation expected;
    enum row_kind kind;
};

struct call {
    struct row row;
    uint64_t lines[CALL_LINES];
    size_t line_count;
};

struct line {
    struct row row;
    unsigned open;      /* calls */
    bool published;     /* from its initial PUBLISH on, during one of these calls */
    int64_t until;      /* ns: when that runs out */
    struct route route; /* from the publisher to the server */
};

struct left {
    struct row row;
    int64_t until;
    struct route route;
    int64_t cleared_at; /* ns: too late; TIME_NONE = not at all */
};

static bool is_on_the_phone(struct slice activity)
{
    return slice_equal_nocase(activity, slice_of("on-the-phone"));
}

static uint64_t call_number(const struct audit *audit, uint64_t dialog)
{
    const struct slice words[] = {SLICE("call"), {(const char *)&dialog, sizeof dialog}};
    return audit_key(audit, words, 2);
}

static uint64_t line_number(const struct audit *audit, struct slice user,
                            const struct address *host)
{
    const struct slice words[] = {
        SLICE("line"), user, {(const char *)host->bytes, sizeof host->bytes}};
    return audit_key(audit, words, 3);
}

static uint64_t left_number(const struct audit *audit, uint64_t line)
{
    const struct slice words[] = {SLICE("left"), {(const char *)&line, sizeof line}};
    return audit_key(audit, words, 2);
}

static struct left *left_find(const struct audit *audit, enum rule_id rule, uint64_t line)
{
    return expect_find(&audit->expect, rule, left_number(audit, line));
}

/* ---- calls ---- */

static void line_open(struct audit *audit, enum rule_id rule, uint64_t number, struct slice user,
                      int64_t now)
{
    struct left *left = left_find(audit, rule, number);
    if (left && !left->row.expected.overdue) {
        expect_drop(&audit->expect, left); /* on the phone again */
    }
    struct line *line = expect_find(&audit->expect, rule, number);
    if (!line) {
        const struct subject about = {.user = user};
        line = expect_add(&audit->expect, rule, number, now, &about, sizeof *line);
    }
    if (line) {
        line->row.kind = ROW_LINE;
        line->open++;
    }
}

unsigned calls_open(const struct audit *audit, struct slice user, const struct address *host)
{
    const struct line *line =
        expect_find(&audit->expect, RULE_PUBLISH_CALL_STATE_LEFT, line_number(audit, user, host));
    return line ? line->open : 0;
}

static bool has_line(const struct call *call, uint64_t number)
{
    for (size_t i = 0; i < call->line_count; i++) {
        if (call->lines[i] == number) {
            return true;
        }
    }
    return false;
}

/* Both parties at both ends of the hop on which it was seen now. */
static void call_seen(struct audit *audit, enum rule_id rule, struct call *call,
                      const struct message *message)
{
    const struct observation *seen = &message->observed;
    const struct address *hosts[] = {&seen->source, &seen->destination};
    const struct sip_party *parties[] = {&message->from, &message->to};
    for (size_t i = 0; i < 4; i++) {
        struct slice user = parties[i % 2]->user;
        const struct address *host = hosts[i / 2];
        uint64_t number = line_number(audit, user, host);
        if (user.size > 0 && !parties[i % 2]->service && host->family != ADDRESS_NONE &&
            call->line_count < CALL_LINES && !has_line(call, number)) {
            call->lines[call->line_count++] = number;
            line_open(audit, rule, number, user, seen->origin.time);
        }
    }
}

static void state_is_left(struct audit *audit, enum rule_id rule, struct line *line,
                          uint64_t number, const struct message *message)
{
    int64_t now = message->observed.origin.time;
    const struct subject about = {
        .user = line->row.expected.about.user,
        .call_id = message->call_id,
    };
    struct left *left =
        expect_add(&audit->expect, rule, left_number(audit, number), now, &about, sizeof *left);
    if (!left) {
        return;
    }
    left->row.kind = ROW_LEFT;
    left->until = line->until;
    left->route = line->route;
    left->cleared_at = TIME_NONE;
    proof_join(&audit->proofs, left->row.expected.proof, line->row.expected.proof);
    proof_cite(&audit->proofs, left->row.expected.proof, message);
    expect_until(&audit->expect, &left->row.expected, time_after(now, audit_wait(audit, rule)));
}

static void line_close(struct audit *audit, enum rule_id rule, uint64_t number,
                       const struct message *message)
{
    struct line *line = expect_find(&audit->expect, rule, number);
    if (!line || --line->open > 0) {
        return;
    }
    if (!line->published) {
        expect_drop(&audit->expect, line);
        return;
    }
    state_is_left(audit, rule, line, number, message);
    expect_until(&audit->expect, &line->row.expected, line->until);
}

static bool is_phone_call(const struct dialog_view *view)
{
    return view->kind == DIALOG_INVITE && view->service != SERVICE_CHAT &&
           view->service != SERVICE_CHAT_LOOKUP && view->service != SERVICE_IM;
}

/* Where no call and no line is known, only this one begins anything. */
static bool may_open(const struct event *event)
{
    return event->kind == EVENT_DIALOG && event->as.dialog.from_start &&
           is_phone_call(&event->as.dialog);
}

static void call_dialog(struct audit *audit, enum rule_id rule, const struct event *event)
{
    const struct dialog_view *view = &event->as.dialog;
    const struct message *message = event->message;
    bool open = view->state == DIALOG_TRYING || view->state == DIALOG_EARLY ||
                view->state == DIALOG_CONFIRMED;
    uint64_t number = call_number(audit, view->id);
    struct call *call = expect_find(&audit->expect, rule, number);
    if (open && !call && view->from_start && is_phone_call(view) && message->request) {
        const struct subject about = {.call_id = view->call_id};
        call = expect_add(&audit->expect, rule, number, event->origin.time, &about, sizeof *call);
        if (call) {
            call->row.kind = ROW_CALL;
            call_seen(audit, rule, call, message);
        }
    } else if (!open && call) {
        for (size_t i = 0; i < call->line_count; i++) {
            line_close(audit, rule, call->lines[i], message);
        }
        expect_drop(&audit->expect, call);
    }
}

/* ---- publications ---- */

/* The publisher takes it back: that is enough, whatever the server says to it. */
static void cleared(struct audit *audit, enum rule_id rule, const struct message *message)
{
    uint64_t number = line_number(audit, message->to.user, &message->observed.source);
    struct line *line = expect_find(&audit->expect, rule, number);
    struct left *left = left_find(audit, rule, number);
    if (line) {
        line->published = false;
    }
    if (left && left->row.expected.overdue) {
        left->cleared_at = message->observed.origin.time;
        proof_cite(&audit->proofs, left->row.expected.proof, message);
        call_state_judge(audit, &left->row.expected);
    }
    expect_drop(&audit->expect, left);
}

void call_state_event(struct audit *audit, enum rule_id rule, const struct event *event)
{
    const struct message *message = event->message;
    if (!message || (!expect_any(&audit->expect, rule) && !may_open(event))) {
        return;
    }
    if (event->kind == EVENT_DIALOG) {
        call_dialog(audit, rule, event);
    } else if (message->request && message->method == SIP_INVITE &&
               message->role == MESSAGE_ANOTHER_HOP) {
        struct call *call = expect_find(&audit->expect, rule, call_number(audit, message->dialog));
        if (call) {
            call_seen(audit, rule, call, message);
        }
    } else if (message->request && message->method == SIP_PUBLISH &&
               message->role == MESSAGE_FIRST && message->expires == 0) {
        cleared(audit, rule, message);
    }
}

static void line_published(struct audit *audit, struct line *line, const struct change *change)
{
    const struct publication_change *given = &change->as.publication;
    struct route route = route_of(&change->message->observed);
    line->route = route_back(&route);
    line->until = given->until;
    if (given->state == PUBLICATION_REFRESHED) {
        return;
    }
    line->published = line->open > 0 && is_on_the_phone(given->activity) &&
                      (given->state == PUBLICATION_LIVE || line->published);
    if (line->published && given->state == PUBLICATION_LIVE) {
        proof_release(&audit->proofs, line->row.expected.proof);
        line->row.expected.proof = proof_new();
        audit_cite(audit, line->row.expected.proof, change);
    }
}

void call_state_change(struct audit *audit, enum rule_id rule, const struct change *change)
{
    const struct publication_change *given = &change->as.publication;
    const struct message *message = change->message;
    if (!given->pidf || !message || message->request || !expect_any(&audit->expect, rule)) {
        return;
    }
    uint64_t number = line_number(audit, given->key.user, &message->observed.destination);
    struct line *line = expect_find(&audit->expect, rule, number);
    struct left *left = left_find(audit, rule, number);
    switch (given->state) {
    case PUBLICATION_LIVE:
    case PUBLICATION_REFRESHED:
    case PUBLICATION_MODIFIED:
        if (line) {
            line_published(audit, line, change);
        }
        if (left && given->state == PUBLICATION_REFRESHED) {
            left->until = given->until;
        } else if (left && !left->row.expected.overdue) {
            expect_drop(&audit->expect, left); /* it says something new */
        }
        break;
    case PUBLICATION_REFUSED: /* of a lost tag publish-412-not-recovered speaks */
    case PUBLICATION_REMOVED:
    case PUBLICATION_ENDED:
        if (line && (given->state != PUBLICATION_REFUSED || given->status == 412)) {
            line->published = false;
            expect_drop(&audit->expect, left && !left->row.expected.overdue ? left : NULL);
        }
        break;
    default:
        break;
    }
}

/* ---- in the end ---- */

void call_state_overdue(struct audit *audit, struct expectation *expected)
{
    const struct row *row = (const struct row *)expected;
    bool idle = row->kind == ROW_LINE && ((const struct line *)expected)->open == 0;
    /* What ran out by then is not shown any more, or publish-expired speaks of it. */
    bool gone =
        row->kind == ROW_LEFT &&
        (((const struct left *)expected)->until <= audit->now ||
         !presences_publishes(&audit->presences, expected->about.user, slice_of("on-the-phone")));
    if (idle || gone) {
        expect_drop(&audit->expect, expected);
    }
}

void call_state_judge(struct audit *audit, struct expectation *expected)
{
    const struct left *left = (const struct left *)expected;
    int64_t due = time_after(expected->since, audit_wait(audit, expected->rule));
    if (left->row.kind != ROW_LEFT || audit->expect.refused > 0 ||
        !witness_hears(&audit->witness, &left->route, expected->since, due)) {
        return;
    }
    struct verdict draft = verdict_of(audit, expected, SEVERITY_WARNING);
    draft.late = left->cleared_at != TIME_NONE;
    draft.waited = draft.late ? left->cleared_at - expected->since : due - expected->since;
    verdict_raise(&audit->verdicts, &draft);
}
