/*
 * What the rules share: waiting, evidence, what the capture can tell, sentences.
 */
#include <string.h>

#include "analyzer/audit/expect.h"
#include "analyzer/audit/sentence.h"
#include "analyzer/audit/witness.h"
#include "tests/unit/audit_script.h"

struct waiting {
    struct proofs proofs;
    struct expect expect;
};

static void waiting_init(struct waiting *waiting, size_t limit, size_t evidence)
{
    proofs_init(&waiting->proofs, evidence);
    expect_init(&waiting->expect, test_seed(), &waiting->proofs, limit);
}

static void waiting_dispose(struct waiting *waiting)
{
    expect_dispose(&waiting->expect);
    assert_int_equal(waiting->proofs.citation_count, 0); /* nobody cites anything any more */
    proofs_dispose(&waiting->proofs);
}

static struct expectation *add(struct waiting *waiting, uint64_t number)
{
    const struct subject about = {.user = SLICE("ada")};
    return expect_add(&waiting->expect, RULE_CALL_FAILED, number, 5, &about,
                      sizeof(struct expectation));
}

static void deadlines_pass_in_order(void **state)
{
    (void)state;
    struct waiting waiting;
    waiting_init(&waiting, 10, 4);
    expect_until(&waiting.expect, add(&waiting, 1), 30);
    expect_until(&waiting.expect, add(&waiting, 2), 10);
    expect_until(&waiting.expect, add(&waiting, 3), 20);
    expect_drop(&waiting.expect, expect_find(&waiting.expect, RULE_CALL_FAILED, 3));
    add(&waiting, 4);                                      /* without a deadline */
    assert_null(expect_next_overdue(&waiting.expect, 10)); /* the deadline itself is in time */
    struct expectation *late = expect_next_overdue(&waiting.expect, 11);
    assert_int_equal(late->number, 2);
    assert_true(late->overdue);
    assert_null(expect_next_overdue(&waiting.expect, 30));
    expect_until(&waiting.expect, late, 40);
    assert_false(late->overdue);
    assert_int_equal(expect_next_overdue(&waiting.expect, INT64_MAX)->number, 1);
    assert_int_equal(expect_next_overdue(&waiting.expect, INT64_MAX)->number, 2);
    assert_null(expect_next_overdue(&waiting.expect, INT64_MAX));
    assert_int_equal(expect_first(&waiting.expect)->number, 1);
    waiting_dispose(&waiting);
}

static void keys_and_caps(void **state)
{
    (void)state;
    struct waiting waiting;
    waiting_init(&waiting, 2, 4);
    const struct subject about = {.user = SLICE("bo")};
    assert_non_null(add(&waiting, 1));
    assert_null(expect_find(&waiting.expect, RULE_SIP_DIAGNOSTICS, 1));
    assert_non_null(expect_add(&waiting.expect, RULE_SIP_DIAGNOSTICS, 1, 5, &about,
                               sizeof(struct expectation)));
    assert_null(add(&waiting, 2));
    assert_int_equal(waiting.expect.refused, 1);
    struct expectation *again = add(&waiting, 1); /* takes the place of the one that was there */
    assert_non_null(again);
    assert_slice_equal(again->about.user, "ada");
    expect_rename(&waiting.expect, again, 9);
    assert_null(expect_find(&waiting.expect, RULE_CALL_FAILED, 1));
    assert_ptr_equal(expect_find(&waiting.expect, RULE_CALL_FAILED, 9), again);
    expect_drop(&waiting.expect, NULL);
    waiting_dispose(&waiting);
}

static struct message copy_of(uint64_t id, uint64_t record)
{
    return (struct message){.id = id,
                            .observed.origin = {.time = (int64_t)record, .record = record}};
}

static void later_copies_are_evidence(void **state)
{
    (void)state;
    struct waiting waiting;
    waiting_init(&waiting, 10, 3);
    struct proof *mine = proof_new();
    struct proof *other = proof_new();
    struct message first = copy_of(1, 10);
    struct message second = copy_of(1, 12);
    struct message third = copy_of(1, 14);
    struct message stranger = copy_of(2, 13);
    proof_cite(&waiting.proofs, mine, &first);
    proof_cite(&waiting.proofs, mine, &first);
    proof_cite(&waiting.proofs, other, &first);
    assert_int_equal(mine->count, 1);
    proofs_copy(&waiting.proofs, &second);
    proofs_copy(&waiting.proofs, &stranger);
    assert_int_equal(mine->count, 2);
    assert_int_equal(mine->origins[1].record, 12);
    proof_release(&waiting.proofs, other);
    struct proof *joined = proof_new();
    proof_join(&waiting.proofs, joined, mine);
    proofs_copy(&waiting.proofs, &third);
    assert_int_equal(joined->count, 3);
    struct message fourth = copy_of(1, 11);
    proofs_copy(&waiting.proofs, &fourth);
    assert_int_equal(joined->count, 3);
    assert_int_equal(joined->more, 1);
    proof_hold(mine);
    proof_release(&waiting.proofs, mine);
    proofs_copy(&waiting.proofs, &third); /* still held once: nothing was freed */
    proof_release(&waiting.proofs, mine);
    proof_release(&waiting.proofs, joined);
    waiting_dispose(&waiting);
}

static void evidence_is_sorted(void **state)
{
    (void)state;
    struct waiting waiting;
    waiting_init(&waiting, 10, 10);
    struct proof *proof = proof_new();
    const uint64_t records[] = {7, 3, 9, 3, 1};
    for (size_t i = 0; i < sizeof records / sizeof records[0]; i++) {
        const struct origin origin = {.time = (int64_t)records[i], .record = records[i]};
        proof_add(&waiting.proofs, proof, &origin);
    }
    struct origin_row row = {.server = SLICE("sql01"), .key = SLICE("{}")};
    const struct origin from_row = {.time = 2, .row = &row};
    proof_add(&waiting.proofs, proof, &from_row);
    row.server = (struct slice){0}; /* the borrowed row is gone; the kept one is not */
    proof_sort(proof);
    assert_int_equal(proof->count, 5);
    const int64_t sorted[] = {1, 2, 3, 7, 9};
    for (size_t i = 0; i < proof->count; i++) {
        assert_int_equal(proof->origins[i].time, sorted[i]);
    }
    assert_slice_equal(proof->origins[1].row->server, "sql01");
    proof_release(&waiting.proofs, proof);
    waiting_dispose(&waiting);
}

static void groups_keep_their_own_evidence(void **state)
{
    (void)state;
    struct waiting waiting;
    struct verdicts verdicts;
    waiting_init(&waiting, 10, 10);
    verdicts_init(&verdicts, test_seed(), &waiting.proofs, 10);
    struct proof *proof = proof_new();
    const struct origin first = {.time = 1, .record = 1};
    proof_add(&waiting.proofs, proof, &first);
    struct verdict draft = {.rule = RULE_SIP_DIAGNOSTICS, .count = 1, .time = 9, .proof = proof};
    const struct slice words[] = {SLICE("a"), SLICE("b")};
    const struct slice others[] = {SLICE("ab"), SLICE("")};
    struct verdict *group = verdict_group(&verdicts, &draft, words, 2);
    assert_ptr_not_equal(verdict_group(&verdicts, &draft, others, 2), group);
    struct proof *second = proof_new();
    const struct origin origin = {.time = 2, .record = 2};
    proof_add(&waiting.proofs, second, &origin);
    draft.proof = second;
    draft.time = 4;
    assert_ptr_equal(verdict_group(&verdicts, &draft, words, 2), group);
    assert_int_equal(group->count, 2);
    assert_int_equal(group->time, 4);
    assert_int_equal(group->proof->count, 2);
    assert_int_equal(proof->count, 1);
    proof_release(&waiting.proofs, proof);
    proof_release(&waiting.proofs, second);
    verdicts_dispose(&verdicts);
    waiting_dispose(&waiting);
}

/* ---- the witness ---- */

static void see(struct witness *witness, const struct step *step)
{
    struct staged staged;
    struct event event = {.kind = EVENT_MESSAGE, .origin = step_origin(step, 1)};
    stage_message(&staged, step, 1);
    event.message = &staged.message;
    if (step->act == COVERAGE) {
        stage_coverage(&event, step);
        event.message = NULL;
    }
    witness_event(witness, &event);
}

static void holes_are_where_they_are(void **state)
{
    (void)state;
    struct limits limits = limits_default();
    struct witness witness;
    witness_init(&witness, test_seed(), &limits);
    const struct route down = {host_of("chat"), host_of("ada"), 0};
    const struct route up = route_back(&down);
    const struct step seen[] = {
        {.at = 0, .method = "INFO", .from = "ada", .to = "chat", .tx = 1, .status = 200},
        {.at = 10, .act = COVERAGE, .coverage = COVERAGE_GAP, .from = "chat", .to = "ada"},
        {.at = 50, .act = COVERAGE, .coverage = COVERAGE_ENCRYPTED, .from = "ada", .to = "chat"},
        {.at = 90, .method = "INFO", .from = "ada", .to = "chat", .tx = 2},
    };
    for (size_t i = 0; i < sizeof seen / sizeof seen[0]; i++) {
        see(&witness, &seen[i]);
    }
    const struct {
        const struct route *route;
        int from;
        int until;
        bool heard;
    } cases[] = {
        {&down, 1, 9, false},   {&down, -5, -1, true}, {&down, 0, 10, false},
        {&down, 10, 20, false}, {&down, 11, 49, true}, {&up, 0, 49, true},
        {&up, 0, 50, false},    {&up, 60, 70, false},  {&down, 60, 70, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(witness_hears(&witness, cases[i].route,
                                       START + cases[i].from * TIME_SECOND,
                                       START + cases[i].until * TIME_SECOND),
                         cases[i].heard);
    }
    assert_true(witness_answers(&witness, &up));
    assert_false(witness_answers(&witness, &down));
    witness_dispose(&witness);
}

static void many_holes_become_one(void **state)
{
    (void)state;
    struct limits limits = limits_default();
    struct witness witness;
    witness_init(&witness, test_seed(), &limits);
    const struct route down = {host_of("chat"), host_of("ada"), 0};
    for (int at = 100; at < 1100; at += 10) {
        see(&witness, &(struct step){.at = at - 2, .method = "INFO", .from = "chat", .to = "ada"});
        see(&witness,
            &(struct step){
                .at = at, .act = COVERAGE, .coverage = COVERAGE_GAP, .from = "chat", .to = "ada"});
    }
    assert_true(witness_hears(&witness, &down, START, START + 97 * TIME_SECOND));
    assert_true(
        witness_hears(&witness, &down, START + 101 * TIME_SECOND, START + 105 * TIME_SECOND));
    assert_false(
        witness_hears(&witness, &down, START + 801 * TIME_SECOND, START + 805 * TIME_SECOND));
    witness_dispose(&witness);
}

static void only_a_single_input_ends_with_the_run(void **state)
{
    (void)state;
    struct limits limits = limits_default();
    struct witness witness;
    witness_init(&witness, test_seed(), &limits);
    const struct route down = {host_of("chat"), host_of("ada"), 0};
    see(&witness, &(struct step){.at = 10, .method = "INFO", .from = "ada", .to = "chat", .tx = 1});
    assert_false(witness_hears(&witness, &down, START, START + 20 * TIME_SECOND));
    witness_end(&witness, START + 30 * TIME_SECOND);
    assert_true(witness_hears(&witness, &down, START, START + 20 * TIME_SECOND));
    see(&witness, &(struct step){
                      .at = 30, .method = "INFO", .from = "bo", .to = "chat", .tx = 1, .input = 1});
    assert_false(witness_hears(&witness, &down, START, START + 20 * TIME_SECOND));
    witness_dispose(&witness);
}

/* ---- sentences ---- */

static void durations_read_well(void **state)
{
    (void)state;
    const struct {
        int64_t ms;
        const char *text;
    } cases[] = {{-5, "0 ms"},  {0, "0 ms"},     {999, "999 ms"}, {1000, "1 s"},
                 {1099, "1 s"}, {2500, "2.5 s"}, {9999, "9.9 s"}, {10500, "10 s"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct buffer out;
        buffer_init(&out, 100);
        sentence_duration(&out, cases[i].ms * 1000000);
        assert_slice_equal(buffer_slice(&out), cases[i].text);
        buffer_dispose(&out);
    }
}

static void names_are_no_templates(void **state)
{
    (void)state;
    const struct verdict verdict = {
        .rule = RULE_CALL_FAILED,
        .number = 404,
        .count = 1,
        .about = {.user = SLICE("{peer}]["), .detail = SLICE("[{x")},
    };
    struct buffer out;
    buffer_init(&out, 1000);
    sentence_write(&out, &verdict, 0);
    assert_slice_equal(buffer_slice(&out), "A call from {peer}][ failed: 404 [{x");
    buffer_dispose(&out);
}

static void long_names_are_cut_between_characters(void **state)
{
    (void)state;
    char name[1000];
    for (size_t i = 0; i + 3 <= sizeof name; i += 3) {
        memcpy(name + i, "\xea\xb0\x80",
               3); /* U+AC00; 240 is a multiple of 3, so one byte goes first */
    }
    const struct verdict verdict = {
        .rule = RULE_CHAT_POST_NOT_JOINED,
        .count = 1,
        .about = {.user = {name, 999}, .room = {name, 3}},
    };
    struct buffer out;
    buffer_init(&out, 1000);
    sentence_write(&out, &verdict, 0);
    struct slice cut = buffer_slice(&out);
    assert_int_equal(slice_find(cut, slice_of("... posted to ")), 240);
    name[0] = 'x';
    memmove(name + 1, name + 3, 900);
    buffer_clear(&out);
    sentence_write(&out, &verdict, 0);
    cut = buffer_slice(&out);
    assert_int_equal(slice_find(cut, slice_of("... posted to ")), 238);
    buffer_dispose(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(deadlines_pass_in_order),
        cmocka_unit_test(keys_and_caps),
        cmocka_unit_test(later_copies_are_evidence),
        cmocka_unit_test(evidence_is_sorted),
        cmocka_unit_test(groups_keep_their_own_evidence),
        cmocka_unit_test(holes_are_where_they_are),
        cmocka_unit_test(many_holes_become_one),
        cmocka_unit_test(only_a_single_input_ends_with_the_run),
        cmocka_unit_test(durations_read_well),
        cmocka_unit_test(names_are_no_templates),
        cmocka_unit_test(long_names_are_cut_between_characters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
