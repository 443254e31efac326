/*
 * The reader of Microsoft Network Monitor 2.x captures (.cap).
 *
 * Called by capture.c.
 */
#ifndef OCSIGHT_DECODERS_NETMON_H
#define OCSIGHT_DECODERS_NETMON_H

#include "decoders/reading.h"

extern const struct format netmon_format;

#endif
