#include "tests/tds/scan.h"

#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static bool word_byte(char byte)
{
    unsigned char value = (unsigned char)byte;
    return isalnum(value) || value == '_' || value == '#' || value == '$' || value >= 0x80;
}

/* The end of what begins with a quote and closes with `close`, doubled inside; NULL = never. */
static const char *quoted_end(const char *at, char close)
{
    for (at++; *at; at++) {
        if (*at != close)
            continue;
        if (at[1] != close)
            return at + 1;
        at++;
    }
    return NULL;
}

static const char *skip_blank(const char *at)
{
    for (;;) {
        at += strspn(at, " \t\r\n");
        if (at[0] == '-' && at[1] == '-') {
            at += strcspn(at, "\n");
        } else if (at[0] == '/' && at[1] == '*') {
            const char *end = strstr(at + 2, "*/");
            at = end ? end + 2 : at + strlen(at);
        } else {
            return at;
        }
    }
}

static const char *skip_words(const char *at)
{
    while (word_byte(*at))
        at++;
    return at;
}

static const char *number_end(const char *at)
{
    while (isdigit((unsigned char)*at) || *at == '.')
        at++;
    return at;
}

/* Sets the kind and returns the end, NULL for what never closes. */
static const char *token_end(const char *at, enum token_kind *kind)
{
    static const char *const pairs[] = {"<=", ">=", "<>", "!=", "||"};
    if (*at == '[' || *at == '"') {
        *kind = TOKEN_QUOTED;
        return quoted_end(at, *at == '[' ? ']' : '"');
    }
    if (*at == '\'' || ((*at == 'N' || *at == 'n') && at[1] == '\'')) {
        *kind = *at == '\'' ? TOKEN_STRING : TOKEN_WIDE;
        return quoted_end(*at == '\'' ? at : at + 1, '\'');
    }
    if (*at == '0' && (at[1] == 'x' || at[1] == 'X')) {
        *kind = TOKEN_HEX;
        return skip_words(at + 2);
    }
    if (isdigit((unsigned char)*at)) {
        *kind = TOKEN_NUMBER;
        return number_end(at);
    }
    if (*at == '@') {
        *kind = at[1] == '@' ? TOKEN_GLOBAL : TOKEN_VARIABLE;
        return skip_words(at + (at[1] == '@' ? 2 : 1));
    }
    if (word_byte(*at)) {
        *kind = TOKEN_WORD;
        return skip_words(at);
    }
    *kind = TOKEN_SIGN;
    for (unsigned i = 0; i < sizeof pairs / sizeof *pairs; i++)
        if (strncmp(at, pairs[i], 2) == 0)
            return at + 2;
    return at + 1;
}

const char *tokens_scan(const char *text, struct tokens *tokens)
{
    *tokens = (struct tokens){0};
    unsigned room = 0;
    for (const char *at = skip_blank(text); *at; at = skip_blank(at)) {
        if (tokens->count == room) {
            room = room ? room * 2 : 64;
            tokens->list = realloc(tokens->list, room * sizeof *tokens->list);
            if (!tokens->list)
                abort();
        }
        struct token *token = &tokens->list[tokens->count];
        const char *end = token_end(at, &token->kind);
        if (!end)
            return "Unclosed quotation mark.";
        token->at = at;
        token->size = (size_t)(end - at);
        tokens->count++;
        at = end;
    }
    return NULL;
}

void tokens_dispose(struct tokens *tokens)
{
    free(tokens->list);
    *tokens = (struct tokens){0};
}

bool token_is(const struct token *token, const char *word)
{
    return (token->kind == TOKEN_WORD || token->kind == TOKEN_SIGN) &&
           strlen(word) == token->size && strncasecmp(token->at, word, token->size) == 0;
}

bool token_names(const struct token *token, const char **name, size_t *size)
{
    const bool quoted = token->kind == TOKEN_QUOTED;
    if (!quoted && token->kind != TOKEN_WORD)
        return false;
    *name = token->at + quoted;
    *size = token->size - (quoted ? 2 : 0);
    return true;
}

static const struct {
    const char *word;
    enum statement_kind kind;
} openers[] = {
    {"SELECT", STATEMENT_QUERY},   {"WITH", STATEMENT_QUERY},       {"SET", STATEMENT_SET},
    {"USE", STATEMENT_USE},        {"WAITFOR", STATEMENT_WAIT},     {"BEGIN", STATEMENT_NOTHING},
    {"COMMIT", STATEMENT_NOTHING}, {"ROLLBACK", STATEMENT_NOTHING}, {"SAVE", STATEMENT_NOTHING},
    {"INSERT", STATEMENT_WRITE},   {"UPDATE", STATEMENT_WRITE},     {"DELETE", STATEMENT_WRITE},
    {"MERGE", STATEMENT_WRITE},    {"CREATE", STATEMENT_WRITE},     {"ALTER", STATEMENT_WRITE},
    {"DROP", STATEMENT_WRITE},     {"TRUNCATE", STATEMENT_WRITE},   {"EXEC", STATEMENT_WRITE},
    {"EXECUTE", STATEMENT_WRITE},  {"GRANT", STATEMENT_WRITE},      {"DECLARE", STATEMENT_WRITE},
    {"IF", STATEMENT_WRITE},       {"WHILE", STATEMENT_WRITE},
};

static bool opens(const struct token *token, enum statement_kind *kind)
{
    for (unsigned i = 0; i < sizeof openers / sizeof *openers; i++)
        if (token_is(token, openers[i].word)) {
            *kind = openers[i].kind;
            return true;
        }
    return false;
}

/* Whether another statement begins here although no semicolon was written. */
static bool begins_another(const struct statement *statement, const struct token *token)
{
    enum statement_kind kind;
    if (!opens(token, &kind) || token_is(token, "WITH"))
        return false;
    if (statement->kind == STATEMENT_WRITE)
        return false;
    if (!token_is(token, "SELECT") || statement->kind != STATEMENT_QUERY)
        return true;
    const struct token *before = token - 1;
    const bool joined = token_is(before, "UNION") || token_is(before, "ALL") ||
                        token_is(before, "EXCEPT") || token_is(before, "INTERSECT");
    return !joined && !token_is(statement->first, "WITH");
}

bool statement_next(const struct tokens *tokens, unsigned *at, struct statement *statement)
{
    while (*at < tokens->count && token_is(&tokens->list[*at], ";"))
        ++*at;
    if (*at == tokens->count)
        return false;
    *statement = (struct statement){STATEMENT_WRITE, &tokens->list[*at], 0};
    opens(statement->first, &statement->kind);
    for (int depth = 0; *at < tokens->count; ++*at, statement->count++) {
        const struct token *token = &tokens->list[*at];
        depth += token_is(token, "(") ? 1 : token_is(token, ")") ? -1 : 0;
        if (token_is(token, ";") && depth <= 0)
            break;
        if (statement->count > 0 && depth == 0 && begins_another(statement, token))
            break;
        if (depth == 0 && statement->kind == STATEMENT_QUERY && token_is(token, "INTO"))
            statement->kind = STATEMENT_WRITE;
    }
    return true;
}
