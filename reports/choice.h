/*
 * Which part of a run is shown: a dialog, a call flow, what surrounds a finding.
 *
 * What analyzer/select.h chooses (user, Call-ID, room, time) is known when an event passes;
 * this is not: findings come at the end, labels after their messages. So a choice is a sink
 * beside the one that draws. It remembers what every message belongs to, and is asked after
 * the last event. Used by the ladder, the page and the annotated capture.
 */
#ifndef OCSIGHT_REPORTS_CHOICE_H
#define OCSIGHT_REPORTS_CHOICE_H

#include "analyzer/engine/limits.h"
#include "analyzer/engine/map.h"
#include "analyzer/engine/sink.h"

/* All of it is borrowed and must outlive the choice. Nothing set = everything is chosen. */
struct choice_options {
    struct slice dialog; /* its number in the dialogs report (message.dialog), or a Call-ID */
    struct slice flow;   /* name of a call flow: the messages that are its steps, with answers */
    uint64_t finding;    /* number of a finding: its messages and the dialogs that they are in */
    bool related;        /* and the other dialogs of the same users in that time */
    bool collapse;       /* for whoever draws: what repeats itself is folded */
};

struct choice;

struct choice *choice_new(const struct choice_options *options, struct map_seed seed,
                          const struct limits *limits);
void choice_free(struct choice *choice);
struct sink choice_sink(struct choice *choice);

/* Is anything but everything chosen? */
bool choice_is_narrow(const struct choice *choice);

/* After the last event; only then the following may be asked. */
void choice_settle(struct choice *choice);

/*
 * There is no such dialog, flow or finding in the run: one line that says so, safe to print; NULL
 * when there is.
 */
const char *choice_problem(const struct choice *choice);

bool choice_has_message(const struct choice *choice, uint64_t message);
bool choice_has_finding(const struct choice *choice, uint64_t finding);

/* The same for what is no message but has a packet: a web call, a lookup, a gap. */
bool choice_has_place(const struct choice *choice, const struct origin *origin);

/* Is this user ("user@host", no service) a party of what was chosen? */
bool choice_has_user(const struct choice *choice, struct slice user);

/* "only finding 3 and its dialogs"; "" when everything is chosen. Safe to print. */
const char *choice_words(const struct choice *choice);

/* First and last time of what was chosen, for what belongs to no message; false = nothing was. */
bool choice_span(const struct choice *choice, int64_t *first, int64_t *last);

#endif
