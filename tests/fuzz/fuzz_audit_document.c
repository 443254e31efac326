/*
 * An earlier audit read back: whatever the file is, it is an audit, or one line says why not.
 */
#include "analyzer/audit_document.h"

#include <string.h>

#include "tests/fuzz/target.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct audit_document document;
    char problem[512] = "";
    arena_init(&arena);
    enum exit_status status = audit_document_parse((struct slice){(const char *)data, size}, &arena,
                                                   &document, problem, sizeof problem);
    require(status == EXIT_DONE || status == EXIT_INPUT || status == EXIT_USAGE);
    require((status == EXIT_DONE) == (problem[0] == '\0'));
    require(!strpbrk(problem, "\r\n\t\033"));
    for (size_t i = 0; status == EXIT_DONE && i < document.count; i++) {
        const struct earlier_finding *finding = &document.findings[i];
        require(finding->rule.size > 0 && finding->severity <= SEVERITY_ERROR);
    }
    arena_dispose(&arena);
    return 0;
}
