/*
 * Legacy presence. See legacy_xml.h.
 */
#include "decoders/legacy_xml.h"

enum { LEVEL_MOST = 999 /* aggregate values end here: [MS-SIP] 6 appendix A */ };

enum legacy_field {
    LEGACY_NONE,
    LEGACY_USER_STATE,
    LEGACY_DEVICE_STATE,
    LEGACY_DISPLAY_NAME,
    LEGACY_NOTE,
};

struct legacy_reader {
    const struct document *document;
    struct slice frame; /* the element that must stand around a presentity; "" = none */
    bool whole;         /* the presentity is the root, whatever it is called */
    bool in_frame;
    unsigned frame_depth;

    bool open; /* inside a presentity */
    unsigned depth;
    size_t begin;
    struct legacy_fact fact;
    bool has_availability;
    bool has_activity;

    bool in_device;
    unsigned device_depth;
    struct legacy_device device; /* the one being read */
    bool device_has_availability;
    bool device_has_activity;
    bool device_has_state;
    struct legacy_device *devices;
    size_t device_count;
    size_t device_capacity;

    enum legacy_field field; /* whose text is being collected */
    unsigned field_depth;
};

/* ---- values ---- */

/* The first counts, as everywhere. */
static void take_level(const struct legacy_reader *reader, const struct xml_element *element,
                       bool *seen, int64_t *out)
{
    const struct document *document = reader->document;
    if (*seen) {
        document_odd_once(document, "legacy-value-repeated", element->name, element->offset);
        return;
    }
    *seen = true;
    *out = document_level(document, element, "aggregate");
    if (*out > LEVEL_MOST) {
        document_odd_once(document, "legacy-level-beyond", element->name, element->offset);
    }
}

static void collect(struct legacy_reader *reader, enum legacy_field field,
                    const struct xml_element *element)
{
    buffer_clear(reader->document->text);
    reader->field = field;
    reader->field_depth = element->depth;
}

/* xsi:type="userState"; a state without a type is one too. */
static bool is_user_state(const struct legacy_reader *reader, const struct xml_element *element)
{
    static const struct slice user_state = SLICE("userState");
    struct slice type;
    struct slice prefix;
    struct slice local;
    if (!document_value(reader->document, element, "type", &type)) {
        return true;
    }
    if (slice_cut(type, ':', &prefix, &local)) {
        type = local;
    }
    return slice_equal_nocase(slice_trim(type), user_state);
}

static void take_user_state(struct legacy_reader *reader, const struct xml_element *element)
{
    const struct document *document = reader->document;
    struct legacy_fact *fact = &reader->fact;
    if (fact->has_user_state) {
        document_odd_once(document, "legacy-value-repeated", element->name, element->offset);
        return;
    }
    fact->has_user_state = true;
    fact->user_state_nil = document_flag(document, element, "nil");
    fact->user_state = document_level(document, element, "avail");
    fact->user_since = document_time(document, element, "since");
    collect(reader, LEGACY_USER_STATE, element);
}

static void take_device_state(struct legacy_reader *reader, const struct xml_element *element)
{
    const struct document *document = reader->document;
    struct legacy_device *device = &reader->device;
    if (reader->device_has_state) {
        document_odd_once(document, "legacy-value-repeated", element->name, element->offset);
        return;
    }
    reader->device_has_state = true;
    if (!document_flag(document, element, "nil")) {
        device->state = document_level(document, element, "avail");
        device->since = document_time(document, element, "since");
        collect(reader, LEGACY_DEVICE_STATE, element);
    }
}

/* ---- devices ---- */

static void open_device(struct legacy_reader *reader, const struct xml_element *element)
{
    static const struct slice none = SLICE("");
    reader->in_device = true;
    reader->device_depth = element->depth;
    reader->device_has_availability = false;
    reader->device_has_activity = false;
    reader->device_has_state = false;
    reader->device = (struct legacy_device){
        .epid = slice_trim(document_attribute(reader->document, element, "epid")),
        .availability = AVAILABILITY_NONE,
        .activity = AVAILABILITY_NONE,
        .state = AVAILABILITY_NONE,
        .text = none,
        .since = TIME_NONE,
    };
}

static void close_device(struct legacy_reader *reader, size_t offset)
{
    const struct document *document = reader->document;
    reader->in_device = false;
    if (reader->device_count >= document->limits->instances) {
        document_odd_once(document, "legacy-devices-capped", slice_of("instances"), offset);
        return;
    }
    reader->devices = document_grow(document, reader->devices, reader->device_count,
                                    &reader->device_capacity, sizeof *reader->devices);
    reader->devices[reader->device_count++] = reader->device;
}

static void start_in_device(struct legacy_reader *reader, const struct xml_element *element)
{
    static const struct slice availability = SLICE("availability");
    static const struct slice activity = SLICE("activity");
    static const struct slice state = SLICE("state");
    if (document_named(reader->document, element, availability)) {
        take_level(reader, element, &reader->device_has_availability, &reader->device.availability);
    } else if (document_named(reader->document, element, activity)) {
        take_level(reader, element, &reader->device_has_activity, &reader->device.activity);
    } else if (document_named(reader->document, element, state)) {
        take_device_state(reader, element);
    }
}

/* ---- the presentity ---- */

static void take_availability(struct legacy_reader *reader, const struct xml_element *element)
{
    if (!reader->has_availability) {
        reader->fact.epid = slice_trim(document_attribute(reader->document, element, "epid"));
    }
    take_level(reader, element, &reader->has_availability, &reader->fact.availability);
}

/* The name is an attribute in the sheet's example; text is taken as well. */
static void take_display_name(struct legacy_reader *reader, const struct xml_element *element)
{
    if (reader->fact.display_name.size == 0) {
        reader->fact.display_name = document_attribute(reader->document, element, "displayName");
        collect(reader, LEGACY_DISPLAY_NAME, element);
    }
}

static void start_inside(struct legacy_reader *reader, const struct xml_element *element)
{
    static const struct slice availability = SLICE("availability");
    static const struct slice activity = SLICE("activity");
    static const struct slice state = SLICE("state");
    static const struct slice device = SLICE("devicePresence");
    static const struct slice display_name = SLICE("displayName");
    static const struct slice note = SLICE("note");
    static const struct slice oof = SLICE("oof");
    const struct document *document = reader->document;
    if (document_named(document, element, availability)) {
        take_availability(reader, element);
    } else if (document_named(document, element, activity)) {
        take_level(reader, element, &reader->has_activity, &reader->fact.activity);
    } else if (document_named(document, element, state)) {
        if (is_user_state(reader, element)) {
            take_user_state(reader, element);
        }
    } else if (document_named(document, element, device)) {
        open_device(reader, element);
    } else if (document_named(document, element, display_name)) {
        take_display_name(reader, element);
    } else if (document_named(document, element, note)) {
        collect(reader, LEGACY_NOTE, element);
    } else if (document_named(document, element, oof)) {
        reader->fact.out_of_office |= !document_flag(document, element, "nil");
    }
}

static void open_presentity(struct legacy_reader *reader, const struct xml_element *element)
{
    static const struct slice none = SLICE("");
    reader->open = true;
    reader->depth = element->depth;
    reader->begin = element->offset;
    reader->has_availability = false;
    reader->has_activity = false;
    reader->devices = NULL;
    reader->device_count = 0;
    reader->device_capacity = 0;
    reader->fact = (struct legacy_fact){
        .user = document_user(reader->document, element, "uri"),
        .availability = AVAILABILITY_NONE,
        .activity = AVAILABILITY_NONE,
        .epid = none,
        .user_state = AVAILABILITY_NONE,
        .user_text = none,
        .user_since = TIME_NONE,
        .display_name = none,
        .note = none,
    };
}

/* setPresence is about the sender (presence.md part 6); elsewhere the document must say it. */
static void close_presentity(struct legacy_reader *reader, size_t end_offset)
{
    reader->open = false;
    if (reader->fact.user.size == 0 && reader->frame.size > 0) {
        reader->fact.user = reader->document->message->from.user;
    }
    reader->fact.devices = reader->devices;
    reader->fact.device_count = reader->device_count;
    reader->fact.raw = document_raw(reader->document, reader->begin, end_offset);
    struct event *event = document_fact(reader->document, EVENT_LEGACY);
    if (event) {
        event->as.legacy = reader->fact;
    }
}

static void take_field(struct legacy_reader *reader)
{
    struct slice text = document_text(reader->document);
    switch (reader->field) {
    case LEGACY_USER_STATE:
        reader->fact.user_text = text;
        break;
    case LEGACY_DEVICE_STATE:
        reader->device.text = text;
        break;
    case LEGACY_DISPLAY_NAME:
        if (reader->fact.display_name.size == 0) {
            reader->fact.display_name = text;
        }
        break;
    case LEGACY_NOTE:
        if (reader->fact.note.size == 0) {
            reader->fact.note = text;
        }
        break;
    case LEGACY_NONE:
        break;
    }
    reader->field = LEGACY_NONE;
}

/* ---- the document ---- */

static bool is_presentity(const struct legacy_reader *reader, const struct xml_element *element)
{
    static const struct slice presentity = SLICE("presentity");
    if (reader->whole) {
        return element->depth == 0;
    }
    return (reader->frame.size == 0 || reader->in_frame) &&
           document_named(reader->document, element, presentity);
}

/* xpidf: a presentity element of its own names the user. */
static void start_in_whole(struct legacy_reader *reader, const struct xml_element *element)
{
    static const struct slice presentity = SLICE("presentity");
    if (reader->whole && reader->fact.user.size == 0 &&
        document_named(reader->document, element, presentity)) {
        reader->fact.user = document_user(reader->document, element, "uri");
    } else {
        start_inside(reader, element);
    }
}

static void on_start(void *context, const struct xml_element *element)
{
    struct legacy_reader *reader = context;
    if (reader->field != LEGACY_NONE) {
        return; /* text has no children that mean anything */
    }
    if (reader->in_device) {
        start_in_device(reader, element);
    } else if (reader->open) {
        start_in_whole(reader, element);
    } else if (is_presentity(reader, element)) {
        open_presentity(reader, element);
    } else if (!reader->in_frame && reader->frame.size > 0 &&
               document_named(reader->document, element, reader->frame)) {
        reader->in_frame = true;
        reader->frame_depth = element->depth;
    }
}

static void on_text(void *context, struct slice text)
{
    struct legacy_reader *reader = context;
    if (reader->field != LEGACY_NONE) {
        (void)buffer_append(reader->document->text, text);
    }
}

static void on_end(void *context, struct slice name, unsigned depth, size_t end_offset)
{
    struct legacy_reader *reader = context;
    (void)name;
    if (reader->field != LEGACY_NONE && depth == reader->field_depth) {
        take_field(reader);
    }
    if (reader->in_device && depth == reader->device_depth) {
        close_device(reader, end_offset);
    } else if (reader->open && depth == reader->depth) {
        close_presentity(reader, end_offset);
    } else if (reader->in_frame && depth == reader->frame_depth) {
        reader->in_frame = false;
    }
}

static void decode(const struct document *document, const char *frame, bool whole)
{
    struct legacy_reader reader = {
        .document = document,
        .frame = slice_of(frame),
        .whole = whole,
    };
    struct xml_handler handler = {&reader, on_start, on_text, on_end};
    document_read(document, &handler, "xml-not-well-formed");
}

void legacy_decode_soap(const struct document *document)
{
    decode(document, "setPresence", false);
}

void legacy_decode_msrtc(const struct document *document)
{
    decode(document, "", false);
}

void legacy_decode_xpidf(const struct document *document)
{
    decode(document, "", true);
}
