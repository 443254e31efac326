/* See number.h. */
#include "samples/number.h"

#include "analyzer/engine/slice.h"
#include "samples/fail.h"

unsigned number_read(const char *option, const char *text, unsigned least)
{
    uint32_t number;
    if (!slice_to_u32(slice_of(text), &number) || number < least) {
        fail("--%s needs a number from %u, not \"%s\"", option, least, text);
    }
    return number;
}
