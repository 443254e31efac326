/*
 * Rooms and rosters as stories (engine_script.h), and under random ones: a roster only
 * changes by a cause.
 */
#include "tests/unit/engine_script.h"

/* clang-format off */
static const struct story stories[] = {
    {"the properties of a room come together; another name is a rename",
     "1 invite 1 ann e1 chat confirmed\n"
     "2 rpl 1 ann e1 chansrch 1 200 ops=Ops;#12;%private;?Hand-over;+files;+logged;-invites\n"
     "3 rpl 1 ann e1 join 2 200 ops=Ops;=Rack_7\n"
     "4 rpl 1 ann e1 chansrch 3 200 ops=Ops_EMEA;-files\n",
     "1 session 1 ann/e1 d1 unknown->connected\n"
     "2 command 0 chansrch unmatched code=200\n"
     "2 room ops 'Ops' about='Hand-over' visible='private' files no-invites logged\n"
     "3 command 0 join unmatched code=200\n"
     "3 room ops 'Ops' topic='Rack 7' about='Hand-over' visible='private' files no-invites logged\n"
     "3 member @1 ops none->joined\n"
     "4 command 0 chansrch unmatched code=200\n"
     "4 room ops 'Ops EMEA' was='Ops' topic='Rack 7' about='Hand-over' visible='private' no-files no-invites logged\n"},

    {"the agreed view flips with the majority; disagreement begins and ends",
     "0 agreed\n"
     "1 invite 1 ann e1 chat confirmed\n"
     "1 invite 2 bob b1 chat confirmed\n"
     "2 rpl 1 ann e1 join 1 200 ops:ann\n"
     "3 rpl 2 bob b1 join 2 200 ops:ann,bob\n"
     "3.1 ntc 1 ann e1 join ops bob\n"
     "4 ntc 1 ann e1 join ops cyd\n"
     "4.1 ntc 2 bob b1 join ops cyd\n"
     "5 ntc 2 bob b1 part ops cyd\n"
     "6 ntc 1 ann e1 part ops cyd\n"
     "7 cmd 2 #1 bob b1 part 3 ops\n"
     "7.1 rpl 2 bob b1 part 3 200 ops\n"
     "7.2 ntc 1 ann e1 part ops bob\n",
     "1 session 1 ann/e1 d1 unknown->connected\n"
     "1 session 2 bob/b1 d2 unknown->connected\n"
     "2 command 0 join unmatched code=200\n"
     "2 member @1 ops none->joined\n"
     "2 roster @1 ops +ann of 1\n"
     "2 agreed ops +ann 1:0\n"
     "3 command 0 join unmatched code=200\n"
     "3 member @2 ops none->joined\n"
     "3 roster @2 ops +ann of 2\n"
     "3 roster @2 ops +bob of 2\n"
     "3 agreed ops +bob 1:1\n"
     "3.1 roster @1 ops +bob notice of 2\n"
     "3.1 agreed ops +bob 2:0\n"
     "4 roster @1 ops +cyd notice of 3\n"
     "4 agreed ops +cyd 1:1\n"
     "4.1 roster @2 ops +cyd notice of 3\n"
     "4.1 agreed ops +cyd 2:0\n"
     "5 roster @2 ops -cyd notice of 2 before\n"
     "5 agreed ops +cyd 1:1\n"
     "6 roster @1 ops -cyd notice of 2 before\n"
     "6 agreed ops -cyd 2:0\n"
     "7 command 1 part sent\n"
     "7 member @2 ops joined->leaving\n"
     "7.1 command 1 part answered code=200\n"
     "7.1 member @2 ops leaving->none\n"
     "7.2 roster @1 ops -bob notice of 1 before\n"
     "7.2 agreed ops -bob 1:0\n"},

    {"a notice while the join is under way: the reply wins, and what it contradicts is open",
     "0 agreed\n"
     "1 invite 1 ann e1 chat confirmed\n"
     "1 invite 2 bob b1 chat confirmed\n"
     "2 rpl 2 bob b1 join 1 200 ops:bob\n"
     "3 cmd 1 #1 ann e1 join 1 ops\n"
     "3.1 ntc 1 ann e1 join ops cyd\n"
     "3.2 ntc 2 bob b1 join ops cyd\n"
     "3.3 rpl 1 ann e1 join 1 200 ops:ann,bob\n"
     "3.4 ntc 2 bob b1 join ops ann\n",
     "1 session 1 ann/e1 d1 unknown->connected\n"
     "1 session 2 bob/b1 d2 unknown->connected\n"
     "2 command 0 join unmatched code=200\n"
     "2 member @2 ops none->joined\n"
     "2 roster @2 ops +bob of 1\n"
     "2 agreed ops +bob 1:0\n"
     "3 command 1 join sent\n"
     "3 member @1 ops none->joining\n"
     "3.1 roster @1 ops +cyd notice of 1\n"
     "3.2 roster @2 ops +cyd notice of 2\n"
     "3.2 agreed ops +cyd 1:0\n"
     "3.3 command 1 join answered code=200\n"
     "3.3 member @1 ops joining->joined\n"
     "3.3 roster @1 ops +ann of 3\n"
     "3.3 roster @1 ops +bob of 3\n"
     "3.3 roster @1 ops -cyd of 2 before\n"
     "3.3 agreed ops +ann 1:1\n"
     "3.4 roster @2 ops +ann notice of 3\n"
     "3.4 agreed ops +ann 2:0\n"},

    {"users are counted, not endpoints: the part of one of two says nothing of the user (U22)",
     "0 agreed\n"
     "1 invite 1 ann e1 chat confirmed\n"
     "1 invite 2 bob b1 chat confirmed\n"
     "1 invite 3 bob b2 chat confirmed\n"
     "2 rpl 1 ann e1 join 1 200 ops:ann\n"
     "3 rpl 2 bob b1 join 1 200 ops:ann,bob\n"
     "3 ntc 1 ann e1 join ops bob\n"
     "4 rpl 3 bob b2 join 1 200 ops:ann,bob\n"
     "5 cmd 3 #1 bob b2 part 2 ops\n"
     "5 rpl 3 bob b2 part 2 200 ops\n"
     "6 ntc 2 bob b1 part ops bob\n"
     "6 ntc 1 ann e1 part ops bob\n"
     "7 end 2 bob client\n"
     "8 ntc 1 ann e1 part ops bob\n",
     "1 session 1 ann/e1 d1 unknown->connected\n"
     "1 session 2 bob/b1 d2 unknown->connected\n"
     "1 session 3 bob/b2 d3 unknown->connected\n"
     "2 command 0 join unmatched code=200\n"
     "2 member @1 ops none->joined\n"
     "2 roster @1 ops +ann of 1\n"
     "2 agreed ops +ann 1:0\n"
     "3 command 0 join unmatched code=200\n"
     "3 member @2 ops none->joined\n"
     "3 roster @2 ops +ann of 2\n"
     "3 roster @2 ops +bob of 2\n"
     "3 agreed ops +bob 1:1\n"
     "3 roster @1 ops +bob notice of 2\n"
     "3 agreed ops +bob 2:0\n"
     "4 command 0 join unmatched code=200\n"
     "4 member @3 ops none->joined\n"
     "4 roster @3 ops +ann of 2\n"
     "4 roster @3 ops +bob of 2\n"
     "5 command 1 part sent\n"
     "5 member @3 ops joined->leaving\n"
     "5 command 1 part answered code=200\n"
     "5 member @3 ops leaving->none\n"
     "6 roster @2 ops -bob notice of 1 before\n"
     "6 member @2 ops joined->unknown (notice names the user)\n"
     "6 roster @1 ops -bob notice of 1 before\n"
     "7 session 2 bob/b1 d2 connected->closed (bye by client)\n"
     "7 member @2 ops unknown->none (bye by client)\n"
     "8 roster @1 ops -bob notice of 1\n"
     "8 agreed ops -bob 1:0\n"},

    {"a session from before the capture votes only where it was told",
     "0 agreed\n"
     "1 copy 5 ann e1 901 ops bob hi 1\n"
     "2 ntc 5 ann e1 join ops cyd\n"
     "3 invite 2 dee d1 chat confirmed\n"
     "4 rpl 2 dee d1 join 1 200 ops:ann,bob,cyd,dee\n"
     "5 ntc 5 ann e1 part ops bob\n",
     "1 session 1 ann/e1 d5 unknown->connected (its beginning was not captured)\n"
     "1 member @1 ops unknown->joined assumed (message delivered)\n"
     "1 post 1 delivered @1 ops bob 'hi' joined uncaptured\n"
     "2 roster @1 ops +cyd notice of 1\n"
     "2 agreed ops +cyd 1:0\n"
     "3 session 2 dee/d1 d2 unknown->connected\n"
     "4 command 0 join unmatched code=200\n"
     "4 member @2 ops none->joined\n"
     "4 roster @2 ops +ann of 4\n"
     "4 roster @2 ops +bob of 4\n"
     "4 roster @2 ops +cyd of 4\n"
     "4 roster @2 ops +dee of 4\n"
     "4 agreed ops +dee 1:0\n"
     "4 agreed ops +ann 1:0\n"
     "4 agreed ops +bob 1:0\n"
     "5 roster @1 ops -bob notice of 1\n"
     "5 agreed ops +bob 1:1\n"},
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

static size_t count_lines(const char *log, const char *word)
{
    size_t count = 0;
    for (const char *at = strstr(log, word); at; at = strstr(at + 1, word)) {
        count++;
    }
    return count;
}

/* More than 75 users suspend the rosters, fewer than 60 resume them, and nothing between. */
static void test_big_rooms(void **state)
{
    static const struct {
        const char *users; /* of three replies */
        const char *second;
        const char *third;
        const char *expected[4]; /* what the lines of the room end in */
    } rows[] = {
        {"*75", "*76", "*70", {"'Ops'", "'Ops' suspended"}},
        {"*76", "*60", "*76", {"'Ops'", "'Ops' suspended"}},
        {"*80", "*59", "*75", {"'Ops'", "'Ops' suspended", "'Ops'"}},
        {"*10", "*10", "*10", {"'Ops'"}},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char story[1024];
        char expected[256] = "";
        char got[1024] = "";
        snprintf(story, sizeof story,
                 "1 invite 1 u1 e1 chat confirmed\n1 invite 2 u2 e1 chat confirmed\n"
                 "1 invite 3 u3 e1 chat confirmed\n"
                 "2 rpl 1 u1 e1 join 1 200 ops=Ops:%s\n3 rpl 2 u2 e1 join 1 200 ops:%s\n"
                 "4 rpl 3 u3 e1 join 1 200 ops:%s\n",
                 rows[i].users, rows[i].second, rows[i].third);
        for (size_t j = 0; j < 4 && rows[i].expected[j]; j++) {
            snprintf(expected + strlen(expected), sizeof expected - strlen(expected), "%s\n",
                     rows[i].expected[j]);
        }
        char *log = script_run(story, SCRIPT_PLAIN, NULL, NULL);
        char *save = NULL;
        for (char *line = strtok_r(log, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
            char *room = strstr(line, " room ops ");
            if (room) {
                snprintf(got + strlen(got), sizeof got - strlen(got), "%s\n", room + 10);
            }
        }
        assert_string_equal(got, expected);
        free(log);
    }
}

/* While rosters are suspended the newest reply is the only one that counts. */
static void test_suspended_view(void **state)
{
    (void)state;
    char *log = script_run("0 agreed\n1 invite 1 u1 e1 chat confirmed\n"
                           "1 invite 2 u2 e1 chat confirmed\n"
                           "2 rpl 1 u1 e1 join 1 200 ops:*80\n"
                           "3 rpl 2 u2 e1 join 1 200 ops:*78\n",
                           SCRIPT_PLAIN, NULL, NULL);
    assert_int_equal(count_lines(log, " agreed ops +"), 80);
    assert_int_equal(count_lines(log, " agreed ops -"), 0); /* nobody says that they left */
    assert_int_equal(count_lines(log, " of 80 suspended"), 80);
    assert_int_equal(count_lines(log, " of 78 suspended"), 78);
    free(log);
}

static void test_user_count(void **state)
{
    (void)state;
    char *log = script_run("1 invite 1 ann e1 chat confirmed\n"
                           "2 rpl 1 ann e1 chansrch 1 200 ops=Ops;#500\n"
                           "3 rpl 1 ann e1 join 1 200 ops:ann\n",
                           SCRIPT_PLAIN, NULL, NULL);
    assert_non_null(strstr(log, "2 room ops 'Ops' suspended"));
    assert_non_null(strstr(log, "3 room ops 'Ops'\n"));
    free(log);
}

/* An idle room that nothing points to gives way, and that is said. */
static void test_forgotten_room(void **state)
{
    (void)state;
    struct limits limits = limits_default();
    char caps[256];
    limits.rooms = 1;
    char *log = script_run("1 invite 1 ann e1 chat confirmed\n"
                           "2 rpl 1 ann e1 chansrch 1 200 ops=Ops dev=Dev\n"
                           "3 rpl 1 ann e1 join 2 200 dev\n"
                           "4 rpl 1 ann e1 chansrch 3 200 ops=Ops\n",
                           SCRIPT_PLAIN, &limits, caps);
    assert_non_null(strstr(log, "2 room ops 'Ops' forgotten\n2 room dev 'Dev'\n"));
    assert_null(strstr(log, "\n4 room"));
    assert_string_equal(caps, "rooms");
    free(log);
}

static void test_member_cap(void **state)
{
    (void)state;
    struct limits limits = limits_default();
    char caps[256];
    limits.room_members = 2;
    char *log = script_run("0 agreed\n1 invite 1 ann e1 chat confirmed\n"
                           "2 rpl 1 ann e1 join 1 200 ops:ann,bob,cyd\n"
                           "3 ntc 1 ann e1 join ops dee\n4 ntc 1 ann e1 part ops dee\n",
                           SCRIPT_PLAIN, &limits, caps);
    assert_string_equal(caps, "room_members");
    assert_non_null(strstr(log, "2 roster @1 ops +cyd of 2\n"));
    assert_int_equal(count_lines(log, "agreed"), 2); /* ann and bob */
    free(log);
}

/* ---- random stories ---- */

enum { TALES = 1500, TALE_LINES = 60, SESSIONS = 4, ROOMS = 2, USERS = 5, TALE_BYTES = 8192 };

/* What the changes said so far. */
struct model {
    struct script script;
    uint64_t tale;
    bool listed[SESSIONS + 1][ROOMS][USERS];
    enum membership_state state[SESSIONS + 1][ROOMS];
    size_t votes[ROOMS][USERS];
    size_t rosters;
    size_t agreements;
    bool told; /* the message under way is one that may change a roster */
};

static uint32_t roll(uint64_t *dice, uint32_t sides)
{
    *dice = *dice * 6364136223846793005U + 1442695040888963407U;
    return (uint32_t)(*dice >> 33) % sides;
}

static void demand(const struct model *model, bool holds, const char *what)
{
    if (!holds) {
        fail_msg("tale %llu: %s", (unsigned long long)model->tale, what);
    }
}

static size_t user_number(struct slice user)
{
    return (size_t)(user.data[1] - '1');
}

static size_t room_number(struct slice room)
{
    return (size_t)(room.data[room.size - 1] - '1');
}

static void model_roster(struct model *model, const struct change *change)
{
    const struct roster_change *it = &change->as.roster;
    bool *listed = &model->listed[it->session.id][room_number(it->room)][user_number(it->user)];
    demand(model, change->message && change->message->method == SIP_INFO,
           "a roster changed without an INFO");
    demand(model, model->told, "a roster changed by a message that tells nothing of it");
    enum membership_state state = model->state[it->session.id][room_number(it->room)];
    if (state == MEMBER_NONE || state == MEMBER_FAILED) {
        demand(model, it->notice && !it->before && it->users <= USERS,
               "a roster where the session is not");
        return;
    }
    for (size_t other = 1; other <= SESSIONS && it->suspended && !it->notice; other++) {
        if (other != it->session.id) {
            memset(model->listed[other][room_number(it->room)], 0, sizeof model->listed[0][0]);
        }
    }
    demand(model, it->before == *listed, "`before` is not what was told before");
    *listed = it->present;
    model->rosters++;
}

/* A roster ends with its membership, and in a room that was left nobody is listed. */
static void model_membership(struct model *model, const struct change *change)
{
    const struct membership_change *it = &change->as.membership;
    size_t room = room_number(it->room);
    if (it->state == MEMBER_NONE || it->state == MEMBER_FAILED) {
        memset(model->listed[it->session.id][room], 0, sizeof model->listed[0][0]);
    }
    model->state[it->session.id][room] = it->state;
}

static void model_participant(struct model *model, const struct change *change)
{
    const struct participant_change *it = &change->as.participant;
    size_t listed = 0;
    for (size_t session = 1; session <= SESSIONS; session++) {
        enum membership_state state = model->state[session][room_number(it->room)];
        listed += (state == MEMBER_JOINED || state == MEMBER_LEAVING) &&
                  model->listed[session][room_number(it->room)][user_number(it->user)];
    }
    demand(model, it->agree >= it->disagree, "a view that the majority does not share");
    demand(model, listed == (it->present ? it->agree : it->disagree),
           "an agreement of others than those who list the user");
    demand(model, it->agree + it->disagree <= SESSIONS, "more votes than sessions");
    model->agreements++;
}

static void model_change(void *context, const struct change *change)
{
    struct model *model = context;
    switch (change->kind) {
    case CHANGE_ROSTER:
        model_roster(model, change);
        break;
    case CHANGE_MEMBERSHIP:
        model_membership(model, change);
        break;
    case CHANGE_PARTICIPANT:
        model_participant(model, change);
        break;
    default:
        break;
    }
}

static void ignore_cap(void *context, const struct event *event)
{
    (void)context;
    (void)event;
}

static size_t put_members(uint64_t *dice, char *out, size_t room)
{
    size_t at = 0;
    for (int user = 1; user <= USERS; user++) {
        if (roll(dice, 2)) {
            at += (size_t)snprintf(out + at, room - at, "%cu%d", at == 0 ? ':' : ',', user);
        }
    }
    return at;
}

/* Sessions 1 and 2 are of one user. */
static void put_line(uint64_t *dice, int time, char *out, size_t size)
{
    int session = 1 + (int)roll(dice, SESSIONS);
    int user = session == 1 ? 1 : session - 1;
    int room = 1 + (int)roll(dice, ROOMS);
    int other = 1 + (int)roll(dice, USERS);
    char who[32];
    char members[64] = "";
    snprintf(who, sizeof who, "%d u%d e%d", session, user, session);
    put_members(dice, members, sizeof members);
    switch (roll(dice, 9)) {
    case 0:
    case 1:
        snprintf(out, size, "%d cmd %d #%d u%d e%d join %d r%d\n", time, session, time, user,
                 session, session, room);
        break;
    case 2:
    case 3:
        snprintf(out, size, "%d rpl %s join %d %s r%d%s\n", time, who, session,
                 roll(dice, 6) ? "200" : "403", room, members);
        break;
    case 4:
        snprintf(out, size, "%d %s %d #%d u%d e%d part %d r%d\n", time, "cmd", session, time, user,
                 session, session, room);
        break;
    case 5:
        snprintf(out, size, "%d rpl %s part %d 200 r%d\n", time, who, session, room);
        break;
    case 6:
        snprintf(out, size, "%d copy %s %d r%d u%d hi -\n", time, who, time, room, other);
        break;
    default:
        snprintf(out, size, "%d ntc %s %s r%d u%d\n", time, who, roll(dice, 2) ? "join" : "part",
                 room, other);
        break;
    }
}

static void run_tale(struct model *model)
{
    uint64_t dice = model->tale * 2654435761U + 1;
    struct limits limits = limits_default();
    struct change_sink changes = {model_change, model};
    struct event_sink caps = {ignore_cap, model};
    limits.roster_users = model->tale % 3 == 0 ? 3 : 75;
    model->script.engine = engine_new(test_seed(), &limits, &changes, &caps);
    char line[256];
    for (int i = 1; i <= SESSIONS; i++) {
        snprintf(line, sizeof line, "1 invite %d u%d e%d chat confirmed\n", i, i == 1 ? 1 : i - 1,
                 i);
        script_run_line(&model->script, line);
    }
    for (int i = 0; i < TALE_LINES; i++) {
        put_line(&dice, i + 2, line, sizeof line);
        model->told = strstr(line, " ntc ") || strstr(line, " rpl ");
        *strchr(line, '\n') = '\0';
        script_run_line(&model->script, line);
    }
    engine_end(model->script.engine, model->script.now);
    engine_free(model->script.engine);
}

static void test_causes(void **state)
{
    (void)state;
    size_t rosters = 0;
    size_t agreements = 0;
    struct model *model = malloc(sizeof *model);
    for (uint64_t tale = 1; tale <= TALES; tale++) {
        memset(model, 0, sizeof *model);
        model->tale = tale;
        run_tale(model);
        rosters += model->rosters;
        agreements += model->agreements;
    }
    free(model);
    assert_true(rosters > TALES * 10);
    assert_true(agreements > TALES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_stories),        cmocka_unit_test(test_big_rooms),
        cmocka_unit_test(test_suspended_view), cmocka_unit_test(test_user_count),
        cmocka_unit_test(test_forgotten_room), cmocka_unit_test(test_member_cap),
        cmocka_unit_test(test_causes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
