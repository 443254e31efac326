/*
 * Presence as databases hold it, as JSON (ocsight.presence/1) and CSV. See live_parts.h.
 */
#include <inttypes.h>

#include "reports/live_parts.h"
#include "reports/presence_words.h"

/* ---- JSON ---- */

static void texts_json(struct json *json, const char *key, const char *const *texts, size_t count)
{
    json_array(json, key);
    for (size_t i = 0; i < count; i++) {
        json_text(json, NULL, texts[i]);
    }
    json_end_array(json);
}

void live_json_begin(const struct live_writing *writing)
{
    struct json *json = writing->json;
    const struct live_look *look = writing->look;
    json_object(json, NULL);
    json_text(json, "schema", "ocsight.presence/1");
    report_redacted_json(json, writing->style);
    json_array(json, "servers");
    for (size_t i = 0; i < look->server_count; i++) {
        json_string(json, NULL, look->servers[i]);
    }
    json_end_array(json);
    json_time(json, "at", look->now);
    json_text(json, "clock", look->clock);
    json_bool(json, "dirty_read", true);
    texts_json(json, "remarks", look->remarks, look->remark_count);
    texts_json(json, "absent", look->absent, look->absent_count);
    json_bool(json, "partial", look->partial);
    json_array(json, "users");
}

void live_json_end(const struct live_writing *writing)
{
    struct json *json = writing->json;
    json_end_array(json);
    json_text(json, "coverage", writing->look->partial ? "partial" : "full");
    json_u64(json, "not_listed", 0);
    json_end_object(json);
    json_end_line(json);
}

static void origin_json(struct json *json, const char *key, const struct origin *origin)
{
    static const struct summary none = {.packets = 0};
    if (origin->row) {
        report_origin_json(json, key, origin, &none);
    } else {
        json_null(json, key);
    }
}

static void endpoints_json(struct json *json, const struct live_person *person)
{
    json_array(json, "endpoints");
    for (size_t i = 0; i < person->endpoint_count; i++) {
        const struct live_endpoint *endpoint = &person->endpoints[i];
        json_object(json, NULL);
        json_optional(json, "endpoint", endpoint->id);
        json_optional(json, "agent", endpoint->agent);
        json_optional(json, "front_end", endpoint->front_end);
        json_time(json, "until", endpoint->expires);
        json_bool(json, "over", endpoint->over);
        origin_json(json, "origin", &endpoint->origin);
        json_end_object(json);
    }
    json_end_array(json);
}

static void number_or_null(struct json *json, const char *key, bool there, uint32_t number)
{
    if (there) {
        json_u64(json, key, number);
    } else {
        json_null(json, key);
    }
}

static void published_json(struct json *json, const struct event *event)
{
    const struct category_fact *fact = &event->as.category;
    const struct presence_value *value = &fact->value;
    bool state = fact->has_value;
    json_object(json, NULL);
    json_string(json, "category", fact->key.name);
    json_text(json, "kind",
              state && value->kind != STATE_NONE ? state_kind_name(value->kind) : NULL);
    number_or_null(json, "container", fact->key.has_container, fact->key.container);
    number_or_null(json, "instance", fact->key.has_instance, fact->key.instance);
    number_or_null(json, "version", fact->has_version, fact->version);
    presence_words_availability_json(json, "availability",
                                     state ? value->availability : AVAILABILITY_NONE);
    json_optional(json, "activity",
                  state && value->activity_count > 0 ? value->activities[0].token : slice_of(""));
    json_optional(json, "text", live_text(fact));
    json_time(json, "published", fact->publish_time);
    origin_json(json, "origin", &event->origin);
    json_end_object(json);
}

static void notes_json(struct json *json, const struct live_person *person)
{
    json_array(json, "notes");
    for (size_t i = 0; i < person->note_count; i++) {
        const struct live_note *note = &person->notes[i];
        json_object(json, NULL);
        json_text(json, "note", live_note_name(note->kind));
        json_optional(json, "category", note->key.name);
        number_or_null(json, "container", note->key.has_container, note->key.container);
        origin_json(json, "origin", &note->origin);
        json_end_object(json);
    }
    json_end_array(json);
}

static void state_json(const struct live_writing *writing)
{
    struct json *json = writing->json;
    const struct live_state *state = writing->state;
    const struct admitted *admitted = state->admits ? &state->admitted : NULL;
    json_string(json, "user", writing->person->user);
    json_text(json, "band", band_name(state->band));
    presence_words_availability_json(json, "availability", state->availability);
    presence_words_admitted_json(json, admitted, state->availability);
    json_optional(json, "activity", state->activity);
    json_time(json, "since", state->since);
    json_text(json, "source",
              state->source == SOURCE_NONE ? NULL : presence_source_name(state->source));
    json_optional(json, "cause", state->cause);
}

void live_json_person(const struct live_writing *writing)
{
    struct json *json = writing->json;
    const struct live_person *person = writing->person;
    json_object(json, NULL);
    if (writing->query->watch) {
        json_time(json, "time", writing->look->now);
    }
    state_json(writing);
    if (person->sees_endpoints) {
        json_bool(json, "registered", live_is_registered(person));
    } else {
        json_null(json, "registered");
    }
    json_bool(json, "stale", live_is_stale(person));
    json_bool(json, "in_directory", person->in_directory);
    json_time(json, "last_register", person->last_register);
    json_array(json, "evidence");
    if (writing->state->origin.row) {
        origin_json(json, NULL, &writing->state->origin);
    }
    json_end_array(json);
    endpoints_json(json, person);
    json_array(json, "publications");
    for (size_t i = 0; i < person->event_count; i++) {
        published_json(json, &person->events[i]);
    }
    json_end_array(json);
    notes_json(json, person);
    if (writing->explain) {
        static const struct summary none = {.packets = 0};
        const struct explain_page page = {writing->style, &none, writing->arena, true};
        const struct presence_person explained = {.user = person->user,
                                                  .explain = writing->explain};
        presence_explain_json(&explained, &page, json);
    }
    json_end_object(json);
    if (writing->query->watch) {
        json_end_line(json);
    }
}

/* ---- CSV ---- */

void live_csv_begin(const struct live_writing *writing)
{
    output_text(writing->output, writing->query->watch ? "look," : "");
    output_text(writing->output, "user,time,band,availability,activity,source,cause,row,admitted,"
                                 "registered,stale\n");
}

void live_csv_person(const struct live_writing *writing)
{
    struct output *output = writing->output;
    const struct live_state *state = writing->state;
    const struct live_person *person = writing->person;
    const struct admitted *admitted = state->admits ? &state->admitted : NULL;
    char time[CLOCK_TEXT];
    if (writing->query->watch) {
        clock_iso(writing->look->now, time);
        output_format(output, "%s,", time);
    }
    clock_iso(state->since, time);
    report_csv(output, person->user, false);
    output_format(output, "%s,%s,", time, band_name(state->band));
    if (state->availability != AVAILABILITY_NONE) {
        output_format(output, "%" PRId64, state->availability);
    }
    output_byte(output, ',');
    report_csv(output, state->activity, false);
    output_format(output, "%s,",
                  state->source == SOURCE_NONE ? "" : presence_source_name(state->source));
    report_csv(output, state->cause, false);
    report_csv(output,
               state->origin.row ? report_origin_text(&state->origin, NULL, writing->arena)
                                 : slice_of(""),
               false);
    report_csv(output, presence_words_ranges(admitted, state->availability, writing->arena), false);
    output_format(output, "%s,%s\n",
                  !person->sees_endpoints      ? ""
                  : live_is_registered(person) ? "yes"
                                               : "no",
                  live_is_stale(person) ? "yes" : "no");
}
