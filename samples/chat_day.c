/*
 * chat-day: a generated day of chat as a capture, and what must be found in it.
 *
 *     chat-day [--users N] [--rooms N] [--posts N] [--lost N] [--hours N] [--messages] [--seed N]
 *              TRUTH OUT
 *
 * TRUTH gets one line of JSON for each lost copy, room and session, with --messages also for
 * each message. OUT may be "-". The same options give the same bytes.
 */
#include "samples/chat_day.h"

#include <getopt.h>

#include "samples/fail.h"
#include "samples/number.h"

/* Returns false for an option that is none. */
static bool options_read(int argc, char **argv, struct chat_plan *plan, struct form *form)
{
    static const struct option options[] = {
        {"users", required_argument, NULL, 'u'}, {"rooms", required_argument, NULL, 'r'},
        {"posts", required_argument, NULL, 'p'}, {"lost", required_argument, NULL, 'l'},
        {"hours", required_argument, NULL, 'h'}, {"seed", required_argument, NULL, 's'},
        {"messages", no_argument, NULL, 'm'},    {NULL, 0, NULL, 0},
    };
    int key;
    while ((key = getopt_long(argc, argv, "", options, NULL)) != -1) {
        switch (key) {
        case 'u':
            plan->users = number_read("users", optarg, 2);
            break;
        case 'r':
            plan->rooms = number_read("rooms", optarg, 4);
            break;
        case 'p':
            plan->posts = number_read("posts", optarg, 1);
            break;
        case 'l':
            plan->lost = number_read("lost", optarg, 0);
            break;
        case 'h':
            plan->hours = number_read("hours", optarg, 1);
            break;
        case 's':
            form->seed = number_read("seed", optarg, 1);
            break;
        case 'm':
            plan->messages = true;
            break;
        default:
            return false;
        }
    }
    return true;
}

int main(int argc, char **argv)
{
    struct chat_plan plan = {
        .users = 2000, .rooms = 200, .posts = 500000, .lost = 100, .hours = 10};
    struct form form = *form_find("plain");
    if (!options_read(argc, argv, &plan, &form)) {
        return 2;
    }
    if (argc - optind != 2) {
        fail("usage: chat-day [--users N] [--rooms N] [--posts N] [--lost N] [--hours N] "
             "[--messages] [--seed N] TRUTH OUT");
    }
    FILE *truth = fopen(argv[optind], "w");
    if (truth == NULL) {
        fail("%s: cannot be written", argv[optind]);
    }
    struct wire wire = {.form = &form, .random = {form.seed | 1}, .now = INT64_MIN / 2};
    wire.writer = writer_new(argv[optind + 1], &form);
    chat_day_run(&plan, &wire, truth);
    writer_end(wire.writer);
    if (fclose(truth) != 0) {
        fail("%s: cannot be written", argv[optind]);
    }
    return 0;
}
