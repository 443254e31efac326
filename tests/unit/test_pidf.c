/*
 * PIDF bodies: decoders/pidf.c, and the bands that the engine gives them. The sample
 * named by a number is that of facts/presence.md.
 */
#include "tests/unit/body_samples.h"

#include "analyzer/engine/state_value.h"

#define SAMPLES "tests/unit/bodies/pidf.txt"

static void test_samples(void **state)
{
    (void)state;
    check_samples(SAMPLES);
}

static void test_every_prefix_is_survived(void **state)
{
    (void)state;
    check_prefixes(SAMPLES);
}

/* ---- facts/presence.md 7.3, row by row ---- */

struct mapping {
    const char *basic;
    const char *activity; /* NULL without one */
    enum band band;
    const char *token; /* that is shown */
};

/* clang-format off */
static const struct mapping mappings[] = {
    {"closed", NULL,             BAND_OFFLINE,   ""},
    {"closed", "on-the-phone",   BAND_OFFLINE,   ""},
    {"open",   NULL,             BAND_AVAILABLE, ""},
    {"open",   "on-the-phone",   BAND_BUSY,      "on-the-phone"},
    {"open",   "busy",           BAND_BUSY,      "busy"},
    {"open",   "away",           BAND_AWAY,      "away"},
    {"open",   "meeting",        BAND_BUSY,      "meeting"},
    {"open",   "appointment",    BAND_BUSY,      "appointment"},
    {"open",   "presentation",   BAND_BUSY,      "presentation"}, /* DND is as good */
    {"open",   "vacation",       BAND_AVAILABLE, ""},
    {"open",   "On-The-Phone",   BAND_BUSY,      "On-The-Phone"},
};
/* clang-format on */

/* The draft's spelling, and that of RFC 4480. */
static void write_document(char *out, size_t size, const struct mapping *row, bool draft)
{
    const char *activity = row->activity ? row->activity : "";
    const char *wrap = !row->activity ? "%s" : draft ? "<ep:activity>%s</ep:activity>" : "<ep:%s/>";
    char inner[128];
    snprintf(inner, sizeof inner, wrap, activity);
    snprintf(out, size,
             "<presence xmlns='urn:ietf:params:xml:ns:pidf' xmlns:ep='%s' entity='fay@x.example'>"
             "<tuple id='0'><status><basic>%s</basic>%s%s%s</status></tuple>%s%s%s</presence>",
             draft ? "urn:ietf:params:xml:ns:pidf:status:rpid-status"
                   : "urn:ietf:params:xml:ns:pidf:rpid",
             row->basic, draft ? "<ep:activities>" : "", draft ? inner : "",
             draft ? "</ep:activities>" : "", draft ? "" : "<person><ep:activities>",
             draft ? "" : inner, draft ? "" : "</ep:activities></person>");
}

static void check_row(struct body_reader *reader, const struct mapping *row, bool draft)
{
    char document[1024];
    struct arena arena;
    struct facts facts;
    arena_init(&arena);
    write_document(document, sizeof document, row, draft);
    struct message message = {
        .body = slice_of(document),
        .content_type = slice_of("application/pidf+xml"),
        .content_type_full = slice_of("application/pidf+xml"),
    };
    body_decode(reader, &message, &arena, &facts);
    assert_int_equal(facts.count, 1);
    assert_int_equal(facts.items[0].kind, EVENT_PIDF);
    struct state_value value = state_value_keep_pidf(&facts.items[0].as.pidf);
    struct slice token = state_value_activity(&value, value.availability);
    if (state_band(value.kind, value.availability) != row->band ||
        !slice_equal(token, slice_of(row->token))) {
        fail_msg("%s %s: availability %lld, token %.*s", row->basic,
                 row->activity ? row->activity : "-", (long long)value.availability,
                 (int)token.size, token.size > 0 ? token.data : "");
    }
    state_value_drop(&value);
    arena_dispose(&arena);
}

static void test_bands_in_both_spellings(void **state)
{
    (void)state;
    struct limits limits = limits_default();
    struct body_reader *reader = body_reader_new(&limits);
    for (size_t i = 0; i < sizeof mappings / sizeof mappings[0]; i++) {
        check_row(reader, &mappings[i], true);
        check_row(reader, &mappings[i], false);
    }
    body_reader_free(reader);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_samples),
        cmocka_unit_test(test_every_prefix_is_survived),
        cmocka_unit_test(test_bands_in_both_spellings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
