/*
 * Which packets of a capture go with chosen ones: the whole TCP connection, so that a reader can
 * put it together again, and all fragments of an IP datagram.
 *
 * Used by analyzer/commands/annotate.c. All packets are shown to it twice: first it learns
 * where the chosen ones are, then it is asked of each. A connection goes from its SYN to the
 * next one on the same addresses and ports.
 */
#ifndef OCSIGHT_ANALYZER_PACKET_CHOICE_H
#define OCSIGHT_ANALYZER_PACKET_CHOICE_H

#include "decoders/frame.h"

struct packet_choice;

/* `records` are ascending and outlive it. */
struct packet_choice *packet_choice_new(const uint64_t *records, size_t count, struct map_seed seed,
                                        const struct limits *limits);
void packet_choice_free(struct packet_choice *choice);

/* Every packet, in order. */
void packet_choice_learn(struct packet_choice *choice, const struct packet *packet);

/* The packets come a second time. */
void packet_choice_turn(struct packet_choice *choice);

/* Every packet, in order: is it one of them? */
bool packet_choice_has(struct packet_choice *choice, const struct packet *packet);

#endif
