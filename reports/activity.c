/*
 * Room activity over time, drawn. See activity.h.
 */
#include "reports/activity.h"

#include "reports/activity_draw.h"
#include "reports/drawing.h"

void activity_write_drawing(const struct activity_page *page, struct output *output)
{
    struct canvas *canvas = canvas_cairo_new(drawing_canvas(page->style->format), output);
    struct activity_layout layout;
    activity_layout_make(&layout, page, canvas);
    drawing_describe(canvas, page->style, layout.heading.title, layout.heading.lines[0],
                     layout.axis.to);
    activity_draw(&layout);
    activity_layout_dispose(&layout);
    if (!canvas_cairo_close(canvas)) {
        output_fail(output, "the picture could not be drawn");
    }
}
