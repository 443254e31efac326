/*
 * Rules about exports and rows of the compliance service. See rules_compliance.h.
 *
 *   compliance-not-archived, compliance-not-captured, compliance-differs, compliance-row-missing
 */
#include "analyzer/audit/rules_compliance.h"

#include "analyzer/audit/state.h"

/* What a finding about this event says; `proof` has one holder, the caller. */
static struct verdict draft_of(struct audit *audit, enum rule_id rule, enum severity severity,
                               const struct archive_row *row, struct proof *proof)
{
    proof_add(&audit->proofs, proof, &row->origin);
    return (struct verdict){
        .rule = rule,
        .severity = severity,
        .time = row->origin.time,
        .count = 1,
        .about =
            {
                .user = row->user,
                .room = row->room->uri,
                .room_name = row->room->name,
                .call_id = row->call_id,
                .what = slice_of(compliance_kind_name(row->kind)),
            },
        .proof = proof,
    };
}

/* The message got as far as the step that would have archived it. */
static void name_step(struct verdict *draft, enum flow_place place)
{
    const struct flow_table *table = &flow_tables[FLOW_COMPLIANCE];
    draft->flow = table->name;
    for (size_t i = 0; i < table->step_count; i++) {
        if (table->steps[i].place == place) {
            draft->step = table->steps[i].name;
        }
    }
}

/* Of a room without any conversation: one finding for all of it. */
static void judge_missing(struct audit *audit, const struct archive_row *row)
{
    struct proof *proof = proof_new();
    struct verdict draft =
        draft_of(audit, RULE_COMPLIANCE_NOT_ARCHIVED, SEVERITY_WARNING, row, proof);
    if (row->room->archived) {
        if (row->kind == COMPLIANCE_CHAT) {
            name_step(&draft, PLACE_EXPORT);
        }
        verdict_raise(&audit->verdicts, &draft);
    } else {
        draft.late = true;
        verdict_group(&audit->verdicts, &draft, &row->room->uri, 1);
    }
    proof_release(&audit->proofs, proof);
}

static void judge_surplus(struct audit *audit, const struct archive_row *row)
{
    struct proof *proof = proof_new();
    struct verdict draft = draft_of(audit, RULE_COMPLIANCE_NOT_CAPTURED, SEVERITY_NOTE, row, proof);
    const struct slice words[] = {row->room->uri, draft.about.what};
    verdict_group(&audit->verdicts, &draft, words, sizeof words / sizeof words[0]);
    proof_release(&audit->proofs, proof);
}

static void write_difference(struct buffer *out, const struct archive_row *row)
{
    const struct archive_row *told = row->partner;
    switch (row->difference) {
    case ARCHIVE_TEXT:
        buffer_append_text(out, "another text");
        break;
    case ARCHIVE_AUTHOR:
        buffer_append_text(out, "another user (");
        buffer_append(out, told->user);
        buffer_append_text(out, ")");
        break;
    case ARCHIVE_ROOM:
        buffer_append_text(out, "another room (");
        buffer_append(out, told->room->name.size > 0 ? told->room->name : told->room->uri);
        buffer_append_text(out, ")");
        break;
    case ARCHIVE_KIND:
        buffer_append_text(out, "another type (");
        buffer_append_text(out, compliance_kind_name(told->kind));
        buffer_append_text(out, ")");
        break;
    default:
        buffer_append_text(out, "another time");
        break;
    }
}

static void judge_different(struct audit *audit, const struct archive_row *row)
{
    struct proof *proof = proof_new();
    struct verdict draft = draft_of(audit, RULE_COMPLIANCE_DIFFERS, SEVERITY_WARNING, row, proof);
    struct buffer detail;
    buffer_init(&detail, SIZE_MAX);
    write_difference(&detail, row);
    draft.about.detail = buffer_slice(&detail);
    if (row->difference == ARCHIVE_AUTHOR) {
        draft.about.peer = row->partner->user;
    }
    proof_add(&audit->proofs, proof, &row->partner->origin);
    verdict_raise(&audit->verdicts, &draft);
    buffer_dispose(&detail);
    proof_release(&audit->proofs, proof);
}

static void judge_row(struct audit *audit, const struct stored_message *post)
{
    struct proof *proof = proof_new();
    struct verdict draft = {
        .rule = RULE_COMPLIANCE_ROW_MISSING,
        .severity = SEVERITY_WARNING,
        .time = post->origin.time,
        .count = 1,
        .about =
            {
                .user = post->user,
                .room = post->room->uri,
                .room_name = post->room->name,
                .call_id = post->call_id,
                .what = slice_of(compliance_kind_name(COMPLIANCE_CHAT)),
            },
        .proof = proof,
    };
    proof_add(&audit->proofs, proof, &post->origin);
    proof_add(&audit->proofs, proof, &post->bounds[0]);
    proof_add(&audit->proofs, proof, &post->bounds[1]);
    name_step(&draft, PLACE_DATABASE);
    verdict_raise(&audit->verdicts, &draft);
    proof_release(&audit->proofs, proof);
}

static void judge_rows(struct audit *audit)
{
    for (const struct map_entry *at = audit->stored.posts.first; at; at = at->next) {
        const struct stored_message *post = at->value;
        if (post->answer == STORED_LACKS) {
            judge_row(audit, post);
        }
    }
}

void compliance_judge(struct audit *audit)
{
    struct archive *archive = &audit->archive;
    int64_t tolerance = audit_wait(audit, RULE_COMPLIANCE_NOT_ARCHIVED);
    for (size_t i = 0; i < archive->seen.count; i++) {
        const struct archive_row *row = archive->seen.all[i];
        if (row->partner && row->difference != ARCHIVE_SAME) {
            judge_different(audit, row);
        } else if (!row->partner && row->judged) {
            judge_missing(audit, row);
        }
    }
    for (size_t i = 0; i < archive->told.count; i++) {
        const struct archive_row *row = archive->told.all[i];
        if (!row->partner && archive_captured(archive, &audit->witness, row, tolerance)) {
            judge_surplus(audit, row);
        }
    }
    judge_rows(audit);
}
