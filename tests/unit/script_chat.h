/*
 * Stories for the engine: lines about chat. See engine_script.h.
 */
#ifndef OCSIGHT_TESTS_UNIT_SCRIPT_CHAT_H
#define OCSIGHT_TESTS_UNIT_SCRIPT_CHAT_H

#include "tests/unit/script_base.h"

static inline void script_dialog_row(struct script *script, struct message *message, uint64_t id,
                                     const char *user, const char *epid, const char *service,
                                     enum dialog_state state, const char *reason)
{
    struct event event = {.kind = EVENT_DIALOG};
    event.as.dialog = (struct dialog_view){
        .id = id,
        .kind = DIALOG_INVITE,
        .state = state,
        .previous = script->refused == id ? DIALOG_REFUSED : DIALOG_TRYING,
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
    script->refused = state == DIALOG_REFUSED ? id : 0;
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

enum { SCRIPT_ROOMS = 8, SCRIPT_MEMBERS = 96 };

struct script_rooms {
    struct chat_room rooms[SCRIPT_ROOMS];
    struct chat_member members[SCRIPT_ROOMS][SCRIPT_MEMBERS];
};

/* "u1" to "uN" from "*N". */
static inline void script_crowd(struct script *script, const char *count, struct chat_room *room,
                                struct chat_member *members)
{
    for (int i = 1; i <= atoi(count); i++) {
        char name[16];
        snprintf(name, sizeof name, "u%d", i);
        assert_true(room->member_count < SCRIPT_MEMBERS);
        members[room->member_count++] =
            (struct chat_member){.user = script_user(script, name), .mask = 3984, .has_mask = true};
    }
}

/* "+files", "-logged", "=TOPIC" ... of a directory's room */
static inline void script_property(struct script *script, const char *text, struct chat_room *room)
{
    enum said said = *text == '+' ? SAID_YES : SAID_NO;
    if (strcmp(text + 1, "files") == 0) {
        room->file_post = said;
    } else if (strcmp(text + 1, "invites") == 0) {
        room->invites = said;
    } else if (strcmp(text + 1, "logged") == 0) {
        room->logged = said;
    } else if (*text == '#') {
        room->has_user_count = true;
        room->user_count = (uint32_t)atoi(text + 1);
    } else if (*text == '%') {
        room->visibility = script_words(script, text + 1);
    } else if (*text == '?') {
        room->description = script_words(script, text + 1);
    } else {
        room->topic = script_words(script, text + 1);
    }
}

/* ROOM[=NAME][;PROPERTY...][:MEMBER,...] or !ROOM */
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
    char *property = strchr(copy, ';');
    if (property) {
        *property++ = '\0';
        char *rest = NULL;
        for (property = strtok_r(property, ";", &rest); property;
             property = strtok_r(NULL, ";", &rest)) {
            script_property(script, property, room);
        }
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
        if (*user == '*') {
            script_crowd(script, user + 1, room, members);
            continue;
        }
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
        .session_expires = script->tokens > 6 ? atoi(script_arg(script, 6)) : -1,
        .cseq = script->tokens > 7 ? (uint32_t)atoi(script_arg(script, 7)) : 0,
    };
    script_message(script, &message);
}

#endif
