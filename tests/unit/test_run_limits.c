/*
 * Every cap of struct limits, one at a time, made so low that a sample reaches it:
 * the run names it, and says nothing of it with the caps of the product.
 *
 * Not here: fragments, as no sample has fragments of two datagrams mixed
 * (test_fragments.c), unpacked_bytes, which makes an input unreadable (test_netmon.c),
 * report_rows, ladder_raw_bytes and page_rows, which are said by the reports themselves, and
 * tcp_history_bytes, a window and not a cap: what is older is not compared.
 */
#include "tests/unit/runs.h"

#include <stdio.h>
#include <stdlib.h>

struct cap {
    const char *name;
    size_t offset; /* of the member of struct limits */
    size_t size;
    size_t value;
    const char *capture;
    const char *says; /* in the log; NULL: coverage-cap with the name */
};

#define CAP(member)                                                                                \
    .name = #member, .offset = offsetof(struct limits, member),                                    \
    .size = sizeof((struct limits *)NULL)->member

/* clang-format off */
static const struct cap caps[] = {
    {CAP(packet_bytes), 200, "faults.plain.pcap", NULL},
    {CAP(packet_bytes), 200, "third-party-publish.pcapng-mixed.pcapng", NULL},
    {CAP(packet_bytes), 200, "third-party-publish.netmon.cap", NULL},
    {CAP(note_bytes), 1, "third-party-publish.pcapng-mixed.pcapng", NULL},
    {CAP(interfaces), 1, "third-party-publish.pcapng-mixed.pcapng", NULL},
    {CAP(fragment_bytes), 500, "third-party-publish.raw-frag.pcap", NULL},
    {CAP(connections), 1, "faults.200.pcap", NULL},
    {CAP(tcp_waiting_bytes), 1, "third-party-publish.sll-tiny.pcap", NULL},
    {CAP(tcp_waiting_total), 1, "third-party-publish.sll-tiny.pcap", NULL},
    {CAP(message_bytes), 1000, "third-party-publish.plain.pcap", NULL},
    {CAP(header_bytes), 500, "third-party-publish.plain.pcap", NULL},
    {CAP(headers), 5, "third-party-publish.plain.pcap", "code=\"sip-too-many-headers\""},
    {CAP(merge_bytes), 1, "front-end.dense-lost.pcap", NULL},
    {CAP(transactions), 1, "faults.plain.pcap", NULL},
    {CAP(copies), 1, "front-end.plain.pcap", NULL},
    {CAP(attempts), 1, "front-end.plain.pcap", NULL},
    {CAP(dialogs), 1, "faults.plain.pcap", NULL},
    {CAP(chat_services), 0, "group-chat.plain.pcap", NULL},
    {CAP(multipart_depth), 0, "two-pools.plain.pcap", "detail=\"multipart_depth\""},
    {CAP(multipart_parts), 1, "two-pools.plain.pcap", "detail=\"multipart_parts\""},
    {CAP(xml_depth), 1, "faults.plain.pcap", "(xml_depth)"},
    {CAP(xml_attributes), 1, "faults.plain.pcap", "(xml_attributes)"},
    {CAP(xml_bytes), 100, "faults.plain.pcap", "(xml_bytes)"},
    {CAP(body_facts), 1, "presence-change.plain.pcap", "detail=\"body_facts\""},
    {CAP(body_members), 1, "group-chat.plain.pcap", "detail=\"body_members\""},
    {CAP(users), 1, "faults.plain.pcap", NULL},
    {CAP(instances), 1, "presence-change.plain.pcap", NULL},
    {CAP(watched), 1, "two-pools.plain.pcap", NULL},
    {CAP(sessions), 1, "group-chat.plain.pcap", NULL},
    {CAP(rooms), 1, "group-chat.plain.pcap", NULL},
    {CAP(room_members), 1, "group-chat.plain.pcap", NULL},
    {CAP(pending), 1, "persistent-chat.plain.pcap", NULL},
    {CAP(posts), 1, "persistent-chat.plain.pcap", NULL},
    {CAP(remembered), 1, "group-chat.plain.pcap", NULL},
    {CAP(expectations), 1, "faults.plain.pcap", "rule=\"coverage-cap\""},
    {CAP(findings), 1, "faults.plain.pcap", "rule=\"coverage-cap\""},
    {CAP(evidence), 1, "faults.plain.pcap", " more="},
};
/* clang-format on */

static void lower(struct limits *limits, const struct cap *cap)
{
    char *member = (char *)limits + cap->offset;
    unsigned small = (unsigned)cap->value;
    assert_true(cap->size == sizeof cap->value || cap->size == sizeof small);
    memcpy(member, cap->size == sizeof small ? (const void *)&small : (const void *)&cap->value,
           cap->size);
}

/* Is there a line with all that the cap is to say? */
static bool says(const struct run_log *log, const struct cap *cap)
{
    char detail[64];
    snprintf(detail, sizeof detail, " detail=\"%s\"", cap->name);
    struct slice rest = buffer_slice(&log->text);
    struct slice line;
    while (run_line_next(&rest, &line)) {
        bool found = cap->says
                         ? slice_find(line, slice_of(cap->says)) != SLICE_NONE
                         : slice_find(line, slice_of(" kind=\"coverage-cap\"")) != SLICE_NONE &&
                               slice_find(line, slice_of(detail)) != SLICE_NONE;
        if (found) {
            return true;
        }
    }
    return false;
}

static void every_cap_is_named(void **state)
{
    (void)state;
    size_t wrong = 0;
    for (size_t i = 0; i < sizeof caps / sizeof caps[0]; i++) {
        const struct cap *cap = &caps[i];
        struct slice content = rendered(cap->capture);
        struct run_setup setup = run_setup(content, RUN_ALL);
        struct run_log usual = run_logged(&setup);
        lower(&setup.limits, cap);
        struct run_log low = run_logged(&setup);
        if (says(&usual, cap) || !says(&low, cap)) {
            print_error("%s = %zu with %s: %s\n", cap->name, cap->value, cap->capture,
                        says(&low, cap) ? "named though it was not lowered" : "not named");
            wrong++;
        }
        run_log_dispose(&usual);
        run_log_dispose(&low);
        free((void *)(uintptr_t)content.data);
    }
    assert_int_equal(wrong, 0);
}

/* No cap crashes at 0 or 1, whatever the sample. */
static void no_cap_crashes(void **state)
{
    static const char *const captures[] = {"faults.sll-tiny.pcap", "front-end.raw-frag.pcap",
                                           "group-chat.plain.pcap", "two-pools.plain.pcap",
                                           "third-party-publish.pcapng-mixed.pcapng"};
    (void)state;
    for (size_t i = 0; i < sizeof captures / sizeof captures[0]; i++) {
        struct slice content = rendered(captures[i]);
        for (size_t j = 0; j < sizeof caps / sizeof caps[0]; j++) {
            struct cap cap = caps[j];
            struct run_setup setup = run_setup(content, 0);
            for (cap.value = 0; cap.value < 2; cap.value++) {
                lower(&setup.limits, &cap);
                struct run_log log = run_logged(&setup);
                run_log_dispose(&log);
            }
        }
        free((void *)(uintptr_t)content.data);
    }
}

/* Counters say these two: packets that are nested too deep, and totals that are not exact. */
static void caps_that_the_summary_tells(void **state)
{
    (void)state;
    struct slice content = rendered("third-party-publish.gre.pcap");
    struct run_setup setup = run_setup(content, 0);
    struct run_log usual = run_logged(&setup);
    assert_true(usual.summary.exact);
    assert_int_equal(usual.summary.skipped[SKIP_TUNNEL_DEPTH], 0);
    setup.limits.distinct = 1;
    setup.limits.tunnel_depth = 0;
    struct run_log nothing = run_logged(&setup);
    assert_int_equal(nothing.summary.skipped[SKIP_TUNNEL_DEPTH], nothing.summary.packets);
    setup.limits.tunnel_depth = 1;
    struct run_log low = run_logged(&setup);
    assert_false(low.summary.exact);
    assert_int_equal(low.summary.sip_messages, usual.summary.sip_messages);
    run_log_dispose(&usual);
    run_log_dispose(&nothing);
    run_log_dispose(&low);
    free((void *)(uintptr_t)content.data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_cap_is_named),
        cmocka_unit_test(no_cap_crashes),
        cmocka_unit_test(caps_that_the_summary_tells),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
