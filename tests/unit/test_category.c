/*
 * What categories hold beside states, and what is odd in them (decoders/category.c,
 * instance_set.c, bodies/categories.txt); their caps, with limits lowered to reach them.
 */
#include "tests/unit/body_samples.h"

#define SAMPLES "tests/unit/bodies/categories.txt"

static void test_samples(void **state)
{
    (void)state;
    check_samples(SAMPLES);
}

static void test_every_prefix_gives_the_first_facts(void **state)
{
    (void)state;
    check_prefixes(SAMPLES);
}

struct run {
    struct arena arena;
    struct facts facts;
    struct message message;
    struct body_reader *reader;
    struct guard guard;
};

static void run_open(struct run *run, const struct limits *limits, const char *type,
                     struct slice body)
{
    *run = (struct run){.reader = body_reader_new(limits), .guard = guard_copy(body)};
    arena_init(&run->arena);
    run->message = (struct message){
        .body = run->guard.bytes,
        .content_type = slice_of(type),
        .content_type_full = slice_of(type),
    };
    body_decode(run->reader, &run->message, &run->arena, &run->facts);
}

static void run_close(struct run *run)
{
    arena_dispose(&run->arena);
    body_reader_free(run->reader);
    guard_free(&run->guard);
}

static size_t count_kind(const struct run *run, enum event_kind kind)
{
    size_t count = 0;
    for (size_t i = 0; i < run->facts.count; i++) {
        count += run->facts.items[i].kind == kind;
    }
    return count;
}

/* The first diagnostic of that code, or NULL. */
static const struct diagnostic_fact *find_odd(const struct run *run, const char *code)
{
    for (size_t i = 0; i < run->facts.count; i++) {
        const struct event *event = &run->facts.items[i];
        if (event->kind == EVENT_DIAGNOSTIC && strcmp(event->as.diagnostic.code, code) == 0) {
            return &event->as.diagnostic;
        }
    }
    return NULL;
}

static const char categories_type[] = "application/msrtc-event-categories+xml";

/* ---- caps ---- */

static void test_leaves_end_at_the_cap(void **state)
{
    (void)state;
    static const struct slice body = SLICE("<categories uri='sip:a@x'><category name='routing' "
                                           "instance='1'><r a='1' b='2'><c>3</c><d>4</d>"
                                           "</r></category><category name='routing' "
                                           "instance='2'><r e='5' f='6' g='7' h='8'/></category>"
                                           "</categories>");
    struct limits limits = limits_default();
    limits.category_items = 3;
    struct run run;
    run_open(&run, &limits, categories_type, body);
    const struct category_fact *fact = &run.facts.items[1].as.category;
    assert_int_equal(count_kind(&run, EVENT_CATEGORY), 2);
    assert_int_equal(count_kind(&run, EVENT_DIAGNOSTIC), 1);
    assert_int_equal(run.facts.items[1].kind, EVENT_CATEGORY);
    assert_int_equal(fact->item_count, 3);
    assert_true(slice_equal(fact->items[2].name, slice_of("c")));
    assert_true(slice_equal(fact->text, slice_of("r@a=1, r@b=2, c=3")));
    const struct diagnostic_fact *odd = find_odd(&run, "category-items-capped");
    assert_non_null(odd);
    assert_true(slice_equal(odd->detail, slice_of("category_items")));
    assert_int_equal(odd->offset, slice_find(body, slice_of("<d>")));
    run_close(&run);
}

struct text_case {
    size_t cap;
    const char *note;
    const char *text;
    bool capped;
};

static const struct text_case text_cases[] = {
    {8, "12345678", "12345678", false},
    {8, "123456789", "12345678", true},
    {8, "1234567\xC3\xBC", "1234567", true},        /* no half character */
    {8, "123456\xC3\xBC", "123456\xC3\xBC", false}, /* all of it */
    {8, "12345\xF0\x9F\x98\x80", "12345", true},    /* three of four bytes fit */
    {8, "1  2\t\n3&#13;4", "1 2 3 4", false},       /* one line */
    {8, "  12   ", "12", false},
    {1, "\xC3\xBC", "", true},
    {0, "1", "", true},
};

static void test_the_line_ends_at_the_cap(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof text_cases / sizeof text_cases[0]; i++) {
        const struct text_case *test = &text_cases[i];
        struct limits limits = limits_default();
        struct run run;
        char body[512];
        limits.category_text = test->cap;
        snprintf(body, sizeof body,
                 "<categories uri='sip:a@x'><category name='note'><note><body>%s</body></note>"
                 "</category></categories>",
                 test->note);
        run_open(&run, &limits, categories_type, slice_of(body));
        const struct category_fact *fact = &run.facts.items[run.facts.count - 1].as.category;
        if (!slice_equal(fact->text, slice_of(test->text)) ||
            (find_odd(&run, "category-text-capped") != NULL) != test->capped) {
            fail_msg("%zu: \"%.*s\"", i, (int)fact->text.size, fact->text.data);
        }
        run_close(&run);
    }
}

static void test_devices_end_at_the_cap(void **state)
{
    (void)state;
    static const struct slice body =
        SLICE("<presentity uri='a@x'><devices><devicePresence epid='1'/><devicePresence "
              "epid='2'/><devicePresence epid='3'/><devicePresence epid='4'/></devices>"
              "</presentity>");
    struct limits limits = limits_default();
    limits.instances = 2;
    struct run run;
    run_open(&run, &limits, "text/xml+msrtc.pidf", body);
    assert_int_equal(run.facts.count, 2);
    assert_non_null(find_odd(&run, "legacy-devices-capped"));
    assert_int_equal(run.facts.items[1].kind, EVENT_LEGACY);
    assert_int_equal(run.facts.items[1].as.legacy.device_count, 2);
    assert_true(slice_equal(run.facts.items[1].as.legacy.devices[1].epid, slice_of("2")));
    run_close(&run);
}

static void test_slips_do_not_push_out_the_facts(void **state)
{
    (void)state;
    enum { CATEGORIES = 200 };
    struct buffer body;
    buffer_init(&body, SIZE_MAX);
    assert_true(buffer_append_text(&body, "<categories uri='sip:a@x'>"));
    for (unsigned i = 0; i < CATEGORIES; i++) {
        assert_true(buffer_append_text(&body, "<Category name='state' instance='x'><State>"
                                              "<Availability>-1</Availability><activity "
                                              "toekn='t'/></State></Category>"));
    }
    assert_true(buffer_append_text(&body, "</categories>"));
    struct limits limits = limits_default();
    limits.body_facts = CATEGORIES + 8;
    struct run run;
    run_open(&run, &limits, categories_type, buffer_slice(&body));
    assert_int_equal(count_kind(&run, EVENT_CATEGORY), CATEGORIES);
    assert_int_equal(count_kind(&run, EVENT_DIAGNOSTIC), 5);
    assert_non_null(find_odd(&run, "xml-name-case"));
    assert_non_null(find_odd(&run, "number-unreadable"));
    assert_non_null(find_odd(&run, "availability-unreadable"));
    assert_non_null(find_odd(&run, "activity-token-misspelled"));
    assert_non_null(find_odd(&run, "instance-repeated"));
    run_close(&run);
    buffer_dispose(&body);
}

/* ---- repeated instances ---- */

/* `count` instances, then the one with number `again` once more (none if it is `count`). */
static struct buffer write_instances(unsigned count, unsigned again)
{
    struct buffer body;
    buffer_init(&body, SIZE_MAX);
    say(&body, "<categories uri='sip:a@x'>");
    for (unsigned i = 0; i < count; i++) {
        say(&body, "<category name='state' instance='%u' container='%u'/>", i / 2, i % 2);
    }
    if (again < count) {
        say(&body, "<category name='STATE' instance='%u' container='%u'/>", again / 2, again % 2);
    }
    say(&body, "</categories>");
    return body;
}

static void check_instances(unsigned count, unsigned again)
{
    struct limits limits = limits_default();
    struct buffer body = write_instances(count, again);
    struct run run;
    run_open(&run, &limits, categories_type, buffer_slice(&body));
    const struct diagnostic_fact *odd = find_odd(&run, "instance-repeated");
    if ((odd != NULL) != (again < count)) {
        fail_msg("%u instances, %u again", count, again);
    }
    if (odd) {
        assert_int_equal(odd->offset,
                         slice_find(buffer_slice(&body), slice_of("<category name='S")));
    }
    assert_int_equal(count_kind(&run, EVENT_CATEGORY), count + (again < count));
    run_close(&run);
    buffer_dispose(&body);
}

static void test_repeated_instances_are_found_in_lists_of_any_size(void **state)
{
    (void)state;
    static const unsigned counts[] = {1,  2,  11, 12,  13,  14,  31,  32,
                                      33, 64, 65, 127, 128, 129, 1000};
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        check_instances(counts[i], 0);
        check_instances(counts[i], counts[i] / 2);
        check_instances(counts[i], counts[i] - 1);
        check_instances(counts[i], counts[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_samples),
        cmocka_unit_test(test_every_prefix_gives_the_first_facts),
        cmocka_unit_test(test_leaves_end_at_the_cap),
        cmocka_unit_test(test_the_line_ends_at_the_cap),
        cmocka_unit_test(test_devices_end_at_the_cap),
        cmocka_unit_test(test_slips_do_not_push_out_the_facts),
        cmocka_unit_test(test_repeated_instances_are_found_in_lists_of_any_size),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
