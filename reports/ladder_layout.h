/*
 * Where everything of a ladder goes: pages, columns, rows.
 *
 * Pure: asks the canvas only for text sizes. What is computed here is drawn by
 * reports/ladder_draw.c without moving anything. Units are those of canvas.h;
 * y grows downwards from the top of each page.
 */
#ifndef OCSIGHT_REPORTS_LADDER_LAYOUT_H
#define OCSIGHT_REPORTS_LADDER_LAYOUT_H

#include "reports/canvas.h"
#include "reports/ladder_walk.h"

/* One page of a fixed size after the other, or a single one as tall as needed. */
struct ladder_sheet {
    enum ladder_paper paper; /* LADDER_LONG: single */
    double max_height;       /* of a single page; what is beyond is left out and counted */
};

enum ladder_spot_kind {
    SPOT_DATE,
    SPOT_IDLE,
    SPOT_ROW,
    SPOT_NOTE,    /* nothing to show, or something left out */
    SPOT_HEADING, /* of the list of findings */
    SPOT_FINDING,
};

/* Something at its place on its page. */
struct ladder_spot {
    enum ladder_spot_kind kind;
    unsigned page; /* from 0 */
    double y;
    double height;
    size_t index;      /* of the row or finding; else of the row that follows */
    struct slice text; /* SPOT_DATE, SPOT_IDLE, SPOT_NOTE, SPOT_HEADING */
};

struct ladder_page {
    size_t first; /* spot */
    size_t end;
    double top;      /* below the title block or the running head: lane heads, if there are rows */
    double rows_end; /* how far the lanes go down; 0 = no rows on this page */
};

struct ladder_layout {
    const struct ladder_model *model;
    const struct summary *summary;
    const struct report_style *style;
    struct canvas *canvas;
    struct arena arena;
    struct ladder_heading heading;
    double width; /* of each page */
    double height;
    double scale;
    double time_x; /* left end of the times */
    double record_right;
    double marker_x;
    double lanes_left;
    double lanes_right;
    double pitch;
    double lane_x[LADDER_LANES + 1]; /* by lane; the last for LADDER_NO_LANE */
    struct ladder_spot *spots;
    size_t spot_count;
    size_t spot_capacity;
    size_t row_spots; /* spots of the ladder itself; the others are the list below it */
    struct ladder_page *pages;
    size_t page_count;
    size_t page_capacity;
    double y;        /* while it is being made: the next free place */
    size_t left_out; /* rows beyond the largest single page */
    bool single;     /* one page only */
};

/* clang-format off */
enum {
    LADDER_MARGIN = 32,
    LADDER_FOOTER = 14,
    LADDER_HEADS = 33, /* height of the lane heads */
    LADDER_INDENT = 40 /* of a finding's sentence */
};
/* clang-format on */

extern const struct canvas_font ladder_title_font;
extern const struct canvas_font ladder_head_font;
extern const struct canvas_font ladder_bold_font;
extern const struct canvas_font ladder_text_font;
extern const struct canvas_font ladder_small_font;

/* `model` is settled; everything is borrowed and must outlive the layout. */
void ladder_layout_make(struct ladder_layout *layout, const struct ladder_model *model,
                        const struct summary *summary, const struct report_style *style,
                        const char *title, struct canvas *canvas, struct ladder_sheet sheet);
void ladder_layout_dispose(struct ladder_layout *layout);

/* The spot of a row; NULL when it was left out. */
const struct ladder_spot *ladder_layout_row(const struct ladder_layout *layout, size_t row);

#endif
