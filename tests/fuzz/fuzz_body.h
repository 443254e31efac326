/*
 * What the fuzz targets of bodies share: one message with the bytes as its body,
 * decoded with low caps, every slice of every fact read to its end.
 */
#ifndef OCSIGHT_TESTS_FUZZ_FUZZ_BODY_H
#define OCSIGHT_TESTS_FUZZ_FUZZ_BODY_H

#include <stdlib.h>

#include "decoders/body.h"
#include "tests/fuzz/target.h"

static void read_value(const struct presence_value *value)
{
    touch(value->device, value->location, value->endpoint_id, value->time_zone,
          value->meeting_subject, value->meeting_location);
    for (size_t i = 0; i < value->activity_count && i < PRESENCE_ACTIVITIES; i++) {
        touch(value->activities[i].token, value->activities[i].text);
    }
}

static void read_post(const struct chat_post *post)
{
    touch(post->room, post->author, post->author_uri, post->text, post->chat_id, post->ts_text);
}

static void read_room(const struct chat_room *room)
{
    touch(room->uri, room->name, room->topic, room->description, room->failure, room->visibility);
    for (size_t i = 0; i < room->member_count; i++) {
        touch(room->members[i].user);
    }
    for (size_t i = 0; i < room->history_count; i++) {
        read_post(&room->history[i]);
    }
}

/* Server info, preferences, queries and unknown names. */
static void read_chat_extras(const struct chat_fact *fact)
{
    touch(fact->server.time_text, fact->server.root_uri, fact->server.database, fact->query_type,
          fact->query_words);
    for (size_t i = 0; i < fact->preference_count; i++) {
        const struct chat_preference *preference = &fact->preferences[i];
        touch(preference->label, preference->number, preference->content, preference->plain);
    }
    for (size_t i = 0; i < fact->unknown_count; i++) {
        touch(fact->unknown[i].path, fact->unknown[i].text);
    }
}

static void read_chat(const struct chat_fact *fact)
{
    touch(fact->name, fact->envelope, fact->sequence, fact->ref_envelope, fact->ref_sequence,
          fact->code_text, fact->service_uri, fact->file_name, fact->token_server, fact->raw);
    read_post(&fact->post);
    read_chat_extras(fact);
    for (size_t i = 0; i < fact->room_count; i++) {
        read_room(&fact->rooms[i]);
    }
}

static void read_category(const struct category_fact *fact)
{
    touch(fact->key.user, fact->key.name, fact->text, fact->raw);
    read_value(&fact->value);
    for (size_t i = 0; i < fact->item_count; i++) {
        touch(fact->items[i].name, fact->items[i].value);
    }
}

static void read_legacy(const struct legacy_fact *fact)
{
    touch(fact->user, fact->epid, fact->user_text, fact->display_name, fact->note, fact->raw);
    for (size_t i = 0; i < fact->device_count; i++) {
        touch(fact->devices[i].epid, fact->devices[i].text);
    }
}

static void read_provisioning(const struct provisioning_fact *fact)
{
    touch(fact->default_pool, fact->manager_internal, fact->manager_external);
    for (size_t i = 0; i < fact->pool_count; i++) {
        touch(fact->pools[i]);
    }
}

/* What the caps promise. */
static void check_caps(const struct event *event, const struct limits *limits)
{
    if (event->kind == EVENT_PUBLICATION || event->kind == EVENT_CATEGORY) {
        const struct category_fact *fact = &event->as.category;
        require(fact->item_count <= limits->category_items);
        require(fact->text.size <= limits->category_text);
        require(!fact->empty || (!fact->has_value && fact->item_count == 0));
    }
    if (event->kind == EVENT_CHAT) {
        const struct chat_fact *fact = &event->as.chat;
        size_t plain = 0;
        for (size_t i = 0; i < fact->preference_count; i++) {
            plain += fact->preferences[i].plain.size;
        }
        require(plain <= limits->preference_bytes);
        require(fact->unknown_count <= limits->unknown_names);
    }
    if (event->kind == EVENT_PROVISIONING) {
        require(event->as.provisioning.pool_count <= limits->chat_services);
    }
    if (event->kind == EVENT_LEGACY) {
        require(event->as.legacy.device_count <= limits->instances);
    }
}

static void read_fact(const struct event *event)
{
    switch (event->kind) {
    case EVENT_PUBLICATION:
    case EVENT_CATEGORY:
        read_category(&event->as.category);
        break;
    case EVENT_FAULT:
        touch(event->as.fault.code);
        break;
    case EVENT_PIDF:
        touch(event->as.pidf.user, event->as.pidf.display_name, event->as.pidf.raw);
        read_value(&event->as.pidf.value);
        break;
    case EVENT_LEGACY:
        read_legacy(&event->as.legacy);
        break;
    case EVENT_CONTAINER:
        touch(event->as.container.owner, event->as.container.type_text, event->as.container.value);
        break;
    case EVENT_ROAMING:
        touch(event->as.roaming.owner, event->as.roaming.user, event->as.roaming.name,
              event->as.roaming.raw);
        break;
    case EVENT_REGISTRATION:
        touch(event->as.registration.user, event->as.registration.epid,
              event->as.registration.event);
        break;
    case EVENT_RESOURCE:
        touch(event->as.resource.user, event->as.resource.state, event->as.resource.pool_fqdn);
        break;
    case EVENT_WATCH:
        touch(event->as.watch.user, event->as.watch.action);
        break;
    case EVENT_CHAT:
        read_chat(&event->as.chat);
        break;
    case EVENT_PROVISIONING:
        read_provisioning(&event->as.provisioning);
        break;
    case EVENT_DIAGNOSTIC:
        touch(event->as.diagnostic.detail);
        break;
    default:
        abort();
    }
}

/* `full` is the Content-Type; `type` the same in lower case without parameters. */
static void fuzz_body(const char *type, const char *full, struct slice body)
{
    static struct body_reader *reader;
    struct limits limits = limits_default();
    limits.body_facts = 32;
    limits.body_members = 32;
    limits.multipart_parts = 16;
    limits.category_items = 8;
    limits.category_text = 40;
    limits.instances = 4;
    limits.chat_services = 4;
    limits.envelopes = 3;
    limits.preference_bytes = 256;
    limits.unknown_names = 12;
    if (!reader) {
        reader = body_reader_new(&limits);
    }
    struct arena arena;
    struct facts facts;
    arena_init(&arena);
    struct message message = {
        .body = body,
        .content_type = slice_of(type),
        .content_type_full = slice_of(full),
        .flags = body.size % 2 == 0 ? SIP_BODY_CUT : 0,
    };
    body_decode(reader, &message, &arena, &facts);
    require(facts.count <= limits.body_facts + 1);
    for (size_t i = 0; i < facts.count; i++) {
        read_fact(&facts.items[i]);
        check_caps(&facts.items[i], &limits);
    }
    arena_dispose(&arena);
}

/* The first byte chooses one of `count` content types: '0' the first, so that corpus files can be
 * read. */
static inline void fuzz_typed_body(const char *const *types, size_t count, const uint8_t *data,
                                   size_t size)
{
    if (size > 0) {
        const char *type = types[(data[0] - (unsigned)'0') % count];
        char plain[128] = "";
        for (size_t i = 0; i + 1 < sizeof plain && type[i] != '\0' && type[i] != ';'; i++) {
            plain[i] = type[i];
        }
        fuzz_body(plain, type, (struct slice){(const char *)data + 1, size - 1});
    }
}

#endif
