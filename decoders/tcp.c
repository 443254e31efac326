/*
 * TCP connections. See tcp.h; each direction is in tcp_half.c.
 *
 * A connection is found by its two ends, whichever sent the segment. It goes on
 * for CLOSING_WAIT after it is over, so that segments which are still on their
 * way do not open another one. A SYN with another sequence number, and data that
 * no window explains, are another connection on the same ports.
 *
 * Normative: RFC 9293 sections 3.5 and 3.10.
 */
#include "decoders/tcp.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/engine/arena.h"
#include "decoders/tcp_half.h"

enum { KEY_BYTES = 2 * (16 + 2) };

static const int64_t CLOSING_WAIT = TIME_SECOND;

struct key {
    char bytes[KEY_BYTES];
    struct slice slice;
    bool flipped; /* the source is the second end */
};

struct tcp *tcp_new(struct map_seed seed, const struct limits *limits, const struct tcp_sink *sink,
                    const struct event_sink *caps)
{
    struct tcp *tcp = memory_zero(1, sizeof *tcp);
    map_init(&tcp->talks, seed);
    history_init(&tcp->history, limits->tcp_history_bytes);
    timers_init(&tcp->holes);
    timers_init(&tcp->closings);
    tcp->sink = *sink;
    tcp->caps = *caps;
    tcp->max_connections = limits->connections > 0 ? limits->connections : 1;
    tcp->max_waiting = limits->tcp_waiting_bytes;
    tcp->max_waiting_total = limits->tcp_waiting_total;
    tcp->now.time = TIME_NONE;
    return tcp;
}

void tcp_report_cap(const struct tcp *tcp, const struct talk *talk, int from, const char *name)
{
    struct event event = {.kind = EVENT_COVERAGE, .origin = tcp->now};
    event.origin.stream = talk->connection.id;
    event.as.coverage = (struct coverage_fact){
        .kind = COVERAGE_CAP,
        .source = talk->connection.ends[from == 1],
        .destination = talk->connection.ends[from != 1],
        .count = 1,
        .detail = slice_of(name),
    };
    event_emit(&tcp->caps, &event);
}

/* ---- the table ---- */

static size_t put_end(char *out, const struct address *address)
{
    size_t size = address->family == ADDRESS_IPV4 ? 4 : 16;
    memcpy(out, address->bytes, size);
    memcpy(out + size, &address->port, sizeof address->port);
    return size + sizeof address->port;
}

static void key_fill(struct key *key, const struct datagram *segment)
{
    key->flipped = address_compare(&segment->source, &segment->destination) > 0;
    const struct address *first = key->flipped ? &segment->destination : &segment->source;
    const struct address *second = key->flipped ? &segment->source : &segment->destination;
    size_t size = put_end(key->bytes, first);
    size += put_end(key->bytes + size, second);
    key->slice = (struct slice){key->bytes, size};
}

static struct talk *talk_find(struct tcp *tcp, const struct key *key)
{
    if (tcp->latest && slice_equal(tcp->latest->entry->key, key->slice)) {
        return tcp->latest;
    }
    struct map_entry *entry = map_find_entry(&tcp->talks, key->slice);
    if (!entry) {
        return NULL;
    }
    map_touch(&tcp->talks, entry);
    return entry->value;
}

static void talk_close(struct tcp *tcp, struct talk *talk)
{
    for (int from = 0; from < 2; from++) {
        half_finish(tcp, talk, from);
    }
    timers_cancel(&tcp->closings, &talk->close);
    tcp->sink.close(tcp->sink.context, &talk->connection);
    map_remove_entry(&tcp->talks, talk->entry);
    if (tcp->latest == talk) {
        tcp->latest = NULL;
    }
    free(talk);
}

static struct talk *talk_open(struct tcp *tcp, const struct key *key,
                              const struct datagram *segment)
{
    if (tcp->talks.count >= tcp->max_connections) {
        struct talk *idlest = tcp->talks.first->value;
        tcp_report_cap(tcp, idlest, -1, "connections");
        talk_close(tcp, idlest);
    }
    /* The answer to a SYN that was not captured still tells who sent that. */
    bool answer = (segment->flags & (TCP_SYN | TCP_ACK)) == (TCP_SYN | TCP_ACK);
    struct talk *talk = memory_zero(1, sizeof *talk);
    tcp->next_id++;
    talk->connection.id = segment->origin.order != 0 ? segment->origin.order : tcp->next_id;
    talk->connection.ends[answer] = segment->source;
    talk->connection.ends[!answer] = segment->destination;
    talk->flipped = key->flipped != answer;
    talk->entry = map_put(&tcp->talks, key->slice, talk);
    return talk;
}

void tcp_free(struct tcp *tcp)
{
    if (!tcp) {
        return;
    }
    for (struct map_entry *entry = tcp->talks.first; entry; entry = entry->next) {
        struct talk *talk = entry->value;
        for (int from = 0; from < 2; from++) {
            while (talk->halves[from].waiting.count > 0) {
                waiting_drop(&tcp->room, &talk->halves[from].waiting);
            }
        }
    }
    map_dispose(&tcp->talks, free);
    waiting_room_dispose(&tcp->room);
    history_dispose(&tcp->history);
    timers_dispose(&tcp->holes);
    timers_dispose(&tcp->closings);
    free(tcp);
}

/* ---- segments ---- */

static bool carries_data(const struct datagram *segment)
{
    return segment->payload.size > 0 || segment->missing > 0;
}

/* Is this segment of another connection on the same ports? */
static bool is_another(const struct talk *talk, int from, const struct datagram *segment)
{
    const struct half *half = &talk->halves[from];
    if ((segment->flags & TCP_SYN) == 0) {
        return carries_data(segment) && half->phase >= HALF_HELD &&
               half_is_foreign(half, segment->sequence);
    }
    bool again = timer_is_set(&talk->close) && (segment->flags & TCP_ACK) == 0;
    return again || !half_fits_syn(half, segment->sequence);
}

/* Starts to wait for the end, once both directions are over as far as they were captured. */
static void watch_end(struct tcp *tcp, struct talk *talk)
{
    if (!talk->ending || timer_is_set(&talk->close)) {
        return;
    }
    bool over = true;
    for (int from = 0; from < 2; from++) {
        over = over && (half_is_over(&talk->halves[from]) || !talk->connection.seen[from]);
    }
    if (over || talk->reset) {
        talk->close.object = talk;
        timers_set(&tcp->closings, &talk->close, time_after(tcp->now.time, CLOSING_WAIT));
    }
}

static void feed_syn(struct tcp *tcp, struct talk *talk, int from, const struct datagram *segment)
{
    half_begin(tcp, talk, from, segment->sequence + 1);
    if ((segment->flags & TCP_ACK) != 0) {
        half_begin(tcp, talk, !from, segment->acknowledged);
    } else if (from == 0) {
        talk->connection.from_start = true;
    }
}

static void feed_reset(struct talk *talk, int from, const struct datagram *segment)
{
    if (!half_is_foreign(&talk->halves[from], segment->sequence)) {
        talk->ending = true;
        talk->reset = true;
        talk->reset_from = from;
    }
}

/* Who goes on sending has not reset the connection: that was somebody else's segment. */
static void revoke_reset(struct tcp *tcp, struct talk *talk, int from)
{
    if (talk->reset && talk->reset_from == from) {
        talk->reset = false;
        timers_cancel(&tcp->closings, &talk->close);
    }
}

static void feed_segment(struct tcp *tcp, struct talk *talk, int from,
                         const struct datagram *segment)
{
    if (!talk->connection.seen[from]) {
        talk->connection.seen[from] = true;
        half_meet_peer(tcp, talk, !from);
    }
    if ((segment->flags & TCP_RST) != 0) {
        feed_reset(talk, from, segment);
        return;
    }
    if ((segment->flags & TCP_SYN) != 0) {
        feed_syn(tcp, talk, from, segment);
    }
    if ((segment->flags & TCP_ACK) != 0) {
        half_acknowledge(tcp, talk, !from, segment->acknowledged);
    }
    bool data = carries_data(segment);
    if (data) {
        revoke_reset(tcp, talk, from);
    }
    if (data || !half_is_foreign(&talk->halves[from], segment->sequence)) {
        half_feed(tcp, talk, from, segment);
    }
}

void tcp_feed(struct tcp *tcp, const struct datagram *segment)
{
    tcp->now = segment->origin;
    tcp_tick(tcp, segment->origin.time);
    struct key key;
    key_fill(&key, segment);
    struct talk *talk = talk_find(tcp, &key);
    if (talk && is_another(talk, key.flipped != talk->flipped, segment)) {
        talk_close(tcp, talk);
        talk = NULL;
    }
    if (!talk) {
        /* What closes a connection that was not seen opens none. */
        bool closes = (segment->flags & (TCP_FIN | TCP_RST)) != 0;
        if (closes && !carries_data(segment)) {
            return;
        }
        talk = talk_open(tcp, &key, segment);
    }
    tcp->latest = talk;
    feed_segment(tcp, talk, key.flipped != talk->flipped, segment);
    watch_end(tcp, talk);
}

void tcp_tick(struct tcp *tcp, int64_t now)
{
    tcp->now.time = now > tcp->now.time ? now : tcp->now.time;
    struct timer *due = timers_due(&tcp->holes, now);
    while (due) {
        struct talk *talk = due->object;
        half_decide(tcp, talk, due->kind);
        watch_end(tcp, talk);
        due = timers_due(&tcp->holes, now);
    }
    due = timers_due(&tcp->closings, now);
    while (due) {
        talk_close(tcp, due->object);
        due = timers_due(&tcp->closings, now);
    }
}

/* ---- the end ---- */

static int by_id(const void *a, const void *b)
{
    uint64_t first = (*(struct talk *const *)a)->connection.id;
    uint64_t second = (*(struct talk *const *)b)->connection.id;
    return (first > second) - (first < second);
}

void tcp_end(struct tcp *tcp)
{
    size_t count = tcp->talks.count;
    struct talk **talks = memory_alloc(count * sizeof *talks);
    size_t filled = 0;
    for (struct map_entry *entry = tcp->talks.first; entry; entry = entry->next) {
        talks[filled++] = entry->value;
    }
    qsort(talks, count, sizeof *talks, by_id);
    for (size_t i = 0; i < count; i++) {
        talk_close(tcp, talks[i]);
    }
    free(talks);
}

bool tcp_watermark(const struct tcp *tcp, struct origin *out)
{
    const struct origin *earliest = waiting_room_earliest(&tcp->room);
    if (earliest) {
        *out = *earliest;
    }
    return earliest != NULL;
}
