/*
 * Category documents. See presence_xml.h.
 */
#include "decoders/presence_xml.h"

#include "decoders/category.h"
#include "decoders/instance_set.h"
#include "decoders/roaming.h"
#include "decoders/state.h"

/* The two documents differ in these names only. */
struct category_words {
    enum event_kind kind;
    struct slice list;
    struct slice item;
    const char *name;   /* the attribute that names the category */
    struct slice space; /* of the list */
};

static const struct category_words publish_words = {
    .kind = EVENT_PUBLICATION,
    .list = SLICE("publications"),
    .item = SLICE("publication"),
    .name = "categoryName",
    .space = SLICE("http://schemas.microsoft.com/2006/09/sip/rich-presence"),
};

static const struct category_words category_words = {
    .kind = EVENT_CATEGORY,
    .list = SLICE("categories"),
    .item = SLICE("category"),
    .name = "name",
    .space = SLICE("http://schemas.microsoft.com/2006/09/sip/categories"),
};

struct category_reader {
    const struct document *document;
    const struct category_words *words;
    struct slice user; /* of the list being read */
    uint32_t index;
    bool open;      /* inside an item */
    unsigned depth; /* of that item */
    size_t begin;
    bool in_state;
    struct state_reader state;
    struct category_content content; /* of any other category */
    struct category_fact fact;
    struct instance_set seen;
    struct roaming_reader roaming; /* what a roaming-self document holds beside categories */
};

static enum expire_type expire_type_of(const struct document *document,
                                       const struct xml_element *element)
{
    struct slice value;
    if (!document_value(document, element, "expireType", &value)) {
        return EXPIRE_NONE;
    }
    for (int type = EXPIRE_STATIC; type < EXPIRE_UNKNOWN; type++) {
        if (slice_equal_nocase(value, slice_of(expire_type_name((enum expire_type)type)))) {
            return (enum expire_type)type;
        }
    }
    document_odd_once(document, "expire-type-unknown", slice_sub(value, 0, 64), element->offset);
    return EXPIRE_UNKNOWN;
}

static void open_item(struct category_reader *reader, const struct xml_element *element)
{
    const struct document *document = reader->document;
    uint32_t expires;
    reader->open = true;
    reader->depth = element->depth;
    reader->begin = element->offset;
    reader->in_state = false;
    reader->fact = (struct category_fact){.index = ++reader->index, .empty = true, .expires = -1};
    struct category_fact *fact = &reader->fact;
    fact->key.user = reader->user;
    fact->key.name = document_attribute(document, element, reader->words->name);
    fact->key.has_instance = document_number(document, element, "instance", &fact->key.instance);
    fact->key.has_container = document_number(document, element, "container", &fact->key.container);
    fact->has_version = document_number(document, element, "version", &fact->version);
    fact->expire_type = expire_type_of(document, element);
    if (document_number(document, element, "expires", &expires)) {
        fact->expires = expires;
    }
    fact->publish_time = document_time(document, element, "publishTime");
    fact->category = category_find(fact->key.name);
    fact->value = state_none();
    reader->content = (struct category_content){.document = document};
}

/* A state is read by state.c, everything else as leaves. */
static bool is_state(const struct category_reader *reader, const struct xml_element *element)
{
    static const struct slice state = SLICE("state");
    enum category_kind category = reader->fact.category;
    return (category == CATEGORY_STATE || category == CATEGORY_DND_STATE) &&
           element->depth == reader->depth + 1 && !reader->fact.has_value &&
           document_named(reader->document, element, state);
}

static void start_inside(struct category_reader *reader, const struct xml_element *element)
{
    struct category_fact *fact = &reader->fact;
    fact->empty = false;
    if (reader->in_state) {
        state_start(&reader->state, element);
    } else if (is_state(reader, element)) {
        reader->in_state = true;
        fact->has_value = true;
        state_open(&reader->state, reader->document, element, &fact->value);
    } else if (!fact->has_value) {
        category_start(&reader->content, element);
    }
}

static void on_start(void *context, const struct xml_element *element)
{
    struct category_reader *reader = context;
    const struct document *document = reader->document;
    if (reader->open) {
        start_inside(reader, element);
    } else if (document_named(document, element, reader->words->list)) {
        reader->user = document_user(document, element, "uri");
        document_namespace(document, element, reader->words->space);
        roaming_owner(&reader->roaming, reader->user);
    } else if (document_named(document, element, reader->words->item)) {
        open_item(reader, element);
    } else if (reader->words->kind == EVENT_CATEGORY) {
        roaming_start(&reader->roaming, element);
    }
}

static void on_text(void *context, struct slice text)
{
    struct category_reader *reader = context;
    if (reader->in_state) {
        state_text(&reader->state, text);
    } else if (reader->open) {
        category_text(&reader->content, text);
    }
}

static void close_item(struct category_reader *reader, size_t end_offset)
{
    const struct document *document = reader->document;
    reader->open = false;
    reader->fact.raw = document_raw(document, reader->begin, end_offset);
    if (!reader->fact.has_value) {
        category_take(&reader->content, &reader->fact, reader->begin);
    }
    struct event *event = document_fact(document, reader->words->kind);
    if (!event) {
        return;
    }
    event->as.category = reader->fact;
    if (instance_set_add(&reader->seen, document, document->facts->count - 1)) {
        document_odd_once(document, "instance-repeated", reader->fact.key.name, reader->begin);
    }
}

static void on_end(void *context, struct slice name, unsigned depth, size_t end_offset)
{
    struct category_reader *reader = context;
    if (reader->in_state) {
        state_end(&reader->state, depth);
        reader->in_state = depth != reader->state.depth;
    } else if (reader->open && depth == reader->depth) {
        close_item(reader, end_offset);
    } else if (reader->open) {
        category_end(&reader->content, name);
    } else {
        roaming_end(&reader->roaming, depth, end_offset);
    }
}

static void decode(const struct document *document, const struct category_words *words)
{
    static const struct slice nobody = SLICE("");
    struct category_reader reader = {.document = document, .words = words, .user = nobody};
    struct xml_handler handler = {&reader, on_start, on_text, on_end};
    roaming_open(&reader.roaming, document, ROAMING_LIST_SELF);
    document_read(document, &handler, "xml-not-well-formed");
}

void presence_decode_publish(const struct document *document)
{
    decode(document, &publish_words);
}

void presence_decode_categories(const struct document *document)
{
    decode(document, &category_words);
}

/* ---- one category alone ---- */

struct content_reader {
    const struct document *document;
    struct category_reader item;
    struct event *event; /* NULL until the root element */
};

static void content_root(struct content_reader *reader, const struct xml_element *root)
{
    struct category_fact *fact = &reader->item.fact;
    if (fact->key.name.size == 0) {
        fact->key.name = arena_keep(reader->document->arena, root->name);
    }
    fact->category = category_find(fact->key.name);
    reader->event = document_fact(reader->document, EVENT_CATEGORY);
}

/* As inside a category of a document; an element of depth 0 here is of depth 1 there. */
static void content_start(void *context, const struct xml_element *element)
{
    struct content_reader *reader = context;
    struct xml_element inside = *element;
    if (element->depth == 0) {
        content_root(reader, element);
    }
    inside.depth = element->depth + 1;
    start_inside(&reader->item, &inside);
}

static void content_text(void *context, struct slice text)
{
    struct content_reader *reader = context;
    on_text(&reader->item, text);
}

static void content_end(void *context, struct slice name, unsigned depth, size_t end_offset)
{
    struct content_reader *reader = context;
    on_end(&reader->item, name, depth + 1, end_offset);
}

void presence_decode_content(const struct document *document, const struct category_fact *known)
{
    struct content_reader reader = {
        .document = document,
        .item = {.document = document, .words = &category_words, .open = true, .fact = *known},
    };
    struct category_fact *fact = &reader.item.fact;
    struct xml_handler handler = {&reader, content_start, content_text, content_end};
    fact->value = state_none();
    fact->empty = true;
    reader.item.content = (struct category_content){.document = document};
    document_read(document, &handler, "xml-not-well-formed");
    if (!reader.event) {
        return;
    }
    if (!fact->has_value) {
        category_take(&reader.item.content, fact, 0);
    }
    fact->raw = document->content;
    document->facts->items[0].as.category = *fact;
}
