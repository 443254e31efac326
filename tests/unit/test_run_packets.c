/*
 * The same packets in other files, other segments and with other times: what is
 * said of them stays the same.
 *
 * The captures are classic little-endian pcap files with Ethernet, IPv4 and TCP as
 * render-sample writes them, taken apart and put together again here. Checksums are
 * left as they are: nobody looks at them.
 */
#include "tests/unit/runs.h"

#include <stdio.h>
#include <stdlib.h>

#include "analyzer/engine/arena.h"

/* ---- pcap, taken apart ---- */

enum { FILE_HEAD = 24, RECORD_HEAD = 16, ETHERNET_HEAD = 14, EDITED_MAX = 16 << 20 };

struct record {
    uint32_t seconds;
    uint32_t micros;
    struct slice bytes;
};

struct capture_file {
    struct slice content;
    struct record *records;
    size_t count;
};

static uint32_t little(struct slice bytes, size_t at)
{
    uint32_t number = 0;
    for (size_t i = 4; i > 0; i--) {
        number = number << 8 | slice_byte(bytes, at + i - 1);
    }
    return number;
}

static uint32_t big(struct slice bytes, size_t at, size_t size)
{
    uint32_t number = 0;
    for (size_t i = 0; i < size; i++) {
        number = number << 8 | slice_byte(bytes, at + i);
    }
    return number;
}

static struct capture_file capture_file_of(const char *name)
{
    struct capture_file file = {.content = rendered(name)};
    assert_int_equal(little(file.content, 0), 0xa1b2c3d4);
    size_t at = FILE_HEAD;
    while (at < file.content.size) {
        file.records = memory_grow(file.records, file.count + 1, sizeof *file.records);
        size_t size = little(file.content, at + 8);
        file.records[file.count++] = (struct record){
            .seconds = little(file.content, at),
            .micros = little(file.content, at + 4),
            .bytes = slice_sub(file.content, at + RECORD_HEAD, size),
        };
        at += RECORD_HEAD + size;
    }
    assert_int_equal(at, file.content.size);
    return file;
}

static void capture_file_dispose(struct capture_file *file)
{
    free(file->records);
    free((void *)(uintptr_t)file->content.data);
}

/* ---- and put together ---- */

static void put_little(struct buffer *out, uint32_t number)
{
    for (int i = 0; i < 4; i++) {
        assert_true(buffer_append_byte(out, (char)(number >> (8 * i) & 0xff)));
    }
}

static void put_record(struct buffer *out, const struct record *record)
{
    put_little(out, record->seconds);
    put_little(out, record->micros);
    put_little(out, (uint32_t)record->bytes.size);
    put_little(out, (uint32_t)record->bytes.size);
    assert_true(buffer_append(out, record->bytes));
}

static struct buffer edited_begin(const struct capture_file *file)
{
    struct buffer out;
    buffer_init(&out, EDITED_MAX);
    assert_true(buffer_append(&out, slice_sub(file->content, 0, FILE_HEAD)));
    return out;
}

static struct buffer records_between(const struct capture_file *file, size_t from, size_t to)
{
    struct buffer out = edited_begin(file);
    for (size_t i = from; i < to; i++) {
        put_record(&out, &file->records[i]);
    }
    return out;
}

/* ---- two inputs ---- */

enum { SAID = RUN_ALL & ~RUN_PLACES, SAID_BUT_FINDINGS = SAID & ~RUN_FINDINGS };

/* A capture as a whole: what is said of it, and its findings. */
struct whole {
    struct capture_file file;
    struct run_log said;
    struct run_log findings;
};

/* Where an input ends, a rule that waits for more stays silent; none says anything new. */
static void check_findings(const struct run_log *whole, const struct run_setup *setup,
                           const char *what)
{
    struct run_setup findings = *setup;
    findings.parts = RUN_FINDINGS;
    struct run_log log = run_logged(&findings);
    struct slice rest = buffer_slice(&log.text);
    struct slice line;
    while (run_line_next(&rest, &line)) {
        if (slice_find(buffer_slice(&whole->text), line) == SLICE_NONE) {
            fail_msg("%s: a new finding:\n%.*s", what, (int)line.size, line.data);
        }
    }
    run_log_dispose(&log);
}

/* The second file begins with the last records of the first, `overlap` of them. */
static void check_split(const struct whole *whole, size_t at, size_t overlap)
{
    const struct capture_file *file = &whole->file;
    struct buffer first = records_between(file, 0, at);
    struct buffer second = records_between(file, at > overlap ? at - overlap : 0, file->count);
    struct run_setup setup = run_setup(buffer_slice(&first), SAID_BUT_FINDINGS);
    setup.contents[1] = buffer_slice(&second);
    setup.count = 2;
    struct run_log log = run_logged(&setup);
    char what[64];
    snprintf(what, sizeof what, "split before record %zu, overlap %zu", at + 1, overlap);
    assert_same_log(&whole->said, &log, what);
    check_findings(&whole->findings, &setup, what);
    run_log_dispose(&log);
    buffer_dispose(&first);
    buffer_dispose(&second);
}

static void check_splits(const char *name, size_t step, size_t overlap)
{
    struct whole whole = {.file = capture_file_of(name)};
    whole.said = run_of(whole.file.content, SAID_BUT_FINDINGS);
    whole.findings = run_of(whole.file.content, RUN_FINDINGS);
    for (size_t i = 1; i < whole.file.count; i += tests_are_long() ? 1 : step) {
        check_split(&whole, i, overlap);
    }
    run_log_dispose(&whole.said);
    run_log_dispose(&whole.findings);
    capture_file_dispose(&whole.file);
}

static void a_capture_in_two_files(void **state)
{
    (void)state;
    check_splits("third-party-publish.plain.pcap", 1, 0);
    check_splits("third-party-publish.udp.pcap", 1, 0);
    check_splits("faults.plain.pcap", 7, 0);
    check_splits("front-end.plain.pcap", 7, 0);
    check_splits("group-chat.plain.pcap", 17, 0);
}

/* Segments that are in both files are sent again as far as TCP can tell. */
static void a_capture_in_two_files_that_overlap(void **state)
{
    (void)state;
    check_splits("third-party-publish.plain.pcap", 1, 5);
    check_splits("faults.plain.pcap", 11, 10);
    check_splits("front-end.plain.pcap", 11, 10);
}

/* Only the lines of what was seen for the first time. */
static void keep_first(struct run_log *log)
{
    struct buffer kept;
    buffer_init(&kept, EDITED_MAX);
    struct slice rest = buffer_slice(&log->text);
    struct slice line;
    log->lines = 0;
    while (run_line_next(&rest, &line)) {
        if (slice_find(line, slice_of(" role=\"another-hop\"")) == SLICE_NONE) {
            assert_true(buffer_append(&kept, line) && buffer_append_byte(&kept, '\n'));
            log->lines++;
        }
    }
    buffer_dispose(&log->text);
    log->text = kept;
}

static void check_twice(const char *name)
{
    struct slice content = rendered(name);
    struct run_setup setup = run_setup(content, SAID);
    struct run_log once = run_logged(&setup);
    setup.count = 2;
    struct run_log twice = run_logged(&setup);
    assert_int_equal(twice.roles[MESSAGE_FIRST], once.roles[MESSAGE_FIRST]);
    assert_int_equal(twice.roles[MESSAGE_RETRANSMISSION], once.roles[MESSAGE_RETRANSMISSION]);
    assert_int_equal(twice.summary.retransmissions, once.summary.retransmissions);
    assert_int_equal(twice.findings, once.findings);
    keep_first(&once);
    keep_first(&twice);
    assert_same_log(&once, &twice, name);
    run_log_dispose(&once);
    run_log_dispose(&twice);
    free((void *)(uintptr_t)content.data);
}

static void a_capture_given_twice(void **state)
{
    static const char *const captures[] = {
        "third-party-publish.plain.pcap",
        "third-party-publish.udp.pcap",
        "faults.plain.pcap",
        "faults.udp.pcap",
        "front-end.plain.pcap",
        "front-end.udp.pcap",
        "group-chat.plain.pcap",
        "persistent-chat.plain.pcap",
        "presence-change.plain.pcap",
        "two-pools.plain.pcap",
    };
    (void)state;
    for (size_t i = 0; i < sizeof captures / sizeof captures[0]; i++) {
        check_twice(captures[i]);
    }
}

/* ---- other segments ---- */

/* How the two parts of a segment follow each other. */
enum parting { PARTS_IN_ORDER, PARTS_SWAPPED, PARTS_REPEATED, PARTINGS };

struct segment {
    size_t tcp;     /* where the TCP header is */
    size_t payload; /* where the data is */
    size_t size;    /* bytes of data */
};

static struct segment segment_of(struct slice packet)
{
    enum { ETHERTYPE = 12, IPV4 = 0x0800, TCP = 6 };
    assert_int_equal(big(packet, ETHERTYPE, 2), IPV4);
    assert_int_equal(slice_byte(packet, ETHERNET_HEAD + 9), TCP);
    struct segment segment;
    segment.tcp = ETHERNET_HEAD + 4 * (slice_byte(packet, ETHERNET_HEAD) & 15U);
    segment.payload = segment.tcp + 4 * (slice_byte(packet, segment.tcp + 12) >> 4 & 15U);
    segment.size = ETHERNET_HEAD + big(packet, ETHERNET_HEAD + 2, 2) - segment.payload;
    return segment;
}

static void store(char *out, uint32_t number, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        out[i] = (char)(number >> (8 * (size - 1 - i)) & 0xff);
    }
}

/* Bytes from .. to of the segment's data as a segment of its own. */
static void put_part(struct buffer *out, const struct record *record, const struct segment *segment,
                     size_t from, size_t to)
{
    enum { FIN_AND_PUSH = 9 };
    size_t size = segment->payload + (to - from);
    char *bytes = memory_alloc(size);
    memcpy(bytes, record->bytes.data, segment->payload);
    memcpy(bytes + segment->payload, record->bytes.data + segment->payload + from, to - from);
    store(bytes + ETHERNET_HEAD + 2, (uint32_t)(size - ETHERNET_HEAD), 2);
    uint32_t sequence = big(record->bytes, segment->tcp + 4, 4) + (uint32_t)from;
    store(bytes + segment->tcp + 4, sequence, 4);
    if (to < segment->size) {
        bytes[segment->tcp + 13] &= ~FIN_AND_PUSH;
    }
    struct record part = *record;
    part.bytes = (struct slice){bytes, size};
    put_record(out, &part);
    free(bytes);
}

static void put_parted(struct buffer *out, const struct record *record,
                       const struct segment *segment, size_t at, enum parting parting)
{
    if (parting == PARTS_SWAPPED) {
        put_part(out, record, segment, at, segment->size);
    }
    put_part(out, record, segment, 0, at);
    if (parting == PARTS_REPEATED) {
        put_part(out, record, segment, 0, at);
    }
    if (parting != PARTS_SWAPPED) {
        put_part(out, record, segment, at, segment->size);
    }
}

/* Every segment that is long enough comes in two, the first with `at` bytes. */
static struct buffer parted(const struct capture_file *file, size_t at, enum parting parting)
{
    struct buffer out = edited_begin(file);
    for (size_t i = 0; i < file->count; i++) {
        struct segment segment = segment_of(file->records[i].bytes);
        if (segment.size > at) {
            put_parted(&out, &file->records[i], &segment, at, parting);
        } else {
            put_record(&out, &file->records[i]);
        }
    }
    return out;
}

static size_t longest_segment(const struct capture_file *file)
{
    size_t longest = 0;
    for (size_t i = 0; i < file->count; i++) {
        struct segment segment = segment_of(file->records[i].bytes);
        longest = segment.size > longest ? segment.size : longest;
    }
    return longest;
}

static void check_parted(const struct capture_file *file, const struct run_log *whole, size_t at,
                         enum parting parting)
{
    static const char *const names[] = {"in order", "swapped", "the first repeated"};
    struct buffer content = parted(file, at, parting);
    struct run_log log = run_of(buffer_slice(&content), SAID);
    char what[96];
    snprintf(what, sizeof what, "segments of %zu bytes and the rest, %s", at, names[parting]);
    assert_same_log(whole, &log, what);
    run_log_dispose(&log);
    buffer_dispose(&content);
}

static void check_partings(const char *name, size_t step)
{
    struct capture_file file = capture_file_of(name);
    struct run_log whole = run_of(file.content, SAID);
    size_t longest = longest_segment(&file);
    assert_true(longest > 500);
    for (size_t at = 1; at < longest; at += tests_are_long() ? 1 : step) {
        check_parted(&file, &whole, at, PARTS_IN_ORDER);
        check_parted(&file, &whole, at, at % 2 == 0 ? PARTS_SWAPPED : PARTS_REPEATED);
    }
    run_log_dispose(&whole);
    capture_file_dispose(&file);
}

static void every_segment_in_two(void **state)
{
    (void)state;
    check_partings("third-party-publish.plain.pcap", 1);
    check_partings("faults.plain.pcap", 61);
    check_partings("front-end.plain.pcap", 61);
}

/* ---- other times ---- */

/* A capture whose clock was wrong for some records. */
struct redated {
    struct buffer content;
    size_t backwards; /* records that are earlier than one before them */
    size_t first;     /* the first of them, from 0 */
};

/* Records `from` up to `to` are that much earlier. */
static struct redated redated(const struct capture_file *file, size_t from, size_t to,
                              uint32_t seconds)
{
    struct redated result = {.content = edited_begin(file)};
    uint64_t latest = 0;
    for (size_t i = 0; i < file->count; i++) {
        struct record record = file->records[i];
        record.seconds -= i >= from && i < to ? seconds : 0;
        put_record(&result.content, &record);
        uint64_t time = (uint64_t)record.seconds * 1000000 + record.micros;
        if (time < latest && result.backwards++ == 0) {
            result.first = i;
        }
        latest = time > latest ? time : latest;
    }
    return result;
}

/* The lines that say that the clock goes back; the last of them. */
static size_t find_clock_notes(const struct run_log *log, struct slice *out)
{
    struct slice rest = buffer_slice(&log->text);
    struct slice line;
    size_t count = 0;
    while (run_line_next(&rest, &line)) {
        if (slice_starts(line, slice_of("coverage")) &&
            slice_find(line, slice_of(" kind=\"coverage-clock\"")) != SLICE_NONE) {
            *out = line;
            count++;
        }
    }
    return count;
}

static void check_clock_note(const struct redated *edited)
{
    struct run_log log = run_of(buffer_slice(&edited->content), RUN_COVERAGE | RUN_PLACES);
    struct slice line = {0};
    char place[64];
    char count[64];
    snprintf(place, sizeof place, " record=%zu ", edited->first + 1);
    snprintf(count, sizeof count, " count=%zu", edited->backwards);
    size_t notes = find_clock_notes(&log, &line);
    assert_int_equal(notes, edited->backwards > 0);
    assert_true(notes == 0 || slice_find(line, slice_of(place)) != SLICE_NONE);
    assert_true(notes == 0 || slice_find(line, slice_of(count)) != SLICE_NONE);
    run_log_dispose(&log);
}

/* Returns whether the clock goes back at all. */
static bool check_redated(const struct capture_file *file, const struct run_log *whole, size_t from,
                          size_t to, uint32_t seconds)
{
    struct redated edited = redated(file, from, to, seconds);
    struct run_log said = run_of(buffer_slice(&edited.content), RUN_MESSAGES | RUN_FACTS);
    char what[96];
    snprintf(what, sizeof what, "records %zu to %zu %u s earlier", from + 1, to, seconds);
    assert_same_log(whole, &said, what);
    check_clock_note(&edited);
    run_log_dispose(&said);
    buffer_dispose(&edited.content);
    return edited.backwards > 0;
}

static void a_clock_that_goes_back(void **state)
{
    enum { MINUTE = 60, HOUR = 3600 };
    (void)state;
    struct capture_file file = capture_file_of("third-party-publish.plain.pcap");
    struct run_log whole = run_of(file.content, RUN_MESSAGES | RUN_FACTS);
    size_t single = 0;
    for (size_t i = 1; i < file.count; i++) {
        single += check_redated(&file, &whole, i, i + 1, MINUTE);
        assert_true(check_redated(&file, &whole, i, file.count, HOUR));
    }
    assert_true(single > file.count / 2);
    run_log_dispose(&whole);
    capture_file_dispose(&file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_capture_in_two_files),
        cmocka_unit_test(a_capture_in_two_files_that_overlap),
        cmocka_unit_test(a_capture_given_twice),
        cmocka_unit_test(every_segment_in_two),
        cmocka_unit_test(a_clock_that_goes_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
