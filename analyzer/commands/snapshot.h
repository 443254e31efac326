/*
 * `ocsight store snapshot`, as commands/store.c hands it on.
 */
#ifndef OCSIGHT_ANALYZER_COMMANDS_SNAPSHOT_H
#define OCSIGHT_ANALYZER_COMMANDS_SNAPSHOT_H

#include <string.h>

#include "analyzer/exit_status.h"
#include "analyzer/options.h"

/* Is that what `store` was asked for? */
static inline bool is_snapshot(const struct options *options)
{
    return options->input_count > 0 && strcmp(options->inputs[0], "snapshot") == 0;
}

enum exit_status command_snapshot(const struct options *options);

#endif
