/*
 * The rows of a ladder as the run makes them. See ladder_events.h.
 */
#include "reports/ladder_events.h"

#include <inttypes.h>
#include <stdlib.h>

#include "reports/around.h"
#include "reports/ladder_doors.h"
#include "reports/ladder_names.h"
#include "reports/ladder_rooms.h"
#include "reports/text.h"

enum {
    TITLE = 40,         /* columns of "503 Service Unavailable" */
    MEANING = 120,      /* columns of what it means */
    CALL_ID = 200,      /* columns of a Call-ID */
    PARTY = 120,        /* columns of "user@host" */
    LOOK_BACK = 16,     /* rows in which a copy of a message is recognised */
    EARLY = 1024,       /* responses whose request may still come */
    SEQUENCES = 16384,  /* dialogs whose latest CSeq is known, each direction */
    COLOURS_CYCLE = 240 /* a multiple of every palette's size */
};

static struct ladder_row *row_add(struct ladder_model *model, enum ladder_row_kind kind)
{
    if (model->row_count >= model->limits.report_rows) {
        model->beyond++;
        return NULL;
    }
    if (model->row_count == model->row_capacity) {
        model->row_capacity = model->row_capacity > 0 ? model->row_capacity * 2 : 256;
        model->rows = memory_grow(model->rows, model->row_capacity, sizeof *model->rows);
    }
    struct ladder_row *row = &model->rows[model->row_count++];
    *row = (struct ladder_row){.kind = (uint8_t)kind, .time = TIME_NONE};
    return row;
}

/* The row of something that was captured there. */
static struct ladder_row *row_at(struct ladder_model *model, enum ladder_row_kind kind,
                                 const struct origin *origin)
{
    struct ladder_row *row = row_add(model, kind);
    if (row) {
        row->time = origin->time;
        row->record = origin->record;
        row->input = origin->input;
        row->stream_offset = origin->stream_offset;
    }
    return row;
}

void ladder_events_finish(struct ladder_model *model)
{
    if (model->pending == SIZE_MAX) {
        return;
    }
    struct ladder_row *row = &model->rows[model->pending];
    row->meaning = ladder_model_keep(model, meaning_text(&model->meaning, MEANING));
    row->room = ladder_room_of(model, model->meaning.room);
    row->plain = meaning_is_plain(&model->meaning);
    size_t slot = row->message % LADDER_MEANINGS;
    model->meanings[slot].message = row->message;
    model->meanings[slot].text = row->meaning;
    model->meanings[slot].room = row->room;
    model->meanings[slot].plain = row->plain;
    model->pending = SIZE_MAX;
}

static void start_meaning(struct ladder_model *model, const struct message *message)
{
    size_t slot = message->id % LADDER_MEANINGS;
    struct ladder_row *row = &model->rows[model->latest];
    if (model->meanings[slot].message == message->id && message->role != MESSAGE_FIRST) {
        row->meaning = model->meanings[slot].text;
        row->room = model->meanings[slot].room;
        row->plain = model->meanings[slot].plain;
        return;
    }
    model->pending = model->latest;
}

static struct slice title_of(struct ladder_model *model, const struct message *message)
{
    struct arena *arena = &model->meaning.arena;
    if (message->request) {
        return ladder_model_keep(model, text_brief(message->method_name, TITLE, arena));
    }
    struct slice reason = text_brief(message->reason, TITLE - 4, arena);
    return ladder_model_keep(model, text_format(arena, "%u %.*s", message->status, TEXT(reason)));
}

static bool is_failure(const struct message *message)
{
    return !message->request && message->status >= 400 && message->status != 401 &&
           message->status != 407;
}

/* Where this copy was drawn already: directly before, or the same hop in another input. */
static bool fold(struct ladder_model *model, const struct message *message, struct ladder_hop hop)
{
    bool newest = true;
    for (size_t i = model->row_count; i > 0 && model->row_count - i < LOOK_BACK; i--) {
        struct ladder_row *row = &model->rows[i - 1];
        if (row->kind != ROW_MESSAGE) {
            continue;
        }
        bool same = row->message == message->id &&
                    ladder_doors_same_host(model, row->from, hop.from) &&
                    ladder_doors_same_host(model, row->to, hop.to);
        bool elsewhere = row->input != message->observed.origin.input;
        bool again = message->observed.retransmission;
        if (same && elsewhere && again == row->again) {
            row->copies++;
            return true;
        }
        if (same && elsewhere && again && row->repeat_copies < row->repeats) {
            row->repeat_copies++;
            return true;
        }
        if (same && newest && !elsewhere) {
            row->repeats++;
            return true;
        }
        newest = false;
    }
    return false;
}

static void note_dialog(struct ladder_model *model, const struct message *message)
{
    if (message->dialog <= model->latest_dialog) {
        return;
    }
    model->latest_dialog = message->dialog;
    if (model->dialog_count == LADDER_DIALOGS) {
        model->dialogs_beyond++;
        return;
    }
    if (model->dialog_count == model->dialog_capacity) {
        model->dialog_capacity = model->dialog_capacity > 0 ? model->dialog_capacity * 2 : 64;
        model->dialogs =
            memory_grow(model->dialogs, model->dialog_capacity, sizeof *model->dialogs);
    }
    model->dialogs[model->dialog_count++] = (struct ladder_dialog){
        .id = message->dialog,
        .row = model->latest,
        .title = model->rows[model->latest].title,
    };
}

/* Who sent it to whom, whatever the hop. */
static void note_parties(struct ladder_model *model, struct ladder_row *row,
                         const struct message *message)
{
    struct arena *arena = &model->meaning.arena;
    const struct sip_party *sender = message->request ? &message->from : &message->to;
    const struct sip_party *receiver = message->request ? &message->to : &message->from;
    row->method = ladder_model_keep(model, text_brief(message->method_name, TITLE, arena));
    row->call_id = ladder_model_keep(model, text_brief(message->call_id, CALL_ID, arena));
    row->sender = ladder_model_keep(model, text_brief(sender->user, PARTY, arena));
    row->receiver = ladder_model_keep(model, text_brief(receiver->user, PARTY, arena));
}

/* ---- order ---- */

static struct slice apart_text(struct arena *arena, int64_t ns)
{
    char text[CLOCK_TEXT];
    if (ns < TIME_SECOND) {
        return text_format(arena, "0.%03" PRId64 " s", ns / (TIME_SECOND / 1000));
    }
    clock_duration(ns, text);
    return text_format(arena, "%s", text);
}

/* Less than a millisecond does not show in the times that are drawn. */
static void note_clock(struct ladder_model *model, const struct origin *origin, uint64_t message)
{
    int64_t before = model->clock;
    model->clock = origin->time;
    if (origin->time == TIME_NONE || before == TIME_NONE ||
        time_apart(before, origin->time) < TIME_SECOND / 1000) {
        return;
    }
    struct ladder_row *row = row_add(model, ROW_COVERAGE);
    if (row) {
        struct arena *arena = &model->meaning.arena;
        struct slice apart = apart_text(arena, time_apart(before, origin->time));
        row->input = origin->input;
        row->message = message; /* with which it stays or goes */
        row->from = row->to = LADDER_NO_LANE;
        row->title = ladder_model_keep(
            model, text_format(arena, "the clock goes back by %.*s here", TEXT(apart)));
    }
}

/* Its transaction may still show its request, later. */
static void await_request(struct ladder_model *model, const struct message *message)
{
    if (model->early.count == EARLY) {
        map_remove_entry(&model->early, model->early.first);
    }
    size_t *row = arena_alloc(&model->arena, sizeof *row);
    *row = model->latest;
    map_put(&model->early, map_number_key(&message->transaction), row);
}

static void note_early(struct ladder_model *model, const struct message *message)
{
    const size_t *row = map_remove(&model->early, map_number_key(&message->transaction));
    if (row) {
        model->rows[*row].early = true;
    }
}

/* CSeq only grows within one direction of a dialog (RFC 3261 section 12.2.1.1). */
static bool is_late(struct ladder_model *model, const struct message *message)
{
    uint64_t key[] = {message->dialog, map_hash(model->seed, message->from.tag)};
    if (message->dialog == 0 || message->to.tag.size == 0 || message->method == SIP_ACK ||
        message->method == SIP_CANCEL) {
        return false;
    }
    struct map_entry *entry = map_keep(&model->sequences, (struct slice){(char *)key, sizeof key});
    if (!entry->value) {
        entry->value = memory_zero(1, sizeof(uint32_t));
    }
    uint32_t *latest = entry->value;
    bool late = message->cseq < *latest;
    *latest = late ? *latest : message->cseq;
    if (model->sequences.count > SEQUENCES) {
        free(map_remove_entry(&model->sequences, model->sequences.first));
    }
    return late;
}

static void note_order(struct ladder_model *model, struct ladder_row *row,
                       const struct message *message)
{
    if (message->role != MESSAGE_FIRST) {
        return;
    }
    if (message->request) {
        note_early(model, message);
        row->late = is_late(model, message);
    } else if (!message->request_kept) {
        await_request(model, message);
    }
}

/* The whole message, for whoever shows it; the screen and plain drawings ask for none. */
static void keep_raw(struct ladder_model *model, struct ladder_row *row, struct slice raw)
{
    const struct ladder_shower *shower = &model->options.shower;
    if (!shower->show || raw.size == 0) {
        return;
    }
    if (raw.size > model->limits.ladder_raw_bytes - model->raw_bytes) {
        model->raw_beyond++;
        return;
    }
    row->raw = shower->show(shower->context, raw, &model->arena);
    uint64_t room = model->limits.ladder_raw_bytes - model->raw_bytes;
    model->raw_bytes += row->raw.size < room ? row->raw.size : room; /* a mask can be longer */
}

static void add_arrow(struct ladder_model *model, const struct message *message,
                      struct ladder_hop hop)
{
    struct ladder_row *row = row_at(model, ROW_MESSAGE, &message->observed.origin);
    if (!row) {
        model->latest = SIZE_MAX;
        return;
    }
    uint64_t group = message->dialog > 0 ? message->dialog : message->transaction;
    row->message = message->id;
    row->dialog = message->dialog;
    row->transaction = message->transaction;
    row->status = message->status;
    row->from = hop.from;
    row->to = hop.to;
    row->colour = (uint8_t)(group % COLOURS_CYCLE);
    row->request = message->request;
    row->again = message->role == MESSAGE_RETRANSMISSION;
    row->failed = is_failure(message);
    row->title = title_of(model, message);
    note_parties(model, row, message);
    keep_raw(model, row, message->raw);
    model->latest = model->row_count - 1;
    note_order(model, row, message);
    start_meaning(model, message);
    note_dialog(model, message);
}

void ladder_events_message(struct ladder_model *model, const struct message *message)
{
    ladder_events_finish(model);
    note_clock(model, &message->observed.origin, message->id);
    meaning_begin(&model->meaning, message);
    struct ladder_hop hop = ladder_doors_of(model, message);
    model->messages++;
    if (message->role == MESSAGE_FIRST || !fold(model, message, hop)) {
        add_arrow(model, message, hop);
    }
}

/* ---- what follows a message ---- */

static struct slice party_name(struct ladder_model *model, struct slice user)
{
    return ladder_user_name(model, user, &model->meaning.arena);
}

/* "subscribe presence: ann to bob", "register: ann" */
static struct slice dialog_title(struct ladder_model *model, const struct dialog_view *view)
{
    struct arena *arena = &model->meaning.arena;
    struct slice who = party_name(model, view->from);
    struct slice what = text_brief(view->event, TITLE, arena);
    if (what.size == 0) {
        what = slice_of(dialog_service_name(view->service));
    }
    if (!slice_equal(view->from, view->to)) {
        who = text_format(arena, "%.*s to %.*s", TEXT(who), TEXT(party_name(model, view->to)));
    }
    return text_format(arena, "%s%s%.*s: %.*s", dialog_kind_name(view->kind),
                       what.size > 0 ? " " : "", TEXT(what), TEXT(who));
}

/* Pools are known by their address, or by provisioning (facts/xccos.md 1.14). */
static void note_service(struct ladder_model *model, struct slice user, bool lookup)
{
    bool pool = slice_find_nocase(user, slice_of("-PersistentChatService-")) != SLICE_NONE ||
                (ladder_service_duties(model, user) & DUTY_POOL) != 0;
    ladder_doors_note_service(model, user, lookup ? DUTY_LOOKUP : pool ? DUTY_POOL : DUTY_CHANNELS);
}

void ladder_events_dialog(struct ladder_model *model, const struct dialog_view *view)
{
    if (view->service == SERVICE_CHAT || view->service == SERVICE_CHAT_LOOKUP) {
        note_service(model, view->to, view->service == SERVICE_CHAT_LOOKUP);
    }
    for (size_t i = model->dialog_count; i > 0 && model->dialog_count - i < LOOK_BACK; i--) {
        struct ladder_dialog *dialog = &model->dialogs[i - 1];
        if (dialog->id != view->id) {
            continue;
        }
        dialog->title = ladder_model_keep(model, dialog_title(model, view));
        return;
    }
}

/* Commands come from clients and go to services; the rest of chat traffic may be either way. */
void ladder_events_chat(struct ladder_model *model, const struct event *event)
{
    const struct chat_fact *fact = &event->as.chat;
    for (size_t i = 0; i < fact->room_count; i++) {
        ladder_room_learn(model, fact->rooms[i].uri, fact->rooms[i].name);
    }
    if (model->latest == SIZE_MAX) {
        return;
    }
    const struct ladder_row *row = &model->rows[model->latest];
    bool reply = fact->class == CHAT_REPLY || fact->class == CHAT_NOTICE;
    if (fact->class == CHAT_COMMAND || reply) {
        const struct sip_party *service = reply ? &event->message->from : &event->message->to;
        const struct sip_party *user = reply ? &event->message->to : &event->message->from;
        bool lookup = fact->verb == CHAT_REQURI;
        note_service(model, service->user, lookup);
        ladder_doors_note_user(model, user->user);
        ladder_doors_note_chat(model, row, reply);
    }
}

void ladder_events_provisioning(struct ladder_model *model, const struct provisioning_fact *fact)
{
    ladder_doors_note_service(model, fact->default_pool, DUTY_POOL);
    for (size_t i = 0; i < fact->pool_count; i++) {
        ladder_doors_note_service(model, fact->pools[i], DUTY_POOL);
    }
}

static struct slice coverage_sentence(struct ladder_model *model, const struct coverage_fact *fact)
{
    static const char *const words[] = {
        [COVERAGE_GAP] = "bytes are missing",
        [COVERAGE_COMPRESSED] = "compressed from here on, not readable",
        [COVERAGE_ENCRYPTED] = "encrypted, not readable",
        [COVERAGE_TRUNCATED] = "the capture breaks off",
    };
    struct arena *arena = &model->meaning.arena;
    char source[ADDRESS_TEXT];
    char destination[ADDRESS_TEXT];
    struct slice what = slice_of(words[fact->kind]);
    if (fact->kind == COVERAGE_GAP && fact->bytes > 0) {
        what = text_format(arena, "%" PRIu64 " bytes are missing", fact->bytes);
    }
    if (fact->source.family != ADDRESS_NONE) {
        address_host_text(&fact->source, source);
        address_host_text(&fact->destination, destination);
        what = text_format(arena, "%.*s: %s to %s", TEXT(what), source, destination);
    }
    return ladder_model_keep(model, what);
}

void ladder_events_coverage(struct ladder_model *model, const struct event *event)
{
    const struct coverage_fact *fact = &event->as.coverage;
    bool breaks = fact->kind == COVERAGE_GAP || fact->kind == COVERAGE_COMPRESSED ||
                  fact->kind == COVERAGE_ENCRYPTED || fact->kind == COVERAGE_TRUNCATED;
    uint16_t from = ladder_door_find(model, &fact->source);
    uint16_t to = ladder_door_find(model, &fact->destination);
    bool known = from != LADDER_NO_LANE || to != LADDER_NO_LANE;
    if (!breaks || (fact->kind == COVERAGE_ENCRYPTED && !known)) {
        return;
    }
    struct ladder_row *row = row_at(model, ROW_COVERAGE, &event->origin);
    if (row) {
        row->from = from;
        row->to = to;
        row->title = coverage_sentence(model, fact);
    }
}

/* ---- what surrounds chat ---- */

void ladder_events_around(struct ladder_model *model, const struct event *event)
{
    struct arena words_arena, *arena = &words_arena;
    arena_init(arena);
    bool web = event->kind == EVENT_HTTP;
    bool request = web ? event->as.http.request : event->as.dns.request;
    struct around words =
        web ? around_http(&event->as.http, ladder_file_name(model, &event->as.http), arena)
            : around_dns(&event->as.dns, arena);
    struct ladder_hop hop = web ? ladder_doors_between(model, &event->as.http.client,
                                                       &event->as.http.server, "web service")
                                : ladder_doors_between(model, &event->as.dns.client,
                                                       &event->as.dns.server, "name server");
    note_clock(model, &event->origin, 0);
    struct ladder_row *row = row_at(model, ROW_MESSAGE, &event->origin);
    if (row) {
        row->from = request ? hop.from : hop.to;
        row->to = request ? hop.to : hop.from;
        row->request = request;
        row->failed = around_failed(event);
        row->title = ladder_model_keep(model, words.title);
        row->meaning = ladder_model_keep(model, text_brief(words.meaning, MEANING, arena));
    }
    arena_dispose(arena);
}

/* ---- presence ---- */

void ladder_events_presence(struct ladder_model *model, const struct change *change)
{
    const struct presence_change *said = &change->as.presence;
    const struct ladder_row *cause = NULL;
    if (change->message) {
        if (model->latest == SIZE_MAX ||
            model->rows[model->latest].message != change->message->id) {
            return;
        }
        cause = &model->rows[model->latest];
    }
    uint16_t from = cause ? cause->from : LADDER_NO_LANE;
    uint16_t to = cause ? cause->to : LADDER_NO_LANE;
    uint64_t cause_id = cause ? cause->message : 0;
    struct ladder_row *row = row_add(model, ROW_PRESENCE);
    if (!row) {
        return;
    }
    struct arena *arena = &model->meaning.arena;
    ladder_doors_note_domain(model, said->user);
    struct slice user = party_name(model, said->user);
    struct slice title = text_format(arena, "%.*s: %s", TEXT(user), band_title(said->band));
    if (cause_id == 0 && said->cause.size > 0) {
        title = text_format(arena, "%.*s (%.*s)", TEXT(title),
                            TEXT(text_brief(said->cause, TITLE, arena)));
    }
    row->time = change->time;
    row->message = cause_id;
    row->from = from;
    row->to = to;
    row->band = (uint8_t)said->band;
    row->was = (uint8_t)said->from;
    row->title = ladder_model_keep(model, title);
    row->receiver = ladder_model_keep(model, said->user);
}
