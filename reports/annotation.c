/*
 * What is said of each packet: the gathering. See annotation.h.
 *
 * A message's meaning is complete when the next message comes; its copies elsewhere get it at
 * the end, as do the packets of flow labels and of posts that reach somebody later.
 */
#include "reports/annotation.h"

#include <inttypes.h>
#include <stdlib.h>

#include "analyzer/engine/bands.h"
#include "reports/annotation_model.h"
#include "reports/around.h"
#include "reports/text.h"

enum {
    TITLE = 40,      /* columns of "503 Service Unavailable" */
    MEANING = 400,   /* columns of what a message means */
    WORD = 120,      /* columns of a user or a token */
    SENTENCE = 2000, /* columns of a finding's sentence */
};

struct annotation *annotation_new(const struct annotation_options *options, struct map_seed seed,
                                  const struct limits *limits)
{
    struct annotation *annotation = memory_zero(1, sizeof *annotation);
    annotation->options = *options;
    annotation->limits = *limits;
    annotation->pending = SIZE_MAX;
    annotation->choice = choice_new(&options->choice, seed, limits);
    annotation->choice_sink = choice_sink(annotation->choice);
    arena_init(&annotation->arena);
    arena_init(&annotation->comments_arena);
    map_init(&annotation->texts, seed);
    map_init(&annotation->rooms, seed);
    map_init_numbers(&annotation->files, seed);
    meaning_init(&annotation->meaning);
    return annotation;
}

void annotation_free(struct annotation *annotation)
{
    choice_free(annotation->choice);
    meaning_dispose(&annotation->meaning);
    map_dispose(&annotation->rooms, free);
    map_dispose(&annotation->files, NULL);
    map_dispose(&annotation->texts, NULL);
    arena_dispose(&annotation->comments_arena);
    arena_dispose(&annotation->arena);
    free(annotation->sightings);
    free(annotation->remarks);
    free(annotation->findings);
    free(annotation->labels);
    free(annotation->deliveries);
    free(annotation->records);
    free(annotation);
}

/* ---- rows ---- */

struct slice annotation_keep(struct annotation *annotation, struct slice text)
{
    if (text.size == 0) {
        return slice_of("");
    }
    struct map_entry *entry = map_find_entry(&annotation->texts, text);
    return entry ? entry->key : map_put(&annotation->texts, text, annotation)->key;
}

/* Room for one more row of an array, or a count of what found none. */
static bool rows_take(struct annotation *annotation, struct rows *rows, void *array, size_t size)
{
    void **rows_of = array;
    if (rows->count >= annotation->limits.comments) {
        annotation->beyond++;
        return false;
    }
    if (rows->count == rows->capacity) {
        rows->capacity = rows->capacity > 0 ? rows->capacity * 2 : 256;
        *rows_of = memory_grow(*rows_of, rows->capacity, size);
    }
    rows->count++;
    return true;
}

void annotation_remark(struct annotation *annotation, const struct remark *remark)
{
    bool finding = remark->kind == REMARK_FINDING;
    struct rows *rows = finding ? &annotation->finding_rows : &annotation->remark_rows;
    struct remark **array = finding ? &annotation->findings : &annotation->remarks;
    if (remark->record > 0 && rows_take(annotation, rows, array, sizeof **array)) {
        struct remark *kept = &(*array)[rows->count - 1];
        *kept = *remark;
        kept->text = annotation_keep(annotation, remark->text);
        kept->place = annotation->places++;
    }
}

static void say(struct annotation *annotation, enum remark_kind kind, uint64_t record,
                struct slice text)
{
    const struct remark remark = {.record = record, .text = text, .kind = (uint8_t)kind};
    annotation_remark(annotation, &remark);
}

/* ---- rooms ---- */

static struct annotation_room *room_of(struct annotation *annotation, struct slice uri)
{
    struct annotation_room *room = map_find(&annotation->rooms, uri);
    if (!room && uri.size > 0 && annotation->rooms.count < annotation->limits.rooms) {
        room = memory_zero(1, sizeof *room);
        map_put(&annotation->rooms, uri, room);
    }
    return room;
}

static void learn_room(struct annotation *annotation, const struct room_change *change)
{
    struct annotation_room *room = change->name.size > 0 ? room_of(annotation, change->uri) : NULL;
    if (room) {
        room->name =
            annotation_keep(annotation, text_brief(change->name, WORD, &annotation->meaning.arena));
    }
}

/* Web calls name a file as it is stored; the chat command named it as users know it. */
static void learn_file(struct annotation *annotation, const struct file_change *file)
{
    if (file->token_hash == 0 || file->name.size == 0 ||
        annotation->files.count >= annotation->limits.report_rows ||
        map_find(&annotation->files, map_number_key(&file->token_hash))) {
        return;
    }
    struct slice *name = arena_alloc(&annotation->arena, sizeof *name);
    *name = annotation_keep(annotation, text_brief(file->name, WORD, &annotation->meaning.arena));
    map_put(&annotation->files, map_number_key(&file->token_hash), name);
}

static struct slice file_name(const struct annotation *annotation, const struct http_fact *fact)
{
    const struct slice *name =
        fact->has_token ? map_find(&annotation->files, map_number_key(&fact->token_hash)) : NULL;
    return name ? *name : slice_of("");
}

/* ---- messages ---- */

void annotation_finish_message(struct annotation *annotation)
{
    if (annotation->pending == SIZE_MAX) {
        return;
    }
    struct sighting *sighting = &annotation->sightings[annotation->pending];
    sighting->meaning = annotation_keep(annotation, meaning_text(&annotation->meaning, MEANING));
    sighting->room = room_of(annotation, annotation->meaning.room);
    annotation->pending = SIZE_MAX;
}

static struct slice title_of(struct annotation *annotation, const struct message *message)
{
    struct arena *arena = &annotation->meaning.arena;
    if (message->request) {
        return annotation_keep(annotation, text_brief(message->method_name, TITLE, arena));
    }
    struct slice reason = text_brief(message->reason, TITLE, arena);
    return annotation_keep(annotation,
                           text_format(arena, "%u %.*s", message->status, TEXT(reason)));
}

static void take_message(struct annotation *annotation, const struct message *message)
{
    annotation_finish_message(annotation);
    meaning_begin(&annotation->meaning, message);
    if (message->observed.origin.record == 0 ||
        !rows_take(annotation, &annotation->sighting_rows, &annotation->sightings,
                   sizeof *annotation->sightings)) {
        return;
    }
    size_t index = annotation->sighting_rows.count - 1;
    annotation->sightings[index] = (struct sighting){
        .record = message->observed.origin.record,
        .message = message->id,
        .dialog = message->dialog,
        .title = title_of(annotation, message),
        .meaning = slice_of(""),
        .place = annotation->places++,
        .role = (uint8_t)message->role,
    };
    annotation->pending = index;
}

/* ---- what is no message ---- */

static void take_around(struct annotation *annotation, const struct event *event)
{
    struct arena arena;
    arena_init(&arena);
    struct around words =
        event->kind == EVENT_HTTP
            ? around_http(&event->as.http, file_name(annotation, &event->as.http), &arena)
            : around_dns(&event->as.dns, &arena);
    const char *colon = words.meaning.size > 0 ? ": " : "";
    say(annotation, REMARK_AROUND, event->origin.record,
        text_format(&arena, "ocsight around %.*s%s%.*s", TEXT(words.title), colon,
                    TEXT(words.meaning)));
    arena_dispose(&arena);
}

/* What is meant by a kind; where the fact has words of its own, those. */
static struct slice coverage_words(const struct coverage_fact *fact, struct arena *arena)
{
    static const char *const words[] = {
        [COVERAGE_COMPRESSED] = "not readable from here on",
        [COVERAGE_ENCRYPTED] = "not readable without keys",
        [COVERAGE_GAP] = "bytes are missing",
        [COVERAGE_TRUNCATED] = "the capture breaks off",
        [COVERAGE_ONE_SIDED] = "only one direction was captured",
        [COVERAGE_NO_SIP] = "nothing in this capture is SIP that can be read",
        [COVERAGE_CLOCK] = "record times go backwards",
        [COVERAGE_CAP] = "a limit was reached",
    };
    if (fact->kind == COVERAGE_GAP && fact->bytes > 0) {
        return text_format(arena, "%" PRIu64 " bytes are missing", fact->bytes);
    }
    if (fact->kind == COVERAGE_CAP) {
        return text_format(arena, "the limit %.*s was reached",
                           TEXT(text_brief(fact->detail, WORD, arena)));
    }
    return fact->kind == COVERAGE_TRUNCATED && fact->detail.size > 0
               ? text_brief(fact->detail, WORD, arena)
               : slice_of(words[fact->kind]);
}

static void take_coverage(struct annotation *annotation, const struct event *event)
{
    enum { PREFIX = sizeof "coverage-" - 1 };
    const struct coverage_fact *fact = &event->as.coverage;
    char source[ADDRESS_TEXT];
    char destination[ADDRESS_TEXT];
    struct arena arena;
    arena_init(&arena);
    struct slice kind = slice_from(slice_of(coverage_kind_name(fact->kind)), PREFIX);
    struct slice words = coverage_words(fact, &arena);
    if (fact->source.family != ADDRESS_NONE) {
        address_text(&fact->source, source);
        address_text(&fact->destination, destination);
        words = text_format(&arena, "%.*s: %s to %s", TEXT(words), source, destination);
    }
    say(annotation, REMARK_COVERAGE, event->origin.record,
        text_format(&arena, "ocsight coverage %.*s: %.*s", TEXT(kind), TEXT(words)));
    arena_dispose(&arena);
}

static void take_event(void *context, const struct event *event)
{
    struct annotation *annotation = context;
    annotation->choice_sink.event(annotation->choice_sink.context, event);
    switch (event->kind) {
    case EVENT_MESSAGE:
        take_message(annotation, event->message);
        break;
    case EVENT_HTTP:
    case EVENT_DNS:
        take_around(annotation, event);
        break;
    case EVENT_COVERAGE:
        take_coverage(annotation, event);
        break;
    default:
        if (annotation->pending != SIZE_MAX && event->message &&
            event->message->id == annotation->sightings[annotation->pending].message) {
            meaning_add(&annotation->meaning, event);
        }
        break;
    }
}

/* ---- changes ---- */

/* "Busy (6500), on-the-phone; aggregate" */
static void take_presence(struct annotation *annotation, const struct change *change)
{
    const struct presence_change *said = &change->as.presence;
    struct arena arena;
    arena_init(&arena);
    struct slice text =
        text_format(&arena, "ocsight presence %.*s: %s", TEXT(text_brief(said->user, WORD, &arena)),
                    band_title(said->band));
    if (said->availability != AVAILABILITY_NONE) {
        text = text_format(&arena, "%.*s (%" PRId64 ")", TEXT(text), said->availability);
    }
    if (said->activity.size > 0) {
        text = text_format(&arena, "%.*s, %.*s", TEXT(text),
                           TEXT(text_brief(said->activity, WORD, &arena)));
    }
    text = text_format(&arena, "%.*s; %s", TEXT(text), presence_source_name(said->source));
    say(annotation, REMARK_PRESENCE, change->origin.record, text);
    arena_dispose(&arena);
}

static void keep_delivery(struct annotation *annotation, uint64_t post, struct slice user)
{
    if (post > 0 && rows_take(annotation, &annotation->delivery_rows, &annotation->deliveries,
                              sizeof *annotation->deliveries)) {
        annotation->deliveries[annotation->delivery_rows.count - 1] = (struct delivery){
            .post = post,
            .user = annotation_keep(annotation, user),
        };
    }
}

/* A copy says which post it is of; the post says at the end whom it reached. */
static void take_copy(struct annotation *annotation, const struct change *change)
{
    const struct post_change *post = &change->as.post;
    struct arena arena;
    arena_init(&arena);
    const char *what = post->state == POST_DUPLICATE ? "another copy" : "copy";
    struct slice user = text_brief(post->session.user, WORD, &arena);
    struct slice text =
        post->post.record > 0
            ? text_format(&arena, "ocsight delivery %s of the post of packet %" PRIu64 " to %.*s",
                          what, post->post.record, TEXT(user))
            : text_format(&arena, "ocsight delivery %s of a post that was not captured, to %.*s",
                          what, TEXT(user));
    say(annotation, REMARK_DELIVERY, change->origin.record, text);
    if (post->state == POST_DELIVERED) {
        keep_delivery(annotation, post->post.record, user);
    }
    arena_dispose(&arena);
}

static void take_change(void *context, const struct change *change)
{
    struct annotation *annotation = context;
    if (annotation->choice_sink.change) {
        annotation->choice_sink.change(annotation->choice_sink.context, change);
    }
    if (change->kind == CHANGE_ROOM) {
        learn_room(annotation, &change->as.room);
    } else if (change->kind == CHANGE_FILE) {
        learn_file(annotation, &change->as.file);
    } else if (change->kind == CHANGE_PRESENCE && change->time == change->origin.time) {
        take_presence(annotation, change);
    } else if (change->kind == CHANGE_POST && (change->as.post.state == POST_DELIVERED ||
                                               change->as.post.state == POST_DUPLICATE)) {
        take_copy(annotation, change);
    }
}

/* ---- findings and flows ---- */

/* Else it is a line of an export. */
static bool is_packet(const struct origin *origin)
{
    return origin->input == 0 && !origin->row;
}

static void take_finding(void *context, const struct finding *finding)
{
    static const char letters[] = {
        [SEVERITY_NOTE] = 'N', [SEVERITY_WARNING] = 'W', [SEVERITY_ERROR] = 'E'};
    struct annotation *annotation = context;
    struct arena arena;
    arena_init(&arena);
    if (annotation->choice_sink.finding) {
        annotation->choice_sink.finding(annotation->choice_sink.context, finding);
    }
    struct slice text =
        text_format(&arena, "ocsight finding %c%" PRIu64 " %s %s: %.*s", letters[finding->severity],
                    finding->id, severity_name(finding->severity), finding->rule,
                    TEXT(text_brief(finding->message, SENTENCE, &arena)));
    if (finding->evidence_more > 0) {
        text = text_format(&arena, "%.*s (and %" PRIu64 " more packets)", TEXT(text),
                           finding->evidence_more);
    }
    for (size_t i = 0; i < finding->evidence_count; i++) {
        const struct origin *origin = &finding->evidence[i];
        const struct remark remark = {
            .record = origin->record, .finding = finding->id, .text = text, .kind = REMARK_FINDING};
        if (is_packet(origin)) {
            annotation_remark(annotation, &remark);
        }
    }
    arena_dispose(&arena);
}

static void take_label(void *context, const struct flow_label *label)
{
    struct annotation *annotation = context;
    if (annotation->choice_sink.label) {
        annotation->choice_sink.label(annotation->choice_sink.context, label);
    }
    if (rows_take(annotation, &annotation->label_rows, &annotation->labels,
                  sizeof *annotation->labels)) {
        annotation->labels[annotation->label_rows.count - 1] = *label;
    }
}

/* A message has the label of one step; flows that have it as theirs, too, say so at their end. */
static void take_flow(void *context, const struct flow_view *flow)
{
    struct annotation *annotation = context;
    struct arena arena;
    arena_init(&arena);
    if (annotation->choice_sink.flow) {
        annotation->choice_sink.flow(annotation->choice_sink.context, flow);
    }
    for (size_t i = 0; i < flow->step_count; i++) {
        const struct flow_step_view *step = &flow->steps[i];
        bool misplaced = step->outcome == FLOW_STEP_MISPLACED;
        if (is_packet(&step->origin) && (misplaced || step->outcome == FLOW_STEP_SEEN)) {
            say(annotation, REMARK_FLOW, step->origin.record,
                text_format(&arena, "ocsight flow %s %u %s%s", flow->flow, step->number, step->name,
                            misplaced ? " (misplaced)" : ""));
        }
    }
    arena_dispose(&arena);
}

struct sink annotation_sink(struct annotation *annotation)
{
    return (struct sink){.context = annotation,
                         .event = take_event,
                         .change = take_change,
                         .finding = take_finding,
                         .label = take_label,
                         .flow = take_flow};
}
