/*
 * Presence bodies: the first byte chooses the content type.
 */
#include "tests/fuzz/fuzz_body.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const types[] = {
        "application/msrtc-category-publish+xml",
        "application/msrtc-event-categories+xml",
        "application/vnd-microsoft-roaming-self+xml",
        "application/rlmi+xml",
        "application/msrtc-adrl-categorylist+xml",
        "application/adrl+xml",
        "application/msrtc-fault+xml",
        "application/pidf+xml",
    };
    if (size > 0) {
        /* '0' is the first row, so that corpus files can be read. */
        const char *type = types[(data[0] - (unsigned)'0') % (sizeof types / sizeof types[0])];
        fuzz_body(type, type, (struct slice){(const char *)data + 1, size - 1});
    }
    return 0;
}
