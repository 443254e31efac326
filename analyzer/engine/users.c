/*
 * Users and their endpoints. See users.h.
 *
 * A REGISTER counts when its 2xx is seen. "Contact: *" removes every endpoint of
 * the user (RFC 3261 10.2.2). Whatever registered before the input began is not
 * known, so only a user whose endpoints came and went here can be found gone.
 */
#include "analyzer/engine/users.h"

#include <stdlib.h>

#include "analyzer/engine/arena.h"
#include "analyzer/engine/instances.h"
#include "analyzer/engine/publications.h"

struct endpoint {
    struct map_entry *entry; /* in user->endpoints */
    struct user *user;
    struct slice epid; /* "" when it has none */
    int64_t until;
    struct origin origin; /* the last 2xx */
    struct timer timer;
};

static void free_endpoint(void *value)
{
    struct endpoint *endpoint = value;
    slice_drop(&endpoint->epid);
    free(endpoint);
}

static void free_user(void *value)
{
    struct user *user = value;
    map_dispose(&user->endpoints, free_endpoint);
    instances_dispose(&user->presence.instances);
    publications_dispose(&user->presence.publications);
    presence_dispose(&user->presence);
    slice_drop(&user->uri);
    free(user);
}

static void free_contact(void *value)
{
    struct slice *contact = value;
    slice_drop(contact);
    free(contact);
}

void users_init(struct users *users, struct core *core)
{
    users->core = core;
    map_init(&users->users, core->seed);
    map_init_numbers(&users->contacts, core->seed);
}

void users_dispose(struct users *users)
{
    map_dispose(&users->users, free_user);
    map_dispose(&users->contacts, free_contact);
}

static struct user *users_find(const struct users *users, struct slice uri)
{
    return map_find(&users->users, uri);
}

struct user *users_keep(struct users *users, struct slice uri)
{
    struct user *user = users_find(users, uri);
    if (user || uri.size == 0 ||
        core_full(users->core, CAP_USERS, users->users.count, users->core->limits.users)) {
        return user;
    }
    user = memory_zero(1, sizeof *user);
    user->uri = memory_keep(uri);
    map_init(&user->endpoints, users->core->seed);
    presence_init(&user->presence, users->core->seed);
    map_put(&users->users, uri, user);
    return user;
}

struct user *users_keep_party(struct users *users, const struct sip_party *party)
{
    return party->service ? NULL : users_keep(users, party->user);
}

/* ---- which endpoint a REGISTER is about ---- */

/* The value of +sip.instance in a Contact, quotes included; "" without. */
static struct slice contact_instance(struct slice contact)
{
    static const struct slice name = SLICE("+sip.instance=");
    size_t at = slice_find_nocase(contact, name);
    if (at == SLICE_NONE) {
        return (struct slice){0};
    }
    struct slice value = slice_from(contact, at + name.size);
    return slice_sub(value, 0, slice_find_byte(value, ';'));
}

static struct slice endpoint_key(const struct message *message)
{
    if (message->from.epid.size > 0) {
        return message->from.epid;
    }
    struct slice instance = contact_instance(message->contact.raw);
    return instance.size > 0 ? instance : message->contact.uri;
}

void users_register(struct users *users, const struct message *message)
{
    if (message->from.epid.size > 0 || message->transaction == 0) {
        return;
    }
    /* The oldest can no longer be answered: more requests than fit are in flight after it. */
    if (core_full(users->core, CAP_PENDING, users->contacts.count, users->core->limits.pending)) {
        if (!users->contacts.first) {
            return;
        }
        free_contact(map_remove_entry(&users->contacts, users->contacts.first));
    }
    struct slice *contact = map_find(&users->contacts, map_number_key(&message->transaction));
    if (!contact) {
        contact = memory_zero(1, sizeof *contact);
        map_put(&users->contacts, map_number_key(&message->transaction), contact);
    }
    slice_replace(contact, endpoint_key(message));
}

/* ---- coming and going ---- */

static void emit_endpoint(struct core *core, const struct user *user, struct slice epid,
                          enum endpoint_state state, int64_t until)
{
    struct change change = {
        .kind = CHANGE_ENDPOINT,
        .as.endpoint = {.user = user->uri, .epid = epid, .state = state, .until = until},
    };
    core_emit(core, &change);
}

static void endpoint_leave(struct core *core, struct endpoint *endpoint, enum endpoint_state state)
{
    struct user *user = endpoint->user;
    timers_cancel(&core->timers, &endpoint->timer);
    emit_endpoint(core, user, endpoint->epid, state, endpoint->until);
    map_remove_entry(&user->endpoints, endpoint->entry);
    bool last = user->endpoints.count == 0;
    bool ended = instances_endpoint_left(core, user, endpoint->epid, last);
    if (last) {
        presence_gone(core, user);
    } else if (ended) {
        presence_update(core, user, slice_of("endpoint left"));
    }
    free_endpoint(endpoint);
}

static void endpoint_leave_all(struct core *core, struct user *user)
{
    while (user->endpoints.first) {
        endpoint_leave(core, user->endpoints.first->value, ENDPOINT_UNREGISTERED);
    }
}

static void endpoint_arrive(struct core *core, struct user *user, struct slice key,
                            struct slice epid, int64_t expires)
{
    struct endpoint *endpoint = map_find(&user->endpoints, key);
    enum endpoint_state state = endpoint ? ENDPOINT_REFRESHED : ENDPOINT_REGISTERED;
    if (!endpoint) {
        if (core_full(core, CAP_INSTANCES, user->endpoints.count, core->limits.instances)) {
            return;
        }
        endpoint = memory_zero(1, sizeof *endpoint);
        endpoint->user = user;
        endpoint->epid = memory_keep(epid);
        endpoint->timer = (struct timer){.kind = TIMER_ENDPOINT, .object = endpoint};
        endpoint->entry = map_put(&user->endpoints, key, endpoint);
    }
    presence_back(core, user);
    endpoint->origin = core_origin(core);
    endpoint->until = core_after(core, expires);
    timers_cancel(&core->timers, &endpoint->timer);
    if (endpoint->until != TIME_NONE) {
        timers_set(&core->timers, &endpoint->timer, endpoint->until);
    }
    emit_endpoint(core, user, endpoint->epid, state, endpoint->until);
}

/* The endpoint that a response is about; the only one there is when nothing names it. */
static struct slice answered_key(struct users *users, const struct message *message,
                                 const struct user *user)
{
    struct slice key = endpoint_key(message);
    if (message->from.epid.size > 0) {
        return key;
    }
    const struct slice *asked = map_find(&users->contacts, map_number_key(&message->transaction));
    if (asked && asked->size > 0) {
        return *asked;
    }
    if (key.size == 0 && user->endpoints.count == 1) {
        return user->endpoints.first->key;
    }
    return key;
}

/* What the 2xx grants: the response speaks first, 0 asked for is 0 granted. */
static int64_t granted(const struct message *message)
{
    const struct request_view *request = message->request_kept;
    if (request && (request->expires == 0 || request->contact_star)) {
        return 0;
    }
    if (message->expires >= 0) {
        return message->expires;
    }
    return request ? request->expires : -1;
}

static void register_accepted(struct users *users, struct user *user, const struct message *message)
{
    const struct request_view *request = message->request_kept;
    int64_t expires = granted(message);
    if (request && request->contact_star) {
        endpoint_leave_all(users->core, user);
        return;
    }
    struct slice key = answered_key(users, message, user);
    if (expires != 0) {
        /* Without its request and without a lifetime it may as well be an unregistration. */
        if (request || expires > 0) {
            endpoint_arrive(users->core, user, key, message->from.epid, expires);
        }
        return;
    }
    struct endpoint *endpoint = map_find(&user->endpoints, key);
    if (endpoint) {
        endpoint_leave(users->core, endpoint, ENDPOINT_UNREGISTERED);
    } else {
        emit_endpoint(users->core, user, message->from.epid, ENDPOINT_UNREGISTERED, TIME_NONE);
    }
}

void users_registered(struct users *users, const struct message *message)
{
    if (message->status < 200) {
        return;
    }
    struct user *user = message->to.service ? NULL : users_keep(users, message->to.user);
    if (user && message->status < 300) {
        register_accepted(users, user, message);
    }
    struct slice *contact = map_remove(&users->contacts, map_number_key(&message->transaction));
    if (contact) {
        free_contact(contact);
    }
}

void users_timer(struct users *users, struct timer *timer)
{
    struct endpoint *endpoint = timer->object;
    core_cause_timer(users->core, timer->due, &endpoint->origin);
    endpoint_leave(users->core, endpoint, ENDPOINT_EXPIRED);
}
