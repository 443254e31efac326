/*
 * Presence as the databases hold it. See rows_feed.h.
 *
 * Tables and statements: facts/databases.md sections 2 and 10 (Q1, Q3, Q4, Q8). Texts are
 * compared here, never on the server: LIKE only narrows down what is sent.
 */
#include "analyzer/rows_feed.h"

#include <stdio.h>
#include <stdlib.h>

#include "analyzer/rows_gathered.h"
#include "analyzer/rows_person.h"

enum {
    PATTERN_MOST = 1000, /* characters: longer ones are no parameters of a server (section 6.1) */
    NAME_MOST = 1024,    /* of a user; the tables hold 450 characters */
    CATEGORIES_MOST = 4096,
    ABSENT_MOST = 4096,
    PROBLEM_MOST = 400,
};

/* What a category number means on the server being read. */
struct category_name {
    int64_t id;
    struct slice name; /* in the feed's arena */
};

struct rows_feed {
    struct rows_options options;
    struct gathered *gathered;
    struct arena arena; /* names of servers, categories, absent tables */
    struct arena rows;  /* origin rows */
    struct slice *servers;
    size_t server_count;
    struct category_name *categories; /* of the server that is being read */
    size_t category_count;
    const char **absent;
    size_t absent_count;
    struct rows_person *person; /* NULL while rows are gathered */
    struct gathered_row next;   /* the first row of the next user */
    bool has_next;
    bool saw_dynamic;
    bool saw_static;
    bool saw_endpoints;
    bool cut; /* something of some server was not read to its end */
    char problem[PROBLEM_MOST];
};

struct rows_feed *rows_feed_new(const struct rows_options *options, char *problem,
                                size_t problem_size)
{
    struct rows_feed *feed = memory_zero(1, sizeof *feed);
    feed->options = *options;
    feed->gathered = gathered_new();
    arena_init(&feed->arena);
    arena_init(&feed->rows);
    if (gathered_problem(feed->gathered)[0] != '\0') {
        snprintf(problem, problem_size, "temporary file: %s", gathered_problem(feed->gathered));
        rows_feed_free(feed);
        return NULL;
    }
    return feed;
}

void rows_feed_free(struct rows_feed *feed)
{
    if (feed) {
        rows_person_free(feed->person);
        gathered_free(feed->gathered);
        arena_dispose(&feed->arena);
        arena_dispose(&feed->rows);
        free(feed->servers);
        free(feed->categories);
        free(feed->absent);
        free(feed);
    }
}

/* ---- the statements ---- */

struct statement_row {
    const char *statement;
    const char *table; /* without which it is not asked */
    enum gathered_kind kind;
};

/* clang-format off */
static const struct statement_row statements[] = {
    {"live/presence_resources",  "rtc.Resource",                GATHERED_RESOURCE},
    {"live/presence_directory",  "rtc.ResourceDirectory",       GATHERED_DIRECTORY},
    {"live/presence_registered", "rtcdyn.HomedResourceDynamic", GATHERED_REGISTERED},
    {"live/presence_endpoints",  "rtcdyn.RegistrarEndpoint",    GATHERED_ENDPOINT},
    {"live/presence_static",     "rtc.PublishedStaticInstance", GATHERED_STATIC},
    {"live/presence_dynamic",    "rtcdyn.PublishedInstance",    GATHERED_DYNAMIC},
};
/* clang-format on */

/* One statement for one pattern, while its rows come in. */
struct gathering {
    struct rows_feed *feed;
    enum gathered_kind kind;
    size_t server;
    size_t pattern; /* those before it had their rows already */
    bool stuck;     /* the temporary file takes no more */
};

static struct slice category_name_of(const struct rows_feed *feed, const struct cell *id)
{
    for (size_t i = 0; i < feed->category_count && id->kind == CELL_INTEGER; i++) {
        if (feed->categories[i].id == id->integer) {
            return feed->categories[i].name;
        }
    }
    return slice_of("");
}

static bool is_wanted(const struct gathering *gathering, struct slice user)
{
    const struct rows_options *options = &gathering->feed->options;
    if (user.size == 0) {
        return false;
    }
    if (options->user_count == 0) {
        return true;
    }
    return slice_matches(options->users[gathering->pattern], user) &&
           !slice_matches_any(options->users, gathering->pattern, user);
}

static bool take_row(void *context, const struct peer_row *row)
{
    struct gathering *gathering = context;
    char text[NAME_MOST];
    struct slice user = slice_trim(cell_bytes(row_cell(row, "UserAtHost")));
    user = slice_lower(text, sizeof text, user);
    if (!is_wanted(gathering, user)) {
        return true;
    }
    bool registered = gathering->kind == GATHERED_REGISTERED;
    bool endpoint = gathering->kind == GATHERED_ENDPOINT;
    bool published = gathering->kind == GATHERED_STATIC || gathering->kind == GATHERED_DYNAMIC;
    const struct cell *category = row_cell(row, "CategoryId");
    const struct gathered_row taken = {
        .user = user,
        .kind = gathering->kind,
        .server = gathering->server,
        .resource = *row_cell(row, published ? "PublisherId" : "ResourceId"),
        .category = *category,
        .name = cell_of_text(category_name_of(gathering->feed, category)),
        .container = *row_cell(row, "ContainerNum"),
        .instance = *row_cell(row, "InstanceNum"),
        .version = *row_cell(row, "Version"),
        .time = cell_time(row_cell(row, registered ? "LastNewRegisterTime" : "LastPubTime")),
        .expires = cell_time(row_cell(row, "ExpiresAt")),
        .endpoint = *row_cell(row, "EndpointId"),
        .front_end = *row_cell(row, "Fqdn"),
        .flag = *row_cell(row, "Enabled"),
        .data = cell_bytes(row_cell(row, endpoint ? "ClientApp" : "Data")),
    };
    gathering->stuck = !gathered_add(gathering->feed->gathered, &taken);
    return !gathering->stuck;
}

static bool take_category(void *context, const struct peer_row *row)
{
    struct rows_feed *feed = context;
    struct slice name = cell_bytes(row_cell(row, "Name"));
    int64_t id = cell_integer(row_cell(row, "CategoryId"), -1);
    if (id >= 0 && feed->category_count < CATEGORIES_MOST) {
        feed->categories =
            memory_grow(feed->categories, feed->category_count + 1, sizeof *feed->categories);
        feed->categories[feed->category_count++] =
            (struct category_name){id, arena_keep(&feed->arena, slice_trim(name))};
    }
    return true;
}

/* "ann_*" as the pattern of a LIKE: "ann\_%". False when it is too long to be any user. */
static bool like_pattern(struct slice pattern, struct buffer *out)
{
    for (size_t i = 0; i < pattern.size; i++) {
        char byte = pattern.data[i];
        if (byte == '%' || byte == '_' || byte == '[' || byte == ']' || byte == '\\') {
            buffer_append_byte(out, '\\');
        }
        buffer_append_byte(out, byte == '*' ? '%' : byte);
    }
    return !out->capped;
}

/* ---- what a server lacks ---- */

/* Of the server being read, collected in `lacks`. */
static void lack(struct buffer *lacks, struct slice what)
{
    if (what.size > 0 && slice_find(buffer_slice(lacks), what) == SLICE_NONE) {
        buffer_append_text(lacks, lacks->size > 0 ? ", " : "");
        buffer_append(lacks, what);
    }
}

static void lack_all(struct buffer *lacks, const char *list)
{
    struct slice rest = slice_of(list);
    while (rest.size > 0) {
        struct slice what;
        (void)slice_cut(rest, ',', &what, &rest);
        lack(lacks, slice_trim(what));
    }
}

static void keep_lacks(struct rows_feed *feed, struct slice server, struct buffer *lacks)
{
    if (lacks->size > 0) {
        struct buffer line;
        buffer_init(&line, SIZE_MAX);
        buffer_append(&line, server);
        buffer_append_text(&line, ": ");
        buffer_append(&line, buffer_slice(lacks));
        feed->absent = memory_grow(feed->absent, feed->absent_count + 1, sizeof *feed->absent);
        feed->absent[feed->absent_count++] = buffer_take(&line, &feed->arena).data;
    }
}

/* ---- one server ---- */

/* Asks for the rows of one pattern; "%" when everybody is wanted. */
static struct peer_answer ask_pattern(struct rows_feed *feed, struct peer *peer,
                                      const struct statement_row *row, size_t pattern)
{
    struct gathering gathering = {
        .feed = feed, .kind = row->kind, .server = feed->server_count - 1, .pattern = pattern};
    struct peer_answer answer = {.fault = PEER_FINE, .problem = "", .absent = ""};
    const struct row_sink sink = {&gathering, take_row};
    struct buffer like;
    buffer_init(&like, PATTERN_MOST);
    struct slice wanted =
        feed->options.user_count > 0 ? feed->options.users[pattern] : slice_of("*");
    if (like_pattern(wanted, &like)) {
        const struct query_parameter user = {"@user", cell_of_text(buffer_slice(&like))};
        const struct query query = {
            .statement = row->statement,
            .parameters = &user,
            .parameter_count = 1,
            .max_rows = feed->options.max_rows,
        };
        answer = peer_ask(peer, &query, &sink);
    }
    buffer_dispose(&like);
    if (gathering.stuck) {
        snprintf(feed->problem, sizeof feed->problem, "temporary file: %s",
                 gathered_problem(feed->gathered));
        answer.fault = PEER_FAILED;
        answer.problem = feed->problem;
    }
    return answer;
}

static void saw(struct rows_feed *feed, enum gathered_kind kind)
{
    feed->saw_dynamic = feed->saw_dynamic || kind == GATHERED_DYNAMIC;
    feed->saw_static = feed->saw_static || kind == GATHERED_STATIC;
    feed->saw_endpoints = feed->saw_endpoints || kind == GATHERED_ENDPOINT;
}

/* "rtcdyn.PublishedInstance.Data is not there, ...": the first word. */
static void lack_needed(struct buffer *lacks, const char *problem)
{
    struct slice what;
    struct slice rest;
    (void)slice_cut(slice_of(problem), ' ', &what, &rest);
    lack(lacks, what);
}

static struct peer_answer ask_statement(struct rows_feed *feed, struct peer *peer,
                                        const struct statement_row *row, struct buffer *lacks)
{
    size_t patterns = feed->options.user_count > 0 ? feed->options.user_count : 1;
    struct peer_answer answer = {.fault = PEER_FINE, .problem = "", .absent = ""};
    for (size_t i = 0; i < patterns; i++) {
        answer = ask_pattern(feed, peer, row, i);
        lack_all(lacks, answer.absent);
        feed->cut = feed->cut || answer.fault == PEER_CUT;
        if (answer.fault == PEER_MISSING) {
            lack_needed(lacks, answer.problem);
            answer.fault = PEER_FINE;
            return answer;
        }
        if (answer.fault != PEER_FINE && answer.fault != PEER_CUT) {
            return answer;
        }
    }
    saw(feed, row->kind);
    return answer;
}

static struct peer_answer read_categories(struct rows_feed *feed, struct peer *peer,
                                          struct buffer *lacks)
{
    const struct row_sink sink = {feed, take_category};
    const struct query query = {.statement = "live/presence_categories"};
    feed->category_count = 0;
    struct peer_answer answer = peer_ask(peer, &query, &sink);
    if (answer.fault == PEER_MISSING) {
        lack_needed(lacks, answer.problem);
        answer.fault = PEER_FINE;
    }
    return answer;
}

static struct peer_answer gather(struct rows_feed *feed, struct peer *peer, struct buffer *lacks)
{
    struct peer_answer answer = read_categories(feed, peer, lacks);
    bool cut = false;
    for (size_t i = 0; i < sizeof statements / sizeof statements[0]; i++) {
        if (answer.fault != PEER_FINE && answer.fault != PEER_CUT) {
            return answer;
        }
        if (statements[i].kind == GATHERED_RESOURCE && feed->options.user_count == 0) {
            continue; /* only of those who are asked for: partners are not listed otherwise */
        }
        if (columns_find(peer_columns(peer), slice_of(statements[i].table))) {
            answer = ask_statement(feed, peer, &statements[i], lacks);
            cut = cut || answer.fault == PEER_CUT;
        } else {
            lack(lacks, slice_of(statements[i].table));
        }
    }
    if (answer.fault == PEER_FINE && cut) {
        answer.fault = PEER_CUT;
    }
    return answer;
}

/* Without rtc.Resource. */
static const char *no_users(struct rows_feed *feed, const struct peer *peer)
{
    char problem[PROBLEM_MOST + 200];
    struct slice reason = peer_reason(peer, slice_of("rtc"));
    snprintf(problem, sizeof problem,
             "rtc.Resource is not there, or the login may not see it, and without it no row has a "
             "user%s%.*s",
             reason.size > 0 ? ": " : "", (int)reason.size, reason.data);
    return arena_keep(&feed->arena, slice_of(problem)).data;
}

struct peer_answer rows_feed_gather(struct rows_feed *feed, struct peer *peer)
{
    struct buffer lacks;
    feed->servers = memory_grow(feed->servers, feed->server_count + 1, sizeof *feed->servers);
    feed->servers[feed->server_count++] = arena_keep(&feed->arena, peer_name(peer));
    struct peer_answer answer = peer_probe(peer);
    if (answer.fault != PEER_FINE) {
        feed->cut = true;
        return answer;
    }
    if (!columns_find(peer_columns(peer), slice_of("rtc.Resource"))) {
        feed->cut = true;
        answer.fault = PEER_MISSING;
        answer.problem = no_users(feed, peer);
        return answer;
    }
    buffer_init(&lacks, ABSENT_MOST);
    answer = gather(feed, peer, &lacks);
    feed->cut = feed->cut || answer.fault != PEER_FINE;
    keep_lacks(feed, peer_name(peer), &lacks);
    buffer_dispose(&lacks);
    return answer;
}

bool rows_feed_sees_publications(const struct rows_feed *feed)
{
    return feed->saw_dynamic || feed->saw_static;
}

size_t rows_feed_absent_count(const struct rows_feed *feed)
{
    return feed->absent_count;
}

const char *rows_feed_absent(const struct rows_feed *feed, size_t index)
{
    return feed->absent[index];
}

const char *rows_feed_problem(const struct rows_feed *feed)
{
    return feed->problem;
}

/* ---- reading back ---- */

static bool step(struct rows_feed *feed)
{
    feed->has_next = gathered_next(feed->gathered, &feed->next);
    if (!feed->has_next && gathered_problem(feed->gathered)[0] != '\0') {
        snprintf(feed->problem, sizeof feed->problem, "temporary file: %s",
                 gathered_problem(feed->gathered));
    }
    return feed->has_next;
}

static void begin_reading(struct rows_feed *feed)
{
    const struct rows_setting setting = {
        .limits = *feed->options.limits,
        .now = feed->options.now,
        .whole = feed->saw_dynamic && feed->saw_static && !feed->cut,
        .sees_endpoints = feed->saw_endpoints,
        .servers = feed->servers,
    };
    feed->person = rows_person_new(&setting, &feed->rows);
    (void)step(feed);
}

bool rows_feed_next(struct rows_feed *feed, struct live_person *out)
{
    char name[NAME_MOST];
    if (!feed->person) {
        begin_reading(feed);
    }
    if (!feed->has_next) {
        return false;
    }
    arena_reset(&feed->rows);
    struct slice user = slice_lower(name, sizeof name, feed->next.user);
    rows_person_begin(feed->person, user);
    do {
        rows_person_add(feed->person, &feed->next);
    } while (step(feed) && slice_equal(feed->next.user, user));
    *out = rows_person_end(feed->person);
    return feed->problem[0] == '\0';
}
