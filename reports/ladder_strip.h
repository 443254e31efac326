/*
 * The strips along users' lanes: which presence they had while what was sent.
 */
#ifndef OCSIGHT_REPORTS_LADDER_STRIP_H
#define OCSIGHT_REPORTS_LADDER_STRIP_H

#include "reports/ladder_model.h"

/* Makes model->parts from the presence rows, which have their lanes already. */
void ladder_strip_settle(struct ladder_model *model);

#endif
