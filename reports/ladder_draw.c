/*
 * Draws a laid-out ladder, page by page. See ladder_draw.h.
 */
#include "reports/ladder_draw.h"

#include "reports/ladder_appendix.h"
#include "reports/ladder_furniture.h"
#include "reports/ladder_lines.h"
#include "reports/ladder_lists.h"
#include "reports/ladder_outline.h"
#include "reports/ladder_rows.h"

static void draw_page(struct ladder_pen *pen, struct ladder_lines *lines, size_t number)
{
    const struct ladder_layout *layout = pen->layout;
    const struct ladder_page *page = &layout->pages[number];
    pen->canvas->page_begin(pen->canvas, layout->width, layout->height, layout->scale);
    ladder_furniture_top(pen, number, layout->width);
    ladder_rows_grounds(pen, page);
    if (page->rows_end > 0) {
        ladder_lines_draw(lines, pen, page);
        ladder_furniture_heads(pen, page->top);
    }
    ladder_rows_draw(pen, page);
    ladder_lists_draw(pen, page);
    ladder_furniture_foot(pen, number, layout->width, layout->height, true);
    pen->canvas->page_end(pen->canvas);
    arena_reset(&pen->arena);
}

void ladder_draw(const struct ladder_layout *layout)
{
    struct ladder_pen pen = {.layout = layout, .canvas = layout->canvas};
    struct ladder_lines lines;
    arena_init(&pen.arena);
    ladder_lines_begin(&lines, layout->model);
    for (size_t i = 0; i < layout->page_count; i++) {
        draw_page(&pen, &lines, i);
    }
    ladder_appendix_draw(&pen);
    ladder_outline_write(&pen);
    arena_dispose(&pen.arena);
}
