/*
 * In-band provisioning under its own content type: the first byte chooses, alone or as the first
 * part of a multipart body. The boundary is "b".
 */
#include "tests/fuzz/fuzz_body.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const types[] = {
        "application/vnd-microsoft-roaming-provisioning-v2+xml",
        "multipart/mixed; boundary=b",
    };
    fuzz_typed_body(types, sizeof types / sizeof types[0], data, size);
    return 0;
}
