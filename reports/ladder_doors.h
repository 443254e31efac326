/*
 * The doors of a ladder: where messages were seen to come from and go to, and
 * what the messages say about who is behind each.
 *
 * Called by reports/ladder_events.c while the run goes on. Which doors are one
 * party is decided at the end (reports/ladder_lanes.h).
 */
#ifndef OCSIGHT_REPORTS_LADDER_DOORS_H
#define OCSIGHT_REPORTS_LADDER_DOORS_H

#include "reports/ladder_model.h"

struct ladder_hop {
    uint16_t from;
    uint16_t to;
};

/* The doors of a message as it was seen; makes them, and learns from it who is there. */
struct ladder_hop ladder_doors_of(struct ladder_model *model, const struct message *message);

/*
 * The doors of what is no SIP message but went between a client and a server of
 * that kind ("web service"), which names a host that nothing else names.
 */
struct ladder_hop ladder_doors_between(struct ladder_model *model, const struct address *client,
                                       const struct address *server, const char *kind);

/* The door of an address that has one already, else one of its host, else LADDER_NO_LANE. */
uint16_t ladder_door_find(const struct ladder_model *model, const struct address *address);

/* Ports change with the connection, the host does not. */
bool ladder_doors_same_host(const struct ladder_model *model, uint16_t a, uint16_t b);

/* Something said that this "user" is a chat service of that duty. */
void ladder_doors_note_service(struct ladder_model *model, struct slice user, unsigned duty);

/* Something said that this user is one who asks chat services. */
void ladder_doors_note_user(struct ladder_model *model, struct slice user);

/* The domain of the first user is left out in names. */
void ladder_doors_note_domain(struct ladder_model *model, struct slice user);

/* The duties of a "user" that is a chat service; 0 = it is none. */
unsigned ladder_service_duties(const struct ladder_model *model, struct slice user);

/* A chat command went from a client to a service, or with `back` something went the other way. */
void ladder_doors_note_chat(struct ladder_model *model, const struct ladder_row *row, bool back);

#endif
