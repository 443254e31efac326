/*
 * Properties of a room. See xccos_property.h.
 */
#include "decoders/xccos_property.h"

struct property_row {
    struct slice element;
    struct slice id;
    enum room_property property;
};

/* clang-format off */
static const struct property_row rows[] = {
    {SLICE("info"), SLICE("urn:parlano:ma:info:ucnt"),       PROPERTY_USER_COUNT},
    {SLICE("info"), SLICE("urn:parlano:ma:info:visibilty"),  PROPERTY_VISIBILITY}, /* as sent */
    {SLICE("info"), SLICE("urn:parlano:ma:info:visibility"), PROPERTY_VISIBILITY},
    {SLICE("prop"), SLICE("urn:parlano:ma:prop:filepost"),   PROPERTY_FILE_POST},
    {SLICE("prop"), SLICE("urn:parlano:ma:prop:invite"),     PROPERTY_INVITES},
    {SLICE("prop"), SLICE("urn:parlano:ma:prop:logged"),     PROPERTY_LOGGED},
};
/* clang-format on */

enum room_property property_find(const struct xml_element *element)
{
    static const struct slice id_name = SLICE("id");
    struct slice id;
    if (!xml_attribute(element, id_name, &id)) {
        return PROPERTY_NONE;
    }
    id = slice_trim(id);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (slice_equal(rows[i].element, element->name) && slice_equal_nocase(rows[i].id, id)) {
            return rows[i].property;
        }
    }
    return PROPERTY_NONE;
}

/* "True" from .NET, "true" from others. */
static enum said read_flag(struct slice text)
{
    static const struct slice yes = SLICE("true");
    static const struct slice no = SLICE("false");
    if (slice_equal_nocase(text, yes)) {
        return SAID_YES;
    }
    return slice_equal_nocase(text, no) ? SAID_NO : SAID_NOTHING;
}

void property_apply(const struct document *document, enum room_property property,
                    struct chat_room *room)
{
    struct slice text = document_text(document);
    uint32_t count;
    switch (property) {
    case PROPERTY_USER_COUNT:
        if (slice_to_u32(text, &count)) {
            room->has_user_count = true;
            room->user_count = count;
        } else {
            document_odd_once(document, "xccos-user-count-unreadable", slice_sub(text, 0, 64), 0);
        }
        break;
    case PROPERTY_VISIBILITY:
        room->visibility = text;
        break;
    case PROPERTY_FILE_POST:
        room->file_post = read_flag(text);
        break;
    case PROPERTY_INVITES:
        room->invites = read_flag(text);
        break;
    case PROPERTY_LOGGED:
        room->logged = read_flag(text);
        break;
    case PROPERTY_NONE:
        break;
    }
}
