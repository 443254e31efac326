/*
 * The table: its hash against published values, its order against what was done to it.
 */
#include "tests/unit/harness.h"

#include <stdio.h>
#include <stdlib.h>

/* SipHash-1-3 of the bytes 0, 1, 2 ... under the key 00 01 .. 0f (Rust core, hash/sip.rs). */
static void the_hash_is_siphash_1_3(void **state)
{
    (void)state;
    static const struct {
        size_t size;
        uint64_t hash;
    } rows[] = {
        {0, 0xabac0158050fc4dcU},  {1, 0xc9f49bf37d57ca93U},  {2, 0x82cb9b024dc7d44dU},
        {7, 0xd3927d989bb11140U},  {8, 0x369095118d299a8eU},  {9, 0x25a48eb36c063de4U},
        {15, 0xd320d86d2a519956U}, {16, 0xcc4fdd1a7d908b66U}, {63, 0x9d199062b7bbb3a8U},
    };
    char bytes[64];
    for (size_t i = 0; i < sizeof bytes; i++) {
        bytes[i] = (char)i;
    }
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct guard guard = guard_copy((struct slice){bytes, rows[i].size});
        assert_true(map_hash(test_seed(), guard.bytes) == rows[i].hash);
        guard_free(&guard);
    }
}

static struct slice number_key(const unsigned *number)
{
    return (struct slice){(const char *)number, sizeof *number};
}

/* The keys in the order of a walk, one letter each; both directions must agree. */
static void assert_walk(const struct map *map, const char *letters)
{
    size_t at = 0;
    const struct map_entry *before = NULL;
    for (const struct map_entry *entry = map->first; entry; entry = entry->next) {
        assert_true(at < strlen(letters));
        assert_int_equal(entry->key.data[0], letters[at++]);
        assert_ptr_equal(entry->previous, before);
        before = entry;
    }
    assert_int_equal(at, strlen(letters));
    assert_int_equal(map->count, at);
    assert_ptr_equal(map->last, before);
}

static void put_letters(struct map *map, const char *letters)
{
    static char values[256];
    for (; *letters; letters++) {
        map_put(map, (struct slice){letters, 1}, &values[(unsigned char)*letters]);
    }
}

static void walks_follow_the_order_of_insertion(void **state)
{
    (void)state;
    struct map map;
    char other = 0;
    map_init(&map, test_seed());
    assert_null(map_find(&map, slice_of("a")));
    assert_null(map_remove(&map, slice_of("a")));
    put_letters(&map, "zebra");
    assert_walk(&map, "zebra");
    struct map_entry *entry = map_put(&map, slice_of("e"), &other);
    assert_walk(&map, "zebra");
    assert_ptr_equal(map_find(&map, slice_of("e")), &other);
    assert_ptr_equal(map_find_entry(&map, slice_of("e")), entry);
    assert_ptr_equal(map_remove(&map, slice_of("e")), &other);
    assert_walk(&map, "zbra");
    put_letters(&map, "e");
    assert_walk(&map, "zbrae");
    map_remove(&map, slice_of("z"));
    map_remove(&map, slice_of("e"));
    assert_walk(&map, "bra");
    map_dispose(&map, NULL);
    assert_walk(&map, "");
    put_letters(&map, "ab");
    assert_walk(&map, "ab");
    map_dispose(&map, NULL);
}

static void touched_entries_are_the_newest(void **state)
{
    (void)state;
    struct map map;
    map_init(&map, test_seed());
    put_letters(&map, "abc");
    map_touch(&map, map_find_entry(&map, slice_of("a")));
    assert_walk(&map, "bca");
    map_touch(&map, map_find_entry(&map, slice_of("a")));
    assert_walk(&map, "bca");
    map_touch(&map, map_find_entry(&map, slice_of("c")));
    assert_walk(&map, "bac");
    put_letters(&map, "d");
    assert_walk(&map, "bacd");
    map_dispose(&map, NULL);
}

static void entries_may_go_while_walking(void **state)
{
    (void)state;
    struct map map;
    map_init(&map, test_seed());
    put_letters(&map, "abcdefghijklmnopqrstuvwxyz");
    struct map_entry *next = NULL;
    for (struct map_entry *entry = map.first; entry; entry = next) {
        next = entry->next;
        if (!strchr("aeiou", entry->key.data[0])) {
            map_remove_entry(&map, entry);
        }
    }
    assert_walk(&map, "aeiou");
    assert_null(map_find(&map, slice_of("b")));
    assert_non_null(map_find(&map, slice_of("u")));
    map_dispose(&map, NULL);
}

static void keys_are_copied_and_compared_as_bytes(void **state)
{
    (void)state;
    struct map map;
    char key[] = "a\0b";
    int first = 1;
    int second = 2;
    map_init(&map, test_seed());
    map_put(&map, (struct slice){key, 3}, &first);
    map_put(&map, (struct slice){key, 1}, &second);
    map_put(&map, slice_of(""), &map);
    key[2] = 'c';
    assert_null(map_find(&map, (struct slice){key, 3}));
    assert_ptr_equal(map_find(&map, (struct slice){"a\0b", 3}), &first);
    assert_ptr_equal(map_find(&map, slice_of("a")), &second);
    assert_ptr_equal(map_find(&map, (struct slice){NULL, 0}), &map);
    map_dispose(&map, NULL);
}

static void values_are_freed_once(void **state)
{
    (void)state;
    struct map map;
    map_init(&map, test_seed());
    for (unsigned i = 0; i < 100; i++) {
        map_put(&map, number_key(&i), malloc(8));
    }
    unsigned removed = 7;
    free(map_remove(&map, number_key(&removed)));
    map_dispose(&map, free);
    assert_int_equal(map.count, 0);
}

/* Keys that share one bucket however far the table has grown. */
static size_t find_colliding(unsigned *keys, size_t wanted)
{
    size_t count = 0;
    for (unsigned i = 0; count < wanted; i++) {
        if ((map_hash(test_seed(), number_key(&i)) & 1023) == 5) {
            keys[count++] = i;
        }
    }
    return count;
}

static void colliding_keys_stay_apart(void **state)
{
    (void)state;
    enum { KEYS = 300 };
    unsigned keys[KEYS];
    struct map map;
    map_init(&map, test_seed());
    size_t count = find_colliding(keys, KEYS);
    for (size_t i = 0; i < count; i++) {
        map_put(&map, number_key(&keys[i]), &keys[i]);
    }
    for (size_t i = 0; i < count; i += 3) {
        assert_ptr_equal(map_remove(&map, number_key(&keys[i])), &keys[i]);
    }
    for (size_t i = 0; i < count; i++) {
        assert_ptr_equal(map_find(&map, number_key(&keys[i])), i % 3 == 0 ? NULL : &keys[i]);
    }
    assert_int_equal(map.count, KEYS - KEYS / 3);
    map_dispose(&map, NULL);
}

static void many_keys_keep_their_order(void **state)
{
    (void)state;
    enum { KEYS = 20000 };
    struct map map;
    unsigned expected = 0;
    map_init(&map, test_seed());
    for (unsigned i = 0; i < KEYS; i++) {
        map_put(&map, number_key(&i), &map);
    }
    for (const struct map_entry *entry = map.first; entry; entry = entry->next) {
        assert_memory_equal(entry->key.data, &expected, sizeof expected);
        expected++;
    }
    assert_int_equal(expected, KEYS);
    map_dispose(&map, NULL);
}

/* Against an array of what must be there; small enough a range that most of them meet. */
static void keys_come_and_go(void **state)
{
    enum { KEYS = 1500, STEPS = 60000 };
    static char values[KEYS];
    bool there[KEYS] = {false};
    struct map map;
    uint32_t random = 1;
    *(bool *)*state ? map_init_numbers(&map, test_seed()) : map_init(&map, test_seed());
    for (size_t step = 0; step < STEPS; step++) {
        random = random * 1664525 + 1013904223;
        uint64_t number = (random >> 8) % KEYS;
        struct slice key = map_number_key(&number);
        assert_ptr_equal(map_find(&map, key), there[number] ? &values[number] : NULL);
        if ((random >> 4) % 2 == 0) {
            assert_ptr_equal(map_remove(&map, key), there[number] ? &values[number] : NULL);
            there[number] = false;
        } else {
            struct map_entry *entry = map_keep(&map, key);
            assert_ptr_equal(entry->value, there[number] ? &values[number] : NULL);
            entry->value = &values[number];
            there[number] = true;
        }
    }
    map_dispose(&map, NULL);
}

int main(void)
{
    static bool words = false;
    static bool numbers = true;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_hash_is_siphash_1_3),
        cmocka_unit_test(walks_follow_the_order_of_insertion),
        cmocka_unit_test(touched_entries_are_the_newest),
        cmocka_unit_test(entries_may_go_while_walking),
        cmocka_unit_test(keys_are_copied_and_compared_as_bytes),
        cmocka_unit_test(values_are_freed_once),
        cmocka_unit_test(colliding_keys_stay_apart),
        cmocka_unit_test(many_keys_keep_their_order),
        cmocka_unit_test_prestate(keys_come_and_go, &words),
        cmocka_unit_test_prestate(keys_come_and_go, &numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
