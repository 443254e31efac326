/*
 * Rules about what watchers are shown. See rules_watchers.h.
 *
 * Facts: presence.md part 5, 1.5 and rules S1, S2, B1 to B3. Nothing is said about
 * polls, PIDF and legacy forms: they are not meant to follow the categories at once.
 */
#include "analyzer/audit/rules_watchers.h"

#include "analyzer/audit/state.h"

enum { WATCHERS_ASKED = 4096 }; /* of one user: bounds what one change costs */

/* Told so shortly before the question that the owner's own copy may still be on its way. */
#define CROSSING (2 * TIME_SECOND)

/* ---- presence-watcher-stale ---- */

/*
 * One rule, two kinds of record: a change of the owner's aggregate whose watchers
 * will be looked at, and a watcher who was found with an old picture.
 */
struct stale {
    struct expectation expected;
    bool found;         /* the second kind; the rest is its */
    int64_t shown_at;   /* ns: the old copy */
    int64_t until;      /* ns: silence is claimed up to here */
    int64_t told_at;    /* ns: the new one came at last; TIME_NONE */
    struct route route; /* to the watcher */
};

static uint64_t change_number(const struct audit *audit, struct slice user)
{
    return audit_key(audit, &user, 1);
}

static uint64_t copy_number(const struct audit *audit, struct slice user, uint64_t dialog)
{
    const struct slice words[] = {user, {(const char *)&dialog, sizeof dialog}};
    return audit_key(audit, words, 2);
}

/* The owner was told of another aggregate than before: watchers must follow. */
static void aggregate_told(struct audit *audit, enum rule_id rule, const struct change *change,
                           size_t which)
{
    const struct told_change *told = &change->as.told;
    const struct copied_user *user = copies_of(&audit->copies, told->user);
    uint64_t number = change_number(audit, told->user);
    struct stale *row = expect_find(&audit->expect, rule, number);
    if (!user || !user->own[OWN_FIRST].known) {
        expect_drop(&audit->expect, row);
        return;
    }
    if (!user->own[which].changed) {
        return;
    }
    if (!row || row->expected.since != change->time) {
        const struct subject about = {.user = told->user};
        row = expect_add(&audit->expect, rule, number, change->time, &about, sizeof *row);
    }
    if (row) {
        proof_cite_change(&audit->proofs, row->expected.proof, change);
        expect_until(&audit->expect, &row->expected,
                     time_after(change->time, audit_wait(audit, rule)));
    }
}

/* An old picture that is corrected at last. */
static void copy_told(struct audit *audit, enum rule_id rule, const struct change *change)
{
    const struct told_change *told = &change->as.told;
    uint64_t number = copy_number(audit, told->user, told->dialog);
    struct stale *row = expect_find(&audit->expect, rule, number);
    const struct copied_user *user = row ? copies_of(&audit->copies, told->user) : NULL;
    const struct copy *copy = user ? copies_find(user, told->dialog) : NULL;
    if (!copy || copy->time != change->time || !copy_fits(copy)) {
        return;
    }
    row->told_at = change->time;
    proof_cite_change(&audit->proofs, row->expected.proof, change);
    const struct slice words[] = {
        {(const char *)&number, sizeof number},
        {(const char *)&row->told_at, sizeof row->told_at},
    };
    uint64_t done = audit_key(audit, words, 2);
    expect_drop(&audit->expect, expect_find(&audit->expect, rule, done));
    expect_rename(&audit->expect, &row->expected, done);
}

void stale_change(struct audit *audit, enum rule_id rule, const struct change *change)
{
    size_t which;
    if (copies_own(&change->as.told, &which)) {
        aggregate_told(audit, rule, change, which);
    } else if (!change->as.told.owner && change->as.told.category == CATEGORY_STATE) {
        copy_told(audit, rule, change);
    }
}

static void found_stale(struct audit *audit, const struct expectation *check,
                        const struct copy *copy, int64_t due)
{
    uint64_t number = copy_number(audit, check->about.user, copy->dialog);
    if (expect_find(&audit->expect, check->rule, number)) {
        return;
    }
    const struct subject about = {
        .user = check->about.user,
        .peer = copy->watcher,
        .what = slice_of(band_title(copy->user->own[OWN_FIRST].band)),
        .detail = slice_of(band_title(copy->band)),
    };
    struct stale *row =
        expect_add(&audit->expect, check->rule, number, check->since, &about, sizeof *row);
    if (row) {
        row->found = true;
        row->shown_at = copy->time;
        row->until = due;
        row->told_at = TIME_NONE;
        row->route = copy->route;
        proof_join(&audit->proofs, row->expected.proof, check->proof);
        proof_join(&audit->proofs, row->expected.proof, copy->proof);
    }
}

/* Time is up for a change: who of the watchers does not know of it? */
void stale_overdue(struct audit *audit, struct expectation *expected)
{
    const struct copied_user *user = copies_of(&audit->copies, expected->about.user);
    int64_t due = time_after(expected->since, audit_wait(audit, expected->rule));
    bool current = user && presences_subscribed(&audit->presences, user->own[OWN_FIRST].dialog) &&
                   !presences_signed_out(&audit->presences, expected->about.user);
    if (current && audit->copies.refused == 0) {
        size_t asked = 0;
        for (struct link *at = user->copies.next; at != &user->copies && asked < WATCHERS_ASKED;
             at = at->next, asked++) {
            const struct copy *copy = LIST_OWNER(at, struct copy, of_user);
            if (copy->has_route && !copy_fits(copy) && copy->time <= time_add(due, -CROSSING)) {
                found_stale(audit, expected, copy, due);
            }
        }
    }
    expect_drop(&audit->expect, expected);
}

void stale_judge(struct audit *audit, struct expectation *expected)
{
    const struct stale *row = (const struct stale *)expected;
    bool late = row->told_at != TIME_NONE;
    if (!row->found || !witness_hears(&audit->witness, &row->route, row->shown_at,
                                      late ? row->told_at : row->until)) {
        return;
    }
    struct verdict draft = verdict_of(audit, expected, SEVERITY_WARNING);
    const struct slice pair[] = {expected->about.user, expected->about.peer};
    const struct slice words[] = {
        expected->about.user,
        {(const char *)&expected->since, sizeof expected->since},
        slice_of(late ? "late" : ""),
    };
    draft.cause = cause_of(CAUSE_SHOWN, audit_key(audit, pair, 2));
    draft.late = late;
    draft.waited = late ? row->told_at - expected->since : draft.waited;
    verdict_group(&audit->verdicts, &draft, words, sizeof words / sizeof words[0]);
}

/* ---- leaks ---- */

/* What of the content only colleagues may see; "" = nothing. */
static struct slice detail_of(const struct told_change *told)
{
    static const struct {
        unsigned content;
        const char *words;
    } details[] = {
        {TOLD_MEETING, "meeting data"},  {TOLD_LOCATION, "a location"},
        {TOLD_TIME_ZONE, "a time zone"}, {TOLD_DEVICE, "a device"},
        {TOLD_ACTIVITY, "an activity"},
    };
    for (size_t i = 0; i < sizeof details / sizeof details[0]; i++) {
        if (told->content & details[i].content) {
            return slice_of(details[i].words);
        }
    }
    return (struct slice){0};
}

static void leak(struct audit *audit, enum rule_id rule, const struct change *change,
                 struct slice what)
{
    const struct told_change *told = &change->as.told;
    struct proof *proof = proof_new();
    if (told->member_origin.record > 0 && rule != RULE_PRESENCE_INPUT_LEAK) {
        proof_add(&audit->proofs, proof, &told->member_origin);
    }
    proof_cite_change(&audit->proofs, proof, change);
    struct verdict draft = {
        .rule = rule,
        .severity = SEVERITY_ERROR,
        .time = change->time,
        .count = 1,
        .about =
            {
                .user = told->user,
                .peer = told->watcher,
                .call_id = change->message ? change->message->call_id : (struct slice){0},
                .what = what,
            },
        .proof = proof,
    };
    const struct slice words[] = {told->user, told->watcher, what};
    verdict_group(&audit->verdicts, &draft, words, sizeof words / sizeof words[0]);
    proof_release(&audit->proofs, proof);
}

/* Is this what a member of one certain container was shown? */
static bool certain_copy(const struct told_change *told, enum served_container container)
{
    return !told->owner && !told->document && !told->empty && told->member &&
           told->served == (unsigned)container;
}

/* What the blocked may not see of this; "" = they may. */
static struct slice blocked_detail(const struct told_change *told)
{
    bool text = (told->content & TOLD_TEXT) != 0;
    switch (told->category) {
    case CATEGORY_STATE:
        if (told->value_kind == STATE_AGGREGATE && told->availability != AVAILABILITY_NONE &&
            told->band != BAND_OFFLINE) {
            return slice_of(band_title(told->band));
        }
        return told->value_kind == STATE_AGGREGATE ? detail_of(told) : (struct slice){0};
    case CATEGORY_NOTE:
        return slice_of(text ? "a note" : "");
    case CATEGORY_CONTACT_CARD:
        return slice_of(text ? "a contact card" : "");
    case CATEGORY_CALENDAR_DATA:
        return slice_of(text ? "free/busy data" : "");
    default: /* what container 32000 has of them is not documented */
        return (struct slice){0};
    }
}

void blocked_leak_change(struct audit *audit, enum rule_id rule, const struct change *change)
{
    const struct told_change *told = &change->as.told;
    struct slice what = certain_copy(told, SERVED_32000) ? blocked_detail(told) : (struct slice){0};
    if (what.size > 0) {
        leak(audit, rule, change, what);
    }
}

void external_leak_change(struct audit *audit, enum rule_id rule, const struct change *change)
{
    const struct told_change *told = &change->as.told;
    bool shown = certain_copy(told, SERVED_100) && told->category == CATEGORY_STATE &&
                 told->value_kind == STATE_AGGREGATE;
    struct slice what = shown ? detail_of(told) : (struct slice){0};
    if (what.size > 0) {
        leak(audit, rule, change, what);
    }
}

static bool is_input(enum state_kind kind)
{
    return kind == STATE_USER || kind == STATE_MACHINE || kind == STATE_PHONE ||
           kind == STATE_CALENDAR;
}

/* An input names its container too, as the owner's copies do: that is one fault. */
void input_leak_change(struct audit *audit, enum rule_id rule, const struct change *change)
{
    const struct told_change *told = &change->as.told;
    if (told->owner || told->document || told->watcher.size == 0) {
        return;
    }
    if (told->category == CATEGORY_STATE && is_input(told->value_kind)) {
        leak(audit, rule, change, slice_of(state_kind_name(told->value_kind)));
    } else if (told->content & TOLD_ORIGIN) {
        leak(audit, rule, change, slice_of("container and version"));
    }
}
