/*
 * The call flows of presence: publishing, subscribing, polling, and the presence that a device
 * publishes for a user (facts/presence.md parts 1 and 7). See flow.h.
 *
 * Who must be told of a publication depends on containers, which other rules know; a flow only
 * records that watchers were told. A publication that runs out is no finding by itself.
 */
#include "analyzer/audit/flow.h"

void flow_presence_init(struct call_flows *flows)
{
    map_init_numbers(&flows->watches, flows->seed);
    map_init(&flows->publishers, flows->seed);
    map_init(&flows->devices, flows->seed);
    map_init_numbers(&flows->device_calls, flows->seed);
}

void flow_presence_dispose(struct call_flows *flows)
{
    map_dispose(&flows->watches, NULL);
    map_dispose(&flows->publishers, NULL);
    map_dispose(&flows->devices, NULL);
    map_dispose(&flows->device_calls, NULL);
}

static bool is_final_refusal(const struct message *message)
{
    return message->status >= 300 && message->status != 401 && message->status != 407;
}

static bool is_success(const struct message *message)
{
    return message->status >= 200 && message->status < 300;
}

static void see(struct call_flows *flows, struct flow_run *run, enum flow_moment moment,
                const struct message *message)
{
    struct flow_sight sight = flow_sight_of(message);
    flow_see(flows, run, moment, &sight, message);
}

/* ---- publishing ---- */

/* A state of its user; what endpoints say of themselves at sign-in is no change of presence. */
static void take_publication(struct call_flows *flows, const struct event *event)
{
    const struct message *message = event->message;
    const struct category_fact *category = &event->as.category;
    if (!message || !message->request || category->category != CATEGORY_STATE) {
        return;
    }
    struct flow_run *run = map_find(&flows->publishers, message->from.user);
    if (run && run->steps[0].sight.message == message->id) {
        return;
    }
    flow_end(flows, run);
    run = flow_begin(flows, FLOW_PRESENCE_PUBLISH, message->from.user, NULL);
    if (run) {
        flow_place(flows, run, &flows->publishers, message->from.user);
        see(flows, run, MOMENT_PUBLISH, message);
    }
}

static void take_publish_answer(struct call_flows *flows, const struct message *message)
{
    struct flow_run *run = map_find(&flows->publishers, message->from.user);
    if (!run || run->steps[0].sight.transaction != message->transaction) {
        return;
    }
    if (is_success(message)) {
        see(flows, run, MOMENT_ANSWER, message);
    } else if (is_final_refusal(message)) {
        run->excused = true;
    }
}

static void take_told(struct call_flows *flows, const struct change *change)
{
    const struct told_change *told = &change->as.told;
    const struct message *message = change->message;
    if (told->owner || !message || !message->request) {
        return;
    }
    struct flow_run *run = map_find(&flows->publishers, told->user);
    if (run && message->id > run->steps[0].sight.message) {
        see(flows, run, MOMENT_NOTIFY, message);
    }
}

/* ---- watching ---- */

static struct flow_run *watch_begin(struct call_flows *flows, const struct message *message,
                                    enum flow_kind kind, struct slice watcher)
{
    struct flow_run *run = flow_begin(flows, kind, watcher, NULL);
    if (run) {
        flow_place(flows, run, &flows->watches, map_number_key(&message->dialog));
    }
    return run;
}

static void take_subscribe(struct call_flows *flows, const struct message *message)
{
    struct flow_run *run = map_find(&flows->watches, map_number_key(&message->dialog));
    if (message->to.tag.size == 0) {
        bool poll = message->expires == 0;
        run = run ? run
                  : watch_begin(flows, message, poll ? FLOW_PRESENCE_POLL : FLOW_PRESENCE_SUBSCRIBE,
                                message->from.user);
        see(flows, run, MOMENT_SUBSCRIBE, message);
        return;
    }
    run = run ? run : watch_begin(flows, message, FLOW_PRESENCE_SUBSCRIBE, message->from.user);
    if (run) {
        run->proved = run->proved || run->settled;
        see(flows, run, message->expires == 0 ? MOMENT_END : MOMENT_REFRESH, message);
    }
}

static void take_subscribe_answer(struct call_flows *flows, const struct message *message)
{
    struct flow_run *run = map_find(&flows->watches, map_number_key(&message->dialog));
    if (!run || message->status < 200) {
        return;
    }
    if (is_final_refusal(message)) {
        run->excused = true;
    } else if (is_success(message) && !flow_has(run, MOMENT_ANSWER)) {
        see(flows, run, MOMENT_ANSWER, message);
        if (message->body_length > 0) {
            see(flows, run, MOMENT_NOTIFY, message);
        }
    }
}

static void take_notify(struct call_flows *flows, const struct message *message)
{
    struct flow_run *run = map_find(&flows->watches, map_number_key(&message->dialog));
    if (message->body_length == 0) {
        return;
    }
    run = run ? run : watch_begin(flows, message, FLOW_PRESENCE_SUBSCRIBE, message->to.user);
    if (run) {
        see(flows, run, flow_has(run, MOMENT_NOTIFY) ? MOMENT_UPDATE : MOMENT_NOTIFY, message);
    }
}

static void take_dialog(struct call_flows *flows, const struct dialog_view *dialog)
{
    bool over = dialog->state == DIALOG_TERMINATED || dialog->state == DIALOG_REFUSED;
    if (over && dialog->kind == DIALOG_SUBSCRIBE) {
        flow_end(flows, map_find(&flows->watches, map_number_key(&dialog->id)));
    }
}

/* ---- devices ---- */

static struct flow_run *device_find(const struct call_flows *flows, struct slice user,
                                    struct slice tag)
{
    struct buffer key;
    struct flow_run *run = map_find(&flows->devices, flow_pair_key(&key, user, tag));
    buffer_dispose(&key);
    return run;
}

static void device_place(struct call_flows *flows, struct flow_run *run, struct slice tag)
{
    struct buffer key;
    struct slice name = flow_pair_key(&key, run->user, tag);
    flow_place(flows, run, &flows->devices, name);
    buffer_dispose(&key);
}

static void take_publish(struct call_flows *flows, const struct message *message)
{
    struct slice user = message->to.user;
    if (message->if_match.size == 0) {
        struct flow_run *run =
            map_find(&flows->device_calls, map_number_key(&message->transaction));
        run = run ? run : flow_begin(flows, FLOW_THIRD_PARTY, user, NULL);
        if (run) {
            flow_place(flows, run, &flows->device_calls, map_number_key(&message->transaction));
            see(flows, run, MOMENT_PUBLISH, message);
        }
        return;
    }
    struct flow_run *run = device_find(flows, user, message->if_match);
    if (!run) {
        run = flow_begin(flows, FLOW_THIRD_PARTY, user, NULL);
        if (!run) {
            return;
        }
        run->joined = true;
        device_place(flows, run, message->if_match);
    }
    see(flows, run, message->expires == 0 ? MOMENT_END : MOMENT_REFRESH, message);
}

static void take_tag(struct call_flows *flows, const struct message *message)
{
    const struct request_view *request = message->request_kept;
    struct flow_run *run = map_find(&flows->device_calls, map_number_key(&message->transaction));
    if (!run && request && request->if_match.size > 0) {
        run = device_find(flows, message->to.user, request->if_match);
    }
    if (!run || message->status < 200) {
        return;
    }
    if (!is_success(message)) {
        run->excused = run->excused || is_final_refusal(message);
        return;
    }
    see(flows, run, flow_has(run, MOMENT_REFRESH) ? MOMENT_REFRESH : MOMENT_ANSWER, message);
    if (flow_has(run, MOMENT_END)) {
        flow_end(flows, run);
    } else if (message->entity_tag.size > 0) {
        device_place(flows, run, message->entity_tag);
    }
}

static void take_lapse(struct call_flows *flows, const struct publication_change *publication)
{
    if (!publication->pidf || publication->state != PUBLICATION_EXPIRED) {
        return;
    }
    struct flow_run *run = device_find(flows, publication->key.user, publication->entity_tag);
    if (run) {
        run->proved = true;
        run->excused = true;
        flow_end(flows, run);
    }
}

/* ---- what comes ---- */

static void take_request(struct call_flows *flows, const struct message *message)
{
    bool presence = slice_equal(message->event, slice_of("presence"));
    if (!presence || message->from.user.size == 0 || message->to.user.size == 0) {
        return;
    }
    if (message->method == SIP_PUBLISH) {
        take_publish(flows, message);
    } else if (message->dialog != 0 && message->method == SIP_SUBSCRIBE) {
        take_subscribe(flows, message);
    } else if (message->dialog != 0 &&
               (message->method == SIP_NOTIFY || message->method == SIP_BENOTIFY)) {
        take_notify(flows, message);
    }
}

static void take_response(struct call_flows *flows, const struct message *message)
{
    if (message->method == SIP_SERVICE) {
        take_publish_answer(flows, message);
    } else if (message->method == SIP_PUBLISH) {
        take_tag(flows, message);
    } else if (message->method == SIP_SUBSCRIBE && message->dialog != 0) {
        take_subscribe_answer(flows, message);
    }
}

void flow_presence_event(struct call_flows *flows, const struct event *event)
{
    if (event->kind == EVENT_PUBLICATION) {
        take_publication(flows, event);
    } else if (event->kind == EVENT_DIALOG) {
        take_dialog(flows, &event->as.dialog);
    } else if (event->kind == EVENT_MESSAGE && event->message->request) {
        take_request(flows, event->message);
    } else if (event->kind == EVENT_MESSAGE) {
        take_response(flows, event->message);
    }
}

void flow_presence_change(struct call_flows *flows, const struct change *change)
{
    if (change->kind == CHANGE_TOLD) {
        take_told(flows, change);
    } else if (change->kind == CHANGE_PUBLICATION) {
        take_lapse(flows, &change->as.publication);
    }
}
