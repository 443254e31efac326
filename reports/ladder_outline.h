/*
 * The bookmarks of a drawn ladder: its dialogs, its findings, its messages.
 */
#ifndef OCSIGHT_REPORTS_LADDER_OUTLINE_H
#define OCSIGHT_REPORTS_LADDER_OUTLINE_H

#include "reports/ladder_pen.h"

/* After the last page. */
void ladder_outline_write(struct ladder_pen *pen);

#endif
