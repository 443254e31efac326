/*
 * Events, changes and findings as lines of text. See runs.h.
 *
 * Each struct of event.h, change.h, message.h and finding.h has one function
 * here that puts all of its fields.
 */
#include "tests/unit/runs.h"

#include <inttypes.h>

/* ---- values ---- */

/* A name and a number; zero is left out. */
static void put_number(struct run_log *log, const char *name, uint64_t number)
{
    if (number != 0) {
        buffer_append_byte(&log->text, ' ');
        buffer_append_text(&log->text, name);
        buffer_append_byte(&log->text, '=');
        buffer_append_u64(&log->text, number);
    }
}

/* Also what is negative. */
static void put_signed(struct run_log *log, const char *name, int64_t number)
{
    if (number < 0) {
        buffer_append_byte(&log->text, ' ');
        buffer_append_text(&log->text, name);
        buffer_append_text(&log->text, "=-");
        buffer_append_u64(&log->text, -(uint64_t)number);
    } else {
        put_number(log, name, (uint64_t)number);
    }
}

/* A name and a quoted text, each control byte as a full stop; empty is left out. */
static void put_text(struct run_log *log, const char *name, struct slice text)
{
    if (text.size == 0) {
        return;
    }
    buffer_append_byte(&log->text, ' ');
    buffer_append_text(&log->text, name);
    buffer_append_text(&log->text, "=\"");
    size_t start = log->text.size;
    buffer_append(&log->text, text);
    for (size_t i = start; i < log->text.size; i++) {
        if ((unsigned char)log->text.data[i] < ' ') {
            log->text.data[i] = '.';
        }
    }
    buffer_append_byte(&log->text, '"');
}

static void put_name(struct run_log *log, const char *name, const char *text)
{
    put_text(log, name, slice_of(text));
}

static uint64_t digest(uint64_t hash, struct slice bytes)
{
    for (size_t i = 0; i < bytes.size; i++) {
        hash = (hash ^ slice_byte(bytes, i)) * UINT64_C(0x100000001b3);
    }
    return (hash ^ bytes.size) * UINT64_C(0x100000001b3);
}

/* Size and FNV-1a of what is long. */
static void put_long(struct run_log *log, const char *name, struct slice bytes)
{
    if (bytes.size > 0) {
        put_number(log, name, bytes.size);
        put_number(log, "digest", digest(UINT64_C(0xcbf29ce484222325), bytes));
    }
}

static bool with_places(const struct run_log *log)
{
    return (log->parts & RUN_PLACES) != 0;
}

/* What depends on when and where something was seen. */
static void put_place_number(struct run_log *log, const char *name, uint64_t number)
{
    if (with_places(log)) {
        put_number(log, name, number);
    }
}

static void put_place_time(struct run_log *log, const char *name, int64_t time)
{
    if (with_places(log) && time != TIME_NONE) {
        put_signed(log, name, time);
    }
}

static void put_time(struct run_log *log, const char *name, int64_t time)
{
    if (time != TIME_NONE) {
        put_signed(log, name, time);
    }
}

static void put_address(struct run_log *log, const char *name, const struct address *address)
{
    char text[ADDRESS_TEXT];
    if (with_places(log) && address->family != ADDRESS_NONE) {
        address_text(address, text);
        put_name(log, name, text);
    }
}

static void put_origin(struct run_log *log, const struct origin *origin)
{
    put_place_time(log, "time", origin->time);
    put_place_number(log, "input", origin->input);
    put_place_number(log, "record", origin->record);
    put_place_number(log, "offset", origin->offset);
    put_place_number(log, "stream", origin->stream);
    put_place_number(log, "stream_offset", origin->stream_offset);
    put_place_number(log, "order", origin->order);
    assert_null(origin->row);
}

static void line_end(struct run_log *log)
{
    assert_true(buffer_append_byte(&log->text, '\n'));
    log->lines++;
}

/* ---- messages ---- */

static void put_party(struct run_log *log, const char *name, const struct sip_party *party)
{
    put_text(log, name, party->raw);
    put_text(log, "uri", party->uri);
    put_text(log, "user", party->user);
    put_text(log, "display", party->display);
    put_text(log, "tag", party->tag);
    put_text(log, "epid", party->epid);
    put_number(log, "service", party->service);
}

static void put_headers(struct run_log *log, const struct message *message)
{
    uint64_t hash = 0;
    for (size_t i = 0; i < message->header_count; i++) {
        hash = digest(digest(hash, message->headers[i].name), message->headers[i].value);
    }
    put_number(log, "headers", message->header_count);
    put_number(log, "digest", hash);
    for (size_t i = 0; i < message->diagnostics_count; i++) {
        const struct sip_diagnostics *row = &message->diagnostics[i];
        put_text(log, "diagnostics", row->header);
        put_number(log, "id", row->id);
        put_text(log, "reason", row->reason);
        put_text(log, "source", row->source);
        put_text(log, "component", row->component);
    }
}

static void put_observation(struct run_log *log, const struct observation *seen)
{
    put_origin(log, &seen->origin);
    put_address(log, "from", &seen->source);
    put_address(log, "to", &seen->destination);
    put_name(log, "over", transport_name(seen->transport));
    put_place_number(log, "branch_hash", seen->branch_hash);
    put_number(log, "again", seen->retransmission);
}

static void put_request_view(struct run_log *log, const struct request_view *request)
{
    put_name(log, "answers", sip_method_name(request->method));
    put_origin(log, &request->origin);
    put_text(log, "uri", request->uri);
    put_text(log, "event", request->event);
    put_text(log, "content", request->content_type);
    put_text(log, "if_match", request->if_match);
    put_text(log, "from_user", request->from_user);
    put_text(log, "to_user", request->to_user);
    put_text(log, "from_epid", request->from_epid);
    put_signed(log, "expires", request->expires);
    put_number(log, "star", request->contact_star);
    put_number(log, "flags", request->flags);
}

static void put_exchange(struct run_log *log, const struct message *message)
{
    static const char *const roles[] = {"first", "another-hop", "retransmission"};
    put_name(log, "role", roles[message->role]);
    put_number(log, "attempt", message->attempt);
    put_place_number(log, "id", message->id);
    put_place_number(log, "transaction", message->transaction);
    put_place_number(log, "dialog", message->dialog);
    if (message->request_kept) {
        put_request_view(log, message->request_kept);
    }
    for (size_t i = 0; with_places(log) && i < message->observation_count; i++) {
        put_observation(log, &message->observations[i]);
    }
}

/* What a message is, wherever it was seen: run_line_identity(). */
static void put_identity(struct run_log *log, const struct message *message)
{
    put_name(log, "known", sip_method_name(message->method));
    put_text(log, "method", message->method_name);
    put_number(log, "status", message->status);
    put_text(log, "call_id", message->call_id);
    put_number(log, "cseq", message->cseq);
    put_text(log, "from_tag", message->from.tag);
    put_text(log, "to_tag", message->to.tag);
    buffer_append_byte(&log->text, '\t');
}

static void put_message(struct run_log *log, const struct message *message)
{
    put_number(log, "body_cut", (message->flags & SIP_BODY_CUT) != 0);
    put_number(log, "request", message->request);
    put_text(log, "reason", message->reason);
    put_text(log, "uri", message->uri);
    put_party(log, "from", &message->from);
    put_party(log, "to", &message->to);
    put_party(log, "contact", &message->contact);
    put_text(log, "branch", message->branch);
    put_text(log, "sent_by", message->sent_by);
    put_text(log, "event", message->event);
    put_signed(log, "expires", message->expires);
    put_text(log, "subscription", message->subscription_state);
    put_signed(log, "subscription_expires", message->subscription_expires);
    put_text(log, "subscription_reason", message->subscription_reason);
    put_signed(log, "session_expires", message->session_expires);
    put_text(log, "etag", message->entity_tag);
    put_text(log, "if_match", message->if_match);
    put_text(log, "content", message->content_type);
    put_text(log, "content_full", message->content_type_full);
    put_text(log, "agent", message->user_agent);
    put_headers(log, message);
    put_long(log, "body", message->body);
    put_number(log, "body_length", message->body_length);
    put_number(log, "size", message->size);
    put_number(log, "flags", message->flags);
    put_observation(log, &message->observed);
    put_exchange(log, message);
}

/* ---- facts ---- */

static void put_value(struct run_log *log, const struct presence_value *value)
{
    put_name(log, "kind", state_kind_name(value->kind));
    put_signed(log, "availability", value->availability);
    put_number(log, "activities", value->activity_count);
    for (size_t i = 0; i < PRESENCE_ACTIVITIES && i < value->activity_count; i++) {
        put_text(log, "token", value->activities[i].token);
        put_text(log, "text", value->activities[i].text);
        put_number(log, "min", value->activities[i].min);
        put_number(log, "max", value->activities[i].max);
    }
    put_number(log, "manual", value->manual);
    put_text(log, "device", value->device);
    put_text(log, "location", value->location);
    put_text(log, "zone", value->time_zone);
    put_text(log, "meeting", value->meeting_subject);
    put_text(log, "place", value->meeting_location);
    put_text(log, "endpoint", value->endpoint_id);
    put_time(log, "last_active", value->last_active);
    put_time(log, "start", value->start_time);
}

static void put_key(struct run_log *log, const struct category_key *key)
{
    put_text(log, "user", key->user);
    put_text(log, "name", key->name);
    put_number(log, "instance", key->instance);
    put_number(log, "container", key->container);
    put_number(log, "has_instance", key->has_instance);
    put_number(log, "has_container", key->has_container);
}

static void put_category(struct run_log *log, const struct category_fact *fact)
{
    put_key(log, &fact->key);
    put_number(log, "index", fact->index);
    put_number(log, "version", fact->version);
    put_number(log, "has_version", fact->has_version);
    put_name(log, "expire_type", expire_type_name(fact->expire_type));
    put_signed(log, "expires", fact->expires);
    put_time(log, "published", fact->publish_time);
    put_number(log, "empty", fact->empty);
    put_name(log, "category", category_kind_name(fact->category));
    if (fact->has_value) {
        put_value(log, &fact->value);
    }
    for (size_t i = 0; i < fact->item_count; i++) {
        put_text(log, "item", fact->items[i].name);
        put_text(log, "value", fact->items[i].value);
    }
    put_text(log, "text", fact->text);
    put_long(log, "raw", fact->raw);
}

static void put_legacy(struct run_log *log, const struct legacy_fact *fact)
{
    put_text(log, "user", fact->user);
    put_signed(log, "availability", fact->availability);
    put_signed(log, "activity", fact->activity);
    put_text(log, "epid", fact->epid);
    put_number(log, "has_user_state", fact->has_user_state);
    put_number(log, "nil", fact->user_state_nil);
    put_signed(log, "user_state", fact->user_state);
    put_text(log, "user_text", fact->user_text);
    put_time(log, "since", fact->user_since);
    put_number(log, "oof", fact->out_of_office);
    put_text(log, "display", fact->display_name);
    put_text(log, "note", fact->note);
    for (size_t i = 0; i < fact->device_count; i++) {
        const struct legacy_device *device = &fact->devices[i];
        put_text(log, "device", device->epid);
        put_signed(log, "availability", device->availability);
        put_signed(log, "activity", device->activity);
        put_signed(log, "state", device->state);
        put_text(log, "text", device->text);
        put_time(log, "since", device->since);
    }
    put_long(log, "raw", fact->raw);
}

static void put_container(struct run_log *log, const struct container_fact *fact)
{
    put_text(log, "owner", fact->owner);
    put_number(log, "container", fact->id);
    put_number(log, "version", fact->version);
    put_number(log, "has_version", fact->has_version);
    put_name(log, "action", container_action_name(fact->action));
    put_name(log, "type", member_type_name(fact->type));
    put_text(log, "type_text", fact->type_text);
    put_text(log, "value", fact->value);
    put_number(log, "index", fact->index);
}

static void put_roaming(struct run_log *log, const struct roaming_fact *fact)
{
    put_name(log, "kind", roaming_kind_name(fact->kind));
    put_text(log, "owner", fact->owner);
    put_text(log, "user", fact->user);
    put_text(log, "name", fact->name);
    put_number(log, "acknowledged", fact->acknowledged);
    put_long(log, "raw", fact->raw);
}

static void put_registration(struct run_log *log, const struct registration_fact *fact)
{
    put_text(log, "user", fact->user);
    put_text(log, "epid", fact->epid);
    put_number(log, "deregistered", fact->deregistered);
    put_text(log, "event", fact->event);
}

static void put_fault(struct run_log *log, const struct fault_fact *fact)
{
    put_text(log, "code", fact->code);
    put_number(log, "index", fact->index);
    put_number(log, "version", fact->version);
    put_number(log, "current", fact->current_version);
}

static void put_pidf(struct run_log *log, const struct pidf_fact *fact)
{
    put_text(log, "user", fact->user);
    put_number(log, "has_basic", fact->has_basic);
    put_number(log, "open", fact->open);
    put_value(log, &fact->value);
    put_text(log, "display", fact->display_name);
    put_long(log, "raw", fact->raw);
}

static void put_resource(struct run_log *log, const struct resource_fact *fact)
{
    put_text(log, "user", fact->user);
    put_text(log, "state", fact->state);
    put_text(log, "pool", fact->pool_fqdn);
    put_number(log, "version", fact->version);
    put_number(log, "full", fact->full);
}

static void put_watch(struct run_log *log, const struct watch_fact *fact)
{
    put_text(log, "user", fact->user);
    put_text(log, "action", fact->action);
}

static void put_post(struct run_log *log, const struct chat_post *post)
{
    put_text(log, "post_room", post->room);
    put_text(log, "author", post->author);
    put_text(log, "author_uri", post->author_uri);
    put_text(log, "text", post->text);
    put_text(log, "chat_id", post->chat_id);
    put_time(log, "ts", post->ts);
    put_text(log, "ts_text", post->ts_text);
    put_number(log, "has_chat", post->has_chat);
    put_number(log, "file_link", post->file_link);
}

static void put_room(struct run_log *log, const struct chat_room *room)
{
    put_text(log, "room", room->uri);
    put_text(log, "name", room->name);
    put_text(log, "topic", room->topic);
    put_text(log, "description", room->description);
    put_text(log, "failure", room->failure);
    for (size_t i = 0; i < room->member_count; i++) {
        const struct chat_member *member = &room->members[i];
        put_text(log, "member", member->user);
        put_number(log, "id", member->id);
        put_number(log, "mask", member->mask);
        put_number(log, "has_mask", member->has_mask);
        put_number(log, "unresolved", member->unresolved);
    }
    for (size_t i = 0; i < room->history_count; i++) {
        put_post(log, &room->history[i]);
    }
}

static void put_chat(struct run_log *log, const struct chat_fact *fact)
{
    put_name(log, "class", chat_class_name(fact->class));
    put_number(log, "verb", fact->verb);
    put_text(log, "name", fact->name);
    put_text(log, "envelope", fact->envelope);
    put_text(log, "sequence", fact->sequence);
    put_text(log, "ref_envelope", fact->ref_envelope);
    put_text(log, "ref_sequence", fact->ref_sequence);
    put_number(log, "has_ref", fact->has_ref);
    put_number(log, "has_code", fact->has_code);
    put_number(log, "code", fact->code);
    put_text(log, "code_text", fact->code_text);
    for (size_t i = 0; i < fact->room_count; i++) {
        put_room(log, &fact->rooms[i]);
    }
    put_text(log, "service", fact->service_uri);
    put_text(log, "file", fact->file_name);
    put_text(log, "token_server", fact->token_server);
    put_number(log, "token_hash", fact->token_hash);
    put_number(log, "has_token", fact->has_token);
    put_number(log, "history_limit", fact->history_limit);
    put_post(log, &fact->post);
    put_long(log, "raw", fact->raw);
}

static void put_dialog(struct run_log *log, const struct dialog_view *view)
{
    put_place_number(log, "id", view->id);
    put_name(log, "kind", dialog_kind_name(view->kind));
    put_name(log, "state", dialog_state_name(view->state));
    put_name(log, "previous", dialog_state_name(view->previous));
    put_name(log, "mode", dialog_mode_name(view->mode));
    put_name(log, "service", dialog_service_name(view->service));
    put_number(log, "from_start", view->from_start);
    put_text(log, "call_id", view->call_id);
    put_text(log, "from", view->from);
    put_text(log, "to", view->to);
    put_text(log, "from_epid", view->from_epid);
    put_text(log, "to_epid", view->to_epid);
    put_text(log, "event", view->event);
    put_number(log, "offers_benotify", view->offers_benotify);
    put_place_time(log, "start", view->start);
    put_place_time(log, "end", view->end);
    put_place_time(log, "expires_at", view->expires_at);
    put_place_number(log, "messages", view->messages);
    put_number(log, "status", view->status);
    put_text(log, "reason", view->reason);
}

static void put_coverage(struct run_log *log, const struct coverage_fact *fact)
{
    put_name(log, "kind", coverage_kind_name(fact->kind));
    put_address(log, "from", &fact->source);
    put_address(log, "to", &fact->destination);
    put_number(log, "bytes", fact->bytes);
    put_number(log, "count", fact->count);
    put_text(log, "detail", fact->detail);
}

static void put_diagnostic(struct run_log *log, const struct diagnostic_fact *fact)
{
    put_name(log, "code", fact->code);
    put_text(log, "detail", fact->detail);
    put_number(log, "offset", fact->offset);
}

/* ---- changes ---- */

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
}

static void put_room_change(struct run_log *log, const struct room_change *change)
{
    put_text(log, "uri", change->uri);
    put_text(log, "name", change->name);
    put_text(log, "topic", change->topic);
}

static void put_membership(struct run_log *log, const struct membership_change *change)
{
    put_session_ref(log, &change->session);
    put_text(log, "room", change->room);
    put_text(log, "name", change->room_name);
    put_name(log, "from", membership_state_name(change->from));
    put_name(log, "state", membership_state_name(change->state));
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
    put_number(log, "status", change->status);
    put_place_time(log, "posted_at", change->posted_at);
    put_origin(log, &change->post);
}

/* ---- the sink ---- */

static enum run_parts part_of(enum event_kind kind)
{
    switch (kind) {
    case EVENT_MESSAGE:
        return RUN_MESSAGES;
    case EVENT_DIALOG:
        return RUN_DIALOGS;
    case EVENT_COVERAGE:
    case EVENT_DIAGNOSTIC:
        return RUN_COVERAGE;
    default:
        return RUN_FACTS;
    }
}

static void put_event(struct run_log *log, const struct event *event)
{
    switch (event->kind) {
    case EVENT_MESSAGE:
        put_message(log, event->message);
        break;
    case EVENT_DIALOG:
        put_dialog(log, &event->as.dialog);
        break;
    case EVENT_PUBLICATION:
    case EVENT_CATEGORY:
        put_category(log, &event->as.category);
        break;
    case EVENT_FAULT:
        put_fault(log, &event->as.fault);
        break;
    case EVENT_PIDF:
        put_pidf(log, &event->as.pidf);
        break;
    case EVENT_LEGACY:
        put_legacy(log, &event->as.legacy);
        break;
    case EVENT_CONTAINER:
        put_container(log, &event->as.container);
        break;
    case EVENT_ROAMING:
        put_roaming(log, &event->as.roaming);
        break;
    case EVENT_REGISTRATION:
        put_registration(log, &event->as.registration);
        break;
    case EVENT_RESOURCE:
        put_resource(log, &event->as.resource);
        break;
    case EVENT_WATCH:
        put_watch(log, &event->as.watch);
        break;
    case EVENT_CHAT:
        put_chat(log, &event->as.chat);
        break;
    case EVENT_COVERAGE:
        put_coverage(log, &event->as.coverage);
        break;
    case EVENT_DIAGNOSTIC:
        put_diagnostic(log, &event->as.diagnostic);
        break;
    case EVENT_KINDS:
        fail_msg("an event without a kind");
    }
}

static void take_event(void *context, const struct event *event)
{
    struct run_log *log = context;
    log->counts[event->kind]++;
    if (event->kind == EVENT_MESSAGE) {
        log->roles[event->message->role]++;
    }
    if ((log->parts & part_of(event->kind)) == 0) {
        return;
    }
    buffer_append_text(&log->text, event_kind_name(event->kind));
    if (event->kind == EVENT_MESSAGE) {
        put_identity(log, event->message);
    }
    put_origin(log, &event->origin);
    if (event->message) {
        put_place_number(log, "of", event->message->id);
    }
    put_event(log, event);
    line_end(log);
}

static void put_change(struct run_log *log, const struct change *change)
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

static void take_change(void *context, const struct change *change)
{
    struct run_log *log = context;
    log->changes++;
    if ((log->parts & RUN_CHANGES) == 0) {
        return;
    }
    buffer_append_text(&log->text, change_kind_name(change->kind));
    put_place_number(log, "number", change->id);
    put_place_time(log, "at", change->time);
    put_origin(log, &change->origin);
    if (change->message) {
        put_place_number(log, "of", change->message->id);
    }
    put_change(log, change);
    line_end(log);
}

static void take_finding(void *context, const struct finding *finding)
{
    struct run_log *log = context;
    log->findings++;
    if ((log->parts & RUN_FINDINGS) == 0) {
        return;
    }
    buffer_append_text(&log->text, severity_name(finding->severity));
    put_name(log, "rule", finding->rule);
    put_place_number(log, "id", finding->id);
    put_place_time(log, "time", finding->time);
    put_text(log, "message", finding->message);
    put_text(log, "user", finding->user);
    put_text(log, "peer", finding->peer);
    put_text(log, "room", finding->room);
    put_text(log, "call_id", finding->call_id);
    put_text(log, "flow", finding->flow);
    put_text(log, "step", finding->step);
    for (size_t i = 0; i < finding->evidence_count; i++) {
        put_origin(log, &finding->evidence[i]);
    }
    put_place_number(log, "more", finding->evidence_more);
    put_name(log, "basis", finding->basis);
    line_end(log);
}

struct sink run_log_sink(struct run_log *log)
{
    return (struct sink){
        .context = log, .event = take_event, .change = take_change, .finding = take_finding};
}
