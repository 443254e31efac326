#include "tests/tds/log.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct log {
    pthread_mutex_t lock;
    FILE *file; /* NULL = nowhere */
};

struct log *log_open(const char *path)
{
    struct log *log = calloc(1, sizeof *log);
    if (!log)
        abort();
    pthread_mutex_init(&log->lock, NULL);
    if (!path)
        return log;
    log->file = fopen(path, "a");
    if (log->file)
        return log;
    free(log);
    return NULL;
}

void log_close(struct log *log)
{
    if (log->file)
        fclose(log->file);
    pthread_mutex_destroy(&log->lock);
    free(log);
}

static void put_json(struct bytes *line, const char *text, size_t size)
{
    bytes_u8(line, '"');
    for (size_t i = 0; i < size; i++) {
        unsigned char byte = (unsigned char)text[i];
        if (byte == '"' || byte == '\\')
            bytes_format(line, "\\%c", byte);
        else if (byte < 0x20)
            bytes_format(line, "\\u%04x", byte);
        else
            bytes_u8(line, byte);
    }
    bytes_u8(line, '"');
}

static void put_member(struct bytes *line, const char *name, const char *text)
{
    bytes_format(line, ", \"%s\": ", name);
    put_json(line, text, strlen(text));
}

static void log_write(struct log *log, struct bytes *line)
{
    bytes_text(line, "}\n");
    pthread_mutex_lock(&log->lock);
    if (log->file) {
        fwrite(line->data, 1, line->size, log->file);
        fflush(log->file);
    }
    pthread_mutex_unlock(&log->lock);
    bytes_dispose(line);
}

void log_line(struct log *log, unsigned connection, const char *kind, ...)
{
    struct bytes line = {0};
    bytes_format(&line, "{\"connection\": %u", connection);
    put_member(&line, "kind", kind);
    va_list list;
    va_start(list, kind);
    for (const char *name; (name = va_arg(list, const char *));)
        put_member(&line, name, va_arg(list, const char *));
    va_end(list);
    log_write(log, &line);
}

static void put_parameter(struct bytes *line, const struct parameter *parameter)
{
    bytes_text(line, "{\"name\": ");
    put_json(line, (const char *)parameter->name.data, parameter->name.size);
    bytes_format(line,
                 ", \"type\": \"%s\", \"size\": %u, \"value\": ", type_name(parameter->type.kind),
                 parameter->type.size);
    switch (parameter->class) {
    case VALUE_NULL:
        bytes_text(line, "null");
        break;
    case VALUE_INTEGER:
        bytes_format(line, "%" PRId64, parameter->integer);
        break;
    case VALUE_REAL:
        bytes_format(line, "%.17g", parameter->real);
        break;
    case VALUE_BYTES:
        bytes_u8(line, '"');
        for (size_t i = 0; i < parameter->bytes.size; i++)
            bytes_format(line, "%02x", parameter->bytes.data[i]);
        bytes_u8(line, '"');
        break;
    case VALUE_TEXT:
        put_json(line, (const char *)parameter->bytes.data, parameter->bytes.size);
        break;
    }
    bytes_u8(line, '}');
}

void log_statement(struct log *log, unsigned connection, const char *kind, const char *statement,
                   const struct parameter *parameters, unsigned count)
{
    struct bytes line = {0};
    bytes_format(&line, "{\"connection\": %u", connection);
    put_member(&line, "kind", kind);
    put_member(&line, "statement", statement);
    bytes_text(&line, ", \"parameters\": [");
    for (unsigned i = 0; i < count; i++) {
        if (i > 0)
            bytes_text(&line, ", ");
        put_parameter(&line, &parameters[i]);
    }
    bytes_text(&line, "]");
    log_write(log, &line);
}
