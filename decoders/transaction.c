/*
 * Transactions, attempts and what is remembered of them. See transaction.h.
 *
 * Two queues ordered by the last copy hold all transactions; each has one
 * lifetime, so the next to be forgotten always stands first. Heap bytes are
 * bounded beside the number (TRANSACTION_BYTES each on average), since URIs and
 * tags may be as long as a header.
 */
#include "decoders/transaction.h"

#include <stdlib.h>

#include "analyzer/engine/arena.h"
#include "decoders/key.h"
#include "decoders/moment.h"

enum {
    TRANSACTION_BYTES = 2048
}; /* an INVITE with 100, 180, 200 and their copies takes some 1500 */

/* A message with what is compared again and again. */
struct sighting {
    const struct message *message;
    const struct observation *at;
    uint64_t to_tag;
    bool credentials;
};

void transactions_init(struct transactions *table, struct map_seed seed,
                       const struct limits *limits)
{
    *table = (struct transactions){.seed = seed, .limits = limits, .now = TIME_NONE};
    map_init(&table->map, seed);
}

/* ---- memory ---- */

static void transaction_free(struct transaction *transaction)
{
    struct identity *identity = transaction->first;
    while (identity) {
        struct identity *next = identity->next;
        identity_free(identity);
        identity = next;
    }
    free(transaction->text);
    free(transaction);
}

static void unlink_attempt(struct transactions *table, struct transaction *transaction)
{
    struct transaction *youngest = transaction->entry->value;
    if (youngest != transaction) {
        struct transaction *before = youngest;
        while (before->older != transaction) {
            before = before->older;
        }
        before->older = transaction->older;
    } else if (transaction->older) {
        transaction->entry->value = transaction->older;
    } else {
        map_remove_entry(&table->map, transaction->entry);
    }
}

static void transaction_forget(struct transactions *table, struct transaction *transaction)
{
    unlink_attempt(table, transaction);
    queue_remove(transaction->queue, &transaction->link);
    table->count--;
    table->bytes -= transaction->bytes;
    transaction_free(transaction);
}

void transactions_dispose(struct transactions *table)
{
    struct queue *queues[] = {&table->pending, &table->finished};
    for (size_t i = 0; i < sizeof queues / sizeof queues[0]; i++) {
        while (queues[i]->first) {
            transaction_forget(table, queues[i]->first->object);
        }
    }
    map_dispose(&table->map, NULL);
}

static void forget_idle(struct transactions *table, struct queue *queue, int64_t seconds)
{
    while (queue->first) {
        struct transaction *transaction = queue->first->object;
        if (time_later(transaction->touched, seconds) > table->now) {
            return;
        }
        transaction_forget(table, transaction);
    }
}

void transactions_advance(struct transactions *table, int64_t now)
{
    if (now > table->now) {
        table->now = now;
        forget_idle(table, &table->finished, TRANSACTION_FINISHED);
        forget_idle(table, &table->pending, TRANSACTION_PENDING);
    }
}

/* Never forgets `keep`, the one that is being fed. */
static void make_room(struct transactions *table, const struct transaction *keep)
{
    size_t max = table->limits->transactions;
    while (table->count > max || table->bytes / TRANSACTION_BYTES > max) {
        struct transaction *oldest = queue_oldest(&table->finished, keep);
        if (!oldest) {
            oldest = queue_oldest(&table->pending, keep);
        }
        if (!oldest) {
            return;
        }
        table->capped = true;
        transaction_forget(table, oldest);
    }
}

static void count_bytes(struct transactions *table, struct transaction *transaction, size_t bytes)
{
    transaction->bytes += bytes;
    table->bytes += bytes;
}

static void touch(struct transactions *table, struct transaction *transaction)
{
    const bool answered = transaction->accepted || transaction->refused;
    const bool silent = transaction->method == SIP_ACK || transaction->method == SIP_BENOTIFY;
    queue_remove(transaction->queue, &transaction->link);
    transaction->queue = answered || silent ? &table->finished : &table->pending;
    queue_push(transaction->queue, &transaction->link, transaction);
    transaction->touched = table->now;
}

/* ---- opening ---- */

static void transaction_key(const struct transactions *table, const struct message *message,
                            struct slice method, struct key *out)
{
    key_init(out, table->seed, 't');
    key_add(out, message->call_id);
    key_add(out, message->from.tag);
    key_add(out, method);
    key_add_number(out, message->cseq);
}

static struct transaction *youngest_of(const struct transactions *table, const struct key *key)
{
    return map_find(&table->map, key_slice(key));
}

static void limit_attempts(struct transactions *table, struct transaction *youngest)
{
    size_t count = 1;
    struct transaction *oldest = youngest;
    for (; oldest->older; oldest = oldest->older) {
        count++;
    }
    if (count > table->limits->attempts && oldest != youngest) {
        table->capped_attempts = true;
        transaction_forget(table, oldest);
    }
}

static struct transaction *transaction_open(struct transactions *table, const struct key *key,
                                            const struct message *message, unsigned attempt)
{
    struct transaction *transaction = memory_zero(1, sizeof *transaction);
    transaction->id = ++table->next_id;
    transaction->attempt = attempt;
    transaction->method = message->method;
    struct map_entry *entry = map_find_entry(&table->map, key_slice(key));
    transaction->older = entry ? entry->value : NULL;
    transaction->entry = map_put(&table->map, key_slice(key), transaction);
    transaction->queue = &table->pending;
    queue_push(transaction->queue, &transaction->link, transaction);
    table->count++;
    count_bytes(table, transaction, sizeof *transaction + sizeof *entry + key->size);
    limit_attempts(table, transaction);
    return transaction;
}

/* ---- requests ---- */

static bool had_credentials(const struct transaction *transaction)
{
    return (transaction->view.flags & SIP_HAS_CREDENTIALS) != 0;
}

/* Could this be the transaction's request, or a copy or repetition of it? */
static bool takes_request(const struct transaction *transaction, const struct sighting *seen)
{
    if (transaction->request) {
        return transaction->to_tag == seen->to_tag;
    }
    uint64_t tag = transaction->last ? transaction->last->to_tag : 0; /* of a response */
    return seen->to_tag == 0 || tag == 0 || tag == seen->to_tag;
}

/*
 * Is this the request sent again in answer to a challenge, not a copy of what
 * is known? Credentials are never added by a proxy, so one that gained them is
 * new where its former self was seen, be it in another input (captures are kept
 * in files of one size), or after a challenge in the same input (a client may come
 * back on a new connection). Without that it takes a challenge:
 * then another branch is a new attempt, and so are credentials on the same branch
 * (Microsoft clients write none, SIPE keeps it), unless a datagram of the very
 * branch may be the old one once more.
 */
static bool opens_attempt(const struct transaction *transaction, const struct sighting *seen)
{
    const uint32_t input = seen->at->origin.input;
    const bool challenged_here = transaction->challenged && transaction->challenged_input == input;
    if (!transaction->request) {
        return challenged_here && seen->credentials;
    }
    bool gained = seen->credentials && !had_credentials(transaction);
    if (!identity_saw_flow(transaction->request, seen->at)) {
        return gained && (challenged_here || identity_saw_link(transaction->request, seen->at));
    }
    if (gained || !transaction->challenged) {
        return gained;
    }
    if (!identity_saw_hop(transaction->request, seen->at)) {
        return true;
    }
    bool datagram = seen->at->transport == TRANSPORT_UDP;
    return seen->credentials && !(datagram && seen->message->branch.size > 0);
}

/* The same link in another input showed this very request: branch and credentials agree. */
static bool same_elsewhere(const struct transaction *transaction, const struct sighting *seen)
{
    const struct identity *request = transaction->request;
    if (!request || had_credentials(transaction) != seen->credentials ||
        identity_saw_flow(request, seen->at)) {
        return false;
    }
    for (size_t i = 0; i < request->count; i++) {
        const struct observation *copy = &request->observations[i];
        if (copy->branch_hash == seen->at->branch_hash && observation_same_link(copy, seen->at)) {
            return true;
        }
    }
    return false;
}

/*
 * The attempt that a request belongs to: the latest, except that an input whose
 * clock is behind may still show an earlier one. NULL when there is none.
 */
static struct transaction *pick_for_request(struct transaction *youngest,
                                            const struct sighting *seen)
{
    struct transaction *latest = NULL;
    for (struct transaction *at = youngest; at; at = at->older) {
        if (!takes_request(at, seen)) {
            continue;
        }
        if (!latest) {
            latest = at;
            if (!at->request || identity_saw_flow(at->request, seen->at)) {
                break;
            }
        }
        if (same_elsewhere(at, seen)) {
            return at;
        }
    }
    return latest;
}

static struct transaction *place_request(struct transactions *table, const struct sighting *seen)
{
    struct key key;
    transaction_key(table, seen->message, seen->message->method_name, &key);
    struct transaction *known = pick_for_request(youngest_of(table, &key), seen);
    if (known && !opens_attempt(known, seen)) {
        return known;
    }
    return transaction_open(table, &key, seen->message, known ? known->attempt + 1 : 0);
}

/* ---- responses ---- */

static bool takes_response(const struct transaction *transaction, const struct sighting *seen)
{
    return !transaction->request || transaction->to_tag == 0 || seen->to_tag == 0 ||
           transaction->to_tag == seen->to_tag;
}

/* How surely the response answers this attempt: its branch in this input, its flow, its link. */
static int response_fit(const struct transaction *transaction, const struct sighting *seen)
{
    const struct identity *request = transaction->request;
    int best = 0;
    for (size_t i = 0; request && i < request->count && best < 3; i++) {
        const struct observation *copy = &request->observations[i];
        if (!observation_answers(copy, seen->at)) {
            continue;
        }
        bool same_input = copy->origin.input == seen->at->origin.input;
        bool same_branch = copy->branch_hash == seen->at->branch_hash;
        int fit = same_input ? 2 + same_branch : 1;
        best = fit > best ? fit : best;
    }
    return best;
}

static struct transaction *place_response(struct transactions *table, const struct sighting *seen)
{
    struct key key;
    transaction_key(table, seen->message, seen->message->method_name, &key);
    struct transaction *chosen = NULL;
    int chosen_fit = -1;
    for (struct transaction *at = youngest_of(table, &key); at; at = at->older) {
        if (!takes_response(at, seen)) {
            continue;
        }
        int fit = response_fit(at, seen);
        if (fit > chosen_fit) {
            chosen = at;
            chosen_fit = fit;
        }
    }
    return chosen ? chosen : transaction_open(table, &key, seen->message, 0);
}

/* ---- ACK ---- */

/* The attempt that this ACK's To tag shows refused; *out_accepted when one accepted it. */
static struct transaction *refused_with_tag(struct transaction *youngest,
                                            const struct sighting *seen, bool *out_accepted)
{
    *out_accepted = false;
    for (struct transaction *at = youngest; at; at = at->older) {
        if (at->accepted && at->accepted_tag == seen->to_tag) {
            *out_accepted = true;
            return NULL;
        }
        if (at->refused && at->refused_tag == seen->to_tag) {
            return at;
        }
    }
    return NULL;
}

/*
 * The INVITE that an ACK ends, or NULL if the ACK stands alone. The To tag tells;
 * where it does not, the ACK of a refusal has the branch of its INVITE.
 * *out_proof is set when the branch shows that the ACK is of an accepted one.
 */
static struct transaction *acked_invite(const struct transactions *table,
                                        const struct sighting *seen, bool *out_proof)
{
    struct key key;
    transaction_key(table, seen->message, slice_of("INVITE"), &key);
    struct transaction *youngest = youngest_of(table, &key);
    bool accepted = false;
    *out_proof = false;
    struct transaction *invite = refused_with_tag(youngest, seen, &accepted);
    if (invite || accepted || !youngest) {
        return invite;
    }
    bool has_branch = seen->message->branch.size > 0;
    for (struct transaction *at = youngest; at; at = at->older) {
        if (has_branch && at->request && identity_saw_hop(at->request, seen->at)) {
            return at;
        }
    }
    *out_proof = has_branch && youngest->request && identity_saw_flow(youngest->request, seen->at);
    return youngest->refused && !youngest->accepted ? youngest : NULL;
}

static struct transaction *place_ack(struct transactions *table, const struct sighting *seen)
{
    struct key key;
    transaction_key(table, seen->message, seen->message->method_name, &key);
    struct transaction *known = pick_for_request(youngest_of(table, &key), seen);
    if (known) {
        return known;
    }
    bool proof = false;
    struct transaction *invite = acked_invite(table, seen, &proof);
    if (invite) {
        return invite;
    }
    struct transaction *ack = transaction_open(table, &key, seen->message, 0);
    ack->proves_accepted = proof;
    return ack;
}

/* ---- one copy ---- */

static struct sighting sighting_of(const struct transactions *table, const struct message *message)
{
    return (struct sighting){
        .message = message,
        .at = &message->observed,
        .to_tag = tag_digest(table->seed, message->to.tag),
        .credentials = (message->flags & SIP_HAS_CREDENTIALS) != 0,
    };
}

struct transaction *transactions_place(struct transactions *table, const struct message *message)
{
    const struct sighting seen = sighting_of(table, message);
    if (!message->request) {
        return place_response(table, &seen);
    }
    return message->method == SIP_ACK ? place_ack(table, &seen) : place_request(table, &seen);
}

static void keep_view(struct transactions *table, struct transaction *transaction,
                      const struct message *message)
{
    struct request_view *view = &transaction->view;
    *view = (struct request_view){
        .method = message->method,
        .origin = message->observed.origin,
        .uri = message->uri,
        .event = message->event,
        .content_type = message->content_type,
        .if_match = message->if_match,
        .from_user = message->from.user,
        .to_user = message->to.user,
        .from_epid = message->from.epid,
        .expires = message->expires,
        .contact_star = slice_equal(slice_trim(message->contact.raw), slice_of("*")),
        .flags = message->flags,
    };
    struct slice *const texts[] = {
        &view->uri,       &view->event,   &view->content_type, &view->if_match,
        &view->from_user, &view->to_user, &view->from_epid,
    };
    size_t size = 0;
    transaction->text = slices_keep(texts, sizeof texts / sizeof texts[0], &size);
    count_bytes(table, transaction, size);
}

/* One more distinct response than are told apart: the oldest gives way. */
static void limit_responses(struct transactions *table, struct transaction *transaction)
{
    size_t max = table->limits->copies > 0 ? table->limits->copies : 1;
    if (transaction->responses <= max) {
        return;
    }
    struct identity **link = &transaction->first;
    while (*link == transaction->request) {
        link = &(*link)->next;
    }
    struct identity *oldest = *link;
    *link = oldest->next;
    size_t bytes = identity_bytes(oldest);
    transaction->bytes -= bytes;
    table->bytes -= bytes;
    transaction->responses--;
    table->capped_copies = true;
    identity_free(oldest);
}

static struct identity *identity_add(struct transactions *table, struct transaction *transaction,
                                     const struct message *message, uint64_t to_tag, bool ack)
{
    struct identity *identity = identity_new(++table->next_identity, to_tag, message->status, ack);
    if (transaction->last) {
        transaction->last->next = identity;
    } else {
        transaction->first = identity;
    }
    transaction->last = identity;
    count_bytes(table, transaction, identity_bytes(identity));
    if (message->request && !ack) {
        transaction->request = identity;
        transaction->to_tag = to_tag;
        keep_view(table, transaction, message);
    } else {
        transaction->responses++;
        limit_responses(table, transaction);
    }
    return identity;
}

static struct identity *identity_of(struct transactions *table, struct transaction *transaction,
                                    const struct message *message)
{
    uint64_t to_tag = tag_digest(table->seed, message->to.tag);
    bool ack = message->request && message->method != transaction->method;
    if (message->request && !ack && transaction->request) {
        return transaction->request;
    }
    struct identity *identity = transaction->first;
    while (identity && !(identity != transaction->request && identity->ack == ack &&
                         identity->status == message->status && identity->to_tag == to_tag)) {
        identity = identity->next;
    }
    return identity ? identity : identity_add(table, transaction, message, to_tag, ack);
}

static void note_status(struct transaction *transaction, const struct message *message,
                        uint64_t to_tag)
{
    if (message->status >= 300) {
        transaction->refused = true;
        transaction->refused_tag = to_tag;
    } else if (message->status >= 200) {
        transaction->accepted = true;
        transaction->accepted_tag = to_tag;
    }
    if ((message->status == 401 || message->status == 407) && !transaction->challenged) {
        transaction->challenged = true;
        transaction->challenged_input = message->observed.origin.input;
    }
}

struct identity *transactions_observe(struct transactions *table, struct transaction *transaction,
                                      struct message *message)
{
    struct identity *identity = identity_of(table, transaction, message);
    size_t before = identity_bytes(identity);
    message->role = identity_observe(identity, &message->observed, table->limits->copies,
                                     &table->capped_copies);
    count_bytes(table, transaction, identity_bytes(identity) - before);
    note_status(transaction, message, identity->to_tag);
    touch(table, transaction);
    make_room(table, transaction);
    message->id = identity->id;
    message->transaction = transaction->id;
    message->attempt = transaction->attempt;
    message->request_kept = !message->request && transaction->request ? &transaction->view : NULL;
    message->observations = identity->observations;
    message->observation_count = identity->count;
    return identity;
}
