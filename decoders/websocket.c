/*
 * WebSocket frames to messages. See websocket.h.
 */
#include "decoders/websocket.h"

enum {
    BIT_FIN = 0x80,
    BITS_RESERVED = 0x70,
    BITS_OPCODE = 0x0f,
    BIT_MASK = 0x80,
    OPCODE_TEXT = 1,
    OPCODE_BINARY = 2,
    OPCODE_CLOSE = 8,
    OPCODE_PONG = 10,
    CONTROL_MAX = 125,
    MASK_SIZE = 4,
};

void websocket_init(struct websocket *websocket, size_t message_max)
{
    *websocket = (struct websocket){0};
    buffer_init(&websocket->message, message_max);
}

void websocket_dispose(struct websocket *websocket)
{
    buffer_dispose(&websocket->message);
}

void websocket_reset(struct websocket *websocket)
{
    struct buffer message = websocket->message;
    buffer_clear(&message);
    *websocket = (struct websocket){.message = message};
}

static unsigned opcode(const struct websocket *websocket)
{
    return websocket->header[0] & BITS_OPCODE;
}

static bool is_control(const struct websocket *websocket)
{
    return opcode(websocket) >= OPCODE_CLOSE;
}

static bool is_last(const struct websocket *websocket)
{
    return websocket->header[0] & BIT_FIN;
}

static size_t length_bytes(const struct websocket *websocket)
{
    unsigned length = websocket->header[1] & 0x7f;
    return length == 126 ? 2 : length == 127 ? 8 : 0;
}

static uint64_t payload_size(const struct websocket *websocket)
{
    size_t count = length_bytes(websocket);
    uint64_t size = count > 0 ? 0 : websocket->header[1] & 0x7f;
    for (size_t i = 0; i < count; i++) {
        size = size << 8 | websocket->header[2 + i];
    }
    return size;
}

/* Opcodes that exist, in an order that can be: RFC 6455 5.4, 5.5. */
static bool header_is_sound(const struct websocket *websocket)
{
    unsigned code = opcode(websocket);
    if (is_control(websocket)) {
        return code <= OPCODE_PONG && is_last(websocket) &&
               (websocket->header[1] & 0x7f) <= CONTROL_MAX;
    }
    bool continues = code == 0;
    return code <= OPCODE_BINARY && continues == websocket->in_message;
}

static void frame_begin(struct websocket *websocket)
{
    websocket->left = payload_size(websocket);
    websocket->payload_at = 0;
    websocket->passing = is_control(websocket);
    if (websocket->passing) {
        return;
    }
    if (!websocket->in_message) {
        buffer_clear(&websocket->message);
        websocket->spoiled = false;
        websocket->message_at = websocket->frame_at;
    }
    websocket->in_message = true;
    bool deflated = websocket->header[0] & BITS_RESERVED;
    bool capped = websocket->left > websocket->message.max - websocket->message.size;
    websocket->message.capped |= capped;
    websocket->spoiled |= deflated || capped;
    websocket->passing = websocket->spoiled;
}

/* Collects the header; false when it is none. */
static bool header_take(struct websocket *websocket, struct slice bytes, size_t *used)
{
    while (*used < bytes.size) {
        if (websocket->have == 0) {
            websocket->frame_at = websocket->position + *used;
        }
        websocket->header[websocket->have++] = slice_byte(bytes, (*used)++);
        if (websocket->have == 2) {
            if (!header_is_sound(websocket)) {
                return false;
            }
            websocket->header_size =
                2 + length_bytes(websocket) + (websocket->header[1] & BIT_MASK ? MASK_SIZE : 0);
        }
        if (websocket->have >= 2 && websocket->have == websocket->header_size) {
            frame_begin(websocket);
            return true;
        }
    }
    return true;
}

static bool header_is_whole(const struct websocket *websocket)
{
    return websocket->have >= 2 && websocket->have == websocket->header_size;
}

static void unmask(const struct websocket *websocket, char *data, size_t size)
{
    if (!(websocket->header[1] & BIT_MASK)) {
        return;
    }
    const unsigned char *mask = websocket->header + websocket->header_size - MASK_SIZE;
    for (size_t i = 0; i < size; i++) {
        data[i] = (char)(data[i] ^ mask[(websocket->payload_at + i) % MASK_SIZE]);
    }
}

static void payload_take(struct websocket *websocket, struct slice bytes)
{
    size_t begin = websocket->message.size;
    if (!websocket->passing && buffer_append(&websocket->message, bytes) && bytes.size > 0) {
        unmask(websocket, websocket->message.data + begin, bytes.size);
    }
}

/* The frame is whole: what it completes. */
static enum websocket_status frame_end(struct websocket *websocket)
{
    bool ends_message = !is_control(websocket) && is_last(websocket);
    websocket->have = 0;
    websocket->header_size = 0;
    if (!ends_message) {
        return WEBSOCKET_MORE;
    }
    websocket->in_message = false;
    if (!websocket->spoiled) {
        return WEBSOCKET_MESSAGE;
    }
    return websocket->message.capped ? WEBSOCKET_CAPPED : WEBSOCKET_DEFLATED;
}

enum websocket_status websocket_feed(struct websocket *websocket, struct slice bytes, size_t *used)
{
    *used = 0;
    for (;;) {
        if (!header_is_whole(websocket) && !header_take(websocket, bytes, used)) {
            *used -= websocket->have < *used ? websocket->have : *used;
            return WEBSOCKET_BROKEN;
        }
        if (!header_is_whole(websocket)) {
            return WEBSOCKET_MORE;
        }
        struct slice payload = slice_from(bytes, *used);
        if (payload.size > websocket->left) {
            payload.size = (size_t)websocket->left;
        }
        payload_take(websocket, payload);
        websocket->payload_at += payload.size;
        websocket->left -= payload.size;
        *used += payload.size;
        if (websocket->left > 0) {
            return WEBSOCKET_MORE;
        }
        enum websocket_status status = frame_end(websocket);
        if (status != WEBSOCKET_MORE) {
            return status;
        }
        if (*used == bytes.size) {
            return WEBSOCKET_MORE;
        }
    }
}

size_t websocket_peek(struct slice bytes, char out[static WEBSOCKET_PEEK])
{
    struct websocket probe = {0};
    size_t used = 0;
    if (!header_take(&probe, bytes, &used) || !header_is_whole(&probe) || is_control(&probe)) {
        return 0;
    }
    struct slice payload = slice_sub(bytes, used, WEBSOCKET_PEEK);
    if (payload.size > probe.left) {
        payload.size = (size_t)probe.left;
    }
    for (size_t i = 0; i < payload.size; i++) {
        out[i] = payload.data[i];
    }
    unmask(&probe, out, payload.size);
    return payload.size;
}
