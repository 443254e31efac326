/*
 * In-band provisioning: what a user is told of Persistent Chat (facts/xccos.md 1.14, 2.17).
 *
 * Of a provisionGroupList only the group persistentChatConfiguration is read, in the 200 to the
 * SUBSCRIBE or in a notification. The request for it has another root and says nothing.
 * A property of that group that the fact sheet does not name is counted, not kept.
 */
#ifndef OCSIGHT_DECODERS_PROVISIONING_H
#define OCSIGHT_DECODERS_PROVISIONING_H

#include "decoders/document.h"

/* One EVENT_PROVISIONING if the document holds that group. */
void provisioning_decode(const struct document *document);

/* The same, and true, if the body looks like a list of groups whatever its content type. */
bool provisioning_decode_if_root(const struct document *document);

#endif
