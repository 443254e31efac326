/*
 * Presence as databases hold it, for people. See live_parts.h.
 */
#include <inttypes.h>

#include "analyzer/engine/buffer.h"
#include "reports/live_parts.h"
#include "reports/presence_words.h"
#include "reports/text.h"

enum {
    INDENT = 4,
    SENTENCE = 4096,
    PUBLISHED_MOST = 24 /* values of a container that are named */
};

/* ---- the head ---- */

static void head_line(const struct live_writing *writing, const char *label, struct slice words)
{
    text_left(writing->output, slice_of(label), 11);
    text_paragraph(writing->output, text_safe(words, false, writing->arena), 11, 11,
                   writing->style->columns);
    output_byte(writing->output, '\n');
}

static struct slice servers_words(const struct live_writing *writing)
{
    struct buffer words;
    const struct live_look *look = writing->look;
    buffer_init(&words, SENTENCE);
    for (size_t i = 0; i < look->server_count; i++) {
        buffer_append_text(&words, i > 0 ? ", " : "");
        buffer_append(&words, look->servers[i]);
    }
    return buffer_take(&words, writing->arena);
}

void live_text_begin(const struct live_writing *writing)
{
    const struct live_look *look = writing->look;
    char now[CLOCK_TEXT];
    clock_date(look->now, &writing->style->zone, now);
    head_line(writing, "Databases", servers_words(writing));
    head_line(writing, "",
              text_format(writing->arena,
                          "as of %s by %s; the servers' times are taken as UTC, and rows are "
                          "read while others write them",
                          now, look->clock));
    if (writing->style->redacted) {
        head_line(writing, "", slice_of(report_redacted_words()));
    }
    for (size_t i = 0; i < look->remark_count; i++) {
        head_line(writing, i == 0 ? "Remarks" : "", slice_of(look->remarks[i]));
    }
    for (size_t i = 0; i < look->absent_count; i++) {
        head_line(writing, i == 0 ? "Missing" : "", slice_of(look->absent[i]));
    }
    if (look->partial) {
        head_line(writing, "Partial",
                  slice_of("not everything could be read: what follows is not the whole"));
    }
}

/* ---- one user ---- */

static void line(const struct live_writing *writing, struct slice words)
{
    output_text(writing->output, "  ");
    text_paragraph(writing->output, words, 2, INDENT, writing->style->columns);
    output_byte(writing->output, '\n');
}

/* "" for a time that is not known. */
static void date_text(const struct live_writing *writing, int64_t time, char out[static CLOCK_TEXT])
{
    out[0] = '\0';
    if (time != TIME_NONE) {
        clock_date(time, &writing->style->zone, out);
    }
}

static void band_text(const struct live_writing *writing)
{
    const struct live_state *state = writing->state;
    struct arena *arena = writing->arena;
    struct slice value = presence_words_value(state->availability, state->activity, arena);
    char since[CLOCK_TEXT];
    date_text(writing, state->since, since);
    output_text(writing->output, "  ");
    output_text(writing->output, presence_words_colour(writing->style, state->band));
    output_text(writing->output, band_title(state->band));
    output_text(writing->output, presence_words_plain(writing->style));
    const char *nothing = writing->person->resource
                              ? ": the databases hold the address, and no presence of it"
                              : ": the databases say nothing about this user's presence";
    struct slice rest =
        text_format(arena, "%s%.*s%s%s%s%s%s", value.size > 0 ? " (" : "", TEXT(value),
                    value.size > 0 ? ")" : "", state->since != TIME_NONE ? " since " : "", since,
                    state->elsewhere ? ": not registered here" : "",
                    state->source == SOURCE_NONE ? nothing : "");
    size_t at = 2 + text_width(slice_of(band_title(state->band)));
    text_paragraph(writing->output, rest, at, INDENT, writing->style->columns);
    output_byte(writing->output, '\n');
}

/* One server is named in the head, and need not be with each row. */
static struct summary summary_of(const struct live_writing *writing, struct database_info *info)
{
    bool one = writing->look->server_count == 1;
    *info = (struct database_info){.name = one ? writing->look->servers[0] : slice_of("")};
    return (struct summary){.databases = info, .database_count = one};
}

static void source_text(const struct live_writing *writing)
{
    const struct live_state *state = writing->state;
    struct arena *arena = writing->arena;
    if (state->source == SOURCE_NONE) {
        return;
    }
    const struct admitted *admitted = state->admits ? &state->admitted : NULL;
    struct slice also = presence_words_admitted(admitted, state->availability, arena);
    struct slice row = slice_of("");
    if (writing->query->explain && state->origin.row) {
        struct database_info info;
        const struct summary summary = summary_of(writing, &info);
        row = report_origin_text(&state->origin, &summary, arena);
    }
    line(writing, text_format(arena, "source: %s%s%.*s%s%.*s", presence_source_name(state->source),
                              row.size > 0 ? ", row " : "", TEXT(row), also.size > 0 ? "; " : "",
                              TEXT(also)));
}

/* "fe01.contoso.example until 09:10:00.000, UCCAPI/15.0.4420.1017 ..." */
static void endpoint_text(const struct live_writing *writing, const struct live_endpoint *endpoint)
{
    struct arena *arena = writing->arena;
    char until[CLOCK_TEXT];
    date_text(writing, endpoint->expires, until);
    struct slice place = endpoint->front_end.size > 0 ? endpoint->front_end : endpoint->server;
    const char *tense = endpoint->over ? "; ran out " : "; until ";
    line(writing,
         text_format(arena, "registered at %.*s%s%.*s%s%s", TEXT(text_safe(place, false, arena)),
                     endpoint->agent.size > 0 ? " with " : "",
                     TEXT(text_safe(endpoint->agent, false, arena)), until[0] != '\0' ? tense : "",
                     until));
}

static void registrations_text(const struct live_writing *writing)
{
    const struct live_person *person = writing->person;
    for (size_t i = 0; i < person->endpoint_count; i++) {
        endpoint_text(writing, &person->endpoints[i]);
    }
    if (live_is_stale(person)) {
        line(writing, slice_of("published, but registered on none of the servers that were asked: "
                               "stale, or signed in elsewhere"));
    }
    if (person->disabled) {
        line(writing, slice_of("the directory says that this user is not enabled"));
    }
    if (person->last_register != TIME_NONE && !live_is_registered(person)) {
        char time[CLOCK_TEXT];
        clock_date(person->last_register, &writing->style->zone, time);
        line(writing, text_format(writing->arena, "last signed in %s", time));
    }
}

/* ---- what is published, container by container ---- */

/* "machineState 3500", "note Back at ten" */
static void add_value(struct buffer *words, const struct category_fact *fact, struct arena *arena)
{
    bool state = fact->has_value && fact->value.kind != STATE_NONE;
    buffer_append(words, state ? slice_of(state_kind_name(fact->value.kind))
                               : text_brief(fact->key.name, 32, arena));
    if (fact->has_value) {
        struct slice activity =
            fact->value.activity_count > 0 ? fact->value.activities[0].token : slice_of("");
        struct slice value = presence_words_value(fact->value.availability, activity, arena);
        buffer_append_text(words, " ");
        buffer_append(words, value.size > 0 ? value : slice_of("without a number"));
    } else if (live_text(fact).size > 0) {
        buffer_append_text(words, " ");
        buffer_append(words, text_brief(live_text(fact), 60, arena));
    }
}

static void container_text(const struct live_writing *writing, uint32_t container)
{
    const struct live_person *person = writing->person;
    struct buffer words;
    size_t count = 0;
    buffer_init(&words, SENTENCE);
    buffer_append_text(&words, "container ");
    buffer_append_u64(&words, container);
    for (size_t i = 0; i < person->event_count; i++) {
        const struct category_fact *fact = &person->events[i].as.category;
        if (fact->key.container == container && count++ < PUBLISHED_MOST) {
            buffer_append_text(&words, count == 1 ? ": " : "; ");
            add_value(&words, fact, writing->arena);
        }
    }
    if (count > PUBLISHED_MOST) {
        buffer_append_text(&words, "; and ");
        buffer_append_u64(&words, count - PUBLISHED_MOST);
        buffer_append_text(&words, " more");
    }
    line(writing, buffer_slice(&words));
    buffer_dispose(&words);
}

/* The lowest container above `last`; false when there is none. */
static bool next_container(const struct live_person *person, int64_t last, uint32_t *out)
{
    bool found = false;
    for (size_t i = 0; i < person->event_count; i++) {
        uint32_t container = person->events[i].as.category.key.container;
        if (container > last && (!found || container < *out)) {
            *out = container;
            found = true;
        }
    }
    return found;
}

static void published_text(const struct live_writing *writing)
{
    uint32_t container = 0;
    int64_t last = -1;
    while (next_container(writing->person, last, &container)) {
        container_text(writing, container);
        last = container;
    }
}

/* ---- rows that count less ---- */

static const char *note_words(enum live_note_kind kind)
{
    /* clang-format off */
    static const char *const words[LIVE_NOTE_KINDS] = {
        [LIVE_NO_ENDPOINT] = "its endpoint is registered on none of the servers that were asked",
        [LIVE_EXPIRED]     = "expired, so it does not count",
        [LIVE_OLDER]       = "another server has a newer one, so it does not count",
        [LIVE_DOUBLED]     = "came twice, and counts once",
        [LIVE_EMPTY]       = "holds no document",
        [LIVE_UNREADABLE]  = "is no well-formed XML, so it does not count",
        [LIVE_STATIC]      = "for when nobody is signed in, so it does not count",
        [LIVE_TOO_BIG]     = "exceeds what is read of one user, so it does not count",
    };
    /* clang-format on */
    return words[kind];
}

static void notes_text(const struct live_writing *writing)
{
    const struct live_person *person = writing->person;
    struct arena *arena = writing->arena;
    for (size_t i = 0; i < person->note_count; i++) {
        const struct live_note *note = &person->notes[i];
        struct slice name = note->key.name.size > 0 ? text_brief(note->key.name, 32, arena)
                                                    : slice_of("a document");
        struct slice row = slice_of("");
        if (writing->query->explain && note->origin.row) {
            struct database_info info;
            const struct summary summary = summary_of(writing, &info);
            row = report_origin_text(&note->origin, &summary, arena);
        }
        line(writing,
             text_format(arena, "note: %.*s in container %" PRIu32 ": %s%s%.*s%s", TEXT(name),
                         note->key.container, note_words(note->kind), row.size > 0 ? " (row " : "",
                         TEXT(row), row.size > 0 ? ")" : ""));
    }
}

void live_text_person(const struct live_writing *writing)
{
    struct arena *arena = writing->arena;
    struct slice user = text_safe(writing->person->user, false, arena);
    output_byte(writing->output, '\n');
    output_write(writing->output, text_fit_middle(user, writing->style->columns, arena));
    output_byte(writing->output, '\n');
    band_text(writing);
    source_text(writing);
    registrations_text(writing);
    published_text(writing);
    notes_text(writing);
    if (writing->explain && !presence_explain_is_empty(writing->explain)) {
        struct database_info info;
        const struct summary summary = summary_of(writing, &info);
        const struct explain_page page = {writing->style, &summary, arena, true};
        const struct presence_person person = {
            .user = user,
            .now.entry.time = writing->state->since,
            .explain = writing->explain,
        };
        presence_explain_text(&person, &page, writing->output);
    }
}

/* "09:00:05  ann@contoso.example  Busy 6500 (was Available 3500)" */
void live_text_change(const struct live_writing *writing, struct slice before)
{
    const struct live_state *state = writing->state;
    struct arena *arena = writing->arena;
    char time[CLOCK_TEXT];
    clock_of_day(writing->look->now, &writing->style->zone, time);
    struct slice now =
        presence_words_state(state->band, state->availability, state->activity, arena);
    output_format(writing->output, "%.8s  %.*s  %.*s%s%s%.*s%s\n", time,
                  TEXT(text_safe(writing->person->user, false, arena)), TEXT(now),
                  state->elsewhere                 ? ", not registered here"
                  : live_is_stale(writing->person) ? ", published but not registered"
                                                   : "",
                  before.size > 0 ? " (was " : "", TEXT(before), before.size > 0 ? ")" : "");
}
