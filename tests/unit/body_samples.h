/*
 * Bodies with the facts they hold, as readable files under tests/unit/bodies/,
 * and the one-line-per-fact form in which both are compared.
 *
 *   === name | content type [| option ...]
 *   the body, without the line end of its last line
 *   ---
 *   expected facts, one per line; rooms, members and history indented below
 *
 * Options: `crlf` (line ends of the body become CR LF), `cut` (the message was
 * captured short), `loose` (the facts of a prefix need not be the first facts of the
 * whole), `service` (the message is a SERVICE, else a notification),
 * `registration-notify` or `provisioning` (its Event; else presence). Its From is
 * server@contoso.example, its To ada@contoso.example with epid 5d0c11a9fe; a SERVICE
 * is from ada.
 */
#ifndef OCSIGHT_TESTS_UNIT_BODY_SAMPLES_H
#define OCSIGHT_TESTS_UNIT_BODY_SAMPLES_H

#include "tests/unit/harness.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "analyzer/engine/buffer.h"
#include "decoders/body.h"

/* ---- facts as text ---- */

static void say(struct buffer *out, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void say(struct buffer *out, const char *format, ...)
{
    char text[4096];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    assert_true(buffer_append_text(out, text));
}

/* " key=text" unless the text is empty; bytes below 0x20 as \xx. */
static void say_field(struct buffer *out, const char *key, struct slice text)
{
    if (text.size == 0) {
        return;
    }
    say(out, " %s=", key);
    for (size_t i = 0; i < text.size; i++) {
        if (slice_byte(text, i) < 0x20) {
            say(out, "\\%02x", slice_byte(text, i));
        } else {
            assert_true(buffer_append_byte(out, text.data[i]));
        }
    }
}

static void say_time(struct buffer *out, const char *key, int64_t time)
{
    if (time == TIME_NONE) {
        return;
    }
    time_t seconds = (time_t)(time / TIME_SECOND);
    long fraction = (long)(time % TIME_SECOND);
    if (fraction < 0) {
        seconds--;
        fraction += (long)TIME_SECOND;
    }
    struct tm parts;
    char text[64];
    assert_non_null(gmtime_r(&seconds, &parts));
    strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &parts);
    say(out, " %s=%s.%09ld", key, text, fraction);
}

static void say_value(struct buffer *out, const struct presence_value *value)
{
    say(out, " value=%s", state_kind_name(value->kind));
    if (value->availability != AVAILABILITY_NONE) {
        say(out, " availability=%lld", (long long)value->availability);
    }
    say(out, "%s", value->manual ? " manual" : "");
    for (size_t i = 0; i < value->activity_count && i < PRESENCE_ACTIVITIES; i++) {
        const struct presence_activity *activity = &value->activities[i];
        say_field(out, "activity", activity->token);
        say_field(out, "text", activity->text);
        if (activity->min != 0 || activity->max != UINT32_MAX) {
            say(out, " %u..%u", activity->min, activity->max);
        }
    }
    if (value->activity_count > PRESENCE_ACTIVITIES) {
        say(out, " activities=%zu", value->activity_count);
    }
    say_field(out, "device", value->device);
    say_field(out, "location", value->location);
    say_field(out, "zone", value->time_zone);
    say_field(out, "meeting", value->meeting_subject);
    say_field(out, "at", value->meeting_location);
    say_field(out, "endpoint", value->endpoint_id);
    say_time(out, "active", value->last_active);
    say_time(out, "start", value->start_time);
}

static void say_category(struct buffer *out, const struct category_fact *fact)
{
    say(out, "#%u", fact->index);
    say_field(out, "user", fact->key.user);
    say_field(out, "name", fact->key.name);
    if (fact->key.has_instance) {
        say(out, " instance=%u", fact->key.instance);
    }
    if (fact->key.has_container) {
        say(out, " container=%u", fact->key.container);
    }
    if (fact->has_version) {
        say(out, " version=%u", fact->version);
    }
    if (fact->expire_type != EXPIRE_NONE) {
        say(out, " expire=%s", expire_type_name(fact->expire_type));
    }
    if (fact->expires != -1) {
        say(out, " expires=%lld", (long long)fact->expires);
    }
    say_time(out, "published", fact->publish_time);
    say(out, "%s", fact->empty ? " empty" : "");
    if (fact->category != CATEGORY_STATE && fact->category != CATEGORY_UNKNOWN) {
        say(out, " kind=%s", category_kind_name(fact->category));
    }
    if (fact->has_value) {
        say_value(out, &fact->value);
    }
    if (fact->text.size > 0) {
        say(out, "\n ");
        say_field(out, "text", fact->text);
    }
    for (size_t i = 0; i < fact->item_count; i++) {
        say(out, "\n ");
        say_field(out, "item", fact->items[i].name);
        say_field(out, "is", fact->items[i].value);
    }
}

/* " key=number" unless there is none. */
static void say_level(struct buffer *out, const char *key, int64_t level)
{
    if (level != AVAILABILITY_NONE) {
        say(out, " %s=%lld", key, (long long)level);
    }
}

static void say_legacy(struct buffer *out, const struct legacy_fact *fact)
{
    say_field(out, "user", fact->user);
    say_level(out, "availability", fact->availability);
    say_level(out, "activity", fact->activity);
    say_field(out, "epid", fact->epid);
    say(out, "%s", fact->has_user_state ? " user-state" : "");
    say_level(out, "avail", fact->user_state);
    say(out, "%s", fact->user_state_nil ? " nil" : "");
    say_field(out, "text", fact->user_text);
    say_time(out, "since", fact->user_since);
    say(out, "%s", fact->out_of_office ? " oof" : "");
    say_field(out, "display", fact->display_name);
    say_field(out, "note", fact->note);
    for (size_t i = 0; i < fact->device_count; i++) {
        const struct legacy_device *device = &fact->devices[i];
        say(out, "\n  device");
        say_field(out, "epid", device->epid);
        say_level(out, "availability", device->availability);
        say_level(out, "activity", device->activity);
        say_level(out, "avail", device->state);
        say_field(out, "text", device->text);
        say_time(out, "since", device->since);
    }
}

static void say_container(struct buffer *out, const struct container_fact *fact)
{
    say(out, "#%u", fact->index);
    say_field(out, "owner", fact->owner);
    say(out, " id=%u", fact->id);
    if (fact->has_version) {
        say(out, " version=%u", fact->version);
    }
    say(out, " %s", container_action_name(fact->action));
    if (fact->action != CONTAINER_EMPTY) {
        say(out, " %s", member_type_name(fact->type));
        say_field(out, "type", fact->type_text);
        say_field(out, "value", fact->value);
    }
}

static void say_roaming(struct buffer *out, const struct roaming_fact *fact)
{
    say(out, "%s", roaming_kind_name(fact->kind));
    say_field(out, "owner", fact->owner);
    say_field(out, "user", fact->user);
    say_field(out, "name", fact->name);
    say(out, "%s", fact->acknowledged ? " acknowledged" : "");
}

static void say_registration(struct buffer *out, const struct registration_fact *fact)
{
    say(out, "%s", fact->deregistered ? "deregistered" : "other");
    say_field(out, "user", fact->user);
    say_field(out, "epid", fact->epid);
    say_field(out, "event", fact->event);
}

static void say_provisioning(struct buffer *out, const struct provisioning_fact *fact)
{
    static const char *const words[] = {"nothing", "disabled", "enabled"};
    say(out, "%s", words[fact->enabled]);
    say_field(out, "pool", fact->default_pool);
    for (size_t i = 0; i < fact->pool_count; i++) {
        say_field(out, "pools", fact->pools[i]);
    }
    say_field(out, "manager", fact->manager_internal);
    say_field(out, "outside", fact->manager_external);
    if (fact->unknown > 0) {
        say(out, " unknown=%u", fact->unknown);
    }
}

static void say_post(struct buffer *out, const struct chat_post *post)
{
    say_field(out, "room", post->room);
    say_field(out, "author", post->author);
    say_field(out, "as", post->author_uri);
    say_field(out, "chatid", post->chat_id);
    say_time(out, "ts", post->ts);
    say_field(out, "written", post->ts_text);
    say(out, "%s", post->file_link ? " file" : "");
    say(out, "%s", post->has_chat ? "" : " nochat");
    say_field(out, "text", post->text);
}

static void say_flag(struct buffer *out, const char *key, enum said flag)
{
    if (flag != SAID_NOTHING) {
        say(out, " %s=%s", key, flag == SAID_YES ? "yes" : "no");
    }
}

static void say_properties(struct buffer *out, const struct chat_room *room)
{
    say_field(out, "visibility", room->visibility);
    if (room->has_user_count) {
        say(out, " users=%u", room->user_count);
    }
    say_flag(out, "filepost", room->file_post);
    say_flag(out, "invite", room->invites);
    say_flag(out, "logged", room->logged);
    if (room->repeated > 0) {
        say(out, " repeated=%u", room->repeated);
    }
}

static void say_room(struct buffer *out, const struct chat_room *room)
{
    say(out, "\n  room");
    say_field(out, "uri", room->uri);
    say_field(out, "name", room->name);
    say_field(out, "topic", room->topic);
    say_field(out, "description", room->description);
    say_field(out, "failure", room->failure);
    say_properties(out, room);
    for (size_t i = 0; i < room->member_count; i++) {
        const struct chat_member *member = &room->members[i];
        say(out, "\n    member");
        say_field(out, "user", member->user);
        say(out, " id=%u", member->id);
        if (member->has_mask) {
            say(out, " mask=%llu", (unsigned long long)member->mask);
        }
        say(out, "%s", member->unresolved ? " unresolved" : "");
    }
    for (size_t i = 0; i < room->history_count; i++) {
        say(out, "\n    history");
        say_post(out, &room->history[i]);
    }
}

/* clang-format off */
static const char *const verb_words[] = {
    [CHAT_VERB_OTHER]           = "other",
    [CHAT_REQURI]               = "requri",
    [CHAT_GETSERVERINFO]        = "getserverinfo",
    [CHAT_GETASSOCIATIONS]      = "getassociations",
    [CHAT_JOIN]                 = "join",
    [CHAT_BJOIN]                = "bjoin",
    [CHAT_PART]                 = "part",
    [CHAT_CHANSRCH]             = "chansrch",
    [CHAT_BCCONTEXT]            = "bccontext",
    [CHAT_GETINV]               = "getinv",
    [CHAT_GETPREF]              = "getpref",
    [CHAT_SETPREF]              = "setpref",
    [CHAT_NODESPERMCREATECHILD] = "nodespermcreatechild",
    [CHAT_GETFUTOK]             = "getfutok",
    [CHAT_GETFDTOK]             = "getfdtok",
    [CHAT_GETFTOK]              = "getftok",
    [CHAT_GRPCHAT]              = "grpchat",
};
/* clang-format on */

/* " key=number" unless it is 0. */
static void say_number(struct buffer *out, const char *key, uint64_t number)
{
    if (number != 0) {
        say(out, " %s=%llu", key, (unsigned long long)number);
    }
}

static void say_server(struct buffer *out, const struct chat_server *server)
{
    say(out, "\n  server");
    say_time(out, "time", server->time);
    say_field(out, "written", server->time_text);
    say_number(out, "search", server->search_limit);
    say_number(out, "message", server->message_size);
    say_number(out, "story", server->story_size);
    say_field(out, "root", server->root_uri);
    say_field(out, "database", server->database);
}

static void say_preference(struct buffer *out, const struct chat_preference *preference)
{
    say(out, "\n  preference");
    say_field(out, "label", preference->label);
    say_field(out, "number", preference->number);
    say(out, " %s%s%s", preference_coding_name(preference->coding), preference->cut ? " cut" : "",
        preference->create_default ? " default" : "");
    say_field(out, "plain", preference->plain);
}

/* What stands beside rooms and posts, a line each. */
static void say_extras(struct buffer *out, const struct chat_fact *fact)
{
    if (fact->has_server) {
        say_server(out, &fact->server);
    }
    for (size_t i = 0; i < fact->preference_count; i++) {
        say_preference(out, &fact->preferences[i]);
    }
    for (size_t i = 0; i < fact->unknown_count; i++) {
        say(out, "\n  %s", fact->unknown[i].recalled ? "recalled" : "unknown");
        say_field(out, "path", fact->unknown[i].path);
        say_field(out, "text", fact->unknown[i].text);
    }
}

static void say_chat(struct buffer *out, const struct chat_fact *fact)
{
    say(out, "%s verb=%s", chat_class_name(fact->class), verb_words[fact->verb]);
    say_field(out, "name", fact->name);
    say_field(out, "env", fact->envelope);
    say_field(out, "seq", fact->sequence);
    if (fact->has_ref) {
        say_field(out, "refenv", fact->ref_envelope);
        say_field(out, "refseq", fact->ref_sequence);
    }
    if (fact->code != 0 || fact->has_code) {
        say(out, " code=%u%s", fact->code, fact->has_code ? "" : "?");
    }
    say_field(out, "resp", fact->code_text);
    say_field(out, "service", fact->service_uri);
    say_field(out, "file", fact->file_name);
    say_field(out, "server", fact->token_server);
    if (fact->has_token) {
        say(out, " token=%016llx", (unsigned long long)fact->token_hash);
    }
    if (fact->history_limit != 0) {
        say(out, " last=%u", fact->history_limit);
    }
    if (fact->has_invite) {
        say(out, " invite=%llu", (unsigned long long)fact->invite_id);
    }
    if (fact->has_query) {
        say(out, " query");
        say_field(out, "type", fact->query_type);
        say_field(out, "words", fact->query_words);
    }
    say_number(out, "unused", fact->unused_users);
    say_number(out, "place", fact->place > 1 ? fact->place : 0);
    if (fact->class == CHAT_MESSAGE) {
        say_post(out, &fact->post);
    }
    for (size_t i = 0; i < fact->room_count; i++) {
        say_room(out, &fact->rooms[i]);
    }
    say_extras(out, fact);
}

static void say_pidf(struct buffer *out, const struct pidf_fact *fact)
{
    say_field(out, "user", fact->user);
    say(out, "%s", !fact->has_basic ? "" : fact->open ? " open" : " closed");
    say_field(out, "display", fact->display_name);
    say_value(out, &fact->value);
}

static void say_list_fact(struct buffer *out, const struct event *event)
{
    switch (event->kind) {
    case EVENT_FAULT:
        say(out, "#%u", event->as.fault.index);
        say_field(out, "code", event->as.fault.code);
        say(out, " version=%u current=%u", event->as.fault.version,
            event->as.fault.current_version);
        break;
    case EVENT_RESOURCE:
        say(out, "version=%u%s", event->as.resource.version,
            event->as.resource.full ? " full" : "");
        say_field(out, "user", event->as.resource.user);
        say_field(out, "state", event->as.resource.state);
        say_field(out, "pool", event->as.resource.pool_fqdn);
        break;
    case EVENT_WATCH:
        say_field(out, "user", event->as.watch.user);
        say_field(out, "action", event->as.watch.action);
        break;
    case EVENT_DIAGNOSTIC:
        say(out, "%s @%llu", event->as.diagnostic.code,
            (unsigned long long)event->as.diagnostic.offset);
        say_field(out, "detail", event->as.diagnostic.detail);
        break;
    default:
        fail_msg("a body gave an event of kind %s", event_kind_name(event->kind));
    }
}

static void say_fact(struct buffer *out, const struct event *event)
{
    say(out, "%s ", event_kind_name(event->kind));
    switch (event->kind) {
    case EVENT_PUBLICATION:
    case EVENT_CATEGORY:
        say_category(out, &event->as.category);
        break;
    case EVENT_PIDF:
        say_pidf(out, &event->as.pidf);
        break;
    case EVENT_LEGACY:
        say_legacy(out, &event->as.legacy);
        break;
    case EVENT_CONTAINER:
        say_container(out, &event->as.container);
        break;
    case EVENT_ROAMING:
        say_roaming(out, &event->as.roaming);
        break;
    case EVENT_REGISTRATION:
        say_registration(out, &event->as.registration);
        break;
    case EVENT_CHAT:
        say_chat(out, &event->as.chat);
        break;
    case EVENT_PROVISIONING:
        say_provisioning(out, &event->as.provisioning);
        break;
    default:
        say_list_fact(out, event);
    }
    say(out, "\n");
}

/* Facts as text; without diagnostics if `only_facts`. Release with buffer_dispose(). */
static struct buffer facts_text(const struct facts *facts, bool only_facts)
{
    struct buffer out;
    buffer_init(&out, SIZE_MAX);
    for (size_t i = 0; i < facts->count; i++) {
        if (!only_facts || facts->items[i].kind != EVENT_DIAGNOSTIC) {
            say_fact(&out, &facts->items[i]);
        }
    }
    return out;
}

/* ---- samples ---- */

struct body_sample {
    struct slice name;
    struct slice type;
    bool cut;
    bool loose;
    bool service;
    struct slice event; /* package */
    struct slice body;  /* heap: free() */
    struct slice expected;
};

static struct slice with_crlf(struct slice text)
{
    char *copy = memory_alloc(text.size * 2);
    size_t size = 0;
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] == '\n') {
            copy[size++] = '\r';
        }
        copy[size++] = text.data[i];
    }
    return (struct slice){copy, size};
}

/* Takes the next sample off *rest; false at the end. */
static bool sample_next(struct slice *rest, struct body_sample *out)
{
    static const struct slice opening = SLICE("=== ");
    static const struct slice divider = SLICE("\n---\n");
    static const struct slice next = SLICE("\n=== ");
    if (!slice_starts(*rest, opening)) {
        return false;
    }
    struct slice head;
    struct slice tail;
    struct slice options;
    slice_cut(slice_from(*rest, opening.size), '\n', &head, &tail);
    slice_cut(head, '|', &out->name, &options);
    slice_cut(options, '|', &out->type, &options);
    out->name = slice_trim(out->name);
    out->type = slice_trim(out->type);
    out->cut = slice_find(options, slice_of("cut")) != SLICE_NONE;
    out->loose = slice_find(options, slice_of("loose")) != SLICE_NONE;
    out->service = slice_find(options, slice_of("service")) != SLICE_NONE;
    out->event = slice_find(options, slice_of("registration-notify")) != SLICE_NONE
                     ? slice_of("registration-notify")
                 : slice_find(options, slice_of("provisioning")) != SLICE_NONE
                     ? slice_of("vnd-microsoft-provisioning-v2")
                     : slice_of("presence");
    size_t end = slice_find(tail, divider);
    assert_true(end != SLICE_NONE);
    struct slice body = slice_sub(tail, 0, end);
    out->body =
        slice_find(options, slice_of("crlf")) != SLICE_NONE ? with_crlf(body) : memory_keep(body);
    tail = slice_from(tail, end + divider.size);
    /* Right after the divider may come the next sample: then nothing is expected. */
    size_t stop = slice_starts(tail, opening) ? 0 : slice_find(tail, next);
    out->expected = slice_sub(tail, 0, stop == SLICE_NONE ? tail.size : stop + (stop > 0));
    *rest = slice_from(tail, out->expected.size);
    return true;
}

static struct message sample_message(const struct body_sample *sample, struct arena *arena,
                                     struct slice body)
{
    struct slice type;
    struct slice parameters;
    slice_cut(sample->type, ';', &type, &parameters);
    struct sip_party ada = {
        .user = slice_of("ada@contoso.example"),
        .epid = slice_of("5d0c11a9fe"),
    };
    struct sip_party server = {.user = slice_of("server@contoso.example")};
    return (struct message){
        .request = true,
        .method = sample->service ? SIP_SERVICE : SIP_BENOTIFY,
        .from = sample->service ? ada : server,
        .to = sample->service ? server : ada,
        .event = sample->event,
        .body = body,
        .content_type = arena_keep_lower(arena, slice_trim(type)),
        .content_type_full = sample->type,
        .flags = sample->cut ? SIP_BODY_CUT : 0,
        .observed.origin = {.record = 7},
    };
}

/* The raw bytes of a fact are one whole element of the body, in one or two bytes a character. */
static void check_raw(struct slice raw)
{
    assert_true(raw.size >= 4);
    size_t wide = raw.data[0] == '\0' || raw.data[1] == '\0';
    assert_int_equal(raw.data[raw.data[0] == '\0'], '<');
    assert_int_equal(raw.data[raw.size - 1 - (wide && raw.data[0] == '<')], '>');
}

static void check_facts(const struct facts *facts, const struct message *message)
{
    for (size_t i = 0; i < facts->count; i++) {
        const struct event *event = &facts->items[i];
        assert_ptr_equal(event->message, message);
        assert_int_equal(event->origin.record, 7);
        if (event->kind == EVENT_PUBLICATION || event->kind == EVENT_CATEGORY) {
            check_raw(event->as.category.raw);
        } else if (event->kind == EVENT_PIDF) {
            check_raw(event->as.pidf.raw);
        } else if (event->kind == EVENT_LEGACY) {
            check_raw(event->as.legacy.raw);
        } else if (event->kind == EVENT_ROAMING) {
            check_raw(event->as.roaming.raw);
        } else if (event->kind == EVENT_CHAT) {
            check_raw(event->as.chat.raw);
        }
    }
}

/* Decodes `body` as the sample says and returns the facts as text. */
static struct buffer sample_decode(struct body_reader *reader, const struct body_sample *sample,
                                   struct slice body, bool only_facts)
{
    struct arena arena;
    struct facts facts;
    arena_init(&arena);
    struct message message = sample_message(sample, &arena, body);
    body_decode(reader, &message, &arena, &facts);
    check_facts(&facts, &message);
    struct buffer text = facts_text(&facts, only_facts);
    arena_dispose(&arena);
    return text;
}

/* Every sample of the file gives exactly the facts that it says. */
static void check_samples(const char *path)
{
    struct limits limits = limits_default();
    struct body_reader *reader = body_reader_new(&limits);
    struct slice file = test_file(path);
    struct slice rest = file;
    struct body_sample sample;
    size_t count = 0;
    while (sample_next(&rest, &sample)) {
        struct guard guard = guard_copy(sample.body);
        struct buffer text = sample_decode(reader, &sample, guard.bytes, false);
        if (!slice_equal(buffer_slice(&text), sample.expected)) {
            fail_msg("%.*s: expected\n%.*sbut got\n%.*s", (int)sample.name.size, sample.name.data,
                     (int)sample.expected.size, sample.expected.data, (int)text.size,
                     text.size > 0 ? text.data : "");
        }
        buffer_dispose(&text);
        guard_free(&guard);
        free((char *)(uintptr_t)sample.body.data);
        count++;
    }
    assert_int_equal(rest.size, 0);
    assert_true(count > 0);
    free((char *)(uintptr_t)file.data);
    body_reader_free(reader);
}

static void check_prefixes_of(struct body_reader *reader, const struct body_sample *sample,
                              struct slice body)
{
    struct buffer whole = sample_decode(reader, sample, body, true);
    for (size_t size = 0; size < body.size; size++) {
        struct guard guard = guard_copy(slice_sub(body, 0, size));
        struct buffer text = sample_decode(reader, sample, guard.bytes, true);
        if (!sample->loose && !slice_starts(buffer_slice(&whole), buffer_slice(&text))) {
            fail_msg("%.*s: the first %zu bytes give\n%.*s", (int)sample->name.size,
                     sample->name.data, size, (int)text.size, text.data);
        }
        buffer_dispose(&text);
        guard_free(&guard);
    }
    buffer_dispose(&whole);
}

/* Every prefix of every sample gives the first of its facts and no others. */
static void check_prefixes(const char *path)
{
    struct limits limits = limits_default();
    struct body_reader *reader = body_reader_new(&limits);
    struct slice file = test_file(path);
    struct slice rest = file;
    struct body_sample sample;
    while (sample_next(&rest, &sample)) {
        check_prefixes_of(reader, &sample, sample.body);
        free((char *)(uintptr_t)sample.body.data);
    }
    free((char *)(uintptr_t)file.data);
    body_reader_free(reader);
}

#endif
