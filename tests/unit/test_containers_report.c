/*
 * Containers and their members as they are written, to the letter.
 */
#include "tests/unit/report_run.h"

#include "reports/container_table.h"
#include "reports/containers_report.h"

struct row {
    const char *owner;
    uint32_t id;
    enum container_action action;
    enum member_type type;
    const char *value;
    uint32_t index;
    uint64_t record;
};

/* A list; a request; a list of one container later, which confirms it. */
/* clang-format off */
static const struct row first_list[] = {
    {ANN, 32000, CONTAINER_LISTED, MEMBER_TYPE_USER,            "eve@contoso.example", 1, 5},
    {ANN, 200,   CONTAINER_LISTED, MEMBER_TYPE_SAME_ENTERPRISE, "",                    2, 5},
    {ANN, 100,   CONTAINER_LISTED, MEMBER_TYPE_FEDERATED,       "",                    3, 5},
    {ANN, 400,   CONTAINER_EMPTY,  MEMBER_TYPE_UNKNOWN,         "",                    4, 5},
    {ANN, 300,   CONTAINER_ADD,    MEMBER_TYPE_USER,            BOB,                   1, 9},
    {ANN, 32000, CONTAINER_REMOVE, MEMBER_TYPE_USER,            "eve@contoso.example", 2, 9},
    {BOB, 777,   CONTAINER_LISTED, MEMBER_TYPE_UNKNOWN,         "\033[1m안녕",         1, 12},
};
static const struct row confirmed[] = {
    {ANN, 300,   CONTAINER_LISTED, MEMBER_TYPE_USER,            BOB,                   1, 11},
    {ANN, 32000, CONTAINER_EMPTY,  MEMBER_TYPE_UNKNOWN,         "",                    2, 11},
};
/* clang-format on */

static void tell(const struct sink *sink, const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct event event = {
            .kind = EVENT_CONTAINER,
            .origin = at((int64_t)rows[i].record, rows[i].record),
            .as.container = {.owner = slice_of(rows[i].owner),
                             .id = rows[i].id,
                             .version = 3,
                             .has_version = rows[i].id != 777,
                             .action = rows[i].action,
                             .type = rows[i].type,
                             .type_text = SLICE("moon"),
                             .value = slice_of(rows[i].value),
                             .index = rows[i].index},
        };
        sink->event(sink->context, &event);
    }
}

struct view {
    enum report_format format;
    size_t limit;
    bool later; /* the second list too */
    const char *user;
};

static char *written_view(const struct view *view)
{
    struct written written;
    struct report_style style = style_of(view->format);
    struct limits limits = limits_default();
    struct slice user = slice_of(view->user ? view->user : "");
    struct containers_query query = {&user, view->user ? 1 : 0};
    limits.report_rows = view->limit > 0 ? view->limit : limits.report_rows;
    struct containers_report *report = containers_report_new(&style, &query, test_seed(), &limits);
    const struct sink sink = containers_report_sink(report);
    tell(&sink, first_list, COUNT(first_list));
    if (view->later) {
        tell(&sink, confirmed, COUNT(confirmed));
    }
    containers_report_write(report, &plain_summary, written_open(&written));
    containers_report_free(report);
    return written_close(&written);
}

static void assert_view(const struct view *view, const char *expected)
{
    char *text = written_view(view);
    assert_string_equal(text, expected);
    free(text);
}

static void who_is_in_which_container(void **state)
{
    (void)state;
    const struct view view = {.format = REPORT_TEXT};
    assert_view(&view, COVERAGE_TEXT
                "\n"
                "ann@contoso.example\n"
                "  100 External contacts (Public), version 3\n"
                "    federated       (#5)\n"
                "  200 Colleagues (Company), version 3\n"
                "    sameEnterprise  (#5)\n"
                "  300 Workgroup (Team), version 3\n"
                "    user            bob@contoso.example (#9), asked for, not seen in "
                "a list\n"
                "  400 Friends and family (Personal), version 3: no member\n"
                "  32000 Blocked, version 3\n"
                "    user            eve@contoso.example (#5)\n"
                "    user            eve@contoso.example (#9), asked to be removed\n"
                "\n"
                "bob@contoso.example\n"
                "  777 (not a standard one)\n"
                "    moon            \\x1b[1m안녕 (#12)\n");
}

static void a_later_list_replaces_what_it_names(void **state)
{
    (void)state;
    const struct view view = {.format = REPORT_TEXT, .later = true, .user = "ann@*"};
    assert_view(&view, COVERAGE_TEXT "\n"
                                     "ann@contoso.example\n"
                                     "  100 External contacts (Public), version 3\n"
                                     "    federated       (#5)\n"
                                     "  200 Colleagues (Company), version 3\n"
                                     "    sameEnterprise  (#5)\n"
                                     "  300 Workgroup (Team), version 3\n"
                                     "    user            bob@contoso.example (#11)\n"
                                     "  400 Friends and family (Personal), version 3: no member\n"
                                     "  32000 Blocked, version 3: no member\n");
}

static void what_finds_no_room_is_counted(void **state)
{
    (void)state;
    const struct view view = {.format = REPORT_TEXT, .limit = 3};
    assert_view(&view, COVERAGE_TEXT "\n"
                                     "ann@contoso.example\n"
                                     "  32000 Blocked, version 3\n"
                                     "    user            eve@contoso.example (#5)\n"
                                     "\n"
                                     "6 members found no room in this report\n");
}

/* Two containers and a member at a time, told again and again. */
static void what_is_replaced_gives_its_room_back(void **state)
{
    (void)state;
    struct written written;
    struct report_style style = style_of(REPORT_TEXT);
    struct limits limits = limits_default();
    const struct containers_query query = {NULL, 0};
    limits.report_rows = 5;
    struct containers_report *report = containers_report_new(&style, &query, test_seed(), &limits);
    const struct sink sink = containers_report_sink(report);
    for (uint64_t record = 1; record <= 9; record++) {
        const struct row list[] = {
            {ANN, 300, CONTAINER_LISTED, MEMBER_TYPE_USER, BOB, 1, record},
            {ANN, 200, CONTAINER_LISTED, MEMBER_TYPE_USER, BOB, 2, record},
        };
        tell(&sink, list, COUNT(list));
    }
    containers_report_write(report, &plain_summary, written_open(&written));
    containers_report_free(report);
    char *text = written_close(&written);
    assert_string_equal(text, COVERAGE_TEXT "\n"
                                            "ann@contoso.example\n"
                                            "  200 Colleagues (Company), version 3\n"
                                            "    user            bob@contoso.example (#9)\n"
                                            "  300 Workgroup (Team), version 3\n"
                                            "    user            bob@contoso.example (#9)\n");
    free(text);
}

static void nobody_is_in_any(void **state)
{
    (void)state;
    const struct view view = {.format = REPORT_TEXT, .user = "zoe@contoso.example"};
    assert_view(&view, COVERAGE_TEXT "\nNo list of container members was seen.\n");
}

static void members_as_json(void **state)
{
    (void)state;
    const struct view view = {.format = REPORT_JSON, .user = BOB};
    char *text = written_view(&view);
    const char *owners = strstr(text, "  \"owners\"");
    assert_non_null(owners);
    assert_string_equal(owners, "  \"owners\": [\n"
                                "    {\n"
                                "      \"owner\": \"bob@contoso.example\",\n"
                                "      \"containers\": [\n"
                                "        {\n"
                                "          \"id\": 777,\n"
                                "          \"name\": null,\n"
                                "          \"version\": null,\n"
                                "          \"members\": [\n"
                                "            {\n"
                                "              \"type\": \"moon\",\n"
                                "              \"value\": \"\\u001b[1m안녕\",\n"
                                "              \"state\": \"listed\",\n"
                                "              \"origin\": {\n"
                                "                \"input\": \"trace.pcap\",\n"
                                "                \"record\": 12,\n"
                                "                \"time\": \"2026-11-20T10:00:12.000000Z\"\n"
                                "              }\n"
                                "            }\n"
                                "          ]\n"
                                "        }\n"
                                "      ]\n"
                                "    }\n"
                                "  ],\n"
                                "  \"coverage\": \"full\",\n"
                                "  \"not_listed\": 0\n"
                                "}\n");
    free(text);
}

/* The table of seed 000, whole, and within the columns of a terminal. */
static void the_table_is_complete(void **state)
{
    (void)state;
    static const uint32_t ids[] = {0, 1, 2, 3, 100, 200, 300, 400, 32000};
    static const size_t columns[] = {80, 60};
    size_t count = 0;
    const struct container_row *rows = container_rows(&count);
    assert_int_equal(count, COUNT(ids));
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(rows[i].id, ids[i]);
        assert_ptr_equal(container_row_find(ids[i]), &rows[i]);
    }
    assert_null(container_row_find(4));
    for (size_t i = 0; i < COUNT(columns); i++) {
        struct written written;
        struct report_style style = style_of(REPORT_TEXT);
        style.columns = columns[i];
        containers_table_write(&style, written_open(&written));
        char *text = written_close(&written);
        assert_true(widest_line(text) <= columns[i]);
        assert_non_null(strstr(text, "300    Workgroup (Team)\n       seen by    chosen users; "));
        free(text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_is_in_which_container),
        cmocka_unit_test(a_later_list_replaces_what_it_names),
        cmocka_unit_test(what_finds_no_room_is_counted),
        cmocka_unit_test(what_is_replaced_gives_its_room_back),
        cmocka_unit_test(nobody_is_in_any),
        cmocka_unit_test(members_as_json),
        cmocka_unit_test(the_table_is_complete),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
