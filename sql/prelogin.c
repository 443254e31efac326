/*
 * The PRELOGIN exchange. See prelogin.h; [MS-TDS] 2.2.3.1 packet header, 2.2.6.5 PRELOGIN.
 */
#include "sql/prelogin.h"

enum {
    PACKET_ANSWER = 0x04,
    HEADER = 8,
    OPTION = 5, /* token, offset, length */
    OPTION_VERSION = 0x00,
    OPTION_ENCRYPTION = 0x01,
    OPTION_END = 0xFF,
    ANSWER_MAX = 512, /* servers send some 40 bytes */
};

/* One packet: version, encryption possible, instance "", thread 0. */
static const char request[] = "\x12\x01\x00\x29\x00\x00\x01\x00"
                              "\x00\x00\x15\x00\x06"
                              "\x01\x00\x1b\x00\x01"
                              "\x02\x00\x1c\x00\x01"
                              "\x03\x00\x1d\x00\x04"
                              "\xff"
                              "\x09\x00\x00\x00\x00\x00"
                              "\x00"
                              "\x00"
                              "\x00\x00\x00\x00";

static size_t big_endian(struct slice bytes, size_t at)
{
    return (size_t)slice_byte(bytes, at) << 8 | slice_byte(bytes, at + 1);
}

static bool take_option(unsigned char token, struct slice value, struct prelogin *out)
{
    if (token == OPTION_VERSION && value.size >= 6) {
        out->major = slice_byte(value, 0);
        out->minor = slice_byte(value, 1);
        out->build = (unsigned)big_endian(value, 2);
    }
    if (token == OPTION_ENCRYPTION && value.size >= 1 &&
        slice_byte(value, 0) <= PRELOGIN_REQUIRED) {
        out->encryption = (enum prelogin_encryption)slice_byte(value, 0);
        return true;
    }
    return false;
}

enum prelogin_verdict prelogin_parse(struct slice bytes, struct prelogin *out)
{
    bool encryption = false;
    *out = (struct prelogin){.encryption = PRELOGIN_NONE};
    if (bytes.size > 0 && slice_byte(bytes, 0) != PACKET_ANSWER) {
        return PRELOGIN_FOREIGN;
    }
    if (bytes.size < HEADER) {
        return PRELOGIN_MORE;
    }
    size_t said = big_endian(bytes, 2);
    if (said <= HEADER || said > ANSWER_MAX) {
        return PRELOGIN_FOREIGN;
    }
    if (bytes.size < said) {
        return PRELOGIN_MORE;
    }
    struct slice body = slice_sub(bytes, HEADER, said - HEADER);
    for (size_t at = 0; at < body.size && slice_byte(body, at) != OPTION_END; at += OPTION) {
        if (at + OPTION > body.size) {
            return PRELOGIN_FOREIGN;
        }
        size_t offset = big_endian(body, at + 1);
        size_t size = big_endian(body, at + 3);
        if (offset > body.size || size > body.size - offset) {
            return PRELOGIN_FOREIGN;
        }
        if (take_option(slice_byte(body, at), slice_sub(body, offset, size), out)) {
            encryption = true;
        }
    }
    return encryption ? PRELOGIN_FINE : PRELOGIN_FOREIGN;
}

enum network_fault prelogin_ask(int socket, const struct patience *patience, struct prelogin *out,
                                bool *foreign)
{
    char answer[ANSWER_MAX];
    size_t size = 0;
    struct slice question = {request, sizeof request - 1};
    enum network_fault fault = network_send(socket, question, patience);
    enum prelogin_verdict verdict = PRELOGIN_MORE;
    while (fault == NETWORK_FINE && verdict == PRELOGIN_MORE) {
        size_t got = 0;
        fault = network_receive(socket, answer + size, sizeof answer - size, patience, &got);
        size += got;
        if (fault == NETWORK_FINE) {
            verdict = prelogin_parse((struct slice){answer, size}, out);
        }
    }
    *foreign = verdict == PRELOGIN_FOREIGN;
    return fault;
}
