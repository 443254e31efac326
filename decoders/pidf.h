/*
 * Presence documents in PIDF (RFC 3863) with RPID activities in both spellings
 * that are met: text in `activity` as the old draft has it, and elements named
 * after the activity as RFC 4480 has it (facts/presence.md 7.1, 7.3).
 *
 * An entry of decoders/body.c's table. Several tuples and persons make one fact:
 * open if any tuple is open, with the activities of all. The mapping to a band is
 * the engine's.
 */
#ifndef OCSIGHT_DECODERS_PIDF_H
#define OCSIGHT_DECODERS_PIDF_H

#include "decoders/document.h"

/* presence: one EVENT_PIDF. */
void pidf_decode(const struct document *document);

#endif
