/*
 * One direction of a TCP connection. See tcp_half.h; the rules are in tcp.h.
 *
 * Normative: RFC 9293 sections 3.4 (sequence arithmetic), 3.8.4 (keep-alives);
 * RFC 7323 section 2.3 (the largest window).
 *
 * A lone wrong acknowledgement or FIN within a window's reach is believed.
 */
#include "decoders/tcp_half.h"

#define HALF_BASE                                                                                  \
    (UINT64_C(1) << 32) /* positions start here, so that some lie before the first                 \
                         */

static const int64_t ACKED_WAIT = TIME_SECOND;
static const int64_t HOLD_WAIT = TIME_SECOND;
static const int64_t ONE_SIDED_WAIT = 3 * TIME_SECOND;
static const int64_t LONGEST_WAIT = 60 * TIME_SECOND;

static uint64_t min_u64(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

static uint64_t max_u64(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

/* ---- positions ---- */

/* RFC 9293 section 3.4: the nearest position with this sequence number. */
static uint64_t position_of(const struct half *half, uint32_t sequence)
{
    int32_t distance = (int32_t)(sequence - (uint32_t)half->next);
    return half->next + (uint64_t)(int64_t)distance;
}

bool half_is_foreign(const struct half *half, uint32_t sequence)
{
    uint64_t position = position_of(half, sequence);
    return half->phase != HALF_UNKNOWN &&
           (position > half->next + HALF_SPAN || position + HALF_SPAN < half->next);
}

/* The lowest position that is known to be of the stream. */
static uint64_t lowest(const struct half *half)
{
    const struct waiting_piece *front = waiting_front(&half->waiting);
    return half->begun ? half->start : front ? front->start : half->next;
}

bool half_fits_syn(const struct half *half, uint32_t sequence)
{
    uint64_t position = position_of(half, sequence + 1);
    uint64_t known = lowest(half);
    if (half->phase == HALF_UNKNOWN || position == known) {
        return true;
    }
    /* Data overtook it, and were not handed on yet. */
    return !half->begun && position < known && known - position <= UINT16_MAX;
}

/* ---- holes ---- */

/* Where the hole in front ends; `next` when there is none. */
static uint64_t hole_end(const struct half *half)
{
    const struct waiting_piece *front = waiting_front(&half->waiting);
    if (front) {
        return front->start;
    }
    return half->ended ? max_u64(half->fin, half->next) : half->next;
}

static bool has_hole(const struct half *half)
{
    return half->phase == HALF_HELD || hole_end(half) > half->next;
}

/* Sets the deadline of the hole in front; an acknowledgement past it counts from `acked_at`. */
static void hole_watch(struct tcp *tcp, struct talk *talk, int from, int64_t acked_at)
{
    struct half *half = &talk->halves[from];
    half->acked_past = false;
    if (!has_hole(half)) {
        timers_cancel(&tcp->holes, &half->hole);
        return;
    }
    int64_t wait = talk->connection.seen[!from] ? LONGEST_WAIT : ONE_SIDED_WAIT;
    int64_t due = time_after(half->hole_since, half->phase == HALF_HELD ? HOLD_WAIT : wait);
    if (half->phase == HALF_FIRM && half->acked >= hole_end(half)) {
        int64_t acked_due = time_after(acked_at, ACKED_WAIT);
        due = acked_due < due ? acked_due : due;
        half->acked_past = true;
    }
    half->hole.kind = from;
    half->hole.object = talk;
    timers_set(&tcp->holes, &half->hole, due);
}

static void hole_appears(struct tcp *tcp, struct talk *talk, int from)
{
    talk->halves[from].hole_since = tcp->now.time;
    hole_watch(tcp, talk, from, tcp->now.time);
}

/* ---- handing on ---- */

static struct origin origin_at(const struct talk *talk, int from, const struct origin *origin)
{
    const struct half *half = &talk->halves[from];
    struct origin at = *origin;
    at.stream = talk->connection.id;
    at.stream_offset = half->next - half->start;
    return at;
}

static void hand_on(struct tcp *tcp, struct talk *talk, int from, struct slice bytes,
                    const struct origin *origin)
{
    struct half *half = &talk->halves[from];
    if (!half->begun) {
        half->begun = true;
        half->start = half->next;
    }
    struct origin at = origin_at(talk, from, origin);
    history_keep(&tcp->history, &half->history, half->next, bytes);
    half->next += bytes.size;
    talk->connection.bytes[from] += bytes.size;
    tcp->sink.data(tcp->sink.context, &talk->connection, from, bytes, &at);
}

/* Bytes up to `end` are missing for good. Before the first byte that is no gap, but the start. */
static void pass_gap(struct tcp *tcp, struct talk *talk, int from, uint64_t end,
                     const struct origin *origin)
{
    struct half *half = &talk->halves[from];
    if (end <= half->next) {
        return;
    }
    uint64_t size = end - half->next;
    if (half->begun) {
        struct origin at = origin_at(talk, from, origin);
        half->gap_from = half->next;
        half->gap_to = end;
        half->next = end;
        talk->connection.lost[from] += size;
        talk->connection.gaps[from]++;
        tcp->sink.gap(tcp->sink.context, &talk->connection, from, size, &at);
    }
    half->next = end;
}

/* Hands on what no longer waits behind anything. True when something did. */
static bool flush(struct tcp *tcp, struct talk *talk, int from)
{
    struct half *half = &talk->halves[from];
    bool any = false;
    const struct waiting_piece *front = waiting_front(&half->waiting);
    while (front && front->start == half->next) {
        struct slice bytes = {front->bytes, (size_t)(front->end - front->start)};
        hand_on(tcp, talk, from, bytes, &front->origin);
        waiting_drop(&tcp->room, &half->waiting);
        front = waiting_front(&half->waiting);
        any = true;
    }
    if (any) {
        half->hole_since = front ? front->origin.time : tcp->now.time;
    }
    return any;
}

/*
 * Where a gap is noted: at the earliest of the bytes that flush() hands on behind it, so
 * that in the order of the run it never comes after a message that those complete.
 */
static struct origin gap_origin(const struct tcp *tcp, const struct waiting *waiting)
{
    const struct waiting_piece *front = waiting_front(waiting);
    struct origin earliest = front ? front->origin : tcp->now;
    for (size_t i = 1; i < waiting->count; i++) {
        const struct waiting_piece *piece = waiting->pieces[waiting->first + i];
        if (piece->start != waiting->pieces[waiting->first + i - 1]->end) {
            break;
        }
        if (origin_compare(&piece->origin, &earliest) < 0) {
            earliest = piece->origin;
        }
    }
    return earliest;
}

void half_decide(struct tcp *tcp, struct talk *talk, int from)
{
    struct half *half = &talk->halves[from];
    const struct origin origin = gap_origin(tcp, &half->waiting);
    half->phase = HALF_FIRM;
    pass_gap(tcp, talk, from, hole_end(half), &origin);
    flush(tcp, talk, from);
    /* What waits behind the next hole has waited as long as it has: no new second for each. */
    hole_watch(tcp, talk, from, half->hole_since);
}

/* Room for others is made by giving up holes, the one that is due first before the rest. */
static void keep_caps(struct tcp *tcp, struct talk *talk, int from)
{
    struct half *half = &talk->halves[from];
    while (half->waiting.charge > tcp->max_waiting) {
        /* To be certain of the start a little earlier costs nothing. */
        if (half->phase != HALF_HELD) {
            tcp_report_cap(tcp, talk, from, "tcp_waiting_bytes");
        }
        half_decide(tcp, talk, from);
    }
    while (tcp->room.charge > tcp->max_waiting_total) {
        const struct timer *timer = timers_due(&tcp->holes, INT64_MAX);
        tcp_report_cap(tcp, timer->object, timer->kind, "tcp_waiting_total");
        half_decide(tcp, timer->object, timer->kind);
    }
}

/* ---- the beginning ---- */

static void settle(struct tcp *tcp, struct talk *talk, int from, uint64_t next)
{
    struct half *half = &talk->halves[from];
    half->phase = HALF_FIRM;
    half->next = next;
    flush(tcp, talk, from);
    hole_watch(tcp, talk, from, tcp->now.time);
}

/* The hint led nowhere near the data. Nothing waits and nothing was handed on. */
static void forget_hint(struct tcp *tcp, struct half *half)
{
    timers_cancel(&tcp->holes, &half->hole);
    *half = (struct half){0};
}

void half_begin(struct tcp *tcp, struct talk *talk, int from, uint32_t sequence)
{
    struct half *half = &talk->halves[from];
    if (half->begun) {
        return;
    }
    if (half->phase == HALF_HINTED && half_is_foreign(half, sequence)) {
        forget_hint(tcp, half);
    }
    uint64_t position =
        half->phase == HALF_UNKNOWN ? HALF_BASE + sequence : position_of(half, sequence);
    const struct waiting_piece *front = waiting_front(&half->waiting);
    if (front && (position > front->start || half_is_foreign(half, sequence))) {
        return;
    }
    half->begun = true;
    half->start = position;
    settle(tcp, talk, from, position);
}

/* Where a direction without a SYN starts, now that a segment with data has come. */
static void place_start(struct tcp *tcp, struct half *half, uint32_t sequence)
{
    if (half->phase == HALF_HINTED && half_is_foreign(half, sequence)) {
        forget_hint(tcp, half);
    }
    if (half->phase == HALF_UNKNOWN) {
        half->next = HALF_BASE + sequence;
        half->phase = HALF_HELD;
        return;
    }
    uint64_t position = position_of(half, sequence);
    if (half->phase == HALF_HINTED) {
        /* The hint may have been a keep-alive, which stands one byte before. */
        bool after_probe = half->acked == 0 && position == half->next + 1;
        half->next = after_probe ? position : half->next;
        half->phase = HALF_FIRM;
    }
    half->next = min_u64(half->next, position);
}

void half_acknowledge(struct tcp *tcp, struct talk *talk, int from, uint32_t sequence)
{
    struct half *half = &talk->halves[from];
    if (half->phase == HALF_UNKNOWN) {
        half->next = HALF_BASE + sequence;
        half->acked = half->next;
        half->phase = HALF_HINTED;
        return;
    }
    uint64_t position = position_of(half, sequence);
    if (position <= half->acked || half_is_foreign(half, sequence)) {
        return;
    }
    half->acked = position;
    if (half->phase == HALF_HINTED && half->placed && position > half->next + 1) {
        /* Sent while the capture ran, and missed; one byte alone may be a keep-alive's. */
        half->phase = HALF_FIRM;
        half->begun = true;
        half->start = half->next;
    } else if (half->phase == HALF_HINTED) {
        half->placed = half->placed && position <= half->next;
        half->next = max_u64(half->next, position);
    } else if (half->phase == HALF_HELD) {
        const struct waiting_piece *front = waiting_front(&half->waiting);
        settle(tcp, talk, from, min_u64(position, front ? front->start : half->next));
    } else if (timer_is_set(&half->hole) && !half->acked_past && position >= hole_end(half)) {
        hole_watch(tcp, talk, from, tcp->now.time);
    }
}

/* ---- data ---- */

/* Bytes before `next`: a retransmission, or too late. */
static void judge_old(const struct tcp *tcp, struct talk *talk, int from, uint64_t position,
                      struct slice bytes)
{
    const struct half *half = &talk->halves[from];
    uint64_t end = position + bytes.size;
    talk->connection.conflicts +=
        history_differences(&tcp->history, half->history, position, bytes);
    if (position < half->start) {
        talk->connection.late[from] += min_u64(end, half->start) - position;
    }
    uint64_t gap_from = max_u64(position, half->gap_from);
    uint64_t gap_to = min_u64(end, half->gap_to);
    if (gap_from < gap_to) {
        talk->connection.late[from] += gap_to - gap_from;
    }
}

/* Bytes that cannot be handed on yet. */
static void keep_back(struct tcp *tcp, struct talk *talk, int from, uint64_t position,
                      struct slice bytes, const struct origin *origin)
{
    struct half *half = &talk->halves[from];
    const struct waiting_piece *front = waiting_front(&half->waiting);
    talk->connection.conflicts += waiting_put(&tcp->room, &half->waiting, position, bytes, origin);
    if (half->phase != HALF_HELD && flush(tcp, talk, from)) {
        hole_watch(tcp, talk, from, tcp->now.time);
    } else if (!timer_is_set(&half->hole)) {
        hole_appears(tcp, talk, from);
    } else if (waiting_front(&half->waiting) != front && !half->acked_past) {
        hole_watch(tcp, talk, from, tcp->now.time);
    }
    keep_caps(tcp, talk, from);
}

static void feed_bytes(struct tcp *tcp, struct talk *talk, int from, uint64_t position,
                       struct slice bytes, const struct origin *origin)
{
    struct half *half = &talk->halves[from];
    if (half->ended && position + bytes.size > half->fin) {
        size_t fits = position < half->fin ? (size_t)(half->fin - position) : 0;
        talk->connection.late[from] += bytes.size - fits;
        bytes = slice_sub(bytes, 0, fits);
    }
    if (position < half->next) {
        size_t old = (size_t)min_u64(bytes.size, half->next - position);
        /* A keep-alive may carry one byte of anything (RFC 9293 section 3.8.4). */
        if (bytes.size != 1 || position + 1 != half->next) {
            judge_old(tcp, talk, from, position, slice_sub(bytes, 0, old));
        }
        position += old;
        bytes = slice_from(bytes, old);
    }
    if (bytes.size == 0) {
        return;
    }
    const struct waiting_piece *front = waiting_front(&half->waiting);
    bool in_order = half->phase == HALF_FIRM && position == half->next;
    if (!in_order || (front && position + bytes.size > front->start)) {
        keep_back(tcp, talk, from, position, bytes, origin);
        return;
    }
    hand_on(tcp, talk, from, bytes, origin);
    if (timer_is_set(&half->hole) && (flush(tcp, talk, from) || !has_hole(half))) {
        hole_watch(tcp, talk, from, tcp->now.time);
    }
}

/* A FIN stands behind the last byte. The first one counts. */
static void feed_fin(struct tcp *tcp, struct talk *talk, int from, uint64_t position)
{
    struct half *half = &talk->halves[from];
    const struct waiting *waiting = &half->waiting;
    if (half->ended || position < half->next) {
        return;
    }
    if (waiting->count > 0 &&
        waiting->pieces[waiting->first + waiting->count - 1]->end > position) {
        return;
    }
    half->ended = true;
    half->fin = position;
    talk->ending = true;
    if (has_hole(half) && !timer_is_set(&half->hole)) {
        hole_appears(tcp, talk, from);
    }
}

/* A segment of which no byte was captured: its place is known, and that something is missing. */
static void feed_missing(struct half *half, uint64_t position, uint64_t missing)
{
    if (!half->begun && half->phase != HALF_HELD && half->waiting.count == 0) {
        half->phase = HALF_FIRM;
        half->begun = true;
        half->start = half->next;
    }
    half->reach = max_u64(half->reach, position + missing);
}

/* A segment without data stands at the next byte to be sent. */
static void feed_place(struct half *half, uint32_t sequence)
{
    if (half->phase == HALF_UNKNOWN) {
        half->next = HALF_BASE + sequence;
        half->phase = HALF_HINTED;
        half->placed = true;
        return;
    }
    uint64_t position = position_of(half, sequence);
    if (half->phase == HALF_FIRM) {
        half->reach = max_u64(half->reach, position);
    } else if (half->phase == HALF_HINTED) {
        half->next = half->acked == 0 ? max_u64(half->next, position) : half->next;
        half->placed = half->placed || position == half->next;
    }
}

static bool is_probe(const struct half *half, const struct datagram *segment, uint32_t sequence)
{
    return half->phase == HALF_HINTED && segment->payload.size == 1 && segment->missing == 0 &&
           (segment->flags & TCP_FIN) == 0 && sequence + 1 == (uint32_t)half->next;
}

void half_feed(struct tcp *tcp, struct talk *talk, int from, const struct datagram *segment)
{
    struct half *half = &talk->halves[from];
    uint32_t sequence = segment->sequence + ((segment->flags & TCP_SYN) != 0);
    size_t size = segment->payload.size;
    bool fin = (segment->flags & TCP_FIN) != 0;
    if (size == 0 && !fin && segment->missing == 0) {
        feed_place(half, sequence);
        return;
    }
    if (is_probe(half, segment, sequence)) {
        return;
    }
    if (size > 0 && half->phase != HALF_FIRM) {
        place_start(tcp, half, sequence);
    } else if (half->phase == HALF_UNKNOWN) {
        feed_place(half, sequence);
    }
    uint64_t position = position_of(half, sequence);
    if (size > 0) {
        feed_bytes(tcp, talk, from, position, segment->payload, &segment->origin);
    }
    if (segment->missing > 0) {
        feed_missing(half, position + size, segment->missing);
    }
    if (fin) {
        feed_fin(tcp, talk, from, position + size + segment->missing);
    }
}

void half_finish(struct tcp *tcp, struct talk *talk, int from)
{
    struct half *half = &talk->halves[from];
    while (half->waiting.count > 0) {
        half_decide(tcp, talk, from);
    }
    timers_cancel(&tcp->holes, &half->hole);
    uint64_t known = max_u64(half->reach, half->acked);
    if (half->ended) {
        known = half->fin;
    } else if (known == half->next + 1) {
        /* A FIN takes a number as well: more likely that was lost than a single byte. */
        known = half->next;
    }
    /* Of a direction that was never captured nothing is lost; it is one-sided. */
    if (talk->connection.seen[from]) {
        pass_gap(tcp, talk, from, known, &tcp->now);
    }
}

void half_meet_peer(struct tcp *tcp, struct talk *talk, int from)
{
    struct half *half = &talk->halves[from];
    if (timer_is_set(&half->hole) && !half->acked_past) {
        hole_watch(tcp, talk, from, tcp->now.time);
    }
}

bool half_is_over(const struct half *half)
{
    return half->ended && half->phase != HALF_HELD && half->next >= half->fin;
}
