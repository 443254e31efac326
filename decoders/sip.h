/*
 * SIP messages: where one ends on a stream, and what its headers say.
 *
 * Called by decoders/stream.c (framing) and analyzer/shard.c (parsing). Total:
 * any bytes are legal input. Lenient: what is odd is flagged (enum sip_flags in
 * message.h) and reading goes on; only a start line is required to call
 * something a SIP message. Authentication headers are skipped and never kept.
 *
 * Normative: RFC 3261 sections 7, 18.3, 20, 25; compact names RFC 3261 7.3.3 and
 * RFC 3265, 4028, 3892, 4412 ...; quirks of the field: facts/presence.md 8.2, 8.5, 8.6.
 */
#ifndef OCSIGHT_DECODERS_SIP_H
#define OCSIGHT_DECODERS_SIP_H

#include "analyzer/engine/arena.h"
#include "analyzer/engine/event.h"
#include "analyzer/engine/limits.h"

enum sip_look {
    SIP_LOOK_NO, /* cannot be the start line of a SIP message */
    SIP_LOOK_YES,
    SIP_LOOK_MORE, /* could still become one with more bytes */
};

/* Do these bytes open with a request or status line? Any method name is accepted. */
enum sip_look sip_look(struct slice bytes);

/* Position of the first byte from `from` on where a line looks like a SIP start line, or
 * SLICE_NONE. */
size_t sip_find_start(struct slice bytes, size_t from);

enum sip_frame_status {
    SIP_FRAME_MESSAGE, /* bytes[skip .. skip + size) is one message */
    SIP_FRAME_MORE,    /* nothing whole yet; `skip` bytes in front can be dropped (keep-alives) */
    SIP_FRAME_LOST, /* not SIP here: drop `skip` bytes, which end at the next start line or at the
                       end */
    SIP_FRAME_TOO_BIG, /* headers or body exceed their cap: drop `skip` bytes, counted */
};

struct sip_frame {
    enum sip_frame_status status;
    size_t skip; /* bytes before the message: CR LF keep-alives, junk */
    size_t size; /* of the message */
    size_t
        needed; /* SIP_FRAME_MORE: total bytes that are needed for the next step, 0 = not known */
    size_t scanned;  /* SIP_FRAME_MORE: header bytes behind `skip` that need not be read again */
    const char *cap; /* SIP_FRAME_TOO_BIG: the limit that was reached */
    bool junk;       /* what was skipped was more than CR and LF */
    bool body_cut;   /* only with `final`: the body ends before Content-Length says */
};

/*
 * Frames the next message of a stream (RFC 3261 18.3: Content-Length rules).
 * `final` = no more bytes will come (a gap or the end follows). Progress is
 * guaranteed: with LOST, TOO_BIG or MESSAGE, skip + size > 0.
 */
struct sip_frame sip_frame_stream(struct slice bytes, bool final, const struct limits *limits);

/*
 * The same when an earlier call said MORE: `bytes` are without the `skip` bytes
 * it named and longer now, `scanned` is what it gave.
 */
struct sip_frame sip_frame_resume(struct slice bytes, size_t scanned, bool final,
                                  const struct limits *limits);

/*
 * The first message after lost bytes or junk may have lost the beginning of its
 * method ("NOTIFY" of "BENOTIFY") or have junk glued to it ("helloINFO"); its
 * CSeq tells. Returns the junk bytes in front, or SLICE_NONE when the start line
 * itself is cut.
 */
size_t sip_frame_trim(struct slice message);

/*
 * Parses one framed message or one datagram's payload. *out gets the parsed part
 * of struct message; slices point into `raw` or into `arena`. Problems become
 * EVENT_DIAGNOSTIC on `odd` (origin and message set by the caller afterwards is
 * not needed: out->observed.origin must be set before the call). False when there
 * is no start line at all.
 */
bool sip_parse(struct slice raw, const struct limits *limits, struct arena *arena,
               const struct event_sink *odd, struct message *out);

/*
 * "user@host" in lower case from a sip:, sips:, tel: or bare address; empty when
 * there is no user part. Escapes (%40) are decoded. The result lies in `arena`.
 */
struct slice sip_user_of(struct slice uri, struct arena *arena);

/* An application, pool or server address: opaque=app:..., opaque=srvr:..., gruu of a server. */
bool sip_uri_is_service(struct slice uri);

/* The value of a ;name=value parameter of a header or URI, unquoted; false when absent. */
bool sip_parameter(struct slice parameters, struct slice name, struct slice *out);

#endif
