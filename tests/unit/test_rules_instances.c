/*
 * Rules about published categories: each one fired, and once for each guard kept
 * silent. Ada's client publishes, the server answers and shows her own document.
 */
#include "tests/unit/audit_script.h"

/* A row may replace what its macro usually says. */
#pragma GCC diagnostic ignored "-Woverride-init"

#define LYNC        "UCCAPI/15.0.4420.1017 OC/15.0.4420.1017 (Microsoft Lync)"
#define BUSY_CHOICE 603979776

/* One publication of a SERVICE; `was` is the version that the client believes in. */
#define ASKS(second, transaction, in, was, ...)                                                    \
    {                                                                                              \
        .at = second, .act = PUBLISHING, .method = "SERVICE", .from = "ada", .to = "ada",          \
        .tx = transaction, .epid = "e1", .agent = LYNC, .who = "ada", .instance = BUSY_CHOICE,     \
        .container = in, .version = (was) + 1, .kind = STATE_USER, .manual = true, .number = 6500, \
        __VA_ARGS__                                                                                \
    }
/* What becomes of one; `now` is its version. */
#define BECOMES(second, transaction, in, now, how, answer, ...)                                    \
    {                                                                                              \
        .at = second, .act = PUBLICATION, .method = "SERVICE", .from = "ada", .to = "ada",         \
        .tx = transaction, .status = answer, .epid = "e1", .who = "ada", .instance = BUSY_CHOICE,  \
        .container = in, .version = (now) + 1, .kind = STATE_USER, .state = how, .number = 6500,   \
        __VA_ARGS__                                                                                \
    }
#define OWN_DOCUMENT(second, transaction, in, now, ...)                                            \
    {                                                                                              \
        .at = second, .act = CATEGORY, .method = "BENOTIFY", .from = "chat", .to = "ada",          \
        .tx = transaction, .who = "ada", .instance = BUSY_CHOICE, .container = in,                 \
        .version = (now) + 1, .kind = STATE_USER, .number = 6500, __VA_ARGS__                      \
    }
#define GAP(second, a, b)                                                                          \
    {                                                                                              \
        .at = second, .act = COVERAGE, .coverage = COVERAGE_GAP, .from = a, .to = b                \
    }
#define GAP_NOTE(evidence, a, b)                                                                   \
    "note coverage-gap [" evidence "] Part of the stream from " a " to " b                         \
    " was not captured: 1460 bytes missing\n"
#define CLIENT "192.0.2.21:52311"
#define SERVER "192.0.2.5:5061"

/* ---- conflicts ---- */

#define CONFLICT(second, transaction, in, ...)                                                     \
    BECOMES(second, transaction, in, 4, PUBLICATION_CONFLICT, 409, .current = 6, __VA_ARGS__)

#define NOT_AGAIN(evidence, what)                                                                  \
    "error publication-conflict-not-recovered [" evidence "] The server refused " what             \
    " of ada@contoso.example (state) for an old version (409), and the client did not publish "    \
    "again with version 6 within 10 s\n"

static const struct script conflicts[] = {
    {"both copies are refused and never published again", "publication-conflict-not-recovered",
     SCRIPT_STEPS(ASKS(1, 1, 2, 4, ), ASKS(1, 1, 3, 4, ), CONFLICT(1, 1, 2, ), CONFLICT(1, 1, 3, )),
     20, NOT_AGAIN("3 4", "2 publications")},
    {"the input ends too early", "publication-conflict-not-recovered",
     SCRIPT_STEPS(ASKS(1, 1, 2, 4, ), CONFLICT(1, 1, 2, )), 10, ""},
    {"published again with the server's version", "publication-conflict-not-recovered",
     SCRIPT_STEPS(ASKS(1, 1, 2, 4, ), CONFLICT(1, 1, 2, ), ASKS(2, 2, 2, 6, ),
                  BECOMES(2, 2, 2, 7, PUBLICATION_MODIFIED, 200, )),
     60, ""},
    {"only one of two copies is", "publication-conflict-not-recovered",
     SCRIPT_STEPS(ASKS(1, 1, 2, 4, ), ASKS(1, 1, 3, 4, ), CONFLICT(1, 1, 2, ), CONFLICT(1, 1, 3, ),
                  ASKS(2, 2, 2, 6, ), BECOMES(2, 2, 2, 7, PUBLICATION_MODIFIED, 200, )),
     20, NOT_AGAIN("4", "1 publication")},
    {"with a newer one", "publication-conflict-not-recovered",
     SCRIPT_STEPS(ASKS(1, 1, 2, 4, ), CONFLICT(1, 1, 2, ), ASKS(2, 2, 2, 9, ),
                  BECOMES(2, 2, 2, 10, PUBLICATION_MODIFIED, 200, )),
     60, ""},
    {"with the old one again", "publication-conflict-not-recovered",
     SCRIPT_STEPS(ASKS(1, 1, 2, 4, ), CONFLICT(1, 1, 2, ), ASKS(2, 2, 2, 5, )), 30,
     NOT_AGAIN("2", "1 publication")},
    {"deleted instead", "publication-conflict-not-recovered",
     SCRIPT_STEPS(ASKS(1, 1, 2, 4, ), CONFLICT(1, 1, 2, ), ASKS(2, 2, 2, 0, .empty = true)), 30,
     ""},
    {"published again too late", "publication-conflict-not-recovered",
     SCRIPT_STEPS(ASKS(1, 1, 2, 4, ), CONFLICT(1, 1, 2, ), ASKS(21, 2, 2, 6, )), 40,
     "warning publication-conflict-not-recovered [2 3] The server refused 1 publication of "
     "ada@contoso.example (state) for an old version (409), and the client published again only "
     "after 20 s\n"},
    {"another endpoint publishes its own value", "publication-conflict-not-recovered",
     SCRIPT_STEPS(ASKS(1, 1, 2, 4, ), CONFLICT(1, 1, 2, ), ASKS(2, 2, 2, 6, .epid = "e2"),
                  BECOMES(2, 2, 2, 7, PUBLICATION_MODIFIED, 200, .epid = "e2")),
     30, ""},
    {"the document shows what conflicted, no more", "publication-conflict-not-recovered",
     SCRIPT_STEPS(ASKS(1, 1, 2, 4, ), CONFLICT(1, 1, 2, ),
                  BECOMES(2, 2, 2, 6, PUBLICATION_MODIFIED, 0, )),
     30, NOT_AGAIN("2", "1 publication")},
    {"it is removed meanwhile", "publication-conflict-not-recovered",
     SCRIPT_STEPS(ASKS(1, 1, 2, 4, ), CONFLICT(1, 1, 2, ),
                  BECOMES(2, 2, 2, 6, PUBLICATION_REMOVED, 0, )),
     30, ""},
    {"the endpoint signs out", "publication-conflict-not-recovered",
     SCRIPT_STEPS(ASKS(1, 1, 2, 4, ), CONFLICT(1, 1, 2, ),
                  {.at = 5,
                   .act = ENDPOINT,
                   .timer = true,
                   .who = "ada",
                   .epid = "e1",
                   .state = ENDPOINT_UNREGISTERED}),
     30, ""},
    {"the endpoint signs out long after", "publication-conflict-not-recovered",
     SCRIPT_STEPS(ASKS(1, 1, 2, 4, ), CONFLICT(1, 1, 2, ),
                  {.at = 15,
                   .act = ENDPOINT,
                   .method = "REGISTER",
                   .from = "ada",
                   .to = "ada",
                   .tx = 9,
                   .status = 200,
                   .who = "ada",
                   .epid = "e1",
                   .state = ENDPOINT_UNREGISTERED}),
     30, NOT_AGAIN("2", "1 publication")},
    {"the new one may be in a gap", "publication-conflict-not-recovered",
     SCRIPT_STEPS(ASKS(1, 1, 2, 4, ), CONFLICT(1, 1, 2, ), GAP(3, "ada", "chat")), 30,
     GAP_NOTE("3", CLIENT, SERVER)},
    {"its diagnostics are not a second finding", "publication-conflict-not-recovered",
     SCRIPT_STEPS(ASKS(1, 1, 2, 4, ), CONFLICT(1, 1, 2, .diag = 2003, .why = "read-only")), 20,
     NOT_AGAIN("2", "1 publication")},
};

static const struct script fights[] = {
    {"two endpoints", "publication-conflict-repeated",
     SCRIPT_STEPS(ASKS(1, 1, 2, 4, ), CONFLICT(1, 1, 2, ), CONFLICT(1, 1, 3, ), ASKS(2, 2, 2, 6, ),
                  ASKS(2, 2, 3, 6, ), CONFLICT(2, 2, 2, .epid = "e2"),
                  ASKS(3, 3, 2, 6, .epid = "e2"), ASKS(3, 3, 2, 6, .epid = "e1"),
                  BECOMES(3, 3, 2, 7, PUBLICATION_MODIFIED, 200, )),
     20,
     "note publication-conflict-repeated [2 6] 2 times in a row a publication of "
     "ada@contoso.example (state) had an old version: two endpoints publish it\n"},
    {"one endpoint", "publication-conflict-repeated",
     SCRIPT_STEPS(CONFLICT(1, 1, 2, ), ASKS(2, 2, 2, 6, ), CONFLICT(2, 2, 2, ), ASKS(3, 3, 2, 6, ),
                  CONFLICT(3, 3, 2, ), ASKS(4, 4, 2, 6, ),
                  BECOMES(4, 4, 2, 7, PUBLICATION_MODIFIED, 200, )),
     20,
     "note publication-conflict-repeated [1 3 5] 3 times in a row a publication of "
     "ada@contoso.example (state) had an old version\n"},
    {"long after one another", "publication-conflict-repeated",
     SCRIPT_STEPS(CONFLICT(1, 1, 2, ), ASKS(2, 2, 2, 6, ),
                  BECOMES(2, 2, 2, 7, PUBLICATION_MODIFIED, 200, ), CONFLICT(100, 3, 2, ),
                  ASKS(101, 4, 2, 6, ), BECOMES(101, 4, 2, 7, PUBLICATION_MODIFIED, 200, )),
     120, ""},
};

/* The answer's own list. */
#define LISTED(second, transaction, in, now, ...)                                                  \
    {                                                                                              \
        .at = second, .act = CATEGORY, .method = "SERVICE", .from = "ada", .to = "ada",            \
        .tx = transaction, .status = 200, .who = "ada", .instance = BUSY_CHOICE, .container = in,  \
        .version = (now) + 1, .kind = STATE_USER, .number = 6500, __VA_ARGS__                      \
    }

static const struct script versions[] = {
    {"not raised", "publication-version-stuck",
     SCRIPT_STEPS(ASKS(1, 1, 2, 4, ), ASKS(1, 1, 3, 4, ), LISTED(1, 1, 2, 4, ),
                  LISTED(1, 1, 3, 3, )),
     20,
     "note publication-version-stuck [1 2 3 4] The server accepted 2 publications of "
     "ada@contoso.example (state) and did not raise the version 4\n"},
    {"raised", "publication-version-stuck", SCRIPT_STEPS(ASKS(1, 1, 2, 4, ), LISTED(1, 1, 2, 5, )),
     20, ""},
    {"deleted", "publication-version-stuck",
     SCRIPT_STEPS(ASKS(1, 1, 2, 4, .empty = true), LISTED(1, 1, 2, 4, )), 20, ""},
    {"another container", "publication-version-stuck",
     SCRIPT_STEPS(ASKS(1, 1, 2, 4, ), LISTED(1, 1, 3, 4, )), 20, ""},
    {"the answer to another request", "publication-version-stuck",
     SCRIPT_STEPS(ASKS(1, 1, 2, 4, ), LISTED(1, 2, 2, 4, ), LISTED(1, 1, 2, 5, )), 20, ""},
    {"refused", "publication-version-stuck",
     SCRIPT_STEPS(ASKS(1, 1, 2, 4, ), LISTED(1, 1, 2, 4, .status = 500)), 20, ""},
    {"no version is given", "publication-version-stuck",
     SCRIPT_STEPS(ASKS(1, 1, 2, 4, ), LISTED(1, 1, 2, 4, .version = 0)), 20, ""},
};

/* ---- copies ---- */

#define TAKEN(second, transaction)                                                                 \
    BECOMES(second, transaction, 2, 1, PUBLICATION_LIVE, 200, ),                                   \
        BECOMES(second, transaction, 3, 1, PUBLICATION_LIVE, 200, )
#define HARD(evidence, times, number)                                                              \
    "warning presence-dnd-not-softened [" evidence                                                 \
    "] ada@contoso.example chose Do not disturb" times ", and the copy for the workgroup" number   \
    " instead of 6900 (urgent interruptions only)\n"

static const struct script copies[] = {
    {"the same in both", "presence-dnd-not-softened",
     SCRIPT_STEPS(ASKS(1, 1, 2, 0, .number = 9500), ASKS(1, 1, 3, 0, .number = 9500), TAKEN(1, 1)),
     20, HARD("1 3", "", " says 9500")},
    {"the number without its token", "presence-dnd-not-softened",
     SCRIPT_STEPS(ASKS(1, 1, 3, 0, .number = 6900), ASKS(1, 1, 2, 0, .number = 9500), TAKEN(1, 1)),
     20, HARD("1 3", "", " says 6900")},
    {"twice", "presence-dnd-not-softened",
     SCRIPT_STEPS(ASKS(1, 1, 2, 0, .number = 9500), ASKS(1, 1, 3, 0, .number = 9500), TAKEN(1, 1),
                  ASKS(9, 2, 2, 1, .number = 9500), ASKS(9, 2, 3, 1, .number = 9500), TAKEN(9, 2)),
     20, HARD("1 3 5 7", " 2 times", " says 9500")},
    {"softened", "presence-dnd-not-softened",
     SCRIPT_STEPS(ASKS(1, 1, 2, 0, .number = 9500),
                  ASKS(1, 1, 3, 0, .number = 6900, .name = "urgent-interruptions-only"),
                  TAKEN(1, 1)),
     20, ""},
    {"not the user's choice", "presence-dnd-not-softened",
     SCRIPT_STEPS(ASKS(1, 1, 2, 0, .number = 9500, .kind = STATE_PHONE),
                  ASKS(1, 1, 3, 0, .number = 9500, .kind = STATE_PHONE), TAKEN(1, 1)),
     20, ""},
    {"sipe", "presence-dnd-not-softened",
     SCRIPT_STEPS(ASKS(1, 1, 2, 0, .number = 9500, .agent = "Purple/2.13 Sipe/1.25"),
                  ASKS(1, 1, 3, 0, .number = 9500, .agent = "Purple/2.13 Sipe/1.25"), TAKEN(1, 1)),
     20, ""},
    {"sipe under another name", "presence-dnd-not-softened",
     SCRIPT_STEPS(ASKS(1, 1, 2, 0, .number = 9500, .instance = 536870912),
                  ASKS(1, 1, 3, 0, .number = 9500, .instance = 536870912),
                  BECOMES(1, 1, 2, 1, PUBLICATION_LIVE, 200, .instance = 536870912)),
     20, ""},
    {"refused: nobody sees it", "presence-dnd-not-softened",
     SCRIPT_STEPS(ASKS(1, 1, 2, 0, .number = 9500), ASKS(1, 1, 3, 0, .number = 9500),
                  BECOMES(1, 1, 2, 0, PUBLICATION_REFUSED, 409, )),
     20, ""},
    {"one copy alone", "presence-dnd-not-softened",
     SCRIPT_STEPS(ASKS(1, 1, 2, 0, .number = 9500), BECOMES(1, 1, 2, 1, PUBLICATION_LIVE, 200, )),
     20, ""},
    {"the answer is missing", "presence-dnd-not-softened",
     SCRIPT_STEPS(ASKS(1, 1, 2, 0, .number = 9500), ASKS(1, 1, 3, 0, .number = 9500)), 20, ""},

    {"another number", "presence-copies-differ",
     SCRIPT_STEPS(ASKS(1, 1, 2, 0, ), ASKS(1, 1, 3, 0, .number = 3500), TAKEN(1, 1)), 20,
     "note presence-copies-differ [1 3] ada@contoso.example published one state differently for "
     "the containers 2 and 3: 3500 in 3\n"},
    {"another token", "presence-copies-differ",
     SCRIPT_STEPS(ASKS(1, 1, 2, 0, .name = "on-the-phone"), ASKS(1, 1, 3, 0, ), TAKEN(1, 1)), 20,
     "note presence-copies-differ [1 3] ada@contoso.example published one state differently for "
     "the containers 2 and 3: 6500 in 3\n"},
    {"the same", "presence-copies-differ",
     SCRIPT_STEPS(ASKS(1, 1, 2, 0, .name = "on-the-phone"),
                  ASKS(1, 1, 3, 0, .name = "on-the-phone"), TAKEN(1, 1)),
     20, ""},
    {"softened", "presence-copies-differ",
     SCRIPT_STEPS(ASKS(1, 1, 2, 0, .number = 9500),
                  ASKS(1, 1, 3, 0, .number = 6900, .name = "urgent-interruptions-only"),
                  TAKEN(1, 1)),
     20, ""},
    {"no state", "presence-copies-differ",
     SCRIPT_STEPS(ASKS(1, 1, 2, 0, .named = "dndState"),
                  ASKS(1, 1, 3, 0, .named = "dndState", .number = 9500),
                  BECOMES(1, 1, 2, 1, PUBLICATION_LIVE, 200, .named = "dndState")),
     20, ""},

    {"an idle number", "presence-idle-published",
     SCRIPT_STEPS(ASKS(1, 1, 2, 0, .number = 5000), ASKS(1, 1, 3, 0, .number = 5000), TAKEN(1, 1),
                  ASKS(2, 2, 2, 0, .number = 7500), ASKS(2, 2, 3, 0, .number = 7500), TAKEN(2, 2)),
     20,
     "note presence-idle-published [1 5] ada@contoso.example published 5000 as a choice of the "
     "user 2 times, which is a number for an idle machine\n"},
    {"by a machine", "presence-idle-published",
     SCRIPT_STEPS(ASKS(1, 1, 2, 0, .number = 5000, .kind = STATE_MACHINE),
                  BECOMES(1, 1, 2, 1, PUBLICATION_LIVE, 200, )),
     20, ""},
    {"by another client", "presence-idle-published",
     SCRIPT_STEPS(ASKS(1, 1, 2, 0, .number = 5000, .agent = "RTCC/4.0.0.0 ExampleApp"),
                  BECOMES(1, 1, 2, 1, PUBLICATION_LIVE, 200, )),
     20, ""},
    {"the edge of the band", "presence-idle-published",
     SCRIPT_STEPS(ASKS(1, 1, 2, 0, .number = 6000), BECOMES(1, 1, 2, 1, PUBLICATION_LIVE, 200, )),
     20, ""},
};

#define SHOWS_TO(watcher, number_shown, ...)                                                       \
    {                                                                                              \
        .at = 1, .act = CATEGORY, .method = "BENOTIFY", .from = "chat", .to = watcher, .tx = 1,    \
        .who = "ada", .instance = 1, .kind = STATE_AGGREGATE, .number = number_shown,              \
        .active = true, __VA_ARGS__                                                                \
    }

static const struct script shown[] = {
    {"while the user is active", "presence-last-active-shown", SCRIPT_STEPS(SHOWS_TO("bo", 3500, )),
     20,
     "note presence-last-active-shown [1] Watchers were told when ada@contoso.example was last "
     "active although the user was active (3500)\n"},
    {"while the user is away", "presence-last-active-shown", SCRIPT_STEPS(SHOWS_TO("bo", 15500, )),
     20, ""},
    {"to the owner", "presence-last-active-shown", SCRIPT_STEPS(SHOWS_TO("ada", 3500, )), 20, ""},
    {"in the owner's document", "presence-last-active-shown",
     SCRIPT_STEPS(SHOWS_TO("bo", 3500, .container = 2)), 20, ""},
    {"without", "presence-last-active-shown", SCRIPT_STEPS(SHOWS_TO("bo", 3500, .active = false)),
     20, ""},
};

/* ---- lifetimes ---- */

#define SIGNS_OUT(second, how)                                                                     \
    {                                                                                              \
        .at = second, .act = ENDPOINT, .method = "REGISTER", .from = "ada", .to = "ada", .tx = 50, \
        .status = 200, .who = "ada", .epid = "e1", .state = how                                    \
    }
#define ENDS(second, now, ...)                                                                     \
    BECOMES(second, 50, 2, now, PUBLICATION_ENDED, 200, .method = "REGISTER",                      \
            .expire_type = EXPIRE_ENDPOINT, __VA_ARGS__)
#define LEFT(evidence, what, seconds)                                                              \
    "error presence-endpoint-state-left [" evidence "] " what                                      \
    " of ada@contoso.example still lived " seconds " after the endpoint e1 had signed out\n"

static const struct script orphans[] = {
    {"still listed", "presence-endpoint-state-left",
     SCRIPT_STEPS(SIGNS_OUT(1, ENDPOINT_UNREGISTERED), ENDS(1, 3, ), ENDS(1, 3, .container = 3),
                  OWN_DOCUMENT(31, 60, 2, 3, ), OWN_DOCUMENT(31, 60, 3, 3, )),
     60, LEFT("2 3 4 5", "2 publications", "30 s")},
    {"within the tolerance", "presence-endpoint-state-left",
     SCRIPT_STEPS(SIGNS_OUT(1, ENDPOINT_UNREGISTERED), ENDS(1, 3, ), OWN_DOCUMENT(11, 60, 2, 3, )),
     60, ""},
    {"and after it", "presence-endpoint-state-left",
     SCRIPT_STEPS(SIGNS_OUT(1, ENDPOINT_UNREGISTERED), ENDS(1, 3, ), OWN_DOCUMENT(11, 60, 2, 3, ),
                  OWN_DOCUMENT(21, 61, 2, 3, )),
     60, LEFT("2 4", "1 publication", "20 s")},
    {"published again by another", "presence-endpoint-state-left",
     SCRIPT_STEPS(SIGNS_OUT(1, ENDPOINT_UNREGISTERED), ENDS(1, 3, ), OWN_DOCUMENT(31, 60, 2, 4, )),
     60, ""},
    {"cleared", "presence-endpoint-state-left",
     SCRIPT_STEPS(SIGNS_OUT(1, ENDPOINT_UNREGISTERED), ENDS(1, 3, ),
                  OWN_DOCUMENT(31, 60, 2, 3, .empty = true)),
     60, ""},
    {"the registration ran out", "presence-endpoint-state-left",
     SCRIPT_STEPS(SIGNS_OUT(1, ENDPOINT_EXPIRED), ENDS(1, 3, ), OWN_DOCUMENT(31, 60, 2, 3, )), 60,
     ""},
    {"the endpoint came back", "presence-endpoint-state-left",
     SCRIPT_STEPS(SIGNS_OUT(1, ENDPOINT_UNREGISTERED), ENDS(1, 3, ),
                  SIGNS_OUT(2, ENDPOINT_REGISTERED), OWN_DOCUMENT(31, 60, 2, 3, )),
     60, ""},
    {"it may have come back in a gap", "presence-endpoint-state-left",
     SCRIPT_STEPS(SIGNS_OUT(1, ENDPOINT_UNREGISTERED), ENDS(1, 3, ), GAP(10, "ada", "chat"),
                  OWN_DOCUMENT(31, 60, 2, 3, )),
     60, GAP_NOTE("3", CLIENT, SERVER)},
    {"published by another endpoint", "presence-endpoint-state-left",
     SCRIPT_STEPS(SIGNS_OUT(1, ENDPOINT_UNREGISTERED), ENDS(1, 3, .epid = "e2"),
                  OWN_DOCUMENT(31, 60, 2, 3, )),
     60, ""},
    {"published before the capture", "presence-endpoint-state-left",
     SCRIPT_STEPS(SIGNS_OUT(1, ENDPOINT_UNREGISTERED), ENDS(1, 3, .epid = NULL),
                  OWN_DOCUMENT(31, 60, 2, 3, )),
     60, ""},
    {"bound to the user", "presence-endpoint-state-left",
     SCRIPT_STEPS(SIGNS_OUT(1, ENDPOINT_UNREGISTERED), ENDS(1, 3, .expire_type = EXPIRE_USER),
                  OWN_DOCUMENT(31, 60, 2, 3, )),
     60, ""},
    {"a watcher's copy says nothing of versions", "presence-endpoint-state-left",
     SCRIPT_STEPS(SIGNS_OUT(1, ENDPOINT_UNREGISTERED), ENDS(1, 3, ),
                  OWN_DOCUMENT(31, 60, 0, 3, .version = 0)),
     60, ""},
};

#define FOR_A_MINUTE(second, transaction, now)                                                     \
    BECOMES(second, transaction, 2, now, PUBLICATION_LIVE, 200, .expire_type = EXPIRE_TIME,        \
            .expires = 60)
#define STILL(evidence, seconds)                                                                   \
    "error presence-timed-state-left [" evidence "] 1 publication of ada@contoso.example (state) " \
    "still lived " seconds " after running out\n"

static const struct script timed[] = {
    {"still listed", "presence-timed-state-left",
     SCRIPT_STEPS(FOR_A_MINUTE(1, 1, 1), OWN_DOCUMENT(101, 60, 2, 1, )), 120, STILL("1 2", "40 s")},
    {"once is enough", "presence-timed-state-left",
     SCRIPT_STEPS(FOR_A_MINUTE(1, 1, 1), OWN_DOCUMENT(101, 60, 2, 1, ),
                  BECOMES(101, 60, 2, 1, PUBLICATION_LIVE, 0, ), OWN_DOCUMENT(111, 61, 2, 1, )),
     120, STILL("1 2", "40 s")},
    {"within the tolerance", "presence-timed-state-left",
     SCRIPT_STEPS(FOR_A_MINUTE(1, 1, 1), OWN_DOCUMENT(71, 60, 2, 1, )), 120, ""},
    {"refreshed unseen", "presence-timed-state-left",
     SCRIPT_STEPS(FOR_A_MINUTE(1, 1, 1), OWN_DOCUMENT(101, 60, 2, 2, )), 120, ""},
    {"the answer gives another version", "presence-timed-state-left",
     SCRIPT_STEPS(FOR_A_MINUTE(1, 1, 1),
                  BECOMES(1, 1, 2, 5, PUBLICATION_MODIFIED, 0, .method = "BENOTIFY"),
                  OWN_DOCUMENT(101, 60, 2, 5, )),
     120, STILL("1 3", "40 s")},
    {"published for good", "presence-timed-state-left",
     SCRIPT_STEPS(FOR_A_MINUTE(1, 1, 1), BECOMES(2, 2, 2, 2, PUBLICATION_MODIFIED, 200, ),
                  OWN_DOCUMENT(101, 60, 2, 2, )),
     120, ""},
    {"removed, then published unseen", "presence-timed-state-left",
     SCRIPT_STEPS(FOR_A_MINUTE(1, 1, 1), BECOMES(2, 2, 2, 1, PUBLICATION_REMOVED, 200, ),
                  OWN_DOCUMENT(101, 60, 2, 1, )),
     120, ""},
    {"published before the capture", "presence-timed-state-left",
     SCRIPT_STEPS(
         BECOMES(1, 1, 2, 1, PUBLICATION_LIVE, 0, .expire_type = EXPIRE_TIME, .expires = 60),
         OWN_DOCUMENT(101, 60, 2, 1, )),
     120, ""},

    {"Busy since the day before yesterday", "presence-manual-state-old",
     SCRIPT_STEPS(OWN_DOCUMENT(100000, 60, 2, 1, .published = 1, .expires = 86400,
                               .expire_type = EXPIRE_TIME)),
     100060,
     "note presence-manual-state-old [1] ada@contoso.example has been 6500 by choice for 99999 s, "
     "longer than such a choice lasts\n"},
    {"a stamp further away than times can differ", "presence-manual-state-old",
     SCRIPT_STEPS(OWN_DOCUMENT(100000, 60, 2, 1, .published = -9223372000, .expires = 86400,
                               .expire_type = EXPIRE_TIME)),
     100060,
     "note presence-manual-state-old [1] ada@contoso.example has been 6500 by choice for "
     "9223372036 "
     "s, longer than such a choice lasts\n"},
    {"the server's clock may differ a little", "presence-manual-state-old",
     SCRIPT_STEPS(OWN_DOCUMENT(86700, 60, 2, 1, .published = 1, .expires = 86400,
                               .expire_type = EXPIRE_TIME)),
     100060, ""},
    {"another lifetime", "presence-manual-state-old",
     SCRIPT_STEPS(OWN_DOCUMENT(100000, 60, 2, 1, .published = 1, .expires = 864000,
                               .expire_type = EXPIRE_TIME)),
     100060, ""},
    {"a static choice", "presence-manual-state-old",
     SCRIPT_STEPS(OWN_DOCUMENT(100000, 60, 2, 1, .published = 1, .instance = 536870912,
                               .expire_type = EXPIRE_STATIC)),
     100060, ""},
    {"said already, and better", "presence-timed-state-left",
     SCRIPT_STEPS(
         BECOMES(1, 1, 2, 1, PUBLICATION_LIVE, 200, .expire_type = EXPIRE_TIME, .expires = 86400),
         OWN_DOCUMENT(100000, 60, 2, 1, .published = 1, .expires = 86400,
                      .expire_type = EXPIRE_TIME)),
     100060, STILL("1 2", "13599 s")},
};

/* clang-format off */
static const struct { const struct script *scripts; size_t count; } all[] = {
    {conflicts, sizeof conflicts / sizeof conflicts[0]},
    {fights, sizeof fights / sizeof fights[0]},
    {versions, sizeof versions / sizeof versions[0]},
    {copies, sizeof copies / sizeof copies[0]},
    {shown, sizeof shown / sizeof shown[0]},
    {orphans, sizeof orphans / sizeof orphans[0]},
    {timed, sizeof timed / sizeof timed[0]},
};
/* clang-format on */

static void conflicts_are_followed(void **state)
{
    (void)state;
    check_scripts(conflicts, sizeof conflicts / sizeof conflicts[0]);
    check_scripts(fights, sizeof fights / sizeof fights[0]);
    check_scripts(versions, sizeof versions / sizeof versions[0]);
}

static void copies_are_compared(void **state)
{
    (void)state;
    check_scripts(copies, sizeof copies / sizeof copies[0]);
    check_scripts(shown, sizeof shown / sizeof shown[0]);
}

static void lifetimes_are_kept(void **state)
{
    (void)state;
    check_scripts(orphans, sizeof orphans / sizeof orphans[0]);
    check_scripts(timed, sizeof timed / sizeof timed[0]);
}

static void every_beginning_is_survived(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        check_beginnings(all[i].scripts, all[i].count);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(conflicts_are_followed),
        cmocka_unit_test(copies_are_compared),
        cmocka_unit_test(lifetimes_are_kept),
        cmocka_unit_test(every_beginning_is_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
