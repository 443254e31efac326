/*
 * An audit as JSON (schema ocsight.audit/1, design.md section 3), read back.
 *
 * The file may come from anywhere: another version, another hand, a broken pipe. It is read
 * whole up to a cap; what is no JSON is told with its line. Only what identifies findings is
 * taken, everything else may be there or not. Called by analyzer/baseline.c.
 */
#ifndef OCSIGHT_ANALYZER_AUDIT_DOCUMENT_H
#define OCSIGHT_ANALYZER_AUDIT_DOCUMENT_H

#include "analyzer/engine/arena.h"
#include "analyzer/exit_status.h"
#include "reports/audit_baseline.h"

struct audit_document {
    struct earlier_finding *findings; /* in the arena, like their texts */
    size_t count;
    bool redacted; /* its names are pseudonyms */
};

/*
 * EXIT_DONE, or one line in `problem`, without the name: EXIT_INPUT when it is no JSON,
 * EXIT_USAGE when it is JSON but no audit. `problem` is safe to print.
 */
enum exit_status audit_document_parse(struct slice content, struct arena *arena,
                                      struct audit_document *out, char *problem,
                                      size_t problem_size);

/* The same of a file of at most `most` bytes; EXIT_INPUT, too, when it cannot be read. */
enum exit_status audit_document_read(const char *path, size_t most, struct arena *arena,
                                     struct audit_document *out, char *problem,
                                     size_t problem_size);

#endif
