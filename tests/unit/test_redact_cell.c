/*
 * Values of database rows in pseudonyms: what stays, what does not, and any bytes at all.
 */
#include "tests/unit/harness.h"

#include "analyzer/redacted_columns.h"
#include "decoders/redact_cell.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define GUID         "00000000-0000-5000-8000-000000000001"
#define STATE                                                                                      \
    "<state xmlns=\"http://schemas.microsoft.com/2006/09/sip/state\" manual=\"true\">"             \
    "<availability>6500</availability><activity token=\"on-the-phone\"/></state>"
#define CARD                                                                                       \
    "<contactCard xmlns=\"http://schemas.microsoft.com/2006/09/sip/contactcard\"><identity>"       \
    "<name><displayName>Ann Archer</displayName></name><email>ann@contoso.example</email>"         \
    "</identity></contactCard>"

static struct redactor *redactor_of(void)
{
    static const struct pseudonym_key key = {"one key of all these tests"};
    return redactor_new(&key, test_seed());
}

enum value { DOCUMENT, AGENT, FROM, HOST, WORD };

static struct slice redacted(struct redactor *redactor, enum value value, struct slice text)
{
    switch (value) {
    case DOCUMENT:
        return redact_document(redactor, text);
    case AGENT:
        return redact_field(redactor, slice_of("User-Agent"), text);
    case FROM:
        return redact_field(redactor, slice_of("From"), text);
    case HOST:
        return redact_server(redactor, text);
    default:
        return redact_word(redactor, text);
    }
}

/* What must be in the result, and what must not. */
static const struct {
    enum value value;
    struct slice text;
    struct slice kept;
    struct slice gone; /* "" = nothing */
} values[] = {
    {DOCUMENT, SLICE(STATE), SLICE(STATE), SLICE("")},
    {DOCUMENT, SLICE(CARD), SLICE("<displayName>"), SLICE("Archer")},
    {DOCUMENT, SLICE(CARD), SLICE("</contactCard>"), SLICE("contoso")},
    {DOCUMENT, SLICE("no document of Ann Archer"), SLICE(""), SLICE("Archer")},
    {DOCUMENT, SLICE("\xff\xfe<\0n\0>\0A\0r\0c\0h\0<\0/\0n\0>\0"), SLICE("<\0n\0>\0"),
     SLICE("A\0r\0c\0h\0")},
    {DOCUMENT, SLICE("\x01\x02 Archer \xff"), SLICE(""), SLICE("Archer")},
    {AGENT, SLICE("UCCAPI/15.0.4420.1017 OC/15.0.4420.1017 (Microsoft Lync)"), SLICE("UCCAPI/15.0"),
     SLICE("")},
    {AGENT, SLICE("PolycomVVX/5.4 (Archers phone) Archer-PC/1.0"), SLICE("PolycomVVX/5.4"),
     SLICE("Archer")},
    {FROM, SLICE("\"Ann Archer\" <sip:ann@contoso.example>;tag=a1"), SLICE("sip:user-"),
     SLICE("Archer")},
    {FROM, SLICE("<sip:ann@contoso.example>;tag=a1"), SLICE(";tag="), SLICE("contoso")},
    {HOST, SLICE("fe01.contoso.example:5061"), SLICE(":5061"), SLICE("fe01")},
    {HOST, SLICE("192.0.2.21"), SLICE("2001:db8:"), SLICE("192.0")},
    {WORD, SLICE("contactCard"), SLICE("contactCard"), SLICE("")},
    {WORD, SLICE("sameEnterprise"), SLICE("sameEnterprise"), SLICE("")},
    {WORD, SLICE(GUID), SLICE(GUID), SLICE("")},
    {WORD, SLICE("17"), SLICE("17"), SLICE("")},
    {WORD, SLICE("category of Archer"), SLICE("name-"), SLICE("Archer")},
};

static void names_go_and_the_rest_stays(void **state)
{
    (void)state;
    struct redactor *redactor = redactor_of();
    for (size_t i = 0; i < COUNT(values); i++) {
        struct slice got = redacted(redactor, values[i].value, values[i].text);
        if (slice_find(got, values[i].kept) == SLICE_NONE ||
            (values[i].gone.size > 0 && slice_find(got, values[i].gone) != SLICE_NONE)) {
            fail_msg("row %zu: %.*s", i, (int)got.size, got.data);
        }
    }
    redactor_free(redactor);
}

static void every_prefix_is_survived(void **state)
{
    (void)state;
    struct redactor *redactor = redactor_of();
    for (size_t i = 0; i < COUNT(values); i++) {
        for (size_t size = 0; size <= values[i].text.size; size++) {
            struct guard text = guard_copy(slice_sub(values[i].text, 0, size));
            (void)redacted(redactor, values[i].value, text.bytes);
            guard_free(&text);
        }
    }
    redactor_free(redactor);
}

static void what_stays_in_a_path(void **state)
{
    (void)state;
    assert_true(redact_stays(slice_of(GUID)));
    assert_false(redact_stays(slice_of("300")));
    assert_true(redact_stays_in_path(slice_of("300")));
    assert_true(redact_stays_in_path(slice_of(GUID)));
    assert_false(redact_stays_in_path(slice_of("15555550101")));
    assert_false(redact_stays_in_path(slice_of("archer")));
}

/* The address of a network interface, as a GUID of RFC 4122 holds it, or SQL Server shows it. */
static void a_guid_made_of_a_machine_goes(void **state)
{
    (void)state;
    static const struct {
        const char *guid;
        bool stays;
    } rows[] = {
        {"6f9619ff-8b86-11d0-b42d-00005e005321", false},   /* of time and place */
        {"{6F9619FF-8B86-11D0-B42D-00005E005321}", false}, /* as the registry writes it */
        {"FF19966F-868B-D011-B42D-00005E005321", false},   /* with its fields turned round */
        {"6f9619ff-8b86-11d0-b42d-01005e005321", true},    /* of time and a random number */
        {"6f9619ff-8b86-41d0-b42d-00005e005321", true},    /* random */
        {"6f9619ff-8b86-4010-b42d-00005e005321", true},
        {"6f9619ff-8b86-51d0-b42d-00005e005321", true}, /* of a name */
        {"6f9619ff-8b86-11d0-c42d-00005e005321", true}, /* of another making */
        {"00000000-0000-0000-0000-000000000000", true},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        if (redact_stays(slice_of(rows[i].guid)) != rows[i].stays) {
            fail_msg("%s", rows[i].guid);
        }
    }
}

/* Nobody is shown because a column was forgotten. */
static void an_unknown_column_is_unknown(void **state)
{
    (void)state;
    static const struct {
        const char *statement;
        const char *column;
        enum column_content content;
    } rows[] = {
        {"live/online", "UserAtHost", CONTENT_USER}, {"live/table", "userathost", CONTENT_USER},
        {"live/rooms", "Category", CONTENT_ROOM},    {"live/documents", "Category", CONTENT_WORD},
        {"live/table", "Nickname", CONTENT_UNKNOWN}, {"live/table", "prinADPath", CONTENT_UNKNOWN},
        {"live/table", "", CONTENT_UNKNOWN},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct query query = {.statement = rows[i].statement};
        const struct cell cell = {.kind = CELL_NULL};
        const struct peer_row row = {&rows[i].column, &cell, 1, 1};
        assert_int_equal(column_content_of(&query, &row, 0), rows[i].content);
        assert_false(column_content_none(&query));
    }
    const struct query query = {.statement = "live/columns"};
    assert_true(column_content_none(&query));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_go_and_the_rest_stays),
        cmocka_unit_test(every_prefix_is_survived),
        cmocka_unit_test(what_stays_in_a_path),
        cmocka_unit_test(a_guid_made_of_a_machine_goes),
        cmocka_unit_test(an_unknown_column_is_unknown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
