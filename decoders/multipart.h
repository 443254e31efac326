/*
 * Multipart bodies, part by part (RFC 2046 section 5.1).
 *
 * A pull reader over borrowed bytes: decoders/body.c nests them with a stack of
 * its own. Lines may end in CR LF or LF alone; text before the first and after
 * the last boundary is skipped; a body whose closing boundary is missing ends
 * with its bytes. Each call reads on from where the last one stopped, so a body
 * is read once.
 */
#ifndef OCSIGHT_DECODERS_MULTIPART_H
#define OCSIGHT_DECODERS_MULTIPART_H

#include "analyzer/engine/arena.h"

struct multipart {
    struct slice body;
    struct slice boundary;
    size_t at;   /* start of the next part */
    bool found;  /* the boundary occurred at least once */
    bool closed; /* the closing boundary was met */
    bool exhausted;
};

struct multipart_part {
    struct slice content_type_full; /* Content-Type as written; "" without */
    struct slice content_id;        /* without angle brackets */
    struct slice encoding;          /* Content-Transfer-Encoding; "" without */
    struct slice content;
    bool open; /* no boundary follows: the part ends with the body */
};

/* Reads the boundary parameter and skips the preamble. False when the content type names no
 * boundary. */
bool multipart_open(struct multipart *multipart, struct slice content_type_full, struct slice body);

bool multipart_next(struct multipart *multipart, struct multipart_part *out);

/* The media type of a Content-Type value, in lower case without parameters. */
struct slice multipart_type(struct slice content_type_full, struct arena *arena);

/*
 * Decodes Base64 (RFC 4648 section 4) into the arena; line ends and blanks are
 * skipped. False when other bytes occur; *out is then what came before them.
 */
bool multipart_base64(struct slice text, struct arena *arena, struct slice *out);

#endif
