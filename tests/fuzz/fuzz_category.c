/*
 * Categories, containers and roaming lists: the first byte chooses the document.
 */
#include "tests/fuzz/fuzz_body.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const types[] = {
        "application/msrtc-category-publish+xml",
        "application/msrtc-event-categories+xml",
        "application/vnd-microsoft-roaming-self+xml",
        "application/msrtc-setcontainermembers+xml",
        "application/msrtc-presence-setsubscriber+xml",
        "application/vnd-microsoft-roaming-contacts+xml",
        "application/vnd-microsoft-roaming-acls+xml",
    };
    fuzz_typed_body(types, sizeof types / sizeof types[0], data, size);
    return 0;
}
