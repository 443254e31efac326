/*
 * Classic pcap files and BPF through libpcap. See pcap.h.
 *
 * Normative: draft-ietf-opsawg-pcap; libpcap 1.10 for the modified forms
 * (pcap-savefile(5)). libpcap reads from a stdio stream over our source, so that
 * compressed input, pipes and memory are one case.
 *
 * libpcap hands on neither the place of a record in the file nor the LINKTYPE_
 * value: both are taken from the file's own bytes here.
 *
 * Not handled: forms with a longer record header under the usual magic (old
 * Nokia, Red Hat and SuSE tcpdump), which only guessing tells apart.
 */
#include "decoders/pcap.h"

#include <inttypes.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>

#include "decoders/ticks.h"

enum {
    FILE_HEADER = 24,
    RECORD_HEADER = 16,
    PATCHED_RECORD_HEADER = 24,
    STREAM_BUFFER = 16 << 10,
    LINK_MASK = 0x03ffffff, /* the bits above hold the FCS length */
};

/* First four bytes as a number in the file's own byte order. */
static const struct magic {
    uint32_t value;
    uint8_t record_header;
    uint8_t digits; /* of the part of a second */
} magics[] = {
    {0xa1b2c3d4, RECORD_HEADER, 6},         {0xa1b23c4d, RECORD_HEADER, 9},
    {0xa1b2cd34, PATCHED_RECORD_HEADER, 6}, /* Alexey Kuznetzov's tcpdump */
    {0xa1b234cd, RECORD_HEADER, 6},         /* Francisco Mesquita's */
    {0xa12b3c4d, RECORD_HEADER, 6},         /* Navtel */
};

static uint32_t number(struct slice bytes, size_t at, bool big)
{
    uint32_t value = 0;
    for (size_t i = 0; i < 4; i++) {
        value = value << 8 | slice_byte(bytes, at + (big ? i : 3 - i));
    }
    return value;
}

static const struct magic *magic_find(struct slice head, bool *out_big)
{
    if (head.size < 4) {
        return NULL;
    }
    for (size_t i = 0; i < 2 * sizeof magics / sizeof magics[0]; i++) {
        *out_big = i % 2 == 1;
        if (magics[i / 2].value == number(head, 0, *out_big)) {
            return &magics[i / 2];
        }
    }
    return NULL;
}

bool pcap_looks(struct slice head)
{
    bool big = false;
    return magic_find(head, &big) != NULL;
}

/* ---- the reader ---- */

struct pcap_reader {
    struct reading *reading;
    pcap_t *pcap; /* owns the stream */
    FILE *stream;
    char *stream_buffer;
    uint64_t at; /* where the next record starts */
    uint32_t link_type;
    size_t record_header;
    uint32_t snapshot;
};

static ssize_t stream_read(void *cookie, char *out, size_t size)
{
    struct source *source = cookie;
    size_t got = source_read(source, out, size);
    return got == 0 && size > 0 && source_failed(source) ? -1 : (ssize_t)got;
}

/* Answers where the stream stands; it cannot be moved. */
static int stream_tell(void *cookie, off64_t *offset, int whence)
{
    if (whence != SEEK_CUR || *offset != 0) {
        return -1;
    }
    *offset = (off64_t)source_position(cookie);
    return 0;
}

static void reader_close(void *context)
{
    struct pcap_reader *reader = context;
    if (reader->pcap) {
        pcap_close(reader->pcap);
    } else if (reader->stream) {
        fclose(reader->stream);
    }
    free(reader->stream_buffer);
    free(reader);
}

static void stream_start(struct pcap_reader *reader)
{
    cookie_io_functions_t functions = {.read = stream_read, .seek = stream_tell};
    reader->stream = fopencookie(reader->reading->source, "rb", functions);
    if (!reader->stream) {
        memory_fatal();
    }
    reader->stream_buffer = memory_alloc(STREAM_BUFFER);
    setvbuf(reader->stream, reader->stream_buffer, _IOFBF, STREAM_BUFFER);
}

static void *reader_open(struct reading *reading)
{
    struct slice head = source_peek(reading->source, FILE_HEADER);
    if (head.size < FILE_HEADER) {
        reading_problem(reading,
                        "the pcap file header is cut: tried to read %d bytes, only got %zu",
                        FILE_HEADER, head.size);
        return NULL;
    }
    struct pcap_reader *reader = memory_zero(1, sizeof *reader);
    bool big = false;
    reader->reading = reading;
    const struct magic *magic = magic_find(head, &big);
    reader->record_header = magic->record_header;
    reader->link_type = number(head, 20, big) & LINK_MASK;
    reader->at = FILE_HEADER;
    stream_start(reader);
    char error[PCAP_ERRBUF_SIZE] = "";
    reader->pcap =
        pcap_fopen_offline_with_tstamp_precision(reader->stream, PCAP_TSTAMP_PRECISION_NANO, error);
    if (!reader->pcap) {
        reading_problem(reading, "%s", error);
        reader_close(reader);
        return NULL;
    }
    reader->snapshot = (uint32_t)pcap_snapshot(reader->pcap);
    reading->head = (struct capture_head){
        .link_type = reader->link_type, .snapshot = reader->snapshot, .digits = magic->digits};
    return reader;
}

/*
 * libpcap cuts a record to the snapshot length of the file header, and then its
 * length no longer says where the next one starts.
 */
static void move_on(struct pcap_reader *reader, uint32_t captured)
{
    off_t place = captured == reader->snapshot ? ftello(reader->stream) : -1;
    reader->at = place >= 0 ? (uint64_t)place : reader->at + reader->record_header + captured;
}

static enum capture_status reader_next(void *context, struct packet *out)
{
    struct pcap_reader *reader = context;
    struct pcap_pkthdr *header = NULL;
    const u_char *bytes = NULL;
    int status = pcap_next_ex(reader->pcap, &header, &bytes);
    if (status == PCAP_ERROR_BREAK) {
        return CAPTURE_END;
    }
    if (status != 1) {
        reading_problem(reader->reading, "record %" PRIu64 " at byte %" PRIu64 ": %s",
                        reader->reading->records + 1, reader->at, pcap_geterr(reader->pcap));
        return CAPTURE_CUT;
    }
    out->bytes = (struct slice){(const char *)bytes, header->caplen};
    out->wire_size = header->len;
    out->link_type = reader->link_type;
    out->origin.offset = reader->at;
    /* The seconds in the file are unsigned; libpcap 1.10 extends their sign. The part is ns. */
    out->origin.time = ticks_join((uint32_t)header->ts.tv_sec, header->ts.tv_usec);
    move_on(reader, header->caplen);
    return CAPTURE_PACKET;
}

const struct format pcap_format = {"pcap", reader_open, reader_next, reader_close};

/* ---- filters ---- */

enum {
    LINKS = 512, /* LINKTYPE_ values end below 300 */
    LINK_ETHERNET = 1,
    LINK_RAW = 101,
    LINK_IEEE802_11 = 105,
};

struct link_program {
    bool compiled;
    struct bpf_program program;
};

struct pcap_filter {
    const char *expression;
    struct link_program *links[LINKS];
    char problem[PCAP_ERRBUF_SIZE]; /* the first */
};

struct pcap_filter *pcap_filter_new(const char *expression)
{
    struct pcap_filter *filter = memory_zero(1, sizeof *filter);
    filter->expression = expression;
    return filter;
}

void pcap_filter_free(struct pcap_filter *filter)
{
    if (!filter) {
        return;
    }
    for (size_t i = 0; i < LINKS; i++) {
        if (filter->links[i] && filter->links[i]->compiled) {
            pcap_freecode(&filter->links[i]->program);
        }
        free(filter->links[i]);
    }
    free(filter);
}

/* libpcap tells the DLT_ of a LINKTYPE_ only by reading a file: here is one without packets. */
static pcap_t *handle_of(uint32_t link_type, char *error)
{
    struct pcap_file_header header = {.magic = 0xa1b2c3d4,
                                      .version_major = PCAP_VERSION_MAJOR,
                                      .version_minor = PCAP_VERSION_MINOR,
                                      .snaplen = 65535,
                                      .linktype = link_type};
    FILE *file = fmemopen(&header, sizeof header, "rb");
    if (!file) {
        memory_fatal();
    }
    pcap_t *pcap = pcap_fopen_offline(file, error);
    if (!pcap) {
        fclose(file);
    }
    return pcap;
}

static void compile(struct pcap_filter *filter, uint32_t link_type, struct link_program *link)
{
    char error[PCAP_ERRBUF_SIZE] = "";
    pcap_t *pcap = handle_of(link_type, error);
    if (!pcap) {
        return;
    }
    link->compiled =
        pcap_compile(pcap, &link->program, filter->expression, 1, PCAP_NETMASK_UNKNOWN) == 0;
    if (!link->compiled && filter->problem[0] == '\0') {
        snprintf(filter->problem, sizeof filter->problem, "%s", pcap_geterr(pcap));
    }
    pcap_close(pcap);
}

static const struct link_program *program_of(struct pcap_filter *filter, uint32_t link_type)
{
    if (link_type >= LINKS) {
        return NULL;
    }
    if (!filter->links[link_type]) {
        filter->links[link_type] = memory_zero(1, sizeof *filter->links[link_type]);
        compile(filter, link_type, filter->links[link_type]);
    }
    return filter->links[link_type];
}

bool pcap_filter_usable(struct pcap_filter *filter)
{
    static const uint32_t usual[] = {LINK_ETHERNET, LINK_RAW, LINK_IEEE802_11};
    for (size_t i = 0; i < sizeof usual / sizeof usual[0]; i++) {
        if (program_of(filter, usual[i])->compiled) {
            return true;
        }
    }
    return false;
}

bool pcap_filter_match(struct pcap_filter *filter, const struct packet *packet)
{
    const struct link_program *link = program_of(filter, packet->link_type);
    if (!link || !link->compiled) {
        return false;
    }
    struct pcap_pkthdr header = {
        .caplen = (bpf_u_int32)packet->bytes.size,
        .len = packet->wire_size < UINT32_MAX ? (bpf_u_int32)packet->wire_size : UINT32_MAX};
    return pcap_offline_filter(&link->program, &header, (const u_char *)packet->bytes.data) != 0;
}

const char *pcap_filter_problem(const struct pcap_filter *filter)
{
    return filter->problem;
}
