/* See traffic.h. */
#include "samples/traffic.h"

#include "analyzer/engine/origin.h"
#include "samples/connection.h"

#include <string.h>

enum { TRAFFIC_ROUNDS = 20, TRAFFIC_MEDIA = 10, MEDIA_BYTES = 160, DNS_HEADER = 12 };

static struct wire_path path_make(uint8_t client, uint16_t client_port, uint8_t server,
                                  uint16_t server_port)
{
    return (struct wire_path){
        .from = {.host = {192, 0, 2, client}, .port = client_port},
        .to = {.host = {192, 0, 2, server}, .port = server_port},
        .upward = true,
    };
}

static struct wire_path path_back(struct wire_path path)
{
    return (struct wire_path){.from = path.to, .to = path.from};
}

static void web_run(struct wire *wire, int64_t time, unsigned round)
{
    static const struct slice request = SLICE("GET /news HTTP/1.1\r\nHost: www.contoso.example\r\n"
                                              "User-Agent: Browser/1.0\r\n\r\n");
    static const struct slice response =
        SLICE("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 35\r\n\r\n"
              "Call sip:nobody@contoso.example now");
    struct wire_path path = path_make(21, (uint16_t)(50000 + round), 80, 80);
    struct connection connection;
    connection_init(&connection, wire, &path, true, false, NULL);
    connection_send(&connection, time, true, request, false);
    connection_send(&connection, time + TIME_SECOND / 100, false, response, false);
    connection_end(&connection, time + TIME_SECOND / 50);
}

/* A question for an SRV record, and the answer that there is none (RFC 1035). */
static void name_run(struct wire *wire, int64_t time, unsigned round)
{
    static const char question[] = "\4_sip\4_tls\7contoso\7example\0\0\41\0\1";
    unsigned char bytes[DNS_HEADER + sizeof question - 1] = {0};
    memcpy(bytes + DNS_HEADER, question, sizeof question - 1);
    bytes[1] = (unsigned char)round;
    bytes[2] = 1; /* recursion wanted */
    bytes[5] = 1; /* one question */
    struct wire_path path = path_make(21, (uint16_t)(40000 + round), 53, 53);
    struct wire_path back = path_back(path);
    struct slice datagram = {(const char *)bytes, sizeof bytes};
    wire_datagram(wire, &path, time, datagram);
    bytes[2] |= 0x80;
    bytes[3] = 0x83; /* no such name */
    wire_datagram(wire, &back, time + TIME_SECOND / 1000, datagram);
}

/* RTP with G.711 silence (RFC 3550, RFC 3551). */
static void media_run(struct wire *wire, int64_t time, unsigned round)
{
    struct wire_path path = path_make(21, 20000, 22, 20002);
    unsigned char bytes[12 + MEDIA_BYTES];
    memset(bytes, 0xff, sizeof bytes);
    for (unsigned i = 0; i < TRAFFIC_MEDIA; i++) {
        unsigned number = round * TRAFFIC_MEDIA + i, stamp = number * MEDIA_BYTES;
        const unsigned char header[12] = {0x80,
                                          0,
                                          (unsigned char)(number >> 8),
                                          (unsigned char)number,
                                          (unsigned char)(stamp >> 24),
                                          (unsigned char)(stamp >> 16),
                                          (unsigned char)(stamp >> 8),
                                          (unsigned char)stamp,
                                          1,
                                          2,
                                          3,
                                          4};
        memcpy(bytes, header, sizeof header);
        wire_datagram(wire, &path, time + i * TIME_SECOND / 50,
                      (struct slice){(const char *)bytes, sizeof bytes});
    }
}

void traffic_run(struct wire *wire, int64_t start)
{
    for (unsigned round = 0; round < TRAFFIC_ROUNDS; round++) {
        int64_t time = start + round * TIME_SECOND;
        name_run(wire, time, round);
        web_run(wire, time + TIME_SECOND / 10, round);
        media_run(wire, time + TIME_SECOND / 5, round);
    }
}
