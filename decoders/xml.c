/*
 * XML through libxml2. See xml.h.
 *
 * The document is handed over in one piece, so positions are exact. Three things
 * are done before libxml2 sees it:
 *  - it becomes UTF-8: a byte order mark and blanks in front are skipped, UTF-16
 *    and ISO-8859-1 are transcribed, and any other declared encoding is ignored
 *    (documents claim utf-16 and are utf-8: facts/presence.md part 6);
 *  - it is cut at the size cap and at the first start tag with more attributes
 *    than the cap, because libxml2 compares the attributes of one tag pairwise;
 *  - it is cut at a NUL byte, which no XML document may hold.
 * What lies before the cut is read; the result then tells of the cut.
 */
#include "decoders/xml.h"

#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    XML_NAMESPACES = 256,            /* in scope at once; libxml2 searches them one by one */
    XML_NAMES_KEPT = 256 * 1024,     /* bytes of names a parser may carry on to the next document */
    XML_SCRATCH_KEPT = 1024 * 1024,  /* bytes of transcription buffer kept between documents */
    XML_OPTIONS = XML_PARSE_NOENT | XML_PARSE_NONET | XML_PARSE_NOWARNING | XML_PARSE_IGNORE_ENC,
};

enum encoding { ENCODING_UTF8, ENCODING_LATIN1, ENCODING_UTF16LE, ENCODING_UTF16BE };

struct xml_reader {
    struct limits limits;
    xmlParserCtxtPtr parser;
    struct xml_attribute *attributes; /* limits.xml_attributes of them */
    unsigned *declared;               /* namespaces declared by the open element of each depth */
    char *scratch;                    /* the document in UTF-8, when it was not */
    size_t scratch_capacity;

    /* of the document being read */
    const struct xml_handler *handler;
    struct xml_result result;
    struct slice text;     /* what libxml2 is given */
    size_t skipped;        /* bytes of the document in front of `text` */
    enum encoding encoding;
    size_t mapped_text;    /* the last position in `text` that was mapped ... */
    size_t mapped_source;  /* ... and its place in the document, counted from `skipped` */
    unsigned depth;        /* open elements */
    unsigned namespaces;   /* in scope */
};

/* ---- positions ---- */

static bool is_continuation(char byte)
{
    return ((unsigned char)byte & 0xC0) == 0x80;
}

/* Bytes that the character at text[at] takes in the document. */
static size_t source_width(const struct xml_reader *reader, size_t at)
{
    if (reader->encoding == ENCODING_LATIN1) {
        return 1;
    }
    return slice_byte(reader->text, at) >= 0xF0 ? 4 : 2;
}

/* The place in the document of a position in `text`. Positions mostly ascend, so the walk goes on. */
static size_t source_offset(struct xml_reader *reader, size_t position)
{
    if (position > reader->text.size) {
        position = reader->text.size;
    }
    if (reader->encoding == ENCODING_UTF8) {
        return reader->skipped + position;
    }
    if (position < reader->mapped_text) {
        reader->mapped_text = 0;
        reader->mapped_source = 0;
    }
    for (; reader->mapped_text < position; reader->mapped_text++) {
        if (!is_continuation(reader->text.data[reader->mapped_text])) {
            reader->mapped_source += source_width(reader, reader->mapped_text);
        }
    }
    return reader->skipped + reader->mapped_source;
}

static size_t parser_position(const struct xml_reader *reader)
{
    long consumed = xmlByteConsumed(reader->parser);
    return consumed > 0 ? (size_t)consumed : 0;
}

/* Where the tag starts that the parser has just read: no "<" can lie inside a tag. */
static size_t tag_position(const struct xml_reader *reader)
{
    size_t at = parser_position(reader);
    if (at > reader->text.size) {
        at = reader->text.size;
    }
    while (at > 0 && reader->text.data[at - 1] != '<') {
        at--;
    }
    return at > 0 ? at - 1 : 0;
}

/* ---- the verdict ---- */

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
    for (size_t i = 0; i < problem.size && size + 1 < sizeof result->problem; i++) {
        unsigned char byte = slice_byte(problem, i);
        if (byte >= 0x20 && byte != 0x7F) {
            result->problem[size++] = problem.data[i];
        }
    }
    /* Not in the middle of a character. */
    while (size + 1 == sizeof result->problem && size > 0 && is_continuation(result->problem[size - 1])) {
        size--;
    }
    result->problem[size] = '\0';
}

static void refuse(struct xml_reader *reader, const char *problem)
{
    keep_problem(reader, XML_REFUSED, source_offset(reader, tag_position(reader)),
                 slice_of(problem));
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
        keep_problem(reader, XML_BROKEN, source_offset(reader, parser_position(reader)),
                     slice_of(error->message));
    }
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
        .offset = source_offset(reader, tag_position(reader)),
    };
    reader->handler->start(reader->handler->context, &element);
}

static void on_text(void *context, const xmlChar *text, int size)
{
    struct xml_reader *reader = context;
    struct slice piece = {(const char *)text, (size_t)size};
    reader->handler->text(reader->handler->context, piece);
}

static void on_end(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
    struct xml_reader *reader = context;
    (void)prefix;
    (void)uri;
    reader->depth--;
    reader->namespaces -= reader->declared[reader->depth];
    reader->handler->end(reader->handler->context, from_xml(name), reader->depth,
                         source_offset(reader, parser_position(reader)));
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
    free(reader->scratch);
    free(reader);
}

/* Names stay in the parser's dictionary; a hostile sender must not fill it for those who follow. */
static void forget(struct xml_reader *reader)
{
    xmlCtxtReset(reader->parser);
    if (xmlDictGetUsage(reader->parser->dict) > XML_NAMES_KEPT) {
        xmlFreeParserCtxt(reader->parser);
        reader->parser = parser_new(reader);
    }
    if (reader->scratch_capacity > XML_SCRATCH_KEPT) {
        free(reader->scratch);
        reader->scratch = NULL;
        reader->scratch_capacity = 0;
    }
}

/* ---- preparing a document ---- */

static size_t put_utf8(char *out, uint32_t code)
{
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    if (code < 0x800) {
        out[0] = (char)(0xC0 | code >> 6);
        out[1] = (char)(0x80 | (code & 0x3F));
        return 2;
    }
    if (code < 0x10000) {
        out[0] = (char)(0xE0 | code >> 12);
        out[1] = (char)(0x80 | (code >> 6 & 0x3F));
        out[2] = (char)(0x80 | (code & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | code >> 18);
    out[1] = (char)(0x80 | (code >> 12 & 0x3F));
    out[2] = (char)(0x80 | (code >> 6 & 0x3F));
    out[3] = (char)(0x80 | (code & 0x3F));
    return 4;
}

static uint32_t utf16_unit(struct slice source, size_t at, enum encoding encoding)
{
    uint32_t first = slice_byte(source, at);
    uint32_t second = slice_byte(source, at + 1);
    return encoding == ENCODING_UTF16BE ? first << 8 | second : second << 8 | first;
}

/* One character at source[*at]; a half surrogate pair is U+FFFD. At least two bytes must be there. */
static uint32_t utf16_take(struct slice source, size_t *at, enum encoding encoding)
{
    uint32_t code = utf16_unit(source, *at, encoding);
    *at += 2;
    if (code < 0xD800 || code > 0xDFFF) {
        return code;
    }
    if (code <= 0xDBFF && source.size - *at >= 2) {
        uint32_t low = utf16_unit(source, *at, encoding);
        if (low >= 0xDC00 && low <= 0xDFFF) {
            *at += 2;
            return 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
        }
    }
    return 0xFFFD;
}

static struct slice transcribe(struct xml_reader *reader, struct slice source)
{
    /* ISO-8859-1 at most doubles; two bytes of UTF-16 become at most three. */
    size_t most = source.size * 2 + 4;
    if (reader->scratch_capacity < most) {
        reader->scratch = memory_grow(reader->scratch, most, 1);
        reader->scratch_capacity = most;
    }
    size_t size = 0;
    if (reader->encoding == ENCODING_LATIN1) {
        for (size_t at = 0; at < source.size; at++) {
            size += put_utf8(reader->scratch + size, slice_byte(source, at));
        }
        return (struct slice){reader->scratch, size};
    }
    for (size_t at = 0; source.size - at >= 2;) {
        size += put_utf8(reader->scratch + size, utf16_take(source, &at, reader->encoding));
    }
    return (struct slice){reader->scratch, size};
}

/* Does the XML declaration, if there is one, name ISO-8859-1? */
static bool declares_latin1(struct slice text)
{
    static const struct slice opening = SLICE("<?xml");
    static const struct slice closing = SLICE("?>");
    static const struct slice latin1 = SLICE("iso-8859-1");
    if (!slice_starts(text, opening)) {
        return false;
    }
    struct slice head = slice_sub(text, 0, 256);
    return slice_find_nocase(slice_sub(head, 0, slice_find(head, closing)), latin1) != SLICE_NONE;
}

static struct slice skip_blanks(struct slice text)
{
    size_t at = 0;
    while (at < text.size && (text.data[at] == ' ' || text.data[at] == '\t' ||
                              text.data[at] == '\r' || text.data[at] == '\n')) {
        at++;
    }
    return slice_from(text, at);
}

/* Finds the encoding and returns the document without its byte order mark. */
static struct slice find_encoding(struct slice document, enum encoding *out)
{
    static const struct slice mark8 = SLICE("\xEF\xBB\xBF");
    static const struct slice mark16le = SLICE("\xFF\xFE");
    static const struct slice mark16be = SLICE("\xFE\xFF");
    static const struct slice open16le = SLICE("<\0");
    static const struct slice open16be = SLICE("\0<");
    *out = ENCODING_UTF8;
    if (slice_starts(document, mark16le) || slice_starts(document, open16le)) {
        *out = ENCODING_UTF16LE;
    } else if (slice_starts(document, mark16be) || slice_starts(document, open16be)) {
        *out = ENCODING_UTF16BE;
    }
    if (*out != ENCODING_UTF8) {
        return slice_from(document, document.data[0] == '<' || document.data[1] == '<' ? 0 : 2);
    }
    document = skip_blanks(document);
    if (slice_starts(document, mark8)) {
        return skip_blanks(slice_from(document, mark8.size));
    }
    if (declares_latin1(document)) {
        *out = ENCODING_LATIN1;
    }
    return document;
}

/* Quoted strings in text[at ...) up to the ">" or "<" that ends the tag. */
static size_t count_quoted(struct slice text, size_t at)
{
    size_t count = 0;
    char quote = '\0';
    for (; at < text.size && text.data[at] != '<'; at++) {
        char byte = text.data[at];
        if (quote != '\0') {
            quote = byte == quote ? '\0' : quote;
        } else if (byte == '>') {
            break;
        } else if (byte == '"' || byte == '\'') {
            quote = byte;
            count++;
        }
    }
    return count;
}

/* Position of the first start tag with more than `most` attributes, or SLICE_NONE. */
static size_t find_crowded_tag(struct slice text, size_t most)
{
    size_t at = 0;
    for (;;) {
        size_t open = slice_find_byte(slice_from(text, at), '<');
        if (open == SLICE_NONE) {
            return SLICE_NONE;
        }
        at += open + 1;
        bool start_tag = at < text.size && text.data[at] != '!' && text.data[at] != '?' &&
                         text.data[at] != '/';
        if (start_tag && count_quoted(text, at) > most) {
            return at - 1;
        }
    }
}

/* Where reading must stop and why; the part in front of it goes to libxml2. */
struct cut {
    enum xml_status status; /* XML_OK: nothing is cut */
    size_t position;        /* in reader->text */
    const char *problem;
};

static struct cut cut_text(const struct xml_reader *reader, bool too_large)
{
    struct slice text = reader->text;
    struct cut cut = {.status = XML_OK, .position = text.size};
    if (too_large) {
        cut = (struct cut){XML_REFUSED, text.size, "larger than the cap (xml_bytes)"};
    }
    size_t zero = slice_find_byte(text, '\0');
    if (zero != SLICE_NONE) {
        cut = (struct cut){XML_BROKEN, zero, "NUL byte"};
    }
    size_t crowded =
        find_crowded_tag(slice_sub(text, 0, cut.position), reader->limits.xml_attributes);
    if (crowded != SLICE_NONE) {
        cut = (struct cut){XML_REFUSED, crowded, "more attributes than the cap (xml_attributes)"};
    }
    return cut;
}

static struct cut prepare(struct xml_reader *reader, struct slice document)
{
    size_t most = reader->limits.xml_bytes < INT_MAX / 4 ? reader->limits.xml_bytes : INT_MAX / 4;
    struct slice source = find_encoding(slice_sub(document, 0, most), &reader->encoding);
    reader->skipped = source.size > 0 ? (size_t)(source.data - document.data) : 0;
    reader->mapped_text = 0;
    reader->mapped_source = 0;
    reader->text = reader->encoding == ENCODING_UTF8 ? source : transcribe(reader, source);
    struct cut cut = cut_text(reader, document.size > most);
    reader->text = slice_sub(reader->text, 0, cut.position);
    return cut;
}

struct xml_result xml_read(struct xml_reader *reader, struct slice document,
                           const struct xml_handler *handler)
{
    reader->handler = handler;
    reader->depth = 0;
    reader->namespaces = 0;
    reader->result = (struct xml_result){.status = XML_OK};
    struct cut cut = prepare(reader, document);
    /* libxml2 would guess further encodings from another first byte. */
    if (reader->text.size == 0 || reader->text.data[0] != '<') {
        keep_problem(reader, XML_BROKEN, reader->skipped, slice_of("does not start with a tag"));
        return reader->result;
    }
    (void)xmlCtxtReadMemory(reader->parser, reader->text.data, (int)reader->text.size, NULL, NULL,
                            XML_OPTIONS);
    if (cut.status != XML_OK &&
        (reader->result.status == XML_OK ||
         reader->result.offset >= source_offset(reader, cut.position))) {
        reader->result.status = XML_OK;
        keep_problem(reader, cut.status, source_offset(reader, cut.position),
                     slice_of(cut.problem));
    }
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
