/*
 * The number of threads never shows: everything that a sink is offered is the
 * same, byte for byte and in the same order, with one thread and with many.
 */
#include "tests/unit/runs.h"

#include <stdio.h>
#include <stdlib.h>

static const unsigned many[] = {2, 3, 5, 16, 64};

enum { MANY = sizeof many / sizeof many[0] };

static void check(const char *name, size_t step)
{
    struct slice content = rendered(name);
    struct run_setup setup = run_setup(content, RUN_ALL);
    struct run_log alone = run_logged(&setup);
    assert_true(alone.counts[EVENT_MESSAGE] > 0);
    for (size_t i = 0; i < MANY; i += tests_are_long() ? 1 : step) {
        char what[128];
        snprintf(what, sizeof what, "%s with %u threads", name, many[i]);
        setup.threads = many[i];
        struct run_log log = run_logged(&setup);
        assert_same_log(&alone, &log, what);
        run_log_dispose(&log);
    }
    run_log_dispose(&alone);
    free((void *)(uintptr_t)content.data);
}

static void threads_do_not_show(void **state)
{
    static const char *const forms[] = {"plain.pcap",     "sll-tiny.pcap", "lost.pcap",
                                        "midstream.pcap", "half-tls.pcap", "pcapng-mixed.pcapng"};
    static const char *const samples[] = {"faults", "front-end"};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        for (size_t j = 0; j < sizeof forms / sizeof forms[0]; j++) {
            char name[64];
            snprintf(name, sizeof name, "%s.%s", samples[i], forms[j]);
            check(name, 1);
        }
    }
}

/* Thousands of connections: all shards have work in every batch, and there are many batches. */
static void threads_do_not_show_in_long_captures(void **state)
{
    (void)state;
    check("third-party-publish.200.pcap", 1);
    check("front-end.200.pcap", 3);
    if (tests_are_long()) {
        check("faults.200.pcap", 1);
    }
}

/* Two inputs with the same times, and caps that are reached in the middle. */
static void threads_do_not_show_at_caps(void **state)
{
    (void)state;
    struct slice content = rendered("faults.200.pcap");
    struct run_setup setup = run_setup(content, RUN_ALL);
    setup.limits.connections = 64;
    setup.limits.merge_bytes = 65536;
    setup.limits.transactions = 100;
    setup.limits.dialogs = 50;
    setup.limits.users = 20;
    setup.limits.sessions = 5;
    setup.limits.findings = 50;
    struct run_log alone = run_logged(&setup);
    setup.threads = 4;
    struct run_log log = run_logged(&setup);
    assert_same_log(&alone, &log, "low caps with 4 threads");
    run_log_dispose(&log);
    run_log_dispose(&alone);
    free((void *)(uintptr_t)content.data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(threads_do_not_show),
        cmocka_unit_test(threads_do_not_show_in_long_captures),
        cmocka_unit_test(threads_do_not_show_at_caps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
