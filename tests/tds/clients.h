/*
 * The connections that are open: a thread each, and how they all are brought to an end.
 */
#ifndef OCSIGHT_TESTS_TDS_CLIENTS_H
#define OCSIGHT_TESTS_TDS_CLIENTS_H

#include "tests/tds/session.h"

struct clients;

struct clients *clients_new(struct server *server);

/* Accepts a connection and serves it. */
void clients_accept(struct clients *clients, int listener);

/*
 * Cuts all connections and waits for their threads. False when one does not end: then what they
 * use must not be freed.
 */
bool clients_stop(struct clients *clients);
void clients_free(struct clients *clients);

#endif
