/*
 * Private to the files sql/store*.c: what a store being written consists of.
 */
#ifndef OCSIGHT_SQL_STORE_PARTS_H
#define OCSIGHT_SQL_STORE_PARTS_H

#include "sql/store.h"

/* The statements of a run, prepared once. */
enum store_statement {
    STORE_ADD_MESSAGE,
    STORE_ADD_BODY,
    STORE_FIND_BODY,
    STORE_ADD_HOP,
    STORE_FIND_HOP,
    STORE_ADD_HTTP,
    STORE_ADD_ROOM_ORDER,
    STORE_ADD_DNS,
    STORE_ADD_DNS_TARGET,
    STORE_ADD_COVERAGE,
    STORE_ADD_DIAGNOSTIC,
    STORE_STATEMENTS
};

/* Bodies and hops that were used last: one place each, found by hash, overwritten by the next. */
enum { KNOWN_BODIES = 1 << 15, KNOWN_HOPS = 1 << 12 };

struct known_body {
    unsigned char digest[STORE_DIGEST];
    int64_t id; /* 0 = free */
};

struct known_hop {
    struct address source;
    struct address destination;
    enum transport transport;
    int64_t id; /* 0 = free */
};

struct store {
    struct lite *lite;
    struct lite_statement *statements[STORE_STATEMENTS];
    char problem[STORE_PROBLEM];
    struct map_seed seed;
    struct known_body *bodies;
    struct known_hop *hops;
    bool fresh;  /* the file had no table yet */
    bool shared; /* store_share(): a transaction locks nothing until it writes */
    bool in_transaction;
    uint64_t pending; /* bytes of rows since the transaction began, roughly */
    /* the run */
    int64_t run;         /* 0 = none */
    int64_t sequence;    /* of the next row */
    int64_t first;       /* of its first */
    int64_t first_place; /* added to places and streams */
    int64_t first_input; /* id of its first input */
    size_t input_count;
    int64_t merge_time;
};

/* Takes over what is wrong with the database. Always false. */
bool store_fail(struct store *store);

/* The same in words of our own. */
bool store_refuse(struct store *store, const char *words);

/* Nothing is wrong so far. */
static inline bool store_is_fine(const struct store *store)
{
    return store->problem[0] == '\0';
}

/* Runs a statement file without parameters. */
bool store_run_file(struct store *store, const char *name);

/* Prepares a statement file; NULL when something is or was wrong. */
struct lite_statement *store_prepare(struct store *store, const char *name);

/* A statement that gives no rows is done with. */
bool store_finish(struct store *store, struct lite_statement *statement);

/* The number that a statement without parameters gives; 0 when it fails or has no row. */
int64_t store_number(struct store *store, const char *name);

bool store_begin(struct store *store);
bool store_commit(struct store *store);

/* A row of that many bytes was added: now and then the transaction ends and the next begins. */
void store_settle(struct store *store, size_t bytes);

/* A text that is not known is NULL. Borrowed until the statement is stepped, as in the next. */
void store_bind_text(struct lite_statement *statement, int parameter, struct slice text);

/* Text, or a blob where there is a NUL byte. */
void store_bind_content(struct lite_statement *statement, int parameter, struct slice content);

/* Host and port, in this and the next parameter; NULL without a family. */
void store_bind_address(struct lite_statement *statement, int parameter,
                        const struct address *address);

#endif
