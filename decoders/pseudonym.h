/*
 * Names for people, hosts and addresses that tell nobody who they are, the same for the same one.
 *
 * A pseudonym is 50 bits of HMAC-SHA-256 (RFC 2104) under a key, in the 32 letters and digits
 * of Crockford's alphabet, so that nobody without the key can try names out. Upper and lower case
 * make no difference, as in SIP host names. What comes out is again a name of its kind: a user is
 * "user-k3v9t2ma7q@dom-1c0bz5d4ee.invalid" (RFC 2606), an address is one of 2001:db8::/32 (RFC
 * 3849), and two hosts of one domain are still that.
 *
 * Used by decoders/redact*.c for what was captured and by analyzer/ for rows of databases. Not for
 * several threads at once: each has its own.
 */
#ifndef OCSIGHT_DECODERS_PSEUDONYM_H
#define OCSIGHT_DECODERS_PSEUDONYM_H

#include "analyzer/engine/address.h"
#include "analyzer/engine/arena.h"

enum { PSEUDONYM_KEY = 32 };

struct pseudonym_key {
    unsigned char bytes[PSEUDONYM_KEY];
};

/* What a pseudonym of free text begins with. */
enum pseudonym_kind {
    PSEUDONYM_USER,   /* "user-": the part before the @ */
    PSEUDONYM_HOST,   /* "host-": the labels before the domain */
    PSEUDONYM_DOMAIN, /* "dom-": the last two labels */
    PSEUDONYM_ROOM,   /* "room-": the name of a chat room */
    PSEUDONYM_TEXT,   /* "text-": anything that a person wrote */
    PSEUDONYM_NAME,   /* "name-": an identifier of another kind: a device, a file, a table row */
};

struct pseudonyms;

struct pseudonyms *pseudonyms_new(const struct pseudonym_key *key);
void pseudonyms_free(struct pseudonyms *names);

/* "text-k3v9t2ma7q"; "" for "". What is one already (of any key) is made one again. */
struct slice pseudonym_of(struct pseudonyms *names, enum pseudonym_kind kind, struct slice text,
                          struct arena *arena);

/* "user@host", or a user part alone; "" for "". */
struct slice pseudonym_user(struct pseudonyms *names, struct slice user, struct arena *arena);

/*
 * A host name, or an IPv4 or IPv6 address in text, with or without brackets: the pseudonym of an
 * address stands in brackets, as every URI can hold it. "" for "". */
struct slice pseudonym_host(struct pseudonyms *names, struct slice host, struct arena *arena);

/* The port stays. An address without a family stays. */
struct address pseudonym_address(struct pseudonyms *names, const struct address *address);

#endif
