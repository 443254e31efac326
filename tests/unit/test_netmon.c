/*
 * Network Monitor 2.0 to 2.3: times, media, and a frame table that cannot be trusted.
 */
#include "tests/unit/captures.h"

#define START (INT64_C(1234567890) * TIME_SECOND + 250000000)

/* 2009-02-13T23:31:30Z as FILETIME. */
#define FILETIME UINT64_C(128790414900000000)

static const struct netmon_frame frames[] = {
    {0, SLICE("alpha"), 5, 1, FILETIME},
    {1500001, SLICE("beta"), 1514, 0xe065, FILETIME + 10000005},
    {UINT64_C(0xfffffffffff0bdc0), SLICE("gamma"), 5, 9, 0}, /* -1000000 us */
};

enum { FRAMES = 3 };

static void every_version_gives_the_frames(void **state)
{
    (void)state;
    static const int64_t counted[FRAMES] = {START, START + 1500001000, START - TIME_SECOND};
    /* 2.3 has the time in UTC; without one the counted time stands. */
    static const int64_t stamped[FRAMES] = {INT64_C(1234567890) * TIME_SECOND,
                                            INT64_C(1234567891) * TIME_SECOND + 500,
                                            START - TIME_SECOND};
    static const uint32_t links[FRAMES] = {1, 101, 101};
    for (unsigned minor = 0; minor <= 3; minor++) {
        struct buffer file = built();
        netmon_file(&file, minor, 3, frames, FRAMES);
        struct guard guard = guard_copy(buffer_slice(&file));
        struct seen *seen = seen_in(guard.bytes);
        assert_int_equal(seen->status, CAPTURE_END);
        assert_int_equal(seen->count, FRAMES);
        uint64_t offset = NETMON_HEADER;
        for (size_t i = 0; i < FRAMES; i++) {
            const struct packet *packet = &seen->packets[i].packet;
            assert_true(slice_equal(seen->packets[i].bytes, frames[i].bytes));
            assert_int_equal(packet->wire_size, frames[i].wire);
            assert_int_equal(packet->link_type, minor == 0 ? 10 : links[i]); /* 3 is FDDI */
            assert_int_equal(packet->origin.time, minor < 3 ? counted[i] : stamped[i]);
            assert_int_equal(packet->origin.record, i + 1);
            assert_int_equal(packet->origin.offset, offset);
            offset += 16 + frames[i].bytes.size + (const unsigned[]){0, 2, 6, 15}[minor];
        }
        assert_string_equal(seen->info.kind, "netmon");
        seen_free(seen);
        guard_free(&guard);
        buffer_dispose(&file);
    }
}

static void media_are_link_types(void **state)
{
    (void)state;
    static const struct {
        uint32_t medium;
        uint32_t link_type;
    } rows[] = {
        {0, 1},
        {1, 1},
        {2, 6},
        {3, 10},
        {4, UINT32_MAX},
        {5, UINT32_MAX},
        {6, UINT32_MAX},
        {7, 101},
        {8, 101},
        {9, 101},
        {10, UINT32_MAX},
        {0xe000, 0},
        {0xe071, 113},
        {0xe114, 276},
        {0xe080, 105},
        {0xe083, UINT32_MAX},
        {0xffe0, UINT32_MAX},
        {0x1234, UINT32_MAX},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct netmon_frame frame = {0, SLICE("x"), 1, rows[i].medium, FILETIME};
        struct buffer file = built();
        netmon_file(&file, 2, 1, &frame, 1);
        struct seen *seen = seen_in(buffer_slice(&file));
        assert_int_equal(seen->count, 1);
        assert_int_equal(seen->packets[0].packet.link_type, rows[i].link_type);
        seen_free(seen);
        buffer_dispose(&file);
    }
}

static void records_about_the_capture_are_passed_over(void **state)
{
    (void)state;
    static const struct netmon_frame mixed[] = {
        {0, SLICE("adapters"), 8, 0xfffd, FILETIME},
        {1, SLICE("packet"), 6, 1, FILETIME},
        {2, SLICE("filter"), 6, 0xffff, FILETIME},
        {3, SLICE("cache"), 5, 0xfffe, FILETIME},
    };
    struct buffer file = built();
    netmon_file(&file, 3, 1, mixed, 4);
    struct seen *seen = seen_in(buffer_slice(&file));
    assert_int_equal(seen->status, CAPTURE_END);
    assert_int_equal(seen->count, 1);
    assert_slice_equal(seen->packets[0].bytes, "packet");
    assert_int_equal(seen->packets[0].packet.origin.record, 1);
    assert_int_equal(seen->counts.passed_over, 3);
    seen_free(seen);
    buffer_dispose(&file);
}

/* The table decides the order; holes between frames are legal. */
static void frames_come_in_the_order_of_the_table(void **state)
{
    (void)state;
    struct buffer body = built();
    uint32_t places[FRAMES];
    for (size_t i = 0; i < FRAMES; i++) {
        put(&body, (struct slice)SLICE("a hole"));
        places[i] = (uint32_t)(NETMON_HEADER + body.size);
        netmon_put_frame(&body, 0, &frames[i]);
    }
    struct buffer file = built();
    netmon_header(&file, 0, 1, (uint32_t)(NETMON_HEADER + body.size), 4 * FRAMES);
    put(&file, buffer_slice(&body));
    for (size_t i = FRAMES; i > 0; i--) {
        put_u32(&file, places[i - 1], false);
    }
    struct seen *seen = seen_in(buffer_slice(&file));
    assert_int_equal(seen->status, CAPTURE_END);
    assert_int_equal(seen->count, FRAMES);
    for (size_t i = 0; i < FRAMES; i++) {
        assert_true(slice_equal(seen->packets[i].bytes, frames[FRAMES - 1 - i].bytes));
        assert_int_equal(seen->packets[i].packet.origin.offset, places[FRAMES - 1 - i]);
    }
    seen_free(seen);
    buffer_dispose(&body);
    buffer_dispose(&file);
}

static void hostile_tables(void **state)
{
    (void)state;
    static const struct {
        uint32_t entries[3]; /* places of frames */
        enum capture_status status;
        uint64_t damaged;
        size_t sized; /* packets with bytes */
        const char *said;
    } rows[] = {
        /* The frame at 128 takes 21 bytes of a file of 161. */
        {{128, 128, 128}, CAPTURE_END, 0, 3, ""},
        {{128, UINT32_MAX, 128}, CAPTURE_END, 1, 2, "record 2 at byte 4294967295"},
        {{128, 140, 128}, CAPTURE_END, 1, 2, "do not fit into the file"},
        {{160, 161, 128}, CAPTURE_END, 2, 1, "record 1 at byte 160"},
        {{0, 128, 128}, CAPTURE_END, 1, 2, "record 1 at byte 0"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct buffer file = built();
        netmon_header(&file, 0, 1, NETMON_HEADER + 21, 12);
        netmon_put_frame(&file, 0, &frames[0]);
        for (size_t e = 0; e < 3; e++) {
            put_u32(&file, rows[i].entries[e], false);
        }
        struct guard guard = guard_copy(buffer_slice(&file));
        struct seen *seen = seen_in(guard.bytes);
        size_t sized = 0;
        for (size_t p = 0; p < seen->count; p++) {
            sized += seen->packets[p].bytes.size > 0;
        }
        assert_int_equal(seen->status, rows[i].status);
        assert_int_equal(seen->counts.damaged, rows[i].damaged);
        assert_int_equal(sized, rows[i].sized);
        assert_non_null(strstr(seen->remark, rows[i].said));
        seen_free(seen);
        guard_free(&guard);
        buffer_dispose(&file);
    }
}

/* A table that names one frame again and again would make a small file cost without end. */
static void overlapping_frames_cut_the_capture(void **state)
{
    (void)state;
    enum { ENTRIES = 100 };
    struct buffer file = built();
    netmon_header(&file, 0, 1, NETMON_HEADER + 21, 4 * ENTRIES);
    netmon_put_frame(&file, 0, &frames[0]);
    for (size_t i = 0; i < ENTRIES; i++) {
        put_u32(&file, NETMON_HEADER, false);
    }
    struct seen *seen = seen_in(buffer_slice(&file));
    assert_int_equal(seen->status, CAPTURE_CUT);
    assert_int_equal(seen->count, file.size / 21);
    assert_non_null(strstr(seen->problem, "the frames overlap"));
    seen_free(seen);
    buffer_dispose(&file);
}

static void a_capture_without_frames_is_no_error(void **state)
{
    (void)state;
    struct buffer file = built();
    netmon_header(&file, 3, 1, 0, 0);
    struct seen *seen = seen_in(buffer_slice(&file));
    assert_int_equal(seen->status, CAPTURE_END);
    assert_int_equal(seen->count, 0);
    seen_free(seen);
    buffer_dispose(&file);
}

static void absurd_times_are_counted_as_none(void **state)
{
    (void)state;
    static const struct netmon_frame odd[] = {
        {5, SLICE("a"), 1, 1, 0},
        {UINT64_C(0x7fffffffffffffff), SLICE("b"), 1, 1, UINT64_MAX},
        {UINT64_C(0x0ccccccccccccccc), SLICE("c"), 1, 1, 1},
        {UINT64_C(0xf000000000000000), SLICE("d"), 1, 1, UINT64_C(1) << 63},
    };
    for (unsigned minor = 0; minor <= 3; minor += 3) {
        struct buffer file = built();
        netmon_file(&file, minor, 1, odd, 4);
        struct seen *seen = seen_in(buffer_slice(&file));
        assert_int_equal(seen->count, 4);
        assert_int_equal(seen->packets[0].packet.origin.time, START + 5000);
        assert_int_equal(seen->packets[1].packet.origin.time,
                         START - 1000); /* times ten it is -10 */
        assert_int_equal(seen->packets[2].packet.origin.time, START - 1000);
        assert_int_equal(seen->packets[3].packet.origin.time, START - 1000);
        assert_int_equal(seen->counts.undated, 2);
        assert_int_equal(seen->info.first, START - 1000);
        assert_int_equal(seen->info.last, START + 5000);
        seen_free(seen);
        buffer_dispose(&file);
    }
}

static void frames_over_the_cap_lose_their_end(void **state)
{
    (void)state;
    static char big[5000];
    const struct netmon_frame large[] = {
        {0, {big, sizeof big}, sizeof big, 0xe071, FILETIME},
        {1, SLICE("small"), 5, 1, FILETIME},
    };
    struct buffer file = built();
    netmon_file(&file, 3, 1, large, 2);
    struct limits limits = limits_default();
    limits.packet_bytes = 100;
    struct seen *seen = seen_of(capture_open_memory(buffer_slice(&file), 0, NULL, &limits));
    assert_int_equal(seen->count, 2);
    assert_int_equal(seen->packets[0].bytes.size, 100);
    assert_int_equal(seen->packets[0].packet.link_type, 113);
    assert_int_equal(seen->packets[0].packet.wire_size, sizeof big);
    assert_slice_equal(seen->packets[1].bytes, "small");
    assert_int_equal(seen->counts.cut, 1);
    seen_free(seen);
    buffer_dispose(&file);
}

static void a_compressed_capture_over_the_cap_is_refused(void **state)
{
    (void)state;
    struct buffer file = built();
    struct buffer packed = built();
    netmon_file(&file, 0, 1, frames, FRAMES);
    pack_gzip(&packed, buffer_slice(&file));
    struct limits limits = limits_default();
    limits.unpacked_bytes = file.size - 1;
    struct seen *seen = seen_of(capture_open_memory(buffer_slice(&packed), 0, NULL, &limits));
    assert_int_equal(seen->status, CAPTURE_FAILED);
    assert_non_null(strstr(seen->problem, "decompress it into a file first"));
    seen_free(seen);
    buffer_dispose(&packed);
    buffer_dispose(&file);
}

/* Written by editcap -F netmon2 (Wireshark 4.0), read back by tshark with these numbers. */
static void a_file_written_by_editcap(void **state)
{
    (void)state;
    struct slice file = test_file("tests/fuzz/corpus/fuzz_capture/netmon-editcap.cap");
    struct seen *seen = seen_in(file);
    assert_int_equal(seen->status, CAPTURE_END);
    assert_int_equal(seen->count, 3);
    static const int64_t times[] = {INT64_C(1700000000123456000), INT64_C(1700000000124456000),
                                    INT64_C(1700000002000001000)};
    static const size_t sizes[] = {54, 60, 66};
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(seen->packets[i].packet.origin.time, times[i]);
        assert_int_equal(seen->packets[i].bytes.size, sizes[i]);
        assert_int_equal(seen->packets[i].packet.link_type, 1);
    }
    seen_free(seen);
    free((char *)(uintptr_t)file.data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_version_gives_the_frames),
        cmocka_unit_test(media_are_link_types),
        cmocka_unit_test(records_about_the_capture_are_passed_over),
        cmocka_unit_test(frames_come_in_the_order_of_the_table),
        cmocka_unit_test(hostile_tables),
        cmocka_unit_test(overlapping_frames_cut_the_capture),
        cmocka_unit_test(a_capture_without_frames_is_no_error),
        cmocka_unit_test(absurd_times_are_counted_as_none),
        cmocka_unit_test(frames_over_the_cap_lose_their_end),
        cmocka_unit_test(a_compressed_capture_over_the_cap_is_refused),
        cmocka_unit_test(a_file_written_by_editcap),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
