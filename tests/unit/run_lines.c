/*
 * Events, changes and findings as lines of text. See runs.h.
 */
#include "tests/unit/run_put.h"

static enum run_parts part_of(enum event_kind kind)
{
    switch (kind) {
    case EVENT_MESSAGE:
        return RUN_MESSAGES;
    case EVENT_DIALOG:
        return RUN_DIALOGS;
    case EVENT_COVERAGE:
    case EVENT_DIAGNOSTIC:
        return RUN_COVERAGE;
    default:
        return RUN_FACTS;
    }
}

static void take_event(void *context, const struct event *event)
{
    struct run_log *log = context;
    log->counts[event->kind]++;
    if (event->kind == EVENT_MESSAGE) {
        log->roles[event->message->role]++;
    }
    if ((log->parts & part_of(event->kind)) == 0) {
        return;
    }
    buffer_append_text(&log->text, event_kind_name(event->kind));
    if (event->kind == EVENT_MESSAGE) {
        run_put_identity(log, event->message);
    }
    put_origin(log, &event->origin);
    if (event->message) {
        put_place_number(log, "of", event->message->id);
    }
    run_put_event(log, event);
    line_end(log);
}

static void take_change(void *context, const struct change *change)
{
    struct run_log *log = context;
    log->changes++;
    if ((log->parts & RUN_CHANGES) == 0) {
        return;
    }
    buffer_append_text(&log->text, change_kind_name(change->kind));
    put_place_number(log, "number", change->id);
    put_place_time(log, "at", change->time);
    put_origin(log, &change->origin);
    if (change->message) {
        put_place_number(log, "of", change->message->id);
    }
    run_put_change(log, change);
    line_end(log);
}

static void take_finding(void *context, const struct finding *finding)
{
    struct run_log *log = context;
    log->findings++;
    if ((log->parts & RUN_FINDINGS) == 0) {
        return;
    }
    buffer_append_text(&log->text, severity_name(finding->severity));
    put_name(log, "rule", finding->rule);
    put_place_number(log, "id", finding->id);
    put_place_time(log, "time", finding->time);
    put_text(log, "message", finding->message);
    put_text(log, "user", finding->user);
    put_text(log, "peer", finding->peer);
    put_text(log, "room", finding->room);
    put_text(log, "call_id", finding->call_id);
    put_text(log, "flow", finding->flow);
    put_text(log, "step", finding->step);
    for (size_t i = 0; i < finding->evidence_count; i++) {
        put_origin(log, &finding->evidence[i]);
    }
    put_place_number(log, "more", finding->evidence_more);
    put_name(log, "basis", finding->basis);
    line_end(log);
}

struct sink run_log_sink(struct run_log *log)
{
    return (struct sink){
        .context = log, .event = take_event, .change = take_change, .finding = take_finding};
}
