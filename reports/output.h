/*
 * Where a report goes: standard output, or a file that appears whole or not at all.
 *
 * A file is written beside its name and renamed when the report is complete;
 * something that is no regular file (a pipe, a terminal, /dev/null) is written
 * to directly. Failures are kept until the end, so that reports need not test
 * each write. A reader that closes the pipe is no error: the rest is discarded.
 */
#ifndef OCSIGHT_REPORTS_OUTPUT_H
#define OCSIGHT_REPORTS_OUTPUT_H

#include "analyzer/engine/slice.h"

struct output;

/* `path` NULL or "-" is standard output. Never NULL: a failure shows at output_close(). */
struct output *output_open(const char *path);

void output_write(struct output *output, struct slice bytes);
void output_text(struct output *output, const char *text);
void output_byte(struct output *output, char byte);
void output_repeat(struct output *output, char byte, size_t count);

__attribute__((format(printf, 2, 3))) void output_format(struct output *output, const char *format,
                                                         ...);

/* What was written so far reaches its reader now: for a report that never ends. */
void output_flush(struct output *output);

/* The reader is gone, or a write failed: whoever still has work to do for this output can stop. */
bool output_is_over(const struct output *output);

/* Standard output is a terminal: colour and progress may be used. */
bool output_is_terminal(const struct output *output);

/* Bytes written so far. */
uint64_t output_size(const struct output *output);

/* What was written is no whole report, for a reason of the writer's own; `why` is not copied. */
void output_fail(struct output *output, const char *why);

/*
 * Completes (keep) or discards the output and frees it. False when something
 * could not be written; `problem` then has one line that says what.
 */
bool output_close(struct output *output, bool keep, char *problem, size_t problem_size);

#endif
