/*
 * The same talk again with other people: user names, room identifiers, Call-IDs,
 * tags, branches, epids and entity tags get six digits, the number of the copy.
 *
 * The places are found once; a copy costs a memcpy and a few digits.
 */
#ifndef OCSIGHT_SAMPLES_RENAME_H
#define OCSIGHT_SAMPLES_RENAME_H

#include "samples/talk.h"

enum { RENAME_DIGITS = 6, RENAME_COPIES = 1000000 };

/* One item with the places that change. */
struct pattern {
    struct slice bytes;   /* digits included, as zeros */
    const size_t *places; /* where the digits stand */
    size_t place_count;
};

/* One pattern for each item of the talk, in its arena. Without `renaming` no place changes. */
struct pattern *rename_patterns(struct talk *talk, bool renaming);

/* The bytes of one copy, in `out` (of at least pattern->bytes.size bytes). */
void rename_copy(const struct pattern *pattern, unsigned copy, char *out);

#endif
