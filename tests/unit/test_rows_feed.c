/*
 * Rows of several servers become one state of each user: analyzer/rows_feed.c, rows_person.c and
 * rows_gathered.c, over peers that answer from a table here.
 */
#include "tests/unit/harness.h"

#include <stdlib.h>

#include "analyzer/engine/arena.h"
#include "analyzer/rows_feed.h"

#define SECOND TIME_SECOND
#define NOW    (100000 * SECOND)

#define STATE(kind, number)                                                                        \
    "<state xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:type=\"" kind              \
    "\"><availability>" #number "</availability></state>"

enum table { DIRECTORY, ENDPOINTS, STATIC, DYNAMIC, TABLES };

/* One row of one server; what a table does not have is ignored. -1 and NULL = NULL. */
struct fake_row {
    enum table table;
    const char *user;
    int64_t container;
    int64_t instance;
    int64_t version;
    int64_t time;    /* seconds */
    int64_t expires; /* seconds */
    const char *endpoint;
    const char *data;
};

struct fake_server {
    const char *name;
    const struct fake_row *rows;
    size_t count;
    enum peer_fault fault; /* after the rows of the dynamic table */
    bool lacks_static;
};

/* ---- a peer that answers from the table ---- */

static bool text_has(const char *text, const char *part)
{
    return strstr(text, part) != NULL;
}

static bool give_column(const struct row_sink *sink, const char *table, const char *column)
{
    static const char *const names[] = {"TABLE_NAME", "COLUMN_NAME", "DATA_TYPE"};
    const struct cell cells[] = {cell_of_text(slice_of(table)), cell_of_text(slice_of(column)),
                                 cell_of_text(slice_of("x"))};
    const struct peer_row row = {names, cells, 3, 1};
    return sink->row(sink->context, &row);
}

static void give_columns(const struct fake_server *server, const char *database,
                         const struct row_sink *sink)
{
    static const struct {
        const char *database;
        const char *table;
        const char *columns[10];
    } tables[] = {
        {"rtc", "Resource", {"ResourceId", "UserAtHost"}},
        {"rtc", "ResourceDirectory", {"ResourceId", "Enabled"}},
        {"rtc", "CategoryDef", {"CategoryId", "Name"}},
        {"rtc",
         "PublishedStaticInstance",
         {"PublisherId", "CategoryId", "ContainerNum", "InstanceNum", "Version", "LastPubTime",
          "Data"}},
        {"rtcdyn", "RegistrarEndpoint", {"EndpointId", "OwnerId"}},
        {"rtcdyn", "Endpoint", {"EndpointId", "ExpiresAt"}},
        {"rtcdyn",
         "PublishedInstance",
         {"PublisherId", "CategoryId", "ContainerNum", "InstanceNum", "EndpointId", "Version",
          "LastPubTime", "ExpiresAt", "Data"}},
    };
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        bool lacked =
            server->lacks_static && strcmp(tables[i].table, "PublishedStaticInstance") == 0;
        for (size_t j = 0;
             !lacked && strcmp(tables[i].database, database) == 0 && j < 10 && tables[i].columns[j];
             j++) {
            (void)give_column(sink, tables[i].table, tables[i].columns[j]);
        }
    }
}

static struct cell number_cell(int64_t number)
{
    return number < 0 ? (struct cell){.kind = CELL_NULL} : cell_of_integer(number);
}

static struct cell text_cell(const char *text)
{
    return text ? cell_of_text(slice_of(text)) : (struct cell){.kind = CELL_NULL};
}

static bool give(const struct fake_row *row, const struct row_sink *sink)
{
    static const char *const names[] = {
        "UserAtHost", "PublisherId", "ContainerNum", "CategoryId", "InstanceNum", "EndpointId",
        "Version",    "LastPubTime", "ExpiresAt",    "Data",       "ResourceId",  "Enabled",
    };
    const struct cell cells[] = {
        text_cell(row->user),
        cell_of_integer(7),
        number_cell(row->container),
        cell_of_integer(1),
        number_cell(row->instance),
        text_cell(row->endpoint),
        number_cell(row->version),
        cell_of_time(row->time < 0 ? TIME_NONE : row->time * SECOND),
        cell_of_time(row->expires < 0 ? TIME_NONE : row->expires * SECOND),
        {CELL_BYTES, 0, slice_of(row->data)},
        cell_of_integer(7),
        cell_of_integer(1),
    };
    const struct peer_row given = {names, cells, sizeof cells / sizeof cells[0], 1};
    return sink->row(sink->context, &given);
}

static struct peer_answer give_table(const struct fake_server *server, enum table table,
                                     const struct row_sink *sink)
{
    for (size_t i = 0; i < server->count; i++) {
        if (server->rows[i].table == table && !give(&server->rows[i], sink)) {
            return (struct peer_answer){.fault = PEER_STOPPED, .problem = ""};
        }
    }
    enum peer_fault fault = table == DYNAMIC ? server->fault : PEER_FINE;
    return (struct peer_answer){.fault = fault, .problem = fault ? "it broke" : ""};
}

static struct peer_answer fake_ask(void *context, const char *text, const struct query *query,
                                   const struct row_sink *sink)
{
    static const struct {
        const char *statement;
        enum table table;
    } statements[] = {
        {"live/presence_directory", DIRECTORY},
        {"live/presence_endpoints", ENDPOINTS},
        {"live/presence_static", STATIC},
        {"live/presence_dynamic", DYNAMIC},
    };
    const struct fake_server *server = context;
    if (strcmp(query->statement, "live/columns") == 0) {
        give_columns(server, query->database, sink);
    }
    if (strcmp(query->statement, "live/presence_categories") == 0) {
        static const char *const names[] = {"CategoryId", "Name"};
        const struct cell cells[] = {cell_of_integer(1), cell_of_text(slice_of("state"))};
        const struct peer_row row = {names, cells, 2, 1};
        (void)sink->row(sink->context, &row);
    }
    for (size_t i = 0; i < sizeof statements / sizeof statements[0]; i++) {
        if (strcmp(query->statement, statements[i].statement) == 0) {
            assert_int_equal(query->parameter_count, 1);
            assert_true(text_has(text, "LIKE @user"));
            return give_table(server, statements[i].table, sink);
        }
    }
    return (struct peer_answer){.fault = PEER_FINE, .problem = ""};
}

static void fake_close(void *context)
{
    (void)context;
}

static struct peer *fake_peer(const struct fake_server *server)
{
    static const struct peer_type type = {DIALECT_TSQL, fake_ask, fake_close};
    return peer_new(&type, (void *)(uintptr_t)server, slice_of(server->name), 0);
}

/* ---- what comes out, as text ---- */

static void put_key(struct buffer *out, const struct category_key *key)
{
    buffer_append_u64(out, key->container);
    buffer_append_text(out, "/");
    if (key->has_instance) {
        buffer_append_u64(out, key->instance);
    } else {
        buffer_append_text(out, "-");
    }
}

static void put_event(struct buffer *out, const struct event *event)
{
    const struct category_fact *fact = &event->as.category;
    buffer_append_text(out, " ");
    buffer_append_text(out, state_kind_name(fact->value.kind));
    buffer_append_text(out, "=");
    buffer_append_u64(out, (uint64_t)fact->value.availability);
    buffer_append_text(out, "@");
    put_key(out, &fact->key);
    buffer_append_text(out, fact->whole ? "" : "?");
    buffer_append_text(out, ":");
    buffer_append(out, event->origin.row->server);
}

static void put_person(struct buffer *out, const struct live_person *person)
{
    buffer_append(out, person->user);
    buffer_append_text(out, person->in_directory ? " directory" : "");
    buffer_append_text(out, live_is_registered(person) ? " registered" : "");
    for (size_t i = 0; i < person->event_count; i++) {
        put_event(out, &person->events[i]);
    }
    for (size_t i = 0; i < person->note_count; i++) {
        buffer_append_text(out, " !");
        buffer_append_text(out, live_note_name(person->notes[i].kind));
        buffer_append_text(out, "@");
        put_key(out, &person->notes[i].key);
    }
    buffer_append_text(out, "\n");
}

static char *people_of(const struct fake_server *servers, size_t count, const struct slice *users,
                       size_t user_count, const struct limits *limits)
{
    const struct rows_options options = {
        .users = users,
        .user_count = user_count,
        .now = NOW,
        .seed = test_seed(),
        .limits = limits,
    };
    char problem[200];
    struct rows_feed *feed = rows_feed_new(&options, problem, sizeof problem);
    struct live_person person;
    struct buffer out;
    assert_non_null(feed);
    buffer_init(&out, SIZE_MAX);
    for (size_t i = 0; i < count; i++) {
        struct peer *peer = fake_peer(&servers[i]);
        struct peer_answer answer = rows_feed_gather(feed, peer);
        assert_int_equal(answer.fault, servers[i].fault);
        peer_close(peer);
    }
    while (rows_feed_next(feed, &person)) {
        put_person(&out, &person);
    }
    assert_string_equal(rows_feed_problem(feed), "");
    rows_feed_free(feed);
    buffer_append_byte(&out, '\0');
    return out.data;
}

/* ---- the cases ---- */

struct feed_case {
    const char *what;
    struct fake_row rows[2][6]; /* of two servers; ends with a row without a user */
    const char *expected;
};

/* clang-format off */
static const struct feed_case feed_cases[] = {
    {"inputs come before aggregates, container 2 last, whatever their times",
     {{{DYNAMIC, "Ann@X", 2, 1, 5, 50, -1, NULL, STATE("aggregateState", 3500)},
       {DYNAMIC, "ann@x", 200, 1, 5, 90, -1, NULL, STATE("aggregateState", 3500)},
       {DYNAMIC, "ann@x", 2, 9, 5, 80, -1, NULL, STATE("machineState", 4000)},
       {STATIC, "ann@x", 2, 8, 5, 10, -1, NULL, STATE("userState", 3600)}}},
     "ann@x userState=3600@2/8:a machineState=4000@2/9:a aggregateState=3500@200/1:a "
     "aggregateState=3500@2/1:a\n"},
    {"the highest version counts, of whatever server",
     {{{DYNAMIC, "ann@x", 2, 1, 12, 50, -1, NULL, STATE("aggregateState", 3500)},
       {DYNAMIC, "bob@x", 2, 1, 5, 50, -1, NULL, STATE("aggregateState", 6500)}},
      {{DYNAMIC, "ann@x", 2, 1, 11, 90, -1, NULL, STATE("aggregateState", 15500)},
       {DYNAMIC, "bob@x", 2, 1, 6, 50, -1, NULL, STATE("aggregateState", 9500)}}},
     "ann@x aggregateState=3500@2/1:a !older@2/1\n"
     "bob@x aggregateState=9500@2/1:b !older@2/1\n"},
    {"of equal versions that where the user is registered, then the newest",
     {{{DYNAMIC, "ann@x", 2, 1, 5, 90, -1, NULL, STATE("aggregateState", 3500)},
       {DYNAMIC, "bob@x", 2, 1, -1, 50, -1, NULL, STATE("aggregateState", 6500)}},
      {{ENDPOINTS, "ann@x", -1, -1, -1, -1, 200000, "e1", NULL},
       {DYNAMIC, "ann@x", 2, 1, 5, 50, -1, NULL, STATE("aggregateState", 15500)},
       {DYNAMIC, "bob@x", 2, 1, -1, 60, -1, NULL, STATE("aggregateState", 9500)}}},
     "ann@x registered aggregateState=15500@2/1:b !older@2/1\n"
     "bob@x aggregateState=9500@2/1:b !older@2/1\n"},
    {"copies on another front end are no news, on the same one they are doubled",
     {{{DYNAMIC, "ann@x", 2, 1, 5, 50, -1, NULL, STATE("aggregateState", 3500)},
       {DYNAMIC, "ann@x", 2, 1, 5, 50, -1, NULL, STATE("aggregateState", 3500)}},
      {{DYNAMIC, "ann@x", 2, 1, 5, 50, -1, NULL, STATE("aggregateState", 3500)}}},
     "ann@x aggregateState=3500@2/1:a !doubled@2/1\n"},
    {"what expired, is empty or no XML does not count",
     {{{DYNAMIC, "ann@x", 2, 1, 5, 50, 100000, NULL, STATE("userState", 3500)},
       {DYNAMIC, "ann@x", 2, 2, 5, 50, 100001, NULL, STATE("userState", 3600)},
       {DYNAMIC, "ann@x", 2, 3, 5, 50, -1, NULL, " "},
       {DYNAMIC, "ann@x", 2, 4, 5, 50, -1, NULL, "<state>"}}},
     "ann@x userState=3600@2/2:a !expired@2/1 !empty@2/3 !unreadable@2/4\n"},
    {"an endpoint that is not registered, or no longer",
     {{{ENDPOINTS, "ann@x", -1, -1, -1, -1, 99999, "e1", NULL},
       {ENDPOINTS, "ann@x", -1, -1, -1, -1, 100001, "e2", NULL},
       {DYNAMIC, "ann@x", 2, 1, 5, 50, -1, "e1", STATE("machineState", 3500)},
       {DYNAMIC, "ann@x", 2, 2, 5, 50, -1, "E2", STATE("machineState", 3600)},
       {DYNAMIC, "ann@x", 2, 3, 5, 50, -1, "e3", STATE("machineState", 3700)}}},
     "ann@x registered machineState=3500@2/1:a machineState=3600@2/2:a machineState=3700@2/3:a "
     "!endpoint-not-registered@2/1 !endpoint-not-registered@2/3\n"},
    {"the static aggregate is for when there is no other",
     {{{STATIC, "ann@x", 2, 0, 5, 90, -1, NULL, STATE("aggregateState", 18500)},
       {DYNAMIC, "ann@x", 200, 1, 5, 50, -1, NULL, STATE("aggregateState", 3500)},
       {STATIC, "bob@x", 2, 0, 5, 90, -1, NULL, STATE("aggregateState", 18500)}}},
     "ann@x aggregateState=3500@200/1:a !static@2/0\n"
     "bob@x aggregateState=18500@2/0:a\n"},
    {"instances that the server does not name are told apart by what they are",
     {{{DYNAMIC, "ann@x", 2, -1, -1, 50, -1, NULL, STATE("aggregateState", 3500)},
       {DYNAMIC, "ann@x", 2, -1, -1, 60, -1, NULL, STATE("aggregateState", 3600)},
       {DYNAMIC, "ann@x", 2, -1, -1, 50, -1, "e1", STATE("machineState", 4000)},
       {DYNAMIC, "ann@x", 2, -1, -1, 60, -1, "e2", STATE("machineState", 4000)},
       {STATIC, "ann@x", 2, -1, -1, 10, -1, NULL, STATE("userState", 3500)}},
      {{STATIC, "ann@x", 2, -1, -1, 10, -1, NULL, STATE("userState", 3500)}}},
     "ann@x userState=3500@2/-:a machineState=4000@2/-:a machineState=4000@2/-:a "
     "aggregateState=3600@2/-:a !older@2/- !endpoint-not-registered@2/- "
     "!endpoint-not-registered@2/-\n"},
    {"who is only in the directory",
     {{{DIRECTORY, "dave@x", -1, -1, -1, -1, -1, NULL, NULL}}},
     "dave@x directory\n"},
};
/* clang-format on */

static void test_merging(void **state)
{
    (void)state;
    struct limits limits = limits_default();
    for (size_t i = 0; i < sizeof feed_cases / sizeof feed_cases[0]; i++) {
        const struct feed_case *test = &feed_cases[i];
        struct fake_server servers[2] = {{.name = "a"}, {.name = "b"}};
        for (size_t j = 0; j < 2; j++) {
            servers[j].rows = test->rows[j];
            while (servers[j].count < 6 && test->rows[j][servers[j].count].user) {
                servers[j].count++;
            }
        }
        char *text = people_of(servers, 2, NULL, 0, &limits);
        if (strcmp(text, test->expected) != 0) {
            fail_msg("%s:\n%sbut expected\n%s", test->what, text, test->expected);
        }
        free(text);
    }
}

static void test_users(void **state)
{
    (void)state;
    static const struct fake_row rows[] = {
        {DIRECTORY, "a_n@x", -1, -1, -1, -1, -1, NULL, NULL},
        {DIRECTORY, "ann@x", -1, -1, -1, -1, -1, NULL, NULL},
        {DIRECTORY, " Bob@x ", -1, -1, -1, -1, -1, NULL, NULL},
    };
    static const struct {
        struct slice users[2];
        size_t count;
        const char *expected;
    } cases[] = {
        {{SLICE("a_n@x")}, 1, "a_n@x directory\n"},
        {{SLICE("a*"), SLICE("*@x")}, 2, "a_n@x directory\nann@x directory\nbob@x directory\n"},
        {{SLICE("bob@x"), SLICE("%@x")}, 2, "bob@x directory\n"},
        {{SLICE("eve@x")}, 1, ""},
    };
    const struct fake_server server = {.name = "a", .rows = rows, .count = 3};
    struct limits limits = limits_default();
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char *text = people_of(&server, 1, cases[i].users, cases[i].count, &limits);
        assert_string_equal(text, cases[i].expected);
        free(text);
    }
}

/* What is not the whole never looks like it. */
static void test_what_is_not_whole(void **state)
{
    (void)state;
    static const struct fake_row rows[] = {
        {DYNAMIC, "ann@x", 2, 1, 5, 50, -1, NULL, STATE("userState", 3500)},
    };
    struct limits limits = limits_default();
    struct fake_server server = {.name = "a", .rows = rows, .count = 1, .lacks_static = true};
    char *text = people_of(&server, 1, NULL, 0, &limits);
    assert_string_equal(text, "ann@x userState=3500@2/1?:a\n");
    free(text);
    server.lacks_static = false;
    server.fault = PEER_DEAD;
    text = people_of(&server, 1, NULL, 0, &limits);
    assert_string_equal(text, "ann@x userState=3500@2/1?:a\n");
    free(text);
}

/* What findings cite. */
static void test_evidence(void **state)
{
    (void)state;
    static const struct fake_row rows[] = {
        {DYNAMIC, "ann@x", 2, 1, 5, 50, -1, NULL, STATE("userState", 3500)},
        {DYNAMIC, "bob@x", 2, 3, 5, 50, -1, NULL, STATE("userState", 3500)},
    };
    static const char *const keys[] = {
        "{\"PublisherId\": 7, \"CategoryId\": 1, \"ContainerNum\": 2, \"InstanceNum\": 1}",
        "{\"PublisherId\": 7, \"CategoryId\": 1, \"ContainerNum\": 2, \"InstanceNum\": 3}",
    };
    const struct fake_server server = {.name = "a", .rows = rows, .count = 2};
    struct limits limits = limits_default();
    const struct rows_options options = {.now = NOW, .seed = test_seed(), .limits = &limits};
    char problem[200];
    struct rows_feed *feed = rows_feed_new(&options, problem, sizeof problem);
    struct peer *peer = fake_peer(&server);
    struct live_person person;
    size_t count = 0;
    assert_int_equal(rows_feed_gather(feed, peer).fault, PEER_FINE);
    while (rows_feed_next(feed, &person)) {
        assert_int_equal(person.event_count, 1);
        const struct origin_row *row = person.events[0].origin.row;
        assert_slice_equal(row->key, keys[count]);
        assert_slice_equal(row->server, "a");
        assert_slice_equal(row->table, "PublishedInstance");
        count++;
    }
    assert_int_equal(count, 2);
    peer_close(peer);
    rows_feed_free(feed);
}

static void test_caps(void **state)
{
    (void)state;
    static const struct fake_row rows[] = {
        {DYNAMIC, "ann@x", 2, 1, 5, 50, -1, NULL, STATE("userState", 3500)},
        {DYNAMIC, "ann@x", 2, 2, 5, 50, -1, NULL, STATE("userState", 3500)},
        {DYNAMIC, "bob@x", 2, 1, 5, 50, -1, NULL, STATE("userState", 3500)},
    };
    const struct fake_server server = {.name = "a", .rows = rows, .count = 3};
    struct limits limits = limits_default();
    limits.instances = 1;
    char *text = people_of(&server, 1, NULL, 0, &limits);
    assert_string_equal(text, "ann@x userState=3500@2/1:a !too-big@2/2\n"
                              "bob@x userState=3500@2/1:a\n");
    free(text);
    limits = limits_default();
    limits.message_bytes = strlen(rows[0].data) + 1;
    text = people_of(&server, 1, NULL, 0, &limits);
    assert_string_equal(text, "ann@x userState=3500@2/1:a !too-big@2/2\n"
                              "bob@x userState=3500@2/1:a\n");
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_merging),
        cmocka_unit_test(test_users),
        cmocka_unit_test(test_what_is_not_whole),
        cmocka_unit_test(test_evidence),
        cmocka_unit_test(test_caps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
