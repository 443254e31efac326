/*
 * Runs of a store: what there is already, how one begins, ends and goes. See store.h.
 */
#include <string.h>

#include "analyzer/engine/sink.h"
#include "sql/store_parts.h"

/* ---- what is there ---- */

/* The first column of the first row; 0 without one. */
static int64_t first_number(struct store *store, struct lite_statement *statement)
{
    int64_t number = 0;
    enum lite_step step = lite_step(statement);
    if (step == LITE_STEP_ROW) {
        number = lite_column_integer(statement, 0);
    } else if (step == LITE_STEP_FAILED) {
        store_fail(store);
    }
    lite_free(statement);
    return number;
}

int64_t store_number(struct store *store, const char *name)
{
    struct lite_statement *statement = store_prepare(store, name);
    return statement ? first_number(store, statement) : 0;
}

bool store_has_one_run(struct store *store)
{
    return store_number(store, "store/count_runs") == 1;
}

bool store_has_size(struct store *store, uint64_t size)
{
    struct lite_statement *statement = store_prepare(store, "store/find_size");
    if (!statement) {
        return false;
    }
    lite_bind_integer(statement, 1, (int64_t)size);
    return first_number(store, statement) != 0;
}

enum store_known store_find_input(struct store *store, const struct store_input *input,
                                  int64_t *run)
{
    enum store_known known = STORE_NEW;
    struct lite_statement *statement = store_prepare(store, "store/find_input");
    if (!statement) {
        return known;
    }
    lite_bind_integer(statement, 1, (int64_t)input->size);
    lite_bind_text(statement, 2, slice_of(input->sha256));
    enum lite_step step = lite_step(statement);
    if (step == LITE_STEP_ROW) {
        *run = lite_column_integer(statement, 1);
        known = lite_column_integer(statement, 3) != 0 ? STORE_PARTIAL : STORE_WHOLE;
    } else if (step == LITE_STEP_FAILED) {
        store_fail(store);
    }
    lite_free(statement);
    return known;
}

void store_name_inputs(struct store *store, int64_t run, struct buffer *out)
{
    struct lite_statement *statement = store_prepare(store, "store/run_inputs");
    if (!statement) {
        return;
    }
    lite_bind_integer(statement, 1, run);
    while (lite_step(statement) == LITE_STEP_ROW) {
        buffer_append_text(out, out->size > 0 ? ", " : "");
        buffer_append(out, lite_column_bytes(statement, 0));
    }
    lite_free(statement);
}

size_t store_count_inputs(struct store *store, int64_t run)
{
    size_t count = 0;
    struct lite_statement *statement = store_prepare(store, "store/run_inputs");
    if (statement) {
        lite_bind_integer(statement, 1, run);
        while (lite_step(statement) == LITE_STEP_ROW) {
            count++;
        }
        lite_free(statement);
    }
    return count;
}

int64_t store_cut_run(struct store *store)
{
    return store_number(store, "store/cut_runs");
}

bool store_drop_run(struct store *store, int64_t run)
{
    if (!store_begin(store)) {
        return false;
    }
    struct lite_statement *mark = store_prepare(store, "store/mark_run");
    if (!mark) {
        return false;
    }
    lite_bind_integer(mark, 1, run);
    memset(store->bodies, 0, KNOWN_BODIES * sizeof *store->bodies);
    memset(store->hops, 0, KNOWN_HOPS * sizeof *store->hops);
    return store_finish(store, mark) && store_run_file(store, "store/drop_run") &&
           store_commit(store);
}

/* ---- a run ---- */

static bool prepare_all(struct store *store)
{
    static const char *const names[STORE_STATEMENTS] = {
        [STORE_ADD_MESSAGE] = "store/add_message",
        [STORE_ADD_BODY] = "store/add_body",
        [STORE_FIND_BODY] = "store/find_body",
        [STORE_ADD_HOP] = "store/add_hop",
        [STORE_FIND_HOP] = "store/find_hop",
        [STORE_ADD_HTTP] = "store/add_http",
        [STORE_ADD_ROOM_ORDER] = "store/add_room_order",
        [STORE_ADD_DNS] = "store/add_dns",
        [STORE_ADD_DNS_TARGET] = "store/add_dns_target",
        [STORE_ADD_COVERAGE] = "store/add_coverage",
        [STORE_ADD_DIAGNOSTIC] = "store/add_diagnostic",
    };
    for (size_t i = 0; i < STORE_STATEMENTS; i++) {
        if (!store->statements[i]) {
            store->statements[i] = store_prepare(store, names[i]);
        }
    }
    return store_is_fine(store);
}

static bool add_run(struct store *store, const char *tool, const char *filter)
{
    struct lite_statement *statement = store_prepare(store, "store/begin_run");
    if (!statement) {
        return false;
    }
    lite_bind_text(statement, 1, slice_of(tool));
    store_bind_text(statement, 2, slice_of(filter));
    bool added = lite_step(statement) == LITE_STEP_ROW || store_fail(store);
    if (added) {
        store->run = lite_column_integer(statement, 0);
        store->sequence = lite_column_integer(statement, 1);
        store->first = store->sequence;
        store->first_place = lite_column_integer(statement, 2);
        store->first_input = lite_column_integer(statement, 3);
        store->merge_time = TIME_NONE;
    }
    lite_free(statement);
    return added;
}

static bool add_input(struct store *store, const struct store_input *input, size_t index)
{
    struct lite_statement *statement = store_prepare(store, "store/add_input");
    if (!statement) {
        return false;
    }
    lite_bind_integer(statement, 1, store->first_input + (int64_t)index);
    lite_bind_integer(statement, 2, store->run);
    lite_bind_text(statement, 3, input->name);
    lite_bind_integer(statement, 4, (int64_t)input->size);
    store_bind_text(statement, 5, slice_of(input->sha256));
    return store_finish(store, statement);
}

bool store_begin_run(struct store *store, const char *tool, const char *filter,
                     const struct store_input *inputs, size_t count)
{
    bool fine = store_begin(store) && add_run(store, tool, filter);
    for (size_t i = 0; fine && i < count; i++) {
        fine = add_input(store, &inputs[i], i);
    }
    store->input_count = count;
    return fine && store_commit(store) && store_begin(store) && prepare_all(store);
}

static bool end_input(struct store *store, const struct input_info *info, size_t index)
{
    struct lite_statement *statement = store_prepare(store, "store/end_input");
    if (!statement) {
        return false;
    }
    lite_bind_integer(statement, 1, store->first_input + (int64_t)index);
    store_bind_text(statement, 2, slice_of(info->kind));
    store_bind_text(statement, 3, slice_of(info->compression));
    lite_bind_integer(statement, 4, (int64_t)info->size);
    store_bind_text(statement, 5, slice_of(info->sha256));
    lite_bind_integer(statement, 6, (int64_t)info->records);
    lite_bind_time(statement, 7, info->first);
    lite_bind_time(statement, 8, info->last);
    lite_bind_integer(statement, 9, info->truncated);
    lite_bind_integer(statement, 10, info->failed);
    return store_finish(store, statement);
}

static bool add_skipped(struct store *store, enum skip_reason reason, uint64_t packets)
{
    struct lite_statement *statement = store_prepare(store, "store/add_skipped");
    if (!statement) {
        return false;
    }
    lite_bind_integer(statement, 1, store->run);
    lite_bind_text(statement, 2, slice_of(skip_reason_name(reason)));
    lite_bind_integer(statement, 3, (int64_t)packets);
    return store_finish(store, statement);
}

static bool end_run(struct store *store, const struct summary *summary)
{
    const struct coverage_summary *coverage = &summary->coverage;
    struct lite_statement *statement = store_prepare(store, "store/end_run");
    if (!statement) {
        return false;
    }
    const uint64_t numbers[] = {
        (uint64_t)store->run, summary->partial,    summary->packets,    summary->decoded,
        coverage->streams,    coverage->read,      coverage->encrypted, coverage->compressed,
        coverage->gapped,     coverage->one_sided,
    };
    const int count = (int)(sizeof numbers / sizeof numbers[0]);
    for (int i = 0; i < count; i++) {
        lite_bind_integer(statement, i + 1, (int64_t)numbers[i]);
    }
    lite_bind_text(statement, count + 1, slice_of(coverage_verdict_name(coverage->verdict)));
    lite_bind_integer(statement, count + 2, store->sequence - store->first);
    return store_finish(store, statement);
}

bool store_end_run(struct store *store, const struct summary *summary)
{
    bool fine = store_is_fine(store);
    for (size_t i = 0; fine && i < store->input_count; i++) {
        fine = end_input(store, &summary->inputs[i], i);
    }
    for (int i = 0; fine && i < SKIP_REASONS; i++) {
        fine = summary->skipped[i] == 0 ||
               add_skipped(store, (enum skip_reason)i, summary->skipped[i]);
    }
    return fine && end_run(store, summary) && store_commit(store);
}

void store_abandon_run(struct store *store)
{
    if (store->run != 0 && store_run_file(store, "store/rollback")) {
        store->in_transaction = false;
        (void)store_drop_run(store, store->run);
        store->run = 0;
    }
}
