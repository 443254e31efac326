/*
 * Where a watcher's copy can have come from. See served.h.
 */
#include "analyzer/engine/served.h"

/* More than the bare availability. */
enum { DETAILS = TOLD_ACTIVITY | TOLD_DEVICE | TOLD_LOCATION | TOLD_TIME_ZONE | TOLD_MEETING };

unsigned served_container_of(uint32_t id)
{
    switch (id) {
    case 100:
        return SERVED_100;
    case 200:
        return SERVED_200;
    case 300:
        return SERVED_300;
    case 400:
        return SERVED_400;
    case 32000:
        return SERVED_32000;
    default:
        return SERVED_OTHER;
    }
}

static unsigned served_by_state(const struct served_clues *clues)
{
    static const struct slice urgent = SLICE("urgent-interruptions-only");
    enum band band = state_band(STATE_AGGREGATE, clues->availability);
    bool details = (clues->content & DETAILS) != 0;
    if (band == BAND_OFFLINE && !details) {
        return clues->owner_is_there ? SERVED_32000 : SERVED_ANY;
    }
    if (clues->availability == AVAILABILITY_SOFTENED &&
        slice_equal_nocase(clues->activity, urgent)) {
        return SERVED_300;
    }
    unsigned served = SERVED_ANY & ~(unsigned)SERVED_32000;
    if (details) {
        served &= ~(unsigned)SERVED_100;
    }
    if (band == BAND_DO_NOT_DISTURB) {
        served &= ~(unsigned)SERVED_300;
    }
    return served;
}

unsigned served_by(const struct served_clues *clues)
{
    if (clues->named != 0) {
        return clues->named;
    }
    switch (clues->category) {
    case CATEGORY_STATE:
        return served_by_state(clues);
    case CATEGORY_NOTE:
    case CATEGORY_CONTACT_CARD:
        return clues->content & TOLD_TEXT ? SERVED_ANY & ~(unsigned)SERVED_32000 : SERVED_ANY;
    default:
        return SERVED_ANY;
    }
}
