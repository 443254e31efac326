/*
 * What an INVITE row is for. See dialog_service.h.
 *
 * Chat and IM look alike in the INVITE, a nominal message session (xccos.md S9).
 * The callee's address tells where it is one of the known forms, was given out by
 * a lookup or by provisioning (xccos.md 1.14), or has answered chat commands before:
 * an address set by policy becomes known in this way. The first xccos body tells
 * in every case (xccos.md 8.2), so it overrules what was concluded before.
 */
#include "decoders/dialog_service.h"

#include "decoders/key.h"

void chat_services_init(struct chat_services *services, struct map_seed seed,
                        const struct limits *limits)
{
    services->max = limits->chat_services;
    services->capped = false;
    map_init(&services->map, seed);
}

void chat_services_dispose(struct chat_services *services)
{
    map_dispose(&services->map, NULL);
}

static struct map_entry *entry_of(const struct chat_services *services, struct slice user)
{
    struct key key;
    key_init(&key, services->map.seed, 's');
    key_add(&key, user);
    return user.size > 0 ? map_find_entry(&services->map, key_slice(&key)) : NULL;
}

/* What is a chat service stays one: clients of older versions ask it for its own address, too. */
static void remember(struct chat_services *services, struct slice user, enum dialog_service service)
{
    static const enum dialog_service chat = SERVICE_CHAT;
    static const enum dialog_service lookup = SERVICE_CHAT_LOOKUP;
    struct map_entry *entry = entry_of(services, user);
    if (!entry && user.size > 0) {
        struct key key;
        key_init(&key, services->map.seed, 's');
        key_add(&key, user);
        entry = map_put(&services->map, key_slice(&key), NULL);
    }
    if (!entry) {
        return;
    }
    if (!entry->value || service == SERVICE_CHAT) {
        entry->value = (void *)(uintptr_t)(service == SERVICE_CHAT ? &chat : &lookup);
    }
    map_touch(&services->map, entry);
    if (services->map.count > services->max) {
        map_remove_entry(&services->map, services->map.first);
        services->capped = true;
    }
}

static enum dialog_service remembered(const struct chat_services *services, struct slice user)
{
    const struct map_entry *entry = entry_of(services, user);
    return entry ? *(const enum dialog_service *)entry->value : SERVICE_NONE;
}

/* ---- addresses ---- */

static bool contains(struct slice text, const char *part)
{
    return slice_find_nocase(text, slice_of(part)) != SLICE_NONE;
}

/* A service is mostly called, but mid-dialog it may be the sender. */
static enum dialog_service service_of_party(const struct chat_services *services,
                                            const struct sip_party *party)
{
    struct slice name;
    struct slice host;
    slice_cut(party->user, '@', &name, &host);
    if (slice_equal_nocase(name, slice_of("ocschat"))) {
        return SERVICE_CHAT_LOOKUP;
    }
    if (contains(party->uri, "-PersistentChatService-")) {
        return SERVICE_CHAT;
    }
    enum dialog_service known = remembered(services, party->user);
    if (known != SERVICE_NONE) {
        return known;
    }
    return contains(party->uri, "opaque=app:conf") ? SERVICE_CONFERENCE : SERVICE_NONE;
}

static enum dialog_service service_of_addresses(const struct chat_services *services,
                                                const struct message *message)
{
    enum dialog_service service = service_of_party(services, &message->to);
    if (service == SERVICE_NONE) {
        service = service_of_party(services, &message->from);
    }
    if (service == SERVICE_NONE && contains(message->uri, "-PersistentChatService-")) {
        service = SERVICE_CHAT;
    }
    if (service == SERVICE_NONE && contains(message->uri, "opaque=app:conf")) {
        service = SERVICE_CONFERENCE;
    }
    return service;
}

/* ---- bodies ---- */

struct media_row {
    struct slice start;
    enum dialog_service service;
};

static enum dialog_service service_of_line(struct slice line)
{
    static const struct media_row rows[] = {
        {SLICE("m=message"), SERVICE_IM},
        {SLICE("m=x-ms-message"), SERVICE_IM},
        {SLICE("m=audio"), SERVICE_AUDIO_VIDEO},
        {SLICE("m=video"), SERVICE_AUDIO_VIDEO},
        {SLICE("m=applicationsharing"), SERVICE_AUDIO_VIDEO},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (slice_starts(line, rows[i].start)) {
            return rows[i].service;
        }
    }
    return SERVICE_NONE;
}

/* The first media line of a session description, also inside a multipart body. */
static enum dialog_service service_of_media(const struct message *message)
{
    bool described = slice_equal(message->content_type, slice_of("application/sdp")) ||
                     slice_starts(message->content_type, slice_of("multipart/"));
    struct slice rest = described ? message->body : (struct slice){NULL, 0};
    enum dialog_service service = SERVICE_NONE;
    while (rest.size > 0 && service == SERVICE_NONE) {
        struct slice line;
        slice_cut(rest, '\n', &line, &rest);
        service = service_of_line(line);
    }
    return service;
}

static bool is_conference_body(const struct message *message)
{
    return slice_equal(message->content_type, slice_of("application/ccp+xml")) ||
           slice_equal(message->content_type, slice_of("application/cccp+xml"));
}

/*
 * The lookup's command and reply are the only xccos that does not make it a chat. Whoever was
 * called and replies to commands is a service, for the INVITEs to come, too.
 */
static void note_chat(struct dialog *row, struct chat_services *services,
                      const struct message *message, const struct chat_fact *chat)
{
    bool lookup = chat->verb == CHAT_REQURI;
    if (!lookup) {
        row->chat_seen = true;
        row->view.service = SERVICE_CHAT;
    } else if (!row->chat_seen) {
        row->view.service = SERVICE_CHAT_LOOKUP;
    }
    if (chat->class != CHAT_REPLY) {
        return;
    }
    if (row->view.from_start && slice_equal(message->from.user, row->view.to)) {
        remember(services, row->view.to, lookup ? SERVICE_CHAT_LOOKUP : SERVICE_CHAT);
    }
    if (lookup) {
        remember(services, chat->service_uri, SERVICE_CHAT);
    }
}

static void note_pools(struct chat_services *services, const struct provisioning_fact *given)
{
    for (size_t i = 0; i < given->pool_count; i++) {
        remember(services, given->pools[i], SERVICE_CHAT);
    }
    remember(services, given->default_pool, SERVICE_CHAT);
}

void dialog_serve(struct dialog *row, struct chat_services *services, const struct message *message,
                  const struct facts *facts)
{
    enum dialog_service *service = &row->view.service;
    for (size_t i = 0; facts && i < facts->count; i++) {
        if (facts->items[i].kind == EVENT_PROVISIONING) {
            note_pools(services, &facts->items[i].as.provisioning);
        }
    }
    if (row->view.kind != DIALOG_INVITE) {
        return;
    }
    bool opens = row->view.messages == 0 || message->method == SIP_INVITE;
    if (*service == SERVICE_NONE && opens) {
        *service = service_of_addresses(services, message);
    }
    if (*service == SERVICE_NONE && message->method == SIP_INVITE) {
        *service = service_of_media(message);
    }
    bool settled = *service == SERVICE_CHAT || *service == SERVICE_CHAT_LOOKUP;
    if (!settled && is_conference_body(message)) {
        *service = SERVICE_CONFERENCE;
    }
    for (size_t i = 0; facts && i < facts->count; i++) {
        if (facts->items[i].kind == EVENT_CHAT) {
            note_chat(row, services, message, &facts->items[i].as.chat);
        }
    }
}
