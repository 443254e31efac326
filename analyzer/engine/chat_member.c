/*
 * Membership of sessions in rooms. See chat_member.h.
 */
#include "analyzer/engine/chat_member.h"

#include <stdlib.h>

#include "analyzer/engine/arena.h"
#include "analyzer/engine/chat_roster.h"

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

struct membership *membership_find(const struct chat_session *session,
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
                .listed = roster_listed(dialog->session, room),
                .assumed = assumed,
                .reason = reason,
            },
    };
    core_emit(chat->core, &change);
}

/* A wish for what is so already. */
static bool is_idle_wish(enum membership_state state, enum member_event event)
{
    return event == MEMBER_ASKED
               ? state == MEMBER_JOINED
               : event == MEMBER_PART_ASKED && (state == MEMBER_NONE || state == MEMBER_FAILED);
}

static struct membership *membership_add(struct chat *chat, struct chat_session *session,
                                         struct chat_room_state *room)
{
    struct membership *membership = memory_zero(1, sizeof *membership);
    membership->session = session;
    membership->room = room;
    room_hold(room);
    map_init(&membership->roster, chat->core->seed);
    map_put(&session->memberships, room->entry->key, membership);
    return membership;
}

struct membership *membership_step(struct chat *chat, const struct chat_dialog *dialog,
                                   struct chat_room_state *room, enum member_event event,
                                   struct slice reason)
{
    struct membership *membership = membership_find(dialog->session, room);
    enum membership_state from = membership_state_of(dialog, room);
    enum membership_state state = transitions[from][event];
    if (!membership && event == MEMBER_HEARD) {
        state = MEMBER_JOINED;
    }
    if (state == from) {
        if (is_idle_wish(state, event)) {
            emit_membership(chat, dialog, room, from, state, false, slice_of("asked again"));
        }
        return membership;
    }
    if (!membership) {
        membership = membership_add(chat, dialog->session, room);
    }
    membership->state = state;
    bool assumed = event == MEMBER_HEARD || event == MEMBER_POSTED || event == MEMBER_PART_DENIED;
    roster_follow(chat, membership);
    emit_membership(chat, dialog, room, from, state, assumed, reason);
    return membership;
}

static void free_membership(struct chat *chat, struct membership *membership)
{
    membership->state = MEMBER_NONE;
    roster_follow(chat, membership);
    list_remove(&membership->asked);
    room_release(membership->room);
    free(membership);
}

void memberships_close(struct chat *chat, struct chat_session *session,
                       const struct chat_dialog *dialog, struct slice reason)
{
    for (struct map_entry *entry = session->memberships.first; entry; entry = entry->next) {
        struct membership *membership = entry->value;
        membership_step(chat, dialog, membership->room, MEMBER_CLOSED, reason);
    }
    memberships_drop(chat, session);
}

void memberships_drop(struct chat *chat, struct chat_session *session)
{
    while (session->memberships.first) {
        free_membership(chat, map_remove_entry(&session->memberships, session->memberships.first));
    }
    map_dispose(&session->memberships, NULL);
}
