/*
 * The content of a category that is no state: its leaves, and what they say to
 * people in one line (facts/presence.md 2.6, part 5).
 *
 * A part of presence_xml.c's document: its handlers pass on what lies inside the
 * category. Every attribute is a leaf, and so is the text of an element without
 * children; text beside children is in `raw` only. The sheet gives the elements of
 * few categories, so the line is made of the leaves that it names, and for the
 * others of all leaves; a category that nobody knows gets no line.
 */
#ifndef OCSIGHT_DECODERS_CATEGORY_H
#define OCSIGHT_DECODERS_CATEGORY_H

#include "decoders/document.h"

/* The category of that name, in any letter case. */
enum category_kind category_find(struct slice name);

struct category_content {
    const struct document *document;
    struct category_item *items;
    size_t count;
    size_t capacity;
    bool is_leaf; /* no tag since the start tag of the innermost element */
    size_t offset;
};

/* Zeroed storage and `document` are what an empty content is. */
void category_start(struct category_content *content, const struct xml_element *element);
void category_text(struct category_content *content, struct slice text);
void category_end(struct category_content *content, struct slice name);

/* At the end of the category: gives the fact its items and its line. */
void category_take(struct category_content *content, struct category_fact *fact, size_t offset);

#endif
