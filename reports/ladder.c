/*
 * The ladder: a sink that fills the model, and at the end one of the ways of
 * drawing it. See ladder.h.
 */
#include "reports/ladder.h"

#include <stdlib.h>

#include "reports/drawing.h"
#include "reports/ladder_draw.h"
#include "reports/ladder_text.h"
#include "reports/page.h"

struct ladder {
    struct report_style style;
    struct ladder_model model;
    struct choice *choice;
    struct sink chooser;
    struct repeats *repeats; /* NULL = nothing is folded */
};

struct ladder *ladder_new(const struct report_style *style, const struct ladder_options *options,
                          struct map_seed seed, const struct limits *limits)
{
    struct ladder *ladder = memory_zero(1, sizeof *ladder);
    struct ladder_options wanted = *options;
    bool whole = style->format == REPORT_HTML || (style->format == REPORT_PDF && options->appendix);
    wanted.appendix = style->format == REPORT_PDF && options->appendix;
    wanted.shower = whole ? options->shower : (struct ladder_shower){0};
    ladder->style = *style;
    ladder_model_init(&ladder->model, &wanted, seed, limits);
    ladder->choice = choice_new(&options->choice, seed, limits);
    ladder->chooser = choice_sink(ladder->choice);
    ladder->repeats = options->choice.collapse ? repeats_new(seed, limits) : NULL;
    return ladder;
}

void ladder_free(struct ladder *ladder)
{
    ladder_model_dispose(&ladder->model);
    choice_free(ladder->choice);
    repeats_free(ladder->repeats);
    free(ladder);
}

static void take_event(void *context, const struct event *event)
{
    struct ladder *ladder = context;
    ladder_model_event(&ladder->model, event);
    ladder->chooser.event(ladder->chooser.context, event);
    if (ladder->repeats) {
        repeats_event(ladder->repeats, event);
    }
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
    ladder->chooser.finding(ladder->chooser.context, finding);
}

static void take_label(void *context, const struct flow_label *label)
{
    struct ladder *ladder = context;
    ladder_model_label(&ladder->model, label);
    ladder->chooser.label(ladder->chooser.context, label);
}

static void take_flow(void *context, const struct flow_view *flow)
{
    struct ladder *ladder = context;
    ladder->chooser.flow(ladder->chooser.context, flow);
}

struct sink ladder_sink(struct ladder *ladder)
{
    return (struct sink){.context = ladder,
                         .event = take_event,
                         .change = take_change,
                         .finding = take_finding,
                         .label = take_label,
                         .flow = take_flow};
}

static void describe(const struct ladder *ladder, const struct ladder_layout *layout,
                     struct canvas *canvas)
{
    int64_t first = TIME_NONE;
    int64_t last = TIME_NONE;
    (void)ladder_model_span(&ladder->model, &first, &last);
    drawing_describe(canvas, &ladder->style, layout->title.name, layout->title.subject, last);
}

static struct ladder_sheet first_sheet(const struct ladder *ladder)
{
    enum report_format format = ladder->style.format;
    bool single = format == REPORT_SVG || format == REPORT_PNG;
    return (struct ladder_sheet){single ? LADDER_LONG : ladder->model.options.paper,
                                 drawing_limit_of(format).height};
}

static void draw(struct ladder *ladder, const struct summary *summary, struct output *output)
{
    enum report_format format = ladder->style.format;
    const char *title = ladder->model.options.title;
    struct canvas *canvas = canvas_cairo_new(drawing_canvas(format), output);
    struct ladder_layout layout;
    struct ladder_sheet sheet = first_sheet(ladder);
    ladder_layout_make(&layout, &ladder->model, summary, &ladder->style, title, canvas, sheet);
    if (format == REPORT_PDF && sheet.paper == LADDER_LONG && layout.left_out > 0) {
        /* Too long for one page of a PDF. */
        ladder_layout_dispose(&layout);
        sheet.paper = LADDER_A4;
        ladder_layout_make(&layout, &ladder->model, summary, &ladder->style, title, canvas, sheet);
    }
    if (format != REPORT_PDF) {
        layout.scale =
            drawing_scale(format, ladder->model.options.scale, layout.width, layout.height);
    }
    describe(ladder, &layout, canvas);
    ladder_draw(&layout);
    ladder_layout_dispose(&layout);
    if (!canvas_cairo_close(canvas)) {
        output_fail(output, "the picture could not be drawn");
    }
}

const char *ladder_problem(struct ladder *ladder)
{
    choice_settle(ladder->choice);
    return choice_problem(ladder->choice);
}

void ladder_write(struct ladder *ladder, const struct summary *summary, struct output *output)
{
    choice_settle(ladder->choice);
    ladder->model.choice = ladder->choice;
    if (ladder->repeats) {
        repeats_settle(ladder->repeats);
        ladder->model.repeats = ladder->repeats;
    }
    ladder_model_settle(&ladder->model);
    if (ladder->style.format == REPORT_TEXT) {
        ladder_text_write(&ladder->model, summary, &ladder->style, ladder->model.options.title,
                          output);
    } else if (ladder->style.format == REPORT_HTML) {
        page_write(&ladder->model, summary, &ladder->style, NULL, output);
    } else {
        draw(ladder, summary, output);
    }
}

const bool *ladder_names_used(const struct ladder *ladder)
{
    return ladder->model.names_used;
}

uint64_t ladder_page_beyond(const struct ladder *ladder)
{
    const struct ladder_model *model = &ladder->model;
    bool all = ladder->style.format != REPORT_HTML || model->row_count <= model->limits.page_rows;
    return all ? 0 : model->row_count - model->limits.page_rows;
}

void ladder_write_audit(struct ladder *ladder, const struct summary *summary,
                        const struct page_audit *audit, struct output *output)
{
    ladder_model_settle(&ladder->model);
    page_write(&ladder->model, summary, &ladder->style, audit, output);
}
