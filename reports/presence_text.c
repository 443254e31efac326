/*
 * Presence on a terminal. See presence_text.h.
 */
#include "reports/presence_text.h"

#include <inttypes.h>

#include "reports/presence_explain.h"
#include "reports/presence_watcher_write.h"
#include "reports/presence_words.h"
#include "reports/text.h"

static const char *source_words(enum presence_source source)
{
    return source == SOURCE_NONE ? "none left" : presence_source_name(source);
}

/* "publishes state 6500 (#8), computed; also possible: 7500-8999" */
static struct slice entry_remark(const struct presence_page *page,
                                 const struct presence_entry *entry, bool tell_source)
{
    struct arena *arena = page->arena;
    struct slice cause = text_safe(entry->cause, false, arena);
    struct slice packet = presence_words_packet(&entry->origin, page->summary, arena);
    struct slice also = presence_words_admitted(entry->admitted, entry->availability, arena);
    tell_source = tell_source && entry->source != SOURCE_NONE;
    const char *timed = entry->timed ? "no packet, last " : "";
    return text_format(arena, "%.*s%s(%s%.*s)%s%s%s%.*s", TEXT(cause), cause.size > 0 ? " " : "",
                       timed, TEXT(packet), tell_source ? ", " : "",
                       tell_source ? source_words(entry->source) : "", also.size > 0 ? "; " : "",
                       TEXT(also));
}

/* The state that was there already when the timeline begins. */
static struct slice begun_remark(const struct presence_page *page,
                                 const struct presence_entry *entry)
{
    struct slice since =
        presence_words_time(entry->since, entry->time, &page->style->zone, page->arena);
    struct slice rest = entry_remark(page, entry, true);
    return text_format(page->arena, "since %.*s: %.*s", TEXT(since), TEXT(rest));
}

static void entry_text(const struct presence_page *page, struct output *output,
                       const struct presence_entry *entry, size_t width, bool tell_source)
{
    struct arena *arena = page->arena;
    char time[CLOCK_TEXT];
    clock_of_day(entry->time, &page->style->zone, time);
    bool begun = entry->since != entry->time;
    struct presence_line line = {
        .indent = 2,
        .time = slice_sub(slice_of(time), 0, 12),
        .band = entry->band,
        .state = presence_words_state(entry->band, entry->availability, entry->activity, arena),
        .state_width = width,
        .remark = begun ? begun_remark(page, entry) : entry_remark(page, entry, tell_source),
    };
    presence_words_line(output, page->style, &line, arena);
}

static size_t state_width(const struct presence_person *person)
{
    size_t width = 0;
    struct arena scratch;
    arena_init(&scratch);
    for (size_t i = 0; i < person->count; i++) {
        const struct presence_entry *entry = &person->timeline[i];
        width = presence_words_column(width, presence_words_state(entry->band, entry->availability,
                                                                  entry->activity, &scratch));
        arena_reset(&scratch);
    }
    arena_dispose(&scratch);
    return width;
}

/* A line a change; dates only where they are not that of the heading. */
static void timeline_text(const struct presence_page *page, struct output *output,
                          const struct presence_person *person)
{
    struct arena scratch;
    struct presence_page inner = *page;
    struct slice day = presence_words_day(person->now.entry.time, &page->style->zone, page->arena);
    enum presence_source source = SOURCE_NONE;
    size_t width = state_width(person);
    arena_init(&scratch);
    inner.arena = &scratch;
    for (size_t i = 0; i < person->count; i++) {
        const struct presence_entry *entry = &person->timeline[i];
        struct slice today = presence_words_day(entry->time, &page->style->zone, &scratch);
        if (!slice_equal(today, day)) {
            output_format(output, "  %.*s\n", TEXT(today));
            day = arena_keep(page->arena, today);
        }
        entry_text(&inner, output, entry, width, entry->source != source);
        source = entry->source;
        arena_reset(&scratch);
    }
    arena_dispose(&scratch);
}

static void now_text(const struct presence_page *page, struct output *output,
                     const struct presence_entry *now)
{
    struct arena *arena = page->arena;
    struct slice value = presence_words_value(now->availability, now->activity, arena);
    size_t columns = page->style->columns;
    size_t at = 2 + text_width(slice_of(band_title(now->band)));
    output_text(output, "  ");
    output_text(output, presence_words_colour(page->style, now->band));
    output_text(output, band_title(now->band));
    output_text(output, presence_words_plain(page->style));
    if (now->time == TIME_NONE) {
        text_paragraph(output, slice_of(": the input says nothing about this user's presence"), at,
                       4, columns);
        output_byte(output, '\n');
        return;
    }
    char since[CLOCK_TEXT];
    clock_date(now->time, &page->style->zone, since);
    struct slice packet = report_origin_text(&now->origin, page->summary, arena);
    struct slice also = presence_words_admitted(now->admitted, now->availability, arena);
    struct slice state = text_format(arena, "%s%.*s%s since %s", value.size > 0 ? " (" : "",
                                     TEXT(value), value.size > 0 ? ")" : "", since);
    struct slice source =
        text_format(arena, "source: %s, packet %.*s%s%.*s", source_words(now->source), TEXT(packet),
                    also.size > 0 ? "; " : "", TEXT(also));
    text_paragraph(output, state, at, 4, columns);
    output_text(output, "\n  ");
    text_paragraph(output, source, 2, 10, columns);
    output_byte(output, '\n');
}

/* Mentioned, and nothing else: watchers, most of them. */
static bool is_blank(const struct presence_page *page, const struct presence_person *person)
{
    return person->now.entry.time == TIME_NONE && !page->watcher &&
           (!page->model->query.explain || presence_explain_is_empty(person->explain));
}

static void person_text(const struct presence_page *page, struct output *output,
                        const struct presence_person *person)
{
    const struct presence_query *query = &page->model->query;
    struct slice user = text_safe(person->user, false, page->arena);
    output_write(output, text_fit_middle(user, page->style->columns, page->arena));
    output_byte(output, '\n');
    now_text(page, output, &person->now.entry);
    if (person->now.entry.time != TIME_NONE) {
        timeline_text(page, output, person);
    }
    if (query->explain && !is_blank(page, person)) {
        const struct explain_page explained = {page->style, page->summary, page->arena, false};
        presence_explain_text(person, &explained, output);
    }
    if (page->watcher) {
        const struct watcher_page shown = {page->style, page->summary, query->watcher,
                                           query->timeline, page->arena};
        watcher_write_text(presence_watcher_find(page->watcher, person->user), &shown, output);
    }
}

static void write_nobody(const struct presence_page *page, struct output *output)
{
    if (!page->watcher) {
        output_text(output, "\nNo user was found.\n");
        return;
    }
    size_t columns = page->style->columns;
    struct slice watcher = text_safe(page->model->query.watcher, false, page->arena);
    watcher = text_fit_middle(watcher, columns, page->arena);
    output_byte(output, '\n');
    text_paragraph(output,
                   text_format(page->arena, "%.*s was told nothing in this input.", TEXT(watcher)),
                   0, 2, columns);
    output_byte(output, '\n');
}

static size_t count_blank(const struct presence_page *page)
{
    size_t count = 0;
    for (size_t i = 0; i < page->count; i++) {
        count += is_blank(page, page->people[i]);
    }
    return count;
}

/* One paragraph for all of them. */
static void blanks_text(const struct presence_page *page, struct output *output)
{
    size_t columns = page->style->columns;
    size_t at = columns;
    const char *between = "";
    struct arena scratch;
    arena_init(&scratch);
    output_text(output, "\n");
    text_paragraph(output, slice_of("Unknown: the input says nothing about the presence of"), 0, 2,
                   columns);
    for (size_t i = 0; i < page->count; i++) {
        if (is_blank(page, page->people[i])) {
            struct slice user = text_safe(page->people[i]->user, false, &scratch);
            user = text_fit_middle(user, columns > 3 ? columns - 3 : 1, &scratch);
            bool breaks = at + text_width(user) + 3 > columns;
            output_text(output, between);
            output_text(output, breaks ? "\n  " : " ");
            output_write(output, user);
            at = (breaks ? 2 : at + 1) + text_width(user) + 1;
            between = ",";
            arena_reset(&scratch);
        }
    }
    output_byte(output, '\n');
    arena_dispose(&scratch);
}

void presence_text_write(const struct presence_page *page, struct output *output)
{
    report_coverage_text(output, page->style, page->summary);
    size_t blanks = count_blank(page);
    for (size_t i = 0; i < page->count; i++) {
        if (blanks < 2 || !is_blank(page, page->people[i])) {
            output_byte(output, '\n');
            presence_model_load(page->model, page->people[i]);
            person_text(page, output, page->people[i]);
            presence_model_unload(page->people[i]);
        }
    }
    if (blanks > 1) {
        blanks_text(page, output);
    }
    if (page->count == 0) {
        write_nobody(page, output);
    }
    uint64_t beyond = presence_page_beyond(page);
    if (beyond > 0) {
        output_format(output, "\n%" PRIu64 " change%s found no room in this report\n", beyond,
                      text_plural(beyond));
    }
}
