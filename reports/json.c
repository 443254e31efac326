/*
 * JSON as it is written. See json.h.
 */
#include "reports/json.h"

#include <assert.h>
#include <inttypes.h>

#include "reports/clock.h"
#include "reports/text.h"

void json_init(struct json *json, struct output *output, bool pretty)
{
    *json = (struct json){.output = output, .pretty = pretty};
}

/* What HTML could take for the beginning or end of something else than text. */
static bool is_markup(uint32_t code)
{
    return code == '<' || code == '>' || code == '&';
}

static void write_escaped(const struct json *json, uint32_t code, struct slice bytes)
{
    struct output *output = json->output;
    switch (code) {
    case '"':
        output_text(output, "\\\"");
        break;
    case '\\':
        output_text(output, "\\\\");
        break;
    case '\n':
        output_text(output, "\\n");
        break;
    case '\r':
        output_text(output, "\\r");
        break;
    case '\t':
        output_text(output, "\\t");
        break;
    default:
        if (code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0x2028 || code == 0x2029 ||
            (json->in_html && is_markup(code))) {
            output_format(output, "\\u%04x", code);
        } else {
            output_write(output, bytes);
        }
    }
}

static bool is_plain(const struct json *json, unsigned char byte)
{
    return byte >= 0x20 && byte < 0x7f && byte != '"' && byte != '\\' &&
           !(json->in_html && is_markup(byte));
}

/* False when some bytes were not UTF-8 and had to be replaced. */
static bool write_quoted(const struct json *json, struct slice text)
{
    struct output *output = json->output;
    bool valid = true;
    output_byte(output, '"');
    while (text.size > 0) {
        size_t plain = 0;
        while (plain < text.size && is_plain(json, slice_byte(text, plain))) {
            plain++;
        }
        output_write(output, slice_sub(text, 0, plain));
        text = slice_from(text, plain);
        if (text.size == 0) {
            break;
        }
        uint32_t code = 0;
        size_t size = text_character(text, &code);
        if (size == 0) {
            output_text(output, "\xef\xbf\xbd");
            valid = false;
            size = 1;
        } else {
            write_escaped(json, code, slice_sub(text, 0, size));
        }
        text = slice_from(text, size);
    }
    output_byte(output, '"');
    return valid;
}

static void write_base64(struct output *output, struct slice bytes)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t at = 0; at < bytes.size; at += 3) {
        size_t count = bytes.size - at < 3 ? bytes.size - at : 3;
        uint32_t group = 0;
        for (size_t i = 0; i < 3; i++) {
            group = group << 8 | (i < count ? slice_byte(bytes, at + i) : 0);
        }
        for (size_t i = 0; i < 4; i++) {
            output_byte(output, i <= count ? digits[group >> (18 - 6 * i) & 63] : '=');
        }
    }
}

static void break_line(struct json *json)
{
    if (json->pretty) {
        output_byte(json->output, '\n');
        output_repeat(json->output, ' ', (size_t)2 * json->depth);
    }
}

/* The comma, the line break and the key before a value. */
static void lead(struct json *json, const char *key)
{
    if (json->filled[json->depth]) {
        output_byte(json->output, ',');
        if (!json->pretty && !json->dense) {
            output_byte(json->output, ' ');
        }
    }
    json->filled[json->depth] = true;
    if (json->depth > 0) {
        break_line(json);
    }
    if (key) {
        write_quoted(json, slice_of(key));
        output_text(json->output, ": ");
    }
}

static void open_level(struct json *json, const char *key, char bracket)
{
    lead(json, key);
    output_byte(json->output, bracket);
    assert(json->depth + 1 < JSON_DEPTH);
    json->depth++;
    json->filled[json->depth] = false;
    json->has_raw[json->depth] = false;
}

static void close_level(struct json *json, char bracket)
{
    assert(json->depth > 0);
    bool filled = json->filled[json->depth];
    json->depth--;
    if (filled) {
        break_line(json);
    }
    output_byte(json->output, bracket);
}

void json_object(struct json *json, const char *key)
{
    open_level(json, key, '{');
}

void json_array(struct json *json, const char *key)
{
    open_level(json, key, '[');
}

void json_end_object(struct json *json)
{
    close_level(json, '}');
}

void json_end_array(struct json *json)
{
    close_level(json, ']');
}

/* The exact bytes of a value that was not UTF-8, beside it. */
static void write_raw(struct json *json, const char *key, struct slice value)
{
    output_byte(json->output, ',');
    break_line(json);
    if (json->has_raw[json->depth]) {
        output_format(json->output, "\"%s_raw\": \"", key);
    } else {
        output_text(json->output, "\"raw\": \"");
        json->has_raw[json->depth] = true;
    }
    write_base64(json->output, value);
    output_byte(json->output, '"');
}

void json_string(struct json *json, const char *key, struct slice value)
{
    lead(json, key);
    if (!write_quoted(json, value) && key) {
        write_raw(json, key, value);
    }
}

void json_text(struct json *json, const char *key, const char *value)
{
    if (value) {
        json_string(json, key, slice_of(value));
    } else {
        json_null(json, key);
    }
}

void json_verbatim(struct json *json, const char *key, struct slice value)
{
    assert(!json->in_html);
    lead(json, key);
    output_write(json->output, value);
}

void json_optional(struct json *json, const char *key, struct slice value)
{
    if (value.size > 0) {
        json_string(json, key, value);
    } else {
        json_null(json, key);
    }
}

void json_u64(struct json *json, const char *key, uint64_t value)
{
    lead(json, key);
    output_format(json->output, "%" PRIu64, value);
}

void json_i64(struct json *json, const char *key, int64_t value)
{
    lead(json, key);
    output_format(json->output, "%" PRId64, value);
}

void json_bool(struct json *json, const char *key, bool value)
{
    lead(json, key);
    output_text(json->output, value ? "true" : "false");
}

void json_null(struct json *json, const char *key)
{
    lead(json, key);
    output_text(json->output, "null");
}

void json_time(struct json *json, const char *key, int64_t time)
{
    char text[CLOCK_TEXT];
    clock_iso(time, text);
    json_optional(json, key, slice_of(text));
}

void json_seconds(struct json *json, const char *key, int64_t nanoseconds)
{
    lead(json, key);
    uint64_t size = nanoseconds < 0 ? 0 - (uint64_t)nanoseconds : (uint64_t)nanoseconds;
    output_format(json->output, "%s%" PRIu64 ".%09" PRIu64, nanoseconds < 0 ? "-" : "",
                  size / (uint64_t)TIME_SECOND, size % (uint64_t)TIME_SECOND);
}

void json_count(struct json *json, struct slice key, uint64_t value)
{
    lead(json, NULL);
    write_quoted(json, key);
    output_format(json->output, ": %" PRIu64, value);
}

void json_end_line(struct json *json)
{
    output_byte(json->output, '\n');
    json->filled[0] = false;
}
