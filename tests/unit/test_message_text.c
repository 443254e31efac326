/*
 * A message laid out for people: every line as it must stand, and that any bytes are survived.
 */
#include "tests/unit/output_text.h"

#include "reports/message_text.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

#define HEAD "INFO sip:gc@contoso.example SIP/2.0\r\nCSeq: 4 INFO\r\n"

struct row {
    struct slice raw;
    const char *text;
};

/* clang-format off */
static const struct row rows[] = {
    /* head */
    {SLICE("SIP/2.0 200 OK\r\nVia: SIP/2.0/TLS 192.0.2.21:51244\r\nCSeq: 1 SERVICE\r\n\r\n"),
     "SIP/2.0 200 OK\nVia: SIP/2.0/TLS 192.0.2.21:51244\nCSeq: 1 SERVICE\n\n"},
    {SLICE("\r\n\r\nOPTIONS sip:a SIP/2.0\nFrom: <sip:ada@contoso.example>;\r\n\t tag=6e1f;\r\n  epid=5d0c \nCSeq: 1"),
     "OPTIONS sip:a SIP/2.0\nFrom: <sip:ada@contoso.example>; tag=6e1f; epid=5d0c\nCSeq: 1\n"},
    {SLICE("A\rB: \033[31m \xff \xea\xb0\x80\r\n\r\n"), "A\\x0dB: \\x1b[31m \\xff \xea\xb0\x80\n\n"},
    {SLICE(""), ""},
    {SLICE("\r\n"), ""},
    /* XML: facts/xccos.md 2.1 */
    {SLICE(HEAD "Content-Type: text/plain\r\n\r\n<xccos ver=\"1\" envid=\"1804289383\" xmlns=\"urn:parlano:xml:ns:xccos\"><cmd id=\"cmd:requri\" seqid=\"1\"><data/></cmd></xccos>"),
     "INFO sip:gc@contoso.example SIP/2.0\nCSeq: 4 INFO\nContent-Type: text/plain\n\n"
     "<xccos ver=\"1\" envid=\"1804289383\" xmlns=\"urn:parlano:xml:ns:xccos\">\n"
     "  <cmd id=\"cmd:requri\" seqid=\"1\">\n"
     "    <data/>\n"
     "  </cmd>\n"
     "</xccos>\n"},
    {SLICE(HEAD "\r\n<?xml version=\"1.0\"?><rpl id='rpl:requri'><commandid seqid=\"1\" envid=\"1804289383\"/><resp code=\"200\">SUCCESS_OK</resp><data><uib uri=\"sip:gc01.chatsvc@contoso.example\"/></data></rpl>\r\n"),
     "INFO sip:gc@contoso.example SIP/2.0\nCSeq: 4 INFO\n\n"
     "<?xml version=\"1.0\"?>\n"
     "<rpl id='rpl:requri'>\n"
     "  <commandid seqid=\"1\" envid=\"1804289383\"/>\n"
     "  <resp code=\"200\">SUCCESS_OK</resp>\n"
     "  <data>\n"
     "    <uib uri=\"sip:gc01.chatsvc@contoso.example\"/>\n"
     "  </data>\n"
     "</rpl>\n"},
    /* facts/presence.md 1.2: laid out by its writer already */
    {SLICE("SIP/2.0 409 Conflict\r\nContent-Type: application/msrtc-fault+xml\r\n\r\n"
           "<Fault>\r\n <Faultcode>Client.BadCall.WrongDelta</Faultcode>\r\n <details>\r\n"
           "  <operation index=\"1\" version=\"4\" curVersion=\"6\"/>\r\n </details>\r\n</Fault>"),
     "SIP/2.0 409 Conflict\nContent-Type: application/msrtc-fault+xml\n\n"
     "<Fault>\n"
     "  <Faultcode>Client.BadCall.WrongDelta</Faultcode>\n"
     "  <details>\n"
     "    <operation index=\"1\" version=\"4\" curVersion=\"6\"/>\n"
     "  </details>\n"
     "</Fault>\n"},
    /* text stays what it is: lines of chat, escaped XML, CDATA, blanks, text beside tags */
    {SLICE("M\n\n<a><chat>one\r\n  two</chat><chat>&lt;b&gt;x&lt;/b&gt;</chat></a>"),
     "M\n\n<a>\n  <chat>one\n  two</chat>\n  <chat>&lt;b&gt;x&lt;/b&gt;</chat>\n</a>\n"},
    {SLICE("M\n\n<a><b><![CDATA[<x><y/></x>]]></b><b> <![CDATA[]]></b></a>"),
     "M\n\n<a>\n  <b><![CDATA[<x><y/></x>]]></b>\n  <b> <![CDATA[]]></b>\n</a>\n"},
    {SLICE("M\n\n<a><b>  </b><b></b><b>\n</b></a>"),
     "M\n\n<a>\n  <b>  </b>\n  <b></b>\n  <b>\n  </b>\n</a>\n"},
    {SLICE("M\n\n<p>one <b>two</b> three</p>"), "M\n\n<p>one <b>two</b> three</p>\n"},
    {SLICE("M\n\n<a><!-- <b> --><?x <c> ?></a>"), "M\n\n<a>\n  <!-- <b> -->\n  <?x <c> ?>\n</a>\n"},
    {SLICE("M\n\n<!DOCTYPE a [<!ENTITY b \"c\">]><a/>"),
     "M\n\n<!DOCTYPE a [<!ENTITY b \"c\">]>\n<a/>\n"},
    {SLICE("M\n\n<a b=\"x>y\" c='\"'><d/></a>"), "M\n\n<a b=\"x>y\" c='\"'>\n  <d/>\n</a>\n"},
    {SLICE("M\n\n\xef\xbb\xbf<a><b/></a>"), "M\n\n\\ufeff<a>\n  <b/>\n</a>\n"},
    /* what is damaged is shown as it is */
    {SLICE("M\nContent-Type: text/xml\n\n<a><b/><c d=\"1"), "M\nContent-Type: text/xml\n\n<a>\n  <b/><c d=\"1\n"},
    {SLICE("M\n\n<a>3 < 4</a></a></a><b/>"), "M\n\n<a>3 < 4</a>\n</a>\n</a>\n<b/>\n"},
    {SLICE("M\nc: x/xml\n\n<a><!-- <b><c/>"), "M\nc: x/xml\n\n<a><!-- <b><c/>\n"},
    {SLICE("M\n\n<3 you all>"), "M\n\n<3 you all>\n"},
    {SLICE("M\n\n<a> is what he typed"), "M\n\n<a> is what he typed\n"},
    /* other text */
    {SLICE("M\r\nContent-Type: application/sdp\r\n\r\nv=0\r\no=- 0 0 IN IP4 192.0.2.21\r\n\r\ns=session\r\n"),
     "M\nContent-Type: application/sdp\n\nv=0\no=- 0 0 IN IP4 192.0.2.21\n\ns=session\n"},
    {SLICE("M\n\n\xec\x95\x88\xeb\x85\x95 \xe2\x80\xae."), "M\n\n\xec\x95\x88\xeb\x85\x95 \\u202e.\n"},
    /* no text */
    {SLICE("M\n\n0\x82\0\x28"), "M\n\n[4 bytes that are no text: 30 82 00 28]\n"},
    {SLICE("M\n\n\xff"), "M\n\n[1 byte that is no text: ff]\n"},
    {SLICE("M\n\n0123456789abcdef\0"),
     "M\n\n[17 bytes that are no text: 30 31 32 33 34 35 36 37 38 39 61 62 63 64 65 66 ...]\n"},
    /* facts/presence.md 1.4, shortened */
    {SLICE("SIP/2.0 200 OK\r\n"
           "Content-Type: multipart/related; type=\"application/rlmi+xml\";\r\n start=resourceList; boundary=b0b1b2b3\r\n\r\n"
           "--b0b1b2b3\r\nContent-ID: resourceList\r\nContent-Type: application/rlmi+xml\r\n\r\n"
           "<list version=\"0\"><resource uri=\"sip:ada@contoso.example\"/></list>\r\n"
           "--b0b1b2b3\r\n\r\nplain\r\n--b0b1b2b3--\r\n"),
     "SIP/2.0 200 OK\n"
     "Content-Type: multipart/related; type=\"application/rlmi+xml\"; start=resourceList; boundary=b0b1b2b3\n\n"
     "--b0b1b2b3\nContent-ID: resourceList\nContent-Type: application/rlmi+xml\n\n"
     "<list version=\"0\">\n  <resource uri=\"sip:ada@contoso.example\"/>\n</list>\n"
     "--b0b1b2b3\n\nplain\n--b0b1b2b3--\n"},
    /* multipart in multipart; the inner one is not closed; something follows the end */
    {SLICE("M\nc: Multipart/Mixed; x; boundary=\"a;b\"\n\nbefore\n--a;b\nc: multipart/x;boundary=i\n\n--i\n\n<x><y/></x>\n"
           "--i \nno: head\n--a;bc\n--a;b\nc: a/b\n\n<x><y/></x>\n--a;b--\nafter\n--i\n"),
     "M\nc: Multipart/Mixed; x; boundary=\"a;b\"\n\nbefore\n--a;b\nc: multipart/x;boundary=i\n\n--i\n\n<x>\n  <y/>\n</x>\n"
     "--i \nno: head\n--a;bc\n--a;b\nc: a/b\n\n<x>\n  <y/>\n</x>\n--a;b--\nafter\n--i\n"},
    {SLICE("M\nc: multipart/mixed; boundary=a\n\n--a\nc: x/y\n--a\n\n0\0\n--a--"),
     "M\nc: multipart/mixed; boundary=a\n\n--a\nc: x/y\n--a\n\n[3 bytes that are no text: 30 00 0a]\n--a--\n"},
    {SLICE("M\nc: multipart/mixed\n\n--a\n\n<x><y/></x>\n--a--"),
     "M\nc: multipart/mixed\n\n--a\n\n<x><y/></x>\n--a--\n"},
};
/* clang-format on */

static void messages_are_laid_out(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct guard guard = guard_copy(rows[i].raw);
        assert_slice_equal(message_text(guard.bytes, SIZE_MAX, &arena), rows[i].text);
        guard_free(&guard);
    }
    arena_dispose(&arena);
}

static bool is_shown_safely(struct slice text)
{
    while (text.size > 0) {
        uint32_t code = 0;
        size_t size = text_character(text, &code);
        if (size == 0 || (code < 0x20 && code != '\n') || (code >= 0x7f && code < 0xa0)) {
            return false;
        }
        text = slice_from(text, size);
    }
    return true;
}

static void every_prefix_is_survived(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena);
    for (size_t i = 0; i < COUNT(rows); i++) {
        for (size_t size = 0; size <= rows[i].raw.size; size++) {
            struct guard guard = guard_copy(slice_sub(rows[i].raw, 0, size));
            struct slice text = message_text(guard.bytes, SIZE_MAX, &arena);
            assert_true(is_shown_safely(text));
            assert_true(text.size == 0 || text.data[text.size - 1] == '\n');
            guard_free(&guard);
        }
        arena_reset(&arena);
    }
    arena_dispose(&arena);
}

static void what_is_too_long_says_how_much_more_there_is(void **state)
{
    (void)state;
    static const struct {
        struct slice raw;
        size_t most;
        const char *text;
    } cuts[] = {
        {SLICE("ABC\nDEF\n\nGH\nIJ"), 0, "[14 more bytes]\n"},
        {SLICE("ABC\nDEF\n\nGH\nIJ"), 1, "ABC\n[10 more bytes]\n"},
        {SLICE("ABC\nDEF\n\nGH\nIJ"), 9, "ABC\nDEF\n\n[5 more bytes]\n"},
        {SLICE("ABC\nDEF\n\nGH\nI"), 12, "ABC\nDEF\n\nGH\n[1 more byte]\n"},
        {SLICE("ABC\nDEF\n\nGH\nI"), 13, "ABC\nDEF\n\nGH\nI\n"},
        {SLICE("M\n\n<a><b/></a>"), 6, "M\n\n<a>\n[8 more bytes]\n"},
        {SLICE("M\n\n0\0"), 3, "M\n\n[2 more bytes]\n"},
    };
    struct arena arena;
    arena_init(&arena);
    for (size_t i = 0; i < COUNT(cuts); i++) {
        assert_slice_equal(message_text(cuts[i].raw, cuts[i].most, &arena), cuts[i].text);
    }
    arena_dispose(&arena);
}

/* `count` times `unit`, in a buffer that the caller releases. */
static struct slice repeated(const char *head, const char *unit, size_t count)
{
    struct slice part = slice_of(unit);
    struct slice start = slice_of(head);
    char *text = malloc(start.size + part.size * count + 1);
    memcpy(text, start.data, start.size);
    for (size_t i = 0; i < count; i++) {
        memcpy(text + start.size + i * part.size, part.data, part.size);
    }
    return (struct slice){text, start.size + part.size * count};
}

/* Each of these takes hours where a scan starts over for every unit. */
static void hostile_messages_cost_their_length(void **state)
{
    (void)state;
    static const char head[] = "M\nc: multipart/xml; boundary=-\n\n";
    static const char *const units[] = {
        "<a>", "<a \"", "<!--", "<![CDATA[", "<?",  "<![", "<",         "<a>\n",    "</a> ",
        "\n",  "---\n", "--\n", "-----\n",   "<!>", "\r",  "\xea\xb0 ", "\n--- \n", "<a></a>x<b>"};
    struct arena arena;
    arena_init(&arena);
    for (size_t i = 0; i < COUNT(units); i++) {
        for (int multipart = 0; multipart < 2; multipart++) {
            struct slice raw = repeated(multipart ? head : "M\nc: x/xml\n\n", units[i], 100000);
            struct slice text = message_text(raw, SIZE_MAX, &arena);
            assert_true(text.size <= 13 * raw.size + 128);
            assert_true(message_text(raw, 5000, &arena).size <= 5000 + 4 * 512 + 64);
            memory_release(raw);
            arena_reset(&arena);
        }
    }
    struct slice folded = repeated("M\nA: b\n", " x\n", 100000);
    assert_true(message_text(folded, SIZE_MAX, &arena).size <= folded.size);
    memory_release(folded);
    arena_dispose(&arena);
}

/* Characters are not torn where a long text is made safe in portions. */
static void long_lines_keep_their_characters(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena);
    static const char *const heads[] = {"M\n\n", "M\n\nx", "M\n\nxx", "M\n\nxxx"};
    for (size_t i = 0; i < COUNT(heads); i++) {
        struct slice raw = repeated(heads[i], "\xf0\x9f\x98\x80", 1000);
        struct slice text = message_text(raw, SIZE_MAX, &arena);
        assert_int_equal(slice_find(text, (struct slice)SLICE("\\x")), SLICE_NONE);
        memory_release(raw);
    }
    arena_dispose(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(messages_are_laid_out),
        cmocka_unit_test(every_prefix_is_survived),
        cmocka_unit_test(what_is_too_long_says_how_much_more_there_is),
        cmocka_unit_test(hostile_messages_cost_their_length),
        cmocka_unit_test(long_lines_keep_their_characters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
