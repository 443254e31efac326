/*
 * The legend of a drawing over time. See timeline_legend.h.
 */
#include "reports/timeline_legend.h"

#include <assert.h>

#include "reports/drawing.h"

void timeline_legend_add(struct timeline_legend *legend, int what, double swatch, const char *text)
{
    assert(legend->count < TIMELINE_KEYS);
    legend->keys[legend->count++] =
        (struct timeline_key){.what = what, .swatch = swatch, .text = slice_of(text)};
}

void timeline_legend_place(struct timeline_legend *legend, struct canvas *canvas, double width,
                           double gap)
{
    double x = TIMELINE_MARGIN;
    double right = width - TIMELINE_MARGIN;
    legend->lines = legend->count > 0 ? 1 : 0;
    for (size_t i = 0; i < legend->count; i++) {
        struct timeline_key *key = &legend->keys[i];
        double size = key->swatch + canvas->text_width(canvas, key->text, timeline_small_font);
        if (x + size > right) {
            x = TIMELINE_MARGIN;
            legend->lines++;
        }
        key->x = x;
        key->line = legend->lines - 1;
        x += size + gap;
    }
}

void timeline_legend_draw(const struct timeline_legend *legend, struct timeline_pen *pen,
                          double base,
                          void (*sign)(struct canvas *canvas, const struct timeline_key *key,
                                       double y))
{
    double top = base - 11 - (double)legend->lines * TIMELINE_LEGEND_LINE - 3;
    for (size_t i = 0; i < legend->count; i++) {
        const struct timeline_key *key = &legend->keys[i];
        double y = top + (double)key->line * TIMELINE_LEGEND_LINE;
        sign(pen->canvas, key, y);
        canvas_put(pen->canvas, key->x + key->swatch, y + 7, key->text, timeline_small_font,
                   DRAWING_DARK);
    }
}
