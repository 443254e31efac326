/*
 * Messages and events as fields of a log's line. See run_put.h.
 *
 * Each struct of message.h and event.h has one function here that puts all of its
 * fields.
 */
#include "tests/unit/run_put.h"

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
void run_put_identity(struct run_log *log, const struct message *message)
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
    put_text(log, "visibility", room->visibility);
    put_number(log, "users", room->user_count);
    put_number(log, "has_users", room->has_user_count);
    put_number(log, "file_post", room->file_post);
    put_number(log, "invites", room->invites);
    put_number(log, "logged", room->logged);
    put_number(log, "repeated", room->repeated);
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

static void put_server(struct run_log *log, const struct chat_server *server)
{
    put_text(log, "server_time", server->time_text);
    put_time(log, "server_clock", server->time);
    put_number(log, "search_limit", server->search_limit);
    put_number(log, "message_size", server->message_size);
    put_number(log, "story_size", server->story_size);
    put_text(log, "root", server->root_uri);
    put_text(log, "database", server->database);
}

static void put_preference(struct run_log *log, const struct chat_preference *preference)
{
    put_text(log, "label", preference->label);
    put_text(log, "number", preference->number);
    put_long(log, "content", preference->content);
    put_name(log, "coding", preference_coding_name(preference->coding));
    put_long(log, "plain", preference->plain);
    put_number(log, "cut", preference->cut);
    put_number(log, "default", preference->create_default);
}

/* What only some commands and replies have. */
static void put_chat_details(struct run_log *log, const struct chat_fact *fact)
{
    if (fact->has_server) {
        put_server(log, &fact->server);
    }
    for (size_t i = 0; i < fact->preference_count; i++) {
        put_preference(log, &fact->preferences[i]);
    }
    put_number(log, "has_invite", fact->has_invite);
    put_number(log, "invite", fact->invite_id);
    put_number(log, "has_query", fact->has_query);
    put_text(log, "query", fact->query_type);
    put_text(log, "words", fact->query_words);
    put_number(log, "unused", fact->unused_users);
    put_number(log, "place", fact->place);
    for (size_t i = 0; i < fact->unknown_count; i++) {
        put_text(log, "unknown", fact->unknown[i].path);
        put_text(log, "as", fact->unknown[i].text);
        put_number(log, "recalled", fact->unknown[i].recalled);
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
    put_chat_details(log, fact);
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

static void put_provisioning(struct run_log *log, const struct provisioning_fact *fact)
{
    put_number(log, "enabled", fact->enabled);
    put_text(log, "pool", fact->default_pool);
    for (size_t i = 0; i < fact->pool_count; i++) {
        put_text(log, "pools", fact->pools[i]);
    }
    put_text(log, "manager", fact->manager_internal);
    put_text(log, "outside", fact->manager_external);
    put_number(log, "unknown", fact->unknown);
}

static void put_order(struct run_log *log, const struct room_order *order)
{
    put_text(log, "room", order->room);
    put_text(log, "name", order->name);
    put_text(log, "old_name", order->old_name);
    put_text(log, "description", order->description);
    put_text(log, "privacy", order->privacy);
    put_text(log, "add_in", order->add_in);
    put_text(log, "category", order->category);
    put_text(log, "managers", order->managers);
    put_text(log, "members", order->members);
    put_text(log, "notification", order->notification);
    put_number(log, "remove", order->remove);
}

static void put_http(struct run_log *log, const struct http_fact *fact)
{
    put_place_number(log, "exchange", fact->exchange);
    put_number(log, "request", fact->request);
    put_name(log, "call", http_call_name(fact->call));
    put_text(log, "method", fact->method);
    put_text(log, "target", fact->target);
    put_text(log, "host", fact->host);
    put_number(log, "status", fact->status);
    put_text(log, "reason", fact->reason);
    put_address(log, "client", &fact->client);
    put_address(log, "server", &fact->server);
    put_number(log, "has_token", fact->has_token);
    put_number(log, "token_hash", fact->token_hash);
    put_text(log, "room_id", fact->room_id);
    put_text(log, "file", fact->file);
    put_number(log, "offset", fact->offset);
    put_number(log, "bytes", fact->bytes);
    put_number(log, "length", fact->file_length);
    put_text(log, "result", fact->result);
    put_number(log, "cut", fact->cut);
    put_order(log, &fact->order);
}

static void put_dns(struct run_log *log, const struct dns_fact *fact)
{
    put_number(log, "request", fact->request);
    put_number(log, "id", fact->id);
    put_text(log, "name", fact->name);
    put_number(log, "code", fact->code);
    for (size_t i = 0; i < fact->target_count; i++) {
        put_text(log, "host", fact->targets[i].host);
        put_number(log, "port", fact->targets[i].port);
        put_number(log, "priority", fact->targets[i].priority);
        put_number(log, "weight", fact->targets[i].weight);
    }
    put_address(log, "client", &fact->client);
    put_address(log, "server", &fact->server);
}

void run_put_event(struct run_log *log, const struct event *event)
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
    case EVENT_PROVISIONING:
        put_provisioning(log, &event->as.provisioning);
        break;
    case EVENT_HTTP:
        put_http(log, &event->as.http);
        break;
    case EVENT_DNS:
        put_dns(log, &event->as.dns);
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
