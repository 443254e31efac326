/*
 * The value of a state category: one `state` element (facts/presence.md part 2).
 *
 * A part of presence_xml.c's document: its handlers pass on what lies inside the
 * element. Elements are known by local name; unknown ones are skipped, as the
 * schema is lax. Anything unreadable is left out with a diagnostic.
 */
#ifndef OCSIGHT_DECODERS_STATE_H
#define OCSIGHT_DECODERS_STATE_H

#include "decoders/document.h"

enum state_field {
    STATE_FIELD_NONE,
    STATE_FIELD_AVAILABILITY,
    STATE_FIELD_CUSTOM,
    STATE_FIELD_DEVICE,
    STATE_FIELD_LOCATION,
    STATE_FIELD_TIME_ZONE,
    STATE_FIELD_MEETING_SUBJECT,
    STATE_FIELD_MEETING_LOCATION,
};

struct state_reader {
    const struct document *document;
    struct presence_value *value; /* being filled */
    unsigned depth;               /* of the state element */
    enum state_field field;       /* whose text is being collected */
    unsigned field_depth;
    size_t field_offset;
    bool has_availability;
};

/* `element` is the state element; *value is overwritten. */
void state_open(struct state_reader *reader, const struct document *document,
                const struct xml_element *element, struct presence_value *value);
void state_start(struct state_reader *reader, const struct xml_element *element);
void state_text(struct state_reader *reader, struct slice text);
void state_end(struct state_reader *reader, unsigned depth);

/* A value that says nothing. */
struct presence_value state_none(void);

#endif
