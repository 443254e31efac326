/*
 * What a ladder keeps of a run. See ladder_model.h.
 */
#include "reports/ladder_model.h"

#include <inttypes.h>
#include <stdlib.h>

#include "reports/around.h"
#include "reports/ladder_lanes.h"
#include "reports/ladder_strip.h"
#include "reports/text.h"

enum {
    TITLE = 40,         /* columns of "503 Service Unavailable" */
    MEANING = 120,      /* columns of what it means */
    CALL_ID = 200,      /* columns of a Call-ID */
    PARTY = 120,        /* columns of "user@host" */
    SENTENCE = 400,     /* columns of a finding's sentence */
    TEXTS_PER_ROW = 4,  /* at most, on average: rooms that change their names, say */
    LOOK_BACK = 16,     /* rows in which a copy of a message is recognised */
    COLOURS_CYCLE = 240 /* a multiple of every palette's size */
};

void ladder_model_init(struct ladder_model *model, const struct ladder_options *options,
                       struct map_seed seed, const struct limits *limits)
{
    *model = (struct ladder_model){.options = *options,
                                   .limits = *limits,
                                   .seed = seed,
                                   .pending = SIZE_MAX,
                                   .latest = SIZE_MAX};
    arena_init(&model->arena);
    map_init(&model->texts, seed);
    map_init(&model->rooms, seed);
    map_init(&model->hosts, seed);
    map_init(&model->services, seed);
    map_init_numbers(&model->files, seed);
    map_init(&model->other_hosts, seed);
    map_init_numbers(&model->steps, seed);
    meaning_init(&model->meaning);
}

void ladder_model_dispose(struct ladder_model *model)
{
    meaning_dispose(&model->meaning);
    map_dispose(&model->steps, NULL);
    map_dispose(&model->other_hosts, NULL);
    map_dispose(&model->files, free);
    map_dispose(&model->services, NULL);
    map_dispose(&model->hosts, NULL);
    map_dispose(&model->rooms, free);
    map_dispose(&model->texts, NULL);
    arena_dispose(&model->arena);
    free(model->rows);
    free(model->findings);
    free(model->parts);
    free(model->dialogs);
}

struct slice ladder_model_keep(struct ladder_model *model, struct slice text)
{
    if (text.size == 0) {
        return slice_of("");
    }
    struct map_entry *entry = map_find_entry(&model->texts, text);
    if (!entry && model->texts.count / TEXTS_PER_ROW > model->limits.report_rows) {
        model->beyond++;
        return slice_of("?");
    }
    return entry ? entry->key : map_put(&model->texts, text, model)->key;
}

/* ---- rooms ---- */

static struct ladder_room *room_of(struct ladder_model *model, struct slice uri)
{
    struct ladder_room *room = map_find(&model->rooms, uri);
    if (room || uri.size == 0 || model->rooms.count >= model->limits.report_rows) {
        return room;
    }
    room = memory_zero(1, sizeof *room);
    map_put(&model->rooms, uri, room);
    return room;
}

static void learn_room(struct ladder_model *model, struct slice uri, struct slice name)
{
    struct ladder_room *room = name.size > 0 ? room_of(model, uri) : NULL;
    if (room) {
        room->name = ladder_model_keep(model, text_brief(name, TITLE, &model->meaning.arena));
    }
}

/* Until a name is known, the beginning of the identifier has to do. */
static void name_rooms(struct ladder_model *model)
{
    for (struct map_entry *entry = model->rooms.first; entry; entry = entry->next) {
        struct ladder_room *room = entry->value;
        if (room->name.size > 0) {
            continue;
        }
        struct slice id = entry->key;
        for (size_t at = slice_find_byte(id, '/'); at != SLICE_NONE;
             at = slice_find_byte(id, '/')) {
            id = slice_from(id, at + 1);
        }
        struct slice front = text_brief(id, 9, &model->arena);
        room->name = text_format(&model->arena, "room %.*s", TEXT(front));
    }
}

/* ---- rows ---- */

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

/* The body events are over: keeps what the message means. */
static void finish_meaning(struct ladder_model *model)
{
    if (model->pending == SIZE_MAX) {
        return;
    }
    struct ladder_row *row = &model->rows[model->pending];
    row->meaning = ladder_model_keep(model, meaning_text(&model->meaning, MEANING));
    row->room = room_of(model, model->meaning.room);
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
        bool same = row->message == message->id && row->from == hop.from && row->to == hop.to;
        bool elsewhere = row->input != message->observed.origin.input;
        if (same && elsewhere && !message->observed.retransmission) {
            row->copies++;
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
    row->call_id = ladder_model_keep(model, text_brief(message->call_id, CALL_ID, arena));
    row->sender = ladder_model_keep(model, text_brief(sender->user, PARTY, arena));
    row->receiver = ladder_model_keep(model, text_brief(receiver->user, PARTY, arena));
}

static void add_arrow(struct ladder_model *model, const struct message *message,
                      struct ladder_hop hop)
{
    const struct origin *origin = &message->observed.origin;
    struct ladder_row *row = row_add(model, ROW_MESSAGE);
    if (!row) {
        model->latest = SIZE_MAX;
        return;
    }
    uint64_t group = message->dialog > 0 ? message->dialog : message->transaction;
    row->time = origin->time;
    row->record = origin->record;
    row->input = origin->input;
    row->stream_offset = origin->stream_offset;
    row->message = message->id;
    row->dialog = message->dialog;
    row->status = message->status;
    row->from = hop.from;
    row->to = hop.to;
    row->colour = (uint8_t)(group % COLOURS_CYCLE);
    row->request = message->request;
    row->again = message->role == MESSAGE_RETRANSMISSION;
    row->failed = is_failure(message);
    row->title = title_of(model, message);
    note_parties(model, row, message);
    model->latest = model->row_count - 1;
    start_meaning(model, message);
    note_dialog(model, message);
}

static void take_message(struct ladder_model *model, const struct message *message)
{
    finish_meaning(model);
    meaning_begin(&model->meaning, message);
    struct ladder_hop hop = ladder_lanes_of(model, message);
    model->messages++;
    if (message->role == MESSAGE_FIRST || !fold(model, message, hop)) {
        add_arrow(model, message, hop);
    }
}

/* ---- what follows a message ---- */

static struct slice party_name(struct ladder_model *model, struct slice user)
{
    struct slice local;
    struct slice domain;
    slice_cut(user, '@', &local, &domain);
    bool home = slice_equal(domain, model->domain);
    return text_brief(home ? local : user, TITLE, &model->meaning.arena);
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

static void take_dialog(struct ladder_model *model, const struct dialog_view *view)
{
    if (view->service == SERVICE_CHAT || view->service == SERVICE_CHAT_LOOKUP) {
        ladder_lanes_note_service(model, view->to);
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
static void learn_chat(struct ladder_model *model, const struct event *event)
{
    const struct chat_fact *fact = &event->as.chat;
    for (size_t i = 0; i < fact->room_count; i++) {
        learn_room(model, fact->rooms[i].uri, fact->rooms[i].name);
    }
    if (model->latest == SIZE_MAX) {
        return;
    }
    const struct ladder_row *row = &model->rows[model->latest];
    if (fact->class == CHAT_COMMAND) {
        ladder_lanes_note_service(model, event->message->to.user);
        model->lanes[row->from].client++;
        model->lanes[row->to].client--;
    } else if (fact->class == CHAT_REPLY || fact->class == CHAT_NOTICE) {
        ladder_lanes_note_service(model, event->message->from.user);
        model->lanes[row->from].client--;
        model->lanes[row->to].client++;
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

/* Only what breaks the flow at a place of it; the rest is among the findings. */
static void take_coverage(struct ladder_model *model, const struct event *event)
{
    const struct coverage_fact *fact = &event->as.coverage;
    bool breaks = fact->kind == COVERAGE_GAP || fact->kind == COVERAGE_COMPRESSED ||
                  fact->kind == COVERAGE_ENCRYPTED || fact->kind == COVERAGE_TRUNCATED;
    uint8_t from = ladder_lane_find(model, &fact->source);
    uint8_t to = ladder_lane_find(model, &fact->destination);
    bool known = from != LADDER_NO_LANE || to != LADDER_NO_LANE;
    if (!breaks || (fact->kind == COVERAGE_ENCRYPTED && !known)) {
        return;
    }
    struct ladder_row *row = row_add(model, ROW_COVERAGE);
    if (row) {
        row->time = event->origin.time;
        row->record = event->origin.record;
        row->input = event->origin.input;
        row->stream_offset = event->origin.stream_offset;
        row->from = from;
        row->to = to;
        row->title = coverage_sentence(model, fact);
    }
}

/* ---- what surrounds chat ---- */

/* Web calls name a file as it is stored; the chat command named it as users know it. */
static void learn_file(struct ladder_model *model, const struct file_change *file)
{
    if (file->token_hash == 0 || file->name.size == 0 ||
        model->files.count >= model->limits.report_rows ||
        map_find(&model->files, map_number_key(&file->token_hash))) {
        return;
    }
    struct slice *name = memory_alloc(sizeof *name);
    *name = ladder_model_keep(model, text_brief(file->name, TITLE, &model->meaning.arena));
    map_put(&model->files, map_number_key(&file->token_hash), name);
}

static struct slice file_name(const struct ladder_model *model, const struct http_fact *fact)
{
    const struct slice *name =
        fact->has_token ? map_find(&model->files, map_number_key(&fact->token_hash)) : NULL;
    return name ? *name : (struct slice){0};
}

static void take_around(struct ladder_model *model, const struct event *event)
{
    struct arena words_arena, *arena = &words_arena;
    arena_init(arena);
    bool web = event->kind == EVENT_HTTP;
    bool request = web ? event->as.http.request : event->as.dns.request;
    struct around words =
        web ? around_http(&event->as.http, file_name(model, &event->as.http), arena)
            : around_dns(&event->as.dns, arena);
    struct ladder_hop hop = web ? ladder_lanes_between(model, &event->as.http.client,
                                                       &event->as.http.server, "web service")
                                : ladder_lanes_between(model, &event->as.dns.client,
                                                       &event->as.dns.server, "name server");
    struct ladder_row *row = row_add(model, ROW_MESSAGE);
    if (row) {
        row->time = event->origin.time;
        row->record = event->origin.record;
        row->input = event->origin.input;
        row->stream_offset = event->origin.stream_offset;
        row->from = request ? hop.from : hop.to;
        row->to = request ? hop.to : hop.from;
        row->request = request;
        row->failed = around_failed(event);
        row->title = ladder_model_keep(model, words.title);
        row->meaning = ladder_model_keep(model, text_brief(words.meaning, MEANING, arena));
    }
    arena_dispose(arena);
}

void ladder_model_event(struct ladder_model *model, const struct event *event)
{
    switch (event->kind) {
    case EVENT_MESSAGE:
        take_message(model, event->message);
        break;
    case EVENT_DIALOG:
        take_dialog(model, &event->as.dialog);
        break;
    case EVENT_COVERAGE:
        take_coverage(model, event);
        break;
    case EVENT_HTTP:
    case EVENT_DNS:
        take_around(model, event);
        break;
    default:
        if (event->kind == EVENT_CHAT && event->message) {
            learn_chat(model, event);
        }
        if (model->pending != SIZE_MAX && event->message &&
            event->message->id == model->rows[model->pending].message) {
            meaning_add(&model->meaning, event);
        }
        break;
    }
}

/* ---- changes and findings ---- */

static void add_presence(struct ladder_model *model, const struct change *change)
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
    uint8_t from = cause ? cause->from : LADDER_NO_LANE;
    uint8_t to = cause ? cause->to : LADDER_NO_LANE;
    uint64_t cause_id = cause ? cause->message : 0;
    struct ladder_row *row = row_add(model, ROW_PRESENCE);
    if (!row) {
        return;
    }
    struct arena *arena = &model->meaning.arena;
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
    row->title = ladder_model_keep(model, title);
    row->receiver = ladder_model_keep(model, said->user);
}

void ladder_model_change(struct ladder_model *model, const struct change *change)
{
    if (change->kind == CHANGE_ROOM) {
        learn_room(model, change->as.room.uri, change->as.room.name);
    } else if (change->kind == CHANGE_FILE) {
        learn_file(model, &change->as.file);
    } else if (change->kind == CHANGE_PRESENCE &&
               change->as.presence.band != change->as.presence.from) {
        add_presence(model, change);
    }
}

void ladder_model_finding(struct ladder_model *model, const struct finding *finding)
{
    static const char letters[] = {
        [SEVERITY_NOTE] = 'N', [SEVERITY_WARNING] = 'W', [SEVERITY_ERROR] = 'E'};
    if (model->finding_count == model->finding_capacity) {
        model->finding_capacity = model->finding_capacity > 0 ? model->finding_capacity * 2 : 64;
        model->findings =
            memory_grow(model->findings, model->finding_capacity, sizeof *model->findings);
    }
    struct ladder_finding *kept = &model->findings[model->finding_count++];
    *kept = (struct ladder_finding){
        .id = finding->id,
        .severity = finding->severity,
        .label = text_format(&model->arena, "%c%" PRIu64, letters[finding->severity], finding->id),
        .rule = slice_of(finding->rule),
        .message = text_brief(finding->message, SENTENCE, &model->arena),
        .time = finding->time,
        .row = SIZE_MAX,
    };
    for (size_t i = 0; i < finding->evidence_count && i < LADDER_EVIDENCE; i++) {
        kept->evidence[kept->evidence_count] = finding->evidence[i];
        kept->evidence[kept->evidence_count++].row = NULL;
    }
}

/* ---- the end ---- */

struct place {
    uint32_t input;
    uint64_t record;
    uint64_t offset;
    size_t row;
};

static int compare_record(const struct place *a, const struct place *b)
{
    if (a->input != b->input) {
        return a->input < b->input ? -1 : 1;
    }
    return (a->record > b->record) - (a->record < b->record);
}

static int compare_places(const void *left, const void *right)
{
    const struct place *a = left;
    const struct place *b = right;
    int order = compare_record(a, b);
    if (order == 0) {
        order = (a->offset > b->offset) - (a->offset < b->offset);
    }
    return order != 0 ? order : (a->row > b->row) - (a->row < b->row);
}

static struct place *list_places(const struct ladder_model *model, size_t *out_count)
{
    struct place *places = memory_alloc((model->row_count + 1) * sizeof *places);
    size_t count = 0;
    for (size_t i = 0; i < model->row_count; i++) {
        const struct ladder_row *row = &model->rows[i];
        if (row->record > 0) {
            places[count++] = (struct place){row->input, row->record, row->stream_offset, i};
        }
    }
    qsort(places, count, sizeof *places, compare_places);
    *out_count = count;
    return places;
}

/* The message of that packet at that place of its stream, or else the first of that packet. */
static size_t find_place(const struct place *places, size_t count, const struct origin *origin)
{
    struct place wanted = {origin->input, origin->record, origin->stream_offset, 0};
    size_t low = 0;
    size_t high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare_places(&places[middle], &wanted) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    if (low < count && compare_record(&places[low], &wanted) == 0) {
        return places[low].row;
    }
    if (low > 0 && compare_record(&places[low - 1], &wanted) == 0) {
        return places[low - 1].row;
    }
    return SIZE_MAX;
}

static void place_findings(struct ladder_model *model)
{
    size_t count = 0;
    struct place *places = list_places(model, &count);
    for (size_t i = model->finding_count; i > 0; i--) {
        struct ladder_finding *finding = &model->findings[i - 1];
        for (size_t k = 0; k < finding->evidence_count && finding->row == SIZE_MAX; k++) {
            finding->row = find_place(places, count, &finding->evidence[k]);
        }
        if (finding->row != SIZE_MAX) {
            finding->next = model->rows[finding->row].finding;
            model->rows[finding->row].finding = (uint32_t)i;
        }
    }
    free(places);
}

static uint8_t presence_lane(const struct ladder_model *model, const struct ladder_row *row)
{
    struct slice user = row->receiver;
    if (row->from != LADDER_NO_LANE && model->lanes[row->from].client > 0 &&
        ladder_lane_has_user(&model->lanes[row->from], user)) {
        return row->from;
    }
    uint8_t lane = ladder_lane_of_user(model, user);
    return lane != LADDER_NO_LANE ? lane : row->to;
}

/* Each presence note finds its lane; what belongs to nobody shown gets none and is passed over. */
static void place_presence(struct ladder_model *model)
{
    for (size_t i = 0; i < model->row_count; i++) {
        struct ladder_row *row = &model->rows[i];
        if (row->kind == ROW_PRESENCE) {
            row->from = presence_lane(model, row);
        }
    }
}

void ladder_model_label(struct ladder_model *model, const struct flow_label *label)
{
    if (label->answer || model->steps.count >= model->limits.report_rows) {
        return; /* an answer need not repeat it; as many rows are there at most, and those beyond
                   are counted */
    }
    struct flow_label *kept = arena_alloc(&model->arena, sizeof *kept);
    *kept = *label;
    map_put(&model->steps, map_number_key(&label->message), kept);
}

static void place_steps(struct ladder_model *model)
{
    struct arena arena;
    arena_init(&arena);
    for (size_t i = 0; i < model->row_count; i++) {
        struct ladder_row *row = &model->rows[i];
        bool asks = row->kind == ROW_MESSAGE && row->request;
        const struct flow_label *label =
            asks ? map_find(&model->steps, map_number_key(&row->message)) : NULL;
        if (label) {
            row->step = ladder_model_keep(
                model, text_format(&arena, "%s %u %s", label->flow, label->number, label->step));
        }
        arena_reset(&arena);
    }
    arena_dispose(&arena);
}

void ladder_model_settle(struct ladder_model *model)
{
    finish_meaning(model);
    name_rooms(model);
    place_presence(model);
    place_findings(model);
    place_steps(model);
    ladder_lanes_settle(model);
    ladder_strip_settle(model);
}

struct slice ladder_row_meaning(const struct ladder_row *row, struct arena *arena)
{
    size_t at = slice_find_byte(row->meaning, MEANING_ROOM);
    if (at == SLICE_NONE) {
        return row->meaning;
    }
    struct slice name = row->room ? row->room->name : slice_of("a room");
    return text_format(arena, "%.*s%.*s%.*s", TEXT(slice_sub(row->meaning, 0, at)), TEXT(name),
                       TEXT(slice_from(row->meaning, at + 1)));
}

struct slice ladder_row_repeats(const struct ladder_row *row, struct arena *arena)
{
    struct slice text = slice_of("");
    if (row->again) {
        text = slice_of("retransmitted");
    } else if (row->repeats == 1) {
        text = slice_of("retransmitted once");
    } else if (row->repeats > 1) {
        text = text_format(arena, "retransmitted %" PRIu32 " times", row->repeats);
    }
    if (row->copies > 0) {
        text = text_format(arena, "%.*s%salso in another input", TEXT(text),
                           text.size > 0 ? ", " : "");
    }
    return text;
}

bool ladder_model_span(const struct ladder_model *model, int64_t *first, int64_t *last)
{
    *first = TIME_NONE;
    *last = TIME_NONE;
    for (size_t i = 0; i < model->row_count; i++) {
        int64_t time = model->rows[i].time;
        if (time != TIME_NONE) {
            *first = *first == TIME_NONE || time < *first ? time : *first;
            *last = *last == TIME_NONE || time > *last ? time : *last;
        }
    }
    return *first != TIME_NONE;
}
