/*
 * The call flows that the product knows, as data (design.md section 5).
 *
 * One table for each flow; a step says who does it, what it looks like, which steps it needs
 * before it, when it must come at all, and where it can be observed. Sources: the Group Chat call
 * flows of OCS 2007 R2 (TechNet ee323524), "How Persistent Chat Server works" (JJ683096), the
 * presence flow and third-party presence descriptions; facts/xccos.md part 4 says in which they
 * agree with each other and with a client that interoperates.
 */
#ifndef OCSIGHT_ANALYZER_AUDIT_FLOW_TABLES_H
#define OCSIGHT_ANALYZER_AUDIT_FLOW_TABLES_H

#include <stddef.h>
#include <stdint.h>

enum flow_kind {
    FLOW_PRESENCE_PUBLISH,
    FLOW_PRESENCE_SUBSCRIBE,
    FLOW_PRESENCE_POLL,
    FLOW_THIRD_PARTY,
    FLOW_GROUP_SIGN_IN,
    FLOW_GROUP_POST,
    FLOW_PERSISTENT_SIGN_IN,
    FLOW_PERSISTENT_POST,
    FLOW_COMPLIANCE,
    FLOW_KINDS
};

/* What a step is made of: the recognisers (flow_chat.c, flow_presence.c) find these. */
enum flow_moment {
    MOMENT_NONE, /* nothing that passes a wire */
    MOMENT_DNS,
    MOMENT_REGISTER,
    MOMENT_SUBSCRIBE,
    MOMENT_SERVICE,
    MOMENT_PROVISIONING,
    MOMENT_LOOKUP,
    MOMENT_REQURI,
    MOMENT_LOOKUP_BYE,
    MOMENT_INVITE,
    MOMENT_SERVER_INFO,
    MOMENT_PREFERENCES,
    MOMENT_ASSOCIATIONS,
    MOMENT_ASSOCIATIONS_AGAIN,
    MOMENT_BATCH_JOIN,
    MOMENT_JOIN,
    MOMENT_HISTORY,
    MOMENT_INVITATIONS,
    MOMENT_SEARCH,
    MOMENT_TOKEN,
    MOMENT_UPLOAD,
    MOMENT_POST,
    MOMENT_COPY,
    MOMENT_PUBLISH,
    MOMENT_ANSWER,
    MOMENT_NOTIFY,
    MOMENT_UPDATE,
    MOMENT_REFRESH,
    MOMENT_END,
    MOMENTS
};

enum flow_place {
    PLACE_SIP,
    PLACE_HTTP,
    PLACE_DNS,
    PLACE_DATABASE,
    PLACE_DATABASE_GONE,
    PLACE_EXPORT,
    PLACE_NOWHERE
};

enum flow_actor { ACTOR_CLIENT, ACTOR_SERVICE, ACTOR_SERVER, ACTOR_DEVICE };

/* When a step must come; otherwise it may be absent. */
enum flow_need {
    NEED_NEVER,
    NEED_ALWAYS,
    NEED_FULL,   /* where the client takes the long way that the product's documents tell */
    NEED_ROOMS,  /* ... and is known to have rooms to enter */
    NEED_OTHERS, /* where others were seen in the room */
};

enum { FLOW_STEPS = 16 };

struct flow_step {
    const char *name;
    uint8_t number; /* as the source counts */
    enum flow_actor actor;
    enum flow_moment moment;
    enum flow_place place;
    enum flow_need need;
    uint32_t after;     /* bits of steps that always come before it: the order that is fixed */
    const char *source; /* document and step */
};

struct flow_table {
    const char *name;
    const char *generation;
    uint32_t full_any; /* any of these steps shows the long way */
    uint32_t full_all; /* and so do all of these together */
    uint32_t marks;    /* without one of these it may be another flow, so nothing is blamed; 0 = no
                          other begins like it */
    size_t step_count;
    struct flow_step steps[FLOW_STEPS];
};

extern const struct flow_table flow_tables[FLOW_KINDS];

#endif
