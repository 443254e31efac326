/*
 * The ladder: golden pictures in characters, and what can be measured of a PDF,
 * an SVG and a PNG.
 */
#include "tests/unit/harness.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "analyzer/engine/arena.h"
#include "reports/ladder.h"

/* 2026-11-20T10:00:00Z */
#define START (INT64_C(1795168800) * TIME_SECOND)
#define MS    INT64_C(1000000)

#define ROOM   "ma-chan://contoso.example/0b6f5a52-3f0e-4f0b-9a43-6d2c1f7e8a11"
#define OTHER  "ma-chan://contoso.example/7d1c9e04-51ab-4c66-8b1e-2f94c0a3d722"
#define KOREAN "운영실 \xf0\x9f\x8c\x89"

enum host { ANN = 21, BOB = 22, POOL = 10, CHAT = 80 };

/* ---- a run made by hand ---- */

struct scene {
    struct ladder *ladder;
    struct sink sink;
    struct report_style style;
    struct input_info inputs[2];
    struct summary summary;
    int64_t time;
    uint64_t record;
    uint64_t message;
    uint64_t finding;
    struct sip_header via;
};

static struct scene scene_new(enum report_format format, enum ladder_paper paper,
                              struct limits limits)
{
    struct scene scene = {
        .style = {.format = format, .columns = 80, .version = "1.2.3"},
        .inputs = {{.name = SLICE("/captures/trace.pcap"), .kind = "pcap"},
                   {.name = SLICE("other.pcap"), .kind = "pcap"}},
        .time = START,
    };
    struct ladder_options options = {.paper = paper};
    scene.summary.input_count = 1;
    scene.summary.coverage.verdict = COVERAGE_FULL;
    scene.ladder = ladder_new(&scene.style, &options, test_seed(), &limits);
    scene.sink = ladder_sink(scene.ladder);
    return scene;
}

static struct scene text_scene(void)
{
    return scene_new(REPORT_TEXT, LADDER_A4, limits_default());
}

static struct address host(unsigned number)
{
    return (struct address){
        .bytes = {10, 1, 1, (unsigned char)number}, .family = ADDRESS_IPV4, .port = 5061};
}

static struct sip_party party(const char *user)
{
    return (struct sip_party){.user = slice_of(user), .uri = slice_of(user)};
}

/* Each message is one packet, 10 ms after the one before. */
static struct message message_between(struct scene *scene, unsigned from, unsigned to)
{
    scene->record++;
    scene->time += 10 * MS;
    scene->message++;
    return (struct message){
        .expires = -1,
        .subscription_expires = -1,
        .session_expires = -1,
        .id = scene->message,
        .transaction = scene->message,
        .observed = {.origin = {.time = scene->time, .record = scene->record},
                     .source = host(from),
                     .destination = host(to)},
    };
}

static struct message request(struct scene *scene, unsigned from, unsigned to,
                              enum sip_method method, const char *from_user, const char *to_user)
{
    struct message message = message_between(scene, from, to);
    message.request = true;
    message.method = method;
    message.method_name = slice_of(sip_method_name(method));
    message.from = party(from_user);
    message.to = party(to_user);
    return message;
}

static struct message response(struct scene *scene, const struct message *to, uint16_t status,
                               const char *reason)
{
    struct message message = message_between(scene, 0, 0);
    message.observed.source = to->observed.destination;
    message.observed.destination = to->observed.source;
    message.method = to->method;
    message.status = status;
    message.reason = slice_of(reason);
    message.from = to->from;
    message.to = to->to;
    message.dialog = to->dialog;
    message.transaction = to->transaction;
    return message;
}

static void send_message(struct scene *scene, struct message *message)
{
    struct event event = {
        .kind = EVENT_MESSAGE, .origin = message->observed.origin, .message = message};
    message->observations = &message->observed;
    message->observation_count = 1;
    scene->sink.event(scene->sink.context, &event);
}

static void send_fact(struct scene *scene, struct event event, const struct message *message)
{
    event.message = message;
    event.origin = message->observed.origin;
    scene->sink.event(scene->sink.context, &event);
}

static struct message exchange(struct scene *scene, struct message asked, uint16_t status,
                               const char *reason)
{
    send_message(scene, &asked);
    struct message answer = response(scene, &asked, status, reason);
    send_message(scene, &answer);
    return answer;
}

static void chat(struct scene *scene, const struct message *carrier, enum chat_class class,
                 const char *name, const struct chat_room *rooms, size_t room_count)
{
    struct event event = {.kind = EVENT_CHAT};
    event.as.chat = (struct chat_fact){.class = class,
                                       .name = slice_of(name),
                                       .has_code = true,
                                       .code = 200,
                                       .rooms = rooms,
                                       .room_count = room_count};
    send_fact(scene, event, carrier);
}

static void post(struct scene *scene, const struct message *carrier, const char *room,
                 const char *author)
{
    struct event event = {.kind = EVENT_CHAT};
    event.as.chat = (struct chat_fact){
        .class = CHAT_MESSAGE,
        .post = {.room = slice_of(room),
                 .author = slice_of(author),
                 .text = SLICE("the secret of the Ops Bridge"),
                 .has_chat = true},
    };
    send_fact(scene, event, carrier);
}

static void presence(struct scene *scene, const struct message *cause, const char *user,
                     enum band band)
{
    struct change change = {.kind = CHANGE_PRESENCE, .time = scene->time, .message = cause};
    change.as.presence = (struct presence_change){
        .user = slice_of(user), .band = band, .cause = SLICE("publication ran out")};
    scene->sink.change(scene->sink.context, &change);
}

static void finding(struct scene *scene, enum severity severity, const char *rule,
                    const char *sentence, uint64_t record)
{
    struct origin evidence = {.time = START, .record = record};
    struct finding found = {.id = ++scene->finding,
                            .rule = rule,
                            .severity = severity,
                            .time = START,
                            .message = slice_of(sentence),
                            .evidence = &evidence,
                            .evidence_count = 1};
    scene->sink.finding(scene->sink.context, &found);
}

static struct slice contents(const char *path)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    size_t size = (size_t)ftell(file);
    rewind(file);
    char *data = malloc(size + 1);
    assert_non_null(data);
    assert_int_equal(fread(data, 1, size, file), size);
    data[size] = '\0';
    fclose(file);
    return (struct slice){data, size};
}

/* Writes the ladder and reads it back; the path stays until the next call of the same suffix. */
static struct slice drawn(struct scene *scene, const char *suffix, char path[static 64])
{
    char problem[256] = "";
    snprintf(path, 64, "/tmp/test_ladder.%d.%s", (int)getpid(), suffix);
    scene->summary.inputs = scene->inputs;
    struct output *output = output_open(path);
    ladder_write(scene->ladder, &scene->summary, output);
    assert_true(output_close(output, true, problem, sizeof problem));
    ladder_free(scene->ladder);

    return contents(path);
}

static void assert_picture(struct scene *scene, const char *expected)
{
    char path[64];
    struct slice picture = drawn(scene, "txt", path);
    if (!slice_equal(picture, slice_of(expected))) {
        fprintf(stderr, "%s\n-- is drawn, expected is --\n%s\n", picture.data, expected);
        fail();
    }
    unlink(path);
    free((void *)(uintptr_t)picture.data);
}

static void assert_holds(struct slice picture, const char *text)
{
    if (slice_find(picture, slice_of(text)) == SLICE_NONE) {
        fail_msg("there is no \"%s\" in\n%.*s", text, (int)picture.size, picture.data);
    }
}

static void assert_lacks(struct slice picture, const char *text)
{
    if (slice_find(picture, slice_of(text)) != SLICE_NONE) {
        fail_msg("there is \"%s\" in\n%.*s", text, (int)picture.size, picture.data);
    }
}

/* What a command prints. */
static struct slice printed(const char *command)
{
    FILE *pipe = popen(command, "r");
    assert_non_null(pipe);
    size_t size = 0;
    char *text = NULL;
    char part[4096];
    for (size_t got = fread(part, 1, sizeof part, pipe); got > 0;
         got = fread(part, 1, sizeof part, pipe)) {
        text = realloc(text, size + got + 1);
        assert_non_null(text);
        memcpy(text + size, part, got);
        size += got;
        text[size] = '\0';
    }
    assert_int_equal(pclose(pipe), 0);
    return (struct slice){text, size};
}

static void release(struct slice text)
{
    free((void *)(uintptr_t)text.data);
}

/* ---- stories ---- */

static void sign_in(struct scene *scene, unsigned from, const char *user)
{
    struct message asked = request(scene, from, POOL, SIP_REGISTER, user, user);
    asked.expires = 600;
    asked.dialog = from;
    struct message answer = exchange(scene, asked, 401, "Unauthorized");
    asked = request(scene, from, POOL, SIP_REGISTER, user, user);
    asked.flags = SIP_HAS_CREDENTIALS;
    asked.dialog = answer.dialog;
    exchange(scene, asked, 200, "OK");
}

static void join(struct scene *scene, unsigned from, const char *user)
{
    const struct chat_room rooms[] = {{.uri = SLICE(ROOM), .name = SLICE(KOREAN)}};
    const char *service = "ocschat@contoso.example";
    struct message asked = request(scene, from, CHAT, SIP_INFO, user, service);
    asked.dialog = 100 + from;
    send_message(scene, &asked);
    const struct chat_room unnamed[] = {{.uri = SLICE(ROOM)}};
    chat(scene, &asked, CHAT_COMMAND, "join", unnamed, 1);
    struct message answer = response(scene, &asked, 200, "OK");
    send_message(scene, &answer);
    struct message reply = request(scene, CHAT, from, SIP_INFO, service, user);
    reply.dialog = asked.dialog;
    send_message(scene, &reply);
    chat(scene, &reply, CHAT_REPLY, "join", rooms, 1);
    answer = response(scene, &reply, 200, "OK");
    send_message(scene, &answer);
}

static void say(struct scene *scene, unsigned from, const char *user, uint16_t status)
{
    struct message asked = request(scene, from, CHAT, SIP_INFO, user, "ocschat@contoso.example");
    asked.dialog = 100 + from;
    send_message(scene, &asked);
    post(scene, &asked, ROOM, user);
    struct message answer = response(scene, &asked, status, status == 200 ? "OK" : "Busy here");
    send_message(scene, &answer);
}

static void publish(struct scene *scene)
{
    struct message asked =
        request(scene, ANN, POOL, SIP_SERVICE, "ann@contoso.example", "ann@contoso.example");
    asked.dialog = 40;
    send_message(scene, &asked);
    struct event event = {.kind = EVENT_PUBLICATION};
    event.as.category = (struct category_fact){
        .key = {.user = SLICE("ann@contoso.example"), .name = SLICE("state")},
        .expires = -1,
        .has_value = true,
        .value = {.kind = STATE_USER, .availability = 6500},
    };
    send_fact(scene, event, &asked);
    send_fact(scene, event, &asked); /* the same in another container is said once */
    struct message answer = response(scene, &asked, 200, "OK");
    send_message(scene, &answer);
    presence(scene, &answer, "ann@contoso.example", BAND_BUSY);
}

static void tell(struct scene *scene)
{
    struct message asked =
        request(scene, POOL, BOB, SIP_BENOTIFY, "ann@contoso.example", "bob@contoso.example");
    asked.dialog = 41;
    asked.event = slice_of("presence");
    send_message(scene, &asked);
    struct event event = {.kind = EVENT_CATEGORY};
    event.as.category = (struct category_fact){
        .key = {.user = SLICE("ann@contoso.example"), .name = SLICE("state")},
        .has_value = true,
        .value = {.kind = STATE_AGGREGATE, .availability = 6500},
    };
    send_fact(scene, event, &asked);
}

static void lose_bytes(struct scene *scene)
{
    struct event event = {.kind = EVENT_COVERAGE,
                          .origin = {.time = scene->time, .record = ++scene->record}};
    event.as.coverage = (struct coverage_fact){
        .kind = COVERAGE_GAP, .source = host(ANN), .destination = host(POOL), .bytes = 4380};
    scene->sink.event(scene->sink.context, &event);
}

static void short_story(struct scene *scene)
{
    sign_in(scene, ANN, "ann@contoso.example");
    join(scene, ANN, "ann@contoso.example");
    scene->time += 125 * TIME_SECOND;
    publish(scene);
    tell(scene);
    lose_bytes(scene);
    say(scene, ANN, "ann@contoso.example", 503);
    presence(scene, NULL, "ann@contoso.example", BAND_AVAILABLE);
    finding(scene, SEVERITY_ERROR, "chat-503-not-retried",
            "The post of ann@contoso.example was refused with 503 and was not sent again", 14);
}

/* ---- characters ---- */

static void the_short_story_in_box_drawing(void **state)
{
    (void)state;
    struct scene scene = text_scene();
    short_story(&scene);
    assert_picture(
        &scene, "trace.pcap\n"
                "2026-11-20 10:00:00.010 to 10:02:05.130 UTC (2 min 5 s)\n"
                "13 messages, 4 parties, 1 error, 0 warnings, 0 notes\n"
                "coverage full: all SIP that was captured could be read\n"
                "\n"
                "presence beside the lanes: ░ available, ▓ busy\n"
                "\n"
                "                       ann              bob            front end         ocschat\n"
                "                                                                 channel service\n"
                "time             #     10.1.1.21     10.1.1.22         10.1.1.10       10.1.1.80\n"
                "2026-11-20             │                 │                 │                 │\n"
                "10:00:00.010     1     │────── REGISTER expires 600 ──────>│                 │\n"
                "10:00:00.020     2     │<╌╌╌ 401 Unauthorized challenge ╌╌╌│                 │\n"
                "10:00:00.030     3     │──── REGISTER with credentials ───>│                 │\n"
                "10:00:00.040     4     │<╌╌╌╌╌╌╌ 200 OK to REGISTER ╌╌╌╌╌╌╌│                 │\n"
                "10:00:00.050     5     │──────────────── INFO join 운영실 🌉 ───────────────>│\n"
                "10:00:00.060     6     │<╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌ 200 OK to INFO ╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌│\n"
                "10:00:00.070     7     │<─────────── INFO rpl join 200: 운영실 🌉 ───────────│\n"
                "10:00:00.080     8     │╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌ 200 OK to INFO ╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌>│\n"
                "                       ┆                2 min 5 s without SIP                ┆\n"
                "                       │ SERVICE publishes userState 6500 busy               │\n"
                "10:02:05.090     9     │──────────────────────────────────>│                 │\n"
                "10:02:05.100    10     │<╌╌╌╌╌╌╌ 200 OK to SERVICE ╌╌╌╌╌╌╌╌│                 │\n"
                "                      ▓[ann: Busy]       │                 │                 │\n"
                "                      ▓│                 │ BENOTIFY bob: ann Busy            │\n"
                "10:02:05.110    11    ▓│                 │<────────────────│                 │\n"
                "10:02:05.110    12    ▓~~~ 4380 bytes are missing: 10.1.1.21 to 10.1.1.10 ~~~~\n"
                "10:02:05.120    13    ▓│───────── INFO grpchat to 운영실 🌉 by ann ─────────>│\n"
                "10:02:05.130    14 E1 ▓│<╌╌╌╌╌╌╌╌╌╌╌╌╌╌ 503 Busy here to INFO ╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌│\n"
                "10:02:05.130          ░[ann: Available (publication ran out)]                │\n"
                "\n"
                "Findings\n"
                "E1  error  chat-503-not-retried  packet 14, 10:00:00.000\n"
                "      The post of ann@contoso.example was refused with 503 and was not sent\n"
                "      again\n");
}

static void the_short_story_in_ascii(void **state)
{
    (void)state;
    struct scene scene = text_scene();
    ladder_free(scene.ladder);
    scene.style.ascii = true;
    struct ladder_options options = {.title = "Ann signs in"};
    struct limits limits = limits_default();
    scene.ladder = ladder_new(&scene.style, &options, test_seed(), &limits);
    scene.sink = ladder_sink(scene.ladder);
    sign_in(&scene, ANN, "ann@contoso.example");
    publish(&scene);
    assert_picture(
        &scene,
        "Ann signs in\n"
        "2026-11-20 10:00:00.010 to 10:00:00.060 UTC (50 ms)\n"
        "6 messages, 2 parties, 0 errors, 0 warnings, 0 notes\n"
        "coverage full: all SIP that was captured could be read\n"
        "\n"
        "presence beside the lanes: b busy\n"
        "\n"
        "                    ann                                                front end\n"
        "time             #  10.1.1.21                                          10.1.1.10\n"
        "2026-11-20          |                                                         |\n"
        "10:00:00.010     1  |----------------- REGISTER expires 600 ----------------->|\n"
        "10:00:00.020     2  |<.............. 401 Unauthorized challenge ..............|\n"
        "10:00:00.030     3  |--------------- REGISTER with credentials -------------->|\n"
        "10:00:00.040     4  |<.................. 200 OK to REGISTER ..................|\n"
        "10:00:00.050     5  |--------- SERVICE publishes userState 6500 busy -------->|\n"
        "10:00:00.060     6  |<.................. 200 OK to SERVICE ...................|\n"
        "                   b[ann: Busy]                                               |\n");
}

static void many_lanes_get_letters(void **state)
{
    (void)state;
    struct scene scene = text_scene();
    static const char *const users[] = {"ann@contoso.example",  "bob@contoso.example",
                                        "cleo@contoso.example", "dee@fabrikam.example",
                                        "eli@contoso.example",  "fay@contoso.example",
                                        "gus@contoso.example"};
    for (unsigned i = 0; i < sizeof users / sizeof users[0]; i++) {
        struct message asked = request(&scene, 30 + i, POOL, SIP_REGISTER, users[i], users[i]);
        exchange(&scene, asked, 200, "OK");
    }
    assert_picture(
        &scene, "trace.pcap\n"
                "2026-11-20 10:00:00.010 to 10:00:00.140 UTC (130 ms)\n"
                "14 messages, 8 parties, 0 errors, 0 warnings, 0 notes\n"
                "coverage full: all SIP that was captured could be read\n"
                "\n"
                "A = ann  10.1.1.30\n"
                "B = bob  10.1.1.31\n"
                "C = cleo  10.1.1.32\n"
                "D = dee@fabrikam.example  10.1.1.33\n"
                "E = eli  10.1.1.34\n"
                "F = fay  10.1.1.35\n"
                "G = gus  10.1.1.36\n"
                "H = front end  10.1.1.10\n"
                "\n"
                "time             # A       B       C       D       E       F       G       H\n"
                "2026-11-20         │       │       │       │       │       │       │       │\n"
                "10:00:00.010     1 │────────────────────── REGISTER ──────────────────────>│\n"
                "10:00:00.020     2 │<╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌ 200 OK to REGISTER ╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌│\n"
                "10:00:00.030     3 │       │────────────────── REGISTER ──────────────────>│\n"
                "10:00:00.040     4 │       │<╌╌╌╌╌╌╌╌╌╌╌╌╌ 200 OK to REGISTER ╌╌╌╌╌╌╌╌╌╌╌╌╌│\n"
                "10:00:00.050     5 │       │       │────────────── REGISTER ──────────────>│\n"
                "10:00:00.060     6 │       │       │<╌╌╌╌╌╌╌╌╌ 200 OK to REGISTER ╌╌╌╌╌╌╌╌╌│\n"
                "10:00:00.070     7 │       │       │       │────────── REGISTER ──────────>│\n"
                "10:00:00.080     8 │       │       │       │<╌╌╌╌╌ 200 OK to REGISTER ╌╌╌╌╌│\n"
                "10:00:00.090     9 │       │       │       │       │────── REGISTER ──────>│\n"
                "10:00:00.100    10 │       │       │       │       │<╌ 200 OK to REGISTER ╌│\n"
                "10:00:00.110    11 │       │       │       │       │       │── REGISTER ──>│\n"
                "10:00:00.120    12 │       │       │       │       │       │<╌╌╌ 200 OK ╌╌╌│\n"
                "                   │       │       │       │       │       │       │ REGISTER\n"
                "10:00:00.130    13 │       │       │       │       │       │       │──────>│\n"
                "                   │       │       │       │       │       │       │ 200 OK│\n"
                "10:00:00.140    14 │       │       │       │       │       │       │<╌╌╌╌╌╌│\n");
}

static void without_addresses_users_are_the_lanes(void **state)
{
    (void)state;
    char path[64];
    struct scene scene = text_scene();
    struct message asked =
        request(&scene, 0, 0, SIP_SUBSCRIBE, "ann@contoso.example", "bob@fabrikam.example");
    asked.event = slice_of("presence");
    asked.observed.source = (struct address){.family = ADDRESS_NONE};
    asked.observed.destination = asked.observed.source;
    exchange(&scene, asked, 200, "OK");
    struct slice picture = drawn(&scene, "txt", path);
    assert_holds(picture, "   ann@contoso.example ");
    assert_holds(picture, " bob@fabrikam.example\n");
    assert_holds(picture, "│─────────────── SUBSCRIBE presence of bob ───────────────>│");
    assert_holds(picture, "│<╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌");
    unlink(path);
    release(picture);
}

static void a_host_that_talks_to_itself_has_a_lane_per_port(void **state)
{
    (void)state;
    char path[64];
    struct scene scene = text_scene();
    struct message asked =
        request(&scene, ANN, ANN, SIP_INVITE, "ann@contoso.example", "bob@contoso.example");
    asked.observed.source.port = 5070;
    exchange(&scene, asked, 180, "Ringing");
    struct slice picture = drawn(&scene, "txt", path);
    assert_holds(picture, "10.1.1.21:5070");
    assert_holds(picture, "10.1.1.21:5061");
    assert_holds(picture, "INVITE to bob");
    unlink(path);
    release(picture);
}

static void nothing_to_draw_says_so(void **state)
{
    (void)state;
    struct scene scene = text_scene();
    scene.summary.coverage.verdict = COVERAGE_NONE;
    assert_picture(&scene, "trace.pcap\n"
                           "0 messages, 0 parties, 0 errors, 0 warnings, 0 notes\n"
                           "coverage none: no SIP could be read, so nothing can be said about it\n"
                           "\n"
                           "No SIP message could be read.\n");
}

static void retransmissions_and_copies_fold(void **state)
{
    (void)state;
    char path[64];
    struct scene scene = text_scene();
    scene.summary.input_count = 2;
    struct message asked =
        request(&scene, ANN, POOL, SIP_OPTIONS, "ann@contoso.example", "bob@contoso.example");
    send_message(&scene, &asked);
    asked.role = MESSAGE_RETRANSMISSION;
    asked.observed.retransmission = true;
    send_message(&scene, &asked);
    send_message(&scene, &asked);
    struct message other = asked;
    other.role = MESSAGE_ANOTHER_HOP;
    other.observed.retransmission = false;
    other.observed.origin.input = 1;
    send_message(&scene, &other);
    struct message answer = response(&scene, &asked, 486, "Busy Here");
    send_message(&scene, &answer);
    send_message(&scene, &asked); /* again, after something else: an arrow of its own */
    other.observed.source = host(POOL);
    other.observed.destination = host(BOB);
    send_message(&scene, &other); /* the next hop */
    struct slice picture = drawn(&scene, "txt", path);
    assert_holds(picture, "OPTIONS (retransmitted 2 times, also in another input)");
    assert_holds(picture, "486 Busy Here");
    assert_holds(picture, "OPTIONS (retransmitted)");
    assert_holds(picture, "A = trace.pcap, B = other.pcap");
    assert_holds(picture, "A:1");
    assert_holds(picture, "B:1");
    assert_holds(picture, "7 messages, 3 parties");
    unlink(path);
    release(picture);
}

static void what_finds_no_room_is_counted(void **state)
{
    (void)state;
    char path[64];
    struct limits limits = limits_default();
    limits.report_rows = 3;
    struct scene scene = scene_new(REPORT_TEXT, LADDER_A4, limits);
    sign_in(&scene, ANN, "ann@contoso.example");
    sign_in(&scene, BOB, "bob@contoso.example");
    struct slice picture = drawn(&scene, "txt", path);
    assert_holds(picture, "5 more rows found no room (limit report_rows)");
    unlink(path);
    release(picture);
}

static void texts_of_others_are_made_safe(void **state)
{
    (void)state;
    char path[64];
    struct scene scene = text_scene();
    struct message asked =
        request(&scene, ANN, POOL, SIP_OTHER, "\x1b[31mann@contoso.example", "bob@contoso.example");
    asked.method_name = slice_of("P\x1b[0mNG\xff");
    exchange(&scene, asked, 404, "\xe2\x80\xaeNot\x07 Found");
    finding(&scene, SEVERITY_NOTE, "note-rule", "bell \x07 inside", 1);
    struct slice picture = drawn(&scene, "txt", path);
    assert_lacks(picture, "\x1b");
    assert_lacks(picture, "\x07");
    assert_lacks(picture, "\xff");
    assert_lacks(picture, "\xe2\x80\xae");
    assert_holds(picture, "P\\x1b[0mNG\\xff");
    assert_holds(picture, "404 \\u202eNot\\x07 Found");
    unlink(path);
    release(picture);
}

static void texts_of_messages_are_not_shown(void **state)
{
    (void)state;
    char path[64];
    struct scene scene = text_scene();
    short_story(&scene);
    struct slice picture = drawn(&scene, "txt", path);
    assert_holds(picture, "grpchat to " KOREAN " by ann");
    assert_lacks(picture, "secret");
    unlink(path);
    release(picture);
}

/* ---- documents ---- */

static void long_story(struct scene *scene)
{
    sign_in(scene, ANN, "ann@contoso.example");
    join(scene, ANN, "ann@contoso.example");
    for (int i = 0; i < 12; i++) {
        publish(scene);
        tell(scene);
        say(scene, ANN, "ann@contoso.example", i % 4 == 3 ? 503 : 200);
        if (i == 5) {
            lose_bytes(scene);
            scene->time += 14 * 3600 * TIME_SECOND;
        }
    }
    finding(scene, SEVERITY_ERROR, "chat-503-not-retried", "Refused and not sent again.", 14);
    finding(scene, SEVERITY_WARNING, "sip-request-unanswered",
            "A sentence that is long enough to be broken into lines, because it says again and "
            "again what happened to whom, when, where, how often, and why nobody answered it, "
            "until the paper ends and a second line is needed for the rest of it.",
            30);
    finding(scene, SEVERITY_NOTE, "coverage-gap", "4380 bytes are missing.", 60);
}

static void users_register(struct scene *scene, unsigned count)
{
    char user[64];
    for (unsigned i = 0; i < count; i++) {
        snprintf(user, sizeof user, "user-with-a-long-name-%u@contoso.example", i);
        struct message asked = request(scene, 30 + i, POOL, SIP_REGISTER, user, user);
        asked.dialog = i + 1;
        exchange(scene, asked, 200, "OK");
    }
}

static void a_pdf_has_pages_words_and_bookmarks(void **state)
{
    (void)state;
    char path[64];
    char command[128];
    struct scene scene = scene_new(REPORT_PDF, LADDER_A4, limits_default());
    long_story(&scene);
    release(drawn(&scene, "pdf", path));

    snprintf(command, sizeof command, "pdfinfo -isodates %s", path);
    struct slice facts = printed(command);
    assert_holds(facts, "Title:           trace.pcap\n");
    assert_holds(facts, "Creator:         ocsight 1.2.3\n");
    assert_holds(facts, "CreationDate:    2026-11-21T00:00:00Z\n");
    assert_holds(facts, "Pages:           3\n");
    assert_holds(facts, "595.276 x 841.89 pts (A4)");
    release(facts);

    snprintf(command, sizeof command, "pdftotext -layout %s -", path);
    struct slice words = printed(command);
    assert_holds(words, "page 2 of 3");
    assert_holds(words, "grpchat to 운영실");
    assert_holds(words, "ann: Busy");
    assert_holds(words, "4380 bytes are missing: 10.1.1.21 to 10.1.1.10");
    assert_holds(words, "14 h 0 min without SIP");
    assert_holds(words, "2026-11-21");
    assert_holds(words, "chat-503-not-retried");
    assert_lacks(words, "secret");
    release(words);

    struct slice bytes = contents(path);
    assert_holds(bytes, "/Title (Dialogs)");
    assert_holds(bytes, "/Title (10:00:00.010 REGISTER)");
    assert_holds(bytes, "/Title (E1 chat-503-not-retried)");
    release(bytes);

    snprintf(command, sizeof command, "pdffonts %s", path);
    struct slice fonts = printed(command);
    assert_holds(fonts, "DejaVuSans");
    assert_holds(fonts, "Nanum");
    assert_lacks(fonts, " no "); /* embedded: emb and sub say yes */
    release(fonts);
    unlink(path);
}

/* In a process of its own, as the program does: cairo numbers its surfaces per process. */
static struct slice drawn_apart(enum report_format format, const char *suffix, char path[static 64])
{
    int status = -1;
    char name[64];
    snprintf(path, 64, "/tmp/test_ladder.%d.apart", (int)getpid());
    pid_t child = fork();
    if (child == 0) {
        struct scene scene = scene_new(format, LADDER_A4, limits_default());
        short_story(&scene);
        release(drawn(&scene, suffix, name));
        _exit(rename(name, path) == 0 ? 0 : 1);
    }
    assert_true(child > 0 && waitpid(child, &status, 0) == child && status == 0);
    return contents(path);
}

static void the_same_run_gives_the_same_bytes(void **state)
{
    (void)state;
    static const struct {
        enum report_format format;
        const char *suffix;
    } rows[] = {{REPORT_PDF, "pdf"}, {REPORT_SVG, "svg"}, {REPORT_PNG, "png"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char path[64];
        struct slice pictures[2];
        for (int turn = 0; turn < 2; turn++) {
            pictures[turn] = drawn_apart(rows[i].format, rows[i].suffix, path);
        }
        assert_true(pictures[0].size > 1000);
        assert_true(slice_equal(pictures[0], pictures[1]));
        release(pictures[0]);
        release(pictures[1]);
        unlink(path);
    }
}

static void more_lanes_turn_the_page(void **state)
{
    (void)state;
    char path[64];
    char command[128];
    struct scene scene = scene_new(REPORT_PDF, LADDER_LETTER, limits_default());
    users_register(&scene, 8);
    release(drawn(&scene, "pdf", path));
    snprintf(command, sizeof command, "pdfinfo %s", path);
    struct slice facts = printed(command);
    assert_holds(facts, "Pages:           1\n");
    assert_holds(facts, "792 x 612 pts (letter)");
    release(facts);
    snprintf(command, sizeof command, "pdftotext -layout %s -", path);
    struct slice words = printed(command);
    assert_holds(words, "user-w…ame-0"); /* in the smallest letters there are */
    assert_holds(words, "front end");    /* in small ones, whole */
    release(words);
    unlink(path);
}

static void a_long_page_ends_where_pdf_ends(void **state)
{
    (void)state;
    static const struct {
        int turns;
        const char *pages;
        const char *size;
    } rows[] = {
        {10, "Pages:           1\n", "595.276 x 5"},
        {500, "Pages:           25\n", "595.276 x 841.89 pts (A4)"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char path[64];
        char command[128];
        struct scene scene = scene_new(REPORT_PDF, LADDER_LONG, limits_default());
        for (int turn = 0; turn < rows[i].turns; turn++) {
            say(&scene, ANN, "ann@contoso.example", 200);
        }
        release(drawn(&scene, "pdf", path));
        snprintf(command, sizeof command, "pdfinfo %s", path);
        struct slice facts = printed(command);
        assert_holds(facts, rows[i].pages);
        assert_holds(facts, rows[i].size);
        release(facts);
        unlink(path);
    }
}

static unsigned big_endian(const char *bytes)
{
    const unsigned char *at = (const unsigned char *)bytes;
    return (unsigned)at[0] << 24 | (unsigned)at[1] << 16 | (unsigned)at[2] << 8 | at[3];
}

static void a_png_never_grows_beyond_its_limit(void **state)
{
    (void)state;
    char path[64];
    struct scene scene = scene_new(REPORT_PNG, LADDER_A4, limits_default());
    for (int turn = 0; turn < 1500; turn++) {
        say(&scene, ANN, "ann@contoso.example", 200);
    }
    struct slice picture = drawn(&scene, "png", path);
    assert_true(slice_starts(picture, (struct slice)SLICE("\x89PNG\r\n\x1a\n")));
    unsigned height = big_endian(picture.data + 20);
    assert_in_range(height, 29000, 30000);
    release(picture);
    unlink(path);
}

static void an_empty_document_says_so(void **state)
{
    (void)state;
    char path[64];
    char command[128];
    struct scene scene = scene_new(REPORT_PDF, LADDER_A4, limits_default());
    scene.summary.coverage.verdict = COVERAGE_NONE;
    release(drawn(&scene, "pdf", path));
    snprintf(command, sizeof command, "pdftotext %s -", path);
    struct slice words = printed(command);
    assert_holds(words, "No SIP message could be read.");
    assert_holds(words, "coverage none");
    release(words);
    unlink(path);
}

int main(void)
{
    setenv("TZ", "UTC", 1);
    unsetenv("SOURCE_DATE_EPOCH");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_short_story_in_box_drawing),
        cmocka_unit_test(the_short_story_in_ascii),
        cmocka_unit_test(many_lanes_get_letters),
        cmocka_unit_test(without_addresses_users_are_the_lanes),
        cmocka_unit_test(a_host_that_talks_to_itself_has_a_lane_per_port),
        cmocka_unit_test(nothing_to_draw_says_so),
        cmocka_unit_test(retransmissions_and_copies_fold),
        cmocka_unit_test(what_finds_no_room_is_counted),
        cmocka_unit_test(texts_of_others_are_made_safe),
        cmocka_unit_test(texts_of_messages_are_not_shown),
        cmocka_unit_test(a_pdf_has_pages_words_and_bookmarks),
        cmocka_unit_test(the_same_run_gives_the_same_bytes),
        cmocka_unit_test(more_lanes_turn_the_page),
        cmocka_unit_test(a_long_page_ends_where_pdf_ends),
        cmocka_unit_test(a_png_never_grows_beyond_its_limit),
        cmocka_unit_test(an_empty_document_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
