/*
 * Packets to datagrams: one row per packet, its bytes in hexadecimal as they
 * stand on the wire, and what must come out of it.
 */
#include "tests/unit/harness.h"

#include <stdio.h>

#include "decoders/cursor.h"
#include "decoders/frame.h"

enum { PACKET_MAX = 512 };

struct row {
    const char *name;
    uint32_t link_type;
    uint64_t cut;     /* bytes on the wire that the record does not have */
    const char *hex;  /* blanks for the reader */
    const char *text; /* what comes out */
};

/* clang-format off */
#define MACS "020000000002 020000000001 "
#define A4 "c0000201 " /* 192.0.2.1 */
#define B4 "c0000202 "
#define A6 "20010db8 00000000 00000000 00000001 "
#define B6 "20010db8 00000000 00000000 00000002 "
#define IP4(total, protocol) "4500" total "0001 4000 40" protocol "0000 " A4 B4
#define IP6(length, next) "60000000" length next "40" A6 B6
#define PORTS "13c4 13c5 " /* 5060, 5061 */
#define UDP_HI PORTS "000a 0000 6869 " /* 10 bytes: "hi" */
#define UDP4_HI IP4("001e", "11") UDP_HI
#define UDP6_HI IP6("000a", "11") UDP_HI
#define TCP_HEAD(offset, flags) PORTS "00000064 000000c8 " offset flags "ffff 0000 0000 "
#define OUTER4(total, protocol) "4500" total "0001 4000 40" protocol "0000 0a000001 0a000002 "

#define HI4 "udp 192.0.2.1:5060 > 192.0.2.2:5061 'hi'"
#define HI6 "udp [2001:db8::1]:5060 > [2001:db8::2]:5061 'hi'"
#define TCP_HI "tcp 192.0.2.1:5060 > 192.0.2.2:5061 seq 100 ack 200 flags 18 'hi'"

static const struct row rows[] = {
    /* ---- links ---- */
    {"Ethernet", 1, 0, MACS "0800" UDP4_HI, HI4},
    {"Ethernet, padded to 60 bytes", 1, 0, MACS "0800" UDP4_HI "00000000 00000000 00000000 00000000", HI4},
    {"Ethernet, IPv6", 1, 0, MACS "86dd" UDP6_HI, HI6},
    {"Ethernet, ARP", 1, 0, MACS "0806 0001 0800", "skip link"},
    {"Ethernet, length: LLC of spanning tree", 1, 0, MACS "0026 424203 00000000 0000 0000 0000", "skip link"},
    {"Ethernet, length: SNAP", 1, 0, MACS "0026 aaaa03 000000 0800" UDP4_HI, HI4},
    {"Ethernet, SNAP of another organization", 1, 0, MACS "0026 aaaa03 00000c 2000 0000", "skip link"},
    {"Ethernet, VLAN", 1, 0, MACS "8100 0064 0800" UDP4_HI, HI4},
    {"Ethernet, QinQ", 1, 0, MACS "88a8 0064 8100 0065 0800" UDP4_HI, HI4},
    {"Ethernet, four tags of three kinds", 1, 0, MACS "9100 0001 88a8 0002 8100 0003 8100 0004 86dd" UDP6_HI, HI6},
    {"Ethernet, VLAN without anything behind", 1, 0, MACS "8100 0064", "skip short"},
    {"Ethernet, PPPoE session", 1, 0, MACS "8864 11000001 0020 0021" UDP4_HI, HI4},
    {"Ethernet, PPPoE in a VLAN, IPv6", 1, 0, MACS "8100 0007 8864 11000001 0034 0057" UDP6_HI, HI6},
    {"Ethernet, PPPoE session, LCP", 1, 0, MACS "8864 11000001 0008 c021 01010006 0000", "skip link"},
    {"Ethernet, PPPoE of another version", 1, 0, MACS "8864 21000001 0020 0021" UDP4_HI, "skip bad-header"},
    {"Ethernet, PPPoE discovery", 1, 0, MACS "8863 11090000 0004 01010000", "skip link"},
    {"Ethernet, MPLS, two labels", 1, 0, MACS "8847 00010040 00011140" UDP4_HI, HI4},
    {"Ethernet, MPLS, IPv6", 1, 0, MACS "8847 00010140" UDP6_HI, HI6},
    {"Ethernet, MPLS, a pseudo-wire", 1, 0, MACS "8847 00010140 00000000" MACS "0800" UDP4_HI, "skip link"},
    {"Ethernet, VLAN, length: SNAP", 1, 0, MACS "8100 0064 0026 aaaa03 000000 0800" UDP4_HI, HI4},
    {"Ethernet, PPPoE that ends the session", 1, 0, MACS "8864 11a70001 0000", "skip link"},
    {"Ethernet, MPLS, no bottom of the stack", 1, 0, MACS "8847 00010040 00011040", "skip short"},
    {"Linux cooked", 113, 0, "0000 0001 0006 020000000001 0000 0800" UDP4_HI, HI4},
    {"Linux cooked, VLAN", 113, 0, "0000 0001 0006 020000000001 0000 8100 0064 0800" UDP4_HI, HI4},
    {"Linux cooked, netlink", 113, 0, "0004 0338 0000 000000000000 0000 0000 00000000", "skip link"},
    {"Linux cooked 2", 276, 0, "86dd 0000 00000002 0001 00 06 0200000000010000" UDP6_HI, HI6},
    {"raw, IPv4", 101, 0, UDP4_HI, HI4},
    {"raw, IPv6", 101, 0, UDP6_HI, HI6},
    {"raw, neither", 101, 0, "5500", "skip bad-header"},
    {"raw, old numbers", 12, 0, UDP4_HI, HI4},
    {"raw, OpenBSD's", 14, 0, UDP4_HI, HI4},
    {"LINKTYPE_IPV4", 228, 0, UDP4_HI, HI4},
    {"LINKTYPE_IPV6", 229, 0, UDP6_HI, HI6},
    {"null, little-endian", 0, 0, "02000000" UDP4_HI, HI4},
    {"null, big-endian", 0, 0, "00000002" UDP4_HI, HI4},
    {"null, IPv6 of Darwin", 0, 0, "1e000000" UDP6_HI, HI6},
    {"loopback of OpenBSD, IPv6", 108, 0, "00000018" UDP6_HI, HI6},
    {"null, AppleTalk", 0, 0, "10000000 0000", "skip link"},
    {"PPP", 9, 0, "ff03 0021" UDP4_HI, HI4},
    {"PPP, compressed header and protocol", 9, 0, "21" UDP4_HI, HI4},
    {"PPP in HDLC", 50, 0, "ff03 0057" UDP6_HI, HI6},
    {"PPPoE by itself", 51, 0, "11000001 0020 0021" UDP4_HI, HI4},
    {"802.11", 105, 0, "0800 0000", "skip link"},
    {"nothing", 1, 100, "", "skip empty"},

    /* ---- IP ---- */
    {"IPv4 options", 101, 0, "4600 0022 0001 4000 4011 0000" A4 B4 "94040000" UDP_HI, HI4},
    {"IPv4, total length 0 (TSO)", 101, 0, IP4("0000", "06") TCP_HEAD("50", "18") "6869", TCP_HI},
    {"IPv4, header shorter than it can be", 101, 0, "4400 001e 0001 4000 4011 0000" A4 B4, "skip bad-header"},
    {"IPv4, total length shorter than the header", 101, 0, IP4("0013", "11") UDP_HI, "skip bad-header"},
    {"IPv4, ICMP", 101, 0, IP4("001c", "01") "0800 0000 0000 0000", "skip protocol"},
    {"IPv4, SCTP", 101, 0, IP4("0020", "84") PORTS "00000000 00000000", "skip sctp"},
    {"IPv4, AH", 101, 0, IP4("0036", "33") "1104 0000 00000001 00000001 00000000 00000000 00000000" UDP_HI, HI4},
    {"IPv4, no IPv6 options", 101, 0, IP4("0026", "00") "1100 0000 00000000" UDP_HI, "skip protocol"},
    {"IPv6, hop by hop, routing, destination", 101, 0,
     IP6("0022", "00") "2b00 0000 00000000" "3c00 0000 00000000" "1100 0000 00000000" UDP_HI, HI6},
    {"IPv6, another version in it", 1, 0, MACS "86dd" "4" "0000000" "000a" "11" "40" A6 B6 UDP_HI, "skip bad-header"},
    {"IPv6, long option header", 101, 0,
     IP6("001a", "3c") "1101 010c 00000000 00000000 00000000" UDP_HI, HI6},
    {"IPv6, atomic fragment (RFC 6946)", 101, 0, IP6("0012", "2c") "1100 0000 00000001" UDP_HI, HI6},
    {"IPv6, no next header", 101, 0, IP6("0000", "3b") "00", "skip protocol"},
    {"IPv6, length 0 (TSO)", 101, 0, IP6("0000", "11") UDP_HI, HI6},
    {"IPv6, padded", 1, 0, MACS "86dd" UDP6_HI "0000 0000", HI6},

    /* ---- UDP and TCP ---- */
    {"UDP, trailer behind it in IP", 101, 0, IP4("0020", "11") UDP_HI "2121", HI4},
    {"UDP, length below its header", 101, 0, IP4("001e", "11") PORTS "0007 0000 6869", "skip bad-header"},
    {"UDP, empty", 101, 0, IP4("001c", "11") PORTS "0008 0000", "udp 192.0.2.1:5060 > 192.0.2.2:5061 ''"},
    {"UDP, cut by the snap length", 101, 3, IP4("0021", "11") PORTS "000d 0000 6869", HI4 " missing 3"},
    {"UDP, cut, and the wire length was not kept", 101, 0, IP4("0021", "11") PORTS "000d 0000 6869", HI4 " missing 3"},
    {"UDP, cut in its header", 101, 8, IP4("001e", "11") "13c4 13c5 00", "skip short"},
    {"TCP", 101, 0, IP4("002a", "06") TCP_HEAD("50", "18") "6869", TCP_HI},
    {"TCP, options", 101, 0, IP4("002e", "06") TCP_HEAD("60", "18") "01010101 6869", TCP_HI},
    {"TCP, reserved and ECN bits are not flags", 101, 0, IP4("002a", "06") TCP_HEAD("51", "d8") "6869", TCP_HI},
    {"TCP, SYN padded to 60 bytes", 1, 0, MACS "0800" IP4("0028", "06") TCP_HEAD("50", "02") "0000 0000 0000",
     "tcp 192.0.2.1:5060 > 192.0.2.2:5061 seq 100 ack 200 flags 02 ''"},
    {"TCP, header shorter than it can be", 101, 0, IP4("002a", "06") TCP_HEAD("40", "18") "6869", "skip bad-header"},
    {"TCP, header longer than the packet", 101, 0, IP4("002a", "06") TCP_HEAD("f0", "18") "6869", "skip bad-header"},
    {"TCP, cut by the snap length", 101, 5, IP4("002f", "06") TCP_HEAD("50", "18") "6869", TCP_HI " missing 5"},
    {"TCP, cut inside the options", 101, 8, IP4("0032", "06") TCP_HEAD("60", "18") "0101",
     "tcp 192.0.2.1:5060 > 192.0.2.2:5061 seq 100 ack 200 flags 18 '' missing 6"},
    {"TSO, cut by the snap length", 101, 3, IP4("0000", "06") TCP_HEAD("50", "18") "6869", TCP_HI " missing 3"},

    /* ---- tunnels ---- */
    {"IP in IP", 101, 0, OUTER4("0032", "04") UDP4_HI, HI4},
    {"6in4", 101, 0, OUTER4("0046", "29") UDP6_HI, HI6},
    {"IPv4 in IPv6", 101, 0, IP6("001e", "04") UDP4_HI, HI4},
    {"GRE", 101, 0, OUTER4("0036", "2f") "0000 0800" UDP4_HI, HI4},
    {"GRE, checksum, key, sequence", 101, 0, OUTER4("0042", "2f") "b000 0800 00000000 00000007 00000001" UDP4_HI, HI4},
    {"GRE, IPv6 inside", 101, 0, OUTER4("004e", "2f") "2000 86dd 00000007" UDP6_HI, HI6},
    {"GRE, bridged Ethernet with a VLAN", 101, 0, OUTER4("004c", "2f") "2000 6558 00000007" MACS "8100 0064 0800" UDP4_HI, HI4},
    {"GRE, source routing", 101, 0, OUTER4("0036", "2f") "4000 0800" UDP4_HI, "skip protocol"},
    {"GRE, version 1", 101, 0, OUTER4("0036", "2f") "0001 880b" UDP4_HI, "skip protocol"},
    {"GRE, unknown type", 101, 0, OUTER4("0036", "2f") "0000 1234" UDP4_HI, "skip link"},
    {"ERSPAN I", 101, 0, OUTER4("0044", "2f") "0000 88be" MACS "0800" UDP4_HI, HI4},
    {"ERSPAN II", 101, 0, OUTER4("0050", "2f") "1000 88be 00000001 1064 0001 00000000" MACS "0800" UDP4_HI, HI4},
    {"ERSPAN II with the frame's check sequence", 101, 0,
     OUTER4("0054", "2f") "1000 88be 00000001 1064 0001 00000000" MACS "0800" UDP4_HI "12345678", HI4},
    {"ERSPAN II of another version", 101, 0, OUTER4("0050", "2f") "1000 88be 00000001 0064 0001 00000000" MACS "0800" UDP4_HI, "skip bad-header"},
    {"ERSPAN III", 101, 0, OUTER4("0054", "2f") "1000 22eb 00000001 2064 0001 00000000 0000 0000" MACS "0800" UDP4_HI, HI4},
    {"ERSPAN III with a platform header", 101, 0,
     OUTER4("005c", "2f") "1000 22eb 00000001 2064 0001 00000000 0000 0001 0000000000000000" MACS "0800" UDP4_HI, HI4},
    {"ERSPAN III of another version", 101, 0, OUTER4("0054", "2f") "1000 22eb 00000001 1064 0001 00000000 0000 0000" MACS "0800" UDP4_HI, "skip bad-header"},
    {"ERSPAN III, no Ethernet and no IP", 101, 0, OUTER4("0054", "2f") "1000 22eb 00000001 2064 0001 00000000 0000 0400" MACS "0800" UDP4_HI, "skip protocol"},
    {"ERSPAN III, bare IP", 101, 0, OUTER4("0046", "2f") "1000 22eb 00000001 2064 0001 00000000 0000 0800" UDP4_HI, HI4},
    {"ERSPAN, the mirror cut the frame", 101, 0,
     OUTER4("0050", "2f") "1000 88be 00000001 1064 0001 00000000" MACS "0800" IP4("0022", "11") PORTS "000e 0000 6869", HI4 " missing 4"},
    {"eight tunnels", 101, 0,
     OUTER4("00be", "04") OUTER4("00aa", "04") OUTER4("0096", "04") OUTER4("0082", "04")
     OUTER4("006e", "04") OUTER4("005a", "04") OUTER4("0046", "04") OUTER4("0032", "04") UDP4_HI, HI4},
    {"nine tunnels", 101, 0,
     OUTER4("00d2", "04") OUTER4("00be", "04") OUTER4("00aa", "04") OUTER4("0096", "04") OUTER4("0082", "04")
     OUTER4("006e", "04") OUTER4("005a", "04") OUTER4("0046", "04") OUTER4("0032", "04") UDP4_HI, "skip tunnel-depth"},
};
/* clang-format on */

static void on_cap(void *context, const struct event *event)
{
    (void)context;
    (void)event;
    fail();
}

static const struct event_sink no_caps = {on_cap, NULL};

static int hex_digit(char c)
{
    const char *digits = "0123456789abcdef";
    const char *at = c != '\0' ? strchr(digits, c) : NULL;
    return at ? (int)(at - digits) : -1;
}

static struct slice from_hex(const char *hex, char data[static PACKET_MAX])
{
    memset(data, 0, PACKET_MAX);
    size_t digits = 0;
    for (; *hex != '\0'; hex++) {
        if (hex_digit(*hex) >= 0) {
            assert_true(digits < 2 * PACKET_MAX);
            data[digits / 2] = (char)((unsigned char)data[digits / 2] << 4 | hex_digit(*hex));
            digits++;
        }
    }
    assert_int_equal(digits % 2, 0);
    return (struct slice){data, digits / 2};
}

static void print_datagram(const struct datagram *datagram, char *out, size_t size)
{
    char source[ADDRESS_TEXT];
    char destination[ADDRESS_TEXT];
    address_text(&datagram->source, source);
    address_text(&datagram->destination, destination);
    int used =
        snprintf(out, size, "%s %s > %s", datagram->tcp ? "tcp" : "udp", source, destination);
    if (datagram->tcp) {
        used += snprintf(out + used, size - (size_t)used, " seq %u ack %u flags %02x",
                         datagram->sequence, datagram->acknowledged, datagram->flags);
    }
    used += snprintf(out + used, size - (size_t)used, " '%.*s'", (int)datagram->payload.size,
                     datagram->payload.data);
    if (datagram->missing > 0) {
        snprintf(out + used, size - (size_t)used, " missing %d", (int)datagram->missing);
    }
}

/* The reason of the only packet that was skipped. */
static const char *only_skip(const struct frames *frames)
{
    uint64_t decoded = 0;
    uint64_t skipped[SKIP_REASONS];
    frames_counts(frames, &decoded, skipped);
    assert_int_equal(decoded, 0);
    const char *name = NULL;
    for (int reason = 0; reason < SKIP_REASONS; reason++) {
        if (skipped[reason] > 0) {
            assert_int_equal(skipped[reason], 1);
            assert_null(name);
            name = skip_reason_name((enum skip_reason)reason);
        }
    }
    assert_non_null(name);
    return name;
}

static void decode_one(const struct row *row, struct slice bytes, char *out, size_t size)
{
    struct limits limits = limits_default();
    struct frames *frames = frames_new(test_seed(), &limits, &no_caps);
    struct packet packet = {
        .origin = {.time = 7, .record = 9, .input = 1},
        .bytes = bytes,
        .wire_size = bytes.size + row->cut,
        .link_type = row->link_type,
    };
    struct datagram datagram;
    enum frame_status status = frame_decode(frames, &packet, &datagram);
    frames_end(frames);
    if (status == FRAME_DATAGRAM) {
        assert_int_equal(datagram.origin.record, 9);
        assert_int_equal(datagram.origin.time, 7);
        assert_int_equal(datagram.origin.input, 1);
        print_datagram(&datagram, out, size);
    } else {
        snprintf(out, size, "skip %s", only_skip(frames));
    }
    frames_free(frames);
}

static void test_rows(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char data[PACKET_MAX];
        struct slice bytes = from_hex(rows[i].hex, data);
        struct guard guard = guard_copy(bytes);
        char text[256];
        decode_one(&rows[i], guard.bytes, text, sizeof text);
        if (strcmp(text, rows[i].text) != 0) {
            fail_msg("%s: %s, not %s", rows[i].name, text, rows[i].text);
        }
        guard_free(&guard);
    }
}

/* A record may end anywhere: what comes out is a prefix, or a counted skip. */
static void test_every_prefix(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char data[PACKET_MAX];
        struct slice bytes = from_hex(rows[i].hex, data);
        for (size_t size = 0; size < bytes.size; size++) {
            struct guard guard = guard_copy(slice_sub(bytes, 0, size));
            struct row cut = rows[i];
            cut.cut += bytes.size - size;
            char text[256];
            decode_one(&cut, guard.bytes, text, sizeof text);
            assert_true(strncmp(text, "skip ", 5) == 0 || strstr(text, "missing") != NULL ||
                        strcmp(text, rows[i].text) == 0);
            guard_free(&guard);
        }
    }
}

/* decoded + skipped = packets, over all rows in one run. */
static void test_counts_add_up(void **state)
{
    (void)state;
    struct limits limits = limits_default();
    struct frames *frames = frames_new(test_seed(), &limits, &no_caps);
    const size_t count = sizeof rows / sizeof rows[0];
    for (size_t i = 0; i < count; i++) {
        char data[PACKET_MAX];
        struct slice bytes = from_hex(rows[i].hex, data);
        struct packet packet = {.origin = {.time = (int64_t)i, .record = i + 1},
                                .bytes = bytes,
                                .wire_size = bytes.size,
                                .link_type = rows[i].link_type};
        struct datagram datagram;
        frame_decode(frames, &packet, &datagram);
    }
    frames_end(frames);
    uint64_t sum = 0;
    uint64_t skipped[SKIP_REASONS];
    frames_counts(frames, &sum, skipped);
    assert_true(sum > 0);
    for (int reason = 0; reason < SKIP_REASONS; reason++) {
        sum += skipped[reason];
    }
    assert_int_equal(sum, count);
    frames_free(frames);
}

static void test_cursor(void **state)
{
    (void)state;
    struct guard guard =
        guard_copy((struct slice)SLICE("\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a"));
    struct cursor cursor = cursor_over(guard.bytes);
    assert_int_equal(cursor_u8(&cursor), 0x01);
    assert_int_equal(cursor_u16be(&cursor), 0x0203);
    assert_int_equal(cursor_u24be(&cursor), 0x040506);
    assert_int_equal(cursor_rest(&cursor).size, 4);
    assert_int_equal(cursor_u32le(&cursor), 0x0a090807);
    assert_false(cursor.is_short);
    assert_int_equal(cursor_take(&cursor, 0).size, 0);
    assert_false(cursor.is_short);
    assert_int_equal(cursor_u8(&cursor), 0);
    assert_true(cursor.is_short);

    cursor = cursor_over(guard.bytes);
    assert_true(cursor_u64be(&cursor) == 0x0102030405060708U);
    assert_int_equal(cursor_u32be(&cursor), 0); /* only two are left: none is taken */
    assert_true(cursor.is_short);
    assert_int_equal(cursor_u8(&cursor), 0); /* the flag sticks */
    cursor = cursor_over(guard.bytes);
    assert_true(cursor_u64le(&cursor) == 0x0807060504030201U);
    assert_int_equal(cursor_u16le(&cursor), 0x0a09);
    cursor_skip(&cursor, SIZE_MAX);
    assert_true(cursor.is_short);
    guard_free(&guard);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_every_prefix),
        cmocka_unit_test(test_counts_add_up),
        cmocka_unit_test(test_cursor),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
