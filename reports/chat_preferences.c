/*
 * Preference documents. See chat_preferences.h.
 */
#include "reports/chat_preferences.h"

#include <inttypes.h>
#include <stdlib.h>

#include "reports/text.h"

enum { PLAIN_SHOWN = 4096 }; /* bytes of a document that are kept */

struct preference_row {
    struct slice user;
    struct slice epid;
    struct slice label;
    struct slice number;
    struct slice plain;
    size_t size; /* of all of it, as far as it was unpacked */
    enum preference_coding coding;
    bool cut;
    const char *what; /* "asked for" ... */
    struct origin origin;
};

void preference_rows_init(struct preference_rows *preferences, const struct limits *limits)
{
    *preferences = (struct preference_rows){.limit = limits->report_rows};
    arena_init(&preferences->arena);
}

void preference_rows_dispose(struct preference_rows *preferences)
{
    free(preferences->rows);
    arena_dispose(&preferences->arena);
}

/* ---- taking ---- */

static const char *what_of(const struct chat_fact *chat)
{
    if (chat->class != CHAT_COMMAND) {
        return "given";
    }
    return chat->verb == CHAT_SETPREF ? "stored" : "asked for";
}

static struct preference_row *add_row(struct preference_rows *preferences)
{
    if (preferences->count >= preferences->limit) {
        preferences->beyond++;
        return NULL;
    }
    if (preferences->count == preferences->capacity) {
        preferences->capacity = preferences->capacity > 0 ? preferences->capacity * 2 : 16;
        preferences->rows =
            memory_grow(preferences->rows, preferences->capacity, sizeof *preferences->rows);
    }
    return &preferences->rows[preferences->count++];
}

void preference_rows_take(struct preference_rows *preferences, const struct event *event)
{
    if (event->kind != EVENT_CHAT || !event->message) {
        return;
    }
    const struct chat_fact *chat = &event->as.chat;
    bool client = chat->class == CHAT_COMMAND;
    const struct sip_party *party = client ? &event->message->from : &event->message->to;
    struct arena *arena = &preferences->arena;
    for (size_t i = 0; i < chat->preference_count; i++) {
        const struct chat_preference *preference = &chat->preferences[i];
        struct preference_row *row = add_row(preferences);
        if (row) {
            *row = (struct preference_row){
                .user = arena_keep(arena, party->user),
                .epid = arena_keep(arena, party->epid),
                .label = arena_keep(arena, preference->label),
                .number = arena_keep(arena, preference->number),
                .plain = arena_keep(arena, slice_sub(preference->plain, 0, PLAIN_SHOWN)),
                .size = preference->plain.size,
                .coding = preference->coding,
                .cut = preference->cut,
                .what = what_of(chat),
                .origin = event->origin,
            };
            row->origin.row = NULL;
        }
    }
}

/* ---- writing ---- */

static bool is_of(const struct preference_row *row, struct slice user, struct slice epid)
{
    return (user.size == 0 || slice_matches(user, row->user)) &&
           (epid.size == 0 || slice_equal(epid, row->epid));
}

void preference_rows_json(const struct preference_rows *preferences, struct json *json,
                          struct slice user, struct slice epid, const struct summary *summary)
{
    json_array(json, "preferences");
    for (size_t i = 0; i < preferences->count; i++) {
        const struct preference_row *row = &preferences->rows[i];
        if (!is_of(row, user, epid)) {
            continue;
        }
        json_object(json, NULL);
        json_string(json, "user", row->user);
        json_optional(json, "epid", row->epid);
        json_string(json, "label", row->label);
        json_string(json, "number", row->number);
        json_text(json, "what", row->what);
        json_text(json, "coding", preference_coding_name(row->coding));
        json_u64(json, "bytes", row->size);
        json_bool(json, "cut", row->cut || row->plain.size < row->size);
        json_string(json, "plain", row->plain);
        report_origin_json(json, "origin", &row->origin, summary);
        json_end_object(json);
    }
    json_end_array(json);
}

/* "stored as 72 (gzip, 58 bytes)" */
static struct slice state_text(const struct preference_row *row, struct arena *arena)
{
    struct slice number = text_safe(row->number, false, arena);
    const char *coding = preference_coding_name(row->coding);
    if (row->coding == PREFERENCE_NONE || row->coding == PREFERENCE_NOT_BASE64) {
        return text_format(arena, "%s%s%.*s%s%s", row->what, number.size > 0 ? " as " : "",
                           TEXT(number), row->coding == PREFERENCE_NONE ? "" : ", ",
                           row->coding == PREFERENCE_NONE ? "" : coding);
    }
    return text_format(arena, "%s%s%.*s (%s, %zu byte%s%s)", row->what,
                       number.size > 0 ? " as " : "", TEXT(number), coding, row->size,
                       text_plural(row->size), row->cut ? ", cut short" : "");
}

static void row_text(const struct preference_row *row, struct output *output, struct arena *arena,
                     const struct report_style *style, const struct summary *summary)
{
    struct slice label = text_safe(row->label, false, arena);
    struct slice place = report_origin_text(&row->origin, summary, arena);
    struct slice state = state_text(row, arena);
    output_text(output, "\n  ");
    output_write(output,
                 text_fit_middle(text_safe(row->user, false, arena), style->columns - 2, arena));
    output_text(output, "\n    ");
    text_paragraph(output,
                   text_format(arena, "%.*s %.*s  #%.*s", TEXT(label), TEXT(state), TEXT(place)), 4,
                   6, style->columns);
    output_byte(output, '\n');
    if (row->plain.size > 0) {
        output_text(output, "      ");
        output_write(output, text_brief(row->plain, style->columns - 6, arena));
        output_byte(output, '\n');
    }
}

void preference_rows_text(const struct preference_rows *preferences, struct output *output,
                          struct slice user, struct slice epid, const struct report_style *style,
                          const struct summary *summary)
{
    struct arena arena;
    bool titled = false;
    arena_init(&arena);
    for (size_t i = 0; i < preferences->count; i++) {
        if (is_of(&preferences->rows[i], user, epid)) {
            if (!titled) {
                output_text(output, "\nPreferences\n");
            }
            titled = true;
            row_text(&preferences->rows[i], output, &arena, style, summary);
            arena_reset(&arena);
        }
    }
    if (preferences->beyond > 0) {
        output_format(output, "\n%" PRIu64 " preferences found no room in this report\n",
                      preferences->beyond);
    }
    arena_dispose(&arena);
}
