/*
 * What the readers of all capture formats share. See reading.h.
 */
#include "decoders/reading.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void reading_problem(struct reading *reading, const char *format, ...)
{
    char text[CAPTURE_PROBLEM / 2];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    /* A damaged or unreadable source is the cause; where the reader stood only says how far it
     * came. */
    if (source_failed(reading->source)) {
        snprintf(reading->problem, sizeof reading->problem, "%.150s (%s)",
                 source_problem(reading->source), text);
    } else {
        snprintf(reading->problem, sizeof reading->problem, "%s", text);
    }
}

void reading_damage(struct reading *reading, const char *format, ...)
{
    reading->counts.damaged++;
    if (reading->damage[0] == '\0') {
        va_list arguments;
        va_start(arguments, format);
        vsnprintf(reading->damage, sizeof reading->damage, format, arguments);
        va_end(arguments);
    }
}

void reading_note(struct reading *reading, struct capture_note note)
{
    enum { NOTE_COST = 64 };
    size_t left = reading->limits->note_bytes - reading->note_bytes;
    if (left < NOTE_COST || note.content.size > left - NOTE_COST) {
        reading->counts.notes_dropped++;
        return;
    }
    reading->note_bytes += NOTE_COST + note.content.size;
    if (reading->note_count == reading->note_capacity) {
        reading->note_capacity = reading->note_capacity > 0 ? reading->note_capacity * 2 : 16;
        reading->notes =
            memory_grow(reading->notes, reading->note_capacity, sizeof *reading->notes);
    }
    note.content = arena_keep(&reading->arena, note.content);
    reading->notes[reading->note_count++] = note;
}

void reading_dispose(struct reading *reading)
{
    arena_dispose(&reading->arena);
    free(reading->notes);
}
