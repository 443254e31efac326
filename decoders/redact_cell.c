/*
 * Values of database rows in pseudonyms. See redact_cell.h.
 */
#include "decoders/redact_cell.h"

#include "decoders/redact_parts.h"

/* Starts one value over; what came before it is nobody's any more. */
static struct buffer *value_begin(struct redactor *redactor)
{
    redact_begin(redactor);
    buffer_clear(&redactor->out);
    return &redactor->out;
}

struct slice redact_document(struct redactor *redactor, struct slice document)
{
    static const struct slice type = SLICE("application/xml");
    if (document.size == 0) {
        return document;
    }
    struct buffer *out = value_begin(redactor);
    redact_put_body(redactor, type, document, out);
    return buffer_slice(out);
}

struct slice redact_field(struct redactor *redactor, struct slice name, struct slice value)
{
    if (value.size == 0) {
        return value;
    }
    struct buffer *out = value_begin(redactor);
    redact_put_header(redactor, name, value, out);
    return buffer_slice(out);
}

struct slice redact_server(struct redactor *redactor, struct slice host)
{
    if (host.size == 0) {
        return host;
    }
    struct buffer *out = value_begin(redactor);
    redact_put_host(redactor, host, out);
    return buffer_slice(out);
}

struct slice redact_word(struct redactor *redactor, struct slice word)
{
    if (redact_is_word(redactor, word) || redact_is_number(word, 19) ||
        redact_is_plain_guid(word)) {
        return word;
    }
    return redact_id(redactor, word);
}

bool redact_stays(struct slice value)
{
    return redact_is_plain_guid(value);
}

bool redact_stays_in_path(struct slice part)
{
    enum { SHORT_NUMBER = 6 }; /* as redact_put_part() has it */
    return redact_is_plain_guid(part) || redact_is_number(part, SHORT_NUMBER);
}
