/*
 * Exports of the compliance service. See exports.h.
 */
#include "analyzer/exports.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/engine/arena.h"
#include "decoders/compliance.h"

/* Elements of exports come behind all packets: origin_compare() must know an order. */
#define ORDER_FIRST (UINT64_C(1) << 63)

struct export_file {
    struct archive *archive;
    const struct event_sink *sink;
    struct input_info *row;
    uint64_t *order;
    struct redactor *redactor; /* NULL = names stay as they are */
};

/* ---- what is in it ---- */

static void take_message(void *context, const struct compliance_event *event,
                         const struct compliance_sender *sender)
{
    struct export_file *file = context;
    struct compliance_event told = *event;
    int64_t time = event->origin.time;
    (void)sender;
    if (file->redactor) {
        redact_compliance_event(file->redactor, &told);
    }
    told.origin.order = ++*file->order;
    if (time != TIME_NONE && (file->row->first == TIME_NONE || time < file->row->first)) {
        file->row->first = time;
    }
    file->row->last = time > file->row->last ? time : file->row->last;
    archive_told(file->archive, &told);
}

static void take_channel(void *context, const struct compliance_channel *channel)
{
    struct export_file *file = context;
    struct compliance_channel told = *channel;
    if (file->redactor) {
        redact_compliance_channel(file->redactor, &told);
    }
    archive_channel(file->archive, &told);
}

static void take_oddity(void *context, const char *code, struct slice detail,
                        const struct origin *where)
{
    struct export_file *file = context;
    struct event event = {.kind = EVENT_DIAGNOSTIC, .origin = *where};
    event.as.diagnostic =
        (struct diagnostic_fact){.code = code, .detail = detail, .offset = where->offset};
    if (file->redactor) {
        redact_event(file->redactor, &event);
    }
    event_emit(file->sink, &event);
}

/* False when nothing in it is of an export. */
static bool read_export(struct slice content, size_t index, const struct limits *limits,
                        struct export_file *file)
{
    const struct compliance_handler handler = {
        .context = file, .message = take_message, .channel = take_channel, .odd = take_oddity};
    struct limits roomy = *limits;
    roomy.xml_bytes = limits->export_bytes;
    struct xml_reader *reader = xml_reader_new(&roomy);
    archive_file(file->archive);
    struct compliance_reading reading = compliance_read(reader, content, (uint32_t)index, &handler);
    archive_file_end(file->archive, reading.whole);
    file->row->records = reading.messages;
    file->row->truncated = !reading.whole;
    xml_reader_free(reader);
    return reading.whole || reading.messages > 0 || reading.dropped > 0;
}

/* ---- the file ---- */

/* At most one byte more than the cap, which the reader then finds too large. */
static bool load(const char *name, size_t cap, char **content, size_t *size)
{
    FILE *stream = fopen(name, "rb");
    size_t capacity = 1U << 16;
    size_t got = 1;
    *content = memory_alloc(capacity);
    *size = 0;
    while (stream && got > 0 && *size <= cap) {
        if (*size == capacity) {
            capacity *= 2;
            *content = memory_grow(*content, capacity, 1);
        }
        got = fread(*content + *size, 1, capacity - *size, stream);
        *size += got;
    }
    bool fine = stream && !ferror(stream);
    int problem = errno;
    if (stream) {
        fclose(stream);
    }
    errno = problem;
    return fine;
}

/* One file or, for tests, its content; NULL or why nothing of it could be read. */
static const char *read_one(const struct exports_options *options, size_t index,
                            struct export_file *file)
{
    const char *name = options->names[index];
    const char *problem = NULL;
    char *loaded = NULL;
    struct slice content = {NULL, 0};
    if (options->contents) {
        content = options->contents[index];
    } else if (load(name, options->limits->export_bytes, &loaded, &content.size)) {
        content.data = loaded;
        file->row->size = content.size;
    } else {
        problem = strerror(errno);
        archive_file_end(file->archive, false);
    }
    if (!problem && !read_export(content, options->first + index, options->limits, file)) {
        problem = "nothing of it can be read as an export of the compliance service";
    }
    free(loaded);
    return problem;
}

size_t exports_read(const struct exports_options *options, struct archive *archive,
                    const struct event_sink *sink, struct input_info *rows)
{
    size_t unreadable = 0;
    uint64_t order = ORDER_FIRST;
    for (size_t i = 0; i < options->count; i++) {
        struct input_info *row = &rows[i];
        struct export_file file = {archive, sink, row, &order, options->redactor};
        *row = (struct input_info){.name = options->redactor ? slice_of("compliance export")
                                                             : slice_of(options->names[i]),
                                   .kind = "compliance-export",
                                   .is_export = true,
                                   .first = TIME_NONE,
                                   .last = TIME_NONE};
        const char *problem = read_one(options, i, &file);
        if (problem && !options->contents) {
            fprintf(stderr, "ocsight: %s: %s\n", options->names[i], problem);
        }
        row->failed = problem != NULL;
        unreadable += row->failed;
    }
    return unreadable;
}
