#include "tests/tds/select_list.h"

#include <string.h>
#include <strings.h>

static int depth_change(const struct token *token)
{
    return token_is(token, "(") ? 1 : token_is(token, ")") ? -1 : 0;
}

/* Behind SELECT, DISTINCT, ALL and TOP (n). */
static const struct token *list_begin(const struct token *at, const struct token *end)
{
    int depth = 0;
    while (at < end && (depth > 0 || !token_is(at, "SELECT")))
        depth += depth_change(at++);
    if (at < end)
        at++;
    while (at < end && (token_is(at, "DISTINCT") || token_is(at, "ALL")))
        at++;
    if (at + 1 < end && token_is(at, "TOP"))
        at += token_is(at + 1, "(") ? 4 : 2;
    return at;
}

unsigned select_items(const struct statement *statement, struct select_item *items, unsigned room)
{
    const struct token *end = statement->first + statement->count;
    const struct token *at = list_begin(statement->first, end);
    unsigned count = 0;
    int depth = 0;
    for (const struct token *from = at; at <= end && count < room; at++) {
        const bool over =
            at >= end ||
            (depth == 0 && (token_is(at, "FROM") || token_is(at, ";") || token_is(at, "UNION")));
        if (over || (depth == 0 && token_is(at, ","))) {
            items[count++] = (struct select_item){from, (unsigned)(at - from)};
            from = at + 1;
        }
        if (over)
            break;
        depth += depth_change(at);
        if (depth < 0)
            break;
    }
    return count;
}

/* "(256)" or "(max)" behind a type's word. */
static struct type type_at(const struct token *at, const struct token *end)
{
    char text[80];
    int size = 0;
    for (; at < end && size < 70 && !token_is(at, ")") && !token_is(at, ","); at++) {
        size_t part = at->size < 64 ? at->size : 64;
        if ((size_t)size + part >= sizeof text)
            break;
        memcpy(text + size, at->at, part);
        size += (int)part;
    }
    text[size] = 0;
    return type_parse(text);
}

static struct type cast_type(const struct select_item *item)
{
    int depth = 0;
    for (unsigned i = 0; i < item->count; i++) {
        if (depth == 1 && token_is(&item->first[i], "AS"))
            return type_at(&item->first[i + 1], item->first + item->count);
        depth += depth_change(&item->first[i]);
    }
    return (struct type){TYPE_NONE, 0};
}

/* MAX(t.chatDate): the type of the first column in it. */
static struct type argument_type(const struct select_item *item, sqlite3 *database)
{
    for (unsigned i = 2; i < item->count; i++) {
        const char *name;
        size_t size;
        const bool qualifies = i + 1 < item->count && token_is(&item->first[i + 1], ".");
        if (!qualifies && token_names(&item->first[i], &name, &size))
            return backend_column_type(database, name, size);
    }
    return (struct type){TYPE_NONE, 0};
}

struct type select_item_type(const struct select_item *item, sqlite3 *database)
{
    static const struct {
        const char *word;
        struct type type;
    } words[] = {
        {"COUNT", {TYPE_INT, 4}},
        {"DATALENGTH", {TYPE_INT, 4}},
        {"LEN", {TYPE_INT, 4}},
        {"CHARINDEX", {TYPE_INT, 4}},
        {"DB_ID", {TYPE_SMALLINT, 2}},
        {"HAS_DBACCESS", {TYPE_INT, 4}},
        {"SERVERPROPERTY", {TYPE_VARIANT, 8009}},
        {"DB_NAME", {TYPE_NVARCHAR, 128}},
        {"@@SERVERNAME", {TYPE_NVARCHAR, 128}},
        {"@@VERSION", {TYPE_NVARCHAR, 300}},
        {"@@SPID", {TYPE_SMALLINT, 2}},
        {"@@MAX_PRECISION", {TYPE_TINYINT, 1}},
        {"GETUTCDATE", {TYPE_DATETIME, 8}},
        {"GETDATE", {TYPE_DATETIME, 8}},
    };
    struct select_item rest = *item;
    if (rest.count > 2 && token_is(rest.first, "(") && token_is(rest.first + 1, "SELECT")) {
        rest.first += 2;
        rest.count -= 2;
    }
    if (rest.count == 0)
        return (struct type){TYPE_NONE, 0};
    for (unsigned i = 0; i < sizeof words / sizeof *words; i++)
        if (rest.first->size == strlen(words[i].word) &&
            strncasecmp(rest.first->at, words[i].word, rest.first->size) == 0)
            return words[i].type;
    if (token_is(rest.first, "CAST"))
        return cast_type(&rest);
    if (token_is(rest.first, "CONVERT") && rest.count > 2)
        return type_at(&rest.first[2], rest.first + rest.count);
    if (token_is(rest.first, "MAX") || token_is(rest.first, "MIN") ||
        token_is(rest.first, "COALESCE") || token_is(rest.first, "ISNULL"))
        return argument_type(&rest, database);
    return (struct type){TYPE_NONE, 0};
}

bool select_item_named(const struct select_item *item)
{
    int depth = 0;
    for (unsigned i = 0; i + 1 < item->count; i++) {
        if (depth == 0 && token_is(&item->first[i], "AS"))
            return true;
        depth += depth_change(&item->first[i]);
    }
    const char *name;
    size_t size;
    return item->count > 1 && token_names(&item->first[item->count - 1], &name, &size) &&
           !token_is(&item->first[item->count - 1], "END") &&
           !token_is(&item->first[item->count - 2], ".");
}
