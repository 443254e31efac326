/* See speech.h. */
#include "samples/speech.h"

#include <stdarg.h>

void speech_append(struct buffer *out, const char *format, ...)
{
    char text[4096];
    va_list arguments;
    va_start(arguments, format);
    int size = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (size < 0 || (size_t)size >= sizeof text) {
        fail("a line of the day is too long");
    }
    buffer_append(out, (struct slice){text, (size_t)size});
}

static void append_common(struct buffer *out, const struct exchange *exchange, const char *to_tag)
{
    speech_append(out, "Via: %s\r\nFrom: %s\r\nTo: %s%s%s\r\nCall-ID: %s\r\nCSeq: %u %s\r\n",
                  exchange->via, exchange->from, exchange->to, *to_tag ? ";tag=" : "", to_tag,
                  exchange->call_id, exchange->cseq, exchange->method);
}

void speech_request(struct buffer *out, const struct exchange *exchange, const char *uri)
{
    speech_append(out, "%s %s SIP/2.0\r\nMax-Forwards: 70\r\n", exchange->method, uri);
    append_common(out, exchange, "");
}

void speech_answer(struct buffer *out, const struct exchange *exchange, const char *status)
{
    speech_append(out, "SIP/2.0 %s\r\n", status);
    append_common(out, exchange, exchange->to_tag);
}

void speech_close(struct buffer *out, const struct buffer *body)
{
    speech_append(out, "Content-Length: %zu\r\n\r\n", body->size);
    buffer_append(out, buffer_slice(body));
}
