/*
 * Watchers. See watchers.h.
 */
#include "analyzer/engine/watchers.h"

#include <stdlib.h>

#include "analyzer/engine/arena.h"
#include "analyzer/engine/containers.h"
#include "analyzer/engine/legacy.h"
#include "analyzer/engine/served.h"

/* Longer epids are cut in the key: those of the products have ten to sixteen characters. */
enum { EPID_KEY = 128 };

struct subscription {
    struct map_entry *entry;
    struct user *user;       /* the watcher; NULL when there was no room for it */
    struct link of_endpoint; /* in user->watching, until its endpoint signs out */
    uint64_t dialog;
    struct slice watcher;
    struct slice epid; /* of the watcher's endpoint; "" when it names none */
    struct slice target;
    struct slice package;
    struct slice call_id;
    enum dialog_mode mode;
    enum subscription_state state;
    bool from_start;
    bool accepted;         /* the 2xx to a SUBSCRIBE of it was seen */
    uint64_t first_moment; /* core.moment of its first notification; 0 = none yet */
    int64_t until;
    struct origin origin;
    struct timer timer;
};

static void free_subscription(void *value)
{
    struct subscription *subscription = value;
    list_remove(&subscription->of_endpoint);
    slice_drop(&subscription->watcher);
    slice_drop(&subscription->epid);
    slice_drop(&subscription->target);
    slice_drop(&subscription->package);
    slice_drop(&subscription->call_id);
    free(subscription);
}

void watchers_init(struct watchers *watchers, struct core *core, struct users *users,
                   struct instances *instances)
{
    *watchers = (struct watchers){.core = core, .users = users, .instances = instances};
    map_init_numbers(&watchers->subscriptions, core->seed);
}

void watchers_dispose(struct watchers *watchers)
{
    map_dispose(&watchers->subscriptions, free_subscription);
}

/* ---- the subscriptions of one endpoint ---- */

static void join_endpoint(struct subscription *subscription)
{
    struct user *user = subscription->user;
    if (!user || subscription->of_endpoint.next) {
        return;
    }
    char bytes[EPID_KEY];
    struct slice key = slice_lower(bytes, sizeof bytes, subscription->epid);
    struct link *all = map_find(&user->watching, key);
    if (!all) {
        all = memory_alloc(sizeof *all);
        list_init(all);
        map_put(&user->watching, key, all);
    }
    list_append(all, &subscription->of_endpoint);
}

static void leave_endpoint(struct subscription *subscription)
{
    if (!subscription->of_endpoint.next) {
        return;
    }
    char bytes[EPID_KEY];
    struct map_entry *entry = map_find_entry(&subscription->user->watching,
                                             slice_lower(bytes, sizeof bytes, subscription->epid));
    list_remove(&subscription->of_endpoint);
    if (list_empty(entry->value)) {
        free(map_remove_entry(&subscription->user->watching, entry));
    }
}

/* ---- subscriptions ---- */

/* Whoever showed all inputs of its owner does no longer. */
static void forget_complete(const struct watchers *watchers,
                            const struct subscription *subscription)
{
    struct user *user = subscription->user;
    if (user && user->presence.complete_dialog == subscription->dialog) {
        presence_incomplete(watchers->core, user);
    }
}

static void subscription_drop(struct watchers *watchers, struct subscription *subscription)
{
    forget_complete(watchers, subscription);
    leave_endpoint(subscription);
    timers_cancel(&watchers->core->timers, &subscription->timer);
    map_remove_entry(&watchers->subscriptions, subscription->entry);
    free_subscription(subscription);
}

static struct subscription *subscription_keep(struct watchers *watchers,
                                              const struct dialog_view *view)
{
    struct core *core = watchers->core;
    struct map *map = &watchers->subscriptions;
    if (core_full(core, CAP_WATCHED, map->count, core->limits.watched)) {
        if (!map->first) {
            return NULL;
        }
        subscription_drop(watchers, map->first->value);
    }
    struct subscription *subscription = memory_zero(1, sizeof *subscription);
    subscription->dialog = view->id;
    subscription->from_start = view->from_start;
    subscription->watcher = memory_keep(view->from);
    subscription->epid = memory_keep(view->from_epid);
    subscription->target = memory_keep(view->to);
    subscription->package = memory_keep(view->event);
    subscription->call_id = memory_keep(view->call_id);
    subscription->until = TIME_NONE;
    subscription->timer = (struct timer){.kind = TIMER_SUBSCRIPTION, .object = subscription};
    subscription->entry = map_put(map, map_number_key(&view->id), subscription);
    subscription->user = users_keep(watchers->users, view->from);
    join_endpoint(subscription);
    return subscription;
}

static void emit_subscription(struct core *core, const struct subscription *subscription,
                              uint16_t status, struct slice reason)
{
    struct change change = {
        .kind = CHANGE_SUBSCRIPTION,
        .as.subscription =
            {
                .watcher = subscription->watcher,
                .target = subscription->target,
                .package = subscription->package,
                .call_id = subscription->call_id,
                .dialog = subscription->dialog,
                .mode = subscription->mode,
                .state = subscription->state,
                .until = subscription->until,
                .status = status,
                .reason = reason,
            },
    };
    core_emit(core, &change);
}

/* Whether the row ended because nobody refreshed it. */
static bool ran_out(const struct dialog_view *view)
{
    return slice_equal(view->reason, slice_of("expired"));
}

static enum subscription_state state_of(const struct dialog_view *view,
                                        const struct subscription *known)
{
    switch (view->state) {
    case DIALOG_CONFIRMED:
        return known && (known->state == SUBSCRIPTION_ACTIVE ||
                         known->state == SUBSCRIPTION_REFRESHED)
                   ? SUBSCRIPTION_REFRESHED
                   : SUBSCRIPTION_ACTIVE;
    case DIALOG_TERMINATED:
        return ran_out(view) ? SUBSCRIPTION_LAPSED : SUBSCRIPTION_TERMINATED;
    case DIALOG_REFUSED:
        return SUBSCRIPTION_REFUSED;
    default:
        return SUBSCRIPTION_REQUESTED;
    }
}

/* A notification states what is left of the time; only an answer to SUBSCRIBE is a refresh. */
static bool is_refresh(const struct event *event)
{
    const struct message *message = event->message;
    return !message || (!message->request && message->method == SIP_SUBSCRIBE);
}

static void set_until(struct watchers *watchers, struct subscription *subscription, int64_t until)
{
    struct core *core = watchers->core;
    timers_cancel(&core->timers, &subscription->timer);
    subscription->until = until;
    subscription->origin = core_origin(core);
    if (until != TIME_NONE && until > core->time) {
        timers_set(&core->timers, &subscription->timer, until);
    }
}

/* The first notification of a subscription, be it in the answer to the SUBSCRIBE. */
static bool is_first(const struct watchers *watchers, struct subscription *subscription)
{
    uint64_t moment = watchers->core->moment;
    if (subscription->first_moment == 0) {
        subscription->first_moment = moment;
    }
    return subscription->first_moment == moment;
}

/* The answer to a SUBSCRIBE with the first notification in it, which may list nothing. */
static bool is_piggyback(const struct message *message)
{
    return message && !message->request && message->method == SIP_SUBSCRIBE &&
           message->body.size > 0;
}

static bool is_acceptance(const struct message *message)
{
    return message && !message->request && message->method == SIP_SUBSCRIBE &&
           message->status >= 200 && message->status < 300;
}

/* The row as it stands now, for a subscription that goes on. */
static void subscription_follow(struct watchers *watchers, struct subscription *subscription,
                                enum subscription_state state, const struct event *event,
                                bool fresh)
{
    const struct dialog_view *view = &event->as.dialog;
    bool moved = view->expires_at != subscription->until;
    join_endpoint(subscription); /* again, after a sign-out */
    subscription->mode = view->mode;
    map_touch(&watchers->subscriptions, subscription->entry);
    subscription->accepted = subscription->accepted || is_acceptance(event->message);
    if (is_piggyback(event->message)) {
        (void)is_first(watchers, subscription);
    }
    if (moved && state != SUBSCRIPTION_REQUESTED) {
        set_until(watchers, subscription, view->expires_at);
    }
    bool news =
        state == SUBSCRIPTION_REFRESHED ? moved && is_refresh(event) : state != subscription->state;
    if (fresh || news) {
        subscription->state = state;
        emit_subscription(watchers->core, subscription, view->status, view->reason);
    }
}

/* After a sign-out only a SUBSCRIBE of the watcher's brings the subscription back. */
static bool stays_signed_out(const struct subscription *subscription, bool over,
                             const struct event *event)
{
    return subscription->state == SUBSCRIPTION_TERMINATED &&
           (over || !event->message || !is_refresh(event));
}

void watchers_dialog(struct watchers *watchers, const struct event *event)
{
    const struct dialog_view *view = &event->as.dialog;
    struct subscription *subscription =
        map_find(&watchers->subscriptions, map_number_key(&view->id));
    if (view->state == DIALOG_UNFINISHED) {
        return;
    }
    enum subscription_state state = state_of(view, subscription);
    bool over = state == SUBSCRIPTION_TERMINATED || state == SUBSCRIPTION_LAPSED ||
                state == SUBSCRIPTION_REFUSED;
    bool fresh = !subscription;
    if (fresh && state == SUBSCRIPTION_LAPSED) {
        return; /* the deadline passed here already */
    }
    if (fresh) {
        subscription = subscription_keep(watchers, view);
    }
    if (!subscription) {
        return;
    }
    if (stays_signed_out(subscription, over, event)) {
        if (over) {
            subscription_drop(watchers, subscription);
        }
        return;
    }
    if (!over) {
        subscription_follow(watchers, subscription, state, event, fresh);
        return;
    }
    subscription->mode = view->mode;
    subscription->state = state;
    emit_subscription(watchers->core, subscription, view->status, view->reason);
    subscription_drop(watchers, subscription);
}

void watchers_timer(struct watchers *watchers, struct timer *timer)
{
    struct subscription *subscription = timer->object;
    if (subscription->state != SUBSCRIPTION_TERMINATED) {
        core_cause_timer(watchers->core, timer->due, &subscription->origin);
        subscription->state = SUBSCRIPTION_LAPSED;
        emit_subscription(watchers->core, subscription, 0, slice_of("expired"));
    }
    subscription_drop(watchers, subscription);
}

/* The rows stay until the dialog ends too: what its notifier still sends changes nothing. */
static void end_endpoint(struct core *core, struct user *user, struct slice epid)
{
    char bytes[EPID_KEY];
    struct map_entry *entry =
        map_find_entry(&user->watching, slice_lower(bytes, sizeof bytes, epid));
    if (!entry) {
        return;
    }
    struct link *all = entry->value;
    while (!list_empty(all)) {
        struct subscription *subscription = LIST_OWNER(all->next, struct subscription, of_endpoint);
        list_remove(&subscription->of_endpoint);
        subscription->state = SUBSCRIPTION_TERMINATED;
        emit_subscription(core, subscription, 0, slice_of("signed out"));
    }
    free(map_remove_entry(&user->watching, entry));
}

void watchers_signed_out(struct core *core, struct user *user, struct slice epid, bool last)
{
    if (epid.size > 0) {
        end_endpoint(core, user, epid);
    }
    if (last) {
        end_endpoint(core, user, slice_of(""));
    }
}

/* ---- what they were shown ---- */

/* Who a document was shown to; NULL when it was shown to nobody: a SERVICE answer, a database. */
static const struct sip_party *audience(const struct message *message)
{
    if (!message) {
        return NULL;
    }
    if (message->request) {
        bool notification = message->method == SIP_NOTIFY || message->method == SIP_BENOTIFY;
        return notification ? &message->to : NULL;
    }
    bool first =
        message->method == SIP_SUBSCRIBE && message->status >= 200 && message->status < 300;
    return first ? &message->from : NULL;
}

/* Whether the document answers a one-off query. */
static bool was_polled(const struct watchers *watchers, const struct message *message)
{
    if (!message->request && message->request_kept && message->request_kept->expires == 0) {
        return true;
    }
    const struct subscription *subscription =
        map_find(&watchers->subscriptions, map_number_key(&message->dialog));
    return subscription &&
           (subscription->mode == DIALOG_POLLING || subscription->mode == DIALOG_QUERY);
}

/* What was shown, borrowed. */
struct shown {
    enum state_kind kind;
    enum band band;
    int64_t availability;
    struct slice activity;
    const struct category_fact *fact; /* NULL for PIDF and legacy forms */
};

static bool is_state(const struct category_fact *fact)
{
    return slice_equal_nocase(fact->key.name, slice_of("state"));
}

static enum category_kind category_of(const struct shown *shown)
{
    return !shown->fact || is_state(shown->fact) ? CATEGORY_STATE : shown->fact->category;
}

/* What the copy says beside its number. */
static unsigned content_of(const struct shown *shown)
{
    const struct category_fact *fact = shown->fact;
    unsigned content = shown->activity.size > 0 ? TOLD_ACTIVITY : 0;
    if (!fact) {
        return content;
    }
    if (fact->key.has_container || fact->has_version) {
        content |= TOLD_ORIGIN;
    }
    if (!fact->has_value) {
        return fact->text.size > 0 ? content | TOLD_TEXT : content;
    }
    const struct presence_value *value = &fact->value;
    content |= value->activity_count > 0 ? TOLD_ACTIVITY : 0;
    content |= value->device.size > 0 ? TOLD_DEVICE : 0;
    content |= value->location.size > 0 ? TOLD_LOCATION : 0;
    content |= value->time_zone.size > 0 ? TOLD_TIME_ZONE : 0;
    content |= value->meeting_subject.size + value->meeting_location.size > 0 ? TOLD_MEETING : 0;
    return content;
}

/* The server's own word says that the user is there, and this copy is no newer than that. */
static bool owner_is_there(const struct user *user, const struct shown *shown)
{
    const struct presence_report *said = &user->presence.said;
    int64_t published = shown->fact ? shown->fact->publish_time : TIME_NONE;
    bool of_that_time = published != TIME_NONE && said->published != TIME_NONE &&
                        published <= time_add(said->published, TIME_SECOND);
    return said->known && said->source == SOURCE_AGGREGATE && said->rank >= RANK_OTHER &&
           of_that_time && user->presence.gone_moment == 0 &&
           state_band(STATE_AGGREGATE, said->availability) != BAND_OFFLINE;
}

/* Where the copy can have come from. */
static void place_told(const struct core *core, const struct user *user, const struct shown *shown,
                       struct told_change *told)
{
    const struct container_place place = containers_find(core, user, told->watcher);
    const struct served_clues clues = {
        .named = place.certain ? served_container_of(place.id) : 0,
        .category = told->category,
        .content = told->content,
        .availability = told->availability,
        .activity = told->activity,
        .owner_is_there = owner_is_there(user, shown),
    };
    told->served = served_by(&clues);
    told->member = place.certain;
    told->member_origin = place.origin;
}

/* Returns the containers that it can have come from. */
static unsigned emit_told(struct watchers *watchers, const struct message *message,
                          const struct sip_party *watcher, const struct user *user,
                          const struct shown *shown)
{
    const struct category_key *key = shown->fact ? &shown->fact->key : NULL;
    struct change change = {
        .kind = CHANGE_TOLD,
        .as.told =
            {
                .watcher = watcher->user,
                .user = user->uri,
                .category = category_of(shown),
                .document = !shown->fact,
                .empty = shown->fact && shown->fact->empty,
                .content = content_of(shown),
                .band = shown->band,
                .availability = shown->availability,
                .activity = shown->activity,
                .value_kind = shown->kind,
                .owner = slice_equal(watcher->user, user->uri),
                .polled = was_polled(watchers, message),
                .container = key ? key->container : 0,
                .has_container = key && key->has_container,
                .dialog = message->dialog,
            },
    };
    if (!change.as.told.owner) {
        place_told(watchers->core, user, shown, &change.as.told);
    }
    core_emit(watchers->core, &change);
    return change.as.told.served;
}

/* The first activity that the number admits. */
static struct slice shown_activity(const struct presence_value *value)
{
    for (size_t i = 0; i < value->activity_count && i < PRESENCE_ACTIVITIES; i++) {
        const struct presence_activity *activity = &value->activities[i];
        if (activity->token.size > 0 && value->availability >= (int64_t)activity->min &&
            value->availability <= (int64_t)activity->max) {
            return activity->token;
        }
    }
    return (struct slice){0};
}

static enum aggregate_rank rank_of(const struct category_key *key)
{
    if (!key->has_container) {
        return RANK_COLLEAGUE;
    }
    switch (key->container) {
    case 2:
        return RANK_FIRST;
    case 200:
    case 400:
        return RANK_COLLEAGUE;
    default:
        return RANK_OTHER;
    }
}

/* The blocked container always says Offline (presence.md part 5): it says nothing of the user. */
enum { CONTAINER_BLOCKED = 32000 };

/* Of a user's rows the one that counts is the cause of what is derived from all of them. */
static void tell_by_row(struct watchers *watchers, struct user *user,
                        const struct presence_report *report)
{
    char text[CAUSE_TEXT];
    const char *words = report->availability == AVAILABILITY_NONE
                            ? "aggregateState without availability"
                            : "aggregateState is";
    presence_tell(watchers->core, user, report, true);
    instances_unsettle_by(watchers->instances, user,
                          presence_cause(text, words, "", report->availability));
}

static void tell_presence(struct watchers *watchers, struct user *user, const struct event *event,
                          const struct shown *shown, bool notified)
{
    const struct category_fact *fact = &event->as.category;
    if (shown->kind != STATE_AGGREGATE ||
        (fact->key.has_container && fact->key.container == CONTAINER_BLOCKED)) {
        return;
    }
    struct presence_report report = {
        .availability = shown->availability,
        .activity = shown->activity,
        .source = notified         ? SOURCE_NOTIFIED
                  : event->message ? SOURCE_AGGREGATE
                                   : SOURCE_DATABASE,
        .rank = notified ? RANK_NOTIFIED : rank_of(&fact->key),
        .published = fact->publish_time,
    };
    if (!event->message) {
        tell_by_row(watchers, user, &report);
        return;
    }
    /* Container 2 speaks for itself; behind another one it may still come. */
    bool more = report.rank == RANK_OTHER || report.rank == RANK_COLLEAGUE;
    presence_tell(watchers->core, user, &report, more);
    if (more) {
        instances_unsettle(watchers->instances, user);
    }
}

/* A category without a child says that there is no such state any more. */
static struct shown shown_category(const struct category_fact *fact)
{
    if (!fact->has_value) {
        return (struct shown){.kind = STATE_NONE, .availability = AVAILABILITY_NONE, .fact = fact};
    }
    const struct presence_value *value = &fact->value;
    return (struct shown){
        .kind = value->kind,
        .band = state_band(value->kind, value->availability),
        .availability = value->availability,
        .activity = shown_activity(value),
        .fact = fact,
    };
}

/*
 * An owner's document of everything: the answer to a SUBSCRIBE, or the first notification.
 * Where the answer was not captured it may have carried the first one.
 */
static bool is_whole(const struct watchers *watchers, const struct message *message)
{
    struct subscription *subscription =
        map_find(&watchers->subscriptions, map_number_key(&message->dialog));
    bool first = subscription && is_first(watchers, subscription);
    if (!message->request) {
        return message->expires != 0 &&
               !(message->request_kept && message->request_kept->expires == 0);
    }
    return first && subscription->from_start && subscription->accepted;
}

void watchers_category(struct watchers *watchers, const struct event *event)
{
    const struct category_fact *fact = &event->as.category;
    const struct message *message = event->message;
    const struct sip_party *watcher = audience(message);
    struct user *user = users_keep(watchers->users, fact->key.user);
    if (!user) {
        return;
    }
    struct shown shown = shown_category(fact);
    bool state = is_state(fact);
    bool blocked = false; /* always Offline: it says nothing of the user */
    if (watcher) {
        users_keep_party(watchers->users, watcher);
        if (!state || fact->has_value || fact->empty) {
            blocked = emit_told(watchers, message, watcher, user, &shown) == (unsigned)SERVED_32000;
        }
    }
    bool answered = message && !message->request && message->method == SIP_SERVICE;
    bool owner = watcher ? slice_equal(watcher->user, user->uri) : answered || !message;
    if (owner && watcher && state && fact->key.has_container && is_whole(watchers, message)) {
        instances_told_all(watchers->instances, user, message->dialog);
    }
    if (owner) {
        instances_told(watchers->instances, user, event);
    }
    if (state && fact->has_value && (owner || watcher) && !blocked) {
        tell_presence(watchers, user, event, &shown, !owner);
    }
}

/* A document that is no category: its watcher was shown it, and its user is what it says. */
static void tell_copy(struct watchers *watchers, const struct event *event, struct user *user,
                      const struct shown *shown, enum presence_source source)
{
    const struct message *message = event->message;
    const struct sip_party *watcher = audience(message);
    users_keep_party(watchers->users, watcher);
    emit_told(watchers, message, watcher, user, shown);
    if (shown->kind == STATE_NONE) {
        return;
    }
    struct presence_report report = {
        .availability = shown->availability,
        .activity = shown->activity,
        .source = source,
        .rank = RANK_NOTIFIED,
        .published = TIME_NONE,
    };
    presence_tell(watchers->core, user, &report, false);
}

void watchers_pidf(struct watchers *watchers, const struct event *event)
{
    struct user *user =
        audience(event->message) ? users_keep(watchers->users, event->as.pidf.user) : NULL;
    if (!user) {
        return;
    }
    struct state_value value = state_value_keep_pidf(&event->as.pidf);
    const struct shown shown = {
        .kind = value.kind,
        .band = band_of(value.availability),
        .availability = value.availability,
        .activity = state_value_activity(&value, value.availability),
    };
    tell_copy(watchers, event, user, &shown, SOURCE_NOTIFIED);
    state_value_drop(&value);
}

void watchers_legacy(struct watchers *watchers, const struct event *event)
{
    struct user *user =
        audience(event->message) ? users_keep(watchers->users, event->as.legacy.user) : NULL;
    struct legacy_presence meaning = legacy_meaning(&event->as.legacy);
    if (!user || !meaning.known) {
        return;
    }
    const struct shown shown = {
        .kind = STATE_AGGREGATE,
        .band = band_of(meaning.availability),
        .availability = meaning.availability,
        .activity = meaning.activity,
    };
    tell_copy(watchers, event, user, &shown, SOURCE_LEGACY);
}
