#include "tests/tds/rewrite.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { DEPTHS = 64 };

struct rewrite {
    const struct token *list;
    unsigned count;
    unsigned at;
    const char *current;
    struct bytes *sql;
    unsigned depth;
    /* Per depth of parentheses: the cast whose AS is awaited, and the bound of a TOP. */
    bool cast[DEPTHS];
    const struct token *top[DEPTHS];
};

static const struct token *peek(const struct rewrite *rewrite, unsigned ahead)
{
    static const struct token none = {TOKEN_SIGN, "", 0};
    return rewrite->at + ahead < rewrite->count ? &rewrite->list[rewrite->at + ahead] : &none;
}

static bool behind_is(const struct rewrite *rewrite, const char *word)
{
    return rewrite->at > 0 && token_is(&rewrite->list[rewrite->at - 1], word);
}

static void put_raw(struct rewrite *rewrite, const struct token *token)
{
    bytes_put(rewrite->sql, token->at, token->size);
    bytes_u8(rewrite->sql, ' ');
}

static void put_name(struct rewrite *rewrite, const char *prefix, const struct token *token)
{
    const char *name = NULL;
    size_t size = 0;
    token_names(token, &name, &size);
    bytes_format(rewrite->sql, "\"%s%.*s\"", prefix, (int)size, name);
}

static bool names(const struct token *token, const char *word)
{
    const char *name;
    size_t size;
    return token_names(token, &name, &size) && size == strlen(word) &&
           strncasecmp(name, word, size) == 0;
}

/* ---- names ---- */

static const char *schema_prefix(const struct token *token)
{
    if (names(token, "INFORMATION_SCHEMA"))
        return "INFORMATION_SCHEMA_";
    if (names(token, "sys"))
        return "sys_";
    return names(token, "dbo") ? "" : NULL;
}

static bool is_name(const struct token *token)
{
    return token->kind == TOKEN_WORD || token->kind == TOKEN_QUOTED;
}

static void put_database(struct rewrite *rewrite, const struct token *token)
{
    if (token && !names(token, "master"))
        put_name(rewrite, "", token);
    else
        bytes_format(rewrite->sql, "\"%s\"",
                     token || strcmp(rewrite->current, "master") == 0 ? "main" : rewrite->current);
    bytes_u8(rewrite->sql, '.');
}

/* database.schema.table, database..table or schema.table, as "database"."table". */
static bool put_qualified(struct rewrite *rewrite)
{
    if (!token_is(peek(rewrite, 1), "."))
        return false;
    const bool no_schema = token_is(peek(rewrite, 2), ".");
    const char *second = schema_prefix(peek(rewrite, 2));
    if ((no_schema && is_name(peek(rewrite, 3))) ||
        (second && token_is(peek(rewrite, 3), ".") && is_name(peek(rewrite, 4)))) {
        if (second && strcmp(second, "sys_") == 0)
            bytes_text(rewrite->sql, "main.");
        else
            put_database(rewrite, peek(rewrite, 0));
        put_name(rewrite, no_schema ? "" : second, peek(rewrite, no_schema ? 3 : 4));
        rewrite->at += no_schema ? 4 : 5;
        return true;
    }
    const char *first = schema_prefix(peek(rewrite, 0));
    if (!first || !is_name(peek(rewrite, 2)))
        return false;
    if (strcmp(first, "sys_") == 0)
        bytes_text(rewrite->sql, "main.");
    else
        put_database(rewrite, NULL);
    put_name(rewrite, first, peek(rewrite, 2));
    rewrite->at += 3;
    return true;
}

/* "WITH name AS (SELECT" or "WITH name (columns) AS": not a table of the database. */
static bool is_common_table(const struct rewrite *rewrite, const struct token *token)
{
    if (!token_is(rewrite->list, "WITH"))
        return false;
    for (unsigned i = 1; i + 1 < rewrite->count; i++) {
        const struct token *name = &rewrite->list[i];
        const bool defined = (token_is(name - 1, "WITH") || token_is(name - 1, ",")) &&
                             (token_is(name + 1, "AS") || token_is(name + 1, "("));
        if (defined && name->size == token->size &&
            strncasecmp(name->at, token->at, token->size) == 0)
            return true;
    }
    return false;
}

static void put_name_chain(struct rewrite *rewrite)
{
    const bool table = behind_is(rewrite, "FROM") || behind_is(rewrite, "JOIN");
    const bool part = behind_is(rewrite, ".");
    if (!part && put_qualified(rewrite)) {
        bytes_u8(rewrite->sql, ' ');
        return;
    }
    const struct token *token = peek(rewrite, 0);
    if (table && !token_is(peek(rewrite, 1), "(") && !is_common_table(rewrite, token))
        put_database(rewrite, NULL);
    if (token->kind == TOKEN_QUOTED)
        put_name(rewrite, "", token);
    else
        bytes_put(rewrite->sql, token->at, token->size);
    bytes_u8(rewrite->sql, ' ');
    rewrite->at++;
}

/* ---- clauses ---- */

static bool skip_hint(struct rewrite *rewrite)
{
    if (!token_is(peek(rewrite, 0), "WITH") || !token_is(peek(rewrite, 1), "(") ||
        !token_is(peek(rewrite, 2), "NOLOCK") || !token_is(peek(rewrite, 3), ")"))
        return false;
    rewrite->at += 4;
    return true;
}

static bool skip_option(struct rewrite *rewrite)
{
    if (!token_is(peek(rewrite, 0), "OPTION") || !token_is(peek(rewrite, 1), "("))
        return false;
    while (rewrite->at < rewrite->count && !behind_is(rewrite, ")"))
        rewrite->at++;
    return true;
}

static bool take_top(struct rewrite *rewrite)
{
    if (!token_is(peek(rewrite, 0), "TOP"))
        return false;
    const bool bracket = token_is(peek(rewrite, 1), "(");
    rewrite->top[rewrite->depth] = peek(rewrite, bracket ? 2 : 1);
    rewrite->at += bracket ? 4 : 2;
    return true;
}

static void put_top(struct rewrite *rewrite)
{
    const struct token *top = rewrite->top[rewrite->depth];
    rewrite->top[rewrite->depth] = NULL;
    if (!top)
        return;
    bytes_text(rewrite->sql, "LIMIT ");
    put_raw(rewrite, top);
}

/* OFFSET a ROWS FETCH NEXT b ROWS ONLY */
static bool put_offset(struct rewrite *rewrite)
{
    if (!token_is(peek(rewrite, 0), "OFFSET") || !token_is(peek(rewrite, 3), "FETCH"))
        return false;
    bytes_text(rewrite->sql, "LIMIT ");
    put_raw(rewrite, peek(rewrite, 5));
    bytes_text(rewrite->sql, "OFFSET ");
    put_raw(rewrite, peek(rewrite, 1));
    rewrite->at += 8;
    return true;
}

/* ---- functions ---- */

static const struct {
    const char *name;
    const char *instead;
} functions[] = {
    {"CAST", "tds_cast"},      {"DATALENGTH", "tds_datalength"}, {"LEN", "length"},
    {"ISNULL", "ifnull"},      {"SUBSTRING", "substr"},          {"CHARINDEX", "tds_charindex"},
    {"GETUTCDATE", "tds_now"}, {"GETDATE", "tds_now"},           {"SYSUTCDATETIME", "tds_now"},
    {"LEFT", "tds_left"},
};

/* A type with its length, as a string: 'varchar(256)'. */
static void put_type_text(struct rewrite *rewrite)
{
    bytes_u8(rewrite->sql, '\'');
    bytes_put(rewrite->sql, peek(rewrite, 0)->at, peek(rewrite, 0)->size);
    rewrite->at++;
    if (token_is(peek(rewrite, 0), "(")) {
        while (!behind_is(rewrite, ")") && rewrite->at < rewrite->count) {
            bytes_put(rewrite->sql, peek(rewrite, 0)->at, peek(rewrite, 0)->size);
            rewrite->at++;
        }
    }
    bytes_u8(rewrite->sql, '\'');
}

static bool put_function(struct rewrite *rewrite)
{
    const struct token *token = peek(rewrite, 0);
    if (!token_is(peek(rewrite, 1), "("))
        return false;
    if (token_is(token, "CONVERT")) {
        bytes_text(rewrite->sql, "tds_convert(");
        rewrite->at += 2;
        rewrite->depth++;
        put_type_text(rewrite);
        return true;
    }
    for (unsigned i = 0; i < sizeof functions / sizeof *functions; i++) {
        if (!token_is(token, functions[i].name))
            continue;
        bytes_text(rewrite->sql, functions[i].instead);
        rewrite->at++;
        if (i == 0 && rewrite->depth + 1 < DEPTHS)
            rewrite->cast[rewrite->depth + 1] = true;
        return true;
    }
    return false;
}

static bool put_cast_type(struct rewrite *rewrite)
{
    if (!token_is(peek(rewrite, 0), "AS") || !rewrite->cast[rewrite->depth])
        return false;
    rewrite->cast[rewrite->depth] = false;
    rewrite->at++;
    bytes_u8(rewrite->sql, ',');
    put_type_text(rewrite);
    return true;
}

/* ---- tokens ---- */

static bool is_string(const struct token *token)
{
    return token->kind == TOKEN_STRING || token->kind == TOKEN_WIDE;
}

static void put_sign(struct rewrite *rewrite)
{
    const struct token *token = peek(rewrite, 0);
    if (token_is(token, "(") && rewrite->depth + 1 < DEPTHS)
        rewrite->depth++;
    if (token_is(token, ")") && rewrite->depth > 0) {
        put_top(rewrite);
        rewrite->cast[rewrite->depth] = false;
        rewrite->depth--;
    }
    const bool strings = rewrite->at > 0 && (is_string(peek(rewrite, 1)) ||
                                             is_string(&rewrite->list[rewrite->at - 1]));
    if (token_is(token, "+") && strings)
        bytes_text(rewrite->sql, "|| ");
    else if (token_is(token, "."))
        bytes_u8(rewrite->sql, '.');
    else
        put_raw(rewrite, token);
    rewrite->at++;
}

static void put_literal(struct rewrite *rewrite)
{
    const struct token *token = peek(rewrite, 0);
    rewrite->at++;
    switch (token->kind) {
    case TOKEN_WIDE:
        bytes_put(rewrite->sql, token->at + 1, token->size - 1);
        break;
    case TOKEN_HEX:
        bytes_format(rewrite->sql, "X'%.*s'", (int)token->size - 2, token->at + 2);
        break;
    case TOKEN_GLOBAL:
        bytes_format(rewrite->sql, "tds_%.*s()", (int)token->size - 2, token->at + 2);
        break;
    default:
        bytes_put(rewrite->sql, token->at, token->size);
    }
    bytes_u8(rewrite->sql, ' ');
}

static void put_next(struct rewrite *rewrite)
{
    const struct token *token = peek(rewrite, 0);
    if (token->kind == TOKEN_SIGN)
        put_sign(rewrite);
    else if (token->kind != TOKEN_WORD && token->kind != TOKEN_QUOTED)
        put_literal(rewrite);
    else if (!skip_hint(rewrite) && !skip_option(rewrite) && !take_top(rewrite) &&
             !put_offset(rewrite) && !put_cast_type(rewrite) && !put_function(rewrite))
        put_name_chain(rewrite);
}

void rewrite_statement(const struct statement *statement, const char *current, struct bytes *sql)
{
    struct rewrite rewrite = {
        .list = statement->first, .count = statement->count, .current = current, .sql = sql};
    while (rewrite.at < rewrite.count)
        put_next(&rewrite);
    rewrite.depth = 0;
    put_top(&rewrite);
}

/* ---- tables ---- */

static const char *changed_type(const struct type_changes *changes, const char *database,
                                const struct token *table, const struct token *column)
{
    char path[256];
    const char *name[2];
    size_t size[2];
    token_names(table, &name[0], &size[0]);
    token_names(column, &name[1], &size[1]);
    int length = snprintf(path, sizeof path, "%s.%.*s.%.*s=", database, (int)size[0], name[0],
                          (int)size[1], name[1]);
    for (unsigned i = 0; i < changes->count; i++)
        if (strncasecmp(changes->items[i], path, (size_t)length) == 0)
            return changes->items[i] + length;
    return NULL;
}

/* The type of a column, with text that compares as SQL Server's does. */
static void put_column_type(struct rewrite *rewrite, const char *instead)
{
    const struct token *type = peek(rewrite, 0);
    size_t from = rewrite->sql->size;
    if (!instead)
        bytes_put(rewrite->sql, type->at, type->size);
    else if (strstr(instead, "(max)"))
        bytes_format(rewrite->sql, "%.*s(2147483647)", (int)strcspn(instead, "("), instead);
    else
        bytes_text(rewrite->sql, instead);
    const bool text = memmem(rewrite->sql->data + from, rewrite->sql->size - from, "char", 4);
    rewrite->at++;
    const bool sized = token_is(peek(rewrite, 0), "(");
    if (sized && !instead)
        bytes_format(rewrite->sql, "(%.*s)",
                     token_is(peek(rewrite, 1), "max") ? 10 : (int)peek(rewrite, 1)->size,
                     token_is(peek(rewrite, 1), "max") ? "2147483647" : peek(rewrite, 1)->at);
    rewrite->at += sized ? 3 : 0;
    bytes_text(rewrite->sql, text ? " COLLATE NOCASE " : " ");
}

void rewrite_table(const struct statement *statement, const char *database,
                   const struct type_changes *changes, struct bytes *sql)
{
    struct rewrite rewrite = {.list = statement->first,
                              .count = statement->count,
                              .current = database,
                              .sql = sql,
                              .at = 3};
    const struct token *table = &statement->first[2];
    bytes_format(sql, "CREATE TABLE \"%s\".", database);
    put_name(&rewrite, "", table);
    while (rewrite.at < rewrite.count) {
        const struct token *token = peek(&rewrite, 0);
        const bool column = rewrite.depth == 1 && is_name(token) &&
                            (behind_is(&rewrite, ",") || behind_is(&rewrite, "("));
        if (!column || token_is(token, "PRIMARY")) {
            put_next(&rewrite);
            continue;
        }
        put_name(&rewrite, "", token);
        bytes_u8(sql, ' ');
        rewrite.at++;
        put_column_type(&rewrite, changed_type(changes, database, table, token));
    }
}
