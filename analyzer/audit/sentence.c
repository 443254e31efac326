/*
 * The sentence of a finding. See sentence.h.
 */
#include "analyzer/audit/sentence.h"

enum { NAME_MAX_BYTES = 240 }; /* a display line or three; the evidence has the rest */

struct sentence {
    struct buffer *out;
    const struct verdict *verdict;
    uint32_t wait;
    bool empty; /* a placeholder since the last '[' had nothing to say */
};

/* Cut before the limit where a UTF-8 character starts, with a mark. */
static void write_name(struct sentence *sentence, struct slice name)
{
    if (name.size == 0) {
        sentence->empty = true;
        buffer_append_text(sentence->out, "?");
        return;
    }
    size_t size = name.size;
    if (size > NAME_MAX_BYTES) {
        size = NAME_MAX_BYTES;
        while (size > 0 && (slice_byte(name, size) & 0xc0) == 0x80) {
            size--;
        }
    }
    buffer_append(sentence->out, slice_sub(name, 0, size));
    if (size < name.size) {
        buffer_append_text(sentence->out, "...");
    }
}

void sentence_duration(struct buffer *out, int64_t ns)
{
    uint64_t ms = ns > 0 ? (uint64_t)ns / 1000000 : 0;
    if (ms < 1000) {
        buffer_append_u64(out, ms);
        buffer_append_text(out, " ms");
        return;
    }
    buffer_append_u64(out, ms / 1000);
    if (ms < 10000 && ms % 1000 >= 100) {
        buffer_append_byte(out, '.');
        buffer_append_u64(out, ms % 1000 / 100);
    }
    buffer_append_text(out, " s");
}

/* "one thing|many things", or a word that takes an s. */
static void write_counted(struct buffer *out, uint64_t count, struct slice words)
{
    struct slice one;
    struct slice many;
    bool both = slice_cut(words, '|', &one, &many);
    buffer_append_u64(out, count);
    buffer_append_byte(out, ' ');
    buffer_append(out, both && count != 1 ? many : one);
    if (!both && count != 1) {
        buffer_append_byte(out, 's');
    }
}

static void write_number(struct sentence *sentence, uint64_t number)
{
    sentence->empty = sentence->empty || number == 0;
    buffer_append_u64(sentence->out, number);
}

static bool is(struct slice name, const char *word)
{
    return slice_equal(name, slice_of(word));
}

static bool write_measure(struct sentence *sentence, struct slice name, struct slice words)
{
    const struct verdict *verdict = sentence->verdict;
    if (is(name, "wait")) {
        sentence_duration(sentence->out, sentence->wait * TIME_SECOND);
    } else if (is(name, "waited")) {
        sentence_duration(sentence->out, verdict->waited);
    } else if (is(name, "number")) {
        write_number(sentence, verdict->number);
    } else if (is(name, "bytes")) {
        sentence->empty = sentence->empty || verdict->number == 0;
        write_counted(sentence->out, verdict->number, (struct slice)SLICE("byte"));
    } else if (is(name, "count")) {
        sentence->empty = sentence->empty || verdict->count == 1;
        write_counted(sentence->out, verdict->count, words);
    } else {
        return false;
    }
    return true;
}

static struct slice name_of(const struct subject *about, struct slice name)
{
    const struct {
        const char *name;
        struct slice value;
    } names[] = {
        {"user", about->user},
        {"peer", about->peer},
        {"what", about->what},
        {"place", about->place},
        {"detail", about->detail},
        {"call_id", about->call_id},
        {"room", about->room_name.size > 0 ? about->room_name : about->room},
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (is(name, names[i].name)) {
            return names[i].value;
        }
    }
    return (struct slice){0};
}

static void write_placeholder(struct sentence *sentence, struct slice inside)
{
    struct slice name;
    struct slice words;
    slice_cut(inside, ' ', &name, &words);
    if (!write_measure(sentence, name, words)) {
        write_name(sentence, name_of(&sentence->verdict->about, name));
    }
}

static void write_template(struct sentence *sentence, struct slice template)
{
    size_t mark = 0;
    while (template.size > 0) {
        char c = template.data[0];
        struct slice inside = slice_sub(template, 1, slice_find_byte(template, '}') - 1);
        if (c == '{') {
            write_placeholder(sentence, inside);
            template = slice_from(template, inside.size + 2);
            continue;
        }
        if (c == '[') {
            mark = sentence->out->size;
            sentence->empty = false;
        } else if (c == ']') {
            sentence->out->size = sentence->empty ? mark : sentence->out->size;
        } else {
            buffer_append_byte(sentence->out, c);
        }
        template = slice_from(template, 1);
    }
}

void sentence_write(struct buffer *out, const struct verdict *verdict, uint32_t wait)
{
    const struct rule *rule = rule_row(verdict->rule);
    struct sentence sentence = {.out = out, .verdict = verdict, .wait = wait};
    const char *template =
        verdict->late && rule->sentence_late ? rule->sentence_late : rule->sentence;
    write_template(&sentence, slice_of(template));
}
