/*
 * Rows: memory, deadlines and emission. See dialog.h; which row a message
 * belongs to is decided in dialog_place.c.
 *
 * Rows stand in queues by how long they are kept, ordered by their last message:
 * the next to be forgotten is always the first. Only what has a deadline of its own,
 * a subscription or a binding that was granted some seconds, has a timer. It is moved
 * only to an earlier time and set again when it fires too early, so that ordinary
 * messages leave the heap alone.
 */
#include "decoders/dialog.h"

#include <stdlib.h>

#include "analyzer/engine/arena.h"
#include "decoders/dialog_state.h"
#include "decoders/moment.h"

enum { DIALOG_BYTES = 2048 }; /* a row with its keys and strings takes some 1400 */

void dialogs_init(struct dialogs *table, struct map_seed seed, const struct limits *limits,
                  const struct event_sink *sink)
{
    *table = (struct dialogs){.seed = seed, .limits = limits, .sink = sink, .now = TIME_NONE};
    map_init(&table->map, seed);
    timers_init(&table->timers);
}

/* ---- deadlines ---- */

static enum dialog_keeping keeping_of(const struct dialog *row)
{
    const struct dialog_view *view = &row->view;
    if (dialog_is_over(row)) {
        return dialog_has_lapsed(row) ? KEEP_LAPSED : KEEP_ENDED;
    }
    if (view->state != DIALOG_CONFIRMED) {
        return KEEP_WAITING;
    }
    bool dialog = view->kind == DIALOG_INVITE || view->kind == DIALOG_SUBSCRIBE;
    return dialog || view->expires_at != TIME_NONE ? KEEP_LIVE : KEEP_ANSWERED;
}

/* ns: when what the row was granted has run out; INT64_MAX = never, or not by time. */
static int64_t deadline_of(const struct dialog *row)
{
    const struct dialog_view *view = &row->view;
    if (row->usage == USAGE_BINDING && view->state == DIALOG_CONFIRMED &&
        view->expires_at != TIME_NONE) {
        return time_later(view->expires_at, DIALOG_PATIENCE);
    }
    return dialog_lapses_at(row);
}

static void schedule(struct dialogs *table, struct dialog *row)
{
    int64_t due = deadline_of(row);
    if (due != INT64_MAX && (!timer_is_set(&row->timer) || due < row->timer.due)) {
        row->timer.object = row;
        timers_set(&table->timers, &row->timer, due);
    }
}

static void touch(struct dialogs *table, struct dialog *row)
{
    queue_remove(&table->recent[row->keeping], &row->recent);
    row->keeping = keeping_of(row);
    row->touched = table->now;
    queue_push(&table->recent[row->keeping], &row->recent, row);
    schedule(table, row);
}

/* ---- leaving ---- */

static void free_texts(struct dialog *row)
{
    free(row->text);
    row->text = NULL;
    for (size_t i = 0; i < sizeof row->late / sizeof row->late[0]; i++) {
        free(row->late[i]);
        row->late[i] = NULL;
    }
}

static void row_remove(struct dialogs *table, struct dialog *row)
{
    for (size_t i = 0; i < row->key_count; i++) {
        map_remove_entry(&table->map, row->keys[i]);
    }
    timers_cancel(&table->timers, &row->timer);
    queue_remove(&table->recent[row->keeping], &row->recent);
    queue_remove(&table->all, &row->all);
    table->count--;
    table->bytes -= row->bytes;
    free_texts(row);
    row->dropped = true;
    if (row->references == 0) {
        free(row);
    }
}

static void row_drop(struct dialogs *table, struct dialog *row)
{
    dialogs_emit(table, row, row->view.state, &row->last, NULL);
    row_remove(table, row);
}

void dialogs_dispose(struct dialogs *table)
{
    while (table->all.first) {
        row_remove(table, table->all.first->object);
    }
    map_dispose(&table->map, NULL);
    timers_dispose(&table->timers);
}

void dialog_hold(struct dialog *row)
{
    row->references++;
}

void dialog_release(struct dialog *row)
{
    row->references--;
    if (row->references == 0 && row->dropped) {
        free(row);
    }
}

static struct dialog *older_of(struct dialog *a, struct dialog *b)
{
    if (!a || !b) {
        return a ? a : b;
    }
    return b->touched < a->touched ? b : a;
}

/* Ended rows first, then answered exchanges, then what was silent longest. Never `keep`. */
static struct dialog *expendable(const struct dialogs *table, const struct dialog *keep)
{
    struct dialog *row = queue_oldest(&table->recent[KEEP_ENDED], keep);
    if (!row) {
        row = queue_oldest(&table->recent[KEEP_LAPSED], keep);
    }
    if (!row) {
        row = queue_oldest(&table->recent[KEEP_ANSWERED], keep);
    }
    if (!row) {
        row = older_of(queue_oldest(&table->recent[KEEP_WAITING], keep),
                       queue_oldest(&table->recent[KEEP_LIVE], keep));
    }
    return row;
}

static void make_room(struct dialogs *table, const struct dialog *keep)
{
    size_t max = table->limits->dialogs;
    while (table->count > max || table->bytes / DIALOG_BYTES > max) {
        struct dialog *row = expendable(table, keep);
        if (!row) {
            return;
        }
        table->capped = true;
        row_drop(table, row);
    }
}

/* ---- time, copies, emission ---- */

/*
 * A row is dropped when its time has come, but outlives the messages that are
 * remembered of it: their copies still have to be counted.
 */
static void row_expire(struct dialogs *table, struct dialog *row)
{
    if (row->references > 0) {
        touch(table, row);
    } else {
        row_drop(table, row);
    }
}

static void expire_queue(struct dialogs *table, enum dialog_keeping keeping, int64_t seconds)
{
    struct queue *queue = &table->recent[keeping];
    while (queue->first) {
        struct dialog *row = queue->first->object;
        int64_t due = time_later(row->touched, seconds);
        if (due > table->now || due == INT64_MAX) {
            return;
        }
        row_expire(table, row);
    }
}

static void row_wait(struct dialogs *table, struct dialog *row)
{
    int64_t due = time_later(table->now, DIALOG_LINGER);
    if (due != INT64_MAX) {
        timers_set(&table->timers, &row->timer, due);
    }
}

static void row_due(struct dialogs *table, struct dialog *row)
{
    enum dialog_state previous = row->view.state;
    if (deadline_of(row) > table->now || deadline_of(row) == INT64_MAX) {
        schedule(table, row);
    } else if (row->usage == USAGE_SUBSCRIPTION) {
        dialog_lapse(row);
        touch(table, row);
        dialogs_emit(table, row, previous, &row->expiry, NULL);
    } else if (row->references == 0) {
        row_drop(table, row);
    } else {
        row_wait(table, row);
    }
}

void dialogs_advance(struct dialogs *table, int64_t now)
{
    if (now <= table->now) {
        return;
    }
    table->now = now;
    for (struct timer *timer = timers_due(&table->timers, now); timer;
         timer = timers_due(&table->timers, now)) {
        row_due(table, timer->object);
    }
    expire_queue(table, KEEP_ENDED, DIALOG_LINGER);
    expire_queue(table, KEEP_LAPSED, DIALOG_REGRET);
    expire_queue(table, KEEP_ANSWERED, DIALOG_PATIENCE);
    expire_queue(table, KEEP_WAITING, DIALOG_PATIENCE);
}

void dialogs_count(struct dialogs *table, struct dialog *row, const struct message *message)
{
    if (row->dropped) {
        return;
    }
    struct dialog_view *view = &row->view;
    int64_t time = message->observed.origin.time;
    view->messages++;
    if (view->start == TIME_NONE) {
        view->start = time;
    }
    view->end = time > view->end ? time : view->end;
    row->last = message->observed.origin;
    touch(table, row);
    make_room(table, row);
}

void dialogs_emit(struct dialogs *table, struct dialog *row, enum dialog_state previous,
                  const struct origin *origin, const struct message *message)
{
    struct event event = {.kind = EVENT_DIALOG, .origin = *origin, .message = message};
    event.as.dialog = row->view;
    event.as.dialog.previous = previous;
    event_emit(table->sink, &event);
}

void dialogs_end(struct dialogs *table)
{
    while (table->all.first) {
        struct dialog *row = table->all.first->object;
        enum dialog_state previous = row->view.state;
        if (previous == DIALOG_TRYING || previous == DIALOG_EARLY) {
            row->view.state = DIALOG_UNFINISHED;
        }
        dialogs_emit(table, row, previous, &row->last, NULL);
        row_remove(table, row);
    }
}

void dialog_keep_text(struct dialog *row, enum dialog_text which, struct slice value)
{
    struct slice *const fields[] = {
        [TEXT_EVENT] = &row->view.event,
        [TEXT_TO_EPID] = &row->view.to_epid,
        [TEXT_REASON] = &row->view.reason,
    };
    struct slice kept = memory_keep(value);
    size_t freed = row->late[which] ? fields[which]->size : 0;
    free(row->late[which]);
    row->late[which] = (char *)(uintptr_t)kept.data;
    *fields[which] = kept;
    row->bytes += kept.size - freed;
    row->table->bytes += kept.size - freed;
}
