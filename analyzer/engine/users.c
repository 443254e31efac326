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
#include "analyzer/engine/containers.h"
#include "analyzer/engine/instances.h"
#include "analyzer/engine/publications.h"
#include "analyzer/engine/set_presence.h"
#include "analyzer/engine/watchers.h"

struct endpoint {
    struct map_entry *entry; /* in user->endpoints */
    struct user *user;
    struct slice epid;     /* "" when it has none */
    struct slice instance; /* +sip.instance in lower case; "" */
    struct slice contact;  /* URI of its last Contact; "" */
    int64_t until;
    struct origin origin; /* the last 2xx */
    struct timer timer;
};

static void free_endpoint(void *value)
{
    struct endpoint *endpoint = value;
    slice_drop(&endpoint->epid);
    slice_drop(&endpoint->instance);
    slice_drop(&endpoint->contact);
    free(endpoint);
}

static void free_user(void *value)
{
    struct user *user = value;
    map_dispose(&user->endpoints, free_endpoint);
    instances_dispose(&user->presence.instances);
    publications_dispose(&user->presence.publications);
    set_presence_dispose(&user->presence.legacy);
    presence_dispose(&user->presence);
    map_dispose(&user->watching, free);
    container_list_free(user->containers);
    slice_drop(&user->uri);
    free(user);
}

/* How a REGISTER names its endpoint; instance and contact owned. */
struct asked {
    struct slice instance;
    struct slice contact;
};

static void free_asked(void *value)
{
    struct asked *asked = value;
    slice_drop(&asked->instance);
    slice_drop(&asked->contact);
    free(asked);
}

void users_init(struct users *users, struct core *core)
{
    users->core = core;
    map_init(&users->users, core->seed);
    map_init_numbers(&users->asked, core->seed);
}

void users_dispose(struct users *users)
{
    map_dispose(&users->users, free_user);
    map_dispose(&users->asked, free_asked);
}

static struct user *users_find(struct users *users, struct slice uri)
{
    struct user *last = users->kept_last;
    if (!last || !slice_equal(last->uri, uri)) {
        last = map_find(&users->users, uri);
        users->kept_last = last;
    }
    return last;
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
    map_init(&user->watching, users->core->seed);
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

/* The names of one endpoint, borrowed. */
struct names {
    struct slice epid;
    struct slice instance;
    struct slice contact;
};

static struct names names_of(const struct message *message)
{
    return (struct names){
        .epid = message->from.epid,
        .instance = contact_instance(message->contact.raw),
        .contact = message->contact.uri,
    };
}

/* One name is enough, and the letter case of an instance id differs between messages. */
static bool is_endpoint(const struct endpoint *endpoint, const struct names *names)
{
    if (endpoint->epid.size > 0 && names->epid.size > 0) {
        return slice_equal_nocase(endpoint->epid, names->epid);
    }
    if (endpoint->instance.size > 0 && names->instance.size > 0) {
        return slice_equal_nocase(endpoint->instance, names->instance);
    }
    return endpoint->contact.size > 0 && slice_equal(endpoint->contact, names->contact);
}

/* The name under which an endpoint stands in its table, from its first REGISTER on. */
static struct slice key_of(const struct names *names)
{
    if (names->epid.size > 0) {
        return names->epid;
    }
    return names->instance.size > 0 ? names->instance : names->contact;
}

static struct endpoint *endpoint_find(const struct user *user, const struct names *names)
{
    struct endpoint *endpoint = map_find(&user->endpoints, key_of(names));
    for (struct map_entry *entry = user->endpoints.first; entry && !endpoint; entry = entry->next) {
        endpoint = is_endpoint(entry->value, names) ? entry->value : NULL;
    }
    return endpoint;
}

void users_register(struct users *users, const struct message *message)
{
    if (message->transaction == 0) {
        return;
    }
    /* The oldest can no longer be answered: more requests than fit are in flight after it. */
    if (core_full(users->core, CAP_PENDING, users->asked.count, users->core->limits.pending)) {
        if (!users->asked.first) {
            return;
        }
        free_asked(map_remove_entry(&users->asked, users->asked.first));
    }
    struct asked *asked = map_find(&users->asked, map_number_key(&message->transaction));
    if (!asked) {
        asked = memory_zero(1, sizeof *asked);
        map_put(&users->asked, map_number_key(&message->transaction), asked);
    }
    struct names names = names_of(message);
    slice_replace(&asked->instance, names.instance);
    slice_replace(&asked->contact, names.contact);
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

/* What an endpoint said ends with it. */
static bool end_said(struct core *core, struct user *user, struct slice epid, bool last)
{
    bool instances = instances_endpoint_left(core, user, epid, last);
    bool legacy = set_presence_endpoint_left(user, epid, last);
    return instances || legacy;
}

static void endpoint_leave(struct core *core, struct endpoint *endpoint, enum endpoint_state state)
{
    struct user *user = endpoint->user;
    timers_cancel(&core->timers, &endpoint->timer);
    emit_endpoint(core, user, endpoint->epid, state, endpoint->until);
    map_remove_entry(&user->endpoints, endpoint->entry);
    bool last = user->endpoints.count == 0;
    if (state == ENDPOINT_UNREGISTERED) {
        watchers_signed_out(core, user, endpoint->epid, last);
    }
    bool ended = end_said(core, user, endpoint->epid, last);
    if (last) {
        presence_gone(core, user);
    } else if (ended) {
        presence_update(core, user, slice_of("endpoint left"));
    }
    free_endpoint(endpoint);
}

/* One that registered before the input began: others may be there too. */
static void unknown_leave(struct core *core, struct user *user, struct slice epid)
{
    emit_endpoint(core, user, epid, ENDPOINT_UNREGISTERED, TIME_NONE);
    watchers_signed_out(core, user, epid, false);
    if (end_said(core, user, epid, false)) {
        presence_update(core, user, slice_of("endpoint left"));
    }
}

static void endpoint_leave_all(struct core *core, struct user *user)
{
    while (user->endpoints.first) {
        endpoint_leave(core, user->endpoints.first->value, ENDPOINT_UNREGISTERED);
    }
}

/* What this REGISTER says more of the endpoint than was known. */
static void endpoint_learn(struct endpoint *endpoint, const struct names *names)
{
    if (endpoint->epid.size == 0) {
        slice_replace(&endpoint->epid, names->epid);
    }
    if (names->instance.size > 0) {
        slice_replace(&endpoint->instance, names->instance);
    }
    if (names->contact.size > 0) {
        slice_replace(&endpoint->contact, names->contact);
    }
}

static struct endpoint *endpoint_keep(struct core *core, struct user *user,
                                      const struct names *names)
{
    if (core_full(core, CAP_INSTANCES, user->endpoints.count, core->limits.instances)) {
        return NULL;
    }
    struct endpoint *endpoint = memory_zero(1, sizeof *endpoint);
    endpoint->user = user;
    endpoint->timer = (struct timer){.kind = TIMER_ENDPOINT, .object = endpoint};
    endpoint->entry = map_put(&user->endpoints, key_of(names), endpoint);
    return endpoint;
}

static void endpoint_arrive(struct core *core, struct user *user, struct endpoint *endpoint,
                            const struct names *names, int64_t expires)
{
    enum endpoint_state state = endpoint ? ENDPOINT_REFRESHED : ENDPOINT_REGISTERED;
    endpoint = endpoint ? endpoint : endpoint_keep(core, user, names);
    if (!endpoint) {
        return;
    }
    endpoint_learn(endpoint, names);
    presence_back(core, user);
    endpoint->origin = core_origin(core);
    endpoint->until = core_after(core, expires);
    timers_cancel(&core->timers, &endpoint->timer);
    if (endpoint->until != TIME_NONE) {
        timers_set(&core->timers, &endpoint->timer, endpoint->until);
    }
    emit_endpoint(core, user, endpoint->epid, state, endpoint->until);
}

/* A response lists the contacts of all endpoints; its request named the one that is meant. */
static struct names answered_names(const struct users *users, const struct message *message)
{
    struct names names = names_of(message);
    const struct asked *asked = map_find(&users->asked, map_number_key(&message->transaction));
    if (asked && (asked->instance.size > 0 || asked->contact.size > 0)) {
        names.instance = asked->instance;
        names.contact = asked->contact;
    }
    return names;
}

/* The endpoint that a response is about; the only one there is when nothing names it. */
static struct endpoint *answered_endpoint(const struct user *user, const struct names *names)
{
    bool nameless = names->epid.size == 0 && names->instance.size == 0 && names->contact.size == 0;
    if (nameless && user->endpoints.count == 1) {
        return user->endpoints.first->value;
    }
    return endpoint_find(user, names);
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
    struct names names = answered_names(users, message);
    struct endpoint *endpoint = answered_endpoint(user, &names);
    if (expires != 0) {
        /* Without its request and without a lifetime it may as well be an unregistration. */
        if (request || expires > 0) {
            endpoint_arrive(users->core, user, endpoint, &names, expires);
        }
    } else if (endpoint) {
        endpoint_leave(users->core, endpoint, ENDPOINT_UNREGISTERED);
    } else {
        unknown_leave(users->core, user, message->from.epid);
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
    struct asked *asked = map_remove(&users->asked, map_number_key(&message->transaction));
    if (asked) {
        free_asked(asked);
    }
}

void users_deregistered(struct users *users, const struct event *event)
{
    const struct registration_fact *fact = &event->as.registration;
    const struct message *message = event->message;
    if (!fact->deregistered || (message && !message->request)) {
        return;
    }
    bool named = message && message->to.user.size > 0 && !message->to.service;
    struct user *user = users_keep(users, named ? message->to.user : fact->user);
    if (!user) {
        return;
    }
    struct names names = {.epid =
                              message && message->to.epid.size > 0 ? message->to.epid : fact->epid};
    struct endpoint *endpoint = answered_endpoint(user, &names);
    if (endpoint) {
        endpoint_leave(users->core, endpoint, ENDPOINT_UNREGISTERED);
    } else {
        unknown_leave(users->core, user, names.epid);
    }
}

void users_timer(struct users *users, struct timer *timer)
{
    struct endpoint *endpoint = timer->object;
    core_cause_timer(users->core, timer->due, &endpoint->origin);
    presence_incomplete(users->core,
                        endpoint->user); /* when the server notices is not known: presence.md 3.5 */
    endpoint_leave(users->core, endpoint, ENDPOINT_EXPIRED);
}
