#include "tests/tds/prelogin.h"

enum { OPTION_ENCRYPTION = 1, OPTION_END = 0xFF };

/* The client's encryption byte; false for options that do not fit the message. */
static bool prelogin_parse(const struct bytes *body, enum encryption *wish)
{
    struct reader reader = reader_over(body->data, body->size);
    *wish = ENCRYPT_NOT_SUPPORTED;
    bool told = false;
    for (;;) {
        uint8_t option = reader_u8(&reader);
        if (reader.bad || option == OPTION_END)
            break;
        size_t offset = reader_big16(&reader);
        size_t size = reader_big16(&reader);
        if (reader.bad || offset > body->size || size > body->size - offset)
            return false;
        if (option == OPTION_ENCRYPTION) {
            if (size != 1 || body->data[offset] > ENCRYPT_REQUIRED)
                return false;
            *wish = body->data[offset];
            told = true;
        }
    }
    return told && !reader.bad;
}

static enum encryption encryption_answer(enum encryption_offer offer, enum encryption wish)
{
    if (offer == OFFER_NONE)
        return ENCRYPT_NOT_SUPPORTED;
    if (offer == OFFER_REQUIRED)
        return wish == ENCRYPT_ON ? ENCRYPT_ON : ENCRYPT_REQUIRED;
    return wish == ENCRYPT_REQUIRED ? ENCRYPT_ON : wish;
}

static void prelogin_put(struct bytes *out, enum encryption encryption)
{
    /* clang-format off */
    static const uint8_t options[] = {
        0, 0, 26, 0, 6, /* version */
        1, 0, 32, 0, 1, /* encryption */
        2, 0, 33, 0, 1, /* instance: matches */
        3, 0, 34, 0, 0, /* thread */
        4, 0, 34, 0, 1, /* MARS: none */
        OPTION_END,
        11, 0, 2100 >> 8, 2100 & 0xFF, 0, 0,
    };
    /* clang-format on */
    bytes_put(out, options, sizeof options);
    bytes_put(out, (uint8_t[]){(uint8_t)encryption, 0, 0}, 3);
}

bool prelogin_answer(struct session *session, enum cover *cover)
{
    static const char *const names[] = {"off", "on", "not supported", "required"};
    enum encryption wish;
    if (!session_read(session))
        return false;
    if (session->message.type != PACKET_PRELOGIN ||
        !prelogin_parse(&session->message.body, &wish)) {
        log_line(session->server->log, session->number, "violation", "problem",
                 "the first message is no PRELOGIN, or a wrong one", NULL);
        return false;
    }
    log_line(session->server->log, session->number, "prelogin", "encryption", names[wish], NULL);
    if (faults_strike(session->server->faults, "silent-prelogin", NULL, NULL)) {
        session_read(session);
        return false;
    }
    if (faults_strike(session->server->faults, "garbage-prelogin", NULL, NULL)) {
        bytes_put(&session->out, "\x01\xFF\xFF\xFF\xFF\x01", 6);
        session_flush(session, true);
        return false;
    }
    const enum encryption answer = encryption_answer(session->server->options->offer, wish);
    prelogin_put(&session->out, answer);
    *cover = answer == ENCRYPT_OFF             ? COVER_LOGIN
             : answer == ENCRYPT_NOT_SUPPORTED ? COVER_NONE
                                               : COVER_ALL;
    return session_flush(session, true);
}
