/*
 * Link layers: from the LINKTYPE_ of a capture, or an EtherType, towards IP.
 *
 * Called by decoders/frame.c. The link types are a table in link.c; one that is
 * not in it is a counted skip.
 */
#ifndef OCSIGHT_DECODERS_LINK_H
#define OCSIGHT_DECODERS_LINK_H

#include "decoders/layer.h"

/* Opens one layer of kind LAYER_LINK; SKIP_NOTHING, or why the packet is not read. */
enum skip_reason link_open(struct layer *layer);

/* The same for LAYER_ETHER, other than IP: VLAN tags, PPPoE, MPLS. */
enum skip_reason link_open_ether(struct layer *layer);

#endif
