/*
 * The XML reader: decoders/xml.c. What it hands on is compared as text:
 * "<name@offset{namespace} prefix:attribute=value", "|text", ">@end".
 */
#include "tests/unit/harness.h"

#include <stdio.h>
#include <stdlib.h>

#include "analyzer/engine/arena.h"
#include "analyzer/engine/buffer.h"
#include "decoders/xml.h"

/* ---- events as text ---- */

struct log {
    struct buffer text;
    struct slice document;
    bool exact;   /* positions are checked against the bytes of the document */
    bool in_text; /* pieces of one text are joined */
    size_t starts;
    size_t ends;
};

static void put(struct log *log, struct slice text)
{
    assert_true(buffer_append(&log->text, text));
}

static void put_text(struct log *log, const char *text)
{
    put(log, slice_of(text));
}

static void on_start(void *context, const struct xml_element *element)
{
    struct log *log = context;
    char offset[32];
    log->in_text = false;
    assert_int_equal(element->depth, log->starts - log->ends);
    log->starts++;
    if (log->exact) {
        assert_int_equal(log->document.data[element->offset], '<');
    }
    snprintf(offset, sizeof offset, "@%zu", element->offset);
    put_text(log, "<");
    put(log, element->name);
    put_text(log, offset);
    if (element->namespace.size > 0) {
        put_text(log, "{");
        put(log, element->namespace);
        put_text(log, "}");
    }
    for (size_t i = 0; i < element->attribute_count; i++) {
        put_text(log, " ");
        if (element->attributes[i].prefix.size > 0) {
            put(log, element->attributes[i].prefix);
            put_text(log, ":");
        }
        put(log, element->attributes[i].name);
        put_text(log, "=");
        put(log, element->attributes[i].value);
    }
}

static void on_text(void *context, struct slice text)
{
    struct log *log = context;
    put_text(log, log->in_text ? "" : "|");
    put(log, text);
    log->in_text = true;
}

static void on_end(void *context, struct slice name, unsigned depth, size_t end_offset)
{
    struct log *log = context;
    char offset[32];
    log->in_text = false;
    log->ends++;
    assert_int_equal(depth, log->starts - log->ends);
    assert_true(name.size > 0);
    if (log->exact) {
        assert_int_equal(log->document.data[end_offset - 1], '>');
    }
    snprintf(offset, sizeof offset, ">@%zu", end_offset);
    put_text(log, offset);
}

static struct xml_result read_logged(struct xml_reader *reader, struct slice document, bool exact,
                                     struct log *log)
{
    *log = (struct log){.document = document, .exact = exact};
    buffer_init(&log->text, SIZE_MAX);
    struct xml_handler handler = {log, on_start, on_text, on_end};
    return xml_read(reader, document, &handler);
}

/* ---- documents ---- */

struct xml_case {
    const char *name;
    struct slice document;
    const char *events;
    enum xml_status status;
    size_t offset; /* when the status is not XML_OK */
    const char *problem;
};

/* clang-format off */
static const struct xml_case cases[] = {
    {"empty element", SLICE("<a/>"), "<a@0>@4", XML_OK, 0, ""},
    {"nesting and text", SLICE("<a x='1'>t<b>u</b>v</a>"), "<a@0 x=1|t<b@10|u>@18|v>@23", XML_OK, 0, ""},
    {"namespaces", SLICE("<p:a xmlns:p='u' xmlns='v' p:x='1' y='2'><b/></p:a>"),
     "<a@0{u} p:x=1 y=2<b@41{v}>@45>@51", XML_OK, 0, ""},
    {"undeclared prefix", SLICE("<p:a q:x='1'/>"), "<a@0 q:x=1>@14", XML_OK, 0, ""},
    {"the five entities and numeric ones", SLICE("<a x='&lt;&amp;&#38;&quot;&#x41;&apos;'>&gt;&amp;&#13;&#x20AC;</a>"),
     "<a@0 x=<&&\"A'|>&\r\xE2\x82\xAC>@66", XML_OK, 0, ""},
    {"line ends", SLICE("<a>\r\n\r\n\n</a>"), "<a@0|\n\n\n>@12", XML_OK, 0, ""},
    {"blanks in tags", SLICE("<a  x = \"1\"\r\n\ty='2'  ><b  /></a  >"), "<a@0 x=1 y=2<b@22>@28>@34", XML_OK, 0, ""},
    {"CDATA, comments, instructions", SLICE("<?i x?><!--<c>--><a><![CDATA[<&]]><!--d--><?j?>e</a><!--f-->"),
     "<a@17|<&e>@52", XML_OK, 0, ""},
    {"declaration", SLICE("<?xml version='1.0' encoding='utf-8' standalone='yes'?><a/>"), "<a@55>@59", XML_OK, 0, ""},
    {"blanks before the declaration", SLICE(" \r\n<?xml version='1.0'?><a/>"), "<a@24>@28", XML_OK, 0, ""},
    {"byte order mark", SLICE("\xEF\xBB\xBF<a/>"), "<a@3>@7", XML_OK, 0, ""},
    {"blanks around the mark", SLICE("\n\xEF\xBB\xBF\n<?xml version='1.0'?><a/>"), "<a@26>@30", XML_OK, 0, ""},
    {"claims utf-16", SLICE("<?xml version='1.0' encoding='utf-16'?><a>\xC3\xBC</a>"), "<a@39|\xC3\xBC>@48", XML_OK, 0, ""},
    {"claims what nobody knows", SLICE("<?xml version='1.0' encoding='x-klingon'?><a>\xC3\xBC</a>"), "<a@42|\xC3\xBC>@51", XML_OK, 0, ""},
    {"ISO-8859-1", SLICE("<?xml version='1.0' encoding='ISO-8859-1'?><a>\xFC</a>\n<!---->"), "<a@43|\xC3\xBC>@51", XML_OK, 0, ""},
    {"UTF-16, little end first", SLICE("\xFF\xFE<\0a\0>\0\xFC\0<\0/\0a\0>\0"), "<a@2|\xC3\xBC>@18", XML_OK, 0, ""},
    {"UTF-16, big end first, no mark", SLICE("\0<\0a\0>\xD8\x3D\xDE\x00\0<\0/\0a\0>"), "<a@0|\xF0\x9F\x98\x80>@18", XML_OK, 0, ""},
    {"UTF-16, half a pair", SLICE("<\0a\0>\0\x00\xD8<\0/\0a\0>\0"), "<a@0|\xEF\xBF\xBD>@16", XML_OK, 0, ""},
    {"UTF-16, half a unit", SLICE("<\0a\0/\0>\0<"), "<a@0>@8", XML_OK, 0, ""},

    {"nothing", SLICE(""), "", XML_BROKEN, 0, "does not start with a tag"},
    {"blanks", SLICE(" \n"), "", XML_BROKEN, 2, "does not start with a tag"},
    {"text", SLICE("hello"), "", XML_BROKEN, 0, "does not start with a tag"},
    {"EBCDIC", SLICE("\x4C\x6F\xA7\x94"), "", XML_BROKEN, 0, "does not start with a tag"},
    {"wrong end tag", SLICE("<a><b/><c></a>"), "<a@0<b@3>@7<c@7", XML_BROKEN, 14, "Opening and ending tag mismatch: c line 1 and a"},
    {"tag without end", SLICE("<a><b"), "<a@0", XML_BROKEN, 5, "Couldn't find end of Start Tag b line 1"},
    {"element without end", SLICE("<a><b>t"), "<a@0<b@3|t", XML_BROKEN, 7, "Premature end of data in tag b line 1"},
    {"attribute twice", SLICE("<a><b x='1' x='2'/></a>"), "<a@0", XML_BROKEN, 17, "Attribute x redefined"},
    {"after the root", SLICE("<a/><b/>"), "<a@0>@4", XML_BROKEN, 4, "Extra content at the end of the document"},
    {"not UTF-8", SLICE("<a>t\xFF</a>"), "<a@0|t", XML_BROKEN, 4, "Input is not proper UTF-8, indicate encoding !Bytes: 0xFF 0x3C 0x2F 0x61"},
    {"unknown entity", SLICE("<a>&nbsp;</a>"), "<a@0", XML_BROKEN, 9, "Entity 'nbsp' not defined"},
    {"NUL byte", SLICE("<a>t\0</a>"), "<a@0|t", XML_BROKEN, 4, "NUL byte"},
    {"NUL byte after the root", SLICE("<a/>\0"), "<a@0>@4", XML_BROKEN, 4, "NUL byte"},
    {"UCS-4", SLICE("<\0\0\0a\0\0\0/\0\0\0>\0\0\0"), "", XML_BROKEN, 2, "NUL byte"},
    {"control characters in the problem", SLICE("<a>&b\x01\x1B;</a>"), "<a@0", XML_BROKEN, 5, "EntityRef: expecting ';'"},
    {"DTD", SLICE("<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"), "", XML_REFUSED, 0, "document type declaration"},
    {"external DTD", SLICE("<?xml version='1.0'?><!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>"), "", XML_REFUSED, 21, "document type declaration"},
};
/* clang-format on */

struct claim_case {
    struct slice document;
    const char *claim;
};

/* clang-format off */
static const struct claim_case claim_cases[] = {
    {SLICE("<a/>"), ""},
    {SLICE("<?xml version='1.0'?><a b='encoding=\"utf-16\"'/>"), ""},
    {SLICE("<?xml version='1.0' encoding='UTF-8'?><a/>"), ""},
    {SLICE("<?xml version='1.0' encoding=\"us-ascii\"?><a/>"), ""},
    {SLICE("<?xml version='1.0' encoding='iso-8859-1'?><a/>"), ""},
    {SLICE("<?xml version='1.0' encoding='utf-16'?><a/>"), "utf-16, read as UTF-8"},
    {SLICE(" <?xml version='1.0' encoding = \"UTF-16LE\" ?><a/>"), "UTF-16LE, read as UTF-8"},
    {SLICE("<?xml version='1.0' encoding='x-k\x1b\xfc'?><a/>"), "x-k??, read as UTF-8"},
    {SLICE("<?xml version='1.0' encoding='a-name-that-nobody-would-ever-use'?><a/>"),
     "a-name-that-nobody-would, read as UTF-8"},
    {SLICE("<?xml version='1.0' encoding='utf-16"), ""},
    {SLICE("<?xml version='1.0' encoding='utf-16'"), "utf-16, read as UTF-8"},
    {SLICE("<?xml encoding="), ""},
    {SLICE("\xFF\xFE<\0?\0x\0m\0l\0 \0e\0n\0c\0o\0d\0i\0n\0g\0=\0'\0u\0t\0f\0-\0" "1\0" "6\0'\0?\0>\0<\0a\0/\0>\0"), ""},
    {SLICE("\xFF\xFE<\0?\0x\0m\0l\0 \0e\0n\0c\0o\0d\0i\0n\0g\0=\0'\0u\0t\0f\0-\0" "8\0'\0?\0>\0<\0a\0/\0>\0"),
     "utf-8, read as UTF-16"},
};
/* clang-format on */

static void test_encodings_that_are_not_true(void **state)
{
    (void)state;
    struct limits limits = limits_default();
    struct xml_reader *reader = xml_reader_new(&limits);
    for (size_t i = 0; i < sizeof claim_cases / sizeof claim_cases[0]; i++) {
        struct log log;
        struct guard guard = guard_copy(claim_cases[i].document);
        struct xml_result result = read_logged(reader, guard.bytes, false, &log);
        assert_string_equal(result.claim, claim_cases[i].claim);
        buffer_dispose(&log.text);
        guard_free(&guard);
    }
    xml_reader_free(reader);
}

static void check_case(struct xml_reader *reader, const struct xml_case *test)
{
    struct log log;
    struct guard guard = guard_copy(test->document);
    struct xml_result result = read_logged(reader, guard.bytes, false, &log);
    if (!slice_equal(buffer_slice(&log.text), slice_of(test->events))) {
        fail_msg("%s: gives %.*s", test->name, (int)log.text.size, log.text.data);
    }
    if (result.status != test->status || result.offset != test->offset ||
        strcmp(result.problem, test->problem) != 0) {
        fail_msg("%s: status %d at %zu: %s", test->name, (int)result.status, result.offset,
                 result.problem);
    }
    buffer_dispose(&log.text);
    guard_free(&guard);
}

static void test_documents(void **state)
{
    (void)state;
    struct limits limits = limits_default();
    struct xml_reader *reader = xml_reader_new(&limits);
    /* Twice, so that each document is also read after every kind of failure. */
    for (int round = 0; round < 2; round++) {
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
            check_case(reader, &cases[i]);
        }
    }
    xml_reader_free(reader);
}

/* A prefix gives the first of the events that the whole document gives, text pieces aside. */
static void test_every_prefix_gives_the_first_events(void **state)
{
    (void)state;
    struct limits limits = limits_default();
    struct xml_reader *reader = xml_reader_new(&limits);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        for (size_t size = 0; size < cases[i].document.size; size++) {
            struct log log;
            struct guard guard = guard_copy(slice_sub(cases[i].document, 0, size));
            (void)read_logged(reader, guard.bytes, false, &log);
            if (!slice_starts(slice_of(cases[i].events), buffer_slice(&log.text))) {
                fail_msg("%s: %zu bytes give %.*s", cases[i].name, size, (int)log.text.size,
                         log.text.data);
            }
            buffer_dispose(&log.text);
            guard_free(&guard);
        }
    }
    xml_reader_free(reader);
}

/* A name of 300 bytes does not fit: the problem ends after its last whole character. */
static void test_long_problem(void **state)
{
    (void)state;
    struct limits limits = limits_default();
    struct xml_reader *reader = xml_reader_new(&limits);
    struct buffer text;
    struct log log;
    buffer_init(&text, SIZE_MAX);
    buffer_append_text(&text, "<a>&x");
    for (int i = 0; i < 150; i++) {
        buffer_append_text(&text, "\xC3\xBC");
    }
    buffer_append_text(&text, ";</a>");
    struct xml_result result = read_logged(reader, buffer_slice(&text), true, &log);
    assert_int_equal(result.status, XML_BROKEN);
    size_t size = strlen(result.problem);
    assert_true(size > 150 && size < sizeof result.problem);
    assert_int_equal(result.problem[size - 2], '\xC3');
    assert_int_equal(result.problem[size - 1], '\xBC');
    buffer_dispose(&log.text);
    buffer_dispose(&text);
    xml_reader_free(reader);
}

/* ---- caps ---- */

static struct xml_result read_counted(const struct limits *limits, struct slice document,
                                      struct log *log)
{
    struct xml_reader *reader = xml_reader_new(limits);
    struct xml_result result = read_logged(reader, document, true, log);
    xml_reader_free(reader);
    return result;
}

static void check_refused(const struct limits *limits, struct slice document, const char *events,
                          size_t offset, const char *problem)
{
    struct log log;
    struct xml_result result = read_counted(limits, document, &log);
    assert_slice_equal(buffer_slice(&log.text), events);
    assert_int_equal(result.status, XML_REFUSED);
    assert_int_equal(result.offset, offset);
    assert_string_equal(result.problem, problem);
    buffer_dispose(&log.text);
}

static void test_caps(void **state)
{
    (void)state;
    struct limits limits = limits_default();
    limits.xml_depth = 2;
    limits.xml_attributes = 2;
    limits.xml_bytes = 24;
    check_refused(&limits, slice_of("<a><b><c/></b></a>"), "<a@0<b@3", 6,
                  "elements nested deeper than the cap (xml_depth)");
    check_refused(&limits, slice_of("<a><b x='' y='' z=''/>"), "<a@0", 3,
                  "more attributes than the cap (xml_attributes)");
    check_refused(&limits, slice_of("<a><b/><b/><b/><b/><b/><b/></a>"),
                  "<a@0<b@3>@7<b@7>@11<b@11>@15<b@15>@19<b@19>@23", 24,
                  "larger than the cap (xml_bytes)");
}

static void test_capped_namespaces(void **state)
{
    (void)state;
    struct limits limits = limits_default();
    struct buffer text;
    struct log log;
    buffer_init(&text, SIZE_MAX);
    for (int depth = 0; depth < 5; depth++) {
        buffer_append_text(&text, "<a");
        for (int i = 0; i < 60; i++) {
            char declaration[64];
            snprintf(declaration, sizeof declaration, " xmlns:n%d_%d='u'", depth, i);
            buffer_append_text(&text, declaration);
        }
        buffer_append_text(&text, ">");
    }
    struct xml_result result = read_counted(&limits, buffer_slice(&text), &log);
    assert_int_equal(result.status, XML_REFUSED);
    assert_string_equal(result.problem, "more namespaces in scope than the cap");
    assert_int_equal(log.starts, 4);
    buffer_dispose(&log.text);
    buffer_dispose(&text);
}

/* ---- large documents ---- */

enum { BIG = 4 << 20 };

struct big_case {
    const char *name;
    const char *head;
    const char *unit; /* repeated up to BIG bytes; "%zu" is the number of the repetition */
    const char *tail;
    enum xml_status status;
};

/* What could cost more than linear time in the parser, or fill its memory for good. */
static const struct big_case big_cases[] = {
    {"elements", "<a>", "<b x=\"1\"/>", "</a>", XML_OK},
    {"one attribute value", "<a x=\"", "0,", "\"/>", XML_OK},
    {"attributes of one tag", "<a", " x%zu=\"\"", "/>", XML_REFUSED},
    {"namespaces of one tag", "<a", " xmlns:x%zu=\"u\"", "/>", XML_REFUSED},
    {"open elements", "", "<a>", "", XML_REFUSED},
    {"names of elements", "<a>", "<b%zu/>", "</a>", XML_REFUSED},
    {"names of attributes", "<a>", "<b c%zu=\"\"/>", "</a>", XML_REFUSED},
    {"names of instructions", "<a>", "<?b%zu?>", "</a>", XML_REFUSED},
    {"names in wrong end tags", "<a>", "<a></b%zu>", "</a>", XML_BROKEN},
    {"prefixes", "<a>", "<p%zu:b/>", "</a>", XML_REFUSED},
    {"unknown entities", "<a>", "&b;", "</a>", XML_BROKEN},
    {"stray brackets", "<a>", "<", "</a>", XML_BROKEN},
    {"quotes", "<a>", "<\"", "</a>", XML_BROKEN},
    {"an open comment", "<a>", "<!--", "</a>", XML_BROKEN},
    {"numeric references", "<a>", "&#65;", "</a>", XML_OK},
    {"text", "<a>", "text\r\n", "</a>", XML_OK},
    {"bytes that are not UTF-8", "<a>", "\xFF", "</a>", XML_BROKEN},
    {"redeclared namespaces", "<a>", "<b xmlns=\"u\" xmlns:p=\"v\"/>", "</a>", XML_OK},
};

static struct buffer big_document(const struct big_case *test, size_t size)
{
    struct buffer text;
    buffer_init(&text, SIZE_MAX);
    buffer_append_text(&text, test->head);
    bool numbered = strchr(test->unit, '%') != NULL;
    for (size_t i = 0; text.size + 64 < size; i++) {
        if (numbered) {
            struct slice before;
            struct slice after;
            slice_cut(slice_of(test->unit), '%', &before, &after);
            buffer_append(&text, before);
            buffer_append_u64(&text, i);
            buffer_append(&text, slice_from(after, 2));
        } else {
            buffer_append_text(&text, test->unit);
        }
    }
    buffer_append_text(&text, test->tail);
    return text;
}

static void count_start(void *context, const struct xml_element *element)
{
    (void)element;
    ++*(size_t *)context;
}

static void count_text(void *context, struct slice text)
{
    (void)context;
    (void)text;
}

static void count_end(void *context, struct slice name, unsigned depth, size_t end_offset)
{
    (void)context;
    (void)name;
    (void)depth;
    (void)end_offset;
}

/* A quadratic step would show as minutes; the time limit is ctest's. */
static void test_big_documents(void **state)
{
    (void)state;
    struct limits limits = limits_default();
    struct xml_reader *reader = xml_reader_new(&limits);
    for (size_t i = 0; i < sizeof big_cases / sizeof big_cases[0]; i++) {
        struct buffer text = big_document(&big_cases[i], BIG);
        size_t starts = 0;
        struct xml_handler handler = {&starts, count_start, count_text, count_end};
        struct xml_result result = xml_read(reader, buffer_slice(&text), &handler);
        if (result.status != big_cases[i].status) {
            fail_msg("%s: status %d at %zu: %s", big_cases[i].name, (int)result.status,
                     result.offset, result.problem);
        }
        buffer_dispose(&text);
        check_case(reader, &cases[1]);
    }
    xml_reader_free(reader);
}

/* libxml2 takes what it thinks a file for at most ten million bytes; a body may be longer. */
static void test_documents_of_more_than_ten_million_bytes(void **state)
{
    (void)state;
    static const struct big_case long_cases[] = {
        {"elements", "<a>", "<b x=\"1\"/>", "</a>", XML_OK},
        {"text", "<a>", "text ", "</a>", XML_OK},
    };
    struct limits limits = limits_default();
    struct xml_reader *reader = xml_reader_new(&limits);
    for (size_t i = 0; i < sizeof long_cases / sizeof long_cases[0]; i++) {
        struct buffer text = big_document(&long_cases[i], 12 << 20);
        size_t starts = 0;
        struct xml_handler handler = {&starts, count_start, count_text, count_end};
        struct xml_result result = xml_read(reader, buffer_slice(&text), &handler);
        if (result.status != XML_OK || starts < 1) {
            fail_msg("%s: %zu, %s", long_cases[i].name, result.offset, result.problem);
        }
        buffer_dispose(&text);
    }
    xml_reader_free(reader);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_documents),
        cmocka_unit_test(test_encodings_that_are_not_true),
        cmocka_unit_test(test_every_prefix_gives_the_first_events),
        cmocka_unit_test(test_long_problem),
        cmocka_unit_test(test_caps),
        cmocka_unit_test(test_capped_namespaces),
        cmocka_unit_test(test_big_documents),
        cmocka_unit_test(test_documents_of_more_than_ten_million_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
