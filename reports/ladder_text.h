/*
 * The ladder in characters: for a terminal, a mail, a ticket.
 */
#ifndef OCSIGHT_REPORTS_LADDER_TEXT_H
#define OCSIGHT_REPORTS_LADDER_TEXT_H

#include "reports/ladder_model.h"
#include "reports/output.h"

/* `model` is settled; `title` NULL = the names of the inputs. */
void ladder_text_write(const struct ladder_model *model, const struct summary *summary,
                       const struct report_style *style, const char *title, struct output *output);

#endif
