/*
 * One direction of HTTP/1.1: bytes to whole messages, whatever their cuts.
 *
 * Private to stream_web.c, which decides at each head whether the message's body is
 * worth keeping; what is not kept is passed over and never copied. Chunked bodies
 * are kept without their framing, up to a cap (`cut` beyond it).
 *
 * RFC 9112 sections 2-7; RFC 9110 for statuses without a body. Deliberately not
 * handled: HTTP/2, trailer fields (passed over), content codings.
 */
#ifndef OCSIGHT_DECODERS_HTTP_H
#define OCSIGHT_DECODERS_HTTP_H

#include "analyzer/engine/buffer.h"

/* What a head says, borrowed from its bytes. */
struct http_header {
    bool request;
    struct slice method;
    struct slice target; /* as written */
    uint16_t status;
    struct slice reason;
    struct slice host;
    struct slice content_type;
    struct slice content_encoding;
    struct slice soap_action; /* without its quotes */
    bool chunked;
    bool has_length;
    uint64_t length;
};

/* `bytes` begin with a start line and end with the empty line; false when that is not so. */
bool http_header_parse(struct slice bytes, struct http_header *out);

enum http_stage {
    HTTP_AT_HEAD,
    HTTP_IN_BODY,    /* `left` bytes to come */
    HTTP_AT_CHUNK,   /* a line with the size of a chunk */
    HTTP_IN_CHUNK,   /* `left` bytes to come */
    HTTP_BEHIND,     /* the line end behind a chunk */
    HTTP_IN_TRAILER, /* lines up to an empty one */
    HTTP_TO_END,     /* a body that ends with the connection */
    HTTP_LOST,       /* a start line must be found again */
};

enum http_result {
    HTTP_NEEDS_MORE,
    HTTP_HAS_HEAD,    /* `head` is filled; http_go_on() says what follows it */
    HTTP_HAS_MESSAGE, /* its body is over; kept_head and kept_body hold it if it was kept */
    HTTP_WENT_ASTRAY, /* no HTTP here: looking for a start line from now on */
};

enum http_keeping { HTTP_KEEP_NOTHING, HTTP_KEEP_HEAD, HTTP_KEEP_ALL };

struct http_reader {
    enum http_stage stage;
    bool inside_line; /* HTTP_LOST: not at the beginning of a line */
    uint64_t left;
    struct http_header head; /* borrowed from the bytes given, until http_go_on() */
    struct slice raw;        /* the same as bytes */
    bool kept;               /* the message being read is kept, its head at least */
    bool body_kept;          /* and its body */
    bool cut;                /* something of its body is missing */
    bool capped;             /* because it is too long */
    struct buffer bytes;     /* head, then body */
    size_t body_max;
    size_t head_size;
};

void http_init(struct http_reader *reader, size_t body_max);
void http_dispose(struct http_reader *reader);

/*
 * Reads on; *used says how many of the bytes are done with. What is left must come
 * again with more behind it. `final`: nothing follows these bytes.
 */
enum http_result http_read(struct http_reader *reader, struct slice bytes, bool final,
                           size_t *used);

/* After HTTP_HAS_HEAD: what is kept, and has it no body whatever its fields say? */
void http_go_on(struct http_reader *reader, enum http_keeping keeping, bool bodiless);

/*
 * `size` bytes are missing. True when they lie inside a body whose size is known and
 * reading goes on behind them, else the message ends here.
 */
bool http_skip(struct http_reader *reader, uint64_t size);

/* The connection ends. True when a kept message ends with it (`cut` unless it ends so). */
bool http_finish(struct http_reader *reader);

/* Of a kept message, until the next call. */
struct slice http_kept_head(const struct http_reader *reader);
struct slice http_kept_body(const struct http_reader *reader);

#endif
