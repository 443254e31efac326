/*
 * A file token as it is known here: a secret that is only hashed, so that one can be
 * recognised in a chat reply and in a web service call and never be read back.
 *
 * A message that is kept (decoders/mask.h) has a name in the token's place, which says its
 * hash: "~", 16 hex digits, and "~" up to the length that the token had. Its hash is that
 * number, so that a kept message and a captured one still name the same token.
 */
#ifndef OCSIGHT_DECODERS_TICKET_H
#define OCSIGHT_DECODERS_TICKET_H

#include "analyzer/engine/slice.h"

enum {
    TICKET_DIGITS = 16,
    TICKET_NAME = 1 + TICKET_DIGITS, /* the shortest name */
};

/* Is it a name in a token's place, and for which hash? `name` is trimmed. */
static inline bool ticket_named(struct slice name, uint64_t *hash)
{
    uint64_t number = 0;
    if (name.size < TICKET_NAME || name.data[0] != '~') {
        return false;
    }
    for (size_t i = 1; i < TICKET_NAME; i++) {
        char c = ascii_lower(name.data[i]);
        bool letter = c >= 'a' && c <= 'f';
        if (!letter && !ascii_is_digit(c)) {
            return false;
        }
        number = number << 4 | (uint64_t)(letter ? c - 'a' + 10 : c - '0');
    }
    for (size_t i = TICKET_NAME; i < name.size; i++) {
        if (name.data[i] != '~') {
            return false;
        }
    }
    *hash = number;
    return true;
}

/* FNV-1a, 64 bits (Fowler, Noll, Vo), of the trimmed text; a GUID's letters have no case. */
static inline uint64_t ticket_hash(struct slice token)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    token = slice_trim(token);
    if (ticket_named(token, &hash)) {
        return hash;
    }
    for (size_t i = 0; i < token.size; i++) {
        hash = (hash ^ (unsigned char)ascii_lower(token.data[i])) * UINT64_C(0x100000001b3);
    }
    return hash;
}

#endif
