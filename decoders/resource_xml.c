/*
 * Lists of resources. See resource_xml.h.
 */
#include "decoders/resource_xml.h"

static const struct slice resource_name = SLICE("resource");
static const struct slice none = SLICE("");

static void ignore_text(void *context, struct slice text)
{
    (void)context;
    (void)text;
}

/* ---- batchSub and adrl ---- */

struct watch_reader {
    const struct document *document;
    struct slice action;
};

static void start_watch(void *context, const struct xml_element *element)
{
    static const struct slice action = SLICE("action");
    struct watch_reader *reader = context;
    if (document_named(reader->document, element, action)) {
        reader->action = document_attribute(reader->document, element, "name");
        return;
    }
    if (!document_named(reader->document, element, resource_name)) {
        return;
    }
    struct slice user = document_user(reader->document, element, "uri");
    struct event *event = document_fact(reader->document, EVENT_WATCH);
    if (event) {
        event->as.watch = (struct watch_fact){.user = user, .action = reader->action};
    }
}

static void end_watch(void *context, struct slice name, unsigned depth, size_t end_offset)
{
    (void)context;
    (void)name;
    (void)depth;
    (void)end_offset;
}

void resource_decode_watch(const struct document *document)
{
    struct watch_reader reader = {.document = document, .action = none};
    struct xml_handler handler = {&reader, start_watch, ignore_text, end_watch};
    document_read(document, &handler, "xml-not-well-formed");
}

/* ---- RLMI ---- */

struct rlmi_reader {
    const struct document *document;
    struct resource_fact resource; /* what list and resource say */
    bool open;                     /* inside a resource */
    unsigned depth;                /* of that resource */
    bool has_instance;
};

static void add_resource(struct rlmi_reader *reader, const struct resource_fact *resource)
{
    struct event *event = document_fact(reader->document, EVENT_RESOURCE);
    if (event) {
        event->as.resource = *resource;
    }
}

static void add_instance(struct rlmi_reader *reader, const struct xml_element *element)
{
    struct resource_fact resource = reader->resource;
    reader->has_instance = true;
    resource.state = document_attribute(reader->document, element, "state");
    struct slice pool = document_attribute(reader->document, element, "poolFqdn");
    if (pool.size > 0) {
        resource.pool_fqdn = pool;
    }
    add_resource(reader, &resource);
}

static void start_rlmi(void *context, const struct xml_element *element)
{
    static const struct slice space = SLICE("urn:ietf:params:xml:ns:rlmi");
    static const struct slice list = SLICE("list");
    static const struct slice instance = SLICE("instance");
    struct rlmi_reader *reader = context;
    if (document_named(reader->document, element, list)) {
        document_namespace(reader->document, element, space);
        (void)document_number(reader->document, element, "version", &reader->resource.version);
        reader->resource.full = document_flag(reader->document, element, "fullState");
    } else if (!reader->open && document_named(reader->document, element, resource_name)) {
        reader->open = true;
        reader->depth = element->depth;
        reader->has_instance = false;
        reader->resource.user = document_user(reader->document, element, "uri");
        reader->resource.pool_fqdn = document_attribute(reader->document, element, "poolFqdn");
    } else if (reader->open && document_named(reader->document, element, instance)) {
        add_instance(reader, element);
    }
}

static void end_rlmi(void *context, struct slice name, unsigned depth, size_t end_offset)
{
    struct rlmi_reader *reader = context;
    (void)name;
    (void)end_offset;
    if (!reader->open || depth != reader->depth) {
        return;
    }
    reader->open = false;
    if (!reader->has_instance) {
        add_resource(reader, &reader->resource);
    }
}

void resource_decode_rlmi(const struct document *document)
{
    struct rlmi_reader reader = {
        .document = document,
        .resource = {.user = none, .state = none, .pool_fqdn = none},
    };
    struct xml_handler handler = {&reader, start_rlmi, ignore_text, end_rlmi};
    document_read(document, &handler, "xml-not-well-formed");
}
