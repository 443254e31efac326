/*
 * XML through libxml2's SAX interface: the only file that includes libxml2.
 *
 * There is one meaning of XML here, libxml2's. Entities, DTDs, network access
 * and huge documents are off; depth, attributes and size are capped
 * (limits.h); a document type declaration ends the reading. Namespaces are
 * resolved by libxml2; handlers match local names, because real documents use
 * several URIs for one vocabulary (presence.md 2.1).
 *
 * A document that stops being well-formed has delivered what came before; the
 * result says where and why it stopped.
 */
#ifndef OCSIGHT_DECODERS_XML_H
#define OCSIGHT_DECODERS_XML_H

#include "analyzer/engine/arena.h"
#include "analyzer/engine/limits.h"

struct xml_attribute {
    struct slice name;   /* local name */
    struct slice prefix; /* "" without */
    struct slice value;  /* entities resolved */
};

struct xml_element {
    struct slice name;      /* local name */
    struct slice namespace; /* URI; "" without */
    const struct xml_attribute *attributes;
    size_t attribute_count;
    unsigned depth; /* 0 for the root */
    size_t offset;  /* of its "<" in the document, bytes */
};

/* Everything handed to a handler is borrowed until it returns. Text may come in pieces. */
struct xml_handler {
    void *context;
    void (*start)(void *context, const struct xml_element *element);
    void (*text)(void *context, struct slice text);
    /* `end_offset` is the position after its end tag. */
    void (*end)(void *context, struct slice name, unsigned depth, size_t end_offset);
};

enum xml_status {
    XML_OK,
    XML_BROKEN,  /* not well-formed from `offset` on */
    XML_REFUSED, /* DTD, too deep, too many attributes, too large: `problem` says which */
};

struct xml_result {
    enum xml_status status;
    size_t offset;     /* bytes from the start of the document */
    char problem[160]; /* one line, control characters removed */
    char claim[48];    /* "utf-16, read as UTF-8": the declaration names another encoding; or "" */
};

struct xml_reader;

struct xml_reader *xml_reader_new(const struct limits *limits);
void xml_reader_free(struct xml_reader *reader);

struct xml_result xml_read(struct xml_reader *reader, struct slice document,
                           const struct xml_handler *handler);

/* The value of an attribute by local name, case-sensitive; false when absent. */
bool xml_attribute(const struct xml_element *element, struct slice name, struct slice *out);

#endif
