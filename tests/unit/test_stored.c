/*
 * Posts of a capture against looks at the compliance database: what is held, what is missing, what
 * was processed, and every guard under which nothing is said.
 */
#include "tests/unit/compliance_script.h"

#include <stdlib.h>

#include "analyzer/audit/stored.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

enum { ROWS = 8, LOOKS = 3, TOLERANCE = 60 /* s */ };

/* A row of tblComplianceData; id 0 ends a look. */
struct written {
    int64_t id;
    int64_t type;
    double at;
    const char *user;
    const char *text;
};

struct glance {
    const char *server;
    int64_t time; /* 0 = no more looks */
    bool torn;
    struct stored_progress progress;
    struct written rows[ROWS];
};

/* `expected`: of each post H held, L lacking or -, then G gone, S still there or -. */
struct sight {
    const char *title;
    const char *expected;
    struct glance looks[LOOKS];
};

/* clang-format off */
#define IDLE(last)   {true, true, last}
#define LOCKED(last) {true, false, last}
#define UNKNOWN      {false, false, 0}
#define ONE          {11, STORED_CHAT, 100.5, "sip:Ada@contoso.example", "one"}
#define TWO          {12, STORED_CHAT, 200, "ada@contoso.example", "two"}
#define THREE        {13, STORED_CHAT, 300, "sip:bo@contoso.example", "three"}

static const struct sight sights[] = {
    {"no look", "-- -- --", {{0}}},
    {"all are there", "H- H- H-", {{"pc", 1, false, IDLE(10), {ONE, TWO, THREE}}}},
    {"a state is not needed for what is there", "H- H- H-", {{"pc", 1, true, UNKNOWN, {ONE, TWO, THREE}}}},
    {"one is not", "H- L- H-", {{"pc", 1, false, IDLE(10), {ONE, THREE}}}},
    {"an empty table says nothing", "-- -- --", {{"pc", 1, false, IDLE(10), {{0}}}}},
    {"what came before it was processed", "H- -- H-", {{"pc", 1, false, IDLE(11), {ONE, THREE}}}},
    {"nothing before it is there", "-- -- H-", {{"pc", 1, false, IDLE(10), {THREE}}}},
    {"nothing after it is there", "H- -- --", {{"pc", 1, false, IDLE(10), {ONE}}}},
    {"a server holds the lock", "H- -- H-", {{"pc", 1, false, LOCKED(10), {ONE, THREE}}}},
    {"no state", "H- -- H-", {{"pc", 1, false, UNKNOWN, {ONE, THREE}}}},
    {"not all rows", "H- -- H-", {{"pc", 1, true, IDLE(10), {ONE, THREE}}}},
    {"numbers that fall", "H- -- H-", {{"pc", 1, false, IDLE(9), {{14, 1, 100, "ada@contoso.example", "one"}, THREE}}}},
    {"another text of that user", "H- -- H-",
     {{"pc", 1, false, IDLE(10), {ONE, {12, 1, 210, "ada@contoso.example", "<two/>"}, THREE}}}},
    {"another text of another user", "H- L- H-",
     {{"pc", 1, false, IDLE(10), {ONE, {12, 1, 210, "bo@contoso.example", "<two/>"}, THREE}}}},
    {"another text at another time", "H- L- H-",
     {{"pc", 1, false, IDLE(10), {ONE, {12, 1, 261, "ada@contoso.example", "<two/>"}, THREE}}}},
    {"another type", "H- L- H-", {{"pc", 1, false, IDLE(10), {ONE, {12, 2, 200, "ada@contoso.example", "two"}, THREE}}}},
    {"messages were purged", "H- -- H-",
     {{"pc", 1, false, IDLE(10), {ONE, THREE, {15, STORED_PURGED, 900, "eve@contoso.example", ""}}}}},
    {"messages were replaced", "H- -- H-",
     {{"pc", 1, false, IDLE(10), {ONE, THREE, {15, STORED_REPLACED, 900, "eve@contoso.example", ""}}}}},
    {"another server has it", "H- H- H-",
     {{"pc", 1, false, IDLE(10), {ONE, THREE}}, {"other", 2, false, IDLE(10), {TWO}}}},
    {"processed between two looks", "HG HG HS",
     {{"pc", 1, false, IDLE(10), {ONE, TWO, THREE}}, {"PC", 2, false, IDLE(12), {THREE}}}},
    {"gone, but not processed", "H- HS HS",
     {{"pc", 1, false, IDLE(10), {ONE, TWO, THREE}}, {"pc", 2, false, IDLE(10), {TWO, THREE}}}},
    {"gone, and no state", "HG HS HS",
     {{"pc", 1, false, IDLE(10), {ONE, TWO, THREE}}, {"pc", 2, false, UNKNOWN, {TWO, THREE}}}},
    {"gone from what was not read whole", "H- H- H-",
     {{"pc", 1, false, IDLE(10), {ONE, TWO, THREE}}, {"pc", 2, true, IDLE(13), {THREE}}}},
    {"another server", "H- H- H-",
     {{"pc", 1, false, IDLE(10), {ONE, TWO, THREE}}, {"other", 2, false, IDLE(13), {{0}}}}},
    {"looks of one moment", "H- H- H-",
     {{"pc", 1, false, IDLE(10), {ONE, TWO, THREE}}, {"pc", 1, false, IDLE(13), {{0}}}}},
    {"gone with the third look", "HG HG HG",
     {{"pc", 1, false, IDLE(10), {ONE, TWO, THREE}}, {"pc", 2, false, IDLE(12), {THREE}}, {"pc", 3, false, IDLE(13), {{0}}}}},
    {"gone is not lacking", "HG HG HS",
     {{"pc", 1, false, IDLE(9), {{10, 1, 100, "ada@contoso.example", "one"}, TWO, THREE}}, {"pc", 2, false, IDLE(12), {THREE}}}},
};
/* clang-format on */

#define SAID(at, session, user, text, post)                                                        \
    POST(at, SENDS, session, user, "ops", text, post),                                             \
        POST(at, TAKEN, session, user, "ops", NULL, post)

static const struct act *story(void)
{
    static const struct act acts[] = {
        DO(0, JOINS, 1, "ada", "ops"),  DO(1, JOINS, 2, "bo", "ops"),
        SAID(100, 1, "ada", "one", 7),  SAID(200, 1, "ada", "two", 8),
        SAID(300, 2, "bo", "three", 9), {.deed = DEEDS_END},
    };
    return acts;
}

static void to_stored_event(void *context, const struct event *event)
{
    stored_event(context, event);
}

static void to_stored_change(void *context, const struct change *change)
{
    stored_change(context, change);
}

static void tell_look(struct stored *stored, const struct glance *look)
{
    stored_look(stored, slice_of(look->server), look->time);
    for (size_t i = 0; i < ROWS && look->rows[i].id != 0; i++) {
        const struct written *row = &look->rows[i];
        stored_told(stored, &(struct stored_row){
                                .id = row->id,
                                .type = row->type,
                                .room = slice_of("ma-chan://Contoso.example/ops"),
                                .user = slice_of(row->user),
                                .text = slice_of(row->text),
                                .ticks = ticks_of_time(story_time(row->at)),
                            });
    }
    stored_look_end(stored, !look->torn, &look->progress);
}

static void run(struct stored *stored, const struct sight *sight, const struct limits *limits)
{
    const struct audience audience = {to_stored_event, to_stored_change, stored};
    stored_init(stored, test_seed(), limits);
    stored_expect(stored);
    play_acts(&audience, story());
    for (size_t i = 0; i < LOOKS && sight->looks[i].time != 0; i++) {
        tell_look(stored, &sight->looks[i]);
    }
    stored_settle(stored, TOLERANCE * TIME_SECOND);
}

static void write_posts(const struct stored *stored, char out[static 16])
{
    size_t size = 0;
    for (uint64_t id = 7; id <= 9; id++) {
        const struct stored_message *post = stored_of_post(stored, id);
        out[size++] = post ? "-HL"[post->answer] : '?';
        out[size++] = post ? "-SG"[post->removal] : '?';
        out[size++] = id < 9 ? ' ' : '\0';
    }
}

static void looks_tell_what_they_can(void **state)
{
    (void)state;
    struct limits limits = limits_default();
    for (size_t i = 0; i < COUNT(sights); i++) {
        struct stored stored;
        char out[16];
        run(&stored, &sights[i], &limits);
        write_posts(&stored, out);
        if (strcmp(out, sights[i].expected) != 0) {
            fail_msg("%s: %s, not %s", sights[i].title, out, sights[i].expected);
        }
        stored_dispose(&stored);
    }
}

static void evidence_is_the_rows(void **state)
{
    (void)state;
    struct limits limits = limits_default();
    struct stored stored;
    run(&stored, &sights[3], &limits);
    const struct stored_message *held = stored_of_post(&stored, 7);
    const struct stored_message *lacking = stored_of_post(&stored, 8);
    assert_true(slice_equal(held->row.row->server, slice_of("pc")));
    assert_true(slice_equal(held->row.row->key, slice_of("{\"cmplEventID\": 11}")));
    assert_int_equal(held->row.time, story_time(100.5));
    assert_true(slice_equal(lacking->bounds[0].row->key, slice_of("{\"cmplEventID\": 11}")));
    assert_true(slice_equal(lacking->bounds[1].row->key, slice_of("{\"cmplEventID\": 13}")));
    stored_dispose(&stored);
}

/* What found no place would seem to be missing. */
static void full_tables_blame_nobody(void **state)
{
    (void)state;
    struct limits limits = limits_default();
    limits.compliance_rows = 3;
    struct sight many = sights[3];
    many.looks[0].rows[2] = (struct written){14, 2, 301, "bo@contoso.example", ""};
    many.looks[0].rows[3] = (struct written){15, 2, 302, "bo@contoso.example", ""};
    struct stored stored;
    char out[16];
    run(&stored, &many, &limits);
    write_posts(&stored, out);
    assert_string_equal(out, "H- -- H-");
    assert_true(stored.refused > 0);
    stored_dispose(&stored);
}

static void without_looks_nothing_is_kept(void **state)
{
    (void)state;
    struct limits limits = limits_default();
    struct stored stored;
    const struct audience audience = {to_stored_event, to_stored_change, &stored};
    stored_init(&stored, test_seed(), &limits);
    play_acts(&audience, story());
    assert_int_equal(stored.posts.count, 0);
    stored_settle(&stored, TIME_SECOND);
    assert_null(stored_of_post(&stored, 7));
    stored_dispose(&stored);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(looks_tell_what_they_can),
        cmocka_unit_test(evidence_is_the_rows),
        cmocka_unit_test(full_tables_blame_nobody),
        cmocka_unit_test(without_looks_nothing_is_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
