/*
 * DNS: service records. See dns.h.
 */
#include "decoders/dns.h"

#include "decoders/cursor.h"

enum {
    FLAG_RESPONSE = 0x8000,
    OPCODE_MASK = 0x7800, /* 0 = a standard query */
    CODE_MASK = 0x000f,
    TYPE_SRV = 33,
    CLASS_IN = 1,
    CLASS_MASK = 0x7fff, /* the top bit means something else in multicast answers */
    POINTER = 0xc0,
    WIRE_MAX = 255,          /* RFC 1035 2.3.4: a name with its lengths */
    TEXT_MAX = 4 * WIRE_MAX, /* all of it escaped */
    RECORD_MIN = 11,         /* the root's name, type, class, time to live, length */
};

/* ---- names ---- */

/* A name as text while it is read. */
struct name {
    char text[TEXT_MAX];
    size_t size;
    size_t wire; /* bytes it would take uncompressed */
};

/* RFC 1035 5.1: \. and \DDD keep a strange label from looking like something else. */
static void name_byte(struct name *name, unsigned char byte)
{
    if (byte == '.' || byte == '\\') {
        name->text[name->size++] = '\\';
        name->text[name->size++] = (char)byte;
    } else if (byte > ' ' && byte < 0x7f) {
        name->text[name->size++] = ascii_lower((char)byte);
    } else {
        name->text[name->size++] = '\\';
        name->text[name->size++] = (char)('0' + byte / 100);
        name->text[name->size++] = (char)('0' + byte / 10 % 10);
        name->text[name->size++] = (char)('0' + byte % 10);
    }
}

/* One label at the cursor; false when the name gets too long or the bytes end. */
static bool label_read(struct cursor *cursor, size_t size, struct name *name)
{
    struct slice label = cursor_take(cursor, size);
    name->wire += size + 1;
    if (cursor->is_short || name->wire >= WIRE_MAX) {
        return false;
    }
    if (name->size > 0) {
        name->text[name->size++] = '.';
    }
    for (size_t i = 0; i < label.size; i++) {
        name_byte(name, slice_byte(label, i));
    }
    return true;
}

/*
 * The name at cursor->at, which moves behind it. Pointers must lead backwards, each
 * further than the last, so that none is followed twice.
 */
static bool name_read(struct cursor *cursor, struct name *name)
{
    struct cursor at = *cursor;
    size_t barrier = cursor->at;
    bool jumped = false;
    name->size = 0;
    name->wire = 0;
    for (;;) {
        uint8_t size = cursor_u8(&at);
        bool pointer = (size & POINTER) == POINTER;
        size_t target = pointer ? (size_t)(size & ~POINTER) << 8 | cursor_u8(&at) : 0;
        if (!jumped && (pointer || size == 0)) {
            cursor->at = at.at;
        }
        if (at.is_short || (!pointer && (size & POINTER) != 0) || (pointer && target >= barrier)) {
            return false;
        }
        if (size == 0) {
            return true;
        }
        if (!pointer && !label_read(&at, size, name)) {
            return false;
        }
        if (pointer) {
            jumped = true;
            barrier = target;
            at.at = target;
        }
    }
}

static struct slice name_keep(struct arena *arena, const struct name *name)
{
    return arena_keep(arena, (struct slice){name->text, name->size});
}

/* ---- messages ---- */

/* One record of the answer; false when the rest cannot be read. */
static bool answer_read(struct cursor *cursor, struct arena *arena, struct dns_fact *fact,
                        struct dns_target *targets)
{
    struct name name;
    if (!name_read(cursor, &name)) {
        return false;
    }
    uint16_t type = cursor_u16be(cursor);
    uint16_t class = cursor_u16be(cursor) & CLASS_MASK;
    cursor_skip(cursor, 4); /* time to live */
    uint16_t size = cursor_u16be(cursor);
    struct cursor data = {slice_sub(cursor->bytes, 0, cursor->at + size), cursor->at, false};
    cursor_skip(cursor, size);
    if (cursor->is_short) {
        return false;
    }
    if (type != TYPE_SRV || class != CLASS_IN) {
        return true;
    }
    struct dns_target target = {0};
    target.priority = cursor_u16be(&data);
    target.weight = cursor_u16be(&data);
    target.port = cursor_u16be(&data);
    if (data.is_short || !name_read(&data, &name)) {
        return false;
    }
    target.host = name_keep(arena, &name);
    targets[fact->target_count++] = target;
    return true;
}

static void answers_read(struct cursor *cursor, uint16_t count, struct arena *arena,
                         struct dns_fact *out)
{
    size_t most = cursor_rest(cursor).size / RECORD_MIN;
    most = count < most ? count : most;
    if (most == 0) {
        return;
    }
    struct dns_target *targets = arena_zero(arena, most, sizeof *targets);
    out->targets = targets;
    for (size_t i = 0; i < most && answer_read(cursor, arena, out, targets); i++) {
    }
}

bool dns_read(struct slice bytes, struct arena *arena, struct dns_fact *out)
{
    struct cursor cursor = cursor_over(bytes);
    *out = (struct dns_fact){.id = cursor_u16be(&cursor)};
    uint16_t flags = cursor_u16be(&cursor);
    uint16_t questions = cursor_u16be(&cursor);
    uint16_t answers = cursor_u16be(&cursor);
    cursor_skip(&cursor, 4);
    if (cursor.is_short || questions != 1 || (flags & OPCODE_MASK) != 0) {
        return false;
    }
    struct name name;
    if (!name_read(&cursor, &name)) {
        return false;
    }
    uint16_t type = cursor_u16be(&cursor);
    uint16_t class = cursor_u16be(&cursor) & CLASS_MASK;
    if (cursor.is_short || type != TYPE_SRV || class != CLASS_IN) {
        return false;
    }
    out->name = name_keep(arena, &name);
    out->request = (flags & FLAG_RESPONSE) == 0;
    if (!out->request) {
        out->code = flags & CODE_MASK;
        answers_read(&cursor, answers, arena, out);
    }
    return true;
}

struct dns_fact dns_fact_keep(struct arena *arena, const struct dns_fact *fact)
{
    struct dns_fact kept = *fact;
    kept.name = arena_keep(arena, fact->name);
    if (fact->target_count > 0) {
        struct dns_target *targets = arena_alloc(arena, fact->target_count * sizeof *targets);
        for (size_t i = 0; i < fact->target_count; i++) {
            targets[i] = fact->targets[i];
            targets[i].host = arena_keep(arena, fact->targets[i].host);
        }
        kept.targets = targets;
    }
    return kept;
}
