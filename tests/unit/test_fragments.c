/*
 * IP fragments through frame_decode(): which orders, copies and overlaps give
 * which datagram, and that every packet is counted once.
 *
 * A case is a list of fragments of one or more datagrams, separated by ";":
 *
 *   a 0 'text' more    offset 0 of datagram "a", more fragments follow
 *   a 8 'text'         the last one
 *   t+29               seconds go by
 *
 * The text is what stands behind the IP header, "~" for a zero byte: PPQQ~~~~ is a
 * UDP header whose length 0 means "as long as the packet". "cut 3" leaves the last
 * 3 bytes out of the record; "tcp" and "icmp" are other protocols. The log has one line per packet
 * that gave a datagram; the totals are "decoded/fragments skipped/other skipped".
 */
#include "tests/unit/harness.h"

#include <stdio.h>
#include <stdlib.h>

#include "decoders/frame.h"

enum { PACKET_MAX = 70000, IPV4_HEADER = 20, IPV6_HEADERS = 48 };

struct script {
    const char *name;
    const char *fragments;
    const char *log;
    const char *totals;
};

struct run {
    struct frames *frames;
    bool v6;
    int64_t time;
    uint64_t record;
    char log[4096];
};

/* ---- packets ---- */

static void put16(char *out, unsigned value)
{
    out[0] = (char)(value >> 8);
    out[1] = (char)value;
}

struct fragment {
    char id;
    unsigned offset;
    bool more;
    unsigned char protocol;
    struct slice payload;
    size_t cut; /* bytes of the payload that were not captured */
};

static struct slice build_v4(const struct fragment *fragment, char *out)
{
    memset(out, 0, IPV4_HEADER);
    out[0] = 0x45;
    put16(out + 2, (unsigned)(IPV4_HEADER + fragment->payload.size));
    put16(out + 4, (unsigned char)fragment->id);
    put16(out + 6, fragment->offset / 8 | (fragment->more ? 0x2000U : 0));
    out[9] = (char)fragment->protocol;
    memcpy(out + 12, "\xc0\x00\x02\x01\xc0\x00\x02\x02", 8);
    memcpy(out + IPV4_HEADER, fragment->payload.data, fragment->payload.size);
    return (struct slice){out, IPV4_HEADER + fragment->payload.size - fragment->cut};
}

static struct slice build_v6(const struct fragment *fragment, char *out)
{
    memset(out, 0, IPV6_HEADERS);
    out[0] = 0x60;
    put16(out + 4, (unsigned)(8 + fragment->payload.size));
    out[6] = 44;
    memcpy(out + 8, "\x20\x01\x0d\xb8", 4);
    out[23] = 1;
    memcpy(out + 24, "\x20\x01\x0d\xb8", 4);
    out[39] = 2;
    out[40] = (char)(fragment->offset == 0 ? fragment->protocol : 99);
    put16(out + 42, fragment->offset | fragment->more);
    out[47] = fragment->id;
    memcpy(out + IPV6_HEADERS, fragment->payload.data, fragment->payload.size);
    return (struct slice){out, IPV6_HEADERS + fragment->payload.size - fragment->cut};
}

static void log_datagram(struct run *run, const struct datagram *datagram)
{
    size_t used = strlen(run->log);
    int size =
        snprintf(run->log + used, sizeof run->log - used, "#%d '%.*s'",
                 (int)datagram->origin.record, (int)datagram->payload.size, datagram->payload.data);
    used += (size_t)size;
    if (datagram->missing > 0) {
        used += (size_t)snprintf(run->log + used, sizeof run->log - used, " missing %d",
                                 (int)datagram->missing);
    }
    snprintf(run->log + used, sizeof run->log - used, "\n");
}

static void feed_packet(struct run *run, struct slice bytes, size_t cut)
{
    struct guard guard = guard_copy(bytes);
    struct packet packet = {
        .origin = {.time = run->time, .record = ++run->record},
        .bytes = guard.bytes,
        .wire_size = bytes.size + cut,
        .link_type = 101,
    };
    struct datagram datagram;
    enum frame_status status = frame_decode(run->frames, &packet, &datagram);
    if (status == FRAME_DATAGRAM) {
        log_datagram(run, &datagram);
    }
    guard_free(&guard);
}

static void feed_fragment(struct run *run, const struct fragment *fragment)
{
    static char bytes[PACKET_MAX];
    struct slice packet = run->v6 ? build_v6(fragment, bytes) : build_v4(fragment, bytes);
    feed_packet(run, packet, fragment->cut);
}

static void on_cap(void *context, const struct event *event)
{
    struct run *run = context;
    assert_int_equal(event->kind, EVENT_COVERAGE);
    assert_int_equal(event->as.coverage.kind, COVERAGE_CAP);
    size_t used = strlen(run->log);
    snprintf(run->log + used, sizeof run->log - used, "cap %.*s\n",
             (int)event->as.coverage.detail.size, event->as.coverage.detail.data);
}

/* ---- scripts ---- */

static void run_step(struct run *run, const char *step)
{
    if (strncmp(step, "t+", 2) == 0) {
        run->time += strtol(step + 2, NULL, 10) * TIME_SECOND;
        return;
    }
    char *at = NULL;
    struct fragment fragment = {.id = step[0], .protocol = 17};
    fragment.offset = (unsigned)strtoul(step + 1, &at, 10);
    at += strspn(at, " ");
    assert_int_equal(*at, '\'');
    char text[256];
    size_t size = strcspn(at + 1, "'");
    for (size_t i = 0; i < size; i++) {
        text[i] = at[1 + i];
        text[i] = text[i] == '~' ? '\0' : text[i];
    }
    fragment.payload = (struct slice){text, size};
    at += size + 2;
    fragment.more = strstr(at, "more") != NULL;
    fragment.protocol = strstr(at, "icmp") ? 1 : strstr(at, "tcp") ? 6 : 17;
    const char *cut = strstr(at, "cut ");
    fragment.cut = cut ? strtoul(cut + 4, NULL, 10) : 0;
    feed_fragment(run, &fragment);
}

static void print_totals(const struct run *run, char out[static 64])
{
    uint64_t decoded = 0;
    uint64_t other = 0;
    uint64_t skipped[SKIP_REASONS];
    frames_counts(run->frames, &decoded, skipped);
    for (int reason = 0; reason < SKIP_REASONS; reason++) {
        other += reason != SKIP_FRAGMENT ? skipped[reason] : 0;
    }
    assert_int_equal(decoded + skipped[SKIP_FRAGMENT] + other, run->record);
    snprintf(out, 64, "%d/%d/%d", (int)decoded, (int)skipped[SKIP_FRAGMENT], (int)other);
}

static void start(struct run *run, const struct limits *limits)
{
    struct event_sink caps = {on_cap, run};
    run->frames = frames_new(test_seed(), limits, &caps);
    run->time = 1000 * TIME_SECOND;
}

static void check_script(const struct script *script, bool v6, const struct limits *limits)
{
    struct run run = {.v6 = v6};
    start(&run, limits);
    char text[1024];
    snprintf(text, sizeof text, "%s", script->fragments);
    char *rest = NULL;
    for (char *step = strtok_r(text, ";", &rest); step; step = strtok_r(NULL, ";", &rest)) {
        run_step(&run, step + strspn(step, " "));
    }
    frames_end(run.frames);
    char totals[64];
    print_totals(&run, totals);
    frames_free(run.frames);
    if (strcmp(run.log, script->log) != 0 || strcmp(totals, script->totals) != 0) {
        fail_msg("%s (IPv%d)\n--- is %s\n%s--- should be %s\n%s", script->name, v6 ? 6 : 4, totals,
                 run.log, script->totals, script->log);
    }
}

/* clang-format off */
static const struct script both[] = {
    {"two, in order",
     "a 0 'PPQQ~~~~' more; a 8 'hello'",
     "#2 'hello'\n", "2/0/0"},
    {"two, the last one first",
     "a 8 'hello'; a 0 'PPQQ~~~~' more",
     "#2 'hello'\n", "2/0/0"},
    {"three, the middle one last",
     "a 0 'PPQQ~~~~' more; a 16 'KLMNO'; a 8 'ABCDEFGH' more",
     "#3 'ABCDEFGHKLMNO'\n", "3/0/0"},
    {"copies of fragments",
     "a 0 'PPQQ~~~~' more; a 0 'PPQQ~~~~' more; a 16 'K'; a 16 'K'; a 8 'ABCDEFGH' more",
     "#5 'ABCDEFGHK'\n", "5/0/0"},
    {"two datagrams mixed",
     "a 0 'PPQQ~~~~' more; b 8 'world'; b 0 'PPQQ~~~~' more; a 8 'hello'",
     "#3 'world'\n#4 'hello'\n", "4/0/0"},
    {"the same identification again",
     "a 0 'PPQQ~~~~' more; a 8 'hello'; a 0 'PPQQ~~~~' more; a 8 'world'",
     "#2 'hello'\n#4 'world'\n", "4/0/0"},
    {"one is missing",
     "a 0 'PPQQ~~~~' more; a 16 'K'",
     "", "0/2/0"},
    {"the others come 30 s later",
     "a 0 'PPQQ~~~~' more; t+30; a 8 'hello'",
     "", "0/2/0"},
    {"the others come just in time",
     "a 0 'PPQQ~~~~' more; t+29; a 8 'hello'",
     "#2 'hello'\n", "2/0/0"},
    {"whole, and of a protocol that is not read: all its packets are skipped for that",
     "a 0 '~~~~~~~~' more icmp; a 8 'ping' icmp",
     "", "0/0/2"},
    {"whole, and too short for its header",
     "a 0 '~~~~~~~~' more tcp; a 8 'x' tcp",
     "", "0/0/2"},
    {"a length that is no multiple of 8 and more to follow",
     "a 0 'PPQQ~~~' more; a 0 'PPQQ~~~~' more; a 8 'hello'",
     "#3 'hello'\n", "2/0/1"},
    {"no bytes",
     "a 8 '' more; a 0 'PPQQ~~~~' more; a 8 'hello'",
     "#3 'hello'\n", "2/0/1"},
    {"longer than a datagram can be",
     "a 65528 'ABCDEFGH'; a 0 'PPQQ~~~~' more",
     "", "0/1/1"},
    {"two different ends",
     "a 8 'hello'; a 8 'hello!'; a 0 'PPQQ~~~~' more",
     "", "0/3/0"},
    {"bytes behind the end",
     "a 8 'hello'; a 16 'ABCDEFGH' more; a 0 'PPQQ~~~~' more",
     "", "0/3/0"},
    {"an end before bytes that were there",
     "a 16 'ABCDEFGH' more; a 8 'hello'; a 0 'PPQQ~~~~' more",
     "", "0/3/0"},
    {"the last one was cut by the snap length",
     "a 0 'PPQQ~~~~' more; a 8 'hello' cut 3",
     "#2 'he' missing 3\n", "2/0/0"},
    {"one in the middle was cut: what is behind is not contiguous",
     "a 0 'PPQQ~~~~' more; a 16 'K'; a 8 'ABCDEFGH' more cut 6",
     "#3 'AB' missing 7\n", "3/0/0"},
};

/* Overlaps: the first copy of a byte wins. */
static const struct script v4_only[] = {
    {"the second copy says something else",
     "a 8 'ABCDEFGH' more; a 8 'XXXXXXXX' more; a 0 'PPQQ~~~~' more; a 16 'K'",
     "#4 'ABCDEFGHK'\n", "4/0/0"},
    {"a copy that brings one byte more",
     "a 8 'ABCDEFGH' more; a 8 'xxxxxxxxK'; a 0 'PPQQ~~~~' more",
     "#3 'ABCDEFGHK'\n", "3/0/0"},
    {"a copy that overlaps in part",
     "a 0 'PPQQ~~~~ABCDEFGH' more; a 8 'xxxxxxxxIJKLMNOP'",
     "#2 'ABCDEFGHIJKLMNOP'\n", "2/0/0"},
    {"the protocol is part of the identity",
     "a 0 'PPQQ~~~~' more; a 8 'ABCDEFGH' icmp; a 8 'hello'",
     "#3 'hello'\n", "2/1/0"},
};

/* RFC 5722: a datagram with overlapping fragments is dropped, and what still comes of it. */
static const struct script v6_only[] = {
    {"the second copy says something else",
     "a 8 'ABCDEFGH' more; a 8 'XXXXXXXX' more; a 0 'PPQQ~~~~' more; a 16 'K'",
     "", "0/4/0"},
    {"a copy that overlaps in part",
     "a 0 'PPQQ~~~~ABCDEFGH' more; a 8 'ABCDEFGHIJKLMNOP'",
     "", "0/2/0"},
    {"dropped ones are forgotten after 30 s",
     "a 8 'A'; a 8 'B'; t+30; a 8 'hello'; a 0 'PPQQ~~~~' more",
     "#4 'hello'\n", "2/2/0"},
};
/* clang-format on */

static void test_scripts(void **state)
{
    (void)state;
    struct limits limits = limits_default();
    for (size_t i = 0; i < sizeof both / sizeof both[0]; i++) {
        check_script(&both[i], false, &limits);
        check_script(&both[i], true, &limits);
    }
    for (size_t i = 0; i < sizeof v4_only / sizeof v4_only[0]; i++) {
        check_script(&v4_only[i], false, &limits);
    }
    for (size_t i = 0; i < sizeof v6_only / sizeof v6_only[0]; i++) {
        check_script(&v6_only[i], true, &limits);
    }
}

static void test_caps(void **state)
{
    (void)state;
    struct limits limits = limits_default();
    limits.fragments = 2;
    static const struct script too_many = {
        "the oldest makes room",
        "a 8 'a'; b 8 'b'; c 8 'c'; a 0 'PPQQ~~~~' more; c 0 'PPQQ~~~~' more",
        "cap fragments\ncap fragments\n#5 'c'\n",
        "2/3/0",
    };
    check_script(&too_many, false, &limits);
    limits = limits_default();
    limits.fragment_bytes = 16;
    static const struct script too_long = {
        "longer than the cap",
        "a 0 'PPQQ~~~~' more; a 8 'ABCDEFGHI'; b 0 'PPQQ~~~~' more; b 8 'ABCDEFGH'",
        "cap fragment_bytes\n#4 'ABCDEFGH'\n",
        "2/2/0",
    };
    check_script(&too_long, false, &limits);
}

/* ---- properties ---- */

/* The n-th permutation of `count` things, in the factorial number system. */
static void permute(unsigned n, size_t count, size_t out[])
{
    size_t left[8];
    for (size_t i = 0; i < count; i++) {
        left[i] = i;
    }
    for (size_t i = 0; i < count; i++) {
        size_t at = n % (count - i);
        n /= (unsigned)(count - i);
        out[i] = left[at];
        memmove(left + at, left + at + 1, (count - i - at - 1) * sizeof left[0]);
    }
}

/* Five fragments in each of their 120 orders, each one sent twice or once. */
static void test_every_order(void **state)
{
    (void)state;
    struct limits limits = limits_default();
    static const char text[] = "PPQQ\0\0\0\0ABCDEFGHIJKLMNOPQRSTUVWXYZabcd";
    const size_t count = 5;
    for (unsigned n = 0; n < 120U * 32; n++) {
        struct run run = {.v6 = n / 120 % 2 == 1};
        start(&run, &limits);
        size_t order[8];
        permute(n % 120, count, order);
        for (size_t i = 0; i < count; i++) {
            struct fragment fragment = {
                .id = 'x', .protocol = 17, .offset = (unsigned)order[i] * 8, .more = order[i] < 4};
            fragment.payload = (struct slice){text + fragment.offset, order[i] < 4 ? 8 : 6};
            feed_fragment(&run, &fragment);
            if ((n / 120 >> i & 1) != 0 && i + 1 < count) {
                feed_fragment(&run, &fragment);
            }
        }
        frames_end(run.frames);
        char totals[64];
        print_totals(&run, totals);
        assert_non_null(strstr(run.log, "'ABCDEFGHIJKLMNOPQRSTUVWXYZabcd'"));
        assert_non_null(strstr(totals, "/0/0"));
        frames_free(run.frames);
    }
}

/* Fragments of an IP-in-IP tunnel whose inner datagram is itself in fragments. */
static void test_tunnel_of_fragments(void **state)
{
    (void)state;
    struct limits limits = limits_default();
    struct run run = {0};
    start(&run, &limits);
    static const char *const inner[] = {"PPQQ\0\0\0\0ABCDEFGH", "hello, world"};
    static const size_t inner_size[] = {16, 12};
    for (int i = 1; i >= 0; i--) {
        char datagram[64];
        struct fragment fragment = {.id = 'i',
                                    .protocol = 17,
                                    .offset = i == 0 ? 0 : 16,
                                    .more = i == 0,
                                    .payload = {inner[i], inner_size[i]}};
        struct slice whole = build_v4(&fragment, datagram);
        struct fragment outer = {.id = (char)('o' + i), .protocol = 4, .offset = 0, .more = true};
        outer.payload = slice_sub(whole, 0, 16);
        feed_fragment(&run, &outer);
        outer.offset = 16;
        outer.more = false;
        outer.payload = slice_from(whole, 16);
        feed_fragment(&run, &outer);
    }
    frames_end(run.frames);
    char totals[64];
    print_totals(&run, totals);
    assert_string_equal(run.log, "#4 'ABCDEFGHhello, world'\n");
    assert_string_equal(totals, "4/0/0");
    frames_free(run.frames);
}

/* The largest datagram, in fragments of 8 bytes sent backwards. */
static void test_largest(void **state)
{
    (void)state;
    struct limits limits = limits_default();
    struct run run = {0};
    start(&run, &limits);
    enum { TOTAL = 65535 };
    static char bytes[TOTAL];
    for (size_t i = 8; i < TOTAL; i++) {
        bytes[i] = (char)('a' + i % 26);
    }
    struct datagram datagram = {0};
    static char built[PACKET_MAX];
    enum frame_status status = FRAME_HELD;
    for (long offset = TOTAL / 8 * 8; offset >= 0; offset -= 8) {
        assert_int_equal(status, FRAME_HELD);
        bool last = offset + 8 > TOTAL;
        struct fragment fragment = {.id = 'x',
                                    .protocol = 17,
                                    .offset = (unsigned)offset,
                                    .more = !last,
                                    .payload = {bytes + offset, last ? TOTAL % 8 : 8}};
        struct packet packet = {.origin = {.time = run.time, .record = ++run.record},
                                .bytes = build_v4(&fragment, built),
                                .link_type = 101};
        status = frame_decode(run.frames, &packet, &datagram);
    }
    assert_int_equal(status, FRAME_DATAGRAM);
    assert_int_equal(datagram.payload.size, TOTAL - 8);
    assert_memory_equal(datagram.payload.data, bytes + 8, TOTAL - 8);
    frames_free(run.frames);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_scripts),     cmocka_unit_test(test_caps),
        cmocka_unit_test(test_every_order), cmocka_unit_test(test_tunnel_of_fragments),
        cmocka_unit_test(test_largest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
