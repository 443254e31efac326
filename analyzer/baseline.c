/*
 * This audit against an earlier one. See baseline.h.
 *
 * Each turn sorts what has no partner yet on both sides and walks the two in step, so that the
 * cost is that of sorting, whatever the findings are.
 */
#include "analyzer/baseline.h"

#include <stdio.h>
#include <stdlib.h>

#include "analyzer/audit_document.h"
#include "analyzer/engine/buffer.h"
#include "reports/text.h"

/* What must be equal beside rule, parties and step. */
enum { SAME_CALL_ID = 1, SAME_TIME = 2, SAME_MESSAGE = 4 };

static const unsigned turns[] = {
    SAME_CALL_ID | SAME_TIME, SAME_CALL_ID | SAME_MESSAGE, SAME_CALL_ID, SAME_MESSAGE, 0,
};

/* A finding that waits for its partner. */
struct single {
    const struct earlier_finding *finding;
    size_t index; /* on its side */
    unsigned same;
};

struct baseline {
    struct arena arena;
    struct audit_document document;
    struct slice name;
    struct earlier_finding *findings; /* of this run */
    size_t count;
    size_t capacity;
    enum baseline_mark *marks;
    struct audit_baseline told;
};

struct baseline *baseline_open(const char *path, bool redacted, const struct limits *limits,
                               enum exit_status *status)
{
    char problem[512] = "";
    struct baseline *baseline = memory_zero(1, sizeof *baseline);
    arena_init(&baseline->arena);
    baseline->name = slice_of(path);
    *status = audit_document_read(path, limits->baseline_bytes, &baseline->arena,
                                  &baseline->document, problem, sizeof problem);
    if (*status == EXIT_DONE && redacted && !baseline->document.redacted) {
        snprintf(problem, sizeof problem,
                 "holds names, which --redact cannot hide: make it with the same --redact-key");
        *status = EXIT_USAGE;
    }
    if (*status != EXIT_DONE) {
        struct slice name = text_safe(baseline->name, false, &baseline->arena);
        fprintf(stderr, "ocsight: --baseline %.*s: %s\n", TEXT(name), problem);
        baseline_free(baseline);
        return NULL;
    }
    return baseline;
}

void baseline_free(struct baseline *baseline)
{
    arena_dispose(&baseline->arena);
    free(baseline->findings);
    free(baseline->marks);
    free(baseline);
}

/* As a document in JSON gives it back: bytes that are not UTF-8 are U+FFFD there (json.h). */
static struct slice as_read(struct slice text, struct arena *arena)
{
    struct buffer buffer;
    buffer_init(&buffer, SIZE_MAX);
    while (text.size > 0) {
        uint32_t code;
        size_t size = text_character(text, &code);
        if (size > 0) {
            buffer_append(&buffer, slice_sub(text, 0, size));
        } else {
            buffer_append_text(&buffer, "\xef\xbf\xbd");
        }
        text = slice_from(text, size > 0 ? size : 1);
    }
    return buffer_take(&buffer, arena);
}

void baseline_take(struct baseline *baseline, const struct finding *finding)
{
    struct arena *arena = &baseline->arena;
    if (baseline->count == baseline->capacity) {
        baseline->capacity = baseline->capacity > 0 ? baseline->capacity * 2 : 64;
        baseline->findings =
            memory_grow(baseline->findings, baseline->capacity, sizeof *baseline->findings);
    }
    baseline->findings[baseline->count++] = (struct earlier_finding){
        .rule = slice_of(finding->rule),
        .severity = finding->severity,
        .time = finding->time,
        .message = as_read(finding->message, arena),
        .user = as_read(finding->user, arena),
        .peer = as_read(finding->peer, arena),
        .room = as_read(finding->room, arena),
        .call_id = as_read(finding->call_id, arena),
        .flow = as_read(finding->flow, arena),
        .step = as_read(finding->step, arena),
    };
}

/* ---- pairs ---- */

static int compare_parties(const struct earlier_finding *a, const struct earlier_finding *b)
{
    const struct slice left[] = {a->rule, a->user, a->peer, a->room, a->flow, a->step};
    const struct slice right[] = {b->rule, b->user, b->peer, b->room, b->flow, b->step};
    int order = 0;
    for (size_t i = 0; order == 0 && i < sizeof left / sizeof left[0]; i++) {
        order = slice_compare(left[i], right[i]);
    }
    return order;
}

static int compare_findings(const struct earlier_finding *a, const struct earlier_finding *b,
                            unsigned same)
{
    int order = compare_parties(a, b);
    if (order == 0 && same & SAME_CALL_ID) {
        order = slice_compare(a->call_id, b->call_id);
    }
    if (order == 0 && same & SAME_TIME) {
        order = (a->time > b->time) - (a->time < b->time);
    }
    if (order == 0 && same & SAME_MESSAGE) {
        order = slice_compare(a->message, b->message);
    }
    return order;
}

/* Equal ones stay in the order in which they were told. */
static int compare_singles(const void *left, const void *right)
{
    const struct single *a = left;
    const struct single *b = right;
    int order = compare_findings(a->finding, b->finding, a->same);
    return order != 0 ? order : (a->index > b->index) - (a->index < b->index);
}

/* Those without a partner, in order. */
static size_t sort_singles(const struct earlier_finding *findings, size_t count, const bool *paired,
                           unsigned same, struct single *out)
{
    size_t found = 0;
    for (size_t i = 0; i < count; i++) {
        if (!paired[i]) {
            out[found++] = (struct single){&findings[i], i, same};
        }
    }
    if (found > 0) {
        qsort(out, found, sizeof *out, compare_singles);
    }
    return found;
}

struct sides {
    bool *old_paired;
    bool *new_paired;
    struct single *olds;
    struct single *news;
};

static void pair(const struct baseline *baseline, const struct sides *sides, unsigned same)
{
    size_t olds = sort_singles(baseline->document.findings, baseline->document.count,
                               sides->old_paired, same, sides->olds);
    size_t news =
        sort_singles(baseline->findings, baseline->count, sides->new_paired, same, sides->news);
    for (size_t i = 0, k = 0; i < olds && k < news;) {
        int order = compare_findings(sides->olds[i].finding, sides->news[k].finding, same);
        if (order == 0) {
            sides->old_paired[sides->olds[i].index] = true;
            sides->new_paired[sides->news[k].index] = true;
        }
        i += order <= 0;
        k += order >= 0;
    }
}

static void tell(struct baseline *baseline, const struct sides *sides)
{
    const struct audit_document *document = &baseline->document;
    struct audit_baseline *told = &baseline->told;
    struct earlier_finding *gone =
        arena_zero(&baseline->arena, document->count, sizeof *document->findings);
    /* Beside pseudonyms the name of a file may tell what they hide. */
    struct slice name = document->redacted ? slice_of("the audit before") : baseline->name;
    *told = (struct audit_baseline){.name = name, .gone = gone};
    for (size_t i = 0; i < document->count; i++) {
        if (!sides->old_paired[i]) {
            gone[told->gone_count++] = document->findings[i];
        }
    }
    baseline->marks = memory_grow(baseline->marks, baseline->count + 1, sizeof *baseline->marks);
    for (size_t i = 0; i < baseline->count; i++) {
        baseline->marks[i] = sides->new_paired[i] ? BASELINE_SAME : BASELINE_NEW;
        told->same += sides->new_paired[i];
    }
    told->fresh = baseline->count - told->same;
    told->marks = baseline->marks;
    told->mark_count = baseline->count;
}

const struct audit_baseline *baseline_settle(struct baseline *baseline)
{
    size_t olds = baseline->document.count + 1;
    size_t news = baseline->count + 1;
    const struct sides sides = {
        .old_paired = memory_zero(olds, sizeof *sides.old_paired),
        .new_paired = memory_zero(news, sizeof *sides.new_paired),
        .olds = memory_zero(olds, sizeof *sides.olds),
        .news = memory_zero(news, sizeof *sides.news),
    };
    for (size_t i = 0; i < sizeof turns / sizeof turns[0]; i++) {
        pair(baseline, &sides, turns[i]);
    }
    tell(baseline, &sides);
    free(sides.old_paired);
    free(sides.new_paired);
    free(sides.olds);
    free(sides.news);
    return &baseline->told;
}

bool baseline_has_new(const struct baseline *baseline, enum severity severity)
{
    for (size_t i = 0; i < baseline->told.mark_count; i++) {
        if (baseline->marks[i] == BASELINE_NEW && baseline->findings[i].severity >= severity) {
            return true;
        }
    }
    return false;
}
