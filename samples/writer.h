/*
 * Capture files: classic pcap, pcapng, Network Monitor 2.1.
 *
 * Normative: tcpdump.org/linktypes.html, draft-ietf-opsawg-pcap,
 * draft-ietf-opsawg-pcapng; Network Monitor as Wireshark's wiretap reads it.
 */
#ifndef OCSIGHT_SAMPLES_WRITER_H
#define OCSIGHT_SAMPLES_WRITER_H

#include "samples/form.h"

struct writer;

/* The kind of file is the form's, or follows from the suffix of the path. */
struct writer *writer_new(const char *path, const struct form *form);

/* One record. `interface` counts only where the form is mixed. */
void writer_packet(struct writer *writer, int64_t time, unsigned interface, const void *bytes,
                   size_t size);

/* pcapng only: TLS secrets for the packets that follow, a comment on the next packet. */
void writer_secrets(struct writer *writer, const char *keylog, size_t size);
void writer_comment(struct writer *writer, const char *text);

void writer_end(struct writer *writer);

/* Interfaces of a mixed file, and the link of each. */
enum { WRITER_INTERFACES = 3 };
enum form_link writer_interface_link(unsigned interface);

#endif
