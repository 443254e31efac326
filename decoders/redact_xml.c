/*
 * XML in pseudonyms, without reading the document: tags by their angle brackets, values by their
 * quotes. See redact.h.
 *
 * Comments and CDATA sections are character data with what stands around them, as they are for a
 * reader. What no document may hold (a bad reference, a control character, broken UTF-8) ends the
 * reading of it; one such byte takes its place behind the pseudonym, so that it still does.
 * XML 1.0 sections 2.2 to 2.8, 3.1, 4.1.
 */
#include "decoders/character.h"
#include "decoders/redact_parts.h"

enum { DEPTH = 64 /* elements whose names are known; deeper ones have values of any kind */ };

struct walk {
    struct redactor *redactor;
    struct slice text;
    size_t at;
    struct buffer *out;
    struct slice open[DEPTH]; /* local names */
    size_t depth;
    struct slice odd; /* the first thing in a value that no document may hold */
};

static const struct slice nothing = SLICE("");

static bool at_end(const struct walk *walk)
{
    return walk->at >= walk->text.size;
}

static bool starts(const struct walk *walk, const char *with)
{
    return slice_starts(slice_from(walk->text, walk->at), slice_of(with));
}

static void put(struct walk *walk, struct slice text)
{
    (void)buffer_append(walk->out, text);
}

/* What does not end the markup around it. */
static void put_escaped(struct buffer *out, struct slice text)
{
    for (size_t i = 0; i < text.size; i++) {
        char c = text.data[i];
        const char *name = c == '&'    ? "&amp;"
                           : c == '<'  ? "&lt;"
                           : c == '>'  ? "&gt;"
                           : c == '"'  ? "&quot;"
                           : c == '\'' ? "&apos;"
                                       : NULL;
        if (name) {
            (void)buffer_append_text(out, name);
        } else {
            (void)buffer_append_byte(out, c);
        }
    }
}

/* ---- values without their references ---- */

/* Size of the reference at the front, 0 when it is none. */
static size_t reference_read(struct slice text, uint32_t *code)
{
    enum { LONGEST = 12 };
    size_t end = slice_find_byte(slice_sub(text, 0, LONGEST), ';');
    return end != SLICE_NONE && character_reference(slice_sub(text, 1, end - 1), code) ? end + 1
                                                                                       : 0;
}

/* Size of the character at the front, 0 when no document may hold it. RFC 3629. */
static size_t character_size(struct slice text)
{
    unsigned char lead = slice_byte(text, 0);
    size_t size = lead < 0x80 ? 1 : lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    if (size == 1) {
        return character_is_legal(lead) ? 1 : 0;
    }
    if (lead < 0xc2 || lead > 0xf4 || text.size < size) {
        return 0;
    }
    uint32_t code = lead & (0xffU >> (size + 1));
    for (size_t i = 1; i < size; i++) {
        unsigned char byte = slice_byte(text, i);
        if (byte >> 6 != 2) {
            return 0;
        }
        code = code << 6 | (byte & 0x3f);
    }
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    return character_is_legal(code) && code >= least[size] ? size : 0;
}

static void note_odd(struct walk *walk, struct slice odd)
{
    if (walk->odd.size == 0) {
        walk->odd = odd;
    }
}

/* Appends `raw` to the plain value; `references`: it is no CDATA section. */
static void append_plain(struct walk *walk, struct slice raw, bool references)
{
    struct buffer *plain = &walk->redactor->plain;
    for (size_t at = 0; at < raw.size;) {
        struct slice rest = slice_from(raw, at);
        uint32_t code;
        if (references && rest.data[0] == '&') {
            size_t size = reference_read(rest, &code);
            if (size == 0) {
                note_odd(walk, slice_sub(rest, 0, 1));
                size = 1;
            } else {
                character_append(plain, code);
            }
            at += size;
            continue;
        }
        size_t size = character_size(rest);
        if (size == 0) {
            note_odd(walk, slice_sub(rest, 0, 1));
        }
        bool pair = rest.data[0] == '\r' && rest.size > 1 && rest.data[1] == '\n';
        size = size > 0 ? size : 1;
        if (!pair) {
            (void)buffer_append(plain, slice_sub(rest, 0, size));
        }
        at += size;
    }
}

/* Puts what takes the place of the plain value; `raw` is how it was written, NULL data = unusable.
 */
static void put_value(struct walk *walk, enum redact_place place, struct slice raw)
{
    struct redactor *redactor = walk->redactor;
    struct slice plain = buffer_slice(&redactor->plain);
    struct slice value = slice_trim(plain);
    size_t before = (size_t)(value.data - plain.data);
    buffer_clear(&redactor->value);
    bool changed = redact_put_value(redactor, place, value, &redactor->value);
    if (!changed && raw.data && walk->odd.size == 0) {
        put(walk, raw);
        return;
    }
    put_escaped(walk->out, slice_sub(plain, 0, before));
    put_escaped(walk->out, changed ? buffer_slice(&redactor->value) : value);
    put_escaped(walk->out, slice_from(plain, before + value.size));
    put(walk, walk->odd);
    walk->odd = nothing;
}

/* ---- character data ---- */

static size_t find_from(const struct walk *walk, size_t at, const char *mark)
{
    size_t found = slice_find(slice_from(walk->text, at), slice_of(mark));
    return found == SLICE_NONE ? walk->text.size : at + found;
}

/* Up to the mark and behind it; `opened` and `closed` are put if it is no part of the text. */
static bool skip_section(struct walk *walk, size_t opening, const char *mark, struct slice *inner)
{
    size_t begin = walk->at + opening;
    size_t end = find_from(walk, begin, mark);
    bool whole = end < walk->text.size;
    *inner = slice_sub(walk->text, begin, end - begin);
    walk->at = whole ? end + strlen(mark) : walk->text.size;
    return whole;
}

/* A comment says nothing, but two dashes in it are an error, and so is its missing end. */
static void take_comment(struct walk *walk)
{
    static const struct slice dashes = SLICE("--");
    struct slice inner;
    bool whole = skip_section(walk, strlen("<!--"), "-->", &inner);
    put(walk, slice_of("<!-- "));
    if (slice_find(inner, dashes) != SLICE_NONE) {
        put(walk, slice_of("-- "));
    }
    if (whole) {
        put(walk, slice_of("-->"));
    }
}

static void take_cdata(struct walk *walk)
{
    struct slice inner;
    bool whole = skip_section(walk, strlen("<![CDATA["), "]]>", &inner);
    append_plain(walk, inner, false);
    if (!whole) {
        note_odd(walk, slice_of("<![CDATA["));
    }
}

/* Text up to the next tag, with the sections in it. */
static void take_text(struct walk *walk)
{
    struct slice element =
        walk->depth > 0 && walk->depth <= DEPTH ? walk->open[walk->depth - 1] : nothing;
    size_t begin = walk->at;
    bool simple = true;
    buffer_clear(&walk->redactor->plain);
    while (!at_end(walk)) {
        if (starts(walk, "<![CDATA[")) {
            simple = false;
            take_cdata(walk);
        } else if (starts(walk, "<!--")) {
            simple = false;
            take_comment(walk);
        } else if (walk->text.data[walk->at] == '<') {
            break;
        } else {
            size_t end = find_from(walk, walk->at, "<");
            struct slice piece = slice_sub(walk->text, walk->at, end - walk->at);
            append_plain(walk, piece, true);
            if (slice_find(piece, slice_of("]]>")) != SLICE_NONE) {
                note_odd(walk, slice_of("]]>"));
            }
            walk->at = end;
        }
    }
    struct slice raw = slice_sub(walk->text, begin, walk->at - begin);
    put_value(walk, redact_place_find(walk->redactor, element, nothing),
              simple ? raw : (struct slice){NULL, 0});
}

/* ---- tags ---- */

static bool ends_name(char c)
{
    return ascii_is_blank(c) || c == '/' || c == '>' || c == '=' || c == '<' || c == '"' ||
           c == '\'';
}

/* A part of a name: what has not the form of one that a protocol has becomes a pseudonym. */
static void put_name_part(struct walk *walk, struct slice part)
{
    enum { MOST = 48, DIGITS = 4 };
    static const struct slice signs = SLICE("-_."), others = SLICE("-_.:");
    size_t digits = 0;
    bool plain = true, legal = true;
    for (size_t i = 0; i < part.size; i++) {
        char c = part.data[i];
        bool letter = ascii_is_alpha(c) || ascii_is_digit(c);
        digits += ascii_is_digit(c);
        plain = plain && (letter || slice_find_byte(signs, c) != SLICE_NONE);
        legal = legal && (letter || (c & 0x80) != 0 || slice_find_byte(others, c) != SLICE_NONE);
    }
    if (plain && part.size <= MOST && digits <= DIGITS && !redact_is_host(part)) {
        put(walk, part);
        return;
    }
    put(walk, redact_name(walk->redactor, PSEUDONYM_NAME, part));
    put(walk, legal ? nothing : slice_of("~")); /* no name before, none now */
}

/* Documents call their namespaces what they like: short names, and what they are always called. */
static void put_prefix(struct walk *walk, struct slice prefix)
{
    enum { MOST = 3 };
    static const struct slice known[] = {SLICE("xmlns"), SLICE("soap"),  SLICE("rpid"),
                                         SLICE("pidf"),  SLICE("caps"),  SLICE("rlmi"),
                                         SLICE("card"),  SLICE("msrtc"), SLICE("cipid")};
    bool stays = prefix.size <= MOST;
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        stays = stays || slice_equal(prefix, known[i]);
    }
    if (stays) {
        put_name_part(walk, prefix);
    } else {
        put(walk, redact_name(walk->redactor, PSEUDONYM_NAME, prefix));
    }
}

static struct slice name_read(struct walk *walk)
{
    size_t begin = walk->at;
    while (!at_end(walk) && !ends_name(walk->text.data[walk->at])) {
        walk->at++;
    }
    return slice_sub(walk->text, begin, walk->at - begin);
}

static void put_name(struct walk *walk, struct slice name)
{
    static const struct slice xmlns = SLICE("xmlns");
    struct slice prefix, local;
    if (!slice_cut(name, ':', &prefix, &local)) {
        put_name_part(walk, name);
        return;
    }
    put_prefix(walk, prefix);
    (void)buffer_append_byte(walk->out, ':');
    if (slice_equal(prefix, xmlns)) {
        put_prefix(walk, local);
    } else {
        put_name_part(walk, local);
    }
}

static struct slice local_of(struct slice name)
{
    struct slice prefix, local;
    return slice_cut(name, ':', &prefix, &local) ? local : name;
}

static struct slice take_name(struct walk *walk)
{
    struct slice name = name_read(walk);
    put_name(walk, name);
    return local_of(name);
}

static void take_blanks(struct walk *walk)
{
    size_t begin = walk->at;
    while (!at_end(walk) && ascii_is_blank(walk->text.data[walk->at])) {
        walk->at++;
    }
    put(walk, slice_sub(walk->text, begin, walk->at - begin));
}

/* A value behind its quote, which has been put. */
static void take_quoted(struct walk *walk, char quote, struct slice element, struct slice name)
{
    size_t begin = walk->at;
    while (!at_end(walk) && walk->text.data[walk->at] != quote &&
           walk->text.data[walk->at] != '<') {
        walk->at++;
    }
    struct slice raw = slice_sub(walk->text, begin, walk->at - begin);
    buffer_clear(&walk->redactor->plain);
    append_plain(walk, raw, true);
    put_value(walk, redact_place_find(walk->redactor, element, name), raw);
    if (!at_end(walk) && walk->text.data[walk->at] == quote) {
        (void)buffer_append_byte(walk->out, quote);
        walk->at++;
    }
}

/* No document has a value without quotes: it says nothing to anybody. */
static void take_bare(struct walk *walk)
{
    size_t begin = walk->at;
    while (!at_end(walk) && !ends_name(walk->text.data[walk->at])) {
        walk->at++;
    }
    if (walk->at > begin) {
        struct slice raw = slice_sub(walk->text, begin, walk->at - begin);
        put(walk, redact_name(walk->redactor, PSEUDONYM_NAME, raw));
    }
}

/* No document has a name without a value: it may be a word of any text behind a "<". */
static void take_attribute(struct walk *walk, struct slice element)
{
    struct slice whole = name_read(walk);
    struct slice name = local_of(whole);
    size_t at = walk->at;
    while (at < walk->text.size && ascii_is_blank(walk->text.data[at])) {
        at++;
    }
    bool valued = at < walk->text.size && walk->text.data[at] == '=';
    if (valued) {
        put_name(walk, whole);
    } else if (whole.size > 0) {
        put(walk, redact_name(walk->redactor, PSEUDONYM_NAME, whole));
    }
    take_blanks(walk);
    if (valued) {
        (void)buffer_append_byte(walk->out, '=');
        walk->at++;
        take_blanks(walk);
    }
    if (at_end(walk) || (!valued && whole.size > 0)) {
        return;
    }
    char quote = walk->text.data[walk->at];
    if (quote == '"' || quote == '\'') {
        (void)buffer_append_byte(walk->out, quote);
        walk->at++;
        take_quoted(walk, quote, element, name);
    } else if (!ends_name(quote)) {
        take_bare(walk);
    }
}

static void push(struct walk *walk, struct slice element)
{
    if (walk->depth < DEPTH) {
        walk->open[walk->depth] = element;
    }
    walk->depth++;
}

/* "<name a="b">" */
static void take_open_tag(struct walk *walk)
{
    (void)buffer_append_byte(walk->out, '<');
    walk->at++;
    struct slice element = take_name(walk);
    bool empty = false;
    while (!at_end(walk)) {
        take_blanks(walk);
        char c = at_end(walk) ? '<' : walk->text.data[walk->at];
        if (c == '<') {
            return; /* broken off: nothing was opened */
        }
        if (c == '/' || c == '>' || c == '=') {
            (void)buffer_append_byte(walk->out, c);
            walk->at++;
            empty = c == '/' || (empty && c == '>');
            if (c == '>') {
                break;
            }
            continue;
        }
        empty = false;
        take_attribute(walk, element);
    }
    if (!empty) {
        push(walk, element);
    }
}

/* "</name>"; what else stands in it is none of a document. */
static void take_close_tag(struct walk *walk)
{
    put(walk, slice_of("</"));
    walk->at += 2;
    (void)take_name(walk);
    take_blanks(walk);
    bool odd = false;
    while (!at_end(walk) && walk->text.data[walk->at] != '>' && walk->text.data[walk->at] != '<') {
        walk->at++;
        odd = true;
    }
    if (odd) {
        (void)buffer_append_byte(walk->out, '=');
    }
    if (!at_end(walk) && walk->text.data[walk->at] == '>') {
        (void)buffer_append_byte(walk->out, '>');
        walk->at++;
    }
    walk->depth -= walk->depth > 0;
}

/* Nothing but the words that such a declaration has. */
static bool is_declaration(struct slice inner)
{
    enum { MOST = 100 };
    static const struct slice front = SLICE("xml ");
    static const struct slice known[] = {
        SLICE("version"), SLICE("encoding"), SLICE("standalone"), SLICE("utf"), SLICE("iso"),
        SLICE("us"),      SLICE("ascii"),    SLICE("yes"),        SLICE("no"),  SLICE("xml")};
    static const struct slice signs = SLICE(" \t\r\n=\"'-_.");
    bool plain = slice_starts(inner, front) && inner.size <= MOST;
    for (size_t at = 0; plain && at < inner.size;) {
        size_t size = 0;
        bool found = false;
        while (at + size < inner.size && ascii_is_alpha(inner.data[at + size])) {
            size++;
        }
        for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
            found = found || slice_equal_nocase(slice_sub(inner, at, size), known[i]);
        }
        plain = size > 0 ? found
                         : ascii_is_digit(inner.data[at]) ||
                               slice_find_byte(signs, inner.data[at]) != SLICE_NONE;
        at += size > 0 ? size : 1;
    }
    return plain;
}

/* The XML declaration stays; of other instructions nobody reads what they say, nor their name. */
static void take_instruction(struct walk *walk)
{
    static const struct slice xml = SLICE("xml");
    struct slice inner;
    bool whole = skip_section(walk, strlen("<?"), "?>", &inner);
    bool plain = is_declaration(inner);
    size_t size = 0;
    while (size < inner.size && !ends_name(inner.data[size])) {
        size++;
    }
    struct slice name = slice_sub(inner, 0, size);
    put(walk, slice_of("<?"));
    if (plain || slice_equal(name, xml)) {
        put(walk, plain ? inner : name);
    } else if (size > 0) {
        put(walk, redact_name(walk->redactor, PSEUDONYM_NAME, name));
    }
    if (whole) {
        put(walk, slice_of("?>"));
    }
}

/* A document type: nobody reads one, so its name is all that stays. */
static void take_declaration(struct walk *walk)
{
    size_t end = walk->at;
    bool brackets = false;
    while (end < walk->text.size && (brackets || walk->text.data[end] != '>')) {
        char c = walk->text.data[end];
        brackets = c == '[' || (brackets && c != ']');
        end++;
    }
    struct slice inner = slice_sub(walk->text, walk->at, end - walk->at);
    static const struct slice type = SLICE("<!DOCTYPE");
    bool known = slice_starts(inner, type);
    struct slice name = slice_trim(slice_from(inner, known ? type.size : inner.size));
    size_t size = 0;
    while (size < name.size && !ends_name(name.data[size]) && name.data[size] != '[') {
        size++;
    }
    put(walk, known ? type : slice_of("<!"));
    (void)buffer_append_byte(walk->out, ' ');
    if (size > 0) {
        put(walk, redact_name(walk->redactor, PSEUDONYM_NAME, slice_sub(name, 0, size)));
    }
    put(walk, end < walk->text.size ? slice_of(">") : nothing);
    walk->at = end < walk->text.size ? end + 1 : end;
}

void redact_put_xml(struct redactor *redactor, struct slice text, struct buffer *out)
{
    struct walk walk = {.redactor = redactor, .text = text, .out = out, .odd = nothing};
    while (!at_end(&walk)) {
        bool tag = walk.text.data[walk.at] == '<';
        if (!tag || starts(&walk, "<!--") || starts(&walk, "<![CDATA[")) {
            take_text(&walk);
        } else if (starts(&walk, "</")) {
            take_close_tag(&walk);
        } else if (starts(&walk, "<?")) {
            take_instruction(&walk);
        } else if (starts(&walk, "<!")) {
            take_declaration(&walk);
        } else {
            take_open_tag(&walk);
        }
    }
}
