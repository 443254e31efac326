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

/* False when it was said before; codes and attribute names are few and constant. */
static bool is_news(const struct document *document, const char *code, const char *what)
{
    struct document_said *said = document->said;
    if (!said) {
        return true;
    }
    for (size_t i = 0; i < said->count; i++) {
        if (strcmp(said->items[i].code, code) == 0 && strcmp(said->items[i].what, what) == 0) {
            return false;
        }
    }
    if (said->count < sizeof said->items / sizeof said->items[0]) {
        said->items[said->count].code = code;
        said->items[said->count++].what = what;
    }
    return true;
}

void document_odd_once(const struct document *document, const char *code, struct slice detail,
                       size_t offset)
{
    if (is_news(document, code, "")) {
        document_odd(document, code, detail, offset);
    }
}

bool document_same_name(const struct document *document, const struct xml_element *element,
                        struct slice name)
{
    if (memcmp(element->name.data, name.data, name.size) == 0) {
        return true;
    }
    if (!ascii_same_letters(element->name.data, name.data, name.size)) {
        return false;
    }
    document_odd_once(document, "xml-name-case", element->name, element->offset);
    return true;
}

void document_namespace(const struct document *document, const struct xml_element *element,
                        struct slice expected)
{
    static const struct slice http = SLICE("http:");
    static const struct slice https = SLICE("https:");
    struct slice space = element->namespace;
    if (space.size == 0 || slice_starts(space, expected) ||
        (slice_starts(space, https) && slice_starts(expected, http) &&
         slice_starts(slice_from(space, https.size), slice_from(expected, http.size)))) {
        return;
    }
    document_odd_once(document, "xml-namespace", slice_sub(space, 0, 128), element->offset);
}

/* "utf-16, read as utf-8": what follows is right all the same. */
static void say_encoding(const struct document *document, const struct xml_result *result)
{
    if (result->claim[0] != '\0') {
        document_odd(document, "xml-encoding-claim", slice_of(result->claim), 0);
    }
}

struct xml_result document_scan(const struct document *document, const struct xml_handler *handler)
{
    struct xml_result result = xml_read(document->xml, document->content, handler);
    say_encoding(document, &result);
    return result;
}

void document_say(const struct document *document, const struct xml_result *result,
                  const char *broken_code)
{
    if (result->status == XML_OK) {
        return;
    }
    const char *code = broken_code;
    if (result->status == XML_REFUSED) {
        code = "xml-refused";
    } else if (document->cut) {
        code = "body-cut";
    }
    document_odd(document, code, slice_of(result->problem), result->offset);
}

void document_read(const struct document *document, const struct xml_handler *handler,
                   const char *broken_code)
{
    struct xml_result result = document_scan(document, handler);
    document_say(document, &result, broken_code);
}

struct slice document_raw(const struct document *document, size_t begin, size_t end)
{
    return slice_sub(document->content, begin, end > begin ? end - begin : 0);
}

bool document_value(const struct document *document, const struct xml_element *element,
                    const char *name, struct slice *out)
{
    struct slice wanted = slice_of(name);
    const struct xml_attribute *similar = NULL;
    for (size_t i = 0; i < element->attribute_count; i++) {
        const struct xml_attribute *attribute = &element->attributes[i];
        if (attribute->name.size != wanted.size) {
            continue;
        }
        if (memcmp(attribute->name.data, wanted.data, wanted.size) == 0) {
            *out = attribute->value;
            return true;
        }
        if (!similar && slice_equal_nocase(attribute->name, wanted)) {
            similar = attribute;
        }
    }
    if (!similar) {
        return false;
    }
    document_odd_once(document, "xml-name-case", similar->name, element->offset);
    *out = similar->value;
    return true;
}

struct slice document_attribute(const struct document *document, const struct xml_element *element,
                                const char *name)
{
    struct slice value;
    if (!document_value(document, element, name, &value)) {
        return (struct slice){"", 0};
    }
    return arena_keep(document->arena, value);
}

struct slice document_user(const struct document *document, const struct xml_element *element,
                           const char *name)
{
    struct slice value;
    if (!document_value(document, element, name, &value)) {
        return (struct slice){"", 0};
    }
    return sip_user_of(slice_trim(value), document->arena);
}

/* "instance: twelve" */
static void odd_attribute(const struct document *document, const char *code,
                          const struct xml_element *element, const char *name, struct slice value)
{
    static const struct slice colon = SLICE(": ");
    if (!is_news(document, code, name)) {
        return;
    }
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
    if (!document_value(document, element, name, &value)) {
        return false;
    }
    if (!slice_to_u32(slice_trim(value), out)) {
        odd_attribute(document, "number-unreadable", element, name, value);
        return false;
    }
    return true;
}

int64_t document_level(const struct document *document, const struct xml_element *element,
                       const char *name)
{
    uint32_t number;
    return document_number(document, element, name, &number) ? number : AVAILABILITY_NONE;
}

bool document_flag(const struct document *document, const struct xml_element *element,
                   const char *name)
{
    static const struct slice yes = SLICE("true");
    static const struct slice one = SLICE("1");
    struct slice value;
    if (!document_value(document, element, name, &value)) {
        return false;
    }
    value = slice_trim(value);
    return slice_equal_nocase(value, yes) || slice_equal(value, one);
}

int64_t document_time(const struct document *document, const struct xml_element *element,
                      const char *name)
{
    struct slice value;
    if (!document_value(document, element, name, &value)) {
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
