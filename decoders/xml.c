/*
 * XML through libxml2. See xml.h.
 *
 * The document is handed over in one piece, so positions are exact; what is done
 * to it before is in xml_text.c.
 */
#include "decoders/xml_text.h"

#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <stdlib.h>
#include <string.h>

enum {
    XML_NAMESPACES = 256,    /* in scope at once; libxml2 searches them one by one */
    XML_NAMES = 16384,       /* distinct names in one document; libxml2's table has as many slots */
    XML_NAMES_KEPT = 4096,   /* names a parser may carry on to the next document */
    LONG_DOCUMENT = 1 << 20, /* bytes; libxml2 looks for more near the end of what it has only */
    XML_OPTIONS = XML_PARSE_NOENT | XML_PARSE_NONET | XML_PARSE_NOWARNING | XML_PARSE_IGNORE_ENC,
};

struct xml_reader {
    struct limits limits;
    xmlParserCtxtPtr parser;
    struct xml_attribute *attributes; /* limits.xml_attributes of them */
    unsigned *declared;               /* namespaces declared by the open element of each depth */

    /* of the document being read */
    const struct xml_handler *handler;
    struct xml_result result;
    struct xml_text text; /* what libxml2 is given */
    size_t told;          /* position in it at the last tag that was reported */
    unsigned depth;       /* open elements */
    unsigned namespaces;  /* in scope */
};

/* ---- positions ---- */

static size_t parser_position(const struct xml_reader *reader)
{
    long consumed = xmlByteConsumed(reader->parser);
    return consumed > 0 ? (size_t)consumed : 0;
}

/*
 * Where the tag starts that the parser has read up to `end`: at the last "<", for
 * none can lie inside a tag. Looked for from the tag before, which is near.
 */
static size_t tag_position(struct xml_reader *reader, size_t end)
{
    struct slice passed = slice_sub(reader->text.text, 0, end);
    size_t from = reader->told < passed.size ? reader->told : 0;
    size_t last = 0;
    size_t at = slice_find_byte(slice_from(passed, from), '<');
    while (at != SLICE_NONE) {
        last = from + at;
        from = last + 1;
        at = slice_find_byte(slice_from(passed, from), '<');
    }
    reader->told = last;
    return last;
}

/* libxml2 reports a start tag before it knows that the tag ends; the error comes next. */
static bool tag_is_whole(const struct xml_reader *reader, size_t end)
{
    static const struct slice closing = SLICE(">");
    static const struct slice closing_empty = SLICE("/>");
    struct slice rest = slice_from(reader->text.text, end);
    return slice_starts(rest, closing) || slice_starts(rest, closing_empty);
}

/* ---- the verdict ---- */

/* Without the bytes at the end that are, or may be, the beginning of a UTF-8 character. */
static size_t whole_characters(const char *text, size_t size)
{
    while (size > 0 && ((unsigned char)text[size - 1] & 0xC0) == 0x80) {
        size--;
    }
    return size > 0 && ((unsigned char)text[size - 1] & 0x80) != 0 ? size - 1 : size;
}

/* The first thing that goes wrong is kept; later ones follow from it. */
static void keep_problem(struct xml_reader *reader, enum xml_status status, size_t offset,
                         struct slice problem)
{
    struct xml_result *result = &reader->result;
    if (result->status != XML_OK) {
        return;
    }
    result->status = status;
    result->offset = offset;
    size_t size = 0;
    size_t at = 0;
    for (; at < problem.size && size + 1 < sizeof result->problem; at++) {
        unsigned char byte = slice_byte(problem, at);
        if (byte >= 0x20 && byte != 0x7F) {
            result->problem[size++] = problem.data[at];
        }
    }
    if (at < problem.size) {
        size = whole_characters(result->problem, size);
    }
    result->problem[size] = '\0';
}

static void refuse(struct xml_reader *reader, const char *problem)
{
    size_t at = tag_position(reader, parser_position(reader));
    keep_problem(reader, XML_REFUSED, xml_text_offset(&reader->text, at), slice_of(problem));
    xmlStopParser(reader->parser);
}

/* ---- SAX callbacks ---- */

static struct slice from_xml(const xmlChar *text)
{
    return text ? slice_of((const char *)text) : (struct slice){"", 0};
}

static void on_error(void *context, xmlErrorPtr error)
{
    struct xml_reader *reader = context;
    if (error->level == XML_ERR_FATAL) {
        keep_problem(reader, XML_BROKEN, xml_text_offset(&reader->text, parser_position(reader)),
                     slice_of(error->message));
        /*
         * Without this libxml2 reads on to find further errors, each of them costly.
         * xmlStopParser() would free the input, which its caller still uses here.
         */
        reader->parser->disableSAX = 1;
        reader->parser->instate = XML_PARSER_EOF;
    }
}

/* Names are never forgotten while a document is read. */
static bool names_are_too_many(struct xml_reader *reader)
{
    if (xmlDictSize(reader->parser->dict) <= XML_NAMES) {
        return false;
    }
    refuse(reader, "more distinct names than the cap");
    return true;
}

static void on_instruction(void *context, const xmlChar *target, const xmlChar *data)
{
    (void)target;
    (void)data;
    (void)names_are_too_many(context);
}

static void on_document_type(void *context, const xmlChar *name, const xmlChar *external_id,
                             const xmlChar *system_id)
{
    (void)name;
    (void)external_id;
    (void)system_id;
    refuse(context, "document type declaration");
}

static size_t take_attributes(struct xml_reader *reader, size_t count, const xmlChar **five)
{
    for (size_t i = 0; i < count; i++, five += 5) {
        reader->attributes[i] = (struct xml_attribute){
            .name = from_xml(five[0]),
            .prefix = from_xml(five[1]),
            .value = {(const char *)five[3], (size_t)(five[4] - five[3])},
        };
    }
    return count;
}

static void on_start(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
                     int namespace_count, const xmlChar **namespaces, int attribute_count,
                     int defaulted_count, const xmlChar **attributes)
{
    struct xml_reader *reader = context;
    (void)prefix;
    (void)namespaces;
    (void)defaulted_count;
    size_t end = parser_position(reader);
    if (reader->result.status != XML_OK || !tag_is_whole(reader, end) ||
        names_are_too_many(reader)) {
        return;
    }
    if (reader->depth >= reader->limits.xml_depth) {
        refuse(reader, "elements nested deeper than the cap (xml_depth)");
        return;
    }
    if ((size_t)attribute_count > reader->limits.xml_attributes) {
        refuse(reader, "more attributes than the cap (xml_attributes)");
        return;
    }
    reader->declared[reader->depth] = (unsigned)namespace_count;
    reader->namespaces += (unsigned)namespace_count;
    if (reader->namespaces > XML_NAMESPACES) {
        refuse(reader, "more namespaces in scope than the cap");
        return;
    }
    struct xml_element element = {
        .name = from_xml(name),
        .namespace = from_xml(uri),
        .attributes = reader->attributes,
        .attribute_count = take_attributes(reader, (size_t)attribute_count, attributes),
        .depth = reader->depth++,
        .offset = xml_text_offset(&reader->text, tag_position(reader, end)),
    };
    reader->handler->start(reader->handler->context, &element);
}

static void on_text(void *context, const xmlChar *text, int size)
{
    struct xml_reader *reader = context;
    struct slice piece = {(const char *)text, (size_t)size};
    /* libxml2 goes on after some errors. */
    if (reader->result.status == XML_OK) {
        reader->handler->text(reader->handler->context, piece);
    }
}

static void on_end(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
    struct xml_reader *reader = context;
    (void)prefix;
    (void)uri;
    if (reader->result.status != XML_OK) {
        return;
    }
    reader->depth--;
    reader->namespaces -= reader->declared[reader->depth];
    reader->handler->end(reader->handler->context, from_xml(name), reader->depth,
                         xml_text_offset(&reader->text, parser_position(reader)));
}

/* ---- the parser ---- */

static xmlParserCtxtPtr parser_new(struct xml_reader *reader)
{
    xmlParserCtxtPtr parser = xmlNewParserCtxt();
    if (!parser) {
        memory_fatal();
    }
    /* Every callback that is not named stays NULL: no tree, no entities, no external subset. */
    *parser->sax = (xmlSAXHandler){
        .initialized = XML_SAX2_MAGIC,
        .internalSubset = on_document_type,
        .startElementNs = on_start,
        .endElementNs = on_end,
        .characters = on_text,
        .ignorableWhitespace = on_text,
        .cdataBlock = on_text,
        .processingInstruction = on_instruction,
        .serror = on_error,
    };
    parser->userData = reader;
    return parser;
}

struct xml_reader *xml_reader_new(const struct limits *limits)
{
    xmlInitParser();
    struct xml_reader *reader = memory_zero(1, sizeof *reader);
    reader->limits = *limits;
    reader->attributes = memory_zero(limits->xml_attributes, sizeof *reader->attributes);
    reader->declared = memory_zero(limits->xml_depth, sizeof *reader->declared);
    reader->parser = parser_new(reader);
    return reader;
}

void xml_reader_free(struct xml_reader *reader)
{
    if (!reader) {
        return;
    }
    xmlFreeParserCtxt(reader->parser);
    free(reader->attributes);
    free(reader->declared);
    xml_text_dispose(&reader->text);
    free(reader);
}

/* Names stay in the parser's dictionary; a hostile sender must not fill it for those who follow. */
static void forget(struct xml_reader *reader)
{
    xmlCtxtReset(reader->parser);
    if (xmlDictSize(reader->parser->dict) > XML_NAMES_KEPT) {
        xmlFreeParserCtxt(reader->parser);
        reader->parser = parser_new(reader);
    }
    xml_text_close(&reader->text);
}

/*
 * As xmlCtxtReadMemory() does it, but for the read callback: a document that is
 * all there has nothing to read, and with the callback libxml2 would look for
 * more before every tag of a short one. A long one keeps it: without, libxml2
 * takes it for a file and reads ten million bytes of it at most.
 */
static void read_document(xmlParserCtxtPtr parser, struct slice text)
{
    xmlParserInputBufferPtr buffer =
        xmlParserInputBufferCreateMem(text.data, (int)text.size, XML_CHAR_ENCODING_NONE);
    if (!buffer) {
        memory_fatal();
    }
    if (text.size < LONG_DOCUMENT) {
        buffer->readcallback = NULL;
    }
    xmlParserInputPtr input = xmlNewIOInputStream(parser, buffer, XML_CHAR_ENCODING_NONE);
    if (!input) {
        memory_fatal();
    }
    (void)xmlCtxtUseOptions(parser, XML_OPTIONS);
    (void)inputPush(parser, input);
    (void)xmlParseDocument(parser);
}

static void parse(struct xml_reader *reader)
{
    static const struct slice opening = SLICE("<");
    /* libxml2 would guess further encodings from another first byte. */
    if (!slice_starts(reader->text.text, opening)) {
        keep_problem(reader, XML_BROKEN, xml_text_offset(&reader->text, 0),
                     slice_of("does not start with a tag"));
        return;
    }
    read_document(reader->parser, reader->text.text);
    if (!reader->parser->wellFormed) {
        keep_problem(reader, XML_BROKEN, xml_text_offset(&reader->text, 0),
                     slice_of("not well-formed"));
    }
}

/* Appends printable ASCII to a terminated line, as much as fits. */
static size_t add_plain(char *line, size_t size, size_t room, struct slice text)
{
    for (size_t i = 0; i < text.size && size + 1 < room; i++) {
        unsigned char byte = slice_byte(text, i);
        line[size++] = byte >= 0x20 && byte < 0x7F ? text.data[i] : '?';
    }
    line[size] = '\0';
    return size;
}

static void keep_claim(struct xml_reader *reader)
{
    static const struct slice but = SLICE(", read as ");
    struct xml_result *result = &reader->result;
    struct slice claim = xml_text_claim(&reader->text);
    if (claim.size == 0) {
        return;
    }
    size_t room = sizeof result->claim;
    size_t size = add_plain(result->claim, 0, room, slice_sub(claim, 0, 24));
    size = add_plain(result->claim, size, room, but);
    (void)add_plain(result->claim, size, room, slice_of(xml_encoding_name(reader->text.encoding)));
}

/* What libxml2 finds wrong at the cut is only the cut itself. */
static void keep_cut(struct xml_reader *reader)
{
    size_t offset = xml_text_offset(&reader->text, reader->text.text.size);
    if (reader->text.cut != XML_OK &&
        (reader->result.status == XML_OK || reader->result.offset >= offset)) {
        reader->result.status = XML_OK;
        keep_problem(reader, reader->text.cut, offset, slice_of(reader->text.cut_problem));
    }
}

struct xml_result xml_read(struct xml_reader *reader, struct slice document,
                           const struct xml_handler *handler)
{
    reader->handler = handler;
    reader->depth = 0;
    reader->namespaces = 0;
    reader->told = 0;
    reader->result = (struct xml_result){.status = XML_OK};
    xml_text_open(&reader->text, document, &reader->limits);
    keep_claim(reader);
    if (reader->text.cut == XML_OK || reader->text.text.size > 0) {
        parse(reader);
    }
    keep_cut(reader);
    forget(reader);
    return reader->result;
}

bool xml_attribute(const struct xml_element *element, struct slice name, struct slice *out)
{
    for (size_t i = 0; i < element->attribute_count; i++) {
        if (slice_equal(element->attributes[i].name, name)) {
            *out = element->attributes[i].value;
            return true;
        }
    }
    return false;
}
