#include "tests/tds/faults.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FAULTS = 64, FAULT_TEXT = 128 };

struct fault {
    char name[32];
    char text[FAULT_TEXT];
    int number;
    int times; /* -1 = always */
};

struct faults {
    pthread_mutex_t lock;
    struct fault list[FAULTS];
    unsigned count;
};

static const char *const fault_names[] = {
    "deadlock",
    "slow-query",
    "locked",
    "slow-row",
    "error",
    "double-row",
    "scan",
    "cut-row",
    "cut-text",
    "garbage",
    "refuse-login",
    "mute",
    "close",
    "silent-login",
    "silent-prelogin",
    "garbage-login",
    "silent-browser",
    "garbage-browser",
    "no-tcp-browser",
    "cut-tls",
    "garbage-tls",
    "silent-tls",
    "garbage-prelogin",
};

struct faults *faults_new(void)
{
    struct faults *faults = calloc(1, sizeof *faults);
    if (!faults)
        abort();
    pthread_mutex_init(&faults->lock, NULL);
    return faults;
}

void faults_free(struct faults *faults)
{
    pthread_mutex_destroy(&faults->lock);
    free(faults);
}

static bool name_known(const char *name)
{
    for (unsigned i = 0; i < sizeof fault_names / sizeof *fault_names; i++)
        if (strcmp(fault_names[i], name) == 0)
            return true;
    return false;
}

static bool fault_parse(const char *spec, struct fault *fault)
{
    *fault = (struct fault){.times = -1};
    size_t size = strcspn(spec, "=*@");
    if (size >= sizeof fault->name)
        return false;
    memcpy(fault->name, spec, size);
    const char *at = spec + size;
    char *end = NULL;
    if (*at == '=') {
        fault->number = (int)strtol(at + 1, &end, 10);
        at = end;
    }
    if (*at == '*') {
        fault->times = (int)strtol(at + 1, &end, 10);
        at = end;
    }
    if (*at == '@')
        snprintf(fault->text, sizeof fault->text, "%s", at + 1);
    else if (*at)
        return false;
    return name_known(fault->name);
}

bool faults_add(struct faults *faults, const char *spec)
{
    struct fault fault;
    if (!fault_parse(spec, &fault))
        return false;
    pthread_mutex_lock(&faults->lock);
    const bool room = faults->count < FAULTS;
    if (room)
        faults->list[faults->count++] = fault;
    pthread_mutex_unlock(&faults->lock);
    return room;
}

void faults_clear(struct faults *faults)
{
    pthread_mutex_lock(&faults->lock);
    faults->count = 0;
    pthread_mutex_unlock(&faults->lock);
}

static bool fault_meets(const struct fault *fault, const char *name, const char *statement)
{
    return fault->times != 0 && strcmp(fault->name, name) == 0 &&
           (!fault->text[0] || (statement && strstr(statement, fault->text)));
}

bool faults_strike(struct faults *faults, const char *name, const char *statement, int *number)
{
    bool strikes = false;
    pthread_mutex_lock(&faults->lock);
    for (unsigned i = 0; i < faults->count && !strikes; i++) {
        struct fault *fault = &faults->list[i];
        strikes = fault_meets(fault, name, statement);
        if (strikes && fault->times > 0)
            fault->times--;
        if (strikes && number)
            *number = fault->number;
    }
    pthread_mutex_unlock(&faults->lock);
    return strikes;
}
