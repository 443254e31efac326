/*
 * Captures built byte by byte, for the tests of the capture readers: what each
 * format looks like, in one place, independent of the readers.
 */
#ifndef OCSIGHT_TESTS_UNIT_CAPTURES_H
#define OCSIGHT_TESTS_UNIT_CAPTURES_H

#include "tests/unit/harness.h"

#include <stdio.h>
#include <stdlib.h>
#include <zlib.h>
#include <zstd.h>

#include "analyzer/engine/arena.h"
#include "analyzer/engine/buffer.h"
#include "decoders/capture.h"

/* ---- bytes ---- */

static inline void put(struct buffer *out, struct slice bytes)
{
    assert_true(buffer_append(out, bytes));
}

/* The lowest `size` bytes of a number. */
static inline void put_number(struct buffer *out, uint64_t value, unsigned size, bool big)
{
    for (unsigned i = 0; i < size; i++) {
        unsigned byte = big ? size - 1 - i : i;
        assert_true(buffer_append_byte(out, (char)(value >> (8 * byte) & 0xff)));
    }
}

static inline void put_u16(struct buffer *out, uint32_t value, bool big)
{
    put_number(out, value, 2, big);
}

static inline void put_u32(struct buffer *out, uint64_t value, bool big)
{
    put_number(out, value, 4, big);
}

static inline void put_u64(struct buffer *out, uint64_t value, bool big)
{
    put_number(out, value, 8, big);
}

static inline void put_padding(struct buffer *out, size_t size)
{
    for (; size % 4 != 0; size++) {
        assert_true(buffer_append_byte(out, '\0'));
    }
}

enum { BUILT_MAX = 32 << 20 };

static inline struct buffer built(void)
{
    struct buffer buffer;
    buffer_init(&buffer, BUILT_MAX);
    return buffer;
}

/* ---- classic pcap ---- */

enum { PCAP_MICRO = 0xa1b2c3d4, PCAP_NANO = 0xa1b23c4d, PCAP_PATCHED = 0xa1b2cd34 };

static inline void pcap_start(struct buffer *out, uint32_t magic, bool big, uint32_t snapshot,
                              uint32_t link_type)
{
    put_u32(out, magic, big);
    put_u16(out, 2, big);
    put_u16(out, 4, big);
    put_u64(out, 0, big);
    put_u32(out, snapshot, big);
    put_u32(out, link_type, big);
}

static inline void pcap_record(struct buffer *out, bool big, uint32_t seconds, uint32_t part,
                               struct slice bytes, uint32_t wire)
{
    put_u32(out, seconds, big);
    put_u32(out, part, big);
    put_u32(out, bytes.size, big);
    put_u32(out, wire, big);
    put(out, bytes);
}

/* ---- pcapng ---- */

enum { NG_SECTION = 0x0a0d0d0a };

static inline void ng_block(struct buffer *out, bool big, uint32_t type, struct slice body)
{
    size_t size = 12 + (body.size + 3) / 4 * 4;
    put_u32(out, type, big);
    put_u32(out, size, big);
    put(out, body);
    put_padding(out, body.size);
    put_u32(out, size, big);
}

static inline void ng_option(struct buffer *out, bool big, uint32_t code, struct slice value)
{
    put_u16(out, code, big);
    put_u16(out, (uint32_t)value.size, big);
    put(out, value);
    put_padding(out, value.size);
}

static inline void ng_section(struct buffer *out, bool big, struct slice options)
{
    struct buffer body = built();
    put_u32(&body, 0x1a2b3c4d, big);
    put_u16(&body, 1, big);
    put_u16(&body, 0, big);
    put_u64(&body, UINT64_MAX, big);
    put(&body, options);
    ng_block(out, big, NG_SECTION, buffer_slice(&body));
    buffer_dispose(&body);
}

static inline void ng_interface(struct buffer *out, bool big, uint32_t link_type, uint32_t snapshot,
                                struct slice options)
{
    struct buffer body = built();
    put_u16(&body, link_type, big);
    put_u16(&body, 0, big);
    put_u32(&body, snapshot, big);
    put(&body, options);
    ng_block(out, big, 1, buffer_slice(&body));
    buffer_dispose(&body);
}

/* An interface with a clock of its own. */
static inline void ng_clock(struct buffer *out, bool big, uint32_t link_type, uint8_t resolution,
                            int64_t offset)
{
    struct buffer options = built();
    struct buffer number = built();
    put_u64(&number, (uint64_t)offset, big);
    ng_option(&options, big, 9, (struct slice){(const char *)&resolution, 1});
    ng_option(&options, big, 14, buffer_slice(&number));
    put_u32(&options, 0, big);
    ng_interface(out, big, link_type, 0, buffer_slice(&options));
    buffer_dispose(&options);
    buffer_dispose(&number);
}

static inline void ng_enhanced(struct buffer *out, bool big, uint32_t interface, uint64_t ticks,
                               struct slice bytes, uint32_t wire, struct slice options)
{
    struct buffer body = built();
    put_u32(&body, interface, big);
    put_u32(&body, ticks >> 32, big);
    put_u32(&body, ticks & UINT32_MAX, big);
    put_u32(&body, bytes.size, big);
    put_u32(&body, wire, big);
    put(&body, bytes);
    put_padding(&body, bytes.size);
    put(&body, options);
    ng_block(out, big, 6, buffer_slice(&body));
    buffer_dispose(&body);
}

static inline void ng_obsolete(struct buffer *out, bool big, uint32_t interface, uint64_t ticks,
                               struct slice bytes, uint32_t wire)
{
    struct buffer body = built();
    put_u16(&body, interface, big);
    put_u16(&body, 0xffff, big);
    put_u32(&body, ticks >> 32, big);
    put_u32(&body, ticks & UINT32_MAX, big);
    put_u32(&body, bytes.size, big);
    put_u32(&body, wire, big);
    put(&body, bytes);
    ng_block(out, big, 2, buffer_slice(&body));
    buffer_dispose(&body);
}

static inline void ng_simple(struct buffer *out, bool big, struct slice bytes, uint32_t wire)
{
    struct buffer body = built();
    put_u32(&body, wire, big);
    put(&body, bytes);
    ng_block(out, big, 3, buffer_slice(&body));
    buffer_dispose(&body);
}

/* ---- NetMon 2.x ---- */

enum { NETMON_HEADER = 128 };

struct netmon_frame {
    uint64_t microseconds;
    struct slice bytes;
    uint32_t wire;
    uint32_t medium;   /* 2.1 and later */
    uint64_t filetime; /* 2.3 */
};

static inline void netmon_header(struct buffer *out, unsigned minor, uint32_t medium,
                                 uint32_t table, uint32_t table_size)
{
    put(out, (struct slice)SLICE("GMBU"));
    put_number(out, minor, 1, false);
    put_number(out, 2, 1, false);
    put_u16(out, medium, false);
    /* 2009-02-13 (a Friday) 23:31:30.250, which is 1234567890.250 */
    static const uint16_t start[] = {2009, 2, 5, 13, 23, 31, 30, 250};
    for (size_t i = 0; i < 8; i++) {
        put_u16(out, start[i], false);
    }
    put_u32(out, table, false);
    put_u32(out, table_size, false);
    while (out->size % NETMON_HEADER != 0) {
        put_number(out, 0, 4, false);
    }
}

static inline void netmon_put_frame(struct buffer *out, unsigned minor,
                                    const struct netmon_frame *frame)
{
    put_u64(out, frame->microseconds, false);
    put_u32(out, frame->wire, false);
    put_u32(out, frame->bytes.size, false);
    put(out, frame->bytes);
    if (minor >= 1) {
        put_u16(out, frame->medium, false);
    }
    if (minor >= 2) {
        put_u32(out, UINT32_MAX, false);
    }
    if (minor >= 3) {
        put_u64(out, frame->filetime, false);
        put_number(out, 0, 1, false);
    }
}

/* Frames in a row from byte 128 on, then the table. */
static inline void netmon_file(struct buffer *out, unsigned minor, uint32_t medium,
                               const struct netmon_frame *frames, size_t count)
{
    struct buffer body = built();
    struct buffer table = built();
    for (size_t i = 0; i < count; i++) {
        put_u32(&table, NETMON_HEADER + body.size, false);
        netmon_put_frame(&body, minor, &frames[i]);
    }
    netmon_header(out, minor, medium, (uint32_t)(NETMON_HEADER + body.size), (uint32_t)table.size);
    put(out, buffer_slice(&body));
    put(out, buffer_slice(&table));
    buffer_dispose(&body);
    buffer_dispose(&table);
}

/* ---- compression ---- */

static inline void pack_gzip(struct buffer *out, struct slice content)
{
    z_stream stream = {0};
    assert_int_equal(deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    size_t bound = deflateBound(&stream, content.size);
    unsigned char *packed = memory_alloc(bound);
    stream.next_in = (unsigned char *)(uintptr_t)content.data;
    stream.avail_in = (unsigned)content.size;
    stream.next_out = packed;
    stream.avail_out = (unsigned)bound;
    assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
    put(out, (struct slice){(const char *)packed, stream.total_out});
    deflateEnd(&stream);
    free(packed);
}

static inline void pack_zstd(struct buffer *out, struct slice content)
{
    size_t bound = ZSTD_compressBound(content.size);
    char *packed = memory_alloc(bound);
    ZSTD_CCtx *context = ZSTD_createCCtx();
    ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
    size_t size = ZSTD_compress2(context, packed, bound, content.data, content.size);
    assert_false(ZSTD_isError(size));
    put(out, (struct slice){packed, size});
    ZSTD_freeCCtx(context);
    free(packed);
}

/* ---- reading them back ---- */

enum { SEEN_MAX = 1024 };

/* A packet that outlives capture_next(). */
struct seen_packet {
    struct packet packet;
    struct slice bytes; /* a copy */
};

struct seen {
    struct seen_packet packets[SEEN_MAX];
    size_t count;
    enum capture_status status; /* that ended it */
    char problem[CAPTURE_PROBLEM];
    char remark[2 * CAPTURE_PROBLEM];
    struct capture_counts counts;
    struct input_info info;
};

static inline void seen_free(struct seen *seen)
{
    for (size_t i = 0; i < seen->count; i++) {
        free((char *)(uintptr_t)seen->packets[i].bytes.data);
    }
    free(seen);
}

/* All of an open capture, which is closed. */
static inline struct seen *seen_of(struct capture *capture)
{
    struct seen *seen = memory_zero(1, sizeof *seen);
    struct packet packet;
    while ((seen->status = capture_next(capture, &packet)) == CAPTURE_PACKET) {
        assert_true(seen->count < SEEN_MAX);
        struct seen_packet *kept = &seen->packets[seen->count++];
        *kept = (struct seen_packet){packet, memory_keep(packet.bytes)};
        assert_true(packet.origin.time >= 0 && packet.origin.time <= INT64_C(1) << 62);
    }
    snprintf(seen->problem, sizeof seen->problem, "%s", capture_problem(capture));
    snprintf(seen->remark, sizeof seen->remark, "%s", capture_remark(capture));
    seen->counts = capture_counts(capture);
    seen->info = capture_info(capture);
    /* A cut comes once and then the end; the others stay. */
    enum capture_status again = capture_next(capture, &packet);
    assert_int_equal(again, seen->status == CAPTURE_FAILED ? CAPTURE_FAILED : CAPTURE_END);
    assert_int_equal(seen->problem[0] != '\0', seen->status != CAPTURE_END);
    assert_null(strchr(seen->problem, '\n'));
    assert_int_equal(seen->info.truncated, seen->status == CAPTURE_CUT);
    assert_int_equal(seen->info.failed, seen->status == CAPTURE_FAILED);
    assert_int_equal(seen->info.records, seen->count + seen->counts.filtered);
    capture_close(capture);
    return seen;
}

static inline struct seen *seen_in(struct slice content)
{
    struct limits limits = limits_default();
    return seen_of(capture_open_memory(content, 0, NULL, &limits));
}

static inline void assert_packet_equal(const struct seen_packet *a, const struct seen_packet *b)
{
    assert_true(slice_equal(a->bytes, b->bytes));
    assert_int_equal(a->packet.origin.time, b->packet.origin.time);
    assert_int_equal(a->packet.origin.record, b->packet.origin.record);
    assert_int_equal(a->packet.origin.offset, b->packet.origin.offset);
    assert_int_equal(a->packet.wire_size, b->packet.wire_size);
    assert_int_equal(a->packet.link_type, b->packet.link_type);
    assert_int_equal(a->packet.interface, b->packet.interface);
}

/*
 * Every prefix of a capture gives a prefix of its packets. `may_end` says at
 * which lengths it may look whole; elsewhere it must be cut or fail.
 */
static inline void check_every_cut(struct slice whole,
                                   bool (*may_end)(const struct seen *seen, size_t size))
{
    struct seen *all = seen_in(whole);
    for (size_t size = 0; size < whole.size; size++) {
        struct guard guard = guard_copy(slice_sub(whole, 0, size));
        struct seen *part = seen_in(guard.bytes);
        assert_true(part->count <= all->count);
        for (size_t i = 0; i < part->count; i++) {
            assert_packet_equal(&part->packets[i], &all->packets[i]);
        }
        if (part->status == CAPTURE_END && !(may_end && may_end(all, size))) {
            fail_msg("cut at %zu of %zu bytes, and nobody says so", size, whole.size);
        }
        assert_true(part->status != CAPTURE_FAILED || part->count == 0);
        seen_free(part);
        guard_free(&guard);
    }
    seen_free(all);
}

#endif
