/*
 * Asking the SQL Server Browser. See browser.h; [MC-SQLR] 2.2.2 CLNT_UCAST_EX, 2.2.3
 * CLNT_UCAST_INST, 2.2.5 SVR_RESP.
 *
 * Not handled: the dedicated administrator connection (CLNT_UCAST_DAC) and broadcasts.
 */
#include "sql/browser.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "analyzer/engine/arena.h"

enum {
    ASK_ALL = 3,
    ASK_INSTANCE = 4,
    REPLY = 5,
    REPLY_MAX = 65535,
    MAX_SOCKETS = 16, /* as many as network_count() gives */
    ROUND_MS = 700,
    ROUNDS = 3, /* with the instance's name; then once for the list of all */
};

/* ---- the reply ---- */

bool browser_open(struct slice reply, struct slice *out_list)
{
    *out_list = slice_from(reply, 3);
    if (reply.size < 3 || slice_byte(reply, 0) != REPLY) {
        return false;
    }
    size_t said = slice_byte(reply, 1) | (size_t)slice_byte(reply, 2) << 8;
    if (said > out_list->size) {
        return false;
    }
    out_list->size = said;
    return true;
}

static uint16_t port_of(struct slice value)
{
    uint32_t port = 0;
    return slice_to_u32(value, &port) && port <= UINT16_MAX ? (uint16_t)port : 0;
}

/* name;value; pairs, and an empty name behind the last one. */
bool browser_next(struct slice *list, struct browser_instance *out)
{
    struct slice name;
    struct slice value;
    *out = (struct browser_instance){.name = slice_of(""), .version = slice_of("")};
    while (slice_cut(*list, ';', &name, list) && name.size > 0) {
        if (!slice_cut(*list, ';', &value, list)) {
            return false;
        }
        if (slice_equal_nocase(name, slice_of("InstanceName")) && out->name.size == 0) {
            out->name = value;
        } else if (slice_equal_nocase(name, slice_of("Version")) && out->version.size == 0) {
            out->version = value;
        } else if (slice_equal_nocase(name, slice_of("tcp")) && out->port == 0) {
            out->port = port_of(value);
        }
    }
    return out->name.size > 0;
}

/* ---- asking ---- */

struct question {
    struct slice instance;
    char request[2 + BROWSER_INSTANCE_MAX];
    size_t request_size;
    int sockets[MAX_SOCKETS];
    size_t count;
    struct browser_answer answer;
};

/* A name goes into a message only as far as it is printable ASCII. */
static void add_name(struct browser_answer *answer, struct slice name)
{
    size_t used = strlen(answer->names);
    if (name.size > BROWSER_INSTANCE_MAX || used + name.size + 3 > sizeof answer->names) {
        return;
    }
    for (size_t i = 0; i < name.size; i++) {
        if (name.data[i] < ' ' || name.data[i] > '~') {
            return;
        }
    }
    snprintf(answer->names + used, sizeof answer->names - used, "%s%.*s", used > 0 ? ", " : "",
             (int)name.size, name.data);
}

/* Is this the answer? Otherwise the names in it are remembered. */
static bool judge(struct question *question, struct slice reply)
{
    struct browser_answer *answer = &question->answer;
    struct browser_instance instance;
    struct slice list;
    if (!browser_open(reply, &list)) {
        return false;
    }
    answer->names[0] = '\0';
    while (browser_next(&list, &instance)) {
        if (slice_equal_nocase(instance.name, question->instance)) {
            answer->port = instance.port;
            answer->fault = instance.port != 0 ? BROWSER_FINE : BROWSER_NO_PORT;
            return true;
        }
        add_name(answer, instance.name);
    }
    answer->fault = BROWSER_UNKNOWN;
    return true;
}

/* Sends to every address that did not refuse yet; false = none is left. */
static bool send_all(struct question *question, const struct patience *patience)
{
    struct slice request = {question->request, question->request_size};
    bool sent = false;
    for (size_t i = 0; i < question->count; i++) {
        if (question->sockets[i] < 0) {
            continue;
        }
        if (network_send(question->sockets[i], request, patience) == NETWORK_REFUSED) {
            close(question->sockets[i]);
            question->sockets[i] = -1;
        } else {
            sent = true;
        }
    }
    return sent;
}

/* Waits for a reply; true = asking is over. */
static bool hear(struct question *question, char *reply, const struct patience *round)
{
    size_t open = question->count;
    for (;;) {
        int index = network_wait(question->sockets, question->count, round);
        size_t got = 0;
        if (index < 0) {
            return false;
        }
        int socket = question->sockets[index];
        enum network_fault fault = network_receive(socket, reply, REPLY_MAX, round, &got);
        if (fault == NETWORK_FINE && judge(question, (struct slice){reply, got})) {
            return true;
        }
        if (fault != NETWORK_FINE) {
            close(socket);
            question->sockets[index] = -1;
            open--;
        }
        /* Whoever sends without end what is no reply is not listened to for ever. */
        if (open == 0 || patience_left(round) == 0) {
            return false;
        }
    }
}

static void make_request(struct question *question, bool all)
{
    size_t size = question->instance.size;
    question->request[0] = all ? ASK_ALL : ASK_INSTANCE;
    question->request_size = 1;
    if (!all) {
        memcpy(question->request + 1, question->instance.data, size);
        question->request[1 + size] = '\0';
        question->request_size = 2 + size;
    }
}

static void ask(struct question *question, char *reply, const struct patience *patience)
{
    struct browser_answer *answer = &question->answer;
    for (int round = 0; round <= ROUNDS; round++) {
        struct patience share = patience_share(patience, ROUND_MS);
        make_request(question, round == ROUNDS);
        if (!send_all(question, &share)) {
            answer->fault = BROWSER_CLOSED;
            return;
        }
        if (hear(question, reply, &share)) {
            return;
        }
        if (patience->interrupted && *patience->interrupted) {
            answer->fault = BROWSER_INTERRUPTED;
            return;
        }
    }
}

struct browser_answer browser_ask(const struct addrinfo *addresses, struct slice instance,
                                  const struct patience *patience)
{
    static const struct browser_answer silent = {.fault = BROWSER_SILENT};
    struct question question = {.instance = slice_sub(instance, 0, BROWSER_INSTANCE_MAX),
                                .count = network_count(addresses),
                                .answer = silent};
    char *reply = memory_alloc(REPLY_MAX);
    for (size_t i = 0; i < question.count; i++) {
        question.sockets[i] = network_datagrams(addresses, i, BROWSER_PORT);
    }
    ask(&question, reply, patience);
    for (size_t i = 0; i < question.count; i++) {
        if (question.sockets[i] >= 0) {
            close(question.sockets[i]);
        }
    }
    free(reply);
    return question.answer;
}
