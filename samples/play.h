/*
 * Plays a talk, once or many times over, onto the wire.
 *
 * Copies start `every` apart and may overlap; they are merged by time. Memory
 * follows the copies that run at the same time, never their number.
 */
#ifndef OCSIGHT_SAMPLES_PLAY_H
#define OCSIGHT_SAMPLES_PLAY_H

#include "analyzer/engine/buffer.h"
#include "samples/talk.h"
#include "samples/wire.h"

struct play {
    struct talk *talk;
    struct wire *wire;
    struct buffer *keylog; /* secrets of the encrypted links */
    unsigned copies;       /* 1 = as written, nothing renamed */
    int64_t every;         /* ns between the starts of two copies; 0 = one after the other */
};

void play_run(const struct play *play);

#endif
