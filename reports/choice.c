/*
 * Which part of a run is shown: what is remembered of it, and the answers. See choice.h.
 */
#include "reports/choice_parts.h"

#include <inttypes.h>
#include <stdlib.h>

#include "reports/text.h"

enum { NAMED = 80 }; /* columns of a Call-ID or a flow's name in a sentence */

static unsigned marks_wanted(const struct choice_options *options)
{
    return (options->dialog.size > 0 ? (unsigned)MARK_DIALOG : 0) |
           (options->flow.size > 0 ? (unsigned)MARK_FLOW : 0) |
           (options->finding > 0 ? (unsigned)MARK_FINDING : 0);
}

/* "7", or "#7" as the dialogs report prints it; 0 = it is no number. */
static uint64_t number_of(struct slice text)
{
    uint64_t number = 0;
    struct slice digits = slice_starts(text, slice_of("#")) ? slice_from(text, 1) : text;
    return slice_to_u64(digits, &number) ? number : 0;
}

struct choice *choice_new(const struct choice_options *options, struct map_seed seed,
                          const struct limits *limits)
{
    struct choice *choice = memory_zero(1, sizeof *choice);
    choice->options = *options;
    choice->limits = *limits;
    choice->seed = seed;
    choice->wanted = marks_wanted(options);
    choice->first = TIME_NONE;
    choice->last = TIME_NONE;
    choice->number = number_of(options->dialog);
    arena_init(&choice->arena);
    map_init_numbers(&choice->messages, seed);
    map_init(&choice->users, seed);
    map_init_numbers(&choice->steps, seed);
    map_init_numbers(&choice->shown, seed);
    return choice;
}

void choice_free(struct choice *choice)
{
    if (!choice) {
        return;
    }
    map_dispose(&choice->messages, NULL);
    map_dispose(&choice->users, NULL);
    map_dispose(&choice->steps, NULL);
    map_dispose(&choice->shown, NULL);
    arena_dispose(&choice->arena);
    free(choice->places);
    free(choice->proofs);
    free(choice);
}

bool choice_is_narrow(const struct choice *choice)
{
    return choice->wanted != 0;
}

/* ---- what passes ---- */

static struct choice_entry *entry_add(struct choice *choice, enum choice_kind kind)
{
    if (choice->entry_count >= choice->limits.report_rows) {
        choice->beyond++;
        return NULL;
    }
    struct choice_entry *entry = arena_zero(&choice->arena, 1, sizeof *entry);
    entry->kind = (uint8_t)kind;
    entry->first = TIME_NONE;
    entry->last = TIME_NONE;
    if (choice->last_entry) {
        choice->last_entry->next = entry;
    } else {
        choice->first_entry = entry;
    }
    choice->last_entry = entry;
    choice->entry_count++;
    return entry;
}

static void place_add(struct choice *choice, struct choice_entry *entry,
                      const struct origin *origin)
{
    if (origin->time != TIME_NONE) {
        bool starts = entry->first == TIME_NONE || origin->time < entry->first;
        entry->first = starts ? origin->time : entry->first;
        entry->last = origin->time > entry->last ? origin->time : entry->last;
    }
    if (origin->record == 0) {
        return;
    }
    if (choice->place_count >= choice->limits.report_rows) {
        choice->beyond++;
        return;
    }
    if (choice->place_count == choice->place_capacity) {
        choice->place_capacity = choice->place_capacity > 0 ? choice->place_capacity * 2 : 256;
        choice->places =
            memory_grow(choice->places, choice->place_capacity, sizeof *choice->places);
    }
    choice->places[choice->place_count++] =
        (struct choice_place){origin->input, origin->record, origin->stream_offset, entry};
}

static struct choice_user *user_of(struct choice *choice, struct slice name)
{
    struct choice_user *user = name.size > 0 ? map_find(&choice->users, name) : NULL;
    if (user || name.size == 0) {
        return user;
    }
    if (choice->users.count >= choice->limits.users) {
        choice->beyond++;
        return NULL;
    }
    user = arena_zero(&choice->arena, 1, sizeof *user);
    map_put(&choice->users, name, user);
    return user;
}

static uint64_t host_hash(const struct choice *choice, const struct address *address)
{
    char key[19];
    for (size_t i = 0; i < 16; i++) {
        key[i] = (char)address->bytes[i];
    }
    key[16] = (char)address->family;
    key[17] = (char)(address->port >> 8);
    key[18] = (char)address->port;
    return map_hash(choice->seed, (struct slice){key, sizeof key});
}

/* The same for both directions. */
static uint64_t path_of(const struct choice *choice, const struct address *a,
                        const struct address *b)
{
    if (a->family == ADDRESS_NONE || b->family == ADDRESS_NONE) {
        return 0;
    }
    return host_hash(choice, a) + host_hash(choice, b);
}

static void note_message(struct choice *choice, struct choice_entry *entry,
                         const struct message *message)
{
    entry->id = message->id;
    entry->exchange = message->transaction;
    entry->path = path_of(choice, &message->observed.source, &message->observed.destination);
    entry->from = message->from.service ? NULL : user_of(choice, message->from.user);
    entry->to = message->to.service ? NULL : user_of(choice, message->to.user);
    if (choice->options.dialog.size > 0 && slice_equal(choice->options.dialog, message->call_id)) {
        entry->marks |= MARK_CALL_ID;
    }
}

static void take_message(struct choice *choice, const struct message *message)
{
    struct choice_entry *entry = map_find(&choice->messages, map_number_key(&message->id));
    if (!entry) {
        entry = entry_add(choice, CHOICE_MESSAGE);
        if (!entry) {
            return;
        }
        note_message(choice, entry, message);
        map_put(&choice->messages, map_number_key(&message->id), entry);
    }
    entry->dialog = message->dialog > 0 ? message->dialog : entry->dialog;
    if (choice->number > 0 && message->dialog == choice->number) {
        entry->marks |= MARK_NUMBER;
    }
    place_add(choice, entry, &message->observed.origin);
}

/* A question and its answer share the number and both addresses. */
static uint64_t lookup_exchange(const struct choice *choice, const struct dns_fact *dns)
{
    uint64_t words[2] = {path_of(choice, &dns->client, &dns->server), dns->id};
    return map_hash(choice->seed, (struct slice){(const char *)words, sizeof words});
}

static void take_beside(struct choice *choice, const struct event *event)
{
    bool web = event->kind == EVENT_HTTP;
    struct choice_entry *entry = entry_add(choice, web ? CHOICE_WEB : CHOICE_LOOKUP);
    if (!entry) {
        return;
    }
    if (web) {
        const struct http_fact *http = &event->as.http;
        entry->exchange = http->exchange;
        entry->path = path_of(choice, &http->client, &http->server);
    } else {
        const struct dns_fact *dns = &event->as.dns;
        entry->exchange = lookup_exchange(choice, dns);
        entry->path = path_of(choice, &dns->client, &dns->server);
    }
    place_add(choice, entry, &event->origin);
}

static void take_coverage(struct choice *choice, const struct event *event)
{
    struct choice_entry *entry = event->origin.record > 0 ? entry_add(choice, CHOICE_GAP) : NULL;
    if (entry) {
        const struct coverage_fact *fact = &event->as.coverage;
        entry->path = path_of(choice, &fact->source, &fact->destination);
        place_add(choice, entry, &event->origin);
    }
}

/* Whoever takes commands, answers them or tells of others is a chat service. */
static void take_chat(struct choice *choice, const struct event *event)
{
    const struct message *message = event->message;
    enum chat_class class = event->as.chat.class;
    if (!message || (class != CHAT_COMMAND && class != CHAT_REPLY && class != CHAT_NOTICE)) {
        return;
    }
    const struct sip_party *service = class == CHAT_COMMAND ? &message->to : &message->from;
    struct choice_user *user = user_of(choice, service->user);
    if (user) {
        user->service = true;
    }
}

static void take_event(void *context, const struct event *event)
{
    struct choice *choice = context;
    if (!choice_is_narrow(choice)) {
        return;
    }
    switch (event->kind) {
    case EVENT_MESSAGE:
        take_message(choice, event->message);
        break;
    case EVENT_HTTP:
    case EVENT_DNS:
        take_beside(choice, event);
        break;
    case EVENT_COVERAGE:
        take_coverage(choice, event);
        break;
    case EVENT_CHAT:
        take_chat(choice, event);
        break;
    default:
        break;
    }
}

static void proof_add(struct choice *choice, uint64_t finding, const struct origin *origin)
{
    if (origin->record == 0 || origin->row) {
        return;
    }
    if (choice->proof_count >= choice->limits.report_rows) {
        choice->beyond++;
        return;
    }
    if (choice->proof_count == choice->proof_capacity) {
        choice->proof_capacity = choice->proof_capacity > 0 ? choice->proof_capacity * 2 : 64;
        choice->proofs =
            memory_grow(choice->proofs, choice->proof_capacity, sizeof *choice->proofs);
    }
    choice->proofs[choice->proof_count++] = (struct choice_proof){
        finding, origin->input, origin->record, origin->stream_offset, origin->time};
}

/* Those that are named are parties even if none of the packets that prove it names them. */
static void take_wanted_finding(struct choice *choice, const struct finding *finding)
{
    struct slice names[] = {finding->user, finding->peer};
    choice->found = true;
    choice->found_time = finding->time;
    choice->found_rule = finding->rule;
    for (size_t i = 0; i < 2; i++) {
        struct choice_user *user = names[i].size > 0 ? map_find(&choice->users, names[i]) : NULL;
        if (user) {
            user->party = true;
        }
    }
}

static void take_finding(void *context, const struct finding *finding)
{
    struct choice *choice = context;
    if (!choice_is_narrow(choice)) {
        return;
    }
    choice->findings++;
    if (finding->id == choice->options.finding) {
        take_wanted_finding(choice, finding);
    }
    for (size_t i = 0; i < finding->evidence_count; i++) {
        proof_add(choice, finding->id, &finding->evidence[i]);
    }
}

static void take_label(void *context, const struct flow_label *label)
{
    struct choice *choice = context;
    if (choice->options.flow.size == 0 ||
        !slice_equal(choice->options.flow, slice_of(label->flow))) {
        return;
    }
    if (choice->steps.count >= choice->limits.report_rows) {
        choice->beyond++;
        return;
    }
    map_put(&choice->steps, map_number_key(&label->message), choice);
}

/* Steps beside SIP have no label. */
static void take_flow(void *context, const struct flow_view *flow)
{
    struct choice *choice = context;
    if (choice->options.flow.size == 0 ||
        !slice_equal(choice->options.flow, slice_of(flow->flow))) {
        return;
    }
    for (size_t i = 0; i < flow->step_count; i++) {
        proof_add(choice, 0, &flow->steps[i].origin);
    }
}

struct sink choice_sink(struct choice *choice)
{
    return (struct sink){choice, take_event, NULL, take_finding, take_label, take_flow};
}

/* ---- the end ---- */

static int compare_places(const void *left, const void *right)
{
    const struct choice_place *a = left;
    const struct choice_place *b = right;
    if (a->input != b->input) {
        return a->input < b->input ? -1 : 1;
    }
    if (a->record != b->record) {
        return a->record < b->record ? -1 : 1;
    }
    return (a->offset > b->offset) - (a->offset < b->offset);
}

size_t choice_place_find(const struct choice *choice, uint32_t input, uint64_t record,
                         uint64_t offset)
{
    struct choice_place wanted = {input, record, offset, NULL};
    size_t low = 0;
    size_t high = choice->place_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare_places(&choice->places[middle], &wanted) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* Why nothing was chosen; the first cause in the order of the options. */
static struct slice problem_of(struct choice *choice)
{
    struct arena *arena = &choice->arena;
    const struct choice_options *options = &choice->options;
    unsigned seen = 0;
    for (const struct choice_entry *entry = choice->first_entry; entry; entry = entry->next) {
        seen |= entry->marks;
    }
    if ((choice->wanted & MARK_DIALOG) && !(seen & MARK_DIALOG)) {
        return text_format(arena, "there is no dialog '%.*s'; the dialogs command lists them",
                           TEXT(text_brief(options->dialog, NAMED, arena)));
    }
    if ((choice->wanted & MARK_FLOW) && !(seen & MARK_FLOW)) {
        return text_format(arena, "no call flow '%.*s'; the flows command lists those recognised",
                           TEXT(text_brief(options->flow, NAMED, arena)));
    }
    if ((choice->wanted & MARK_FINDING) && !choice->found) {
        return text_format(arena,
                           "there is no finding %" PRIu64 " among %" PRIu64
                           "; the audit command lists them",
                           options->finding, choice->findings);
    }
    if ((choice->wanted & MARK_FINDING) && !(seen & MARK_FINDING)) {
        return text_format(arena, "finding %" PRIu64 " (%s) has no packet that can be shown",
                           options->finding, choice->found_rule);
    }
    return (seen & MARK_CHOSEN) ? slice_of("") : slice_of("nothing is in all that was chosen");
}

static struct slice words_of(struct choice *choice)
{
    struct arena *arena = &choice->arena;
    const struct choice_options *options = &choice->options;
    struct slice text = slice_of("only");
    const char *between = " ";
    if (options->finding > 0) {
        text = text_format(arena, "only finding %" PRIu64 " and its dialogs", options->finding);
        between = ", in ";
    }
    if (options->dialog.size > 0) {
        text = text_format(arena, "%.*s%sdialog %.*s", TEXT(text), between,
                           TEXT(text_brief(options->dialog, NAMED, arena)));
        between = ", in ";
    }
    if (options->flow.size > 0) {
        text = text_format(arena, "%.*s%sthe call flow %.*s", TEXT(text), between,
                           TEXT(text_brief(options->flow, NAMED, arena)));
    }
    if (options->related) {
        text = text_format(arena, "%.*s, with the other dialogs of the same users", TEXT(text));
    }
    if (choice->beyond > 0) {
        text = text_format(arena, "%.*s (%" PRIu64 " more found no room, limit report_rows)",
                           TEXT(text), choice->beyond);
    }
    return text;
}

void choice_settle(struct choice *choice)
{
    if (!choice_is_narrow(choice) || choice->words.size > 0) {
        return;
    }
    if (choice->place_count > 0) {
        qsort(choice->places, choice->place_count, sizeof *choice->places, compare_places);
    }
    choice_mark(choice);
    choice->problem = problem_of(choice);
    choice->words = words_of(choice);
}

/* ---- answers ---- */

const char *choice_problem(const struct choice *choice)
{
    return choice->problem.size > 0 ? choice->problem.data : NULL;
}

const char *choice_words(const struct choice *choice)
{
    return choice->words.size > 0 ? choice->words.data : "";
}

bool choice_has_message(const struct choice *choice, uint64_t message)
{
    if (!choice_is_narrow(choice)) {
        return true;
    }
    const struct choice_entry *entry = map_find(&choice->messages, map_number_key(&message));
    return entry && (entry->marks & MARK_CHOSEN);
}

bool choice_has_finding(const struct choice *choice, uint64_t finding)
{
    return !choice_is_narrow(choice) || map_find(&choice->shown, map_number_key(&finding)) != NULL;
}

bool choice_has_place(const struct choice *choice, const struct origin *origin)
{
    if (!choice_is_narrow(choice)) {
        return true;
    }
    struct choice_place wanted = {origin->input, origin->record, origin->stream_offset, NULL};
    for (size_t i = choice_place_find(choice, wanted.input, wanted.record, wanted.offset);
         i < choice->place_count && compare_places(&choice->places[i], &wanted) == 0; i++) {
        if (choice->places[i].entry->marks & MARK_CHOSEN) {
            return true;
        }
    }
    return false;
}

bool choice_has_user(const struct choice *choice, struct slice user)
{
    if (!choice_is_narrow(choice)) {
        return true;
    }
    const struct choice_user *known = map_find(&choice->users, user);
    return known && known->shown;
}

bool choice_span(const struct choice *choice, int64_t *first, int64_t *last)
{
    *first = choice->first;
    *last = choice->last;
    return choice->first != TIME_NONE;
}
