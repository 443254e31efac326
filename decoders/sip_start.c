/*
 * Start line recognition and resynchronisation. See sip_start.h, sip.h.
 *
 * RFC 3261 sections 7.1, 7.2, 25.1. Lenient where RFC 4475 is: runs of blanks,
 * brackets around the Request-URI, blanks at the end, no reason phrase. Blanks
 * inside a Request-URI are not accepted, because then any line of a text log
 * that quotes a request would be one.
 */
#include "decoders/sip_start.h"

#include <string.h>

static const struct slice version = SLICE("SIP/2.0");

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* clang-format off */
const unsigned char sip_token_table[256] = {
    ['!'] = 1, ['%'] = 1, ['\''] = 1, ['*'] = 1, ['+'] = 1, ['-'] = 1, ['.'] = 1,
    ['0'] = 1, ['1'] = 1, ['2'] = 1, ['3'] = 1, ['4'] = 1, ['5'] = 1, ['6'] = 1, ['7'] = 1,
    ['8'] = 1, ['9'] = 1,
    ['A'] = 1, ['B'] = 1, ['C'] = 1, ['D'] = 1, ['E'] = 1, ['F'] = 1, ['G'] = 1, ['H'] = 1,
    ['I'] = 1, ['J'] = 1, ['K'] = 1, ['L'] = 1, ['M'] = 1, ['N'] = 1, ['O'] = 1, ['P'] = 1,
    ['Q'] = 1, ['R'] = 1, ['S'] = 1, ['T'] = 1, ['U'] = 1, ['V'] = 1, ['W'] = 1, ['X'] = 1,
    ['Y'] = 1, ['Z'] = 1, ['_'] = 1, ['`'] = 1,
    ['a'] = 1, ['b'] = 1, ['c'] = 1, ['d'] = 1, ['e'] = 1, ['f'] = 1, ['g'] = 1, ['h'] = 1,
    ['i'] = 1, ['j'] = 1, ['k'] = 1, ['l'] = 1, ['m'] = 1, ['n'] = 1, ['o'] = 1, ['p'] = 1,
    ['q'] = 1, ['r'] = 1, ['s'] = 1, ['t'] = 1, ['u'] = 1, ['v'] = 1, ['w'] = 1, ['x'] = 1,
    ['y'] = 1, ['z'] = 1, ['~'] = 1,
};
/* clang-format on */

static bool is_scheme(char c)
{
    return ascii_is_alpha(c) || ascii_is_digit(c) || c == '+' || c == '-' || c == '.';
}

/* The line at the front without its end; false while there is no LF within SIP_START_MAX. */
static bool line_take(struct slice bytes, struct slice *line, size_t *size)
{
    size_t end = slice_find_byte(slice_sub(bytes, 0, SIP_START_MAX), '\n');
    if (end == SLICE_NONE) {
        return false;
    }
    *size = end + 1;
    if (end > 0 && bytes.data[end - 1] == '\r') {
        end--;
    }
    *line = slice_sub(bytes, 0, end);
    return true;
}

static enum sip_look line_missing(struct slice bytes)
{
    return bytes.size >= SIP_START_MAX ? SIP_LOOK_NO : SIP_LOOK_MORE;
}

/* Without a way out of the loop, so that the compiler looks at many bytes at once. */
static bool has_control(struct slice line)
{
    unsigned char controls = 0;
    for (size_t i = 0; i < line.size; i++) {
        unsigned char c = slice_byte(line, i);
        controls |= (unsigned char)(((c < 0x20) & (c != '\t')) | (c == 0x7f));
    }
    return controls != 0;
}

static struct slice blanks_strip(struct slice text)
{
    while (text.size > 0 && is_blank(text.data[0])) {
        text = slice_from(text, 1);
    }
    while (text.size > 0 && is_blank(text.data[text.size - 1])) {
        text.size--;
    }
    return text;
}

/* Everything up to the status code and the byte after it: decides without the line end. */
static enum sip_look status_prefix(struct slice bytes)
{
    if (!slice_starts_nocase(version, slice_sub(bytes, 0, version.size))) {
        return SIP_LOOK_NO;
    }
    static const char *const classes[] = {" ", "123456789", "0123456789", "0123456789", " \t\r\n"};
    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++) {
        if (bytes.size <= version.size + i) {
            return SIP_LOOK_MORE;
        }
        char c = bytes.data[version.size + i];
        if (c == '\0' || !strchr(classes[i], c)) {
            return SIP_LOOK_NO;
        }
    }
    return SIP_LOOK_YES;
}

static enum sip_look status_read(struct slice bytes, struct sip_start *out)
{
    struct slice line;
    size_t size = 0;
    if (!line_take(bytes, &line, &size)) {
        return line_missing(bytes);
    }
    if (line.size < version.size + 4 || has_control(line)) {
        return SIP_LOOK_NO;
    }
    uint32_t status = 0;
    (void)slice_to_u32(slice_sub(line, version.size + 1, 3), &status);
    *out = (struct sip_start){
        .status = (uint16_t)status,
        .odd = status >= 700,
        .reason = blanks_strip(slice_from(line, version.size + 4)),
        .size = size,
    };
    return SIP_LOOK_YES;
}

/* Method, blanks and the scheme: decides most bytes that are no request without the line end. */
static enum sip_look request_prefix(struct slice bytes, size_t *method_size)
{
    size_t at = 0;
    while (at < bytes.size && at <= SIP_METHOD_MAX && sip_is_token(bytes.data[at])) {
        at++;
    }
    if (at > SIP_METHOD_MAX) {
        return SIP_LOOK_NO;
    }
    *method_size = at;
    if (at == bytes.size) {
        return SIP_LOOK_MORE;
    }
    if (at == 0 || !is_blank(bytes.data[at])) {
        return SIP_LOOK_NO;
    }
    size_t most = bytes.size < SIP_START_MAX ? bytes.size : SIP_START_MAX;
    while (at < most && is_blank(bytes.data[at])) {
        at++;
    }
    if (at < most && bytes.data[at] == '<') {
        at++;
    }
    if (at < most && !ascii_is_alpha(bytes.data[at])) {
        return SIP_LOOK_NO;
    }
    while (at < most && is_scheme(bytes.data[at])) {
        at++;
    }
    if (at == most) {
        return line_missing(bytes);
    }
    return bytes.data[at] == ':' ? SIP_LOOK_YES : SIP_LOOK_NO;
}

static enum sip_look request_read(struct slice bytes, size_t method_size, struct sip_start *out)
{
    struct slice line;
    size_t size = 0;
    if (!line_take(bytes, &line, &size)) {
        return line_missing(bytes);
    }
    if (has_control(line)) {
        return SIP_LOOK_NO;
    }
    struct slice rest = blanks_strip(slice_from(line, method_size));
    if (rest.size <= version.size ||
        !slice_equal_nocase(slice_from(rest, rest.size - version.size), version) ||
        !is_blank(rest.data[rest.size - version.size - 1])) {
        return SIP_LOOK_NO;
    }
    struct slice uri = blanks_strip(slice_sub(rest, 0, rest.size - version.size));
    if (slice_find_byte(uri, ' ') != SLICE_NONE || slice_find_byte(uri, '\t') != SLICE_NONE) {
        return SIP_LOOK_NO;
    }
    bool bracketed = uri.size >= 2 && uri.data[0] == '<' && uri.data[uri.size - 1] == '>';
    *out = (struct sip_start){
        .request = true,
        .odd = uri.data[0] == '<' || line.size != method_size + 1 + uri.size + 1 + version.size,
        .method = slice_sub(line, 0, method_size),
        .uri = bracketed ? slice_sub(uri, 1, uri.size - 2) : uri,
        .size = size,
    };
    return SIP_LOOK_YES;
}

enum sip_look sip_start_read(struct slice bytes, struct sip_start *out)
{
    bool may_be_status = bytes.size == 0 || bytes.data[0] == 'S' || bytes.data[0] == 's';
    enum sip_look status = may_be_status ? status_prefix(bytes) : SIP_LOOK_NO;
    if (status == SIP_LOOK_YES) {
        return status_read(bytes, out);
    }
    size_t method_size = 0;
    enum sip_look request = request_prefix(bytes, &method_size);
    if (request == SIP_LOOK_YES) {
        return request_read(bytes, method_size, out);
    }
    return status == SIP_LOOK_MORE ? SIP_LOOK_MORE : request;
}

enum sip_look sip_look(struct slice bytes)
{
    struct sip_start start;
    return sip_start_read(bytes, &start);
}

bool sip_start_is_possible(struct slice line)
{
    static const struct slice end = SLICE("/2.0");
    enum { SLASH = 3 }; /* in the version that opens a status line */
    if (line.size > SLASH && line.data[SLASH] == '/') {
        return true;
    }
    if (line.size > 0 && line.data[line.size - 1] == '\r') {
        line.size--;
    }
    while (line.size > 0 && is_blank(line.data[line.size - 1])) {
        line.size--;
    }
    return line.size > end.size && slice_equal(slice_from(line, line.size - end.size), end);
}

bool sip_start_header_follows(struct slice bytes)
{
    size_t at = 0;
    while (at < bytes.size && sip_is_token(bytes.data[at])) {
        at++;
    }
    if (at == 0 && bytes.size > 0) {
        return false;
    }
    while (at < bytes.size && is_blank(bytes.data[at])) {
        at++;
    }
    return at == bytes.size || bytes.data[at] == ':';
}

/*
 * The next version from `at` on, or SLICE_NONE. Looks for its slash, which is
 * rarer than its letters in everything that bodies hold.
 */
static size_t version_find(struct slice bytes, size_t at)
{
    enum { SLASH = 3 };
    size_t slash = at + SLASH;
    while (slash < bytes.size) {
        size_t hit = slice_find_byte(slice_from(bytes, slash), '/');
        if (hit == SLICE_NONE) {
            return SLICE_NONE;
        }
        slash += hit;
        if (slice_equal_nocase(slice_sub(bytes, slash - SLASH, version.size), version)) {
            return slash - SLASH;
        }
        slash++;
    }
    return SLICE_NONE;
}

/* Steps back over what `keep` accepts, not below `floor`. */
static size_t step_back(struct slice bytes, size_t floor, size_t at, bool (*keep)(char))
{
    while (at > floor && keep(bytes.data[at - 1])) {
        at--;
    }
    return at;
}

static bool is_in_word(char c)
{
    return !is_blank(c) && c != '\n' && c != '\r';
}

static bool is_blank_or_cr(char c)
{
    return is_blank(c) || c == '\r';
}

/* Where the method token that ends at `end` begins; at most SIP_METHOD_MAX bytes of it. */
static size_t method_begin(struct slice bytes, size_t floor, size_t end)
{
    if (end - floor > SIP_METHOD_MAX) {
        floor = end - SIP_METHOD_MAX;
    }
    return step_back(bytes, floor, end, sip_is_token);
}

static size_t floor_for(size_t floor, size_t end)
{
    return end - floor > SIP_START_MAX ? end - SIP_START_MAX : floor;
}

/* `hit` is where a version stands: the start of its request line, or SLICE_NONE. */
static size_t request_before(struct slice bytes, size_t floor, size_t hit)
{
    size_t end = hit + version.size;
    while (end < bytes.size && is_blank_or_cr(bytes.data[end])) {
        end++;
    }
    if (end == bytes.size || bytes.data[end] != '\n') {
        return SLICE_NONE;
    }
    floor = floor_for(floor, hit);
    size_t uri_end = step_back(bytes, floor, hit, is_blank);
    size_t uri = step_back(bytes, floor, uri_end, is_in_word);
    size_t method_end = step_back(bytes, floor, uri, is_blank);
    return method_begin(bytes, floor, method_end);
}

static bool starts_message(struct slice bytes, size_t at)
{
    struct sip_start start;
    if (at == SLICE_NONE) {
        return false;
    }
    struct slice rest = slice_from(bytes, at);
    return sip_start_read(rest, &start) == SIP_LOOK_YES &&
           sip_start_header_follows(slice_from(rest, start.size));
}

/* The earlier of two positions, the second one only if a start line could grow from it. */
static size_t earlier_hold(struct slice bytes, size_t hold, size_t at)
{
    return at < hold && sip_look(slice_from(bytes, at)) == SIP_LOOK_MORE ? at : hold;
}

/* The last line has no end yet: from where it could still become a start line. */
static size_t hold_from(struct slice bytes, size_t floor)
{
    size_t size = bytes.size;
    floor = floor_for(floor, size);
    size_t line = size;
    while (line > floor && bytes.data[line - 1] != '\n') {
        line--;
    }
    size_t hold = size;
    for (size_t at = size; at > line && size - at < version.size; at--) {
        hold = earlier_hold(bytes, hold, at - 1);
    }
    size_t hit = version_find(bytes, line);
    while (hit != SLICE_NONE && hit < hold) {
        hold = earlier_hold(bytes, hold, hit);
        hit = version_find(bytes, hit + version.size);
    }
    /* the end may lie in the method, in the URI, or in the version */
    size_t word_end = step_back(bytes, line, size, is_blank_or_cr);
    for (int words = 0; words < 3; words++) {
        hold = earlier_hold(bytes, hold, method_begin(bytes, line, word_end));
        size_t word = step_back(bytes, line, word_end, is_in_word);
        word_end = step_back(bytes, line, word, is_blank);
    }
    return hold;
}

/* The start line whose version is at `hit`, or SLICE_NONE. */
static size_t start_at(struct slice bytes, size_t floor, size_t hit)
{
    if (starts_message(bytes, hit)) {
        return hit;
    }
    size_t request = request_before(bytes, floor, hit);
    return starts_message(bytes, request) ? request : SLICE_NONE;
}

size_t sip_start_find(struct slice bytes, size_t from, bool *found)
{
    size_t line_end = from;
    size_t hit = version_find(bytes, from);
    while (hit != SLICE_NONE) {
        if (line_end <= hit) {
            size_t end = slice_find_byte(slice_from(bytes, hit), '\n');
            if (end == SLICE_NONE) {
                break; /* no whole line follows: no start line either */
            }
            line_end = hit + end + 1;
        }
        size_t start = start_at(bytes, from, hit);
        if (start != SLICE_NONE) {
            *found = true;
            return start;
        }
        hit = version_find(bytes, hit + version.size);
    }
    *found = false;
    return from < bytes.size ? hold_from(bytes, from) : bytes.size;
}

size_t sip_find_start(struct slice bytes, size_t from)
{
    bool found = false;
    size_t at = sip_start_find(bytes, from, &found);
    return found ? at : SLICE_NONE;
}

size_t sip_start_place(struct slice raw, bool *junk, struct sip_start *out)
{
    size_t begin = 0;
    while (begin < raw.size && (raw.data[begin] == '\r' || raw.data[begin] == '\n')) {
        begin++;
    }
    *junk = sip_start_read(slice_from(raw, begin), out) != SIP_LOOK_YES;
    if (!*junk) {
        return begin;
    }
    begin = sip_find_start(raw, begin);
    bool found = begin != SLICE_NONE && sip_start_read(slice_from(raw, begin), out) == SIP_LOOK_YES;
    return found ? begin : SLICE_NONE;
}

bool sip_is_token_text(struct slice text)
{
    for (size_t i = 0; i < text.size; i++) {
        if (!sip_is_token(text.data[i])) {
            return false;
        }
    }
    return text.size > 0;
}
