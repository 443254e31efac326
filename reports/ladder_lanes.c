/*
 * The lanes of a ladder. See ladder_lanes.h.
 *
 * A host is a client if it begins the requests that users begin and is told by
 * NOTIFY; a server if it is asked, tells, or hands on what others began. A
 * request began at a host if it carries one Via only and was not seen to arrive
 * there before.
 */
#include "reports/ladder_lanes.h"

#include <inttypes.h>
#include <string.h>

#include "reports/text.h"

enum { NAME = 48, SHOWN_USERS = 3 }; /* columns of a lane's name; users named at one lane */

/* ---- lanes ---- */

static struct slice host_key(const struct address *host, bool by_port, char out[static 19])
{
    memcpy(out, host->bytes, 16);
    out[16] = (char)host->family;
    out[17] = by_port ? (char)(host->port >> 8) : 0;
    out[18] = by_port ? (char)host->port : 0;
    return (struct slice){out, 19};
}

static uint8_t lane_number(const struct ladder_model *model, const struct ladder_lane *lane)
{
    return (uint8_t)(lane - model->lanes);
}

static struct ladder_lane *lane_of_key(struct ladder_model *model, struct slice key)
{
    struct ladder_lane *lane = map_find(&model->hosts, key);
    if (lane) {
        return lane;
    }
    if (model->lane_count == LADDER_LANES) {
        lane = &model->lanes[LADDER_LANES - 1];
        if (model->other_hosts.count < model->limits.report_rows) {
            map_put(&model->other_hosts, key, lane);
        }
        lane->others = true;
        return lane;
    }
    lane = &model->lanes[model->lane_count++];
    map_put(&model->hosts, key, lane);
    return lane;
}

static struct ladder_lane *lane_of_host(struct ladder_model *model, const struct address *host,
                                        bool by_port)
{
    char key[19];
    struct ladder_lane *lane = lane_of_key(model, host_key(host, by_port, key));
    if (lane->host.family == ADDRESS_NONE) {
        lane->host = *host;
        lane->by_port = by_port;
    }
    return lane;
}

/* Without addresses (a text log) the parties themselves are the lanes. */
static struct ladder_lane *lane_of_party(struct ladder_model *model, const struct sip_party *party)
{
    struct slice who = party->user.size > 0 ? party->user : party->uri;
    struct ladder_lane *lane = lane_of_key(model, slice_sub(who, 0, 256));
    if (lane->name.size == 0) {
        lane->name = ladder_model_keep(model, text_brief(who, NAME, &model->meaning.arena));
    }
    return lane;
}

uint8_t ladder_lane_find(const struct ladder_model *model, const struct address *host)
{
    char key[19];
    const struct ladder_lane *lane = map_find(&model->hosts, host_key(host, false, key));
    if (!lane) {
        lane = map_find(&model->hosts, host_key(host, true, key));
    }
    return lane ? lane_number(model, lane) : LADDER_NO_LANE;
}

/* ---- who is there ---- */

static struct ladder_party *party_at(struct ladder_model *model, struct ladder_lane *lane,
                                     const struct sip_party *who)
{
    for (size_t i = 0; i < lane->party_count; i++) {
        if (slice_equal(lane->parties[i].user, who->user)) {
            return &lane->parties[i];
        }
    }
    if (who->user.size == 0) {
        return NULL;
    }
    if (lane->party_count == LADDER_PARTIES) {
        lane->more_parties = true;
        return NULL;
    }
    struct ladder_party *party = &lane->parties[lane->party_count++];
    *party =
        (struct ladder_party){.user = ladder_model_keep(model, who->user), .service = who->service};
    return party;
}

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

uint8_t ladder_lane_of_user(const struct ladder_model *model, struct slice user)
{
    uint8_t found = LADDER_NO_LANE;
    for (size_t i = 0; i < model->lane_count; i++) {
        const struct ladder_lane *lane = &model->lanes[i];
        if (lane->client > 0 && ladder_lane_has_user(lane, user) &&
            (found == LADDER_NO_LANE || lane->messages > model->lanes[found].messages)) {
            found = (uint8_t)i;
        }
    }
    return found;
}

void ladder_lanes_note_service(struct ladder_model *model, struct slice user)
{
    if (user.size > 0 && model->services.count < model->limits.report_rows) {
        map_put(&model->services, user, model);
    }
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
    for (size_t i = 0; i + 1 < message->observation_count && i < 16; i++) {
        if (address_same_host(&message->observations[i].destination, &message->observed.source)) {
            return true;
        }
    }
    return false;
}

static void learn_roles(struct ladder_lane *from, struct ladder_lane *to,
                        const struct message *message, bool began)
{
    switch (message->method) {
    case SIP_REGISTER:
    case SIP_SUBSCRIBE:
    case SIP_SERVICE:
    case SIP_PUBLISH:
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

static bool is_host_name(struct slice text)
{
    bool letter = false;
    for (size_t i = 0; i < text.size; i++) {
        char c = text.data[i];
        if (!ascii_is_alpha(c) && !ascii_is_digit(c) && c != '-' && c != '.') {
            return false;
        }
        letter = letter || ascii_is_alpha(c);
    }
    return letter;
}

static void learn_names(struct ladder_model *model, struct ladder_lane *from,
                        const struct message *message, bool began)
{
    struct slice host;
    struct slice port;
    slice_cut(message->sent_by, ':', &host, &port);
    if (from->sent_by.size == 0 && host.size < 256 && is_host_name(host)) {
        from->sent_by = ladder_model_keep(model, host);
    }
    if (began && from->agent.size == 0 && message->user_agent.size > 0) {
        from->agent =
            ladder_model_keep(model, text_brief(message->user_agent, NAME, &model->meaning.arena));
    }
    if (!model->has_domain && message->from.user.size > 0) {
        struct slice user;
        struct slice domain;
        model->has_domain = slice_cut(message->from.user, '@', &user, &domain);
        model->domain = ladder_model_keep(model, domain);
    }
}

static void learn_request(struct ladder_model *model, struct ladder_lane *from,
                          struct ladder_lane *to, const struct message *message)
{
    bool handed_on = was_handed_on(message);
    bool began = !handed_on && via_count(message) <= 1;
    learn_roles(from, to, message, began);
    learn_names(model, from, message, began);
    struct ladder_party *sender = began ? party_at(model, from, &message->from) : NULL;
    if (sender) {
        sender->sent++;
    }
    struct ladder_party *passed = handed_on ? party_at(model, from, &message->to) : NULL;
    if (passed && passed->received > 0) {
        passed->received--;
    }
    struct ladder_party *receiver = party_at(model, to, &message->to);
    if (receiver) {
        receiver->received++;
    }
}

/* These are answered by the server itself, so the Server header is its own. */
static void learn_response(struct ladder_model *model, struct ladder_lane *from,
                           const struct message *message)
{
    bool own = message->method == SIP_REGISTER || message->method == SIP_SUBSCRIBE ||
               message->method == SIP_SERVICE;
    if (own && from->agent.size == 0 && message->user_agent.size > 0) {
        from->agent =
            ladder_model_keep(model, text_brief(message->user_agent, NAME, &model->meaning.arena));
    }
}

struct ladder_hop ladder_lanes_of(struct ladder_model *model, const struct message *message)
{
    const struct observation *seen = &message->observed;
    struct ladder_lane *from = NULL;
    struct ladder_lane *to = NULL;
    if (seen->source.family == ADDRESS_NONE) {
        from = lane_of_party(model, message->request ? &message->from : &message->to);
        to = lane_of_party(model, message->request ? &message->to : &message->from);
    } else {
        bool by_port = address_same_host(&seen->source, &seen->destination);
        from = lane_of_host(model, &seen->source, by_port);
        to = lane_of_host(model, &seen->destination, by_port);
    }
    from->messages++;
    to->messages++;
    if (message->role != MESSAGE_RETRANSMISSION && message->request) {
        learn_request(model, from, to, message);
    } else if (message->role == MESSAGE_FIRST) {
        learn_response(model, from, message);
    }
    return (struct ladder_hop){lane_number(model, from), lane_number(model, to)};
}

struct ladder_hop ladder_lanes_between(struct ladder_model *model, const struct address *client,
                                       const struct address *server, const char *kind)
{
    bool by_port = address_same_host(client, server);
    struct ladder_lane *from = lane_of_host(model, client, by_port);
    struct ladder_lane *to = lane_of_host(model, server, by_port);
    from->messages++;
    to->messages++;
    from->client++;
    to->client--;
    if (to->kind.size == 0) {
        to->kind = slice_of(kind);
    }
    return (struct ladder_hop){lane_number(model, from), lane_number(model, to)};
}

/* ---- names and places ---- */

static struct slice user_name(struct ladder_model *model, struct slice user)
{
    struct slice local;
    struct slice domain;
    bool whole = slice_cut(user, '@', &local, &domain);
    bool home = whole && slice_equal(domain, model->domain);
    return text_brief(home ? local : user, NAME, &model->arena);
}

static bool is_service(const struct ladder_model *model, const struct ladder_party *party)
{
    return party->service || map_find(&model->services, party->user) != NULL;
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
        if (is_service(model, party) || (senders ? party->sent : party->received) == 0) {
            continue;
        }
        if (shown == SHOWN_USERS) {
            more++;
            continue;
        }
        struct slice user = user_name(model, party->user);
        name =
            text_format(&model->arena, "%.*s%s%.*s", TEXT(name), shown > 0 ? ", " : "", TEXT(user));
        shown++;
    }
    if (shown > 0 && more > 0) {
        name = text_format(&model->arena, "%.*s, ...", TEXT(name));
    }
    return name;
}

/* The chat service that a server is, unless it serves users as well. */
static struct slice service_name(struct ladder_model *model, const struct ladder_lane *lane)
{
    struct slice name = slice_of("");
    for (size_t i = 0; i < lane->party_count; i++) {
        const struct ladder_party *party = &lane->parties[i];
        bool there = party->sent > 0 || party->received > 0;
        if (there && map_find(&model->services, party->user)) {
            name = name.size > 0 ? name : user_name(model, party->user);
        } else if (party->received > 0) {
            return slice_of("");
        }
    }
    return name;
}

static struct slice server_name(struct ladder_model *model, const struct ladder_lane *lane)
{
    struct slice name = service_name(model, lane);
    if (name.size == 0) {
        name = lane->sent_by.size > 0 ? lane->sent_by : lane->agent;
        name = name.size > 0 ? name : lane->kind;
    }
    return name;
}

static void name_lane(struct ladder_model *model, struct ladder_lane *lane, bool client)
{
    char address[ADDRESS_TEXT] = "";
    if (lane->others) {
        lane->name = slice_of("other hosts");
        lane->address = text_format(&model->arena, "%zu", model->other_hosts.count + 1);
        return;
    }
    if (lane->host.family == ADDRESS_NONE) {
        return;
    }
    if (lane->by_port) {
        address_text(&lane->host, address);
    } else {
        address_host_text(&lane->host, address);
    }
    lane->address = text_format(&model->arena, "%s", address);
    lane->name = client ? users_name(model, lane, true) : server_name(model, lane);
    if (lane->name.size == 0 && client) {
        lane->name = users_name(model, lane, false);
    }
    if (lane->name.size == 0) {
        lane->name = client ? slice_of("client") : slice_of("server");
    }
}

/* Nothing speaks for either: whoever began, or was reached as a user, is a client. */
static bool is_client(struct ladder_model *model, const struct ladder_lane *lane)
{
    if (lane->others || lane->client != 0) {
        return !lane->others && lane->client > 0;
    }
    return lane == &model->lanes[0] || users_name(model, lane, false).size > 0;
}

/* Clients to the left, servers to the right, each in the order of first use. */
void ladder_lanes_settle(struct ladder_model *model)
{
    bool client[LADDER_LANES];
    unsigned place = 0;
    for (size_t i = 0; i < model->lane_count; i++) {
        struct ladder_lane *lane = &model->lanes[i];
        client[i] = is_client(model, lane);
        name_lane(model, lane, client[i]);
    }
    for (int side = 1; side >= 0; side--) {
        for (size_t i = 0; i < model->lane_count; i++) {
            if (client[i] == (side == 1)) {
                model->lanes[i].place = place;
                model->order[place++] = (unsigned)i;
            }
        }
    }
}
