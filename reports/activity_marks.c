/*
 * The marks of room activity. See activity_marks.h.
 */
#include "reports/activity_marks.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

const struct canvas_font activity_mark_font = {6.5, true, false};

static const double shape_half = 3.4; /* of a mark without text */
static const double apart = 1.2;      /* between two */

bool activity_mark_of(const struct activity *row, enum activity_mark *mark)
{
    static const enum activity_mark fates[FATES] = {
        [FATE_ACCEPTED] = MARK_ACCEPTED, [FATE_DELIVERED] = MARK_DELIVERED,
        [FATE_HISTORY] = MARK_HISTORY,   [FATE_UNANSWERED] = MARK_UNANSWERED,
        [FATE_REFUSED] = MARK_REFUSED,
    };
    switch (row->kind) {
    case ACTIVITY_POSTED:
        *mark = fates[activity_fate_of(row)];
        return true;
    case ACTIVITY_FETCHED:
        *mark = MARK_FETCHED;
        return true;
    case ACTIVITY_FINDING:
        *mark = row->severity == SEVERITY_ERROR     ? MARK_ERROR
                : row->severity == SEVERITY_WARNING ? MARK_WARNING
                                                    : MARK_NOTE;
        return true;
    default:
        return false;
    }
}

enum activity_track activity_track_of(enum activity_mark mark)
{
    return mark == MARK_FETCHED || mark >= MARK_NOTE ? TRACK_REMARKS
           : mark >= MARK_UNANSWERED                 ? TRACK_TROUBLE
                                                     : TRACK_POSTS;
}

void activity_spots_dispose(struct activity_spots *spots)
{
    free(spots->spots);
    *spots = (struct activity_spots){0};
}

void activity_spots_clear(struct activity_spots *spots)
{
    spots->count = 0;
}

struct slice activity_spot_text(const struct activity_spot *spot, char out[static 24])
{
    out[0] = '\0';
    if (spot->count > 1) {
        snprintf(out, 24, "%zu", spot->count);
    } else if (spot->row->kind == ACTIVITY_FINDING) {
        snprintf(out, 24, "!%" PRIu64, spot->row->number);
    }
    return slice_of(out);
}

/* As wide as what stands in it. */
static void spot_measure(struct activity_spot *spot, struct canvas *canvas)
{
    char text[24];
    struct slice words = activity_spot_text(spot, text);
    double middle = (spot->first + spot->last) / 2;
    double half = shape_half;
    if (words.size > 0) {
        double wanted = canvas->text_width(canvas, words, activity_mark_font) / 2 + 2.2;
        half = wanted > half ? wanted : half;
    }
    spot->left = middle - half;
    spot->right = middle + half;
}

static void spot_join(struct activity_spot *spot, const struct activity_spot *other,
                      struct canvas *canvas)
{
    if (other->mark > spot->mark) {
        spot->mark = other->mark;
        spot->row = other->row;
    }
    spot->count += other->count;
    spot->last = other->last;
    spot_measure(spot, canvas);
}

void activity_spots_add(struct activity_spots *spots, struct canvas *canvas, double x,
                        enum activity_mark mark, const struct activity *row)
{
    struct activity_spot spot = {.first = x, .last = x, .count = 1, .mark = mark, .row = row};
    spot_measure(&spot, canvas);
    if (spots->count == spots->capacity) {
        spots->capacity = spots->capacity > 0 ? spots->capacity * 2 : 32;
        spots->spots = memory_grow(spots->spots, spots->capacity, sizeof *spots->spots);
    }
    spots->spots[spots->count++] = spot;
    while (spots->count > 1) {
        struct activity_spot *before = &spots->spots[spots->count - 2];
        const struct activity_spot *last = &spots->spots[spots->count - 1];
        if (before->right + apart <= last->left) {
            break;
        }
        spot_join(before, last, canvas);
        spots->count--;
    }
}
