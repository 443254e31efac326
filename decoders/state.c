/*
 * State values. See state.h.
 */
#include "decoders/state.h"

/* ---- the state element itself ---- */

/* xsi:type is a qualified name: "userState", or "s:userState" with some prefix. */
static struct slice type_of(const struct xml_element *element)
{
    static const struct slice type = SLICE("type");
    struct slice value = SLICE("");
    struct slice prefix;
    struct slice local;
    if (xml_attribute(element, type, &value) && slice_cut(value, ':', &prefix, &local)) {
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
    *reader = (struct state_reader){
        .document = document,
        .value = value,
        .depth = element->depth,
    };
    *value = state_none();
    value->kind = kind_of(type_of(element));
    if (value->kind == STATE_UNKNOWN) {
        document_odd(document, "state-type-unknown", type_of(element), element->offset);
    }
    value->manual = document_flag(element, "manual");
    value->endpoint_id = document_attribute(document, element, "endpointId");
    value->last_active = document_time(document, element, "lastActive");
    value->start_time = document_time(document, element, "startTime");
}

/* ---- its children ---- */

/* One schema page prints the attribute as `toekn` (presence.md 2.3). */
static struct slice token_of(const struct document *document, const struct xml_element *element)
{
    static const struct slice misspelled = SLICE("toekn");
    static const struct slice token = SLICE("token");
    struct slice value = SLICE("");
    if (xml_attribute(element, misspelled, &value)) {
        document_odd(document, "activity-token-misspelled", misspelled, element->offset);
    }
    (void)xml_attribute(element, token, &value);
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
    static const struct slice availability = SLICE("availability");
    static const struct slice activity = SLICE("activity");
    static const struct slice device = SLICE("device");
    static const struct slice location = SLICE("endpointLocation");
    if (slice_equal(element->name, availability)) {
        collect(reader, STATE_FIELD_AVAILABILITY, element);
    } else if (slice_equal(element->name, activity)) {
        add_activity(reader, element);
    } else if (slice_equal(element->name, device)) {
        collect(reader, STATE_FIELD_DEVICE, element);
    } else if (slice_equal(element->name, location)) {
        collect(reader, STATE_FIELD_LOCATION, element);
    }
}

void state_start(struct state_reader *reader, const struct xml_element *element)
{
    static const struct slice custom = SLICE("custom");
    if (element->depth == reader->depth + 1) {
        start_child(reader, element);
    } else if (element->depth == reader->depth + 2 && slice_equal(element->name, custom)) {
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
        document_odd(reader->document, "availability-repeated", slice_sub(text, 0, 64),
                     reader->field_offset);
        return;
    }
    reader->has_availability = true;
    if (!slice_to_u32(text, &number)) {
        document_odd(reader->document, "availability-unreadable", slice_sub(text, 0, 64),
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
        reader->value->device = document_text(reader->document);
        break;
    case STATE_FIELD_LOCATION:
        reader->value->location = document_text(reader->document);
        break;
    case STATE_FIELD_NONE:
        break;
    }
    reader->field = STATE_FIELD_NONE;
}
