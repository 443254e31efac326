/*
 * Rules about exports of the compliance service: each fired once, and once for each guard kept
 * silent.
 */
#include "tests/unit/compliance_script.h"

#include <stdlib.h>

#include "analyzer/audit/archive.h"
#include "analyzer/audit/audit.h"
#include "analyzer/engine/buffer.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

enum { FILE_ENDS = 100, FILE_TORN, CHANNEL, CHANNEL_UNLOGGED };

/* One Message of an export; FILE_ENDS begins another file, CHANNEL is a room without messages. */
struct archived {
    double at;
    int kind;
    const char *user;
    const char *room;
    const char *text;
};

struct comparison {
    const char *title;
    const struct act *acts;
    const struct archived *exports;
    const char *expected;
};

#define EXPORT(...)                                                                                \
    (const struct archived[])                                                                      \
    {                                                                                              \
        __VA_ARGS__,                                                                               \
        {                                                                                          \
            0, -1, NULL, NULL, NULL                                                                \
        }                                                                                          \
    }
#define J(at, user, room)                                                                          \
    {                                                                                              \
        at, COMPLIANCE_JOIN, user, room, ""                                                        \
    }
#define P(at, user, room)                                                                          \
    {                                                                                              \
        at, COMPLIANCE_PART, user, room, ""                                                        \
    }
#define C(at, user, room, text)                                                                    \
    {                                                                                              \
        at, COMPLIANCE_CHAT, user, room, text                                                      \
    }
#define B(at, user, room)                                                                          \
    {                                                                                              \
        at, COMPLIANCE_BACKCHAT, user, room, ""                                                    \
    }
#define U(at, user, room, text)                                                                    \
    {                                                                                              \
        at, COMPLIANCE_UPLOAD, user, room, text                                                    \
    }
#define NEXT_FILE                                                                                  \
    {                                                                                              \
        0, FILE_ENDS, NULL, NULL, NULL                                                             \
    }
#define TORN_FILE                                                                                  \
    {                                                                                              \
        0, FILE_TORN, NULL, NULL, NULL                                                             \
    }
#define EMPTY(room)                                                                                \
    {                                                                                              \
        0, CHANNEL, NULL, room, NULL                                                               \
    }

/* Ada and Bo are in a room, Ada says something, and leaves; the capture goes on. */
#define BOTH_IN WITH(0, JOINS, 1, "ada", "ops", "Ops"), WITH(1, JOINS, 2, "bo", "ops", "Ops")
#define HELLO                                                                                      \
    POST(100, SENDS, 1, "ada", "ops", "hello", 7), POST(100, TAKEN, 1, "ada", "ops", NULL, 7)
#define STORY BOTH_IN, HELLO, DO(200, PARTS, 1, "ada", "ops"), DO(400, QUIET, 2, "bo", "ops")

#define LACKS(what, evidence)                                                                      \
    "warning compliance-not-archived [" evidence "] The " what                                     \
    " in Ops is not in the compliance export\n"
#define EXTRA(what, evidence)                                                                      \
    "note compliance-not-captured [" evidence "] The compliance export has " what "\n"
#define OTHER(what, evidence, how)                                                                 \
    "warning compliance-differs [" evidence "] The " what " in Ops has " how                       \
    " in the compliance export\n"
#define ADA "ada@contoso.example"

static const struct comparison not_archived[] = {
    {"all of it is there", ACTS(STORY),
     EXPORT(J(0, "ada", "ops"), J(1, "bo", "ops"), C(100, "ada", "ops", "hello"),
            P(200, "ada", "ops")),
     ""},
    {"the message is not", ACTS(STORY),
     EXPORT(J(0, "ada", "ops"), J(1, "bo", "ops"), P(200, "ada", "ops")),
     LACKS("CHAT of " ADA, "4")},
    {"a join is not", ACTS(STORY),
     EXPORT(J(0, "ada", "ops"), C(100, "ada", "ops", "hello"), P(200, "ada", "ops")),
     LACKS("JOIN of bo@contoso.example", "2")},
    {"one of two of the same text",
     ACTS(BOTH_IN, HELLO, POST(130, SENDS, 1, "ada", "ops", "hello", 8),
          POST(130, TAKEN, 1, "ada", "ops", NULL, 8), DO(400, QUIET, 2, "bo", "ops")),
     EXPORT(J(0, "ada", "ops"), J(1, "bo", "ops"), C(130.5, "ada", "ops", "hello"),
            P(300, "zed", "ops")),
     LACKS("CHAT of " ADA, "4")
         EXTRA("1 event of zed@contoso.example in Ops that the capture does not show: PART", "4")},
    {"it lies after the end of the export", ACTS(STORY),
     EXPORT(J(0, "ada", "ops"), J(1, "bo", "ops")), ""},
    {"it lies before its beginning", ACTS(STORY),
     EXPORT(C(100, "ada", "ops", "hello"), P(200, "ada", "ops")), ""},
    {"the clocks are apart, and the edges with them", ACTS(STORY),
     EXPORT(J(40, "ada", "ops"), J(41, "bo", "ops"), C(140, "ada", "ops", "hello")), ""},
    {"the export has other rooms only, one a file", ACTS(STORY),
     EXPORT(J(0, "ada", "plans"), P(300, "ada", "plans")), ""},
    {"the export has all other rooms", ACTS(STORY),
     EXPORT(J(-100, "zed", "plans"), EMPTY("town"), P(300, "zed", "plans")),
     "warning compliance-not-archived [1 2 4 5] The compliance export has no conversation of Ops, "
     "where the capture shows 4 events\n"},
    {"a file was not read to its end", ACTS(STORY),
     EXPORT(J(0, "ada", "ops"), J(1, "bo", "ops"), P(200, "ada", "ops"), TORN_FILE), ""},
    {"the room is not logged", ACTS(DO(0, UNLOGGED, 1, "ada", "ops"), STORY),
     EXPORT(J(0, "ada", "ops"), J(1, "bo", "ops"), P(200, "ada", "ops")), ""},
    {"the export says that it is not logged", ACTS(STORY),
     EXPORT(J(0, "ada", "ops"), {0, CHANNEL_UNLOGGED, NULL, "ops", NULL}, P(200, "ada", "ops")),
     ""},
    {"reads of the history are not archived at all",
     ACTS(BOTH_IN, HELLO, DO(120, READS, 1, "ada", "ops"), DO(200, PARTS, 1, "ada", "ops"),
          DO(400, QUIET, 2, "bo", "ops")),
     EXPORT(J(0, "ada", "ops"), J(1, "bo", "ops"), C(100, "ada", "ops", "hello"),
            P(200, "ada", "ops")),
     ""},
    {"but where others are",
     ACTS(BOTH_IN, DO(120, READS, 1, "ada", "ops"), DO(400, QUIET, 2, "bo", "ops")),
     EXPORT(J(0, "ada", "ops"), J(1, "bo", "ops"), B(300, "zed", "ops")),
     LACKS("BACKCHAT of " ADA, "3")},
    {"another endpoint was in the room",
     ACTS(BOTH_IN, DO(50, JOINS, 3, "ada", "ops"), DO(60, PARTS, 3, "ada", "ops"),
          DO(400, QUIET, 2, "bo", "ops")),
     EXPORT(J(0, "ada", "ops"), J(1, "bo", "ops"), P(300, "bo", "ops")), ""},
    {"another endpoint was in the room before the capture",
     ACTS(WITH(0, JOINS, 2, "bo", "ops", "Ops"), WITH(0, TOLD_IN, 2, "bo", "ops", "ada"),
          DO(50, JOINS, 1, "ada", "ops"), DO(400, QUIET, 2, "bo", "ops")),
     EXPORT(J(0, "bo", "ops"), P(300, "bo", "ops")), ""},
    {"a session that only broke off", ACTS(BOTH_IN, DO(50, BREAKS, 1, "ada", "ops")),
     EXPORT(J(0, "ada", "ops"), J(1, "bo", "ops"), P(300, "bo", "ops")), ""},
    {"a join that was not captured",
     ACTS(WITH(0, ASSUMED, 1, "ada", "ops", "Ops"), HELLO, DO(400, QUIET, 1, "ada", "ops")),
     EXPORT(P(-1, "zed", "ops"), C(100, "ada", "ops", "hello"), P(300, "zed", "ops")), ""},
};

static const struct comparison not_captured[] = {
    {"a message that nobody got", ACTS(STORY),
     EXPORT(J(0, "ada", "ops"), J(1, "bo", "ops"), C(100, "ada", "ops", "hello"),
            C(150, "zed", "ops", "x"), P(200, "ada", "ops")),
     EXTRA("1 event of zed@contoso.example in Ops that the capture does not show: CHAT", "4")},
    {"two of them are one finding", ACTS(STORY),
     EXPORT(J(0, "ada", "ops"), J(1, "bo", "ops"), C(100, "ada", "ops", "hello"),
            C(150, "zed", "ops", "x"), C(160, "ann", "ops", "x"), P(200, "ada", "ops")),
     EXTRA("2 events in Ops that the capture does not show: CHAT", "4 5")},
    {"a join of a stranger", ACTS(STORY),
     EXPORT(J(0, "ada", "ops"), J(1, "bo", "ops"), C(100, "ada", "ops", "hello"),
            J(150, "zed", "ops"), P(200, "ada", "ops")),
     EXTRA("1 event of zed@contoso.example in Ops that the capture does not show: JOIN", "4")},
    {"of somebody who was told of",
     ACTS(BOTH_IN, HELLO, WITH(150, TOLD_IN, 2, "bo", "ops", "zed"),
          DO(200, PARTS, 1, "ada", "ops"), DO(400, QUIET, 2, "bo", "ops")),
     EXPORT(J(0, "ada", "ops"), J(1, "bo", "ops"), C(100, "ada", "ops", "hello"),
            J(150, "zed", "ops"), P(200, "ada", "ops")),
     ""},
    {"of a user with another endpoint", ACTS(STORY),
     EXPORT(J(0, "ada", "ops"), J(1, "bo", "ops"), C(100, "ada", "ops", "hello"),
            J(150, "bo", "ops"), P(200, "ada", "ops")),
     ""},
    {"in a room too big for rosters",
     ACTS(BOTH_IN, HELLO, DO(150, CROWDED, 2, "bo", "ops"), DO(200, PARTS, 1, "ada", "ops"),
          DO(400, QUIET, 2, "bo", "ops")),
     EXPORT(J(0, "ada", "ops"), J(1, "bo", "ops"), C(100, "ada", "ops", "hello"),
            J(150, "zed", "ops"), P(200, "ada", "ops")),
     ""},
    {"seen only by a session whose own join was not captured",
     ACTS(WITH(0, ASSUMED, 1, "ada", "ops", "Ops"), DO(400, QUIET, 1, "ada", "ops")),
     EXPORT(J(150, "zed", "ops"), C(155, "zed", "ops", "x")),
     EXTRA("1 event of zed@contoso.example in Ops that the capture does not show: CHAT", "2")},
    {"bytes are missing at that time",
     ACTS(BOTH_IN, HELLO, DO(150, GAP, 1, "ada", "ops"), DO(150, GAP, 2, "bo", "ops"),
          DO(200, PARTS, 1, "ada", "ops"), DO(400, QUIET, 2, "bo", "ops")),
     EXPORT(J(0, "ada", "ops"), J(1, "bo", "ops"), C(100, "ada", "ops", "hello"),
            C(149, "zed", "ops", "x"), P(200, "ada", "ops")),
     ""},
    {"nobody had been in the room for long enough", ACTS(STORY),
     EXPORT(J(0, "ada", "ops"), J(1, "bo", "ops"), C(30, "zed", "ops", "x"),
            C(100, "ada", "ops", "hello"), P(200, "ada", "ops")),
     ""},
    {"the capture ends too soon", ACTS(STORY),
     EXPORT(J(0, "ada", "ops"), J(1, "bo", "ops"), C(100, "ada", "ops", "hello"),
            P(200, "ada", "ops"), C(360, "zed", "ops", "x")),
     ""},
    {"another room", ACTS(STORY),
     EXPORT(J(0, "ada", "ops"), J(1, "bo", "ops"), C(100, "ada", "ops", "hello"),
            C(150, "zed", "town", "x"), P(200, "ada", "ops")),
     ""},
    {"what only its own user's session shows", ACTS(STORY),
     EXPORT(J(0, "ada", "ops"), J(1, "bo", "ops"), C(100, "ada", "ops", "hello"),
            B(150, "bo", "ops"), U(150, "bo", "ops", "f.docx"), P(200, "ada", "ops")),
     ""},
};

static const struct comparison different[] = {
    {"another text", ACTS(STORY),
     EXPORT(J(0, "ada", "ops"), J(1, "bo", "ops"), C(100, "ada", "ops", "hullo"),
            P(200, "ada", "ops")),
     OTHER("CHAT of " ADA, "4 3", "another text")},
    {"other line ends, and links",
     ACTS(BOTH_IN, POST(100, SENDS, 1, "ada", "ops", "a\r\nb http://x", 7),
          POST(100, TAKEN, 1, "ada", "ops", NULL, 7)),
     EXPORT(J(0, "ada", "ops"), J(1, "bo", "ops"),
            C(100, "ada", "ops", "a\nb <a href=\"http://x\">http://x</a>")),
     ""},
    {"the service handed on another text itself",
     ACTS(BOTH_IN, HELLO, {101, COPIED, 2, "bo", "ops", "hello!", 7, 0, NULL, true, false}),
     EXPORT(J(0, "ada", "ops"), J(1, "bo", "ops"), C(100, "ada", "ops", "hello!")), ""},
    {"another user", ACTS(STORY),
     EXPORT(J(0, "ada", "ops"), J(1, "bo", "ops"), C(100, "zed", "ops", "hello"),
            P(200, "ada", "ops")),
     OTHER("CHAT of " ADA, "4 3", "another user (zed@contoso.example)")},
    {"another room", ACTS(STORY),
     EXPORT(J(0, "ada", "ops"), J(1, "bo", "ops"), C(100, "ada", "town", "hello"),
            P(200, "ada", "ops")),
     OTHER("CHAT of " ADA, "4 3", "another room (ma-chan://contoso.example/town)")},
    {"another type", ACTS(STORY),
     EXPORT(J(0, "ada", "ops"), J(1, "bo", "ops"), C(100, "ada", "ops", "hello"),
            J(200, "ada", "ops"), P(300, "zed", "ops")),
     OTHER("PART of " ADA, "5 4", "another type (JOIN)")
         EXTRA("1 event of zed@contoso.example in Ops that the capture does not show: PART", "5")},
    {"another time, within an interval of the adapter", ACTS(STORY),
     EXPORT(J(0, "ada", "ops"), J(1, "bo", "ops"), C(190, "ada", "ops", "hello"),
            P(200, "ada", "ops")),
     OTHER("CHAT of " ADA, "4 3", "another time")},
    {"within the tolerance", ACTS(STORY),
     EXPORT(J(0, "ada", "ops"), J(1, "bo", "ops"), C(155, "ada", "ops", "hello"),
            P(200, "ada", "ops")),
     ""},
    {"not judged, so not different", ACTS(STORY),
     EXPORT(J(0, "ada", "ops"), J(1, "bo", "ops"), C(100, "ada", "ops", "hello"),
            C(190, "zed", "town", "other")),
     ""},
    {"a file of somebody who is not known",
     ACTS(BOTH_IN, POST(100, UPLOADS, 0, NULL, "ops", "f.docx", 1)),
     EXPORT(J(0, "ada", "ops"), J(1, "bo", "ops"), U(100, "ada", "ops", "f.docx"),
            P(200, "bo", "ops")),
     ""},
};

/* ---- running them ---- */

static void write_finding(void *context, const struct finding *finding)
{
    struct buffer *out = context;
    buffer_append_text(out, severity_name(finding->severity));
    buffer_append_byte(out, ' ');
    buffer_append_text(out, finding->rule);
    buffer_append_text(out, " [");
    for (size_t i = 0; i < finding->evidence_count; i++) {
        buffer_append_text(out, i > 0 ? " " : "");
        buffer_append_u64(out, finding->evidence[i].record);
    }
    buffer_append_text(out, "] ");
    buffer_append(out, finding->message);
    buffer_append_byte(out, '\n');
}

static void tell_row(struct archive *archive, const struct archived *row, uint64_t record)
{
    char user[64];
    char room[64];
    snprintf(user, sizeof user, "%s@contoso.example", row->user ? row->user : "");
    snprintf(room, sizeof room, "ma-chan://contoso.example/%s", row->room ? row->room : "");
    if (row->kind == FILE_ENDS || row->kind == FILE_TORN) {
        archive_file_end(archive, row->kind == FILE_ENDS);
        archive_file(archive);
        return;
    }
    const struct compliance_channel channel = {
        .uri = slice_of(room),
        .logged = row->kind == CHANNEL_UNLOGGED ? SAID_NO : SAID_NOTHING,
        .start = TICKS_NONE,
        .end = TICKS_NONE,
    };
    if (row->kind < COMPLIANCE_KINDS) {
        const struct compliance_event event = {
            .kind = (enum compliance_kind)row->kind,
            .room = slice_of(room),
            .user = slice_of(user),
            .content = slice_of(row->text),
            .ticks = ticks_of_time(story_time(row->at)),
            .origin = {.time = story_time(row->at),
                       .record = record,
                       .order = (UINT64_C(1) << 63) + record,
                       .input = 1},
        };
        archive_told(archive, &event);
    }
    archive_channel(archive, &channel);
}

static void to_audit_event(void *context, const struct event *event)
{
    audit_event(context, event);
}

static void to_audit_change(void *context, const struct change *change)
{
    audit_change(context, change);
}

static void run_comparison(struct audit *audit, const struct comparison *comparison)
{
    const struct audience audience = {to_audit_event, to_audit_change, audit};
    if (comparison->exports) {
        archive_file(audit_archive(audit));
        for (uint64_t i = 0; comparison->exports[i].kind >= 0; i++) {
            tell_row(audit_archive(audit), &comparison->exports[i], i + 1);
        }
        archive_file_end(audit_archive(audit), true);
    }
    play_acts(&audience, comparison->acts);
    audit_end(audit, story_time(400));
}

static struct audit *compare(const struct comparison *comparison, const struct limits *limits,
                             const char *rule, struct buffer *out)
{
    static const char *const rules[] = {"compliance-not-archived", "compliance-not-captured",
                                        "compliance-differs", "coverage-cap"};
    const struct finding_sink sink = {write_finding, out};
    struct audit *audit = audit_new(test_seed(), limits, &sink);
    audit_disable_all(audit);
    for (size_t i = 0; i < COUNT(rules); i++) {
        (void)audit_enable(audit, slice_of(rules[i]), !rule || strcmp(rule, rules[i]) != 0);
    }
    run_comparison(audit, comparison);
    return audit;
}

static void check(const struct comparison *comparisons, size_t count, const char *rule)
{
    struct limits limits = limits_default();
    for (size_t i = 0; i < count; i++) {
        struct buffer out;
        buffer_init(&out, SIZE_MAX);
        audit_free(compare(&comparisons[i], &limits, NULL, &out));
        buffer_append_byte(&out, '\0');
        if (strcmp(out.data, comparisons[i].expected) != 0) {
            fail_msg("%s:\n--- expected\n%s--- got\n%s", comparisons[i].title,
                     comparisons[i].expected, out.data);
        }
        buffer_clear(&out);
        audit_free(compare(&comparisons[i], &limits, rule, &out));
        assert_int_equal(slice_find(buffer_slice(&out), slice_of(rule)), SLICE_NONE);
        buffer_dispose(&out);
    }
}

static void what_is_not_archived(void **state)
{
    (void)state;
    check(not_archived, COUNT(not_archived), "compliance-not-archived");
}

static void what_is_not_captured(void **state)
{
    (void)state;
    check(not_captured, COUNT(not_captured), "compliance-not-captured");
}

static void what_differs(void **state)
{
    (void)state;
    check(different, COUNT(different), "compliance-differs");
}

static void without_an_export_nothing_is_said(void **state)
{
    (void)state;
    struct limits limits = limits_default();
    struct buffer out;
    buffer_init(&out, SIZE_MAX);
    const struct comparison alone = {.acts = ACTS(STORY)};
    struct audit *audit = compare(&alone, &limits, NULL, &out);
    assert_int_equal(out.size, 0);
    assert_int_equal(archive_of_post(audit_archive(audit), 7), ARCHIVE_CANNOT_TELL);
    assert_int_equal(audit_archive(audit)->seen.count, 0);
    audit_free(audit);
    buffer_dispose(&out);
}

/* What the flow compliance-archive asks for its step 4. */
static void posts_are_answered_for(void **state)
{
    (void)state;
    struct limits limits = limits_default();
    static const enum archive_answer answers[] = {ARCHIVE_HOLDS, ARCHIVE_LACKS,
                                                  ARCHIVE_CANNOT_TELL};
    const struct comparison cases[] = {not_archived[0], not_archived[1], not_archived[4]};
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct buffer out;
        buffer_init(&out, SIZE_MAX);
        struct audit *audit = compare(&cases[i], &limits, NULL, &out);
        assert_int_equal(archive_of_post(audit_archive(audit), 7), answers[i]);
        assert_int_equal(archive_of_post(audit_archive(audit), 8), ARCHIVE_CANNOT_TELL);
        audit_free(audit);
        buffer_dispose(&out);
    }
}

static void write_steps(void *context, const struct finding *finding)
{
    struct buffer *out = context;
    buffer_append_text(out, finding->rule);
    buffer_append_byte(out, ' ');
    buffer_append(out, finding->flow);
    buffer_append_byte(out, ' ');
    buffer_append(out, finding->step);
    buffer_append_byte(out, '\n');
}

static void write_flow(void *context, const struct flow_view *flow)
{
    struct buffer *out = context;
    buffer_append_text(out, flow->flow);
    buffer_append_byte(out, ' ');
    buffer_append_text(out, flow_outcome_name(flow->outcome));
    for (size_t i = 0; i < flow->step_count; i++) {
        const struct flow_step_view *step = &flow->steps[i];
        buffer_append_byte(out, ' ');
        buffer_append_text(out, step->name);
        buffer_append_byte(out, '=');
        buffer_append_text(out, flow_step_outcome_name(step->outcome));
        if (step->time != TIME_NONE) {
            buffer_append_byte(out, '@');
            buffer_append_u64(out, step->origin.input);
            buffer_append_byte(out, ':');
            buffer_append_u64(out, step->origin.record);
        }
    }
    buffer_append_byte(out, '\n');
}

/* Input 0 is the capture, 1 the export. What it lacks is told once, by compliance-not-archived. */
static void the_flow_tells_of_the_export(void **state)
{
    (void)state;
    static const char *const rules[] = {"compliance-not-archived", "flow-step-missing",
                                        "flow-step-out-of-order"};
    const struct comparison alone = {.acts = ACTS(STORY)};
    const struct {
        const struct comparison *comparison;
        const char *flow;
        const char *findings; /* "rule flow step" */
    } cases[] = {
        {&not_archived[0],
         "in-progress post=seen@0:4 queue=not-observable store=not-observable export=seen@1:3", ""},
        {&not_archived[1],
         "incomplete post=seen@0:4 queue=not-observable store=not-observable export=missing",
         "compliance-not-archived compliance-archive export\n"},
        {&not_archived[2],
         "in-progress post=seen@0:4 queue=not-observable store=not-observable export=seen@1:2",
         "compliance-not-archived  \n"},
        {&not_archived[4],
         "in-progress post=seen@0:4 queue=not-observable store=not-observable "
         "export=not-observable",
         ""},
        {&alone,
         "in-progress post=seen@0:4 queue=not-observable store=not-observable "
         "export=not-observable",
         ""},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct limits limits = limits_default();
        struct buffer flows;
        struct buffer findings;
        buffer_init(&flows, SIZE_MAX);
        buffer_init(&findings, SIZE_MAX);
        const struct finding_sink sink = {write_steps, &findings};
        struct audit *audit = audit_new(test_seed(), &limits, &sink);
        audit_disable_all(audit);
        for (size_t rule = 0; rule < COUNT(rules); rule++) {
            (void)audit_enable(audit, slice_of(rules[rule]), true);
        }
        audit_watch_flows(audit, &(struct flow_sink){.context = &flows, .flow = write_flow});
        run_comparison(audit, cases[i].comparison);
        audit_free(audit);
        if (slice_find(buffer_slice(&flows), slice_of(cases[i].flow)) == SLICE_NONE) {
            fail_msg("expected %s in\n%.*s", cases[i].flow, (int)flows.size, flows.data);
        }
        buffer_append_byte(&findings, '\0');
        assert_string_equal(findings.data, cases[i].findings);
        buffer_dispose(&flows);
        buffer_dispose(&findings);
    }
}

/* With room for two rows a side nothing is claimed, and the cap is said. */
static void full_tables_blame_nobody(void **state)
{
    (void)state;
    struct limits limits = limits_default();
    limits.compliance_rows = 2;
    for (size_t i = 0; i < COUNT(not_archived); i++) {
        struct buffer out;
        buffer_init(&out, SIZE_MAX);
        audit_free(compare(&not_archived[i], &limits, NULL, &out));
        bool capped = slice_find(buffer_slice(&out), slice_of("compliance_rows")) != SLICE_NONE;
        assert_true(capped || out.size == 0);
        if (i == 1) {
            assert_true(capped);
            assert_int_equal(slice_find(buffer_slice(&out), slice_of("not-archived")), SLICE_NONE);
        }
        buffer_dispose(&out);
    }
}

/* Every beginning of a story is survived. */
static void beginnings_are_survived(void **state)
{
    (void)state;
    struct limits limits = limits_default();
    struct act acts[32];
    for (size_t i = 0; i < COUNT(not_captured); i++) {
        size_t length = 0;
        for (; not_captured[i].acts[length].deed != DEEDS_END; length++) {
            struct buffer out;
            buffer_init(&out, SIZE_MAX);
            memcpy(acts, not_captured[i].acts, length * sizeof acts[0]);
            acts[length] = (struct act){.deed = DEEDS_END};
            struct comparison part = not_captured[i];
            part.acts = acts;
            audit_free(compare(&part, &limits, NULL, &out));
            buffer_dispose(&out);
        }
        assert_true(length < COUNT(acts));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_not_archived),
        cmocka_unit_test(what_is_not_captured),
        cmocka_unit_test(what_differs),
        cmocka_unit_test(without_an_export_nothing_is_said),
        cmocka_unit_test(posts_are_answered_for),
        cmocka_unit_test(the_flow_tells_of_the_export),
        cmocka_unit_test(full_tables_blame_nobody),
        cmocka_unit_test(beginnings_are_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
