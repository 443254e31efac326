/*
 * What goes wrong on command: by --fault, or a line on standard input while the server runs
 * ("fault SPEC", "clear").
 *
 *   NAME[=NUMBER][*TIMES][@TEXT]    TIMES: how often (without it, always);
 *                                   TEXT: only with statements that contain it
 *
 *   deadlock          answer 1205              slow-query=MS   wait before the answer
 *   locked            answer 1222              slow-row=MS     wait before each row
 *   error=N           answer that error        double-row      send each row twice
 *   scan=N            601 after N rows         cut-row=N       close in the middle of row N
 *   cut-text          TEXTSIZE stays 4096      garbage=N       no token at all after N rows
 *   refuse-login      18456                    mute=N          nothing more after N rows
 *   silent-login      LOGIN7 is not answered   silent-prelogin PRELOGIN is not answered
 *   close             close at once            garbage-login   a reply that is no token
 *   silent-browser    no answer by UDP         garbage-browser an answer that is none, of
 *                                              several kinds: =0 to =7
 *   cut-tls           close in the handshake   garbage-tls     no TLS in the handshake
 *   garbage-prelogin  a PRELOGIN that is none  silent-tls      the handshake is not answered
 *   no-tcp-browser    an answer without a TCP port
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
