/*
 * What a client publishes. See rules_copies.h.
 *
 * Facts: presence.md 1.1 and 2.5 (publication grammar: what goes to container 2 as it is is
 * transformed for container 3), 2.4 (instance ids), 2.2 (lastActive), rules A3, A4, A5 and A7.
 */
#include "analyzer/audit/rules_copies.h"

#include "analyzer/audit/state.h"

#define STATIC_CHOICE_INSTANCE UINT32_C(0x20000000) /* where SIPE puts every user choice: 2.4 */

enum {
    CONTAINER_FIRST = 2,
    CONTAINER_SECOND = 3,
    COPIES_MEMORY = 32, /* s: an answer that has not come by then never does (RFC 3261 17.1.2.2) */
};

/* One state in one request, as it goes into one container. */
struct asked_copy {
    bool seen;
    bool manual;
    bool urgent; /* urgent-interruptions-only */
    enum state_kind kind;
    int64_t availability;
    uint64_t activity; /* a digest of its token */
};

struct asked_pair {
    struct expectation expected;
    struct asked_copy first;
    struct asked_copy second;
    bool grammar; /* the client follows the publication grammar */
};

static uint64_t copies_number(const struct audit *audit, const struct category_key *key,
                              uint64_t transaction)
{
    const uint64_t place[2] = {transaction, key->instance};
    const struct slice words[] = {{(const char *)place, sizeof place}};
    return audit_key(audit, words, 1);
}

static bool is_state(const struct category_key *key)
{
    return slice_equal_nocase(key->name, slice_of("state"));
}

/* SIPE may call itself so as well; it writes the same to both containers. */
static bool follows_grammar(const struct message *message)
{
    return slice_starts_nocase(message->user_agent, slice_of("UCCAPI/")) &&
           slice_find_nocase(message->user_agent, slice_of("sipe")) == SLICE_NONE;
}

static struct slice first_token(const struct presence_value *value)
{
    return value->activity_count > 0 ? value->activities[0].token : (struct slice){0};
}

static bool is_published_state(const struct event *event)
{
    const struct message *message = event->message;
    const struct category_fact *fact = &event->as.category;
    return message && message->request && message->role == MESSAGE_FIRST &&
           message->transaction != 0 && is_state(&fact->key) && fact->has_value && !fact->empty;
}

void copies_event(struct audit *audit, enum rule_id rule, const struct event *event)
{
    const struct category_fact *fact = &event->as.category;
    const struct message *message = event->message;
    bool second = fact->key.container == CONTAINER_SECOND;
    if (!is_published_state(event) || (!second && fact->key.container != CONTAINER_FIRST)) {
        return;
    }
    uint64_t number = copies_number(audit, &fact->key, message->transaction);
    struct asked_pair *row = expect_find(&audit->expect, rule, number);
    if (!row) {
        const struct subject about = {
            .user = fact->key.user.size > 0 ? fact->key.user : message->from.user,
            .call_id = message->call_id,
        };
        row = expect_add(&audit->expect, rule, number, event->origin.time, &about, sizeof *row);
        if (!row) {
            return;
        }
        row->grammar = follows_grammar(message);
        proof_cite(&audit->proofs, row->expected.proof, message);
        expect_until(&audit->expect, &row->expected,
                     time_after(event->origin.time, COPIES_MEMORY * TIME_SECOND));
    }
    struct slice token = first_token(&fact->value);
    *(second ? &row->second : &row->first) = (struct asked_copy){
        .seen = true,
        .manual = fact->value.manual,
        .urgent = slice_equal_nocase(token, slice_of("urgent-interruptions-only")),
        .kind = fact->value.kind,
        .availability = fact->value.availability,
        .activity = audit_key(audit, &token, 1),
    };
}

/* Its copies once the server has taken them; NULL while it has not, or did not. */
static struct asked_pair *copies_accepted(struct audit *audit, enum rule_id rule,
                                          const struct change *change)
{
    const struct publication_change *given = &change->as.publication;
    if (given->pidf || !change->message || change->message->request || !is_state(&given->key)) {
        return NULL;
    }
    struct asked_pair *row = expect_find(
        &audit->expect, rule, copies_number(audit, &given->key, change->message->transaction));
    bool accepted = given->state == PUBLICATION_LIVE || given->state == PUBLICATION_MODIFIED;
    if (row && (!accepted || !row->first.seen || !row->second.seen)) {
        expect_drop(&audit->expect, row);
        row = NULL;
    }
    return row;
}

static void raise_copies(struct audit *audit, struct asked_pair *row, enum severity severity,
                         const struct change *change)
{
    struct verdict draft = verdict_of(audit, &row->expected, severity);
    int64_t availability = row->second.availability;
    draft.time = change->time;
    draft.number = availability > 0 ? (uint64_t)availability : 0;
    audit_cite(audit, row->expected.proof, change);
    /* The same choice made again is the same fault. */
    const struct slice words[] = {draft.about.user, {(const char *)&availability, 8}};
    verdict_group(&audit->verdicts, &draft, words, sizeof words / sizeof words[0]);
}

void unsoftened_change(struct audit *audit, enum rule_id rule, const struct change *change)
{
    struct asked_pair *row = copies_accepted(audit, rule, change);
    if (!row) {
        return;
    }
    const struct asked_copy *first = &row->first;
    bool disturbed = first->kind == STATE_USER && first->manual &&
                     band_of(first->availability) == BAND_DO_NOT_DISTURB;
    bool softened = row->second.availability == AVAILABILITY_SOFTENED && row->second.urgent;
    if (disturbed && !softened && row->grammar &&
        change->as.publication.key.instance != STATIC_CHOICE_INSTANCE) {
        raise_copies(audit, row, SEVERITY_WARNING, change);
    }
    expect_drop(&audit->expect, row);
}

/* Of Do not disturb the rule above speaks, or the client has other habits. */
void copies_differ_change(struct audit *audit, enum rule_id rule, const struct change *change)
{
    struct asked_pair *row = copies_accepted(audit, rule, change);
    if (!row) {
        return;
    }
    const struct asked_copy *first = &row->first;
    const struct asked_copy *second = &row->second;
    bool same = first->kind == second->kind && first->availability == second->availability &&
                first->activity == second->activity;
    if (!same && band_of(first->availability) != BAND_DO_NOT_DISTURB) {
        raise_copies(audit, row, SEVERITY_NOTE, change);
    }
    expect_drop(&audit->expect, row);
}

static void remark(struct audit *audit, enum rule_id rule, const struct event *event,
                   struct slice user)
{
    const struct category_fact *fact = &event->as.category;
    const struct message *message = event->message;
    struct proof *proof = proof_new();
    proof_cite(&audit->proofs, proof, message);
    const struct verdict draft = {
        .rule = rule,
        .severity = SEVERITY_NOTE,
        .time = event->origin.time,
        .count = 1,
        .number = (uint64_t)fact->value.availability,
        .about = {.user = user, .call_id = message->call_id},
        .proof = proof,
    };
    verdict_group(&audit->verdicts, &draft, &user, 1);
    proof_release(&audit->proofs, proof);
}

/* ---- presence-idle-published ---- */

void idle_event(struct audit *audit, enum rule_id rule, const struct event *event)
{
    const struct category_fact *fact = &event->as.category;
    enum band band = band_of(fact->value.availability);
    if (is_published_state(event) && fact->key.container == CONTAINER_FIRST &&
        fact->value.kind == STATE_USER && follows_grammar(event->message) &&
        (band == BAND_AVAILABLE_IDLE || band == BAND_BUSY_IDLE)) {
        remark(audit, rule, event,
               fact->key.user.size > 0 ? fact->key.user : event->message->from.user);
    }
}

/* ---- presence-last-active-shown ---- */

void last_active_event(struct audit *audit, enum rule_id rule, const struct event *event)
{
    const struct category_fact *fact = &event->as.category;
    const struct message *message = event->message;
    if (!message || message->role != MESSAGE_FIRST || fact->key.has_container ||
        !is_state(&fact->key) || !fact->has_value || fact->value.kind != STATE_AGGREGATE ||
        fact->value.last_active == TIME_NONE) {
        return;
    }
    enum band band = band_of(fact->value.availability);
    const struct sip_party *watcher = message->request ? &message->to : &message->from;
    bool active = band == BAND_AVAILABLE || band == BAND_BUSY || band == BAND_DO_NOT_DISTURB;
    if (active && fact->key.user.size > 0 && !slice_equal(fact->key.user, watcher->user)) {
        remark(audit, rule, event, fact->key.user);
    }
}
