#include "tests/tds/options.h"

#include <limits.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum kind { KIND_TEXT, KIND_NUMBER, KIND_LIST, KIND_OFFER, KIND_FLAG };

#define FIELD(name) offsetof(struct options, name)

/* clang-format off */
static const struct row {
    const char *name;
    enum kind kind;
    size_t field;
    int value; /* of KIND_OFFER and KIND_FLAG */
    const char *help;
} rows[] = {
    {"--port",          KIND_NUMBER, FIELD(port),        0, "PORT: TCP; 0 = any, printed as \"port N\""},
    {"--browser",       KIND_TEXT,   FIELD(browser),     0, "PORT: UDP port of the browser service; 0 = any, printed as \"browser N\""},
    {"--data",          KIND_TEXT,   FIELD(data),        0, "DIRECTORY: rtc.sql, rtcdyn.sql, mgc.sql, mgccomp.sql, rows.sql"},
    {"--sql",           KIND_LIST,   FIELD(sql),         0, "FILE: T-SQL that is run after the rows"},
    {"--users",         KIND_NUMBER, FIELD(users),       0, "N: as many more directory users, each with a state document"},
    {"--large-row",     KIND_NUMBER, FIELD(large_row),   0, "BYTES: one note of ann's of that size"},
    {"--type",          KIND_LIST,   FIELD(types),       0, "DATABASE.TABLE.COLUMN=TYPE: image for varbinary(max) ..."},
    {"--without",       KIND_LIST,   FIELD(without),     0, "DATABASE[.TABLE[.COLUMN]]: leave it out"},
    {"--deny",          KIND_LIST,   FIELD(deny),        0, "DATABASE[.TABLE]: answer 229, or 916 for all of a database"},
    {"--hide",          KIND_LIST,   FIELD(hide),        0, "DATABASE.TABLE: answer 229, and leave it out of INFORMATION_SCHEMA"},
    {"--lower-names",   KIND_FLAG,   FIELD(lower_names), true, "names in INFORMATION_SCHEMA in lower case"},
    {"--user",          KIND_TEXT,   FIELD(user),        0, "NAME: of SQL and Windows logins"},
    {"--password",      KIND_TEXT,   FIELD(password),    0, "PASSWORD"},
    {"--domain",        KIND_TEXT,   FIELD(domain),      0, "DOMAIN: of NTLM logins; any without it"},
    {"--windows-only",  KIND_FLAG,   FIELD(mixed_mode),  false, "refuse SQL logins"},
    {"--keytab",        KIND_TEXT,   FIELD(keytab),      0, "FILE: accept Kerberos with its keys"},
    {"--cert",          KIND_TEXT,   FIELD(certificate), 0, "PEM: encryption is available"},
    {"--key",           KIND_TEXT,   FIELD(key),         0, "PEM"},
    {"--old-tls",       KIND_FLAG,   FIELD(old_tls),     true, "TLS 1.0 and no other"},
    {"--no-encryption", KIND_OFFER,  FIELD(offer), OFFER_NONE,     "refuse encryption"},
    {"--only-encryption", KIND_OFFER, FIELD(offer), OFFER_REQUIRED, "refuse plain connections"},
    {"--server",        KIND_TEXT,   FIELD(server),      0, "NAME: @@SERVERNAME without the instance"},
    {"--instance",      KIND_TEXT,   FIELD(instance),    0, "NAME"},
    {"--version",       KIND_TEXT,   FIELD(version),     0, "ProductVersion"},
    {"--log",           KIND_TEXT,   FIELD(log),         0, "FILE: what was received, a JSON object per line"},
    {"--fault",         KIND_LIST,   FIELD(faults),      0, "FAULT: see faults.h; also as a line \"fault FAULT\" on standard input"},
};
/* clang-format on */

enum { ROWS = sizeof rows / sizeof *rows };

void options_usage(FILE *to)
{
    fputs("usage: tds-server --data DIRECTORY --user NAME --password PASSWORD [option]...\n", to);
    for (unsigned i = 0; i < ROWS; i++)
        fprintf(to, "  %-18s %s\n", rows[i].name, rows[i].help);
}

static bool set_number(const struct row *row, const char *text, unsigned *out)
{
    char *end;
    unsigned long number = strtoul(text, &end, 10);
    if (*text && !*end && number <= INT_MAX) {
        *out = (unsigned)number;
        return true;
    }
    fprintf(stderr, "tds-server: %s %s: not a number\n", row->name, text);
    return false;
}

static bool set_field(const struct row *row, const char *text, void *field)
{
    struct option_list *list = field;
    switch (row->kind) {
    case KIND_TEXT:
        *(const char **)field = text;
        return true;
    case KIND_NUMBER:
        return set_number(row, text, field);
    case KIND_LIST:
        if (list->count == OPTION_LIST) {
            fprintf(stderr, "tds-server: %s is given too often\n", row->name);
            return false;
        }
        list->items[list->count++] = text;
        return true;
    case KIND_OFFER:
        *(enum encryption_offer *)field = (enum encryption_offer)row->value;
        return true;
    case KIND_FLAG:
        *(bool *)field = row->value;
        return true;
    }
    return false;
}

static const struct row *find_row(const char *name)
{
    for (unsigned i = 0; i < ROWS; i++)
        if (strcmp(rows[i].name, name) == 0)
            return &rows[i];
    return NULL;
}

bool options_parse(int count, char **arguments, struct options *options)
{
    *options = (struct options){
        .offer = OFFER_AVAILABLE, .mixed_mode = true, .server = "FE01", .version = "11.0.2100.60"};
    for (int i = 1; i < count; i++) {
        if (strcmp(arguments[i], "--help") == 0) {
            options_usage(stdout);
            exit(0);
        }
        const struct row *row = find_row(arguments[i]);
        const bool alone = row && (row->kind == KIND_OFFER || row->kind == KIND_FLAG);
        if (!row || (!alone && i + 1 == count)) {
            fprintf(stderr, "tds-server: %s: %s\n", arguments[i],
                    row ? "its value is missing" : "no such option");
            return false;
        }
        if (!set_field(row, alone ? "" : arguments[++i], (char *)options + row->field))
            return false;
    }
    if (!options->data || !options->user || !options->password) {
        options_usage(stderr);
        return false;
    }
    if (!options->certificate)
        options->offer = OFFER_NONE;
    return true;
}
