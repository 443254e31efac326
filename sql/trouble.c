/*
 * From errors to faults and sentences. See trouble.h.
 */
#include "sql/trouble.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* ---- collecting ---- */

/* How many bytes the UTF-8 character at the start of `text` has; 0 = it is none. */
static size_t character_size(struct slice text)
{
    unsigned char first = slice_byte(text, 0);
    size_t size = first < 0x80                     ? 1
                  : first >= 0xC2 && first <= 0xDF ? 2
                  : first >= 0xE0 && first <= 0xEF ? 3
                  : first >= 0xF0 && first <= 0xF4 ? 4
                                                   : 0;
    for (size_t i = 1; i < size; i++) {
        if (i >= text.size || (slice_byte(text, i) & 0xC0) != 0x80) {
            return 0;
        }
    }
    return size;
}

/* No control, and nothing that turns the direction of writing or breaks a line. */
static bool is_printable(struct slice character)
{
    static const struct {
        uint32_t first;
        uint32_t last;
    } hidden[] = {
        {0x00, 0x1F},     {0x7F, 0x9F},     {0x061C, 0x061C}, {0x200E, 0x200F},
        {0x2028, 0x202E}, {0x2066, 0x2069}, {0xFEFF, 0xFEFF},
    };
    static const unsigned char masks[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
    uint32_t code = slice_byte(character, 0) & masks[character.size];
    for (size_t i = 1; i < character.size; i++) {
        code = code << 6 | (slice_byte(character, i) & 0x3F);
    }
    for (size_t i = 0; i < sizeof hidden / sizeof hidden[0]; i++) {
        if (code >= hidden[i].first && code <= hidden[i].last) {
            return false;
        }
    }
    return true;
}

void trouble_line(char *out, size_t size, struct slice text)
{
    size_t used = 0;
    text = slice_trim(text);
    while (text.size > 0) {
        size_t step = character_size(text);
        bool printable = step > 0 && is_printable(slice_sub(text, 0, step));
        if (used + (step > 0 ? step : 1) + 1 > size) {
            break;
        }
        memcpy(out + used, printable ? text.data : " ", printable ? step : 1);
        used += printable ? step : 1;
        text = slice_from(text, step > 0 ? step : 1);
    }
    out[used] = '\0';
}

void trouble_note_message(struct trouble *trouble, int32_t number, const char *text)
{
    if (trouble->message == 0 && number != 0) {
        trouble->message = number;
        trouble_line(trouble->text, sizeof trouble->text, slice_of(text));
    }
}

void trouble_note_library(struct trouble *trouble, const char *text)
{
    if (trouble->library[0] == '\0') {
        trouble_line(trouble->library, sizeof trouble->library, slice_of(text));
    }
}

/* ---- messages of the server ---- */

enum { LOGIN_FAILED = 18456 };

struct message_row {
    int32_t number;
    enum peer_fault fault;
    const char *advice;
};

/* clang-format off */
static const struct message_row query_rows[] = {
    {207,  PEER_MISSING, "this version of the product has no such column"},
    {208,  PEER_MISSING, "this version of the product has no such table"},
    {911,  PEER_MISSING, "that database is not on this instance"},
    {916,  PEER_NO_PERMISSION, "the login needs a user in that database"},
    {229,  PEER_NO_PERMISSION, "GRANT SELECT on it to the login"},
    {230,  PEER_NO_PERMISSION, "GRANT SELECT on it to the login"},
    {300,  PEER_NO_PERMISSION, "the login lacks a permission of the server"},
    {601,  PEER_LOCKED, "the rows moved while they were read; try again"},
    {1205, PEER_LOCKED, "the servers' own work went first; try again"},
    {1222, PEER_LOCKED, "the servers hold a lock on it; try again"},
    {0, PEER_FAILED, NULL},
};

struct login_row {
    int32_t number;
    const char *advice;
};

static const struct login_row login_rows[] = {
    {18452, "the server does not trust that domain; use DOMAIN\\user of a domain it trusts"},
    {18470, "the login is disabled"},
    {18486, "the login is locked out"},
    {18487, "the password has expired"},
    {18488, "the password must be changed first"},
    {4060,  "the login may not use its default database"},
    {4064,  "the login's default database cannot be opened"},
    {17892, "a logon trigger of the server refused it"},
    {17142, "the server is paused"},
    {18401, "the server is just starting; try again"},
    {18461, "the server runs in single-user mode"},
    {0, NULL},
};
/* clang-format on */

static const struct message_row *query_row(int32_t number)
{
    const struct message_row *row = query_rows;
    while (row->number != 0 && row->number != number) {
        row++;
    }
    return row;
}

bool trouble_is_passing(const struct trouble *trouble)
{
    return !trouble->dead && !trouble->timed_out && !trouble->interrupted &&
           query_row(trouble->message)->fault == PEER_LOCKED;
}

/* ---- queries ---- */

static void say(char problem[static SERVER_PROBLEM], const struct trouble *trouble,
                const char *advice)
{
    snprintf(problem, SERVER_PROBLEM, "the server says: %s (error %" PRId32 ")%s%s", trouble->text,
             trouble->message, advice ? ": " : "", advice ? advice : "");
}

static enum peer_fault judge_message(const struct trouble *trouble, bool retried,
                                     char problem[static SERVER_PROBLEM])
{
    const struct message_row *row = query_row(trouble->message);
    say(problem, trouble, row->advice);
    if (row->fault == PEER_LOCKED && retried) {
        size_t used = strlen(problem);
        snprintf(problem + used, SERVER_PROBLEM - used, " later (it was tried twice)");
    }
    return row->fault;
}

/* What was handed on before is not the whole, and that is said. */
static void add_rows(char problem[static SERVER_PROBLEM], uint64_t rows)
{
    size_t used = strlen(problem);
    if (rows > 0) {
        snprintf(problem + used, SERVER_PROBLEM - used,
                 "; %" PRIu64 " row%s came before, which is not all", rows, rows == 1 ? "" : "s");
    }
}

enum peer_fault trouble_of_query(const struct trouble *trouble, uint64_t rows, bool retried,
                                 unsigned timeout, char problem[static SERVER_PROBLEM])
{
    enum peer_fault fault = PEER_FAILED;
    if (trouble->interrupted) {
        snprintf(problem, SERVER_PROBLEM, "interrupted; the query was cancelled on the server");
        fault = PEER_INTERRUPTED;
    } else if (trouble->timed_out) {
        snprintf(problem, SERVER_PROBLEM,
                 "nothing came for %u seconds and the query was cancelled: allow more with "
                 "--timeout",
                 timeout);
        fault = PEER_TIMEOUT;
    } else if (trouble->message != 0 && !trouble->cut_off) {
        fault = judge_message(trouble, retried, problem);
    } else if (trouble->dead || trouble->cut_off) {
        snprintf(problem, SERVER_PROBLEM, "the connection broke (%s): connect anew",
                 trouble->message != 0      ? trouble->text
                 : trouble->library[0] != 0 ? trouble->library
                                            : "without a word");
        fault = PEER_DEAD;
    } else {
        snprintf(problem, SERVER_PROBLEM, "the query failed (%s)",
                 trouble->library[0] ? trouble->library : "without a word");
    }
    add_rows(problem, rows);
    return fault;
}

/* ---- logins ---- */

/* 18456 has many causes, which the server tells its own log only. */
static const char *failed_advice(enum server_login login)
{
    switch (login) {
    case LOGIN_SQL:
        return "check name and password; SQL logins need mixed mode on the server, else use "
               "--login 'DOMAIN\\user'";
    case LOGIN_NTLM:
        return "check name and password; the account needs a login on the server";
    case LOGIN_KERBEROS:
        break;
    }
    return "the account of the ticket needs a login on the server";
}

static const char *login_advice(int32_t number, enum server_login login)
{
    const struct login_row *row = login_rows;
    while (row->number != 0 && row->number != number) {
        row++;
    }
    return number == LOGIN_FAILED ? failed_advice(login) : row->advice;
}

enum server_fault trouble_of_login(const struct trouble *trouble, enum server_login login,
                                   const char *principal, unsigned timeout,
                                   char problem[static SERVER_PROBLEM])
{
    if (trouble->message != 0) {
        say(problem, trouble, login_advice(trouble->message, login));
        return SERVER_LOGIN_FAILED;
    }
    if (trouble->timed_out) {
        snprintf(problem, SERVER_PROBLEM,
                 "it accepted the connection but did not answer the login within %u seconds",
                 timeout);
        return SERVER_TIMEOUT;
    }
    if (login == LOGIN_KERBEROS) {
        snprintf(problem, SERVER_PROBLEM,
                 "the Kerberos login failed: is there a ticket (klist; kinit gets one), and a "
                 "service %s? Name the server by its full name, or use --login 'DOMAIN\\user'",
                 principal);
        return SERVER_KERBEROS;
    }
    snprintf(problem, SERVER_PROBLEM, "it closed the connection during the login (%s)%s",
             trouble->library[0] ? trouble->library : "without a word",
             login == LOGIN_NTLM ? ": it may want Kerberos or extended protection" : "");
    return SERVER_OTHER;
}
