/*
 * Message bodies to facts: the content type decides which decoder reads it.
 *
 * Called by analyzer/shard.c once per framed message, and by analyzer/rows_feed.c for what a
 * database row holds. Content types are rows of
 * one table in body.c; multipart bodies are opened within their caps; text/plain
 * is sniffed for the root element `xccos` (facts/xccos.md 8.6). A body that no
 * decoder knows is not an error. What is odd becomes a fact of its own
 * (EVENT_DIAGNOSTIC), and the rest is still read.
 */
#ifndef OCSIGHT_DECODERS_BODY_H
#define OCSIGHT_DECODERS_BODY_H

#include "analyzer/engine/arena.h"
#include "analyzer/engine/event.h"
#include "analyzer/engine/limits.h"

/*
 * The facts of one body, in document order. Each is an event whose kind, origin,
 * message and payload are set. All memory lies in the arena that was given.
 */
struct facts {
    struct event *items;
    size_t count;
    size_t capacity;
    bool capped; /* limits.body_facts was reached; a diagnostic says so */
};

/* Holds the reusable XML parser; one per shard. */
struct body_reader;

struct body_reader *body_reader_new(const struct limits *limits);
void body_reader_free(struct body_reader *reader);

/* `message` must outlive the facts: they point to it. */
void body_decode(struct body_reader *reader, const struct message *message, struct arena *arena,
                 struct facts *out);

/*
 * The content of one category as a database row holds it: its element alone, bytes of UTF-8
 * without declaration (facts/databases.md section 3). One EVENT_CATEGORY without message comes
 * first, if the content has a root element: `known` with what the content says put in. Without a
 * name there the root's local name is the category's. Diagnostics follow.
 */
void body_decode_category(struct body_reader *reader, const struct category_fact *known,
                          struct slice content, struct arena *arena, struct facts *out);

/* One zeroed fact at the end, or NULL (and `capped`) at the cap. For decoders of one content type.
 */
struct event *facts_add(struct facts *facts, struct arena *arena, const struct limits *limits,
                        enum event_kind kind, const struct message *message);

#endif
