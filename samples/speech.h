/*
 * What generated days say: requests and their answers, put together from fields.
 *
 * Only what is needed to follow a conversation; credentials and lists of methods are left out, so
 * that a day of a million messages stays small.
 */
#ifndef OCSIGHT_SAMPLES_SPEECH_H
#define OCSIGHT_SAMPLES_SPEECH_H

#include <stdio.h>

#include "analyzer/engine/buffer.h"
#include "samples/fail.h"

/* What a request and its answer have in common. */
struct exchange {
    char via[128];
    char from[128];
    char to[128];
    char to_tag[32]; /* of the answer; "" = it is in `to` */
    char call_id[64];
    unsigned cseq;
    const char *method;
};

/* Fills an array of characters; what does not fit is a fault of the story. */
#define SPEECH_FIELD(field, ...)                                                                   \
    do {                                                                                           \
        if ((size_t)snprintf((field), sizeof(field), __VA_ARGS__) >= sizeof(field)) {              \
            fail("a field of the day is too long");                                                \
        }                                                                                          \
    } while (0)

void speech_append(struct buffer *out, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The start line and the headers that every request and its answer have. */
void speech_request(struct buffer *out, const struct exchange *exchange, const char *uri);
void speech_answer(struct buffer *out, const struct exchange *exchange, const char *status);

/* Content-Length, the empty line and the body. */
void speech_close(struct buffer *out, const struct buffer *body);

#endif
