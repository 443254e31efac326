/*
 * What the databases say of one user beside the documents that it published: where it is
 * registered, whether the directory knows it, and which rows do not count.
 *
 * Filled by analyzer/rows_feed.c, read by reports/live_report.c. Plain data, borrowed until the
 * next user.
 */
#ifndef OCSIGHT_ANALYZER_ENGINE_LIVE_H
#define OCSIGHT_ANALYZER_ENGINE_LIVE_H

#include "analyzer/engine/event.h"

/* One row of rtcdyn.RegistrarEndpoint. */
struct live_endpoint {
    struct slice server; /* as given with --server */
    struct slice id;     /* EndpointId */
    struct slice agent;  /* ClientApp as written */
    struct slice front_end;
    int64_t expires; /* ns; TIME_NONE = not told */
    bool over;       /* that was before the moment asked for */
    struct origin origin;
};

/* Why a published row counts less than others, or not at all. */
enum live_note_kind {
    LIVE_NO_ENDPOINT, /* counts; its endpoint is not registered on the servers that were asked */
    LIVE_EXPIRED,     /* does not count: ExpiresAt has passed */
    LIVE_OLDER,       /* does not count: another row of the same instance has a higher version */
    LIVE_DOUBLED,     /* does not count: the same row was seen before */
    LIVE_EMPTY,       /* does not count: it holds no document */
    LIVE_UNREADABLE,  /* does not count: what it holds is no XML */
    LIVE_STATIC,      /* does not count: the state for when nobody is signed in, and somebody is */
    LIVE_TOO_BIG,     /* does not count: the user's documents exceed what is read of one user */
    LIVE_NOTE_KINDS
};

struct live_note {
    enum live_note_kind kind;
    struct category_key key; /* `user` is not set */
    struct origin origin;
};

struct live_person {
    struct slice user; /* "user@host", lower case */
    const struct event *events;
    size_t event_count;
    const struct live_endpoint *endpoints;
    size_t endpoint_count;
    const struct live_note *notes;
    size_t note_count;
    bool in_directory;     /* rtc.ResourceDirectory has it: a user of these servers, no partner */
    bool disabled;         /* and says that it is not enabled */
    bool resource;         /* rtc.Resource has it; asked only of users who were named */
    bool sees_endpoints;   /* a table of registrations was read */
    int64_t last_register; /* LastNewRegisterTime, ns; TIME_NONE */
    struct origin origin;  /* of the directory's row; row NULL without */
};

/* Registered somewhere that was asked, and not over. */
static inline bool live_is_registered(const struct live_person *person)
{
    for (size_t i = 0; i < person->endpoint_count; i++) {
        if (!person->endpoints[i].over) {
            return true;
        }
    }
    return false;
}

const char *live_note_name(enum live_note_kind kind); /* "endpoint-not-registered" ... */

#endif
