/*
 * Rows that reports cannot keep in memory: sql/spill.c.
 */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "sql/spill.h"
#include "tests/unit/harness.h"

struct heard {
    char text[64];
    size_t size;
};

static void hear(void *context, struct slice row)
{
    struct heard *heard = context;
    memcpy(heard->text + heard->size, row.data, row.size);
    heard->size += row.size;
    heard->text[heard->size++] = '|';
}

static void assert_rows(const struct spill *spill, uint64_t owner, const char *expected)
{
    struct heard heard = {.size = 0};
    assert_true(spill->read(spill->context, owner, &heard, hear));
    assert_string_equal(heard.text, expected);
}

static void rows_come_back_by_owner_in_their_order(void **state)
{
    (void)state;
    struct spill_file *file = spill_file_new();
    const struct spill *spill = spill_file_view(file);
    assert_rows(spill, 1, "");
    assert_true(spill->keep(spill->context, 7, slice_of("first")));
    assert_true(spill->keep(spill->context, 1, slice_of("other")));
    assert_true(spill->keep(spill->context, 7, (struct slice){"a\0b", 3}));
    assert_true(spill->keep(spill->context, 7, slice_of("")));
    struct heard heard = {.size = 0};
    assert_true(spill->read(spill->context, 7, &heard, hear));
    assert_memory_equal(heard.text, "first|a\0b||", 11);
    assert_int_equal(heard.size, 11);
    assert_rows(spill, 1, "other|");
    assert_rows(spill, 2, "");
    assert_string_equal(spill_file_problem(file), "");
    spill_file_free(file);
}

/* Writing beyond the limit fails like a full disk. */
static void limit_files(rlim_t bytes)
{
    struct rlimit limit = {bytes, RLIM_INFINITY};
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void a_full_disk_is_told_and_nothing_more_is_kept(void **state)
{
    (void)state;
    struct spill_file *file = spill_file_new();
    const struct spill *spill = spill_file_view(file);
    char *row = malloc(1 << 20);
    memset(row, 'x', 1 << 20);
    bool kept = true;
    limit_files(4 << 20);
    for (int i = 0; i < 64 && kept; i++) {
        kept = spill->keep(spill->context, 1, (struct slice){row, 1 << 20});
    }
    assert_false(kept);
    assert_false(spill->keep(spill->context, 1, slice_of("later")));
    assert_non_null(strstr(spill_file_problem(file), "temporary file: "));
    spill_file_free(file);
    free(row);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_come_back_by_owner_in_their_order),
        cmocka_unit_test(a_full_disk_is_told_and_nothing_more_is_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
