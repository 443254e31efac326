/*
 * Framing and parsing of SIP: progress, bounds, and that no slice of a parsed
 * message is taken from outside the input or the arena.
 *
 * First byte: bit 0 = small caps; the rest is the stream.
 */
#include "decoders/sip.h"
#include "tests/fuzz/target.h"

static void odd_event(void *context, const struct event *event)
{
    (void)context;
    require(event->kind == EVENT_DIAGNOSTIC && event->as.diagnostic.code[0] != '\0');
    touch(event->as.diagnostic.detail);
}

static void party_check(const struct sip_party *party)
{
    touch(party->raw, party->uri, party->user, party->display, party->tag, party->epid);
}

static void message_check(const struct message *message, struct slice raw)
{
    require(message->size == raw.size && message->body.size <= raw.size);
    require(message->request == (message->status == 0));
    require(message->body.size <= message->body_length);
    require(message->expires >= -1 && message->session_expires >= -1);
    party_check(&message->from);
    party_check(&message->to);
    party_check(&message->contact);
    touch(message->uri, message->reason, message->call_id, message->branch, message->sent_by,
          message->event, message->subscription_state, message->subscription_reason,
          message->content_type, message->user_agent, message->body);
    for (size_t i = 0; i < message->header_count; i++) {
        require(message->headers[i].name.size > 0);
        touch(message->headers[i].name, message->headers[i].value);
    }
    for (size_t i = 0; i < message->diagnostics_count; i++) {
        touch(message->diagnostics[i].reason, message->diagnostics[i].source);
    }
}

static void parse_check(struct slice raw, const struct limits *limits, struct arena *arena)
{
    struct message message = {0};
    struct event_sink odd = {odd_event, NULL};
    arena_reset(arena);
    if (sip_parse(raw, limits, arena, &odd, &message)) {
        message_check(&message, raw);
        require(message.header_count <= limits->headers);
    }
}

static void stream_check(struct slice bytes, const struct limits *limits, struct arena *arena)
{
    bool final = false;
    while (bytes.size > 0) {
        struct sip_frame frame = sip_frame_stream(bytes, final, limits);
        require(frame.skip <= bytes.size && frame.size <= bytes.size - frame.skip);
        if (frame.status == SIP_FRAME_MORE) {
            require(frame.size == 0 && (frame.needed == 0 || frame.needed > bytes.size));
            require(!final || frame.skip == bytes.size);
            bytes = slice_from(bytes, frame.skip);
            struct sip_frame again = sip_frame_resume(bytes, frame.scanned, false, limits);
            require(again.status == SIP_FRAME_MORE && again.skip == 0);
            final = true;
            continue;
        }
        require(frame.skip + frame.size > 0);
        if (frame.status == SIP_FRAME_MESSAGE) {
            struct slice raw = slice_sub(bytes, frame.skip, frame.size);
            require(sip_look(raw) == SIP_LOOK_YES && raw.size <= limits->message_bytes);
            parse_check(raw, limits, arena);
        }
        bytes = slice_from(bytes, frame.skip + frame.size);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0) {
        return 0;
    }
    struct limits limits = limits_default();
    if (data[0] & 1) {
        limits.header_bytes = 300;
        limits.message_bytes = 400;
        limits.headers = 8;
    }
    struct arena arena;
    arena_init(&arena);
    struct slice bytes = {(const char *)data + 1, size - 1};
    stream_check(bytes, &limits, &arena);
    parse_check(bytes, &limits, &arena);
    size_t start = sip_find_start(bytes, 0);
    require(start == SLICE_NONE || sip_look(slice_from(bytes, start)) == SIP_LOOK_YES);
    arena_dispose(&arena);
    return 0;
}
