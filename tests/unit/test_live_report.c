/*
 * Presence as databases hold it, written: reports/live_report.c, live_text.c, live_json.c.
 */
#include "tests/unit/output_text.h"

#include "reports/live_report.h"

#define SECOND TIME_SECOND
#define NOW    (9 * 3600 * SECOND)

static const struct origin_row the_row = {SLICE("fe01\\RTCLOCAL"), SLICE("rtcdyn"),
                                          SLICE("PublishedInstance"),
                                          SLICE("{\"PublisherId\": 1}")};
static const struct slice servers[] = {SLICE("fe01\\RTCLOCAL"), SLICE("fe\x1b[31m02")};
static const char *const remarks[] = {"fe02: not reached: nobody listens there"};
static const char *const absent[] = {"fe01: rtcdyn.PublishedInstance.Version"};

/* One user of one look. */
struct told {
    const char *user;
    bool asked;
    bool in_directory;
    bool sees_endpoints;
    bool registered;
    bool published;
    enum band band; /* BAND_UNKNOWN: no change comes */
    int64_t availability;
};

static void tell(struct live_report *report, const struct told *told)
{
    const struct live_endpoint endpoint = {.server = servers[0],
                                           .id = slice_of("e1"),
                                           .expires = NOW + SECOND,
                                           .origin.row = &the_row};
    struct event event = {.kind = EVENT_CATEGORY, .origin = {.time = 5 * SECOND, .row = &the_row}};
    event.as.category = (struct category_fact){
        .key = {slice_of(told->user), slice_of("state"), 1, 2, true, true},
        .publish_time = 5 * SECOND,
        .has_value = true,
        .value = {.kind = STATE_AGGREGATE, .availability = told->availability},
    };
    const struct live_person person = {
        .user = slice_of(told->user),
        .events = &event,
        .event_count = told->published,
        .endpoints = &endpoint,
        .endpoint_count = told->registered,
        .in_directory = told->in_directory,
        .sees_endpoints = told->sees_endpoints,
        .last_register = TIME_NONE,
        .origin = {.time = TIME_NONE, .row = &the_row},
    };
    live_report_person_begin(report, told->asked);
    if (told->band != BAND_UNKNOWN) {
        const struct change_sink sink = live_report_changes(report);
        struct change change = {
            .kind = CHANGE_PRESENCE, .time = 5 * SECOND, .origin = event.origin};
        change.as.presence = (struct presence_change){
            .user = person.user,
            .band = told->band,
            .availability = told->availability,
            .source = SOURCE_DATABASE,
            .cause = slice_of("aggregateState is"),
        };
        change_emit(&sink, &change);
    }
    live_report_person_end(report, &person);
}

/* The text of looks that each tell of some users; a look ends with a row without a user. */
static char *looks_so_far(enum report_format format, bool watch, bool partial,
                          const struct told *told, size_t looks)
{
    const struct report_style style = {.format = format, .columns = 80};
    const struct live_query query = {.watch = watch};
    const struct live_look look = {
        .servers = servers,
        .server_count = 2,
        .remarks = remarks,
        .remark_count = 1,
        .absent = absent,
        .absent_count = 1,
        .now = NOW,
        .clock = "--at",
        .partial = partial,
    };
    struct limits limits = limits_default();
    struct written written;
    struct live_report *report =
        live_report_new(&style, &query, test_seed(), &limits, written_open(&written));
    for (size_t i = 0; i < looks; i++) {
        live_report_begin(report, &look);
        for (; told->user; told++) {
            tell(report, told);
        }
        told++;
        live_report_end(report);
    }
    live_report_free(report);
    return written_close(&written);
}

/* Only whole looks are watched. */
static char *looks_text(enum report_format format, bool watch, const struct told *told,
                        size_t looks)
{
    return looks_so_far(format, watch, !watch, told, looks);
}

/* clang-format off */
static const struct told one_look[] = {
    {"ann@x",  false, true,  true,  true,  true,  BAND_AVAILABLE, 3500},
    {"bob@x",  false, true,  true,  false, true,  BAND_AWAY, 15500},
    {"dave@x", false, true,  true,  false, false, BAND_UNKNOWN, AVAILABILITY_NONE},
    {"eve@y",  false, false, true,  false, false, BAND_UNKNOWN, AVAILABILITY_NONE},
    {"fay@y",  true,  false, true,  false, false, BAND_UNKNOWN, AVAILABILITY_NONE},
    {"gil@x",  false, true,  false, false, false, BAND_UNKNOWN, AVAILABILITY_NONE},
    {0},
};

/* First everybody, then nothing new, then bob is back and ann is gone. */
static const struct told watched[] = {
    {"ann@x", false, true, true, true,  true, BAND_AVAILABLE, 3500},
    {"bob@x", false, true, true, false, true, BAND_AWAY, 15500},
    {0},
    {"ann@x", false, true, true, true,  true, BAND_AVAILABLE, 3500},
    {"bob@x", false, true, true, false, true, BAND_AWAY, 15500},
    {0},
    {"bob@x", false, true, true, true,  true, BAND_BUSY, 6500},
    {0},
};
/* clang-format on */

static void test_csv(void **state)
{
    (void)state;
    char *text = looks_text(REPORT_CSV, false, one_look, 1);
    assert_string_equal(
        text, "user,time,band,availability,activity,source,cause,row,admitted,registered,stale\n"
              "ann@x,1970-01-01T00:00:05.000000Z,available,3500,,database,aggregateState is,"
              "rtcdyn.PublishedInstance PublisherId 1 on fe01\\RTCLOCAL,,yes,no\n"
              "bob@x,1970-01-01T00:00:05.000000Z,away,15500,,database,aggregateState is,"
              "rtcdyn.PublishedInstance PublisherId 1 on fe01\\RTCLOCAL,,no,yes\n"
              "dave@x,,offline,,,database,not registered here,"
              "rtcdyn.PublishedInstance PublisherId 1 on fe01\\RTCLOCAL,,no,no\n"
              "fay@y,,unknown,,,,,,,no,no\n"
              "gil@x,,unknown,,,,,,,,no\n");
    free(text);
}

static void test_text(void **state)
{
    (void)state;
    char *text = looks_text(REPORT_TEXT, false, one_look, 1);
    assert_string_equal(
        text, "Databases  fe01\\RTCLOCAL, fe\\x1b[31m02\n"
              "           as of 1970-01-01 09:00:00.000 by --at; the servers' times are taken\n"
              "           as UTC, and rows are read while others write them\n"
              "Remarks    fe02: not reached: nobody listens there\n"
              "Missing    fe01: rtcdyn.PublishedInstance.Version\n"
              "Partial    not everything could be read: what follows is not the whole\n"
              "\nann@x\n"
              "  Available (3500) since 1970-01-01 00:00:05.000\n"
              "  source: database\n"
              "  registered at fe01\\RTCLOCAL; until 1970-01-01 09:00:01.000\n"
              "  container 2: aggregateState 3500\n"
              "\nbob@x\n"
              "  Away (15500) since 1970-01-01 00:00:05.000\n"
              "  source: database\n"
              "  published, but registered on none of the servers that were asked: stale, or\n"
              "    signed in elsewhere\n"
              "  container 2: aggregateState 15500\n"
              "\ndave@x\n"
              "  Offline: not registered here\n"
              "  source: database\n"
              "\nfay@y\n"
              "  Unknown: the databases say nothing about this user's presence\n"
              "\ngil@x\n"
              "  Unknown: the databases say nothing about this user's presence\n");
    free(text);
}

static void test_watching(void **state)
{
    (void)state;
    char *text = looks_text(REPORT_TEXT, true, watched, 3);
    const char *changes = strstr(text, "09:00:00  ");
    assert_non_null(changes);
    assert_string_equal(
        changes, "09:00:00  bob@x  Busy 6500 (was Away 15500, published but not registered)\n"
                 "09:00:00  ann@x  Unknown (was Available 3500)\n");
    free(text);
    text = looks_so_far(REPORT_TEXT, true, true, watched, 3);
    assert_null(strstr(text, "ann@x  Unknown")); /* a look that broke off did not come to her */
    free(text);
    text = looks_text(REPORT_JSON, true, watched, 3);
    size_t lines = 0;
    for (const char *at = strchr(text, '\n'); at; at = strchr(at + 1, '\n')) {
        lines++;
    }
    assert_int_equal(lines, 4); /* two users, then two changes: an object a line */
    static const char first[] =
        "{\"time\": \"1970-01-01T09:00:00.000000Z\", \"user\": \"ann@x\", \"band\": ";
    assert_memory_equal(text, first, strlen(first));
    free(text);
}

static void test_json(void **state)
{
    (void)state;
    char *text = looks_text(REPORT_JSON, false, one_look, 1);
    static const char *const parts[] = {
        "\"schema\": \"ocsight.presence/1\"",
        "\"fe\\u001b[31m02\"",
        "\"at\": \"1970-01-01T09:00:00.000000Z\"",
        "\"absent\": [\n    \"fe01: rtcdyn.PublishedInstance.Version\"\n  ]",
        "\"partial\": true",
        "\"coverage\": \"partial\"",
        "\"key\": {\"PublisherId\": 1}",
        "\"registered\": null",
    };
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        if (!strstr(text, parts[i])) {
            fail_msg("no %s in\n%s", parts[i], text);
        }
    }
    assert_null(strstr(text, "eve@y"));
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_csv),
        cmocka_unit_test(test_text),
        cmocka_unit_test(test_watching),
        cmocka_unit_test(test_json),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
