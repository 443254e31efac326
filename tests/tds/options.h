/*
 * What the server was started with.
 */
#ifndef OCSIGHT_TESTS_TDS_OPTIONS_H
#define OCSIGHT_TESTS_TDS_OPTIONS_H

#include <stdbool.h>
#include <stdio.h>

enum { OPTION_LIST = 32 };

struct option_list {
    const char *items[OPTION_LIST];
    unsigned count;
};

enum encryption_offer { OFFER_NONE, OFFER_AVAILABLE, OFFER_REQUIRED };

struct options {
    unsigned port;       /* 0 = any */
    const char *browser; /* UDP port of the browser service, "0" = any; NULL = no such service */
    const char *data;    /* folder of the .sql files */
    const char *user;    /* SQL login */
    const char *domain;  /* NTLM login, with `user`'s name and password; NULL = any domain */
    const char *password;
    const char *certificate; /* PEM; NULL = no encryption */
    const char *key;
    enum encryption_offer offer;
    bool old_tls;         /* 1.0 only, as SQL Server 2008 had it */
    bool mixed_mode;      /* SQL logins are accepted at all */
    const char *server;   /* what @@SERVERNAME says */
    const char *instance; /* NULL = the default instance */
    const char *version;  /* ProductVersion */
    const char *keytab;   /* Kerberos; NULL = no such login */
    const char *log;
    unsigned users;             /* generated directory users */
    unsigned large_row;         /* bytes of one generated document */
    struct option_list sql;     /* files that are run after the rows */
    struct option_list types;   /* database.Table.Column=type */
    struct option_list without; /* database, database.Table or database.Table.Column */
    struct option_list deny;    /* database.Table, or a database */
    struct option_list hide;    /* database.Table */
    bool lower_names;           /* in INFORMATION_SCHEMA */
    struct option_list faults;
};

void options_usage(FILE *to);

/* False after a complaint on standard error. */
bool options_parse(int count, char **arguments, struct options *options);

#endif
