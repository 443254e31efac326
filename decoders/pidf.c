/*
 * Presence documents in PIDF. See pidf.h.
 */
#include "decoders/pidf.h"

#include "decoders/sip.h"
#include "decoders/state.h"

enum pidf_field { PIDF_NONE, PIDF_BASIC, PIDF_ACTIVITY, PIDF_OTHER_ACTIVITY, PIDF_DISPLAY_NAME };

struct pidf_reader {
    const struct document *document;
    struct pidf_fact fact;
    size_t begin;
    bool open; /* inside the root */
    bool in_activities;
    unsigned activities_depth;
    enum pidf_field field; /* whose text is being collected */
    unsigned field_depth;
    size_t field_offset;
};

/* entity is a URI of scheme sip or pres, or lacks one (AOL: presence.md 7.3). */
static struct slice entity_user(const struct document *document, const struct xml_element *element)
{
    static const struct slice pres = SLICE("pres:");
    struct slice value;
    if (!document_value(document, element, "entity", &value)) {
        return (struct slice){"", 0};
    }
    value = slice_trim(value);
    if (slice_starts_nocase(value, pres)) {
        value = slice_from(value, pres.size);
    }
    return sip_user_of(value, document->arena);
}

static void open_presence(struct pidf_reader *reader, const struct xml_element *element)
{
    static const struct slice none = SLICE("");
    static const struct slice space = SLICE("urn:ietf:params:xml:ns:pidf");
    reader->open = true;
    reader->begin = element->offset;
    document_namespace(reader->document, element, space);
    reader->fact = (struct pidf_fact){
        .user = entity_user(reader->document, element),
        .value = state_none(),
        .display_name = none,
    };
}

static void collect(struct pidf_reader *reader, enum pidf_field field,
                    const struct xml_element *element)
{
    buffer_clear(reader->document->text);
    reader->field = field;
    reader->field_depth = element->depth;
    reader->field_offset = element->offset;
}

static struct presence_activity *last_activity(struct pidf_reader *reader)
{
    size_t count = reader->fact.value.activity_count;
    return count > 0 && count <= PRESENCE_ACTIVITIES ? &reader->fact.value.activities[count - 1]
                                                     : NULL;
}

static void add_activity(struct pidf_reader *reader, struct slice token)
{
    static const struct slice none = SLICE("");
    reader->fact.value.activity_count++;
    struct presence_activity *activity = last_activity(reader);
    if (activity) {
        *activity = (struct presence_activity){
            .token = token,
            .text = none,
            .max = UINT32_MAX,
        };
    }
}

/* A child of `activities`; `note` is a remark on all of them (RFC 4480 section 3.2). */
static void start_activity(struct pidf_reader *reader, const struct xml_element *element)
{
    static const struct slice old_spelling = SLICE("activity");
    static const struct slice note = SLICE("note");
    if (document_named(reader->document, element, old_spelling)) {
        collect(reader, PIDF_ACTIVITY, element);
    } else if (!document_named(reader->document, element, note)) {
        add_activity(reader, arena_keep(reader->document->arena, element->name));
        collect(reader, PIDF_OTHER_ACTIVITY, element);
    }
}

static void start_inside(struct pidf_reader *reader, const struct xml_element *element)
{
    static const struct slice activities = SLICE("activities");
    static const struct slice basic = SLICE("basic");
    static const struct slice display_name = SLICE("display-name");
    if (reader->in_activities) {
        if (element->depth == reader->activities_depth + 1) {
            start_activity(reader, element);
        }
    } else if (document_named(reader->document, element, activities)) {
        reader->in_activities = true;
        reader->activities_depth = element->depth;
    } else if (document_named(reader->document, element, basic)) {
        collect(reader, PIDF_BASIC, element);
    } else if (document_named(reader->document, element, display_name)) {
        collect(reader, PIDF_DISPLAY_NAME, element);
    }
}

static void on_start(void *context, const struct xml_element *element)
{
    static const struct slice presence = SLICE("presence");
    struct pidf_reader *reader = context;
    if (reader->open) {
        start_inside(reader, element);
    } else if (element->depth == 0 && document_named(reader->document, element, presence)) {
        open_presence(reader, element);
    }
}

static void on_text(void *context, struct slice text)
{
    struct pidf_reader *reader = context;
    if (reader->field != PIDF_NONE) {
        (void)buffer_append(reader->document->text, text);
    }
}

/* Any other word asserts nothing. */
static void take_basic(struct pidf_reader *reader, struct slice text)
{
    static const struct slice open = SLICE("open");
    static const struct slice closed = SLICE("closed");
    if (slice_equal_nocase(text, open)) {
        reader->fact.has_basic = true;
        reader->fact.open = true;
    } else if (slice_equal_nocase(text, closed)) {
        reader->fact.has_basic = true;
    } else {
        document_odd_once(reader->document, "pidf-basic-unknown", slice_sub(text, 0, 64),
                          reader->field_offset);
    }
}

static void take_field(struct pidf_reader *reader)
{
    struct slice text = slice_trim(buffer_slice(reader->document->text));
    struct presence_activity *activity = last_activity(reader);
    switch (reader->field) {
    case PIDF_BASIC:
        take_basic(reader, text);
        break;
    case PIDF_ACTIVITY:
        if (text.size > 0) {
            add_activity(reader, document_text(reader->document));
        }
        break;
    case PIDF_OTHER_ACTIVITY:
        if (activity) {
            activity->text = document_text(reader->document);
        }
        break;
    case PIDF_DISPLAY_NAME:
        if (reader->fact.display_name.size == 0) {
            reader->fact.display_name = document_text(reader->document);
        }
        break;
    case PIDF_NONE:
        break;
    }
    reader->field = PIDF_NONE;
}

static void close_presence(struct pidf_reader *reader, size_t end_offset)
{
    reader->open = false;
    reader->fact.raw = document_raw(reader->document, reader->begin, end_offset);
    struct event *event = document_fact(reader->document, EVENT_PIDF);
    if (event) {
        event->as.pidf = reader->fact;
    }
}

static void on_end(void *context, struct slice name, unsigned depth, size_t end_offset)
{
    struct pidf_reader *reader = context;
    (void)name;
    if (reader->field != PIDF_NONE && depth == reader->field_depth) {
        take_field(reader);
    }
    if (reader->in_activities && depth == reader->activities_depth) {
        reader->in_activities = false;
    }
    if (reader->open && depth == 0) {
        close_presence(reader, end_offset);
    }
}

void pidf_decode(const struct document *document)
{
    struct pidf_reader reader = {.document = document};
    struct xml_handler handler = {&reader, on_start, on_text, on_end};
    document_read(document, &handler, "xml-not-well-formed");
}
