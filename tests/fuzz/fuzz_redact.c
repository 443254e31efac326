/*
 * Redacting a message: whatever it is, it ends; no name of the corpus is left; and of a message in
 * order the same facts are read as before.
 */
#include "decoders/redact.h"

#include "tests/fuzz/reading.h"
#include "tests/fuzz/target.h"

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

static bool has_odd_facts(const struct facts *facts)
{
    for (size_t i = 0; i < facts->count; i++) {
        if (facts->items[i].kind == EVENT_DIAGNOSTIC) {
            return true;
        }
    }
    return false;
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
    reading_init(&before, raw, bodies, &limits);
    reading_init(&after, redacted, bodies, &limits);
    if (reading_is_orderly(&before) && !has_odd_facts(&before.facts)) {
        compare(&before, &after);
        require(slice_find_nocase(after.message.from.raw, host) == SLICE_NONE);
        require(slice_find_nocase(after.message.uri, host) == SLICE_NONE);
    }
    reading_dispose(&before);
    reading_dispose(&after);
    body_reader_free(bodies);
    redactor_free(redactor);
    return 0;
}
