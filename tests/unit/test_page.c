/*
 * The page as a file: nothing of a capture is markup in it, and its data are JSON. How it works in
 * a browser is in tests/check_page.py.
 */
#include "tests/unit/harness.h"

#include <stdlib.h>
#include <unistd.h>

#include "reports/ladder.h"
#include "reports/page.h"
#include "tests/unit/output_text.h"

/* 2026-11-20T10:00:00Z */
#define START (INT64_C(1795168800) * TIME_SECOND)

enum { BLOCK = 512 };

static struct slice show_raw(void *context, struct slice raw, struct arena *arena)
{
    (void)context;
    return arena_keep(arena, raw);
}

/* A ladder that is written as a page. */
struct scene {
    struct ladder *ladder;
    struct sink sink;
    struct report_style style;
    struct input_info input;
    struct summary summary;
    uint64_t messages;
};

static void scene_begin(struct scene *scene, struct limits limits)
{
    struct ladder_options options = {.shower = {.show = show_raw}};
    *scene = (struct scene){
        .style = {.format = REPORT_HTML, .columns = 80, .version = "1.2.3"},
        .input = {.name = SLICE("/captures/trace.pcap"), .kind = "pcap"},
    };
    scene->summary.input_count = 1;
    scene->summary.coverage.verdict = COVERAGE_FULL;
    scene->ladder = ladder_new(&scene->style, &options, test_seed(), &limits);
    scene->sink = ladder_sink(scene->ladder);
}

/* Whatever can be text of a message is `text`. */
static void send_text(struct scene *scene, struct slice text)
{
    struct sip_party party = {.user = text, .uri = text};
    scene->messages++;
    struct message message = {
        .expires = -1,
        .subscription_expires = -1,
        .session_expires = -1,
        .id = scene->messages,
        .transaction = scene->messages,
        .request = scene->messages % 2 == 1,
        .method_name = text,
        .status = 200,
        .reason = text,
        .call_id = text,
        .from = party,
        .to = party,
        .raw = text,
        .observed = {.origin = {.time = START + (int64_t)scene->messages * TIME_SECOND,
                                .record = scene->messages},
                     .source = {.bytes = {10, 1, 1, 1}, .family = ADDRESS_IPV4},
                     .destination = {.bytes = {10, 1, 1, 2}, .family = ADDRESS_IPV4}},
    };
    struct event event = {
        .kind = EVENT_MESSAGE, .origin = message.observed.origin, .message = &message};
    scene->sink.event(scene->sink.context, &event);
}

static void find_text(struct scene *scene, struct slice text)
{
    struct origin evidence = {.time = START, .record = 1};
    struct finding found = {.id = 1,
                            .rule = "sip-diagnostics",
                            .severity = SEVERITY_NOTE,
                            .time = START,
                            .message = text,
                            .evidence = &evidence,
                            .evidence_count = 1};
    scene->sink.finding(scene->sink.context, &found);
}

/* The page as a string; the ladder is gone then. Release with free(). */
static char *scene_page(struct scene *scene)
{
    struct written written;
    struct output *output = written_open(&written);
    scene->summary.inputs = &scene->input;
    ladder_write(scene->ladder, &scene->summary, output);
    ladder_free(scene->ladder);
    return written_close(&written);
}

static char *page_of_text(struct slice text)
{
    struct scene scene;
    scene_begin(&scene, limits_default());
    send_text(&scene, text);
    send_text(&scene, text);
    find_text(&scene, text);
    return scene_page(&scene);
}

static size_t count_of(const char *page, char byte)
{
    size_t count = 0;
    for (const char *at = page; *at; at++) {
        count += *at == byte;
    }
    return count;
}

static void assert_holds(const char *page, const char *text)
{
    if (!strstr(page, text)) {
        fail_msg("there is no \"%s\" in the page", text);
    }
}

static void assert_lacks(const char *page, const char *text)
{
    if (strstr(page, text)) {
        fail_msg("there is \"%s\" in the page", text);
    }
}

/* Of the markup there is as much as in a page about nothing, whatever the bytes are. */
static void no_byte_is_markup(void **state)
{
    (void)state;
    char *plain = page_of_text(slice_of("abcdefgh"));
    for (unsigned byte = 0; byte < 256; byte++) {
        char bytes[] = {'<', '/', (char)byte, 's', '>', '&', (char)byte, '"'};
        struct guard guard = guard_copy((struct slice){bytes, sizeof bytes});
        char *page = page_of_text(guard.bytes);
        assert_int_equal(count_of(page, '<'), count_of(plain, '<'));
        assert_int_equal(count_of(page, '>'), count_of(plain, '>'));
        assert_int_equal(count_of(page, '&'), count_of(plain, '&'));
        free(page);
        guard_free(&guard);
    }
    free(plain);
}

static void titles_are_text(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        const char *title;
    } rows[] = {
        {"/tmp/trace.pcap", "<title>trace&#46;pcap &#8211; ladder</title>"},
        {"a<b>&\"'.pcap", "<title>a&#60;b&#62;&#38;&#34;&#39;&#46;pcap &#8211; ladder</title>"},
        {"<script>1", "<title>&#60;script&#62;1 &#8211; ladder</title>"},
        {"운영.pcap", "<title>운영&#46;pcap &#8211; ladder</title>"},
        {"a\xff\n.pcap", "<title>a&#92;xff &#46;pcap &#8211; ladder</title>"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct scene scene;
        scene_begin(&scene, limits_default());
        scene.input.name = slice_of(rows[i].name);
        char *page = scene_page(&scene);
        assert_holds(page, rows[i].title);
        free(page);
    }
}

/* Python reads the data and the messages back, each text as it is shown. */
static void data_are_json(void **state)
{
    (void)state;
    static const char check[] =
        "import html.parser,json,sys\n"
        "class Blocks(html.parser.HTMLParser):\n"
        "    found, name = {}, None\n"
        "    def handle_starttag(self, tag, attrs):\n"
        "        self.name = dict(attrs).get('id') if tag == 'script' else None\n"
        "    def handle_data(self, text):\n"
        "        if self.name and text.strip(): self.found[self.name] = json.loads(text)\n"
        "blocks = Blocks()\n"
        "blocks.feed(open(sys.argv[1], encoding='utf-8').read())\n"
        "data = blocks.found.pop('data')\n"
        "want = '</script><!-- \\u20ac & \\\\x00 \\\\u202e \\\\u2028 \\\\xff'\n"
        "words, values, flags = (data['columns'][key] for key in ('words', 'values', 'flags'))\n"
        "def word(row, key): return data['words'][row[words.index(key)] - 1]\n"
        "def flag(row, key): return row[-1] >> flags.index(key) & 1\n"
        "rows = data['rows']\n"
        "assert all(len(row) == len(words) + len(values) + 1 for row in rows)\n"
        "assert word(rows[0], 'call_id') == want, rows[0]\n"
        "assert len(set(data['words'])) == len(data['words'])\n"
        "assert data['findings'][0]['message'] == want, data['findings']\n"
        "assert len(rows) == 1026 and all(flag(row, 'text') for row in rows)\n"
        "blocks = [blocks.found['messages-%d' % i] for i in range(3)]\n"
        "assert [len(block['texts']) for block in blocks] == [512, 512, 2]\n"
        "assert blocks[2]['lines'] == [want], blocks[2]['lines']\n"
        "assert blocks[2]['texts'] == [[1, 0], [1, 0]], blocks[2]['texts']\n";
    static const char text[] = "</script><!-- \xe2\x82\xac & \0 \xe2\x80\xae \xe2\x80\xa8 \xff";
    struct slice bytes = {text, sizeof text - 1};
    struct scene scene;
    struct written written;
    char problem[256];
    scene_begin(&scene, limits_default());
    for (int i = 0; i < 2 * BLOCK + 2; i++) {
        send_text(&scene, bytes);
    }
    find_text(&scene, bytes);
    struct output *output = written_open(&written);
    scene.summary.inputs = &scene.input;
    ladder_write(scene.ladder, &scene.summary, output);
    ladder_free(scene.ladder);
    assert_true(output_close(output, true, problem, sizeof problem));
    setenv("CHECK", check, 1);
    setenv("PAGE", written.path, 1);
    assert_int_equal(system("python3 -c \"$CHECK\" \"$PAGE\""), 0);
    unlink(written.path);
}

static void messages_without_room_are_counted(void **state)
{
    (void)state;
    struct limits limits = limits_default();
    struct scene scene;
    limits.ladder_raw_bytes = 10;
    scene_begin(&scene, limits);
    send_text(&scene, slice_of("12345678"));
    send_text(&scene, slice_of("abcdefgh"));
    char *page = scene_page(&scene);
    assert_holds(page, "\"texts_beyond\": 1,");
    assert_holds(page, "id=\"messages-0\">{\"texts\": [[1,0]],\"lines\": [\"12345678\"]}");
    assert_lacks(page, "id=\"messages-1\"");
    free(page);
}

/* A page lists no more than a browser can lay out, and whoever wrote it can say so. */
static void rows_beyond_a_page_are_counted(void **state)
{
    (void)state;
    for (unsigned count = 2; count < 5; count++) {
        struct limits limits = limits_default();
        struct scene scene;
        struct written written;
        limits.page_rows = 3;
        scene_begin(&scene, limits);
        for (unsigned i = 0; i < count; i++) {
            send_text(&scene, slice_of("x"));
        }
        scene.summary.inputs = &scene.input;
        struct output *output = written_open(&written);
        ladder_write(scene.ladder, &scene.summary, output);
        assert_int_equal(ladder_page_beyond(scene.ladder), count > 3 ? count - 3 : 0);
        ladder_free(scene.ladder);
        char *page = written_close(&written);
        assert_holds(page, "\"most\": 3,");
        free(page);
    }
}

/* What the user asked for by name would tell the name. */
static void pseudonyms_hide_options(void **state)
{
    (void)state;
    static const struct report_option options[] = {{"user", "ann@contoso.example"}};
    for (int redacted = 0; redacted < 2; redacted++) {
        struct scene scene;
        scene_begin(&scene, limits_default());
        ladder_free(scene.ladder);
        scene.style.redacted = redacted;
        scene.style.options = options;
        scene.style.option_count = 1;
        struct limits limits = limits_default();
        const struct ladder_options wanted = {0};
        scene.ladder = ladder_new(&scene.style, &wanted, test_seed(), &limits);
        char *page = scene_page(&scene);
        assert_holds(page, redacted ? "\"redacted\": true" : "\"redacted\": false");
        assert_holds(page, "{\"name\": \"user\"");
        if (redacted) {
            assert_lacks(page, "ann@contoso.example");
        } else {
            assert_holds(page, "\"value\": \"ann@contoso.example\"");
        }
        free(page);
    }
}

/* An audit keeps findings that no arrow shows, those of database rows too. */
static void audits_show_all_findings(void **state)
{
    (void)state;
    static const struct origin_row row = {.server = SLICE("fe01"),
                                          .database = SLICE("rtcdyn"),
                                          .table = SLICE("Endpoint"),
                                          .key = SLICE("{\"EndpointId\": \"<0a>\"}")};
    struct origin evidence = {.time = START, .row = &row};
    const struct finding found = {.id = 1,
                                  .rule = "database-endpoint-stale",
                                  .severity = SEVERITY_WARNING,
                                  .time = START,
                                  .message = SLICE("<b>"),
                                  .evidence = &evidence,
                                  .evidence_count = 1,
                                  .basis = "a basis"};
    struct scene scene;
    struct written written;
    scene_begin(&scene, limits_default());
    struct output *output = written_open(&written);
    scene.summary.inputs = &scene.input;
    const struct page_audit audit = {.findings = &found, .count = 1};
    ladder_write_audit(scene.ladder, &scene.summary, &audit, output);
    ladder_free(scene.ladder);
    char *page = written_close(&written);
    assert_holds(page, " &#8211; audit</title>");
    assert_holds(page, "\"audit\": true");
    assert_holds(page, "\"message\": \"\\u003cb\\u003e\"");
    assert_holds(page, "\"basis\": \"a basis\"");
    assert_holds(page, "\"text\": \"rtcdyn.Endpoint EndpointId \\u003c0a\\u003e on fe01\"");
    assert_lacks(page, "\"baseline\": {");
    free(page);
}

/* Beside an audit before this one. */
static void audits_are_compared(void **state)
{
    (void)state;
    const struct finding found[] = {
        {.id = 1, .rule = "a", .time = START, .message = SLICE("old"), .basis = "b"},
        {.id = 2, .rule = "a", .time = START, .message = SLICE("fresh"), .basis = "b"},
    };
    const enum baseline_mark marks[] = {BASELINE_SAME, BASELINE_NEW};
    const struct earlier_finding gone = {
        .rule = SLICE("<gone>"), .time = TIME_NONE, .message = SLICE("no more")};
    const struct audit_baseline baseline = {.name = SLICE("old<.json"),
                                            .marks = marks,
                                            .mark_count = 2,
                                            .fresh = 1,
                                            .same = 1,
                                            .gone = &gone,
                                            .gone_count = 1};
    const struct page_audit audit = {found, 2, &baseline, true};
    struct scene scene;
    struct written written;
    scene_begin(&scene, limits_default());
    struct output *output = written_open(&written);
    scene.summary.inputs = &scene.input;
    ladder_write_audit(scene.ladder, &scene.summary, &audit, output);
    ladder_free(scene.ladder);
    char *page = written_close(&written);
    assert_holds(page, "\"baseline\": {\"name\": \"old\\u003c.json\", \"new\": 1, \"same\": 1, "
                       "\"doubtful\": true, \"gone\": [{\"severity\": \"note\", \"time\": \"\", "
                       "\"rule\": \"\\u003cgone\\u003e\", \"message\": \"no more\"}]}");
    assert_holds(page, "\"more\": 0, \"baseline\": \"same\"}");
    assert_holds(page, "\"more\": 0, \"baseline\": \"new\"}");
    free(page);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_byte_is_markup),
        cmocka_unit_test(titles_are_text),
        cmocka_unit_test(data_are_json),
        cmocka_unit_test(messages_without_room_are_counted),
        cmocka_unit_test(rows_beyond_a_page_are_counted),
        cmocka_unit_test(pseudonyms_hide_options),
        cmocka_unit_test(audits_show_all_findings),
        cmocka_unit_test(audits_are_compared),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
