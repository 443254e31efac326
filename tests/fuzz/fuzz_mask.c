/*
 * Masking a message: whatever it is, masking ends and takes nothing away. Of a message in order
 * nothing of its sizes and of what it says may change, except the secrets, and masking it again
 * changes nothing. In what is out of order (control bytes, a cut body, XML that breaks off) rather
 * too much is masked, and two ways to see where a value ends may differ.
 */
#include "decoders/mask.h"

#include "tests/fuzz/reading.h"
#include "tests/fuzz/target.h"

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
    reading_init(&before, raw, bodies, &limits);
    reading_init(&after, buffer_slice(&masked), bodies, &limits);
    if (reading_is_orderly(&before)) {
        require(slice_equal(buffer_slice(&masked), buffer_slice(&again)));
        compare(&before, &after);
    }
    reading_dispose(&before);
    reading_dispose(&after);
    body_reader_free(bodies);
    buffer_dispose(&masked);
    buffer_dispose(&again);
    return 0;
}
