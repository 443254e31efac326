/*
 * Bytes into a file, compressed by its suffix: .gz through zlib, .zst through
 * libzstd, anything else as they are. "-" is standard output.
 */
#ifndef OCSIGHT_SAMPLES_OUTPUT_H
#define OCSIGHT_SAMPLES_OUTPUT_H

#include <stddef.h>

struct output;

/* Failure to write ends the program. */
struct output *output_new(const char *path);
void output_append(struct output *output, const void *bytes, size_t size);
void output_end(struct output *output);

#endif
