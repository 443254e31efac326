/*
 * Rows of databases in pseudonyms. See redacted_peer.h.
 */
#include "analyzer/redacted_peer.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/db_run.h"
#include "analyzer/redacted_columns.h"
#include "decoders/redact_cell.h"

enum { PARAMETERS_MOST = 8 };

/* What was selected, and as which pseudonym the commands know it. */
struct selected {
    struct slice real;
    struct slice shown;
};

struct redacted_peers {
    struct redactor *redactor;
    struct map_seed seed;
    struct arena arena; /* names of servers, remarks, selections */
    struct arena row;   /* texts of one row */
    struct arena asked; /* of one query */
    struct selected *selected;
    size_t selected_count;
    struct slice room; /* the real one; "" = none was selected */
    struct selected *servers;
    size_t server_count;
    struct query_parameter parameters[PARAMETERS_MOST];
};

struct redacted_peers *redacted_peers_new(const struct options *options, struct map_seed seed)
{
    if (!options->redact) {
        return NULL;
    }
    struct redacted_peers *peers = memory_zero(1, sizeof *peers);
    arena_init(&peers->arena);
    arena_init(&peers->row);
    arena_init(&peers->asked);
    peers->seed = seed;
    peers->selected_count = options->user_count;
    peers->selected = arena_zero(&peers->arena, options->user_count + 1, sizeof *peers->selected);
    for (size_t i = 0; i < options->user_count; i++) {
        peers->selected[i].real = arena_keep(&peers->arena, options->users[i]);
    }
    peers->room = arena_keep(&peers->arena, options->room);
    return peers;
}

void redacted_peers_free(struct redacted_peers *peers)
{
    if (peers) {
        redactor_free(peers->redactor);
        arena_dispose(&peers->arena);
        arena_dispose(&peers->row);
        arena_dispose(&peers->asked);
        free(peers->servers);
        free(peers);
    }
}

void redacted_peers_begin(struct redacted_peers *peers, const struct options *options)
{
    if (!peers) {
        return;
    }
    peers->redactor = redactor_new(options->pseudonyms, peers->seed);
    for (size_t i = 0; i < peers->selected_count; i++) {
        peers->selected[i].shown = arena_keep(&peers->arena, options->users[i]);
    }
    peers->selected[peers->selected_count++] =
        (struct selected){.real = peers->room, .shown = arena_keep(&peers->arena, options->room)};
}

/* ---- names of servers ---- */

/* Of "host\INSTANCE" and "host:port" what is behind stays where the product named it. */
static struct slice server_name(struct redacted_peers *peers, struct slice name)
{
    static const struct slice known[] = {SLICE("RTC"), SLICE("RTCLOCAL"), SLICE("LYNCLOCAL"),
                                         SLICE("MSSQLSERVER"), SLICE("SQLEXPRESS")};
    struct slice host;
    struct slice instance;
    bool named = slice_cut(name, '\\', &host, &instance);
    struct buffer shown;
    buffer_init(&shown, SIZE_MAX);
    buffer_append(&shown, redact_server(peers->redactor, host));
    if (named) {
        bool plain = false;
        for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
            plain = plain || slice_equal_nocase(instance, known[i]);
        }
        buffer_append_byte(&shown, '\\');
        buffer_append(&shown, plain ? instance : redact_id(peers->redactor, instance));
    }
    return buffer_take(&shown, &peers->arena);
}

struct slice redacted_peers_server(struct redacted_peers *peers, struct slice name)
{
    if (!peers) {
        return name;
    }
    for (size_t i = 0; i < peers->server_count; i++) {
        if (slice_equal(peers->servers[i].real, name) ||
            slice_equal(peers->servers[i].shown, name)) {
            return peers->servers[i].shown;
        }
    }
    peers->servers = memory_grow(peers->servers, peers->server_count + 1, sizeof *peers->servers);
    struct selected *server = &peers->servers[peers->server_count++];
    server->real = arena_keep(&peers->arena, name);
    server->shown = server_name(peers, name);
    return server->shown;
}

/* Our own words may end in a server's: those are behind these. */
static struct slice own_words(struct slice words)
{
    static const struct slice before[] = {SLICE("not kept"), SLICE("not reached")};
    for (size_t i = 0; i < sizeof before / sizeof before[0]; i++) {
        size_t at = slice_find(words, before[i]);
        if (at != SLICE_NONE) {
            return slice_sub(words, 0, at + before[i].size);
        }
    }
    return words;
}

const char *redacted_peers_remark(struct redacted_peers *peers, const char *remark)
{
    static const struct slice between = SLICE(": ");
    struct slice words = slice_of(remark);
    struct slice shown = slice_of("");
    if (!peers) {
        return remark;
    }
    for (size_t i = 0; i < peers->server_count; i++) {
        struct slice name = peers->servers[i].real;
        if (name.size > 0 && slice_starts(words, name) &&
            slice_starts(slice_from(words, name.size), between)) {
            shown = peers->servers[i].shown;
            words = slice_from(words, name.size + between.size);
            break;
        }
    }
    struct buffer text;
    buffer_init(&text, SIZE_MAX);
    buffer_append(&text, shown);
    buffer_append(&text, shown.size > 0 ? between : shown);
    buffer_append(&text, own_words(words));
    return buffer_take(&text, &peers->arena).data;
}

/* ---- what is asked ---- */

/* As LIKE takes it: in lower case, what means something to it escaped. */
static struct cell like_cell(struct redacted_peers *peers, struct slice text)
{
    char *like = arena_alloc(&peers->asked, 2 * text.size + 1);
    size_t size = 0;
    for (size_t i = 0; i < text.size; i++) {
        char c = ascii_lower(text.data[i]);
        if (c == '%' || c == '_' || c == '[' || c == '\\') {
            like[size++] = '\\';
        }
        like[size++] = c;
    }
    return cell_of_text((struct slice){like, size});
}

static void real_parameter(struct redacted_peers *peers, struct query_parameter *parameter)
{
    bool is_node = strcmp(parameter->name, "@node") == 0;
    if (is_node && peers->room.size > 0) {
        parameter->value = cell_of_integer(db_run_room_number(peers->room));
    }
    for (size_t i = 0; parameter->value.kind == CELL_TEXT && i < peers->selected_count; i++) {
        const struct selected *selected = &peers->selected[i];
        if (selected->shown.size > 0 && slice_equal(parameter->value.bytes, selected->shown)) {
            parameter->value = like_cell(peers, selected->real);
            return;
        }
    }
}

/*
 * A room of a trace is known by its pseudonym alone: its number or GUID, which stays, finds the
 * rows of all rooms that end in it, and those of others are left out when they come.
 */
static void widen_room(struct redacted_peers *peers, struct query *query)
{
    static const struct slice any = SLICE("%/");
    query->statement = "live/archive_rows_redacted";
    for (size_t i = 0; i < query->parameter_count; i++) {
        struct query_parameter *parameter = &peers->parameters[i];
        if (strcmp(parameter->name, "@room") == 0) {
            struct slice room = parameter->value.bytes;
            size_t part = room.size;
            while (part > 0 && room.data[part - 1] != '/') {
                part--;
            }
            struct slice last = slice_from(room, part);
            struct buffer like;
            buffer_init(&like, SIZE_MAX);
            buffer_append(&like, any);
            buffer_append(&like, redact_stays_in_path(last) ? last : slice_of("%"));
            parameter->value = cell_of_text(buffer_take(&like, &peers->asked));
        }
    }
}

static void ask_really(void *context, struct query *query)
{
    struct redacted_peers *peers = context;
    arena_reset(&peers->asked);
    if (query->parameter_count > PARAMETERS_MOST) {
        return; /* no statement has that many */
    }
    for (size_t i = 0; i < query->parameter_count; i++) {
        peers->parameters[i] = query->parameters[i];
        real_parameter(peers, &peers->parameters[i]);
    }
    query->parameters = peers->parameters;
    if (strcmp(query->statement, "live/archive_rows") == 0) {
        widen_room(peers, query);
    }
}

/* ---- what comes ---- */

/* "net.tcp://pc01.contoso.example:8011/" */
static struct slice address_name(struct redacted_peers *peers, struct slice address)
{
    static const struct slice mark = SLICE("://");
    size_t at = slice_find(address, mark);
    size_t begin = at == SLICE_NONE ? 0 : at + mark.size;
    struct slice host;
    struct slice path;
    bool has_path = slice_cut(slice_from(address, begin), '/', &host, &path);
    struct buffer text;
    buffer_init(&text, SIZE_MAX);
    buffer_append(&text, slice_sub(address, 0, begin));
    buffer_append(&text, redact_server(peers->redactor, host));
    buffer_append_text(&text, has_path ? "/" : "");
    buffer_append(&text, path.size > 0 ? redact_id(peers->redactor, path) : path);
    return buffer_take(&text, &peers->row);
}

/* "name-...@[2001:db8::...]": reports show where a client is by what is behind the @. */
static struct slice call_name(struct redacted_peers *peers, struct slice call_id)
{
    struct slice local;
    struct slice host;
    bool has_host = slice_cut(call_id, '@', &local, &host);
    struct buffer text;
    buffer_init(&text, SIZE_MAX);
    buffer_append(&text, redact_id(peers->redactor, call_id));
    if (has_host) {
        buffer_append_byte(&text, '@');
        buffer_append(&text, redact_server(peers->redactor, host));
    }
    return buffer_take(&text, &peers->row);
}

static bool is_letters(struct slice text)
{
    for (size_t i = 0; i < text.size; i++) {
        if (!ascii_is_alpha(text.data[i])) {
            return false;
        }
    }
    return true;
}

static struct slice shown_text(struct redacted_peers *peers, enum column_content content,
                               struct slice text)
{
    struct redactor *redactor = peers->redactor;
    switch (content) {
    case CONTENT_PLAIN:
        return is_letters(text) ? text : redact_id(redactor, text);
    case CONTENT_WORD:
        return redact_word(redactor, text);
    case CONTENT_USER:
        return redact_user(redactor, text);
    case CONTENT_URI:
        return redact_uri(redactor, text);
    case CONTENT_HOST:
        return redact_server(redactor, text);
    case CONTENT_ADDRESS:
        return address_name(peers, text);
    case CONTENT_MEMBER:
        return slice_find_byte(text, '@') == SLICE_NONE ? redact_server(redactor, text)
                                                        : redact_user(redactor, text);
    case CONTENT_ROOM:
        return redact_room(redactor, text);
    case CONTENT_CHAT:
        return redact_chat(redactor, text);
    case CONTENT_GROUP:
        return slice_equal(text, slice_of("~")) ? text : redact_text(redactor, text);
    case CONTENT_ID:
        return redact_id(redactor, text);
    case CONTENT_CALL:
        return call_name(peers, text);
    case CONTENT_AGENT:
        return redact_field(redactor, slice_of("User-Agent"), text);
    case CONTENT_FROM:
        return redact_field(redactor, slice_of("From"), text);
    case CONTENT_DOCUMENT:
        return redact_document(redactor, text);
    default:
        return redact_text(redactor, text);
    }
}

static void rewrite(struct redacted_peers *peers, enum column_content content, struct cell *cell)
{
    bool said = cell->kind == CELL_TEXT || cell->kind == CELL_BYTES;
    bool stays = said && (cell->bytes.size == 0 || redact_stays(cell->bytes) ||
                          (cell->kind == CELL_TEXT && cell_time(cell) != TIME_NONE));
    if (said && !stays) {
        cell->bytes = arena_keep(&peers->row, shown_text(peers, content, cell->bytes));
    }
}

/* Is the row of the room that was asked for, as the trace knows it? */
static bool is_of_room(const struct query *query, const struct peer_row *row,
                       const struct cell *cells)
{
    for (size_t i = 0; i < query->parameter_count; i++) {
        struct slice room = query->parameters[i].value.bytes;
        for (size_t j = 0; strcmp(query->parameters[i].name, "@room") == 0 && j < row->count; j++) {
            if (strcmp(row->names[j], "cmplChannelUri") == 0) {
                return slice_equal_nocase(room, cells[j].bytes);
            }
        }
    }
    return true;
}

static bool show_row(void *context, const struct query *query, const struct peer_row *row,
                     struct cell *cells)
{
    struct redacted_peers *peers = context;
    if (column_content_none(query)) {
        return true;
    }
    arena_reset(&peers->row);
    for (size_t i = 0; i < row->count; i++) {
        rewrite(peers, column_content_of(query, row, i), &cells[i]);
    }
    return strcmp(query->statement, "live/archive_rows") != 0 || is_of_room(query, row, cells);
}

/* A server's own words may name anybody: its login, its hosts, what it read. */
static const char *show_problem(void *context, enum peer_fault fault, const char *problem)
{
    (void)context;
    switch (fault) {
    case PEER_FINE:
    case PEER_STOPPED:
    case PEER_CUT:
    case PEER_INTERRUPTED:
    case PEER_MISSING: /* the name of a table, and what was said here before */
        return problem;
    case PEER_NO_PERMISSION:
        return "the login may not read it (the server's words are left out: --redact)";
    case PEER_TIMEOUT:
        return "no answer in time (the server's words are left out: --redact)";
    case PEER_LOCKED:
        return "its rows are locked (the server's words are left out: --redact)";
    case PEER_DEAD:
        return "the connection broke (the server's words are left out: --redact)";
    case PEER_FAILED:
        break;
    }
    return "the query failed (the server's words are left out: --redact)";
}

void redacted_peers_cover(struct redacted_peers *peers, struct peer *peer)
{
    if (peers) {
        const struct peer_veil veil = {peers, ask_really, show_row, show_problem};
        peer_cover(peer, &veil, redacted_peers_server(peers, peer_name(peer)));
    }
}

void redacted_peers_cover_all(struct redacted_peers *peers, const struct snapshot *snapshot)
{
    for (size_t i = 0; i < snapshot_count(snapshot); i++) {
        redacted_peers_cover(peers, snapshot_peer(snapshot, i));
    }
}
