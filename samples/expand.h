/*
 * What stands in braces in a .talk file: names given by `let`, counters, the
 * clock of the record, fresh branches. Text in braces that is none of these is
 * left as it stands only if it could not be a name.
 */
#ifndef OCSIGHT_SAMPLES_EXPAND_H
#define OCSIGHT_SAMPLES_EXPAND_H

#include "analyzer/engine/arena.h"
#include "analyzer/engine/buffer.h"

enum { EXPAND_NAMES = 256, EXPAND_DEPTH = 8 };

struct expand_name {
    struct slice name;
    struct slice value;
    uint64_t counter;
};

struct expand {
    struct expand_name names[EXPAND_NAMES];
    size_t count;
    int64_t clock;     /* ns since 1970 */
    uint64_t branches; /* drawn so far */
};

/* Sets a name; a value that is a number also starts the counter of that name. */
bool expand_let(struct expand *expand, struct slice name, struct slice value);

/* Appends `text` with its braces resolved; on failure the unknown name is in *unknown. */
bool expand_text(struct expand *expand, struct slice text, struct buffer *out,
                 struct slice *unknown);

/* Appends a branch that no other message of the talk has. */
void expand_branch(struct expand *expand, struct buffer *out);

#endif
