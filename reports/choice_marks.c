/*
 * Which part of a run is shown: what is chosen, worked out after the last event.
 *
 * Each option marks messages for itself; chosen is what has all the marks that were asked for.
 * See choice.h.
 */
#include <stdlib.h>

#include "reports/choice_parts.h"

/* What happens so shortly before or after may explain it. */
#define AROUND (5 * TIME_SECOND)

/* ---- spreading a mark ---- */

static uint64_t exchange_of(const struct choice_entry *entry)
{
    return entry->exchange;
}

static uint64_t dialog_of(const struct choice_entry *entry)
{
    return entry->dialog;
}

/* Whatever shares that number with something marked `from` is marked `to`. */
static void spread(struct choice *choice, unsigned from, unsigned to,
                   uint64_t (*of)(const struct choice_entry *))
{
    struct map marked;
    map_init_numbers(&marked, choice->seed);
    for (const struct choice_entry *entry = choice->first_entry; entry; entry = entry->next) {
        uint64_t key[2] = {entry->kind, of(entry)};
        if ((entry->marks & from) && key[1] != 0) {
            map_put(&marked, (struct slice){(const char *)key, sizeof key}, choice);
        }
    }
    for (struct choice_entry *entry = choice->first_entry; entry; entry = entry->next) {
        uint64_t key[2] = {entry->kind, of(entry)};
        if ((entry->marks & from) ||
            (key[1] != 0 && map_find(&marked, (struct slice){(const char *)key, sizeof key}))) {
            entry->marks |= (uint8_t)to;
        }
    }
    map_dispose(&marked, NULL);
}

/* ---- places ---- */

static bool is_at(const struct choice_place *place, const struct choice_proof *proof)
{
    return place->input == proof->input && place->record == proof->record;
}

/* What is at that place of the stream, or else all that the packet completed. */
static void mark_place(struct choice *choice, const struct choice_proof *proof, unsigned mark)
{
    size_t at = choice_place_find(choice, proof->input, proof->record, proof->offset);
    bool exact = at < choice->place_count && is_at(&choice->places[at], proof) &&
                 choice->places[at].offset == proof->offset;
    at = exact ? at : choice_place_find(choice, proof->input, proof->record, 0);
    for (; at < choice->place_count && is_at(&choice->places[at], proof); at++) {
        if (exact && choice->places[at].offset != proof->offset) {
            break;
        }
        choice->places[at].entry->marks |= (uint8_t)mark;
    }
}

/* Of a packet without a message at that very place, the message next to it counts. */
static bool is_shown(const struct choice *choice, const struct choice_proof *proof)
{
    size_t at = choice_place_find(choice, proof->input, proof->record, proof->offset);
    if (at == choice->place_count || !is_at(&choice->places[at], proof)) {
        if (at == 0 || !is_at(&choice->places[at - 1], proof)) {
            return false;
        }
        at--;
    }
    uint64_t offset = choice->places[at].offset;
    for (; at < choice->place_count && is_at(&choice->places[at], proof) &&
           choice->places[at].offset == offset;
         at++) {
        if (choice->places[at].entry->marks & MARK_CHOSEN) {
            return true;
        }
    }
    return false;
}

/* ---- --dialog, --flow ---- */

/* A number that no dialog has may still be a Call-ID. */
static void mark_dialog(struct choice *choice)
{
    unsigned by = MARK_CALL_ID;
    for (const struct choice_entry *entry = choice->first_entry; entry; entry = entry->next) {
        by = entry->marks & MARK_NUMBER ? (unsigned)MARK_NUMBER : by;
    }
    for (struct choice_entry *entry = choice->first_entry; entry; entry = entry->next) {
        if (entry->marks & by) {
            entry->marks |= MARK_DIALOG;
        }
    }
}

static void mark_flow(struct choice *choice)
{
    for (struct choice_entry *entry = choice->first_entry; entry; entry = entry->next) {
        if (entry->kind == CHOICE_MESSAGE && map_find(&choice->steps, map_number_key(&entry->id))) {
            entry->marks |= MARK_FLOW;
        }
    }
    for (size_t i = 0; i < choice->proof_count; i++) {
        if (choice->proofs[i].finding == 0) {
            mark_place(choice, &choice->proofs[i], MARK_FLOW);
        }
    }
    spread(choice, MARK_FLOW, MARK_FLOW, exchange_of);
}

/* ---- --finding ---- */

/* The surroundings of a finding: when, and who or at least where. */
struct around {
    int64_t *times; /* of its packets */
    size_t time_count;
    bool users;       /* some are known */
    struct map paths; /* otherwise the connections that its packets are of */
};

static bool is_party(const struct choice_user *user)
{
    return user && user->party && !user->service;
}

static void note_parties(struct choice *choice, struct around *around)
{
    for (const struct choice_entry *entry = choice->first_entry; entry; entry = entry->next) {
        if (!(entry->marks & MARK_EVIDENCE)) {
            continue;
        }
        if (entry->from) {
            entry->from->party = true;
        }
        if (entry->to) {
            entry->to->party = true;
        }
        if (entry->path != 0) {
            map_put(&around->paths, map_number_key(&entry->path), choice);
        }
    }
    for (const struct map_entry *entry = choice->users.first; entry; entry = entry->next) {
        around->users = around->users || is_party(entry->value);
    }
}

static bool is_soon(const struct around *around, int64_t time)
{
    for (size_t i = 0; i < around->time_count; i++) {
        int64_t apart = time_apart(time, around->times[i]);
        if (apart >= -AROUND && apart <= AROUND) {
            return true;
        }
    }
    return false;
}

static bool is_around(const struct around *around, const struct choice_entry *entry)
{
    if (entry->first == TIME_NONE) {
        return false;
    }
    if (around->users && !is_party(entry->from) && !is_party(entry->to)) {
        return false;
    }
    if (!around->users && around->paths.count > 0 &&
        !map_find(&around->paths, map_number_key(&entry->path))) {
        return false;
    }
    return is_soon(around, entry->first);
}

static void note_times(const struct choice *choice, struct around *around)
{
    around->times = memory_alloc((choice->limits.evidence + 1) * sizeof *around->times);
    for (size_t i = 0; i < choice->proof_count; i++) {
        const struct choice_proof *proof = &choice->proofs[i];
        if (proof->finding == choice->options.finding && proof->time != TIME_NONE &&
            around->time_count < choice->limits.evidence) {
            around->times[around->time_count++] = proof->time;
        }
    }
    if (choice->found_time != TIME_NONE) {
        around->times[around->time_count++] = choice->found_time;
    }
}

static void mark_around(struct choice *choice)
{
    struct around around = {.times = NULL};
    map_init_numbers(&around.paths, choice->seed);
    note_times(choice, &around);
    note_parties(choice, &around);
    for (struct choice_entry *entry = choice->first_entry; entry; entry = entry->next) {
        if (is_around(&around, entry)) {
            entry->marks |= MARK_FINDING;
        }
    }
    map_dispose(&around.paths, NULL);
    free(around.times);
}

static void mark_finding(struct choice *choice)
{
    if (!choice->found) {
        return;
    }
    for (size_t i = 0; i < choice->proof_count; i++) {
        if (choice->proofs[i].finding == choice->options.finding) {
            mark_place(choice, &choice->proofs[i], MARK_EVIDENCE);
        }
    }
    mark_around(choice);
    spread(choice, MARK_EVIDENCE, MARK_EVIDENCE, exchange_of);
    spread(choice, MARK_EVIDENCE, MARK_FINDING, dialog_of);
    spread(choice, MARK_FINDING, MARK_FINDING, exchange_of);
}

/* ---- what is chosen ---- */

static void note_span(struct choice *choice, const struct choice_entry *entry)
{
    if (entry->first == TIME_NONE) {
        return;
    }
    bool starts = choice->first == TIME_NONE || entry->first < choice->first;
    choice->first = starts ? entry->first : choice->first;
    choice->last = entry->last > choice->last ? entry->last : choice->last;
}

static void note_user(struct choice_user *user)
{
    if (user && !user->service) {
        user->shown = true;
    }
}

/* Who was chosen with what, and when. */
static void note_chosen(struct choice *choice)
{
    for (const struct choice_entry *entry = choice->first_entry; entry; entry = entry->next) {
        if ((entry->marks & MARK_CHOSEN) && entry->kind != CHOICE_GAP) {
            note_span(choice, entry);
            note_user(entry->from);
            note_user(entry->to);
        }
    }
}

static void choose(struct choice *choice)
{
    for (struct choice_entry *entry = choice->first_entry; entry; entry = entry->next) {
        if ((entry->marks & choice->wanted) == choice->wanted) {
            entry->marks |= MARK_CHOSEN;
        }
    }
}

/* While what was chosen went on, or so long before or after it. */
static bool in_span(const struct choice *choice, const struct choice_entry *entry, int64_t margin)
{
    return choice->first != TIME_NONE && entry->first != TIME_NONE &&
           time_add(entry->last, margin) >= choice->first &&
           time_add(entry->first, -margin) <= choice->last;
}

static bool is_shown_user(const struct choice_user *user)
{
    return user && user->shown;
}

/*
 * Other messages of the same users in that time, with their answers. What led to a dialog ends
 * shortly before it begins, so it counts, too.
 */
static void choose_related(struct choice *choice)
{
    for (struct choice_entry *entry = choice->first_entry; entry; entry = entry->next) {
        if (entry->kind == CHOICE_MESSAGE && in_span(choice, entry, AROUND) &&
            (is_shown_user(entry->from) || is_shown_user(entry->to))) {
            entry->marks |= MARK_CHOSEN;
        }
    }
    spread(choice, MARK_CHOSEN, MARK_CHOSEN, exchange_of);
}

/* What is missing of a connection matters to all that is shown of it. */
static void choose_gaps(struct choice *choice)
{
    struct map paths;
    map_init_numbers(&paths, choice->seed);
    for (const struct choice_entry *entry = choice->first_entry; entry; entry = entry->next) {
        if ((entry->marks & MARK_CHOSEN) && entry->path != 0) {
            map_put(&paths, map_number_key(&entry->path), choice);
        }
    }
    for (struct choice_entry *entry = choice->first_entry; entry; entry = entry->next) {
        if (entry->kind == CHOICE_GAP && in_span(choice, entry, 0) &&
            map_find(&paths, map_number_key(&entry->path))) {
            entry->marks |= MARK_CHOSEN;
        }
    }
    map_dispose(&paths, NULL);
}

static void choose_findings(struct choice *choice)
{
    if (choice->found) {
        map_put(&choice->shown, map_number_key(&choice->options.finding), choice);
    }
    for (size_t i = 0; i < choice->proof_count; i++) {
        const struct choice_proof *proof = &choice->proofs[i];
        if (proof->finding != 0 && is_shown(choice, proof)) {
            map_put(&choice->shown, map_number_key(&proof->finding), choice);
        }
    }
}

void choice_mark(struct choice *choice)
{
    mark_dialog(choice);
    mark_flow(choice);
    mark_finding(choice);
    choose(choice);
    note_chosen(choice);
    if (choice->options.related) {
        choose_related(choice);
        note_chosen(choice);
    }
    choose_gaps(choice);
    choose_findings(choice);
}
