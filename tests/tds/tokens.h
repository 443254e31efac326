/*
 * The tokens of a reply: [MS-TDS] 2.2.7. Each function appends one.
 */
#ifndef OCSIGHT_TESTS_TDS_TOKENS_H
#define OCSIGHT_TESTS_TDS_TOKENS_H

#include "tests/tds/types.h"

enum done_token { DONE = 0xFD, DONE_PROC = 0xFE, DONE_IN_PROC = 0xFF };

enum done_status {
    DONE_FINAL = 0x00,
    DONE_MORE = 0x01,
    DONE_ERROR = 0x02,
    DONE_COUNT = 0x10,
    DONE_ATTENTION = 0x20,
};

enum env_change { ENV_DATABASE = 1, ENV_PACKET_SIZE = 4 };

enum { TOKEN_ROW = 0xD1, TOKEN_NBC_ROW = 0xD2 };

/* From this version on, rows may leave their NULLs out (TOKEN_NBC_ROW). */
enum { TDS_7_3 = 0x730A0003 };

void token_done(struct bytes *out, enum done_token token, unsigned status, uint64_t rows);
void token_error(struct bytes *out, uint32_t number, uint8_t severity, const char *server,
                 const char *text);
void token_info(struct bytes *out, uint32_t number, const char *server, const char *text);
void token_env(struct bytes *out, enum env_change change, const char *now, const char *before);
void token_env_collation(struct bytes *out);
/* Begin 8, commit 9, roll back 10, with the transaction's descriptor. */
void token_env_transaction(struct bytes *out, uint8_t change, uint64_t descriptor);
void token_login_ack(struct bytes *out, uint32_t tds_version);
void token_return_status(struct bytes *out, uint32_t status);
void token_sspi(struct bytes *out, const struct bytes *answer);

struct column {
    struct type type;
    const char *name;
};

void token_columns(struct bytes *out, const struct column *columns, unsigned count);

#endif
