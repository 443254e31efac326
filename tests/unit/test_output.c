/*
 * Where reports go: files whole or not at all, and what happens when a write fails.
 */
#include "tests/unit/output_text.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>

enum { BIG = 300 * 1024 }; /* several times what an output holds back */

struct place {
    char folder[64];
    char path[128];
    char problem[256];
};

static int set_up(void **state)
{
    static struct place place;
    place = (struct place){.folder = "/tmp/ocsight-output.XXXXXX"};
    *state = &place;
    if (!mkdtemp(place.folder)) {
        return -1;
    }
    snprintf(place.path, sizeof place.path, "%s/report.txt", place.folder);
    return 0;
}

static size_t files_in(const char *folder)
{
    size_t count = 0;
    DIR *directory = opendir(folder);
    assert_non_null(directory);
    for (struct dirent *entry = readdir(directory); entry; entry = readdir(directory)) {
        count += entry->d_name[0] != '.';
    }
    closedir(directory);
    return count;
}

static int tear_down(void **state)
{
    struct place *place = *state;
    unlink(place->path);
    return rmdir(place->folder);
}

static void put_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static void assert_file(const char *path, const char *expected)
{
    size_t size = 0;
    char *text = file_text(path, &size);
    assert_string_equal(text, expected);
    free(text);
}

static void a_file_appears_when_it_is_complete(void **state)
{
    struct place *place = *state;
    struct output *output = output_open(place->path);
    output_text(output, "text ");
    output_byte(output, '-');
    output_repeat(output, '=', 3);
    output_format(output, "%s %d", " number", 7);
    output_write(output, (struct slice){"\0!", 2});
    assert_int_equal(output_size(output), 20);
    assert_int_not_equal(access(place->path, F_OK), 0);
    assert_int_equal(files_in(place->folder), 1); /* the one beside */
    assert_true(output_close(output, true, place->problem, sizeof place->problem));
    size_t size = 0;
    char *text = file_text(place->path, &size);
    assert_int_equal(size, 20);
    assert_memory_equal(text, "text -=== number 7\0!", 20);
    assert_int_equal(files_in(place->folder), 1);
    free(text);
}

static void a_big_report_is_written_whole(void **state)
{
    struct place *place = *state;
    struct output *output = output_open(place->path);
    char *long_line = malloc(BIG);
    memset(long_line, 'x', BIG - 1);
    long_line[BIG - 1] = '\0';
    output_format(output, "<%s>", long_line);
    output_repeat(output, 'y', BIG);
    assert_true(output_close(output, true, place->problem, sizeof place->problem));
    size_t size = 0;
    char *text = file_text(place->path, &size);
    assert_int_equal(size, 2 * BIG + 1);
    assert_memory_equal(text + 1, long_line, BIG - 1);
    assert_memory_equal(text + BIG, ">y", 2);
    assert_int_equal(text[size - 1], 'y');
    free(text);
    free(long_line);
}

static void a_discarded_report_leaves_nothing(void **state)
{
    struct place *place = *state;
    struct output *output = output_open(place->path);
    output_repeat(output, 'x', BIG);
    assert_true(output_close(output, false, place->problem, sizeof place->problem));
    assert_int_equal(files_in(place->folder), 0);
}

static void the_old_file_stays_until_the_new_one_is_complete(void **state)
{
    struct place *place = *state;
    put_file(place->path, "old");
    struct output *output = output_open(place->path);
    output_text(output, "new");
    assert_file(place->path, "old");
    assert_true(output_close(output, false, place->problem, sizeof place->problem));
    assert_file(place->path, "old");
    output = output_open(place->path);
    output_text(output, "new");
    assert_true(output_close(output, true, place->problem, sizeof place->problem));
    assert_file(place->path, "new");
    assert_int_equal(files_in(place->folder), 1);
}

static void permissions_follow_the_umask(void **state)
{
    struct place *place = *state;
    static const struct {
        mode_t mask;
        mode_t mode;
    } rows[] = {{0022, 0644}, {0077, 0600}, {0002, 0664}, {0, 0666}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct stat status;
        mode_t before = umask(rows[i].mask);
        struct output *output = output_open(place->path);
        assert_true(output_close(output, true, place->problem, sizeof place->problem));
        assert_int_equal(umask(before), rows[i].mask);
        assert_int_equal(stat(place->path, &status), 0);
        assert_int_equal(status.st_mode & 07777, rows[i].mode);
    }
}

static void a_full_disk_is_a_problem(void **state)
{
    struct place *place = *state;
    struct output *output = output_open("/dev/full");
    output_text(output, "x");
    assert_false(output_is_over(output)); /* held back so far */
    output_repeat(output, 'x', BIG);
    assert_true(output_is_over(output));
    assert_false(output_close(output, true, place->problem, sizeof place->problem));
    assert_string_equal(place->problem, "cannot write /dev/full: No space left on device");
    output = output_open("/dev/full");
    output_text(output, "x");
    assert_false(output_close(output, true, place->problem, sizeof place->problem));
}

static void a_missing_folder_is_a_problem(void **state)
{
    struct place *place = *state;
    struct output *output = output_open("/nowhere/at/all.txt");
    assert_true(output_is_over(output));
    output_repeat(output, 'x', BIG);
    assert_false(output_close(output, true, place->problem, sizeof place->problem));
    assert_string_equal(place->problem,
                        "cannot write /nowhere/at/all.txt: No such file or directory");
    output = output_open(place->folder);
    assert_false(output_close(output, true, place->problem, sizeof place->problem));
}

/* Writes to a named pipe whose reader leaves; the descriptor of the reader is given. */
static void a_closed_pipe_is_no_error(void **state)
{
    struct place *place = *state;
    signal(SIGPIPE, SIG_IGN);
    assert_int_equal(mkfifo(place->path, 0600), 0);
    int reader = open(place->path, O_RDONLY | O_NONBLOCK);
    assert_true(reader >= 0);
    struct output *output = output_open(place->path);
    assert_false(output_is_terminal(output));
    close(reader);
    output_repeat(output, 'x', BIG);
    assert_true(output_is_over(output));
    assert_true(output_close(output, true, place->problem, sizeof place->problem));
    struct stat status;
    assert_int_equal(stat(place->path, &status), 0);
    assert_true(S_ISFIFO(status.st_mode)); /* written to, not replaced */
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_file_appears_when_it_is_complete),
        TEST(a_big_report_is_written_whole),
        TEST(a_discarded_report_leaves_nothing),
        TEST(the_old_file_stays_until_the_new_one_is_complete),
        TEST(permissions_follow_the_umask),
        TEST(a_full_disk_is_a_problem),
        TEST(a_missing_folder_is_a_problem),
        TEST(a_closed_pipe_is_no_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
