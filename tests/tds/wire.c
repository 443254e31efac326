#include "tests/tds/wire.h"

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>

bool wire_read_raw(struct wire *wire, void *data, size_t size)
{
    uint8_t *at = data;
    while (size > 0) {
        ssize_t got = recv(wire->socket, at, size, 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        at += got;
        size -= (size_t)got;
    }
    return true;
}

bool wire_write_raw(struct wire *wire, const void *data, size_t size)
{
    const uint8_t *at = data;
    while (size > 0) {
        ssize_t put = send(wire->socket, at, size, MSG_NOSIGNAL);
        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0)
            return false;
        at += put;
        size -= (size_t)put;
    }
    return true;
}

/* Exactly one TLS record from the socket: never more than the peer meant for TLS. */
static bool wire_read_record(struct wire *wire)
{
    uint8_t record[5 + 0x4800];
    if (!wire_read_raw(wire, record, 5))
        return false;
    size_t size = (size_t)record[3] << 8 | record[4];
    if (size > 0x4800 || !wire_read_raw(wire, record + 5, size))
        return false;
    return BIO_write(wire->from_peer, record, (int)(5 + size)) == (int)(5 + size);
}

static bool wire_read_tls(struct wire *wire, uint8_t *at, size_t size)
{
    while (size > 0) {
        size_t got = 0;
        if (SSL_read_ex(wire->tls, at, size, &got) == 1) {
            at += got;
            size -= got;
        } else if (SSL_get_error(wire->tls, 0) != SSL_ERROR_WANT_READ || !wire_read_record(wire)) {
            return false;
        }
    }
    return true;
}

bool wire_read(struct wire *wire, void *data, size_t size)
{
    return wire->tls ? wire_read_tls(wire, data, size) : wire_read_raw(wire, data, size);
}

bool wire_write(struct wire *wire, const void *data, size_t size)
{
    if (!wire->tls)
        return wire_write_raw(wire, data, size);
    if (size > 0 && SSL_write(wire->tls, data, (int)size) != (int)size)
        return false;
    uint8_t part[16384];
    int got;
    while ((got = BIO_read(wire->to_peer, part, sizeof part)) > 0)
        if (!wire_write_raw(wire, part, (size_t)got))
            return false;
    return true;
}

bool wire_waiting(struct wire *wire, int milliseconds)
{
    if (wire->tls && (SSL_pending(wire->tls) > 0 || BIO_ctrl_pending(wire->from_peer) > 0))
        return true;
    struct pollfd poll_socket = {.fd = wire->socket, .events = POLLIN};
    return poll(&poll_socket, 1, milliseconds) > 0;
}

void wire_bare(struct wire *wire)
{
    SSL_free(wire->tls); /* and with it both buffers */
    wire->tls = NULL;
}
