/*
 * Multipart bodies: the first line is the parameters of the content type, the
 * rest the body.
 */
#include "tests/fuzz/fuzz_body.h"

#include <stdio.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice line;
    struct slice body;
    char full[256];
    (void)slice_cut((struct slice){(const char *)data, size}, '\n', &line, &body);
    snprintf(full, sizeof full, "multipart/related; %.*s", (int)(line.size < 200 ? line.size : 200),
             line.size > 0 ? line.data : "");
    fuzz_body("multipart/related", full, body);
    return 0;
}
