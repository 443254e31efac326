/*
 * Lists of resources, alone and as the first part of a multipart body: the first byte
 * chooses. The boundary is "b".
 */
#include "tests/fuzz/fuzz_body.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const types[] = {
        "multipart/related; type=\"application/rlmi+xml\"; boundary=b",
        "application/rlmi+xml",
        "application/msrtc-adrl-categorylist+xml",
        "application/adrl+xml",
    };
    fuzz_typed_body(types, sizeof types / sizeof types[0], data, size);
    return 0;
}
