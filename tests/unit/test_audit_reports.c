/*
 * An audit beside an earlier one, and an audit for a ticket, as they are written, to the letter.
 */
#include "tests/unit/report_run.h"

#include "reports/audit_report.h"

/* A control character, Korean, Arabic with an override, markup, a formula, bytes that are no text.
 */
#define HOSTILE "\033[31m@eve<b>|*x*\xed\x95\x9c\xe2\x80\xae\xd8\xb9\xff`"
#define SHOWN   "\\x1b[31m@eve<b>|*x*\xed\x95\x9c\\u202e\xd8\xb9\\xff`"

static const struct earlier_finding gone[] = {
    {.rule = SLICE("=rule"),
     .severity = SEVERITY_WARNING,
     .time = AT(1),
     .message = SLICE("Told " HOSTILE " of it."),
     .user = SLICE(HOSTILE),
     .call_id = SLICE("c")},
    {.rule = SLICE("sip-retry"), .severity = SEVERITY_NOTE, .time = TIME_NONE},
};

static const enum baseline_mark marks[] = {BASELINE_SAME, BASELINE_NEW};

static const struct audit_baseline baseline = {
    .name = SLICE("o`ld.json"),
    .marks = marks,
    .mark_count = COUNT(marks),
    .fresh = 1,
    .same = 1,
    .gone = gone,
    .gone_count = COUNT(gone),
};

static struct summary summary_of(enum coverage_verdict verdict)
{
    struct summary summary = plain_summary;
    summary.findings[SEVERITY_ERROR] = verdict != COVERAGE_NONE;
    summary.findings[SEVERITY_NOTE] = verdict != COVERAGE_NONE;
    summary.coverage.verdict = verdict;
    summary.sip_messages = 8;
    return summary;
}

static void feed(const struct sink *sink)
{
    const struct origin evidence[] = {at(1, 3), at(2, 4)};
    const struct finding findings[] = {
        {.id = 1,
         .rule = "sip-retry",
         .severity = SEVERITY_NOTE,
         .time = AT(1),
         .message = SLICE("INFO was sent again."),
         .user = SLICE(ANN),
         .peer = SLICE(ANN), /* told once */
         .basis = "RFC 3261 17"},
        {.id = 2,
         .rule = "chat-post-refused",
         .severity = SEVERITY_ERROR,
         .time = AT(2),
         .message = SLICE("The post of " ANN " to \"Ops\" was refused."),
         .user = SLICE(ANN),
         .peer = SLICE(BOB),
         .room = SLICE(OPS),
         .call_id = SLICE("=call-1"),
         .flow = SLICE("presence-poll"),
         .step = SLICE("2"),
         .evidence = evidence,
         .evidence_count = 2,
         .evidence_more = 5,
         .basis = "xccos.md 1.6"},
    };
    for (size_t i = 0; i < COUNT(findings); i++) {
        sink->finding(sink->context, &findings[i]);
    }
}

static void feed_nothing(const struct sink *sink)
{
    (void)sink;
}

/* What is written; release with free(). */
static char *report_text(enum report_format format, const struct summary *summary,
                         void (*tell)(const struct sink *sink),
                         const struct audit_baseline *against)
{
    struct written written;
    struct report_style style = style_of(format);
    struct audit_report *report = audit_report_new(&style);
    const struct sink sink = audit_report_sink(report);
    tell(&sink);
    audit_report_compare(report, against);
    audit_report_write(report, summary, written_open(&written));
    audit_report_free(report);
    return written_close(&written);
}

static void assert_holds(const char *text, const char *part)
{
    if (!strstr(text, part)) {
        fail_msg("\n%s\nis not in\n%s", part, text);
    }
}

static void a_comparison_as_text(void **state)
{
    (void)state;
    const struct summary summary = summary_of(COVERAGE_FULL);
    char *text = report_text(REPORT_TEXT, &summary, feed, &baseline);
    assert_holds(text, "Findings  1 error, 0 warnings, 1 note\n"
                       "Baseline  o`ld.json: 1 new, 1 same, 2 gone\n"
                       "\n"
                       "error   10:00:02.000000  chat-post-refused  new\n");
    assert_holds(text, "\nnote    10:00:01.000000  sip-retry  same\n");
    assert_holds(text, "\n"
                       "gone    2026-11-20 10:00:01.000  =rule (warning)\n"
                       "        Told " SHOWN " of it.\n"
                       "\n"
                       "gone    (no time)  sip-retry (note)\n");
    assert_null(strchr(text, '\033'));
    free(text);
}

static void what_was_not_read_is_not_gone(void **state)
{
    (void)state;
    static const char words[] = "gone may only not have been seen: not all could be read";
    struct summary partial = summary_of(COVERAGE_PARTIAL);
    struct summary none = summary_of(COVERAGE_NONE);
    struct summary full = summary_of(COVERAGE_FULL);
    for (int format = 0; format < 2; format++) {
        enum report_format wanted = format ? REPORT_MARKDOWN : REPORT_TEXT;
        char *text = report_text(wanted, &partial, feed, &baseline);
        assert_holds(text, words);
        free(text);
        text = report_text(wanted, &none, feed_nothing, &baseline);
        assert_holds(text, words);
        assert_holds(text, "nothing can be said: no SIP was read");
        free(text);
        text = report_text(wanted, &full, feed, &baseline);
        assert_null(strstr(text, words));
        free(text);
        full.partial = true;
        text = report_text(wanted, &full, feed, &baseline);
        assert_holds(text, words);
        free(text);
        full.partial = false;
    }
}

static void a_comparison_as_csv(void **state)
{
    (void)state;
    const struct summary summary = summary_of(COVERAGE_FULL);
    char *text = report_text(REPORT_CSV, &summary, feed, &baseline);
    assert_string_equal(
        text,
        "id,rule,severity,time,message,user,peer,room,call_id,evidence,basis,baseline\n"
        "1,sip-retry,note,2026-11-20T10:00:01.000000Z,INFO was sent again.,ann@contoso.example,"
        "ann@contoso.example,,,,RFC 3261 17,same\n"
        "2,chat-post-refused,error,2026-11-20T10:00:02.000000Z,"
        "\"The post of ann@contoso.example to \"\"Ops\"\" was refused.\","
        "ann@contoso.example,bob@contoso.example,ma-chan://contoso.example/ops,\"'=call-1\","
        "3 4 and 5 more,xccos.md 1.6,new\n"
        ",\"'=rule\",warning,2026-11-20T10:00:01.000000Z,Told " HOSTILE " of it.," HOSTILE
        ",,,c,,,gone\n"
        ",sip-retry,note,,,,,,,,,gone\n");
    free(text);
}

static void a_comparison_as_json(void **state)
{
    (void)state;
    const struct summary summary = summary_of(COVERAGE_FULL);
    char *text = report_text(REPORT_JSON, &summary, feed, &baseline);
    assert_holds(text, "      \"basis\": \"RFC 3261 17\",\n      \"baseline\": \"same\"\n    },\n");
    assert_holds(text, "      \"basis\": \"xccos.md 1.6\",\n      \"baseline\": \"new\"\n    }\n");
    assert_holds(text, "  \"baseline\": {\n"
                       "    \"name\": \"o`ld.json\",\n"
                       "    \"new\": 1,\n"
                       "    \"same\": 1,\n"
                       "    \"gone\": [\n"
                       "      {\n"
                       "        \"rule\": \"=rule\",\n"
                       "        \"severity\": \"warning\",\n"
                       "        \"time\": \"2026-11-20T10:00:01.000000Z\",\n"
                       "        \"message\": \"Told \\u001b[31m@eve");
    assert_holds(text, "        \"rule\": \"sip-retry\",\n"
                       "        \"severity\": \"note\",\n"
                       "        \"time\": null,\n"
                       "        \"message\": \"\",\n"
                       "        \"user\": null,\n"
                       "        \"peer\": null,\n"
                       "        \"room\": null,\n"
                       "        \"call_id\": null,\n"
                       "        \"flow\": null,\n"
                       "        \"step\": null\n"
                       "      }\n"
                       "    ]\n"
                       "  },\n"
                       "  \"oddities\": []\n"
                       "}\n");
    free(text);
    text = report_text(REPORT_JSON, &summary, feed, NULL);
    assert_null(strstr(text, "baseline"));
    free(text);
}

static void a_ticket(void **state)
{
    (void)state;
    const struct summary summary = summary_of(COVERAGE_FULL);
    char *text = report_text(REPORT_MARKDOWN, &summary, feed, &baseline);
    assert_string_equal(
        text,
        "## Audit of `trace.pcap`\n"
        "\n"
        "**Coverage full: all SIP that was captured could be read.**\n"
        "\n"
        "Findings: 1 error, 0 warnings, 1 note.\n"
        "\n"
        "Compared with ``o`ld.json``: 1 new, 1 same, 2 gone.\n"
        "\n"
        "- `trace.pcap`: pcap, gzip, 9 packets, 2026-11-20 10:00:00.000 to 2026-11-20 "
        "10:01:01.000 UTC\n"
        "\n"
        "Options: `--user ann@contoso.example`\n"
        "\n"
        "| Total | Count |\n"
        "| --- | ---: |\n"
        "| packets | 9 |\n"
        "| streams read | 1 |\n"
        "| SIP messages | 8 |\n"
        "| Call-IDs | 0 |\n"
        "| dialogs | 0 |\n"
        "| users | 0 |\n"
        "\n"
        "### Errors (1)\n"
        "\n"
        "- **No. 2, new** `chat-post-refused`, 2026-11-20 10:00:02.000, `ann@contoso.example`, "
        "`bob@contoso.example`, room `ma-chan://contoso.example/ops`\\\n"
        "  The post of `ann@contoso.example` to \"Ops\" was refused.\\\n"
        "  Packets 3, 4, and 5 more. Call-ID `=call-1`. Call flow `presence-poll`, step `2`. "
        "Basis: `xccos.md` 1.6.\n"
        "\n"
        "### Notes (1)\n"
        "\n"
        "- **No. 1, same** `sip-retry`, 2026-11-20 10:00:01.000, `ann@contoso.example`\\\n"
        "  INFO was sent again.\\\n"
        "  Basis: RFC 3261 17.\n"
        "\n"
        "### Gone (2)\n"
        "\n"
        "- warning `=rule`, 2026-11-20 10:00:01.000, `` " SHOWN " ``\\\n"
        "  Told `` " SHOWN " `` of it.\n"
        "- note `sip-retry`, (no time)\n"
        "\n"
        "Made with ocsight 0.1.0; `--format json` lists everything.\n");
    free(text);
}

static void a_ticket_about_nothing(void **state)
{
    (void)state;
    const struct summary summary = summary_of(COVERAGE_NONE);
    char *text = report_text(REPORT_MARKDOWN, &summary, feed_nothing, NULL);
    assert_holds(text, "\n\n**Coverage none");
    assert_holds(text, "\n\nFindings: nothing can be said: no SIP was read.\n\n");
    assert_null(strstr(text, "0 errors"));
    free(text);
}

enum { MANY = 3000 };

/* Names and sentences as long as they come. */
static void feed_many(const struct sink *sink)
{
    char word[4096];
    memset(word, '`', sizeof word);
    for (size_t i = 0; i < sizeof word; i += 2) {
        word[i] = '<';
    }
    const struct slice name = {word, sizeof word};
    struct origin evidence[64] = {at(1, UINT64_C(1000000000))};
    for (uint64_t id = 1; id <= MANY; id++) {
        const struct finding finding = {
            .id = id,
            .rule = "chat-post-refused",
            .severity = (enum severity)(id % 3),
            .time = AT(1),
            .message = name,
            .user = name,
            .peer = name,
            .room = name,
            .call_id = name,
            .evidence = evidence,
            .evidence_count = 64,
            .basis = "xccos.md 1.6",
        };
        sink->finding(sink->context, &finding);
    }
}

static void a_ticket_is_bounded_and_counts_the_rest(void **state)
{
    (void)state;
    struct summary summary = summary_of(COVERAGE_FULL);
    char *text = report_text(REPORT_MARKDOWN, &summary, feed_many, NULL);
    assert_true(strlen(text) < 65536 - 1);
    assert_holds(text, "### Errors (1000)\n");
    assert_holds(text, "- and 960 errors more\n");
    assert_holds(text, "- and 975 warnings more\n");
    assert_holds(text, "- and 990 notes more\n");
    assert_holds(text, ", and 56 more. ");
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_comparison_as_text),
        cmocka_unit_test(what_was_not_read_is_not_gone),
        cmocka_unit_test(a_comparison_as_csv),
        cmocka_unit_test(a_comparison_as_json),
        cmocka_unit_test(a_ticket),
        cmocka_unit_test(a_ticket_about_nothing),
        cmocka_unit_test(a_ticket_is_bounded_and_counts_the_rest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
