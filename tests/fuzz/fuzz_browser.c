/*
 * What a host says before the login: replies of the SQL Server Browser and to PRELOGIN.
 * What is read lies within the bytes, and reading the list ends.
 */
#include <stdlib.h>

#include "sql/browser.h"
#include "sql/prelogin.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
    if (!holds) {
        abort();
    }
}

static bool lies_in(struct slice part, struct slice whole)
{
    return part.size == 0 ||
           (part.data >= whole.data && part.data + part.size <= whole.data + whole.size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice bytes = {(const char *)data, size};
    struct browser_instance instance;
    struct prelogin prelogin;
    struct slice list;
    if (browser_open(bytes, &list)) {
        size_t left = list.size;
        check(lies_in(list, bytes));
        while (browser_next(&list, &instance)) {
            check(lies_in(instance.name, bytes) && instance.name.size > 0);
            check(lies_in(instance.version, bytes));
            check(list.size < left);
            left = list.size;
        }
    }
    if (prelogin_parse(bytes, &prelogin) == PRELOGIN_FINE) {
        check(prelogin.encryption <= PRELOGIN_REQUIRED && prelogin.major <= UINT8_MAX);
    }
    return 0;
}
