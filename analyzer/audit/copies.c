/*
 * What watchers were shown. See copies.h.
 *
 * Facts: presence.md part 5: containers 100, 200 and 400 follow the first
 * aggregation (container 2), 300 the second (container 3), in which Do not disturb
 * is 6900; 32000 always says Offline. What an administrator's own container shows is
 * not known.
 */
#include "analyzer/audit/copies.h"

#include <stdlib.h>

#include "analyzer/engine/arena.h"

void copies_init(struct copies *copies, struct map_seed seed, const struct limits *limits,
                 struct proofs *proofs)
{
    *copies = (struct copies){
        .proofs = proofs,
        .user_limit = limits->users,
        .limit = limits->watched,
    };
    map_init(&copies->users, seed);
    map_init_numbers(&copies->dialogs, seed);
}

static void copy_free(struct copies *copies, struct copy *copy)
{
    list_remove(&copy->of_user);
    list_remove(&copy->of_dialog);
    map_remove_entry(&copy->user->dialogs, copy->entry);
    proof_release(copies->proofs, copy->proof);
    memory_release(copy->watcher);
    free(copy);
    copies->count--;
}

void copies_dispose(struct copies *copies)
{
    for (struct map_entry *entry = copies->users.first; entry; entry = entry->next) {
        struct copied_user *user = entry->value;
        while (!list_empty(&user->copies)) {
            copy_free(copies, LIST_OWNER(user->copies.next, struct copy, of_user));
        }
        map_dispose(&user->dialogs, NULL);
    }
    map_dispose(&copies->users, free);
    map_dispose(&copies->dialogs, free);
}

struct copied_user *copies_of(const struct copies *copies, struct slice user)
{
    return map_find(&copies->users, user);
}

const struct copy *copies_find(const struct copied_user *user, uint64_t dialog)
{
    return map_find(&user->dialogs, map_number_key(&dialog));
}

static struct copied_user *user_keep(struct copies *copies, struct slice name)
{
    struct copied_user *user = map_find(&copies->users, name);
    if (user) {
        return user;
    }
    if (copies->users.count >= copies->user_limit) {
        copies->refused++;
        return NULL;
    }
    user = memory_zero(1, sizeof *user);
    list_init(&user->copies);
    map_init_numbers(&user->dialogs, copies->users.seed);
    map_put(&copies->users, name, user);
    return user;
}

static struct copy *copy_keep(struct copies *copies, struct copied_user *user,
                              const struct told_change *told)
{
    struct slice key = map_number_key(&told->dialog);
    struct copy *copy = map_find(&user->dialogs, key);
    if (copy) {
        return copy;
    }
    if (copies->count >= copies->limit) {
        copies->refused++;
        return NULL;
    }
    struct link *of_dialog = map_find(&copies->dialogs, key);
    if (!of_dialog) {
        of_dialog = memory_alloc(sizeof *of_dialog);
        list_init(of_dialog);
        map_put(&copies->dialogs, key, of_dialog);
    }
    copy = memory_zero(1, sizeof *copy);
    copy->user = user;
    copy->watcher = memory_keep(told->watcher);
    copy->dialog = told->dialog;
    copy->entry = map_put(&user->dialogs, key, copy);
    list_append(&user->copies, &copy->of_user);
    list_append(of_dialog, &copy->of_dialog);
    copies->count++;
    return copy;
}

static void copy_set(struct copies *copies, struct copy *copy, const struct change *change)
{
    const struct told_change *told = &change->as.told;
    copy->time = change->time;
    copy->availability = told->availability;
    copy->band = told->empty ? BAND_OFFLINE : told->band;
    copy->served = told->served;
    /* A lost datagram is no gap, and a BENOTIFY has no answer that would show that there was one.
     */
    copy->has_route = change->message && change->message->observed.transport != TRANSPORT_UDP;
    proof_release(copies->proofs, copy->proof);
    copy->proof = proof_new();
    proof_cite_change(copies->proofs, copy->proof, change);
    if (change->message) {
        copy->route = route_of(&change->message->observed);
    }
}

bool copies_own(const struct told_change *told, size_t *out_which)
{
    bool first = told->container == 2;
    *out_which = first ? OWN_FIRST : OWN_SECOND;
    return told->owner && told->category == CATEGORY_STATE && told->has_container &&
           (first || told->container == 3) && (told->value_kind == STATE_AGGREGATE || told->empty);
}

static bool is_standing_copy(const struct presences *presences, const struct told_change *told)
{
    bool aggregate = told->value_kind == STATE_AGGREGATE || told->empty;
    return !told->owner && !told->polled && !told->document && aggregate &&
           told->category == CATEGORY_STATE && presences_subscribed(presences, told->dialog);
}

static void own_set(struct own_aggregate *own, const struct change *change)
{
    const struct told_change *told = &change->as.told;
    *own = (struct own_aggregate){
        .known = !told->empty,
        .changed = own->known == told->empty || own->band != told->band,
        .availability = told->availability,
        .band = told->band,
        .time = change->time,
        .dialog = told->dialog,
    };
}

static void change_told(struct copies *copies, const struct presences *presences,
                        const struct change *change)
{
    const struct told_change *told = &change->as.told;
    size_t which;
    bool own = copies_own(told, &which);
    if (!own && !is_standing_copy(presences, told)) {
        return;
    }
    struct copied_user *user = user_keep(copies, told->user);
    if (user && own) {
        own_set(&user->own[which], change);
    } else if (user) {
        struct copy *copy = copy_keep(copies, user, told);
        if (copy) {
            copy_set(copies, copy, change);
        }
    }
}

static void drop_dialog(struct copies *copies, uint64_t dialog)
{
    struct map_entry *entry = map_find_entry(&copies->dialogs, map_number_key(&dialog));
    if (!entry) {
        return;
    }
    struct link *of_dialog = entry->value;
    while (!list_empty(of_dialog)) {
        copy_free(copies, LIST_OWNER(of_dialog->next, struct copy, of_dialog));
    }
    free(map_remove_entry(&copies->dialogs, entry));
}

void copies_change(struct copies *copies, const struct presences *presences,
                   const struct change *change)
{
    if (change->kind == CHANGE_TOLD) {
        change_told(copies, presences, change);
    } else if (change->kind == CHANGE_SUBSCRIPTION &&
               !presences_subscribed(presences, change->as.subscription.dialog)) {
        drop_dialog(copies, change->as.subscription.dialog);
    }
}

/* ---- what a container would show ---- */

/* Do not disturb and the 6900 that it is softened to stand for each other. */
static bool is_soft_pair(int64_t availability, enum band band)
{
    return availability_is_softened(availability) && band == BAND_DO_NOT_DISTURB;
}

static bool same_band(const struct copy *copy, const struct own_aggregate *own)
{
    return copy->band == own->band || is_soft_pair(copy->availability, own->band) ||
           is_soft_pair(own->availability, copy->band);
}

bool copy_fits(const struct copy *copy)
{
    const struct own_aggregate *first = &copy->user->own[OWN_FIRST];
    const struct own_aggregate *second = &copy->user->own[OWN_SECOND];
    bool judged = first->known && copy->band != BAND_UNKNOWN && copy->band != BAND_UNDEFINED;
    bool blocked = copy->served == SERVED_32000 ||
                   ((copy->served & SERVED_32000) && copy->band == BAND_OFFLINE);
    if (!judged || blocked || copy->served == SERVED_OTHER) {
        return true;
    }
    return same_band(copy, first) ||
           ((copy->served & SERVED_300) && second->known && same_band(copy, second));
}
