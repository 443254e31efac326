/*
 * What explains a user's presence, kept while the run goes on. See
 * presence_explain.h; how it is written is in presence_explain_write.c.
 */
#include "reports/presence_explain.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/engine/buffer.h"
#include "reports/presence_explain_parts.h"

static void category_free(void *value)
{
    struct explain_category *category = value;
    slice_drop(&category->name);
    slice_drop(&category->text);
    free(category);
}

struct presence_explain *presence_explain_new(struct map_seed seed, const struct limits *limits)
{
    struct presence_explain *explain = memory_zero(1, sizeof *explain);
    explain->limit = limits->instances;
    map_init(&explain->categories, seed);
    return explain;
}

void presence_explain_free(struct presence_explain *explain)
{
    for (size_t i = 0; i < EXPLAIN_CONTAINERS; i++) {
        free(explain->aggregates[i]);
    }
    map_dispose(&explain->categories, category_free);
    free(explain);
}

/* ---- aggregates ---- */

/* Copies a text behind what is already in the block. */
static void pack(struct slice *text, char **end)
{
    if (text->size > 0) {
        memcpy(*end, text->data, text->size);
    }
    text->data = *end;
    *end += text->size;
}

static size_t text_sizes(const struct aggregate_change *aggregate)
{
    size_t size = aggregate->activity.size + aggregate->server_activity.size;
    for (size_t i = 0; i < aggregate->input_count; i++) {
        const struct aggregate_cause *input = &aggregate->inputs[i];
        size += input->activity.size + input->epid.size + input->entity_tag.size;
    }
    return size;
}

/* Of an input that one container's state has; only what is shown. */
static void keep_input(struct aggregate_cause *kept, const struct aggregate_cause *input,
                       char **end)
{
    *kept = *input;
    kept->key.user = kept->key.name = slice_of("");
    pack(&kept->activity, end);
    pack(&kept->epid, end);
    pack(&kept->entity_tag, end);
}

/* One block: the aggregate, its inputs, their texts. Release with free(). */
static struct explain_aggregate *aggregate_keep(const struct change *change)
{
    const struct aggregate_change *aggregate = &change->as.aggregate;
    size_t inputs = aggregate->input_count * sizeof(struct aggregate_cause);
    struct explain_aggregate *kept = memory_alloc(sizeof *kept + inputs + text_sizes(aggregate));
    struct aggregate_cause *causes = (struct aggregate_cause *)(kept + 1);
    char *end = (char *)(kept + 1) + inputs;
    kept->time = change->time;
    kept->aggregate = *aggregate;
    kept->aggregate.user = slice_of("");
    kept->aggregate.inputs = causes;
    pack(&kept->aggregate.activity, &end);
    pack(&kept->aggregate.server_activity, &end);
    for (size_t i = 0; i < aggregate->input_count; i++) {
        keep_input(&causes[i], &aggregate->inputs[i], &end);
    }
    return kept;
}

static void take_aggregate(struct presence_explain *explain, const struct change *change)
{
    uint32_t container = change->as.aggregate.container;
    if (container == EXPLAIN_FIRST || container == EXPLAIN_FIRST + 1) {
        struct explain_aggregate **kept = &explain->aggregates[container - EXPLAIN_FIRST];
        free(*kept);
        *kept = aggregate_keep(change);
    }
}

/* ---- other categories ---- */

static struct explain_category *category_of(struct presence_explain *explain,
                                            const struct category_key *key, bool make)
{
    struct buffer name;
    buffer_init(&name, SIZE_MAX);
    buffer_append_u64(&name, key->container);
    buffer_append_byte(&name, '.');
    buffer_append_u64(&name, key->instance);
    buffer_append_byte(&name, '.');
    buffer_append(&name, key->name);
    struct explain_category *category = map_find(&explain->categories, buffer_slice(&name));
    if (!category && make && explain->categories.count >= explain->limit) {
        explain->beyond++;
    } else if (!category && make) {
        category = memory_zero(1, sizeof *category);
        category->key = *key;
        category->key.user = category->key.name = slice_of("");
        category->name = memory_keep(key->name);
        map_put(&explain->categories, buffer_slice(&name), category);
    }
    buffer_dispose(&name);
    return category;
}

void presence_explain_event(struct presence_explain *explain, const struct event *event)
{
    const struct category_fact *fact = &event->as.category;
    if (fact->category == CATEGORY_UNKNOWN && !fact->empty) {
        struct explain_category *category = category_of(explain, &fact->key, true);
        if (category) {
            category->bytes = fact->raw.size;
        }
    }
}

static void take_publication(struct presence_explain *explain, const struct change *change)
{
    const struct publication_change *publication = &change->as.publication;
    if (publication->pidf || publication->category == CATEGORY_STATE ||
        publication->value_kind != STATE_NONE) {
        return; /* an input of the aggregate: listed as one */
    }
    enum publication_state state = publication->state;
    bool live = state == PUBLICATION_LIVE || state == PUBLICATION_MODIFIED ||
                state == PUBLICATION_REFRESHED;
    bool gone =
        state == PUBLICATION_REMOVED || state == PUBLICATION_EXPIRED || state == PUBLICATION_ENDED;
    struct explain_category *category = category_of(explain, &publication->key, live);
    if (!category || (!live && !gone)) {
        return;
    }
    category->live = live;
    category->kind = publication->category;
    category->published = publication->published;
    category->until = publication->until;
    category->origin = change->origin;
    slice_replace(&category->text, publication->text);
}

void presence_explain_change(struct presence_explain *explain, const struct change *change)
{
    if (change->kind == CHANGE_AGGREGATE) {
        take_aggregate(explain, change);
    } else if (change->kind == CHANGE_PUBLICATION) {
        take_publication(explain, change);
    }
}
