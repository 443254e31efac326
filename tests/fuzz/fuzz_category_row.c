/*
 * The content of a category as a database row holds it. The first byte says whether the row's
 * category is known.
 */
#include "decoders/body.h"
#include "tests/fuzz/target.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const names[] = {"", "state", "note", "dndState", "calendarData"};
    struct limits limits = limits_default();
    struct arena arena;
    struct facts facts;
    if (size == 0) {
        return 0;
    }
    const struct category_fact known = {
        .key.name = slice_of(names[data[0] % (sizeof names / sizeof names[0])]),
        .expires = -1,
        .publish_time = TIME_NONE,
    };
    struct body_reader *reader = body_reader_new(&limits);
    arena_init(&arena);
    body_decode_category(reader, &known, (struct slice){(const char *)data + 1, size - 1}, &arena,
                         &facts);
    for (size_t i = 0; i < facts.count; i++) {
        bool first = facts.items[i].kind == EVENT_CATEGORY;
        require(first == (i == 0 && facts.items[0].kind == EVENT_CATEGORY));
        require(!facts.items[i].message);
    }
    arena_dispose(&arena);
    body_reader_free(reader);
    return 0;
}
