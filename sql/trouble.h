/*
 * What went wrong on a connection, collected from the handlers of db-lib and judged: which fault
 * it is, and one line that an administrator can act on. Knows nothing of db-lib.
 *
 * Numbers of SQL Server's messages: sys.messages of the product; which of them mean what is
 * decided here only.
 */
#ifndef OCSIGHT_SQL_TROUBLE_H
#define OCSIGHT_SQL_TROUBLE_H

#include "sql/peer.h"
#include "sql/server.h"

enum { TROUBLE_TEXT = 200 };

struct trouble {
    int32_t message;            /* the server's first error; 0 = none */
    char text[TROUBLE_TEXT];    /* of it, on one line */
    char library[TROUBLE_TEXT]; /* the first error of FreeTDS itself; "" = none */
    bool timed_out;             /* nothing came for as long as the options allow */
    bool interrupted;           /* Ctrl-C */
    bool cut_off;               /* the server closed the connection, or it broke */
    bool dead;                  /* no further query is possible */
};

/* Later errors are mostly consequences: only the first of each kind is kept. */
void trouble_note_message(struct trouble *trouble, int32_t number, const char *text);
void trouble_note_library(struct trouble *trouble, const char *text);

/* Printable bytes of a text from outside, on one line, whole UTF-8 characters, NUL behind. */
void trouble_line(char *out, size_t size, struct slice text);

/* Would the same query possibly work at once? A deadlock, a lock held, a scan that lost its way. */
bool trouble_is_passing(const struct trouble *trouble);

/* Why a query failed; `rows` of it were handed on, `retried` = it was the second attempt. */
enum peer_fault trouble_of_query(const struct trouble *trouble, uint64_t rows, bool retried,
                                 unsigned timeout, char problem[static SERVER_PROBLEM]);

/*
 * Why the login failed, as far as the server or FreeTDS said; SERVER_OTHER = they did not.
 * `principal` is the service that Kerberos was asked for.
 */
enum server_fault trouble_of_login(const struct trouble *trouble, enum server_login login,
                                   const char *principal, unsigned timeout,
                                   char problem[static SERVER_PROBLEM]);

#endif
