/*
 * TCP reassembly: what holds for every way of cutting, ordering, repeating and
 * losing the segments of a conversation.
 */
#include "tests/unit/harness.h"

#include <stdio.h>
#include <stdlib.h>

#include "decoders/tcp.h"

enum { TEXT_MAX = 4096, STEP_NS = 1000000 };

static const char client_text[] = "INVITE sip:bob@contoso";
static const char server_text[] = "SIP/2.0 200 OK";

/* What a run handed on, one text per direction; "_" stands for a lost byte. */
struct heard {
    struct tcp *tcp;
    char text[2][TEXT_MAX];
    size_t size[2];
    uint64_t gaps;
    uint64_t conflicts;
    uint64_t closed;
    int64_t time;
    uint64_t record;
    struct origin floor; /* nothing earlier may be handed on by this call */
};

static int direction(const struct tcp_connection *connection, int from)
{
    return connection->ends[from].port == 5060;
}

static void check_floor(const struct heard *heard, const struct origin *origin)
{
    assert_true(origin_compare(origin, &heard->floor) >= 0);
}

static void on_data(void *context, struct tcp_connection *connection, int from, struct slice bytes,
                    const struct origin *origin)
{
    struct heard *heard = context;
    int which = direction(connection, from);
    check_floor(heard, origin);
    assert_true(heard->size[which] + bytes.size <= TEXT_MAX);
    memcpy(heard->text[which] + heard->size[which], bytes.data, bytes.size);
    heard->size[which] += bytes.size;
}

static void on_gap(void *context, struct tcp_connection *connection, int from, uint64_t size,
                   const struct origin *origin)
{
    struct heard *heard = context;
    int which = direction(connection, from);
    check_floor(heard, origin);
    assert_true(heard->size[which] + size <= TEXT_MAX);
    memset(heard->text[which] + heard->size[which], '_', (size_t)size);
    heard->size[which] += (size_t)size;
    heard->gaps++;
}

static void on_close(void *context, struct tcp_connection *connection)
{
    struct heard *heard = context;
    heard->conflicts += connection->conflicts;
    heard->closed++;
}

static void on_cap(void *context, const struct event *event)
{
    (void)context;
    (void)event;
    fail();
}

/* Thousands of runs: what is remembered for comparing need not be megabytes. */
static struct limits small_history(void)
{
    struct limits limits = limits_default();
    limits.tcp_history_bytes = 16384;
    return limits;
}

static void hear(struct heard *heard, const struct limits *limits)
{
    *heard = (struct heard){.time = 1000 * TIME_SECOND, .floor = {.time = TIME_NONE}};
    struct tcp_sink sink = {heard, on_data, on_gap, on_close};
    struct event_sink caps = {on_cap, heard};
    heard->tcp = tcp_new(test_seed(), limits, &sink, &caps);
}

static void hear_end(struct heard *heard)
{
    tcp_end(heard->tcp);
    tcp_free(heard->tcp);
}

/* One segment; `acknowledged` is an offset of the other direction, or -1. */
struct cut {
    int which; /* 0 = client */
    size_t offset;
    struct slice bytes;
    long acknowledged;
    uint8_t flags;
};

static void say(struct heard *heard, const struct cut *cut, const uint32_t base[2])
{
    struct address ends[2] = {
        {.bytes = {192, 0, 2, 21}, .family = ADDRESS_IPV4, .port = 50000},
        {.bytes = {192, 0, 2, 10}, .family = ADDRESS_IPV4, .port = 5060},
    };
    heard->time += STEP_NS;
    struct datagram segment = {
        .origin = {.time = heard->time, .record = ++heard->record},
        .source = ends[cut->which],
        .destination = ends[!cut->which],
        .tcp = true,
        .sequence = base[cut->which] + (uint32_t)cut->offset,
        .flags = cut->flags,
        .payload = cut->bytes,
    };
    if (cut->acknowledged >= 0) {
        segment.flags |= TCP_ACK;
        segment.acknowledged = base[!cut->which] + (uint32_t)cut->acknowledged;
    }
    struct origin promised;
    bool waits = tcp_watermark(heard->tcp, &promised);
    bool promise_first = waits && origin_compare(&promised, &segment.origin) < 0;
    heard->floor = promise_first ? promised : segment.origin;
    tcp_feed(heard->tcp, &segment);
    waits = tcp_watermark(heard->tcp, &promised);
    heard->floor = waits ? promised : segment.origin;
}

static void say_syn(struct heard *heard, const uint32_t base[2])
{
    uint32_t before[2] = {base[0] - 1, base[1] - 1};
    struct cut syn = {.which = 0, .acknowledged = -1, .flags = TCP_SYN};
    say(heard, &syn, before);
    struct cut answer = {.which = 1, .acknowledged = 1, .flags = TCP_SYN};
    say(heard, &answer, before);
}

static struct cut client_cut(size_t from, size_t to)
{
    return (struct cut){
        .offset = from, .bytes = {client_text + from, to - from}, .acknowledged = -1};
}

static void expect(const struct heard *heard, int which, const char *text)
{
    if (heard->size[which] != strlen(text) ||
        memcmp(heard->text[which], text, heard->size[which]) != 0) {
        fail_msg("\"%.*s\" is not \"%s\"", (int)heard->size[which], heard->text[which], text);
    }
}

/* The n-th of the six orders of three things. */
static const int orders[6][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};

/* The client's bytes cut at every pair of positions, in every order, wherever the numbers wrap. */
static void each_cut_in_each_order(bool with_syn, bool twice, bool conflicting)
{
    struct limits limits = small_history();
    const size_t size = sizeof client_text - 1;
    const size_t wrong_size = size;
    static const char wrong[] = "######################";
    for (size_t first = 1; first < size - 1; first++) {
        for (size_t second = first + 1; second < size; second++) {
            struct cut cuts[3] = {client_cut(0, first), client_cut(first, second),
                                  client_cut(second, size)};
            for (int order = 0; order < 6; order++) {
                const uint32_t base[2] = {0U - (uint32_t)(first + (size_t)order), 77};
                struct heard heard;
                hear(&heard, &limits);
                if (with_syn) {
                    say_syn(&heard, base);
                }
                for (int i = 0; i < 3; i++) {
                    struct cut cut = cuts[orders[order][i]];
                    say(&heard, &cut, base);
                    if (conflicting) {
                        cut.bytes = slice_sub((struct slice){wrong, wrong_size}, 0, cut.bytes.size);
                    }
                    if (twice && cut.bytes.size > 1) {
                        say(&heard, &cut, base);
                    }
                }
                hear_end(&heard);
                expect(&heard, 0, client_text);
                assert_int_equal(heard.gaps, 0);
                assert_true((heard.conflicts > 0) == conflicting);
            }
        }
    }
}

static void test_cuts_from_syn(void **state)
{
    (void)state;
    each_cut_in_each_order(true, false, false);
}

static void test_cuts_mid_stream(void **state)
{
    (void)state;
    each_cut_in_each_order(false, false, false);
}

static void test_cuts_twice(void **state)
{
    (void)state;
    each_cut_in_each_order(true, true, false);
    each_cut_in_each_order(false, true, false);
}

static void test_cuts_conflicting(void **state)
{
    (void)state;
    each_cut_in_each_order(true, true, true);
}

/* Pieces that overlap each other by any number of bytes, in every order. */
static void test_overlaps(void **state)
{
    (void)state;
    struct limits limits = small_history();
    const size_t size = sizeof client_text - 1;
    const uint32_t base[2] = {0xfffffff5U, 5};
    for (size_t from = 0; from < size; from++) {
        for (size_t to = from + 1; to <= size; to++) {
            struct cut cuts[3] = {client_cut(0, to), client_cut(from, size),
                                  client_cut(from / 2, to)};
            for (int order = 0; order < 6; order++) {
                struct heard heard;
                hear(&heard, &limits);
                say_syn(&heard, base);
                for (int i = 0; i < 3; i++) {
                    say(&heard, &cuts[orders[order][i]], base);
                }
                hear_end(&heard);
                expect(&heard, 0, client_text);
                assert_int_equal(heard.conflicts, 0);
            }
        }
    }
}

/* A conversation of nine segments; segment `lost` is not captured. */
static void converse(struct heard *heard, const uint32_t base[2], int lost)
{
    const size_t all = sizeof client_text - 1;
    const size_t answer = sizeof server_text - 1;
    struct cut cuts[] = {
        client_cut(0, 7),
        client_cut(7, 12),
        {.which = 1, .offset = 0, .acknowledged = 12},
        client_cut(12, 13),
        client_cut(13, all),
        {.which = 1, .offset = 0, .bytes = {server_text, 3}, .acknowledged = (long)all},
        {.which = 1, .offset = 3, .bytes = {server_text + 3, 8}, .acknowledged = (long)all},
        {.which = 1, .offset = 11, .bytes = {server_text + 11, 3}, .acknowledged = (long)all},
        {.which = 0, .offset = all, .acknowledged = (long)answer},
    };
    say_syn(heard, base);
    for (int i = 0; i < 9; i++) {
        if (i != lost) {
            say(heard, &cuts[i], base);
        }
    }
}

/* Each segment in turn is lost: all other bytes come, and one gap of its size. */
static void test_each_loss(void **state)
{
    (void)state;
    struct limits limits = small_history();
    static const struct {
        int lost;
        const char *client;
        const char *server;
        uint64_t gaps;
    } rows[] = {
        {0, "_______sip:bob@contoso", "SIP/2.0 200 OK", 1},
        {1, "INVITE _____ob@contoso", "SIP/2.0 200 OK", 1},
        {2, "INVITE sip:bob@contoso", "SIP/2.0 200 OK", 0},
        {3, "INVITE sip:b_b@contoso", "SIP/2.0 200 OK", 1},
        {4, "INVITE sip:bo_________", "SIP/2.0 200 OK", 1},
        {5, "INVITE sip:bob@contoso", "___/2.0 200 OK", 1},
        {6, "INVITE sip:bob@contoso", "SIP________ OK", 1},
        {7, "INVITE sip:bob@contoso", "SIP/2.0 200___", 1},
        {8, "INVITE sip:bob@contoso", "SIP/2.0 200 OK", 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        for (uint32_t wrap = 0; wrap < 24; wrap++) {
            const uint32_t base[2] = {0U - wrap, wrap - 11U};
            struct heard heard;
            hear(&heard, &limits);
            converse(&heard, base, rows[i].lost);
            hear_end(&heard);
            expect(&heard, 0, rows[i].client);
            expect(&heard, 1, rows[i].server);
            assert_int_equal(heard.gaps, rows[i].gaps);
            assert_int_equal(heard.closed, 1);
        }
    }
}

/* A repeatable sequence of numbers (Knuth's MMIX generator). */
static uint32_t draw(uint64_t *state, uint32_t below)
{
    *state = *state * 6364136223846793005U + 1442695040888963407U;
    return (uint32_t)(*state >> 33) % below;
}

/*
 * Random conversations with loss, reordering and copies: whatever comes is in
 * place, and nothing is earlier than the watermark had promised (check_floor).
 */
static void test_random_conversations(void **state)
{
    (void)state;
    struct limits limits = small_history();
    enum { BYTES = 1500 };
    static char text[BYTES + 1];
    for (size_t i = 0; i < BYTES; i++) {
        text[i] = (char)('a' + i % 26);
    }
    uint64_t seed = 1;
    for (int round = 0; round < 300; round++) {
        const uint32_t base[2] = {draw(&seed, 0x7fffffff) * 2, draw(&seed, 0x7fffffff)};
        struct heard heard;
        hear(&heard, &limits);
        say_syn(&heard, base);
        size_t sent = 0;
        while (sent < BYTES) {
            size_t back = draw(&seed, 4) == 0 ? draw(&seed, 60) : 0;
            size_t skip = draw(&seed, 5) == 0 ? draw(&seed, 40) : 0;
            size_t from = sent > back ? sent - back : 0;
            from = from + skip < BYTES ? from + skip : from;
            size_t size = 1 + draw(&seed, 30);
            size = from + size < BYTES ? size : BYTES - from;
            struct cut cut = {.offset = from, .bytes = {text + from, size}, .acknowledged = -1};
            say(&heard, &cut, base);
            sent = from + size > sent ? from + size : sent;
            if (draw(&seed, 3) == 0) {
                struct cut answer = {.which = 1,
                                     .acknowledged = (long)draw(&seed, (uint32_t)sent + 1)};
                say(&heard, &answer, base);
            }
            heard.time += draw(&seed, 8) == 0 ? draw(&seed, 1500) * (int64_t)STEP_NS : 0;
        }
        hear_end(&heard);
        assert_int_equal(heard.size[0], BYTES);
        for (size_t i = 0; i < BYTES; i++) {
            assert_true(heard.text[0][i] == text[i] || heard.text[0][i] == '_');
        }
        assert_int_equal(heard.conflicts, 0);
    }
}

/* Record times at both ends of what a capture can say: deadlines neither overflow nor loop. */
static void test_extreme_times(void **state)
{
    (void)state;
    struct limits limits = small_history();
    static const int64_t times[] = {INT64_MIN, INT64_MAX - 1, INT64_MIN + 1, 0,
                                    INT64_MAX - STEP_NS};
    const uint32_t base[2] = {1, 2};
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
        struct heard heard;
        hear(&heard, &limits);
        heard.time = 0;
        say_syn(&heard, base);
        heard.time = times[i] < INT64_MAX - STEP_NS ? times[i] : INT64_MAX - STEP_NS;
        struct cut later = client_cut(7, 12);
        say(&heard, &later, base);
        struct cut fin = {.which = 0, .offset = 22, .acknowledged = -1, .flags = TCP_FIN};
        heard.time = 0;
        say(&heard, &fin, base);
        tcp_tick(heard.tcp, INT64_MAX);
        expect(&heard, 0, "_______sip:b__________");
        hear_end(&heard);
        assert_int_equal(heard.gaps, 2);
    }
}

/* One-byte segments backwards: every one waits for the last. */
static void test_backwards(void **state)
{
    (void)state;
    struct limits limits = small_history();
    limits.tcp_waiting_bytes = SIZE_MAX;
    limits.tcp_waiting_total = SIZE_MAX;
    enum { BYTES = TEXT_MAX };
    static char text[BYTES];
    memset(text, 'x', BYTES);
    const uint32_t base[2] = {123, 456};
    struct heard heard;
    hear(&heard, &limits);
    say_syn(&heard, base);
    for (size_t i = BYTES; i > 0; i--) {
        struct cut cut = {.offset = i - 1, .bytes = {text + i - 1, 1}, .acknowledged = -1};
        assert_int_equal(heard.size[0], 0);
        say(&heard, &cut, base);
    }
    assert_int_equal(heard.size[0], BYTES);
    hear_end(&heard);
    assert_int_equal(heard.gaps, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cuts_from_syn),
        cmocka_unit_test(test_cuts_mid_stream),
        cmocka_unit_test(test_cuts_twice),
        cmocka_unit_test(test_cuts_conflicting),
        cmocka_unit_test(test_overlaps),
        cmocka_unit_test(test_each_loss),
        cmocka_unit_test(test_random_conversations),
        cmocka_unit_test(test_extreme_times),
        cmocka_unit_test(test_backwards),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
