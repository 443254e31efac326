/* See websocket.h. */
#include "samples/websocket.h"

void websocket_open(bool client, struct buffer *out)
{
    /* Key and answer are the example of RFC 6455 section 1.3. */
    buffer_append_text(out, client ? "GET / HTTP/1.1\r\nHost: fe01.contoso.example\r\n"
                                     "Upgrade: websocket\r\nConnection: Upgrade\r\n"
                                     "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                                     "Sec-WebSocket-Version: 13\r\n"
                                     "Sec-WebSocket-Protocol: sip\r\n\r\n"
                                   : "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                                     "Connection: Upgrade\r\n"
                                     "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"
                                     "Sec-WebSocket-Protocol: sip\r\n\r\n");
}

static void length_append(struct buffer *out, uint64_t value, unsigned bytes)
{
    for (unsigned i = bytes; i-- > 0;) {
        buffer_append_byte(out, (char)(value >> (8 * i)));
    }
}

void websocket_frame(struct random *random, bool client, struct slice message, struct buffer *out)
{
    unsigned char masked = client ? 0x80 : 0;
    buffer_append_byte(out, (char)0x81); /* final, text */
    if (message.size < 126) {
        buffer_append_byte(out, (char)(masked | message.size));
    } else {
        buffer_append_byte(out, (char)(masked | (message.size < 65536 ? 126 : 127)));
        length_append(out, message.size, message.size < 65536 ? 2 : 8);
    }
    if (!client) {
        buffer_append(out, message);
        return;
    }
    uint32_t mask = (uint32_t)random_next(random);
    length_append(out, mask, 4);
    for (size_t i = 0; i < message.size; i++) {
        buffer_append_byte(out, (char)(message.data[i] ^ (char)(mask >> (24 - 8 * (i % 4)))));
    }
}
