/*
 * Two audits compared: what counts as the same finding, and baselines that are none.
 */
#include "tests/unit/output_text.h"

#include "analyzer/audit_document.h"
#include "analyzer/baseline.h"
#include "analyzer/engine/buffer.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

enum { MOST = 6 };

/* One finding in short; a NULL rule ends a list. */
struct brief {
    const char *rule;
    const char *user;
    const char *call_id;
    int64_t second;
    const char *message;
    const char *step;
};

static struct slice document_text(const struct brief *findings)
{
    struct buffer text;
    buffer_init(&text, SIZE_MAX);
    buffer_append_text(&text, "{\"schema\":\"ocsight.audit/1\",\"findings\":[");
    for (size_t i = 0; findings[i].rule; i++) {
        char item[512];
        const struct brief *brief = &findings[i];
        snprintf(item, sizeof item,
                 "%s{\"rule\":\"%s\",\"severity\":\"error\",\"time\":\"1970-01-01T00:00:%02dZ\","
                 "\"message\":\"%s\",\"user\":\"%s\",\"peer\":null,\"call_id\":\"%s\","
                 "\"step\":\"%s\"}",
                 i > 0 ? "," : "", brief->rule, (int)brief->second,
                 brief->message ? brief->message : "", brief->user ? brief->user : "",
                 brief->call_id ? brief->call_id : "", brief->step ? brief->step : "");
        buffer_append_text(&text, item);
    }
    buffer_append_text(&text, "]}");
    struct slice kept = memory_keep(buffer_slice(&text));
    buffer_dispose(&text);
    return kept;
}

static struct baseline *opened(struct slice content, bool redacted, enum exit_status *status)
{
    struct written written;
    const struct limits limits = limits_default();
    char problem[256];
    output_write(written_open(&written), content);
    assert_true(output_close(written.output, true, problem, sizeof problem));
    struct baseline *baseline = baseline_open(written.path, redacted, &limits, status);
    unlink(written.path);
    return baseline;
}

static void take(struct baseline *baseline, const struct brief *brief, uint64_t id)
{
    const struct finding finding = {
        .id = id,
        .rule = brief->rule,
        .severity = SEVERITY_WARNING,
        .time = brief->second * TIME_SECOND,
        .message = slice_of(brief->message),
        .user = slice_of(brief->user),
        .call_id = slice_of(brief->call_id),
        .step = slice_of(brief->step),
    };
    baseline_take(baseline, &finding);
}

/* clang-format off */
static const struct {
    struct brief old[MOST];
    struct brief now[MOST];
    const char *marks; /* n(ew), s(ame) of each finding now */
    const char *gone;  /* the messages of those that are gone */
} pairs[] = {
    {{{0}}, {{0}}, "", ""},
    {{{"r", .message = "A"}}, {{0}}, "", "A"},
    {{{0}}, {{"r", .message = "A"}}, "n", ""},
    {{{"r", .message = "A"}}, {{"r", .message = "A"}}, "s", ""},
    /* parties, rule and step are always the same; severity, sentence, call and time need not be */
    {{{"r", "ann", "1", 1, "A", NULL}}, {{"r", "ann", "2", 2, "B", NULL}}, "s", ""},
    {{{"r", "ann", "1", 1, "A", NULL}}, {{"r", "bob", "1", 1, "A", NULL}}, "n", "A"},
    {{{"r", "ann", "1", 1, "A", NULL}}, {{"q", "ann", "1", 1, "A", NULL}}, "n", "A"},
    {{{"r", "ann", "1", 1, "A", "3"}}, {{"r", "ann", "1", 1, "A", "4"}}, "n", "A"},
    /* counted: four where there were three */
    {{{"r", .message = "A"}, {"r", .message = "A"}}, {{"r", .message = "A"}, {"r", .message = "A"}, {"r", .message = "A"}}, "ssn", ""},
    {{{"r", .message = "A"}, {"r", .message = "A"}}, {{"r", .message = "A"}}, "s", "A"},
    /* the same capture: time and call say which one is new or gone, whatever the order */
    {{{"r", .second = 1, .message = "A"}, {"r", .second = 3, .message = "A"}},
     {{"r", .second = 1, .message = "A"}, {"r", .second = 2, .message = "A"}, {"r", .second = 3, .message = "A"}}, "sns", ""},
    {{{"r", NULL, "x", 1, "A", NULL}, {"r", NULL, "y", 2, "B", NULL}, {"r", NULL, "z", 3, "C", NULL}}, {{"r", NULL, "z", 3, "C", NULL}, {"r", NULL, "x", 1, "A", NULL}}, "ss", "B"},
    {{{"r", NULL, "x", 1, "A", NULL}, {"r", NULL, "y", 1, "B", NULL}}, {{"r", NULL, "y", 9, "C", NULL}, {"r", NULL, "w", 1, "A", NULL}, {"r", NULL, "w", 1, "D", NULL}}, "ssn", ""},
    /* a new capture: the sentence says which one is new */
    {{{"r", NULL, "x", 1, "A", NULL}}, {{"r", NULL, "v", 7, "B", NULL}, {"r", NULL, "w", 8, "A", NULL}}, "ns", ""},
};
/* clang-format on */

static void findings_are_paired(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(pairs); i++) {
        enum exit_status status;
        struct slice text = document_text(pairs[i].old);
        struct baseline *baseline = opened(text, false, &status);
        assert_non_null(baseline);
        size_t count = 0;
        for (; pairs[i].now[count].rule; count++) {
            take(baseline, &pairs[i].now[count], count + 1);
        }
        const struct audit_baseline *told = baseline_settle(baseline);
        assert_int_equal(told->mark_count, count);
        assert_int_equal(told->fresh + told->same, count);
        for (size_t k = 0; k < count; k++) {
            const char *mark = baseline_mark_name(baseline_mark_of(told, k + 1));
            assert_int_equal(mark[0], pairs[i].marks[k]);
        }
        assert_null(baseline_mark_name(baseline_mark_of(told, count + 1)));
        assert_int_equal(told->gone_count, strlen(pairs[i].gone));
        for (size_t k = 0; k < told->gone_count; k++) {
            assert_int_equal(told->gone[k].message.data[0], pairs[i].gone[k]);
        }
        assert_int_equal(baseline_has_new(baseline, SEVERITY_WARNING), told->fresh > 0);
        assert_false(baseline_has_new(baseline, SEVERITY_ERROR));
        baseline_free(baseline);
        memory_release(text);
    }
}

/* Bytes that are not UTF-8 stand in the document as U+FFFD; control characters as they were. */
static void odd_names_are_recognised(void **state)
{
    (void)state;
    static const struct slice text =
        SLICE("\xef\xbb\xbf{\"schema\":\"ocsight.audit/1\",\"findings\":[{\"rule\":\"r\","
              "\"severity\":\"note\",\"time\":null,\"user\":\"\xed\x95\x9c\\u0000\xef\xbf\xbd"
              "\\u001b\"}]}");
    enum exit_status status;
    struct baseline *baseline = opened(text, false, &status);
    assert_non_null(baseline);
    const struct finding finding = {
        .rule = "r", .time = TIME_NONE, .user = SLICE("\xed\x95\x9c\0\xff\033")};
    baseline_take(baseline, &finding);
    assert_int_equal(baseline_settle(baseline)->same, 1);
    baseline_free(baseline);
}

#define AUDIT(findings) SLICE("{\"schema\":\"ocsight.audit/1\",\"findings\":" findings "}")

static void what_is_no_baseline_is_told(void **state)
{
    (void)state;
    static const struct {
        struct slice text;
        enum exit_status status;
        const char *problem; /* its beginning */
    } rows[] = {
        {SLICE(""), EXIT_INPUT, "no JSON: it is empty"},
        {SLICE(" \n"), EXIT_INPUT, "no JSON: it is empty"},
        {SLICE("{\n \"a\": \033[31m}"), EXIT_INPUT, "no JSON: line 2, column 7 (byte 9): "},
        {SLICE("\xd4\xc3\xb2\xa1"), EXIT_INPUT, "no JSON: line 1"},
        {SLICE("[1,2] x"), EXIT_INPUT, "no JSON: line 1"},
        {SLICE("7"), EXIT_INPUT, "no JSON: line 1"},
        {SLICE("[]"), EXIT_USAGE, "this is JSON, but no audit"},
        {SLICE("{}"), EXIT_USAGE, "this is JSON, but no audit"},
        {SLICE("{\"schema\":\"ocsight.chat/1\",\"rooms\":[]}"), EXIT_USAGE, "this is JSON, but no"},
        {SLICE("{\"schema\":\"ocsight.audit/1\"}"), EXIT_USAGE, "this is JSON, but no audit"},
        {SLICE("{\"schema\":\"ocsight.audit/2\",\"findings\":[]}"), EXIT_USAGE,
         "this is JSON, but"},
        {AUDIT("7"), EXIT_USAGE, "this is JSON, but no audit"},
        {AUDIT("[7]"), EXIT_USAGE, "no audit: its finding 1 has no rule, severity or time"},
        {AUDIT("[{\"rule\":\"r\",\"severity\":\"fatal\"}]"), EXIT_USAGE, "no audit: its finding 1"},
        {AUDIT("[{\"rule\":\"r\",\"severity\":\"note\"},{\"rule\":\"r\",\"severity\":\"note\","
               "\"time\":\"noon\"}]"),
         EXIT_USAGE, "no audit: its finding 2"},
        {AUDIT("[{\"rule\":\"r\",\"severity\":\"note\",\"id\":123456789012345678901234567890,"
               "\"user\":[[]]}]"),
         EXIT_DONE, ""},
    };
    struct arena arena;
    arena_init(&arena);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct audit_document document;
        char problem[512] = "";
        struct guard guard = guard_copy(rows[i].text);
        enum exit_status status =
            audit_document_parse(guard.bytes, &arena, &document, problem, sizeof problem);
        assert_int_equal(status, rows[i].status);
        assert_memory_equal(problem, rows[i].problem, strlen(rows[i].problem));
        assert_null(strchr(problem, '\033'));
        guard_free(&guard);
    }
    arena_dispose(&arena);
}

static void names_are_refused_where_pseudonyms_are_asked_for(void **state)
{
    (void)state;
    static const struct slice plain = SLICE("{\"schema\":\"ocsight.audit/1\",\"findings\":[]}");
    static const struct slice redacted =
        SLICE("{\"schema\":\"ocsight.audit/"
              "1\",\"redacted\":true,\"options\":{\"redact-key\":\"x\"},\"findings\":[]}");
    enum exit_status status;
    assert_null(opened(plain, true, &status));
    assert_int_equal(status, EXIT_USAGE);
    struct baseline *baseline = opened(redacted, true, &status);
    assert_non_null(baseline);
    baseline_free(baseline);
}

static void every_prefix_is_no_json(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena);
    struct slice text = document_text(pairs[COUNT(pairs) - 2].old);
    for (size_t size = 0; size <= text.size; size++) {
        struct audit_document document;
        char problem[512] = "";
        struct guard guard = guard_copy(slice_sub(text, 0, size));
        enum exit_status status =
            audit_document_parse(guard.bytes, &arena, &document, problem, sizeof problem);
        assert_int_equal(status, size == text.size ? EXIT_DONE : EXIT_INPUT);
        assert_int_equal(problem[0] == '\0', status == EXIT_DONE);
        guard_free(&guard);
    }
    memory_release(text);
    arena_dispose(&arena);
}

static void files_have_their_bounds(void **state)
{
    (void)state;
    struct slice deep = {memset(memory_alloc(1 << 16), '[', 1 << 16), 1 << 16};
    struct arena arena;
    struct audit_document document;
    struct written written;
    char problem[512];
    arena_init(&arena);
    assert_int_equal(audit_document_parse(deep, &arena, &document, problem, sizeof problem),
                     EXIT_INPUT);
    assert_non_null(strstr(problem, "depth"));
    output_write(written_open(&written), deep);
    assert_true(output_close(written.output, true, problem, sizeof problem));
    assert_int_equal(audit_document_read(written.path, (1 << 16) - 1, &arena, &document, problem,
                                         sizeof problem),
                     EXIT_INPUT);
    assert_string_equal(problem, "larger than 65535 bytes, which is more than is read");
    assert_int_equal(
        audit_document_read(written.path, 1 << 16, &arena, &document, problem, sizeof problem),
        EXIT_INPUT);
    assert_non_null(strstr(problem, "depth"));
    unlink(written.path);
    assert_int_equal(
        audit_document_read(written.path, 100, &arena, &document, problem, sizeof problem),
        EXIT_INPUT);
    assert_string_equal(problem, "No such file or directory");
    assert_int_equal(audit_document_read("/", 100, &arena, &document, problem, sizeof problem),
                     EXIT_INPUT);
    assert_string_equal(problem, "Is a directory");
    memory_release(deep);
    arena_dispose(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(findings_are_paired),
        cmocka_unit_test(odd_names_are_recognised),
        cmocka_unit_test(what_is_no_baseline_is_told),
        cmocka_unit_test(names_are_refused_where_pseudonyms_are_asked_for),
        cmocka_unit_test(every_prefix_is_no_json),
        cmocka_unit_test(files_have_their_bounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
