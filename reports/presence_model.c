/*
 * What the presence report keeps. See presence_model.h.
 */
#include "reports/presence_model.h"

#include <stdlib.h>
#include <string.h>

#include "reports/presence_explain.h"
#include "reports/presence_words.h"

static void latest_drop(struct presence_latest *latest)
{
    slice_drop(&latest->entry.activity);
    slice_drop(&latest->entry.cause);
}

static void person_free(void *value)
{
    struct presence_person *person = value;
    latest_drop(&person->now);
    latest_drop(&person->before);
    slice_drop(&person->name);
    if (person->explain) {
        presence_explain_free(person->explain);
    }
    arena_dispose(&person->loaded);
    free(person->timeline);
    free(person);
}

static bool has_wildcard(struct slice user)
{
    return slice_find_byte(user, '*') != SLICE_NONE;
}

static const struct presence_entry nothing = {
    .time = TIME_NONE, .since = TIME_NONE, .availability = AVAILABILITY_NONE};

/* The row of a user; NULL when there is no room for another. */
static struct presence_person *person_of(struct presence_model *model, struct slice user)
{
    struct presence_person *person = map_find(&model->people, user);
    if (person) {
        return person;
    }
    if (model->people.count >= model->limits.report_rows) {
        model->beyond++;
        return NULL;
    }
    person = memory_zero(1, sizeof *person);
    person->now.entry = nothing;
    person->before.entry = nothing;
    arena_init(&person->loaded);
    person->number = model->people.count + 1;
    person->user = map_put(&model->people, user, person)->key;
    return person;
}

void presence_model_init(struct presence_model *model, const struct presence_query *query,
                         struct map_seed seed, const struct limits *limits)
{
    *model = (struct presence_model){.query = *query, .limits = *limits};
    map_init(&model->people, seed);
    arena_init(&model->arena);
    for (size_t i = 0; i < query->user_count; i++) {
        if (!has_wildcard(query->users[i])) {
            struct presence_person *person = person_of(model, query->users[i]);
            if (person) {
                person->asked = true;
            }
        }
    }
}

void presence_model_dispose(struct presence_model *model)
{
    map_dispose(&model->people, person_free);
    arena_dispose(&model->arena);
}

static bool is_wanted(const struct presence_model *model, struct slice user)
{
    const struct presence_query *query = &model->query;
    return user.size > 0 &&
           (query->user_count == 0 || slice_matches_any(query->users, query->user_count, user));
}

struct presence_person *presence_model_person(struct presence_model *model, struct slice user)
{
    return is_wanted(model, user) ? person_of(model, user) : NULL;
}

int64_t presence_query_end(const struct presence_query *query)
{
    return query->at != TIME_NONE ? query->at : query->to;
}

static struct presence_entry *add_entry(struct presence_person *person,
                                        const struct presence_entry *entry)
{
    if (person->count == person->capacity) {
        person->capacity = person->capacity > 0 ? person->capacity * 2 : 8;
        person->timeline =
            memory_grow(person->timeline, person->capacity, sizeof *person->timeline);
    }
    person->timeline[person->count] = *entry;
    return &person->timeline[person->count++];
}

/* An entry with its texts and ranges, in one piece. */
struct spilled_entry {
    struct presence_entry entry;
    struct admitted admitted;
};

/* An empty text need not lie anywhere. */
static void put_text(char *out, struct slice text)
{
    if (text.size > 0) {
        memcpy(out, text.data, text.size);
    }
}

static bool spill_entry(struct presence_model *model, struct presence_person *person,
                        const struct presence_entry *entry)
{
    const struct spill *spill = model->query.spill;
    size_t size = sizeof(struct spilled_entry) + entry->activity.size + entry->cause.size;
    if (!spill) {
        return false;
    }
    char *row = memory_alloc(size);
    struct spilled_entry head = {.entry = *entry};
    if (entry->admitted) {
        head.admitted = *entry->admitted;
    }
    memcpy(row, &head, sizeof head);
    put_text(row + sizeof head, entry->activity);
    put_text(row + sizeof head + entry->activity.size, entry->cause);
    bool kept = spill->keep(spill->context, person->number, (struct slice){row, size});
    free(row);
    person->spilled += kept;
    return kept;
}

/* Once an entry of a person is elsewhere, all later ones follow it. */
static void keep_entry(struct presence_model *model, struct presence_person *person,
                       const struct presence_entry *entry)
{
    if (model->entries >= model->limits.timeline_rows || person->spilled > 0) {
        model->beyond += !spill_entry(model, person, entry);
        return;
    }
    model->entries++;
    struct presence_entry *kept = add_entry(person, entry);
    kept->activity = arena_keep(&model->arena, entry->activity);
    kept->cause = arena_keep(&model->arena, entry->cause);
    if (entry->admitted) {
        struct admitted *admitted = arena_alloc(&model->arena, sizeof *admitted);
        *admitted = *entry->admitted;
        kept->admitted = admitted;
    }
}

static void set_latest(struct presence_latest *latest, const struct presence_entry *entry)
{
    struct slice activity = latest->entry.activity;
    struct slice cause = latest->entry.cause;
    slice_replace(&activity, entry->activity);
    slice_replace(&cause, entry->cause);
    latest->entry = *entry;
    latest->entry.activity = activity;
    latest->entry.cause = cause;
    if (entry->admitted) {
        latest->admitted = *entry->admitted;
        latest->entry.admitted = &latest->admitted;
    }
}

static void take_presence(struct presence_model *model, const struct change *change)
{
    const struct presence_change *presence = &change->as.presence;
    const struct presence_query *query = &model->query;
    struct presence_person *person = presence_model_person(model, presence->user);
    int64_t end = presence_query_end(query);
    if (!person || (end != TIME_NONE && change->time > end)) {
        return;
    }
    bool wider = presence_words_disagree(&presence->admitted, presence->availability);
    struct presence_entry entry = {
        .time = change->time,
        .since = change->time,
        .availability = presence->availability,
        .origin = change->origin,
        .band = presence->band,
        .source = presence->source,
        .admitted = wider ? &presence->admitted : NULL,
        .timed = !change->origin.row && change->time != change->origin.time,
        .activity = presence->activity,
        .cause = presence->cause,
    };
    set_latest(&person->now, &entry);
    if (!query->timeline) {
        return;
    }
    if (query->from != TIME_NONE && change->time < query->from) {
        set_latest(&person->before, &entry);
    } else {
        keep_entry(model, person, &entry);
    }
}

/* A user whom something mentions is listed, even if nothing is known of the presence. */
static void mention(struct presence_model *model, struct slice user)
{
    (void)presence_model_person(model, user);
}

void presence_model_change(struct presence_model *model, const struct change *change)
{
    switch (change->kind) {
    case CHANGE_PRESENCE:
        take_presence(model, change);
        break;
    case CHANGE_ENDPOINT:
        mention(model, change->as.endpoint.user);
        break;
    case CHANGE_PUBLICATION:
        mention(model, change->as.publication.key.user);
        break;
    case CHANGE_TOLD:
        mention(model, change->as.told.watcher);
        mention(model, change->as.told.user);
        break;
    case CHANGE_SUBSCRIPTION:
        mention(model, change->as.subscription.watcher);
        break;
    default:
        break;
    }
}

/* ---- at the end ---- */

static void begin_at(struct presence_person *person, int64_t from)
{
    if (person->before.entry.time == TIME_NONE ||
        (person->count > 0 && person->timeline[0].time <= from)) {
        return;
    }
    (void)add_entry(person, &person->before.entry);
    memmove(person->timeline + 1, person->timeline, (person->count - 1) * sizeof *person->timeline);
    person->timeline[0] = person->before.entry;
    person->timeline[0].time = from;
}

static void take_spilled(void *context, struct slice row)
{
    struct presence_person *person = context;
    struct spilled_entry head;
    memcpy(&head, row.data, sizeof head);
    struct presence_entry *entry = add_entry(person, &head.entry);
    struct slice texts = arena_keep(&person->loaded, slice_from(row, sizeof head));
    entry->activity = slice_sub(texts, 0, entry->activity.size);
    entry->cause = slice_from(texts, entry->activity.size);
    if (entry->admitted) {
        struct admitted *admitted = arena_alloc(&person->loaded, sizeof *admitted);
        *admitted = head.admitted;
        entry->admitted = admitted;
    }
}

void presence_model_load(struct presence_model *model, struct presence_person *person)
{
    const struct spill *spill = model->query.spill;
    size_t had = person->count;
    if (person->spilled > 0 && !spill->read(spill->context, person->number, person, take_spilled)) {
        model->beyond += person->spilled - (person->count - had);
    }
    if (model->query.from != TIME_NONE) {
        begin_at(person, model->query.from);
    }
}

void presence_model_unload(struct presence_person *person)
{
    arena_reset(&person->loaded);
    free(person->timeline);
    person->timeline = NULL;
    person->count = 0;
    person->capacity = 0;
}

static int by_user(const void *a, const void *b)
{
    const struct presence_person *const *left = a;
    const struct presence_person *const *right = b;
    return slice_compare((*left)->user, (*right)->user);
}

struct presence_person **presence_model_sorted(const struct presence_model *model)
{
    size_t count = 0;
    struct presence_person **people =
        memory_zero(model->people.count, sizeof(struct presence_person *));
    for (struct map_entry *entry = model->people.first; entry; entry = entry->next) {
        people[count++] = entry->value;
    }
    if (count > 0) {
        qsort(people, count, sizeof(struct presence_person *), by_user);
    }
    return people;
}
