/*
 * What tests of whole reports share: a small run, and how its reports are to look.
 */
#ifndef OCSIGHT_TESTS_UNIT_REPORT_RUN_H
#define OCSIGHT_TESTS_UNIT_REPORT_RUN_H

#include "tests/unit/output_text.h"

#include "reports/report.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* Seconds after 2026-11-20T10:00:00Z. */
#define AT(seconds) ((INT64_C(1795168800) + (seconds)) * TIME_SECOND)

#define ANN  "ann@contoso.example"
#define BOB  "bob@contoso.example"
#define CHAT "chat@contoso.example"
#define OPS  "ma-chan://contoso.example/ops"

static const struct input_info one_input[] = {
    {.name = SLICE("trace.pcap"),
     .kind = "pcap",
     .compression = "gzip",
     .size = 4096,
     .records = 9,
     .first = AT(0),
     .last = AT(61)},
};

static const struct summary plain_summary = {
    .inputs = one_input,
    .input_count = 1,
    .packets = 9,
    .decoded = 9,
    .exact = true,
    .coverage = {.streams = 1, .read = 1, .verdict = COVERAGE_FULL},
};

#define COVERAGE_TEXT                                                                              \
    "Coverage  full: all SIP that was captured could be read\n"                                    \
    "          streams: 1 read\n"                                                                  \
    "          packets: 9, decoded 9, skipped 0\n"

static const struct report_option options[] = {{"user", "ann@contoso.example"}};

static inline struct report_style style_of(enum report_format format)
{
    return (struct report_style){
        .format = format,
        .columns = 80,
        .version = "0.1.0",
        .options = options,
        .option_count = 1,
    };
}

static inline struct origin at(int64_t seconds, uint64_t record)
{
    return (struct origin){.time = AT(seconds), .record = record};
}

static inline void assert_written(struct written *written, const char *expected)
{
    char *text = written_close(written);
    assert_string_equal(text, expected);
    free(text);
}

#endif
