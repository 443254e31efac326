/*
 * What all reports share: how they are to look, and how evidence is written.
 *
 * A report is a sink (analyzer/engine/sink.h) that keeps what it needs during
 * the run and is written at the end. Called by the files in analyzer/commands.
 */
#ifndef OCSIGHT_REPORTS_REPORT_H
#define OCSIGHT_REPORTS_REPORT_H

#include "analyzer/engine/arena.h"
#include "analyzer/engine/limits.h"
#include "analyzer/engine/map.h"
#include "analyzer/engine/sink.h"
#include "analyzer/engine/summary.h"
#include "reports/clock.h"
#include "reports/json.h"
#include "reports/output.h"

enum report_format {
    REPORT_TEXT,
    REPORT_JSON,
    REPORT_CSV,
    REPORT_XML,
    REPORT_HTML,
    REPORT_MARKDOWN,
    REPORT_PDF,
    REPORT_SVG,
    REPORT_PNG,
};

/* One option of the run as reports repeat it ("user" -> "ann@contoso.example"). */
struct report_option {
    const char *name;
    const char *value;
};

struct report_style {
    enum report_format format;
    size_t columns; /* width of text; 80 unless the terminal says otherwise */
    bool colour;    /* a terminal, and NO_COLOR is not set */
    bool ascii;     /* no characters beyond ASCII in our own lines */
    struct clock_zone zone;
    bool show_secrets;
    bool redacted;       /* what reports are told are pseudonyms: they say so at their head */
    const char *version; /* of the tool */
    const struct report_option *options;
    size_t option_count;
};

/* {"input", "record", "time", ...} as design.md section 3 says; `inputs` gives the names. */
void report_origin_json(struct json *json, const char *key, const struct origin *origin,
                        const struct summary *summary);

/*
 * "trace.pcap:57", "57" when the run has one input, "export.xml:12+4711" for line and offset in an
 * export, "table rtcdyn..." for a row; safe to print.
 */
struct slice report_origin_text(const struct origin *origin, const struct summary *summary,
                                struct arena *arena);

/* "full: all SIP that was captured could be read" */
const char *report_coverage_words(enum coverage_verdict verdict);

/* What stands at the head of a report whose names are pseudonyms. */
const char *report_redacted_words(void);

/* {"redacted": true}, or nothing. */
void report_redacted_json(struct json *json, const struct report_style *style);

/* "decoded 812 of 812 packets, 3 skipped (link 3)" and the coverage: the first lines of each text
 * report. */
void report_coverage_text(struct output *output, const struct report_style *style,
                          const struct summary *summary);

/* A CSV cell: quoted where needed; one that starts with = + - @ or a tab is marked as text. */
void report_csv(struct output *output, struct slice cell, bool last);

#endif
