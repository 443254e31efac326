/*
 * One body, or one part of a multipart body, while it is decoded: what every
 * decoder of decoders/body.c is given, and the steps that all of them share.
 *
 * A decoder is a function on a `struct document`. It reads the XML through
 * document_read(), adds facts with document_fact(), and says what is odd with
 * document_odd(). It keeps nothing between documents.
 */
#ifndef OCSIGHT_DECODERS_DOCUMENT_H
#define OCSIGHT_DECODERS_DOCUMENT_H

#include "analyzer/engine/buffer.h"
#include "decoders/body.h"
#include "decoders/xml.h"

/* What was said of one document, so that a slip in every element is said once. */
struct document_said {
    size_t count;
    struct {
        const char *code;
        const char *what; /* the attribute concerned, or "" */
    } items[64];
};

struct document {
    struct slice content;
    size_t offset; /* of `content` in the message's body */
    bool decoded;  /* from a transfer encoding: its positions are not those of the body */
    bool cut;      /* the message was captured short: the end is missing */
    struct xml_reader *xml;
    struct buffer *text; /* scratch: the character data of the element being read */
    const struct limits *limits;
    const struct message *message; /* NULL: a database row */
    struct arena *arena;
    struct facts *facts;
    struct document_said *said; /* NULL: everything is said each time */
};

/* A zeroed fact at the end, or NULL at the cap. Valid until the next one is added. */
struct event *document_fact(const struct document *document, enum event_kind kind);

/* EVENT_DIAGNOSTIC. `detail` is copied; `offset` counts from the start of the content. */
void document_odd(const struct document *document, const char *code, struct slice detail,
                  size_t offset);

/* The same, but only the first time in this document: a slip in each of a thousand elements
 * must not push out what they say. */
void document_odd_once(const struct document *document, const char *code, struct slice detail,
                       size_t offset);

/* Of names of equal size; for document_named(). */
bool document_same_name(const struct document *document, const struct xml_element *element,
                        struct slice name);

/*
 * Is this the local name of that element? Elements that differ in letter case only
 * are accepted and said: `xml-name-case`.
 */
static inline bool document_named(const struct document *document,
                                  const struct xml_element *element, struct slice name)
{
    return element->name.size == name.size && document_same_name(document, element, name);
}

/* Says `xml-namespace` when the element's namespace does not begin as expected. None at all is
 * taken, and "https:" for "http:" (both occur: presence.md 2.1). */
void document_namespace(const struct document *document, const struct xml_element *element,
                        struct slice expected);

/*
 * Reads the content as XML. When that breaks off: `body-cut` if the message was
 * captured short, `xml-refused` at a cap or a DTD, else `broken_code`.
 */
void document_read(const struct document *document, const struct xml_handler *handler,
                   const char *broken_code);

/* The two halves of document_read(), for whoever has to look at the result in between. */
struct xml_result document_scan(const struct document *document, const struct xml_handler *handler);
void document_say(const struct document *document, const struct xml_result *result,
                  const char *broken_code);

/* The bytes from `begin` to before `end`, cut to what there is; borrowed from the content. */
struct slice document_raw(const struct document *document, size_t begin, size_t end);

/* An attribute as it stands, borrowed; in another letter case if there is none in this one. */
bool document_value(const struct document *document, const struct xml_element *element,
                    const char *name, struct slice *out);

/* An attribute, copied; "" when absent. */
struct slice document_attribute(const struct document *document, const struct xml_element *element,
                                const char *name);

/* "user@host" of an address attribute, in lower case; "" when absent or without a user. */
struct slice document_user(const struct document *document, const struct xml_element *element,
                           const char *name);

/* An unsigned decimal attribute. False when absent, and with a diagnostic when it is no such
 * number. */
bool document_number(const struct document *document, const struct xml_element *element,
                     const char *name, uint32_t *out);

/* The same as a wider number; AVAILABILITY_NONE when absent or unreadable. */
int64_t document_level(const struct document *document, const struct xml_element *element,
                       const char *name);

/* An attribute that is "true" in any letter case, or "1". */
bool document_flag(const struct document *document, const struct xml_element *element,
                   const char *name);

/* A time attribute; TIME_NONE when absent, and with a diagnostic when it is no time. */
int64_t document_time(const struct document *document, const struct xml_element *element,
                      const char *name);

/* The collected character data, trimmed and copied. */
struct slice document_text(const struct document *document);

/*
 * Room for one more item of `item_size` bytes behind `count` of them: returns
 * `items`, or a copy of twice the capacity in the arena.
 */
void *document_grow(const struct document *document, void *items, size_t count, size_t *capacity,
                    size_t item_size);

#endif
