/*
 * XCCOS envelopes. See xccos.h.
 */
#include "decoders/xccos.h"

#include "decoders/xccos_blocks.h"
#include "decoders/xccos_post.h"
#include "decoders/xccos_unknown.h"

enum {
    CODE_MISSING = 500, /* what sipe takes a reply without a code for: xccos.md 1.2 */
    DEPTH_CHILD = 1,    /* cmd, rpl, ntc, grpchat */
    DEPTH_PART = 2,     /* data, commandid, resp, chat */
};

enum envelope_field { ENVELOPE_NONE, ENVELOPE_RESP, ENVELOPE_CHAT };

struct envelope_reader {
    const struct document *document;
    bool is_envelope; /* the root is xccos */
    struct slice id;  /* envid */
    size_t end;       /* behind its end tag; 0 while it is open */
    uint32_t places;  /* children so far */
    bool has_known_child;
    bool open; /* inside a child */
    bool in_data;
    size_t begin; /* of the child */
    enum envelope_field field;
    struct chat_fact fact;
    struct xccos_blocks blocks;
    struct xccos_budget budget;
    struct xccos_unknown unknown;
};

static const struct slice none = SLICE("");
static const struct slice root_name = SLICE("xccos");

/* ---- sniffing ---- */

/* Behind the first `end` from `at` on, or SLICE_NONE. */
static size_t behind(struct slice text, size_t at, struct slice end)
{
    size_t found = slice_find(slice_from(text, at), end);
    return found == SLICE_NONE ? SLICE_NONE : at + found + end.size;
}

/* Past blanks, processing instructions (the XML declaration too) and comments. */
static size_t skip_prolog(struct slice text)
{
    static const struct slice open_instruction = SLICE("<?");
    static const struct slice close_instruction = SLICE("?>");
    static const struct slice open_comment = SLICE("<!--");
    static const struct slice close_comment = SLICE("-->");
    size_t at = 0;
    while (at < text.size) {
        struct slice rest = slice_from(text, at);
        if (rest.data[0] == ' ' || rest.data[0] == '\t' || rest.data[0] == '\r' ||
            rest.data[0] == '\n') {
            at++;
        } else if (slice_starts(rest, open_instruction)) {
            at = behind(text, at, close_instruction);
        } else if (slice_starts(rest, open_comment)) {
            at = behind(text, at, close_comment);
        } else {
            break;
        }
    }
    return at;
}

static bool ends_name(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '/' || c == '>';
}

/* A document type declaration is let through, for the XML reader to refuse. */
static bool is_document_type(struct slice text)
{
    static const struct slice opening = SLICE("<!DOCTYPE");
    return slice_starts(text, opening) &&
           slice_starts_nocase(slice_trim(slice_from(text, opening.size)), root_name);
}

/* With or without a prefix, past blanks, declaration and comments. */
static bool is_root(struct slice text)
{
    static const struct slice mark = SLICE("\xEF\xBB\xBF");
    if (slice_starts(text, mark)) {
        text = slice_from(text, mark.size);
    }
    text = slice_from(text, skip_prolog(text));
    if (text.size == 0 || text.data[0] != '<') {
        return false;
    }
    if (is_document_type(text)) {
        return true;
    }
    size_t size = 1;
    while (size < text.size && !ends_name(text.data[size]) && text.data[size] != '<') {
        size++;
    }
    struct slice name = slice_sub(text, 1, size - 1);
    struct slice prefix;
    struct slice local;
    if (slice_cut(name, ':', &prefix, &local)) {
        name = local;
    }
    return size < text.size && slice_equal_nocase(name, root_name);
}

/* ---- the envelope ---- */

static void start_root(struct envelope_reader *reader, const struct xml_element *element)
{
    static const struct slice uri = SLICE("urn:parlano:xml:ns:xccos");
    static const struct slice one = SLICE("1");
    const struct document *document = reader->document;
    uint64_t number;
    reader->is_envelope = slice_equal_nocase(element->name, root_name);
    if (!reader->is_envelope) {
        return;
    }
    reader->id = document_attribute(document, element, "envid");
    if (!slice_equal(element->namespace, uri)) {
        document_odd(document, "xccos-namespace", element->namespace, element->offset);
    }
    struct slice version = document_attribute(document, element, "ver");
    if (!slice_equal(version, one)) {
        document_odd(document, "xccos-version", version, element->offset);
    }
    if (!slice_to_u64(reader->id, &number)) {
        document_odd(document, "xccos-envelope-id", slice_sub(reader->id, 0, 64), element->offset);
    }
    unknown_root(&reader->unknown, element);
}

/* ---- what a child is ---- */

struct class_row {
    struct slice element;
    struct slice prefix; /* of its id */
    enum chat_class class;
};

struct verb_row {
    struct slice name;
    enum chat_verb verb;
};

/* clang-format off */
static const struct class_row classes[] = {
    {SLICE("cmd"),     SLICE("cmd:"), CHAT_COMMAND},
    {SLICE("rpl"),     SLICE("rpl:"), CHAT_REPLY},
    {SLICE("ntc"),     SLICE("ntc:"), CHAT_NOTICE},
    {SLICE("grpchat"), SLICE(""),     CHAT_MESSAGE},
};

static const struct verb_row verbs[] = {
    {SLICE("requri"),               CHAT_REQURI},
    {SLICE("getserverinfo"),        CHAT_GETSERVERINFO},
    {SLICE("getservinfo"),          CHAT_GETSERVERINFO}, /* as a 2007 R2 log has it: xccos.md 1.5 */
    {SLICE("getassociations"),      CHAT_GETASSOCIATIONS},
    {SLICE("join"),                 CHAT_JOIN},
    {SLICE("bjoin"),                CHAT_BJOIN},
    {SLICE("part"),                 CHAT_PART},
    {SLICE("chansrch"),             CHAT_CHANSRCH},
    {SLICE("bccontext"),            CHAT_BCCONTEXT},
    {SLICE("getinv"),               CHAT_GETINV},
    {SLICE("getpref"),              CHAT_GETPREF},
    {SLICE("setpref"),              CHAT_SETPREF},
    {SLICE("nodespermcreatechild"), CHAT_NODESPERMCREATECHILD},
    {SLICE("getfutok"),             CHAT_GETFUTOK},
    {SLICE("getfdtok"),             CHAT_GETFDTOK},
    {SLICE("getftok"),              CHAT_GETFTOK},
};
/* clang-format on */

static const struct class_row *find_class(struct slice element)
{
    for (size_t i = 0; i < sizeof classes / sizeof classes[0]; i++) {
        if (slice_equal_nocase(classes[i].element, element)) {
            return &classes[i];
        }
    }
    return NULL;
}

static enum chat_verb find_verb(struct slice name)
{
    for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++) {
        if (slice_equal_nocase(verbs[i].name, name)) {
            return verbs[i].verb;
        }
    }
    return CHAT_VERB_OTHER;
}

/* The id without whichever of the prefixes it has. */
static struct slice strip_prefix(struct slice id)
{
    for (size_t i = 0; i < sizeof classes / sizeof classes[0]; i++) {
        if (classes[i].prefix.size > 0 && slice_starts_nocase(id, classes[i].prefix)) {
            return slice_from(id, classes[i].prefix.size);
        }
    }
    return id;
}

/* Sets class, name and verb from the element and its id. */
static void name_child(struct envelope_reader *reader, const struct xml_element *element)
{
    static const struct slice id_name = SLICE("id");
    const struct class_row *row = find_class(element->name);
    struct chat_fact *fact = &reader->fact;
    struct slice id = none;
    bool has_id = xml_attribute(element, id_name, &id);
    id = arena_keep(reader->document->arena, slice_trim(id));
    if (!row) {
        fact->class = CHAT_UNKNOWN;
        fact->name = arena_keep(reader->document->arena, element->name);
        return;
    }
    reader->has_known_child = true;
    fact->class = row->class;
    fact->name = strip_prefix(id);
    fact->verb = row->class == CHAT_MESSAGE ? CHAT_GRPCHAT : find_verb(fact->name);
    if (!has_id) {
        document_odd(reader->document, "xccos-child-without-id", row->element, element->offset);
    } else if (!slice_starts_nocase(id, row->prefix)) {
        document_odd(reader->document, "xccos-id-prefix", id, element->offset);
    }
}

static void open_child(struct envelope_reader *reader, const struct xml_element *element)
{
    reader->open = true;
    reader->in_data = false;
    reader->begin = element->offset;
    reader->fact = (struct chat_fact){
        .envelope = reader->id,
        .sequence = document_attribute(reader->document, element, "seqid"),
        .ref_envelope = none,
        .ref_sequence = none,
        .code_text = none,
        .service_uri = none,
        .file_name = none,
        .token_server = none,
        .server = {.time_text = none, .time = TIME_NONE, .root_uri = none, .database = none},
        .query_type = none,
        .query_words = none,
        .place = ++reader->places,
    };
    name_child(reader, element);
    unknown_child(&reader->unknown, element, &reader->fact);
    if (reader->fact.class == CHAT_REPLY) {
        reader->fact.code = CODE_MISSING;
    }
    if (reader->fact.class == CHAT_MESSAGE) {
        reader->fact.post = xccos_post(reader->document, element);
    }
    xccos_blocks_open(&reader->blocks, reader->document, &reader->budget, &reader->fact);
}

/* ---- the parts of a child ---- */

static void collect(struct envelope_reader *reader, enum envelope_field field)
{
    buffer_clear(reader->document->text);
    reader->field = field;
}

static void start_resp(struct envelope_reader *reader, const struct xml_element *element)
{
    uint32_t code;
    if (!reader->fact.has_code && document_number(reader->document, element, "code", &code)) {
        reader->fact.has_code = true;
        reader->fact.code = code;
    }
    collect(reader, ENVELOPE_RESP);
}

static void start_part(struct envelope_reader *reader, const struct xml_element *element)
{
    static const struct slice data = SLICE("data");
    static const struct slice command_id = SLICE("commandid");
    static const struct slice resp = SLICE("resp");
    static const struct slice chat = SLICE("chat");
    if (slice_equal(element->name, data)) {
        reader->in_data = true;
    } else if (slice_equal(element->name, command_id)) {
        reader->fact.has_ref = true;
        reader->fact.ref_envelope = document_attribute(reader->document, element, "envid");
        reader->fact.ref_sequence = document_attribute(reader->document, element, "seqid");
    } else if (slice_equal(element->name, resp)) {
        start_resp(reader, element);
    } else if (reader->fact.class == CHAT_MESSAGE && slice_equal(element->name, chat)) {
        collect(reader, ENVELOPE_CHAT);
    }
}

static void end_part(struct envelope_reader *reader)
{
    reader->in_data = false;
    if (reader->field == ENVELOPE_RESP) {
        reader->fact.code_text = document_text(reader->document);
    } else if (reader->field == ENVELOPE_CHAT) {
        xccos_post_text(reader->document, &reader->fact.post);
    }
    reader->field = ENVELOPE_NONE;
}

static void close_child(struct envelope_reader *reader, size_t end_offset)
{
    reader->open = false;
    xccos_blocks_close(&reader->blocks);
    unknown_take(&reader->unknown, &reader->fact);
    if (reader->fact.class == CHAT_REPLY && !reader->fact.has_code) {
        document_odd(reader->document, "xccos-reply-without-code", reader->fact.name,
                     reader->begin);
    }
    reader->fact.raw = document_raw(reader->document, reader->begin, end_offset);
    struct event *event = document_fact(reader->document, EVENT_CHAT);
    if (event) {
        event->as.chat = reader->fact;
    }
}

/* ---- handlers ---- */

static void on_start(void *context, const struct xml_element *element)
{
    struct envelope_reader *reader = context;
    if (element->depth == 0) {
        start_root(reader, element);
    } else if (!reader->is_envelope) {
        return;
    } else if (element->depth == DEPTH_CHILD) {
        open_child(reader, element);
    } else {
        unknown_start(&reader->unknown, element);
        if (element->depth == DEPTH_PART) {
            start_part(reader, element);
        } else if (reader->in_data) {
            xccos_blocks_start(&reader->blocks, element, element->depth - DEPTH_PART);
        }
    }
}

static void on_text(void *context, struct slice text)
{
    struct envelope_reader *reader = context;
    if (reader->is_envelope) {
        unknown_text(&reader->unknown, text);
    }
    if (reader->field != ENVELOPE_NONE) {
        (void)buffer_append(reader->document->text, text);
    } else if (reader->in_data) {
        xccos_blocks_text(&reader->blocks, text);
    }
}

static void on_end(void *context, struct slice name, unsigned depth, size_t end_offset)
{
    struct envelope_reader *reader = context;
    (void)name;
    if (depth == 0) {
        reader->end = end_offset;
    }
    if (!reader->open) {
        return;
    }
    if (depth == DEPTH_CHILD) {
        close_child(reader, end_offset);
    } else {
        unknown_end(&reader->unknown, depth);
        if (depth == DEPTH_PART) {
            end_part(reader);
        } else if (reader->in_data) {
            xccos_blocks_end(&reader->blocks, depth - DEPTH_PART);
        }
    }
}

/* ---- the body ---- */

/* One envelope. True when another one follows it; `document` is then moved behind this one. */
static bool read_envelope(struct envelope_reader *reader, struct document *document)
{
    struct xml_handler handler = {reader, on_start, on_text, on_end};
    reader->is_envelope = false;
    reader->has_known_child = false;
    reader->open = false;
    reader->id = none;
    reader->end = 0;
    reader->places = 0;
    struct xml_result result = document_scan(document, &handler);
    struct slice rest = slice_from(document->content, reader->end);
    bool another = reader->end > 0 && result.status == XML_BROKEN && is_root(slice_trim(rest));
    if (!another) {
        document_say(document, &result, "xccos-not-well-formed");
    }
    if (reader->is_envelope && !reader->has_known_child) {
        document_odd(document, "xccos-no-known-child", none, 0);
    }
    if (another) {
        document->offset += document->decoded ? 0 : reader->end;
        document->content = rest;
    }
    return another;
}

void xccos_decode_if_root(const struct document *document)
{
    if (!is_root(document->content)) {
        return;
    }
    struct document envelope = *document;
    struct envelope_reader reader = {
        .document = &envelope,
        .budget =
            {
                .members = document->limits->body_members,
                .rooms = document->limits->body_facts,
                .preference_bytes = document->limits->preference_bytes,
            },
    };
    unknown_init(&reader.unknown, &envelope);
    size_t count = 1;
    while (read_envelope(&reader, &envelope)) {
        if (count == 1) {
            document_odd(&envelope, "xccos-several-envelopes", none, 0);
        }
        if (count++ == document->limits->envelopes) {
            document_odd(&envelope, "xccos-envelopes-capped", slice_of("envelopes"), 0);
            return;
        }
    }
}
