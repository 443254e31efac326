/*
 * Commands and replies: what a reply answers, and what becomes of one that answers
 * nothing (facts/xccos.md 1.2, 6.3).
 */
#include "tests/unit/engine_script.h"

static const struct story stories[] = {
    {"a command is answered once; what comes later is a repetition",
     "1 invite 1 ann e1 chat confirmed\n"
     "2 cmd 1 #1 ann e1 join 1 ops\n"
     "3 rpl 1 ann e1 join 1 200 ops\n"
     "4 rpl 1 ann e1 join 1 200 ops dev\n"
     "5 rpl 1 ann e1 join 1 403\n",
     "1 session 1 ann/e1 d1 unknown->connected\n"
     "2 command 1 join sent\n"
     "2 member @1 ops none->joining\n"
     "3 command 1 join answered code=200\n"
     "3 member @1 ops joining->joined\n"
     "4 command 1 join repeated code=200\n"
     "4 member @1 dev none->joined\n"
     "5 command 1 join repeated code=403\n"},

    {"five minutes later nobody remembers",
     "1 invite 1 ann e1 chat confirmed\n"
     "2 cmd 1 #1 ann e1 getinv 1\n"
     "3 rpl 1 ann e1 getinv 1 200\n"
     "301 cmd 1 #2 ann e1 getinv 2\n"
     "303 rpl 1 ann e1 getinv 2 200\n"
     "304 rpl 1 ann e1 getinv 1 200\n"
     "305 rpl 1 ann e1 getinv 2 200\n",
     "1 session 1 ann/e1 d1 unknown->connected\n"
     "2 command 1 getinv sent\n"
     "3 command 1 getinv answered code=200\n"
     "301 command 2 getinv sent\n"
     "303 command 2 getinv answered code=200\n"
     "304 command 1 getinv repeated code=200\n"
     "305 command 2 getinv repeated code=200\n"},

    {"really nobody",
     "1 invite 1 ann e1 chat confirmed\n"
     "2 cmd 1 #1 ann e1 getinv 1\n"
     "3 rpl 1 ann e1 getinv 1 200\n"
     "301 cmd 1 #2 ann e1 getinv 2\n"
     "304 rpl 1 ann e1 getinv 2 200\n"
     "305 rpl 1 ann e1 getinv 1 200\n",
     "1 session 1 ann/e1 d1 unknown->connected\n"
     "2 command 1 getinv sent\n"
     "3 command 1 getinv answered code=200\n"
     "301 command 2 getinv sent\n"
     "304 command 2 getinv answered code=200\n"
     "305 command 0 getinv unmatched code=200\n"},

    {"the reply comes although the INFO was refused",
     "1 invite 1 ann e1 chat confirmed\n"
     "2 cmd 1 #1 ann e1 join 1 ops\n"
     "3 answer 1 #1 503\n"
     "4 rpl 1 ann e1 join 1 200 ops\n",
     "1 session 1 ann/e1 d1 unknown->connected\n"
     "2 command 1 join sent\n"
     "2 member @1 ops none->joining\n"
     "3 command 1 join refused status=503\n"
     "3 member @1 ops joining->failed (503)\n"
     "4 command 1 join answered status=503 code=200\n"
     "4 member @1 ops failed->joined\n"},

    {"a retry with the same number is another command",
     "1 invite 1 ann e1 chat confirmed\n"
     "2 cmd 1 #1 ann e1 getinv 1\n"
     "3 answer 1 #1 503\n"
     "4 cmd 1 #2 ann e1 getinv 1\n"
     "5 rpl 1 ann e1 getinv 1 200\n",
     "1 session 1 ann/e1 d1 unknown->connected\n"
     "2 command 1 getinv sent\n"
     "3 command 1 getinv refused status=503\n"
     "4 command 2 getinv sent\n"
     "5 command 2 getinv answered code=200\n"},

    {"the reply crosses the BYE",
     "1 invite 1 ann e1 chat confirmed\n"
     "2 cmd 1 #1 ann e1 getinv 1\n"
     "2 answer 1 #1 200\n"
     "3 end 1 ann client\n"
     "4 rpl 1 ann e1 getinv 1 200\n",
     "1 session 1 ann/e1 d1 unknown->connected\n"
     "2 command 1 getinv sent\n"
     "2 command 1 getinv accepted\n"
     "3 session 1 ann/e1 d1 connected->closed (bye by client)\n"
     "3 command 1 getinv abandoned\n"
     "4 command 1 getinv answered code=200\n"},

    {"a reply on another dialog of the same endpoint, once",
     "1 invite 1 ann e1 chat confirmed\n"
     "2 cmd 1 #1 ann e1 join 1 ops\n"
     "3 invite 2 ann e1 chat confirmed\n"
     "4 rpl 2 ann e1 join 1 200 ops\n"
     "5 rpl 2 ann e1 join 1 200 ops\n",
     "1 session 1 ann/e1 d1 unknown->connected\n"
     "2 command 1 join sent\n"
     "2 member @1 ops none->joining\n"
     "3 session 1 ann/e1 d2 connected->connected\n"
     "3 member @1 ops joining->none (new dialog)\n"
     "4 command 1 join misplaced code=200\n"
     "4 member @1 ops none->joined\n"
     "5 command 0 join unmatched code=200\n"},

    {"not on a dialog of another endpoint, nor with a reply of another kind",
     "1 invite 1 ann e1 chat confirmed\n"
     "1 invite 2 ann e2 chat confirmed\n"
     "1 invite 3 ann e1 chat confirmed\n"
     "2 cmd 1 #1 ann e1 join 1 ops\n"
     "3 rpl 2 ann e2 join 1 403\n"
     "4 rpl 3 ann e1 part 1 403\n",
     "1 session 1 ann/e1 d1 unknown->connected\n"
     "1 session 2 ann/e2 d2 unknown->connected\n"
     "1 session 1 ann/e1 d3 connected->connected\n"
     "2 session 1 ann/e1 d1 connected->connected\n"
     "2 command 1 join sent\n"
     "2 member @1 ops none->joining\n"
     "3 command 0 join unmatched code=403\n"
     "4 command 0 part unmatched code=403\n"},

    {"what goes the wrong way does nothing",
     "1 invite 1 ann e1 chat confirmed\n"
     "2 cmd 1 #1 ann e1 join 1 ops\n"
     "3 cmd 1 #2 chat e1 part 9 ops\n"
     "4 rpl 1 ann e1 join 1 200 ops\n",
     "1 session 1 ann/e1 d1 unknown->connected\n"
     "2 command 1 join sent\n"
     "2 member @1 ops none->joining\n"
     "4 command 1 join answered code=200\n"
     "4 member @1 ops joining->joined\n"},
};

static void test_stories(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof stories / sizeof stories[0]; i++) {
        story_check(&stories[i]);
        story_check_prefixes(&stories[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_stories),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
