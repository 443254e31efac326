/*
 * What a SIP message means, in a few words. See meaning.h.
 */
#include "reports/meaning.h"

#include <inttypes.h>
#include <stdio.h>

#include "analyzer/engine/bands.h"
#include "analyzer/engine/buffer.h"
#include "analyzer/engine/legacy.h"
#include "reports/text.h"

enum { WORD = 32, SENTENCE = 60 }; /* columns of one name, of one phrase */

void meaning_init(struct meaning *meaning)
{
    *meaning = (struct meaning){.lead = slice_of("")};
    arena_init(&meaning->arena);
}

void meaning_dispose(struct meaning *meaning)
{
    arena_dispose(&meaning->arena);
}

/* "ann" of "ann@contoso.example". */
static struct slice short_user(struct meaning *meaning, struct slice user)
{
    struct slice head;
    struct slice tail;
    slice_cut(user, '@', &head, &tail);
    return text_brief(head.size > 0 ? head : user, WORD, &meaning->arena);
}

static struct slice word(struct meaning *meaning, struct slice text)
{
    return text_brief(text, WORD, &meaning->arena);
}

/* The same with or without a verb before it. */
static bool says_same(struct slice item, struct slice other)
{
    if (item.size < other.size) {
        return false;
    }
    size_t rest = item.size - other.size;
    return slice_equal(slice_from(item, rest), other) && (rest == 0 || item.data[rest - 1] == ' ');
}

/* `of` is who or what it begins with; "" = nothing that could be left out. */
static void list_add_of(struct meaning_list *list, struct slice of, struct slice item)
{
    for (size_t i = 0; i < list->count; i++) {
        if (says_same(list->items[i], item)) {
            return;
        }
    }
    if (list->count < MEANING_ITEMS) {
        list->of[list->count] = of;
        list->items[list->count++] = item;
    } else {
        list->more++;
    }
}

static void list_add(struct meaning_list *list, struct slice item)
{
    list_add_of(list, slice_of(""), item);
}

/* ---- the message by itself ---- */

static struct slice expires_words(struct meaning *meaning, const struct message *message)
{
    if (message->expires < 0) {
        return slice_of("");
    }
    return text_format(&meaning->arena, "expires %" PRId64, message->expires);
}

static void begin_register(struct meaning *meaning, const struct message *message)
{
    meaning->alone =
        message->expires == 0 ? slice_of("signs out") : expires_words(meaning, message);
    if (message->flags & SIP_HAS_CREDENTIALS) {
        meaning->aside = slice_of("with credentials");
    }
}

static void begin_subscribe(struct meaning *meaning, const struct message *message)
{
    struct arena *arena = &meaning->arena;
    struct slice what = word(meaning, message->event);
    if (message->to.user.size > 0 && !slice_equal(message->to.user, message->from.user)) {
        struct slice whom = short_user(meaning, message->to.user);
        what = text_format(arena, "%.*s of %.*s", TEXT(what), TEXT(whom));
    }
    if (message->expires == 0) {
        const char *how = message->to.tag.size > 0 ? ", ends" : ", query";
        what = text_format(arena, "%.*s%s", TEXT(what), how);
    } else if (message->to.tag.size > 0) {
        what = text_format(arena, "%.*s, refresh", TEXT(what));
    }
    meaning->alone = what;
    meaning->lead = text_format(arena, "%.*s: ", TEXT(what));
}

static void begin_notify(struct meaning *meaning, const struct message *message)
{
    meaning->told = short_user(meaning, message->to.user);
    meaning->alone = word(meaning, message->event);
    if (meaning->told.size > 0) {
        meaning->lead = text_format(&meaning->arena, "%.*s: ", TEXT(meaning->told));
    }
    if (slice_equal(message->subscription_state, slice_of("terminated"))) {
        meaning->aside = slice_of("terminated");
    }
}

/* Who publishes so does it for others (facts/presence.md 7.1): the arrow does not tell for whom. */
static void begin_publish(struct meaning *meaning, const struct message *message)
{
    struct arena *arena = &meaning->arena;
    struct slice whom = short_user(meaning, message->to.user);
    struct slice what = expires_words(meaning, message);
    meaning->update = true;
    if (message->expires > 0) {
        meaning->trail = text_format(arena, ", %.*s", TEXT(what));
    }
    if (message->expires == 0) {
        what = slice_of("removes the publication");
    } else if (message->if_match.size > 0 && message->body.size == 0) {
        const char *between = what.size > 0 ? ", " : "";
        what = text_format(arena, "refresh%s%.*s", between, TEXT(what));
    }
    meaning->lead = text_format(arena, "for %.*s: ", TEXT(whom));
    meaning->alone =
        text_format(arena, "for %.*s%s%.*s", TEXT(whom), what.size > 0 ? ": " : "", TEXT(what));
}

static void begin_invite(struct meaning *meaning, const struct message *message)
{
    struct slice whom = short_user(meaning, message->to.user);
    const char *how = message->to.tag.size > 0 ? ", refresh" : "";
    meaning->alone = text_format(&meaning->arena, "to %.*s%s", TEXT(whom), how);
}

/* The body's type where nothing better is known of the body. */
static struct slice body_words(struct meaning *meaning, const struct message *message)
{
    if (message->body_length == 0 || message->content_type.size == 0) {
        return slice_of("");
    }
    return word(meaning, message->content_type);
}

static void begin_request(struct meaning *meaning, const struct message *message)
{
    switch (message->method) {
    case SIP_REGISTER:
        begin_register(meaning, message);
        break;
    case SIP_SUBSCRIBE:
        begin_subscribe(meaning, message);
        break;
    case SIP_NOTIFY:
    case SIP_BENOTIFY:
        begin_notify(meaning, message);
        break;
    case SIP_PUBLISH:
        begin_publish(meaning, message);
        break;
    case SIP_INVITE:
        begin_invite(meaning, message);
        break;
    case SIP_SERVICE:
        meaning->update = true;
        meaning->alone = body_words(meaning, message);
        break;
    case SIP_UPDATE: /* RFC 4028 section 7.4 */
        meaning->plain = message->body_length == 0;
        meaning->alone = meaning->plain ? slice_of("refresh") : body_words(meaning, message);
        break;
    case SIP_MESSAGE:
        meaning->alone =
            text_format(&meaning->arena, "IM to %.*s", TEXT(short_user(meaning, message->to.user)));
        break;
    case SIP_NEGOTIATE:
        meaning->alone = slice_of("compression");
        break;
    default:
        meaning->alone = body_words(meaning, message);
        break;
    }
}

/* "to fe01.contoso.example:5061": where a 3xx points. */
static struct slice elsewhere(struct meaning *meaning, const struct message *message)
{
    struct slice host;
    struct slice rest;
    if (message->contact.user.size > 0) {
        return short_user(meaning, message->contact.user);
    }
    slice_cut(message->contact.uri, ':', &rest, &host);
    slice_cut(host, ';', &host, &rest);
    return text_brief(host, SENTENCE, &meaning->arena);
}

static void begin_response(struct meaning *meaning, const struct message *message)
{
    struct slice method = message->method == SIP_OTHER ? word(meaning, message->method_name)
                                                       : slice_of(sip_method_name(message->method));
    meaning->alone = text_format(&meaning->arena, "to %.*s", TEXT(method));
    meaning->plain = true;
    if (message->flags & SIP_HAS_CHALLENGE || message->status == 401 || message->status == 407) {
        meaning->alone = slice_of("challenge");
    } else if (message->status / 100 == 3 && message->contact.uri.size > 0) {
        meaning->alone = text_format(&meaning->arena, "to %.*s", TEXT(elsewhere(meaning, message)));
        meaning->plain = false;
    } else if (message->status / 100 == 2 && message->expires > 0) {
        meaning->alone = text_format(&meaning->arena, "to %.*s, expires %" PRId64, TEXT(method),
                                     message->expires);
        meaning->plain = false;
    }
}

static void note_diagnostics(struct meaning *meaning, const struct message *message)
{
    if (message->diagnostics_count == 0) {
        return;
    }
    const struct sip_diagnostics *first = &message->diagnostics[0];
    struct slice reason = text_brief(first->reason, SENTENCE, &meaning->arena);
    const char *between = reason.size > 0 ? " " : "";
    meaning->aside = text_format(&meaning->arena, "diagnostics %" PRIu32 "%s%.*s", first->id,
                                 between, TEXT(reason));
}

void meaning_begin(struct meaning *meaning, const struct message *message)
{
    struct arena arena = meaning->arena;
    arena_reset(&arena);
    *meaning = (struct meaning){.arena = arena};
    if (message->request) {
        begin_request(meaning, message);
    } else {
        begin_response(meaning, message);
    }
    note_diagnostics(meaning, message);
}

/* ---- presence ---- */

/* "6500 on-the-phone", "6500 busy", "away": number, then the activity or else the band. */
static struct slice value_words(struct meaning *meaning, const struct presence_value *value,
                                bool number)
{
    struct slice token = slice_of("");
    if (value->activity_count > 0) {
        token = word(meaning, value->activities[0].token);
    }
    if (value->availability < 0) {
        return token;
    }
    enum band band = band_of(value->availability);
    if (number) {
        struct slice what = token.size > 0 ? token : slice_of(band_name(band));
        return text_format(&meaning->arena, "%" PRId64 " %.*s", value->availability, TEXT(what));
    }
    const char *between = token.size > 0 ? " " : "";
    return text_format(&meaning->arena, "%s%s%.*s", band_title(band), between, TEXT(token));
}

/* "publishes" or "removes", where the item before did not say so. */
static const char *publication_verb(struct meaning *meaning, bool removes, size_t before)
{
    bool told = before > 0 && meaning->removes == removes;
    meaning->removes = removes;
    return told ? "" : removes ? "removes " : "publishes ";
}

/*
 * What kind of state it is; of one that is taken back its number tells (facts/presence.md 2.4). Of
 * another category its name.
 */
static struct slice publication_words(struct meaning *meaning, const struct category_fact *fact)
{
    static const uint8_t sources[16] = {
        [2] = STATE_USER,     [3] = STATE_MACHINE, [4] = STATE_CALENDAR, [5] = STATE_CALENDAR,
        [6] = STATE_CALENDAR, [7] = STATE_PHONE,   [8] = STATE_PHONE,    [9] = STATE_PHONE,
    };
    enum state_kind kind = fact->has_value ? fact->value.kind : STATE_NONE;
    if (!fact->has_value && fact->category == CATEGORY_STATE && fact->key.has_instance) {
        kind = (enum state_kind)sources[fact->key.instance >> 28];
    }
    bool told = kind != STATE_NONE && kind != STATE_UNKNOWN;
    return told ? slice_of(state_kind_name(kind)) : word(meaning, fact->key.name);
}

/* "publishes userState 9500 do-not-disturb", "removes note" */
static void add_publication(struct meaning *meaning, const struct category_fact *fact)
{
    struct meaning_list *list = fact->has_value ? &meaning->said : &meaning->named;
    const char *verb = publication_verb(meaning, fact->empty && fact->expires == 0, list->count);
    struct slice name = publication_words(meaning, fact);
    struct slice value = fact->has_value ? value_words(meaning, &fact->value, true) : slice_of("");
    const char *between = value.size > 0 ? " " : "";
    list_add_of(
        list, name,
        text_format(&meaning->arena, "%s%.*s%s%.*s", verb, TEXT(name), between, TEXT(value)));
}

static void add_category(struct meaning *meaning, const struct category_fact *fact)
{
    struct arena *arena = &meaning->arena;
    struct slice user = short_user(meaning, fact->key.user);
    if (!fact->has_value) {
        list_add(&meaning->named, word(meaning, fact->key.name));
        return;
    }
    struct slice value = value_words(meaning, &fact->value, false);
    if (value.size == 0) {
        return;
    }
    if (meaning->said.count == 0 && slice_equal(user, meaning->told)) {
        meaning->lead = slice_of(""); /* told about himself */
    }
    list_add_of(&meaning->said, user, text_format(arena, "%.*s %.*s", TEXT(user), TEXT(value)));
}

static void add_pidf(struct meaning *meaning, const struct pidf_fact *fact)
{
    const char *basic = !fact->has_basic ? "" : fact->open ? "open" : "closed";
    struct slice value = value_words(meaning, &fact->value, false);
    struct slice what = value.size > 0 ? value : slice_of(basic);
    if (meaning->update) {
        list_add(&meaning->said, what);
        return;
    }
    struct slice user = short_user(meaning, fact->user);
    list_add(&meaning->said, text_format(&meaning->arena, "%.*s %.*s", TEXT(user), TEXT(what)));
}

/* What an old client sets or is told: "sets presence Busy", "dee Away". */
static void add_legacy(struct meaning *meaning, const struct legacy_fact *fact)
{
    struct legacy_presence presence = legacy_meaning(fact);
    if (!presence.known) {
        return;
    }
    const char *band = band_title(band_of(presence.availability));
    struct slice activity = word(meaning, presence.activity);
    struct slice who =
        meaning->update ? slice_of("sets presence") : short_user(meaning, fact->user);
    list_add_of(&meaning->said, who,
                text_format(&meaning->arena, "%.*s %s%s%.*s", TEXT(who), band,
                            activity.size > 0 ? " " : "", TEXT(activity)));
}

static void add_fault(struct meaning *meaning, const struct fault_fact *fact)
{
    struct slice code = fact->code;
    for (size_t dot = slice_find_byte(code, '.'); dot != SLICE_NONE;
         dot = slice_find_byte(code, '.')) {
        code = slice_from(code, dot + 1);
    }
    list_add(&meaning->said, text_format(&meaning->arena, "fault %.*s, current version %" PRIu32,
                                         TEXT(word(meaning, code)), fact->current_version));
}

static void add_resource(struct meaning *meaning, const struct resource_fact *fact)
{
    struct slice user = short_user(meaning, fact->user);
    struct slice state = word(meaning, fact->state);
    struct slice item = text_format(&meaning->arena, "%.*s %.*s", TEXT(user), TEXT(state));
    bool plain = slice_equal_nocase(fact->state, slice_of("active"));
    list_add(plain ? &meaning->named : &meaning->said, item);
}

/* ---- chat ---- */

/* The first room's name is filled in at the end; others go by what is known of them now. */
static struct slice room_words(struct meaning *meaning, struct slice uri, struct slice name)
{
    static const char stand_in[] = {MEANING_ROOM, '\0'};
    if (meaning->room.size == 0) {
        meaning->room = arena_keep(&meaning->arena, uri);
    }
    if (uri.size > 0 && slice_equal(meaning->room, uri)) {
        return slice_of(stand_in);
    }
    return name.size > 0 ? word(meaning, name) : slice_of("another room");
}

/* "Ops Bridge", "3 rooms", "": what a command or reply is about. */
static struct slice rooms_words(struct meaning *meaning, const struct chat_fact *fact)
{
    if (fact->room_count == 0) {
        return slice_of("");
    }
    if (fact->room_count > 1) {
        return text_format(&meaning->arena, " %zu rooms", fact->room_count);
    }
    const struct chat_room *room = &fact->rooms[0];
    struct slice words = room_words(meaning, room->uri, room->name);
    return text_format(&meaning->arena, " %.*s", TEXT(words));
}

static struct slice command_words(struct meaning *meaning, const struct chat_fact *fact)
{
    struct slice name = word(meaning, fact->name);
    struct slice rooms = rooms_words(meaning, fact);
    if (fact->has_query) {
        struct slice words = word(meaning, fact->query_words);
        return words.size > 0
                   ? text_format(&meaning->arena, "%.*s \"%.*s\"", TEXT(name), TEXT(words))
                   : text_format(&meaning->arena, "%.*s, all rooms", TEXT(name));
    }
    if (fact->file_name.size > 0) {
        return text_format(&meaning->arena, "%.*s%.*s: %.*s", TEXT(name), TEXT(rooms),
                           TEXT(word(meaning, fact->file_name)));
    }
    if (fact->history_limit > 0) {
        return text_format(&meaning->arena, "%.*s%.*s, last %" PRIu32, TEXT(name), TEXT(rooms),
                           fact->history_limit);
    }
    return text_format(&meaning->arena, "%.*s%.*s", TEXT(name), TEXT(rooms));
}

/* "Ops Bridge", "2 rooms, 1 refused (OPERATION_FAILED)": what was asked for and what was given. */
static struct slice outcome_words(struct meaning *meaning, const struct chat_fact *fact)
{
    struct arena *arena = &meaning->arena;
    struct slice why = slice_of("");
    size_t refused = 0;
    for (size_t i = 0; i < fact->room_count; i++) {
        if (fact->rooms[i].failure.size > 0) {
            refused++;
            why = word(meaning, fact->rooms[i].failure);
        }
    }
    if (refused == 0) {
        return rooms_words(meaning, fact);
    }
    if (fact->room_count == 1) {
        return text_format(arena, "%.*s refused (%.*s)", TEXT(rooms_words(meaning, fact)),
                           TEXT(why));
    }
    size_t given = fact->room_count - refused;
    return text_format(arena, " %zu room%s, %zu refused (%.*s)", given, text_plural(given), refused,
                       TEXT(why));
}

static struct slice history_words(struct meaning *meaning, const struct chat_fact *fact)
{
    size_t count = fact->room_count == 1 ? fact->rooms[0].history_count : 0;
    if (count == 0) {
        bool empty = fact->verb == CHAT_BCCONTEXT && fact->room_count == 1;
        return slice_of(empty ? ", empty" : "");
    }
    return text_format(&meaning->arena, ", %zu message%s", count, text_plural(count));
}

static struct slice reply_words(struct meaning *meaning, const struct chat_fact *fact)
{
    struct arena *arena = &meaning->arena;
    struct slice name = word(meaning, fact->name);
    struct slice rooms = outcome_words(meaning, fact);
    if (!fact->has_code) {
        return text_format(arena, "rpl %.*s without code%s%.*s", TEXT(name),
                           rooms.size > 0 ? ":" : "", TEXT(rooms));
    }
    struct slice reply = text_format(arena, "rpl %.*s %" PRIu32 "%s%.*s", TEXT(name), fact->code,
                                     rooms.size > 0 ? ":" : "", TEXT(rooms));
    if (fact->code != 200 && fact->code_text.size > 0) {
        return text_format(arena, "%.*s %.*s", TEXT(reply), TEXT(word(meaning, fact->code_text)));
    }
    if (fact->service_uri.size > 0) {
        return text_format(arena, "%.*s: %.*s", TEXT(reply),
                           TEXT(short_user(meaning, fact->service_uri)));
    }
    return text_format(arena, "%.*s%.*s", TEXT(reply), TEXT(history_words(meaning, fact)));
}

/* ": ben", ": ben and others": who enters or leaves. */
static struct slice members_words(struct meaning *meaning, const struct chat_fact *fact)
{
    struct slice first = slice_of("");
    bool others = false;
    for (size_t i = 0; i < fact->room_count; i++) {
        for (size_t k = 0; k < fact->rooms[i].member_count; k++) {
            struct slice user = fact->rooms[i].members[k].user;
            first = first.size > 0 ? first : user;
            others = others || !slice_equal(first, user);
        }
    }
    if (first.size == 0) {
        return slice_of("");
    }
    return text_format(&meaning->arena, ": %.*s%s", TEXT(short_user(meaning, first)),
                       others ? " and others" : "");
}

static struct slice notice_words(struct meaning *meaning, const struct chat_fact *fact)
{
    struct slice name = word(meaning, fact->name);
    struct slice rooms = rooms_words(meaning, fact);
    const char *between = name.size > 0 ? " " : "";
    return text_format(&meaning->arena, "ntc%s%.*s%.*s%.*s", between, TEXT(name), TEXT(rooms),
                       TEXT(members_words(meaning, fact)));
}

/* Where it goes and whose it is; never what it says. */
static struct slice post_words(struct meaning *meaning, const struct chat_fact *fact)
{
    struct slice room = room_words(meaning, fact->post.room, slice_of(""));
    const char *what = fact->post.file_link ? "grpchat with a file" : "grpchat";
    struct slice author = short_user(meaning, fact->post.author);
    return text_format(&meaning->arena, "%s to %.*s by %.*s", what, TEXT(room), TEXT(author));
}

static void add_chat(struct meaning *meaning, const struct chat_fact *fact)
{
    switch (fact->class) {
    case CHAT_COMMAND:
        list_add(&meaning->said, command_words(meaning, fact));
        break;
    case CHAT_REPLY:
        list_add(&meaning->said, reply_words(meaning, fact));
        break;
    case CHAT_NOTICE:
        list_add(&meaning->said, notice_words(meaning, fact));
        break;
    case CHAT_MESSAGE:
        list_add(&meaning->said, post_words(meaning, fact));
        break;
    case CHAT_UNKNOWN:
        list_add(&meaning->named, word(meaning, fact->name));
        break;
    }
}

/* "chat enabled, pool rooms" */
static void add_provisioning(struct meaning *meaning, const struct provisioning_fact *fact)
{
    if (fact->enabled != SAID_NOTHING) {
        bool enabled = fact->enabled == SAID_YES;
        list_add(&meaning->said, slice_of(enabled ? "chat enabled" : "chat not enabled"));
    }
    if (fact->default_pool.size > 0) {
        list_add(&meaning->said, text_format(&meaning->arena, "pool %.*s",
                                             TEXT(short_user(meaning, fact->default_pool))));
    }
}

void meaning_add(struct meaning *meaning, const struct event *event)
{
    switch (event->kind) {
    case EVENT_PUBLICATION:
        add_publication(meaning, &event->as.category);
        break;
    case EVENT_CATEGORY:
        add_category(meaning, &event->as.category);
        break;
    case EVENT_FAULT:
        add_fault(meaning, &event->as.fault);
        break;
    case EVENT_PIDF:
        add_pidf(meaning, &event->as.pidf);
        break;
    case EVENT_LEGACY:
        add_legacy(meaning, &event->as.legacy);
        break;
    case EVENT_RESOURCE:
        add_resource(meaning, &event->as.resource);
        break;
    case EVENT_WATCH:
        list_add(&meaning->said, short_user(meaning, event->as.watch.user));
        break;
    case EVENT_CHAT:
        add_chat(meaning, &event->as.chat);
        break;
    case EVENT_PROVISIONING:
        add_provisioning(meaning, &event->as.provisioning);
        break;
    default:
        break;
    }
}

/* ---- the whole ---- */

bool meaning_is_plain(const struct meaning *meaning)
{
    return meaning->plain && meaning->said.count == 0 && meaning->named.count == 0 &&
           meaning->aside.size == 0;
}

static bool holds_comma(const struct meaning_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        if (slice_find_byte(list->items[i], ',') != SLICE_NONE) {
            return true;
        }
    }
    return false;
}

/* Who or what the item before began with is not named again: "ann Busy; Away". */
static void append_list(struct buffer *buffer, const struct meaning_list *list)
{
    bool commas = holds_comma(list);
    for (size_t i = 0; i < list->count; i++) {
        struct slice item = list->items[i];
        struct slice of = list->of[i];
        bool again = i > 0 && of.size > 0 && of.size < item.size &&
                     slice_equal(list->of[i - 1], of) && slice_starts(item, of);
        buffer_append_text(buffer, i == 0 ? "" : again || commas ? "; " : ", ");
        buffer_append(buffer, again ? slice_from(item, of.size + 1) : item);
    }
    if (list->more > 0) {
        buffer_append_text(buffer, " +");
        buffer_append_u64(buffer, list->more);
    }
}

struct slice meaning_text(struct meaning *meaning, size_t columns)
{
    struct buffer buffer;
    buffer_init(&buffer, SIZE_MAX);
    const struct meaning_list *facts = meaning->said.count > 0 ? &meaning->said : &meaning->named;
    if (facts->count > 0) {
        buffer_append(&buffer, meaning->lead);
        append_list(&buffer, facts);
        buffer_append(&buffer, meaning->trail);
    } else {
        buffer_append(&buffer, meaning->alone);
    }
    if (meaning->aside.size > 0) {
        buffer_append_text(&buffer, buffer.size > 0 ? ", " : "");
        buffer_append(&buffer, meaning->aside);
    }
    struct slice whole = buffer_take(&buffer, &meaning->arena);
    return text_fit(whole, columns, &meaning->arena);
}
