/*
 * libpcap: the reader of classic capture files, and BPF filters for packets of
 * any capture format.
 *
 * Called by capture.c. pcap.c is the only file that includes libpcap.
 */
#ifndef OCSIGHT_DECODERS_PCAP_H
#define OCSIGHT_DECODERS_PCAP_H

#include "decoders/reading.h"

/* Micro- and nanosecond files in both byte orders, and the modified forms that libpcap knows. */
extern const struct format pcap_format;

bool pcap_looks(struct slice head);

/* One filter expression, compiled for each link type when it is first met. */
struct pcap_filter;

struct pcap_filter *pcap_filter_new(const char *expression);
void pcap_filter_free(struct pcap_filter *filter);

/* Does it compile for any usual link type? Else it is wrong as such, and pcap_filter_problem() says
 * why. */
bool pcap_filter_usable(struct pcap_filter *filter);

/* False, too, for a link type that the expression does not fit: `wlan` and Ethernet. */
bool pcap_filter_match(struct pcap_filter *filter, const struct packet *packet);

const char *pcap_filter_problem(const struct pcap_filter *filter);

#endif
