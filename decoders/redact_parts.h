/*
 * What the redact*.c files share. See redact.h.
 */
#ifndef OCSIGHT_DECODERS_REDACT_PARTS_H
#define OCSIGHT_DECODERS_REDACT_PARTS_H

#include "analyzer/engine/buffer.h"
#include "decoders/redact.h"

struct redactor {
    struct pseudonyms *names;
    struct arena arena;  /* of one call */
    struct map cache;    /* kind and text -> struct slice in `kept` */
    struct arena kept;   /* what the cache holds */
    struct map words;    /* of the protocols, in lower case */
    struct map phrases;  /* words of server boilerplate, in lower case */
    struct map headers;  /* by name in lower case */
    struct map places;   /* of XML: "element@attribute", "@attribute", "element" */
    struct buffer out;   /* the message */
    struct buffer value; /* one value as it is put together */
    struct buffer plain; /* one value without its references */
};

/* What stands at a place of a document. */
enum redact_place {
    PLACE_ANY,    /* told by its form */
    PLACE_PLAIN,  /* a number, a time or a word of the protocol, of any length */
    PLACE_TEXT,   /* written by a person */
    PLACE_ROOM,   /* the name of a room */
    PLACE_CHAT,   /* a posted text */
    PLACE_ID,     /* an identifier */
    PLACE_FILE,   /* the name of a file */
    PLACE_LIST,   /* the last part of a room's URI, or numbers with commas */
    PLACE_HOST,   /* a host without a point in it, too */
    PLACE_TOKEN,  /* a file token */
    PLACE_BASE64, /* a document in Base64 */
    PLACE_SLOTS,  /* free and busy times in Base64, which stay */
    PLACE_SECRET, /* a password */
};

/* ---- redact_words.c ---- */

void redact_words_fill(struct redactor *redactor);
bool redact_is_word(const struct redactor *redactor, struct slice text);

/* `attribute` empty: the text of the element. Local names. */
enum redact_place redact_place_find(struct redactor *redactor, struct slice element,
                                    struct slice attribute);

/* ---- redact_name.c: one name ---- */

/* At the front of each call: empties what the last one left. */
void redact_begin(struct redactor *redactor);

enum { REDACT_SHORT_NUMBER = 6 /* digits that are no telephone number */ };

/* "user@host" in lower case, of a person. */
struct slice redact_person(struct redactor *redactor, struct slice user);

struct slice redact_name(struct redactor *redactor, enum pseudonym_kind kind, struct slice text);

bool redact_is_number(struct slice text, size_t most);
bool redact_is_guid(struct slice text);       /* with or without braces */
bool redact_is_plain_guid(struct slice text); /* that holds no address of a machine */
bool redact_is_host(struct slice text);

/* Appends "host:port", or a part of a path: a GUID or a short number stays. */
void redact_put_host(struct redactor *redactor, struct slice host, struct buffer *out);
void redact_put_part(struct redactor *redactor, struct slice part, struct buffer *out);

/* Server boilerplate, word by word. */
void redact_put_phrase(struct redactor *redactor, struct slice text, struct buffer *out);

/* ---- redact_uri.c ---- */

/* Has it a scheme, or is it "user@host"? */
bool redact_is_uri(struct slice text);

/* The name of a parameter stays when it has the form of one and nobody's name or number. */
void redact_put_parameter_name(struct redactor *redactor, struct slice name, bool valued,
                               struct buffer *out);
void redact_put_uri(struct redactor *redactor, struct slice uri, struct buffer *out);

/* The value of ;name=value in URIs and headers, without quotes. */
void redact_put_parameter(struct redactor *redactor, struct slice name, struct slice value,
                          struct buffer *out);

/* ---- redact_value.c: one value of a document ---- */

/* False = it stays as it is written; else its text has been appended. `value` is trimmed. */
bool redact_put_value(struct redactor *redactor, enum redact_place place, struct slice value,
                      struct buffer *out);

/* ---- redact_header.c ---- */

void redact_headers_fill(struct redactor *redactor);

/* The name of a header stays when it is one of SIP's or of the product. */
void redact_put_header_name(struct redactor *redactor, struct slice name, struct buffer *out);

/* A method of SIP's, or a name. */
void redact_put_method(struct redactor *redactor, struct slice method, struct buffer *out);

/* The boundary of a multipart body: in its Content-Type and in its lines. */
struct slice redact_boundary(struct redactor *redactor, struct slice boundary);

/* `value` is one header's, unfolded; `name` its full name. */
void redact_put_header(struct redactor *redactor, struct slice name, struct slice value,
                       struct buffer *out);

/* ---- redact_xml.c, redact_sdp.c, redact_body.c ---- */

void redact_put_xml(struct redactor *redactor, struct slice text, struct buffer *out);
void redact_put_sdp(struct redactor *redactor, struct slice text, struct buffer *out);

/* `type` is the whole Content-Type. */
void redact_put_body(struct redactor *redactor, struct slice type, struct slice body,
                     struct buffer *out);

#endif
