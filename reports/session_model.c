/*
 * What `chat --session` keeps of a run. See session_model.h.
 */
#include "reports/session_model.h"

#include "analyzer/engine/buffer.h"

void session_model_init(struct session_model *model, struct map_seed seed,
                        const struct limits *limits)
{
    *model = (struct session_model){.limits = *limits};
    arena_init(&model->arena);
    map_init(&model->details, seed);
    map_init_numbers(&model->dialogs, seed);
    map_init(&model->stays, seed);
    map_init_numbers(&model->commands, seed);
    map_init(&model->provisioned, seed);
}

/* The rows are the arena's; of their texts only those that are told anew are not. */
static void drop_dialog(void *value)
{
    struct session_dialog *dialog = value;
    slice_drop(&dialog->service);
    slice_drop(&dialog->reason);
}

static void drop_provisioning(void *value)
{
    struct session_provisioning *told = value;
    slice_drop(&told->default_pool);
    slice_drop(&told->pools);
}

void session_model_dispose(struct session_model *model)
{
    map_dispose(&model->details, NULL);
    map_dispose(&model->dialogs, drop_dialog);
    map_dispose(&model->stays, NULL);
    map_dispose(&model->commands, NULL);
    map_dispose(&model->provisioned, drop_provisioning);
    arena_dispose(&model->arena);
}

/* A zeroed row, or NULL when there are too many. */
static void *row_new(struct session_model *model, size_t size)
{
    if (model->rows >= model->limits.report_rows) {
        model->beyond++;
        return NULL;
    }
    model->rows++;
    return arena_zero(&model->arena, 1, size);
}

static struct slice keep(struct session_model *model, struct slice text)
{
    return arena_keep(&model->arena, text);
}

/* ---- endpoints ---- */

static struct map_entry *detail_entry(const struct session_model *model, struct slice user,
                                      struct slice epid, struct buffer *key)
{
    buffer_init(key, SIZE_MAX);
    buffer_append(key, user);
    buffer_append_byte(key, '\0');
    buffer_append(key, epid);
    return map_find_entry(&model->details, buffer_slice(key));
}

const struct session_detail *session_detail_find(const struct session_model *model,
                                                 struct slice user, struct slice epid)
{
    struct buffer key;
    const struct map_entry *entry = detail_entry(model, user, epid, &key);
    buffer_dispose(&key);
    return entry ? entry->value : NULL;
}

static struct session_detail *detail_of(struct session_model *model, const struct session_ref *ref)
{
    struct buffer key;
    const struct map_entry *entry = detail_entry(model, ref->user, ref->epid, &key);
    struct session_detail *detail = entry ? entry->value : row_new(model, sizeof *detail);
    if (!entry && detail) {
        map_put(&model->details, buffer_slice(&key), detail);
    }
    buffer_dispose(&key);
    return detail;
}

/* ---- dialogs ---- */

static struct session_dialog *dialog_of(struct session_model *model, const struct session_ref *ref,
                                        int64_t time)
{
    struct slice key = map_number_key(&ref->dialog);
    struct session_dialog *dialog = map_find(&model->dialogs, key);
    struct session_detail *detail = dialog ? NULL : detail_of(model, ref);
    if (dialog || !detail || !(dialog = row_new(model, sizeof *dialog))) {
        return dialog;
    }
    dialog->call_id = keep(model, ref->call_id);
    dialog->from_start = ref->from_start;
    dialog->start = time;
    dialog->end = TIME_NONE;
    *(detail->last_dialog ? &detail->last_dialog->next : &detail->dialogs) = dialog;
    detail->last_dialog = dialog;
    map_put(&model->dialogs, key, dialog);
    return dialog;
}

static bool is_over(enum session_state state)
{
    return state == SESSION_CLOSED || state == SESSION_REFUSED;
}

static void take_session(struct session_model *model, const struct change *change)
{
    const struct session_change *said = &change->as.session;
    struct session_dialog *dialog = dialog_of(model, &said->session, change->time);
    if (!dialog) {
        return;
    }
    dialog->lookup = said->session.lookup;
    dialog->state = said->state;
    dialog->end = is_over(said->state) ? change->time : TIME_NONE;
    dialog->expires = said->expires > 0 ? said->expires : dialog->expires;
    dialog->refreshes += said->renewed;
    dialog->disowned = dialog->disowned || said->state == SESSION_STALE;
    if (said->reason.size > 0) {
        slice_replace(&dialog->reason, said->reason);
    }
    if (said->service.size > 0) {
        slice_replace(&dialog->service, said->service);
    }
    if (dialog->lookup) {
        detail_of(model, &said->session)->looked_up = true;
    }
}

/* A dialog that another one has followed: what became of it. The client is the caller. */
static void take_dialog(struct session_model *model, const struct event *event)
{
    const struct dialog_view *view = &event->as.dialog;
    struct session_dialog *dialog = map_find(&model->dialogs, map_number_key(&view->id));
    if (!dialog || is_over(dialog->state) ||
        (view->state != DIALOG_TERMINATED && view->state != DIALOG_REFUSED)) {
        return;
    }
    struct slice reason = view->reason;
    if (slice_equal(reason, slice_of("bye by caller"))) {
        reason = slice_of("bye by client");
    } else if (slice_equal(reason, slice_of("bye by callee"))) {
        reason = slice_of("bye by service");
    }
    dialog->state = view->state == DIALOG_REFUSED ? SESSION_REFUSED : SESSION_CLOSED;
    dialog->end = event->origin.time;
    slice_replace(&dialog->reason, reason);
}

static void take_message(struct session_model *model, const struct message *message)
{
    if (message->request || message->status != 487 || message->method != SIP_INFO) {
        return;
    }
    struct session_dialog *dialog = map_find(&model->dialogs, map_number_key(&message->dialog));
    if (dialog) {
        dialog->disowned = true;
    }
}

/* ---- rooms ---- */

static void stay_key(struct buffer *key, const struct membership_change *said)
{
    buffer_init(key, SIZE_MAX);
    buffer_append(key, map_number_key(&said->session.id));
    buffer_append(key, said->room);
}

static void stay_begin(struct session_model *model, const struct change *change, struct slice key)
{
    const struct membership_change *said = &change->as.membership;
    struct session_detail *detail = detail_of(model, &said->session);
    struct session_room *room = detail ? row_new(model, sizeof *room) : NULL;
    if (!room) {
        return;
    }
    room->uri = keep(model, said->room);
    room->name = keep(model, said->room_name);
    room->joined = change->time;
    room->left = TIME_NONE;
    room->assumed = said->assumed;
    *(detail->last_room ? &detail->last_room->next : &detail->rooms) = room;
    detail->last_room = room;
    map_put(&model->stays, key, room);
}

static void take_membership(struct session_model *model, const struct change *change)
{
    const struct membership_change *said = &change->as.membership;
    bool is = said->state == MEMBER_JOINED || said->state == MEMBER_LEAVING;
    struct buffer key;
    stay_key(&key, said);
    struct session_room *room = map_find(&model->stays, buffer_slice(&key));
    if (is && !room) {
        stay_begin(model, change, buffer_slice(&key));
    } else if (!is && room) {
        room->left = change->time;
        room->reason = keep(model, said->reason);
        (void)map_remove(&model->stays, buffer_slice(&key));
    }
    if (room && room->name.size == 0) {
        room->name = keep(model, said->room_name);
    }
    buffer_dispose(&key);
}

/* ---- commands ---- */

static void command_begin(struct session_model *model, const struct change *change)
{
    const struct command_change *said = &change->as.command;
    struct session_detail *detail = detail_of(model, &said->session);
    struct session_command *command = detail ? row_new(model, sizeof *command) : NULL;
    if (!command) {
        return;
    }
    command->name = keep(model, said->name);
    command->room = keep(model, said->room);
    command->call_id = keep(model, said->session.call_id);
    command->sent = change->time;
    command->decided = TIME_NONE;
    command->state = COMMAND_SENT;
    *(detail->last_command ? &detail->last_command->next : &detail->commands) = command;
    detail->last_command = command;
    map_put(&model->commands, map_number_key(&said->id), command);
}

static void take_command(struct session_model *model, const struct change *change)
{
    const struct command_change *said = &change->as.command;
    struct slice key = map_number_key(&said->id);
    if (said->state == COMMAND_SENT) {
        command_begin(model, change);
        return;
    }
    struct session_command *command = map_find(&model->commands, key);
    if (!command) {
        return;
    }
    bool known = said->state == COMMAND_ACCEPTED || said->state == COMMAND_REFUSED ||
                 said->state == COMMAND_ANSWERED || said->state == COMMAND_FAILED ||
                 said->state == COMMAND_ABANDONED;
    if (!known) {
        return;
    }
    command->state = said->state;
    command->status = said->status;
    if (said->state == COMMAND_ACCEPTED) {
        return;
    }
    command->code = said->code;
    command->code_text = keep(model, said->code_text);
    command->decided = said->state == COMMAND_ABANDONED ? TIME_NONE : change->time;
    (void)map_remove(&model->commands, key);
}

/* ---- provisioning ---- */

static void take_provisioning(struct session_model *model, const struct event *event)
{
    const struct provisioning_fact *fact = &event->as.provisioning;
    const struct message *message = event->message;
    if (!message) {
        return;
    }
    struct slice user = message->request ? message->to.user : message->from.user;
    struct session_provisioning *told = map_find(&model->provisioned, user);
    if (!told) {
        told = row_new(model, sizeof *told);
        if (!told) {
            return;
        }
        map_put(&model->provisioned, user, told);
    }
    struct buffer pools;
    buffer_init(&pools, SIZE_MAX);
    for (size_t i = 0; i < fact->pool_count; i++) {
        buffer_append_text(&pools, i > 0 ? ", " : "");
        buffer_append(&pools, fact->pools[i]);
    }
    told->enabled = fact->enabled;
    slice_replace(&told->default_pool, fact->default_pool);
    slice_replace(&told->pools, buffer_slice(&pools));
    told->time = event->origin.time;
    buffer_dispose(&pools);
}

const struct session_provisioning *session_provisioning_find(const struct session_model *model,
                                                             struct slice user)
{
    return map_find(&model->provisioned, user);
}

void session_model_event(struct session_model *model, const struct event *event)
{
    if (event->message && event->message->role != MESSAGE_FIRST) {
        return;
    }
    switch (event->kind) {
    case EVENT_DIALOG:
        take_dialog(model, event);
        break;
    case EVENT_MESSAGE:
        take_message(model, event->message);
        break;
    case EVENT_PROVISIONING:
        take_provisioning(model, event);
        break;
    default:
        break;
    }
}

void session_model_change(struct session_model *model, const struct change *change)
{
    switch (change->kind) {
    case CHANGE_SESSION:
        take_session(model, change);
        break;
    case CHANGE_MEMBERSHIP:
        take_membership(model, change);
        break;
    case CHANGE_COMMAND:
        take_command(model, change);
        break;
    default:
        break;
    }
}
