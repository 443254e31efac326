/*
 * Rows of the scripts for the audit's tests: endpoints, publications, subscriptions, aggregates and
 * what is said of them. See audit_step.h.
 */
#include "tests/unit/audit_step.h"

#include <stdio.h>
#include <string.h>

static struct category_key step_key(const struct step *step)
{
    return (struct category_key){
        .user = address_of(step->who),
        .name = step->named ? slice_of(step->named) : (struct slice)SLICE("state"),
        .instance = step->instance,
        .container = step->container,
        .has_instance = true,
        .has_container = step->container != 0,
    };
}

static uint32_t step_version(const struct step *step)
{
    return step->version > 0 ? step->version - 1 : 0;
}

static int64_t step_number(const struct step *step)
{
    return step->number > 0 ? step->number : AVAILABILITY_NONE;
}

/* ---- changes ---- */

/* An input of its kind (a machine unless `kind` says otherwise) in row 1, the server's in row 2. */
static void stage_aggregate(struct change *change, const struct step *step)
{
    static struct aggregate_cause input;
    bool machine = step->kind == STATE_NONE || step->kind == STATE_MACHINE;
    input = (struct aggregate_cause){
        .kind = machine ? STATE_MACHINE : step->kind,
        .activity = text_of(step->tag),
        .origin = {.time = START, .record = 1},
    };
    change->kind = CHANGE_AGGREGATE;
    change->as.aggregate = (struct aggregate_change){
        .user = address_of(step->who),
        .container = step->container ? step->container : 2,
        .inputs = &input,
        .input_count = 1,
        .computed = step->expected,
        .admitted = {{{step->expected, step->expected}}, 1},
        .machine = step->expected,
        .complete = step->complete,
        .told = !machine,
        .server = step->server,
        .server_activity = text_of(step->name),
        .server_origin = {.time = START, .record = 2},
        .machine_told = machine,
        .server_machine = step->server,
        .server_machine_origin = {.time = START, .record = 2},
        .agrees = machine || step->server == step->expected,
        .machine_agrees = !machine || step->server == step->expected,
    };
}

bool stage_presence(struct change *change, const struct step *step)
{
    int64_t until = step->expires > 0 ? change->time + step->expires * TIME_SECOND : TIME_NONE;
    switch (step->act) {
    case ENDPOINT:
        change->kind = CHANGE_ENDPOINT;
        change->as.endpoint = (struct endpoint_change){.user = address_of(step->who),
                                                       .epid = text_of(step->epid),
                                                       .state = (enum endpoint_state)step->state};
        break;
    case PUBLICATION:
        change->kind = CHANGE_PUBLICATION;
        change->as.publication = (struct publication_change){
            .pidf = step->tag != NULL,
            .key = step_key(step),
            .entity_tag = text_of(step->tag),
            .replaced_tag = text_of(step->old_tag),
            .epid = text_of(step->epid),
            .expire_type = step->expire_type,
            .version = step_version(step),
            .current_version = step->current,
            .manual = step->manual,
            .state = (enum publication_state)step->state,
            .status = (uint16_t)step->status,
            .value_kind = step->kind,
            .availability = step_number(step),
            .activity = text_of(step->name),
            .until = until,
        };
        break;
    case TOLD:
        change->kind = CHANGE_TOLD;
        change->as.told = (struct told_change){
            .watcher = address_of(step->to),
            .user = address_of(step->who),
            .category = step->category ? step->category : CATEGORY_STATE,
            .document = step->document,
            .empty = step->cleared,
            .content = step->shows,
            .served = step->served,
            .member = step->member > 0,
            .member_origin = {.record = step->member, .time = START},
            .band = step->number ? band_of(step->number) : BAND_UNKNOWN,
            .availability = step->number ? step->number : AVAILABILITY_NONE,
            .activity = text_of(step->name),
            .value_kind = step->kind,
            .owner = step->to && strcmp(step->to, step->who) == 0,
            .container = step->container,
            .has_container = step->container != 0,
            .polled = step->polled,
            .dialog = step->id,
        };
        break;
    case AGGREGATE:
        stage_aggregate(change, step);
        break;
    case SUBSCRIPTION:
        change->kind = CHANGE_SUBSCRIPTION;
        change->as.subscription = (struct subscription_change){
            .watcher = address_of(step->who),
            .target = address_of(step->to),
            .package = SLICE("presence"),
            .call_id = text_of(step->call ? step->call : "c1"),
            .dialog = step->id,
            .state = (enum subscription_state)step->state,
            .until = until,
        };
        break;
    default:
        return false;
    }
    return true;
}

/* ---- facts ---- */

static void play_category(const struct audience *audience, const struct step *step,
                          struct event *event)
{
    event->kind = step->act == PUBLISHING ? EVENT_PUBLICATION : EVENT_CATEGORY;
    event->as.category = (struct category_fact){
        .key = step_key(step),
        .version = step_version(step),
        .has_version = step->version > 0,
        .expire_type = step->expire_type,
        .expires = step->expires > 0 ? step->expires
                   : step->empty     ? 0
                                     : -1,
        .publish_time = step->published ? START + step->published * TIME_SECOND : TIME_NONE,
        .empty = step->empty,
        .has_value = !step->empty,
        .value =
            {
                .kind = step->kind,
                .availability = step_number(step),
                .activities = {{.token = text_of(step->name), .max = UINT32_MAX}},
                .activity_count = step->name != NULL,
                .manual = step->manual,
                .last_active = step->active ? START : TIME_NONE,
                .start_time = TIME_NONE,
            },
    };
    audience->event(audience->context, event);
}

static void play_resource(const struct audience *audience, const struct step *step,
                          struct event *event)
{
    event->kind = EVENT_RESOURCE;
    event->as.resource = (struct resource_fact){
        .user = address_of(step->who),
        .state = text_of(step->name),
    };
    audience->event(audience->context, event);
}

static void play_watch(const struct audience *audience, const struct step *step,
                       struct event *event)
{
    char name[48];
    for (uint64_t i = 0; i < (step->count ? step->count : 1); i++) {
        snprintf(name, sizeof name, "user%d@contoso.example", (int)i);
        event->kind = EVENT_WATCH;
        event->as.watch = (struct watch_fact){
            .user = i == 0 && step->who ? address_of(step->who) : slice_of(name),
            .action = text_of(step->name ? step->name : "subscribe"),
        };
        audience->event(audience->context, event);
    }
}

bool play_presence(const struct audience *audience, const struct step *step, struct event *event)
{
    switch (step->act) {
    case PUBLISHING:
    case CATEGORY:
        play_category(audience, step, event);
        return true;
    case RESOURCE:
        play_resource(audience, step, event);
        return true;
    case WATCH:
        play_watch(audience, step, event);
        return true;
    default:
        return false;
    }
}
