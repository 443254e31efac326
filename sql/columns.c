/*
 * Which tables and columns a server has. See columns.h.
 */
#include "sql/columns.h"

#include <stdlib.h>

#include "analyzer/engine/arena.h"
#include "analyzer/engine/map.h"

/* A server with more has something else in its databases; names have 128 characters at most. */
enum { COLUMNS_MOST = 100000, NAME_MOST = 512 };

struct columns {
    struct arena arena;
    struct map by_path; /* lower-case "database", "database.table", "database.table.column" */
    struct column_row **rows;
    size_t count;
};

struct columns *columns_new(void)
{
    /* What a server calls its tables is no secret input: the seed need not be random. */
    const struct map_seed seed = {{0, 0}};
    struct columns *columns = memory_zero(1, sizeof *columns);
    arena_init(&columns->arena);
    map_init(&columns->by_path, seed);
    return columns;
}

void columns_free(struct columns *columns)
{
    if (columns) {
        map_dispose(&columns->by_path, NULL);
        arena_dispose(&columns->arena);
        free(columns->rows);
        free(columns);
    }
}

static struct slice path_of(struct arena *arena, struct slice head, struct slice tail)
{
    char *path = arena_alloc(arena, head.size + 1 + tail.size);
    for (size_t i = 0; i < head.size; i++) {
        path[i] = head.data[i];
    }
    path[head.size] = '.';
    for (size_t i = 0; i < tail.size; i++) {
        path[head.size + 1 + i] = ascii_lower(tail.data[i]);
    }
    return (struct slice){path, head.size + 1 + tail.size};
}

static void note(struct columns *columns, struct slice path, struct column_row *row)
{
    if (!map_find(&columns->by_path, path)) {
        map_put(&columns->by_path, path, row);
    }
}

bool columns_add(struct columns *columns, const struct column_row *row)
{
    if (columns->count == COLUMNS_MOST || row->table.size > NAME_MOST ||
        row->name.size > NAME_MOST || row->type.size > NAME_MOST) {
        return false;
    }
    struct arena *arena = &columns->arena;
    struct column_row *kept = arena_alloc(arena, sizeof *kept);
    *kept = *row;
    kept->database = arena_keep(arena, row->database);
    kept->table = arena_keep(arena, row->table);
    kept->name = arena_keep(arena, row->name);
    kept->type = arena_keep(arena, row->type);
    struct slice database = arena_keep_lower(arena, row->database);
    struct slice table = path_of(arena, database, row->table);
    note(columns, database, kept);
    note(columns, table, kept);
    note(columns, path_of(arena, table, row->name), kept);
    columns->rows = memory_grow(columns->rows, columns->count + 1, sizeof *columns->rows);
    columns->rows[columns->count++] = kept;
    return true;
}

const struct column_row *columns_find(const struct columns *columns, struct slice path)
{
    char lower[400];
    if (path.size > sizeof lower) {
        return NULL;
    }
    for (size_t i = 0; i < path.size; i++) {
        lower[i] = ascii_lower(path.data[i]);
    }
    return map_find(&columns->by_path, (struct slice){lower, path.size});
}

size_t columns_count(const struct columns *columns)
{
    return columns->count;
}

const struct column_row *columns_at(const struct columns *columns, size_t index)
{
    return columns->rows[index];
}
