/*
 * What a body says, as one number. See repeat_digest.h.
 */
#include "reports/repeat_digest.h"

/* ---- adding up ---- */

struct digest {
    struct map_seed seed;
    uint64_t sum;
};

static void add_number(struct digest *digest, uint64_t number)
{
    uint64_t words[2] = {digest->sum, number};
    digest->sum = map_hash(digest->seed, (struct slice){(const char *)words, sizeof words});
}

static void add_text(struct digest *digest, struct slice text)
{
    add_number(digest, map_hash(digest->seed, text));
}

static void add_value(struct digest *digest, const struct presence_value *value)
{
    add_number(digest, value->kind);
    add_number(digest, (uint64_t)value->availability);
    add_number(digest, value->activity_count);
    for (size_t i = 0; i < value->activity_count && i < PRESENCE_ACTIVITIES; i++) {
        add_text(digest, value->activities[i].token);
        add_text(digest, value->activities[i].text);
        add_number(digest, value->activities[i].min);
        add_number(digest, value->activities[i].max);
    }
    add_number(digest, value->manual);
    add_text(digest, value->device);
    add_text(digest, value->location);
    add_text(digest, value->time_zone);
    add_text(digest, value->meeting_subject);
    add_text(digest, value->meeting_location);
    add_text(digest, value->endpoint_id);
}

/* ---- categories ---- */

static void add_key(struct digest *digest, const struct category_key *key)
{
    add_text(digest, key->user);
    add_text(digest, key->name);
    add_number(digest, key->has_instance ? key->instance : UINT64_MAX);
    add_number(digest, key->has_container ? key->container : UINT64_MAX);
}

uint64_t category_key_digest(const struct category_key *key, struct map_seed seed)
{
    struct digest digest = {seed, 0};
    add_key(&digest, key);
    return digest.sum;
}

/* Its content is told by a state, by all of its leaves, or else only by its bytes. */
uint64_t category_digest(const struct category_fact *category, struct map_seed seed)
{
    struct digest digest = {seed, 0};
    add_key(&digest, &category->key);
    add_number(&digest, category->expire_type);
    add_number(&digest, category->expires == 0);
    add_number(&digest, category->empty);
    if (category->has_value) {
        add_value(&digest, &category->value);
    } else if (category->item_count > 0) {
        for (size_t i = 0; i < category->item_count; i++) {
            add_text(&digest, category->items[i].name);
            add_text(&digest, category->items[i].value);
        }
    } else if (!category->empty) {
        add_text(&digest, category->raw);
    }
    add_text(&digest, category->text);
    return digest.sum;
}

/* ---- a whole body ---- */

void content_digest_begin(struct content_digest *digest, struct map_seed seed, struct slice body)
{
    *digest = (struct content_digest){.seed = seed};
    if (body.size > 0) {
        digest->bytes = map_hash(seed, body) | 1;
    }
}

/* Without what stands between <timestamp> and its end, whatever its prefix. */
static void add_untimed(struct digest *digest, struct slice text)
{
    struct slice mark = slice_of("timestamp>");
    while (text.size > 0) {
        size_t at = slice_find_nocase(text, mark);
        size_t end = at == SLICE_NONE ? SLICE_NONE
                                      : slice_find_nocase(slice_from(text, at + mark.size), mark);
        if (end == SLICE_NONE) {
            add_text(digest, text);
            return;
        }
        add_text(digest, slice_sub(text, 0, at));
        text = slice_from(text, at + mark.size + end + mark.size);
    }
}

void content_digest_add(struct content_digest *digest, const struct event *event)
{
    struct digest sum = {digest->seed, digest->facts};
    switch (event->kind) {
    case EVENT_CATEGORY:
    case EVENT_PUBLICATION:
        add_number(&sum, category_digest(&event->as.category, digest->seed));
        break;
    case EVENT_PIDF:
        add_untimed(&sum, event->as.pidf.raw);
        break;
    case EVENT_RESOURCE:
        add_text(&sum, event->as.resource.user);
        add_text(&sum, event->as.resource.state);
        add_text(&sum, event->as.resource.pool_fqdn);
        break;
    case EVENT_DIAGNOSTIC:
        return; /* odd, and said again as often as it comes */
    default:
        digest->verbatim = true;
        return;
    }
    digest->facts = sum.sum;
}

uint64_t content_digest_end(const struct content_digest *digest)
{
    return digest->facts == 0 || digest->verbatim ? digest->bytes : digest->facts;
}
