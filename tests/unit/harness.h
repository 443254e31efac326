/*
 * What unit tests share: cmocka with its prerequisites, and input that lies
 * flush against an unmapped page, so that one byte read past the end crashes
 * without any sanitizer (style: picohttpparser's tests).
 */
#ifndef OCSIGHT_TESTS_UNIT_HARNESS_H
#define OCSIGHT_TESTS_UNIT_HARNESS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "analyzer/engine/map.h"
#include "analyzer/engine/slice.h"

/* A copy of `bytes` whose last byte is the last byte of its page; release with guard_free(). */
struct guard {
    struct slice bytes;
    void *pages;
    size_t size;
};

struct guard guard_copy(struct slice bytes);
void guard_free(struct guard *guard);

/* The whole file below the source tree; aborts the test when it cannot be read. Release with
 * free(). */
struct slice test_file(const char *path_in_tree);

/* One fixed seed for all tests. */
struct map_seed test_seed(void);

#define assert_slice_equal(actual, text)                                                           \
    do {                                                                                           \
        struct slice assert_a = (actual);                                                          \
        struct slice assert_b = slice_of(text);                                                    \
        if (!slice_equal(assert_a, assert_b)) {                                                    \
            fail_msg("\"%.*s\" is not \"%s\"", (int)assert_a.size,                                 \
                     assert_a.data ? assert_a.data : "", assert_b.data);                           \
        }                                                                                          \
    } while (0)

#endif
