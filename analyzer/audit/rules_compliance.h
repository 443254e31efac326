/*
 * Rules about exports and rows of the compliance service: see archive.h and stored.h for what is
 * compared.
 */
#ifndef OCSIGHT_ANALYZER_AUDIT_RULES_COMPLIANCE_H
#define OCSIGHT_ANALYZER_AUDIT_RULES_COMPLIANCE_H

#include "analyzer/audit/rules.h"

/* At the end of the input, after archive_settle() and stored_settle(). */
void compliance_judge(struct audit *audit);

#endif
