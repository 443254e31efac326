/*
 * Presence of LCS 2005 level clients (facts/presence.md part 6): what they publish in
 * SOAP, what their watchers are told, what peers tell each other.
 *
 * Entries of decoders/body.c's table, one EVENT_LEGACY for each presentity. Namespaces
 * come in two spellings and msrtc.pidf has none, so elements are known by local name.
 * Which band the numbers mean is for the engine to say. deviceName, calendarInfo,
 * userInput and states of other types are in `raw` only.
 */
#ifndef OCSIGHT_DECODERS_LEGACY_XML_H
#define OCSIGHT_DECODERS_LEGACY_XML_H

#include "decoders/document.h"

/* application/SOAP+xml: setPresence; any other call is no presence. */
void legacy_decode_soap(const struct document *document);

/* text/xml+msrtc.pidf: presentity. */
void legacy_decode_msrtc(const struct document *document);

/*
 * application/xpidf+xml: its form is not in the sheet, so only what is written as in
 * msrtc.pidf is taken, from wherever it stands; the rest is in `raw`.
 */
void legacy_decode_xpidf(const struct document *document);

#endif
