/*
 * The doors of a ladder. See ladder_doors.h.
 *
 * A door is a client's if it begins the requests that users begin and is told by
 * NOTIFY; a server's if it is asked, tells, or hands on what others began. A
 * request began at a door if it carries one Via only and was not seen to arrive
 * at that host before. Whose endpoint it is, is what such requests say: From
 * with its epid, +sip.instance, GRUU (facts/presence.md 8.5); a door that begins
 * none goes by what is sent to it.
 */
#include "reports/ladder_doors.h"

#include <string.h>

#include "reports/text.h"

enum {
    NAME = 48,      /* columns of a name */
    ADDRESSEE = 96, /* columns of a party that stands for its address */
    MARK = 160,     /* bytes of what tells endpoints apart */
    HOST_KEY = 19,  /* address, family, port */
    HOPS = 16       /* observations looked through */
};

/* ---- doors ---- */

static struct slice host_key(const struct address *host, uint16_t port, char out[static HOST_KEY])
{
    memcpy(out, host->bytes, 16);
    out[16] = (char)host->family; /* no printable text has it there: keys of names are apart */
    out[17] = (char)(port >> 8);
    out[18] = (char)port;
    return (struct slice){out, HOST_KEY};
}

static struct ladder_door *door_add(struct ladder_model *model)
{
    if (model->door_count + 1 >= model->door_capacity) {
        model->door_capacity = model->door_capacity > 0 ? model->door_capacity * 2 : 128;
        model->doors = memory_grow(model->doors, model->door_capacity, sizeof(void *));
    }
    if (model->door_count == LADDER_NO_LANE) {
        model->doors[model->door_count++] = NULL; /* no door has the number that means none */
    }
    struct ladder_door *door = arena_zero(&model->arena, 1, sizeof *door);
    door->number = (uint16_t)model->door_count;
    door->host = door->number;
    model->doors[model->door_count++] = door;
    return door;
}

/* There are too many: the last door stands for this one and all further ones. */
static struct ladder_door *other_door(struct ladder_model *model, struct slice key)
{
    struct ladder_door *last = model->doors[model->door_count - 1];
    if (!last->others) {
        last = door_add(model);
        last->others = true;
    }
    if (model->other_hosts.count < model->limits.report_rows) {
        map_put(&model->other_hosts, key, last);
    }
    return last;
}

static struct ladder_door *door_of_address(struct ladder_model *model, const struct address *at)
{
    char door_key[HOST_KEY];
    char key[HOST_KEY];
    struct ladder_door *door = map_find(&model->hosts, host_key(at, at->port, door_key));
    if (door) {
        return door;
    }
    struct ladder_door *first = map_find(&model->hosts, host_key(at, 0, key));
    if (model->door_count >= LADDER_DOORS) {
        return first ? first : other_door(model, host_key(at, 0, key));
    }
    door = door_add(model);
    door->at = *at;
    if (first) {
        door->host = first->number;
    } else {
        map_put(&model->hosts, host_key(at, 0, key), door);
    }
    map_put(&model->hosts, host_key(at, at->port, door_key), door);
    return door;
}

/* Without addresses (a text log) the parties themselves are the doors. */
static struct ladder_door *door_of_name(struct ladder_model *model, struct slice who)
{
    struct slice key = text_brief(who, ADDRESSEE, &model->meaning.arena);
    struct ladder_door *door = map_find(&model->hosts, key);
    if (door) {
        return door;
    }
    if (model->door_count >= LADDER_DOORS) {
        return other_door(model, key);
    }
    door = door_add(model);
    door->name = ladder_model_keep(model, text_brief(who, NAME, &model->meaning.arena));
    map_put(&model->hosts, key, door);
    return door;
}

static struct slice party_key(const struct sip_party *party)
{
    return party->user.size > 0 ? party->user : party->uri;
}

/* Who asks the own server asks the domain. */
static struct slice asked_key(const struct message *message)
{
    struct slice user;
    struct slice domain;
    struct slice asked = party_key(&message->to);
    bool self = slice_equal(asked, party_key(&message->from));
    return self && slice_cut(asked, '@', &user, &domain) ? domain : asked;
}

uint16_t ladder_door_find(const struct ladder_model *model, const struct address *address)
{
    char key[HOST_KEY];
    const struct ladder_door *door = map_find(&model->hosts, host_key(address, address->port, key));
    if (!door) {
        door = map_find(&model->hosts, host_key(address, 0, key));
    }
    return door ? door->number : LADDER_NO_LANE;
}

bool ladder_doors_same_host(const struct ladder_model *model, uint16_t a, uint16_t b)
{
    return a == b || model->doors[a]->host == model->doors[b]->host;
}

/* ---- services ---- */

/* What speaks for and against someone's being a service. */
struct service {
    unsigned duties;
    int64_t score;
};

static struct service *service_of(struct ladder_model *model, struct slice user)
{
    if (user.size == 0 || model->services.count >= model->limits.report_rows) {
        return NULL;
    }
    struct map_entry *entry = map_keep(&model->services, user);
    if (!entry->value) {
        entry->value = arena_zero(&model->arena, 1, sizeof(struct service));
    }
    return entry->value;
}

void ladder_doors_note_service(struct ladder_model *model, struct slice user, unsigned duty)
{
    struct service *service = service_of(model, user);
    if (service) {
        service->duties |= duty;
        service->score++;
    }
}

void ladder_doors_note_user(struct ladder_model *model, struct slice user)
{
    struct service *service = service_of(model, user);
    if (service) {
        service->score--;
    }
}

unsigned ladder_service_duties(const struct ladder_model *model, struct slice user)
{
    const struct service *service = map_find(&model->services, user);
    return service && service->score > 0 ? service->duties : 0;
}

void ladder_doors_note_chat(struct ladder_model *model, const struct ladder_row *row, bool back)
{
    model->doors[row->from]->client += back ? -1 : 1;
    model->doors[row->to]->client += back ? 1 : -1;
}

/* ---- whose endpoint ---- */

/* Stronger marks first: 'e'pid, 'i'nstance, 'g'ruu, 'c'ontact. */
static size_t mark_rank(struct slice mark)
{
    return mark.size > 0 ? slice_find_byte(slice_of("eigc"), mark.data[0]) : SIZE_MAX;
}

static struct slice lettered(struct ladder_model *model, char kind, struct slice text)
{
    char bytes[MARK];
    bytes[0] = kind;
    struct slice rest = slice_lower(bytes + 1, sizeof bytes - 1, text);
    return ladder_model_keep(model, (struct slice){bytes, rest.size + 1});
}

/* What tells the sender's endpoints apart; "" when nothing does. */
static struct slice sender_mark(struct ladder_model *model, const struct message *message)
{
    struct slice instance = SLICE("+sip.instance=");
    struct slice gruu = SLICE("opaque=user:epid:");
    struct slice raw = message->contact.raw;
    struct slice uri = message->contact.uri;
    struct slice head;
    struct slice tail;
    if (message->from.epid.size > 0) {
        return lettered(model, 'e', message->from.epid);
    }
    size_t at = slice_find_nocase(raw, instance);
    if (at != SLICE_NONE) {
        slice_cut(slice_from(raw, at + instance.size), '>', &head, &tail);
        return lettered(model, 'i', head);
    }
    at = slice_find_nocase(uri, gruu);
    if (at != SLICE_NONE) {
        slice_cut(slice_from(uri, at + gruu.size), ';', &head, &tail);
        return lettered(model, 'g', head);
    }
    return uri.size > 0 ? lettered(model, 'c', uri) : slice_of("");
}

static void note_endpoint(struct ladder_model *model, struct ladder_door *door, struct slice user,
                          struct slice mark, bool asks)
{
    if (user.size == 0 || (door->asks && !asks)) {
        return;
    }
    if (asks && !door->asks) {
        door->asks = true;
        door->shared = false;
        door->user = slice_of("");
    }
    if (door->user.size == 0) {
        door->user = ladder_model_keep(model, user);
        door->mark = mark;
        return;
    }
    size_t rank = mark_rank(mark);
    size_t known = mark_rank(door->mark);
    if (!slice_equal(door->user, user)) {
        door->shared = true;
    } else if (rank < known) {
        door->mark = mark;
    } else if (rank == known && !slice_equal(mark, door->mark)) {
        door->shared = door->shared || door->mark.data[0] != 'c';
    }
}

/* ---- who is there ---- */

static struct ladder_party *party_at(struct ladder_model *model, struct ladder_door *door,
                                     const struct sip_party *who)
{
    for (size_t i = 0; i < door->party_count; i++) {
        if (slice_equal(door->parties[i].user, who->user)) {
            return &door->parties[i];
        }
    }
    if (who->user.size == 0) {
        return NULL;
    }
    if (door->party_count == LADDER_PARTIES) {
        door->more_parties = true;
        return NULL;
    }
    struct ladder_party *party = &door->parties[door->party_count++];
    *party =
        (struct ladder_party){.user = ladder_model_keep(model, who->user), .service = who->service};
    return party;
}

static size_t via_count(const struct message *message)
{
    size_t count = 0;
    for (size_t i = 0; i < message->header_count; i++) {
        if (slice_equal_nocase(message->headers[i].name, slice_of("Via"))) {
            count++;
            struct slice rest = message->headers[i].value;
            struct slice head;
            while (slice_cut(rest, ',', &head, &rest)) {
                count++;
            }
        }
    }
    return count;
}

/* Was it seen to arrive where it is sent from now? */
static bool was_handed_on(const struct message *message)
{
    for (size_t i = 0; i + 1 < message->observation_count && i < HOPS; i++) {
        if (address_same_host(&message->observations[i].destination, &message->observed.source)) {
            return true;
        }
    }
    return false;
}

static void learn_roles(struct ladder_door *from, struct ladder_door *to,
                        const struct message *message, bool began)
{
    switch (message->method) {
    case SIP_PUBLISH:
        /* A user's own client has an epid; third parties have none (facts/presence.md 7.1). */
        from->duties |= began && message->from.epid.size == 0 ? DUTY_GATEWAY : 0;
        from->client += began ? 2 : -2;
        to->client -= 2;
        break;
    case SIP_REGISTER:
    case SIP_SUBSCRIBE:
    case SIP_SERVICE:
        from->client += began ? 2 : -2;
        to->client -= 2;
        break;
    case SIP_INVITE:
        from->client += began && !message->from.service ? 1 : -1;
        break;
    case SIP_NOTIFY:
    case SIP_BENOTIFY:
        from->client -= 1;
        to->client += 1;
        break;
    default:
        break;
    }
}

/* "192.0.2.5:5061", "fe01.contoso.example", "[2001:db8::5]:5061" */
static struct slice cut_host(struct slice text, uint16_t *out_port)
{
    struct slice host;
    struct slice port;
    uint32_t number = 0;
    if (text.size > 0 && text.data[0] == '[') {
        slice_cut(slice_from(text, 1), ']', &host, &port);
        port = slice_from(port, 1);
    } else {
        slice_cut(text, ':', &host, &port);
    }
    bool good = slice_to_u32(slice_trim(port), &number) && number <= UINT16_MAX;
    *out_port = good ? (uint16_t)number : 0;
    return slice_trim(host);
}

/* Letters, digits, '-' and '.' make a host name or an IPv4 address; with ':' one of IPv6. */
static bool is_host(struct slice text)
{
    for (size_t i = 0; i < text.size; i++) {
        char c = text.data[i];
        if (!ascii_is_alpha(c) && !ascii_is_digit(c) && c != '-' && c != '.' && c != ':') {
            return false;
        }
    }
    return text.size > 0 && text.size < 256;
}

static struct slice kept_host(struct ladder_model *model, struct slice host)
{
    char lower[256];
    return ladder_model_keep(model, slice_lower(lower, sizeof lower, host));
}

static void learn_sent_by(struct ladder_model *model, struct ladder_door *from,
                          const struct message *message)
{
    uint16_t port = 0;
    struct slice host = cut_host(message->sent_by, &port);
    if (!is_host(host)) {
        return;
    }
    if (from->sent_by.size == 0) {
        from->sent_by = kept_host(model, host);
        from->sent_port = port;
    } else if (!slice_equal_nocase(from->sent_by, host)) {
        from->sent_by_varies = true;
    }
}

/* "fe01.contoso.example" of a Contact without a user: the server's own. */
static void learn_contact(struct ladder_model *model, struct ladder_door *from,
                          const struct message *message)
{
    uint16_t port = 0;
    struct slice head;
    struct slice tail;
    if (from->contact.size > 0 || message->contact.user.size > 0 ||
        !slice_starts_nocase(message->contact.uri, slice_of("sip:"))) {
        return;
    }
    slice_cut(slice_from(message->contact.uri, 4), ';', &head, &tail);
    struct slice host = cut_host(head, &port);
    if (is_host(host) && slice_find_byte(head, '@') == SLICE_NONE) {
        from->contact = kept_host(model, host);
    }
}

static void learn_agent(struct ladder_model *model, struct ladder_door *from,
                        const struct message *message)
{
    if (from->agent.size == 0 && message->user_agent.size > 0) {
        from->agent =
            ladder_model_keep(model, text_brief(message->user_agent, NAME, &model->meaning.arena));
    }
}

void ladder_doors_note_domain(struct ladder_model *model, struct slice user)
{
    struct slice local;
    struct slice domain;
    if (!model->has_domain && slice_cut(user, '@', &local, &domain)) {
        model->has_domain = true;
        model->domain = ladder_model_keep(model, domain);
    }
}

static void learn_request(struct ladder_model *model, struct ladder_door *from,
                          struct ladder_door *to, const struct message *message)
{
    bool handed_on = was_handed_on(message);
    bool began = !handed_on && via_count(message) <= 1;
    from->duties |= began ? 0 : DUTY_PROXY;
    learn_roles(from, to, message, began);
    learn_sent_by(model, from, message);
    ladder_doors_note_domain(model, message->from.user);
    if (began) {
        learn_agent(model, from, message);
        note_endpoint(model, from, message->from.user, sender_mark(model, message), true);
    }
    struct slice epid = message->to.epid;
    note_endpoint(model, to, message->to.user,
                  epid.size > 0 ? lettered(model, 'e', epid) : slice_of(""), false);
    struct ladder_party *sender = began ? party_at(model, from, &message->from) : NULL;
    if (sender) {
        sender->sent++;
    }
    struct ladder_party *passed = handed_on ? party_at(model, from, &message->to) : NULL;
    if (passed) {
        passed->received--; /* it may have come in by another port: the sum counts */
    }
    struct ladder_party *receiver = party_at(model, to, &message->to);
    if (receiver) {
        receiver->received++;
    }
}

/* What a server answers itself says something of it: REGISTER, and what users ask their own. */
static void learn_response(struct ladder_model *model, struct ladder_door *from,
                           const struct message *message)
{
    bool asked = message->method == SIP_SUBSCRIBE || message->method == SIP_SERVICE;
    bool own = asked && slice_equal(message->from.user, message->to.user);
    if (asked || message->method == SIP_REGISTER || message->method == SIP_PUBLISH) {
        learn_agent(model, from, message);
    }
    if (!asked && message->method != SIP_REGISTER) {
        return;
    }
    if (message->status / 100 == 3) {
        from->duties |= DUTY_REDIRECT;
    } else if (message->status >= 200 && (own || !asked)) {
        from->duties |= DUTY_HOME;
    }
    if (own) {
        learn_contact(model, from, message);
    }
}

static void learn(struct ladder_model *model, struct ladder_door *from, struct ladder_door *to,
                  const struct message *message)
{
    from->messages++;
    to->messages++;
    if (message->role != MESSAGE_RETRANSMISSION && message->request) {
        learn_request(model, from, to, message);
    } else if (message->role == MESSAGE_FIRST) {
        learn_response(model, from, message);
    }
}

struct ladder_hop ladder_doors_of(struct ladder_model *model, const struct message *message)
{
    const struct observation *seen = &message->observed;
    struct ladder_door *from = NULL;
    struct ladder_door *to = NULL;
    if (seen->source.family == ADDRESS_NONE) {
        struct ladder_door *asker = door_of_name(model, party_key(&message->from));
        struct ladder_door *asked = door_of_name(model, asked_key(message));
        from = message->request ? asker : asked;
        to = message->request ? asked : asker;
    } else {
        from = door_of_address(model, &seen->source);
        to = door_of_address(model, &seen->destination);
        if (address_same_host(&seen->source, &seen->destination)) {
            model->doors[from->host]->loops = true;
        }
    }
    learn(model, from, to, message);
    return (struct ladder_hop){from->number, to->number};
}

struct ladder_hop ladder_doors_between(struct ladder_model *model, const struct address *client,
                                       const struct address *server, const char *kind)
{
    struct ladder_door *from = door_of_address(model, client);
    struct ladder_door *to = door_of_address(model, server);
    if (address_same_host(client, server)) {
        model->doors[from->host]->loops = true;
    }
    from->messages++;
    to->messages++;
    from->client++;
    to->client--;
    if (to->kind.size == 0) {
        to->kind = slice_of(kind);
    }
    return (struct ladder_hop){from->number, to->number};
}
