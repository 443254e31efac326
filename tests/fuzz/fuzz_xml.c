/*
 * The XML reader on any bytes, with low caps so that they are reached. Checks
 * what every decoder relies on: starts and ends pair up, and positions are those
 * of whole elements in the document.
 */
#include "decoders/xml.h"
#include "tests/fuzz/target.h"

struct check {
    struct slice document;
    unsigned open;
    size_t last; /* position reached so far */
};

static void on_start(void *context, const struct xml_element *element)
{
    struct check *check = context;
    require(element->depth == check->open++);
    require(element->offset >= check->last && element->offset < check->document.size);
    check->last = element->offset;
    touch(element->name, element->namespace);
    for (size_t i = 0; i < element->attribute_count; i++) {
        touch(element->attributes[i].name, element->attributes[i].prefix,
              element->attributes[i].value);
    }
}

static void on_text(void *context, struct slice text)
{
    struct check *check = context;
    require(check->open > 0);
    touch(text);
}

static void on_end(void *context, struct slice name, unsigned depth, size_t end_offset)
{
    struct check *check = context;
    require(depth == --check->open);
    require(end_offset >= check->last && end_offset <= check->document.size);
    check->last = end_offset;
    touch(name);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct xml_reader *reader;
    if (!reader) {
        struct limits limits = limits_default();
        limits.xml_depth = 8;
        limits.xml_attributes = 6;
        limits.xml_bytes = 2048;
        reader = xml_reader_new(&limits);
    }
    struct check check = {.document = {(const char *)data, size}};
    struct xml_handler handler = {&check, on_start, on_text, on_end};
    struct xml_result result = xml_read(reader, check.document, &handler);
    require(result.offset <= size);
    require(result.status != XML_OK || check.open == 0);
    return 0;
}
