/*
 * Rooms, rosters, sessions and messages of Group Chat and Persistent Chat.
 */
#ifndef OCSIGHT_REPORTS_CHAT_REPORT_H
#define OCSIGHT_REPORTS_CHAT_REPORT_H

#include "reports/ladder.h"
#include "reports/report.h"

struct chat_query {
    struct slice room;       /* name (no case) or URI; "" = all */
    struct slice transcript; /* --transcript ROOM: the room as people read a chat; "" = no */
    struct slice user;       /* "" = all */
    bool sessions;           /* --session: the sessions in detail */
    bool unknown;            /* --unknown: names that nothing is known of, and preferences */
    bool timeline;           /* --timeline: what happened, one thing after the other */
    int64_t from;            /* of the timeline; TIME_NONE = from the start */
    int64_t to;              /* TIME_NONE = to the end */
    enum ladder_paper paper; /* of a drawing, which is always of the timeline */
    double scale;            /* of a PNG or SVG; 0 = its usual size */
};

struct chat_report;

struct chat_report *chat_report_new(const struct report_style *style,
                                    const struct chat_query *query, struct map_seed seed,
                                    const struct limits *limits);
void chat_report_free(struct chat_report *report);
struct sink chat_report_sink(struct chat_report *report);
void chat_report_write(struct chat_report *report, const struct summary *summary,
                       struct output *output);

#endif
