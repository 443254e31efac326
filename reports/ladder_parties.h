/*
 * Which doors of a ladder are one party (reports/ladder_lanes.h).
 */
#ifndef OCSIGHT_REPORTS_LADDER_PARTIES_H
#define OCSIGHT_REPORTS_LADDER_PARTIES_H

#include "reports/ladder_model.h"

/*
 * For each door the first door of its party, in the arena of the model. `model->rows` tell who
 * talks to whom.
 */
const uint16_t *ladder_parties_find(struct ladder_model *model);

#endif
