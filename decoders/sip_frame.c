/*
 * Where a SIP message ends on a stream. See sip.h.
 *
 * RFC 3261 sections 7.5, 18.3; keep-alives RFC 5626 section 3.5.1.
 *
 * - A message without a readable Content-Length has no body here: waiting for
 *   what follows would hold it back until the next message. A body that does
 *   follow is skipped as junk and reported with the next message.
 * - Of several Content-Length values the first counts.
 * - An XML declaration among the headers begins the body: the empty line is missing.
 * - A start line among the headers ends the message they belong to: its rest was
 *   lost, and the new one is read.
 */
#include "decoders/sip_header.h"
#include "decoders/sip_start.h"

enum head_status { HEAD_WHOLE, HEAD_MORE, HEAD_LOST, HEAD_TOO_BIG };

struct head {
    enum head_status status;
    size_t size;    /* HEAD_WHOLE: start line to empty line */
    size_t length;  /* HEAD_WHOLE: no Content-Length stands before here */
    size_t scanned; /* HEAD_MORE: where the first line without an end begins */
    size_t next;    /* HEAD_LOST: from where to look for the next start line */
};

static size_t keep_alive_size(struct slice bytes)
{
    size_t at = 0;
    while (at < bytes.size && (bytes.data[at] == '\r' || bytes.data[at] == '\n')) {
        at++;
    }
    return at;
}

/* The line at `at`, `size` bytes without its LF. */
static bool is_start_line(struct slice bytes, size_t at, size_t size)
{
    return sip_start_is_possible(slice_sub(bytes, at, size)) &&
           sip_look(slice_from(bytes, at)) == SIP_LOOK_YES;
}

/* Can a Content-Length begin with this line? Most lines say no with one byte. */
static bool may_be_length(struct slice line)
{
    enum { HYPHEN = 7 }; /* in the full name */
    switch (line.data[0]) {
    case 'C':
    case 'c':
        return line.size > HYPHEN + 1 && line.data[HYPHEN] == '-' &&
               ascii_lower(line.data[HYPHEN + 1]) == 'l';
    case 'L':
    case 'l':
    case '\r': /* blanks around a name do not count */
        return true;
    default:
        return false;
    }
}

/* Walks header lines from `at` to the empty line. `first` is the size of the start line. */
static struct head head_scan(struct slice bytes, size_t first, size_t at,
                             const struct limits *limits)
{
    /* what an earlier call walked over is not known any more */
    size_t length = at > first ? first : 0;
    for (;;) {
        if (at > first && sip_header_is_body(bytes, at)) {
            return (struct head){HEAD_WHOLE, .size = at, .length = length > 0 ? length : at};
        }
        size_t end = slice_find_byte(slice_from(bytes, at), '\n');
        if (end == SLICE_NONE) {
            bool too_big = bytes.size >= limits->header_bytes;
            return (struct head){too_big ? HEAD_TOO_BIG : HEAD_MORE, .scanned = at, .next = first};
        }
        size_t next = at + end + 1;
        if (next > limits->header_bytes) {
            return (struct head){HEAD_TOO_BIG, .next = first};
        }
        if (at == first && !sip_start_header_follows(slice_from(bytes, at))) {
            return (struct head){HEAD_LOST, .next = first};
        }
        if (end == 0 || (end == 1 && bytes.data[at] == '\r')) {
            return (struct head){HEAD_WHOLE, .size = next, .length = length > 0 ? length : at};
        }
        if (length == 0 && may_be_length(slice_sub(bytes, at, end))) {
            length = at;
        }
        if (is_start_line(bytes, at, end)) {
            return (struct head){HEAD_LOST, .next = at};
        }
        at = next;
    }
}

/* Drops up to the next start line, at least to `from`. */
static struct sip_frame frame_drop(enum sip_frame_status status, struct slice bytes, size_t from,
                                   bool final)
{
    bool found = false;
    size_t at = sip_start_find(bytes, from, &found);
    if (final && !found) {
        at = bytes.size;
    }
    return (struct sip_frame){.status = status, .skip = at, .junk = true};
}

static struct sip_frame frame_too_big(struct slice bytes, size_t from, bool final, const char *cap)
{
    struct sip_frame frame = frame_drop(SIP_FRAME_TOO_BIG, bytes, from, final);
    frame.cap = cap;
    return frame;
}

/* The body's length as the header says, looked for from `at` on; 0 without a readable one. */
static uint64_t body_size(struct slice head, size_t at)
{
    struct slice value;
    uint64_t size = 0;
    if (sip_field_find_from(head, at, HEADER_CONTENT_LENGTH, &value) &&
        !slice_to_u64(value, &size)) {
        bool all_digits = value.size > 0;
        for (size_t i = 0; i < value.size; i++) {
            all_digits = all_digits && ascii_is_digit(value.data[i]);
        }
        return all_digits ? UINT64_MAX : 0;
    }
    return size;
}

/* `begin` is where the message starts. */
static struct sip_frame frame_whole(struct slice bytes, size_t begin, const struct head *head,
                                    bool final, const struct limits *limits)
{
    struct slice rest = slice_from(bytes, begin);
    size_t size = head->size;
    uint64_t body = body_size(slice_sub(rest, 0, size), head->length);
    if (body > limits->message_bytes || size > limits->message_bytes - body) {
        return frame_too_big(bytes, begin + size, final, "message_bytes");
    }
    struct sip_frame frame = {.status = SIP_FRAME_MESSAGE, .skip = begin, .size = size + body};
    if (frame.size > rest.size) {
        frame.size = final ? rest.size : 0;
        frame.status = final ? SIP_FRAME_MESSAGE : SIP_FRAME_MORE;
        frame.body_cut = final;
        frame.needed = final ? 0 : begin + size + body;
    }
    return frame;
}

static struct sip_frame frame_headers(struct slice bytes, size_t begin, size_t first,
                                      size_t scanned, bool final, const struct limits *limits)
{
    struct head head = head_scan(slice_from(bytes, begin), first, scanned, limits);
    switch (head.status) {
    case HEAD_WHOLE:
        return frame_whole(bytes, begin, &head, final, limits);
    case HEAD_LOST:
        return frame_drop(SIP_FRAME_LOST, bytes, begin + head.next, final);
    case HEAD_TOO_BIG:
        return frame_too_big(bytes, begin + head.next, final, "header_bytes");
    case HEAD_MORE:
        break;
    }
    if (final) {
        return frame_drop(SIP_FRAME_LOST, bytes, begin + first, true);
    }
    return (struct sip_frame){.status = SIP_FRAME_MORE, .skip = begin, .scanned = head.scanned};
}

struct sip_frame sip_frame_resume(struct slice bytes, size_t scanned, bool final,
                                  const struct limits *limits)
{
    if (scanned > 0) {
        size_t first = slice_find_byte(bytes, '\n') + 1;
        return frame_headers(bytes, 0, first, scanned, final, limits);
    }
    struct sip_start start;
    size_t begin = keep_alive_size(bytes);
    if (begin == bytes.size) {
        return (struct sip_frame){.status = SIP_FRAME_MORE, .skip = begin};
    }
    switch (sip_start_read(slice_from(bytes, begin), &start)) {
    case SIP_LOOK_YES:
        return frame_headers(bytes, begin, start.size, start.size, final, limits);
    case SIP_LOOK_MORE:
        if (!final) {
            return (struct sip_frame){.status = SIP_FRAME_MORE, .skip = begin};
        }
        break;
    case SIP_LOOK_NO:
        break;
    }
    return frame_drop(SIP_FRAME_LOST, bytes, begin, final);
}

struct sip_frame sip_frame_stream(struct slice bytes, bool final, const struct limits *limits)
{
    return sip_frame_resume(bytes, 0, final, limits);
}

static bool ends_with(struct slice text, struct slice end)
{
    return text.size >= end.size && slice_equal(slice_from(text, text.size - end.size), end);
}

size_t sip_frame_trim(struct slice message)
{
    struct sip_start start;
    struct slice cseq;
    if (sip_start_read(message, &start) != SIP_LOOK_YES || !start.request ||
        !sip_field_find(message, HEADER_CSEQ, &cseq)) {
        return 0;
    }
    size_t digits = 0;
    while (digits < cseq.size && ascii_is_digit(cseq.data[digits])) {
        digits++;
    }
    struct slice method = slice_trim(slice_from(cseq, digits));
    if (method.size > start.method.size && ends_with(method, start.method)) {
        return SLICE_NONE;
    }
    bool glued = method.size > 0 && ends_with(start.method, method);
    return glued ? start.method.size - method.size : 0;
}
