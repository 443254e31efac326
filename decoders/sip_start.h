/*
 * Start lines: the one thing that makes bytes a SIP message.
 *
 * Private to sip*.c, stream*.c, mask*.c and redact*.c; sip.h has what others use. A start
 * line is `METHOD uri SIP/2.0` with any method token and a URI that has a scheme
 * and no blanks, or `SIP/2.0 NNN reason`. HTTP and RTSP differ in the version.
 */
#ifndef OCSIGHT_DECODERS_SIP_START_H
#define OCSIGHT_DECODERS_SIP_START_H

#include "decoders/sip.h"

enum {
    SIP_START_MAX = 8192, /* longest start line; real ones with a GRUU stay below 1 KiB */
    SIP_METHOD_MAX = 64,  /* longest method token */
};

struct sip_start {
    bool request;
    bool odd; /* more than single blanks, angle brackets, an unusual status class */
    struct slice method;
    struct slice uri;
    uint16_t status;
    struct slice reason;
    size_t size; /* with its line end */
};

/* sip_look() that also hands out the parts. *out is filled on SIP_LOOK_YES only. */
enum sip_look sip_start_read(struct slice bytes, struct sip_start *out);

/*
 * Can this line, its LF taken off, be a start line? False for nearly every other
 * line, at the price of a few bytes at its ends; true decides nothing.
 */
bool sip_start_is_possible(struct slice line);

/*
 * How far bytes can be dropped from `from` on: to the next start line (*found),
 * else to the first byte that could still become one, else to the end. A start
 * line may be glued to what stands before it: bodies often lack a last line end.
 * Cutting the bytes elsewhere and asking again gives the same start lines.
 */
size_t sip_start_find(struct slice bytes, size_t from, bool *found);

/*
 * Where the start line of a framed message is: at once, behind CR and LF, or behind junk.
 * SLICE_NONE when there is none; *out is filled when there is one.
 */
size_t sip_start_place(struct slice raw, bool *junk, struct sip_start *out);

/* Does a header field begin here? Undecided counts as yes. */
bool sip_start_header_follows(struct slice bytes);

/* Characters of a token (RFC 3261 25.1): 1, all others 0. */
extern const unsigned char sip_token_table[256];

static inline bool sip_is_token(char c)
{
    return sip_token_table[(unsigned char)c] != 0;
}

/* One token and nothing else; "" is none. */
bool sip_is_token_text(struct slice text);

#endif
