/*
 * PIDF publications. See publications.h.
 */
#include "analyzer/engine/publications.h"

#include <stdlib.h>

#include "analyzer/engine/aggregates.h"
#include "analyzer/engine/arena.h"

/* RFC 3903 section 6: the server chooses where nobody names a lifetime; an hour is its advice. */
enum { DEFAULT_LIFETIME = 3600 };

struct publication {
    struct map_entry *entry; /* in presence.publications; its key is the entity tag */
    struct user *user;
    struct state_value value; /* kind STATE_NONE when what it says was not seen */
    struct slice epid;
    uint64_t moment; /* when this value was accepted */
    int64_t published;
    int64_t until;
    int64_t asked;        /* when a refresh was sent that is unanswered yet; TIME_NONE */
    struct origin origin; /* the last 2xx */
    struct timer timer;
};

static void free_value(void *value)
{
    state_value_drop(value);
    free(value);
}

void publications_init(struct publications *publications, struct core *core, struct users *users)
{
    *publications = (struct publications){.core = core, .users = users};
    map_init_numbers(&publications->values, core->seed);
}

void publications_end(struct publications *publications)
{
    map_dispose(&publications->values, free_value);
}

static void free_publication(void *value)
{
    struct publication *publication = value;
    state_value_drop(&publication->value);
    slice_drop(&publication->epid);
    free(publication);
}

void publications_dispose(struct map *map)
{
    map_dispose(map, free_publication);
}

/* ---- what the live ones say ---- */

static bool speaks(const struct publication *publication)
{
    return publication->value.kind != STATE_NONE;
}

uint64_t publications_moment(const struct presence *presence)
{
    uint64_t moment = 0;
    for (struct map_entry *entry = presence->publications.first; entry; entry = entry->next) {
        const struct publication *publication = entry->value;
        if (speaks(publication) && publication->moment > moment) {
            moment = publication->moment;
        }
    }
    return moment;
}

const struct state_value *publications_leading(const struct presence *presence)
{
    const struct publication *leading = NULL;
    for (struct map_entry *entry = presence->publications.first; entry; entry = entry->next) {
        const struct publication *publication = entry->value;
        if (!speaks(publication)) {
            continue;
        }
        int64_t availability = publication->value.availability;
        if (!leading || availability > leading->value.availability ||
            (availability == leading->value.availability &&
             publication->moment > leading->moment)) {
            leading = publication;
        }
    }
    return leading ? &leading->value : NULL;
}

static struct aggregate_cause cause_of(const struct publication *publication)
{
    const struct state_value *value = &publication->value;
    return (struct aggregate_cause){
        .entity_tag = publication->entry->key,
        .kind = value->kind,
        .availability = value->availability,
        .activity = state_value_activity(value, value->availability),
        .epid = publication->epid,
        .expire_type = EXPIRE_TIME,
        .published = publication->published,
        .until = publication->until,
        .origin = publication->origin,
    };
}

size_t publications_inputs(const struct presence *presence, struct aggregate_input *out,
                           struct aggregate_cause *causes)
{
    size_t count = 0;
    for (struct map_entry *entry = presence->publications.first; entry; entry = entry->next) {
        const struct publication *publication = entry->value;
        if (!speaks(publication)) {
            continue;
        }
        out[count] = (struct aggregate_input){
            .value = &publication->value,
            .published = publication->published,
            .pidf = true,
        };
        if (causes) {
            causes[count] = cause_of(publication);
        }
        count++;
    }
    return count;
}

/* ---- one publication ---- */

static void emit_publication(struct core *core, const struct publication *publication,
                             enum publication_state state, struct slice replaced, uint16_t status)
{
    const struct state_value *value = &publication->value;
    struct change change = {
        .kind = CHANGE_PUBLICATION,
        .as.publication =
            {
                .pidf = true,
                .key.user = publication->user->uri,
                .entity_tag = publication->entry->key,
                .replaced_tag = replaced,
                .epid = publication->epid,
                .state = state,
                .value_kind = value->kind,
                .availability = value->availability,
                .activity = state_value_activity(value, value->availability),
                .published = publication->published,
                .until = publication->until,
                .status = status,
                .category = CATEGORY_STATE,
            },
    };
    core_emit(core, &change);
}

/* A step of a publication that is not kept: it waits for its answer, or was refused. */
static void emit_unkept(struct core *core, struct user *user, struct slice tag, struct slice epid,
                        const struct state_value *value, enum publication_state state,
                        uint16_t status)
{
    const struct state_value nothing = {.availability = AVAILABILITY_NONE};
    struct map_entry entry = {.key = tag};
    const struct publication view = {
        .entry = &entry,
        .user = user,
        .value = value ? *value : nothing,
        .epid = epid,
        .published = TIME_NONE,
        .until = TIME_NONE,
    };
    emit_publication(core, &view, state, (struct slice){0}, status);
}

static struct publication *publication_keep(struct core *core, struct user *user, struct slice tag)
{
    struct map *map = &user->presence.publications;
    if (core_full(core, CAP_INSTANCES, map->count, core->limits.instances)) {
        return NULL;
    }
    struct publication *publication = memory_zero(1, sizeof *publication);
    publication->user = user;
    publication->value.availability = AVAILABILITY_NONE;
    publication->asked = TIME_NONE;
    publication->published = TIME_NONE;
    publication->timer = (struct timer){.kind = TIMER_PUBLICATION, .object = publication};
    publication->entry = map_put(map, tag, publication);
    return publication;
}

/* The presence that the publication covered is what the server last said again. */
static void uncover(struct presence *presence)
{
    if (publications_moment(presence) > 0) {
        return;
    }
    slice_replace(&presence->said.activity, presence->before.activity);
    struct slice activity = presence->said.activity;
    presence->said = presence->before;
    presence->said.activity = activity;
}

static void publication_forget(struct core *core, struct publication *publication)
{
    struct user *user = publication->user;
    struct presence *presence = &user->presence;
    bool spoke = speaks(publication);
    timers_cancel(&core->timers, &publication->timer);
    map_remove_entry(&presence->publications, publication->entry);
    free_publication(publication);
    if (spoke) {
        aggregates_mark(core, user, AGGREGATED_BOTH);
        uncover(presence);
    }
}

/* Under a new tag. Another one that stands there already is replaced: the server named both so. */
static void publication_rename(struct core *core, struct publication *publication, struct slice tag)
{
    struct map *map = &publication->user->presence.publications;
    struct publication *other = map_find(map, tag);
    if (tag.size == 0 || other == publication) {
        return;
    }
    if (other) {
        publication_forget(core, other);
    }
    map_remove_entry(map, publication->entry);
    publication->entry = map_put(map, tag, publication);
}

/* ---- asked ---- */

void publications_asked(struct publications *publications, const struct message *message)
{
    struct core *core = publications->core;
    struct user *user = event_is_presence(message->event)
                            ? users_keep_party(publications->users, &message->to)
                            : NULL;
    if (!user) {
        return;
    }
    struct publication *publication = map_find(&user->presence.publications, message->if_match);
    if (publication && message->if_match.size > 0) {
        publication->asked = core->time;
    }
    if (message->body.size == 0 && message->attempt == 0) {
        emit_unkept(core, user, message->if_match, message->from.epid, NULL, PUBLICATION_REQUESTED,
                    0);
    }
}

void publications_value(struct publications *publications, const struct event *event)
{
    struct core *core = publications->core;
    const struct message *message = event->message;
    if (!event_is_presence(message->event) || message->transaction == 0) {
        return;
    }
    struct user *user = users_keep_party(publications->users, &message->to);
    struct slice key = map_number_key(&message->transaction);
    /* Of several documents in one request the first counts: RFC 3903 publishes one. */
    if (!user || map_find(&publications->values, key)) {
        return;
    }
    if (core_full(core, CAP_PENDING, publications->values.count, core->limits.pending)) {
        if (!publications->values.first) {
            return;
        }
        free_value(map_remove_entry(&publications->values, publications->values.first));
    }
    struct state_value *value = memory_alloc(sizeof *value);
    *value = state_value_keep_pidf(&event->as.pidf);
    map_put(&publications->values, key, value);
    if (message->attempt == 0) {
        emit_unkept(core, user, message->if_match, message->from.epid, value, PUBLICATION_REQUESTED,
                    0);
    }
}

/* ---- answered ---- */

struct answer {
    struct user *user;
    const struct request_view *request;
    const struct message *message;
    struct publication *publication; /* that If-Match names; NULL */
    struct state_value *value;       /* of the body; NULL without */
    bool body;                       /* there was one, readable or not */
};

static void set_lifetime(struct core *core, struct publication *publication,
                         const struct answer *answer)
{
    int64_t lifetime = answer->message->expires;
    if (lifetime < 0) {
        lifetime = answer->request->expires;
    }
    publication->asked = TIME_NONE;
    publication->origin = core_origin(core);
    publication->until = core_after(core, lifetime >= 0 ? lifetime : DEFAULT_LIFETIME);
    timers_cancel(&core->timers, &publication->timer);
    if (publication->until != TIME_NONE) {
        timers_set(&core->timers, &publication->timer, publication->until);
    }
}

static void accept_removal(struct core *core, const struct answer *answer)
{
    uint16_t status = answer->message->status;
    if (!answer->publication) {
        emit_unkept(core, answer->user, answer->request->if_match, answer->request->from_epid, NULL,
                    PUBLICATION_REMOVED, status);
        return;
    }
    emit_publication(core, answer->publication, PUBLICATION_REMOVED, (struct slice){0}, status);
    publication_forget(core, answer->publication);
    presence_update(core, answer->user, slice_of("publication removed"));
}

/* Takes over the value of the body, if there is one. */
static void take_value(struct core *core, struct publication *publication,
                       const struct answer *answer)
{
    if (!answer->body) {
        return;
    }
    state_value_drop(&publication->value);
    if (answer->value) {
        publication->value = *answer->value;
        *answer->value = (struct state_value){.availability = AVAILABILITY_NONE};
    }
    publication->moment = core->moment;
    publication->published = core->time;
    aggregates_mark(core, answer->user, AGGREGATED_BOTH);
}

static enum publication_state accepted_state(const struct answer *answer)
{
    if (!answer->body) {
        return PUBLICATION_REFRESHED;
    }
    return answer->publication ? PUBLICATION_MODIFIED : PUBLICATION_LIVE;
}

static void accept_publication(struct core *core, const struct answer *answer)
{
    const struct message *message = answer->message;
    struct presence *presence = &answer->user->presence;
    struct publication *publication = answer->publication;
    enum publication_state state = accepted_state(answer);
    struct slice tag = message->entity_tag;
    if (publication) {
        publication_rename(core, publication, tag);
    } else {
        tag = tag.size > 0 ? tag : answer->request->if_match;
        struct publication *other = map_find(&presence->publications, tag);
        if (other) {
            publication_forget(core, other);
        }
        publication = publication_keep(core, answer->user, tag);
        if (!publication) {
            return;
        }
    }
    take_value(core, publication, answer);
    slice_replace(&publication->epid, answer->request->from_epid);
    set_lifetime(core, publication, answer);
    emit_publication(core, publication, state, answer->request->if_match, message->status);
    char text[CAUSE_TEXT];
    presence_update(core, answer->user,
                    presence_cause(text, "publishes PIDF", "", publication->value.availability));
}

/* 412: the server has no such publication, so nothing of it is shown any more. */
static void refuse(struct core *core, const struct answer *answer)
{
    uint16_t status = answer->message->status;
    struct publication *publication = answer->publication;
    if (status == 401 || status == 407) {
        return;
    }
    emit_unkept(core, answer->user, answer->request->if_match, answer->request->from_epid,
                answer->value, PUBLICATION_REFUSED, status);
    if (!publication) {
        return;
    }
    publication->asked = TIME_NONE;
    if (status == 412) {
        publication_forget(core, publication);
        presence_update(core, answer->user, slice_of("publication unknown to the server"));
    } else if (publication->until != TIME_NONE && publication->until <= core->time) {
        timers_set(&core->timers, &publication->timer, core->time);
    }
}

void publications_answered(struct publications *publications, const struct message *message)
{
    const struct request_view *request = message->request_kept;
    if (!request || message->status < 200 || message->to.service ||
        !event_is_presence(request->event)) {
        return;
    }
    struct core *core = publications->core;
    struct user *user = users_keep(publications->users, request->to_user);
    struct state_value *value =
        map_remove(&publications->values, map_number_key(&message->transaction));
    if (user) {
        struct answer answer = {
            .user = user,
            .request = request,
            .message = message,
            .value = value,
            .body = value || request->content_type.size > 0,
        };
        if (request->if_match.size > 0) {
            answer.publication = map_find(&user->presence.publications, request->if_match);
        }
        if (message->status >= 300) {
            refuse(core, &answer);
        } else if (request->expires == 0) {
            accept_removal(core, &answer);
        } else {
            accept_publication(core, &answer);
        }
    }
    if (value) {
        free_value(value);
    }
}

void publications_timer(struct publications *publications, struct timer *timer)
{
    struct core *core = publications->core;
    struct publication *publication = timer->object;
    struct user *user = publication->user;
    if (publication->asked != TIME_NONE) {
        int64_t answer_by = time_add(publication->asked, TRANSACTION_WAIT);
        publication->asked = TIME_NONE;
        if (answer_by > timer->due) {
            timers_set(&core->timers, timer, answer_by);
            return;
        }
    }
    core_cause_timer(core, timer->due, &publication->origin);
    emit_publication(core, publication, PUBLICATION_EXPIRED, (struct slice){0}, 0);
    publication_forget(core, publication);
    presence_update(core, user, slice_of("publication ran out"));
}
