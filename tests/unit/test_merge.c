/*
 * The ordered merge: what leaves when, against the order of the packets.
 */
#include "tests/unit/harness.h"

#include <stdlib.h>

#include "analyzer/merge.h"

/* An item at a place in the run; `tag` tells it from others. */
static void add(struct batch *batch, unsigned shard, uint64_t order, uint64_t tag)
{
    struct item *item = harvest_add(batch->harvests[shard]);
    item->order = order;
    item->message.id = tag;
}

/* The tag of the next item, 0 = none may leave. */
static uint64_t pop(struct merge *merge, bool any)
{
    struct item *item = merge_pop(merge, any);
    uint64_t tag = item ? item->message.id : 0;
    if (item) {
        merge_done(merge, item);
    }
    return tag;
}

static void hand_over(struct merge *merge, struct batch *batch, uint64_t order, bool last)
{
    batch->order = order;
    batch->last = last;
    merge_take(merge, batch);
    batch_clear(batch);
}

static void items_leave_in_the_order_of_their_packets(void **state)
{
    (void)state;
    struct merge *merge = merge_new();
    struct batch *batch = batch_new();
    assert_int_equal(pop(merge, true), 0);
    add(batch, 0, 7, 4);
    add(batch, 0, 9, 6);
    add(batch, 3, 2, 1);
    add(batch, 3, 8, 5);
    add(batch, HARVESTS - 1, 5, 2);
    add(batch, HARVESTS - 1, 5, 3); /* of one packet: as they came */
    hand_over(merge, batch, 9, false);
    for (uint64_t tag = 1; tag <= 6; tag++) {
        assert_int_equal(pop(merge, false), tag);
    }
    assert_int_equal(pop(merge, true), 0);
    batch_free(batch);
    merge_free(merge);
}

/* A shard that waits for lost bytes holds back what lies behind them, in all shards. */
static void nothing_overtakes_what_is_waited_for(void **state)
{
    (void)state;
    struct merge *merge = merge_new();
    struct batch *batch = batch_new();
    add(batch, 1, 3, 1);
    add(batch, 2, 4, 3);
    add(batch, 1, 6, 4);
    batch->harvests[5]->watermark = 4;
    hand_over(merge, batch, 6, false);
    assert_int_equal(pop(merge, false), 1);
    assert_int_equal(pop(merge, false), 0);
    batch->harvests[5]->watermark = 4; /* still waiting */
    hand_over(merge, batch, 8, false);
    assert_int_equal(pop(merge, false), 0);
    add(batch, 5, 4, 2); /* what was waited for is older than what is held... */
    add(batch, 5, 5, 5);
    hand_over(merge, batch, 9, false);
    assert_int_equal(pop(merge, false), 3); /* ... but came later than its like */
    assert_int_equal(pop(merge, false), 2);
    assert_int_equal(pop(merge, false), 5);
    assert_int_equal(pop(merge, false), 4);
    assert_int_equal(pop(merge, false), 0);
    batch_free(batch);
    merge_free(merge);
}

static void the_end_lets_everything_go(void **state)
{
    (void)state;
    struct merge *merge = merge_new();
    struct batch *batch = batch_new();
    add(batch, 0, 12, 2); /* beyond the last packet: only the end can say so */
    add(batch, 0, 10, 1);
    hand_over(merge, batch, 9, false);
    assert_int_equal(pop(merge, false), 0);
    assert_int_equal(pop(merge, true), 1); /* or whoever needs the memory */
    hand_over(merge, batch, 0, true);
    assert_int_equal(pop(merge, false), 2);
    batch_free(batch);
    merge_free(merge);
}

static void memory_is_counted_while_it_is_held(void **state)
{
    (void)state;
    struct merge *merge = merge_new();
    struct batch *batch = batch_new();
    struct harvest *first = batch->harvests[0];
    add(batch, 0, 1, 1);
    add(batch, 0, 2, 2);
    (void)arena_alloc(&first->arena, 100000);
    size_t held = first->arena.used;
    hand_over(merge, batch, 2, false);
    assert_ptr_not_equal(batch->harvests[0], first);
    assert_int_equal(merge_bytes(merge), held);
    add(batch, 0, 3, 3);
    held += batch->harvests[0]->arena.used;
    hand_over(merge, batch, 3, false);
    assert_int_equal(merge_bytes(merge), held);
    assert_int_equal(pop(merge, false), 1);
    assert_int_equal(merge_bytes(merge), held); /* its neighbour is still in there */
    assert_int_equal(pop(merge, false), 2);
    assert_true(merge_bytes(merge) < held - 100000);
    add(batch, 1, 4, 4);
    hand_over(merge, batch, 4, false);
    assert_ptr_equal(batch->harvests[1], first); /* emptied and used again */
    assert_null(first->first);
    assert_int_equal(first->arena.used, 0);
    batch_free(batch);
    merge_free(merge); /* with items in it */
}

enum { ITEMS = 5000, ROUND = 50 };

static int by_number(const void *a, const void *b)
{
    const uint64_t *left = a;
    const uint64_t *right = b;
    return (*left > *right) - (*left < *right);
}

/* Items come up to a thousand places late; they leave in order and none is lost. */
static void random_items_leave_sorted(void **state)
{
    (void)state;
    static uint64_t came[ITEMS];
    static uint64_t left[ITEMS];
    struct merge *merge = merge_new();
    struct batch *batch = batch_new();
    unsigned random = 3;
    size_t count = 0;
    for (size_t i = 0; i < ITEMS; i++) {
        random = random * 1103515245U + 12345U;
        came[i] = 1000 + i - (random >> 16) % 1000;
        add(batch, (random >> 8) % HARVESTS, came[i], came[i]);
        if (i % ROUND == ROUND - 1) {
            batch->harvests[0]->watermark = i + 2; /* the earliest that may still come */
            hand_over(merge, batch, 1000 + i, false);
            for (uint64_t tag = pop(merge, false); tag; tag = pop(merge, false)) {
                left[count++] = tag;
            }
        }
    }
    assert_in_range(count, ITEMS - 1000, ITEMS - 1);
    for (uint64_t tag = pop(merge, true); tag; tag = pop(merge, true)) {
        left[count++] = tag;
    }
    qsort(came, ITEMS, sizeof came[0], by_number);
    assert_int_equal(count, ITEMS);
    assert_memory_equal(left, came, sizeof came);
    batch_free(batch);
    merge_free(merge);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(items_leave_in_the_order_of_their_packets),
        cmocka_unit_test(nothing_overtakes_what_is_waited_for),
        cmocka_unit_test(the_end_lets_everything_go),
        cmocka_unit_test(memory_is_counted_while_it_is_held),
        cmocka_unit_test(random_items_leave_sorted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
