/*
 * What the lanes of a ladder are called: by the user's own names, by what SIP
 * says, by what they do.
 */
#ifndef OCSIGHT_REPORTS_LADDER_NAMES_H
#define OCSIGHT_REPORTS_LADDER_NAMES_H

#include "reports/ladder_model.h"

/* Before the lanes are named: what the user named is found by it, later names win. */
void ladder_names_init(struct ladder_model *model);

/* Name, role and addresses of a lane whose other fields are settled; `client` = it is a user's. */
void ladder_names_give(struct ladder_model *model, struct ladder_lane *lane, bool client);

/* After the last lane. */
void ladder_names_end(struct ladder_model *model);

/* "ann", with the domain where it is not that of the first user. */
struct slice ladder_user_name(struct ladder_model *model, struct slice user, struct arena *arena);

/* Does some user speak there who is no service? */
bool ladder_lane_has_users(const struct ladder_model *model, const struct ladder_lane *lane);

#endif
