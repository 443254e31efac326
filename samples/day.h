/*
 * A day of presence: many users sign in, change their state, are watched, sign out.
 *
 * The generator decides what happens to whom and therefore knows, without asking any engine,
 * what must be said of each user at the end and how often that changed. It keeps to what
 * facts agree on: no state whose aggregate the sources dispute.
 *
 * Private to day*.c and presence_day.c.
 */
#ifndef OCSIGHT_SAMPLES_DAY_H
#define OCSIGHT_SAMPLES_DAY_H

#include <stdio.h>

#include "analyzer/engine/arena.h"
#include "samples/connection.h"

/* Content that a client publishes, each under an instance of its own. */
enum day_item {
    ITEM_CHOICE, /* the user's choice, for good */
    ITEM_TIMED,  /* Busy or Do not disturb, for a day */
    ITEM_CALL,
    ITEM_NOTE,
    ITEM_MACHINE, /* of the first endpoint; the next ones follow */
    DAY_ITEMS = ITEM_MACHINE + 3
};

enum { DAY_ENDPOINTS = 3, NUMBER_DELETED = 0 };

struct person;

/* One client of a user, with a connection to the front end. */
struct endpoint {
    struct connection connection;
    struct person *person;
    unsigned number;
    unsigned registers; /* CSeq of its REGISTERs */
    unsigned serial;    /* requests outside of dialogs */
    unsigned self_sent; /* CSeq of its subscription to its own document */
    unsigned self_got;  /* CSeq of the notifications */
};

/* What everybody can see of a user. */
struct shown {
    unsigned number;
    const char *token; /* NULL = none */
};

struct person {
    unsigned index;
    struct endpoint *endpoints;
    unsigned endpoint_count;
    struct person *watcher; /* who watches this user; NULL = nobody */
    unsigned watch_sent;    /* CSeq of that subscription */
    unsigned watch_got;
    bool own_document; /* its endpoints subscribe to their own document */
    bool static_only;  /* publishes Busy as other choices, for good */
    bool gateway;      /* its calls are PUBLISHed by a gateway */
    bool online;
    bool watched; /* the subscription of its watcher lives */
    unsigned choice;
    bool timed; /* the choice is a timed one */
    bool call;
    bool idle;
    unsigned idle_endpoint;
    unsigned call_serial; /* of the gateway: the call, and the tag within it */
    unsigned tag_serial;
    unsigned versions[DAY_ITEMS];
    unsigned numbers[DAY_ITEMS]; /* published now; NUMBER_DELETED = nothing */
    unsigned aggregate_version;
    struct shown shown;
    unsigned changes; /* of what is shown, the first one included */
};

struct day {
    struct wire *wire;
    struct connection gateway;
    unsigned gateway_serial;
    struct person *people;
    unsigned count;
    int64_t now; /* ns */
    struct buffer text;
    struct buffer body;
};

struct day_plan {
    unsigned users;
    unsigned changes;
    unsigned hours; /* that the changes are spread over */
};

/* Plays the day onto the wire and writes one line of JSON for each user to `story`. */
void day_run(const struct day_plan *plan, struct wire *wire, FILE *story);

/* ---- day_talk.c: what is said ---- */

void day_register(struct day *day, struct endpoint *endpoint, unsigned expires);
void day_subscribe_self(struct day *day, struct endpoint *endpoint);
void day_subscribe_watch(struct day *day, struct person *person);

/* One publication in containers 2 and 3; NUMBER_DELETED deletes it. */
struct day_value {
    enum day_item item;
    unsigned number;
};
void day_publish(struct day *day, struct endpoint *endpoint, const struct day_value *values,
                 size_t count);

/* The gateway reports a call, goes on reporting it, or ends it. */
enum day_report { REPORT_CALL, REPORT_REFRESH, REPORT_CLEAR };
void day_report(struct day *day, struct person *person, enum day_report report);

/* The server tells the owner and the watcher what is shown now. */
void day_tell(struct day *day, struct person *person);

#endif
