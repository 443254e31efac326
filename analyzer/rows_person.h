/*
 * The rows of one user, from several servers, become one state: decoded, merged, in the order
 * in which the engine takes them (rows_feed.h).
 *
 * Called by analyzer/rows_feed.c with the rows as they come back, registrations first.
 */
#ifndef OCSIGHT_ANALYZER_ROWS_PERSON_H
#define OCSIGHT_ANALYZER_ROWS_PERSON_H

#include "analyzer/engine/arena.h"
#include "analyzer/engine/change.h"
#include "analyzer/engine/limits.h"
#include "analyzer/engine/live.h"
#include "analyzer/engine/map.h"
#include "analyzer/rows_gathered.h"
#include "decoders/body.h"

/* What holds for all users of a run. */
struct rows_setting {
    struct limits limits;
    int64_t now;
    bool whole;                  /* all tables with publications were read to their end */
    bool sees_endpoints;         /* so was a table of registrations */
    const struct slice *servers; /* names by number */
};

struct rows_person;

/* `rows` is where origin rows are kept; the rest lives until the next begin. */
struct rows_person *rows_person_new(const struct rows_setting *setting, struct arena *rows);
void rows_person_free(struct rows_person *person);

void rows_person_begin(struct rows_person *person, struct slice user);
void rows_person_add(struct rows_person *person, const struct gathered_row *row);

/* After the last row of the user. */
struct live_person rows_person_end(struct rows_person *person);

/*
 * What an engine of its own makes of one user's rows at `now`: no user's rows need to live longer
 * than their telling. False when the engine reached one of its caps, which rows_person_end() keeps
 * each user below.
 */
bool rows_person_tell(const struct live_person *person, int64_t now, struct map_seed seed,
                      const struct limits *limits, const struct change_sink *changes);

#endif
