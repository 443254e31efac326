/* See writer.h. */
#include "samples/writer.h"

#include "analyzer/engine/arena.h"
#include "analyzer/engine/buffer.h"
#include "samples/fail.h"
#include "samples/output.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { NETMON_HEADER = 128, NETMON_ETHERNET = 1 };

struct writer {
    enum form_file file;
    bool mixed;
    struct output *output;
    const char *comment;  /* for the next packet */
    struct buffer frames; /* Network Monitor: everything after the header ... */
    struct buffer table;  /* ... and the offsets of the records */
    int64_t start;        /* time of its first record */
};

/* The interfaces of a mixed file: their links and if_tsresol (high bit: power of 2). */
static const struct {
    enum form_link link;
    const char *name;
    uint8_t resolution;
} interfaces[WRITER_INTERFACES] = {
    {LINK_ETHERNET, "eth0", 6},
    {LINK_SLL, "any", 9},
    {LINK_RAW, "tun0", 0x80 | 20},
};

enum form_link writer_interface_link(unsigned interface)
{
    return interfaces[interface].link;
}

static void put(struct writer *writer, uint64_t value, unsigned size)
{
    unsigned char bytes[8];
    bool big = writer->file == FILE_PCAP_NANO_BIG;
    for (unsigned i = 0; i < size; i++) {
        bytes[big ? size - 1 - i : i] = (unsigned char)(value >> (8 * i));
    }
    output_append(writer->output, bytes, size);
}

static void append_little(struct buffer *out, uint64_t value, unsigned size)
{
    for (unsigned i = 0; i < size; i++) {
        buffer_append_byte(out, (char)(value >> (8 * i)));
    }
}

/* ---- classic pcap ---- */

static void pcap_header(struct writer *writer, uint32_t link_type)
{
    put(writer, writer->file == FILE_PCAP_NANO_BIG ? 0xa1b23c4d : 0xa1b2c3d4, 4);
    put(writer, 2, 2);
    put(writer, 4, 2);
    put(writer, 0, 8);
    put(writer, 262144, 4);
    put(writer, link_type, 4);
}

static void pcap_packet(struct writer *writer, int64_t time, const void *bytes, size_t size)
{
    int64_t fraction = time % 1000000000;
    put(writer, (uint64_t)(time / 1000000000), 4);
    put(writer, (uint64_t)(writer->file == FILE_PCAP ? fraction / 1000 : fraction), 4);
    put(writer, size, 4);
    put(writer, size, 4);
    output_append(writer->output, bytes, size);
}

/* ---- pcapng ---- */

static void block_put(struct writer *writer, uint32_t type, const struct buffer *body)
{
    put(writer, type, 4);
    put(writer, body->size + 12, 4);
    output_append(writer->output, body->data, body->size);
    put(writer, body->size + 12, 4);
}

static void pad(struct buffer *out)
{
    while (out->size % 4 != 0) {
        buffer_append_byte(out, 0);
    }
}

static void option_append(struct buffer *out, unsigned code, const void *bytes, size_t size)
{
    append_little(out, code, 2);
    append_little(out, size, 2);
    buffer_append(out, (struct slice){bytes, size});
    pad(out);
}

static void interface_put(struct writer *writer, uint32_t link_type, const char *name,
                          uint8_t resolution)
{
    struct buffer body;
    buffer_init(&body, SIZE_MAX / 2);
    append_little(&body, link_type, 2);
    append_little(&body, 0, 2);
    append_little(&body, 262144, 4);
    option_append(&body, 2, name, strlen(name));
    option_append(&body, 9, &resolution, 1);
    append_little(&body, 0, 4);
    block_put(writer, 1, &body);
    buffer_dispose(&body);
}

static void pcapng_header(struct writer *writer, const struct form *form)
{
    struct buffer body;
    buffer_init(&body, SIZE_MAX / 2);
    append_little(&body, 0x1a2b3c4d, 4);
    append_little(&body, 1, 2);
    append_little(&body, 0, 2);
    append_little(&body, UINT64_MAX, 8);
    option_append(&body, 4, "render-sample", 13);
    append_little(&body, 0, 4);
    block_put(writer, 0x0a0d0d0a, &body);
    buffer_dispose(&body);
    if (!form->mixed) {
        interface_put(writer, form_link_type(form->link), "cap0", 9);
        return;
    }
    for (unsigned i = 0; i < WRITER_INTERFACES; i++) {
        interface_put(writer, form_link_type(interfaces[i].link), interfaces[i].name,
                      interfaces[i].resolution);
    }
}

static uint64_t ticks(int64_t time, uint8_t resolution)
{
    uint64_t seconds = (uint64_t)(time / 1000000000), rest = (uint64_t)(time % 1000000000);
    if ((resolution & 0x80) != 0) {
        unsigned bits = resolution & 0x7f;
        return (seconds << bits) + (rest << bits) / 1000000000;
    }
    return resolution == 6 ? seconds * 1000000 + rest / 1000 : seconds * 1000000000 + rest;
}

static void pcapng_packet(struct writer *writer, int64_t time, unsigned interface,
                          const void *bytes, size_t size)
{
    struct buffer body;
    buffer_init(&body, SIZE_MAX / 2);
    uint64_t stamp = ticks(time, writer->mixed ? interfaces[interface].resolution : 9);
    append_little(&body, writer->mixed ? interface : 0, 4);
    append_little(&body, stamp >> 32, 4);
    append_little(&body, stamp & 0xffffffff, 4);
    append_little(&body, size, 4);
    append_little(&body, size, 4);
    buffer_append(&body, (struct slice){bytes, size});
    pad(&body);
    if (writer->comment != NULL) {
        option_append(&body, 1, writer->comment, strlen(writer->comment));
        append_little(&body, 0, 4);
        writer->comment = NULL;
    }
    block_put(writer, 6, &body);
    buffer_dispose(&body);
}

void writer_secrets(struct writer *writer, const char *keylog, size_t size)
{
    if (writer->file != FILE_PCAPNG || size == 0) {
        return;
    }
    struct buffer body;
    buffer_init(&body, SIZE_MAX / 2);
    append_little(&body, 0x544c534b, 4); /* "TLSK" */
    append_little(&body, size, 4);
    buffer_append(&body, (struct slice){keylog, size});
    pad(&body);
    block_put(writer, 10, &body);
    buffer_dispose(&body);
}

void writer_comment(struct writer *writer, const char *text)
{
    writer->comment = text;
}

/* ---- Network Monitor 2.1 ---- */

static void netmon_packet(struct writer *writer, int64_t time, const void *bytes, size_t size)
{
    if (writer->table.size == 0) {
        /* SYSTEMTIME has milliseconds; records count microseconds from there. */
        writer->start = time - time % 1000000;
    }
    append_little(&writer->table, NETMON_HEADER + writer->frames.size, 4);
    append_little(&writer->frames, (uint64_t)((time - writer->start) / 1000), 8);
    append_little(&writer->frames, size, 4);
    append_little(&writer->frames, size, 4);
    buffer_append(&writer->frames, (struct slice){bytes, size});
    append_little(&writer->frames, NETMON_ETHERNET, 2);
}

static void netmon_end(struct writer *writer)
{
    struct buffer head;
    buffer_init(&head, SIZE_MAX / 2);
    time_t seconds = (time_t)(writer->start / 1000000000);
    struct tm parts;
    gmtime_r(&seconds, &parts);
    buffer_append_text(&head, "GMBU");
    append_little(&head, 1, 1);
    append_little(&head, 2, 1);
    append_little(&head, NETMON_ETHERNET, 2);
    append_little(&head, (uint64_t)parts.tm_year + 1900, 2);
    append_little(&head, (uint64_t)parts.tm_mon + 1, 2);
    append_little(&head, (uint64_t)parts.tm_wday, 2);
    append_little(&head, (uint64_t)parts.tm_mday, 2);
    append_little(&head, (uint64_t)parts.tm_hour, 2);
    append_little(&head, (uint64_t)parts.tm_min, 2);
    append_little(&head, (uint64_t)parts.tm_sec, 2);
    append_little(&head, (uint64_t)(writer->start % 1000000000 / 1000000), 2);
    append_little(&head, NETMON_HEADER + writer->frames.size, 4);
    append_little(&head, writer->table.size, 4);
    while (head.size < NETMON_HEADER) {
        buffer_append_byte(&head, 0);
    }
    output_append(writer->output, head.data, head.size);
    output_append(writer->output, writer->frames.data, writer->frames.size);
    output_append(writer->output, writer->table.data, writer->table.size);
    buffer_dispose(&head);
}

/* ---- any ---- */

static bool name_has(const char *path, const char *suffix)
{
    const char *place = strstr(path, suffix);
    return place != NULL && (place[strlen(suffix)] == 0 || place[strlen(suffix)] == '.');
}

struct writer *writer_new(const char *path, const struct form *form)
{
    struct writer *writer = memory_zero(1, sizeof *writer);
    writer->file = form->has_file              ? form->file
                   : name_has(path, ".pcapng") ? FILE_PCAPNG
                   : name_has(path, ".cap")    ? FILE_NETMON
                                               : FILE_PCAP;
    writer->mixed = form->mixed && writer->file == FILE_PCAPNG;
    writer->output = output_new(path);
    buffer_init(&writer->frames, UINT32_MAX);
    buffer_init(&writer->table, UINT32_MAX);
    if (writer->file == FILE_NETMON && form_link_type(form->link) != 1) {
        fail("%s: Network Monitor files are written for Ethernet only", path);
    }
    if (writer->file == FILE_PCAPNG) {
        pcapng_header(writer, form);
    } else if (writer->file != FILE_NETMON) {
        pcap_header(writer, form_link_type(form->link));
    }
    return writer;
}

void writer_packet(struct writer *writer, int64_t time, unsigned interface, const void *bytes,
                   size_t size)
{
    switch (writer->file) {
    case FILE_PCAP:
    case FILE_PCAP_NANO_BIG:
        pcap_packet(writer, time, bytes, size);
        break;
    case FILE_PCAPNG:
        pcapng_packet(writer, time, interface, bytes, size);
        break;
    case FILE_NETMON:
        netmon_packet(writer, time, bytes, size);
        break;
    }
}

void writer_end(struct writer *writer)
{
    if (writer->file == FILE_NETMON) {
        netmon_end(writer);
    }
    output_end(writer->output);
    buffer_dispose(&writer->frames);
    buffer_dispose(&writer->table);
    free(writer);
}
