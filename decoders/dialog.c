/*
 * Rows: memory, deadlines and emission. See dialog.h; which row a message
 * belongs to is decided in dialog_place.c.
 *
 * Each row has one timer, for its lapse or for being forgotten. It is moved only
 * to an earlier time; when it fires too early it is set again. That keeps the heap
 * out of the path of ordinary messages.
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

/* ns: when nothing more can be expected of the row; INT64_MAX = it stays. */
static int64_t forgotten_at(const struct dialog *row)
{
    const struct dialog_view *view = &row->view;
    int64_t since = row->touched;
    if (since == TIME_NONE) {
        return INT64_MAX;
    }
    if (dialog_is_over(row)) {
        return time_later(view->end > since ? view->end : since, DIALOG_LINGER);
    }
    bool live = view->kind == DIALOG_INVITE || view->kind == DIALOG_SUBSCRIBE;
    if (live && view->state == DIALOG_CONFIRMED) {
        return INT64_MAX;
    }
    return time_later(view->expires_at > since ? view->expires_at : since, DIALOG_PATIENCE);
}

static void schedule(struct dialogs *table, struct dialog *row)
{
    int64_t lapse = dialog_lapses_at(row);
    int64_t forgotten = forgotten_at(row);
    int64_t due = lapse < forgotten ? lapse : forgotten;
    if (due != INT64_MAX && (!timer_is_set(&row->timer) || due < row->timer.due)) {
        row->timer.object = row;
        timers_set(&table->timers, &row->timer, due);
    }
}

/* Rows that are done with go first when there are too many. */
static struct queue *queue_for(struct dialogs *table, const struct dialog *row)
{
    bool answered = row->usage == USAGE_EXCHANGE && row->view.state == DIALOG_CONFIRMED;
    return answered || dialog_is_over(row) ? &table->ended : &table->open;
}

static void touch(struct dialogs *table, struct dialog *row)
{
    queue_remove(row->queue, &row->recent);
    row->queue = queue_for(table, row);
    queue_push(row->queue, &row->recent, row);
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
    queue_remove(row->queue, &row->recent);
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

/* Never drops `keep`, the one that is being fed. */
static void make_room(struct dialogs *table, const struct dialog *keep)
{
    size_t max = table->limits->dialogs;
    while (table->count > max || table->bytes / DIALOG_BYTES > max) {
        struct dialog *oldest = queue_oldest(&table->ended, keep);
        if (!oldest) {
            oldest = queue_oldest(&table->open, keep);
        }
        if (!oldest) {
            return;
        }
        table->capped = true;
        row_drop(table, oldest);
    }
}

/* ---- time, copies, emission ---- */

static void row_due(struct dialogs *table, struct dialog *row)
{
    int64_t lapse = dialog_lapses_at(row);
    int64_t forgotten = forgotten_at(row);
    if (lapse != INT64_MAX && lapse <= table->now) {
        enum dialog_state previous = row->view.state;
        dialog_lapse(row);
        touch(table, row);
        dialogs_emit(table, row, previous, &row->expiry, NULL);
    } else if (forgotten != INT64_MAX && forgotten <= table->now) {
        row_drop(table, row);
    } else {
        schedule(table, row);
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
    row->touched = table->now;
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
