/*
 * SQL Server's browser service: [MC-SQLR]. Answers by UDP where an instance listens.
 */
#ifndef OCSIGHT_TESTS_TDS_BROWSER_H
#define OCSIGHT_TESTS_TDS_BROWSER_H

#include "tests/tds/session.h"

/* The bound socket, or -1 after a complaint on standard error. Port 0 = any; `actual` says which.
 */
int browser_open(unsigned port, unsigned *actual);

/* Answers what is waiting on the socket. */
void browser_answer(struct server *server, int socket);

#endif
