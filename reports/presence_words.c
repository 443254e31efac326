/*
 * Presence in words. See presence_words.h.
 */
#include "reports/presence_words.h"

#include <inttypes.h>

#include "analyzer/engine/buffer.h"
#include "reports/text.h"

enum {
    WORDS = 4096,    /* bytes of one text that is put together here */
    TIME_WIDTH = 14, /* "10:00:00.000" and a gap */
    MIN_STATE = 16,  /* "Available 3500" and a gap */
    MAX_STATE = 28,  /* "Busy 6500, in-a-conference" and a gap */
};

static bool is_single(const struct availability_range *range, int64_t availability)
{
    return range->low == availability && range->high == availability;
}

bool presence_words_disagree(const struct admitted *admitted, int64_t availability)
{
    for (size_t i = 0; i < admitted->count && i < ADMITTED_RANGES; i++) {
        if (!is_single(&admitted->ranges[i], availability)) {
            return true;
        }
    }
    return false;
}

/* The last band has no end. */
static bool is_open(const struct availability_range *range)
{
    return range->high >= (int64_t)band_rows()[BAND_OFFLINE].high;
}

/* `endless` is what follows the number where the range has no end. */
static void append_range(struct buffer *buffer, const struct availability_range *range,
                         const char *endless)
{
    buffer_append_u64(buffer, (uint64_t)(range->low > 0 ? range->low : 0));
    if (is_open(range)) {
        buffer_append_text(buffer, endless);
    } else if (range->high > range->low) {
        buffer_append_text(buffer, "-");
        buffer_append_u64(buffer, (uint64_t)range->high);
    }
}

struct slice presence_words_admitted(const struct admitted *admitted, int64_t availability,
                                     struct arena *arena)
{
    size_t shown = 0;
    bool none = availability == AVAILABILITY_NONE;
    bool holds = false; /* a range that is shown holds the number itself */
    struct buffer ranges;
    buffer_init(&ranges, WORDS);
    for (size_t i = 0; admitted && i < admitted->count && i < ADMITTED_RANGES; i++) {
        const struct availability_range *range = &admitted->ranges[i];
        if (!is_single(range, availability)) {
            buffer_append_text(&ranges, shown++ > 0 ? " or " : "");
            append_range(&ranges, range, " and up");
            holds = holds || (availability >= range->low && availability <= range->high);
        }
    }
    const char *lead = none || holds ? "possible: " : "also possible: ";
    struct slice text = slice_of("");
    if (shown > 0) {
        text = text_format(arena, "%s%.*s", lead, TEXT(buffer_slice(&ranges)));
    }
    buffer_dispose(&ranges);
    return text;
}

struct slice presence_words_ranges(const struct admitted *admitted, int64_t availability,
                                   struct arena *arena)
{
    struct buffer buffer;
    if (!admitted || !presence_words_disagree(admitted, availability)) {
        return slice_of("");
    }
    buffer_init(&buffer, WORDS);
    for (size_t i = 0; i < admitted->count && i < ADMITTED_RANGES; i++) {
        buffer_append_text(&buffer, i > 0 ? " " : "");
        append_range(&buffer, &admitted->ranges[i], "-");
    }
    return buffer_take(&buffer, arena);
}

struct slice presence_words_value(int64_t availability, struct slice activity, struct arena *arena)
{
    struct slice token = text_safe(activity, false, arena);
    if (availability == AVAILABILITY_NONE) {
        return token;
    }
    if (token.size == 0) {
        return text_format(arena, "%" PRId64, availability);
    }
    return text_format(arena, "%" PRId64 ", %.*s", availability, TEXT(token));
}

struct slice presence_words_state(enum band band, int64_t availability, struct slice activity,
                                  struct arena *arena)
{
    struct slice value = presence_words_value(availability, activity, arena);
    return text_format(arena, "%s%s%.*s", band_title(band), value.size > 0 ? " " : "", TEXT(value));
}

struct slice presence_words_packet(const struct origin *origin, const struct summary *summary,
                                   struct arena *arena)
{
    struct slice text = report_origin_text(origin, summary, arena);
    return summary->input_count < 2 && !origin->row ? text_format(arena, "#%.*s", TEXT(text))
                                                    : text;
}

struct slice presence_words_day(int64_t time, const struct clock_zone *zone, struct arena *arena)
{
    char date[CLOCK_TEXT];
    clock_date(time, zone, date);
    date[time == TIME_NONE ? 0 : 10] = '\0';
    return arena_keep(arena, slice_of(date));
}

struct slice presence_words_time(int64_t time, int64_t reference, const struct clock_zone *zone,
                                 struct arena *arena)
{
    char date[CLOCK_TEXT];
    char other[CLOCK_TEXT];
    clock_date(time, zone, date);
    clock_date(reference, zone, other);
    bool same_day =
        time != TIME_NONE && reference != TIME_NONE &&
        slice_equal(slice_sub(slice_of(date), 0, 10), slice_sub(slice_of(other), 0, 10));
    return arena_keep(arena, slice_of(same_day ? date + 11 : date));
}

/* A colour-blind-safe choice (Okabe and Ito), nearest in the 256 colours of terminals. */
const char *presence_words_colour(const struct report_style *style, enum band band)
{
    if (!style->colour) {
        return "";
    }
    switch (band) {
    case BAND_AVAILABLE:
    case BAND_AVAILABLE_IDLE:
        return "\033[38;5;36m";
    case BAND_BUSY:
    case BAND_BUSY_IDLE:
    case BAND_DO_NOT_DISTURB:
        return "\033[38;5;166m";
    case BAND_BE_RIGHT_BACK:
    case BAND_AWAY:
        return "\033[38;5;178m";
    default:
        return "\033[38;5;245m";
    }
}

const char *presence_words_plain(const struct report_style *style)
{
    return style->colour ? "\033[0m" : "";
}

void presence_words_availability_json(struct json *json, const char *key, int64_t availability)
{
    if (availability == AVAILABILITY_NONE) {
        json_null(json, key);
    } else {
        json_i64(json, key, availability);
    }
}

void presence_words_admitted_json(struct json *json, const struct admitted *admitted,
                                  int64_t availability)
{
    if (!admitted || !presence_words_disagree(admitted, availability)) {
        json_null(json, "admitted");
        return;
    }
    json_array(json, "admitted");
    for (size_t i = 0; i < admitted->count && i < ADMITTED_RANGES; i++) {
        json_object(json, NULL);
        json_i64(json, "low", admitted->ranges[i].low);
        if (is_open(&admitted->ranges[i])) {
            json_null(json, "high");
        } else {
            json_i64(json, "high", admitted->ranges[i].high);
        }
        json_end_object(json);
    }
    json_end_array(json);
}

size_t presence_words_column(size_t width, struct slice state)
{
    size_t needed = text_width(state) + 2;
    width = width < MIN_STATE ? MIN_STATE : width;
    return needed <= width ? width : needed < MAX_STATE ? needed : MAX_STATE;
}

void presence_words_line(struct output *output, const struct report_style *style,
                         const struct presence_line *line, struct arena *arena)
{
    bool narrow = style->columns < PRESENCE_NARROW;
    size_t at = line->indent + TIME_WIDTH;
    size_t room = narrow ? style->columns - at : line->state_width - 1;
    struct slice state = text_fit(line->state, room, arena);
    size_t name = slice_starts(state, slice_of(band_title(line->band)))
                      ? slice_of(band_title(line->band)).size
                      : 0;
    output_repeat(output, ' ', line->indent);
    text_left(output, line->time, TIME_WIDTH);
    output_text(output, presence_words_colour(style, line->band));
    output_write(output, slice_sub(state, 0, name));
    output_text(output, presence_words_plain(style));
    if (narrow) {
        output_write(output, slice_from(state, name));
        output_byte(output, '\n');
        output_repeat(output, ' ', line->remark.size > 0 ? at : 0);
    } else {
        text_left(output, slice_from(state, name),
                  line->state_width - text_width(slice_sub(state, 0, name)));
        at += line->state_width;
    }
    if (!narrow || line->remark.size > 0) {
        text_paragraph(output, line->remark, at, at, style->columns);
        output_byte(output, '\n');
    }
}
