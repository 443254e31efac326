/*
 * The lanes of a ladder: which doors are one party, who is a client, what stands where.
 *
 * All of it is done at the end, from what was learned of the doors
 * (reports/ladder_doors.h). Only doors that rows still use get a lane.
 */
#ifndef OCSIGHT_REPORTS_LADDER_LANES_H
#define OCSIGHT_REPORTS_LADDER_LANES_H

#include "reports/ladder_model.h"

/* The lane at which this user is: an own endpoint before a gateway, the busiest first;
 * LADDER_NO_LANE when there is none. */
uint16_t ladder_lane_of_user(const struct ladder_model *model, struct slice user);

/* Is the user at that lane? */
bool ladder_lane_has_user(const struct ladder_lane *lane, struct slice user);

/* Is that lane an endpoint of the user, no gateway or server that speaks for users? */
bool ladder_lane_is_own(const struct ladder_lane *lane, struct slice user);

/* Makes the lanes with their places and names; the rows' doors become lanes. */
void ladder_lanes_settle(struct ladder_model *model);

#endif
