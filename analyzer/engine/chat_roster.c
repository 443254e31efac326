/*
 * Rosters and the agreed view. See chat_roster.h.
 *
 * An entry of a roster is a vote of its session. Whoever a whole roster does not
 * list is voted absent by that; a roster that did not begin with a reply must have
 * said so, and keeps an entry for it.
 */
#include "analyzer/engine/chat_roster.h"

#include <stdlib.h>

#include "analyzer/engine/arena.h"

/* A user of a room, as long as somebody is told of it or it has a session there. */
struct participant {
    struct map_entry *entry; /* in room->participants; its key is the user */
    struct chat_room_state *room;
    struct link touched; /* in chat->touched */
    struct link votes;   /* struct roster_entry */
    size_t listed;       /* votes that list it */
    size_t whole_listed; /* of them in whole rosters */
    size_t denied;       /* votes that do not, in other rosters */
    size_t whole_unsure; /* whole rosters that may or may not */
    size_t sessions;     /* of its own in the room */
    uint64_t mask;       /* told last */
    bool has_mask;
    bool counted; /* in room->present */
    bool told;    /* as it was emitted last: */
    bool present;
    bool disputed;
};

struct roster_entry {
    struct map_entry *entry; /* in membership->roster */
    struct membership *membership;
    struct participant *participant; /* NULL while its roster does not count */
    struct link vote;                /* in participant->votes */
    uint64_t mask;
    bool has_mask;
    bool present;
    bool unsure;     /* not present, but perhaps it is */
    bool aside;      /* told while a join was under way */
    bool before;     /* was present before the snapshot */
    uint64_t moment; /* when it was last listed; tells who a snapshot leaves out */
    uint64_t told;   /* when that was emitted */
};

/* ---- participants ---- */

static struct participant *participant_find(const struct chat_room_state *room, struct slice user)
{
    return map_find(&room->participants, user);
}

static struct participant *participant_keep(struct chat *chat, struct chat_room_state *room,
                                            struct slice user)
{
    struct core *core = chat->core;
    struct participant *participant = participant_find(room, user);
    if (participant ||
        core_full(core, CAP_ROOM_MEMBERS, room->participants.count, core->limits.room_members)) {
        return participant;
    }
    participant = memory_zero(1, sizeof *participant);
    participant->room = room;
    list_init(&participant->votes);
    participant->entry = map_put(&room->participants, user, participant);
    return participant;
}

static void participant_touch(struct chat *chat, struct participant *participant)
{
    if (!participant->touched.next) {
        list_append(&chat->touched, &participant->touched);
    }
}

/* What is not said counts where whole rosters do; then rooms are small. */
static void participants_touch(struct chat *chat, const struct chat_room_state *room)
{
    for (struct map_entry *entry = room->participants.first; entry; entry = entry->next) {
        participant_touch(chat, entry->value);
    }
}

static void free_participant(void *value)
{
    struct participant *participant = value;
    list_remove(&participant->touched);
    free(participant);
}

void participants_dispose(struct chat_room_state *room)
{
    map_dispose(&room->participants, free_participant);
    list_remove(&room->changed);
}

void participants_weigh(struct chat *chat, struct chat_room_state *room)
{
    bool before = room->suspended;
    room_weigh(chat, room, room->told_users > room->present ? room->told_users : room->present);
    if (room->suspended != before) {
        participants_touch(chat, room);
    }
}

/* ---- votes ---- */

static size_t *vote_counter(const struct membership *membership, const struct roster_entry *entry)
{
    struct participant *participant = entry->participant;
    if (entry->present) {
        return &participant->listed;
    }
    if (entry->unsure) {
        return membership->whole ? &participant->whole_unsure : NULL;
    }
    return membership->whole ? NULL : &participant->denied;
}

static void vote_move(struct chat *chat, const struct membership *membership,
                      struct roster_entry *entry, bool add)
{
    struct participant *participant = entry->participant;
    if (!membership->voting || !participant) {
        return;
    }
    size_t *counter = vote_counter(membership, entry);
    if (counter) {
        *counter = add ? *counter + 1 : *counter - 1;
    }
    if (entry->present && membership->whole) {
        participant->whole_listed += add ? 1 : SIZE_MAX;
    }
    participant_touch(chat, participant);
}

static void vote_withdraw(struct chat *chat, const struct membership *membership,
                          struct roster_entry *entry)
{
    if (entry->vote.next) {
        vote_move(chat, membership, entry, false);
        list_remove(&entry->vote);
        entry->participant = NULL;
    }
}

static void vote_cast(struct chat *chat, const struct membership *membership,
                      struct roster_entry *entry)
{
    if (!membership->voting) {
        return;
    }
    entry->participant = participant_keep(chat, membership->room, entry->entry->key);
    if (entry->participant) {
        entry->participant->mask = entry->present ? entry->mask : entry->participant->mask;
        entry->participant->has_mask |= entry->present && entry->has_mask;
        list_append(&entry->participant->votes, &entry->vote);
        vote_move(chat, membership, entry, true);
    }
}

/* All votes of a roster at once: it begins to count, or stops. */
static void roster_count(struct chat *chat, struct membership *membership, bool count)
{
    struct chat_room_state *room = membership->room;
    for (struct map_entry *entry = membership->roster.first; entry; entry = entry->next) {
        if (count) {
            vote_cast(chat, membership, entry->value);
        } else {
            vote_withdraw(chat, membership, entry->value);
        }
    }
    if (membership->whole && membership->voting) {
        room->whole += count ? 1 : SIZE_MAX;
        if (!room->suspended) {
            participants_touch(chat, room);
        }
    }
}

/* ---- entries ---- */

static struct roster_entry *entry_keep(struct chat *chat, struct membership *membership,
                                       struct slice user)
{
    struct core *core = chat->core;
    struct roster_entry *entry = map_find(&membership->roster, user);
    if (entry ||
        core_full(core, CAP_ROOM_MEMBERS, membership->roster.count, core->limits.room_members)) {
        return entry;
    }
    entry = memory_zero(1, sizeof *entry);
    entry->membership = membership;
    entry->entry = map_put(&membership->roster, user, entry);
    if (!membership->listed.next) {
        list_append(&membership->room->rosters, &membership->listed);
    }
    return entry;
}

static void entry_drop(struct membership *membership, struct roster_entry *entry)
{
    free(map_remove_entry(&membership->roster, entry->entry));
    if (membership->roster.count == 0) {
        list_remove(&membership->listed);
    }
}

static void entry_set(struct membership *membership, struct roster_entry *entry, bool present)
{
    if (present != entry->present) {
        membership->users += present ? 1 : SIZE_MAX;
    }
    entry->present = present;
    entry->unsure = false;
}

/* Nothing of the roster is left. */
static void roster_clear(struct chat *chat, struct membership *membership)
{
    roster_count(chat, membership, false);
    map_dispose(&membership->roster, free);
    list_remove(&membership->listed);
    membership->users = 0;
    membership->whole = false;
}

static bool counts(enum membership_state state)
{
    return state == MEMBER_JOINED || state == MEMBER_LEAVING;
}

/* Who is leaving does not count as being there: the notice of it is awaited. */
static void follow_user(struct chat *chat, struct membership *membership)
{
    bool there = membership->state == MEMBER_JOINED || membership->state == MEMBER_UNKNOWN;
    struct slice user = membership->session->user;
    struct participant *participant = there ? participant_keep(chat, membership->room, user)
                                            : participant_find(membership->room, user);
    if (there == membership->there || !participant) {
        return;
    }
    membership->there = there;
    participant->sessions += there ? 1 : SIZE_MAX;
    participant_touch(chat, participant);
}

void roster_follow(struct chat *chat, struct membership *membership)
{
    bool voting = counts(membership->state);
    follow_user(chat, membership);
    if (membership->voting && !voting) {
        roster_count(chat, membership, false);
        membership->voting = false;
        membership->whole = false;
    } else if (voting && !membership->voting) {
        membership->voting = true;
        roster_count(chat, membership, true);
    }
    if (membership->state == MEMBER_NONE || membership->state == MEMBER_FAILED) {
        roster_clear(chat, membership);
    }
}

size_t roster_listed(const struct chat_session *session, const struct chat_room_state *room)
{
    const struct participant *participant = participant_find(room, session->user);
    const struct membership *own = membership_find(session, room);
    const struct roster_entry *entry = own ? map_find(&own->roster, session->user) : NULL;
    bool votes = entry && entry->present && entry->vote.next;
    return participant ? participant->listed - votes : 0;
}

/* ---- what a session is told ---- */

static void emit_roster(struct chat *chat, const struct chat_dialog *dialog,
                        const struct chat_room_state *room, const struct membership *membership,
                        const struct roster_change *what)
{
    struct change change = {.kind = CHANGE_ROSTER, .as.roster = *what};
    struct roster_change *roster = &change.as.roster;
    roster->session = session_ref_of(dialog->session, dialog);
    roster->room = room->entry->key;
    roster->room_name = room->name;
    roster->users = membership ? membership->users : 0;
    roster->membership = membership_state_of(dialog, room);
    roster->suspended = room->suspended;
    core_emit(chat->core, &change);
}

/* ---- the join reply ---- */

/* Lists them; how many of the reply are anybody. */
static size_t snapshot_take(struct chat *chat, struct membership *membership,
                            const struct chat_room *fact)
{
    size_t count = 0;
    for (size_t i = 0; i < fact->member_count; i++) {
        const struct chat_member *member = &fact->members[i];
        struct roster_entry *entry =
            member->user.size > 0 ? entry_keep(chat, membership, member->user) : NULL;
        count += member->user.size > 0;
        if (!entry) {
            continue;
        }
        if (entry->moment != chat->core->moment) {
            entry->before = entry->present;
            entry->moment = chat->core->moment;
        }
        entry_set(membership, entry, true);
        entry->aside = false;
        entry->mask = member->mask;
        entry->has_mask = member->has_mask;
    }
    return count;
}

/* In a room whose rosters are suspended the newest reply is the only one that still holds. */
static void snapshot_supersede(struct chat *chat, const struct membership *membership)
{
    struct link *next = NULL;
    struct link *rosters = &membership->room->rosters;
    for (struct link *link = rosters->next; link != rosters; link = next) {
        struct membership *other = LIST_OWNER(link, struct membership, listed);
        next = link->next;
        if (other != membership) {
            roster_clear(chat, other);
        }
    }
}

static void snapshot_tell(struct chat *chat, const struct chat_dialog *dialog,
                          const struct membership *membership, const struct chat_room *fact)
{
    for (size_t i = 0; i < fact->member_count; i++) {
        const struct chat_member *member = &fact->members[i];
        struct roster_entry *entry = map_find(&membership->roster, member->user);
        if (member->user.size == 0 || (entry && entry->told == chat->core->moment)) {
            continue;
        }
        const struct roster_change what = {
            .user = member->user,
            .mask = entry ? entry->mask : member->mask,
            .has_mask = entry ? entry->has_mask : member->has_mask,
            .present = true,
            .before = entry && entry->before,
        };
        if (entry) {
            entry->told = chat->core->moment;
        }
        emit_roster(chat, dialog, membership->room, membership, &what);
    }
}

/* Those whom the reply does not list: gone, or said to have come while it was under way. */
static void snapshot_sweep(struct chat *chat, const struct chat_dialog *dialog,
                           struct membership *membership)
{
    struct map_entry *next = NULL;
    for (struct map_entry *at = membership->roster.first; at; at = next) {
        struct roster_entry *entry = at->value;
        next = at->next;
        if (entry->moment == chat->core->moment) {
            continue;
        }
        if (entry->present) {
            const struct roster_change what = {
                .user = at->key, .mask = entry->mask, .has_mask = entry->has_mask, .before = true};
            entry_set(membership, entry, false);
            entry->unsure = entry->aside;
            emit_roster(chat, dialog, membership->room, membership, &what);
        }
        if (!entry->unsure) {
            entry_drop(membership, entry);
        }
    }
}

void roster_snapshot(struct chat *chat, const struct chat_dialog *dialog,
                     struct membership *membership, const struct chat_room *fact)
{
    struct chat_room_state *room = membership->room;
    roster_count(chat, membership, false);
    size_t count = snapshot_take(chat, membership, fact);
    /* A room has at least who joined it: an empty list says nothing. */
    if (count > 0) {
        room->told_users = 0;
        if (!room->suspended && membership->users > chat->core->limits.roster_users) {
            room_weigh(chat, room, membership->users);
            participants_touch(chat, room);
        }
        if (room->suspended) {
            snapshot_supersede(chat, membership);
        }
        membership->whole = true;
        snapshot_tell(chat, dialog, membership, fact);
        snapshot_sweep(chat, dialog, membership);
    }
    roster_count(chat, membership, true);
}

/* ---- notices ---- */

static bool join_is_open(const struct membership *membership)
{
    return membership->state == MEMBER_JOINING ||
           (membership->state == MEMBER_JOINED && membership->asked.next);
}

static void take_join(struct chat *chat, struct membership *membership,
                      const struct chat_member *member)
{
    struct roster_entry *entry = entry_keep(chat, membership, member->user);
    if (entry) {
        vote_withdraw(chat, membership, entry);
        entry_set(membership, entry, true);
        entry->aside = join_is_open(membership);
        entry->mask = member->mask;
        entry->has_mask = member->has_mask;
        vote_cast(chat, membership, entry);
    }
}

/* Another session of that user in the room, or this very one: who left is not known then. */
static bool part_is_unsure(const struct participant *participant)
{
    return participant && participant->sessions > 0;
}

static void take_part(struct chat *chat, struct membership *membership, struct slice user)
{
    const struct participant *participant = participant_find(membership->room, user);
    struct roster_entry *entry = map_find(&membership->roster, user);
    bool unsure = part_is_unsure(participant);
    bool needed = unsure || (participant && !membership->whole);
    if (!entry && needed) {
        entry = entry_keep(chat, membership, user);
    }
    if (!entry) {
        return;
    }
    vote_withdraw(chat, membership, entry);
    entry_set(membership, entry, false);
    entry->unsure = unsure;
    if (needed) {
        vote_cast(chat, membership, entry);
    } else {
        entry_drop(membership, entry);
    }
}

static void notice_member(struct chat *chat, const struct chat_dialog *dialog,
                          struct chat_room_state *room, const struct chat_member *member,
                          bool present)
{
    struct membership *membership = membership_find(dialog->session, room);
    if (membership && (membership->state == MEMBER_NONE || membership->state == MEMBER_FAILED)) {
        membership = NULL; /* not in the room: it has no roster */
    }
    const struct roster_entry *entry =
        membership ? map_find(&membership->roster, member->user) : NULL;
    const struct roster_change what = {
        .user = member->user,
        .mask = member->mask,
        .has_mask = member->has_mask,
        .present = present,
        .notice = true,
        .before = entry && entry->present,
    };
    if (membership && present) {
        take_join(chat, membership, member);
    } else if (membership) {
        take_part(chat, membership, member->user);
    }
    emit_roster(chat, dialog, room, membership, &what);
    if (!present && slice_equal_nocase(member->user, dialog->session->user)) {
        membership_step(chat, dialog, room, MEMBER_NAMED_AWAY, slice_of("notice names the user"));
    }
}

void roster_notice(struct chat *chat, const struct chat_dialog *dialog,
                   const struct chat_fact *fact)
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

/* ---- the agreed view ---- */

/* Rosters that say, by an entry or by leaving it out, that it is not there. */
static size_t participant_absent(const struct participant *participant)
{
    const struct chat_room_state *room = participant->room;
    size_t silent =
        room->suspended ? 0 : room->whole - participant->whole_listed - participant->whole_unsure;
    return participant->denied + silent;
}

static void emit_participant(struct chat *chat, const struct participant *participant,
                             size_t absent)
{
    struct change change = {
        .kind = CHANGE_PARTICIPANT,
        .as.participant =
            {
                .room = participant->room->entry->key,
                .room_name = participant->room->name,
                .user = participant->entry->key,
                .present = participant->present,
                .mask = participant->mask,
                .has_mask = participant->has_mask,
                .agree = participant->present ? participant->listed : absent,
                .disagree = participant->present ? absent : participant->listed,
            },
    };
    core_emit(chat->core, &change);
}

/* Nobody lists it and nobody will: the entries that say so go with it. */
static void participant_forget(struct participant *participant)
{
    while (!list_empty(&participant->votes)) {
        struct roster_entry *entry = LIST_OWNER(participant->votes.next, struct roster_entry, vote);
        list_remove(&entry->vote);
        entry_drop(entry->membership, entry);
    }
    map_remove_entry(&participant->room->participants, participant->entry);
    free_participant(participant);
}

static void participant_settle(struct chat *chat, struct participant *participant)
{
    struct chat_room_state *room = participant->room;
    size_t listed = participant->listed;
    size_t absent = participant_absent(participant);
    bool present = listed == absent ? !participant->told || participant->present : listed > absent;
    bool disputed = listed > 0 && absent > 0;
    bool counted = listed > 0 || participant->sessions > 0;
    bool news = participant->told
                    ? present != participant->present || disputed != participant->disputed
                    : listed > 0;
    /* Where all who could tell are gone, nothing is known to have changed. */
    if (news && listed + absent > 0) {
        participant->told = true;
        participant->present = present;
        participant->disputed = disputed;
        emit_participant(chat, participant, absent);
    }
    if (counted != participant->counted) {
        room->present += counted ? 1 : SIZE_MAX;
        participant->counted = counted;
    }
    if (!counted && participant->whole_unsure == 0) {
        participant_forget(participant);
    }
}

/* One message may touch thousands of a room: it is weighed when all of them are settled. */
void rosters_settle(struct chat *chat)
{
    while (!list_empty(&chat->touched) || !list_empty(&chat->changed)) {
        while (!list_empty(&chat->touched)) {
            struct participant *participant =
                LIST_OWNER(chat->touched.next, struct participant, touched);
            list_append(&chat->changed, &participant->room->changed);
            list_remove(&participant->touched);
            participant_settle(chat, participant);
        }
        struct chat_room_state *room =
            LIST_OWNER(chat->changed.next, struct chat_room_state, changed);
        list_remove(&room->changed);
        participants_weigh(chat, room);
    }
}
