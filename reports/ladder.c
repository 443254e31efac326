/*
 * The ladder: a sink that fills the model, and at the end one of two ways of
 * drawing it. See ladder.h.
 */
#include "reports/ladder.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reports/canvas_cairo.h"
#include "reports/ladder_draw.h"
#include "reports/ladder_text.h"
#include "reports/text.h"

struct ladder {
    struct report_style style;
    struct ladder_options options;
    struct ladder_model model;
};

static const double pdf_limit = 14400;  /* points: the longest page of PDF (ISO 32000, annex C) */
static const double png_limit = 30000;  /* pixels; cairo itself ends at 32767 */
static const double png_scale = 2;      /* pixels a point, as long as the picture is not too tall */
static const double png_smallest = 0.8; /* what can still be read */
static const double svg_limit = 300000; /* points: some ten thousand rows, 50 MB */

struct ladder *ladder_new(const struct report_style *style, const struct ladder_options *options,
                          struct map_seed seed, const struct limits *limits)
{
    struct ladder *ladder = memory_zero(1, sizeof *ladder);
    ladder->style = *style;
    ladder->options = *options;
    ladder_model_init(&ladder->model, seed, limits);
    return ladder;
}

void ladder_free(struct ladder *ladder)
{
    ladder_model_dispose(&ladder->model);
    free(ladder);
}

static void take_event(void *context, const struct event *event)
{
    struct ladder *ladder = context;
    ladder_model_event(&ladder->model, event);
}

static void take_change(void *context, const struct change *change)
{
    struct ladder *ladder = context;
    ladder_model_change(&ladder->model, change);
}

static void take_finding(void *context, const struct finding *finding)
{
    struct ladder *ladder = context;
    ladder_model_finding(&ladder->model, finding);
}

struct sink ladder_sink(struct ladder *ladder)
{
    return (struct sink){ladder, take_event, take_change, take_finding};
}

/* Never the clock's: the same input gives the same bytes (reproducible-builds.org). */
static void document_date(const struct ladder *ladder, char out[static CLOCK_TEXT])
{
    int64_t first = TIME_NONE;
    int64_t last = TIME_NONE;
    uint64_t seconds = 0;
    const char *epoch = getenv("SOURCE_DATE_EPOCH");
    if (epoch && slice_to_u64(slice_of(epoch), &seconds) && seconds < 4102444800U) {
        last = (int64_t)seconds * TIME_SECOND;
    } else if (!ladder_model_span(&ladder->model, &first, &last)) {
        last = 0;
    }
    clock_iso(last - last % TIME_SECOND, out);
    char *fraction = strchr(out, '.');
    if (fraction) {
        memcpy(fraction, "Z", 2);
    }
}

static void describe(const struct ladder *ladder, const struct ladder_layout *layout,
                     struct canvas *canvas)
{
    char date[CLOCK_TEXT];
    char creator[64];
    document_date(ladder, date);
    snprintf(creator, sizeof creator, "ocsight %s", ladder->style.version);
    canvas->about(canvas, CANVAS_TITLE, layout->heading.title);
    if (layout->heading.count > 0) {
        canvas->about(canvas, CANVAS_SUBJECT, layout->heading.lines[0]);
    }
    canvas->about(canvas, CANVAS_CREATOR, slice_of(creator));
    canvas->about(canvas, CANVAS_DATE, slice_of(date));
}

static struct ladder_sheet first_sheet(const struct ladder *ladder)
{
    switch (ladder->style.format) {
    case REPORT_SVG:
        return (struct ladder_sheet){LADDER_LONG, svg_limit};
    case REPORT_PNG:
        return (struct ladder_sheet){LADDER_LONG, png_limit / png_smallest};
    default:
        return (struct ladder_sheet){ladder->options.paper, pdf_limit};
    }
}

static enum canvas_kind canvas_kind_of(enum report_format format)
{
    return format == REPORT_SVG ? CANVAS_SVG : format == REPORT_PNG ? CANVAS_PNG : CANVAS_PDF;
}

static void draw(struct ladder *ladder, const struct summary *summary, struct output *output)
{
    enum report_format format = ladder->style.format;
    const char *title = ladder->options.title;
    struct canvas *canvas = canvas_cairo_new(canvas_kind_of(format), output);
    struct ladder_layout layout;
    struct ladder_sheet sheet = first_sheet(ladder);
    ladder_layout_make(&layout, &ladder->model, summary, &ladder->style, title, canvas, sheet);
    if (format == REPORT_PDF && sheet.paper == LADDER_LONG && layout.left_out > 0) {
        /* Too long for one page of a PDF. */
        ladder_layout_dispose(&layout);
        sheet.paper = LADDER_A4;
        ladder_layout_make(&layout, &ladder->model, summary, &ladder->style, title, canvas, sheet);
    }
    if (format == REPORT_PNG) {
        double most = png_limit / layout.height;
        layout.scale = most < png_scale ? most : png_scale;
    }
    describe(ladder, &layout, canvas);
    ladder_draw(&layout);
    ladder_layout_dispose(&layout);
    if (!canvas_cairo_close(canvas)) {
        output_fail(output, "the picture could not be drawn");
    }
}

void ladder_write(struct ladder *ladder, const struct summary *summary, struct output *output)
{
    ladder_model_settle(&ladder->model);
    if (ladder->style.format == REPORT_TEXT) {
        ladder_text_write(&ladder->model, summary, &ladder->style, ladder->options.title, output);
    } else {
        draw(ladder, summary, output);
    }
}
