/*
 * Users and their numbers. See xccos_roster.h.
 */
#include "decoders/xccos_roster.h"

#include <stdlib.h>

/* Takes one from what limits.body_members leaves; says once that nothing is left. */
static bool take_room_for_one(struct roster *roster, size_t offset)
{
    if (*roster->members_left > 0) {
        *roster->members_left -= 1;
        return true;
    }
    if (!*roster->members_capped) {
        *roster->members_capped = true;
        document_odd(roster->document, "xccos-members-capped", slice_of("body_members"), offset);
    }
    return false;
}

void roster_add_user(struct roster *roster, uint32_t id, struct slice user)
{
    if (!take_room_for_one(roster, 0)) {
        return;
    }
    roster->users = document_grow(roster->document, roster->users, roster->user_count,
                                  &roster->user_capacity, sizeof *roster->users);
    if (roster->user_count > 0 && id <= roster->users[roster->user_count - 1].id) {
        roster->unsorted = true;
    }
    roster->users[roster->user_count] =
        (struct roster_user){.id = id, .place = roster->user_count, .user = user};
    roster->user_count++;
}

static void add_group(struct roster *roster, const struct roster_group *group)
{
    roster->groups = document_grow(roster->document, roster->groups, roster->group_count,
                                   &roster->group_capacity, sizeof *roster->groups);
    roster->groups[roster->group_count++] = *group;
}

void roster_add_single(struct roster *roster, const struct xml_element *element, struct slice user,
                       bool has_mask, uint64_t mask)
{
    if (take_room_for_one(roster, element->offset)) {
        add_group(roster, &(struct roster_group){
                              .single = true,
                              .user = user,
                              .offset = element->offset,
                              .mask = mask,
                              .has_mask = has_mask,
                          });
    }
}

void roster_add_list(struct roster *roster, const struct xml_element *element, struct slice ids,
                     bool has_mask, uint64_t mask)
{
    if (take_room_for_one(roster, element->offset)) {
        add_group(roster, &(struct roster_group){
                              .ids = arena_keep(roster->document->arena, ids),
                              .offset = element->offset,
                              .mask = mask,
                              .has_mask = has_mask,
                          });
    }
}

static int compare_users(const void *left, const void *right)
{
    const struct roster_user *a = left;
    const struct roster_user *b = right;
    if (a->id != b->id) {
        return a->id < b->id ? -1 : 1;
    }
    return (a->place > b->place) - (a->place < b->place);
}

void roster_sort(struct roster *roster)
{
    if (roster->unsorted) {
        qsort(roster->users, roster->user_count, sizeof *roster->users, compare_users);
        roster->unsorted = false;
    }
}

/* The first user of that number, or NULL. */
static struct roster_user *find_user(struct roster *roster, uint32_t id)
{
    size_t low = 0;
    size_t high = roster->user_count;
    /* Servers count from 0 without gaps: then the number is the place. */
    if (id < high && roster->users[id].id == id && (id == 0 || roster->users[id - 1].id != id)) {
        return &roster->users[id];
    }
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (roster->users[middle].id < id) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < roster->user_count && roster->users[low].id == id ? &roster->users[low] : NULL;
}

/* ---- from groups to members ---- */

/* How many a group names; empty members of a list do not count. */
static size_t group_size(const struct roster_group *group)
{
    size_t count = group->single ? 1 : 0;
    bool in_word = false;
    for (size_t i = 0; !group->single && i < group->ids.size; i++) {
        char c = group->ids.data[i];
        if (c == ',') {
            in_word = false;
        } else if (!in_word && c != ' ' && c != '\t' && c != '\r' && c != '\n') {
            in_word = true;
            count++;
        }
    }
    return count;
}

/* Notes that a group of the room that begins with group `first` lists the user. */
static void mark_listed(struct roster_user *user, size_t first, size_t group, uint32_t *repeated)
{
    if (!user->listed || user->first_group != first) {
        user->repeated = false;
    } else if (user->group != group && !user->repeated) {
        user->repeated = true;
        *repeated += 1;
    }
    user->listed = true;
    user->first_group = first;
    user->group = group;
}

static struct roster_user *add_listed(struct roster *roster, const struct roster_group *group,
                                      uint32_t id, struct chat_member *member)
{
    static const struct slice nobody = SLICE("");
    struct roster_user *found = find_user(roster, id);
    *member = (struct chat_member){
        .user = found ? found->user : nobody,
        .id = id,
        .mask = group->mask,
        .has_mask = group->has_mask,
        .unresolved = !found,
    };
    return found;
}

/* Numbers separated by commas; blanks and empty members are tolerated (xccos.md 8.6). */
static size_t resolve_list(struct roster *roster, size_t first, const struct roster_group *group,
                           struct chat_member *members, uint32_t *repeated)
{
    size_t place = (size_t)(group - roster->groups);
    size_t count = 0;
    bool reported = false;
    struct slice rest = group->ids;
    while (rest.size > 0) {
        struct slice word;
        uint32_t id;
        (void)slice_cut(rest, ',', &word, &rest);
        word = slice_trim(word);
        if (word.size == 0) {
            continue;
        }
        if (!take_room_for_one(roster, group->offset)) {
            break;
        }
        if (!slice_to_u32(word, &id)) {
            if (!reported) {
                document_odd(roster->document, "xccos-roster-id-unreadable", slice_sub(word, 0, 64),
                             group->offset);
            }
            reported = true;
            continue;
        }
        struct roster_user *user = add_listed(roster, group, id, &members[count++]);
        if (user) {
            mark_listed(user, first, place, repeated);
        }
    }
    return count;
}

const struct chat_member *roster_resolve(struct roster *roster, size_t first, size_t count,
                                         size_t *member_count, uint32_t *repeated)
{
    size_t most = 0;
    for (size_t i = first; i < first + count; i++) {
        most += group_size(&roster->groups[i]);
    }
    /* Single users were paid for when they were added, listed ones are paid for now. */
    if (most > *roster->members_left + count) {
        most = *roster->members_left + count;
    }
    struct chat_member *members = arena_zero(roster->document->arena, most, sizeof *members);
    *member_count = 0;
    for (size_t i = first; i < first + count; i++) {
        const struct roster_group *group = &roster->groups[i];
        struct chat_member *place = &members[*member_count];
        if (group->single) {
            *place = (struct chat_member){
                .user = group->user,
                .mask = group->mask,
                .has_mask = group->has_mask,
            };
            *member_count += 1;
        } else {
            *member_count += resolve_list(roster, first, group, place, repeated);
        }
    }
    return members;
}

uint32_t roster_unused(const struct roster *roster)
{
    uint32_t unused = 0;
    bool listed = false;
    for (size_t i = 0; i < roster->user_count && !*roster->members_capped; i++) {
        const struct roster_user *user = &roster->users[i];
        /* A second user of the same number is never found; the number was listed all the same. */
        bool same = i > 0 && user->id == roster->users[i - 1].id;
        listed = user->listed || (same && listed);
        unused += !listed;
    }
    return unused;
}
