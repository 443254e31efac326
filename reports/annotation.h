/*
 * What is said of a capture, packet by packet: comments for `ocsight annotate`.
 *
 * A sink that gathers a run, settled once at its end and then asked for the comments of each
 * record. One comment says one thing, and its first words what kind of thing, so that a display
 * filter finds it:
 *
 *   ocsight finding E1 error sip-request-unanswered: ...
 *   ocsight message INFO: grpchat to Incident bridge
 *   ocsight flow group-chat-sign-in 5 requri
 *   ocsight presence ann@contoso.example: Busy (6500), on-the-phone
 *   ocsight delivery delivered to bob@contoso.example
 *   ocsight around HTTP POST: AppendChunk 65536 bytes
 *   ocsight coverage gap: 120 bytes are missing: 192.0.2.5 to 192.0.2.21
 *   ocsight packet 102
 *
 * in that order. They never hold secrets or texts of chat. What only the passing of time caused
 * belongs to no packet and is not among them.
 */
#ifndef OCSIGHT_REPORTS_ANNOTATION_H
#define OCSIGHT_REPORTS_ANNOTATION_H

#include "reports/choice.h"

struct annotation_options {
    struct choice_options choice;
    bool selected; /* the sink is shown a part of the run only: what belongs to no message of that
                      part is left out */
    bool findings; /* annotation_records() are those of findings, with their dialogs */
    bool numbered; /* every record says its number, for where others are missing */
};

struct annotation;

struct annotation *annotation_new(const struct annotation_options *options, struct map_seed seed,
                                  const struct limits *limits);
void annotation_free(struct annotation *annotation);
struct sink annotation_sink(struct annotation *annotation);

/* After the last event; only then the following may be asked. */
void annotation_settle(struct annotation *annotation);

/* Nothing in the run is what was chosen: one line that says so; else NULL. */
const char *annotation_problem(const struct annotation *annotation);

/* The comments of a record of the only input, findings first; borrowed until the next call. */
const struct slice *annotation_comments(struct annotation *annotation, uint64_t record,
                                        size_t *count);

/* The records that complete a message, or prove a finding, of what was chosen; ascending. */
const uint64_t *annotation_records(const struct annotation *annotation, size_t *count);

/* What found no room under limits.comments. */
uint64_t annotation_beyond(const struct annotation *annotation);

#endif
