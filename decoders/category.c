/*
 * What categories say. See category.h.
 *
 * calendarData: two bits a slot (presence.md 2.6). In which order the four slots
 * of a byte follow each other is not known, so they are counted and not placed.
 */
#include "decoders/category.h"

#include "decoders/multipart.h"

enum { NAME_KEPT = 128 /* bytes of an element's or attribute's name in the name of a leaf */ };

enum category_kind category_find(struct slice name)
{
    for (int kind = CATEGORY_STATE; kind < CATEGORY_KINDS; kind++) {
        if (slice_equal_nocase(name, slice_of(category_kind_name((enum category_kind)kind)))) {
            return (enum category_kind)kind;
        }
    }
    return CATEGORY_UNKNOWN;
}

/* ---- leaves ---- */

/* "element", or "element@attribute". */
static struct slice leaf_name(const struct document *document, struct slice element,
                              struct slice attribute)
{
    element = slice_sub(element, 0, NAME_KEPT);
    attribute = slice_sub(attribute, 0, NAME_KEPT);
    if (attribute.size == 0) {
        return arena_keep(document->arena, element);
    }
    char *name = arena_alloc(document->arena, element.size + 1 + attribute.size);
    memcpy(name, element.data, element.size);
    name[element.size] = '@';
    memcpy(name + element.size + 1, attribute.data, attribute.size);
    return (struct slice){name, element.size + 1 + attribute.size};
}

static void add_leaf(struct category_content *content, struct slice element, struct slice attribute,
                     struct slice value)
{
    const struct document *document = content->document;
    if (document->facts->capped) {
        return; /* there will be no fact that could hold it */
    }
    if (content->count >= document->limits->category_items) {
        document_odd_once(document, "category-items-capped", slice_of("category_items"),
                          content->offset);
        return;
    }
    content->items = document_grow(document, content->items, content->count, &content->capacity,
                                   sizeof *content->items);
    content->items[content->count++] = (struct category_item){
        .name = leaf_name(document, element, attribute),
        .value = arena_keep(document->arena, slice_trim(value)),
    };
}

void category_start(struct category_content *content, const struct xml_element *element)
{
    content->offset = element->offset;
    content->is_leaf = true;
    buffer_clear(content->document->text);
    for (size_t i = 0; i < element->attribute_count; i++) {
        add_leaf(content, element->name, element->attributes[i].name, element->attributes[i].value);
    }
}

void category_text(struct category_content *content, struct slice text)
{
    if (content->is_leaf) {
        (void)buffer_append(content->document->text, text);
    }
}

void category_end(struct category_content *content, struct slice name)
{
    static const struct slice none = SLICE("");
    struct slice text = slice_trim(buffer_slice(content->document->text));
    if (content->is_leaf && text.size > 0) {
        add_leaf(content, name, none, text);
    }
    content->is_leaf = false;
}

/* ---- the line ---- */

/* The one line being put together, in the document's scratch text. */
struct line {
    struct buffer *text;
    size_t room;
    bool full;
};

/* Leaves out the beginning of a character whose byte `next` finds no room. */
static void line_stop(struct line *line, unsigned char next)
{
    line->full = true;
    while (line->text->size > 0 && (next & 0xC0) == 0x80) {
        next = (unsigned char)line->text->data[--line->text->size];
    }
}

/* Runs of blanks and control characters become one blank. */
static void line_add(struct line *line, struct slice text)
{
    const struct buffer *out = line->text;
    for (size_t i = 0; i < text.size && !line->full; i++) {
        unsigned char byte = slice_byte(text, i);
        bool blank = byte <= 0x20 || byte == 0x7F;
        if (blank && (out->size == 0 || out->data[out->size - 1] == ' ')) {
            continue;
        }
        if (out->size == line->room) {
            line_stop(line, byte);
        } else {
            (void)buffer_append_byte(line->text, blank ? ' ' : (char)byte);
        }
    }
}

static void line_say(struct line *line, const char *text)
{
    line_add(line, slice_of(text));
}

/* Between two parts of the line. */
static void line_part(struct line *line, const char *divider)
{
    if (line->text->size > 0) {
        line_say(line, divider);
    }
}

static void line_number(struct line *line, size_t number)
{
    char digits[24];
    size_t at = sizeof digits;
    do {
        digits[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    line_add(line, (struct slice){digits + at, sizeof digits - at});
}

/* The halves of a leaf's name; *attribute is "" for the text of an element. */
static struct slice leaf_element(const struct category_item *item, struct slice *attribute)
{
    struct slice element;
    (void)slice_cut(item->name, '@', &element, attribute);
    return element;
}

static bool leaf_is(const struct category_item *item, const char *element, const char *attribute)
{
    struct slice second;
    struct slice first = leaf_element(item, &second);
    return slice_equal_nocase(first, slice_of(element)) &&
           slice_equal_nocase(second, slice_of(attribute));
}

/* note: the text of each body with its type, "personal: Back at ten". */
static void say_note(struct line *line, const struct category_content *content)
{
    struct slice type = SLICE("");
    for (size_t i = 0; i < content->count; i++) {
        const struct category_item *item = &content->items[i];
        if (leaf_is(item, "body", "type")) {
            type = item->value;
        } else if (leaf_is(item, "body", "")) {
            line_part(line, "; ");
            line_add(line, type);
            line_say(line, type.size > 0 ? ": " : "");
            line_add(line, item->value);
            type = slice_from(type, type.size);
        }
    }
}

/* contactCard: the first leaf called displayName. */
static void say_display_name(struct line *line, const struct category_content *content)
{
    static const struct slice name = SLICE("displayName");
    for (size_t i = 0; i < content->count; i++) {
        struct slice attribute;
        struct slice element = leaf_element(&content->items[i], &attribute);
        if (slice_equal_nocase(attribute.size > 0 ? attribute : element, name)) {
            line_add(line, content->items[i].value);
            return;
        }
    }
}

struct slots {
    size_t of[4]; /* free, tentative, busy, out of office */
    bool seen;
};

static void count_slots(const struct category_content *content, struct slice text,
                        struct slots *slots)
{
    struct slice bytes;
    if (!multipart_base64(text, content->document->arena, &bytes)) {
        document_odd_once(content->document, "free-busy-unreadable", slice_sub(text, 0, 64),
                          content->offset);
        return;
    }
    slots->seen = true;
    for (size_t i = 0; i < bytes.size; i++) {
        for (unsigned shift = 0; shift < 8; shift += 2) {
            slots->of[slice_byte(bytes, i) >> shift & 3]++;
        }
    }
}

/* calendarData: "free/busy: 92 free, 4 busy". */
static void say_free_busy(struct line *line, const struct category_content *content)
{
    static const char *const words[] = {" free", " tentative", " busy", " out of office"};
    struct slots slots = {.seen = false};
    for (size_t i = 0; i < content->count; i++) {
        if (leaf_is(&content->items[i], "freeBusy", "")) {
            count_slots(content, content->items[i].value, &slots);
        }
    }
    const char *divider = "free/busy: ";
    for (size_t i = 0; slots.seen && i < sizeof words / sizeof words[0]; i++) {
        if (slots.of[i] > 0) {
            line_say(line, divider);
            line_number(line, slots.of[i]);
            line_say(line, words[i]);
            divider = ", ";
        }
    }
}

/* services: what each capability says of availability, "text 3500, voice 3500". */
static void say_services(struct line *line, const struct category_content *content)
{
    static const struct slice availability = SLICE("deviceAvailability");
    for (size_t i = 0; i < content->count; i++) {
        struct slice attribute;
        struct slice element = leaf_element(&content->items[i], &attribute);
        if (slice_equal_nocase(attribute.size > 0 ? attribute : element, availability)) {
            line_part(line, ", ");
            if (attribute.size > 0) {
                line_add(line, element);
                line_say(line, " ");
            }
            line_add(line, content->items[i].value);
        }
    }
}

/* legacyInterop: "6500 on-the-phone". */
static void say_legacy(struct line *line, const struct category_content *content)
{
    static const char *const names[] = {"availability", "token"};
    for (size_t name = 0; name < sizeof names / sizeof names[0]; name++) {
        for (size_t i = 0; i < content->count; i++) {
            if (leaf_is(&content->items[i], "legacyInterop", names[name])) {
                line_part(line, " ");
                line_add(line, content->items[i].value);
            }
        }
    }
}

/* Is this the text of an element whose attribute `name` stands right before it? */
static bool is_named_property(const struct category_content *content, size_t at)
{
    struct slice before;
    struct slice own;
    if (at == 0) {
        return false;
    }
    struct slice element = leaf_element(&content->items[at], &own);
    return slice_equal(leaf_element(&content->items[at - 1], &before), element) && own.size == 0 &&
           slice_equal_nocase(before, slice_of("name"));
}

/* Every leaf: "machineName=DEE-PC, url=ma-chan://..." (a property is called by its name). */
static void say_all(struct line *line, const struct category_content *content)
{
    for (size_t i = 0; i < content->count && !line->full; i++) {
        bool named = i + 1 < content->count && is_named_property(content, i + 1);
        const struct category_item *item = &content->items[named ? i + 1 : i];
        line_part(line, ", ");
        line_add(line, named ? content->items[i].value : item->name);
        line_say(line, "=");
        line_add(line, item->value);
        i += named;
    }
}

/* clang-format off */
static void (*const sayers[CATEGORY_KINDS])(struct line *, const struct category_content *) = {
    [CATEGORY_NOTE]           = say_note,
    [CATEGORY_CONTACT_CARD]   = say_display_name,
    [CATEGORY_CALENDAR_DATA]  = say_free_busy,
    [CATEGORY_SERVICES]       = say_services,
    [CATEGORY_DEVICE]         = say_all,
    [CATEGORY_LEGACY_INTEROP] = say_legacy,
    [CATEGORY_ROUTING]        = say_all,
    [CATEGORY_ROOM_SETTING]   = say_all,
};
/* clang-format on */

void category_take(struct category_content *content, struct category_fact *fact, size_t offset)
{
    const struct document *document = content->document;
    fact->items = content->items;
    fact->item_count = content->count;
    if (content->count == 0 || !sayers[fact->category]) {
        return;
    }
    struct line line = {.text = document->text, .room = document->limits->category_text};
    buffer_clear(line.text);
    content->offset = offset;
    sayers[fact->category](&line, content);
    fact->text = document_text(document);
    if (line.full) {
        document_odd_once(document, "category-text-capped", slice_of("category_text"), offset);
    }
}
