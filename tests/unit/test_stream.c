/*
 * decoders/stream.c: what comes out of connections and datagrams, however their
 * bytes are cut, and what is reported of the bytes that cannot be read.
 */
#include "tests/unit/harness.h"

#include <stdio.h>
#include <stdlib.h>

#include "analyzer/engine/arena.h"
#include "analyzer/engine/buffer.h"
#include "decoders/stream.h"
#include "tests/unit/sip_samples.h"

enum { LOG_MAX = 16384, NOTES_MAX = 4096 };

/* A run over one fake connection (or datagrams): units and notes as text lines. */
struct run {
    struct streams *streams;
    struct tcp_connection connection;
    struct limits limits;
    uint64_t sent[2];
    uint64_t record;
    char units[LOG_MAX]; /* "<from end> <offset> <size> <hash> <cut>" */
    size_t units_used;
    char flags[NOTES_MAX]; /* "<flags in hex> " of each unit */
    size_t flags_used;
    char notes[NOTES_MAX]; /* "<kind>:<bytes>:<count>:<detail>;" or "<code>;" */
    size_t notes_used;
    uint64_t last_record;
};

static uint32_t text_hash(struct slice text)
{
    uint32_t hash = 5381;
    for (size_t i = 0; i < text.size; i++) {
        hash = hash * 33 + slice_byte(text, i);
    }
    return hash;
}

static void run_unit(void *context, const struct sip_unit *unit)
{
    struct run *run = context;
    run->units_used += (size_t)snprintf(
        run->units + run->units_used, LOG_MAX - run->units_used, "%u %u %zu %08x %d\n",
        unit->observed.source.port, (unsigned)unit->observed.origin.stream_offset, unit->raw.size,
        text_hash(unit->raw), (unit->flags & SIP_BODY_CUT) != 0);
    run->flags_used += (size_t)snprintf(run->flags + run->flags_used, NOTES_MAX - run->flags_used,
                                        "%x ", unit->flags);
    assert_true(run->units_used < LOG_MAX && run->flags_used < NOTES_MAX);
    assert_true(sip_look(unit->raw) == SIP_LOOK_YES);
    run->last_record = unit->observed.origin.record;
}

static void run_note(void *context, const struct event *event)
{
    struct run *run = context;
    char *out = run->notes + run->notes_used;
    size_t room = NOTES_MAX - run->notes_used;
    const struct coverage_fact *fact = &event->as.coverage;
    if (event->kind == EVENT_DIAGNOSTIC) {
        run->notes_used += (size_t)snprintf(out, room, "%s:%.*s;", event->as.diagnostic.code,
                                            (int)event->as.diagnostic.detail.size,
                                            event->as.diagnostic.detail.data);
    } else {
        run->notes_used += (size_t)snprintf(
            out, room, "%s:%u:%u:%.*s;", coverage_kind_name(fact->kind), (unsigned)fact->bytes,
            (unsigned)fact->count, (int)fact->detail.size, fact->detail.data);
    }
    assert_true(run->notes_used < NOTES_MAX);
}

static struct address address_at(uint8_t host, uint16_t port)
{
    return (struct address){.bytes = {192, 0, 2, host}, .family = ADDRESS_IPV4, .port = port};
}

static void run_open(struct run *run, bool from_start)
{
    memset(run, 0, sizeof *run);
    run->limits = limits_default();
    run->connection = (struct tcp_connection){.id = 1,
                                              .ends = {address_at(21, 1), address_at(5, 2)},
                                              .from_start = from_start,
                                              .seen = {true, true}};
}

static struct streams *run_streams(struct run *run)
{
    if (!run->streams) {
        struct stream_sink sink = {run, run_unit};
        struct event_sink notes = {run_note, run};
        run->streams = streams_new(test_seed(), &run->limits, &sink, &notes);
    }
    return run->streams;
}

static struct origin run_origin(struct run *run, int from)
{
    run->record++;
    return (struct origin){.time = (int64_t)run->record,
                           .record = run->record,
                           .stream = 1,
                           .stream_offset = run->sent[from]};
}

static void run_send(struct run *run, int from, struct slice bytes)
{
    struct tcp_sink sink = streams_tcp_sink(run_streams(run));
    struct origin origin = run_origin(run, from);
    struct slice copy = memory_keep(bytes); /* borrowed bytes do not stay */
    sink.data(sink.context, &run->connection, from, copy, &origin);
    memset((char *)(uintptr_t)copy.data, '#', copy.size);
    free((char *)(uintptr_t)copy.data);
    run->sent[from] += bytes.size;
}

static void run_text(struct run *run, int from, const char *text)
{
    run_send(run, from, slice_of(text));
}

static void run_gap(struct run *run, int from, uint64_t size)
{
    struct tcp_sink sink = streams_tcp_sink(run_streams(run));
    struct origin origin = run_origin(run, from);
    sink.gap(sink.context, &run->connection, from, size, &origin);
    run->sent[from] += size;
}

static struct coverage_summary run_close(struct run *run)
{
    struct streams *streams = run_streams(run);
    struct tcp_sink sink = streams_tcp_sink(streams);
    sink.close(sink.context, &run->connection);
    assert_null(run->connection.attachment);
    streams_end(streams);
    struct coverage_summary totals = streams_coverage(streams);
    streams_free(streams);
    run->streams = NULL;
    return totals;
}

static unsigned run_count(const struct run *run)
{
    unsigned count = 0;
    for (const char *at = run->units; *at; at++) {
        count += *at == '\n';
    }
    return count;
}

/* Several messages with keep-alives between and glued; bodies without a last line end. */
static const char conversation_text[] =
    SAMPLE_REGISTER "\r\n\r\n" SAMPLE_INFO SAMPLE_SUBSCRIBE_OK
                    "\r\n\r\n\r\n\r\n" SAMPLE_BENOTIFY SAMPLE_BUSY "\n" SAMPLE_SERVICE;

static const struct slice conversation = {conversation_text, sizeof conversation_text - 1};

static void whole_conversation(struct run *run)
{
    run_open(run, true);
    run_send(run, 0, conversation);
    struct coverage_summary totals = run_close(run);
    assert_int_equal(totals.read, 1);
    assert_int_equal(totals.streams, 1);
    assert_int_equal(totals.verdict, COVERAGE_FULL);
}

static void several_messages_in_one_segment(void **state)
{
    (void)state;
    struct run run;
    whole_conversation(&run);
    assert_int_equal(run_count(&run), 6);
    assert_string_equal(run.flags, "0 0 0 0 0 0 ");
    assert_string_equal(run.notes, "");
}

static void every_two_way_split(void **state)
{
    (void)state;
    struct run whole, run;
    whole_conversation(&whole);
    for (size_t cut = 0; cut <= conversation.size; cut++) {
        run_open(&run, true);
        run_send(&run, 0, slice_sub(conversation, 0, cut));
        run_send(&run, 0, slice_from(conversation, cut));
        run_close(&run);
        assert_string_equal(run.units, whole.units);
        assert_string_equal(run.flags, whole.flags);
        assert_string_equal(run.notes, "");
    }
}

static void every_three_way_split(void **state)
{
    (void)state;
    static const char text[] = "\r\nINFO sip:x SIP/2.0\r\nl: 3\r\n\r\n{}x"
                               "SIP/2.0 200 OK\nl: 0\n\n\r\njunk here "
                               "BYE sip:x SIP/2.0\r\nCSeq: 1 BYE\r\n\r\n";
    struct slice bytes = {text, sizeof text - 1};
    struct run whole, run;
    run_open(&whole, true);
    run_send(&whole, 0, bytes);
    run_close(&whole);
    assert_int_equal(run_count(&whole), 3);
    assert_string_equal(whole.notes, "stream-junk-skipped:10 bytes that are no SIP message;");
    for (size_t a = 0; a <= bytes.size; a++) {
        for (size_t b = a; b <= bytes.size; b++) {
            run_open(&run, true);
            run_send(&run, 0, slice_sub(bytes, 0, a));
            run_send(&run, 0, slice_sub(bytes, a, b - a));
            run_send(&run, 0, slice_from(bytes, b));
            run_close(&run);
            assert_string_equal(run.units, whole.units);
            assert_string_equal(run.flags, whole.flags);
            assert_string_equal(run.notes, whole.notes);
        }
    }
}

static void byte_by_byte(void **state)
{
    (void)state;
    struct run whole, run;
    whole_conversation(&whole);
    run_open(&run, true);
    for (size_t i = 0; i < conversation.size; i++) {
        run_send(&run, 0, slice_sub(conversation, i, 1));
    }
    assert_int_equal(run.last_record, conversation.size);
    run_close(&run);
    assert_string_equal(run.units, whole.units);
}

/* Where a whole unit's line is that ends the text: units behind a gap are a suffix of the full
 * run's. */
static void assert_suffix(const char *whole, const char *part)
{
    size_t whole_size = strlen(whole), size = strlen(part);
    if (size > whole_size || strcmp(whole + whole_size - size, part) != 0) {
        fail_msg("not a suffix:\n%s---\n%s", whole, part);
    }
}

/* Without the units that began before `position`, and those before it. */
static const char *units_behind(const char *units, size_t position)
{
    const char *at = units;
    while (*at) {
        unsigned port, offset;
        assert_int_equal(sscanf(at, "%u %u", &port, &offset), 2);
        if (offset >= position) {
            return at;
        }
        at = strchr(at, '\n') + 1;
    }
    return at;
}

static void gap_at_every_position(void **state)
{
    (void)state;
    static const size_t sizes[] = {1, 2, 17, 400};
    struct run whole, run;
    whole_conversation(&whole);
    for (size_t s = 0; s < 4; s++) {
        for (size_t at = 0; at + sizes[s] <= conversation.size; at++) {
            run_open(&run, true);
            run_send(&run, 0, slice_sub(conversation, 0, at));
            run_gap(&run, 0, sizes[s]);
            run_send(&run, 0, slice_from(conversation, at + sizes[s]));
            run_close(&run);
            const char *behind = units_behind(run.units, at + sizes[s]);
            assert_suffix(whole.units, behind);
            /* nothing that begins behind the gap is missed, unless the gap took its first bytes */
            assert_string_equal(behind, units_behind(whole.units, at + sizes[s]));
            if (run_count(&run) > 0) {
                assert_non_null(strstr(run.notes, "coverage-gap"));
            }
        }
    }
}

/* The capture begins in the middle: everything from the next start line on is read. */
static void start_at_every_position(void **state)
{
    (void)state;
    struct run whole, run;
    whole_conversation(&whole);
    for (size_t at = 0; at < conversation.size; at++) {
        run_open(&run, false);
        run.sent[0] = at;
        run_send(&run, 0, slice_from(conversation, at));
        run_close(&run);
        assert_string_equal(run.units, units_behind(whole.units, at));
    }
}

static void start_in_the_middle_is_reported(void **state)
{
    (void)state;
    struct run run;
    run_open(&run, false);
    run_text(&run, 0, "chat></grpchat></xccos>" SAMPLE_BUSY);
    struct coverage_summary totals = run_close(&run);
    assert_string_equal(run.notes, "coverage-gap:23:1:starts in the middle of a message;");
    assert_int_equal(totals.gapped, 1);
    assert_int_equal(totals.verdict, COVERAGE_PARTIAL);
}

static void gap_in_a_body(void **state)
{
    (void)state;
    struct run run;
    run_open(&run, true);
    struct slice info = slice_of(SAMPLE_INFO);
    run_send(&run, 0, slice_sub(info, 0, info.size - 50));
    run_gap(&run, 0, 20);
    run_send(&run, 0, slice_from(info, info.size - 30));
    run_text(&run, 0, SAMPLE_BUSY SAMPLE_BUSY);
    struct coverage_summary totals = run_close(&run);
    char flags[64];
    snprintf(flags, sizeof flags, "%x %x 0 ", SIP_BODY_CUT, SIP_AFTER_GAP);
    assert_string_equal(run.flags, flags);
    assert_string_equal(run.notes, "coverage-gap:20:1:lost bytes;");
    assert_int_equal(totals.gapped, 1);
}

static void gap_before_the_first_message(void **state)
{
    (void)state;
    struct run run;
    run_open(&run, true);
    run_gap(&run, 0, 100);
    run_gap(&run, 0, 11);
    assert_string_equal(run.notes, "");
    run_text(&run, 0, SAMPLE_BUSY);
    assert_string_equal(run.notes, "coverage-gap:111:2:lost bytes before the first message;");
    run_close(&run);
    run_open(&run, true);
    run_gap(&run, 0, 100);
    run_text(&run, 0, "something else\r\n");
    struct coverage_summary totals = run_close(&run);
    assert_string_equal(run.notes, "");
    assert_int_equal(totals.streams, 0);
    assert_int_equal(totals.verdict, COVERAGE_NONE);
}

static void end_in_a_body(void **state)
{
    (void)state;
    struct run run;
    struct slice info = slice_of(SAMPLE_INFO);
    run_open(&run, true);
    run_send(&run, 0, slice_sub(info, 0, info.size - 1));
    assert_int_equal(run_count(&run), 0);
    run_close(&run);
    char flags[16];
    snprintf(flags, sizeof flags, "%x ", SIP_BODY_CUT);
    assert_string_equal(run.flags, flags);
}

static void one_sided_connection(void **state)
{
    (void)state;
    struct run run;
    run_open(&run, true);
    run.connection.seen[1] = false;
    run_text(&run, 0, SAMPLE_BUSY);
    struct coverage_summary totals = run_close(&run);
    assert_string_equal(run.notes, "coverage-one-sided:0:1:no packet of the other side;");
    assert_int_equal(totals.one_sided, 1);
    assert_int_equal(totals.verdict, COVERAGE_PARTIAL);
}

static void unknown_bytes_then_sip(void **state)
{
    (void)state;
    struct run run;
    run_open(&run, true);
    for (int i = 0; i < 1000; i++) {
        run_text(&run, 0, "220 mail.contoso.example ESMTP\r\n\x01\x02\x7f binary, no line end ");
    }
    run_text(&run, 0, SAMPLE_BUSY);
    run_close(&run);
    assert_int_equal(run_count(&run), 1);
}

static void message_caps(void **state)
{
    (void)state;
    struct run run;
    run_open(&run, true);
    run.limits.message_bytes = 600;
    run_text(&run, 0, "INFO sip:x SIP/2.0\r\nCSeq: 1 INFO\r\nContent-Length: 5000\r\n\r\n");
    char block[5000];
    memset(block, 'x', sizeof block);
    run_send(&run, 0, (struct slice){block, sizeof block});
    run_text(&run, 0, SAMPLE_BUSY);
    run_close(&run);
    assert_int_equal(run_count(&run), 1);
    assert_non_null(strstr(run.notes, "coverage-cap:"));
    assert_non_null(strstr(run.notes, ":message_bytes;"));

    run_open(&run, true);
    run.limits.header_bytes = 500;
    run_text(&run, 0, "INFO sip:x SIP/2.0\r\nx: ");
    run_send(&run, 0, (struct slice){block, sizeof block});
    run_text(&run, 0, "\r\n\r\n" SAMPLE_BUSY);
    run_close(&run);
    assert_int_equal(run_count(&run), 1);
    assert_non_null(strstr(run.notes, ":header_bytes;"));
}

/* ---- what cannot be read ---- */

static const char tls_records[] = "\x16\x03\x01\x00\x04"
                                  "abcd"
                                  "\x14\x03\x03\x00\x01"
                                  "e"
                                  "\x17\x03\x03\x00\x05"
                                  "fghij"
                                  "\x17\x03\x03\x00\x03"
                                  "klm";
static const struct slice tls = {tls_records, sizeof tls_records - 1};

static void encrypted_connection(void **state)
{
    (void)state;
    for (size_t cut = 0; cut <= tls.size; cut++) {
        struct run run;
        run_open(&run, true);
        run_send(&run, 0, slice_sub(tls, 0, cut));
        run_send(&run, 0, slice_from(tls, cut));
        run_send(&run, 1, tls);
        struct coverage_summary totals = run_close(&run);
        char note[64];
        snprintf(note, sizeof note, "coverage-encrypted:%zu:1:TLS without keys;", 2 * tls.size);
        assert_string_equal(run.notes, note);
        assert_int_equal(totals.encrypted, 1);
        assert_int_equal(totals.streams, 1);
        assert_int_equal(totals.verdict, COVERAGE_NONE);
    }
}

static void encrypted_from_the_middle(void **state)
{
    (void)state;
    for (size_t at = 0; at < 16; at++) {
        struct run run;
        run_open(&run, false);
        run_send(&run, 0, slice_from(tls, at));
        assert_int_equal(run_close(&run).encrypted, 1);
    }
    /* one whole record alone is believed, a part of one is not */
    struct run run;
    run_open(&run, false);
    run_send(&run, 0, slice_from(tls, tls.size - 8));
    assert_int_equal(run_close(&run).encrypted, 1);
    run_open(&run, false);
    run_send(&run, 0, slice_sub(slice_from(tls, tls.size - 8), 0, 7));
    assert_int_equal(run_close(&run).encrypted, 0);
}

static void compressed_connection(void **state)
{
    (void)state;
    struct run run;
    run_open(&run, true);
    run_text(&run, 0, SAMPLE_NEGOTIATE);
    run_text(&run, 1, SAMPLE_NEGOTIATE_OK "\x01\x02\x03");
    run_text(&run, 0, "\x06" SAMPLE_BUSY);
    struct coverage_summary totals = run_close(&run);
    assert_int_equal(run_count(&run), 2);
    char note[64];
    snprintf(note, sizeof note, "coverage-compressed:%zu:1:compressed;",
             3 + 1 + strlen(SAMPLE_BUSY));
    assert_string_equal(run.notes, note);
    assert_int_equal(totals.compressed, 1);
    assert_int_equal(totals.read, 0);
    assert_int_equal(totals.verdict, COVERAGE_NONE);
}

static void compression_refused(void **state)
{
    (void)state;
    struct run run;
    run_open(&run, true);
    run_text(&run, 0, SAMPLE_NEGOTIATE);
    run_text(&run, 1, "SIP/2.0 488 No\r\nCSeq: 1 NEGOTIATE\r\nContent-Length: 0\r\n\r\n");
    run_text(&run, 0, SAMPLE_INFO);
    struct coverage_summary totals = run_close(&run);
    assert_int_equal(run_count(&run), 3);
    assert_int_equal(totals.compressed, 0);
    assert_int_equal(totals.verdict, COVERAGE_FULL);
}

static void compression_whose_answer_was_not_captured(void **state)
{
    (void)state;
    struct run run;
    run_open(&run, true);
    run_text(&run, 0, SAMPLE_NEGOTIATE);
    run_text(&run, 0, "\x01\x02\x03\x04");
    assert_int_equal(run_close(&run).compressed, 1);
}

/* ---- HTTP and WebSocket ---- */

static void http_is_left_alone(void **state)
{
    (void)state;
    static const char *const requests[] = {
        "GET /trace.txt HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /ws HTTP/1.1\r\nUpgrade: websocket\r\nSec-WebSocket-Protocol: chat\r\n\r\n",
        "POST /abs HTTP/1.0\r\nContent-Length: 9\r\n\r\n" SAMPLE_BUSY,
    };
    for (size_t i = 0; i < 3; i++) {
        struct run run;
        run_open(&run, true);
        run_text(&run, 0, requests[i]);
        run_text(&run, 1, "HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n" SAMPLE_BUSY);
        assert_int_equal(run_close(&run).streams, 0);
        assert_int_equal(run_count(&run), 0);
    }
}

/* Appends one frame; a mask when `masked`. */
static void frame_append(struct buffer *out, unsigned first, bool masked, const char *text)
{
    static const unsigned char mask[4] = {0x12, 0x34, 0x56, 0x78};
    struct slice payload = slice_of(text);
    buffer_append_byte(out, (char)first);
    unsigned bit = masked ? 0x80 : 0;
    if (payload.size < 126) {
        buffer_append_byte(out, (char)(bit | payload.size));
    } else {
        buffer_append_byte(out, (char)(bit | 126));
        buffer_append_byte(out, (char)(payload.size >> 8));
        buffer_append_byte(out, (char)(payload.size & 0xff));
    }
    if (masked) {
        buffer_append(out, (struct slice){(const char *)mask, 4});
    }
    for (size_t i = 0; i < payload.size; i++) {
        buffer_append_byte(out, (char)(payload.data[i] ^ (masked ? mask[i % 4] : 0)));
    }
}

#define WS_REQUEST                                                                                 \
    "GET / HTTP/1.1\r\nUpgrade: WebSocket\r\nConnection: Upgrade\r\n"                              \
    "Sec-WebSocket-Protocol: chat, sip\r\n\r\n"
#define WS_ANSWER                                                                                  \
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nSec-WebSocket-Protocol: "           \
    "sip\r\n\r\n"

static void websocket_client(struct buffer *out)
{
    buffer_init(out, 1 << 20);
    buffer_append_text(out, WS_REQUEST);
    frame_append(out, 0x81, true, SAMPLE_REGISTER);
    frame_append(out, 0x01, true, "INFO sip:x SIP/2.0\r\n");
    frame_append(out, 0x89, true, "ping");
    frame_append(out, 0x00, true, "CSeq: 1 INFO\r\n");
    frame_append(out, 0x80, true, "\r\n{}");
    frame_append(out, 0x82, true, "\r\n");
    frame_append(out, 0x82, true, SAMPLE_INFO);
    frame_append(out, 0x88, true, "");
}

static void websocket_conversation(void **state)
{
    (void)state;
    struct buffer client;
    websocket_client(&client);
    struct run whole, run;
    for (size_t cut = 0; cut <= client.size; cut++) {
        struct run *now = cut == 0 ? &whole : &run;
        run_open(now, true);
        run_send(now, 0, slice_sub(buffer_slice(&client), 0, cut));
        run_send(now, 0, slice_from(buffer_slice(&client), cut));
        assert_int_equal(run_close(now).read, 1);
        assert_int_equal(run_count(now), 3);
        assert_string_equal(now->units, whole.units);
        assert_string_equal(now->notes, "");
    }
    buffer_dispose(&client);
}

static void websocket_server_side(void **state)
{
    (void)state;
    struct buffer server;
    buffer_init(&server, 1 << 20);
    buffer_append_text(&server, WS_ANSWER);
    frame_append(&server, 0x81, false, SAMPLE_BUSY);
    struct run run;
    run_open(&run, true);
    run_send(&run, 1, buffer_slice(&server));
    run_gap(&run, 1, 99);
    run_text(&run, 1, "middle of a frame");
    buffer_clear(&server);
    frame_append(&server, 0x81, false, SAMPLE_BUSY);
    run_send(&run, 1, buffer_slice(&server));
    run_close(&run);
    assert_int_equal(run_count(&run), 2);
    char flags[16];
    snprintf(flags, sizeof flags, "0 %x ", SIP_AFTER_GAP);
    assert_string_equal(run.flags, flags);
    buffer_dispose(&server);
}

static void websocket_caps_and_extensions(void **state)
{
    (void)state;
    struct buffer client;
    buffer_init(&client, 1 << 20);
    buffer_append_text(&client, WS_REQUEST);
    frame_append(&client, 0x81, true, SAMPLE_INFO SAMPLE_INFO);
    frame_append(&client, 0x81, true, "INFO sip:x SIP/2.0\r\nl: 0\r\n\r\n");
    struct run run;
    run_open(&run, true);
    run.limits.message_bytes = 800;
    run_send(&run, 0, buffer_slice(&client));
    run_close(&run);
    assert_int_equal(run_count(&run), 1);
    assert_non_null(strstr(run.notes, ":message_bytes;"));
    frame_append(&client, 0xc1, true, "deflated");
    run_open(&run, true);
    run_send(&run, 0, buffer_slice(&client));
    assert_int_equal(run_close(&run).compressed, 1);
    buffer_dispose(&client);
}

/* ---- datagrams ---- */

static bool run_datagram(struct run *run, int from, const char *text)
{
    struct guard guard = guard_copy(slice_of(text));
    struct datagram datagram = {.origin = run_origin(run, 0),
                                .source = run->connection.ends[from],
                                .destination = run->connection.ends[!from],
                                .payload = guard.bytes};
    bool sip = streams_datagram(run_streams(run), &datagram);
    guard_free(&guard);
    return sip;
}

static struct coverage_summary run_end(struct run *run)
{
    struct streams *streams = run_streams(run);
    streams_end(streams);
    struct coverage_summary totals = streams_coverage(streams);
    streams_free(streams);
    run->streams = NULL;
    return totals;
}

static void datagrams(void **state)
{
    (void)state;
    struct run run;
    run_open(&run, true);
    assert_true(run_datagram(&run, 0, SAMPLE_INFO));
    assert_true(run_datagram(&run, 1, SAMPLE_BUSY SAMPLE_BUSY));
    assert_true(run_datagram(&run, 0, "\r\n\r\n" SAMPLE_INFO));
    assert_true(run_datagram(&run, 0, "junk" SAMPLE_INFO));
    assert_false(run_datagram(&run, 0, "\r\n\r\n"));
    assert_false(run_datagram(&run, 0, ""));
    assert_false(run_datagram(&run, 0, "\x80\x08 RTP"));
    assert_false(run_datagram(&run, 0,
                              "<134>2013-05-14T08:01:22Z proxy.contoso.example trace[17]: "
                              "received\r\n" SAMPLE_INFO));
    struct coverage_summary totals = run_end(&run);
    assert_int_equal(run_count(&run), 4);
    char flags[16];
    snprintf(flags, sizeof flags, "0 0 0 %x ", SIP_JUNK_BEFORE);
    assert_string_equal(run.flags, flags);
    assert_string_equal(run.notes, "stream-junk-skipped:4 bytes that are no SIP message;");
    assert_int_equal(totals.read, 1);
    assert_int_equal(totals.verdict, COVERAGE_FULL);
}

static void one_sided_datagrams(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        unsigned one_sided;
    } rows[] = {{SAMPLE_INFO, 1}, {SAMPLE_BENOTIFY, 0}, {SAMPLE_BUSY, 0}};
    for (size_t i = 0; i < 3; i++) {
        struct run run;
        run_open(&run, true);
        assert_true(run_datagram(&run, 1, rows[i].text));
        assert_true(run_datagram(&run, 1, rows[i].text));
        struct coverage_summary totals = run_end(&run);
        assert_int_equal(totals.one_sided, rows[i].one_sided);
        assert_string_equal(run.notes, rows[i].one_sided
                                           ? "coverage-one-sided:0:2:no message of the other side;"
                                           : "");
    }
}

static void flows_are_capped(void **state)
{
    (void)state;
    struct run run;
    run_open(&run, true);
    run.limits.connections = 2;
    for (uint16_t port = 100; port < 110; port++) {
        run.connection.ends[0].port = port;
        assert_true(run_datagram(&run, 0, SAMPLE_BENOTIFY));
    }
    assert_int_equal(run_end(&run).read, 10);
    assert_string_equal(run.notes, "coverage-cap:0:1:connections;");
}

/* ---- cost ---- */

/* 8 MiB of body in 1460-byte segments, then 64 KiB of headers byte by byte: seconds would be
 * quadratic. */
static void large_messages_are_linear(void **state)
{
    (void)state;
    struct run run;
    run_open(&run, true);
    size_t size = 8U << 20;
    char *body = memory_alloc(size);
    memset(body, '\n', size);
    run_text(&run, 0, "INFO sip:x SIP/2.0\r\nCSeq: 1 INFO\r\nContent-Length: 8388608\r\n\r\n");
    for (size_t at = 0; at < size; at += 1460) {
        run_send(&run, 0, slice_sub((struct slice){body, size}, at, 1460));
    }
    assert_int_equal(run_count(&run), 1);
    run_text(&run, 0, "INFO sip:x SIP/2.0\r\n");
    for (size_t i = 0; i < 16384; i++) {
        run_text(&run, 0, "a:");
        run_text(&run, 0, "\r\n");
    }
    run_text(&run, 0, "\r\n");
    assert_int_equal(run_count(&run), 2);
    run_close(&run);
    free(body);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(several_messages_in_one_segment),
        cmocka_unit_test(every_two_way_split),
        cmocka_unit_test(every_three_way_split),
        cmocka_unit_test(byte_by_byte),
        cmocka_unit_test(gap_at_every_position),
        cmocka_unit_test(start_at_every_position),
        cmocka_unit_test(start_in_the_middle_is_reported),
        cmocka_unit_test(gap_in_a_body),
        cmocka_unit_test(gap_before_the_first_message),
        cmocka_unit_test(end_in_a_body),
        cmocka_unit_test(one_sided_connection),
        cmocka_unit_test(unknown_bytes_then_sip),
        cmocka_unit_test(message_caps),
        cmocka_unit_test(encrypted_connection),
        cmocka_unit_test(encrypted_from_the_middle),
        cmocka_unit_test(compressed_connection),
        cmocka_unit_test(compression_refused),
        cmocka_unit_test(compression_whose_answer_was_not_captured),
        cmocka_unit_test(http_is_left_alone),
        cmocka_unit_test(websocket_conversation),
        cmocka_unit_test(websocket_server_side),
        cmocka_unit_test(websocket_caps_and_extensions),
        cmocka_unit_test(datagrams),
        cmocka_unit_test(one_sided_datagrams),
        cmocka_unit_test(flows_are_capped),
        cmocka_unit_test(large_messages_are_linear),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
