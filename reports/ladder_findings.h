/*
 * The findings of a ladder: kept as they come, at the end put to the first row
 * that proves them.
 */
#ifndef OCSIGHT_REPORTS_LADDER_FINDINGS_H
#define OCSIGHT_REPORTS_LADDER_FINDINGS_H

#include "reports/ladder_model.h"

void ladder_findings_add(struct ladder_model *model, const struct finding *finding);

/* After the last row. */
void ladder_findings_place(struct ladder_model *model);

#endif
