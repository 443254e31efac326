/*
 * Words, users, rooms and chat for the target of the audit, drawn from the bytes of a script.
 *
 * All sets are small, so that what belongs together meets again. A script that has ended gives
 * the first of each set.
 */
#ifndef OCSIGHT_TESTS_FUZZ_AUDIT_SCRIPT_H
#define OCSIGHT_TESTS_FUZZ_AUDIT_SCRIPT_H

#include "analyzer/engine/change.h"

struct script {
    const uint8_t *data;
    size_t size;
    size_t at;
};

static unsigned take(struct script *script, unsigned below)
{
    return script->at < script->size ? script->data[script->at++] % below : 0;
}

static struct slice take_word(struct script *script)
{
    static const char *const words[] = {
        "",
        "ada@contoso.example",
        "bo@contoso.example",
        "chat@contoso.example",
        "presence",
        "on-the-phone",
        "ma-chan://c.example/1",
        "ma-chan://c.example/2",
        "join",
        "transactions",
        "terminated",
        "sipe {user}[",
        "\xff\x01]",
        "e1",
        "clock skew",
        "application/msrtc-category-publish+xml",
    };
    return slice_of(words[take(script, sizeof words / sizeof words[0])]);
}

static struct address take_address(struct script *script)
{
    static const struct address hosts[] = {
        {{192, 0, 2, 5}, ADDRESS_IPV4, 5061},
        {{192, 0, 2, 21}, ADDRESS_IPV4, 52311},
        {{192, 0, 2, 22}, ADDRESS_IPV4, 52312},
        {{192, 0, 2, 1}, ADDRESS_IPV4, 53},
        {{0}, 0, 0},
    };
    return hosts[take(script, sizeof hosts / sizeof hosts[0])];
}

/* One of two in each case, so that what belongs together meets. */
static struct slice take_room(struct script *script)
{
    return slice_of(take(script, 4) == 0 ? "ma-chan://c.example/2" : "ma-chan://c.example/1");
}

static struct slice take_user(struct script *script)
{
    return slice_of(take(script, 2) ? "bo@contoso.example" : "ada@contoso.example");
}

static struct slice take_activity(struct script *script)
{
    return slice_of(take(script, 3) == 0 ? "" : "on-the-phone");
}

static struct session_ref take_session(struct script *script)
{
    unsigned choice = take(script, 256);
    return (struct session_ref){
        .id = 1 + (choice & 3),
        .user = choice & 1 ? (struct slice)SLICE("bo@contoso.example")
                           : (struct slice)SLICE("ada@contoso.example"),
        .epid = choice & 2 ? (struct slice)SLICE("e1") : (struct slice){0},
        .call_id = choice & 1 ? (struct slice)SLICE("bo@contoso.example")
                              : (struct slice)SLICE("ada@contoso.example"),
        .dialog = choice >> 2 & 3,
        .lookup = choice > 240,
        .from_start = choice > 30,
    };
}

static uint64_t take_token(struct script *script)
{
    return take(script, 3);
}

/* ---- changes ---- */

static void take_command(struct script *script, struct change *change)
{
    unsigned choice = take(script, 256);
    change->as.command = (struct command_change){
        .session = take_session(script),
        .id = take(script, 5),
        .transaction = take(script, 8),
        .verb = (enum chat_verb)take(script, CHAT_GRPCHAT + 1),
        .name = take_word(script),
        .envelope = slice_of(choice & 1 ? "1" : "2"),
        .sequence = slice_of("1"),
        .state = (enum command_state)take(script, COMMAND_MISPLACED + 1),
        .status = choice & 2 ? 503 : 200,
        .code = take(script, 3) * 200,
        .room = take_room(script),
        .reply_verb = (enum chat_verb)take(script, CHAT_GRPCHAT + 1),
        .reply_name = slice_of(choice & 4 ? "join" : ""),
        .other_dialog = choice >> 3 & 3,
        .room_count = choice >> 5,
        .sent_at = change->time - (int64_t)(choice & 31) * TIME_SECOND,
        .request = change->origin,
    };
}

static void take_post(struct script *script, struct change *change)
{
    unsigned choice = take(script, 256);
    change->as.post = (struct post_change){
        .id = 1 + take(script, 4),
        .session = take_session(script),
        .transaction = take(script, 8),
        .room = take_room(script),
        .author = take_word(script),
        .text = take_word(script),
        .ts = choice & 1 ? TIME_NONE : change->time - (int64_t)(choice & 6) * TIME_SECOND,
        .state = (enum post_state)take(script, POST_ABANDONED + 1),
        .membership = (enum membership_state)take(script, MEMBER_UNKNOWN + 1),
        .author_mismatch = take(script, 8) == 0,
        .has_ts = take(script, 4) != 0,
        .file_link = (choice & 24) == 24,
        .echo = choice & 32,
        .captured = (choice & 12) != 12,
        .retry = choice & 64,
        .edited = choice & 128,
        .status = choice & 64 ? 503 : 500,
        .posted_at = (choice & 12) == 12 ? TIME_NONE : change->time - take(script, 20),
        .post = (choice & 12) == 12 ? (struct origin){0} : change->origin,
        .first_dialog = choice >> 3 & 3,
        .first_copy = change->origin,
    };
}

static void take_roster(struct script *script, struct change *change)
{
    unsigned choice = take(script, 256);
    struct session_ref session = take_session(script);
    struct slice room = take_room(script);
    struct slice user = take_user(script);
    if (change->kind == CHANGE_PARTICIPANT) {
        change->as.participant = (struct participant_change){
            .room = room,
            .user = user,
            .present = choice & 1,
            .mask = choice >> 1 & 3,
            .has_mask = choice & 8,
            .agree = choice >> 4 & 3,
            .disagree = choice >> 6,
        };
        return;
    }
    change->as.roster = (struct roster_change){
        .session = session,
        .room = room,
        .room_name = slice_of(choice & 64 ? "lobby" : ""),
        .user = user,
        .mask = choice >> 1 & 3,
        .has_mask = choice & 8,
        .present = choice & 1,
        .notice = choice & 16,
        .before = choice & 32,
        .users = choice >> 6,
        .membership = (enum membership_state)take(script, MEMBER_UNKNOWN + 1),
        .suspended = take(script, 16) == 15,
    };
}

static void take_file(struct script *script, struct change *change)
{
    unsigned choice = take(script, 256);
    change->as.file = (struct file_change){
        .id = choice & 3,
        .session = take_session(script),
        .room = take_room(script),
        .state = (enum file_state)take(script, FILE_POSTED + 1),
        .download = choice & 4,
        .name = take_word(script),
        .stored = slice_of(choice & 8 ? "0a.txt" : ""),
        .server = slice_of(choice & 16 ? "https://files.contoso.example/" : ""),
        .token_hash = take_token(script),
        .bytes = (uint64_t)(choice >> 5) * 100,
        .length = take(script, 4) * UINT64_C(100),
        .granted = choice & 1 ? TIME_NONE : change->time - take(script, 200) * 10 * TIME_SECOND,
        .post = take(script, 4),
        .mismatch = take(script, 8) == 7,
    };
}

static void take_room_change(struct script *script, struct change *change)
{
    unsigned choice = take(script, 256);
    change->as.room = (struct room_change){
        .uri = choice & 1 ? take_room(script) : take_word(script),
        .name = slice_of(choice & 2 ? "lobby" : ""),
        .old_name = slice_of(choice & 4 ? "hall" : ""),
        .visibility = slice_of(choice & 8 ? "SECRET" : "OPEN"),
        .file_post = (enum said)take(script, SAID_YES + 1),
        .invites = (enum said)take(script, SAID_YES + 1),
        .logged = (enum said)take(script, SAID_YES + 1),
        .suspended = (choice & 48) == 48,
        .source = (enum room_source)take(script, ROOM_ENDED + 1),
    };
}

static void take_membership(struct script *script, struct change *change)
{
    unsigned choice = take(script, 256);
    change->as.membership = (struct membership_change){
        .session = take_session(script),
        .room = take_room(script),
        .from = (enum membership_state)take(script, MEMBER_UNKNOWN + 1),
        .state = (enum membership_state)take(script, MEMBER_UNKNOWN + 1),
        .listed = choice & 3,
        .assumed = choice > 224,
        .reason = slice_of(choice & 4 ? "gone" : ""),
    };
}

static void take_session_change(struct script *script, struct change *change)
{
    unsigned choice = take(script, 256);
    change->as.session = (struct session_change){
        .session = take_session(script),
        .from = (enum session_state)take(script, SESSION_REFUSED + 1),
        .state = (enum session_state)take(script, SESSION_REFUSED + 1),
        .service = slice_of(choice & 1 ? "chat@contoso.example" : ""),
        .status = (uint16_t)(400 + take(script, 200)),
        .reason = slice_of(choice & 2 ? "bye by service" : "481"),
        .expires = choice & 4 ? (int64_t)(choice & 8) * 10 : -1,
        .renewed = choice & 16,
    };
}

/* False when the change is none of chat's. */
static bool take_chat_change(struct script *script, struct change *change)
{
    switch (change->kind) {
    case CHANGE_SESSION:
        take_session_change(script, change);
        return true;
    case CHANGE_ROOM:
        take_room_change(script, change);
        return true;
    case CHANGE_MEMBERSHIP:
        take_membership(script, change);
        return true;
    case CHANGE_ROSTER:
    case CHANGE_PARTICIPANT:
        take_roster(script, change);
        return true;
    case CHANGE_FOLLOW:
        change->as.follow = (struct follow_change){
            .user = take_user(script),
            .room = take_room(script),
            .follows = take(script, 2) == 0,
        };
        return true;
    case CHANGE_COMMAND:
        take_command(script, change);
        return true;
    case CHANGE_POST:
        take_post(script, change);
        return true;
    case CHANGE_FILE:
        take_file(script, change);
        return true;
    default:
        return false;
    }
}

/* ---- events ---- */

/* What the events of one step point to. */
struct chat_parts {
    struct chat_member members[3];
    struct chat_post history[2];
    struct chat_room rooms[2];
    struct chat_preference preferences[2];
    struct chat_unknown unknown[2];
    struct slice pools[2];
    struct dns_target targets[2];
};

static struct chat_post take_chat_post(struct script *script, int64_t now)
{
    unsigned choice = take(script, 256);
    struct chat_post post = {
        .room = choice & 1 ? (struct slice)SLICE("ma-chan://c.example/1") : take_room(script),
        .author = choice & 2 ? take_user(script) : take_word(script),
        .text = slice_of(choice & 4 ? "clock" : ""),
        .chat_id = slice_of(choice & 8    ? "7"
                            : choice & 16 ? "8"
                                          : ""),
        .ts = choice & 32 ? TIME_NONE : now - (int64_t)(choice >> 6) * TIME_SECOND,
        .ts_text = slice_of(choice & 32 ? "" : "2026-11-20T10:00:00Z"),
        .has_chat = (choice & 12) != 12,
        .file_link = choice > 200,
    };
    post.author_uri = post.author;
    return post;
}

static void take_rooms(struct script *script, struct chat_parts *parts, int64_t now)
{
    for (size_t i = 0; i < 3; i++) {
        unsigned choice = take(script, 256);
        parts->members[i] = (struct chat_member){
            .user = choice & 1 ? take_user(script) : (struct slice){0},
            .id = choice >> 1 & 3,
            .mask = choice >> 3 & 3,
            .has_mask = choice & 32,
            .unresolved = choice & 64,
        };
    }
    for (size_t i = 0; i < 2; i++) {
        unsigned choice = take(script, 256);
        parts->history[i] = take_chat_post(script, now);
        parts->rooms[i] = (struct chat_room){
            .uri = take_room(script),
            .name = slice_of(choice & 1 ? "lobby" : ""),
            .failure = slice_of((choice & 6) == 6 ? "8" : ""),
            .visibility = slice_of(choice & 8 ? "SECRET" : ""),
            .user_count = choice & 3,
            .has_user_count = choice & 16,
            .file_post = (enum said)(choice % 3),
            .invites = (enum said)(choice % 3),
            .logged = (enum said)(choice / 3 % 3),
            .repeated = choice > 240,
            .members = parts->members,
            .member_count = choice >> 4 & 3,
            .history = parts->history,
            .history_count = i,
        };
    }
}

/* Server info, preferences and what is not known: seldom together in one body. */
static void take_chat_extras(struct script *script, struct chat_parts *parts,
                             struct chat_fact *fact)
{
    unsigned choice = take(script, 256);
    for (size_t i = 0; i < 2; i++) {
        parts->preferences[i] = (struct chat_preference){
            .label = slice_of("kedzie.GroupChannels"),
            .number = slice_of(choice & 1 ? "1" : "2"),
            .content = slice_of(choice & 2 ? "QQ==" : "Qg=="),
            .coding = (enum preference_coding)(choice % (PREFERENCE_NOT_BASE64 + 1)),
            .plain = slice_of(choice & 4 ? "A" : "B"),
            .cut = choice > 192,
            .create_default = choice & 8,
        };
        parts->unknown[i] = (struct chat_unknown){
            .path = slice_of(choice & 16 ? "rpl:join/x" : "cmd:y"),
            .text = take_word(script),
            .recalled = choice & 32,
        };
    }
    fact->has_server = (choice & 7) == 1;
    fact->server = (struct chat_server){
        .time_text = slice_of("t"),
        .time = choice & 64 ? TIME_NONE : (int64_t)choice * 10 * TIME_SECOND,
        .search_limit = choice & 3,
        .message_size = choice & 15,
        .story_size = choice & 15,
    };
    fact->preferences = parts->preferences;
    fact->preference_count = choice >> 3 & 1;
    fact->unknown = parts->unknown;
    fact->unknown_count = (choice >> 4) % 3;
    fact->has_invite = choice & 128;
    fact->invite_id = choice & 3;
    fact->has_query = choice & 64;
    fact->query_words = take_word(script);
    fact->unused_users = choice > 250;
}

static void take_chat_event(struct script *script, struct chat_parts *parts, struct event *event)
{
    static const uint32_t codes[] = {200, 200, 200, 404, 500, 0};
    unsigned choice = take(script, 256);
    event->kind = EVENT_CHAT;
    event->as.chat = (struct chat_fact){
        .class = (enum chat_class)take(script, CHAT_UNKNOWN + 1),
        .verb = (enum chat_verb)take(script, CHAT_GRPCHAT + 1),
        .name = take_word(script),
        .envelope = slice_of(choice & 1 ? "1" : "2"),
        .sequence = slice_of(choice & 2 ? "1" : ""),
        .ref_envelope = slice_of(choice & 4 ? "1" : "2"),
        .ref_sequence = slice_of("1"),
        .has_ref = choice & 8,
        .has_code = choice & 16,
        .code = codes[take(script, sizeof codes / sizeof codes[0])],
        .code_text = slice_of(choice & 16 ? "200" : ""),
        .rooms = parts->rooms,
        .room_count = choice >> 5 & 1 ? choice >> 6 & 1 : 2,
        .service_uri = take_word(script),
        .file_name = slice_of(choice & 64 ? "a.txt" : ""),
        .token_server = slice_of(choice & 128 ? "https://files.contoso.example/" : ""),
        .token_hash = take_token(script),
        .has_token = choice & 128,
        .history_limit = choice & 3,
        .place = 1 + (choice & 1),
        .raw = SLICE("<rpl/>"),
    };
    take_rooms(script, parts, event->origin.time);
    take_chat_extras(script, parts, &event->as.chat);
    event->as.chat.post = take_chat_post(script, event->origin.time);
}

static void take_web(struct script *script, struct event *event)
{
    static const uint16_t statuses[] = {200, 200, 404, 500};
    unsigned choice = take(script, 256);
    bool request = choice & 1;
    event->kind = EVENT_HTTP;
    event->message = NULL;
    event->as.http = (struct http_fact){
        .exchange = 1 + (choice >> 1 & 3),
        .request = request,
        .call = (enum http_call)take(script, HTTP_ROOM_MODIFY + 1),
        .method = slice_of("POST"),
        .target = slice_of("/x.asmx"),
        .host = slice_of("files.contoso.example"),
        .status = request ? 0 : statuses[choice >> 3 & 3],
        .client = take_address(script),
        .server = take_address(script),
        .has_token = choice & 32,
        .token_hash = take_token(script),
        .room_id = slice_of(choice & 64 ? "1" : ""),
        .file = slice_of(choice & 128 ? "0a.txt" : ""),
        .offset = (choice >> 5) * UINT64_C(100),
        .bytes = take(script, 4) * UINT64_C(100),
        .file_length = take(script, 4) * UINT64_C(100),
        .result = take_word(script),
        .cut = choice > 248,
        .order = {.room = take_room(script),
                  .name = take_word(script),
                  .privacy = slice_of(choice & 8 ? "Secret" : "Open"),
                  .remove = (enum said)(choice % 3)},
    };
}

static void take_name_lookup(struct script *script, struct chat_parts *parts, struct event *event)
{
    unsigned choice = take(script, 256);
    parts->targets[0] = (struct dns_target){slice_of("pool.contoso.example"), 5061, 0, 0};
    parts->targets[1] = (struct dns_target){take_word(script), 0, 1, 1};
    event->kind = EVENT_DNS;
    event->message = NULL;
    event->as.dns = (struct dns_fact){
        .request = choice & 1,
        .id = choice >> 1 & 1,
        .name = slice_of("_sipinternaltls._tcp.contoso.example"),
        .code = choice & 4 ? 3 : 0,
        .targets = parts->targets,
        .target_count = choice & 1 ? 0 : (choice >> 3) % 3,
        .client = take_address(script),
        .server = take_address(script),
    };
}

static void take_provisioning(struct script *script, struct chat_parts *parts, struct event *event)
{
    unsigned choice = take(script, 256);
    parts->pools[0] = take_word(script);
    parts->pools[1] = slice_of("chat@contoso.example");
    event->kind = EVENT_PROVISIONING;
    event->as.provisioning = (struct provisioning_fact){
        .enabled = (enum said)(choice % 3),
        .default_pool = take_word(script),
        .pools = parts->pools,
        .pool_count = choice / 3 % 3,
        .manager_internal = slice_of(choice & 64 ? "https://rm.contoso.example/" : ""),
        .unknown = choice >> 7,
    };
}

#endif
