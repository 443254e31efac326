/*
 * JSON as it is written: valid UTF-8, streamed, nothing held back.
 *
 * Bytes that are not UTF-8 become U+FFFD and stand, exact, in Base64 beside the
 * value: under "raw", or "KEY_raw" where an object already has one (design.md
 * section 3). Times are "2026-11-20T10:00:00.123456Z", with nine digits where
 * the record has nanoseconds.
 */
#ifndef OCSIGHT_REPORTS_JSON_H
#define OCSIGHT_REPORTS_JSON_H

#include "analyzer/engine/origin.h"
#include "reports/output.h"

enum { JSON_DEPTH = 16 };

struct json {
    struct output *output;
    bool pretty;  /* two blanks a level; else everything on one line */
    bool dense;   /* without blanks between the values of arrays */
    bool in_html; /* stands in a <script> of HTML: < > & are written as \u003c, never as they are */
    unsigned depth;
    bool filled[JSON_DEPTH];  /* something was written at that level */
    bool has_raw[JSON_DEPTH]; /* the object at that level already has "raw" */
};

void json_init(struct json *json, struct output *output, bool pretty);

/* `key` NULL inside an array or at the top. */
void json_object(struct json *json, const char *key);
void json_array(struct json *json, const char *key);
void json_end_object(struct json *json);
void json_end_array(struct json *json);

void json_string(struct json *json, const char *key, struct slice value);
void json_text(struct json *json, const char *key, const char *value); /* NULL is null */
void json_u64(struct json *json, const char *key, uint64_t value);
void json_i64(struct json *json, const char *key, int64_t value);
void json_bool(struct json *json, const char *key, bool value);
void json_null(struct json *json, const char *key);

/* `value` is JSON already, made by the program itself: the key of a database row. Not in HTML. */
void json_verbatim(struct json *json, const char *key, struct slice value);

/* The string, or null when it is empty. */
void json_optional(struct json *json, const char *key, struct slice value);

/* TIME_NONE is null. */
void json_time(struct json *json, const char *key, int64_t time);

/* Seconds with nine digits: 0.001234567. */
void json_seconds(struct json *json, const char *key, int64_t nanoseconds);

/* The key of a count whose name comes from input: {"INVITE": 5}. */
void json_count(struct json *json, struct slice key, uint64_t value);

/* A line break after the whole document, or between documents of one line each. */
void json_end_line(struct json *json);

#endif
