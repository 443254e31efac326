/*
 * A settled ladder from top to bottom, as every way of drawing shows it.
 *
 * Adds what is between the rows (new days, long silence) and gives the texts
 * that do not depend on the drawing: times, packet numbers, the heading.
 */
#ifndef OCSIGHT_REPORTS_LADDER_WALK_H
#define OCSIGHT_REPORTS_LADDER_WALK_H

#include "reports/ladder.h"
#include "reports/ladder_model.h"

enum ladder_step_kind { STEP_DATE, STEP_IDLE, STEP_ROW };

struct ladder_step {
    enum ladder_step_kind kind;
    size_t row;        /* STEP_ROW */
    struct slice text; /* STEP_DATE, STEP_IDLE: in the arena of the walk */
};

struct ladder_walk {
    const struct ladder_model *model;
    const struct clock_zone *zone;
    struct arena *arena;
    size_t next;
    int64_t previous; /* time of the row before; TIME_NONE */
    bool idle_told;
    char day[CLOCK_TEXT];
};

void ladder_walk_begin(struct ladder_walk *walk, const struct ladder_model *model,
                       const struct clock_zone *zone, struct arena *arena);
bool ladder_walk_next(struct ladder_walk *walk, struct ladder_step *step);

/* "10:00:00.123" */
struct slice ladder_time_text(int64_t time, const struct clock_zone *zone, struct arena *arena);

/* "A" for the first input; beyond the alphabet a number. */
struct slice ladder_letter_text(size_t input, struct arena *arena);

/* "57", or "B:57" when the run has several inputs; "" without a packet. */
struct slice ladder_record_text(uint32_t input, uint64_t record, const struct summary *summary,
                                struct arena *arena);

/* "packet 57, 10:00:00.123"; "10:05:00.000, see packet 57" of what no packet shows by itself. */
struct slice ladder_finding_place(const struct ladder_finding *finding,
                                  const struct clock_zone *zone, const struct summary *summary,
                                  struct arena *arena);

/* The heading: what was read, when, how much, and how much of it could be read. */
enum { LADDER_HEADING = 8 };

struct ladder_heading {
    struct slice title;
    struct slice lines[LADDER_HEADING];
    size_t count;
};

void ladder_heading_make(struct ladder_heading *heading, const struct ladder_model *model,
                         const struct summary *summary, const struct report_style *style,
                         const char *title, struct arena *arena);

/* What stands in the place of the rows when there is none. */
struct slice ladder_empty_text(const struct summary *summary);

/* How many rows are missing at the end; "" when none is. */
struct slice ladder_beyond_text(const struct ladder_model *model, struct arena *arena);

#endif
