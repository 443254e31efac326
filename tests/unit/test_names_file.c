/*
 * The file of names: what a line may be, which line is wrong, how addresses are compared.
 */
#include "tests/unit/harness.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "analyzer/names_file.h"
#include "analyzer/options.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static const char sample[] = "\xef\xbb\xbf# lab\r\n"
                             "192.0.2.5 = Front end\r\n"
                             "\r\n"
                             "  [2001:DB8::15]:5061=Edge, outside\n"
                             "   # people\n"
                             "sip:Ann@Contoso.example=앤 뮐러 = Ann\n"
                             "fe01.contoso.example=fe01";

static void a_file_gives_its_names_in_order(void **state)
{
    (void)state;
    struct names names;
    struct guard guard = guard_copy((struct slice){sample, sizeof sample - 1});
    names_init(&names);
    assert_int_equal(names_parse(&names, guard.bytes), 0);
    guard_free(&guard); /* nothing of it is borrowed */
    static const struct {
        const char *of;
        const char *name;
    } rows[] = {
        {"192.0.2.5", "Front end"},
        {"[2001:db8::15]:5061", "Edge, outside"},
        {"ann@contoso.example", "앤 뮐러 = Ann"},
        {"fe01.contoso.example", "fe01"},
    };
    assert_int_equal(names.count, COUNT(rows));
    for (size_t i = 0; i < COUNT(rows); i++) {
        assert_slice_equal(names.rows[i].of, rows[i].of);
        assert_slice_equal(names.rows[i].name, rows[i].name);
    }
    names_dispose(&names);
}

static void addresses_have_one_form(void **state)
{
    (void)state;
    static const struct {
        const char *written;
        const char *kept;
    } rows[] = {
        {"2001:0DB8:0:0:0:0:0:15", "2001:db8::15"},
        {"[2001:db8::15]", "2001:db8::15"},
        {"[2001:db8:0::15]:05061", "[2001:db8::15]:5061"},
        {"192.0.2.21:5061", "192.0.2.21:5061"},
        {"SIP:192.0.2.21", "192.0.2.21"},
        /* What is no address is kept as written, in lower case. */
        {"192.0.2.21:99999", "192.0.2.21:99999"},
        {"192.0.2.21:", "192.0.2.21:"},
        {"[2001:db8::15", "[2001:db8::15"},
        {"[2001:db8::15]x", "[2001:db8::15]x"},
        {"[192.0.2.21]:5061", "[192.0.2.21]:5061"},
        {"Pool01.Contoso.example", "pool01.contoso.example"},
        {"1:2:3:4:5:6:7:8:9:10:11:12:13:14:15:16:17:18:19:20:21:22",
         "1:2:3:4:5:6:7:8:9:10:11:12:13:14:15:16:17:18:19:20:21:22"},
    };
    struct names names;
    names_init(&names);
    for (size_t i = 0; i < COUNT(rows); i++) {
        names_add(&names, slice_of(rows[i].written), slice_of("x"));
        assert_slice_equal(names.rows[i].of, rows[i].kept);
    }
    names_dispose(&names);
}

static void the_first_wrong_line_is_told(void **state)
{
    (void)state;
    static const struct {
        const char *content;
        size_t line;
    } rows[] = {
        {"", 0},
        {"\n\n# only this", 0},
        {"192.0.2.5", 1},
        {"a=b\n=c", 2},
        {"a=b\nc= \t\n", 2},
        {"a=b\n\n#\nfront end=c\nx\n", 4}, /* no address has a blank */
        {"a=b # no comment\n", 0},
        {"sip:=b\n", 1},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct names names;
        names_init(&names);
        assert_int_equal(names_parse(&names, slice_of(rows[i].content)), rows[i].line);
        names_dispose(&names);
    }
}

static void every_prefix_is_survived(void **state)
{
    (void)state;
    for (size_t size = 0; size < sizeof sample; size++) {
        struct names names;
        struct guard guard = guard_copy((struct slice){sample, size});
        names_init(&names);
        (void)names_parse(&names, guard.bytes);
        names_dispose(&names);
        guard_free(&guard);
    }
}

/* A file of that content; its path until the next call. */
static const char *file_of(const char *content, size_t size)
{
    static char path[64];
    snprintf(path, sizeof path, "/tmp/test_names_file.%d", (int)getpid());
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(content, 1, size, file), size);
    fclose(file);
    return path;
}

static void options_come_behind_the_file(void **state)
{
    (void)state;
    struct names names;
    struct ladder_name given[] = {{SLICE("192.0.2.5"), SLICE("mine")}};
    struct options options = {.names = given, .name_count = 1};
    names_init(&names);
    options.names_file = file_of("192.0.2.5=theirs\n", 17);
    assert_int_equal(names_gather(&names, &options), EXIT_DONE);
    assert_int_equal(names.count, 2);
    assert_int_equal(names.from_file, 1);
    assert_slice_equal(names.rows[1].name, "mine");
    names_dispose(&names);
    unlink(options.names_file);
}

static void what_cannot_be_read_is_no_wrong_usage(void **state)
{
    (void)state;
    struct names names;
    struct options options = {.names_file = "/tmp/there/is/no/such/file"};
    names_init(&names);
    assert_int_equal(names_gather(&names, &options), EXIT_INPUT);
    options.names_file = "/tmp";
    assert_int_equal(names_gather(&names, &options), EXIT_INPUT);
    options.names_file = file_of("192.0.2.5\n", 10);
    assert_int_equal(names_gather(&names, &options), EXIT_USAGE);
    char *content = calloc(1, NAMES_FILE_BYTES + 1);
    assert_non_null(content);
    memset(content, '#', NAMES_FILE_BYTES + 1);
    options.names_file = file_of(content, NAMES_FILE_BYTES);
    assert_int_equal(names_gather(&names, &options), EXIT_DONE);
    options.names_file = file_of(content, NAMES_FILE_BYTES + 1);
    assert_int_equal(names_gather(&names, &options), EXIT_INPUT);
    free(content);
    names_dispose(&names);
    unlink(options.names_file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_gives_its_names_in_order),
        cmocka_unit_test(addresses_have_one_form),
        cmocka_unit_test(the_first_wrong_line_is_told),
        cmocka_unit_test(every_prefix_is_survived),
        cmocka_unit_test(options_come_behind_the_file),
        cmocka_unit_test(what_cannot_be_read_is_no_wrong_usage),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
