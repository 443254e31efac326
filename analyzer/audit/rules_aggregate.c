/*
 * Rules about the server's aggregates. See rules_aggregate.h.
 *
 * Facts: presence.md 3.1 and 3.3, rules A1 and A2. What the server should say is the
 * engine's to work out (CHANGE_AGGREGATE); here it is decided whether a difference
 * is a finding: all inputs are known, it lasts, and nothing that was told to the
 * owner meanwhile is missing. [MS-PRES] could not be read, so A1 is a note.
 */
#include "analyzer/audit/rules_aggregate.h"

#include "analyzer/audit/state.h"
#include "analyzer/engine/buffer.h"

enum { OWNER_ROUTES = 4, WORDS_MAX = 160 };

/* Where the owner is told of its own presence: one route for each of its endpoints. */
struct owner_route {
    struct route route;
    int64_t since; /* ns: whatever came before does not matter any more */
};

struct owner_routes {
    struct owner_route list[OWNER_ROUTES];
    size_t count;
    bool deaf; /* more than fit, or one on which a loss leaves no trace */
};

/* The record of an owner, kept by presence-aggregate-unexpected for both; it has no deadline. */
struct owner {
    struct expectation expected;
    struct owner_routes routes;
};

/* A difference that may go away again. */
struct difference {
    struct expectation expected;
    struct owner_routes routes;
    int64_t due;
    int64_t server;
    enum severity severity;
};

static uint64_t owner_number(const struct audit *audit, struct slice user)
{
    const struct slice words[] = {user, SLICE("owner")};
    return audit_key(audit, words, 2);
}

static uint64_t difference_number(const struct audit *audit, struct slice user, uint32_t container,
                                  int64_t since)
{
    const struct slice words[] = {
        user,
        {(const char *)&container, sizeof container},
        {(const char *)&since, sizeof since},
    };
    return audit_key(audit, words, sizeof words / sizeof words[0]);
}

/* ---- who is told, and where ---- */

static void follow_route(struct owner_routes *routes, const struct message *message)
{
    struct route route = route_of(&message->observed);
    int64_t now = message->observed.origin.time;
    routes->deaf = routes->deaf || message->observed.transport == TRANSPORT_UDP;
    for (size_t i = 0; i < routes->count; i++) {
        if (route_equal(&routes->list[i].route, &route)) {
            if (!message->request) { /* the answer to a SUBSCRIBE begins afresh */
                routes->list[i].since = now;
            }
            return;
        }
    }
    if (routes->count < OWNER_ROUTES) {
        routes->list[routes->count++] = (struct owner_route){route, now};
    } else {
        routes->deaf = true;
    }
}

static struct owner *owner_find(const struct audit *audit, struct slice user)
{
    return expect_find(&audit->expect, RULE_PRESENCE_AGGREGATE_UNEXPECTED,
                       owner_number(audit, user));
}

static void owner_told(struct audit *audit, enum rule_id rule, const struct change *change)
{
    const struct told_change *told = &change->as.told;
    if (!told->owner || !told->has_container || !change->message) {
        return;
    }
    struct owner *owner = owner_find(audit, told->user);
    if (!owner) {
        const struct subject about = {.user = told->user};
        owner = expect_add(&audit->expect, rule, owner_number(audit, told->user), change->time,
                           &about, sizeof *owner);
    }
    if (owner) {
        follow_route(&owner->routes, change->message);
    }
}

/* ---- differences ---- */

/* A new input or a new aggregate: a difference that has lasted stays to be judged. */
static void settle(struct audit *audit, enum rule_id rule, const struct aggregate_change *given,
                   int64_t now)
{
    uint64_t number = difference_number(audit, given->user, given->container, TIME_NONE);
    struct difference *open = expect_find(&audit->expect, rule, number);
    if (open && open->expected.overdue && now > open->due) {
        expect_rename(
            &audit->expect, &open->expected,
            difference_number(audit, given->user, given->container, open->expected.since));
    } else {
        expect_drop(&audit->expect, open);
    }
}

static void put_range(struct buffer *out, const struct availability_range *range)
{
    buffer_append_u64(out, (uint64_t)range->low);
    if (range->high == UINT32_MAX) {
        buffer_append_text(out, " and above");
    } else if (range->high != range->low) {
        buffer_append_text(out, " to ");
        buffer_append_u64(out, (uint64_t)range->high);
    }
}

static void put_admitted(struct buffer *out, const struct admitted *admitted)
{
    for (size_t i = 0; i < admitted->count; i++) {
        buffer_append_text(out, i > 0 ? " or " : "");
        put_range(out, &admitted->ranges[i]);
    }
}

void aggregate_put_expected(struct buffer *out, const struct aggregate_change *given, bool machines)
{
    if (machines) {
        buffer_append_u64(out, (uint64_t)given->machine);
    } else {
        put_admitted(out, &given->admitted);
    }
}

void aggregate_cite(struct audit *audit, struct proof *proof, const struct aggregate_change *given,
                    bool machines)
{
    for (size_t i = 0; i < given->input_count; i++) {
        if (!machines || given->inputs[i].kind == STATE_MACHINE) {
            proof_add(&audit->proofs, proof, &given->inputs[i].origin);
        }
    }
    proof_add(&audit->proofs, proof,
              machines ? &given->server_machine_origin : &given->server_origin);
}

static void differs(struct audit *audit, enum rule_id rule, const struct change *change,
                    bool machines)
{
    const struct aggregate_change *given = &change->as.aggregate;
    const struct owner *owner = owner_find(audit, given->user);
    struct owner_routes routes = {.deaf = true};
    if (owner) {
        routes = owner->routes;
    }
    struct buffer expected;
    buffer_init(&expected, WORDS_MAX);
    aggregate_put_expected(&expected, given, machines);
    const struct subject about = {
        .user = given->user,
        .place = slice_of(given->container == 3 ? "container 3" : "container 2"),
        .detail = buffer_slice(&expected),
    };
    struct difference *difference = expect_add(
        &audit->expect, rule, difference_number(audit, given->user, given->container, TIME_NONE),
        change->time, &about, sizeof *difference);
    buffer_dispose(&expected);
    if (!difference) {
        return;
    }
    difference->routes = routes;
    difference->due = time_after(change->time, audit_wait(audit, rule));
    difference->server = machines ? given->server_machine : given->server;
    difference->severity = machines ? SEVERITY_WARNING : SEVERITY_NOTE;
    aggregate_cite(audit, difference->expected.proof, given, machines);
    expect_until(&audit->expect, &difference->expected, difference->due);
}

bool aggregate_may_be_a_gateways(const struct aggregate_change *given)
{
    static const struct slice call = SLICE("on-the-phone");
    for (size_t i = 0; i < given->input_count; i++) {
        if (slice_equal_nocase(given->inputs[i].activity, call)) {
            return false;
        }
    }
    return slice_equal_nocase(given->server_activity, call);
}

void aggregate_seen(struct audit *audit, enum rule_id rule, const struct change *change)
{
    if (change->kind == CHANGE_TOLD) {
        owner_told(audit, rule, change);
        return;
    }
    const struct aggregate_change *given = &change->as.aggregate;
    settle(audit, rule, given, change->time);
    if (given->complete && given->told && !given->agrees && !aggregate_may_be_a_gateways(given)) {
        differs(audit, rule, change, false);
    }
}

void machine_seen(struct audit *audit, enum rule_id rule, const struct change *change)
{
    const struct aggregate_change *given = &change->as.aggregate;
    settle(audit, rule, given, change->time);
    if (given->complete && given->machine_told && !given->machine_agrees) {
        differs(audit, rule, change, true);
    }
}

/* Would anything else that the owner was told have been seen? */
static bool owner_was_heard(const struct audit *audit, const struct difference *difference)
{
    const struct owner_routes *routes = &difference->routes;
    for (size_t i = 0; i < routes->count; i++) {
        const struct owner_route *told = &routes->list[i];
        if (!witness_hears(&audit->witness, &told->route, told->since, difference->due)) {
            return false;
        }
    }
    return routes->count > 0 && !routes->deaf;
}

void aggregate_judge(struct audit *audit, struct expectation *expected)
{
    const struct difference *difference = (const struct difference *)expected;
    if (!owner_was_heard(audit, difference)) {
        return;
    }
    struct verdict draft = verdict_of(audit, expected, difference->severity);
    draft.number = (uint64_t)difference->server;
    const struct slice words[] = {
        expected->about.user,
        expected->about.place,
        expected->about.detail,
        {(const char *)&difference->server, sizeof difference->server},
    };
    verdict_group(&audit->verdicts, &draft, words, sizeof words / sizeof words[0]);
}
