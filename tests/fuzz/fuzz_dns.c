/*
 * DNS messages: what is read lies within what a message can hold, and a copy is the
 * same.
 */
#include "decoders/dns.h"
#include "tests/fuzz/target.h"

enum { NAME_TEXT_MAX = 4 * 255, RECORD_MIN = 11 };

static void check_name(struct slice name)
{
    require(name.size <= NAME_TEXT_MAX);
    for (size_t i = 0; i < name.size; i++) {
        require(slice_byte(name, i) > ' ' && slice_byte(name, i) < 0x7f);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct dns_fact fact;
    arena_init(&arena);
    if (dns_read((struct slice){(const char *)data, size}, &arena, &fact)) {
        struct dns_fact kept = dns_fact_keep(&arena, &fact);
        check_name(fact.name);
        require(slice_equal(fact.name, kept.name) && fact.target_count == kept.target_count);
        require(fact.target_count <= size / RECORD_MIN);
        require(!fact.request || fact.target_count == 0);
        for (size_t i = 0; i < fact.target_count; i++) {
            check_name(fact.targets[i].host);
            require(slice_equal(fact.targets[i].host, kept.targets[i].host));
        }
    }
    arena_dispose(&arena);
    return 0;
}
