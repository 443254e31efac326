/*
 * CHANGE_AGGREGATE as stories (engine_script.h): when it is told, with which inputs,
 * what is admitted, and whether the server agrees.
 */
#include "tests/unit/engine_script.h"

#define CHOICE         "state/536870912/2/userState/"
#define CHOICE_3       "state/536870912/3/userState/"
#define DESK           "state/805306369/2/machineState/"
#define LAPTOP         "state/805306370/2/machineState/"
#define CALL_2         "state/2147483649/2/phoneState/6500/endpoint/on-the-phone"
#define SERVER         "state/1/2/aggregateState/"
#define SERVER_3       "state/1/3/aggregateState/"
#define SERVER_MACHINE "state/268435456/2/aggregateMachineState/"

/* clang-format off */
static const struct story stories[] = {
    {"once a message, after all of its facts",
     "1 aggregates\n"
     "1 roaming ann 5 " CHOICE "3500/static@1 " DESK "3500/endpoint@1.5 " SERVER "3500/user@1.6 " SERVER_MACHINE "3500/user@1.5\n"
     "2 document ann " CALL_2 "@2\n"
     "3 document ann " SERVER "6500/user/on-the-phone@2.1\n"
     "4 document ann -state/2147483649/2 " SERVER "3500/user@4\n"
     "5 tick\n",
     "1 told ann of ann: available 3500 in 2 owner\n"
     "1 instance ann state/536870912/2 live userState v0 3500\n"
     "1 told ann of ann: available 3500 in 2 owner\n"
     "1 instance ann state/805306369/2 live machineState v0 3500\n"
     "1 told ann of ann: available 3500 in 2 owner\n"
     "1 instance ann state/1/2 live aggregateState v0 3500\n"
     "1 presence ann unknown->available 3500 aggregate (aggregateState is 3500)\n"
     "1 told ann of ann: available 3500 in 2 owner\n"
     "1 instance ann state/268435456/2 live aggregateMachineState v0 3500\n"
     "1 aggregate ann c2 3500 [3500..3500] (the user's own choice) server 3500 complete\n"
     "2 told ann of ann: busy 6500/on-the-phone in 2 owner\n"
     "2 instance ann state/2147483649/2 live phoneState v0 6500/on-the-phone\n"
     "2 presence ann available->busy 6500/on-the-phone computed (owner's own publications were seen)\n"
     "2 aggregate ann c2 6500/on-the-phone [6500..6500] (a call is newer and less available) server 3500 complete DIFFERS\n"
     "3 told ann of ann: busy 6500/on-the-phone in 2 owner\n"
     "3 instance ann state/1/2 modified aggregateState v0 6500/on-the-phone\n"
     "3 presence ann busy->busy 6500/on-the-phone aggregate (aggregateState is 6500)\n"
     "3 aggregate ann c2 6500/on-the-phone [6500..6500] (a call is newer and less available) server 6500/on-the-phone complete\n"
     "4 told ann of ann: unknown - in 2 owner\n"
     "4 instance ann state/2147483649/2 removed phoneState v0 6500/on-the-phone\n"
     "4 told ann of ann: available 3500 in 2 owner\n"
     "4 instance ann state/1/2 modified aggregateState v0 3500\n"
     "4 presence ann busy->available 3500 aggregate (aggregateState is 3500)\n"
     "4 aggregate ann c2 3500 [3500..3500] (the user's own choice) server 3500 complete\n"},

    {"both containers, each with its own inputs and its own server",
     "1 aggregates\n"
     "1 service ann e1 200 " CHOICE "9500/86400 " CHOICE_3 "6900/86400/urgent-interruptions-only\n"
     "2 document ann " SERVER "9500/user@1 " SERVER_3 "9500/user@1\n"
     "3 service ann e1 200 note/0/200/none/-/user\n"
     "4 tick\n",
     "1 instance ann state/536870912/2 requested userState v0 9500\n"
     "1 instance ann state/536870912/3 requested userState v0 6900/urgent-interruptions-only\n"
     "1 instance ann state/536870912/2 live userState v1 9500 until=86401\n"
     "1 instance ann state/536870912/3 live userState v1 6900/urgent-interruptions-only until=86401\n"
     "1 presence ann unknown->do-not-disturb 9500 computed (publishes userState 9500)\n"
     "1 aggregate ann c2 9500 [9500..9500] (the user's own choice)\n"
     "1 aggregate ann c3 6900/urgent-interruptions-only [6900..6900] (the user's own choice)\n"
     "2 told ann of ann: do-not-disturb 9500 in 2 owner\n"
     "2 instance ann state/1/2 live aggregateState v0 9500\n"
     "2 presence ann do-not-disturb->do-not-disturb 9500 aggregate (aggregateState is 9500)\n"
     "2 told ann of ann: do-not-disturb 9500 in 3 owner\n"
     "2 instance ann state/1/3 live aggregateState v0 9500\n"
     "2 aggregate ann c2 9500 [9500..9500] (the user's own choice) server 9500\n"
     "2 aggregate ann c3 6900/urgent-interruptions-only [6900..6900] (the user's own choice) server 9500 DIFFERS\n"
     "3 instance ann note/0/200 requested none v0 -\n"
     "3 instance ann note/0/200 live none v1 -\n"},

    {"at a deadline: vector 12, and a machine that is not the server's",
     "1 aggregates\n"
     "1 document ann " CHOICE "3500/static@0.5 state/603979776/2/userState/6500/100@1 " DESK "3500/endpoint@1 " SERVER_MACHINE "15500/user@1\n"
     "200 tick\n",
     "1 told ann of ann: available 3500 in 2 owner\n"
     "1 instance ann state/536870912/2 live userState v0 3500\n"
     "1 told ann of ann: busy 6500 in 2 owner\n"
     "1 instance ann state/603979776/2 live userState v0 6500 until=101\n"
     "1 told ann of ann: available 3500 in 2 owner\n"
     "1 instance ann state/805306369/2 live machineState v0 3500\n"
     "1 told ann of ann: away 15500 in 2 owner\n"
     "1 instance ann state/268435456/2 live aggregateMachineState v0 15500\n"
     "1 presence ann unknown->busy 6500 computed (owner's own publications were seen)\n"
     "1 aggregate ann c2 6500 [3500..3500] [6500..6500] (the user's own choice) MACHINE-DIFFERS\n"
     "101 instance ann state/603979776/2 expired userState v0 6500 until=101\n"
     "101 presence ann busy->available 3500 computed (publication ran out)\n"
     "101 aggregate ann c2 3500 [3500..3500] (the user's own choice) MACHINE-DIFFERS\n"},

    {"another machine left after the choice: which time the machine has is open",
     "1 aggregates\n"
     "1 service ann e1 200 " DESK "15500/endpoint\n"
     "2 service ann e2 200 " LAPTOP "3500/endpoint\n"
     "3 service ann e1 200 " CHOICE "12500/static\n"
     "4 service ann e2 200 -state/805306370/2\n"
     "5 tick\n",
     "1 instance ann state/805306369/2 requested machineState v0 15500\n"
     "1 instance ann state/805306369/2 live machineState v1 15500\n"
     "1 presence ann unknown->away 15500 computed (publishes machineState 15500)\n"
     "1 aggregate ann c2 15500 [4500..5999] [15500..15500] (the most active machine is newer and less available)\n"
     "2 instance ann state/805306370/2 requested machineState v0 3500\n"
     "2 instance ann state/805306370/2 live machineState v1 3500\n"
     "2 presence ann away->available 3500 computed (publishes machineState 3500)\n"
     "2 aggregate ann c2 3500 [3500..3500] (the most active machine is newer and less available)\n"
     "3 instance ann state/536870912/2 requested userState v0 12500\n"
     "3 instance ann state/536870912/2 live userState v1 12500\n"
     "3 presence ann available->be-right-back 12500 computed (publishes userState 12500)\n"
     "3 aggregate ann c2 12500 [12500..12500] (the user's own choice)\n"
     "4 instance ann state/805306370/2 requested none v0 -\n"
     "4 instance ann state/805306370/2 removed machineState v1 3500\n"
     "4 aggregate ann c2 12500 [12500..12500] [15500..15500] (the user's own choice)\n"},

    {"a gateway's call may join in container 3 too, whether it has inputs or only a server's word",
     "1 aggregates\n"
     "1 publish fay on-the-phone 600 - A 200\n"
     "2 document fay " SERVER_3 "6500/user/on-the-phone@2\n"
     "3 document fay " CHOICE_3 "3500/static@0.5\n"
     "4 tick\n",
     "1 pidf fay requested tag= 6500/on-the-phone\n"
     "1 pidf fay live tag=A 6500/on-the-phone until=601\n"
     "1 presence fay unknown->busy 6500/on-the-phone pidf (publishes PIDF 6500)\n"
     "1 aggregate fay c2 6500/on-the-phone [6000..7499] (a call is newer and less available)\n"
     "2 told fay of fay: busy 6500/on-the-phone in 3 owner\n"
     "2 instance fay state/1/3 live aggregateState v0 6500/on-the-phone\n"
     "2 presence fay busy->busy 6500/on-the-phone aggregate (owner's own publications were seen)\n"
     "2 aggregate fay c3 6500/on-the-phone [6000..7499] (a call is newer and less available) server 6500/on-the-phone\n"
     "3 told fay of fay: available 3500 in 3 owner\n"
     "3 instance fay state/536870912/3 live userState v0 3500\n"
     "3 presence fay busy->busy 6500/on-the-phone computed (owner's own publications were seen)\n"
     "3 aggregate fay c3 6500/on-the-phone [3500..3500] [6000..7499] (a call is newer and less available) server 6500/on-the-phone\n"},

    {"a gateway's call joins, or does not; the last input goes",
     "1 aggregates\n"
     "1 service fay e1 200 " CHOICE "3500/static\n"
     "2 publish fay on-the-phone 600 - A 200\n"
     "3 publish fay - 600 A B 200\n"
     "4 publish fay - 0 B - 200\n"
     "5 service fay e1 200 -state/536870912/2\n"
     "6 tick\n",
     "1 instance fay state/536870912/2 requested userState v0 3500\n"
     "1 instance fay state/536870912/2 live userState v1 3500\n"
     "1 presence fay unknown->available 3500 computed (publishes userState 3500)\n"
     "1 aggregate fay c2 3500 [3500..3500] (the user's own choice)\n"
     "2 pidf fay requested tag= 6500/on-the-phone\n"
     "2 pidf fay live tag=A 6500/on-the-phone until=602\n"
     "2 presence fay available->busy 6500/on-the-phone computed (publishes PIDF 6500)\n"
     "2 aggregate fay c2 6500/on-the-phone [3500..3500] [6000..7499] (a call is newer and less available)\n"
     "3 pidf fay requested tag=A -\n"
     "3 pidf fay refreshed tag=B<A 6500/on-the-phone until=603\n"
     "4 pidf fay requested tag=B -\n"
     "4 pidf fay removed tag=B 6500/on-the-phone until=603\n"
     "4 presence fay busy->available 3500 computed (publication removed)\n"
     "4 aggregate fay c2 3500 [3500..3500] (the user's own choice)\n"
     "5 instance fay state/536870912/2 requested none v0 -\n"
     "5 instance fay state/536870912/2 removed userState v1 3500\n"
     "5 presence fay available->unknown - none (removes userState)\n"
     "5 aggregate fay c2 - (nothing)\n"},

    {"the last endpoint leaves, and somebody comes back: vector 13",
     "1 aggregates\n"
     "1 register ann e1 3600\n"
     "2 service ann e1 200 " CHOICE "3500/static " DESK "3500/endpoint\n"
     "3 register ann e1 0\n"
     "4 register ann e1 3600\n"
     "5 tick\n",
     "1 endpoint ann e1 registered until=3601\n"
     "2 instance ann state/536870912/2 requested userState v0 3500\n"
     "2 instance ann state/805306369/2 requested machineState v0 3500\n"
     "2 instance ann state/536870912/2 live userState v1 3500\n"
     "2 instance ann state/805306369/2 live machineState v1 3500\n"
     "2 presence ann unknown->available 3500 computed (publishes userState 3500)\n"
     "2 aggregate ann c2 3500 [3500..3500] (the user's own choice)\n"
     "3 endpoint ann e1 unregistered until=3601\n"
     "3 instance ann state/805306369/2 ended machineState v1 3500\n"
     "3 presence ann available->offline - computed (last endpoint left)\n"
     "3 aggregate ann c2 18500 [3500..3500] [18000..4294967295] (no endpoint is registered)\n"
     "4 endpoint ann e1 registered until=3604\n"
     "4 aggregate ann c2 3500 [3500..3500] (the user's own choice)\n"},

    {"complete while the owner's subscription lives; what it does not list is gone",
     "1 aggregates\n"
     "1 service ann e1 200 " CALL_2 "\n"
     "2 subscription 5 ann ann confirmed 3600\n"
     "2 roaming ann 5 " CHOICE "3500/static@1\n"
     "3 subscription 5 ann ann terminated - deactivated\n"
     "4 document ann " CHOICE "6500/static@4\n"
     "5 tick\n",
     "1 instance ann state/2147483649/2 requested phoneState v0 6500/on-the-phone\n"
     "1 instance ann state/2147483649/2 live phoneState v1 6500/on-the-phone\n"
     "1 presence ann unknown->busy 6500/on-the-phone computed (publishes phoneState 6500)\n"
     "1 aggregate ann c2 6500/on-the-phone [6500..6500] (a call is newer and less available)\n"
     "2 subscription 5 ann->ann active until=3600\n"
     "2 told ann of ann: available 3500 in 2 owner\n"
     "2 instance ann state/536870912/2 live userState v0 3500\n"
     "2 instance ann state/2147483649/2 removed phoneState v1 6500/on-the-phone\n"
     "2 presence ann busy->available 3500 computed (owner's own publications were seen)\n"
     "2 aggregate ann c2 3500 [3500..3500] (the user's own choice) complete\n"
     "3 subscription 5 ann->ann terminated until=3600 (deactivated)\n"
     "3 aggregate ann c2 3500 [3500..3500] (the user's own choice)\n"
     "4 told ann of ann: busy 6500 in 2 owner\n"
     "4 instance ann state/536870912/2 modified userState v0 6500\n"
     "4 presence ann available->busy 6500 computed (owner's own publications were seen)\n"
     "4 aggregate ann c2 6500 [6500..6500] (the user's own choice)\n"},

    {"versions that go back, doubles, and times that are none",
     "1 aggregates\n"
     "1 document ann " CHOICE "3500/static@1#5 " CHOICE "6500/static@1#4 " CHOICE "9500/static@1#6\n"
     "2 document ann " CHOICE "12500/static@1#5\n"
     "3 document ann " CHOICE "15500/static@3#1\n"
     "4 document ann " CALL_2 "@9000000000#1\n"
     "5 document ann " CHOICE "3500/static@5#2\n"
     "6 tick\n",
     "1 told ann of ann: available 3500 in 2 owner\n"
     "1 instance ann state/536870912/2 live userState v5 3500\n"
     "1 told ann of ann: busy 6500 in 2 owner\n"
     "1 told ann of ann: do-not-disturb 9500 in 2 owner\n"
     "1 instance ann state/536870912/2 modified userState v6 9500\n"
     "1 presence ann unknown->do-not-disturb 9500 computed (owner's own publications were seen)\n"
     "1 aggregate ann c2 9500 [9500..9500] (the user's own choice)\n"
     "2 told ann of ann: be-right-back 12500 in 2 owner\n"
     "3 told ann of ann: away 15500 in 2 owner\n"
     "3 instance ann state/536870912/2 modified userState v1 15500\n"
     "3 presence ann do-not-disturb->away 15500 computed (owner's own publications were seen)\n"
     "3 aggregate ann c2 15500 [15500..15500] (the user's own choice)\n"
     "4 told ann of ann: busy 6500/on-the-phone in 2 owner\n"
     "4 instance ann state/2147483649/2 live phoneState v1 6500/on-the-phone\n"
     "4 presence ann away->away 15500/on-the-phone computed (owner's own publications were seen)\n"
     "4 aggregate ann c2 15500/on-the-phone [15500..15500] (the user's own choice)\n"
     "5 told ann of ann: available 3500 in 2 owner\n"
     "5 instance ann state/536870912/2 modified userState v2 3500\n"
     "5 presence ann away->available 3500/on-the-phone computed (owner's own publications were seen)\n"
     "5 aggregate ann c2 3500/on-the-phone [3500..3500] [6500..6500] (the user's own choice)\n"},
};
/* clang-format on */

static void test_stories(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof stories / sizeof stories[0]; i++) {
        story_check(&stories[i]);
        story_check_prefixes(&stories[i]);
    }
}

/* ---- the inputs themselves ---- */

struct last {
    struct script script;
    char inputs[512];
    struct presence_change presence;
    char publications[512];
};

static void write_inputs(struct last *last, const struct aggregate_change *it)
{
    size_t at = 0;
    last->inputs[0] = '\0';
    for (size_t i = 0; i < it->input_count; i++) {
        const struct aggregate_cause *cause = &it->inputs[i];
        assert_slice_equal(cause->key.user, "ann@x");
        at += (size_t)snprintf(
            last->inputs + at, sizeof last->inputs - at, "%s%.*s%u %s %lld %s r%llu",
            i > 0 ? "; " : "", SLICE_ARGS(cause->entity_tag), cause->key.instance,
            state_kind_name(cause->kind), (long long)cause->availability,
            input_verdict_name(cause->verdict), (unsigned long long)cause->origin.record);
    }
}

static void keep_last(void *context, const struct change *change)
{
    struct last *last = context;
    size_t at = strlen(last->publications);
    if (change->kind == CHANGE_AGGREGATE) {
        write_inputs(last, &change->as.aggregate);
    } else if (change->kind == CHANGE_PRESENCE) {
        last->presence = change->as.presence;
    } else if (change->kind == CHANGE_PUBLICATION &&
               change->as.publication.state == PUBLICATION_LIVE) {
        const struct publication_change *it = &change->as.publication;
        snprintf(last->publications + at, sizeof last->publications - at, "%s %s '%.*s' %g; ",
                 category_kind_name(it->category), it->manual ? "manual" : "auto",
                 SLICE_ARGS(it->text), (double)it->published / 1e9);
    }
}

static void run_last(struct last *last, const char *story)
{
    memset(last, 0, sizeof *last);
    struct change_sink sink = {keep_last, last};
    struct event_sink caps = {script_cap, &last->script};
    struct limits limits = limits_default();
    last->script.engine = engine_new(test_seed(), &limits, &sink, &caps);
    char *copy = strdup(story);
    char *save = NULL;
    for (char *line = strtok_r(copy, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
        script_run_line(&last->script, line);
    }
    engine_end(last->script.engine, last->script.now);
    free(copy);
}

static void test_inputs(void **state)
{
    (void)state;
    struct last *last = malloc(sizeof *last);
    run_last(last, "1 service ann e1 200 " CHOICE "3500/static " DESK "15500/endpoint " LAPTOP
                   "3500/endpoint\n"
                   "2 service ann e1 200 " CALL_2
                   " state/1610612736/2/calendarState/-/static/out-of-office\n"
                   "3 publish ann busy 600 - A 200\n"
                   "4 service ann e1 200 state/603979776/2/userState/9500/600\n"
                   "5 tick\n");
    assert_string_equal(last->inputs,
                        "536870912 userState 3500 superseded r2; "
                        "805306369 machineState 15500 not the most active machine r2; "
                        "805306370 machineState 3500 older than the user's choice r2; "
                        "2147483649 phoneState 6500 older than the user's choice r4; "
                        "1610612736 calendarState -1 no availability r4; "
                        "603979776 userState 9500 decided r8; "
                        "A0 phoneState 6500 older than the user's choice r6");
    engine_free(last->script.engine);
    free(last);
}

/* A presence that was derived says what else it may have been. */
static void test_admitted_presence(void **state)
{
    (void)state;
    static const struct {
        const char *story;
        enum presence_source source;
        int64_t ranges[3][2];
    } rows[] = {
        {"1 service ann e1 200 " CHOICE "3500/static\n2 service ann e1 200 " DESK
         "15500/endpoint\n",
         SOURCE_COMPUTED,
         {{4500, 5999}, {15500, 15500}}},
        {"1 publish ann on-the-phone 600 - A 200\n", SOURCE_PIDF, {{6000, 7499}}},
        {"1 publish ann closed 600 - A 200\n", SOURCE_PIDF, {{18000, UINT32_MAX}}},
        {"1 notify bob ann 3500\n2 publish ann away 600 - A 200\n",
         SOURCE_COMPUTED,
         {{3500, 3500}, {15000, 17999}}},
        {"1 register ann e1 60\n2 register ann e1 0\n", SOURCE_COMPUTED, {{18000, UINT32_MAX}}},
        {"1 notify bob ann 3500\n", SOURCE_NOTIFIED, {{0, 0}}},
    };
    struct last *last = malloc(sizeof *last);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        run_last(last, rows[i].story);
        const struct admitted *admitted = &last->presence.admitted;
        assert_int_equal(last->presence.source, rows[i].source);
        for (size_t at = 0; at < 3; at++) {
            bool there = at < admitted->count;
            assert_int_equal(there ? admitted->ranges[at].low : 0, rows[i].ranges[at][0]);
            assert_int_equal(there ? admitted->ranges[at].high : 0, rows[i].ranges[at][1]);
        }
        engine_free(last->script.engine);
    }
    free(last);
}

/* What a publication says beside its state, and when it was published. */
static void test_words(void **state)
{
    (void)state;
    struct last *last = malloc(sizeof *last);
    run_last(last, "");
    struct slice ann = slice_of("ann@x");
    struct message request = script_request(&last->script, SIP_SERVICE, ann, ann, "e1");
    last->script.now = 7 * TIME_SECOND;
    script_message(&last->script, &request);
    char note[300];
    memset(note, 'n', sizeof note);
    memcpy(note + 254, "\xe2\x82\xac", 3); /* crosses the cut */
    struct event event = {.kind = EVENT_PUBLICATION};
    event.as.category = script_item(&last->script, "ann", "note/0/200/none/-/static");
    event.as.category.has_value = false;
    event.as.category.category = CATEGORY_NOTE;
    event.as.category.text = (struct slice){note, sizeof note};
    script_feed(&last->script, &event, &request);
    event.as.category = script_item(&last->script, "ann", CHOICE "3500/static");
    event.as.category.value.manual = true;
    script_feed(&last->script, &event, &request);
    struct message response = script_response(&last->script, &request, 200);
    script_message(&last->script, &response);
    char expected[512];
    snprintf(expected, sizeof expected, "note auto '%.254s' 7; state manual '' 7; ", note);
    assert_string_equal(last->publications, expected);
    engine_free(last->script.engine);
    free(last);
}

/* An input that found no place: never complete, so nobody is blamed. */
static void test_no_room(void **state)
{
    (void)state;
    struct limits limits = limits_default();
    limits.instances = 1;
    char *log = script_run("1 aggregates\n"
                           "1 roaming ann 5 " CHOICE "3500/static " DESK "3500/endpoint\n"
                           "2 roaming ann 5 " CHOICE "3500/static\n"
                           "3 roaming ann 5 " CHOICE "6500/static\n"
                           "4 tick\n",
                           SCRIPT_PLAIN, &limits, NULL);
    assert_non_null(strstr(log, "3 aggregate ann c2 6500"));
    assert_null(strstr(log, "complete"));
    free(log);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_stories),           cmocka_unit_test(test_inputs),
        cmocka_unit_test(test_admitted_presence), cmocka_unit_test(test_words),
        cmocka_unit_test(test_no_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
