/*
 * Rules about publications in PIDF. See rules_publish.h.
 *
 * Facts: presence.md 7.1 and 7.2, rules P2, P3 and P4: RFC 3903 sections 4 and 6
 * (entity tags), AudioCodes Mediant manual (third-party endpoints); the versions that a
 * server names: [MS-SIPREGE] 2.2.1.9.
 */
#include "analyzer/audit/rules_publish.h"

#include "analyzer/audit/rules_calls.h"
#include "analyzer/audit/state.h"

enum {
    STATUS_TAG_UNKNOWN = 412, /* the server has no such publication */
    REVIVAL_TIME = 3600,      /* s: how long a publication that ran out is remembered */
};

static uint64_t tag_number(const struct audit *audit, struct slice user, struct slice tag)
{
    const struct slice words[] = {user, tag};
    return audit_key(audit, words, 2);
}

/* ---- publish-412-not-recovered ---- */

/* A user whose publication the server does not know any more. */
struct lost_tag {
    struct expectation expected;
    struct route route; /* from the publisher to the server */
    uint64_t cause;
    int64_t again_at; /* ns: published anew, too late; TIME_NONE = not at all */
};

static void tag_lost(struct audit *audit, enum rule_id rule, const struct message *message)
{
    const struct request_view *request = message->request_kept;
    if (message->status != STATUS_TAG_UNKNOWN || !request || request->if_match.size == 0 ||
        request->expires == 0 || !event_is_presence(request->event)) {
        return;
    }
    uint64_t number = audit_key(audit, &request->to_user, 1);
    struct lost_tag *row = expect_find(&audit->expect, rule, number);
    int64_t now = message->observed.origin.time;
    if (!row) {
        const struct subject about = {
            .user = request->to_user,
            .call_id = message->call_id,
            .detail = request->if_match,
        };
        row = expect_add(&audit->expect, rule, number, now, &about, sizeof *row);
        if (!row) {
            return;
        }
        struct route route = route_of(&message->observed);
        row->route = route_back(&route);
        row->cause = cause_of(CAUSE_TRANSACTION, message->transaction);
        row->again_at = TIME_NONE;
        verdict_claim(&audit->verdicts, row->cause, rule);
        expect_until(&audit->expect, &row->expected, time_after(now, audit_wait(audit, rule)));
    }
    proof_cite(&audit->proofs, row->expected.proof, message);
    proof_add(&audit->proofs, row->expected.proof, &request->origin);
}

/* An initial PUBLISH mends it; one that ends says that there is nothing to mend. */
static void published_anew(struct audit *audit, enum rule_id rule, const struct message *message)
{
    bool initial = message->if_match.size == 0 && message->expires != 0;
    uint64_t number = audit_key(audit, &message->to.user, 1);
    struct lost_tag *row = expect_find(&audit->expect, rule, number);
    if (!row || (!initial && message->expires != 0)) {
        return;
    }
    if (row->expected.overdue && initial) {
        row->again_at = message->observed.origin.time;
        proof_cite(&audit->proofs, row->expected.proof, message);
    }
    if (row->expected.overdue) {
        tag_lost_judge(audit, &row->expected);
    }
    expect_drop(&audit->expect, row);
}

void tag_lost_event(struct audit *audit, enum rule_id rule, const struct event *event)
{
    const struct message *message = event->message;
    if (message->method != SIP_PUBLISH) {
        return;
    }
    if (!message->request) {
        tag_lost(audit, rule, message);
    } else if (event_is_presence(message->event)) {
        published_anew(audit, rule, message);
    }
}

void tag_lost_judge(struct audit *audit, struct expectation *expected)
{
    const struct lost_tag *row = (const struct lost_tag *)expected;
    int64_t wait = audit_wait(audit, expected->rule);
    if (!witness_hears(&audit->witness, &row->route, expected->since,
                       time_after(expected->since, wait))) {
        return;
    }
    bool late = row->again_at != TIME_NONE;
    struct verdict draft = verdict_of(audit, expected, late ? SEVERITY_WARNING : SEVERITY_ERROR);
    draft.late = late;
    draft.waited = late ? row->again_at - expected->since : wait;
    draft.cause = row->cause;
    verdict_raise(&audit->verdicts, &draft);
}

/* ---- publish-doubled ---- */

enum row_kind { ROW_LINE, ROW_TWICE };

/* What one publisher last published of one user. */
struct line {
    struct expectation expected; /* about.detail is its tag, about.what its activity */
    enum row_kind kind;
    struct route route; /* from the publisher to the server */
    bool stream;        /* no datagrams, of which a lost one leaves no trace */
    bool asked; /* a refresh, change or end of it was sent, and no answer to that was captured */
};

/* Two of the same. What was not captured between them is known at the end only. */
struct twice {
    struct expectation expected; /* since the earlier one; about.detail is the activity */
    enum row_kind kind;
    struct route route;   /* of the earlier one */
    int64_t time;         /* ns: of the later one */
    uint64_t transaction; /* ... */
};

static struct route publisher_route(const struct message *message)
{
    struct route route = route_of(&message->observed);
    return message->request ? route : route_back(&route);
}

/* The host in the last Via: behind a proxy all publishers have the same address. */
static struct slice first_sender(const struct message *message)
{
    size_t at = message->header_count;
    while (at > 0 && !slice_equal_nocase(message->headers[at - 1].name, slice_of("Via"))) {
        at--;
    }
    struct slice via = at > 0 ? message->headers[at - 1].value : (struct slice){0};
    struct slice first;
    struct slice rest;
    while (slice_cut(via, ',', &first, &rest)) {
        via = rest;
    }
    struct slice sender;
    slice_cut(slice_trim(via), ' ', &first, &rest); /* behind SIP/2.0/TLS */
    slice_cut(rest, ';', &sender, &rest);
    sender = slice_trim(sender);
    struct slice host;
    slice_cut(sender, slice_starts(sender, slice_of("[")) ? ']' : ':', &host, &rest);
    return host;
}

static uint64_t line_number(const struct audit *audit, struct slice user,
                            const struct message *message)
{
    struct route route = publisher_route(message);
    const struct slice words[] = {
        user,
        {(const char *)route.source.bytes, sizeof route.source.bytes},
        first_sender(message),
    };
    return audit_key(audit, words, sizeof words / sizeof words[0]);
}

static bool lives_beside(const struct audit *audit, const struct line *line,
                         const struct publication_change *given)
{
    struct slice tag = line->expected.about.detail;
    /* Each of two calls may have a publication of its own; a lost datagram hides its end. */
    return line->stream && calls_open(audit, given->key.user, &line->route.source) < 2 &&
           !line->asked && given->entity_tag.size > 0 && !slice_equal(tag, given->entity_tag) &&
           presences_lives(&audit->presences, given->key.user, tag);
}

static void doubled(struct audit *audit, const struct line *line, const struct change *change)
{
    char place[ADDRESS_TEXT];
    address_text(&line->route.source, place);
    struct subject about = line->expected.about;
    about.detail = line->expected.about.what;
    about.place = slice_of(place);
    about.call_id = change->message->call_id;
    uint64_t transaction = change->message->transaction;
    const struct slice words[] = {
        {(const char *)&transaction, sizeof transaction},
        SLICE("twice"),
    };
    struct twice *twice =
        expect_add(&audit->expect, line->expected.rule, audit_key(audit, words, 2),
                   line->expected.since, &about, sizeof *twice);
    if (twice) {
        twice->kind = ROW_TWICE;
        twice->route = line->route;
        twice->time = change->time;
        twice->transaction = transaction;
        proof_join(&audit->proofs, twice->expected.proof, line->expected.proof);
        audit_cite(audit, twice->expected.proof, change);
    }
}

/* The end of the earlier one may have been sent, or answered, on another connection. */
void doubled_judge(struct audit *audit, struct expectation *expected)
{
    const struct witness *witness = &audit->witness;
    const struct twice *twice = (const struct twice *)expected;
    if (twice->kind != ROW_TWICE || audit->presences.refused > 0) {
        return;
    }
    const struct route back = route_back(&twice->route);
    if (!witness_hears_host(witness, &twice->route, expected->since, twice->time) ||
        !witness_hears_host(witness, &back, expected->since, twice->time)) {
        return;
    }
    struct verdict draft = verdict_of(audit, expected, SEVERITY_WARNING);
    draft.time = twice->time;
    draft.waited = twice->time - expected->since;
    draft.cause = cause_of(CAUSE_TRANSACTION, twice->transaction);
    verdict_raise(&audit->verdicts, &draft);
}

static void line_published(struct audit *audit, enum rule_id rule, const struct change *change,
                           uint64_t number)
{
    const struct publication_change *given = &change->as.publication;
    struct line *old = expect_find(&audit->expect, rule, number);
    bool initial = given->state == PUBLICATION_LIVE && given->replaced_tag.size == 0;
    if (old && initial && lives_beside(audit, old, given)) {
        doubled(audit, old, change);
    }
    struct slice activity = given->activity;
    if (activity.size == 0 && old && given->state == PUBLICATION_REFRESHED) {
        activity = old->expected.about.what;
    }
    const struct subject about = {
        .user = given->key.user, .detail = given->entity_tag, .what = activity};
    /* The new one copies its names before the one it replaces goes. */
    struct subject kept;
    subject_keep(&kept, &about);
    expect_drop(&audit->expect, old);
    struct line *line = activity.size > 0 ? expect_add(&audit->expect, rule, number, change->time,
                                                       &kept, sizeof *line)
                                          : NULL;
    subject_dispose(&kept);
    if (line) {
        line->route = publisher_route(change->message);
        line->stream = change->message->observed.transport != TRANSPORT_UDP;
        audit_cite(audit, line->expected.proof, change);
        /* Without a refresh it is soon of no interest. */
        expect_until(&audit->expect, &line->expected,
                     given->until != TIME_NONE ? given->until : change->time);
    }
}

void doubled_change(struct audit *audit, enum rule_id rule, const struct change *change)
{
    const struct publication_change *given = &change->as.publication;
    const struct message *message = change->message;
    if (!given->pidf || !message || message->observed.source.family == ADDRESS_NONE) {
        return;
    }
    uint64_t number = line_number(audit, given->key.user, message);
    struct line *line = expect_find(&audit->expect, rule, number);
    bool same = line && slice_equal(line->expected.about.detail, given->entity_tag);
    switch (given->state) {
    case PUBLICATION_LIVE:
    case PUBLICATION_REFRESHED:
    case PUBLICATION_MODIFIED:
        line_published(audit, rule, change, number);
        break;
    case PUBLICATION_REQUESTED:
    case PUBLICATION_REFUSED:
        if (same) {
            line->asked = given->state == PUBLICATION_REQUESTED;
        }
        break;
    case PUBLICATION_REMOVED:
    case PUBLICATION_EXPIRED:
    case PUBLICATION_ENDED:
        if (same) {
            expect_drop(&audit->expect, line);
        }
        break;
    case PUBLICATION_CONFLICT: /* of categories only */
        break;
    }
}

/* ---- publish-refresh-after-expiry ---- */

static void ran_out(struct audit *audit, enum rule_id rule, const struct change *change,
                    uint64_t number)
{
    const struct publication_change *given = &change->as.publication;
    const struct subject about = {.user = given->key.user, .detail = given->activity};
    struct expectation *row =
        expect_add(&audit->expect, rule, number, change->time, &about, sizeof *row);
    if (row) {
        proof_add(&audit->proofs, row->proof, &change->origin);
        expect_until(&audit->expect, row, time_after(change->time, REVIVAL_TIME * TIME_SECOND));
    }
}

static void revived(struct audit *audit, struct expectation *row, const struct change *change)
{
    struct route route = publisher_route(change->message);
    struct route back = route_back(&route);
    int64_t published = row->proof->count > 0 ? row->proof->origins[0].time : row->since;
    if (change->time <= time_after(row->since, audit_wait(audit, row->rule)) ||
        !witness_hears(&audit->witness, &route, published, change->time) ||
        !witness_hears(&audit->witness, &back, published, change->time)) {
        return;
    }
    struct verdict draft = verdict_of(audit, row, SEVERITY_NOTE);
    draft.time = change->time;
    draft.waited = change->time - row->since;
    draft.about.call_id = change->message->call_id;
    audit_cite(audit, row->proof, change);
    verdict_raise(&audit->verdicts, &draft);
}

void revived_change(struct audit *audit, enum rule_id rule, const struct change *change)
{
    const struct publication_change *given = &change->as.publication;
    bool expired = given->state == PUBLICATION_EXPIRED;
    bool accepted = given->state == PUBLICATION_LIVE || given->state == PUBLICATION_REFRESHED ||
                    given->state == PUBLICATION_MODIFIED;
    struct slice tag = expired ? given->entity_tag : given->replaced_tag;
    if (!given->pidf || tag.size == 0 || (!expired && (!accepted || !change->message))) {
        return;
    }
    uint64_t number = tag_number(audit, given->key.user, tag);
    if (expired) {
        ran_out(audit, rule, change, number);
        return;
    }
    struct expectation *row = expect_find(&audit->expect, rule, number);
    if (row) {
        revived(audit, row, change);
        expect_drop(&audit->expect, row);
    }
}

/* ---- publish-server-too-old ---- */

enum { VERSION_PARTS = 4 };

/*
 * "RTC/5.0": the versions that are known to be older than 5.0.8308.866. What is not
 * written cannot be judged, but what comes before it may decide.
 */
static bool is_too_old(struct slice product)
{
    static const uint64_t first[VERSION_PARTS] = {5, 0, 8308, 866};
    static const struct slice name = SLICE("RTC/");
    if (!slice_starts_nocase(product, name)) {
        return false;
    }
    struct slice rest;
    struct slice version;
    slice_cut(slice_from(product, name.size), ' ', &version, &rest);
    for (size_t i = 0; i < VERSION_PARTS && version.size > 0; i++) {
        struct slice part;
        uint64_t number;
        slice_cut(version, '.', &part, &rest);
        version = rest;
        if (!slice_to_u64(part, &number) || number != first[i]) {
            return slice_to_u64(part, &number) && number < first[i];
        }
    }
    return false;
}

void old_server_change(struct audit *audit, enum rule_id rule, const struct change *change)
{
    const struct publication_change *given = &change->as.publication;
    const struct message *message = change->message;
    if (!given->pidf || !message || message->request ||
        !slice_equal_nocase(given->activity, slice_of("on-the-phone")) ||
        !is_too_old(message->user_agent)) {
        return;
    }
    char place[ADDRESS_TEXT];
    address_text(&message->observed.source, place);
    struct proof *proof = proof_new();
    audit_cite(audit, proof, change);
    const struct verdict draft = {
        .rule = rule,
        .severity = SEVERITY_NOTE,
        .time = change->time,
        .count = 1,
        .about = {.user = given->key.user,
                  .call_id = message->call_id,
                  .what = message->user_agent,
                  .place = slice_of(message->observed.source.family != ADDRESS_NONE ? place : "")},
        .proof = proof,
    };
    const struct slice words[] = {message->user_agent, draft.about.place};
    verdict_group(&audit->verdicts, &draft, words, sizeof words / sizeof words[0]);
    proof_release(&audit->proofs, proof);
}
