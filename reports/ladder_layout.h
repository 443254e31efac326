/*
 * Where everything of a ladder goes: pages, columns, rows.
 *
 * Pure: asks the canvas only for text sizes. What is computed here is drawn by
 * reports/ladder_draw.c and its parts without moving anything. Units are those of canvas.h;
 * y grows downwards from the top of each page.
 */
#ifndef OCSIGHT_REPORTS_LADDER_LAYOUT_H
#define OCSIGHT_REPORTS_LADDER_LAYOUT_H

#include "reports/canvas.h"
#include "reports/ladder_legend.h"
#include "reports/ladder_title.h"
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
    SPOT_HEADING, /* of a list below the ladder */
    SPOT_FINDING,
    SPOT_INPUT,
};

/* Something at its place on its page. */
struct ladder_spot {
    enum ladder_spot_kind kind;
    unsigned page; /* from 0 */
    double y;
    double height;
    size_t index;      /* of the row, finding or input; else of the row that follows */
    struct slice text; /* SPOT_DATE, SPOT_IDLE, SPOT_NOTE, SPOT_HEADING */
};

struct ladder_page {
    size_t first; /* spot */
    size_t end;
    double top;      /* below the title block or the running head: lane heads, if there are rows */
    double rows_end; /* how far the lanes go down; 0 = no rows on this page */
};

/* Where the whole text of a message begins, behind the drawing. */
struct ladder_leaf {
    size_t row;
    unsigned page; /* from 0, counted from the first page of the drawing */
    double y;
};

struct ladder_layout {
    const struct ladder_model *model;
    const struct summary *summary;
    const struct report_style *style;
    struct canvas *canvas;
    struct arena arena;
    struct ladder_title title;
    struct ladder_legend legend;
    char zone[CLOCK_TEXT]; /* of the times; "" without */
    double width;          /* of each page */
    double height;
    double scale;
    double time_x; /* left end of the times */
    double record_right;
    double marker_x;
    double lanes_left;
    double lanes_right;
    double step_x;     /* left end of the call flow's steps */
    double step_width; /* 0 = there are none */
    double pitch;
    bool heads_up;      /* the names of the lanes stand upright, as there are so many */
    bool roles;         /* some heads beside each other say what their lane is */
    double head_height; /* of the lane heads */
    double lane_x[LADDER_LANES + 1];    /* by lane; the last for LADDER_NO_LANE */
    double lane_half[LADDER_LANES + 1]; /* of its strips: arrows begin and end there */
    unsigned slots[LADDER_LANES];       /* strips of the lane */
    double strip_width;
    struct ladder_spot *spots;
    size_t spot_count;
    size_t spot_capacity;
    size_t row_spots;     /* spots of the ladder itself; the others are the lists below it */
    size_t first_finding; /* its spot; the others follow it */
    size_t finding_spots; /* how many found room */
    struct ladder_page *pages;
    size_t page_count;
    size_t page_capacity;
    struct ladder_leaf *leaves; /* in the order of rows */
    size_t leaf_count;
    size_t leaf_capacity;
    size_t leaf_pages; /* pages of the appendix, behind the others */
    double y;          /* while it is being made: the next free place */
    size_t left_out;   /* rows beyond the largest single page */
    bool single;       /* one page only, and the appendix */
    bool letter;       /* US paper */
};

/* clang-format off */
enum {
    LADDER_MARGIN = 32,
    LADDER_INDENT = 40,      /* of a finding's sentence */
    LADDER_UPRIGHT_GAP = 5,  /* between the name and the rest of an upright head */
    LADDER_ROLE_LINE = 9,    /* what a line for the role adds to a head */
    LADDER_RUNNING_HEAD = 16 /* from the margin to what is below it */
};
/* clang-format on */

extern const struct canvas_font ladder_title_font;
extern const struct canvas_font ladder_head_font;
extern const struct canvas_font ladder_bold_font;
extern const struct canvas_font ladder_text_font;
extern const struct canvas_font ladder_small_font;
extern const struct canvas_font ladder_mono_font;

/* `model` is settled; everything is borrowed and must outlive the layout. */
void ladder_layout_make(struct ladder_layout *layout, const struct ladder_model *model,
                        const struct summary *summary, const struct report_style *style,
                        const char *title, struct canvas *canvas, struct ladder_sheet sheet);
void ladder_layout_dispose(struct ladder_layout *layout);

/* Columns, paper and lanes: the first step of ladder_layout_make(). */
void ladder_layout_columns(struct ladder_layout *layout, struct ladder_sheet sheet);

/* What an upright head says behind its name: the role of the lane and its address. */
struct slice ladder_layout_beside(const struct ladder_lane *lane, struct arena *arena);

/* The lowest place of a page that its footer leaves free. */
double ladder_layout_bottom(const struct ladder_layout *layout);

/* The middle of a strip. */
double ladder_layout_strip(const struct ladder_layout *layout, unsigned lane, unsigned slot);

/* The spot of a row; NULL when it was left out. */
const struct ladder_spot *ladder_layout_row(const struct ladder_layout *layout, size_t row);

/* Where a finding is told, by its index; NULL when it was left out. */
const struct ladder_spot *ladder_layout_finding(const struct ladder_layout *layout, size_t finding);

/* The whole text of a row's message; NULL when there is none. */
const struct ladder_leaf *ladder_layout_leaf(const struct ladder_layout *layout, size_t row);

/* The part of a strip that begins at this row; NULL when none does. */
const struct ladder_part *ladder_layout_part(const struct ladder_layout *layout, size_t row);

#endif
