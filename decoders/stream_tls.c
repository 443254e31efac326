/*
 * Recognises TLS. See stream_tls.h.
 */
#include "decoders/stream_tls.h"

#include <string.h>

enum {
    RECORD_MAX = (1 << 14) + 2048, /* RFC 5246 6.2.3 */
    TYPE_FIRST = 20,
    TYPE_HANDSHAKE = 22,
    TYPE_LAST = 23,
    MINOR_LAST = 4,
};

static size_t record_size(const unsigned char header[static TLS_HEADER])
{
    return (size_t)header[3] << 8 | header[4];
}

static bool is_header(const unsigned char header[static TLS_HEADER])
{
    size_t size = record_size(header);
    return header[0] >= TYPE_FIRST && header[0] <= TYPE_LAST && header[1] == 3 &&
           header[2] <= MINOR_LAST && size > 0 && size <= RECORD_MAX;
}

static void header_shift(struct tls_probe *probe)
{
    memmove(probe->header, probe->header + 1, TLS_HEADER - 1);
    probe->have = TLS_HEADER - 1;
}

/* A whole header lies in probe->header. True when it settles the question. */
static bool header_judge(struct tls_probe *probe)
{
    if (!is_header(probe->header)) {
        probe->records = 0;
        header_shift(probe);
        return false;
    }
    bool opens = probe->read == TLS_HEADER && probe->header[0] == TYPE_HANDSHAKE;
    probe->records++;
    probe->left = record_size(probe->header);
    probe->have = 0;
    return opens || probe->records >= 2;
}

bool tls_probe_feed(struct tls_probe *probe, struct slice bytes)
{
    size_t at = 0;
    while (at < bytes.size && probe->read < TLS_PROBE_MAX) {
        if (probe->left > 0) {
            size_t size = bytes.size - at;
            size_t passed = probe->left < size ? (size_t)probe->left : size;
            probe->left -= passed;
            probe->read += passed;
            at += passed;
            continue;
        }
        probe->header[probe->have++] = slice_byte(bytes, at++);
        probe->read++;
        if (probe->have == TLS_HEADER && header_judge(probe)) {
            return true;
        }
    }
    return false;
}

bool tls_probe_end(const struct tls_probe *probe)
{
    return probe->records == 1 && probe->left == 0 && probe->have == 0 &&
           probe->read == TLS_HEADER + record_size(probe->header);
}
