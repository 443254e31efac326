/*
 * Text that is made to fit a canvas. See canvas_fit.h. Lengths are found by
 * bisection, so that a long text costs a few measurements and not one per
 * character.
 */
#include "reports/canvas_fit.h"

#include "reports/text.h"

static struct slice shortened(struct slice text, size_t columns, bool middle, struct arena *arena)
{
    return middle ? text_fit_middle(text, columns, arena) : text_fit(text, columns, arena);
}

struct slice canvas_fit(struct canvas *canvas, struct slice text, struct canvas_font font,
                        double width, bool middle, struct arena *arena)
{
    if (canvas->text_width(canvas, text, font) <= width) {
        return text;
    }
    size_t low = 0; /* fits: nothing does */
    size_t high = text_width(text);
    while (high - low > 1) {
        size_t columns = low + (high - low) / 2;
        struct slice tried = shortened(text, columns, middle, arena);
        if (canvas->text_width(canvas, tried, font) <= width) {
            low = columns;
        } else {
            high = columns;
        }
    }
    return low == 0 ? slice_of("") : shortened(text, low, middle, arena);
}

/* The longest prefix of whole characters that fits; at least one character. */
static struct slice prefix_of(struct canvas *canvas, struct slice text, struct canvas_font font,
                              double width)
{
    size_t low = 1;
    size_t high = text_width(text) + 1;
    while (high - low > 1) {
        size_t columns = low + (high - low) / 2;
        if (canvas->text_width(canvas, text_prefix(text, columns), font) <= width) {
            low = columns;
        } else {
            high = columns;
        }
    }
    struct slice prefix = text_prefix(text, low);
    return prefix.size > 0 ? prefix : text_prefix(text, 2);
}

struct slice canvas_wrap(struct canvas *canvas, struct slice text, struct canvas_font font,
                         double width, struct slice *rest)
{
    if (canvas->text_width(canvas, text, font) <= width) {
        *rest = slice_of("");
        return text;
    }
    struct slice line = prefix_of(canvas, text, font, width);
    if (line.size == 0 || line.size == text.size) {
        *rest = slice_of("");
        return text;
    }
    size_t end = line.size;
    while (end > 0 && text.data[end] != ' ') {
        end--;
    }
    if (end == 0) { /* one long word: cut where the line ends */
        *rest = slice_from(text, line.size);
        return line;
    }
    *rest = slice_from(text, end + 1);
    return slice_sub(text, 0, end);
}
