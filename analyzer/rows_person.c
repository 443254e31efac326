/*
 * The rows of one user become one state. See rows_person.h.
 *
 * Facts: databases.md 1 (replication: the highest Version counts), 3 (what Data holds, the two
 * instances of an aggregate), 8 (columns that may be missing). A server without InstanceNum does
 * not name its instances: there the kind of a state does, or else the bytes of the document.
 */
#include "analyzer/rows_person.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/engine/engine.h"

enum { KEY_TEXT = 256 };

/* presence.md 2.4 */
enum {
    INSTANCE_STATIC_AGGREGATE = 0,
    INSTANCE_AGGREGATE = 1,
    INSTANCE_AGGREGATE_MACHINE = 0x10000000,
    INSTANCE_OTHERS = 0x30000000,
    INSTANCE_HASH = 0x0fffffff,
};

/* One published row that may become an event. */
struct candidate {
    struct event event;
    int64_t version; /* -1 = none */
    struct slice data;
    struct slice endpoint;
    size_t server;
    size_t place; /* as it came */
    bool fixed;   /* of PublishedStaticInstance */
    bool registered_there;
};

struct rows_person {
    struct rows_setting setting;
    struct arena *rows;
    struct arena arena;
    struct body_reader *reader;
    struct live_person out;
    struct candidate *candidates;
    size_t count;
    size_t capacity;
    struct live_endpoint *endpoints;
    size_t endpoint_capacity;
    struct live_note *notes;
    size_t note_capacity;
    struct event *events;
    size_t event_capacity;
    size_t bytes; /* of documents taken of this user */
};

struct rows_person *rows_person_new(const struct rows_setting *setting, struct arena *rows)
{
    struct rows_person *person = memory_zero(1, sizeof *person);
    person->setting = *setting;
    person->rows = rows;
    person->reader = body_reader_new(&setting->limits);
    arena_init(&person->arena);
    return person;
}

void rows_person_free(struct rows_person *person)
{
    if (person) {
        body_reader_free(person->reader);
        arena_dispose(&person->arena);
        free(person->candidates);
        free(person->endpoints);
        free(person->notes);
        free(person->events);
        free(person);
    }
}

void rows_person_begin(struct rows_person *person, struct slice user)
{
    arena_reset(&person->arena);
    person->count = 0;
    person->bytes = 0;
    person->out = (struct live_person){
        .user = arena_keep(&person->arena, user),
        .sees_endpoints = person->setting.sees_endpoints,
        .last_register = TIME_NONE,
        .origin = {.time = TIME_NONE},
    };
}

/* Room for one more behind `count`. */
static void *grow(void *items, size_t count, size_t *capacity, size_t size)
{
    if (count < *capacity) {
        return items;
    }
    *capacity = *capacity > 0 ? *capacity * 2 : 16;
    return memory_grow(items, *capacity, size);
}

/* ---- where a row came from ---- */

/* {"PublisherId": 1, "ContainerNum": 2} while it is put together. */
struct row_key {
    char text[KEY_TEXT];
    size_t size;
};

static void key_put(struct row_key *key, const char *name, const struct cell *cell)
{
    size_t room = sizeof key->text - key->size;
    const char *lead = key->size == 0 ? "{" : ", ";
    int written = 0;
    if (cell->kind == CELL_INTEGER) {
        written =
            snprintf(key->text + key->size, room, "%s\"%s\": %" PRId64, lead, name, cell->integer);
    } else if (cell->kind == CELL_TEXT) {
        /* A GUID: nothing in it needs to be escaped, and what is none is not shown. */
        struct slice text = slice_sub(cell->bytes, 0, 64);
        for (size_t i = 0; i < text.size; i++) {
            if (!strchr("0123456789abcdefABCDEF-", text.data[i]) || text.data[i] == '\0') {
                return;
            }
        }
        written = snprintf(key->text + key->size, room, "%s\"%s\": \"%.*s\"", lead, name,
                           (int)text.size, text.data);
    }
    key->size += written > 0 && (size_t)written < room ? (size_t)written : 0;
}

static struct origin origin_of(struct rows_person *person, const struct gathered_row *row)
{
    static const struct {
        const char *database;
        const char *table;
        const char *id;
    } tables[] = {
        [GATHERED_RESOURCE] = {"rtc", "Resource", "ResourceId"},
        [GATHERED_DIRECTORY] = {"rtc", "ResourceDirectory", "ResourceId"},
        [GATHERED_REGISTERED] = {"rtcdyn", "HomedResourceDynamic", "OwnerId"},
        [GATHERED_ENDPOINT] = {"rtcdyn", "RegistrarEndpoint", "OwnerId"},
        [GATHERED_STATIC] = {"rtc", "PublishedStaticInstance", "PublisherId"},
        [GATHERED_DYNAMIC] = {"rtcdyn", "PublishedInstance", "PublisherId"},
    };
    struct row_key key = {.size = 0};
    bool published = row->kind == GATHERED_STATIC || row->kind == GATHERED_DYNAMIC;
    key_put(&key, tables[row->kind].id, &row->resource);
    if (published) {
        key_put(&key, "CategoryId", &row->category);
        key_put(&key, "ContainerNum", &row->container);
        key_put(&key, "InstanceNum", &row->instance);
    } else if (row->kind == GATHERED_ENDPOINT) {
        key_put(&key, "EndpointId", &row->endpoint);
    }
    struct origin_row *kept = arena_alloc(person->rows, sizeof *kept);
    *kept = (struct origin_row){
        .server = person->setting.servers[row->server],
        .database = slice_of(tables[row->kind].database),
        .table = slice_of(tables[row->kind].table),
    };
    char *text = arena_alloc(person->rows, key.size + 2);
    memcpy(text, key.text, key.size);
    memcpy(text + key.size, key.size > 0 ? "}" : "{}", key.size > 0 ? 1 : 2);
    kept->key = (struct slice){text, key.size + (key.size > 0 ? 1 : 2)};
    return (struct origin){.time = row->time, .row = kept};
}

/* ---- notes ---- */

static void note(struct rows_person *person, enum live_note_kind kind,
                 const struct category_key *key, const struct origin *origin)
{
    if (person->out.note_count >= person->setting.limits.instances) {
        return;
    }
    person->notes =
        grow(person->notes, person->out.note_count, &person->note_capacity, sizeof *person->notes);
    person->notes[person->out.note_count++] = (struct live_note){kind, *key, *origin};
}

static void note_row(struct rows_person *person, enum live_note_kind kind,
                     const struct gathered_row *row)
{
    const struct category_key key = {
        .name = arena_keep(&person->arena, cell_bytes(&row->name)),
        .container = (uint32_t)cell_integer(&row->container, 0),
        .has_container = row->container.kind == CELL_INTEGER,
        .instance = (uint32_t)cell_integer(&row->instance, 0),
        .has_instance = row->instance.kind == CELL_INTEGER,
    };
    struct origin origin = origin_of(person, row);
    note(person, kind, &key, &origin);
}

/* ---- registrations ---- */

static bool is_registered_there(const struct rows_person *person, size_t server)
{
    for (size_t i = 0; i < person->out.endpoint_count; i++) {
        const struct live_endpoint *endpoint = &person->endpoints[i];
        if (!endpoint->over && slice_equal(endpoint->server, person->setting.servers[server])) {
            return true;
        }
    }
    return false;
}

static const struct live_endpoint *endpoint_find(const struct rows_person *person, struct slice id)
{
    for (size_t i = 0; i < person->out.endpoint_count; i++) {
        if (slice_equal_nocase(person->endpoints[i].id, id)) {
            return &person->endpoints[i];
        }
    }
    return NULL;
}

static void add_endpoint(struct rows_person *person, const struct gathered_row *row)
{
    struct slice id = cell_bytes(&row->endpoint);
    const struct live_endpoint *known = id.size > 0 ? endpoint_find(person, id) : NULL;
    struct slice server = person->setting.servers[row->server];
    if ((known && slice_equal(known->server, server)) ||
        person->out.endpoint_count >= person->setting.limits.instances) {
        return;
    }
    person->endpoints = grow(person->endpoints, person->out.endpoint_count,
                             &person->endpoint_capacity, sizeof *person->endpoints);
    person->endpoints[person->out.endpoint_count++] = (struct live_endpoint){
        .server = server,
        .id = arena_keep(&person->arena, id),
        .agent = arena_keep(&person->arena, slice_trim(row->data)),
        .front_end = arena_keep(&person->arena, cell_bytes(&row->front_end)),
        .expires = row->expires,
        .over = row->expires != TIME_NONE && row->expires < person->setting.now,
        .origin = origin_of(person, row),
    };
}

/* ---- published rows ---- */

static uint32_t hash_of(struct slice bytes)
{
    uint32_t hash = 2166136261U; /* FNV-1a: equal documents are equal on every run */
    for (size_t i = 0; i < bytes.size; i++) {
        hash = (hash ^ slice_byte(bytes, i)) * 16777619U;
    }
    return hash;
}

static bool is_aggregate(const struct category_fact *fact)
{
    return fact->has_value && fact->value.kind == STATE_AGGREGATE;
}

/* Where the server does not name it. */
static void name_instance(struct candidate *candidate)
{
    struct category_fact *fact = &candidate->event.as.category;
    if (fact->key.has_instance) {
        return;
    }
    if (is_aggregate(fact)) {
        fact->key.instance = candidate->fixed ? INSTANCE_STATIC_AGGREGATE : INSTANCE_AGGREGATE;
    } else if (fact->has_value && fact->value.kind == STATE_AGGREGATE_MACHINE) {
        fact->key.instance = INSTANCE_AGGREGATE_MACHINE;
    } else {
        struct slice name = candidate->endpoint.size > 0 ? candidate->endpoint : candidate->data;
        fact->key.instance = INSTANCE_OTHERS | (hash_of(name) & INSTANCE_HASH);
    }
}

/* A lifetime in whole seconds; what began when nobody knows ends that long from now. */
static int64_t lifetime_of(const struct rows_person *person, const struct gathered_row *row)
{
    int64_t begin = row->time != TIME_NONE ? row->time : person->setting.now;
    int64_t lifetime = time_apart(row->expires, begin) / TIME_SECOND;
    return lifetime > 0 ? lifetime : 0;
}

/* What the columns say. An instance is an unsigned number of 32 bits, however it is stored. */
static struct category_fact known_of(struct rows_person *person, const struct gathered_row *row)
{
    int64_t version = cell_integer(&row->version, -1);
    struct category_fact fact = {
        .key =
            {
                .user = person->out.user,
                .name = arena_keep(&person->arena, slice_trim(cell_bytes(&row->name))),
                .instance = (uint32_t)cell_integer(&row->instance, 0),
                .container = (uint32_t)cell_integer(&row->container, 0),
                .has_instance = row->instance.kind == CELL_INTEGER,
                .has_container = row->container.kind == CELL_INTEGER,
            },
        .version = version >= 0 && version <= UINT32_MAX ? (uint32_t)version : 0,
        .has_version = version >= 0 && version <= UINT32_MAX,
        .expires = -1,
        .publish_time = row->time,
        .whole = person->setting.whole,
    };
    if (row->kind == GATHERED_STATIC) {
        fact.expire_type = EXPIRE_STATIC;
    } else if (row->expires != TIME_NONE) {
        fact.expire_type = EXPIRE_TIME;
        fact.expires = lifetime_of(person, row);
    } else if (row->endpoint.kind != CELL_NULL) {
        fact.expire_type = EXPIRE_ENDPOINT;
    }
    return fact;
}

static bool is_readable(const struct facts *facts)
{
    for (size_t i = 0; i < facts->count; i++) {
        const struct event *event = &facts->items[i];
        if (event->kind == EVENT_DIAGNOSTIC &&
            (strcmp(event->as.diagnostic.code, "xml-not-well-formed") == 0 ||
             strcmp(event->as.diagnostic.code, "xml-refused") == 0)) {
            return false;
        }
    }
    return facts->count > 0 && facts->items[0].kind == EVENT_CATEGORY;
}

static bool decode(struct rows_person *person, const struct gathered_row *row,
                   struct candidate *candidate)
{
    struct facts facts;
    const struct category_fact known = known_of(person, row);
    candidate->data = arena_keep(&person->arena, row->data);
    body_decode_category(person->reader, &known, candidate->data, &person->arena, &facts);
    if (!is_readable(&facts)) {
        return false;
    }
    candidate->event = facts.items[0];
    candidate->event.origin = origin_of(person, row);
    candidate->endpoint = arena_keep(&person->arena, cell_bytes(&row->endpoint));
    name_instance(candidate);
    return true;
}

/* What a row is that is not even decoded; LIVE_NOTE_KINDS = nothing special. */
static enum live_note_kind refuse(const struct rows_person *person, const struct gathered_row *row)
{
    const struct limits *limits = &person->setting.limits;
    if (slice_trim(row->data).size == 0) {
        return LIVE_EMPTY;
    }
    if (row->expires != TIME_NONE && row->expires <= person->setting.now) {
        return LIVE_EXPIRED;
    }
    if (person->count >= limits->instances ||
        row->data.size > limits->message_bytes - person->bytes) {
        return LIVE_TOO_BIG;
    }
    return LIVE_NOTE_KINDS;
}

static bool is_same_instance(const struct candidate *a, const struct candidate *b)
{
    const struct category_key *left = &a->event.as.category.key;
    const struct category_key *right = &b->event.as.category.key;
    return a->fixed == b->fixed && left->container == right->container &&
           left->instance == right->instance && slice_equal_nocase(left->name, right->name);
}

/* Does `a` count rather than `b`, which came before it? */
static bool is_better(const struct candidate *a, const struct candidate *b)
{
    if (a->version != b->version) {
        return a->version > b->version;
    }
    if (a->registered_there != b->registered_there) {
        return a->registered_there;
    }
    return a->event.origin.time > b->event.origin.time;
}

/* Copies on other front ends are how replication works, and no news. */
static void note_loser(struct rows_person *person, const struct candidate *loser,
                       const struct candidate *winner)
{
    bool same = slice_equal(loser->data, winner->data);
    if (loser->server == winner->server && loser->version == winner->version && same) {
        note(person, LIVE_DOUBLED, &loser->event.as.category.key, &loser->event.origin);
    } else if (!same) {
        note(person, LIVE_OLDER, &loser->event.as.category.key, &loser->event.origin);
    }
}

static void merge(struct rows_person *person, const struct candidate *fresh)
{
    for (size_t i = 0; i < person->count; i++) {
        struct candidate *known = &person->candidates[i];
        if (is_same_instance(known, fresh)) {
            bool better = is_better(fresh, known);
            note_loser(person, better ? known : fresh, better ? fresh : known);
            *known = better ? *fresh : *known;
            return;
        }
    }
    person->candidates =
        grow(person->candidates, person->count, &person->capacity, sizeof *person->candidates);
    person->candidates[person->count++] = *fresh;
}

static void add_published(struct rows_person *person, const struct gathered_row *row)
{
    enum live_note_kind refused = refuse(person, row);
    struct candidate candidate = {
        .version = cell_integer(&row->version, -1),
        .server = row->server,
        .place = person->count,
        .fixed = row->kind == GATHERED_STATIC,
        .registered_there = is_registered_there(person, row->server),
    };
    if (refused != LIVE_NOTE_KINDS) {
        note_row(person, refused, row);
        return;
    }
    person->bytes += row->data.size;
    if (!decode(person, row, &candidate)) {
        note_row(person, LIVE_UNREADABLE, row);
        return;
    }
    merge(person, &candidate);
}

void rows_person_add(struct rows_person *person, const struct gathered_row *row)
{
    struct live_person *out = &person->out;
    switch (row->kind) {
    case GATHERED_RESOURCE:
        out->resource = true;
        break;
    case GATHERED_DIRECTORY:
        out->disabled = (out->in_directory ? out->disabled : true) &&
                        row->flag.kind == CELL_INTEGER && row->flag.integer == 0;
        out->in_directory = true;
        if (!out->origin.row) {
            out->origin = origin_of(person, row);
        }
        break;
    case GATHERED_REGISTERED:
        out->last_register = row->time > out->last_register ? row->time : out->last_register;
        break;
    case GATHERED_ENDPOINT:
        add_endpoint(person, row);
        break;
    case GATHERED_STATIC:
    case GATHERED_DYNAMIC:
        add_published(person, row);
        break;
    }
}

/* ---- the whole ---- */

/* Inputs and whatever else first, then what the server makes of them, container 2 last. */
static unsigned turn_of(const struct candidate *candidate)
{
    const struct category_fact *fact = &candidate->event.as.category;
    if (!is_aggregate(fact)) {
        return fact->has_value && fact->value.kind == STATE_AGGREGATE_MACHINE;
    }
    switch (fact->key.container) {
    case 2:
        return 4;
    case 200:
    case 400:
        return 3;
    default:
        return 2;
    }
}

static int by_turn(const void *a, const void *b)
{
    const struct candidate *left = a;
    const struct candidate *right = b;
    unsigned turns[] = {turn_of(left), turn_of(right)};
    int64_t times[] = {left->event.origin.time, right->event.origin.time};
    if (turns[0] != turns[1]) {
        return turns[0] < turns[1] ? -1 : 1;
    }
    if (times[0] != times[1]) {
        return times[0] < times[1] ? -1 : 1;
    }
    return (left->place > right->place) - (left->place < right->place);
}

/* The static aggregate is what watchers get when nobody is signed in (databases.md section 3). */
static bool has_live_aggregate(const struct rows_person *person)
{
    bool has = false;
    for (size_t i = 0; i < person->count && !has; i++) {
        const struct candidate *candidate = &person->candidates[i];
        has = !candidate->fixed && is_aggregate(&candidate->event.as.category);
    }
    return has;
}

static void take(struct rows_person *person, const struct candidate *candidate, bool live)
{
    const struct event *event = &candidate->event;
    if (live && candidate->fixed && is_aggregate(&event->as.category)) {
        note(person, LIVE_STATIC, &event->as.category.key, &event->origin);
        return;
    }
    const struct live_endpoint *endpoint = endpoint_find(person, candidate->endpoint);
    if (candidate->endpoint.size > 0 && person->out.sees_endpoints &&
        (!endpoint || endpoint->over)) {
        note(person, LIVE_NO_ENDPOINT, &event->as.category.key, &event->origin);
    }
    person->events = grow(person->events, person->out.event_count, &person->event_capacity,
                          sizeof *person->events);
    person->events[person->out.event_count++] = *event;
}

struct live_person rows_person_end(struct rows_person *person)
{
    if (person->count > 0) {
        qsort(person->candidates, person->count, sizeof *person->candidates, by_turn);
    }
    bool live = has_live_aggregate(person);
    for (size_t i = 0; i < person->count; i++) {
        take(person, &person->candidates[i], live);
    }
    person->out.events = person->events;
    person->out.endpoints = person->endpoints;
    person->out.notes = person->notes;
    return person->out;
}

static void note_cap(void *context, const struct event *event)
{
    bool *capped = context;
    (void)event;
    *capped = true;
}

bool rows_person_tell(const struct live_person *person, int64_t now, struct map_seed seed,
                      const struct limits *limits, const struct change_sink *changes)
{
    bool capped = false;
    const struct event_sink caps = {note_cap, &capped};
    struct engine *engine = engine_new(seed, limits, changes, &caps);
    for (size_t i = 0; i < person->event_count; i++) {
        engine_feed(engine, &person->events[i]);
    }
    engine_end(engine, now);
    engine_free(engine);
    return !capped;
}
