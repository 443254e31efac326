/*
 * Bodies of registration-notify: "deregistered;event=rejected" (facts/presence.md 1.6).
 *
 * The sheet gives the form and the event package, not the content type: body.c asks here
 * for every body of that package, and for text/registration-event. Of the first word only
 * "deregistered" is known; another one is said and asserts nothing.
 */
#ifndef OCSIGHT_DECODERS_REGISTRATION_H
#define OCSIGHT_DECODERS_REGISTRATION_H

#include "decoders/document.h"

/* One EVENT_REGISTRATION, and true, if the body has that form. */
bool registration_decode_if_form(const struct document *document);

/* The same; `registration-unreadable` if it has not. */
void registration_decode(const struct document *document);

#endif
