/*
 * Messages as they were understood, and dialogs as they stand. See store_derived.h.
 */
#include <stdlib.h>

#include "analyzer/engine/arena.h"
#include "sql/store_derived_parts.h"

/* ---- messages ---- */

void store_derived_step(struct store_derived *derived)
{
    if (derived->walk && store_is_fine(derived->store)) {
        enum lite_step step = lite_step(derived->walk);
        derived->walked = step == LITE_STEP_ROW ? lite_column_integer(derived->walk, 0) : 0;
        if (step == LITE_STEP_FAILED) {
            store_fail(derived->store);
        }
    }
}

static const char *role_name(enum message_role role)
{
    static const char *const names[] = {
        [MESSAGE_FIRST] = "first",
        [MESSAGE_ANOTHER_HOP] = "another-hop",
        [MESSAGE_RETRANSMISSION] = "retransmission",
    };
    return names[role];
}

static void add_message(struct store_derived *derived, const struct message *message)
{
    const int64_t sequence = derived->beside ? derived->store->sequence - 1 : derived->walked;
    struct derived_row row = row_begin(derived, DERIVED_SIP);
    row_integer(&row, sequence);
    row_integer(&row, (int64_t)message->id);
    row_name(&row, role_name(message->role));
    if (message->dialog != 0) {
        row_integer(&row, (int64_t)message->dialog);
    } else {
        row_name(&row, NULL);
    }
    row_integer(&row, (int64_t)message->transaction);
    row_text(&row, message->method_name);
    row_integer(&row, message->status);
    row_text(&row, message->reason);
    row_text(&row, message->call_id);
    row_integer(&row, message->cseq);
    const struct slice texts[] = {message->from.user, message->to.user,      message->from.epid,
                                  message->event,     message->content_type, message->user_agent};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        row_text(&row, texts[i]);
    }
    row_end(&row);
}

/* ---- dialogs ---- */

/* Each of a dialog's texts. */
enum { DIALOG_TEXTS = 7 };

static void list_texts(struct dialog_view *dialog, struct slice *out[static DIALOG_TEXTS])
{
    out[0] = &dialog->call_id;
    out[1] = &dialog->from;
    out[2] = &dialog->to;
    out[3] = &dialog->from_epid;
    out[4] = &dialog->to_epid;
    out[5] = &dialog->event;
    out[6] = &dialog->reason;
}

static void write_dialog(struct store_derived *derived, const struct dialog_view *dialog)
{
    if (!store_is_fine(derived->store)) {
        return;
    }
    struct derived_row row = row_begin(derived, DERIVED_DIALOG);
    row_integer(&row, (int64_t)dialog->id);
    row_name(&row, dialog_kind_name(dialog->kind));
    row_name(&row, dialog_mode_name(dialog->mode));
    row_name(&row, dialog_service_name(dialog->service));
    row_name(&row, dialog_state_name(dialog->state));
    row_integer(&row, dialog->from_start);
    row_text(&row, dialog->call_id);
    row_text(&row, dialog->from);
    row_text(&row, dialog->to);
    row_text(&row, dialog->from_epid);
    row_text(&row, dialog->to_epid);
    row_text(&row, dialog->event);
    row_time(&row, dialog->start);
    row_time(&row, dialog->end);
    row_integer(&row, (int64_t)dialog->messages);
    row_integer(&row, dialog->status);
    row_text(&row, dialog->reason);
    row_end(&row);
}

static void drop_dialog(struct dialog_view *dialog)
{
    struct slice *texts[DIALOG_TEXTS];
    list_texts(dialog, texts);
    for (size_t i = 0; i < DIALOG_TEXTS; i++) {
        slice_drop(texts[i]);
    }
    *dialog = (struct dialog_view){0};
}

/* There is an event with each message of a dialog: written is what stands when others crowd it
 * out. */
static void hold_dialog(struct store_derived *derived, const struct dialog_view *dialog)
{
    struct dialog_view *held = &derived->dialogs[dialog->id % HELD_DIALOGS];
    struct dialog_view next = *dialog;
    struct slice *texts[DIALOG_TEXTS];
    struct slice *kept[DIALOG_TEXTS];
    if (held->id != 0 && held->id != dialog->id) {
        write_dialog(derived, held);
        drop_dialog(held);
    }
    list_texts(&next, texts);
    list_texts(held, kept);
    for (size_t i = 0; i < DIALOG_TEXTS; i++) {
        slice_replace(kept[i], *texts[i]);
        *texts[i] = *kept[i];
    }
    *held = next;
}

void store_derived_write_dialogs(struct store_derived *derived)
{
    for (size_t i = 0; i < HELD_DIALOGS; i++) {
        struct dialog_view *held = &derived->dialogs[i];
        if (held->id != 0) {
            write_dialog(derived, held);
            drop_dialog(held);
        }
    }
}

void store_derived_drop_dialogs(struct store_derived *derived)
{
    for (size_t i = 0; i < HELD_DIALOGS; i++) {
        drop_dialog(&derived->dialogs[i]);
    }
    free(derived->dialogs);
}

void store_derived_event(void *context, const struct event *event)
{
    struct store_derived *derived = context;
    if (!store_is_fine(derived->store)) {
        return;
    }
    if (event->kind == EVENT_MESSAGE) {
        add_message(derived, event->message);
    } else if (event->kind == EVENT_DIALOG) {
        hold_dialog(derived, &event->as.dialog);
    }
}
