/*
 * GRE and what is mirrored inside it.
 *
 * Called by decoders/frame.c for IP protocol 47. IP in IP needs no reader of its
 * own: the protocol number says what follows.
 */
#ifndef OCSIGHT_DECODERS_TUNNEL_H
#define OCSIGHT_DECODERS_TUNNEL_H

#include "decoders/layer.h"

/* Opens a GRE header, and the ERSPAN header behind it if there is one. */
enum skip_reason tunnel_open_gre(struct layer *layer);

#endif
