/*
 * Aggregation: the vectors of facts/presence.md 3.4 and what 3.3 and 3.5 leave open,
 * with the strength of each; the band edges of part 4; the PIDF rows of 7.3.
 *
 * D documented, S seen in a trace, P patent, I inferred, U unknown. `admitted` is
 * the whole set; `verdicts` has one letter per input: D decided, C counted, O older
 * than the user's choice, M not the most active machine, S superseded, N no number.
 */
#include "tests/unit/harness.h"

#include <stdio.h>

#include "analyzer/engine/aggregate.h"
#include "tests/unit/band_edges.h"

enum { INPUTS = 5, STAMPED = 1, TIMED = 2, PIDF = 4, MINUTE = 60 };

struct input {
    enum state_kind kind;
    int64_t availability;
    int64_t published; /* seconds */
    const char *token; /* NULL = no activity */
    uint32_t min;
    uint32_t max;
    unsigned flags;
};

struct vector {
    const char *name;
    const char *strength;
    struct input inputs[INPUTS];
    int64_t computed;
    const char *admitted;
    const char *activity;
    int64_t machine;
    enum aggregate_step step;
    const char *verdicts;
    struct aggregate_situation situation;
};

/* clang-format off */
#define USER(number, at)        {STATE_USER, number, at, NULL, 0, 0, 0}
#define TIMED_USER(number, at)  {STATE_USER, number, at, NULL, 0, 0, TIMED}
#define MACHINE(number, at)     {STATE_MACHINE, number, at, NULL, 0, 0, 0}
#define CALL(number, at)        {STATE_PHONE, number, at, "on-the-phone", 6500, 8999, 0}
#define CONFERENCE(number, at)  {STATE_CONFERENCE, number, at, "in-a-conference", 7000, 8999, 0}
#define MEETING(number, at)     {STATE_CALENDAR, number, at, "in-a-meeting", 6500, 8999, 0}
#define OUT_OF_OFFICE(at)       {STATE_CALENDAR, NONE, at, "out-of-office", 12000, UINT32_MAX, 0}
#define GATEWAY(number, token, at) {STATE_PHONE, number, at, token, 6000, 8999, PIDF}
#define SERVER(kind, number, at) {kind, number, at, NULL, 0, 0, STAMPED}
#define NONE AVAILABILITY_NONE
#define SOFTENED                {STATE_USER, 6900, 1, "urgent-interruptions-only", 6900, 8999, 0}
#define CHANGED(at)             {.machine_clock = MACHINE_CHANGED, .machine_changed = (at) * TIME_SECOND}

static const struct vector vectors[] = {
    /* 3.4 */
    {"1 available at an active machine", "trivial", {USER(3500, 1), MACHINE(3500, 2)}, 3500, "[3500]", "", 3500, STEP_USER_STATE, "DC", {0}},
    {"2 a call",                         "S", {USER(3500, 1), CALL(6500, 2)}, 6500, "[6500]", "on-the-phone", NONE, STEP_PHONE, "CD", {0}},
    {"3 busy at an active machine",      "D", {USER(6500, 1), MACHINE(3500, 2)}, 6500, "[6500]", "", 3500, STEP_USER_STATE, "DC", {0}},
    {"4 do not disturb, container 2",    "D", {USER(9500, 1)}, 9500, "[9500]", "", NONE, STEP_USER_STATE, "D", {0}},
    {"4 do not disturb, container 3",    "D", {SOFTENED}, 6900, "[6900]", "urgent-interruptions-only", NONE, STEP_USER_STATE, "D", {0}},
    {"5 two machines, the other active", "D", {USER(3500, 1), MACHINE(15500, 2), MACHINE(3500, 3)}, 3500, "[3500]", "", 3500, STEP_USER_STATE, "DMC", {0}},
    {"6 a choice after the call",        "P", {CALL(6500, 1), USER(3500, 2)}, 3500, "[3500]", "", NONE, STEP_USER_STATE, "OD", {0}},
    {"7 idle",                           "P+D", {USER(3500, 1), MACHINE(5000, 2)}, 5000, "[5000]", "", 5000, STEP_MACHINE, "CD", {0}},
    {"8 do not disturb, then away, container 2", "D", {USER(9500, 1), MACHINE(15500, 2)}, 15500, "[15500]", "", 15500, STEP_MACHINE, "CD", {0}},
    {"8 do not disturb, then away, container 3", "D+U", {SOFTENED, MACHINE(15500, 2)}, 15500, "[7500..8999][15500]", "", 15500, STEP_MACHINE, "CD", {0}},
    {"9 out of office while available",  "D", {USER(3500, 1), OUT_OF_OFFICE(2)}, 3500, "[3500]", "", NONE, STEP_USER_STATE, "DN", {0}},
    {"10 out of office, be right back",  "I", {USER(12500, 2), OUT_OF_OFFICE(1)}, 12500, "[12500]", "out-of-office", NONE, STEP_USER_STATE, "DN", {0}},
    {"11 a meeting, then idle",          "D", {USER(3500, 0), MEETING(6500, 1), MACHINE(5000, 2)}, 7500, "[6000..8999]", "in-a-meeting", 5000, STEP_BUSY_IDLE, "CDC", {0}},
    {"11a available, then away",         "U", {USER(3500, 1), MACHINE(15500, 2)}, 15500, "[4500..5999][15500]", "", 15500, STEP_MACHINE, "CD", {0}},
    {"12 busy for a time over a static choice",  "D, I", {USER(3500, 1), TIMED_USER(6500, 2)}, 6500, "[3500][6500]", "", NONE, STEP_USER_STATE, "SD", {0}},
    {"12 the time has passed",           "I", {USER(3500, 1)}, 3500, "[3500]", "", NONE, STEP_USER_STATE, "D", {0}},
    {"13 the last endpoint left",        "I", {USER(3500, 1)}, 18500, "[3500][18000..4294967295]", "", NONE, STEP_NO_ENDPOINT, "C", {.gone = true}},
    {"13 nothing is left over",          "I", {{STATE_NONE, 0, 0, NULL, 0, 0, 0}}, 18500, "[18000..4294967295]", "", NONE, STEP_NO_ENDPOINT, "", {.gone = true}},

    /* step 1 */
    {"the newest of equal machines counts", "I", {USER(3500, 2), MACHINE(5000, 1), MACHINE(5000, 3)}, 5000, "[3500][5000]", "", 5000, STEP_MACHINE, "CMD", {0}},
    {"a machine without a number",       "I", {USER(3500, 1), MACHINE(NONE, 2)}, 3500, "[3500]", "", NONE, STEP_USER_STATE, "DN", {0}},

    /* step 2 */
    {"no user state",                    "I", {MACHINE(3500, 1)}, 3500, "[3500]", "", 3500, STEP_MACHINE, "D", {0}},
    {"no user state, a lively machine",  "I", {MACHINE(3000, 1)}, 3500, "[3000][3500]", "", 3000, STEP_ASSUMED, "C", {0}},
    {"the newer of two choices",         "P", {USER(6500, 5), USER(3500, 1)}, 6500, "[6500]", "", NONE, STEP_USER_STATE, "DS", {0}},
    {"a static choice over a timed one", "U", {TIMED_USER(6500, 1), USER(3500, 2)}, 3500, "[3500][6500]", "", NONE, STEP_USER_STATE, "SD", {0}},
    {"the timed one lies under, and a call is newer than it", "U", {TIMED_USER(6500, 1), CALL(7000, 2), USER(3500, 3)}, 3500, "[3500][6500][7000]", "", NONE, STEP_USER_STATE, "SOD", {0}},
    {"two choices of one moment",        "U", {USER(3500, 1), USER(12500, 1)}, 3500, "[3500][12500]", "", NONE, STEP_USER_STATE, "DS", {0}},

    /* step 3 */
    {"a machine older than the choice",  "P", {MACHINE(15500, 1), USER(12500, 2)}, 12500, "[12500]", "", 15500, STEP_USER_STATE, "OD", {0}},
    {"... busy at it: the bands of step 5 do not ask which is newer", "U", {MACHINE(15500, 1), USER(6500, 2)}, 6500, "[6500][7500..8999]", "", 15500, STEP_USER_STATE, "OD", {0}},
    {"idle before busy was chosen",      "P, U", {MACHINE(5000, 1), USER(6500, 2)}, 6500, "[6000..8999]", "", 5000, STEP_USER_STATE, "OD", {0}},
    {"the machine state changed after the choice, by another machine", "U", {MACHINE(15500, 1), USER(12500, 2)}, 12500, "[12500][15500]", "", 15500, STEP_USER_STATE, "OD", CHANGED(3)},
    {"the machine state stood before the choice", "U", {USER(12500, 2), MACHINE(15500, 3)}, 15500, "[12500][15500]", "", 15500, STEP_MACHINE, "CD", CHANGED(1)},
    {"nobody knows when the machine state changed", "U", {MACHINE(15500, 1), USER(12500, 2)}, 12500, "[12500][15500]", "", 15500, STEP_USER_STATE, "OD", {.machine_clock = MACHINE_TIME_UNKNOWN}},
    {"published together",               "U", {USER(3500, 1), CALL(6500, 1)}, 6500, "[3500][6500]", "on-the-phone", NONE, STEP_PHONE, "CD", {0}},
    {"two clocks, a minute apart",       "I", {CALL(6500, 0), SERVER(STATE_USER, 3500, MINUTE)}, 3500, "[3500][6500]", "", NONE, STEP_USER_STATE, "OD", {0}},
    {"two clocks, an hour apart",        "I", {CALL(6500, 0), SERVER(STATE_USER, 3500, 60 * MINUTE)}, 3500, "[3500]", "", NONE, STEP_USER_STATE, "OD", {0}},
    {"one clock, a minute apart",        "P", {SERVER(STATE_PHONE, 6500, 0), SERVER(STATE_USER, 3500, MINUTE)}, 3500, "[3500]", "", NONE, STEP_USER_STATE, "OD", {0}},

    /* step 4 */
    {"a conference over a call",         "P", {USER(3500, 1), CALL(6500, 2), CONFERENCE(7000, 3)}, 7000, "[7000]", "in-a-conference", NONE, STEP_CONFERENCE, "CCD", {0}},
    {"a meeting without a user state",   "I", {MEETING(6500, 1)}, 6500, "[6500]", "in-a-meeting", NONE, STEP_CALENDAR, "D", {0}},
    {"an aggregate is no input",         "D", {USER(3500, 1), {STATE_AGGREGATE, 15500, 9, NULL, 0, 0, 0}}, 3500, "[3500]", "", NONE, STEP_USER_STATE, "DO", {0}},

    /* step 5 */
    {"busy, then away",                  "U", {USER(3500, 1), CALL(6500, 2), MACHINE(15500, 3)}, 15500, "[7500..8999][15500]", "", 15500, STEP_MACHINE, "CCD", {0}},
    {"do not disturb is never idle",     "P", {USER(9500, 1), MACHINE(5000, 2)}, 9500, "[9500]", "", 5000, STEP_USER_STATE, "DC", {0}},

    /* step 6 */
    {"out of office without its bounds", "D", {USER(3500, 1), {STATE_CALENDAR, NONE, 2, "out-of-office", 0, UINT32_MAX, 0}}, 3500, "[3500]", "", NONE, STEP_USER_STATE, "DN", {0}},

    /* 3.5: a PIDF publication joins as a call, or does not */
    {"a gateway's call alone",           "D band", {GATEWAY(6500, "on-the-phone", 1)}, 6500, "[6000..7499]", "on-the-phone", NONE, STEP_PHONE, "D", {0}},
    {"a gateway's call while available", "U", {USER(3500, 1), GATEWAY(6500, "on-the-phone", 2)}, 6500, "[3500][6000..7499]", "on-the-phone", NONE, STEP_PHONE, "CD", {0}},
    {"a gateway's call before a choice", "U", {GATEWAY(6500, "on-the-phone", 1), USER(3500, 2)}, 3500, "[3500][6000..7499]", "", NONE, STEP_USER_STATE, "OD", {0}},
    {"a gateway's call before do not disturb", "U", {GATEWAY(6500, "on-the-phone", 1), USER(9500, 2)}, 9500, "[9500]", "", NONE, STEP_USER_STATE, "OD", {0}},
    {"a presentation: 7.3 leaves two bands", "I", {GATEWAY(6500, "presentation", 1)}, 6500, "[6000..7499][9000..11999]", "presentation", NONE, STEP_PHONE, "D", {0}},
};
/* clang-format on */

struct run {
    struct state_value values[INPUTS];
    struct state_activity activities[INPUTS];
    struct aggregate_input inputs[INPUTS];
    enum input_verdict verdicts[INPUTS];
    size_t count;
};

static struct aggregate run_vector(struct run *run, const struct vector *vector)
{
    run->count = 0;
    for (; run->count < INPUTS && vector->inputs[run->count].kind != STATE_NONE; run->count++) {
        size_t i = run->count;
        const struct input *input = &vector->inputs[i];
        run->activities[i] =
            (struct state_activity){slice_of(input->token), input->min, input->max};
        run->values[i] = (struct state_value){input->kind, input->availability,
                                              input->token ? 1 : 0, &run->activities[i]};
        run->inputs[i] = (struct aggregate_input){
            .value = &run->values[i],
            .published = input->published * TIME_SECOND,
            .stamped = input->flags & STAMPED,
            .timed = input->flags & TIMED,
            .pidf = input->flags & PIDF,
        };
    }
    return aggregate_inputs(run->inputs, run->count, &vector->situation, run->verdicts);
}

static void write_admitted(char *out, size_t size, const struct admitted *admitted)
{
    size_t at = 0;
    *out = '\0';
    for (size_t i = 0; i < admitted->count; i++) {
        const struct availability_range *range = &admitted->ranges[i];
        at += (size_t)snprintf(out + at, size - at, "[%lld", (long long)range->low);
        if (range->high != range->low) {
            at += (size_t)snprintf(out + at, size - at, "..%lld", (long long)range->high);
        }
        at += (size_t)snprintf(out + at, size - at, "]");
    }
}

static void write_verdicts(char *out, const struct run *run)
{
    static const char letters[] = {
        [INPUT_DECIDED] = 'D',       [INPUT_COUNTED] = 'C',    [INPUT_OLDER] = 'O',
        [INPUT_OTHER_MACHINE] = 'M', [INPUT_SUPERSEDED] = 'S', [INPUT_NO_NUMBER] = 'N',
    };
    for (size_t i = 0; i < run->count; i++) {
        out[i] = letters[run->verdicts[i]];
    }
    out[run->count] = '\0';
}

static void test_vectors(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof vectors / sizeof vectors[0]; i++) {
        const struct vector *vector = &vectors[i];
        struct run run;
        struct aggregate result = run_vector(&run, vector);
        char admitted[256];
        char verdicts[INPUTS + 1];
        write_admitted(admitted, sizeof admitted, &result.admitted);
        write_verdicts(verdicts, &run);
        if (!result.known || result.availability != vector->computed ||
            strcmp(admitted, vector->admitted) != 0 || strcmp(verdicts, vector->verdicts) != 0 ||
            result.machine != vector->machine || result.step != vector->step ||
            !slice_equal(result.activity, slice_of(vector->activity))) {
            fail_msg("%s (%s): %lld %s /%.*s, machine %lld, %s, verdicts %s", vector->name,
                     vector->strength, (long long)result.availability, admitted,
                     (int)result.activity.size, result.activity.data ? result.activity.data : "",
                     (long long)result.machine, aggregate_step_name(result.step), verdicts);
        }
        assert_true(aggregate_admits(&result.admitted, result.availability, result.activity));
    }
}

/* The order in which the inputs came to light is no reason: only one tie is broken by it. */
static void test_order_of_inputs(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof vectors / sizeof vectors[0]; i++) {
        struct vector turned = vectors[i];
        size_t count = 0;
        while (count < INPUTS && vectors[i].inputs[count].kind != STATE_NONE) {
            count++;
        }
        for (size_t at = 0; at < count; at++) {
            turned.inputs[at] = vectors[i].inputs[count - 1 - at];
        }
        struct run run;
        struct aggregate result = run_vector(&run, &turned);
        char admitted[256];
        write_admitted(admitted, sizeof admitted, &result.admitted);
        if (strcmp(admitted, vectors[i].admitted) != 0) {
            fail_msg("%s, turned round: %s", vectors[i].name, admitted);
        }
    }
}

static void test_nothing_known(void **state)
{
    (void)state;
    const struct aggregate_situation nothing = {0};
    struct aggregate none = aggregate_inputs(NULL, 0, &nothing, NULL);
    assert_false(none.known);
    assert_int_equal(none.admitted.count, 0);
    assert_int_equal(none.step, STEP_NONE);
    struct vector only = {.inputs = {OUT_OF_OFFICE(1)}};
    struct run run;
    assert_false(run_vector(&run, &only).known);
}

struct judgement {
    int64_t server;
    const char *activity;
    bool agrees;
};

/* Against the set of vector 11a, [4500..5999][15500]. */
static const struct judgement judgements[] = {
    {4499, "", false},         {4500, "", true},           {5999, "", true},
    {6000, "", false},         {15499, "", false},         {15500, "", true},
    {15501, "", false},        {NONE, "", true},           {15600, "off-work", true},
    {15600, "Off-Work", true}, {18500, "off-work", false},
};

static void test_agreement(void **state)
{
    (void)state;
    struct admitted admitted = {.count = 0};
    assert_true(aggregate_admits(&admitted, 3500, slice_of("")));
    admitted_add(&admitted, 15500, 15500);
    admitted_add(&admitted, 4500, 5999);
    for (size_t i = 0; i < sizeof judgements / sizeof judgements[0]; i++) {
        assert_int_equal(
            aggregate_admits(&admitted, judgements[i].server, slice_of(judgements[i].activity)),
            judgements[i].agrees);
    }
}

/* Ascending, disjoint, and never more than fit: the narrowest gap closes. */
static void test_sets(void **state)
{
    (void)state;
    static const struct {
        int64_t ranges[5][2];
        const char *set;
    } rows[] = {
        {{{5, 6}, {1, 2}}, "[1..2][5..6]"},
        {{{1, 2}, {3, 4}}, "[1..4]"},
        {{{1, 9}, {3, 4}}, "[1..9]"},
        {{{3, 4}, {1, 9}}, "[1..9]"},
        {{{1, 1}, {5, 5}, {3, 3}}, "[1][3][5]"},
        {{{1, 1}, {3, 3}, {10, 10}, {20, 20}}, "[1..3][10][20]"},
        {{{20, 20}, {18, 18}, {10, 10}, {1, 1}}, "[1][10][18..20]"},
        {{{1, 1}, {3, 3}, {10, 10}, {20, 20}, {11, 19}}, "[1..3][10..20]"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct admitted admitted = {.count = 0};
        char text[128];
        for (size_t at = 0; at < 5 && rows[i].ranges[at][1] > 0; at++) {
            admitted_add(&admitted, rows[i].ranges[at][0], rows[i].ranges[at][1]);
        }
        write_admitted(text, sizeof text, &admitted);
        assert_string_equal(text, rows[i].set);
    }
}

/* From inputs: the user's choice, and a call over an Available that is no obstacle. */
static void test_edges(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof band_edges / sizeof band_edges[0]; i++) {
        int64_t number = band_edges[i].number;
        struct run run;
        struct vector chosen = {.inputs = {USER(number, 1)}};
        struct aggregate result = run_vector(&run, &chosen);
        assert_int_equal(result.availability, number);
        assert_int_equal(band_of(result.availability), band_edges[i].band);
        struct vector call = {.inputs = {USER(0, 1), CALL(number, 2)}};
        result = run_vector(&run, &call);
        assert_int_equal(result.availability, number);
        assert_int_equal(state_band(STATE_AGGREGATE, number), band_edges[i].band);
    }
}

/* Which machine bands make Busy idle (step 5), at each of their edges. */
static void test_busy_idle_edges(void **state)
{
    (void)state;
    static const struct {
        int64_t machine;
        const char *admitted;
    } rows[] = {
        {4499, "[6500]"},
        {4500, "[6000..8999]"},
        {5999, "[6000..8999]"},
        {6000, "[6500]"},
        {14999, "[14999]"},
        {15000, "[7500..8999][15000]"},
        {17999, "[7500..8999][17999]"},
        {18000, "[18000]"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct run run;
        struct vector vector = {.inputs = {USER(6500, 1), MACHINE(rows[i].machine, 2)}};
        struct aggregate result = run_vector(&run, &vector);
        char admitted[128];
        write_admitted(admitted, sizeof admitted, &result.admitted);
        assert_string_equal(admitted, rows[i].admitted);
    }
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
        cmocka_unit_test(test_order_of_inputs),
        cmocka_unit_test(test_nothing_known),
        cmocka_unit_test(test_agreement),
        cmocka_unit_test(test_sets),
        cmocka_unit_test(test_edges),
        cmocka_unit_test(test_busy_idle_edges),
        cmocka_unit_test(test_pidf),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
