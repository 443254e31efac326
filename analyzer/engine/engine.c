/*
 * The engine: owner of the parts, dispatch of events and deadlines. See engine.h.
 *
 * A message that is only another observation of one seen before changes nothing,
 * and neither do the facts that point to it. Deadlines before an event fire
 * first; one at the very instant of an event fires after it, so that a refresh
 * in the last moment is in time. No time passes from row to row of a database:
 * what its rows say together is derived when a message, a tick or the end follows.
 */
#include "analyzer/engine/engine.h"

#include <stdlib.h>

#include "analyzer/engine/aggregates.h"
#include "analyzer/engine/arena.h"
#include "analyzer/engine/chat.h"
#include "analyzer/engine/containers.h"
#include "analyzer/engine/instances.h"
#include "analyzer/engine/publications.h"
#include "analyzer/engine/services.h"
#include "analyzer/engine/set_presence.h"
#include "analyzer/engine/users.h"
#include "analyzer/engine/watchers.h"

struct engine {
    struct core core;
    struct users users;
    struct instances instances;
    struct containers containers;
    struct services services;
    struct publications publications;
    struct set_presence set_presence;
    struct watchers watchers;
    struct chat chat;
    bool loose; /* the last event belonged to no message */
};

struct engine *engine_new(struct map_seed seed, const struct limits *limits,
                          const struct change_sink *sink, const struct event_sink *caps)
{
    struct engine *engine = memory_zero(1, sizeof *engine);
    struct core *core = &engine->core;
    core_init(core, seed, limits, sink, caps);
    users_init(&engine->users, core);
    instances_init(&engine->instances, core);
    containers_init(&engine->containers, core, &engine->users);
    services_init(&engine->services, core, &engine->users, &engine->instances);
    publications_init(&engine->publications, core, &engine->users);
    set_presence_init(&engine->set_presence, core, &engine->users);
    watchers_init(&engine->watchers, core, &engine->users, &engine->instances);
    chat_init(&engine->chat, core);
    return engine;
}

void engine_free(struct engine *engine)
{
    if (!engine) {
        return;
    }
    chat_dispose(&engine->chat);
    watchers_dispose(&engine->watchers);
    set_presence_end(&engine->set_presence);
    publications_end(&engine->publications);
    services_dispose(&engine->services);
    containers_dispose(&engine->containers);
    users_dispose(&engine->users);
    core_dispose(&engine->core);
    free(engine);
}

/* The message is over: what follows from all its facts together. */
static void settle(struct engine *engine)
{
    instances_settle(&engine->instances);
    aggregates_tell(&engine->core);
}

/* ---- deadlines ---- */

static void fire(struct engine *engine, struct timer *timer)
{
    switch ((enum timer_kind)timer->kind) {
    case TIMER_ENDPOINT:
        users_timer(&engine->users, timer);
        break;
    case TIMER_INSTANCE:
        instances_timer(&engine->instances, timer);
        break;
    case TIMER_PUBLICATION:
        publications_timer(&engine->publications, timer);
        break;
    case TIMER_SUBSCRIPTION:
        watchers_timer(&engine->watchers, timer);
        break;
    case TIMER_CHAT_DIALOG:
        chat_timer(&engine->chat, timer);
        break;
    case TIMER_KINDS:
        break;
    }
}

static void fire_until(struct engine *engine, int64_t now)
{
    struct timer *timer = timers_due(&engine->core.timers, now);
    while (timer) {
        engine->core.moment++;
        fire(engine, timer);
        aggregates_tell(&engine->core);
        timer = timers_due(&engine->core.timers, now);
    }
}

void engine_tick(struct engine *engine, int64_t now)
{
    if (now == TIME_NONE) {
        return;
    }
    if (engine->core.now == TIME_NONE || now > engine->core.now) {
        settle(engine);
        engine->core.now = now;
    }
    fire_until(engine, now);
}

void engine_end(struct engine *engine, int64_t now)
{
    settle(engine);
    engine_tick(engine, now);
}

/* ---- events ---- */

struct message_row {
    enum sip_method method;
    bool request;
    void (*handle)(struct engine *engine, const struct message *message);
};

static void register_request(struct engine *engine, const struct message *message)
{
    users_register(&engine->users, message);
}

static void register_response(struct engine *engine, const struct message *message)
{
    users_registered(&engine->users, message);
}

static void publish_request(struct engine *engine, const struct message *message)
{
    publications_asked(&engine->publications, message);
}

static void publish_response(struct engine *engine, const struct message *message)
{
    publications_answered(&engine->publications, message);
}

static void service_response(struct engine *engine, const struct message *message)
{
    services_answered(&engine->services, message);
    set_presence_answered(&engine->set_presence, message);
    containers_answered(&engine->containers, message);
}

static void dialog_response(struct engine *engine, const struct message *message)
{
    chat_answer_seen(&engine->chat, message);
}

/* clang-format off */
static const struct message_row message_rows[] = {
    {SIP_REGISTER, true,  register_request},
    {SIP_REGISTER, false, register_response},
    {SIP_PUBLISH,  true,  publish_request},
    {SIP_PUBLISH,  false, publish_response},
    {SIP_SERVICE,  false, service_response},
    {SIP_INVITE,   false, dialog_response},
    {SIP_INFO,     false, dialog_response},
    {SIP_UPDATE,   false, dialog_response},
};
/* clang-format on */

static void handle_message(struct engine *engine, const struct event *event)
{
    const struct message *message = event->message;
    for (size_t i = 0; i < sizeof message_rows / sizeof message_rows[0]; i++) {
        if (message && message->method == message_rows[i].method &&
            message->request == message_rows[i].request) {
            message_rows[i].handle(engine, message);
        }
    }
}

static void handle_dialog(struct engine *engine, const struct event *event)
{
    if (event->as.dialog.kind == DIALOG_INVITE) {
        chat_dialog_seen(&engine->chat, event);
    } else if (event->as.dialog.kind == DIALOG_SUBSCRIBE) {
        watchers_dialog(&engine->watchers, event);
    }
}

static void handle_publication(struct engine *engine, const struct event *event)
{
    services_asked(&engine->services, event);
}

static void handle_fault(struct engine *engine, const struct event *event)
{
    services_fault(&engine->services, event);
}

static void handle_category(struct engine *engine, const struct event *event)
{
    watchers_category(&engine->watchers, event);
}

static void handle_pidf(struct engine *engine, const struct event *event)
{
    const struct message *message = event->message;
    if (message && message->request && message->method == SIP_PUBLISH) {
        publications_value(&engine->publications, event);
    } else {
        watchers_pidf(&engine->watchers, event);
    }
}

static void handle_legacy(struct engine *engine, const struct event *event)
{
    const struct message *message = event->message;
    if (message && message->request && message->method == SIP_SERVICE) {
        set_presence_asked(&engine->set_presence, event);
    } else {
        watchers_legacy(&engine->watchers, event);
    }
}

static void handle_registration(struct engine *engine, const struct event *event)
{
    users_deregistered(&engine->users, event);
}

static void handle_container(struct engine *engine, const struct event *event)
{
    containers_seen(&engine->containers, event);
}

static void handle_resource(struct engine *engine, const struct event *event)
{
    users_keep(&engine->users, event->as.resource.user);
}

static void handle_watch(struct engine *engine, const struct event *event)
{
    users_keep(&engine->users, event->as.watch.user);
}

static void handle_chat(struct engine *engine, const struct event *event)
{
    chat_fact_seen(&engine->chat, event);
}

static void handle_http(struct engine *engine, const struct event *event)
{
    chat_web_seen(&engine->chat, event);
}

/* clang-format off */
static void (*const handlers[EVENT_KINDS])(struct engine *engine, const struct event *event) = {
    [EVENT_MESSAGE]     = handle_message,
    [EVENT_DIALOG]      = handle_dialog,
    [EVENT_PUBLICATION] = handle_publication,
    [EVENT_CATEGORY]    = handle_category,
    [EVENT_FAULT]       = handle_fault,
    [EVENT_PIDF]        = handle_pidf,
    [EVENT_LEGACY]      = handle_legacy,
    [EVENT_REGISTRATION] = handle_registration,
    [EVENT_CONTAINER]   = handle_container,
    [EVENT_RESOURCE]    = handle_resource,
    [EVENT_WATCH]       = handle_watch,
    [EVENT_CHAT]        = handle_chat,
    [EVENT_HTTP]        = handle_http,
};
/* clang-format on */

/*
 * A new message is a new moment. What belongs to none is one where its time is another, but
 * not the rows of a database: they differ in when they were published, and state one moment.
 */
static void begin_moment(struct engine *engine, const struct event *event)
{
    struct core *core = &engine->core;
    bool later = !event->origin.row && event->origin.time != core->time;
    bool fresh = event->message ? event->kind == EVENT_MESSAGE : !engine->loose || later;
    engine->loose = !event->message;
    if (fresh || core->moment == 0) {
        settle(engine);
        core->moment++;
    }
}

void engine_feed(struct engine *engine, const struct event *event)
{
    int64_t time = event->origin.time;
    if (time != TIME_NONE && time > INT64_MIN + 1) {
        if (!event->origin.row) {
            engine_tick(engine, time - 1);
        }
        engine->core.now = time > engine->core.now ? time : engine->core.now;
    }
    if (event->message && event->message->role != MESSAGE_FIRST) {
        return;
    }
    begin_moment(engine, event);
    core_cause_event(&engine->core, event);
    if (handlers[event->kind]) {
        handlers[event->kind](engine, event);
    }
}
