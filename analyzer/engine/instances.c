/*
 * Published category instances. See instances.h.
 */
#include "analyzer/engine/instances.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/engine/aggregates.h"
#include "analyzer/engine/arena.h"

/* Longer category names are cut in the key: the longest known one has 19 letters. */
enum { NAME_KEY = 128, KEY_BYTES = 8 + NAME_KEY };

enum { TEXT_KEPT = 256 }; /* of what a category says: enough for a line of a report */

/* A publishTime further ahead of the capture than that is no time. */
#define STAMP_AHEAD (366 * 24 * 3600 * TIME_SECOND)

static const char settled_cause[] = "owner's own publications were seen";
static const char row_cause[] = "database rows";

void instances_init(struct instances *instances, struct core *core)
{
    *instances = (struct instances){.core = core};
}

static void free_instance(void *value)
{
    struct instance *instance = value;
    slice_drop(&instance->name);
    slice_drop(&instance->epid);
    category_words_drop(&instance->words);
    state_value_drop(&instance->value);
    free(instance);
}

void instances_dispose(struct map *map)
{
    map_dispose(map, free_instance);
}

/* ---- identity ---- */

static struct slice instance_key(char out[static KEY_BYTES], struct slice name, uint32_t number,
                                 uint32_t container)
{
    memcpy(out, &container, 4);
    memcpy(out + 4, &number, 4);
    return (struct slice){out, 8 + slice_lower(out + 8, NAME_KEY, name).size};
}

struct instance *instance_find(const struct user *user, struct slice name, uint32_t number,
                               uint32_t container)
{
    char key[KEY_BYTES];
    return map_find(&user->presence.instances, instance_key(key, name, number, container));
}

struct instance *instance_keep(struct core *core, struct user *user, struct slice name,
                               uint32_t number, uint32_t container)
{
    struct instance *instance = instance_find(user, name, number, container);
    struct map *map = &user->presence.instances;
    if (instance || core_full(core, CAP_INSTANCES, map->count, core->limits.instances)) {
        return instance;
    }
    instance = memory_zero(1, sizeof *instance);
    instance->user = user;
    instance->name = memory_keep(name);
    instance->number = number;
    instance->container = container;
    instance->value.availability = AVAILABILITY_NONE;
    instance->until = TIME_NONE;
    instance->timer = (struct timer){.kind = TIMER_INSTANCE, .object = instance};
    char key[KEY_BYTES];
    instance->entry = map_put(map, instance_key(key, name, number, container), instance);
    return instance;
}

/* ---- inputs of the aggregation ---- */

static bool is_input(const struct instance *instance)
{
    switch (instance->value.kind) {
    case STATE_USER:
    case STATE_MACHINE:
    case STATE_PHONE:
    case STATE_CALENDAR:
    case STATE_CONFERENCE:
        return instance->container == 2 || instance->container == 3;
    default:
        return false;
    }
}

/* The lowest number of the machines of one container; AVAILABILITY_NONE without one. */
static int64_t lowest_machine(const struct presence *presence, uint32_t container)
{
    int64_t lowest = AVAILABILITY_NONE;
    for (struct map_entry *entry = presence->instances.first; entry; entry = entry->next) {
        const struct instance *instance = entry->value;
        int64_t number = instance->value.availability;
        if (instance->counted && instance->container == container &&
            instance->value.kind == STATE_MACHINE && number != AVAILABILITY_NONE &&
            (lowest == AVAILABILITY_NONE || number < lowest)) {
            lowest = number;
        }
    }
    return lowest;
}

/*
 * The most active machine became another, by this instance or because this one is
 * less active now. Of what a document shows at first sight nobody knows since when.
 */
static void follow_machine(struct core *core, const struct instance *instance, bool fresh,
                           bool gone)
{
    struct presence *presence = &instance->user->presence;
    struct machine_track *track = &presence->machines[instance->container == 3];
    int64_t lowest = lowest_machine(presence, instance->container);
    if (track->known && track->number == lowest) {
        return;
    }
    bool by_itself = !gone && instance->value.availability == lowest;
    *track = (struct machine_track){
        .known = true,
        .number = lowest,
        .clock = fresh && instance->stamped ? MACHINE_TIME_UNKNOWN
                 : by_itself                ? MACHINE_OWN_TIME
                                            : MACHINE_CHANGED,
        .changed = core->time,
    };
}

/* The server tells what it makes of the inputs. */
static void mark_server_state(struct core *core, const struct instance *instance)
{
    if (instance->value.kind == STATE_AGGREGATE ||
        instance->value.kind == STATE_AGGREGATE_MACHINE) {
        aggregates_mark(core, instance->user, aggregates_of(instance->container));
    }
}

void instance_changed(struct core *core, struct instance *instance, bool gone)
{
    struct presence *presence = &instance->user->presence;
    bool before = instance->counted;
    bool counts = !gone && is_input(instance);
    if (counts || before) {
        presence_touch(core, instance->user, (int)counts - (int)before);
        presence->input_counts[instance->container == 3] += (size_t)counts - (size_t)before;
        aggregates_mark(core, instance->user, aggregates_of(instance->container));
    } else {
        mark_server_state(core, instance);
    }
    instance->counted = counts;
    if ((counts || before) && instance->value.kind == STATE_MACHINE) {
        follow_machine(core, instance, !before, gone);
    }
    if (counts && instance->value.kind == STATE_USER) {
        presence->user_state_known = true;
    }
}

static struct aggregate_cause cause_of(const struct instance *instance)
{
    const struct state_value *value = &instance->value;
    return (struct aggregate_cause){
        .key = {instance->user->uri, instance->name, instance->number, instance->container, true,
                true},
        .kind = value->kind,
        .availability = value->availability,
        .activity = state_value_activity(value, value->availability),
        .epid = instance->epid,
        .expire_type = instance->expire_type,
        .published = instance->published,
        .until = instance->until,
        .origin = instance->origin,
    };
}

size_t instances_inputs(const struct presence *presence, uint32_t container,
                        struct aggregate_input *out, struct aggregate_cause *causes)
{
    size_t count = 0;
    for (struct map_entry *entry = presence->instances.first; entry; entry = entry->next) {
        const struct instance *instance = entry->value;
        if (!instance->counted || instance->container != container) {
            continue;
        }
        out[count] = (struct aggregate_input){
            .value = &instance->value,
            .published = instance->published,
            .stamped = instance->stamped,
            .timed = instance->expire_type == EXPIRE_TIME,
        };
        if (causes) {
            causes[count] = cause_of(instance);
        }
        count++;
    }
    return count;
}

/* ---- what it says beside its state ---- */

/* At most so many bytes, and no part of a character of UTF-8. */
static struct slice cut_text(struct slice text)
{
    size_t size = text.size < TEXT_KEPT ? text.size : TEXT_KEPT;
    while (size > 0 && size < text.size && ((unsigned char)text.data[size] & 0xc0) == 0x80) {
        size--;
    }
    return slice_sub(text, 0, size);
}

struct category_words category_words_keep(const struct category_fact *fact)
{
    bool state = slice_equal_nocase(fact->key.name, slice_of("state"));
    return (struct category_words){
        .manual = fact->has_value && fact->value.manual,
        .category = state ? CATEGORY_STATE : fact->category,
        .text = memory_keep(cut_text(fact->text)),
        .followed = followed_keep(fact),
    };
}

void category_words_drop(struct category_words *words)
{
    slice_drop(&words->text);
    followed_drop(&words->followed);
}

void instance_say(struct core *core, struct instance *instance, struct category_words words)
{
    struct category_words before = instance->words;
    instance->words = words;
    follows_changed(core, instance, &before.followed, &instance->words.followed);
    category_words_drop(&before);
}

/* ---- changes ---- */

void instance_emit(struct core *core, const struct instance *instance, enum publication_state state,
                   uint16_t status)
{
    const struct state_value *value = &instance->value;
    struct change change = {
        .kind = CHANGE_PUBLICATION,
        .as.publication =
            {
                .key = {instance->user->uri, instance->name, instance->number, instance->container,
                        true, true},
                .epid = instance->epid,
                .state = state,
                .value_kind = value->kind,
                .availability = value->availability,
                .activity = state_value_activity(value, value->availability),
                .expire_type = instance->expire_type,
                .version = instance->version,
                .published = instance->published,
                .until = instance->until,
                .status = status,
                .manual = instance->words.manual,
                .category = instance->words.category,
                .text = instance->words.text,
                .index = instance->index,
                .current_version = instance->current_version,
            },
    };
    core_emit(core, &change);
}

void instance_end(struct core *core, struct instance *instance, enum publication_state state,
                  uint16_t status)
{
    timers_cancel(&core->timers, &instance->timer);
    instance_emit(core, instance, state, status);
    instance_changed(core, instance, true);
    map_remove_entry(&instance->user->presence.instances, instance->entry);
    follows_changed(core, instance, &instance->words.followed, &(struct followed){.room = {0}});
    free_instance(instance);
}

void instance_set_until(struct core *core, struct instance *instance, int64_t until)
{
    timers_cancel(&core->timers, &instance->timer);
    instance->until = until;
    if (until != TIME_NONE) {
        timers_set(&core->timers, &instance->timer, until);
    }
}

/* ---- the owner's own documents ---- */

/* A category without a child ends its instance, or all instances of that name. */
static void told_empty(struct core *core, struct user *user, const struct category_fact *fact)
{
    struct map_entry *next = NULL;
    for (struct map_entry *entry = user->presence.instances.first; entry; entry = next) {
        struct instance *instance = entry->value;
        next = entry->next;
        if (slice_equal_nocase(instance->name, fact->key.name) &&
            (!fact->key.has_instance || instance->number == fact->key.instance) &&
            (!fact->key.has_container || instance->container == fact->key.container)) {
            instance_end(core, instance, PUBLICATION_REMOVED, 0);
        }
    }
}

/* By the server's clock; a document that lists what should be over shows another clock. */
static int64_t told_until(const struct core *core, const struct category_fact *fact)
{
    if (fact->expire_type != EXPIRE_TIME || fact->expires < 0) {
        return TIME_NONE;
    }
    bool stamped = fact->publish_time != TIME_NONE && fact->publish_time < core->time;
    int64_t lived = stamped ? time_apart(core->time, fact->publish_time) : 0;
    int64_t left = fact->expires - lived / TIME_SECOND;
    return core_after(core, left > 0 ? left : fact->expires);
}

/* Of two facts of one instance the one of the higher version is the newer. */
static bool is_stale(const struct instance *instance, const struct category_fact *fact)
{
    /* A lower one is a new beginning where the server's clock says so: a deletion was missed. */
    bool begun_again = instance->stamped && fact->publish_time != TIME_NONE &&
                       fact->publish_time > instance->published;
    return fact->has_version && fact->version < instance->version && !begun_again;
}

static void set_published(struct core *core, struct instance *instance, int64_t stamp)
{
    bool absurd =
        stamp != TIME_NONE && core->time != TIME_NONE && stamp > time_add(core->time, STAMP_AHEAD);
    instance->stamped = stamp != TIME_NONE && !absurd;
    instance->published = instance->stamped ? stamp : core->time;
    int64_t *newest = &instance->user->presence.inputs_published;
    if (instance->stamped && is_input(instance) && stamp > *newest) {
        *newest = stamp;
    }
}

/* Takes over what the document says; whether the state is another one now. */
static bool take_fact(struct core *core, struct instance *instance,
                      const struct category_fact *fact)
{
    struct state_value value = {.availability = AVAILABILITY_NONE};
    if (fact->has_value) {
        value = state_value_keep(&fact->value);
    }
    bool same = state_value_equal(&value, &instance->value);
    state_value_drop(&instance->value);
    instance->value = value;
    instance_say(core, instance, category_words_keep(fact));
    instance->version = fact->has_version ? fact->version : instance->version;
    instance->expire_type = fact->expire_type;
    set_published(core, instance, fact->publish_time);
    return !same;
}

static void told_value(struct core *core, struct user *user, const struct category_fact *fact)
{
    struct instance *instance =
        instance_find(user, fact->key.name, fact->key.instance, fact->key.container);
    bool known = instance != NULL;
    instance = instance_keep(core, user, fact->key.name, fact->key.instance, fact->key.container);
    if (!instance) {
        user->presence.missed = true;
        presence_incomplete(core, user);
        return;
    }
    instance->seen = core->moment;
    if (known && is_stale(instance, fact)) {
        return;
    }
    bool same_version = !fact->has_version || fact->version == instance->version;
    bool news = take_fact(core, instance, fact) || !known;
    if (news || !same_version || instance->until == TIME_NONE) {
        instance->origin = core_origin(core);
        instance_set_until(core, instance, told_until(core, fact));
    }
    if (news) {
        instance_changed(core, instance, false);
    } else if (!is_input(instance)) {
        mark_server_state(core, instance);
    }
    if (news || !same_version) {
        instance_emit(core, instance, known ? PUBLICATION_MODIFIED : PUBLICATION_LIVE, 0);
    }
}

static void derive_unsettled(struct instances *instances)
{
    struct user *user = instances->unsettled;
    instances->unsettled = NULL;
    presence_update(instances->core, user, instances->unsettled_cause);
}

void instances_unsettle(struct instances *instances, struct user *user)
{
    struct core *core = instances->core;
    if (instances->unsettled != user) {
        if (instances->unsettled) {
            derive_unsettled(instances);
        }
        instances->unsettled = user;
        instances->unsettled_cause = slice_of(settled_cause);
    }
    instances->unsettled_time = core->time;
    instances->unsettled_origin = core_origin(core);
}

void instances_unsettle_by(struct instances *instances, struct user *user, struct slice cause)
{
    instances_unsettle(instances, user);
    cause = slice_sub(cause, 0, CAUSE_TEXT);
    memcpy(instances->unsettled_text, cause.data, cause.size);
    instances->unsettled_cause = (struct slice){instances->unsettled_text, cause.size};
}

/* What a document of everything does not list is not there any more. */
static void end_unlisted(struct core *core, struct user *user)
{
    struct map_entry *next = NULL;
    for (struct map_entry *entry = user->presence.instances.first; entry; entry = next) {
        struct instance *instance = entry->value;
        next = entry->next;
        if (instance->seen < core->moment && instance->words.category == CATEGORY_STATE &&
            aggregates_of(instance->container) != 0) {
            instance_end(core, instance, PUBLICATION_REMOVED, 0);
        }
    }
}

void instances_told_all(struct instances *instances, struct user *user, uint64_t dialog)
{
    instances->whole = user;
    instances->whole_dialog = dialog;
    instances_unsettle(instances, user);
}

/* Rows follow each other in any order: nothing is derived before the last of their user. */
static void told_by_row(struct instances *instances, struct user *user,
                        const struct category_fact *fact)
{
    bool first = instances->unsettled != user;
    instances_unsettle(instances, user);
    if (first) {
        instances_unsettle_by(instances, user, slice_of(row_cause));
    }
    if (fact->whole) {
        presence_completed(user, 0);
    }
}

void instances_told(struct instances *instances, struct user *user, const struct event *event)
{
    struct core *core = instances->core;
    const struct category_fact *fact = &event->as.category;
    if (!fact->empty && !fact->key.has_container) {
        return;
    }
    uint64_t before = user->presence.inputs_moment;
    if (fact->empty) {
        told_empty(core, user, fact);
    } else {
        told_value(core, user, fact);
    }
    if (!event->message) {
        told_by_row(instances, user, fact);
    } else if (user->presence.inputs_moment != before || instances->unsettled == user) {
        instances_unsettle(instances, user);
    }
}

void instances_settle(struct instances *instances)
{
    struct core *core = instances->core;
    if (!instances->unsettled) {
        return;
    }
    core_cause_timer(core, instances->unsettled_time, &instances->unsettled_origin);
    if (instances->whole) {
        presence_completed(instances->whole, instances->whole_dialog);
        end_unlisted(core, instances->whole);
        instances->whole = NULL;
    }
    derive_unsettled(instances);
}

/* ---- ending ---- */

static bool ends_with_endpoint(const struct instance *instance, struct slice epid, bool last)
{
    switch (instance->expire_type) {
    case EXPIRE_NONE: /* "endpoint" is the default: presence.md 1.1 */
    case EXPIRE_ENDPOINT:
        return last || (epid.size > 0 && slice_equal_nocase(instance->epid, epid));
    case EXPIRE_USER:
        return last;
    default:
        return false;
    }
}

bool instances_endpoint_left(struct core *core, struct user *user, struct slice epid, bool last)
{
    bool ended = false;
    struct map_entry *next = NULL;
    for (struct map_entry *entry = user->presence.instances.first; entry; entry = next) {
        struct instance *instance = entry->value;
        next = entry->next;
        if (ends_with_endpoint(instance, epid, last)) {
            ended = ended || instance->counted;
            instance_end(core, instance, PUBLICATION_ENDED, 0);
        }
    }
    return ended;
}

void instances_timer(struct instances *instances, struct timer *timer)
{
    struct core *core = instances->core;
    struct instance *instance = timer->object;
    struct user *user = instance->user;
    core_cause_timer(core, timer->due, &instance->origin);
    instance_end(core, instance, PUBLICATION_EXPIRED, 0);
    presence_update(core, user, slice_of("publication ran out"));
}
