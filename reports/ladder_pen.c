/*
 * What the parts of a drawn ladder have in common. See ladder_pen.h.
 *
 * Lines and heads of arrows have the colour of their dialog, from the palette
 * of Okabe and Ito (2008), which people with colour vision deficiencies can tell
 * apart; everything is readable without colour too: requests are solid,
 * responses dashed, failures white on dark.
 */
#include "reports/ladder_pen.h"

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

double ladder_pen_marker(struct ladder_pen *pen, const struct ladder_finding *finding, double x,
                         double y)
{
    double width = canvas_width(pen->canvas, finding->label, ladder_small_font) + 8;
    pen->canvas->box(pen->canvas, x, y - 7.6, width, 10, 3, ladder_pen_severity(finding->severity));
    canvas_put(pen->canvas, x + 4, y, finding->label, ladder_small_font, DRAWING_WHITE);
    return width;
}
