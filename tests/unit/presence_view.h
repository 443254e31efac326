/*
 * A report of presence, fed by hand and compared to the letter.
 */
#ifndef OCSIGHT_TESTS_UNIT_PRESENCE_VIEW_H
#define OCSIGHT_TESTS_UNIT_PRESENCE_VIEW_H

#include "tests/unit/report_run.h"

#include "reports/presence_report.h"

#define NO_BOUNDS .at = TIME_NONE, .from = TIME_NONE, .to = TIME_NONE

struct view {
    enum report_format format;
    size_t columns; /* 0 = 80 */
    size_t rows;    /* limits.report_rows; 0 = the default */
    struct presence_query query;
};

static inline void assert_view(void (*feed)(const struct sink *sink), const struct view *view,
                               const char *expected)
{
    struct written written;
    struct report_style style = style_of(view->format);
    struct limits limits = limits_default();
    style.columns = view->columns > 0 ? view->columns : style.columns;
    limits.report_rows = view->rows > 0 ? view->rows : limits.report_rows;
    limits.timeline_rows = view->rows > 0 ? view->rows : limits.timeline_rows;
    struct presence_report *report =
        presence_report_new(&style, &view->query, test_seed(), &limits);
    const struct sink sink = presence_report_sink(report);
    feed(&sink);
    presence_report_write(report, &plain_summary, written_open(&written));
    presence_report_free(report);
    char *text = written_close(&written);
    assert_string_equal(text, expected);
    if (view->format == REPORT_TEXT) {
        assert_true(widest_line(text) <= style.columns);
    }
    free(text);
}

static inline void give(const struct sink *sink, const struct change *changes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        sink->change(sink->context, &changes[i]);
    }
}

#endif
