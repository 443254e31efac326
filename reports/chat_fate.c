/*
 * Who did not get a message, and why: from the times that each user spent in the room.
 * See chat_write.h.
 */
#include <stdlib.h>

#include "reports/chat_write.h"

#define LEFT_SOON (10 * TIME_SECOND) /* as long as a copy is waited for */

const char *chat_miss_name(enum chat_miss why)
{
    static const char *const names[] = {
        [CHAT_NOT_YET] = "not joined yet", [CHAT_GONE] = "left",
        [CHAT_LOST] = "dialog lost",       [CHAT_REFUSED] = "refused",
        [CHAT_UNSEEN] = "no copy seen",
    };
    return names[why];
}

/* The last stay that began at or before that time; NULL when there is none. */
static const struct chat_stay *stay_at(const struct chat_person *person, int64_t time)
{
    size_t low = 0;
    size_t high = person->stay_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (person->stays[middle].from <= time) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low > 0 ? &person->stays[low - 1] : NULL;
}

static bool ended_by_will(const struct chat_stay *stay)
{
    return slice_equal(stay->end, slice_of("left")) ||
           slice_equal(stay->end, slice_of("bye by client"));
}

static struct chat_missed miss_of(const struct chat_person *person,
                                  const struct chat_message *message)
{
    const struct chat_stay *stay = stay_at(person, message->time);
    if (!stay) {
        return (struct chat_missed){person, CHAT_NOT_YET, person->stays[0].from};
    }
    bool ended = stay->to != TIME_NONE && stay->to <= time_after(message->time, LEFT_SOON);
    if (ended) {
        return (struct chat_missed){person, ended_by_will(stay) ? CHAT_GONE : CHAT_LOST, stay->to};
    }
    return (struct chat_missed){person, message->state == POST_REFUSED ? CHAT_REFUSED : CHAT_UNSEEN,
                                TIME_NONE};
}

/* Of a message whose answer was not seen, or that only the history tells of, nothing is known. */
static bool is_judged(const struct chat_message *message)
{
    return message->state == POST_ACCEPTED || message->state == POST_REFUSED ||
           message->state == POST_DELIVERED;
}

struct chat_missed *chat_missed_of(const struct chat_report *report,
                                   const struct chat_room_row *room,
                                   const struct chat_message *message, size_t *out_count)
{
    struct map reached;
    struct chat_missed *missed = NULL;
    size_t capacity = 0;
    *out_count = 0;
    map_init(&reached, report->model.seed);
    for (size_t i = 0; i < message->delivery_count; i++) {
        map_put(&reached, message->deliveries[i].user, &reached);
    }
    for (struct map_entry *entry = room->people.first; is_judged(message) && entry;
         entry = entry->next) {
        const struct chat_person *person = entry->value;
        if (person->stay_count == 0 || map_find(&reached, person->user)) {
            continue;
        }
        if (*out_count == capacity) {
            capacity = capacity > 0 ? capacity * 2 : 8;
            missed = memory_grow(missed, capacity, sizeof *missed);
        }
        missed[(*out_count)++] = miss_of(person, message);
    }
    map_dispose(&reached, NULL);
    return missed;
}
