/*
 * What ladders and timelines are drawn on: a page, lines, text, and how large text is.
 *
 * A struct of functions in the spirit of mscgen: the layout asks only for text
 * sizes, the drawing calls only these, and neither knows what is behind. Units
 * are points (1/72 inch) times the page's scale, y grows downwards, colours are
 * 0xRRGGBB. Text is safe UTF-8 (text.h), one line, never longer than what was
 * measured. Implemented by canvas_cairo.c.
 */
#ifndef OCSIGHT_REPORTS_CANVAS_H
#define OCSIGHT_REPORTS_CANVAS_H

#include "analyzer/engine/slice.h"

enum canvas_align { CANVAS_LEFT, CANVAS_CENTRE, CANVAS_RIGHT };

struct canvas_font {
    double size;
    bool bold;
    bool mono; /* every character of a line is as wide as the other */
};

struct canvas_pen {
    uint32_t colour;
    double width;
    double dash; /* length of a dash and of the gap after it; 0 = solid */
};

struct canvas_box {
    double x;
    double y;
    double width;
    double height;
};

enum canvas_fact { CANVAS_TITLE, CANVAS_SUBJECT, CANVAS_CREATOR, CANVAS_DATE };

/* What pages of one scale have in common, by numbers below this one. */
enum { CANVAS_STAMPS = 2 };

struct canvas {
    /* Sizes of text; they need no page. */
    double (*text_width)(struct canvas *canvas, struct slice text, struct canvas_font font);
    double (*text_height)(struct canvas *canvas, struct canvas_font font);

    /* `width` and `height` in units; one unit is `scale` points (for a PNG: pixels). */
    void (*page_begin)(struct canvas *canvas, double width, double height, double scale);
    void (*page_end)(struct canvas *canvas);

    void (*line)(struct canvas *canvas, double x1, double y1, double x2, double y2,
                 struct canvas_pen pen);
    /* A filled arrow head whose tip is at (x, y); `direction` is +1 to the right, -1 to the left.
     */
    void (*head)(struct canvas *canvas, double x, double y, double direction, uint32_t colour);
    void (*box)(struct canvas *canvas, double x, double y, double width, double height,
                double radius, uint32_t fill);
    /* Parallel lines across a box, `gap` apart: rising (+1), falling (-1) or level (0). */
    void (*hatch)(struct canvas *canvas, double x, double y, double width, double height,
                  double gap, int slope, struct canvas_pen pen);
    void (*frame)(struct canvas *canvas, double x, double y, double width, double height,
                  double radius, struct canvas_pen pen);
    /* `y` is the base line. */
    void (*text)(struct canvas *canvas, double x, double y, struct slice text,
                 struct canvas_font font, enum canvas_align align, uint32_t colour);
    /* From the bottom to the top, as on the back of a book; it begins at (x, y), its base line is
     * the vertical one at `x`. */
    void (*text_up)(struct canvas *canvas, double x, double y, struct slice text,
                    struct canvas_font font, uint32_t colour);

    /* Something that many pages have in common, at its place on this one. True: it is to be drawn
     * now, with the corner of the box as (0, 0), up to stamp_end(). False: it was drawn for a page
     * before, and this one has got it. Nothing of it is beyond the box, and there are no links
     * or outline entries in it. */
    bool (*stamp_begin)(struct canvas *canvas, unsigned stamp, const struct canvas_box *box);
    void (*stamp_end)(struct canvas *canvas);

    /* What readers of a PDF jump with; `page` from 1. Others ignore these. */
    void (*outline)(struct canvas *canvas, int level, struct slice title, unsigned page, double y);
    /* Links from earlier pages come here. */
    void (*target)(struct canvas *canvas, double y);
    /* Whoever clicks into the box gets to the other place: a target, or one on an earlier page. */
    void (*link)(struct canvas *canvas, const struct canvas_box *box, unsigned page, double y);

    /* Before the first page. CANVAS_DATE is an ISO 8601 time. */
    void (*about)(struct canvas *canvas, enum canvas_fact fact, struct slice value);
};

static inline double canvas_width(struct canvas *canvas, struct slice text, struct canvas_font font)
{
    return canvas->text_width(canvas, text, font);
}

/* `x` is the left end of the text, its middle, its right end. */
static inline void canvas_put(struct canvas *canvas, double x, double y, struct slice text,
                              struct canvas_font font, uint32_t colour)
{
    canvas->text(canvas, x, y, text, font, CANVAS_LEFT, colour);
}

static inline void canvas_put_centred(struct canvas *canvas, double x, double y, struct slice text,
                                      struct canvas_font font, uint32_t colour)
{
    canvas->text(canvas, x, y, text, font, CANVAS_CENTRE, colour);
}

static inline void canvas_put_right(struct canvas *canvas, double x, double y, struct slice text,
                                    struct canvas_font font, uint32_t colour)
{
    canvas->text(canvas, x, y, text, font, CANVAS_RIGHT, colour);
}

#endif
