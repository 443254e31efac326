/*
 * What rooms are called, for findings about rooms that a command or a message
 * names by URI alone.
 */
#ifndef OCSIGHT_ANALYZER_AUDIT_ROOM_NAMES_H
#define OCSIGHT_ANALYZER_AUDIT_ROOM_NAMES_H

#include "analyzer/engine/change.h"
#include "analyzer/engine/limits.h"
#include "analyzer/engine/map.h"

struct room_names {
    struct map names; /* URI -> struct slice, the latest name */
    size_t limit;     /* above it the oldest is forgotten */
};

void room_names_init(struct room_names *rooms, struct map_seed seed, const struct limits *limits);
void room_names_dispose(struct room_names *rooms);

void room_names_change(struct room_names *rooms, const struct change *change);

/* "" = nothing said it so far. Borrowed until the next change. */
struct slice room_names_find(const struct room_names *rooms, struct slice uri);

#endif
