/*
 * Who was available, when, and how we know: as text, JSON or CSV, and over time
 * as a drawing (reports/timeline.h).
 */
#ifndef OCSIGHT_REPORTS_PRESENCE_REPORT_H
#define OCSIGHT_REPORTS_PRESENCE_REPORT_H

#include "reports/presence_model.h"
#include "reports/report.h"
#include "reports/timeline.h"

struct presence_report;

struct presence_report *presence_report_new(const struct report_style *style,
                                            const struct presence_query *query,
                                            struct map_seed seed, const struct limits *limits);
void presence_report_free(struct presence_report *report);
struct sink presence_report_sink(struct presence_report *report);

/* Of a drawing only: `scale` is that of a PNG or SVG, 0 = its usual size. */
void presence_report_draw_on(struct presence_report *report, enum ladder_paper paper, double scale);

/* A user that was asked for and that nothing mentions is listed with band "unknown". */
void presence_report_write(struct presence_report *report, const struct summary *summary,
                           struct output *output);

#endif
