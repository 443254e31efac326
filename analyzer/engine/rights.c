/*
 * Permission masks as rights. See rights.h.
 */
#include "analyzer/engine/rights.h"

/* clang-format off */
static const char *const names[] = {
    [2]  = "manage node",
    [4]  = "create child",
    [5]  = "modify roles",    /* obsolete, and set in a manager's mask */
    [6]  = "modify settings", /* the same */
    [7]  = "join",
    [8]  = "chat",
    [9]  = "leave",
    [10] = "read history without being joined",
    [11] = "see the room",
    [12] = "chat in auditorium",
    [13] = "bypass visibility",
};
/* clang-format on */

const char *right_name(unsigned bit)
{
    return bit < sizeof names / sizeof names[0] ? names[bit] : NULL;
}

const char *mask_name(uint64_t mask)
{
    return mask == MASK_MEMBER ? "member" : mask == MASK_MANAGER ? "manager" : "unknown mask";
}

void mask_write(struct buffer *out, uint64_t mask)
{
    const char *divider = "";
    for (unsigned bit = 0; bit < 64; bit++) {
        if ((mask >> bit & 1) == 0) {
            continue;
        }
        buffer_append_text(out, divider);
        if (right_name(bit)) {
            buffer_append_text(out, right_name(bit));
        } else {
            buffer_append_text(out, "bit ");
            buffer_append_u64(out, bit);
        }
        divider = ", ";
    }
    if (mask == 0) {
        buffer_append_text(out, "no right");
    }
}
