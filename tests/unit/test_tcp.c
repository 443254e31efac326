/*
 * TCP reassembly: scripts of segments and the log that they must give.
 *
 * A script is a list of steps, separated by ";". Each is one segment, 1 ms later
 * than the one before and one record further:
 *
 *   C 0 'abc'          the client sends "abc" at offset 0
 *   S 4 'x' ack 3 fin  the server, offset 4, acknowledging the client's first 3 bytes
 *   C syn, S syn ack 0 the SYN stands one before offset 0 by itself
 *   C 3 miss 5         5 bytes on the wire that were not captured
 *   C2 0 'x'           the client of another connection
 *
 * or one of: "t+1500" (milliseconds go by), "tick" (tcp_tick), "mark"
 * (tcp_watermark), "end" (tcp_end; added at the end of every script).
 *
 * The log has data as C 0 'abc' #1 (direction, stream offset, bytes, record), gaps
 * as C 3 gap 5 #2, closings with what was handed on and lost of each direction.
 */
#include "tests/unit/harness.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

#include "decoders/tcp.h"

enum { CLIENT_PORT = 50000, SERVER_PORT = 5060, STEP_NS = 1000000 };

struct run {
    struct tcp *tcp;
    char log[16384];
    size_t size;
    int64_t time;
    uint64_t record;
    uint32_t base[2]; /* sequence number of offset 0, client and server */
};

static void say(struct run *run, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void say(struct run *run, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int size = vsnprintf(run->log + run->size, sizeof run->log - run->size, format, arguments);
    va_end(arguments);
    assert_true(size >= 0 && (size_t)size < sizeof run->log - run->size);
    run->size += (size_t)size;
}

/* "C", or "C2" for the second connection. */
static void say_end(struct run *run, const struct tcp_connection *connection, int from)
{
    bool client = connection->ends[from].port >= CLIENT_PORT;
    int number = connection->ends[client ? from : !from].port - CLIENT_PORT;
    say(run, "%c", client ? 'C' : 'S');
    if (number > 0) {
        say(run, "%d", number + 1);
    }
}

static void on_data(void *context, struct tcp_connection *connection, int from, struct slice bytes,
                    const struct origin *origin)
{
    struct run *run = context;
    assert_int_equal(origin->stream, connection->id);
    assert_int_equal(origin->stream_offset + bytes.size,
                     connection->bytes[from] + connection->lost[from]);
    connection->attachment = run;
    say_end(run, connection, from);
    say(run, " %d '%.*s' #%d\n", (int)origin->stream_offset, (int)bytes.size, bytes.data,
        (int)origin->record);
}

static void on_gap(void *context, struct tcp_connection *connection, int from, uint64_t size,
                   const struct origin *origin)
{
    struct run *run = context;
    assert_int_equal(origin->stream_offset + size,
                     connection->bytes[from] + connection->lost[from]);
    say_end(run, connection, from);
    say(run, " %d gap %d #%d\n", (int)origin->stream_offset, (int)size, (int)origin->record);
}

static void say_totals(struct run *run, const struct tcp_connection *connection, int from)
{
    say(run, " ");
    say_end(run, connection, from);
    say(run, " %d", (int)connection->bytes[from]);
    if (connection->lost[from] > 0) {
        say(run, "-%d", (int)connection->lost[from]);
    }
    if (connection->late[from] > 0) {
        say(run, " late %d", (int)connection->late[from]);
    }
}

static void on_close(void *context, struct tcp_connection *connection)
{
    struct run *run = context;
    say(run, "close %d%s", (int)connection->id, connection->from_start ? " whole" : "");
    say_totals(run, connection, 0);
    say_totals(run, connection, 1);
    if (connection->conflicts > 0) {
        say(run, " conflicts %d", (int)connection->conflicts);
    }
    say(run, "\n");
}

static void on_cap(void *context, const struct event *event)
{
    struct run *run = context;
    assert_int_equal(event->kind, EVENT_COVERAGE);
    assert_int_equal(event->as.coverage.kind, COVERAGE_CAP);
    say(run, "cap %.*s\n", (int)event->as.coverage.detail.size, event->as.coverage.detail.data);
}

/* ---- the script ---- */

static bool word(const char **at, const char *text)
{
    while (**at == ' ') {
        (*at)++;
    }
    size_t size = strlen(text);
    if (strncmp(*at, text, size) != 0) {
        return false;
    }
    *at += size;
    return true;
}

static bool number(const char **at, long *out)
{
    while (**at == ' ') {
        (*at)++;
    }
    if (!isdigit((unsigned char)**at) && **at != '-') {
        return false;
    }
    char *end = NULL;
    *out = strtol(*at, &end, 10);
    *at = end;
    return true;
}

static struct address address_of(bool client, int connection)
{
    struct address address = {.bytes = {192, 0, 2, client ? 21 : 10}, .family = ADDRESS_IPV4};
    address.port = client ? (uint16_t)(CLIENT_PORT + connection) : SERVER_PORT;
    return address;
}

static void run_segment(struct run *run, const char **at)
{
    bool client = word(at, "C");
    assert_true(client || word(at, "S"));
    int connection = isdigit((unsigned char)**at) ? *(*at)++ - '1' : 0;
    run->time += STEP_NS;
    struct datagram segment = {
        .origin = {.time = run->time, .record = ++run->record},
        .source = address_of(client, connection),
        .destination = address_of(!client, connection),
        .tcp = true,
    };
    long value = 0;
    bool placed = number(at, &value);
    segment.sequence = run->base[!client] + (uint32_t)value;
    while (**at != '\0' && **at != ';') {
        if (word(at, "'")) {
            segment.payload = (struct slice){*at, strcspn(*at, "'")};
            *at += segment.payload.size + 1;
        } else if (word(at, "ack")) {
            assert_true(number(at, &value));
            segment.acknowledged = run->base[client] + (uint32_t)value;
            segment.flags |= TCP_ACK;
        } else if (word(at, "miss")) {
            assert_true(number(at, &value));
            segment.missing = (uint64_t)value;
        } else if (word(at, "syn")) {
            segment.flags |= TCP_SYN;
            segment.sequence -= placed ? 0 : 1;
        } else if (word(at, "fin")) {
            segment.flags |= TCP_FIN;
        } else if (word(at, "rst")) {
            segment.flags |= TCP_RST;
        } else {
            assert_true(word(at, ""));
            assert_true(**at == ';' || **at == '\0');
        }
    }
    tcp_feed(run->tcp, &segment);
}

static void run_step(struct run *run, const char **at)
{
    long milliseconds = 0;
    if (word(at, "tick")) {
        tcp_tick(run->tcp, run->time);
    } else if (word(at, "mark")) {
        struct origin origin;
        if (tcp_watermark(run->tcp, &origin)) {
            say(run, "mark #%d\n", (int)origin.record);
        } else {
            say(run, "mark none\n");
        }
    } else if (word(at, "t+")) {
        assert_true(number(at, &milliseconds));
        run->time += milliseconds * STEP_NS;
    } else if (word(at, "t-")) {
        assert_true(number(at, &milliseconds));
        run->time -= milliseconds * STEP_NS;
    } else {
        run_segment(run, at);
    }
}

static void run_script(struct run *run, const char *script, const struct limits *limits)
{
    struct tcp_sink sink = {run, on_data, on_gap, on_close};
    struct event_sink caps = {on_cap, run};
    run->tcp = tcp_new(test_seed(), limits, &sink, &caps);
    run->time = 1000 * TIME_SECOND;
    const char *at = script;
    while (*at != '\0') {
        run_step(run, &at);
        assert_true(*at == ';' || *at == '\0');
        at += *at == ';';
    }
    tcp_end(run->tcp);
    struct origin origin;
    assert_false(tcp_watermark(run->tcp, &origin));
    tcp_free(run->tcp);
}

struct script {
    const char *name;
    const char *segments;
    const char *log;
};

/* clang-format off */
static const struct script scripts[] = {
    {"in order, from SYN to FIN",
     "C syn; S syn ack 0; C 0 ack 0; C 0 'hello' ack 0; S 0 'world' ack 5;"
     "C 5 ack 5 fin; S 5 ack 6 fin; C 6 ack 6; t+1001; tick",
     "C 0 'hello' #4\nS 0 'world' #5\nclose 1 whole C 5 S 5\n"},
    {"a SYN may carry data",
     "C syn 'hey'; S syn ack 0; C 3 'you' ack 0",
     "C 0 'hey' #1\nC 3 'you' #3\nclose 1 whole C 6 S 0\n"},
    {"two segments the wrong way round",
     "C syn; C 3 'def'; mark; C 0 'abc'; mark",
     "mark #2\nC 0 'abc' #3\nC 3 'def' #2\nmark none\nclose 1 whole C 6 S 0\n"},
    {"the reverse of five",
     "C syn; C 4 'e'; C 3 'd'; C 2 'c'; C 1 'b'; mark; C 0 'a'",
     "mark #2\nC 0 'a' #6\nC 1 'b' #5\nC 2 'c' #4\nC 3 'd' #3\nC 4 'e' #2\nclose 1 whole C 5 S 0\n"},
    {"a retransmission is not handed on again",
     "C syn; C 0 'abc'; C 0 'abc'; C 3 'd'; C 0 'abcd'",
     "C 0 'abc' #2\nC 3 'd' #4\nclose 1 whole C 4 S 0\n"},
    {"a retransmission that brings more",
     "C syn; C 0 'abc'; C 1 'bcdef'",
     "C 0 'abc' #2\nC 3 'def' #3\nclose 1 whole C 6 S 0\n"},
    {"a retransmission that says something else: the first copy wins",
     "C syn; C 0 'abc'; C 0 'aXYd'",
     "C 0 'abc' #2\nC 3 'd' #3\nclose 1 whole C 4 S 0 conflicts 2\n"},
    {"copies that differ behind a hole: the first wins there too",
     "C syn; C 2 'cd'; C 1 'XYZWe'; C 0 'a'",
     "C 0 'a' #4\nC 1 'X' #3\nC 2 'cd' #2\nC 4 'We'"
     " #3\nclose 1 whole C 6 S 0 conflicts 2\n"},
    {"keep-alive probes, empty and with one byte of anything",
     "C syn; C 0 'abc'; C 2; C 2 '?'; C 3 'd'",
     "C 0 'abc' #2\nC 3 'd' #5\nclose 1 whole C 4 S 0\n"},
    {"acknowledged past the hole: a gap after one second",
     "C syn; S syn ack 0; C 0 'a'; C 3 'd'; S 0 ack 4; t+990; tick; t+11; tick",
     "C 0 'a' #3\nC 1 gap 2 #4\nC 3 'd' #4\nclose 1 whole C 2-2 S 0\n"},
    {"the second counts from the acknowledgement",
     "C syn; S syn ack 0; C 1 'b'; t+5000; S 0 ack 2; t+990; tick; C 0 'a'",
     "C 0 'a' #5\nC 1 'b' #3\nclose 1 whole C 2 S 0\n"},
    {"acknowledgements that go on do not put it off",
     "C syn; S syn ack 0; C 1 'b'; S 0 ack 2; t+600; C 2 'c'; S 0 ack 3; t+400; tick; mark",
     "C 0 gap 1 #3\nC 1 'b' #3\nC 2 'c' #5\nmark none\nclose 1 whole C 2-1 S 0\n"},
    {"not acknowledged: the hole stays open for a minute",
     "C syn; S syn ack 0; C 1 'b'; t+59990; tick; mark; t+10; tick",
     "mark #3\nC 0 gap 1 #3\nC 1 'b' #3\nclose 1 whole C 1-1 S 0\n"},
    {"the peer was never captured: three seconds",
     "C syn; C 1 'b'; t+2999; tick; mark; t+1; tick",
     "mark #2\nC 0 gap 1 #2\nC 1 'b' #2\nclose 1 whole C 1-1 S 0\n"},
    {"the peer is captured after all: it may still acknowledge",
     "C syn; C 1 'b'; t+2000; S syn ack 0; t+5000; tick; mark; C 0 'a'",
     "mark #2\nC 0 'a' #4\nC 1 'b' #2\nclose 1 whole C 2 S 0\n"},
    {"two holes: what waited long does not wait a second for each",
     "C syn; S syn ack 0; C 1 'b'; C 3 'd'; C 5 'f'; S 0 ack 6; t+1000; tick",
     "C 0 gap 1 #3\nC 1 'b' #3\nC 2 gap 1 #4\nC 3 'd' #4\nC 4 gap 1 #5\nC 5 'f' #5\n"
     "close 1 whole C 3-3 S 0\n"},
    {"holes are decided at the end",
     "C syn; S syn ack 0; C 0 'a'; C 2 'c'; C 4 'e'",
     "C 0 'a' #3\nC 1 gap 1 #4\nC 2 'c' #4\nC 3 gap 1 #5\nC 4 'e' #5\nclose 1 whole C 3-2 S 0\n"},
    {"a segment for a gap that was given up is too late",
     "C syn; C 1 'b'; t+3000; tick; C 0 'a'; C 2 'c'",
     "C 0 gap 1 #2\nC 1 'b' #2\nC 2 'c' #4\nclose 1 whole C 2-1 late 1 S 0\n"},
    {"the last segment was lost, its acknowledgement was not",
     "C syn; S syn ack 0; C 0 'abc'; S 0 'ok' ack 8",
     "C 0 'abc' #3\nS 0 'ok' #4\nC 3 gap 5 #4\nclose 1 whole C 3-5 S 2\n"},
    {"one number more than was seen is a FIN that was lost",
     "C syn; S syn ack 0; C 0 'abc'; S 0 'ok' ack 4",
     "C 0 'abc' #3\nS 0 'ok' #4\nclose 1 whole C 3 S 2\n"},
    {"the last segment was lost, a segment without data stands behind it",
     "C syn; C 0 'abc'; C 8",
     "C 0 'abc' #2\nC 3 gap 5 #3\nclose 1 whole C 3-5 S 0\n"},
    {"the segment before the FIN was lost",
     "C syn; S syn ack 0; C 0 'a'; C 4 fin; S 0 ack 5 fin; t+1000; tick; t+1000; tick",
     "C 0 'a' #3\nC 1 gap 3 #5\nclose 1 whole C 1-3 S 0\n"},
    {"the FIN came before the last data",
     "C syn; C 1 'b' fin; C 0 'a'; t+1001; tick",
     "C 0 'a' #3\nC 1 'b' #2\nclose 1 whole C 2 S 0\n"},
    {"nothing is handed on behind a FIN",
     "C syn; S syn ack 0; C 0 'a' fin; C 0 'abc'; C 1 'bc'",
     "C 0 'a' #3\nclose 1 whole C 1 late 4 S 0\n"},
    {"half closed: the other direction goes on",
     "C syn; S syn ack 0; C 0 'a' fin; S 0 'b' ack 2; t+9999; tick; S 1 'c' fin; t+1001; tick",
     "C 0 'a' #3\nS 0 'b' #4\nS 1 'c' #5\nclose 1 whole C 1 S 2\n"},
    {"RST ends both; data on their way are read",
     "C syn; S syn ack 0; C 0 'a'; C 1 rst; S 0 'b'; t+1001; tick; S 1 rst",
     "C 0 'a' #3\nS 0 'b' #5\nclose 1 whole C 1 S 1\n"},
    {"who goes on sending has not reset",
     "C syn; S syn ack 0; C 0 'a'; C 1 rst; C 1 'b'; t+5000; tick; C 2 'c'",
     "C 0 'a' #3\nC 1 'b' #5\nC 2 'c' #6\nclose 1 whole C 3 S 0\n"},
    {"a hole is decided when the connection is reset",
     "C syn; S syn ack 0; C 1 'b'; S 0 rst; t+1001; tick",
     "C 0 gap 1 #3\nC 1 'b' #3\nclose 1 whole C 1-1 S 0\n"},
    {"the port pair is used again",
     "C syn; S syn ack 0; C 1 'b'; C 90000 syn; C 90001 'new'",
     "C 0 gap 1 #3\nC 1 'b' #3\nclose 1 whole C 1-1 S 0\n"
     "C 0 'new' #5\nclose 2 whole C 3 S 0\n"},
    {"a refused SYN is sent again",
     "C syn; S 0 rst; t+500; C syn; S syn ack 0; t+800; C 0 'a'; t+2000; C 1 'b'",
     "close 1 whole C 0 S 0\nC 0 'a' #5\nC 1 'b' #6\nclose 2 whole C 2 S 0\n"},
    {"a SYN sent twice, and once more after data",
     "C syn; C syn; S syn ack 0; C 0 'a'; C syn; C 1 'b'",
     "C 0 'a' #4\nC 1 'b' #6\nclose 1 whole C 2 S 0\n"},
    {"the SYN was overtaken by data",
     "C 3 'def'; C syn; C 0 'abc'",
     "C 0 'abc' #3\nC 3 'def' #1\nclose 1 whole C 6 S 0\n"},
    {"the SYN was not captured, its answer was: the client is first",
     "S syn ack 0; C 2 'c'; S 0 'x' ack 3; t+1001; tick",
     "S 0 'x' #3\nC 0 gap 2 #2\nC 2 'c' #2\nclose 1 C 1-2 S 1\n"},
    {"data that no window explains are another connection",
     "C syn; C 0 'a'; C 1500000000 'b'; t+1001; tick",
     "C 0 'a' #2\nclose 1 whole C 1 S 0\nC 0 'b' #3\nclose 2 C 1 S 0\n"},
    {"a foreign segment without data changes nothing",
     "C syn; C 0 'a'; C 1500000000 rst; C 1500000000 fin; S 0 ack 1500000000; C 1 'b'",
     "C 0 'a' #2\nC 1 'b' #6\nclose 1 whole C 2 S 0\n"},

    {"mid-stream: what comes first waits for the peer's acknowledgement",
     "C 0 'abc'; mark; S 0 ack 3; mark; C 3 'd'",
     "mark #1\nC 0 'abc' #1\nmark none\nC 3 'd' #3\nclose 1 C 4 S 0\n"},
    {"mid-stream: or for one second",
     "C 0 'abc'; t+1000; tick; C 3 'd'",
     "C 0 'abc' #1\nC 3 'd' #2\nclose 1 C 4 S 0\n"},
    {"mid-stream: the peer had acknowledged already",
     "S 0 ack 0; C 0 'abc'; C 3 'd'",
     "C 0 'abc' #2\nC 3 'd' #3\nclose 1 S 0 C 4\n"},
    {"mid-stream: a segment without data told where the stream stands",
     "C 0; C 0 'abc'; C 3 'd'",
     "C 0 'abc' #2\nC 3 'd' #3\nclose 1 C 4 S 0\n"},
    {"mid-stream amid reordered segments",
     "C 3 'd'; C 4 'e'; C 0 'abc'; t+1000; tick",
     "C 0 'abc' #3\nC 3 'd' #1\nC 4 'e' #2\nclose 1 C 5 S 0\n"},
    {"mid-stream: the acknowledgement tells that something is still to come",
     "S 0 ack 0; C 3 'd'; C 0 'abc'",
     "C 0 'abc' #3\nC 3 'd' #2\nclose 1 S 0 C 4\n"},
    {"mid-stream: what was sent before the capture is no gap",
     "S 0 ack 0; C 3 'd'; S 0 ack 4; t+1000; tick; C 4 'e'",
     "C 0 'd' #2\nC 1 'e' #4\nclose 1 S 0 C 2\n"},
    {"mid-stream: data before the start are too late",
     "S 0 ack 3; C 3 'def'; C 0 'abc'; C 6 'g'",
     "C 0 'def' #2\nC 3 'g' #4\nclose 1 S 0 C 4 late 3\n"},
    {"mid-stream: starts with a keep-alive and its answer",
     "C -1 '?'; S 0 ack 0; C 0 'abc'",
     "C 0 '?' #1\nC 1 'abc' #3\nclose 1 C 4 S 0\n"},
    {"mid-stream: an empty keep-alive",
     "C -1; C 0 'abc'",
     "C 0 'abc' #2\nclose 1 C 3 S 0\n"},
    {"mid-stream: a keep-alive after an acknowledgement",
     "S 0 ack 0; C -1 '?'; C 0 'abc'",
     "C 0 'abc' #3\nclose 1 S 0 C 3\n"},
    {"mid-stream: a single segment and nothing else",
     "C 0 'abc'",
     "C 0 'abc' #1\nclose 1 C 3 S 0\n"},
    {"mid-stream: a hint that leads nowhere near the data",
     "S 0 ack 1500000000; C 0 'abc'; t+1000; tick",
     "C 0 'abc' #2\nclose 1 S 0 C 3\n"},
    {"a hint that leads nowhere near what the answer to a SYN says",
     "C 1500000000; S syn ack 0; C 0 'abc'",
     "C 0 'abc' #3\nclose 1 C 3 S 0\n"},
    {"a hint that leads nowhere near a SYN is of the connection before",
     "S 0 ack 1500000000; C syn; C 0 'abc'",
     "close 1 S 0 C 0\nC 0 'abc' #3\nclose 2 whole C 3 S 0\n"},
    {"mid-stream: what was sent since a segment without data, and acknowledged, is a gap",
     "C 0; S 0 ack 0; S 0 ack 5; C 5 'abc'; t+1001; tick",
     "C 0 gap 5 #4\nC 5 'abc' #4\nclose 1 C 3-5 S 0\n"},
    {"mid-stream: an empty keep-alive, and its answer",
     "C -1; S 0 ack 0; C 0 'abc'",
     "C 0 'abc' #3\nclose 1 C 3 S 0\n"},
    {"mid-stream: acknowledgements go on before the first data",
     "S 0 ack 0; S 0 ack 5; C 5 'abc'",
     "C 0 'abc' #3\nclose 1 S 0 C 3\n"},
    {"a FIN before bytes that were handed on, or that wait, is none",
     "C syn; C 0 'abc'; C 1 fin; C 5 'fg'; C 4 fin; C 3 'de'",
     "C 0 'abc' #2\nC 3 'de' #6\nC 5 'fg' #4\nclose 1 whole C 7 S 0\n"},
    {"FIN and RST of a connection that was not seen open none",
     "C 5 fin; S 5 rst; C 6 rst",
     ""},

    {"snap length: what was not captured is a hole like any other",
     "C syn; S syn ack 0; C 0 'ab' miss 3; C 5 'f'; S 0 ack 6; t+1000; tick; C 6 'g'",
     "C 0 'ab' #3\nC 2 gap 3 #4\nC 5 'f' #4\nC 6 'g' #6\nclose 1 whole C 4-3 S 0\n"},
    {"snap length: a retransmission may fill it",
     "C syn; C 0 'ab' miss 3; C 5 'f'; C 2 'cde'",
     "C 0 'ab' #2\nC 2 'cde' #4\nC 5 'f' #3\nclose 1 whole C 6 S 0\n"},
    {"snap length: at the end",
     "C syn; C 0 'ab' miss 3",
     "C 0 'ab' #2\nC 2 gap 3 #2\nclose 1 whole C 2-3 S 0\n"},
    {"snap length: no byte of any segment was captured",
     "C 0 miss 3; C 3 miss 4; S 0 ack 7",
     "C 0 gap 7 #3\nclose 1 C 0-7 S 0\n"},

    {"connections are closed in the order of their first packets",
     "C2 0 'x'; C 0 'y'; C3 0 'z'; C2 1 'x'",
     "C2 0 'x' #1\nC2 1 'x' #4\nclose 1 C2 2 S2 0\n"
     "C 0 'y' #2\nclose 2 C 1 S 0\nC3 0 'z' #3\nclose 3 C3 1 S3 0\n"},
    {"the clock goes back: the earliest origin is the watermark",
     "C syn; C 5 'f'; t-500; C 3 'd'; mark; t+1000; C 0 'abc'; mark",
     "mark #3\nC 0 'abc' #4\nC 3 'd' #3\nmark #2\nC 4 gap 1 #2\nC 5 'f' #2\n"
     "close 1 whole C 5-1 S 0\n"},
};
/* clang-format on */

static void check_script(const struct script *script, const struct limits *limits,
                         uint32_t client_base, uint32_t server_base)
{
    struct run run = {.base = {client_base, server_base}};
    struct limits small = *limits;
    small.tcp_history_bytes = 16384;
    run_script(&run, script->segments, &small);
    if (strcmp(run.log, script->log) != 0) {
        fail_msg("%s (base %u)\n--- is\n%s--- should be\n%s", script->name, client_base, run.log,
                 script->log);
    }
}

static void test_scripts(void **state)
{
    (void)state;
    struct limits limits = limits_default();
    for (size_t i = 0; i < sizeof scripts / sizeof scripts[0]; i++) {
        check_script(&scripts[i], &limits, 1000, 70000);
    }
}

/* Every script again with sequence numbers that wrap somewhere in the middle. */
static void test_scripts_wrap(void **state)
{
    (void)state;
    struct limits limits = limits_default();
    for (size_t i = 0; i < sizeof scripts / sizeof scripts[0]; i++) {
        for (uint32_t before = 0; before < 9; before++) {
            check_script(&scripts[i], &limits, 0U - before, 0U - before / 2);
            check_script(&scripts[i], &limits, 0x80000000U - before, 0x7fffffffU + before);
        }
    }
}

static void test_cap_waiting(void **state)
{
    (void)state;
    struct limits limits = limits_default();
    limits.tcp_waiting_bytes = 250; /* two one-byte pieces with their overhead */
    static const struct script script = {
        "too much behind one hole",
        "C syn; S syn ack 0; C 1 'b'; C 3 'd'; C 5 'f'; C 7 'h'; mark",
        "cap tcp_waiting_bytes\nC 0 gap 1 #3\nC 1 'b' #3\n"
        "cap tcp_waiting_bytes\nC 2 gap 1 #4\nC 3 'd' #4\nmark #5\n"
        "C 4 gap 1 #5\nC 5 'f' #5\nC 6 gap 1 #6\nC 7 'h' #6\nclose 1 whole C 4-4 S 0\n",
    };
    check_script(&script, &limits, 1000, 70000);
}

static void test_cap_waiting_total(void **state)
{
    (void)state;
    struct limits limits = limits_default();
    limits.tcp_waiting_total = 250;
    static const struct script script = {
        "too much behind all holes: the one that is due first goes",
        "C syn; C2 syn; C3 syn; C2 1 'b'; C 1 'b'; C3 1 'b'; mark",
        "cap tcp_waiting_total\nC2 0 gap 1 #4\nC2 1 'b' #4\nmark #5\n"
        "C 0 gap 1 #5\nC 1 'b' #5\nclose 1 whole C 1-1 S 0\nclose 2 whole C2 1-1 S2 0\n"
        "C3 0 gap 1 #6\nC3 1 'b' #6\nclose 3 whole C3 1-1 S3 0\n",
    };
    check_script(&script, &limits, 1000, 70000);
}

static void test_cap_connections(void **state)
{
    (void)state;
    struct limits limits = limits_default();
    limits.connections = 2;
    static const struct script script = {
        "the idlest connection makes room",
        "C syn; C2 syn; C 0 'a'; C3 syn; C 1 'b'; C2 0 'x'",
        "C 0 'a' #3\ncap connections\nclose 2 whole C2 0 S2 0\nC 1 'b' #5\n"
        "cap connections\nclose 3 whole C3 0 S3 0\n"
        "close 1 whole C 2 S 0\nC2 0 'x' #6\nclose 4 C2 1 S2 0\n",
    };
    check_script(&script, &limits, 1000, 70000);
}

/* Copies are judged after the ring has gone round, a copy longer than a record of it in part. */
static void test_history_goes_round(void **state)
{
    (void)state;
    char script[4096] = "C syn; C 0 '";
    memset(script + strlen(script), 'a', 1500);
    strcat(script, "'; C 0 '");
    memset(script + strlen(script), 'b', 1500);
    strcat(script, "'");
    struct limits limits = limits_default();
    static const struct {
        size_t bytes;
        const char *end;
    } rows[] = {
        {16384, " conflicts 1500\n"},
        {4096, " conflicts 1000\n"}, /* a quarter of the ring, less the record's header */
        {0, " S 0\n"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct run run = {.base = {1000, 70000}};
        limits.tcp_history_bytes = rows[i].bytes;
        run_script(&run, script, &limits);
        assert_string_equal(run.log + run.size - strlen(rows[i].end), rows[i].end);
    }
    struct run run = {.base = {1000, 70000}};
    limits.tcp_history_bytes = 4096;
    char text[4096] = "C syn";
    for (int at = 0; at < 800; at += 10) {
        size_t used = strlen(text);
        snprintf(text + used, sizeof text - used, "; C %d '0123456789'", at);
    }
    strcat(text, "; C 790 'x1x3456789'; C 0 'x123456789'");
    run_script(&run, text, &limits);
    assert_non_null(strstr(run.log, " conflicts 2\n"));
}

static void test_free_without_end(void **state)
{
    (void)state;
    struct limits limits = limits_default();
    struct run run = {0};
    struct tcp_sink sink = {&run, on_data, on_gap, on_close};
    struct event_sink caps = {on_cap, &run};
    run.tcp = tcp_new(test_seed(), &limits, &sink, &caps);
    const char *script = "C 5 'abc'";
    run_step(&run, &script);
    tcp_free(run.tcp);
    assert_string_equal(run.log, "");
    tcp_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_scripts),          cmocka_unit_test(test_scripts_wrap),
        cmocka_unit_test(test_cap_waiting),      cmocka_unit_test(test_cap_waiting_total),
        cmocka_unit_test(test_cap_connections),  cmocka_unit_test(test_history_goes_round),
        cmocka_unit_test(test_free_without_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
