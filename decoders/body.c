/*
 * Content types and what reads them. See body.h.
 */
#include "decoders/body.h"

#include <stdlib.h>

#include "decoders/document.h"
#include "decoders/fault.h"
#include "decoders/legacy_xml.h"
#include "decoders/multipart.h"
#include "decoders/pidf.h"
#include "decoders/presence_xml.h"
#include "decoders/provisioning.h"
#include "decoders/registration.h"
#include "decoders/resource_xml.h"
#include "decoders/roaming.h"
#include "decoders/xccos.h"

enum {
    FACTS_FIRST = 8,
    TEXT_KEPT = 1024 * 1024, /* a larger text buffer is given back after its message */
};

struct body_reader {
    struct limits limits;
    struct xml_reader *xml;
    struct buffer text;
};

/* One row for each content type that is decoded; media types in lower case. */
struct body_decoder {
    struct slice type;
    void (*decode)(const struct document *document);
};

/* clang-format off */
static const struct body_decoder decoders[] = {
    {SLICE("text/plain"),                                 xccos_decode_if_root},
    {SLICE("application/msrtc-category-publish+xml"),     presence_decode_publish},
    {SLICE("application/msrtc-event-categories+xml"),     presence_decode_categories},
    {SLICE("application/vnd-microsoft-roaming-self+xml"), presence_decode_categories},
    {SLICE("application/msrtc-setcontainermembers+xml"),  roaming_decode_members},
    {SLICE("application/msrtc-presence-setsubscriber+xml"), roaming_decode_subscribers},
    {SLICE("application/vnd-microsoft-roaming-contacts+xml"), roaming_decode_contacts},
    {SLICE("application/vnd-microsoft-roaming-acls+xml"), roaming_decode_acl},
    {SLICE("application/vnd-microsoft-roaming-provisioning-v2+xml"), provisioning_decode},
    {SLICE("text/registration-event"),                    registration_decode},
    {SLICE("application/rlmi+xml"),                       resource_decode_rlmi},
    {SLICE("application/msrtc-adrl-categorylist+xml"),    resource_decode_watch},
    {SLICE("application/adrl+xml"),                       resource_decode_watch},
    {SLICE("application/msrtc-fault+xml"),                fault_decode},
    {SLICE("application/pidf+xml"),                       pidf_decode},
    {SLICE("application/soap+xml"),                       legacy_decode_soap},
    {SLICE("text/xml+msrtc.pidf"),                        legacy_decode_msrtc},
    {SLICE("application/xpidf+xml"),                      legacy_decode_xpidf},
};
/* clang-format on */

struct body_reader *body_reader_new(const struct limits *limits)
{
    struct body_reader *reader = memory_zero(1, sizeof *reader);
    reader->limits = *limits;
    reader->xml = xml_reader_new(limits);
    /* No text is longer than its document, of which a byte becomes at most three. */
    buffer_init(&reader->text, limits->xml_bytes < SIZE_MAX / 3 ? limits->xml_bytes * 3 : SIZE_MAX);
    return reader;
}

void body_reader_free(struct body_reader *reader)
{
    if (!reader) {
        return;
    }
    xml_reader_free(reader->xml);
    buffer_dispose(&reader->text);
    free(reader);
}

/* ---- the list of facts ---- */

static struct event *facts_append(struct facts *facts, struct arena *arena, enum event_kind kind,
                                  const struct message *message)
{
    if (facts->count == facts->capacity) {
        size_t capacity = facts->capacity > 0 ? facts->capacity * 2 : FACTS_FIRST;
        struct event *items = arena_alloc(arena, capacity * sizeof *items);
        for (size_t i = 0; i < facts->count; i++) {
            items[i] = facts->items[i];
        }
        facts->items = items;
        facts->capacity = capacity;
    }
    struct event *event = &facts->items[facts->count++];
    *event = (struct event){.kind = kind, .origin = {.time = TIME_NONE}, .message = message};
    if (message) {
        event->origin = message->observed.origin;
    }
    return event;
}

struct event *facts_add(struct facts *facts, struct arena *arena, const struct limits *limits,
                        enum event_kind kind, const struct message *message)
{
    if (facts->count < limits->body_facts) {
        return facts_append(facts, arena, kind, message);
    }
    if (!facts->capped) {
        facts->capped = true;
        struct event *event = facts_append(facts, arena, EVENT_DIAGNOSTIC, message);
        event->as.diagnostic = (struct diagnostic_fact){
            .code = "body-facts-capped",
            .detail = SLICE("body_facts"),
        };
    }
    return NULL;
}

/* ---- one document ---- */

static void decode_document(const struct document *document, struct slice type)
{
    static const struct slice registration = SLICE("registration-notify");
    static const struct slice provisioning = SLICE("vnd-microsoft-provisioning-v2");
    struct document_said said;
    struct document one = *document;
    said.count = 0; /* the rest is not read before it is written */
    one.said = &said;
    if (slice_equal(document->message->event, registration) && registration_decode_if_form(&one)) {
        return;
    }
    for (size_t i = 0; i < sizeof decoders / sizeof decoders[0]; i++) {
        if (slice_equal(decoders[i].type, type)) {
            decoders[i].decode(&one);
            return;
        }
    }
    if (slice_equal(document->message->event, provisioning)) {
        (void)provisioning_decode_if_root(&one);
    } else if (document->message->request && document->message->method == SIP_INFO) {
        xccos_decode_if_root(&one); /* chat under another name is chat */
    }
}

static bool is_multipart(struct slice type)
{
    static const struct slice prefix = SLICE("multipart/");
    return slice_starts(type, prefix);
}

/* ---- multipart ---- */

/* The multipart bodies that are open, the innermost last. */
struct nest {
    struct document whole; /* the outermost body */
    struct document *levels;
    struct multipart *readers;
    unsigned depth;
    size_t parts;
};

static void nest_open(struct nest *nest, const struct document *document, struct slice full)
{
    if (nest->depth >= nest->whole.limits->multipart_depth) {
        document_odd(document, "multipart-depth-capped", slice_of("multipart_depth"), 0);
        return;
    }
    struct multipart *reader = &nest->readers[nest->depth];
    if (!multipart_open(reader, full, document->content)) {
        document_odd(document, "multipart-no-boundary", full, 0);
    } else if (!reader->found) {
        document_odd(document, "multipart-boundary-absent", reader->boundary, 0);
    } else {
        nest->levels[nest->depth++] = *document;
    }
}

/* Undoes the transfer encoding of a part. RFC 2045 section 6; quoted-printable is not read. */
static bool decode_transfer(struct document *part, struct slice encoding)
{
    static const struct slice plain[] = {SLICE(""), SLICE("binary"), SLICE("8bit"), SLICE("7bit")};
    static const struct slice base64 = SLICE("base64");
    for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++) {
        if (slice_equal_nocase(encoding, plain[i])) {
            return true;
        }
    }
    if (!slice_equal_nocase(encoding, base64)) {
        document_odd(part, "part-encoding-unknown", encoding, 0);
        return false;
    }
    struct slice decoded;
    if (!multipart_base64(part->content, part->arena, &decoded)) {
        document_odd(part, "part-base64-broken", slice_of("a byte that is no Base64 digit"), 0);
    }
    part->content = decoded;
    part->decoded = true;
    return true;
}

static void decode_part(struct nest *nest, const struct document *outer,
                        const struct multipart_part *found)
{
    struct document part = *outer;
    part.content = found->content;
    if (!outer->decoded) {
        part.offset += (size_t)(found->content.data - outer->content.data);
    }
    part.cut = outer->cut && found->open;
    if (found->open) {
        document_odd(outer, outer->cut ? "body-cut" : "multipart-not-closed",
                     slice_of("no boundary after the last part"), outer->content.size);
    }
    if (!decode_transfer(&part, found->encoding)) {
        return;
    }
    struct slice type = multipart_type(found->content_type_full, part.arena);
    if (is_multipart(type)) {
        nest_open(nest, &part, found->content_type_full);
    } else {
        decode_document(&part, type);
    }
}

static void decode_multipart(const struct document *document, struct slice full)
{
    const struct limits *limits = document->limits;
    struct nest nest = {
        .whole = *document,
        .levels = arena_zero(document->arena, limits->multipart_depth, sizeof *nest.levels),
        .readers = arena_zero(document->arena, limits->multipart_depth, sizeof *nest.readers),
    };
    nest_open(&nest, document, full);
    while (nest.depth > 0) {
        struct multipart_part part;
        struct document outer = nest.levels[nest.depth - 1];
        if (!multipart_next(&nest.readers[nest.depth - 1], &part)) {
            nest.depth--;
            continue;
        }
        if (++nest.parts > limits->multipart_parts) {
            document_odd(&outer, "multipart-parts-capped", slice_of("multipart_parts"),
                         (size_t)(part.content.data - outer.content.data));
            return;
        }
        decode_part(&nest, &outer, &part);
    }
}

/* A larger text buffer is not kept for what comes next. */
static void give_back(struct body_reader *reader)
{
    if (reader->text.capacity > TEXT_KEPT) {
        size_t max = reader->text.max;
        buffer_dispose(&reader->text);
        buffer_init(&reader->text, max);
    }
}

void body_decode(struct body_reader *reader, const struct message *message, struct arena *arena,
                 struct facts *out)
{
    *out = (struct facts){.items = NULL};
    if (message->body.size == 0) {
        return;
    }
    struct document document = {
        .content = message->body,
        .cut = (message->flags & SIP_BODY_CUT) != 0,
        .xml = reader->xml,
        .text = &reader->text,
        .limits = &reader->limits,
        .message = message,
        .arena = arena,
        .facts = out,
    };
    if (is_multipart(message->content_type)) {
        decode_multipart(&document, message->content_type_full);
    } else {
        decode_document(&document, message->content_type);
    }
    give_back(reader);
}

void body_decode_category(struct body_reader *reader, const struct category_fact *known,
                          struct slice content, struct arena *arena, struct facts *out)
{
    struct document_said said = {.count = 0};
    const struct document document = {
        .content = content,
        .xml = reader->xml,
        .text = &reader->text,
        .limits = &reader->limits,
        .arena = arena,
        .facts = out,
        .said = &said,
    };
    *out = (struct facts){.items = NULL};
    presence_decode_content(&document, known);
    give_back(reader);
}
