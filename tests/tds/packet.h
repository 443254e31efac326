/*
 * TDS packets: [MS-TDS] 2.2.3. Messages are joined from packets and cut into them.
 *
 * What a client may not do (a length that does not fit, a type that changes within a message) is
 * reported as a violation and ends the connection.
 */
#ifndef OCSIGHT_TESTS_TDS_PACKET_H
#define OCSIGHT_TESTS_TDS_PACKET_H

#include "tests/tds/wire.h"

enum packet_type {
    PACKET_BATCH = 0x01,
    PACKET_RPC = 0x03,
    PACKET_REPLY = 0x04,
    PACKET_ATTENTION = 0x06,
    PACKET_TRANSACTION = 0x0E,
    PACKET_LOGIN7 = 0x10,
    PACKET_SSPI = 0x11,
    PACKET_PRELOGIN = 0x12,
};

enum { PACKET_HEADER = 8, PACKET_SIZE = 4096, PACKET_LARGEST = 32767 };

/* Two hundred megabytes: no message of a client is longer. */
enum { MESSAGE_LARGEST = 200 << 20 };

struct message {
    enum packet_type type;
    struct bytes body;
};

enum packet_verdict { PACKET_FINE, PACKET_GONE, PACKET_VIOLATION };

/* The next whole message. `problem` says what was wrong with it. */
enum packet_verdict message_read(struct wire *wire, struct message *message, const char **problem);

/* Sends what fills whole packets of `body` and keeps the rest; with `last` everything. */
bool message_write(struct wire *wire, enum packet_type type, struct bytes *body, bool last);

#endif
