/*
 * Stories for the engine: lines about presence. See engine_script.h.
 */
#ifndef OCSIGHT_TESTS_UNIT_SCRIPT_PRESENCE_H
#define OCSIGHT_TESTS_UNIT_SCRIPT_PRESENCE_H

#include "tests/unit/script_base.h"

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

#endif
