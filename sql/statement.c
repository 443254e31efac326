/*
 * The texts of all statements. See statement.h.
 */
#include "sql/statement.h"

#include <stdlib.h>
#include <string.h>

const char *statement_text(const char *name)
{
    const struct statement_text *row = statement_table;
    while (row->name && strcmp(row->name, name) != 0) {
        row++;
    }
    if (!row->name) {
        abort();
    }
    return row->text;
}
