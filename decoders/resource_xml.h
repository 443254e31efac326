/*
 * Lists of resources: whom a batched subscription watches, and what the server
 * answers for each (facts/presence.md 1.3, 1.4; RFC 4662 section 5).
 *
 * Entries of decoders/body.c's table.
 */
#ifndef OCSIGHT_DECODERS_RESOURCE_XML_H
#define OCSIGHT_DECODERS_RESOURCE_XML_H

#include "decoders/document.h"

/* batchSub > action > adhocList > resource, or an adrl list: one EVENT_WATCH for each resource. */
void resource_decode_watch(const struct document *document);

/* list > resource > instance: one EVENT_RESOURCE each, also for a resource without instance. */
void resource_decode_rlmi(const struct document *document);

#endif
