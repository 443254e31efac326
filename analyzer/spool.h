/*
 * An input that can be read more than once: what comes from a pipe is kept in a temporary file
 * without a name.
 */
#ifndef OCSIGHT_ANALYZER_SPOOL_H
#define OCSIGHT_ANALYZER_SPOOL_H

#include <signal.h>
#include <stddef.h>

struct spool;

/*
 * `path` as on the command line; it must outlive the spool. NULL when there is no room for what
 * comes from the pipe: one line in `problem`. What has not come when `interrupted` is set is not
 * waited for.
 */
struct spool *spool_open(const char *path, const volatile sig_atomic_t *interrupted, char *problem,
                         size_t problem_size);
void spool_close(struct spool *spool);

/* Before each reading: what is to be opened, from its start. */
const char *spool_path(struct spool *spool);

#endif
