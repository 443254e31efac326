/*
 * Where the findings of a ladder stand: at the message that shows them, the gravest in front.
 */
#include "tests/unit/output_text.h"

#include "reports/ladder_model.h"

#define START (INT64_C(1795168800) * TIME_SECOND)

enum { MESSAGES = 6 };

/* A message each second: packet 1 at second 1. */
static struct origin packet(uint64_t record)
{
    return (struct origin){.time = START + (int64_t)record * TIME_SECOND, .record = record};
}

static void model_make(struct ladder_model *model)
{
    struct limits limits = limits_default();
    struct ladder_options options = {0};
    ladder_model_init(model, &options, test_seed(), &limits);
    for (uint64_t i = 1; i <= MESSAGES; i++) {
        struct message message = {
            .id = i,
            .transaction = i,
            .request = true,
            .method = SIP_INFO,
            .method_name = SLICE("INFO"),
            .from = {.user = SLICE("ann@contoso.example")},
            .to = {.user = SLICE("bob@contoso.example")},
            .observed = {.origin = packet(i),
                         .source = {.bytes = {10, 1, 1, 1}, .family = ADDRESS_IPV4, .port = 5061},
                         .destination = {.bytes = {10, 1, 1, 2},
                                         .family = ADDRESS_IPV4,
                                         .port = 5061}},
        };
        struct event event = {
            .kind = EVENT_MESSAGE, .origin = message.observed.origin, .message = &message};
        ladder_model_event(model, &event);
    }
}

static void find(struct ladder_model *model, enum severity severity, uint64_t when,
                 const uint64_t *records, size_t count)
{
    struct origin evidence[8];
    for (size_t i = 0; i < count; i++) {
        evidence[i] = packet(records[i]);
    }
    struct finding finding = {.id = model->finding_count + 1,
                              .rule = "rule",
                              .severity = severity,
                              .time = packet(when).time,
                              .message = SLICE("a sentence"),
                              .evidence = evidence,
                              .evidence_count = count};
    ladder_model_finding(model, &finding);
}

static void a_finding_stands_where_it_happened(void **state)
{
    (void)state;
    static const struct {
        uint64_t when;
        uint64_t evidence[6];
        size_t count;
        uint64_t at; /* packet of its row; 0 = none */
    } cases[] = {
        {.when = 1, .evidence = {1}, .count = 1, .at = 1},
        {.when = 3, .evidence = {1, 3}, .count = 2, .at = 3},
        {.when = 6, .evidence = {1, 2, 3, 4, 5, 6}, .count = 6, .at = 6},
        {.when = 5, .evidence = {2, 4}, .count = 2, .at = 2}, /* something did not come by then */
        {.when = 9, .evidence = {9, 4}, .count = 2, .at = 4}, /* of what is not drawn */
        {.when = 9, .evidence = {9}, .count = 1, .at = 0},
    };
    struct ladder_model model;
    model_make(&model);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        find(&model, SEVERITY_NOTE, cases[i].when, cases[i].evidence, cases[i].count);
    }
    ladder_model_settle(&model);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        size_t row = model.findings[i].row;
        assert_int_equal(row == SIZE_MAX ? 0 : model.rows[row].record, cases[i].at);
    }
    ladder_model_dispose(&model);
}

static void the_gravest_is_seen_first(void **state)
{
    (void)state;
    static const enum severity severities[] = {SEVERITY_NOTE, SEVERITY_WARNING, SEVERITY_ERROR,
                                               SEVERITY_NOTE, SEVERITY_ERROR};
    static const uint32_t order[] = {3, 5, 2, 1, 4, 0};
    uint64_t record = 2;
    struct ladder_model model;
    model_make(&model);
    for (size_t i = 0; i < 5; i++) {
        find(&model, severities[i], record, &record, 1);
    }
    ladder_model_settle(&model);
    uint32_t next = model.rows[1].finding;
    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++) {
        assert_int_equal(next, order[i]);
        next = next > 0 ? model.findings[next - 1].next : 0;
    }
    ladder_model_dispose(&model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_finding_stands_where_it_happened),
        cmocka_unit_test(the_gravest_is_seen_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
