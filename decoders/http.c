/*
 * One direction of HTTP/1.1. See http.h.
 */
#include "decoders/http.h"

#include "decoders/sip_header.h"
#include "decoders/stream_http.h"

enum { CHUNK_LINE_MAX = 4096 }; /* a chunk's size with its extensions */

/* ---- the head ---- */

static struct slice unquote(struct slice text)
{
    bool quoted = text.size >= 2 && text.data[0] == '"' && text.data[text.size - 1] == '"';
    return quoted ? slice_sub(text, 1, text.size - 2) : text;
}

/* The last coding decides (RFC 9112 6.1). */
static bool ends_chunked(struct slice value)
{
    static const struct slice chunked = SLICE("chunked");
    struct slice coding = {0};
    while (value.size > 0) {
        (void)slice_cut(value, ',', &coding, &value);
    }
    return slice_equal_nocase(slice_trim(coding), chunked);
}

static void field_take(struct http_header *head, const struct sip_field *field)
{
    static const struct slice host = SLICE("host"), type = SLICE("content-type"),
                              encoding = SLICE("content-encoding"), action = SLICE("soapaction"),
                              length = SLICE("content-length"),
                              transfer = SLICE("transfer-encoding");
    if (slice_equal_nocase(field->name, host)) {
        head->host = field->value;
    } else if (slice_equal_nocase(field->name, type)) {
        head->content_type = field->value;
    } else if (slice_equal_nocase(field->name, encoding)) {
        head->content_encoding = field->value;
    } else if (slice_equal_nocase(field->name, action)) {
        head->soap_action = unquote(field->value);
    } else if (slice_equal_nocase(field->name, length)) {
        head->has_length = slice_to_u64(field->value, &head->length);
    } else if (slice_equal_nocase(field->name, transfer)) {
        head->chunked = ends_chunked(field->value);
    }
}

static bool start_line_parse(struct slice line, struct http_header *out)
{
    static const struct slice version = SLICE("HTTP/1.");
    struct slice first, second, rest;
    (void)slice_cut(line, ' ', &first, &rest);
    (void)slice_cut(rest, ' ', &second, &rest);
    out->request = !slice_starts(line, version);
    if (out->request) {
        out->method = first;
        out->target = second;
        return slice_starts(rest, version);
    }
    uint32_t status = 0;
    bool read = second.size == 3 && slice_to_u32(second, &status) && status >= 100;
    out->status = (uint16_t)status;
    out->reason = slice_trim(rest);
    return read;
}

bool http_header_parse(struct slice bytes, struct http_header *out)
{
    *out = (struct http_header){0};
    size_t at = slice_find_byte(bytes, '\n') + 1; /* 0 without a line end */
    if (at == 0 || !start_line_parse(slice_trim(slice_sub(bytes, 0, at)), out)) {
        return false;
    }
    struct sip_field field;
    enum sip_field_status status = sip_field_next(bytes, &at, &field);
    while (status == FIELD_READ) {
        field_take(out, &field);
        status = sip_field_next(bytes, &at, &field);
    }
    return status == FIELD_END;
}

/* ---- reading ---- */

void http_init(struct http_reader *reader, size_t body_max)
{
    *reader = (struct http_reader){0};
    reader->body_max = body_max;
    buffer_init(&reader->bytes, SIZE_MAX); /* a head and body_max bytes behind it */
}

void http_dispose(struct http_reader *reader)
{
    buffer_dispose(&reader->bytes);
}

static size_t line_ends(struct slice bytes)
{
    size_t at = 0;
    while (at < bytes.size && (bytes.data[at] == '\r' || bytes.data[at] == '\n')) {
        at++;
    }
    return at;
}

/* Behind the empty line that ends a head; SLICE_NONE when it has not come. */
static size_t head_end(struct slice bytes)
{
    size_t at = 0;
    for (;;) {
        size_t line = slice_find_byte(slice_from(bytes, at), '\n');
        if (line == SLICE_NONE) {
            return SLICE_NONE;
        }
        at += line + 1;
        size_t next = at + (at < bytes.size && bytes.data[at] == '\r');
        if (next < bytes.size && bytes.data[next] == '\n') {
            return next + 1;
        }
    }
}

static enum http_result stray(struct http_reader *reader)
{
    reader->stage = HTTP_LOST;
    reader->inside_line = false;
    reader->kept = false;
    reader->body_kept = false;
    return HTTP_WENT_ASTRAY;
}

static enum http_result read_head(struct http_reader *reader, struct slice bytes, bool final,
                                  size_t *used)
{
    size_t begin = line_ends(bytes);
    *used = begin;
    struct slice rest = slice_sub(bytes, begin, HTTP_HEAD_MAX);
    if (rest.size == 0) {
        return HTTP_NEEDS_MORE;
    }
    size_t end = head_end(rest);
    bool starts = http_look(rest) != HTTP_NO;
    if (starts && end == SLICE_NONE && !final && rest.size < HTTP_HEAD_MAX) {
        return HTTP_NEEDS_MORE;
    }
    size_t line = slice_find_byte(rest, '\n');
    reader->raw = slice_sub(rest, 0, end);
    if (!starts || end == SLICE_NONE || !http_header_parse(reader->raw, &reader->head)) {
        *used = begin + (line == SLICE_NONE ? rest.size : line + 1);
        (void)stray(reader);
        reader->inside_line = line == SLICE_NONE;
        return HTTP_WENT_ASTRAY;
    }
    *used = begin + end;
    return HTTP_HAS_HEAD;
}

void http_go_on(struct http_reader *reader, enum http_keeping keeping, bool bodiless)
{
    const struct http_header *head = &reader->head;
    reader->kept = keeping != HTTP_KEEP_NOTHING;
    reader->body_kept = keeping == HTTP_KEEP_ALL;
    reader->cut = false;
    reader->capped = false;
    reader->left = 0;
    reader->head_size = reader->kept ? reader->raw.size : 0;
    buffer_clear(&reader->bytes);
    if (reader->kept) {
        (void)buffer_append(&reader->bytes, reader->raw);
    }
    if (bodiless) {
        reader->stage = HTTP_IN_BODY;
    } else if (head->chunked) {
        reader->stage = HTTP_AT_CHUNK;
    } else if (head->has_length || head->request) {
        reader->stage = HTTP_IN_BODY;
        reader->left = head->has_length ? head->length : 0;
    } else {
        reader->stage = HTTP_TO_END;
    }
    reader->head = (struct http_header){0};
    reader->raw = (struct slice){0};
}

static void body_add(struct http_reader *reader, struct slice bytes)
{
    if (!reader->body_kept || bytes.size == 0) {
        return;
    }
    size_t held = reader->bytes.size - reader->head_size;
    size_t room = reader->body_max - held;
    reader->capped = reader->capped || bytes.size > room;
    reader->cut = reader->cut || bytes.size > room;
    (void)buffer_append(&reader->bytes, slice_sub(bytes, 0, room));
}

static enum http_result message_over(struct http_reader *reader)
{
    reader->stage = HTTP_AT_HEAD;
    return HTTP_HAS_MESSAGE;
}

/* Bytes of a body or chunk whose size is known. */
static size_t take_left(struct http_reader *reader, struct slice bytes)
{
    size_t size = reader->left < bytes.size ? (size_t)reader->left : bytes.size;
    body_add(reader, slice_sub(bytes, 0, size));
    reader->left -= size;
    return size;
}

static int hex_digit(char c)
{
    c = ascii_lower(c);
    return ascii_is_digit(c) ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The size before any extension; false when it is none that a body can have. */
static bool chunk_size(struct slice line, uint64_t *out)
{
    size_t at = 0;
    *out = 0;
    while (at < line.size && at < 15 && hex_digit(line.data[at]) >= 0) {
        *out = *out << 4 | (unsigned)hex_digit(line.data[at++]);
    }
    bool ends = at == line.size || line.data[at] == ';' || ascii_is_blank(line.data[at]);
    return at > 0 && ends;
}

/* A line of the framing: the chunk's size, what stands behind a chunk, or the trailer. */
static enum http_result read_line(struct http_reader *reader, struct slice bytes, size_t *used)
{
    size_t end = slice_find_byte(slice_sub(bytes, 0, CHUNK_LINE_MAX), '\n');
    if (end == SLICE_NONE) {
        return bytes.size < CHUNK_LINE_MAX ? HTTP_NEEDS_MORE : stray(reader);
    }
    struct slice line = slice_trim(slice_sub(bytes, 0, end));
    *used = end + 1;
    if (reader->stage == HTTP_IN_TRAILER) {
        return line.size == 0 ? message_over(reader) : HTTP_NEEDS_MORE;
    }
    if (reader->stage == HTTP_BEHIND && line.size == 0) {
        reader->stage = HTTP_AT_CHUNK;
        return HTTP_NEEDS_MORE;
    }
    if (reader->stage == HTTP_BEHIND || !chunk_size(line, &reader->left)) {
        *used = 0; /* it may be the start line that was lost sight of */
        return stray(reader);
    }
    reader->stage = reader->left > 0 ? HTTP_IN_CHUNK : HTTP_IN_TRAILER;
    return HTTP_NEEDS_MORE;
}

/* Up to the next line that opens like HTTP. */
static enum http_result find_start(struct http_reader *reader, struct slice bytes, bool final,
                                   size_t *used)
{
    size_t at = 0;
    while (at < bytes.size) {
        enum http_look look = reader->inside_line ? HTTP_NO : http_look(slice_from(bytes, at));
        if (look == HTTP_YES) {
            reader->stage = HTTP_AT_HEAD;
            break;
        }
        if (look == HTTP_MORE && !final) {
            break;
        }
        size_t line = slice_find_byte(slice_from(bytes, at), '\n');
        at = line == SLICE_NONE ? bytes.size : at + line + 1;
        reader->inside_line = line == SLICE_NONE;
    }
    *used = at;
    return HTTP_NEEDS_MORE;
}

/* One step; HTTP_NEEDS_MORE without any use made of the bytes ends the reading. */
static enum http_result read_step(struct http_reader *reader, struct slice bytes, bool final,
                                  size_t *used)
{
    switch (reader->stage) {
    case HTTP_AT_HEAD:
        return read_head(reader, bytes, final, used);
    case HTTP_IN_BODY:
        *used = take_left(reader, bytes);
        return reader->left == 0 ? message_over(reader) : HTTP_NEEDS_MORE;
    case HTTP_IN_CHUNK:
        *used = take_left(reader, bytes);
        reader->stage = reader->left == 0 ? HTTP_BEHIND : HTTP_IN_CHUNK;
        return HTTP_NEEDS_MORE;
    case HTTP_AT_CHUNK:
    case HTTP_BEHIND:
    case HTTP_IN_TRAILER:
        return read_line(reader, bytes, used);
    case HTTP_TO_END:
        body_add(reader, bytes);
        *used = bytes.size;
        return HTTP_NEEDS_MORE;
    case HTTP_LOST:
        return find_start(reader, bytes, final, used);
    }
    return HTTP_NEEDS_MORE;
}

enum http_result http_read(struct http_reader *reader, struct slice bytes, bool final, size_t *used)
{
    size_t at = 0;
    enum http_result result = HTTP_NEEDS_MORE;
    size_t step = 1;
    enum http_stage before = reader->stage;
    while (result == HTTP_NEEDS_MORE && (step > 0 || before != reader->stage)) {
        before = reader->stage;
        step = 0;
        bool bodiless = reader->stage == HTTP_IN_BODY && reader->left == 0;
        if (at == bytes.size && !bodiless) {
            break;
        }
        result = read_step(reader, slice_from(bytes, at), final, &step);
        at += step;
    }
    *used = at;
    return result;
}

bool http_skip(struct http_reader *reader, uint64_t size)
{
    bool counted = reader->stage == HTTP_IN_BODY || reader->stage == HTTP_IN_CHUNK;
    bool inside = (counted && reader->left >= size) || reader->stage == HTTP_TO_END;
    reader->cut = true;
    if (!inside) {
        reader->stage = HTTP_LOST;
        reader->inside_line = false;
        return false;
    }
    reader->left -= counted ? size : 0;
    if (counted && reader->left == 0 && reader->stage == HTTP_IN_CHUNK) {
        reader->stage = HTTP_BEHIND;
    }
    return true;
}

bool http_finish(struct http_reader *reader)
{
    bool ended = reader->stage == HTTP_TO_END;
    bool open = ended || (reader->stage != HTTP_AT_HEAD && reader->stage != HTTP_LOST);
    bool whole = open && reader->kept;
    reader->cut = reader->cut || !ended;
    reader->stage = HTTP_LOST;
    return whole;
}

struct slice http_kept_head(const struct http_reader *reader)
{
    return slice_sub(buffer_slice(&reader->bytes), 0, reader->head_size);
}

struct slice http_kept_body(const struct http_reader *reader)
{
    return slice_from(buffer_slice(&reader->bytes), reader->head_size);
}
