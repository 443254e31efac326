/*
 * HTTP on connections (decoders/http.c, stream_web.c, web_call.c): what the chat web
 * services say, however their bytes are cut, and that nothing else is said.
 */
#include "tests/unit/harness.h"

#include <stdio.h>
#include <stdlib.h>

#include "analyzer/engine/arena.h"
#include "analyzer/engine/buffer.h"
#include "decoders/stream.h"
#include "decoders/ticket.h"

enum { LOG_MAX = 8192 };

struct run {
    struct streams *streams;
    struct tcp_connection connection;
    struct limits limits;
    uint64_t sent[2];
    uint64_t record;
    uint64_t exchange; /* of the latest request */
    char log[LOG_MAX];
    size_t used;
};

#define SAY(run, ...)                                                                              \
    ((run)->used += (size_t)snprintf((run)->log + (run)->used, LOG_MAX - (run)->used, __VA_ARGS__))

static void say_text(struct run *run, const char *name, struct slice text)
{
    if (text.size > 0) {
        SAY(run, " %s=%.*s", name, (int)text.size, text.data);
    }
}

static void say_number(struct run *run, const char *name, uint64_t number)
{
    if (number > 0) {
        SAY(run, " %s=%llu", name, (unsigned long long)number);
    }
}

static void take_http(struct run *run, const struct http_fact *fact)
{
    SAY(run, "%s", fact->request ? "?" : "!");
    SAY(run, "%s", http_call_name(fact->call));
    if (fact->request) {
        run->exchange = fact->exchange;
    } else {
        say_number(run, "status", fact->status);
        SAY(run, "%s", fact->exchange == run->exchange ? "" : " (another)");
    }
    assert_int_equal(fact->client.port, 1);
    assert_int_equal(fact->server.port, 2);
    static const struct slice token = SLICE("6f0e3a1c-7b52-4d8e-9c41-a5d7e2b90844");
    if (fact->has_token) {
        SAY(run, " token%s", fact->token_hash == ticket_hash(token) ? "" : " (another)");
    }
    say_text(run, "room", fact->room_id);
    say_text(run, "file", fact->file);
    say_number(run, "offset", fact->offset);
    say_number(run, "bytes", fact->bytes);
    say_number(run, "length", fact->file_length);
    say_text(run, "result", fact->result);
    say_text(run, "order", fact->order.name);
    say_text(run, "was", fact->order.old_name);
    say_text(run, "uri", fact->order.room);
    SAY(run, "%s%s\n", fact->order.remove == SAID_YES ? " remove" : "", fact->cut ? " cut" : "");
    assert_true(run->used < LOG_MAX);
}

static void take_event(void *context, const struct event *event)
{
    struct run *run = context;
    switch (event->kind) {
    case EVENT_HTTP:
        take_http(run, &event->as.http);
        break;
    case EVENT_DIAGNOSTIC:
        SAY(run, "odd %s\n", event->as.diagnostic.code);
        break;
    default:
        SAY(run, "%s %.*s\n", coverage_kind_name(event->as.coverage.kind),
            (int)event->as.coverage.detail.size, event->as.coverage.detail.data);
    }
    assert_true(run->used < LOG_MAX);
}

static void take_unit(void *context, const struct sip_unit *unit)
{
    (void)unit;
    struct run *run = context;
    SAY(run, "sip\n");
}

static void run_open(struct run *run)
{
    memset(run, 0, sizeof *run);
    run->limits = limits_default();
    run->connection = (struct tcp_connection){
        .id = 1,
        .ends = {{{192, 0, 2, 21}, ADDRESS_IPV4, 1}, {{192, 0, 2, 7}, ADDRESS_IPV4, 2}},
        .from_start = true,
        .seen = {true, true}};
}

static struct streams *run_streams(struct run *run)
{
    if (!run->streams) {
        struct stream_sink sink = {run, take_unit};
        struct event_sink notes = {take_event, run};
        run->streams = streams_new(test_seed(), &run->limits, &sink, &notes);
    }
    return run->streams;
}

/* One packet; its bytes end at the end of a page and are gone afterwards. */
static void run_packet(struct run *run, int from, struct slice bytes)
{
    struct tcp_sink sink = streams_tcp_sink(run_streams(run));
    struct guard guard = guard_copy(bytes);
    struct origin origin = {.time = (int64_t)run->record,
                            .record = ++run->record,
                            .order = run->record,
                            .stream = 1,
                            .stream_offset = run->sent[from]};
    sink.data(sink.context, &run->connection, from, guard.bytes, &origin);
    guard_free(&guard);
    run->sent[from] += bytes.size;
}

static void run_gap(struct run *run, int from, uint64_t size)
{
    struct tcp_sink sink = streams_tcp_sink(run_streams(run));
    struct origin origin = {.time = (int64_t)run->record,
                            .record = ++run->record,
                            .order = run->record,
                            .stream_offset = run->sent[from]};
    sink.gap(sink.context, &run->connection, from, size, &origin);
    run->sent[from] += size;
}

static void run_close(struct run *run)
{
    struct tcp_sink sink = streams_tcp_sink(run_streams(run));
    sink.close(sink.context, &run->connection);
    streams_end(run->streams);
    streams_free(run->streams);
    run->streams = NULL;
}

/*
 * A talk: pieces that begin with '>' (the client) or '<' (the server), in the order in
 * which they were sent; "*>20" and "*<20" lose bytes. "[...]" becomes a chunk, "*" the
 * size of what follows the next empty line, up to "|", which is left out, or the end.
 */
struct talk {
    const char *title;
    const char *const *pieces; /* NULL ends them */
    const char *expected;
};

#define TALK(...)                                                                                  \
    (const char *const[])                                                                          \
    {                                                                                              \
        __VA_ARGS__, NULL                                                                          \
    }

static void chunk_write(struct buffer *out, struct slice text)
{
    char size[16];
    snprintf(size, sizeof size, "%zx\r\n", text.size);
    buffer_append_text(out, size);
    buffer_append(out, text);
    buffer_append_text(out, "\r\n");
}

static void expand(struct buffer *out, struct slice piece)
{
    for (size_t at = 0; at < piece.size; at++) {
        struct slice rest = slice_from(piece, at + 1);
        size_t end;
        switch (piece.data[at]) {
        case '[':
            end = slice_find_byte(rest, ']');
            chunk_write(out, slice_sub(rest, 0, end));
            at += end + 1;
            break;
        case '*':
            rest = slice_from(rest, slice_find(rest, slice_of("\r\n\r\n")) + 4);
            end = slice_find_byte(rest, '|');
            buffer_append_u64(out, slice_sub(rest, 0, end).size);
            break;
        case '|':
            break;
        default:
            buffer_append_byte(out, piece.data[at]);
        }
    }
}

static void play(struct run *run, const struct talk *talk, size_t cut)
{
    for (size_t i = 0; talk->pieces[i]; i++) {
        const char *piece = talk->pieces[i];
        int from = piece[0] == '>' || strncmp(piece, "*>", 2) == 0 ? 0 : 1;
        if (piece[0] == '*') {
            run_gap(run, from, (uint64_t)atoi(piece + 2));
            continue;
        }
        struct buffer bytes;
        buffer_init(&bytes, SIZE_MAX);
        expand(&bytes, slice_of(piece + 1));
        for (size_t at = 0; at < bytes.size; at += cut < bytes.size ? cut : bytes.size) {
            run_packet(run, from, slice_sub(buffer_slice(&bytes), at, cut));
        }
        buffer_dispose(&bytes);
    }
    run_close(run);
}

#define TOKEN    "<token>6f0e3a1c-7b52-4d8e-9c41-a5d7e2b90844</token>"
#define ROOM     "<channelId>0B6F5A52-3f0e-4f0b-9a43-6d2c1f7e8a11</channelId>"
#define SOAP     "<soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\"><soap:Body>"
#define PAOS     "</soap:Body></soap:Envelope>"
#define HEAD     "POST /PersistentChat/MGCWebService.asmx HTTP/1.1\r\nHost: fe01\r\n"
#define CHUNKED  "Transfer-Encoding: chunked\r\n\r\n"
#define OK_EMPTY "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"

/* clang-format off */
static const struct talk talks[] = {
    {"an upload by chunks of HTTP, and the body names the call",
     TALK(">" HEAD CHUNKED "[" SOAP "<App][endChunk xmlns=\"http://www.microsoft.com\"><to]"
          "[ken>6f0e3a1c-7b52-4d8e-9c41-a5d7e2b90844</token>" ROOM "<uniqueFilename>a.docx"
          "</uniqueFilename><fileChunk>UEsDBA==</fileChunk><offset>7</offset><fileLen]"
          "[gth>4</fileLength></AppendChunk>" PAOS "]0;x=y\r\nTrailer: x\r\n\r\n",
          "<HTTP/1.1 100 Continue\r\n\r\n" OK_EMPTY),
     "?AppendChunk token room=0b6f5a52-3f0e-4f0b-9a43-6d2c1f7e8a11 file=a.docx offset=7 bytes=4 "
     "length=4\n!AppendChunk status=200\n"},

    {"SOAPAction names the call; two requests in one piece, the second without bodies",
     TALK(">POST /x HTTP/1.1\r\nSOAPAction: \"http://www.microsoft.com/GetFileSize\"\r\n"
          "Content-Length: *\r\n\r\n<a>" TOKEN "</a>|HEAD /PersistentChat/x HTTP/1.1\r\n\r\n",
          "<HTTP/1.1 200 OK\r\nContent-Length: *\r\n\r\n<r><n> 54 </n></r>|"
          "HTTP/1.1 200 OK\r\nContent-Length: 4711\r\n\r\n",
          ">" HEAD "Content-Length: *\r\n\r\n", "<HTTP/1.1 500 No\r\nContent-Length: *\r\n\r\n"),
     "?GetFileSize token\n?other\n!GetFileSize status=200 (another) length=54 result=54\n"
     "!other status=200\n?other\n!other status=500\n"},

    {"the name that was asked for, and nothing that only looks like it",
     TALK(">POST /x HTTP/1.1\r\n"
          "SOAPAction: \"http://www.microsoft.com/RequestUniqueFilenameWithExtension\"\r\n"
          "Content-Length: *\r\n\r\n<a/>",
          "<HTTP/1.1 200 OK\r\nContent-Length: *\r\n\r\n<r><n>x-2c9d4f10\\"
          "2c9d4f10-8e7b-4a65-b3c2-d1e0f9a8b7c6.docx,1</n></r>"),
     "?RequestUniqueFilenameWithExtension\n!RequestUniqueFilenameWithExtension status=200 "
     "file=2c9d4f10-8e7b-4a65-b3c2-d1e0f9a8b7c6.docx "
     "result=x-2c9d4f10\\2c9d4f10-8e7b-4a65-b3c2-d1e0f9a8b7c6.docx,1\n"},

    {"a download to the end of the connection; its content is only measured",
     TALK(">POST /x HTTP/1.1\r\nSOAPAction: \"http://www.microsoft.com/DownloadChunk\"\r\n"
          "Content-Length: *\r\n\r\n<a><reposFileName>a.b</reposFileName><offset>512</offset></a>",
          "<HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n<r><d>UEsDBAoA</d></r>"),
     "?DownloadChunk file=a.b offset=512\n!DownloadChunk status=200 bytes=6\n"},

    {"orders of the management page, told by their body alone",
     TALK(">POST /anything HTTP/1.1\r\nContent-Type: text/xml\r\nContent-Length: *\r\n\r\n"
          "<r><RMCommand Type=\"ModifyRoom\" RoomName=\"B\" OldRoomName=\"A\" "
          "RoomId=\"ma-chan://X/1\" DeleteRoom=\"true\"/></r>",
          "<HTTP/1.1 204 No Content\r\n\r\n",
          ">GET /PersistentChat/RM/default.aspx?x=1 HTTP/1.1\r\n\r\n",
          "<HTTP/1.1 304 Not Modified\r\nContent-Length: 99\r\n\r\n"),
     "?ModifyRoom order=B was=A uri=ma-chan://x/1 remove\n!ModifyRoom status=204\n"
     "?Landing\n!Landing status=304\n"},

    {"other HTTP is none of our business, whatever it holds",
     TALK(">POST /a HTTP/1.1\r\nContent-Type: text/xml\r\nContent-Length: *\r\n\r\n<r>1</r>|"
          "GET /b HTTP/1.1\r\n\r\n",
          "<HTTP/1.1 200 OK\r\nContent-Length: *\r\n\r\n"
          "POST /PersistentChat/MGCWebService.asmx HTTP/1.1\r\n\r\n",
          "<HTTP/1.1 200 OK\r\nContent-Length: *\r\n\r\nREGISTER sip:a SIP/2.0\r\n"), ""},

    {"bytes are lost inside a body whose size is known: the pairing goes on",
     TALK(">" HEAD "SOAPAction: \"http://www.microsoft.com/AppendChunk\"\r\nContent-Length: 100\r\n\r\n"
          "<a>" TOKEN, "*>20", ">ZZZZZZZZZZZZZZZZZZZZZZZZZZZZ", "<" OK_EMPTY,
          ">" HEAD "Content-Length: 0\r\n\r\n", "<" OK_EMPTY),
     "?AppendChunk token cut\n!AppendChunk status=200\n?other\n!other status=200\n"},

    {"a lost request: its answer is passed over, the next pair is one again",
     TALK(">" HEAD "Content-Length: 0\r\n\r\n", "<" OK_EMPTY, "*>120", "<" OK_EMPTY,
          ">" HEAD "Content-Length: 0\r\n\r\n", "<HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n"),
     "?other\n!other status=200\ncoverage-gap lost bytes\n?other\n!other status=500\n"},

    {"a start line is found again behind lost bytes",
     TALK(">" HEAD "Content-Length: 0\r\n\r\n", "<HTTP/1.1 200 OK\r\n" CHUNKED "5\r\nab", "*<9",
          "<cd\r\nXX HTTP/1.1\r\n" OK_EMPTY, ">" HEAD "Content-Length: 0\r\n\r\n", "<" OK_EMPTY),
     "?other\n!other status=200 cut\ncoverage-gap lost bytes\n?other\n!other status=200\n"},

    {"a response before its request was read takes nobody else's place",
     TALK(">GET /0 HTTP/1.1\r\n\r\n", "<" OK_EMPTY, "<HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
          ">" HEAD "Content-Length: 0\r\n\r\n", ">" HEAD "Content-Length: 0\r\n\r\n",
          "<HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n"),
     "?other\n?other\n!other status=403\n"},

    {"what is not well-formed says how far it went",
     TALK(">" HEAD "SOAPAction: \"http://www.microsoft.com/GetFileSize\"\r\nContent-Length: 57\r\n\r\n"
          "<a>" TOKEN "<b></a>"),
     "odd web-not-well-formed\n?GetFileSize token\n"},

    {"the connection ends inside a body",
     TALK(">" HEAD "SOAPAction: \"http://www.microsoft.com/GetFileSize\"\r\nContent-Length: 400\r\n\r\n"
          "<a>" TOKEN),
     "?GetFileSize token cut\n"},

    {"chunk sizes that are none, and heads that never end",
     TALK(">" HEAD CHUNKED "zz\r\nxx", "<HTTP/1.1 2xx OK\r\n\r\n", ">GET / HTTP/1.1\r\nx: y"), ""},
};
/* clang-format on */

static void talks_give_their_calls(void **state)
{
    (void)state;
    static const size_t cuts[] = {SIZE_MAX, 1, 2, 3, 7, 64};
    for (size_t i = 0; i < sizeof talks / sizeof talks[0]; i++) {
        for (size_t j = 0; j < sizeof cuts / sizeof cuts[0]; j++) {
            struct run run;
            run_open(&run);
            play(&run, &talks[i], cuts[j]);
            if (strcmp(run.log, talks[i].expected) != 0) {
                fail_msg("%s, cut at %zu:\n%s\ninstead of:\n%s", talks[i].title, cuts[j], run.log,
                         talks[i].expected);
            }
        }
    }
}

/* Each talk ends after every number of bytes of its first piece. */
static void every_prefix_is_survived(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof talks / sizeof talks[0]; i++) {
        struct slice first = slice_of(talks[i].pieces[0] + 1);
        for (size_t size = 0; size < first.size; size++) {
            struct run run;
            run_open(&run);
            if (size > 0) {
                run_packet(&run, 0, slice_sub(first, 0, size));
            }
            run_gap(&run, 0, 1);
            run_packet(&run, 1, slice_of("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
            run_close(&run);
        }
    }
}

/* A body beyond the cap gives what its beginning says. */
static void long_bodies_are_cut_and_told(void **state)
{
    (void)state;
    struct run run;
    run_open(&run);
    run.limits.web_bytes = 80;
    const struct talk talk = {
        .pieces = TALK(">" HEAD "SOAPAction: \"http://www.microsoft.com/AppendChunk\"\r\n"
                       "Content-Length: *\r\n\r\n<a>" TOKEN "<fileChunk>AAAAAAAAAAAAAAAAAAAAAAAAA"
                       "AAAAAAAAAAA</fileChunk></a>",
                       "<" OK_EMPTY)};
    play(&run, &talk, 10);
    assert_string_equal(run.log, "coverage-cap web_bytes\n?AppendChunk token cut\n"
                                 "!AppendChunk status=200\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(talks_give_their_calls),
        cmocka_unit_test(every_prefix_is_survived),
        cmocka_unit_test(long_bodies_are_cut_and_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
