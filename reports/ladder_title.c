/*
 * The head of a drawn ladder. See ladder_title.h.
 */
#include "reports/ladder_title.h"

#include <inttypes.h>
#include <string.h>

#include "reports/canvas_fit.h"
#include "reports/drawing.h"
#include "reports/ladder_layout.h"
#include "reports/text.h"

enum { LINE = 11, FIRST_LINE = 15, GAP = 9, LETTER = 13, OPTION_LINES = 3, LONGEST_OPTIONS = 2000 };

/* The head while it is made. */
struct maker {
    struct ladder_title *title;
    struct canvas *canvas;
    struct arena *arena;
    double left;
    double right;
    double y; /* base line of the next line */
};

static void add(struct maker *maker, struct ladder_words words)
{
    if (maker->title->count < LADDER_TITLE_TEXTS) {
        maker->title->texts[maker->title->count++] = words;
    }
}

static void add_line(struct maker *maker, struct slice text, uint32_t colour)
{
    add(maker,
        (struct ladder_words){maker->left, maker->y, text, ladder_text_font, CANVAS_LEFT, colour});
    maker->y += LINE;
}

/* The name, and to the right of it the tool. */
static void add_name(struct maker *maker, const struct report_style *style)
{
    struct slice tool = text_format(maker->arena, "ocsight %s", style->version);
    double room =
        maker->right - maker->left - canvas_width(maker->canvas, tool, ladder_small_font) - 16;
    struct slice name =
        canvas_fit(maker->canvas, maker->title->name, ladder_title_font, room, true, maker->arena);
    add(maker, (struct ladder_words){maker->left, maker->y, name, ladder_title_font, CANVAS_LEFT,
                                     DRAWING_BLACK});
    add(maker, (struct ladder_words){maker->right, maker->y, tool, ladder_small_font, CANVAS_RIGHT,
                                     DRAWING_GREY});
    maker->y += FIRST_LINE;
}

/* Only how the drawing looks and where it goes; the others decide what is on it. */
static bool is_about_looks(const char *name)
{
    static const char *const names[] = {"appendix", "ascii", "format",  "hash",  "output", "paper",
                                        "quiet",    "scale", "threads", "title", "width"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(name, names[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* Values may be names of people: those are left out where the others are pseudonyms. A switch has
 * none. */
static struct slice options_text(const struct report_style *style, struct arena *arena)
{
    struct slice text = slice_of("");
    for (size_t i = 0; i < style->option_count && text.size < LONGEST_OPTIONS; i++) {
        const struct report_option *option = &style->options[i];
        bool told = option->value && !style->redacted && strcmp(option->value, "true") != 0;
        const char *value = told ? option->value : "";
        if (!is_about_looks(option->name)) {
            struct slice shown = text_brief(slice_of(value), 120, arena);
            text = text_format(arena, "%.*s%s--%s%s%.*s", TEXT(text), text.size > 0 ? "  " : "",
                               option->name, shown.size > 0 ? " " : "", TEXT(shown));
        }
    }
    return text;
}

/* Wrapped; what a few lines do not hold ends in an ellipsis. */
static void add_options(struct maker *maker, const struct report_style *style)
{
    struct slice rest = options_text(style, maker->arena);
    double room = maker->right - maker->left;
    if (rest.size > 0) {
        rest = text_format(maker->arena, "options: %.*s", TEXT(rest));
    }
    for (int i = 0; i < OPTION_LINES && rest.size > 0; i++) {
        struct slice line = rest;
        if (i + 1 < OPTION_LINES) {
            line = canvas_wrap(maker->canvas, rest, ladder_text_font, room, &rest);
        }
        line = canvas_fit(maker->canvas, line, ladder_text_font, room, false, maker->arena);
        add_line(maker, line, DRAWING_DARK);
    }
}

static struct slice input_facts(const struct input_info *input, struct arena *arena)
{
    struct slice text = slice_of(input->failed ? "could not be read" : input->kind);
    if (input->size > 0) {
        text = text_format(arena, "%.*s, %" PRIu64 " bytes", TEXT(text), input->size);
    }
    if (input->records > 0) {
        const char *what = input->is_export ? "line" : "packet";
        text = text_format(arena, "%.*s, %" PRIu64 " %s%s", TEXT(text), input->records, what,
                           text_plural(input->records));
    }
    return input->truncated ? text_format(arena, "%.*s, truncated", TEXT(text)) : text;
}

size_t ladder_title_input(struct ladder_words texts[static LADDER_INPUT_TEXTS],
                          const struct summary *summary, size_t input, struct canvas *canvas,
                          double left, double right, double y, struct arena *arena)
{
    const struct input_info *info = &summary->inputs[input];
    size_t count = 0;
    if (summary->input_count > 1) {
        texts[count++] = (struct ladder_words){
            left, y, ladder_letter_text(input, arena), ladder_bold_font, CANVAS_LEFT, DRAWING_DARK};
        left += input < 26 ? LETTER : 2 * LETTER;
    }
    if (info->sha256[0] != '\0') {
        struct slice digest = slice_of(info->sha256);
        texts[count++] =
            (struct ladder_words){right, y, digest, ladder_mono_font, CANVAS_RIGHT, DRAWING_GREY};
        right -= canvas_width(canvas, digest, ladder_mono_font);
        struct slice label = slice_of("SHA-256");
        texts[count++] = (struct ladder_words){right - 4,    y,           label, ladder_small_font,
                                               CANVAS_RIGHT, DRAWING_GREY};
        right -= 4 + canvas_width(canvas, label, ladder_small_font) + 10;
    }
    struct slice name = text_brief(drawing_base_name(info->name), 120, arena);
    name = text_format(arena, "%.*s  (%.*s)", TEXT(name), TEXT(input_facts(info, arena)));
    name = canvas_fit(canvas, name, ladder_text_font, right - left, true, arena);
    texts[count++] =
        (struct ladder_words){left, y, name, ladder_text_font, CANVAS_LEFT, DRAWING_DARK};
    return count;
}

static void add_inputs(struct maker *maker, const struct summary *summary)
{
    size_t shown = summary->input_count;
    if (shown == 0 || (shown == 1 && summary->inputs[0].sha256[0] == '\0')) {
        return; /* its name is above */
    }
    if (shown > LADDER_TITLE_INPUTS) {
        add_line(maker,
                 text_format(maker->arena, "%zu inputs, listed at the end", summary->input_count),
                 DRAWING_DARK);
        return;
    }
    for (size_t i = 0; i < shown; i++) {
        struct ladder_words texts[LADDER_INPUT_TEXTS];
        size_t count = ladder_title_input(texts, summary, i, maker->canvas, maker->left,
                                          maker->right, maker->y, maker->arena);
        for (size_t k = 0; k < count; k++) {
            add(maker, texts[k]);
        }
        maker->y += LINE;
    }
}

/* The heading that all ways of drawing share, without the letters of inputs: those have lines. */
static void add_heading(struct maker *maker, const struct ladder_model *model,
                        const struct summary *summary, const struct report_style *style)
{
    struct summary without = *summary;
    struct ladder_heading heading;
    double room = maker->right - maker->left;
    without.input_count = without.input_count > 1 ? 1 : without.input_count;
    ladder_heading_make(&heading, model, &without, style, "", maker->arena);
    for (size_t i = 0; i < heading.count; i++) {
        add_line(maker,
                 canvas_fit(maker->canvas, heading.lines[i], ladder_text_font, room, false,
                            maker->arena),
                 DRAWING_DARK);
    }
    maker->title->subject = heading.count > 0 ? heading.lines[0] : slice_of("");
}

void ladder_title_make(struct ladder_title *title, const struct ladder_model *model,
                       const struct summary *summary, const struct report_style *style,
                       const char *given, struct canvas *canvas, double top, double left,
                       double right, struct arena *arena)
{
    *title = (struct ladder_title){.name = drawing_title(summary, given, "ladder", arena)};
    struct maker maker = {title, canvas, arena, left, right, top + 11};
    add_name(&maker, style);
    add_heading(&maker, model, summary, style);
    add_inputs(&maker, summary);
    add_options(&maker, style);
    title->height = maker.y - LINE - top + GAP;
}
