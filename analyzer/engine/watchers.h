/*
 * Watchers: their subscriptions, and what they were shown.
 *
 * Every category that reaches a watcher is told as it is (CHANGE_TOLD), block and
 * container views included, with the containers that it can have come from
 * (served.h); whether it also says something about the user is presence.h's to
 * decide. A subscription is a row of the dialogs table; it lapses when its time
 * runs out and no refresh was seen, and ends when its watcher's endpoint signs out.
 */
#ifndef OCSIGHT_ANALYZER_ENGINE_WATCHERS_H
#define OCSIGHT_ANALYZER_ENGINE_WATCHERS_H

#include "analyzer/engine/instances.h"
#include "analyzer/engine/users.h"

struct watchers {
    struct core *core;
    struct users *users;
    struct instances *instances;
    struct map subscriptions; /* dialog -> struct subscription; the longest unheard of first */
};

void watchers_init(struct watchers *watchers, struct core *core, struct users *users,
                   struct instances *instances);
void watchers_dispose(struct watchers *watchers);

/* EVENT_DIALOG of kind DIALOG_SUBSCRIBE */
void watchers_dialog(struct watchers *watchers, const struct event *event);

/* EVENT_CATEGORY */
void watchers_category(struct watchers *watchers, const struct event *event);

/* EVENT_PIDF that is no publication */
void watchers_pidf(struct watchers *watchers, const struct event *event);

/* EVENT_LEGACY that is no setPresence */
void watchers_legacy(struct watchers *watchers, const struct event *event);

/* TIMER_SUBSCRIPTION */
void watchers_timer(struct watchers *watchers, struct timer *timer);

/*
 * An endpoint unregistered: its subscriptions end. Those that name no endpoint end
 * with the user's `last` one.
 */
void watchers_signed_out(struct core *core, struct user *user, struct slice epid, bool last);

#endif
