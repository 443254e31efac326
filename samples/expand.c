/* See expand.h. */
#include "samples/expand.h"

#include "analyzer/engine/origin.h"

#include <stdio.h>
#include <time.h>

bool expand_let(struct expand *expand, struct slice name, struct slice value)
{
    struct expand_name *entry = NULL;
    for (size_t i = 0; i < expand->count; i++) {
        if (slice_equal(expand->names[i].name, name)) {
            entry = &expand->names[i];
        }
    }
    if (entry == NULL) {
        if (expand->count == EXPAND_NAMES) {
            return false;
        }
        entry = &expand->names[expand->count++];
    }
    *entry = (struct expand_name){.name = name, .value = value};
    slice_to_u64(value, &entry->counter);
    return true;
}

static struct expand_name *name_find(struct expand *expand, struct slice name)
{
    for (size_t i = 0; i < expand->count; i++) {
        if (slice_equal(expand->names[i].name, name)) {
            return &expand->names[i];
        }
    }
    return NULL;
}

/* splitmix64: spreads the running number so that branches look drawn. */
static uint64_t mix(uint64_t x)
{
    x += UINT64_C(0x9e3779b97f4a7c15);
    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    return x ^ (x >> 31);
}

void expand_branch(struct expand *expand, struct buffer *out)
{
    char text[32];
    uint64_t number = ++expand->branches;
    snprintf(text, sizeof text, "z9hG4bK%08X%04X", (unsigned)(mix(number) & 0xffffffff),
             (unsigned)(number & 0xffff));
    buffer_append_text(out, text);
}

/* "2014-05-06T07:10:00Z", or with milliseconds and no zone, as publishTime has it. */
static void expand_clock(const struct expand *expand, bool milliseconds, struct buffer *out)
{
    time_t seconds = (time_t)(expand->clock / TIME_SECOND);
    struct tm parts;
    gmtime_r(&seconds, &parts);
    char text[64];
    size_t size = strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &parts);
    if (milliseconds) {
        snprintf(text + size, sizeof text - size, ".%03d",
                 (int)(expand->clock % TIME_SECOND / 1000000));
    } else {
        snprintf(text + size, sizeof text - size, "Z");
    }
    buffer_append_text(out, text);
}

/* `next NAME` raises the counter first, `last NAME` shows it again. */
static bool expand_counter(struct expand *expand, struct slice key, struct buffer *out)
{
    struct slice verb, name;
    if (!slice_cut(key, ' ', &verb, &name)) {
        return false;
    }
    struct expand_name *entry = name_find(expand, name);
    if (entry == NULL && expand_let(expand, name, (struct slice)SLICE("0"))) {
        entry = name_find(expand, name);
    }
    if (entry == NULL) {
        return false;
    }
    if (slice_equal(verb, slice_of("next"))) {
        entry->counter++;
    } else if (!slice_equal(verb, slice_of("last"))) {
        return false;
    }
    return buffer_append_u64(out, entry->counter);
}

static bool expand_depth(struct expand *expand, struct slice text, struct buffer *out,
                         struct slice *unknown, unsigned depth);

static bool expand_key(struct expand *expand, struct slice key, struct buffer *out,
                       struct slice *unknown, unsigned depth)
{
    struct expand_name *entry = name_find(expand, key);
    if (entry != NULL && depth < EXPAND_DEPTH) {
        return expand_depth(expand, entry->value, out, unknown, depth + 1);
    }
    if (slice_equal(key, slice_of("branch"))) {
        expand_branch(expand, out);
        return true;
    }
    if (slice_equal(key, slice_of("clock")) || slice_equal(key, slice_of("clock.ms"))) {
        expand_clock(expand, key.size > 5, out);
        return true;
    }
    *unknown = key;
    return expand_counter(expand, key, out);
}

/* Only what could have been meant as a name is one. */
static bool key_looks_right(struct slice key)
{
    for (size_t i = 0; i < key.size; i++) {
        char c = key.data[i];
        if (!ascii_is_alpha(c) && !ascii_is_digit(c) && c != '.' && c != '-' && c != ' ') {
            return false;
        }
    }
    return key.size > 0 && ascii_is_alpha(key.data[0]);
}

static bool expand_depth(struct expand *expand, struct slice text, struct buffer *out,
                         struct slice *unknown, unsigned depth)
{
    while (text.size > 0) {
        struct slice before, rest, key, after;
        bool open = slice_cut(text, '{', &before, &rest);
        buffer_append(out, before);
        if (!open) {
            return true;
        }
        if (!slice_cut(rest, '}', &key, &after) || !key_looks_right(key)) {
            buffer_append_byte(out, '{');
            text = rest;
            continue;
        }
        if (!expand_key(expand, key, out, unknown, depth)) {
            return false;
        }
        text = after;
    }
    return true;
}

bool expand_text(struct expand *expand, struct slice text, struct buffer *out,
                 struct slice *unknown)
{
    return expand_depth(expand, text, out, unknown, 0);
}
