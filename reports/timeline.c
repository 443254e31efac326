/*
 * Presence over time, drawn. See timeline.h.
 */
#include "reports/timeline.h"

#include "reports/drawing.h"
#include "reports/timeline_draw.h"

void timeline_write(const struct timeline_source *source, struct output *output)
{
    struct canvas *canvas = canvas_cairo_new(drawing_canvas(source->style->format), output);
    struct timeline_layout layout;
    timeline_layout_make(&layout, source, canvas);
    drawing_describe(canvas, source->style, layout.heading.title, layout.heading.lines[0],
                     layout.axis.to);
    timeline_draw(&layout);
    timeline_layout_dispose(&layout);
    if (!canvas_cairo_close(canvas)) {
        output_fail(output, "the picture could not be drawn");
    }
}
