/*
 * Which packets go with chosen ones: scripts of bare IP packets, and which of them must be there.
 */
#include "tests/unit/captures.h"

#include "analyzer/packet_choice.h"

enum { LINK_BARE_IP = 101, UDP = 17, TCP = 6, PACKETS = 16, MORE = 0x2000 };

/* One packet: ends are the last byte of the address, ports are 5061 and `port`. */
struct step {
    uint8_t from;
    uint8_t to;
    uint8_t protocol;
    uint16_t port; /* of the client, which has the lower address */
    uint8_t flags; /* TCP */
    uint32_t sequence;
    uint16_t id;
    uint16_t fragment; /* flags and offset of the IP header; payload of 8 bytes then */
    bool chosen;
    bool expected;
};

static void put_transport(struct buffer *out, const struct step *step)
{
    bool client = step->from < step->to;
    put_u16(out, client ? step->port : 5061, true);
    put_u16(out, client ? 5061 : step->port, true);
    if (step->protocol == UDP) {
        put_u16(out, 12, true);
        put_u16(out, 0, true);
        put(out, (struct slice)SLICE("text"));
        return;
    }
    put_u32(out, step->sequence, true);
    put_u32(out, 0, true);
    put_u16(out, 0x5000U | step->flags, true);
    put_u16(out, 0xffff, true);
    put_u32(out, 0, true);
}

static void put_ip(struct buffer *out, unsigned from, unsigned to, unsigned protocol, uint16_t id,
                   uint16_t fragment, struct slice payload)
{
    put_u16(out, 0x4500, true);
    put_u16(out, (uint32_t)(20 + payload.size), true);
    put_u16(out, id, true);
    put_u16(out, fragment, true);
    put_u16(out, 0x4000U | protocol, true);
    put_u16(out, 0, true);
    put_u32(out, 0xc0000200U | from, true);
    put_u32(out, 0xc0000200U | to, true);
    put(out, payload);
}

/* IP in front of the part of a datagram that the step says. */
static void put_step(struct buffer *out, const struct step *step)
{
    struct buffer whole = built();
    put_transport(&whole, step);
    size_t offset = (size_t)(step->fragment & 0x1fff) * 8;
    struct slice payload = slice_from(buffer_slice(&whole), offset);
    payload = slice_sub(payload, 0, (step->fragment & MORE) ? 8 : payload.size);
    put_ip(out, step->from, step->to, step->protocol, step->id, step->fragment, payload);
    buffer_dispose(&whole);
}

/* Shows the packets twice; `expected` and `chosen` are sets of 1 << their place. */
static void check_packets(const char *what, struct buffer *bytes, size_t count, unsigned chosen,
                          unsigned expected, const struct limits *limits)
{
    uint64_t records[PACKETS];
    size_t record_count = 0;
    struct packet packets[PACKETS];
    for (size_t i = 0; i < count; i++) {
        packets[i] = (struct packet){.origin = {.time = (int64_t)i, .record = i + 1},
                                     .bytes = buffer_slice(&bytes[i]),
                                     .wire_size = bytes[i].size,
                                     .link_type = LINK_BARE_IP};
        if (chosen >> i & 1) {
            records[record_count++] = i + 1;
        }
    }
    struct packet_choice *choice = packet_choice_new(records, record_count, test_seed(), limits);
    for (size_t i = 0; i < count; i++) {
        packet_choice_learn(choice, &packets[i]);
    }
    packet_choice_turn(choice);
    for (size_t i = 0; i < count; i++) {
        bool wanted = (expected >> i & 1) != 0;
        if (packet_choice_has(choice, &packets[i]) != wanted) {
            fail_msg("%s: packet %zu is %s", what, i + 1, wanted ? "missing" : "there");
        }
        buffer_dispose(&bytes[i]);
    }
    packet_choice_free(choice);
}

static void check(const char *what, const struct step *steps, size_t count,
                  const struct limits *limits)
{
    struct buffer bytes[PACKETS];
    unsigned chosen = 0;
    unsigned expected = 0;
    for (size_t i = 0; i < count; i++) {
        bytes[i] = built();
        put_step(&bytes[i], &steps[i]);
        chosen |= (unsigned)steps[i].chosen << i;
        expected |= (unsigned)steps[i].expected << i;
    }
    check_packets(what, bytes, count, chosen, expected, limits);
}

#define CHECK(what, ...)                                                                           \
    do {                                                                                           \
        static const struct step steps[] = {__VA_ARGS__};                                          \
        const struct limits limits = limits_default();                                             \
        check(what, steps, sizeof steps / sizeof steps[0], &limits);                               \
    } while (0)

/* clang-format off */
#define PSH (TCP_PSH | TCP_ACK)
#define SEGMENT(from, to, port, flags, sequence, chosen, expected) \
    {from, to, TCP, port, flags, sequence, 0, 0, chosen, expected}

static void a_connection_is_whole(void **state)
{
    (void)state;
    CHECK("from SYN to FIN",
          SEGMENT(1, 9, 1000, TCP_SYN, 10, false, true),
          SEGMENT(2, 9, 1000, TCP_SYN, 10, false, false),
          SEGMENT(9, 1, 1000, TCP_SYN | TCP_ACK, 50, false, true),
          SEGMENT(1, 9, 1000, PSH, 11, true, true),
          SEGMENT(2, 9, 1000, PSH, 11, false, false),
          SEGMENT(9, 1, 1000, TCP_FIN | TCP_ACK, 51, false, true));
    CHECK("begun before the capture",
          SEGMENT(9, 1, 1000, PSH, 51, false, true),
          SEGMENT(1, 9, 1000, PSH, 11, true, true),
          SEGMENT(1, 9, 1001, PSH, 11, false, false));
    CHECK("its SYN is late and comes twice",
          SEGMENT(9, 1, 1000, TCP_SYN | TCP_ACK, 50, false, true),
          SEGMENT(1, 9, 1000, TCP_SYN, 10, false, true),
          SEGMENT(1, 9, 1000, TCP_SYN, 10, false, true),
          SEGMENT(1, 9, 1000, PSH, 11, true, true));
}

static void ports_that_are_used_again_are_another_connection(void **state)
{
    (void)state;
    CHECK("the first",
          SEGMENT(1, 9, 1000, TCP_SYN, 10, false, true),
          SEGMENT(1, 9, 1000, PSH, 11, true, true),
          SEGMENT(1, 9, 1000, TCP_FIN | TCP_ACK, 12, false, true),
          SEGMENT(1, 9, 1000, TCP_SYN, 90, false, false),
          SEGMENT(1, 9, 1000, PSH, 91, false, false));
    CHECK("the second",
          SEGMENT(1, 9, 1000, PSH, 11, false, false),
          SEGMENT(1, 9, 1000, TCP_SYN, 90, false, true),
          SEGMENT(9, 1, 1000, TCP_SYN | TCP_ACK, 5, false, true),
          SEGMENT(1, 9, 1000, PSH, 91, true, true));
}

static void a_datagram_is_alone(void **state)
{
    (void)state;
    CHECK("one of three",
          {1, 9, UDP, 1000, 0, 0, 0, 0, false, false},
          {1, 9, UDP, 1000, 0, 0, 0, 0, true, true},
          {9, 1, UDP, 1000, 0, 0, 0, 0, false, false});
}

static void all_fragments_go_with_the_last_of_them(void **state)
{
    (void)state;
    CHECK("of a datagram",
          {1, 9, UDP, 1000, 0, 0, 7, MORE, false, true},
          {1, 9, UDP, 1000, 0, 0, 8, MORE, false, false},
          {1, 9, UDP, 1000, 0, 0, 8, 1, false, false},
          {1, 9, UDP, 1000, 0, 0, 7, 1, true, true});
    CHECK("of segments, before anything of their connection was chosen",
          {1, 9, TCP, 1000, TCP_SYN, 10, 7, MORE, false, true},
          {1, 9, TCP, 1000, TCP_SYN, 10, 7, 1, false, true},
          {2, 9, TCP, 1000, TCP_SYN, 10, 7, MORE, false, false},
          {2, 9, TCP, 1000, TCP_SYN, 10, 7, 1, false, false},
          SEGMENT(1, 9, 1000, PSH, 11, true, true));
}
/* clang-format on */

/* A datagram in two fragments, each of which a tunnel carries in two: eight bytes of the inner one
 * in the first of them. */
static void fragments_of_fragments_go_with_the_datagram(void **state)
{
    (void)state;
    static const struct step inner[] = {{1, 9, UDP, 1000, 0, 0, 7, MORE, false, false},
                                        {1, 9, UDP, 1000, 0, 0, 7, 1, false, false}};
    enum { IP_IN_IP = 4, FIRST = 16, OTHER_TUNNEL = 4 };
    const struct limits limits = limits_default();
    struct buffer bytes[5];
    for (uint16_t i = 0; i < 2; i++) {
        struct buffer whole = built();
        put_step(&whole, &inner[i]);
        struct slice carried = buffer_slice(&whole);
        bytes[2 * i] = built();
        bytes[2 * i + 1] = built();
        put_ip(&bytes[2 * i], 20, 21, IP_IN_IP, 100 + i, MORE, slice_sub(carried, 0, FIRST));
        put_ip(&bytes[2 * i + 1], 20, 21, IP_IN_IP, 100 + i, FIRST / 8, slice_from(carried, FIRST));
        buffer_dispose(&whole);
    }
    bytes[OTHER_TUNNEL] = built();
    put_ip(&bytes[OTHER_TUNNEL], 20, 21, IP_IN_IP, 102, MORE,
           (struct slice)SLICE("something else.."));
    check_packets("nested", bytes, 5, 1U << 3, 0xf, &limits);
}

static void what_is_not_remembered_is_kept(void **state)
{
    (void)state;
    static const struct step steps[] = {
        {1, 9, UDP, 1000, 0, 0, 7, MORE, false, false},
        {1, 9, UDP, 1000, 0, 0, 7, 1, false, false},
        {1, 9, UDP, 1000, 0, 0, 8, MORE, false, true}, /* beyond the cap */
        {1, 9, UDP, 1000, 0, 0, 8, 1, false, true},
    };
    struct limits limits = limits_default();
    limits.comments = 1;
    check("fragments", steps, 4, &limits);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_connection_is_whole),
        cmocka_unit_test(ports_that_are_used_again_are_another_connection),
        cmocka_unit_test(a_datagram_is_alone),
        cmocka_unit_test(all_fragments_go_with_the_last_of_them),
        cmocka_unit_test(fragments_of_fragments_go_with_the_datagram),
        cmocka_unit_test(what_is_not_remembered_is_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
