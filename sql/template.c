/*
 * From the text of a .sql file to the statement for one peer. See template.h.
 */
#include "sql/template.h"

#include <string.h>

enum { GAPS_MOST = 4 << 10, PATH_SIZE = 400 };

struct builder {
    const struct template_target *target;
    struct buffer *out;
    struct template_gaps *gaps;
    bool skipping; /* inside the branch of an {if} that does not hold */
    bool wrong;    /* the text is no template */
};

/* ---- the pieces ---- */

static bool exists(const struct builder *builder, struct slice path)
{
    return columns_find(builder->target->columns, path) != NULL;
}

static void note_absent(struct builder *builder, struct slice path)
{
    struct buffer *absent = &builder->gaps->absent;
    if (absent->size > 0) {
        (void)buffer_append_text(absent, ", ");
    }
    (void)buffer_append(absent, path);
}

static void need(struct builder *builder, struct slice path)
{
    if (!exists(builder, path) && builder->gaps->needed.size == 0) {
        (void)buffer_append(&builder->gaps->needed, path);
    }
}

static void put(struct builder *builder, const char *text)
{
    (void)buffer_append_text(builder->out, text);
}

/* T-SQL doubles a bracket in brackets; SQLite cannot, but it takes quotes as well. */
static void put_name(struct builder *builder, struct slice name)
{
    bool tsql = builder->target->dialect == DIALECT_TSQL;
    bool quotes = !tsql && slice_find_byte(name, ']') != SLICE_NONE;
    char closing = quotes ? '"' : ']';
    (void)buffer_append_byte(builder->out, quotes ? '"' : '[');
    for (size_t i = 0; i < name.size; i++) {
        (void)buffer_append_byte(builder->out, name.data[i]);
        if (name.data[i] == closing) {
            (void)buffer_append_byte(builder->out, closing);
        }
    }
    (void)buffer_append_byte(builder->out, closing);
}

/* "database.table" of the chosen columns; "" when there are none, which the text cannot do without.
 */
static struct slice chosen_path(struct builder *builder, char path[static PATH_SIZE])
{
    builder->wrong = builder->wrong || builder->target->chosen_count == 0;
    if (builder->wrong) {
        return slice_of("");
    }
    const struct column_row *column = builder->target->chosen[0];
    size_t size = 0;
    const struct slice parts[] = {column->database, slice_of("."), column->table};
    for (size_t i = 0; i < 3 && size + parts[i].size <= PATH_SIZE; i++) {
        memcpy(path + size, parts[i].data, parts[i].size);
        size += parts[i].size;
    }
    return (struct slice){path, size};
}

static void put_table(struct builder *builder, struct slice path);

static void put_chosen_table(struct builder *builder)
{
    char path[PATH_SIZE];
    struct slice chosen = chosen_path(builder, path);
    if (chosen.size > 0) {
        put_table(builder, chosen);
    }
}

static void put_table(struct builder *builder, struct slice path)
{
    struct slice database;
    struct slice table;
    if (path.size == 0) {
        put_chosen_table(builder);
        return;
    }
    (void)slice_cut(path, '.', &database, &table);
    need(builder, path);
    if (builder->target->dialect == DIALECT_TSQL) {
        put_name(builder, database);
        put(builder, ".[dbo].");
        put_name(builder, table);
    } else {
        put(builder, "(SELECT * FROM ");
        put_name(builder, path);
        put(builder, " WHERE [@server] = ");
        (void)buffer_append_u64(builder->out, (uint64_t)builder->target->server);
        put(builder, ")");
    }
}

/* "rtcdyn.PublishedInstance.CategoryId p" */
static void put_column(struct builder *builder, struct slice rest)
{
    struct slice path;
    struct slice alias;
    struct slice database;
    struct slice table;
    struct slice column;
    (void)slice_cut(rest, ' ', &path, &alias);
    if (!exists(builder, path)) {
        note_absent(builder, path);
        put(builder, "NULL");
        return;
    }
    (void)slice_cut(path, '.', &database, &table);
    (void)slice_cut(table, '.', &table, &column);
    (void)buffer_append(builder->out, alias);
    put(builder, ".");
    put_name(builder, column);
}

/* "p.[Data]" or "256 p.[ClientApp]" */
static void put_bytes(struct builder *builder, struct slice rest)
{
    struct slice size;
    struct slice expression;
    if (!slice_cut(rest, ' ', &size, &expression)) {
        expression = rest;
        size = slice_of("max");
    }
    if (builder->target->dialect == DIALECT_SQLITE) {
        (void)buffer_append(builder->out, expression);
        return;
    }
    put(builder, "CAST(");
    (void)buffer_append(builder->out, expression);
    put(builder, " AS varbinary(");
    (void)buffer_append(builder->out, size);
    put(builder, "))");
}

static void put_length(struct builder *builder, struct slice expression)
{
    put(builder, builder->target->dialect == DIALECT_TSQL ? "DATALENGTH(" : "length(");
    (void)buffer_append(builder->out, expression);
    put(builder, ")");
}

static void put_top(struct builder *builder)
{
    if (builder->target->dialect == DIALECT_TSQL && builder->target->max_rows > 0) {
        put(builder, "TOP (");
        /* One more than wanted tells that there are more. */
        (void)buffer_append_u64(builder->out, builder->target->max_rows + 1);
        put(builder, ")");
    }
}

static void put_database(struct builder *builder)
{
    builder->wrong = builder->wrong || !builder->target->database;
    if (builder->target->database) {
        put_name(builder, slice_of(builder->target->database));
    }
}

/* ---- whichever table ---- */

static bool is_type(const struct column_row *column, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (slice_equal_nocase(column->type, slice_of(names[i]))) {
            return true;
        }
    }
    return false;
}

static bool is_bytes(const struct column_row *column)
{
    static const char *const names[] = {"binary", "varbinary", "image", "timestamp", "rowversion"};
    return is_type(column, names, sizeof names / sizeof names[0]);
}

static bool is_text(const struct column_row *column)
{
    static const char *const names[] = {"char", "varchar", "text", "nchar", "nvarchar", "ntext"};
    return is_type(column, names, sizeof names / sizeof names[0]);
}

static void put_value(struct builder *builder, const struct column_row *column, struct slice alias)
{
    bool cast = is_bytes(column) && builder->target->dialect == DIALECT_TSQL;
    put(builder, cast ? "CAST(" : "");
    (void)buffer_append(builder->out, alias);
    put(builder, ".");
    put_name(builder, column->name);
    put(builder, cast ? " AS varbinary(max)) AS " : " AS ");
    put_name(builder, column->name);
}

/* Texts are compared without case there, so they are here. A type is a word, or it is left out. */
static void put_declared(struct builder *builder, const struct column_row *column)
{
    bool word = column->type.size > 0;
    for (size_t i = 0; i < column->type.size; i++) {
        char c = column->type.data[i];
        word = word && (ascii_is_alpha(c) || ascii_is_digit(c));
    }
    put_name(builder, column->name);
    put(builder, " ");
    (void)buffer_append(builder->out, word ? column->type : slice_of("blob"));
    put(builder, is_text(column) ? " COLLATE NOCASE" : "");
}

enum list_of { LIST_VALUES, LIST_NAMES, LIST_PLACES, LIST_DECLARED };

static void put_list(struct builder *builder, enum list_of what, struct slice alias)
{
    builder->wrong = builder->wrong || builder->target->chosen_count == 0;
    for (size_t i = 0; i < builder->target->chosen_count; i++) {
        const struct column_row *column = builder->target->chosen[i];
        put(builder, i > 0 ? ", " : "");
        switch (what) {
        case LIST_VALUES:
            put_value(builder, column, alias);
            break;
        case LIST_NAMES:
            put_name(builder, column->name);
            break;
        case LIST_PLACES:
            put(builder, "?");
            (void)buffer_append_u64(builder->out, i + 2);
            break;
        case LIST_DECLARED:
            put_declared(builder, column);
            break;
        }
    }
}

/* False = it is no mark of these. */
static bool put_chosen(struct builder *builder, struct slice name, struct slice rest)
{
    static const struct {
        struct slice name;
        enum list_of what;
    } lists[] = {
        {SLICE("columns"), LIST_VALUES},
        {SLICE("names"), LIST_NAMES},
        {SLICE("places"), LIST_PLACES},
        {SLICE("declared"), LIST_DECLARED},
    };
    char path[PATH_SIZE];
    if (slice_equal(name, slice_of("name"))) {
        put_name(builder, chosen_path(builder, path));
        return true;
    }
    if (slice_equal(name, slice_of("index"))) {
        put(builder, "[");
        (void)buffer_append(builder->out, chosen_path(builder, path));
        put(builder, " key]");
        return true;
    }
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        if (slice_equal(name, lists[i].name)) {
            put_list(builder, lists[i].what, rest);
            return true;
        }
    }
    return false;
}

/* ---- the text ---- */

static void begin_branch(struct builder *builder, struct slice path)
{
    builder->skipping = !exists(builder, path);
    if (builder->skipping) {
        note_absent(builder, path);
    }
}

static void put_mark(struct builder *builder, struct slice name, struct slice rest)
{
    if (slice_equal(name, slice_of("table"))) {
        put_table(builder, rest);
    } else if (slice_equal(name, slice_of("column"))) {
        put_column(builder, rest);
    } else if (slice_equal(name, slice_of("bytes"))) {
        put_bytes(builder, rest);
    } else if (slice_equal(name, slice_of("length"))) {
        put_length(builder, rest);
    } else if (slice_equal(name, slice_of("top"))) {
        put_top(builder);
    } else if (slice_equal(name, slice_of("database"))) {
        put_database(builder);
    } else if (slice_equal(name, slice_of("need"))) {
        need(builder, rest);
    } else if (!put_chosen(builder, name, rest)) {
        builder->wrong = true;
    }
}

/* What stands between braces. */
static void take_mark(struct builder *builder, struct slice mark)
{
    struct slice name;
    struct slice rest;
    (void)slice_cut(mark, ' ', &name, &rest);
    if (slice_equal(name, slice_of("if"))) {
        begin_branch(builder, rest);
    } else if (slice_equal(name, slice_of("else"))) {
        builder->skipping = !builder->skipping;
    } else if (slice_equal(name, slice_of("end"))) {
        builder->skipping = false;
    } else if (!builder->skipping) {
        put_mark(builder, name, rest);
    }
}

static void take_line(struct builder *builder, struct slice line)
{
    struct slice rest = line;
    if (slice_starts(slice_trim(line), slice_of("--"))) {
        return;
    }
    while (rest.size > 0) {
        struct slice plain;
        struct slice mark;
        bool more = slice_cut(rest, '{', &plain, &rest);
        if (!builder->skipping) {
            (void)buffer_append(builder->out, plain);
        }
        if (!more) {
            break;
        }
        builder->wrong = !slice_cut(rest, '}', &mark, &rest) || builder->wrong;
        take_mark(builder, mark);
    }
    put(builder, "\n");
}

bool template_build(const char *text, const struct template_target *target, struct buffer *out,
                    struct template_gaps *gaps)
{
    struct builder builder = {.target = target, .out = out, .gaps = gaps};
    struct slice rest = slice_of(text);
    buffer_init(&gaps->absent, GAPS_MOST);
    buffer_init(&gaps->needed, GAPS_MOST);
    while (rest.size > 0) {
        struct slice line;
        (void)slice_cut(rest, '\n', &line, &rest);
        take_line(&builder, line);
    }
    if (target->dialect == DIALECT_SQLITE && target->max_rows > 0) {
        put(&builder, "LIMIT ");
        (void)buffer_append_u64(out, target->max_rows + 1);
    }
    return !builder.wrong && !out->capped && gaps->needed.size == 0;
}

void template_gaps_dispose(struct template_gaps *gaps)
{
    buffer_dispose(&gaps->absent);
    buffer_dispose(&gaps->needed);
}
