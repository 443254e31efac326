/*
 * The chat messages of a trace against mgc.tblChat. See database_posts.h.
 *
 * Texts are compared as with an export of the compliance service (analyzer/audit/archive.c).
 */
#include "analyzer/database_posts.h"

#include <stdio.h>
#include <stdlib.h>

#include "analyzer/audit/database.h"
#include "analyzer/engine/arena.h"
#include "analyzer/engine/compliance.h"
#include "analyzer/engine/compliance_time.h"

/* The service's stamp and the time of capture come from two clocks. */
#define CLOCKS_APART (3600 * TICKS_SECOND)

enum { GUID_SIZE = 36 };

struct room;

struct post {
    struct post *next; /* of the room */
    struct slice author;
    uint64_t text; /* digest */
    uint64_t number;
    int64_t ticks;
    struct origin origin;
    bool silent; /* nothing is concluded of it */
    bool found;
};

struct room {
    struct slice uri;
    struct slice name;
    struct post *posts;
    bool done; /* a peer had it */
    int64_t node;
    int64_t first; /* ticks of its first row; TICKS_NONE = none */
};

struct database_posts {
    struct map_seed seed;
    size_t limit;
    struct arena arena;
    struct buffer text; /* scratch */
    struct map rooms;
    struct map numbers; /* event number -> its post */
    struct compliance_view view;
    uint64_t refused;
};

static uint64_t digest(struct database_posts *posts, struct slice text)
{
    buffer_clear(&posts->text);
    compliance_fold(text, &posts->text);
    return map_hash(posts->seed, buffer_slice(&posts->text));
}

static struct room *room_of(struct database_posts *posts, const struct compliance_event *event)
{
    struct room *room = map_find(&posts->rooms, event->room);
    if (!room) {
        room = arena_zero(&posts->arena, 1, sizeof *room);
        room->uri = map_put(&posts->rooms, event->room, room)->key;
    }
    if (room->name.size == 0) {
        room->name = arena_keep(&posts->arena, event->room_name);
    }
    return room;
}

static void take_event(void *context, const struct compliance_event *event)
{
    struct database_posts *posts = context;
    if (event->kind != COMPLIANCE_CHAT) {
        return;
    }
    if (posts->numbers.count >= posts->limit) {
        posts->refused++;
        return;
    }
    struct room *room = room_of(posts, event);
    struct post *post = arena_zero(&posts->arena, 1, sizeof *post);
    *post = (struct post){
        .next = room->posts,
        .author = arena_keep_lower(&posts->arena, event->user),
        .text = digest(posts, event->content),
        .number = event->number,
        .ticks = event->ticks,
        .origin = event->origin,
        .silent = event->marked_up || !event->proven,
    };
    room->posts = post;
    map_put(&posts->numbers, map_number_key(&post->number), post);
}

static void amend_event(void *context, const struct compliance_event *event)
{
    struct database_posts *posts = context;
    struct post *post = map_find(&posts->numbers, map_number_key(&event->number));
    if (post) {
        post->ticks = event->ticks;
        post->silent = post->silent || event->marked_up;
    }
}

struct database_posts *database_posts_new(struct map_seed seed, const struct limits *limits)
{
    struct database_posts *posts = memory_zero(1, sizeof *posts);
    const struct compliance_sink sink = {posts, take_event, amend_event};
    posts->seed = seed;
    posts->limit = limits->compliance_rows;
    arena_init(&posts->arena);
    buffer_init(&posts->text, SIZE_MAX);
    map_init(&posts->rooms, seed);
    map_init_numbers(&posts->numbers, seed);
    compliance_view_init(&posts->view, seed, limits, &sink);
    return posts;
}

void database_posts_free(struct database_posts *posts)
{
    if (posts) {
        compliance_view_dispose(&posts->view);
        map_dispose(&posts->numbers, NULL);
        map_dispose(&posts->rooms, NULL);
        buffer_dispose(&posts->text);
        arena_dispose(&posts->arena);
        free(posts);
    }
}

void database_posts_event(struct database_posts *posts, const struct event *event)
{
    compliance_view_event(&posts->view, event);
}

void database_posts_change(struct database_posts *posts, const struct change *change)
{
    compliance_view_change(&posts->view, change);
}

/* ---- the room's row ---- */

struct asking {
    struct database_posts *posts;
    struct room *room;
    bool named_otherwise;
    bool known;
};

static bool take_node(void *context, const struct peer_row *row)
{
    struct asking *asking = context;
    struct room *room = asking->room;
    struct slice name = slice_trim(cell_bytes(row_cell(row, "nodeName")));
    asking->named_otherwise =
        room->name.size > 0 && !slice_equal_nocase(slice_trim(room->name), name);
    asking->known = true;
    room->node = cell_integer(row_cell(row, "nodeID"), 0);
    room->first = cell_integer(row_cell(row, "FirstTicks"), TICKS_NONE);
    return true;
}

static bool is_guid(struct slice text)
{
    bool fits = text.size == GUID_SIZE;
    for (size_t i = 0; fits && i < text.size; i++) {
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        char c = ascii_lower(text.data[i]);
        fits = dash ? c == '-' : ascii_is_digit(c) || (c >= 'a' && c <= 'f');
    }
    return fits;
}

/* "300" of "ma-chan://contoso.example/300". */
static struct slice last_part(struct slice uri)
{
    size_t begin = uri.size;
    while (begin > 0 && uri.data[begin - 1] != '/') {
        begin--;
    }
    return slice_from(uri, begin);
}

static struct peer_answer find_room(struct asking *asking, struct peer *peer)
{
    struct slice id = last_part(asking->room->uri);
    uint32_t number = 0;
    struct query_parameter parameter = {"@guid", cell_of_text(id)};
    struct query query = {
        .statement = "live/chat_node_by_guid", .parameters = &parameter, .parameter_count = 1};
    const struct row_sink sink = {asking, take_node};
    if (slice_to_u32(id, &number) && number <= INT32_MAX) {
        parameter = (struct query_parameter){"@node", cell_of_integer(number)};
        query.statement = "live/chat_node";
    } else if (!is_guid(id)) {
        return (struct peer_answer){.fault = PEER_FINE, .problem = "", .absent = ""};
    }
    return peer_ask(peer, &query, &sink);
}

/* ---- its messages ---- */

static struct slice author_of(struct slice uri, char *out, size_t size)
{
    struct slice rest = slice_trim(uri);
    if (slice_starts_nocase(rest, slice_of("sip:"))) {
        rest = slice_from(rest, 4);
    }
    return slice_lower(out, size, rest);
}

static int64_t distance(int64_t a, int64_t b)
{
    return a > b ? a - b : b - a;
}

/* The nearest post that no row was found for stands for it. */
static bool take_row(void *context, const struct peer_row *row)
{
    struct asking *asking = context;
    char lower[256];
    struct slice author = author_of(cell_bytes(row_cell(row, "prinUri")), lower, sizeof lower);
    uint64_t text = digest(asking->posts, cell_bytes(row_cell(row, "content")));
    int64_t ticks = cell_integer(row_cell(row, "chatDate"), 0);
    struct post *best = NULL;
    for (struct post *post = asking->room->posts; post; post = post->next) {
        bool same = !post->found && post->text == text &&
                    (author.size == 0 || slice_equal(post->author, author)) &&
                    distance(post->ticks, ticks) <= CLOCKS_APART;
        if (same && (!best || distance(post->ticks, ticks) < distance(best->ticks, ticks))) {
            best = post;
        }
    }
    if (best) {
        best->found = true;
    }
    return true;
}

static struct peer_answer find_posts(struct asking *asking, struct peer *peer)
{
    int64_t from = INT64_MAX;
    int64_t to = 0;
    for (const struct post *post = asking->room->posts; post; post = post->next) {
        from = post->ticks < from ? post->ticks : from;
        to = post->ticks > to ? post->ticks : to;
    }
    const struct query_parameter parameters[] = {
        {"@node", cell_of_integer(asking->room->node)},
        {"@from", cell_of_integer(from > CLOCKS_APART ? from - CLOCKS_APART : 0)},
        {"@to", cell_of_integer(to < TICKS_LAST - CLOCKS_APART ? to + CLOCKS_APART : TICKS_LAST)},
    };
    const struct query query = {
        .statement = "live/chat_rows",
        .parameters = parameters,
        .parameter_count = sizeof parameters / sizeof parameters[0],
    };
    const struct row_sink sink = {asking, take_row};
    return peer_ask(peer, &query, &sink);
}

/* Where the rows reach back before it: a purge takes the old ones. */
static void judge(const struct room *room, struct audit *audit, int64_t now)
{
    for (const struct post *post = room->posts; post; post = post->next) {
        if (post->found || post->silent || room->first == TICKS_NONE || room->first > post->ticks ||
            post->origin.time > time_add(now, -audit_post_grace(audit))) {
            continue;
        }
        const struct missing_post missing = {
            .room = room->uri,
            .room_name = room->name,
            .author = post->author,
            .post = &post->origin,
            .posted = post->origin.time,
        };
        audit_post_missing(audit, &missing);
    }
}

/* ---- the peer ---- */

static void cannot_compare(const struct asking *asking, struct peer *peer, struct audit *audit,
                           int64_t now)
{
    char words[400];
    struct slice uri = slice_sub(asking->room->uri, 0, 200);
    snprintf(words, sizeof words, "messages of %.*s cannot be compared: %s", (int)uri.size,
             uri.data,
             asking->named_otherwise ? "mgc.tblNode has that number under another name"
                                     : "its last part is no room of mgc.tblNode");
    audit_row_gap(audit, peer_name(peer), slice_of(words), now);
}

static struct peer_answer ask_room(struct asking *asking, struct peer *peer, struct audit *audit,
                                   int64_t now)
{
    struct peer_answer answer = find_room(asking, peer);
    if (answer.fault == PEER_FINE && (!asking->known || asking->named_otherwise)) {
        cannot_compare(asking, peer, audit, now);
    } else if (answer.fault == PEER_FINE) {
        answer = find_posts(asking, peer);
        asking->room->done = answer.fault == PEER_FINE;
        if (asking->room->done) {
            judge(asking->room, audit, now);
        }
    }
    return answer;
}

struct peer_answer database_posts_ask(struct database_posts *posts, struct peer *peer,
                                      struct audit *audit, int64_t now)
{
    struct peer_answer answer = {.fault = PEER_FINE, .problem = "", .absent = ""};
    bool has_chat = columns_find(peer_columns(peer), slice_of("mgc.tblChat")) != NULL;
    for (struct map_entry *entry = posts->rooms.first; has_chat && entry; entry = entry->next) {
        struct asking asking = {.posts = posts, .room = entry->value};
        if (!asking.room->done) {
            answer = ask_room(&asking, peer, audit, now);
        }
        if (answer.fault == PEER_MISSING) {
            audit_row_gap(audit, peer_name(peer), slice_of(answer.problem), now);
            answer.fault = PEER_FINE;
            break;
        }
        if (answer.fault != PEER_FINE) {
            break;
        }
    }
    if (posts->refused > 0 && has_chat) {
        audit_row_gap(audit, peer_name(peer), slice_of("more messages than can be compared"), now);
    }
    return answer;
}
