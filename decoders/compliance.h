/*
 * Reads an export of the compliance service: Conversations / Conversation / Messages / Message
 * (facts/xccos.md 1.15).
 *
 * Total and lenient: whatever the file holds, every Message that can be told is told, and what is
 * odd is said. Elements have no namespace; one that is there does not matter. Attributes of Sender
 * may begin in either letter case (a sample transform of the product's own asks so). Attributes
 * and elements that the schema does not have (islogged, what an adapter adds) are handed on or
 * passed over. Of the three forms of a time the ticks count, then the text, then the
 * milliseconds; that they disagree is said.
 *
 * Not handled: compressed files, and what an XSLT of the customer's own makes of an export.
 */
#ifndef OCSIGHT_DECODERS_COMPLIANCE_H
#define OCSIGHT_DECODERS_COMPLIANCE_H

#include "analyzer/engine/compliance.h"
#include "decoders/xml.h"

/* What a Sender says beyond its address; "" = not there, or empty. */
struct compliance_sender {
    struct slice user_name;
    struct slice id;
    struct slice email;
    struct slice internal;
    struct slice uri; /* as written */
};

/* An attribute that the schema does not have, as it is written. */
struct compliance_extra {
    const char *element; /* "Channel", "Message", "Sender" */
    struct slice name;
    struct slice value;
};

/* Everything is borrowed until the function returns. A function may be NULL. */
struct compliance_handler {
    void *context;
    void (*message)(void *context, const struct compliance_event *event,
                    const struct compliance_sender *sender);
    /* At the end of a Conversation, or where the file breaks off inside it. */
    void (*channel)(void *context, const struct compliance_channel *channel);
    void (*extra)(void *context, const struct compliance_extra *extra);
    /* `where` has the line and the offset. */
    void (*odd)(void *context, const char *code, struct slice detail, const struct origin *where);
};

struct compliance_reading {
    uint64_t messages; /* told */
    uint64_t dropped;  /* Message elements of which nothing can be told */
    bool whole;        /* read to its end, and nothing in it was unreadable */
};

/*
 * `reader` has limits of its own: a file may be larger than any message. `input` is the index that
 * origins get; their record is the line of the element, their offset its first byte.
 */
struct compliance_reading compliance_read(struct xml_reader *reader, struct slice document,
                                          uint32_t input, const struct compliance_handler *handler);

#endif
