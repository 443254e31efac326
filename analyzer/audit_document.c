/*
 * An audit as JSON, read back. See audit_document.h. The only file that includes jansson.
 */
#include "analyzer/audit_document.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reports/clock.h"
#include "reports/text.h"

/* ---- the document ---- */

/* The member's text in the arena; "" when it is null, absent or no text. */
static struct slice member(const json_t *object, const char *key, struct arena *arena)
{
    const json_t *value = json_object_get(object, key);
    if (!json_is_string(value)) {
        return slice_of("");
    }
    return arena_keep(arena, (struct slice){json_string_value(value), json_string_length(value)});
}

static bool find_severity(struct slice name, enum severity *out)
{
    for (int severity = SEVERITY_NOTE; severity <= SEVERITY_ERROR; severity++) {
        if (slice_equal(name, slice_of(severity_name((enum severity)severity)))) {
            *out = (enum severity)severity;
            return true;
        }
    }
    return false;
}

static bool take_finding(const json_t *object, struct arena *arena, struct earlier_finding *out)
{
    *out = (struct earlier_finding){
        .rule = member(object, "rule", arena),
        .time = TIME_NONE,
        .message = member(object, "message", arena),
        .user = member(object, "user", arena),
        .peer = member(object, "peer", arena),
        .room = member(object, "room", arena),
        .call_id = member(object, "call_id", arena),
        .flow = member(object, "flow", arena),
        .step = member(object, "step", arena),
    };
    struct slice time = member(object, "time", arena);
    return out->rule.size > 0 && find_severity(member(object, "severity", arena), &out->severity) &&
           (time.size == 0 || clock_parse(time, TIME_NONE, &out->time));
}

static enum exit_status take_document(const json_t *root, struct arena *arena,
                                      struct audit_document *out, char *problem,
                                      size_t problem_size)
{
    const json_t *findings = json_object_get(root, "findings");
    if (!slice_equal(member(root, "schema", arena), slice_of("ocsight.audit/1")) ||
        !json_is_array(findings)) {
        snprintf(problem, problem_size,
                 "this is JSON, but no audit (schema ocsight.audit/1): make one with 'ocsight "
                 "audit --format json'");
        return EXIT_USAGE;
    }
    out->redacted = json_is_true(json_object_get(root, "redacted"));
    out->count = json_array_size(findings);
    out->findings = arena_zero(arena, out->count, sizeof *out->findings);
    for (size_t i = 0; i < out->count; i++) {
        if (!take_finding(json_array_get(findings, i), arena, &out->findings[i])) {
            snprintf(problem, problem_size,
                     "no audit: its finding %zu has no rule, severity or time that can be read",
                     i + 1);
            return EXIT_USAGE;
        }
    }
    return EXIT_DONE;
}

/* What the library says of the place can hold bytes of the file. */
static void tell_place(const json_error_t *error, struct arena *arena, char *problem,
                       size_t problem_size)
{
    struct slice words = text_safe(slice_of(error->text), false, arena);
    if (error->line > 0) {
        snprintf(problem, problem_size, "no JSON: line %d, column %d (byte %d): %.*s", error->line,
                 error->column, error->position, TEXT(words));
    } else {
        snprintf(problem, problem_size, "no JSON: %.*s", TEXT(words));
    }
}

enum exit_status audit_document_parse(struct slice content, struct arena *arena,
                                      struct audit_document *out, char *problem,
                                      size_t problem_size)
{
    static const struct slice mark = SLICE("\xef\xbb\xbf"); /* as some Windows tools write it */
    json_error_t error;
    *out = (struct audit_document){.count = 0};
    if (slice_starts(content, mark)) {
        content = slice_from(content, mark.size);
    }
    if (slice_trim(content).size == 0) {
        snprintf(problem, problem_size, "no JSON: it is empty");
        return EXIT_INPUT;
    }
    json_set_alloc_funcs(memory_alloc, free);
    /* Names may hold NUL; no number is needed, and none may be too large for the library. */
    json_t *root =
        json_loadb(content.data, content.size, JSON_ALLOW_NUL | JSON_DECODE_INT_AS_REAL, &error);
    if (!root) {
        tell_place(&error, arena, problem, problem_size);
        return EXIT_INPUT;
    }
    enum exit_status status = take_document(root, arena, out, problem, problem_size);
    json_decref(root);
    return status;
}

/* ---- the file ---- */

/* At most one byte more than `most`; the caller frees it. False leaves the reason in errno. */
static bool load(const char *path, size_t most, char **content, size_t *size)
{
    FILE *stream = fopen(path, "rb");
    size_t capacity = 1U << 16;
    size_t got = 1;
    *content = NULL;
    *size = 0;
    if (!stream) {
        return false;
    }
    *content = memory_alloc(capacity);
    while (got > 0 && *size <= most) {
        if (*size == capacity) {
            capacity *= 2;
            *content = memory_grow(*content, capacity, 1);
        }
        size_t room = capacity - *size;
        got = fread(*content + *size, 1, room > most + 1 - *size ? most + 1 - *size : room, stream);
        *size += got;
    }
    bool fine = !ferror(stream);
    int problem = errno;
    fclose(stream);
    errno = problem;
    return fine;
}

enum exit_status audit_document_read(const char *path, size_t most, struct arena *arena,
                                     struct audit_document *out, char *problem, size_t problem_size)
{
    char *content;
    size_t size;
    enum exit_status status = EXIT_INPUT;
    *out = (struct audit_document){.count = 0};
    if (!load(path, most, &content, &size)) {
        snprintf(problem, problem_size, "%s", strerror(errno));
    } else if (size > most) {
        snprintf(problem, problem_size, "larger than %zu bytes, which is more than is read", most);
    } else {
        status =
            audit_document_parse((struct slice){content, size}, arena, out, problem, problem_size);
    }
    free(content);
    return status;
}
