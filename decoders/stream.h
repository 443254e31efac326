/*
 * What a flow carries, found by content on any port: SIP, SIP over WebSocket,
 * TLS, compressed SIP, or something that is none of our business.
 *
 * Called by analyzer/shard.c with the ordered bytes of TCP connections and with
 * UDP datagrams; hands on whole SIP messages as byte ranges and reports, as
 * EVENT_COVERAGE, what could not be read and why. Also keeps the coverage
 * totals of the run (summary.h).
 *
 * What surrounds chat goes the same way as coverage: calls of the chat web services
 * as EVENT_HTTP, questions for service records and their answers as EVENT_DNS. Other
 * HTTP and DNS is none of our business.
 *
 * After a gap, and where a capture starts in the middle of a message, it
 * resynchronises at the next start line. CR LF keep-alives between messages or
 * glued to them are skipped (RFC 5626 3.5.1, presence.md 8.2).
 *
 * TLS: records of type 20-23 and version 3.x (RFC 8446 5.1). WebSocket: RFC
 * 6455, sub-protocol "sip" (RFC 7118). Compression: presence.md 8.3.
 */
#ifndef OCSIGHT_DECODERS_STREAM_H
#define OCSIGHT_DECODERS_STREAM_H

#include "decoders/sip.h"
#include "decoders/tcp.h"

struct stream_sink {
    void *context;
    void (*unit)(void *context, const struct sip_unit *unit);
};

struct streams;

struct streams *streams_new(struct map_seed seed, const struct limits *limits,
                            const struct stream_sink *sink, const struct event_sink *coverage);
void streams_free(struct streams *streams);

/* One UDP datagram. True when it was SIP. */
bool streams_datagram(struct streams *streams, const struct datagram *datagram);

/* The callbacks that a struct tcp needs; context is the struct streams. */
struct tcp_sink streams_tcp_sink(struct streams *streams);

/*
 * The input ends (after tcp_end): conversations seen in one direction only are
 * reported. Then the totals are complete.
 */
void streams_end(struct streams *streams);
struct coverage_summary streams_coverage(const struct streams *streams);

#endif
