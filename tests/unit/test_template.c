/*
 * sql/template.c and sql/columns.c: names of a hostile server or snapshot stay names.
 */
#include "tests/unit/harness.h"

#include <stdio.h>

#include "sql/template.h"

enum { TEXT_MOST = 4096 };

/* What a text becomes for a table with one column of that name. */
static void build(enum peer_dialect dialect, struct slice name, const char *text,
                  char out[static TEXT_MOST])
{
    struct columns *columns = columns_new();
    const struct column_row row = {
        .database = slice_of("rtc"), .table = name, .name = name, .type = slice_of("int")};
    const struct column_row *chosen[] = {&row};
    const struct template_target target = {
        .dialect = dialect, .columns = columns, .server = 1, .chosen = chosen, .chosen_count = 1};
    struct template_gaps gaps;
    struct buffer built;
    buffer_init(&built, TEXT_MOST);
    assert_true(columns_add(columns, &row));
    assert_true(template_build(text, &target, &built, &gaps));
    assert_true(buffer_append_byte(&built, '\0'));
    snprintf(out, TEXT_MOST, "%s", built.data);
    template_gaps_dispose(&gaps);
    buffer_dispose(&built);
    columns_free(columns);
}

static void names(void **state)
{
    (void)state;
    static const struct {
        enum peer_dialect dialect;
        const char *name;
        const char *text;
        const char *built;
    } rows[] = {
        {DIALECT_TSQL, "Data", "{names}", "[Data]\n"},
        {DIALECT_TSQL, "a]; DROP TABLE x --", "{names}", "[a]]; DROP TABLE x --]\n"},
        {DIALECT_TSQL, "]", "{table}", "[rtc].[dbo].[]]]\n"},
        {DIALECT_TSQL, "[x", "{columns t}", "t.[[x] AS [[x]\n"},
        {DIALECT_SQLITE, "Data", "{names}", "[Data]\n"},
        {DIALECT_SQLITE, "a\"b", "{names}", "[a\"b]\n"},
        {DIALECT_SQLITE, "a]; DROP TABLE x --", "{names}", "\"a]; DROP TABLE x --\"\n"},
        {DIALECT_SQLITE, "a]\"; --", "{name}", "\"rtc.a]\"\"; --\"\n"},
        {DIALECT_SQLITE, "]", "{table}", "(SELECT * FROM \"rtc.]\" WHERE [@server] = 1)\n"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char built[TEXT_MOST];
        struct guard guard = guard_copy(slice_of(rows[i].name));
        build(rows[i].dialect, guard.bytes, rows[i].text, built);
        assert_string_equal(built, rows[i].built);
        guard_free(&guard);
    }
}

/* What no SQL Server has is refused, and not left out in silence. */
static void too_many(void **state)
{
    (void)state;
    struct columns *columns = columns_new();
    char name[600];
    size_t added = 0;
    struct column_row row = {.database = slice_of("rtc"), .table = slice_of("t")};
    memset(name, 'x', sizeof name);
    row.name = (struct slice){name, 513};
    assert_false(columns_add(columns, &row));
    row.name = (struct slice){name, 512};
    while (added < 200000 && columns_add(columns, &row)) {
        row.name.size = 1;
        added++;
    }
    assert_int_equal(added, 100000);
    assert_int_equal(columns_count(columns), added);
    columns_free(columns);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names),
        cmocka_unit_test(too_many),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
