/*
 * What lanes are called. See ladder_names.h.
 *
 * Roles are told by what was seen: who answers REGISTER, who hands on requests,
 * who publishes for others (facts/presence.md 7.1), which address the chat
 * commands go to (facts/xccos.md 1.10, 4.1). Where nothing says it, a server is a
 * "server".
 */
#include "reports/ladder_names.h"

#include "reports/ladder_doors.h"
#include "reports/text.h"

enum {
    NAME = 48,          /* columns of a lane's name */
    KEY = 256,          /* bytes of what is named */
    SHOWN_USERS = 3,    /* users named at one lane */
    SHOWN_ADDRESSES = 3 /* addresses and ports of one lane */
};

/* ---- the user's own names ---- */

/* As it is compared: lower case, no scheme, no brackets around an address without port. */
static struct slice name_key(struct slice of, char out[static KEY])
{
    struct slice key = slice_lower(out, KEY, slice_trim(of));
    key = slice_starts(key, slice_of("sip:")) ? slice_from(key, 4) : key;
    if (key.size > 1 && key.data[0] == '[' && key.data[key.size - 1] == ']') {
        key = slice_sub(key, 1, key.size - 2);
    }
    return key;
}

/* The latest of the names that were given to the same thing. */
struct given {
    struct slice name;
    size_t index;
    bool used;
};

void ladder_names_init(struct ladder_model *model)
{
    char key[KEY];
    for (size_t i = 0; i < model->options.name_count; i++) {
        const struct ladder_name *name = &model->options.names[i];
        struct given *given = arena_zero(&model->arena, 1, sizeof *given);
        given->name = text_brief(name->name, NAME, &model->arena);
        given->index = i;
        map_put(&model->names, name_key(name->of, key), given);
    }
}

static struct given *find_given(const struct ladder_model *model, struct slice of)
{
    char key[KEY];
    struct given *given =
        model->names.count > 0 && of.size > 0 ? map_find(&model->names, name_key(of, key)) : NULL;
    if (given) {
        given->used = true;
    }
    return given;
}

/* Who is overruled by a later name for the same thing is used with it. */
void ladder_names_end(struct ladder_model *model)
{
    char key[KEY];
    size_t count = model->options.name_count;
    model->names_used = arena_zero(&model->arena, count + 1, sizeof(bool));
    for (size_t i = 0; i < count; i++) {
        const struct given *given =
            map_find(&model->names, name_key(model->options.names[i].of, key));
        model->names_used[i] = given->used;
    }
}

static void take_later(const struct given **latest, const struct given *given)
{
    if (given && (!*latest || given->index > (*latest)->index)) {
        *latest = given;
    }
}

static const struct given *given_to(const struct ladder_model *model,
                                    const struct ladder_lane *lane)
{
    const struct given *latest = NULL;
    char text[ADDRESS_TEXT];
    for (size_t i = 0; i < lane->door_count && model->names.count > 0; i++) {
        const struct ladder_door *door = lane->doors[i];
        if (door->at.family != ADDRESS_NONE) {
            address_text(&door->at, text);
            take_later(&latest, find_given(model, slice_of(text)));
            address_host_text(&door->at, text);
            take_later(&latest, find_given(model, slice_of(text)));
        }
        take_later(&latest, find_given(model, door->sent_by));
        take_later(&latest, find_given(model, door->contact));
        take_later(&latest, find_given(model, door->name));
    }
    return latest;
}

/* ---- who is there ---- */

struct slice ladder_user_name(struct ladder_model *model, struct slice user, struct arena *arena)
{
    struct slice local;
    struct slice domain;
    bool whole = slice_cut(user, '@', &local, &domain);
    bool home = whole && slice_equal(domain, model->domain);
    return text_brief(home ? local : user, NAME, arena);
}

static struct slice given_or_user(struct ladder_model *model, struct slice user)
{
    const struct given *given = find_given(model, user);
    return given ? given->name : ladder_user_name(model, user, &model->arena);
}

static bool is_service(const struct ladder_model *model, const struct ladder_party *party)
{
    return party->service || ladder_service_duties(model, party->user) != 0;
}

/* "ann, bob": who begins requests there, or else who gets them. */
static struct slice users_name(struct ladder_model *model, const struct ladder_lane *lane,
                               bool senders)
{
    struct slice name = slice_of("");
    size_t shown = 0;
    size_t more = lane->more_parties ? 1 : 0;
    for (size_t i = 0; i < lane->party_count; i++) {
        const struct ladder_party *party = &lane->parties[i];
        if (is_service(model, party) || (senders ? party->sent : party->received) <= 0) {
            continue;
        }
        if (shown == SHOWN_USERS) {
            more++;
            continue;
        }
        struct slice user = given_or_user(model, party->user);
        name =
            text_format(&model->arena, "%.*s%s%.*s", TEXT(name), shown > 0 ? ", " : "", TEXT(user));
        shown++;
    }
    if (shown > 0 && more > 0) {
        name = text_format(&model->arena, "%.*s, ...", TEXT(name));
    }
    return name;
}

bool ladder_lane_has_users(const struct ladder_model *model, const struct ladder_lane *lane)
{
    for (size_t i = 0; i < lane->party_count; i++) {
        if (lane->parties[i].received > 0 && !is_service(model, &lane->parties[i])) {
            return true;
        }
    }
    return false;
}

static struct slice client_name(struct ladder_model *model, const struct ladder_lane *lane)
{
    struct slice name = slice_of("");
    if (lane->duties & DUTY_GATEWAY) {
        return lane->agent; /* it speaks for users, who are elsewhere */
    }
    name = users_name(model, lane, true);
    return name.size > 0 ? name : users_name(model, lane, false);
}

/* The first chat service there; "gc01, ..." if it has further ones that do the same. */
static struct slice service_name(struct ladder_model *model, const struct ladder_lane *lane)
{
    struct slice name = slice_of("");
    unsigned duties = 0;
    for (size_t i = 0; i < lane->party_count; i++) {
        const struct ladder_party *party = &lane->parties[i];
        unsigned own = ladder_service_duties(model, party->user);
        if (own == 0 || (party->sent <= 0 && party->received <= 0)) {
            continue;
        }
        if (name.size > 0 && own == duties) {
            return text_format(&model->arena, "%.*s, ...", TEXT(name));
        }
        if (name.size == 0) {
            name = given_or_user(model, party->user);
            duties = own;
        }
    }
    return name;
}

/* "fe01" of "fe01.contoso.example" at home; addresses are shown anyway. */
static struct slice host_name(struct ladder_model *model, struct slice host)
{
    struct slice label;
    struct slice domain;
    bool letter = false;
    for (size_t i = 0; i < host.size; i++) {
        letter = letter || ascii_is_alpha(host.data[i]);
    }
    if (!letter || slice_find_byte(host, ':') != SLICE_NONE) {
        return slice_of("");
    }
    bool home = slice_cut(host, '.', &label, &domain) && slice_equal_nocase(domain, model->domain);
    return text_brief(home ? label : host, NAME, &model->arena);
}

static struct slice server_name(struct ladder_model *model, const struct ladder_lane *lane)
{
    struct slice names[] = {
        lane->duties & (DUTY_LOOKUP | DUTY_CHANNELS | DUTY_POOL) ? service_name(model, lane)
                                                                 : slice_of(""),
        host_name(model, lane->contact),
        host_name(model, lane->sent_by),
        lane->role,
        lane->agent,
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (names[i].size > 0) {
            return names[i];
        }
    }
    return slice_of("");
}

/* ---- roles and addresses ---- */

static const char *role_of(const struct ladder_lane *lane, bool client)
{
    static const struct {
        unsigned duties;
        const char *role;
    } roles[] = {
        {DUTY_LOOKUP | DUTY_CHANNELS, "lookup, channels"},
        {DUTY_LOOKUP | DUTY_POOL, "lookup, pool"},
        {DUTY_POOL, "pool"},
        {DUTY_CHANNELS, "channel service"},
        {DUTY_LOOKUP, "lookup"},
        {DUTY_HOME, "front end"},
        {DUTY_PROXY, "proxy"},
        {DUTY_REDIRECT, "redirect server"},
    };
    if (client) {
        return lane->duties & DUTY_GATEWAY ? "gateway" : "";
    }
    for (size_t i = 0; i < sizeof roles / sizeof roles[0]; i++) {
        if ((lane->duties & roles[i].duties) == roles[i].duties) {
            return roles[i].role;
        }
    }
    return "";
}

static bool shown_before(const struct ladder_lane *lane, size_t at)
{
    for (size_t i = 0; i < at; i++) {
        const struct ladder_door *door = lane->doors[i];
        if (lane->by_port ? address_equal(&door->at, &lane->doors[at]->at)
                          : door->host == lane->doors[at]->host) {
            return true;
        }
    }
    return false;
}

/* One after the other, each once; a further port of the same address as ":5070". */
static struct slice addresses_text(struct ladder_model *model, const struct ladder_lane *lane)
{
    struct slice text = slice_of("");
    size_t shown = 0;
    char one[ADDRESS_TEXT];
    for (size_t i = 0; i < lane->door_count && shown <= SHOWN_ADDRESSES; i++) {
        const struct ladder_door *door = lane->doors[i];
        if (door->at.family == ADDRESS_NONE || shown_before(lane, i)) {
            continue;
        }
        if (!lane->by_port) {
            address_host_text(&door->at, one);
        } else {
            address_text(&door->at, one);
        }
        const char *between = shown > 0 ? ", " : "";
        bool port = lane->by_port && i > 0 && door->host == lane->doors[i - 1]->host;
        if (shown == SHOWN_ADDRESSES) {
            text = text_format(&model->arena, "%.*s, ...", TEXT(text));
        } else if (port) {
            text = text_format(&model->arena, "%.*s%s:%u", TEXT(text), between, door->at.port);
        } else {
            text = text_format(&model->arena, "%.*s%s%s", TEXT(text), between, one);
        }
        shown++;
    }
    return text;
}

void ladder_names_give(struct ladder_model *model, struct ladder_lane *lane, bool client)
{
    const struct given *given = given_to(model, lane);
    lane->role = slice_of(role_of(lane, client));
    lane->role = lane->role.size == 0 && !client ? lane->kind : lane->role;
    lane->address = addresses_text(model, lane);
    struct slice name = client ? client_name(model, lane) : server_name(model, lane);
    if (lane->host.family == ADDRESS_NONE && lane->door_count > 0) {
        name = lane->doors[0]->name;
    }
    lane->named = given != NULL;
    lane->name = given ? given->name : name;
    if (lane->name.size == 0) {
        lane->name = lane->role.size > 0 ? lane->role : slice_of(client ? "client" : "server");
    }
    lane->role = slice_equal(lane->role, lane->name) ? slice_of("") : lane->role;
}
