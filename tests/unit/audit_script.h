/*
 * Scripts for the audit's tests: what was seen, as rows of data, and the findings
 * that must come of it, as text.
 *
 * A row is a message, a change that a message caused (the message comes first), or
 * a coverage event. The record number of a row is its place in the script, from 1,
 * so the evidence of a finding names rows. One finding is one line:
 *
 *   error sip-request-unanswered [1 2] INFO from ada@contoso.example ...
 */
#ifndef OCSIGHT_TESTS_UNIT_AUDIT_SCRIPT_H
#define OCSIGHT_TESTS_UNIT_AUDIT_SCRIPT_H

#include <stdio.h>
#include <stdlib.h>

#include "analyzer/audit/audit.h"
#include "analyzer/engine/buffer.h"
#include "tests/unit/harness.h"

#define START (INT64_C(1763632800) * TIME_SECOND)

enum act {
    MESSAGE, /* a request, or with `status` a response */
    SESSION,
    MEMBER,
    COMMAND,
    POST,
    ENDPOINT,
    PUBLICATION,
    TOLD,
    SUBSCRIPTION,
    AGGREGATE,
    PUBLISHING, /* one publication of a SERVICE (EVENT_PUBLICATION) */
    CATEGORY,   /* one category of an owner's document, or of a copy (EVENT_CATEGORY) */
    CALL,       /* an INVITE dialog (EVENT_DIALOG) */
    REPLY,      /* a chat reply (EVENT_CHAT) */
    ASK,        /* a chat command (EVENT_CHAT) */
    CHAT,       /* any part of an envelope (EVENT_CHAT): `class` */
    OWN_MASK,   /* what a session was told of its own user: `mask` */
    WATCH,      /* resources of a batch (EVENT_WATCH): `count` of them, the first is `who` */
    RESOURCE,   /* of an RLMI list (EVENT_RESOURCE) */
    COVERAGE,
    ROSTER,    /* one user of a session's roster: `peer` in `room` */
    RENAME,    /* a room that was called `name` */
    TOLD_ROOM, /* a chat reply with `code`, or a notice without one, about a room and `roster` */
    FILE_STEP, /* CHANGE_FILE: `id` is the transfer, `name` the file, `content` the server */
    WEB_CALL,  /* EVENT_HTTP: a request with `token` for the room whose GUID is `name` */
    SEARCH,    /* a chat reply (EVENT_CHAT) that tells `file_post` of `room` */
    STEPS_END = 99,
};

struct step {
    int at; /* seconds after the start */
    enum act act;
    /* the message: from, to and watcher are "ada", "bo", "chat" or whole addresses */
    const char *method;
    const char *from;
    const char *to;
    uint64_t tx;
    int status;
    enum message_role role;
    int cseq;
    int64_t expires; /* 0 = none; -1 = zero */
    uint32_t diag;
    const char *why;
    const char *agent;
    const char *event;
    const char *content;
    const char *supported;
    const char *sub_state;
    const char *contact;
    uint32_t flags;
    bool diag_twice;
    uint32_t input;
    bool same_net; /* another hop, between the usual hosts */
    bool kept;     /* the response's request was captured */
    bool no_hosts; /* from a log: no addresses */
    bool udp;
    /* the change */
    int state;
    uint64_t id; /* of session, command, post, dialog */
    uint64_t session;
    uint64_t dialog; /* of a message and its session, whose endpoint is then "e1" */
    const char *branch;
    const char *who; /* whose session */
    const char *room;
    const char *room_name;
    const char *name; /* command, activity, cap */
    const char *tag;
    const char *old_tag; /* of a message: SIP-If-Match */
    const char *named;   /* category name, "state" unless given */
    const char *epid;
    uint32_t instance;
    uint32_t version; /* raised by one, so that 0 is none */
    uint32_t current;
    int64_t number; /* availability, 0 = none */
    enum expire_type expire_type;
    int64_t published; /* seconds after the start, 0 = none */
    bool empty;
    bool manual;
    bool active; /* lastActive is given */
    const char *via;
    uint32_t code;
    bool lookup;
    bool late_start; /* the session's INVITE was not captured */
    bool no_ts;
    bool wrong_author;
    bool assumed;
    bool polled;
    enum state_kind kind;
    uint32_t container;
    int64_t server;   /* of an aggregate; AVAILABILITY_NONE has to be said */
    int64_t expected; /* what the inputs give; the only number that is admitted */
    bool complete;
    bool nameless;    /* no Call-ID */
    const char *call; /* Call-ID; NULL = "c1" */
    bool inside;      /* with a To tag */
    unsigned served;
    unsigned shows;              /* enum told_content */
    enum category_kind category; /* CATEGORY_UNKNOWN = state */
    uint64_t member;             /* record of the list that names the watcher; 0 = not named */
    bool cleared;
    bool document; /* PIDF or legacy */
    bool retry;
    bool download;
    uint64_t token;
    enum said file_post;
    bool timer; /* no message caused it */
    enum membership_state membership;
    /* rooms and rosters */
    enum membership_state was; /* of a membership */
    bool again;                /* it asked for what is so already */
    size_t listed;             /* rosters of others that list `who` */
    const char *peer;
    const char *roster; /* "ada bo/8080 ?9": users with masks, numbers of nobody */
    bool present;
    bool before;
    bool notice;
    bool suspended;
    uint32_t repeated;
    uint32_t unused;
    enum chat_verb verb;
    enum chat_class class;
    const char *author; /* of a post: NULL = ada, or bo with wrong_author */
    const char *text;
    int64_t ts;           /* seconds after the start; 0 = none */
    uint64_t first_call;  /* POST_DUPLICATE: dialog of the first copy */
    uint64_t call_number; /* dialog of the session */
    bool uncaptured;
    bool edited;
    uint64_t mask;       /* raised by one, so that 0 is none */
    const char *history; /* rooms of the items of a history reply, "a b b" */
    enum coverage_kind coverage;
    uint64_t count;
};

struct script {
    const char *title;
    const char *rule; /* the rule on trial */
    const struct step *steps;
    int end;              /* seconds */
    const char *expected; /* lines; "" = silence */
};

#define SCRIPT_STEPS(...)                                                                          \
    (const struct step[])                                                                          \
    {                                                                                              \
        __VA_ARGS__,                                                                               \
        {                                                                                          \
            .act = STEPS_END                                                                       \
        }                                                                                          \
    }

static inline struct slice text_of(const char *text)
{
    return slice_of(text ? text : "");
}

/* A static text per name, so that slices stay valid. */
static inline struct slice address_of(const char *who)
{
    if (!who) {
        return (struct slice){"", 0};
    }
    if (strcmp(who, "ada") == 0) {
        return (struct slice)SLICE("ada@contoso.example");
    }
    if (strcmp(who, "bo") == 0) {
        return (struct slice)SLICE("bo@contoso.example");
    }
    return strcmp(who, "chat") == 0 ? (struct slice)SLICE("chat@contoso.example") : slice_of(who);
}

static inline struct address host_of(const char *who)
{
    struct address address = {{192, 0, 2, 5}, ADDRESS_IPV4, 5061};
    if (who && strcmp(who, "ada") == 0) {
        address = (struct address){{192, 0, 2, 21}, ADDRESS_IPV4, 52311};
    } else if (who && strcmp(who, "bo") == 0) {
        address = (struct address){{192, 0, 2, 22}, ADDRESS_IPV4, 52312};
    }
    return address;
}

struct staged {
    struct message message;
    struct observation twice[2]; /* seen on the same hop before */
    struct sip_diagnostics diagnostics[2];
    struct sip_header headers[2];
    struct request_view kept;
};

static inline struct origin step_origin(const struct step *step, uint64_t record)
{
    return (struct origin){
        .time = START + step->at * TIME_SECOND, .record = record, .input = step->input};
}

/* The other end of a user is always the server. */
static inline struct observation step_observation(const struct step *step, uint64_t record)
{
    bool from_client =
        step->from && (strcmp(step->from, "ada") == 0 || strcmp(step->from, "bo") == 0);
    struct address client = host_of(from_client ? step->from : step->to);
    struct address server = host_of("chat");
    bool up = from_client == (step->status == 0);
    struct observation seen = {
        .origin = step_origin(step, record),
        .source = up ? client : server,
        .destination = up ? server : client,
        .transport = step->udp ? TRANSPORT_UDP : TRANSPORT_TCP,
    };
    if (step->no_hosts) {
        seen.source = seen.destination = (struct address){0};
    }
    if (step->role == MESSAGE_ANOTHER_HOP && !step->same_net) {
        seen.source.bytes[2] = seen.destination.bytes[2] = 77;
    }
    return seen;
}

static inline void stage_message(struct staged *out, const struct step *step, uint64_t record)
{
    *out = (struct staged){0};
    size_t headers = 0;
    if (step->supported) {
        out->headers[headers++] = (struct sip_header){SLICE("Supported"), text_of(step->supported)};
    }
    if (step->via) {
        out->headers[headers++] = (struct sip_header){SLICE("Via"), text_of(step->via)};
    }
    out->diagnostics[0] = (struct sip_diagnostics){.header = SLICE("ms-diagnostics"),
                                                   .id = step->diag,
                                                   .reason = text_of(step->why),
                                                   .source = SLICE("fe01.contoso.example")};
    out->diagnostics[1] = out->diagnostics[0];
    out->diagnostics[1].header = (struct slice)SLICE("ms-diagnostics-public");
    out->kept = (struct request_view){
        .origin = {.time = START, .record = 1},
        .event = text_of(step->event),
        .content_type = text_of(step->content),
        .if_match = text_of(step->old_tag),
        .from_user = address_of(step->from),
        .to_user = address_of(step->to),
        .expires = step->expires == -1 ? 0 : step->expires,
    };
    struct message *message = &out->message;
    *message = (struct message){
        .request = step->status == 0,
        .method = sip_method_find(text_of(step->method)),
        .method_name = text_of(step->method),
        .status = (uint16_t)step->status,
        .reason = SLICE("Reason"),
        .call_id = text_of(step->nameless ? ""
                           : step->call   ? step->call
                                          : "c1"),
        .cseq = step->cseq ? (uint32_t)step->cseq : (uint32_t)step->tx,
        .from = {.user = address_of(step->from),
                 .tag = address_of(step->from),
                 .epid = text_of(step->dialog ? "e1" : step->epid)},
        .to = {.user = address_of(step->to),
               .tag = text_of(step->inside ? "t" : ""),
               .epid = text_of(step->dialog ? "e1" : NULL)},
        .branch = text_of(step->branch),
        .contact = {.uri = text_of(step->contact)},
        .event = text_of(step->event),
        .if_match = text_of(step->old_tag),
        .expires = step->expires == 0    ? -1
                   : step->expires == -1 ? 0
                                         : step->expires,
        .subscription_state = text_of(step->sub_state),
        .subscription_expires = -1,
        .subscription_reason = text_of(step->sub_state ? step->why : NULL),
        .session_expires = -1,
        .user_agent = text_of(step->agent),
        .diagnostics = out->diagnostics,
        .diagnostics_count = (size_t)(step->diag != 0) + step->diag_twice,
        .flags = step->flags,
        .headers = out->headers,
        .header_count = headers,
        .observed = step_observation(step, record),
        .role = step->role,
        .id = step->tx * 1000 + (uint64_t)step->status,
        .transaction = step->tx,
        .dialog = step->dialog                                ? step->dialog
                  : step->act == MESSAGE || step->act == CALL ? step->id
                                                              : step->call_number,
        .request_kept = step->kept ? &out->kept : NULL,
    };
    message->observations = &message->observed;
    message->observation_count = 1;
    if (step->role == MESSAGE_ANOTHER_HOP && step->same_net && step->branch) {
        out->twice[0] = out->twice[1] = message->observed;
        message->observations = out->twice;
        message->observation_count = 2;
    }
}

static inline struct session_ref step_session(const struct step *step)
{
    return (struct session_ref){
        .id = step->session,
        .user = address_of(step->who),
        .epid = SLICE("e1"),
        .call_id = text_of(step->who),
        .dialog = step->dialog ? step->dialog : step->call_number,
        .lookup = step->lookup,
        .from_start = !step->late_start,
    };
}

static inline void stage_chat(struct change *change, const struct step *step)
{
    switch (step->act) {
    case SESSION:
        change->kind = CHANGE_SESSION;
        change->as.session = (struct session_change){
            .session = step_session(step),
            .state = (enum session_state)step->state,
            .service = address_of(step->named ? step->named : "chat"),
            .status = (uint16_t)step->status,
            .expires = step->expires > 0 ? step->expires : -1,
            .reason = text_of(step->why),
        };
        break;
    case MEMBER:
        change->kind = CHANGE_MEMBERSHIP;
        change->as.membership = (struct membership_change){
            .session = step_session(step),
            .room = text_of(step->room),
            .from = step->again ? (enum membership_state)step->state
                    : step->was == MEMBER_NONE && step->state == MEMBER_NONE ? MEMBER_LEAVING
                                                                             : step->was,
            .state = (enum membership_state)step->state,
            .listed = step->listed,
            .assumed = step->assumed,
            .reason = text_of(step->why),
        };
        break;
    case ROSTER:
        change->kind = CHANGE_ROSTER;
        change->as.roster = (struct roster_change){
            .session = step_session(step),
            .room = text_of(step->room),
            .user = address_of(step->peer),
            .present = step->present,
            .notice = step->notice,
            .before = step->before,
            .membership = step->membership,
            .suspended = step->suspended,
        };
        break;
    case RENAME:
        change->kind = CHANGE_ROOM;
        change->as.room = (struct room_change){
            .uri = text_of(step->room),
            .name = text_of(step->room_name),
            .old_name = text_of(step->name),
            .suspended = step->suspended,
        };
        break;
    case COMMAND:
        change->kind = CHANGE_COMMAND;
        change->as.command = (struct command_change){
            .session = step_session(step),
            .id = step->id,
            .transaction = step->tx,
            .verb = step->verb,
            .name = text_of(step->name),
            .state = (enum command_state)step->state,
            .status = (uint16_t)step->status,
            .code = step->code,
            .code_text = step->code ? (struct slice)SLICE("EXAMPLE_NOT_ALLOWED") : text_of(""),
            .room = text_of(step->room),
            .sent_at = step->published ? START + step->published * TIME_SECOND : 0,
        };
        break;
    case OWN_MASK:
        change->kind = CHANGE_ROSTER;
        change->as.roster = (struct roster_change){
            .session = step_session(step),
            .room = text_of(step->room),
            .user = address_of(step->author ? step->author : step->who),
            .present = true,
            .has_mask = step->mask > 0,
            .mask = step->mask > 0 ? step->mask - 1 : 0,
        };
        break;
    default:
        change->kind = CHANGE_POST;
        change->as.post = (struct post_change){
            .id = step->id,
            .session = step_session(step),
            .transaction = step->tx,
            .room = text_of(step->room),
            .room_name = text_of(step->room_name),
            .author = address_of(step->author         ? step->author
                                 : step->wrong_author ? "bo"
                                                      : "ada"),
            .text = text_of(step->text),
            .ts = step->ts ? START + step->ts * TIME_SECOND : TIME_NONE,
            .state = (enum post_state)step->state,
            .membership = step->membership,
            .author_mismatch = step->wrong_author,
            .file_link = slice_starts(text_of(step->text), slice_of("ma-filelink:")),
            .has_ts = !step->no_ts,
            .captured = !step->uncaptured,
            .edited = step->edited,
            .echo = step->state == POST_DELIVERED && step->who && strcmp(step->who, "ada") == 0,
            .first_dialog = step->first_call,
            .retry = step->retry,
            .status = (uint16_t)step->status,
            .posted_at = START,
        };
    }
}

static inline void stage_file(struct change *change, const struct step *step)
{
    change->kind = CHANGE_FILE;
    change->as.file = (struct file_change){
        .id = step->id,
        .session = step_session(step),
        .room = text_of(step->room),
        .room_name = text_of(step->room_name),
        .state = (enum file_state)step->state,
        .download = step->download,
        .name = text_of(step->name),
        .server = text_of(step->content),
        .token_hash = step->token,
        .granted = change->time,
    };
}

/* An input of its kind (a machine unless `kind` says otherwise) in row 1, the server's in row 2. */
static inline void stage_aggregate(struct change *change, const struct step *step)
{
    static struct aggregate_cause input;
    bool machine = step->kind == STATE_NONE || step->kind == STATE_MACHINE;
    input = (struct aggregate_cause){
        .kind = machine ? STATE_MACHINE : step->kind,
        .activity = text_of(step->tag),
        .origin = {.time = START, .record = 1},
    };
    change->kind = CHANGE_AGGREGATE;
    change->as.aggregate = (struct aggregate_change){
        .user = address_of(step->who),
        .container = step->container ? step->container : 2,
        .inputs = &input,
        .input_count = 1,
        .computed = step->expected,
        .admitted = {{{step->expected, step->expected}}, 1},
        .machine = step->expected,
        .complete = step->complete,
        .told = !machine,
        .server = step->server,
        .server_activity = text_of(step->name),
        .server_origin = {.time = START, .record = 2},
        .machine_told = machine,
        .server_machine = step->server,
        .server_machine_origin = {.time = START, .record = 2},
        .agrees = machine || step->server == step->expected,
        .machine_agrees = !machine || step->server == step->expected,
    };
}

static inline struct category_key step_key(const struct step *step)
{
    return (struct category_key){
        .user = address_of(step->who),
        .name = step->named ? slice_of(step->named) : (struct slice)SLICE("state"),
        .instance = step->instance,
        .container = step->container,
        .has_instance = true,
        .has_container = step->container != 0,
    };
}

static inline uint32_t step_version(const struct step *step)
{
    return step->version > 0 ? step->version - 1 : 0;
}

static inline int64_t step_number(const struct step *step)
{
    return step->number > 0 ? step->number : AVAILABILITY_NONE;
}

static inline void stage_category(struct event *event, const struct step *step)
{
    event->kind = step->act == PUBLISHING ? EVENT_PUBLICATION : EVENT_CATEGORY;
    event->as.category = (struct category_fact){
        .key = step_key(step),
        .version = step_version(step),
        .has_version = step->version > 0,
        .expire_type = step->expire_type,
        .expires = step->expires > 0 ? step->expires
                   : step->empty     ? 0
                                     : -1,
        .publish_time = step->published ? START + step->published * TIME_SECOND : TIME_NONE,
        .empty = step->empty,
        .has_value = !step->empty,
        .value =
            {
                .kind = step->kind,
                .availability = step_number(step),
                .activities = {{.token = text_of(step->name), .max = UINT32_MAX}},
                .activity_count = step->name != NULL,
                .manual = step->manual,
                .last_active = step->active ? START : TIME_NONE,
                .start_time = TIME_NONE,
            },
    };
}

static inline void stage_call(struct event *event, const struct step *step)
{
    event->kind = EVENT_DIALOG;
    event->as.dialog = (struct dialog_view){
        .id = step->id,
        .kind = DIALOG_INVITE,
        .state = (enum dialog_state)step->state,
        .service = (enum dialog_service)step->code,
        .from_start = !step->late_start,
        .call_id = SLICE("c1"),
        .from = address_of(step->from),
        .to = address_of(step->to),
    };
}

static inline void stage_presence(struct change *change, const struct step *step)
{
    int64_t until = step->expires > 0 ? change->time + step->expires * TIME_SECOND : TIME_NONE;
    switch (step->act) {
    case ENDPOINT:
        change->kind = CHANGE_ENDPOINT;
        change->as.endpoint = (struct endpoint_change){.user = address_of(step->who),
                                                       .epid = text_of(step->epid),
                                                       .state = (enum endpoint_state)step->state};
        break;
    case PUBLICATION:
        change->kind = CHANGE_PUBLICATION;
        change->as.publication = (struct publication_change){
            .pidf = step->tag != NULL,
            .key = step_key(step),
            .entity_tag = text_of(step->tag),
            .replaced_tag = text_of(step->old_tag),
            .epid = text_of(step->epid),
            .expire_type = step->expire_type,
            .version = step_version(step),
            .current_version = step->current,
            .manual = step->manual,
            .state = (enum publication_state)step->state,
            .status = (uint16_t)step->status,
            .value_kind = step->kind,
            .availability = step_number(step),
            .activity = text_of(step->name),
            .until = until,
        };
        break;
    case TOLD:
        change->kind = CHANGE_TOLD;
        change->as.told = (struct told_change){
            .watcher = address_of(step->to),
            .user = address_of(step->who),
            .category = step->category ? step->category : CATEGORY_STATE,
            .document = step->document,
            .empty = step->cleared,
            .content = step->shows,
            .served = step->served,
            .member = step->member > 0,
            .member_origin = {.record = step->member, .time = START},
            .band = step->number ? band_of(step->number) : BAND_UNKNOWN,
            .availability = step->number ? step->number : AVAILABILITY_NONE,
            .activity = text_of(step->name),
            .value_kind = step->kind,
            .owner = step->to && strcmp(step->to, step->who) == 0,
            .container = step->container,
            .has_container = step->container != 0,
            .polled = step->polled,
            .dialog = step->id,
        };
        break;
    case AGGREGATE:
        stage_aggregate(change, step);
        break;
    default:
        change->kind = CHANGE_SUBSCRIPTION;
        change->as.subscription = (struct subscription_change){
            .watcher = address_of(step->who),
            .target = address_of(step->to),
            .package = SLICE("presence"),
            .call_id = text_of(step->call ? step->call : "c1"),
            .dialog = step->id,
            .state = (enum subscription_state)step->state,
            .until = until,
        };
    }
}

static inline void stage_coverage(struct event *event, const struct step *step)
{
    event->kind = EVENT_COVERAGE;
    event->as.coverage = (struct coverage_fact){
        .kind = step->coverage,
        .bytes = step->coverage == COVERAGE_GAP ? 1460 : 0,
        .count = step->count,
        .detail = text_of(step->name),
    };
    if (step->from) {
        event->as.coverage.source = host_of(step->from);
        event->as.coverage.destination = host_of(step->to);
    }
}

/* Whoever takes part in the run: the audit, a tally or both. */
struct audience {
    void (*event)(void *context, const struct event *event);
    void (*change)(void *context, const struct change *change);
    void *context;
};

static inline void play_web_call(const struct audience *audience, const struct step *step,
                                 struct event *event)
{
    event->kind = EVENT_HTTP;
    event->message = NULL;
    event->as.http = (struct http_fact){
        .request = true,
        .call = HTTP_APPEND_CHUNK,
        .has_token = true,
        .token_hash = step->token,
        .room_id = text_of(step->name),
    };
    audience->event(audience->context, event);
}

static inline void play_search(const struct audience *audience, const struct step *step,
                               struct event *event)
{
    const struct chat_room room = {
        .uri = text_of(step->room), .name = SLICE("Ops Bridge"), .file_post = step->file_post};
    event->kind = EVENT_CHAT;
    event->as.chat = (struct chat_fact){
        .class = CHAT_REPLY,
        .verb = CHAT_CHANSRCH,
        .name = SLICE("chansrch"),
        .envelope = SLICE("1"),
        .sequence = SLICE("1"),
        .ref_envelope = SLICE("1"),
        .ref_sequence = SLICE("1"),
        .has_ref = true,
        .has_code = true,
        .code = 200,
        .rooms = &room,
        .room_count = 1,
    };
    audience->event(audience->context, event);
}

static inline void play_resources(const struct audience *audience, const struct step *step,
                                  struct event *event)
{
    if (step->act == RESOURCE) {
        event->kind = EVENT_RESOURCE;
        event->as.resource = (struct resource_fact){
            .user = address_of(step->who),
            .state = text_of(step->name),
        };
        audience->event(audience->context, event);
        return;
    }
    char name[48];
    for (uint64_t i = 0; i < (step->count ? step->count : 1); i++) {
        snprintf(name, sizeof name, "user%d@contoso.example", (int)i);
        event->kind = EVENT_WATCH;
        event->as.watch = (struct watch_fact){
            .user = i == 0 && step->who ? address_of(step->who) : slice_of(name),
            .action = text_of(step->name ? step->name : "subscribe"),
        };
        audience->event(audience->context, event);
    }
}

enum { STEP_MEMBERS = 100 };

static inline size_t step_members(const char *roster, char *text, size_t size,
                                  struct chat_member *members)
{
    size_t count = 0;
    snprintf(text, size, "%s", roster);
    for (char *save = NULL, *user = strtok_r(text, " ", &save); user;
         user = strtok_r(NULL, " ", &save)) {
        char *mask = strchr(user, '/');
        assert_true(count < STEP_MEMBERS);
        members[count] = (struct chat_member){.mask = 3984, .has_mask = true};
        if (*user == '?') {
            members[count].unresolved = true;
            members[count].id = (uint32_t)atoi(user + 1);
        }
        if (mask) {
            *mask++ = '\0';
            members[count].mask = (uint64_t)atoi(mask);
        }
        members[count].user = *user == '?' ? text_of("") : address_of(user);
        count++;
    }
    return count;
}

static inline void play_room(const struct audience *audience, const struct step *step,
                             struct event *event)
{
    static struct chat_member members[STEP_MEMBERS];
    char text[1024];
    struct chat_room room = {
        .uri = text_of(step->room),
        .name = text_of(step->room_name),
        .failure = text_of(step->why),
        .repeated = step->repeated,
        .members = members,
        .member_count = step_members(step->roster ? step->roster : "", text, sizeof text, members),
    };
    event->kind = EVENT_CHAT;
    event->as.chat = (struct chat_fact){
        .class = step->code ? CHAT_REPLY : CHAT_NOTICE,
        .verb = step->verb,
        .name = SLICE("join"),
        .has_ref = step->code != 0,
        .has_code = step->code != 0,
        .code = step->code,
        .rooms = &room,
        .room_count = step->room != NULL,
        .unused_users = step->unused,
    };
    audience->event(audience->context, event);
}

/* Rooms of a command or history reply: one with the items, or one that is asked for. */
static inline void play_chat(const struct audience *audience, const struct step *step,
                             struct event *event)
{
    struct chat_post items[8] = {0};
    struct chat_room room = {.uri = text_of(step->room), .history = items};
    struct slice rest = text_of(step->history);
    while (rest.size > 0) {
        slice_cut(rest, ' ', &items[room.history_count++].room, &rest);
    }
    event->kind = EVENT_CHAT;
    event->as.chat = (struct chat_fact){
        .class = step->class,
        .verb = step->verb,
        .envelope = text_of(step->tag),
        .ref_envelope = text_of(step->old_tag),
        .has_ref = step->old_tag != NULL,
        .has_code = step->class == CHAT_REPLY,
        .code = 200,
        .rooms = &room,
        .room_count = step->room != NULL,
        .history_limit = (uint32_t)step->count,
        .has_server = step->number > 0,
        .server = {.message_size = (uint64_t)step->number, .story_size = step->code},
        .post =
            {
                .room = text_of(step->room),
                .author = address_of(step->author),
                .author_uri = address_of(step->author),
                .text = text_of(step->text),
                .has_chat = step->text != NULL,
            },
    };
    audience->event(audience->context, event);
}

static inline void play_step(const struct audience *audience, const struct step *step,
                             uint64_t record)
{
    struct staged staged;
    struct event event = {.origin = step_origin(step, record)};
    stage_message(&staged, step, record);
    if (step->act == COVERAGE) {
        stage_coverage(&event, step);
        audience->event(audience->context, &event);
        return;
    }
    bool has_message = step->method != NULL && !step->timer;
    if (has_message) {
        event.kind = EVENT_MESSAGE;
        event.message = &staged.message;
        audience->event(audience->context, &event);
    }
    if (step->act == PUBLISHING || step->act == CATEGORY || step->act == CALL) {
        if (step->act == CALL) {
            stage_call(&event, step);
        } else {
            stage_category(&event, step);
        }
        audience->event(audience->context, &event);
    } else if (step->act == REPLY || step->act == ASK) {
        event.kind = EVENT_CHAT;
        event.as.chat = (struct chat_fact){
            .class = step->act == REPLY ? CHAT_REPLY : CHAT_COMMAND,
            .verb = step->verb,
            .has_ref = step->act == REPLY,
            .ref_envelope = SLICE("1"),
            .ref_sequence = SLICE("1"),
            .has_code = true,
            .code = step->code,
            .service_uri = text_of(step->name),
        };
        audience->event(audience->context, &event);
    } else if (step->act == TOLD_ROOM) {
        play_room(audience, step, &event);
    } else if (step->act == WEB_CALL) {
        play_web_call(audience, step, &event);
    } else if (step->act == SEARCH) {
        play_search(audience, step, &event);
    } else if (step->act == CHAT) {
        play_chat(audience, step, &event);
    } else if (step->act == WATCH || step->act == RESOURCE) {
        play_resources(audience, step, &event);
    } else if (step->act != MESSAGE) {
        struct change change = {.id = record,
                                .time = event.origin.time,
                                .origin = event.origin,
                                .message = has_message ? &staged.message : NULL};
        if (step->act == FILE_STEP) {
            stage_file(&change, step);
        } else if (step->act <= POST || step->act == ROSTER || step->act == OWN_MASK ||
                   step->act == RENAME) {
            stage_chat(&change, step);
        } else {
            stage_presence(&change, step);
        }
        audience->change(audience->context, &change);
    }
}

static inline void play(const struct audience *audience, const struct step *steps)
{
    for (uint64_t i = 0; steps[i].act != STEPS_END; i++) {
        play_step(audience, &steps[i], i + 1);
    }
}

/* ---- the audit of a script ---- */

struct minutes {
    struct buffer text;
    struct limits limits;
    int64_t last_time;
    uint64_t last_id;
};

static inline void write_finding(void *context, const struct finding *finding)
{
    struct minutes *minutes = context;
    assert_int_equal(finding->id, minutes->last_id + 1);
    assert_true(finding->time >= minutes->last_time);
    assert_true(finding->evidence_count <= minutes->limits.evidence);
    minutes->last_id = finding->id;
    minutes->last_time = finding->time;
    struct buffer *text = &minutes->text;
    buffer_append_text(text, severity_name(finding->severity));
    buffer_append_byte(text, ' ');
    buffer_append_text(text, finding->rule);
    buffer_append_text(text, " [");
    for (size_t i = 0; i < finding->evidence_count; i++) {
        buffer_append_text(text, i > 0 ? " " : "");
        buffer_append_u64(text, finding->evidence[i].record);
    }
    if (finding->evidence_more > 0) {
        buffer_append_text(text, " +");
        buffer_append_u64(text, finding->evidence_more);
    }
    buffer_append_text(text, "] ");
    buffer_append(text, finding->message);
    buffer_append_byte(text, '\n');
}

static inline void to_audit_event(void *context, const struct event *event)
{
    audit_event(context, event);
}

static inline void to_audit_change(void *context, const struct change *change)
{
    audit_change(context, change);
}

/* Runs it; `muted` is switched off, NULL = nothing. The text is the caller's: free(). */
static inline char *audit_script(const struct script *script, const struct limits *limits,
                                 const char *muted)
{
    struct minutes minutes = {.limits = *limits, .last_time = INT64_MIN};
    buffer_init(&minutes.text, 1U << 20);
    const struct finding_sink sink = {write_finding, &minutes};
    struct audit *audit = audit_new(test_seed(), limits, &sink);
    if (muted) {
        assert_true(audit_enable(audit, slice_of(muted), false));
    }
    const struct audience audience = {to_audit_event, to_audit_change, audit};
    play(&audience, script->steps);
    audit_end(audit, START + script->end * TIME_SECOND);
    audit_free(audit);
    buffer_append_byte(&minutes.text, '\0');
    return minutes.text.data;
}

static inline bool mentions(const char *text, const char *rule)
{
    char word[80];
    snprintf(word, sizeof word, " %s [", rule);
    return strstr(text, word) != NULL;
}

/* Each script gives exactly its findings, and without its rule the same but for that rule's. */
static inline void check_scripts(const struct script *scripts, size_t count)
{
    struct limits limits = limits_default();
    for (size_t i = 0; i < count; i++) {
        char *got = audit_script(&scripts[i], &limits, NULL);
        if (strcmp(got, scripts[i].expected) != 0) {
            fail_msg("%s:\n--- expected\n%s--- got\n%s", scripts[i].title, scripts[i].expected,
                     got);
        }
        char *without = audit_script(&scripts[i], &limits, scripts[i].rule);
        if (mentions(without, scripts[i].rule)) {
            fail_msg("%s: heard though switched off:\n%s", scripts[i].title, without);
        }
        if (!mentions(got, scripts[i].rule)) {
            assert_string_equal(got, without);
        }
        free(got);
        free(without);
    }
}

/* No script may be read to its end for its finding to be known wrong: every beginning is survived.
 */
static inline void check_beginnings(const struct script *scripts, size_t count)
{
    struct limits limits = limits_default();
    for (size_t i = 0; i < count; i++) {
        struct step steps[64];
        for (size_t length = 0; scripts[i].steps[length].act != STEPS_END; length++) {
            assert_true(length + 1 < sizeof steps / sizeof steps[0]);
            memcpy(steps, scripts[i].steps, length * sizeof steps[0]);
            steps[length] = (struct step){.act = STEPS_END};
            struct script part = scripts[i];
            part.steps = steps;
            part.end = 0;
            free(audit_script(&part, &limits, NULL));
        }
    }
}

#endif
