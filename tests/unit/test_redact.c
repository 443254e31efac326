/*
 * decoders/redact*.c: what becomes of a message, what stays, and that nothing is left of a name.
 * In what is expected * stands for a pseudonym.
 */
#include "tests/unit/harness.h"

#include <stdio.h>
#include <stdlib.h>

#include "decoders/body.h"
#include "decoders/redact.h"
#include "decoders/sip.h"

static const struct pseudonym_key key = {.bytes = {1, 2, 3}};

struct fixture {
    struct redactor *redactor;
    struct guard guard;
};

static struct slice redact(struct fixture *fixture, const char *raw)
{
    fixture->redactor = redactor_new(&key, test_seed());
    fixture->guard = guard_copy(slice_of(raw));
    return redact_message(fixture->redactor, fixture->guard.bytes);
}

static void release(struct fixture *fixture)
{
    redactor_free(fixture->redactor);
    guard_free(&fixture->guard);
}

static void assert_matches(struct slice text, const char *pattern)
{
    if (!slice_matches(slice_of(pattern), text)) {
        fail_msg("\"%.*s\" is not like \"%s\"", (int)text.size, text.data, pattern);
    }
}

/* What no pseudonym and no word of a protocol has in it. */
static void assert_nameless(struct slice text)
{
    static const char *const names[] = {"ada",     "bob",      "lovelace",     "contoso", "fe01",
                                        "192.0.2", "fabrikam", "2001:db8::15", "secret",  "rack7",
                                        "engine",  "4255550",  "private",      "hello",   "plan",
                                        "kmuller", "Raum",     "Zimmer",       "patents", "buero"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (slice_find_nocase(text, slice_of(names[i])) != SLICE_NONE) {
            fail_msg("\"%s\" is left in \"%.*s\"", names[i], (int)text.size, text.data);
        }
    }
}

/* ---- headers ---- */

/* clang-format off */
static const struct {
    const char *header;
    const char *expected;
} headers[] = {
    {"Via: SIP/2.0/TLS 192.0.2.21:51244;branch=z9hG4bK-ada;received=192.0.2.5;rport=51244",
     "Via: SIP/2.0/TLS [2001:db8::*]:51244;branch=z9hG4bKname-*;received=[2001:db8::*];rport=51244"},
    {"v: SIP / 2.0 / TCP fe01.contoso.example:5060", "v: SIP / 2.0 / TCP host-*.dom-*.invalid:5060"},
    {"From: \"Ada Lovelace\" <sip:ada@contoso.example>;tag=ada1;epid=01010101",
     "From: \"text-*\" <sip:user-*@dom-*.invalid>;tag=name-*;epid=name-*"},
    {"To: Ada <sips:ada:secret@fe01.contoso.example:5061;transport=tls;x=ada>",
     "To: text-* <sips:user-*@host-*.dom-*.invalid:5061;transport=tls;x=name-*>"},
    {"From: \\\"ada\\\" <sip:ada@contoso.example>;tag=1", "From: \\\"text-*\\\" <sip:user-*@dom-*.invalid>;tag=name-*"},
    {"From: \"Lovelace, Ada \\\"private\\\"\" <sip:ada@contoso.example>", "From: \"text-*\" <sip:user-*@dom-*.invalid>"},
    {"From: sip:ada@contoso.example;tag=ada", "From: sip:user-*@dom-*.invalid;tag=name-*"},
    {"From: tel:+1-425-555-0100;tag=x", "From: tel:user-*;tag=name-*"},
    {"Contact: *", "Contact: *"},
    {"Contact: <sip:ada@contoso.example;opaque=user:epid:adaXYZ;gruu>;expires=7200;+sip.instance=\"<urn:uuid:0A1B2C3D-0000-5111-8222-333344445555>\"",
     "Contact: <sip:user-*@dom-*.invalid;opaque=user:epid:name-*;gruu>;expires=7200;+sip.instance=\"<urn:uuid:0A1B2C3D-0000-5111-8222-333344445555>\""},
    {"Contact: <sip:ada@contoso.example>;+sip.instance=\"<urn:uuid:6f9619ff-8b86-11d0-b42d-00005e005321>\"",
     "Contact: <sip:user-*@dom-*.invalid>;+sip.instance=\"<urn:name-*>\""},
    {"m: <sip:fe01.contoso.example:5061;ms-fe=fe01.contoso.example>, <sip:192.0.2.5>",
     "m: <sip:host-*.dom-*.invalid:5061;ms-fe=host-*.dom-*.invalid>, <sip:[2001:db8::*]>"},
    {"Contact: <sip:ada@[2001:db8::15]:5061;methods=\"INVITE\">", "Contact: <sip:user-*@[2001:db8::*]:5061;methods=\"INVITE\">"},
    {"To: <sip:GC-1-PersistentChatService-2@contoso.example>", "To: <sip:user-*-PersistentChatService-2@dom-*.invalid>"},
    {"To: <sip:ocschat@contoso.example>", "To: <sip:ocschat@dom-*.invalid>"},
    {"Record-Route: <sip:fe01.contoso.example:5061;lr;ms-key-info=rack7>", "Record-Route: <sip:host-*.dom-*.invalid:5061;lr;ms-key-info=name-*>"},
    {"P-Asserted-Identity: \"Ada\" <sip:ada@contoso.example>, <tel:+14255550100>", "P-Asserted-Identity: \"text-*\" <sip:user-*@dom-*.invalid>, <tel:user-*>"},
    {"History-Info: <sip:bob@contoso.example>;index=1.1", "History-Info: <sip:user-*@dom-*.invalid>;index=name-*"},
    {"i: ada-4711@192.0.2.21", "i: name-*"},
    {"CSeq: 4711 INVITE", "CSeq: 4711 INVITE"},
    {"User-Agent: UCCAPI/15.0.4420.1017 OC/15.0.4420.1017 (Microsoft Lync)", "User-Agent: UCCAPI/15.0.4420.1017 OC/15.0.4420.1017 (Microsoft Lync)"},
    {"User-Agent: Phone/1.0 (ada's private phone) fe01.contoso.example", "User-Agent: Phone/1.0 (text-*) name-*"},
    {"Subject: the patents of Ada", "Subject: text-*"},
    {"ms-diagnostics: 20002;reason=\"Chat service busy for ada@contoso.example\";source=\"fe01.contoso.example\"",
     "ms-diagnostics: 20002;reason=\"Chat service busy for text-*\";source=\"host-*.dom-*.invalid\""},
    {"Warning: 399 fe01.contoso.example \"no user Ada here\"", "Warning: 399 host-*.dom-*.invalid \"no user text-* here\""},
    {"Reason: SIP;cause=480;text=\"Temporarily Unavailable\"", "Reason: SIP;cause=480;text=\"Temporarily Unavailable\""},
    {"Authorization: Digest username=\"ada\", realm=\"contoso.example\", response=\"secret\"", "Authorization: Digest ~"},
    {"Proxy-Authenticate: ada", "Proxy-Authenticate: ~"},
    {"Event: vnd-microsoft-roaming-self", "Event: vnd-microsoft-roaming-self"},
    {"Supported: 100rel, timer, gruu-10, ms-benotify", "Supported: 100rel, timer, gruu-10, ms-benotify"},
    {"Subscription-State: terminated;reason=deactivated;expires=0", "Subscription-State: terminated;reason=deactivated;expires=0"},
    {"Accept: fe01.contoso.example", "Accept: name-*"},
    {"X-Unheard-Of: written by Ada", "name-*: text-*"},
    {"X-Unheard-Of: 4711", "name-*: 4711"},
    {"X-Unheard-Of: \"Ada\" <sip:ada@contoso.example>", "name-*: \"text-*\" <sip:user-*@dom-*.invalid>"},
    {"X-Empty:", "name-*:"},
    {"Ada wrote this: without a name", "~~~ ~~~~~ ~~~~: ~~~~~~~ ~ ~~~~"},
    {"From: \"Ada <sip:ada@contoso.example", "From: \"text-*\" <sip:user-*@dom-*.invalid"},
    /* names of headers, parameters, schemes and methods that somebody made up */
    {"X-Contoso-Ada: 7", "name-*: 7"},
    {"fe01.contoso.example: 7", "name-*: 7"},
    {"ms-keep-alive: UAC;hop-hop=yes", "ms-keep-alive: UAC;hop-hop=yes"},
    {"CSeq: 1 ADA", "CSeq: 1 name-*"},
    {"Date: Ada Lovelace", "Date: name-* name-*"},
    {"Date: Fri, 20 Nov 2026 10:00:00 GMT", "Date: Fri, 20 Nov 2026 10:00:00 GMT"},
    {"MIME-Version: 1.0 Ada", "MIME-Version: name-* name-*"},
    {"Supported: ada, fe01.contoso.example., rack7", "Supported: name-*, name-*, name-*"},
    {"ms-diagnostics: Ada Lovelace called", "ms-diagnostics: name-* name-* name-*"},
    {"ms-diagnostics: 1;Ada wrote;x=ada", "ms-diagnostics: 1;name-*;x=name-*"},
    {"Warning: 399 fe01 \"call 425 5550100\"", "Warning: 399 dom-*.invalid \"call 425 text-*\""},
    {"Reason: SIP;text=\"\xEA\xB9\x80 busy\"", "Reason: SIP;text=\"text-* busy\""},
    {"Via: 192.0.2.21:5060;branch=z9hG4bK1", "Via: name-*;branch=z9hG4bKname-*"},
    {"Via: ada/bob/tcp fe01", "Via: name-* dom-*.invalid"},
    {"From: ada:bob@contoso.example", "From: name-*:name-*"},
    {"From: ada://contoso.example/plan", "From: name-*://dom-*.invalid/name-*"},
    {"From: <sip:bob@contoso.example;ada;+14255550100=1;x-one=1>;lovelace",
     "From: <sip:user-*@dom-*.invalid;name-*;name-*=1;x-one=1>;name-*"},
    {"To: <tel:+14255550100;ext=7077;phone-context=contoso.example>",
     "To: <tel:user-*;ext=name-*;phone-context=dom-*.invalid>"},
    {"X-Page: https://www.microsoft.com/?q=ada@contoso.example", "name-*: https://host-*.dom-*.invalid/?name-*"},
    {"X-Page: urn:schemas-microsoft-com:ada@contoso.example", "name-*: urn:name-*"},
    {"User-Agent: ADA-PC/1.0 fe01.contoso.example/v.7 CPE/4.0.7577.4100",
     "User-Agent: name-* name-* CPE/4.0.7577.4100"},
    {"Content-Type: ada@contoso.example;charset=bob", "Content-Type: user-*@dom-*.invalid;charset=name-*"},
    {"Content-Type: multipart/mixed; boundary=\"fe01.contoso.example\"", "Content-Type: multipart/mixed;boundary=\"name-*\""},
};
/* clang-format on */

#define HEAD "OPTIONS sip:ada@contoso.example SIP/2.0\r\n"

static void header_values(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++) {
        char raw[1024], expected[1024];
        struct fixture fixture;
        snprintf(raw, sizeof raw, HEAD "%s\r\n\r\n", headers[i].header);
        snprintf(expected, sizeof expected,
                 "OPTIONS sip:user-*@dom-*.invalid SIP/2.0\r\n%s\r\n\r\n", headers[i].expected);
        struct slice out = redact(&fixture, raw);
        assert_matches(out, expected);
        assert_nameless(out);
        release(&fixture);
    }
}

static void start_lines(void **state)
{
    static const char *const rows[][2] = {
        {"\r\nINVITE sip:ada@fe01.contoso.example;user=phone SIP/2.0\r\nCSeq: 1 INVITE\r\n\r\n",
         "\r\nINVITE sip:user-*@host-*.dom-*.invalid;user=phone SIP/2.0\r\nCSeq: 1 INVITE\r\n\r\n"},
        {"SIP/2.0 404 Not Found\r\n\r\n", "SIP/2.0 404 Not Found\r\n\r\n"},
        {"SIP/2.0 480 Ada is not here\r\n\r\n", "SIP/2.0 480 text-* is not here\r\n\r\n"},
        {"private: rack7\r\nACK tel:+14255550100 SIP/2.0\r\nCSeq: 1 ACK\r\n\r\n",
         "~~~~~~~: ~~~~~\r\nACK tel:user-* SIP/2.0\r\nCSeq: 1 ACK\r\n\r\n"},
        {"ADA sip:fe01 SIP/2.0\r\nCSeq: 1 ADA\r\nX-Lovelace",
         "name-* sip:dom-*.invalid SIP/2.0\r\nCSeq: 1 name-*\r\n~~~~~~~~~~"},
        {"ACK sip:fe01 SIP/2.0\r\nX-Lovelace: ada", "ACK sip:dom-*.invalid SIP/2.0\r\nname-*: ~~~"},
        {"ada lovelace", "text-*"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct fixture fixture;
        struct slice out = redact(&fixture, rows[i][0]);
        assert_matches(out, rows[i][1]);
        assert_nameless(out);
        release(&fixture);
    }
}

/* ---- bodies ---- */

/* clang-format off */
static const struct {
    const char *type;
    const char *body;
    const char *expected;
} bodies[] = {
    {"text/plain", "hello bob, the plan is ready", "text-*"},
    {"text/plain", " \r\n", " \r\n"},
    {"text/rtf", "{\\rtf1 hello}", "text-*"},
    {"text/html", "<b>hello</b> bob", "text-*<b>"},
    {"text/registration-event", "deregistered;event=rejected\r\n", "deregistered;event=rejected\r\n\r\n"},
    {"application/sdp", "v=0\r\no=ada 17 1 IN IP4 192.0.2.21\r\ns=plan\r\nc=IN IP4 192.0.2.21\r\nt=0 0\r\n"
                        "m=audio 30000 RTP/AVP 0 8\r\na=rtpmap:0 pcmu/8000\r\n"
                        "a=candidate:1 1 udp 2130706431 192.0.2.21 5000 typ host\r\nk=clear:secret\r\n",
                        "v=0\r\no=name-* 17 1 IN IP6 2001:db8::*\r\ns=text-*\r\nc=IN IP6 2001:db8::*\r\nt=0 0\r\n"
                        "m=audio 30000 RTP/AVP 0 8\r\na=rtpmap:0 pcmu/8000\r\n"
                        "a=candidate:1 1 udp 2130706431 2001:db8::* 5000 typ host\r\nk=~\r\n"},
    /* facts/xccos.md 1.6, 1.9 */
    {"text/plain", "<xccos xmlns=\"urn:parlano:xml:ns:xccos\" ver=\"1\" envid=\"7120312345678901\">"
                   "<grpchat id=\"grpchat\" seqid=\"1\" chanUri=\"ma-chan://contoso.example/0b6f5a52-3f0e-4f0b-9a43-6d2c1f7e8a11\""
                   " author=\"sip:ada@contoso.example\" ts=\"2014-05-08T10:00:00Z\"><chat>hello &amp; plan</chat></grpchat></xccos>",
                   "<xccos xmlns=\"urn:parlano:xml:ns:xccos\" ver=\"1\" envid=\"7120312345678901\">"
                   "<grpchat id=\"grpchat\" seqid=\"1\" chanUri=\"ma-chan://dom-*.invalid/0b6f5a52-3f0e-4f0b-9a43-6d2c1f7e8a11\""
                   " author=\"sip:user-*@dom-*.invalid\" ts=\"2014-05-08T10:00:00Z\"><chat>text-*</chat></grpchat></xccos>"},
    {"application/xml", "<chanib uri=\"ma-chan://contoso.example/raum\" name=\"Raum &quot;7&quot;\" topic=\"plan\"/><chanid domain=\"contoso.example\" value=\"raum\"/>",
                   "<chanib uri=\"ma-chan://dom-*.invalid/name-*\" name=\"room-*\" topic=\"text-*\"/><chanid domain=\"dom-*.invalid\" value=\"name-*\"/>"},
    {"application/xml", "<aib key=\"7\" value=\"0,1, 2,ada\"/><resp code=\"200\">SUCCESS_OK</resp><uib id=\"0\" uri=\"sip:ada@contoso.example\" disname=\"Ada\"/>",
                   "<aib key=\"7\" value=\"0,1, 2,name-*\"/><resp code=\"200\">SUCCESS_OK</resp><uib id=\"0\" uri=\"sip:user-*@dom-*.invalid\" disname=\"text-*\"/>"},
    {"application/xml", "<chat>see ma-filelink://contoso.example/plan/rack7.docx &lt;b&gt;</chat><ftdb fileUrl=\"rack7.docx\"/>",
                   "<chat>text-*&lt;b&gt; ma-filelink://dom-*.invalid/name-*/name-*</chat><ftdb fileUrl=\"name-*\"/>"},
    {"application/xml", "<token token=\"6f0e3a1c-7b52-4d8e-9c41-a5d7e2b90844\" serveruri=\"https://fe01.contoso.example/plan\"/>",
                   "<token token=\"~*\" serveruri=\"https://host-*.dom-*.invalid/name-*\"/>"},
    {"application/xml", "<pref label=\"kedzie.GroupChannels\" seqid=\"1\" content=\"aGVsbG8=\"/>",
                   "<pref label=\"kedzie.GroupChannels\" seqid=\"1\" content=\"dGV4dC*\"/>"},
    /* facts/presence.md 1.1, 2.3 */
    {"application/msrtc-category-publish+xml",
     "<publication categoryName=\"state\" instance=\"1\" container=\"2\" version=\"0\" expireType=\"user\"><state xsi:type=\"userState\" manual=\"true\">"
     "<availability>6500</availability><activity token=\"on-the-phone\"><custom LCID=\"1033\">hello</custom></activity><device>buero</device></state></publication>",
     "<publication categoryName=\"state\" instance=\"1\" container=\"2\" version=\"0\" expireType=\"user\"><state xsi:type=\"userState\" manual=\"true\">"
     "<availability>6500</availability><activity token=\"on-the-phone\"><custom LCID=\"1033\">text-*</custom></activity><device>text-*</device></state></publication>"},
    {"application/xml", "<member type=\"domain\" value=\"contoso.example\"/><member type=\"user\" value=\"ada@contoso.example\"/><telephone>4255550100</telephone>",
                        "<member type=\"domain\" value=\"dom-*.invalid\"/><member type=\"user\" value=\"user-*@dom-*.invalid\"/><telephone>text-*</telephone>"},
    {"application/xml", "<!-- hello bob --><note><![CDATA[plan <b>]]></note><?private hello?><!DOCTYPE x [<!ENTITY a \"hello\">]>",
                        "<!-- --><note>text-*</note><?name-*?><!DOCTYPE name-*>"},
    /* malformed stays malformed */
    {"application/xml", "<a b=\"hello&\">&bob;</a>", "<a b=\"text-*&\">text-*&</a>"},
    {"application/xml", "<note>hello\x01 plan</note>", "<note>text-*\x01</note>"},
    {"application/xml", "<note>hello\xff plan", "<note>text-*\xff"},
    {"application/xml", "<a b=hello c='hello", "<a b=name-* c='text-*"},
    {"application/xml", "<a b=\"hello<c>", "<a b=\"text-*<c>"},
    {"application/xml", "</note hello><!-- hello", "</note =><!-- "},
    {"application/xml", "<a hello c='1' plan>", "<a name-* c='1' name-*>"},
    /* names that are names, and what only looks like a document */
    {"application/xml", "<x><ada@contoso.example/><fe01.contoso.example x4255550100='1'/><contoso:x xmlns:contoso='urn:contoso'/></x>",
                        "<x><name-*~/><name-* name-*='1'/><name-*:x xmlns:name-*='urn:name-*'/></x>"},
    {"application/xml", "<?xml version=\"1.0\" encoding=\"utf-8\"?><a/>", "<?xml version=\"1.0\" encoding=\"utf-8\"?><a/>"},
    {"application/xml", "<?xml written by ada?><a>&#97;da &#x61;da</a><!doctype ada>", "<?xml?><a>text-*</a><! >"},
    {"text/plain", "<3 bob and ada", "text-*"},
    {"text/plain", "<ada> wrote <plan>hello</plan>", "text-*"},
    {"text/html", "<ada lovelace><b>hello</b>", "text-*<b>"},
    {"application/xml", "<d>ADA_FE01</d><d>0425-55-55010</d><d>2026-11-20T10:00:00Z</d>",
                        "<d>text-*</d><d>text-*</d><d>2026-11-20T10:00:00Z</d>"},
    {"application/sdp", "v=0\r\no=14255550100 17 1 IN IP4 192.0.2.21\r\nb=ada:7\r\na=label:main-audio\r\na=label:ada\r\n"
                        "a=ada\r\na=sendrecv\r\na=rtpmap:114 x-msrta/16000\r\na=fmtp:101 0-16 ada\r\na=rtcp:50001 IN IP4 fe01.contoso.example\r\n"
                        "a=ssrc:17 cname:ada@fe01\r\n",
                        "v=0\r\no=name-* 17 1 IN IP6 2001:db8::*\r\nb=text-*\r\na=label:main-audio\r\na=label:name-*\r\n"
                        "a=name-*\r\na=sendrecv\r\na=rtpmap:114 x-msrta/16000\r\na=fmtp:101 0-16 name-*\r\na=rtcp:50001 IN IP6 host-*.dom-*.invalid\r\n"
                        "a=ssrc:17 name-*:name-*\r\n"},
};
/* clang-format on */

static void body_texts(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
        char raw[4096], expected[4096];
        struct fixture fixture;
        snprintf(raw, sizeof raw, HEAD "Content-Type: %s\r\nContent-Length: %zu\r\n\r\n%s",
                 bodies[i].type, strlen(bodies[i].body), bodies[i].body);
        struct slice out = redact(&fixture, raw);
        size_t head = slice_find(out, slice_of("\r\n\r\n")) + 4;
        assert_matches(slice_from(out, head), bodies[i].expected);
        snprintf(expected, sizeof expected, "*\r\nContent-Length: %zu\r\n\r\n*", out.size - head);
        assert_matches(out, expected);
        assert_nameless(out);
        release(&fixture);
    }
}

/* A length that was wrong is wrong by as much. */
static void lengths(void **state)
{
    static const char *const rows[][2] = {
        {"Content-Length: 99\r\n\r\nhello", "Content-Length: 109\r\n\r\ntext-??????????"},
        {"l: 005\r\n\r\nhellobob", "l: 15\r\n\r\ntext-??????????~~~"},
        {"Content-Length: none\r\n\r\nhello", "Content-Length: ~\r\n\r\ntext-??????????"},
        {"Content-Length: 0\r\n\r\n", "Content-Length: 0\r\n\r\n"},
        {"Content-Length: 99999999999999999999999\r\n\r\n",
         "Content-Length: 99999999999999999999999\r\n\r\n"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char raw[256], expected[256] = "*";
        struct fixture fixture;
        snprintf(raw, sizeof raw, HEAD "%s", rows[i][0]);
        struct slice out = redact(&fixture, raw);
        size_t before = strcspn(rows[i][1], "?");
        snprintf(expected, sizeof expected, "*%.*s*%s", (int)before, rows[i][1],
                 rows[i][1] + before + strspn(rows[i][1] + before, "?"));
        assert_matches(out, expected);
        release(&fixture);
    }
}

static void multipart(void **state)
{
    static const char raw[] = HEAD
        "Content-Type: multipart/related;boundary=\"==fe01.contoso\"\r\n\r\n"
        "preface by ada\r\n"
        "--==fe01.contoso\r\nContent-Type: text/plain\r\nX-Ada is: here\r\nContent-ID: "
        "<ada@contoso.example>\r\n\r\nhello\r\n"
        "--==fe01.contoso\r\nContent-Type: application/xml\r\nContent-Transfer-Encoding: "
        "base64\r\n\r\n"
        "PG5vdGU+aGVsbG88L25vdGU+\r\n"
        "--==fe01.contoso\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nhello=20bob\r\n"
        "--==fe01.contoso--\r\n";
    static const char expected[] =
        "*\r\n\r\ntext-*\r\n"
        "--name-*\r\nContent-Type: text/plain\r\nname-*: text-*\r\nContent-ID: "
        "name-*\r\n\r\ntext-*\r\n"
        "--name-*\r\nContent-Type: application/xml\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        "PG5vdGU+dGV4dC*\r\n"
        "--name-*\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\ntext-*\r\n"
        "--name-*--\r\n";
    struct fixture fixture;
    (void)state;
    struct slice out = redact(&fixture, raw);
    assert_matches(out, expected);
    assert_nameless(out);
    release(&fixture);
}

/* The same document in two bytes a character, with a character of two units. */
static void wide_document(void **state)
{
    static const char narrow[] = "<note a=\"4711\">hello \xF0\x9F\x98\x80</note>";
    char raw[512] = HEAD "\r\n";
    size_t size = strlen(raw);
    for (const char *at = narrow; *at != '\0'; at++) {
        if ((unsigned char)*at == 0xf0) {
            memcpy(raw + size, "\x3d\xd8\x00\xde", 4);
            size += 4;
            at += 3;
            continue;
        }
        raw[size++] = *at;
        raw[size++] = '\0';
    }
    (void)state;
    struct redactor *redactor = redactor_new(&key, test_seed());
    struct slice out = redact_message(redactor, (struct slice){raw, size});
    static const char kept[] = "a\0=\0\"\0"
                               "4\0"
                               "7\0"
                               "1\0"
                               "1\0\"\0>\0t\0e\0x\0t\0-";
    static const char gone[] = "h\0e\0l\0l\0o";
    assert_true(slice_find(out, (struct slice){kept, sizeof kept - 1}) != SLICE_NONE);
    assert_true(slice_find(out, (struct slice){gone, sizeof gone - 1}) == SLICE_NONE);
    redactor_free(redactor);
}

/* ---- names ---- */

/* A name is the same wherever it stands: in a header, in XML with references, on the command line.
 */
static void one_name_one_pseudonym(void **state)
{
    struct fixture fixture;
    (void)state;
    struct slice out = redact(
        &fixture, HEAD "From: \"K M\xC3\xBCller\" <sip:KMuller@Contoso.example:5061>\r\n"
                       "To: <sip:%6Bmuller@contoso.example>\r\n\r\n"
                       "<contact uri=\"sip:kmuller@contoso.example\" name=\"K M&#xFC;ller\"/>");
    struct arena arena;
    arena_init(&arena);
    struct slice copy = arena_keep(&arena, out);
    struct slice user = redact_user(fixture.redactor, slice_of("kmuller@contoso.example"));
    size_t count = 0;
    struct slice name = slice_sub(user, 0, slice_find_byte(user, '@'));
    for (struct slice rest = copy; slice_find(rest, name) != SLICE_NONE; count++) {
        rest = slice_from(rest, slice_find(rest, name) + 1);
    }
    assert_int_equal(count, 3);
    struct slice text = redact_text(fixture.redactor, slice_of("K M\xC3\xBCller"));
    size_t first = slice_find(copy, text);
    assert_true(first != SLICE_NONE);
    assert_true(slice_find(slice_from(copy, first + 1), text) != SLICE_NONE);
    arena_dispose(&arena);
    release(&fixture);
}

static void command_line_names(void **state)
{
    struct redactor *redactor = redactor_new(&key, test_seed());
    (void)state;
    assert_matches(redact_room(redactor, slice_of("Ops Bridge")), "room-*");
    assert_matches(redact_room(redactor, slice_of("ma-chan://contoso.example/77")),
                   "ma-chan://dom-*.invalid/77");
    assert_matches(redact_id(redactor, slice_of("4711@192.0.2.1")), "name-*");
    assert_matches(redact_user(redactor, slice_of("gc-1-persistentchatservice-2@contoso.example")),
                   "user-*-persistentchatservice-2@dom-*.invalid");
    assert_matches(redact_user(redactor, slice_of("ada")), "user-*");
    assert_slice_equal(redact_user(redactor, slice_of("")), "");
    assert_slice_equal(redact_host(redactor, slice_of("")), "");
    redactor_free(redactor);
}

/* Long texts keep their length, links are not told from what they link to. */
static void posted_texts(void **state)
{
    struct redactor *redactor = redactor_new(&key, test_seed());
    char text[301] = "";
    (void)state;
    memset(text, 'x', 300);
    assert_int_equal(redact_chat(redactor, slice_of(text)).size, 300);
    struct slice plain = redact_chat(redactor, slice_of("see http://fabrikam.example\nnow"));
    char first[64];
    snprintf(first, sizeof first, "%.*s<a>", (int)plain.size, plain.data);
    assert_slice_equal(redact_chat(redactor, slice_of("see <a href=\"http://fabrikam.example\">"
                                                      "http://fabrikam.example</a>\r\nnow")),
                       first);
    redactor_free(redactor);
}

/* ---- events ---- */

static void events(void **state)
{
    struct redactor *redactor = redactor_new(&key, test_seed());
    const struct address address = {{192, 0, 2, 21}, ADDRESS_IPV4, 443};
    struct event http = {.kind = EVENT_HTTP};
    (void)state;
    http.as.http = (struct http_fact){
        .call = HTTP_ROOM_CREATE,
        .target = slice_of("/PersistentChat/RM/default.aspx"),
        .host = slice_of("fe01.contoso.example:443"),
        .client = address,
        .file = slice_of("rack7.docx"),
        .result = slice_of("20000"),
        .order = {.name = slice_of("Raum 7"),
                  .privacy = slice_of("Closed"),
                  .managers = slice_of("Ada; Bob")},
    };
    redact_event(redactor, &http);
    assert_slice_equal(http.as.http.target, "/PersistentChat/RM/default.aspx");
    assert_matches(http.as.http.host, "host-*.dom-*.invalid:443");
    assert_int_equal(http.as.http.client.family, ADDRESS_IPV6);
    assert_int_equal(http.as.http.client.port, 443);
    assert_matches(http.as.http.file, "name-*");
    assert_slice_equal(http.as.http.result, "20000");
    assert_matches(http.as.http.order.name, "room-*");
    assert_slice_equal(http.as.http.order.privacy, "Closed");
    assert_matches(http.as.http.order.managers, "text-*; text-*");
    const struct dns_target target = {.host = slice_of("fe01.contoso.example"), .port = 5061};
    struct event dns = {.kind = EVENT_DNS};
    dns.as.dns = (struct dns_fact){.name = slice_of("_sipinternaltls._tcp.contoso.example"),
                                   .targets = &target,
                                   .target_count = 1};
    redact_event(redactor, &dns);
    assert_matches(dns.as.dns.name, "_sipinternaltls._tcp.dom-*.invalid");
    assert_matches(dns.as.dns.targets[0].host, "host-*.dom-*.invalid");
    assert_int_equal(dns.as.dns.targets[0].port, 5061);
    redactor_free(redactor);
}

/* ---- every prefix ---- */

static void prefixes(void **state)
{
    struct redactor *redactor = redactor_new(&key, test_seed());
    (void)state;
    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
        char raw[4096];
        int size = snprintf(raw, sizeof raw, HEAD "%s\r\nContent-Type: %s\r\n\r\n%s",
                            headers[i].header, bodies[i].type, bodies[i].body);
        for (size_t cut = 0; cut < (size_t)size; cut++) {
            struct guard guard = guard_copy((struct slice){raw, cut});
            struct slice out = redact_message(redactor, guard.bytes);
            assert_true(slice_find(out, slice_of("@contoso.example")) == SLICE_NONE);
            assert_true(slice_find(out, slice_of("hello")) == SLICE_NONE);
            guard_free(&guard);
        }
    }
    redactor_free(redactor);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(header_values),
        cmocka_unit_test(start_lines),
        cmocka_unit_test(body_texts),
        cmocka_unit_test(lengths),
        cmocka_unit_test(multipart),
        cmocka_unit_test(wide_document),
        cmocka_unit_test(one_name_one_pseudonym),
        cmocka_unit_test(command_line_names),
        cmocka_unit_test(posted_texts),
        cmocka_unit_test(events),
        cmocka_unit_test(prefixes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
