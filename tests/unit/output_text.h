/*
 * What a report writes, as a string: an output on a temporary file that is read back.
 */
#ifndef OCSIGHT_TESTS_UNIT_OUTPUT_TEXT_H
#define OCSIGHT_TESTS_UNIT_OUTPUT_TEXT_H

#include "tests/unit/harness.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "reports/output.h"
#include "reports/text.h"

/* The bytes of a file, a NUL after them; release with free(). */
static inline char *file_text(const char *path, size_t *out_size)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    char *text = malloc(1 << 20);
    *out_size = fread(text, 1, (1 << 20) - 1, file);
    text[*out_size] = '\0';
    fclose(file);
    return text;
}

struct written {
    char path[64];
    struct output *output;
};

static inline struct output *written_open(struct written *written)
{
    *written = (struct written){.path = "/tmp/ocsight-test.XXXXXX"};
    int descriptor = mkstemp(written->path);
    assert_true(descriptor >= 0);
    close(descriptor);
    written->output = output_open(written->path);
    return written->output;
}

/* Everything that was written; release with free(). */
static inline char *written_close(struct written *written)
{
    char problem[256] = "";
    size_t size = 0;
    assert_true(output_close(written->output, true, problem, sizeof problem));
    char *text = file_text(written->path, &size);
    assert_int_equal(strlen(text), size);
    unlink(written->path);
    return text;
}

/* The widest line, in columns. */
static inline size_t widest_line(const char *text)
{
    size_t widest = 0;
    struct slice rest = slice_of(text);
    while (rest.size > 0) {
        struct slice line;
        slice_cut(rest, '\n', &line, &rest);
        size_t width = text_width(line);
        widest = width > widest ? width : widest;
    }
    return widest;
}

#endif
