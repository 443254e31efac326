/*
 * Shows a sink only what was asked for. See select.h.
 */
#include "analyzer/select.h"

#include <stdlib.h>

struct select {
    struct selection selection;
    struct sink behind;
    struct map rooms;     /* URIs that belong to the room that was named */
    struct map messages;  /* message ids that carried something of that room; the latest ones */
    struct map exchanges; /* their transactions: the answers name no room */
};

enum { SELECT_MESSAGES = 65536 }; /* a later copy of a message is recognised among so many */

struct select *select_new(const struct selection *selection, struct map_seed seed,
                          const struct sink *behind)
{
    struct select *select = memory_zero(1, sizeof *select);
    select->selection = *selection;
    select->behind = *behind;
    map_init(&select->rooms, seed);
    map_init_numbers(&select->messages, seed);
    map_init_numbers(&select->exchanges, seed);
    return select;
}

void select_free(struct select *select)
{
    map_dispose(&select->rooms, NULL);
    map_dispose(&select->messages, NULL);
    map_dispose(&select->exchanges, NULL);
    free(select);
}

static bool is_user(const struct selection *selection, struct slice user)
{
    return slice_matches_any(selection->users, selection->user_count, user);
}

static bool in_time(const struct selection *selection, int64_t time)
{
    return (selection->from == TIME_NONE || time >= selection->from) &&
           (selection->to == TIME_NONE || time <= selection->to);
}

static bool is_room(struct select *select, struct slice uri, struct slice name)
{
    struct slice wanted = select->selection.room;
    if (slice_equal_nocase(wanted, uri) || (name.size > 0 && slice_equal_nocase(wanted, name))) {
        if (uri.size > 0) {
            map_put(&select->rooms, uri, select);
        }
        return true;
    }
    return map_find(&select->rooms, uri) != NULL;
}

static bool chat_names_room(struct select *select, const struct chat_fact *chat)
{
    if (chat->class == CHAT_MESSAGE) {
        return is_room(select, chat->post.room, slice_of(""));
    }
    bool found = false;
    for (size_t i = 0; i < chat->room_count; i++) {
        found = is_room(select, chat->rooms[i].uri, chat->rooms[i].name) || found;
    }
    return found;
}

static bool message_passes(const struct selection *selection, const struct message *message)
{
    if (selection->call_id.size > 0 && !slice_equal(selection->call_id, message->call_id)) {
        return false;
    }
    return selection->user_count == 0 || is_user(selection, message->from.user) ||
           is_user(selection, message->to.user);
}

static bool dialog_passes(const struct selection *selection, const struct dialog_view *dialog)
{
    if (selection->call_id.size > 0 && !slice_equal(selection->call_id, dialog->call_id)) {
        return false;
    }
    return selection->user_count == 0 || is_user(selection, dialog->from) ||
           is_user(selection, dialog->to);
}

static void forget_oldest(struct map *map, size_t keep)
{
    while (map->count > keep) {
        map_remove_entry(map, map->first);
    }
}

static void remember(struct map *map, uint64_t number, struct select *select)
{
    map_put(map, map_number_key(&number), select);
    forget_oldest(map, SELECT_MESSAGES);
}

/* A copy of a message that named the room, or an answer to one. */
static bool belongs_to_room(const struct select *select, const struct message *message)
{
    return map_find(&select->messages, map_number_key(&message->id)) ||
           (!message->request && message->transaction != 0 &&
            map_find(&select->exchanges, map_number_key(&message->transaction)));
}

/*
 * A room is named only in the bodies, which come after their message: the
 * message itself is let through then, once.
 */
static void room_event(struct select *select, const struct event *event)
{
    const struct message *message = event->message;
    if (event->kind == EVENT_CHAT && message && chat_names_room(select, &event->as.chat)) {
        if (!map_find(&select->messages, map_number_key(&message->id))) {
            struct event carrier = {
                .kind = EVENT_MESSAGE, .origin = event->origin, .message = message};
            remember(&select->messages, message->id, select);
            remember(&select->exchanges, message->transaction, select);
            select->behind.event(select->behind.context, &carrier);
        }
        select->behind.event(select->behind.context, event);
        return;
    }
    bool belongs = event->kind == EVENT_MESSAGE && message && belongs_to_room(select, message);
    if (belongs || event->kind == EVENT_COVERAGE) {
        select->behind.event(select->behind.context, event);
    }
}

static void take_event(void *context, const struct event *event)
{
    struct select *select = context;
    const struct selection *selection = &select->selection;
    if (!select->behind.event || !in_time(selection, event->origin.time)) {
        return;
    }
    if (event->kind == EVENT_DIALOG && !dialog_passes(selection, &event->as.dialog)) {
        return;
    }
    if (event->kind != EVENT_DIALOG && event->message &&
        !message_passes(selection, event->message)) {
        return;
    }
    bool around = event->kind == EVENT_HTTP || event->kind == EVENT_DNS;
    if (around && (selection->user_count > 0 || selection->call_id.size > 0)) {
        return; /* they name neither */
    }
    if (selection->room.size > 0) {
        room_event(select, event);
        return;
    }
    select->behind.event(select->behind.context, event);
}

/* All changes pass: the reports they feed select for themselves. */
static void take_change(void *context, const struct change *change)
{
    struct select *select = context;
    if (select->behind.change) {
        select->behind.change(select->behind.context, change);
    }
}

static void take_finding(void *context, const struct finding *finding)
{
    struct select *select = context;
    const struct selection *selection = &select->selection;
    if (!select->behind.finding || !in_time(selection, finding->time)) {
        return;
    }
    if (selection->call_id.size > 0 && !slice_equal(selection->call_id, finding->call_id)) {
        return;
    }
    if (selection->user_count > 0 && !is_user(selection, finding->user) &&
        !is_user(selection, finding->peer)) {
        return;
    }
    if (selection->room.size > 0 && !is_room(select, finding->room, finding->room)) {
        return;
    }
    select->behind.finding(select->behind.context, finding);
}

static void take_label(void *context, const struct flow_label *label)
{
    struct select *select = context;
    if (select->behind.label) {
        select->behind.label(select->behind.context, label);
    }
}

static bool flow_passes(const struct selection *selection, const struct flow_view *flow)
{
    bool called = selection->call_id.size == 0;
    for (size_t i = 0; i < flow->call_id_count; i++) {
        called = called || slice_equal(selection->call_id, flow->call_ids[i]);
    }
    bool early = selection->from != TIME_NONE && flow->end < selection->from;
    bool late = selection->to != TIME_NONE && flow->start > selection->to;
    return called && !early && !late &&
           (selection->user_count == 0 || is_user(selection, flow->user));
}

static void take_flow(void *context, const struct flow_view *flow)
{
    struct select *select = context;
    if (select->behind.flow && flow_passes(&select->selection, flow)) {
        select->behind.flow(select->behind.context, flow);
    }
}

struct sink select_sink(struct select *select)
{
    return (struct sink){select, take_event, take_change, take_finding, take_label, take_flow};
}
