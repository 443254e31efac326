/*
 * Dialogs of chat sessions. See legs.h.
 */
#include "analyzer/audit/legs.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/engine/arena.h"

void legs_init(struct legs *legs, struct map_seed seed, const struct limits *limits,
               struct proofs *proofs)
{
    *legs = (struct legs){.seed = seed, .proofs = proofs, .limit = limits->sessions};
    map_init_numbers(&legs->dialogs, seed);
    map_init_numbers(&legs->endpoints, seed);
    list_init(&legs->ended);
}

static void leg_free(struct legs *legs, struct leg *leg)
{
    struct proof *proofs[] = {leg->accepted_proof, leg->command_proof,  leg->latest_proof,
                              leg->end_proof,      leg->disowned_proof, leg->stale_proof};
    for (size_t i = 0; i < sizeof proofs / sizeof proofs[0]; i++) {
        proof_release(legs->proofs, proofs[i]);
    }
    if (legs_latest(legs, leg->endpoint) == leg) {
        (void)map_remove(&legs->endpoints, map_number_key(&leg->endpoint));
    }
    list_remove(&leg->ended);
    map_remove_entry(&legs->dialogs, leg->entry);
    slice_drop(&leg->user);
    slice_drop(&leg->call_id);
    slice_drop(&leg->service);
    free(leg);
}

void legs_dispose(struct legs *legs)
{
    while (legs->dialogs.first) {
        leg_free(legs, legs->dialogs.first->value);
    }
    map_dispose(&legs->dialogs, NULL);
    map_dispose(&legs->endpoints, NULL);
}

uint64_t legs_endpoint(const struct legs *legs, struct slice user, struct slice epid)
{
    uint64_t number = map_hash(legs->seed, user) * UINT64_C(0x9e3779b97f4a7c15);
    return (number ^ number >> 32) + map_hash(legs->seed, epid);
}

struct leg *legs_find(const struct legs *legs, uint64_t dialog)
{
    return dialog != 0 ? map_find(&legs->dialogs, map_number_key(&dialog)) : NULL;
}

struct leg *legs_latest(const struct legs *legs, uint64_t endpoint)
{
    return map_find(&legs->endpoints, map_number_key(&endpoint));
}

bool legs_heard(const struct witness *witness, const struct route *routes, size_t count,
                int64_t from, int64_t until)
{
    for (size_t i = 0; i < count; i++) {
        struct route back = route_back(&routes[i]);
        if (!witness_hears_host(witness, &back, from, until)) {
            return false;
        }
    }
    return true;
}

static void cite(struct legs *legs, struct proof **proof, const struct message *message)
{
    proof_release(legs->proofs, *proof);
    *proof = proof_new();
    proof_cite_answer(legs->proofs, *proof, message);
}

/* ---- opening ---- */

/* A dialog that another one of its endpoint has followed can be forgotten. */
static bool make_room(struct legs *legs)
{
    struct leg *oldest = legs->dialogs.first ? legs->dialogs.first->value : NULL;
    if (!oldest || legs_latest(legs, oldest->endpoint) == oldest) {
        return false;
    }
    leg_free(legs, oldest);
    return true;
}

static struct leg *leg_keep(struct legs *legs, uint64_t dialog, struct slice user,
                            struct slice epid, struct slice call_id, int64_t time)
{
    struct leg *leg = legs_find(legs, dialog);
    if (leg || dialog == 0) {
        return leg;
    }
    if (legs->dialogs.count >= legs->limit && !make_room(legs)) {
        legs->refused++;
        return NULL;
    }
    leg = memory_zero(1, sizeof *leg);
    leg->dialog = dialog;
    leg->endpoint = legs_endpoint(legs, user, epid);
    leg->user = memory_keep(user);
    leg->call_id = memory_keep(call_id);
    leg->named = epid.size > 0;
    leg->opened = time;
    leg->expires = -1;
    int64_t *times[] = {&leg->accepted,      &leg->acknowledged, &leg->renewed,  &leg->client_info,
                        &leg->first_command, &leg->last_command, &leg->disowned, &leg->end,
                        &leg->end_answered,  &leg->over};
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
        *times[i] = TIME_NONE;
    }
    leg->entry = map_put(&legs->dialogs, map_number_key(&dialog), leg);
    return leg;
}

static void leg_over(struct legs *legs, struct leg *leg, int64_t time)
{
    if (leg->over == TIME_NONE) {
        leg->over = time;
        list_append(&legs->ended, &leg->ended);
    }
}

void legs_change(struct legs *legs, const struct change *change)
{
    if (change->kind != CHANGE_SESSION) {
        return;
    }
    const struct session_change *said = &change->as.session;
    const struct session_ref *ref = &said->session;
    struct leg *leg = leg_keep(legs, ref->dialog, ref->user, ref->epid, ref->call_id, change->time);
    if (!leg) {
        return;
    }
    leg->lookup = ref->lookup;
    leg->from_start = ref->from_start;
    leg->expires = said->expires > 0 ? said->expires : leg->expires;
    slice_replace(&leg->service, said->service);
    bool open = said->state == SESSION_INVITING || said->state == SESSION_CONNECTED;
    const struct leg *latest = legs_latest(legs, leg->endpoint);
    if (!leg->lookup && open && (!latest || latest->opened <= leg->opened)) {
        map_put(&legs->endpoints, map_number_key(&leg->endpoint), leg);
    }
    if (said->state == SESSION_CLOSED || said->state == SESSION_REFUSED) {
        leg_over(legs, leg, change->time);
    } else if (leg->end == TIME_NONE) {
        leg->over = TIME_NONE; /* a refused INVITE is sent again */
        list_remove(&leg->ended);
    }
    const struct message *message = change->message;
    bool accepts = message && !message->request && message->method == SIP_INVITE;
    if (said->state == SESSION_CONNECTED && accepts && leg->accepted == TIME_NONE) {
        leg->accepted = leg->renewed = change->time;
        cite(legs, &leg->accepted_proof, message);
    }
    if (message) {
        session_learn_route(leg->routes, &leg->route_count, leg->user, message);
    }
}

/* ---- what is said on it ---- */

/* Who of the two is the client follows from who says what. */
static const struct sip_party *client_of(const struct event *event)
{
    const struct message *message = event->message;
    const struct chat_fact *fact = &event->as.chat;
    switch (fact->class) {
    case CHAT_COMMAND:
        return &message->from;
    case CHAT_REPLY:
    case CHAT_NOTICE:
        return &message->to;
    default:
        return NULL;
    }
}

static void take_chat(struct legs *legs, const struct event *event)
{
    const struct message *message = event->message;
    const struct sip_party *client = message && message->request ? client_of(event) : NULL;
    if (!client) {
        return;
    }
    int64_t time = event->origin.time;
    struct leg *leg =
        leg_keep(legs, message->dialog, client->user, client->epid, message->call_id, time);
    if (!leg) {
        return;
    }
    session_learn_route(leg->routes, &leg->route_count, leg->user, message);
    if (event->as.chat.class == CHAT_REPLY) {
        leg->replied = true;
    } else if (event->as.chat.class == CHAT_COMMAND) {
        leg->last_command = time;
        cite(legs, &leg->latest_proof, message);
        if (leg->first_command == TIME_NONE) {
            leg->first_command = time;
            proof_release(legs->proofs, leg->command_proof);
            leg->command_proof = proof_hold(leg->latest_proof);
        }
    }
}

static void take_request(struct legs *legs, struct leg *leg, const struct message *message,
                         int64_t time)
{
    bool client = slice_equal(message->from.user, leg->user);
    switch (message->method) {
    case SIP_ACK:
        if (leg->accepted != TIME_NONE && leg->acknowledged == TIME_NONE) {
            leg->acknowledged = time;
        }
        break;
    case SIP_UPDATE:
        leg->refreshing = true;
        break;
    case SIP_INVITE:
        leg->refreshing = leg->refreshing || message->to.tag.size > 0;
        break;
    case SIP_INFO:
        leg->spoken = leg->spoken || client;
        if (client && leg->client_info == TIME_NONE) {
            leg->client_info = time;
            leg->info_cseq = message->cseq;
        }
        break;
    case SIP_BYE:
        if (leg->end == TIME_NONE) {
            leg->end = time;
            leg->ended_by_service = !client;
            cite(legs, &leg->end_proof, message);
            leg_over(legs, leg, time);
        }
        break;
    default:
        break;
    }
}

static void take_refusal(struct leg *leg, const struct message *message)
{
    leg->refused[leg->refused_count++ % LEG_BUSY] = (struct leg_refusal){
        .transaction = message->transaction,
        .origin = message->observed.origin,
    };
}

static void end_answered(struct legs *legs, struct leg *leg, const struct message *message,
                         int64_t time)
{
    bool over = message->status < 300 || message->status == 481;
    if (leg->end == TIME_NONE || leg->end_answered != TIME_NONE) {
        return;
    }
    if (over) {
        leg->end_answered = time;
        cite(legs, &leg->end_proof, message);
    } else if (message->status == 401 || message->status == 407) {
        leg->end = TIME_NONE; /* it comes again */
    }
}

static void take_response(struct legs *legs, struct leg *leg, const struct message *message,
                          int64_t time)
{
    bool accepted = message->status >= 200 && message->status < 300;
    bool refresh = message->method == SIP_UPDATE ||
                   (message->method == SIP_INVITE && leg->accepted != TIME_NONE);
    if (message->status < 200) {
        return;
    }
    if (refresh && accepted) {
        leg->renewed = time;
        leg->refreshing = false;
        leg->spoken = false;
        cite(legs, &leg->accepted_proof, message);
    } else if (message->method == SIP_BYE) {
        end_answered(legs, leg, message, time);
    } else if (message->method == SIP_INFO && message->status == 503) {
        take_refusal(leg, message);
    } else if (message->method == SIP_INFO && message->status == 487 &&
               leg->disowned == TIME_NONE && !slice_equal(message->from.user, leg->user)) {
        leg->disowned = time;
        cite(legs, &leg->disowned_proof, message);
    }
}

static void forget_ended(struct legs *legs, int64_t now)
{
    while (!list_empty(&legs->ended)) {
        struct leg *leg = LIST_OWNER(legs->ended.next, struct leg, ended);
        if (time_after(leg->over, (int64_t)LEG_LINGER * TIME_SECOND) > now) {
            return;
        }
        leg_free(legs, leg);
    }
}

void legs_event(struct legs *legs, const struct event *event)
{
    const struct message *message = event->message;
    if (event->kind == EVENT_CHAT) {
        take_chat(legs, event);
        return;
    }
    if (event->kind != EVENT_MESSAGE || legs->dialogs.count == 0) {
        return;
    }
    forget_ended(legs, event->origin.time);
    struct leg *leg = legs_find(legs, message->dialog);
    if (!leg) {
        return;
    }
    session_learn_route(leg->routes, &leg->route_count, leg->user, message);
    if (message->role == MESSAGE_FIRST && message->request) {
        take_request(legs, leg, message, event->origin.time);
    } else if (message->role == MESSAGE_FIRST) {
        take_response(legs, leg, message, event->origin.time);
    }
}
