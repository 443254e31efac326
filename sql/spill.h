/*
 * Room for rows that reports cannot keep in memory: a temporary SQLite file that has no name.
 *
 * Made by analyzer/commands/run.c for the reports of a run. The file comes into being with the
 * first row; it is gone with the process, however that ends.
 */
#ifndef OCSIGHT_SQL_SPILL_H
#define OCSIGHT_SQL_SPILL_H

#include "analyzer/engine/spill.h"

struct spill_file;

struct spill_file *spill_file_new(void);
void spill_file_free(struct spill_file *file);

/* What reports see of it; lives as long as the file. */
const struct spill *spill_file_view(const struct spill_file *file);

/* Why a row could not be kept or read, one line; "" while nothing is wrong. */
const char *spill_file_problem(const struct spill_file *file);

#endif
