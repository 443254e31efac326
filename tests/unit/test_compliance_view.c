/*
 * What the chat service would archive, from the changes of a capture; and the texts of exports.
 */
#include "tests/unit/compliance_script.h"

#include <stdio.h>
#include <stdlib.h>

#include "analyzer/engine/buffer.h"
#include "analyzer/engine/compliance.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* ---- the view of a script as lines ---- */

struct lines {
    struct buffer text;
    struct compliance_view view;
};

static struct slice after(struct slice text, const char *prefix)
{
    return slice_from(text, strlen(prefix));
}

static void write_time(struct buffer *out, int64_t ticks)
{
    char text[32];
    int64_t since = ticks - ticks_of_time(STORY_START);
    snprintf(text, sizeof text, "%g", (double)since / 1e7);
    buffer_append_text(out, text);
}

static void take_event(void *context, const struct compliance_event *event)
{
    struct lines *lines = context;
    struct slice user;
    struct slice domain;
    struct buffer *out = &lines->text;
    slice_cut(event->user, '@', &user, &domain);
    buffer_append_u64(out, event->number);
    buffer_append_byte(out, ' ');
    write_time(out, event->ticks);
    buffer_append_byte(out, ' ');
    buffer_append_text(out, compliance_kind_name(event->kind));
    buffer_append_byte(out, ' ');
    buffer_append(out, user);
    buffer_append_byte(out, ' ');
    buffer_append(out, after(event->room, "ma-chan://contoso.example/"));
    buffer_append_text(out, " #");
    buffer_append_u64(out, event->origin.record);
    buffer_append_text(out, event->proven ? "" : " unproven");
    buffer_append_text(out, event->content.size > 0 ? " " : "");
    buffer_append(out, event->content);
    buffer_append_byte(out, '\n');
}

static void take_amendment(void *context, const struct compliance_event *event)
{
    struct lines *lines = context;
    struct buffer *out = &lines->text;
    buffer_append_u64(out, event->number);
    buffer_append_text(out, event->service_time ? " service " : " capture ");
    write_time(out, event->ticks);
    buffer_append_text(out, " id ");
    buffer_append_u64(out, event->id);
    buffer_append_text(out, event->marked_up ? " marked\n" : "\n");
}

static void to_view_event(void *context, const struct event *event)
{
    struct lines *lines = context;
    compliance_view_event(&lines->view, event);
}

static void to_view_change(void *context, const struct change *change)
{
    struct lines *lines = context;
    compliance_view_change(&lines->view, change);
}

static void assert_view(const char *title, const struct act *acts, size_t posts,
                        const char *expected)
{
    struct lines lines;
    struct limits limits = limits_default();
    const struct compliance_sink sink = {&lines, take_event, take_amendment};
    limits.posts = posts;
    buffer_init(&lines.text, SIZE_MAX);
    compliance_view_init(&lines.view, test_seed(), &limits, &sink);
    const struct audience audience = {to_view_event, to_view_change, &lines};
    play_acts(&audience, acts);
    buffer_append_byte(&lines.text, '\0');
    if (strcmp(lines.text.data, expected) != 0) {
        fail_msg("%s:\n--- expected\n%s--- got\n%s", title, expected, lines.text.data);
    }
    compliance_view_dispose(&lines.view);
    buffer_dispose(&lines.text);
}

/* ---- rows ---- */

struct view_row {
    const char *title;
    const struct act *acts;
    const char *expected;
};

static const struct view_row rows[] = {
    {"a join, a part",
     ACTS(DO(0, ASKS, 1, "ada", "ops"), DO(1, JOINS, 1, "ada", "ops"),
          DO(2, LEAVES, 1, "ada", "ops"), DO(3, PARTS, 1, "ada", "ops")),
     "1 1 JOIN ada ops #2\n2 3 PART ada ops #4\n"},
    {"each endpoint joins and parts",
     ACTS(DO(1, JOINS, 1, "ada", "ops"), DO(2, JOINS, 2, "ada", "ops"),
          DO(3, HANGS_UP, 1, "ada", "ops"), DO(4, BREAKS, 2, "ada", "ops")),
     "1 1 JOIN ada ops #1\n2 2 JOIN ada ops #2\n3 3 PART ada ops #3\n"
     "4 4 PART ada ops #4 unproven\n"},
    {"a join that was not captured is none, the part is one",
     ACTS(DO(1, ASSUMED, 1, "ada", "ops"), DO(2, HANGS_UP, 1, "ada", "ops")),
     "1 2 PART ada ops #2\n"},
    {"a post counts when it is accepted",
     ACTS(POST(1, SENDS, 1, "ada", "ops", "hello", 7), POST(2, TAKEN, 1, "ada", "ops", NULL, 7)),
     "1 2 CHAT ada ops #2 hello\n"},
    {"a refused one does not, but its repetition",
     ACTS(POST(1, SENDS, 1, "ada", "ops", "hello", 7), POST(2, REFUSED, 1, "ada", "ops", NULL, 7),
          POST(3, SENDS, 1, "ada", "ops", "hello", 7), POST(4, TAKEN, 1, "ada", "ops", NULL, 7)),
     "1 4 CHAT ada ops #4 hello\n"},
    {"nor does one without an answer", ACTS(POST(1, SENDS, 1, "ada", "ops", "hello", 7)), ""},
    {"copies, duplicates and history say nothing new",
     ACTS(
         POST(1, SENDS, 1, "ada", "ops", "hello", 7), POST(2, TAKEN, 1, "ada", "ops", NULL, 7),
         POST(3, COPIED, 1, "ada", "ops", "hello", 7), POST(3, COPIED, 2, "ada", "ops", "hello", 7),
         POST(4, DOUBLED, 2, "ada", "ops", "hello", 7), POST(5, PAST, 2, "ada", "ops", "hello", 7)),
     "1 2 CHAT ada ops #2 hello\n"},
    {"a copy shows that a post was accepted",
     ACTS(POST(1, SENDS, 1, "ada", "ops", "hello", 7), POST(2, COPIED, 2, "ada", "ops", "hello", 7),
          POST(3, TAKEN, 1, "ada", "ops", NULL, 7)),
     "1 2 CHAT ada ops #2 hello\n"},
    {"also of a post that was not captured",
     ACTS({1, COPIED, 2, "bo", "ops", "hello", 7, 0.5, NULL, false, true}),
     "1 1 CHAT bo ops #1 hello\n"},
    {"history alone is none", ACTS(POST(1, PAST, 2, "bo", "ops", "hello", 7)), ""},
    {"a ts that the service set is the time",
     ACTS(STAMPED(1, SENDS, 1, "ada", "ops", "hello", 7, 1),
          POST(2, TAKEN, 1, "ada", "ops", NULL, 7),
          STAMPED(3, COPIED, 2, "bo", "ops", "hello", 7, 1.5),
          STAMPED(4, COPIED, 1, "ada", "ops", "hello", 7, 2)),
     "1 2 CHAT ada ops #2 hello\n1 service 1.5 id 0\n"},
    {"one that it only handed on is not",
     ACTS(STAMPED(1, SENDS, 1, "ada", "ops", "hello", 7, 1),
          POST(2, TAKEN, 1, "ada", "ops", NULL, 7),
          STAMPED(3, COPIED, 2, "bo", "ops", "hello", 7, 1),
          STAMPED(4, COPIED, 1, "ada", "ops", "hello", 7, 2)),
     "1 2 CHAT ada ops #2 hello\n"},
    {"the id and what was edited come with a copy",
     ACTS(POST(1, SENDS, 1, "ada", "ops", "hello", 7), POST(2, TAKEN, 1, "ada", "ops", NULL, 7),
          {3, COPIED, 2, "bo", "ops", "hello", 7, 0, "311", false, false},
          {4, COPIED, 1, "ada", "ops", "hello", 7, 0, "none", true, false}),
     "1 2 CHAT ada ops #2 hello\n1 capture 2 id 311\n1 capture 2 id 311 marked\n"},
    {"reading the history", ACTS(DO(1, READS, 1, "ada", "ops"), DO(2, FAILS, 1, "ada", "ops")),
     "1 1 BACKCHAT ada ops #1\n"},
    {"files, once each",
     ACTS(POST(1, UPLOADS, 1, "ada", "ops", "f.docx", 1),
          POST(2, LINKS, 1, "ada", "ops", "f.docx", 1),
          POST(3, LINKS, 1, "ada", "ops", "g.docx", 2),
          POST(4, DOWNLOADS, 1, "bo", "ops", "f.docx", 3)),
     "1 1 FILEUPLOAD ada ops #1 f.docx\n2 3 FILEUPLOAD ada ops #3 unproven g.docx\n"
     "3 4 FILEDOWNLOAD bo ops #4 f.docx\n"},
    {"files of which too little is known",
     ACTS(POST(1, UPLOADS, 1, "ada", NULL, "f.docx", 1), POST(2, LINKS, 1, "ada", "ops", "", 2),
          POST(3, LINKS, 1, "ada", "ops", "h.docx", 0)),
     ""},
};

static void events_follow_from_changes(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        assert_view(rows[i].title, rows[i].acts, 100, rows[i].expected);
    }
}

/* With room for one message: a copy of a forgotten one is no message of its own. */
static void forgotten_messages_are_not_told_twice(void **state)
{
    (void)state;
    assert_view(
        "one place",
        ACTS(POST(1, SENDS, 1, "ada", "ops", "one", 7), POST(2, TAKEN, 1, "ada", "ops", NULL, 7),
             POST(3, SENDS, 1, "ada", "ops", "two", 8), POST(4, TAKEN, 1, "ada", "ops", NULL, 8),
             POST(5, COPIED, 2, "bo", "ops", "one", 7), POST(6, COPIED, 2, "bo", "ops", "two", 8)),
        1, "1 2 CHAT ada ops #2 one\n2 4 CHAT ada ops #4 two\n");
}

/* ---- texts ---- */

struct text_row {
    const char *text;
    const char *folded;
    unsigned replaced;
};

static const struct text_row texts[] = {
    {"", "", 0},
    {"a\r\nb", "a b", 0},
    {"a\rb\nc\td", "a b c d", 0},
    {"\r\n\r\n", "  ", 0},
    {"<a href=\"http://x/\">http://x/</a>!", "http://x/!", 0},
    {"<A HREF='x'>y</A>", "y", 0},
    {"<a href=\"http://x/?a&amp;b\">http://x/?a&amp;b</a> &amp;", "http://x/?a&b &amp;", 0},
    {"no link</a>", "no link</a>", 0},
    {"a < b && <ab>", "a < b && <ab>", 0},
    {"<a unclosed", "<a unclosed", 0},
    {"점심 🍜", "점심 🍜", 0},
    {"a\x01z\x1b", "a\xEF\xBF\xBDz\xEF\xBF\xBD", 2},
    {"\xC0\x80", "\xEF\xBF\xBD\xEF\xBF\xBD", 2},
    {"\xE2\x82", "\xEF\xBF\xBD\xEF\xBF\xBD", 2},
    {"\xED\xA0\x80", "\xEF\xBF\xBD", 1},
    {"\xEF\xBF\xBE\xEF\xBF\xBF", "\xEF\xBF\xBD\xEF\xBF\xBD", 2},
    {"\xF4\x90\x80\x80", "\xEF\xBF\xBD", 1},
    {"\xF0\x9F\x98\x80\xFF", "\xF0\x9F\x98\x80\xEF\xBF\xBD", 1},
    {"\x7F", "\x7F", 0},
};

static void texts_fold(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(texts); i++) {
        struct guard guard = guard_copy(slice_of(texts[i].text));
        struct buffer folded;
        uint64_t replaced = 0;
        buffer_init(&folded, SIZE_MAX);
        compliance_fold(guard.bytes, &folded);
        assert_slice_equal(buffer_slice(&folded), texts[i].folded);
        struct slice rest = guard.bytes;
        while (rest.size > 0) {
            (void)compliance_character(&rest, &replaced);
        }
        assert_int_equal(replaced, texts[i].replaced);
        buffer_dispose(&folded);
        guard_free(&guard);
    }
}

static void kinds_have_the_names_of_exports(void **state)
{
    (void)state;
    for (int kind = 0; kind < COMPLIANCE_KINDS; kind++) {
        const char *name = compliance_kind_name((enum compliance_kind)kind);
        assert_int_equal(compliance_kind_find(slice_of(name)), kind);
    }
    assert_int_equal(compliance_kind_find(slice_of("fileUpload")), COMPLIANCE_UPLOAD);
    assert_int_equal(compliance_kind_find(slice_of("CHATS")), COMPLIANCE_KINDS);
    assert_string_equal(compliance_kind_name(COMPLIANCE_KINDS), "unknown");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(events_follow_from_changes),
        cmocka_unit_test(forgotten_messages_are_not_told_twice),
        cmocka_unit_test(texts_fold),
        cmocka_unit_test(kinds_have_the_names_of_exports),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
