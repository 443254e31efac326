/*
 * decoders/sip.c: what the headers of a message say, and what is odd about it.
 */
#include "tests/unit/harness.h"

#include <stdio.h>
#include <stdlib.h>

#include "decoders/sip.h"
#include "tests/unit/sip_samples.h"

enum { CODES_MAX = 512 };

struct parsed {
    struct guard guard;
    struct arena arena;
    struct message message;
    char codes[CODES_MAX]; /* of the diagnostics, each followed by a blank */
    bool is_sip;
};

static void odd_event(void *context, const struct event *event)
{
    struct parsed *parsed = context;
    assert_int_equal(event->kind, EVENT_DIAGNOSTIC);
    assert_ptr_equal(event->message, &parsed->message);
    assert_int_equal(event->origin.record, 7);
    size_t used = strlen(parsed->codes);
    snprintf(parsed->codes + used, CODES_MAX - used, "%s ", event->as.diagnostic.code);
}

static void parse_limited(struct parsed *parsed, struct slice text, const struct limits *limits)
{
    *parsed = (struct parsed){.guard = guard_copy(text)};
    arena_init(&parsed->arena);
    parsed->message.observed.origin.record = 7;
    parsed->message.id = 42;
    struct event_sink sink = {odd_event, parsed};
    parsed->is_sip =
        sip_parse(parsed->guard.bytes, limits, &parsed->arena, &sink, &parsed->message);
}

static void parse(struct parsed *parsed, const char *text)
{
    struct limits limits = limits_default();
    parse_limited(parsed, slice_of(text), &limits);
}

static void parsed_free(struct parsed *parsed)
{
    arena_dispose(&parsed->arena);
    guard_free(&parsed->guard);
}

static void service_request(void **state)
{
    (void)state;
    struct parsed parsed;
    parse(&parsed, SAMPLE_SERVICE);
    const struct message *message = &parsed.message;
    assert_true(parsed.is_sip);
    assert_true(message->request);
    assert_int_equal(message->method, SIP_SERVICE);
    assert_slice_equal(message->uri, "sip:ada@contoso.example");
    assert_slice_equal(message->call_id, "7f0f7c6c0a1d4a5f9d2b1c33aa10e001");
    assert_int_equal(message->cseq, 1);
    assert_slice_equal(message->from.user, "ada@contoso.example");
    assert_slice_equal(message->from.tag, "6e1f0b7a21");
    assert_slice_equal(message->from.epid, "5d0c11a9fe");
    assert_slice_equal(message->to.tag, "");
    assert_slice_equal(message->contact.user, "ada@contoso.example");
    assert_slice_equal(message->branch, "");
    assert_slice_equal(message->sent_by, "192.0.2.21:51244");
    assert_slice_equal(message->content_type, "application/msrtc-category-publish+xml");
    assert_slice_equal(message->user_agent,
                       "UCCAPI/4.0.7577.0 OC/4.0.7577.0 (Microsoft Lync 2010)");
    assert_int_equal(message->flags, SIP_HAS_CREDENTIALS);
    assert_int_equal(message->body_length, 73);
    assert_int_equal(message->body.size, 73);
    assert_int_equal(message->size, strlen(SAMPLE_SERVICE));
    assert_int_equal(message->expires, -1);
    assert_int_equal(message->id, 42);
    assert_string_equal(parsed.codes, "");
    parsed_free(&parsed);
}

static bool slice_holds(struct slice text, const char *needle)
{
    return slice_find(text, slice_of(needle)) != SLICE_NONE;
}

static void credentials_are_never_kept(void **state)
{
    (void)state;
    struct parsed parsed;
    parse(&parsed, "REGISTER sip:x SIP/2.0\r\n"
                   "Authorization: NTLM gssapi-data=\"SECRET\"\r\n"
                   "PROXY-AUTHORIZATION : NTLM gssapi-data=\"a\",\r\n\tresponse=\"SECRET\"\r\n"
                   "WWW-Authenticate: NTLM opaque=\"SECRET\"\r\n"
                   "Proxy-Authenticate: TLS-DSK opaque=\"SECRET\"\r\n"
                   "Authentication-Info: NTLM rspauth=\"SECRET\"\r\n"
                   "Proxy-Authentication-Info: NTLM rspauth=\"SECRET\"\r\n"
                   "Authorization NTLM response=\"SECRET:\"\r\n"
                   "Call-ID: c\r\nContent-Length: 0\r\n\r\n");
    assert_int_equal(parsed.message.flags, SIP_HAS_CREDENTIALS | SIP_HAS_CHALLENGE | SIP_MALFORMED);
    assert_int_equal(parsed.message.header_count, 2);
    for (size_t i = 0; i < parsed.message.header_count; i++) {
        assert_false(slice_holds(parsed.message.headers[i].name, "SECRET"));
        assert_false(slice_holds(parsed.message.headers[i].value, "SECRET"));
    }
    parsed_free(&parsed);
}

static void subscribe_response(void **state)
{
    (void)state;
    struct parsed parsed;
    parse(&parsed, SAMPLE_SUBSCRIBE_OK);
    const struct message *message = &parsed.message;
    assert_false(message->request);
    assert_int_equal(message->status, 200);
    assert_slice_equal(message->reason, "OK");
    assert_int_equal(message->method, SIP_SUBSCRIBE);
    assert_slice_equal(message->method_name, "SUBSCRIBE");
    assert_int_equal(message->expires, 23903);
    assert_slice_equal(message->event, "presence");
    assert_slice_equal(message->subscription_state, "active");
    assert_int_equal(message->subscription_expires, 23903);
    assert_int_equal(message->flags, SIP_OFFERS_BENOTIFY | SIP_OFFERS_PIGGYBACK);
    assert_slice_equal(message->content_type, "multipart/related");
    assert_slice_equal(message->content_type_full,
                       "multipart/related; type=\"application/rlmi+xml\"; start=resourceList");
    assert_slice_equal(message->contact.user, "");
    assert_int_equal(message->header_count, 13);
    assert_string_equal(parsed.codes, "");
    parsed_free(&parsed);
}

static void diagnostics_header(void **state)
{
    (void)state;
    struct parsed parsed;
    parse(&parsed, SAMPLE_BUSY);
    assert_int_equal(parsed.message.diagnostics_count, 1);
    const struct sip_diagnostics *found = parsed.message.diagnostics;
    assert_slice_equal(found->header, "Ms-diagnostics");
    assert_int_equal(found->id, 20000);
    assert_slice_equal(found->source, "pchat01.contoso.example");
    assert_slice_equal(found->reason, "Chat service busy");
    assert_slice_equal(found->component, "GroupChat");
    assert_true(parsed.message.to.service);
    assert_false(parsed.message.from.service);
    assert_slice_equal(parsed.message.to.user, "gc-1-persistentchatservice-2@contoso.example");
    parsed_free(&parsed);
}

static void several_diagnostics(void **state)
{
    (void)state;
    struct parsed parsed;
    parse(&parsed, "SIP/2.0 400 Bad\r\n"
                   "ms-diagnostics: 1000;reason=\"a, \\\"b\\\"\", 1001;reason=plain\r\n"
                   "ms-client-diagnostics: 22; source=x\r\n"
                   "ms-diagnostics-public: none;reason=\"x\"\r\n\r\n");
    assert_int_equal(parsed.message.diagnostics_count, 3);
    assert_slice_equal(parsed.message.diagnostics[0].reason, "a, \"b\"");
    assert_int_equal(parsed.message.diagnostics[1].id, 1001);
    assert_slice_equal(parsed.message.diagnostics[1].reason, "plain");
    assert_int_equal(parsed.message.diagnostics[2].id, 22);
    assert_slice_equal(parsed.message.diagnostics[2].source, "x");
    assert_non_null(strstr(parsed.codes, "sip-ms-diagnostics-unreadable "));
    parsed_free(&parsed);
}

/* The same INVITE as RFC 4475 3.1.1.1 would torture it. */
static void odd_spelling(void **state)
{
    (void)state;
    struct parsed parsed;
    parse(&parsed,
          "INVITE sip:vivekg@chair-dnrc.example;unknownparam SIP/2.0\n"
          "TO :\n sip:vivekg@chair-dnrc.example ;   tag    = 1918181833n\n"
          "f   : \"J Rosenberg \\\\\\\"\"       <sip:jdrosen@example>\n  ;\n  tag = 98asjd8\n"
          "MaX-fOrWaRdS: 0068\n"
          "i: wsinv.ndaksdj@192.0.2.1\n"
          "cseq: 0009\n  INVITE\n"
          "v : SIP  / 2.0 / UDP    192.0.2.2 , SIP/2.0/TCP  spindle.example;branch=x\n"
          "s :\n"
          "UserAgent: Example\n"
          "o: Presence;id=4\n"
          "x: 1800;refresher=uas\n"
          "c: Text/Plain;charset=utf-8\n"
          "k: a\nk: MS-Benotify\n"
          "m:\"Quoted string \\\"\\\"\" <sip:jdrosen@example> ; expires=10 ,\n"
          "  tel:4443322;expires=3600\n"
          "l: 2\n\n{}");
    const struct message *message = &parsed.message;
    assert_slice_equal(message->to.user, "vivekg@chair-dnrc.example");
    assert_slice_equal(message->to.tag, "1918181833n");
    assert_slice_equal(message->from.display, "J Rosenberg \\\"");
    assert_slice_equal(message->from.tag, "98asjd8");
    assert_slice_equal(message->call_id, "wsinv.ndaksdj@192.0.2.1");
    assert_int_equal(message->cseq, 9);
    assert_slice_equal(message->sent_by, "192.0.2.2");
    assert_slice_equal(message->branch, "");
    assert_slice_equal(message->user_agent, "Example");
    assert_slice_equal(message->event, "presence");
    assert_int_equal(message->session_expires, 1800);
    assert_slice_equal(message->content_type, "text/plain");
    assert_slice_equal(message->contact.user, "jdrosen@example");
    assert_slice_equal(message->contact.display, "Quoted string \"\"");
    assert_int_equal(message->expires, 3600);
    assert_slice_equal(message->body, "{}");
    assert_int_equal(message->flags, SIP_BARE_LF | SIP_OFFERS_BENOTIFY);
    assert_string_equal(parsed.codes, "sip-bare-lf ");
    const struct sip_header *contact = message_header(message, slice_of("Contact"), 0);
    assert_non_null(contact);
    assert_slice_equal(contact->value, "\"Quoted string \\\"\\\"\" <sip:jdrosen@example> ; "
                                       "expires=10 , tel:4443322;expires=3600");
    assert_slice_equal(message_header(message, slice_of("subject"), 0)->name, "Subject");
    parsed_free(&parsed);
}

#define ENOUGH                                                                                     \
    "Via: SIP/2.0/TCP h;branch=b\r\nFrom: <sip:a@x>;tag=1\r\nTo: <sip:b@x>\r\nCall-ID: c\r\n"

static void lifetimes(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t expires;
    } rows[] = {
        {"REGISTER sip:x SIP/2.0\r\n" ENOUGH "CSeq: 1 REGISTER\r\nContact: *\r\nExpires: 0\r\n", 0},
        {"REGISTER sip:x SIP/2.0\r\n" ENOUGH "CSeq: 1 REGISTER\r\nm: <sip:a@h>;expires=60\r\nm: "
         "<sip:a@g>;expires=7200\r\nExpires: 9\r\n",
         7200},
        {"REGISTER sip:x SIP/2.0\r\n" ENOUGH "CSeq: 1 REGISTER\r\nm: <sip:a@h>\r\nExpires: 9\r\n",
         9},
        {"SUBSCRIBE sip:x SIP/2.0\r\n" ENOUGH
         "CSeq: 1 SUBSCRIBE\r\nm: <sip:a@h>;expires=60\r\nExpires: 9\r\n",
         9},
        {"SUBSCRIBE sip:x SIP/2.0\r\n" ENOUGH "CSeq: 1 SUBSCRIBE\r\n", -1},
        {"SUBSCRIBE sip:x SIP/2.0\r\n" ENOUGH
         "CSeq: 1 SUBSCRIBE\r\nExpires: 99999999999999999999999\r\n",
         UINT32_MAX},
        {"SUBSCRIBE sip:x SIP/2.0\r\n" ENOUGH "CSeq: 1 SUBSCRIBE\r\nExpires: -5\r\n", -1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct parsed parsed;
        parse(&parsed, rows[i].text);
        assert_true(parsed.message.expires == rows[i].expires);
        parsed_free(&parsed);
    }
}

/* What is wrong with each, as the codes say; every row is read nevertheless. */
static void oddities(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *code;
        uint32_t flags;
    } rows[] = {
        {"INFO sip:x SIP/2.0\r\n" ENOUGH "CSeq: 1 BYE\r\nl: 0\r\n\r\n", "sip-cseq-mismatch ",
         SIP_MALFORMED},
        {"INFO sip:x SIP/2.0\r\n" ENOUGH "CSeq: 36893488147419103232 INFO\r\nl: 0\r\n\r\n",
         "sip-cseq-unreadable ", SIP_MALFORMED},
        {"INFO sip:x SIP/2.0\r\n" ENOUGH "CSeq: one INFO\r\nl: 0\r\n\r\n",
         "sip-cseq-unreadable sip-cseq-mismatch ", SIP_MALFORMED},
        {"INFO sip:x SIP/2.0\r\n" ENOUGH "l: 0\r\n\r\n", "sip-mandatory-header-missing ",
         SIP_MALFORMED},
        {"INFO sip:x SIP/2.0\r\n" ENOUGH "CSeq: 1 INFO\r\nl: 9\r\n\r\n12",
         "sip-content-length-mismatch ", SIP_BODY_CUT},
        {"INFO sip:x SIP/2.0\r\n" ENOUGH "CSeq: 1 INFO\r\nl: 1\r\n\r\n12",
         "sip-content-length-mismatch ", 0},
        {"INFO sip:x SIP/2.0\r\n" ENOUGH "CSeq: 1 INFO\r\nl: -1\r\n\r\n12",
         "sip-content-length-unreadable ", SIP_NO_LENGTH},
        {"INFO sip:x SIP/2.0\r\n" ENOUGH "CSeq: 1 INFO\r\nl: 99999999999999999999999999\r\n\r\n12",
         "sip-content-length-unreadable sip-content-length-mismatch ", SIP_BODY_CUT},
        {"INFO sip:x SIP/2.0\r\n" ENOUGH "CSeq: 1 INFO\r\nl: 2\r\nContent-Length: 1\r\n\r\n12",
         "sip-content-length-repeated ", 0},
        {"INFO sip:x SIP/2.0\r\n" ENOUGH "CSeq: 1 INFO\r\nTo: <sip:c@x>\r\nl: 0\r\n\r\n",
         "sip-header-repeated ", 0},
        {"INFO sip:x SIP/2.0\r\n" ENOUGH "CSeq: 1 INFO\r\nno colon here\r\nl: 0\r\n\r\n",
         "sip-header-without-colon ", 0},
        {"INFO sip:x SIP/2.0\r\n" ENOUGH "CSeq: 1 INFO\r\na b: c\r\nl: 0\r\n\r\n",
         "sip-header-name-odd ", 0},
        {"INFO sip:x SIP/2.0\r\n" ENOUGH "CSeq: 1 INFO\r\nl: 0\r\n", "sip-headers-cut ", 0},
        {"INFO sip:x SIP/2.0\r\n" ENOUGH "CSeq: 1 INFO\r\nl: 9\r\n<?xml ?>\n",
         "sip-empty-line-missing ", 0},
        {"INFO  <sip:x>  SIP/2.0 \r\n" ENOUGH "CSeq: 1 INFO\r\nl: 0\r\n\r\n", "sip-start-line-odd ",
         0},
        {"SIP/2.0 799 What\r\n" ENOUGH "CSeq: 1 INFO\r\nl: 0\r\n\r\n", "sip-start-line-odd ", 0},
        {"\r\n\r\nxx yy\r\nINFO sip:x SIP/2.0\r\n" ENOUGH "CSeq: 1 INFO\r\nl: 0\r\n\r\n",
         "sip-junk-before-start ", SIP_JUNK_BEFORE},
        {"INFO sip:x SIP/2.0\r\n" ENOUGH "CSeq: 1 INFO\r\nl: 0\r\nContact: <sip:x\r\n\r\n",
         "sip-header-unreadable ", 0},
        {"INFO sip:x SIP/2.0\r\n" ENOUGH "CSeq: 1 INFO\r\nl: 0\r\nExpires: soon\r\n\r\n",
         "sip-expires-unreadable ", 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct parsed parsed;
        parse(&parsed, rows[i].text);
        assert_true(parsed.is_sip);
        assert_string_equal(parsed.codes, rows[i].code);
        assert_int_equal(parsed.message.flags, rows[i].flags);
        parsed_free(&parsed);
    }
}

static void no_length_matters_on_streams_only(void **state)
{
    (void)state;
    static const enum transport transports[] = {TRANSPORT_UDP, TRANSPORT_TCP};
    static const char *const codes[] = {"", "sip-content-length-missing "};
    struct limits limits = limits_default();
    for (size_t i = 0; i < 2; i++) {
        struct parsed parsed = {.guard = guard_copy(slice_of("INFO sip:x SIP/2.0\r\n" ENOUGH
                                                             "CSeq: 1 INFO\r\n\r\nbody"))};
        arena_init(&parsed.arena);
        parsed.message.observed.origin.record = 7;
        parsed.message.observed.transport = transports[i];
        struct event_sink sink = {odd_event, &parsed};
        assert_true(sip_parse(parsed.guard.bytes, &limits, &parsed.arena, &sink, &parsed.message));
        assert_string_equal(parsed.codes, codes[i]);
        assert_int_equal(parsed.message.flags, SIP_NO_LENGTH);
        assert_int_equal(parsed.message.body_length, 4);
        parsed_free(&parsed);
    }
}

static void header_caps(void **state)
{
    (void)state;
    struct limits limits = limits_default();
    struct parsed parsed;
    limits.headers = 3;
    parse_limited(&parsed, slice_of(SAMPLE_BUSY), &limits);
    assert_int_equal(parsed.message.header_count, 3);
    assert_non_null(strstr(parsed.codes, "sip-too-many-headers "));
    parsed_free(&parsed);
    limits = limits_default();
    limits.header_bytes = 100;
    parse_limited(&parsed, slice_of(SAMPLE_BUSY), &limits);
    assert_int_equal(parsed.message.header_count, 1);
    assert_non_null(strstr(parsed.codes, "sip-headers-too-large "));
    parsed_free(&parsed);
}

static void branch_names_the_hop(void **state)
{
    (void)state;
    static const char *const vias[] = {
        "SIP/2.0/TCP h1;branch=z9hG4bK1", "SIP/2.0/TCP h2;branch=z9hG4bK1",
        "SIP/2.0/TCP h1;branch=z9hG4bK2", "SIP/2.0/TCP h1", "SIP/2.0/TCP h2"};
    uint64_t hashes[5];
    for (size_t i = 0; i < 5; i++) {
        char text[256];
        snprintf(text, sizeof text,
                 "INFO sip:x SIP/2.0\r\nVia: %s\r\nVia: SIP/2.0/TCP z;branch=q\r\n\r\n", vias[i]);
        struct parsed parsed;
        parse(&parsed, text);
        hashes[i] = parsed.message.observed.branch_hash;
        parsed_free(&parsed);
    }
    assert_true(hashes[0] == hashes[1]);
    assert_true(hashes[0] != hashes[2]);
    assert_true(hashes[3] != hashes[4]);
    assert_true(hashes[3] != hashes[0]);
}

static void not_sip(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",
        "\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        "OPTIONS rtsp://x RTSP/1.0\r\nCSeq: 1\r\n\r\n",
        "INVITE sip:x SIP/2.0",
        "INVITE sip:x SIP/7.0\r\nVia: x\r\n\r\n",
        "INVITE sip:x y SIP/2.0\r\nVia: x\r\n\r\n",
        "<133>proxy: got INVITE sip:x for SIP/2.0\r\n",
        "SIP/2.0 4294967301 better not\r\n\r\n",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct parsed parsed;
        parse(&parsed, texts[i]);
        assert_false(parsed.is_sip);
        parsed_free(&parsed);
    }
}

static void every_prefix(void **state)
{
    (void)state;
    static const char *const samples[] = {SAMPLE_SERVICE, SAMPLE_SUBSCRIBE_OK, SAMPLE_BENOTIFY,
                                          SAMPLE_INFO,    SAMPLE_BUSY,         SAMPLE_REGISTER,
                                          SAMPLE_PUBLISH, SAMPLE_NEGOTIATE};
    struct limits limits = limits_default();
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
        struct slice whole = slice_of(samples[i]);
        size_t first = slice_find_byte(whole, '\n') + 1;
        for (size_t size = 0; size <= whole.size; size++) {
            struct parsed parsed;
            parse_limited(&parsed, slice_sub(whole, 0, size), &limits);
            assert_int_equal(parsed.is_sip, size >= first);
            parsed_free(&parsed);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(service_request),
        cmocka_unit_test(credentials_are_never_kept),
        cmocka_unit_test(subscribe_response),
        cmocka_unit_test(diagnostics_header),
        cmocka_unit_test(several_diagnostics),
        cmocka_unit_test(odd_spelling),
        cmocka_unit_test(lifetimes),
        cmocka_unit_test(oddities),
        cmocka_unit_test(no_length_matters_on_streams_only),
        cmocka_unit_test(header_caps),
        cmocka_unit_test(branch_names_the_hop),
        cmocka_unit_test(not_sip),
        cmocka_unit_test(every_prefix),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
