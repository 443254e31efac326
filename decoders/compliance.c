/*
 * Reads an export of the compliance service. See compliance.h.
 */
#include "decoders/compliance.h"

/* The elements of the schema, and how deep each lies. */
enum element {
    ELEMENT_OTHER,
    ELEMENT_CONVERSATIONS,
    ELEMENT_CONVERSATION,
    ELEMENT_CHANNEL,
    ELEMENT_FIRST_MESSAGE,
    ELEMENT_MESSAGES,
    ELEMENT_START,
    ELEMENT_END,
    ELEMENT_MESSAGE,
    ELEMENT_SENDER,
    ELEMENT_TIME,
    ELEMENTS
};

/* clang-format off */
static const struct {
    struct slice name;
    unsigned parents; /* 1 << enum element */
} elements[ELEMENTS] = {
    [ELEMENT_CONVERSATIONS] = {SLICE("Conversations"), 1U << ELEMENT_OTHER},
    [ELEMENT_CONVERSATION]  = {SLICE("Conversation"),  1U << ELEMENT_CONVERSATIONS},
    [ELEMENT_CHANNEL]       = {SLICE("Channel"),       1U << ELEMENT_CONVERSATION},
    [ELEMENT_FIRST_MESSAGE] = {SLICE("FirstMessage"),  1U << ELEMENT_CONVERSATION},
    [ELEMENT_MESSAGES]      = {SLICE("Messages"),      1U << ELEMENT_CONVERSATION},
    [ELEMENT_START]         = {SLICE("StartTimeUTC"),  1U << ELEMENT_CONVERSATION},
    [ELEMENT_END]           = {SLICE("EndTimeUTC"),    1U << ELEMENT_CONVERSATION},
    [ELEMENT_MESSAGE]       = {SLICE("Message"),       1U << ELEMENT_MESSAGES},
    [ELEMENT_SENDER]        = {SLICE("Sender"),        1U << ELEMENT_MESSAGE | 1U << ELEMENT_FIRST_MESSAGE},
    [ELEMENT_TIME]          = {SLICE("DateTimeUTC"),   1U << ELEMENT_MESSAGE | 1U << ELEMENT_FIRST_MESSAGE},
};
/* clang-format on */

/* Elements of the schema lie no deeper than this. */
enum { DEPTH = 5 };

struct reading {
    const struct compliance_handler *handler;
    struct compliance_reading result;
    struct slice document;
    uint32_t input;
    size_t counted; /* up to here lines were counted */
    uint64_t line;
    enum element open[DEPTH]; /* ELEMENT_OTHER: of no meaning here, with all that is in it */

    /* of the conversation being read */
    struct arena arena;
    struct compliance_channel channel;
    enum element latest; /* of the last child of the conversation */
    bool in_conversation;

    /* of the message being read */
    struct arena message_arena;
    struct compliance_event event;
    struct compliance_sender sender;
    bool has_sender;
    bool has_time;
};

/* ---- saying where and what ---- */

/* Positions ascend, so that every line is counted once. */
static struct origin place(struct reading *reading, size_t offset)
{
    struct slice passed = slice_sub(reading->document, 0, offset);
    while (reading->counted < passed.size) {
        size_t at = slice_find_byte(slice_from(passed, reading->counted), '\n');
        if (at == SLICE_NONE) {
            reading->counted = passed.size;
        } else {
            reading->counted += at + 1;
            reading->line++;
        }
    }
    return (struct origin){
        .time = TIME_NONE, .record = reading->line, .offset = offset, .input = reading->input};
}

static void odd(struct reading *reading, const char *code, struct slice detail, size_t offset)
{
    struct origin where = place(reading, offset);
    if (reading->handler->odd) {
        reading->handler->odd(reading->handler->context, code, detail, &where);
    }
}

/* ---- attributes ---- */

/* The first letter of the name in either case. */
static bool same_name(struct slice name, struct slice wanted)
{
    return name.size == wanted.size &&
           slice_equal_nocase(slice_sub(name, 0, 1), slice_sub(wanted, 0, 1)) &&
           slice_equal(slice_from(name, 1), slice_from(wanted, 1));
}

/* One attribute of an element that is read, and where its value goes. */
struct wanted {
    struct slice name;
    struct slice *out;
};

/* What nobody wants is handed on as it is. */
static void take_attributes(struct reading *reading, const struct xml_element *element,
                            const struct wanted *wanted, size_t count, struct arena *arena)
{
    for (size_t i = 0; i < element->attribute_count; i++) {
        const struct xml_attribute *attribute = &element->attributes[i];
        size_t at = 0;
        while (at < count && !same_name(attribute->name, wanted[at].name)) {
            at++;
        }
        if (at < count) {
            *wanted[at].out = arena_keep(arena, attribute->value);
        } else if (reading->handler->extra) {
            const struct compliance_extra extra = {
                .element = elements[reading->open[element->depth]].name.data,
                .name = attribute->name,
                .value = attribute->value,
            };
            reading->handler->extra(reading->handler->context, &extra);
        }
    }
}

/* "-62135596800000" */
static bool to_number(struct slice text, int64_t *out)
{
    text = slice_trim(text);
    bool negative = text.size > 0 && text.data[0] == '-';
    uint64_t number = 0;
    if (!slice_to_u64(slice_from(text, negative), &number) || number > INT64_MAX) {
        return false;
    }
    *out = negative ? -(int64_t)number : (int64_t)number;
    return true;
}

/* The ticks at which that millisecond begins. */
static bool ticks_of_milliseconds(int64_t milliseconds, int64_t *out)
{
    const int64_t tick = TICKS_SECOND / 1000;
    if (milliseconds < -TICKS_1970 / tick || milliseconds > (TICKS_LAST - TICKS_1970) / tick) {
        return false;
    }
    *out = milliseconds * tick + TICKS_1970;
    return true;
}

static int64_t read_time(struct reading *reading, const struct xml_element *element)
{
    struct slice since = {0};
    struct slice string = {0};
    struct slice number = {0};
    const struct wanted wanted[] = {
        {SLICE("since1970"), &since}, {SLICE("string"), &string}, {SLICE("long"), &number}};
    int64_t ticks = TICKS_NONE;
    int64_t milliseconds = 0;
    int64_t coarse = 0;
    take_attributes(reading, element, wanted, sizeof wanted / sizeof wanted[0],
                    &reading->message_arena);
    bool has_ticks = to_number(number, &ticks) && ticks >= 0 && ticks <= TICKS_LAST;
    bool has_coarse =
        to_number(since, &milliseconds) && ticks_of_milliseconds(milliseconds, &coarse);
    int64_t text = ticks_parse(string);
    ticks = has_ticks ? ticks : text != TICKS_NONE ? text : has_coarse ? coarse : TICKS_NONE;
    if ((text != TICKS_NONE && text != ticks) ||
        (has_coarse && ticks_since_1970(ticks) != milliseconds)) {
        odd(reading, "compliance-time-differs", string, element->offset);
    } else if (ticks == TICKS_NONE || !has_ticks || text == TICKS_NONE || !has_coarse) {
        odd(reading, "compliance-time", number.size > 0 ? number : string, element->offset);
    }
    return ticks;
}

/* ---- the elements ---- */

static void read_channel(struct reading *reading, const struct xml_element *element)
{
    struct compliance_channel *channel = &reading->channel;
    struct slice uri = {0};
    struct slice logged = {0};
    const struct wanted wanted[] = {{SLICE("uri"), &uri}, {SLICE("name"), &channel->name}};
    take_attributes(reading, element, wanted, sizeof wanted / sizeof wanted[0], &reading->arena);
    channel->uri = arena_keep_lower(&reading->arena, slice_trim(uri));
    if (xml_attribute(element, slice_of("islogged"), &logged)) {
        channel->logged =
            slice_equal_nocase(slice_trim(logged), slice_of("false")) ? SAID_NO : SAID_YES;
    }
}

static void open_message(struct reading *reading, const struct xml_element *element)
{
    struct slice type = {0};
    struct slice id = {0};
    struct compliance_event *event = &reading->event;
    const struct wanted wanted[] = {
        {SLICE("type"), &type}, {SLICE("content"), &event->content}, {SLICE("id"), &id}};
    arena_reset(&reading->message_arena);
    *event =
        (struct compliance_event){.ticks = TICKS_NONE, .origin = place(reading, element->offset)};
    reading->sender = (struct compliance_sender){0};
    reading->has_sender = reading->has_time = false;
    take_attributes(reading, element, wanted, sizeof wanted / sizeof wanted[0],
                    &reading->message_arena);
    event->kind = compliance_kind_find(slice_trim(type));
    if (event->kind == COMPLIANCE_KINDS) {
        odd(reading, "compliance-type", type, element->offset);
    }
    if (id.size > 0 && !slice_to_u64(slice_trim(id), &event->id)) {
        odd(reading, "compliance-id", id, element->offset);
    }
}

static void read_sender(struct reading *reading, const struct xml_element *element)
{
    static const struct slice scheme = SLICE("sip:");
    struct compliance_sender *sender = &reading->sender;
    const struct wanted wanted[] = {
        {SLICE("UserName"), &sender->user_name},
        {SLICE("id"), &sender->id},
        {SLICE("email"), &sender->email},
        {SLICE("internal"), &sender->internal},
        {SLICE("uri"), &sender->uri},
    };
    struct arena *arena = &reading->message_arena;
    take_attributes(reading, element, wanted, sizeof wanted / sizeof wanted[0], arena);
    struct slice user = slice_trim(sender->uri);
    if (slice_starts_nocase(user, scheme)) {
        user = slice_from(user, scheme.size);
    }
    reading->event.user = arena_keep_lower(arena, user);
    reading->has_sender = true;
}

/* Of a Message; a FirstMessage stands among the messages again. */
static void close_message(struct reading *reading, size_t offset)
{
    struct compliance_event *event = &reading->event;
    event->room = reading->channel.uri;
    event->room_name = reading->channel.name;
    event->origin.time = ticks_to_time(event->ticks);
    if (event->room.size == 0 || !reading->has_sender || !reading->has_time) {
        odd(reading, "compliance-incomplete", slice_of(""), offset);
    }
    if (event->kind == COMPLIANCE_KINDS || event->room.size == 0 || event->ticks == TICKS_NONE) {
        reading->result.dropped++;
        return;
    }
    reading->result.messages++;
    if (reading->handler->message) {
        reading->handler->message(reading->handler->context, event, &reading->sender);
    }
}

static void close_conversation(struct reading *reading)
{
    if (reading->in_conversation && reading->handler->channel) {
        reading->handler->channel(reading->handler->context, &reading->channel);
    }
    reading->in_conversation = false;
}

/* ---- SAX ---- */

static enum element element_of(const struct reading *reading, const struct xml_element *element)
{
    enum element parent = element->depth == 0 ? ELEMENT_OTHER : reading->open[element->depth - 1];
    int found = ELEMENT_CONVERSATIONS;
    while (found < ELEMENTS && !(slice_equal(element->name, elements[found].name) &&
                                 (elements[found].parents >> parent & 1) != 0)) {
        found++;
    }
    bool misplaced = (found == ELEMENT_CONVERSATIONS) != (element->depth == 0);
    return found == ELEMENTS || misplaced ? ELEMENT_OTHER : (enum element)found;
}

static void open_conversation(struct reading *reading)
{
    arena_reset(&reading->arena);
    reading->channel = (struct compliance_channel){.start = TICKS_NONE, .end = TICKS_NONE};
    reading->latest = ELEMENT_OTHER;
    reading->in_conversation = true;
}

static void check_order(struct reading *reading, enum element element, size_t offset)
{
    if (element < reading->latest) {
        odd(reading, "compliance-order", elements[element].name, offset);
    }
    reading->latest = element;
}

static void on_start(void *context, const struct xml_element *element)
{
    struct reading *reading = context;
    if (element->depth >= DEPTH) {
        return;
    }
    enum element found = element_of(reading, element);
    reading->open[element->depth] = found;
    if (element->depth == 0 && found != ELEMENT_CONVERSATIONS) {
        odd(reading, "compliance-root", element->name, element->offset);
        reading->result.dropped++;
    }
    if (found >= ELEMENT_CHANNEL && found <= ELEMENT_END) {
        check_order(reading, found, element->offset);
    }
    switch (found) {
    case ELEMENT_CONVERSATION:
        open_conversation(reading);
        break;
    case ELEMENT_CHANNEL:
        read_channel(reading, element);
        break;
    case ELEMENT_FIRST_MESSAGE:
    case ELEMENT_MESSAGE:
        open_message(reading, element);
        break;
    case ELEMENT_SENDER:
        read_sender(reading, element);
        break;
    case ELEMENT_TIME:
        reading->event.ticks = read_time(reading, element);
        reading->has_time = true;
        break;
    case ELEMENT_START:
        reading->channel.start = read_time(reading, element);
        break;
    case ELEMENT_END:
        reading->channel.end = read_time(reading, element);
        break;
    default:
        break;
    }
}

static void on_text(void *context, struct slice text)
{
    (void)context;
    (void)text;
}

static void on_end(void *context, struct slice name, unsigned depth, size_t end_offset)
{
    struct reading *reading = context;
    (void)name;
    if (depth >= DEPTH) {
        return;
    }
    if (reading->open[depth] == ELEMENT_MESSAGE) {
        close_message(reading, end_offset);
    } else if (reading->open[depth] == ELEMENT_CONVERSATION) {
        close_conversation(reading);
    }
}

struct compliance_reading compliance_read(struct xml_reader *reader, struct slice document,
                                          uint32_t input, const struct compliance_handler *handler)
{
    struct reading reading = {.handler = handler, .document = document, .input = input, .line = 1};
    const struct xml_handler xml = {&reading, on_start, on_text, on_end};
    arena_init(&reading.arena);
    arena_init(&reading.message_arena);
    struct xml_result result = xml_read(reader, document, &xml);
    if (result.status != XML_OK) {
        odd(&reading, result.status == XML_REFUSED ? "xml-refused" : "xml-not-well-formed",
            slice_of(result.problem), result.offset);
    }
    close_conversation(&reading);
    reading.result.whole = result.status == XML_OK && reading.result.dropped == 0;
    arena_dispose(&reading.arena);
    arena_dispose(&reading.message_arena);
    return reading.result;
}
