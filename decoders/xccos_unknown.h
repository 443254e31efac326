/*
 * Names that the catalogue of the fact sheet does not hold: elements, attributes,
 * and the names of commands, replies, notices and properties (facts/xccos.md
 * 1.1-1.9). They are kept as they were written. Those that the sheet merely
 * recalls (7.2) are kept too, and marked.
 *
 * A part of decoders/xccos.c's document, which passes on every element and text
 * of an envelope. Bounded by limits.unknown_names for one body.
 */
#ifndef OCSIGHT_DECODERS_XCCOS_UNKNOWN_H
#define OCSIGHT_DECODERS_XCCOS_UNKNOWN_H

#include "decoders/document.h"

enum {
    UNKNOWN_DEPTH = 16, /* levels below the envelope that a path tells apart */
    UNKNOWN_PATH = 256, /* bytes of a path */
    UNKNOWN_TEXT = 160, /* bytes of a value */
};

struct known_name;

struct xccos_unknown {
    const struct document *document;
    size_t left; /* names that the body may still bring */
    bool capped;
    struct chat_unknown *items; /* of the child that is open */
    size_t count;
    size_t capacity;
    const struct known_name *known[UNKNOWN_DEPTH]; /* the open elements; NULL = not known */
    char path[UNKNOWN_PATH];
    size_t size;                 /* of the path of the open element */
    size_t sizes[UNKNOWN_DEPTH]; /* of those around it */
    bool collecting;             /* the text of the last item is still to come */
    unsigned collecting_depth;
    char text[UNKNOWN_TEXT];
    size_t text_size;
};

void unknown_init(struct xccos_unknown *unknown, const struct document *document);

/* The root, then each child of the envelope with what its id names ("" = an element alone). */
void unknown_root(struct xccos_unknown *unknown, const struct xml_element *element);
void unknown_child(struct xccos_unknown *unknown, const struct xml_element *element,
                   const struct chat_fact *fact);

/* Everything below. */
void unknown_start(struct xccos_unknown *unknown, const struct xml_element *element);
void unknown_text(struct xccos_unknown *unknown, struct slice text);
void unknown_end(struct xccos_unknown *unknown, unsigned depth);

/* What was gathered goes to the fact of the child that ends here. */
void unknown_take(struct xccos_unknown *unknown, struct chat_fact *fact);

#endif
