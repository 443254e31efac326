/*
 * Identities and their observations. See identity.h.
 */
#include "decoders/identity.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/engine/arena.h"
#include "decoders/dialog.h"

struct identity *identity_new(uint64_t id, uint64_t to_tag, uint16_t status, bool ack)
{
    struct identity *identity = memory_zero(1, sizeof *identity);
    identity->id = id;
    identity->to_tag = to_tag;
    identity->status = status;
    identity->ack = ack;
    identity->observations = &identity->only;
    identity->capacity = 1;
    return identity;
}

void identity_free(struct identity *identity)
{
    if (identity->dialog) {
        dialog_release(identity->dialog);
    }
    if (identity->observations != &identity->only) {
        free(identity->observations);
    }
    free(identity);
}

size_t identity_bytes(const struct identity *identity)
{
    size_t more = identity->observations != &identity->only ? identity->capacity : 0;
    return sizeof *identity + more * sizeof *identity->observations;
}

bool observation_same_link(const struct observation *a, const struct observation *b)
{
    return a->transport == b->transport && address_equal(&a->source, &b->source) &&
           address_equal(&a->destination, &b->destination);
}

bool observation_answers(const struct observation *request, const struct observation *response)
{
    return request->transport == response->transport &&
           address_equal(&request->source, &response->destination) &&
           address_equal(&request->destination, &response->source);
}

bool identity_saw_flow(const struct identity *identity, const struct observation *copy)
{
    for (size_t i = 0; i < identity->count; i++) {
        const struct observation *seen = &identity->observations[i];
        if (seen->origin.input == copy->origin.input && observation_same_link(seen, copy)) {
            return true;
        }
    }
    return false;
}

bool identity_saw_hop(const struct identity *identity, const struct observation *copy)
{
    for (size_t i = 0; i < identity->count; i++) {
        const struct observation *seen = &identity->observations[i];
        if (seen->branch_hash == copy->branch_hash && seen->origin.input == copy->origin.input &&
            observation_same_link(seen, copy)) {
            return true;
        }
    }
    return false;
}

bool identity_saw_link(const struct identity *identity, const struct observation *copy)
{
    for (size_t i = 0; i < identity->count; i++) {
        if (observation_same_link(&identity->observations[i], copy)) {
            return true;
        }
    }
    return false;
}

bool identity_forked(const struct identity *identity)
{
    for (size_t i = 1; i < identity->count; i++) {
        const struct observation *a = &identity->observations[i];
        for (size_t j = 0; j < i; j++) {
            const struct observation *b = &identity->observations[j];
            if (a->branch_hash != b->branch_hash && a->origin.input == b->origin.input &&
                address_same_host(&a->source, &b->source)) {
                return true;
            }
        }
    }
    return false;
}

/* One more place, up to `max`; at the maximum the latest copy gives way. */
static struct observation *room_for_one(struct identity *identity, size_t max, bool *capped)
{
    if (identity->count > 0 && identity->count >= max) {
        *capped = true;
        return &identity->observations[identity->count - 1];
    }
    if (identity->count == identity->capacity) {
        bool inside = identity->observations == &identity->only;
        identity->capacity *= 2;
        identity->observations = memory_grow(inside ? NULL : identity->observations,
                                             identity->capacity, sizeof *identity->observations);
        if (inside) {
            identity->observations[0] = identity->only;
        }
    }
    return &identity->observations[identity->count++];
}

enum message_role identity_observe(struct identity *identity, struct observation *copy, size_t max,
                                   bool *capped)
{
    enum message_role role = identity->count == 0 ? MESSAGE_FIRST : MESSAGE_ANOTHER_HOP;
    if (identity_saw_hop(identity, copy)) {
        role = MESSAGE_RETRANSMISSION;
    }
    copy->retransmission = role == MESSAGE_RETRANSMISSION;
    *room_for_one(identity, max, capped) = *copy;
    return role;
}
