/*
 * Scripts for the audit's tests: rows of what was seen (audit_step.h), and the findings that must
 * come of it, as text.
 *
 * The evidence of a finding names rows. One finding is one line:
 *
 *   error sip-request-unanswered [1 2] INFO from ada@contoso.example ...
 */
#ifndef OCSIGHT_TESTS_UNIT_AUDIT_SCRIPT_H
#define OCSIGHT_TESTS_UNIT_AUDIT_SCRIPT_H

#include "analyzer/audit/audit.h"
#include "analyzer/engine/buffer.h"
#include "tests/unit/audit_step.h"

struct script {
    const char *title;
    const char *rule; /* the rule on trial */
    const struct step *steps;
    int end;              /* seconds */
    const char *expected; /* lines; "" = silence */
};

/* Tells the audience of every row. */
void play(const struct audience *audience, const struct step *steps);

/* An audit in the audience; the context is a struct audit. */
void to_audit_event(void *context, const struct event *event);
void to_audit_change(void *context, const struct change *change);

/* Findings as they are told, one line each. */
struct minutes {
    struct buffer text;
    struct limits limits;
    int64_t last_time;
    uint64_t last_id;
};

void write_finding(void *context, const struct finding *finding);

/* Runs it; `muted` is switched off, NULL = nothing. The text is the caller's: free(). */
char *audit_script(const struct script *script, const struct limits *limits, const char *muted);

/* Does the text have a finding of the rule? */
bool mentions(const char *text, const char *rule);

/* Each script gives exactly its findings, and without its rule the same but for that rule's. */
void check_scripts(const struct script *scripts, size_t count);

/* No script may be read to its end for its finding to be known wrong: every beginning is survived.
 */
void check_beginnings(const struct script *scripts, size_t count);

#endif
