/*
 * What one HTTP message of the chat web services says. See web_call.h.
 */
#include "decoders/web_call.h"

#include "decoders/ticket.h"

enum {
    RESULT_MAX = 256, /* kept of an answer's text */
    FIELD_MAX = 1024, /* of a field of a call: names and numbers */
    GUID_SIZE = 36,
    EXTENSION_MAX = 32,
};

/* ---- which call ---- */

/* clang-format off */
static const struct {
    struct slice name;
    enum http_call call;
} operations[] = {
    {SLICE("RequestUniqueFilenameWithExtension"), HTTP_UNIQUE_NAME},
    {SLICE("GetMaxFileSizeInKB"),                 HTTP_FILE_LIMIT},
    {SLICE("GetMaxRequestContentInKB"),           HTTP_CHUNK_LIMIT},
    {SLICE("AppendChunk"),                        HTTP_APPEND_CHUNK},
    {SLICE("GetFileSize"),                        HTTP_FILE_SIZE},
    {SLICE("DownloadChunk"),                      HTTP_DOWNLOAD_CHUNK},
};
/* clang-format on */

static const struct slice order_name = SLICE("RMCommand");

static enum http_call operation_find(struct slice name)
{
    for (size_t i = 0; i < sizeof operations / sizeof operations[0]; i++) {
        if (slice_equal(name, operations[i].name)) {
            return operations[i].call;
        }
    }
    return HTTP_OTHER;
}

static struct slice without_query(struct slice target)
{
    struct slice path, query;
    (void)slice_cut(target, '?', &path, &query);
    return path;
}

enum http_call web_call_named(const struct http_header *head)
{
    static const struct slice space = SLICE("http://www.microsoft.com/");
    static const struct slice page = SLICE("/PersistentChat/RM/default.aspx");
    if (slice_starts_nocase(head->soap_action, space)) {
        return operation_find(slice_from(head->soap_action, space.size));
    }
    bool is_page = slice_find_nocase(without_query(head->target), page) != SLICE_NONE;
    return is_page ? HTTP_ROOM_PAGE : HTTP_OTHER;
}

enum web_interest web_interest(const struct http_header *head)
{
    static const struct slice folder = SLICE("/PersistentChat/"),
                              service = SLICE("MGCWebService.asmx");
    static const struct slice post = SLICE("POST"), xml = SLICE("xml");
    struct slice path = without_query(head->target);
    if (slice_find_nocase(path, folder) != SLICE_NONE ||
        slice_find_nocase(path, service) != SLICE_NONE || web_call_named(head) != HTTP_OTHER) {
        return WEB_CERTAIN;
    }
    bool document = slice_equal(head->method, post) && head->soap_action.size == 0 &&
                    slice_find_nocase(head->content_type, xml) != SLICE_NONE;
    return document ? WEB_BODY_TELLS : WEB_NONE;
}

bool web_answer_counts(enum http_call call)
{
    return call != HTTP_OTHER && call != HTTP_ROOM_PAGE;
}

bool web_body_tells(struct slice body)
{
    return slice_find(body, order_name) != SLICE_NONE;
}

/* ---- the body ---- */

/* One reading of a body. */
struct call_reading {
    struct arena *arena;
    struct http_fact *fact;
    struct buffer text; /* of the element being read, cut to FIELD_MAX */
    uint64_t symbols;   /* Base64 symbols of its text */
    bool plain;         /* nothing but Base64 so far */
    bool named;         /* a file name was found */
};

static struct slice attribute(const struct call_reading *reading, const struct xml_element *element,
                              const char *name)
{
    struct slice value;
    bool there = xml_attribute(element, slice_of(name), &value);
    return arena_keep(reading->arena, there ? slice_trim(value) : slice_of(""));
}

static enum said said_of(struct slice text)
{
    static const struct slice yes = SLICE("true"), no = SLICE("false");
    return slice_equal_nocase(text, yes)  ? SAID_YES
           : slice_equal_nocase(text, no) ? SAID_NO
                                          : SAID_NOTHING;
}

static enum http_call order_call(struct slice type)
{
    static const struct slice landing = SLICE("Landing"), create = SLICE("CreateRoom"),
                              modify = SLICE("ModifyRoom");
    return slice_equal_nocase(type, landing)  ? HTTP_ROOM_PAGE
           : slice_equal_nocase(type, create) ? HTTP_ROOM_CREATE
           : slice_equal_nocase(type, modify) ? HTTP_ROOM_MODIFY
                                              : HTTP_OTHER;
}

static void order_take(struct call_reading *reading, const struct xml_element *element)
{
    struct slice room = attribute(reading, element, "RoomId");
    reading->fact->call = order_call(attribute(reading, element, "Type"));
    reading->fact->order = (struct room_order){
        .room = arena_keep_lower(reading->arena, room),
        .name = attribute(reading, element, "RoomName"),
        .old_name = attribute(reading, element, "OldRoomName"),
        .description = attribute(reading, element, "RoomDesc"),
        .privacy = attribute(reading, element, "Privacy"),
        .add_in = attribute(reading, element, "AddIn"),
        .category = attribute(reading, element, "CategoryUri"),
        .managers = attribute(reading, element, "Managers"),
        .members = attribute(reading, element, "Members"),
        .notification = attribute(reading, element, "Notification"),
        .remove = said_of(attribute(reading, element, "DeleteRoom")),
    };
}

static void start(void *context, const struct xml_element *element)
{
    struct call_reading *reading = context;
    buffer_clear(&reading->text);
    reading->symbols = 0;
    reading->plain = true;
    if (!reading->fact->request) {
        return;
    }
    enum http_call operation = operation_find(element->name);
    if (slice_equal(element->name, order_name)) {
        order_take(reading, element);
    } else if (operation != HTTP_OTHER && reading->fact->call == HTTP_OTHER) {
        reading->fact->call = operation;
    }
}

static bool is_symbol(char c)
{
    return ascii_is_alpha(c) || ascii_is_digit(c) || c == '+' || c == '/';
}

static void text(void *context, struct slice piece)
{
    struct call_reading *reading = context;
    for (size_t i = 0; i < piece.size; i++) {
        bool symbol = is_symbol(piece.data[i]);
        reading->symbols += symbol;
        reading->plain &= symbol || piece.data[i] == '=' || ascii_is_blank(piece.data[i]);
    }
    size_t room = FIELD_MAX - reading->text.size;
    (void)buffer_append(&reading->text, slice_sub(piece, 0, room));
}

/* What so many Base64 symbols stand for. */
static uint64_t decoded_size(uint64_t symbols)
{
    return symbols / 4 * 3 + symbols % 4 * 3 / 4;
}

static bool is_guid(struct slice text)
{
    for (size_t i = 0; i < GUID_SIZE; i++) {
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        char c = ascii_lower(text.data[i]);
        if (dash ? c != '-' : !ascii_is_digit(c) && (c < 'a' || c > 'f')) {
            return false;
        }
    }
    return true;
}

/* The first GUID with an extension, anywhere in the text. */
static struct slice stored_name_find(struct slice text)
{
    for (size_t at = 0; at + GUID_SIZE + 1 < text.size; at++) {
        if (text.data[at + GUID_SIZE] != '.' || !is_guid(slice_from(text, at))) {
            continue;
        }
        size_t end = at + GUID_SIZE + 1;
        while (end < text.size && end - at < GUID_SIZE + EXTENSION_MAX &&
               (ascii_is_alpha(text.data[end]) || ascii_is_digit(text.data[end]))) {
            end++;
        }
        if (end > at + GUID_SIZE + 1) {
            return slice_sub(text, at, end - at);
        }
    }
    return slice_of("");
}

static void request_field(struct call_reading *reading, struct slice name, struct slice value)
{
    static const struct slice token = SLICE("token"), room = SLICE("channelId"),
                              unique = SLICE("uniqueFilename"), stored = SLICE("reposFileName"),
                              chunk = SLICE("fileChunk"), offset = SLICE("offset"),
                              length = SLICE("fileLength");
    struct http_fact *fact = reading->fact;
    if (slice_equal(name, token)) {
        fact->has_token = value.size > 0;
        fact->token_hash = fact->has_token ? ticket_hash(value) : 0;
    } else if (slice_equal(name, room)) {
        fact->room_id = arena_keep_lower(reading->arena, value);
    } else if (slice_equal(name, unique) || slice_equal(name, stored)) {
        fact->file = arena_keep(reading->arena, value);
    } else if (slice_equal(name, chunk)) {
        fact->bytes = decoded_size(reading->symbols);
    } else if (slice_equal(name, offset)) {
        (void)slice_to_u64(value, &fact->offset);
    } else if (slice_equal(name, length)) {
        (void)slice_to_u64(value, &fact->file_length);
    }
}

/* An answer's texts are searched for what was asked; what they are called is not known. */
static void answer_field(struct call_reading *reading, struct slice value)
{
    struct http_fact *fact = reading->fact;
    if (value.size == 0) {
        return;
    }
    if (fact->call == HTTP_DOWNLOAD_CHUNK) {
        uint64_t bytes = reading->plain ? decoded_size(reading->symbols) : 0;
        fact->bytes = bytes > fact->bytes ? bytes : fact->bytes;
        return;
    }
    if (fact->result.size == 0) {
        fact->result = arena_keep(reading->arena, slice_sub(value, 0, RESULT_MAX));
        if (fact->call == HTTP_FILE_SIZE) {
            (void)slice_to_u64(value, &fact->file_length);
        }
    }
    struct slice stored = stored_name_find(value);
    if (fact->call == HTTP_UNIQUE_NAME && !reading->named && stored.size > 0) {
        fact->file = arena_keep(reading->arena, stored);
        reading->named = true;
    }
}

static void end(void *context, struct slice name, unsigned depth, size_t end_offset)
{
    struct call_reading *reading = context;
    struct slice value = slice_trim(buffer_slice(&reading->text));
    (void)depth;
    (void)end_offset;
    if (reading->fact->request) {
        request_field(reading, name, value);
    } else {
        answer_field(reading, value);
    }
    buffer_clear(&reading->text);
    reading->symbols = 0;
}

bool web_call_read(struct xml_reader *xml, struct arena *arena, const struct http_header *head,
                   struct slice body, struct http_fact *out, struct xml_result *problem)
{
    static const struct slice identity = SLICE("identity");
    out->method = arena_keep(arena, head->method);
    out->target = arena_keep(arena, without_query(head->target));
    out->host = arena_keep(arena, head->host);
    out->status = head->status;
    out->reason = arena_keep(arena, head->reason);
    bool coded =
        head->content_encoding.size > 0 && !slice_equal_nocase(head->content_encoding, identity);
    struct slice text_body = slice_trim(body);
    if (coded || text_body.size == 0 || text_body.data[0] != '<') {
        out->cut = out->cut || coded;
        return true;
    }
    struct call_reading reading = {.arena = arena, .fact = out};
    buffer_init(&reading.text, FIELD_MAX);
    const struct xml_handler handler = {&reading, start, text, end};
    *problem = xml_read(xml, text_body, &handler);
    buffer_dispose(&reading.text);
    return problem->status == XML_OK || out->cut;
}

struct http_fact web_fact_keep(struct arena *arena, const struct http_fact *fact)
{
    struct http_fact kept = *fact;
    struct slice *const texts[] = {
        &kept.method,
        &kept.target,
        &kept.host,
        &kept.reason,
        &kept.room_id,
        &kept.file,
        &kept.result,
        &kept.order.room,
        &kept.order.name,
        &kept.order.old_name,
        &kept.order.description,
        &kept.order.privacy,
        &kept.order.add_in,
        &kept.order.category,
        &kept.order.managers,
        &kept.order.members,
        &kept.order.notification,
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        *texts[i] = arena_keep(arena, *texts[i]);
    }
    return kept;
}
