/*
 * The audit of database rows. See database_audit.h.
 */
#include "analyzer/database_audit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/audit/database.h"
#include "analyzer/database_posts.h"
#include "analyzer/engine/arena.h"
#include "analyzer/engine/bands.h"
#include "analyzer/rows_feed.h"
#include "analyzer/rows_person.h"

enum { FRONT_ENDS_MOST = 1000, STATE_TEXT = 48, KEY_TEXT = 80 };

/* What one side says of a user. */
struct told_state {
    enum band band;
    int64_t availability;
    int64_t time;
    enum presence_source source;
    struct origin origin;
    struct origin_row row; /* of `origin`; its texts are in the arena */
};

struct database_audit {
    struct database_order order;
    struct arena arena; /* findings, and whatever is kept of the trace */
    struct audit *audit;
    struct rows_feed *feed;
    struct database_posts *posts;
    struct map traced; /* user -> struct told_state */
    struct map front_ends;
    struct finding *findings;
    size_t count;
    size_t capacity;
    size_t peers;
    uint64_t users;
    int64_t trace_end;
    bool traces;           /* a trace is compared */
    bool uncovered;        /* a server was not asked, or not to its end */
    bool sees_ends;        /* a table of endpoints was read */
    bool ends_ahead;       /* ... and has one that is still to run out */
    const char *fault;     /* of the peer being read */
    struct told_state now; /* of the user whose rows are being fed */
    struct database_scope scope;
};

/* ---- making ---- */

static void keep_finding(void *context, const struct finding *finding)
{
    struct database_audit *database = context;
    struct arena *arena = &database->arena;
    if (database->count == database->capacity) {
        database->capacity = database->capacity > 0 ? database->capacity * 2 : 32;
        database->findings =
            memory_grow(database->findings, database->capacity, sizeof *database->findings);
    }
    struct finding *kept = &database->findings[database->count++];
    *kept = *finding;
    kept->message = arena_keep(arena, finding->message);
    kept->user = arena_keep(arena, finding->user);
    kept->peer = arena_keep(arena, finding->peer);
    kept->room = arena_keep(arena, finding->room);
    kept->call_id = arena_keep(arena, finding->call_id);
    struct origin *evidence = arena_zero(arena, finding->evidence_count, sizeof *evidence);
    for (size_t i = 0; i < finding->evidence_count; i++) {
        evidence[i] = finding->evidence[i];
    }
    kept->evidence = evidence;
}

static bool choose_rules(struct database_audit *database, char *problem, size_t problem_size)
{
    const struct database_order *order = &database->order;
    bool only = false;
    for (size_t i = 0; i < order->rule_count; i++) {
        only = only || order->rules[i].what == RULE_ONLY;
    }
    if (only) {
        audit_disable_all(database->audit);
    }
    for (size_t i = 0; i < order->rule_count; i++) {
        const struct rule_choice *choice = &order->rules[i];
        bool known = choice->what == RULE_WAIT
                         ? audit_set_wait(database->audit, choice->rule, choice->seconds)
                         : audit_enable(database->audit, choice->rule, choice->what == RULE_ONLY);
        if (!known) {
            snprintf(problem, problem_size, "there is no rule '%.*s'; 'ocsight rules' lists them",
                     (int)choice->rule.size, choice->rule.data);
            return false;
        }
    }
    return true;
}

static bool open_feed(struct database_audit *database, char *problem, size_t problem_size)
{
    const struct rows_options options = {
        .users = database->order.users,
        .user_count = database->order.user_count,
        .now = time_add(database->order.now, -audit_row_grace(database->audit)),
        .max_rows = database->order.max_rows,
        .seed = database->order.seed,
        .limits = database->order.limits,
    };
    database->feed = rows_feed_new(&options, problem, problem_size);
    return database->feed != NULL;
}

struct database_audit *database_audit_new(const struct database_order *order, char *problem,
                                          size_t problem_size)
{
    struct database_audit *database = memory_zero(1, sizeof *database);
    const struct finding_sink sink = {keep_finding, database};
    database->order = *order;
    database->trace_end = TIME_NONE;
    arena_init(&database->arena);
    map_init(&database->traced, order->seed);
    map_init(&database->front_ends, order->seed);
    database->audit = audit_new(order->seed, order->limits, &sink);
    database->posts = database_posts_new(order->seed, order->limits);
    if (!choose_rules(database, problem, problem_size) ||
        !open_feed(database, problem, problem_size)) {
        database_audit_free(database);
        return NULL;
    }
    return database;
}

void database_audit_free(struct database_audit *database)
{
    if (database) {
        rows_feed_free(database->feed);
        database_posts_free(database->posts);
        audit_free(database->audit);
        map_dispose(&database->traced, NULL);
        map_dispose(&database->front_ends, NULL);
        arena_dispose(&database->arena);
        free(database->findings);
        free(database);
    }
}

/* ---- the trace ---- */

/* Only what the server, or the user, said of itself: a watcher's copy may be softened. */
static bool is_first_hand(enum presence_source source)
{
    return source == SOURCE_AGGREGATE || source == SOURCE_COMPUTED;
}

void database_audit_watch_event(struct database_audit *database, const struct event *event)
{
    int64_t time = event->origin.time;
    database->traces = true;
    if (time != TIME_NONE && time > database->trace_end) {
        database->trace_end = time;
    }
    database_posts_event(database->posts, event);
}

void database_audit_watch_change(struct database_audit *database, const struct change *change)
{
    database_posts_change(database->posts, change);
    if (change->kind != CHANGE_PRESENCE) {
        return;
    }
    const struct presence_change *said = &change->as.presence;
    struct told_state *state = map_find(&database->traced, said->user);
    if (!state && database->traced.count < database->order.limits->users) {
        state = arena_zero(&database->arena, 1, sizeof *state);
        map_put(&database->traced, said->user, state);
    }
    if (state) {
        *state = (struct told_state){
            .band = said->band,
            .availability = said->availability,
            .time = change->time,
            .source = said->source,
            .origin = change->origin,
        };
    }
}

/* ---- peers ---- */

struct asking {
    struct database_audit *database;
    struct peer *peer;
    bool endpoints; /* rows of Endpoint, else of RegistrarEndpoint */
};

void database_audit_remark(struct database_audit *database, struct slice server, const char *words)
{
    audit_row_gap(database->audit, server, slice_of(words), database->order.now);
}

static void lack(struct database_audit *database, struct slice server,
                 const struct peer_answer *answer)
{
    database_audit_remark(database, server, answer->problem);
}

/* A key is JSON as it stands: what is no GUID is left out of it. */
static bool is_guid(struct slice id)
{
    bool fits = id.size > 0;
    for (size_t i = 0; fits && i < id.size; i++) {
        char c = ascii_lower(id.data[i]);
        fits = c == '-' || ascii_is_digit(c) || (c >= 'a' && c <= 'f');
    }
    return fits;
}

static bool take_orphan(void *context, const struct peer_row *row)
{
    static const enum orphan_kind kinds[] = {
        [1] = ORPHAN_UNREGISTERED,  [2] = ORPHAN_EXPIRED,          [3] = ORPHAN_EXPIRED,
        [4] = ORPHAN_WITHOUT_OWNER, [5] = ORPHAN_WITHOUT_ENDPOINT, [6] = ORPHAN_WITHOUT_OWNER,
    };
    const struct asking *asking = context;
    char key[KEY_TEXT];
    int64_t kind = cell_integer(row_cell(row, "Finding"), 0);
    struct slice id = slice_sub(cell_bytes(row_cell(row, "EndpointId")), 0, 40);
    if (kind < 1 || kind > 6) {
        return true;
    }
    snprintf(key, sizeof key, is_guid(id) ? "{\"EndpointId\": \"%.*s\"}" : "{}", (int)id.size,
             id.data);
    const struct origin_row origin = {
        .server = peer_name(asking->peer),
        .database = slice_of("rtcdyn"),
        .table = slice_of(kind <= 3 ? "Endpoint" : "RegistrarEndpoint"),
        .key = slice_of(key),
    };
    int64_t expires = cell_time(row_cell(row, "ExpiresAt"));
    const struct orphan orphan = {
        .kind = kinds[kind],
        .user = cell_bytes(row_cell(row, "UserAtHost")),
        .id = id,
        .origin = {.time = expires != TIME_NONE ? expires : asking->database->order.now,
                   .row = &origin},
    };
    audit_orphan(asking->database->audit, &orphan);
    return true;
}

static bool take_ahead(void *context, const struct peer_row *row)
{
    const struct asking *asking = context;
    asking->database->sees_ends = true;
    asking->database->ends_ahead =
        asking->database->ends_ahead || cell_integer(row_cell(row, "Ahead"), 0) > 0;
    return true;
}

static bool take_front_end(void *context, const struct peer_row *row)
{
    const struct asking *asking = context;
    char lower[256];
    struct slice name =
        slice_lower(lower, sizeof lower, slice_trim(cell_bytes(row_cell(row, "Fqdn"))));
    if (name.size > 0 && asking->database->front_ends.count < FRONT_ENDS_MOST) {
        map_put(&asking->database->front_ends, name, NULL);
    }
    return true;
}

/* What is not there is said; what is not whole ends the reading of this peer. */
static struct peer_answer ask(struct asking *asking, const char *statement,
                              bool (*take)(void *, const struct peer_row *), bool quiet)
{
    struct database_audit *database = asking->database;
    const struct query_parameter now = {
        "@now", cell_of_time(time_add(database->order.now, -audit_row_grace(database->audit)))};
    const struct query query = {
        .statement = statement,
        .parameters = &now,
        .parameter_count = strcmp(statement, "live/orphans_endpoints") == 0 ||
                           strcmp(statement, "live/endpoints_ahead") == 0,
        .max_rows = database->order.max_rows,
    };
    const struct row_sink sink = {asking, take};
    struct peer_answer answer = peer_ask(asking->peer, &query, &sink);
    if (answer.fault == PEER_MISSING) {
        if (!quiet) {
            lack(database, peer_name(asking->peer), &answer);
        }
        answer.fault = PEER_FINE;
    } else if (answer.fault == PEER_CUT) {
        database_audit_remark(database, peer_name(asking->peer),
                              "not all rows were read: --max-rows");
        answer.fault = PEER_FINE;
    }
    return answer;
}

struct peer_answer database_audit_gather(struct database_audit *database, struct peer *peer)
{
    static const struct {
        const char *statement;
        bool (*take)(void *, const struct peer_row *);
        bool quiet; /* a server without it is a server of an older version */
    } statements[] = {
        {"live/front_ends", take_front_end, true},
        {"live/endpoints_ahead", take_ahead, true},
        {"live/orphans_endpoints", take_orphan, false},
        {"live/orphans_registrations", take_orphan, false},
    };
    struct asking asking = {.database = database, .peer = peer};
    struct peer_answer answer = rows_feed_gather(database->feed, peer);
    database->peers++;
    if (answer.fault == PEER_CUT) {
        database->uncovered = true;
        database_audit_remark(database, peer_name(peer), "not all rows were read: --max-rows");
        answer.fault = PEER_FINE;
    }
    for (size_t i = 0; i < sizeof statements / sizeof statements[0] && answer.fault == PEER_FINE;
         i++) {
        answer = ask(&asking, statements[i].statement, statements[i].take, statements[i].quiet);
    }
    if (answer.fault == PEER_FINE) {
        answer = database_posts_ask(database->posts, peer, database->audit, database->order.now);
    }
    database->uncovered = database->uncovered || answer.fault != PEER_FINE;
    return answer;
}

/* ---- judging ---- */

static void take_change(void *context, const struct change *change)
{
    struct database_audit *database = context;
    audit_row_change(database->audit, &database->scope, change);
    if (change->kind == CHANGE_PRESENCE && change->origin.row) {
        const struct presence_change *said = &change->as.presence;
        database->now = (struct told_state){
            .band = said->band,
            .availability = said->availability,
            .time = change->origin.time,
            .source = said->source,
            .origin = change->origin,
        };
    }
}

static struct slice words_of(const struct told_state *state, char out[static STATE_TEXT])
{
    int size = snprintf(out, STATE_TEXT, "%s", band_title(state->band));
    if (state->availability >= 0 && size > 0) {
        snprintf(out + size, STATE_TEXT - (size_t)size, " (%lld)", (long long)state->availability);
    }
    return slice_of(out);
}

/* A row that was published after what the trace saw is no difference: it is news. */
static bool are_comparable(const struct database_audit *database, const struct told_state *traced,
                           const struct live_person *person)
{
    int64_t wait = audit_presence_grace(database->audit);
    for (size_t i = 0; i < person->event_count; i++) {
        if (person->events[i].origin.time == TIME_NONE ||
            person->events[i].origin.time > traced->time) {
            return false;
        }
    }
    return is_first_hand(traced->source) && database->now.source == SOURCE_DATABASE &&
           database->now.origin.row && traced->time <= time_add(database->trace_end, -wait) &&
           traced->band != BAND_UNKNOWN && database->now.band != BAND_UNKNOWN;
}

static void compare_presence(struct database_audit *database, const struct live_person *person)
{
    const struct told_state *traced = map_find(&database->traced, person->user);
    char trace[STATE_TEXT];
    char rows[STATE_TEXT];
    if (!traced || traced->band == database->now.band ||
        !are_comparable(database, traced, person)) {
        return;
    }
    const struct presence_pair pair = {
        .user = person->user,
        .trace = words_of(traced, trace),
        .rows = words_of(&database->now, rows),
        .traced = traced->time,
        .source = &traced->origin,
        .row = &database->now.origin,
    };
    audit_presence_differs(database->audit, &pair);
}

static void judge_person(struct database_audit *database, const struct live_person *person)
{
    const struct change_sink changes = {take_change, database};
    int64_t now = time_add(database->order.now, -audit_row_grace(database->audit));
    database->users++;
    database->now = (struct told_state){.band = BAND_UNKNOWN};
    audit_person(database->audit, &database->scope, person);
    if (!rows_person_tell(person, now, database->order.seed, database->order.limits, &changes)) {
        database->fault = "a limit that protects against hostile rows was reached";
    }
    compare_presence(database, person);
}

static void settle_scope(struct database_audit *database)
{
    size_t named = database->front_ends.count;
    database->scope.now = database->order.now;
    database->scope.covered = !database->uncovered && named <= database->peers;
    if (named > database->peers) {
        char words[160];
        snprintf(words, sizeof words,
                 "%zu front ends are named there and %zu asked: who is registered nowhere cannot "
                 "be told",
                 named, database->peers);
        database_audit_remark(database, slice_of(""), words);
    }
    if (database->sees_ends && !database->ends_ahead) {
        audit_distrust_clock(database->audit);
        database_audit_remark(database, slice_of(""),
                              "no endpoint is still to run out: the servers' times may be of "
                              "another zone, so nothing is said of what ran out (--at)");
    }
}

bool database_audit_run(struct database_audit *database)
{
    struct live_person person;
    settle_scope(database);
    while (rows_feed_next(database->feed, &person)) {
        judge_person(database, &person);
    }
    for (size_t i = 0; i < rows_feed_absent_count(database->feed); i++) {
        char words[600];
        snprintf(words, sizeof words, "%s: not there, or the login may not see it",
                 rows_feed_absent(database->feed, i));
        database_audit_remark(database, slice_of(""), words);
    }
    if (database->fault) {
        database_audit_remark(database, slice_of(""), database->fault);
    }
    audit_end(database->audit, database->order.now);
    return rows_feed_problem(database->feed)[0] == '\0';
}

/* ---- findings ---- */

size_t database_audit_count(const struct database_audit *database)
{
    return database->count;
}

const struct finding *database_audit_finding(const struct database_audit *database, size_t index)
{
    return &database->findings[index];
}

uint64_t database_audit_users(const struct database_audit *database)
{
    return database->users;
}
