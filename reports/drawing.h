/*
 * What the drawings have in common: the ladder and the timeline of presence.
 */
#ifndef OCSIGHT_REPORTS_DRAWING_H
#define OCSIGHT_REPORTS_DRAWING_H

#include "analyzer/engine/bands.h"
#include "reports/canvas_cairo.h"
#include "reports/report.h"

/* clang-format off */
enum {
    DRAWING_BLACK = 0x1a1a1a, DRAWING_DARK = 0x4a4a4a, DRAWING_GREY = 0x767676,
    DRAWING_LINE = 0xa8adb3, DRAWING_PALE = 0xd5d9de, DRAWING_STRIPE = 0xf6f8fa,
    DRAWING_WHITE = 0xffffff, DRAWING_WARNING = 0xb35900
};
/* clang-format on */

/* Fill and text of what shows a band: Okabe and Ito's colours, in two strengths. */
struct band_paint {
    uint32_t fill;
    uint32_t text;
};

const struct band_paint *drawing_band(enum band band);

/*
 * A band by its colour and by its form, for those who see no colours: hatched in a direction of its
 * own, pale when idle, thin for offline. `upright` = time runs downwards.
 */
void drawing_band_box(struct canvas *canvas, enum band band, const struct canvas_box *where,
                      bool upright);

bool drawing_band_is_thin(enum band band);
bool drawing_band_is_hatched(enum band band);

/* A picture that grows with what is on it. */
struct drawing_limit {
    double height; /* of the longest: points, for a PNG those that its smallest scale leaves */
    double scale;  /* as long as there is room: pixels or points a unit */
};

struct drawing_limit drawing_limit_of(enum report_format format);

/* The scale of a picture of that size; `wanted` is that of --scale, 0 = the usual one. */
double drawing_scale(enum report_format format, double wanted, double width, double height);

enum canvas_kind drawing_canvas(enum report_format format);

/* Width and height of paper in points. */
void drawing_paper(bool letter, bool landscape, double *width, double *height);

/* The file's name without its folders. */
struct slice drawing_base_name(struct slice path);

/* "front-end.pcap, b.pcap", or `title` if there is one; `otherwise` without inputs. */
struct slice drawing_title(const struct summary *summary, const char *title, const char *otherwise,
                           struct arena *arena);

/* "2026-11-20 10:00:00.000 to 10:05:00.000 UTC (5 min 0 s)" */
struct slice drawing_span(int64_t first, int64_t last, const struct clock_zone *zone,
                          struct arena *arena);

/*
 * What readers of a PDF are told of it. Its date is SOURCE_DATE_EPOCH or `last`, the time of the
 * last thing on it, never the clock's: the same input gives the same bytes
 * (reproducible-builds.org).
 */
void drawing_describe(struct canvas *canvas, const struct report_style *style, struct slice title,
                      struct slice subject, int64_t last);

#endif
