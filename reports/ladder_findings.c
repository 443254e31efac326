/*
 * The findings of a ladder and the rows they stand at. See ladder_findings.h.
 */
#include "reports/ladder_findings.h"

#include <inttypes.h>
#include <stdlib.h>

#include "reports/text.h"

enum { SENTENCE = 400 }; /* columns of a finding's sentence */

/* What shows it happening comes first, then what it follows from: the limit, the command, the post.
 */
static void keep_evidence(struct ladder_finding *kept, const struct finding *finding)
{
    for (int now = 1; now >= 0; now--) {
        for (size_t i = 0; i < finding->evidence_count; i++) {
            const struct origin *origin = &finding->evidence[i];
            if ((origin->time == finding->time) != (now == 1)) {
                continue;
            }
            if (kept->evidence_count == LADDER_EVIDENCE) {
                return;
            }
            kept->evidence[kept->evidence_count] = *origin;
            kept->evidence[kept->evidence_count++].row = NULL;
        }
    }
}

void ladder_findings_add(struct ladder_model *model, const struct finding *finding)
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
    keep_evidence(kept, finding);
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

/* Where several stand at one row, the gravest is the one that is seen. */
static void chain(struct ladder_model *model, enum severity severity)
{
    for (size_t i = model->finding_count; i > 0; i--) {
        struct ladder_finding *finding = &model->findings[i - 1];
        if (finding->severity == severity && finding->row != SIZE_MAX) {
            finding->next = model->rows[finding->row].finding;
            model->rows[finding->row].finding = (uint32_t)i;
        }
    }
}

void ladder_findings_place(struct ladder_model *model)
{
    size_t count = 0;
    struct place *places = list_places(model, &count);
    for (size_t i = 0; i < model->finding_count; i++) {
        struct ladder_finding *finding = &model->findings[i];
        for (size_t k = 0; k < finding->evidence_count && finding->row == SIZE_MAX; k++) {
            finding->row = find_place(places, count, &finding->evidence[k]);
        }
    }
    chain(model, SEVERITY_NOTE);
    chain(model, SEVERITY_WARNING);
    chain(model, SEVERITY_ERROR);
    free(places);
}
