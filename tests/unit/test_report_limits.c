/*
 * What hostile or merely odd input must not do to the reports: take time or
 * memory out of proportion.
 */
#include "tests/unit/harness.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "analyzer/engine/arena.h"
#include "analyzer/engine/origin.h"
#include "reports/chat_report.h"
#include "reports/presence_report.h"

/* More than any of these takes, by far, even under a sanitizer and on a busy machine. */
enum { PATIENCE = 60 };

/* ---- what was written ---- */

struct page {
    char path[64];
    struct output *output;
};

static void page_open(struct page *page)
{
    *page = (struct page){.path = "/tmp/test_report_limits.XXXXXX"};
    int descriptor = mkstemp(page->path);
    assert_true(descriptor >= 0);
    close(descriptor);
    page->output = output_open(page->path);
}

/* What the page holds; release with memory_release(). */
static struct slice page_close(struct page *page)
{
    char problem[256] = "";
    assert_true(output_close(page->output, true, problem, sizeof problem));
    FILE *file = fopen(page->path, "rb");
    assert_non_null(file);
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    size_t size = (size_t)ftell(file);
    rewind(file);
    char *bytes = memory_alloc(size + 1);
    assert_int_equal(fread(bytes, 1, size, file), size);
    fclose(file);
    unlink(page->path);
    return (struct slice){bytes, size};
}

/* ---- output ---- */

/* A report that its writer gave up on does not appear, and the reason is told. */
static void what_failed_does_not_appear(void **state)
{
    (void)state;
    struct page page;
    char problem[256] = "";
    page_open(&page);
    output_text(page.output, "half a picture");
    output_fail(page.output, "the picture could not be drawn");
    assert_false(output_close(page.output, true, problem, sizeof problem));
    assert_non_null(strstr(problem, "the picture could not be drawn"));
    struct stat status;
    assert_int_equal(stat(page.path, &status), 0);
    assert_int_equal(status.st_size, 0);
    unlink(page.path);
}

/* ---- memory ---- */

static size_t peak_bytes(void)
{
    struct rusage usage;
    assert_int_equal(getrusage(RUSAGE_SELF, &usage), 0);
    return (size_t)usage.ru_maxrss * 1024;
}

/* Room for what a sanitizer holds back of freed memory. */
enum { BIG = 1024 * 1024, ROUNDS = 1024, MOST = 512 * BIG };

/* A megabyte that differs from round to round. */
static struct slice big_text(char *bytes, int round)
{
    memset(bytes, 'a' + round % 26, BIG);
    return (struct slice){bytes, BIG};
}

/* Only the present state is asked for: what was before it is forgotten. */
static void past_presence_is_forgotten(void **state)
{
    (void)state;
    struct report_style style = {.columns = 80};
    struct presence_query query = {.at = TIME_NONE, .from = TIME_NONE, .to = TIME_NONE};
    struct limits limits = limits_default();
    struct presence_report *report = presence_report_new(&style, &query, test_seed(), &limits);
    struct sink sink = presence_report_sink(report);
    char *bytes = memory_alloc(BIG);
    size_t before = peak_bytes();
    for (int i = 0; i < ROUNDS; i++) {
        struct change change = {.kind = CHANGE_PRESENCE, .time = i};
        change.as.presence.user = slice_of("ann@contoso.example");
        change.as.presence.cause = big_text(bytes, i);
        sink.change(sink.context, &change);
    }
    assert_true(peak_bytes() - before < MOST);
    free(bytes);
    presence_report_free(report);
}

/* ---- chat ---- */

struct chat_run {
    struct report_style style;
    struct limits limits;
    struct chat_report *report;
    struct sink sink;
};

static void chat_start(struct chat_run *run)
{
    const struct chat_query query = {.sessions = true};
    *run = (struct chat_run){.style = {.columns = 80}, .limits = limits_default()};
    run->report = chat_report_new(&run->style, &query, test_seed(), &run->limits);
    run->sink = chat_report_sink(run->report);
}

static void chat_end(struct chat_run *run)
{
    struct summary summary = {0};
    struct page page;
    page_open(&page);
    chat_report_write(run->report, &summary, page.output);
    memory_release(page_close(&page));
    chat_report_free(run->report);
}

/* A room of many, one message that all of them got: the report takes time in proportion. */
static void many_copies_are_listed_quickly(void **state)
{
    (void)state;
    enum { COPIES = 100000 };
    struct chat_run run;
    alarm(PATIENCE);
    chat_start(&run);
    for (int i = 0; i < COPIES; i++) {
        char user[32];
        snprintf(user, sizeof user, "%05d@contoso.example", i);
        struct change change = {.kind = CHANGE_POST, .time = i};
        change.as.post.id = 1;
        change.as.post.state = POST_DELIVERED;
        change.as.post.room = slice_of("ma-chan://contoso.example/1");
        change.as.post.session.user = slice_of(user);
        run.sink.change(run.sink.context, &change);
    }
    chat_end(&run);
    alarm(0);
}

static void take_session(const struct chat_run *run, int dialog, struct slice reason)
{
    char call_id[16];
    snprintf(call_id, sizeof call_id, "%08d", dialog);
    struct change change = {.kind = CHANGE_SESSION, .time = dialog};
    change.as.session.session.user = slice_of("ann@contoso.example");
    change.as.session.session.call_id = slice_of(call_id);
    change.as.session.state = SESSION_CONNECTED;
    change.as.session.reason = reason;
    run->sink.change(run->sink.context, &change);
}

/* A session of many dialogs is followed in time in proportion, and only up to the cap on rows. */
static void many_dialogs_are_followed_quickly(void **state)
{
    (void)state;
    struct chat_run run;
    alarm(PATIENCE);
    chat_start(&run);
    for (int i = 0; i < 200000; i++) {
        take_session(&run, i, slice_of(""));
    }
    chat_report_free(run.report);
    alarm(0);
}

/* Why a session was left before the last time is forgotten. */
static void past_reasons_are_forgotten(void **state)
{
    (void)state;
    struct chat_run run;
    char *bytes = memory_alloc(BIG);
    chat_start(&run);
    size_t before = peak_bytes();
    for (int i = 0; i < ROUNDS; i++) {
        take_session(&run, 1, big_text(bytes, i));
    }
    assert_true(peak_bytes() - before < MOST);
    free(bytes);
    chat_report_free(run.report);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_failed_does_not_appear),
        cmocka_unit_test(past_presence_is_forgotten),
        cmocka_unit_test(many_copies_are_listed_quickly),
        cmocka_unit_test(many_dialogs_are_followed_quickly),
        cmocka_unit_test(past_reasons_are_forgotten),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
