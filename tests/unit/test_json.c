/*
 * JSON: what is written, byte for byte, and that a parser of others reads it back.
 */
#include "tests/unit/output_text.h"

#include "reports/json.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static void assert_written(struct written *written, const char *expected)
{
    char *text = written_close(written);
    assert_string_equal(text, expected);
    free(text);
}

static void strings_are_escaped(void **state)
{
    (void)state;
    static const struct {
        struct slice value;
        const char *json;
    } rows[] = {
        {SLICE(""), "{\"k\": \"\"}"},
        {SLICE("sip:ann@contoso.example"), "{\"k\": \"sip:ann@contoso.example\"}"},
        {SLICE("\"\\/"), "{\"k\": \"\\\"\\\\/\"}"},
        {SLICE("\r\n\t\x08"), "{\"k\": \"\\r\\n\\t\\u0008\"}"},
        {SLICE("a\0b"), "{\"k\": \"a\\u0000b\"}"},
        {SLICE("\x1b\x7f\xc2\x9b"), "{\"k\": \"\\u001b\\u007f\\u009b\"}"},
        {SLICE("\u2028\u2029"), "{\"k\": \"\\u2028\\u2029\"}"},
        {SLICE("한국어 😀"), "{\"k\": \"한국어 😀\"}"},
        /* RFC 4648: f, fo, foo with a byte that is no UTF-8 */
        {SLICE("\xff"), "{\"k\": \"\ufffd\",\"raw\": \"/w==\"}"},
        {SLICE("a\xff"), "{\"k\": \"a\ufffd\",\"raw\": \"Yf8=\"}"},
        {SLICE("a\xff\""), "{\"k\": \"a\ufffd\\\"\",\"raw\": \"Yf8i\"}"},
        {SLICE("\xe2\x82"), "{\"k\": \"\ufffd\ufffd\",\"raw\": \"4oI=\"}"},
        {SLICE("\xfb\xff\xfe"), "{\"k\": \"\ufffd\ufffd\ufffd\",\"raw\": \"+//+\"}"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct written written;
        struct json json;
        struct guard guard = guard_copy(rows[i].value);
        json_init(&json, written_open(&written), false);
        json_object(&json, NULL);
        json_string(&json, "k", guard.bytes);
        json_end_object(&json);
        assert_written(&written, rows[i].json);
        guard_free(&guard);
    }
}

/* What stands in a page of HTML has none of its characters, in keys as in values. */
static void html_takes_none_for_markup(void **state)
{
    (void)state;
    struct written written;
    struct json json;
    json_init(&json, written_open(&written), false);
    json.in_html = true;
    json_object(&json, NULL);
    json_string(&json, "<a&b>", slice_of("</script>&amp;<!-- \u2028"));
    json_string(&json, "raw", slice_of("<\xff>"));
    json_count(&json, slice_of("<i>"), 1);
    json_end_object(&json);
    assert_written(&written, "{\"\\u003ca\\u0026b\\u003e\": "
                             "\"\\u003c/script\\u003e\\u0026amp;\\u003c!-- \\u2028\", "
                             "\"raw\": \"\\u003c\ufffd\\u003e\",\"raw\": \"PP8+\", "
                             "\"\\u003ci\\u003e\": 1}");
}

static void write_everything(struct json *json)
{
    json_object(json, NULL);
    json_object(json, "empty");
    json_end_object(json);
    json_array(json, "none");
    json_end_array(json);
    json_array(json, "list");
    json_u64(json, NULL, UINT64_MAX);
    json_i64(json, NULL, INT64_MIN);
    json_string(json, NULL, (struct slice){"\xff", 1});
    json_array(json, NULL);
    json_bool(json, NULL, true);
    json_end_array(json);
    json_end_array(json);
    json_text(json, "text", "t");
    json_text(json, "no_text", NULL);
    json_optional(json, "optional", slice_of(""));
    json_time(json, "time", 0);
    json_time(json, "no_time", TIME_NONE);
    json_seconds(json, "wait", 1234567);
    json_seconds(json, "back", -1500000000);
    json_seconds(json, "least", INT64_MIN);
    json_count(json, slice_of("IN\"FO"), 3);
    json_string(json, "one", (struct slice){"\xfe", 1});
    json_string(json, "two", (struct slice){"\xfd", 1});
    json_object(json, "inner");
    json_string(json, "three", (struct slice){"\xfc", 1});
    json_end_object(json);
    json_null(json, "null");
    json_end_object(json);
    json_end_line(json);
}

static const char compact[] =
    "{\"empty\": {}, \"none\": [], \"list\": [18446744073709551615, -9223372036854775808, "
    "\"\ufffd\", [true]], \"text\": \"t\", \"no_text\": null, \"optional\": null, "
    "\"time\": \"1970-01-01T00:00:00.000000Z\", \"no_time\": null, \"wait\": 0.001234567, "
    "\"back\": -1.500000000, \"least\": -9223372036.854775808, \"IN\\\"FO\": 3, "
    "\"one\": \"\ufffd\",\"raw\": \"/g==\", \"two\": \"\ufffd\",\"two_raw\": \"/Q==\", "
    "\"inner\": {\"three\": \"\ufffd\",\"raw\": \"/A==\"}, \"null\": null}\n";

static const char pretty[] = "{\n"
                             "  \"empty\": {},\n"
                             "  \"none\": [],\n"
                             "  \"list\": [\n"
                             "    18446744073709551615,\n"
                             "    -9223372036854775808,\n"
                             "    \"\ufffd\",\n"
                             "    [\n"
                             "      true\n"
                             "    ]\n"
                             "  ],\n"
                             "  \"text\": \"t\",\n"
                             "  \"no_text\": null,\n"
                             "  \"optional\": null,\n"
                             "  \"time\": \"1970-01-01T00:00:00.000000Z\",\n"
                             "  \"no_time\": null,\n"
                             "  \"wait\": 0.001234567,\n"
                             "  \"back\": -1.500000000,\n"
                             "  \"least\": -9223372036.854775808,\n"
                             "  \"IN\\\"FO\": 3,\n"
                             "  \"one\": \"\ufffd\",\n"
                             "  \"raw\": \"/g==\",\n"
                             "  \"two\": \"\ufffd\",\n"
                             "  \"two_raw\": \"/Q==\",\n"
                             "  \"inner\": {\n"
                             "    \"three\": \"\ufffd\",\n"
                             "    \"raw\": \"/A==\"\n"
                             "  },\n"
                             "  \"null\": null\n"
                             "}\n";

static void documents_nest_in_both_forms(void **state)
{
    (void)state;
    for (int form = 0; form < 2; form++) {
        struct written written;
        struct json json;
        json_init(&json, written_open(&written), form == 1);
        write_everything(&json);
        assert_written(&written, form == 1 ? pretty : compact);
    }
}

static void lines_are_documents_of_their_own(void **state)
{
    (void)state;
    struct written written;
    struct json json;
    json_init(&json, written_open(&written), false);
    for (uint64_t i = 1; i <= 2; i++) {
        json_object(&json, NULL);
        json_u64(&json, "record", i);
        json_end_object(&json);
        json_end_line(&json);
    }
    assert_written(&written, "{\"record\": 1}\n{\"record\": 2}\n");
}

/* Every byte pair as a value: read by Python, with the exact bytes in "raw" wherever they differ.
 */
static void others_read_it_back(void **state)
{
    (void)state;
    static const char check[] =
        "import base64,json,sys\n"
        "rows = json.load(open(sys.argv[1], encoding='utf-8'))\n"
        "assert len(rows) == 65536\n"
        "for i, row in enumerate(rows):\n"
        "    want = bytes([i >> 8, i & 255])\n"
        "    try: good = want.decode() == row['v'] and 'raw' not in row\n"
        "    except UnicodeDecodeError:\n"
        "        good = '\\ufffd' in row['v'] and base64.b64decode(row['raw']) == want\n"
        "    assert good, (want, row)\n";
    struct written written;
    struct json json;
    json_init(&json, written_open(&written), false);
    json_array(&json, NULL);
    for (unsigned i = 0; i < 65536; i++) {
        char bytes[2] = {(char)(i >> 8), (char)i};
        json_object(&json, NULL);
        json_string(&json, "v", (struct slice){bytes, 2});
        json_end_object(&json);
    }
    json_end_array(&json);
    json_end_line(&json);
    char problem[256];
    assert_true(output_close(written.output, true, problem, sizeof problem));
    setenv("CHECK", check, 1);
    setenv("ROWS", written.path, 1);
    assert_int_equal(system("python3 -c \"$CHECK\" \"$ROWS\""), 0);
    unlink(written.path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(strings_are_escaped),
        cmocka_unit_test(html_takes_none_for_markup),
        cmocka_unit_test(documents_nest_in_both_forms),
        cmocka_unit_test(lines_are_documents_of_their_own),
        cmocka_unit_test(others_read_it_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
