/*
 * decoders/mask.c: what is a secret in a message, and what stays.
 */
#include "tests/unit/harness.h"

#include <stdio.h>

#include "decoders/mask.h"
#include "decoders/ticket.h"
#include "tests/unit/sip_samples.h"

enum { ROOM = 1 << 16 };

/* Masks a copy that ends at an unmapped page; the result lies in `out`. */
static struct slice mask(struct buffer *out, struct slice raw)
{
    struct guard guard = guard_copy(raw);
    buffer_init(out, ROOM);
    assert_true(mask_message(guard.bytes, out));
    guard_free(&guard);
    return buffer_slice(out);
}

static void assert_masked(struct slice raw, const char *expected)
{
    struct buffer out, again;
    struct slice masked = mask(&out, raw);
    assert_slice_equal(masked, expected);
    assert_slice_equal(mask(&again, masked), expected);
    buffer_dispose(&again);
    buffer_dispose(&out);
}

#define HEAD_OF(header)                                                                            \
    "REGISTER sip:contoso.example SIP/2.0\r\n"                                                     \
    "Via: SIP/2.0/TLS 192.0.2.21:51244\r\n" header "\r\n"                                          \
    "Content-Length: 0\r\n\r\n"

/* clang-format off */
static const struct {
    const char *header;
    const char *masked;
} headers[] = {
    {"Proxy-Authorization: Kerberos qop=\"auth\", realm=\"SIP Communications Service\",\r\n"
     " opaque=\"1A2B3C4D\", response=\"602306092a00\"",
     "Proxy-Authorization: Kerberos qop=\"auth\", realm=\"SIP Communications Service\",\r\n"
     " opaque=\"~~~~~~~~\", response=\"~~~~~~~~~~~~\""},
    {"Authentication-Info: Kerberos rspauth=\"602306092a07\", srand=\"11223344\"",
     "Authentication-Info: Kerberos rspauth=\"~~~~~~~~~~~~\", srand=\"~~~~~~~~\""},
    {"WWW-Authenticate: NTLM realm=\"SIP Communications Service\", targetname=\"fe01.contoso.example\", version=4",
     "WWW-Authenticate: NTLM realm=\"SIP Communications Service\", targetname=\"fe01.contoso.example\", version=4"},
    {"proxy-AUTHENTICATE : TLS-DSK gssapi-data=abc/+=, version=4",
     "proxy-AUTHENTICATE : TLS-DSK gssapi-data=~~~~~~, version=4"},
    {"Authorization: Negotiate TlRMTVNTUAAB==",
     "Authorization: Negotiate ~~~~~~~~~~~~~~"},
    {"Authorization: Unheard-of one=\"two\", three",
     "Authorization: ~~~~~~~~~~ ~~~~~~~~~~ ~~~~~"},
    {"Authorization:\r\n\tNTLM\r\n  qop=\"auth\",\r\n response=\"a,\\\"b\"",
     "Authorization:\r\n\tNTLM\r\n  qop=\"auth\",\r\n response=\"~~~~~\""},
    {"Authorization: NTLM realm=one response=\"two\", qop=\"auth",
     "Authorization: NTLM realm=~~~ ~~~~~~~~~~~~~~, qop=~~~~~"},
    {"Authorization NTLM response=\"a:b\"",
     "~~~~~~~~~~~~~ ~~~~ ~~~~~~~~=\"~:~~"},
    {"Authorization NTLM response=\"ab\"",
     "~~~~~~~~~~~~~ ~~~~ ~~~~~~~~~~~~~"},
    {"Contact: <sip:ada:sesame@contoso.example;x=y>, <sip:bob@contoso.example>",
     "Contact: <sip:ada:~~~~~~@contoso.example;x=y>, <sip:bob@contoso.example>"},
    {"Contact: <sip:fe01.contoso.example:5061;transport=tls>;user=a@b",
     "Contact: <sip:fe01.contoso.example:5061;transport=tls>;user=a@b"},
};
/* clang-format on */

static void header_values(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++) {
        char raw[1024], masked[1024];
        snprintf(raw, sizeof raw, HEAD_OF("%s"), headers[i].header);
        snprintf(masked, sizeof masked, HEAD_OF("%s"), headers[i].masked);
        assert_masked(slice_of(raw), masked);
    }
}

static void start_line(void **state)
{
    (void)state;
    assert_masked(
        slice_of(
            "response=\"x\"\r\nOPTIONS sips:ada:open@contoso.example SIP/2.0\r\nVia: x\r\n\r\n"),
        "~~~~~~~~=\"~\"\r\nOPTIONS sips:ada:~~~~@contoso.example SIP/2.0\r\nVia: x\r\n\r\n");
}

/* What is no SIP message is searched like a body. */
static void no_message(void **state)
{
    (void)state;
    assert_masked(slice_of(""), "");
    assert_masked(slice_of("Authorization: x"), "Authorization: x");
}

#define INFO_OF(length, body)                                                                      \
    "INFO sip:192.0.2.21 SIP/2.0\r\nContent-Type: text/plain\r\nContent-Length: " length           \
    "\r\n\r\n" body

/* xccos.md 2.12: the two replies, and the calls that use their tokens (3.13). */
#define UPLOAD_TOKEN   "6f0e3a1c-7b52-4d8e-9c41-a5d7e2b90844"
#define DOWNLOAD_TOKEN "d2a94b77-10c3-4e6f-8f95-3b1c6a7e5d20"
#define UPLOAD_NAME    "~18121f5e6359d51b~~~~~~~~~~~~~~~~~~~"

#define REPLY_OF(token)                                                                            \
    "<xccos xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\" "                                       \
    "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" ver=\"1\" "                           \
    "envid=\"5120883401177263350\" xmlns=\"urn:parlano:xml:ns:xccos\"><rpl id=\"rpl:getftok\" "    \
    "seqid=\"1\"><commandid seqid=\"1\" envid=\"71240\"/><resp code=\"200\">SUCCESS_OK</resp>"     \
    "<data><token token=\"" token                                                                  \
    "\" serveruri=\"https://fe01.contoso.example/PersistentChat/MGCWebService.asmx\"/></data>"     \
    "</rpl></xccos>"

/* clang-format off */
static const struct {
    const char *body;
    const char *masked; /* NULL = nothing in it is secret */
} bodies[] = {
    {"<activity token=\"on-the-phone\"/><a token=\"a\">b</a>", NULL},
    {"<sys token=\"" UPLOAD_TOKEN "\">restart</sys>", "<sys token=\"" UPLOAD_NAME "\">restart</sys>"},
    {"<x fileTicket='abc' a='b' secretWord='ab c'>d</x>", "<x fileTicket='~~~' a='b' secretWord='~~ ~'>d</x>"},
    {"<token/><token token=''/><token token=\"  \"></token>", NULL},
    {"v=0\r\na=crypto:2 AES_CM_128_HMAC_SHA1_80 inline:abc+/d|2^31|1:1;inline:efg\r\na=x:inline:h\r\n",
     "v=0\r\na=crypto:2 AES_CM_128_HMAC_SHA1_80 inline:~~~~/~|2^31|1:1;inline:~~~\r\na=x:inline:h\r\n"},
    {"a=cryptoscale:1 client AES_CM_128_HMAC_SHA1_80 inline:abc|2^31|1:1",
     "a=cryptoscale:1 client AES_CM_128_HMAC_SHA1_80 inline:~~~|2^31|1:1"},
    {"k=clear:open sesame\nk=prompt\na=ice-pwd:abcdefghij\nbreak=clear:a",
     "k=clear:~~~~ ~~~~~~\nk=prompt\na=ice-pwd:~~~~~~~~~~\nbreak=clear:a"},
    {"<credentials><password>pa ss</password><password x='y'/></credentials>",
     "<credentials><password>~~ ~~</password><password x='y'/></credentials>"},
};
/* clang-format on */

static void body_secrets(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
        char raw[1024], masked[1024];
        snprintf(raw, sizeof raw, INFO_OF("9999", "%s"), bodies[i].body);
        snprintf(masked, sizeof masked, INFO_OF("9999", "%s"),
                 bodies[i].masked ? bodies[i].masked : bodies[i].body);
        assert_masked(slice_of(raw), masked);
    }
}

static void token_keeps_its_identity(void **state)
{
    (void)state;
    assert_masked(slice_of(INFO_OF("9503", REPLY_OF(UPLOAD_TOKEN))),
                  INFO_OF("9503", REPLY_OF(UPLOAD_NAME)));
    assert_true(ticket_hash(slice_of(UPLOAD_TOKEN)) == ticket_hash(slice_of(UPLOAD_NAME)));
    assert_true(ticket_hash(slice_of(" 6F0E3A1C-7B52-4D8E-9C41-A5D7E2B90844\r\n")) ==
                ticket_hash(slice_of(UPLOAD_NAME)));
    assert_false(ticket_hash(slice_of(UPLOAD_TOKEN)) == ticket_hash(slice_of(DOWNLOAD_TOKEN)));
}

/* What is nearly a name is a token like any other. */
static void names_of_tokens(void **state)
{
    static const char *const no_names[] = {"",
                                           "~",
                                           "~ed65efb76ce8c87",
                                           "ed65efb76ce8c87c~",
                                           "~ed65efb76ce8c87g~",
                                           "~ed65efb76ce8c87c~~~x"};
    uint64_t hash = 7;
    (void)state;
    assert_true(ticket_named(slice_of("~00000000000000FF"), &hash));
    assert_int_equal(hash, 255);
    for (size_t i = 0; i < sizeof no_names / sizeof no_names[0]; i++) {
        assert_false(ticket_named(slice_of(no_names[i]), &hash));
    }
}

#define SHORT_NAME "~ab23f0eec020c951"

/* A short token grows, and the length with it; every way to write it names the same one. */
static void short_token(void **state)
{
    static const char *const written[] = {
        "<x:token token=\"secret\" a=\"b\"/>",
        "<x:token a='b' token = 'secret'/>",
        "<x:token token=\"&#x73;e&#99;ret\"/>",
        "<soap:Body><token>secret</token><channelId>c</channelId>",
        "<token>\r\n secret </token>",
        "<token><![CDATA[secret]]></token>",
    };
    (void)state;
    for (size_t i = 0; i < sizeof written / sizeof written[0]; i++) {
        char raw[1024];
        struct buffer out;
        size_t size = strlen(written[i]);
        int length = snprintf(raw, sizeof raw, INFO_OF("%zu", "%s"), size, written[i]);
        struct slice masked = mask(&out, (struct slice){raw, (size_t)length});
        size_t at = slice_find(masked, slice_of("~"));
        assert_slice_equal(slice_sub(masked, at, TICKET_NAME), SHORT_NAME);
        snprintf(raw, sizeof raw, "Content-Length: %zu\r\n\r\n",
                 size + masked.size - (size_t)length);
        assert_true(slice_find(masked, slice_of(raw)) != SLICE_NONE);
        buffer_dispose(&out);
    }
}

/* A length with zeros before it gets no shorter. */
static void padded_length(void **state)
{
    struct buffer out;
    (void)state;
    struct slice masked = mask(&out, slice_of(INFO_OF("000000022", "<token>secret</token>x")));
    const char *expected = INFO_OF("000000033", "<token>" SHORT_NAME "</token>x");
    assert_slice_equal(masked, expected);
    buffer_dispose(&out);
}

/* A reference goes as a whole, or what is left would be no XML; a broken one stays broken. */
static void references(void **state)
{
    (void)state;
    assert_masked(slice_of(INFO_OF("33", "<a password=\"p&#38;q&amp;&r;\"/>x")),
                  INFO_OF("33", "<a password=\"~~~~~~~~~~~~&~~\"/>x"));
}

static void wide_token(void **state)
{
    static const char text[] = INFO_OF("9999", "\xff\xfe");
    static const char wide[] = "<\0t\0o\0k\0e\0n\0>\0s\0e\0c\0r\0e\0t\0<\0/\0";
    static const char name[] = "~\0"
                               "a\0"
                               "b\0"
                               "2\0"
                               "3\0"
                               "f\0"
                               "0\0"
                               "e\0"
                               "e\0"
                               "c\0"
                               "0\0"
                               "2\0"
                               "0\0"
                               "c\0"
                               "9\0"
                               "5\0"
                               "1\0";
    char raw[256];
    struct buffer out;
    (void)state;
    memcpy(raw, text, sizeof text - 1);
    memcpy(raw + sizeof text - 1, wide, sizeof wide - 1);
    struct slice masked = mask(&out, (struct slice){raw, sizeof text + sizeof wide - 2});
    struct slice found = {name, sizeof name - 1};
    assert_true(slice_find(masked, found) != SLICE_NONE);
    buffer_dispose(&out);
}

#define PART_OF(length, content)                                                                   \
    "INFO sip:192.0.2.21 SIP/2.0\r\nContent-Type: "                                                \
    "multipart/mixed;boundary=b\r\nContent-Length: " length                                        \
    "\r\n\r\n--b\r\nContent-Transfer-Encoding: BASE64\r\n\r\n" content "\r\n--b--\r\n"

/* A part in Base64 keeps its lines; one without a secret keeps every byte. */
static void coded_part(void **state)
{
    (void)state;
    /* <token token="6f0e3a1c-7b52-4d8e-9c41-a5d7e2b90844"/> and the same with its name */
    assert_masked(
        slice_of(PART_OF(
            "9000",
            "PHRva2VuIHRva2VuPSI2ZjBlM2ExYy03YjUyLTRk\r\nOGUtOWM0MS1hNWQ3ZTJiOTA4NDQiLz4=")),
        PART_OF("9000",
                "PHRva2VuIHRva2VuPSJ+MTgxMjFmNWU2MzU5ZDUx\r\nYn5+fn5+fn5+fn5+fn5+fn5+fn4iLz4="));
    /* <token token="secret"/>, which grows */
    assert_masked(slice_of(PART_OF("9000", "PHRva2VuIHRv\r\na2VuPSJzZWNyZXQiLz4=")),
                  PART_OF("9015", "PHRva2VuIHRv\r\na2VuPSJ+YWIyM2YwZWVjMDIwYzk1MSIvPg="));
    assert_masked(slice_of(PART_OF("9000", "QUJDRB==!\r\nQQ")), PART_OF("9000", "QUJDRB==!\r\nQQ"));
}

/* What stands behind the body is masked too, but its growth is not the body's. */
static void beyond_the_body(void **state)
{
    (void)state;
    assert_masked(slice_of(INFO_OF("2", "ab<token token='secret'/>")),
                  INFO_OF("2", "ab<token token='" SHORT_NAME "'/>"));
}

/* Cut anywhere, no secret comes through: neither a token nor credentials nor a key. */
static void every_prefix(void **state)
{
    static const char *const whole[] = {INFO_OF("9503", REPLY_OF(UPLOAD_TOKEN)), SAMPLE_SERVICE,
                                        INFO_OF("9999", "a=crypto:1 X inline:6f0e3a1c60230609")};
    static const char *const secrets[] = {"6f0e", "6023"};
    (void)state;
    for (size_t i = 0; i < sizeof whole / sizeof whole[0]; i++) {
        for (size_t size = 0; size <= strlen(whole[i]); size++) {
            struct buffer out;
            struct slice masked = mask(&out, (struct slice){whole[i], size});
            for (size_t k = 0; k < sizeof secrets / sizeof secrets[0]; k++) {
                assert_true(slice_find(masked, slice_of(secrets[k])) == SLICE_NONE);
            }
            buffer_dispose(&out);
        }
    }
}

static void no_room(void **state)
{
    struct buffer out;
    (void)state;
    buffer_init(&out, 20);
    assert_false(mask_message(slice_of(SAMPLE_SERVICE), &out));
    assert_int_equal(out.size, 0);
    buffer_dispose(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(header_values),
        cmocka_unit_test(start_line),
        cmocka_unit_test(no_message),
        cmocka_unit_test(body_secrets),
        cmocka_unit_test(token_keeps_its_identity),
        cmocka_unit_test(names_of_tokens),
        cmocka_unit_test(short_token),
        cmocka_unit_test(padded_length),
        cmocka_unit_test(references),
        cmocka_unit_test(wide_token),
        cmocka_unit_test(coded_part),
        cmocka_unit_test(beyond_the_body),
        cmocka_unit_test(every_prefix),
        cmocka_unit_test(no_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
