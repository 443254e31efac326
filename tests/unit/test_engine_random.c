/*
 * The presence part of the engine under random stories (engine_script.h), with fixed seeds.
 *
 * A naive model keeps what the publication changes say is live, and nothing else; every
 * other change must agree with it. At the end of a story all that was published is taken
 * back or runs out and everybody signs out: then nothing may be left. And a story is told
 * twice, the second time with what different users do at the same second in another order:
 * each user must fare the same.
 */
#include "analyzer/engine/aggregate.h"
#include "tests/unit/engine_script.h"

enum {
    STORIES = 2500,
    LINES = 48,
    LINE_BYTES = 400,
    USERS = 3,
    LIVE_MAX = 64,
    LONGEST = 3700, /* seconds: no lifetime is longer */
};

/* ---- the stories ---- */

struct dice {
    uint64_t state;
};

static uint32_t roll(struct dice *dice, uint32_t sides)
{
    dice->state = dice->state * 6364136223846793005U + 1442695040888963407U;
    return (uint32_t)(dice->state >> 33) % sides;
}

#define ANY(dice, table) table[roll(dice, sizeof table / sizeof table[0])]

struct line {
    unsigned time; /* seconds */
    unsigned user; /* whom it concerns */
    char text[LINE_BYTES];
};

struct tale {
    struct line lines[LINES];
    size_t count;
};

/* clang-format off */
static const char *const names[USERS] = {"ann", "bob", "cyd"};
static const char *const epids[] = {"e1", "e2", "e3"};
static const char *const tags[] = {"A", "B", "C", "-"};
static const char *const statuses[] = {"200", "200", "200", "none", "401", "409", "412", "423", "489", "503"};
static const char *const numbers[] = {"-", "0", "2999", "3500", "5000", "6500", "6900", "9500", "12500", "15500", "18000", "18500"};
static const char *const lives[] = {"static", "endpoint", "user", "1", "60", "900"};
static const char *const seconds[] = {"0", "1", "60", "600", "3600"};
static const char *const activities[] = {"on-the-phone", "busy", "away", "open", "closed", "-"};
static const char *const states[] = {"trying", "confirmed", "confirmed", "terminated", "refused"};

static const struct { const char *kind; unsigned instance; } kinds[] = {
    {"userState", 536870912}, {"userState", 603979776}, {"machineState", 805306369},
    {"machineState", 805306370}, {"calendarState", 1073741825}, {"phoneState", 2147483649},
    {"conferenceState", 2147483650}, {"aggregateState", 1}, {"aggregateMachineState", 268435456},
};
/* clang-format on */

static size_t put_item(struct dice *dice, char *out, size_t room, unsigned time)
{
    static const unsigned containers[] = {2, 2, 2, 3, 3, 200};
    unsigned container = ANY(dice, containers);
    size_t kind = roll(dice, sizeof kinds / sizeof kinds[0]);
    if (roll(dice, 6) == 0) {
        return (size_t)snprintf(out, room, " -state/%u/%u", kinds[kind].instance, container);
    }
    size_t at = (size_t)snprintf(out, room, " state/%u/%u/%s/%s/%s", kinds[kind].instance,
                                 container, kinds[kind].kind, ANY(dice, numbers), ANY(dice, lives));
    if (roll(dice, 3) == 0) {
        at += (size_t)snprintf(out + at, room - at, "/%s", ANY(dice, activities));
    }
    if (roll(dice, 2) == 0) {
        unsigned early = roll(dice, 30);
        at += (size_t)snprintf(out + at, room - at, "@%u", time > early ? time - early : 0);
    }
    if (roll(dice, 2) == 0) {
        at += (size_t)snprintf(out + at, room - at, "#%u", roll(dice, 6));
    }
    return at;
}

static void put_items(struct dice *dice, struct line *line, const char *verb, const char *more)
{
    size_t at = (size_t)snprintf(line->text, LINE_BYTES, "%u %s %s %s", line->time, verb,
                                 names[line->user], more);
    for (unsigned items = 1 + roll(dice, 4); items > 0; items--) {
        at += put_item(dice, line->text + at, LINE_BYTES - at, line->time);
    }
}

static void put_publish(struct dice *dice, struct line *line)
{
    snprintf(line->text, LINE_BYTES, "%u publish %s %s %s %s %s %s", line->time, names[line->user],
             ANY(dice, activities), ANY(dice, seconds), ANY(dice, tags), ANY(dice, tags),
             ANY(dice, statuses));
}

static void put_line(struct dice *dice, struct line *line)
{
    const char *user = names[line->user];
    const char *other = names[roll(dice, USERS)];
    char *out = line->text;
    unsigned time = line->time;
    char more[32];
    switch (roll(dice, 12)) {
    case 0:
    case 1:
        snprintf(out, LINE_BYTES, "%u register %s %s %s %s", time, user, ANY(dice, epids),
                 ANY(dice, seconds), roll(dice, 6) ? "200" : "301");
        break;
    case 2:
        snprintf(out, LINE_BYTES, "%u deregister %s %s", time, user, ANY(dice, epids));
        break;
    case 3:
    case 4:
        snprintf(more, sizeof more, "%s %s", ANY(dice, epids), ANY(dice, statuses));
        put_items(dice, line, "service", more);
        break;
    case 5:
        put_items(dice, line, "document", "");
        break;
    case 6:
        snprintf(more, sizeof more, "%u", 10 + line->user);
        put_items(dice, line, "roaming", more);
        break;
    case 7:
        snprintf(out, LINE_BYTES, "%u notify %s %s %s", time, other, user, ANY(dice, numbers));
        break;
    case 8:
        snprintf(out, LINE_BYTES, "%u subscription %u %s %s %s %u", time, 10 + line->user, user,
                 user, ANY(dice, states), time + 60);
        break;
    case 9:
        snprintf(out, LINE_BYTES, "%u set %s %s %s %u %u", time, user, ANY(dice, epids),
                 ANY(dice, statuses), roll(dice, 400), roll(dice, 900));
        break;
    case 10:
        snprintf(out, LINE_BYTES, "%u legacy %s %s %u %u", time, other, user, roll(dice, 400),
                 roll(dice, 900));
        break;
    default:
        put_publish(dice, line);
        break;
    }
}

static void tell_tale(struct tale *tale, uint64_t seed)
{
    static const unsigned steps[] = {0, 0, 0, 1, 1, 5, 30, 61, 700};
    struct dice dice = {seed * 2654435761U + 1};
    unsigned time = 1000;
    for (tale->count = 0; tale->count < LINES; tale->count++) {
        struct line *line = &tale->lines[tale->count];
        time += ANY(&dice, steps);
        line->time = time;
        line->user = roll(&dice, USERS);
        put_line(&dice, line);
    }
}

/* What different users do in the same second, in another order. */
static void swap_tale(struct tale *tale, uint64_t seed)
{
    struct dice dice = {seed + 77};
    for (size_t pass = 0; pass < 3; pass++) {
        for (size_t i = 0; i + 1 < tale->count; i++) {
            struct line *a = &tale->lines[i];
            struct line *b = &tale->lines[i + 1];
            if (a->time == b->time && a->user != b->user && roll(&dice, 2)) {
                struct line kept = *a;
                *a = *b;
                *b = kept;
            }
        }
    }
}

/* ---- the model ---- */

struct live {
    char name[64]; /* of an instance, or the entity tag */
    bool pidf;
    enum state_kind kind;
    uint32_t container;
    uint64_t record; /* of what made it so */
};

struct model {
    struct script script;
    uint64_t seed;
    int64_t time;
    uint64_t changes;
    struct live live[USERS][LIVE_MAX];
    size_t count[USERS];
    enum band band[USERS];
    size_t shown[USERS]; /* inputs of the last aggregate of container 2 */
    uint64_t digest[USERS];
    size_t computed; /* how often there was something to check */
    size_t complete;
};

static void demand(const struct model *model, bool holds, const char *what)
{
    if (!holds) {
        fail_msg("story %llu at %g: %s", (unsigned long long)model->seed, (double)model->time / 1e9,
                 what);
    }
}

static size_t user_of(const struct model *model, struct slice uri)
{
    size_t user = 0;
    while (user < USERS && (uri.size < 3 || memcmp(uri.data, names[user], 3) != 0)) {
        user++;
    }
    demand(model, user < USERS, "a change of nobody");
    return user;
}

static bool is_input(const struct live *live)
{
    bool state = live->kind >= STATE_USER && live->kind <= STATE_CONFERENCE;
    return state && (live->pidf || live->container == 2 || live->container == 3);
}

static size_t count_inputs(const struct model *model, size_t user, uint32_t container, bool pidf)
{
    size_t count = 0;
    for (size_t i = 0; i < model->count[user]; i++) {
        const struct live *live = &model->live[user][i];
        count += is_input(live) && (live->pidf ? pidf : live->container == container);
    }
    return count;
}

static void forget(struct model *model, size_t user, bool pidf, const char *name)
{
    for (size_t i = 0; i < model->count[user]; i++) {
        struct live *live = &model->live[user][i];
        if (live->pidf == pidf && strcmp(live->name, name) == 0) {
            *live = model->live[user][--model->count[user]];
            return;
        }
    }
}

static const struct live *recall(const struct model *model, size_t user, bool pidf,
                                 const char *name)
{
    for (size_t i = 0; i < model->count[user]; i++) {
        const struct live *live = &model->live[user][i];
        if (live->pidf == pidf && strcmp(live->name, name) == 0) {
            return live;
        }
    }
    return NULL;
}

static void model_publication(struct model *model, const struct change *change)
{
    const struct publication_change *it = &change->as.publication;
    size_t user = user_of(model, it->key.user);
    char name[64];
    char old[64];
    snprintf(old, sizeof old, "%.*s", SLICE_ARGS(it->replaced_tag));
    if (it->pidf) {
        snprintf(name, sizeof name, "%.*s", SLICE_ARGS(it->entity_tag));
    } else {
        snprintf(name, sizeof name, "%.*s/%u/%u", SLICE_ARGS(it->key.name), it->key.instance,
                 it->key.container);
    }
    const struct live *known = recall(model, user, it->pidf, name);
    switch (it->state) {
    case PUBLICATION_LIVE:
    case PUBLICATION_REFRESHED:
    case PUBLICATION_MODIFIED:
        forget(model, user, it->pidf, name);
        if (it->pidf && *old) {
            forget(model, user, true, old);
        }
        demand(model, model->count[user] < LIVE_MAX, "more lives than the story has");
        model->live[user][model->count[user]] = (struct live){
            .pidf = it->pidf,
            .kind = it->value_kind,
            .container = it->key.container,
            .record = change->origin.record,
        };
        strcpy(model->live[user][model->count[user]++].name, name);
        break;
    case PUBLICATION_EXPIRED:
        demand(model, known && it->until != TIME_NONE && it->until <= change->time,
               "something ran out that did not live, or too early");
        demand(model, !change->message && change->origin.record >= known->record,
               "the evidence of what ran out is not its publication");
        forget(model, user, it->pidf, name);
        break;
    case PUBLICATION_ENDED:
        demand(model, known, "something ended that did not live");
        forget(model, user, it->pidf, name);
        break;
    case PUBLICATION_REMOVED:
        if (*name) { /* a request without a tag names nothing that lives */
            forget(model, user, it->pidf, name);
        }
        break;
    case PUBLICATION_REFUSED:
        if (it->pidf && it->status == 412 && *name) {
            forget(model, user, true, name);
        }
        break;
    case PUBLICATION_REQUESTED:
    case PUBLICATION_CONFLICT:
        break;
    }
}

static void check_admitted(struct model *model, const struct admitted *admitted)
{
    demand(model, admitted->count <= ADMITTED_RANGES, "too many ranges");
    for (size_t i = 0; i < admitted->count; i++) {
        demand(model, admitted->ranges[i].low <= admitted->ranges[i].high, "an empty range");
        demand(model, i == 0 || admitted->ranges[i - 1].high + 1 < admitted->ranges[i].low,
               "ranges out of order");
    }
}

static void check_presence(struct model *model, const struct change *change)
{
    const struct presence_change *it = &change->as.presence;
    size_t user = user_of(model, it->user);
    bool derived = it->source == SOURCE_COMPUTED || it->source == SOURCE_PIDF;
    demand(model, it->from == model->band[user], "a presence that begins where none ended");
    model->band[user] = it->band;
    demand(model,
           it->availability == AVAILABILITY_NONE
               ? it->band == BAND_OFFLINE || it->band == BAND_UNKNOWN
               : it->band == band_of(it->availability),
           "a band that is not that of its number");
    demand(model, (it->source == SOURCE_NONE) == (it->band == BAND_UNKNOWN),
           "a presence without a source");
    check_admitted(model, &it->admitted);
    if (derived && it->availability != AVAILABILITY_NONE) {
        model->computed++;
        demand(model, count_inputs(model, user, 2, true) + count_inputs(model, user, 3, false) > 0,
               "a computed presence without a live input");
        demand(model, it->admitted.count > 0, "a computed presence that admits nothing");
        demand(model, it->source != SOURCE_PIDF || count_inputs(model, user, 0, true) > 0,
               "a PIDF presence without PIDF");
    }
}

static void check_aggregate(struct model *model, const struct change *change)
{
    const struct aggregate_change *it = &change->as.aggregate;
    size_t user = user_of(model, it->user);
    size_t own = count_inputs(model, user, it->container, false);
    bool pidf = it->container == 2 || own > 0 || it->told;
    size_t decided = 0;
    for (size_t i = 0; i < it->input_count; i++) {
        decided += it->inputs[i].verdict == INPUT_DECIDED;
        demand(model,
               (it->inputs[i].verdict == INPUT_NO_NUMBER) ==
                   (it->inputs[i].availability == AVAILABILITY_NONE),
               "a number that is none");
    }
    demand(model, it->input_count == count_inputs(model, user, it->container, pidf),
           "an aggregate of other inputs than those that live");
    demand(model, decided <= 1, "two inputs decided");
    demand(model, (it->computed == AVAILABILITY_NONE) == (it->step == STEP_NONE),
           "a number without a step");
    check_admitted(model, &it->admitted);
    demand(model, aggregate_admits(&it->admitted, it->computed, (struct slice){0}),
           "a computed number that is not admitted");
    demand(model, it->agrees || (it->told && it->server != AVAILABILITY_NONE),
           "a disagreement with nobody");
    model->complete += it->complete;
    if (it->container == 2) {
        model->shown[user] = it->input_count;
    }
}

static void digest(struct model *model, size_t user, int64_t time)
{
    struct script *script = &model->script;
    uint64_t hash = model->digest[user] ^ (uint64_t)time;
    for (size_t i = 0; i < script->log_size; i++) {
        hash = (hash ^ (unsigned char)script->log[i]) * 1099511628211U;
    }
    model->digest[user] = hash * 1099511628211U;
    script->log_size = 0;
}

static struct slice whose(const struct change *change)
{
    switch (change->kind) {
    case CHANGE_PRESENCE:
        return change->as.presence.user;
    case CHANGE_ENDPOINT:
        return change->as.endpoint.user;
    case CHANGE_PUBLICATION:
        return change->as.publication.key.user;
    case CHANGE_AGGREGATE:
        return change->as.aggregate.user;
    case CHANGE_TOLD:
        return change->as.told.user;
    default:
        return change->as.subscription.watcher;
    }
}

static void model_change(void *context, const struct change *change)
{
    struct model *model = context;
    demand(model, change->id == ++model->changes, "ids do not ascend");
    demand(model, change->time >= model->time, "time runs backwards");
    model->time = change->time;
    if (change->kind == CHANGE_PUBLICATION) {
        model_publication(model, change);
    } else if (change->kind == CHANGE_PRESENCE) {
        check_presence(model, change);
    } else if (change->kind == CHANGE_AGGREGATE) {
        check_aggregate(model, change);
    }
    script_change(&model->script, change);
    digest(model, user_of(model, whose(change)), change->time);
}

/* ---- a run ---- */

static struct model *run_tale(const struct tale *tale, uint64_t seed)
{
    struct model *model = calloc(1, sizeof *model);
    struct change_sink sink = {model_change, model};
    struct event_sink caps = {script_cap, &model->script};
    struct limits limits = limits_default();
    model->seed = seed;
    model->time = INT64_MIN;
    model->script.aggregates = true;
    model->script.log = calloc(1, 1);
    model->script.engine = engine_new(test_seed(), &limits, &sink, &caps);
    for (size_t i = 0; i < tale->count; i++) {
        char text[LINE_BYTES];
        memcpy(text, tale->lines[i].text, LINE_BYTES);
        script_run_line(&model->script, text);
    }
    return model;
}

static void run_text(struct model *model, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void run_text(struct model *model, const char *format, ...)
{
    char text[LINE_BYTES];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    script_run_line(&model->script, text);
}

/* Takes back what never runs out, lets the rest run out, signs everybody out. */
static void end_tale(struct model *model, unsigned time)
{
    for (size_t user = 0; user < USERS; user++) {
        for (size_t i = 0; i < model->count[user];) {
            const struct live *live = &model->live[user][i];
            size_t before = model->count[user];
            if (live->pidf && live->name[0] == '\0') { /* no tag: it can only run out */
                i++;
                continue;
            }
            if (live->pidf) {
                run_text(model, "%u publish %s - 0 %s - 200", time, names[user], live->name);
            } else {
                run_text(model, "%u service %s e1 200 -%s", time, names[user], live->name);
            }
            demand(model, model->count[user] < before, "something cannot be taken back");
        }
        run_text(model, "%u register %s e1 60", time, names[user]);
    }
    run_text(model, "%u tick", time + LONGEST);
    for (size_t user = 0; user < USERS; user++) {
        demand(model, model->band[user] == BAND_OFFLINE, "somebody is left");
        demand(model, model->shown[user] == 0, "an input is left");
        demand(model, model->count[user] == 0, "something lives");
    }
    demand(model, model->script.caps[0] == '\0', "a cap was reached");
}

static void free_model(struct model *model)
{
    engine_free(model->script.engine);
    free(model->script.log);
    free(model);
}

static void test_random(void **state)
{
    (void)state;
    struct tale *tale = malloc(sizeof *tale);
    size_t computed = 0;
    size_t complete = 0;
    for (uint64_t seed = 1; seed <= STORIES; seed++) {
        tell_tale(tale, seed);
        struct model *model = run_tale(tale, seed);
        end_tale(model, tale->lines[tale->count - 1].time + 1);
        computed += model->computed;
        complete += model->complete;
        free_model(model);
    }
    /* The stories are about something. */
    assert_true(computed > STORIES);
    assert_true(complete > STORIES / 10);
    free(tale);
}

static void test_independent(void **state)
{
    (void)state;
    struct tale *tale = malloc(sizeof *tale);
    struct tale *swapped = malloc(sizeof *swapped);
    size_t different = 0;
    for (uint64_t seed = 1; seed <= STORIES; seed++) {
        tell_tale(tale, seed);
        *swapped = *tale;
        swap_tale(swapped, seed);
        different += memcmp(tale, swapped, sizeof *tale) != 0;
        struct model *first = run_tale(tale, seed);
        struct model *second = run_tale(swapped, seed);
        unsigned end = tale->lines[tale->count - 1].time + LONGEST;
        run_text(first, "%u tick", end);
        run_text(second, "%u tick", end);
        for (size_t user = 0; user < USERS; user++) {
            demand(first,
                   first->digest[user] == second->digest[user] &&
                       first->band[user] == second->band[user],
                   names[user]);
        }
        free_model(first);
        free_model(second);
    }
    assert_true(different > STORIES / 2);
    free(tale);
    free(swapped);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_random),
        cmocka_unit_test(test_independent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
