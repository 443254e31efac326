/*
 * Refused publications: application/msrtc-fault+xml (facts/presence.md 1.2).
 *
 * An entry of decoders/body.c's table.
 */
#ifndef OCSIGHT_DECODERS_FAULT_H
#define OCSIGHT_DECODERS_FAULT_H

#include "decoders/document.h"

/* One EVENT_FAULT for each operation; one with index 0 when the document names none. */
void fault_decode(const struct document *document);

#endif
