/*
 * The nine availability bands and their exact edges (facts/presence.md part 4).
 *
 * A band belongs to a range of numbers, never to one number. 18000 itself is
 * Offline. Below 3000 is "undefined": the sources disagree whether that is
 * Available, so it is a band of its own and says so.
 */
#ifndef OCSIGHT_ANALYZER_ENGINE_BANDS_H
#define OCSIGHT_ANALYZER_ENGINE_BANDS_H

#include "analyzer/engine/slice.h"

enum band {
    BAND_UNKNOWN, /* nothing is known of the user */
    BAND_UNDEFINED,
    BAND_AVAILABLE,
    BAND_AVAILABLE_IDLE,
    BAND_BUSY,
    BAND_BUSY_IDLE,
    BAND_DO_NOT_DISTURB,
    BAND_BE_RIGHT_BACK,
    BAND_AWAY,
    BAND_OFFLINE,
    BANDS /* how many there are, unknown included */
};

/*
 * What Do not disturb is turned to for containers 3 and 300: 6900, "69xx" (facts/presence.md
 * 2.5, 4.2 and part 5).
 */
enum { AVAILABILITY_SOFTENED = 6900, AVAILABILITY_SOFTENED_LAST = 6999 };

static inline bool availability_is_softened(int64_t availability)
{
    return availability >= AVAILABILITY_SOFTENED && availability <= AVAILABILITY_SOFTENED_LAST;
}

/* One row of the table that `ocsight bands` prints. */
struct band_row {
    enum band band;
    const char *name;  /* "available-idle": JSON and text */
    const char *title; /* "Available, idle": people */
    uint32_t low;      /* first number of the range */
    uint32_t high;     /* last number; UINT32_MAX = no end */
    uint32_t usual;    /* the number the standard clients publish; 0 = none */
    const char *source;
};

/* The band of an availability; BAND_UNKNOWN for a negative one. */
enum band band_of(int64_t availability);

/* The table, BANDS rows in the order of the enum. */
const struct band_row *band_rows(void);

const char *band_name(enum band band);
const char *band_title(enum band band);

/* One activity token with the band it usually comes with (facts/presence.md 4.3). */
struct token_row {
    const char *token;
    const char *meaning;
    enum band band;
    const char *source;
};

const struct token_row *token_rows(size_t *count);

#endif
