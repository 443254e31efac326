/* See tls.h. The one file of the renderer that includes libcrypto. */
#include "samples/tls.h"

#include "analyzer/engine/arena.h"
#include "samples/certificate.h"
#include "samples/fail.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    RECORD_CIPHER_CHANGE = 20,
    RECORD_HANDSHAKE = 22,
    RECORD_DATA = 23,
    RECORD_MAX = 16384,
    RANDOM_SIZE = 32,
    MASTER_SIZE = 48,
    KEY_SIZE = 16,
    SALT_SIZE = 4,
    TAG_SIZE = 16,
    VERIFY_SIZE = 12,
};

struct tls_side {
    unsigned char key[KEY_SIZE];
    unsigned char salt[SALT_SIZE];
    uint64_t sequence;
};

struct tls {
    unsigned char random[2][RANDOM_SIZE]; /* [client] */
    unsigned char master[MASTER_SIZE];
    unsigned char premaster[256]; /* as the client sends it, encrypted */
    struct tls_side side[2];      /* [client] */
    struct buffer transcript;     /* handshake messages so far */
};

/* P_SHA256 of RFC 5246 section 5. */
static void prf(const struct tls *tls, const char *label, struct slice seed, unsigned char *out,
                size_t size)
{
    struct buffer data;
    buffer_init(&data, SIZE_MAX / 2);
    buffer_append_text(&data, label);
    buffer_append(&data, seed);
    unsigned char chain[SHA256_DIGEST_LENGTH];
    HMAC(EVP_sha256(), tls->master, MASTER_SIZE, (const unsigned char *)data.data, data.size, chain,
         NULL);
    for (size_t done = 0; done < size;) {
        unsigned char input[SHA256_DIGEST_LENGTH + 128], block[SHA256_DIGEST_LENGTH];
        memcpy(input, chain, sizeof chain);
        memcpy(input + sizeof chain, data.data, data.size);
        HMAC(EVP_sha256(), tls->master, MASTER_SIZE, input, sizeof chain + data.size, block, NULL);
        size_t part = size - done < sizeof block ? size - done : sizeof block;
        memcpy(out + done, block, part);
        done += part;
        HMAC(EVP_sha256(), tls->master, MASTER_SIZE, chain, sizeof chain, block, NULL);
        memcpy(chain, block, sizeof chain);
    }
    buffer_dispose(&data);
}

static void draw(struct random *random, unsigned char *out, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        out[i] = (unsigned char)(random_next(random) >> 24);
    }
}

static void keylog_append(const struct tls *tls, struct buffer *keylog)
{
    char text[3];
    buffer_append_text(keylog, "CLIENT_RANDOM ");
    for (unsigned i = 0; i < RANDOM_SIZE + MASTER_SIZE; i++) {
        if (i == RANDOM_SIZE) {
            buffer_append_byte(keylog, ' ');
        }
        snprintf(text, sizeof text, "%02x",
                 i < RANDOM_SIZE ? tls->random[1][i] : tls->master[i - RANDOM_SIZE]);
        buffer_append_text(keylog, text);
    }
    buffer_append_byte(keylog, '\n');
}

struct tls *tls_new(struct random *random, struct buffer *keylog)
{
    struct tls *tls = memory_zero(1, sizeof *tls);
    draw(random, tls->random[0], RANDOM_SIZE);
    draw(random, tls->random[1], RANDOM_SIZE);
    draw(random, tls->master, MASTER_SIZE);
    draw(random, tls->premaster, sizeof tls->premaster);
    buffer_init(&tls->transcript, SIZE_MAX / 2);
    keylog_append(tls, keylog);

    unsigned char keys[2 * (KEY_SIZE + SALT_SIZE)];
    prf(tls, "key expansion", (struct slice){(const char *)tls->random, 2 * RANDOM_SIZE}, keys,
        sizeof keys);
    memcpy(tls->side[1].key, keys, KEY_SIZE);
    memcpy(tls->side[0].key, keys + KEY_SIZE, KEY_SIZE);
    memcpy(tls->side[1].salt, keys + 2 * KEY_SIZE, SALT_SIZE);
    memcpy(tls->side[0].salt, keys + 2 * KEY_SIZE + SALT_SIZE, SALT_SIZE);
    return tls;
}

void tls_free(struct tls *tls)
{
    if (tls != NULL) {
        buffer_dispose(&tls->transcript);
        free(tls);
    }
}

static void append_number(struct buffer *out, uint64_t value, unsigned size)
{
    for (unsigned i = size; i-- > 0;) {
        buffer_append_byte(out, (char)(value >> (8 * i)));
    }
}

static void append_bytes(struct buffer *out, const void *bytes, size_t size)
{
    buffer_append(out, (struct slice){bytes, size});
}

static void record_append(struct buffer *out, unsigned type, struct slice content)
{
    append_number(out, type, 1);
    append_number(out, 0x0303, 2);
    append_number(out, content.size, 2);
    buffer_append(out, content);
}

/* AES-128-GCM with the sequence number as the explicit nonce (RFC 5288 section 3). */
static void seal_append(struct tls_side *side, unsigned type, struct slice content,
                        struct buffer *out)
{
    unsigned char nonce[12], about[13], tag[TAG_SIZE];
    memcpy(nonce, side->salt, SALT_SIZE);
    for (unsigned i = 0; i < 8; i++) {
        about[i] = nonce[SALT_SIZE + i] = (unsigned char)(side->sequence >> (56 - 8 * i));
    }
    side->sequence++;
    about[8] = (unsigned char)type;
    about[9] = about[10] = 3;
    about[11] = (unsigned char)(content.size >> 8);
    about[12] = (unsigned char)content.size;

    unsigned char *sealed = memory_alloc(content.size + 16);
    int size = 0;
    EVP_CIPHER_CTX *cipher = EVP_CIPHER_CTX_new();
    if (EVP_EncryptInit_ex(cipher, EVP_aes_128_gcm(), NULL, side->key, nonce) != 1 ||
        EVP_EncryptUpdate(cipher, NULL, &size, about, sizeof about) != 1 ||
        EVP_EncryptUpdate(cipher, sealed, &size, (const unsigned char *)content.data,
                          (int)content.size) != 1 ||
        EVP_EncryptFinal_ex(cipher, sealed + size, &size) != 1 ||
        EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_GCM_GET_TAG, TAG_SIZE, tag) != 1) {
        fail("libcrypto does not do AES-128-GCM");
    }
    EVP_CIPHER_CTX_free(cipher);
    append_number(out, type, 1);
    append_number(out, 0x0303, 2);
    append_number(out, 8 + content.size + TAG_SIZE, 2);
    append_bytes(out, nonce + SALT_SIZE, 8);
    append_bytes(out, sealed, content.size);
    append_bytes(out, tag, TAG_SIZE);
    free(sealed);
}

/* One handshake message in a record of its own. */
static void handshake_append(struct tls *tls, unsigned type, struct slice content,
                             struct buffer *out)
{
    struct buffer message;
    buffer_init(&message, SIZE_MAX / 2);
    append_number(&message, type, 1);
    append_number(&message, content.size, 3);
    buffer_append(&message, content);
    buffer_append(&tls->transcript, buffer_slice(&message));
    record_append(out, RECORD_HANDSHAKE, buffer_slice(&message));
    buffer_dispose(&message);
}

static void hello_append(struct tls *tls, bool client, struct buffer *out)
{
    struct buffer body;
    buffer_init(&body, SIZE_MAX / 2);
    append_number(&body, 0x0303, 2);
    append_bytes(&body, tls->random[client], RANDOM_SIZE);
    append_number(&body, 0, 1); /* no session to resume */
    if (client) {
        append_number(&body, 2, 2);
    }
    append_number(&body, 0x009c, 2); /* TLS_RSA_WITH_AES_128_GCM_SHA256 */
    append_number(&body, client ? 0x0100 : 0, client ? 2 : 1);
    handshake_append(tls, client ? 1 : 2, buffer_slice(&body), out);
    buffer_dispose(&body);
}

static void server_rest_append(struct tls *tls, struct buffer *out)
{
    struct buffer body;
    buffer_init(&body, SIZE_MAX / 2);
    append_number(&body, CERTIFICATE_SIZE + 3, 3);
    append_number(&body, CERTIFICATE_SIZE, 3);
    append_bytes(&body, certificate, CERTIFICATE_SIZE);
    handshake_append(tls, 11, buffer_slice(&body), out);
    handshake_append(tls, 14, (struct slice){NULL, 0}, out);
    buffer_dispose(&body);
}

static void key_exchange_append(struct tls *tls, struct buffer *out)
{
    struct buffer body;
    buffer_init(&body, SIZE_MAX / 2);
    append_number(&body, sizeof tls->premaster, 2);
    append_bytes(&body, tls->premaster, sizeof tls->premaster);
    handshake_append(tls, 16, buffer_slice(&body), out);
    buffer_dispose(&body);
}

static void finished_append(struct tls *tls, bool client, struct buffer *out)
{
    unsigned char digest[SHA256_DIGEST_LENGTH];
    unsigned char message[4 + VERIFY_SIZE] = {20, 0, 0, VERIFY_SIZE};
    SHA256((const unsigned char *)tls->transcript.data, tls->transcript.size, digest);
    prf(tls, client ? "client finished" : "server finished",
        (struct slice){(const char *)digest, sizeof digest}, message + 4, VERIFY_SIZE);
    record_append(out, RECORD_CIPHER_CHANGE, (struct slice){"\1", 1});
    append_bytes(&tls->transcript, message, sizeof message);
    seal_append(&tls->side[client], RECORD_HANDSHAKE,
                (struct slice){(const char *)message, sizeof message}, out);
}

void tls_handshake(struct tls *tls, unsigned flight, struct buffer *out)
{
    bool client = flight % 2 == 0;
    if (flight < 2) {
        hello_append(tls, client, out);
        if (!client) {
            server_rest_append(tls, out);
        }
    } else {
        if (client) {
            key_exchange_append(tls, out);
        }
        finished_append(tls, client, out);
    }
}

void tls_seal(struct tls *tls, bool client, struct slice bytes, struct buffer *out)
{
    do {
        struct slice part = slice_sub(bytes, 0, RECORD_MAX);
        seal_append(&tls->side[client], RECORD_DATA, part, out);
        bytes = slice_from(bytes, part.size);
    } while (bytes.size > 0);
}
