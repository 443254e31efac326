/*
 * Events without a message in pseudonyms. See redact.h.
 */
#include "decoders/redact_parts.h"

static void rename_address(struct redactor *redactor, struct address *address)
{
    *address = pseudonym_address(redactor->names, address);
}

void redact_observation(struct redactor *redactor, struct observation *observed)
{
    rename_address(redactor, &observed->source);
    rename_address(redactor, &observed->destination);
}

/* ---- values by their kind ---- */

/* What one of the functions that append gives for a text, kept for this call. */
static struct slice put_with(struct redactor *redactor, struct slice text,
                             void (*put)(struct redactor *, struct slice, struct buffer *))
{
    buffer_clear(&redactor->value);
    put(redactor, text, &redactor->value);
    return arena_keep(&redactor->arena, buffer_slice(&redactor->value));
}

static void rename_at(struct redactor *redactor, struct slice *text, enum redact_place place)
{
    buffer_clear(&redactor->value);
    if (redact_put_value(redactor, place, *text, &redactor->value)) {
        *text = arena_keep(&redactor->arena, buffer_slice(&redactor->value));
    }
}

static void put_target(struct redactor *redactor, struct slice target, struct buffer *out)
{
    static const struct slice root = SLICE("https://x/");
    if (redact_is_uri(target)) {
        redact_put_uri(redactor, target, out);
        return;
    }
    /* A path is that of a URI whose host nobody asked for. */
    struct buffer whole, path;
    buffer_init(&whole, SIZE_MAX);
    buffer_init(&path, SIZE_MAX);
    bool rooted = target.size > 0 && target.data[0] == '/';
    (void)buffer_append(&whole, slice_sub(root, 0, root.size - 1));
    (void)buffer_append_text(&whole, rooted ? "" : "/");
    (void)buffer_append(&whole, target);
    redact_put_uri(redactor, buffer_slice(&whole), &path);
    size_t scheme = slice_find(buffer_slice(&path), slice_of("//")) + 2;
    size_t slash = slice_find_byte(slice_from(buffer_slice(&path), scheme), '/');
    (void)buffer_append(out, slice_from(buffer_slice(&path), scheme + slash + (rooted ? 0 : 1)));
    buffer_dispose(&whole);
    buffer_dispose(&path);
}

/* "Ann Lee; Ben Ito" */
static void put_people(struct redactor *redactor, struct slice list, struct buffer *out)
{
    while (list.size > 0) {
        struct slice one;
        bool more = slice_cut(list, ';', &one, &list);
        struct slice inner = slice_trim(one);
        (void)buffer_append(
            out, slice_sub(one, 0, inner.size > 0 ? (size_t)(inner.data - one.data) : one.size));
        (void)buffer_append(out, redact_text(redactor, inner));
        if (more) {
            (void)buffer_append_byte(out, ';');
        }
    }
}

/* ---- kinds of events ---- */

static void rename_order(struct redactor *redactor, struct room_order *order)
{
    rename_at(redactor, &order->room, PLACE_LIST);
    rename_at(redactor, &order->name, PLACE_ROOM);
    rename_at(redactor, &order->old_name, PLACE_ROOM);
    rename_at(redactor, &order->description, PLACE_TEXT);
    rename_at(redactor, &order->privacy, PLACE_PLAIN);
    rename_at(redactor, &order->add_in, PLACE_TEXT);
    rename_at(redactor, &order->category, PLACE_TEXT);
    rename_at(redactor, &order->notification, PLACE_PLAIN);
    order->managers = put_with(redactor, order->managers, put_people);
    order->members = put_with(redactor, order->members, put_people);
}

static void rename_http(struct redactor *redactor, struct http_fact *http)
{
    rename_address(redactor, &http->client);
    rename_address(redactor, &http->server);
    if (http->target.size > 0) {
        http->target = put_with(redactor, http->target, put_target);
    }
    if (http->host.size > 0) {
        http->host = put_with(redactor, http->host, redact_put_host);
    }
    http->reason = put_with(redactor, http->reason, redact_put_phrase);
    rename_at(redactor, &http->room_id, PLACE_LIST);
    rename_at(redactor, &http->file, PLACE_FILE);
    rename_at(redactor, &http->result, http->call == HTTP_UNIQUE_NAME ? PLACE_FILE : PLACE_PLAIN);
    rename_order(redactor, &http->order);
}

/* "_sipinternaltls._tcp.contoso.example": labels with a line in front are the service's. */
static struct slice rename_service(struct redactor *redactor, struct slice name)
{
    size_t at = 0;
    while (at < name.size && name.data[at] == '_') {
        size_t end = slice_find_byte(slice_from(name, at), '.');
        at = end == SLICE_NONE ? name.size : at + end + 1;
    }
    buffer_clear(&redactor->value);
    (void)buffer_append(&redactor->value, slice_sub(name, 0, at));
    (void)buffer_append(&redactor->value, redact_host(redactor, slice_from(name, at)));
    return arena_keep(&redactor->arena, buffer_slice(&redactor->value));
}

static void rename_dns(struct redactor *redactor, struct dns_fact *dns)
{
    rename_address(redactor, &dns->client);
    rename_address(redactor, &dns->server);
    dns->name = rename_service(redactor, dns->name);
    if (dns->target_count > 0) {
        struct dns_target *targets =
            arena_alloc(&redactor->arena, dns->target_count * sizeof *targets);
        for (size_t i = 0; i < dns->target_count; i++) {
            targets[i] = dns->targets[i];
            targets[i].host = redact_host(redactor, targets[i].host);
        }
        dns->targets = targets;
    }
}

void redact_event(struct redactor *redactor, struct event *event)
{
    redact_begin(redactor);
    switch (event->kind) {
    case EVENT_COVERAGE:
        rename_address(redactor, &event->as.coverage.source);
        rename_address(redactor, &event->as.coverage.destination);
        break;
    case EVENT_DIAGNOSTIC:
        event->as.diagnostic.detail =
            put_with(redactor, event->as.diagnostic.detail, redact_put_phrase);
        break;
    case EVENT_HTTP:
        rename_http(redactor, &event->as.http);
        break;
    case EVENT_DNS:
        rename_dns(redactor, &event->as.dns);
        break;
    default:
        break;
    }
}

/* ---- exports of the compliance service ---- */

void redact_compliance_event(struct redactor *redactor, struct compliance_event *event)
{
    redact_begin(redactor);
    event->room = redact_room(redactor, event->room);
    event->room_name = redact_room(redactor, event->room_name);
    event->user = redact_user(redactor, event->user);
    rename_at(redactor, &event->content, event->kind == COMPLIANCE_CHAT ? PLACE_CHAT : PLACE_FILE);
}

void redact_compliance_channel(struct redactor *redactor, struct compliance_channel *channel)
{
    redact_begin(redactor);
    channel->uri = redact_room(redactor, channel->uri);
    channel->name = redact_room(redactor, channel->name);
}
