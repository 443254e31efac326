/*
 * Scripts for the audit's tests, run. See audit_script.h.
 */
#include "tests/unit/audit_script.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- rows ---- */

static void stage_call(struct event *event, const struct step *step)
{
    event->kind = EVENT_DIALOG;
    event->as.dialog = (struct dialog_view){
        .id = step->id,
        .kind = DIALOG_INVITE,
        .state = (enum dialog_state)step->state,
        .service = (enum dialog_service)step->code,
        .from_start = !step->late_start,
        .call_id = SLICE("c1"),
        .from = address_of(step->from),
        .to = address_of(step->to),
    };
}

static void play_change(const struct audience *audience, const struct step *step,
                        const struct event *event, uint64_t record)
{
    struct change change = {
        .id = record,
        .time = event->origin.time,
        .origin = event->origin,
        .message = event->message,
    };
    assert_true(stage_chat(&change, step) || stage_presence(&change, step));
    audience->change(audience->context, &change);
}

static void play_step(const struct audience *audience, const struct step *step, uint64_t record)
{
    struct staged staged;
    struct event event = {.origin = step_origin(step, record)};
    if (step->act == COVERAGE) {
        stage_coverage(&event, step);
        audience->event(audience->context, &event);
        return;
    }
    if (step->method && !step->timer) {
        stage_message(&staged, step, record);
        event.kind = EVENT_MESSAGE;
        event.message = &staged.message;
        audience->event(audience->context, &event);
    }
    if (step->act == CALL) {
        stage_call(&event, step);
        audience->event(audience->context, &event);
    } else if (step->act != MESSAGE && !play_chat(audience, step, &event) &&
               !play_presence(audience, step, &event)) {
        play_change(audience, step, &event, record);
    }
}

void play(const struct audience *audience, const struct step *steps)
{
    for (uint64_t i = 0; steps[i].act != STEPS_END; i++) {
        play_step(audience, &steps[i], i + 1);
    }
}

/* ---- the audit of a script ---- */

void write_finding(void *context, const struct finding *finding)
{
    struct minutes *minutes = context;
    assert_int_equal(finding->id, minutes->last_id + 1);
    assert_true(finding->time >= minutes->last_time);
    assert_true(finding->evidence_count <= minutes->limits.evidence);
    minutes->last_id = finding->id;
    minutes->last_time = finding->time;
    struct buffer *text = &minutes->text;
    buffer_append_text(text, severity_name(finding->severity));
    buffer_append_byte(text, ' ');
    buffer_append_text(text, finding->rule);
    buffer_append_text(text, " [");
    for (size_t i = 0; i < finding->evidence_count; i++) {
        buffer_append_text(text, i > 0 ? " " : "");
        buffer_append_u64(text, finding->evidence[i].record);
    }
    if (finding->evidence_more > 0) {
        buffer_append_text(text, " +");
        buffer_append_u64(text, finding->evidence_more);
    }
    buffer_append_text(text, "] ");
    buffer_append(text, finding->message);
    buffer_append_byte(text, '\n');
}

void to_audit_event(void *context, const struct event *event)
{
    audit_event(context, event);
}

void to_audit_change(void *context, const struct change *change)
{
    audit_change(context, change);
}

char *audit_script(const struct script *script, const struct limits *limits, const char *muted)
{
    struct minutes minutes = {.limits = *limits, .last_time = INT64_MIN};
    buffer_init(&minutes.text, 1U << 20);
    const struct finding_sink sink = {write_finding, &minutes};
    struct audit *audit = audit_new(test_seed(), limits, &sink);
    if (muted) {
        assert_true(audit_enable(audit, slice_of(muted), false));
    }
    const struct audience audience = {to_audit_event, to_audit_change, audit};
    play(&audience, script->steps);
    audit_end(audit, START + script->end * TIME_SECOND);
    audit_free(audit);
    buffer_append_byte(&minutes.text, '\0');
    return minutes.text.data;
}

bool mentions(const char *text, const char *rule)
{
    char word[80];
    snprintf(word, sizeof word, " %s [", rule);
    return strstr(text, word) != NULL;
}

void check_scripts(const struct script *scripts, size_t count)
{
    struct limits limits = limits_default();
    for (size_t i = 0; i < count; i++) {
        char *got = audit_script(&scripts[i], &limits, NULL);
        if (strcmp(got, scripts[i].expected) != 0) {
            fail_msg("%s:\n--- expected\n%s--- got\n%s", scripts[i].title, scripts[i].expected,
                     got);
        }
        char *without = audit_script(&scripts[i], &limits, scripts[i].rule);
        if (mentions(without, scripts[i].rule)) {
            fail_msg("%s: heard though switched off:\n%s", scripts[i].title, without);
        }
        if (!mentions(got, scripts[i].rule)) {
            assert_string_equal(got, without);
        }
        free(got);
        free(without);
    }
}

void check_beginnings(const struct script *scripts, size_t count)
{
    struct limits limits = limits_default();
    for (size_t i = 0; i < count; i++) {
        struct step steps[64];
        for (size_t length = 0; scripts[i].steps[length].act != STEPS_END; length++) {
            assert_true(length + 1 < sizeof steps / sizeof steps[0]);
            memcpy(steps, scripts[i].steps, length * sizeof steps[0]);
            steps[length] = (struct step){.act = STEPS_END};
            struct script part = scripts[i];
            part.steps = steps;
            part.end = 0;
            free(audit_script(&part, &limits, NULL));
        }
    }
}
