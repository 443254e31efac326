/*
 * How presence is put into words and into JSON, wherever it is reported.
 *
 * Texts that are returned are safe to print (text.h) and live in the arena.
 */
#ifndef OCSIGHT_REPORTS_PRESENCE_WORDS_H
#define OCSIGHT_REPORTS_PRESENCE_WORDS_H

#include "reports/report.h"

/* Columns below which what is said of a row gets a line of its own. */
enum { PRESENCE_NARROW = 72 };

/* The set holds more than that one number. */
bool presence_words_disagree(const struct admitted *admitted, int64_t availability);

/* "7500-8999 is also admitted", "6000-7499 is admitted"; "" when nothing but the number is. */
struct slice presence_words_admitted(const struct admitted *admitted, int64_t availability,
                                     struct arena *arena);

/* "6500 7500-8999": the whole set; "" when nothing beside the number is in it. */
struct slice presence_words_ranges(const struct admitted *admitted, int64_t availability,
                                   struct arena *arena);

/* "6500, on-the-phone"; "" without both. */
struct slice presence_words_value(int64_t availability, struct slice activity, struct arena *arena);

/* "Busy 6500, on-the-phone" */
struct slice presence_words_state(enum band band, int64_t availability, struct slice activity,
                                  struct arena *arena);

/* "10:00:00.000", with the date before it where it is not that of `reference`. */
struct slice presence_words_time(int64_t time, int64_t reference, const struct clock_zone *zone,
                                 struct arena *arena);

/* "#57", or "trace.pcap:57" when the run has several inputs. */
struct slice presence_words_packet(const struct origin *origin, const struct summary *summary,
                                   struct arena *arena);

/* "2026-11-20" */
struct slice presence_words_day(int64_t time, const struct clock_zone *zone, struct arena *arena);

/* A colour of terminals for a band, and what ends it; "" unless the style has colours. */
const char *presence_words_colour(const struct report_style *style, enum band band);
const char *presence_words_plain(const struct report_style *style);

/* "availability": a number or null. */
void presence_words_availability_json(struct json *json, const char *key, int64_t availability);

/* "admitted": [{"low", "high"}], or null when there is nothing beside the number. */
void presence_words_admitted_json(struct json *json, const struct admitted *admitted,
                                  int64_t availability);

/* One line of a list: its time, its state, and what is said of it, which may take more lines. */
struct presence_line {
    size_t indent;
    struct slice time;
    enum band band;
    struct slice state;
    size_t state_width; /* of the column, gap included: presence_words_column() */
    struct slice remark;
};

/* The column's width that a state needs, if `width` is what those before it need; start with 0. */
size_t presence_words_column(size_t width, struct slice state);

void presence_words_line(struct output *output, const struct report_style *style,
                         const struct presence_line *line, struct arena *arena);

#endif
