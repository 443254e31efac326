/*
 * What goes wrong on command: by --fault, or a line on standard input while the server runs
 * ("fault SPEC", "clear").
 *
 *   NAME[=NUMBER][*TIMES][@TEXT]    TIMES: how often (without it, always);
 *                                   TEXT: only with statements that contain it
 *
 *   Connecting                              Answering a statement
 *   close            close at once          deadlock      1205
 *   silent-prelogin  no answer              locked        1222; without LOCK_TIMEOUT: never
 *   garbage-prelogin an answer that is none error=N       that error
 *   silent-tls       no handshake           slow-query=MS wait before the answer
 *   cut-tls          close within it        slow-row=MS   wait before each row
 *   garbage-tls      no TLS within it       double-row    send each row twice
 *   silent-login     no answer to LOGIN7    scan=N        601 after N rows
 *   garbage-login    one that is none       cut-row=N     close in the middle of row N
 *   refuse-login     18456                  garbage=N     no token at all after N rows
 *                                           mute=N        nothing more after N rows
 *   The browser service                     cut-text      TEXTSIZE stays 4096
 *   silent-browser   no answer
 *   no-tcp-browser   one without a port
 *   garbage-browser=0 to =7: answers that are none
 */
#ifndef OCSIGHT_TESTS_TDS_FAULTS_H
#define OCSIGHT_TESTS_TDS_FAULTS_H

#include <stdbool.h>

struct faults;

struct faults *faults_new(void);
void faults_free(struct faults *faults);

/* False for a name that is none. */
bool faults_add(struct faults *faults, const char *spec);
void faults_clear(struct faults *faults);

/*
 * Whether that fault is to happen now, and its number. Counts as one of its times.
 * `statement` NULL: not with a statement.
 */
bool faults_strike(struct faults *faults, const char *name, const char *statement, int *number);

#endif
