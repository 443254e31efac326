/*
 * The sentence of a finding, made from the template in its rule's row.
 *
 *   {user} {peer} {call_id} {what} {place} {detail}   the names it is about
 *   {room}            its name, or its URI where the name is not known
 *   {wait}            the rule's waiting time: "32 s"
 *   {waited}          how long it took: "41 s", "2.5 s"
 *   {number}          status, diagnostics id, code
 *   {bytes}           {number} as a size: "1 byte", "1460 bytes"
 *   {count word}      "1 word", "12 words"; "one word|many words" where an s is not enough
 *   [ ... ]           left out when a name inside it is empty, a number 0 or a count 1
 *
 * Names come from the input and go in as they are, cut to a readable length; they
 * are never read as a template. Making them safe to print is the reports' work.
 */
#ifndef OCSIGHT_ANALYZER_AUDIT_SENTENCE_H
#define OCSIGHT_ANALYZER_AUDIT_SENTENCE_H

#include "analyzer/audit/verdict.h"
#include "analyzer/engine/buffer.h"

void sentence_write(struct buffer *out, const struct verdict *verdict, uint32_t wait);

/* "800 ms", "2.5 s", "41 s" */
void sentence_duration(struct buffer *out, int64_t ns);

#endif
