/*
 * SIP dialogs, subscriptions and out-of-dialog exchanges. See dialogs_report.h.
 *
 * Rows are kept compact, one a dialog, up to limits.report_rows; dialogs beyond
 * that are counted and the report says so.
 */
#include "reports/dialogs_report.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/engine/buffer.h"
#include "reports/text.h"

struct row {
    struct dialog_view view; /* slices belong to the row's own block */
    char *strings;
    double interval; /* seconds between repeated queries; 0 = none */
    uint64_t queries;
};

struct dialogs_report {
    struct report_style style;
    struct limits limits;
    struct map_seed seed;
    struct map rows; /* by dialog id */
    uint64_t beyond; /* dialogs that found no room */
    struct arena arena;
};

static void row_free(void *value)
{
    struct row *row = value;
    free(row->strings);
    free(row);
}

struct dialogs_report *dialogs_report_new(const struct report_style *style, struct map_seed seed,
                                          const struct limits *limits)
{
    struct dialogs_report *report = memory_zero(1, sizeof *report);
    report->style = *style;
    report->limits = *limits;
    report->seed = seed;
    map_init(&report->rows, seed);
    arena_init(&report->arena);
    return report;
}

void dialogs_report_free(struct dialogs_report *report)
{
    map_dispose(&report->rows, row_free);
    arena_dispose(&report->arena);
    free(report);
}

/* Copies the view; all its texts go into one block. */
static void row_set(struct row *row, const struct dialog_view *view)
{
    const struct slice *from[] = {&view->call_id, &view->from,  &view->to,    &view->from_epid,
                                  &view->to_epid, &view->event, &view->reason};
    struct dialog_view copy = *view;
    struct slice *to[] = {&copy.call_id, &copy.from,  &copy.to,    &copy.from_epid,
                          &copy.to_epid, &copy.event, &copy.reason};
    size_t size = 0;
    for (size_t i = 0; i < sizeof from / sizeof from[0]; i++) {
        size += from[i]->size;
    }
    char *block = memory_alloc(size);
    size_t at = 0;
    for (size_t i = 0; i < sizeof from / sizeof from[0]; i++) {
        if (from[i]->size > 0) {
            memcpy(block + at, from[i]->data, from[i]->size);
        }
        *to[i] = (struct slice){block + at, from[i]->size};
        at += from[i]->size;
    }
    free(row->strings);
    row->strings = block;
    row->view = copy;
}

static void take_event(void *context, const struct event *event)
{
    struct dialogs_report *report = context;
    if (event->kind != EVENT_DIALOG) {
        return;
    }
    const struct dialog_view *view = &event->as.dialog;
    struct row *row = map_find(&report->rows, map_number_key(&view->id));
    if (!row) {
        if (report->rows.count >= report->limits.report_rows) {
            report->beyond++;
            return;
        }
        row = memory_zero(1, sizeof *row);
        map_put(&report->rows, map_number_key(&view->id), row);
    }
    row_set(row, view);
}

struct sink dialogs_report_sink(struct dialogs_report *report)
{
    return (struct sink){.context = report, .event = take_event};
}

/* ---- polling ---- */

/* Queries of one watcher for one target and package. */
struct poll {
    uint64_t count;
    int64_t first;
    int64_t last;
};

static struct slice poll_key(const struct dialog_view *view, struct buffer *buffer)
{
    buffer_clear(buffer);
    buffer_append(buffer, view->from);
    buffer_append_byte(buffer, '\0');
    buffer_append(buffer, view->to);
    buffer_append_byte(buffer, '\0');
    buffer_append(buffer, view->event);
    return buffer_slice(buffer);
}

/* A query that is repeated is polling; its interval is the mean of what was captured. */
static void find_polling(struct dialogs_report *report)
{
    struct map polls;
    struct buffer key;
    map_init(&polls, report->seed);
    buffer_init(&key, SIZE_MAX);
    for (struct map_entry *entry = report->rows.first; entry; entry = entry->next) {
        const struct dialog_view *view = &((struct row *)entry->value)->view;
        if (view->mode != DIALOG_QUERY) {
            continue;
        }
        struct poll *poll = map_find(&polls, poll_key(view, &key));
        if (!poll) {
            poll = memory_zero(1, sizeof *poll);
            poll->first = view->start;
            poll->last = view->start;
            map_put(&polls, buffer_slice(&key), poll);
        }
        poll->count++;
        /* Some records have no time, and times may go back. */
        if (poll->first == TIME_NONE || (view->start != TIME_NONE && view->start < poll->first)) {
            poll->first = view->start;
        }
        poll->last = view->start > poll->last ? view->start : poll->last;
    }
    for (struct map_entry *entry = report->rows.first; entry; entry = entry->next) {
        struct row *row = entry->value;
        const struct poll *poll =
            row->view.mode == DIALOG_QUERY ? map_find(&polls, poll_key(&row->view, &key)) : NULL;
        if (poll && poll->count > 1) {
            row->view.mode = DIALOG_POLLING;
            row->queries = poll->count;
            row->interval = (double)(poll->last - poll->first) / (double)TIME_SECOND /
                            (double)(poll->count - 1);
        }
    }
    buffer_dispose(&key);
    map_dispose(&polls, free);
}

/* ---- writing ---- */

static void row_json(struct json *json, const struct row *row)
{
    const struct dialog_view *view = &row->view;
    json_object(json, NULL);
    json_string(json, "call_id", view->call_id);
    json_text(json, "kind", dialog_kind_name(view->kind));
    json_optional(json, "mode", slice_of(dialog_mode_name(view->mode)));
    json_string(json, "from", view->from);
    json_string(json, "to", view->to);
    json_text(json, "state", dialog_state_name(view->state));
    json_time(json, "start", view->start);
    json_time(json, "end", view->end);
    json_u64(json, "messages", view->messages);
    json_optional(json, "event", view->event);
    json_optional(json, "service", slice_of(dialog_service_name(view->service)));
    json_optional(json, "reason", view->reason);
    if (view->status > 0) {
        json_u64(json, "status", view->status);
    } else {
        json_null(json, "status");
    }
    json_bool(json, "from_start", view->from_start);
    if (row->queries > 0) {
        json_seconds(json, "interval", (int64_t)(row->interval * (double)TIME_SECOND));
    } else {
        json_null(json, "interval");
    }
    json_u64(json, "dialog", view->id);
    json_end_object(json);
}

static void write_json(struct dialogs_report *report, struct output *output)
{
    struct json json;
    json_init(&json, output, true);
    json_object(&json, NULL);
    json_text(&json, "schema", "ocsight.dialogs/1");
    report_redacted_json(&json, &report->style);
    json_array(&json, "dialogs");
    for (struct map_entry *entry = report->rows.first; entry; entry = entry->next) {
        row_json(&json, entry->value);
    }
    json_end_array(&json);
    json_u64(&json, "not_listed", report->beyond);
    json_end_object(&json);
    json_end_line(&json);
}

static void row_csv(struct output *output, const struct row *row)
{
    const struct dialog_view *view = &row->view;
    char time[CLOCK_TEXT];
    report_csv(output, view->call_id, false);
    output_format(output, "%s,%s,", dialog_kind_name(view->kind), dialog_mode_name(view->mode));
    report_csv(output, view->from, false);
    report_csv(output, view->to, false);
    output_format(output, "%s,", dialog_state_name(view->state));
    clock_iso(view->start, time);
    output_format(output, "%s,", time);
    clock_iso(view->end, time);
    output_format(output, "%s,%" PRIu64 ",", time, view->messages);
    report_csv(output, view->event, false);
    output_format(output, "%s,", dialog_service_name(view->service));
    if (row->interval > 0) {
        output_format(output, "%.3f", row->interval);
    }
    output_format(output, ",%" PRIu64 "\n", view->id);
}

static void write_csv(struct dialogs_report *report, struct output *output)
{
    output_text(output, "call_id,kind,mode,from,to,state,start,end,messages,event,service,"
                        "interval,dialog\n");
    for (struct map_entry *entry = report->rows.first; entry; entry = entry->next) {
        row_csv(output, entry->value);
    }
}

/* "invite chat", "subscribe presence, persistent": what the row is. */
static void row_what(const struct row *row, struct buffer *out)
{
    const struct dialog_view *view = &row->view;
    buffer_append_text(out, dialog_kind_name(view->kind));
    if (view->service != SERVICE_NONE) {
        buffer_append_text(out, " ");
        buffer_append_text(out, dialog_service_name(view->service));
    }
    if (view->event.size > 0) {
        buffer_append_text(out, " ");
        buffer_append(out, view->event);
    }
    if (view->mode != DIALOG_MODE_NONE) {
        buffer_append_text(out, ", ");
        buffer_append_text(out, dialog_mode_name(view->mode));
    }
    if (row->queries > 0) {
        char text[48];
        snprintf(text, sizeof text, " every %.0f s", row->interval);
        buffer_append_text(out, text);
    }
}

/* "6 messages in 1 min 1 s, ended: bye" */
static struct slice row_course(const struct dialog_view *view, struct arena *arena)
{
    char lasted[CLOCK_TEXT];
    clock_duration(view->end - view->start, lasted);
    struct slice reason = text_fit(text_safe(view->reason, false, arena), 24, arena);
    return text_format(arena, "%" PRIu64 " message%s in %s%s%.*s%s", view->messages,
                       text_plural(view->messages), lasted, reason.size > 0 ? ", ended: " : "",
                       (int)reason.size, reason.data,
                       view->from_start ? "" : ", in progress when the capture starts");
}

/* Columns of the highest "#12", which --dialog takes. */
static size_t number_width(const struct dialogs_report *report)
{
    uint64_t highest = 0;
    size_t width = 2;
    for (struct map_entry *entry = report->rows.first; entry; entry = entry->next) {
        const struct row *row = entry->value;
        highest = row->view.id > highest ? row->view.id : highest;
    }
    for (; highest >= 10; highest /= 10) {
        width++;
    }
    return width;
}

static void line_begin(struct output *output, size_t indent)
{
    output_byte(output, '\n');
    text_left(output, slice_of(""), indent);
}

static void row_text(struct dialogs_report *report, struct output *output, const struct row *row,
                     size_t width)
{
    const struct dialog_view *view = &row->view;
    struct arena *arena = &report->arena;
    struct buffer what;
    char time[CLOCK_TEXT];
    size_t indent = width + 16;
    size_t columns = report->style.columns > indent + 12 ? report->style.columns : indent + 12;
    buffer_init(&what, 4096);
    clock_of_day(view->start, &report->style.zone, time);
    row_what(row, &what);
    time[12] = '\0'; /* milliseconds are enough here */
    text_right(output, text_format(arena, "#%" PRIu64, view->id), width);
    output_format(output, "  %-12s  %-10s  ", time, dialog_state_name(view->state));
    output_write(output, text_fit(text_safe(buffer_slice(&what), false, arena),
                                  columns > 60 ? columns - indent - 12 : 30, arena));
    line_begin(output, indent);
    struct slice from = text_safe(view->from, false, arena);
    struct slice to = text_safe(view->to, false, arena);
    size_t half = (columns - indent - 3) / 2;
    output_write(output, text_fit_middle(from, half, arena));
    output_text(output, report->style.ascii ? " > " : " → ");
    output_write(output, text_fit_middle(to, half, arena));
    line_begin(output, indent);
    text_paragraph(output, row_course(view, arena), indent, indent, columns);
    line_begin(output, indent);
    output_write(output, text_fit_middle(text_safe(view->call_id, false, arena),
                                         columns - indent - 1, arena));
    output_text(output, "\n");
    buffer_dispose(&what);
    arena_reset(arena);
}

static void write_text(struct dialogs_report *report, const struct summary *summary,
                       struct output *output)
{
    size_t width = number_width(report);
    report_coverage_text(output, &report->style, summary);
    output_byte(output, '\n');
    for (struct map_entry *entry = report->rows.first; entry; entry = entry->next) {
        row_text(report, output, entry->value, width);
    }
    output_format(output, "%s%zu dialogs, subscriptions and exchanges\n",
                  report->rows.count > 0 ? "\n" : "", report->rows.count);
    if (report->beyond > 0) {
        output_format(output, "%" PRIu64 " more updates found no room in this report\n",
                      report->beyond);
    }
}

void dialogs_report_write(struct dialogs_report *report, const struct summary *summary,
                          struct output *output)
{
    find_polling(report);
    switch (report->style.format) {
    case REPORT_JSON:
        write_json(report, output);
        break;
    case REPORT_CSV:
        write_csv(report, output);
        break;
    default:
        write_text(report, summary, output);
    }
}
