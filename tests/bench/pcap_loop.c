/*
 * The least that reading a capture can cost: a bare libpcap loop that touches
 * every byte once. tests/bench/bench.py sets ocsight and tshark against it.
 */
#include <pcap/pcap.h>
#include <stdint.h>
#include <stdio.h>

static uint64_t bytes_sum(const unsigned char *bytes, uint32_t size)
{
    uint64_t sum = 0;
    for (uint32_t i = 0; i < size; i++) {
        sum += bytes[i];
    }
    return sum;
}

int main(int argc, char **argv)
{
    char problem[PCAP_ERRBUF_SIZE];
    if (argc != 2) {
        fprintf(stderr, "Usage: pcap_loop CAPTURE\n");
        return 2;
    }
    pcap_t *capture = pcap_open_offline(argv[1], problem);
    if (capture == NULL) {
        fprintf(stderr, "pcap_loop: %s\n", problem);
        return 3;
    }
    struct pcap_pkthdr *header;
    const unsigned char *bytes;
    uint64_t packets = 0, sum = 0;
    while (pcap_next_ex(capture, &header, &bytes) == 1) {
        packets++;
        sum += bytes_sum(bytes, header->caplen);
    }
    pcap_close(capture);
    printf("%llu packets, sum %llu\n", (unsigned long long)packets, (unsigned long long)sum);
    return 0;
}
