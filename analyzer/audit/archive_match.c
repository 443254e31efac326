/*
 * Which events of the capture and of the exports belong together. See archive.h.
 *
 * In each pass the events that are still alone are sorted by what must be equal and by time; two
 * fingers then go along each group. Both sides have the same tolerance, so that this finds as
 * many pairs as there can be.
 */
#include "analyzer/audit/archive.h"

#include <stdlib.h>

/* The adapter's RunInterval: an event that an export has at another time is found that far. */
#define RUN_INTERVAL (15 * 60 * TICKS_SECOND)

enum field { FIELD_ROOM = 1, FIELD_KIND = 2, FIELD_USER = 4, FIELD_TEXT = 8, FIELDS = 15 };

/* What a pass asks to be equal, and how far times may be apart. */
struct pass {
    unsigned fields;
    enum archive_difference difference;
    enum { APART_NOTHING, APART_SECOND, APART_TOLERANCE, APART_INTERVAL } apart;
};

static const struct pass passes[] = {
    {FIELDS, ARCHIVE_SAME, APART_NOTHING},
    {FIELDS, ARCHIVE_SAME, APART_SECOND},
    {FIELDS, ARCHIVE_SAME, APART_TOLERANCE},
    {FIELDS - FIELD_TEXT, ARCHIVE_TEXT, APART_SECOND},
    {FIELDS - FIELD_USER, ARCHIVE_AUTHOR, APART_SECOND},
    {FIELDS - FIELD_ROOM, ARCHIVE_ROOM, APART_SECOND},
    {FIELDS - FIELD_KIND, ARCHIVE_KIND, APART_SECOND},
    {FIELDS - FIELD_TEXT, ARCHIVE_TEXT, APART_TOLERANCE},
    {FIELDS - FIELD_USER, ARCHIVE_AUTHOR, APART_TOLERANCE},
    {FIELDS - FIELD_ROOM, ARCHIVE_ROOM, APART_TOLERANCE},
    {FIELDS, ARCHIVE_TIME, APART_INTERVAL},
};

enum { SAME_PASSES = 3 };

/* ---- one pass ---- */

static uint64_t key_of(const struct archive *archive, const struct archive_row *row,
                       unsigned fields)
{
    const uint64_t words[] = {
        (fields & FIELD_ROOM) != 0 ? row->room->number : 0,
        (fields & FIELD_KIND) != 0 ? (uint64_t)row->kind + 1 : 0,
        (fields & FIELD_USER) != 0 ? map_hash(archive->seed, row->user) : 0,
        (fields & FIELD_TEXT) != 0 ? row->text : 0,
    };
    return map_hash(archive->seed, (struct slice){(const char *)words, sizeof words});
}

/* A row while it is sorted: places make the order total. */
struct candidate {
    struct archive_row *row;
    size_t place;
};

static int compare(const void *a, const void *b)
{
    const struct candidate *left = a;
    const struct candidate *right = b;
    if (left->row->key != right->row->key) {
        return left->row->key < right->row->key ? -1 : 1;
    }
    if (left->row->ticks != right->row->ticks) {
        return left->row->ticks < right->row->ticks ? -1 : 1;
    }
    return (left->place > right->place) - (left->place < right->place);
}

/* Those still alone, sorted. In the passes that allow a difference only what must be there. */
static size_t candidates_of(const struct archive *archive, const struct archive_rows *rows,
                            const struct pass *pass, bool only_judged, struct candidate *out)
{
    size_t count = 0;
    for (size_t i = 0; i < rows->count; i++) {
        struct archive_row *row = rows->all[i];
        bool texts = pass->difference == ARCHIVE_TEXT;
        if (row->partner || (only_judged && !row->judged) || (texts && row->text == 0)) {
            continue;
        }
        row->key = key_of(archive, row, pass->fields);
        out[count++] = (struct candidate){row, i};
    }
    if (count > 1) {
        qsort(out, count, sizeof *out, compare);
    }
    return count;
}

static void pair(struct archive_row *seen, struct archive_row *told,
                 enum archive_difference difference)
{
    bool file = seen->kind == COMPLIANCE_UPLOAD || seen->kind == COMPLIANCE_DOWNLOAD;
    bool nobody = file && (seen->user.size == 0 || told->user.size == 0);
    bool expected =
        (difference == ARCHIVE_TEXT && seen->marked_up) || (difference == ARCHIVE_AUTHOR && nobody);
    seen->partner = told;
    told->partner = seen;
    seen->difference = told->difference = expected ? ARCHIVE_SAME : difference;
}

static void match(const struct candidate *seen, size_t seen_count, const struct candidate *told,
                  size_t told_count, int64_t apart, enum archive_difference difference)
{
    size_t i = 0;
    size_t j = 0;
    while (i < seen_count && j < told_count) {
        struct archive_row *left = seen[i].row;
        struct archive_row *right = told[j].row;
        int64_t between = time_apart(right->ticks, left->ticks);
        if (left->key != right->key) {
            i += left->key < right->key;
            j += left->key > right->key;
        } else if (between > apart) {
            i++;
        } else if (between < -apart) {
            j++;
        } else {
            pair(left, right, difference);
            i++;
            j++;
        }
    }
}

static void run_pass(struct archive *archive, const struct pass *pass, int64_t tolerance,
                     struct candidate *seen, struct candidate *told)
{
    const int64_t apart[] = {
        [APART_NOTHING] = 0,
        [APART_SECOND] = TICKS_SECOND < tolerance ? TICKS_SECOND : tolerance,
        [APART_TOLERANCE] = tolerance,
        [APART_INTERVAL] = RUN_INTERVAL > tolerance ? RUN_INTERVAL : tolerance,
    };
    bool differs = pass->difference != ARCHIVE_SAME;
    size_t seen_count = candidates_of(archive, &archive->seen, pass, differs, seen);
    size_t told_count = candidates_of(archive, &archive->told, pass, false, told);
    match(seen, seen_count, told, told_count, apart[pass->apart], pass->difference);
}

/* ---- what the exports answer for ---- */

/* How far the service's clock is from the capture's, as the pairs show. */
struct skew {
    int64_t least;
    int64_t most;
};

static struct skew skew_of(const struct archive *archive, int64_t tolerance)
{
    struct skew skew = {INT64_MAX, INT64_MIN};
    for (size_t i = 0; i < archive->seen.count; i++) {
        const struct archive_row *row = archive->seen.all[i];
        if (row->partner && !row->exact) {
            int64_t apart = time_apart(row->partner->ticks, row->ticks);
            skew.least = apart < skew.least ? apart : skew.least;
            skew.most = apart > skew.most ? apart : skew.most;
        }
    }
    return skew.least <= skew.most ? skew : (struct skew){-tolerance, tolerance};
}

static bool within_span(const struct archive *archive, const struct archive_row *row,
                        struct skew skew)
{
    int64_t earliest = row->exact ? row->ticks : time_add(row->ticks, skew.least);
    int64_t latest = row->exact ? row->ticks : time_add(row->ticks, skew.most);
    return archive->start != TICKS_NONE && earliest >= archive->start && latest <= archive->end;
}

static void judge_all(struct archive *archive, int64_t tolerance)
{
    struct skew skew = skew_of(archive, tolerance);
    for (size_t i = 0; i < archive->seen.count; i++) {
        struct archive_row *row = archive->seen.all[i];
        bool kind = archive->kinds[row->kind] || row->kind == COMPLIANCE_CHAT;
        bool room = row->room->archived || archive->several;
        row->judged = !archive->torn && row->proven && kind && room && !row->room->unlogged &&
                      within_span(archive, row, skew);
    }
}

void archive_settle(struct archive *archive, int64_t tolerance)
{
    int64_t ticks = tolerance / 100;
    archive->settled = true;
    if (!archive->given) {
        return;
    }
    struct candidate *seen = memory_zero(archive->seen.count + 1, sizeof *seen);
    struct candidate *told = memory_zero(archive->told.count + 1, sizeof *told);
    for (size_t i = 0; i < sizeof passes / sizeof passes[0]; i++) {
        if (i == SAME_PASSES) {
            judge_all(archive, ticks);
        }
        run_pass(archive, &passes[i], ticks, seen, told);
    }
    free(seen);
    free(told);
}

/* ---- what the capture answers for ---- */

static bool is_guest(const struct archive *archive, const struct archive_row *row)
{
    struct buffer key;
    buffer_init(&key, SIZE_MAX);
    buffer_append(&key, map_number_key(&row->room->number));
    buffer_append(&key, row->user);
    bool known = map_find(&archive->guests, buffer_slice(&key)) != NULL;
    buffer_dispose(&key);
    return known;
}

/* Was somebody in the room all the time who would have been told? */
bool archive_captured(struct archive *archive, const struct witness *witness,
                      const struct archive_row *row, int64_t tolerance)
{
    bool roster = row->kind == COMPLIANCE_JOIN || row->kind == COMPLIANCE_PART;
    int64_t time = ticks_to_time(row->ticks);
    if ((row->kind != COMPLIANCE_CHAT && !roster) || time == TIME_NONE || archive->refused > 0 ||
        (roster && (row->room->suspended || is_guest(archive, row)))) {
        return false;
    }
    int64_t from = time_add(time, -tolerance);
    int64_t until = time_add(time, tolerance);
    for (const struct stay *stay = row->room->stays; stay; stay = stay->next) {
        if (archive->work++ >= ARCHIVE_WORK) {
            archive->refused++;
            return false;
        }
        if (stay->from <= from && stay->until >= until && !(roster && stay->assumed) &&
            stay->route_count > 0 &&
            session_hears(witness, stay->routes, stay->route_count, from, until)) {
            return true;
        }
    }
    return false;
}

enum archive_answer archive_of_post(const struct archive *archive, uint64_t post)
{
    const struct archive_row *row = map_find(&archive->posts, map_number_key(&post));
    if (!archive->settled || !row) {
        return ARCHIVE_CANNOT_TELL;
    }
    return row->partner ? ARCHIVE_HOLDS : row->judged ? ARCHIVE_LACKS : ARCHIVE_CANNOT_TELL;
}

const struct archive_row *archive_copy_of_post(const struct archive *archive, uint64_t post)
{
    bool held = archive_of_post(archive, post) == ARCHIVE_HOLDS;
    const struct archive_row *row = held ? map_find(&archive->posts, map_number_key(&post)) : NULL;
    return row ? row->partner : NULL;
}
