/*
 * RPC requests: [MS-TDS] 2.2.6.6. Only sp_executesql is known.
 */
#ifndef OCSIGHT_TESTS_TDS_RPC_H
#define OCSIGHT_TESTS_TDS_RPC_H

#include "tests/tds/session.h"

/* Answers the RPC in `session->message`; false: the connection is over. */
bool rpc_answer(struct session *session);

/* Skips ALL_HEADERS ([MS-TDS] 2.2.5.3); NULL, or what is wrong with them. */
const char *headers_skip(struct reader *reader);

#endif
