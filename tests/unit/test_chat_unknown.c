/*
 * The chat report's list of unknown names, and of preference documents: text, JSON
 * and CSV, masking, escaping and caps.
 */
#include "tests/unit/report_run.h"

#include "reports/chat_report.h"

static const struct chat_unknown first_names[] = {
    {.path = SLICE("cmd:mood"), .text = SLICE("")},
    {.path = SLICE("cmd:mood/data/mood@level"), .text = SLICE("\033[1m=7")},
    {.path = SLICE("grpchat@alert"), .text = SLICE("true"), .recalled = true},
};

static const struct chat_unknown later_names[] = {
    {.path = SLICE("cmd:mood"), .text = SLICE("")},
    {.path = SLICE("cmd:mood"), .text = SLICE("calm")},
    {.path = SLICE("sys@Token"), .text = SLICE("6f0e3a1c")},
};

static const struct chat_preference documents[] = {
    {.label = SLICE("kedzie.GroupChannels"), .number = SLICE("70"), .plain = SLICE("")},
    {.label = SLICE("kedzie.GroupChannels"),
     .number = SLICE("72"),
     .coding = PREFERENCE_GZIP,
     .plain = SLICE("<rooms>\033</rooms>"),
     .cut = true},
    {.label = SLICE("x"), .number = SLICE("1"), .coding = PREFERENCE_NOT_BASE64},
};

static void feed(const struct sink *sink, enum chat_verb verb, uint64_t record,
                 const struct chat_unknown *names, size_t name_count,
                 const struct chat_preference *preferences, size_t preference_count)
{
    const struct message message = {
        .request = true,
        .from = {.user = SLICE(ANN), .epid = SLICE("01aa")},
        .to = {.user = SLICE(CHAT)},
    };
    const struct event event = {
        .kind = EVENT_CHAT,
        .message = &message,
        .origin = at((int64_t)record, record),
        .as.chat = {.class = CHAT_COMMAND,
                    .verb = verb,
                    .unknown = names,
                    .unknown_count = name_count,
                    .preferences = preferences,
                    .preference_count = preference_count},
    };
    sink->event(sink->context, &event);
}

static void feed_all(const struct sink *sink)
{
    feed(sink, CHAT_VERB_OTHER, 5, first_names, COUNT(first_names), NULL, 0);
    feed(sink, CHAT_VERB_OTHER, 7, later_names, COUNT(later_names), NULL, 0);
    feed(sink, CHAT_GETPREF, 8, NULL, 0, documents, 1);
    feed(sink, CHAT_SETPREF, 9, NULL, 0, documents + 1, 2);
}

static void assert_unknown(enum report_format format, bool secrets, size_t rows,
                           const struct chat_query *query, const char *expected)
{
    struct written written;
    struct report_style style = style_of(format);
    struct limits limits = limits_default();
    limits.report_rows = rows;
    style.show_secrets = secrets;
    struct chat_report *report = chat_report_new(&style, query, test_seed(), &limits);
    const struct sink sink = chat_report_sink(report);
    feed_all(&sink);
    chat_report_write(report, &plain_summary, written_open(&written));
    chat_report_free(report);
    if (expected) {
        assert_written(&written, expected);
        return;
    }
    char *text = written_close(&written);
    assert_non_null(strstr(text, "\"not_listed\": 5\n"));
    free(text);
}

#define NAMES_TEXT                                                                                 \
    "\n"                                                                                           \
    "Names that nothing is known of (recalled: from memory only)\n"                                \
    "\n"                                                                                           \
    "  cmd:mood\n"                                                                                 \
    "    3 times: #5, #7\n"                                                                        \
    "    = calm\n"                                                                                 \
    "\n"                                                                                           \
    "  cmd:mood/data/mood@level\n"                                                                 \
    "    1 time: #5\n"                                                                             \
    "    = \\x1b[1m=7\n"                                                                           \
    "\n"                                                                                           \
    "  grpchat@alert\n"                                                                            \
    "    recalled, 1 time: #5\n"                                                                   \
    "    = true\n"                                                                                 \
    "\n"                                                                                           \
    "  sys@Token\n"                                                                                \
    "    1 time: #7\n"

#define PREFERENCES_TEXT                                                                           \
    "\n"                                                                                           \
    "Preferences\n"                                                                                \
    "\n"                                                                                           \
    "  ann@contoso.example\n"                                                                      \
    "    kedzie.GroupChannels asked for as 70  #8\n"                                               \
    "\n"                                                                                           \
    "  ann@contoso.example\n"                                                                      \
    "    kedzie.GroupChannels stored as 72 (gzip, 16 bytes, cut short)  #9\n"                      \
    "      <rooms>\\x1b</rooms>\n"                                                                 \
    "\n"                                                                                           \
    "  ann@contoso.example\n"                                                                      \
    "    x stored as 1, not Base64  #9\n"

static void test_text(void **state)
{
    (void)state;
    const struct chat_query query = {.unknown = true};
    const struct chat_query other = {.unknown = true, .user = SLICE("zoe@*")};
    assert_unknown(REPORT_TEXT, false, 100, &query,
                   COVERAGE_TEXT NAMES_TEXT "    = (masked)\n" PREFERENCES_TEXT);
    assert_unknown(REPORT_TEXT, true, 100, &query,
                   COVERAGE_TEXT NAMES_TEXT "    = 6f0e3a1c\n" PREFERENCES_TEXT);
    assert_unknown(REPORT_TEXT, false, 100, &other, COVERAGE_TEXT NAMES_TEXT "    = (masked)\n");
}

static void test_csv(void **state)
{
    (void)state;
    const struct chat_query query = {.unknown = true};
    assert_unknown(REPORT_CSV, false, 100, &query,
                   "name,status,count,value,packets\n"
                   "cmd:mood,unknown,3,calm,\"#5, #7\"\n"
                   "cmd:mood/data/mood@level,unknown,1,\\x1b[1m=7,#5\n"
                   "grpchat@alert,recalled,1,true,#5\n"
                   "sys@Token,unknown,1,(masked),#7\n");
}

static void test_caps(void **state)
{
    (void)state;
    const struct chat_query query = {.unknown = true};
    /* One name and one document have a row; of five names and two documents it is said. */
    assert_unknown(REPORT_JSON, false, 1, &query, NULL);
}

static void test_not_asked_for(void **state)
{
    (void)state;
    const struct chat_query query = {0};
    struct report_style style = style_of(REPORT_TEXT);
    struct limits limits = limits_default();
    struct chat_report *report = chat_report_new(&style, &query, test_seed(), &limits);
    assert_null(chat_report_sink(report).event);
    chat_report_free(report);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text),
        cmocka_unit_test(test_csv),
        cmocka_unit_test(test_caps),
        cmocka_unit_test(test_not_asked_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
