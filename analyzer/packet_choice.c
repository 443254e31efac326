/*
 * Which packets go with chosen ones. See packet_choice.h.
 *
 * Connections and fragmented datagrams are numbered as they begin, the same way each time. What
 * the first time finds of a number decides the second time, when it is asked of packets that come
 * before the chosen one.
 *
 * Data on the ports of a connection that is over, without a SYN, count to it: too much is kept
 * rather than too little. So do fragments beyond the datagrams that are remembered.
 */
#include "analyzer/packet_choice.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/engine/arena.h"

enum { KEY_BYTES = 2 * (16 + 2) };

/* A connection as far as telling it from the next one needs. */
struct talk {
    uint64_t number;
    uint32_t syn[2]; /* sequence numbers of either end */
    bool has_syn[2];
    bool goes_on; /* there was more than SYNs */
};

/* What a fragmented datagram is part of. */
struct whole {
    uint64_t connection; /* 0 = none */
    uint64_t inside;     /* number of the datagram that it is a fragment of; 0 = none */
    bool chosen;
};

struct packet_choice {
    const uint64_t *records;
    size_t record_count;
    size_t next; /* of records */
    struct map_seed seed;
    struct limits limits;
    struct frames *frames;
    struct map talks; /* the idlest first */
    uint64_t talk_count;
    struct map chosen;    /* connections, by number */
    struct whole *wholes; /* by number - 1 */
    size_t whole_count;
    size_t whole_capacity;
};

/* Where a packet belongs. */
struct belonging {
    uint64_t connection; /* 0 = none */
    const uint64_t *pieces;
    size_t piece_count;
    bool chosen; /* by itself */
};

static void ignore_event(void *context, const struct event *event)
{
    (void)context;
    (void)event;
}

static void begin(struct packet_choice *choice)
{
    const struct event_sink nobody = {.event = ignore_event};
    choice->frames = frames_new(choice->seed, &choice->limits, &nobody);
    map_init(&choice->talks, choice->seed);
    choice->talk_count = 0;
    choice->next = 0;
}

static void end(struct packet_choice *choice)
{
    frames_free(choice->frames);
    map_dispose(&choice->talks, free);
}

struct packet_choice *packet_choice_new(const uint64_t *records, size_t count, struct map_seed seed,
                                        const struct limits *limits)
{
    struct packet_choice *choice = memory_zero(1, sizeof *choice);
    choice->records = records;
    choice->record_count = count;
    choice->seed = seed;
    choice->limits = *limits;
    map_init_numbers(&choice->chosen, seed);
    begin(choice);
    return choice;
}

void packet_choice_free(struct packet_choice *choice)
{
    if (!choice) {
        return;
    }
    end(choice);
    map_dispose(&choice->chosen, NULL);
    free(choice->wholes);
    free(choice);
}

void packet_choice_turn(struct packet_choice *choice)
{
    end(choice);
    begin(choice);
}

/* ---- connections ---- */

static size_t put_end(char *out, const struct address *address)
{
    memcpy(out, address->bytes, sizeof address->bytes);
    memcpy(out + sizeof address->bytes, &address->port, sizeof address->port);
    return sizeof address->bytes + sizeof address->port;
}

/* A SYN that is no repetition of the one that began it, nor only late. */
static bool begins_another(const struct talk *talk, int from, const struct datagram *segment)
{
    return (segment->flags & TCP_SYN) != 0 &&
           (talk->has_syn[from] ? talk->syn[from] != segment->sequence
                                : (segment->flags & TCP_ACK) == 0 && talk->goes_on);
}

static struct talk *talk_of(struct packet_choice *choice, struct slice key)
{
    struct map_entry *entry = map_find_entry(&choice->talks, key);
    if (entry) {
        map_touch(&choice->talks, entry);
        return entry->value;
    }
    if (choice->talks.count >= choice->limits.connections && choice->talks.first) {
        free(map_remove_entry(&choice->talks, choice->talks.first));
    }
    struct talk *talk = memory_zero(1, sizeof *talk);
    map_put(&choice->talks, key, talk);
    return talk;
}

/* The number of the connection that a segment is part of. */
static uint64_t connection_of(struct packet_choice *choice, const struct datagram *segment)
{
    char bytes[KEY_BYTES];
    int from = address_compare(&segment->source, &segment->destination) > 0;
    size_t size = put_end(bytes, from ? &segment->destination : &segment->source);
    size += put_end(bytes + size, from ? &segment->source : &segment->destination);
    struct talk *talk = talk_of(choice, (struct slice){bytes, size});
    if (talk->number == 0 || begins_another(talk, from, segment)) {
        *talk = (struct talk){.number = ++choice->talk_count};
    }
    if ((segment->flags & TCP_SYN) != 0) {
        talk->syn[from] = segment->sequence;
        talk->has_syn[from] = true;
    } else {
        talk->goes_on = true;
    }
    return talk->number;
}

/* ---- packets ---- */

static struct belonging belonging_of(struct packet_choice *choice, const struct packet *packet)
{
    struct datagram datagram;
    struct belonging belonging = {.connection = 0};
    while (choice->next < choice->record_count &&
           choice->records[choice->next] < packet->origin.record) {
        choice->next++;
    }
    belonging.chosen = choice->next < choice->record_count &&
                       choice->records[choice->next] == packet->origin.record;
    if (frame_decode(choice->frames, packet, &datagram) == FRAME_DATAGRAM && datagram.tcp) {
        belonging.connection = connection_of(choice, &datagram);
    }
    belonging.pieces = frames_pieces(choice->frames, &belonging.piece_count);
    return belonging;
}

/* NULL = beyond those that are remembered. */
static struct whole *whole_of(struct packet_choice *choice, uint64_t number)
{
    if (number > choice->limits.comments) {
        return NULL;
    }
    while (number > choice->whole_capacity) {
        size_t capacity = choice->whole_capacity > 0 ? choice->whole_capacity * 2 : 64;
        choice->wholes = memory_grow(choice->wholes, capacity, sizeof *choice->wholes);
        memset(choice->wholes + choice->whole_capacity, 0,
               (capacity - choice->whole_capacity) * sizeof *choice->wholes);
        choice->whole_capacity = capacity;
    }
    choice->whole_count = number > choice->whole_count ? (size_t)number : choice->whole_count;
    return &choice->wholes[number - 1];
}

void packet_choice_learn(struct packet_choice *choice, const struct packet *packet)
{
    struct belonging belonging = belonging_of(choice, packet);
    for (size_t i = 0; i < belonging.piece_count; i++) {
        struct whole *whole = whole_of(choice, belonging.pieces[i]);
        if (!whole) {
            continue;
        }
        whole->chosen = whole->chosen || belonging.chosen;
        if (i + 1 < belonging.piece_count) {
            whole->inside = belonging.pieces[i + 1];
        } else if (belonging.connection > 0) {
            whole->connection = belonging.connection;
        }
    }
    if (belonging.chosen && belonging.connection > 0) {
        map_put(&choice->chosen, map_number_key(&belonging.connection), choice);
    }
}

static bool has_connection(const struct packet_choice *choice, uint64_t connection)
{
    return connection > 0 && map_find(&choice->chosen, map_number_key(&connection)) != NULL;
}

/* Of a fragment inside another the outermost is asked; they nest as far as tunnels do. */
static bool has_whole(const struct packet_choice *choice, uint64_t number)
{
    for (size_t depth = 0; depth < FRAME_PIECES && number > 0; depth++) {
        if (number > choice->whole_count) {
            return true;
        }
        const struct whole *whole = &choice->wholes[number - 1];
        if (whole->chosen || has_connection(choice, whole->connection)) {
            return true;
        }
        number = whole->inside;
    }
    return false;
}

bool packet_choice_has(struct packet_choice *choice, const struct packet *packet)
{
    struct belonging belonging = belonging_of(choice, packet);
    bool has = belonging.chosen || has_connection(choice, belonging.connection);
    return has || (belonging.piece_count > 0 && has_whole(choice, belonging.pieces[0]));
}
