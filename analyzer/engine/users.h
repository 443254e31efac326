/*
 * Users and their endpoints.
 *
 * A user is "user@host"; services, pools and opaque=app: addresses are none. An
 * endpoint is known by its epid, else by its instance id, else by its contact
 * (facts/presence.md 8.5), and lives from the 2xx to its REGISTER until it
 * unregisters, the server says that it is no longer registered, or its time runs out. What else is
 * known of a user hangs on the user: presence.h.
 */
#ifndef OCSIGHT_ANALYZER_ENGINE_USERS_H
#define OCSIGHT_ANALYZER_ENGINE_USERS_H

#include "analyzer/engine/list.h"
#include "analyzer/engine/presence.h"

struct container_list;

struct user {
    struct slice uri;     /* "user@host" */
    struct map endpoints; /* struct endpoint */
    struct presence presence;
    struct container_list *containers; /* containers.c; NULL while no list was seen */
    struct map watching;               /* watchers.c: epid -> struct link of live subscriptions */
};

struct users {
    struct core *core;
    struct map users;       /* uri -> struct user; they stay, up to limits.users */
    struct user *kept_last; /* the facts of a message name one user again and again */
    struct map asked;       /* transaction of a REGISTER -> which endpoint it is about */
};

void users_init(struct users *users, struct core *core);
void users_dispose(struct users *users);

/* NULL for an empty name, or when the table is full and this one is new. */
struct user *users_keep(struct users *users, struct slice uri);

/* The party as a user; NULL when it is a service. */
struct user *users_keep_party(struct users *users, const struct sip_party *party);

/* EVENT_MESSAGE of a REGISTER and of its response. */
void users_register(struct users *users, const struct message *message);
void users_registered(struct users *users, const struct message *message);

/* EVENT_REGISTRATION: the server ended a registration */
void users_deregistered(struct users *users, const struct event *event);

/* TIMER_ENDPOINT */
void users_timer(struct users *users, struct timer *timer);

#endif
