/*
 * What a permission mask of a roster (aib@key) seems to allow: facts/xccos.md 1.10.
 *
 * Reading the mask as bits and lining them up with the role table of the database
 * fits, and is an inference: whatever is printed of it says "read as". Two masks
 * are known from the wire; any other is an unknown one, whose bits are shown.
 * The managed API has masks of its own, which this does not read.
 */
#ifndef OCSIGHT_ANALYZER_ENGINE_RIGHTS_H
#define OCSIGHT_ANALYZER_ENGINE_RIGHTS_H

#include "analyzer/engine/buffer.h"

enum {
    MASK_MEMBER = 3984,   /* an ordinary member's: bits 4, 7 to 11 */
    MASK_MANAGER = 12276, /* a manager's: bits 2, 4 to 11, 13 */
    RIGHT_CHAT = 1 << 8,
    RIGHT_CHAT_AUDITORIUM = 1 << 12,
};

/* The right that a bit (0 to 63) stands for, in the role table's words; NULL = none is known. */
const char *right_name(unsigned bit);

/* "member", "manager", or "unknown mask". */
const char *mask_name(uint64_t mask);

/* "create child, join, chat, bit 40": every bit of it, the lowest first; "no right" without one. */
void mask_write(struct buffer *out, uint64_t mask);

#endif
