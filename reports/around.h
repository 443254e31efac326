/*
 * What surrounds chat in a few words: calls of its web services, questions for its
 * servers. "AppendChunk 65536 bytes of rack7-plan.docx",
 * "SRV _sipinternaltls._tcp.contoso.example", "fe01.contoso.example:5061".
 *
 * For the ladder, as meaning.h is for SIP messages; never tokens, never content.
 */
#ifndef OCSIGHT_REPORTS_AROUND_H
#define OCSIGHT_REPORTS_AROUND_H

#include "analyzer/engine/arena.h"
#include "analyzer/engine/event.h"

struct around {
    struct slice title;   /* "HTTP POST", "200 OK", "DNS" */
    struct slice meaning; /* both safe to print, in the arena */
};

/* `file` is the name that users know it by, "" where it is not known. */
struct around around_http(const struct http_fact *fact, struct slice file, struct arena *arena);
struct around around_dns(const struct dns_fact *fact, struct arena *arena);

/* HTTP and DNS both have answers that say that it did not work. */
bool around_failed(const struct event *event);

#endif
