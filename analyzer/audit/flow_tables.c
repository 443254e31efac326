/*
 * The tables of the call flows. See flow_tables.h.
 *
 * What is fixed in order is what the sources show alike: getserverinfo before every other command,
 * the preferences before the rooms that they list, a join before the history of its rooms. History
 * and invitations come in more than one order. A short sign-in (facts/xccos.md 4.2: no getpref, no
 * getassociations, no getinv; sipe: no getserverinfo) is as good as the long one, so most steps
 * are expected only of a client that showed by another step that it takes the long way. The
 * absence of bccontext is a habit (XD15), an open lookup dialog is XB12: neither is expected here.
 */
#include "analyzer/audit/flow_tables.h"

#define STEP(index) (1U << (index))

/* clang-format off */
enum { PP_PUBLISH, PP_ANSWER, PP_NOTIFY };
enum { PS_SUBSCRIBE, PS_ANSWER, PS_STATE, PS_UPDATE, PS_REFRESH, PS_END };
enum { PO_QUERY, PO_ANSWER, PO_STATE };
enum { TP_PUBLISH, TP_ANSWER, TP_REFRESH, TP_CLEAR };
enum { GS_DNS, GS_REGISTER, GS_SUBSCRIBE, GS_SERVICE, GS_LOOKUP, GS_REQURI, GS_BYE, GS_INVITE,
       GS_INFO, GS_PREF, GS_BJOIN, GS_HISTORY, GS_INV };
enum { PC_PROVISION, PC_INVITE, PC_INFO, PC_ASSOC, PC_AGAIN, PC_BJOIN, PC_JOIN, PC_HISTORY, PC_INV };
enum { JP_SEARCH, JP_JOIN, JP_HISTORY, JP_TOKEN, JP_UPLOAD, JP_POST, JP_COPY };

const struct flow_table flow_tables[FLOW_KINDS] = {
    [FLOW_PRESENCE_PUBLISH] = {
        .name = "presence-publish", .generation = "any", .step_count = 3,
        .steps = {
            [PP_PUBLISH] = {"publish", 1, ACTOR_CLIENT, MOMENT_PUBLISH, PLACE_SIP, NEED_ALWAYS, 0, "presence flow: publication"},
            [PP_ANSWER]  = {"answer",  2, ACTOR_SERVER, MOMENT_ANSWER,  PLACE_SIP, NEED_ALWAYS, STEP(PP_PUBLISH), "presence flow: publication"},
            [PP_NOTIFY]  = {"notify",  3, ACTOR_SERVER, MOMENT_NOTIFY,  PLACE_SIP, NEED_NEVER,  STEP(PP_PUBLISH), "presence flow: user presence change"},
        },
    },
    [FLOW_PRESENCE_SUBSCRIBE] = {
        .name = "presence-subscribe", .generation = "any", .step_count = 6,
        .steps = {
            [PS_SUBSCRIBE] = {"subscribe", 1, ACTOR_CLIENT, MOMENT_SUBSCRIBE, PLACE_SIP, NEED_ALWAYS, 0, "presence flow: subscription"},
            [PS_ANSWER]    = {"answer",    2, ACTOR_SERVER, MOMENT_ANSWER,    PLACE_SIP, NEED_ALWAYS, STEP(PS_SUBSCRIBE), "presence flow: subscription"},
            [PS_STATE]     = {"state",     3, ACTOR_SERVER, MOMENT_NOTIFY,    PLACE_SIP, NEED_ALWAYS, STEP(PS_SUBSCRIBE), "presence flow: subscription; RFC 6665 4.1.3"},
            [PS_UPDATE]    = {"update",    4, ACTOR_SERVER, MOMENT_UPDATE,    PLACE_SIP, NEED_NEVER,  STEP(PS_SUBSCRIBE), "presence flow: polling, last paragraph"},
            [PS_REFRESH]   = {"refresh",   5, ACTOR_CLIENT, MOMENT_REFRESH,   PLACE_SIP, NEED_NEVER,  STEP(PS_SUBSCRIBE), "RFC 6665 4.1.2.2"},
            [PS_END]       = {"end",       6, ACTOR_CLIENT, MOMENT_END,       PLACE_SIP, NEED_NEVER,  STEP(PS_SUBSCRIBE), "presence flow: polling, last paragraph"},
        },
    },
    [FLOW_PRESENCE_POLL] = {
        .name = "presence-poll", .generation = "any", .step_count = 3,
        .steps = {
            [PO_QUERY]  = {"query",  1, ACTOR_CLIENT, MOMENT_SUBSCRIBE, PLACE_SIP, NEED_ALWAYS, 0, "presence flow: polling"},
            [PO_ANSWER] = {"answer", 2, ACTOR_SERVER, MOMENT_ANSWER,    PLACE_SIP, NEED_ALWAYS, STEP(PO_QUERY), "presence flow: polling"},
            [PO_STATE]  = {"state",  3, ACTOR_SERVER, MOMENT_NOTIFY,    PLACE_SIP, NEED_ALWAYS, STEP(PO_QUERY), "presence flow: polling"},
        },
    },
    [FLOW_THIRD_PARTY] = {
        .name = "third-party-presence", .generation = "any", .step_count = 4,
        .steps = {
            [TP_PUBLISH] = {"publish", 1, ACTOR_DEVICE, MOMENT_PUBLISH, PLACE_SIP, NEED_ALWAYS, 0, "presence of third-party endpoints, step 1"},
            [TP_ANSWER]  = {"answer",  2, ACTOR_SERVER, MOMENT_ANSWER,  PLACE_SIP, NEED_ALWAYS, STEP(TP_PUBLISH), "presence of third-party endpoints, step 2"},
            [TP_REFRESH] = {"refresh", 3, ACTOR_DEVICE, MOMENT_REFRESH, PLACE_SIP, NEED_NEVER,  STEP(TP_PUBLISH), "presence of third-party endpoints, step 3"},
            [TP_CLEAR]   = {"clear",   4, ACTOR_DEVICE, MOMENT_END,     PLACE_SIP, NEED_ALWAYS, STEP(TP_PUBLISH), "presence of third-party endpoints, step 4"},
        },
    },
    [FLOW_GROUP_SIGN_IN] = {
        .name = "group-chat-sign-in", .generation = "2007 R2/2010", .step_count = 13,
        .full_any = STEP(GS_PREF), .full_all = STEP(GS_INFO) | STEP(GS_INV),
        .marks = STEP(GS_LOOKUP) | STEP(GS_REQURI) | STEP(GS_PREF),
        .steps = {
            [GS_DNS]       = {"dns",           1, ACTOR_CLIENT, MOMENT_DNS,         PLACE_DNS, NEED_NEVER,  0, "Group Chat call flows, sign-in step 1"},
            [GS_REGISTER]  = {"register",      1, ACTOR_CLIENT, MOMENT_REGISTER,    PLACE_SIP, NEED_ALWAYS, 0, "Group Chat call flows, sign-in step 1"},
            [GS_SUBSCRIBE] = {"subscribe",     2, ACTOR_CLIENT, MOMENT_SUBSCRIBE,   PLACE_SIP, NEED_FULL,   0, "Group Chat call flows, sign-in step 2"},
            [GS_SERVICE]   = {"service",       3, ACTOR_CLIENT, MOMENT_SERVICE,     PLACE_SIP, NEED_FULL,   0, "Group Chat call flows, sign-in step 3"},
            [GS_LOOKUP]    = {"invite-lookup", 4, ACTOR_CLIENT, MOMENT_LOOKUP,      PLACE_SIP, NEED_ALWAYS, STEP(GS_REGISTER), "Group Chat call flows, sign-in step 4"},
            [GS_REQURI]    = {"requri",        5, ACTOR_CLIENT, MOMENT_REQURI,      PLACE_SIP, NEED_ALWAYS, STEP(GS_LOOKUP), "Group Chat call flows, sign-in step 5"},
            [GS_BYE]       = {"bye-lookup",    5, ACTOR_CLIENT, MOMENT_LOOKUP_BYE,  PLACE_SIP, NEED_NEVER,  STEP(GS_REQURI), "Group Chat call flows, sign-in step 5"},
            [GS_INVITE]    = {"invite",        6, ACTOR_CLIENT, MOMENT_INVITE,      PLACE_SIP, NEED_ALWAYS, STEP(GS_REQURI), "Group Chat call flows, sign-in step 6"},
            [GS_INFO]      = {"getserverinfo", 7, ACTOR_CLIENT, MOMENT_SERVER_INFO, PLACE_SIP, NEED_FULL,   STEP(GS_INVITE), "Group Chat call flows, sign-in step 7"},
            [GS_PREF]      = {"getpref",       8, ACTOR_CLIENT, MOMENT_PREFERENCES, PLACE_SIP, NEED_FULL,   STEP(GS_INFO), "Group Chat call flows, sign-in step 8"},
            [GS_BJOIN]     = {"bjoin",         9, ACTOR_CLIENT, MOMENT_BATCH_JOIN,  PLACE_SIP, NEED_ROOMS,  STEP(GS_INFO) | STEP(GS_PREF), "Group Chat call flows, sign-in step 9"},
            [GS_HISTORY]   = {"history",       9, ACTOR_CLIENT, MOMENT_HISTORY,     PLACE_SIP, NEED_NEVER,  STEP(GS_BJOIN), "Group Chat call flows, sign-in step 9; facts/xccos.md 4.1 step 11"},
            [GS_INV]       = {"getinv",       10, ACTOR_CLIENT, MOMENT_INVITATIONS, PLACE_SIP, NEED_FULL,   STEP(GS_INFO), "Group Chat call flows, sign-in step 10"},
        },
    },
    [FLOW_GROUP_POST] = {
        .name = "group-chat-join-post", .generation = "2007 R2/2010", .step_count = 7,
        .steps = {
            [JP_SEARCH]  = {"chansrch",  1, ACTOR_CLIENT,  MOMENT_SEARCH,  PLACE_SIP,  NEED_ALWAYS, 0, "Group Chat call flows, posting step 1"},
            [JP_JOIN]    = {"join",      2, ACTOR_CLIENT,  MOMENT_JOIN,    PLACE_SIP,  NEED_ALWAYS, STEP(JP_SEARCH), "Group Chat call flows, posting step 2"},
            [JP_HISTORY] = {"bccontext", 3, ACTOR_CLIENT,  MOMENT_HISTORY, PLACE_SIP,  NEED_NEVER,  STEP(JP_JOIN), "Group Chat call flows, posting step 3"},
            [JP_TOKEN]   = {"getfutok",  4, ACTOR_CLIENT,  MOMENT_TOKEN,   PLACE_SIP,  NEED_NEVER,  STEP(JP_JOIN), "Group Chat call flows, posting step 4"},
            [JP_UPLOAD]  = {"upload",    4, ACTOR_CLIENT,  MOMENT_UPLOAD,  PLACE_HTTP, NEED_NEVER,  STEP(JP_TOKEN), "Group Chat call flows, posting step 4"},
            [JP_POST]    = {"post",      4, ACTOR_CLIENT,  MOMENT_POST,    PLACE_SIP,  NEED_ALWAYS, STEP(JP_JOIN), "Group Chat call flows, posting step 4"},
            [JP_COPY]    = {"copy",      5, ACTOR_SERVICE, MOMENT_COPY,    PLACE_SIP,  NEED_OTHERS, STEP(JP_POST), "Group Chat call flows, posting step 5"},
        },
    },
    [FLOW_PERSISTENT_SIGN_IN] = {
        .name = "persistent-chat-sign-in", .generation = "2013+", .step_count = 9,
        .full_any = STEP(PC_ASSOC), .full_all = STEP(PC_INFO) | STEP(PC_INV),
        .steps = {
            [PC_PROVISION] = {"provisioning",         1, ACTOR_CLIENT, MOMENT_PROVISIONING,       PLACE_SIP, NEED_ALWAYS, 0, "How Persistent Chat Server works, sign-in step 1"},
            [PC_INVITE]    = {"invite",               2, ACTOR_CLIENT, MOMENT_INVITE,             PLACE_SIP, NEED_ALWAYS, STEP(PC_PROVISION), "How Persistent Chat Server works, sign-in step 2"},
            [PC_INFO]      = {"getserverinfo",        3, ACTOR_CLIENT, MOMENT_SERVER_INFO,        PLACE_SIP, NEED_FULL,   STEP(PC_INVITE), "How Persistent Chat Server works, sign-in step 3"},
            [PC_ASSOC]     = {"getassociations",      4, ACTOR_CLIENT, MOMENT_ASSOCIATIONS,       PLACE_SIP, NEED_FULL,   STEP(PC_INFO), "How Persistent Chat Server works, sign-in step 4"},
            [PC_AGAIN]     = {"getassociations-again", 4, ACTOR_CLIENT, MOMENT_ASSOCIATIONS_AGAIN, PLACE_SIP, NEED_FULL,  STEP(PC_ASSOC), "How Persistent Chat Server works, sign-in step 4"},
            [PC_BJOIN]     = {"bjoin",                5, ACTOR_CLIENT, MOMENT_BATCH_JOIN,         PLACE_SIP, NEED_ROOMS,  STEP(PC_INFO), "How Persistent Chat Server works, sign-in step 5"},
            [PC_JOIN]      = {"join",                 5, ACTOR_CLIENT, MOMENT_JOIN,               PLACE_SIP, NEED_NEVER,  STEP(PC_INFO), "How Persistent Chat Server works, sign-in step 5"},
            [PC_HISTORY]   = {"bccontext",            6, ACTOR_CLIENT, MOMENT_HISTORY,            PLACE_SIP, NEED_NEVER,  STEP(PC_BJOIN), "How Persistent Chat Server works, sign-in step 6"},
            [PC_INV]       = {"getinv",               7, ACTOR_CLIENT, MOMENT_INVITATIONS,        PLACE_SIP, NEED_FULL,   STEP(PC_INFO), "How Persistent Chat Server works, sign-in step 7"},
        },
    },
    [FLOW_PERSISTENT_POST] = {
        .name = "persistent-chat-join-post", .generation = "2013+", .step_count = 7,
        .steps = {
            [JP_SEARCH]  = {"chansrch",  1, ACTOR_CLIENT,  MOMENT_SEARCH,  PLACE_SIP,  NEED_ALWAYS, 0, "How Persistent Chat Server works, posting step 1"},
            [JP_JOIN]    = {"join",      2, ACTOR_CLIENT,  MOMENT_JOIN,    PLACE_SIP,  NEED_ALWAYS, STEP(JP_SEARCH), "How Persistent Chat Server works, posting step 2"},
            [JP_HISTORY] = {"bccontext", 3, ACTOR_CLIENT,  MOMENT_HISTORY, PLACE_SIP,  NEED_NEVER,  STEP(JP_JOIN), "How Persistent Chat Server works, posting step 3"},
            [JP_TOKEN]   = {"getfutok",  4, ACTOR_CLIENT,  MOMENT_TOKEN,   PLACE_SIP,  NEED_NEVER,  STEP(JP_JOIN), "facts/xccos.md 4.5 step 1"},
            [JP_UPLOAD]  = {"upload",    4, ACTOR_CLIENT,  MOMENT_UPLOAD,  PLACE_HTTP, NEED_NEVER,  STEP(JP_TOKEN), "facts/xccos.md 4.5 steps 2 to 4"},
            [JP_POST]    = {"post",      4, ACTOR_CLIENT,  MOMENT_POST,    PLACE_SIP,  NEED_ALWAYS, STEP(JP_JOIN), "How Persistent Chat Server works, posting step 4"},
            [JP_COPY]    = {"copy",      5, ACTOR_SERVICE, MOMENT_COPY,    PLACE_SIP,  NEED_OTHERS, STEP(JP_POST), "How Persistent Chat Server works, posting step 5"},
        },
    },
    [FLOW_COMPLIANCE] = {
        .name = "compliance-archive", .generation = "any", .step_count = 5,
        .steps = {
            {"post",    1, ACTOR_CLIENT,  MOMENT_POST, PLACE_SIP,      NEED_ALWAYS, 0, "How Persistent Chat Server works, compliance step 1"},
            {"queue",   2, ACTOR_SERVICE, MOMENT_NONE, PLACE_NOWHERE,  NEED_ALWAYS, STEP(0), "How Persistent Chat Server works, compliance step 2"},
            {"store",   3, ACTOR_SERVICE, MOMENT_NONE, PLACE_DATABASE, NEED_ALWAYS, STEP(1), "How Persistent Chat Server works, compliance step 3"},
            {"export",  4, ACTOR_SERVICE, MOMENT_NONE, PLACE_EXPORT,   NEED_ALWAYS, STEP(2), "How Persistent Chat Server works, compliance step 4"},
            {"deleted", 5, ACTOR_SERVICE, MOMENT_NONE, PLACE_DATABASE_GONE, NEED_ALWAYS, STEP(3), "How Persistent Chat Server works, compliance step 5"},
        },
    },
};
/* clang-format on */
