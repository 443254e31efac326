/*
 * sql/browser.c and sql/prelogin.c: what a host says before the login, of hostile bytes too.
 */
#include "tests/unit/harness.h"

#include <stdio.h>

#include "sql/browser.h"
#include "sql/prelogin.h"

#define RTCLOCAL                                                                                   \
    "ServerName;FE01;InstanceName;RTCLOCAL;IsClustered;No;Version;11.0.2100.60;tcp;49823;;"
#define LYNCLOCAL                                                                                  \
    "ServerName;FE01;InstanceName;LYNCLOCAL;IsClustered;No;Version;11.0.2100.60;np;"               \
    "\\\\FE01\\pipe\\MSSQL$LYNCLOCAL\\sql\\query;;"

enum { MOST = 1024 };

/* The reply around a list; `said` is the length in it. */
static struct slice reply_of(char out[static MOST], const char *list, size_t said)
{
    size_t size = strlen(list);
    out[0] = 5;
    out[1] = (char)(said & 0xFF);
    out[2] = (char)(said >> 8);
    memcpy(out + 3, list, size);
    return (struct slice){out, size + 3};
}

/* "NAME VERSION PORT|..." of a list; "-" = no reply at all. */
static void describe(struct slice reply, char out[static MOST])
{
    struct browser_instance instance;
    struct slice list;
    size_t used = 0;
    out[0] = '\0';
    if (!browser_open(reply, &list)) {
        snprintf(out, MOST, "-");
        return;
    }
    while (browser_next(&list, &instance)) {
        used += (size_t)snprintf(out + used, MOST - used, "%.*s %.*s %u|", (int)instance.name.size,
                                 instance.name.data, (int)instance.version.size,
                                 instance.version.data, instance.port);
    }
}

static void instances(void **state)
{
    (void)state;
    static const struct {
        const char *list;
        const char *expected;
    } rows[] = {
        {RTCLOCAL, "RTCLOCAL 11.0.2100.60 49823|"},
        {LYNCLOCAL, "LYNCLOCAL 11.0.2100.60 0|"},
        {LYNCLOCAL RTCLOCAL, "LYNCLOCAL 11.0.2100.60 0|RTCLOCAL 11.0.2100.60 49823|"},
        {"instancename;rtc;TCP;1433;;", "rtc  1433|"},
        {"InstanceName;RTC;tcp;0;;", "RTC  0|"},
        {"InstanceName;RTC;tcp;65535;;", "RTC  65535|"},
        {"InstanceName;RTC;tcp;65536;;", "RTC  0|"},
        {"InstanceName;RTC;tcp;-1;;", "RTC  0|"},
        {"InstanceName;RTC;tcp;1433", ""},            /* the value is not ended */
        {"InstanceName;RTC;tcp;1433;", "RTC  1433|"}, /* the list is not */
        {"InstanceName;RTC;tcp;1;tcp;2;InstanceName;X;;", "RTC  1|"},
        {"tcp;1433;;", ""}, /* an instance without a name */
        {";;;;", ""},
        {"", ""},
    };
    char buffer[MOST];
    char text[MOST];
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct slice reply = reply_of(buffer, rows[i].list, strlen(rows[i].list));
        struct guard guard = guard_copy(reply);
        describe(guard.bytes, text);
        assert_string_equal(text, rows[i].expected);
        guard_free(&guard);
        for (size_t size = 0; size < reply.size; size++) {
            struct guard prefix = guard_copy(slice_sub(reply, 0, size));
            describe(prefix.bytes, text);
            assert_string_equal(text, "-"); /* shorter than it says */
            guard_free(&prefix);
        }
    }
}

static void no_reply(void **state)
{
    (void)state;
    char buffer[MOST];
    char text[MOST];
    describe(reply_of(buffer, RTCLOCAL, strlen(RTCLOCAL) + 1), text);
    assert_string_equal(text, "-");
    struct slice reply = reply_of(buffer, RTCLOCAL, strlen(RTCLOCAL));
    buffer[0] = 4;
    describe(reply, text);
    assert_string_equal(text, "-");
    describe(reply_of(buffer, RTCLOCAL "rest", strlen(RTCLOCAL)), text);
    assert_string_equal(text, "RTCLOCAL 11.0.2100.60 49823|");
}

/* ---- PRELOGIN ---- */

#define OPTIONS "\x00\x00\x0b\x00\x06\x01\x00\x11\x00\x01\xff\x0b\x00\x08\x34\x00\x00"

static void prelogin_answers(void **state)
{
    (void)state;
    static const struct {
        struct slice bytes;
        enum prelogin_verdict verdict;
        enum prelogin_encryption encryption;
        unsigned major;
    } rows[] = {
        {SLICE("\x04\x01\x00\x1a\x00\x00\x01\x00" OPTIONS "\x02"), PRELOGIN_FINE, PRELOGIN_NONE,
         11},
        {SLICE("\x04\x01\x00\x1a\x00\x00\x01\x00" OPTIONS "\x03"), PRELOGIN_FINE, PRELOGIN_REQUIRED,
         11},
        {SLICE("\x04\x01\x00\x1a\x00\x00\x01\x00" OPTIONS "\x04"), PRELOGIN_FOREIGN, PRELOGIN_NONE,
         11},
        {SLICE("\x04\x01\x00\x0f\x00\x00\x01\x00\x01\x00\x06\x00\x01\xff\x00"), PRELOGIN_FINE,
         PRELOGIN_LOGIN_ONLY, 0},
        /* An option behind the end, one that reaches over it, half an option, no option. */
        {SLICE("\x04\x01\x00\x0f\x00\x00\x01\x00\x01\x00\x08\x00\x01\xff\x00"), PRELOGIN_FOREIGN,
         PRELOGIN_NONE, 0},
        {SLICE("\x04\x01\x00\x0f\x00\x00\x01\x00\x01\x00\x06\x00\x02\xff\x00"), PRELOGIN_FOREIGN,
         PRELOGIN_NONE, 0},
        {SLICE("\x04\x01\x00\x0b\x00\x00\x01\x00\x01\x00\x06"), PRELOGIN_FOREIGN, PRELOGIN_NONE, 0},
        {SLICE("\x04\x01\x00\x09\x00\x00\x01\x00\xff"), PRELOGIN_FOREIGN, PRELOGIN_NONE, 0},
        {SLICE("\x04\x01\x00\x08\x00\x00\x01\x00"), PRELOGIN_FOREIGN, PRELOGIN_NONE, 0},
        {SLICE("\x04\x01\xff\xff\x00\x00\x01\x00"), PRELOGIN_FOREIGN, PRELOGIN_NONE, 0},
        {SLICE("HTTP/1.1 400 Bad Request\r\n"), PRELOGIN_FOREIGN, PRELOGIN_NONE, 0},
        {SLICE("\x15\x03\x01\x00\x02\x02\x46"), PRELOGIN_FOREIGN, PRELOGIN_NONE, 0},
        {SLICE(""), PRELOGIN_MORE, PRELOGIN_NONE, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct prelogin found;
        struct guard guard = guard_copy(rows[i].bytes);
        assert_int_equal(prelogin_parse(guard.bytes, &found), rows[i].verdict);
        if (rows[i].verdict == PRELOGIN_FINE) {
            assert_int_equal(found.encryption, rows[i].encryption);
            assert_int_equal(found.major, rows[i].major);
        }
        guard_free(&guard);
        for (size_t size = 0; size < rows[i].bytes.size; size++) {
            struct guard prefix = guard_copy(slice_sub(rows[i].bytes, 0, size));
            assert_int_not_equal(prelogin_parse(prefix.bytes, &found), PRELOGIN_FINE);
            guard_free(&prefix);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(instances),
        cmocka_unit_test(no_reply),
        cmocka_unit_test(prelogin_answers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
