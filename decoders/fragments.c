/*
 * IP fragments put together. See fragments.h.
 *
 * Normative: RFC 791 section 3.2, RFC 8200 section 4.5, RFC 5722, RFC 815.
 *
 * Offsets count units of 8 bytes, so one bit for each unit of a datagram says
 * what has arrived: 1 KiB a datagram, and no fragment costs more than its size.
 */
#include "decoders/fragments.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/engine/arena.h"

enum {
    UNIT = 8,
    DATAGRAM_MAX = 65535,
    UNITS = (DATAGRAM_MAX + UNIT - 1) / UNIT,
    KEY_BYTES = 16 + 16 + 4 + 2,
};

static const int64_t FRAGMENT_WAIT = 30 * TIME_SECOND;

/* One datagram in the making. */
struct whole {
    struct whole *next_done;
    struct map_entry *entry;
    uint64_t number;
    int64_t first;    /* time of its first fragment */
    uint64_t packets; /* whose fate it decides */
    uint32_t protocol;
    uint32_t total; /* bytes; 0 = the last fragment is not here yet */
    uint32_t reach; /* the highest end of a fragment */
    uint32_t cut;   /* from here on some bytes were not captured */
    uint32_t units; /* that are here */
    bool given_up;  /* contradictory: what still comes is dropped with it */
    char *bytes;
    size_t capacity;
    uint64_t here[UNITS / 64 + 1];
};

/* One fragment as it goes in. */
struct piece {
    uint32_t start;
    uint32_t end; /* on the wire */
    bool last;
    bool exact; /* IPv6: no overlaps */
    struct slice bytes;
};

struct fragments {
    struct map wholes; /* oldest first */
    size_t max_count;
    uint32_t max_bytes;
    struct whole *done; /* handed out since the last fragments_release() */
    uint64_t lost;
    uint64_t started; /* datagrams so far */
    uint64_t latest;  /* number of the one that got a fragment last */
    struct event_sink caps;
};

struct fragments *fragments_new(struct map_seed seed, const struct limits *limits,
                                const struct event_sink *caps)
{
    struct fragments *fragments = memory_zero(1, sizeof *fragments);
    map_init(&fragments->wholes, seed);
    fragments->max_count = limits->fragments;
    fragments->max_bytes =
        limits->fragment_bytes < DATAGRAM_MAX ? (uint32_t)limits->fragment_bytes : DATAGRAM_MAX;
    fragments->caps = *caps;
    return fragments;
}

static void whole_free(void *value)
{
    struct whole *whole = value;
    free(whole->bytes);
    free(whole);
}

void fragments_free(struct fragments *fragments)
{
    fragments_release(fragments);
    map_dispose(&fragments->wholes, whole_free);
    free(fragments);
}

void fragments_release(struct fragments *fragments)
{
    while (fragments->done) {
        struct whole *whole = fragments->done;
        fragments->done = whole->next_done;
        whole_free(whole);
    }
}

uint64_t fragments_latest(const struct fragments *fragments)
{
    return fragments->latest;
}

uint64_t fragments_lost(const struct fragments *fragments)
{
    return fragments->lost;
}

static void forget_oldest(struct fragments *fragments)
{
    struct whole *whole = map_remove_entry(&fragments->wholes, fragments->wholes.first);
    fragments->lost += whole->packets;
    whole_free(whole);
}

void fragments_end(struct fragments *fragments)
{
    while (fragments->wholes.first) {
        forget_oldest(fragments);
    }
}

static void forget_expired(struct fragments *fragments, int64_t now)
{
    while (fragments->wholes.first) {
        const struct whole *oldest = fragments->wholes.first->value;
        if (time_after(oldest->first, FRAGMENT_WAIT) > now) {
            break;
        }
        forget_oldest(fragments);
    }
}

static void report_cap(const struct fragments *fragments, const struct ip_header *header,
                       const struct origin *origin, const char *name)
{
    struct event event = {.kind = EVENT_COVERAGE, .origin = *origin};
    event.as.coverage = (struct coverage_fact){
        .kind = COVERAGE_CAP,
        .source = header->source,
        .destination = header->destination,
        .count = 1,
        .detail = slice_of(name),
    };
    event_emit(&fragments->caps, &event);
}

/* The protocol is part of the identity in IPv4 only: RFC 791 section 3.2, RFC 8200 section 4.5. */
static struct slice key_of(const struct ip_header *header, uint32_t protocol, char out[KEY_BYTES])
{
    bool v4 = header->source.family == ADDRESS_IPV4;
    memcpy(out, header->source.bytes, 16);
    memcpy(out + 16, header->destination.bytes, 16);
    memcpy(out + 32, &header->fragment.id, 4);
    out[36] = (char)header->source.family;
    out[37] = v4 ? (char)protocol : 0;
    return (struct slice){out, KEY_BYTES};
}

static struct whole *find_or_start(struct fragments *fragments, const struct ip_header *header,
                                   const struct origin *origin, uint32_t protocol)
{
    char bytes[KEY_BYTES];
    struct slice key = key_of(header, protocol, bytes);
    struct whole *whole = map_find(&fragments->wholes, key);
    if (whole) {
        return whole;
    }
    if (fragments->wholes.count >= fragments->max_count && fragments->wholes.count > 0) {
        report_cap(fragments, header, origin, "fragments");
        forget_oldest(fragments);
    }
    whole = memory_zero(1, sizeof *whole);
    whole->number = ++fragments->started;
    whole->first = origin->time;
    whole->protocol = protocol;
    whole->cut = UINT32_MAX;
    whole->entry = map_put(&fragments->wholes, key, whole);
    return whole;
}

static void give_up(struct whole *whole)
{
    whole->given_up = true;
    free(whole->bytes);
    whole->bytes = NULL;
    whole->capacity = 0;
}

static void make_room(struct whole *whole, uint32_t end)
{
    if (end > whole->capacity) {
        size_t capacity = whole->capacity * 2 > end ? whole->capacity * 2 : end;
        whole->bytes = memory_grow(whole->bytes, capacity, 1);
        memset(whole->bytes + whole->capacity, 0, capacity - whole->capacity);
        whole->capacity = capacity;
    }
}

/* Two ends that differ, or bytes behind the end. */
static bool contradicts(const struct whole *whole, const struct piece *piece)
{
    if (piece->last) {
        return whole->reach > piece->end || (whole->total > 0 && whole->total != piece->end);
    }
    return whole->total > 0 && piece->end > whole->total;
}

/* What of the piece lies in one unit; may be nothing captured. */
static struct slice unit_of(const struct piece *piece, uint32_t unit)
{
    return slice_sub(piece->bytes, (size_t)unit * UNIT - piece->start, UNIT);
}

/* Does it say anything else about bytes that are already here, or bring only a part? */
static bool overlaps(const struct whole *whole, const struct piece *piece)
{
    size_t here = 0;
    size_t count = 0;
    for (uint32_t unit = piece->start / UNIT; unit * UNIT < piece->end; unit++, count++) {
        if ((whole->here[unit / 64] >> unit % 64 & 1) == 0) {
            continue;
        }
        struct slice old = {whole->bytes + (size_t)unit * UNIT, unit_of(piece, unit).size};
        if (!slice_equal(old, unit_of(piece, unit))) {
            return true;
        }
        here++;
    }
    return here > 0 && here < count;
}

static void place(struct whole *whole, const struct piece *piece)
{
    make_room(whole, piece->end);
    for (uint32_t unit = piece->start / UNIT; unit * UNIT < piece->end; unit++) {
        uint64_t bit = UINT64_C(1) << unit % 64;
        if ((whole->here[unit / 64] & bit) != 0) {
            continue;
        }
        struct slice bytes = unit_of(piece, unit);
        if (bytes.size > 0) {
            memcpy(whole->bytes + (size_t)unit * UNIT, bytes.data, bytes.size);
        }
        whole->here[unit / 64] |= bit;
        whole->units++;
    }
    whole->reach = piece->end > whole->reach ? piece->end : whole->reach;
    whole->total = piece->last ? piece->end : whole->total;
    uint32_t captured = piece->start + (uint32_t)piece->bytes.size;
    if (captured < piece->end && captured < whole->cut) {
        whole->cut = captured;
    }
}

static bool is_complete(const struct whole *whole)
{
    return !whole->given_up && whole->total > 0 && whole->units == (whole->total + UNIT - 1) / UNIT;
}

/* Takes a whole datagram out of the table; its bytes stay until fragments_release(). */
static void hand_out(struct fragments *fragments, struct whole *whole, struct layer *layer,
                     uint64_t *packets)
{
    map_remove_entry(&fragments->wholes, whole->entry);
    whole->next_done = fragments->done;
    fragments->done = whole;
    *packets = whole->packets;
    uint32_t captured = whole->cut < whole->total ? whole->cut : whole->total;
    *layer = (struct layer){
        .kind = LAYER_IP,
        .number = whole->protocol,
        .bytes = {whole->bytes, captured},
        .missing = whole->total - captured,
    };
}

enum fragments_status fragments_add(struct fragments *fragments, const struct ip_header *header,
                                    const struct origin *origin, struct layer *layer,
                                    uint64_t *packets)
{
    forget_expired(fragments, origin->time);
    uint64_t size = layer->bytes.size + layer->missing;
    bool whole_units = !header->fragment.more || size % UNIT == 0;
    if (size == 0 || size > DATAGRAM_MAX - header->fragment.offset || !whole_units) {
        return FRAGMENTS_BAD;
    }
    struct piece piece = {
        .start = header->fragment.offset,
        .end = header->fragment.offset + (uint32_t)size,
        .last = !header->fragment.more,
        .exact = header->source.family == ADDRESS_IPV6,
        .bytes = layer->bytes,
    };
    struct whole *whole = find_or_start(fragments, header, origin, layer->number);
    whole->packets += *packets;
    fragments->latest = whole->number;
    if (whole->given_up) {
        return FRAGMENTS_HELD;
    }
    if (piece.end > fragments->max_bytes) {
        report_cap(fragments, header, origin, "fragment_bytes");
        give_up(whole);
        return FRAGMENTS_HELD;
    }
    if (contradicts(whole, &piece) || (piece.exact && overlaps(whole, &piece))) {
        give_up(whole);
        return FRAGMENTS_HELD;
    }
    /* In IPv6 the first fragment names the protocol; the others may repeat anything. */
    whole->protocol = piece.start == 0 ? layer->number : whole->protocol;
    place(whole, &piece);
    if (!is_complete(whole)) {
        return FRAGMENTS_HELD;
    }
    hand_out(fragments, whole, layer, packets);
    return FRAGMENTS_WHOLE;
}
