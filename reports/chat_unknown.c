/*
 * Names that nothing is known of. See chat_unknown.h.
 */
#include "reports/chat_unknown.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "reports/text.h"

enum { ROW_PLACES = 4, ROW_VALUES = 3 };

struct unknown_row {
    struct slice path; /* borrowed from its key */
    bool recalled;
    bool secret;
    uint64_t count;
    struct origin places[ROW_PLACES]; /* the first that show it */
    size_t place_count;
    struct slice values[ROW_VALUES]; /* the first that differ, not empty */
    size_t value_count;
    bool more_values;
};

void unknown_names_init(struct unknown_names *names, struct map_seed seed,
                        const struct limits *limits)
{
    *names = (struct unknown_names){.limit = limits->report_rows};
    map_init(&names->rows, seed);
    arena_init(&names->arena);
}

void unknown_names_dispose(struct unknown_names *names)
{
    map_dispose(&names->rows, free);
    arena_dispose(&names->arena);
}

/* ---- taking ---- */

/* What nobody knows may be a ticket or a password all the same: the name decides. */
static bool is_secret(struct slice path)
{
    static const struct slice words[] = {SLICE("token"), SLICE("passw"), SLICE("secret"),
                                         SLICE("ticket"), SLICE("credential")};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (slice_find_nocase(path, words[i]) != SLICE_NONE) {
            return true;
        }
    }
    return false;
}

static struct unknown_row *row_of(struct unknown_names *names, const struct chat_unknown *unknown)
{
    struct unknown_row *row = map_find(&names->rows, unknown->path);
    if (row) {
        return row;
    }
    if (names->rows.count >= names->limit) {
        names->beyond++;
        return NULL;
    }
    row = memory_zero(1, sizeof *row);
    row->path = map_put(&names->rows, unknown->path, row)->key;
    row->recalled = unknown->recalled;
    row->secret = is_secret(unknown->path);
    return row;
}

static void keep_value(struct unknown_names *names, struct unknown_row *row, struct slice value)
{
    if (value.size == 0) {
        return;
    }
    for (size_t i = 0; i < row->value_count; i++) {
        if (slice_equal(row->values[i], value)) {
            return;
        }
    }
    if (row->value_count < ROW_VALUES) {
        row->values[row->value_count++] = arena_keep(&names->arena, value);
    } else {
        row->more_values = true;
    }
}

void unknown_names_take(struct unknown_names *names, const struct event *event)
{
    if (event->kind != EVENT_CHAT) {
        return;
    }
    const struct chat_fact *chat = &event->as.chat;
    for (size_t i = 0; i < chat->unknown_count; i++) {
        struct unknown_row *row = row_of(names, &chat->unknown[i]);
        if (!row) {
            continue;
        }
        row->count++;
        keep_value(names, row, chat->unknown[i].text);
        bool known = row->place_count > 0 &&
                     row->places[row->place_count - 1].record == event->origin.record &&
                     row->places[row->place_count - 1].input == event->origin.input;
        if (!known && row->place_count < ROW_PLACES) {
            row->places[row->place_count] = event->origin;
            row->places[row->place_count++].row = NULL;
        }
    }
}

/* ---- writing ---- */

static const char *status_word(const struct unknown_row *row)
{
    return row->recalled ? "recalled" : "unknown";
}

static struct slice shown(const struct unknown_row *row, size_t i, const struct report_style *style)
{
    return row->secret && !style->show_secrets ? slice_of("(masked)") : row->values[i];
}

void unknown_names_json(const struct unknown_names *names, struct json *json,
                        const struct report_style *style, const struct summary *summary)
{
    json_array(json, "unknown");
    for (struct map_entry *entry = names->rows.first; entry; entry = entry->next) {
        const struct unknown_row *row = entry->value;
        json_object(json, NULL);
        json_string(json, "name", row->path);
        json_text(json, "status", status_word(row));
        json_u64(json, "count", row->count);
        json_array(json, "values");
        for (size_t i = 0; i < row->value_count; i++) {
            json_string(json, NULL, shown(row, i, style));
        }
        json_end_array(json);
        json_bool(json, "more_values", row->more_values);
        json_array(json, "origins");
        for (size_t i = 0; i < row->place_count; i++) {
            report_origin_json(json, NULL, &row->places[i], summary);
        }
        json_end_array(json);
        json_end_object(json);
    }
    json_end_array(json);
}

/* "#12, #40" */
static struct slice places_text(const struct unknown_row *row, const struct summary *summary,
                                struct arena *arena)
{
    struct slice text = SLICE("");
    for (size_t i = 0; i < row->place_count; i++) {
        struct slice place = report_origin_text(&row->places[i], summary, arena);
        text = text_format(arena, "%.*s%s#%.*s", TEXT(text), i > 0 ? ", " : "", TEXT(place));
    }
    return text;
}

void unknown_names_csv(const struct unknown_names *names, struct output *output,
                       const struct report_style *style, const struct summary *summary)
{
    struct arena arena;
    char number[24];
    arena_init(&arena);
    output_text(output, "name,status,count,value,packets\n");
    for (struct map_entry *entry = names->rows.first; entry; entry = entry->next) {
        const struct unknown_row *row = entry->value;
        report_csv(output, text_safe(row->path, false, &arena), false);
        report_csv(output, slice_of(status_word(row)), false);
        snprintf(number, sizeof number, "%" PRIu64, row->count);
        report_csv(output, slice_of(number), false);
        struct slice value = row->value_count > 0 ? shown(row, 0, style) : slice_of("");
        report_csv(output, text_safe(value, false, &arena), false);
        report_csv(output, places_text(row, summary, &arena), true);
        arena_reset(&arena);
    }
    arena_dispose(&arena);
}

static void row_text(const struct unknown_row *row, struct output *output, struct arena *arena,
                     const struct report_style *style, const struct summary *summary)
{
    struct slice name = text_safe(row->path, false, arena);
    output_text(output, "\n  ");
    output_write(output, text_fit_middle(name, style->columns - 2, arena));
    output_text(output, "\n    ");
    output_format(output, "%s%" PRIu64 " time%s: ", row->recalled ? "recalled, " : "", row->count,
                  text_plural(row->count));
    output_write(output, places_text(row, summary, arena));
    output_byte(output, '\n');
    for (size_t i = 0; i < row->value_count; i++) {
        struct slice value = text_safe(shown(row, i, style), false, arena);
        output_text(output, "    = ");
        output_write(output, text_fit(value, style->columns - 6, arena));
        output_byte(output, '\n');
    }
    if (row->more_values) {
        output_text(output, "    and other values\n");
    }
}

void unknown_names_text(const struct unknown_names *names, struct output *output,
                        const struct report_style *style, const struct summary *summary)
{
    struct arena arena;
    arena_init(&arena);
    if (names->rows.count == 0) {
        output_text(output, "\nEvery name in the chat traffic is known.\n");
    } else {
        output_text(output, "\nNames that nothing is known of (recalled: from memory only)\n");
    }
    for (struct map_entry *entry = names->rows.first; entry; entry = entry->next) {
        row_text(entry->value, output, &arena, style, summary);
        arena_reset(&arena);
    }
    if (names->beyond > 0) {
        output_format(output, "\n%" PRIu64 " entries found no room in this report\n",
                      names->beyond);
    }
    arena_dispose(&arena);
}
