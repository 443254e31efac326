/*
 * What happened in chat rooms, written. See activity_write.h.
 */
#include "reports/activity_write.h"

#include <inttypes.h>
#include <stdio.h>

#include "reports/presence_words.h"
#include "reports/text.h"

enum {
    CLOCK = 12, /* columns of "10:00:00.123" */
    ROOM_COLUMNS = 18,
    USER_COLUMNS = 32,
    WORDS_MAX = 400, /* columns; a line shows fewer */
};

bool activity_is_shown(const struct activity_page *page, const struct activity *row)
{
    bool in_time = (page->from == TIME_NONE || row->time >= page->from) &&
                   (page->to == TIME_NONE || row->time <= page->to);
    return in_time && (!row->room || row->room->shown);
}

struct slice activity_room_name(const struct activity_room *room, struct arena *arena)
{
    return text_brief(room->name.size > 0 ? room->name : room->uri, 80, arena);
}

/* ---- text ---- */

static struct slice host_of(struct slice user)
{
    size_t at = slice_find_byte(user, '@');
    return at == SLICE_NONE ? slice_of("") : slice_from(user, at);
}

struct slice activity_common_host(const struct activity_page *page)
{
    struct slice host = slice_of("");
    for (size_t i = 0; i < page->room_count; i++) {
        for (const struct map_entry *entry = page->rooms[i]->people.first; entry;
             entry = entry->next) {
            struct slice other = host_of(entry->key);
            if (other.size == 0 || (host.size > 0 && !slice_equal(host, other))) {
                return slice_of("");
            }
            host = other;
        }
    }
    return host;
}

static struct slice user_of(const struct activity_page *page, const struct activity *row)
{
    struct arena *arena = page->arena;
    struct slice user = row->person ? row->person->user : slice_of("somebody");
    if (row->person && page->host.size > 0) {
        user = slice_sub(user, 0, user.size - page->host.size);
    }
    return text_fit_middle(text_safe(user, false, arena), USER_COLUMNS, arena);
}

/* "posts (accepted, 3 copies)": what became of it stands before what may be cut. */
static struct slice post_words(const struct activity_page *page, const struct activity *row)
{
    struct arena *arena = page->arena;
    struct slice copies = slice_of("");
    if (row->number > 0) {
        copies = text_format(arena, ", %" PRIu64 " %s", row->number,
                             row->number == 1 ? "copy" : "copies");
    }
    struct slice user = user_of(page, row);
    struct slice words = text_brief(row->words, WORDS_MAX, arena);
    return text_format(arena, "%.*s posts%s (%s%.*s): %.*s", TEXT(user), row->file ? " a file" : "",
                       activity_fate_name(activity_fate_of(row)), TEXT(copies), TEXT(words));
}

static struct slice left_words(const struct activity_page *page, const struct activity *row)
{
    struct arena *arena = page->arena;
    struct slice user = user_of(page, row);
    struct slice reason = text_brief(row->words, 40, arena);
    bool plain = reason.size == 0 || slice_equal(reason, slice_of("left"));
    if (row->told || plain) {
        return text_format(arena, "%.*s left%s", TEXT(user), row->told ? ", others are told" : "");
    }
    return text_format(arena, "%.*s left (%.*s)", TEXT(user), TEXT(reason));
}

static struct slice row_words(const struct activity_page *page, const struct activity *row)
{
    struct arena *arena = page->arena;
    struct slice user = user_of(page, row);
    struct slice words = slice_of("");
    switch (row->kind) {
    case ACTIVITY_ENTERED:
        return text_format(arena, "%.*s entered%s", TEXT(user),
                           row->told                                      ? ", others are told"
                           : slice_equal(row->words, slice_of("assumed")) ? " (was not captured)"
                                                                          : "");
    case ACTIVITY_LISTED:
        return text_format(arena, "%.*s is there already", TEXT(user));
    case ACTIVITY_LEFT:
        return left_words(page, row);
    case ACTIVITY_POSTED:
        return post_words(page, row);
    case ACTIVITY_FETCHED:
        return text_format(arena, "%.*s fetches %" PRIu64 " message%s of the history", TEXT(user),
                           row->number, text_plural(row->number));
    case ACTIVITY_FINDING:
        words = text_brief(row->words, WORDS_MAX, arena);
        return text_format(arena, "%s %" PRIu64 " %s: %.*s", severity_name(row->severity),
                           row->number, row->rule, TEXT(words));
    default:
        return text_format(arena, "%" PRIu64 " bytes of a stream are missing", row->number);
    }
}

static size_t room_columns(const struct activity_page *page)
{
    size_t columns = 0;
    if (page->room_count < 2) {
        return 0;
    }
    for (size_t i = 0; i < page->room_count; i++) {
        size_t width = text_width(activity_room_name(page->rooms[i], page->arena));
        columns = width > columns ? width : columns;
    }
    return columns < ROOM_COLUMNS ? columns : ROOM_COLUMNS;
}

static void row_text(const struct activity_page *page, const struct activity *row,
                     size_t room_width, struct output *output)
{
    struct arena *arena = page->arena;
    char time[CLOCK_TEXT];
    clock_of_day(row->time, &page->style->zone, time);
    output_write(output, slice_sub(slice_of(time), 0, CLOCK));
    output_text(output, "  ");
    size_t used = CLOCK + 2;
    if (room_width > 0) {
        struct slice name = row->room ? activity_room_name(row->room, arena) : slice_of("");
        bool named = row->room && row->room->name.size > 0;
        name = named ? text_fit(name, room_width, arena) : text_fit_middle(name, room_width, arena);
        text_left(output, name, room_width + 2);
        used += room_width + 2;
    }
    struct slice packet = slice_of("");
    if (row->origin.record > 0) {
        packet = presence_words_packet(&row->origin, page->summary, arena);
        packet = text_format(arena, "  %.*s", TEXT(packet));
    }
    used += text_width(packet);
    size_t room = page->style->columns > used + 20 ? page->style->columns - used : 20;
    output_write(output, text_fit(row_words(page, row), room, arena));
    output_write(output, packet);
    output_byte(output, '\n');
}

void activity_text(const struct activity_page *page, struct output *output)
{
    size_t width = room_columns(page);
    struct slice day = slice_of("");
    char last[CLOCK_TEXT] = "";
    for (size_t i = 0; i < page->model->count; i++) {
        const struct activity *row = page->model->rows[i];
        if (!activity_is_shown(page, row)) {
            continue;
        }
        day = presence_words_day(row->time, &page->style->zone, page->arena);
        if (!slice_equal(day, slice_of(last))) {
            snprintf(last, sizeof last, "%.*s", TEXT(day));
            output_format(output, "\n%s\n", last);
        }
        row_text(page, row, width, output);
        arena_reset(page->arena);
    }
    if (last[0] == '\0') {
        output_text(output, page->room_count > 0 ? "\nNothing happened there in that time.\n"
                                                 : "\nNo chat room was found.\n");
    }
}

/* ---- JSON ---- */

static void details_json(struct json *json, const struct activity *row)
{
    switch (row->kind) {
    case ACTIVITY_ENTERED:
    case ACTIVITY_LISTED:
    case ACTIVITY_LEFT:
        json_bool(json, "told", row->told);
        json_optional(json, "reason", row->words);
        break;
    case ACTIVITY_POSTED:
        json_text(json, "state", activity_fate_name(activity_fate_of(row)));
        json_string(json, "text", row->words);
        json_bool(json, "file", row->file);
        json_u64(json, "copies", row->number);
        break;
    case ACTIVITY_FETCHED:
        json_u64(json, "messages", row->number);
        break;
    case ACTIVITY_FINDING:
        json_u64(json, "finding", row->number);
        json_text(json, "rule", row->rule);
        json_text(json, "severity", severity_name(row->severity));
        json_string(json, "message", row->words);
        break;
    case ACTIVITY_GAP:
        json_u64(json, "bytes", row->number);
        break;
    }
}

void activity_json(const struct activity_page *page, struct json *json)
{
    const struct slice none = {0};
    json_array(json, "timeline");
    for (size_t i = 0; i < page->model->count; i++) {
        const struct activity *row = page->model->rows[i];
        if (!activity_is_shown(page, row)) {
            continue;
        }
        json_object(json, NULL);
        json_time(json, "time", row->time);
        json_optional(json, "room", row->room ? row->room->uri : none);
        json_optional(json, "name", row->room ? row->room->name : none);
        json_optional(json, "user", row->person ? row->person->user : none);
        json_text(json, "what", activity_kind_name(row->kind));
        details_json(json, row);
        json_u64(json, "people", row->there);
        if (row->origin.record > 0) {
            report_origin_json(json, "origin", &row->origin, page->summary);
        } else {
            json_null(json, "origin");
        }
        json_end_object(json);
    }
    json_end_array(json);
}

/* ---- CSV ---- */

static void row_csv(const struct activity_page *page, const struct activity *row,
                    struct output *output)
{
    char time[CLOCK_TEXT];
    const struct slice none = {0};
    bool counted = row->kind >= ACTIVITY_POSTED;
    clock_iso(row->time, time);
    output_format(output, "%s,", time);
    report_csv(output, row->room ? row->room->uri : none, false);
    report_csv(output, row->room ? row->room->name : none, false);
    report_csv(output, row->person ? row->person->user : none, false);
    output_format(output, "%s,", activity_kind_name(row->kind));
    output_format(output, "%s,",
                  row->kind == ACTIVITY_POSTED    ? activity_fate_name(activity_fate_of(row))
                  : row->kind == ACTIVITY_FINDING ? row->rule
                  : row->told                     ? "told"
                                                  : "");
    report_csv(output, row->words, false);
    if (counted) {
        output_format(output, "%" PRIu64, row->number);
    }
    output_format(output, ",%zu,", row->there);
    report_csv(output,
               row->origin.record > 0 ? report_origin_text(&row->origin, page->summary, page->arena)
                                      : none,
               true);
}

void activity_csv(const struct activity_page *page, struct output *output)
{
    output_text(output, "time,room,name,user,what,state,words,count,people,packet\n");
    for (size_t i = 0; i < page->model->count; i++) {
        if (activity_is_shown(page, page->model->rows[i])) {
            row_csv(page, page->model->rows[i], output);
            arena_reset(page->arena);
        }
    }
}
