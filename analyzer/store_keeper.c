/*
 * What the decoders found, on its way into a store. See store_keeper.h.
 */
#include "analyzer/store_keeper.h"

#include <stdlib.h>

#include "analyzer/engine/arena.h"
#include "analyzer/engine/buffer.h"
#include "decoders/digest.h"
#include "decoders/mask.h"

struct store_keeper {
    struct store *store;
    void (*failed)(void);
    struct digest *digest;
    struct buffer masked;
};

/* Behind the empty line that ends the headers; the whole message where there is none. */
static size_t head_size(struct slice message)
{
    static const struct slice ends[] = {SLICE("\r\n\r\n"), SLICE("\n\n")};
    size_t best = message.size;
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        size_t at = slice_find(slice_sub(message, 0, best), ends[i]);
        if (at != SLICE_NONE) {
            best = at + ends[i].size;
        }
    }
    return best;
}

static void look_after(struct store_keeper *keeper)
{
    if (keeper->failed && store_problem(keeper->store)[0] != '\0') {
        keeper->failed();
        keeper->failed = NULL;
    }
}

static void keep_message(void *context, const struct sip_unit *unit)
{
    struct store_keeper *keeper = context;
    unsigned char digest[DIGEST_BYTES] = {0};
    if (!mask_message(unit->raw, &keeper->masked)) {
        memory_fatal(); /* the buffer's maximum always suffices */
    }
    const struct slice message = buffer_slice(&keeper->masked);
    const size_t size = head_size(message);
    const struct slice body = slice_from(message, size);
    if (body.size > 0) {
        digest_bytes(keeper->digest, body, digest);
    }
    store_add_message(keeper->store, &unit->observed, unit->flags, slice_sub(message, 0, size),
                      body, digest);
    look_after(keeper);
}

static void keep_event(void *context, const struct event *event)
{
    struct store_keeper *keeper = context;
    store_add_event(keeper->store, event, false);
    look_after(keeper);
}

static void keep_ending(void *context, const struct event *event)
{
    struct store_keeper *keeper = context;
    store_add_event(keeper->store, event, true);
    look_after(keeper);
}

struct store_keeper *store_keeper_new(struct store *store, const struct limits *limits,
                                      void (*failed)(void))
{
    struct store_keeper *keeper = memory_zero(1, sizeof *keeper);
    keeper->store = store;
    keeper->failed = failed;
    keeper->digest = digest_new();
    size_t longest = limits->message_bytes + limits->header_bytes + limits->fragment_bytes;
    buffer_init(&keeper->masked, 2 * longest);
    return keeper;
}

void store_keeper_free(struct store_keeper *keeper)
{
    digest_free(keeper->digest);
    buffer_dispose(&keeper->masked);
    free(keeper);
}

struct keeper store_keeper_keeper(struct store_keeper *keeper)
{
    return (struct keeper){keeper, keep_message, keep_event, keep_ending};
}
