/*
 * The chat machines and the audit behind them, under any sequence of sessions that open, end and
 * are disowned, joins and parts, posts, copies, answers, notices and history.
 *
 * Whatever the sequence:
 *   - a copy of a captured post comes after the post, and each session has one copy of it
 *   - rosters and memberships change only because a message says so
 *   - a post that was accepted has reached every session that was in the room from before
 *     the post to the end of the waiting time, or the audit says who did not get it
 *   - the same comes of it with time passing in between, and with every message on a second hop
 */
#include <stdlib.h>
#include <string.h>

#include "analyzer/audit/audit.h"
#include "analyzer/engine/arena.h"
#include "analyzer/engine/engine.h"
#include "tests/fuzz/target.h"

enum {
    USERS = 3,
    ENDPOINTS = 4, /* the first user has two */
    ROOMS = 2,
    STEPS = 200,
    POSTS = 256,
    SESSIONS = 16, /* ids that the model follows */
    WAIT = 10,     /* s: as chat-message-not-delivered */
};

enum mode { MODE_PLAIN, MODE_TICKS, MODE_HOPS, MODES };

#define BEGINNING (INT64_C(1763632800) * TIME_SECOND)

static const char *const users[] = {"ann@x", "bob@x", "cyd@x"};
static const char *const rooms[] = {"ma-chan://x/1", "ma-chan://x/2"};
static const char *const texts[] = {"ping", "hello", "a <a href=\"u\">u</a>", "a u",
                                    "two\r\nlines"};

struct pair {
    bool due;
    bool got;
    int64_t posted;
    int64_t accepted;
};

struct world {
    const uint8_t *data;
    size_t size;
    size_t at;
    struct engine *engine;
    struct audit *audit;
    int64_t now;
    uint64_t record;
    uint64_t dialogs[ENDPOINTS];
    uint64_t next_dialog;
    uint64_t requests[8]; /* transactions of the latest requests of clients */
    unsigned endpoint_of[8];
    size_t request_count;
    enum event_kind feeding;
    enum chat_class class;
    uint64_t hash;
    /* the model */
    int64_t sent[POSTS];
    int64_t joined[SESSIONS][ROOMS]; /* since when; 0 = not */
    const char *session_user[SESSIONS];
    bool from_start[SESSIONS]; /* what was said last: traffic on a forgotten dialog opens it anew */
    struct pair pairs[POSTS][SESSIONS];
    unsigned room_of[POSTS];
    bool found[2][USERS][ROOMS];
};

static unsigned take(struct world *world, unsigned below)
{
    return world->at < world->size ? world->data[world->at++] % below : 0;
}

static void mix(struct world *world, uint64_t word)
{
    world->hash = (world->hash ^ word) * UINT64_C(0x100000001b3);
}

static unsigned place_of(const char *const *table, unsigned count, struct slice name)
{
    unsigned place = 0;
    while (place < count && !slice_equal(slice_of(table[place]), name)) {
        place++;
    }
    return place;
}

/* ---- the model ---- */

static void leave(struct world *world, uint64_t session, unsigned room)
{
    world->joined[session][room] = 0;
    for (size_t post = 0; post < POSTS; post++) {
        struct pair *pair = &world->pairs[post][session];
        if (world->room_of[post] == room && pair->due &&
            world->now <= pair->accepted + WAIT * TIME_SECOND) {
            pair->due = false;
        }
    }
}

static void model_member(struct world *world, const struct membership_change *member, int64_t time)
{
    unsigned room = place_of(rooms, ROOMS, member->room);
    require(room < ROOMS);
    if (member->state != MEMBER_JOINED || member->assumed) {
        leave(world, member->session.id, room);
    } else if (world->joined[member->session.id][room] == 0) {
        world->joined[member->session.id][room] = time;
    }
}

static void model_accepted(struct world *world, const struct post_change *post, int64_t time)
{
    for (uint64_t session = 1; session < SESSIONS; session++) {
        struct pair *pair = &world->pairs[post->id][session];
        int64_t since = world->joined[session][world->room_of[post->id]];
        if (since != 0 && since <= world->sent[post->id] && !pair->got &&
            world->from_start[session]) {
            *pair = (struct pair){.due = true, .accepted = time};
        }
    }
}

static void model_post(struct world *world, const struct post_change *post, int64_t time)
{
    unsigned room = place_of(rooms, ROOMS, post->room);
    require(room < ROOMS && post->id < POSTS && post->session.id < SESSIONS);
    world->room_of[post->id] = room;
    struct pair *pair = &world->pairs[post->id][post->session.id];
    switch (post->state) {
    case POST_SENT:
        world->sent[post->id] = time;
        break;
    case POST_ACCEPTED:
        model_accepted(world, post, time);
        break;
    case POST_DELIVERED:
        require(!post->captured || world->sent[post->id] != 0);
        require(!post->captured || post->posted_at <= time);
        pair->got = true;
        pair->due = pair->due && time > pair->accepted + WAIT * TIME_SECOND;
        break;
    case POST_DUPLICATE:
        require(pair->got && post->first_copy.record <= world->record);
        break;
    default:
        break;
    }
}

static void model_session(struct world *world, const struct session_change *session)
{
    uint64_t id = session->session.id;
    unsigned user = place_of(users, USERS, session->session.user);
    require(id < SESSIONS && user < USERS);
    world->session_user[id] = users[user];
    for (unsigned room = 0; session->state != SESSION_CONNECTED && room < ROOMS; room++) {
        leave(world, id, room);
    }
}

static void model_start(struct world *world, const struct change *change)
{
    const struct session_ref *ref = change->kind == CHANGE_SESSION ? &change->as.session.session
                                    : change->kind == CHANGE_MEMBERSHIP
                                        ? &change->as.membership.session
                                    : change->kind == CHANGE_COMMAND ? &change->as.command.session
                                    : change->kind == CHANGE_POST    ? &change->as.post.session
                                                                     : NULL;
    if (ref) {
        require(ref->id < SESSIONS);
        world->from_start[ref->id] = ref->from_start;
    }
}

static void on_change(void *context, const struct change *change)
{
    struct world *world = context;
    model_start(world, change);
    mix(world, change->kind);
    mix(world, (uint64_t)change->time);
    if (change->kind == CHANGE_SESSION) {
        mix(world, change->as.session.state);
        model_session(world, &change->as.session);
    } else if (change->kind == CHANGE_MEMBERSHIP) {
        mix(world, change->as.membership.state);
        require(change->message != NULL);
        model_member(world, &change->as.membership, change->time);
    } else if (change->kind == CHANGE_ROSTER) {
        require(change->message && world->feeding == EVENT_CHAT &&
                (world->class == CHAT_REPLY || world->class == CHAT_NOTICE));
    } else if (change->kind == CHANGE_POST) {
        mix(world, change->as.post.id);
        mix(world, change->as.post.state);
        mix(world, change->as.post.session.id);
        model_post(world, &change->as.post, change->time);
    }
    audit_change(world->audit, change);
}

static void on_cap(void *context, const struct event *event)
{
    (void)context;
    (void)event;
    abort(); /* so few things are live here that no table is full */
}

static void on_finding(void *context, const struct finding *finding)
{
    struct world *world = context;
    bool echo = strcmp(finding->rule, "chat-echo-missing") == 0;
    unsigned user = place_of(users, USERS, finding->peer);
    unsigned room = place_of(rooms, ROOMS, finding->room);
    if ((echo || strcmp(finding->rule, "chat-message-not-delivered") == 0) && room < ROOMS) {
        for (unsigned i = 0; i < USERS; i++) {
            /* Warnings about echoes are one for a room: whoever they name. */
            world->found[echo][i][room] |= i == user || (echo && user == USERS);
        }
    }
    mix(world, finding->time > 0);
}

/* ---- what happens ---- */

static const char *user_of(unsigned endpoint)
{
    return users[endpoint == ENDPOINTS - 1 ? 0 : endpoint];
}

static void feed(struct world *world, struct event *event)
{
    world->feeding = event->kind;
    world->class = event->as.chat.class;
    event->origin = (struct origin){.time = world->now, .record = world->record};
    engine_tick(world->engine, world->now); /* as the pipeline: what time did comes first */
    audit_event(world->audit, event);
    engine_feed(world->engine, event);
}

static void feed_message(struct world *world, struct message *message, struct event *fact, int mode)
{
    const struct message first = *message;
    world->record++;
    for (int hop = 0; hop < (mode == MODE_HOPS ? 2 : 1); hop++) {
        struct event event = {.kind = EVENT_MESSAGE, .message = message};
        *message = first;
        message->role = hop == 0 ? MESSAGE_FIRST : MESSAGE_ANOTHER_HOP;
        message->observed.origin = (struct origin){.time = world->now, .record = world->record};
        message->observations = &message->observed;
        message->observation_count = 1;
        feed(world, &event);
        if (fact && hop == 0) {
            fact->message = message;
            feed(world, fact);
        }
    }
}

static struct message message_of(struct world *world, enum sip_method method, unsigned endpoint,
                                 bool up)
{
    struct slice user = slice_of(user_of(endpoint));
    struct slice epid = slice_of(endpoint == ENDPOINTS - 1 ? "e2" : "e1");
    struct message message = {
        .request = true,
        .method = method,
        .from = {.user = up ? user : slice_of("chat@x"), .epid = up ? epid : slice_of("")},
        .to = {.user = up ? slice_of("chat@x") : user, .epid = up ? slice_of("") : epid},
        .expires = -1,
        .session_expires = -1,
        .subscription_expires = -1,
        .transaction = 1000 + world->record,
        .id = 5000 + 2 * world->record,
        .dialog = world->dialogs[endpoint],
    };
    struct address client = {{192, 0, 2, (unsigned char)(10 + endpoint)}, ADDRESS_IPV4, 5061};
    struct address server = {{192, 0, 2, 5}, ADDRESS_IPV4, 5061};
    message.observed = (struct observation){.transport = TRANSPORT_TCP,
                                            .source = up ? client : server,
                                            .destination = up ? server : client};
    return message;
}

static void note_request(struct world *world, const struct message *message, unsigned endpoint)
{
    size_t slot = world->request_count++ % 8;
    world->requests[slot] = message->transaction;
    world->endpoint_of[slot] = endpoint;
}

static void do_dialog(struct world *world, unsigned endpoint, int mode)
{
    unsigned how = take(world, 4); /* opens anew, most often */
    bool ends = how == 0 && world->dialogs[endpoint] != 0;
    if (!ends) {
        world->dialogs[endpoint] = ++world->next_dialog;
    }
    struct message message =
        message_of(world, ends ? SIP_BYE : SIP_INVITE, endpoint, !ends || take(world, 2));
    struct event event = {.kind = EVENT_DIALOG};
    event.as.dialog = (struct dialog_view){
        .id = world->dialogs[endpoint],
        .kind = DIALOG_INVITE,
        .state = ends ? DIALOG_TERMINATED : DIALOG_CONFIRMED,
        .previous = DIALOG_TRYING,
        .service = SERVICE_CHAT,
        .from_start = true,
        .from = slice_of(user_of(endpoint)),
        .to = slice_of("chat@x"),
        .from_epid = slice_of(endpoint == ENDPOINTS - 1 ? "e2" : "e1"),
        .expires_at = TIME_NONE,
    };
    feed_message(world, &message, &event, mode);
}

static void do_command(struct world *world, unsigned endpoint, bool part, int mode)
{
    struct chat_room room = {.uri = slice_of(rooms[take(world, ROOMS)])};
    struct message message = message_of(world, SIP_INFO, endpoint, true);
    struct event event = {.kind = EVENT_CHAT};
    event.as.chat = (struct chat_fact){.class = CHAT_COMMAND,
                                       .verb = part ? CHAT_PART : CHAT_JOIN,
                                       .name = slice_of(part ? "part" : "join"),
                                       .envelope = slice_of("1"),
                                       .sequence = slice_of("1"),
                                       .rooms = &room,
                                       .room_count = 1};
    note_request(world, &message, endpoint);
    feed_message(world, &message, &event, mode);
}

static void do_reply(struct world *world, unsigned endpoint, bool part, int mode)
{
    struct chat_member members[USERS];
    struct chat_room room = {.uri = slice_of(rooms[take(world, ROOMS)]), .members = members};
    unsigned failed = take(world, 6);
    for (unsigned i = 0; i < USERS; i++) {
        members[i] =
            (struct chat_member){.user = slice_of(users[i]), .mask = 3984, .has_mask = true};
    }
    room.member_count = part ? 0 : take(world, USERS + 1);
    room.failure = slice_of(failed == 0 && !part ? "OPERATION_FAILED" : "");
    struct message message = message_of(world, SIP_INFO, endpoint, false);
    struct event event = {.kind = EVENT_CHAT};
    event.as.chat = (struct chat_fact){.class = CHAT_REPLY,
                                       .verb = part ? CHAT_PART : CHAT_JOIN,
                                       .name = slice_of(part ? "part" : "join"),
                                       .ref_envelope = slice_of("1"),
                                       .ref_sequence = slice_of("1"),
                                       .has_ref = true,
                                       .has_code = true,
                                       .code = failed == 1 ? 403 : 200,
                                       .rooms = &room,
                                       .room_count = 1};
    feed_message(world, &message, &event, mode);
}

static struct chat_post take_post(struct world *world)
{
    bool stamped = take(world, 8) != 0;
    return (struct chat_post){
        .room = slice_of(rooms[take(world, ROOMS)]),
        .author = slice_of(users[take(world, USERS)]),
        .author_uri = slice_of("sip:x"),
        .text = slice_of(texts[take(world, sizeof texts / sizeof texts[0])]),
        .ts = stamped ? world->now - (int64_t)take(world, 3) * TIME_SECOND : TIME_NONE,
        .has_chat = true,
    };
}

static void do_message(struct world *world, unsigned endpoint, bool up, int mode)
{
    static const char *const envelopes[] = {"", "7", "8", "9"};
    struct message message = message_of(world, SIP_INFO, endpoint, up);
    struct event event = {.kind = EVENT_CHAT};
    event.as.chat = (struct chat_fact){.class = CHAT_MESSAGE,
                                       .verb = CHAT_GRPCHAT,
                                       .envelope = slice_of(envelopes[take(world, 4)]),
                                       .post = take_post(world)};
    if (up) {
        event.as.chat.post.author = slice_of(user_of(endpoint));
        note_request(world, &message, endpoint);
    }
    feed_message(world, &message, &event, mode);
}

static void do_notice(struct world *world, unsigned endpoint, int mode)
{
    struct chat_member member = {.user = slice_of(users[take(world, USERS)])};
    struct chat_room room = {
        .uri = slice_of(rooms[take(world, ROOMS)]), .members = &member, .member_count = 1};
    struct message message = message_of(world, SIP_INFO, endpoint, false);
    struct event event = {.kind = EVENT_CHAT};
    event.as.chat = (struct chat_fact){.class = CHAT_NOTICE,
                                       .verb = take(world, 2) ? CHAT_PART : CHAT_JOIN,
                                       .rooms = &room,
                                       .room_count = 1};
    feed_message(world, &message, &event, mode);
}

static void do_history(struct world *world, unsigned endpoint, int mode)
{
    struct chat_post items[3] = {take_post(world), take_post(world), take_post(world)};
    struct chat_room room = {.uri = items[0].room, .history = items, .history_count = 3};
    struct message message = message_of(world, SIP_INFO, endpoint, false);
    struct event event = {.kind = EVENT_CHAT};
    event.as.chat = (struct chat_fact){.class = CHAT_REPLY,
                                       .verb = CHAT_BCCONTEXT,
                                       .name = slice_of("bccontext"),
                                       .has_code = true,
                                       .code = 200,
                                       .rooms = &room,
                                       .room_count = 1};
    feed_message(world, &message, &event, mode);
}

/* To a request of a client; or the client's own to the service's latest INFO. */
static void do_answer(struct world *world, unsigned endpoint, bool of_client, int mode)
{
    static const uint16_t statuses[] = {200, 200, 200, 503, 401, 481};
    struct message message = message_of(world, SIP_INFO, endpoint, of_client);
    size_t slot = take(world, 8);
    message.request = false;
    message.status = of_client ? 487 : statuses[take(world, 6)];
    if (!of_client && world->requests[slot] != 0) {
        message = message_of(world, SIP_INFO, world->endpoint_of[slot], false);
        message.request = false;
        message.status = statuses[take(world, 6)];
        message.transaction = world->requests[slot];
        struct sip_party from = message.from;
        message.from = message.to; /* those of the request */
        message.to = from;
        world->requests[slot] = 0;
    }
    feed_message(world, &message, NULL, mode);
}

static void do_step(struct world *world, int mode)
{
    static const unsigned pauses[] = {0, 0, 1, 1, 2, 5, 12, 130};
    int64_t pause = (int64_t)pauses[take(world, 8)] * TIME_SECOND;
    for (int i = 1; mode == MODE_TICKS && pause > 0 && i < 5; i++) {
        engine_tick(world->engine, world->now + pause / 5 * i);
    }
    world->now += pause;
    unsigned kind = take(world, 16);
    unsigned endpoint = take(world, ENDPOINTS);
    if (world->dialogs[endpoint] == 0 || kind == 0) {
        do_dialog(world, endpoint, mode);
    } else if (kind < 5) {
        (kind < 3 ? do_command : do_reply)(world, endpoint, kind == 1 && take(world, 3) == 0, mode);
    } else if (kind < 11) {
        do_message(world, endpoint, kind < 8, mode);
    } else if (kind == 11) {
        do_notice(world, endpoint, mode);
    } else if (kind == 12) {
        do_history(world, endpoint, mode);
    } else {
        do_answer(world, endpoint, kind == 13 && take(world, 4) == 0, mode);
    }
}

static void check_pairs(const struct world *world)
{
    for (size_t post = 0; post < POSTS; post++) {
        for (size_t session = 1; session < SESSIONS; session++) {
            if (!world->pairs[post][session].due) {
                continue;
            }
            unsigned user = place_of(users, USERS, slice_of(world->session_user[session]));
            unsigned room = world->room_of[post];
            require(world->found[0][user][room] || world->found[1][user][room]);
        }
    }
}

static uint64_t run(const uint8_t *data, size_t size, enum mode mode)
{
    const struct map_seed seed = {{1, 2}};
    const struct limits limits = limits_default();
    struct world *world = memory_zero(1, sizeof *world);
    const struct change_sink changes = {on_change, world};
    const struct event_sink caps = {on_cap, world};
    const struct finding_sink findings = {on_finding, world};
    world->data = data;
    world->size = size;
    world->now = BEGINNING;
    world->engine = engine_new(seed, &limits, &changes, &caps);
    world->audit = audit_new(seed, &limits, &findings);
    for (int step = 0; step < STEPS && world->at < size; step++) {
        do_step(world, mode);
    }
    world->now += 1000 * TIME_SECOND;
    engine_tick(world->engine, world->now);
    engine_end(world->engine, world->now);
    audit_end(world->audit, world->now);
    check_pairs(world);
    engine_free(world->engine);
    audit_free(world->audit);
    uint64_t hash = world->hash;
    free(world);
    return hash;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint64_t plain = run(data, size, MODE_PLAIN);
    require(run(data, size, MODE_TICKS) == plain);
    require(run(data, size, MODE_HOPS) == plain);
    return 0;
}
