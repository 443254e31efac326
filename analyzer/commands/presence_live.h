/*
 * `ocsight presence` of databases: live servers, or a snapshot of some.
 */
#ifndef OCSIGHT_ANALYZER_COMMANDS_PRESENCE_LIVE_H
#define OCSIGHT_ANALYZER_COMMANDS_PRESENCE_LIVE_H

#include "analyzer/commands/command.h"

/* Whether the command line is about databases: --server, or an input that is a snapshot. */
bool presence_is_live(const struct options *options);

enum exit_status presence_live(const struct options *options);

#endif
