/*
 * What the audit says: one fault or remark with the packets that prove it
 * (design.md sections 3 and 4).
 *
 * Borrowed until the callback that received it returns.
 */
#ifndef OCSIGHT_ANALYZER_ENGINE_FINDING_H
#define OCSIGHT_ANALYZER_ENGINE_FINDING_H

#include "analyzer/engine/origin.h"

enum severity { SEVERITY_NOTE, SEVERITY_WARNING, SEVERITY_ERROR };

struct finding {
    uint64_t id;      /* ascending from 1 in the order of the report */
    const char *rule; /* stable slug */
    enum severity severity;
    int64_t time;         /* ns */
    struct slice message; /* one sentence for people */
    struct slice user;    /* "" = does not apply, for this and all below */
    struct slice peer;
    struct slice room;
    struct slice call_id;
    struct slice flow;
    struct slice step;
    const struct origin *evidence; /* at least one unless the run itself is the evidence */
    size_t evidence_count;
    uint64_t evidence_more; /* origins beyond the cap */
    const char *basis;      /* document and section */
};

struct finding_sink {
    void (*finding)(void *context, const struct finding *finding);
    void *context;
};

const char *severity_name(enum severity severity); /* "error", "warning", "note" */

#endif
