/*
 * Random events over a few users, rooms and dialogs, with tiny limits.
 *
 * Each step of the input is four bytes: what happens, two of its particulars,
 * and how much later. Checked besides memory errors: change ids ascend by one,
 * each presence and session change starts where the last one ended, a computed
 * aggregate is one of those that it admits, copies of messages change nothing, and
 * memory stays within what the limits allow.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/engine/aggregate.h"
#include "analyzer/engine/engine.h"
#include "tests/fuzz/target.h"

/* From the sanitizer's run time; absent without one. */
size_t __sanitizer_get_current_allocated_bytes(void) __attribute__((weak));

enum { STEP = 4, USERS = 4, SESSIONS = 1 << 12, MEMORY = 1 << 18 };

struct run {
    struct engine *engine;
    bool copies;
    uint64_t last_id;
    uint64_t digest; /* of all changes */
    enum band bands[USERS];
    enum session_state sessions[SESSIONS];
    int64_t now;
    bool timeless; /* this step's events have no time */
    struct request_view request;
};

/* clang-format off */
static const struct slice users[USERS] = {SLICE("ann@x"), SLICE("bob@x"), SLICE("cyd@x"), SLICE("chat@x")};
static const struct slice epids[] = {SLICE(""), SLICE("e1"), SLICE("e2")};
static const struct slice rooms[] = {SLICE("ma-chan://x/1"), SLICE("ma-chan://x/2"), SLICE("ma-chan://x/3"), SLICE("")};
static const struct slice texts[] = {SLICE("hi"), SLICE("a\r\nb"), SLICE("a\nb"), SLICE("")};
static const struct slice contacts[] = {SLICE(""), SLICE("<a>;+sip.instance=\"<urn:uuid:0A>\""), SLICE("<b>;+sip.instance=\"<urn:uuid:0a>\";q=1"), SLICE("hi")};
static const struct slice tags[] = {SLICE(""), SLICE("A"), SLICE("B"), SLICE("C")};
static const struct slice tokens[] = {SLICE("on-the-phone"), SLICE("busy"), SLICE("away"), SLICE("other")};
static const int64_t numbers[] = {AVAILABILITY_NONE, 0, 2999, 3500, 5000, 6500, 6900, 9500, 12500, 15500, 18000, 18500};
static const int64_t lifetimes[] = {-1, 0, 30, 60, UINT32_MAX, INT64_MAX};
static const int64_t stamps[] = {TIME_NONE, INT64_MIN + 1, 0, 1700000000 * TIME_SECOND, 1700000000 * TIME_SECOND + 1, 1700000060 * TIME_SECOND, INT64_MAX};
static const uint16_t statuses[] = {100, 200, 200, 200, 401, 409, 412, 481, 487, 503};
static const uint32_t containers[] = {2, 3, 100, 200, 32000};
/* clang-format on */

#define PICK(table, byte) ((table)[(byte) % (sizeof(table) / sizeof(table)[0])])

static void mix(struct run *run, uint64_t value)
{
    run->digest = (run->digest ^ value) * 1099511628211U;
}

static size_t user_index(struct slice user)
{
    for (size_t i = 0; i < USERS; i++) {
        if (slice_equal(users[i], user)) {
            return i;
        }
    }
    abort();
}

static void check_presence(struct run *run, const struct presence_change *change)
{
    size_t user = user_index(change->user);
    require(change->from == run->bands[user] && change->band < BANDS);
    run->bands[user] = change->band;
    mix(run, (uint64_t)change->band << 32 ^ (uint64_t)change->availability);
}

static void check_session(struct run *run, const struct session_change *change)
{
    uint64_t id = change->session.id;
    if (id >= SESSIONS) {
        return;
    }
    require(change->from == run->sessions[id]);
    run->sessions[id] = change->state;
    mix(run, id << 8 ^ (uint64_t)change->state);
}

static void check_aggregate(struct run *run, const struct aggregate_change *change)
{
    const struct admitted *admitted = &change->admitted;
    for (size_t i = 0; i < admitted->count; i++) {
        bool ordered = i == 0 || admitted->ranges[i - 1].high < admitted->ranges[i].low;
        require(ordered && admitted->ranges[i].low <= admitted->ranges[i].high);
    }
    require(aggregate_admits(admitted, change->computed, (struct slice){0}));
    for (size_t i = 0; i < change->input_count; i++) {
        require(user_index(change->inputs[i].key.user) == user_index(change->user));
    }
    mix(run, change->input_count << 32 ^ (uint64_t)change->computed);
}

static void on_change(void *context, const struct change *change)
{
    struct run *run = context;
    require(change->id == run->last_id + 1);
    run->last_id = change->id;
    mix(run, (uint64_t)change->kind);
    mix(run, (uint64_t)change->time);
    if (change->kind == CHANGE_PRESENCE) {
        check_presence(run, &change->as.presence);
    } else if (change->kind == CHANGE_SESSION) {
        check_session(run, &change->as.session);
    } else if (change->kind == CHANGE_AGGREGATE) {
        check_aggregate(run, &change->as.aggregate);
    } else if (change->kind == CHANGE_POST) {
        mix(run, change->as.post.id << 8 ^ (uint64_t)change->as.post.state);
    }
}

static void on_cap(void *context, const struct event *event)
{
    mix(context, event->as.coverage.detail.size);
}

static void feed(struct run *run, struct event *event, const struct message *message)
{
    event->origin = (struct origin){.time = run->timeless ? TIME_NONE : run->now, .record = 1};
    event->message = message;
    engine_feed(run->engine, event);
    if (run->copies && message) {
        struct message copy = *message;
        copy.role = MESSAGE_RETRANSMISSION;
        event->message = &copy;
        engine_feed(run->engine, event);
    }
}

static void feed_message(struct run *run, const struct message *message)
{
    struct event event = {.kind = EVENT_MESSAGE};
    feed(run, &event, message);
}

/* A request of user `a` or, for methods of the service, to it. */
static struct message request_of(enum sip_method method, uint8_t a, uint8_t b)
{
    bool down = (b & 1) && method != SIP_REGISTER && method != SIP_PUBLISH;
    struct message message = {
        .request = true,
        .method = method,
        .from = {.user = down ? users[3] : PICK(users, a), .epid = PICK(epids, a >> 2)},
        .to = {.user = down ? PICK(users, a) : PICK(users, a + (b >> 6))},
        .contact = {.uri = PICK(tags, b >> 2), .raw = PICK(contacts, b)},
        .event = slice_of(method == SIP_PUBLISH ? "presence" : ""),
        .if_match = PICK(tags, b >> 3),
        .content_type = PICK(tags, b >> 5),
        .expires = PICK(lifetimes, b),
        .transaction = b % 7,
        .attempt = b >> 7,
        .dialog = a % 6,
    };
    return message;
}

static struct message response_to(struct run *run, const struct message *request, uint8_t a)
{
    run->request = (struct request_view){
        .method = request->method,
        .event = request->event,
        .content_type = request->content_type,
        .if_match = request->if_match,
        .from_user = request->from.user,
        .to_user = request->to.user,
        .from_epid = request->from.epid,
        .expires = request->expires,
        .contact_star = a % 11 == 0,
    };
    struct message message = *request;
    message.request = false;
    message.status = PICK(statuses, a);
    message.entity_tag = PICK(tags, a >> 4);
    message.request_kept = a % 13 == 0 ? NULL : &run->request;
    return message;
}

static struct presence_value value_of(uint8_t a, uint8_t b)
{
    return (struct presence_value){
        .kind = (enum state_kind)(b % (STATE_UNKNOWN + 1)),
        .availability = PICK(numbers, a),
        .activities = {{.token = PICK(tokens, b), .max = UINT32_MAX}},
        .activity_count = a % 6,
    };
}

static struct category_fact category_of(uint8_t a, uint8_t b)
{
    return (struct category_fact){
        .key = {PICK(users, a), slice_of(b & 1 ? "state" : "note"), b % 3, PICK(containers, b),
                b % 5 != 0, b % 7 != 0},
        .version = b,
        .has_version = a & 1,
        .expire_type = (enum expire_type)(a % (EXPIRE_UNKNOWN + 1)),
        .expires = (int64_t)(a % 4) * 20 - 1,
        .publish_time = PICK(stamps, a >> 1),
        .empty = b % 4 == 0,
        .has_value = b & 1,
        .value = value_of(a, b),
    };
}

static void do_sip(struct run *run, uint8_t op, uint8_t a, uint8_t b)
{
    static const enum sip_method methods[] = {SIP_REGISTER, SIP_PUBLISH, SIP_SERVICE, SIP_INFO,
                                              SIP_UPDATE};
    struct message message = request_of(PICK(methods, op), a, b);
    if (op & 0x80) {
        struct message response = response_to(run, &message, (uint8_t)(a ^ b));
        feed_message(run, &response);
    } else {
        feed_message(run, &message);
    }
}

static void do_presence(struct run *run, uint8_t op, uint8_t a, uint8_t b)
{
    static const enum sip_method methods[] = {SIP_SERVICE, SIP_BENOTIFY, SIP_PUBLISH};
    struct message message = request_of(PICK(methods, op), a, b);
    struct event event = {.kind = EVENT_CATEGORY};
    if (message.method == SIP_PUBLISH) {
        event.kind = EVENT_PIDF;
        event.as.pidf = (struct pidf_fact){PICK(users, a), b & 1, b & 2, value_of(a, b), {0}, {0}};
    } else {
        event.kind = message.method == SIP_SERVICE ? EVENT_PUBLICATION : EVENT_CATEGORY;
        event.as.category = category_of(a, b);
    }
    if (!(op & 0x40)) {
        feed_message(run, &message);
    }
    feed(run, &event, op & 0x20 ? NULL : &message);
    event = (struct event){.kind = b & 1 ? EVENT_RESOURCE : EVENT_WATCH};
    if (b & 1) {
        event.as.resource.user = PICK(users, b >> 1);
    } else {
        event.as.watch.user = PICK(users, b >> 1);
    }
    feed(run, &event, &message);
}

/* setPresence, legacy notifications, and registrations that the server ends. */
static void do_legacy(struct run *run, uint8_t op, uint8_t a, uint8_t b)
{
    static const enum sip_method methods[] = {SIP_SERVICE, SIP_BENOTIFY, SIP_NOTIFY};
    struct message message = request_of(PICK(methods, op), a, b);
    const struct legacy_device devices[2] = {
        {PICK(epids, a), b, a, PICK(numbers, b), PICK(tokens, a), PICK(stamps, b)},
        {PICK(epids, b), a, b, PICK(numbers, a), PICK(tokens, b), PICK(stamps, a)},
    };
    struct event event = {.kind = op & 0x40 ? EVENT_REGISTRATION : EVENT_LEGACY};
    message.to.epid = PICK(epids, b >> 1);
    if (op & 0x40) {
        event.as.registration = (struct registration_fact){PICK(users, a), PICK(epids, b),
                                                           a % 5 != 0, slice_of("unregistered")};
    } else {
        event.as.legacy = (struct legacy_fact){
            .user = PICK(users, a),
            .availability = (int64_t)a * 4 - 1,
            .activity = (int64_t)b * 4 - 1,
            .has_user_state = a & 1,
            .user_state_nil = b & 1,
            .user_state = PICK(numbers, a >> 2),
            .user_since = PICK(stamps, b >> 2),
            .out_of_office = a & 2,
            .devices = devices,
            .device_count = b % 3,
        };
    }
    feed_message(run, &message);
    feed(run, &event, op & 0x20 ? NULL : &message);
}

static void do_dialog(struct run *run, uint8_t op, uint8_t a, uint8_t b)
{
    struct message message = request_of(op & 0x40 ? SIP_BYE : SIP_INVITE, a, b);
    struct event event = {.kind = EVENT_DIALOG};
    event.as.dialog = (struct dialog_view){
        .id = a % 6,
        .kind = op & 0x80 ? DIALOG_SUBSCRIBE : DIALOG_INVITE,
        .state = (enum dialog_state)(b % (DIALOG_UNFINISHED + 1)),
        .mode = (enum dialog_mode)(b % 4),
        .service = (enum dialog_service)(a % (SERVICE_CONFERENCE + 1)),
        .from_start = b & 0x40,
        .from = PICK(users, a),
        .to = users[3],
        .from_epid = PICK(epids, a >> 2),
        .expires_at = b & 0x20 ? run->now + (int64_t)b * TIME_SECOND : TIME_NONE,
        .reason = slice_of(b & 0x10 ? "expired" : "bye"),
    };
    feed_message(run, &message);
    feed(run, &event, &message);
}

static void do_chat(struct run *run, uint8_t op, uint8_t a, uint8_t b)
{
    static const struct slice envelopes[] = {SLICE(""), SLICE("1"), SLICE("2"), SLICE("3")};
    struct message message = request_of(SIP_INFO, a, b);
    struct chat_member members[2] = {{.user = PICK(users, b)}, {.user = PICK(users, b >> 2)}};
    struct chat_post post = {
        .room = PICK(rooms, b),
        .author = PICK(users, a >> 1),
        .text = PICK(texts, b >> 2),
        .ts = b & 0x40 ? (int64_t)(b & 3) * TIME_SECOND : TIME_NONE,
        .has_chat = a & 1,
        .file_link = (a & 12) == 12,
    };
    struct chat_room facts[2] = {
        {.uri = PICK(rooms, b), .name = PICK(texts, a), .members = members, .member_count = 2},
        {.uri = PICK(rooms, b >> 3),
         .failure = PICK(tags, a),
         .history = &post,
         .history_count = 1},
    };
    struct event event = {.kind = EVENT_CHAT};
    event.as.chat = (struct chat_fact){
        .class = (enum chat_class)(op % (CHAT_UNKNOWN + 1)),
        .verb = (enum chat_verb)((op >> 3) % (CHAT_GRPCHAT + 1)),
        .envelope = PICK(envelopes, a >> 3),
        .sequence = slice_of("1"),
        .ref_envelope = PICK(envelopes, a >> 3),
        .ref_sequence = slice_of("1"),
        .has_ref = b & 1,
        .has_code = true,
        .code = b & 2 ? 200 : 404,
        .rooms = facts,
        .room_count = a % 3,
        .post = post,
        .service_uri = slice_of(a & 8 ? "chat@x" : ""),
        .file_name = slice_of(b & 8 ? "a.txt" : ""),
        .token_server = slice_of(b & 4 ? "https://x/" : ""),
        .has_token = b & 4,
        .token_hash = a % 3,
        .history_limit = a >> 6,
    };
    feed_message(run, &message);
    feed(run, &event, &message);
}

/* Calls of the web services have no message, and are no copies of each other. */
static void do_web(struct run *run, uint8_t op, uint8_t a, uint8_t b)
{
    static const uint16_t codes[] = {200, 200, 404, 500};
    const struct slice pools[2] = {users[3], PICK(users, b)};
    struct message message = request_of(SIP_SERVICE, a, b);
    struct event event = {.kind = op & 0x20 ? EVENT_PROVISIONING : EVENT_HTTP};
    if (event.kind == EVENT_PROVISIONING) {
        event.as.provisioning = (struct provisioning_fact){
            .enabled = (enum said)(a % 3),
            .default_pool = PICK(users, a >> 2),
            .pools = pools,
            .pool_count = b % 3,
        };
        feed_message(run, &message);
        feed(run, &event, &message);
        return;
    }
    event.as.http = (struct http_fact){
        .exchange = 1 + a % 4,
        .request = a & 4,
        .call = (enum http_call)(b % (HTTP_ROOM_MODIFY + 1)),
        .status = a & 4 ? 0 : PICK(codes, a >> 3),
        .has_token = a & 32,
        .token_hash = (a >> 6) % 3,
        .room_id = slice_of(b & 64 ? "1" : ""),
        .file = slice_of(b & 128 ? "0a.txt" : ""),
        .offset = (b >> 5) * UINT64_C(100),
        .bytes = (a >> 4) * UINT64_C(100),
        .file_length = b & 16 ? 300 : 0,
        .order = {.room = PICK(rooms, a), .name = PICK(texts, b), .remove = (enum said)(b % 3)},
    };
    feed(run, &event, NULL);
}

static void step(struct run *run, const uint8_t *data)
{
    uint8_t op = data[0];
    run->now += ((int64_t)data[3] - 16) * TIME_SECOND / 4;
    run->timeless = data[3] == 255;
    switch (op % 5) {
    case 0:
        do_sip(run, op / 5 | (op & 0x80), data[1], data[2]);
        break;
    case 1:
        if (op & 0x10) {
            do_legacy(run, op, data[1], data[2]);
        } else {
            do_presence(run, op / 5 | (op & 0xe0), data[1], data[2]);
        }
        break;
    case 2:
        do_dialog(run, op, data[1], data[2]);
        break;
    case 3:
        do_chat(run, data[3] ^ op, data[1], data[2]);
        break;
    default:
        if (op & 0x40) {
            do_web(run, op, data[1], data[2]);
        } else {
            engine_tick(run->engine, run->now);
        }
        break;
    }
}

static uint64_t run_script(const uint8_t *data, size_t size, bool copies)
{
    struct limits limits = limits_default();
    limits.users = USERS;
    limits.instances = 3;
    limits.watched = 3;
    limits.sessions = 3;
    limits.rooms = 2;
    limits.room_members = 2;
    limits.pending = 4;
    limits.posts = 4;
    limits.remembered = 4;
    struct run *run = calloc(1, sizeof *run);
    require(run);
    struct change_sink sink = {on_change, run};
    struct event_sink caps = {on_cap, run};
    size_t before =
        __sanitizer_get_current_allocated_bytes ? __sanitizer_get_current_allocated_bytes() : 0;
    run->copies = copies;
    run->now = INT64_C(1700000000) * TIME_SECOND;
    run->engine = engine_new((struct map_seed){{1, 2}}, &limits, &sink, &caps);
    for (size_t at = 0; size - at >= STEP; at += STEP) {
        step(run, data + at);
        require(!__sanitizer_get_current_allocated_bytes ||
                __sanitizer_get_current_allocated_bytes() <= before + MEMORY);
    }
    engine_end(run->engine, run->now + 10000 * TIME_SECOND);
    engine_free(run->engine);
    uint64_t digest = run->digest;
    free(run);
    return digest;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint64_t plain = run_script(data, size, false);
    uint64_t copies = run_script(data, size, true);
    require(plain == copies);
    return 0;
}
