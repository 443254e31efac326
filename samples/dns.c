/* See dns.h. */
#include "samples/dns.h"

enum {
    TYPE_SRV = 33,
    CLASS_IN = 1,
    NO_SUCH_NAME = 3,
    TIME_TO_LIVE = 3600,
    NAME_AT = 12, /* the question's name, which answers point to */
};

static void put_u16(struct buffer *out, unsigned number)
{
    buffer_append_byte(out, (char)(number >> 8 & 0xff));
    buffer_append_byte(out, (char)(number & 0xff));
}

/* Labels with their lengths, without compression. */
static void put_name(struct buffer *out, struct slice name)
{
    struct slice label;
    while (name.size > 0) {
        slice_cut(name, '.', &label, &name);
        buffer_append_byte(out, (char)label.size);
        buffer_append(out, label);
    }
    buffer_append_byte(out, '\0');
}

static struct slice word(struct slice *rest)
{
    struct slice first;
    *rest = slice_trim(*rest);
    slice_cut(*rest, ' ', &first, rest);
    return first;
}

static bool put_target(struct buffer *out, struct slice *rest)
{
    uint32_t numbers[3];
    for (unsigned i = 0; i < 3; i++) {
        if (!slice_to_u32(word(rest), &numbers[i])) {
            return false;
        }
    }
    struct slice host = word(rest);
    put_u16(out, 0xc000 | NAME_AT);
    put_u16(out, TYPE_SRV);
    put_u16(out, CLASS_IN);
    put_u16(out, 0);
    put_u16(out, TIME_TO_LIVE);
    put_u16(out, (unsigned)(6 + host.size + 2));
    for (unsigned i = 0; i < 3; i++) {
        put_u16(out, numbers[i]);
    }
    put_name(out, host);
    return host.size > 0;
}

bool dns_message(struct slice name, bool answer, struct slice targets, struct buffer *out)
{
    unsigned id = 0x1d0f;
    for (size_t i = 0; i < name.size; i++) {
        id = (id * 31 + (unsigned char)name.data[i]) & 0xffff;
    }
    struct buffer records;
    buffer_init(&records, SIZE_MAX / 2);
    unsigned count = 0;
    bool good = true;
    while (good && slice_trim(targets).size > 0) {
        good = put_target(&records, &targets);
        count++;
    }
    put_u16(out, id);
    put_u16(out, answer ? 0x8580 | (count == 0 ? NO_SUCH_NAME : 0) : 0x0100);
    put_u16(out, 1);
    put_u16(out, count);
    put_u16(out, 0);
    put_u16(out, 0);
    put_name(out, name);
    put_u16(out, TYPE_SRV);
    put_u16(out, CLASS_IN);
    buffer_append(out, buffer_slice(&records));
    buffer_dispose(&records);
    return good;
}
