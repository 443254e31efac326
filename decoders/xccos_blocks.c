/*
 * Info blocks. See xccos_blocks.h.
 */
#include "decoders/xccos_blocks.h"

#include "decoders/ticket.h"
#include "decoders/xccos_post.h"
#include "decoders/xccos_preference.h"
#include "decoders/xccos_server.h"

struct room_draft {
    struct chat_room room;
    size_t first_group; /* in the roster */
    size_t group_count;
    size_t first_post; /* in blocks->posts */
};

void xccos_blocks_open(struct xccos_blocks *blocks, const struct document *document,
                       struct xccos_budget *budget, struct chat_fact *fact)
{
    *blocks = (struct xccos_blocks){
        .document = document,
        .fact = fact,
        .budget = budget,
        .roster =
            {
                .document = document,
                .members_left = &budget->members,
                .members_capped = &budget->members_capped,
            },
    };
}

static bool take_budget(struct xccos_blocks *blocks, const struct xml_element *element)
{
    if (blocks->budget->rooms > 0) {
        blocks->budget->rooms--;
        return true;
    }
    if (!blocks->budget->rooms_capped) {
        blocks->budget->rooms_capped = true;
        document_odd(blocks->document, "xccos-rooms-capped", slice_of("body_facts"),
                     element->offset);
    }
    return false;
}

/* ---- rooms ---- */

static struct room_draft *add_room(struct xccos_blocks *blocks, const struct xml_element *element,
                                   struct slice uri)
{
    static const struct slice none = SLICE("");
    if (!take_budget(blocks, element)) {
        return NULL;
    }
    blocks->rooms = document_grow(blocks->document, blocks->rooms, blocks->room_count,
                                  &blocks->room_capacity, sizeof *blocks->rooms);
    struct room_draft *draft = &blocks->rooms[blocks->room_count++];
    *draft = (struct room_draft){
        .room =
            {
                .uri = uri,
                .name = none,
                .topic = none,
                .description = none,
                .failure = none,
                .visibility = none,
            },
        .first_group = blocks->roster.group_count,
        .first_post = blocks->post_count,
    };
    return draft;
}

static struct room_draft *last_room(struct xccos_blocks *blocks)
{
    return &blocks->rooms[blocks->room_count - 1];
}

static struct slice uri_attribute(const struct document *document,
                                  const struct xml_element *element, struct slice name)
{
    struct slice uri = SLICE("");
    (void)xml_attribute(element, name, &uri);
    return xccos_room_uri(document, uri);
}

static void start_chanib(struct xccos_blocks *blocks, const struct xml_element *element)
{
    static const struct slice uri = SLICE("uri");
    const struct document *document = blocks->document;
    struct room_draft *draft = add_room(blocks, element, uri_attribute(document, element, uri));
    blocks->in_room = draft != NULL;
    if (draft) {
        draft->room.name = document_attribute(document, element, "name");
        draft->room.topic = document_attribute(document, element, "topic");
        draft->room.description = document_attribute(document, element, "description");
    }
}

static void start_chanid(struct xccos_blocks *blocks, const struct xml_element *element)
{
    (void)add_room(blocks, element, xccos_split_uri(blocks->document, element));
}

/* `key` says why the room was refused; without it the room still was. */
static void start_fib(struct xccos_blocks *blocks, const struct xml_element *element)
{
    struct slice uri = xccos_split_uri(blocks->document, element);
    struct room_draft *draft = add_room(blocks, element, uri);
    if (draft) {
        draft->room.failure = document_attribute(blocks->document, element, "key");
        if (draft->room.failure.size == 0) {
            draft->room.failure = slice_of("unknown");
        }
    }
}

/* ---- users ---- */

/* With a number it is of the table, else the user of a notice, or the channel server (requri). */
static void start_uib(struct xccos_blocks *blocks, const struct xml_element *element)
{
    uint32_t id;
    blocks->user = document_user(blocks->document, element, "uri");
    blocks->in_user = true;
    if (document_number(blocks->document, element, "id", &id)) {
        roster_add_user(&blocks->roster, id, blocks->user);
    }
    if (blocks->fact->class == CHAT_REPLY && blocks->fact->verb == CHAT_REQURI &&
        blocks->fact->service_uri.size == 0) {
        blocks->fact->service_uri = blocks->user;
    }
}

static void start_uib_in_room(struct xccos_blocks *blocks, const struct xml_element *element)
{
    struct slice user = document_user(blocks->document, element, "uri");
    roster_add_single(&blocks->roster, element, user, false, 0);
}

static bool mask_of(struct xccos_blocks *blocks, const struct xml_element *element, uint64_t *mask)
{
    static const struct slice key = SLICE("key");
    struct slice value;
    *mask = 0;
    if (!xml_attribute(element, key, &value)) {
        return false;
    }
    if (!slice_to_u64(slice_trim(value), mask)) {
        document_odd(blocks->document, "xccos-mask-unreadable", slice_sub(value, 0, 64),
                     element->offset);
        return false;
    }
    return true;
}

static void start_aib_in_room(struct xccos_blocks *blocks, const struct xml_element *element)
{
    static const struct slice value = SLICE("value");
    struct slice ids = SLICE("");
    uint64_t mask;
    bool has_mask = mask_of(blocks, element, &mask);
    (void)xml_attribute(element, value, &ids);
    roster_add_list(&blocks->roster, element, ids, has_mask, mask);
}

/* The room that the user of a join notice has entered. */
static void start_aib_in_user(struct xccos_blocks *blocks, const struct xml_element *element)
{
    uint64_t mask;
    bool has_mask = mask_of(blocks, element, &mask);
    if (add_room(blocks, element, xccos_split_uri(blocks->document, element))) {
        roster_add_single(&blocks->roster, element, blocks->user, has_mask, mask);
        last_room(blocks)->group_count =
            blocks->roster.group_count - last_room(blocks)->first_group;
    }
}

/* ---- files ---- */

static void start_ftdb(struct xccos_blocks *blocks, const struct xml_element *element)
{
    static const struct slice uri = SLICE("channelUri");
    (void)add_room(blocks, element, uri_attribute(blocks->document, element, uri));
    blocks->fact->file_name = document_attribute(blocks->document, element, "fileUrl");
}

static void start_token(struct xccos_blocks *blocks, const struct xml_element *element)
{
    static const struct slice name = SLICE("token");
    struct slice token;
    blocks->fact->token_server = document_attribute(blocks->document, element, "serveruri");
    if (xml_attribute(element, name, &token)) {
        blocks->fact->has_token = true;
        blocks->fact->token_hash = ticket_hash(token);
    }
}

/* ---- the service, preferences ---- */

static void start_sib(struct xccos_blocks *blocks, const struct xml_element *element)
{
    server_read_sib(blocks->document, element, blocks->fact);
}

static void start_inv(struct xccos_blocks *blocks, const struct xml_element *element)
{
    server_read_inv(blocks->document, element, blocks->fact);
}

static void start_qib(struct xccos_blocks *blocks, const struct xml_element *element)
{
    server_read_qib(blocks->document, element, blocks->fact);
}

static void start_pref(struct xccos_blocks *blocks, const struct xml_element *element)
{
    if (take_budget(blocks, element)) {
        blocks->preferences =
            document_grow(blocks->document, blocks->preferences, blocks->preference_count,
                          &blocks->preference_capacity, sizeof *blocks->preferences);
        blocks->preferences[blocks->preference_count++] =
            preference_read(blocks->document, element, &blocks->budget->preference_bytes);
    }
}

/* ---- history ---- */

static void start_bcq(struct xccos_blocks *blocks, const struct xml_element *element)
{
    (void)element;
    blocks->in_query = true;
}

static void start_msg(struct xccos_blocks *blocks, const struct xml_element *element)
{
    if (!take_budget(blocks, element)) {
        return;
    }
    blocks->posts = document_grow(blocks->document, blocks->posts, blocks->post_count,
                                  &blocks->post_capacity, sizeof *blocks->posts);
    struct chat_post *post = &blocks->posts[blocks->post_count++];
    *post = xccos_post(blocks->document, element);
    if (post->room.size == 0) {
        post->room = last_room(blocks)->room.uri;
    }
    last_room(blocks)->room.history_count++;
    blocks->in_post = true;
}

/* ---- properties of a room ---- */

static void start_property(struct xccos_blocks *blocks, const struct xml_element *element)
{
    blocks->property = property_find(element);
    buffer_clear(blocks->document->text);
}

static void end_property(struct xccos_blocks *blocks)
{
    if (blocks->property != PROPERTY_NONE) {
        property_apply(blocks->document, blocks->property, &last_room(blocks)->room);
        blocks->property = PROPERTY_NONE;
    }
}

/* ---- dispatch ---- */

struct block {
    struct slice name;
    void (*start)(struct xccos_blocks *blocks, const struct xml_element *element);
};

/* clang-format off */
static const struct block in_data[] = {
    {SLICE("uib"),    start_uib},
    {SLICE("chanib"), start_chanib},
    {SLICE("chanid"), start_chanid},
    {SLICE("fib"),    start_fib},
    {SLICE("ftdb"),   start_ftdb},
    {SLICE("token"),  start_token},
    {SLICE("bcq"),    start_bcq},
    {SLICE("sib"),    start_sib},
    {SLICE("inv"),    start_inv},
    {SLICE("qib"),    start_qib},
    {SLICE("pref"),   start_pref},
};

static const struct block in_room[] = {
    {SLICE("aib"),  start_aib_in_room},
    {SLICE("uib"),  start_uib_in_room},
    {SLICE("msg"),  start_msg},
    {SLICE("info"), start_property},
    {SLICE("prop"), start_property},
};

static const struct block in_user[] = {
    {SLICE("aib"), start_aib_in_user},
};
/* clang-format on */

static void start_block(struct xccos_blocks *blocks, const struct xml_element *element,
                        const struct block *table, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (slice_equal(element->name, table[i].name)) {
            table[i].start(blocks, element);
            return;
        }
    }
}

static void start_inner(struct xccos_blocks *blocks, const struct xml_element *element)
{
    static const struct slice last = SLICE("last");
    if (blocks->in_room) {
        start_block(blocks, element, in_room, sizeof in_room / sizeof in_room[0]);
        last_room(blocks)->group_count =
            blocks->roster.group_count - last_room(blocks)->first_group;
    } else if (blocks->in_user) {
        start_block(blocks, element, in_user, sizeof in_user / sizeof in_user[0]);
    } else if (blocks->in_query && slice_equal(element->name, last)) {
        (void)document_number(blocks->document, element, "cnt", &blocks->fact->history_limit);
    }
}

void xccos_blocks_start(struct xccos_blocks *blocks, const struct xml_element *element,
                        unsigned level)
{
    static const struct slice chat = SLICE("chat");
    if (level == 1) {
        start_block(blocks, element, in_data, sizeof in_data / sizeof in_data[0]);
    } else if (level == 2) {
        start_inner(blocks, element);
    } else if (level == 3 && blocks->in_post && slice_equal(element->name, chat)) {
        buffer_clear(blocks->document->text);
        blocks->in_chat = true;
    }
}

void xccos_blocks_text(struct xccos_blocks *blocks, struct slice text)
{
    if (blocks->in_chat || blocks->property != PROPERTY_NONE) {
        (void)buffer_append(blocks->document->text, text);
    }
}

void xccos_blocks_end(struct xccos_blocks *blocks, unsigned level)
{
    if (level == 1) {
        blocks->in_room = false;
        blocks->in_user = false;
        blocks->in_query = false;
    } else if (level == 2) {
        blocks->in_post = false;
        end_property(blocks);
    } else if (level == 3 && blocks->in_chat) {
        blocks->in_chat = false;
        xccos_post_text(blocks->document, &blocks->posts[blocks->post_count - 1]);
    }
}

static void close_rooms(struct xccos_blocks *blocks)
{
    struct arena *arena = blocks->document->arena;
    struct chat_room *rooms = arena_zero(arena, blocks->room_count, sizeof *rooms);
    for (size_t i = 0; i < blocks->room_count; i++) {
        const struct room_draft *draft = &blocks->rooms[i];
        rooms[i] = draft->room;
        if (draft->group_count > 0) {
            rooms[i].members =
                roster_resolve(&blocks->roster, draft->first_group, draft->group_count,
                               &rooms[i].member_count, &rooms[i].repeated);
        }
        if (draft->room.history_count > 0) {
            rooms[i].history = &blocks->posts[draft->first_post];
        }
    }
    blocks->fact->rooms = rooms;
    blocks->fact->room_count = blocks->room_count;
}

void xccos_blocks_close(struct xccos_blocks *blocks)
{
    struct chat_fact *fact = blocks->fact;
    roster_sort(&blocks->roster);
    if (blocks->room_count > 0) {
        close_rooms(blocks);
    }
    if (fact->class == CHAT_REPLY && (fact->verb == CHAT_JOIN || fact->verb == CHAT_BJOIN)) {
        fact->unused_users = roster_unused(&blocks->roster);
    }
    fact->preferences = blocks->preferences;
    fact->preference_count = blocks->preference_count;
}
