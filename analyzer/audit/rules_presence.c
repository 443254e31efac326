/*
 * Rules about presence. See rules_presence.h.
 *
 * Facts: presence.md 7.1, 7.2 and rule P1 (RFC 3903 sections 4 and 6), 7.4 and rule U2
 * (RFC 6665). That something ran out is a change; it is a finding only when
 * somebody goes on showing it.
 */
#include "analyzer/audit/rules_presence.h"

#include "analyzer/audit/state.h"

enum {
    WATCHERS_ASKED = 4096,    /* of one user, those told first: bounds what one publication costs */
    STATUS_TAG_UNKNOWN = 412, /* the server has no such publication any more */
};

/* ---- publish-expired ---- */

enum row_kind { ROW_PUBLICATION, ROW_SHOWN };

/* A PUBLISHed activity; once it has run out, under its activity instead of its tag. */
struct publication {
    struct expectation expected;
    enum row_kind kind;
    struct route route; /* from the publisher to the server */
    bool has_route;
    bool expired;
    bool asked;    /* a refresh or change of it was sent, and no answer to that was captured */
    int64_t until; /* ns: when it ran out */
    int64_t due;   /* ns: when nobody should show it any more */
};

/* A watcher who saw it longer than that. What was not captured is known at the end only. */
struct shown {
    struct expectation expected; /* since the publication; about.peer is the watcher */
    enum row_kind kind;
    struct route publisher; /* to the server */
    struct route watcher;   /* from the server */
    uint64_t number;        /* of the publication, by its activity */
    int64_t until;          /* ns: when the publication ran out */
    int64_t due;            /* ns */
    int64_t seen;           /* ns: until when it was shown, or when again */
};

static uint64_t tag_number(const struct audit *audit, struct slice user, struct slice tag)
{
    const struct slice words[] = {user, tag, SLICE("tag")};
    return audit_key(audit, words, 3);
}

static uint64_t activity_number(const struct audit *audit, struct slice user, struct slice activity)
{
    const struct slice words[] = {user, activity, SLICE("activity")};
    return audit_key(audit, words, 3);
}

static void still_shown(struct audit *audit, const struct publication *publication,
                        const struct told *told, struct proof *proof, int64_t seen)
{
    const struct expectation *expected = &publication->expected;
    if (!publication->has_route || !told->has_route ||
        presences_asked(&audit->presences, expected->about.user)) {
        return;
    }
    const struct slice words[] = {
        {(const char *)&expected->number, sizeof expected->number},
        {(const char *)&publication->until, sizeof publication->until},
        told->watcher,
    };
    struct subject about = expected->about;
    about.peer = told->watcher;
    struct shown *shown = expect_add(&audit->expect, expected->rule, audit_key(audit, words, 3),
                                     expected->since, &about, sizeof *shown);
    if (!shown) {
        return;
    }
    shown->kind = ROW_SHOWN;
    shown->publisher = publication->route;
    shown->watcher = told->route;
    shown->number = expected->number;
    shown->until = publication->until;
    shown->due = publication->due;
    shown->seen = seen;
    proof_join(&audit->proofs, shown->expected.proof, expected->proof);
    proof_join(&audit->proofs, shown->expected.proof, proof);
}

/*
 * Would a refresh, another publication of it, and a word to that watcher, have been
 * seen? Who publishes may do so on another connection, and others may too.
 */
static bool silence_is_certain(const struct audit *audit, const struct shown *shown)
{
    const struct witness *witness = &audit->witness;
    return audit->presences.refused == 0 &&
           !presences_asked(&audit->presences, shown->expected.about.user) &&
           witness_hears_all(witness, &shown->publisher, shown->expected.since, shown->seen) &&
           witness_hears(witness, &shown->watcher, shown->until, shown->due);
}

static void shown_judge(struct audit *audit, const struct shown *shown)
{
    const struct expectation *expected = &shown->expected;
    if (!silence_is_certain(audit, shown)) {
        return;
    }
    struct verdict draft = verdict_of(audit, expected, SEVERITY_WARNING);
    draft.time = shown->until;
    draft.waited = shown->seen - shown->until;
    const struct slice pair[] = {expected->about.user, expected->about.peer};
    draft.cause = cause_of(CAUSE_SHOWN, audit_key(audit, pair, 2));
    const struct slice words[] = {
        {(const char *)&shown->number, sizeof shown->number},
        {(const char *)&shown->until, sizeof shown->until},
    };
    verdict_group(&audit->verdicts, &draft, words, sizeof words / sizeof words[0]);
}

/* Everybody who was told of it, and nothing else since. */
void published_judge(struct audit *audit, struct expectation *expected)
{
    const struct publication *publication = (const struct publication *)expected;
    if (publication->kind == ROW_SHOWN) {
        shown_judge(audit, (const struct shown *)expected);
        return;
    }
    struct slice user = expected->about.user;
    struct slice activity = expected->about.detail;
    if (!publication->expired || audit->now < publication->due ||
        presences_publishes(&audit->presences, user, activity)) {
        return;
    }
    const struct told *told = presences_told(&audit->presences, user);
    for (size_t asked = 0; told && asked < WATCHERS_ASKED; told = told->next, asked++) {
        if (slice_equal(told->activity, activity) && !told->polled &&
            told->time <= publication->due && told->time >= expected->since &&
            presences_subscribed(&audit->presences, told->dialog)) {
            still_shown(audit, publication, told, told->proof, audit->now);
        }
    }
}

/* A new publication of the same ends the question about the one that ran out. */
static void settle(struct audit *audit, enum rule_id rule, uint64_t number)
{
    struct expectation *expired = expect_find(&audit->expect, rule, number);
    if (expired) {
        published_judge(audit, expired);
        expect_drop(&audit->expect, expired);
    }
}

static void published(struct audit *audit, enum rule_id rule, const struct change *change)
{
    const struct publication_change *given = &change->as.publication;
    struct slice user = given->key.user;
    struct expectation *old =
        expect_find(&audit->expect, rule, tag_number(audit, user, given->replaced_tag));
    struct expectation *same =
        expect_find(&audit->expect, rule, tag_number(audit, user, given->entity_tag));
    old = old ? old : same;
    bool refresh = given->activity.size == 0 && old && given->state == PUBLICATION_REFRESHED;
    const struct subject about = {
        .user = user,
        .call_id = change->message ? change->message->call_id : (struct slice){0},
        .detail = refresh ? old->about.detail : given->activity,
    };
    if (about.detail.size == 0 || given->until == TIME_NONE) {
        expect_drop(&audit->expect, old);
        return;
    }
    settle(audit, rule, activity_number(audit, user, about.detail));
    /* The new one copies its names before the one it replaces goes. */
    struct subject kept;
    subject_keep(&kept, &about);
    expect_drop(&audit->expect, old);
    struct publication *publication =
        expect_add(&audit->expect, rule, tag_number(audit, user, given->entity_tag), change->time,
                   &kept, sizeof *publication);
    subject_dispose(&kept);
    if (!publication) {
        return;
    }
    publication->until = given->until;
    audit_cite(audit, publication->expected.proof, change);
    if (change->message) {
        struct route route = route_of(&change->message->observed);
        publication->route = change->message->request ? route : route_back(&route);
        publication->has_route = true;
    }
}

/* It may have been taken, even where its answer is missing: only a refusal says that it was not. */
static void asked(struct audit *audit, enum rule_id rule, const struct publication_change *given,
                  bool open)
{
    struct publication *publication =
        expect_find(&audit->expect, rule, tag_number(audit, given->key.user, given->entity_tag));
    if (publication && given->entity_tag.size > 0) {
        publication->asked = open;
    }
}

static void ran_out(struct audit *audit, enum rule_id rule, const struct change *change)
{
    const struct publication_change *given = &change->as.publication;
    struct publication *publication =
        expect_find(&audit->expect, rule, tag_number(audit, given->key.user, given->entity_tag));
    if (!publication || publication->asked) {
        expect_drop(&audit->expect, publication);
        return;
    }
    uint64_t number = activity_number(audit, given->key.user, publication->expected.about.detail);
    settle(audit, rule, number);
    publication->expired = true;
    publication->until = change->time;
    publication->due = time_after(change->time, audit_wait(audit, rule));
    expect_rename(&audit->expect, &publication->expected, number);
}

/* Told something else at last, or told it afresh when it was long gone. */
static void told_after(struct audit *audit, enum rule_id rule, const struct change *change)
{
    const struct told_change *given = &change->as.told;
    const struct told *told = presences_told_to(&audit->presences, given->user, given->watcher);
    if (!told) {
        return;
    }
    bool again = told->activity.size > 0;
    struct slice shown = again ? told->activity : told->activity_before;
    struct publication *publication =
        expect_find(&audit->expect, rule, activity_number(audit, given->user, shown));
    if (!publication && again) {
        again = false;
        shown = told->activity_before;
        publication = expect_find(&audit->expect, rule, activity_number(audit, given->user, shown));
    }
    if (!publication || shown.size == 0 || change->time <= publication->due ||
        presences_publishes(&audit->presences, given->user, shown)) {
        return;
    }
    if (again) {
        still_shown(audit, publication, told, told->proof, change->time);
    } else if (told->time_before <= publication->due && !told->polled_before &&
               told->time_before >= publication->expected.since) {
        still_shown(audit, publication, told, told->proof_before, change->time);
    }
}

static void forget(struct audit *audit, enum rule_id rule, const struct publication_change *given)
{
    const struct slice tags[] = {given->entity_tag, given->replaced_tag};
    for (size_t i = 0; i < sizeof tags / sizeof tags[0]; i++) {
        uint64_t number = tag_number(audit, given->key.user, tags[i]);
        expect_drop(&audit->expect, expect_find(&audit->expect, rule, number));
    }
}

void published_change(struct audit *audit, enum rule_id rule, const struct change *change)
{
    if (change->kind == CHANGE_TOLD) {
        if (change->as.told.category == CATEGORY_STATE) {
            told_after(audit, rule, change);
        }
        return;
    }
    const struct publication_change *given = &change->as.publication;
    if (!given->pidf) {
        return;
    }
    switch (given->state) {
    case PUBLICATION_LIVE:
    case PUBLICATION_REFRESHED:
    case PUBLICATION_MODIFIED:
        published(audit, rule, change);
        break;
    case PUBLICATION_EXPIRED:
        ran_out(audit, rule, change);
        break;
    case PUBLICATION_REFUSED:
        if (given->status == STATUS_TAG_UNKNOWN) {
            forget(audit, rule, given);
        } else {
            asked(audit, rule, given, false);
        }
        break;
    case PUBLICATION_REMOVED:
    case PUBLICATION_ENDED:
        forget(audit, rule, given);
        break;
    case PUBLICATION_REQUESTED:
        asked(audit, rule, given, true);
        break;
    case PUBLICATION_CONFLICT: /* of categories only */
        break;
    }
}

/* ---- subscription-lapsed ---- */

/* A subscription, from its last SUBSCRIBE on. */
struct subscription {
    struct expectation expected;
    struct route route; /* from the watcher to the server */
    bool autoextend;    /* asked for; what it means is not known, so less is claimed */
    bool lapsed;
    int64_t until;       /* ns: when it ran out */
    int64_t notified_at; /* ns: first notification after that; TIME_NONE */
};

static bool offers_autoextend(const struct message *message)
{
    static const struct slice supported = SLICE("Supported");
    const struct sip_header *header;
    for (size_t i = 0; (header = message_header(message, supported, i)) != NULL; i++) {
        if (slice_find_nocase(header->value, (struct slice)SLICE("com.microsoft.autoextend")) !=
            SLICE_NONE) {
            return true;
        }
    }
    return false;
}

/* By Call-ID: what comes after its end may no longer count as the same dialogs row. */
static uint64_t subscription_number(const struct audit *audit, struct slice call_id)
{
    return audit_key(audit, &call_id, 1);
}

static void subscribed(struct audit *audit, enum rule_id rule, const struct message *message)
{
    const struct subject about = {
        .user = message->from.user,
        .peer = message->to.user,
        .call_id = message->call_id,
        .what = message->event,
    };
    struct subscription *row =
        expect_add(&audit->expect, rule, subscription_number(audit, message->call_id),
                   message->observed.origin.time, &about, sizeof *row);
    if (row) {
        row->route = route_of(&message->observed);
        row->autoextend = offers_autoextend(message);
        row->notified_at = TIME_NONE;
        proof_cite(&audit->proofs, row->expected.proof, message);
    }
}

static void notified(struct audit *audit, enum rule_id rule, const struct message *message)
{
    struct subscription *row =
        expect_find(&audit->expect, rule, subscription_number(audit, message->call_id));
    int64_t now = message->observed.origin.time;
    if (!row || !row->lapsed || row->notified_at != TIME_NONE ||
        now <= time_after(row->until, audit_wait(audit, rule))) {
        return;
    }
    bool final = slice_equal(message->subscription_state, (struct slice)SLICE("terminated"));
    if (final || presences_signed_out(&audit->presences, row->expected.about.user)) {
        expect_drop(&audit->expect, row);
        return;
    }
    row->notified_at = now;
    proof_cite(&audit->proofs, row->expected.proof, message);
}

void lapse_event(struct audit *audit, enum rule_id rule, const struct event *event)
{
    const struct message *message = event->message;
    if (!message->request || message->call_id.size == 0) {
        return;
    }
    if (message->method == SIP_SUBSCRIBE && message->expires != 0) {
        subscribed(audit, rule, message);
    } else if (message->method == SIP_NOTIFY || message->method == SIP_BENOTIFY) {
        notified(audit, rule, message);
    }
}

void lapse_change(struct audit *audit, enum rule_id rule, const struct change *change)
{
    const struct subscription_change *given = &change->as.subscription;
    struct subscription *row =
        expect_find(&audit->expect, rule, subscription_number(audit, given->call_id));
    bool by_notification = change->message && change->message->method != SIP_SUBSCRIBE;
    if (!row || row->notified_at != TIME_NONE) {
        return;
    }
    switch (given->state) {
    case SUBSCRIPTION_REQUESTED:
        break;
    case SUBSCRIPTION_ACTIVE:
    case SUBSCRIPTION_REFRESHED:
        if (!by_notification) { /* which is no refresh */
            row->lapsed = false;
            audit_cite(audit, row->expected.proof, change);
        }
        break;
    case SUBSCRIPTION_LAPSED:
        row->lapsed = true;
        row->until = change->time;
        if (presences_signed_out(&audit->presences, given->watcher)) {
            expect_drop(&audit->expect, row);
        }
        break;
    case SUBSCRIPTION_TERMINATED:
    case SUBSCRIPTION_REFUSED:
        expect_drop(&audit->expect, row);
        break;
    }
}

void lapse_judge(struct audit *audit, struct expectation *expected)
{
    const struct subscription *row = (const struct subscription *)expected;
    if (row->notified_at == TIME_NONE ||
        !witness_hears(&audit->witness, &row->route, expected->since, row->until)) {
        return;
    }
    struct verdict draft =
        verdict_of(audit, expected, row->autoextend ? SEVERITY_NOTE : SEVERITY_WARNING);
    draft.time = row->until;
    draft.waited = row->notified_at - row->until;
    verdict_raise(&audit->verdicts, &draft);
}
