/*
 * A store whose bytes were changed, read as an input.
 *
 * The store is written once, through the writer; an input is a list of changes to its bytes:
 *   3 bytes offset, 1 byte new value ...; offsets behind the end wrap around.
 * Its pages are small, so that tables have several, and what nobody reads is left out.
 * After the run the bytes are put back. What must hold: reading ends, what it gives is within
 * its bounds, nothing is written beside, and when nothing is said to be missing, everything that
 * was written is there.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "analyzer/engine/arena.h"
#include "analyzer/replay.h"
#include "sql/statement.h"
#include "sql/store.h"
#include "tests/fuzz/target.h"

enum { CHANGE = 4, CHANGES_MAX = 64, MESSAGES = 24, RUNS = 2, RECORDS = RUNS * (MESSAGES + 5) };

static const struct map_seed seed = {{1, 2}};

/* The file, made by the first run. */
static struct {
    char path[64];
    char beside[80]; /* what a log of it would be called */
    int file;
    size_t size;
    uint8_t *bytes;
} stored;

/* ---- the store ---- */

static const struct address here = {{192, 0, 2, 1}, ADDRESS_IPV4, 5061};
static const struct address there = {{192, 0, 2, 2}, ADDRESS_IPV4, 49152};

static void add_message(struct store *store, uint64_t number)
{
    char head[400], body[5000];
    const unsigned char digest[STORE_DIGEST] = {(unsigned char)(number % 8), 1};
    const struct observation observed = {
        .origin = {.time = (int64_t)number * TIME_SECOND,
                   .record = number,
                   .order = number,
                   .stream = 1 + number % 3},
        .source = number % 2 ? here : there,
        .destination = number % 2 ? there : here,
        .transport = TRANSPORT_TLS,
    };
    snprintf(head, sizeof head, "INFO sip:a%llu@x SIP/2.0\r\nCall-ID: %0*llu\r\n\r\n",
             (unsigned long long)number, 200, (unsigned long long)number);
    snprintf(body, sizeof body, "%0*llu", (int)(number % 8) * 600, 1LLU);
    store_add_message(store, &observed, 0, slice_of(head), slice_of(number % 8 ? body : ""),
                      digest);
}

static void add_events(struct store *store)
{
    const struct dns_target targets[] = {{slice_of("fe01.xx"), 5061, 1, 2},
                                         {slice_of("fe02.xx"), 5061, 3, 4}};
    const struct origin origin = {.time = 60 * TIME_SECOND, .record = 40, .order = 40};
    const struct event events[] = {
        {.kind = EVENT_HTTP,
         .origin = origin,
         .as.http = {.exchange = 7,
                     .call = HTTP_ROOM_CREATE,
                     .client = here,
                     .server = there,
                     .order = {.name = slice_of("Ops"), .remove = SAID_NO}}},
        {.kind = EVENT_DNS,
         .origin = origin,
         .as.dns = {.id = 77, .name = slice_of("_sip"), .targets = targets, .target_count = 2}},
        {.kind = EVENT_COVERAGE,
         .origin = origin,
         .as.coverage = {.kind = COVERAGE_GAP, .source = here, .bytes = 8, .count = 9}},
        {.kind = EVENT_DIAGNOSTIC,
         .origin = origin,
         .as.diagnostic = {.code = "xml-not-well-formed", .detail = slice_of("words")}},
    };
    for (size_t i = 0; i < sizeof events / sizeof events[0]; i++) {
        store_add_event(store, &events[i], false);
    }
    store_add_event(store, &events[2], true);
}

static void add_run(struct store *store, const char *name)
{
    const struct store_input input = {slice_of(name), 100, ""};
    const struct input_info info = {.kind = "pcap", .size = 100, .records = 99};
    const struct summary summary = {
        .inputs = &info,
        .input_count = 1,
        .packets = 99,
        .decoded = 97,
        .skipped = {[SKIP_SCTP] = 2},
        .coverage = {.streams = 3, .read = 3, .verdict = COVERAGE_FULL},
    };
    require(store_begin_run(store, "fuzz", "", &input, 1));
    for (uint64_t number = 1; number <= MESSAGES; number++) {
        add_message(store, number);
    }
    add_events(store);
    require(store_end_run(store, &summary));
}

static void clear_away(void)
{
    (void)unlink(stored.path);
}

static void make_store(void)
{
    struct stat status;
    const char *folder = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
    snprintf(stored.path, sizeof stored.path, "%s/fuzz-store-%ld.db", folder, (long)getpid());
    snprintf(stored.beside, sizeof stored.beside, "%s-wal", stored.path);
    (void)unlink(stored.path);
    atexit(clear_away);
    struct lite *lite = lite_open(stored.path, LITE_CREATE);
    require(lite_run(lite, "PRAGMA page_size = 1024") &&
            lite_run(lite, statement_text("store/truth")));
    lite_close(lite);
    struct store *store = store_open(stored.path, STORE_APPEND, seed);
    add_run(store, "a.pcap");
    add_run(store, "b.pcap");
    require(store_close(store));
    stored.file = open(stored.path, O_RDWR | O_CLOEXEC);
    require(stored.file >= 0 && fstat(stored.file, &status) == 0);
    stored.size = (size_t)status.st_size;
    stored.bytes = memory_alloc(stored.size);
    require(pread(stored.file, stored.bytes, stored.size, 0) == (ssize_t)stored.size);
}

/* ---- reading it ---- */

struct reading {
    uint64_t records;
    uint64_t settled;
    size_t inputs;
};

static void check_origin(const struct reading *reading, const struct origin *origin)
{
    require(origin->input < reading->inputs);
    require(origin->time == TIME_NONE || origin->time >= 0);
}

static void check_event(void *context, const struct event *event)
{
    struct reading *reading = context;
    check_origin(reading, &event->origin);
    reading->settled++;
}

static void check_record(const struct reading *reading, const struct replayed *replayed)
{
    require(replayed->input < reading->inputs && replayed->time >= 0);
    require((replayed->unit != NULL) != (replayed->event != NULL));
    if (replayed->unit) {
        require(replayed->unit->raw.size > 0);
        check_origin(reading, &replayed->unit->observed.origin);
    } else {
        check_origin(reading, &replayed->event->origin);
    }
}

static void read_store(void)
{
    struct reading reading = {0};
    struct summary summary = {0};
    const struct event_sink sink = {check_event, &reading};
    struct replay *replay = replay_open(stored.path, 0, 0, seed);
    (void)replay_inputs(replay, &reading.inputs);
    bool readable = replay_problem(replay)[0] == '\0';
    while (readable) {
        const struct replayed *replayed = replay_next(replay);
        if (!replayed) {
            break;
        }
        check_record(&reading, replayed);
        require(++reading.records <= RECORDS);
        replay_step(replay);
    }
    require(access(stored.beside, F_OK) != 0);
    bool told = replay_remark(replay)[0] != '\0';
    replay_settle(replay, &sink);
    replay_count(replay, &summary);
    require(!readable || told || reading.records + reading.settled == RECORDS);
    require(!told || replay_damaged(replay));
    replay_close(replay);
}

/* ---- the changes ---- */

static size_t change_at(const uint8_t *change)
{
    size_t offset = (size_t)change[0] << 16 | (size_t)change[1] << 8 | change[2];
    return offset % stored.size;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t count = size / CHANGE < CHANGES_MAX ? size / CHANGE : CHANGES_MAX;
    if (!stored.bytes) {
        make_store();
    }
    for (size_t i = 0; i < count; i++) {
        const uint8_t *change = data + i * CHANGE;
        require(pwrite(stored.file, change + 3, 1, (off_t)change_at(change)) == 1);
    }
    read_store();
    for (size_t i = 0; i < count; i++) {
        size_t at = change_at(data + i * CHANGE);
        require(pwrite(stored.file, stored.bytes + at, 1, (off_t)at) == 1);
    }
    return 0;
}
