/*
 * Which category instances one document has named already.
 *
 * A part of presence_xml.c. The few of a usual document are compared one by one; a
 * table in the document's arena takes over when there are more. Its hash is not keyed:
 * a sender who makes hashes collide only hides repetitions of his own, because the
 * search gives up after some steps.
 */
#ifndef OCSIGHT_DECODERS_INSTANCE_SET_H
#define OCSIGHT_DECODERS_INSTANCE_SET_H

#include "decoders/document.h"

struct instance_slot {
    uint64_t hash;
    size_t place; /* of the fact in document->facts, plus one; 0 = free */
};

enum { INSTANCES_FEW = 12 };

/* Zeroed storage is the empty set. */
struct instance_set {
    size_t few[INSTANCES_FEW];   /* places in document->facts */
    struct instance_slot *slots; /* NULL: `few` is in use */
    size_t capacity;             /* of `slots`, a power of two */
    size_t count;
};

/* Adds the instance of the category fact document->facts->items[place]. True when it was there. */
bool instance_set_add(struct instance_set *set, const struct document *document, size_t place);

#endif
