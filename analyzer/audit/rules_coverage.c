/*
 * Rules about what could not be read. See rules_coverage.h.
 *
 * Each kind of EVENT_COVERAGE has its rule; they differ in what is one finding: a
 * gap stands alone, unreadable connections are counted per server, the rest per
 * input or per cap.
 */
#include "analyzer/audit/rules_coverage.h"

#include "analyzer/audit/state.h"

static enum rule_id coverage_rule(enum coverage_kind kind)
{
    switch (kind) {
    case COVERAGE_COMPRESSED:
        return RULE_COVERAGE_COMPRESSED;
    case COVERAGE_ENCRYPTED:
        return RULE_COVERAGE_ENCRYPTED;
    case COVERAGE_GAP:
        return RULE_COVERAGE_GAP;
    case COVERAGE_TRUNCATED:
        return RULE_COVERAGE_TRUNCATED;
    case COVERAGE_ONE_SIDED:
        return RULE_COVERAGE_ONE_SIDED;
    case COVERAGE_NO_SIP:
        return RULE_COVERAGE_NO_SIP;
    case COVERAGE_CLOCK:
        return RULE_COVERAGE_CLOCK;
    case COVERAGE_CAP:
        return RULE_COVERAGE_CAP;
    }
    return RULES;
}

/* Text of an address when there is one. */
static struct slice place_of(const struct address *address, char text[static ADDRESS_TEXT])
{
    text[0] = '\0';
    if (address->family != ADDRESS_NONE) {
        address_text(address, text);
    }
    return slice_of(text);
}

/* Connections count one each; clocks, packets and caps say how often. */
static uint64_t how_many(const struct coverage_fact *fact)
{
    switch (fact->kind) {
    case COVERAGE_CLOCK:
    case COVERAGE_TRUNCATED:
    case COVERAGE_CAP:
        return fact->count > 0 ? fact->count : 1;
    default:
        return 1;
    }
}

void coverage_event(struct audit *audit, enum rule_id rule, const struct event *event)
{
    const struct coverage_fact *fact = &event->as.coverage;
    if (coverage_rule(fact->kind) != rule) {
        return;
    }
    char source[ADDRESS_TEXT];
    char destination[ADDRESS_TEXT];
    struct proof *proof = proof_new();
    if (event->origin.record > 0 || event->origin.row) {
        proof_add(&audit->proofs, proof, &event->origin);
    }
    struct verdict draft = {
        .rule = rule,
        .severity = SEVERITY_NOTE,
        .time = event->origin.time,
        .number = fact->bytes,
        .count = how_many(fact),
        .about = {.place = place_of(&fact->destination, destination),
                  .what = fact->detail,
                  .detail = place_of(&fact->source, source)},
        .proof = proof,
    };
    const uint32_t input = event->origin.input;
    const struct slice per_input[] = {{(const char *)&input, sizeof input}};
    switch (fact->kind) {
    case COVERAGE_GAP:
        verdict_raise(&audit->verdicts, &draft);
        break;
    case COVERAGE_COMPRESSED:
    case COVERAGE_ENCRYPTED:
    case COVERAGE_ONE_SIDED:
        verdict_group(&audit->verdicts, &draft, &draft.about.place, 1);
        break;
    case COVERAGE_CAP:
        verdict_group(&audit->verdicts, &draft, &draft.about.what, 1);
        break;
    case COVERAGE_TRUNCATED:
    case COVERAGE_NO_SIP:
    case COVERAGE_CLOCK:
        verdict_group(&audit->verdicts, &draft, per_input, 1);
        break;
    }
    proof_release(&audit->proofs, proof);
}
