/*
 * The bump allocator: blocks do not overlap, are aligned, and are reused after a reset.
 */
#include "tests/unit/harness.h"

#include <stdlib.h>

#include "analyzer/engine/arena.h"

enum { PIECES = 2000, MIB = 1024 * 1024 };

static size_t piece_size(size_t i)
{
    return i * 37 % 5000;
}

static void pieces_are_aligned_and_apart(void **state)
{
    (void)state;
    struct arena arena;
    char *pieces[PIECES];
    arena_init(&arena);
    for (size_t i = 0; i < PIECES; i++) {
        pieces[i] = arena_alloc(&arena, piece_size(i));
        assert_int_equal((uintptr_t)pieces[i] % _Alignof(max_align_t), 0);
        memset(pieces[i], (int)(i % 251), piece_size(i));
    }
    for (size_t i = 0; i < PIECES; i++) {
        for (size_t j = 0; j < piece_size(i); j++) {
            assert_int_equal((unsigned char)pieces[i][j], i % 251);
        }
    }
    arena_dispose(&arena);
}

static void memory_is_reused_after_a_reset(void **state)
{
    (void)state;
    struct arena arena;
    void *first[PIECES];
    arena_init(&arena);
    for (size_t i = 0; i < PIECES; i++) {
        first[i] = arena_alloc(&arena, piece_size(i));
    }
    size_t used = arena.used;
    assert_true(used > 0);
    arena_reset(&arena);
    assert_int_equal(arena.used, 0);
    for (size_t i = 0; i < PIECES; i++) {
        assert_ptr_equal(arena_alloc(&arena, piece_size(i)), first[i]);
    }
    assert_int_equal(arena.used, used);
    arena_dispose(&arena);
}

static size_t blocks_of(const struct arena *arena)
{
    /* The first member of a block is the next one. */
    size_t count = 0;
    for (const void *const *block = (const void *const *)arena->first; block; block = *block) {
        count++;
    }
    return count;
}

static void big_blocks_are_given_back(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena);
    arena_alloc(&arena, 10);
    memset(arena_alloc(&arena, MIB + 1), 1, MIB + 1);
    memset(arena_alloc(&arena, MIB), 2, MIB);
    memset(arena_alloc(&arena, 8 * MIB), 3, 8 * MIB);
    assert_int_equal(blocks_of(&arena), 4);
    arena_reset(&arena);
    assert_int_equal(blocks_of(&arena), 2);
    arena_dispose(&arena);
    memset(arena_alloc(&arena, 3 * MIB), 1, 3 * MIB);
    arena_reset(&arena);
    assert_int_equal(blocks_of(&arena), 0);
    assert_non_null(arena_alloc(&arena, 1));
    arena_dispose(&arena);
}

static void copies_end_in_a_nul(void **state)
{
    (void)state;
    struct arena arena;
    struct guard guard = guard_copy(slice_of("Ann@Contoso.Example[\xc3\x84"));
    arena_init(&arena);
    struct slice copy = arena_keep(&arena, guard.bytes);
    struct slice lower = arena_keep_lower(&arena, guard.bytes);
    struct slice empty = arena_keep(&arena, (struct slice){NULL, 0});
    struct slice heap = memory_keep(guard.bytes);
    guard_free(&guard);
    assert_string_equal(copy.data, "Ann@Contoso.Example[\xc3\x84");
    assert_string_equal(lower.data, "ann@contoso.example[\xc3\x84");
    assert_string_equal(heap.data, copy.data);
    assert_int_equal(copy.size, strlen(copy.data));
    assert_string_equal(empty.data, "");
    free((void *)(uintptr_t)heap.data);
    arena_dispose(&arena);
}

static void cleared_memory_is_zero_even_when_reused(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena);
    memset(arena_alloc(&arena, 1000), 0xff, 1000);
    arena_reset(&arena);
    const char *bytes = arena_zero(&arena, 10, 100);
    for (size_t i = 0; i < 1000; i++) {
        assert_int_equal(bytes[i], 0);
    }
    arena_dispose(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_are_aligned_and_apart),
        cmocka_unit_test(memory_is_reused_after_a_reset),
        cmocka_unit_test(big_blocks_are_given_back),
        cmocka_unit_test(copies_end_in_a_nul),
        cmocka_unit_test(cleared_memory_is_zero_even_when_reused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
