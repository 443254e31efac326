/*
 * Runs the statements of a batch or an RPC, one after the other.
 */
#ifndef OCSIGHT_TESTS_TDS_SCRIPT_H
#define OCSIGHT_TESTS_TDS_SCRIPT_H

#include "tests/tds/session.h"

struct script {
    const char *text;
    const struct parameter *parameters;
    unsigned parameter_count;
    bool procedure; /* of an RPC: DONEINPROC for each, RETURNSTATUS and DONEPROC at the end */
};

/* False: the connection is over. */
bool script_run(struct session *session, const struct script *script);

#endif
