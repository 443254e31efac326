/*
 * In-band provisioning. See provisioning.h.
 */
#include "decoders/provisioning.h"

#include "decoders/sip.h"

enum { ROOT_WITHIN = 512 }; /* bytes: an XML declaration and a comment fit before the root */

static const struct slice root_name = SLICE("provisionGroupList");

struct provisioning_reader {
    const struct document *document;
    bool in_list;
    bool in_group;
    unsigned group_depth;
    bool in_property;
    unsigned property_depth;
    struct slice property; /* name of the one being read */
    bool found;
    struct slice *pools;
    size_t pool_capacity;
    struct provisioning_fact fact;
};

static void take_enabled(struct provisioning_reader *reader, struct slice value)
{
    static const struct slice yes = SLICE("true");
    static const struct slice no = SLICE("false");
    if (slice_equal_nocase(value, yes)) {
        reader->fact.enabled = SAID_YES;
    } else if (slice_equal_nocase(value, no)) {
        reader->fact.enabled = SAID_NO;
    } else {
        document_odd(reader->document, "provisioning-value-unknown", slice_sub(value, 0, 64), 0);
    }
}

static void take_default(struct provisioning_reader *reader, struct slice value)
{
    reader->fact.default_pool = sip_user_of(value, reader->document->arena);
}

static void take_pools(struct provisioning_reader *reader, struct slice value)
{
    const struct document *document = reader->document;
    struct slice rest = value;
    while (rest.size > 0) {
        struct slice word;
        slice_cut(rest, ' ', &word, &rest);
        struct slice pool = sip_user_of(slice_trim(word), document->arena);
        if (pool.size == 0) {
            continue;
        }
        if (reader->fact.pool_count >= document->limits->chat_services) {
            document_odd_once(document, "provisioning-pools-capped", slice_of("chat_services"), 0);
            return;
        }
        reader->pools = document_grow(document, reader->pools, reader->fact.pool_count,
                                      &reader->pool_capacity, sizeof *reader->pools);
        reader->pools[reader->fact.pool_count++] = pool;
    }
}

static void take_manager(struct provisioning_reader *reader, struct slice value)
{
    reader->fact.manager_internal = arena_keep(reader->document->arena, value);
}

/* Its name is not in the sheet ("an external twin"): formed like that of the other one. */
static void take_manager_outside(struct provisioning_reader *reader, struct slice value)
{
    reader->fact.manager_external = arena_keep(reader->document->arena, value);
}

struct property_row {
    struct slice name;
    void (*take)(struct provisioning_reader *reader, struct slice value);
};

/* clang-format off */
static const struct property_row property_rows[] = {
    {SLICE("EnablePersistentChat"),         take_enabled},
    {SLICE("DefaultPersistentChatPoolUri"), take_default},
    {SLICE("PersistentChatPoolUris"),       take_pools},
    {SLICE("PersistentChatWebManagerUriInt"), take_manager},
    {SLICE("PersistentChatWebManagerUriExt"), take_manager_outside},
};
/* clang-format on */

static void take_property(struct provisioning_reader *reader)
{
    struct slice value = slice_trim(buffer_slice(reader->document->text));
    for (size_t i = 0; i < sizeof property_rows / sizeof property_rows[0]; i++) {
        if (slice_equal_nocase(property_rows[i].name, reader->property)) {
            property_rows[i].take(reader, value);
            return;
        }
    }
    reader->fact.unknown++;
}

static void open_group(struct provisioning_reader *reader, const struct xml_element *element)
{
    static const struct slice group = SLICE("provisionGroup");
    static const struct slice chat = SLICE("persistentChatConfiguration");
    struct slice name = SLICE("");
    if (document_named(reader->document, element, group) &&
        document_value(reader->document, element, "name", &name) &&
        slice_equal_nocase(slice_trim(name), chat)) {
        reader->in_group = true;
        reader->group_depth = element->depth;
        reader->found = true;
    }
}

static void on_start(void *context, const struct xml_element *element)
{
    static const struct slice property = SLICE("property");
    struct provisioning_reader *reader = context;
    if (element->depth == 0) {
        reader->in_list = document_named(reader->document, element, root_name);
    } else if (!reader->in_list || reader->in_property) {
        return;
    } else if (!reader->in_group) {
        open_group(reader, element);
    } else if (document_named(reader->document, element, property)) {
        reader->in_property = true;
        reader->property_depth = element->depth;
        reader->property = slice_trim(document_attribute(reader->document, element, "name"));
        buffer_clear(reader->document->text);
    }
}

static void on_text(void *context, struct slice text)
{
    const struct provisioning_reader *reader = context;
    if (reader->in_property) {
        buffer_append(reader->document->text, text);
    }
}

static void on_end(void *context, struct slice name, unsigned depth, size_t end_offset)
{
    struct provisioning_reader *reader = context;
    (void)name;
    (void)end_offset;
    if (reader->in_property && depth == reader->property_depth) {
        reader->in_property = false;
        take_property(reader);
    } else if (reader->in_group && depth == reader->group_depth) {
        reader->in_group = false;
    }
}

/* A list that breaks off has said what came before. */
void provisioning_decode(const struct document *document)
{
    struct provisioning_reader reader = {.document = document, .property = SLICE("")};
    struct xml_handler handler = {&reader, on_start, on_text, on_end};
    document_read(document, &handler, "xml-not-well-formed");
    struct event *event = reader.found ? document_fact(document, EVENT_PROVISIONING) : NULL;
    if (event) {
        reader.fact.pools = reader.pools;
        event->as.provisioning = reader.fact;
    }
}

bool provisioning_decode_if_root(const struct document *document)
{
    static const struct slice tag = SLICE("<");
    struct slice start = slice_sub(document->content, 0, ROOT_WITHIN);
    if (!slice_starts(slice_trim(start), tag) ||
        slice_find_nocase(start, root_name) == SLICE_NONE) {
        return false;
    }
    provisioning_decode(document);
    return true;
}
