/*
 * What a flow lacks, and whether that may be said. See flow.h.
 *
 * A step is missing if it had to come, did not, its place was observed all the time, and either a
 * step that needs it was seen or the client went on long after the flow had settled. A step is
 * misplaced if it was seen before one that it needs.
 */
#include "analyzer/audit/flow_judge.h"

#include "analyzer/engine/arena.h"

static bool seen(const struct flow_run *run, size_t step)
{
    return (run->seen >> step & 1) != 0;
}

static size_t opening_of(const struct flow_table *table)
{
    size_t step = 0;
    while (table->steps[step].need != NEED_ALWAYS) {
        step++;
    }
    return step;
}

/* A client that registers and invites a pool which it knew before shows no mark of an old one. */
static bool is_marked(const struct flow_run *run)
{
    uint32_t marks = flow_tables[run->kind].marks;
    return marks == 0 || (run->seen & marks) != 0;
}

static bool is_joined(const struct flow_run *run)
{
    return run->joined || !seen(run, opening_of(&flow_tables[run->kind])) || !is_marked(run);
}

static bool is_full(const struct flow_run *run)
{
    const struct flow_table *table = &flow_tables[run->kind];
    return (run->seen & table->full_any) != 0 ||
           (table->full_all != 0 && (run->seen & table->full_all) == table->full_all);
}

static bool is_needed(const struct flow_run *run, size_t step)
{
    switch (flow_tables[run->kind].steps[step].need) {
    case NEED_ALWAYS:
        return true;
    case NEED_FULL:
        return is_full(run);
    case NEED_ROOMS:
        return is_full(run) &&
               (run->rooms || (flow_has(run, MOMENT_HISTORY) && !flow_has(run, MOMENT_JOIN)));
    case NEED_OTHERS:
        return run->others;
    case NEED_NEVER:
        break;
    }
    return false;
}

static bool is_observable(enum flow_place place)
{
    return place == PLACE_SIP || place == PLACE_HTTP || place == PLACE_DNS;
}

/* Everything that comes before a step, by way of others too. */
static uint32_t all_before(const struct flow_table *table, size_t step)
{
    uint32_t before = table->steps[step].after;
    for (size_t i = step; i > 0; i--) {
        if ((before >> (i - 1) & 1) != 0) {
            before |= table->steps[i - 1].after;
        }
    }
    return before;
}

/* The first step seen that needs this one; step_count when there is none. */
static size_t successor(const struct flow_run *run, size_t step)
{
    const struct flow_table *table = &flow_tables[run->kind];
    size_t later = step + 1;
    while (later < table->step_count &&
           (!seen(run, later) || (all_before(table, later) >> step & 1) == 0)) {
        later++;
    }
    return later;
}

/* The first step that this one needs and that came after it; step_count when there is none. */
static size_t overtaken(const struct flow_run *run, size_t step)
{
    const struct flow_table *table = &flow_tables[run->kind];
    size_t other = 0;
    while (other < table->step_count &&
           ((table->steps[step].after >> other & 1) == 0 || !seen(run, other) ||
            run->steps[other].sight.message <= run->steps[step].sight.message)) {
        other++;
    }
    return other;
}

static bool lacks(const struct flow_run *run, size_t step)
{
    const struct flow_table *table = &flow_tables[run->kind];
    return !seen(run, step) && is_needed(run, step) && is_observable(table->steps[step].place) &&
           (successor(run, step) < table->step_count || run->proved);
}

bool flow_is_done(const struct flow_run *run)
{
    const struct flow_table *table = &flow_tables[run->kind];
    size_t step = 0;
    while (step < table->step_count &&
           (seen(run, step) || !is_needed(run, step) || !is_observable(table->steps[step].place))) {
        step++;
    }
    return run->settled && (step == table->step_count || is_joined(run)) &&
           run->kind != FLOW_PRESENCE_SUBSCRIBE && run->kind != FLOW_THIRD_PARTY &&
           run->kind != FLOW_COMPLIANCE;
}

bool flow_is_questionable(const struct call_flows *flows, const struct flow_run *run)
{
    const struct flow_table *table = &flow_tables[run->kind];
    if (run->kind == FLOW_COMPLIANCE && (flows->archive->given || flows->stored->expected)) {
        return true;
    }
    for (size_t step = 0; step < table->step_count; step++) {
        bool early = seen(run, step) && overtaken(run, step) < table->step_count;
        if (!is_joined(run) && (early || lacks(run, step))) {
            return true;
        }
    }
    return false;
}

/* ---- the end ---- */

static int64_t first_time(const struct flow_run *run)
{
    int64_t first = TIME_NONE;
    for (size_t i = 0; i < FLOW_STEPS; i++) {
        if (seen(run, i) && (first == TIME_NONE || run->steps[i].sight.time < first)) {
            first = run->steps[i].sight.time;
        }
    }
    return first;
}

static int64_t last_time(const struct flow_run *run)
{
    int64_t last = TIME_NONE;
    for (size_t i = 0; i < FLOW_STEPS; i++) {
        if (seen(run, i) && (last == TIME_NONE || run->steps[i].sight.time > last)) {
            last = run->steps[i].sight.time;
        }
    }
    return last;
}

/* Would everything between the client and its server have been seen, on every hop that showed it?
 */
static bool is_heard(const struct flow_run *run, const struct witness *witness)
{
    if (run->datagram) {
        return false;
    }
    int64_t first = first_time(run);
    int64_t last = last_time(run);
    for (size_t i = 0; i < FLOW_STEPS; i++) {
        if (!seen(run, i) || run->steps[i].sight.route.source.family == ADDRESS_NONE) {
            continue;
        }
        struct route up = run->steps[i].sight.route;
        struct route down = route_back(&up);
        if (!witness_hears_host(witness, &up, first, last) ||
            !witness_hears_host(witness, &down, first, last)) {
            return false;
        }
    }
    return true;
}

/* Not a matter of the wire: the comparison with the exports has its own guards. */
static enum flow_step_outcome export_outcome(const struct call_flows *flows,
                                             const struct flow_run *run)
{
    static const enum flow_step_outcome outcomes[] = {
        [ARCHIVE_CANNOT_TELL] = FLOW_STEP_UNTOLD,
        [ARCHIVE_HOLDS] = FLOW_STEP_SEEN,
        [ARCHIVE_LACKS] = FLOW_STEP_MISSING,
    };
    return outcomes[archive_of_post(flows->archive, run->post)];
}

/* The same holds for rows of the compliance database. */
static enum flow_step_outcome row_outcome(const struct call_flows *flows,
                                          const struct flow_run *run)
{
    static const enum flow_step_outcome outcomes[] = {
        [STORED_CANNOT_TELL] = FLOW_STEP_UNTOLD,
        [STORED_HOLDS] = FLOW_STEP_SEEN,
        [STORED_LACKS] = FLOW_STEP_MISSING,
    };
    const struct stored_message *post = stored_of_post(flows->stored, run->post);
    return post ? outcomes[post->answer] : FLOW_STEP_UNTOLD;
}

static enum flow_step_outcome removal_outcome(const struct call_flows *flows,
                                              const struct flow_run *run)
{
    static const enum flow_step_outcome outcomes[] = {
        [STORED_REMOVAL_UNKNOWN] = FLOW_STEP_UNTOLD,
        [STORED_STAYS] = FLOW_STEP_PENDING,
        [STORED_GONE] = FLOW_STEP_SEEN,
    };
    const struct stored_message *post = stored_of_post(flows->stored, run->post);
    return post ? outcomes[post->removal] : FLOW_STEP_UNTOLD;
}

static enum flow_step_outcome step_outcome(const struct call_flows *flows,
                                           const struct flow_run *run, size_t step, bool heard)
{
    const struct flow_step *row = &flow_tables[run->kind].steps[step];
    bool joined = is_joined(run);
    if (row->place == PLACE_EXPORT) {
        return export_outcome(flows, run);
    }
    if (row->place == PLACE_DATABASE) {
        return row_outcome(flows, run);
    }
    if (row->place == PLACE_DATABASE_GONE) {
        return removal_outcome(flows, run);
    }
    if (seen(run, step)) {
        bool early = overtaken(run, step) < flow_tables[run->kind].step_count;
        return early && heard && !joined ? FLOW_STEP_MISPLACED : FLOW_STEP_SEEN;
    }
    bool place = is_observable(row->place) && (row->place != PLACE_HTTP || flows->saw_http) &&
                 (row->place != PLACE_DNS || flows->saw_dns);
    if (!place || joined) {
        return FLOW_STEP_UNTOLD;
    }
    if (!is_needed(run, step)) {
        return FLOW_STEP_ABSENT;
    }
    return heard && lacks(run, step) ? FLOW_STEP_MISSING : FLOW_STEP_UNTOLD;
}

static enum flow_outcome outcome_of(const struct flow_run *run, const struct flow_step_view *steps)
{
    const struct flow_table *table = &flow_tables[run->kind];
    bool open = false;
    if (is_joined(run)) {
        return FLOW_JOINED;
    }
    for (size_t i = 0; i < table->step_count; i++) {
        enum flow_step_outcome outcome = steps[i].outcome;
        if (outcome == FLOW_STEP_MISSING || outcome == FLOW_STEP_MISPLACED) {
            return FLOW_INCOMPLETE;
        }
        open = open || outcome == FLOW_STEP_PENDING ||
               (outcome == FLOW_STEP_UNTOLD && is_needed(run, i));
    }
    if (!open) {
        return FLOW_COMPLETE;
    }
    return run->excused ? FLOW_INCOMPLETE : FLOW_IN_PROGRESS;
}

static struct slice words_of(const struct flow_step *step, struct arena *arena)
{
    struct slice name = slice_of(step->name);
    char *text = arena_alloc(arena, name.size + 4);
    size_t size = 0;
    if (step->number >= 10) {
        text[size++] = (char)('0' + step->number / 10);
    }
    text[size++] = (char)('0' + step->number % 10);
    text[size++] = ' ';
    for (size_t i = 0; i < name.size; i++) {
        text[size++] = name.data[i];
    }
    return (struct slice){text, size};
}

static void raise_step(struct call_flows *flows, const struct flow_run *run, enum rule_id rule,
                       size_t step, size_t other, struct verdicts *verdicts)
{
    const struct flow_table *table = &flow_tables[run->kind];
    struct arena arena;
    arena_init(&arena);
    struct proof *proof = proof_new();
    if (run->steps[step].proof) {
        proof_join(flows->proofs, proof, run->steps[step].proof);
    } else if (run->steps[opening_of(table)].proof) {
        proof_join(flows->proofs, proof, run->steps[opening_of(table)].proof);
    }
    if (other < table->step_count) {
        proof_join(flows->proofs, proof, run->steps[other].proof);
    }
    size_t at = seen(run, step) ? step : other < table->step_count ? other : opening_of(table);
    /* A copy whose post was not seen may be of a post made at another endpoint of the user. */
    bool elsewhere = table->steps[step].moment == MOMENT_POST && !flow_has(run, MOMENT_TOKEN);
    struct verdict draft = {
        .rule = rule,
        .severity = elsewhere ? SEVERITY_NOTE : SEVERITY_WARNING,
        .time = run->steps[at].sight.time,
        .count = 1,
        .cause = run->post != 0 ? cause_of(CAUSE_POST, run->post) : 0,
        .about =
            {
                .user = run->user,
                .call_id = run->call_id_count > 0 ? run->call_ids[run->call_id_count - 1]
                                                  : (struct slice){0},
                .what = words_of(&table->steps[step], &arena),
                .place = slice_of(table->name),
                .detail = other < table->step_count ? words_of(&table->steps[other], &arena)
                                                    : (struct slice){0},
            },
        .proof = proof,
        .flow = table->name,
        .step = table->steps[step].name,
    };
    verdict_raise(verdicts, &draft);
    if (run->post != 0 && verdict_outranked(verdicts, draft.cause, rule)) {
        flow_explain(flows, run->post_message, run->kind, step);
    }
    proof_release(flows->proofs, proof);
    arena_dispose(&arena);
}

/* What shows a step that passes no wire. */
static void show_archived(const struct call_flows *flows, const struct flow_run *run,
                          enum flow_place place, struct flow_step_view *view)
{
    const struct archive_row *copy = archive_copy_of_post(flows->archive, run->post);
    const struct stored_message *post = stored_of_post(flows->stored, run->post);
    if (place == PLACE_EXPORT && copy) {
        view->time = copy->origin.time;
        view->origin = copy->origin;
    } else if (place == PLACE_DATABASE && view->outcome == FLOW_STEP_SEEN) {
        view->time = post->row.time;
        view->origin = post->row;
    } else if (place == PLACE_DATABASE_GONE && view->outcome == FLOW_STEP_SEEN) {
        view->time = post->looked;
        view->origin = post->row;
    }
}

static struct flow_step_view view_of(const struct call_flows *flows, const struct flow_run *run,
                                     size_t step, bool heard)
{
    const struct flow_step *row = &flow_tables[run->kind].steps[step];
    struct flow_step_view view = {
        .name = row->name,
        .number = row->number,
        .outcome = step_outcome(flows, run, step, heard),
        .time = TIME_NONE,
    };
    if (seen(run, step)) {
        view.time = run->steps[step].sight.time;
        view.origin = run->steps[step].sight.origin;
    } else {
        show_archived(flows, run, row->place, &view);
    }
    return view;
}

/* What an archive lacks, compliance-... rules report, and about a copy the rules of delivery. */
static void judge_step(struct call_flows *flows, const struct flow_run *run, size_t step,
                       enum flow_step_outcome outcome, struct verdicts *verdicts)
{
    const struct flow_step *row = &flow_tables[run->kind].steps[step];
    bool missing = outcome == FLOW_STEP_MISSING && is_observable(row->place);
    if (missing && row->moment == MOMENT_COPY) {
        flow_explain(flows, run->post_message, run->kind, step);
    } else if (missing) {
        raise_step(flows, run, RULE_FLOW_STEP_MISSING, step, successor(run, step), verdicts);
    } else if (outcome == FLOW_STEP_MISPLACED) {
        raise_step(flows, run, RULE_FLOW_STEP_OUT_OF_ORDER, step, overtaken(run, step), verdicts);
    }
}

void flow_report(struct call_flows *flows, const struct flow_run *run,
                 const struct witness *witness, struct verdicts *verdicts)
{
    const struct flow_table *table = &flow_tables[run->kind];
    struct flow_step_view steps[FLOW_STEPS];
    bool heard = !witness || is_heard(run, witness);
    bool judged = verdicts && !run->excused && run->pending == 0;
    for (size_t i = 0; i < table->step_count; i++) {
        steps[i] = view_of(flows, run, i, heard);
        if (judged) {
            judge_step(flows, run, i, steps[i].outcome, verdicts);
        }
    }
    const struct flow_view view = {
        .flow = table->name,
        .generation = table->generation,
        .user = run->user,
        .call_ids = run->call_ids,
        .call_id_count = run->call_id_count,
        .outcome = outcome_of(run, steps),
        .start = first_time(run),
        .end = last_time(run),
        .steps = steps,
        .step_count = table->step_count,
    };
    if (flows->sink.flow && run->seen != 0) { /* else nothing of it was captured */
        flows->sink.flow(flows->sink.context, &view);
    }
}
