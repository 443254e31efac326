/*
 * State values. See state.h.
 */
#include "decoders/state.h"

/* ---- the state element itself ---- */

/* xsi:type is a qualified name: "userState", or "s:userState" with some prefix. */
static struct slice type_of(const struct document *document, const struct xml_element *element)
{
    struct slice value = SLICE("");
    struct slice prefix;
    struct slice local;
    if (document_value(document, element, "type", &value) &&
        slice_cut(value, ':', &prefix, &local)) {
        value = local;
    }
    return slice_trim(value);
}

static enum state_kind kind_of(struct slice type)
{
    if (type.size == 0) {
        return STATE_NONE;
    }
    for (int kind = STATE_USER; kind < STATE_UNKNOWN; kind++) {
        if (slice_equal_nocase(type, slice_of(state_kind_name((enum state_kind)kind)))) {
            return (enum state_kind)kind;
        }
    }
    return STATE_UNKNOWN;
}

struct presence_value state_none(void)
{
    static const struct slice none = SLICE("");
    return (struct presence_value){
        .availability = AVAILABILITY_NONE,
        .device = none,
        .location = none,
        .time_zone = none,
        .meeting_subject = none,
        .meeting_location = none,
        .endpoint_id = none,
        .last_active = TIME_NONE,
        .start_time = TIME_NONE,
    };
}

void state_open(struct state_reader *reader, const struct document *document,
                const struct xml_element *element, struct presence_value *value)
{
    /* Where the element names none of its own it has that of the list around it. */
    static const struct slice space = SLICE("http://schemas.microsoft.com/2006/09/sip/");
    *reader = (struct state_reader){
        .document = document,
        .value = value,
        .depth = element->depth,
    };
    struct slice type = type_of(document, element);
    *value = state_none();
    value->kind = kind_of(type);
    document_namespace(document, element, space);
    if (value->kind == STATE_UNKNOWN) {
        document_odd_once(document, "state-type-unknown", slice_sub(type, 0, 64), element->offset);
    }
    value->manual = document_flag(document, element, "manual");
    value->endpoint_id = document_attribute(document, element, "endpointId");
    value->last_active = document_time(document, element, "lastActive");
    value->start_time = document_time(document, element, "startTime");
}

/* ---- its children ---- */

/* clang-format off */
static const struct { struct slice name; enum state_field field; } children[] = {
    {SLICE("availability"),     STATE_FIELD_AVAILABILITY},
    {SLICE("device"),           STATE_FIELD_DEVICE},
    {SLICE("timeZoneName"),     STATE_FIELD_TIME_ZONE},
    {SLICE("endpointLocation"), STATE_FIELD_LOCATION},
    {SLICE("meetingSubject"),   STATE_FIELD_MEETING_SUBJECT},
    {SLICE("meetingLocation"),  STATE_FIELD_MEETING_LOCATION},
};
/* clang-format on */

/* One schema page prints the attribute as `toekn` (presence.md 2.3). */
static struct slice token_of(const struct document *document, const struct xml_element *element)
{
    struct slice value = SLICE("");
    if (!document_value(document, element, "token", &value) &&
        document_value(document, element, "toekn", &value)) {
        document_odd_once(document, "activity-token-misspelled", slice_of("toekn"),
                          element->offset);
    }
    return arena_keep(document->arena, value);
}

static void add_activity(struct state_reader *reader, const struct xml_element *element)
{
    static const struct slice none = SLICE("");
    struct presence_value *value = reader->value;
    if (value->activity_count++ >= PRESENCE_ACTIVITIES) {
        return;
    }
    struct presence_activity *activity = &value->activities[value->activity_count - 1];
    *activity = (struct presence_activity){.text = none, .max = UINT32_MAX};
    activity->token = token_of(reader->document, element);
    (void)document_number(reader->document, element, "minAvailability", &activity->min);
    (void)document_number(reader->document, element, "maxAvailability", &activity->max);
}

static void collect(struct state_reader *reader, enum state_field field,
                    const struct xml_element *element)
{
    buffer_clear(reader->document->text);
    reader->field = field;
    reader->field_depth = element->depth;
    reader->field_offset = element->offset;
}

static void start_child(struct state_reader *reader, const struct xml_element *element)
{
    static const struct slice activity = SLICE("activity");
    if (document_named(reader->document, element, activity)) {
        add_activity(reader, element);
        return;
    }
    for (size_t i = 0; i < sizeof children / sizeof children[0]; i++) {
        if (document_named(reader->document, element, children[i].name)) {
            collect(reader, children[i].field, element);
            return;
        }
    }
}

void state_start(struct state_reader *reader, const struct xml_element *element)
{
    static const struct slice custom = SLICE("custom");
    if (element->depth == reader->depth + 1) {
        start_child(reader, element);
    } else if (element->depth == reader->depth + 2 &&
               document_named(reader->document, element, custom)) {
        collect(reader, STATE_FIELD_CUSTOM, element);
    }
}

void state_text(struct state_reader *reader, struct slice text)
{
    if (reader->field != STATE_FIELD_NONE) {
        (void)buffer_append(reader->document->text, text);
    }
}

/* The first one counts; a number that does not fit is as good as none. */
static void take_availability(struct state_reader *reader)
{
    struct slice text = slice_trim(buffer_slice(reader->document->text));
    uint32_t number;
    if (reader->has_availability) {
        document_odd_once(reader->document, "availability-repeated", slice_sub(text, 0, 64),
                          reader->field_offset);
        return;
    }
    reader->has_availability = true;
    if (!slice_to_u32(text, &number)) {
        document_odd_once(reader->document, "availability-unreadable", slice_sub(text, 0, 64),
                          reader->field_offset);
        return;
    }
    reader->value->availability = number;
}

/* `custom` comes once per language; the first is kept. */
static void take_custom(struct state_reader *reader)
{
    size_t count = reader->value->activity_count;
    if (count == 0 || count > PRESENCE_ACTIVITIES) {
        return;
    }
    struct presence_activity *activity = &reader->value->activities[count - 1];
    if (activity->text.size == 0) {
        activity->text = document_text(reader->document);
    }
}

static void take_text(struct state_reader *reader, struct slice *out)
{
    *out = document_text(reader->document);
}

void state_end(struct state_reader *reader, unsigned depth)
{
    if (reader->field == STATE_FIELD_NONE || depth != reader->field_depth) {
        return;
    }
    switch (reader->field) {
    case STATE_FIELD_AVAILABILITY:
        take_availability(reader);
        break;
    case STATE_FIELD_CUSTOM:
        take_custom(reader);
        break;
    case STATE_FIELD_DEVICE:
        take_text(reader, &reader->value->device);
        break;
    case STATE_FIELD_LOCATION:
        take_text(reader, &reader->value->location);
        break;
    case STATE_FIELD_TIME_ZONE:
        take_text(reader, &reader->value->time_zone);
        break;
    case STATE_FIELD_MEETING_SUBJECT:
        take_text(reader, &reader->value->meeting_subject);
        break;
    case STATE_FIELD_MEETING_LOCATION:
        take_text(reader, &reader->value->meeting_location);
        break;
    case STATE_FIELD_NONE:
        break;
    }
    reader->field = STATE_FIELD_NONE;
}
