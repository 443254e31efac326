/*
 * The command line: what is understood, and what is said about the rest.
 */
#include "tests/unit/harness.h"

#include <stdio.h>
#include <stdlib.h>

#include "analyzer/options.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define EVERYTHING   (OPTION_BIT(OPTIONS) - 1)

enum { WORDS = 24 };

/* Splits a line at blanks ("_" stands for a blank in a word, "''" for the empty word). */
struct line {
    char text[256];
    char *words[WORDS];
    size_t count;
};

static void line_split(struct line *line, const char *text)
{
    char *save = NULL;
    line->count = 0;
    snprintf(line->text, sizeof line->text, "%s", text);
    for (char *word = strtok_r(line->text, " ", &save); word; word = strtok_r(NULL, " ", &save)) {
        assert_true(line->count < WORDS);
        for (char *at = strchr(word, '_'); at; at = strchr(at, '_')) {
            *at = ' ';
        }
        line->words[line->count++] = strcmp(word, "''") == 0 ? word + 2 : word;
    }
}

static bool parse(struct options *options, uint64_t allowed, enum positional positional,
                  const char *text, char problem[256])
{
    /* Options borrow their words: the line must outlive them. */
    static struct line line;
    line_split(&line, text);
    problem[0] = '\0';
    return options_parse(options, allowed, positional, line.words, line.count, problem, 256);
}

static void every_option_is_understood(void **state)
{
    (void)state;
    struct options options;
    char problem[256];
    assert_true(parse(&options, EVERYTHING, POSITIONAL_INPUTS,
                      "--ascii --at 2026-11-20T10:00:00Z --call-id abc --fail-on warning,coverage "
                      "--filter host_192.0.2.5 --format=csv --from 10:00:00 --hash one.pcap",
                      problem));
    assert_true(options.ascii && options.hash && options.fail_on_coverage && options.has_format);
    assert_string_equal(options.at, "2026-11-20T10:00:00Z");
    assert_slice_equal(options.call_id, "abc");
    assert_int_equal(options.fail_on, FAIL_ON_WARNING);
    assert_string_equal(options.filter, "host 192.0.2.5");
    assert_int_equal(options.format, REPORT_CSV);
    assert_string_equal(options.from, "10:00:00");
    assert_int_equal(options.input_count, 1);
    assert_string_equal(options.inputs[0], "one.pcap");
    options_dispose(&options);
    assert_true(parse(
        &options, EVERYTHING, POSITIONAL_INPUTS,
        "--help --man -ofile.pdf --paper letter -q --room Ops_Bridge --session "
        "--show-secrets --threads 64 --timeline --to 11:00 --transcript= --unknown --width 132",
        problem));
    assert_true(options.help && options.manual && options.quiet && options.session);
    assert_true(options.show_secrets && options.timeline);
    assert_string_equal(options.output, "file.pdf");
    assert_int_equal(options.paper, LADDER_LETTER);
    assert_slice_equal(options.room, "Ops Bridge");
    assert_slice_equal(options.transcript, "");
    assert_string_equal(options.to, "11:00");
    assert_int_equal(options.width, 132);
    assert_int_equal(options.threads, 64);
    options_dispose(&options);
    assert_true(parse(&options, EVERYTHING, POSITIONAL_INPUTS, "-o - -h --tz Asia/Seoul", problem));
    assert_string_equal(options.output, "-");
    assert_string_equal(options.tz, "Asia/Seoul");
    assert_true(options.help);
    options_dispose(&options);
}

static void exports_add_up(void **state)
{
    (void)state;
    struct options options;
    char problem[256];
    assert_true(parse(&options, EVERYTHING, POSITIONAL_INPUTS,
                      "--compliance --compliance-export a.xml --compliance-export=b.xml x.pcap",
                      problem));
    assert_true(options.compliance);
    assert_int_equal(options.export_count, 2);
    assert_string_equal(options.exports[0], "a.xml");
    assert_string_equal(options.exports[1], "b.xml");
    assert_int_equal(options.input_count, 1);
    options_dispose(&options);
    assert_false(parse(&options, EVERYTHING, POSITIONAL_INPUTS, "--compliance-export", problem));
    options_dispose(&options);
}

static void a_watcher_is_one_user(void **state)
{
    (void)state;
    struct options options;
    char problem[256];
    assert_true(parse(&options, EVERYTHING, POSITIONAL_INPUTS,
                      "--explain --as old@x --as sip:Bob@Contoso.example", problem));
    assert_true(options.explain);
    assert_slice_equal(options.watcher, "bob@contoso.example");
    options_dispose(&options);
    assert_false(parse(&options, EVERYTHING, POSITIONAL_INPUTS, "--as b*@x", problem));
    assert_non_null(strstr(problem, "--as takes one watcher, not 'b*@x'"));
    options_dispose(&options);
    assert_false(parse(&options, EVERYTHING, POSITIONAL_INPUTS, "--as sip:", problem));
    options_dispose(&options);
}

static void nothing_given_means_the_defaults(void **state)
{
    (void)state;
    struct options options;
    char problem[256];
    assert_true(parse(&options, 0, POSITIONAL_INPUTS, "", problem));
    assert_int_equal(options.fail_on, FAIL_ON_ERROR);
    assert_int_equal(options.format, REPORT_TEXT);
    assert_int_equal(options.paper, LADDER_A4);
    assert_false(options.has_format || options.fail_on_coverage || options.help);
    assert_int_equal(options.input_count + options.user_count + options.width + options.threads, 0);
    assert_null(options.output);
    options_dispose(&options);
}

static void formats_have_names(void **state)
{
    (void)state;
    static const struct {
        const char *line;
        enum report_format format;
    } rows[] = {
        {"--format text", REPORT_TEXT}, {"--format txt", REPORT_TEXT},
        {"--format json", REPORT_JSON}, {"--format csv", REPORT_CSV},
        {"--format pdf", REPORT_PDF},   {"--format svg", REPORT_SVG},
        {"--format png", REPORT_PNG},   {"--format json --format text", REPORT_TEXT},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct options options;
        char problem[256];
        assert_true(parse(&options, EVERYTHING, POSITIONAL_INPUTS, rows[i].line, problem));
        assert_int_equal(options.format, rows[i].format);
        options_dispose(&options);
    }
}

static void failing_has_levels(void **state)
{
    (void)state;
    static const struct {
        const char *line;
        enum fail_on level;
        bool coverage;
    } rows[] = {
        {"", FAIL_ON_ERROR, false},
        {"--fail-on error", FAIL_ON_ERROR, false},
        {"--fail-on warning", FAIL_ON_WARNING, false},
        {"--fail-on note", FAIL_ON_NOTE, false},
        {"--fail-on never", FAIL_ON_NEVER, false},
        {"--fail-on coverage", FAIL_ON_ERROR, true},
        {"--fail-on never,coverage", FAIL_ON_NEVER, true},
        {"--fail-on coverage,note", FAIL_ON_NOTE, true},
        {"--fail-on note,error", FAIL_ON_NOTE, false},
        {"--fail-on never,warning", FAIL_ON_WARNING, false},
        {"--fail-on error --fail-on note,never", FAIL_ON_NOTE, false},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct options options;
        char problem[256];
        assert_true(parse(&options, EVERYTHING, POSITIONAL_INPUTS, rows[i].line, problem));
        assert_int_equal(options.fail_on, rows[i].level);
        assert_int_equal(options.fail_on_coverage, rows[i].coverage);
        options_dispose(&options);
    }
}

static void rules_are_chosen(void **state)
{
    (void)state;
    struct options options;
    char problem[256];
    assert_true(parse(&options, EVERYTHING, POSITIONAL_INPUTS,
                      "--rule sip-retry --no-rule chat-post-refused --limit=join-unanswered=45",
                      problem));
    assert_int_equal(options.rule_count, 3);
    assert_slice_equal(options.rules[0].rule, "sip-retry");
    assert_int_equal(options.rules[0].what, RULE_ONLY);
    assert_slice_equal(options.rules[1].rule, "chat-post-refused");
    assert_int_equal(options.rules[1].what, RULE_OFF);
    assert_slice_equal(options.rules[2].rule, "join-unanswered");
    assert_int_equal(options.rules[2].what, RULE_WAIT);
    assert_int_equal(options.rules[2].seconds, 45);
    options_dispose(&options);
}

static void given_options_are_kept_for_the_report(void **state)
{
    (void)state;
    struct options options;
    char problem[256];
    assert_true(parse(&options, EVERYTHING, POSITIONAL_INPUTS, "-q a.pcap --user sip:Ann@x -ofile",
                      problem));
    assert_int_equal(options.given_count, 3);
    assert_string_equal(options.given[0].name, "quiet");
    assert_string_equal(options.given[0].value, "true");
    assert_string_equal(options.given[1].name, "user");
    assert_string_equal(options.given[1].value, "sip:Ann@x");
    assert_string_equal(options.given[2].name, "output");
    assert_string_equal(options.given[2].value, "file");
    options_dispose(&options);
}

static void positional_arguments_are_users_inputs_or_words(void **state)
{
    (void)state;
    static const struct {
        enum positional positional;
        const char *line;
        const char *inputs; /* each followed by a blank */
        const char *users;
        const char *words;
    } rows[] = {
        {POSITIONAL_INPUTS, "a.pcap - b@c", "a.pcap - b@c ", "", ""},
        {POSITIONAL_INPUTS, "-- -q --user", "-q --user ", "", ""},
        {POSITIONAL_WORDS, "audit - ann@x", "", "", "audit - ann@x "},
        {POSITIONAL_USERS_AND_INPUTS, "Ann@Contoso.example /dev/null -", "/dev/null - ",
         "ann@contoso.example ", ""},
        {POSITIONAL_USERS_AND_INPUTS, "sip:Bob@X SIP:cho@x *@x --user /dev/null", "",
         "bob@x cho@x *@x /dev/null ", ""},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct options options;
        char problem[256];
        char text[3][128] = {"", "", ""};
        assert_true(parse(&options, EVERYTHING, rows[i].positional, rows[i].line, problem));
        for (size_t j = 0; j < options.input_count; j++) {
            strcat(strcat(text[0], options.inputs[j]), " ");
        }
        for (size_t j = 0; j < options.user_count; j++) {
            strcat(strcat(text[1], options.users[j].data), " ");
        }
        for (size_t j = 0; j < options.word_count; j++) {
            strcat(strcat(text[2], options.words[j]), " ");
        }
        assert_string_equal(text[0], rows[i].inputs);
        assert_string_equal(text[1], rows[i].users);
        assert_string_equal(text[2], rows[i].words);
        options_dispose(&options);
    }
}

static void wrong_usage_is_named(void **state)
{
    (void)state;
    static const struct {
        const char *line;
        const char *problem;
    } rows[] = {
        {"--nonsense", "there is no option '--nonsense'"},
        {"-x", "there is no option '-x'"},
        {"--", ""},
        {"--=x", "there is no option '--=x'"},
        {"--quie", "there is no option '--quie'"},
        {"--hash", "this command takes no option --hash"},
        {"--quiet=yes", "--quiet takes no value"},
        {"-qx", "--quiet takes no value"},
        {"/dev/null --output", "--output needs FILE"},
        {"-o", "--output needs FILE"},
        {"--format docx", "there is no format 'docx'"},
        {"--format ''", "there is no format ''"},
        {"--fail-on info", "--fail-on takes error, warning, note, coverage or never, not 'info'"},
        {"--fail-on error,,note",
         "--fail-on takes error, warning, note, coverage or never, not ''"},
        {"--paper a5", "--paper takes a4, letter or long, not 'a5'"},
        {"--width 39", "--width takes 40 to 1000 columns, not '39'"},
        {"--width 1001", "--width takes 40 to 1000 columns, not '1001'"},
        {"--width 80x", "--width takes 40 to 1000 columns, not '80x'"},
        {"--threads 0", "--threads takes 1 to 64, not '0'"},
        {"--threads 65", "--threads takes 1 to 64, not '65'"},
        {"--from yesterday",
         "--from takes a time such as 2026-11-20T10:00:00Z or 10:00:00, not 'yesterday'"},
        {"--to ''", "--to takes a time such as 2026-11-20T10:00:00Z or 10:00:00, not ''"},
        {"--at 2026-02-30",
         "--at takes a time such as 2026-11-20T10:00:00Z or 10:00:00, not '2026-02-30'"},
        {"--limit rule", "--limit takes RULE=SECONDS, not 'rule'"},
        {"--limit rule=-1", "--limit takes RULE=SECONDS, not 'rule=-1'"},
        {"--limit rule=4294967296", "--limit takes RULE=SECONDS, not 'rule=4294967296'"},
        {"--user sip:", "an empty user name"},
        {"--user ann@x --user _", "an empty user name"},
        {"nowhere.pcap", "'nowhere.pcap' is neither a file (there is none of that name) nor a user "
                         "(write user@host, or --user)"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct options options;
        char problem[256];
        bool good = parse(&options, EVERYTHING & ~OPTION_BIT(OPTION_HASH),
                          POSITIONAL_USERS_AND_INPUTS, rows[i].line, problem);
        assert_string_equal(problem, rows[i].problem);
        assert_int_equal(good, rows[i].problem[0] == '\0');
        options_dispose(&options);
    }
}

/* The table: in order, no name and no letter twice. */
static void rows_are_sorted_and_distinct(void **state)
{
    (void)state;
    for (int id = 0; id < OPTIONS; id++) {
        const struct option_row *row = option_row((enum option_id)id);
        assert_non_null(row->name);
        assert_non_null(row->help);
        for (int other = 0; other < id; other++) {
            const struct option_row *before = option_row((enum option_id)other);
            assert_true(strcmp(before->name, row->name) < 0);
            assert_true(row->letter == 0 || row->letter != before->letter);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_option_is_understood),
        cmocka_unit_test(exports_add_up),
        cmocka_unit_test(a_watcher_is_one_user),
        cmocka_unit_test(nothing_given_means_the_defaults),
        cmocka_unit_test(formats_have_names),
        cmocka_unit_test(failing_has_levels),
        cmocka_unit_test(rules_are_chosen),
        cmocka_unit_test(given_options_are_kept_for_the_report),
        cmocka_unit_test(positional_arguments_are_users_inputs_or_words),
        cmocka_unit_test(wrong_usage_is_named),
        cmocka_unit_test(rows_are_sorted_and_distinct),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
