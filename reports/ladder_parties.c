/*
 * Which doors are one party. See ladder_parties.h.
 *
 * All ports of a host are one party, unless it talks to itself, or two endpoints
 * (user and epid) begin requests there by ports of their own: several clients
 * behind one address. Hosts are one party if the same endpoint begins requests at
 * both (it came back from elsewhere), or if one has an IPv4 address, the other an
 * IPv6 address, and their Via says the same host (RFC 3261 section 18.1.1). Who
 * talk to each other are never one.
 */
#include "reports/ladder_parties.h"

#include <stdlib.h>

#include "reports/ladder_doors.h"
#include "reports/text.h"

struct parties {
    struct ladder_model *model;
    struct arena arena;
    struct map keys;    /* endpoint, name of a host -> door */
    uint16_t *first;    /* of each door: a smaller one of its party, itself if there is none */
    uint16_t *next;     /* the doors of a party as a ring */
    int64_t *client;    /* of each first door of a host: the sum over the host */
    uint16_t *endpoint; /* of each first door of a host: a door with an endpoint of its own */
    bool *split;        /* of each first door of a host: there are several of them */
    uint16_t *rest;     /* of each first door of a host: the first that is not apart */
    uint16_t *peers;    /* who talks to whom: those of door i are at peer_start[i] on */
    size_t *peer_start;
};

static uint16_t party_of(const struct parties *self, uint16_t door)
{
    while (self->first[door] != door) {
        self->first[door] = self->first[self->first[door]];
        door = self->first[door];
    }
    return door;
}

static void join(struct parties *self, uint16_t a, uint16_t b)
{
    a = party_of(self, a);
    b = party_of(self, b);
    if (a == b) {
        return;
    }
    self->first[a > b ? a : b] = a > b ? b : a;
    uint16_t after = self->next[a];
    self->next[a] = self->next[b];
    self->next[b] = after;
}

/* ---- who talks to whom ---- */

static int compare_pairs(const void *left, const void *right)
{
    const uint32_t *a = left;
    const uint32_t *b = right;
    return (*a > *b) - (*a < *b);
}

static void list_peers(struct parties *self)
{
    const struct ladder_model *model = self->model;
    uint32_t *pairs = memory_alloc((model->row_count * 2 + 1) * sizeof *pairs);
    size_t count = 0;
    for (size_t i = 0; i < model->row_count; i++) {
        const struct ladder_row *row = &model->rows[i];
        if (row->kind == ROW_MESSAGE && row->from != row->to) {
            pairs[count++] = (uint32_t)row->from << 16 | row->to;
            pairs[count++] = (uint32_t)row->to << 16 | row->from;
        }
    }
    qsort(pairs, count, sizeof *pairs, compare_pairs);
    self->peers = memory_alloc((count + 1) * sizeof *self->peers);
    size_t kept = 0;
    uint32_t door = 0;
    for (size_t i = 0; i < count; i++) {
        for (; door <= pairs[i] >> 16; door++) {
            self->peer_start[door] = kept;
        }
        if (i == 0 || pairs[i] != pairs[i - 1]) {
            self->peers[kept++] = (uint16_t)pairs[i];
        }
    }
    for (; door <= model->door_count; door++) {
        self->peer_start[door] = kept;
    }
    free(pairs);
}

static bool talks_to(const struct parties *self, uint16_t a, uint16_t b)
{
    uint16_t door = a;
    do {
        for (size_t i = self->peer_start[door]; i < self->peer_start[door + 1]; i++) {
            if (party_of(self, self->peers[i]) == b) {
                return true;
            }
        }
        door = self->next[door];
    } while (door != a);
    return false;
}

/* `b` is the smaller of the two as a rule: what it takes grows with it. */
static bool join_strangers(struct parties *self, uint16_t a, uint16_t b)
{
    a = party_of(self, a);
    b = party_of(self, b);
    bool strangers = !talks_to(self, b, a);
    if (strangers) {
        join(self, a, b);
    }
    return strangers;
}

/* ---- one host ---- */

static bool is_strong(const struct ladder_door *door)
{
    return door->asks && !door->shared && door->mark.size > 0 && door->mark.data[0] != 'c';
}

static struct slice endpoint_key(struct parties *self, const struct ladder_door *door)
{
    return text_format(&self->arena, "e%.*s\n%.*s", TEXT(door->user), TEXT(door->mark));
}

static bool same_endpoint(const struct ladder_door *a, const struct ladder_door *b)
{
    return slice_equal(a->user, b->user) && slice_equal(a->mark, b->mark);
}

static void look_at_host(struct parties *self, const struct ladder_door *door)
{
    uint16_t host = door->host;
    self->client[host] += door->client;
    if (!is_strong(door)) {
        return;
    }
    if (self->endpoint[host] == LADDER_NO_LANE) {
        self->endpoint[host] = door->number;
    } else if (!same_endpoint(self->model->doors[self->endpoint[host]], door)) {
        self->split[host] = true;
    }
}

/* The door whose port its Via gives as the one to come back to. */
static const struct ladder_door *told_door(const struct parties *self,
                                           const struct ladder_door *door)
{
    char text[ADDRESS_TEXT];
    address_host_text(&door->at, text);
    if (door->sent_by_varies || !slice_equal(door->sent_by, slice_of(text))) {
        return NULL;
    }
    struct address told = door->at;
    told.port = door->sent_port;
    const struct ladder_door *other = self->model->doors[ladder_door_find(self->model, &told)];
    return other->at.port == door->sent_port ? other : NULL;
}

static void join_by_endpoint(struct parties *self, const struct ladder_door *door)
{
    struct slice key =
        text_format(&self->arena, "h%u\n%.*s", door->host, TEXT(endpoint_key(self, door)));
    struct map_entry *entry = map_keep(&self->keys, key);
    if (entry->value) {
        const struct ladder_door *other = entry->value;
        join(self, other->number, door->number);
    }
    entry->value = self->model->doors[door->number];
    arena_reset(&self->arena);
}

static void join_in_host(struct parties *self, const struct ladder_door *door)
{
    uint16_t host = door->host;
    bool loops = self->model->doors[host]->loops;
    bool apart = self->split[host] && self->client[host] > 0;
    if ((loops || apart) && is_strong(door)) {
        join_by_endpoint(self, door);
    } else if (loops) {
        const struct ladder_door *told = told_door(self, door);
        if (told) {
            join_strangers(self, told->number, door->number);
        }
    } else if (self->rest[host] == LADDER_NO_LANE) {
        self->rest[host] = door->number;
    } else {
        join(self, self->rest[host], door->number);
    }
}

/* ---- several hosts ---- */

/* The one endpoint that a party is, as one of its doors; NULL when it is not one. */
static const struct ladder_door *only_endpoint(const struct parties *self, uint16_t party)
{
    const struct ladder_door *found = NULL;
    int64_t client = 0;
    uint16_t at = party;
    do {
        const struct ladder_door *door = self->model->doors[at];
        client += door->client;
        if (door->shared ||
            (found && door->user.size > 0 && !slice_equal(door->user, found->user))) {
            return NULL;
        }
        if (door->asks && door->mark.size > 0) {
            if (found && !slice_equal(door->mark, found->mark)) {
                return NULL;
            }
            found = door;
        }
        at = self->next[at];
    } while (at != party);
    return client > 0 ? found : NULL;
}

static void join_endpoints(struct parties *self, uint16_t party)
{
    const struct ladder_door *endpoint = only_endpoint(self, party);
    if (!endpoint) {
        return;
    }
    struct map_entry *entry = map_keep(&self->keys, endpoint_key(self, endpoint));
    if (entry->value) {
        const struct ladder_door *other = entry->value;
        join_strangers(self, other->number, party);
    } else {
        entry->value = self->model->doors[party];
    }
    arena_reset(&self->arena);
}

/* What a host is called by its own Via and by its address, with the family before it. */
static struct slice host_name_key(struct parties *self, bool six, struct slice name)
{
    return text_format(&self->arena, "%c\n%.*s", six ? '6' : '4', TEXT(name));
}

static bool names_host(struct slice name)
{
    return slice_find_byte(name, '.') != SLICE_NONE || slice_find_byte(name, ':') != SLICE_NONE;
}

static void name_hosts(struct parties *self, const struct ladder_door *door)
{
    char text[ADDRESS_TEXT];
    bool six = door->at.family == ADDRESS_IPV6;
    address_host_text(&door->at, text);
    struct slice names[] = {slice_of(text), door->sent_by};
    size_t count = !door->sent_by_varies && names_host(door->sent_by) ? 2 : 1;
    for (size_t i = 0; i < count && door->at.family != ADDRESS_NONE; i++) {
        struct map_entry *entry = map_keep(&self->keys, host_name_key(self, six, names[i]));
        if (!entry->value) {
            entry->value = self->model->doors[door->number];
        }
    }
    arena_reset(&self->arena);
}

/* The same host by IPv4 and IPv6. */
static void join_families(struct parties *self, const struct ladder_door *door)
{
    bool six = door->at.family == ADDRESS_IPV6;
    if (door->at.family == ADDRESS_NONE || door->sent_by_varies || !names_host(door->sent_by)) {
        return;
    }
    const struct ladder_door *other =
        map_find(&self->keys, host_name_key(self, !six, door->sent_by));
    if (other) {
        join_strangers(self, other->number, door->number);
    }
    arena_reset(&self->arena);
}

/* ---- all of it ---- */

static void parties_init(struct parties *self, struct ladder_model *model)
{
    size_t count = model->door_count + 1;
    *self = (struct parties){
        .model = model,
        .first = arena_alloc(&model->arena, count * sizeof(uint16_t)),
        .next = memory_alloc(count * sizeof(uint16_t)),
        .client = memory_zero(count, sizeof(int64_t)),
        .endpoint = memory_alloc(count * sizeof(uint16_t)),
        .split = memory_zero(count, sizeof(bool)),
        .rest = memory_alloc(count * sizeof(uint16_t)),
        .peer_start = memory_zero(count + 1, sizeof(size_t)),
    };
    arena_init(&self->arena);
    map_init(&self->keys, model->seed);
    for (size_t i = 0; i < count; i++) {
        self->first[i] = self->next[i] = (uint16_t)i;
        self->endpoint[i] = self->rest[i] = LADDER_NO_LANE;
    }
    list_peers(self);
}

static void parties_dispose(struct parties *self)
{
    map_dispose(&self->keys, NULL);
    arena_dispose(&self->arena);
    free(self->next);
    free(self->client);
    free(self->endpoint);
    free(self->split);
    free(self->rest);
    free(self->peers);
    free(self->peer_start);
}

/* Each door in the order of first use; there is none where the number means none. */
static void each_door(struct parties *self,
                      void (*act)(struct parties *self, const struct ladder_door *door))
{
    for (size_t i = 0; i < self->model->door_count; i++) {
        const struct ladder_door *door = self->model->doors[i];
        if (door) {
            act(self, door);
        }
    }
}

const uint16_t *ladder_parties_find(struct ladder_model *model)
{
    struct parties self;
    parties_init(&self, model);
    each_door(&self, look_at_host);
    each_door(&self, join_in_host);
    for (size_t i = 0; i < model->door_count; i++) {
        if (model->doors[i] && self.first[i] == i) {
            join_endpoints(&self, (uint16_t)i);
        }
    }
    each_door(&self, name_hosts);
    each_door(&self, join_families);
    for (size_t i = 0; i < model->door_count; i++) {
        self.first[i] = party_of(&self, (uint16_t)i);
    }
    const uint16_t *first = self.first;
    parties_dispose(&self);
    return first;
}
