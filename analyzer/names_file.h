/*
 * Names that the user gives to addresses, hosts and users: --name and the file of --names.
 *
 * The file has ADDR=NAME on each line. Blank lines, and lines whose first character is '#', are
 * passed over; blanks around ADDR and NAME do not count. ADDR is an address with or without port
 * ("192.0.2.21", "192.0.2.21:5061", "2001:db8::15", "[2001:db8::15]:5061"), a host, or user@host,
 * which "sip:" may precede.
 */
#ifndef OCSIGHT_ANALYZER_NAMES_FILE_H
#define OCSIGHT_ANALYZER_NAMES_FILE_H

#include "analyzer/engine/arena.h"
#include "analyzer/exit_status.h"
#include "reports/ladder.h"

enum { NAMES_FILE_BYTES = 1 << 20 }; /* a longer one is refused: no list of names is that long */

struct options;

/* In the order in which they were given, the file's first: later ones win. */
struct names {
    struct arena arena; /* of all texts */
    struct ladder_name *rows;
    size_t count;
    size_t capacity;
    size_t from_file; /* so many of them are the file's */
};

void names_init(struct names *names);
void names_dispose(struct names *names);

/* One more; addresses are kept as address_text() writes them. */
void names_add(struct names *names, struct slice of, struct slice name);

/* 0, or the number of the first line that is none; nothing of the content is kept but copies. */
size_t names_parse(struct names *names, struct slice content);

/*
 * What --names and --name give. Anything but EXIT_DONE was told on standard error: the file could
 * not be read (EXIT_INPUT), or a line of it is wrong (EXIT_USAGE).
 */
enum exit_status names_gather(struct names *names, const struct options *options);

/* Which of them named nothing, as `used` says: a line on standard error for each of the first. */
void names_tell_unused(const struct names *names, const bool *used);

#endif
