/*
 * Legacy presence and registration-notify: the first byte chooses the content type.
 */
#include "tests/fuzz/fuzz_body.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const types[] = {
        "text/xml+msrtc.pidf",
        "application/soap+xml",
        "application/xpidf+xml",
        "text/registration-event",
    };
    fuzz_typed_body(types, sizeof types / sizeof types[0], data, size);
    return 0;
}
