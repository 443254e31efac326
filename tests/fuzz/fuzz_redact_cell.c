/*
 * Values of database rows in pseudonyms, from any bytes. The first byte says what the rest is. What
 * becomes of it once stays that when it comes again: nothing of the value before is left in it.
 */
#include <string.h>

#include "analyzer/engine/arena.h"
#include "decoders/redact_cell.h"
#include "tests/fuzz/target.h"

static struct slice redacted(struct redactor *redactor, uint8_t kind, struct slice text)
{
    switch (kind % 7) {
    case 0:
        return redact_document(redactor, text);
    case 1:
        return redact_field(redactor, slice_of("User-Agent"), text);
    case 2:
        return redact_field(redactor, slice_of("From"), text);
    case 3:
        return redact_server(redactor, text);
    case 4:
        return redact_uri(redactor, text);
    case 5:
        return redact_chat(redactor, text);
    default:
        return redact_word(redactor, text);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct pseudonym_key key = {"a key that does not change"};
    const struct map_seed seed = {{1, 2}};
    if (size == 0) {
        return 0;
    }
    struct redactor *redactor = redactor_new(&key, seed);
    const struct slice text = {(const char *)data + 1, size - 1};
    struct slice once = memory_keep(redacted(redactor, data[0], text));
    (void)redacted(redactor, (uint8_t)(data[0] + 1), text);
    require(slice_equal(once, redacted(redactor, data[0], text)));
    slice_drop(&once);
    redactor_free(redactor);
    return 0;
}
