/*
 * What a database row holds of a category: body_decode_category() of decoders/body.c. Documents
 * are those of facts/databases.md section 9.
 */
#include "tests/unit/harness.h"

#include "decoders/body.h"

#define SLICE_ARGS(slice) (int)(slice).size, (slice).data

#define XSI  "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\""
#define SIP  "xmlns=\"http://schemas.microsoft.com/2006/09/sip/state\""
#define LIST "<state xsi:type=\"aggregateState\" " XSI " " SIP ">"

struct row_case {
    const char *what;
    const char *name; /* as CategoryDef has it; "" = it is not known */
    struct slice content;
    const char *category; /* the fact's name; NULL = there is no fact */
    enum category_kind kind;
    enum state_kind state;
    int64_t availability;
    const char *activity;
    const char *text;
    const char *diagnostic; /* NULL = none */
};

/* clang-format off */
static const struct row_case row_cases[] = {
    {"an aggregate, its category known", "state",
     SLICE(LIST "<availability>3500</availability><device>computer</device></state>"),
     "state", CATEGORY_STATE, STATE_AGGREGATE, 3500, "", "", NULL},
    {"the root names the category", "",
     SLICE(LIST "<availability>6500</availability><activity token=\"on-the-phone\" "
           "minAvailability=\"6500\" maxAvailability=\"8999\"/></state>"),
     "state", CATEGORY_STATE, STATE_AGGREGATE, 6500, "on-the-phone", "", NULL},
    {"https in the namespace", "",
     SLICE("<state " XSI " xmlns=\"https://schemas.microsoft.com/2006/09/sip/state\" "
           "manual=\"true\" xsi:type=\"userState\"><availability>3500</availability></state>"),
     "state", CATEGORY_STATE, STATE_USER, 3500, "", "", NULL},
    {"a note beyond ASCII", "note", SLICE("<note>Zo\xC3\xAB</note>"),
     "note", CATEGORY_NOTE, STATE_NONE, AVAILABILITY_NONE, "", "", NULL},
    {"a note with a body", "",
     SLICE("<note><body type=\"personal\">\xEC\x9E\x90\xEB\xA6\xAC \xEB\xB9\x84\xEC\x9B\x80</body></note>"),
     "note", CATEGORY_NOTE, STATE_NONE, AVAILABILITY_NONE, "",
     "personal: \xEC\x9E\x90\xEB\xA6\xAC \xEB\xB9\x84\xEC\x9B\x80", NULL},
    {"an empty element", "",
     SLICE("<userInformation xmlns=\"http://schemas.microsoft.com/2006/09/sip/options/userInformation\"/>"),
     "userInformation", CATEGORY_UNKNOWN, STATE_NONE, AVAILABILITY_NONE, "", "", NULL},
    {"broken off", "state", SLICE(LIST "<availability>3500</availabil"),
     "state", CATEGORY_STATE, STATE_AGGREGATE, AVAILABILITY_NONE, "", "", "xml-not-well-formed"},
    {"no XML", "state", SLICE("hello"), NULL, CATEGORY_UNKNOWN, STATE_NONE, AVAILABILITY_NONE, "",
     "", "xml-not-well-formed"},
    {"nothing", "state", SLICE(""), NULL, CATEGORY_UNKNOWN, STATE_NONE, AVAILABILITY_NONE, "", "",
     "xml-not-well-formed"},
    {"a document type", "state", SLICE("<!DOCTYPE a [<!ENTITY b \"c\">]><state>&b;</state>"), NULL,
     CATEGORY_UNKNOWN, STATE_NONE, AVAILABILITY_NONE, "", "", "xml-refused"},
};
/* clang-format on */

static void decode(struct body_reader *reader, const char *name, struct slice content,
                   struct arena *arena, struct facts *out)
{
    const struct category_fact known = {
        .key = {slice_of("ann@x"), slice_of(name), 1, 2, true, true},
        .version = 12,
        .has_version = true,
        .expires = -1,
        .publish_time = 5,
    };
    struct guard guard = guard_copy(content);
    body_decode_category(reader, &known, guard.bytes, arena, out);
    for (size_t i = 0; i < out->count; i++) {
        assert_null(out->items[i].message);
        if (out->items[i].kind == EVENT_CATEGORY) {
            const struct category_fact *fact = &out->items[i].as.category;
            assert_int_equal(i, 0);
            assert_int_equal(fact->version, 12);
            assert_int_equal(fact->key.container, 2);
            assert_true(slice_equal(fact->raw, guard.bytes));
            out->items[i].as.category.raw = slice_of("");
        }
    }
    guard_free(&guard);
}

static void check(struct body_reader *reader, const struct row_case *row)
{
    struct arena arena;
    struct facts facts;
    arena_init(&arena);
    decode(reader, row->name, row->content, &arena, &facts);
    bool is_fact = facts.count > 0 && facts.items[0].kind == EVENT_CATEGORY;
    const char *code = NULL;
    for (size_t i = 0; i < facts.count; i++) {
        if (facts.items[i].kind == EVENT_DIAGNOSTIC) {
            code = facts.items[i].as.diagnostic.code;
        }
    }
    if (is_fact != (row->category != NULL) || (code == NULL) != (row->diagnostic == NULL) ||
        (code && strcmp(code, row->diagnostic) != 0)) {
        fail_msg("%s: fact %d, diagnostic %s", row->what, is_fact, code ? code : "none");
    }
    if (is_fact) {
        const struct category_fact *fact = &facts.items[0].as.category;
        struct slice activity =
            fact->value.activity_count > 0 ? fact->value.activities[0].token : slice_of("");
        if (!slice_equal(fact->key.name, slice_of(row->category)) || fact->category != row->kind ||
            fact->value.kind != row->state || fact->value.availability != row->availability ||
            !slice_equal(activity, slice_of(row->activity)) ||
            !slice_equal(fact->text, slice_of(row->text))) {
            fail_msg("%s: %.*s %d %d %d '%.*s'", row->what, SLICE_ARGS(fact->key.name),
                     (int)fact->category, (int)fact->value.kind, (int)fact->value.availability,
                     SLICE_ARGS(fact->text));
        }
    }
    arena_dispose(&arena);
}

static void test_contents(void **state)
{
    (void)state;
    struct limits limits = limits_default();
    struct body_reader *reader = body_reader_new(&limits);
    for (size_t i = 0; i < sizeof row_cases / sizeof row_cases[0]; i++) {
        check(reader, &row_cases[i]);
    }
    body_reader_free(reader);
}

/* Whatever is cut off, the reader says so and stays fit for the next one. */
static void test_every_prefix(void **state)
{
    (void)state;
    struct limits limits = limits_default();
    struct body_reader *reader = body_reader_new(&limits);
    for (size_t i = 0; i < sizeof row_cases / sizeof row_cases[0]; i++) {
        const struct row_case *row = &row_cases[i];
        for (size_t size = 0; size < row->content.size; size++) {
            struct arena arena;
            struct facts facts;
            arena_init(&arena);
            decode(reader, row->name, slice_sub(row->content, 0, size), &arena, &facts);
            assert_true(facts.count > 0);
            assert_int_equal(facts.items[facts.count - 1].kind, EVENT_DIAGNOSTIC);
            arena_dispose(&arena);
        }
        check(reader, row);
    }
    body_reader_free(reader);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_contents),
        cmocka_unit_test(test_every_prefix),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
