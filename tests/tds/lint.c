#include "tests/tds/lint.h"

#include <string.h>
#include <strings.h>

#include "tests/tds/select_list.h"

/* What may stand before a parenthesis. */
static const char *const before_parenthesis[] = {
    "ABS",
    "ALL",
    "AND",
    "ANY",
    "AS",
    "ASCII",
    "AVG",
    "BETWEEN",
    "BINARY",
    "BY",
    "CASE",
    "CAST",
    "CEILING",
    "CHAR",
    "CHARINDEX",
    "COALESCE",
    "CONVERT",
    "COUNT",
    "COUNT_BIG",
    "DATALENGTH",
    "DATEADD",
    "DATEDIFF",
    "DATEPART",
    "DB_ID",
    "DB_NAME",
    "DECIMAL",
    "ELSE",
    "EXCEPT",
    "EXISTS",
    "FLOOR",
    "FROM",
    "GETDATE",
    "GETUTCDATE",
    "HAS_DBACCESS",
    "HAVING",
    "IN",
    "INTERSECT",
    "ISNULL",
    "JOIN",
    "LEFT",
    "LEN",
    "LIKE",
    "LOWER",
    "LTRIM",
    "MAX",
    "MIN",
    "NCHAR",
    "NOT",
    "NULLIF",
    "NUMERIC",
    "NVARCHAR",
    "OBJECT_ID",
    "ON",
    "OPTION",
    "OR",
    "OVER",
    "PATINDEX",
    "RANK",
    "REPLACE",
    "RIGHT",
    "ROUND",
    "ROW_NUMBER",
    "RTRIM",
    "SELECT",
    "SERVERPROPERTY",
    "STR",
    "SUBSTRING",
    "SUM",
    "SYSUTCDATETIME",
    "THEN",
    "TOP",
    "UNICODE",
    "UNION",
    "UPPER",
    "VALUES",
    "VARBINARY",
    "VARCHAR",
    "WHEN",
    "WHERE",
    "WITH",
    "DISTINCT",
    "INTO",
    "APPLY",
};

/* T-SQL's reserved words, but for those that a clause of a query begins with. */
static const char *const reserved[] = {
    "ADD",         "ALTER",       "ANY",        "ASC",         "AUTHORIZATION", "BACKUP",
    "BEGIN",       "BREAK",       "BROWSE",     "BULK",        "CHECK",         "CHECKPOINT",
    "CLOSE",       "CLUSTERED",   "COLLATE",    "COLUMN",      "COMMIT",        "COMPUTE",
    "CONSTRAINT",  "CONTAINS",    "CONTINUE",   "CREATE",      "CURRENT",       "CURSOR",
    "DATABASE",    "DBCC",        "DEALLOCATE", "DECLARE",     "DEFAULT",       "DELETE",
    "DENY",        "DESC",        "DISK",       "DISTRIBUTED", "DOUBLE",        "DROP",
    "DUMP",        "ERRLVL",      "ESCAPE",     "EXEC",        "EXECUTE",       "EXIT",
    "EXTERNAL",    "FETCH",       "FILE",       "FILLFACTOR",  "FOR",           "FOREIGN",
    "FREETEXT",    "FUNCTION",    "GOTO",       "GRANT",       "GROUP",         "HOLDLOCK",
    "IDENTITY",    "IF",          "INDEX",      "INSERT",      "KEY",           "KILL",
    "LINENO",      "LOAD",        "MERGE",      "NATIONAL",    "NOCHECK",       "OF",
    "OFF",         "OFFSETS",     "OPEN",       "ORDER",       "PERCENT",       "PIVOT",
    "PLAN",        "PRECISION",   "PRIMARY",    "PRINT",       "PROC",          "PROCEDURE",
    "PUBLIC",      "RAISERROR",   "READ",       "READTEXT",    "RECONFIGURE",   "REFERENCES",
    "REPLICATION", "RESTORE",     "RESTRICT",   "RETURN",      "REVERT",        "REVOKE",
    "ROLLBACK",    "ROWCOUNT",    "RULE",       "SAVE",        "SCHEMA",        "SET",
    "SHUTDOWN",    "SOME",        "STATISTICS", "TABLE",       "TEXTSIZE",      "TO",
    "TRAN",        "TRANSACTION", "TRIGGER",    "TRUNCATE",    "UNIQUE",        "UNPIVOT",
    "UPDATE",      "USE",         "USER",       "VARYING",     "VIEW",          "WAITFOR",
    "WHILE",       "WRITETEXT",
};

/* SQLite's. */
static const char *const foreign[] = {"LIMIT", "GLOB", "REGEXP", "PRAGMA", "NOCASE", "NULLS",
                                      "||",    "`",    "?",      "TRUE",   "FALSE"};

#define LISTED(list, token) token_listed(list, sizeof list / sizeof *list, token)

static bool token_listed(const char *const *list, size_t count, const struct token *token)
{
    for (size_t i = 0; i < count; i++)
        if (token_is(token, list[i]))
            return true;
    return false;
}

/* ---- word by word ---- */

static uint32_t lint_word(const struct token *token, const struct token *before,
                          const struct token *after, bool quoted_names, struct bytes *text)
{
    const int size = (int)token->size;
    const bool named = before && (token_is(before, ".") || token_is(before, "AS"));
    if (token->kind == TOKEN_WORD && after && token_is(after, "(") && !named &&
        !LISTED(before_parenthesis, token)) {
        bytes_format(text, "'%.*s' is not a recognized built-in function name.", size, token->at);
        return 195;
    }
    if (named && LISTED(reserved, token)) {
        bytes_format(text, "Incorrect syntax near the keyword '%.*s'.", size, token->at);
        return 156;
    }
    const bool twice = before && token_is(token, "=") && token_is(before, "=");
    const bool quoted = token->kind == TOKEN_QUOTED && *token->at == '"' && !quoted_names;
    if (twice || quoted || (!named && LISTED(foreign, token))) {
        bytes_format(text, "Incorrect syntax near '%.*s'.", size, token->at);
        return 102;
    }
    return 0;
}

static bool is_common_table(const struct statement *statement, unsigned at)
{
    return at + 3 < statement->count && token_is(&statement->first[at + 1], "(") && at > 0 &&
           (token_is(&statement->first[at - 1], "WITH") ||
            token_is(&statement->first[at - 1], ","));
}

static uint32_t lint_words(const struct statement *statement, bool quoted_names, struct bytes *text)
{
    for (unsigned i = 0; i < statement->count; i++) {
        const struct token *token = &statement->first[i];
        if (is_common_table(statement, i) && token_is(statement->first, "WITH"))
            continue;
        uint32_t number =
            lint_word(token, i > 0 ? token - 1 : NULL, i + 1 < statement->count ? token + 1 : NULL,
                      quoted_names, text);
        if (number)
            return number;
    }
    return 0;
}

/* ---- parentheses ---- */

/* The rewriting has room for a few more. */
enum { DEPTHS = 60 };

struct level {
    bool derived; /* FROM ( or JOIN ( */
    bool selects;
    bool top;
};

static uint32_t lint_levels(const struct statement *statement, struct bytes *text)
{
    struct level levels[DEPTHS] = {0};
    unsigned depth = 0;
    for (unsigned i = 1; i < statement->count; i++) {
        const struct token *token = &statement->first[i];
        const struct token *before = token - 1;
        if (token_is(token, "(") && depth + 1 == DEPTHS) {
            bytes_text(text, "Some part of your SQL statement is nested too deeply.");
            return 191;
        }
        if (token_is(token, "("))
            levels[++depth] =
                (struct level){token_is(before, "FROM") || token_is(before, "JOIN"), false, false};
        levels[depth].selects |= depth > 0 && token_is(token, "SELECT");
        levels[depth].top |= token_is(token, "TOP");
        if (token_is(token, "ORDER") && levels[depth].selects && !levels[depth].top) {
            bytes_text(text, "The ORDER BY clause is invalid in subqueries, unless TOP is also "
                             "specified.");
            return 1033;
        }
        if (!token_is(token, ")") || depth == 0)
            continue;
        const struct level level = levels[depth--];
        const char *name;
        size_t size;
        const bool last = i + 1 == statement->count;
        if (level.derived && level.selects && (last || !token_names(token + 1, &name, &size))) {
            bytes_text(text, "Incorrect syntax near ')'.");
            return 102;
        }
    }
    return 0;
}

/* ---- the select list ---- */

struct range {
    const struct token *first;
    unsigned count;
};

static int depth_change(const struct token *token)
{
    return token_is(token, "(") ? 1 : token_is(token, ")") ? -1 : 0;
}

/* What follows "GROUP BY" or "ORDER BY" at the outermost level, up to the next clause. */
static struct range clause_find(const struct statement *statement, const char *clause)
{
    static const char *const ends[] = {"HAVING", "ORDER", "UNION", "OPTION", "EXCEPT", "FOR"};
    struct range range = {NULL, 0};
    int depth = 0;
    for (unsigned i = 0; i + 2 < statement->count; i++) {
        depth += depth_change(&statement->first[i]);
        if (depth != 0 || !token_is(&statement->first[i], clause) ||
            !token_is(&statement->first[i + 1], "BY"))
            continue;
        range.first = &statement->first[i + 2];
        while (i + 2 + range.count < statement->count && !LISTED(ends, range.first + range.count))
            range.count++;
        break;
    }
    return range;
}

static bool range_names(struct range range, const char *name, size_t size)
{
    for (unsigned i = 0; i < range.count; i++) {
        const char *other;
        size_t other_size;
        if (token_names(&range.first[i], &other, &other_size) && other_size == size &&
            strncasecmp(other, name, size) == 0)
            return true;
    }
    return false;
}

static bool is_aggregate(const struct token *token)
{
    static const char *const aggregates[] = {"COUNT", "COUNT_BIG", "SUM", "MIN", "MAX", "AVG"};
    return LISTED(aggregates, token);
}

/* Behind the parenthesis that opens at `at`. */
static unsigned skip_parenthesis(struct range range, unsigned at)
{
    int depth = 0;
    do
        depth += depth_change(&range.first[at++]);
    while (at < range.count && depth > 0);
    return at;
}

/* A name in an expression that is a column: not a word of the language, a table or a type. */
static bool is_column(struct range range, unsigned at)
{
    static const char *const words[] = {"CASE", "WHEN", "THEN",    "ELSE",    "END", "AND",
                                        "OR",   "NOT",  "NULL",    "IS",      "IN",  "LIKE",
                                        "DESC", "ASC",  "BETWEEN", "DISTINCT"};
    const struct token *token = &range.first[at];
    const char *name;
    size_t size;
    if (!token_names(token, &name, &size) || LISTED(words, token))
        return false;
    const bool typed = at > 0 && token_is(token - 1, "AS");
    const bool more =
        at + 1 < range.count && (token_is(token + 1, ".") || token_is(token + 1, "("));
    return !typed && !more && !token_is(token, "varbinary");
}

/* The item without its alias. */
static struct range item_expression(const struct select_item *item)
{
    struct range range = {item->first, item->count};
    int depth = 0;
    for (unsigned i = 0; i < item->count; i++) {
        depth += depth_change(&item->first[i]);
        if (depth == 0 && token_is(&item->first[i], "AS"))
            range.count = i;
    }
    return range;
}

/* The first column of the item outside of aggregates and subqueries that `allowed` does not name.
 */
static const struct token *loose_column(struct range item, struct range allowed, bool *aggregates)
{
    const struct token *loose = NULL;
    for (unsigned i = 0; i < item.count; i++) {
        const struct token *token = &item.first[i];
        const bool call = i + 1 < item.count && token_is(token + 1, "(");
        if (is_aggregate(token) && call) {
            *aggregates = true;
            i = skip_parenthesis(item, i + 1) - 1;
            continue;
        }
        if (token_is(token, "(") && i + 1 < item.count && token_is(token + 1, "SELECT")) {
            i = skip_parenthesis(item, i) - 1;
            continue;
        }
        const char *name;
        size_t size;
        if (!loose && is_column(item, i) && token_names(token, &name, &size) &&
            !range_names(allowed, name, size))
            loose = token;
    }
    return loose;
}

static uint32_t lint_groups(const struct statement *statement, const struct select_item *items,
                            unsigned count, struct bytes *text)
{
    const struct range groups = clause_find(statement, "GROUP");
    const struct token *loose = NULL;
    bool aggregates = groups.count > 0;
    for (unsigned i = 0; i < count; i++) {
        const struct token *found = loose_column(item_expression(&items[i]), groups, &aggregates);
        loose = loose ? loose : found;
    }
    if (!aggregates || !loose)
        return 0;
    bytes_format(text,
                 "Column '%.*s' is invalid in the select list because it is not contained in "
                 "either an aggregate function or the GROUP BY clause.",
                 (int)loose->size, loose->at);
    return 8120;
}

static uint32_t lint_distinct(const struct statement *statement, const struct select_item *items,
                              unsigned count, struct bytes *text)
{
    const struct range order = clause_find(statement, "ORDER");
    if (statement->count < 2 || !token_is(&statement->first[1], "DISTINCT") || count == 0)
        return 0;
    const struct select_item *last = &items[count - 1];
    const struct range all = {items->first, (unsigned)(last->first + last->count - items->first)};
    bool ignored = false;
    if (!loose_column(order, all, &ignored))
        return 0;
    bytes_text(text, "ORDER BY items must appear in the select list if SELECT DISTINCT is "
                     "specified.");
    return 145;
}

/* T-SQL has no truth values: a comparison is no column. */
static uint32_t lint_truths(const struct select_item *item, struct bytes *text)
{
    static const char *const truths[] = {"IS",      "LIKE", "IN",     "AND", "OR",
                                         "BETWEEN", "NOT",  "EXISTS", "<>",  "<",
                                         ">",       "<=",   ">=",     "!=",  "="};
    int depth = 0;
    for (unsigned i = 0; i < item->count; i++) {
        const struct token *token = &item->first[i];
        depth += depth_change(token);
        depth += token_is(token, "CASE") ? 1 : token_is(token, "END") ? -1 : 0;
        const bool alias = i == 1 && token_is(token, "=");
        if (depth != 0 || alias || !LISTED(truths, token))
            continue;
        bytes_format(text, "Incorrect syntax near '%.*s'.", (int)token->size, token->at);
        return 102;
    }
    return 0;
}

enum { ITEMS = 256 };

uint32_t lint_statement(const struct statement *statement, bool quoted_names, struct bytes *text)
{
    uint32_t number = lint_words(statement, quoted_names, text);
    if (!number)
        number = lint_levels(statement, text);
    struct select_item items[ITEMS];
    const unsigned count = select_items(statement, items, ITEMS);
    for (unsigned i = 0; !number && i < count; i++)
        number = lint_truths(&items[i], text);
    if (!number)
        number = lint_groups(statement, items, count, text);
    return number ? number : lint_distinct(statement, items, count, text);
}
