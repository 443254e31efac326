/*
 * A message laid out for people: what comes out is safe to print, ends in a line end and grows
 * with the message only. Of a message in ASCII nothing but white space differs.
 */
#include "reports/message_text.h"

#include "reports/text.h"
#include "tests/fuzz/target.h"

static void require_safe(struct slice text)
{
    require(text.size == 0 || text.data[text.size - 1] == '\n');
    while (text.size > 0) {
        uint32_t code = 0;
        size_t size = text_character(text, &code);
        require(size > 0 && (code >= 0x20 || code == '\n') && !(code >= 0x7f && code < 0xa0));
        require(code < 0x202a || code > 0x202e);
        text = slice_from(text, size);
    }
}

/* ASCII text; a carriage return of its own is shown, so there is none. */
static bool is_comparable(struct slice raw)
{
    for (size_t i = 0; i < raw.size; i++) {
        bool lone = raw.data[i] == '\r' && (i + 1 == raw.size || raw.data[i + 1] != '\n');
        if (lone || slice_byte(raw, i) >= 0x7f ||
            (slice_byte(raw, i) < ' ' && !ascii_is_blank(raw.data[i]))) {
            return false;
        }
    }
    return true;
}

static struct slice without_blanks(struct slice text)
{
    while (text.size > 0 && ascii_is_blank(text.data[0])) {
        text = slice_from(text, 1);
    }
    return text;
}

static bool differs_in_blanks_only(struct slice a, struct slice b)
{
    for (;;) {
        a = without_blanks(a);
        b = without_blanks(b);
        if (a.size == 0 || b.size == 0) {
            return a.size == b.size;
        }
        if (a.data[0] != b.data[0]) {
            return false;
        }
        a = slice_from(a, 1);
        b = slice_from(b, 1);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    arena_init(&arena);
    struct slice raw = {(const char *)data, size};
    struct slice text = message_text(raw, SIZE_MAX, &arena);
    require_safe(text);
    require(text.size <= 13 * size + 128);
    if (is_comparable(raw)) {
        require(differs_in_blanks_only(raw, text));
    }
    struct slice less = message_text(raw, size / 2, &arena);
    require_safe(less);
    require(less.size <= size / 2 + 4 * 512 + 128);
    arena_dispose(&arena);
    return 0;
}
