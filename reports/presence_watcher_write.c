/*
 * A watcher's view of a user, written. See presence_watcher_write.h.
 */
#include "reports/presence_watcher_write.h"

#include <inttypes.h>

#include "analyzer/engine/buffer.h"
#include "reports/presence_words.h"
#include "reports/text.h"

enum { SENTENCE = 1024, CONTAINERS = 6 };

/* clang-format off */
static const struct { unsigned bit; const char *name; } containers[CONTAINERS] = {
    {SERVED_100, "100"}, {SERVED_200,   "200"},   {SERVED_300,   "300"},
    {SERVED_400, "400"}, {SERVED_32000, "32000"}, {SERVED_OTHER, "other"},
};
/* clang-format on */

/* ", from container 200 or 400", ", from any container but 32000"; nothing where it can be any.
 * Where unnamed containers are among them, those that are not say more. */
static struct slice served_words(const struct watcher_copy *copy, struct arena *arena)
{
    unsigned served = copy->served & SERVED_ANY;
    bool open = (served & SERVED_OTHER) != 0;
    unsigned named = open ? SERVED_ANY & ~served : served;
    if (named == 0) {
        return slice_of("");
    }
    struct buffer words;
    buffer_init(&words, SENTENCE);
    buffer_append_text(&words, open ? ", from any container but " : ", from container ");
    unsigned left = named;
    for (size_t i = 0; i < CONTAINERS; i++) {
        if (named & containers[i].bit) {
            bool first = left == named;
            left &= ~containers[i].bit;
            buffer_append_text(&words, first ? "" : left > 0 ? ", " : open ? " and " : " or ");
            buffer_append_text(&words, containers[i].name);
        }
    }
    return buffer_take(&words, arena);
}

static struct slice state_of(enum band band, int64_t availability, bool empty,
                             struct slice activity, struct arena *arena)
{
    return empty ? slice_of("nothing") : presence_words_state(band, availability, activity, arena);
}

/* ---- text ---- */

static struct slice copy_state(const struct watcher_copy *copy, struct arena *arena)
{
    return state_of(copy->band, copy->availability, copy->empty, copy->activity, arena);
}

/* "as it was (#32), from container 200 by the owner's list" */
static void copy_text(const struct watcher_copy *copy, size_t width,
                      const struct watcher_page *page, struct output *output)
{
    struct arena *arena = page->arena;
    struct slice packet = presence_words_packet(&copy->origin, page->summary, arena);
    struct slice served = served_words(copy, arena);
    char time[CLOCK_TEXT];
    clock_of_day(copy->time, &page->style->zone, time);
    struct presence_line line = {
        .indent = 4,
        .time = slice_sub(slice_of(time), 0, 12),
        .band = copy->empty ? BAND_UNKNOWN : copy->band,
        .state = copy_state(copy, arena),
        .state_width = width,
        .remark = text_format(arena, "%s (%.*s)%s%.*s%s", copy_judgement_words(copy->judgement),
                              TEXT(packet), copy->polled ? ", polled" : "", TEXT(served),
                              copy->member ? " by the owner's list" : ""),
    };
    presence_words_line(output, page->style, &line, arena);
}

static void difference_text(const struct watcher_difference *difference, int64_t last,
                            const struct watcher_page *page, struct output *output)
{
    struct arena *arena = page->arena;
    const struct clock_zone *zone = &page->style->zone;
    struct slice from = presence_words_time(difference->from, last, zone, arena);
    struct slice to = slice_of("the end");
    struct slice lasts = slice_of("");
    if (difference->to != TIME_NONE) {
        char duration[CLOCK_TEXT];
        clock_duration(difference->to - difference->from, duration);
        to = presence_words_time(difference->to, difference->from, zone, arena);
        lasts = text_format(arena, " (%s)", duration);
    }
    struct slice shown = state_of(difference->shown_band, difference->shown,
                                  difference->shown_band == BAND_UNKNOWN, slice_of(""), arena);
    struct slice was = state_of(difference->was_band, difference->was, false, slice_of(""), arena);
    struct slice words = text_format(arena, "%.*s to %.*s%.*s: shown %.*s, was %.*s", TEXT(from),
                                     TEXT(to), TEXT(lasts), TEXT(shown), TEXT(was));
    output_text(output, "    ");
    text_left(output, slice_of(difference->stale ? "stale" : "different"), 11);
    text_paragraph(output, words, 15, 15, page->style->columns);
    output_byte(output, '\n');
}

/* What a notification takes to arrive is no difference that anybody asks about. */
static bool is_short(const struct watcher_difference *difference)
{
    return difference->to != TIME_NONE && difference->to - difference->from < TIME_SECOND;
}

static void short_text(const char *label, size_t count, bool more, struct output *output)
{
    if (count > 0) {
        output_text(output, "    ");
        text_left(output, slice_of(label), 11);
        output_format(output, "%zu %stime%s for less than a second\n", count, more ? "more " : "",
                      text_plural(count));
    }
}

static void differences_text(const struct watcher_pair *pair, const struct watcher_page *page,
                             struct output *output)
{
    size_t count = 0;
    size_t brief[2] = {0, 0}; /* told wrongly, stale */
    size_t listed[2] = {0, 0};
    const struct watcher_difference *differences = watcher_pair_differences(pair, &count);
    for (size_t i = 0; i < count; i++) {
        if (is_short(&differences[i])) {
            brief[differences[i].stale]++;
        } else {
            difference_text(&differences[i], watcher_pair_last(pair)->time, page, output);
            listed[differences[i].stale]++;
        }
    }
    short_text("stale", brief[true], listed[true] > 0, output);
    short_text("different", brief[false], listed[false] > 0, output);
}

void watcher_write_text(const struct watcher_pair *pair, const struct watcher_page *page,
                        struct output *output)
{
    size_t room = page->style->columns > 40 ? page->style->columns - 14 : 26;
    output_text(output, "  ");
    output_write(output,
                 text_fit_middle(text_safe(page->watcher, false, page->arena), room, page->arena));
    if (!pair) {
        output_text(output, " was told nothing about this user\n");
        return;
    }
    output_text(output, " was told\n");
    size_t count = 0;
    const struct watcher_copy *copies = watcher_pair_copies(pair, &count);
    copies = count > 0 ? copies : watcher_pair_last(pair);
    count = count > 0 ? count : 1;
    size_t width = 0;
    for (size_t i = 0; i < count; i++) {
        width = presence_words_column(width, copy_state(&copies[i], page->arena));
    }
    for (size_t i = 0; i < count; i++) {
        copy_text(&copies[i], width, page, output);
    }
    differences_text(pair, page, output);
}

/* ---- JSON ---- */

static void copy_json(struct json *json, const char *key, const struct watcher_copy *copy,
                      const struct watcher_page *page)
{
    json_object(json, key);
    json_time(json, "time", copy->time);
    json_text(json, "band", copy->empty ? NULL : band_name(copy->band));
    presence_words_availability_json(json, "availability", copy->availability);
    json_optional(json, "activity", copy->activity);
    json_text(json, "mode", copy->polled ? "polled" : "standing");
    json_array(json, "served");
    for (size_t i = 0; i < CONTAINERS; i++) {
        if (copy->served & containers[i].bit) {
            json_text(json, NULL, containers[i].name);
        }
    }
    json_end_array(json);
    json_bool(json, "member", copy->member);
    json_text(json, "judgement", copy_judgement_name(copy->judgement));
    report_origin_json(json, "origin", &copy->origin, page->summary);
    json_end_object(json);
}

static void difference_json(struct json *json, const struct watcher_difference *difference)
{
    bool nothing = difference->shown_band == BAND_UNKNOWN;
    json_object(json, NULL);
    json_text(json, "kind", difference->stale ? "stale" : "different");
    json_time(json, "from", difference->from);
    json_time(json, "to", difference->to);
    json_text(json, "shown", nothing ? NULL : band_name(difference->shown_band));
    presence_words_availability_json(json, "shown_availability", difference->shown);
    json_text(json, "was", band_name(difference->was_band));
    presence_words_availability_json(json, "was_availability", difference->was);
    json_end_object(json);
}

void watcher_write_json(const struct watcher_pair *pair, const struct watcher_page *page,
                        struct json *json)
{
    size_t count = 0;
    json_object(json, "watcher");
    json_string(json, "watcher", page->watcher);
    if (!pair) {
        json_null(json, "told");
        json_end_object(json);
        return;
    }
    copy_json(json, "told", watcher_pair_last(pair), page);
    if (page->timeline) {
        const struct watcher_copy *copies = watcher_pair_copies(pair, &count);
        json_array(json, "copies");
        for (size_t i = 0; i < count; i++) {
            copy_json(json, NULL, &copies[i], page);
        }
        json_end_array(json);
    }
    const struct watcher_difference *differences = watcher_pair_differences(pair, &count);
    json_array(json, "differences");
    for (size_t i = 0; i < count; i++) {
        difference_json(json, &differences[i]);
    }
    json_end_array(json);
    json_end_object(json);
}

/* ---- CSV: copies and differences in one table ---- */

void watcher_write_csv_head(struct output *output)
{
    output_text(output, "user,row,time,until,band,availability,activity,was,mode,containers,"
                        "judgement,packet\n");
}

static void number_csv(struct output *output, int64_t availability)
{
    if (availability != AVAILABILITY_NONE) {
        output_format(output, "%" PRId64, availability);
    }
    output_byte(output, ',');
}

static void copy_csv(struct slice user, const struct watcher_copy *copy,
                     const struct watcher_page *page, struct output *output)
{
    char time[CLOCK_TEXT];
    clock_iso(copy->time, time);
    report_csv(output, user, false);
    output_format(output, "copy,%s,,%s,", time, copy->empty ? "" : band_name(copy->band));
    number_csv(output, copy->availability);
    report_csv(output, copy->activity, false);
    output_format(output, ",%s,", copy->polled ? "polled" : "standing");
    const char *between = "";
    for (size_t i = 0; i < CONTAINERS; i++) {
        if (copy->served & containers[i].bit) {
            output_format(output, "%s%s", between, containers[i].name);
            between = " ";
        }
    }
    output_format(output, ",%s,", copy_judgement_name(copy->judgement));
    report_csv(output, report_origin_text(&copy->origin, page->summary, page->arena), true);
}

static void difference_csv(struct slice user, const struct watcher_difference *difference,
                           struct output *output)
{
    char from[CLOCK_TEXT];
    char to[CLOCK_TEXT];
    clock_iso(difference->from, from);
    clock_iso(difference->to, to);
    report_csv(output, user, false);
    output_format(output, "%s,%s,%s,%s,", difference->stale ? "stale" : "different", from, to,
                  difference->shown_band == BAND_UNKNOWN ? "" : band_name(difference->shown_band));
    number_csv(output, difference->shown);
    output_format(output, ",%s,,,,\n", band_name(difference->was_band));
}

void watcher_write_csv(struct slice user, const struct watcher_pair *pair,
                       const struct watcher_page *page, struct output *output)
{
    size_t count = 0;
    if (!pair) {
        return;
    }
    const struct watcher_copy *copies = watcher_pair_copies(pair, &count);
    for (size_t i = 0; i < count; i++) {
        copy_csv(user, &copies[i], page, output);
    }
    if (count == 0) {
        copy_csv(user, watcher_pair_last(pair), page, output);
    }
    const struct watcher_difference *differences = watcher_pair_differences(pair, &count);
    for (size_t i = 0; i < count; i++) {
        difference_csv(user, &differences[i], output);
    }
}
