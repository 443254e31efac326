/*
 * presence-day: a generated day of presence as a capture, and what must be said of it.
 *
 *     presence-day [--users N] [--changes N] [--hours N] [--seed N] STORY OUT
 *
 * STORY gets one line of JSON for each user: what is shown of it at the end, and how often that
 * changed. The same options give the same bytes.
 */
#include <getopt.h>

#include "samples/day.h"
#include "samples/fail.h"
#include "samples/number.h"

int main(int argc, char **argv)
{
    static const struct option options[] = {
        {"users", required_argument, NULL, 'u'},
        {"changes", required_argument, NULL, 'c'},
        {"hours", required_argument, NULL, 'h'},
        {"seed", required_argument, NULL, 's'},
        {NULL, 0, NULL, 0},
    };
    struct day_plan plan = {.users = 5000, .changes = 1000000, .hours = 14};
    struct form form = *form_find("plain");
    int key;
    while ((key = getopt_long(argc, argv, "", options, NULL)) != -1) {
        switch (key) {
        case 'u':
            plan.users = number_read("users", optarg, 1);
            break;
        case 'c':
            plan.changes = number_read("changes", optarg, 1);
            break;
        case 'h':
            plan.hours = number_read("hours", optarg, 1);
            break;
        case 's':
            form.seed = number_read("seed", optarg, 1);
            break;
        default:
            return 2;
        }
    }
    if (argc - optind != 2) {
        fail("usage: presence-day [--users N] [--changes N] [--hours N] [--seed N] STORY OUT");
    }
    FILE *story = fopen(argv[optind], "w");
    if (story == NULL) {
        fail("%s: cannot be written", argv[optind]);
    }
    struct wire wire = {.form = &form, .random = {form.seed | 1}, .now = INT64_MIN / 2};
    wire.writer = writer_new(argv[optind + 1], &form);
    day_run(&plan, &wire, story);
    writer_end(wire.writer);
    if (fclose(story) != 0) {
        fail("%s: cannot be written", argv[optind]);
    }
    return 0;
}
