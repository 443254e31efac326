/*
 * decoders/uri.c and decoders/sip_value.c: users, services, parameters, lists.
 */
#include "tests/unit/harness.h"

#include "decoders/sip.h"
#include "decoders/sip_value.h"

static void user_of_uri(void **state)
{
    (void)state;
    static const struct {
        const char *uri;
        const char *user;
    } rows[] = {
        {"sip:ada@contoso.example", "ada@contoso.example"},
        {"SIPS:Ada@Contoso.Example", "ada@contoso.example"},
        {"ada@contoso.example", "ada@contoso.example"},
        {"pres:ada@contoso.example", "ada@contoso.example"},
        {"<sip:ada@contoso.example>", "ada@contoso.example"},
        {"sip:ada@contoso.example;opaque=user:epid:q1Zb0c2Dd1u3kExampleA1AA;gruu",
         "ada@contoso.example"},
        {"sip:GC-1-PersistentChatService-2@contoso.example;gruu;opaque=srvr:example",
         "gc-1-persistentchatservice-2@contoso.example"},
        {"sip:fay@198.51.100.9:5067;transport=tls", "fay@198.51.100.9"},
        {"sip:fay@[2001:db8::9]:5067", "fay@[2001:db8::9]"},
        {"sip:ada:secret@contoso.example", "ada@contoso.example"},
        {"sip:ada%40fabrikam.example@contoso.example", "ada@fabrikam.example@contoso.example"},
        {"sip:%61da@contoso.example", "ada@contoso.example"},
        {"sip:a%0ab@contoso.example", "a%0ab@contoso.example"},
        {"sip:a%zz%4@contoso.example", "a%zz%4@contoso.example"},
        {"sip:ada@contoso.example?subject=a@b", "ada@contoso.example"},
        {"sip:alice;day=tuesday@atlanta.example", "alice;day=tuesday@atlanta.example"},
        {"sip:+14255550100;ext=12@contoso.example;user=phone", "+14255550100@contoso.example"},
        {"tel:+1-(425)-555.0100;phone-context=contoso.example", "+14255550100"},
        {"sip:192.0.2.5:5061", ""},
        {"sip:contoso.example", ""},
        {"sip:@contoso.example", ""},
        {"sip:ada@", ""},
        {"sip:ada@:5060", ""},
        {"", ""},
        {"<", ""},
        {"urn:uuid:0A1B2C3D-0000-5111-8222-333344445555", ""},
    };
    struct arena arena;
    arena_init(&arena);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct guard guard = guard_copy(slice_of(rows[i].uri));
        assert_slice_equal(sip_user_of(guard.bytes, &arena), rows[i].user);
        for (size_t size = 0; size < guard.bytes.size; size++) {
            struct guard prefix = guard_copy(slice_sub(guard.bytes, 0, size));
            (void)sip_user_of(prefix.bytes, &arena);
            (void)sip_uri_is_service(prefix.bytes);
            guard_free(&prefix);
        }
        guard_free(&guard);
    }
    arena_dispose(&arena);
}

static void services(void **state)
{
    (void)state;
    static const struct {
        const char *uri;
        bool service;
    } rows[] = {
        {"sip:GC-1-PersistentChatService-2@contoso.example;gruu;opaque=srvr:example", true},
        {"sip:GC-1-PersistentChatService-2@contoso.example", true},
        {"sip:ada@contoso.example;gruu;opaque=app:conf:focus:id:ABC", true},
        {"sip:pool@contoso.example;OPAQUE=APP:x", true},
        {"sip:ada@contoso.example;opaque=user:epid:exampleA1;gruu", false},
        {"sip:ada@contoso.example;opaque=plain", false},
        {"sip:ada@contoso.example", false},
        {"sip:192.0.2.22:50910;transport=tls;ms-opaque=4c1d:1", false},
        {"", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (sip_uri_is_service(slice_of(rows[i].uri)) != rows[i].service) {
            fail_msg("%s", rows[i].uri);
        }
    }
}

static void parameters(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *name;
        const char *value; /* NULL = absent */
    } rows[] = {
        {";tag=6e1f0b7a21;epid=5d0c11a9fe", "epid", "5d0c11a9fe"},
        {";tag=6e1f0b7a21;epid=5d0c11a9fe", "tag", "6e1f0b7a21"},
        {";TAG = a ; b", "tag", "a"},
        {";gruu;x=1", "gruu", ""},
        {";+sip.instance=\"<urn:uuid:0A;1B>\";q=1", "+sip.instance", "<urn:uuid:0A;1B>"},
        {";a=\"x;tag=no\\\";\";tag=yes", "tag", "yes"},
        {";a=\"open;tag=no", "tag", NULL},
        {"active;expires=23903", "expires", "23903"},
        {";tagx=1", "tag", NULL},
        {"", "tag", NULL},
        {";;;", "tag", NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct guard guard = guard_copy(slice_of(rows[i].text));
        struct slice value = {0};
        bool found = sip_parameter(guard.bytes, slice_of(rows[i].name), &value);
        assert_int_equal(found, rows[i].value != NULL);
        if (found) {
            assert_slice_equal(value, rows[i].value);
        }
        guard_free(&guard);
    }
}

static void lists(void **state)
{
    (void)state;
    struct guard guard =
        guard_copy(slice_of(", \"A, B\" <sip:a,b@x>;q=1 ,,sip:c@x, \"never closed, <sip:d@x>"));
    static const char *const items[] = {"\"A, B\" <sip:a,b@x>;q=1", "sip:c@x",
                                        "\"never closed, <sip:d@x>"};
    struct slice rest = guard.bytes, item;
    for (size_t i = 0; i < 3; i++) {
        assert_true(sip_list_next(&rest, &item));
        assert_slice_equal(item, items[i]);
    }
    assert_false(sip_list_next(&rest, &item));
    guard_free(&guard);
}

static void addresses(void **state)
{
    (void)state;
    static const struct {
        const char *value;
        const char *display;
        const char *uri;
        const char *parameters;
        bool odd;
    } rows[] = {
        {"<sip:a@x>;tag=1", "", "sip:a@x", ";tag=1", false},
        {"\"Ada \\\"A\\\" <x>, B\" <sip:a@x;lr>;tag=1", "Ada \\\"A\\\" <x>, B", "sip:a@x;lr",
         ";tag=1", false},
        {"Ada Example  <sip:a@x>", "Ada Example", "sip:a@x", "", false},
        {"sip:a@x;tag=1", "", "sip:a@x", ";tag=1", false},
        {"*", "", "*", "", false},
        {"<sip:a@x;tag=1", "", "sip:a@x;tag=1", "", true},
        {"<>;tag=1", "", "", ";tag=1", true},
        {"\"Ada", "", "\"Ada", "", true},
        {"\\\"Ada\\\" <sip:a@x>;tag=1", "\\\"Ada\\\"", "sip:a@x", ";tag=1", true},
        {"sip:a@x;p=\"<b>\"", "", "sip:a@x", ";p=\"<b>\"", false},
        {"", "", "", "", true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct guard guard = guard_copy(slice_of(rows[i].value));
        struct sip_address address = sip_address_read(guard.bytes);
        assert_slice_equal(address.display, rows[i].display);
        assert_slice_equal(address.uri, rows[i].uri);
        assert_slice_equal(address.parameters, rows[i].parameters);
        assert_int_equal(address.odd, rows[i].odd);
        guard_free(&guard);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(user_of_uri), cmocka_unit_test(services),  cmocka_unit_test(parameters),
        cmocka_unit_test(lists),       cmocka_unit_test(addresses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
