/*
 * DNS messages about service records, for records of the kind "dns".
 * RFC 1035 section 4, RFC 2782.
 */
#ifndef OCSIGHT_SAMPLES_DNS_H
#define OCSIGHT_SAMPLES_DNS_H

#include "analyzer/engine/buffer.h"

/*
 * A question for `name`, or with `answer` the response: `targets` are
 * "PRIORITY WEIGHT PORT HOST", any number of them; none = no such name. False when
 * they cannot be read.
 */
bool dns_message(struct slice name, bool answer, struct slice targets, struct buffer *out);

#endif
