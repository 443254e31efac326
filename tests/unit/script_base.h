/*
 * Stories for the engine: what all their lines share, and the log of what the
 * engine says. See engine_script.h.
 */
#ifndef OCSIGHT_TESTS_UNIT_SCRIPT_BASE_H
#define OCSIGHT_TESTS_UNIT_SCRIPT_BASE_H

#include "tests/unit/harness.h"

#include <stdio.h>
#include <stdlib.h>

#include "analyzer/engine/engine.h"

enum { SCRIPT_TOKENS = 24, SCRIPT_POOL = 16384 };

/* What is done to a story without changing what comes of it. */
enum script_mode {
    SCRIPT_PLAIN = 0,
    SCRIPT_COPIES = 1, /* every event again as another hop and as a retransmission */
    SCRIPT_TICKS = 2,  /* time passes in small steps */
    SCRIPT_SERVED = 8, /* not that: every category told has a line, with where it comes from */
};

struct script {
    struct engine *engine;
    unsigned mode;
    char *log;
    size_t log_size;
    char caps[256];
    int64_t now;
    uint64_t record;
    uint64_t next_transaction;
    uint64_t last_change;
    uint64_t refused; /* the dialog of the last row, when that says refused */
    bool disordered;
    bool aggregates; /* CHANGE_AGGREGATE has lines too */
    bool agreed;     /* so have CHANGE_PARTICIPANT and CHANGE_FOLLOW; rosters say more */
    bool files;      /* so has CHANGE_FILE */
    void (*file)(char *out, size_t size, const struct file_change *it);
    char pool[SCRIPT_POOL]; /* the strings of one line */
    size_t pool_size;
    char *token[SCRIPT_TOKENS];
    size_t tokens;
    struct request_view request; /* of the line */
};

static inline struct slice script_text(struct script *script, const char *format, const char *text)
{
    int size =
        snprintf(script->pool + script->pool_size, SCRIPT_POOL - script->pool_size, format, text);
    struct slice slice = {script->pool + script->pool_size, (size_t)size};
    script->pool_size += (size_t)size + 1;
    assert_true(script->pool_size < SCRIPT_POOL);
    return slice;
}

static inline struct slice script_user(struct script *script, const char *name)
{
    return *name && strcmp(name, "-") != 0 ? script_text(script, "%s@x", name) : (struct slice){0};
}

static inline struct slice script_room(struct script *script, const char *name)
{
    return script_text(script, "ma-chan://x/%s", name);
}

static inline struct slice script_words(struct script *script, const char *text)
{
    char words[512];
    size_t size = 0;
    for (; *text && size < sizeof words - 2; text++) {
        if (*text == '~') {
            words[size++] = '\r';
        }
        words[size++] = *text == '~' || *text == '^' ? '\n' : *text == '_' ? ' ' : *text;
    }
    words[size] = '\0';
    return script_text(script, "%s", words);
}

static inline int64_t script_time(const char *text)
{
    return text[0] == '-' ? TIME_NONE : (int64_t)(atof(text) * 1000) * (TIME_SECOND / 1000);
}

static inline const char *script_arg(const struct script *script, size_t index)
{
    return index < script->tokens ? script->token[index] : "";
}

/* ---- the log ---- */

static inline void script_line(struct script *script, int64_t time, const char *line)
{
    size_t room = strlen(line) + 64;
    script->log = realloc(script->log, script->log_size + room);
    script->log_size +=
        (size_t)snprintf(script->log + script->log_size, room, "%g %s\n", (double)time / 1e9, line);
}

#define SLICE_ARGS(slice) (int)(slice).size, (slice).data ? (slice).data : ""
#define NAME_ARGS(slice)                                                                           \
    (int)((slice).size > 2 ? (slice).size - 2 : 0), (slice).data ? (slice).data : ""
#define ROOM_ARGS(slice)                                                                           \
    (int)((slice).size > 12 ? (slice).size - 12 : 0), (slice).size > 12 ? (slice).data + 12 : ""

static inline size_t script_until(char *out, size_t size, int64_t until)
{
    return until == TIME_NONE ? 0 : (size_t)snprintf(out, size, " until=%g", (double)until / 1e9);
}

static inline size_t script_number(char *out, size_t size, int64_t number, struct slice activity)
{
    size_t used = number == AVAILABILITY_NONE
                      ? (size_t)snprintf(out, size, " -")
                      : (size_t)snprintf(out, size, " %lld", (long long)number);
    if (activity.size > 0) {
        used += (size_t)snprintf(out + used, size - used, "/%.*s", SLICE_ARGS(activity));
    }
    return used;
}

static inline void script_publication(char *out, size_t size, const struct publication_change *it)
{
    size_t at;
    if (it->pidf) {
        at = (size_t)snprintf(out, size, "pidf %.*s %s", NAME_ARGS(it->key.user),
                              publication_state_name(it->state));
        at += (size_t)snprintf(out + at, size - at, " tag=%.*s", SLICE_ARGS(it->entity_tag));
        if (it->replaced_tag.size > 0) {
            at += (size_t)snprintf(out + at, size - at, "<%.*s", SLICE_ARGS(it->replaced_tag));
        }
    } else {
        at = (size_t)snprintf(out, size, "instance %.*s %.*s/%u/%u %s", NAME_ARGS(it->key.user),
                              SLICE_ARGS(it->key.name), it->key.instance, it->key.container,
                              publication_state_name(it->state));
        at += (size_t)snprintf(out + at, size - at, " %s v%u", state_kind_name(it->value_kind),
                               it->version);
    }
    at += script_number(out + at, size - at, it->availability, it->activity);
    at += script_until(out + at, size - at, it->until);
    if (it->status >= 300) {
        at += (size_t)snprintf(out + at, size - at, " status=%u", it->status);
    }
    if (it->state == PUBLICATION_CONFLICT) {
        snprintf(out + at, size - at, " place=%u current=%u", it->index, it->current_version);
    }
}

static inline void script_room_change(char *out, size_t size, const struct room_change *it)
{
    size_t at = (size_t)snprintf(out, size, "room %.*s '%.*s'%s%s%s", ROOM_ARGS(it->uri),
                                 SLICE_ARGS(it->name), it->suspended ? " suspended" : "",
                                 it->source > ROOM_TOLD && it->source < ROOM_ENDED ? " " : "",
                                 it->source == ROOM_ENDED  ? " forgotten"
                                 : it->source == ROOM_TOLD ? ""
                                                           : room_source_name(it->source));
    const struct {
        const char *word;
        struct slice value;
    } told[] = {
        {"was", it->old_name},
        {"topic", it->topic},
        {"about", it->description},
        {"visible", it->visibility},
    };
    for (size_t i = 0; i < sizeof told / sizeof told[0]; i++) {
        if (told[i].value.size > 0) {
            at += (size_t)snprintf(out + at, size - at, " %s='%.*s'", told[i].word,
                                   SLICE_ARGS(told[i].value));
        }
    }
    const struct {
        const char *word;
        enum said value;
    } said[] = {
        {"files", it->file_post},
        {"invites", it->invites},
        {"logged", it->logged},
    };
    for (size_t i = 0; i < sizeof said / sizeof said[0]; i++) {
        if (said[i].value != SAID_NOTHING) {
            at += (size_t)snprintf(out + at, size - at, " %s%s",
                                   said[i].value == SAID_NO ? "no-" : "", said[i].word);
        }
    }
}

static inline void script_roster(char *out, size_t size, const struct roster_change *it, bool more)
{
    size_t at =
        (size_t)snprintf(out, size, "roster @%llu %.*s %c%.*s%s",
                         (unsigned long long)it->session.id, ROOM_ARGS(it->room),
                         it->present ? '+' : '-', NAME_ARGS(it->user), it->notice ? " notice" : "");
    if (more) {
        snprintf(out + at, size - at, " of %zu%s%s", it->users, it->before ? " before" : "",
                 it->suspended ? " suspended" : "");
    }
}

static inline void script_participant(char *out, size_t size, const struct participant_change *it)
{
    snprintf(out, size, "agreed %.*s %c%.*s %zu:%zu", ROOM_ARGS(it->room), it->present ? '+' : '-',
             NAME_ARGS(it->user), it->agree, it->disagree);
}

static inline void script_follow(char *out, size_t size, const struct follow_change *it)
{
    snprintf(out, size, "follow %.*s %c%.*s '%.*s'", NAME_ARGS(it->user), it->follows ? '+' : '-',
             SLICE_ARGS(it->room), SLICE_ARGS(it->room_name));
}

static inline void script_post(char *out, size_t size, const struct post_change *it)
{
    snprintf(out, size, "post %llu %s @%llu %.*s %.*s '%.*s' %s%s%s%s%s%s",
             (unsigned long long)it->id, post_state_name(it->state),
             (unsigned long long)it->session.id, ROOM_ARGS(it->room), NAME_ARGS(it->author),
             SLICE_ARGS(it->text), membership_state_name(it->membership),
             it->author_mismatch ? " mismatch" : "", it->has_ts ? "" : " no-ts",
             it->echo ? " echo" : "", it->captured ? "" : " uncaptured", it->retry ? " retry" : "");
}

static inline void script_command(char *out, size_t size, const struct command_change *it)
{
    size_t at = (size_t)snprintf(out, size, "command %llu %.*s %s", (unsigned long long)it->id,
                                 SLICE_ARGS(it->name), command_state_name(it->state));
    if (it->status >= 300) {
        at += (size_t)snprintf(out + at, size - at, " status=%u", it->status);
    }
    if (it->code > 0) {
        snprintf(out + at, size - at, " code=%u", it->code);
    }
}

/* "aggregate ann c2 6500 [6000..8999] by a call ...; server 6500, machine 3500" */
static inline void script_aggregate(char *out, size_t size, const struct aggregate_change *it)
{
    size_t at =
        (size_t)snprintf(out, size, "aggregate %.*s c%u", NAME_ARGS(it->user), it->container);
    at += script_number(out + at, size - at, it->computed, it->activity);
    for (size_t i = 0; i < it->admitted.count; i++) {
        at += (size_t)snprintf(out + at, size - at, " [%lld..%lld]",
                               (long long)it->admitted.ranges[i].low,
                               (long long)it->admitted.ranges[i].high);
    }
    at += (size_t)snprintf(out + at, size - at, " (%s)", aggregate_step_name(it->step));
    if (it->told) {
        at += (size_t)snprintf(out + at, size - at, " server");
        at += script_number(out + at, size - at, it->server, it->server_activity);
    }
    snprintf(out + at, size - at, "%s%s%s", it->complete ? " complete" : "",
             it->agrees ? "" : " DIFFERS", it->machine_agrees ? "" : " MACHINE-DIFFERS");
}

/* " note cleared by 100 200 300", " by 32000 certain since 3" */
static inline void script_served(char *out, size_t size, const struct told_change *it)
{
    static const char *const names[] = {"100", "200", "300", "400", "32000", "other"};
    size_t at = 0;
    if (it->category != CATEGORY_STATE) {
        at = (size_t)snprintf(out, size, " %s", category_kind_name(it->category));
    }
    at += (size_t)snprintf(out + at, size - at, "%s", it->empty ? " cleared" : "");
    if (it->served == SERVED_ANY) {
        at += (size_t)snprintf(out + at, size - at, " by any");
    }
    for (size_t i = 0; i < 6 && it->served != SERVED_ANY; i++) {
        if (it->served & (1U << i)) {
            at += (size_t)snprintf(out + at, size - at, " by %s", names[i]);
        }
    }
    if (it->member) {
        snprintf(out + at, size - at, " certain since %g", (double)it->member_origin.time / 1e9);
    }
}

static inline void script_change(void *context, const struct change *change)
{
    struct script *script = context;
    char line[1024] = "";
    size_t at = 0;
    script->disordered = script->disordered || change->id != script->last_change + 1;
    script->last_change = change->id;
    if (!script->agreed && (change->kind == CHANGE_PARTICIPANT || change->kind == CHANGE_FOLLOW)) {
        return;
    }
    switch (change->kind) {
    case CHANGE_PRESENCE: {
        const struct presence_change *it = &change->as.presence;
        at = (size_t)snprintf(line, sizeof line, "presence %.*s %s->%s", NAME_ARGS(it->user),
                              band_name(it->from), band_name(it->band));
        at += script_number(line + at, sizeof line - at, it->availability, it->activity);
        snprintf(line + at, sizeof line - at, " %s (%.*s)", presence_source_name(it->source),
                 SLICE_ARGS(it->cause));
        break;
    }
    case CHANGE_ENDPOINT: {
        const struct endpoint_change *it = &change->as.endpoint;
        at = (size_t)snprintf(line, sizeof line, "endpoint %.*s %.*s %s", NAME_ARGS(it->user),
                              SLICE_ARGS(it->epid), endpoint_state_name(it->state));
        script_until(line + at, sizeof line - at, it->until);
        break;
    }
    case CHANGE_PUBLICATION:
        script_publication(line, sizeof line, &change->as.publication);
        break;
    case CHANGE_AGGREGATE:
        if (!script->aggregates) {
            return;
        }
        script_aggregate(line, sizeof line, &change->as.aggregate);
        break;
    case CHANGE_TOLD: {
        const struct told_change *it = &change->as.told;
        if (it->category != CATEGORY_STATE && !(script->mode & SCRIPT_SERVED)) {
            return;
        }
        at = (size_t)snprintf(line, sizeof line, "told %.*s of %.*s: %s", NAME_ARGS(it->watcher),
                              NAME_ARGS(it->user), band_name(it->band));
        at += script_number(line + at, sizeof line - at, it->availability, it->activity);
        if (it->has_container) {
            at += (size_t)snprintf(line + at, sizeof line - at, " in %u", it->container);
        }
        at += (size_t)snprintf(line + at, sizeof line - at, "%s%s", it->owner ? " owner" : "",
                               it->polled ? " polled" : "");
        if (script->mode & SCRIPT_SERVED) {
            script_served(line + at, sizeof line - at, it);
        }
        break;
    }
    case CHANGE_SUBSCRIPTION: {
        const struct subscription_change *it = &change->as.subscription;
        at = (size_t)snprintf(line, sizeof line, "subscription %llu %.*s->%.*s %s",
                              (unsigned long long)it->dialog, NAME_ARGS(it->watcher),
                              NAME_ARGS(it->target), subscription_state_name(it->state));
        at += script_until(line + at, sizeof line - at, it->until);
        if (it->reason.size > 0) {
            snprintf(line + at, sizeof line - at, " (%.*s)", SLICE_ARGS(it->reason));
        }
        break;
    }
    case CHANGE_SESSION: {
        const struct session_change *it = &change->as.session;
        at = (size_t)snprintf(line, sizeof line, "session %llu %.*s/%.*s d%llu %s->%s%s",
                              (unsigned long long)it->session.id, NAME_ARGS(it->session.user),
                              SLICE_ARGS(it->session.epid), (unsigned long long)it->session.dialog,
                              session_state_name(it->from), session_state_name(it->state),
                              it->session.lookup ? " lookup" : "");
        if (it->expires > 0) {
            at += (size_t)snprintf(line + at, sizeof line - at, " expires=%lld",
                                   (long long)it->expires);
        }
        at += (size_t)snprintf(line + at, sizeof line - at, "%s", it->renewed ? " renewed" : "");
        if (it->reason.size > 0) {
            snprintf(line + at, sizeof line - at, " (%.*s)", SLICE_ARGS(it->reason));
        }
        break;
    }
    case CHANGE_ROOM:
        script_room_change(line, sizeof line, &change->as.room);
        break;
    case CHANGE_MEMBERSHIP: {
        const struct membership_change *it = &change->as.membership;
        at = (size_t)snprintf(line, sizeof line, "member @%llu %.*s %s->%s%s",
                              (unsigned long long)it->session.id, ROOM_ARGS(it->room),
                              membership_state_name(it->from), membership_state_name(it->state),
                              it->assumed ? " assumed" : "");
        if (it->reason.size > 0) {
            snprintf(line + at, sizeof line - at, " (%.*s)", SLICE_ARGS(it->reason));
        }
        break;
    }
    case CHANGE_ROSTER:
        script_roster(line, sizeof line, &change->as.roster, script->agreed);
        break;
    case CHANGE_COMMAND:
        script_command(line, sizeof line, &change->as.command);
        break;
    case CHANGE_POST:
        script_post(line, sizeof line, &change->as.post);
        break;
    case CHANGE_FILE:
        if (!script->files) {
            return;
        }
        script->file(line, sizeof line, &change->as.file);
        break;
    case CHANGE_PARTICIPANT:
        script_participant(line, sizeof line, &change->as.participant);
        break;
    case CHANGE_FOLLOW:
        script_follow(line, sizeof line, &change->as.follow);
        break;
    case CHANGE_KINDS:
        return;
    }
    script_line(script, change->time, line);
}

static inline void script_cap(void *context, const struct event *event)
{
    struct script *script = context;
    size_t used = strlen(script->caps);
    snprintf(script->caps + used, sizeof script->caps - used, "%s%.*s", used > 0 ? " " : "",
             SLICE_ARGS(event->as.coverage.detail));
}

/* ---- feeding ---- */

static inline void script_feed(struct script *script, struct event *event, struct message *message)
{
    static const enum message_role roles[] = {MESSAGE_ANOTHER_HOP, MESSAGE_RETRANSMISSION};
    event->origin = (struct origin){.time = script->now, .record = script->record};
    event->message = message;
    engine_feed(script->engine, event);
    for (size_t i = 0; message && (script->mode & SCRIPT_COPIES) && i < 2; i++) {
        struct message copy = *message;
        copy.role = roles[i];
        event->message = &copy;
        engine_feed(script->engine, event);
    }
}

/* The message itself as an event. */
static inline void script_message(struct script *script, struct message *message)
{
    struct event event = {.kind = EVENT_MESSAGE};
    script->record++;
    script_feed(script, &event, message);
}

static inline struct message script_request(struct script *script, enum sip_method method,
                                            struct slice from, struct slice to, const char *epid)
{
    struct message message = {
        .request = true,
        .method = method,
        .from = {.user = from, .epid = script_text(script, "%s", epid)},
        .to = {.user = to},
        .expires = -1,
        .transaction = ++script->next_transaction,
    };
    return message;
}

static inline struct message script_response(struct script *script, const struct message *request,
                                             uint16_t status)
{
    script->request = (struct request_view){
        .method = request->method,
        .origin = {.time = script->now, .record = script->record},
        .event = request->event,
        .content_type = request->content_type,
        .if_match = request->if_match,
        .from_user = request->from.user,
        .to_user = request->to.user,
        .from_epid = request->from.epid,
        .expires = request->expires,
    };
    struct message message = *request;
    message.request = false;
    message.status = status;
    message.expires = -1;
    message.if_match = (struct slice){0};
    message.content_type = (struct slice){0};
    message.body = (struct slice){0};
    message.request_kept = &script->request;
    return message;
}

static inline enum dialog_state script_dialog_state(const char *name)
{
    for (int state = DIALOG_TRYING; state < DIALOG_UNFINISHED; state++) {
        if (strcmp(dialog_state_name((enum dialog_state)state), name) == 0) {
            return (enum dialog_state)state;
        }
    }
    return DIALOG_UNFINISHED;
}

#endif
