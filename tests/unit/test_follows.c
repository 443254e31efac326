/*
 * Followed rooms: roomSetting bodies through the decoder and the engine. The first is the
 * example of facts/xccos.md 2.17; how others may nest is not known.
 */
#include <stdio.h>
#include <stdlib.h>

#include "analyzer/engine/engine.h"
#include "decoders/body.h"
#include "tests/unit/harness.h"

#define OPS     "ma-chan://contoso.example/0b6f5a52-3f0e-4f0b-9a43-6d2c1f7e8a11"
#define COFFEE  "ma-chan://contoso.example/7d1c9e04-51ab-4c66-8b1e-2f94c0a3d722"
#define PUBLISH "application/msrtc-category-publish+xml"
#define ROAMING "application/vnd-microsoft-roaming-self+xml"
#define BEGIN                                                                                      \
    "<publish xmlns=\"http://schemas.microsoft.com/2006/09/sip/rich-presence\">"                   \
    "<publications uri=\"sip:ada@contoso.example\">"
#define END "</publications></publish>"
#define INSTANCE(number, content)                                                                  \
    "<publication categoryName=\"roomSetting\" instance=\"" number "\" container=\"1\" "           \
    "version=\"0\" expireType=\"static\">" content "</publication>"
#define GONE(number)                                                                               \
    "<publication categoryName=\"roomSetting\" instance=\"" number "\" container=\"1\" "           \
    "version=\"1\" expireType=\"static\" expires=\"0\"/>"
#define PROPERTIES(url, name)                                                                      \
    "<roomSetting xmlns=\"http://schemas.microsoft.com/2006/09/sip/roomsetting-example\">"         \
    "<properties xmlns=\"http://schemas.microsoft.com/2010/12/sip/propertyList\">"                 \
    "<property name=\"url\">" url "</property><property name=\"name\">" name                       \
    "</property></properties></roomSetting>"
#define OPS_BRIDGE PROPERTIES(OPS, "Ops Bridge")

struct bench {
    struct engine *engine;
    struct body_reader *reader;
    struct arena arena;
    int64_t now;
    uint64_t id;
    char log[4096];
    size_t used;
};

static void take_change(void *context, const struct change *change)
{
    struct bench *bench = context;
    const struct follow_change *it = &change->as.follow;
    if (change->kind == CHANGE_FOLLOW) {
        bench->used += (size_t)snprintf(bench->log + bench->used, sizeof bench->log - bench->used,
                                        "%.*s %c%.*s '%.*s'\n", (int)it->user.size, it->user.data,
                                        it->follows ? '+' : '-', (int)it->room.size, it->room.data,
                                        (int)it->room_name.size, it->room_name.data);
    }
}

static void take_cap(void *context, const struct event *event)
{
    (void)context;
    (void)event;
    fail_msg("a cap was reached");
}

static void open_bench(struct bench *bench)
{
    const struct change_sink changes = {take_change, bench};
    const struct event_sink caps = {take_cap, bench};
    const struct limits limits = limits_default();
    *bench = (struct bench){.reader = body_reader_new(&limits), .now = TIME_SECOND};
    bench->engine = engine_new(test_seed(), &limits, &changes, &caps);
    arena_init(&bench->arena);
}

static void close_bench(struct bench *bench)
{
    engine_free(bench->engine);
    body_reader_free(bench->reader);
    arena_dispose(&bench->arena);
}

/* The message and what its body holds; the body lies flush against an unmapped page. */
static void feed(struct bench *bench, struct message *message, const char *type, const char *body)
{
    struct guard guard = guard_copy(slice_of(body));
    struct facts facts = {0};
    message->content_type = slice_of(type);
    message->content_type_full = slice_of(type);
    message->body = guard.bytes;
    message->id = ++bench->id;
    bench->now += TIME_SECOND;
    body_decode(bench->reader, message, &bench->arena, &facts);
    struct event event = {
        .kind = EVENT_MESSAGE, .message = message, .origin = {.time = bench->now, .record = 1}};
    engine_feed(bench->engine, &event);
    for (size_t i = 0; i < facts.count; i++) {
        event = facts.items[i];
        event.message = message;
        event.origin = (struct origin){.time = bench->now, .record = 1};
        engine_feed(bench->engine, &event);
    }
    guard_free(&guard);
}

static const struct sip_party ada = {.user = SLICE("ada@contoso.example"), .epid = SLICE("e1")};

static void publish(struct bench *bench, const char *body, uint16_t status)
{
    struct message message = {.request = true,
                              .method = SIP_SERVICE,
                              .from = ada,
                              .to = ada,
                              .transaction = bench->id + 1,
                              .expires = -1};
    feed(bench, &message, PUBLISH, body);
    message.request = false;
    message.status = status;
    feed(bench, &message, "", "");
}

static void document(struct bench *bench, const char *body)
{
    struct message message = {
        .request = true, .method = SIP_BENOTIFY, .from = ada, .to = ada, .expires = -1};
    feed(bench, &message, ROAMING, body);
}

/* clang-format off */
static const struct {
    const char *name;
    const char *bodies[3]; /* published one after the other and accepted */
    const char *expected;
} rows[] = {
    {"the example of the sheet, published twice",
     {BEGIN INSTANCE("1873200411", OPS_BRIDGE) END, BEGIN INSTANCE("1873200411", OPS_BRIDGE) END},
     "ada@contoso.example +" OPS " 'Ops Bridge'\n"},
    {"two rooms at once, one deleted",
     {BEGIN INSTANCE("1", OPS_BRIDGE) INSTANCE("2", PROPERTIES(COFFEE, "Coffee")) END, BEGIN GONE("1") END},
     "ada@contoso.example +" OPS " 'Ops Bridge'\n"
     "ada@contoso.example +" COFFEE " 'Coffee'\n"
     "ada@contoso.example -" OPS " 'Ops Bridge'\n"},
    {"two instances of one room: followed until both are gone",
     {BEGIN INSTANCE("1", OPS_BRIDGE) INSTANCE("2", OPS_BRIDGE) END, BEGIN GONE("1") END, BEGIN GONE("2") END},
     "ada@contoso.example +" OPS " 'Ops Bridge'\n"
     "ada@contoso.example -" OPS " 'Ops Bridge'\n"},
    {"an instance names another room, then the same under another name",
     {BEGIN INSTANCE("1", OPS_BRIDGE) END, BEGIN INSTANCE("1", PROPERTIES(COFFEE, "Coffee")) END,
      BEGIN INSTANCE("1", PROPERTIES(COFFEE, "Tea")) END},
     "ada@contoso.example +" OPS " 'Ops Bridge'\n"
     "ada@contoso.example -" OPS " 'Ops Bridge'\n"
     "ada@contoso.example +" COFFEE " 'Coffee'\n"
     "ada@contoso.example +" COFFEE " 'Tea'\n"},
    {"other nestings; letters of the URI do not count", 
     {BEGIN INSTANCE("1", "<roomSetting><p:property xmlns:p=\"u\" name=\"URL\" value=\"MA-CHAN://Contoso.example/300\"/></roomSetting>") END,
      BEGIN INSTANCE("2", "<roomSetting><url>ma-chan://contoso.example/301</url><name>Old</name></roomSetting>") END,
      BEGIN INSTANCE("3", "<roomSetting><a><b><property name=\"name\">Deep</property></b><c><property name=\"url\">ma-chan://contoso.example/302</property></c></a></roomSetting>") END},
     "ada@contoso.example +ma-chan://contoso.example/300 ''\n"
     "ada@contoso.example +ma-chan://contoso.example/301 'Old'\n"
     "ada@contoso.example +ma-chan://contoso.example/302 'Deep'\n"},
    {"nothing that names a room",
     {BEGIN INSTANCE("1", "<roomSetting/>") END, BEGIN INSTANCE("2", "<roomSetting><property name=\"name\">Ops</property><property>x</property></roomSetting>") END,
      BEGIN "<publication categoryName=\"device\" instance=\"1\" container=\"2\" version=\"0\" expireType=\"static\"><url>" OPS "</url></publication>" END},
     ""},
};
/* clang-format on */

static void rooms_are_followed(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct bench bench;
        open_bench(&bench);
        for (size_t j = 0; j < 3 && rows[i].bodies[j]; j++) {
            publish(&bench, rows[i].bodies[j], 200);
        }
        if (strcmp(bench.log, rows[i].expected) != 0) {
            fail_msg("%s:\n--- expected\n%s--- got\n%s", rows[i].name, rows[i].expected, bench.log);
        }
        close_bench(&bench);
    }
}

static void what_is_refused_is_not_followed(void **state)
{
    (void)state;
    struct bench bench;
    open_bench(&bench);
    publish(&bench, BEGIN INSTANCE("1", OPS_BRIDGE) END, 409);
    assert_string_equal(bench.log, "");
    close_bench(&bench);
}

#define CATEGORIES(content)                                                                        \
    "<roamingData xmlns=\"http://schemas.microsoft.com/2006/09/sip/roaming-self\">"                \
    "<categories xmlns=\"http://schemas.microsoft.com/2006/09/sip/categories\" "                   \
    "uri=\"sip:ada@contoso.example\">" content "</categories></roamingData>"

static void the_owners_document_tells_too(void **state)
{
    (void)state;
    struct bench bench;
    open_bench(&bench);
    document(&bench, CATEGORIES("<category name=\"roomSetting\" instance=\"1\" container=\"1\" "
                                "version=\"1\" expireType=\"static\">" OPS_BRIDGE "</category>"));
    document(&bench, CATEGORIES("<category name=\"roomSetting\" instance=\"1\" container=\"1\"/>"));
    assert_string_equal(bench.log, "ada@contoso.example +" OPS " 'Ops Bridge'\n"
                                   "ada@contoso.example -" OPS " 'Ops Bridge'\n");
    close_bench(&bench);
}

/* Cut anywhere, a body names the room, or it does not. */
static void every_prefix_is_survived(void **state)
{
    static const char whole[] = BEGIN INSTANCE("1873200411", OPS_BRIDGE) END;
    (void)state;
    for (size_t size = 0; size < sizeof whole; size++) {
        char *part = strndup(whole, size);
        struct bench bench;
        open_bench(&bench);
        publish(&bench, part, 200);
        assert_true(bench.used == 0 ||
                    strcmp(bench.log, "ada@contoso.example +" OPS " 'Ops Bridge'\n") == 0);
        close_bench(&bench);
        free(part);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rooms_are_followed),
        cmocka_unit_test(what_is_refused_is_not_followed),
        cmocka_unit_test(the_owners_document_tells_too),
        cmocka_unit_test(every_prefix_is_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
