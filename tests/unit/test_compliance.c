/*
 * Exports of the compliance service: the literal example of facts/xccos.md 2.17, odd ones, and
 * every beginning of them.
 */
#include "tests/unit/harness.h"

#include <stdio.h>
#include <stdlib.h>

#include "analyzer/engine/buffer.h"
#include "decoders/compliance.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

#define OPS "ma-chan://contoso.example/0b6f5a52-3f0e-4f0b-9a43-6d2c1f7e8a11"
#define ADA                                                                                        \
    "<Sender UserName=\"Ada Bell\" id=\"12\" email=\"ada@contoso.example\" internal=\"true\" "     \
    "uri=\"ada@contoso.example\"/>"
#define WHEN                                                                                       \
    "<DateTimeUTC since1970=\"1399360095123\" string=\"2014-05-06T07:08:15.1234567Z\" "            \
    "long=\"635349568951234567\"/>"

static const char example[] =
    "<Conversations xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" "
    "xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\"><Conversation><Channel uri=\"" OPS
    "\" name=\"Ops Bridge\"/><FirstMessage type=\"JOIN\" content=\"\" id=\"0\">" ADA WHEN
    "</FirstMessage><Messages><Message type=\"JOIN\" content=\"\" id=\"0\">" ADA WHEN
    "</Message><Message type=\"CHAT\" content=\"morning all\" id=\"311\">" ADA
    "<DateTimeUTC since1970=\"1399360200217\" string=\"2014-05-06T07:10:00.217Z\" "
    "long=\"635349570002170000\"/></Message></Messages>"
    "<StartTimeUTC since1970=\"1399360095123\" string=\"2014-05-06T07:08:15.1234567Z\" "
    "long=\"635349568951234567\"/><EndTimeUTC since1970=\"1399360200217\" "
    "string=\"2014-05-06T07:10:00.217Z\" long=\"635349570002170000\"/></Conversation>"
    "</Conversations>";

static const char example_lines[] = "JOIN [] 0 ada@contoso.example 635349568951234567 @1 "
                                    "(Ada Bell 12 ada@contoso.example true)\n"
                                    "CHAT [morning all] 311 ada@contoso.example 635349570002170000 "
                                    "@1 (Ada Bell 12 ada@contoso.example true)\n"
                                    "room " OPS " [Ops Bridge] 635349568951234567 "
                                    "635349570002170000\n";

/* ---- what was read, as lines ---- */

struct reader_log {
    struct buffer text;
    struct slice document;
};

static void put_slice(struct buffer *out, const char *before, struct slice text, const char *after)
{
    buffer_append_text(out, before);
    buffer_append(out, text);
    buffer_append_text(out, after);
}

static void put_number(struct buffer *out, const char *before, int64_t number)
{
    char text[32];
    snprintf(text, sizeof text, "%lld", (long long)number);
    buffer_append_text(out, before);
    buffer_append_text(out, number == TICKS_NONE ? "-" : text);
}

static void put_place(struct reader_log *out, const struct origin *origin)
{
    static const struct slice opening = SLICE("<Message ");
    assert_true(slice_starts(slice_from(out->document, origin->offset), opening));
    put_number(&out->text, " @", (int64_t)origin->record);
}

static void take_message(void *context, const struct compliance_event *event,
                         const struct compliance_sender *sender)
{
    struct buffer *out = &((struct reader_log *)context)->text;
    buffer_append_text(out, compliance_kind_name(event->kind));
    put_slice(out, " [", event->content, "] ");
    buffer_append_u64(out, event->id);
    put_slice(out, " ", event->user, "");
    put_number(out, " ", event->ticks);
    put_place(context, &event->origin);
    put_slice(out, " (", sender->user_name, " ");
    put_slice(out, "", sender->id, " ");
    put_slice(out, "", sender->email, " ");
    put_slice(out, "", sender->internal, ")\n");
    assert_int_equal(event->origin.input, 3);
    assert_int_equal(event->origin.time, ticks_to_time(event->ticks));
}

static void take_channel(void *context, const struct compliance_channel *channel)
{
    struct buffer *out = &((struct reader_log *)context)->text;
    put_slice(out, "room ", channel->uri, "");
    put_slice(out, " [", channel->name, "]");
    buffer_append_text(out, channel->logged == SAID_YES  ? " logged"
                            : channel->logged == SAID_NO ? " unlogged"
                                                         : "");
    put_number(out, " ", channel->start);
    put_number(out, " ", channel->end);
    buffer_append_byte(out, '\n');
}

static void take_extra(void *context, const struct compliance_extra *extra)
{
    struct buffer *out = &((struct reader_log *)context)->text;
    buffer_append_text(out, "extra ");
    buffer_append_text(out, extra->element);
    put_slice(out, " ", extra->name, "=");
    put_slice(out, "", extra->value, "\n");
}

static void take_oddity(void *context, const char *code, struct slice detail,
                        const struct origin *where)
{
    struct buffer *out = &((struct reader_log *)context)->text;
    (void)detail;
    (void)where;
    buffer_append_text(out, code);
    buffer_append_byte(out, '\n');
}

/* The text is the caller's: free(). */
static char *read_lines(struct slice document, struct compliance_reading *reading)
{
    struct reader_log log;
    struct limits limits = limits_default();
    struct xml_reader *reader = xml_reader_new(&limits);
    buffer_init(&log.text, SIZE_MAX);
    const struct compliance_handler handler = {&log, take_message, take_channel, take_extra,
                                               take_oddity};
    struct guard guard = guard_copy(document);
    log.document = guard.bytes;
    *reading = compliance_read(reader, guard.bytes, 3, &handler);
    guard_free(&guard);
    xml_reader_free(reader);
    buffer_append_byte(&log.text, '\0');
    return log.text.data;
}

/* ---- rows ---- */

struct export_row {
    const char *title;
    const char *document;
    const char *lines;
    bool whole;
};

#define ROOM(inside)                                                                               \
    "<Conversations><Conversation><Channel uri=\"MA-CHAN://A/B\" name=\"b\"/><Messages>" inside    \
    "</Messages></Conversation></Conversations>"
#define MESSAGE(attributes, inside) ROOM("<Message " attributes ">" inside "</Message>")
#define CHATTED(inside)             MESSAGE("type=\"CHAT\" content=\"x\" id=\"1\"", inside)
#define BARE                        "room ma-chan://a/b [b] - -\n"
#define TOLD(ticks)                                                                                \
    "CHAT [x] 1 ada@contoso.example " ticks " @1 (Ada Bell 12 ada@contoso.example true)\n"

/* clang-format off */
static const struct export_row rows[] = {
    {"an empty export", "<Conversations/>", "", true},
    {"the first letter of names in either case, sip: and what the schema does not have",
     "<?xml version=\"1.0\"?>\n<!-- x -->\n<Conversations>\n<Conversation>\n"
     "<Channel uri=\"" OPS "\" name=\"Ops\" islogged=\"True\" colour=\"red\"/>\n<Messages>\n"
     "<Message type=\"PART\" content=\"\" id=\"0\">\n<Sender userName=\"A\" Id=\"1\" Email=\"e\" "
     "Internal=\"false\" Uri=\" SIP:Ada@Contoso.example\" sid=\"7\"/>\n" WHEN "<More><Sender uri=\"no\"/></More></Message>\n</Messages>"
     "</Conversation></Conversations>",
     "extra Channel islogged=True\nextra Channel colour=red\nextra Sender sid=7\n"
     "PART [] 0 ada@contoso.example 635349568951234567 @7 (A 1 e false)\n"
     "room " OPS " [Ops] logged - -\n", true},
    {"elements in a namespace",
     "<c:Conversations xmlns:c=\"urn:x\"><c:Conversation><c:Channel uri=\"r\" name=\"\" islogged=\"false\"/></c:Conversation></c:Conversations>",
     "extra Channel islogged=false\nroom r [] unlogged - -\n", true},
    {"entities and line ends", MESSAGE("type=\"CHAT\" content=\"a &lt;&amp;&#13;&#10;&quot;\" id=\"1\"", ADA WHEN),
     "CHAT [a <&\r\n\"] 1 ada@contoso.example 635349568951234567 @1 (Ada Bell 12 ada@contoso.example true)\n" BARE, true},
    {"the ticks count", CHATTED(ADA "<DateTimeUTC since1970=\"0\" string=\"1970-01-01T00:00:00Z\" long=\"635349568951234567\"/>"),
     "compliance-time-differs\n" TOLD("635349568951234567") BARE, true},
    {"rounded milliseconds differ", CHATTED(ADA "<DateTimeUTC since1970=\"1399360095124\" string=\"2014-05-06T07:08:15.1234567Z\" long=\"635349568951234567\"/>"),
     "compliance-time-differs\n" TOLD("635349568951234567") BARE, true},
    {"without ticks the text", CHATTED(ADA "<DateTimeUTC since1970=\"1399360095123\" string=\"2014-05-06T07:08:15.1234567Z\"/>"),
     "compliance-time\n" TOLD("635349568951234567") BARE, true},
    {"without both the milliseconds", CHATTED(ADA "<DateTimeUTC since1970=\"-1\" string=\"\" long=\"x\"/>"),
     "compliance-time\n" TOLD("621355967999990000") BARE, true},
    {"no time at all", CHATTED(ADA "<DateTimeUTC since1970=\"99999999999999999\" string=\"now\" long=\"-1\"/>"),
     "compliance-time\n" BARE, false},
    {"nobody says it", CHATTED(WHEN),
     "compliance-incomplete\nCHAT [x] 1  635349568951234567 @1 (   )\n" BARE, true},
    {"at no time", CHATTED(ADA), "compliance-incomplete\n" BARE, false},
    {"no such type", MESSAGE("type=\"DELETE\" content=\"\" id=\"0\"", ADA WHEN), "compliance-type\n" BARE, false},
    {"no such id", MESSAGE("type=\"CHAT\" content=\"x\" id=\"-1\"", ADA WHEN),
     "compliance-id\nCHAT [x] 0 ada@contoso.example 635349568951234567 @1 (Ada Bell 12 ada@contoso.example true)\n" BARE, true},
    {"messages without a channel", "<Conversations><Conversation><Messages><Message type=\"CHAT\" content=\"\" id=\"1\">" ADA WHEN
     "</Message></Messages><Channel uri=\"r\" name=\"n\"/></Conversation></Conversations>",
     "compliance-incomplete\ncompliance-order\nroom r [n] - -\n", false},
    {"what does not belong there", "<Conversations><Message type=\"CHAT\"/><Conversation><Conversation/><Sender/><Messages><Messages/></Messages></Conversation></Conversations>",
     "room  [] - -\n", true},
    {"something else", "<xccos><Conversations/></xccos>", "compliance-root\n", false},
    {"not XML", "hello", "xml-not-well-formed\n", false},
    {"nothing", "", "xml-not-well-formed\n", false},
    {"a document type", "<!DOCTYPE x [<!ENTITY a \"b\">]><Conversations/>", "xml-refused\n", false},
    {"it breaks off", "<Conversations><Conversation><Channel uri=\"r\" name=\"n\"/><Messages>",
     "xml-not-well-formed\nroom r [n] - -\n", false},
};
/* clang-format on */

static void exports_say_what_they_hold(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct compliance_reading reading;
        char *got = read_lines(slice_of(rows[i].document), &reading);
        if (strcmp(got, rows[i].lines) != 0 || reading.whole != rows[i].whole) {
            fail_msg("%s (whole %d):\n--- expected\n%s--- got\n%s", rows[i].title, reading.whole,
                     rows[i].lines, got);
        }
        free(got);
    }
}

static void the_example_of_the_sheet(void **state)
{
    (void)state;
    struct compliance_reading reading;
    char *got = read_lines(slice_of(example), &reading);
    assert_string_equal(got, example_lines);
    assert_true(reading.whole);
    assert_int_equal(reading.messages, 2);
    assert_int_equal(reading.dropped, 0);
    free(got);
}

/* A file that breaks off has said its first messages, and that it breaks off. */
static void every_beginning_gives_the_first_messages(void **state)
{
    (void)state;
    for (size_t size = 0; size + 1 < sizeof example; size++) {
        struct compliance_reading reading;
        char *got = read_lines(slice_sub(slice_of(example), 0, size), &reading);
        char *odd = strstr(got, "xml-not-well-formed\n");
        assert_false(reading.whole);
        assert_non_null(odd);
        assert_memory_equal(got, example_lines, (size_t)(odd - got));
        free(got);
    }
}

/* More text than one message may have; the reader's own cap is the caller's choice. */
static void a_large_export_is_read(void **state)
{
    (void)state;
    enum { MESSAGES = 60000 };
    struct buffer document;
    struct limits limits = limits_default();
    limits.xml_bytes = limits.export_bytes;
    struct xml_reader *reader = xml_reader_new(&limits);
    buffer_init(&document, SIZE_MAX);
    buffer_append_text(&document, "<Conversations><Conversation><Channel uri=\"r\" name=\"n\"/>"
                                  "<Messages>\n");
    for (int i = 0; i < MESSAGES; i++) {
        buffer_append_text(&document,
                           "<Message type=\"CHAT\" content=\"some words that people say "
                           "to each other\" id=\"1\">\n  " ADA "\n  " WHEN "\n</Message>\n");
    }
    buffer_append_text(&document, "</Messages></Conversation></Conversations>\n");
    assert_true(document.size > limits_default().xml_bytes);
    const struct compliance_handler handler = {0};
    struct compliance_reading reading =
        compliance_read(reader, buffer_slice(&document), 0, &handler);
    assert_true(reading.whole);
    assert_int_equal(reading.messages, MESSAGES);
    buffer_dispose(&document);
    xml_reader_free(reader);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_example_of_the_sheet),
        cmocka_unit_test(exports_say_what_they_hold),
        cmocka_unit_test(every_beginning_gives_the_first_messages),
        cmocka_unit_test(a_large_export_is_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
