/*
 * Tables: JSON, CSV and text of every kind of value, the order of rows, and text that fits any
 * width without losing a character.
 */
#include "tests/unit/output_text.h"

#include "reports/table.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define NINE         INT64_C(1433149200000000000) /* 2015-06-01 09:00:00 */

static const struct table_column columns[] = {
    {"user", "user", 2},     {"rows", "rows", -1},  {"seen", "last seen", 0},
    {"locked", "locked", 0}, {"state", "state", 0}, {"id", NULL, 0},
};

static struct table_cell text_of(const char *text)
{
    return (struct table_cell){.kind = TABLE_TEXT, .text = slice_of(text)};
}

static struct table_cell number_of(enum table_kind kind, int64_t number)
{
    return (struct table_cell){.kind = kind, .number = number, .text = slice_of("")};
}

static void add_row(struct table *table, const char *user, int64_t rows, const char *word)
{
    struct table_cell *cells = table_add(table)->cells;
    cells[0] = text_of(user);
    cells[1] = number_of(TABLE_NUMBER, rows);
    cells[2] = number_of(TABLE_TIME, NINE + rows * 1000000);
    cells[3] = number_of(TABLE_TRUTH, rows % 2);
    cells[4] = number_of(TABLE_WORD, rows);
    cells[4].text = slice_of(word);
    cells[5] = text_of("aa01");
}

static struct table *sample_new(void)
{
    struct table *table = table_new(columns, COUNT(columns));
    add_row(table, "zoe@contoso.example", 0, "active");
    add_row(table, "ann@contoso.example", 0, "");
    add_row(table, "bob@contoso.example", 7, "AD object deleted");
    table_sort(table);
    return table;
}

static char *write_sample(const struct table *table, enum report_format format, size_t width)
{
    static const struct slice remark = SLICE("Read without locks (dirty read).");
    static const struct table_source sources[] = {
        {.name = SLICE("fe01"), .answered = true, .rows = 3, .absent = SLICE("rtc.A.B, rtc.C")},
        {.name = SLICE("fe\x1b[2J"), .problem = SLICE("not reached")},
    };
    const struct table_head head = {
        .schema = "ocsight.db/1",
        .report = "sample",
        .title = "what there is",
        .sources = sources,
        .source_count = COUNT(sources),
        .remarks = &remark,
        .remark_count = 1,
        .partial = true,
    };
    const struct report_style style = {.format = format, .columns = width};
    struct written written;
    table_write(table, &style, &head, written_open(&written));
    return written_close(&written);
}

static void rows_are_sorted_by_the_columns_ranks(void **state)
{
    (void)state;
    struct table *table = sample_new();
    assert_int_equal(table_count(table), 3);
    assert_slice_equal(table_row(table, 0)->cells[0].text, "bob@contoso.example");
    assert_slice_equal(table_row(table, 1)->cells[0].text, "ann@contoso.example");
    assert_slice_equal(table_row(table, 2)->cells[0].text, "zoe@contoso.example");
    table_free(table);
}

static void csv_has_every_column(void **state)
{
    (void)state;
    struct table *table = sample_new();
    char *text = write_sample(table, REPORT_CSV, 80);
    assert_string_equal(
        text, "user,rows,seen,locked,state,id\n"
              "bob@contoso.example,7,2015-06-01T09:00:00.007000Z,true,AD object deleted,aa01\n"
              "ann@contoso.example,0,2015-06-01T09:00:00.000000Z,false,0,aa01\n"
              "zoe@contoso.example,0,2015-06-01T09:00:00.000000Z,false,active,aa01\n");
    free(text);
    table_free(table);
}

static void json_says_a_number_and_its_meaning(void **state)
{
    (void)state;
    struct table *table = sample_new();
    char *text = write_sample(table, REPORT_JSON, 80);
    assert_non_null(strstr(text, "\"schema\": \"ocsight.db/1\""));
    assert_non_null(strstr(text, "\"state\": 7,\n      \"state_name\": \"AD object deleted\""));
    assert_non_null(strstr(text, "\"state\": 0,\n      \"state_name\": null"));
    assert_non_null(strstr(text, "\"locked\": true"));
    assert_non_null(strstr(text, "\"rtc.A.B\",\n        \"rtc.C\""));
    assert_non_null(strstr(text, "\"partial\": true"));
    free(text);
    table_free(table);
}

static void text_is_a_table(void **state)
{
    (void)state;
    struct table *table = sample_new();
    char *text = write_sample(table, REPORT_TEXT, 90);
    assert_string_equal(
        text, "sample: what there is\n"
              "\n"
              "user                 rows  last seen                locked  state\n"
              "bob@contoso.example     7  2015-06-01 09:00:00.007  yes     AD object deleted\n"
              "ann@contoso.example     0  2015-06-01 09:00:00      no      0\n"
              "zoe@contoso.example     0  2015-06-01 09:00:00      no      active\n"
              "\n"
              "3 rows\n"
              "fe01 has no rtc.A.B, rtc.C: what depends on it is left empty.\n"
              "fe\\x1b[2J: not reached\n"
              "Read without locks (dirty read).\n");
    free(text);
    table_free(table);
}

/* What is left of a text without blanks and line ends; release with free(). */
static char *squeeze(char *text)
{
    size_t size = 0;
    for (const char *at = text; *at; at++) {
        if (*at != ' ' && *at != '\n') {
            text[size++] = *at;
        }
    }
    text[size] = '\0';
    return text;
}

static int by_byte(const void *a, const void *b)
{
    return *(const char *)a - *(const char *)b;
}

static void every_width_holds_every_character(void **state)
{
    (void)state;
    struct table *table = sample_new();
    char *wide = squeeze(write_sample(table, REPORT_TEXT, 200));
    qsort(wide, strlen(wide), 1, by_byte);
    for (size_t width = 40; width < 100; width++) {
        char *text = write_sample(table, REPORT_TEXT, width);
        if (widest_line(text) > width) {
            fail_msg("wider than %zu:\n%s", width, text);
        }
        squeeze(text);
        qsort(text, strlen(text), 1, by_byte);
        assert_string_equal(text, wide);
        free(text);
    }
    free(wide);
    table_free(table);
}

/* Wide characters, one long word, controls: the writer ends and keeps the width. */
static void odd_texts_are_written(void **state)
{
    (void)state;
    static const struct slice odd[] = {
        SLICE(""),
        SLICE(" "),
        SLICE("한국어한국어한국어한국어한국어한국어한국어"),
        SLICE("\xff\xfe"),
        SLICE("a\x01\x7f"),
        SLICE("\x1b]0;title\x07"),
        SLICE("@@@@@@@@"),
        SLICE("\n\n\n\t\t"),
        SLICE("----------------------------------------"
              "---------------------------------------x"),
    };
    for (size_t i = 0; i < COUNT(odd); i++) {
        struct guard guard = guard_copy(odd[i]);
        struct table *table = table_new(columns, COUNT(columns));
        for (size_t size = 0; size <= guard.bytes.size; size++) {
            struct table_cell *cells = table_add(table)->cells;
            for (size_t at = 0; at < COUNT(columns); at++) {
                cells[at].kind = TABLE_TEXT;
                cells[at].text = slice_from(guard.bytes, guard.bytes.size - size);
            }
        }
        char *text = write_sample(table, REPORT_TEXT, 60);
        assert_true(widest_line(text) <= 60);
        assert_null(strchr(text, '\x1b'));
        free(text);
        free(write_sample(table, REPORT_CSV, 60));
        free(write_sample(table, REPORT_JSON, 60));
        table_free(table);
        guard_free(&guard);
    }
}

static bool is_bob(void *context, const struct table_row *row)
{
    (void)context;
    return row->cells[0].text.data[0] == 'b';
}

static void rows_can_be_dropped(void **state)
{
    (void)state;
    struct table *table = sample_new();
    table_keep_rows(table, is_bob, NULL);
    assert_int_equal(table_count(table), 1);
    assert_int_equal(table_column(table, "id"), 5);
    char *text = write_sample(table, REPORT_TEXT, 80);
    assert_non_null(strstr(text, "\n1 row\n"));
    free(text);
    table_free(table);
}

static void an_empty_table_has_no_heading(void **state)
{
    (void)state;
    struct table *table = table_new(columns, COUNT(columns));
    char *text = write_sample(table, REPORT_TEXT, 80);
    assert_non_null(strstr(text, "what there is\n\n0 rows\n"));
    free(text);
    table_free(table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_sorted_by_the_columns_ranks),
        cmocka_unit_test(csv_has_every_column),
        cmocka_unit_test(json_says_a_number_and_its_meaning),
        cmocka_unit_test(text_is_a_table),
        cmocka_unit_test(every_width_holds_every_character),
        cmocka_unit_test(odd_texts_are_written),
        cmocka_unit_test(rows_can_be_dropped),
        cmocka_unit_test(an_empty_table_has_no_heading),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
