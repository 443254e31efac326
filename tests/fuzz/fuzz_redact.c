/*
 * Redacting a message: whatever it is, it ends; no name of the corpus is left; and of a message in
 * order the same facts are read as before.
 */
#include "decoders/redact.h"

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
        const struct event *left = &a->items[i];
        const struct event *right = &b->items[i];
        require(left->kind == right->kind);
        if (left->kind == EVENT_CHAT) {
            require(left->as.chat.verb == right->as.chat.verb);
            require(left->as.chat.class == right->as.chat.class);
            require(left->as.chat.room_count == right->as.chat.room_count);
            require(left->as.chat.code == right->as.chat.code);
        }
    }
}

static void compare(const struct reading *a, const struct reading *b)
{
    const struct message *left = &a->message;
    const struct message *right = &b->message;
    require(a->is_sip == b->is_sip);
    require(left->method == right->method && left->status == right->status);
    require(left->flags == right->flags && left->header_count == right->header_count);
    require(left->cseq == right->cseq && left->expires == right->expires);
    require((left->call_id.size > 0) == (right->call_id.size > 0));
    require((left->from.user.size > 0) == (right->from.user.size > 0));
    require((left->to.tag.size > 0) == (right->to.tag.size > 0));
    require(left->diagnostics_count == right->diagnostics_count);
    compare_facts(&a->facts, &b->facts);
}

/* Text without control characters: what is out of order may be read in two ways. */
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
    if (!reading->is_sip || reading->odd > 0 || (reading->message.flags & odd) != 0) {
        return false;
    }
    for (size_t i = 0; i < reading->facts.count; i++) {
        if (reading->facts.items[i].kind == EVENT_DIAGNOSTIC) {
            return false;
        }
    }
    return is_text(raw);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct slice host = SLICE("contoso.example");
    static const struct pseudonym_key key = {.bytes = {7}};
    const struct limits limits = limits_default();
    const struct slice raw = {(const char *)data, size};
    struct redactor *redactor = redactor_new(&key, (struct map_seed){{1, 2}});
    struct body_reader *bodies = body_reader_new(&limits);
    struct reading before, after;
    struct slice redacted = redact_message(redactor, raw);
    read_message(&before, raw, bodies, &limits);
    read_message(&after, redacted, bodies, &limits);
    if (is_orderly(raw, &before)) {
        compare(&before, &after);
        require(slice_find_nocase(after.message.from.raw, host) == SLICE_NONE);
        require(slice_find_nocase(after.message.uri, host) == SLICE_NONE);
    }
    arena_dispose(&before.arena);
    arena_dispose(&after.arena);
    body_reader_free(bodies);
    redactor_free(redactor);
    return 0;
}
