/*
 * What is said of each packet: the end of the gathering, and the answers. See annotation.h.
 *
 * Everything finds its record here: copies of a message get what it means, labels of flows the
 * packets of their message, posts the list of those whom they reached. What was not chosen goes.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/engine/buffer.h"
#include "reports/annotation_model.h"
#include "reports/text.h"

/* ---- orders ---- */

static int compare_numbers(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

static int by_message(const void *left, const void *right)
{
    const struct sighting *a = left;
    const struct sighting *b = right;
    int order = compare_numbers(a->message, b->message);
    return order != 0 ? order : compare_numbers(a->place, b->place);
}

static int by_record(const void *left, const void *right)
{
    const struct sighting *a = left;
    const struct sighting *b = right;
    int order = compare_numbers(a->record, b->record);
    return order != 0 ? order : compare_numbers(a->place, b->place);
}

static int by_comment(const void *left, const void *right)
{
    const struct remark *a = left;
    const struct remark *b = right;
    int order = compare_numbers(a->record, b->record);
    order = order != 0 ? order : compare_numbers(a->kind, b->kind);
    return order != 0 ? order : compare_numbers(a->place, b->place);
}

static int by_post(const void *left, const void *right)
{
    const struct delivery *a = left;
    const struct delivery *b = right;
    int order = compare_numbers(a->post, b->post);
    return order != 0 ? order : slice_compare(a->user, b->user);
}

static int by_number(const void *left, const void *right)
{
    return compare_numbers(*(const uint64_t *)left, *(const uint64_t *)right);
}

static void sort(void *array, size_t count, size_t size, int (*compare)(const void *, const void *))
{
    if (count > 1) {
        qsort(array, count, size, compare);
    }
}

/* Sorted, each once; how many are left. */
static size_t sort_numbers(uint64_t *numbers, size_t count)
{
    size_t kept = 0;
    sort(numbers, count, sizeof *numbers, by_number);
    for (size_t i = 0; i < count; i++) {
        if (kept == 0 || numbers[kept - 1] != numbers[i]) {
            numbers[kept++] = numbers[i];
        }
    }
    return kept;
}

static bool has_number(const uint64_t *numbers, size_t count, uint64_t number)
{
    return count > 0 && bsearch(&number, numbers, count, sizeof number, by_number) != NULL;
}

/* ---- messages ---- */

/* Until a name is known, the beginning of the identifier has to do. */
static void name_rooms(struct annotation *annotation)
{
    enum { FRONT = 9 };
    for (struct map_entry *entry = annotation->rooms.first; entry; entry = entry->next) {
        struct annotation_room *room = entry->value;
        struct slice id = entry->key;
        for (size_t at = slice_find_byte(id, '/'); at != SLICE_NONE;
             at = slice_find_byte(id, '/')) {
            id = slice_from(id, at + 1);
        }
        if (room->name.size == 0) {
            struct slice front = text_brief(id, FRONT, &annotation->arena);
            room->name = text_format(&annotation->arena, "room %.*s", TEXT(front));
        }
    }
}

/* The sightings of what was chosen, by message; a copy means what the message means. */
static void settle_sightings(struct annotation *annotation)
{
    struct sighting *sightings = annotation->sightings;
    size_t kept = 0;
    sort(sightings, annotation->sighting_rows.count, sizeof *sightings, by_message);
    for (size_t i = 0; i < annotation->sighting_rows.count; i++) {
        const struct sighting *before = kept > 0 ? &sightings[kept - 1] : NULL;
        struct sighting sighting = sightings[i];
        if (!choice_has_message(annotation->choice, sighting.message)) {
            continue;
        }
        if (before && before->message == sighting.message) {
            sighting.meaning = before->meaning;
            sighting.room = before->room;
        }
        sightings[kept++] = sighting;
    }
    annotation->sighting_rows.count = kept;
}

/* The first sighting of a message or of a later one, among those sorted by message. */
static size_t first_of_message(const struct annotation *annotation, uint64_t message)
{
    size_t low = 0;
    size_t high = annotation->sighting_rows.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (annotation->sightings[middle].message < message) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static void settle_label(struct annotation *annotation, const struct flow_label *label)
{
    size_t first = first_of_message(annotation, label->message);
    struct arena arena;
    arena_init(&arena);
    struct remark remark = {
        .kind = REMARK_FLOW,
        .text = text_format(&arena, "ocsight flow %s %u %s%s", label->flow, label->number,
                            label->step, label->answer ? " (answer)" : ""),
    };
    for (size_t i = first;
         i < annotation->sighting_rows.count && annotation->sightings[i].message == label->message;
         i++) {
        remark.record = annotation->sightings[i].record;
        annotation_remark(annotation, &remark);
    }
    arena_dispose(&arena);
}

static void settle_labels(struct annotation *annotation)
{
    for (size_t i = 0; i < annotation->label_rows.count; i++) {
        settle_label(annotation, &annotation->labels[i]);
    }
}

/* ---- posts ---- */

/* One post: `count` deliveries of it, those to several endpoints of one user next to each other. */
static void settle_post(struct annotation *annotation, const struct delivery *deliveries,
                        size_t count)
{
    enum { LIST_MAX = 60000 }; /* a comment has 65535 bytes */
    struct buffer text;
    struct arena arena;
    size_t named = 0;
    arena_init(&arena);
    buffer_init(&text, LIST_MAX);
    buffer_append_text(&text, "ocsight delivery delivered to ");
    for (size_t i = 0; i < count; i++, named++) {
        bool again = i > 0 && slice_equal(deliveries[i - 1].user, deliveries[i].user);
        struct slice user =
            text_format(&arena, "%s%.*s", i > 0 ? ", " : "", TEXT(deliveries[i].user));
        if (!again && !buffer_append(&text, user)) {
            break;
        }
    }
    struct remark remark = {
        .record = deliveries->post, .kind = REMARK_DELIVERY, .text = buffer_slice(&text)};
    if (named < count) {
        remark.text = text_format(&arena, "%.*s and %zu more", TEXT(remark.text), count - named);
    }
    annotation_remark(annotation, &remark);
    buffer_dispose(&text);
    arena_dispose(&arena);
}

static void settle_posts(struct annotation *annotation)
{
    const struct delivery *deliveries = annotation->deliveries;
    size_t count = annotation->delivery_rows.count;
    sort(annotation->deliveries, count, sizeof *deliveries, by_post);
    for (size_t first = 0, end = 0; first < count; first = end) {
        while (end < count && deliveries[end].post == deliveries[first].post) {
            end++;
        }
        settle_post(annotation, deliveries + first, end - first);
    }
}

/* ---- what was chosen ---- */

static bool is_part(const struct annotation *annotation)
{
    return annotation->options.selected || choice_is_narrow(annotation->choice);
}

static void settle_findings(struct annotation *annotation)
{
    struct remark *findings = annotation->findings;
    size_t kept = 0;
    for (size_t i = 0; i < annotation->finding_rows.count; i++) {
        if (choice_has_finding(annotation->choice, findings[i].finding)) {
            findings[kept++] = findings[i];
        }
    }
    annotation->finding_rows.count = kept;
}

/* Of a part of the run only what is said of its messages, which are sorted by record. */
static void drop_others(struct annotation *annotation, const uint64_t *records, size_t count)
{
    struct remark *remarks = annotation->remarks;
    size_t kept = 0;
    for (size_t i = 0; i < annotation->remark_rows.count; i++) {
        if (has_number(records, count, remarks[i].record)) {
            remarks[kept++] = remarks[i];
        }
    }
    annotation->remark_rows.count = kept;
}

static uint64_t *sighted_records(const struct annotation *annotation, size_t *count)
{
    size_t sighted = annotation->sighting_rows.count;
    uint64_t *records = memory_alloc((sighted + 1) * sizeof *records);
    for (size_t i = 0; i < sighted; i++) {
        records[i] = annotation->sightings[i].record;
    }
    *count = sort_numbers(records, sighted);
    return records;
}

/* The same words on the same packet, which several may have to say: found by both, as numbers. */
static bool was_said(struct map *said, const struct remark *remark)
{
    const uint64_t key[] = {remark->record, (uintptr_t)remark->text.data};
    struct slice bytes = {(const char *)key, sizeof key};
    bool again = map_find_entry(said, bytes) != NULL;
    if (!again) {
        map_keep(said, bytes);
    }
    return again;
}

/* Findings stand before everything else of their packet: one list of both, each comment once. */
static void join_remarks(struct annotation *annotation)
{
    struct map said;
    size_t others = annotation->remark_rows.count;
    size_t total = others + annotation->finding_rows.count;
    struct remark *all = memory_grow(annotation->remarks, total + 1, sizeof *all);
    size_t kept = 0;
    if (annotation->finding_rows.count > 0) {
        memcpy(all + others, annotation->findings, (total - others) * sizeof *all);
    }
    sort(all, total, sizeof *all, by_comment);
    map_init_numbers(&said, annotation->texts.seed);
    for (size_t i = 0; i < total; i++) {
        if (i == 0 || all[i].record != all[i - 1].record) {
            map_dispose(&said, NULL);
            map_init_numbers(&said, annotation->texts.seed);
        }
        if (!was_said(&said, &all[i])) {
            all[kept++] = all[i];
        }
    }
    map_dispose(&said, NULL);
    annotation->remarks = all;
    annotation->remark_rows = (struct rows){.count = kept, .capacity = total + 1};
}

/* ---- records ---- */

/* The dialogs of the messages that findings name, ascending. */
static uint64_t *proven_dialogs(const struct annotation *annotation, const uint64_t *proofs,
                                size_t proof_count, size_t *count)
{
    uint64_t *dialogs = memory_alloc((annotation->sighting_rows.count + 1) * sizeof *dialogs);
    size_t found = 0;
    for (size_t i = 0; i < annotation->sighting_rows.count; i++) {
        const struct sighting *sighting = &annotation->sightings[i];
        if (sighting->dialog > 0 && has_number(proofs, proof_count, sighting->record)) {
            dialogs[found++] = sighting->dialog;
        }
    }
    *count = sort_numbers(dialogs, found);
    return dialogs;
}

/* All messages that were chosen; of all findings those of the dialogs that they name, and what
 * proves a finding. */
static void settle_records(struct annotation *annotation)
{
    bool findings = annotation->options.findings;
    bool all = !findings || choice_is_narrow(annotation->choice);
    size_t proof_count = annotation->finding_rows.count;
    size_t sighted = annotation->sighting_rows.count;
    uint64_t *records = memory_alloc((sighted + proof_count + 1) * sizeof *records);
    size_t count = 0;
    for (size_t i = 0; findings && i < proof_count; i++) {
        records[count++] = annotation->findings[i].record;
    }
    count = sort_numbers(records, count);
    size_t dialog_count = 0;
    uint64_t *dialogs = proven_dialogs(annotation, records, count, &dialog_count);
    for (size_t i = 0; i < sighted; i++) {
        const struct sighting *sighting = &annotation->sightings[i];
        if (all || has_number(dialogs, dialog_count, sighting->dialog)) {
            records[count++] = sighting->record;
        }
    }
    annotation->records = records;
    annotation->record_count = sort_numbers(records, count);
    free(dialogs);
}

/* What is among the remarks now. */
static void drop_gathered(struct annotation *annotation)
{
    free(annotation->findings);
    free(annotation->labels);
    free(annotation->deliveries);
    annotation->findings = NULL;
    annotation->labels = NULL;
    annotation->deliveries = NULL;
}

void annotation_settle(struct annotation *annotation)
{
    annotation_finish_message(annotation);
    choice_settle(annotation->choice);
    name_rooms(annotation);
    settle_sightings(annotation);
    settle_labels(annotation);
    settle_posts(annotation);
    settle_findings(annotation);
    if (is_part(annotation)) {
        size_t count = 0;
        uint64_t *records = sighted_records(annotation, &count);
        drop_others(annotation, records, count);
        free(records);
    }
    settle_records(annotation);
    join_remarks(annotation);
    drop_gathered(annotation);
    sort(annotation->sightings, annotation->sighting_rows.count, sizeof *annotation->sightings,
         by_record);
}

/* ---- answers ---- */

const char *annotation_problem(const struct annotation *annotation)
{
    return choice_problem(annotation->choice);
}

const uint64_t *annotation_records(const struct annotation *annotation, size_t *count)
{
    *count = annotation->record_count;
    return annotation->records;
}

uint64_t annotation_beyond(const struct annotation *annotation)
{
    return annotation->beyond;
}

/* The comments of one packet as they are put together. */
struct comments {
    struct slice *items;
    size_t count;
    size_t bytes;
    size_t max; /* bytes */
    uint64_t beyond;
};

static void comment_add(struct comments *comments, struct slice text)
{
    if (text.size > comments->max - comments->bytes) {
        comments->beyond++;
        return;
    }
    comments->bytes += text.size;
    comments->items[comments->count++] = text;
}

/* "ocsight message INFO: grpchat to Incident bridge (retransmission)" */
static struct slice message_text(const struct sighting *sighting, struct arena *arena)
{
    static const char *const roles[] = {[MESSAGE_FIRST] = "",
                                        [MESSAGE_ANOTHER_HOP] = " (another hop)",
                                        [MESSAGE_RETRANSMISSION] = " (retransmission)"};
    struct slice front = sighting->meaning;
    struct slice room = slice_of("");
    struct slice rest = slice_of("");
    size_t at = slice_find_byte(front, MEANING_ROOM);
    if (at != SLICE_NONE) {
        room = sighting->room ? sighting->room->name : slice_of("a room");
        rest = slice_from(front, at + 1);
        front = slice_sub(front, 0, at);
    }
    return text_format(arena, "ocsight message %.*s%s%.*s%.*s%.*s%s", TEXT(sighting->title),
                       sighting->meaning.size > 0 ? ": " : "", TEXT(front), TEXT(room), TEXT(rest),
                       roles[sighting->role]);
}

/* The first remark of a record or a later one. */
static size_t first_remark(const struct annotation *annotation, uint64_t record)
{
    size_t low = 0;
    size_t high = annotation->remark_rows.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (annotation->remarks[middle].record < record) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static size_t first_sighting(const struct annotation *annotation, uint64_t record)
{
    size_t low = 0;
    size_t high = annotation->sighting_rows.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (annotation->sightings[middle].record < record) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

const struct slice *annotation_comments(struct annotation *annotation, uint64_t record,
                                        size_t *count)
{
    struct arena *arena = &annotation->comments_arena;
    const struct remark *remarks = annotation->remarks;
    size_t at = first_remark(annotation, record);
    size_t end = at;
    size_t first = first_sighting(annotation, record);
    size_t last = first;
    while (end < annotation->remark_rows.count && remarks[end].record == record) {
        end++;
    }
    while (last < annotation->sighting_rows.count && annotation->sightings[last].record == record) {
        last++;
    }
    arena_reset(arena);
    struct comments comments = {
        .items = arena_alloc(arena, (end - at + last - first + 2) * sizeof(struct slice)),
        .max = annotation->limits.comment_bytes};
    for (; at < end && remarks[at].kind == REMARK_FINDING; at++) {
        comment_add(&comments, remarks[at].text);
    }
    for (; first < last; first++) {
        comment_add(&comments, message_text(&annotation->sightings[first], arena));
    }
    for (; at < end; at++) {
        comment_add(&comments, remarks[at].text);
    }
    if (comments.beyond > 0) {
        comments.items[comments.count++] = text_format(
            arena, "ocsight coverage cap: %" PRIu64 " more comments on this packet (comment_bytes)",
            comments.beyond);
    }
    if (annotation->options.numbered) {
        comments.items[comments.count++] = text_format(arena, "ocsight packet %" PRIu64, record);
    }
    *count = comments.count;
    return comments.items;
}
