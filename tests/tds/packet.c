#include "tests/tds/packet.h"

#include <string.h>

static const char *header_problem(const uint8_t header[PACKET_HEADER],
                                  const struct message *message, bool first)
{
    unsigned size = (unsigned)header[2] << 8 | header[3];
    if (size < PACKET_HEADER || size > PACKET_LARGEST)
        return "a packet's length is out of range";
    if (!first && header[0] != message->type)
        return "a message changes its type between packets";
    if (header[7] != 0)
        return "the window field is not 0";
    if (message->body.size + size > MESSAGE_LARGEST)
        return "a message is too long";
    return NULL;
}

enum packet_verdict message_read(struct wire *wire, struct message *message, const char **problem)
{
    bytes_clear(&message->body);
    for (bool first = true;; first = false) {
        uint8_t header[PACKET_HEADER];
        if (!wire_read(wire, header, sizeof header))
            return PACKET_GONE;
        *problem = header_problem(header, message, first);
        if (*problem)
            return PACKET_VIOLATION;
        message->type = header[0];
        size_t size = ((size_t)header[2] << 8 | header[3]) - PACKET_HEADER;
        uint8_t part[PACKET_LARGEST];
        if (!wire_read(wire, part, size))
            return PACKET_GONE;
        bytes_put(&message->body, part, size);
        if (header[1] & 0x01)
            return PACKET_FINE;
    }
}

static bool packet_write(struct wire *wire, enum packet_type type, const uint8_t *data, size_t size,
                         bool last, uint8_t number)
{
    size_t total = size + PACKET_HEADER;
    uint8_t packet[PACKET_SIZE] = {
        (uint8_t)type, last, (uint8_t)(total >> 8), (uint8_t)total, 0, 51, number, 0};
    memcpy(packet + PACKET_HEADER, data, size);
    return wire_write(wire, packet, total);
}

bool message_write(struct wire *wire, enum packet_type type, struct bytes *body, bool last)
{
    const size_t most = PACKET_SIZE - PACKET_HEADER;
    size_t at = 0;
    uint8_t number = 1;
    bool good = true;
    while (good && (body->size - at > most || (!last && body->size - at == most))) {
        good = packet_write(wire, type, body->data + at, most, false, number++);
        at += most;
    }
    if (good && last) {
        good = packet_write(wire, type, body->data + at, body->size - at, true, number);
        at = body->size;
    }
    memmove(body->data, body->data + at, body->size - at);
    body->size -= at;
    return good;
}
