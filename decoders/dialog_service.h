/*
 * What an INVITE row is for: chat, chat lookup, IM, media or a conference.
 */
#ifndef OCSIGHT_DECODERS_DIALOG_SERVICE_H
#define OCSIGHT_DECODERS_DIALOG_SERVICE_H

#include "decoders/body.h"
#include "decoders/dialog.h"

/*
 * Chat service addresses ("user@host") that lookups and provisioning have given out, or that have
 * replied to chat commands, oldest first.
 */
struct chat_services {
    struct map map;
    size_t max;
    bool capped; /* limits.chat_services was reached: the oldest gave way */
};

void chat_services_init(struct chat_services *services, struct map_seed seed,
                        const struct limits *limits);
void chat_services_dispose(struct chat_services *services);

/*
 * Sets the row's service from the first copy of a message; `facts` may be NULL.
 * Remembers the addresses that a lookup's reply or a provisioning document gives.
 */
void dialog_serve(struct dialog *row, struct chat_services *services, const struct message *message,
                  const struct facts *facts);

#endif
