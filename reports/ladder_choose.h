/*
 * Which part of a ladder is drawn: rows that were not chosen go, what repeats itself is folded.
 *
 * Called while the model is settled, in two steps: before anything refers to rows by number, and
 * once lanes have their names, because lanes that lost all their rows go too.
 */
#ifndef OCSIGHT_REPORTS_LADDER_CHOOSE_H
#define OCSIGHT_REPORTS_LADDER_CHOOSE_H

#include "reports/ladder_model.h"

/* Removes the rows, findings and dialogs that model->choice does not have. */
void ladder_choose(struct ladder_model *model);

/*
 * Folds what model->repeats knows as repetition, each run of rows into one ROW_FOLDED; removes the
 * lanes that nothing chosen uses. Rows have their findings and steps, lanes their names and places.
 */
void ladder_choose_end(struct ladder_model *model);

#endif
