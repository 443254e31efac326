/*
 * Published category instances. See instances.h.
 */
#include "analyzer/engine/instances.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/engine/arena.h"

struct instance {
    struct map_entry *entry; /* in presence.instances */
    struct user *user;
    struct slice name;
    uint32_t number;
    uint32_t container;
    struct state_value value; /* kind STATE_NONE when it is no state or was cleared */
    uint32_t version;
    enum expire_type expire_type;
    struct slice epid; /* of the publisher; "" when unknown */
    int64_t published; /* publishTime, or when its 2xx was seen */
    int64_t until;     /* TIME_NONE = not by time */
    struct origin origin;
    struct timer timer;
    bool counted; /* in presence.input_count */
};

/* One publication of a SERVICE that was not answered yet. */
struct publish_item {
    struct user *user;
    struct slice name;
    uint32_t number;
    uint32_t container;
    struct state_value value;
    uint32_t version;
    bool empty;
    enum expire_type expire_type;
    int64_t expires;
};

struct publish_request {
    struct slice epid;
    int64_t asked_at;
    struct publish_item *items;
    size_t count;
    size_t capacity;
};

/* Longer category names are cut in the key: the longest known one has 19 letters. */
enum { NAME_KEY = 128, KEY_BYTES = 8 + NAME_KEY };

/* An answer that was not seen by then was missed. */
#define ANSWER_WAIT (4 * TRANSACTION_WAIT)

void instances_init(struct instances *instances, struct core *core, struct users *users)
{
    *instances = (struct instances){.core = core, .users = users};
    map_init(&instances->requests, core->seed);
}

static void free_item(struct publish_item *item)
{
    slice_drop(&item->name);
    state_value_drop(&item->value);
}

static void free_request(void *value)
{
    struct publish_request *request = value;
    for (size_t i = 0; i < request->count; i++) {
        free_item(&request->items[i]);
    }
    free(request->items);
    slice_drop(&request->epid);
    free(request);
}

void instances_end(struct instances *instances)
{
    map_dispose(&instances->requests, free_request);
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

static struct instance *instance_find(const struct user *user, struct slice name, uint32_t number,
                                      uint32_t container)
{
    unsigned char key[KEY_BYTES];
    return map_find(&user->presence.instances, instance_key(key, name, number, container));
}

/* The instance, made if it is new; NULL when the user's table is full. */
static struct instance *instance_keep(struct core *core, struct user *user, struct slice name,
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

/* Tells the presence that an input came, went or changed; `gone` = it is about to be freed. */
static void input_changed(struct core *core, struct instance *instance, bool gone)
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
                out[count++] = (struct aggregate_input){&instance->value, instance->published};
            }
        }
    }
    return count;
}

/* ---- changes ---- */

static void emit_instance(struct core *core, const struct instance *instance,
                          enum publication_state state, uint16_t status)
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

static void emit_item(struct core *core, const struct publish_request *request,
                      const struct publish_item *item, enum publication_state state,
                      uint16_t status)
{
    const struct instance view = {
        .user = item->user,
        .name = item->name,
        .number = item->number,
        .container = item->container,
        .value = item->value,
        .version = item->version,
        .expire_type = item->expire_type,
        .epid = request->epid,
        .until = TIME_NONE,
    };
    emit_instance(core, &view, state, status);
}

static void instance_end(struct core *core, struct instance *instance, enum publication_state state,
                         uint16_t status)
{
    timers_cancel(&core->timers, &instance->timer);
    emit_instance(core, instance, state, status);
    input_changed(core, instance, true);
    map_remove_entry(&instance->user->presence.instances, instance->entry);
    free_instance(instance);
}

static void instance_set_until(struct core *core, struct instance *instance, int64_t until)
{
    timers_cancel(&core->timers, &instance->timer);
    instance->until = until;
    if (until != TIME_NONE) {
        timers_set(&core->timers, &instance->timer, until);
    }
}

/* ---- the client asks ---- */

static void drop_request(struct instances *instances, struct map_entry *entry)
{
    struct publish_request *request = map_remove_entry(&instances->requests, entry);
    instances->waiting -= request->count;
    free_request(request);
}

/* Forgets requests that nobody will answer any more, then what is over the limit. */
static void make_room(struct instances *instances)
{
    struct core *core = instances->core;
    for (struct map_entry *entry = instances->requests.first; entry;
         entry = instances->requests.first) {
        const struct publish_request *request = entry->value;
        if (core->time - request->asked_at < ANSWER_WAIT &&
            !core_full(core, CAP_PENDING, instances->waiting, core->limits.pending)) {
            return;
        }
        drop_request(instances, entry);
    }
}

static struct publish_request *request_keep(struct instances *instances,
                                            const struct message *message)
{
    struct slice key = map_number_key(&message->transaction);
    struct publish_request *request = map_find(&instances->requests, key);
    if (!request) {
        request = memory_zero(1, sizeof *request);
        request->epid = memory_keep(message->from.epid);
        request->asked_at = instances->core->time;
        map_put(&instances->requests, key, request);
    }
    return request;
}

static struct publish_item *request_add(struct publish_request *request)
{
    if (request->count == request->capacity) {
        request->capacity = request->capacity > 0 ? request->capacity * 2 : 4;
        request->items = memory_grow(request->items, request->capacity, sizeof *request->items);
    }
    return &request->items[request->count++];
}

void instances_asked(struct instances *instances, const struct event *event)
{
    const struct message *message = event->message;
    const struct category_fact *fact = &event->as.category;
    if (!message || !message->request || message->transaction == 0) {
        return;
    }
    struct user *user = fact->key.user.size > 0
                            ? users_keep(instances->users, fact->key.user)
                            : users_keep_party(instances->users, &message->from);
    if (!user) {
        return;
    }
    make_room(instances);
    struct publish_request *request = request_keep(instances, message);
    struct publish_item *item = request_add(request);
    instances->waiting++;
    *item = (struct publish_item){
        .user = user,
        .name = memory_keep(fact->key.name),
        .number = fact->key.instance,
        .container = fact->key.container,
        .value = {.availability = AVAILABILITY_NONE},
        .version = fact->version,
        .empty = fact->empty,
        .expire_type = fact->expire_type,
        .expires = fact->expires,
    };
    if (fact->has_value) {
        item->value = state_value_keep(&fact->value);
    }
    /* Sent again with credentials: it was asked for already. */
    if (message->attempt == 0) {
        emit_item(instances->core, request, item, PUBLICATION_REQUESTED, 0);
    }
}

/* ---- the server answers ---- */

static int64_t item_until(const struct core *core, const struct publish_item *item)
{
    return item->expire_type == EXPIRE_TIME ? core_after(core, item->expires) : TIME_NONE;
}

static void commit_removal(struct core *core, const struct publish_request *request,
                           const struct publish_item *item, uint16_t status)
{
    struct instance *instance =
        instance_find(item->user, item->name, item->number, item->container);
    if (instance) {
        instance_end(core, instance, PUBLICATION_REMOVED, status);
    } else {
        emit_item(core, request, item, PUBLICATION_REMOVED, status);
    }
}

static void commit_value(struct core *core, const struct publish_request *request,
                         struct publish_item *item, uint16_t status)
{
    bool known = instance_find(item->user, item->name, item->number, item->container) != NULL;
    struct instance *instance =
        instance_keep(core, item->user, item->name, item->number, item->container);
    if (!instance) {
        return;
    }
    state_value_drop(&instance->value);
    instance->value = item->value;
    item->value = (struct state_value){.availability = AVAILABILITY_NONE};
    instance->version = item->version + 1; /* raised by one for every accepted change: 1.1 */
    instance->expire_type = item->expire_type;
    slice_replace(&instance->epid, request->epid);
    instance->published = core->time;
    instance->origin = core_origin(core);
    instance_set_until(core, instance, item_until(core, item));
    input_changed(core, instance, false);
    emit_instance(core, instance, known ? PUBLICATION_MODIFIED : PUBLICATION_LIVE, status);
}

/* What a presence change will name: the state for container 2 before any other. */
struct headline {
    bool removal;
    enum state_kind kind; /* STATE_NONE = no state among the publications */
    int64_t availability;
    uint32_t container;
};

static void headline_add(struct headline *headline, const struct publish_item *item, bool removal)
{
    const struct instance *instance =
        instance_find(item->user, item->name, item->number, item->container);
    const struct state_value *value = removal && instance ? &instance->value : &item->value;
    if (value->kind == STATE_NONE ||
        (headline->kind != STATE_NONE && (headline->container == 2 || item->container != 2))) {
        return;
    }
    *headline = (struct headline){removal, value->kind, value->availability, item->container};
}

static void headline_tell(struct core *core, struct user *user, const struct headline *headline)
{
    char text[CAUSE_TEXT];
    const char *verb = headline->removal ? "removes" : "publishes";
    const char *what =
        headline->kind != STATE_NONE ? state_kind_name(headline->kind) : "a category";
    presence_update(
        core, user,
        presence_cause(text, verb, what, headline->removal ? -1 : headline->availability));
}

static void commit(struct core *core, struct publish_request *request, uint16_t status)
{
    struct headline headline = {.kind = STATE_NONE};
    for (size_t i = 0; i < request->count; i++) {
        struct publish_item *item = &request->items[i];
        bool removal = item->empty && item->expires == 0;
        headline_add(&headline, item, removal);
        if (removal) {
            commit_removal(core, request, item, status);
        } else {
            presence_back(item->user);
            commit_value(core, request, item, status);
        }
    }
    for (size_t i = 0; i < request->count; i++) {
        if (i == 0 || request->items[i].user != request->items[i - 1].user) {
            headline_tell(core, request->items[i].user, &headline);
        }
    }
}

void instances_answered(struct instances *instances, const struct message *message)
{
    struct map_entry *entry =
        map_find_entry(&instances->requests, map_number_key(&message->transaction));
    if (!entry || message->status < 200) {
        return;
    }
    struct publish_request *request = entry->value;
    if (message->status < 300) {
        commit(instances->core, request, message->status);
    } else if (message->status != 401 && message->status != 407) {
        for (size_t i = 0; i < request->count; i++) {
            emit_item(instances->core, request, &request->items[i], PUBLICATION_REFUSED,
                      message->status);
        }
    }
    drop_request(instances, entry);
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
    int64_t lived = fact->publish_time != TIME_NONE && fact->publish_time < core->time
                        ? core->time - fact->publish_time
                        : 0;
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
        input_changed(core, instance, false);
    }
    if (!same || !same_version) {
        emit_instance(core, instance, known ? PUBLICATION_MODIFIED : PUBLICATION_LIVE, 0);
    }
}

void instances_told(struct instances *instances, struct user *user, const struct event *event)
{
    struct core *core = instances->core;
    const struct category_fact *fact = &event->as.category;
    if (!fact->empty && !fact->key.has_container) {
        return;
    }
    if (instances->unsettled && instances->unsettled != user) {
        instances_settle(instances);
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
        instances->unsettled = user;
        instances->unsettled_time = core->time;
        instances->unsettled_origin = core_origin(core);
    }
}

void instances_settle(struct instances *instances)
{
    struct user *user = instances->unsettled;
    if (user) {
        instances->unsettled = NULL;
        core_cause_timer(instances->core, instances->unsettled_time, &instances->unsettled_origin);
        presence_update(instances->core, user, slice_of("owner's own publications were seen"));
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
