/*
 * What live_report.c hands to the files that write text, JSON and CSV.
 */
#ifndef OCSIGHT_REPORTS_LIVE_PARTS_H
#define OCSIGHT_REPORTS_LIVE_PARTS_H

#include "reports/json.h"
#include "reports/live_report.h"
#include "reports/presence_explain.h"

/* What is said of one user. */
struct live_state {
    enum band band;
    int64_t availability; /* AVAILABILITY_NONE */
    struct slice activity;
    enum presence_source source; /* SOURCE_NONE: nothing is known */
    bool admits;                 /* `admitted` holds more than `availability` */
    struct admitted admitted;
    int64_t since; /* TIME_NONE */
    struct origin origin;
    struct slice cause;
    bool elsewhere; /* offline because no server that was asked has it registered */
};

struct live_writing {
    const struct report_style *style;
    const struct live_query *query;
    const struct live_look *look;
    const struct live_person *person;
    const struct live_state *state;
    struct presence_explain *explain; /* NULL without */
    struct arena *arena;              /* of this user */
    struct json *json;
    struct output *output;
};

/* Published, and no server that was asked has the user registered. */
bool live_is_stale(const struct live_person *person);

/* What a category that is no state says to people: its line, or else its first value. */
struct slice live_text(const struct category_fact *fact);

void live_text_begin(const struct live_writing *writing);
void live_text_person(const struct live_writing *writing);
/* One line of --watch. */
void live_text_change(const struct live_writing *writing, struct slice before);

void live_json_begin(const struct live_writing *writing);
void live_json_person(const struct live_writing *writing);
void live_json_end(const struct live_writing *writing);

void live_csv_begin(const struct live_writing *writing);
void live_csv_person(const struct live_writing *writing);

#endif
