/* See connection.h. */
#include "samples/connection.h"

#include "analyzer/engine/arena.h"
#include "samples/tls.h"
#include "samples/websocket.h"

#include <stdlib.h>

enum {
    SEGMENT_STEP = 20000, /* ns between the segments of a burst */
    ACK_DELAY = 60000,
    ROUND_TRIP = 300000,
};

void connection_init(struct connection *connection, struct wire *wire, const struct wire_path *up,
                     bool stream, bool encrypted, struct buffer *keylog)
{
    *connection = (struct connection){.wire = wire, .up = *up, .stream = stream};
    for (unsigned side = 0; side < 2; side++) {
        connection->sequence[side] = (uint32_t)random_next(&wire->random);
        buffer_init(&connection->waiting[side], SIZE_MAX / 2);
    }
    if (encrypted) {
        connection->tls = tls_new(&wire->random, keylog);
    }
}

static struct wire_path path_of(const struct connection *connection, bool upward)
{
    struct wire_path path = connection->up;
    if (!upward) {
        path.from = connection->up.to;
        path.to = connection->up.from;
        path.upward = false;
    }
    return path;
}

static void segment_send(struct connection *connection, int64_t time, bool upward, uint8_t flags,
                         uint32_t sequence, struct slice payload)
{
    struct wire_path path = path_of(connection, upward);
    struct wire_segment segment = {
        .sequence = sequence,
        .acknowledged = (flags & WIRE_ACK) != 0 ? connection->sequence[!upward] : 0,
        .flags = flags,
        .payload = payload,
    };
    wire_segment(connection->wire, &path, time, &segment);
}

/* Without the bytes that passed before the capture began. */
static void data_send(struct connection *connection, int64_t time, bool upward, uint32_t sequence,
                      struct slice payload, size_t hidden)
{
    size_t cut = hidden < payload.size ? hidden : payload.size;
    if (cut < payload.size) {
        segment_send(connection, time, upward, WIRE_ACK | WIRE_PUSH, sequence + (uint32_t)cut,
                     slice_from(payload, cut));
    }
}

/* Which part of a burst leaves next. */
struct part {
    size_t offset;
    size_t size;
};

/* Cuts a burst into segments, then changes their order or repeats them as the form asks. */
static size_t burst_cut(struct wire *wire, size_t size, struct part *parts)
{
    const struct form *form = wire->form;
    size_t count = 0;
    for (size_t offset = 0; offset < size; offset += form->mss) {
        size_t left = size - offset;
        parts[count++] = (struct part){offset, left < form->mss ? left : form->mss};
        unsigned draw = form->duplicate ? random_below(&wire->random, 4) : 3;
        if (draw == 0) {
            parts[count] = parts[count - 1];
            count++;
        } else if (draw == 1 && offset > 0) {
            size_t back = form->mss / 2;
            parts[count] = (struct part){offset - back, parts[count - 1].size + back};
            count++;
        }
    }
    for (size_t i = 0; form->reorder && i + 1 < count; i++) {
        if (random_below(&wire->random, 2) == 0) {
            struct part swap = parts[i];
            parts[i] = parts[i + 1];
            parts[i + 1] = swap;
        }
    }
    return count;
}

/* Bytes of the stream as they are; the other side acknowledges the burst. */
static void burst_send(struct connection *connection, int64_t time, bool upward, struct slice bytes)
{
    struct wire *wire = connection->wire;
    if (wire->form->midstream && !connection->begun[upward]) {
        connection->hidden[upward] = bytes.size / 2;
    }
    connection->begun[upward] = true;
    struct part *parts = memory_alloc((2 * (bytes.size / wire->form->mss) + 4) * sizeof *parts);
    size_t count = burst_cut(wire, bytes.size, parts);
    uint32_t base = connection->sequence[upward];
    for (size_t i = 0; i < count; i++) {
        size_t hidden = connection->hidden[upward];
        data_send(connection, time + (int64_t)i * SEGMENT_STEP, upward,
                  base + (uint32_t)parts[i].offset,
                  slice_sub(bytes, parts[i].offset, parts[i].size),
                  hidden > parts[i].offset ? hidden - parts[i].offset : 0);
    }
    free(parts);
    connection->hidden[upward] = 0;
    connection->sequence[upward] = base + (uint32_t)bytes.size;
    segment_send(connection, wire->now + ACK_DELAY, !upward, WIRE_ACK,
                 connection->sequence[!upward], (struct slice){NULL, 0});
}

/* What the layers on top of TCP say before the first message. */
static void layers_open(struct connection *connection, int64_t time)
{
    struct buffer out;
    buffer_init(&out, SIZE_MAX / 2);
    for (unsigned flight = 0; connection->tls != NULL && flight < TLS_FLIGHTS; flight++) {
        buffer_clear(&out);
        tls_handshake(connection->tls, flight, &out);
        burst_send(connection, time + flight * ROUND_TRIP, flight % 2 == 0, buffer_slice(&out));
    }
    if (connection->wire->form->websocket && !connection->web) {
        for (unsigned side = 0; side < 2; side++) {
            buffer_clear(&out);
            websocket_open(side == 0, &out);
            burst_send(connection, connection->wire->now + ROUND_TRIP, side == 0,
                       buffer_slice(&out));
        }
    }
    buffer_dispose(&out);
}

static void connection_open(struct connection *connection, int64_t time)
{
    static const struct slice nothing = {NULL, 0};
    connection->opened = true;
    bool silent = connection->wire->form->midstream;
    if (!silent) {
        segment_send(connection, time, true, WIRE_SYN, connection->sequence[1], nothing);
    }
    connection->sequence[1]++;
    if (!silent) {
        segment_send(connection, time + ROUND_TRIP, false, WIRE_SYN | WIRE_ACK,
                     connection->sequence[0], nothing);
    }
    connection->sequence[0]++;
    if (!silent) {
        segment_send(connection, time + 2 * ROUND_TRIP, true, WIRE_ACK, connection->sequence[1],
                     nothing);
    }
    layers_open(connection, time + 3 * ROUND_TRIP);
}

/* One piece of stream data through the layers above TCP. */
static void stream_send(struct connection *connection, int64_t time, bool upward,
                        struct slice bytes, bool message)
{
    struct buffer framed, sealed;
    buffer_init(&framed, SIZE_MAX / 2);
    buffer_init(&sealed, SIZE_MAX / 2);
    if (connection->wire->form->websocket && message) {
        websocket_frame(&connection->wire->random, upward, bytes, &framed);
        bytes = buffer_slice(&framed);
    }
    if (connection->tls != NULL) {
        tls_seal(connection->tls, upward, bytes, &sealed);
        bytes = buffer_slice(&sealed);
    }
    burst_send(connection, time, upward, bytes);
    buffer_dispose(&framed);
    buffer_dispose(&sealed);
}

/* Keep-alives: glued in front, glued behind, or by themselves with the answer of the other side. */
static void message_send(struct connection *connection, int64_t time, bool upward,
                         struct slice bytes, bool message)
{
    static const struct slice ping = SLICE("\r\n\r\n"), pong = SLICE("\r\n");
    struct wire *wire = connection->wire;
    if (!message || !wire->form->keepalive || wire->form->websocket) {
        stream_send(connection, time, upward, bytes, message);
        return;
    }
    unsigned draw = random_below(&wire->random, 4);
    struct buffer out;
    buffer_init(&out, SIZE_MAX / 2);
    if (draw == 0) {
        buffer_append(&out, ping);
    } else if (draw == 1) {
        stream_send(connection, time, upward, ping, false);
        stream_send(connection, wire->now + ROUND_TRIP, !upward, pong, false);
    }
    buffer_append(&out, bytes);
    if (draw == 2) {
        buffer_append(&out, ping);
    }
    stream_send(connection, time, upward, buffer_slice(&out), message);
    buffer_dispose(&out);
}

void connection_glue(struct connection *connection, bool upward, struct slice bytes)
{
    buffer_append(&connection->waiting[upward], bytes);
}

void connection_send(struct connection *connection, int64_t time, bool upward, struct slice bytes,
                     bool message)
{
    struct buffer *waiting = &connection->waiting[upward];
    if (connection->stream && !connection->opened) {
        connection_open(connection, time);
    }
    buffer_append(waiting, bytes);
    if (connection->stream) {
        message_send(connection, time, upward, buffer_slice(waiting), message);
    } else {
        struct wire_path path = path_of(connection, upward);
        wire_datagram(connection->wire, &path, time, buffer_slice(waiting));
    }
    buffer_clear(waiting);
}

void connection_end(struct connection *connection, int64_t time)
{
    static const struct slice nothing = {NULL, 0};
    if (connection->opened) {
        for (unsigned side = 0; side < 2; side++) {
            bool upward = side == 0;
            segment_send(connection, time + side * ROUND_TRIP, upward, WIRE_FIN | WIRE_ACK,
                         connection->sequence[upward]++, nothing);
        }
        segment_send(connection, time + 2 * ROUND_TRIP, true, WIRE_ACK, connection->sequence[1],
                     nothing);
    }
    buffer_dispose(&connection->waiting[0]);
    buffer_dispose(&connection->waiting[1]);
    tls_free(connection->tls);
}
