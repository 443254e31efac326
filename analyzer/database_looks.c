/*
 * Looks at the compliance database. See database_looks.h.
 *
 * How far the service had come is asked before and after the rows: where that is not the same, or
 * a server holds the lock, rows were being deleted while they were read.
 */
#include "analyzer/database_looks.h"

/* How much earlier than its message a row may be stamped: two clocks. */
#define CLOCKS_APART (3600 * TICKS_SECOND)

enum { LOCKED_BY_NOBODY = -1 /* activeServerID: facts/databases.md 8.4 */ };

static bool take_progress(void *context, const struct peer_row *row)
{
    struct stored_progress *progress = context;
    int64_t last = cell_integer(row_cell(row, "lastProcessedEntryID"), INT64_MAX);
    bool unlocked = cell_integer(row_cell(row, "activeServerID"), 0) == LOCKED_BY_NOBODY;
    progress->calm = unlocked && (progress->calm || !progress->known);
    progress->last_processed =
        progress->known && progress->last_processed > last ? progress->last_processed : last;
    progress->known = true;
    return true;
}

static struct peer_answer ask_progress(struct peer *peer, struct stored_progress *progress)
{
    const struct query query = {.statement = "live/compliance_lag"};
    const struct row_sink sink = {progress, take_progress};
    *progress = (struct stored_progress){.known = false};
    struct peer_answer answer = peer_ask(peer, &query, &sink);
    if (answer.fault != PEER_FINE) {
        progress->known = false;
    }
    return answer;
}

static bool take_row(void *context, const struct peer_row *row)
{
    const struct stored_row told = {
        .id = cell_integer(row_cell(row, "cmplEventID"), 0),
        .type = cell_integer(row_cell(row, "cmplType"), 0),
        .room = cell_bytes(row_cell(row, "cmplChannelUri")),
        .user = cell_bytes(row_cell(row, "cmplUserUri")),
        .text = cell_bytes(row_cell(row, "cmplMessage")),
        .ticks = cell_integer(row_cell(row, "cmplTime"), 0),
    };
    stored_told(context, &told);
    return true;
}

static struct peer_answer ask_rows(struct stored *stored, struct peer *peer, uint64_t max_rows)
{
    struct peer_answer answer = {.fault = PEER_FINE, .problem = "", .absent = ""};
    int64_t start = stored_start(stored);
    int64_t from = start > CLOCKS_APART ? start - CLOCKS_APART : 0;
    const struct map_entry *room = stored_rooms(stored)->first;
    for (; room && answer.fault == PEER_FINE; room = room->next) {
        const struct query_parameter parameters[] = {
            {"@room", cell_of_text(room->key)},
            {"@from", cell_of_integer(from)},
        };
        const struct query query = {
            .statement = "live/archive_rows",
            .parameters = parameters,
            .parameter_count = sizeof parameters / sizeof parameters[0],
            .max_rows = max_rows,
        };
        const struct row_sink sink = {stored, take_row};
        answer = peer_ask(peer, &query, &sink);
    }
    return answer;
}

static bool is_same(const struct stored_progress *before, const struct stored_progress *after)
{
    return before->known && after->known && before->calm && after->calm &&
           before->last_processed == after->last_processed;
}

struct peer_answer database_look(struct stored *stored, struct peer *peer,
                                 const struct look_order *order)
{
    struct stored_progress before;
    struct stored_progress after;
    struct peer_answer answer = peer_probe(peer);
    if (answer.fault != PEER_FINE || stored_rooms(stored)->count == 0 ||
        !columns_find(peer_columns(peer), slice_of("mgccomp.tblComplianceData"))) {
        return answer;
    }
    (void)ask_progress(peer, &before);
    stored_look(stored, peer_name(peer), order->taken);
    answer = ask_rows(stored, peer, order->max_rows);
    bool whole = answer.fault == PEER_FINE && order->whole;
    if (answer.fault == PEER_FINE || answer.fault == PEER_CUT) {
        (void)ask_progress(peer, &after);
    } else {
        after = (struct stored_progress){.known = false};
    }
    after.calm = is_same(&before, &after);
    stored_look_end(stored, whole, &after);
    return answer;
}
