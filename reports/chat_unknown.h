/*
 * The chat report: names that the catalogue of the protocol does not hold
 * (`ocsight chat --unknown`; facts/xccos.md parts 1 and 7.2).
 *
 * Built from events; one row for each name, with how often it was met, the first
 * places and the first values. Bounded by limits.report_rows.
 */
#ifndef OCSIGHT_REPORTS_CHAT_UNKNOWN_H
#define OCSIGHT_REPORTS_CHAT_UNKNOWN_H

#include "reports/report.h"

struct unknown_names {
    struct map rows; /* path -> struct unknown_row, in the order of first sight */
    struct arena arena;
    size_t limit;
    uint64_t beyond; /* meetings of names that found no row */
};

void unknown_names_init(struct unknown_names *names, struct map_seed seed,
                        const struct limits *limits);
void unknown_names_dispose(struct unknown_names *names);
void unknown_names_take(struct unknown_names *names, const struct event *event);

/* Values that may be secrets are masked unless the style shows them. */
void unknown_names_json(const struct unknown_names *names, struct json *json,
                        const struct report_style *style, const struct summary *summary);
void unknown_names_csv(const struct unknown_names *names, struct output *output,
                       const struct report_style *style, const struct summary *summary);
void unknown_names_text(const struct unknown_names *names, struct output *output,
                        const struct report_style *style, const struct summary *summary);

#endif
