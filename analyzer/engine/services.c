/*
 * SERVICE requests that wait for their answer. See services.h.
 */
#include "analyzer/engine/services.h"

#include <stdlib.h>

#include "analyzer/engine/arena.h"

/* One publication of a SERVICE that was not answered yet. */
struct publish_item {
    struct user *user;
    struct slice name;
    uint32_t number;
    uint32_t container;
    struct state_value value;
    struct category_words words;
    uint32_t version;
    uint32_t index; /* 1-based place in the request */
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

/* An answer that was not seen by then was missed. */
#define ANSWER_WAIT (4 * TRANSACTION_WAIT)

enum { STATUS_CONFLICT = 409 };

void services_init(struct services *services, struct core *core, struct users *users,
                   struct instances *instances)
{
    *services = (struct services){.core = core, .users = users, .instances = instances};
    map_init_numbers(&services->requests, core->seed);
}

static void free_item(struct publish_item *item)
{
    slice_drop(&item->name);
    state_value_drop(&item->value);
    category_words_drop(&item->words);
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

void services_dispose(struct services *services)
{
    map_dispose(&services->requests, free_request);
    if (services->refused) {
        free_request(services->refused);
    }
}

/* As it was asked for: nothing of it is kept. */
static struct instance item_view(const struct publish_request *request,
                                 const struct publish_item *item)
{
    return (struct instance){
        .user = item->user,
        .name = item->name,
        .number = item->number,
        .container = item->container,
        .value = item->value,
        .version = item->version,
        .expire_type = item->expire_type,
        .epid = request->epid,
        .words = item->words,
        .published = TIME_NONE,
        .until = TIME_NONE,
        .index = item->index,
    };
}

static void emit_item(struct core *core, const struct publish_request *request,
                      const struct publish_item *item, enum publication_state state,
                      uint16_t status)
{
    const struct instance view = item_view(request, item);
    instance_emit(core, &view, state, status);
}

/* ---- the client asks ---- */

static struct publish_request *take_request(struct services *services, struct map_entry *entry)
{
    struct publish_request *request = map_remove_entry(&services->requests, entry);
    services->waiting -= request->count;
    return request;
}

/* Forgets requests that nobody will answer any more, then what is over the limit. */
static void make_room(struct services *services)
{
    struct core *core = services->core;
    for (struct map_entry *entry = services->requests.first; entry;
         entry = services->requests.first) {
        const struct publish_request *request = entry->value;
        if (time_apart(core->time, request->asked_at) < ANSWER_WAIT &&
            !core_full(core, CAP_PENDING, services->waiting, core->limits.pending)) {
            return;
        }
        free_request(take_request(services, entry));
    }
}

static struct publish_request *request_keep(struct services *services,
                                            const struct message *message)
{
    struct slice key = map_number_key(&message->transaction);
    struct publish_request *request = map_find(&services->requests, key);
    if (!request) {
        request = memory_zero(1, sizeof *request);
        request->epid = memory_keep(message->from.epid);
        request->asked_at = services->core->time;
        map_put(&services->requests, key, request);
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

void services_asked(struct services *services, const struct event *event)
{
    const struct message *message = event->message;
    const struct category_fact *fact = &event->as.category;
    if (!message || !message->request || message->transaction == 0) {
        return;
    }
    struct user *user = fact->key.user.size > 0 ? users_keep(services->users, fact->key.user)
                                                : users_keep_party(services->users, &message->from);
    if (!user) {
        return;
    }
    make_room(services);
    struct publish_request *request = request_keep(services, message);
    struct publish_item *item = request_add(request);
    services->waiting++;
    *item = (struct publish_item){
        .user = user,
        .name = memory_keep(fact->key.name),
        .number = fact->key.instance,
        .container = fact->key.container,
        .value = {.availability = AVAILABILITY_NONE},
        .words = category_words_keep(fact),
        .version = fact->version,
        .index = fact->index,
        .empty = fact->empty,
        .expire_type = fact->expire_type,
        .expires = fact->expires,
    };
    if (fact->has_value) {
        item->value = state_value_keep(&fact->value);
    }
    /* Sent again with credentials: it was asked for already. */
    if (message->attempt == 0) {
        emit_item(services->core, request, item, PUBLICATION_REQUESTED, 0);
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
        item->user->presence.missed = true;
        presence_incomplete(core, item->user);
        return;
    }
    state_value_drop(&instance->value);
    instance->value = item->value;
    item->value = (struct state_value){.availability = AVAILABILITY_NONE};
    instance_say(core, instance, item->words);
    item->words = (struct category_words){.category = CATEGORY_UNKNOWN};
    instance->version = item->version + 1; /* raised by one for every accepted change: 1.1 */
    instance->expire_type = item->expire_type;
    slice_replace(&instance->epid, request->epid);
    instance->published = core->time;
    instance->stamped = false;
    instance->seen = core->moment;
    instance->origin = core_origin(core);
    instance_set_until(core, instance, item_until(core, item));
    instance_changed(core, instance, false);
    instance->index = item->index;
    instance_emit(core, instance, known ? PUBLICATION_MODIFIED : PUBLICATION_LIVE, status);
    instance->index = 0;
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

static void headline_tell(struct services *services, struct user *user,
                          const struct headline *headline)
{
    char text[CAUSE_TEXT];
    const char *verb = headline->removal ? "removes" : "publishes";
    const char *what =
        headline->kind != STATE_NONE ? state_kind_name(headline->kind) : "a category";
    int64_t number = headline->removal ? -1 : headline->availability;
    instances_unsettle_by(services->instances, user, presence_cause(text, verb, what, number));
}

static void commit(struct services *services, struct publish_request *request, uint16_t status)
{
    struct core *core = services->core;
    struct headline headline = {.kind = STATE_NONE};
    for (size_t i = 0; i < request->count; i++) {
        struct publish_item *item = &request->items[i];
        bool removal = item->empty && item->expires == 0;
        headline_add(&headline, item, removal);
        if (removal) {
            commit_removal(core, request, item, status);
        } else {
            presence_back(core, item->user);
            commit_value(core, request, item, status);
        }
    }
    for (size_t i = 0; i < request->count; i++) {
        if (i == 0 || request->items[i].user != request->items[i - 1].user) {
            headline_tell(services, request->items[i].user, &headline);
        }
    }
}

/* The facts of a body follow their message at once. */
static void keep_refused(struct services *services, struct publish_request *request)
{
    if (services->refused) {
        free_request(services->refused);
    }
    services->refused = request;
    services->refused_moment = services->core->moment;
}

void services_answered(struct services *services, const struct message *message)
{
    struct map_entry *entry =
        map_find_entry(&services->requests, map_number_key(&message->transaction));
    if (!entry || message->status < 200) {
        return;
    }
    struct publish_request *request = take_request(services, entry);
    if (message->status < 300) {
        commit(services, request, message->status);
    } else if (message->status != 401 && message->status != 407) {
        for (size_t i = 0; i < request->count; i++) {
            emit_item(services->core, request, &request->items[i], PUBLICATION_REFUSED,
                      message->status);
        }
    }
    if (message->status == STATUS_CONFLICT) {
        keep_refused(services, request);
    } else {
        free_request(request);
    }
}

/* ---- the fault document of a 409 ---- */

/* Items stand in the order of their places; some may be missing. */
static const struct publish_item *request_item(const struct publish_request *request,
                                               uint32_t index)
{
    size_t low = 0;
    size_t high = request->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (request->items[middle].index < index) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    const struct publish_item *item = &request->items[low];
    return low < request->count && item->index == index ? item : NULL;
}

void services_fault(struct services *services, const struct event *event)
{
    const struct fault_fact *fault = &event->as.fault;
    bool here = services->refused && event->message && event->message->status == STATUS_CONFLICT &&
                services->refused_moment == services->core->moment;
    if (!here || slice_find_nocase(fault->code, slice_of("WrongDelta")) == SLICE_NONE) {
        return;
    }
    const struct publish_item *item =
        fault->index > 0 ? request_item(services->refused, fault->index) : NULL;
    if (item) {
        struct instance view = item_view(services->refused, item);
        view.current_version = fault->current_version;
        instance_emit(services->core, &view, PUBLICATION_CONFLICT, STATUS_CONFLICT);
    }
}
