/*
 * One value of a row. See cell.h.
 */
#include "sql/cell.h"

#include <string.h>

#include "analyzer/engine/compliance_time.h"

enum { DATE_SIZE = 10, MIDNIGHT_SIZE = 9 };

int64_t cell_integer(const struct cell *cell, int64_t otherwise)
{
    return cell->kind == CELL_INTEGER ? cell->integer : otherwise;
}

struct slice cell_bytes(const struct cell *cell)
{
    bool has_bytes = cell->kind == CELL_TEXT || cell->kind == CELL_BYTES;
    return has_bytes ? cell->bytes : slice_of("");
}

/* The forms of SQL put a blank between date and time, and leave the time out at midnight. */
static int64_t time_of_text(struct slice text)
{
    char form[48];
    if (text.size < DATE_SIZE || text.size > sizeof form - MIDNIGHT_SIZE) {
        return TIME_NONE;
    }
    memcpy(form, text.data, text.size);
    if (text.size == DATE_SIZE) {
        memcpy(form + DATE_SIZE, "T00:00:00", MIDNIGHT_SIZE);
        text.size += MIDNIGHT_SIZE;
    } else if (form[DATE_SIZE] == ' ') {
        form[DATE_SIZE] = 'T';
    }
    return ticks_to_time(ticks_parse((struct slice){form, text.size}));
}

int64_t cell_time(const struct cell *cell)
{
    switch (cell->kind) {
    case CELL_TIME:
        return cell->integer;
    case CELL_TEXT:
        return time_of_text(cell->bytes);
    default:
        return TIME_NONE;
    }
}

/* ticks_text() leaves out what is zero; a server's own form has three digits at least. */
struct slice cell_time_text(int64_t time, char out[static CELL_TIME_TEXT])
{
    struct slice text = ticks_text(ticks_of_time(time), out);
    size_t size = text.size > 0 && out[text.size - 1] == 'Z' ? text.size - 1 : text.size;
    size_t whole = DATE_SIZE + MIDNIGHT_SIZE;
    if (size == whole) {
        out[size++] = '.';
    }
    while (size > whole && size < whole + 4) {
        out[size++] = '0';
    }
    out[size] = '\0';
    return (struct slice){out, size};
}
