/*
 * The call flows of chat: sign-in by lookup or by provisioning, entering a room and posting to it,
 * and the way of a post into the archive. See flow.h.
 *
 * What precedes the chat dialogs (registration, subscriptions, provisioning) is remembered of each
 * endpoint, and belongs to the first sign-in after it: a client that comes back later on the same
 * registration may leave out what it knows, so nothing is expected of that one.
 */
#include <stdlib.h>

#include "analyzer/audit/flow.h"
#include "analyzer/engine/arena.h"

enum { FIRST_REQUESTS = 3 /* CSeq of a dialog's first command at most: after an INVITE or two */ };

struct flow_endpoint {
    struct flow_sight registered;
    struct flow_sight subscribed;
    struct flow_sight served;
    struct flow_sight provisioned;
    bool initial; /* `registered` is its first, not a refresh */
    bool follows; /* rooms, as its own presence document says */
    bool settled; /* it signed in to a server of 2013 or later before */
    struct flow_run *sign_in;
};

struct flow_talk {
    struct slice user;
    struct slice epid;
    bool lookup;
    bool persistent;          /* 2013 or later */
    struct flow_run *search;  /* entered no room yet */
    struct flow_run *archive; /* the first accepted post */
    struct link runs;
};

void flow_chat_init(struct call_flows *flows)
{
    map_init(&flows->endpoints, flows->seed);
    map_init_numbers(&flows->talks, flows->seed);
    map_init_numbers(&flows->invites, flows->seed);
    map_init(&flows->rooms, flows->seed);
    map_init(&flows->lookups, flows->seed);
}

static void talk_free(void *value)
{
    struct flow_talk *talk = value;
    while (!list_empty(&talk->runs)) {
        list_remove(talk->runs.next);
    }
    slice_drop(&talk->user);
    slice_drop(&talk->epid);
    free(talk);
}

void flow_chat_dispose(struct call_flows *flows)
{
    map_dispose(&flows->endpoints, free);
    map_dispose(&flows->talks, talk_free);
    map_dispose(&flows->invites, free);
    map_dispose(&flows->rooms, NULL);
    map_dispose(&flows->lookups, free);
}

/* ---- tables that forget their oldest ---- */

static struct flow_endpoint *endpoint_find(struct call_flows *flows, struct slice user,
                                           struct slice epid)
{
    struct buffer key;
    struct flow_endpoint *endpoint = map_find(&flows->endpoints, flow_pair_key(&key, user, epid));
    buffer_dispose(&key);
    return endpoint;
}

static void endpoint_drop(struct call_flows *flows, struct map_entry *entry)
{
    struct flow_endpoint *endpoint = map_remove_entry(&flows->endpoints, entry);
    flow_end(flows, endpoint->sign_in);
    free(endpoint);
}

static struct flow_endpoint *endpoint_keep(struct call_flows *flows, struct slice user,
                                           struct slice epid)
{
    struct buffer key;
    struct slice name = flow_pair_key(&key, user, epid);
    struct map_entry *entry = map_find_entry(&flows->endpoints, name);
    if (entry) {
        map_touch(&flows->endpoints, entry);
    } else {
        if (flows->endpoints.count >= flows->limits.sessions && flows->endpoints.first) {
            endpoint_drop(flows, flows->endpoints.first);
            flows->refused++;
        }
        entry = map_put(&flows->endpoints, name, memory_zero(1, sizeof(struct flow_endpoint)));
    }
    buffer_dispose(&key);
    return entry->value;
}

static void sight_keep(struct map *map, struct slice key, size_t limit,
                       const struct flow_sight *sight)
{
    if (map_find(map, key)) {
        return;
    }
    if (map->count >= limit && map->first) {
        free(map_remove_entry(map, map->first));
    }
    struct flow_sight *kept = memory_alloc(sizeof *kept);
    *kept = *sight;
    map_put(map, key, kept);
}

/* ---- sign-in ---- */

static bool is_sign_in(const struct flow_run *run)
{
    return run->kind == FLOW_GROUP_SIGN_IN || run->kind == FLOW_PERSISTENT_SIGN_IN;
}

static struct flow_run *group_begin(struct call_flows *flows, struct flow_endpoint *endpoint,
                                    struct slice user)
{
    struct flow_run *run = flow_begin(flows, FLOW_GROUP_SIGN_IN, user, &endpoint->sign_in);
    if (run && endpoint->registered.known) {
        char host[ADDRESS_TEXT];
        struct address client = endpoint->registered.route.source;
        address_host_text(&client, host);
        const struct flow_sight *dns = map_find(&flows->lookups, slice_of(host));
        if (dns) {
            flow_see(flows, run, MOMENT_DNS, dns, NULL);
        }
        flow_see(flows, run, MOMENT_REGISTER, &endpoint->registered, NULL);
        flow_see(flows, run, MOMENT_SUBSCRIBE, &endpoint->subscribed, NULL);
        flow_see(flows, run, MOMENT_SERVICE, &endpoint->served, NULL);
        run->joined = !endpoint->initial;
    }
    endpoint->registered.known = false;
    return run;
}

static struct flow_run *persistent_begin(struct call_flows *flows, struct flow_endpoint *endpoint,
                                         struct slice user)
{
    struct flow_run *run = flow_begin(flows, FLOW_PERSISTENT_SIGN_IN, user, &endpoint->sign_in);
    if (run) {
        flow_see(flows, run, MOMENT_PROVISIONING, &endpoint->provisioned, NULL);
        run->rooms = endpoint->follows;
    }
    endpoint->provisioned.known = false;
    return run;
}

/* The run that this dialog belongs to; a new one where the last one is through. */
static struct flow_run *sign_in_of(struct call_flows *flows, struct flow_endpoint *endpoint,
                                   const struct flow_talk *talk)
{
    struct flow_run *run = endpoint->sign_in;
    bool fits = run && !flow_has(run, MOMENT_INVITE) &&
                (talk->lookup ? run->kind == FLOW_GROUP_SIGN_IN : true);
    if (fits) {
        return run;
    }
    flow_end(flows, run);
    return talk->lookup || !talk->persistent ? group_begin(flows, endpoint, talk->user)
                                             : persistent_begin(flows, endpoint, talk->user);
}

/* A dialog whose INVITE is missing although it cannot have begun before the capture. */
static bool is_beginning(const struct flow_talk *talk, const struct message *message)
{
    return message && message->request && message->cseq <= FIRST_REQUESTS &&
           slice_equal(message->from.user, talk->user);
}

static struct flow_talk *talk_find(const struct call_flows *flows, uint64_t dialog)
{
    return map_find(&flows->talks, map_number_key(&dialog));
}

static void talk_drop(struct call_flows *flows, struct map_entry *entry)
{
    struct flow_talk *talk = map_remove_entry(&flows->talks, entry);
    while (!list_empty(&talk->runs)) {
        flow_end(flows, LIST_OWNER(talk->runs.next, struct flow_run, sibling));
    }
    talk_free(talk);
}

static void talk_begin(struct call_flows *flows, struct flow_talk *talk,
                       const struct session_ref *ref, const struct message *message)
{
    struct flow_endpoint *endpoint = endpoint_keep(flows, talk->user, talk->epid);
    bool told = endpoint->provisioned.known || endpoint->settled;
    talk->persistent = talk->persistent || (told && !talk->lookup);
    endpoint->settled = talk->persistent;
    struct flow_run *run = sign_in_of(flows, endpoint, talk);
    const struct flow_sight *invite = map_find(&flows->invites, map_number_key(&ref->dialog));
    if (!run) {
        return;
    }
    flow_call(run, ref->call_id);
    if (invite) {
        const struct message *carrier = message && message->id == invite->message ? message : NULL;
        flow_see(flows, run, talk->lookup ? MOMENT_LOOKUP : MOMENT_INVITE, invite, carrier);
    } else if (!is_beginning(talk, message)) {
        run->joined = true;
    }
}

/* The old client meets new servers too: their addresses say what they are (xccos.md 8.2). */
static bool is_pool(struct slice service)
{
    return slice_find_nocase(service, slice_of("-persistentchatservice-")) != SLICE_NONE;
}

static struct flow_talk *talk_keep(struct call_flows *flows, const struct session_ref *ref,
                                   struct slice service, const struct message *message)
{
    struct flow_talk *talk = talk_find(flows, ref->dialog);
    if (talk || ref->dialog == 0) {
        return talk;
    }
    if (flows->talks.count >= flows->limits.sessions && flows->talks.first) {
        talk_drop(flows, flows->talks.first);
        flows->refused++;
    }
    talk = memory_zero(1, sizeof *talk);
    talk->user = memory_keep(ref->user);
    talk->epid = memory_keep(ref->epid);
    talk->lookup = ref->lookup;
    talk->persistent = is_pool(service);
    list_init(&talk->runs);
    map_put(&flows->talks, map_number_key(&ref->dialog), talk);
    talk_begin(flows, talk, ref, message);
    return talk;
}

static struct flow_run *talk_sign_in(struct call_flows *flows, const struct flow_talk *talk)
{
    struct flow_endpoint *endpoint = endpoint_find(flows, talk->user, talk->epid);
    return endpoint ? endpoint->sign_in : NULL;
}

/* Something failed: what follows from it, or does not, is nobody's missing step. */
static void talk_excuse(struct call_flows *flows, struct flow_talk *talk)
{
    struct flow_run *sign_in = talk_sign_in(flows, talk);
    if (sign_in) {
        sign_in->excused = true;
    }
    for (struct link *link = talk->runs.next; link != &talk->runs; link = link->next) {
        struct flow_run *run = LIST_OWNER(link, struct flow_run, sibling);
        run->excused = run->excused || run->kind != FLOW_COMPLIANCE;
    }
}

static void talk_end(struct call_flows *flows, uint64_t dialog)
{
    struct map_entry *entry = map_find_entry(&flows->talks, map_number_key(&dialog));
    if (!entry) {
        return;
    }
    struct flow_talk *talk = entry->value;
    if (!talk->lookup) {
        flow_end(flows, talk_sign_in(flows, talk));
    }
    talk_drop(flows, entry);
}

/* ---- rooms ---- */

static enum flow_kind post_kind(const struct flow_talk *talk)
{
    return talk->persistent ? FLOW_PERSISTENT_POST : FLOW_GROUP_POST;
}

static struct flow_run *room_find(struct call_flows *flows, struct slice user, struct slice room)
{
    struct buffer key;
    struct flow_run *run = map_find(&flows->rooms, flow_pair_key(&key, user, room));
    buffer_dispose(&key);
    return run;
}

/* The search, if there was one, turns out to have been for this room. */
static struct flow_run *room_enter(struct call_flows *flows, struct flow_talk *talk,
                                   struct slice room)
{
    struct flow_run *run = talk->search;
    if (run) {
        talk->search = NULL;
        run->holder = NULL;
    } else {
        run = flow_begin(flows, post_kind(talk), talk->user, NULL);
        if (!run) {
            return NULL;
        }
        list_append(&talk->runs, &run->sibling);
    }
    struct buffer key;
    flow_place(flows, run, &flows->rooms, flow_pair_key(&key, talk->user, room));
    buffer_dispose(&key);
    return run;
}

static struct flow_run *search_begin(struct call_flows *flows, struct flow_talk *talk)
{
    if (!talk->search) {
        struct flow_run *run = flow_begin(flows, post_kind(talk), talk->user, &talk->search);
        if (run) {
            list_append(&talk->runs, &run->sibling);
        }
    }
    return talk->search;
}

/* What is done in a room: of the flow that entered it, or of one that has not got that far. */
static struct flow_run *room_run(struct call_flows *flows, struct flow_talk *talk,
                                 const struct session_ref *ref, struct slice room)
{
    struct flow_run *run = room_find(flows, talk->user, room);
    bool inside = seen_sessions_joined(flows->sessions, ref->id, room) != NULL;
    return run || inside ? run : talk->search;
}

/* ---- commands ---- */

struct place {
    struct flow_run *run;
    enum flow_moment moment;
};

static enum flow_moment sign_in_moment(enum chat_verb verb)
{
    switch (verb) {
    case CHAT_REQURI:
        return MOMENT_REQURI;
    case CHAT_GETSERVERINFO:
        return MOMENT_SERVER_INFO;
    case CHAT_GETASSOCIATIONS:
        return MOMENT_ASSOCIATIONS;
    case CHAT_GETPREF:
        return MOMENT_PREFERENCES;
    case CHAT_BJOIN:
        return MOMENT_BATCH_JOIN;
    case CHAT_JOIN:
        return MOMENT_JOIN;
    case CHAT_BCCONTEXT:
        return MOMENT_HISTORY;
    case CHAT_GETINV:
        return MOMENT_INVITATIONS;
    default:
        return MOMENT_NONE;
    }
}

/* A join outside sign-in enters the room that was searched for. */
static struct place join_place(struct call_flows *flows, struct flow_talk *talk, struct slice room,
                               struct flow_run *sign_in, bool fresh)
{
    struct flow_run *run = talk->search ? NULL : room_find(flows, talk->user, room);
    if (!run && !talk->search && sign_in && sign_in->kind == FLOW_PERSISTENT_SIGN_IN) {
        return (struct place){sign_in, MOMENT_JOIN};
    }
    if (!run && fresh) {
        run = room_enter(flows, talk, room);
    }
    return (struct place){run, MOMENT_JOIN};
}

static struct place history_place(struct call_flows *flows, struct flow_talk *talk,
                                  const struct command_change *command, struct flow_run *sign_in)
{
    struct flow_run *run = room_run(flows, talk, &command->session, command->room);
    return (struct place){run ? run : sign_in, MOMENT_HISTORY};
}

static struct place associations_place(struct flow_run *sign_in, bool fresh)
{
    bool again = sign_in && (fresh ? flow_has(sign_in, MOMENT_ASSOCIATIONS)
                                   : flow_has(sign_in, MOMENT_ASSOCIATIONS_AGAIN));
    return (struct place){sign_in, again ? MOMENT_ASSOCIATIONS_AGAIN : MOMENT_ASSOCIATIONS};
}

/* Where a command belongs, or with `fresh` false its reply. */
static struct place command_place(struct call_flows *flows, struct flow_talk *talk,
                                  const struct command_change *command, bool fresh)
{
    struct flow_run *sign_in = talk_sign_in(flows, talk);
    switch (command->verb) {
    case CHAT_CHANSRCH:
        return (struct place){fresh ? search_begin(flows, talk) : talk->search, MOMENT_SEARCH};
    case CHAT_JOIN:
        return join_place(flows, talk, command->room, sign_in, fresh);
    case CHAT_BCCONTEXT:
        return history_place(flows, talk, command, sign_in);
    case CHAT_GETFUTOK:
        return (struct place){room_run(flows, talk, &command->session, command->room),
                              MOMENT_TOKEN};
    case CHAT_GETASSOCIATIONS:
        return associations_place(sign_in, fresh);
    default:
        return (struct place){sign_in, sign_in_moment(command->verb)};
    }
}

static void command_answered(struct call_flows *flows, const struct change *change,
                             struct place place)
{
    const struct command_change *command = &change->as.command;
    place.run->pending -= place.run->pending > 0;
    if (command->state != COMMAND_ANSWERED) {
        place.run->excused = true;
    }
    if (change->message && command->state != COMMAND_ABANDONED) {
        flow_mark(flows, place.run, place.moment, change->message->id, change->message->transaction,
                  true);
    }
}

static void take_command(struct call_flows *flows, const struct change *change)
{
    const struct command_change *command = &change->as.command;
    bool sent = command->state == COMMAND_SENT;
    bool unmatched = command->state == COMMAND_UNMATCHED;
    struct flow_talk *talk =
        sent || unmatched ? talk_keep(flows, &command->session, (struct slice){0}, change->message)
                          : talk_find(flows, command->session.dialog);
    if (!talk || command->state == COMMAND_ACCEPTED) {
        return;
    }
    struct place place = command_place(flows, talk, command, sent);
    if (!place.run || place.moment == MOMENT_NONE) {
        return;
    }
    if ((sent || unmatched) && change->message) {
        struct flow_sight sight = flow_sight_of(change->message);
        flow_see(flows, place.run, place.moment, &sight, change->message);
        place.run->pending += sent;
    } else if (command->state != COMMAND_REPEATED && command->state != COMMAND_MISPLACED) {
        command_answered(flows, change, place);
    }
}

/* ---- posts ---- */

static bool has_others(const struct call_flows *flows, struct slice room, uint64_t session)
{
    const struct membership *member = seen_sessions_room(flows->sessions, room);
    while (member && member->session->id == session) {
        member = member->next;
    }
    return member != NULL;
}

static void post_sent(struct call_flows *flows, const struct change *change)
{
    const struct post_change *post = &change->as.post;
    struct flow_talk *talk = talk_keep(flows, &post->session, (struct slice){0}, change->message);
    bool outside = post->membership == MEMBER_NONE || post->membership == MEMBER_FAILED;
    struct flow_run *run = talk ? room_find(flows, talk->user, post->room) : NULL;
    if (talk && !run && outside && talk->search) {
        run = room_enter(flows, talk, post->room);
    }
    if (!run || flow_has(run, MOMENT_POST) || !change->message) {
        return;
    }
    struct flow_sight sight = flow_sight_of(change->message);
    flow_see(flows, run, MOMENT_POST, &sight, change->message);
    run->post = post->id;
    run->post_message = change->message->id;
    run->others = has_others(flows, post->room, post->session.id);
}

static void archive_post(struct call_flows *flows, const struct change *change)
{
    const struct post_change *post = &change->as.post;
    struct flow_talk *talk = talk_find(flows, post->session.dialog);
    if (!talk || talk->archive || !change->message) {
        return;
    }
    struct flow_run *run = flow_begin(flows, FLOW_COMPLIANCE, talk->user, &talk->archive);
    if (!run) {
        return;
    }
    list_append(&talk->runs, &run->sibling);
    struct flow_sight sight = flow_sight_of(change->message);
    sight.message = 0;
    sight.time = post->posted_at != TIME_NONE ? post->posted_at : sight.time;
    sight.origin = post->post.record != 0 ? post->post : sight.origin;
    run->post = post->id;
    flow_call(run, post->session.call_id);
    flow_see(flows, run, MOMENT_POST, &sight, NULL);
}

/* The author's own copy is no step where there are others; it is labelled like theirs. */
static void post_copied(struct call_flows *flows, const struct change *change)
{
    const struct post_change *post = &change->as.post;
    struct flow_run *run = room_find(flows, post->author, post->room);
    if (!run || !change->message || (run->post != 0 && run->post != post->id) ||
        (run->post == 0 && (post->captured || !flow_has(run, MOMENT_JOIN)))) {
        return;
    }
    if (post->echo && run->others) {
        flow_mark(flows, run, MOMENT_COPY, change->message->id, change->message->transaction,
                  false);
        return;
    }
    struct flow_sight sight = flow_sight_of(change->message);
    flow_see(flows, run, MOMENT_COPY, &sight, change->message);
}

static void take_post(struct call_flows *flows, const struct change *change)
{
    const struct post_change *post = &change->as.post;
    struct flow_run *run;
    switch (post->state) {
    case POST_SENT:
        post_sent(flows, change);
        break;
    case POST_ACCEPTED:
        archive_post(flows, change);
        break;
    case POST_REFUSED:
    case POST_ABANDONED:
        run = room_find(flows, post->author, post->room);
        if (run && run->post == post->id) {
            run->excused = true;
        }
        break;
    case POST_DELIVERED:
    case POST_DUPLICATE:
        post_copied(flows, change);
        break;
    case POST_HISTORY:
        break;
    }
}

static void take_file(struct call_flows *flows, const struct change *change)
{
    const struct file_change *file = &change->as.file;
    if (file->download || (file->state != FILE_CARRIED && file->state != FILE_COMPLETE)) {
        return;
    }
    const struct flow_sight sight = {.known = true, .time = change->time, .origin = change->origin};
    flow_see(flows, room_find(flows, file->session.user, file->room), MOMENT_UPLOAD, &sight, NULL);
}

static void take_session(struct call_flows *flows, const struct change *change)
{
    const struct session_change *session = &change->as.session;
    struct flow_talk *talk;
    switch (session->state) {
    case SESSION_INVITING:
    case SESSION_CONNECTED:
        talk_keep(flows, &session->session, session->service, change->message);
        break;
    case SESSION_STALE:
    case SESSION_REFUSED:
        talk = talk_find(flows, session->session.dialog);
        if (talk) {
            talk_excuse(flows, talk);
        }
        break;
    case SESSION_UNKNOWN:
    case SESSION_CLOSED:
        break;
    }
}

/* Signed out: what was remembered of it belongs to nothing any more. */
static void take_endpoint(struct call_flows *flows, const struct endpoint_change *change)
{
    if (change->state != ENDPOINT_UNREGISTERED && change->state != ENDPOINT_EXPIRED) {
        return;
    }
    struct buffer key;
    struct map_entry *entry =
        map_find_entry(&flows->endpoints, flow_pair_key(&key, change->user, change->epid));
    buffer_dispose(&key);
    if (entry && !((struct flow_endpoint *)entry->value)->sign_in) {
        endpoint_drop(flows, entry);
    }
}

void flow_chat_change(struct call_flows *flows, const struct change *change)
{
    switch (change->kind) {
    case CHANGE_ENDPOINT:
        take_endpoint(flows, &change->as.endpoint);
        break;
    case CHANGE_SESSION:
        take_session(flows, change);
        break;
    case CHANGE_COMMAND:
        take_command(flows, change);
        break;
    case CHANGE_POST:
        take_post(flows, change);
        break;
    case CHANGE_FILE:
        take_file(flows, change);
        break;
    default:
        break;
    }
}

/* ---- messages ---- */

/* Only a first registration begins a sign-in; what it may refresh began before the capture. */
static void take_register(struct call_flows *flows, const struct message *message)
{
    struct flow_endpoint *endpoint = endpoint_keep(flows, message->from.user, message->from.epid);
    bool first = message->cseq <= 1;
    if (message->expires == 0) {
        endpoint->registered.known = false;
    } else if (!endpoint->registered.known || first) {
        endpoint->registered = flow_sight_of(message);
        endpoint->initial = first;
    }
}

static void take_sign_in_request(struct call_flows *flows, const struct message *message)
{
    struct flow_endpoint *endpoint = endpoint_find(flows, message->from.user, message->from.epid);
    bool fresh = message->method == SIP_SERVICE || message->to.tag.size == 0;
    bool provisioning = slice_starts(message->event, slice_of("vnd-microsoft-provisioning"));
    if (!endpoint && fresh && provisioning) {
        endpoint = endpoint_keep(flows, message->from.user, message->from.epid);
    }
    if (!endpoint || !fresh) {
        return;
    }
    struct flow_sight sight = flow_sight_of(message);
    struct flow_sight *kept =
        message->method == SIP_SERVICE ? &endpoint->served : &endpoint->subscribed;
    if (!kept->known || kept->message < endpoint->registered.message) {
        *kept = sight;
    }
    if (provisioning && message->method == SIP_SUBSCRIBE) {
        endpoint->provisioned = sight;
    }
}

static void take_invite(struct call_flows *flows, const struct message *message)
{
    bool opens = message->request ? message->to.tag.size == 0 : message->request_kept == NULL;
    if (opens && message->dialog != 0) {
        struct flow_sight sight = flow_sight_of(message);
        sight_keep(&flows->invites, map_number_key(&message->dialog), flows->limits.sessions,
                   &sight);
    }
}

/* The client goes on in its dialog, long after the last step of its sign-in. */
static void take_progress(struct call_flows *flows, const struct flow_talk *talk)
{
    struct flow_run *run = talk_sign_in(flows, talk);
    if (run && run->settled && !talk->lookup && is_sign_in(run)) {
        run->proved = true;
        flow_end(flows, run);
    }
}

static void take_in_dialog(struct call_flows *flows, struct flow_talk *talk,
                           const struct message *message)
{
    bool challenge = message->status == 401 || message->status == 407;
    if (!message->request && message->status >= 300 && !challenge) {
        talk_excuse(flows, talk);
    } else if (message->request && slice_equal(message->from.user, talk->user)) {
        if (talk->lookup && message->method == SIP_BYE) {
            struct flow_sight sight = flow_sight_of(message);
            flow_see(flows, talk_sign_in(flows, talk), MOMENT_LOOKUP_BYE, &sight, message);
        }
        take_progress(flows, talk);
    } else if (message->method == SIP_BYE && message->request && talk_sign_in(flows, talk)) {
        talk_excuse(flows, talk);
    }
}

static void take_message(struct call_flows *flows, const struct message *message)
{
    struct flow_talk *talk = message->dialog != 0 ? talk_find(flows, message->dialog) : NULL;
    if (talk) {
        take_in_dialog(flows, talk, message);
    }
    if (message->method == SIP_INVITE) {
        take_invite(flows, message);
    }
    if (!message->request || message->from.user.size == 0) {
        return;
    }
    if (message->method == SIP_REGISTER) {
        take_register(flows, message);
    } else if (message->method == SIP_SUBSCRIBE || message->method == SIP_SERVICE) {
        take_sign_in_request(flows, message);
    }
}

static void take_dialog(struct call_flows *flows, const struct dialog_view *dialog)
{
    if (dialog->state != DIALOG_TERMINATED && dialog->state != DIALOG_REFUSED) {
        return;
    }
    free(map_remove(&flows->invites, map_number_key(&dialog->id)));
    struct flow_talk *talk = talk_find(flows, dialog->id);
    bool signed_out = slice_equal(dialog->reason, slice_of("bye")) ||
                      slice_equal(dialog->reason, slice_of("bye by caller"));
    if (talk && (dialog->state == DIALOG_REFUSED || !signed_out)) {
        talk_excuse(flows, talk);
    }
    talk_end(flows, dialog->id);
}

/* A room that the user follows; once one was given up it is not known how many are left. */
static void take_category(struct call_flows *flows, const struct event *event)
{
    const struct category_fact *category = &event->as.category;
    const struct message *message = event->message;
    if (category->category != CATEGORY_ROOM_SETTING || !message) {
        return;
    }
    bool sender = slice_equal(message->from.user, category->key.user);
    const struct sip_party *owner = sender ? &message->from : &message->to;
    struct flow_endpoint *endpoint = endpoint_find(flows, owner->user, owner->epid);
    if (endpoint && slice_equal(owner->user, category->key.user)) {
        endpoint->follows = !category->empty;
    }
}

static void take_dns(struct call_flows *flows, const struct event *event)
{
    const struct dns_fact *dns = &event->as.dns;
    if (!dns->request || !slice_starts(dns->name, slice_of("_sip"))) {
        return;
    }
    char host[ADDRESS_TEXT];
    const struct flow_sight sight = {
        .known = true,
        .time = event->origin.time,
        .origin = event->origin,
        .route = {dns->client, dns->server, event->origin.input},
    };
    address_host_text(&dns->client, host);
    sight_keep(&flows->lookups, slice_of(host), flows->limits.sessions, &sight);
}

void flow_chat_event(struct call_flows *flows, const struct event *event)
{
    switch (event->kind) {
    case EVENT_MESSAGE:
        take_message(flows, event->message);
        break;
    case EVENT_DIALOG:
        take_dialog(flows, &event->as.dialog);
        break;
    case EVENT_CATEGORY:
        take_category(flows, event);
        break;
    case EVENT_DNS:
        take_dns(flows, event);
        break;
    default:
        break;
    }
}
