/*
 * What the fuzz targets of bodies share: one message with the bytes as its body,
 * decoded with low caps, every slice of every fact read to its end.
 */
#ifndef OCSIGHT_TESTS_FUZZ_FUZZ_BODY_H
#define OCSIGHT_TESTS_FUZZ_FUZZ_BODY_H

#include <stdint.h>
#include <stdlib.h>

#include "decoders/body.h"

static size_t read_slice(struct slice slice)
{
    size_t sum = 0;
    for (size_t i = 0; i < slice.size; i++) {
        sum += slice_byte(slice, i);
    }
    return sum;
}

static size_t read_value(const struct presence_value *value)
{
    size_t sum = read_slice(value->device) + read_slice(value->location) +
                 read_slice(value->endpoint_id) + read_slice(value->time_zone) +
                 read_slice(value->meeting_subject) + read_slice(value->meeting_location);
    for (size_t i = 0; i < value->activity_count && i < PRESENCE_ACTIVITIES; i++) {
        sum += read_slice(value->activities[i].token) + read_slice(value->activities[i].text);
    }
    return sum;
}

static size_t read_post(const struct chat_post *post)
{
    return read_slice(post->room) + read_slice(post->author) + read_slice(post->author_uri) +
           read_slice(post->text) + read_slice(post->chat_id) + read_slice(post->ts_text);
}

static size_t read_room(const struct chat_room *room)
{
    size_t sum = read_slice(room->uri) + read_slice(room->name) + read_slice(room->topic) +
                 read_slice(room->description) + read_slice(room->failure) +
                 read_slice(room->visibility);
    for (size_t i = 0; i < room->member_count; i++) {
        sum += read_slice(room->members[i].user);
    }
    for (size_t i = 0; i < room->history_count; i++) {
        sum += read_post(&room->history[i]);
    }
    return sum;
}

/* Server info, preferences, queries and unknown names. */
static size_t read_chat_extras(const struct chat_fact *fact)
{
    size_t sum = read_slice(fact->server.time_text) + read_slice(fact->server.root_uri) +
                 read_slice(fact->server.database) + read_slice(fact->query_type) +
                 read_slice(fact->query_words);
    for (size_t i = 0; i < fact->preference_count; i++) {
        const struct chat_preference *preference = &fact->preferences[i];
        sum += read_slice(preference->label) + read_slice(preference->number) +
               read_slice(preference->content) + read_slice(preference->plain);
    }
    for (size_t i = 0; i < fact->unknown_count; i++) {
        sum += read_slice(fact->unknown[i].path) + read_slice(fact->unknown[i].text);
    }
    return sum;
}

static size_t read_chat(const struct chat_fact *fact)
{
    size_t sum = read_slice(fact->name) + read_slice(fact->envelope) + read_slice(fact->sequence) +
                 read_slice(fact->ref_envelope) + read_slice(fact->ref_sequence) +
                 read_slice(fact->code_text) + read_slice(fact->service_uri) +
                 read_slice(fact->file_name) + read_slice(fact->token_server) +
                 read_post(&fact->post) + read_slice(fact->raw) + read_chat_extras(fact);
    for (size_t i = 0; i < fact->room_count; i++) {
        sum += read_room(&fact->rooms[i]);
    }
    return sum;
}

static size_t read_category(const struct category_fact *fact)
{
    size_t sum = read_slice(fact->key.user) + read_slice(fact->key.name) + read_slice(fact->text) +
                 read_slice(fact->raw) + read_value(&fact->value);
    for (size_t i = 0; i < fact->item_count; i++) {
        sum += read_slice(fact->items[i].name) + read_slice(fact->items[i].value);
    }
    return sum;
}

static size_t read_legacy(const struct legacy_fact *fact)
{
    size_t sum = read_slice(fact->user) + read_slice(fact->epid) + read_slice(fact->user_text) +
                 read_slice(fact->display_name) + read_slice(fact->note) + read_slice(fact->raw);
    for (size_t i = 0; i < fact->device_count; i++) {
        sum += read_slice(fact->devices[i].epid) + read_slice(fact->devices[i].text);
    }
    return sum;
}

static size_t read_provisioning(const struct provisioning_fact *fact)
{
    size_t sum = read_slice(fact->default_pool) + read_slice(fact->manager_internal) +
                 read_slice(fact->manager_external);
    for (size_t i = 0; i < fact->pool_count; i++) {
        sum += read_slice(fact->pools[i]);
    }
    return sum;
}

/* What the caps promise. */
static void check_caps(const struct event *event, const struct limits *limits)
{
    if (event->kind == EVENT_PUBLICATION || event->kind == EVENT_CATEGORY) {
        const struct category_fact *fact = &event->as.category;
        if (fact->item_count > limits->category_items || fact->text.size > limits->category_text ||
            (fact->empty && (fact->has_value || fact->item_count > 0))) {
            abort();
        }
    }
    if (event->kind == EVENT_CHAT) {
        const struct chat_fact *fact = &event->as.chat;
        size_t plain = 0;
        for (size_t i = 0; i < fact->preference_count; i++) {
            plain += fact->preferences[i].plain.size;
        }
        if (plain > limits->preference_bytes || fact->unknown_count > limits->unknown_names) {
            abort();
        }
    }
    if (event->kind == EVENT_PROVISIONING &&
        event->as.provisioning.pool_count > limits->chat_services) {
        abort();
    }
    if (event->kind == EVENT_LEGACY && event->as.legacy.device_count > limits->instances) {
        abort();
    }
}

static size_t read_fact(const struct event *event)
{
    switch (event->kind) {
    case EVENT_PUBLICATION:
    case EVENT_CATEGORY:
        return read_category(&event->as.category);
    case EVENT_FAULT:
        return read_slice(event->as.fault.code);
    case EVENT_PIDF:
        return read_slice(event->as.pidf.user) + read_slice(event->as.pidf.display_name) +
               read_slice(event->as.pidf.raw) + read_value(&event->as.pidf.value);
    case EVENT_LEGACY:
        return read_legacy(&event->as.legacy);
    case EVENT_CONTAINER:
        return read_slice(event->as.container.owner) + read_slice(event->as.container.type_text) +
               read_slice(event->as.container.value);
    case EVENT_ROAMING:
        return read_slice(event->as.roaming.owner) + read_slice(event->as.roaming.user) +
               read_slice(event->as.roaming.name) + read_slice(event->as.roaming.raw);
    case EVENT_REGISTRATION:
        return read_slice(event->as.registration.user) + read_slice(event->as.registration.epid) +
               read_slice(event->as.registration.event);
    case EVENT_RESOURCE:
        return read_slice(event->as.resource.user) + read_slice(event->as.resource.state) +
               read_slice(event->as.resource.pool_fqdn);
    case EVENT_WATCH:
        return read_slice(event->as.watch.user) + read_slice(event->as.watch.action);
    case EVENT_CHAT:
        return read_chat(&event->as.chat);
    case EVENT_PROVISIONING:
        return read_provisioning(&event->as.provisioning);
    case EVENT_DIAGNOSTIC:
        return read_slice(event->as.diagnostic.detail);
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
    if (facts.count > limits.body_facts + 1) {
        abort();
    }
    size_t sum = 0;
    for (size_t i = 0; i < facts.count; i++) {
        sum += read_fact(&facts.items[i]);
        check_caps(&facts.items[i], &limits);
    }
    /* Never so, but the compiler cannot know and must read every byte. */
    if (sum == SIZE_MAX) {
        abort();
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
