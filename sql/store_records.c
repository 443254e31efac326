/*
 * The records of one run of a store, from five tables, in one order. See store_read.h.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>

#include "analyzer/engine/buffer.h"
#include "sql/statement.h"
#include "sql/store_reader.h"
#include "sql/store_rows.h"

enum { RAW_MAX = 1 << 30, TARGETS_MAX = UINT16_MAX };

/* One table while it is read. */
struct table {
    struct lite_statement *statement;
    bool ready; /* a row is there */
    bool begun; /* a row was there */
    int64_t sequence;
};

struct stored_rows {
    struct store_reader *reader;
    const struct stored_run *run;
    struct table tables[5];
    struct table *current; /* whose row was handed out */
    struct lite_statement *targets;
    struct dns_target *target_list; /* of the answer that was handed out */
    size_t target_room;
    struct buffer raw;
    struct arena arena; /* of the record that was handed out */
    uint64_t seen;      /* rows, the odd ones included */
    uint64_t odd;
    char problem[READER_PROBLEM];
};

/* The first thing that is missing is told; the other tables are read on. */
static void break_off(struct stored_rows *rows, const char *table, int64_t sequence,
                      const char *words)
{
    if (rows->problem[0] == '\0') {
        snprintf(rows->problem, sizeof rows->problem,
                 "its table %s cannot be read behind row %lld: %s; what follows there is left out",
                 table, (long long)sequence, words);
    }
}

/* ---- values ---- */

static uint64_t unsigned_of(const struct lite_statement *row, int column)
{
    return (uint64_t)lite_column_integer(row, column);
}

/* An address as text with its port in the next column; NULL = not known. */
static bool address_of(const struct lite_statement *row, int column, struct address *out)
{
    char text[ADDRESS_TEXT];
    struct slice bytes = lite_column_bytes(row, column);
    *out = (struct address){.family = ADDRESS_NONE};
    if (bytes.size == 0) {
        return true;
    }
    if (bytes.size >= sizeof text) {
        return false;
    }
    snprintf(text, sizeof text, "%.*s", (int)bytes.size, bytes.data);
    out->port = (uint16_t)lite_column_integer(row, column + 1);
    if (inet_pton(AF_INET, text, out->bytes) == 1) {
        out->family = ADDRESS_IPV4;
    } else if (inet_pton(AF_INET6, text, out->bytes) == 1) {
        out->family = ADDRESS_IPV6;
    }
    return out->family != ADDRESS_NONE;
}

static bool transport_of(struct slice name, enum transport *out)
{
    for (int i = TRANSPORT_UNKNOWN; i <= TRANSPORT_SCTP; i++) {
        *out = (enum transport)i;
        if (slice_equal(slice_of(transport_name(*out)), name)) {
            return true;
        }
    }
    return false;
}

static bool call_of(struct slice name, enum http_call *out)
{
    for (int i = HTTP_OTHER; i <= HTTP_ROOM_MODIFY; i++) {
        *out = (enum http_call)i;
        if (slice_equal(slice_of(http_call_name(*out)), name)) {
            return true;
        }
    }
    return false;
}

static bool coverage_of(struct slice name, enum coverage_kind *out)
{
    for (int i = COVERAGE_COMPRESSED; i <= COVERAGE_CAP; i++) {
        *out = (enum coverage_kind)i;
        if (slice_equal(slice_of(coverage_kind_name(*out)), name)) {
            return true;
        }
    }
    return false;
}

/* `dated`: it must have a time. */
static bool origin_of(const struct stored_rows *rows, const struct lite_statement *row, bool dated,
                      struct origin *out)
{
    *out = (struct origin){
        .time = lite_column_time(row, ROW_TIME),
        .record = unsigned_of(row, ROW_RECORD),
        .offset = unsigned_of(row, ROW_OFFSET),
        .stream = unsigned_of(row, ROW_STREAM),
        .stream_offset = unsigned_of(row, ROW_STREAM_OFFSET),
        .order = unsigned_of(row, ROW_PLACE),
    };
    bool timed = out->time == TIME_NONE ? !dated : reader_is_time(out->time);
    const struct stored_run *run = rows->run;
    return timed &&
           reader_find_input(rows->reader, lite_column_integer(row, ROW_INPUT), &out->input) &&
           out->input >= run->first_input && out->input - run->first_input < run->input_count;
}

/* ---- records ---- */

static bool take_message(struct stored_rows *rows, const struct lite_statement *row,
                         struct stored_record *out)
{
    struct observation *observed = &out->unit.observed;
    out->kind = STORED_MESSAGE;
    out->unit.flags = (uint32_t)lite_column_integer(row, ROW_MESSAGE_FLAGS);
    buffer_clear(&rows->raw);
    bool fits = buffer_append(&rows->raw, lite_column_bytes(row, ROW_MESSAGE_HEAD)) &&
                buffer_append(&rows->raw, lite_column_bytes(row, ROW_MESSAGE_BODY));
    out->unit.raw = buffer_slice(&rows->raw);
    fits = fits && (lite_column_integer(row, ROW_MESSAGE_HAS_BODY) == 0 ||
                    lite_column_bytes(row, ROW_MESSAGE_BODY).size > 0);
    return fits && out->unit.raw.size > 0 && origin_of(rows, row, true, &observed->origin) &&
           address_of(row, ROW_MESSAGE_SOURCE, &observed->source) &&
           address_of(row, ROW_MESSAGE_DESTINATION, &observed->destination) &&
           transport_of(lite_column_bytes(row, ROW_MESSAGE_TRANSPORT), &observed->transport);
}

static struct room_order order_of(const struct lite_statement *row)
{
    int64_t remove = lite_column_integer(row, ROW_HTTP_ORDER_REMOVE);
    return (struct room_order){
        .room = lite_column_bytes(row, ROW_HTTP_ORDER_ROOM),
        .name = lite_column_bytes(row, ROW_HTTP_ORDER_NAME),
        .old_name = lite_column_bytes(row, ROW_HTTP_ORDER_OLD_NAME),
        .description = lite_column_bytes(row, ROW_HTTP_ORDER_DESCRIPTION),
        .privacy = lite_column_bytes(row, ROW_HTTP_ORDER_PRIVACY),
        .add_in = lite_column_bytes(row, ROW_HTTP_ORDER_ADD_IN),
        .category = lite_column_bytes(row, ROW_HTTP_ORDER_CATEGORY),
        .managers = lite_column_bytes(row, ROW_HTTP_ORDER_MANAGERS),
        .members = lite_column_bytes(row, ROW_HTTP_ORDER_MEMBERS),
        .notification = lite_column_bytes(row, ROW_HTTP_ORDER_NOTIFICATION),
        .remove = remove < SAID_NOTHING || remove > SAID_YES ? SAID_NOTHING : (enum said)remove,
    };
}

static bool take_http(struct stored_rows *rows, const struct lite_statement *row,
                      struct stored_record *out)
{
    struct http_fact *fact = &out->event.as.http;
    out->event.kind = EVENT_HTTP;
    *fact = (struct http_fact){
        .exchange = unsigned_of(row, ROW_HTTP_EXCHANGE),
        .request = lite_column_integer(row, ROW_HTTP_REQUEST) != 0,
        .method = lite_column_bytes(row, ROW_HTTP_METHOD),
        .target = lite_column_bytes(row, ROW_HTTP_TARGET),
        .host = lite_column_bytes(row, ROW_HTTP_HOST),
        .status = (uint16_t)lite_column_integer(row, ROW_HTTP_STATUS),
        .reason = lite_column_bytes(row, ROW_HTTP_REASON),
        .has_token = lite_column(row, ROW_HTTP_TOKEN_HASH).kind != CELL_NULL,
        .token_hash = unsigned_of(row, ROW_HTTP_TOKEN_HASH),
        .room_id = lite_column_bytes(row, ROW_HTTP_ROOM_ID),
        .file = lite_column_bytes(row, ROW_HTTP_FILE),
        .offset = unsigned_of(row, ROW_HTTP_CHUNK_OFFSET),
        .bytes = unsigned_of(row, ROW_HTTP_BYTES),
        .file_length = unsigned_of(row, ROW_HTTP_FILE_LENGTH),
        .result = lite_column_bytes(row, ROW_HTTP_RESULT),
        .cut = lite_column_integer(row, ROW_HTTP_CUT) != 0,
        .order = order_of(row),
    };
    return origin_of(rows, row, true, &out->event.origin) &&
           call_of(lite_column_bytes(row, ROW_HTTP_CALL), &fact->call) &&
           address_of(row, ROW_HTTP_CLIENT, &fact->client) &&
           address_of(row, ROW_HTTP_SERVER, &fact->server);
}

/* False when there are more than any answer has. */
static bool read_targets(struct stored_rows *rows, int64_t sequence, struct dns_fact *fact)
{
    struct lite_statement *row = rows->targets;
    lite_bind_integer(row, 1, sequence);
    enum lite_step step = lite_step(row);
    while (fact->target_count < TARGETS_MAX && step == LITE_STEP_ROW) {
        if (fact->target_count == rows->target_room) {
            rows->target_room = 2 * rows->target_room + 8;
            rows->target_list =
                memory_grow(rows->target_list, rows->target_room, sizeof *rows->target_list);
        }
        rows->target_list[fact->target_count++] = (struct dns_target){
            .host = arena_keep(&rows->arena, lite_column_bytes(row, ROW_TARGET_HOST)),
            .port = (uint16_t)lite_column_integer(row, ROW_TARGET_PORT),
            .priority = (uint16_t)lite_column_integer(row, ROW_TARGET_PRIORITY),
            .weight = (uint16_t)lite_column_integer(row, ROW_TARGET_WEIGHT),
        };
        step = lite_step(row);
    }
    if (step == LITE_STEP_FAILED) {
        break_off(rows, "dns_target", sequence, lite_problem(rows->reader->lite));
    }
    lite_reset(row);
    fact->targets = rows->target_list;
    return step != LITE_STEP_ROW;
}

static bool take_dns(struct stored_rows *rows, const struct lite_statement *row,
                     struct stored_record *out)
{
    struct dns_fact *fact = &out->event.as.dns;
    out->event.kind = EVENT_DNS;
    *fact = (struct dns_fact){
        .request = lite_column_integer(row, ROW_DNS_REQUEST) != 0,
        .id = (uint16_t)lite_column_integer(row, ROW_DNS_QUESTION),
        .name = lite_column_bytes(row, ROW_DNS_NAME),
        .code = (uint8_t)lite_column_integer(row, ROW_DNS_CODE),
    };
    bool whole = fact->request || !rows->targets ||
                 read_targets(rows, lite_column_integer(row, ROW_SEQUENCE), fact);
    return whole && origin_of(rows, row, true, &out->event.origin) &&
           address_of(row, ROW_DNS_CLIENT, &fact->client) &&
           address_of(row, ROW_DNS_SERVER, &fact->server);
}

static bool take_coverage(struct stored_rows *rows, const struct lite_statement *row,
                          struct stored_record *out)
{
    struct coverage_fact *fact = &out->event.as.coverage;
    out->event.kind = EVENT_COVERAGE;
    if (lite_column_integer(row, ROW_COVERAGE_OF_INPUT) != 0) {
        out->kind = STORED_ENDING;
    }
    *fact = (struct coverage_fact){
        .bytes = unsigned_of(row, ROW_COVERAGE_BYTES),
        .count = unsigned_of(row, ROW_COVERAGE_COUNT),
        .detail = lite_column_bytes(row, ROW_COVERAGE_DETAIL),
    };
    return origin_of(rows, row, false, &out->event.origin) &&
           coverage_of(lite_column_bytes(row, ROW_COVERAGE_KIND), &fact->kind) &&
           address_of(row, ROW_COVERAGE_SOURCE, &fact->source) &&
           address_of(row, ROW_COVERAGE_DESTINATION, &fact->destination);
}

static bool take_diagnostic(struct stored_rows *rows, const struct lite_statement *row,
                            struct stored_record *out)
{
    out->event.kind = EVENT_DIAGNOSTIC;
    out->event.as.diagnostic = (struct diagnostic_fact){
        .code = reader_code(rows->reader, lite_column_bytes(row, ROW_DIAGNOSTIC_CODE)),
        .detail = lite_column_bytes(row, ROW_DIAGNOSTIC_DETAIL),
        .offset = unsigned_of(row, ROW_DIAGNOSTIC_POSITION),
    };
    return origin_of(rows, row, false, &out->event.origin) && out->event.as.diagnostic.code;
}

/* ---- tables ---- */

static const struct {
    const char *name;
    const char *statement;
    bool (*take)(struct stored_rows *rows, const struct lite_statement *row,
                 struct stored_record *out);
} tables[] = {
    {"message", "store/read_messages", take_message},
    {"http", "store/read_http", take_http},
    {"dns", "store/read_dns", take_dns},
    {"coverage", "store/read_coverage", take_coverage},
    {"diagnostic", "store/read_diagnostics", take_diagnostic},
};

/* Pages that point at one another could give rows without end: those that do not ascend end it. */
static void advance(struct stored_rows *rows, struct table *table)
{
    const char *name = tables[table - rows->tables].name;
    enum lite_step step = lite_step(table->statement);
    int64_t sequence =
        step == LITE_STEP_ROW ? lite_column_integer(table->statement, ROW_SEQUENCE) : 0;
    table->ready = step == LITE_STEP_ROW && (!table->begun || sequence > table->sequence);
    if (table->ready) {
        table->begun = true;
        table->sequence = sequence;
        rows->seen++;
    } else if (step == LITE_STEP_ROW) {
        break_off(rows, name, table->sequence, "its rows are out of order");
    } else if (step == LITE_STEP_FAILED) {
        break_off(rows, name, table->sequence, lite_problem(rows->reader->lite));
    }
}

/* At the end: what damage can take away without a trace in the file's own structure. */
static void count_missing(struct stored_rows *rows)
{
    const struct stored_run *run = rows->run;
    if (run->complete && run->records != rows->seen && rows->problem[0] == '\0') {
        snprintf(rows->problem, sizeof rows->problem,
                 "of the %llu rows that were written to it, %llu are there",
                 (unsigned long long)run->records, (unsigned long long)rows->seen);
    }
}

struct stored_rows *stored_rows_open(struct store_reader *reader, const struct stored_run *run)
{
    struct stored_rows *rows = memory_zero(1, sizeof *rows);
    rows->reader = reader;
    rows->run = run;
    arena_init(&rows->arena);
    buffer_init(&rows->raw, RAW_MAX);
    snprintf(rows->problem, sizeof rows->problem, "%s", reader->remark);
    rows->targets = lite_prepare(reader->lite, statement_text("store/read_dns_targets"));
    if (!rows->targets) {
        break_off(rows, "dns_target", 0, lite_problem(reader->lite));
    }
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        struct table *table = &rows->tables[i];
        table->statement = lite_prepare(reader->lite, statement_text(tables[i].statement));
        if (!table->statement) {
            break_off(rows, tables[i].name, 0, lite_problem(reader->lite));
            continue;
        }
        lite_bind_integer(table->statement, 1, run->first_sequence);
        lite_bind_integer(table->statement, 2, run->last_sequence);
        advance(rows, table);
    }
    return rows;
}

void stored_rows_close(struct stored_rows *rows)
{
    if (rows) {
        for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
            lite_free(rows->tables[i].statement);
        }
        lite_free(rows->targets);
        free(rows->target_list);
        buffer_dispose(&rows->raw);
        arena_dispose(&rows->arena);
        free(rows);
    }
}

static struct table *first_table(struct stored_rows *rows)
{
    struct table *first = NULL;
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        struct table *table = &rows->tables[i];
        if (table->ready && (!first || table->sequence < first->sequence)) {
            first = table;
        }
    }
    return first;
}

bool stored_rows_next(struct stored_rows *rows, struct stored_record *out)
{
    for (;;) {
        if (rows->current) {
            advance(rows, rows->current);
        }
        rows->current = first_table(rows);
        if (!rows->current) {
            count_missing(rows);
            return false;
        }
        arena_reset(&rows->arena);
        const struct lite_statement *row = rows->current->statement;
        *out = (struct stored_record){
            .kind = STORED_EVENT,
            .merge_time = lite_column_integer(row, ROW_MERGE_TIME),
        };
        bool sound = tables[rows->current - rows->tables].take(rows, row, out);
        if (sound && (out->kind == STORED_ENDING || reader_is_time(out->merge_time))) {
            return true;
        }
        rows->odd++;
    }
}

uint64_t stored_rows_odd(const struct stored_rows *rows)
{
    return rows->odd;
}

const char *stored_rows_problem(const struct stored_rows *rows)
{
    return rows->problem;
}
