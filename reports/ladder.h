/*
 * The ladder: who sent what to whom, when, drawn.
 *
 * Model -> layout -> canvas. The model (lanes, arrows, notes) is built from the
 * run as a sink; the layout asks a canvas only for text sizes and decides rows and pages;
 * canvases are cairo with pango (PDF, SVG, PNG) and plain text. The same
 * input and options give the same bytes on one machine.
 */
#ifndef OCSIGHT_REPORTS_LADDER_H
#define OCSIGHT_REPORTS_LADDER_H

#include "reports/choice.h"
#include "reports/report.h"

enum ladder_paper { LADDER_A4, LADDER_LETTER, LADDER_LONG };

/* A name that the user gave: "192.0.2.21" or "192.0.2.21:5061" or "fe01.contoso.example" is `name`.
 */
struct ladder_name {
    struct slice of; /* an address, with or without port, a host or user@host */
    struct slice name;
};

/*
 * How a whole message is shown: `raw` as framed becomes what people may see of it, secrets
 * masked, in the arena. Given by the program, which knows what a secret is. `show` NULL = whole
 * messages are not wanted.
 */
struct ladder_shower {
    void *context;
    struct slice (*show)(void *context, struct slice raw, struct arena *arena);
};

/* From when to when it is drawn; TIME_NONE = from the start, to the end. */
struct ladder_span {
    int64_t from;
    int64_t to;
};

/* All of it is borrowed and must outlive the ladder. */
struct ladder_options {
    enum ladder_paper paper;
    const char *title; /* NULL = the names of the inputs */
    double scale;      /* of a PNG or SVG; 0 = its usual size */
    const struct ladder_name *names;
    size_t name_count;
    struct choice_options choice;   /* which part of the run is drawn */
    const struct ladder_span *span; /* NULL = all of it */
    struct ladder_shower shower;    /* of the page and the appendix */
    bool appendix;                  /* of a PDF: every message in full behind the drawing */
};

struct ladder;
struct page_audit; /* reports/page.h */

struct ladder *ladder_new(const struct report_style *style, const struct ladder_options *options,
                          struct map_seed seed, const struct limits *limits);
void ladder_free(struct ladder *ladder);
struct sink ladder_sink(struct ladder *ladder);

/*
 * After the last event: nothing in the run is what options.choice asks for: one line that says so,
 * safe to print, and nothing is to be written; NULL = it can be written.
 */
const char *ladder_problem(struct ladder *ladder);

/* Draws into `output` in style.format: REPORT_TEXT, REPORT_HTML, REPORT_PDF, REPORT_SVG or
 * REPORT_PNG. */
void ladder_write(struct ladder *ladder, const struct summary *summary, struct output *output);

/* After that: which of the names in the options name something in it. */
const bool *ladder_names_used(const struct ladder *ladder);

/* After that: rows of a page that it does not list at once, as they are too many. */
uint64_t ladder_page_beyond(const struct ladder *ladder);

/* The page of an audit: its findings first, as REPORT_HTML whatever the style says. */
void ladder_write_audit(struct ladder *ladder, const struct summary *summary,
                        const struct page_audit *audit, struct output *output);

#endif
