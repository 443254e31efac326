/*
 * sql/server.c, sql/password.c, sql/tds_config.c: names of servers, passwords, what FreeTDS is
 * given and what its log says.
 */
#include "tests/unit/harness.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sql/tds_config.h"

/* ---- names ---- */

static void names(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *host; /* NULL = wrong usage */
        const char *instance;
        unsigned port;
    } rows[] = {
        {"fe01", "fe01", "", 0},
        {"fe01.contoso.example", "fe01.contoso.example", "", 0},
        {"fe01:1433", "fe01", "", 1433},
        {"fe01:65535", "fe01", "", 65535},
        {"fe01\\RTCLOCAL", "fe01", "RTCLOCAL", 0},
        {"192.0.2.5:49823", "192.0.2.5", "", 49823},
        {"[2001:db8::5]", "2001:db8::5", "", 0},
        {"[2001:db8::5]:1433", "2001:db8::5", "", 1433},
        {"2001:db8::5", NULL, NULL, 0},
        {"fe01\\RTC:1433", NULL, NULL, 0},
        {"fe01:1433\\RTC", NULL, NULL, 0},
        {"fe01:0", NULL, NULL, 0},
        {"fe01:65536", NULL, NULL, 0},
        {"fe01:", NULL, NULL, 0},
        {"fe01:1433x", NULL, NULL, 0},
        {"fe01\\", NULL, NULL, 0},
        {"\\RTC", NULL, NULL, 0},
        {":1433", NULL, NULL, 0},
        {"[2001:db8::5", NULL, NULL, 0},
        {"[2001:db8::5]1433", NULL, NULL, 0},
        {"[2001:db8::5]:", NULL, NULL, 0},
        {"[]:1433", NULL, NULL, 0},
        {"", NULL, NULL, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct server_name name;
        char problem[SERVER_PROBLEM];
        struct guard guard = guard_copy(slice_of(rows[i].text));
        bool fine = server_name_parse(guard.bytes, &name, problem);
        assert_int_equal(fine, rows[i].host != NULL);
        assert_int_equal(problem[0] == '\0', fine);
        if (fine) {
            assert_slice_equal(name.host, rows[i].host);
            assert_slice_equal(name.instance, rows[i].instance);
            assert_int_equal(name.port, rows[i].port);
        }
        guard_free(&guard);
    }
}

static void logins(void **state)
{
    (void)state;
    assert_int_equal(server_login_of(NULL), LOGIN_KERBEROS);
    assert_int_equal(server_login_of("CONTOSO\\ann"), LOGIN_NTLM);
    assert_int_equal(server_login_of("reader"), LOGIN_SQL);
}

/* ---- passwords ---- */

static void write_file(const char *path, const char *text, size_t size, unsigned mode)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, size), (ssize_t)size);
    assert_int_equal(fchmod(fd, mode), 0);
    close(fd);
}

static void password_files(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        unsigned mode;
        const char *password; /* NULL = refused */
        const char *problem;  /* in it */
    } rows[] = {
        {"s3cret\n", 0600, "s3cret", NULL},
        {"s3cret\r\nsecond\n", 0600, "s3cret", NULL},
        {"s3cret", 0400, "s3cret", NULL},
        {" with blanks \n", 0600, " with blanks ", NULL},
        {"p\xc3\xa4ss\n", 0600, "p\xc3\xa4ss", NULL},
        {"", 0600, "", NULL},
        {"s3cret\n", 0640, NULL, "chmod 600"},
        {"s3cret\n", 0604, NULL, "chmod 600"},
        {"s3cret\n", 0610, NULL, "chmod 600"},
    };
    char path[] = "/tmp/ocsight-password-XXXXXX";
    char problem[SERVER_PROBLEM];
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        unlink(path);
        write_file(path, rows[i].text, strlen(rows[i].text), rows[i].mode);
        char *password = server_password("reader", path, problem);
        if (rows[i].password) {
            assert_non_null(password);
            assert_string_equal(password, rows[i].password);
        } else {
            assert_null(password);
            assert_non_null(strstr(problem, rows[i].problem));
        }
        server_password_free(password);
    }
    unlink(path);
}

static void password_limits(void **state)
{
    (void)state;
    char path[] = "/tmp/ocsight-password-XXXXXX";
    char problem[SERVER_PROBLEM];
    char text[600];
    int fd = mkstemp(path);
    close(fd);
    memset(text, 'x', sizeof text);
    for (size_t size = 511; size <= 513; size++) {
        write_file(path, text, size, 0600);
        char *password = server_password("reader", path, problem);
        assert_int_equal(password != NULL, size <= 512);
        server_password_free(password);
    }
    unlink(path);
    assert_null(server_password("reader", path, problem));
    assert_non_null(strstr(problem, "No such file"));
    assert_null(server_password("reader", "/tmp", problem));
    assert_non_null(strstr(problem, "no ordinary file"));
}

static void password_of_environment(void **state)
{
    (void)state;
    char problem[SERVER_PROBLEM];
    setenv("OCSIGHT_PASSWORD", "from-outside", 1);
    char *password = server_password("reader", NULL, problem);
    assert_string_equal(password, "from-outside");
    server_password_free(password);
    unsetenv("OCSIGHT_PASSWORD");
}

/* ---- what FreeTDS is given ---- */

static void configuration(void **state)
{
    (void)state;
    static const struct {
        struct tds_config_choice choice;
        const char *expected;
    } rows[] = {
        {{.host = "fe01", .port = 1433, .encryption = ENCRYPTION_REQUEST, .log = -1},
         "[fe01]\nhost = fe01\nport = 1433\ntds version = auto\nclient charset = UTF-8\n"
         "encryption = request\n"},
        {{.host = "2001:db8::5", .port = 49823, .encryption = ENCRYPTION_OFF, .log = -1},
         "[2001:db8::5]\nhost = 2001:db8::5\nport = 49823\ntds version = auto\n"
         "client charset = UTF-8\nencryption = off\n"},
        {{.host = "fe01", .port = 1, .encryption = ENCRYPTION_REQUIRE, .verify = true, .log = -1},
         "[fe01]\nhost = fe01\nport = 1\ntds version = auto\nclient charset = UTF-8\n"
         "encryption = require\nca file = system\ncheck certificate hostname = yes\n"},
        {{.host = "fe01", .port = 1, .encryption = ENCRYPTION_REQUIRE, .log = 77},
         "[fe01]\nhost = fe01\nport = 1\ntds version = auto\nclient charset = UTF-8\n"
         "encryption = require\ndump file = /proc/self/fd/77\ndebug flags = 6\n"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct tds_config config;
        struct server_state server = {.fault = SERVER_FINE};
        char text[1024];
        assert_true(tds_config_init(&config, &rows[i].choice, &server));
        int fd = open(config.path, O_RDONLY);
        ssize_t size = read(fd, text, sizeof text - 1);
        assert_true(size > 0);
        text[size] = '\0';
        assert_string_equal(text, rows[i].expected);
        close(fd);
        tds_config_dispose(&config);
    }
}

static void authorities(void **state)
{
    (void)state;
    char path[] = "/tmp/ocsight-authority-XXXXXX";
    struct tds_config config;
    struct server_state server = {.fault = SERVER_FINE};
    const struct tds_config_choice choice = {.host = "fe01",
                                             .port = 1433,
                                             .encryption = ENCRYPTION_REQUIRE,
                                             .verify = true,
                                             .ca_file = path,
                                             .log = -1};
    close(mkstemp(path));
    write_file(path, "no certificate", 14, 0600);
    assert_false(tds_config_init(&config, &choice, &server));
    assert_int_equal(server.fault, SERVER_CONFIGURATION);
    assert_non_null(strstr(server.problem, path));
    tds_config_dispose(&config);
    write_file(path, "-----BEGIN CERTIFICATE-----\n", 28, 0600);
    assert_true(tds_config_init(&config, &choice, &server));
    tds_config_dispose(&config);
    unlink(path);
    assert_false(tds_config_init(&config, &choice, &server));
    assert_non_null(strstr(server.problem, "No such file"));
    tds_config_dispose(&config);
}

static void environment(void **state)
{
    (void)state;
    static const char *const heard[] = {"TDSVER",        "TDSPORT",  "TDSHOST", "TDSDUMP",
                                        "TDSDUMPCONFIG", "TDSQUERY", "DSQUERY", "FREETDSCONF",
                                        "FREETDS",       "SYBASE"};
    for (size_t i = 0; i < sizeof heard / sizeof *heard; i++) {
        setenv(heard[i], "1", 1);
    }
    setenv("OTHER", "kept", 1);
    tds_config_clear_environment();
    for (size_t i = 0; i < sizeof heard / sizeof *heard; i++) {
        assert_null(getenv(heard[i]));
    }
    assert_string_equal(getenv("OTHER"), "kept");
}

/* ---- what its log says ---- */

static void log_lines(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum tds_log_verdict verdict;
        const char *why;
    } rows[] = {
        {"", TDS_LOG_NOTHING, ""},
        {"net.c:12:something else\n", TDS_LOG_NOTHING, ""},
        {"tls.c:412:Certificate status: 66\ntls.c:600:handshake failed: Error in the certificate "
         "verification.\n",
         TDS_LOG_CERTIFICATE, "its signer is not known"},
        {"tls.c:412:Certificate status: 1026\n", TDS_LOG_CERTIFICATE, "it has expired"},
        {"tls.c:412:Certificate status: 514\n", TDS_LOG_CERTIFICATE, "it is not valid yet"},
        {"tls.c:412:Certificate status: 2\n", TDS_LOG_CERTIFICATE, "it is not valid"},
        {"tls.c:433:Certificate hostname does not match\n", TDS_LOG_CERTIFICATE,
         "it was made out to another name"},
        {"a\ntls.c:600:loading CA file failed: Error while reading file.\n", TDS_LOG_AUTHORITIES,
         ""},
        {"tls.c:600:handshake failed: A TLS fatal alert has been received.", TDS_LOG_HANDSHAKE,
         "A TLS fatal alert has been received."},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char why[TDS_LOG_WHY];
        struct guard guard = guard_copy(slice_of(rows[i].text));
        assert_int_equal(tds_log_read(guard.bytes, why), rows[i].verdict);
        assert_string_equal(why, rows[i].why);
        guard_free(&guard);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names),          cmocka_unit_test(logins),
        cmocka_unit_test(password_files), cmocka_unit_test(password_limits),
        cmocka_unit_test(configuration),  cmocka_unit_test(password_of_environment),
        cmocka_unit_test(authorities),    cmocka_unit_test(environment),
        cmocka_unit_test(log_lines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
