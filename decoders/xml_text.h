/*
 * A document as libxml2 is given it: UTF-8, from its first tag on, up to where
 * reading has to stop. The half of decoders/xml.c that knows nothing of libxml2.
 *
 *  - A byte order mark and blanks in front are skipped, UTF-16 and ISO-8859-1 are
 *    transcribed, any other declared encoding is ignored, and said: documents claim
 *    utf-16 and are utf-8 (facts/presence.md part 6).
 *  - It is cut at the size cap and at the first start tag with more attributes
 *    than the cap, because libxml2 compares the attributes of one tag pairwise.
 *  - It is cut at a NUL byte, which no XML document may hold.
 */
#ifndef OCSIGHT_DECODERS_XML_TEXT_H
#define OCSIGHT_DECODERS_XML_TEXT_H

#include "decoders/xml.h"

enum xml_encoding {
    XML_ENCODING_UTF8,
    XML_ENCODING_LATIN1,
    XML_ENCODING_UTF16LE,
    XML_ENCODING_UTF16BE,
};

struct xml_text {
    struct slice text;   /* borrowed from the document, or in `scratch` */
    enum xml_status cut; /* XML_OK: the text goes on to the end of the document */
    const char *cut_problem;

    /* private */
    enum xml_encoding encoding;
    size_t skipped;       /* bytes of the document in front of `text` */
    size_t mapped_text;   /* the last position in `text` that was mapped ... */
    size_t mapped_source; /* ... and its place in the document, counted from `skipped` */
    char *scratch;
    size_t scratch_capacity;
};

/* Zeroed storage is ready for xml_text_open(), which can be called again and again. */
void xml_text_open(struct xml_text *text, struct slice document, const struct limits *limits);
void xml_text_dispose(struct xml_text *text);

/* Gives back a large scratch buffer. `text` is gone then. */
void xml_text_close(struct xml_text *text);

/*
 * The encoding that the XML declaration names, when the text was not read as that
 * one; else "". Borrowed like `text`.
 */
struct slice xml_text_claim(const struct xml_text *text);

/* What the text was read as: "UTF-8", "UTF-16". */
const char *xml_encoding_name(enum xml_encoding encoding);

/* The place in the document of a position in `text`. Cheap as long as positions ascend. */
size_t xml_text_offset(struct xml_text *text, size_t position);

#endif
