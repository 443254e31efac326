/*
 * Files on their way to or from a room, and rooms made by web page (facts/xccos.md
 * 1.13, 1.14, 4.5, 4.8).
 *
 *   asked -> permitted -> named -> carried* -> complete -> posted      an upload
 *   asked -> permitted -> carried* -> complete                         a download
 *   asked -> denied
 *
 * Asked and permitted are chat commands; the web calls between them and the post
 * belong to the transfer whose token they carry, by its hash. A step counts once its
 * answer came (2xx); steps may be missing where a side was not captured, and nothing
 * here asks for them. A post belongs to the transfer whose stored name its text
 * holds, else to the only upload of its author and room that is not posted yet.
 *
 * A transfer is remembered FILE_MEMORY after anything last happened to it: well
 * beyond the life of its token, so that a call with an old one is recognised.
 */
#ifndef OCSIGHT_ANALYZER_ENGINE_CHAT_FILE_H
#define OCSIGHT_ANALYZER_ENGINE_CHAT_FILE_H

#include "analyzer/engine/chat_session.h"

#define FILE_MEMORY (3 * 3600 * TIME_SECOND)

void files_init(struct chat *chat);
void files_dispose(struct chat *chat);

/* cmd:getfutok and cmd:getfdtok; `command` is the command's id. */
void file_asked(struct chat *chat, const struct chat_dialog *dialog, uint64_t command,
                const struct chat_fact *fact);

/* Its reply; `command` 0 when the command was not captured. */
void file_answered(struct chat *chat, const struct chat_dialog *dialog, uint64_t command,
                   const struct chat_fact *reply);

/* The INFO that carried the command was refused. */
void file_refused(struct chat *chat, uint64_t command);

/* A post that links to a file; `id` is its place in the ledger. */
void file_posted(struct chat *chat, const struct chat_dialog *dialog, uint64_t id,
                 const struct chat_post *post);

/* Is this the room whose GUID a web call gives? A room's URI ends in it. */
bool file_is_for(struct slice room, struct slice id);

/* EVENT_HTTP */
void files_web(struct chat *chat, const struct http_fact *fact);

#endif
