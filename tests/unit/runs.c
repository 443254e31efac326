/*
 * Whole runs in memory. See runs.h.
 */
#include "tests/unit/runs.h"

#include <stdio.h>
#include <stdlib.h>

#include "analyzer/engine/arena.h"

enum { LOG_MAX = 1 << 30 };

struct run_setup run_setup(struct slice content, unsigned parts)
{
    return (struct run_setup){
        .contents = {content, content},
        .count = 1,
        .threads = 1,
        .parts = parts,
        .limits = limits_default(),
    };
}

struct run_log run_logged(const struct run_setup *setup)
{
    static const char *const names[] = {"first", "second"};
    struct run_log log = {.parts = setup->parts};
    buffer_init(&log.text, LOG_MAX);
    struct pipeline_options options = {
        .inputs = names,
        .contents = setup->contents,
        .input_count = setup->count,
        .threads = setup->threads,
        .quiet = true,
        .seed = test_seed(),
        .limits = setup->limits,
    };
    char problem[256];
    struct pipeline *pipeline = pipeline_new(&options, problem, sizeof problem);
    assert_non_null(pipeline);
    struct sink sink = run_log_sink(&log);
    (void)pipeline_run(pipeline, &sink, 1);
    log.summary = *pipeline_summary(pipeline);
    pipeline_free(pipeline);
    return log;
}

struct run_log run_of(struct slice content, unsigned parts)
{
    struct run_setup setup = run_setup(content, parts);
    return run_logged(&setup);
}

void run_log_dispose(struct run_log *log)
{
    buffer_dispose(&log->text);
}

bool run_line_next(struct slice *rest, struct slice *line)
{
    struct slice text = *rest;
    return slice_cut(text, '\n', line, rest);
}

struct slice run_line_identity(struct slice line)
{
    struct slice identity;
    struct slice rest;
    return slice_cut(line, '\t', &identity, &rest) ? identity : (struct slice){0};
}

static int by_bytes(const void *a, const void *b)
{
    return slice_compare(*(const struct slice *)a, *(const struct slice *)b);
}

void run_log_sort(struct run_log *log)
{
    struct slice *lines = memory_alloc((log->lines + 1) * sizeof *lines);
    struct slice rest = buffer_slice(&log->text);
    size_t count = 0;
    while (run_line_next(&rest, &lines[count])) {
        count++;
    }
    assert_int_equal(count, log->lines);
    qsort(lines, count, sizeof *lines, by_bytes);
    struct buffer sorted;
    buffer_init(&sorted, LOG_MAX);
    for (size_t i = 0; i < count; i++) {
        assert_true(buffer_append(&sorted, lines[i]) && buffer_append_byte(&sorted, '\n'));
    }
    free(lines);
    buffer_dispose(&log->text);
    log->text = sorted;
}

/* A line from a little before the place where it differs from another one. */
static struct slice around_difference(struct slice line, struct slice other)
{
    enum { BEFORE = 200, SHOWN = 600 };
    size_t at = 0;
    while (at < line.size && at < other.size && line.data[at] == other.data[at]) {
        at++;
    }
    struct slice shown = slice_sub(line, at > BEFORE ? at - BEFORE : 0, SHOWN);
    return shown.data ? shown : slice_of("");
}

void assert_same_log(const struct run_log *expected, const struct run_log *actual, const char *what)
{
    struct slice left = buffer_slice(&expected->text);
    struct slice right = buffer_slice(&actual->text);
    if (slice_equal(left, right)) {
        return;
    }
    struct slice left_line = {0};
    struct slice right_line = {0};
    size_t number = 0;
    bool more = true;
    while (more && slice_equal(left_line, right_line)) {
        bool left_more = run_line_next(&left, &left_line);
        bool right_more = run_line_next(&right, &right_line);
        more = left_more && right_more;
        number++;
    }
    struct slice was = around_difference(left_line, right_line);
    struct slice is = around_difference(right_line, left_line);
    fail_msg("%s: line %zu (of %zu and %zu) differs:\n%.*s\n%.*s", what, number, expected->lines,
             actual->lines, (int)was.size, was.data, (int)is.size, is.data);
}

struct slice rendered(const char *name)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", RENDERED_DIR, name);
    FILE *file = fopen(path, "rb");
    if (!file) {
        fail_msg("cannot open %s", path);
    }
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    long size = ftell(file);
    assert_true(size > 0);
    rewind(file);
    char *data = memory_alloc((size_t)size);
    assert_int_equal(fread(data, 1, (size_t)size, file), size);
    fclose(file);
    return (struct slice){data, (size_t)size};
}

bool tests_are_long(void)
{
    const char *size = getenv("OCSIGHT_TEST_SIZE");
    return size && strcmp(size, "long") == 0;
}
