/*
 * decoders/dns.c: service records asked for and given, compression and its abuses.
 */
#include "tests/unit/harness.h"

#include <stdio.h>

#include "decoders/dns.h"

#define BYTES(literal)                                                                             \
    {                                                                                              \
        literal, sizeof(literal) - 1                                                               \
    }

/* "name id code: priority weight port host; ..." ; "" when it is no concern of ours. */
static const struct {
    const char *title;
    struct slice bytes;
    const char *expected;
} messages[] = {
    {"a question",
     BYTES("\x12\x34\x01\0\0\x01\0\0\0\0\0\0\x0f_sipinternaltls\x04_tcp\x02"
           "Co\0\0\x21\0\x01"),
     "? _sipinternaltls._tcp.co 4660 0:"},
    {"an answer with pointers to the question and into it, and a record of another type",
     BYTES("\x12\x34\x85\x80\0\x01\0\x03\0\0\0\0\x04_sip\x04_tls\x02xx\0\0\x21\0\x01"
           "\xc0\x0c\0\x21\0\x01\0\0\0\x3c\0\x0d\0\x01\0\x02\x13\xc5\x04"
           "fe01\xc0\x16"
           "\xc0\x0c\0\x01\0\x01\0\0\0\x3c\0\x04\xc0\0\x02\x05"
           "\xc0\x0c\0\x21\0\x01\0\0\0\x3c\0\x07\0\0\0\0\0\x50\0"),
     "! _sip._tls.xx 4660 0: 1 2 5061 fe01.xx; 0 0 80 ;"},
    {"no such name", BYTES("\0\x01\x85\x83\0\x01\0\0\0\0\0\0\x04_sip\0\0\x21\0\x01"),
     "! _sip 1 3:"},
    {"an address is asked for", BYTES("\0\x01\x01\0\0\x01\0\0\0\0\0\0\x02xx\0\0\x01\0\x01"), ""},
    {"two questions", BYTES("\0\x01\x01\0\0\x02\0\0\0\0\0\0\x02xx\0\0\x21\0\x01"), ""},
    {"an update", BYTES("\0\x01\x28\0\0\x01\0\0\0\0\0\0\x02xx\0\0\x21\0\x01"), ""},
    {"a name that points to itself", BYTES("\0\x01\x01\0\0\x01\0\0\0\0\0\0\xc0\x0c\0\x21\0\x01"),
     ""},
    {"a name that points forward", BYTES("\0\x01\x01\0\0\x01\0\0\0\0\0\0\xc0\x10\0\x21\0\x01\0"),
     ""},
    {"two answers that point to each other: the first ends the list",
     BYTES("\0\x01\x85\x80\0\x01\0\x02\0\0\0\0\x01x\0\0\x21\0\x01"
           "\xc0\x1f\0\x21\0\x01\0\0\0\x3c\0\x08\0\0\0\0\0\x01\xc0\x13"
           "\xc0\x13\0\x21\0\x01\0\0\0\x3c\0\x08\0\0\0\0\0\x01\xc0\x0c"),
     "! x 1 0:"},
    {"a label of a kind that does not exist",
     BYTES("\0\x01\x01\0\0\x01\0\0\0\0\0\0\x42xx\0\0\x21\0\x01"), ""},
    {"strange bytes in a label are written out",
     BYTES("\0\x01\x01\0\0\x01\0\0\0\0\0\0\x05"
           "a.\\\n\xff\0\0\x21\0\x01"),
     "? a\\.\\\\\\010\\255 1 0:"},
    {"a record that claims more than there is",
     BYTES("\0\x01\x85\x80\0\x01\xff\xff\0\0\0\0\x01x\0\0\x21\0\x01"
           "\xc0\x0c\0\x21\0\x01\0\0\0\x3c\xff\xff\0\0\0\0\0\x01\0"),
     "! x 1 0:"},
};

static void write_fact(char out[static 512], const struct dns_fact *fact)
{
    int used = snprintf(out, 512, "%c %.*s %u %u:", fact->request ? '?' : '!', (int)fact->name.size,
                        fact->name.data, fact->id, fact->code);
    for (size_t i = 0; i < fact->target_count; i++) {
        const struct dns_target *target = &fact->targets[i];
        used += snprintf(out + used, 512 - (size_t)used, " %u %u %u %.*s;", target->priority,
                         target->weight, target->port, (int)target->host.size, target->host.data);
    }
}

static void messages_are_read(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena);
    for (size_t i = 0; i < sizeof messages / sizeof messages[0]; i++) {
        struct guard guard = guard_copy(messages[i].bytes);
        struct dns_fact fact;
        char got[512] = "";
        if (dns_read(guard.bytes, &arena, &fact)) {
            struct dns_fact kept = dns_fact_keep(&arena, &fact);
            write_fact(got, &kept);
        }
        if (strcmp(got, messages[i].expected) != 0) {
            fail_msg("%s: \"%s\" instead of \"%s\"", messages[i].title, got, messages[i].expected);
        }
        guard_free(&guard);
    }
    arena_dispose(&arena);
}

/* Fewer bytes never give more answers. */
static void every_prefix_is_survived(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena);
    for (size_t i = 0; i < sizeof messages / sizeof messages[0]; i++) {
        size_t answers = 0;
        for (size_t size = 0; size <= messages[i].bytes.size; size++) {
            struct guard guard = guard_copy(slice_sub(messages[i].bytes, 0, size));
            struct dns_fact fact;
            if (dns_read(guard.bytes, &arena, &fact)) {
                assert_true(fact.target_count >= answers);
                answers = fact.target_count;
            }
            guard_free(&guard);
        }
    }
    arena_dispose(&arena);
}

/* 128 labels of one byte are 256 bytes of name: one too many. */
static void long_names_are_refused(void **state)
{
    (void)state;
    char bytes[12 + 2 * 128 + 5] = "\0\x01\x01\0\0\x01\0\0\0\0\0\0";
    struct arena arena;
    struct dns_fact fact;
    arena_init(&arena);
    for (size_t labels = 126; labels <= 128; labels++) {
        size_t at = 12;
        for (size_t i = 0; i < labels; i++) {
            bytes[at++] = 1;
            bytes[at++] = 'a';
        }
        memcpy(bytes + at, "\0\0\x21\0\x01", 5);
        assert_int_equal(dns_read((struct slice){bytes, at + 5}, &arena, &fact), labels < 128);
    }
    arena_dispose(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(messages_are_read),
        cmocka_unit_test(every_prefix_is_survived),
        cmocka_unit_test(long_names_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
