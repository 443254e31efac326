/*
 * Rooms, membership and rosters. See chat_room.h.
 */
#include "analyzer/engine/chat_room.h"

#include <stdlib.h>

#include "analyzer/engine/arena.h"

struct roster_entry {
    uint64_t mask;
    bool has_mask;
    uint64_t moment; /* when it was last listed; tells who a snapshot leaves out */
};

/* ---- rooms ---- */

static void free_room(void *value)
{
    struct chat_room_state *room = value;
    slice_drop(&room->name);
    slice_drop(&room->topic);
    free(room);
}

void rooms_dispose(struct chat *chat)
{
    map_dispose(&chat->rooms, free_room);
}

void room_hold(struct chat_room_state *room)
{
    room->users++;
}

void room_release(struct chat_room_state *room)
{
    room->users--;
}

/* Gives up the idlest room that nothing points to. Only some are looked at: each look costs. */
static bool rooms_make_room(struct chat *chat)
{
    enum { LOOKS = 8 };
    struct map_entry *entry = chat->rooms.first;
    for (int look = 0; entry && look < LOOKS; look++, entry = entry->next) {
        const struct chat_room_state *room = entry->value;
        if (room->users == 0) {
            free_room(map_remove_entry(&chat->rooms, entry));
            return true;
        }
    }
    return false;
}

struct chat_room_state *rooms_keep(struct chat *chat, struct slice uri)
{
    struct core *core = chat->core;
    struct chat_room_state *room = map_find(&chat->rooms, uri);
    if (room) {
        map_touch(&chat->rooms, room->entry);
        return room;
    }
    if (uri.size == 0 || (core_full(core, CAP_ROOMS, chat->rooms.count, core->limits.rooms) &&
                          !rooms_make_room(chat))) {
        return NULL;
    }
    room = memory_zero(1, sizeof *room);
    room->id = ++chat->last_room;
    room->entry = map_put(&chat->rooms, uri, room);
    return room;
}

struct chat_room_state *rooms_learn(struct chat *chat, const struct chat_room *fact)
{
    struct chat_room_state *room = rooms_keep(chat, fact->uri);
    if (!room) {
        return NULL;
    }
    bool news = (fact->name.size > 0 && !slice_equal(fact->name, room->name)) ||
                (fact->topic.size > 0 && !slice_equal(fact->topic, room->topic));
    if (!news) {
        return room;
    }
    if (fact->name.size > 0) {
        slice_replace(&room->name, fact->name);
    }
    if (fact->topic.size > 0) {
        slice_replace(&room->topic, fact->topic);
    }
    struct change change = {
        .kind = CHANGE_ROOM,
        .as.room = {.uri = room->entry->key, .name = room->name, .topic = room->topic},
    };
    core_emit(chat->core, &change);
    return room;
}

/* ---- membership ---- */

/* clang-format off */
static const enum membership_state transitions[MEMBER_UNKNOWN + 1][MEMBER_EVENTS] = {
    /*                   asked           admitted        denied          part asked      parted          part denied     named away      heard           posted          closed */
    [MEMBER_NONE]    = {MEMBER_JOINING, MEMBER_JOINED,  MEMBER_NONE,    MEMBER_NONE,    MEMBER_NONE,    MEMBER_NONE,    MEMBER_NONE,    MEMBER_NONE,    MEMBER_NONE,    MEMBER_NONE},
    [MEMBER_JOINING] = {MEMBER_JOINING, MEMBER_JOINED,  MEMBER_FAILED,  MEMBER_LEAVING, MEMBER_NONE,    MEMBER_JOINING, MEMBER_JOINING, MEMBER_JOINING, MEMBER_JOINING, MEMBER_NONE},
    [MEMBER_JOINED]  = {MEMBER_JOINED,  MEMBER_JOINED,  MEMBER_JOINED,  MEMBER_LEAVING, MEMBER_NONE,    MEMBER_JOINED,  MEMBER_UNKNOWN, MEMBER_JOINED,  MEMBER_JOINED,  MEMBER_NONE},
    [MEMBER_LEAVING] = {MEMBER_JOINING, MEMBER_LEAVING, MEMBER_LEAVING, MEMBER_LEAVING, MEMBER_NONE,    MEMBER_JOINED,  MEMBER_LEAVING, MEMBER_LEAVING, MEMBER_LEAVING, MEMBER_NONE},
    [MEMBER_FAILED]  = {MEMBER_JOINING, MEMBER_JOINED,  MEMBER_FAILED,  MEMBER_FAILED,  MEMBER_FAILED,  MEMBER_FAILED,  MEMBER_FAILED,  MEMBER_FAILED,  MEMBER_FAILED,  MEMBER_NONE},
    [MEMBER_UNKNOWN] = {MEMBER_JOINING, MEMBER_JOINED,  MEMBER_FAILED,  MEMBER_LEAVING, MEMBER_NONE,    MEMBER_UNKNOWN, MEMBER_UNKNOWN, MEMBER_JOINED,  MEMBER_JOINED,  MEMBER_NONE},
};
/* clang-format on */

static void free_membership(struct membership *membership)
{
    list_remove(&membership->asked);
    room_release(membership->room);
    map_dispose(&membership->roster, free);
    free(membership);
}

static struct membership *membership_find(const struct chat_session *session,
                                          const struct chat_room_state *room)
{
    return map_find(&session->memberships, room->entry->key);
}

/* Where nothing was seen, a session that was there before the input began may be in any room. */
static enum membership_state unseen_state(const struct chat_dialog *dialog)
{
    return dialog->from_start ? MEMBER_NONE : MEMBER_UNKNOWN;
}

enum membership_state membership_state_of(const struct chat_dialog *dialog,
                                          const struct chat_room_state *room)
{
    const struct membership *membership = membership_find(dialog->session, room);
    return membership ? membership->state : unseen_state(dialog);
}

static void emit_membership(struct chat *chat, const struct chat_dialog *dialog,
                            const struct chat_room_state *room, enum membership_state from,
                            enum membership_state state, bool assumed, struct slice reason)
{
    struct change change = {
        .kind = CHANGE_MEMBERSHIP,
        .as.membership =
            {
                .session = session_ref_of(dialog->session, dialog),
                .room = room->entry->key,
                .room_name = room->name,
                .from = from,
                .state = state,
                .assumed = assumed,
                .reason = reason,
            },
    };
    core_emit(chat->core, &change);
}

struct membership *membership_step(struct chat *chat, const struct chat_dialog *dialog,
                                   struct chat_room_state *room, enum member_event event,
                                   struct slice reason)
{
    struct chat_session *session = dialog->session;
    struct membership *membership = membership_find(session, room);
    enum membership_state from = membership ? membership->state : unseen_state(dialog);
    enum membership_state state = transitions[from][event];
    if (!membership && event == MEMBER_HEARD) {
        state = MEMBER_JOINED;
    }
    if (state == from) {
        return membership;
    }
    if (!membership) {
        membership = memory_zero(1, sizeof *membership);
        membership->room = room;
        room_hold(room);
        map_init(&membership->roster, chat->core->seed);
        map_put(&session->memberships, room->entry->key, membership);
    }
    membership->state = state;
    bool assumed = event == MEMBER_HEARD || event == MEMBER_POSTED || event == MEMBER_PART_DENIED;
    if (state == MEMBER_NONE || state == MEMBER_FAILED) {
        map_dispose(&membership->roster, free);
    }
    emit_membership(chat, dialog, room, from, state, assumed, reason);
    return membership;
}

void memberships_close(struct chat *chat, struct chat_session *session,
                       const struct chat_dialog *dialog, struct slice reason)
{
    for (struct map_entry *entry = session->memberships.first; entry; entry = entry->next) {
        struct membership *membership = entry->value;
        membership_step(chat, dialog, membership->room, MEMBER_CLOSED, reason);
    }
    memberships_drop(session);
}

void memberships_drop(struct chat_session *session)
{
    while (session->memberships.first) {
        free_membership(map_remove_entry(&session->memberships, session->memberships.first));
    }
    map_dispose(&session->memberships, NULL);
}

/* ---- rosters ---- */

static void emit_roster(struct chat *chat, const struct chat_dialog *dialog,
                        const struct chat_room_state *room, const struct chat_member *member,
                        bool present, bool notice)
{
    struct change change = {
        .kind = CHANGE_ROSTER,
        .as.roster =
            {
                .session = session_ref_of(dialog->session, dialog),
                .room = room->entry->key,
                .room_name = room->name,
                .user = member->user,
                .mask = member->mask,
                .has_mask = member->has_mask,
                .present = present,
                .notice = notice,
            },
    };
    core_emit(chat->core, &change);
}

static void roster_put(struct chat *chat, struct membership *membership,
                       const struct chat_member *member)
{
    struct core *core = chat->core;
    struct roster_entry *entry = map_find(&membership->roster, member->user);
    if (!entry) {
        if (core_full(core, CAP_ROOM_MEMBERS, membership->roster.count,
                      core->limits.room_members)) {
            return;
        }
        entry = memory_zero(1, sizeof *entry);
        map_put(&membership->roster, member->user, entry);
    }
    entry->mask = member->mask;
    entry->has_mask = member->has_mask;
    entry->moment = core->moment;
}

static void roster_remove(struct membership *membership, struct slice user)
{
    free(map_remove(&membership->roster, user));
}

/* Those whom the snapshot does not list any more. */
static void roster_sweep(struct chat *chat, const struct chat_dialog *dialog,
                         struct membership *membership)
{
    struct map_entry *next = NULL;
    for (struct map_entry *entry = membership->roster.first; entry; entry = next) {
        const struct roster_entry *kept = entry->value;
        next = entry->next;
        if (kept->moment != chat->core->moment) {
            struct chat_member member = {
                .user = entry->key, .mask = kept->mask, .has_mask = kept->has_mask};
            emit_roster(chat, dialog, membership->room, &member, false, false);
            free(map_remove_entry(&membership->roster, entry));
        }
    }
}

void roster_snapshot(struct chat *chat, const struct chat_dialog *dialog,
                     struct membership *membership, const struct chat_room *fact)
{
    for (size_t i = 0; i < fact->member_count; i++) {
        const struct chat_member *member = &fact->members[i];
        if (member->user.size > 0) {
            roster_put(chat, membership, member);
            emit_roster(chat, dialog, membership->room, member, true, false);
        }
    }
    roster_sweep(chat, dialog, membership);
}

static void notice_member(struct chat *chat, const struct chat_dialog *dialog,
                          struct chat_room_state *room, const struct chat_member *member,
                          bool present)
{
    struct membership *membership = membership_find(dialog->session, room);
    emit_roster(chat, dialog, room, member, present, true);
    if (membership && present) {
        roster_put(chat, membership, member);
    } else if (membership) {
        roster_remove(membership, member->user);
    }
    if (!present && slice_equal_nocase(member->user, dialog->session->user)) {
        membership_step(chat, dialog, room, MEMBER_NAMED_AWAY, slice_of("notice names the user"));
    }
}

void rooms_notice(struct chat *chat, const struct chat_dialog *dialog, const struct chat_fact *fact)
{
    bool present = fact->verb == CHAT_JOIN || fact->verb == CHAT_BJOIN;
    if (!present && fact->verb != CHAT_PART) {
        return;
    }
    for (size_t i = 0; i < fact->room_count; i++) {
        struct chat_room_state *room = rooms_keep(chat, fact->rooms[i].uri);
        for (size_t j = 0; room && j < fact->rooms[i].member_count; j++) {
            if (fact->rooms[i].members[j].user.size > 0) {
                notice_member(chat, dialog, room, &fact->rooms[i].members[j], present);
            }
        }
    }
}
