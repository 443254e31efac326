/*
 * The owner's lists. See roaming.h.
 */
#include "decoders/roaming.h"

#include "decoders/sip.h"

static const struct slice none = SLICE("");

/* ---- whose lists ---- */

/*
 * Requests and answers about oneself name the owner in From and To; a notification
 * goes to the owner, so To is right for both. A SERVICE comes from the owner.
 */
static struct slice owner_of(const struct roaming_reader *reader)
{
    const struct message *message = reader->document->message;
    if (reader->owner.size > 0) {
        return reader->owner;
    }
    struct slice user = message->method == SIP_SERVICE ? message->from.user : message->to.user;
    return user.size > 0 ? user : message->from.user;
}

void roaming_open(struct roaming_reader *reader, const struct document *document,
                  enum roaming_list list)
{
    *reader = (struct roaming_reader){.document = document, .list = list, .owner = none};
}

void roaming_owner(struct roaming_reader *reader, struct slice user)
{
    if (user.size > 0) {
        reader->owner = user;
    }
}

/* ---- containers ---- */

static enum member_type member_type_find(struct slice text)
{
    for (int type = MEMBER_TYPE_USER; type <= MEMBER_TYPE_EVERYONE; type++) {
        if (slice_equal_nocase(text, slice_of(member_type_name((enum member_type)type)))) {
            return (enum member_type)type;
        }
    }
    return MEMBER_TYPE_UNKNOWN;
}

static void open_container(struct roaming_reader *reader, const struct xml_element *element)
{
    const struct document *document = reader->document;
    struct container_fact container = {.type_text = none, .value = none};
    if (!document_number(document, element, "id", &container.id)) {
        document_odd_once(document, "container-without-id", none, element->offset);
        return;
    }
    container.has_version = document_number(document, element, "version", &container.version);
    reader->container = container;
    reader->container_depth = element->depth;
    reader->in_container = true;
    reader->has_members = false;
}

static void add_container(struct roaming_reader *reader, struct container_fact container)
{
    container.owner = owner_of(reader);
    container.index = ++reader->index;
    struct event *event = document_fact(reader->document, EVENT_CONTAINER);
    if (event) {
        event->as.container = container;
    }
}

/* False, and said, when a request asks for something else than to add or to remove. */
static bool take_action(struct roaming_reader *reader, const struct xml_element *element,
                        enum container_action *out)
{
    static const struct slice add = SLICE("add");
    static const struct slice remove = SLICE("remove");
    struct slice action = none;
    (void)document_value(reader->document, element, "action", &action);
    action = slice_trim(action);
    if (slice_equal_nocase(action, add)) {
        *out = CONTAINER_ADD;
    } else if (slice_equal_nocase(action, remove)) {
        *out = CONTAINER_REMOVE;
    } else {
        document_odd_once(reader->document, "member-action-unknown", slice_sub(action, 0, 64),
                          element->offset);
        return false;
    }
    return true;
}

/* A user as "user@host", anything else in lower case. */
static struct slice member_value(const struct document *document, const struct xml_element *element,
                                 enum member_type type)
{
    struct slice value = none;
    (void)document_value(document, element, "value", &value);
    value = slice_trim(value);
    struct slice user = type == MEMBER_TYPE_USER ? sip_user_of(value, document->arena) : none;
    return user.size > 0 ? user : arena_keep_lower(document->arena, value);
}

static void add_member(struct roaming_reader *reader, const struct xml_element *element)
{
    const struct document *document = reader->document;
    struct container_fact member = reader->container;
    reader->has_members = true;
    member.action = CONTAINER_LISTED;
    if (reader->list == ROAMING_LIST_MEMBERS && !take_action(reader, element, &member.action)) {
        return;
    }
    member.type_text = slice_trim(document_attribute(document, element, "type"));
    member.type = member_type_find(member.type_text);
    if (member.type == MEMBER_TYPE_UNKNOWN) {
        document_odd_once(document, "member-type-unknown", slice_sub(member.type_text, 0, 64),
                          element->offset);
    }
    member.value = member_value(document, element, member.type);
    add_container(reader, member);
}

/* A request that names no member of a container asks for nothing. */
static void close_container(struct roaming_reader *reader)
{
    reader->in_container = false;
    if (!reader->has_members && reader->list == ROAMING_LIST_SELF) {
        reader->container.action = CONTAINER_EMPTY;
        add_container(reader, reader->container);
    }
}

/* ---- entries ---- */

struct entry_row {
    unsigned lists; /* enum roaming_list, or-ed */
    struct slice element;
    enum roaming_kind kind;
};

/*
 * The elements of a contactDelta are not in the sheet; these are the names that the
 * words for adding, changing and removing give.
 */
/* clang-format off */
static const struct entry_row entry_rows[] = {
    {ROAMING_LIST_SELF | ROAMING_LIST_SUBSCRIBERS, SLICE("subscriber"), ROAMING_SUBSCRIBER},
    {ROAMING_LIST_SELF,     SLICE("delegate"),        ROAMING_DELEGATE},
    {ROAMING_LIST_CONTACTS, SLICE("contact"),         ROAMING_CONTACT},
    {ROAMING_LIST_CONTACTS, SLICE("addedContact"),    ROAMING_CONTACT},
    {ROAMING_LIST_CONTACTS, SLICE("modifiedContact"), ROAMING_CONTACT},
    {ROAMING_LIST_CONTACTS, SLICE("deletedContact"),  ROAMING_CONTACT_GONE},
    {ROAMING_LIST_CONTACTS, SLICE("removedContact"),  ROAMING_CONTACT_GONE},
    {ROAMING_LIST_ACL,      SLICE("ace"),             ROAMING_ACE},
};
/* clang-format on */

static const struct entry_row *entry_row_find(const struct roaming_reader *reader,
                                              struct slice name)
{
    for (size_t i = 0; i < sizeof entry_rows / sizeof entry_rows[0]; i++) {
        if ((entry_rows[i].lists & reader->list) != 0 &&
            slice_equal_nocase(entry_rows[i].element, name)) {
            return &entry_rows[i];
        }
    }
    return NULL;
}

/* `user` or `uri`; else the first attribute that is an address with a scheme. */
static struct slice address_of(const struct document *document, const struct xml_element *element)
{
    static const struct slice schemes[] = {SLICE("sip:"), SLICE("sips:")};
    struct slice value;
    if (document_value(document, element, "user", &value) ||
        document_value(document, element, "uri", &value)) {
        return sip_user_of(slice_trim(value), document->arena);
    }
    for (size_t i = 0; i < element->attribute_count; i++) {
        value = slice_trim(element->attributes[i].value);
        if (slice_starts_nocase(value, schemes[0]) || slice_starts_nocase(value, schemes[1])) {
            return sip_user_of(value, document->arena);
        }
    }
    return none;
}

static void open_entry(struct roaming_reader *reader, const struct xml_element *element,
                       enum roaming_kind kind)
{
    const struct document *document = reader->document;
    struct slice name = document_attribute(document, element, "displayName");
    reader->in_entry = true;
    reader->entry_depth = element->depth;
    reader->begin = element->offset;
    reader->entry = (struct roaming_fact){
        .kind = kind,
        .owner = owner_of(reader),
        .user = address_of(document, element),
        .name = name.size > 0 ? name : document_attribute(document, element, "name"),
        .acknowledged = document_flag(document, element, "acknowledged"),
    };
}

static void close_entry(struct roaming_reader *reader, size_t end_offset)
{
    reader->in_entry = false;
    reader->entry.raw = document_raw(reader->document, reader->begin, end_offset);
    struct event *event = document_fact(reader->document, EVENT_ROAMING);
    if (event) {
        event->as.roaming = reader->entry;
    }
}

/* ---- the document ---- */

static void start_outside(struct roaming_reader *reader, const struct xml_element *element)
{
    static const struct slice container = SLICE("container");
    const enum roaming_list with_containers = ROAMING_LIST_SELF | ROAMING_LIST_MEMBERS;
    const struct entry_row *row = entry_row_find(reader, element->name);
    if (row) {
        open_entry(reader, element, row->kind);
    } else if ((reader->list & with_containers) != 0 &&
               document_named(reader->document, element, container)) {
        open_container(reader, element);
    } else {
        roaming_owner(reader, document_user(reader->document, element, "uri"));
    }
}

void roaming_start(struct roaming_reader *reader, const struct xml_element *element)
{
    static const struct slice member = SLICE("member");
    if (reader->in_entry) {
        return;
    }
    if (!reader->in_container) {
        start_outside(reader, element);
    } else if (element->depth == reader->container_depth + 1 &&
               document_named(reader->document, element, member)) {
        add_member(reader, element);
    }
}

void roaming_end(struct roaming_reader *reader, unsigned depth, size_t end_offset)
{
    if (reader->in_entry && depth == reader->entry_depth) {
        close_entry(reader, end_offset);
    } else if (reader->in_container && depth == reader->container_depth) {
        close_container(reader);
    }
}

static void on_start(void *context, const struct xml_element *element)
{
    roaming_start(context, element);
}

static void on_text(void *context, struct slice text)
{
    (void)context;
    (void)text;
}

static void on_end(void *context, struct slice name, unsigned depth, size_t end_offset)
{
    (void)name;
    roaming_end(context, depth, end_offset);
}

static void decode(const struct document *document, enum roaming_list list)
{
    struct roaming_reader reader;
    struct xml_handler handler = {&reader, on_start, on_text, on_end};
    roaming_open(&reader, document, list);
    document_read(document, &handler, "xml-not-well-formed");
}

void roaming_decode_members(const struct document *document)
{
    decode(document, ROAMING_LIST_MEMBERS);
}

void roaming_decode_subscribers(const struct document *document)
{
    decode(document, ROAMING_LIST_SUBSCRIBERS);
}

void roaming_decode_contacts(const struct document *document)
{
    decode(document, ROAMING_LIST_CONTACTS);
}

void roaming_decode_acl(const struct document *document)
{
    decode(document, ROAMING_LIST_ACL);
}
