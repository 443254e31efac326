/*
 * Rows of several servers put together. See db_merge.h.
 */
#include "analyzer/db_merge.h"

#include <stdlib.h>

#include "analyzer/db_run.h"
#include "reports/text.h"

enum { KEY_MOST = 64 << 10, WATCHERS_BY_DEFAULT = 200 };

/* ---- keys ---- */

static void add_cell(struct buffer *key, const struct table_cell *cell)
{
    (void)buffer_append_byte(key, (char)cell->kind);
    if (cell->kind == TABLE_TEXT) {
        (void)buffer_append_u64(key, cell->text.size);
        (void)buffer_append_byte(key, ':');
        (void)buffer_append(key, cell->text);
    } else {
        (void)buffer_append(key, (struct slice){(const char *)&cell->number, sizeof cell->number});
    }
}

/* The cells of the key, or with `whole` all of them; the server's where each has its own. */
static struct slice key_of(const struct db_run *run, const struct table_row *row, bool whole,
                           struct buffer *key)
{
    buffer_clear(key);
    if (run->report->merge == DB_APART) {
        add_cell(key, &row->cells[0]);
    }
    for (size_t i = 0; i < run->report->field_count; i++) {
        if (whole || run->report->fields[i].is_key) {
            add_cell(key, &row->cells[i + 1]);
        }
    }
    return buffer_slice(key);
}

static struct table_cell *cell_at(const struct db_run *run, const struct table_row *row,
                                  const char *column)
{
    return &row->cells[table_column(run->table, column)];
}

/* ---- the same row on several servers ---- */

struct merging {
    struct db_run *run;
    struct map rows; /* key -> struct table_row that counts */
    struct buffer key;
};

/*
 * Without an instance number several rows have one key, and then only what is the same in every
 * column counts once.
 */
static bool is_whole_key(const struct db_run *run, const struct table_row *row)
{
    return run->report->merge == DB_NEWEST && cell_at(run, row, "instance")->kind == TABLE_NONE;
}

static void choose_row(struct merging *merging, struct table_row *row)
{
    const struct db_run *run = merging->run;
    struct slice key = key_of(run, row, is_whole_key(run, row), &merging->key);
    const struct table_row *other = map_find(&merging->rows, key);
    bool newer = other && run->report->merge == DB_NEWEST &&
                 table_compare(cell_at(run, row, "version"), cell_at(run, other, "version")) > 0;
    if (!other || newer) {
        map_put(&merging->rows, key, row);
    }
}

static bool is_chosen(void *context, const struct table_row *row)
{
    struct merging *merging = context;
    const struct db_run *run = merging->run;
    struct slice key = key_of(run, row, is_whole_key(run, row), &merging->key);
    return map_find(&merging->rows, key) == row;
}

void db_merge(struct db_run *run)
{
    struct merging merging = {.run = run};
    if (run->report->merge == DB_EVERY) {
        return;
    }
    map_init(&merging.rows, run->seed);
    buffer_init(&merging.key, KEY_MOST);
    for (size_t i = 0; i < table_count(run->table); i++) {
        choose_row(&merging, table_row(run->table, i));
    }
    table_keep_rows(run->table, is_chosen, &merging);
    map_dispose(&merging.rows, NULL);
    buffer_dispose(&merging.key);
}

/* ---- clients ---- */

struct clients {
    struct db_run *run;
    size_t server;
    struct map rows;      /* ClientApp -> struct table_cell of its row */
    struct map users;     /* ClientApp and user */
    struct map endpoints; /* server and EndpointId: a dirty read may give one twice */
    struct buffer key;
};

static struct table_cell *client_row(struct clients *clients, struct slice client)
{
    struct db_run *run = clients->run;
    struct table_cell *cells = map_find(&clients->rows, client);
    if (!cells) {
        struct slice kept = table_keep(run->table, client);
        struct slice version = db_client_version(kept);
        struct slice agent = db_client_agent(kept);
        cells = table_add(run->table)->cells + 1;
        cells[0] = (struct table_cell){version.size > 0 ? TABLE_TEXT : TABLE_NONE, 0, version};
        cells[1] = (struct table_cell){agent.size > 0 ? TABLE_TEXT : TABLE_NONE, 0, agent};
        cells[2].kind = TABLE_NUMBER;
        cells[3].kind = TABLE_NUMBER;
        map_put(&clients->rows, client, cells);
    }
    return cells;
}

/* A registration without owner has a number of that server's only. */
static void add_owner(struct clients *clients, const struct peer_row *row)
{
    struct slice user = cell_bytes(row_cell(row, "UserAtHost"));
    char lower[1024];
    if (user.size > 0) {
        (void)buffer_append(&clients->key, slice_lower(lower, sizeof lower, user));
        return;
    }
    (void)buffer_append_u64(&clients->key, clients->server);
    (void)buffer_append_byte(&clients->key, '#');
    (void)buffer_append_u64(&clients->key, (uint64_t)cell_integer(row_cell(row, "OwnerId"), 0));
}

static bool is_new_endpoint(struct clients *clients, const struct peer_row *row)
{
    buffer_clear(&clients->key);
    (void)buffer_append_u64(&clients->key, clients->server);
    (void)buffer_append_byte(&clients->key, '#');
    const struct cell *endpoint = row_cell(row, "EndpointId");
    (void)buffer_append_u64(&clients->key, (uint64_t)cell_integer(endpoint, 0));
    (void)buffer_append(&clients->key, cell_bytes(endpoint));
    bool is_new = !map_find(&clients->endpoints, buffer_slice(&clients->key));
    map_put(&clients->endpoints, buffer_slice(&clients->key), clients);
    return is_new;
}

static bool take_client(void *context, const struct peer_row *row)
{
    struct clients *clients = context;
    if (!is_new_endpoint(clients, row)) {
        return true;
    }
    struct slice client = slice_trim(cell_bytes(row_cell(row, "ClientApp")));
    struct table_cell *cells = client_row(clients, client);
    cells[2].number++;
    buffer_clear(&clients->key);
    (void)buffer_append(&clients->key, client);
    (void)buffer_append_byte(&clients->key, '\0');
    add_owner(clients, row);
    if (!map_find(&clients->users, buffer_slice(&clients->key))) {
        map_put(&clients->users, buffer_slice(&clients->key), cells);
        cells[3].number++;
    }
    return true;
}

void db_gather_clients(struct db_run *run)
{
    struct clients clients = {.run = run};
    const struct row_sink sink = {&clients, take_client};
    map_init(&clients.rows, run->seed);
    map_init(&clients.users, run->seed);
    map_init(&clients.endpoints, run->seed);
    buffer_init(&clients.key, KEY_MOST);
    for (size_t i = 0; i < run->server_count; i++) {
        clients.server = i;
        (void)db_run_ask(run, i, "live/clients", &sink);
    }
    map_dispose(&clients.rows, NULL);
    map_dispose(&clients.users, NULL);
    map_dispose(&clients.endpoints, NULL);
    buffer_dispose(&clients.key);
}

/* ---- popularity ---- */

struct pairs {
    struct db_run *run;
    struct map seen;  /* user and watcher */
    struct map users; /* user -> struct table_cell of its row */
    struct buffer key;
};

static bool take_pair(void *context, const struct peer_row *row)
{
    struct pairs *pairs = context;
    struct slice user = cell_bytes(row_cell(row, "UserAtHost"));
    buffer_clear(&pairs->key);
    (void)buffer_append(&pairs->key, user);
    (void)buffer_append_byte(&pairs->key, '\0');
    (void)buffer_append(&pairs->key, cell_bytes(row_cell(row, "Watcher")));
    if (map_find(&pairs->seen, buffer_slice(&pairs->key))) {
        return true;
    }
    struct table_cell *cells = map_find(&pairs->users, user);
    if (!cells) {
        cells = table_add(pairs->run->table)->cells + 1;
        cells[0] = (struct table_cell){TABLE_TEXT, 0, table_keep(pairs->run->table, user)};
        cells[1].kind = TABLE_NUMBER;
        map_put(&pairs->users, user, cells);
    }
    map_put(&pairs->seen, buffer_slice(&pairs->key), cells);
    cells[1].number++;
    return true;
}

void db_gather_popularity(struct db_run *run)
{
    struct pairs pairs = {.run = run};
    const struct row_sink sink = {&pairs, take_pair};
    if (run->server_count == 1) {
        (void)db_run_collect(run, 0, "live/popularity");
        return;
    }
    map_init(&pairs.seen, run->seed);
    map_init(&pairs.users, run->seed);
    buffer_init(&pairs.key, KEY_MOST);
    for (size_t i = 0; i < run->server_count; i++) {
        (void)db_run_ask(run, i, "live/watchers", &sink);
    }
    map_dispose(&pairs.seen, NULL);
    map_dispose(&pairs.users, NULL);
    buffer_dispose(&pairs.key);
}

void db_finish_popularity(struct db_run *run)
{
    for (size_t i = 0; i < table_count(run->table); i++) {
        const struct table_row *row = table_row(run->table, i);
        *cell_at(run, row, "over_default") = (struct table_cell){
            .kind = TABLE_TRUTH,
            .number = cell_at(run, row, "watchers")->number > WATCHERS_BY_DEFAULT};
    }
}

/* ---- stale publications ---- */

struct registered {
    struct db_run *run;
    struct map users; /* lower case */
};

static bool take_registered(void *context, const struct peer_row *row)
{
    struct registered *registered = context;
    char lower[1024];
    struct slice user = slice_lower(lower, sizeof lower, cell_bytes(row_cell(row, "UserAtHost")));
    map_put(&registered->users, user, registered);
    return true;
}

static bool is_stale(void *context, const struct table_row *row)
{
    const struct registered *registered = context;
    const struct db_run *run = registered->run;
    struct table_cell *missing = cell_at(run, row, "no_registration");
    char lower[1024];
    struct slice user = slice_lower(lower, sizeof lower, cell_at(run, row, "user")->text);
    if (map_find(&registered->users, user)) {
        missing->number = 0;
    }
    return missing->number != 0 || cell_at(run, row, "old")->number != 0;
}

/* With one server its own answer holds. */
void db_finish_stale(struct db_run *run)
{
    struct registered registered = {.run = run};
    const struct row_sink sink = {&registered, take_registered};
    if (run->server_count < 2) {
        return;
    }
    map_init(&registered.users, run->seed);
    for (size_t i = 0; i < run->server_count; i++) {
        (void)db_run_ask(run, i, "live/registered", &sink);
    }
    table_keep_rows(run->table, is_stale, &registered);
    map_dispose(&registered.users, NULL);
}

/* ---- primary front ends ---- */

struct statements {
    struct db_run *run;
    struct map rows;  /* what is said -> struct table_cell: the servers that say it */
    struct map users; /* user -> struct table_row that came first */
    struct buffer key;
};

/* Servers that say the same share a row. */
static bool is_said_first(void *context, const struct table_row *row)
{
    struct statements *statements = context;
    struct db_run *run = statements->run;
    struct slice key = key_of(run, row, false, &statements->key);
    struct table_cell *first = map_find(&statements->rows, key);
    if (!first) {
        map_put(&statements->rows, key, row->cells);
        return true;
    }
    if (slice_find(first->text, row->cells[0].text) == SLICE_NONE) {
        first->text =
            text_format(&run->arena, "%.*s, %.*s", TEXT(first->text), TEXT(row->cells[0].text));
    }
    return false;
}

static void mark_disagreement(struct statements *statements)
{
    struct db_run *run = statements->run;
    for (size_t i = 0; i < table_count(run->table); i++) {
        struct table_row *row = table_row(run->table, i);
        struct slice user = cell_at(run, row, "user")->text;
        struct table_row *other = map_find(&statements->users, user);
        struct table_cell *mark = cell_at(run, row, "disagree");
        *mark = (struct table_cell){.kind = TABLE_TRUTH, .number = other != NULL};
        if (other) {
            cell_at(run, other, "disagree")->number = 1;
        } else {
            map_put(&statements->users, user, row);
        }
    }
}

void db_finish_frontends(struct db_run *run)
{
    struct statements statements = {.run = run};
    map_init(&statements.rows, run->seed);
    map_init(&statements.users, run->seed);
    buffer_init(&statements.key, KEY_MOST);
    table_keep_rows(run->table, is_said_first, &statements);
    mark_disagreement(&statements);
    map_dispose(&statements.rows, NULL);
    map_dispose(&statements.users, NULL);
    buffer_dispose(&statements.key);
}

/* ---- compliance ---- */

void db_finish_lag(struct db_run *run)
{
    for (size_t i = 0; i < table_count(run->table); i++) {
        const struct table_row *row = table_row(run->table, i);
        const struct table_cell *newest = cell_at(run, row, "newest");
        const struct table_cell *last = cell_at(run, row, "last_processed");
        if (newest->kind == TABLE_NUMBER && last->kind == TABLE_NUMBER) {
            int64_t behind = time_apart(newest->number, last->number);
            *cell_at(run, row, "behind") =
                (struct table_cell){.kind = TABLE_NUMBER, .number = behind > 0 ? behind : 0};
        }
    }
}

/* Chat servers that are listed anywhere, by number. */
struct listed {
    struct db_run *run;
    struct map ids;
};

static bool take_listed(void *context, const struct peer_row *row)
{
    struct listed *listed = context;
    uint64_t id = (uint64_t)cell_integer(row_cell(row, "serverID"), -1);
    map_put(&listed->ids, map_number_key(&id), listed);
    return true;
}

static bool is_unlisted(void *context, const struct table_row *row)
{
    const struct listed *listed = context;
    uint64_t id = (uint64_t)cell_at(listed->run, row, "server_id")->number;
    return map_find(&listed->ids, map_number_key(&id)) == NULL;
}

static bool has_table(const struct db_run *run, size_t server, const char *table)
{
    const struct peer *peer = run->servers[server].peer;
    return peer && columns_find(peer_columns(peer), slice_of(table)) != NULL;
}

/* True when some server told which chat servers there are. */
static bool gather_listed(struct db_run *run, struct listed *listed)
{
    const struct row_sink sink = {listed, take_listed};
    bool told = false;
    for (size_t i = 0; i < run->server_count; i++) {
        if (has_table(run, i, "mgc.tblServerIdentity")) {
            told = db_run_ask(run, i, "live/chat_servers", &sink) || told;
        }
    }
    return told;
}

/* Without a list nobody is orphaned: then the question is put as it stands, and refused. */
void db_gather_participants(struct db_run *run)
{
    struct listed listed = {.run = run};
    bool joined = true;
    for (size_t i = 0; i < run->server_count; i++) {
        joined = joined && has_table(run, i, "mgc.tblServerIdentity") ==
                               has_table(run, i, "mgccomp.tblComplianceParticipant");
    }
    map_init_numbers(&listed.ids, run->seed);
    bool apart = !joined && gather_listed(run, &listed);
    for (size_t i = 0; i < run->server_count; i++) {
        if (!apart) {
            (void)db_run_collect(run, i, "live/participants");
        } else if (has_table(run, i, "mgccomp.tblComplianceParticipant")) {
            (void)db_run_collect(run, i, "live/participants_present");
        }
    }
    if (apart) {
        table_keep_rows(run->table, is_unlisted, &listed);
    }
    map_dispose(&listed.ids, NULL);
}
