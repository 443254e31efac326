/*
 * What a host says before the login: replies of the SQL Server Browser and to PRELOGIN.
 * What is read lies within the bytes, and reading the list ends.
 */
#include "sql/browser.h"
#include "sql/prelogin.h"
#include "tests/fuzz/target.h"

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
        require(lies_in(list, bytes));
        while (browser_next(&list, &instance)) {
            require(lies_in(instance.name, bytes) && instance.name.size > 0);
            require(lies_in(instance.version, bytes));
            require(list.size < left);
            left = list.size;
        }
    }
    if (prelogin_parse(bytes, &prelogin) == PRELOGIN_FINE) {
        require(prelogin.encryption <= PRELOGIN_REQUIRED && prelogin.major <= UINT8_MAX);
    }
    return 0;
}
