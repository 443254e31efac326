/*
 * The lanes of a ladder. See ladder_lanes.h.
 */
#include "reports/ladder_lanes.h"

#include <stdlib.h>

#include "reports/ladder_doors.h"
#include "reports/ladder_names.h"
#include "reports/ladder_parties.h"
#include "reports/text.h"

/* From left to right. */
enum rank {
    RANK_USER,
    RANK_GATEWAY,
    RANK_SERVER,
    RANK_LOOKUP,
    RANK_CHANNELS,
    RANK_POOL,
    RANK_AROUND, /* no SIP */
    RANK_OTHERS,
};

/* ---- whose lane ---- */

bool ladder_lane_has_user(const struct ladder_lane *lane, struct slice user)
{
    for (size_t i = 0; i < lane->party_count; i++) {
        const struct ladder_party *party = &lane->parties[i];
        if (slice_equal(party->user, user) && (party->sent > 0 || party->received > 0)) {
            return true;
        }
    }
    return false;
}

bool ladder_lane_is_own(const struct ladder_lane *lane, struct slice user)
{
    return lane->rank == RANK_USER && ladder_lane_has_user(lane, user);
}

uint16_t ladder_lane_of_user(const struct ladder_model *model, struct slice user)
{
    uint16_t found = LADDER_NO_LANE;
    for (size_t i = 0; i < model->lane_count; i++) {
        const struct ladder_lane *lane = &model->lanes[i];
        const struct ladder_lane *best = found != LADDER_NO_LANE ? &model->lanes[found] : NULL;
        if (lane->rank <= RANK_GATEWAY && ladder_lane_has_user(lane, user) &&
            (!best || lane->rank < best->rank ||
             (lane->rank == best->rank && lane->messages > best->messages))) {
            found = (uint16_t)i;
        }
    }
    return found;
}

/* ---- what is known of a party ---- */

static void add_party(struct ladder_lane *lane, const struct ladder_party *more)
{
    for (size_t i = 0; i < lane->party_count; i++) {
        struct ladder_party *party = &lane->parties[i];
        if (slice_equal(party->user, more->user)) {
            party->service = party->service || more->service;
            party->sent += more->sent;
            party->received += more->received;
            return;
        }
    }
    if (lane->party_count < LADDER_PARTIES) {
        lane->parties[lane->party_count++] = *more;
    } else {
        lane->more_parties = true;
    }
}

static struct slice first_of(struct slice known, struct slice more)
{
    return known.size > 0 ? known : more;
}

static void add_door(struct ladder_lane *lane, const struct ladder_door *door)
{
    if (lane->door_count == 0) {
        lane->host = door->at;
    }
    lane->doors[lane->door_count++] = door;
    lane->others = lane->others || door->others;
    lane->messages += door->messages;
    lane->client += door->client;
    lane->duties |= door->duties;
    lane->more_parties = lane->more_parties || door->more_parties;
    for (size_t i = 0; i < door->party_count; i++) {
        add_party(lane, &door->parties[i]);
    }
    lane->sent_by = first_of(lane->sent_by, door->sent_by_varies ? slice_of("") : door->sent_by);
    lane->contact = first_of(lane->contact, door->contact);
    lane->agent = first_of(lane->agent, door->agent);
    lane->kind = first_of(lane->kind, door->kind);
}

/* An endpoint with an epid is a user's own, whatever it publishes. */
static bool has_epid(const struct ladder_lane *lane)
{
    for (size_t i = 0; i < lane->door_count; i++) {
        const struct ladder_door *door = lane->doors[i];
        if (door->asks && door->mark.size > 0 && door->mark.data[0] == 'e') {
            return true;
        }
    }
    return false;
}

/* Nothing speaks for either: whoever began, or was reached as a user, is a client. */
static bool is_client(const struct ladder_model *model, const struct ladder_lane *lane)
{
    if (lane->others || lane->client != 0) {
        return !lane->others && lane->client > 0;
    }
    return lane->doors[0]->number == 0 || ladder_lane_has_users(model, lane);
}

static unsigned service_duties(const struct ladder_model *model, const struct ladder_lane *lane)
{
    unsigned duties = 0;
    for (size_t i = 0; i < lane->party_count; i++) {
        const struct ladder_party *party = &lane->parties[i];
        duties |=
            party->sent > 0 || party->received > 0 ? ladder_service_duties(model, party->user) : 0;
    }
    return duties;
}

static enum rank rank_of(const struct ladder_lane *lane, bool client)
{
    static const struct {
        unsigned duty;
        enum rank rank;
    } rows[] = {{DUTY_POOL, RANK_POOL}, {DUTY_CHANNELS, RANK_CHANNELS}, {DUTY_LOOKUP, RANK_LOOKUP}};
    if (lane->others || client) {
        return lane->others ? RANK_OTHERS : lane->duties & DUTY_GATEWAY ? RANK_GATEWAY : RANK_USER;
    }
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (lane->duties & rows[i].duty) {
            return rows[i].rank;
        }
    }
    return lane->kind.size > 0 && lane->duties == 0 ? RANK_AROUND : RANK_SERVER;
}

static void judge(const struct ladder_model *model, struct ladder_lane *lane)
{
    bool client = is_client(model, lane);
    if (!client && !ladder_lane_has_users(model, lane)) {
        lane->duties |= service_duties(model, lane);
    }
    if (has_epid(lane)) {
        lane->duties &= ~(unsigned)DUTY_GATEWAY;
    }
    lane->rank = rank_of(lane, client);
}

/* ---- making them ---- */

struct making {
    struct ladder_model *model;
    const uint16_t *party;     /* of each door: the first of its party */
    size_t *first;             /* of each party's first door: row of its first use, or SIZE_MAX */
    struct ladder_lane *lanes; /* in the order of parties' first doors */
    size_t count;
    uint16_t *lane_of; /* of each party's first door: its lane */
};

static void note_use(struct making *self, uint16_t door, size_t row)
{
    if (door != LADDER_NO_LANE && self->first[self->party[door]] == SIZE_MAX) {
        self->first[self->party[door]] = row;
    }
}

static void find_uses(struct making *self)
{
    for (size_t i = 0; i < self->model->door_count; i++) {
        self->first[i] = SIZE_MAX;
    }
    for (size_t i = 0; i < self->model->row_count; i++) {
        note_use(self, self->model->rows[i].from, i);
        note_use(self, self->model->rows[i].to, i);
    }
}

static bool is_used(const struct making *self, size_t door)
{
    return self->model->doors[door] && self->first[self->party[door]] != SIZE_MAX;
}

/* A lane for each party that rows use, with room for its doors. */
static void list_lanes(struct making *self)
{
    struct ladder_model *model = self->model;
    size_t *doors = memory_zero(model->door_count + 1, sizeof *doors);
    for (size_t i = 0; i < model->door_count; i++) {
        doors[self->party[i]]++;
    }
    for (size_t i = 0; i < model->door_count; i++) {
        if (!is_used(self, i) || self->party[i] != i) {
            continue;
        }
        self->lane_of[i] = (uint16_t)self->count;
        self->lanes[self->count++] = (struct ladder_lane){
            .first = self->first[i],
            .doors = arena_alloc(&model->arena, doors[i] * sizeof(const struct ladder_door *)),
        };
    }
    free(doors);
}

/* A host whose doors are of several parties: ports tell them apart. */
static void mark_ports(struct making *self)
{
    for (size_t i = 0; i < self->model->door_count; i++) {
        const struct ladder_door *door = self->model->doors[i];
        uint16_t first = door ? self->party[door->host] : 0;
        if (door && first != self->party[i]) {
            if (is_used(self, i)) {
                self->lanes[self->lane_of[self->party[i]]].by_port = true;
            }
            if (is_used(self, first)) {
                self->lanes[self->lane_of[first]].by_port = true;
            }
        }
    }
}

static void fill_lanes(struct making *self)
{
    for (size_t i = 0; i < self->model->door_count; i++) {
        if (is_used(self, i)) {
            add_door(&self->lanes[self->lane_of[self->party[i]]], self->model->doors[i]);
        }
    }
    mark_ports(self);
    for (size_t i = 0; i < self->count; i++) {
        judge(self->model, &self->lanes[i]);
    }
}

/* ---- the lanes that there is room for ---- */

/* Servers are shared by what users do, so they come first; then first come, first served. */
static int compare_need(const void *left, const void *right)
{
    const struct ladder_lane *a = *(struct ladder_lane *const *)left;
    const struct ladder_lane *b = *(struct ladder_lane *const *)right;
    int ordinary = (a->rank == RANK_OTHERS) - (b->rank == RANK_OTHERS);
    int server = (a->rank <= RANK_GATEWAY) - (b->rank <= RANK_GATEWAY);
    int first = (a->first > b->first) - (a->first < b->first);
    int door =
        (a->doors[0]->number > b->doors[0]->number) - (a->doors[0]->number < b->doors[0]->number);
    return ordinary != 0 ? ordinary : server != 0 ? server : first != 0 ? first : door;
}

static int compare_first(const void *left, const void *right)
{
    const struct ladder_lane *a = *(struct ladder_lane *const *)left;
    const struct ladder_lane *b = *(struct ladder_lane *const *)right;
    return (a->doors[0]->number > b->doors[0]->number) -
           (a->doors[0]->number < b->doors[0]->number);
}

static void share_lane(struct ladder_model *model, struct ladder_lane *last,
                       struct ladder_lane *const *lanes, size_t count)
{
    size_t parties = model->other_hosts.count;
    *last = (struct ladder_lane){
        .others = true, .rank = RANK_OTHERS, .first = SIZE_MAX, .name = slice_of("others")};
    for (size_t i = 0; i < count; i++) {
        last->messages += lanes[i]->messages;
        last->first = lanes[i]->first < last->first ? lanes[i]->first : last->first;
        parties += lanes[i]->others ? 0 : 1;
    }
    last->address = text_format(&model->arena, "%zu parties", parties);
}

/*
 * Of lanes in the order of need, puts those to the front that get one of `room` lanes: servers may
 * have half of them, and what users leave.
 */
static void choose_lanes(struct ladder_lane **lanes, size_t count, size_t room)
{
    size_t servers = 0;
    while (servers < count && lanes[servers]->rank > RANK_GATEWAY && !lanes[servers]->others) {
        servers++;
    }
    size_t users = count - servers;
    size_t most = users < room - room / 2 ? room - users : room / 2;
    size_t left = servers < most ? servers : most;
    for (size_t right = room - left + servers; left < servers && right > servers; left++) {
        struct ladder_lane *server = lanes[left];
        lanes[left] = lanes[--right];
        lanes[right] = server;
    }
}

/* Lanes in the order of first use; those without room share the last. */
static void keep_lanes(struct making *self, struct ladder_lane **lanes)
{
    struct ladder_model *model = self->model;
    size_t kept = self->count;
    qsort(lanes, self->count, sizeof(struct ladder_lane *), compare_need);
    bool shares = kept > LADDER_LANES || (kept > 0 && lanes[kept - 1]->others);
    if (kept > LADDER_LANES) {
        kept = LADDER_LANES - 1;
        choose_lanes(lanes, self->count, kept);
    } else if (shares) {
        kept--;
    }
    uint16_t *place = self->lane_of;
    for (size_t i = kept; i < self->count; i++) {
        place[lanes[i]->doors[0]->number] = (uint16_t)kept;
    }
    if (shares) {
        share_lane(model, &model->lanes[kept], lanes + kept, self->count - kept);
    }
    qsort(lanes, kept, sizeof(struct ladder_lane *), compare_first);
    for (size_t i = 0; i < kept; i++) {
        place[lanes[i]->doors[0]->number] = (uint16_t)i;
        model->lanes[i] = *lanes[i];
        ladder_names_give(model, &model->lanes[i], lanes[i]->rank <= RANK_GATEWAY);
    }
    model->lane_count = shares ? kept + 1 : kept;
}

/* ---- places ---- */

/* The user of an endpoint, so that endpoints of one user are neighbours. */
static struct slice owner_of(const struct ladder_lane *lane)
{
    for (size_t i = 0; lane->rank == RANK_USER && i < lane->party_count; i++) {
        if (lane->parties[i].sent > 0) {
            return lane->parties[i].user;
        }
    }
    return slice_of("");
}

/* First use of the first endpoint of the same user. */
static size_t first_of_owner(const struct ladder_model *model, const struct ladder_lane *lane)
{
    struct slice owner = owner_of(lane);
    size_t first = lane->first;
    for (size_t i = 0; i < model->lane_count && owner.size > 0; i++) {
        const struct ladder_lane *other = &model->lanes[i];
        if (other->first < first && slice_equal(owner_of(other), owner)) {
            first = other->first;
        }
    }
    return first;
}

static bool stands_left(const struct ladder_model *model, const struct ladder_lane *a,
                        const struct ladder_lane *b)
{
    size_t first_a = first_of_owner(model, a);
    size_t first_b = first_of_owner(model, b);
    if (a->rank != b->rank) {
        return a->rank < b->rank;
    }
    return first_a != first_b ? first_a < first_b : a < b;
}

static void place_lanes(struct ladder_model *model)
{
    for (unsigned i = 0; i < model->lane_count; i++) {
        unsigned place = i;
        for (; place > 0 &&
               stands_left(model, &model->lanes[i], &model->lanes[model->order[place - 1]]);
             place--) {
            model->order[place] = model->order[place - 1];
        }
        model->order[place] = i;
    }
    for (unsigned i = 0; i < model->lane_count; i++) {
        model->lanes[model->order[i]].place = i;
    }
}

static void rename_rows(struct making *self)
{
    for (size_t i = 0; i < self->model->row_count; i++) {
        struct ladder_row *row = &self->model->rows[i];
        uint16_t from = row->from;
        uint16_t to = row->to;
        row->from = from == LADDER_NO_LANE ? from : self->lane_of[self->party[from]];
        row->to = to == LADDER_NO_LANE ? to : self->lane_of[self->party[to]];
    }
}

void ladder_lanes_settle(struct ladder_model *model)
{
    size_t room = model->door_count + 1;
    struct making self = {
        .model = model,
        .party = ladder_parties_find(model),
        .first = memory_alloc(room * sizeof *self.first),
        .lanes = memory_alloc(room * sizeof *self.lanes),
        .lane_of = memory_zero(room, sizeof *self.lane_of),
    };
    ladder_names_init(model);
    find_uses(&self);
    list_lanes(&self);
    fill_lanes(&self);
    struct ladder_lane **lanes = memory_alloc((self.count + 1) * sizeof(struct ladder_lane *));
    for (size_t i = 0; i < self.count; i++) {
        lanes[i] = &self.lanes[i];
    }
    keep_lanes(&self, lanes);
    free(lanes);
    place_lanes(model);
    rename_rows(&self);
    ladder_names_end(model);
    free(self.first);
    free(self.lanes);
    free(self.lane_of);
}
