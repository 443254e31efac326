/*
 * Conversations for the rules about chat: INFO bodies as they stand on the wire,
 * read by the decoder, followed by the engine, judged by the audit.
 *
 * A row is a message, with the facts of its body, or a piece of coverage. Ada is the
 * client, chat@contoso.example the service; dialogs are 1 and 2, both hers. The
 * record number of a row is its place in the talk, from 1, so the evidence of a
 * finding names rows. Times are milliseconds.
 */
#ifndef OCSIGHT_TESTS_UNIT_CHAT_TALK_H
#define OCSIGHT_TESTS_UNIT_CHAT_TALK_H

#include <stdlib.h>
#include <string.h>

#include "analyzer/engine/engine.h"
#include "decoders/body.h"
#include "tests/unit/audit_script.h"

enum said_by {
    UP,     /* an INFO of the client */
    DOWN,   /* an INFO of the service */
    INVITE, /* of the client, answered: its dialog is there */
    BYE_UP,
    BYE_DOWN,
    LOST_UP,   /* bytes of the client are missing */
    LOST_DOWN, /* bytes of the service are missing */
    SETTINGS,  /* provisioning, `status` is an enum said */
    TALK_END = 99,
};

struct line {
    int at; /* ms */
    enum said_by who;
    int tx;
    int status;       /* of the answer to INFO `tx`; 0 = a request */
    const char *body; /* "" = none */
    uint64_t dialog;  /* 0 = 1 */
    int cseq;         /* 0 = tx */
    const char *type; /* NULL = text/plain */
    const char *agent;
    const char *epid; /* of ada; NULL = "e1", "" = none */
    const char *header;
    uint32_t flags;
    uint32_t input;
    int attempt;
    bool middle; /* an INVITE that was not captured: the dialog is there all the same */
    bool udp;
};

struct talk {
    const char *title;
    const char *rule;
    const struct line *lines;
    int end; /* ms */
    const char *expected;
};

#define LINES(...)                                                                                 \
    (const struct line[])                                                                          \
    {                                                                                              \
        __VA_ARGS__,                                                                               \
        {                                                                                          \
            .who = TALK_END                                                                        \
        }                                                                                          \
    }

#define XCCOS(envid, content)                                                                      \
    "<xccos ver=\"1\" envid=\"" envid "\" xmlns=\"urn:parlano:xml:ns:xccos\">" content "</xccos>"
#define CMD(envid, name, data)                                                                     \
    XCCOS(envid, "<cmd id=\"cmd:" name "\" seqid=\"1\"><data>" data "</data></cmd>")
#define RPL_CODE(envid, name, command, code, data)                                                 \
    XCCOS(envid, "<rpl id=\"rpl:" name "\" seqid=\"1\"><commandid seqid=\"1\" envid=\"" command    \
                 "\"/><resp code=\"" code "\">TEXT</resp><data>" data "</data></rpl>")
#define RPL(envid, name, command, data) RPL_CODE(envid, name, command, "200", data)

struct hearing {
    struct audit *audit;
    struct engine *engine;
    struct body_reader *reader;
};

static inline void hear_event(void *context, const struct event *event)
{
    struct hearing *hearing = context;
    audit_event(hearing->audit, event);
    engine_feed(hearing->engine, event);
}

static inline void hear_change(void *context, const struct change *change)
{
    struct hearing *hearing = context;
    audit_change(hearing->audit, change);
}

static inline void hear_cap(void *context, const struct event *event)
{
    (void)context;
    (void)event;
}

static inline bool line_goes_up(const struct line *line)
{
    bool up = line->who != DOWN && line->who != BYE_DOWN && line->who != LOST_DOWN &&
              line->who != SETTINGS;
    return line->status == 0 || line->who == SETTINGS ? up : !up;
}

static inline struct origin line_origin(const struct line *line, uint64_t record)
{
    return (struct origin){
        .time = START + line->at * (TIME_SECOND / 1000), .record = record, .input = line->input};
}

static inline struct message line_message(const struct line *line, uint64_t record,
                                          struct sip_header *header)
{
    bool request = line->status == 0 || line->who == SETTINGS;
    bool from_ada = line->who == UP || line->who == INVITE || line->who == BYE_UP;
    struct sip_party ada = {.user = address_of("ada"),
                            .epid = text_of(line->epid ? line->epid : "e1")};
    struct sip_party chat = {.user = address_of("chat")};
    bool up = line_goes_up(line);
    *header = (struct sip_header){text_of(line->header), text_of("x")};
    return (struct message){
        .request = request,
        .method = line->who == INVITE                            ? SIP_INVITE
                  : line->who == BYE_UP || line->who == BYE_DOWN ? SIP_BYE
                  : line->who == SETTINGS                        ? SIP_NOTIFY
                                                                 : SIP_INFO,
        .method_name = text_of(line->who == INVITE ? "INVITE" : "INFO"),
        .status = (uint16_t)(request ? 0 : line->status),
        .reason = text_of("Reason"),
        .call_id = text_of(line->dialog == 2 ? "c2" : "c1"),
        .cseq = (uint32_t)(line->cseq ? line->cseq : line->tx),
        .from = from_ada ? ada : chat,
        .to = from_ada ? chat : ada,
        .expires = -1,
        .subscription_expires = -1,
        .session_expires = -1,
        .content_type = text_of(line->type ? line->type : "text/plain"),
        .content_type_full = text_of(line->type ? line->type : "text/plain"),
        .user_agent = text_of(line->agent),
        .body = text_of(line->body),
        .headers = header,
        .header_count = line->header != NULL,
        .flags = line->flags,
        .observed = {.origin = line_origin(line, record),
                     .source = host_of(up ? "ada" : "chat"),
                     .destination = host_of(up ? "chat" : "ada"),
                     .transport = line->udp ? TRANSPORT_UDP : TRANSPORT_TCP},
        .id = record,
        .transaction = (uint64_t)line->tx,
        .dialog = line->dialog ? line->dialog : 1,
        .attempt = (unsigned)line->attempt,
        .observation_count = 1,
    };
}

/* The dialog as it stands after a message. */
static inline void hear_state(struct hearing *hearing, const struct line *line,
                              const struct message *message, enum dialog_state previous,
                              enum dialog_state state)
{
    struct event event = {.kind = EVENT_DIALOG, .message = message};
    event.origin = message->observed.origin;
    event.as.dialog = (struct dialog_view){
        .id = message->dialog,
        .kind = DIALOG_INVITE,
        .state = state,
        .previous = previous,
        .service = SERVICE_CHAT,
        .from_start = !line->middle,
        .call_id = message->call_id,
        .from = address_of("ada"),
        .to = address_of("chat"),
        .from_epid = line->who == BYE_DOWN ? message->to.epid : message->from.epid,
        .expires_at = TIME_NONE,
        .reason = text_of(state == DIALOG_TERMINATED ? "bye" : ""),
    };
    hear_event(hearing, &event);
}

/* INVITE and BYE are answered at once. */
static inline void hear_dialog(struct hearing *hearing, const struct line *line,
                               const struct message *message)
{
    bool open = line->who == INVITE;
    struct message answer = *message;
    answer.request = false;
    answer.status = 200;
    answer.observed.source = message->observed.destination;
    answer.observed.destination = message->observed.source;
    answer.observations = &answer.observed;
    answer.id += 1000;
    struct event answered = {.kind = EVENT_MESSAGE, .message = &answer};
    answered.origin = message->observed.origin;
    if (open) {
        hear_state(hearing, line, message, DIALOG_TRYING, DIALOG_TRYING);
    } else {
        hear_state(hearing, line, message, DIALOG_CONFIRMED, DIALOG_TERMINATED);
    }
    hear_event(hearing, &answered);
    if (open) {
        hear_state(hearing, line, &answer, DIALOG_TRYING, DIALOG_CONFIRMED);
    }
}

static inline void hear_body(struct hearing *hearing, const struct message *message)
{
    struct arena arena;
    struct facts facts;
    arena_init(&arena);
    body_decode(hearing->reader, message, &arena, &facts);
    for (size_t i = 0; i < facts.count; i++) {
        hear_event(hearing, &facts.items[i]);
    }
    arena_dispose(&arena);
}

static inline void hear_line(struct hearing *hearing, const struct line *line, uint64_t record)
{
    struct sip_header header;
    struct message message = line_message(line, record, &header);
    struct event event = {.kind = EVENT_MESSAGE, .message = &message};
    message.observations = &message.observed;
    event.origin = message.observed.origin;
    if (line->who == LOST_UP || line->who == LOST_DOWN) {
        event.kind = EVENT_COVERAGE;
        event.message = NULL;
        event.as.coverage = (struct coverage_fact){.kind = COVERAGE_GAP,
                                                   .source = message.observed.source,
                                                   .destination = message.observed.destination,
                                                   .bytes = 1460};
    }
    hear_event(hearing, &event);
    if (line->who == SETTINGS) {
        event.kind = EVENT_PROVISIONING;
        event.as.provisioning = (struct provisioning_fact){.enabled = (enum said)line->status};
        hear_event(hearing, &event);
    } else if (line->who == INVITE || line->who == BYE_UP || line->who == BYE_DOWN) {
        hear_dialog(hearing, line, &message);
    } else if (line->body && message.request) {
        hear_body(hearing, &message);
    }
}

/* The findings, as audit_script() writes them; free(). `length` rows are heard, then the end. */
static inline char *hear_talk(const struct talk *talk, size_t length, const char *muted)
{
    struct minutes minutes = {.limits = limits_default(), .last_time = INT64_MIN};
    buffer_init(&minutes.text, 1U << 20);
    const struct finding_sink sink = {write_finding, &minutes};
    struct hearing hearing = {.audit = audit_new(test_seed(), &minutes.limits, &sink),
                              .reader = body_reader_new(&minutes.limits)};
    const struct change_sink changes = {hear_change, &hearing};
    const struct event_sink caps = {hear_cap, NULL};
    hearing.engine = engine_new(test_seed(), &minutes.limits, &changes, &caps);
    assert_true(audit_enable(hearing.audit, slice_of("coverage-gap"), false));
    if (muted) {
        assert_true(audit_enable(hearing.audit, slice_of(muted), false));
    }
    for (size_t i = 0; i < length && talk->lines[i].who != TALK_END; i++) {
        hear_line(&hearing, &talk->lines[i], i + 1);
    }
    int64_t end = START + talk->end * (TIME_SECOND / 1000);
    engine_end(hearing.engine, end);
    audit_end(hearing.audit, end);
    engine_free(hearing.engine);
    audit_free(hearing.audit);
    body_reader_free(hearing.reader);
    buffer_append_byte(&minutes.text, '\0');
    return minutes.text.data;
}

/* Each talk gives exactly its findings; muted, its rule is not heard; every beginning is survived.
 */
static inline void check_talks(const struct talk *talks, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char *got = hear_talk(&talks[i], SIZE_MAX, NULL);
        if (strcmp(got, talks[i].expected) != 0) {
            fail_msg("%s:\n--- expected\n%s--- got\n%s", talks[i].title, talks[i].expected, got);
        }
        free(got);
        char *without = hear_talk(&talks[i], SIZE_MAX, talks[i].rule);
        assert_false(mentions(without, talks[i].rule));
        free(without);
        for (size_t length = 0; talks[i].lines[length].who != TALK_END; length++) {
            free(hear_talk(&talks[i], length, NULL));
        }
    }
}

#endif
