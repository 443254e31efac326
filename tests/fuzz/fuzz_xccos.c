/*
 * Text bodies, which may be chat envelopes.
 */
#include "tests/fuzz/fuzz_body.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_body("text/plain", "text/plain", (struct slice){(const char *)data, size});
    return 0;
}
