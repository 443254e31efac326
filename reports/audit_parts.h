/*
 * What an audit report keeps during the run; for the files audit_*.c in this folder alone.
 */
#ifndef OCSIGHT_REPORTS_AUDIT_PARTS_H
#define OCSIGHT_REPORTS_AUDIT_PARTS_H

#include "reports/audit_report.h"

/* Odd input that did not stop anything, with its place. */
struct oddity {
    const char *code;
    struct slice detail;
    uint64_t offset; /* in the message or its body */
    struct origin origin;
};

struct audit_report {
    struct report_style style;
    struct arena arena;
    struct finding *findings; /* everything they point to is in the arena */
    size_t count;
    size_t capacity;
    struct oddity *oddities; /* the first ones; the summary counts all */
    size_t oddity_count;
    const struct audit_baseline *baseline; /* NULL = there is none */
};

/* "trace.pcap:12 trace.pcap:14 and 3 more", with `between` for the blank; safe to print. */
struct slice audit_evidence(const struct finding *finding, const struct summary *summary,
                            struct arena *arena, const char *between);

/* "nothing can be said: no SIP was read"; NULL when something can. */
const char *audit_says_nothing(const struct summary *summary);

/* Something is gone, and some of what there was could not be read. */
bool audit_gone_is_doubtful(const struct audit_baseline *baseline, const struct summary *summary);

void audit_json_write(const struct audit_report *report, const struct summary *summary,
                      struct output *output);
void audit_text_write(struct audit_report *report, const struct summary *summary,
                      struct output *output);

#endif
