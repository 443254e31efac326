/*
 * Addresses as text, as RFC 5952 has them.
 */
#include "tests/unit/harness.h"

#include <arpa/inet.h>

#include "analyzer/engine/address.h"

/* Any spelling that inet_pton() reads. */
static struct address address_of(const char *text, uint16_t port)
{
    struct address address = {.port = port};
    if (inet_pton(AF_INET, text, address.bytes) == 1) {
        address.family = ADDRESS_IPV4;
    } else if (inet_pton(AF_INET6, text, address.bytes) == 1) {
        address.family = ADDRESS_IPV6;
    }
    return address;
}

static void addresses_have_one_text(void **state)
{
    (void)state;
    static const struct {
        const char *written;
        uint16_t port;
        const char *text;
        const char *host;
    } rows[] = {
        {"192.0.2.21", 5061, "192.0.2.21:5061", "192.0.2.21"},
        {"192.0.2.21", 0, "192.0.2.21", "192.0.2.21"},
        {"0.0.0.0", 65535, "0.0.0.0:65535", "0.0.0.0"},
        {"2001:db8::15", 5061, "[2001:db8::15]:5061", "2001:db8::15"},
        {"2001:db8::15", 0, "2001:db8::15", "2001:db8::15"},
        {"?", 0, "?", "?"},
        {"?", 5060, "?:5060", "?"},
        /* RFC 5952 section 1: all spellings of one address */
        {"2001:db8:0:0:1:0:0:1", 0, "2001:db8::1:0:0:1", "2001:db8::1:0:0:1"},
        {"2001:0db8::1:0:0:1", 0, "2001:db8::1:0:0:1", "2001:db8::1:0:0:1"},
        {"2001:DB8:0:0:1::1", 0, "2001:db8::1:0:0:1", "2001:db8::1:0:0:1"},
        /* 4.1: no leading zeros */
        {"2001:0db8::0001", 0, "2001:db8::1", "2001:db8::1"},
        /* 4.2.1: as short as possible */
        {"2001:db8:0:0:0:0:2:1", 0, "2001:db8::2:1", "2001:db8::2:1"},
        {"2001:db8::0:1", 0, "2001:db8::1", "2001:db8::1"},
        /* 4.2.2: not for one group */
        {"2001:db8:0:1:1:1:1:1", 0, "2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"},
        /* 4.2.3: the longest run, the first of equals */
        {"2001:0:0:1:0:0:0:1", 0, "2001:0:0:1::1", "2001:0:0:1::1"},
        {"2001:db8:0:0:1:0:0:0", 0, "2001:db8:0:0:1::", "2001:db8:0:0:1::"},
        /* 4.3: lower case */
        {"2001:DB8:AAAA:BBBB:CCCC:DDDD:EEEE:FFFF", 65535,
         "[2001:db8:aaaa:bbbb:cccc:dddd:eeee:ffff]:65535",
         "2001:db8:aaaa:bbbb:cccc:dddd:eeee:ffff"},
        {"::", 0, "::", "::"},
        {"::1", 0, "::1", "::1"},
        {"1::", 0, "1::", "1::"},
        {"0:0:1::", 0, "0:0:1::", "0:0:1::"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[ADDRESS_TEXT];
        struct address address = address_of(rows[i].written, rows[i].port);
        address_text(&address, text);
        assert_string_equal(text, rows[i].text);
        address_host_text(&address, text);
        assert_string_equal(text, rows[i].host);
    }
}

static void order_is_by_family_host_and_port(void **state)
{
    (void)state;
    const struct address ascending[] = {
        address_of("?", 0),           address_of("192.0.2.1", 80),   address_of("192.0.2.1", 5060),
        address_of("192.0.2.10", 1),  address_of("198.51.100.1", 1), address_of("::1", 1),
        address_of("2001:db8::1", 1),
    };
    int count = sizeof ascending / sizeof ascending[0];
    for (int i = 0; i < count; i++) {
        for (int j = 0; j < count; j++) {
            int order = address_compare(&ascending[i], &ascending[j]);
            assert_int_equal((order > 0) - (order < 0), (i > j) - (i < j));
            assert_int_equal(address_equal(&ascending[i], &ascending[j]), i == j);
        }
    }
    assert_true(address_same_host(&ascending[1], &ascending[2]));
    assert_false(address_same_host(&ascending[2], &ascending[3]));
    assert_false(address_same_host(&ascending[0], &ascending[1]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_have_one_text),
        cmocka_unit_test(order_is_by_family_host_and_port),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
