/*
 * What --redact and --redact-key ask for: the key of the run's pseudonyms, and the command line in
 * the same pseudonyms, so that `--user ann@contoso.example --redact` still finds her and no report
 * repeats her name.
 *
 * Called by main.c before a command runs. What is read from captures is rewritten in shard.c,
 * what is read from databases in the rows_*.c and db_*.c files, with this one key.
 */
#ifndef OCSIGHT_ANALYZER_REDACTION_H
#define OCSIGHT_ANALYZER_REDACTION_H

#include "analyzer/exit_status.h"
#include "analyzer/options.h"
#include "decoders/pseudonym.h"

enum { REDACTION_KEY_MIN = 16 }; /* bytes that a key file must have at least */

struct redaction;

/*
 * Makes the key when `options` ask for pseudonyms, puts it into options->pseudonyms, and rewrites
 * what the options name. The key is the SHA-256 of what the key file holds; without a file 32
 * random bytes. NULL, the exit status and one line in `problem` when that cannot be done: wrong
 * usage is a file that is no key, a pattern that pseudonyms cannot match, a file of names that
 * would be shown. The options borrow from it until redaction_free(); without --redact there is
 * nothing in it.
 */
struct redaction *redaction_new(struct options *options, enum exit_status *status, char *problem,
                                size_t problem_size);
void redaction_free(struct redaction *redaction);

#endif
