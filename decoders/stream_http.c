/*
 * HTTP at the front of a connection. See stream_http.h.
 */
#include "decoders/stream_http.h"

#include "decoders/sip_header.h"

static bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool ends_in_version(struct slice line)
{
    static const struct slice versions[] = {SLICE(" HTTP/1.1"), SLICE(" HTTP/1.0")};
    for (size_t i = 0; i < 2; i++) {
        if (line.size > versions[i].size &&
            slice_equal(slice_from(line, line.size - versions[i].size), versions[i])) {
            return true;
        }
    }
    return false;
}

/* Can what was read of a method, or of "HTTP/1.", still become a first line? */
static enum http_look look_prefix(struct slice bytes)
{
    static const struct slice status = SLICE("HTTP/1.");
    if (slice_starts(bytes, status)) {
        return HTTP_YES;
    }
    if (slice_starts(status, bytes)) {
        return HTTP_MORE;
    }
    size_t at = 0;
    while (at < bytes.size && at < 16 && is_upper(bytes.data[at])) {
        at++;
    }
    if (at == bytes.size) {
        return HTTP_MORE;
    }
    return at > 0 && bytes.data[at] == ' ' ? HTTP_MORE : HTTP_NO;
}

enum http_look http_look(struct slice bytes)
{
    enum http_look look = look_prefix(bytes);
    if (look != HTTP_MORE) {
        return look;
    }
    size_t end = slice_find_byte(slice_sub(bytes, 0, HTTP_HEAD_MAX), '\n');
    if (end == SLICE_NONE) {
        return bytes.size < HTTP_HEAD_MAX ? HTTP_MORE : HTTP_NO;
    }
    return ends_in_version(slice_trim(slice_sub(bytes, 0, end))) ? HTTP_YES : HTTP_NO;
}

static bool list_has(struct slice list, struct slice token)
{
    struct slice item;
    while (list.size > 0) {
        (void)slice_cut(list, ',', &item, &list);
        if (slice_equal_nocase(slice_trim(item), token)) {
            return true;
        }
    }
    return false;
}

static enum http_head first_line_leads_to(struct slice line)
{
    static const struct slice connect = SLICE("CONNECT "), get = SLICE("GET "),
                              switching = SLICE("HTTP/1.1 101");
    if (slice_starts(line, connect)) {
        return HTTP_HEAD_TUNNEL;
    }
    bool upgrade = slice_starts(line, get) || slice_starts(line, switching);
    return upgrade ? HTTP_HEAD_WEBSOCKET : HTTP_HEAD_OTHER;
}

enum http_head http_head_read(struct slice bytes, size_t *size)
{
    static const struct slice upgrade_name = SLICE("upgrade"), websocket = SLICE("websocket");
    static const struct slice protocol_name = SLICE("sec-websocket-protocol"), sip = SLICE("sip");
    struct slice head = slice_sub(bytes, 0, HTTP_HEAD_MAX);
    size_t at = slice_find_byte(head, '\n') + 1; /* 0 without a line end */
    enum http_head leads_to = first_line_leads_to(slice_sub(head, 0, at));
    bool upgrades = false, speaks_sip = false;
    struct sip_field field;
    enum sip_field_status status = at > 0 ? sip_field_next(head, &at, &field) : FIELD_SHORT;
    while (status == FIELD_READ) {
        if (slice_equal_nocase(field.name, upgrade_name)) {
            upgrades = list_has(field.value, websocket);
        } else if (slice_equal_nocase(field.name, protocol_name)) {
            speaks_sip |= list_has(field.value, sip);
        }
        status = sip_field_next(head, &at, &field);
    }
    *size = at;
    if (status == FIELD_SHORT) {
        *size = head.size;
        return bytes.size < HTTP_HEAD_MAX ? HTTP_HEAD_MORE : HTTP_HEAD_OTHER;
    }
    return leads_to == HTTP_HEAD_WEBSOCKET && !(upgrades && speaks_sip) ? HTTP_HEAD_OTHER
                                                                        : leads_to;
}
