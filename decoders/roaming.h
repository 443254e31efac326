/*
 * The owner's lists: containers and their members, subscribers, delegates, contacts,
 * the roaming ACL (facts/presence.md 1.6).
 *
 * Entries of decoders/body.c's table, and a part of presence_xml.c for the roaming-self
 * document, which holds them beside categories. The sheet gives the elements of
 * containers and subscribers; of the other lists an entry is taken for what its local
 * name and an attribute with an address say, and the rest is in `raw`.
 */
#ifndef OCSIGHT_DECODERS_ROAMING_H
#define OCSIGHT_DECODERS_ROAMING_H

#include "decoders/document.h"

/* application/msrtc-setcontainermembers+xml: one EVENT_CONTAINER for each member. */
void roaming_decode_members(const struct document *document);

/* application/msrtc-presence-setsubscriber+xml: one EVENT_ROAMING for each subscriber. */
void roaming_decode_subscribers(const struct document *document);

/* contactList and contactDelta: one EVENT_ROAMING for each contact. */
void roaming_decode_contacts(const struct document *document);

/* The roaming ACL: one EVENT_ROAMING for each ACE. */
void roaming_decode_acl(const struct document *document);

/* Which document it is. */
enum roaming_list {
    ROAMING_LIST_SELF = 1 << 0,
    ROAMING_LIST_MEMBERS = 1 << 1,
    ROAMING_LIST_SUBSCRIBERS = 1 << 2,
    ROAMING_LIST_CONTACTS = 1 << 3,
    ROAMING_LIST_ACL = 1 << 4,
};

struct roaming_reader {
    const struct document *document;
    enum roaming_list list;
    struct slice owner; /* that the document names; "" = the message says it */

    bool in_container;
    unsigned container_depth;
    struct container_fact container; /* what its members share */
    bool has_members;
    uint32_t index;

    bool in_entry;
    unsigned entry_depth;
    size_t begin;
    struct roaming_fact entry;
};

void roaming_open(struct roaming_reader *reader, const struct document *document,
                  enum roaming_list list);

/* The document names its owner; "" is no name. */
void roaming_owner(struct roaming_reader *reader, struct slice user);

void roaming_start(struct roaming_reader *reader, const struct xml_element *element);
void roaming_end(struct roaming_reader *reader, unsigned depth, size_t end_offset);

#endif
