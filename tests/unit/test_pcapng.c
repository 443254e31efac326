/*
 * The pcapng block reader: every block in both byte orders, what is kept beside
 * the packets, and blocks that contradict themselves.
 */
#include "tests/unit/captures.h"

#define TEXT(literal) ((struct slice)SLICE(literal))

static const struct slice nothing = {NULL, 0};

static struct slice options_of(struct buffer *buffer, bool big, const char *comment)
{
    ng_option(buffer, big, 1, slice_of(comment));
    put_u32(buffer, 0, big);
    return buffer_slice(buffer);
}

/* Two sections of opposite byte order, interfaces of different links and clocks, every packet
 * block. */
static struct buffer rich_file(bool big)
{
    struct buffer out = built();
    struct buffer options = built();
    ng_section(&out, big, options_of(&options, big, "made by hand"));
    ng_clock(&out, big, 1, 9, 0);
    ng_interface(&out, big, 113, 96, nothing);
    ng_clock(&out, big, 101, 0x80 | 10, 1000);
    ng_enhanced(&out, big, 0, 1234567890123456789, TEXT("alpha"), 5, nothing);
    buffer_clear(&options);
    ng_enhanced(&out, big, 1, 1234567890123456, TEXT("beta"), 400,
                options_of(&options, big, "look here"));
    ng_block(&out, big, 0x0bad, TEXT("custom block"));
    ng_block(&out, big, 0x7777, TEXT("who knows"));
    ng_enhanced(&out, big, 2, 1025, TEXT("gamma!!"), 7, nothing);
    ng_block(&out, big, 4, TEXT("\0\0\0\0"));
    ng_obsolete(&out, big, 1, 1000001, TEXT("delta"), 6);
    ng_section(&out, !big, nothing);
    ng_interface(&out, !big, 101, 3, nothing);
    ng_simple(&out, !big, TEXT("eps"), 8);
    ng_block(&out, !big, 5, TEXT("\0\0\0\0\0\0\0\0\0\0\0\0"));
    buffer_dispose(&options);
    return out;
}

static const struct expected {
    const char *bytes;
    uint64_t wire;
    uint32_t link_type;
    uint32_t interface;
    int64_t time;
} rich_packets[] = {
    {"alpha", 5, 1, 0, 1234567890123456789},
    {"beta", 400, 113, 1, 1234567890123456000},
    {"gamma!!", 7, 101, 2, 1001 * TIME_SECOND + 976562},
    {"delta", 6, 113, 1, 1000001000},
    {"eps", 8, 101, 0, 1000001000}, /* a simple packet has no time: that of the one before */
};

static void check_rich(const struct seen *seen)
{
    assert_int_equal(seen->status, CAPTURE_END);
    assert_int_equal(seen->count, 5);
    for (size_t i = 0; i < 5; i++) {
        const struct packet *packet = &seen->packets[i].packet;
        assert_slice_equal(seen->packets[i].bytes, rich_packets[i].bytes);
        assert_int_equal(packet->wire_size, rich_packets[i].wire);
        assert_int_equal(packet->link_type, rich_packets[i].link_type);
        assert_int_equal(packet->interface, rich_packets[i].interface);
        assert_int_equal(packet->origin.time, rich_packets[i].time);
        assert_int_equal(packet->origin.record, i + 1);
    }
    assert_int_equal(seen->counts.undated, 1);
    assert_int_equal(seen->counts.passed_over, 2);
    assert_int_equal(seen->counts.damaged, 0);
    assert_int_equal(seen->info.first, 1000001000);
    assert_int_equal(seen->info.last, 1234567890123456789);
}

static void every_block_in_both_byte_orders(void **state)
{
    (void)state;
    for (int big = 0; big <= 1; big++) {
        struct buffer file = rich_file(big == 1);
        struct guard guard = guard_copy(buffer_slice(&file));
        struct seen *seen = seen_in(guard.bytes);
        check_rich(seen);
        assert_string_equal(seen->info.kind, "pcapng");
        seen_free(seen);
        guard_free(&guard);
        buffer_dispose(&file);
    }
}

static void origins_are_the_places_of_blocks(void **state)
{
    (void)state;
    struct buffer file = built();
    uint64_t places[3];
    ng_section(&file, false, nothing);
    ng_interface(&file, false, 1, 0, nothing);
    for (size_t i = 0; i < 3; i++) {
        ng_block(&file, false, 0x0bad, TEXT("between"));
        places[i] = file.size;
        ng_enhanced(&file, false, 0, i, TEXT("packet"), 6, nothing);
    }
    struct seen *seen = seen_in(buffer_slice(&file));
    assert_int_equal(seen->count, 3);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(seen->packets[i].packet.origin.offset, places[i]);
    }
    seen_free(seen);
    buffer_dispose(&file);
}

static void secrets_names_and_statistics_are_kept(void **state)
{
    (void)state;
    struct buffer file = rich_file(true);
    struct buffer secrets = built();
    put_u32(&secrets, 0x544c534b, false); /* TLS key log; the last section is little-endian */
    put_u32(&secrets, 17, false);
    put(&secrets, TEXT("CLIENT_RANDOM 1 2"));
    ng_block(&file, false, 10, buffer_slice(&secrets));
    struct limits limits = limits_default();
    struct capture *capture = capture_open_memory(buffer_slice(&file), 0, NULL, &limits);
    struct packet packet;
    while (capture_next(capture, &packet) == CAPTURE_PACKET) {
    }
    size_t count = 0;
    const struct capture_note *notes = capture_notes(capture, &count);
    assert_int_equal(count, 3);
    assert_int_equal(notes[0].kind, NOTE_NAMES);
    assert_true(notes[0].big_endian);
    assert_int_equal(notes[0].content.size, 4);
    assert_int_equal(notes[1].kind, NOTE_STATISTICS);
    assert_int_equal(notes[1].type, 5);
    assert_false(notes[1].big_endian);
    assert_int_equal(notes[1].content.size, 12);
    assert_int_equal(notes[2].kind, NOTE_SECRETS);
    assert_int_equal(notes[2].type, 0x544c534b);
    assert_slice_equal(notes[2].content, "CLIENT_RANDOM 1 2");
    capture_close(capture);
    buffer_dispose(&secrets);
    buffer_dispose(&file);
}

static void notes_beyond_their_cap_are_counted(void **state)
{
    (void)state;
    struct buffer file = rich_file(false);
    struct limits limits = limits_default();
    limits.note_bytes = 64 + 3; /* a byte less than the first of them takes */
    struct seen *seen = seen_of(capture_open_memory(buffer_slice(&file), 0, NULL, &limits));
    check_rich(seen);
    assert_int_equal(seen->counts.notes_dropped, 2);
    assert_non_null(strstr(seen->remark, "2 notes were dropped at their cap"));
    seen_free(seen);
    buffer_dispose(&file);
}

/* ---- contradictions that can be passed ---- */

static struct buffer started(void)
{
    struct buffer file = built();
    ng_section(&file, false, nothing);
    ng_interface(&file, false, 1, 0, nothing);
    return file;
}

/* A packet block whose fields say more than there is keeps its number and has no bytes. */
static void damaged_records_do_no_harm_to_the_next(void **state)
{
    (void)state;
    static const struct {
        uint32_t type;
        struct slice body;
        const char *remark;
    } rows[] = {
        {6, SLICE("\0\0\0\0\0\0\0\0\0\0\0\0\x05\0\0\0\x05\0\0\0abcd"), "5 bytes do not fit"},
        {6, SLICE("\0\0\0\0\0\0\0\0\0\0\0\0\xff\xff\xff\xff\x05\0\0\0abcd"),
         "4294967295 bytes do not fit"},
        {6, SLICE("\0\0\0\0\0\0\0\0"), "0 bytes do not fit"},
        {6, SLICE(""), "0 bytes do not fit"},
        {6, SLICE("\x07\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x05\0\0\0"), "interface 7 was never"},
        {2, SLICE("\0\0\0\0\0\0\0\0\0\0\0\0\x05\0\0\0\x05\0\0\0abcd"), "5 bytes do not fit"},
        {3, SLICE("\x09\0\0\0abcdefgh"), "9 bytes do not fit"},
        {3, SLICE(""), "0 bytes do not fit"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct buffer file = started();
        ng_block(&file, false, rows[i].type, rows[i].body);
        ng_enhanced(&file, false, 0, 1, TEXT("sound"), 5, nothing);
        struct guard guard = guard_copy(buffer_slice(&file));
        struct seen *seen = seen_in(guard.bytes);
        assert_int_equal(seen->status, CAPTURE_END);
        assert_int_equal(seen->count, 2);
        assert_int_equal(seen->packets[0].bytes.size, 0);
        assert_slice_equal(seen->packets[1].bytes, "sound");
        assert_int_equal(seen->packets[1].packet.origin.record, 2);
        assert_int_equal(seen->counts.damaged, 1);
        assert_non_null(strstr(seen->remark, rows[i].remark));
        seen_free(seen);
        guard_free(&guard);
        buffer_dispose(&file);
    }
}

static void a_wrong_length_at_the_end_is_passed_when_a_block_follows(void **state)
{
    (void)state;
    struct buffer file = started();
    ng_enhanced(&file, false, 0, 1, TEXT("one"), 3, nothing);
    file.data[file.size - 4] ^= 1;
    ng_enhanced(&file, false, 0, 2, TEXT("two"), 3, nothing);
    file.data[file.size - 1] ^= 1;
    struct seen *seen = seen_in(buffer_slice(&file));
    assert_int_equal(seen->status, CAPTURE_END);
    assert_int_equal(seen->count, 2);
    assert_int_equal(seen->counts.damaged, 2);
    assert_non_null(strstr(seen->remark, "its length is 36 at its start and 37 at its end"));
    seen_free(seen);
    buffer_dispose(&file);
}

/* ---- contradictions that cannot ---- */

static void what_cannot_be_passed_cuts_the_capture(void **state)
{
    (void)state;
    static const struct {
        struct slice bytes; /* after one sound packet */
        const char *problem;
    } rows[] = {
        {SLICE("\x06\0\0\0\x0b\0\0\0\0\0\0\0"), "a block cannot be 11 bytes long"},
        {SLICE("\x06\0\0\0\x22\0\0\0\0\0\0\0"), "a block cannot be 34 bytes long"},
        {SLICE("\x06\0\0\0\0\0\0\0\0\0\0\0"), "a block cannot be 0 bytes long"},
        {SLICE("\x05\0\0\0\x10\0\0\0\0\0\0\0\x14\0\0\0garbage here"), "and no block follows"},
        {SLICE("\x0a\x0d\x0d\x0a\x1c\0\0\0????"), "no byte-order magic"},
        {SLICE("\x0a\x0d\x0d\x0a\x1c\0\0\0\x4d\x3c\x2b\x1a\x02\0\0\0\0\0\0\0\0\0\0\0\x1c\0\0\0"),
         "pcapng version 2.0 is not read"},
        {SLICE("\x06\0\0\0\x24\0\0\0\0\0\0\0"),
         "record 2 at byte 88: tried to read 36 bytes, only got 12"},
        {SLICE("\x05\0\0\0\xfc\xff\xff\xff\0\0\0\0"),
         "block at byte 88 after record 1: tried to read 4294967292 bytes, only got 12"},
        {SLICE("\x06\0\0"), "block at byte 88 after record 1: tried to read 12 bytes, only got 3"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct buffer file = started();
        ng_enhanced(&file, false, 0, 1, TEXT("sound"), 5, nothing);
        assert_int_equal(file.size, 88);
        put(&file, rows[i].bytes);
        struct guard guard = guard_copy(buffer_slice(&file));
        struct seen *seen = seen_in(guard.bytes);
        assert_int_equal(seen->status, CAPTURE_CUT);
        assert_int_equal(seen->count, 1);
        if (!strstr(seen->problem, rows[i].problem)) {
            fail_msg("\"%s\" does not say \"%s\"", seen->problem, rows[i].problem);
        }
        seen_free(seen);
        guard_free(&guard);
        buffer_dispose(&file);
    }
}

static void a_header_that_cannot_be_read_fails(void **state)
{
    (void)state;
    static const struct slice rows[] = {
        SLICE("\x0a\x0d\x0d\x0a"),
        SLICE("\x0a\x0d\x0d\x0a\x1c\0\0\0\x4d\x3c\x2b\x1b\x01\0\0\0\0\0\0\0\0\0\0\0\x1c\0\0\0"),
        SLICE("\x0a\x0d\x0d\x0a\x1c\0\0\0\x4d\x3c\x2b\x1a\x01\0\0\0\0\0\0\0\0\0\0\0"),
        SLICE("\x0a\x0d\x0d\x0a\x10\0\0\0\x4d\x3c\x2b\x1a\x10\0\0\0"),
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct guard guard = guard_copy(rows[i]);
        struct seen *seen = seen_in(guard.bytes);
        assert_int_equal(seen->status, CAPTURE_FAILED);
        seen_free(seen);
        guard_free(&guard);
    }
}

/* ---- caps ---- */

static void packets_over_the_cap_lose_their_end_and_are_counted(void **state)
{
    (void)state;
    enum { BIG = 300 << 10 }; /* more than the cap and all options: the block is never held whole */
    char *bytes = memory_zero(BIG, 1);
    struct buffer file = started();
    ng_enhanced(&file, false, 0, 1, (struct slice){bytes, 101}, 101, nothing);
    ng_enhanced(&file, false, 0, 2, (struct slice){bytes, BIG}, BIG, nothing);
    ng_enhanced(&file, false, 0, 3, (struct slice){bytes, 100}, 100, nothing);
    struct limits limits = limits_default();
    limits.packet_bytes = 100;
    struct seen *seen = seen_of(capture_open_memory(buffer_slice(&file), 0, NULL, &limits));
    assert_int_equal(seen->status, CAPTURE_END);
    assert_int_equal(seen->count, 3);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(seen->packets[i].bytes.size, 100);
    }
    assert_int_equal(seen->packets[1].packet.wire_size, BIG);
    assert_int_equal(seen->counts.cut, 2);
    assert_non_null(strstr(seen->remark, "2 packets longer than the packet cap were cut"));
    seen_free(seen);
    buffer_dispose(&file);
    free(bytes);
}

static void interfaces_over_the_cap_are_counted(void **state)
{
    (void)state;
    struct buffer file = started();
    ng_interface(&file, false, 113, 0, nothing);
    ng_interface(&file, false, 113, 0, nothing);
    ng_enhanced(&file, false, 1, 1, TEXT("kept"), 4, nothing);
    ng_enhanced(&file, false, 2, 2, TEXT("over"), 4, nothing);
    struct limits limits = limits_default();
    limits.interfaces = 2;
    struct seen *seen = seen_of(capture_open_memory(buffer_slice(&file), 0, NULL, &limits));
    assert_int_equal(seen->count, 2);
    assert_int_equal(seen->packets[0].packet.link_type, 113);
    assert_int_equal(seen->packets[1].packet.link_type, CAPTURE_LINK_UNKNOWN);
    assert_int_equal(seen->counts.damaged, 2);
    seen_free(seen);
    buffer_dispose(&file);
}

static void options_that_run_past_their_block_end_there(void **state)
{
    (void)state;
    struct buffer file = started();
    ng_enhanced(&file, false, 0, 1, TEXT("one"), 3,
                TEXT("\x01\0\xff\xff"
                     "text"));
    ng_enhanced(&file, false, 0, 1, TEXT("two"), 3, TEXT("\x01\0\x02\0hi\0\0\x01\0\x09\0"));
    struct guard guard = guard_copy(buffer_slice(&file));
    struct limits limits = limits_default();
    struct capture *capture = capture_open_memory(guard.bytes, 0, NULL, &limits);
    struct packet packet;
    assert_int_equal(capture_next(capture, &packet), CAPTURE_PACKET);
    assert_int_equal(capture_next(capture, &packet), CAPTURE_PACKET);
    assert_int_equal(capture_next(capture, &packet), CAPTURE_END);
    assert_int_equal(capture_counts(capture).damaged, 2);
    assert_non_null(strstr(capture_remark(capture), "block at byte 48: its options run past it"));
    capture_close(capture);
    guard_free(&guard);
    buffer_dispose(&file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_block_in_both_byte_orders),
        cmocka_unit_test(origins_are_the_places_of_blocks),
        cmocka_unit_test(secrets_names_and_statistics_are_kept),
        cmocka_unit_test(notes_beyond_their_cap_are_counted),
        cmocka_unit_test(damaged_records_do_no_harm_to_the_next),
        cmocka_unit_test(a_wrong_length_at_the_end_is_passed_when_a_block_follows),
        cmocka_unit_test(what_cannot_be_passed_cuts_the_capture),
        cmocka_unit_test(a_header_that_cannot_be_read_fails),
        cmocka_unit_test(packets_over_the_cap_lose_their_end_and_are_counted),
        cmocka_unit_test(interfaces_over_the_cap_are_counted),
        cmocka_unit_test(options_that_run_past_their_block_end_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
