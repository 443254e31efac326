/*
 * What was received, one JSON object per line: a test proves from it that nothing writes, and that
 * values travel only as parameters. Passwords are never in it.
 */
#ifndef OCSIGHT_TESTS_TDS_LOG_H
#define OCSIGHT_TESTS_TDS_LOG_H

#include <stdbool.h>

#include "tests/tds/types.h"

struct log;

/* Without a path nothing is written. NULL: it cannot be opened. */
struct log *log_open(const char *path);
void log_close(struct log *log);

/* A line {"connection": N, "kind": KIND, NAME: VALUE ...}; the list ends with NULL. */
void log_line(struct log *log, unsigned connection, const char *kind, ...)
    __attribute__((sentinel));

/* A statement and its parameters. */
void log_statement(struct log *log, unsigned connection, const char *kind, const char *statement,
                   const struct parameter *parameters, unsigned count);

#endif
