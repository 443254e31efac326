/*
 * The block reader of pcapng captures.
 *
 * Called by capture.c. Keeps what libpcap does not hand on: several sections,
 * interfaces of different link types and clocks, secrets, names and
 * statistics (struct capture_note).
 */
#ifndef OCSIGHT_DECODERS_PCAPNG_H
#define OCSIGHT_DECODERS_PCAPNG_H

#include "decoders/reading.h"

extern const struct format pcapng_format;

#endif
