/*
 * What `chat --compliance` writes: whatever a capture's texts hold, the reader of exports gets
 * them back.
 */
#include "tests/unit/compliance_script.h"
#include "tests/unit/report_run.h"

#include "analyzer/engine/buffer.h"
#include "decoders/compliance.h"
#include "reports/compliance_report.h"

static const struct compliance_query everything = {.from = TIME_NONE, .to = TIME_NONE};

static struct compliance_report *report_new(enum report_format format, const struct act *acts,
                                            const struct limits *limits)
{
    struct report_style style = style_of(format);
    struct compliance_report *report =
        compliance_report_new(&style, &everything, test_seed(), limits);
    struct sink sink = compliance_report_sink(report);
    const struct audience audience = {sink.event, sink.change, sink.context};
    play_acts(&audience, acts);
    return report;
}

/* The bytes of the report; NULs cannot be in it, for XML has none. */
static char *report_text(enum report_format format, const struct act *acts,
                         const struct limits *limits)
{
    struct written written;
    struct compliance_report *report = report_new(format, acts, limits);
    compliance_report_write(report, &plain_summary, written_open(&written));
    compliance_report_free(report);
    return written_close(&written);
}

/* ---- back and forth ---- */

struct returned {
    struct buffer content;
    struct buffer user;
    size_t count;
};

static void take_message(void *context, const struct compliance_event *event,
                         const struct compliance_sender *sender)
{
    struct returned *returned = context;
    assert_int_equal(event->kind, COMPLIANCE_CHAT);
    assert_int_equal(event->ticks, ticks_of_time(story_time(2)));
    assert_int_equal(
        sender->user_name.size + sender->id.size + sender->email.size + sender->internal.size, 0);
    buffer_append(&returned->content, event->content);
    buffer_append(&returned->user, event->user);
    returned->count++;
}

static void take_oddity(void *context, const char *code, struct slice detail,
                        const struct origin *where)
{
    (void)context;
    fail_msg("%s at %d: %.*s", code, (int)where->offset, (int)detail.size, detail.data);
}

static void returned_init(struct returned *returned)
{
    *returned = (struct returned){.count = 0};
    buffer_init(&returned->content, SIZE_MAX);
    buffer_init(&returned->user, SIZE_MAX);
}

static void read_back(const char *text, struct returned *returned)
{
    struct limits limits = limits_default();
    struct xml_reader *reader = xml_reader_new(&limits);
    const struct compliance_handler handler = {
        .context = returned, .message = take_message, .odd = take_oddity};
    returned_init(returned);
    assert_true(compliance_read(reader, slice_of(text), 0, &handler).whole);
    assert_int_equal(returned->count, 1);
    xml_reader_free(reader);
}

static void returned_dispose(struct returned *returned)
{
    buffer_dispose(&returned->content);
    buffer_dispose(&returned->user);
}

/* A text, and what an export can hold of it. */
static const struct {
    const char *text;
    const char *returns;
    const char *remark;
} texts[] = {
    {"plain", "plain", NULL},
    {"", "", NULL},
    {"<Message type=\"CHAT\"/> & ]]> &amp; '\"", "<Message type=\"CHAT\"/> & ]]> &amp; '\"", NULL},
    {" \t a\r\nb\rc\nd ", " \t a\r\nb\rc\nd ", NULL},
    {"--> <!-- <?x?> <![CDATA[x]]>", "--> <!-- <?x?> <![CDATA[x]]>", NULL},
    {"점심 뭐 먹죠? 🍜", "점심 뭐 먹죠? 🍜", NULL},
    {"a\x01\x02z\x1b[31m", "a\xEF\xBF\xBD\xEF\xBF\xBDz\xEF\xBF\xBD[31m", "<!-- 3 character(s)"},
    {"\xFF\xC0\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD", "<!-- 3 character(s)"},
    {"\xEF\xBF\xBF\xED\xA0\x80", "\xEF\xBF\xBD\xEF\xBF\xBD", "<!-- "},
    {"\xE2\x80\xAE reversed", "\xE2\x80\xAE reversed", NULL},
};

static void hostile_texts_come_back(void **state)
{
    (void)state;
    struct limits limits = limits_default();
    for (size_t i = 0; i < COUNT(texts); i++) {
        const struct act *acts = ACTS(POST(1, SENDS, 1, "ada", "ops", texts[i].text, 7),
                                      POST(2, TAKEN, 1, "ada", "ops", NULL, 7));
        char *text = report_text(REPORT_TEXT, acts, &limits);
        struct returned returned;
        read_back(text, &returned);
        assert_slice_equal(buffer_slice(&returned.content), texts[i].returns);
        assert_slice_equal(buffer_slice(&returned.user), "ada@contoso.example");
        if (texts[i].remark) {
            assert_non_null(strstr(text, texts[i].remark));
        } else {
            assert_null(strstr(text, "were replaced"));
        }
        returned_dispose(&returned);
        free(text);
    }
}

/* Every byte by itself and every pair with a letter. */
static void every_byte_can_be_said(void **state)
{
    (void)state;
    struct limits limits = limits_default();
    for (int byte = 1; byte < 256; byte++) {
        const char said[] = {'x', (char)byte, 'y', '\0'};
        const struct act *acts = ACTS(POST(1, SENDS, 1, "ada", "ops", said, 7),
                                      POST(2, TAKEN, 1, "ada", "ops", NULL, 7));
        char *text = report_text(REPORT_XML, acts, &limits);
        struct returned returned;
        read_back(text, &returned);
        bool kept = byte == '\t' || byte == '\n' || byte == '\r' || (byte >= 0x20 && byte < 0x80);
        assert_slice_equal(buffer_slice(&returned.content), kept ? said : "x\xEF\xBF\xBDy");
        returned_dispose(&returned);
        free(text);
    }
}

/* ---- to the letter ---- */

static void json_and_csv_have_the_packets(void **state)
{
    (void)state;
    struct limits limits = limits_default();
    const struct act *acts =
        ACTS(WITH(1, JOINS, 1, "ada", "ops", "Ops"), POST(1, SENDS, 1, "ada", "ops", "=1+1", 7),
             POST(2, TAKEN, 1, "ada", "ops", NULL, 7),
             {3, COPIED, 1, "ada", "ops", "=1+1", 7, 0, "311", false, false});
    char *csv = report_text(REPORT_CSV, acts, &limits);
    assert_string_equal(
        csv, "room,name,type,content,id,user,time,ticks,time_source,packet\n"
             "ma-chan://contoso.example/ops,Ops,JOIN,,0,ada@contoso.example,2014-05-06T07:06:41Z,"
             "635349568010000000,capture,1\n"
             "ma-chan://contoso.example/ops,Ops,CHAT,\"'=1+1\",311,ada@contoso.example,"
             "2014-05-06T07:06:42Z,635349568020000000,capture,3\n");
    char *json = report_text(REPORT_JSON, acts, &limits);
    assert_non_null(strstr(json, "\"schema\": \"ocsight.compliance/1\""));
    assert_non_null(strstr(json, "\"record\": 3"));
    free(csv);
    free(json);
}

static void what_finds_no_room_is_counted(void **state)
{
    (void)state;
    struct limits limits = limits_default();
    limits.report_rows = 1;
    const struct act *acts =
        ACTS(DO(1, JOINS, 1, "ada", "ops"), DO(2, PARTS, 1, "ada", "ops"),
             POST(3, SENDS, 1, "ada", "ops", "x", 7), POST(4, COPIED, 1, "ada", "ops", "x", 7));
    char *text = report_text(REPORT_TEXT, acts, &limits);
    assert_non_null(strstr(text, "<!-- 2 event(s) found no room in this report -->"));
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hostile_texts_come_back),
        cmocka_unit_test(every_byte_can_be_said),
        cmocka_unit_test(json_and_csv_have_the_packets),
        cmocka_unit_test(what_finds_no_room_is_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
