/*
 * The lanes of a ladder: which host is whose, who is a client, what it is called.
 */
#ifndef OCSIGHT_REPORTS_LADDER_LANES_H
#define OCSIGHT_REPORTS_LADDER_LANES_H

#include "reports/ladder_model.h"

struct ladder_hop {
    uint8_t from;
    uint8_t to;
};

/* The lanes of a message as it was seen; makes them, and learns from it who is there. */
struct ladder_hop ladder_lanes_of(struct ladder_model *model, const struct message *message);

/*
 * The lanes of what is no SIP message but went between a client and a server of
 * that kind ("web service"), which names a host that nothing else names.
 */
struct ladder_hop ladder_lanes_between(struct ladder_model *model, const struct address *client,
                                       const struct address *server, const char *kind);

/* The lane of a host that has one already, else LADDER_NO_LANE. */
uint8_t ladder_lane_find(const struct ladder_model *model, const struct address *host);

/* The lane at which this user is, the busiest first; LADDER_NO_LANE when there is none. */
uint8_t ladder_lane_of_user(const struct ladder_model *model, struct slice user);

/* Is the user at that lane? */
bool ladder_lane_has_user(const struct ladder_lane *lane, struct slice user);

/* Something said that this "user" is a chat service. */
void ladder_lanes_note_service(struct ladder_model *model, struct slice user);

/* Places and names; after the last event. */
void ladder_lanes_settle(struct ladder_model *model);

#endif
