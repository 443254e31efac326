/*
 * The bookmarks of a drawn ladder. See ladder_outline.h.
 */
#include "reports/ladder_outline.h"

#include <inttypes.h>

#include "reports/text.h"

static void outline_at(struct ladder_pen *pen, int level, struct slice title, size_t row)
{
    const struct ladder_spot *spot = ladder_layout_row(pen->layout, row);
    pen->canvas->outline(pen->canvas, level, title, spot ? spot->page + 1 : 1, spot ? spot->y : 0);
}

static void outline_dialogs(struct ladder_pen *pen)
{
    const struct ladder_model *model = pen->layout->model;
    for (size_t i = 0; i < model->dialog_count; i++) {
        const struct ladder_dialog *dialog = &model->dialogs[i];
        struct slice time =
            ladder_time_text(model->rows[dialog->row].time, &pen->layout->style->zone, &pen->arena);
        struct slice title = text_format(&pen->arena, "%.*s %.*s", TEXT(time), TEXT(dialog->title));
        if (i == 0) {
            outline_at(pen, 0, slice_of("Dialogs"), dialog->row);
        }
        outline_at(pen, 1, title, dialog->row);
        arena_reset(&pen->arena);
    }
    if (model->dialogs_beyond > 0) {
        struct slice more =
            text_format(&pen->arena, "and %" PRIu64 " more dialogs", model->dialogs_beyond);
        outline_at(pen, 1, more, model->dialogs[model->dialog_count - 1].row);
    }
}

static void outline_lists(struct ladder_pen *pen)
{
    const struct ladder_layout *layout = pen->layout;
    for (size_t i = layout->row_spots; i < layout->spot_count; i++) {
        const struct ladder_spot *spot = &layout->spots[i];
        if (spot->kind == SPOT_HEADING) {
            pen->canvas->outline(pen->canvas, 0, spot->text, spot->page + 1, spot->y);
        }
        if (spot->kind != SPOT_FINDING) {
            continue;
        }
        const struct ladder_finding *finding = &layout->model->findings[spot->index];
        const struct ladder_spot *place = ladder_layout_row(layout, finding->row);
        place = place ? place : spot;
        struct slice title =
            text_format(&pen->arena, "%.*s %.*s", TEXT(finding->label), TEXT(finding->rule));
        pen->canvas->outline(pen->canvas, 1, title, place->page + 1, place->y);
        arena_reset(&pen->arena);
    }
}

void ladder_outline_write(struct ladder_pen *pen)
{
    const struct ladder_layout *layout = pen->layout;
    outline_dialogs(pen);
    outline_lists(pen);
    if (layout->leaf_pages > 0) {
        pen->canvas->outline(pen->canvas, 0, slice_of("Messages"), (unsigned)layout->page_count + 1,
                             LADDER_MARGIN);
    }
}
