/*
 * The derived tables of a store: beginning, end, flows and findings. See store_derived.h.
 */
#include <stdlib.h>

#include "analyzer/engine/arena.h"
#include "sql/store_derived_parts.h"

/* ---- rows ---- */

struct derived_row row_begin(struct store_derived *derived, enum derived_statement which)
{
    return (struct derived_row){derived, which, derived->statements[which], 1};
}

void row_integer(struct derived_row *row, int64_t value)
{
    lite_bind_integer(row->statement, row->next++, value);
}

void row_time(struct derived_row *row, int64_t time)
{
    lite_bind_time(row->statement, row->next++, time);
}

void row_text(struct derived_row *row, struct slice text)
{
    store_bind_text(row->statement, row->next++, text);
}

void row_name(struct derived_row *row, const char *name)
{
    row_text(row, slice_of(name));
}

void row_availability(struct derived_row *row, int64_t availability)
{
    if (availability == AVAILABILITY_NONE) {
        lite_bind_null(row->statement, row->next++);
    } else {
        row_integer(row, availability);
    }
}

void row_origin(struct derived_row *row, const struct origin *origin)
{
    if (origin->input < row->derived->input_count) {
        row_integer(row, row->derived->inputs[origin->input]);
    } else {
        lite_bind_null(row->statement, row->next++);
    }
    row_integer(row, (int64_t)origin->record);
}

void row_end(struct derived_row *row)
{
    struct store *store = row->derived->store;
    if (lite_do(row->statement)) {
        store_settle(store, 0);
    } else {
        store_fail(store);
    }
}

/* ---- flows and findings ---- */

static void add_label(void *context, const struct flow_label *label)
{
    struct store_derived *derived = context;
    if (!store_is_fine(derived->store)) {
        return;
    }
    struct derived_row row = row_begin(derived, DERIVED_FLOW_LABEL);
    row_integer(&row, (int64_t)label->message);
    row_name(&row, label->flow);
    row_name(&row, label->step);
    row_integer(&row, label->number);
    row_integer(&row, label->answer);
    row_end(&row);
}

static void add_step(struct store_derived *derived, int64_t flow, size_t index,
                     const struct flow_step_view *step)
{
    struct derived_row row = row_begin(derived, DERIVED_FLOW_STEP);
    row_integer(&row, flow);
    row_integer(&row, (int64_t)index + 1);
    row_integer(&row, step->number);
    row_name(&row, step->name);
    row_name(&row, flow_step_outcome_name(step->outcome));
    row_time(&row, step->time);
    row_origin(&row, &step->origin);
    row_end(&row);
}

static void add_flow(void *context, const struct flow_view *flow)
{
    struct store_derived *derived = context;
    if (!store_is_fine(derived->store)) {
        return;
    }
    const int64_t id = (int64_t)++derived->flows;
    struct derived_row row = row_begin(derived, DERIVED_FLOW);
    row_integer(&row, id);
    row_name(&row, flow->flow);
    row_name(&row, flow->generation);
    row_text(&row, flow->user);
    row_name(&row, flow_outcome_name(flow->outcome));
    row_time(&row, flow->start);
    row_time(&row, flow->end);
    row_end(&row);
    for (size_t i = 0; i < flow->call_id_count && store_is_fine(derived->store); i++) {
        struct derived_row call = row_begin(derived, DERIVED_FLOW_CALL);
        row_integer(&call, id);
        row_integer(&call, (int64_t)i + 1);
        row_text(&call, flow->call_ids[i]);
        row_end(&call);
    }
    for (size_t i = 0; i < flow->step_count && store_is_fine(derived->store); i++) {
        add_step(derived, id, i, &flow->steps[i]);
    }
}

static void add_evidence(struct store_derived *derived, uint64_t finding, size_t index,
                         const struct origin *origin)
{
    struct derived_row row = row_begin(derived, DERIVED_EVIDENCE);
    row_integer(&row, (int64_t)finding);
    row_integer(&row, (int64_t)index + 1);
    row_time(&row, origin->time);
    row_origin(&row, origin);
    row_integer(&row, origin->stream > 0 ? derived->place_base + (int64_t)origin->stream : 0);
    row_integer(&row, (int64_t)origin->stream_offset);
    row_end(&row);
}

static void add_finding(void *context, const struct finding *finding)
{
    struct store_derived *derived = context;
    if (!store_is_fine(derived->store)) {
        return;
    }
    struct derived_row row = row_begin(derived, DERIVED_FINDING);
    row_integer(&row, (int64_t)finding->id);
    row_name(&row, finding->rule);
    row_name(&row, severity_name(finding->severity));
    row_time(&row, finding->time);
    const struct slice texts[] = {finding->message, finding->user, finding->peer, finding->room,
                                  finding->call_id, finding->flow, finding->step};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        row_text(&row, texts[i]);
    }
    row_integer(&row, (int64_t)finding->evidence_more);
    row_name(&row, finding->basis);
    row_end(&row);
    for (size_t i = 0; i < finding->evidence_count && store_is_fine(derived->store); i++) {
        add_evidence(derived, finding->id, i, &finding->evidence[i]);
    }
}

/* ---- beginning and end ---- */

static bool bind_identity(struct lite_statement *statement, const char *tool, const char *rules)
{
    if (statement) {
        lite_bind_text(statement, 1, slice_of(tool));
        lite_bind_integer(statement, 2, STORE_DERIVED);
        lite_bind_text(statement, 3, slice_of(rules));
    }
    return statement != NULL;
}

bool store_is_derived(struct store *store, const char *tool, const char *rules)
{
    struct lite_statement *statement = store_prepare(store, "store/find_derivation");
    if (!bind_identity(statement, tool, rules)) {
        return false;
    }
    enum lite_step step = lite_step(statement);
    lite_free(statement);
    return step == LITE_STEP_ROW || (step == LITE_STEP_FAILED && store_fail(store));
}

static void load_inputs(struct store_derived *derived)
{
    struct lite_statement *statement = store_prepare(derived->store, "store/all_inputs");
    size_t capacity = 0;
    while (statement && lite_step(statement) == LITE_STEP_ROW) {
        if (derived->input_count == capacity) {
            capacity = capacity > 0 ? capacity * 2 : 8;
            derived->inputs = memory_grow(derived->inputs, capacity, sizeof *derived->inputs);
        }
        derived->inputs[derived->input_count++] = lite_column_integer(statement, 0);
    }
    lite_free(statement);
}

static bool prepare_all(struct store_derived *derived)
{
    static const char *const names[DERIVED_STATEMENTS] = {
        [DERIVED_SIP] = "store/add_sip",
        [DERIVED_DIALOG] = "store/add_dialog",
        [DERIVED_PRESENCE] = "store/add_presence_change",
        [DERIVED_ENDPOINT] = "store/add_endpoint_change",
        [DERIVED_PUBLICATION] = "store/add_publication_change",
        [DERIVED_SUBSCRIPTION] = "store/add_subscription_change",
        [DERIVED_SESSION] = "store/add_session_change",
        [DERIVED_ROOM] = "store/add_room_change",
        [DERIVED_MEMBERSHIP] = "store/add_membership_change",
        [DERIVED_PARTICIPANT] = "store/add_participant_change",
        [DERIVED_FOLLOW] = "store/add_follow_change",
        [DERIVED_POST] = "store/add_post",
        [DERIVED_SET_POST] = "store/set_post",
        [DERIVED_DELIVERY] = "store/add_delivery",
        [DERIVED_FILE] = "store/add_file_change",
        [DERIVED_FLOW] = "store/add_flow",
        [DERIVED_FLOW_CALL] = "store/add_flow_call",
        [DERIVED_FLOW_STEP] = "store/add_flow_step",
        [DERIVED_FLOW_LABEL] = "store/add_flow_label",
        [DERIVED_FINDING] = "store/add_finding",
        [DERIVED_EVIDENCE] = "store/add_evidence",
    };
    for (size_t i = 0; i < DERIVED_STATEMENTS; i++) {
        derived->statements[i] = store_prepare(derived->store, names[i]);
    }
    return store_is_fine(derived->store);
}

static bool empty(struct store *store, const char *tool, const char *rules)
{
    if (!store->in_transaction && !store_begin(store)) {
        return false;
    }
    if (!store_run_file(store, "store/derived") || !store_run_file(store, "store/views")) {
        return false;
    }
    struct lite_statement *statement = store_prepare(store, "store/begin_derivation");
    return bind_identity(statement, tool, rules) && store_finish(store, statement);
}

/* The rows wait in temporary tables, so that the store can be read meanwhile. */
static bool set_aside(struct store_derived *derived)
{
    struct store *store = derived->store;
    if (!store_commit(store) || !store_share(store) ||
        !store_run_file(store, "store/rebuild_begin") || !store_begin(store)) {
        return false;
    }
    derived->walk = store_prepare(store, "store/walk_messages");
    return derived->walk != NULL;
}

struct store_derived *store_derived_new(struct store *store, const char *tool, const char *rules,
                                        bool beside)
{
    struct store_derived *derived = memory_zero(1, sizeof *derived);
    derived->store = store;
    derived->beside = beside;
    derived->place_base = beside ? store->first_place : 0;
    derived->dialogs = memory_zero(HELD_DIALOGS, sizeof *derived->dialogs);
    if (empty(store, tool, rules) && (beside || set_aside(derived)) && prepare_all(derived)) {
        load_inputs(derived);
    }
    return derived;
}

struct sink store_derived_sink(struct store_derived *derived)
{
    return (struct sink){
        .context = derived,
        .event = store_derived_event,
        .change = store_derived_change,
        .finding = add_finding,
        .label = add_label,
        .flow = add_flow,
    };
}

/* From the temporary tables to where they belong. */
static bool take_place(struct store_derived *derived)
{
    struct store *store = derived->store;
    lite_free(derived->walk);
    derived->walk = NULL;
    return store_commit(store) && store_begin(store) && store_run_file(store, "store/rebuild_end");
}

bool store_derived_end(struct store_derived *derived)
{
    struct store *store = derived->store;
    if (!store->in_transaction && !store_begin(store)) {
        return false;
    }
    store_derived_write_dialogs(derived);
    return (derived->beside || take_place(derived)) &&
           store_run_file(store, "store/derived_indexes") &&
           store_run_file(store, "store/end_derivation") && store_commit(store);
}

void store_derived_free(struct store_derived *derived)
{
    for (size_t i = 0; i < DERIVED_STATEMENTS; i++) {
        lite_free(derived->statements[i]);
    }
    lite_free(derived->walk);
    store_derived_drop_dialogs(derived);
    free(derived->inputs);
    free(derived);
}
