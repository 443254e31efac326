/*
 * Masking a message: whatever it is, masking ends and takes nothing away. Of a message in order
 * nothing of its sizes and of what it says may change, except the secrets, and masking it again
 * changes nothing. In what is out of order (control bytes, a cut body, XML that breaks off) rather
 * too much is masked, and two ways to see where a value ends may differ.
 */
#include "decoders/mask.h"

#include <stdlib.h>

#include "decoders/body.h"
#include "decoders/sip.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct reading {
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

static void read_message(struct reading *reading, struct slice raw, struct body_reader *bodies,
                         const struct limits *limits)
{
    *reading = (struct reading){.odd = 0};
    arena_init(&reading->arena);
    const struct event_sink sink = {count_odd, reading};
    reading->message.observed.transport = TRANSPORT_TLS;
    reading->is_sip = sip_parse(raw, limits, &reading->arena, &sink, &reading->message);
    if (reading->is_sip) {
        body_decode(bodies, &reading->message, &reading->arena, &reading->facts);
    }
}

static void require(bool condition)
{
    if (!condition) {
        abort();
    }
}

static void compare_facts(const struct facts *a, const struct facts *b)
{
    require(a->count == b->count);
    for (size_t i = 0; i < a->count; i++) {
        require(a->items[i].kind == b->items[i].kind);
        if (a->items[i].kind == EVENT_CHAT) {
            const struct chat_fact *left = &a->items[i].as.chat;
            const struct chat_fact *right = &b->items[i].as.chat;
            require(left->has_token == right->has_token && left->verb == right->verb);
            require(left->token_hash == right->token_hash);
        }
    }
}

static void compare(const struct reading *a, const struct reading *b)
{
    require(a->is_sip == b->is_sip && a->odd == b->odd);
    const struct message *left = &a->message;
    const struct message *right = &b->message;
    require(left->method == right->method && left->status == right->status);
    require(left->flags == right->flags && left->header_count == right->header_count);
    require(slice_equal(left->call_id, right->call_id) && left->cseq == right->cseq);
    require(slice_equal(left->from.user, right->from.user));
    require(left->to.tag.size == right->to.tag.size);
    require(slice_equal(left->content_type, right->content_type));
    require(left->content_type_full.size == right->content_type_full.size);
    bool unreadable = left->body_length == right->body_length && left->flags & SIP_BODY_CUT;
    require(unreadable ||
            right->body_length - left->body_length == right->body.size - left->body.size);
    compare_facts(&a->facts, &b->facts);
}

static bool is_text(struct slice raw)
{
    for (size_t i = 0; i < raw.size; i++) {
        unsigned char byte = (unsigned char)raw.data[i];
        bool breaks = byte == '\r' || byte == '\n' || byte == '\t';
        if (byte >= 0x7f || (byte < ' ' && !breaks)) {
            return false;
        }
    }
    return true;
}

static bool is_orderly(struct slice raw, const struct reading *reading)
{
    const uint32_t odd = SIP_MALFORMED | SIP_BODY_CUT | SIP_JUNK_BEFORE | SIP_BARE_LF;
    return reading->is_sip && reading->odd == 0 && (reading->message.flags & odd) == 0 &&
           is_text(raw);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct limits limits = limits_default();
    struct slice raw = {(const char *)data, size};
    struct buffer masked, again;
    buffer_init(&masked, 2 * size + 64);
    buffer_init(&again, 4 * size + 128);
    require(mask_message(raw, &masked));
    require(masked.size >= size);
    require(mask_message(buffer_slice(&masked), &again));
    require(again.size >= masked.size);
    struct body_reader *bodies = body_reader_new(&limits);
    struct reading before, after;
    read_message(&before, raw, bodies, &limits);
    read_message(&after, buffer_slice(&masked), bodies, &limits);
    if (is_orderly(raw, &before)) {
        require(slice_equal(buffer_slice(&masked), buffer_slice(&again)));
        compare(&before, &after);
    }
    arena_dispose(&before.arena);
    arena_dispose(&after.arena);
    body_reader_free(bodies);
    buffer_dispose(&masked);
    buffer_dispose(&again);
    return 0;
}
