/*
 * A capture that breaks off anywhere: no crash, and nothing that was not there.
 *
 * What a cut gives is the beginning of what the whole gives, up to the first gap
 * that is open at the cut, or the first message whose body ends there: from there
 * on bytes come out that would have waited for what is missing, so copies may be
 * taken for originals and bodies are short, but all messages are messages of the
 * whole. Every form is cut after every
 * byte in the long form of the tests, and at its ends and in steps in the short one.
 */
#include "tests/unit/runs.h"

#include <stdio.h>
#include <stdlib.h>

enum { PARTS = RUN_MESSAGES | RUN_FACTS | RUN_COVERAGE | RUN_PLACES };

/* A capture whose cuts are checked. */
struct whole {
    const char *name;
    struct slice content;
    struct run_log log;
    struct map lines;      /* all of the log */
    struct map identities; /* of its messages */
};

static struct whole whole_of(const char *name)
{
    struct whole whole = {.name = name, .content = rendered(name)};
    whole.log = run_of(whole.content, PARTS);
    assert_true(whole.log.counts[EVENT_MESSAGE] > 0);
    map_init(&whole.lines, test_seed());
    map_init(&whole.identities, test_seed());
    struct slice rest = buffer_slice(&whole.log.text);
    struct slice line;
    while (run_line_next(&rest, &line)) {
        map_put(&whole.lines, line, &whole);
        map_put(&whole.identities, run_line_identity(line), &whole);
    }
    return whole;
}

static void whole_dispose(struct whole *whole)
{
    map_dispose(&whole->lines, NULL);
    map_dispose(&whole->identities, NULL);
    run_log_dispose(&whole->log);
    free((void *)(uintptr_t)whole->content.data);
}

static bool is_coverage(struct slice line)
{
    return slice_starts(line, slice_of("coverage")) || slice_starts(line, slice_of("diagnostic"));
}

/* Does something show here that is open at the cut: a gap, or the body of a message? */
static bool is_open(const struct whole *whole, struct slice line)
{
    bool gap = slice_find(line, slice_of(" kind=\"coverage-gap\"")) != SLICE_NONE;
    bool body = slice_find(line, slice_of(" body_cut=1")) != SLICE_NONE;
    return (gap || body) && !map_find(&whole->lines, line);
}

/* The next line that is no coverage; the empty one at the end. */
static struct slice next_said(struct slice *rest)
{
    struct slice line;
    while (run_line_next(rest, &line)) {
        if (!is_coverage(line)) {
            return line;
        }
    }
    return (struct slice){0};
}

static void check_log(const struct whole *whole, const struct run_log *log, size_t length)
{
    struct slice expected = buffer_slice(&whole->log.text);
    struct slice rest = buffer_slice(&log->text);
    struct slice line;
    bool open = false;
    while (run_line_next(&rest, &line)) {
        open = open || is_open(whole, line);
        if (is_coverage(line)) {
            continue;
        }
        struct slice wanted = next_said(&expected);
        bool fits = open ? map_find(&whole->identities, run_line_identity(line)) != NULL
                         : slice_equal(line, wanted);
        if (!fits) {
            fail_msg("%s cut after %zu bytes says\n%.*s\nin place of\n%.*s", whole->name, length,
                     (int)line.size, line.data, (int)wanted.size, wanted.data ? wanted.data : "");
        }
    }
}

/* Returns the number of messages. */
static size_t check_cut(const struct whole *whole, size_t length)
{
    struct guard guard = guard_copy(slice_sub(whole->content, 0, length));
    struct run_log log = run_of(guard.bytes, PARTS);
    check_log(whole, &log, length);
    size_t messages = log.counts[EVENT_MESSAGE];
    run_log_dispose(&log);
    guard_free(&guard);
    return messages;
}

/* Every length near both ends, every `step`th between. */
static void check(const char *name, size_t step)
{
    enum { NEAR = 24 };
    struct whole whole = whole_of(name);
    size_t size = whole.content.size;
    size_t most = 0;
    for (size_t length = 0; length < size; length++) {
        bool near = length < NEAR || size - length <= NEAR;
        if (near || length % step == 0 || tests_are_long()) {
            size_t messages = check_cut(&whole, length);
            most = messages > most ? messages : most;
        }
    }
    /* What the last byte belongs to may be a message, so one may be missing. */
    assert_true(most + 1 >= whole.log.counts[EVENT_MESSAGE]);
    whole_dispose(&whole);
}

static void every_cut_says_the_beginning(void **state)
{
    (void)state;
    check("third-party-publish.plain.pcap", 1);
}

static void cuts_of_every_form(void **state)
{
    static const char *const forms[] = {
        "sll-tiny.pcap", "qinq-dup.pcap", "lost.pcap",           "midstream.pcap", "half-tls.pcap",
        "udp.pcap",      "raw-frag.pcap", "pcapng-mixed.pcapng", "netmon.cap",
    };
    (void)state;
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        char name[64];
        snprintf(name, sizeof name, "third-party-publish.%s", forms[i]);
        check(name, 211);
    }
}

static void cuts_of_every_sample(void **state)
{
    static const char *const samples[] = {"faults",          "front-end",       "group-chat",
                                          "persistent-chat", "presence-change", "quirks",
                                          "two-pools"};
    (void)state;
    for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
        char name[64];
        snprintf(name, sizeof name, "%s.plain.pcap", samples[i]);
        check(name, 2999);
    }
    check("faults.sll-tiny.pcap", 2999);
    check("front-end.sll-tiny.pcap", 2999);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_cut_says_the_beginning),
        cmocka_unit_test(cuts_of_every_form),
        cmocka_unit_test(cuts_of_every_sample),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
