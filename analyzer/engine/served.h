/*
 * Where a watcher's copy can have come from: the containers that show what it
 * shows. A pure function.
 *
 * Normative: facts/presence.md part 5. The container of a watcher cannot be read
 * off a notification, only narrowed; where the owner's own lists name the watcher
 * (containers.h) there is nothing to narrow.
 */
#ifndef OCSIGHT_ANALYZER_ENGINE_SERVED_H
#define OCSIGHT_ANALYZER_ENGINE_SERVED_H

#include "analyzer/engine/change.h"
#include "analyzer/engine/state_value.h"

/* What speaks for one container or against it. */
struct served_clues {
    unsigned named; /* enum served_container: what the owner's lists say; 0 = nothing certain */
    enum category_kind category;
    unsigned content; /* enum told_content */
    int64_t availability;
    struct slice activity;
    bool owner_is_there; /* the server's own word of that moment: the owner is not offline */
};

/* At least one bit of enum served_container. */
unsigned served_by(const struct served_clues *clues);

/* The bit of a container id. */
unsigned served_container_of(uint32_t id);

#endif
