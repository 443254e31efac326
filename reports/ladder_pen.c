/*
 * What the parts of a drawn ladder have in common. See ladder_pen.h.
 *
 * Lines and heads of arrows have the colour of their dialog, from the palette
 * of Okabe and Ito (2008), which people with colour vision deficiencies can tell
 * apart; everything is readable without colour too: requests are solid,
 * responses dashed, failures white on dark.
 */
#include "reports/ladder_pen.h"

#include "reports/canvas_fit.h"

uint32_t ladder_pen_severity(enum severity severity)
{
    static const uint32_t colours[] = {[SEVERITY_NOTE] = PEN_NOTICE,
                                       [SEVERITY_WARNING] = DRAWING_WARNING,
                                       [SEVERITY_ERROR] = PEN_FAILURE};
    return colours[severity];
}

uint32_t ladder_pen_tint(enum severity severity)
{
    static const uint32_t tints[] = {
        [SEVERITY_NOTE] = 0xe9f1fa, [SEVERITY_WARNING] = 0xfdf0dd, [SEVERITY_ERROR] = 0xfbe6e4};
    return tints[severity];
}

uint32_t ladder_pen_dialog(uint8_t colour)
{
    static const uint32_t palette[] = {
        0x0072b2, /* blue */
        0xd55e00, /* vermillion */
        0x009e73, /* bluish green */
        0xb8569a, /* reddish purple, darker than theirs for thin lines */
        0xd18b00, /* orange, darker */
        0x3a9ad9, /* sky blue, darker */
    };
    return palette[colour % (sizeof palette / sizeof palette[0])];
}

double ladder_pen_width(struct ladder_pen *pen, struct slice text, struct canvas_font font)
{
    return pen->canvas->text_width(pen->canvas, text, font);
}

struct slice ladder_pen_fit(struct ladder_pen *pen, struct slice text, struct canvas_font font,
                            double width, bool middle)
{
    return canvas_fit(pen->canvas, text, font, width, middle, &pen->arena);
}

void ladder_pen_put(struct ladder_pen *pen, double x, double y, struct slice text,
                    struct canvas_font font, uint32_t colour)
{
    pen->canvas->text(pen->canvas, x, y, text, font, CANVAS_LEFT, colour);
}

void ladder_pen_centred(struct ladder_pen *pen, double x, double y, struct slice text,
                        struct canvas_font font, uint32_t colour)
{
    pen->canvas->text(pen->canvas, x, y, text, font, CANVAS_CENTRE, colour);
}

void ladder_pen_right(struct ladder_pen *pen, double x, double y, struct slice text,
                      struct canvas_font font, uint32_t colour)
{
    pen->canvas->text(pen->canvas, x, y, text, font, CANVAS_RIGHT, colour);
}

double ladder_pen_marker(struct ladder_pen *pen, const struct ladder_finding *finding, double x,
                         double y)
{
    double width = ladder_pen_width(pen, finding->label, ladder_small_font) + 8;
    pen->canvas->box(pen->canvas, x, y - 7.6, width, 10, 3, ladder_pen_severity(finding->severity));
    ladder_pen_put(pen, x + 4, y, finding->label, ladder_small_font, DRAWING_WHITE);
    return width;
}
