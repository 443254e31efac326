/*
 * decoders/sip_start.c and decoders/sip_frame.c: what is a start line, and where
 * a message ends on a stream.
 */
#include "tests/unit/harness.h"

#include <stdlib.h>

#include "analyzer/engine/arena.h"
#include "decoders/sip.h"
#include "tests/unit/sip_samples.h"

static void looks(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum sip_look look;
    } rows[] = {
        {"INVITE sip:a@x SIP/2.0\r\n", SIP_LOOK_YES},
        {"NEVERHEARD urn:x SIP/2.0\n", SIP_LOOK_YES},
        {"!interesting-Method0123456789_*+`.%indeed'~ sip:x SIP/2.0\r\n", SIP_LOOK_YES},
        {"INVITE   sip:x   sip/2.0 \r\n", SIP_LOOK_YES},
        {"SIP/2.0 200 OK\r\n", SIP_LOOK_YES},
        {"SIP/2.0 200\r\n", SIP_LOOK_YES},
        {"SIP/2.0 100 \r\n", SIP_LOOK_YES},
        {"", SIP_LOOK_MORE},
        {"S", SIP_LOOK_MORE},
        {"INV", SIP_LOOK_MORE},
        {"INVITE sip", SIP_LOOK_MORE},
        {"SIP/2.0 20", SIP_LOOK_MORE},
        {"SIP/2.0 200 OK\r", SIP_LOOK_MORE},
        {"GET /", SIP_LOOK_NO},
        {"GET http://x HTTP/1.1\r\n", SIP_LOOK_NO},
        {"HTTP/1.1 200 OK\r\n", SIP_LOOK_NO},
        {"DESCRIBE rtsp://x RTSP/1.0\r\n", SIP_LOOK_NO},
        {"SIP/2.0 20x", SIP_LOOK_NO},
        {"SIP/2.0 2000 OK\r\n", SIP_LOOK_NO},
        {"SIP/2.0 099 OK\r\n", SIP_LOOK_NO},
        {"SIP/3.0 200 OK\r\n", SIP_LOOK_NO},
        {"INVITE sip:x\r\n SIP/2.0\r\n", SIP_LOOK_NO},
        {"INVITE sip:a b SIP/2.0\r\n", SIP_LOOK_NO},
        {"INVITE sip:x\x01 SIP/2.0\r\n", SIP_LOOK_NO},
        {"powered by SIP/2.0\r\n", SIP_LOOK_NO},
        {"Via: SIP/2.0/TCP x\r\n", SIP_LOOK_NO},
        {" INVITE sip:x SIP/2.0\r\n", SIP_LOOK_NO},
        {"\x16\x03\x01", SIP_LOOK_NO},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct guard guard = guard_copy(slice_of(rows[i].text));
        if (sip_look(guard.bytes) != rows[i].look) {
            fail_msg("%s", rows[i].text);
        }
        /* a prefix is never told NO when the whole is a start line */
        for (size_t size = 0; rows[i].look == SIP_LOOK_YES && size + 1 < guard.bytes.size; size++) {
            assert_int_equal(sip_look(slice_sub(guard.bytes, 0, size)), SIP_LOOK_MORE);
        }
        guard_free(&guard);
    }
}

static void methods_have_a_longest(void **state)
{
    (void)state;
    char text[128];
    memset(text, 'M', sizeof text);
    memcpy(text + 64, " sip:x SIP/2.0\r\n", 16);
    assert_int_equal(sip_look((struct slice){text, 80}), SIP_LOOK_YES);
    memset(text, 'M', sizeof text);
    memcpy(text + 65, " sip:x SIP/2.0\r\n", 16);
    assert_int_equal(sip_look((struct slice){text, 81}), SIP_LOOK_NO);
}

static void start_lines_have_a_longest(void **state)
{
    (void)state;
    size_t size = 10000;
    char *text = memory_alloc(size);
    memset(text, 'x', size);
    memcpy(text, "INFO sip:", 9);
    assert_int_equal(sip_look((struct slice){text, 8191}), SIP_LOOK_MORE);
    assert_int_equal(sip_look((struct slice){text, 8192}), SIP_LOOK_NO);
    free(text);
}

static void finds_the_next_start(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t from;
        size_t at;
    } rows[] = {
        {"SIP/2.0 200 OK\r\nVia: x\r\n", 0, 0},
        {"SIP/2.0 200 OK\r\nVia: x\r\n", 1, SLICE_NONE},
        {"junk\r\nBYE sip:x SIP/2.0\r\nVia: x\r\n", 0, 6},
        {"</xccos>INFO sip:x SIP/2.0\r\nVia: x\r\n", 0, 8},
        {"</xccos>SIP/2.0 200 OK\r\nVia: x\r\n", 0, 8},
        {"</xccos>INFO sip:x sip/2.0\r\nVia: x\r\n", 0, 8},
        {"see SIP/2.0 there\r\nBYE sip:x SIP/2.0\r\nVia: x\r\n", 0, 19},
        {"a sipfrag:\r\nSIP/2.0 100 Trying\r\n\r\nBYE sip:x SIP/2.0\r\nVia: x\r\n", 0, 34},
        {"BYE sip:x SIP/2.0\r\nno header\r\n", 0, SLICE_NONE},
        {"Via: SIP/2.0/TCP x\r\nVia: SIP/2.0/TCP y\r\n", 0, SLICE_NONE},
        {"", 0, SLICE_NONE},
        {"x", 5, SLICE_NONE},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct guard guard = guard_copy(slice_of(rows[i].text));
        assert_int_equal(sip_find_start(guard.bytes, rows[i].from), rows[i].at);
        guard_free(&guard);
    }
}

static struct sip_frame frame_of(const char *text, bool final)
{
    struct limits limits = limits_default();
    struct guard guard = guard_copy(slice_of(text));
    struct sip_frame frame = sip_frame_stream(guard.bytes, final, &limits);
    guard_free(&guard);
    return frame;
}

static void frames(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool final;
        enum sip_frame_status status;
        size_t skip;
        size_t size;
        size_t needed;
        bool junk;
        bool body_cut;
    } rows[] = {
        {"\r\n\r\n", false, SIP_FRAME_MORE, 4, 0, 0, false, false},
        {"INFO sip:x SIP/2.0\r\nl: 2\r\n\r\n{}", false, SIP_FRAME_MESSAGE, 0, 30, 0, false, false},
        {"\r\n\r\nINFO sip:x SIP/2.0\r\nl: 2\r\n\r\n{}", false, SIP_FRAME_MESSAGE, 4, 30, 0, false,
         false},
        {"INFO sip:x SIP/2.0\nl: 2\n\n{}x", false, SIP_FRAME_MESSAGE, 0, 27, 0, false, false},
        {"INFO sip:x SIP/2.0\r\nl: 2\n\r\n{}", false, SIP_FRAME_MESSAGE, 0, 29, 0, false, false},
        {"\nINFO sip:x SIP/2.0\r\nl: 2\r\n\r\n{", false, SIP_FRAME_MORE, 1, 0, 31, false, false},
        {"\nINFO sip:x SIP/2.0\r\nl: 2\r\n\r\n{", true, SIP_FRAME_MESSAGE, 1, 29, 0, false, true},
        {"INFO sip:x SIP/2.0\r\na: b\r\n\r\nrest", false, SIP_FRAME_MESSAGE, 0, 28, 0, false,
         false},
        {"INFO sip:x SIP/2.0\r\nl: -2\r\n\r\n{}", false, SIP_FRAME_MESSAGE, 0, 29, 0, false, false},
        {"INFO sip:x SIP/2.0\r\nl: 1\r\nl: 2\r\n\r\n{}", false, SIP_FRAME_MESSAGE, 0, 35, 0, false,
         false},
        {"INFO sip:x SIP/2.0\r\nl:\r\n 2\r\n\r\n{}", false, SIP_FRAME_MESSAGE, 0, 32, 0, false,
         false},
        {"INFO sip:x SIP/2.0\r\nl: 99999999999999999999\r\n\r\n{}", false, SIP_FRAME_TOO_BIG, 49, 0,
         0, true, false},
        {"INFO sip:x SIP/2.0\r\nl: 16777216\r\n\r\n{}BYE sip:x SIP/2.0\r\nl", false,
         SIP_FRAME_TOO_BIG, 37, 0, 0, true, false},
        {"INFO sip:x SIP/2.0\r\nl: 8\r\n<?xml ?>", false, SIP_FRAME_MESSAGE, 0, 34, 0, false,
         false},
        {"INFO sip:x SIP/2.0\r\nl: 8\r\n<?xm", false, SIP_FRAME_MORE, 0, 0, 0, false, false},
        {"INFO sip:x SIP/2.0\r\nl: 2\r\nBYE sip:x SIP/2.0\r\n", false, SIP_FRAME_LOST, 26, 0, 0,
         true, false},
        {"INFO sip:x SIP/2.0\r\nnothing\r\nBYE sip:x SIP/2.0\r\nl", false, SIP_FRAME_LOST, 29, 0, 0,
         true, false},
        {"hello\r\nINV", false, SIP_FRAME_LOST, 7, 0, 0, true, false},
        {"hello\r\nINV", true, SIP_FRAME_LOST, 10, 0, 0, true, false},
        {"INFO sip:x SIP/2.0\r\nl: 2\r\n", true, SIP_FRAME_LOST, 26, 0, 0, true, false},
        {"INV", true, SIP_FRAME_LOST, 3, 0, 0, true, false},
        {"INV", false, SIP_FRAME_MORE, 0, 0, 0, false, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct sip_frame frame = frame_of(rows[i].text, rows[i].final);
        if (frame.status != rows[i].status || frame.skip != rows[i].skip ||
            frame.size != rows[i].size || frame.needed != rows[i].needed ||
            frame.junk != rows[i].junk || frame.body_cut != rows[i].body_cut) {
            fail_msg("row %zu: status %d skip %zu size %zu needed %zu junk %d cut %d", i,
                     frame.status, frame.skip, frame.size, frame.needed, frame.junk,
                     frame.body_cut);
        }
    }
}

static void frame_caps(void **state)
{
    (void)state;
    struct limits limits = limits_default();
    limits.header_bytes = 40;
    limits.message_bytes = 60;
    struct slice long_head = slice_of("INFO sip:x SIP/2.0\r\na: bbbbbbbbbbbbbbbbbbbbbbbbbb");
    struct sip_frame frame = sip_frame_stream(long_head, false, &limits);
    assert_int_equal(frame.status, SIP_FRAME_TOO_BIG);
    assert_string_equal(frame.cap, "header_bytes");
    frame = sip_frame_stream(slice_sub(long_head, 0, 39), false, &limits);
    assert_int_equal(frame.status, SIP_FRAME_MORE);
    frame = sip_frame_stream(slice_of("INFO sip:x SIP/2.0\r\nl: 31\r\n\r\n"), false, &limits);
    assert_int_equal(frame.status, SIP_FRAME_MORE);
    frame = sip_frame_stream(slice_of("INFO sip:x SIP/2.0\r\nl: 32\r\n\r\n"), false, &limits);
    assert_int_equal(frame.status, SIP_FRAME_TOO_BIG);
    assert_string_equal(frame.cap, "message_bytes");
}

/* Whatever is cut off: the verdict is MORE, and resuming gives what reading at once gives. */
static void every_prefix_resumes(void **state)
{
    (void)state;
    static const char *const samples[] = {SAMPLE_SERVICE, SAMPLE_SUBSCRIBE_OK, SAMPLE_BENOTIFY,
                                          SAMPLE_INFO, SAMPLE_NEGOTIATE};
    struct limits limits = limits_default();
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
        struct slice whole = slice_of(samples[i]);
        for (size_t size = 0; size < whole.size; size++) {
            struct guard guard = guard_copy(slice_sub(whole, 0, size));
            struct sip_frame frame = sip_frame_stream(guard.bytes, false, &limits);
            assert_int_equal(frame.status, SIP_FRAME_MORE);
            assert_int_equal(frame.skip, 0);
            assert_true(frame.needed == 0 || frame.needed == whole.size);
            frame = sip_frame_resume(whole, frame.scanned, false, &limits);
            assert_int_equal(frame.status, SIP_FRAME_MESSAGE);
            assert_int_equal(frame.size, whole.size);
            frame = sip_frame_stream(guard.bytes, true, &limits);
            assert_true(size == 0 || frame.skip + frame.size == size);
            guard_free(&guard);
        }
    }
}

static void trims_by_cseq(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t trim;
    } rows[] = {
        {"INFO sip:x SIP/2.0\r\nCSeq: 1 INFO\r\n\r\n", 0},
        {"helloINFO sip:x SIP/2.0\r\nCSeq: 1 INFO\r\n\r\n", 5},
        {"xNEVERHEARD sip:x SIP/2.0\r\nCSeq: 1 NEVERHEARD\r\n\r\n", 1},
        {"NOTIFY sip:x SIP/2.0\r\nCSeq: 1 BENOTIFY\r\n\r\n", SLICE_NONE},
        {"INFO sip:x SIP/2.0\r\nCSeq: 1 BYE\r\n\r\n", 0},
        {"INFO sip:x SIP/2.0\r\nCSeq: 1\r\n\r\n", 0},
        {"INFO sip:x SIP/2.0\r\n\r\n", 0},
        {"SIP/2.0 200 OK\r\nCSeq: 1 INFO\r\n\r\n", 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct guard guard = guard_copy(slice_of(rows[i].text));
        assert_int_equal(sip_frame_trim(guard.bytes), rows[i].trim);
        guard_free(&guard);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(looks),
        cmocka_unit_test(methods_have_a_longest),
        cmocka_unit_test(start_lines_have_a_longest),
        cmocka_unit_test(finds_the_next_start),
        cmocka_unit_test(frames),
        cmocka_unit_test(frame_caps),
        cmocka_unit_test(every_prefix_resumes),
        cmocka_unit_test(trims_by_cseq),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
