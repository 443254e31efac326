#include "tests/tds/ntlm.h"

#include <ctype.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <string.h>
#include <strings.h>

#include "tests/tds/md4.h"

enum message_type { NTLM_NEGOTIATE = 1, NTLM_CHALLENGE = 2, NTLM_AUTHENTICATE = 3 };

/* Unicode, target, NTLM, target is a domain, extended security, target information. */
enum { NTLM_UNICODE = 0x1, NTLM_FLAGS = 0x1 | 0x4 | 0x200 | 0x10000 | 0x80000 | 0x800000 };

enum av_id { AV_END = 0, AV_COMPUTER = 1, AV_DOMAIN = 2, AV_DNS_COMPUTER = 3, AV_DNS_DOMAIN = 4 };

static const char signature[8] = "NTLMSSP";

bool ntlm_is(const struct bytes *message)
{
    return message->size >= 12 && memcmp(message->data, signature, sizeof signature) == 0;
}

static uint32_t message_type(const struct bytes *message)
{
    struct reader reader = reader_over(message->data + 8, 4);
    return ntlm_is(message) ? reader_u32(&reader) : 0;
}

static void put_pair(struct bytes *out, enum av_id id, const char *text)
{
    bytes_u16(out, (uint16_t)id);
    bytes_u16(out, (uint16_t)(strlen(text) * 2));
    bytes_utf16(out, text, strlen(text));
}

const char *ntlm_challenge(struct ntlm *ntlm, const struct bytes *negotiate, const char *server,
                           struct bytes *out)
{
    static const char domain[] = "CONTOSO";
    struct reader reader = reader_over(negotiate->data + 12, negotiate->size - 12);
    if (message_type(negotiate) != NTLM_NEGOTIATE)
        return "not NTLM's first message";
    if (!(reader_u32(&reader) & NTLM_UNICODE))
        return "the client offers no Unicode";
    if (RAND_bytes(ntlm->challenge, sizeof ntlm->challenge) != 1)
        return "no random bytes";
    put_pair(&ntlm->target_info, AV_DOMAIN, domain);
    put_pair(&ntlm->target_info, AV_COMPUTER, server);
    put_pair(&ntlm->target_info, AV_DNS_DOMAIN, "contoso.example");
    put_pair(&ntlm->target_info, AV_DNS_COMPUTER, "fe01.contoso.example");
    put_pair(&ntlm->target_info, AV_END, "");

    const uint16_t name_size = (uint16_t)(strlen(domain) * 2);
    const uint16_t info_size = (uint16_t)ntlm->target_info.size;
    const uint32_t payload = 56;
    bytes_put(out, signature, sizeof signature);
    bytes_u32(out, NTLM_CHALLENGE);
    bytes_u16(out, name_size);
    bytes_u16(out, name_size);
    bytes_u32(out, payload);
    bytes_u32(out, NTLM_FLAGS);
    bytes_put(out, ntlm->challenge, sizeof ntlm->challenge);
    bytes_u64(out, 0);
    bytes_u16(out, info_size);
    bytes_u16(out, info_size);
    bytes_u32(out, payload + name_size);
    bytes_put(out, (uint8_t[]){6, 1, 0xB0, 0x1D, 0, 0, 0, 15}, 8); /* version */
    bytes_utf16(out, domain, strlen(domain));
    bytes_put(out, ntlm->target_info.data, info_size);
    return NULL;
}

/* ---- the response ---- */

/* Length, room and offset at `at`; false when they do not fit the message. */
static bool read_field(const struct bytes *message, size_t at, struct reader *out)
{
    if (message->size < at + 8)
        return false;
    struct reader place = reader_over(message->data + at, 8);
    size_t size = reader_u16(&place);
    reader_u16(&place);
    size_t offset = reader_u32(&place);
    if (offset > message->size || size > message->size - offset)
        return false;
    *out = reader_over(message->data + offset, size);
    return true;
}

static void hmac_md5(const uint8_t key[16], const struct bytes *data, uint8_t digest[16])
{
    unsigned size = 16;
    HMAC(EVP_md5(), key, 16, data->data, data->size, digest, &size);
}

/* [MS-NLMP] 3.3.2: NTOWFv2. */
static void response_key(const struct ntlm *ntlm, const char *password, uint8_t key[16])
{
    struct bytes wide = {0};
    uint8_t hash[16];
    bytes_utf16(&wide, password, strlen(password));
    md4(wide.data, wide.size, hash);
    bytes_clear(&wide);
    struct bytes upper = {0};
    for (size_t i = 0; i < ntlm->user.size; i++)
        bytes_u8(&upper, (uint8_t)toupper(ntlm->user.data[i]));
    bytes_put(&upper, ntlm->domain.data, ntlm->domain.size);
    bytes_utf16(&wide, (const char *)upper.data, upper.size);
    hmac_md5(hash, &wide, key);
    bytes_dispose(&upper);
    bytes_dispose(&wide);
}

static bool response_good(const struct ntlm *ntlm, struct reader response, const char *password)
{
    uint8_t key[16], proof[16];
    response_key(ntlm, password, key);
    struct bytes text = {0};
    bytes_put(&text, ntlm->challenge, sizeof ntlm->challenge);
    bytes_put(&text, response.at + 16, response.left - 16);
    hmac_md5(key, &text, proof);
    bytes_dispose(&text);
    return memcmp(proof, response.at, sizeof proof) == 0;
}

const char *ntlm_verify(struct ntlm *ntlm, const struct bytes *authenticate, const char *domain,
                        const char *user, const char *password)
{
    struct reader response, field[3];
    if (message_type(authenticate) != NTLM_AUTHENTICATE ||
        !read_field(authenticate, 20, &response) || !read_field(authenticate, 28, &field[0]) ||
        !read_field(authenticate, 36, &field[1]) || !read_field(authenticate, 44, &field[2]))
        return "not NTLM's last message, or its fields do not fit it";
    bytes_utf8(&ntlm->domain, field[0].at, field[0].left);
    bytes_utf8(&ntlm->user, field[1].at, field[1].left);
    bytes_utf8(&ntlm->host, field[2].at, field[2].left);
    if (response.left <= 24)
        return "not a response of version 2";
    /* The client's structure: versions, time, its challenge, and what we said of ourselves. */
    const size_t info = ntlm->target_info.size - 4;
    if (!memmem(response.at + 16, response.left - 16, ntlm->target_info.data, info))
        return "the target information is not repeated";
    if (domain && strcasecmp(bytes_string(&ntlm->domain), domain) != 0)
        return "another domain";
    if (strcasecmp(bytes_string(&ntlm->user), user) != 0)
        return "no such user";
    return response_good(ntlm, response, password) ? NULL : "wrong password";
}

void ntlm_dispose(struct ntlm *ntlm)
{
    bytes_dispose(&ntlm->target_info);
    bytes_dispose(&ntlm->domain);
    bytes_dispose(&ntlm->user);
    bytes_dispose(&ntlm->host);
}
