/*
 * The command line. See options.h.
 */
#include "analyzer/options.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "analyzer/engine/arena.h"

/* clang-format off */
static const struct option_row rows[OPTIONS] = {
    [OPTION_ALLOW_PLAINTEXT_LOGIN] = {"allow-plaintext-login", 0, NULL, "a SQL login without encryption: the password crosses the network readably"},
    [OPTION_APPEND] = {"append", 0, NULL, "add the inputs to a store that exists"},
    [OPTION_APPENDIX]     = {"appendix",     0,   NULL,       "every message in full behind the drawing, linked with its arrow"},
    [OPTION_AS]           = {"as",           0,   "WATCHER",  "what this watcher was told, and where that was not how it was"},
    [OPTION_ASCII]        = {"ascii",        0,   NULL,       "plain ASCII in our own lines, no box drawing"},
    [OPTION_AT]           = {"at",           0,   "TIME",     "the state at that moment instead of at the end"},
    [OPTION_BASELINE]     = {"baseline",     0,   "FILE",     "an audit in JSON to compare with: new, gone and same findings"},
    [OPTION_CA_FILE] = {"ca-file", 0, "FILE", "certificates of the authorities that may sign the server's (PEM)"},
    [OPTION_CALL_ID]      = {"call-id",      0,   "ID",       "only what belongs to this Call-ID"},
    [OPTION_COLLAPSE]     = {"collapse",     0,   NULL,       "fold polls, keep-alives, refreshes and 100 Trying into one row each time"},
    [OPTION_COMPLETION]   = {"completion",   0,   "SHELL",    "what completes command lines in bash or zsh"},
    [OPTION_COMPLIANCE]   = {"compliance",   0,   NULL,       "what a compliance adapter would have received, as the XML of an export (or json, csv)"},
    [OPTION_COMPLIANCE_EXPORT] = {"compliance-export", 0, "FILE", "compare with this export of the compliance service; may be repeated"},
    [OPTION_DIALOG]       = {"dialog",       0,   "ID",       "only this dialog: its number in the dialogs report, or a Call-ID"},
    [OPTION_ENCRYPT] = {"encrypt", 0, "MODE", "off, request (default) or require: encryption of the database connection"},
    [OPTION_EXPLAIN]      = {"explain",      0,   NULL,       "the inputs live at that moment and the step that decided"},
    [OPTION_FAIL_ON]      = {"fail-on",      0,   "LEVEL",    "exit with 1 at: error (default), warning, note, coverage, never; several with commas"},
    [OPTION_FILTER]       = {"filter",       0,   "BPF",      "only packets that match, as in tcpdump: 'host 192.0.2.5'"},
    [OPTION_FINDING]      = {"finding",      0,   "N",        "only what surrounds the finding that the audit lists with this number"},
    [OPTION_FLOW]         = {"flow",         0,   "FLOW",     "only the messages of this call flow, such as group-chat-join-post"},
    [OPTION_FORMAT]       = {"format",       0,   "FORMAT",   "what is written: text, json and so on, as the help of each command says"},
    [OPTION_FROM]         = {"from",         0,   "TIME",     "only from this time on: 2026-11-20T10:00:00Z or 10:00:00"},
    [OPTION_HASH]         = {"hash",         0,   NULL,       "SHA-256 of each input file, as evidence"},
    [OPTION_HELP]         = {"help",         'h', NULL,       "this help"},
    [OPTION_LIMIT]        = {"limit",        0,   "RULE=SEC", "how long a rule waits, in seconds"},
    [OPTION_LOGIN] = {"login", 0, "NAME", "DOMAIN\\user for a Windows login, a plain name for a SQL login; none = Kerberos"},
    [OPTION_MAN]          = {"man",          0,   NULL,       "the manual page, for man -l"},
    [OPTION_MAX_ROWS] = {"max-rows", 0, "N", "at most so many rows of a query (default 1000000)"},
    [OPTION_NAME]         = {"name",         0,   "ADDR=NAME", "call this address, host or user so; may be repeated"},
    [OPTION_NAMES]        = {"names",        0,   "FILE",     "such names, ADDR=NAME on each line"},
    [OPTION_NO_RULE]      = {"no-rule",      0,   "RULE",     "switch a rule off; may be repeated"},
    [OPTION_ONLY]         = {"only",         0,   "WHAT",     "just the packets of the user, dialog or finding that was chosen"},
    [OPTION_OUTPUT]       = {"output",       'o', "FILE",     "write there instead of to standard output"},
    [OPTION_PAPER]        = {"paper",        0,   "SIZE",     "a4 (default), letter, or long: one page of any length"},
    [OPTION_PASSWORD_FILE] = {"password-file", 0, "FILE", "its first line is the password; else OCSIGHT_PASSWORD, else a prompt"},
    [OPTION_QUIET]        = {"quiet",        'q', NULL,       "no progress and no remarks on standard error"},
    [OPTION_REDACT]       = {"redact",       0,   NULL,       "users, hosts and addresses as pseudonyms, no text that people wrote"},
    [OPTION_REDACT_KEY]   = {"redact-key",   0,   "FILE",     "what pseudonyms are made with: the same file gives the same ones"},
    [OPTION_RELATED]      = {"related",      0,   NULL,       "with the other dialogs of the same users at that time"},
    [OPTION_ROOM]         = {"room",         0,   "ROOM",     "only this chat room: its name or its URI"},
    [OPTION_RULE]         = {"rule",         0,   "RULE",     "only this rule; may be repeated"},
    [OPTION_SCALE]        = {"scale",        0,   "FACTOR",   "size of a PNG or SVG: 0.25 to 8, 1 = its usual size"},
    [OPTION_SERVER] = {"server", 0, "SERVER", "HOST, HOST:PORT, HOST\\INSTANCE or [IPv6]:PORT; may be repeated"},
    [OPTION_SESSION]      = {"session",      0,   NULL,       "the chat sessions in detail"},
    [OPTION_SHOW_SECRETS] = {"show-secrets", 0,   NULL,       "print file tokens and the like instead of masking them"},
    [OPTION_THREADS]      = {"threads",      0,   "N",        "threads to decode with (default: one for each processor)"},
    [OPTION_TIMELINE]     = {"timeline",     0,   NULL,       "every change with its cause, not only the last state"},
    [OPTION_TIMEOUT] = {"timeout", 0, "SECONDS", "for the connection and for each query (default 15)"},
    [OPTION_TO]           = {"to",           0,   "TIME",     "only up to this time"},
    [OPTION_TRANSCRIPT]   = {"transcript",   0,   "ROOM",     "one room as people read a chat"},
    [OPTION_TRUST_SERVER_CERTIFICATE] = {"trust-server-certificate", 0, NULL, "with --encrypt require: do not verify the certificate"},
    [OPTION_TZ]           = {"tz",           0,   "ZONE",     "time zone for display, such as Asia/Seoul (default UTC)"},
    [OPTION_UNKNOWN]      = {"unknown",      0,   NULL,       "names in the chat traffic of which nothing is known"},
    [OPTION_UNPROVEN] = {"unproven", 0, NULL, "reports on tables whose names are only inferred, too"},
    [OPTION_USER]         = {"user",         0,   "URI",      "only this user; * matches anything; may be repeated"},
    [OPTION_WATCH] = {"watch", 0, "SECONDS", "look again after so long, and print what changed"},
    [OPTION_WIDTH]        = {"width",        0,   "COLUMNS",  "width of text output (default: the terminal's, else 80)"},
};

static const struct { const char *name; enum report_format format; } formats[] = {
    {"text", REPORT_TEXT}, {"txt", REPORT_TEXT}, {"json", REPORT_JSON}, {"csv", REPORT_CSV},
    {"xml",  REPORT_XML},  {"html", REPORT_HTML}, {"markdown", REPORT_MARKDOWN}, {"md", REPORT_MARKDOWN},
    {"pdf",  REPORT_PDF},  {"svg", REPORT_SVG},  {"png",  REPORT_PNG},
};
/* clang-format on */

const struct option_row *option_row(enum option_id id)
{
    return &rows[id];
}

const char *option_format(enum report_format format)
{
    size_t i = 0;
    while (formats[i].format != format) {
        i++;
    }
    return formats[i].name;
}

/* What the parser carries from argument to argument. */
struct parser {
    struct options *options;
    uint64_t allowed;
    enum positional positional;
    char *problem;
    size_t problem_size;
};

__attribute__((format(printf, 2, 3))) static bool refuse(struct parser *parser, const char *format,
                                                         ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(parser->problem, parser->problem_size, format, arguments);
    va_end(arguments);
    return false;
}

/* "sip:Ann@Contoso.example" and "Ann@Contoso.example" name the same user. */
static bool keep_user(struct parser *parser, const char *text, struct slice *out)
{
    struct slice name = slice_trim(slice_of(text));
    if (slice_starts_nocase(name, slice_of("sip:"))) {
        name = slice_from(name, 4);
    }
    if (name.size == 0) {
        return refuse(parser, "an empty user name");
    }
    char *copy = memory_alloc(name.size + 1);
    for (size_t i = 0; i < name.size; i++) {
        copy[i] = ascii_lower(name.data[i]);
    }
    copy[name.size] = '\0';
    *out = (struct slice){copy, name.size};
    return true;
}

static bool add_user(struct parser *parser, const char *text)
{
    struct options *options = parser->options;
    struct slice user;
    if (!keep_user(parser, text, &user)) {
        return false;
    }
    options->users = memory_grow(options->users, options->user_count + 1, sizeof *options->users);
    options->users[options->user_count++] = user;
    return true;
}

static bool set_watcher(struct parser *parser, const char *text)
{
    struct slice watcher;
    if (!keep_user(parser, text, &watcher)) {
        return false;
    }
    slice_drop(&parser->options->watcher);
    parser->options->watcher = watcher;
    return strchr(text, '*') == NULL || refuse(parser, "--as takes one watcher, not '%s'", text);
}

static bool add_rule(struct parser *parser, const char *text, int what)
{
    struct options *options = parser->options;
    struct rule_choice choice = {.rule = slice_of(text), .what = what};
    if (what == RULE_WAIT) {
        struct slice seconds;
        if (!slice_cut(slice_of(text), '=', &choice.rule, &seconds) ||
            !slice_to_u32(seconds, &choice.seconds)) {
            return refuse(parser, "--limit takes RULE=SECONDS, not '%s'", text);
        }
    }
    options->rules = memory_grow(options->rules, options->rule_count + 1, sizeof *options->rules);
    options->rules[options->rule_count++] = choice;
    return true;
}

static void add_export(struct options *options, const char *name)
{
    options->exports =
        memory_grow(options->exports, options->export_count + 1, sizeof *options->exports);
    options->exports[options->export_count++] = name;
}

static bool set_format(struct parser *parser, const char *text)
{
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
        if (strcmp(formats[i].name, text) == 0) {
            parser->options->format = formats[i].format;
            parser->options->has_format = true;
            return true;
        }
    }
    return refuse(parser, "there is no format '%s'", text);
}

/* Several levels: the lowest one named counts, and `never` only when no other is. */
static bool add_fail_on(struct options *options, struct slice word)
{
    static const char *const levels[] = {"error", "warning", "note", "never"};
    if (slice_equal(word, slice_of("coverage"))) {
        options->fail_on_coverage = true;
        return true;
    }
    for (int level = FAIL_ON_ERROR; level <= FAIL_ON_NEVER; level++) {
        if (slice_equal(word, slice_of(levels[level]))) {
            bool lower = level != FAIL_ON_NEVER && level > (int)options->fail_on;
            if (!options->has_fail_on || options->fail_on == FAIL_ON_NEVER || lower) {
                options->fail_on = (enum fail_on)level;
            }
            options->has_fail_on = true;
            return true;
        }
    }
    return false;
}

static bool set_fail_on(struct parser *parser, const char *text)
{
    struct slice rest = slice_of(text);
    struct slice word;
    do {
        slice_cut(rest, ',', &word, &rest);
        if (!add_fail_on(parser->options, word)) {
            return refuse(parser,
                          "--fail-on takes error, warning, note, coverage or never, not '%.*s'",
                          (int)word.size, word.data);
        }
    } while (rest.size > 0);
    return true;
}

static bool set_paper(struct parser *parser, const char *text)
{
    static const char *const names[] = {"a4", "letter", "long"};
    for (int paper = 0; paper < 3; paper++) {
        if (strcmp(names[paper], text) == 0) {
            parser->options->paper = (enum ladder_paper)paper;
            return true;
        }
    }
    return refuse(parser, "--paper takes a4, letter or long, not '%s'", text);
}

/* Bigger or smaller than usual; fractions with a point, whatever the locale says. */
static bool set_scale(struct parser *parser, const char *text)
{
    struct slice whole;
    struct slice fraction;
    uint32_t units = 0;
    uint32_t hundredths = 0;
    bool has_fraction = slice_cut(slice_of(text), '.', &whole, &fraction);
    bool legible = slice_to_u32(whole, &units) && fraction.size <= 2 &&
                   (!has_fraction || slice_to_u32(fraction, &hundredths));
    hundredths = fraction.size == 1 ? hundredths * 10 : hundredths;
    double scale = legible ? units + hundredths / 100.0 : 0;
    if (scale < 0.25 || scale > 8) {
        return refuse(parser, "--scale takes 0.25 to 8, not '%s'", text);
    }
    parser->options->scale = scale;
    return true;
}

static bool add_name(struct parser *parser, const char *text)
{
    struct options *options = parser->options;
    struct ladder_name name;
    bool cut = slice_cut(slice_of(text), '=', &name.of, &name.name);
    if (!cut || name.of.size == 0 || name.name.size == 0) {
        return refuse(parser, "--name takes ADDR=NAME, not '%s'", text);
    }
    options->names = memory_grow(options->names, options->name_count + 1, sizeof *options->names);
    options->names[options->name_count++] = name;
    return true;
}

static bool set_finding(struct parser *parser, const char *text)
{
    uint32_t number = 0;
    if (!slice_to_u32(slice_of(text), &number) || number == 0) {
        return refuse(parser, "--finding takes the number of a finding, not '%s'", text);
    }
    parser->options->finding = number;
    return true;
}

static bool set_only(struct parser *parser, const char *text)
{
    static const char *const names[] = {
        [ONLY_USER] = "user", [ONLY_DIALOG] = "dialog", [ONLY_FINDING] = "finding"};
    for (int only = ONLY_USER; only <= ONLY_FINDING; only++) {
        if (strcmp(names[only], text) == 0) {
            parser->options->only = (enum only)only;
            return true;
        }
    }
    return refuse(parser, "--only takes user, dialog or finding, not '%s'", text);
}

static bool set_width(struct parser *parser, const char *text)
{
    uint32_t width = 0;
    if (!slice_to_u32(slice_of(text), &width) || width < 40 || width > 1000) {
        return refuse(parser, "--width takes 40 to 1000 columns, not '%s'", text);
    }
    parser->options->width = width;
    return true;
}

static bool set_threads(struct parser *parser, const char *text)
{
    uint32_t threads = 0;
    if (!slice_to_u32(slice_of(text), &threads) || threads < 1 || threads > 64) {
        return refuse(parser, "--threads takes 1 to 64, not '%s'", text);
    }
    parser->options->threads = threads;
    return true;
}

static bool add_server(struct parser *parser, const char *text)
{
    struct options *options = parser->options;
    struct server_name name;
    char problem[SERVER_PROBLEM];
    if (!server_name_parse(slice_of(text), &name, problem)) {
        return refuse(parser, "--server '%s': %s", text, problem);
    }
    options->servers =
        memory_grow(options->servers, options->server_count + 1, sizeof *options->servers);
    options->servers[options->server_count++] = name;
    return true;
}

static bool set_encryption(struct parser *parser, const char *text)
{
    static const char *const names[] = {"off", "request", "require"};
    for (int mode = ENCRYPTION_OFF; mode <= ENCRYPTION_REQUIRE; mode++) {
        if (strcmp(names[mode], text) == 0) {
            parser->options->server.encryption = (enum server_encryption)mode;
            return true;
        }
    }
    return refuse(parser, "--encrypt takes off, request or require, not '%s'", text);
}

/* A whole number from 1 to `most`. */
static bool set_count(struct parser *parser, enum option_id id, const char *text, uint32_t most,
                      uint32_t *out)
{
    return (slice_to_u32(slice_of(text), out) && *out >= 1 && *out <= most) ||
           refuse(parser, "--%s takes 1 to %" PRIu32 ", not '%s'", rows[id].name, most, text);
}

static bool apply_database(struct parser *parser, enum option_id id, const char *value)
{
    struct options *options = parser->options;
    uint32_t number = 0;
    switch (id) {
    case OPTION_ALLOW_PLAINTEXT_LOGIN:
        options->server.allow_plaintext = true;
        return true;
    case OPTION_CA_FILE:
        options->server.ca_file = value;
        return true;
    case OPTION_ENCRYPT:
        return set_encryption(parser, value);
    case OPTION_LOGIN:
        options->server.login = value;
        return true;
    case OPTION_MAX_ROWS:
        if (!set_count(parser, id, value, UINT32_MAX, &number)) {
            return false;
        }
        options->max_rows = number;
        return true;
    case OPTION_PASSWORD_FILE:
        options->password_file = value;
        return true;
    case OPTION_SERVER:
        return add_server(parser, value);
    case OPTION_TIMEOUT:
        return set_count(parser, id, value, 3600, &options->server.timeout);
    case OPTION_TRUST_SERVER_CERTIFICATE:
        options->server.trust_certificate = true;
        return true;
    case OPTION_WATCH:
        return set_count(parser, id, value, 86400, &options->watch);
    default:
        return false;
    }
}

static bool set_time(struct parser *parser, const char **target, enum option_id id,
                     const char *text)
{
    int64_t ignored = 0;
    if (!clock_parse(slice_of(text), 0, &ignored)) {
        return refuse(parser,
                      "--%s takes a time such as 2026-11-20T10:00:00Z or 10:00:00, not '%s'",
                      rows[id].name, text);
    }
    *target = text;
    return true;
}

static bool set_completion(struct parser *parser, const char *value)
{
    parser->options->completion = strcmp(value, "bash") == 0  ? SHELL_BASH
                                  : strcmp(value, "zsh") == 0 ? SHELL_ZSH
                                                              : SHELL_NONE;
    return parser->options->completion != SHELL_NONE ||
           refuse(parser, "--completion takes bash or zsh, not '%s'", value);
}

/* What concerns drawings and what is shown in them. */
static bool apply_drawing(struct parser *parser, enum option_id id, const char *value)
{
    struct options *options = parser->options;
    switch (id) {
    case OPTION_APPENDIX:
        options->appendix = true;
        return true;
    case OPTION_BASELINE:
        options->baseline = value;
        return true;
    case OPTION_COLLAPSE:
        options->collapse = true;
        return true;
    case OPTION_DIALOG:
        options->dialog = slice_of(value);
        return true;
    case OPTION_FINDING:
        return set_finding(parser, value);
    case OPTION_FLOW:
        options->flow = slice_of(value);
        return true;
    case OPTION_NAME:
        return add_name(parser, value);
    case OPTION_NAMES:
        options->names_file = value;
        return true;
    case OPTION_ONLY:
        return set_only(parser, value);
    case OPTION_PAPER:
        return set_paper(parser, value);
    case OPTION_REDACT:
        options->redact = true;
        return true;
    case OPTION_REDACT_KEY:
        options->redact = true;
        options->redact_key = value;
        return true;
    case OPTION_RELATED:
        options->related = true;
        return true;
    case OPTION_SCALE:
        return set_scale(parser, value);
    default:
        return apply_database(parser, id, value);
    }
}

static bool apply(struct parser *parser, enum option_id id, const char *value)
{
    struct options *options = parser->options;
    switch (id) {
    case OPTION_APPEND:
        options->append = true;
        return true;
    case OPTION_UNPROVEN:
        options->unproven = true;
        return true;
    case OPTION_AS:
        return set_watcher(parser, value);
    case OPTION_ASCII:
        options->ascii = true;
        return true;
    case OPTION_AT:
        return set_time(parser, &options->at, id, value);
    case OPTION_CALL_ID:
        options->call_id = slice_of(value);
        return true;
    case OPTION_COMPLETION:
        return set_completion(parser, value);
    case OPTION_COMPLIANCE:
        options->compliance = true;
        return true;
    case OPTION_COMPLIANCE_EXPORT:
        add_export(options, value);
        return true;
    case OPTION_EXPLAIN:
        options->explain = true;
        return true;
    case OPTION_FAIL_ON:
        return set_fail_on(parser, value);
    case OPTION_FILTER:
        options->filter = value;
        return true;
    case OPTION_FORMAT:
        return set_format(parser, value);
    case OPTION_FROM:
        return set_time(parser, &options->from, id, value);
    case OPTION_HASH:
        options->hash = true;
        return true;
    case OPTION_HELP:
        options->help = true;
        return true;
    case OPTION_LIMIT:
        return add_rule(parser, value, RULE_WAIT);
    case OPTION_MAN:
        options->manual = true;
        return true;
    case OPTION_NO_RULE:
        return add_rule(parser, value, RULE_OFF);
    case OPTION_OUTPUT:
        options->output = value;
        return true;
    case OPTION_QUIET:
        options->quiet = true;
        return true;
    case OPTION_ROOM:
        options->room = slice_of(value);
        return true;
    case OPTION_RULE:
        return add_rule(parser, value, RULE_ONLY);
    case OPTION_SESSION:
        options->session = true;
        return true;
    case OPTION_SHOW_SECRETS:
        options->show_secrets = true;
        return true;
    case OPTION_THREADS:
        return set_threads(parser, value);
    case OPTION_TIMELINE:
        options->timeline = true;
        return true;
    case OPTION_TO:
        return set_time(parser, &options->to, id, value);
    case OPTION_TRANSCRIPT:
        options->transcript = slice_of(value);
        return true;
    case OPTION_UNKNOWN:
        options->unknown = true;
        return true;
    case OPTION_TZ:
        options->tz = value;
        return true;
    case OPTION_USER:
        return add_user(parser, value);
    case OPTION_WIDTH:
        return set_width(parser, value);
    default:
        return apply_drawing(parser, id, value);
    }
}

static void remember(struct options *options, enum option_id id, const char *value)
{
    options->given = memory_grow(options->given, options->given_count + 1, sizeof *options->given);
    options->given[options->given_count++] =
        (struct report_option){rows[id].name, value ? value : "true"};
}

/* "--name", "--name=value", "-n", "-nvalue" name an option; `out_value` is what is glued to it. */
static enum option_id find_option(const char *argument, const char **out_value)
{
    *out_value = NULL;
    bool is_long = argument[1] == '-';
    struct slice name;
    struct slice value;
    bool glued = slice_cut(slice_of(argument + 2), '=', &name, &value);
    for (int id = 0; id < OPTIONS; id++) {
        if (is_long && slice_equal(name, slice_of(rows[id].name))) {
            *out_value = glued ? value.data : NULL;
            return (enum option_id)id;
        }
        if (!is_long && rows[id].letter == argument[1]) {
            *out_value = argument[2] != '\0' ? argument + 2 : NULL;
            return (enum option_id)id;
        }
    }
    return OPTIONS;
}

/* How many arguments it took, 0 = refused. */
static size_t take_option(struct parser *parser, char **argv, size_t count)
{
    const char *value = NULL;
    enum option_id id = find_option(argv[0], &value);
    size_t taken = 1;
    if (id == OPTIONS) {
        return refuse(parser, "there is no option '%s'", argv[0]);
    }
    if ((parser->allowed & OPTION_BIT(id)) == 0) {
        return refuse(parser, "this command takes no option --%s", rows[id].name);
    }
    if (!rows[id].argument && value) {
        return refuse(parser, "--%s takes no value", rows[id].name);
    }
    if (rows[id].argument && !value) {
        if (count < 2) {
            return refuse(parser, "--%s needs %s", rows[id].name, rows[id].argument);
        }
        value = argv[1];
        taken = 2;
    }
    if (!apply(parser, id, value)) {
        return 0;
    }
    remember(parser->options, id, value);
    return taken;
}

static void add_text(const char ***list, size_t *count, const char *text)
{
    *list = memory_grow(*list, *count + 1, sizeof **list);
    (*list)[(*count)++] = text;
}

static bool take_positional(struct parser *parser, const char *argument)
{
    struct options *options = parser->options;
    struct stat status;
    if (parser->positional == POSITIONAL_WORDS) {
        add_text(&options->words, &options->word_count, argument);
        return true;
    }
    bool is_file = strcmp(argument, "-") == 0 || stat(argument, &status) == 0;
    if (parser->positional == POSITIONAL_INPUTS || is_file) {
        add_text(&options->inputs, &options->input_count, argument);
        return true;
    }
    if (strchr(argument, '@') || strchr(argument, '*') || strncmp(argument, "sip:", 4) == 0) {
        return add_user(parser, argument);
    }
    return refuse(parser,
                  "'%s' is neither a file (there is none of that name) nor a user (write "
                  "user@host, or --user)",
                  argument);
}

/* Nothing can be in that range, whatever day a time of day turns out to mean. */
static bool check_range(struct parser *parser)
{
    static const int64_t days[] = {0, 47000 * (24 * 3600 * TIME_SECOND)};
    const struct options *options = parser->options;
    for (size_t i = 0; options->from && options->to && i < sizeof days / sizeof days[0]; i++) {
        int64_t from = 0;
        int64_t to = 0;
        (void)clock_parse(slice_of(options->from), days[i], &from);
        (void)clock_parse(slice_of(options->to), days[i], &to);
        if (from <= to) {
            return true;
        }
    }
    return !options->from || !options->to ||
           refuse(parser, "--from %s is later than --to %s", options->from, options->to);
}

/* What is read is evidence: no output takes its place, under whatever name. */
static bool check_output(struct parser *parser)
{
    const struct options *options = parser->options;
    const struct {
        const char *const *names;
        size_t count;
    } read[] = {{options->inputs, options->input_count},
                {options->exports, options->export_count},
                {options->words, options->word_count},
                {&options->names_file, options->names_file ? 1 : 0},
                {&options->redact_key, options->redact_key ? 1 : 0}};
    struct stat output;
    struct stat input;
    if (!options->output || stat(options->output, &output) != 0 || !S_ISREG(output.st_mode)) {
        return true;
    }
    for (size_t i = 0; i < sizeof read / sizeof read[0]; i++) {
        for (size_t j = 0; j < read[i].count; j++) {
            const char *name = read[i].names[j];
            int failed = strcmp(name, "-") == 0 ? fstat(STDIN_FILENO, &input) : stat(name, &input);
            if (failed == 0 && input.st_dev == output.st_dev && input.st_ino == output.st_ino) {
                return refuse(parser, "-o %s is what is read; give another file", options->output);
            }
        }
    }
    return true;
}

bool options_parse(struct options *options, uint64_t allowed, enum positional positional,
                   char **argv, size_t count, char *problem, size_t problem_size)
{
    *options = (struct options){
        .fail_on = FAIL_ON_ERROR,
        .server = {.encryption = ENCRYPTION_REQUEST, .timeout = 15},
    };
    struct parser parser = {options, allowed | OPTION_BIT(OPTION_HELP), positional, problem,
                            problem_size};
    bool only_positional = false;
    size_t at = 0;
    while (at < count) {
        size_t taken = 1;
        if (only_positional || argv[at][0] != '-' || argv[at][1] == '\0') {
            taken = take_positional(&parser, argv[at]) ? 1 : 0;
        } else if (strcmp(argv[at], "--") == 0) {
            only_positional = true;
        } else {
            taken = take_option(&parser, argv + at, count - at);
        }
        if (taken == 0) {
            return false;
        }
        at += taken;
    }
    return check_range(&parser) && check_output(&parser);
}

uint64_t options_max_rows(const struct options *options)
{
    return options->max_rows > 0 ? options->max_rows : 1000000;
}

void options_dispose(struct options *options)
{
    for (size_t i = 0; i < options->user_count; i++) {
        memory_release(options->users[i]);
    }
    slice_drop(&options->watcher);
    free(options->users);
    free(options->inputs);
    free(options->exports);
    free(options->servers);
    free(options->rules);
    free(options->given);
    free(options->words);
    free(options->names);
    *options = (struct options){0};
}
