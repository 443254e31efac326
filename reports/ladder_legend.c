/*
 * What the signs of a ladder mean. See ladder_legend.h.
 */
#include "reports/ladder_legend.h"

#include "reports/drawing.h"
#include "reports/ladder_layout.h"

enum { LINE = 11, SWATCH = 18, SWATCH_GAP = 5, KEY_GAP = 13 };

static void add(struct ladder_legend *legend, enum ladder_key_kind kind, enum band band,
                const char *text)
{
    legend->keys[legend->count++] =
        (struct ladder_key){.kind = kind, .band = band, .text = slice_of(text)};
}

static void choose(struct ladder_legend *legend, const struct ladder_model *model)
{
    bool used[BANDS] = {false};
    for (size_t i = 0; i < model->part_count; i++) {
        used[model->parts[i].band] = true;
    }
    add(legend, KEY_REQUEST, BAND_UNKNOWN, "request");
    add(legend, KEY_RESPONSE, BAND_UNKNOWN, "response");
    add(legend, KEY_WORDS, BAND_UNKNOWN, "one colour per dialog");
    for (int band = BAND_UNDEFINED; band < BANDS; band++) {
        if (used[band]) {
            add(legend, KEY_BAND, (enum band)band, band_title((enum band)band));
        }
    }
    if (model->part_count > 0) {
        add(legend, KEY_BAND, BAND_UNKNOWN, "presence not known");
    }
}

void ladder_legend_make(struct ladder_legend *legend, const struct ladder_model *model,
                        struct canvas *canvas, double left, double right)
{
    *legend = (struct ladder_legend){.lines = 1};
    choose(legend, model);
    double x = left;
    for (size_t i = 0; i < legend->count; i++) {
        struct ladder_key *key = &legend->keys[i];
        double swatch = key->kind == KEY_WORDS ? 0 : SWATCH + SWATCH_GAP;
        double width = swatch + canvas->text_width(canvas, key->text, ladder_small_font);
        if (x + width > right && x > left) {
            x = left;
            legend->lines++;
        }
        key->x = x;
        key->line = legend->lines - 1;
        x += width + KEY_GAP;
    }
    legend->height = (double)legend->lines * LINE;
}

static void draw_arrow(struct canvas *canvas, double x, double y, double dash)
{
    struct canvas_pen pen = {DRAWING_DARK, 1.2, dash};
    canvas->line(canvas, x, y, x + SWATCH - 5, y, pen);
    canvas->head(canvas, x + SWATCH, y, 1, DRAWING_DARK);
}

/* An empty rail stands for what is not known; here it lies down. */
static void draw_band(struct canvas *canvas, enum band band, const struct canvas_box *box)
{
    struct canvas_pen rail = {DRAWING_LINE, 0.5, 0};
    if (band != BAND_UNKNOWN) {
        drawing_band_box(canvas, band, box, false);
        return;
    }
    double right = box->x + box->width;
    canvas->line(canvas, box->x, box->y + 0.5, right, box->y + 0.5, rail);
    canvas->line(canvas, box->x, box->y + 7.5, right, box->y + 7.5, rail);
}

void ladder_legend_draw(const struct ladder_legend *legend, struct canvas *canvas, double top)
{
    for (size_t i = 0; i < legend->count; i++) {
        const struct ladder_key *key = &legend->keys[i];
        double y = top + (double)key->line * LINE;
        double x = key->x;
        if (key->kind == KEY_BAND) {
            struct canvas_box box = {x, y, SWATCH, 8};
            draw_band(canvas, key->band, &box);
        } else if (key->kind != KEY_WORDS) {
            draw_arrow(canvas, x, y + 4, key->kind == KEY_RESPONSE ? 3.2 : 0);
        }
        x += key->kind == KEY_WORDS ? 0 : SWATCH + SWATCH_GAP;
        canvas->text(canvas, x, y + 6.6, key->text, ladder_small_font, CANVAS_LEFT, DRAWING_DARK);
    }
}
