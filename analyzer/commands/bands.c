/*
 * `ocsight bands`: the availability bands with their exact edges, and the
 * activity tokens.
 */
#include <stdio.h>

#include "analyzer/commands/run.h"
#include "analyzer/engine/bands.h"
#include "reports/json.h"
#include "reports/text.h"

static void band_json(struct json *json, const struct band_row *row)
{
    json_object(json, NULL);
    json_text(json, "band", row->name);
    json_text(json, "title", row->title);
    if (row->band == BAND_UNKNOWN) {
        json_null(json, "low");
        json_null(json, "high");
    } else {
        json_u64(json, "low", row->low);
        if (row->high == UINT32_MAX) {
            json_null(json, "high");
        } else {
            json_u64(json, "high", row->high);
        }
    }
    if (row->usual > 0) {
        json_u64(json, "usual", row->usual);
    } else {
        json_null(json, "usual");
    }
    json_text(json, "source", row->source);
    json_end_object(json);
}

static void bands_json(struct output *output)
{
    struct json json;
    size_t count = 0;
    const struct token_row *tokens = token_rows(&count);
    json_init(&json, output, true);
    json_object(&json, NULL);
    json_text(&json, "schema", "ocsight.bands/1");
    json_array(&json, "bands");
    for (int band = 0; band < BANDS; band++) {
        band_json(&json, &band_rows()[band]);
    }
    json_end_array(&json);
    json_array(&json, "tokens");
    for (size_t i = 0; i < count; i++) {
        json_object(&json, NULL);
        json_text(&json, "token", tokens[i].token);
        json_text(&json, "meaning", tokens[i].meaning);
        json_text(&json, "band", band_name(tokens[i].band));
        json_text(&json, "source", tokens[i].source);
        json_end_object(&json);
    }
    json_end_array(&json);
    json_end_object(&json);
    json_end_line(&json);
}

static void range_text(const struct band_row *row, char *out, size_t size)
{
    if (row->band == BAND_UNKNOWN) {
        snprintf(out, size, "-");
    } else if (row->high == UINT32_MAX) {
        snprintf(out, size, "%u and up", row->low);
    } else {
        snprintf(out, size, "%u - %u", row->low, row->high);
    }
}

static void bands_text(struct output *output)
{
    size_t count = 0;
    const struct token_row *tokens = token_rows(&count);
    output_text(output, "Band            Availability    Usual  Shown as\n");
    for (int band = 0; band < BANDS; band++) {
        const struct band_row *row = &band_rows()[band];
        char range[32];
        char usual[16] = "-";
        range_text(row, range, sizeof range);
        if (row->usual > 0) {
            snprintf(usual, sizeof usual, "%u", row->usual);
        }
        output_format(output, "%-15s %-15s %5s  %s\n", row->name, range, usual, row->title);
    }
    output_text(output,
                "\nA band belongs to the whole range; 18000 itself is offline. Below 3000 the\n"
                "sources disagree, so it is a band of its own. 'unknown' means that the input\n"
                "says nothing about the user.\n\n"
                "Activity token             Usual band      Meaning\n");
    for (size_t i = 0; i < count; i++) {
        output_format(output, "%-26s %-15s %s\n", tokens[i].token, band_name(tokens[i].band),
                      tokens[i].meaning);
    }
}

enum exit_status command_bands(const struct options *options)
{
    if (options->word_count > 0) {
        return run_usage("bands", "this command takes no arguments");
    }
    struct report_style style;
    if (!run_style(&style, "bands", options, 1U << REPORT_TEXT | 1U << REPORT_JSON)) {
        return EXIT_USAGE;
    }
    struct output *output = output_open(options->output);
    if (style.format == REPORT_JSON) {
        bands_json(output);
    } else {
        bands_text(output);
    }
    char problem[256];
    if (!output_close(output, true, problem, sizeof problem)) {
        fprintf(stderr, "ocsight: %s\n", problem);
        return EXIT_OUTPUT;
    }
    return EXIT_DONE;
}
