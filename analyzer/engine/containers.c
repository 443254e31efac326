/*
 * Containers. See containers.h.
 *
 * Certainty is what the audit's errors stand on, so it is withheld wherever the
 * lists may be incomplete or just changing: before the owner's document was seen,
 * where a later document left out the container that names the watcher, after a
 * cap, while a change waits for its answer or missed it, and for a moment after a
 * change, before which notifications may already have been on their way. Container
 * 32000 is the highest of all, so one word that puts a watcher there is enough.
 */
#include "analyzer/engine/containers.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/engine/arena.h"

enum {
    CONTAINERS = 64, /* of one owner; the product has nine, administrators add a few */
    BLOCKED = 32000,
    MEMBER_KEY = 256, /* longer names are cut: an address has at most 255 characters */
};

/* How long after a change what was sent before it may still arrive. */
#define SETTLING (2 * TIME_SECOND)

struct container {
    uint32_t id;
    uint64_t list;      /* the list that named it last */
    struct map members; /* type and value -> struct origin of what named it */
};

struct container_list {
    uint64_t list; /* counts the owner's documents; 0 = none was seen */
    size_t members;
    size_t count;
    size_t open;        /* members of requests that wait for their answer */
    bool missed;        /* an answer was not seen: whether that change was made is not known */
    bool capped;        /* a member found no place: nothing is certain any more */
    int64_t changed_at; /* ns: by setContainerMembers; TIME_NONE */
    struct container *all;
    size_t capacity;
};

/* One member of a setContainerMembers that was not answered yet. */
struct member_change {
    struct user *owner;
    uint32_t id;
    bool remove;
    enum member_type type;
    struct slice value;
};

struct member_request {
    int64_t asked_at;
    struct origin origin;
    struct member_change *changes;
    size_t count;
    size_t capacity;
};

/* An answer that was not seen by then was missed. */
#define ANSWER_WAIT (4 * TRANSACTION_WAIT)

void containers_init(struct containers *containers, struct core *core, struct users *users)
{
    *containers = (struct containers){.core = core, .users = users};
    map_init_numbers(&containers->requests, core->seed);
}

static void free_request(void *value)
{
    struct member_request *request = value;
    for (size_t i = 0; i < request->count; i++) {
        slice_drop(&request->changes[i].value);
    }
    free(request->changes);
    free(request);
}

void containers_dispose(struct containers *containers)
{
    map_dispose(&containers->requests, free_request);
}

void container_list_free(struct container_list *list)
{
    for (size_t i = 0; list && i < list->count; i++) {
        map_dispose(&list->all[i].members, free);
    }
    if (list) {
        free(list->all);
    }
    free(list);
}

/* ---- one owner's lists ---- */

static struct slice member_key(char out[static MEMBER_KEY + 1], enum member_type type,
                               struct slice value)
{
    out[0] = (char)type;
    return (struct slice){out, 1 + slice_lower(out + 1, MEMBER_KEY, value).size};
}

static struct container_list *list_of(struct user *owner)
{
    if (!owner->containers) {
        owner->containers = memory_zero(1, sizeof *owner->containers);
        owner->containers->changed_at = TIME_NONE;
    }
    return owner->containers;
}

static struct container *container_find(struct container_list *list, uint32_t id)
{
    for (size_t i = 0; i < list->count; i++) {
        if (list->all[i].id == id) {
            return &list->all[i];
        }
    }
    return NULL;
}

static struct container *container_keep(struct core *core, struct container_list *list, uint32_t id)
{
    struct container *container = container_find(list, id);
    if (container) {
        return container;
    }
    if (list->count == CONTAINERS) {
        list->capped = true;
        core_cap(core, CAP_MEMBERS);
        return NULL;
    }
    if (list->count == list->capacity) {
        list->capacity = list->capacity > 0 ? list->capacity * 2 : 4;
        list->all = memory_grow(list->all, list->capacity, sizeof *list->all);
    }
    container = &list->all[list->count++];
    *container = (struct container){.id = id, .list = list->list};
    map_init(&container->members, core->seed);
    return container;
}

static void member_add(struct core *core, struct container_list *list, struct container *container,
                       const struct member_change *change, const struct origin *origin)
{
    char bytes[MEMBER_KEY + 1];
    struct slice key = member_key(bytes, change->type, change->value);
    struct origin *kept = map_find(&container->members, key);
    if (!kept && core_full(core, CAP_MEMBERS, list->members, core->limits.members)) {
        list->capped = true;
        return;
    }
    if (!kept) {
        kept = memory_alloc(sizeof *kept);
        map_put(&container->members, key, kept);
        list->members++;
    }
    *kept = *origin;
}

static void member_remove(struct container_list *list, struct container *container,
                          const struct member_change *change)
{
    char bytes[MEMBER_KEY + 1];
    struct origin *kept =
        map_remove(&container->members, member_key(bytes, change->type, change->value));
    list->members -= kept != NULL;
    free(kept);
}

/* ---- the owner's document ---- */

static void listed(struct core *core, struct user *owner, const struct container_fact *fact)
{
    struct container_list *list = list_of(owner);
    if (fact->index == 1 || list->list == 0) {
        list->list++;
        list->missed = false;
    }
    struct container *container = container_keep(core, list, fact->id);
    if (!container) {
        return;
    }
    if (container->list != list->list) {
        list->members -= container->members.count;
        map_dispose(&container->members, free);
        map_init(&container->members, core->seed);
        container->list = list->list;
    }
    const struct member_change change = {.type = fact->type, .value = fact->value};
    struct origin origin = core_origin(core);
    if (fact->action == CONTAINER_LISTED) {
        member_add(core, list, container, &change, &origin);
    }
}

/* ---- setContainerMembers ---- */

static void drop_request(struct containers *containers, struct map_entry *entry, bool answered)
{
    struct member_request *request = map_remove_entry(&containers->requests, entry);
    for (size_t i = 0; i < request->count; i++) {
        struct container_list *list = list_of(request->changes[i].owner);
        list->open--;
        list->missed = list->missed || !answered;
    }
    containers->waiting -= request->count;
    free_request(request);
}

/* Forgets requests that nobody will answer any more, then what is over the limit. */
static void make_room(struct containers *containers)
{
    struct core *core = containers->core;
    for (struct map_entry *entry = containers->requests.first; entry;
         entry = containers->requests.first) {
        const struct member_request *request = entry->value;
        if (time_apart(core->time, request->asked_at) < ANSWER_WAIT &&
            !core_full(core, CAP_PENDING, containers->waiting, core->limits.pending)) {
            return;
        }
        drop_request(containers, entry, false);
    }
}

static void asked(struct containers *containers, struct user *owner, const struct event *event)
{
    const struct message *message = event->message;
    const struct container_fact *fact = &event->as.container;
    if (!message || !message->request || message->transaction == 0) {
        return;
    }
    make_room(containers);
    struct slice key = map_number_key(&message->transaction);
    struct member_request *request = map_find(&containers->requests, key);
    if (!request) {
        request = memory_zero(1, sizeof *request);
        request->asked_at = containers->core->time;
        request->origin = core_origin(containers->core);
        map_put(&containers->requests, key, request);
    }
    if (request->count == request->capacity) {
        request->capacity = request->capacity > 0 ? request->capacity * 2 : 4;
        request->changes =
            memory_grow(request->changes, request->capacity, sizeof *request->changes);
    }
    request->changes[request->count++] = (struct member_change){
        .owner = owner,
        .id = fact->id,
        .remove = fact->action == CONTAINER_REMOVE,
        .type = fact->type,
        .value = memory_keep(fact->value),
    };
    containers->waiting++;
    list_of(owner)->open++;
}

void containers_seen(struct containers *containers, const struct event *event)
{
    const struct container_fact *fact = &event->as.container;
    struct user *owner = users_keep(containers->users, fact->owner);
    if (!owner) {
        return;
    }
    if (fact->action == CONTAINER_ADD || fact->action == CONTAINER_REMOVE) {
        asked(containers, owner, event);
    } else {
        listed(containers->core, owner, fact);
    }
}

static void commit(struct core *core, const struct member_request *request)
{
    for (size_t i = 0; i < request->count; i++) {
        const struct member_change *change = &request->changes[i];
        struct container_list *list = list_of(change->owner);
        struct container *container = change->remove ? container_find(list, change->id)
                                                     : container_keep(core, list, change->id);
        list->changed_at = core->time;
        if (!container) {
            continue;
        }
        if (change->remove) {
            member_remove(list, container, change);
        } else {
            member_add(core, list, container, change, &request->origin);
        }
    }
}

void containers_answered(struct containers *containers, const struct message *message)
{
    struct map_entry *entry =
        map_find_entry(&containers->requests, map_number_key(&message->transaction));
    if (!entry || message->status < 200) {
        return;
    }
    if (message->status < 300) {
        commit(containers->core, entry->value);
    }
    drop_request(containers, entry, true);
}

/* ---- who is where ---- */

/* The highest container that names it so; false when none does or one of an older list might. */
static bool find_member(const struct container_list *list, enum member_type type,
                        struct slice value, struct container_place *out, bool *out_doubt)
{
    char bytes[MEMBER_KEY + 1];
    struct slice key = member_key(bytes, type, value);
    bool found = false;
    for (size_t i = 0; i < list->count; i++) {
        const struct container *container = &list->all[i];
        const struct origin *origin = map_find(&container->members, key);
        if (!origin) {
            continue;
        }
        *out_doubt = *out_doubt || container->list != list->list;
        if (!found || container->id > out->id) {
            *out = (struct container_place){.id = container->id, .origin = *origin};
        }
        found = true;
    }
    return found;
}

static bool settled(const struct core *core, const struct container_list *list)
{
    bool quiet = list->changed_at == TIME_NONE || core->time == TIME_NONE ||
                 time_apart(core->time, list->changed_at) >= SETTLING;
    return quiet && list->open == 0 && !list->missed && !list->capped;
}

struct container_place containers_find(const struct core *core, const struct user *owner,
                                       struct slice watcher)
{
    struct container_place place = {0};
    const struct container_list *list = owner->containers;
    if (!list || !settled(core, list)) {
        return place;
    }
    bool doubt = false;
    bool found = find_member(list, MEMBER_TYPE_USER, watcher, &place, &doubt);
    size_t at = slice_find_byte(watcher, '@');
    if (!found && at != SLICE_NONE) {
        struct slice domain = slice_from(watcher, at + 1);
        found = find_member(list, MEMBER_TYPE_DOMAIN, domain, &place, &doubt);
    }
    place.certain = found && !doubt && (list->list > 0 || place.id == BLOCKED);
    return place;
}
