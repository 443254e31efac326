#include "tests/tds/tokens.h"

#include <string.h>

void token_done(struct bytes *out, enum done_token token, unsigned status, uint64_t rows)
{
    bytes_u8(out, (uint8_t)token);
    bytes_u16(out, (uint16_t)status);
    bytes_u16(out, status & DONE_COUNT ? 0xC1 : 0xFD); /* SELECT, or nothing of the kind */
    bytes_u64(out, rows);
}

static void put_short_text(struct bytes *out, const char *text)
{
    size_t at = out->size;
    bytes_u8(out, 0);
    bytes_utf16(out, text, strlen(text));
    out->data[at] = (uint8_t)((out->size - at - 1) / 2);
}

static void put_long_text(struct bytes *out, const char *text)
{
    size_t at = out->size;
    bytes_u16(out, 0);
    bytes_utf16(out, text, strlen(text));
    bytes_set16(out, at, (uint16_t)((out->size - at - 2) / 2));
}

/* A token with its length in front; returns where the length lies. */
static size_t begin_sized(struct bytes *out, uint8_t token)
{
    bytes_u8(out, token);
    bytes_u16(out, 0);
    return out->size - 2;
}

static void end_sized(struct bytes *out, size_t at)
{
    bytes_set16(out, at, (uint16_t)(out->size - at - 2));
}

static void put_message(struct bytes *out, uint8_t token, uint32_t number, uint8_t severity,
                        const char *server, const char *text)
{
    size_t at = begin_sized(out, token);
    bytes_u32(out, number);
    bytes_u8(out, 1);
    bytes_u8(out, severity);
    put_long_text(out, text);
    put_short_text(out, server);
    put_short_text(out, "");
    bytes_u32(out, 1);
    end_sized(out, at);
}

void token_error(struct bytes *out, uint32_t number, uint8_t severity, const char *server,
                 const char *text)
{
    put_message(out, 0xAA, number, severity, server, text);
}

void token_info(struct bytes *out, uint32_t number, const char *server, const char *text)
{
    put_message(out, 0xAB, number, 10, server, text);
}

void token_env(struct bytes *out, enum env_change change, const char *now, const char *before)
{
    size_t at = begin_sized(out, 0xE3);
    bytes_u8(out, (uint8_t)change);
    put_short_text(out, now);
    put_short_text(out, before);
    end_sized(out, at);
}

void token_env_collation(struct bytes *out)
{
    static const uint8_t body[] = {7, 5, 0x09, 0x04, 0xD0, 0x00, 0x34, 0};
    size_t at = begin_sized(out, 0xE3);
    bytes_put(out, body, sizeof body);
    end_sized(out, at);
}

void token_env_transaction(struct bytes *out, uint8_t change, uint64_t descriptor)
{
    const bool begins = change == 8;
    size_t at = begin_sized(out, 0xE3);
    bytes_u8(out, change);
    bytes_u8(out, begins ? 8 : 0);
    if (begins)
        bytes_u64(out, descriptor);
    bytes_u8(out, begins ? 0 : 8);
    if (!begins)
        bytes_u64(out, descriptor);
    end_sized(out, at);
}

void token_login_ack(struct bytes *out, uint32_t tds_version)
{
    size_t at = begin_sized(out, 0xAD);
    bytes_u8(out, 1); /* T-SQL */
    bytes_big16(out, (uint16_t)(tds_version >> 16));
    bytes_big16(out, (uint16_t)tds_version);
    put_short_text(out, "Microsoft SQL Server");
    bytes_put(out, (uint8_t[]){11, 0, 2100 >> 8, 2100 & 0xFF}, 4);
    end_sized(out, at);
}

void token_return_status(struct bytes *out, uint32_t status)
{
    bytes_u8(out, 0x79);
    bytes_u32(out, status);
}

void token_sspi(struct bytes *out, const struct bytes *answer)
{
    bytes_u8(out, 0xED);
    bytes_u16(out, (uint16_t)answer->size);
    bytes_put(out, answer->data, answer->size);
}

void token_columns(struct bytes *out, const struct column *columns, unsigned count)
{
    bytes_u8(out, 0x81);
    bytes_u16(out, (uint16_t)count);
    for (unsigned i = 0; i < count; i++) {
        bytes_u32(out, 0);
        bytes_u16(out, 0x0009); /* nullable, updatable unknown */
        type_put(out, columns[i].type);
        put_short_text(out, columns[i].name);
    }
}
