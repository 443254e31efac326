/*
 * The reports of `ocsight db`: one row each, with what it shows, what it asks, and its columns.
 *
 * To add one: its .sql file in sql/live/, and a row in db_reports.c. Reports whose rows are put
 * together in another way than one row for each that came name a function (db_merge.h).
 */
#ifndef OCSIGHT_ANALYZER_DB_REPORTS_H
#define OCSIGHT_ANALYZER_DB_REPORTS_H

#include "reports/table.h"

/* What a value of the answer becomes. */
enum db_form {
    DB_PLAIN,   /* as its kind is; bytes as text */
    DB_VERSION, /* ClientApp up to the first blank */
    DB_AGENT,   /* ClientApp behind it */
    DB_ADDRESS, /* SipCallId behind the @ */
    DB_TICKS,   /* .NET ticks */
    DB_TRUTH,
    DB_WORD, /* a number that `words` explain */
    DB_SIZE, /* of bytes */
    /* Of a presence document: */
    DB_CATEGORY, /* the category's name if there is one, else what the root element says */
    DB_KIND,     /* of a state: "userState" */
    DB_AVAILABILITY,
    DB_BAND,
    DB_MADE, /* not of the answer: the report's own function fills it in */
};

struct db_word {
    int64_t number;
    const char *text; /* NULL ends the list */
};

struct db_field {
    struct table_column column;
    const char *source; /* column of the answer */
    enum db_form form;
    const struct db_word *words; /* DB_WORD */
    bool is_key;                 /* of rows that are the same (enum db_merge) */
};

/* What may be said of several servers' rows. */
enum db_merge {
    DB_EVERY,  /* each is a row of its own */
    DB_APART,  /* the same, but a key that a dirty read gave twice counts once for each server */
    DB_ONCE,   /* persistent: the same key counts once */
    DB_NEWEST, /* persistent: of the same key, the row with the highest version */
};

/* Options that a report takes. */
enum {
    DB_TAKES_USER = 1 << 0,
    DB_TAKES_ROOM = 1 << 1,
    DB_TAKES_NOW = 1 << 2,   /* --at */
    DB_TAKES_LIMIT = 1 << 3, /* --limit REPORT=SECONDS */
};

/* How sure it is that a server has these columns (databases.md 10). */
enum db_grade {
    DB_SEEN,     /* A: sources show all that it cannot do without */
    DB_UNPROVEN, /* C: the table's name is inferred; only with --unproven */
};

struct db_run;

struct db_report {
    const char *name;
    const char *title;     /* what it shows */
    const char *databases; /* "rtcdyn, rtc" */
    enum db_grade grade;
    unsigned takes;
    unsigned limit;            /* seconds before now, unless --limit says otherwise */
    const char *statements[3]; /* of sql/live; NULL ends them */
    const struct db_field *fields;
    size_t field_count;
    enum db_merge merge;
    void (*gather)(struct db_run *run); /* asks; NULL = each statement of each server */
    void (*finish)(struct db_run *run); /* when all rows are there; NULL = nothing to do */
    const char *remark;                 /* what everybody should know of it; or NULL */
};

const struct db_report *db_reports(size_t *count);
const struct db_report *db_report_find(struct slice name);

#endif
