/*
 * Findings, dialogs and messages of small runs as they are written, to the letter.
 */
#include "tests/unit/report_run.h"

#include "reports/audit_report.h"
#include "reports/dialogs_report.h"
#include "reports/messages_report.h"

/* ---- audit ---- */

static const struct count_row requests[] = {{SLICE("INFO"), 4}, {SLICE("IN\033VITE"), 1}};
static const struct count_row responses[] = {{SLICE("200"), 3}};
static const struct count_row agents[] = {{SLICE("UCCAPI/4.0"), 5}};

static struct summary audit_summary(void)
{
    struct summary summary = plain_summary;
    summary.decoded = 8;
    summary.skipped[SKIP_LINK] = 1;
    summary.sip_messages = 8;
    summary.retransmissions = 1;
    summary.requests = requests;
    summary.request_count = COUNT(requests);
    summary.responses = responses;
    summary.response_count = COUNT(responses);
    summary.call_ids = 1;
    summary.dialogs = 2;
    summary.users = 2;
    summary.rooms = 1;
    summary.chat_messages = 1;
    summary.findings[SEVERITY_ERROR] = 1;
    summary.findings[SEVERITY_NOTE] = 1;
    summary.user_agents = agents;
    summary.user_agent_count = COUNT(agents);
    summary.response_time = (struct percentiles){3, 1000000, 2000000, 2000000, 2500000000};
    return summary;
}

static void feed_findings(const struct sink *sink)
{
    const struct origin evidence[] = {at(1, 3), at(2, 4)};
    const struct finding findings[] = {
        {.id = 1,
         .rule = "sip-retry",
         .severity = SEVERITY_NOTE,
         .time = AT(1),
         .message = SLICE("INFO was sent again.")},
        {.id = 2,
         .rule = "chat-post-refused",
         .severity = SEVERITY_ERROR,
         .time = AT(2),
         .message =
             SLICE("The post of " ANN " to \"Ops\" was refused with 403, and nobody was told "
                   "of it."),
         .user = SLICE(ANN),
         .room = SLICE(OPS),
         .call_id = SLICE("=call-1"),
         .evidence = evidence,
         .evidence_count = 2,
         .evidence_more = 5,
         .basis = "xccos.md 1.6"},
    };
    for (size_t i = 0; i < COUNT(findings); i++) {
        sink->finding(sink->context, &findings[i]);
    }
}

static void assert_audit(enum report_format format, const struct summary *summary,
                         void (*feed)(const struct sink *sink), const char *expected)
{
    struct written written;
    struct report_style style = style_of(format);
    struct audit_report *report = audit_report_new(&style);
    const struct sink sink = audit_report_sink(report);
    feed(&sink);
    audit_report_write(report, summary, written_open(&written));
    audit_report_free(report);
    assert_written(&written, expected);
}

static void audit_as_text(void **state)
{
    (void)state;
    const struct summary summary = audit_summary();
    assert_audit(REPORT_TEXT, &summary, feed_findings,
                 "Coverage  full: all SIP that was captured could be read\n"
                 "          streams: 1 read\n"
                 "          packets: 9, decoded 8, skipped 1 (link 1)\n"
                 "Input     trace.pcap\n"
                 "          pcap, gzip, 9 packets\n"
                 "          2026-11-20 10:00:00.000 - 2026-11-20 10:01:01.000 UTC\n"
                 "SIP       8 messages (1 retransmitted), 1 Call-ID, 2 dialogs\n"
                 "          2 users, 1 chat room, 1 chat message\n"
                 "          INFO 4, IN\\x1bVITE 1\n"
                 "          200 3\n"
                 "          answered in 1 ms (median), 2.500 s at the most\n"
                 "Findings  1 error, 0 warnings, 1 note\n"
                 "\n"
                 "error   10:00:02.000000  chat-post-refused\n"
                 "        The post of ann@contoso.example to \"Ops\" was refused with 403, and\n"
                 "        nobody was told of it.\n"
                 "        number    2\n"
                 "        packets   3, 4, and 5 more\n"
                 "        Call-ID   =call-1\n"
                 "        basis     xccos.md 1.6\n"
                 "\n"
                 "note    10:00:01.000000  sip-retry\n"
                 "        INFO was sent again.\n"
                 "        number    1\n");
}

static void audit_as_csv(void **state)
{
    (void)state;
    const struct summary summary = audit_summary();
    assert_audit(
        REPORT_CSV, &summary, feed_findings,
        "id,rule,severity,time,message,user,peer,room,call_id,evidence,basis\n"
        "1,sip-retry,note,2026-11-20T10:00:01.000000Z,INFO was sent again.,,,,,,\n"
        "2,chat-post-refused,error,2026-11-20T10:00:02.000000Z,"
        "\"The post of ann@contoso.example to \"\"Ops\"\" was refused with 403, and nobody was "
        "told of it.\","
        "ann@contoso.example,,ma-chan://contoso.example/ops,\"'=call-1\",3 4 and 5 more,"
        "xccos.md 1.6\n");
}

static void audit_as_json(void **state)
{
    (void)state;
    const struct summary summary = audit_summary();
    assert_audit(REPORT_JSON, &summary, feed_findings,
                 "{\n"
                 "  \"schema\": \"ocsight.audit/1\",\n"
                 "  \"tool\": \"ocsight\",\n"
                 "  \"version\": \"0.1.0\",\n"
                 "  \"options\": {\n"
                 "    \"user\": \"ann@contoso.example\"\n"
                 "  },\n"
                 "  \"inputs\": [\n"
                 "    {\n"
                 "      \"name\": \"trace.pcap\",\n"
                 "      \"kind\": \"pcap\",\n"
                 "      \"compression\": \"gzip\",\n"
                 "      \"size\": 4096,\n"
                 "      \"records\": 9,\n"
                 "      \"first\": \"2026-11-20T10:00:00.000000Z\",\n"
                 "      \"last\": \"2026-11-20T10:01:01.000000Z\",\n"
                 "      \"truncated\": false,\n"
                 "      \"failed\": false,\n"
                 "      \"sha256\": null\n"
                 "    }\n"
                 "  ],\n"
                 "  \"summary\": {\n"
                 "    \"packets\": 9,\n"
                 "    \"decoded\": 8,\n"
                 "    \"skipped\": {\n"
                 "      \"link\": 1\n"
                 "    },\n"
                 "    \"sip_messages\": 8,\n"
                 "    \"requests\": {\n"
                 "      \"INFO\": 4,\n"
                 "      \"IN\\u001bVITE\": 1\n"
                 "    },\n"
                 "    \"responses\": {\n"
                 "      \"200\": 3\n"
                 "    },\n"
                 "    \"retransmissions\": 1,\n"
                 "    \"call_ids\": 1,\n"
                 "    \"dialogs\": 2,\n"
                 "    \"users\": 2,\n"
                 "    \"rooms\": 1,\n"
                 "    \"chat_messages\": 1,\n"
                 "    \"exact\": true,\n"
                 "    \"findings\": {\n"
                 "      \"error\": 1,\n"
                 "      \"warning\": 0,\n"
                 "      \"note\": 1\n"
                 "    },\n"
                 "    \"coverage\": {\n"
                 "      \"streams\": 1,\n"
                 "      \"read\": 1,\n"
                 "      \"encrypted\": 0,\n"
                 "      \"compressed\": 0,\n"
                 "      \"gapped\": 0,\n"
                 "      \"one_sided\": 0,\n"
                 "      \"verdict\": \"full\"\n"
                 "    },\n"
                 "    \"user_agents\": {\n"
                 "      \"UCCAPI/4.0\": 5\n"
                 "    },\n"
                 "    \"servers\": {},\n"
                 "    \"diagnostics\": {},\n"
                 "    \"response_time\": {\n"
                 "      \"count\": 3,\n"
                 "      \"p50\": 0.001000000,\n"
                 "      \"p95\": 0.002000000,\n"
                 "      \"p99\": 0.002000000,\n"
                 "      \"max\": 2.500000000\n"
                 "    },\n"
                 "    \"post_to_copy\": null,\n"
                 "    \"partial\": false\n"
                 "  },\n"
                 "  \"findings\": [\n"
                 "    {\n"
                 "      \"id\": 1,\n"
                 "      \"rule\": \"sip-retry\",\n"
                 "      \"severity\": \"note\",\n"
                 "      \"time\": \"2026-11-20T10:00:01.000000Z\",\n"
                 "      \"message\": \"INFO was sent again.\",\n"
                 "      \"user\": null,\n"
                 "      \"peer\": null,\n"
                 "      \"room\": null,\n"
                 "      \"call_id\": null,\n"
                 "      \"flow\": null,\n"
                 "      \"step\": null,\n"
                 "      \"evidence\": [],\n"
                 "      \"evidence_more\": 0,\n"
                 "      \"basis\": null\n"
                 "    },\n"
                 "    {\n"
                 "      \"id\": 2,\n"
                 "      \"rule\": \"chat-post-refused\",\n"
                 "      \"severity\": \"error\",\n"
                 "      \"time\": \"2026-11-20T10:00:02.000000Z\",\n"
                 "      \"message\": \"The post of ann@contoso.example to \\\"Ops\\\" was refused "
                 "with 403, and nobody was told of it.\",\n"
                 "      \"user\": \"ann@contoso.example\",\n"
                 "      \"peer\": null,\n"
                 "      \"room\": \"ma-chan://contoso.example/ops\",\n"
                 "      \"call_id\": \"=call-1\",\n"
                 "      \"flow\": null,\n"
                 "      \"step\": null,\n"
                 "      \"evidence\": [\n"
                 "        {\n"
                 "          \"input\": \"trace.pcap\",\n"
                 "          \"record\": 3,\n"
                 "          \"time\": \"2026-11-20T10:00:01.000000Z\"\n"
                 "        },\n"
                 "        {\n"
                 "          \"input\": \"trace.pcap\",\n"
                 "          \"record\": 4,\n"
                 "          \"time\": \"2026-11-20T10:00:02.000000Z\"\n"
                 "        }\n"
                 "      ],\n"
                 "      \"evidence_more\": 5,\n"
                 "      \"basis\": \"xccos.md 1.6\"\n"
                 "    }\n"
                 "  ],\n"
                 "  \"oddities\": []\n"
                 "}\n");
}

static void feed_oddity(const struct sink *sink)
{
    const struct event event = {
        .kind = EVENT_DIAGNOSTIC,
        .origin = at(2, 7),
        .as.diagnostic = {.code = "xml-cut", .detail = SLICE("ends in\n<a"), .offset = 12},
    };
    sink->event(sink->context, &event);
}

static void audit_lists_odd_input(void **state)
{
    (void)state;
    static const struct count_row diagnostics[] = {{SLICE("xml-cut"), 1}};
    struct summary summary = plain_summary;
    summary.diagnostics = diagnostics;
    summary.diagnostic_count = 1;
    summary.exact = false;
    assert_audit(REPORT_TEXT, &summary, feed_oddity,
                 COVERAGE_TEXT "Input     trace.pcap\n"
                               "          pcap, gzip, 9 packets\n"
                               "          2026-11-20 10:00:00.000 - 2026-11-20 10:01:01.000 UTC\n"
                               "SIP       0 messages (0 retransmitted), 0 Call-IDs, 0 dialogs\n"
                               "          0 users, 0 chat rooms, 0 chat messages (not exact: too "
                               "many to count)\n"
                               "Odd input\n"
                               "          xml-cut 1\n"
                               "          packet 7, byte 12: xml-cut: ends in <a\n"
                               "Findings  0 errors, 0 warnings, 0 notes\n");
}

static void feed_nothing(const struct sink *sink)
{
    (void)sink;
}

/* What was not read may have been wrong. */
static void audit_of_nothing_read_says_so(void **state)
{
    (void)state;
    static const struct input_info inputs[] = {
        {.name = SLICE("a.pcap"),
         .kind = "pcapng",
         .first = TIME_NONE,
         .last = TIME_NONE,
         .truncated = true,
         .sha256 = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"},
        {.name = SLICE("gone\n.pcap"), .failed = true},
    };
    const struct summary summary = {.inputs = inputs, .input_count = 2, .exact = true};
    assert_audit(REPORT_TEXT, &summary, feed_nothing,
                 "Coverage  none: no SIP could be read, so nothing can be said about it\n"
                 "          streams: 0 read\n"
                 "          packets: 0, decoded 0, skipped 0\n"
                 "Input     a.pcap\n"
                 "          pcapng, 0 packets, breaks off\n"
                 "          SHA-256 0123456789abcdef0123456789abcdef\n"
                 "                  0123456789abcdef0123456789abcdef\n"
                 "          gone .pcap\n"
                 "          could not be read\n"
                 "SIP       0 messages (0 retransmitted), 0 Call-IDs, 0 dialogs\n"
                 "          0 users, 0 chat rooms, 0 chat messages\n"
                 "Findings  nothing can be said: no SIP was read\n");
}

/* ---- dialogs ---- */

static void feed_dialogs(const struct sink *sink)
{
    const struct dialog_view views[] = {
        {.id = 1,
         .kind = DIALOG_INVITE,
         .service = SERVICE_CHAT,
         .state = DIALOG_EARLY,
         .from_start = true,
         .call_id = SLICE("call-1"),
         .from = SLICE(ANN),
         .to = SLICE(CHAT),
         .start = AT(0),
         .end = AT(0),
         .messages = 1},
        {.id = 2,
         .kind = DIALOG_SUBSCRIBE,
         .mode = DIALOG_QUERY,
         .state = DIALOG_TERMINATED,
         .from_start = true,
         .call_id = SLICE("call-2"),
         .from = SLICE(ANN),
         .to = SLICE(BOB),
         .event = SLICE("presence"),
         .start = AT(10),
         .end = AT(10) + 12 * INT64_C(1000000),
         .messages = 2,
         .status = 200},
        {.id = 3,
         .kind = DIALOG_SUBSCRIBE,
         .mode = DIALOG_QUERY,
         .state = DIALOG_TERMINATED,
         .call_id = SLICE("call-3"),
         .from = SLICE(ANN),
         .to = SLICE(BOB),
         .event = SLICE("presence"),
         .start = AT(40),
         .end = AT(40),
         .messages = 1,
         .reason = SLICE("timeout")},
        {.id = 1, /* what is known of it now replaces what was known before */
         .kind = DIALOG_INVITE,
         .service = SERVICE_CHAT,
         .state = DIALOG_TERMINATED,
         .from_start = true,
         .call_id = SLICE("call-1"),
         .from = SLICE(ANN),
         .to = SLICE(CHAT),
         .start = AT(0),
         .end = AT(61),
         .messages = 6,
         .status = 200,
         .reason = SLICE("bye")},
    };
    for (size_t i = 0; i < COUNT(views); i++) {
        const struct event event = {.kind = EVENT_DIALOG, .as.dialog = views[i]};
        sink->event(sink->context, &event);
    }
    sink->event(sink->context, &(struct event){.kind = EVENT_COVERAGE});
}

static void assert_dialogs(enum report_format format, size_t rows,
                           void (*feed)(const struct sink *sink), const char *expected)
{
    struct written written;
    struct report_style style = style_of(format);
    struct limits limits = limits_default();
    limits.report_rows = rows;
    struct dialogs_report *report = dialogs_report_new(&style, test_seed(), &limits);
    const struct sink sink = dialogs_report_sink(report);
    feed(&sink);
    dialogs_report_write(report, &plain_summary, written_open(&written));
    dialogs_report_free(report);
    assert_written(&written, expected);
}

static void dialogs_as_text(void **state)
{
    (void)state;
    assert_dialogs(REPORT_TEXT, 100, feed_dialogs,
                   COVERAGE_TEXT
                   "\n"
                   "#1  10:00:00.000  terminated  invite chat\n"
                   "                  ann@contoso.example → chat@contoso.example\n"
                   "                  6 messages in 1 min 1 s, ended: bye\n"
                   "                  call-1\n"
                   "#2  10:00:10.000  terminated  subscribe presence, polling every 30 s\n"
                   "                  ann@contoso.example → bob@contoso.example\n"
                   "                  2 messages in 12 ms\n"
                   "                  call-2\n"
                   "#3  10:00:40.000  terminated  subscribe presence, polling every 30 s\n"
                   "                  ann@contoso.example → bob@contoso.example\n"
                   "                  1 message in 0 us, ended: timeout, in progress when the\n"
                   "                  capture starts\n"
                   "                  call-3\n"
                   "\n"
                   "3 dialogs, subscriptions and exchanges\n");
}

static void dialogs_as_csv(void **state)
{
    (void)state;
    assert_dialogs(
        REPORT_CSV, 100, feed_dialogs,
        "call_id,kind,mode,from,to,state,start,end,messages,event,service,interval,dialog\n"
        "call-1,invite,," ANN "," CHAT ",terminated,2026-11-20T10:00:00.000000Z,"
        "2026-11-20T10:01:01.000000Z,6,,chat,,1\n"
        "call-2,subscribe,polling," ANN "," BOB ",terminated,2026-11-20T10:00:10.000000Z,"
        "2026-11-20T10:00:10.012000Z,2,presence,,30.000,2\n"
        "call-3,subscribe,polling," ANN "," BOB ",terminated,2026-11-20T10:00:40.000000Z,"
        "2026-11-20T10:00:40.000000Z,1,presence,,30.000,3\n");
}

#define ROW_1                                                                                      \
    "    {\n"                                                                                      \
    "      \"call_id\": \"call-1\",\n"                                                             \
    "      \"kind\": \"invite\",\n"                                                                \
    "      \"mode\": null,\n"                                                                      \
    "      \"from\": \"ann@contoso.example\",\n"                                                   \
    "      \"to\": \"chat@contoso.example\",\n"                                                    \
    "      \"state\": \"terminated\",\n"                                                           \
    "      \"start\": \"2026-11-20T10:00:00.000000Z\",\n"                                          \
    "      \"end\": \"2026-11-20T10:01:01.000000Z\",\n"                                            \
    "      \"messages\": 6,\n"                                                                     \
    "      \"event\": null,\n"                                                                     \
    "      \"service\": \"chat\",\n"                                                               \
    "      \"reason\": \"bye\",\n"                                                                 \
    "      \"status\": 200,\n"                                                                     \
    "      \"from_start\": true,\n"                                                                \
    "      \"interval\": null,\n"                                                                  \
    "      \"dialog\": 1\n"                                                                        \
    "    }"

static void dialogs_as_json(void **state)
{
    (void)state;
    assert_dialogs(REPORT_JSON, 100, feed_dialogs,
                   "{\n"
                   "  \"schema\": \"ocsight.dialogs/1\",\n"
                   "  \"dialogs\": [\n" ROW_1 ",\n"
                   "    {\n"
                   "      \"call_id\": \"call-2\",\n"
                   "      \"kind\": \"subscribe\",\n"
                   "      \"mode\": \"polling\",\n"
                   "      \"from\": \"ann@contoso.example\",\n"
                   "      \"to\": \"bob@contoso.example\",\n"
                   "      \"state\": \"terminated\",\n"
                   "      \"start\": \"2026-11-20T10:00:10.000000Z\",\n"
                   "      \"end\": \"2026-11-20T10:00:10.012000Z\",\n"
                   "      \"messages\": 2,\n"
                   "      \"event\": \"presence\",\n"
                   "      \"service\": null,\n"
                   "      \"reason\": null,\n"
                   "      \"status\": 200,\n"
                   "      \"from_start\": true,\n"
                   "      \"interval\": 30.000000000,\n"
                   "      \"dialog\": 2\n"
                   "    },\n"
                   "    {\n"
                   "      \"call_id\": \"call-3\",\n"
                   "      \"kind\": \"subscribe\",\n"
                   "      \"mode\": \"polling\",\n"
                   "      \"from\": \"ann@contoso.example\",\n"
                   "      \"to\": \"bob@contoso.example\",\n"
                   "      \"state\": \"terminated\",\n"
                   "      \"start\": \"2026-11-20T10:00:40.000000Z\",\n"
                   "      \"end\": \"2026-11-20T10:00:40.000000Z\",\n"
                   "      \"messages\": 1,\n"
                   "      \"event\": \"presence\",\n"
                   "      \"service\": null,\n"
                   "      \"reason\": \"timeout\",\n"
                   "      \"status\": null,\n"
                   "      \"from_start\": false,\n"
                   "      \"interval\": 30.000000000,\n"
                   "      \"dialog\": 3\n"
                   "    }\n"
                   "  ],\n"
                   "  \"not_listed\": 0\n"
                   "}\n");
}

static void dialogs_beyond_the_cap_are_counted(void **state)
{
    (void)state;
    assert_dialogs(REPORT_JSON, 1, feed_dialogs,
                   "{\n"
                   "  \"schema\": \"ocsight.dialogs/1\",\n"
                   "  \"dialogs\": [\n" ROW_1 "\n"
                   "  ],\n"
                   "  \"not_listed\": 2\n"
                   "}\n");
}

/* Three queries: one without a time, and the later one captured first. */
static void feed_odd_times(const struct sink *sink)
{
    const int64_t starts[] = {AT(50), TIME_NONE, AT(10)};
    for (size_t i = 0; i < COUNT(starts); i++) {
        const struct event event = {
            .kind = EVENT_DIALOG,
            .as.dialog = {.id = i + 1,
                          .kind = DIALOG_SUBSCRIBE,
                          .mode = DIALOG_QUERY,
                          .from_start = true,
                          .start = starts[i],
                          .end = starts[i]},
        };
        sink->event(sink->context, &event);
    }
}

static void polling_is_measured_whatever_the_clock_did(void **state)
{
    (void)state;
#define ODD_ROW(number, time)                                                                      \
    number "  " time "  trying      subscribe, polling every 20 s\n"                               \
           "                   → \n"                                                             \
           "                  0 messages in 0 us\n"                                                \
           "                  \n"
    static const char expected[] =
        COVERAGE_TEXT "\n" ODD_ROW("#1", "10:00:50.000") ODD_ROW("#2", "(no time)   ")
            ODD_ROW("#3", "10:00:10.000") "\n3 dialogs, subscriptions and exchanges\n";
    assert_dialogs(REPORT_TEXT, 100, feed_odd_times, expected);
}

/* ---- messages ---- */

static void feed_messages(const struct sink *sink, uint32_t input)
{
    const struct observation seen = {
        .origin = {.time = AT(0) + 123456789, .record = 57, .input = input},
        .source = {.bytes = {192, 0, 2, 21}, .family = ADDRESS_IPV4, .port = 50000},
        .destination = {.bytes = {0x20, 1, 0xd, 0xb8, [15] = 1},
                        .family = ADDRESS_IPV6,
                        .port = 5061},
        .transport = TRANSPORT_TLS,
    };
    struct message messages[] = {
        {.request = true,
         .method_name = SLICE("SUBSCRIBE"),
         .call_id = SLICE("call-1"),
         .cseq = 7,
         .from = {.user = SLICE(ANN)},
         .to = {.user = SLICE("a.user.with.a.long.name@contoso.example")},
         .content_type = SLICE("text/plain"),
         .body_length = 12},
        {.status = 200,
         .method_name = SLICE("SUBSCRIBE"),
         .call_id = SLICE("call-1"),
         .cseq = 7,
         .from = {.user = SLICE(ANN)},
         .to = {.uri = SLICE("sip:contoso.example")},
         .role = MESSAGE_RETRANSMISSION},
        {.status = 404,
         .method_name = SLICE("INFO"),
         .call_id = SLICE("call,2"),
         .from = {.user = SLICE("a\033b@x")},
         .to = {.user = SLICE(BOB)},
         .role = MESSAGE_ANOTHER_HOP},
    };
    for (size_t i = 0; i < COUNT(messages); i++) {
        messages[i].observed = seen;
        messages[i].observed.origin.record += i;
        const struct event event = {.kind = EVENT_MESSAGE, .message = &messages[i]};
        sink->event(sink->context, &event);
        sink->event(sink->context, &(struct event){.kind = EVENT_DIALOG, .message = &messages[i]});
    }
}

static void assert_messages(enum report_format format, const struct summary *summary, bool any,
                            const char *expected)
{
    struct written written;
    struct report_style style = style_of(format);
    struct messages_report *report = messages_report_new(&style, summary, written_open(&written));
    const struct sink sink = messages_report_sink(report);
    if (any) {
        feed_messages(&sink, (uint32_t)summary->input_count - 1);
    }
    messages_report_end(report);
    messages_report_free(report);
    assert_written(&written, expected);
}

static void messages_as_text(void **state)
{
    (void)state;
    assert_messages(
        REPORT_TEXT, &plain_summary, true,
        "Time         Packet   Message        Who\n"
        "10:00:00.123     57   SUBSCRIBE      ann@contoso.example → a.user.wit…so.example\n"
        "10:00:00.123     58 r 200 SUBSCRIBE  ann@contoso.example → sip:contoso.example\n"
        "10:00:00.123     59 + 404 INFO       a\\x1bb@x → bob@contoso.example\n"
        "3 SIP messages\n");
}

static void messages_as_csv(void **state)
{
    (void)state;
    assert_messages(
        REPORT_CSV, &plain_summary, true,
        "time,input,record,transport,src,dst,method,status,call_id,cseq,from,to,content_type,"
        "length,retransmission\n"
        "2026-11-20T10:00:00.123456789Z,trace.pcap,57,tls,192.0.2.21:50000,[2001:db8::1]:5061,"
        "SUBSCRIBE,,call-1,7," ANN ",a.user.with.a.long.name@contoso.example,text/plain,12,false\n"
        "2026-11-20T10:00:00.123456789Z,trace.pcap,58,tls,192.0.2.21:50000,[2001:db8::1]:5061,"
        "SUBSCRIBE,200,call-1,7," ANN ",sip:contoso.example,,0,true\n"
        "2026-11-20T10:00:00.123456789Z,trace.pcap,59,tls,192.0.2.21:50000,[2001:db8::1]:5061,"
        "INFO,404,\"call,2\",0,a\033b@x," BOB ",,0,false\n");
}

static void messages_as_json(void **state)
{
    (void)state;
    static const char where[] =
        "{\"time\": \"2026-11-20T10:00:00.123456789Z\", \"input\": \"trace.pcap\", "
        "\"record\": %d, \"transport\": \"tls\", \"src\": \"192.0.2.21:50000\", "
        "\"dst\": \"[2001:db8::1]:5061\", ";
    static const char *const rest[] = {
        "\"method\": \"SUBSCRIBE\", \"status\": null, \"call_id\": \"call-1\", \"cseq\": 7, "
        "\"from\": \"ann@contoso.example\", \"to\": \"a.user.with.a.long.name@contoso.example\", "
        "\"content_type\": \"text/plain\", \"length\": 12, \"retransmission\": false, "
        "\"another_hop\": false}\n",
        "\"method\": \"SUBSCRIBE\", \"status\": 200, \"call_id\": \"call-1\", \"cseq\": 7, "
        "\"from\": \"ann@contoso.example\", \"to\": \"sip:contoso.example\", "
        "\"content_type\": null, \"length\": 0, \"retransmission\": true, "
        "\"another_hop\": false}\n",
        "\"method\": \"INFO\", \"status\": 404, \"call_id\": \"call,2\", \"cseq\": 0, "
        "\"from\": \"a\\u001bb@x\", \"to\": \"bob@contoso.example\", "
        "\"content_type\": null, \"length\": 0, \"retransmission\": false, "
        "\"another_hop\": true}\n",
    };
    char expected[4096] = "";
    for (int i = 0; i < 3; i++) {
        char line[1024];
        snprintf(line, sizeof line, where, 57 + i);
        strcat(strcat(expected, line), rest[i]);
    }
    assert_messages(REPORT_JSON, &plain_summary, true, expected);
}

static void no_messages_are_a_report_too(void **state)
{
    (void)state;
    assert_messages(REPORT_TEXT, &plain_summary, false, "0 SIP messages\n");
    assert_messages(REPORT_JSON, &plain_summary, false, "");
    assert_messages(REPORT_CSV, &plain_summary, false,
                    "time,input,record,transport,src,dst,method,status,call_id,cseq,from,to,"
                    "content_type,length,retransmission\n");
}

static void messages_of_several_inputs_fit_too(void **state)
{
    (void)state;
    static const struct input_info inputs[] = {
        {.name = SLICE("front-end.pcap")},
        {.name = SLICE("edge.pcap")},
    };
    const struct summary summary = {.inputs = inputs, .input_count = 2};
    assert_messages(
        REPORT_TEXT, &summary, true,
        "Time         Packet   Message        Who\n"
        "10:00:00.123 edge.pcap:57   SUBSCRIBE      ann@cont….example → a.user.w….example\n"
        "10:00:00.123 edge.pcap:58 r 200 SUBSCRIBE  ann@cont….example → sip:cont….example\n"
        "10:00:00.123 edge.pcap:59 + 404 INFO       a\\x1bb@x → bob@contoso.example\n"
        "3 SIP messages\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(audit_as_text),
        cmocka_unit_test(audit_as_csv),
        cmocka_unit_test(audit_as_json),
        cmocka_unit_test(audit_lists_odd_input),
        cmocka_unit_test(audit_of_nothing_read_says_so),
        cmocka_unit_test(dialogs_as_text),
        cmocka_unit_test(dialogs_as_csv),
        cmocka_unit_test(dialogs_as_json),
        cmocka_unit_test(dialogs_beyond_the_cap_are_counted),
        cmocka_unit_test(polling_is_measured_whatever_the_clock_did),
        cmocka_unit_test(messages_as_text),
        cmocka_unit_test(messages_as_csv),
        cmocka_unit_test(messages_as_json),
        cmocka_unit_test(no_messages_are_a_report_too),
        cmocka_unit_test(messages_of_several_inputs_fit_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
