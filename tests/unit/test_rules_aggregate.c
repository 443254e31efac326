/*
 * Rules about the server's aggregates: each one fired once, and once for each guard
 * kept silent.
 */
#include "tests/unit/audit_script.h"

#include <stdlib.h>

/* Ada is told of her own state. */
#define OWN(second, transaction, ...)                                                              \
    {                                                                                              \
        .at = second, .act = TOLD, .method = "BENOTIFY", .from = "chat", .to = "ada",              \
        .tx = transaction, .who = "ada", .id = 7, .kind = STATE_USER, .container = 2, __VA_ARGS__  \
    }
#define DERIVED(second, what, told, admits, ...)                                                   \
    {                                                                                              \
        .at = second, .act = AGGREGATE, .timer = true, .who = "ada", .kind = what, .server = told, \
        .expected = admits, .complete = true, __VA_ARGS__                                          \
    }
#define JUDGED(second, told, admits, ...) DERIVED(second, STATE_USER, told, admits, __VA_ARGS__)
#define TICK(second)                                                                               \
    {                                                                                              \
        .at = second, .act = MESSAGE, .method = "OPTIONS", .from = "bo", .to = "chat", .tx = 99,   \
        .status = 200                                                                              \
    }
#define HOLE(second)                                                                               \
    {                                                                                              \
        .at = second, .act = COVERAGE, .coverage = COVERAGE_GAP, .from = "chat", .to = "ada"       \
    }
#define GAP_NOTE                                                                                   \
    "note coverage-gap [4] Part of the stream from 192.0.2.5:5061 to 192.0.2.21:52311 was not "    \
    "captured: 1460 bytes missing\n"
#define UNEXPECTED                                                                                 \
    "note presence-aggregate-unexpected [1 2] The server aggregates ada@contoso.example to 9500 "  \
    "in container 2 for more than 10 s; what is published explains 3500\n"

static const struct script aggregates[] = {
    {"nothing explains it, and it lasts", "presence-aggregate-unexpected",
     SCRIPT_STEPS(OWN(0, 1, ), OWN(1, 2, ), JUDGED(1, 9500, 3500, )), 11, UNEXPECTED},
    {"the capture ends before the tolerance", "presence-aggregate-unexpected",
     SCRIPT_STEPS(OWN(0, 1, ), OWN(1, 2, ), JUDGED(1, 9500, 3500, )), 10, ""},
    {"the server catches up in time", "presence-aggregate-unexpected",
     SCRIPT_STEPS(OWN(0, 1, ), OWN(1, 2, ), JUDGED(1, 9500, 3500, ), JUDGED(11, 3500, 3500, )), 60,
     ""},
    {"the server catches up in time, and the audit hears of it later",
     "presence-aggregate-unexpected",
     SCRIPT_STEPS(OWN(0, 1, ), OWN(1, 2, ), JUDGED(1, 9500, 3500, ), TICK(50),
                  JUDGED(5, 3500, 3500, )),
     60, ""},
    {"the server catches up too late", "presence-aggregate-unexpected",
     SCRIPT_STEPS(OWN(0, 1, ), OWN(1, 2, ), JUDGED(1, 9500, 3500, ), TICK(50),
                  JUDGED(50, 3500, 3500, )),
     60, UNEXPECTED},
    {"a new input in time begins afresh", "presence-aggregate-unexpected",
     SCRIPT_STEPS(OWN(0, 1, ), OWN(1, 2, ), JUDGED(1, 9500, 3500, ), JUDGED(8, 9500, 6500, )), 17,
     ""},
    {"the same twice is one finding", "presence-aggregate-unexpected",
     SCRIPT_STEPS(OWN(0, 1, ), OWN(1, 2, ), JUDGED(1, 9500, 3500, ), TICK(50),
                  JUDGED(50, 3500, 3500, ), JUDGED(55, 9500, 3500, )),
     70,
     "note presence-aggregate-unexpected [1 2] The server aggregates ada@contoso.example to 9500 "
     "in container 2 2 times for more than 10 s; what is published explains 3500\n"},
    {"each container for itself", "presence-aggregate-unexpected",
     SCRIPT_STEPS(OWN(0, 1, ), OWN(1, 2, ), JUDGED(1, 9500, 9500, ),
                  JUDGED(1, 9500, 6900, .container = 3)),
     60,
     "note presence-aggregate-unexpected [1 2] The server aggregates ada@contoso.example to 9500 "
     "in container 3 for more than 10 s; what is published explains 6900\n"},
    {"an input may be missing", "presence-aggregate-unexpected",
     SCRIPT_STEPS(OWN(0, 1, ), OWN(1, 2, ),
                  {.at = 1,
                   .act = AGGREGATE,
                   .timer = true,
                   .who = "ada",
                   .kind = STATE_USER,
                   .server = 9500,
                   .expected = 3500}),
     60, ""},
    {"the subscription ends before the server has caught up", "presence-aggregate-unexpected",
     SCRIPT_STEPS(OWN(0, 1, ), OWN(1, 2, ), JUDGED(1, 9500, 3500, ),
                  {.at = 5,
                   .act = AGGREGATE,
                   .timer = true,
                   .who = "ada",
                   .kind = STATE_USER,
                   .server = 9500,
                   .expected = 3500}),
     60, ""},
    {"nobody saw what the owner was told", "presence-aggregate-unexpected",
     SCRIPT_STEPS(JUDGED(1, 9500, 3500, )), 60, ""},
    {"something that the owner was told is missing", "presence-aggregate-unexpected",
     SCRIPT_STEPS(OWN(0, 1, ), OWN(1, 2, ), JUDGED(1, 9500, 3500, ), HOLE(5)), 60, GAP_NOTE},
    {"it may have been missing since before the tolerance", "presence-aggregate-unexpected",
     SCRIPT_STEPS(OWN(0, 1, ), OWN(1, 2, ), JUDGED(1, 9500, 3500, ), HOLE(50)), 60, GAP_NOTE},
    {"it is missing after the tolerance", "presence-aggregate-unexpected",
     SCRIPT_STEPS(OWN(0, 1, ), OWN(1, 2, ), JUDGED(1, 9500, 3500, ), OWN(12, 3, ), HOLE(50)), 60,
     UNEXPECTED
     "note coverage-gap [5] Part of the stream from 192.0.2.5:5061 to 192.0.2.21:52311 was not "
     "captured: 1460 bytes missing\n"},
    {"the owner subscribed afresh after the gap", "presence-aggregate-unexpected",
     SCRIPT_STEPS(OWN(0, 1, ), OWN(1, 2, ), TICK(2), HOLE(3),
                  {.at = 20,
                   .act = TOLD,
                   .method = "SUBSCRIBE",
                   .from = "ada",
                   .to = "ada",
                   .tx = 5,
                   .status = 200,
                   .kept = true,
                   .who = "ada",
                   .container = 2},
                  JUDGED(20, 9500, 3500, )),
     60, GAP_NOTE UNEXPECTED},
    {"told by datagrams, of which a lost one leaves no trace", "presence-aggregate-unexpected",
     SCRIPT_STEPS(OWN(0, 1, .udp = true), OWN(1, 2, ), JUDGED(1, 9500, 3500, )), 60, ""},
    {"a gateway may have published the call", "presence-aggregate-unexpected",
     SCRIPT_STEPS(OWN(0, 1, ), OWN(1, 2, ), JUDGED(1, 6500, 3500, .name = "on-the-phone")), 60, ""},
    {"the call is known, and is not why", "presence-aggregate-unexpected",
     SCRIPT_STEPS(OWN(0, 1, ), OWN(1, 2, ),
                  JUDGED(1, 6500, 9500, .name = "on-the-phone", .tag = "On-The-Phone")),
     60,
     "note presence-aggregate-unexpected [1 2] The server aggregates ada@contoso.example to 6500 "
     "in container 2 for more than 10 s; what is published explains 9500\n"},
};

#define MACHINE(second, told, lowest) DERIVED(second, STATE_MACHINE, told, lowest, )
#define WRONG                                                                                      \
    "warning presence-machine-aggregate-wrong [1 2] The server takes the most active machine of "  \
    "ada@contoso.example for 15500 in container 2 for more than 10 s; it is at 3500\n"

static const struct script machines[] = {
    {"another machine is more active", "presence-machine-aggregate-wrong",
     SCRIPT_STEPS(OWN(0, 1, ), OWN(1, 2, ), MACHINE(1, 15500, 3500)), 11, WRONG},
    {"it is the most active", "presence-machine-aggregate-wrong",
     SCRIPT_STEPS(OWN(0, 1, ), OWN(1, 2, ), MACHINE(1, 3500, 3500)), 60, ""},
    {"the server catches up in time", "presence-machine-aggregate-wrong",
     SCRIPT_STEPS(OWN(0, 1, ), OWN(1, 2, ), MACHINE(1, 15500, 3500), MACHINE(9, 3500, 3500)), 60,
     ""},
    {"the capture ends before the tolerance", "presence-machine-aggregate-wrong",
     SCRIPT_STEPS(OWN(0, 1, ), OWN(1, 2, ), MACHINE(1, 15500, 3500)), 10, ""},
    {"an input may be missing", "presence-machine-aggregate-wrong",
     SCRIPT_STEPS(OWN(0, 1, ), OWN(1, 2, ),
                  {.at = 1,
                   .act = AGGREGATE,
                   .timer = true,
                   .who = "ada",
                   .server = 15500,
                   .expected = 3500}),
     60, ""},
    {"something that the owner was told is missing", "presence-machine-aggregate-wrong",
     SCRIPT_STEPS(OWN(0, 1, ), OWN(1, 2, ), MACHINE(1, 15500, 3500), HOLE(5)), 60, GAP_NOTE},
};

static void aggregates_are_explained(void **state)
{
    (void)state;
    check_scripts(aggregates, sizeof aggregates / sizeof aggregates[0]);
}

static void the_most_active_machine_leads(void **state)
{
    (void)state;
    check_scripts(machines, sizeof machines / sizeof machines[0]);
}

/* More endpoints than the rule follows: it does not know what was missed, and says nothing. */
static void many_endpoints_are_not_judged(void **state)
{
    (void)state;
    struct limits limits = limits_default();
    for (uint32_t inputs = 4; inputs <= 5; inputs++) {
        struct step steps[16] = {{0}};
        size_t count = 0;
        for (uint32_t i = 0; i < inputs; i++) {
            steps[count++] = (struct step)OWN(0, i + 1, .input = i);
        }
        steps[count++] = (struct step)JUDGED(1, 9500, 3500, );
        for (uint32_t i = 0; i < inputs; i++) {
            steps[count++] = (struct step)OWN(50, i + 10, .input = i);
        }
        steps[count] = (struct step){.act = STEPS_END};
        const struct script script = {"many", "presence-aggregate-unexpected", steps, 60, ""};
        char *got = audit_script(&script, &limits, NULL);
        assert_string_equal(got, inputs == 4 ? UNEXPECTED : "");
        free(got);
    }
}

static void every_beginning_is_survived(void **state)
{
    (void)state;
    check_beginnings(aggregates, sizeof aggregates / sizeof aggregates[0]);
    check_beginnings(machines, sizeof machines / sizeof machines[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(aggregates_are_explained),
        cmocka_unit_test(the_most_active_machine_leads),
        cmocka_unit_test(many_endpoints_are_not_judged),
        cmocka_unit_test(every_beginning_is_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
