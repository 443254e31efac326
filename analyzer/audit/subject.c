/*
 * Who and what a finding is about. See subject.h.
 */
#include "analyzer/audit/subject.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/engine/arena.h"

void subject_keep(struct subject *out, const struct subject *given)
{
    size_t size = 0;
    for (size_t i = 0; i < SUBJECT_PARTS; i++) {
        size += given->parts[i].size;
    }
    char *at = memory_alloc(size);
    struct subject kept = {.block = at};
    for (size_t i = 0; i < SUBJECT_PARTS; i++) {
        struct slice part = given->parts[i];
        if (part.size > 0) {
            memcpy(at, part.data, part.size);
        }
        kept.parts[i] = (struct slice){at, part.size};
        at += part.size;
    }
    *out = kept;
}

void subject_dispose(struct subject *subject)
{
    free(subject->block);
    *subject = (struct subject){0};
}

static void narrow(struct slice *mine, struct slice theirs)
{
    if (!slice_equal(*mine, theirs)) {
        mine->size = 0;
    }
}

void subject_narrow(struct subject *subject, const struct subject *other)
{
    narrow(&subject->user, other->user);
    narrow(&subject->peer, other->peer);
    narrow(&subject->room, other->room);
    narrow(&subject->room_name, other->room_name);
    narrow(&subject->call_id, other->call_id);
}
