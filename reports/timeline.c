/*
 * Presence over time, drawn. See timeline.h.
 */
#include "reports/timeline.h"

#include "reports/drawing.h"
#include "reports/timeline_draw.h"

/* A single page of a PDF that would be too tall becomes several. */
static void lay_out(struct timeline_layout *layout, const struct timeline_source *source,
                    struct timeline_source *paged, struct canvas *canvas)
{
    double limit = drawing_limit_of(source->style->format).height;
    timeline_layout_make(layout, source, canvas, limit);
    if (source->style->format == REPORT_PDF && layout->left_out > 0) {
        timeline_layout_dispose(layout);
        *paged = *source;
        paged->paper = LADDER_A4;
        timeline_layout_make(layout, paged, canvas, limit);
    }
}

void timeline_write(const struct timeline_source *source, struct output *output)
{
    struct canvas *canvas = canvas_cairo_new(drawing_canvas(source->style->format), output);
    struct timeline_layout layout;
    struct timeline_source paged;
    lay_out(&layout, source, &paged, canvas);
    drawing_describe(canvas, source->style, layout.heading.title, layout.heading.lines[0],
                     layout.axis.to);
    timeline_draw(&layout);
    timeline_layout_dispose(&layout);
    if (!canvas_cairo_close(canvas)) {
        output_fail(output, "the picture could not be drawn");
    }
}
