/*
 * A canvas behind which cairo draws. See canvas_cairo.h. The only file that
 * includes cairo and pango.
 *
 * Text goes through pango, so that each character finds a font that has it:
 * DejaVu Sans, then Nanum for Korean. Emoji find their colour font by pango's own
 * rules; named among the families it would also take the digits. Hinting is off,
 * so that text is as wide when it is measured as when it is drawn at any scale.
 */
#include "reports/canvas_cairo.h"

#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <cairo.h>
#include <limits.h>
#include <math.h>
#include <pango/pangocairo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/engine/arena.h"

enum {
    FONT_SIZES = 16,
    LAYOUTS = 1024 /* texts that are kept laid out: most are measured, drawn and seen again */
};

/* What times and numbers are made of: "./0123456789:"; and the longest that is taken for one. */
enum { NUMERAL_FIRST = '.', NUMERALS = 1 + ':' - NUMERAL_FIRST, NUMBER_MOST = 24 };

struct face {
    struct canvas_font font;
    PangoFontDescription *description;
    double height;
    double ascent;
    cairo_scaled_font_t *numerals; /* NULL = a number is to be laid out as any other text */
    PangoGlyphInfo numeral[NUMERALS];
};

/* A text laid out in a font; the layout has a copy of the text. */
struct kept_layout {
    PangoLayout *layout; /* NULL = free */
    struct canvas_font font;
    size_t size; /* of the text */
};

struct cairo_canvas {
    struct canvas canvas; /* first, so that the one is the other */
    enum canvas_kind kind;
    struct output *output;
    cairo_surface_t *surface; /* NULL until the first page (PDF: from the start) */
    cairo_t *cairo;           /* of the page, or of the stamp that is made */
    cairo_t *below;           /* of the page while a stamp is made */
    cairo_surface_t *stamps[CANVAS_STAMPS];
    unsigned stamp; /* that is made, and where it goes */
    struct canvas_box stamp_box;
    bool lines; /* there are some that are not drawn yet, with this pen */
    struct canvas_pen pen;
    PangoFontMap *fonts;
    PangoContext *context;
    struct kept_layout layouts[LAYOUTS];
    struct face faces[FONT_SIZES];
    size_t face_count;
    double scale;
    unsigned page; /* from 1; 0 = none yet */
    float *scales; /* of the pages, for those who get to one later */
    size_t scales_size;
    struct arena arena; /* of one call: cairo wants terminated strings */
    int parent;         /* outline entry of level 0 */
    bool failed;
};

static struct cairo_canvas *of(struct canvas *canvas)
{
    return (struct cairo_canvas *)canvas;
}

static cairo_status_t write_out(void *closure, const unsigned char *data, unsigned size)
{
    output_write(closure, (struct slice){(const char *)data, size});
    return CAIRO_STATUS_SUCCESS;
}

/* ---- text ---- */

static int pango_length(struct slice text)
{
    return text.size > INT_MAX ? INT_MAX : (int)text.size;
}

static bool same_font(struct canvas_font a, struct canvas_font b)
{
    return fabs(a.size - b.size) < 0.001 && a.bold == b.bold && a.mono == b.mono;
}

static PangoLayout *layout_new(struct cairo_canvas *self)
{
    PangoLayout *layout = pango_layout_new(self->context);
    pango_layout_set_auto_dir(layout, FALSE);
    pango_layout_set_single_paragraph_mode(layout, TRUE);
    return layout;
}

/* Each numeral, and then each behind each. */
static struct slice numerals_text(char text[static NUMERALS + 2 * NUMERALS * NUMERALS])
{
    size_t size = 0;
    for (int i = 0; i < NUMERALS; i++) {
        text[size++] = (char)(NUMERAL_FIRST + i);
    }
    for (int i = 0; i < NUMERALS * NUMERALS; i++) {
        text[size++] = (char)(NUMERAL_FIRST + i / NUMERALS);
        text[size++] = (char)(NUMERAL_FIRST + i % NUMERALS);
    }
    return (struct slice){text, size};
}

/* Whether each numeral looks the same and takes the same room wherever it stands. */
static bool numerals_are_plain(const PangoGlyphString *glyphs, struct slice text)
{
    bool plain = glyphs->num_glyphs >= 0 && (size_t)glyphs->num_glyphs == text.size;
    for (size_t i = 0; plain && i < text.size; i++) {
        const PangoGlyphInfo *glyph = &glyphs->glyphs[i];
        const PangoGlyphInfo *first = &glyphs->glyphs[slice_byte(text, i) - NUMERAL_FIRST];
        plain = glyph->glyph == first->glyph && glyph->geometry.width == first->geometry.width &&
                glyph->geometry.x_offset == 0 && glyph->geometry.y_offset == 0 &&
                (glyph->glyph & PANGO_GLYPH_UNKNOWN_FLAG) == 0;
    }
    return plain;
}

/*
 * Times and packet numbers are half of what a ladder says, and hardly one comes twice. Where the
 * font has no rules for numerals beside each other, their glyphs can be put in a row without
 * laying each number out.
 */
static void learn_numerals(struct cairo_canvas *self, struct face *face)
{
    char buffer[NUMERALS + 2 * NUMERALS * NUMERALS];
    struct slice text = numerals_text(buffer);
    PangoLayout *layout = layout_new(self);
    pango_layout_set_font_description(layout, face->description);
    pango_layout_set_text(layout, text.data, (int)text.size);
    const PangoLayoutLine *line = pango_layout_get_line_readonly(layout, 0);
    if (line->runs && !line->runs->next) {
        const PangoGlyphItem *run = line->runs->data;
        if (numerals_are_plain(run->glyphs, text)) {
            PangoCairoFont *font = PANGO_CAIRO_FONT(run->item->analysis.font);
            memcpy(face->numeral, run->glyphs->glyphs, sizeof face->numeral);
            face->numerals = cairo_scaled_font_reference(pango_cairo_font_get_scaled_font(font));
        }
    }
    g_object_unref(layout);
}

static void face_open(struct cairo_canvas *self, struct face *face, struct canvas_font font)
{
    face->font = font;
    face->description = pango_font_description_new();
    pango_font_description_set_family(face->description,
                                      font.mono ? "DejaVu Sans Mono,NanumGothicCoding,monospace"
                                                : "DejaVu Sans,NanumGothic,sans-serif");
    pango_font_description_set_absolute_size(face->description, font.size * PANGO_SCALE);
    pango_font_description_set_weight(face->description,
                                      font.bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    PangoFontMetrics *metrics = pango_context_get_metrics(self->context, face->description, NULL);
    face->ascent = pango_font_metrics_get_ascent(metrics) / (double)PANGO_SCALE;
    face->height = face->ascent + pango_font_metrics_get_descent(metrics) / (double)PANGO_SCALE;
    pango_font_metrics_unref(metrics);
    face->numerals = NULL;
    learn_numerals(self, face);
}

static void face_close(struct face *face)
{
    pango_font_description_free(face->description);
    cairo_scaled_font_destroy(face->numerals);
}

/* Sizes beyond the table share its last place. */
static const struct face *face_of(struct cairo_canvas *self, struct canvas_font font)
{
    for (size_t i = 0; i < self->face_count; i++) {
        const struct face *face = &self->faces[i];
        if (same_font(face->font, font)) {
            return face;
        }
    }
    if (self->face_count == FONT_SIZES) {
        face_close(&self->faces[--self->face_count]);
    }
    struct face *face = &self->faces[self->face_count++];
    face_open(self, face, font);
    return face;
}

/* FNV-1a: only a place in a cache, where a collision costs a little time. */
static size_t place_of(struct slice text, struct canvas_font font)
{
    uint64_t hash =
        UINT64_C(14695981039346656037) + (uint64_t)(font.size * 16) + font.bold + 2U * font.mono;
    for (size_t i = 0; i < text.size; i++) {
        hash = (hash ^ slice_byte(text, i)) * UINT64_C(1099511628211);
    }
    return (size_t)(hash ^ hash >> 32) % LAYOUTS;
}

static PangoLayout *lay_out(struct cairo_canvas *self, struct slice text, struct canvas_font font)
{
    struct kept_layout *kept = &self->layouts[place_of(text, font)];
    if (kept->layout && kept->size == text.size && same_font(kept->font, font) &&
        (text.size == 0 ||
         memcmp(pango_layout_get_text(kept->layout), text.data, text.size) == 0)) {
        return kept->layout;
    }
    if (!kept->layout) {
        kept->layout = layout_new(self);
    }
    kept->font = font;
    kept->size = text.size;
    pango_layout_set_font_description(kept->layout, face_of(self, font)->description);
    pango_layout_set_text(kept->layout, text.size > 0 ? text.data : "", pango_length(text));
    return kept->layout;
}

/* ---- directions ---- */

/* Letters of the scripts that are written from right to left. */
static bool is_rtl(gunichar code)
{
    switch (g_unichar_get_script(code)) {
    case G_UNICODE_SCRIPT_ARABIC:
    case G_UNICODE_SCRIPT_HEBREW:
    case G_UNICODE_SCRIPT_MANDAIC:
    case G_UNICODE_SCRIPT_NKO:
    case G_UNICODE_SCRIPT_SAMARITAN:
    case G_UNICODE_SCRIPT_SYRIAC:
    case G_UNICODE_SCRIPT_THAANA:
        return g_unichar_isalpha(code);
    default:
        return false;
    }
}

/* g_utf8_next_char() would lose the const. */
static size_t character_size(const char *at)
{
    return (size_t)g_utf8_skip[(unsigned char)*at];
}

/* Length of the first part of the text that runs in one direction: from right to left from the
 * first to the last such letter, with what is between them. */
static size_t run_length(struct slice text)
{
    const char *end = text.data + text.size;
    size_t length = 0; /* up to the last letter from right to left, and its marks */
    for (const char *at = text.data; at < end; at += character_size(at)) {
        gunichar code = g_utf8_get_char(at);
        size_t before = (size_t)(at - text.data);
        bool rtl = is_rtl(code);
        if (rtl && length == 0 && before > 0) {
            return before;
        }
        if (!rtl && length > 0 && g_unichar_isalpha(code)) {
            return length;
        }
        if (rtl || (length > 0 && before == length && g_unichar_ismark(code))) {
            length = before + character_size(at);
        }
    }
    return length > 0 ? length : text.size;
}

/*
 * Cuts off the next part of a line. A name in Arabic or Hebrew is a part of its own, so that it
 * does not turn round what our own words and numbers say beside it.
 */
static struct slice take_run(struct slice *rest)
{
    struct slice text = *rest;
    bool plain = true; /* nothing from right to left begins with a byte below U+0590's */
    for (size_t i = 0; plain && i < text.size; i++) {
        plain = slice_byte(text, i) < 0xd6;
    }
    size_t length = plain ? text.size : run_length(text);
    *rest = slice_from(text, length);
    return slice_sub(text, 0, length);
}

/* ---- numbers ---- */

static bool is_number(struct slice text)
{
    bool number = text.size <= NUMBER_MOST;
    for (size_t i = 0; number && i < text.size; i++) {
        uint8_t byte = slice_byte(text, i);
        number = byte >= NUMERAL_FIRST && byte < NUMERAL_FIRST + NUMERALS;
    }
    return number;
}

static const PangoGlyphInfo *numeral_of(const struct face *face, struct slice text, size_t index)
{
    return &face->numeral[slice_byte(text, index) - NUMERAL_FIRST];
}

static int number_width(const struct face *face, struct slice text)
{
    int width = 0;
    for (size_t i = 0; i < text.size; i++) {
        width += numeral_of(face, text, i)->geometry.width;
    }
    return width;
}

/* From the current point on, as pango would do it. */
static void show_number(cairo_t *cairo, const struct face *face, struct slice text)
{
    cairo_glyph_t glyphs[NUMBER_MOST];
    cairo_text_cluster_t clusters[NUMBER_MOST];
    double left = 0;
    double y = 0;
    int x = 0;
    cairo_get_current_point(cairo, &left, &y);
    for (size_t i = 0; i < text.size; i++) {
        const PangoGlyphInfo *numeral = numeral_of(face, text, i);
        glyphs[i] = (cairo_glyph_t){numeral->glyph, left + x / (double)PANGO_SCALE, y};
        clusters[i] = (cairo_text_cluster_t){1, 1};
        x += numeral->geometry.width;
    }
    int count = pango_length(text);
    cairo_set_scaled_font(cairo, face->numerals);
    cairo_show_text_glyphs(cairo, text.data, count, glyphs, count, clusters, count, 0);
}

/* ---- runs ---- */

static double run_width(struct cairo_canvas *self, struct slice text, struct canvas_font font)
{
    PangoRectangle logical;
    const struct face *face = face_of(self, font);
    if (face->numerals && is_number(text)) {
        return number_width(face, text) / (double)PANGO_SCALE;
    }
    pango_layout_get_extents(lay_out(self, text, font), NULL, &logical);
    return logical.width / (double)PANGO_SCALE;
}

static double text_width_of(struct canvas *canvas, struct slice text, struct canvas_font font)
{
    double width = 0;
    while (text.size > 0) {
        width += run_width(of(canvas), take_run(&text), font);
    }
    return width;
}

static double text_height_of(struct canvas *canvas, struct canvas_font font)
{
    return face_of(of(canvas), font)->height;
}

/* ---- colours ---- */

static void set_colour(cairo_t *cairo, uint32_t colour)
{
    cairo_set_source_rgb(cairo, (colour >> 16 & 0xff) / 255.0, (colour >> 8 & 0xff) / 255.0,
                         (colour & 0xff) / 255.0);
}

static void stroke(cairo_t *cairo, struct canvas_pen pen)
{
    set_colour(cairo, pen.colour);
    cairo_set_line_width(cairo, pen.width);
    cairo_set_dash(cairo, &pen.dash, pen.dash > 0 ? 1 : 0, 0);
    cairo_stroke(cairo);
}

/* For whatever is not one more line of the same pen: draws those that wait. */
static cairo_t *ready(struct cairo_canvas *self)
{
    if (self->lines) {
        self->lines = false;
        stroke(self->cairo, self->pen);
    }
    return self->cairo;
}

/* ---- pages ---- */

static cairo_surface_t *make_surface(struct cairo_canvas *self, double width, double height)
{
    if (self->kind == CANVAS_SVG) {
        return cairo_svg_surface_create_for_stream(write_out, self->output, width, height);
    }
    return cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)ceil(width), (int)ceil(height));
}

static void page_begin(struct canvas *canvas, double width, double height, double scale)
{
    struct cairo_canvas *self = of(canvas);
    self->scale = scale;
    if (self->page == self->scales_size) {
        self->scales_size = self->scales_size > 0 ? self->scales_size * 2 : 64;
        self->scales = memory_grow(self->scales, self->scales_size, sizeof *self->scales);
    }
    self->scales[self->page++] = (float)scale;
    if (!self->surface) {
        self->surface = make_surface(self, width * scale, height * scale);
    } else if (self->kind == CANVAS_PDF) {
        cairo_pdf_surface_set_size(self->surface, width * scale, height * scale);
    }
    self->cairo = cairo_create(self->surface);
    /* White paper. For a PDF it also keeps cairo's region of what is drawn on simple: otherwise
     * every stroke costs as much as there are others on the page. */
    cairo_set_source_rgb(self->cairo, 1, 1, 1);
    cairo_paint(self->cairo);
    cairo_scale(self->cairo, scale, scale);
}

static void page_end(struct canvas *canvas)
{
    struct cairo_canvas *self = of(canvas);
    ready(self);
    cairo_show_page(self->cairo);
    self->failed = self->failed || cairo_status(self->cairo) != CAIRO_STATUS_SUCCESS;
    cairo_destroy(self->cairo);
    self->cairo = NULL;
}

/* ---- shapes ---- */

static bool same_pen(struct canvas_pen a, struct canvas_pen b)
{
    return a.colour == b.colour && fabs(a.width - b.width) < 0.001 && fabs(a.dash - b.dash) < 0.001;
}

/* One after the other with the same pen, such as lanes, they are one path: a page costs cairo as
 * much as it has strokes. */
static void draw_line(struct canvas *canvas, double x1, double y1, double x2, double y2,
                      struct canvas_pen pen)
{
    struct cairo_canvas *self = of(canvas);
    cairo_t *cairo = self->cairo;
    if (!self->lines || !same_pen(self->pen, pen)) {
        cairo = ready(self);
    }
    cairo_move_to(cairo, x1, y1);
    cairo_line_to(cairo, x2, y2);
    self->pen = pen;
    self->lines = true;
}

static void draw_head(struct canvas *canvas, double x, double y, double direction, uint32_t colour)
{
    cairo_t *cairo = ready(of(canvas));
    cairo_move_to(cairo, x, y);
    cairo_line_to(cairo, x - 6.5 * direction, y - 2.8);
    cairo_line_to(cairo, x - 5.0 * direction, y);
    cairo_line_to(cairo, x - 6.5 * direction, y + 2.8);
    cairo_close_path(cairo);
    set_colour(cairo, colour);
    cairo_fill(cairo);
}

static void round_path(cairo_t *cairo, double x, double y, double width, double height,
                       double radius)
{
    const double quarter = acos(0.0);
    if (radius <= 0) {
        cairo_rectangle(cairo, x, y, width, height);
        return;
    }
    cairo_new_sub_path(cairo);
    cairo_arc(cairo, x + width - radius, y + radius, radius, -quarter, 0);
    cairo_arc(cairo, x + width - radius, y + height - radius, radius, 0, quarter);
    cairo_arc(cairo, x + radius, y + height - radius, radius, quarter, 2 * quarter);
    cairo_arc(cairo, x + radius, y + radius, radius, 2 * quarter, 3 * quarter);
    cairo_close_path(cairo);
}

static void draw_box(struct canvas *canvas, double x, double y, double width, double height,
                     double radius, uint32_t fill)
{
    cairo_t *cairo = ready(of(canvas));
    round_path(cairo, x, y, width, height, radius);
    set_colour(cairo, fill);
    cairo_fill(cairo);
}

/* One slanted line: from (from, bottom) 45 degrees up, as far as it lies in the box. */
static void slanted_path(cairo_t *cairo, double from, double x, double y, double width,
                         double height, int slope)
{
    double left = from > x ? from : x;
    double right = from + height < x + width ? from + height : x + width;
    double low = slope > 0 ? y + height - (left - from) : y + (left - from);
    double high = slope > 0 ? y + height - (right - from) : y + (right - from);
    if (right > left) {
        cairo_move_to(cairo, left, low);
        cairo_line_to(cairo, right, high);
    }
}

/*
 * Lines that go from side to side of a box, `gap` apart, at its middle from `top` to `bottom`: the
 * dashes of one line as broad as the box, in a space where they are not slanted. A strip of a page
 * has some hundred of them.
 */
static void stroke_across(cairo_t *cairo, const struct canvas_box *box, double top, double bottom,
                          double gap, int slope, struct canvas_pen pen)
{
    double middle = box->x + box->width / 2;
    double thick = slope == 0 ? pen.width : pen.width * sqrt(2); /* downwards */
    double dashes[] = {thick, gap - thick};
    cairo_matrix_t slant;
    cairo_save(cairo);
    cairo_matrix_init(&slant, 1, -slope, 0, 1, 0, 0);
    cairo_transform(cairo, &slant);
    cairo_move_to(cairo, middle, top - thick / 2 + slope * middle);
    cairo_line_to(cairo, middle, bottom + thick / 2 + slope * middle);
    set_colour(cairo, pen.colour);
    cairo_set_line_width(cairo, box->width);
    cairo_set_dash(cairo, dashes, 2, 0);
    cairo_stroke(cairo);
    cairo_restore(cairo);
}

static void hatch_level(cairo_t *cairo, const struct canvas_box *box, double gap,
                        struct canvas_pen pen)
{
    double lines = ceil((box->height - 0.1) / gap) - 1;
    if (lines > 0) {
        stroke_across(cairo, box, box->y + gap, box->y + lines * gap, gap, 0, pen);
    }
}

/* Slanted lines keep their place on the page, so that boxes side by side look like one. */
static void hatch_slanted(cairo_t *cairo, const struct canvas_box *box, double gap, int slope,
                          struct canvas_pen pen)
{
    double first = floor((box->x - box->height) / gap) * gap;
    double from = 0; /* of those from side to side */
    double to = -1;
    for (double at = first; at < box->x + box->width; at += gap) {
        if (at <= box->x && at >= box->x + box->width - box->height) {
            from = to < from ? at : from;
            to = at;
        } else {
            slanted_path(cairo, at, box->x, box->y, box->width, box->height, slope);
        }
    }
    stroke(cairo, pen);
    double middle = box->x + box->width / 2;
    if (to >= from && slope > 0) {
        double base = box->y + box->height - middle;
        stroke_across(cairo, box, base + from, base + to, gap, slope, pen);
    } else if (to >= from) {
        double base = box->y + middle;
        stroke_across(cairo, box, base - to, base - from, gap, slope, pen);
    }
}

static void draw_hatch(struct canvas *canvas, double x, double y, double width, double height,
                       double gap, int slope, struct canvas_pen pen)
{
    cairo_t *cairo = ready(of(canvas));
    struct canvas_box box = {x, y, width, height};
    if (slope == 0) {
        hatch_level(cairo, &box, gap, pen);
    } else {
        hatch_slanted(cairo, &box, gap, slope, pen);
    }
}

static void draw_frame(struct canvas *canvas, double x, double y, double width, double height,
                       double radius, struct canvas_pen pen)
{
    cairo_t *cairo = ready(of(canvas));
    round_path(cairo, x, y, width, height, radius);
    stroke(cairo, pen);
}

/* From the current point on. */
static void show_run(struct cairo_canvas *self, struct slice text, struct canvas_font font)
{
    const struct face *face = face_of(self, font);
    if (face->numerals && is_number(text)) {
        show_number(self->cairo, face, text);
        return;
    }
    PangoLayout *layout = lay_out(self, text, font);
    pango_cairo_show_layout_line(self->cairo, pango_layout_get_line_readonly(layout, 0));
}

/* Draws from a place of the page on. */
static void show_runs(struct cairo_canvas *self, double x, double y, struct slice text,
                      struct canvas_font font)
{
    while (text.size > 0) {
        struct slice run = take_run(&text);
        cairo_move_to(self->cairo, x, y);
        show_run(self, run, font);
        x += text.size > 0 ? run_width(self, run, font) : 0;
    }
}

static void draw_text(struct canvas *canvas, double x, double y, struct slice text,
                      struct canvas_font font, enum canvas_align align, uint32_t colour)
{
    struct cairo_canvas *self = of(canvas);
    double width = align == CANVAS_LEFT ? 0 : text_width_of(canvas, text, font);
    set_colour(ready(self), colour);
    show_runs(self, align == CANVAS_CENTRE ? x - width / 2 : x - width, y, text, font);
}

static void draw_text_up(struct canvas *canvas, double x, double y, struct slice text,
                         struct canvas_font font, uint32_t colour)
{
    struct cairo_canvas *self = of(canvas);
    cairo_save(ready(self));
    cairo_translate(self->cairo, x, y);
    cairo_rotate(self->cairo, -acos(0.0));
    set_colour(self->cairo, colour);
    show_runs(self, 0, 0, text, font);
    cairo_restore(self->cairo);
}

/* ---- stamps ---- */

static void put_stamp(struct cairo_canvas *self, unsigned stamp, const struct canvas_box *box)
{
    cairo_save(self->cairo);
    cairo_identity_matrix(self->cairo); /* a stamp is made at the scale of the page */
    cairo_set_source_surface(self->cairo, self->stamps[stamp], box->x * self->scale,
                             box->y * self->scale);
    cairo_paint(self->cairo);
    cairo_restore(self->cairo);
}

/* A PDF holds a stamp once, and a reference to it on each page. */
static bool stamp_begin(struct canvas *canvas, unsigned stamp, const struct canvas_box *box)
{
    struct cairo_canvas *self = of(canvas);
    cairo_t *cairo = ready(self);
    if (self->kind != CANVAS_PDF) {
        cairo_save(cairo);
        cairo_translate(cairo, box->x, box->y);
        return true;
    }
    if (self->stamps[stamp]) {
        put_stamp(self, stamp, box);
        return false;
    }
    cairo_rectangle_t extents = {0, 0, box->width * self->scale, box->height * self->scale};
    self->stamps[stamp] = cairo_recording_surface_create(CAIRO_CONTENT_COLOR_ALPHA, &extents);
    self->stamp = stamp;
    self->stamp_box = *box;
    self->below = cairo;
    self->cairo = cairo_create(self->stamps[stamp]);
    cairo_scale(self->cairo, self->scale, self->scale);
    return true;
}

static void stamp_end(struct canvas *canvas)
{
    struct cairo_canvas *self = of(canvas);
    cairo_t *cairo = ready(self);
    if (self->kind != CANVAS_PDF) {
        cairo_restore(cairo);
        return;
    }
    self->failed = self->failed || cairo_status(cairo) != CAIRO_STATUS_SUCCESS;
    cairo_destroy(cairo);
    self->cairo = self->below;
    put_stamp(self, self->stamp, &self->stamp_box);
}

/* ---- for readers of a PDF ---- */

/* "page=2 pos=[0 100]" of a page that exists. */
static void write_place(const struct cairo_canvas *self, char *place, size_t size, unsigned page,
                        double y)
{
    double scale = page > 0 && page <= self->page ? (double)self->scales[page - 1] : 1;
    snprintf(place, size, "page=%u pos=[0 %d]", page, (int)(y * scale));
}

static void add_outline(struct canvas *canvas, int level, struct slice title, unsigned page,
                        double y)
{
    struct cairo_canvas *self = of(canvas);
    if (self->kind != CANVAS_PDF) {
        return;
    }
    char place[64];
    write_place(self, place, sizeof place, page, y);
    struct slice copy = arena_keep(&self->arena, title);
    int parent = level == 0 ? CAIRO_PDF_OUTLINE_ROOT : self->parent;
    int entry = cairo_pdf_surface_add_outline(self->surface, parent, copy.data, place,
                                              CAIRO_PDF_OUTLINE_FLAG_OPEN);
    if (level == 0) {
        self->parent = entry;
    }
    arena_reset(&self->arena);
}

/* Places on pages that do not exist yet are known by a name. */
static void add_target(struct canvas *canvas, double y)
{
    struct cairo_canvas *self = of(canvas);
    char place[96];
    if (self->kind != CANVAS_PDF) {
        return;
    }
    snprintf(place, sizeof place, "name='%u.%d' x=0 y=%d", self->page, (int)y,
             (int)(y * self->scale));
    cairo_tag_begin(ready(self), CAIRO_TAG_DEST, place);
    cairo_tag_end(self->cairo, CAIRO_TAG_DEST);
}

static void add_link(struct canvas *canvas, const struct canvas_box *box, unsigned page, double y)
{
    struct cairo_canvas *self = of(canvas);
    char place[128];
    char to[64];
    if (self->kind != CANVAS_PDF) {
        return;
    }
    double scale = self->scale;
    if (page > self->page) {
        snprintf(to, sizeof to, "dest='%u.%d'", page, (int)y);
    } else {
        write_place(self, to, sizeof to, page, y);
    }
    snprintf(place, sizeof place, "rect=[%d %d %d %d] %s", (int)(box->x * scale),
             (int)(box->y * scale), (int)(box->width * scale) + 1, (int)(box->height * scale) + 1,
             to);
    cairo_tag_begin(ready(self), CAIRO_TAG_LINK, place);
    cairo_tag_end(self->cairo, CAIRO_TAG_LINK);
}

static void say_about(struct canvas *canvas, enum canvas_fact fact, struct slice value)
{
    static const cairo_pdf_metadata_t names[] = {
        [CANVAS_TITLE] = CAIRO_PDF_METADATA_TITLE,
        [CANVAS_SUBJECT] = CAIRO_PDF_METADATA_SUBJECT,
        [CANVAS_CREATOR] = CAIRO_PDF_METADATA_CREATOR,
        [CANVAS_DATE] = CAIRO_PDF_METADATA_CREATE_DATE,
    };
    struct cairo_canvas *self = of(canvas);
    if (self->kind == CANVAS_PDF) {
        struct slice copy = arena_keep(&self->arena, value);
        cairo_pdf_surface_set_metadata(self->surface, names[fact], copy.data);
        arena_reset(&self->arena);
    }
}

/* ---- life ---- */

static const struct canvas operations = {
    .text_width = text_width_of,
    .text_height = text_height_of,
    .page_begin = page_begin,
    .page_end = page_end,
    .line = draw_line,
    .head = draw_head,
    .box = draw_box,
    .hatch = draw_hatch,
    .frame = draw_frame,
    .text = draw_text,
    .text_up = draw_text_up,
    .stamp_begin = stamp_begin,
    .stamp_end = stamp_end,
    .outline = add_outline,
    .target = add_target,
    .link = add_link,
    .about = say_about,
};

static void open_fonts(struct cairo_canvas *self)
{
    self->fonts = pango_cairo_font_map_new();
    pango_cairo_font_map_set_resolution(PANGO_CAIRO_FONT_MAP(self->fonts), 72);
    self->context = pango_font_map_create_context(self->fonts);
    cairo_font_options_t *options = cairo_font_options_create();
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
    pango_cairo_context_set_font_options(self->context, options);
    cairo_font_options_destroy(options);
    pango_context_set_round_glyph_positions(self->context, FALSE);
    pango_context_set_base_dir(self->context, PANGO_DIRECTION_LTR);
    pango_context_set_language(self->context, pango_language_from_string("en"));
}

struct canvas *canvas_cairo_new(enum canvas_kind kind, struct output *output)
{
    struct cairo_canvas *self = memory_zero(1, sizeof *self);
    self->canvas = operations;
    self->kind = kind;
    self->output = output;
    self->scale = 1;
    arena_init(&self->arena);
    open_fonts(self);
    if (kind == CANVAS_PDF) {
        self->surface = cairo_pdf_surface_create_for_stream(write_out, output, 595, 842);
    }
    return &self->canvas;
}

bool canvas_cairo_close(struct canvas *canvas)
{
    struct cairo_canvas *self = of(canvas);
    bool good = !self->failed && self->surface != NULL;
    if (good && self->kind == CANVAS_PNG) {
        good = cairo_surface_write_to_png_stream(self->surface, write_out, self->output) ==
               CAIRO_STATUS_SUCCESS;
    } else if (self->surface) {
        cairo_surface_finish(self->surface);
        good = good && cairo_surface_status(self->surface) == CAIRO_STATUS_SUCCESS;
    }
    for (size_t i = 0; i < self->face_count; i++) {
        face_close(&self->faces[i]);
    }
    for (size_t i = 0; i < LAYOUTS; i++) {
        if (self->layouts[i].layout) {
            g_object_unref(self->layouts[i].layout);
        }
    }
    for (size_t i = 0; i < CANVAS_STAMPS; i++) {
        cairo_surface_destroy(self->stamps[i]);
    }
    cairo_surface_destroy(self->surface);
    g_object_unref(self->context);
    g_object_unref(self->fonts);
    arena_dispose(&self->arena);
    free(self->scales);
    free(self);
    return good;
}

/* A sanitizer that looks for leaks is told that fontconfig keeps its configuration. */
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define LEAKS_ARE_LOOKED_FOR
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define LEAKS_ARE_LOOKED_FOR
#endif
#ifdef LEAKS_ARE_LOOKED_FOR
const char *__lsan_default_suppressions(void);
const char *__lsan_default_options(void);

const char *__lsan_default_suppressions(void)
{
    return "leak:libfontconfig";
}

const char *__lsan_default_options(void)
{
    return "print_suppressions=0";
}
#endif
