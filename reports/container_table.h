/*
 * The containers that a user's presence is published to: who sees which, what is
 * in it, where that comes from (facts: presence.md part 5, and the container table of
 * the source documents).
 */
#ifndef OCSIGHT_REPORTS_CONTAINER_TABLE_H
#define OCSIGHT_REPORTS_CONTAINER_TABLE_H

#include <stddef.h>
#include <stdint.h>

struct container_row {
    uint32_t id;
    const char *name;
    const char *seen_by;
    const char *holds;
    const char *fed_from;
    const char *source;
};

const struct container_row *container_rows(size_t *count);

/* NULL: an administrator's own container. */
const struct container_row *container_row_find(uint32_t id);

#endif
