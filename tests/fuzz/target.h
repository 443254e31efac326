/*
 * What every fuzz target begins with: the function that libFuzzer and replay.c call, how it says
 * that what must hold does not, and how it reads what it was given.
 */
#ifndef OCSIGHT_TESTS_FUZZ_TARGET_H
#define OCSIGHT_TESTS_FUZZ_TARGET_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "analyzer/engine/slice.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* In every build: a target is nothing without its promises. */
#define require(promise)                                                                           \
    do {                                                                                           \
        if (!(promise)) {                                                                          \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #promise);                          \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

/* Reads every byte of the slices, which no compiler may leave out: a sanitizer sees where they
 * lie. */
#define touch(...)                                                                                 \
    touch_all((const struct slice[]){__VA_ARGS__},                                                 \
              sizeof((const struct slice[]){__VA_ARGS__}) / sizeof(struct slice))

static inline void touch_all(const struct slice *slices, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < slices[i].size; j++) {
            (void)*(const volatile char *)&slices[i].data[j];
        }
    }
}

#endif
