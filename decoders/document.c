/*
 * What body decoders share. See document.h.
 */
#include "decoders/document.h"

#include <string.h>

#include "decoders/sip.h"
#include "decoders/time.h"

struct event *document_fact(const struct document *document, enum event_kind kind)
{
    return facts_add(document->facts, document->arena, document->limits, kind, document->message);
}

void document_odd(const struct document *document, const char *code, struct slice detail,
                  size_t offset)
{
    struct event *event = document_fact(document, EVENT_DIAGNOSTIC);
    if (event) {
        event->as.diagnostic = (struct diagnostic_fact){
            .code = code,
            .detail = arena_keep(document->arena, detail),
            .offset = document->offset + (document->decoded ? 0 : offset),
        };
    }
}

void document_read(const struct document *document, const struct xml_handler *handler,
                   const char *broken_code)
{
    struct xml_result result = xml_read(document->xml, document->content, handler);
    if (result.status == XML_OK) {
        return;
    }
    const char *code = broken_code;
    if (result.status == XML_REFUSED) {
        code = "xml-refused";
    } else if (document->cut) {
        code = "body-cut";
    }
    document_odd(document, code, slice_of(result.problem), result.offset);
}

struct slice document_raw(const struct document *document, size_t begin, size_t end)
{
    return slice_sub(document->content, begin, end > begin ? end - begin : 0);
}

struct slice document_attribute(const struct document *document, const struct xml_element *element,
                                const char *name)
{
    struct slice value;
    if (!xml_attribute(element, slice_of(name), &value)) {
        return (struct slice){"", 0};
    }
    return arena_keep(document->arena, value);
}

struct slice document_user(const struct document *document, const struct xml_element *element,
                           const char *name)
{
    struct slice value;
    if (!xml_attribute(element, slice_of(name), &value)) {
        return (struct slice){"", 0};
    }
    return sip_user_of(slice_trim(value), document->arena);
}

/* "instance: twelve" */
static void odd_attribute(const struct document *document, const char *code,
                          const struct xml_element *element, const char *name, struct slice value)
{
    static const struct slice colon = SLICE(": ");
    struct slice parts[] = {slice_of(name), colon, slice_sub(value, 0, 64)};
    char *detail = arena_alloc(document->arena, parts[0].size + parts[1].size + parts[2].size);
    size_t size = 0;
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        if (parts[i].size > 0) {
            memcpy(detail + size, parts[i].data, parts[i].size);
        }
        size += parts[i].size;
    }
    document_odd(document, code, (struct slice){detail, size}, element->offset);
}

bool document_number(const struct document *document, const struct xml_element *element,
                     const char *name, uint32_t *out)
{
    struct slice value;
    if (!xml_attribute(element, slice_of(name), &value)) {
        return false;
    }
    if (!slice_to_u32(slice_trim(value), out)) {
        odd_attribute(document, "number-unreadable", element, name, value);
        return false;
    }
    return true;
}

bool document_flag(const struct xml_element *element, const char *name)
{
    static const struct slice yes = SLICE("true");
    static const struct slice one = SLICE("1");
    struct slice value;
    if (!xml_attribute(element, slice_of(name), &value)) {
        return false;
    }
    value = slice_trim(value);
    return slice_equal_nocase(value, yes) || slice_equal(value, one);
}

int64_t document_time(const struct document *document, const struct xml_element *element,
                      const char *name)
{
    struct slice value;
    if (!xml_attribute(element, slice_of(name), &value)) {
        return TIME_NONE;
    }
    int64_t time = time_parse(value);
    if (time == TIME_NONE) {
        odd_attribute(document, "time-unreadable", element, name, value);
    }
    return time;
}

struct slice document_text(const struct document *document)
{
    return arena_keep(document->arena, slice_trim(buffer_slice(document->text)));
}

void *document_grow(const struct document *document, void *items, size_t count, size_t *capacity,
                    size_t item_size)
{
    if (count < *capacity) {
        return items;
    }
    *capacity = *capacity > 0 ? *capacity * 2 : 8;
    void *grown = arena_zero(document->arena, *capacity, item_size);
    if (count > 0) {
        memcpy(grown, items, count * item_size);
    }
    return grown;
}
