/*
 * A SIP message as the decoders read it, for targets that rewrite messages: what is read of one
 * before and after must agree, as long as the message is in order.
 */
#ifndef OCSIGHT_TESTS_FUZZ_READING_H
#define OCSIGHT_TESTS_FUZZ_READING_H

#include "decoders/body.h"
#include "decoders/sip.h"

struct reading {
    struct slice raw;
    struct arena arena;
    struct message message;
    struct facts facts;
    size_t odd;
    bool is_sip;
};

static void count_odd(void *context, const struct event *event)
{
    struct reading *reading = context;
    reading->odd += event->kind == EVENT_DIAGNOSTIC;
}

/* Borrows `raw`; release with reading_dispose(). */
static void reading_init(struct reading *reading, struct slice raw, struct body_reader *bodies,
                         const struct limits *limits)
{
    *reading = (struct reading){.raw = raw};
    arena_init(&reading->arena);
    const struct event_sink sink = {count_odd, reading};
    reading->message.observed.transport = TRANSPORT_TLS;
    reading->is_sip = sip_parse(raw, limits, &reading->arena, &sink, &reading->message);
    if (reading->is_sip) {
        body_decode(bodies, &reading->message, &reading->arena, &reading->facts);
    }
}

static void reading_dispose(struct reading *reading)
{
    arena_dispose(&reading->arena);
}

static bool is_text(struct slice raw)
{
    for (size_t i = 0; i < raw.size; i++) {
        unsigned char byte = slice_byte(raw, i);
        bool breaks = byte == '\r' || byte == '\n' || byte == '\t';
        if (byte >= 0x7f || (byte < ' ' && !breaks)) {
            return false;
        }
    }
    return true;
}

/* Text without control characters, and nothing odd about it: what is out of order may be read in
 * two ways. */
static bool reading_is_orderly(const struct reading *reading)
{
    const uint32_t odd = SIP_MALFORMED | SIP_BODY_CUT | SIP_JUNK_BEFORE | SIP_BARE_LF;
    return reading->is_sip && reading->odd == 0 && (reading->message.flags & odd) == 0 &&
           is_text(reading->raw);
}

#endif
