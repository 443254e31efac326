/*
 * One field of a run's log as text, for run_facts.c, run_changes.c and run_lines.c.
 */
#ifndef OCSIGHT_TESTS_UNIT_RUN_PUT_H
#define OCSIGHT_TESTS_UNIT_RUN_PUT_H

#include <inttypes.h>

#include "tests/unit/runs.h"

/* All fields of an event, a message or a change, behind what is on the line. */
void run_put_identity(struct run_log *log, const struct message *message);
void run_put_event(struct run_log *log, const struct event *event);
void run_put_change(struct run_log *log, const struct change *change);

/* A name and a number; zero is left out. */
static inline void put_number(struct run_log *log, const char *name, uint64_t number)
{
    if (number != 0) {
        buffer_append_byte(&log->text, ' ');
        buffer_append_text(&log->text, name);
        buffer_append_byte(&log->text, '=');
        buffer_append_u64(&log->text, number);
    }
}

/* Also what is negative. */
static inline void put_signed(struct run_log *log, const char *name, int64_t number)
{
    if (number < 0) {
        buffer_append_byte(&log->text, ' ');
        buffer_append_text(&log->text, name);
        buffer_append_text(&log->text, "=-");
        buffer_append_u64(&log->text, -(uint64_t)number);
    } else {
        put_number(log, name, (uint64_t)number);
    }
}

/* A name and a quoted text, each control byte as a full stop; empty is left out. */
static inline void put_text(struct run_log *log, const char *name, struct slice text)
{
    if (text.size == 0) {
        return;
    }
    buffer_append_byte(&log->text, ' ');
    buffer_append_text(&log->text, name);
    buffer_append_text(&log->text, "=\"");
    size_t start = log->text.size;
    buffer_append(&log->text, text);
    for (size_t i = start; i < log->text.size; i++) {
        if ((unsigned char)log->text.data[i] < ' ') {
            log->text.data[i] = '.';
        }
    }
    buffer_append_byte(&log->text, '"');
}

static inline void put_name(struct run_log *log, const char *name, const char *text)
{
    put_text(log, name, slice_of(text));
}

static inline uint64_t digest(uint64_t hash, struct slice bytes)
{
    for (size_t i = 0; i < bytes.size; i++) {
        hash = (hash ^ slice_byte(bytes, i)) * UINT64_C(0x100000001b3);
    }
    return (hash ^ bytes.size) * UINT64_C(0x100000001b3);
}

/* Size and FNV-1a of what is long. */
static inline void put_long(struct run_log *log, const char *name, struct slice bytes)
{
    if (bytes.size > 0) {
        put_number(log, name, bytes.size);
        put_number(log, "digest", digest(UINT64_C(0xcbf29ce484222325), bytes));
    }
}

static inline bool with_places(const struct run_log *log)
{
    return (log->parts & RUN_PLACES) != 0;
}

/* What depends on when and where something was seen. */
static inline void put_place_number(struct run_log *log, const char *name, uint64_t number)
{
    if (with_places(log)) {
        put_number(log, name, number);
    }
}

static inline void put_place_time(struct run_log *log, const char *name, int64_t time)
{
    if (with_places(log) && time != TIME_NONE) {
        put_signed(log, name, time);
    }
}

static inline void put_time(struct run_log *log, const char *name, int64_t time)
{
    if (time != TIME_NONE) {
        put_signed(log, name, time);
    }
}

static inline void put_address(struct run_log *log, const char *name, const struct address *address)
{
    char text[ADDRESS_TEXT];
    if (with_places(log) && address->family != ADDRESS_NONE) {
        address_text(address, text);
        put_name(log, name, text);
    }
}

static inline void put_origin(struct run_log *log, const struct origin *origin)
{
    put_place_time(log, "time", origin->time);
    put_place_number(log, "input", origin->input);
    put_place_number(log, "record", origin->record);
    put_place_number(log, "offset", origin->offset);
    put_place_number(log, "stream", origin->stream);
    put_place_number(log, "stream_offset", origin->stream_offset);
    put_place_number(log, "order", origin->order);
    assert_null(origin->row);
}

static inline void line_end(struct run_log *log)
{
    assert_true(buffer_append_byte(&log->text, '\n'));
    log->lines++;
}

static inline void put_key(struct run_log *log, const struct category_key *key)
{
    put_text(log, "user", key->user);
    put_text(log, "name", key->name);
    put_number(log, "instance", key->instance);
    put_number(log, "container", key->container);
    put_number(log, "has_instance", key->has_instance);
    put_number(log, "has_container", key->has_container);
}

#endif
