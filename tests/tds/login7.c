/*
 * The LOGIN7 message: [MS-TDS] 2.2.6.4.
 */
#include "tests/tds/login.h"

enum { LOGIN_FIXED = 94, LOGIN_FIELDS = 36, TDS_7_2 = 0x72090002, TDS_7_4 = 0x74000004 };

/* A place in the message: offset and length; the length in characters but for SSPI. */
static const char *read_place(const struct bytes *body, unsigned field, unsigned unit,
                              struct reader *out)
{
    struct reader place = reader_over(body->data + LOGIN_FIELDS + 4 * field, 4);
    size_t offset = reader_u16(&place);
    size_t size = (size_t)reader_u16(&place) * unit;
    *out = reader_over(NULL, 0);
    if (size == 0)
        return NULL;
    if (offset < LOGIN_FIXED || offset > body->size || size > body->size - offset)
        return "a field of LOGIN7 lies outside the message";
    *out = reader_over(body->data + offset, size);
    return NULL;
}

static const char *read_text(const struct bytes *body, unsigned field, struct bytes *text)
{
    struct reader place;
    const char *problem = read_place(body, field, 2, &place);
    bytes_utf8(text, place.at, place.left);
    return problem;
}

/* Each byte was turned by a nibble and mixed with 0xA5. */
static const char *read_password(const struct bytes *body, unsigned field, struct bytes *text)
{
    struct reader place;
    const char *problem = read_place(body, field, 2, &place);
    struct bytes plain = {0};
    for (size_t i = 0; i < place.left; i++) {
        uint8_t byte = place.at[i] ^ 0xA5;
        bytes_u8(&plain, (uint8_t)(byte << 4 | byte >> 4));
    }
    bytes_utf8(text, plain.data, plain.size);
    bytes_dispose(&plain);
    return problem;
}

static const char *read_sspi(const struct bytes *body, struct bytes *sspi)
{
    /* Behind nine places and the client's six-byte address. */
    struct reader place = reader_over(body->data + LOGIN_FIELDS + 4 * 9 + 6, 4);
    size_t offset = reader_u16(&place);
    size_t size = reader_u16(&place);
    if (size == 0)
        return NULL;
    if (offset > body->size || size > body->size - offset)
        return "the SSPI field of LOGIN7 lies outside the message";
    bytes_put(sspi, body->data + offset, size);
    return NULL;
}

static const char *read_fields(const struct bytes *body, struct login *login)
{
    /* clang-format off */
    const struct { unsigned field; struct bytes *text; } texts[] = {
        {0, &login->host},   {1, &login->user},    {3, &login->application},
        {4, &login->server}, {6, &login->library}, {8, &login->database},
    };
    /* clang-format on */
    for (unsigned i = 0; i < sizeof texts / sizeof *texts; i++) {
        const char *problem = read_text(body, texts[i].field, texts[i].text);
        if (problem)
            return problem;
    }
    const char *problem = read_password(body, 2, &login->password);
    return problem ? problem : read_sspi(body, &login->sspi);
}

const char *login_parse(const struct bytes *body, struct login *login)
{
    if (body->size < LOGIN_FIXED)
        return "LOGIN7 is too short";
    struct reader reader = reader_over(body->data, body->size);
    if (reader_u32(&reader) != body->size)
        return "the length in LOGIN7 is not that of the message";
    login->tds_version = reader_u32(&reader);
    if (login->tds_version < TDS_7_2)
        return "a TDS version below 7.2";
    if (login->tds_version > TDS_7_4)
        login->tds_version = TDS_7_4;
    reader_take(&reader, 17); /* packet size, program, process, connection, first flags */
    uint8_t flags = reader_u8(&reader);
    login->odbc = flags & 0x02;
    login->integrated = flags & 0x80;
    return read_fields(body, login);
}

void login_dispose(struct login *login)
{
    struct bytes *all[] = {&login->host,   &login->user,    &login->password, &login->application,
                           &login->server, &login->library, &login->database, &login->sspi};
    for (unsigned i = 0; i < sizeof all / sizeof *all; i++)
        bytes_dispose(all[i]);
}
