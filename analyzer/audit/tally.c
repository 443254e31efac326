/*
 * Counts a run. See tally.h.
 *
 * A user is whoever registered, published, watched, was watched, called or chatted
 * (design: summary). An address that turns out to be a chat service is none, even
 * where it was called before that was known; an application's or server's address
 * says so itself and is never counted.
 */
#include "analyzer/audit/tally.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/audit/distinct.h"
#include "analyzer/audit/durations.h"
#include "analyzer/engine/arena.h"

enum { CODES = 1000, SEVERITIES = 3, NAME_MAX_BYTES = 256 };

/* Names with counts; above the cap everything new is counted under one name. */
struct counts {
    struct map rows; /* name -> uint64_t */
    size_t limit;
    uint64_t others;
    struct count_row *filled; /* the last tally_fill()'s */
    size_t filled_count;
};

struct tally {
    uint64_t messages;
    uint64_t retransmissions;
    uint64_t codes[CODES];
    char code_names[CODES][4];
    uint64_t findings[SEVERITIES];
    struct counts methods;
    struct counts responses;
    struct counts user_agents;
    struct counts servers;
    struct counts diagnostics;
    struct distinct call_ids;
    struct distinct dialogs;
    struct distinct users;
    struct distinct services; /* chat services: addresses that are no users */
    struct distinct rooms;
    struct distinct posts;
    struct durations responding;
    struct durations delivering;
};

static void counts_init(struct counts *counts, struct map_seed seed, size_t limit)
{
    *counts = (struct counts){.limit = limit};
    map_init(&counts->rows, seed);
}

static void counts_dispose(struct counts *counts)
{
    map_dispose(&counts->rows, free);
    free(counts->filled);
}

/* Names come from input and may be as long as a header may be; what is longer is told by its
 * beginning, in whole UTF-8 characters. */
static struct slice short_name(struct slice name)
{
    if (name.size <= NAME_MAX_BYTES) {
        return name;
    }
    size_t size = NAME_MAX_BYTES;
    while (size > NAME_MAX_BYTES - 4 && (slice_byte(name, size) & 0xc0) == 0x80) {
        size--;
    }
    return slice_sub(name, 0, size);
}

static void counts_add(struct counts *counts, struct slice full_name)
{
    struct slice name = short_name(full_name);
    uint64_t *count = map_find(&counts->rows, name);
    if (!count && counts->rows.count >= counts->limit) {
        counts->others++;
        return;
    }
    if (!count) {
        count = memory_zero(1, sizeof *count);
        map_put(&counts->rows, name, count);
    }
    ++*count;
}

struct tally *tally_new(struct map_seed seed, const struct limits *limits)
{
    struct tally *tally = memory_zero(1, sizeof *tally);
    struct counts *counts[] = {&tally->methods, &tally->responses, &tally->user_agents,
                               &tally->servers, &tally->diagnostics};
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        counts_init(counts[i], seed, limits->report_rows);
    }
    struct distinct *sets[] = {&tally->call_ids, &tally->dialogs, &tally->users,
                               &tally->services, &tally->rooms,   &tally->posts};
    for (size_t i = 0; i < sizeof sets / sizeof sets[0]; i++) {
        distinct_init(sets[i], seed, limits->distinct);
    }
    return tally;
}

void tally_free(struct tally *tally)
{
    if (!tally) {
        return;
    }
    struct counts *counts[] = {&tally->methods, &tally->responses, &tally->user_agents,
                               &tally->servers, &tally->diagnostics};
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        counts_dispose(counts[i]);
    }
    struct distinct *sets[] = {&tally->call_ids, &tally->dialogs, &tally->users,
                               &tally->services, &tally->rooms,   &tally->posts};
    for (size_t i = 0; i < sizeof sets / sizeof sets[0]; i++) {
        distinct_dispose(sets[i]);
    }
    durations_dispose(&tally->responding);
    durations_dispose(&tally->delivering);
    free(tally);
}

static void add_user(struct tally *tally, struct slice user)
{
    if (slice_find_byte(user, '@') != SLICE_NONE) {
        distinct_add(&tally->users, user);
    }
}

static void add_room(struct tally *tally, struct slice uri)
{
    if (uri.size > 0) {
        distinct_add(&tally->rooms, uri);
    }
}

static void add_service(struct tally *tally, struct slice service)
{
    if (service.size > 0) {
        distinct_add(&tally->services, service);
    }
}

static void add_party(struct tally *tally, const struct sip_party *party)
{
    if (!party->service) {
        add_user(tally, party->user);
    }
}

static void count_request(struct tally *tally, const struct message *message)
{
    counts_add(&tally->methods, message->method_name);
    if (message->user_agent.size > 0) {
        counts_add(&tally->user_agents, message->user_agent);
    }
    if (message->method == SIP_INVITE && message->role == MESSAGE_FIRST) {
        add_party(tally, &message->from);
        add_party(tally, &message->to);
    }
}

static void count_response(struct tally *tally, const struct message *message)
{
    const struct request_view *request = message->request_kept;
    tally->codes[message->status < CODES ? message->status : 0]++;
    if (message->user_agent.size > 0) {
        counts_add(&tally->servers, message->user_agent);
    }
    bool timed = message->role == MESSAGE_FIRST && message->status >= 200 && request &&
                 message->method != SIP_INVITE && request->origin.time != TIME_NONE &&
                 message->observed.origin.time != TIME_NONE;
    if (timed && message->observed.origin.time >= request->origin.time) {
        durations_add(&tally->responding, message->observed.origin.time - request->origin.time);
    }
}

static void count_message(struct tally *tally, const struct message *message)
{
    tally->messages++;
    tally->retransmissions += message->role == MESSAGE_RETRANSMISSION;
    if (message->call_id.size > 0) {
        distinct_add(&tally->call_ids, message->call_id);
    }
    if (message->request) {
        count_request(tally, message);
    } else {
        count_response(tally, message);
    }
}

static void count_dialog(struct tally *tally, const struct dialog_view *dialog)
{
    distinct_add(&tally->dialogs, map_number_key(&dialog->id));
    bool chat = dialog->service == SERVICE_CHAT || dialog->service == SERVICE_CHAT_LOOKUP;
    if (chat && dialog->from_start) { /* else the service may be the one that is seen first */
        add_service(tally, dialog->to);
    }
}

void tally_event(struct tally *tally, const struct event *event)
{
    switch (event->kind) {
    case EVENT_MESSAGE:
        count_message(tally, event->message);
        break;
    case EVENT_DIALOG:
        count_dialog(tally, &event->as.dialog);
        break;
    case EVENT_WATCH:
        add_user(tally, event->as.watch.user);
        break;
    case EVENT_CHAT:
        add_service(tally, event->as.chat.service_uri);
        break;
    case EVENT_DIAGNOSTIC:
        counts_add(&tally->diagnostics, slice_of(event->as.diagnostic.code));
        break;
    default:
        break;
    }
}

/* A subscription to something else than presence (a conference, provisioning) watches nobody. */
static void count_subscription(struct tally *tally, const struct subscription_change *given)
{
    static const struct slice presence = SLICE("presence");
    add_user(tally, given->watcher);
    if (slice_equal(given->package, presence)) {
        add_user(tally, given->target);
    }
}

/* A post is one message however often it is sent, copied or remembered. */
static void count_post(struct tally *tally, const struct change *change)
{
    const struct post_change *post = &change->as.post;
    add_user(tally, post->author);
    add_user(tally, post->session.user);
    add_room(tally, post->room);
    if (post->state == POST_SENT || post->state == POST_DELIVERED) {
        distinct_add(&tally->posts, map_number_key(&post->id));
    }
    if (post->state == POST_DELIVERED && post->captured && post->posted_at != TIME_NONE &&
        change->time >= post->posted_at) {
        durations_add(&tally->delivering, change->time - post->posted_at);
    }
}

void tally_change(struct tally *tally, const struct change *change)
{
    switch (change->kind) {
    case CHANGE_ENDPOINT:
        add_user(tally, change->as.endpoint.user);
        break;
    case CHANGE_PUBLICATION:
        add_user(tally, change->as.publication.key.user);
        break;
    case CHANGE_TOLD:
        add_user(tally, change->as.told.watcher);
        add_user(tally, change->as.told.user);
        break;
    case CHANGE_SUBSCRIPTION:
        count_subscription(tally, &change->as.subscription);
        break;
    case CHANGE_SESSION:
        add_user(tally, change->as.session.session.user);
        add_service(tally, change->as.session.service);
        break;
    case CHANGE_ROOM:
        add_room(tally, change->as.room.uri);
        break;
    case CHANGE_MEMBERSHIP:
        add_room(tally, change->as.membership.room);
        break;
    case CHANGE_POST:
        count_post(tally, change);
        break;
    default:
        break;
    }
}

void tally_finding(struct tally *tally, const struct finding *finding)
{
    tally->findings[finding->severity]++;
}

static int compare_rows(const void *a, const void *b)
{
    const struct count_row *left = a;
    const struct count_row *right = b;
    if (left->count != right->count) {
        return left->count > right->count ? -1 : 1;
    }
    return slice_compare(left->name, right->name);
}

/* Most frequent first, then by name. */
static void counts_fill(struct counts *counts, const struct count_row **rows, size_t *row_count)
{
    size_t count = 0;
    counts->filled = memory_grow(counts->filled, counts->rows.count + 1, sizeof *counts->filled);
    for (struct map_entry *entry = counts->rows.first; entry; entry = entry->next) {
        counts->filled[count++] = (struct count_row){entry->key, *(const uint64_t *)entry->value};
    }
    if (counts->others > 0) {
        counts->filled[count++] = (struct count_row){SLICE("(others)"), counts->others};
    }
    qsort(counts->filled, count, sizeof *counts->filled, compare_rows);
    counts->filled_count = count;
    *rows = counts->filled;
    *row_count = count;
}

/* Status codes are counted by number and named only here. */
static void fill_codes(struct tally *tally)
{
    struct counts *responses = &tally->responses;
    responses->filled = memory_grow(responses->filled, CODES, sizeof *responses->filled);
    responses->filled_count = 0;
    for (size_t code = 0; code < CODES; code++) {
        char *name = tally->code_names[code];
        if (tally->codes[code] == 0) {
            continue;
        }
        name[0] = (char)('0' + code / 100);
        name[1] = (char)('0' + code / 10 % 10);
        name[2] = (char)('0' + code % 10);
        responses->filled[responses->filled_count++] =
            (struct count_row){{name, 3}, tally->codes[code]};
    }
    qsort(responses->filled, responses->filled_count, sizeof *responses->filled, compare_rows);
}

void tally_fill(struct tally *tally, struct summary *out)
{
    out->sip_messages = tally->messages;
    out->retransmissions = tally->retransmissions;
    counts_fill(&tally->methods, &out->requests, &out->request_count);
    fill_codes(tally);
    out->responses = tally->responses.filled;
    out->response_count = tally->responses.filled_count;
    counts_fill(&tally->user_agents, &out->user_agents, &out->user_agent_count);
    counts_fill(&tally->servers, &out->servers, &out->server_count);
    counts_fill(&tally->diagnostics, &out->diagnostics, &out->diagnostic_count);
    out->call_ids = tally->call_ids.count;
    out->dialogs = tally->dialogs.count;
    out->users = distinct_outside(&tally->users, &tally->services);
    out->rooms = tally->rooms.count;
    out->chat_messages = tally->posts.count;
    out->exact = !(tally->call_ids.capped || tally->dialogs.capped || tally->users.capped ||
                   tally->services.capped || tally->rooms.capped || tally->posts.capped);
    memcpy(out->findings, tally->findings, sizeof out->findings);
    out->response_time = durations_percentiles(&tally->responding);
    out->post_to_copy = durations_percentiles(&tally->delivering);
}
