/*
 * What all reports share. See report.h.
 */
#include "reports/report.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "reports/text.h"

static struct slice input_name(const struct origin *origin, const struct summary *summary)
{
    if (origin->input < summary->input_count) {
        return summary->inputs[origin->input].name;
    }
    return slice_of("");
}

static void row_json(struct json *json, const struct origin *origin)
{
    json_string(json, "server", origin->row->server);
    json_string(json, "database", origin->row->database);
    json_string(json, "table", origin->row->table);
    json_string(json, "key", origin->row->key);
}

void report_origin_json(struct json *json, const char *key, const struct origin *origin,
                        const struct summary *summary)
{
    json_object(json, key);
    if (origin->row) {
        row_json(json, origin);
    } else {
        json_string(json, "input", input_name(origin, summary));
        json_u64(json, "record", origin->record);
    }
    json_time(json, "time", origin->time);
    if (origin->offset > 0) {
        json_u64(json, "offset", origin->offset);
    }
    if (origin->stream > 0) {
        json_u64(json, "stream", origin->stream);
        json_u64(json, "stream_offset", origin->stream_offset);
    }
    json_end_object(json);
}

struct slice report_origin_text(const struct origin *origin, const struct summary *summary,
                                struct arena *arena)
{
    char number[24];
    if (origin->row) {
        return text_safe(origin->row->table, false, arena);
    }
    snprintf(number, sizeof number, "%" PRIu64, origin->record);
    if (summary->input_count < 2) {
        return arena_keep(arena, slice_of(number));
    }
    struct slice name = text_safe(input_name(origin, summary), false, arena);
    size_t digits = strlen(number);
    char *joined = arena_alloc(arena, name.size + 1 + digits);
    memcpy(joined, name.data, name.size);
    joined[name.size] = ':';
    memcpy(joined + name.size + 1, number, digits);
    return (struct slice){joined, name.size + 1 + digits};
}

static void skipped_text(struct output *output, const struct summary *summary)
{
    const char *between = " (";
    for (int reason = 0; reason < SKIP_REASONS; reason++) {
        if (summary->skipped[reason] > 0) {
            output_format(output, "%s%s %" PRIu64, between,
                          skip_reason_name((enum skip_reason)reason), summary->skipped[reason]);
            between = ", ";
        }
    }
    if (strcmp(between, ", ") == 0) {
        output_byte(output, ')');
    }
}

const char *report_coverage_words(enum coverage_verdict verdict)
{
    switch (verdict) {
    case COVERAGE_FULL:
        return "full: all SIP that was captured could be read";
    case COVERAGE_PARTIAL:
        return "partial: some of the traffic could not be read; see the coverage notes";
    case COVERAGE_NONE:
        break;
    }
    return "none: no SIP could be read, so nothing can be said about it";
}

void report_coverage_text(struct output *output, const struct report_style *style,
                          const struct summary *summary)
{
    const struct coverage_summary *coverage = &summary->coverage;
    output_text(output, "Coverage  ");
    text_paragraph(output, slice_of(report_coverage_words(coverage->verdict)), 10, 10,
                   style->columns);
    output_format(output, "\n          streams: %" PRIu64 " read", coverage->read);
    if (coverage->encrypted > 0) {
        output_format(output, ", %" PRIu64 " encrypted", coverage->encrypted);
    }
    if (coverage->compressed > 0) {
        output_format(output, ", %" PRIu64 " compressed", coverage->compressed);
    }
    if (coverage->gapped > 0) {
        output_format(output, ", %" PRIu64 " with gaps", coverage->gapped);
    }
    if (coverage->one_sided > 0) {
        output_format(output, ", %" PRIu64 " one-sided", coverage->one_sided);
    }
    uint64_t skipped = summary->packets - summary->decoded;
    output_format(output, "\n          packets: %" PRIu64 ", decoded %" PRIu64 ", skipped %" PRIu64,
                  summary->packets, summary->decoded, skipped);
    skipped_text(output, summary);
    output_byte(output, '\n');
    if (summary->partial) {
        output_text(output, "          interrupted: what follows is what was read until then\n");
    }
}

static bool needs_quotes(struct slice cell)
{
    for (size_t i = 0; i < cell.size; i++) {
        if (strchr(",\"\r\n", cell.data[i]) && cell.data[i] != '\0') {
            return true;
        }
    }
    return false;
}

/* What a spreadsheet would run as a formula. */
static bool is_formula(struct slice cell)
{
    return cell.size > 0 && cell.data[0] != '\0' && strchr("=+-@\t", cell.data[0]) != NULL;
}

void report_csv(struct output *output, struct slice cell, bool last)
{
    bool formula = is_formula(cell);
    bool quotes = formula || needs_quotes(cell);
    if (quotes) {
        output_byte(output, '"');
    }
    if (formula) {
        output_byte(output, '\'');
    }
    for (size_t i = 0; i < cell.size; i++) {
        if (cell.data[i] == '"') {
            output_byte(output, '"');
        }
        output_byte(output, cell.data[i]);
    }
    if (quotes) {
        output_byte(output, '"');
    }
    output_byte(output, last ? '\n' : ',');
}
