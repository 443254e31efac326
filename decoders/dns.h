/*
 * DNS: questions for service records and their answers, which is how a client finds
 * its server (facts/xccos.md 4.1, step 1). Everything else is passed over.
 *
 * Called by stream.c for datagrams of port 53. RFC 1035 sections 4.1 (format) and
 * 4.1.4 (compression), RFC 2782. Deliberately not handled: DNS over TCP, TLS or
 * HTTPS; records of the additional section.
 */
#ifndef OCSIGHT_DECODERS_DNS_H
#define OCSIGHT_DECODERS_DNS_H

#include "analyzer/engine/arena.h"
#include "analyzer/engine/event.h"

enum { DNS_PORT = 53 };

/*
 * False unless `bytes` are a DNS message that asks for one service record. A message
 * that breaks off gives the answers before that. The fact's texts lie in the arena;
 * client and server are left to the caller.
 */
bool dns_read(struct slice bytes, struct arena *arena, struct dns_fact *out);

/* A copy whose texts lie in the arena. */
struct dns_fact dns_fact_keep(struct arena *arena, const struct dns_fact *fact);

#endif
