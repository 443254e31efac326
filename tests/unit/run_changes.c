/*
 * Changes as fields of a log's line. See run_put.h.
 *
 * Each struct of change.h has one function here that puts all of its fields.
 */
#include "tests/unit/run_put.h"

static void put_session_ref(struct run_log *log, const struct session_ref *session)
{
    put_place_number(log, "session", session->id);
    put_text(log, "user", session->user);
    put_text(log, "epid", session->epid);
    put_text(log, "call_id", session->call_id);
    put_place_number(log, "dialog", session->dialog);
    put_number(log, "lookup", session->lookup);
    put_number(log, "from_start", session->from_start);
}

static void put_admitted(struct run_log *log, const struct admitted *admitted)
{
    for (size_t i = 0; i < admitted->count; i++) {
        put_signed(log, "low", admitted->ranges[i].low);
        put_signed(log, "high", admitted->ranges[i].high);
    }
}

static void put_presence(struct run_log *log, const struct presence_change *change)
{
    put_text(log, "user", change->user);
    put_number(log, "from", change->from);
    put_number(log, "band", change->band);
    put_signed(log, "availability", change->availability);
    put_text(log, "activity", change->activity);
    put_name(log, "source", presence_source_name(change->source));
    put_admitted(log, &change->admitted);
    put_text(log, "cause", change->cause);
}

static void put_endpoint(struct run_log *log, const struct endpoint_change *change)
{
    put_text(log, "user", change->user);
    put_text(log, "epid", change->epid);
    put_name(log, "state", endpoint_state_name(change->state));
    put_place_time(log, "until", change->until);
}

static void put_publication(struct run_log *log, const struct publication_change *change)
{
    put_number(log, "pidf", change->pidf);
    put_key(log, &change->key);
    put_text(log, "etag", change->entity_tag);
    put_text(log, "replaced", change->replaced_tag);
    put_text(log, "epid", change->epid);
    put_name(log, "state", publication_state_name(change->state));
    put_name(log, "kind", state_kind_name(change->value_kind));
    put_signed(log, "availability", change->availability);
    put_text(log, "activity", change->activity);
    put_name(log, "expire_type", expire_type_name(change->expire_type));
    put_number(log, "version", change->version);
    put_place_time(log, "published", change->published);
    put_place_time(log, "until", change->until);
    put_number(log, "status", change->status);
    put_number(log, "manual", change->manual);
    put_name(log, "category", category_kind_name(change->category));
    put_text(log, "text", change->text);
    put_number(log, "index", change->index);
    put_number(log, "current", change->current_version);
}

static void put_cause(struct run_log *log, const struct aggregate_cause *cause)
{
    put_key(log, &cause->key);
    put_text(log, "etag", cause->entity_tag);
    put_name(log, "kind", state_kind_name(cause->kind));
    put_signed(log, "availability", cause->availability);
    put_text(log, "activity", cause->activity);
    put_text(log, "epid", cause->epid);
    put_name(log, "expire_type", expire_type_name(cause->expire_type));
    put_place_time(log, "published", cause->published);
    put_place_time(log, "until", cause->until);
    put_name(log, "verdict", input_verdict_name(cause->verdict));
    put_origin(log, &cause->origin);
}

static void put_aggregate(struct run_log *log, const struct aggregate_change *change)
{
    put_text(log, "user", change->user);
    put_number(log, "container", change->container);
    for (size_t i = 0; i < change->input_count; i++) {
        put_cause(log, &change->inputs[i]);
    }
    put_signed(log, "computed", change->computed);
    put_text(log, "activity", change->activity);
    put_name(log, "step", aggregate_step_name(change->step));
    put_admitted(log, &change->admitted);
    put_signed(log, "machine", change->machine);
    put_number(log, "complete", change->complete);
    put_number(log, "told", change->told);
    put_signed(log, "server", change->server);
    put_text(log, "server_activity", change->server_activity);
    put_origin(log, &change->server_origin);
    put_number(log, "machine_told", change->machine_told);
    put_signed(log, "server_machine", change->server_machine);
    put_origin(log, &change->server_machine_origin);
    put_number(log, "agrees", change->agrees);
    put_number(log, "machine_agrees", change->machine_agrees);
}

static void put_told(struct run_log *log, const struct told_change *change)
{
    put_text(log, "watcher", change->watcher);
    put_text(log, "user", change->user);
    put_name(log, "category", category_kind_name(change->category));
    put_number(log, "document", change->document);
    put_number(log, "empty", change->empty);
    put_number(log, "content", change->content);
    put_number(log, "served", change->served);
    put_number(log, "member", change->member);
    put_number(log, "band", change->band);
    put_signed(log, "availability", change->availability);
    put_text(log, "activity", change->activity);
    put_name(log, "kind", state_kind_name(change->value_kind));
    put_number(log, "owner", change->owner);
    put_number(log, "polled", change->polled);
    put_number(log, "container", change->container);
    put_number(log, "has_container", change->has_container);
    put_place_number(log, "dialog", change->dialog);
}

static void put_subscription(struct run_log *log, const struct subscription_change *change)
{
    put_text(log, "watcher", change->watcher);
    put_text(log, "target", change->target);
    put_text(log, "package", change->package);
    put_text(log, "call_id", change->call_id);
    put_place_number(log, "dialog", change->dialog);
    put_name(log, "mode", dialog_mode_name(change->mode));
    put_name(log, "state", subscription_state_name(change->state));
    put_place_time(log, "until", change->until);
    put_number(log, "status", change->status);
    put_text(log, "reason", change->reason);
}

static void put_session(struct run_log *log, const struct session_change *change)
{
    put_session_ref(log, &change->session);
    put_name(log, "from", session_state_name(change->from));
    put_name(log, "state", session_state_name(change->state));
    put_text(log, "service", change->service);
    put_number(log, "status", change->status);
    put_text(log, "reason", change->reason);
    put_signed(log, "expires", change->expires);
    put_number(log, "renewed", change->renewed);
}

static void put_room_change(struct run_log *log, const struct room_change *change)
{
    put_text(log, "uri", change->uri);
    put_text(log, "name", change->name);
    put_text(log, "old_name", change->old_name);
    put_text(log, "topic", change->topic);
    put_text(log, "description", change->description);
    put_text(log, "visibility", change->visibility);
    put_number(log, "file_post", change->file_post);
    put_number(log, "invites", change->invites);
    put_number(log, "logged", change->logged);
    put_number(log, "suspended", change->suspended);
    put_name(log, "source", room_source_name(change->source));
}

static void put_membership(struct run_log *log, const struct membership_change *change)
{
    put_session_ref(log, &change->session);
    put_text(log, "room", change->room);
    put_text(log, "name", change->room_name);
    put_name(log, "from", membership_state_name(change->from));
    put_name(log, "state", membership_state_name(change->state));
    put_number(log, "listed", change->listed);
    put_number(log, "assumed", change->assumed);
    put_text(log, "reason", change->reason);
}

static void put_roster(struct run_log *log, const struct roster_change *change)
{
    put_session_ref(log, &change->session);
    put_text(log, "room", change->room);
    put_text(log, "name", change->room_name);
    put_text(log, "who", change->user);
    put_number(log, "mask", change->mask);
    put_number(log, "has_mask", change->has_mask);
    put_number(log, "present", change->present);
    put_number(log, "notice", change->notice);
    put_number(log, "before", change->before);
    put_number(log, "users", change->users);
    put_number(log, "membership", change->membership);
    put_number(log, "suspended", change->suspended);
}

static void put_participant(struct run_log *log, const struct participant_change *change)
{
    put_text(log, "room", change->room);
    put_text(log, "name", change->room_name);
    put_text(log, "user", change->user);
    put_number(log, "present", change->present);
    put_number(log, "mask", change->mask);
    put_number(log, "has_mask", change->has_mask);
    put_number(log, "agree", change->agree);
    put_number(log, "disagree", change->disagree);
}

static void put_follow(struct run_log *log, const struct follow_change *change)
{
    put_text(log, "user", change->user);
    put_text(log, "room", change->room);
    put_text(log, "name", change->room_name);
    put_number(log, "follows", change->follows);
}

static void put_command(struct run_log *log, const struct command_change *change)
{
    put_session_ref(log, &change->session);
    put_place_number(log, "command", change->id);
    put_place_number(log, "transaction", change->transaction);
    put_number(log, "verb", change->verb);
    put_text(log, "name", change->name);
    put_text(log, "envelope", change->envelope);
    put_text(log, "sequence", change->sequence);
    put_name(log, "state", command_state_name(change->state));
    put_number(log, "status", change->status);
    put_number(log, "code", change->code);
    put_text(log, "code_text", change->code_text);
    put_text(log, "room", change->room);
    put_number(log, "reply_verb", change->reply_verb);
    put_text(log, "reply", change->reply_name);
    put_place_number(log, "other_dialog", change->other_dialog);
    put_number(log, "rooms", change->room_count);
    put_place_time(log, "sent_at", change->sent_at);
    put_origin(log, &change->request);
}

static void put_post_change(struct run_log *log, const struct post_change *change)
{
    put_place_number(log, "post", change->id);
    put_session_ref(log, &change->session);
    put_place_number(log, "transaction", change->transaction);
    put_text(log, "room", change->room);
    put_text(log, "name", change->room_name);
    put_text(log, "author", change->author);
    put_text(log, "text", change->text);
    put_time(log, "ts", change->ts);
    put_name(log, "state", post_state_name(change->state));
    put_name(log, "membership", membership_state_name(change->membership));
    put_number(log, "mismatch", change->author_mismatch);
    put_number(log, "has_ts", change->has_ts);
    put_number(log, "file_link", change->file_link);
    put_number(log, "echo", change->echo);
    put_number(log, "captured", change->captured);
    put_number(log, "retry", change->retry);
    put_number(log, "edited", change->edited);
    put_number(log, "status", change->status);
    put_place_time(log, "posted_at", change->posted_at);
    put_origin(log, &change->post);
    put_place_number(log, "first_dialog", change->first_dialog);
    put_origin(log, &change->first_copy);
}

static void put_file(struct run_log *log, const struct file_change *change)
{
    put_place_number(log, "file", change->id);
    put_session_ref(log, &change->session);
    put_text(log, "room", change->room);
    put_text(log, "room_name", change->room_name);
    put_name(log, "state", file_state_name(change->state));
    put_number(log, "download", change->download);
    put_text(log, "name", change->name);
    put_text(log, "stored", change->stored);
    put_text(log, "server", change->server);
    put_number(log, "token_hash", change->token_hash);
    put_number(log, "bytes", change->bytes);
    put_number(log, "length", change->length);
    put_place_time(log, "granted", change->granted);
    put_place_number(log, "post", change->post);
    put_number(log, "mismatch", change->mismatch);
}

void run_put_change(struct run_log *log, const struct change *change)
{
    switch (change->kind) {
    case CHANGE_PRESENCE:
        put_presence(log, &change->as.presence);
        break;
    case CHANGE_ENDPOINT:
        put_endpoint(log, &change->as.endpoint);
        break;
    case CHANGE_PUBLICATION:
        put_publication(log, &change->as.publication);
        break;
    case CHANGE_AGGREGATE:
        put_aggregate(log, &change->as.aggregate);
        break;
    case CHANGE_TOLD:
        put_told(log, &change->as.told);
        break;
    case CHANGE_SUBSCRIPTION:
        put_subscription(log, &change->as.subscription);
        break;
    case CHANGE_SESSION:
        put_session(log, &change->as.session);
        break;
    case CHANGE_ROOM:
        put_room_change(log, &change->as.room);
        break;
    case CHANGE_MEMBERSHIP:
        put_membership(log, &change->as.membership);
        break;
    case CHANGE_ROSTER:
        put_roster(log, &change->as.roster);
        break;
    case CHANGE_PARTICIPANT:
        put_participant(log, &change->as.participant);
        break;
    case CHANGE_FOLLOW:
        put_follow(log, &change->as.follow);
        break;
    case CHANGE_FILE:
        put_file(log, &change->as.file);
        break;
    case CHANGE_COMMAND:
        put_command(log, &change->as.command);
        break;
    case CHANGE_POST:
        put_post_change(log, &change->as.post);
        break;
    case CHANGE_KINDS:
        fail_msg("a change without a kind");
    }
}
