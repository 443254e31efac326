/*
 * Room activity over time, drawn. See activity.h.
 */
#include "reports/activity.h"

#include "reports/activity_draw.h"
#include "reports/drawing.h"

/* A single page of a PDF that would be too tall becomes several. */
static void lay_out(struct activity_layout *layout, const struct activity_page *page,
                    struct activity_page *paged, struct canvas *canvas)
{
    double limit = drawing_limit_of(page->style->format).height;
    activity_layout_make(layout, page, canvas, limit);
    if (page->style->format == REPORT_PDF && layout->left_out > 0) {
        activity_layout_dispose(layout);
        *paged = *page;
        paged->paper = LADDER_A4;
        activity_layout_make(layout, paged, canvas, limit);
    }
}

void activity_write_drawing(const struct activity_page *page, struct output *output)
{
    struct canvas *canvas = canvas_cairo_new(drawing_canvas(page->style->format), output);
    struct activity_layout layout;
    struct activity_page paged;
    lay_out(&layout, page, &paged, canvas);
    drawing_describe(canvas, page->style, layout.heading.title, layout.heading.lines[0],
                     layout.axis.to);
    activity_draw(&layout);
    activity_layout_dispose(&layout);
    if (!canvas_cairo_close(canvas)) {
        output_fail(output, "the picture could not be drawn");
    }
}
