/*
 * The XML reader on any bytes, with low caps so that they are reached. Checks
 * what every decoder relies on: starts and ends pair up, and positions are those
 * of whole elements in the document.
 */
#include <stdint.h>
#include <stdlib.h>

#include "decoders/xml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct check {
    struct slice document;
    unsigned open;
    size_t last; /* position reached so far */
    size_t sum;  /* every byte handed over is read */
};

static void need(bool condition)
{
    if (!condition) {
        abort();
    }
}

static void read_all(struct check *check, struct slice text)
{
    for (size_t i = 0; i < text.size; i++) {
        check->sum += slice_byte(text, i);
    }
}

static void on_start(void *context, const struct xml_element *element)
{
    struct check *check = context;
    need(element->depth == check->open++);
    need(element->offset >= check->last && element->offset < check->document.size);
    check->last = element->offset;
    read_all(check, element->name);
    read_all(check, element->namespace);
    for (size_t i = 0; i < element->attribute_count; i++) {
        read_all(check, element->attributes[i].name);
        read_all(check, element->attributes[i].prefix);
        read_all(check, element->attributes[i].value);
    }
}

static void on_text(void *context, struct slice text)
{
    struct check *check = context;
    need(check->open > 0);
    read_all(check, text);
}

static void on_end(void *context, struct slice name, unsigned depth, size_t end_offset)
{
    struct check *check = context;
    need(depth == --check->open);
    need(end_offset >= check->last && end_offset <= check->document.size);
    check->last = end_offset;
    read_all(check, name);
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
    need(result.offset <= size);
    need(result.status != XML_OK || check.open == 0);
    return 0;
}
