/*
 * Copies of segments that wait behind a hole.
 *
 * Used by decoders/tcp_half.c. Each direction has its pieces in order of
 * position, never overlapping; the first copy of a byte stays. All pieces of a
 * run are also in one heap by origin, whose top is the watermark (tcp.h).
 */
#ifndef OCSIGHT_DECODERS_TCP_WAITING_H
#define OCSIGHT_DECODERS_TCP_WAITING_H

#include "analyzer/engine/origin.h"

struct waiting_piece {
    uint64_t start; /* position of the first byte */
    uint64_t end;
    struct origin origin;
    size_t slot; /* private: place in the heap */
    char bytes[];
};

/* The pieces of one direction. All zero is empty. */
struct waiting {
    struct waiting_piece **pieces; /* pieces[first .. first + count) */
    size_t first;
    size_t count;
    size_t capacity;
    size_t charge; /* bytes of memory */
};

/* The pieces of all directions. All zero is empty. */
struct waiting_room {
    struct waiting_piece **heap; /* the earliest origin on top */
    size_t count;
    size_t capacity;
    size_t charge; /* bytes of memory */
};

void waiting_room_dispose(struct waiting_room *room);

/* The earliest origin that waits anywhere; NULL when nothing waits. */
const struct origin *waiting_room_earliest(const struct waiting_room *room);

/*
 * Copies what is not there yet. Returns how many bytes that were there already
 * differ.
 */
uint64_t waiting_put(struct waiting_room *room, struct waiting *waiting, uint64_t start,
                     struct slice bytes, const struct origin *origin);

/* The piece with the lowest position, or NULL. */
static inline const struct waiting_piece *waiting_front(const struct waiting *waiting)
{
    return waiting->count > 0 ? waiting->pieces[waiting->first] : NULL;
}

/* Frees the front piece. */
void waiting_drop(struct waiting_room *room, struct waiting *waiting);

#endif
