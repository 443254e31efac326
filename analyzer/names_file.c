/*
 * Names for addresses. See names_file.h.
 */
#include "analyzer/names_file.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/engine/address.h"
#include "analyzer/options.h"

enum { TOLD = 5 }; /* unused names told one by one */

void names_init(struct names *names)
{
    *names = (struct names){.count = 0};
    arena_init(&names->arena);
}

void names_dispose(struct names *names)
{
    arena_dispose(&names->arena);
    free(names->rows);
    *names = (struct names){.count = 0};
}

/* ---- one name ---- */

static bool read_address(struct slice text, struct address *out)
{
    char copy[INET6_ADDRSTRLEN];
    if (text.size >= sizeof copy || slice_find_byte(text, '\0') != SLICE_NONE) {
        return false;
    }
    slice_lower(copy, sizeof copy, text);
    copy[text.size] = '\0';
    *out = (struct address){.family = ADDRESS_IPV4};
    if (inet_pton(AF_INET, copy, out->bytes) == 1) {
        return true;
    }
    *out = (struct address){.family = ADDRESS_IPV6};
    return inet_pton(AF_INET6, copy, out->bytes) == 1;
}

/* "192.0.2.21:5061" and "[2001:db8::15]:5061", the latter also without port. */
static bool read_with_port(struct slice text, struct address *out)
{
    struct slice host;
    struct slice port;
    uint32_t number = 0;
    if (text.size > 0 && text.data[0] == '[') {
        bool closed = slice_cut(slice_from(text, 1), ']', &host, &port);
        if (!closed || !read_address(host, out) || out->family != ADDRESS_IPV6) {
            return false;
        }
        if (port.size == 0) {
            return true;
        }
        if (port.data[0] != ':') {
            return false;
        }
        port = slice_from(port, 1);
    } else if (!slice_cut(text, ':', &host, &port) || !read_address(host, out)) {
        return false;
    }
    if (!slice_to_u32(port, &number) || number == 0 || number > UINT16_MAX) {
        return false;
    }
    out->port = (uint16_t)number;
    return true;
}

static struct slice without_scheme(struct slice of)
{
    return slice_starts_nocase(of, slice_of("sip:")) ? slice_from(of, 4) : of;
}

/* One form for each address, so that it is found however it was written. */
static struct slice canonical(struct names *names, struct slice of)
{
    struct address address;
    char text[ADDRESS_TEXT];
    of = without_scheme(of);
    if (!read_address(of, &address) && !read_with_port(of, &address)) {
        return arena_keep_lower(&names->arena, of);
    }
    if (address.port == 0) {
        address_host_text(&address, text);
    } else {
        address_text(&address, text);
    }
    return arena_keep(&names->arena, slice_of(text));
}

void names_add(struct names *names, struct slice of, struct slice name)
{
    if (names->count == names->capacity) {
        names->capacity = names->capacity > 0 ? names->capacity * 2 : 16;
        names->rows = memory_grow(names->rows, names->capacity, sizeof *names->rows);
    }
    names->rows[names->count++] =
        (struct ladder_name){canonical(names, of), arena_keep(&names->arena, name)};
}

/* ---- the file ---- */

static bool has_blank(struct slice text)
{
    for (size_t i = 0; i < text.size; i++) {
        if (ascii_is_blank(text.data[i])) {
            return true;
        }
    }
    return false;
}

static bool parse_line(struct names *names, struct slice line)
{
    struct slice of;
    struct slice name;
    line = slice_trim(line);
    if (line.size == 0 || line.data[0] == '#') {
        return true;
    }
    bool cut = slice_cut(line, '=', &of, &name);
    of = slice_trim(of);
    name = slice_trim(name);
    if (!cut || without_scheme(of).size == 0 || name.size == 0 || has_blank(of)) {
        return false;
    }
    names_add(names, of, name);
    return true;
}

size_t names_parse(struct names *names, struct slice content)
{
    struct slice mark = SLICE("\xef\xbb\xbf");
    struct slice line;
    size_t number = 0;
    struct slice rest = slice_starts(content, mark) ? slice_from(content, mark.size) : content;
    while (rest.size > 0) {
        slice_cut(rest, '\n', &line, &rest);
        number++;
        if (!parse_line(names, line)) {
            return number;
        }
    }
    return 0;
}

/* Its content, NULL with the reason in `problem`; release with free(). */
static char *load(const char *path, size_t *out_size, const char **problem)
{
    FILE *file = fopen(path, "rb");
    if (!file) {
        *problem = strerror(errno);
        return NULL;
    }
    char *content = memory_alloc(NAMES_FILE_BYTES + 1);
    *out_size = fread(content, 1, NAMES_FILE_BYTES + 1, file);
    *problem = ferror(file)                   ? strerror(errno)
               : *out_size > NAMES_FILE_BYTES ? "is too long for a list of names"
                                              : NULL;
    fclose(file);
    if (*problem) {
        free(content);
        return NULL;
    }
    return content;
}

static enum exit_status read_file(struct names *names, const char *path)
{
    size_t size = 0;
    const char *problem = NULL;
    char *content = load(path, &size, &problem);
    if (!content) {
        fprintf(stderr, "ocsight: %s: %s\n", path, problem);
        return EXIT_INPUT;
    }
    size_t wrong = names_parse(names, (struct slice){content, size});
    free(content);
    if (wrong > 0) {
        fprintf(stderr, "ocsight: %s:%zu: a line is ADDR=NAME, or begins with '#'\n", path, wrong);
        return EXIT_USAGE;
    }
    names->from_file = names->count;
    return EXIT_DONE;
}

enum exit_status names_gather(struct names *names, const struct options *options)
{
    enum exit_status status = EXIT_DONE;
    if (options->names_file) {
        status = read_file(names, options->names_file);
    }
    for (size_t i = 0; i < options->name_count; i++) {
        names_add(names, slice_trim(options->names[i].of), slice_trim(options->names[i].name));
    }
    return status;
}

void names_tell_unused(const struct names *names, const bool *used)
{
    size_t unused = 0;
    for (size_t i = 0; i < names->count; i++) {
        if (used[i]) {
            continue;
        }
        if (unused < TOLD) {
            struct slice of = names->rows[i].of;
            fprintf(stderr, "ocsight: %s: '", i < names->from_file ? "--names" : "--name");
            fwrite(of.data, 1, of.size, stderr);
            fprintf(stderr, "' is nobody in this drawing\n");
        }
        unused++;
    }
    if (unused > TOLD) {
        fprintf(stderr, "ocsight: and %zu more names are nobody's\n", unused - TOLD);
    }
}
