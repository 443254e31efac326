/* See record.h; the forms of a record are described in samples/README.md. */
#include "samples/record.h"

#include "analyzer/engine/origin.h"
#include "samples/dns.h"
#include "samples/sipkit.h"

#include <stdio.h>
#include <string.h>

enum { RECORD_HOPS = 8, RECORD_TEXTS = 8 };

/* A hop that only passes a message on takes this long. */
#define HOP_TIME (TIME_SECOND / 1000)

enum record_kind {
    RECORD_TEXT,
    RECORD_ANSWER,
    RECORD_RELAY,
    RECORD_AGAIN,
    RECORD_BYTES,
    RECORD_DNS
};

struct record {
    enum record_kind kind;
    unsigned hops[RECORD_HOPS];
    unsigned hop_count;
    struct slice texts[RECORD_TEXTS]; /* names of texts put in front */
    unsigned text_count;
    struct slice status; /* "200 OK" */
    struct slice tag;
    struct slice branch; /* of the first hop of a relayed message; fresh without */
    struct slice label;
    struct slice target; /* label of the message that is answered, relayed, repeated */
    struct slice quoted; /* RECORD_BYTES; of RECORD_DNS the name and its targets */
    bool with;           /* an answer that goes on with headers and a body */
    bool bare;
    bool literal; /* the lines as they stand: nothing is supplied */
    bool glue;
};

/* "+0.120" from the record before, "@10:05:00.5" of the day on which the talk starts. */
static int64_t time_read(const struct script *script, struct slice word)
{
    char copy[32];
    snprintf(copy, sizeof copy, "%.*s", (int)(word.size - 1), word.data + 1);
    double seconds = 0;
    int64_t hours = 0, minutes = 0;
    int64_t base = script->expand.clock;
    bool good;
    if (word.data[0] == '+') {
        good = sscanf(copy, "%lf", &seconds) == 1;
    } else {
        int64_t day = 86400 * TIME_SECOND;
        base = script->talk->start / day * day;
        int h, m;
        good = sscanf(copy, "%d:%d:%lf", &h, &m, &seconds) == 3;
        hours = good ? h : 0;
        minutes = good ? m : 0;
    }
    int64_t time =
        base + (hours * 3600 + minutes * 60) * TIME_SECOND + (int64_t)(seconds * 1e6 + 0.5) * 1000;
    if (!good || time < script->expand.clock) {
        script_fail(script, "not a time at or after the record before:", word);
    }
    return time;
}

static void hops_read(const struct script *script, struct record *record, struct slice *rest)
{
    for (;;) {
        if (record->hop_count == RECORD_HOPS) {
            script_fail(script, "too many hops:", *rest);
        }
        record->hops[record->hop_count++] = script_party(script, word_next(rest));
        if (!slice_starts(*rest, slice_of("->"))) {
            break;
        }
        *rest = slice_from(*rest, 2);
    }
    if (record->hop_count < 2) {
        script_fail(script, "a record is written TIME A -> B ...:", *rest);
    }
}

static bool word_is(struct slice word, const char *text)
{
    return slice_equal(word, slice_of(text));
}

/* "200 OK": the words up to the next keyword belong to the reason. */
static struct slice status_read(struct slice first, struct slice *rest)
{
    const char *end = first.data + first.size;
    while (rest->size > 0) {
        struct slice after = *rest, word = word_next(&after);
        if (word_is(word, "with") || word_is(word, "use") || word_is(word, "to") ||
            word_is(word, "as") || slice_starts(word, slice_of("tag="))) {
            break;
        }
        end = word.data + word.size;
        *rest = after;
    }
    return (struct slice){first.data, (size_t)(end - first.data)};
}

static void word_read(const struct script *script, struct record *record, struct slice word,
                      struct slice *rest)
{
    if (word_is(word, "as")) {
        record->label = word_next(rest);
    } else if (word_is(word, "to") || word_is(word, "of")) {
        record->target = word_next(rest);
    } else if (word_is(word, "lf")) {
        record->bare = true;
    } else if (word_is(word, "literal")) {
        record->literal = true;
    } else if (word_is(word, "glue")) {
        record->glue = true;
    } else if (word_is(word, "with")) {
        record->with = true;
    } else if (word_is(word, "relay")) {
        record->kind = RECORD_RELAY;
    } else if (word_is(word, "again")) {
        record->kind = RECORD_AGAIN;
    } else if (word_is(word, "bytes")) {
        record->kind = RECORD_BYTES;
        record->quoted = *rest;
        *rest = (struct slice){NULL, 0};
    } else if (word_is(word, "dns")) {
        record->kind = RECORD_DNS;
        record->quoted = *rest;
        *rest = (struct slice){NULL, 0};
    } else if (word_is(word, "use") && record->text_count < RECORD_TEXTS) {
        record->texts[record->text_count++] = word_next(rest);
    } else if (slice_starts(word, slice_of("tag="))) {
        record->tag = slice_from(word, 4);
    } else if (slice_starts(word, slice_of("branch="))) {
        record->branch = slice_from(word, 7);
    } else if (word.size == 3 && ascii_is_digit(word.data[0])) {
        record->kind = RECORD_ANSWER;
        record->status = status_read(word, rest);
    } else {
        script_fail(script, "not understood:", word);
    }
}

/* The link between two parties; *upward says whether `from` opened it. */
static unsigned link_find(const struct script *script, unsigned from, unsigned to, bool *upward)
{
    const struct talk *talk = script->talk;
    for (unsigned i = 0; i < talk->link_count; i++) {
        const struct talk_link *link = &talk->links[i];
        *upward = link->opener == from && link->acceptor == to;
        if (*upward || (link->opener == to && link->acceptor == from)) {
            return i;
        }
    }
    script_fail(script, "not linked to the party before it:", talk->parties[to].name);
}

static unsigned item_receiver(const struct talk *talk, const struct talk_item *item)
{
    const struct talk_link *link = &talk->links[item->link];
    return item->upward ? link->acceptor : link->opener;
}

static void item_add(struct script *script, const struct record *record, unsigned hop, bool message,
                     struct slice bytes)
{
    struct talk *talk = script->talk;
    if (talk->item_count == talk->item_capacity) {
        talk->item_capacity = talk->item_capacity == 0 ? 256 : 2 * talk->item_capacity;
        talk->items = memory_grow(talk->items, talk->item_capacity, sizeof *talk->items);
    }
    struct talk_item *item = &talk->items[talk->item_count++];
    struct slice method = message ? sipkit_method(bytes) : (struct slice){NULL, 0};
    *item = (struct talk_item){
        .time = script->expand.clock,
        .glue = record->glue,
        .message = message,
        .bytes = arena_keep(&talk->arena, bytes),
        .label = record->label,
        .request = message && sipkit_is_request(bytes),
        .oneway = word_is(method, "ACK") || word_is(method, "BENOTIFY"),
    };
    item->link = link_find(script, record->hops[hop], record->hops[hop + 1], &item->upward);
}

static bool label_matches(const struct talk_item *item, struct slice label)
{
    return label.size == 0 || slice_equal(item->label, label);
}

/* The last request that `from` got from `to` and has not finally answered, or the one so labelled.
 */
static struct talk_item *request_find(const struct script *script, const struct record *record)
{
    struct talk *talk = script->talk;
    bool upward;
    unsigned link = link_find(script, record->hops[1], record->hops[0], &upward);
    for (size_t i = talk->item_count; i-- > 0;) {
        struct talk_item *item = &talk->items[i];
        if (item->request && item->link == link && item->upward == upward &&
            label_matches(item, record->target) &&
            (record->target.size > 0 || (!item->answered && !item->oneway))) {
            return item;
        }
    }
    script_fail(script, "no request to answer", record->target);
}

/* The last message that a party received (relay), or sent over this very link (again). */
static const struct talk_item *message_find(const struct script *script,
                                            const struct record *record, bool received)
{
    const struct talk *talk = script->talk;
    bool upward;
    unsigned link = link_find(script, record->hops[0], record->hops[1], &upward);
    for (size_t i = talk->item_count; i-- > 0;) {
        const struct talk_item *item = &talk->items[i];
        bool fits = received ? item_receiver(talk, item) == record->hops[0]
                             : item->link == link && item->upward == upward;
        if (item->message && fits && label_matches(item, record->target)) {
            return item;
        }
    }
    script_fail(script, "no message of that label:", record->target);
}

/* The Via that the sender of a hop puts on top. */
static void via_append(struct script *script, unsigned from, unsigned to, struct slice branch,
                       struct buffer *out)
{
    bool upward;
    const struct talk *talk = script->talk;
    const struct talk_link *link = &talk->links[link_find(script, from, to, &upward)];
    const struct talk_party *party = &talk->parties[from];
    static const char *const names[CARRIERS] = {"UDP", "TCP", "TLS", "TCP"};
    char text[64];
    snprintf(text, sizeof text, "SIP/2.0/%s %u.%u.%u.%u:%u;branch=", names[link->carrier],
             party->host[0], party->host[1], party->host[2], party->host[3],
             talk_port(talk, link, upward));
    buffer_append_text(out, text);
    if (branch.size > 0) {
        buffer_append(out, branch);
    } else {
        expand_branch(&script->expand, out);
    }
}

/* Passes the last item on over the rest of the chain. */
static void hops_follow(struct script *script, const struct record *record, unsigned first)
{
    for (unsigned hop = first; hop + 1 < record->hop_count; hop++) {
        script->expand.clock += HOP_TIME;
        struct slice message = script->talk->items[script->talk->item_count - 1].bytes;
        struct buffer via, out;
        buffer_init(&via, SIZE_MAX / 2);
        buffer_init(&out, SIZE_MAX / 2);
        via_append(script, record->hops[hop], record->hops[hop + 1], (struct slice){NULL, 0}, &via);
        sipkit_relay(message, buffer_slice(&via), &out);
        item_add(script, record, hop, true, buffer_slice(&out));
        buffer_dispose(&via);
        buffer_dispose(&out);
    }
}

static void text_expand(struct script *script, struct slice text, struct buffer *out)
{
    struct slice unknown = {NULL, 0};
    if (!expand_text(&script->expand, text, out, &unknown)) {
        script_fail(script, "no such name:", unknown);
    }
}

/* The texts named by `use`, then the text that follows. */
static void text_read(struct script *script, const struct record *record, struct buffer *out)
{
    for (unsigned i = 0; i < record->text_count; i++) {
        char name[64];
        int size = snprintf(name, sizeof name, "{%.*s}", (int)record->texts[i].size,
                            record->texts[i].data);
        text_expand(script, (struct slice){name, (size_t)size}, out);
    }
    text_expand(script, script_block(script), out);
}

/* A tag made from what is answered and by whom: the same on every run. */
static struct slice tag_make(const struct record *record, struct slice request,
                             char text[static 24])
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325) + record->hops[0];
    struct slice call_id = sipkit_header(request, "Call-ID");
    struct slice cseq = sipkit_header(request, "CSeq");
    for (size_t i = 0; i < call_id.size + cseq.size; i++) {
        char c = i < call_id.size ? call_id.data[i] : cseq.data[i - call_id.size];
        hash = (hash ^ (unsigned char)c) * UINT64_C(0x100000001b3);
    }
    int size = snprintf(text, 24, "%08X", (unsigned)(hash >> 32));
    return (struct slice){text, (size_t)size};
}

/* A final response answers the request on every hop. */
static void request_answered(struct talk *talk, struct slice request)
{
    struct slice call_id = sipkit_header(request, "Call-ID");
    struct slice cseq = sipkit_header(request, "CSeq");
    for (size_t i = 0; i < talk->item_count; i++) {
        struct talk_item *item = &talk->items[i];
        if (item->request && slice_equal(sipkit_header(item->bytes, "Call-ID"), call_id) &&
            slice_equal(sipkit_header(item->bytes, "CSeq"), cseq)) {
            item->answered = true;
        }
    }
}

static void answer_append(struct script *script, const struct record *record, struct buffer *out)
{
    struct talk_item *request = request_find(script, record);
    char text[24];
    struct slice tag = record->tag.size > 0 ? record->tag : tag_make(record, request->bytes, text);
    sipkit_answer(request->bytes, record->status, tag, out);
    if (record->status.data[0] != '1') {
        request_answered(script->talk, request->bytes);
    }
    if (record->text_count > 0 || record->with) {
        text_read(script, record, out);
    }
    struct slice written = buffer_slice(out);
    struct slice body = {NULL, 0};
    size_t blank = slice_find(written, slice_of("\n\n"));
    if (blank != SLICE_NONE) {
        body = arena_keep(&script->talk->arena, slice_from(written, blank + 1));
        out->size = blank + 1;
    }
    buffer_append_text(out, "Content-Length: *\n");
    buffer_append(out, body);
}

/* "..." with \r \n \t \\ \" \0. */
static void bytes_append(const struct script *script, struct slice quoted, struct buffer *out)
{
    quoted = slice_trim(quoted);
    if (quoted.size < 2 || quoted.data[0] != '"' || quoted.data[quoted.size - 1] != '"') {
        script_fail(script, "bytes stand in quotes:", quoted);
    }
    static const char from[] = "rnt0\\\"", to[] = "\r\n\t\0\\\"";
    for (size_t i = 1; i + 1 < quoted.size; i++) {
        char c = quoted.data[i];
        if (c == '\\') {
            c = quoted.data[++i];
            const char *place = strchr(from, c);
            c = place == NULL ? c : to[place - from];
        }
        buffer_append_byte(out, c);
    }
}

/* Who opened the link asks; the other one answers. */
static void dns_append(const struct script *script, const struct record *record, struct buffer *out)
{
    bool upward;
    struct slice targets = record->quoted, name = word_next(&targets);
    (void)link_find(script, record->hops[0], record->hops[1], &upward);
    if (name.size == 0 || !dns_message(name, !upward, targets, out)) {
        script_fail(script, "dns NAME [PRIORITY WEIGHT PORT HOST]...:", record->quoted);
    }
}

/* SIP messages are what tools count; HTTP is assembled in the same way. */
static bool is_message(const struct script *script, const struct record *record)
{
    bool upward;
    unsigned link = link_find(script, record->hops[0], record->hops[1], &upward);
    return record->kind != RECORD_BYTES && record->kind != RECORD_DNS &&
           script->talk->links[link].carrier != CARRIER_HTTP;
}

static void record_emit(struct script *script, const struct record *record)
{
    struct buffer text, out;
    buffer_init(&text, SIZE_MAX / 2);
    buffer_init(&out, SIZE_MAX / 2);
    switch (record->kind) {
    case RECORD_TEXT:
        text_read(script, record, &text);
        if (record->literal) {
            sipkit_lines(buffer_slice(&text), &out);
        } else {
            sipkit_assemble(buffer_slice(&text), record->bare, &out);
        }
        break;
    case RECORD_ANSWER:
        answer_append(script, record, &text);
        sipkit_assemble(buffer_slice(&text), record->bare, &out);
        break;
    case RECORD_RELAY:
        via_append(script, record->hops[0], record->hops[1], record->branch, &text);
        sipkit_relay(message_find(script, record, true)->bytes, buffer_slice(&text), &out);
        break;
    case RECORD_AGAIN:
        buffer_append(&out, message_find(script, record, false)->bytes);
        break;
    case RECORD_BYTES:
        bytes_append(script, record->quoted, &out);
        break;
    case RECORD_DNS:
        dns_append(script, record, &out);
        break;
    }
    item_add(script, record, 0, is_message(script, record), buffer_slice(&out));
    if (is_message(script, record)) {
        hops_follow(script, record, 1);
    }
    buffer_dispose(&text);
    buffer_dispose(&out);
}

void record_read(struct script *script, struct slice line)
{
    struct record record = {.kind = RECORD_TEXT};
    struct slice rest = line;
    script->expand.clock = time_read(script, word_next(&rest));
    hops_read(script, &record, &rest);
    while (rest.size > 0) {
        struct slice word = word_next(&rest);
        word_read(script, &record, word, &rest);
    }
    record_emit(script, &record);
}
