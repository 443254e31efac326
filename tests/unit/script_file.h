/*
 * Stories for the engine: files on their way, and orders of the management page. See
 * engine_script.h.
 */
#ifndef OCSIGHT_TESTS_UNIT_SCRIPT_FILE_H
#define OCSIGHT_TESTS_UNIT_SCRIPT_FILE_H

#include "tests/unit/script_chat.h"

static inline void script_file(char *out, size_t size, const struct file_change *it)
{
    snprintf(out, size, "file %llu %.*s %s %s%s%.*s%s%.*s %llu/%llu%s", (unsigned long long)it->id,
             NAME_ARGS(it->session.user), it->download ? "download" : "upload",
             file_state_name(it->state), it->name.size > 0 ? " " : "", SLICE_ARGS(it->name),
             it->stored.size > 0 ? " as " : "", SLICE_ARGS(it->stored),
             (unsigned long long)it->bytes, (unsigned long long)it->length,
             it->mismatch ? " elsewhere" : "");
}

/* ask D #TRANSACTION USER EPID up|down ENVELOPE ROOM NAME */
static inline void script_do_ask(struct script *script)
{
    struct message message = script_info(script, 4, true);
    bool up = strcmp(script_arg(script, 6), "up") == 0;
    const struct chat_room room = {.uri = script_room(script, script_arg(script, 8))};
    const struct chat_fact fact = {
        .class = CHAT_COMMAND,
        .verb = up ? CHAT_GETFUTOK : CHAT_GETFDTOK,
        .name = slice_of(up ? "getfutok" : "getfdtok"),
        .envelope = script_text(script, "%s", script_arg(script, 7)),
        .sequence = slice_of("1"),
        .rooms = &room,
        .room_count = 1,
        .file_name = script_text(script, "%s", script_arg(script, 9)),
    };
    script->files = true;
    script_chat(script, &message, &fact);
}

/* token D USER EPID ENVELOPE HASH|- ; "-" is a refusal */
static inline void script_do_token(struct script *script)
{
    struct message message = script_info(script, 3, false);
    uint64_t hash = (uint64_t)atoi(script_arg(script, 6));
    const struct chat_fact fact = {
        .class = CHAT_REPLY,
        .verb = CHAT_GETFTOK,
        .name = slice_of("getftok"),
        .envelope = script_text(script, "reply-%s", script_arg(script, 5)),
        .ref_envelope = script_text(script, "%s", script_arg(script, 5)),
        .ref_sequence = slice_of("1"),
        .has_ref = true,
        .has_code = true,
        .code = hash > 0 ? 200 : 403,
        .has_token = hash > 0,
        .token_hash = hash,
        .token_server = slice_of("https://x/y"),
    };
    script->files = true;
    script_chat(script, &message, &fact);
}

/* link D #TRANSACTION USER EPID ROOM TEXT */
static inline void script_do_link(struct script *script)
{
    struct message message = script_info(script, 4, true);
    struct chat_fact fact = {.class = CHAT_MESSAGE, .verb = CHAT_GRPCHAT};
    fact.post = (struct chat_post){
        .room = script_room(script, script_arg(script, 6)),
        .author = script_user(script, script_arg(script, 4)),
        .text = script_words(script, script_arg(script, 7)),
        .ts = script->now,
        .has_chat = true,
        .file_link = true,
    };
    script->files = true;
    script_chat(script, &message, &fact);
}

static inline void script_http(struct script *script, const struct http_fact *fact)
{
    struct event event = {.kind = EVENT_HTTP,
                          .origin = {.time = script->now, .record = ++script->record}};
    event.as.http = *fact;
    script->files = true;
    engine_feed(script->engine, &event);
}

static inline enum http_call script_call(const char *name)
{
    for (enum http_call call = HTTP_OTHER; call <= HTTP_ROOM_MODIFY; call++) {
        if (strcmp(http_call_name(call), name) == 0) {
            return call;
        }
    }
    fail_msg("no such call: %s", name);
    return HTTP_OTHER;
}

static inline uint64_t script_count(struct script *script, size_t at)
{
    return at < script->tokens ? (uint64_t)atoi(script_arg(script, at)) : 0;
}

static inline struct slice script_given(struct script *script, size_t at)
{
    bool there = at < script->tokens && strcmp(script_arg(script, at), "-") != 0;
    return there ? script_text(script, "%s", script_arg(script, at)) : (struct slice){0};
}

/* web CALL EXCHANGE HASH ROOM|- [FILE|- [OFFSET BYTES LENGTH]] */
static inline void script_do_web(struct script *script)
{
    const struct http_fact fact = {
        .exchange = script_count(script, 3),
        .request = true,
        .call = script_call(script_arg(script, 2)),
        .has_token = script_count(script, 4) > 0,
        .token_hash = script_count(script, 4),
        .room_id = script_given(script, 5),
        .file = script_given(script, 6),
        .offset = script_count(script, 7),
        .bytes = script_count(script, 8),
        .file_length = script_count(script, 9),
    };
    script_http(script, &fact);
}

/* web-answer CALL EXCHANGE STATUS [FILE|- [BYTES LENGTH]] */
static inline void script_do_web_answer(struct script *script)
{
    const struct http_fact fact = {
        .exchange = script_count(script, 3),
        .call = script_call(script_arg(script, 2)),
        .status = (uint16_t)script_count(script, 4),
        .file = script_given(script, 5),
        .bytes = script_count(script, 6),
        .file_length = script_count(script, 7),
    };
    script_http(script, &fact);
}

/* order CALL EXCHANGE NAME [OLD|- ROOM|=ID|- [remove]] */
static inline void script_do_order(struct script *script)
{
    struct http_fact fact = {
        .exchange = script_count(script, 3),
        .request = true,
        .call = script_call(script_arg(script, 2)),
        .order = {.name = script_given(script, 4), .old_name = script_given(script, 5)},
    };
    if (script->tokens > 6) {
        const char *room = script_arg(script, 6);
        fact.order.room = room[0] == '=' ? slice_of(room + 1) : script_room(script, room);
    }
    fact.order.remove = script->tokens > 7 ? SAID_YES : SAID_NO;
    script_http(script, &fact);
}

#endif
