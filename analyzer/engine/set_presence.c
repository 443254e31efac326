/*
 * setPresence. See set_presence.h.
 */
#include "analyzer/engine/set_presence.h"

#include <stdlib.h>

#include "analyzer/engine/arena.h"
#include "analyzer/engine/legacy.h"

/* One that waits for its answer. */
struct legacy_request {
    struct user *user;
    struct slice epid;
    struct legacy_state state;
};

static void free_state(void *value)
{
    struct legacy_state *state = value;
    slice_drop(&state->activity);
    free(state);
}

static void free_request(void *value)
{
    struct legacy_request *request = value;
    slice_drop(&request->epid);
    slice_drop(&request->state.activity);
    free(request);
}

void set_presence_init(struct set_presence *set, struct core *core, struct users *users)
{
    *set = (struct set_presence){.core = core, .users = users};
    map_init_numbers(&set->requests, core->seed);
}

void set_presence_end(struct set_presence *set)
{
    map_dispose(&set->requests, free_request);
}

void set_presence_dispose(struct map *map)
{
    map_dispose(map, free_state);
}

void set_presence_asked(struct set_presence *set, const struct event *event)
{
    struct core *core = set->core;
    const struct message *message = event->message;
    const struct legacy_fact *fact = &event->as.legacy;
    struct legacy_presence meaning = legacy_meaning(fact);
    struct user *user = fact->user.size > 0 ? users_keep(set->users, fact->user)
                                            : users_keep_party(set->users, &message->from);
    if (!user || !meaning.known || message->transaction == 0) {
        return;
    }
    /* The oldest can no longer be answered: more requests than fit are in flight after it. */
    if (core_full(core, CAP_PENDING, set->requests.count, core->limits.pending)) {
        if (!set->requests.first) {
            return;
        }
        free_request(map_remove_entry(&set->requests, set->requests.first));
    }
    struct slice key = map_number_key(&message->transaction);
    struct legacy_request *request = map_remove(&set->requests, key);
    if (request) {
        free_request(request);
    }
    request = memory_zero(1, sizeof *request);
    request->user = user;
    request->epid = memory_keep(message->from.epid.size > 0 ? message->from.epid : fact->epid);
    request->state.availability = meaning.availability;
    request->state.activity = memory_keep(meaning.activity);
    map_put(&set->requests, key, request);
}

static void commit(struct core *core, struct legacy_request *request)
{
    struct user *user = request->user;
    struct map *states = &user->presence.legacy;
    struct legacy_state *state = map_find(states, request->epid);
    if (!state) {
        if (core_full(core, CAP_INSTANCES, states->count, core->limits.instances)) {
            return;
        }
        state = memory_zero(1, sizeof *state);
        map_put(states, request->epid, state);
    }
    state->availability = request->state.availability;
    slice_replace(&state->activity, request->state.activity);
    state->moment = core->moment;
    presence_back(core, user);
    char text[CAUSE_TEXT];
    presence_update(core, user,
                    presence_cause(text, "sets", "legacy presence", state->availability));
}

void set_presence_answered(struct set_presence *set, const struct message *message)
{
    if (message->status < 200) {
        return;
    }
    struct legacy_request *request =
        map_remove(&set->requests, map_number_key(&message->transaction));
    if (!request) {
        return;
    }
    if (message->status < 300) {
        commit(set->core, request);
    }
    free_request(request);
}

const struct legacy_state *set_presence_leading(const struct presence *presence)
{
    const struct legacy_state *leading = NULL;
    for (struct map_entry *entry = presence->legacy.first; entry; entry = entry->next) {
        const struct legacy_state *state = entry->value;
        if (!leading || state->moment > leading->moment) {
            leading = state;
        }
    }
    return leading;
}

bool set_presence_endpoint_left(struct user *user, struct slice epid, bool last)
{
    struct map *states = &user->presence.legacy;
    bool any = false;
    while (last && states->first) {
        free_state(map_remove_entry(states, states->first));
        any = true;
    }
    struct legacy_state *state = epid.size > 0 ? map_remove(states, epid) : NULL;
    if (state) {
        free_state(state);
    }
    return any || state;
}
