/*
 * Call flows: which steps are seen, and what may be said of those that are not. One character a
 * step in the order of its table: + seen, - missing, ! misplaced, o optional and absent, ? the
 * capture cannot tell.
 */
#include "tests/unit/harness.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/audit/audit.h"
#include "analyzer/audit/flow_tables.h"
#include "analyzer/engine/buffer.h"

#define START (INT64_C(1400000000) * TIME_SECOND)
#define ROOM  "ma-chan://contoso.example/0b6f5a52"

enum act { END, ASK, ANSWER, INVITE, COMMAND, REPLY, FAILURE, POST, COPY, GAP, FOLLOW };

struct row {
    int at; /* seconds */
    enum act act;
    const char *method; /* of ASK and ANSWER */
    const char *event;
    enum chat_verb verb;
    uint64_t dialog; /* 1 = lookup, 2 = channel */
    uint32_t cseq;
    int status;
};

struct story {
    const char *title;
    const char *expected;
    bool udp;
    int end;
    const struct row *rows;
};

#define ROWS(...)                                                                                  \
    (const struct row[])                                                                           \
    {                                                                                              \
        __VA_ARGS__,                                                                               \
        {                                                                                          \
            .act = END                                                                             \
        }                                                                                          \
    }

#define REGISTERED                                                                                 \
    {                                                                                              \
        .at = 0, .act = ASK, .method = "REGISTER", .cseq = 1                                       \
    }
#define WATCHED                                                                                    \
    {                                                                                              \
        .at = 1, .act = ASK, .method = "SUBSCRIBE", .event = "vnd-microsoft-roaming-contacts"      \
    }
#define SERVED                                                                                     \
    {                                                                                              \
        .at = 2, .act = ASK, .method = "SERVICE"                                                   \
    }
#define LOOKUP                                                                                     \
    {                                                                                              \
        .at = 3, .act = INVITE, .dialog = 1                                                        \
    }
#define REQURI                                                                                     \
    {                                                                                              \
        .at = 4, .act = COMMAND, .verb = CHAT_REQURI, .dialog = 1, .cseq = 2                       \
    }
#define URI                                                                                        \
    {                                                                                              \
        .at = 4, .act = REPLY, .verb = CHAT_REQURI, .dialog = 1                                    \
    }
#define LEFT                                                                                       \
    {                                                                                              \
        .at = 5, .act = ASK, .method = "BYE", .dialog = 1                                          \
    }
#define INVITED                                                                                    \
    {                                                                                              \
        .at = 6, .act = INVITE, .dialog = 2                                                        \
    }
#define SAID(second, name)                                                                         \
    {.at = second, .act = COMMAND, .verb = name, .dialog = 2, .cseq = 2},                          \
    {                                                                                              \
        .at = second, .act = REPLY, .verb = name, .dialog = 2                                      \
    }
#define INFO    SAID(7, CHAT_GETSERVERINFO)
#define PREF    SAID(8, CHAT_GETPREF)
#define ROOMS   SAID(9, CHAT_BJOIN)
#define HISTORY SAID(10, CHAT_BCCONTEXT)
#define INVITES SAID(11, CHAT_GETINV)
#define GOES_ON                                                                                    \
    {                                                                                              \
        .at = 60, .act = ASK, .method = "UPDATE", .dialog = 2                                      \
    }
#define PROVISION                                                                                  \
    {                                                                                              \
        .at = 1, .act = ASK, .method = "SUBSCRIBE", .event = "vnd-microsoft-provisioning-v2"       \
    }
#define FOLLOWS                                                                                    \
    {                                                                                              \
        .at = 2, .act = FOLLOW                                                                     \
    }
#define MEMBERS  SAID(8, CHAT_GETASSOCIATIONS)
#define MANAGERS SAID(9, CHAT_GETASSOCIATIONS)

/* clang-format off */
static const struct story stories[] = {
    {"the long sign-in", "group-chat-sign-in complete ?++++++++++++\n", false, 70,
     ROWS(REGISTERED, WATCHED, SERVED, LOOKUP, REQURI, URI, LEFT, INVITED, INFO, PREF, ROOMS, HISTORY, INVITES, GOES_ON)},
    {"the short one is as good", "group-chat-sign-in complete ?+oo++++oo+oo\n", false, 70,
     ROWS(REGISTERED, LOOKUP, REQURI, URI, LEFT, INVITED, ROOMS, GOES_ON)},
    {"sipe's has invitations alone", "group-chat-sign-in complete ?+oo++++oooo+\n", false, 70,
     ROWS(REGISTERED, LOOKUP, REQURI, URI, LEFT, INVITED, INVITES, GOES_ON)},
    {"no preferences in the long one",
     "group-chat-sign-in incomplete ?++++++++-+++\n"
     "warning flow-step-missing group-chat-sign-in/getpref: ada@contoso.example left out the step \"8 getpref\" of group-chat-sign-in: \"9 bjoin\" came without it\n",
     false, 70, ROWS(REGISTERED, WATCHED, SERVED, LOOKUP, REQURI, URI, LEFT, INVITED, INFO, ROOMS, HISTORY, INVITES, GOES_ON)},
    {"no last step, and the client goes on",
     "group-chat-sign-in incomplete ?+++++++++++-\n"
     "warning flow-step-missing group-chat-sign-in/getinv: ada@contoso.example left out the step \"10 getinv\" of group-chat-sign-in\n",
     false, 70, ROWS(REGISTERED, WATCHED, SERVED, LOOKUP, REQURI, URI, LEFT, INVITED, INFO, PREF, ROOMS, HISTORY, GOES_ON)},
    {"no last step, and the capture ends", "group-chat-sign-in in-progress ?+++++++++++?\n", false, 20,
     ROWS(REGISTERED, WATCHED, SERVED, LOOKUP, REQURI, URI, LEFT, INVITED, INFO, PREF, ROOMS, HISTORY)},
    {"the registration came before the capture", "group-chat-sign-in joined-in-progress ????+++++?+++\n", false, 70,
     ROWS(LOOKUP, REQURI, URI, LEFT, INVITED, INFO, ROOMS, HISTORY, INVITES, GOES_ON)},
    {"only a refresh of it was captured", "group-chat-sign-in joined-in-progress ?+??+++++?+++\n", false, 70,
     ROWS({.at = 0, .act = ASK, .method = "REGISTER", .cseq = 7}, LOOKUP, REQURI, URI, LEFT, INVITED, INFO, ROOMS, HISTORY, INVITES, GOES_ON)},
    {"datagrams are lost without a trace", "group-chat-sign-in in-progress ?++++++++?+++\n", true, 70,
     ROWS(REGISTERED, WATCHED, SERVED, LOOKUP, REQURI, URI, LEFT, INVITED, INFO, ROOMS, HISTORY, INVITES, GOES_ON)},
    {"bytes are missing", "group-chat-sign-in in-progress ?++++++++?+++\n", false, 70,
     ROWS(REGISTERED, WATCHED, SERVED, LOOKUP, REQURI, URI, LEFT, INVITED, INFO, {.at = 8, .act = GAP}, ROOMS, HISTORY, INVITES, GOES_ON)},
    {"a command failed: that is said elsewhere",
     "group-chat-sign-in incomplete ?++++++++-+++\n"
     "warning chat-command-failed group-chat-sign-in/getserverinfo: The chat command getserverinfo of ada@contoso.example failed: 500\n",
     false, 70, ROWS(REGISTERED, WATCHED, SERVED, LOOKUP, REQURI, URI, LEFT, INVITED,
     {.at = 7, .act = COMMAND, .verb = CHAT_GETSERVERINFO, .dialog = 2, .cseq = 2}, {.at = 7, .act = FAILURE, .verb = CHAT_GETSERVERINFO, .dialog = 2}, ROOMS, HISTORY, INVITES, GOES_ON)},
    {"rooms before the preferences that list them",
     "group-chat-sign-in incomplete ?+++++++++!++\n"
     "warning flow-step-out-of-order group-chat-sign-in/bjoin: In group-chat-sign-in of ada@contoso.example the step \"9 bjoin\" came before \"8 getpref\", which it needs\n",
     false, 70, ROWS(REGISTERED, WATCHED, SERVED, LOOKUP, REQURI, URI, LEFT, INVITED, INFO, ROOMS, PREF, HISTORY, INVITES, GOES_ON)},
    {"history and invitations in the other order", "group-chat-sign-in complete ?++++++++++++\n", false, 70,
     ROWS(REGISTERED, WATCHED, SERVED, LOOKUP, REQURI, URI, LEFT, INVITED, INFO, PREF, ROOMS, INVITES, HISTORY, GOES_ON)},
    {"by provisioning", "persistent-chat-sign-in complete ++++++o++\n", false, 70,
     ROWS(PROVISION, INVITED, INFO, MEMBERS, MANAGERS, ROOMS, HISTORY, INVITES, GOES_ON)},
    {"followed rooms are not entered",
     "persistent-chat-sign-in incomplete +++++-oo+\n"
     "warning flow-step-missing persistent-chat-sign-in/bjoin: ada@contoso.example left out the step \"5 bjoin\" of persistent-chat-sign-in\n",
     false, 70, ROWS({.at = 0, .act = ASK, .method = "REGISTER", .cseq = 1}, PROVISION, FOLLOWS, INVITED, INFO, MEMBERS, MANAGERS, INVITES, GOES_ON)},
    {"nobody is known to follow any", "persistent-chat-sign-in complete +++++ooo+\n", false, 70,
     ROWS(PROVISION, INVITED, INFO, MEMBERS, MANAGERS, INVITES, GOES_ON)},
    {"associations asked for once",
     "persistent-chat-sign-in incomplete ++++-+oo+\n"
     "warning flow-step-missing persistent-chat-sign-in/getassociations-again: ada@contoso.example left out the step \"4 getassociations-again\" of persistent-chat-sign-in\n",
     false, 70, ROWS(PROVISION, INVITED, INFO, MEMBERS, ROOMS, INVITES, GOES_ON)},
    {"a second sign-in on the same registration", 
     "persistent-chat-sign-in complete ++++++o++\npersistent-chat-sign-in joined-in-progress ?++??????\n", false, 90,
     ROWS(PROVISION, INVITED, INFO, MEMBERS, MANAGERS, ROOMS, HISTORY, INVITES, GOES_ON, {.at = 70, .act = INVITE, .dialog = 3},
     {.at = 71, .act = COMMAND, .verb = CHAT_GETSERVERINFO, .dialog = 3, .cseq = 2}, {.at = 71, .act = REPLY, .verb = CHAT_GETSERVERINFO, .dialog = 3})},
};
/* clang-format on */

struct run {
    struct buffer text;
    struct buffer flows;
    size_t labels;
};

static void take_finding(void *context, const struct finding *finding)
{
    struct run *run = context;
    buffer_append_text(&run->text, severity_name(finding->severity));
    buffer_append_byte(&run->text, ' ');
    buffer_append_text(&run->text, finding->rule);
    buffer_append_byte(&run->text, ' ');
    buffer_append(&run->text, finding->flow);
    buffer_append_byte(&run->text, '/');
    buffer_append(&run->text, finding->step);
    buffer_append_text(&run->text, ": ");
    buffer_append(&run->text, finding->message);
    buffer_append_byte(&run->text, '\n');
    assert_true(finding->evidence_count > 0);
}

static void take_label(void *context, const struct flow_label *label)
{
    struct run *run = context;
    run->labels++;
    assert_true(label->message != 0 && label->number > 0 && label->flow && label->step);
}

static void take_flow(void *context, const struct flow_view *flow)
{
    static const char marks[] = "+-!o?";
    struct run *run = context;
    buffer_append_text(&run->flows, flow->flow);
    buffer_append_byte(&run->flows, ' ');
    buffer_append_text(&run->flows, flow_outcome_name(flow->outcome));
    buffer_append_byte(&run->flows, ' ');
    for (size_t i = 0; i < flow->step_count; i++) {
        const struct flow_step_view *step = &flow->steps[i];
        bool seen = step->outcome == FLOW_STEP_SEEN || step->outcome == FLOW_STEP_MISPLACED;
        assert_true(seen == (step->time != TIME_NONE));
        assert_true(seen == (step->origin.record != 0));
        buffer_append_byte(&run->flows, marks[step->outcome]);
    }
    buffer_append_byte(&run->flows, '\n');
}

static const struct address client = {{192, 0, 2, 21}, ADDRESS_IPV4, 52311};
static const struct address server = {{192, 0, 2, 5}, ADDRESS_IPV4, 5061};

static struct message message_of(const struct row *row, uint64_t number, bool udp)
{
    bool down = row->act == REPLY || row->act == FAILURE || row->act == COPY;
    const char *method = row->method ? row->method : row->act == INVITE ? "INVITE" : "INFO";
    struct sip_party ada = {.user = SLICE("ada@contoso.example"), .epid = SLICE("e1")};
    struct sip_party chat = {.user = SLICE("chat@contoso.example")};
    return (struct message){
        .request = row->status == 0,
        .method = sip_method_find(slice_of(method)),
        .method_name = slice_of(method),
        .status = (uint16_t)row->status,
        .call_id = slice_of(row->dialog == 1   ? "lookup"
                            : row->dialog == 2 ? "channel"
                                               : "other"),
        .cseq = row->cseq,
        .from = down ? chat : ada,
        .to = down ? ada : chat,
        .event = slice_of(row->event ? row->event : ""),
        .expires = -1,
        .session_expires = -1,
        .id = number,
        .transaction = number,
        .dialog = row->dialog,
        .observed = {.origin = {.time = START + row->at * TIME_SECOND, .record = number},
                     .source = down ? server : client,
                     .destination = down ? client : server,
                     .transport = udp ? TRANSPORT_UDP : TRANSPORT_TCP},
    };
}

static void play_change(struct audit *audit, const struct row *row, const struct message *message)
{
    static const char *const names[] = {
        [CHAT_REQURI] = "requri", [CHAT_GETSERVERINFO] = "getserverinfo"};
    const struct session_ref ref = {.id = row->dialog,
                                    .user = SLICE("ada@contoso.example"),
                                    .epid = SLICE("e1"),
                                    .call_id = message->call_id,
                                    .dialog = row->dialog,
                                    .lookup = row->dialog == 1,
                                    .from_start = true};
    struct change change = {
        .time = message->observed.origin.time,
        .origin = message->observed.origin,
        .message = message,
    };
    if (row->act == INVITE) {
        change.kind = CHANGE_SESSION;
        change.as.session = (struct session_change){
            .session = ref, .state = SESSION_INVITING, .service = SLICE("chat@contoso.example")};
    } else {
        change.kind = CHANGE_COMMAND;
        change.as.command = (struct command_change){
            .session = ref,
            .id = row->verb,
            .verb = row->verb,
            .name = slice_of(row->verb < sizeof names / sizeof names[0] && names[row->verb]
                                 ? names[row->verb]
                                 : "other"),
            .room = slice_of(row->verb == CHAT_BCCONTEXT ? ROOM : ""),
            .state = row->act == COMMAND ? COMMAND_SENT
                     : row->act == REPLY ? COMMAND_ANSWERED
                                         : COMMAND_FAILED,
            .code = row->act == FAILURE ? 500 : 200,
            .request = change.origin,
        };
    }
    audit_change(audit, &change);
}

static void play_row(struct audit *audit, const struct row *row, uint64_t number, bool udp)
{
    struct message message = message_of(row, number, udp);
    struct event event = {
        .kind = EVENT_MESSAGE, .origin = message.observed.origin, .message = &message};
    if (row->act == GAP) {
        event.kind = EVENT_COVERAGE;
        event.message = NULL;
        event.as.coverage = (struct coverage_fact){
            .kind = COVERAGE_GAP, .bytes = 100, .source = client, .destination = server};
        audit_event(audit, &event);
        return;
    }
    audit_event(audit, &event);
    if (row->act == FOLLOW) {
        event.kind = EVENT_CATEGORY;
        event.as.category = (struct category_fact){.key = {.user = message.from.user},
                                                   .category = CATEGORY_ROOM_SETTING};
        audit_event(audit, &event);
    } else if (row->act != ASK && row->act != ANSWER) {
        play_change(audit, row, &message);
    }
}

static char *play(const struct story *story, size_t rows, const char *muted, size_t *out_labels)
{
    struct run run = {.labels = 0};
    struct limits limits = limits_default();
    const struct finding_sink sink = {take_finding, &run};
    const struct flow_sink flows = {&run, take_label, take_flow};
    buffer_init(&run.text, 1U << 16);
    buffer_init(&run.flows, 1U << 16);
    struct audit *audit = audit_new(test_seed(), &limits, &sink);
    audit_watch_flows(audit, &flows);
    audit_enable(audit, slice_of("coverage-gap"), false);
    /* No story tells who is in a room. */
    audit_enable(audit, slice_of("chat-history-not-joined"), false);
    if (muted) {
        assert_true(audit_enable(audit, slice_of(muted), false));
    }
    for (size_t i = 0; i < rows && story->rows[i].act != END; i++) {
        play_row(audit, &story->rows[i], i + 1, story->udp);
    }
    audit_end(audit, START + story->end * TIME_SECOND);
    audit_free(audit);
    buffer_append(&run.flows, buffer_slice(&run.text));
    buffer_append_byte(&run.flows, '\0');
    buffer_dispose(&run.text);
    *out_labels = run.labels;
    return run.flows.data;
}

static void every_story_is_told(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof stories / sizeof stories[0]; i++) {
        size_t labels;
        char *got = play(&stories[i], SIZE_MAX, NULL, &labels);
        if (strcmp(got, stories[i].expected) != 0) {
            fail_msg("%s:\n--- expected\n%s--- got\n%s", stories[i].title, stories[i].expected,
                     got);
        }
        assert_true(labels > 0);
        free(got);
    }
}

static void a_rule_switched_off_is_silent(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof stories / sizeof stories[0]; i++) {
        size_t labels;
        char *got = play(&stories[i], SIZE_MAX, "flow-step-missing", &labels);
        assert_null(strstr(got, "flow-step-missing"));
        free(got);
    }
}

/* What is cut off is not missing: no beginning of a story in order is blamed. */
static void no_beginning_is_blamed(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof stories / sizeof stories[0]; i++) {
        size_t count = 0;
        while (stories[i].rows[count].act != END) {
            count++;
        }
        for (size_t rows = 0; rows < count; rows++) {
            size_t labels;
            char *got = play(&stories[i], rows, NULL, &labels);
            bool blames = strstr(stories[i].expected, "flow-step") != NULL;
            assert_true(blames || !strstr(got, "flow-step"));
            free(got);
        }
    }
}

/* Every table holds together: a step needs only earlier ones, and has a source. */
static void tables_are_sound(void **state)
{
    (void)state;
    for (size_t kind = 0; kind < FLOW_KINDS; kind++) {
        const struct flow_table *table = &flow_tables[kind];
        assert_true(table->step_count > 0 && table->step_count <= FLOW_STEPS);
        for (size_t i = 0; i < table->step_count && i < FLOW_STEPS; i++) {
            const struct flow_step *step = &table->steps[i];
            assert_true(step->name && step->source && step->number > 0 && step->number < 100);
            assert_int_equal(step->after >> i, 0);
            for (size_t k = 0; k < i; k++) {
                assert_string_not_equal(step->name, table->steps[k].name);
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_story_is_told),
        cmocka_unit_test(a_rule_switched_off_is_silent),
        cmocka_unit_test(no_beginning_is_blamed),
        cmocka_unit_test(tables_are_sound),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
