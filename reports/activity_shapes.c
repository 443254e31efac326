/*
 * The shapes of room activity. See activity_shapes.h. Colours are Okabe and Ito's.
 */
#include "reports/activity_shapes.h"

#include "reports/drawing.h"

enum {
    GREEN = 0x00805d,
    BLUE = 0x0072b2,
    PALE_BLUE = 0xcfe3f1,
    SKY = 0x9ccbe8,
    ORANGE = 0xb35900,
    PALE_ORANGE = 0xf0bf9c,
    RED = 0x8a1538
};

static void draw_cross(struct canvas *canvas, double x, double y)
{
    struct canvas_pen pen = {RED, 1.5, 0};
    canvas->line(canvas, x - 2.5, y - 2.5, x + 2.5, y + 2.5, pen);
    canvas->line(canvas, x - 2.5, y + 2.5, x + 2.5, y - 2.5, pen);
}

static void draw_diamond(struct canvas *canvas, double x, double y)
{
    struct canvas_pen pen = {ORANGE, 1.1, 0};
    canvas->line(canvas, x - 3, y, x, y - 3, pen);
    canvas->line(canvas, x, y - 3, x + 3, y, pen);
    canvas->line(canvas, x + 3, y, x, y + 3, pen);
    canvas->line(canvas, x, y + 3, x - 3, y, pen);
}

static void draw_back(struct canvas *canvas, double x, double y)
{
    struct canvas_pen pen = {DRAWING_DARK, 1, 0};
    canvas->head(canvas, x - 3.2, y, -1, DRAWING_DARK);
    canvas->line(canvas, x - 3.2, y - 2.8, x - 3.2, y + 2.8, pen);
}

void activity_shape_draw(struct canvas *canvas, enum activity_mark mark, double x, double y)
{
    struct canvas_pen ring = {BLUE, 1.2, 0};
    struct canvas_pen square = {DRAWING_DARK, 0.9, 0};
    switch (mark) {
    case MARK_ACCEPTED:
        canvas->box(canvas, x - 2.8, y - 2.8, 5.6, 5.6, 2.8, GREEN);
        break;
    case MARK_DELIVERED:
        canvas->frame(canvas, x - 2.4, y - 2.4, 4.8, 4.8, 2.4, ring);
        break;
    case MARK_HISTORY:
        canvas->frame(canvas, x - 2.2, y - 2.2, 4.4, 4.4, 0, square);
        break;
    case MARK_UNANSWERED:
        draw_diamond(canvas, x, y);
        break;
    case MARK_REFUSED:
        draw_cross(canvas, x, y);
        break;
    case MARK_FETCHED:
        draw_back(canvas, x, y);
        break;
    default:
        activity_plate_draw(canvas, mark, x - 3.4, x + 3.4, y, slice_of("!"));
    }
}

/* Filled where it is strong, else framed. */
struct plate {
    uint32_t fill;
    uint32_t frame;
    uint32_t text;
};

void activity_plate_draw(struct canvas *canvas, enum activity_mark mark, double left, double right,
                         double y, struct slice text)
{
    /* clang-format off */
    static const struct plate plates[ACTIVITY_MARKS] = {
        [MARK_FETCHED]    = {DRAWING_WHITE, DRAWING_DARK, DRAWING_BLACK},
        [MARK_HISTORY]    = {DRAWING_WHITE, DRAWING_DARK, DRAWING_BLACK},
        [MARK_DELIVERED]  = {DRAWING_WHITE, BLUE,         DRAWING_BLACK},
        [MARK_ACCEPTED]   = {GREEN,         GREEN,        DRAWING_WHITE},
        [MARK_UNANSWERED] = {DRAWING_WHITE, ORANGE,       DRAWING_BLACK},
        [MARK_REFUSED]    = {RED,           RED,          DRAWING_WHITE},
        [MARK_NOTE]       = {DRAWING_WHITE, DRAWING_GREY, DRAWING_BLACK},
        [MARK_WARNING]    = {PALE_ORANGE,   ORANGE,       DRAWING_BLACK},
        [MARK_ERROR]      = {RED,           RED,          DRAWING_WHITE},
    };
    /* clang-format on */
    const struct plate *plate = &plates[mark];
    struct canvas_pen pen = {plate->frame, 0.8, 0};
    double radius = mark >= MARK_NOTE ? 1 : 4.2;
    double half = (right - left) / 2;
    radius = radius > half ? half : radius;
    canvas->box(canvas, left, y - 4.2, right - left, 8.4, radius, plate->fill);
    canvas->frame(canvas, left, y - 4.2, right - left, 8.4, radius, pen);
    canvas->text(canvas, (left + right) / 2, y + 2.3, text, activity_mark_font, CANVAS_CENTRE,
                 plate->text);
}

void activity_steps_draw(struct canvas *canvas, double x, double width, double top, double bottom)
{
    struct canvas_pen pen = {BLUE, 0.9, 0};
    canvas->box(canvas, x, top, width, bottom - top, 0, PALE_BLUE);
    canvas->line(canvas, x, top, x + width, top, pen);
}

void activity_stay_draw(struct canvas *canvas, double x, double width, double y, double height,
                        bool told)
{
    struct canvas_pen pen = {BLUE, 0.7, 0};
    canvas->box(canvas, x, y, width, height, 0, told ? DRAWING_WHITE : SKY);
    if (told) {
        canvas->hatch(canvas, x, y, width, height, 4, 1, pen);
    }
    if (width > 1.5) {
        canvas->frame(canvas, x + 0.35, y + 0.35, width - 0.7, height - 0.7, 0, pen);
    }
}

void activity_gap_draw(struct canvas *canvas, double x, double top, double bottom)
{
    struct canvas_pen pen = {ORANGE, 1.4, 3};
    canvas->line(canvas, x, top, x, bottom, pen);
}
