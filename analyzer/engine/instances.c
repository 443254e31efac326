/*
 * Published category instances. See instances.h.
 */
#include "analyzer/engine/instances.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/engine/arena.h"

/* Longer category names are cut in the key: the longest known one has 19 letters. */
enum { NAME_KEY = 128, KEY_BYTES = 8 + NAME_KEY };

static const char settled_cause[] = "owner's own publications were seen";

void instances_init(struct instances *instances, struct core *core)
{
    *instances = (struct instances){.core = core};
}

static void free_instance(void *value)
{
    struct instance *instance = value;
    slice_drop(&instance->name);
    slice_drop(&instance->epid);
    state_value_drop(&instance->value);
    free(instance);
}

void instances_dispose(struct map *map)
{
    map_dispose(map, free_instance);
}

/* ---- identity ---- */

static struct slice instance_key(unsigned char out[static KEY_BYTES], struct slice name,
                                 uint32_t number, uint32_t container)
{
    memcpy(out, &container, 4);
    memcpy(out + 4, &number, 4);
    size_t size = name.size < NAME_KEY ? name.size : NAME_KEY;
    for (size_t i = 0; i < size; i++) {
        out[8 + i] = (unsigned char)ascii_lower(name.data[i]);
    }
    return (struct slice){(const char *)out, 8 + size};
}

struct instance *instance_find(const struct user *user, struct slice name, uint32_t number,
                               uint32_t container)
{
    unsigned char key[KEY_BYTES];
    return map_find(&user->presence.instances, instance_key(key, name, number, container));
}

struct instance *instance_keep(struct core *core, struct user *user, struct slice name,
                               uint32_t number, uint32_t container)
{
    struct instance *instance = instance_find(user, name, number, container);
    struct map *map = &user->presence.instances;
    if (instance || core_full(core, CAP_INSTANCES, map->count, core->limits.instances)) {
        return instance;
    }
    instance = memory_zero(1, sizeof *instance);
    instance->user = user;
    instance->name = memory_keep(name);
    instance->number = number;
    instance->container = container;
    instance->value.availability = AVAILABILITY_NONE;
    instance->until = TIME_NONE;
    instance->timer = (struct timer){.kind = TIMER_INSTANCE, .object = instance};
    unsigned char key[KEY_BYTES];
    instance->entry = map_put(map, instance_key(key, name, number, container), instance);
    return instance;
}

/* ---- inputs of the aggregation ---- */

static bool is_input(const struct instance *instance)
{
    switch (instance->value.kind) {
    case STATE_USER:
    case STATE_MACHINE:
    case STATE_PHONE:
    case STATE_CALENDAR:
    case STATE_CONFERENCE:
        return instance->container == 2 || instance->container == 3;
    default:
        return false;
    }
}

void instance_changed(struct core *core, struct instance *instance, bool gone)
{
    bool counts = !gone && is_input(instance);
    if (counts || instance->counted) {
        presence_touch(core, instance->user, (int)counts - (int)instance->counted);
    }
    instance->counted = counts;
    if (counts && instance->value.kind == STATE_USER) {
        instance->user->presence.user_state_known = true;
    }
}

size_t instances_inputs(const struct presence *presence, struct aggregate_input *out)
{
    size_t count = 0;
    for (uint32_t container = 2; container <= 3 && count == 0; container++) {
        for (struct map_entry *entry = presence->instances.first; entry; entry = entry->next) {
            const struct instance *instance = entry->value;
            if (instance->counted && instance->container == container) {
                out[count++] = (struct aggregate_input){.value = &instance->value,
                                                        .published = instance->published};
            }
        }
    }
    return count;
}

/* ---- changes ---- */

void instance_emit(struct core *core, const struct instance *instance, enum publication_state state,
                   uint16_t status)
{
    const struct state_value *value = &instance->value;
    struct change change = {
        .kind = CHANGE_PUBLICATION,
        .as.publication =
            {
                .key = {instance->user->uri, instance->name, instance->number, instance->container,
                        true, true},
                .epid = instance->epid,
                .state = state,
                .value_kind = value->kind,
                .availability = value->availability,
                .activity = state_value_activity(value, value->availability),
                .expire_type = instance->expire_type,
                .version = instance->version,
                .until = instance->until,
                .status = status,
            },
    };
    core_emit(core, &change);
}

void instance_end(struct core *core, struct instance *instance, enum publication_state state,
                  uint16_t status)
{
    timers_cancel(&core->timers, &instance->timer);
    instance_emit(core, instance, state, status);
    instance_changed(core, instance, true);
    map_remove_entry(&instance->user->presence.instances, instance->entry);
    free_instance(instance);
}

void instance_set_until(struct core *core, struct instance *instance, int64_t until)
{
    timers_cancel(&core->timers, &instance->timer);
    instance->until = until;
    if (until != TIME_NONE) {
        timers_set(&core->timers, &instance->timer, until);
    }
}

/* ---- the owner's own documents ---- */

/* A category without a child ends its instance, or all instances of that name. */
static void told_empty(struct core *core, struct user *user, const struct category_fact *fact)
{
    struct map_entry *next = NULL;
    for (struct map_entry *entry = user->presence.instances.first; entry; entry = next) {
        struct instance *instance = entry->value;
        next = entry->next;
        if (slice_equal_nocase(instance->name, fact->key.name) &&
            (!fact->key.has_instance || instance->number == fact->key.instance) &&
            (!fact->key.has_container || instance->container == fact->key.container)) {
            instance_end(core, instance, PUBLICATION_REMOVED, 0);
        }
    }
}

/* By the server's clock; a document that lists what should be over shows another clock. */
static int64_t told_until(const struct core *core, const struct category_fact *fact)
{
    if (fact->expire_type != EXPIRE_TIME || fact->expires < 0) {
        return TIME_NONE;
    }
    bool stamped = fact->publish_time != TIME_NONE && fact->publish_time < core->time;
    int64_t lived = stamped ? time_apart(core->time, fact->publish_time) : 0;
    int64_t left = fact->expires - lived / TIME_SECOND;
    return core_after(core, left > 0 ? left : fact->expires);
}

static void told_value(struct core *core, struct user *user, const struct category_fact *fact)
{
    struct instance *instance =
        instance_find(user, fact->key.name, fact->key.instance, fact->key.container);
    bool known = instance != NULL;
    instance = instance_keep(core, user, fact->key.name, fact->key.instance, fact->key.container);
    if (!instance) {
        return;
    }
    struct state_value value = {.availability = AVAILABILITY_NONE};
    if (fact->has_value) {
        value = state_value_keep(&fact->value);
    }
    bool same = known && state_value_equal(&value, &instance->value);
    bool same_version = !fact->has_version || fact->version == instance->version;
    state_value_drop(&instance->value);
    instance->value = value;
    instance->version = fact->has_version ? fact->version : instance->version;
    instance->expire_type = fact->expire_type;
    instance->published = fact->publish_time != TIME_NONE ? fact->publish_time : core->time;
    if (!same || !same_version || instance->until == TIME_NONE) {
        instance->origin = core_origin(core);
        instance_set_until(core, instance, told_until(core, fact));
    }
    if (is_input(instance) && fact->publish_time != TIME_NONE &&
        fact->publish_time > user->presence.inputs_published) {
        user->presence.inputs_published = fact->publish_time;
    }
    if (!same) {
        instance_changed(core, instance, false);
    }
    if (!same || !same_version) {
        instance_emit(core, instance, known ? PUBLICATION_MODIFIED : PUBLICATION_LIVE, 0);
    }
}

void instances_unsettle(struct instances *instances, struct user *user)
{
    struct core *core = instances->core;
    if (instances->unsettled != user && instances->unsettled) {
        struct user *other = instances->unsettled;
        instances->unsettled = NULL;
        presence_update(core, other, slice_of(settled_cause));
    }
    instances->unsettled = user;
    instances->unsettled_time = core->time;
    instances->unsettled_origin = core_origin(core);
}

void instances_told(struct instances *instances, struct user *user, const struct event *event)
{
    struct core *core = instances->core;
    const struct category_fact *fact = &event->as.category;
    if (!fact->empty && !fact->key.has_container) {
        return;
    }
    uint64_t before = user->presence.inputs_moment;
    if (fact->empty) {
        told_empty(core, user, fact);
    } else {
        told_value(core, user, fact);
    }
    if (!event->message) {
        presence_update(core, user, slice_of("database row"));
    } else if (user->presence.inputs_moment != before || instances->unsettled == user) {
        instances_unsettle(instances, user);
    }
}

void instances_settle(struct instances *instances)
{
    struct user *user = instances->unsettled;
    if (user) {
        instances->unsettled = NULL;
        core_cause_timer(instances->core, instances->unsettled_time, &instances->unsettled_origin);
        presence_update(instances->core, user, slice_of(settled_cause));
    }
}

/* ---- ending ---- */

static bool ends_with_endpoint(const struct instance *instance, struct slice epid, bool last)
{
    switch (instance->expire_type) {
    case EXPIRE_NONE: /* "endpoint" is the default: presence.md 1.1 */
    case EXPIRE_ENDPOINT:
        return last || (epid.size > 0 && slice_equal_nocase(instance->epid, epid));
    case EXPIRE_USER:
        return last;
    default:
        return false;
    }
}

bool instances_endpoint_left(struct core *core, struct user *user, struct slice epid, bool last)
{
    bool ended = false;
    struct map_entry *next = NULL;
    for (struct map_entry *entry = user->presence.instances.first; entry; entry = next) {
        struct instance *instance = entry->value;
        next = entry->next;
        if (ends_with_endpoint(instance, epid, last)) {
            ended = ended || instance->counted;
            instance_end(core, instance, PUBLICATION_ENDED, 0);
        }
    }
    return ended;
}

void instances_timer(struct instances *instances, struct timer *timer)
{
    struct core *core = instances->core;
    struct instance *instance = timer->object;
    struct user *user = instance->user;
    core_cause_timer(core, timer->due, &instance->origin);
    instance_end(core, instance, PUBLICATION_EXPIRED, 0);
    presence_update(core, user, slice_of("publication ran out"));
}
