/*
 * What a ladder keeps of a run. See ladder_model.h.
 */
#include "reports/ladder_model.h"

#include <inttypes.h>
#include <stdlib.h>

#include "reports/ladder_choose.h"
#include "reports/ladder_events.h"
#include "reports/ladder_findings.h"
#include "reports/ladder_lanes.h"
#include "reports/ladder_rooms.h"
#include "reports/ladder_strip.h"
#include "reports/text.h"

enum { TEXTS_PER_ROW = 4 }; /* at most, on average: rooms that change their names, say */

void ladder_model_init(struct ladder_model *model, const struct ladder_options *options,
                       struct map_seed seed, const struct limits *limits)
{
    *model = (struct ladder_model){.options = *options,
                                   .limits = *limits,
                                   .seed = seed,
                                   .pending = SIZE_MAX,
                                   .latest = SIZE_MAX,
                                   .clock = TIME_NONE};
    arena_init(&model->arena);
    map_init(&model->texts, seed);
    map_init(&model->standing, seed);
    map_init(&model->rooms, seed);
    map_init(&model->hosts, seed);
    map_init(&model->services, seed);
    map_init_numbers(&model->files, seed);
    map_init(&model->other_hosts, seed);
    map_init_numbers(&model->steps, seed);
    map_init(&model->names, seed);
    map_init_numbers(&model->early, seed);
    map_init_numbers(&model->sequences, seed);
    meaning_init(&model->meaning);
}

void ladder_model_dispose(struct ladder_model *model)
{
    meaning_dispose(&model->meaning);
    map_dispose(&model->sequences, free);
    map_dispose(&model->early, NULL);
    map_dispose(&model->names, NULL);
    map_dispose(&model->steps, NULL);
    map_dispose(&model->other_hosts, NULL);
    map_dispose(&model->files, free);
    map_dispose(&model->services, NULL);
    map_dispose(&model->hosts, NULL);
    map_dispose(&model->rooms, NULL);
    map_dispose(&model->standing, free);
    map_dispose(&model->texts, NULL);
    arena_dispose(&model->arena);
    free(model->doors);
    free(model->rows);
    free(model->findings);
    free(model->parts);
    free(model->dialogs);
}

struct slice ladder_model_keep(struct ladder_model *model, struct slice text)
{
    if (text.size == 0) {
        return slice_of("");
    }
    struct map_entry *entry = map_find_entry(&model->texts, text);
    if (!entry && model->texts.count / TEXTS_PER_ROW > model->limits.report_rows) {
        model->beyond++;
        return slice_of("?");
    }
    return entry ? entry->key : map_put(&model->texts, text, model)->key;
}

/* ---- what comes ---- */

void ladder_model_event(struct ladder_model *model, const struct event *event)
{
    switch (event->kind) {
    case EVENT_MESSAGE:
        ladder_events_message(model, event->message);
        break;
    case EVENT_DIALOG:
        ladder_events_dialog(model, &event->as.dialog);
        break;
    case EVENT_COVERAGE:
        ladder_events_coverage(model, event);
        break;
    case EVENT_HTTP:
    case EVENT_DNS:
        ladder_events_around(model, event);
        break;
    default:
        if (event->kind == EVENT_CHAT && event->message) {
            ladder_events_chat(model, event);
        } else if (event->kind == EVENT_PROVISIONING) {
            ladder_events_provisioning(model, &event->as.provisioning);
        }
        if (model->pending != SIZE_MAX && event->message &&
            event->message->id == model->rows[model->pending].message) {
            meaning_add(&model->meaning, event);
        }
        break;
    }
}

void ladder_model_stand(struct ladder_model *model, struct slice user, enum band band)
{
    uint8_t *standing = map_find(&model->standing, user);
    if (!standing) {
        standing = memory_zero(1, sizeof *standing);
        map_put(&model->standing, user, standing);
    }
    *standing = (uint8_t)band;
}

/* Events outside of what is drawn do not come, but all changes do. */
static void take_presence(struct ladder_model *model, const struct change *change)
{
    const struct ladder_span *span = model->options.span;
    const struct presence_change *said = &change->as.presence;
    if (span && span->from != TIME_NONE && change->time < span->from) {
        ladder_model_stand(model, said->user, said->band);
    } else if (!span || span->to == TIME_NONE || change->time <= span->to) {
        ladder_events_presence(model, change);
    }
}

void ladder_model_change(struct ladder_model *model, const struct change *change)
{
    if (change->kind == CHANGE_ROOM) {
        ladder_room_learn(model, change->as.room.uri, change->as.room.name);
    } else if (change->kind == CHANGE_FILE) {
        ladder_file_learn(model, &change->as.file);
    } else if (change->kind == CHANGE_PRESENCE &&
               change->as.presence.band != change->as.presence.from) {
        take_presence(model, change);
    }
}

void ladder_model_finding(struct ladder_model *model, const struct finding *finding)
{
    ladder_findings_add(model, finding);
}

void ladder_model_label(struct ladder_model *model, const struct flow_label *label)
{
    if (label->answer || model->steps.count >= model->limits.report_rows) {
        return; /* an answer need not repeat it; as many rows are there at most, and those beyond
                   are counted */
    }
    struct flow_label *kept = arena_alloc(&model->arena, sizeof *kept);
    *kept = *label;
    map_put(&model->steps, map_number_key(&label->message), kept);
}

/* ---- the end ---- */

/* The lane of the cause if it is an endpoint of that user, else one that is, else what there is. */
static uint16_t presence_lane(const struct ladder_model *model, const struct ladder_row *row)
{
    struct slice user = row->receiver;
    if (row->from != LADDER_NO_LANE && ladder_lane_is_own(&model->lanes[row->from], user)) {
        return row->from;
    }
    if (row->to != LADDER_NO_LANE && ladder_lane_is_own(&model->lanes[row->to], user)) {
        return row->to;
    }
    uint16_t lane = ladder_lane_of_user(model, user);
    return lane != LADDER_NO_LANE ? lane : row->to;
}

/* Each presence note finds its lane; what belongs to nobody shown gets none and is passed over. */
static void place_presence(struct ladder_model *model)
{
    for (size_t i = 0; i < model->row_count; i++) {
        struct ladder_row *row = &model->rows[i];
        if (row->kind == ROW_PRESENCE) {
            row->from = presence_lane(model, row);
        }
    }
}

static void place_steps(struct ladder_model *model)
{
    struct arena arena;
    arena_init(&arena);
    for (size_t i = 0; i < model->row_count; i++) {
        struct ladder_row *row = &model->rows[i];
        bool asks = row->kind == ROW_MESSAGE && row->request;
        const struct flow_label *label =
            asks ? map_find(&model->steps, map_number_key(&row->message)) : NULL;
        if (label) {
            row->step = ladder_model_keep(
                model, text_format(&arena, "%s %u %s", label->flow, label->number, label->step));
        }
        arena_reset(&arena);
    }
    arena_dispose(&arena);
}

void ladder_model_settle(struct ladder_model *model)
{
    ladder_events_finish(model);
    ladder_rooms_name(model);
    ladder_choose(model);
    ladder_lanes_settle(model);
    place_presence(model);
    ladder_findings_place(model);
    place_steps(model);
    ladder_choose_end(model);
    ladder_strip_settle(model);
}

struct slice ladder_row_meaning(const struct ladder_row *row, struct arena *arena)
{
    size_t at = slice_find_byte(row->meaning, MEANING_ROOM);
    if (at == SLICE_NONE) {
        return row->meaning;
    }
    struct slice name = row->room ? row->room->name : slice_of("a room");
    return text_format(arena, "%.*s%.*s%.*s", TEXT(slice_sub(row->meaning, 0, at)), TEXT(name),
                       TEXT(slice_from(row->meaning, at + 1)));
}

struct slice ladder_row_repeats(const struct ladder_row *row, struct arena *arena)
{
    struct slice text = slice_of("");
    if (row->early || row->late) {
        text = slice_of(row->early ? "before its request" : "out of order");
    } else if (row->again) {
        text = slice_of("retransmitted");
    } else if (row->repeats == 1) {
        text = slice_of("retransmitted once");
    } else if (row->repeats > 1) {
        text = text_format(arena, "retransmitted %" PRIu32 " times", row->repeats);
    }
    if (row->copies > 0) {
        text = text_format(arena, "%.*s%salso in another input", TEXT(text),
                           text.size > 0 ? ", " : "");
    }
    return text;
}

bool ladder_model_span(const struct ladder_model *model, int64_t *first, int64_t *last)
{
    *first = TIME_NONE;
    *last = TIME_NONE;
    for (size_t i = 0; i < model->row_count; i++) {
        const struct ladder_row *row = &model->rows[i];
        int64_t until = row->kind == ROW_FOLDED ? row->until : row->time;
        if (row->time != TIME_NONE) {
            *first = *first == TIME_NONE || row->time < *first ? row->time : *first;
            *last = *last == TIME_NONE || until > *last ? until : *last;
        }
    }
    return *first != TIME_NONE;
}
