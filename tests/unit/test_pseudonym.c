/*
 * decoders/pseudonym.c. The expected names were worked out with Python's hmac and hashlib.
 */
#include "tests/unit/harness.h"

#include "decoders/pseudonym.h"

struct scene {
    struct pseudonyms *names;
    struct arena arena;
};

static struct scene scene_new(unsigned char first)
{
    struct scene scene;
    struct pseudonym_key key;
    for (size_t i = 0; i < PSEUDONYM_KEY; i++) {
        key.bytes[i] = (unsigned char)(first + i);
    }
    scene.names = pseudonyms_new(&key);
    arena_init(&scene.arena);
    return scene;
}

static void scene_end(struct scene *scene)
{
    pseudonyms_free(scene->names);
    arena_dispose(&scene->arena);
}

static void is_hmac_sha256(void **state)
{
    (void)state;
    static const struct {
        enum pseudonym_kind kind;
        const char *text;
        const char *name;
    } rows[] = {
        {PSEUDONYM_USER, "ann", "user-z7s7r96dkz"},
        {PSEUDONYM_USER, "ANN", "user-z7s7r96dkz"},
        {PSEUDONYM_DOMAIN, "contoso.example", "dom-kqhrsbvzfm"},
        {PSEUDONYM_HOST, "fe01.contoso.example", "host-0grqb810te"},
        {PSEUDONYM_TEXT, "Hello", "text-dy93e51d4p"},
        {PSEUDONYM_TEXT, "", ""},
    };
    struct scene scene = scene_new(0);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct guard text = guard_copy(slice_of(rows[i].text));
        assert_slice_equal(pseudonym_of(scene.names, rows[i].kind, text.bytes, &scene.arena),
                           rows[i].name);
        guard_free(&text);
    }
    scene_end(&scene);
}

static void names_stay_names_of_their_kind(void **state)
{
    (void)state;
    static const struct {
        const char *host;
        const char *name;
    } rows[] = {
        {"fe01.contoso.example", "host-0grqb810te.dom-kqhrsbvzfm.invalid"},
        {"contoso.example", "dom-kqhrsbvzfm.invalid"},
        {"Contoso.EXAMPLE", "dom-kqhrsbvzfm.invalid"},
        {"192.0.2.21", "[2001:db8::325f:9c2c:c31c]"},
        {"", ""},
    };
    struct scene scene = scene_new(0);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct slice host = slice_of(rows[i].host);
        assert_slice_equal(pseudonym_host(scene.names, host, &scene.arena), rows[i].name);
    }
    assert_slice_equal(pseudonym_user(scene.names, slice_of("ann@contoso.example"), &scene.arena),
                       "user-g7wnggmv1c@dom-kqhrsbvzfm.invalid");
    assert_slice_equal(pseudonym_user(scene.names, slice_of("ann"), &scene.arena),
                       "user-z7s7r96dkz");
    scene_end(&scene);
}

static void an_address_is_the_same_in_text(void **state)
{
    (void)state;
    static const char *const texts[] = {"192.0.2.21", "2001:db8::15", "[2001:db8::15]"};
    static const struct address addresses[] = {
        {.bytes = {192, 0, 2, 21}, .family = ADDRESS_IPV4, .port = 5061},
        {.bytes = {0x20, 1, 0x0d, 0xb8, [15] = 0x15}, .family = ADDRESS_IPV6, .port = 5061},
        {.bytes = {0x20, 1, 0x0d, 0xb8, [15] = 0x15}, .family = ADDRESS_IPV6, .port = 5061},
    };
    struct scene scene = scene_new(0);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        char host[ADDRESS_TEXT];
        struct address other = pseudonym_address(scene.names, &addresses[i]);
        struct slice text = pseudonym_host(scene.names, slice_of(texts[i]), &scene.arena);
        address_host_text(&other, host);
        assert_int_equal(other.port, 5061);
        assert_slice_equal(slice_sub(text, 1, text.size - 2), host);
    }
    const struct address none = {.port = 5060};
    struct address same = pseudonym_address(scene.names, &none);
    assert_memory_equal(&same, &none, sizeof same);
    scene_end(&scene);
}

static void another_key_gives_other_names(void **state)
{
    (void)state;
    struct scene one = scene_new(0);
    struct scene other = scene_new(1);
    struct slice user = slice_of("ann@contoso.example");
    assert_false(slice_equal(pseudonym_user(one.names, user, &one.arena),
                             pseudonym_user(other.names, user, &other.arena)));
    scene_end(&one);
    scene_end(&other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_hmac_sha256),
        cmocka_unit_test(names_stay_names_of_their_kind),
        cmocka_unit_test(an_address_is_the_same_in_text),
        cmocka_unit_test(another_key_gives_other_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
