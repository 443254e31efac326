/*
 * The reader of compliance exports on any bytes: origins lie in the file and ascend, every time
 * is one that the writer can write and the reader gives back, and no text makes the comparison's
 * form of it longer than it can be.
 */
#include "analyzer/engine/buffer.h"
#include "decoders/compliance.h"
#include "tests/fuzz/target.h"

struct check {
    struct slice document;
    size_t last; /* offset of the latest message */
    uint64_t line;
    uint64_t messages;
};

static void check_time(int64_t ticks)
{
    char text[TICKS_TEXT];
    if (ticks != TICKS_NONE) {
        require(ticks >= 0 && ticks <= TICKS_LAST);
        require(ticks_parse(ticks_text(ticks, text)) == ticks);
        int64_t since = ticks_since_1970(ticks);
        require(since * 10000 <= ticks - TICKS_1970 && ticks - TICKS_1970 < (since + 1) * 10000);
    }
}

static void on_message(void *context, const struct compliance_event *event,
                       const struct compliance_sender *sender)
{
    struct check *check = context;
    struct buffer folded;
    require(event->origin.offset >= check->last && event->origin.offset < check->document.size);
    require(event->origin.record >= check->line && event->ticks != TICKS_NONE);
    require((size_t)event->kind < COMPLIANCE_KINDS && event->room.size > 0);
    check->last = event->origin.offset;
    check->line = event->origin.record;
    check->messages++;
    check_time(event->ticks);
    touch(event->room, event->room_name, event->user, sender->user_name, sender->id, sender->email,
          sender->internal, sender->uri);
    buffer_init(&folded, SIZE_MAX);
    compliance_fold(event->content, &folded);
    require(folded.size <= 3 * event->content.size);
    touch(buffer_slice(&folded));
    buffer_dispose(&folded);
}

static void on_channel(void *context, const struct compliance_channel *channel)
{
    (void)context;
    check_time(channel->start);
    check_time(channel->end);
    touch(channel->uri, channel->name);
}

static void on_extra(void *context, const struct compliance_extra *extra)
{
    (void)context;
    touch(slice_of(extra->element), extra->name, extra->value);
}

static void on_odd(void *context, const char *code, struct slice detail, const struct origin *where)
{
    struct check *check = context;
    require(where->offset <= check->document.size && where->record > 0);
    touch(slice_of(code), detail);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct xml_reader *reader;
    if (!reader) {
        struct limits limits = limits_default();
        limits.xml_depth = 8;
        limits.xml_attributes = 12;
        limits.xml_bytes = 8192;
        reader = xml_reader_new(&limits);
    }
    struct check check = {.document = {(const char *)data, size}};
    const struct compliance_handler handler = {&check, on_message, on_channel, on_extra, on_odd};
    struct compliance_reading reading = compliance_read(reader, check.document, 0, &handler);
    require(reading.messages == check.messages);
    check_time(ticks_parse(check.document));
    return 0;
}
