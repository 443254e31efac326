/*
 * Which messages only repeat what was said before. See repeats.h.
 *
 * A message is judged when the next one comes, because the facts of its body follow it. The
 * content of a notification is compared by its facts, where these tell all of it, since versions
 * and times of publication change with every copy; else byte for byte.
 */
#include "reports/repeats.h"

#include <stdlib.h>

#include "analyzer/engine/arena.h"
#include "reports/repeat_digest.h"

/* A request and its answers. */
struct exchange {
    uint64_t number;
    enum repeat_kind kind;
    enum sip_method method;
    struct watch *watch; /* what it belongs to; NULL */
    uint64_t content;    /* digest of the request's content; 0 = none */
    bool accepted;
    bool spoiled; /* refused, or its answer was news */
};

/* What goes on: a registration, a subscription, a session, or the polls of one watcher. */
struct watch {
    bool poll;
    bool accepted;
    bool told; /* `content` was notified */
    uint64_t asked;
    uint64_t content;
    struct exchange *latest;
};

/* A message, under its id. */
struct note {
    struct exchange *exchange;
    bool provisional;
};

/* A value that was published, under what names it. */
struct published {
    uint64_t value;
    const struct exchange *by;
};

/* The message whose facts are coming. Nothing of it is borrowed. */
struct current {
    uint64_t id; /* 0 = none */
    struct exchange *exchange;
    bool request;
    enum sip_method method;
    uint16_t status;
    uint64_t dialog;
    bool inside; /* has a To tag */
    bool ends;   /* expires now */
    bool terminated;
    bool timed;          /* has Session-Expires */
    uint64_t parties;    /* hash of From, To, Event */
    uint64_t offered_by; /* hash of the dialog and the tag of whose media its body tells */
    uint64_t matched;    /* hash of the user and the entity tag that it refreshes; 0 */
    uint64_t tagged;     /* hash of the user and the entity tag that it gives; 0 */
    struct content_digest content;
    uint64_t publications;
    bool changed; /* one of them has another value than before */
};

struct repeats {
    struct map_seed seed;
    struct limits limits;
    struct arena arena;
    struct map notes;       /* by id of message */
    struct map exchanges;   /* by transaction */
    struct map watches;     /* by dialog */
    struct map polls;       /* by parties -> struct watch */
    struct map offers;      /* by offered_by -> struct published */
    struct map values;      /* by what names them -> struct published */
    struct map entity_tags; /* by tagged -> struct published */
    struct current current;
};

struct repeats *repeats_new(struct map_seed seed, const struct limits *limits)
{
    struct repeats *repeats = memory_zero(1, sizeof *repeats);
    repeats->seed = seed;
    repeats->limits = *limits;
    arena_init(&repeats->arena);
    map_init_numbers(&repeats->notes, seed);
    map_init_numbers(&repeats->exchanges, seed);
    map_init_numbers(&repeats->watches, seed);
    map_init_numbers(&repeats->polls, seed);
    map_init_numbers(&repeats->offers, seed);
    map_init_numbers(&repeats->values, seed);
    map_init_numbers(&repeats->entity_tags, seed);
    return repeats;
}

void repeats_free(struct repeats *repeats)
{
    if (!repeats) {
        return;
    }
    map_dispose(&repeats->notes, NULL);
    map_dispose(&repeats->exchanges, NULL);
    map_dispose(&repeats->watches, NULL);
    map_dispose(&repeats->polls, NULL);
    map_dispose(&repeats->offers, NULL);
    map_dispose(&repeats->values, NULL);
    map_dispose(&repeats->entity_tags, NULL);
    arena_dispose(&repeats->arena);
    free(repeats);
}

/* ---- tables ---- */

/* What stands under that number, made when there was nothing; NULL when there is no room. */
static void *value_of(struct repeats *repeats, struct map *map, uint64_t number, size_t size)
{
    void *value = map_find(map, map_number_key(&number));
    if (!value && map->count < repeats->limits.report_rows) {
        value = arena_zero(&repeats->arena, 1, size);
        map_put(map, map_number_key(&number), value);
    }
    return value;
}

static struct exchange *exchange_of(struct repeats *repeats, const struct message *message)
{
    struct exchange *exchange =
        value_of(repeats, &repeats->exchanges, message->transaction, sizeof *exchange);
    if (exchange && exchange->number == 0) {
        exchange->number = message->transaction;
        exchange->method = message->method;
    }
    return exchange;
}

static struct watch *watch_of(struct repeats *repeats, uint64_t dialog)
{
    return dialog == 0 ? NULL : value_of(repeats, &repeats->watches, dialog, sizeof(struct watch));
}

static uint64_t hash_of(const struct repeats *repeats, struct slice a, struct slice b,
                        struct slice c)
{
    uint64_t words[3] = {map_hash(repeats->seed, a), map_hash(repeats->seed, b),
                         map_hash(repeats->seed, c)};
    return map_hash(repeats->seed, (struct slice){(const char *)words, sizeof words});
}

/* ---- requests ---- */

static enum repeat_kind judge_register(struct repeats *repeats, const struct current *now)
{
    struct watch *watch = watch_of(repeats, now->dialog);
    now->exchange->watch = watch;
    if (!watch) {
        return REPEAT_NONE;
    }
    if (now->ends) {
        watch->accepted = false;
    }
    return watch->accepted ? REPEAT_REGISTER : REPEAT_NONE;
}

/* A poll is a dialog of its own each time; all of them are one watch. */
static struct watch *poll_of(struct repeats *repeats, const struct current *now)
{
    struct watch *watch = value_of(repeats, &repeats->polls, now->parties, sizeof(struct watch));
    if (watch && now->dialog != 0 && repeats->watches.count < repeats->limits.report_rows) {
        watch->poll = true;
        map_put(&repeats->watches, map_number_key(&now->dialog), watch);
    }
    return watch;
}

static enum repeat_kind judge_subscribe(struct repeats *repeats, const struct current *now)
{
    bool poll = !now->inside && now->ends;
    struct watch *watch = poll ? poll_of(repeats, now) : watch_of(repeats, now->dialog);
    now->exchange->watch = watch;
    if (!watch) {
        return REPEAT_NONE;
    }
    watch->latest = now->exchange;
    uint64_t asked = content_digest_end(&now->content);
    bool same = asked == 0 || asked == watch->asked;
    watch->asked = asked != 0 ? asked : watch->asked;
    if (!same || !watch->accepted || (now->ends && !poll)) {
        return REPEAT_NONE;
    }
    return poll ? REPEAT_POLL : now->inside ? REPEAT_SUBSCRIPTION : REPEAT_NONE;
}

/* Told the same again? Remembers what was told. */
static bool same_content(struct watch *watch, uint64_t content)
{
    bool same = watch->told && watch->content == content;
    watch->told = true;
    watch->content = content;
    return same;
}

static enum repeat_kind judge_notify(struct repeats *repeats, const struct current *now)
{
    struct watch *watch = now->dialog == 0 ? NULL : watch_of(repeats, now->dialog);
    if (!watch) {
        return REPEAT_NONE;
    }
    bool same = same_content(watch, content_digest_end(&now->content));
    if (same && watch->accepted && (watch->poll || !now->terminated)) {
        return REPEAT_NOTICE;
    }
    if (watch->poll && watch->latest) {
        watch->latest->spoiled = true; /* this time the poll brought news */
    }
    return REPEAT_NONE;
}

/* Is it the media that this side has offered all the time? Remembers what it offers. */
static bool same_media(struct repeats *repeats, const struct current *now)
{
    uint64_t media = content_digest_end(&now->content);
    struct published *offer = value_of(repeats, &repeats->offers, now->offered_by, sizeof *offer);
    bool same = media == 0 || (offer && offer->value == media);
    if (offer && media != 0) {
        offer->value = media;
    }
    return same;
}

/* An INVITE without a body asks for an offer, unless it says how long the session may last. */
static bool goes_on(const struct current *now)
{
    return now->inside &&
           (now->timed || now->method == SIP_UPDATE || content_digest_end(&now->content) != 0);
}

static enum repeat_kind judge_session(struct repeats *repeats, const struct current *now)
{
    struct watch *watch = watch_of(repeats, now->dialog);
    bool same = same_media(repeats, now);
    now->exchange->watch = watch;
    if (!watch) {
        return REPEAT_NONE;
    }
    if (now->method == SIP_INVITE) {
        watch->latest = now->exchange;
    }
    return goes_on(now) && same && watch->accepted ? REPEAT_SESSION : REPEAT_NONE;
}

/* A publication without a body goes on with what its entity tag stands for. */
static enum repeat_kind judge_publish(struct repeats *repeats, const struct current *now)
{
    uint64_t value = content_digest_end(&now->content);
    const struct published *before =
        now->matched == 0 ? NULL : map_find(&repeats->entity_tags, map_number_key(&now->matched));
    now->exchange->content = value != 0 || !before ? value : before->value;
    bool same = before && now->exchange->content == before->value;
    return same && !now->ends ? REPEAT_PRESENCE : REPEAT_NONE;
}

/* An ACK to a 2xx is a transaction of its own, but of the INVITE's fate. */
static void judge_ack(struct repeats *repeats, const struct current *now)
{
    const struct watch *watch =
        now->dialog == 0 ? NULL : map_find(&repeats->watches, map_number_key(&now->dialog));
    struct note *note = map_find(&repeats->notes, map_number_key(&now->id));
    if (watch && watch->latest && watch->latest->method == SIP_INVITE && note) {
        note->exchange = watch->latest;
    }
}

static void judge_request(struct repeats *repeats, const struct current *now)
{
    struct exchange *exchange = now->exchange;
    switch (now->method) {
    case SIP_OPTIONS:
        exchange->kind = REPEAT_KEEP_ALIVE;
        break;
    case SIP_REGISTER:
        exchange->kind = judge_register(repeats, now);
        break;
    case SIP_SUBSCRIBE:
        exchange->kind = judge_subscribe(repeats, now);
        break;
    case SIP_NOTIFY:
    case SIP_BENOTIFY:
        exchange->kind = judge_notify(repeats, now);
        break;
    case SIP_INVITE:
    case SIP_UPDATE:
        exchange->kind = judge_session(repeats, now);
        break;
    case SIP_PUBLISH:
        exchange->kind = judge_publish(repeats, now);
        break;
    case SIP_SERVICE:
        exchange->kind = now->publications > 0 && !now->changed ? REPEAT_PRESENCE : REPEAT_NONE;
        break;
    case SIP_ACK:
        judge_ack(repeats, now);
        break;
    default:
        break;
    }
}

/* ---- responses ---- */

/* The answer to a query may carry what a notification would. */
static void judge_told(const struct current *now)
{
    struct exchange *exchange = now->exchange;
    uint64_t content = content_digest_end(&now->content);
    if (content != 0 && !same_content(exchange->watch, content)) {
        exchange->spoiled = true;
    }
}

static void judge_accepted(struct repeats *repeats, const struct current *now)
{
    struct exchange *exchange = now->exchange;
    exchange->accepted = true;
    if (exchange->watch) {
        exchange->watch->accepted = exchange->method != SIP_REGISTER || !now->ends;
    }
    if (exchange->watch && exchange->method == SIP_SUBSCRIBE) {
        judge_told(now);
    }
    if (exchange->method == SIP_INVITE || exchange->method == SIP_UPDATE) {
        exchange->spoiled = !same_media(repeats, now) || exchange->spoiled;
    }
    struct published *tag =
        now->tagged == 0 ? NULL
                         : value_of(repeats, &repeats->entity_tags, now->tagged, sizeof *tag);
    if (tag) {
        tag->value = exchange->content;
    }
}

static void judge_response(struct repeats *repeats, const struct current *now)
{
    if (now->status >= 200 && now->status < 300) {
        judge_accepted(repeats, now);
    } else if (now->status >= 300 && now->status != 401 && now->status != 407) {
        now->exchange->spoiled = true;
    }
}

static void finish(struct repeats *repeats)
{
    const struct current *now = &repeats->current;
    if (now->id == 0) {
        return;
    }
    if (now->request) {
        judge_request(repeats, now);
    } else {
        judge_response(repeats, now);
    }
    repeats->current.id = 0;
}

/* ---- what comes ---- */

/* A registration ends by no time left or by naming all contacts. */
static bool ends(const struct message *message)
{
    const struct request_view *request = message->request_kept;
    if (!message->request) {
        return request && (request->expires == 0 || request->contact_star);
    }
    return message->expires == 0 || slice_equal(message->contact.raw, slice_of("*"));
}

static void begin(struct repeats *repeats, const struct message *message, struct exchange *exchange)
{
    struct slice none = slice_of("");
    struct slice dialog = map_number_key(&message->dialog);
    struct slice tag = message->request ? message->from.tag : message->to.tag;
    repeats->current = (struct current){
        .id = message->id,
        .exchange = exchange,
        .request = message->request,
        .method = message->method,
        .status = message->status,
        .dialog = message->dialog,
        .inside = message->to.tag.size > 0,
        .ends = ends(message),
        .terminated = slice_equal(message->subscription_state, slice_of("terminated")),
        .timed = message->session_expires >= 0,
        .parties = hash_of(repeats, message->from.user, message->to.user, message->event),
        .offered_by = hash_of(repeats, dialog, tag, none),
        .matched = message->if_match.size > 0
                       ? hash_of(repeats, message->to.user, message->if_match, none)
                       : 0,
        .tagged = message->entity_tag.size > 0
                      ? hash_of(repeats, message->to.user, message->entity_tag, none)
                      : 0,
    };
    content_digest_begin(&repeats->current.content, repeats->seed, message->body);
}

static void take_message(struct repeats *repeats, const struct message *message)
{
    finish(repeats);
    if (map_find(&repeats->notes, map_number_key(&message->id))) {
        return; /* a copy */
    }
    struct note *note = value_of(repeats, &repeats->notes, message->id, sizeof *note);
    struct exchange *exchange = note ? exchange_of(repeats, message) : NULL;
    if (!exchange) {
        return;
    }
    note->exchange = exchange;
    note->provisional = message->status == 100;
    begin(repeats, message, exchange);
}

/* Is it what its publisher had there before, and was that accepted? */
static void take_publication(struct repeats *repeats, const struct category_fact *category)
{
    struct current *now = &repeats->current;
    uint64_t name = category_key_digest(&category->key, repeats->seed);
    uint64_t value = category_digest(category, repeats->seed);
    struct published *published = value_of(repeats, &repeats->values, name, sizeof *published);
    /* Of this instance: the one before is gone (facts/presence.md 1.2). */
    bool first = category->has_version && category->version == 0;
    now->publications++;
    now->changed = now->changed || first || !published || !published->by ||
                   !published->by->accepted || published->value != value;
    if (published) {
        *published = (struct published){value, now->exchange};
    }
}

void repeats_event(struct repeats *repeats, const struct event *event)
{
    if (event->kind == EVENT_MESSAGE) {
        take_message(repeats, event->message);
    } else if (repeats->current.id != 0 && event->message &&
               event->message->id == repeats->current.id && event->kind != EVENT_DIALOG) {
        if (event->kind == EVENT_PUBLICATION) {
            take_publication(repeats, &event->as.category);
        }
        content_digest_add(&repeats->current.content, event);
    }
}

void repeats_settle(struct repeats *repeats)
{
    finish(repeats);
}

struct repeat repeats_of(const struct repeats *repeats, uint64_t message)
{
    const struct note *note = map_find(&repeats->notes, map_number_key(&message));
    if (!note || !note->exchange) {
        return (struct repeat){REPEAT_NONE, 0};
    }
    const struct exchange *exchange = note->exchange;
    if (note->provisional) {
        return (struct repeat){REPEAT_PROVISIONAL, exchange->number};
    }
    return (struct repeat){exchange->spoiled ? REPEAT_NONE : exchange->kind, exchange->number};
}

const char *repeat_words(enum repeat_kind kind, uint64_t count)
{
    static const char *const words[REPEAT_KINDS][2] = {
        [REPEAT_NONE] = {"", ""},
        [REPEAT_POLL] = {"poll", "polls"},
        [REPEAT_KEEP_ALIVE] = {"keep-alive", "keep-alives"},
        [REPEAT_REGISTER] = {"refresh of register", "refreshes of register"},
        [REPEAT_SUBSCRIPTION] = {"refresh of subscription", "refreshes of subscription"},
        [REPEAT_NOTICE] = {"repeated notification", "repeated notifications"},
        [REPEAT_SESSION] = {"refresh of session", "refreshes of session"},
        [REPEAT_PRESENCE] = {"refresh of presence", "refreshes of presence"},
        [REPEAT_PROVISIONAL] = {"provisional", "provisional"},
    };
    return words[kind][count != 1];
}
