/*
 * What the compliance export keeps of a run. See compliance_model.h.
 */
#include "reports/compliance_model.h"

#include <stdlib.h>

static struct compliance_room *room_of(struct compliance_model *model, struct slice uri)
{
    struct compliance_room *room = map_find(&model->rooms, uri);
    if (!room) {
        room = memory_zero(1, sizeof *room);
        room->uri = map_put(&model->rooms, uri, room)->key;
    }
    return room;
}

static void name_room(struct compliance_room *room, struct slice name)
{
    if (name.size > 0) {
        slice_replace(&room->name, name);
    }
}

static void keep_row(struct compliance_model *model, struct compliance_row *row)
{
    if (model->count == model->capacity) {
        model->capacity = model->capacity > 0 ? model->capacity * 2 : 64;
        model->rows = memory_grow(model->rows, model->capacity, sizeof(struct compliance_row *));
    }
    model->rows[model->count++] = row;
}

static void take_event(void *context, const struct compliance_event *event)
{
    struct compliance_model *model = context;
    if (model->count >= model->limits.report_rows) {
        model->beyond++;
        return;
    }
    struct compliance_room *room = room_of(model, event->room);
    struct compliance_row *row = arena_alloc(&model->arena, sizeof *row);
    name_room(room, event->room_name);
    *row = (struct compliance_row){
        .kind = event->kind,
        .user = arena_keep(&model->arena, event->user),
        .content = arena_keep(&model->arena, event->content),
        .id = event->id,
        .ticks = event->ticks,
        .captured = event->origin.time,
        .origin = event->origin,
    };
    if (room->last) {
        room->last->next = row;
    } else {
        room->first = row;
    }
    room->last = row;
    keep_row(model, row);
}

static void amend_event(void *context, const struct compliance_event *event)
{
    struct compliance_model *model = context;
    if (event->number <= model->count) {
        struct compliance_row *row = model->rows[event->number - 1];
        row->ticks = event->ticks;
        row->id = event->id;
        row->service_time = event->service_time;
    }
}

void compliance_model_init(struct compliance_model *model, struct map_seed seed,
                           const struct limits *limits)
{
    const struct compliance_sink sink = {model, take_event, amend_event};
    *model = (struct compliance_model){.limits = *limits};
    arena_init(&model->arena);
    map_init(&model->rooms, seed);
    compliance_view_init(&model->view, seed, limits, &sink);
}

static void room_free(void *value)
{
    struct compliance_room *room = value;
    slice_drop(&room->name);
    free(room);
}

void compliance_model_dispose(struct compliance_model *model)
{
    compliance_view_dispose(&model->view);
    map_dispose(&model->rooms, room_free);
    free(model->rows);
    arena_dispose(&model->arena);
}

void compliance_model_event(struct compliance_model *model, const struct event *event)
{
    compliance_view_event(&model->view, event);
}

/* Events of a room may come before its name does. */
void compliance_model_change(struct compliance_model *model, const struct change *change)
{
    compliance_view_change(&model->view, change);
    if (change->kind == CHANGE_ROOM) {
        struct compliance_room *room = map_find(&model->rooms, change->as.room.uri);
        if (room) {
            name_room(room, change->as.room.name);
        }
    }
}

/* ---- what was asked for ---- */

static bool in_time(const struct compliance_query *query, int64_t time)
{
    return (query->from == TIME_NONE || time >= query->from) &&
           (query->to == TIME_NONE || time <= query->to);
}

static const struct compliance_row *shown_from(const struct compliance_query *query,
                                               const struct compliance_row *row)
{
    while (row && !((query->user_count == 0 ||
                     slice_matches_any(query->users, query->user_count, row->user)) &&
                    in_time(query, row->captured))) {
        row = row->next;
    }
    return row;
}

const struct compliance_row *compliance_first(const struct compliance_query *query,
                                              const struct compliance_room *room)
{
    bool named = query->room.size == 0 || slice_equal_nocase(query->room, room->uri) ||
                 slice_equal_nocase(query->room, room->name);
    return named ? shown_from(query, room->first) : NULL;
}

const struct compliance_row *compliance_next(const struct compliance_query *query,
                                             const struct compliance_row *row)
{
    return shown_from(query, row->next);
}

void compliance_span(const struct compliance_query *query, const struct compliance_room *room,
                     int64_t *start, int64_t *end)
{
    *start = *end = TICKS_NONE;
    for (const struct compliance_row *row = compliance_first(query, room); row;
         row = compliance_next(query, row)) {
        *start = *start == TICKS_NONE || row->ticks < *start ? row->ticks : *start;
        *end = row->ticks > *end ? row->ticks : *end;
    }
}
