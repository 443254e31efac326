/*
 * The explanation of a user's presence as text and JSON. See presence_explain.h.
 */
#include <inttypes.h>

#include "analyzer/engine/buffer.h"
#include "reports/presence_explain_parts.h"
#include "reports/presence_words.h"
#include "reports/text.h"

enum {
    INDENT = 4,
    LABEL = 17,     /* "conferenceState", "aggregateMachin..." */
    VALUE = 21,     /* "6500, on-the-phone" */
    SENTENCE = 4096 /* bytes of what is said of one row */
};

/* ---- rows of text: what, its value, what is said of it ---- */

static void row_text(struct output *output, const struct explain_page *page, struct slice label,
                     struct slice value, struct slice remark)
{
    size_t columns = page->style->columns;
    size_t at = INDENT + LABEL;
    output_repeat(output, ' ', INDENT);
    text_left(output, text_fit(label, LABEL - 1, page->arena), LABEL);
    if (columns < PRESENCE_NARROW) {
        output_write(output, text_fit(value, columns - at, page->arena));
        if (remark.size > 0) {
            at = 2 * INDENT;
            output_byte(output, '\n');
            output_repeat(output, ' ', at);
        }
    } else {
        text_left(output, text_fit(value, VALUE - 1, page->arena), remark.size > 0 ? VALUE : 0);
        at += VALUE;
    }
    text_paragraph(output, remark, at, at, columns);
    output_byte(output, '\n');
}

static void add_text(struct buffer *buffer, const char *before, struct slice text,
                     const char *after)
{
    if (text.size > 0) {
        buffer_append_text(buffer, before);
        buffer_append(buffer, text);
        buffer_append_text(buffer, after);
    }
}

static const char *place_word(const struct origin *origin)
{
    return origin->row ? "row" : "packet";
}

/* ", packet 3" */
static void add_packet(struct buffer *buffer, const char *before, const struct origin *origin,
                       const struct explain_page *page)
{
    if (origin->record > 0 || origin->row) {
        buffer_append_text(buffer, before);
        buffer_append_text(buffer, place_word(origin));
        add_text(buffer, " ", report_origin_text(origin, page->summary, page->arena), "");
    }
}

static void add_time(struct buffer *buffer, const char *before, int64_t time, int64_t reference,
                     const struct explain_page *page)
{
    if (time != TIME_NONE) {
        add_text(buffer, before,
                 presence_words_time(time, reference, &page->style->zone, page->arena), "");
    }
}

/* "published 10:00:00.000, packet 3, endpoint 5d0c11a9fe, container 2, instance 1: counted" */
static struct slice input_remark(const struct aggregate_cause *input, int64_t reference,
                                 const struct explain_page *page)
{
    struct buffer words;
    buffer_init(&words, SENTENCE);
    buffer_append_text(&words, input_verdict_name(input->verdict));
    buffer_append_text(&words, ": ");
    add_time(&words, "published ", input->published, reference, page);
    add_packet(&words, input->published != TIME_NONE ? ", " : "", &input->origin, page);
    add_text(&words, ", endpoint ", text_safe(input->epid, false, page->arena), "");
    add_text(&words, ", entity tag ", text_brief(input->entity_tag, 32, page->arena), "");
    if (input->entity_tag.size == 0 && input->key.has_instance) {
        buffer_append_text(&words, ", instance ");
        buffer_append_u64(&words, input->key.instance);
    }
    add_time(&words, ", runs out ", input->until, reference, page);
    return buffer_take(&words, page->arena);
}

static struct slice input_label(const struct aggregate_cause *input)
{
    if (input->kind == STATE_NONE) {
        return slice_of(input->entity_tag.size > 0 ? "PIDF" : "state");
    }
    return slice_of(state_kind_name(input->kind));
}

static struct slice value_or_none(int64_t availability, struct slice activity,
                                  const struct explain_page *page)
{
    struct slice value = presence_words_value(availability, activity, page->arena);
    return value.size > 0 ? value : slice_of("no number");
}

static void result_text(struct output *output, const struct explain_page *page,
                        const struct aggregate_change *aggregate)
{
    struct arena *arena = page->arena;
    struct slice also = presence_words_admitted(&aggregate->admitted, aggregate->computed, arena);
    bool none = aggregate->step == STEP_NONE;
    const char *others = page->rows ? "; there may be other inputs: not all tables were read"
                                    : "; there may be other inputs: the owner's own subscription "
                                      "does not show them here";
    struct slice remark = text_format(
        arena, "%s%s%.*s%s", none ? "no input says anything" : aggregate_step_name(aggregate->step),
        also.size > 0 ? "; " : "", TEXT(also), aggregate->complete ? "" : others);
    row_text(output, page, slice_of("computed"),
             value_or_none(aggregate->computed, aggregate->activity, page), remark);
}

static void server_text(struct output *output, const struct explain_page *page,
                        const struct aggregate_change *aggregate)
{
    struct arena *arena = page->arena;
    if (!aggregate->told) {
        row_text(output, page, slice_of("server"), slice_of("not seen"),
                 slice_of(page->rows ? "no aggregateState of this container is in the databases"
                                     : "no aggregateState of this container was captured"));
        return;
    }
    struct slice packet = report_origin_text(&aggregate->server_origin, page->summary, arena);
    struct slice remark =
        text_format(arena, "%s %.*s: %s", place_word(&aggregate->server_origin), TEXT(packet),
                    aggregate->agrees ? "agrees" : "differs from all that is possible");
    row_text(output, page, slice_of("server"),
             value_or_none(aggregate->server, aggregate->server_activity, page), remark);
}

static void machine_text(struct output *output, const struct explain_page *page,
                         const struct aggregate_change *aggregate)
{
    struct arena *arena = page->arena;
    if (aggregate->machine == AVAILABILITY_NONE && !aggregate->machine_told) {
        return;
    }
    struct slice remark = slice_of("expected of the machines; the server's was not seen");
    if (aggregate->machine_told) {
        struct slice packet =
            report_origin_text(&aggregate->server_machine_origin, page->summary, arena);
        struct slice server = value_or_none(aggregate->server_machine, slice_of(""), page);
        remark = text_format(arena, "expected of the machines; server %.*s, %s %.*s: %s",
                             TEXT(server), place_word(&aggregate->server_machine_origin),
                             TEXT(packet), aggregate->machine_agrees ? "agrees" : "differs");
    }
    row_text(output, page, slice_of("machine"),
             value_or_none(aggregate->machine, slice_of(""), page), remark);
}

static void aggregate_text(struct output *output, const struct explain_page *page,
                           const struct explain_aggregate *kept)
{
    const struct aggregate_change *aggregate = &kept->aggregate;
    struct slice time = presence_words_time(kept->time, TIME_NONE, &page->style->zone, page->arena);
    struct slice words = text_format(
        page->arena, "Inputs of container %" PRIu32 " (%s) since %.*s", aggregate->container,
        aggregate->container == EXPLAIN_FIRST ? "feeds 100, 200, 400" : "feeds 300", TEXT(time));
    output_text(output, "  ");
    text_paragraph(output, words, 2, INDENT, page->style->columns);
    output_byte(output, '\n');
    for (size_t i = 0; i < aggregate->input_count; i++) {
        const struct aggregate_cause *input = &aggregate->inputs[i];
        row_text(output, page, input_label(input),
                 value_or_none(input->availability, input->activity, page),
                 input_remark(input, kept->time, page));
    }
    if (aggregate->input_count == 0) {
        output_text(output, "    none is live\n");
    }
    result_text(output, page, aggregate);
    server_text(output, page, aggregate);
    machine_text(output, page, aggregate);
}

/* ---- other categories ---- */

static struct slice category_words(const struct explain_category *category,
                                   const struct explain_page *page)
{
    struct buffer words;
    buffer_init(&words, SENTENCE);
    if (category->kind == CATEGORY_UNKNOWN) {
        buffer_append_text(&words, "unknown category, ");
        buffer_append_u64(&words, category->bytes);
        buffer_append_text(&words, " bytes as written");
    } else if (category->text.size == 0) {
        buffer_append_text(&words, "no text");
    } else {
        buffer_append(&words, text_safe(category->text, false, page->arena));
    }
    return buffer_take(&words, page->arena);
}

static void category_text(struct output *output, const struct explain_page *page,
                          const struct explain_category *category, int64_t reference)
{
    struct arena *arena = page->arena;
    struct buffer words;
    buffer_init(&words, SENTENCE);
    buffer_append(&words, category_words(category, page));
    add_packet(&words, "; ", &category->origin, page);
    add_time(&words, ", published ", category->published, reference, page);
    add_time(&words, ", runs out ", category->until, reference, page);
    struct slice place = category->key.has_container
                             ? text_format(arena, "container %" PRIu32, category->key.container)
                             : slice_of("");
    row_text(output, page, text_brief(category->name, LABEL - 1, arena), place,
             buffer_slice(&words));
    buffer_dispose(&words);
}

static void categories_text(struct output *output, const struct explain_page *page,
                            const struct presence_explain *explain, int64_t reference)
{
    bool any = false;
    for (const struct map_entry *at = explain->categories.first; at; at = at->next) {
        const struct explain_category *category = at->value;
        if (category->live) {
            output_text(output, any ? "" : "  Also published\n");
            category_text(output, page, category, reference);
            any = true;
        }
    }
    if (explain->beyond > 0) {
        output_format(output, "    %" PRIu64 " categories found no room in this report\n",
                      explain->beyond);
    }
}

bool presence_explain_is_empty(const struct presence_explain *explain)
{
    bool empty = true;
    for (size_t i = 0; explain && i < EXPLAIN_CONTAINERS; i++) {
        empty = empty && !explain->aggregates[i];
    }
    return empty && (!explain || (explain->categories.count == 0 && explain->beyond == 0));
}

void presence_explain_text(const struct presence_person *person, const struct explain_page *page,
                           struct output *output)
{
    const struct presence_explain *explain = person->explain;
    bool any = false;
    for (size_t i = 0; explain && i < EXPLAIN_CONTAINERS; i++) {
        if (explain->aggregates[i]) {
            aggregate_text(output, page, explain->aggregates[i]);
            any = true;
        }
    }
    if (!any) {
        output_text(output, "  No input of this user was seen.\n");
    }
    if (explain) {
        categories_text(output, page, explain, person->now.entry.time);
    }
}

/* ---- JSON ---- */

static void input_json(struct json *json, const struct explain_page *page,
                       const struct aggregate_cause *input)
{
    json_object(json, NULL);
    json_text(json, "kind", input->kind == STATE_NONE ? NULL : state_kind_name(input->kind));
    presence_words_availability_json(json, "availability", input->availability);
    json_optional(json, "activity", input->activity);
    json_time(json, "published", input->published);
    json_time(json, "until", input->until);
    json_text(json, "expire_type", expire_type_name(input->expire_type));
    json_optional(json, "epid", input->epid);
    json_optional(json, "entity_tag", input->entity_tag);
    if (input->entity_tag.size == 0 && input->key.has_instance) {
        json_u64(json, "instance", input->key.instance);
    } else {
        json_null(json, "instance");
    }
    json_text(json, "verdict", input_verdict_name(input->verdict));
    report_origin_json(json, "origin", &input->origin, page->summary);
    json_end_object(json);
}

/* {"availability", "activity", "agrees", "origin"}, or null when the server's was not seen. */
static void server_json(struct json *json, const struct explain_page *page,
                        const struct aggregate_change *aggregate)
{
    if (!aggregate->told) {
        json_null(json, "server");
        return;
    }
    json_object(json, "server");
    presence_words_availability_json(json, "availability", aggregate->server);
    json_optional(json, "activity", aggregate->server_activity);
    json_bool(json, "agrees", aggregate->agrees);
    report_origin_json(json, "origin", &aggregate->server_origin, page->summary);
    json_end_object(json);
}

static void machine_json(struct json *json, const struct explain_page *page,
                         const struct aggregate_change *aggregate)
{
    json_object(json, "machine");
    presence_words_availability_json(json, "computed", aggregate->machine);
    if (aggregate->machine_told) {
        presence_words_availability_json(json, "server", aggregate->server_machine);
        json_bool(json, "agrees", aggregate->machine_agrees);
        report_origin_json(json, "origin", &aggregate->server_machine_origin, page->summary);
    } else {
        json_null(json, "server");
    }
    json_end_object(json);
}

static void aggregate_json(struct json *json, const struct explain_page *page,
                           const struct explain_aggregate *kept)
{
    const struct aggregate_change *aggregate = &kept->aggregate;
    json_object(json, NULL);
    json_u64(json, "container", aggregate->container);
    json_time(json, "since", kept->time);
    json_array(json, "inputs");
    for (size_t i = 0; i < aggregate->input_count; i++) {
        input_json(json, page, &aggregate->inputs[i]);
    }
    json_end_array(json);
    json_bool(json, "complete", aggregate->complete);
    presence_words_availability_json(json, "computed", aggregate->computed);
    json_optional(json, "activity", aggregate->activity);
    presence_words_admitted_json(json, &aggregate->admitted, aggregate->computed);
    json_text(json, "step", aggregate_step_name(aggregate->step));
    server_json(json, page, aggregate);
    machine_json(json, page, aggregate);
    json_end_object(json);
}

static void category_json(struct json *json, const struct explain_page *page,
                          const struct explain_category *category)
{
    json_object(json, NULL);
    json_string(json, "name", category->name);
    json_text(json, "category", category_kind_name(category->kind));
    if (category->key.has_container) {
        json_u64(json, "container", category->key.container);
    } else {
        json_null(json, "container");
    }
    json_u64(json, "instance", category->key.instance);
    json_optional(json, "text", category->text);
    if (category->kind == CATEGORY_UNKNOWN) {
        json_u64(json, "bytes", category->bytes);
    }
    json_time(json, "published", category->published);
    json_time(json, "until", category->until);
    report_origin_json(json, "origin", &category->origin, page->summary);
    json_end_object(json);
}

void presence_explain_json(const struct presence_person *person, const struct explain_page *page,
                           struct json *json)
{
    const struct presence_explain *explain = person->explain;
    json_object(json, "explain");
    json_array(json, "containers");
    for (size_t i = 0; explain && i < EXPLAIN_CONTAINERS; i++) {
        if (explain->aggregates[i]) {
            aggregate_json(json, page, explain->aggregates[i]);
        }
    }
    json_end_array(json);
    json_array(json, "categories");
    for (const struct map_entry *at = explain ? explain->categories.first : NULL; at;
         at = at->next) {
        const struct explain_category *category = at->value;
        if (category->live) {
            category_json(json, page, category);
        }
    }
    json_end_array(json);
    json_u64(json, "not_listed", explain ? explain->beyond : 0);
    json_end_object(json);
}
