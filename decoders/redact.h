/*
 * What was captured, in pseudonyms (decoders/pseudonym.h): nobody behind this holds a name, a host,
 * an address or a word that somebody wrote.
 *
 * The whole message is walked as text: what is malformed stays malformed in the same place, and
 * parsing what comes out gives the same kinds of facts in the same order. Equal things stay equal
 * and different ones different, because rules compare them.
 *
 *  - URIs of people and hosts (RFC 3261 19.1, RFC 3966, RFC 3859, RFC 3860), hosts and addresses
 *    become pseudonyms; scheme, port, known parameters, GUIDs and the names of the product's own
 *    services stay (facts/xccos.md 1.5, 1.14), but a GUID that holds the address of a network
 *    interface is an identifier like others;
 *  - Call-IDs, tags, branches, epids and other identifiers become "name-...";
 *  - display names and all free text become "text-...", names of rooms "room-...";
 *  - of server boilerplate (reason phrases, ms-diagnostics) the usual words stay;
 *  - credentials and challenges keep their scheme only; file tokens keep what pairs them
 *    (decoders/ticket.h);
 *  - in XML the names of elements and attributes stay, and of values numbers, flags, times, GUIDs
 *    and the words that protocols define, where no person writes;
 *  - what is unknown, or is no text, is replaced whole. Content-Length follows, by as much as the
 *    body grew or shrank.
 *
 * A posted text keeps what rules look for: references to stored files, HTML tags, and its length
 * where it is long (facts/xccos.md XE09, XF01).
 *
 * Not kept: how a compressed preference document was packed, and the rest of a part whose transfer
 * encoding is neither Base64 nor plain.
 */
#ifndef OCSIGHT_DECODERS_REDACT_H
#define OCSIGHT_DECODERS_REDACT_H

#include "analyzer/engine/compliance.h"
#include "analyzer/engine/event.h"
#include "analyzer/engine/map.h"
#include "decoders/pseudonym.h"

/* Not for several threads at once: each has its own. */
struct redactor;

struct redactor *redactor_new(const struct pseudonym_key *key, struct map_seed seed);
void redactor_free(struct redactor *redactor);

/* One message as framed. Borrowed until the next call of one of these functions, as all below. */
struct slice redact_message(struct redactor *redactor, struct slice raw);

/* An event that has no message, in place: coverage, diagnostics, web calls, lookups. */
void redact_event(struct redactor *redactor, struct event *event);

/* What an export of the compliance service says, in place. */
void redact_compliance_event(struct redactor *redactor, struct compliance_event *event);
void redact_compliance_channel(struct redactor *redactor, struct compliance_channel *channel);

/* Both ends of the hop; the rest says nothing. */
void redact_observation(struct redactor *redactor, struct observation *observed);

/* ---- single names, for command lines, exports and rows ---- */

/* "user@host" in lower case, as sip_user_of() gives it; anything else as a user without host. */
struct slice redact_user(struct redactor *redactor, struct slice user);

/* A host name or an address, without port. */
struct slice redact_host(struct redactor *redactor, struct slice host);

/* A URI with its scheme, or something like "user@host". */
struct slice redact_uri(struct redactor *redactor, struct slice uri);

/* A room by its URI ("ma-chan:") or its name. */
struct slice redact_room(struct redactor *redactor, struct slice room);

/* Call-ID, tag, epid and other identifiers. */
struct slice redact_id(struct redactor *redactor, struct slice id);

/* Something that a person wrote. */
struct slice redact_text(struct redactor *redactor, struct slice text);

/* A posted text; links are not told from their plain text (analyzer/engine/chat_text.h). */
struct slice redact_chat(struct redactor *redactor, struct slice text);

#endif
