/*
 * The chat report: what happened in the rooms, one thing after the other. See chat_write.h; the
 * model is reports/activity_model.h.
 */
#include <inttypes.h>

#include "reports/activity.h"
#include "reports/chat_write.h"

/* Was the room asked for? The model of the chat report knows its people. */
static bool shows_room(const struct chat_report *report, const struct activity_room *room)
{
    const struct chat_room_row *row = map_find(&report->model.rooms, room->uri);
    if (row) {
        return chat_shows_room(report, row);
    }
    struct slice asked = report->query.room;
    return report->query.user.size == 0 &&
           (asked.size == 0 || slice_equal_nocase(asked, room->uri));
}

/* The rooms that are shown, in the order of their first activity. */
static size_t choose_rooms(struct chat_report *report, const struct activity_room **rooms)
{
    const struct activity_model *model = &report->activity;
    size_t count = 0;
    for (size_t i = 0; i < model->count; i++) {
        struct activity_room *room = model->rows[i]->room;
        if (room && room->first == model->rows[i] && shows_room(report, room)) {
            room->shown = true;
            rooms[count++] = room;
        }
    }
    return count;
}

/* Puts everything in order. */
static struct activity_page page_of(struct chat_report *report, const struct summary *summary)
{
    activity_model_settle(&report->activity);
    const struct activity_room **rooms = arena_zero(
        &report->activity.arena, report->activity.rooms.count + 1, sizeof(struct activity_room *));
    size_t count = choose_rooms(report, rooms);
    struct activity_page page = {
        .model = &report->activity,
        .rooms = rooms,
        .room_count = count,
        .from = report->query.from,
        .to = report->query.to,
        .beyond = report->activity.beyond,
        .style = &report->style,
        .summary = summary,
        .arena = &report->arena,
        .paper = report->query.paper,
        .scale = report->query.scale,
        .one_room = report->query.room.size > 0,
    };
    page.host = activity_common_host(&page);
    return page;
}

void chat_timeline_json(struct chat_report *report, struct json *json,
                        const struct summary *summary)
{
    const struct activity_page page = page_of(report, summary);
    activity_json(&page, json);
}

static void write_text(const struct activity_page *page, struct output *output)
{
    report_coverage_text(output, page->style, page->summary);
    activity_text(page, output);
    if (page->beyond > 0) {
        output_format(output, "\n%" PRIu64 " entries found no room in this report\n", page->beyond);
    }
}

void chat_timeline_write(struct chat_report *report, const struct summary *summary,
                         struct output *output)
{
    const struct activity_page page = page_of(report, summary);
    switch (report->style.format) {
    case REPORT_TEXT:
        write_text(&page, output);
        break;
    case REPORT_CSV:
        activity_csv(&page, output);
        break;
    default:
        activity_write_drawing(&page, output);
    }
}
