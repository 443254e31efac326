/*
 * Properties of a room: `info` and `prop` inside `chanib` (facts/xccos.md 1.9).
 *
 * A part of decoders/xccos.c's document. Kinds are told apart by their id, without
 * case; those that are not known are xccos_unknown.c's.
 */
#ifndef OCSIGHT_DECODERS_XCCOS_PROPERTY_H
#define OCSIGHT_DECODERS_XCCOS_PROPERTY_H

#include "decoders/document.h"

enum room_property {
    PROPERTY_NONE,
    PROPERTY_USER_COUNT,
    PROPERTY_VISIBILITY,
    PROPERTY_FILE_POST,
    PROPERTY_INVITES,
    PROPERTY_LOGGED,
};

/* Which one the element is; PROPERTY_NONE for any other. */
enum room_property property_find(const struct xml_element *element);

/* The collected text is its value. */
void property_apply(const struct document *document, enum room_property property,
                    struct chat_room *room);

#endif
