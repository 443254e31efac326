/*
 * Which row a message belongs to, and how a row is opened. See dialog.h.
 *
 * One table of keys serves all rows. A dialog has the key (Call-ID, tag, tag),
 * the same in both directions because the tags are sorted; From and To URIs would
 * not tell the sides apart where a user subscribes to himself (presence.md 8.6).
 * The request that opens a dialog has no To tag yet: it leaves the key (Call-ID,
 * From tag), under which a NOTIFY that overtakes the 200, the legs of a fork and a
 * CANCEL are found. Everything else has the key (kind, Call-ID).
 */
#include "analyzer/engine/arena.h"
#include "decoders/dialog.h"
#include "decoders/dialog_state.h"
#include "decoders/key.h"

/* What row a method opens, outside a dialog and inside one that is not known. */
struct method_row {
    enum dialog_kind outside;
    enum dialog_kind inside;
    bool inside_only; /* a response of unknown request is taken to be inside a dialog */
    bool tagged;      /* outside, it makes a dialog */
};

/* clang-format off */
static const struct method_row method_rows[SIP_METHODS] = {
    [SIP_OTHER]     = {DIALOG_OTHER,     DIALOG_OTHER,     false, false},
    [SIP_INVITE]    = {DIALOG_INVITE,    DIALOG_INVITE,    false, true},
    [SIP_ACK]       = {DIALOG_INVITE,    DIALOG_INVITE,    true,  true},
    [SIP_BYE]       = {DIALOG_INVITE,    DIALOG_INVITE,    true,  true},
    [SIP_CANCEL]    = {DIALOG_INVITE,    DIALOG_INVITE,    false, true},
    [SIP_OPTIONS]   = {DIALOG_OPTIONS,   DIALOG_OPTIONS,   false, false},
    [SIP_REGISTER]  = {DIALOG_REGISTER,  DIALOG_REGISTER,  false, false},
    [SIP_PRACK]     = {DIALOG_INVITE,    DIALOG_INVITE,    true,  true},
    [SIP_SUBSCRIBE] = {DIALOG_SUBSCRIBE, DIALOG_SUBSCRIBE, false, true},
    [SIP_NOTIFY]    = {DIALOG_OTHER,     DIALOG_SUBSCRIBE, true,  false},
    [SIP_PUBLISH]   = {DIALOG_PUBLISH,   DIALOG_PUBLISH,   false, false},
    [SIP_INFO]      = {DIALOG_OTHER,     DIALOG_INVITE,    true,  false},
    [SIP_REFER]     = {DIALOG_OTHER,     DIALOG_INVITE,    false, true},
    [SIP_MESSAGE]   = {DIALOG_MESSAGE,   DIALOG_INVITE,    false, false},
    [SIP_UPDATE]    = {DIALOG_INVITE,    DIALOG_INVITE,    true,  true},
    [SIP_BENOTIFY]  = {DIALOG_OTHER,     DIALOG_SUBSCRIBE, true,  false},
    [SIP_SERVICE]   = {DIALOG_SERVICE,   DIALOG_SERVICE,   false, false},
    [SIP_NEGOTIATE] = {DIALOG_NEGOTIATE, DIALOG_NEGOTIATE, false, false},
};
/* clang-format on */

/* How a message would open a row. */
struct opening {
    enum dialog_kind kind;
    bool inside;   /* in the middle of a dialog */
    bool tagged;   /* the row is a dialog, found by tags */
    bool reversed; /* the sender is not the opener: a notifier */
    bool leg;      /* a further answered leg of a fork; the first key stays with its head */
};

static struct opening opening_of(const struct dialog_query *query)
{
    const struct message *message = query->message;
    const struct method_row *method = &method_rows[message->method];
    bool inside = method->inside_only;
    if (message->request) {
        inside = message->to.tag.size > 0;
    } else if (query->request_known) {
        inside = query->request_in_dialog;
    }
    enum dialog_kind kind = inside ? method->inside : method->outside;
    bool dialog = kind == DIALOG_INVITE || kind == DIALOG_SUBSCRIBE;
    return (struct opening){
        .kind = kind,
        .inside = inside,
        .tagged = dialog || (!inside && method->tagged),
        .reversed = kind == DIALOG_SUBSCRIBE && message->method != SIP_SUBSCRIBE,
    };
}

/* ---- keys ---- */

static void pair_key(const struct dialogs *table, const struct message *message, struct key *out)
{
    struct slice low = message->from.tag;
    struct slice high = message->to.tag;
    if (slice_compare(low, high) > 0) {
        low = message->to.tag;
        high = message->from.tag;
    }
    key_init(out, table->seed, 'd');
    key_add(out, message->call_id);
    key_add(out, low);
    key_add(out, high);
}

static void opener_key(const struct dialogs *table, struct slice call_id, struct slice tag,
                       struct key *out)
{
    key_init(out, table->seed, 'o');
    key_add(out, call_id);
    key_add(out, tag);
}

static void kind_key(const struct dialogs *table, const struct message *message,
                     enum dialog_kind kind, struct key *out)
{
    key_init(out, table->seed, 'k');
    key_add(out, message->call_id);
    key_add_number(out, (uint32_t)kind);
}

static struct dialog *find_pair(const struct dialogs *table, const struct message *message)
{
    struct key key;
    pair_key(table, message, &key);
    return map_find(&table->map, key_slice(&key));
}

static struct dialog *find_opener(const struct dialogs *table, const struct message *message,
                                  struct slice tag)
{
    struct key key;
    opener_key(table, message->call_id, tag, &key);
    return map_find(&table->map, key_slice(&key));
}

static void lose_key(struct dialog *row, const struct map_entry *entry)
{
    size_t at = 0;
    while (at < row->key_count && row->keys[at] != entry) {
        at++;
    }
    if (at < row->key_count) {
        row->keys[at] = row->keys[--row->key_count];
    }
}

/* The row answers to this key from now on; unless `force`, not if another live row does. */
static bool take_key(struct dialogs *table, struct dialog *row, const struct key *key, bool force)
{
    struct map_entry *entry = map_find_entry(&table->map, key_slice(key));
    struct dialog *owner = entry ? entry->value : NULL;
    if (owner == row || row->key_count == DIALOG_KEYS) {
        return owner == row;
    }
    if (!owner) {
        entry = map_put(&table->map, key_slice(key), row);
    } else if (force || dialog_is_over(owner)) {
        lose_key(owner, entry);
        entry->value = row;
    } else {
        return false;
    }
    row->keys[row->key_count++] = entry;
    return true;
}

/*
 * The side that did not open the row has this tag: the row is found by both from
 * now on, unless another live row is. `from` is the digest of the From tag.
 */
static void learn_leg(struct dialogs *table, struct dialog *row, const struct message *message,
                      uint64_t from)
{
    if (message->from.tag.size == 0 || message->to.tag.size == 0) {
        return;
    }
    uint64_t leg = from == row->opener_tag ? tag_digest(table->seed, message->to.tag) : from;
    for (size_t i = 0; i < row->tag_count; i++) {
        if (row->tags[i] == leg) {
            return;
        }
    }
    struct key key;
    pair_key(table, message, &key);
    if (row->tag_count < DIALOG_KEYS && take_key(table, row, &key, false)) {
        row->tags[row->tag_count++] = leg;
    }
}

/* ---- opening ---- */

/* "user@host", or what stands between scheme and parameters. */
static struct slice party_text(const struct sip_party *party)
{
    static const struct slice schemes[] = {SLICE("sip:"), SLICE("sips:"), SLICE("tel:")};
    if (party->user.size > 0) {
        return party->user;
    }
    struct slice text = party->uri;
    for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++) {
        if (slice_starts_nocase(text, schemes[i])) {
            text = slice_from(text, schemes[i].size);
            break;
        }
    }
    struct slice rest;
    slice_cut(text, ';', &text, &rest);
    slice_cut(text, '?', &text, &rest);
    return text;
}

static void keep_texts(struct dialog *row, const struct message *message, bool reversed)
{
    const struct sip_party *from = reversed ? &message->to : &message->from;
    const struct sip_party *to = reversed ? &message->from : &message->to;
    struct dialog_view *view = &row->view;
    view->from = party_text(from);
    view->to = party_text(to);
    view->call_id = message->call_id;
    view->from_epid = from->epid;
    view->to_epid = to->epid;
    struct slice *const texts[] = {&view->from, &view->to, &view->call_id, &view->from_epid,
                                   &view->to_epid};
    size_t size = 0;
    row->text = slices_keep(texts, sizeof texts / sizeof texts[0], &size);
    for (size_t i = 0; i < view->from.size + view->to.size; i++) {
        row->text[i] = ascii_lower(row->text[i]);
    }
    row->bytes += size;
}

static enum dialog_usage usage_of(const struct opening *how)
{
    switch (how->kind) {
    case DIALOG_INVITE:
        return USAGE_CALL;
    case DIALOG_SUBSCRIBE:
        return USAGE_SUBSCRIPTION;
    case DIALOG_REGISTER:
    case DIALOG_PUBLISH:
        return USAGE_BINDING;
    default:
        return how->tagged ? USAGE_SUBSCRIPTION : USAGE_EXCHANGE;
    }
}

static enum dialog_mode mode_of(enum dialog_kind kind, const struct message *message)
{
    if (kind != DIALOG_SUBSCRIBE) {
        return DIALOG_MODE_NONE;
    }
    bool opener = message->request && message->method == SIP_SUBSCRIBE;
    bool query = opener && message->to.tag.size == 0 && message->expires == 0;
    return query ? DIALOG_QUERY : DIALOG_PERSISTENT;
}

static bool opens_row(const struct message *message, enum dialog_kind kind)
{
    bool side_show = message->method == SIP_ACK || message->method == SIP_BYE ||
                     message->method == SIP_CANCEL || message->method == SIP_PRACK ||
                     message->method == SIP_UPDATE;
    return message->request && message->to.tag.size == 0 && !side_show &&
           method_rows[message->method].outside == kind;
}

static void take_first_keys(struct dialogs *table, struct dialog *row, const struct opening *how,
                            const struct message *message)
{
    struct key key;
    if (!how->tagged) {
        kind_key(table, message, how->kind, &key);
        take_key(table, row, &key, true);
        return;
    }
    if (!how->leg && (!how->inside || row->usage == USAGE_SUBSCRIPTION)) {
        struct slice tag = how->reversed ? message->to.tag : message->from.tag;
        opener_key(table, message->call_id, tag, &key);
        take_key(table, row, &key, true);
    }
    if (how->leg) {
        pair_key(table, message, &key);
        take_key(table, row, &key, true);
    } else {
        learn_leg(table, row, message, tag_digest(table->seed, message->from.tag));
    }
}

static struct dialog *row_open(struct dialogs *table, const struct opening *how,
                               const struct message *message)
{
    struct dialog *row = memory_zero(1, sizeof *row);
    row->table = table;
    row->usage = usage_of(how);
    row->view = (struct dialog_view){
        .id = ++table->next_id,
        .kind = how->kind,
        .mode = mode_of(how->kind, message),
        .from_start = opens_row(message, how->kind),
        .start = TIME_NONE,
        .end = TIME_NONE,
        .expires_at = TIME_NONE,
    };
    row->opened_by = message->transaction;
    row->opener_tag = tag_digest(table->seed, how->reversed ? message->to.tag : message->from.tag);
    row->bytes = sizeof *row;
    keep_texts(row, message, how->reversed);
    row->touched = table->now;
    row->keeping = KEEP_WAITING;
    queue_push(&table->recent[row->keeping], &row->recent, row);
    queue_push(&table->all, &row->all, row);
    table->count++;
    table->bytes += row->bytes;
    take_first_keys(table, row, how, message);
    return row;
}

/* ---- finding ---- */

static struct dialog *find_row(const struct dialogs *table, const struct opening *how,
                               const struct message *message)
{
    struct dialog *row = NULL;
    bool both = message->from.tag.size > 0 && message->to.tag.size > 0;
    if (both && message->method != SIP_REGISTER) {
        row = find_pair(table, message);
    }
    if (row) {
        return row;
    }
    if (!how->tagged) {
        struct key key;
        kind_key(table, message, how->kind, &key);
        return map_find(&table->map, key_slice(&key));
    }
    if (message->to.tag.size > 0) {
        row = find_opener(table, message, message->to.tag);
    }
    return row ? row : find_opener(table, message, message->from.tag);
}

/* A request that opens a dialog does not continue one of another kind, or one that is over. */
static bool starts_anew(const struct dialog *row, const struct opening *how,
                        const struct message *message)
{
    return how->tagged && opens_row(message, how->kind) &&
           (row->view.kind != how->kind || row->view.state == DIALOG_TERMINATED);
}

/*
 * The first leg of a forked INVITE that is answered 2xx takes the row, whoever
 * was ringing before; each further one gets its own.
 */
static struct dialog *answered_leg(struct dialogs *table, struct dialog *row,
                                   const struct message *message, bool *out_opened)
{
    uint64_t tag = tag_digest(table->seed, message->to.tag);
    if (tag == 0 || row->answered_tag == 0 || row->answered_tag == tag) {
        row->answered_tag = tag != 0 ? tag : row->answered_tag;
        return row;
    }
    struct dialog *other = find_pair(table, message);
    if (other && other != row) {
        return other;
    }
    const struct opening how = {.kind = DIALOG_INVITE, .tagged = true, .leg = true};
    struct dialog *leg = row_open(table, &how, message);
    leg->answered_tag = tag;
    leg->view.from_start = row->view.from_start;
    leg->view.service = row->view.service;
    *out_opened = true;
    return leg;
}

static struct dialog *settle_leg(struct dialogs *table, struct dialog *row,
                                 const struct message *message, uint64_t from, bool inside,
                                 bool *out_opened)
{
    bool from_opener = from == row->opener_tag;
    bool answer = !message->request && message->status >= 200 && message->status < 300;
    if (answer && !inside && from_opener && row->usage == USAGE_CALL &&
        message->method == SIP_INVITE) {
        row = answered_leg(table, row, message, out_opened);
    }
    bool shows_leg = message->request ? message->method != SIP_ACK
                                      : message->status > 100 && message->status < 300;
    if (shows_leg && (row->usage == USAGE_CALL || row->usage == USAGE_SUBSCRIPTION)) {
        learn_leg(table, row, message, from);
    }
    return row;
}

/* What a later message can tell about a row. */
static bool learn(struct dialog *row, const struct message *message, uint64_t from)
{
    struct dialog_view *view = &row->view;
    bool undecided = row->opened_by == message->transaction || view->state == DIALOG_TRYING;
    bool joined = !view->from_start && undecided && opens_row(message, view->kind);
    if (joined) {
        view->from_start = true;
        view->mode = mode_of(view->kind, message);
    }
    bool packaged = view->kind == DIALOG_SUBSCRIBE || view->kind == DIALOG_PUBLISH;
    if (packaged && view->event.size == 0 && message->event.size > 0) {
        dialog_keep_text(row, TEXT_EVENT, message->event);
    }
    if (message->request && message->method == SIP_SUBSCRIBE) {
        view->offers_benotify |= (message->flags & SIP_OFFERS_BENOTIFY) != 0;
    }
    bool dialog = row->usage == USAGE_CALL || row->usage == USAGE_SUBSCRIPTION;
    bool from_opener = !dialog || from == row->opener_tag;
    struct slice epid = from_opener ? message->to.epid : message->from.epid;
    if (view->to_epid.size == 0 && epid.size > 0) {
        dialog_keep_text(row, TEXT_TO_EPID, epid);
    }
    return joined;
}

struct dialog *dialogs_place(struct dialogs *table, const struct dialog_query *query,
                             bool *out_changed)
{
    const struct message *message = query->message;
    const struct opening how = opening_of(query);
    struct dialog *row = query->request_row;
    bool opened = false;
    if (!row || row->dropped) {
        row = find_row(table, &how, message);
        if (row && starts_anew(row, &how, message)) {
            row = NULL;
        }
    }
    if (!row) {
        row = row_open(table, &how, message);
        opened = true;
    }
    uint64_t from = tag_digest(table->seed, message->from.tag);
    row = settle_leg(table, row, message, from, how.inside, &opened);
    bool joined = learn(row, message, from);
    *out_changed = opened || joined;
    return row;
}
