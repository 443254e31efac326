/*
 * Followed rooms: what a published category `roomSetting` says (facts/xccos.md 1.14).
 *
 * Only the names of its two properties are known, `url` and `name`. How they are
 * nested is not, so they are taken wherever a leaf of that name, or one called by that
 * name, stands. A room is followed as long as a live instance names it.
 */
#ifndef OCSIGHT_ANALYZER_ENGINE_FOLLOWS_H
#define OCSIGHT_ANALYZER_ENGINE_FOLLOWS_H

#include "analyzer/engine/core.h"

struct instance;

/* A room and the name that its follower knows it by, in memory of its own; "" = none. */
struct followed {
    struct slice room;
    struct slice name;
};

/* What the category names; nothing where it is not roomSetting. */
struct followed followed_keep(const struct category_fact *fact);
void followed_drop(struct followed *followed);

/* The instance named `before` and names what it holds now; it may be on its way out. */
void follows_changed(struct core *core, const struct instance *instance,
                     const struct followed *before, const struct followed *now);

#endif
