/*
 * The head of a drawn ladder: what it shows, of which inputs, read how, by which version.
 *
 * Every line is at its place already, wrapped or shortened to the page.
 */
#ifndef OCSIGHT_REPORTS_LADDER_TITLE_H
#define OCSIGHT_REPORTS_LADDER_TITLE_H

#include "reports/canvas.h"
#include "reports/ladder_walk.h"

enum {
    LADDER_TITLE_INPUTS = 6, /* in the head; when there are more, all are in a list at the end */
    LADDER_TITLE_TEXTS = 40,
    LADDER_INPUT_TEXTS = 4
};

/* A text at its place. */
struct ladder_words {
    double x;
    double y; /* base line */
    struct slice text;
    struct canvas_font font;
    enum canvas_align align;
    uint32_t colour;
};

struct ladder_title {
    struct slice name; /* whole, for running heads and bookmarks */
    struct slice subject;
    struct ladder_words texts[LADDER_TITLE_TEXTS];
    size_t count;
    double height; /* from the margin on */
};

/* From `left` to `right`, the first line below `top`. */
void ladder_title_make(struct ladder_title *title, const struct ladder_model *model,
                       const struct summary *summary, const struct report_style *style,
                       const char *given, struct canvas *canvas, double top, double left,
                       double right, struct arena *arena);

/* One line that says what is known of an input: its letter, name, size, packets, digest. */
size_t ladder_title_input(struct ladder_words texts[static LADDER_INPUT_TEXTS],
                          const struct summary *summary, size_t input, struct canvas *canvas,
                          double left, double right, double y, struct arena *arena);

#endif
