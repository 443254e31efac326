/*
 * sql/trouble.c: from the errors of a connection to a fault and one line.
 */
#include "tests/unit/harness.h"

#include <stdio.h>

#include "sql/trouble.h"

static void queries(void **state)
{
    (void)state;
    static const struct {
        int32_t message;
        const char *text;
        const char *library;
        bool timed_out, interrupted, cut_off, dead;
        uint64_t rows;
        bool retried;
        enum peer_fault fault;
        const char *said; /* in the problem */
    } rows[] = {
        {.message = 208,
         .text = "Invalid object name 'rtcdyn.dbo.PublishedInstance'.",
         .fault = PEER_MISSING,
         .said = "'rtcdyn.dbo.PublishedInstance'. (error 208): this version"},
        {.message = 207, .text = "Invalid column name 'X'.", .fault = PEER_MISSING, .said = "'X'"},
        {.message = 229,
         .text = "The SELECT permission was denied on the object 'Endpoint', database 'rtcdyn'.",
         .fault = PEER_NO_PERMISSION,
         .said = "'Endpoint', database 'rtcdyn'. (error 229): GRANT SELECT"},
        {.message = 916, .text = "no user", .fault = PEER_NO_PERMISSION, .said = "needs a user"},
        {.message = 1205,
         .text = "deadlock",
         .retried = true,
         .fault = PEER_LOCKED,
         .said = "tried twice"},
        {.message = 1222,
         .text = "lock",
         .rows = 3,
         .fault = PEER_LOCKED,
         .said = "3 rows came before, which is not all"},
        {.message = 601, .text = "scan", .rows = 1, .fault = PEER_LOCKED, .said = "; 1 row came"},
        {.message = 102, .text = "syntax", .fault = PEER_FAILED, .said = "syntax (error 102)"},
        {.timed_out = true, .fault = PEER_TIMEOUT, .said = "15 seconds"},
        {.timed_out = true, .dead = true, .fault = PEER_TIMEOUT, .said = "--timeout"},
        {.interrupted = true, .timed_out = true, .fault = PEER_INTERRUPTED, .said = "cancelled"},
        {.cut_off = true,
         .library = "Unexpected EOF from the server",
         .rows = 2,
         .fault = PEER_DEAD,
         .said = "(Unexpected EOF from the server): connect anew; 2 rows"},
        {.message = 596,
         .text = "session killed",
         .cut_off = true,
         .dead = true,
         .fault = PEER_DEAD,
         .said = "session killed"},
        {.dead = true, .fault = PEER_DEAD, .said = "without a word"},
        {.fault = PEER_FAILED, .said = "without a word"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct trouble trouble = {.timed_out = rows[i].timed_out,
                                  .interrupted = rows[i].interrupted,
                                  .cut_off = rows[i].cut_off,
                                  .dead = rows[i].dead};
        char problem[SERVER_PROBLEM];
        trouble_note_message(&trouble, rows[i].message, rows[i].text);
        trouble_note_message(&trouble, 3621, "The statement has been terminated.");
        if (rows[i].message == 0) {
            trouble.message = 0;
        }
        trouble_note_library(&trouble, rows[i].library ? rows[i].library : "");
        assert_int_equal(trouble_of_query(&trouble, rows[i].rows, rows[i].retried, 15, problem),
                         rows[i].fault);
        if (!strstr(problem, rows[i].said)) {
            fail_msg("row %zu: \"%s\" does not say \"%s\"", i, problem, rows[i].said);
        }
    }
}

static void passing(void **state)
{
    (void)state;
    static const int32_t again[] = {601, 1205, 1222};
    for (size_t i = 0; i < 3; i++) {
        assert_true(trouble_is_passing(&(struct trouble){.message = again[i]}));
        assert_false(trouble_is_passing(&(struct trouble){.message = again[i], .dead = true}));
        assert_false(trouble_is_passing(&(struct trouble){.message = again[i], .timed_out = true}));
        assert_false(
            trouble_is_passing(&(struct trouble){.message = again[i], .interrupted = true}));
    }
    assert_false(trouble_is_passing(&(struct trouble){.message = 208}));
    assert_false(trouble_is_passing(&(struct trouble){.message = 0}));
}

static void logins(void **state)
{
    (void)state;
    static const struct {
        int32_t message;
        bool timed_out;
        enum server_login login;
        enum server_fault fault;
        const char *said;
    } rows[] = {
        {18456, false, LOGIN_SQL, SERVER_LOGIN_FAILED,
         "(error 18456): check name and password; SQL"},
        {18456, false, LOGIN_NTLM, SERVER_LOGIN_FAILED, "account needs a login"},
        {18456, false, LOGIN_KERBEROS, SERVER_LOGIN_FAILED, "account of the ticket"},
        {18452, false, LOGIN_NTLM, SERVER_LOGIN_FAILED, "does not trust"},
        {50000, false, LOGIN_NTLM, SERVER_LOGIN_FAILED, "text (error 50000)"},
        {0, true, LOGIN_SQL, SERVER_TIMEOUT, "within 15 seconds"},
        {0, false, LOGIN_KERBEROS, SERVER_KERBEROS, "a service MSSQLSvc/fe01:1433?"},
        {0, false, LOGIN_NTLM, SERVER_OTHER, "extended protection"},
        {0, false, LOGIN_SQL, SERVER_OTHER, "closed the connection"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct trouble trouble = {.timed_out = rows[i].timed_out};
        char problem[SERVER_PROBLEM];
        trouble_note_message(&trouble, rows[i].message, "text");
        assert_int_equal(
            trouble_of_login(&trouble, rows[i].login, "MSSQLSvc/fe01:1433", 15, problem),
            rows[i].fault);
        assert_non_null(strstr(problem, rows[i].said));
    }
}

static void one_line(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *line;
    } rows[] = {
        {"plain", "plain"},
        {"  two\r\nlines\t \n", "two  lines"},
        {"\x1b[31mred\x7f", " [31mred "},
        {"na\xc3\xafve", "na\xc3\xafve"},
        {"C1 \xc2\x9b"
         "31m",
         "C1  31m"},
        {"bidi \xe2\x80\xae"
         "ab\xe2\x81\xa9",
         "bidi  ab "},
        {"line\xe2\x80\xa8"
         "end\xef\xbb\xbf",
         "line end "},
        {"\xf0\x9f\x99\x82 \xe2\x82\xac", "\xf0\x9f\x99\x82 \xe2\x82\xac"},
        {"bad \xff\xc3 bytes \xe2\x82", "bad    bytes   "},
        {"0123456789abcdefXX", "0123456789abcdef"},
        {"0123456789abcde\xc3\xaf", "0123456789abcde"}, /* no half characters */
        {"", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char line[17];
        struct guard guard = guard_copy(slice_of(rows[i].text));
        trouble_line(line, sizeof line, guard.bytes);
        assert_string_equal(line, rows[i].line);
        guard_free(&guard);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(queries),
        cmocka_unit_test(passing),
        cmocka_unit_test(logins),
        cmocka_unit_test(one_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
