/*
 * The rows of a ladder, made event by event: arrows of messages and web calls,
 * notes of presence and of what is missing. Called by reports/ladder_model.c
 * in the order of the run; a row is never moved afterwards.
 */
#ifndef OCSIGHT_REPORTS_LADDER_EVENTS_H
#define OCSIGHT_REPORTS_LADDER_EVENTS_H

#include "reports/ladder_model.h"

void ladder_events_message(struct ladder_model *model, const struct message *message);

/* What a message turns out to be once its body was read: its dialog, its chat. */
void ladder_events_dialog(struct ladder_model *model, const struct dialog_view *view);
void ladder_events_chat(struct ladder_model *model, const struct event *event);

/* Which addresses are pools of chat. */
void ladder_events_provisioning(struct ladder_model *model, const struct provisioning_fact *fact);

/* Only what breaks the flow at a place of it; the rest is among the findings. */
void ladder_events_coverage(struct ladder_model *model, const struct event *event);

/* EVENT_HTTP and EVENT_DNS */
void ladder_events_around(struct ladder_model *model, const struct event *event);

void ladder_events_presence(struct ladder_model *model, const struct change *change);

/* The body events of the latest message are over: its row gets its meaning. */
void ladder_events_finish(struct ladder_model *model);

#endif
