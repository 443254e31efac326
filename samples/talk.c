/*
 * See talk.h. This file reads the declarations and the record lines; what a
 * record does is samples/record.c.
 */
#include "samples/talk.h"

#include "samples/fail.h"
#include "samples/record.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct slice script_line(struct script *script)
{
    struct slice line, rest;
    slice_cut(script->rest, '\n', &line, &rest);
    script->rest = rest;
    script->line++;
    while (line.size > 0 && (line.data[line.size - 1] == '\r' || line.data[line.size - 1] == ' ')) {
        line.size--;
    }
    return line;
}

_Noreturn void script_fail(const struct script *script, const char *what, struct slice which)
{
    fail("%s:%zu: %s \"%.*s\"", script->path, script->line, what, (int)which.size,
         which.data == NULL ? "" : which.data);
}

struct slice word_next(struct slice *rest)
{
    *rest = slice_trim(*rest);
    struct slice word, after;
    slice_cut(*rest, ' ', &word, &after);
    *rest = slice_trim(after);
    return word;
}

struct slice script_block(struct script *script)
{
    const char *begin = script->rest.data;
    for (;;) {
        if (script->rest.size == 0) {
            script_fail(script, "the text is not ended by", slice_of("---"));
        }
        const char *line_begin = script->rest.data;
        if (slice_equal(script_line(script), slice_of("---"))) {
            return (struct slice){begin, (size_t)(line_begin - begin)};
        }
    }
}

unsigned script_party(const struct script *script, struct slice name)
{
    for (unsigned i = 0; i < script->talk->party_count; i++) {
        if (slice_equal(script->talk->parties[i].name, name)) {
            return i;
        }
    }
    script_fail(script, "no such party:", name);
}

static int64_t start_read(const struct script *script, struct slice text)
{
    struct tm parts = {0};
    char copy[64];
    snprintf(copy, sizeof copy, "%.*s", (int)text.size, text.data);
    if (strptime(copy, "%Y-%m-%dT%H:%M:%SZ", &parts) == NULL) {
        script_fail(script, "not a time:", text);
    }
    return (int64_t)timegm(&parts) * 1000000000;
}

static uint16_t port_read(const struct script *script, struct slice text)
{
    uint32_t port;
    if (!slice_to_u32(text, &port) || port > 65535) {
        script_fail(script, "not a port:", text);
    }
    return (uint16_t)port;
}

static void party_read(struct script *script, struct slice rest)
{
    struct talk *talk = script->talk;
    if (talk->party_count == TALK_PARTIES) {
        script_fail(script, "too many parties:", rest);
    }
    struct talk_party *party = &talk->parties[talk->party_count++];
    party->name = word_next(&rest);
    struct slice address = word_next(&rest), host, port;
    if (!slice_cut(address, ':', &host, &port)) {
        script_fail(script, "no port in", address);
    }
    for (unsigned i = 0; i < 4; i++) {
        struct slice part;
        uint32_t number;
        slice_cut(host, '.', &part, &host);
        if (!slice_to_u32(part, &number) || number > 255) {
            script_fail(script, "not an IPv4 address:", address);
        }
        party->host[i] = (uint8_t)number;
    }
    party->port = port_read(script, port);
}

static void link_read(struct script *script, struct slice rest)
{
    struct talk *talk = script->talk;
    if (talk->link_count == TALK_LINKS) {
        script_fail(script, "too many links:", rest);
    }
    struct talk_link *link = &talk->links[talk->link_count++];
    struct slice opener = word_next(&rest), name, port;
    bool has_port = slice_cut(opener, ':', &name, &port);
    link->opener = script_party(script, name);
    link->opener_port = has_port ? port_read(script, port) : talk->parties[link->opener].port;
    if (!slice_equal(word_next(&rest), slice_of("->"))) {
        script_fail(script, "a link is written A -> B CARRIER:", rest);
    }
    link->acceptor = script_party(script, word_next(&rest));
    static const char *const names[CARRIERS] = {"udp", "tcp", "tls", "http"};
    struct slice carrier = word_next(&rest);
    for (unsigned i = 0; i < CARRIERS; i++) {
        if (slice_equal(carrier, slice_of(names[i]))) {
            link->carrier = (enum carrier)i;
            return;
        }
    }
    script_fail(script, "not a carrier:", carrier);
}

static void let_read(struct script *script, struct slice name, struct slice value)
{
    if (!expand_let(&script->expand, name, value)) {
        script_fail(script, "too many names:", name);
    }
}

static void name_add(struct script *script, struct slice *names, unsigned *count, struct slice name)
{
    if (*count == TALK_NAMES) {
        script_fail(script, "too many names:", name);
    }
    names[(*count)++] = name;
}

static void room_read(struct script *script, struct slice rest)
{
    struct slice name = word_next(&rest), uri = word_next(&rest);
    struct slice scheme, domain, id;
    let_read(script, name, uri);
    slice_cut(slice_from(uri, sizeof "ma-chan://" - 1), '/', &domain, &id);
    slice_cut(uri, ':', &scheme, &rest);
    char *key = arena_alloc(&script->talk->arena, name.size + 4);
    memcpy(key, name.data, name.size);
    memcpy(key + name.size, ".id", 3);
    let_read(script, (struct slice){key, name.size + 3}, id);
    name_add(script, script->talk->rooms, &script->talk->room_count, id);
}

/* A line outside of records; false when it is a record. */
static bool declaration_read(struct script *script, struct slice line)
{
    struct talk *talk = script->talk;
    if (line.size == 0 || line.data[0] == '#') {
        return true;
    }
    struct slice rest = line, word = word_next(&rest);
    if (slice_equal(word, slice_of("title"))) {
        talk->title = rest;
    } else if (slice_equal(word, slice_of("start"))) {
        talk->start = start_read(script, rest);
        script->expand.clock = talk->start;
    } else if (slice_equal(word, slice_of("party"))) {
        party_read(script, rest);
    } else if (slice_equal(word, slice_of("link"))) {
        link_read(script, rest);
    } else if (slice_equal(word, slice_of("user"))) {
        name_add(script, talk->users, &talk->user_count, word_next(&rest));
    } else if (slice_equal(word, slice_of("room"))) {
        room_read(script, rest);
    } else if (slice_equal(word, slice_of("let"))) {
        struct slice name = word_next(&rest);
        let_read(script, name, rest);
    } else if (slice_equal(word, slice_of("text"))) {
        struct slice name = word_next(&rest);
        let_read(script, name, script_block(script));
    } else {
        return false;
    }
    return true;
}

static struct slice file_read(struct arena *arena, const char *path)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        fail("%s: cannot be opened", path);
    }
    struct buffer content;
    buffer_init(&content, SIZE_MAX / 2);
    char block[65536];
    size_t size;
    while ((size = fread(block, 1, sizeof block, file)) > 0) {
        buffer_append(&content, (struct slice){block, size});
    }
    if (ferror(file)) {
        fail("%s: cannot be read", path);
    }
    fclose(file);
    return buffer_take(&content, arena);
}

struct talk *talk_read(const char *path)
{
    struct talk *talk = memory_zero(1, sizeof *talk);
    arena_init(&talk->arena);
    struct script *script = memory_zero(1, sizeof *script);
    script->path = path;
    script->talk = talk;
    script->rest = file_read(&talk->arena, path);
    while (script->rest.size > 0) {
        struct slice line = script_line(script);
        if (declaration_read(script, line)) {
            continue;
        }
        if (line.data[0] != '+' && line.data[0] != '@') {
            script_fail(script, "neither a declaration nor a record:", line);
        }
        record_read(script, line);
    }
    free(script);
    return talk;
}

void talk_free(struct talk *talk)
{
    free(talk->items);
    arena_dispose(&talk->arena);
    free(talk);
}

uint16_t talk_port(const struct talk *talk, const struct talk_link *link, bool opener)
{
    return opener ? link->opener_port : talk->parties[link->acceptor].port;
}
