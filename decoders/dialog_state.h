/*
 * What messages and time do to the state of a dialogs row.
 */
#ifndef OCSIGHT_DECODERS_DIALOG_STATE_H
#define OCSIGHT_DECODERS_DIALOG_STATE_H

#include "decoders/dialog.h"
#include "decoders/transaction.h"

/* Applies the first copy of a message; state, expiry, status and reason of the row may change. */
void dialog_advance(struct dialog *row, const struct transaction *transaction,
                    const struct message *message);

/* ns: when the row lapses without a further message; INT64_MAX = never. */
int64_t dialog_lapses_at(const struct dialog *row);

/* Its time ran out: terminated, reason "expired", end = expires_at. */
void dialog_lapse(struct dialog *row);

/* Was dialog_lapse() what ended it? */
bool dialog_has_lapsed(const struct dialog *row);

/* Nothing is expected of it any more but copies. */
bool dialog_is_over(const struct dialog *row);

#endif
