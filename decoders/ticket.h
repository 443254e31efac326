/*
 * A file token as it is known here: a secret that is only hashed, so that one can be
 * recognised in a chat reply and in a web service call and never be read back.
 */
#ifndef OCSIGHT_DECODERS_TICKET_H
#define OCSIGHT_DECODERS_TICKET_H

#include "analyzer/engine/slice.h"

/* FNV-1a, 64 bits (Fowler, Noll, Vo), of the trimmed text; a GUID's letters have no case. */
static inline uint64_t ticket_hash(struct slice token)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    token = slice_trim(token);
    for (size_t i = 0; i < token.size; i++) {
        hash = (hash ^ (unsigned char)ascii_lower(token.data[i])) * UINT64_C(0x100000001b3);
    }
    return hash;
}

#endif
