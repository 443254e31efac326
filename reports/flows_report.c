/*
 * The call flows, step by step. See flows_report.h.
 */
#include "reports/flows_report.h"

#include <inttypes.h>
#include <stdlib.h>

#include "reports/text.h"

struct flows_report {
    struct report_style style;
    const struct summary *summary;
    struct output *output;
    struct arena arena;
    struct json json;
    uint64_t count;
    uint64_t outcomes[FLOW_JOINED + 1];
    bool begun;
};

struct flows_report *flows_report_new(const struct report_style *style,
                                      const struct summary *summary, struct output *output)
{
    struct flows_report *report = memory_zero(1, sizeof *report);
    report->style = *style;
    report->summary = summary;
    report->output = output;
    arena_init(&report->arena);
    json_init(&report->json, output, true);
    return report;
}

void flows_report_free(struct flows_report *report)
{
    arena_dispose(&report->arena);
    free(report);
}

static bool was_seen(const struct flow_step_view *step)
{
    return step->outcome == FLOW_STEP_SEEN || step->outcome == FLOW_STEP_MISPLACED;
}

/* ---- JSON ---- */

static void write_step_json(struct flows_report *report, const struct flow_step_view *step)
{
    struct json *json = &report->json;
    json_object(json, NULL);
    json_text(json, "step", step->name);
    json_u64(json, "number", step->number);
    json_text(json, "outcome", flow_step_outcome_name(step->outcome));
    if (was_seen(step)) {
        json_time(json, "time", step->time);
        report_origin_json(json, "origin", &step->origin, report->summary);
    } else {
        json_null(json, "time");
        json_null(json, "origin");
    }
    json_end_object(json);
}

static void begin_json(struct flows_report *report)
{
    if (!report->begun) {
        json_object(&report->json, NULL);
        json_text(&report->json, "schema", "ocsight.flows/1");
        report_redacted_json(&report->json, &report->style);
        json_array(&report->json, "flows");
        report->begun = true;
    }
}

static void write_json(struct flows_report *report, const struct flow_view *flow)
{
    struct json *json = &report->json;
    begin_json(report);
    json_object(json, NULL);
    json_text(json, "flow", flow->flow);
    json_string(json, "user", flow->user);
    json_array(json, "call_ids");
    for (size_t i = 0; i < flow->call_id_count; i++) {
        json_string(json, NULL, flow->call_ids[i]);
    }
    json_end_array(json);
    json_text(json, "generation", flow->generation);
    json_text(json, "outcome", flow_outcome_name(flow->outcome));
    json_array(json, "steps");
    for (size_t i = 0; i < flow->step_count; i++) {
        write_step_json(report, &flow->steps[i]);
    }
    json_end_array(json);
    json_end_object(json);
}

/* ---- CSV ---- */

static void head_csv(struct flows_report *report)
{
    if (!report->begun) {
        output_text(report->output, "flow,user,call_id,generation,flow_outcome,number,step,outcome,"
                                    "time,input,record\n");
        report->begun = true;
    }
}

/* An input, or a server that has the row. */
static struct slice source_name(const struct flow_step_view *step, const struct summary *summary)
{
    return step->origin.row ? step->origin.row->server : summary->inputs[step->origin.input].name;
}

static void write_csv(struct flows_report *report, const struct flow_view *flow)
{
    struct output *output = report->output;
    head_csv(report);
    for (size_t i = 0; i < flow->step_count; i++) {
        const struct flow_step_view *step = &flow->steps[i];
        bool seen = was_seen(step);
        char text[CLOCK_TEXT] = "";
        struct slice call =
            flow->call_id_count > 0 ? flow->call_ids[flow->call_id_count - 1] : slice_of("");
        report_csv(output, slice_of(flow->flow), false);
        report_csv(output, flow->user, false);
        report_csv(output, call, false);
        output_format(output, "%s,%s,%u,%s,%s,", flow->generation, flow_outcome_name(flow->outcome),
                      step->number, step->name, flow_step_outcome_name(step->outcome));
        if (seen) {
            clock_iso(step->time, text);
        }
        report_csv(output, slice_of(text), false);
        report_csv(output, seen ? source_name(step, report->summary) : slice_of(""), false);
        if (seen && !step->origin.row) {
            output_format(output, "%" PRIu64, step->origin.record);
        }
        output_byte(output, '\n');
    }
}

/* ---- text ---- */

static const char *kind_of(const struct flow_step_view *step, const struct summary *summary)
{
    bool export =
        step->origin.input < summary->input_count && summary->inputs[step->origin.input].is_export;
    return step->origin.row ? "row" : export ? "line" : "packet";
}

static void write_step_text(struct flows_report *report, const struct flow_step_view *step)
{
    struct output *output = report->output;
    output_format(output, "  %2u  ", step->number);
    text_left(output, slice_of(step->name), 22);
    output_byte(output, ' ');
    if (!was_seen(step)) {
        output_format(output, "%s\n", flow_step_outcome_name(step->outcome));
        return;
    }
    char text[CLOCK_TEXT];
    clock_of_day(step->time, &report->style.zone, text);
    text[12] = '\0'; /* milliseconds are enough for people */
    text_left(output, slice_of(flow_step_outcome_name(step->outcome)), 15);
    output_format(output, " %s  %s ", text, kind_of(step, report->summary));
    output_write(output, report_origin_text(&step->origin, report->summary, &report->arena));
    output_byte(output, '\n');
}

static void write_text(struct flows_report *report, const struct flow_view *flow)
{
    struct output *output = report->output;
    struct arena *arena = &report->arena;
    size_t columns = report->style.columns;
    struct slice head = text_format(arena, "%s (%s): %s, ", flow->flow, flow->generation,
                                    flow_outcome_name(flow->outcome));
    size_t used = text_width(head);
    output_write(output, head);
    output_write(output, text_fit_middle(text_safe(flow->user, false, arena),
                                         columns > used + 16 ? columns - used : 16, arena));
    output_byte(output, '\n');
    for (size_t i = 0; i < flow->call_id_count; i++) {
        output_text(output, "  Call-ID ");
        output_write(output, text_fit_middle(text_safe(flow->call_ids[i], false, arena),
                                             columns > 26 ? columns - 10 : 16, arena));
        output_byte(output, '\n');
    }
    for (size_t i = 0; i < flow->step_count; i++) {
        write_step_text(report, &flow->steps[i]);
    }
    output_byte(output, '\n');
}

static void take_flow(void *context, const struct flow_view *flow)
{
    struct flows_report *report = context;
    if (output_is_over(report->output)) {
        return;
    }
    report->count++;
    report->outcomes[flow->outcome]++;
    switch (report->style.format) {
    case REPORT_JSON:
        write_json(report, flow);
        break;
    case REPORT_CSV:
        write_csv(report, flow);
        break;
    default:
        write_text(report, flow);
    }
    arena_reset(&report->arena);
}

struct sink flows_report_sink(struct flows_report *report)
{
    return (struct sink){.context = report, .flow = take_flow};
}

static void end_text(struct flows_report *report)
{
    struct output *output = report->output;
    report_coverage_text(output, &report->style, report->summary);
    output_format(output, "%" PRIu64 " call flow%s", report->count, text_plural(report->count));
    for (size_t i = 0; i < sizeof report->outcomes / sizeof report->outcomes[0]; i++) {
        if (report->outcomes[i] > 0) {
            output_format(output, ", %" PRIu64 " %s", report->outcomes[i],
                          flow_outcome_name((enum flow_outcome)i));
        }
    }
    output_byte(output, '\n');
}

void flows_report_end(struct flows_report *report)
{
    switch (report->style.format) {
    case REPORT_JSON:
        begin_json(report);
        json_end_array(&report->json);
        if (report->summary->partial) {
            json_bool(&report->json, "partial", true);
        }
        json_end_object(&report->json);
        json_end_line(&report->json);
        break;
    case REPORT_CSV:
        head_csv(report);
        break;
    default:
        end_text(report);
    }
}
