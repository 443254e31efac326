/*
 * Stories for the engine as text, and what it says to them as text.
 *
 * One line is one thing that happens, with its time in seconds:
 *
 *   T register USER EPID|- SECONDS [STATUS [CONTACT [INSTANCE]]]
 *                                              REGISTER and its response
 *   T deregister USER EPID|-                   NOTIFY of registration-notify to that endpoint
 *   T set USER EPID STATUS|none AVAILABILITY ACTIVITY [CHOICE]
 *                                              setPresence of a 2005 client and its response
 *   T legacy WATCHER USER AVAILABILITY ACTIVITY [CHOICE]
 *                                              notification of text/xml+msrtc.pidf
 *   T service USER EPID STATUS|none ITEM... [!PLACE=VERSION...]
 *                                              SERVICE and its response; the places that a
 *                                              WrongDelta fault in it names
 *   T document USER ITEM...                    BENOTIFY of roaming-self to the user
 *   T roaming USER DIALOG ITEM...              200 to the user's own SUBSCRIBE: the whole document
 *   T aggregates                               CHANGE_AGGREGATE has lines from here on
 *   T containers USER ID|ID:TYPE=VALUE...      BENOTIFY of roaming-self with container members
 *   T members USER STATUS|none +ID:TYPE=VALUE|-ID:TYPE=VALUE...
 *                                              setContainerMembers and its response
 *   T notify WATCHER USER NUMBER[/ACTIVITY] [@PUBLISHED]
 *   T note WATCHER USER TEXT|-                 a note shown to a watcher, "-" = cleared
 *   T poll WATCHER USER NUMBER                 the same in the 200 to a SUBSCRIBE with Expires: 0
 *   T publish USER ACTIVITY|-|closed SECONDS IF-MATCH|- TAG|- STATUS|none
 *   T subscription ID WATCHER TARGET STATE UNTIL|- [REASON]
 *   T invite D USER EPID chat|lookup|im STATE
 *   T end D USER client|service                BYE
 *   T cmd D #TRANSACTION USER EPID VERB ENVELOPE [ROOM...]
 *   T post D #TRANSACTION USER EPID ROOM AUTHOR TEXT TS|-
 *   T answer D #TRANSACTION STATUS             to either
 *   T rpl D USER EPID VERB ENVELOPE CODE [ROOM[=NAME][:MEMBER,...]|!ROOM...]
 *   T history D USER EPID ENVELOPE ROOM AUTHOR TEXT TS
 *   T ntc D USER EPID VERB ROOM MEMBER
 *   T copy D USER EPID ENVELOPE ROOM AUTHOR TEXT TS|-
 *   T response D METHOD STATUS USER            another response in the dialog, to USER's request
 *   T tick                                     time passes
 *   T finish                                   the input ends
 *
 * ITEM is NAME/INSTANCE/CONTAINER/KIND/NUMBER/EXPIRY[/ACTIVITY][@PUBLISHED][#VERSION], EXPIRY
 * being static, endpoint, user or seconds; "-NAME/INSTANCE/CONTAINER" deletes. Users are names
 * without a domain. "_" in a text is a blank, "~" CR LF, "^" LF.
 */
#ifndef OCSIGHT_TESTS_UNIT_ENGINE_SCRIPT_H
#define OCSIGHT_TESTS_UNIT_ENGINE_SCRIPT_H

#include "tests/unit/harness.h"

#include <stdio.h>
#include <stdlib.h>

#include "analyzer/engine/engine.h"

enum { SCRIPT_TOKENS = 24, SCRIPT_POOL = 16384 };

/* What is done to a story without changing what comes of it. */
enum script_mode {
    SCRIPT_PLAIN = 0,
    SCRIPT_COPIES = 1, /* every event again as another hop and as a retransmission */
    SCRIPT_TICKS = 2,  /* time passes in small steps */
    SCRIPT_SERVED = 8, /* not that: every category told has a line, with where it comes from */
};

struct script {
    struct engine *engine;
    unsigned mode;
    char *log;
    size_t log_size;
    char caps[256];
    int64_t now;
    uint64_t record;
    uint64_t next_transaction;
    uint64_t last_change;
    bool disordered;
    bool aggregates;        /* CHANGE_AGGREGATE has lines too */
    char pool[SCRIPT_POOL]; /* the strings of one line */
    size_t pool_size;
    char *token[SCRIPT_TOKENS];
    size_t tokens;
    struct request_view request; /* of the line */
};

static inline struct slice script_text(struct script *script, const char *format, const char *text)
{
    int size =
        snprintf(script->pool + script->pool_size, SCRIPT_POOL - script->pool_size, format, text);
    struct slice slice = {script->pool + script->pool_size, (size_t)size};
    script->pool_size += (size_t)size + 1;
    assert_true(script->pool_size < SCRIPT_POOL);
    return slice;
}

static inline struct slice script_user(struct script *script, const char *name)
{
    return *name && strcmp(name, "-") != 0 ? script_text(script, "%s@x", name) : (struct slice){0};
}

static inline struct slice script_room(struct script *script, const char *name)
{
    return script_text(script, "ma-chan://x/%s", name);
}

static inline struct slice script_words(struct script *script, const char *text)
{
    char words[512];
    size_t size = 0;
    for (; *text && size < sizeof words - 2; text++) {
        if (*text == '~') {
            words[size++] = '\r';
        }
        words[size++] = *text == '~' || *text == '^' ? '\n' : *text == '_' ? ' ' : *text;
    }
    words[size] = '\0';
    return script_text(script, "%s", words);
}

static inline int64_t script_time(const char *text)
{
    return text[0] == '-' ? TIME_NONE : (int64_t)(atof(text) * 1000) * (TIME_SECOND / 1000);
}

static inline const char *script_arg(const struct script *script, size_t index)
{
    return index < script->tokens ? script->token[index] : "";
}

/* ---- the log ---- */

static inline void script_line(struct script *script, int64_t time, const char *line)
{
    size_t room = strlen(line) + 64;
    script->log = realloc(script->log, script->log_size + room);
    script->log_size +=
        (size_t)snprintf(script->log + script->log_size, room, "%g %s\n", (double)time / 1e9, line);
}

#define SLICE_ARGS(slice) (int)(slice).size, (slice).data ? (slice).data : ""
#define NAME_ARGS(slice)                                                                           \
    (int)((slice).size > 2 ? (slice).size - 2 : 0), (slice).data ? (slice).data : ""
#define ROOM_ARGS(slice)                                                                           \
    (int)((slice).size > 12 ? (slice).size - 12 : 0), (slice).size > 12 ? (slice).data + 12 : ""

static inline size_t script_until(char *out, size_t size, int64_t until)
{
    return until == TIME_NONE ? 0 : (size_t)snprintf(out, size, " until=%g", (double)until / 1e9);
}

static inline size_t script_number(char *out, size_t size, int64_t number, struct slice activity)
{
    size_t used = number == AVAILABILITY_NONE
                      ? (size_t)snprintf(out, size, " -")
                      : (size_t)snprintf(out, size, " %lld", (long long)number);
    if (activity.size > 0) {
        used += (size_t)snprintf(out + used, size - used, "/%.*s", SLICE_ARGS(activity));
    }
    return used;
}

static inline void script_publication(char *out, size_t size, const struct publication_change *it)
{
    size_t at;
    if (it->pidf) {
        at = (size_t)snprintf(out, size, "pidf %.*s %s", NAME_ARGS(it->key.user),
                              publication_state_name(it->state));
        at += (size_t)snprintf(out + at, size - at, " tag=%.*s", SLICE_ARGS(it->entity_tag));
        if (it->replaced_tag.size > 0) {
            at += (size_t)snprintf(out + at, size - at, "<%.*s", SLICE_ARGS(it->replaced_tag));
        }
    } else {
        at = (size_t)snprintf(out, size, "instance %.*s %.*s/%u/%u %s", NAME_ARGS(it->key.user),
                              SLICE_ARGS(it->key.name), it->key.instance, it->key.container,
                              publication_state_name(it->state));
        at += (size_t)snprintf(out + at, size - at, " %s v%u", state_kind_name(it->value_kind),
                               it->version);
    }
    at += script_number(out + at, size - at, it->availability, it->activity);
    at += script_until(out + at, size - at, it->until);
    if (it->status >= 300) {
        at += (size_t)snprintf(out + at, size - at, " status=%u", it->status);
    }
    if (it->state == PUBLICATION_CONFLICT) {
        snprintf(out + at, size - at, " place=%u current=%u", it->index, it->current_version);
    }
}

static inline void script_post(char *out, size_t size, const struct post_change *it)
{
    snprintf(out, size, "post %llu %s @%llu %.*s %.*s '%.*s' %s%s%s%s%s%s",
             (unsigned long long)it->id, post_state_name(it->state),
             (unsigned long long)it->session.id, ROOM_ARGS(it->room), NAME_ARGS(it->author),
             SLICE_ARGS(it->text), membership_state_name(it->membership),
             it->author_mismatch ? " mismatch" : "", it->has_ts ? "" : " no-ts",
             it->echo ? " echo" : "", it->captured ? "" : " uncaptured", it->retry ? " retry" : "");
}

static inline void script_command(char *out, size_t size, const struct command_change *it)
{
    size_t at = (size_t)snprintf(out, size, "command %llu %.*s %s", (unsigned long long)it->id,
                                 SLICE_ARGS(it->name), command_state_name(it->state));
    if (it->status >= 300) {
        at += (size_t)snprintf(out + at, size - at, " status=%u", it->status);
    }
    if (it->code > 0) {
        snprintf(out + at, size - at, " code=%u", it->code);
    }
}

/* "aggregate ann c2 6500 [6000..8999] by a call ...; server 6500, machine 3500" */
static inline void script_aggregate(char *out, size_t size, const struct aggregate_change *it)
{
    size_t at =
        (size_t)snprintf(out, size, "aggregate %.*s c%u", NAME_ARGS(it->user), it->container);
    at += script_number(out + at, size - at, it->computed, it->activity);
    for (size_t i = 0; i < it->admitted.count; i++) {
        at += (size_t)snprintf(out + at, size - at, " [%lld..%lld]",
                               (long long)it->admitted.ranges[i].low,
                               (long long)it->admitted.ranges[i].high);
    }
    at += (size_t)snprintf(out + at, size - at, " (%s)", aggregate_step_name(it->step));
    if (it->told) {
        at += (size_t)snprintf(out + at, size - at, " server");
        at += script_number(out + at, size - at, it->server, it->server_activity);
    }
    snprintf(out + at, size - at, "%s%s%s", it->complete ? " complete" : "",
             it->agrees ? "" : " DIFFERS", it->machine_agrees ? "" : " MACHINE-DIFFERS");
}

/* " note cleared by 100 200 300", " by 32000 certain since 3" */
static inline void script_served(char *out, size_t size, const struct told_change *it)
{
    static const char *const names[] = {"100", "200", "300", "400", "32000", "other"};
    size_t at = 0;
    if (it->category != CATEGORY_STATE) {
        at = (size_t)snprintf(out, size, " %s", category_kind_name(it->category));
    }
    at += (size_t)snprintf(out + at, size - at, "%s", it->empty ? " cleared" : "");
    if (it->served == SERVED_ANY) {
        at += (size_t)snprintf(out + at, size - at, " by any");
    }
    for (size_t i = 0; i < 6 && it->served != SERVED_ANY; i++) {
        if (it->served & (1U << i)) {
            at += (size_t)snprintf(out + at, size - at, " by %s", names[i]);
        }
    }
    if (it->member) {
        snprintf(out + at, size - at, " certain since %g", (double)it->member_origin.time / 1e9);
    }
}

static inline void script_change(void *context, const struct change *change)
{
    struct script *script = context;
    char line[1024] = "";
    size_t at = 0;
    script->disordered = script->disordered || change->id != script->last_change + 1;
    script->last_change = change->id;
    switch (change->kind) {
    case CHANGE_PRESENCE: {
        const struct presence_change *it = &change->as.presence;
        at = (size_t)snprintf(line, sizeof line, "presence %.*s %s->%s", NAME_ARGS(it->user),
                              band_name(it->from), band_name(it->band));
        at += script_number(line + at, sizeof line - at, it->availability, it->activity);
        snprintf(line + at, sizeof line - at, " %s (%.*s)", presence_source_name(it->source),
                 SLICE_ARGS(it->cause));
        break;
    }
    case CHANGE_ENDPOINT: {
        const struct endpoint_change *it = &change->as.endpoint;
        at = (size_t)snprintf(line, sizeof line, "endpoint %.*s %.*s %s", NAME_ARGS(it->user),
                              SLICE_ARGS(it->epid), endpoint_state_name(it->state));
        script_until(line + at, sizeof line - at, it->until);
        break;
    }
    case CHANGE_PUBLICATION:
        script_publication(line, sizeof line, &change->as.publication);
        break;
    case CHANGE_AGGREGATE:
        if (!script->aggregates) {
            return;
        }
        script_aggregate(line, sizeof line, &change->as.aggregate);
        break;
    case CHANGE_TOLD: {
        const struct told_change *it = &change->as.told;
        if (it->category != CATEGORY_STATE && !(script->mode & SCRIPT_SERVED)) {
            return;
        }
        at = (size_t)snprintf(line, sizeof line, "told %.*s of %.*s: %s", NAME_ARGS(it->watcher),
                              NAME_ARGS(it->user), band_name(it->band));
        at += script_number(line + at, sizeof line - at, it->availability, it->activity);
        if (it->has_container) {
            at += (size_t)snprintf(line + at, sizeof line - at, " in %u", it->container);
        }
        at += (size_t)snprintf(line + at, sizeof line - at, "%s%s", it->owner ? " owner" : "",
                               it->polled ? " polled" : "");
        if (script->mode & SCRIPT_SERVED) {
            script_served(line + at, sizeof line - at, it);
        }
        break;
    }
    case CHANGE_SUBSCRIPTION: {
        const struct subscription_change *it = &change->as.subscription;
        at = (size_t)snprintf(line, sizeof line, "subscription %llu %.*s->%.*s %s",
                              (unsigned long long)it->dialog, NAME_ARGS(it->watcher),
                              NAME_ARGS(it->target), subscription_state_name(it->state));
        at += script_until(line + at, sizeof line - at, it->until);
        if (it->reason.size > 0) {
            snprintf(line + at, sizeof line - at, " (%.*s)", SLICE_ARGS(it->reason));
        }
        break;
    }
    case CHANGE_SESSION: {
        const struct session_change *it = &change->as.session;
        at = (size_t)snprintf(line, sizeof line, "session %llu %.*s/%.*s d%llu %s->%s%s",
                              (unsigned long long)it->session.id, NAME_ARGS(it->session.user),
                              SLICE_ARGS(it->session.epid), (unsigned long long)it->session.dialog,
                              session_state_name(it->from), session_state_name(it->state),
                              it->session.lookup ? " lookup" : "");
        if (it->reason.size > 0) {
            snprintf(line + at, sizeof line - at, " (%.*s)", SLICE_ARGS(it->reason));
        }
        break;
    }
    case CHANGE_ROOM:
        snprintf(line, sizeof line, "room %.*s '%.*s'", ROOM_ARGS(change->as.room.uri),
                 SLICE_ARGS(change->as.room.name));
        break;
    case CHANGE_MEMBERSHIP: {
        const struct membership_change *it = &change->as.membership;
        at = (size_t)snprintf(line, sizeof line, "member @%llu %.*s %s->%s%s",
                              (unsigned long long)it->session.id, ROOM_ARGS(it->room),
                              membership_state_name(it->from), membership_state_name(it->state),
                              it->assumed ? " assumed" : "");
        if (it->reason.size > 0) {
            snprintf(line + at, sizeof line - at, " (%.*s)", SLICE_ARGS(it->reason));
        }
        break;
    }
    case CHANGE_ROSTER: {
        const struct roster_change *it = &change->as.roster;
        snprintf(line, sizeof line, "roster @%llu %.*s %c%.*s%s",
                 (unsigned long long)it->session.id, ROOM_ARGS(it->room), it->present ? '+' : '-',
                 NAME_ARGS(it->user), it->notice ? " notice" : "");
        break;
    }
    case CHANGE_COMMAND:
        script_command(line, sizeof line, &change->as.command);
        break;
    case CHANGE_POST:
        script_post(line, sizeof line, &change->as.post);
        break;
    case CHANGE_KINDS:
        break;
    }
    script_line(script, change->time, line);
}

static inline void script_cap(void *context, const struct event *event)
{
    struct script *script = context;
    size_t used = strlen(script->caps);
    snprintf(script->caps + used, sizeof script->caps - used, "%s%.*s", used > 0 ? " " : "",
             SLICE_ARGS(event->as.coverage.detail));
}

/* ---- feeding ---- */

static inline void script_feed(struct script *script, struct event *event, struct message *message)
{
    static const enum message_role roles[] = {MESSAGE_ANOTHER_HOP, MESSAGE_RETRANSMISSION};
    event->origin = (struct origin){.time = script->now, .record = script->record};
    event->message = message;
    engine_feed(script->engine, event);
    for (size_t i = 0; message && (script->mode & SCRIPT_COPIES) && i < 2; i++) {
        struct message copy = *message;
        copy.role = roles[i];
        event->message = &copy;
        engine_feed(script->engine, event);
    }
}

/* The message itself as an event. */
static inline void script_message(struct script *script, struct message *message)
{
    struct event event = {.kind = EVENT_MESSAGE};
    script->record++;
    script_feed(script, &event, message);
}

static inline struct message script_request(struct script *script, enum sip_method method,
                                            struct slice from, struct slice to, const char *epid)
{
    struct message message = {
        .request = true,
        .method = method,
        .from = {.user = from, .epid = script_text(script, "%s", epid)},
        .to = {.user = to},
        .expires = -1,
        .transaction = ++script->next_transaction,
    };
    return message;
}

static inline struct message script_response(struct script *script, const struct message *request,
                                             uint16_t status)
{
    script->request = (struct request_view){
        .method = request->method,
        .origin = {.time = script->now, .record = script->record},
        .event = request->event,
        .content_type = request->content_type,
        .if_match = request->if_match,
        .from_user = request->from.user,
        .to_user = request->to.user,
        .from_epid = request->from.epid,
        .expires = request->expires,
    };
    struct message message = *request;
    message.request = false;
    message.status = status;
    message.expires = -1;
    message.if_match = (struct slice){0};
    message.content_type = (struct slice){0};
    message.body = (struct slice){0};
    message.request_kept = &script->request;
    return message;
}

/* ---- presence lines ---- */

static inline enum state_kind script_kind(const char *name)
{
    for (int kind = STATE_NONE; kind <= STATE_UNKNOWN; kind++) {
        if (strcmp(state_kind_name((enum state_kind)kind), name) == 0) {
            return (enum state_kind)kind;
        }
    }
    return STATE_NONE;
}

static inline void script_expiry(struct category_fact *fact, const char *expiry)
{
    fact->expires = -1;
    if (strcmp(expiry, "static") == 0) {
        fact->expire_type = EXPIRE_STATIC;
    } else if (strcmp(expiry, "endpoint") == 0) {
        fact->expire_type = EXPIRE_ENDPOINT;
    } else if (strcmp(expiry, "user") == 0) {
        fact->expire_type = EXPIRE_USER;
    } else {
        fact->expire_type = EXPIRE_TIME;
        fact->expires = atoi(expiry);
    }
}

static inline void script_state(struct script *script, struct presence_value *value,
                                const char *number, const char *activity)
{
    value->availability = strcmp(number, "-") == 0 ? AVAILABILITY_NONE : atoi(number);
    if (*activity) {
        value->activity_count = 1;
        value->activities[0] = (struct presence_activity){
            .token = script_text(script, "%s", activity), .max = UINT32_MAX};
    }
}

/* NAME/INSTANCE/CONTAINER/KIND/NUMBER/EXPIRY[/ACTIVITY][@PUBLISHED][#VERSION] */
static inline struct category_fact script_item(struct script *script, const char *user,
                                               const char *text)
{
    char part[7][64] = {""};
    char copy[256];
    snprintf(copy, sizeof copy, "%s", text);
    char *version = strchr(copy, '#');
    if (version) {
        *version++ = '\0';
    }
    char *at = strchr(copy, '@');
    struct category_fact fact = {.publish_time = at ? script_time(at + 1) : TIME_NONE};
    if (at) {
        *at = '\0';
    }
    char *rest = copy[0] == '-' ? copy + 1 : copy;
    for (size_t i = 0; i < 7 && rest; i++) {
        char *slash = strchr(rest, '/');
        snprintf(part[i], sizeof part[i], "%.*s", (int)(slash ? slash - rest : 63), rest);
        rest = slash ? slash + 1 : NULL;
    }
    fact.key = (struct category_key){
        .user = script_user(script, user),
        .name = script_text(script, "%s", part[0]),
        .instance = (uint32_t)atoi(part[1]),
        .container = (uint32_t)atoi(part[2]),
        .has_instance = true,
        .has_container = part[2][0] != '\0',
    };
    fact.has_version = version != NULL;
    fact.version = version ? (uint32_t)atoi(version) : 0;
    if (copy[0] == '-') {
        fact.empty = true;
        fact.expire_type = EXPIRE_TIME;
        return fact;
    }
    fact.has_value = true;
    fact.value.kind = script_kind(part[3]);
    script_state(script, &fact.value, part[4], part[6]);
    script_expiry(&fact, part[5]);
    return fact;
}

static inline void script_do_register(struct script *script)
{
    struct slice user = script_user(script, script_arg(script, 2));
    const char *epid = script_arg(script, 3);
    struct message request =
        script_request(script, SIP_REGISTER, user, user, strcmp(epid, "-") == 0 ? "" : epid);
    request.expires = atoi(script_arg(script, 4));
    request.contact.uri = script_text(script, "%s", script_arg(script, 6));
    if (script->tokens > 7) {
        request.contact.raw = script_text(
            script, "<x>;proxy=replace;+sip.instance=\"<urn:uuid:%s>\";q=1", script_arg(script, 7));
    }
    script_message(script, &request);
    int status = script->tokens > 5 ? atoi(script_arg(script, 5)) : 200;
    struct message response = script_response(script, &request, (uint16_t)status);
    script_message(script, &response);
}

static inline void script_do_deregister(struct script *script)
{
    struct slice user = script_user(script, script_arg(script, 2));
    struct message message = script_request(script, SIP_NOTIFY, slice_of("pool@x"), user, "");
    if (strcmp(script_arg(script, 3), "-") != 0) {
        message.to.epid = script_text(script, "%s", script_arg(script, 3));
    }
    script_message(script, &message);
    struct event event = {.kind = EVENT_REGISTRATION};
    event.as.registration = (struct registration_fact){
        .user = user, .deregistered = true, .event = slice_of("unregistered")};
    script_feed(script, &event, &message);
}

/* AVAILABILITY ACTIVITY [CHOICE] from that token on. */
static inline struct event script_legacy(struct script *script, struct slice user, size_t first)
{
    struct event event = {.kind = EVENT_LEGACY};
    event.as.legacy = (struct legacy_fact){
        .user = user,
        .availability = atoi(script_arg(script, first)),
        .activity = atoi(script_arg(script, first + 1)),
        .has_user_state = script->tokens > first + 2,
        .user_state = atoi(script_arg(script, first + 2)),
        .user_since = TIME_NONE,
    };
    return event;
}

static inline void script_do_set(struct script *script)
{
    struct slice user = script_user(script, script_arg(script, 2));
    struct message request = script_request(script, SIP_SERVICE, user, user, script_arg(script, 3));
    script_message(script, &request);
    struct event event = script_legacy(script, user, 5);
    script_feed(script, &event, &request);
    if (strcmp(script_arg(script, 4), "none") != 0) {
        struct message response =
            script_response(script, &request, (uint16_t)atoi(script_arg(script, 4)));
        script_message(script, &response);
    }
}

static inline void script_do_legacy(struct script *script)
{
    struct slice watcher = script_user(script, script_arg(script, 2));
    struct message message = script_request(script, SIP_NOTIFY, watcher, watcher, "");
    script_message(script, &message);
    struct event event = script_legacy(script, script_user(script, script_arg(script, 3)), 4);
    script_feed(script, &event, &message);
}

/* !PLACE=VERSION, the server's */
static inline void script_fault(struct script *script, struct message *response)
{
    for (size_t i = 5; i < script->tokens; i++) {
        const char *token = script_arg(script, i);
        if (*token == '!') {
            struct event event = {.kind = EVENT_FAULT};
            event.as.fault = (struct fault_fact){
                .code = SLICE("Client.BadCall.WrongDelta"),
                .index = (uint32_t)atoi(token + 1),
                .current_version = (uint32_t)atoi(strchr(token, '=') + 1),
            };
            script_feed(script, &event, response);
        }
    }
}

static inline void script_do_service(struct script *script)
{
    struct slice user = script_user(script, script_arg(script, 2));
    struct message request = script_request(script, SIP_SERVICE, user, user, script_arg(script, 3));
    script_message(script, &request);
    for (size_t i = 5; i < script->tokens && *script_arg(script, i) != '!'; i++) {
        struct event event = {.kind = EVENT_PUBLICATION};
        event.as.category = script_item(script, script_arg(script, 2), script_arg(script, i));
        event.as.category.index = (uint32_t)(i - 4);
        script_feed(script, &event, &request);
    }
    if (strcmp(script_arg(script, 4), "none") != 0) {
        struct message response =
            script_response(script, &request, (uint16_t)atoi(script_arg(script, 4)));
        script_message(script, &response);
        script_fault(script, &response);
    }
}

static inline void script_do_document(struct script *script)
{
    struct slice user = script_user(script, script_arg(script, 2));
    struct message message = script_request(script, SIP_BENOTIFY, user, user, "");
    script_message(script, &message);
    for (size_t i = 3; i < script->tokens; i++) {
        struct event event = {.kind = EVENT_CATEGORY};
        event.as.category = script_item(script, script_arg(script, 2), script_arg(script, i));
        script_feed(script, &event, &message);
    }
}

static inline void script_do_roaming(struct script *script)
{
    struct slice user = script_user(script, script_arg(script, 2));
    struct message request = script_request(script, SIP_SUBSCRIBE, user, user, "");
    request.expires = 3600;
    struct message message = script_response(script, &request, 200);
    message.dialog = (uint64_t)atoi(script_arg(script, 3));
    script_message(script, &message);
    for (size_t i = 4; i < script->tokens; i++) {
        struct event event = {.kind = EVENT_CATEGORY};
        event.as.category = script_item(script, script_arg(script, 2), script_arg(script, i));
        script_feed(script, &event, &message);
    }
}

static inline void script_do_notify(struct script *script, bool poll)
{
    struct slice watcher = script_user(script, script_arg(script, 2));
    struct slice user = script_user(script, script_arg(script, 3));
    struct message request =
        script_request(script, poll ? SIP_SUBSCRIBE : SIP_NOTIFY, watcher, watcher, "");
    struct message message = request;
    if (poll) {
        request.expires = 0;
        message = script_response(script, &request, 200);
    }
    script_message(script, &message);
    char number[64];
    snprintf(number, sizeof number, "%s", script_arg(script, 4));
    char *activity = strchr(number, '/');
    struct event event = {.kind = EVENT_CATEGORY};
    event.as.category = (struct category_fact){
        .key = {.user = user, .name = slice_of("state"), .instance = 1, .has_instance = true},
        .expires = -1,
        .publish_time = script->tokens > 5 ? script_time(script_arg(script, 5) + 1) : TIME_NONE,
        .has_value = true,
        .value = {.kind = STATE_AGGREGATE},
    };
    if (activity) {
        *activity = '\0';
    }
    script_state(script, &event.as.category.value, number, activity ? activity + 1 : "");
    script_feed(script, &event, &message);
}

/* "+100:user=bob", "200:domain=x", "300" */
static inline void script_member(struct script *script, const char *owner, const char *text,
                                 uint32_t index, struct message *message)
{
    enum container_action action = *text == '+'   ? CONTAINER_ADD
                                   : *text == '-' ? CONTAINER_REMOVE
                                                  : CONTAINER_LISTED;
    text += action != CONTAINER_LISTED;
    const char *type = strchr(text, ':');
    const char *value = strchr(text, '=');
    struct event event = {.kind = EVENT_CONTAINER};
    event.as.container = (struct container_fact){
        .owner = script_user(script, owner),
        .id = (uint32_t)atoi(text),
        .action = type ? action : CONTAINER_EMPTY,
        .index = index,
    };
    if (type && strncmp(type + 1, "user", 4) == 0) {
        event.as.container.type = MEMBER_TYPE_USER;
        event.as.container.value = script_user(script, value + 1);
    } else if (type) {
        event.as.container.type =
            strncmp(type + 1, "domain", 6) == 0 ? MEMBER_TYPE_DOMAIN : MEMBER_TYPE_FEDERATED;
        event.as.container.value = script_text(script, "%s", value + 1);
    }
    script_feed(script, &event, message);
}

static inline void script_do_containers(struct script *script)
{
    struct slice user = script_user(script, script_arg(script, 2));
    struct message message = script_request(script, SIP_BENOTIFY, user, user, "");
    script_message(script, &message);
    for (size_t i = 3; i < script->tokens; i++) {
        script_member(script, script_arg(script, 2), script_arg(script, i), (uint32_t)i - 2,
                      &message);
    }
}

static inline void script_do_members(struct script *script)
{
    struct slice user = script_user(script, script_arg(script, 2));
    struct message request = script_request(script, SIP_SERVICE, user, user, "");
    script_message(script, &request);
    for (size_t i = 4; i < script->tokens; i++) {
        script_member(script, script_arg(script, 2), script_arg(script, i), (uint32_t)i - 3,
                      &request);
    }
    if (strcmp(script_arg(script, 3), "none") != 0) {
        struct message response =
            script_response(script, &request, (uint16_t)atoi(script_arg(script, 3)));
        script_message(script, &response);
    }
}

static inline void script_do_note(struct script *script)
{
    struct slice watcher = script_user(script, script_arg(script, 2));
    struct message message = script_request(script, SIP_NOTIFY, watcher, watcher, "");
    script_message(script, &message);
    struct event event = {.kind = EVENT_CATEGORY};
    bool cleared = strcmp(script_arg(script, 4), "-") == 0;
    event.as.category = (struct category_fact){
        .key = {.user = script_user(script, script_arg(script, 3)), .name = slice_of("note")},
        .category = CATEGORY_NOTE,
        .expires = -1,
        .publish_time = TIME_NONE,
        .empty = cleared,
        .text = cleared ? (struct slice){0} : script_words(script, script_arg(script, 4)),
    };
    script_feed(script, &event, &message);
}

static inline struct slice script_optional(struct script *script, size_t index)
{
    const char *text = script_arg(script, index);
    return strcmp(text, "-") == 0 ? (struct slice){0} : script_text(script, "%s", text);
}

static inline void script_pidf_body(struct script *script, struct message *request,
                                    const char *body)
{
    struct event event = {.kind = EVENT_PIDF};
    event.as.pidf = (struct pidf_fact){
        .user = request->to.user,
        .has_basic = true,
        .open = strcmp(body, "closed") != 0,
        .value = {.availability = AVAILABILITY_NONE},
    };
    if (event.as.pidf.open && strcmp(body, "open") != 0) {
        script_state(script, &event.as.pidf.value, "-", body);
    }
    script_feed(script, &event, request);
}

static inline void script_do_publish(struct script *script)
{
    const char *body = script_arg(script, 3);
    struct slice user = script_user(script, script_arg(script, 2));
    struct message request = script_request(script, SIP_PUBLISH, user, user, "");
    request.event = slice_of("presence");
    request.expires = atoi(script_arg(script, 4));
    request.if_match = script_optional(script, 5);
    bool has_body = strcmp(body, "-") != 0;
    if (has_body) {
        request.content_type = slice_of("application/pidf+xml");
        request.body = slice_of("<presence/>");
    }
    script_message(script, &request);
    if (has_body) {
        script_pidf_body(script, &request, body);
    }
    if (strcmp(script_arg(script, 7), "none") != 0) {
        struct message response =
            script_response(script, &request, (uint16_t)atoi(script_arg(script, 7)));
        response.entity_tag = script_optional(script, 6);
        script_message(script, &response);
    }
}

static inline enum dialog_state script_dialog_state(const char *name)
{
    for (int state = DIALOG_TRYING; state < DIALOG_UNFINISHED; state++) {
        if (strcmp(dialog_state_name((enum dialog_state)state), name) == 0) {
            return (enum dialog_state)state;
        }
    }
    return DIALOG_UNFINISHED;
}

static inline void script_do_subscription(struct script *script)
{
    struct slice watcher = script_user(script, script_arg(script, 3));
    struct event event = {.kind = EVENT_DIALOG};
    event.as.dialog = (struct dialog_view){
        .id = (uint64_t)atoi(script_arg(script, 2)),
        .kind = DIALOG_SUBSCRIBE,
        .state = script_dialog_state(script_arg(script, 5)),
        .mode = DIALOG_PERSISTENT,
        .from_start = true,
        .from = watcher,
        .to = script_user(script, script_arg(script, 4)),
        .event = slice_of("presence"),
        .expires_at = script_time(script_arg(script, 6)),
        .reason = script->tokens > 7 ? script_text(script, "%s", script_arg(script, 7))
                                     : (struct slice){0},
    };
    struct message request = script_request(script, SIP_SUBSCRIBE, watcher, watcher, "");
    struct message message = script_response(script, &request, 200);
    script_message(script, &message);
    script_feed(script, &event, &message);
}

/* ---- chat lines ---- */

static inline void script_dialog_row(struct script *script, struct message *message, uint64_t id,
                                     const char *user, const char *epid, const char *service,
                                     enum dialog_state state, const char *reason)
{
    struct event event = {.kind = EVENT_DIALOG};
    event.as.dialog = (struct dialog_view){
        .id = id,
        .kind = DIALOG_INVITE,
        .state = state,
        .previous = DIALOG_TRYING,
        .service = strcmp(service, "lookup") == 0 ? SERVICE_CHAT_LOOKUP
                   : strcmp(service, "chat") == 0 ? SERVICE_CHAT
                                                  : SERVICE_IM,
        .from_start = true,
        .from = script_user(script, user),
        .to = slice_of("chat@x"),
        .from_epid = script_text(script, "%s", epid),
        .expires_at = TIME_NONE,
        .reason = slice_of(reason),
    };
    message->dialog = id;
    script_message(script, message);
    script_feed(script, &event, message);
}

static inline void script_do_invite(struct script *script)
{
    uint64_t id = (uint64_t)atoi(script_arg(script, 2));
    struct slice user = script_user(script, script_arg(script, 3));
    enum dialog_state state = script_dialog_state(script_arg(script, 6));
    struct message message =
        script_request(script, SIP_INVITE, user, slice_of("chat@x"), script_arg(script, 4));
    script_dialog_row(script, &message, id, script_arg(script, 3), script_arg(script, 4),
                      script_arg(script, 5), state, "");
}

static inline void script_do_end(struct script *script)
{
    struct slice user = script_user(script, script_arg(script, 3));
    bool client = strcmp(script_arg(script, 4), "client") == 0;
    struct slice chat = slice_of("chat@x");
    struct message message =
        script_request(script, SIP_BYE, client ? user : chat, client ? chat : user, "");
    script_dialog_row(script, &message, (uint64_t)atoi(script_arg(script, 2)),
                      script_arg(script, 3), "", "chat", DIALOG_TERMINATED, "bye");
}

/* An INFO from the user (`sent`) or to it. `who` is the token of the user, its epid follows. */
static inline struct message script_info(struct script *script, size_t who, bool sent)
{
    struct slice user = script_user(script, script_arg(script, who));
    struct slice epid = script_text(script, "%s", script_arg(script, who + 1));
    struct slice chat = slice_of("chat@x");
    struct message message =
        script_request(script, SIP_INFO, sent ? user : chat, sent ? chat : user, "");
    message.dialog = (uint64_t)atoi(script_arg(script, 2));
    if (sent) {
        message.from.epid = epid;
        message.transaction = 1000 + (uint64_t)atoi(script_arg(script, 3) + 1);
    } else {
        message.to.epid = epid;
    }
    return message;
}

static inline enum chat_verb script_verb(const char *name)
{
    /* clang-format off */
    static const struct { const char *name; enum chat_verb verb; } verbs[] = {
        {"requri", CHAT_REQURI}, {"join", CHAT_JOIN}, {"bjoin", CHAT_BJOIN}, {"part", CHAT_PART},
        {"bccontext", CHAT_BCCONTEXT}, {"getfutok", CHAT_GETFUTOK}, {"getftok", CHAT_GETFTOK},
        {"chansrch", CHAT_CHANSRCH},
    };
    /* clang-format on */
    for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++) {
        if (strcmp(verbs[i].name, name) == 0) {
            return verbs[i].verb;
        }
    }
    return CHAT_VERB_OTHER;
}

enum { SCRIPT_ROOMS = 8, SCRIPT_MEMBERS = 8 };

struct script_rooms {
    struct chat_room rooms[SCRIPT_ROOMS];
    struct chat_member members[SCRIPT_ROOMS][SCRIPT_MEMBERS];
};

/* ROOM[=NAME][:MEMBER,...] or !ROOM */
static inline void script_parse_room(struct script *script, const char *text,
                                     struct chat_room *room, struct chat_member *members)
{
    char copy[256];
    snprintf(copy, sizeof copy, "%s", *text == '!' ? text + 1 : text);
    room->failure = *text == '!' ? slice_of("OPERATION_FAILED") : (struct slice){0};
    char *list = strchr(copy, ':');
    if (list) {
        *list++ = '\0';
    }
    char *name = strchr(copy, '=');
    if (name) {
        *name++ = '\0';
        room->name = script_words(script, name);
    }
    room->uri = script_room(script, copy);
    room->members = members;
    for (char *save = NULL, *user = list ? strtok_r(list, ",", &save) : NULL; user;
         user = strtok_r(NULL, ",", &save)) {
        members[room->member_count++] =
            (struct chat_member){.user = script_user(script, user), .mask = 3984, .has_mask = true};
    }
}

static inline void script_rooms_from(struct script *script, size_t first,
                                     struct script_rooms *rooms, struct chat_fact *fact)
{
    for (size_t i = first; i < script->tokens; i++) {
        size_t at = i - first;
        script_parse_room(script, script_arg(script, i), &rooms->rooms[at], rooms->members[at]);
        fact->room_count++;
    }
    fact->rooms = rooms->rooms;
}

static inline void script_chat(struct script *script, struct message *message,
                               const struct chat_fact *fact)
{
    struct event event = {.kind = EVENT_CHAT};
    event.as.chat = *fact;
    script_message(script, message);
    script_feed(script, &event, message);
}

static inline void script_do_cmd(struct script *script)
{
    struct message message = script_info(script, 4, true);
    struct script_rooms rooms = {0};
    struct chat_fact fact = {
        .class = CHAT_COMMAND,
        .verb = script_verb(script_arg(script, 6)),
        .name = script_text(script, "%s", script_arg(script, 6)),
        .envelope = script_text(script, "%s", script_arg(script, 7)),
        .sequence = slice_of("1"),
    };
    script_rooms_from(script, 8, &rooms, &fact);
    script_chat(script, &message, &fact);
}

static inline struct chat_post script_post_of(struct script *script, size_t first)
{
    return (struct chat_post){
        .room = script_room(script, script_arg(script, first)),
        .author = script_user(script, script_arg(script, first + 1)),
        .text = script_words(script, script_arg(script, first + 2)),
        .ts = script_time(script_arg(script, first + 3)),
        .has_chat = true,
    };
}

static inline void script_do_post(struct script *script)
{
    struct message message = script_info(script, 4, true);
    struct chat_fact fact = {.class = CHAT_MESSAGE, .verb = CHAT_GRPCHAT};
    fact.post = script_post_of(script, 6);
    script_chat(script, &message, &fact);
}

static inline void script_do_copy(struct script *script)
{
    struct message message = script_info(script, 3, false);
    struct chat_fact fact = {.class = CHAT_MESSAGE, .verb = CHAT_GRPCHAT};
    fact.envelope = script_text(script, "%s", script_arg(script, 5));
    fact.post = script_post_of(script, 6);
    script_chat(script, &message, &fact);
}

static inline void script_do_rpl(struct script *script)
{
    struct message message = script_info(script, 3, false);
    struct script_rooms rooms = {0};
    struct chat_fact fact = {
        .class = CHAT_REPLY,
        .verb = script_verb(script_arg(script, 5)),
        .name = script_text(script, "%s", script_arg(script, 5)),
        .ref_envelope = script_text(script, "%s", script_arg(script, 6)),
        .ref_sequence = slice_of("1"),
        .has_ref = true,
        .has_code = true,
        .code = (uint32_t)atoi(script_arg(script, 7)),
        .code_text = slice_of("TEXT"),
    };
    script_rooms_from(script, 8, &rooms, &fact);
    script_chat(script, &message, &fact);
}

static inline void script_do_history(struct script *script)
{
    struct message message = script_info(script, 3, false);
    struct chat_post post = script_post_of(script, 6);
    struct chat_room room = {.uri = post.room, .history = &post, .history_count = 1};
    struct chat_fact fact = {
        .class = CHAT_REPLY,
        .verb = CHAT_BCCONTEXT,
        .name = slice_of("bccontext"),
        .ref_envelope = script_text(script, "%s", script_arg(script, 5)),
        .ref_sequence = slice_of("1"),
        .has_ref = true,
        .has_code = true,
        .code = 200,
        .rooms = &room,
        .room_count = 1,
    };
    script_chat(script, &message, &fact);
}

static inline void script_do_ntc(struct script *script)
{
    struct message message = script_info(script, 3, false);
    struct chat_member member = {
        .user = script_user(script, script_arg(script, 7)), .mask = 3984, .has_mask = true};
    struct chat_room room = {
        .uri = script_room(script, script_arg(script, 6)), .members = &member, .member_count = 1};
    struct chat_fact fact = {
        .class = CHAT_NOTICE,
        .verb = script_verb(script_arg(script, 5)),
        .name = script_text(script, "%s", script_arg(script, 5)),
        .rooms = &room,
        .room_count = 1,
    };
    script_chat(script, &message, &fact);
}

static inline void script_do_answer(struct script *script)
{
    struct message message = {
        .method = SIP_INFO,
        .status = (uint16_t)atoi(script_arg(script, 4)),
        .dialog = (uint64_t)atoi(script_arg(script, 2)),
        .transaction = 1000 + (uint64_t)atoi(script_arg(script, 3) + 1),
    };
    script_message(script, &message);
}

static inline void script_do_response(struct script *script)
{
    struct message message = {
        .method = sip_method_find(slice_of(script_arg(script, 3))),
        .status = (uint16_t)atoi(script_arg(script, 4)),
        .dialog = (uint64_t)atoi(script_arg(script, 2)),
        .transaction = ++script->next_transaction,
        .from.user = script_user(script, script_arg(script, 5)),
    };
    script_message(script, &message);
}

/* ---- running ---- */

static inline void script_act(struct script *script)
{
    const char *verb = script_arg(script, 1);
    /* clang-format off */
    static const struct { const char *verb; void (*run)(struct script *); } lines[] = {
        {"register", script_do_register}, {"service", script_do_service},
        {"deregister", script_do_deregister}, {"set", script_do_set},
        {"legacy", script_do_legacy}, {"document", script_do_document}, {"roaming", script_do_roaming}, {"publish", script_do_publish},
        {"subscription", script_do_subscription}, {"invite", script_do_invite},
        {"end", script_do_end}, {"cmd", script_do_cmd}, {"post", script_do_post},
        {"answer", script_do_answer}, {"rpl", script_do_rpl}, {"history", script_do_history},
        {"ntc", script_do_ntc}, {"copy", script_do_copy}, {"response", script_do_response},
        {"containers", script_do_containers}, {"members", script_do_members},
        {"note", script_do_note},
    };
    /* clang-format on */
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        if (strcmp(lines[i].verb, verb) == 0) {
            lines[i].run(script);
            return;
        }
    }
    if (strcmp(verb, "notify") == 0 || strcmp(verb, "poll") == 0) {
        script_do_notify(script, *verb == 'p');
    } else if (strcmp(verb, "aggregates") == 0) {
        script->aggregates = true;
    } else if (strcmp(verb, "tick") == 0) {
        engine_tick(script->engine, script->now);
    } else if (strcmp(verb, "finish") == 0) {
        engine_end(script->engine, script->now);
    } else {
        fail_msg("no such line: %s", verb);
    }
}

static inline void script_pass_time(struct script *script, int64_t until)
{
    enum { STEPS = 7 };
    int64_t step = (until - script->now) / STEPS;
    for (int i = 1; (script->mode & SCRIPT_TICKS) && script->now > 0 && i < STEPS; i++) {
        engine_tick(script->engine, script->now + i * step);
    }
}

static inline void script_run_line(struct script *script, char *line)
{
    script->tokens = 0;
    script->pool_size = 0;
    char *save = NULL;
    for (char *token = strtok_r(line, " ", &save); token && script->tokens < SCRIPT_TOKENS;
         token = strtok_r(NULL, " ", &save)) {
        script->token[script->tokens++] = token;
    }
    if (script->tokens > 1) {
        int64_t time = script_time(script->token[0]);
        script_pass_time(script, time);
        script->now = time;
        script_act(script);
    }
}

/* Runs the story; the log is the caller's to free. `caps` (may be NULL) gets the names of caps. */
static inline char *script_run(const char *story, unsigned mode, const struct limits *limits,
                               char caps[256])
{
    struct script *script = calloc(1, sizeof *script);
    struct change_sink changes = {script_change, script};
    struct event_sink events = {script_cap, script};
    struct limits defaults = limits_default();
    script->mode = mode;
    script->log = calloc(1, 1);
    script->engine = engine_new(test_seed(), limits ? limits : &defaults, &changes, &events);
    char *copy = strdup(story);
    char *save = NULL;
    for (char *line = strtok_r(copy, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
        script_run_line(script, line);
    }
    engine_end(script->engine, script->now);
    engine_free(script->engine);
    assert_false(script->disordered);
    if (caps) {
        memcpy(caps, script->caps, sizeof script->caps);
    }
    char *log = script->log;
    free(copy);
    free(script);
    return log;
}

struct story {
    const char *name;
    const char *script;
    const char *expected;
};

/* A story that breaks off after any line has said the beginning of what the whole one says. */
static inline void story_check_prefixes(const struct story *story)
{
    char *cut = strdup(story->script);
    for (char *end = strrchr(cut, '\n'); end; end = strrchr(cut, '\n')) {
        end[1] = '\0';
        char *log = script_run(cut, SCRIPT_PLAIN, NULL, NULL);
        if (strncmp(log, story->expected, strlen(log)) != 0) {
            fail_msg("%s, cut after:\n%s--- got\n%s", story->name, cut, log);
        }
        free(log);
        *end = '\0';
    }
    free(cut);
}

/* The story says what is expected, and still does with copies and with time passing in between. */
static inline void story_check(const struct story *story)
{
    for (unsigned mode = SCRIPT_PLAIN; mode <= (SCRIPT_COPIES | SCRIPT_TICKS); mode++) {
        char *log = script_run(story->script, mode, NULL, NULL);
        if (strcmp(log, story->expected) != 0) {
            fail_msg("%s (mode %u):\n--- got\n%s--- expected\n%s", story->name, mode, log,
                     story->expected);
        }
        free(log);
    }
}

#endif
