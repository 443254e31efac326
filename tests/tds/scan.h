/*
 * T-SQL as tokens, and a batch as statements. Comments and white space are gone.
 */
#ifndef OCSIGHT_TESTS_TDS_SCAN_H
#define OCSIGHT_TESTS_TDS_SCAN_H

#include <stdbool.h>
#include <stddef.h>

enum token_kind {
    TOKEN_WORD,
    TOKEN_QUOTED, /* [name] or "name" */
    TOKEN_STRING, /* '..' */
    TOKEN_WIDE,   /* N'..' */
    TOKEN_NUMBER,
    TOKEN_HEX,      /* 0x.. */
    TOKEN_VARIABLE, /* @name */
    TOKEN_GLOBAL,   /* @@name */
    TOKEN_SIGN,     /* one or two characters */
};

struct token {
    enum token_kind kind;
    const char *at; /* of the text that was scanned, with its quotes */
    size_t size;
};

struct tokens {
    struct token *list;
    unsigned count;
};

/* NULL, or why the text is none. The tokens borrow it. */
const char *tokens_scan(const char *text, struct tokens *tokens);
void tokens_dispose(struct tokens *tokens);

bool token_is(const struct token *token, const char *word);
/* A word or a quoted name without its quotes. */
bool token_names(const struct token *token, const char **name, size_t *size);

enum statement_kind {
    STATEMENT_QUERY,
    STATEMENT_SET,
    STATEMENT_USE,
    STATEMENT_WAIT,
    STATEMENT_NOTHING, /* transactions of one who only reads */
    STATEMENT_WRITE,   /* everything else: refused */
};

struct statement {
    enum statement_kind kind;
    const struct token *first;
    unsigned count;
};

/* The statement from token `*at` on; false = no more. */
bool statement_next(const struct tokens *tokens, unsigned *at, struct statement *statement);

#endif
