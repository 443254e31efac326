/*
 * The content of inputs: plain, gzip, zstd; memory, file, pipe; whole, cut, damaged.
 */
#include "tests/unit/captures.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "decoders/source.h"

/* Content that compresses, but not to nothing: a counting pattern. */
static struct buffer pattern(size_t size)
{
    struct buffer out = built();
    for (uint32_t i = 0; out.size + 4 <= size; i++) {
        put_u32(&out, i * 2654435761U >> (i % 13), true);
    }
    return out;
}

enum packing { PLAIN, GZIP, GZIP_MEMBERS, GZIP_PADDED, ZSTD, ZSTD_FRAMES, PACKINGS };

static struct buffer pack(enum packing packing, struct slice content)
{
    struct buffer out = built();
    size_t half = content.size / 2;
    switch (packing) {
    case GZIP:
        pack_gzip(&out, content);
        break;
    case GZIP_MEMBERS:
        pack_gzip(&out, slice_sub(content, 0, half));
        pack_gzip(&out, (struct slice){NULL, 0});
        pack_gzip(&out, slice_from(content, half));
        break;
    case GZIP_PADDED:
        pack_gzip(&out, content);
        put(&out, (struct slice)SLICE("\0\0\0\0\0\0\0"));
        break;
    case ZSTD:
        pack_zstd(&out, content);
        break;
    case ZSTD_FRAMES:
        put(&out, (struct slice)SLICE("\x5a\x2a\x4d\x18\x03\0\0\0abc")); /* skippable */
        pack_zstd(&out, slice_sub(content, 0, half));
        put(&out, (struct slice)SLICE("\x50\x2a\x4d\x18\0\0\0\0"));
        pack_zstd(&out, slice_from(content, half));
        break;
    default:
        put(&out, content);
        break;
    }
    return out;
}

static const char *const compressions[PACKINGS] = {NULL, "gzip", "gzip", "gzip", "zstd", "zstd"};

/* Reads all of it in pieces of odd sizes by every way there is; returns what was consumed. */
static size_t check_reading(struct source *source, struct slice content, size_t piece)
{
    char chunk[97];
    size_t at = 0;
    for (size_t turn = 0;; turn++) {
        assert_int_equal(source_position(source), at);
        struct slice ahead = source_peek(source, piece);
        assert_true(ahead.size <= piece);
        assert_true(slice_equal(ahead, slice_sub(content, at, ahead.size)));
        if (ahead.size == 0) {
            return at;
        }
        if (turn % 2 == 0) {
            at += (size_t)source_skip(source, ahead.size);
        } else {
            size_t got = source_read(source, chunk, sizeof chunk);
            assert_true(got > 0);
            assert_true(slice_equal((struct slice){chunk, got}, slice_sub(content, at, got)));
            at += got;
        }
    }
}

static void every_packing_gives_the_content(void **state)
{
    (void)state;
    struct buffer content = pattern(300 << 10);
    static const size_t pieces[] = {1 << 7, 4096, 70001, 400 << 10};
    for (enum packing packing = PLAIN; packing < PACKINGS; packing++) {
        struct buffer packed = pack(packing, buffer_slice(&content));
        for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++) {
            struct source *source = source_over(buffer_slice(&packed));
            assert_int_equal(check_reading(source, buffer_slice(&content), pieces[i]),
                             content.size);
            assert_string_equal(source_problem(source), "");
            assert_int_equal(source_stored_size(source), packed.size);
            const char *name = source_compression(source);
            assert_string_equal(name ? name : "",
                                compressions[packing] ? compressions[packing] : "");
            source_close(source);
        }
        buffer_dispose(&packed);
    }
    buffer_dispose(&content);
}

static void skipping_beyond_the_end_says_how_far_it_came(void **state)
{
    (void)state;
    struct buffer content = pattern(200 << 10);
    for (enum packing packing = PLAIN; packing < PACKINGS; packing++) {
        struct buffer packed = pack(packing, buffer_slice(&content));
        struct source *source = source_over(buffer_slice(&packed));
        assert_int_equal(source_skip(source, 1000), 1000);
        assert_int_equal(source_skip(source, UINT64_MAX), content.size - 1000);
        assert_int_equal(source_position(source), content.size);
        assert_int_equal(source_skip(source, 1), 0);
        source_close(source);
        buffer_dispose(&packed);
    }
    buffer_dispose(&content);
}

/* A compressed stream that breaks off has given what there was, and says so. */
static void compressed_data_that_ends_early_is_an_error(void **state)
{
    (void)state;
    struct buffer content = pattern(600);
    static const enum packing packings[] = {GZIP, ZSTD};
    for (size_t i = 0; i < 2; i++) {
        struct buffer packed = pack(packings[i], buffer_slice(&content));
        for (size_t size = 4; size < packed.size; size++) {
            struct guard guard = guard_copy(slice_sub(buffer_slice(&packed), 0, size));
            struct source *source = source_over(guard.bytes);
            check_reading(source, buffer_slice(&content), 64);
            assert_true(source_failed(source));
            char expected[80];
            snprintf(expected, sizeof expected, "%s data ends early, at byte %zu",
                     compressions[packings[i]], size);
            assert_string_equal(source_problem(source), expected);
            source_close(source);
            guard_free(&guard);
        }
        buffer_dispose(&packed);
    }
    buffer_dispose(&content);
}

static void damaged_compressed_data_is_an_error_with_its_place(void **state)
{
    (void)state;
    struct buffer content = pattern(4000);
    static const enum packing packings[] = {GZIP, ZSTD};
    for (size_t i = 0; i < 2; i++) {
        struct buffer packed = pack(packings[i], buffer_slice(&content));
        packed.data[packed.size - 3] ^= 0x10; /* in the checksum, or behind it the length */
        struct source *source = source_over(buffer_slice(&packed));
        source_skip(source, UINT64_MAX);
        assert_non_null(strstr(source_problem(source), "data is damaged at byte "));
        source_close(source);
        buffer_dispose(&packed);
    }
    struct buffer packed = pack(GZIP, buffer_slice(&content));
    put(&packed, (struct slice)SLICE("trailing words"));
    struct source *source = source_over(buffer_slice(&packed));
    assert_int_equal(check_reading(source, buffer_slice(&content), 512), content.size);
    assert_non_null(strstr(source_problem(source), "incorrect header check"));
    source_close(source);
    buffer_dispose(&packed);
    buffer_dispose(&content);
}

/* ---- files and pipes ---- */

static void file_write(const char *path, struct slice content)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(content.data, 1, content.size, file), content.size);
    fclose(file);
}

struct place {
    char directory[64];
    char path[80];
};

static struct place place_new(void)
{
    struct place place = {.directory = "/tmp/test_source.XXXXXX"};
    assert_non_null(mkdtemp(place.directory));
    snprintf(place.path, sizeof place.path, "%s/input", place.directory);
    return place;
}

static void place_free(const struct place *place)
{
    unlink(place->path);
    rmdir(place->directory);
}

static void files_are_read_in_sequence_and_at_any_place(void **state)
{
    (void)state;
    struct buffer content = pattern(300 << 10);
    struct place place = place_new();
    for (enum packing packing = PLAIN; packing < PACKINGS; packing++) {
        struct buffer packed = pack(packing, buffer_slice(&content));
        file_write(place.path, buffer_slice(&packed));
        struct source *source = source_open(place.path);
        assert_int_equal(check_reading(source, buffer_slice(&content), 70001), content.size);
        assert_int_equal(source_stored_size(source), packed.size);
        source_close(source);

        source = source_open(place.path);
        assert_true(source_load(source, 1 << 20));
        assert_int_equal(source_size(source), content.size);
        static const size_t jumps[] = {0, 299 << 10, 5, 4096, 8200, 4000, 150 << 10, 1 << 20};
        static const size_t sizes[] = {0, 1, 4000, 200 << 10};
        for (size_t i = 0; i < sizeof jumps / sizeof jumps[0] * 4; i++) {
            struct slice got = source_at(source, jumps[i / 4], sizes[i % 4]);
            assert_true(
                slice_equal(got, slice_sub(buffer_slice(&content), jumps[i / 4], sizes[i % 4])));
        }
        assert_int_equal(source_at(source, UINT64_MAX, SIZE_MAX).size, 0);
        source_close(source);
        buffer_dispose(&packed);
    }
    place_free(&place);
    buffer_dispose(&content);
}

static void what_must_be_held_whole_has_a_cap(void **state)
{
    (void)state;
    struct buffer content = pattern(300 << 10);
    struct buffer packed = pack(ZSTD, buffer_slice(&content));
    struct source *source = source_over(buffer_slice(&packed));
    assert_false(source_load(source, content.size - 1));
    source_close(source);
    source = source_over(buffer_slice(&packed));
    assert_true(source_load(source, content.size));
    source_close(source);
    buffer_dispose(&packed);
    buffer_dispose(&content);
}

static void pipes_are_read(void **state)
{
    (void)state;
    struct buffer content = pattern(30 << 10);
    for (enum packing packing = PLAIN; packing < PACKINGS; packing++) {
        struct buffer packed = pack(packing, buffer_slice(&content));
        int ends[2];
        assert_int_equal(pipe(ends), 0);
        assert_int_equal(write(ends[1], packed.data, packed.size), packed.size);
        close(ends[1]);
        char path[40];
        snprintf(path, sizeof path, "/dev/fd/%d", ends[0]);
        struct source *source = source_open(path);
        close(ends[0]);
        assert_int_equal(check_reading(source, buffer_slice(&content), 4096), content.size);
        assert_int_equal(source_stored_size(source), packed.size);
        source_close(source);
        buffer_dispose(&packed);
    }
    buffer_dispose(&content);
}

static void standard_input_is_read(void **state)
{
    (void)state;
    struct buffer content = pattern(5000);
    int ends[2];
    int saved = dup(STDIN_FILENO);
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], content.data, content.size), content.size);
    close(ends[1]);
    assert_int_equal(dup2(ends[0], STDIN_FILENO), STDIN_FILENO);
    struct source *source = source_open("-");
    assert_int_equal(check_reading(source, buffer_slice(&content), 100), content.size);
    source_close(source);
    assert_int_equal(fcntl(STDIN_FILENO, F_GETFD), 0); /* still open: it is not ours */
    close(ends[0]);
    if (saved >= 0) {
        dup2(saved, STDIN_FILENO);
        close(saved);
    }
    buffer_dispose(&content);
}

static void what_cannot_be_opened_says_why(void **state)
{
    (void)state;
    struct place place = place_new();
    file_write(place.path, (struct slice){"x", 1});
    char below[96];
    snprintf(below, sizeof below, "%s/input", place.path);
    char locked[96];
    snprintf(locked, sizeof locked, "%s/locked", place.directory);
    const struct {
        const char *path;
        const char *problem;
    } rows[] = {
        {place.directory, "is a directory"},
        {"/nonexistent/capture", "cannot be opened: No such file or directory"},
        {below, "cannot be opened: Not a directory"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct source *source = source_open(rows[i].path);
        assert_int_equal(source_peek(source, 100).size, 0);
        assert_true(source_failed(source));
        assert_string_equal(source_problem(source), rows[i].problem);
        source_close(source);
    }
    file_write(locked, (struct slice){"x", 1});
    assert_int_equal(chmod(locked, 0), 0);
    struct source *source = source_open(locked);
    /* The superuser may read it all the same. */
    assert_string_equal(source_problem(source),
                        geteuid() == 0 ? "" : "cannot be opened: Permission denied");
    source_close(source);
    unlink(locked);
    place_free(&place);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_packing_gives_the_content),
        cmocka_unit_test(skipping_beyond_the_end_says_how_far_it_came),
        cmocka_unit_test(compressed_data_that_ends_early_is_an_error),
        cmocka_unit_test(damaged_compressed_data_is_an_error_with_its_place),
        cmocka_unit_test(files_are_read_in_sequence_and_at_any_place),
        cmocka_unit_test(what_must_be_held_whole_has_a_cap),
        cmocka_unit_test(pipes_are_read),
        cmocka_unit_test(standard_input_is_read),
        cmocka_unit_test(what_cannot_be_opened_says_why),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
