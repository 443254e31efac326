/*
 * What the drawings have in common. See drawing.h.
 */
#include "reports/drawing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reports/text.h"

static const double pdf_limit = 14400;  /* points: the longest page of PDF (ISO 32000, annex C) */
static const double png_limit = 30000;  /* pixels; cairo itself ends at 32767 */
static const double png_scale = 2;      /* pixels a point, as long as the picture is not too tall */
static const double png_smallest = 0.8; /* what can still be read */
static const double svg_limit = 300000; /* points: some ten thousand rows, 50 MB */

const struct band_paint *drawing_band(enum band band)
{
    /* clang-format off */
    static const struct band_paint paints[BANDS] = {
        [BAND_UNKNOWN]        = {0xffffff, DRAWING_BLACK},
        [BAND_UNDEFINED]      = {0xffffff, DRAWING_BLACK},
        [BAND_AVAILABLE]      = {0x00805d, DRAWING_WHITE},
        [BAND_AVAILABLE_IDLE] = {0x9fd8c5, DRAWING_BLACK},
        [BAND_BUSY]           = {0xc24a00, DRAWING_WHITE},
        [BAND_BUSY_IDLE]      = {0xf0bf9c, DRAWING_BLACK},
        [BAND_DO_NOT_DISTURB] = {0x8a1538, DRAWING_WHITE},
        [BAND_BE_RIGHT_BACK]  = {0xf0e442, DRAWING_BLACK},
        [BAND_AWAY]           = {0xf0e442, DRAWING_BLACK},
        [BAND_OFFLINE]        = {0x767676, DRAWING_WHITE},
    };
    /* clang-format on */
    return &paints[band];
}

/* How the box of a band is marked, beside its colour. */
struct band_form {
    double gap; /* of a hatch; 0 = plain */
    int slope;
    uint32_t colour; /* of the hatch, or of the frame of a plain box */
    bool thin;
};

static const struct band_form *form_of(enum band band)
{
    /* clang-format off */
    static const struct band_form forms[BANDS] = {
        [BAND_UNDEFINED]      = {3, -1, 0x9a9fa5, false},
        [BAND_AVAILABLE]      = {0, 0,  0x00805d, false},
        [BAND_AVAILABLE_IDLE] = {0, 0,  0x00805d, false},
        [BAND_BUSY]           = {5, 1,  0xe08a52, false},
        [BAND_BUSY_IDLE]      = {5, 1,  0xc24a00, false},
        [BAND_DO_NOT_DISTURB] = {3, 0,  0xb4637d, false},
        [BAND_BE_RIGHT_BACK]  = {7, -1, 0x8f8a10, false},
        [BAND_AWAY]           = {0, 0,  0x8f8a10, false},
        [BAND_OFFLINE]        = {0, 0,  0x767676, true},
    };
    /* clang-format on */
    return &forms[band];
}

bool drawing_band_is_thin(enum band band)
{
    return form_of(band)->thin;
}

bool drawing_band_is_hatched(enum band band)
{
    return form_of(band)->gap > 0;
}

static void unknown_band(struct canvas *canvas, const struct canvas_box *box, bool upright)
{
    struct canvas_pen dashed = {DRAWING_LINE, 0.8, 2};
    struct canvas_pen empty = {DRAWING_LINE, 0.5, 0};
    if (upright) {
        double right = box->x + box->width - 0.25;
        canvas->line(canvas, box->x + 0.25, box->y, box->x + 0.25, box->y + box->height, empty);
        canvas->line(canvas, right, box->y, right, box->y + box->height, empty);
        return;
    }
    double middle = box->y + box->height / 2;
    canvas->line(canvas, box->x, middle, box->x + box->width, middle, dashed);
}

/* Thin: a quarter of its breadth, in its middle. */
static struct canvas_box thin_box(const struct canvas_box *box, bool upright)
{
    struct canvas_box thin = *box;
    if (upright) {
        thin.width = box->width / 3;
        thin.x += box->width / 3;
    } else {
        thin.height = box->height / 4;
        thin.y += (box->height - thin.height) / 2;
    }
    return thin;
}

void drawing_band_box(struct canvas *canvas, enum band band, const struct canvas_box *where,
                      bool upright)
{
    const struct band_form *form = form_of(band);
    const struct band_paint *paint = drawing_band(band);
    if (band == BAND_UNKNOWN) {
        unknown_band(canvas, where, upright);
        return;
    }
    struct canvas_box box = form->thin ? thin_box(where, upright) : *where;
    canvas->box(canvas, box.x, box.y, box.width, box.height, 0, paint->fill);
    if (form->gap > 0) {
        struct canvas_pen line = {form->colour, 0.6, 0};
        canvas->hatch(canvas, box.x, box.y, box.width, box.height, form->gap, form->slope, line);
    }
    if (box.width > 2 && box.height > 1) {
        struct canvas_pen frame = {form->gap > 0 ? paint->fill : form->colour, 0.6, 0};
        frame.colour = band == BAND_UNDEFINED ? form->colour : frame.colour;
        canvas->frame(canvas, box.x + 0.3, box.y + 0.3, box.width - 0.6, box.height - 0.6, 0,
                      frame);
    }
}

struct drawing_limit drawing_limit_of(enum report_format format)
{
    switch (format) {
    case REPORT_SVG:
        return (struct drawing_limit){svg_limit, 1};
    case REPORT_PNG:
        return (struct drawing_limit){png_limit / png_smallest, png_scale};
    default:
        return (struct drawing_limit){pdf_limit, 1};
    }
}

double drawing_scale(enum report_format format, double wanted, double width, double height)
{
    double asked = wanted > 0 ? wanted : 1;
    if (format != REPORT_PNG) {
        return format == REPORT_SVG ? asked : 1;
    }
    double most = png_limit / (height > width ? height : width);
    return asked * png_scale < most ? asked * png_scale : most;
}

enum canvas_kind drawing_canvas(enum report_format format)
{
    return format == REPORT_SVG ? CANVAS_SVG : format == REPORT_PNG ? CANVAS_PNG : CANVAS_PDF;
}

void drawing_paper(bool letter, bool landscape, double *width, double *height)
{
    double narrow = letter ? 612 : 595.276;
    double tall = letter ? 792 : 841.89;
    *width = landscape ? tall : narrow;
    *height = landscape ? narrow : tall;
}

struct slice drawing_base_name(struct slice path)
{
    for (size_t i = path.size; i > 0; i--) {
        if (path.data[i - 1] == '/' && i < path.size) {
            return slice_from(path, i);
        }
    }
    return path;
}

struct slice drawing_title(const struct summary *summary, const char *title, const char *otherwise,
                           struct arena *arena)
{
    struct slice text = slice_of("");
    if (title) {
        return text_safe(slice_of(title), false, arena);
    }
    for (size_t i = 0; i < summary->input_count && i < 3; i++) {
        struct slice name = text_brief(drawing_base_name(summary->inputs[i].name), 60, arena);
        text = text_format(arena, "%.*s%s%.*s", TEXT(text), i > 0 ? ", " : "", TEXT(name));
    }
    if (summary->input_count > 3) {
        text = text_format(arena, "%.*s and %zu more", TEXT(text), summary->input_count - 3);
    }
    return text.size > 0 ? text : slice_of(otherwise);
}

struct slice drawing_span(int64_t first, int64_t last, const struct clock_zone *zone,
                          struct arena *arena)
{
    enum { DAY = 10 }; /* characters of "2026-11-20" */
    char start[CLOCK_TEXT];
    char end[CLOCK_TEXT];
    char name[CLOCK_TEXT];
    char length[CLOCK_TEXT];
    clock_date(first, zone, start);
    clock_date(last, zone, end);
    clock_zone_name(first, zone, name);
    clock_duration(last - first, length);
    bool same_day = strncmp(start, end, DAY) == 0;
    return text_format(arena, "%s to %s %s (%s)", start, same_day ? end + DAY + 1 : end, name,
                       length);
}

static void document_date(int64_t last, char out[static CLOCK_TEXT])
{
    uint64_t seconds = 0;
    const char *epoch = getenv("SOURCE_DATE_EPOCH");
    if (epoch && slice_to_u64(slice_of(epoch), &seconds) && seconds < 4102444800U) {
        last = (int64_t)seconds * TIME_SECOND;
    } else if (last == TIME_NONE) {
        last = 0;
    }
    clock_iso(last - last % TIME_SECOND, out);
    char *fraction = strchr(out, '.');
    if (fraction) {
        memcpy(fraction, "Z", 2);
    }
}

void drawing_describe(struct canvas *canvas, const struct report_style *style, struct slice title,
                      struct slice subject, int64_t last)
{
    char date[CLOCK_TEXT];
    char creator[64];
    document_date(last, date);
    snprintf(creator, sizeof creator, "ocsight %s", style->version);
    canvas->about(canvas, CANVAS_TITLE, title);
    if (subject.size > 0) {
        canvas->about(canvas, CANVAS_SUBJECT, subject);
    }
    canvas->about(canvas, CANVAS_CREATOR, slice_of(creator));
    canvas->about(canvas, CANVAS_DATE, slice_of(date));
}
