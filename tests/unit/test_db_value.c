/*
 * Values of rows as cells: clients, addresses, ticks, words, documents, and bytes that are none of
 * them. The literal values are those of facts/databases.md section 9.
 */
#include "tests/unit/harness.h"

#include <stdlib.h>

#include "analyzer/db_value.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

#define STATE(type, content)                                                                       \
    "<state xsi:type=\"" type "\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" "        \
    "xmlns=\"http://schemas.microsoft.com/2006/09/sip/state\">" content "</state>"

static void clients_are_cut_at_the_first_blank(void **state)
{
    (void)state;
    static const char *const rows[][3] = {
        {"UCCAPI/15.0.4420.1017 OC/15.0.4420.1017 (Microsoft Lync)", "UCCAPI/15.0.4420.1017",
         "OC/15.0.4420.1017 (Microsoft Lync)"},
        {"UCWA/5.0.0.0 (iPhoneLync)", "UCWA/5.0.0.0", "(iPhoneLync)"},
        {"PolycomVVX", "PolycomVVX", ""},
        {"", "", ""},
        {"  a   b ", "a", "b"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct guard guard = guard_copy(slice_of(rows[i][0]));
        assert_slice_equal(db_client_version(guard.bytes), rows[i][1]);
        assert_slice_equal(db_client_agent(guard.bytes), rows[i][2]);
        guard_free(&guard);
    }
}

static void addresses_stand_behind_the_at(void **state)
{
    (void)state;
    assert_slice_equal(db_call_address(slice_of("aa01@192.0.2.11")), "192.0.2.11");
    assert_slice_equal(db_call_address(slice_of("aa02")), "");
    assert_slice_equal(db_call_address(slice_of("")), "");
    assert_slice_equal(db_call_address(slice_of("@")), "");
}

/* One row with one value, read as `form`. */
static struct table_cell read_cell(enum db_form form, const char *source, struct cell value,
                                   struct table **table)
{
    static const struct db_word words[] = {{1, "chat"}, {11, "purge"}, {0, NULL}};
    static const struct table_column columns[] = {{"value", "value", 0}, {"band", NULL, 0}};
    const struct db_field fields[] = {
        {.column = {"value", "value", 0}, .source = source, .form = form, .words = words},
        /* What makes the row one with a document. */
        {.column = {"band", NULL, 0}, .source = "Data", .form = DB_BAND},
    };
    const char *const names[] = {source};
    const struct peer_row row = {names, &value, 1, 1};
    struct db_reader reader;
    db_reader_init(&reader);
    *table = table_new(columns, COUNT(columns));
    struct table_cell *cells = table_add(*table)->cells;
    db_row_take(&reader, fields, COUNT(fields), &row, *table, cells);
    db_reader_dispose(&reader);
    return cells[0];
}

static struct cell bytes_of(struct slice bytes)
{
    return (struct cell){.kind = CELL_BYTES, .bytes = bytes};
}

static void numbers_get_their_words(void **state)
{
    (void)state;
    const struct {
        enum db_form form;
        struct cell value;
        enum table_kind kind;
        int64_t number;
        const char *text;
    } rows[] = {
        {DB_WORD, cell_of_integer(1), TABLE_WORD, 1, "chat"},
        {DB_WORD, cell_of_integer(11), TABLE_WORD, 11, "purge"},
        {DB_WORD, cell_of_integer(77), TABLE_WORD, 77, ""},
        {DB_WORD, cell_of_integer(-1), TABLE_WORD, -1, ""},
        {DB_WORD, cell_of_text(slice_of("odd")), TABLE_TEXT, 0, "odd"},
        {DB_WORD, {.kind = CELL_NULL}, TABLE_NONE, 0, ""},
        {DB_TICKS, cell_of_integer(635687448000000000), TABLE_TIME, 1433148000000000000, ""},
        {DB_TICKS, cell_of_integer(0), TABLE_NUMBER, 0, ""},
        {DB_TICKS, cell_of_integer(INT64_MAX), TABLE_NUMBER, INT64_MAX, ""},
        {DB_TICKS, cell_of_integer(-5), TABLE_NUMBER, -5, ""},
        {DB_TRUTH, cell_of_integer(0), TABLE_TRUTH, 0, ""},
        {DB_TRUTH, cell_of_integer(2), TABLE_TRUTH, 1, ""},
        {DB_PLAIN, cell_of_time(TIME_NONE), TABLE_NONE, 0, ""},
        {DB_PLAIN, bytes_of((struct slice){"ann\0\0", 5}), TABLE_TEXT, 0, "ann"},
        {DB_SIZE, bytes_of((struct slice){"ann\0\0", 5}), TABLE_NUMBER, 5, ""},
        {DB_VERSION, bytes_of((struct slice){"a b\0", 4}), TABLE_TEXT, 0, "a"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct table *table;
        struct table_cell cell = read_cell(rows[i].form, "Value", rows[i].value, &table);
        assert_int_equal(cell.kind, rows[i].kind);
        assert_int_equal(cell.number, rows[i].number);
        assert_slice_equal(cell.text, rows[i].text);
        table_free(table);
    }
}

static void documents_say_category_kind_and_band(void **state)
{
    (void)state;
    static const struct {
        const char *document;
        const char *category;
        const char *kind;
        const char *band;
    } rows[] = {
        {STATE("aggregateState", "<availability>3500</availability><device>computer</device>"),
         "state", "aggregateState", "available"},
        {STATE("machineState", "<availability>18000</availability>"), "state", "machineState",
         "offline"},
        {STATE("aggregateState", "<availability>2999</availability>"), "state", "aggregateState",
         "undefined"},
        {STATE("aggregateState", ""), "state", "aggregateState", ""},
        {"<note>Zo\xc3\xab</note>", "note", "", ""},
        {"<routing xmlns=\"http://schemas.microsoft.com/2007/02/sip/routing\" version=\"1\"/>",
         "routing", "", ""},
        {"no document at all", "", "", ""},
        {"<!DOCTYPE a><a/>", "", "", ""},
        {"", "", "", ""},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct cell value = bytes_of(slice_of(rows[i].document));
        const char *const expected[] = {rows[i].category, rows[i].kind, rows[i].band};
        const enum db_form forms[] = {DB_CATEGORY, DB_KIND, DB_BAND};
        for (size_t at = 0; at < COUNT(forms); at++) {
            struct table *table;
            struct table_cell cell = read_cell(forms[at], "Data", value, &table);
            /* Without a document the value of the column itself is what there is. */
            if (expected[at][0] || forms[at] != DB_CATEGORY) {
                assert_slice_equal(cell.text, expected[at]);
            }
            table_free(table);
        }
    }
}

/* Cut anywhere, a document is read as far as it goes, and nothing behind it. */
static void every_prefix_is_survived(void **state)
{
    (void)state;
    const struct slice document = slice_of(STATE("userState", "<availability>6500</availability>"));
    for (size_t size = 0; size <= document.size; size++) {
        struct guard guard = guard_copy(slice_sub(document, 0, size));
        struct table *table;
        (void)read_cell(DB_KIND, "Data", bytes_of(guard.bytes), &table);
        table_free(table);
        guard_free(&guard);
    }
}

static void every_report_has_what_it_needs(void **state)
{
    (void)state;
    size_t count = 0;
    const struct db_report *reports = db_reports(&count);
    assert_int_equal(count, 19);
    for (size_t i = 0; i < count; i++) {
        assert_non_null(reports[i].statements[0]);
        assert_non_null(reports[i].databases);
        assert_true(strlen(reports[i].title) > 10);
        assert_ptr_equal(db_report_find(slice_of(reports[i].name)), &reports[i]);
        bool shown = false;
        for (size_t at = 0; at < reports[i].field_count; at++) {
            const struct db_field *field = &reports[i].fields[at];
            shown = shown || field->column.heading;
            assert_true((field->form == DB_MADE) == (field->source == NULL));
            assert_true((field->form == DB_WORD) == (field->words != NULL));
        }
        assert_true(shown);
    }
    assert_null(db_report_find(slice_of("nothing")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(clients_are_cut_at_the_first_blank),
        cmocka_unit_test(addresses_stand_behind_the_at),
        cmocka_unit_test(numbers_get_their_words),
        cmocka_unit_test(documents_say_category_kind_and_band),
        cmocka_unit_test(every_prefix_is_survived),
        cmocka_unit_test(every_report_has_what_it_needs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
