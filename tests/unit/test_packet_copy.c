/*
 * Captures written again with comments: what is added, what stays, and what happens at each
 * limit. The same with whole captures of every form is tests/check_annotate.py.
 */
#include "tests/unit/captures.h"

#include "analyzer/packet_copy.h"
#include "decoders/pcapng_write.h"

#define TEXT(literal) ((struct slice)SLICE(literal))

static const struct slice nothing = {0};

/* The comments that all packets get, or only one. */
struct spoken {
    struct slice items[3];
    size_t count;
    uint64_t record; /* 0 = all */
    struct buffer out;
};

static void write_bytes(void *context, struct slice bytes)
{
    struct spoken *spoken = context;
    put(&spoken->out, bytes);
}

static const struct slice *give_comments(void *context, uint64_t record, size_t *count)
{
    const struct spoken *spoken = context;
    *count = spoken->record == 0 || spoken->record == record ? spoken->count : 0;
    return spoken->items;
}

/* A copy of `file` in spoken->out. */
static struct packet_copy copy_of(struct spoken *spoken, struct slice file,
                                  const struct limits *limits, struct packet_choice *choice)
{
    const struct packet_copy_options options = {
        .application = "test",
        .choice = choice,
        .context = spoken,
        .write = write_bytes,
        .comments = give_comments,
    };
    struct guard guard = guard_copy(file);
    struct capture *capture = capture_open_memory(guard.bytes, 0, NULL, limits);
    spoken->out = built();
    struct packet_copy done = packet_copy_run(capture, &options);
    capture_close(capture);
    guard_free(&guard);
    return done;
}

static void assert_bytes(const struct buffer *out, const struct buffer *expected)
{
    assert_int_equal(out->size, expected->size);
    assert_memory_equal(out->data, expected->data, expected->size);
}

/* A section and an interface with nanoseconds. */
static void put_start(struct buffer *out, bool big)
{
    ng_section(out, big, nothing);
    ng_clock(out, big, 1, 9, 0);
}

/* A file with one packet that has these comments, behind another option. */
static void put_said(struct buffer *out, const struct slice *comments, size_t count, bool big)
{
    struct buffer options = built();
    ng_option(&options, big, 2, TEXT("flags"));
    for (size_t i = 0; i < count && comments[i].size > 0; i++) {
        ng_option(&options, big, 1, comments[i]);
    }
    put_u32(&options, 0, big);
    put_start(out, big);
    ng_enhanced(out, big, 0, 5, TEXT("seven b"), 7, buffer_slice(&options));
    buffer_dispose(&options);
}

static void a_classic_capture_becomes_a_section_and_an_interface(void **state)
{
    (void)state;
    static const struct {
        uint32_t magic;
        uint8_t digits;
        uint64_t count;
    } rows[] = {{PCAP_MICRO, 6, 1000002}, {PCAP_NANO, 9, 1000000002}};
    for (size_t i = 0; i < 2; i++) {
        for (int big = 0; big <= 1; big++) {
            struct limits limits = limits_default();
            struct spoken spoken = {.items = {TEXT("one"), TEXT("다섯 ")}, .count = 2, .record = 2};
            struct buffer file = built();
            pcap_start(&file, rows[i].magic, big == 1, 4096, 113);
            pcap_record(&file, big == 1, 1, 2, TEXT("first"), 5);
            pcap_record(&file, big == 1, 1, 2, TEXT("second"), 60);
            struct packet_copy done = copy_of(&spoken, buffer_slice(&file), &limits, NULL);
            assert_int_equal(done.packets, 2);
            assert_int_equal(done.comments, 2);
            struct buffer expected = built();
            ng_section(&expected, false, TEXT("\x04\0\x04\0test\0\0\0\0"));
            struct buffer options = built();
            put(&options, TEXT("\x09\0\x01\0"));
            put_u32(&options, rows[i].digits, false);
            put_u32(&options, 0, false);
            ng_interface(&expected, false, 113, 4096, buffer_slice(&options));
            ng_enhanced(&expected, false, 0, rows[i].count, TEXT("first"), 5, nothing);
            ng_enhanced(&expected, false, 0, rows[i].count, TEXT("second"), 60,
                        TEXT("\x01\0\x03\0one\0\x01\0\x07\0다섯 \0\0\0\0\0"));
            assert_bytes(&spoken.out, &expected);
            buffer_dispose(&options);
            buffer_dispose(&expected);
            buffer_dispose(&spoken.out);
            buffer_dispose(&file);
        }
    }
}

static void every_link_type_of_a_netmon_capture_is_an_interface(void **state)
{
    (void)state;
    static const struct netmon_frame frames[] = {
        {.bytes = SLICE("ethernet"), .wire = 8, .medium = 1},
        {.bytes = SLICE("raw"), .wire = 3, .medium = 8},
        {.microseconds = 7, .bytes = SLICE("again"), .wire = 9, .medium = 1},
        {.bytes = SLICE("unheard of"), .wire = 10, .medium = 0xe081},
    };
    static const uint32_t links[] = {1, 101, 1, 147};
    struct limits limits = limits_default();
    struct spoken spoken = {.count = 0};
    struct buffer file = built();
    netmon_file(&file, 1, 1, frames, 4);
    assert_int_equal(copy_of(&spoken, buffer_slice(&file), &limits, NULL).packets, 4);
    struct seen *before = seen_of(capture_open_memory(buffer_slice(&file), 0, NULL, &limits));
    struct seen *after = seen_of(capture_open_memory(buffer_slice(&spoken.out), 0, NULL, &limits));
    assert_string_equal(after->info.kind, "pcapng");
    assert_int_equal(after->count, 4);
    for (size_t i = 0; i < 4; i++) {
        assert_true(slice_equal(before->packets[i].bytes, after->packets[i].bytes));
        assert_int_equal(before->packets[i].packet.origin.time,
                         after->packets[i].packet.origin.time);
        assert_int_equal(before->packets[i].packet.wire_size, after->packets[i].packet.wire_size);
        assert_int_equal(after->packets[i].packet.link_type, links[i]);
    }
    seen_free(before);
    seen_free(after);
    buffer_dispose(&spoken.out);
    buffer_dispose(&file);
}

/* ---- pcapng ---- */

static void comments_go_behind_the_options_that_are_there(void **state)
{
    (void)state;
    static const struct {
        struct slice before; /* options */
        struct slice after;
    } rows[] = {
        {SLICE(""), SLICE("\x01\0\x02\0hi\0\0\0\0\0\0")},
        {SLICE("\0\0\0\0"), SLICE("\x01\0\x02\0hi\0\0\0\0\0\0")},
        {SLICE("\x01\0\x03\0old\0\0\0\0\0"), SLICE("\x01\0\x03\0old\0\x01\0\x02\0hi\0\0\0\0\0\0")},
        {SLICE("\x02\0\x04\0\x01\0\0\0"),
         SLICE("\x02\0\x04\0\x01\0\0\0\x01\0\x02\0hi\0\0\0\0\0\0")},
        /* behind the end, and damaged: stays behind */
        {SLICE("\0\0\0\0junk"), SLICE("\x01\0\x02\0hi\0\0\0\0\0\0junk")},
        {SLICE("\x05\0\xff\0long"), SLICE("\x01\0\x02\0hi\0\0\x05\0\xff\0long")},
    };
    struct limits limits = limits_default();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct spoken spoken = {.items = {TEXT("hi")}, .count = 1};
        struct buffer file = built();
        struct buffer expected = built();
        put_start(&file, false);
        put_start(&expected, false);
        ng_enhanced(&file, false, 0, 5, TEXT("packet"), 6, rows[i].before);
        ng_enhanced(&expected, false, 0, 5, TEXT("packet"), 6, rows[i].after);
        assert_int_equal(copy_of(&spoken, buffer_slice(&file), &limits, NULL).comments, 1);
        assert_bytes(&spoken.out, &expected);
        buffer_dispose(&spoken.out);
        buffer_dispose(&expected);
        buffer_dispose(&file);
    }
}

/* Copies of a packet with some comments, which is to say "hi" and "안녕". */
static void what_is_said_already_is_not_said_twice(void **state)
{
    (void)state;
    static const struct {
        struct slice before[3];
        struct slice after[5];
        size_t added;
    } rows[] = {
        {{SLICE("hi"), SLICE("안녕")}, {SLICE("hi"), SLICE("안녕")}, 0},
        {{SLICE("안녕"), SLICE("hi"), SLICE("hi")}, {SLICE("안녕"), SLICE("hi"), SLICE("hi")}, 0},
        {{SLICE("안녕")}, {SLICE("안녕"), SLICE("hi")}, 1},
        {{SLICE("hi"), SLICE("old")}, {SLICE("hi"), SLICE("old"), SLICE("안녕")}, 1},
        /* not byte for byte */
        {{SLICE("Hi"), SLICE("hi "), SLICE("h")},
         {SLICE("Hi"), SLICE("hi "), SLICE("h"), SLICE("hi"), SLICE("안녕")},
         2},
    };
    struct limits limits = limits_default();
    for (size_t i = 0; i < 2 * (sizeof rows / sizeof rows[0]); i++) {
        bool big = i % 2 == 1;
        struct spoken spoken = {.items = {TEXT("hi"), TEXT("안녕")}, .count = 2};
        struct buffer file = built();
        struct buffer expected = built();
        put_said(&file, rows[i / 2].before, 3, big);
        put_said(&expected, rows[i / 2].after, 5, big);
        struct packet_copy done = copy_of(&spoken, buffer_slice(&file), &limits, NULL);
        assert_int_equal(done.comments, rows[i / 2].added);
        assert_bytes(&spoken.out, &expected);
        buffer_dispose(&spoken.out);
        buffer_dispose(&expected);
        buffer_dispose(&file);
    }
}

static void the_same_twice_is_written_twice_but_not_again(void **state)
{
    (void)state;
    struct limits limits = limits_default();
    struct spoken spoken = {.items = {TEXT("x"), TEXT(""), TEXT("x")}, .count = 3};
    struct buffer file = built();
    put_start(&file, false);
    ng_enhanced(&file, false, 0, 5, TEXT("packet"), 6, nothing);
    assert_int_equal(copy_of(&spoken, buffer_slice(&file), &limits, NULL).comments, 3);
    struct buffer first = spoken.out;
    assert_int_equal(copy_of(&spoken, buffer_slice(&first), &limits, NULL).comments, 0);
    assert_bytes(&spoken.out, &first);
    buffer_dispose(&first);
    buffer_dispose(&spoken.out);
    buffer_dispose(&file);
}

static void a_simple_packet_with_comments_is_enhanced(void **state)
{
    (void)state;
    struct limits limits = limits_default();
    struct spoken spoken = {.items = {TEXT("x")}, .count = 1, .record = 2};
    struct buffer file = built();
    struct buffer expected = built();
    struct buffer options = built();
    put_start(&file, true);
    put_start(&expected, true);
    ng_enhanced(&file, true, 0, 77, TEXT("dated"), 5, nothing);
    ng_enhanced(&expected, true, 0, 77, TEXT("dated"), 5, nothing);
    ng_simple(&file, true, TEXT("simple"), 6);
    ng_option(&options, true, 1, TEXT("x"));
    put_u32(&options, 0, true);
    ng_enhanced(&expected, true, 0, 77, TEXT("simple"), 6, buffer_slice(&options));
    ng_simple(&file, true, TEXT("left"), 4);
    ng_simple(&expected, true, TEXT("left"), 4);
    struct packet_copy done = copy_of(&spoken, buffer_slice(&file), &limits, NULL);
    assert_int_equal(done.packets, 3);
    assert_int_equal(done.comments, 1);
    assert_bytes(&spoken.out, &expected);
    buffer_dispose(&options);
    buffer_dispose(&spoken.out);
    buffer_dispose(&expected);
    buffer_dispose(&file);
}

static void what_can_hold_no_comment_is_counted(void **state)
{
    (void)state;
    struct limits limits = limits_default();
    struct spoken spoken = {.items = {TEXT("x"), TEXT("y")}, .count = 2};
    struct buffer file = built();
    ng_section(&file, false, nothing);
    ng_simple(&file, false, TEXT("no interface"), 12);
    ng_block(&file, false, 6, /* its packet is longer than its block */
             TEXT("\0\0\0\0\0\0\0\0\x01\0\0\0\xff\0\0\0\x04\0\0\0four"));
    ng_block(&file, false, 6, TEXT("\0\0\0\0")); /* its block ends before that */
    struct packet_copy done = copy_of(&spoken, buffer_slice(&file), &limits, NULL);
    assert_int_equal(done.packets, 3);
    assert_int_equal(done.comments, 0);
    assert_int_equal(done.beyond, 6);
    assert_bytes(&spoken.out, &file);
    buffer_dispose(&spoken.out);
    buffer_dispose(&file);
}

static void a_comment_over_its_maximum_is_cut_and_says_so(void **state)
{
    (void)state;
    enum { LONG = 70000 };
    struct limits limits = limits_default();
    struct spoken spoken = {.count = 1};
    struct buffer text = built();
    while (text.size < LONG) {
        put(&text, TEXT("한"));
    }
    spoken.items[0] = buffer_slice(&text);
    struct buffer file = built();
    put_start(&file, false);
    ng_enhanced(&file, false, 0, 5, nothing, 0, nothing);
    size_t before = file.size;
    (void)copy_of(&spoken, buffer_slice(&file), &limits, NULL);
    struct buffer written = spoken.out;
    assert_int_equal(copy_of(&spoken, buffer_slice(&written), &limits, NULL).comments, 0);
    assert_bytes(&spoken.out, &written);
    buffer_dispose(&written);
    struct slice options = slice_from(buffer_slice(&spoken.out), before - 4);
    size_t size = slice_byte(options, 2) | (size_t)slice_byte(options, 3) << 8;
    struct slice comment = slice_sub(options, 4, size);
    struct slice mark = TEXT(" ... (cut)");
    assert_true(size <= PCAPNG_COMMENT_MAX && size > PCAPNG_COMMENT_MAX - 4);
    assert_int_equal((size - mark.size) % 3, 0);
    assert_true(slice_equal(slice_from(comment, size - mark.size), mark));
    buffer_dispose(&text);
    buffer_dispose(&spoken.out);
    buffer_dispose(&file);
}

static void a_block_over_the_cap_is_given_on_in_pieces(void **state)
{
    (void)state;
    enum { HUGE_BLOCK = 300 << 10 };
    struct limits limits = limits_default();
    struct spoken spoken = {.items = {TEXT("x")}, .count = 1};
    struct buffer file = built();
    char *bytes = memory_zero(HUGE_BLOCK, 1);
    for (size_t i = 0; i < HUGE_BLOCK; i++) {
        bytes[i] = (char)(i * 7 + (i >> 8));
    }
    limits.packet_bytes = 64;
    put_start(&file, true);
    ng_block(&file, true, 0x0bad, (struct slice){bytes, HUGE_BLOCK});
    ng_enhanced(&file, true, 0, 3, (struct slice){bytes, HUGE_BLOCK}, HUGE_BLOCK, nothing);
    ng_block(&file, true, 5, TEXT("\0\0\0\0\0\0\0\0\0\0\0\0"));
    struct packet_copy done = copy_of(&spoken, buffer_slice(&file), &limits, NULL);
    assert_int_equal(done.packets, 1);
    assert_int_equal(done.beyond, 1);
    assert_bytes(&spoken.out, &file);
    free(bytes);
    buffer_dispose(&spoken.out);
    buffer_dispose(&file);
}

static void lengths_become_true(void **state)
{
    (void)state;
    struct limits limits = limits_default();
    struct spoken spoken = {.count = 0};
    struct buffer file = built();
    put_start(&file, false);
    ng_enhanced(&file, false, 0, 1, TEXT("packet"), 6, nothing);
    ng_enhanced(&file, false, 0, 2, TEXT("packet"), 6, nothing);
    struct buffer damaged = built();
    put(&damaged, buffer_slice(&file));
    damaged.data[16] = 9; /* length of the section: as it is no more once comments are in it */
    memset(damaged.data + 17, 0, 7);
    damaged.data[file.size - 44] = 99; /* length at the end of the first packet */
    assert_int_equal(copy_of(&spoken, buffer_slice(&damaged), &limits, NULL).packets, 2);
    assert_bytes(&spoken.out, &file);
    buffer_dispose(&damaged);
    buffer_dispose(&spoken.out);
    buffer_dispose(&file);
}

static void what_breaks_off_ends_with_its_last_whole_packet(void **state)
{
    (void)state;
    struct limits limits = limits_default();
    struct buffer file = built();
    put_start(&file, false);
    size_t ends[4] = {file.size};
    for (size_t i = 1; i < 4; i++) {
        ng_enhanced(&file, false, 0, i, TEXT("packet"), 6, nothing);
        ends[i] = file.size;
    }
    for (size_t size = ends[0]; size < file.size; size++) {
        struct spoken spoken = {.count = 0};
        (void)copy_of(&spoken, slice_sub(buffer_slice(&file), 0, size), &limits, NULL);
        size_t whole = 0;
        while (ends[whole + 1] <= size) {
            whole++;
        }
        assert_int_equal(spoken.out.size, ends[whole]);
        buffer_dispose(&spoken.out);
    }
    buffer_dispose(&file);
}

static void without_all_packets_some_blocks_may_not_be_copied(void **state)
{
    (void)state;
    static const uint64_t wanted[] = {2};
    struct limits limits = limits_default();
    struct spoken spoken = {.count = 0};
    struct buffer file = built();
    struct buffer expected = built();
    put_start(&file, false);
    put_start(&expected, false);
    ng_block(&file, false, 0x40000bad, TEXT("\0\0\0\1"));
    ng_block(&file, false, 0x0bad, TEXT("\0\0\0\1"));
    ng_block(&expected, false, 0x0bad, TEXT("\0\0\0\1"));
    ng_enhanced(&file, false, 0, 1, TEXT("not this"), 8, nothing);
    ng_enhanced(&file, false, 0, 2, TEXT("this"), 4, nothing);
    ng_enhanced(&expected, false, 0, 2, TEXT("this"), 4, nothing);
    struct packet_choice *choice = packet_choice_new(wanted, 1, test_seed(), &limits);
    struct packet_copy done = copy_of(&spoken, buffer_slice(&file), &limits, choice);
    assert_int_equal(done.packets, 1);
    assert_int_equal(done.left_out, 1);
    assert_bytes(&spoken.out, &expected);
    packet_choice_free(choice);
    buffer_dispose(&spoken.out);
    buffer_dispose(&expected);
    buffer_dispose(&file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_classic_capture_becomes_a_section_and_an_interface),
        cmocka_unit_test(every_link_type_of_a_netmon_capture_is_an_interface),
        cmocka_unit_test(comments_go_behind_the_options_that_are_there),
        cmocka_unit_test(what_is_said_already_is_not_said_twice),
        cmocka_unit_test(the_same_twice_is_written_twice_but_not_again),
        cmocka_unit_test(a_simple_packet_with_comments_is_enhanced),
        cmocka_unit_test(what_can_hold_no_comment_is_counted),
        cmocka_unit_test(a_comment_over_its_maximum_is_cut_and_says_so),
        cmocka_unit_test(a_block_over_the_cap_is_given_on_in_pieces),
        cmocka_unit_test(lengths_become_true),
        cmocka_unit_test(what_breaks_off_ends_with_its_last_whole_packet),
        cmocka_unit_test(without_all_packets_some_blocks_may_not_be_copied),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
