/*
 * XCCOS bodies: decoders/xccos.c with its blocks, rosters and posts. The samples
 * of bodies/xccos.txt named by a number are those of facts/xccos.md part 2.
 */
#include "tests/unit/body_samples.h"

#define SAMPLES "tests/unit/bodies/xccos.txt"

static void test_samples(void **state)
{
    (void)state;
    check_samples(SAMPLES);
}

static void test_every_prefix_gives_the_first_facts(void **state)
{
    (void)state;
    check_prefixes(SAMPLES);
}

/* ---- large rosters and caps ---- */

static void append_users(struct buffer *body, size_t count, bool ascending)
{
    for (size_t i = 0; i < count; i++) {
        buffer_append_text(body, "<uib id=\"");
        buffer_append_u64(body, ascending ? i : count - 1 - i);
        buffer_append_text(body, "\" uri=\"sip:user");
        buffer_append_u64(body, i);
        buffer_append_text(body, "@contoso.example\"/>");
    }
}

static void append_room(struct buffer *body, size_t first, size_t last)
{
    buffer_append_text(body, "<chanib uri=\"ma-chan://a/b\"><aib key=\"3984\" value=\"");
    for (size_t i = first; i <= last; i++) {
        buffer_append_u64(body, i);
        buffer_append_text(body, ",");
    }
    buffer_append_text(body, "\"/></chanib>");
}

static void open_reply(struct buffer *body)
{
    buffer_init(body, SIZE_MAX);
    buffer_append_text(body, "<xccos ver=\"1\" envid=\"9\" xmlns=\"urn:parlano:xml:ns:xccos\">"
                             "<rpl id=\"rpl:bjoin\" seqid=\"1\"><resp code=\"200\"/><data>");
}

static void close_reply(struct buffer *body)
{
    buffer_append_text(body, "</data></rpl></xccos>");
}

static struct facts decode_reply(const struct limits *limits, const struct buffer *body,
                                 struct arena *arena)
{
    struct facts facts;
    struct body_reader *reader = body_reader_new(limits);
    struct message message = {
        .body = buffer_slice(body),
        .content_type = slice_of("text/plain"),
        .content_type_full = slice_of("text/plain"),
    };
    body_decode(reader, &message, arena, &facts);
    body_reader_free(reader);
    /* Nothing below looks at the message. */
    return facts;
}

/* 200,000 users in one reply, counted up or down: linear, and each number finds its user. */
static void test_big_roster(void **state)
{
    (void)state;
    const size_t count = 200000;
    struct limits limits = limits_default();
    for (int ascending = 0; ascending < 2; ascending++) {
        struct buffer body;
        struct arena arena;
        arena_init(&arena);
        open_reply(&body);
        append_room(&body, 0, count);
        append_users(&body, count, ascending == 1);
        close_reply(&body);
        struct facts facts = decode_reply(&limits, &body, &arena);
        assert_int_equal(facts.count, 1);
        const struct chat_room *room = &facts.items[0].as.chat.rooms[0];
        assert_int_equal(room->member_count, count + 1);
        for (size_t i = 0; i < count; i++) {
            char user[64];
            snprintf(user, sizeof user, "user%zu@contoso.example", ascending ? i : count - 1 - i);
            assert_slice_equal(room->members[i].user, user);
            assert_int_equal(room->members[i].id, i);
        }
        assert_true(room->members[count].unresolved);
        arena_dispose(&arena);
        buffer_dispose(&body);
    }
}

/* The code of the first fact. */
static const char *first_code(const struct facts *facts)
{
    const struct event *event = &facts->items[0];
    assert_int_equal(event->kind, EVENT_DIAGNOSTIC);
    return event->as.diagnostic.code;
}

static void test_members_are_capped(void **state)
{
    (void)state;
    struct limits limits = limits_default();
    struct buffer body;
    struct arena arena;
    limits.body_members = 9;
    arena_init(&arena);
    open_reply(&body);
    append_users(&body, 3, true);
    append_room(&body, 0, 2);
    append_room(&body, 0, 2);
    close_reply(&body);
    struct facts facts = decode_reply(&limits, &body, &arena);
    /* 3 users and 2 lists leave 4 members: 3 in the first room, 1 in the second. */
    assert_int_equal(facts.count, 2);
    assert_string_equal(first_code(&facts), "xccos-members-capped");
    assert_int_equal(facts.items[1].as.chat.rooms[0].member_count, 3);
    assert_int_equal(facts.items[1].as.chat.rooms[1].member_count, 1);
    arena_dispose(&arena);
    buffer_dispose(&body);
}

static void test_rooms_are_capped(void **state)
{
    (void)state;
    struct limits limits = limits_default();
    struct buffer body;
    struct arena arena;
    limits.body_facts = 3;
    arena_init(&arena);
    open_reply(&body);
    append_users(&body, 1, true);
    for (int i = 0; i < 5; i++) {
        append_room(&body, 0, 0);
    }
    close_reply(&body);
    struct facts facts = decode_reply(&limits, &body, &arena);
    assert_int_equal(facts.count, 2);
    assert_string_equal(first_code(&facts), "xccos-rooms-capped");
    assert_int_equal(facts.items[1].as.chat.room_count, 3);
    assert_int_equal(facts.items[1].as.chat.rooms[2].member_count, 1);
    arena_dispose(&arena);
    buffer_dispose(&body);
}

/* The ticket is a secret: it stands in the raw bytes and nowhere else. */
static void test_token_is_not_kept(void **state)
{
    (void)state;
    struct limits limits = limits_default();
    struct buffer body;
    struct arena arena;
    arena_init(&arena);
    open_reply(&body);
    buffer_append_text(&body, "<token token=\"6f0e3a1c-7b52\" serveruri=\"https://fe01/x\"/>");
    close_reply(&body);
    struct facts facts = decode_reply(&limits, &body, &arena);
    struct buffer text = facts_text(&facts, false);
    assert_true(facts.items[0].as.chat.has_token);
    assert_true(slice_find(buffer_slice(&text), slice_of("6f0e3a1c")) == SLICE_NONE);
    assert_true(slice_find(facts.items[0].as.chat.raw, slice_of("6f0e3a1c")) != SLICE_NONE);
    buffer_dispose(&text);
    arena_dispose(&arena);
    buffer_dispose(&body);
}

/* ---- preferences, unknown names, envelopes: their caps ---- */

static const struct event *find_code(const struct facts *facts, const char *code)
{
    for (size_t i = 0; i < facts->count; i++) {
        const struct event *event = &facts->items[i];
        if (event->kind == EVENT_DIAGNOSTIC && strcmp(event->as.diagnostic.code, code) == 0) {
            return event;
        }
    }
    return NULL;
}

/* 100,000 blanks, compressed to some hundred bytes: unpacked as far as the cap lets it. */
static void test_preferences_are_capped(void **state)
{
    (void)state;
    static const char packed[] =
        "H4sIAAAAAAAC/+3BMQEAAADCoCrrn9IaHkABAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAArwYt8HnKoIYB"
        "AA==";
    struct limits limits = limits_default();
    struct buffer body;
    struct arena arena;
    limits.preference_bytes = 5000;
    arena_init(&arena);
    open_reply(&body);
    for (int i = 0; i < 2; i++) {
        buffer_append_text(&body, "<pref label=\"a\" seqid=\"1\" content=\"");
        buffer_append_text(&body, packed);
        buffer_append_text(&body, "\"/>");
    }
    close_reply(&body);
    struct facts facts = decode_reply(&limits, &body, &arena);
    assert_non_null(find_code(&facts, "xccos-preference-capped"));
    const struct chat_fact *chat = &facts.items[facts.count - 1].as.chat;
    assert_int_equal(chat->preference_count, 2);
    assert_int_equal(chat->preferences[0].coding, PREFERENCE_GZIP);
    assert_int_equal(chat->preferences[0].plain.size, 5000);
    assert_true(chat->preferences[0].cut);
    assert_int_equal(chat->preferences[1].plain.size, 0);
    assert_true(chat->preferences[1].cut);
    arena_dispose(&arena);
    buffer_dispose(&body);
}

static void test_unknown_names_are_capped(void **state)
{
    (void)state;
    struct limits limits = limits_default();
    struct buffer body;
    struct arena arena;
    limits.unknown_names = 3;
    arena_init(&arena);
    open_reply(&body);
    for (int i = 0; i < 9; i++) {
        buffer_append_text(&body, "<mood>fine</mood>");
    }
    close_reply(&body);
    struct facts facts = decode_reply(&limits, &body, &arena);
    assert_int_equal(facts.count, 2);
    assert_string_equal(first_code(&facts), "xccos-unknown-capped");
    assert_int_equal(facts.items[1].as.chat.unknown_count, 3);
    assert_slice_equal(facts.items[1].as.chat.unknown[2].text, "fine");
    arena_dispose(&arena);
    buffer_dispose(&body);
}

/* Names and texts of any length, elements at any depth: cut, at whole characters. */
static void test_long_unknown_names_are_cut(void **state)
{
    (void)state;
    struct limits limits = limits_default();
    struct buffer body;
    struct arena arena;
    arena_init(&arena);
    open_reply(&body);
    for (int i = 0; i < 40; i++) {
        buffer_append_text(&body, "<ein_ziemlich_langer_name>");
    }
    buffer_append_text(&body, "</ein_ziemlich_langer_name><x>");
    for (int i = 0; i < 200; i++) {
        buffer_append_text(&body, "ü");
    }
    buffer_append_text(&body, "</x>");
    for (int i = 0; i < 39; i++) {
        buffer_append_text(&body, "</ein_ziemlich_langer_name>");
    }
    close_reply(&body);
    struct facts facts = decode_reply(&limits, &body, &arena);
    const struct chat_fact *chat = &facts.items[facts.count - 1].as.chat;
    assert_int_equal(chat->unknown_count, 41);
    assert_int_equal(chat->unknown[40].path.size, 256);
    assert_int_equal(chat->unknown[40].text.size, 160);
    arena_dispose(&arena);
    buffer_dispose(&body);
}

static void test_envelopes_are_capped(void **state)
{
    (void)state;
    struct limits limits = limits_default();
    struct buffer body;
    struct arena arena;
    limits.envelopes = 3;
    arena_init(&arena);
    buffer_init(&body, SIZE_MAX);
    for (int i = 0; i < 50; i++) {
        buffer_append_text(&body, "<xccos ver=\"1\" envid=\"9\" xmlns=\"urn:parlano:xml:ns:xccos\">"
                                  "<cmd id=\"cmd:requri\"><data/></cmd></xccos>");
    }
    struct facts facts = decode_reply(&limits, &body, &arena);
    size_t chats = 0;
    for (size_t i = 0; i < facts.count; i++) {
        chats += facts.items[i].kind == EVENT_CHAT;
    }
    assert_int_equal(chats, 3);
    assert_non_null(find_code(&facts, "xccos-several-envelopes"));
    assert_non_null(find_code(&facts, "xccos-envelopes-capped"));
    arena_dispose(&arena);
    buffer_dispose(&body);
}

/* A post of 8 MiB is read whole. */
static void test_long_text(void **state)
{
    (void)state;
    const size_t size = 8U << 20;
    struct limits limits = limits_default();
    struct buffer body;
    struct arena arena;
    arena_init(&arena);
    buffer_init(&body, SIZE_MAX);
    buffer_append_text(&body, "<xccos ver=\"1\" envid=\"9\" xmlns=\"urn:parlano:xml:ns:xccos\">"
                              "<grpchat id=\"grpchat\"><chat>");
    for (size_t i = 0; i < size / 8; i++) {
        buffer_append_text(&body, "abcdefg ");
    }
    buffer_append_text(&body, "</chat></grpchat></xccos>");
    struct facts facts = decode_reply(&limits, &body, &arena);
    assert_int_equal(facts.count, 1);
    assert_int_equal(facts.items[0].as.chat.post.text.size, size);
    arena_dispose(&arena);
    buffer_dispose(&body);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_samples),
        cmocka_unit_test(test_every_prefix_gives_the_first_facts),
        cmocka_unit_test(test_big_roster),
        cmocka_unit_test(test_members_are_capped),
        cmocka_unit_test(test_rooms_are_capped),
        cmocka_unit_test(test_token_is_not_kept),
        cmocka_unit_test(test_preferences_are_capped),
        cmocka_unit_test(test_unknown_names_are_capped),
        cmocka_unit_test(test_long_unknown_names_are_cut),
        cmocka_unit_test(test_envelopes_are_capped),
        cmocka_unit_test(test_long_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
