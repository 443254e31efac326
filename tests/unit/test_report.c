/*
 * What all reports share: CSV cells, origins, and the words about coverage.
 */
#include "tests/unit/output_text.h"

#include "reports/report.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static void cells_are_quoted_and_never_formulas(void **state)
{
    (void)state;
    static const struct {
        struct slice cell;
        const char *csv;
    } rows[] = {
        {SLICE("plain"), "plain"},
        {SLICE(""), ""},
        {SLICE("a b"), "a b"},
        {SLICE("a,b"), "\"a,b\""},
        {SLICE("say \"hi\""), "\"say \"\"hi\"\"\""},
        {SLICE("\""), "\"\"\"\""},
        {SLICE("a\nb"), "\"a\nb\""},
        {SLICE("a\r"), "\"a\r\""},
        {SLICE("=1+2"), "\"'=1+2\""},
        {SLICE("+82 2"), "\"'+82 2\""},
        {SLICE("-1"), "\"'-1\""},
        {SLICE("@SUM(A1)"), "\"'@SUM(A1)\""},
        {SLICE("\t=1"), "\"'\t=1\""},
        {SLICE("=HYPERLINK(\"x\",\"y\")"), "\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\""},
        {SLICE("a=b"), "a=b"},
        {SLICE("한국어"), "한국어"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        for (int last = 0; last < 2; last++) {
            char expected[64];
            struct written written;
            struct guard guard = guard_copy(rows[i].cell);
            report_csv(written_open(&written), guard.bytes, last == 1);
            char *text = written_close(&written);
            snprintf(expected, sizeof expected, "%s%c", rows[i].csv, last ? '\n' : ',');
            assert_string_equal(text, expected);
            free(text);
            guard_free(&guard);
        }
    }
}

static const struct input_info inputs[] = {
    {.name = SLICE("first.pcap")},
    {.name = SLICE("sec\033ond.pcap")},
};

static const struct origin_row database_row = {SLICE("sql\\rtc"), SLICE("rtcdyn"),
                                               SLICE("Endpoint"), SLICE("{\"EndpointId\": 5}")};

static void origins_name_the_input_where_there_are_several(void **state)
{
    (void)state;
    static const struct {
        struct origin origin;
        size_t inputs;
        const char *text;
    } rows[] = {
        {{.record = 57}, 1, "57"},
        {{.record = 57}, 2, "first.pcap:57"},
        {{.record = UINT64_MAX, .input = 1}, 2, "sec\\x1bond.pcap:18446744073709551615"},
        {{.row = &database_row}, 1, "rtcdyn.Endpoint EndpointId 5 on sql\\rtc"},
        {{.row = &database_row}, 2, "rtcdyn.Endpoint EndpointId 5 on sql\\rtc"},
    };
    struct arena arena;
    arena_init(&arena);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct summary summary = {.inputs = inputs, .input_count = rows[i].inputs};
        assert_slice_equal(report_origin_text(&rows[i].origin, &summary, &arena), rows[i].text);
    }
    arena_dispose(&arena);
}

static void origins_are_json_objects(void **state)
{
    (void)state;
    static const struct {
        struct origin origin;
        const char *json;
    } rows[] = {
        {{.time = 1000, .record = 57},
         "{\"input\": \"first.pcap\", \"record\": 57, \"time\": \"1970-01-01T00:00:00.000001Z\"}"},
        {{.time = TIME_NONE, .record = 1, .input = 1, .offset = 24, .stream = 3},
         "{\"input\": \"sec\\u001bond.pcap\", \"record\": 1, \"time\": null, \"offset\": 24, "
         "\"stream\": 3, \"stream_offset\": 0}"},
        {{.time = TIME_NONE, .row = &database_row},
         "{\"server\": \"sql\\\\rtc\", \"database\": \"rtcdyn\", \"table\": \"Endpoint\", "
         "\"key\": {\"EndpointId\": 5}, \"time\": null}"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct summary summary = {.inputs = inputs, .input_count = 2};
        struct written written;
        struct json json;
        json_init(&json, written_open(&written), false);
        report_origin_json(&json, NULL, &rows[i].origin, &summary);
        char *text = written_close(&written);
        assert_string_equal(text, rows[i].json);
        free(text);
    }
}

static char *coverage_text(const struct summary *summary, size_t columns)
{
    struct written written;
    const struct report_style style = {.columns = columns};
    report_coverage_text(written_open(&written), &style, summary);
    return written_close(&written);
}

static void coverage_says_what_was_read(void **state)
{
    (void)state;
    static const struct {
        struct summary summary;
        const char *text;
    } rows[] = {
        {{.packets = 5,
          .decoded = 5,
          .coverage = {.streams = 2, .read = 2, .verdict = COVERAGE_FULL}},
         "Coverage  full: all SIP that was captured could be read\n"
         "          streams: 2 read\n"
         "          packets: 5, decoded 5, skipped 0\n"},
        {{.packets = 20,
          .decoded = 10,
          .skipped = {[SKIP_LINK] = 7, [SKIP_FRAGMENT] = 3},
          .partial = true,
          .coverage = {9, 5, 3, 1, 2, 4, COVERAGE_PARTIAL}},
         "Coverage  partial: some of the traffic could not be read; see the coverage notes\n"
         "          streams: 5 read, 3 encrypted, 1 compressed, 2 with gaps, 4 one-sided\n"
         "          packets: 20, decoded 10, skipped 10 (link 7, fragment 3)\n"
         "          interrupted: what follows is what was read until then\n"},
        {{.packets = 1, .skipped = {[SKIP_SCTP] = 1}},
         "Coverage  none: no SIP could be read, so nothing can be said about it\n"
         "          streams: 0 read\n"
         "          packets: 1, decoded 0, skipped 1 (sctp 1)\n"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char *text = coverage_text(&rows[i].summary, 100);
        assert_string_equal(text, rows[i].text);
        free(text);
    }
}

/* Every number at its largest still fits the narrowest width. */
static void coverage_fits_the_terminal(void **state)
{
    (void)state;
    struct summary summary = {
        .packets = UINT64_MAX / 2,
        .decoded = 1234567890,
        .coverage = {99999, 88888, 77777, 66666, 55555, 44444, COVERAGE_PARTIAL},
    };
    for (int reason = 0; reason < SKIP_REASONS; reason++) {
        summary.skipped[reason] = 123456789;
    }
    for (size_t columns = 40; columns < 120; columns++) {
        char *text = coverage_text(&summary, columns);
        if (widest_line(text) > columns) {
            fail_msg("wider than %zu columns:\n%s", columns, text);
        }
        free(text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells_are_quoted_and_never_formulas),
        cmocka_unit_test(origins_name_the_input_where_there_are_several),
        cmocka_unit_test(origins_are_json_objects),
        cmocka_unit_test(coverage_says_what_was_read),
        cmocka_unit_test(coverage_fits_the_terminal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
