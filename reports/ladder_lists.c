/*
 * What stands below a drawn ladder. See ladder_lists.h.
 */
#include "reports/ladder_lists.h"

#include "reports/canvas_fit.h"
#include "reports/text.h"

/* "packet 57, 10:00:00.123, page 2" */
static struct slice finding_place(struct ladder_pen *pen, const struct ladder_finding *finding,
                                  const struct ladder_spot *place)
{
    const struct ladder_layout *layout = pen->layout;
    struct arena *arena = &pen->arena;
    struct slice text = ladder_finding_place(finding, &layout->style->zone, layout->summary, arena);
    return place && !layout->single
               ? text_format(arena, "%.*s, page %u", TEXT(text), place->page + 1)
               : text;
}

static void draw_finding(struct ladder_pen *pen, const struct ladder_spot *spot)
{
    const struct ladder_layout *layout = pen->layout;
    const struct ladder_finding *finding = &layout->model->findings[spot->index];
    const struct ladder_spot *place = ladder_layout_row(layout, finding->row);
    double right = layout->width - LADDER_MARGIN;
    double x = LADDER_MARGIN + LADDER_INDENT;
    double y = spot->y + 8;
    pen->canvas->target(pen->canvas, spot->y);
    ladder_pen_marker(pen, finding, LADDER_MARGIN, y);
    struct slice when = finding_place(pen, finding, place);
    struct slice rule =
        text_format(&pen->arena, "%s  %.*s", severity_name(finding->severity), TEXT(finding->rule));
    rule = canvas_fit(pen->canvas, rule, ladder_bold_font,
                      right - x - canvas_width(pen->canvas, when, ladder_text_font) - 8, false,
                      &pen->arena);
    canvas_put(pen->canvas, x, y, rule, ladder_bold_font, ladder_pen_severity(finding->severity));
    canvas_put_right(pen->canvas, right, y, when, ladder_text_font, DRAWING_GREY);
    struct slice rest = finding->message;
    while (rest.size > 0) {
        struct slice line = canvas_wrap(pen->canvas, rest, ladder_text_font, right - x, &rest);
        y += 10;
        canvas_put(pen->canvas, x, y, line, ladder_text_font, DRAWING_BLACK);
    }
    if (place) {
        struct canvas_box box = {LADDER_MARGIN, spot->y - 1, right - LADDER_MARGIN,
                                 spot->height - 3};
        pen->canvas->link(pen->canvas, &box, place->page + 1, place->y);
    }
}

static void draw_input(struct ladder_pen *pen, const struct ladder_spot *spot)
{
    const struct ladder_layout *layout = pen->layout;
    struct ladder_words texts[LADDER_INPUT_TEXTS];
    size_t count =
        ladder_title_input(texts, layout->summary, spot->index, pen->canvas, LADDER_MARGIN,
                           layout->width - LADDER_MARGIN, spot->y + 9, &pen->arena);
    for (size_t i = 0; i < count; i++) {
        pen->canvas->text(pen->canvas, texts[i].x, texts[i].y, texts[i].text, texts[i].font,
                          texts[i].align, texts[i].colour);
    }
}

void ladder_lists_draw(struct ladder_pen *pen, const struct ladder_page *page)
{
    double room = pen->layout->width - 2 * LADDER_MARGIN;
    for (size_t i = page->first; i < page->end; i++) {
        const struct ladder_spot *spot = &pen->layout->spots[i];
        struct slice text =
            canvas_fit(pen->canvas, spot->text, ladder_bold_font, room, false, &pen->arena);
        if (spot->kind == SPOT_NOTE) {
            canvas_put(pen->canvas, LADDER_MARGIN, spot->y + 15, text, ladder_bold_font,
                       DRAWING_WARNING);
        } else if (spot->kind == SPOT_HEADING) {
            canvas_put(pen->canvas, LADDER_MARGIN, spot->y + 20, spot->text, ladder_head_font,
                       DRAWING_BLACK);
        } else if (spot->kind == SPOT_FINDING) {
            draw_finding(pen, spot);
        } else if (spot->kind == SPOT_INPUT) {
            draw_input(pen, spot);
        }
        arena_reset(&pen->arena);
    }
}
