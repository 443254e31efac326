/*
 * A capture of any format through everything: decoders, engine, audit, reports.
 *
 * All caps are low, so that a small input reaches them, and one is 0 or 1. What must hold for any
 * input: the totals add up, what the sinks are offered agrees with the summary,
 * and findings come sorted.
 *
 * Mutations keep the frame of a capture: they change bytes inside packets without
 * moving what follows, and, in a classic pcap, drop, repeat, swap and re-date whole
 * records. Checksums are not corrected, as nobody checks them.
 */
#include <stdlib.h>
#include <string.h>

#include "analyzer/engine/arena.h"
#include "analyzer/pipeline.h"
#include "reports/audit_report.h"
#include "reports/chat_report.h"
#include "reports/dialogs_report.h"
#include "reports/ladder.h"
#include "reports/messages_report.h"
#include "reports/presence_report.h"
#include "tests/fuzz/target.h"

/* ---- the caps ---- */

static struct limits low_limits(void)
{
    return (struct limits){
        .packet_bytes = 8192,
        .note_bytes = 4096,
        .interfaces = 4,
        .unpacked_bytes = 1U << 18,
        .fragments = 3,
        .fragment_bytes = 4096,
        .tunnel_depth = 2,
        .connections = 40,
        .tcp_waiting_bytes = 4096,
        .tcp_waiting_total = 16U << 12,
        .tcp_history_bytes = 16U << 10,
        .message_bytes = 4096,
        .header_bytes = 2048,
        .headers = 24,
        .merge_bytes = 64U << 10,
        .transactions = 6,
        .copies = 2,
        .attempts = 2,
        .dialogs = 5,
        .chat_services = 1,
        .multipart_depth = 2,
        .multipart_parts = 3,
        .xml_depth = 8,
        .xml_attributes = 8,
        .xml_bytes = 3000,
        .body_facts = 6,
        .body_members = 4,
        .users = 4,
        .instances = 3,
        .watched = 3,
        .sessions = 2,
        .rooms = 2,
        .room_members = 2,
        .pending = 2,
        .posts = 2,
        .remembered = 2,
        .expectations = 8,
        .findings = 6,
        .evidence = 2,
        .report_rows = 12,
        .ladder_raw_bytes = 4000,
        .page_rows = 8,
        .distinct = 4,
    };
}

/* One of the counts is 0 or 1, by the size of the input. */
static struct limits limits_for(size_t size)
{
    struct limits limits = low_limits();
    size_t *const counts[] = {
        &limits.fragments,      &limits.connections,   &limits.tcp_waiting_bytes,
        &limits.headers,        &limits.merge_bytes,   &limits.transactions,
        &limits.copies,         &limits.attempts,      &limits.dialogs,
        &limits.chat_services,  &limits.body_facts,    &limits.body_members,
        &limits.users,          &limits.instances,     &limits.watched,
        &limits.sessions,       &limits.rooms,         &limits.room_members,
        &limits.pending,        &limits.posts,         &limits.expectations,
        &limits.findings,       &limits.evidence,      &limits.report_rows,
        &limits.xml_attributes, &limits.message_bytes, &limits.tcp_history_bytes,
        &limits.note_bytes,     &limits.distinct,      &limits.remembered,
    };
    enum { COUNTS = sizeof counts / sizeof counts[0] };
    *counts[size % COUNTS] = size / COUNTS % 2;
    return limits;
}

/* ---- one run ---- */

/* All reports of one run, and what they were offered. */
struct reports {
    struct audit_report *audit;
    struct presence_report *presence;
    struct chat_report *chat;
    struct dialogs_report *dialogs;
    struct messages_report *messages;
    struct ladder *ladder;
    struct sink sinks[7];
    struct output *output;
    uint64_t messages_seen;
    uint64_t findings_seen;
    int64_t last_finding;
};

static void count_event(void *context, const struct event *event)
{
    struct reports *reports = context;
    reports->messages_seen += event->kind == EVENT_MESSAGE;
}

static void count_finding(void *context, const struct finding *finding)
{
    struct reports *reports = context;
    require(finding->time >= reports->last_finding);
    require(finding->id == ++reports->findings_seen);
    require(finding->evidence_count > 0 || finding->evidence_more == 0);
    reports->last_finding = finding->time;
}

static void reports_open(struct reports *reports, const struct report_style *style,
                         const struct summary *summary, const struct limits *limits)
{
    static const struct map_seed seed = {{1, 2}};
    static const struct presence_query everybody = {
        .timeline = true, .at = TIME_NONE, .from = TIME_NONE, .to = TIME_NONE};
    static const struct chat_query all_rooms = {.sessions = true};
    static const struct ladder_options drawing = {.paper = LADDER_A4};
    struct report_style drawn = *style;
    drawn.format = REPORT_TEXT;
    *reports = (struct reports){.output = output_open("/dev/null"), .last_finding = INT64_MIN};
    reports->audit = audit_report_new(style);
    reports->presence = presence_report_new(style, &everybody, seed, limits);
    reports->chat = chat_report_new(style, &all_rooms, seed, limits);
    reports->dialogs = dialogs_report_new(style, seed, limits);
    reports->messages = messages_report_new(style, summary, reports->output);
    reports->ladder = ladder_new(&drawn, &drawing, seed, limits);
    reports->sinks[0] = audit_report_sink(reports->audit);
    reports->sinks[1] = presence_report_sink(reports->presence);
    reports->sinks[2] = chat_report_sink(reports->chat);
    reports->sinks[3] = dialogs_report_sink(reports->dialogs);
    reports->sinks[4] = messages_report_sink(reports->messages);
    reports->sinks[5] = ladder_sink(reports->ladder);
    reports->sinks[6] =
        (struct sink){.context = reports, .event = count_event, .finding = count_finding};
}

static void reports_close(struct reports *reports, const struct summary *summary)
{
    char problem[256];
    struct output *output = reports->output;
    messages_report_end(reports->messages);
    audit_report_write(reports->audit, summary, output);
    presence_report_write(reports->presence, summary, output);
    chat_report_write(reports->chat, summary, output);
    dialogs_report_write(reports->dialogs, summary, output);
    ladder_write(reports->ladder, summary, output);
    audit_report_free(reports->audit);
    presence_report_free(reports->presence);
    chat_report_free(reports->chat);
    dialogs_report_free(reports->dialogs);
    messages_report_free(reports->messages);
    ladder_free(reports->ladder);
    require(output_close(output, true, problem, sizeof problem));
}

static void check_summary(const struct summary *summary, const struct reports *reports)
{
    uint64_t packets = summary->decoded;
    for (size_t i = 0; i < SKIP_REASONS; i++) {
        packets += summary->skipped[i];
    }
    require(packets == summary->packets);
    const struct coverage_summary *coverage = &summary->coverage;
    require(coverage->streams == coverage->read + coverage->encrypted + coverage->compressed);
    require(coverage->gapped <= coverage->read && coverage->one_sided <= coverage->read);
    require(summary->sip_messages == reports->messages_seen);
    require(summary->retransmissions <= summary->sip_messages);
    require(summary->findings[0] + summary->findings[1] + summary->findings[2] ==
            reports->findings_seen);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const names[] = {"fuzz"};
    static const enum report_format formats[] = {REPORT_JSON, REPORT_TEXT, REPORT_CSV};
    const struct slice content = {(const char *)data, size};
    const struct pipeline_options options = {
        .inputs = names,
        .contents = &content,
        .input_count = 1,
        .threads = 1,
        .quiet = true,
        .seed = {{3, 4}},
        .limits = limits_for(size),
    };
    const struct report_style style = {
        .format = formats[size % 3], .columns = 80, .ascii = size % 2 == 0, .version = "fuzz"};
    char problem[256];
    struct reports reports;
    struct pipeline *pipeline = pipeline_new(&options, problem, sizeof problem);
    require(pipeline != NULL);
    const struct summary *summary = pipeline_summary(pipeline);
    reports_open(&reports, &style, summary, &options.limits);
    (void)pipeline_run(pipeline, reports.sinks, sizeof reports.sinks / sizeof reports.sinks[0]);
    check_summary(summary, &reports);
    reports_close(&reports, summary);
    pipeline_free(pipeline);
    return 0;
}

/* ---- mutations that keep the frame ---- */

#ifdef OCSIGHT_FUZZ

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed);

enum { PCAP_HEAD = 24, RECORD_HEAD = 16, RECORDS_MAX = 1024 };

/* Where the records of a little-endian pcap begin; `offsets` has one more for the end. */
struct records {
    size_t count;
    size_t offsets[RECORDS_MAX + 1];
};

static uint32_t draw(unsigned *seed)
{
    *seed = *seed * 1664525U + 1013904223U;
    return *seed >> 8;
}

static bool find_records(const uint8_t *data, size_t size, struct records *out)
{
    static const uint8_t magic[] = {0xd4, 0xc3, 0xb2, 0xa1};
    size_t at = PCAP_HEAD;
    out->count = 0;
    if (size < PCAP_HEAD || memcmp(data, magic, sizeof magic) != 0) {
        return false;
    }
    while (out->count < RECORDS_MAX && size - at >= RECORD_HEAD) {
        uint32_t length;
        memcpy(&length, data + at + 8, sizeof length);
        if (length > size - at - RECORD_HEAD) {
            break;
        }
        out->offsets[out->count++] = at;
        at += RECORD_HEAD + length;
    }
    out->offsets[out->count] = at;
    return out->count > 1;
}

/* Other bytes in the same place: nothing moves. */
static size_t mutate_inside(uint8_t *data, size_t from, size_t to, size_t size, unsigned *seed)
{
    uint8_t window[64];
    if (from >= to) {
        return size;
    }
    size_t at = from + draw(seed) % (to - from);
    size_t room = 1 + draw(seed) % sizeof window;
    size_t length = to - at < room ? to - at : room;
    memcpy(window, data + at, length);
    size_t left = LLVMFuzzerMutate(window, length, length);
    memcpy(data + at, window, left);
    memset(data + at + left, ' ', length - left);
    return size;
}

static size_t repeat_record(uint8_t *data, size_t size, size_t max_size, size_t begin, size_t end)
{
    size_t length = end - begin;
    if (max_size - size < length) {
        return size;
    }
    memmove(data + end, data + begin, size - begin);
    return size + length;
}

static size_t drop_record(uint8_t *data, size_t size, size_t begin, size_t end)
{
    memmove(data + begin, data + end, size - end);
    return size - (end - begin);
}

/* A record and the one behind it. */
static size_t swap_records(uint8_t *data, size_t size, size_t begin, size_t middle, size_t end)
{
    size_t first = middle - begin;
    uint8_t *copy = memory_alloc(first);
    memcpy(copy, data + begin, first);
    memmove(data + begin, data + middle, end - middle);
    memcpy(data + begin + (end - middle), copy, first);
    free(copy);
    return size;
}

static size_t redate_record(uint8_t *data, size_t size, size_t begin, unsigned *seed)
{
    static const int32_t jumps[] = {-86400, -3600, -1, 1, 5, 33, 190, 600, 3700, 90000};
    uint32_t seconds;
    memcpy(&seconds, data + begin, sizeof seconds);
    seconds += (uint32_t)jumps[draw(seed) % (sizeof jumps / sizeof jumps[0])];
    memcpy(data + begin, &seconds, sizeof seconds);
    return size;
}

static size_t mutate_records(uint8_t *data, size_t size, size_t max_size,
                             const struct records *records, unsigned *seed)
{
    size_t number = draw(seed) % (records->count - 1);
    const size_t *offsets = &records->offsets[number];
    switch (draw(seed) % 8) {
    case 0:
        return repeat_record(data, size, max_size, offsets[0], offsets[1]);
    case 1:
        return drop_record(data, size, offsets[0], offsets[1]);
    case 2:
        return swap_records(data, size, offsets[0], offsets[1], offsets[2]);
    case 3:
        return redate_record(data, size, offsets[0], seed);
    default:
        return mutate_inside(data, offsets[0] + RECORD_HEAD, offsets[1], size, seed);
    }
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
    struct records records;
    unsigned choice = draw(&seed) % 8;
    if (choice == 0 || size < PCAP_HEAD) {
        return LLVMFuzzerMutate(data, size, max_size);
    }
    if (choice < 6 && find_records(data, size, &records)) {
        return mutate_records(data, size, max_size, &records, &seed);
    }
    return mutate_inside(data, PCAP_HEAD, size, size, &seed);
}

#endif
