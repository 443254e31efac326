/*
 * What one HTTP message of the chat web services says: the file web service and the
 * room management page (facts/xccos.md 1.13, 1.14).
 *
 * Private to stream_web.c, which frames the messages and pairs them. Field and
 * attribute names are proven; the shape of the answers is not, so that they are
 * searched for what the call asked for and otherwise kept as they are.
 */
#ifndef OCSIGHT_DECODERS_WEB_CALL_H
#define OCSIGHT_DECODERS_WEB_CALL_H

#include "analyzer/engine/event.h"
#include "decoders/http.h"
#include "decoders/xml.h"

/* Does a request concern us, as far as its head tells? */
enum web_interest {
    WEB_NONE,
    WEB_BODY_TELLS, /* only if its body holds an RMCommand */
    WEB_CERTAIN,
};

enum web_interest web_interest(const struct http_header *head);

/* The operation that a head names; HTTP_OTHER without one. */
enum http_call web_call_named(const struct http_header *head);

/* Can the answer to this call say anything worth reading? */
bool web_answer_counts(enum http_call call);

/* Does the body make a request one of ours? */
bool web_body_tells(struct slice body);

/*
 * Fills what head and body say into `out`, whose `call`, `request` and `cut` are set;
 * of a request its call may become a more exact one. Texts are copied to the arena.
 * False where the body is XML that breaks off; `problem` then says how.
 */
bool web_call_read(struct xml_reader *xml, struct arena *arena, const struct http_header *head,
                   struct slice body, struct http_fact *out, struct xml_result *problem);

/* A copy whose texts lie in the arena. */
struct http_fact web_fact_keep(struct arena *arena, const struct http_fact *fact);

#endif
