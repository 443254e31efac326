/*
 * One record of a .talk file: who sends what to whom, over how many hops.
 *
 * Called by samples/talk.c for each line that starts with "+" or "@".
 */
#ifndef OCSIGHT_SAMPLES_RECORD_H
#define OCSIGHT_SAMPLES_RECORD_H

#include "samples/expand.h"
#include "samples/talk.h"

/* The state of reading one file. */
struct script {
    const char *path;
    size_t line;
    struct slice rest; /* what is still to be read */
    struct talk *talk;
    struct expand expand;
};

void record_read(struct script *script, struct slice line);

/* The next line, without its line end. */
struct slice script_line(struct script *script);

/* Everything up to the next line "---", which is passed over. */
struct slice script_block(struct script *script);

/* The number of a party; an unknown name ends the program. */
unsigned script_party(const struct script *script, struct slice name);

_Noreturn void script_fail(const struct script *script, const char *what, struct slice which);

/* Cuts the first word off. */
struct slice word_next(struct slice *rest);

#endif
