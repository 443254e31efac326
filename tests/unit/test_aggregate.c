/*
 * Aggregation: the vectors of facts/presence.md 3.4, with their strength.
 *
 * D documented, S seen in a trace, P patent, I inferred, U unknown. Where the
 * sheet admits a set, `low` and `high` are its ends.
 */
#include "tests/unit/harness.h"

#include "analyzer/engine/aggregate.h"

enum { INPUTS = 4 };

struct input {
    enum state_kind kind;
    int64_t availability;
    int64_t published;
    const char *token; /* NULL = no activity */
    uint32_t min;
    uint32_t max;
};

struct vector {
    const char *name;
    const char *strength;
    struct input inputs[INPUTS];
    int64_t low;
    int64_t high;
    const char *activity;
    int64_t machine;
};

#define USER(number, at)                                                                           \
    {                                                                                              \
        STATE_USER, number, at, NULL, 0, 0                                                         \
    }
#define MACHINE(number, at)                                                                        \
    {                                                                                              \
        STATE_MACHINE, number, at, NULL, 0, 0                                                      \
    }
#define CALL(number, at)                                                                           \
    {                                                                                              \
        STATE_PHONE, number, at, "on-the-phone", 6500, 8999                                        \
    }
#define MEETING(number, at)                                                                        \
    {                                                                                              \
        STATE_CALENDAR, number, at, "in-a-meeting", 6500, 8999                                     \
    }
#define OUT_OF_OFFICE(at)                                                                          \
    {                                                                                              \
        STATE_CALENDAR, AVAILABILITY_NONE, at, "out-of-office", 12000, UINT32_MAX                  \
    }
#define NONE AVAILABILITY_NONE

/* clang-format off */
static const struct vector vectors[] = {
    {"1 available at an active machine", "trivial", {USER(3500, 1), MACHINE(3500, 2)}, 3500, 3500, "", 3500},
    {"2 a call",                         "S", {USER(3500, 1), CALL(6500, 2)}, 6500, 6500, "on-the-phone", NONE},
    {"3 busy at an active machine",      "D", {USER(6500, 1), MACHINE(3500, 2)}, 6500, 6500, "", 3500},
    {"4 do not disturb, container 2",    "D", {USER(9500, 1)}, 9500, 9500, "", NONE},
    {"4 do not disturb, container 3",    "D", {{STATE_USER, 6900, 1, "urgent-interruptions-only", 6900, 8999}}, 6900, 6900, "urgent-interruptions-only", NONE},
    {"5 two machines, the other active", "D", {USER(3500, 1), MACHINE(15500, 2), MACHINE(3500, 3)}, 3500, 3500, "", 3500},
    {"6 a choice after the call",        "P", {CALL(6500, 1), USER(3500, 2)}, 3500, 3500, "", NONE},
    {"7 idle",                           "P+D", {USER(3500, 1), MACHINE(5000, 2)}, 5000, 5000, "", 5000},
    {"8 do not disturb, then away",      "D", {USER(9500, 1), MACHINE(15500, 2)}, 15500, 15500, "", 15500},
    {"9 out of office while available",  "D", {USER(3500, 1), OUT_OF_OFFICE(2)}, 3500, 3500, "", NONE},
    {"10 out of office, be right back",  "I", {USER(12500, 2), OUT_OF_OFFICE(1)}, 12500, 12500, "out-of-office", NONE},
    {"11 a meeting, then idle",          "D", {MEETING(6500, 1), MACHINE(5000, 2)}, 7500, 8999, "in-a-meeting", 5000},
    {"11a available, then away",         "U", {USER(3500, 1), MACHINE(15500, 2)}, 15500, 15500, "", 15500},
    {"no user state",                    "I", {MACHINE(3500, 1)}, 3500, 3500, "", 3500},
    {"a machine older than the choice",  "P", {MACHINE(15500, 1), USER(6500, 2)}, 6500, 6500, "", 15500},
    {"idle before busy was chosen",      "P", {MACHINE(5000, 1), USER(6500, 2)}, 6500, 6500, "", 5000},
    {"the newer of two choices",         "P", {USER(6500, 5), USER(3500, 1)}, 6500, 6500, "", NONE},
    {"a conference over a call",         "P", {USER(3500, 1), CALL(6500, 2), {STATE_PHONE, 7000, 3, "in-a-conference", 7000, 8999}}, 7000, 7000, "in-a-conference", NONE},
    {"an aggregate is no input",         "D", {USER(3500, 1), {STATE_AGGREGATE, 15500, 9, NULL, 0, 0}}, 3500, 3500, "", NONE},
};
/* clang-format on */

static struct aggregate run(const struct vector *vector)
{
    struct state_value values[INPUTS];
    struct state_activity activities[INPUTS];
    struct aggregate_input inputs[INPUTS];
    size_t count = 0;
    for (; count < INPUTS && vector->inputs[count].kind != STATE_NONE; count++) {
        const struct input *input = &vector->inputs[count];
        activities[count] = (struct state_activity){slice_of(input->token), input->min, input->max};
        values[count] = (struct state_value){input->kind, input->availability, input->token ? 1 : 0,
                                             &activities[count]};
        inputs[count] = (struct aggregate_input){&values[count], input->published};
    }
    return aggregate_inputs(inputs, count);
}

static void test_vectors(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof vectors / sizeof vectors[0]; i++) {
        const struct vector *vector = &vectors[i];
        struct aggregate result = run(vector);
        if (!result.known || result.availability < vector->low ||
            result.availability > vector->high || result.machine != vector->machine ||
            !slice_equal(result.activity, slice_of(vector->activity))) {
            fail_msg("%s (%s): %lld/%.*s, machine %lld", vector->name, vector->strength,
                     (long long)result.availability, (int)result.activity.size,
                     result.activity.data ? result.activity.data : "", (long long)result.machine);
        }
    }
}

static void test_nothing_known(void **state)
{
    (void)state;
    assert_false(aggregate_inputs(NULL, 0).known);
    struct vector only = {.inputs = {OUT_OF_OFFICE(1)}};
    assert_false(run(&only).known);
}

struct pidf_row {
    const char *activity; /* NULL = none */
    bool basic;
    bool open;
    int64_t availability;
    const char *shown;
};

/* clang-format off */
static const struct pidf_row pidf_rows[] = { /* facts/presence.md 7.3 */
    {NULL,           true,  false, 18500, ""},
    {NULL,           true,  true,  3500,  ""},
    {"on-the-phone", true,  true,  6500,  "on-the-phone"},
    {"On-The-Phone", true,  true,  6500,  "On-The-Phone"},
    {"busy",         true,  true,  6500,  "busy"},
    {"away",         true,  true,  15500, "away"},
    {"meeting",      true,  true,  6500,  "meeting"},
    {"steering",     true,  true,  3500,  ""},
    {"on-the-phone", true,  false, 18500, ""},
    {"on-the-phone", false, false, 6500,  "on-the-phone"},
};
/* clang-format on */

static void test_pidf(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof pidf_rows / sizeof pidf_rows[0]; i++) {
        const struct pidf_row *row = &pidf_rows[i];
        struct pidf_fact fact = {.has_basic = row->basic, .open = row->open};
        fact.value.availability = AVAILABILITY_NONE;
        fact.value.activity_count = row->activity ? 1 : 0;
        fact.value.activities[0].token = slice_of(row->activity);
        struct state_value value = state_value_keep_pidf(&fact);
        assert_int_equal(value.kind, STATE_PHONE);
        assert_int_equal(value.availability, row->availability);
        assert_slice_equal(state_value_activity(&value, value.availability), row->shown);
        state_value_drop(&value);
    }
    struct pidf_fact nothing = {.value.availability = AVAILABILITY_NONE};
    assert_int_equal(state_value_keep_pidf(&nothing).kind, STATE_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_vectors),
        cmocka_unit_test(test_nothing_known),
        cmocka_unit_test(test_pidf),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
