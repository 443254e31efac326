/*
 * Rooms, rosters, sessions and messages of Group Chat and Persistent Chat.
 */
#ifndef OCSIGHT_REPORTS_CHAT_REPORT_H
#define OCSIGHT_REPORTS_CHAT_REPORT_H

#include "reports/report.h"

struct chat_query {
    struct slice room;       /* name (no case) or URI; "" = all */
    struct slice transcript; /* --transcript ROOM: the room as people read a chat; "" = no */
    struct slice user;       /* "" = all */
    bool sessions;           /* --session: the sessions in detail */
    bool unknown;            /* --unknown: names that nothing is known of, and preferences */
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
