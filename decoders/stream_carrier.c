/*
 * Bytes of one way to whole messages, by what the way carries. See stream_way.h.
 */
#include <stdlib.h>

#include "analyzer/engine/arena.h"
#include "decoders/sip_header.h"
#include "decoders/sip_start.h"
#include "decoders/stream_http.h"
#include "decoders/stream_way.h"
#include "decoders/stream_web.h"

/* What is being worked on: a way, and how far into the span. */
struct step {
    struct streams *streams;
    struct conversation *conversation;
    struct way *way;
    int from;
    const struct span *span;
    size_t at;
};

static struct slice step_rest(const struct step *step)
{
    return slice_from(step->span->bytes, step->at);
}

/* Line ends may be keep-alives, seen apart or together with the junk: they are not counted as it.
 */
static uint64_t visible_bytes(struct slice bytes)
{
    uint64_t count = 0;
    for (size_t i = 0; i < bytes.size; i++) {
        count += bytes.data[i] != '\r' && bytes.data[i] != '\n';
    }
    return count;
}

/* `size` bytes from where the step stands. */
static void junk_add(struct step *step, uint64_t size)
{
    if (step->way->junk == 0) {
        step->way->junk_at = step->span->origin;
        step->way->junk_at.stream_offset = step->span->offset + step->at;
    }
    step->way->junk += size;
    step->way->junk_visible += visible_bytes(slice_sub(step_rest(step), 0, size));
    step->way->loose = true;
}

/* ---- compression: presence.md 8.3 ---- */

static void compression_begin(struct step *step)
{
    step->conversation->unread = UNREAD_COMPRESSED;
    step->conversation->unread_from = step->span->origin;
    step->conversation->offered = false;
}

static bool is_negotiate(const struct sip_start *start, struct slice raw)
{
    static const struct slice negotiate = SLICE("NEGOTIATE");
    if (start->request) {
        return slice_equal(start->method, negotiate);
    }
    struct slice cseq;
    return sip_field_find(raw, HEADER_CSEQ, &cseq) && cseq.size > negotiate.size &&
           slice_equal(slice_from(cseq, cseq.size - negotiate.size), negotiate);
}

/* A NEGOTIATE with Compression and its 200 with the same: from there on nothing can be read. */
static void compression_watch(struct step *step, struct slice raw)
{
    struct conversation *conversation = step->conversation;
    bool could_answer = conversation->offered && slice_byte(raw, 0) == 'S';
    if (slice_byte(raw, 0) != 'N' && !could_answer) {
        return;
    }
    struct sip_start start;
    struct slice algorithm;
    if (sip_start_read(raw, &start) != SIP_LOOK_YES || !is_negotiate(&start, raw)) {
        return;
    }
    bool named = sip_field_find(raw, HEADER_COMPRESSION, &algorithm);
    if (start.request) {
        conversation->offered = named;
    } else if (start.status == 200 && named) {
        compression_begin(step);
    } else if (start.status >= 200) {
        conversation->offered = false;
    }
}

/* ---- SIP ---- */

/* A whole message lies at step->at; behind junk its first bytes may be wrong. */
static void sip_message(struct step *step, const struct sip_frame *frame)
{
    struct slice raw = slice_sub(step->span->bytes, step->at, frame->size);
    size_t trim = step->way->loose ? sip_frame_trim(raw) : 0;
    if (trim == SLICE_NONE) {
        junk_add(step, raw.size);
    } else {
        step->way->junk += trim;
        step->way->junk_visible += visible_bytes(slice_sub(raw, 0, trim));
        raw = slice_from(raw, trim);
        note_unit(step->streams, step->conversation, step->from, &step->span->origin,
                  step->span->offset + step->at + trim, raw, frame->body_cut ? SIP_BODY_CUT : 0);
        compression_watch(step, raw);
    }
    step->way->loose = false;
    step->at += frame->size;
}

/* Bytes that are not SIP behind an offer whose answer was not captured: it was accepted. */
static void sip_lost(struct step *step, size_t size)
{
    if (step->conversation->offered) {
        compression_begin(step);
        return;
    }
    junk_add(step, size);
    step->at += size;
}

/* Keep-alives are no junk. */
static void line_ends_pass(struct step *step)
{
    struct slice bytes = step->span->bytes;
    while (step->at < bytes.size &&
           (bytes.data[step->at] == '\r' || bytes.data[step->at] == '\n')) {
        step->at++;
    }
}

/* False when there is nothing more to do before more bytes come. */
static bool sip_step(struct step *step)
{
    struct way *way = step->way;
    if (way->scanned == 0) {
        line_ends_pass(step);
    }
    struct sip_frame frame =
        sip_frame_resume(step_rest(step), way->scanned, step->span->final, &step->streams->limits);
    way->scanned = frame.scanned;
    way->needed = frame.needed > 0 ? frame.needed - frame.skip : 0;
    switch (frame.status) {
    case SIP_FRAME_MESSAGE:
        step->at += frame.skip;
        sip_message(step, &frame);
        return true;
    case SIP_FRAME_LOST:
        sip_lost(step, frame.skip);
        return true;
    case SIP_FRAME_TOO_BIG:
        note_cap(step->streams, step->conversation, step->from, &step->span->origin, frame.cap,
                 frame.skip);
        junk_add(step, frame.skip);
        step->at += frame.skip;
        return true;
    case SIP_FRAME_MORE:
        break;
    }
    step->at += frame.skip;
    return false;
}

/* ---- HTTP and WebSocket ---- */

static bool new_step(struct step *step)
{
    enum http_look look = http_look(step_rest(step));
    enum sip_look sip = sip_look(step_rest(step));
    bool open = look == HTTP_MORE
                    ? sip != SIP_LOOK_YES
                    : look == HTTP_NO && sip == SIP_LOOK_MORE && step->conversation->web;
    if (open && !step->span->final) {
        return false;
    }
    step->way->carrier = look == HTTP_YES ? CARRIER_HTTP : CARRIER_SIP;
    if (look != HTTP_YES && sip != SIP_LOOK_YES) {
        (void)web_join(step->conversation, step->from);
    }
    return true;
}

static void websocket_begin(struct step *step)
{
    step->way->carrier = CARRIER_WEBSOCKET;
    if (!step->way->websocket) {
        step->way->websocket = memory_alloc(sizeof *step->way->websocket);
        websocket_init(step->way->websocket, step->streams->limits.message_bytes);
    }
}

static bool http_step(struct step *step)
{
    size_t size = 0;
    switch (http_head_read(step_rest(step), &size)) {
    case HTTP_HEAD_MORE:
        if (!step->span->final) {
            return false;
        }
        step->way->carrier = CARRIER_OTHER;
        break;
    case HTTP_HEAD_WEBSOCKET:
        websocket_begin(step);
        break;
    case HTTP_HEAD_TUNNEL:
        step->way->carrier = CARRIER_SIP;
        break;
    case HTTP_HEAD_OTHER:
        web_begin(step->streams, step->conversation, step->from);
        return true; /* its reader begins with the same head */
    }
    step->at += size;
    return true;
}

/* After lost bytes: do these begin with a frame whose payload is SIP? */
static bool frames_found(struct slice bytes)
{
    char payload[WEBSOCKET_PEEK];
    size_t size = websocket_peek(bytes, payload);
    return size > 0 && sip_look((struct slice){payload, size}) != SIP_LOOK_NO;
}

static void websocket_message(struct step *step)
{
    struct slice raw = buffer_slice(&step->way->websocket->message);
    bool found = false;
    size_t begin = sip_start_find(raw, 0, &found);
    if (found) {
        note_unit(step->streams, step->conversation, step->from, &step->span->origin,
                  step->way->websocket->message_at, slice_from(raw, begin), 0);
    }
}

static bool web_step(struct step *step)
{
    step->at = web_consume(step->streams, step->conversation, step->from, step->span, step->at);
    return false;
}

static bool websocket_step(struct step *step)
{
    struct way *way = step->way;
    size_t used = 0;
    if (way->frames_lost && !frames_found(step_rest(step))) {
        step->at = step->span->bytes.size;
        return true;
    }
    way->frames_lost = false;
    size_t begin = step->at;
    way->websocket->position = step->span->offset + begin;
    switch (websocket_feed(way->websocket, step_rest(step), &used)) {
    case WEBSOCKET_MESSAGE:
        websocket_message(step);
        break;
    case WEBSOCKET_CAPPED:
        note_cap(step->streams, step->conversation, step->from, &step->span->origin,
                 "message_bytes", used);
        break;
    case WEBSOCKET_DEFLATED:
        compression_begin(step);
        break;
    case WEBSOCKET_BROKEN:
        websocket_reset(way->websocket);
        way->carrier = CARRIER_NEW;
        break;
    case WEBSOCKET_MORE:
        break;
    }
    step->at = begin + used;
    return true;
}

size_t carrier_consume(struct streams *streams, struct conversation *conversation, int from,
                       const struct span *span)
{
    struct step step = {
        .streams = streams,
        .conversation = conversation,
        .way = &conversation->ways[from],
        .from = from,
        .span = span,
    };
    bool going = true;
    while (going && step.at < span->bytes.size && conversation->unread == UNREAD_NOTHING) {
        switch (step.way->carrier) {
        case CARRIER_NEW:
            going = new_step(&step);
            break;
        case CARRIER_HTTP:
            going = http_step(&step);
            break;
        case CARRIER_SIP:
            going = sip_step(&step);
            break;
        case CARRIER_WEBSOCKET:
            going = websocket_step(&step);
            break;
        case CARRIER_WEB:
            going = web_step(&step);
            break;
        case CARRIER_OTHER:
            step.at = span->bytes.size;
            break;
        }
    }
    return step.at;
}
