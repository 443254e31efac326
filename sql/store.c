/*
 * The file of a store: opening, checking, transactions. See store.h.
 *
 * A file appears with its first transaction; until a run is complete, it says so itself. It is not
 * written beside and renamed like other outputs: reading a day's captures takes long, and what was
 * read when the machine goes down is worth keeping.
 */
#include "sql/store_parts.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/engine/arena.h"
#include "sql/statement.h"
#include "sql/store_rows.h"

/* Another writer is not waited for: it can take hours. */
enum { LOCK_WAIT = 250, SHARED_WAIT = 10000 };

/*
 * A transaction is committed when it holds about that much: seldom enough that the disk is not
 * waited for, often enough that what is lost by a kill is read again in a second.
 */
enum { TRANSACTION_BYTES = 8 << 20 };

/* What a row costs beside its texts. */
enum { ROW_BYTES = 128 };

bool store_refuse(struct store *store, const char *words)
{
    if (store_is_fine(store)) {
        snprintf(store->problem, sizeof store->problem, "%s", words);
    }
    return false;
}

bool store_fail(struct store *store)
{
    return store_refuse(store, lite_problem(store->lite));
}

const char *store_problem(const struct store *store)
{
    return store->problem;
}

bool store_is_empty(const struct store *store)
{
    return store->fresh && store->run == 0;
}

/* ---- statements ---- */

bool store_run_file(struct store *store, const char *name)
{
    return store_is_fine(store) &&
           (lite_run(store->lite, statement_text(name)) || store_fail(store));
}

struct lite_statement *store_prepare(struct store *store, const char *name)
{
    if (!store_is_fine(store)) {
        return NULL;
    }
    struct lite_statement *statement = lite_prepare(store->lite, statement_text(name));
    if (!statement) {
        store_fail(store);
    }
    return statement;
}

bool store_finish(struct store *store, struct lite_statement *statement)
{
    bool done = lite_do(statement) || store_fail(store);
    lite_free(statement);
    return done;
}

void store_bind_text(struct lite_statement *statement, int parameter, struct slice text)
{
    if (text.size > 0) {
        lite_bind_text_borrowed(statement, parameter, text);
    } else {
        lite_bind_null(statement, parameter);
    }
}

void store_bind_content(struct lite_statement *statement, int parameter, struct slice content)
{
    if (slice_find_byte(content, '\0') == SLICE_NONE) {
        lite_bind_text_borrowed(statement, parameter, content);
    } else {
        lite_bind_bytes_borrowed(statement, parameter, content);
    }
}

void store_bind_address(struct lite_statement *statement, int parameter,
                        const struct address *address)
{
    char text[ADDRESS_TEXT];
    if (address->family == ADDRESS_NONE) {
        lite_bind_null(statement, parameter);
        lite_bind_null(statement, parameter + 1);
        return;
    }
    address_host_text(address, text);
    lite_bind_text(statement, parameter, slice_of(text));
    lite_bind_integer(statement, parameter + 1, address->port);
}

/* ---- transactions ---- */

bool store_begin(struct store *store)
{
    const char *name = store->shared ? "store/begin_shared" : "store/begin";
    store->in_transaction = store_run_file(store, name);
    return store->in_transaction;
}

bool store_commit(struct store *store)
{
    if (!store->in_transaction || !store_run_file(store, "store/commit")) {
        return false;
    }
    store->in_transaction = false;
    store->pending = 0;
    return true;
}

void store_settle(struct store *store, size_t bytes)
{
    store->pending += bytes + ROW_BYTES;
    if (store->pending >= TRANSACTION_BYTES && store_commit(store)) {
        store_begin(store);
    }
}

bool store_share(struct store *store)
{
    store->shared = store_run_file(store, "store/share");
    lite_wait(store->lite, SHARED_WAIT);
    return store->shared;
}

/* ---- opening ---- */

struct identity {
    int64_t application;
    int64_t version;
    int64_t objects;
};

static bool identify(struct store *store, struct identity *out)
{
    struct lite_statement *statement = store_prepare(store, "store/identity");
    if (!statement) {
        return false;
    }
    bool found = lite_step(statement) == LITE_STEP_ROW || store_fail(store);
    if (found) {
        *out =
            (struct identity){lite_column_integer(statement, 0), lite_column_integer(statement, 1),
                              lite_column_integer(statement, 2)};
    }
    lite_free(statement);
    return found;
}

/* Before anything is set: settings are kept in the file. */
static bool may_write(struct store *store)
{
    struct identity identity;
    if (!identify(store, &identity)) {
        return false;
    }
    bool ours = identity.application == STORE_APPLICATION ||
                (identity.objects == 0 && identity.application == 0);
    return ours || store_refuse(store, "it is a database, but no store of ocsight");
}

/* A file without any table is what a run leaves that is killed before its first transaction. */
static bool accept_file(struct store *store, enum store_opening opening)
{
    struct identity identity;
    char words[STORE_PROBLEM];
    if (!identify(store, &identity)) {
        return false;
    }
    if (identity.objects == 0 && identity.application == 0) {
        store->fresh = true;
        return store_run_file(store, "store/truth") && store_run_file(store, "store/derived") &&
               store_run_file(store, "store/views");
    }
    if (opening == STORE_CREATE) {
        return store_refuse(store, "there is a file of that name already");
    }
    if (identity.version == STORE_SCHEMA) {
        return store_number(store, "store/strange_tables") == 0 ||
               store_refuse(store, "it has tables that ocsight does not write");
    }
    snprintf(words, sizeof words,
             "%s ocsight wrote this store (its schema is %" PRId64
             ", this program's %d); make a new one from the captures",
             identity.version > STORE_SCHEMA ? "a newer" : "an older", identity.version,
             STORE_SCHEMA);
    return store_refuse(store, words);
}

static void open_file(struct store *store, const char *path, enum store_opening opening)
{
    store->lite = lite_open(path, opening == STORE_APPEND ? LITE_WRITE : LITE_CREATE);
    if (opening == STORE_APPEND && lite_fault(store->lite) == LITE_ABSENT) {
        struct lite *created = lite_open(path, LITE_CREATE);
        bool folder = lite_fault(created) == LITE_PRESENT;
        lite_close(folder ? created : store->lite);
        store->lite = folder ? store->lite : created;
    }
    if (lite_fault(store->lite) == LITE_PRESENT) {
        store_refuse(store, "there is a file of that name already; --append goes on in it");
    } else if (lite_fault(store->lite) != LITE_FINE) {
        store_fail(store);
    }
}

struct store *store_open(const char *path, enum store_opening opening, struct map_seed seed)
{
    struct store *store = memory_zero(1, sizeof *store);
    store->seed = seed;
    store->bodies = memory_zero(KNOWN_BODIES, sizeof *store->bodies);
    store->hops = memory_zero(KNOWN_HOPS, sizeof *store->hops);
    open_file(store, path, opening);
    if (!store_is_fine(store)) {
        return store;
    }
    lite_wait(store->lite, LOCK_WAIT);
    bool ready = may_write(store) && store_run_file(store, "store/settings_new") &&
                 store_run_file(store, "store/settings") && store_begin(store) &&
                 accept_file(store, opening) && store_commit(store);
    (void)ready; /* the problem says it */
    return store;
}

bool store_close(struct store *store)
{
    bool fine = store_is_fine(store);
    if (fine && store->in_transaction) {
        fine = store_commit(store);
    }
    for (size_t i = 0; i < STORE_STATEMENTS; i++) {
        lite_free(store->statements[i]);
    }
    lite_close(store->lite); /* rolls back what is open */
    free(store->bodies);
    free(store->hops);
    free(store);
    return fine;
}
