/*
 * What all reports share. See report.h.
 */
#include "reports/report.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "analyzer/engine/buffer.h"
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
    json_verbatim(json, "key", origin->row->key);
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

/* A file without line ends is one line: there the offset is what helps. */
static bool is_export(const struct origin *origin, const struct summary *summary)
{
    return origin->input < summary->input_count && summary->inputs[origin->input].is_export;
}

/* {"OwnerId": 1, "EndpointId": "0a"} as "OwnerId 1, EndpointId 0a": no value holds a quote. */
static struct slice key_text(struct slice key, struct arena *arena)
{
    char *out = arena_alloc(arena, key.size + 1);
    size_t size = 0;
    for (size_t i = 0; i < key.size; i++) {
        if (!strchr("{}\":", key.data[i]) || key.data[i] == '\0') {
            out[size++] = key.data[i];
        }
    }
    return text_safe((struct slice){out, size}, false, arena);
}

/* Does the reader know whose rows these are? */
static bool is_only_server(struct slice server, const struct summary *summary)
{
    return summary && summary->database_count == 1 &&
           slice_equal(summary->databases[0].name, server);
}

/* "rtcdyn.Endpoint EndpointId 5 on fe01\RTCLOCAL" */
static struct slice row_text(const struct origin_row *row, const struct summary *summary,
                             struct arena *arena)
{
    struct slice database = text_safe(row->database, false, arena);
    struct slice table = text_safe(row->table, false, arena);
    struct slice key = key_text(row->key, arena);
    struct slice server = text_safe(row->server, false, arena);
    bool known = is_only_server(row->server, summary);
    return text_format(arena, "%.*s.%.*s%s%.*s%s%.*s", TEXT(database), TEXT(table),
                       key.size > 0 ? " " : "", TEXT(key), known ? "" : " on ",
                       known ? 0 : (int)server.size, server.data);
}

struct slice report_origin_text(const struct origin *origin, const struct summary *summary,
                                struct arena *arena)
{
    char number[48];
    if (origin->row) {
        return row_text(origin->row, summary, arena);
    }
    snprintf(number, sizeof number, "%" PRIu64, origin->record);
    if (is_export(origin, summary)) {
        snprintf(number, sizeof number, "%" PRIu64 "+%" PRIu64, origin->record, origin->offset);
    }
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

static void add_count(struct buffer *buffer, const char *before, uint64_t count, const char *after)
{
    buffer_append_text(buffer, before);
    buffer_append_u64(buffer, count);
    buffer_append_text(buffer, after);
}

/* "streams: 5 read, 3 encrypted": what did not occur is left out. */
static void streams_words(struct buffer *buffer, const struct coverage_summary *coverage)
{
    const struct {
        uint64_t count;
        const char *words;
    } kinds[] = {
        {coverage->encrypted, " encrypted"},
        {coverage->compressed, " compressed"},
        {coverage->gapped, " with gaps"},
        {coverage->one_sided, " one-sided"},
    };
    add_count(buffer, "streams: ", coverage->read, " read");
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (kinds[i].count > 0) {
            add_count(buffer, ", ", kinds[i].count, kinds[i].words);
        }
    }
}

/* "packets: 815, decoded 812, skipped 3 (link 3)" */
static void packets_words(struct buffer *buffer, const struct summary *summary)
{
    const char *between = " (";
    add_count(buffer, "packets: ", summary->packets, "");
    add_count(buffer, ", decoded ", summary->decoded, "");
    add_count(buffer, ", skipped ", summary->packets - summary->decoded, "");
    for (int reason = 0; reason < SKIP_REASONS; reason++) {
        if (summary->skipped[reason] > 0) {
            buffer_append_text(buffer, between);
            buffer_append_text(buffer, skip_reason_name((enum skip_reason)reason));
            add_count(buffer, " ", summary->skipped[reason], "");
            between = ", ";
        }
    }
    if (strcmp(between, ", ") == 0) {
        buffer_append_byte(buffer, ')');
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

const char *report_redacted_words(void)
{
    return "Redacted: names, hosts, addresses and texts are pseudonyms, the same for the same one";
}

void report_redacted_json(struct json *json, const struct report_style *style)
{
    if (style->redacted) {
        json_bool(json, "redacted", true);
    }
}

/* A line, or as many as it takes, under the label. */
static void coverage_line(struct output *output, const char *label, struct slice words,
                          size_t columns)
{
    text_left(output, slice_of(label), 10);
    text_paragraph(output, words, 10, 10, columns);
    output_byte(output, '\n');
}

void report_coverage_text(struct output *output, const struct report_style *style,
                          const struct summary *summary)
{
    struct buffer words;
    buffer_init(&words, SIZE_MAX);
    coverage_line(output, "Coverage", slice_of(report_coverage_words(summary->coverage.verdict)),
                  style->columns);
    streams_words(&words, &summary->coverage);
    coverage_line(output, "", buffer_slice(&words), style->columns);
    buffer_clear(&words);
    packets_words(&words, summary);
    coverage_line(output, "", buffer_slice(&words), style->columns);
    if (style->redacted) {
        coverage_line(output, "", slice_of(report_redacted_words()), style->columns);
    }
    if (summary->partial) {
        coverage_line(output, "", slice_of("interrupted: what follows is what was read until then"),
                      style->columns);
    }
    buffer_dispose(&words);
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
