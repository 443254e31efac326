/*
 * The lanes of a ladder: who is one party, what it is called, where it stands; what is marked
 * in the order of rows; the strips along the lanes.
 */
#include "tests/unit/output_text.h"

#include "analyzer/engine/bands.h"
#include "reports/ladder_lanes.h"
#include "reports/ladder_model.h"
#include "reports/ladder_text.h"

#define START        (INT64_C(1795168800) * TIME_SECOND)
#define COUNT(array) (sizeof(array) / sizeof(array)[0])

#define ANN  "ann@contoso.example"
#define BOB  "bob@contoso.example"
#define CHAT "ocschat@contoso.example"
#define GC01 "gc01.chatsvc@contoso.example"
#define POOL "gc-1-persistentchatservice-2@contoso.example"

/* ---- a run made by hand ---- */

struct scene {
    struct ladder_model model;
    int64_t time;
    uint64_t id;
    char answer[4096];
};

static void scene_init(struct scene *scene, const struct ladder_name *names, size_t name_count)
{
    struct limits limits = limits_default();
    struct ladder_options options = {.names = names, .name_count = name_count};
    *scene = (struct scene){.time = START};
    ladder_model_init(&scene->model, &options, test_seed(), &limits);
}

/* "192.0.2.5:5061", "[2001:db8::5]:5061" with one group at either end, "" = not known. */
static struct address address_of(const char *text)
{
    struct address address = {.family = ADDRESS_NONE};
    unsigned parts[4] = {0};
    unsigned port = 0;
    if (sscanf(text, "%u.%u.%u.%u:%u", &parts[0], &parts[1], &parts[2], &parts[3], &port) == 5) {
        address.family = ADDRESS_IPV4;
        for (int i = 0; i < 4; i++) {
            address.bytes[i] = (unsigned char)parts[i];
        }
    } else if (sscanf(text, "[2001:db8::%x]:%u", &parts[0], &port) == 2) {
        address.family = ADDRESS_IPV6;
        memcpy(address.bytes, "\x20\x01\x0d\xb8", 4);
        address.bytes[15] = (unsigned char)parts[0];
    } else {
        assert_string_equal(text, "");
    }
    address.port = (uint16_t)port;
    return address;
}

/* One request; what is NULL is not said. */
struct asked {
    const char *source;
    const char *destination;
    enum sip_method method;
    const char *from;
    const char *to; /* NULL = `from` */
    const char *epid;
    const char *sent_by;
    const char *contact; /* its raw value, in angle brackets */
    unsigned vias;       /* 0 is taken for 1 */
    uint16_t status;     /* of the answer; 0 = none */
};

static struct sip_party party_of(const char *user, const char *epid)
{
    return (struct sip_party){
        .user = slice_of(user), .uri = slice_of(user), .epid = slice_of(epid)};
}

static struct message message_of(struct scene *scene, const struct asked *asked)
{
    scene->time += TIME_SECOND;
    scene->id++;
    struct message message = {
        .request = true,
        .id = scene->id,
        .transaction = scene->id,
        .method = asked->method,
        .method_name = slice_of(sip_method_name(asked->method)),
        .expires = -1,
        .subscription_expires = -1,
        .session_expires = -1,
        .from = party_of(asked->from, asked->epid),
        .to = party_of(asked->to ? asked->to : asked->from, NULL),
        .sent_by = slice_of(asked->sent_by),
        .observed = {.origin = {.time = scene->time, .record = scene->id},
                     .source = address_of(asked->source),
                     .destination = address_of(asked->destination)},
    };
    if (asked->contact) {
        message.contact.raw = slice_of(asked->contact);
        message.contact.uri = slice_sub(message.contact.raw, 1, message.contact.raw.size - 2);
    }
    return message;
}

static void feed(struct scene *scene, struct message *message)
{
    struct event event = {
        .kind = EVENT_MESSAGE, .origin = message->observed.origin, .message = message};
    message->observations = &message->observed;
    message->observation_count = 1;
    ladder_model_event(&scene->model, &event);
}

static void answer(struct scene *scene, const struct message *asked, uint16_t status)
{
    struct message message = *asked;
    scene->time += TIME_SECOND;
    message.request = false;
    message.id = ++scene->id;
    message.status = status;
    message.reason = slice_of("Whatever");
    message.contact = (struct sip_party){.raw = slice_of("")};
    message.observed.source = asked->observed.destination;
    message.observed.destination = asked->observed.source;
    message.observed.origin = (struct origin){.time = scene->time, .record = message.id};
    feed(scene, &message);
}

static struct message ask(struct scene *scene, const struct asked *asked)
{
    static const struct sip_header vias[] = {{SLICE("Via"), SLICE("SIP/2.0/TLS one")},
                                             {SLICE("Via"), SLICE("SIP/2.0/TLS two")},
                                             {SLICE("Via"), SLICE("SIP/2.0/TLS three")}};
    struct message message = message_of(scene, asked);
    message.headers = vias;
    message.header_count = asked->vias > 0 ? asked->vias : 1;
    feed(scene, &message);
    if (asked->status > 0) {
        answer(scene, &message, asked->status);
    }
    return message;
}

static void chat(struct scene *scene, const struct message *carrier, enum chat_class class,
                 enum chat_verb verb)
{
    struct event event = {
        .kind = EVENT_CHAT, .origin = carrier->observed.origin, .message = carrier};
    event.as.chat = (struct chat_fact){.class = class, .verb = verb, .name = SLICE("x")};
    ladder_model_event(&scene->model, &event);
}

static void presence(struct scene *scene, const char *user, enum band from, enum band band)
{
    struct change change = {.kind = CHANGE_PRESENCE, .time = scene->time};
    change.as.presence =
        (struct presence_change){.user = slice_of(user), .from = from, .band = band};
    ladder_model_change(&scene->model, &change);
}

/* "ann 192.0.2.31 | fe01 192.0.2.5 (front end)", from left to right. */
static const char *lanes_of(struct scene *scene)
{
    const struct ladder_model *model = &scene->model;
    size_t at = 0;
    for (size_t i = 0; i < model->lane_count; i++) {
        const struct ladder_lane *lane = &model->lanes[model->order[i]];
        assert_int_equal(lane->place, i);
        at += (size_t)snprintf(scene->answer + at, sizeof scene->answer - at, "%s%.*s %.*s%s%.*s%s",
                               i > 0 ? " | " : "", TEXT(lane->name), TEXT(lane->address),
                               lane->role.size > 0 ? " (" : "", TEXT(lane->role),
                               lane->role.size > 0 ? ")" : "");
        assert_true(at < sizeof scene->answer);
    }
    return scene->answer;
}

static void assert_lanes(const struct asked *asked, size_t count, const char *expected)
{
    struct scene scene;
    scene_init(&scene, NULL, 0);
    for (size_t i = 0; i < count; i++) {
        ask(&scene, &asked[i]);
    }
    ladder_model_settle(&scene.model);
    assert_string_equal(lanes_of(&scene), expected);
    for (size_t i = 0; i < scene.model.row_count; i++) {
        const struct ladder_row *row = &scene.model.rows[i];
        assert_true(row->from < scene.model.lane_count && row->to < scene.model.lane_count);
    }
    ladder_model_dispose(&scene.model);
}

#define FE "192.0.2.5:5061"

/* ---- who is one party ---- */

static void an_endpoint_that_comes_back_is_one_lane(void **state)
{
    (void)state;
    static const struct asked rows[] = {
        {"192.0.2.31:50001", FE, SIP_REGISTER, ANN, .epid = "aa01", .status = 200},
        {"192.0.2.31:50002", FE, SIP_SUBSCRIBE, ANN, .epid = "aa01"},
        {"198.51.100.7:61000", FE, SIP_REGISTER, ANN, .epid = "aa01", .status = 200},
        {"192.0.2.32:50001", FE, SIP_REGISTER, ANN, .epid = "aa02", .status = 200},
    };
    assert_lanes(rows, COUNT(rows),
                 "ann 192.0.2.31, 198.51.100.7 | ann 192.0.2.32 | front end 192.0.2.5");
}

static void without_epid_instance_gruu_and_contact_say_the_same(void **state)
{
    (void)state;
    static const char *const contacts[] = {
        "<sip:192.168.1.5:5060>;+sip.instance=\"<urn:uuid:0A1B>\"",
        "<sip:ann@contoso.example;opaque=user:epid:q1Zb;gruu>",
        "<sip:ann@192.168.1.5:5060>",
    };
    for (size_t i = 0; i < COUNT(contacts); i++) {
        struct asked rows[] = {
            {"192.0.2.31:50001", FE, SIP_REGISTER, ANN, .contact = contacts[i], .status = 200},
            {"198.51.100.7:61000", FE, SIP_REGISTER, ANN, .contact = contacts[i], .status = 200},
        };
        assert_lanes(rows, 2, "ann 192.0.2.31, 198.51.100.7 | front end 192.0.2.5");
        rows[1].contact = "<sip:ann@192.168.1.9:5060>";
        assert_lanes(rows, 2, "ann 192.0.2.31 | ann 198.51.100.7 | front end 192.0.2.5");
    }
}

static void endpoints_behind_one_address_are_told_apart_by_port(void **state)
{
    (void)state;
    static const struct asked rows[] = {
        {"203.0.113.1:1001", FE, SIP_REGISTER, ANN, .epid = "aa01", .status = 200},
        {"203.0.113.1:1002", FE, SIP_REGISTER, BOB, .epid = "bb01", .status = 200},
        {"203.0.113.1:1003", FE, SIP_REGISTER, ANN, .epid = "aa01", .status = 200},
        {"203.0.113.1:1004", FE, SIP_REGISTER, ANN, .epid = "aa02", .status = 200},
    };
    assert_lanes(rows, COUNT(rows),
                 "ann 203.0.113.1:1001, :1003 | ann 203.0.113.1:1004 | "
                 "bob 203.0.113.1:1002 | front end 192.0.2.5");
}

static void what_ports_do_not_tell_apart_stays_one_lane(void **state)
{
    (void)state;
    static const struct asked no_epid[] = {
        {"203.0.113.1:1001", FE, SIP_REGISTER, ANN, .status = 200},
        {"203.0.113.1:1002", FE, SIP_REGISTER, BOB, .status = 200},
    };
    assert_lanes(no_epid, COUNT(no_epid), "ann, bob 203.0.113.1 | front end 192.0.2.5");
    static const struct asked one_connection[] = {
        {"203.0.113.1:1001", FE, SIP_REGISTER, ANN, .epid = "aa01", .status = 200},
        {"203.0.113.1:1001", FE, SIP_REGISTER, BOB, .epid = "bb01", .status = 200},
    };
    assert_lanes(one_connection, COUNT(one_connection),
                 "ann, bob 203.0.113.1 | front end 192.0.2.5");
}

/* What begins anew what a client asked of it carries the client's epid, and is no client. */
static void who_talk_to_each_other_are_never_one(void **state)
{
    (void)state;
    static const struct asked rows[] = {
        {"192.0.2.31:50001", "192.0.2.9:5061", SIP_SUBSCRIBE, ANN, .to = BOB, .epid = "aa01"},
        {"192.0.2.9:60001", FE, SIP_SUBSCRIBE, ANN, .to = BOB, .epid = "aa01"},
        {"192.0.2.9:60001", FE, SIP_SUBSCRIBE, ANN, .to = BOB, .epid = "aa01"},
    };
    assert_lanes(rows, COUNT(rows), "ann 192.0.2.31 | ann 192.0.2.9 | server 192.0.2.5");
}

static void one_host_by_both_families_is_one_lane(void **state)
{
    (void)state;
    struct asked rows[] = {
        {"192.0.2.31:50001", FE, SIP_REGISTER, ANN, .epid = "aa01", .status = 200},
        {FE, "192.0.2.31:50001", SIP_BENOTIFY, ANN, .sent_by = "fe01.contoso.example"},
        {"192.0.2.32:50001", "[2001:db8::5]:5061", SIP_REGISTER, BOB, .status = 200},
        {"[2001:db8::5]:5061", "192.0.2.32:50001", SIP_BENOTIFY, BOB,
         .sent_by = "FE01.contoso.example:5061"},
    };
    assert_lanes(rows, COUNT(rows),
                 "ann 192.0.2.31 | bob 192.0.2.32 | fe01 192.0.2.5, 2001:db8::5 (front end)");
    rows[3].sent_by = "192.0.2.5:5061"; /* the address is a name as well */
    assert_lanes(rows, COUNT(rows),
                 "ann 192.0.2.31 | bob 192.0.2.32 | fe01 192.0.2.5, 2001:db8::5 (front end)");
    rows[3].sent_by = "fe02.contoso.example";
    assert_lanes(rows, COUNT(rows),
                 "ann 192.0.2.31 | bob 192.0.2.32 | fe01 192.0.2.5 (front end) | "
                 "fe02 2001:db8::5 (front end)");
}

static void a_host_that_talks_to_itself_is_told_apart_by_port(void **state)
{
    (void)state;
    static const struct asked rows[] = {
        {"127.0.0.1:50001", "127.0.0.1:5061", SIP_REGISTER, ANN, .epid = "aa01", .status = 200},
        {"127.0.0.1:50002", "127.0.0.1:5061", SIP_REGISTER, BOB, .epid = "bb01", .status = 200},
        {"127.0.0.1:50003", "127.0.0.1:5061", SIP_REGISTER, ANN, .epid = "aa01", .status = 200},
        /* The front end opens a connection, and says where it is at home. */
        {"127.0.0.1:61000", "127.0.0.1:5041", SIP_INVITE, ANN, .to = BOB, .epid = "aa01",
         .sent_by = "127.0.0.1:5061", .vias = 2},
    };
    assert_lanes(rows, COUNT(rows),
                 "ann 127.0.0.1:50001, :50003 | bob 127.0.0.1:50002 | bob 127.0.0.1:5041 | "
                 "front end 127.0.0.1:5061, :61000");
}

static void without_addresses_users_ask_their_domain(void **state)
{
    (void)state;
    static const struct asked rows[] = {
        {"", "", SIP_REGISTER, ANN, .status = 200},
        {"", "", SIP_SUBSCRIBE, ANN, .to = BOB},
    };
    assert_lanes(rows, COUNT(rows),
                 "ann@contoso.example  | contoso.example  (front end) | bob@contoso.example ");
}

/* ---- roles ---- */

static void roles_are_told_by_what_was_seen(void **state)
{
    (void)state;
    struct scene scene;
    struct message message;
    scene_init(&scene, NULL, 0);
    const struct asked rows[] = {
        {"198.51.100.9:5067", FE, SIP_PUBLISH, BOB, .status = 200},
        {"192.0.2.31:50001", "192.0.2.4:5061", SIP_REGISTER, ANN, .epid = "aa01", .status = 301},
        {"192.0.2.31:50001", FE, SIP_REGISTER, ANN, .epid = "aa01", .status = 200},
        {"192.0.2.6:61000", "192.0.2.32:5060", SIP_INVITE, ANN, .to = BOB, .vias = 2},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        ask(&scene, &rows[i]);
    }
    message =
        ask(&scene, &(struct asked){FE, "192.0.2.83:5041", SIP_INFO, ANN, .to = POOL, .vias = 2});
    chat(&scene, &message, CHAT_COMMAND, CHAT_JOIN);
    message =
        ask(&scene, &(struct asked){FE, "192.0.2.82:5041", SIP_INFO, ANN, .to = GC01, .vias = 2});
    chat(&scene, &message, CHAT_COMMAND, CHAT_JOIN);
    message =
        ask(&scene, &(struct asked){FE, "192.0.2.81:5041", SIP_INFO, ANN, .to = CHAT, .vias = 2});
    chat(&scene, &message, CHAT_COMMAND, CHAT_REQURI);
    ladder_model_settle(&scene.model);
    assert_string_equal(lanes_of(&scene),
                        "ann 192.0.2.31 | bob 192.0.2.32 | gateway 198.51.100.9 | "
                        "front end 192.0.2.5 | redirect server 192.0.2.4 | proxy 192.0.2.6 | "
                        "ocschat 192.0.2.81 (lookup) | "
                        "gc01.chatsvc 192.0.2.82 (channel service) | "
                        "gc-1-persistentchatservice-2 192.0.2.83 (pool)");
    ladder_model_dispose(&scene.model);
}

static void a_lane_of_several_services_says_so(void **state)
{
    (void)state;
    static const struct {
        const char *services[2];
        const char *lanes;
    } cases[] = {
        {{GC01, GC01}, "ann 192.0.2.31 | gc01.chatsvc 192.0.2.5 (channel service)"},
        {{GC01, "gc02.chatsvc@contoso.example"},
         "ann 192.0.2.31 | gc01.chatsvc, ... 192.0.2.5 (channel service)"},
        {{GC01, POOL}, "ann 192.0.2.31 | gc01.chatsvc 192.0.2.5 (pool)"}, /* not the same kind */
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct scene scene;
        scene_init(&scene, NULL, 0);
        for (size_t k = 0; k < COUNT(cases[i].services); k++) {
            struct message message =
                ask(&scene, &(struct asked){"192.0.2.31:50001", FE, SIP_INFO, ANN,
                                            .to = cases[i].services[k], .epid = "aa01"});
            chat(&scene, &message, CHAT_COMMAND, CHAT_JOIN);
        }
        ladder_model_settle(&scene.model);
        assert_string_equal(lanes_of(&scene), cases[i].lanes);
        ladder_model_dispose(&scene.model);
    }
}

static void a_command_gone_astray_makes_no_service(void **state)
{
    (void)state;
    struct scene scene;
    struct message message;
    scene_init(&scene, NULL, 0);
    static const char client[] = "192.0.2.31:50001";
    for (int i = 0; i < 2; i++) {
        message =
            ask(&scene, &(struct asked){client, FE, SIP_INFO, ANN, .to = CHAT, .epid = "aa01"});
        chat(&scene, &message, CHAT_COMMAND, CHAT_JOIN);
    }
    message = ask(&scene, &(struct asked){FE, client, SIP_INFO, CHAT, .to = ANN});
    chat(&scene, &message, CHAT_COMMAND, CHAT_PART);
    ladder_model_settle(&scene.model);
    assert_string_equal(lanes_of(&scene), "ann 192.0.2.31 | ocschat 192.0.2.5 (channel service)");
    ladder_model_dispose(&scene.model);
}

/* ---- names of the user's ---- */

static void names_are_found_by_all_that_a_party_is_known_by(void **state)
{
    (void)state;
    static const struct {
        struct ladder_name names[2];
        const char *lanes;
        bool used[2];
    } rows[] = {
        {{{SLICE("192.0.2.31"), SLICE("Desk")}, {SLICE("10.0.0.1"), SLICE("Nobody")}},
         "Desk 192.0.2.31 | fe01 192.0.2.5 (front end)",
         {true, false}},
        {{{SLICE("192.0.2.31:50001"), SLICE("Desk")}, {SLICE("192.0.2.31"), SLICE("Later")}},
         "Later 192.0.2.31 | fe01 192.0.2.5 (front end)",
         {true, true}},
        {{{SLICE("FE01.contoso.example"), SLICE("운영 서버")}, {SLICE("sip:" ANN), SLICE("Ann M")}},
         "Ann M 192.0.2.31 | 운영 서버 192.0.2.5 (front end)",
         {true, true}},
        {{{SLICE("192.0.2.5"), SLICE("front end")}, {SLICE("192.0.2.5"), SLICE("\x1b[1mFE")}},
         "ann 192.0.2.31 | \\x1b[1mFE 192.0.2.5 (front end)",
         {true, true}},
        {{{SLICE("192.0.2.5:5060"), SLICE("other port")}, {SLICE("[192.0.2.31]"), SLICE("x")}},
         "x 192.0.2.31 | fe01 192.0.2.5 (front end)",
         {false, true}},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct scene scene;
        scene_init(&scene, rows[i].names, 2);
        ask(&scene, &(struct asked){"192.0.2.31:50001", FE, SIP_REGISTER, ANN, .epid = "aa01",
                                    .status = 200});
        ask(&scene, &(struct asked){FE, "192.0.2.31:50001", SIP_BENOTIFY, ANN,
                                    .sent_by = "fe01.contoso.example"});
        ladder_model_settle(&scene.model);
        assert_string_equal(lanes_of(&scene), rows[i].lanes);
        assert_int_equal(scene.model.names_used[0], rows[i].used[0]);
        assert_int_equal(scene.model.names_used[1], rows[i].used[1]);
        ladder_model_dispose(&scene.model);
    }
}

/* ---- many ---- */

static void crowd(struct scene *scene, unsigned users)
{
    scene_init(scene, NULL, 0);
    for (unsigned i = 0; i < users; i++) {
        char address[32];
        char user[64];
        snprintf(address, sizeof address, "10.%u.%u.%u:%u", i / 60000, i / 250 % 240, i % 250,
                 5060);
        snprintf(user, sizeof user, "user%u@contoso.example", i);
        ask(scene, &(struct asked){address, i % 2 ? FE : "192.0.2.6:5061", SIP_REGISTER, user,
                                   .status = 200});
    }
    struct message asked =
        ask(scene, &(struct asked){FE, "192.0.2.80:5041", SIP_INFO, ANN, .to = CHAT, .vias = 2});
    chat(scene, &asked, CHAT_COMMAND, CHAT_JOIN);
    ladder_model_settle(&scene->model);
}

static void beyond_the_last_lane_servers_keep_theirs(void **state)
{
    (void)state;
    struct scene scene;
    crowd(&scene, 100);
    const struct ladder_model *model = &scene.model;
    assert_int_equal(model->lane_count, LADDER_LANES);
    const struct ladder_lane *last = &model->lanes[model->order[LADDER_LANES - 1]];
    assert_true(last->others);
    assert_slice_equal(last->name, "others");
    assert_slice_equal(last->address, "40 parties"); /* 100 users less 63 lanes less 3 servers */
    assert_slice_equal(model->lanes[model->order[60]].address, "192.0.2.6");
    assert_slice_equal(model->lanes[model->order[61]].address, "192.0.2.5");
    assert_slice_equal(model->lanes[model->order[62]].address, "192.0.2.80");
    assert_slice_equal(model->lanes[model->order[59]].name, "user59");
    ladder_model_dispose(&scene.model);
}

/* 50 users at 50 front ends: half of the lanes for each. */
static void users_and_servers_share_the_lanes(void **state)
{
    (void)state;
    struct scene scene;
    size_t servers = 0;
    scene_init(&scene, NULL, 0);
    for (unsigned i = 0; i < 50; i++) {
        char client[32];
        char server[32];
        snprintf(client, sizeof client, "10.0.0.%u:5060", i);
        snprintf(server, sizeof server, "10.0.1.%u:5061", i);
        ask(&scene, &(struct asked){client, server, SIP_REGISTER, ANN, .status = 200});
    }
    ladder_model_settle(&scene.model);
    assert_int_equal(scene.model.lane_count, LADDER_LANES);
    for (size_t i = 0; i < LADDER_LANES; i++) {
        const struct ladder_lane *lane = &scene.model.lanes[scene.model.order[i]];
        servers += slice_equal(lane->name, slice_of("front end"));
        assert_int_equal(lane->others, i == LADDER_LANES - 1);
    }
    assert_int_equal(servers, 31);
    assert_slice_equal(scene.model.lanes[scene.model.order[63]].address, "37 parties");
    ladder_model_dispose(&scene.model);
}

static void beyond_the_last_door_all_share_one(void **state)
{
    (void)state;
    struct scene scene;
    crowd(&scene, LADDER_DOORS + 100);
    const struct ladder_model *model = &scene.model;
    assert_true(model->door_count <= LADDER_DOORS + 2);
    assert_int_equal(model->lane_count, LADDER_LANES);
    for (size_t i = 0; i < model->row_count; i++) {
        assert_true(model->rows[i].from < LADDER_LANES && model->rows[i].to < LADDER_LANES);
    }
    ladder_model_dispose(&scene.model);
}

static void forty_lanes_are_a_list(void **state)
{
    (void)state;
    struct scene scene;
    struct written written;
    struct summary summary = {.coverage = {.verdict = COVERAGE_FULL}};
    crowd(&scene, 40);
    for (size_t ascii = 0; ascii < 2; ascii++) {
        struct report_style style = {.columns = 80, .ascii = ascii == 1};
        ladder_text_write(&scene.model, &summary, &style, "forty", written_open(&written));
        char *text = written_close(&written);
        assert_true(widest_line(text) <= 80);
        assert_non_null(strstr(text, ascii ? " user39 ---> front end 42" : " user39 ───> "));
        assert_non_null(strstr(text, "42 = front end  192.0.2.5\n"));
        free(text);
    }
    ladder_model_dispose(&scene.model);
}

/* ---- order ---- */

static void a_clock_that_goes_back_is_noted(void **state)
{
    (void)state;
    static const struct {
        int64_t step; /* ns from the message before */
        const char *note;
    } rows[] = {
        {0, NULL}, /* equal stamps keep the order of capture */
        {-999999, NULL},
        {-INT64_C(1000000), "the clock goes back by 0.001 s here"},
        {-5 * TIME_SECOND, "the clock goes back by 5.000 s here"},
        {-125 * TIME_SECOND, "the clock goes back by 2 min 5 s here"},
        {-7261 * TIME_SECOND, "the clock goes back by 2 h 1 min here"},
        {TIME_SECOND, NULL},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct scene scene;
        const struct asked asked = {"192.0.2.31:50001", FE, SIP_OPTIONS, ANN, .to = BOB};
        scene_init(&scene, NULL, 0);
        ask(&scene, &asked);
        scene.time += rows[i].step - TIME_SECOND;
        ask(&scene, &asked);
        ladder_model_settle(&scene.model);
        assert_int_equal(scene.model.row_count, rows[i].note ? 3 : 2);
        if (rows[i].note) {
            assert_int_equal(scene.model.rows[1].kind, ROW_COVERAGE);
            assert_slice_equal(scene.model.rows[1].title, rows[i].note);
        }
        assert_int_equal(scene.model.rows[scene.model.row_count - 1].message, 2);
        ladder_model_dispose(&scene.model);
    }
}

static void a_response_before_its_request_is_marked(void **state)
{
    (void)state;
    struct scene scene;
    struct arena arena;
    const struct asked asked = {"192.0.2.31:50001", FE, SIP_OPTIONS, ANN, .to = BOB};
    scene_init(&scene, NULL, 0);
    struct message request = message_of(&scene, &asked);
    answer(&scene, &request, 200);
    feed(&scene, &request);
    request.transaction = 99; /* whose request never comes */
    answer(&scene, &request, 200);
    ladder_model_settle(&scene.model);
    arena_init(&arena);
    assert_int_equal(scene.model.row_count, 4); /* and the clock */
    assert_slice_equal(ladder_row_repeats(&scene.model.rows[0], &arena), "before its request");
    assert_slice_equal(ladder_row_repeats(&scene.model.rows[2], &arena), "");
    assert_slice_equal(ladder_row_repeats(&scene.model.rows[3], &arena), "");
    arena_dispose(&arena);
    ladder_model_dispose(&scene.model);
}

static void a_request_behind_a_later_one_is_marked(void **state)
{
    (void)state;
    static const struct {
        uint32_t cseq;
        const char *tag; /* of the sender */
        enum sip_method method;
        enum message_role role;
        bool late;
    } rows[] = {
        {5, "a", SIP_INFO, MESSAGE_FIRST, false},
        {7, "a", SIP_INFO, MESSAGE_FIRST, false},
        {6, "a", SIP_INFO, MESSAGE_FIRST, true},
        {5, "a", SIP_INFO, MESSAGE_ANOTHER_HOP, false},
        {5, "a", SIP_ACK, MESSAGE_FIRST, false},
        {1, "b", SIP_INFO, MESSAGE_FIRST, false}, /* the other direction counts by itself */
        {8, "a", SIP_BYE, MESSAGE_FIRST, false},
    };
    struct scene scene;
    scene_init(&scene, NULL, 0);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct message message = message_of(
            &scene, &(struct asked){"192.0.2.31:50001", FE, rows[i].method, ANN, .to = BOB});
        message.dialog = 4;
        message.cseq = rows[i].cseq;
        message.role = rows[i].role;
        message.from.tag = slice_of(rows[i].tag);
        message.to.tag = slice_of("other");
        feed(&scene, &message);
    }
    ladder_model_settle(&scene.model);
    assert_int_equal(scene.model.row_count, COUNT(rows));
    for (size_t i = 0; i < COUNT(rows); i++) {
        assert_int_equal(scene.model.rows[i].late, rows[i].late);
    }
    ladder_model_dispose(&scene.model);
}

/* ---- strips ---- */

struct expected_part {
    const char *lane;
    enum band band;
    size_t first;
    size_t end;
};

static void assert_parts(const struct scene *scene, const struct expected_part *parts, size_t count)
{
    assert_int_equal(scene->model.part_count, count);
    for (size_t i = 0; i < count; i++) {
        const struct ladder_part *part = &scene->model.parts[i];
        assert_slice_equal(scene->model.lanes[part->lane].address, parts[i].lane);
        assert_int_equal(part->band, parts[i].band);
        assert_int_equal(part->first, parts[i].first);
        assert_int_equal(part->end, parts[i].end);
        assert_int_equal(part->slot, 0);
    }
}

static void a_strip_goes_along_every_endpoint_of_its_user(void **state)
{
    (void)state;
    struct scene scene;
    scene_init(&scene, NULL, 0);
    ask(&scene, &(struct asked){"192.0.2.31:50001", FE, SIP_REGISTER, ANN, .epid = "aa01"});
    ask(&scene, &(struct asked){"192.0.2.32:50001", FE, SIP_REGISTER, ANN, .epid = "aa02"});
    ask(&scene,
        &(struct asked){"192.0.2.33:50001", FE, SIP_SUBSCRIBE, BOB, .to = ANN, .epid = "bb01"});
    presence(&scene, ANN, BAND_UNKNOWN, BAND_AVAILABLE);              /* row 3 */
    presence(&scene, "eve@contoso.example", BAND_UNKNOWN, BAND_BUSY); /* row 4: has no lane */
    presence(&scene, ANN, BAND_AVAILABLE, BAND_BUSY);                 /* row 5 */
    ladder_model_settle(&scene.model);
    static const struct expected_part parts[] = {
        {"192.0.2.31", BAND_AVAILABLE, 3, 5},
        {"192.0.2.32", BAND_AVAILABLE, 3, 5},
        {"192.0.2.31", BAND_BUSY, 5, 6},
        {"192.0.2.32", BAND_BUSY, 5, 6},
    };
    assert_parts(&scene, parts, COUNT(parts));
    ladder_model_dispose(&scene.model);
}

static void a_strip_begins_at_the_top_only_if_something_says_so(void **state)
{
    (void)state;
    struct scene scene;
    scene_init(&scene, NULL, 0);
    ask(&scene, &(struct asked){"192.0.2.31:50001", FE, SIP_REGISTER, ANN, .epid = "aa01"});
    ask(&scene, &(struct asked){"192.0.2.32:50001", FE, SIP_REGISTER, BOB, .epid = "bb01"});
    presence(&scene, BOB, BAND_UNKNOWN, BAND_AWAY);   /* row 2 */
    presence(&scene, ANN, BAND_AVAILABLE, BAND_BUSY); /* row 3: what was, is said */
    ladder_model_settle(&scene.model);
    static const struct expected_part parts[] = {
        {"192.0.2.31", BAND_AVAILABLE, SIZE_MAX, 3},
        {"192.0.2.32", BAND_AWAY, 2, 4},
        {"192.0.2.31", BAND_BUSY, 3, 4},
    };
    assert_parts(&scene, parts, COUNT(parts));
    ladder_model_dispose(&scene.model);
}

static void a_gateway_has_the_strip_of_those_it_publishes_for(void **state)
{
    (void)state;
    struct scene scene;
    scene_init(&scene, NULL, 0);
    ask(&scene, &(struct asked){"198.51.100.9:5067", FE, SIP_PUBLISH, BOB, .status = 0});
    presence(&scene, BOB, BAND_UNKNOWN, BAND_BUSY); /* row 1 */
    ladder_model_settle(&scene.model);
    static const struct expected_part parts[] = {{"198.51.100.9", BAND_BUSY, 1, 2}};
    assert_parts(&scene, parts, COUNT(parts));
    ladder_model_dispose(&scene.model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_endpoint_that_comes_back_is_one_lane),
        cmocka_unit_test(without_epid_instance_gruu_and_contact_say_the_same),
        cmocka_unit_test(endpoints_behind_one_address_are_told_apart_by_port),
        cmocka_unit_test(what_ports_do_not_tell_apart_stays_one_lane),
        cmocka_unit_test(who_talk_to_each_other_are_never_one),
        cmocka_unit_test(one_host_by_both_families_is_one_lane),
        cmocka_unit_test(a_host_that_talks_to_itself_is_told_apart_by_port),
        cmocka_unit_test(without_addresses_users_ask_their_domain),
        cmocka_unit_test(roles_are_told_by_what_was_seen),
        cmocka_unit_test(a_lane_of_several_services_says_so),
        cmocka_unit_test(a_command_gone_astray_makes_no_service),
        cmocka_unit_test(names_are_found_by_all_that_a_party_is_known_by),
        cmocka_unit_test(beyond_the_last_lane_servers_keep_theirs),
        cmocka_unit_test(users_and_servers_share_the_lanes),
        cmocka_unit_test(beyond_the_last_door_all_share_one),
        cmocka_unit_test(forty_lanes_are_a_list),
        cmocka_unit_test(a_clock_that_goes_back_is_noted),
        cmocka_unit_test(a_response_before_its_request_is_marked),
        cmocka_unit_test(a_request_behind_a_later_one_is_marked),
        cmocka_unit_test(a_strip_goes_along_every_endpoint_of_its_user),
        cmocka_unit_test(a_strip_begins_at_the_top_only_if_something_says_so),
        cmocka_unit_test(a_gateway_has_the_strip_of_those_it_publishes_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
