/*
 * What surrounds chat in a few words. See around.h.
 */
#include "reports/around.h"

#include <inttypes.h>

#include "reports/text.h"

enum {
    TITLE = 36,        /* columns of a status line */
    NAME = 60,         /* of a file's, a room's or a host's name */
    TARGETS_SHOWN = 2, /* of a service record; further ones are counted */
};

/* ---- HTTP ---- */

static struct slice order_words(const struct http_fact *fact, struct arena *arena)
{
    const struct room_order *order = &fact->order;
    struct slice name = text_brief(order->name, NAME, arena);
    struct slice old = text_brief(order->old_name, NAME, arena);
    if (order->remove == SAID_YES) {
        return text_format(arena, "delete the room %.*s", TEXT(old.size > 0 ? old : name));
    }
    if (fact->call == HTTP_ROOM_MODIFY && old.size > 0 && !slice_equal(old, name)) {
        return text_format(arena, "rename the room %.*s to %.*s", TEXT(old), TEXT(name));
    }
    return text_format(arena, "%s the room %.*s",
                       fact->call == HTTP_ROOM_CREATE ? "create" : "modify", TEXT(name));
}

static struct slice request_words(const struct http_fact *fact, struct slice file,
                                  struct arena *arena)
{
    const char *call = http_call_name(fact->call);
    struct slice name = text_brief(file.size > 0 ? file : fact->file, NAME, arena);
    const char *of = name.size > 0 ? " of " : "";
    switch (fact->call) {
    case HTTP_ROOM_CREATE:
    case HTTP_ROOM_MODIFY:
        return order_words(fact, arena);
    case HTTP_APPEND_CHUNK:
        return text_format(arena, "%s %" PRIu64 " byte%s%s%.*s", call, fact->bytes,
                           text_plural(fact->bytes), of, TEXT(name));
    case HTTP_DOWNLOAD_CHUNK:
        return text_format(arena, "%s at %" PRIu64 "%s%.*s", call, fact->offset, of, TEXT(name));
    case HTTP_FILE_SIZE:
        return text_format(arena, "%s%s%.*s", call, of, TEXT(name));
    case HTTP_ROOM_PAGE:
        return slice_of("room management page");
    case HTTP_OTHER:
        return text_brief(fact->target, NAME, arena);
    default:
        return slice_of(call);
    }
}

static struct slice answer_words(const struct http_fact *fact, struct arena *arena)
{
    const char *call = http_call_name(fact->call);
    if (fact->call == HTTP_DOWNLOAD_CHUNK && fact->bytes > 0) {
        return text_format(arena, "to %s: %" PRIu64 " byte%s", call, fact->bytes,
                           text_plural(fact->bytes));
    }
    if (fact->call == HTTP_FILE_SIZE && fact->file_length > 0) {
        return text_format(arena, "to %s: %" PRIu64, call, fact->file_length);
    }
    if (fact->call == HTTP_UNIQUE_NAME && fact->file.size > 0) {
        return text_format(arena, "to %s: %.*s", call, TEXT(text_brief(fact->file, NAME, arena)));
    }
    switch (fact->call) {
    case HTTP_OTHER:
        return slice_of("");
    case HTTP_ROOM_PAGE:
        return slice_of("to the room management page");
    case HTTP_ROOM_CREATE:
        return slice_of("to the creation of a room");
    case HTTP_ROOM_MODIFY:
        return slice_of("to the change of a room");
    default:
        return text_format(arena, "to %s", call);
    }
}

struct around around_http(const struct http_fact *fact, struct slice file, struct arena *arena)
{
    if (fact->request) {
        struct slice method = text_brief(fact->method, TITLE, arena);
        return (struct around){text_format(arena, "HTTP %.*s", TEXT(method)),
                               request_words(fact, file, arena)};
    }
    struct slice reason = text_brief(fact->reason, TITLE, arena);
    return (struct around){text_format(arena, "HTTP %u %.*s", fact->status, TEXT(reason)),
                           answer_words(fact, arena)};
}

/* ---- DNS ---- */

static struct slice answers_words(const struct dns_fact *fact, struct arena *arena)
{
    struct slice words = slice_of("");
    for (size_t i = 0; i < fact->target_count && i < TARGETS_SHOWN; i++) {
        const struct dns_target *target = &fact->targets[i];
        words = text_format(arena, "%.*s%s%.*s:%u", TEXT(words), i > 0 ? ", " : "",
                            TEXT(text_brief(target->host, NAME, arena)), target->port);
    }
    if (fact->target_count > TARGETS_SHOWN) {
        words = text_format(arena, "%.*s and %zu more", TEXT(words),
                            fact->target_count - TARGETS_SHOWN);
    }
    return words;
}

struct around around_dns(const struct dns_fact *fact, struct arena *arena)
{
    enum { NO_SUCH_NAME = 3 };
    struct slice name = text_brief(fact->name, NAME, arena);
    struct slice question = text_format(arena, "SRV %.*s", TEXT(name));
    if (fact->request) {
        return (struct around){slice_of("DNS"), question};
    }
    struct slice answer = fact->code == NO_SUCH_NAME ? slice_of("no such name")
                          : fact->code != 0          ? text_format(arena, "error %u", fact->code)
                          : fact->target_count == 0  ? slice_of("no such record")
                                                     : answers_words(fact, arena);
    return (struct around){slice_of("DNS"),
                           text_format(arena, "%.*s -> %.*s", TEXT(question), TEXT(answer))};
}

bool around_failed(const struct event *event)
{
    return event->kind == EVENT_HTTP
               ? !event->as.http.request && event->as.http.status >= 400 &&
                     event->as.http.status != 401 && event->as.http.status != 407
               : !event->as.dns.request && event->as.dns.code != 0;
}
