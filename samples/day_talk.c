/*
 * What is said in a day of presence. See day.h.
 *
 * Shapes as in the samples presence-change and third-party-publish; what is not needed to follow
 * the conversation (credentials, lists of methods) is left out to keep a million changes small.
 */
#include "samples/day.h"

#include "analyzer/engine/origin.h"
#include "samples/speech.h"

#define SERVER "192.0.2.5:5061"
#define AGENT  "User-Agent: UCCAPI/15.0.4420.1017 OC/15.0.4420.1017 (Microsoft Lync)\r\n"
#define STATE_NS                                                                                   \
    "xmlns=\"http://schemas.microsoft.com/2006/09/sip/state\" "                                    \
    "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\""
#define CATEGORIES_NS "xmlns=\"http://schemas.microsoft.com/2006/09/sip/categories\""
#define ROAMING_NS    "xmlns=\"http://schemas.microsoft.com/2006/09/sip/roaming-self\""

/* A user, an endpoint, a connection as they are written. */
#define PERSON "sip:u%05u@contoso.example"
#define EPID   "%08x%02u"

enum {
    SUBSCRIBE_SECONDS = 28800,
    SOFTENED = 6900, /* Do not disturb as the workgroup sees it */
    DO_NOT_DISTURB = 9500,
};

#define ANSWER_TIME (4 * TIME_SECOND / 1000)
#define TELL_TIME   (TIME_SECOND / 1000)

/* Sends what stands in day->text, with the length and the text of day->body behind it. */
static void send(struct day *day, struct connection *connection, bool upward)
{
    speech_close(&day->text, &day->body);
    connection_send(connection, day->now, upward, buffer_slice(&day->text), true);
    buffer_clear(&day->text);
    buffer_clear(&day->body);
}

/* ---- requests and answers ---- */

static void exchange_of(struct exchange *exchange, const struct endpoint *endpoint,
                        const char *method, unsigned cseq)
{
    const struct wire_end *end = &endpoint->connection.up.from;
    exchange->method = method;
    exchange->cseq = cseq;
    SPEECH_FIELD(exchange->via, "SIP/2.0/TLS %u.%u.%u.%u:%u", end->host[0], end->host[1],
                 end->host[2], end->host[3], end->port);
    SPEECH_FIELD(exchange->from, "<" PERSON ">;tag=%s%u;epid=" EPID, endpoint->person->index,
                 method, endpoint->number, endpoint->person->index, endpoint->number);
    SPEECH_FIELD(exchange->to, "<" PERSON ">", endpoint->person->index);
    SPEECH_FIELD(exchange->to_tag, "%s%u", method, endpoint->person->index);
}

static void request(struct day *day, const struct exchange *exchange, const char *uri)
{
    speech_request(&day->text, exchange, uri);
}

static void answer(struct day *day, const struct exchange *exchange)
{
    day->now += ANSWER_TIME;
    speech_answer(&day->text, exchange, "200 OK");
}

void day_register(struct day *day, struct endpoint *endpoint, unsigned expires)
{
    const struct wire_end *end = &endpoint->connection.up.from;
    struct exchange exchange = {0};
    unsigned index = endpoint->person->index;
    exchange_of(&exchange, endpoint, "REGISTER", ++endpoint->registers);
    SPEECH_FIELD(exchange.call_id, "register-%05u-%u", index, endpoint->number);
    char contact[256];
    SPEECH_FIELD(contact,
                 "Contact: <sip:%u.%u.%u.%u:%u;transport=tls;ms-opaque=%x>;proxy=replace;"
                 "+sip.instance=\"<urn:uuid:%08X-%04u-5111-8222-333344445555>\"",
                 end->host[0], end->host[1], end->host[2], end->host[3], end->port, index, index,
                 endpoint->number);
    request(day, &exchange, "sip:contoso.example");
    speech_append(&day->text,
                  "%s\r\n" AGENT "Supported: gruu-10, adhoclist, msrtc-event-categories\r\n"
                  "Supported: ms-forking\r\nEvent: registration\r\nExpires: %u\r\n",
                  contact, expires);
    send(day, &endpoint->connection, true);
    answer(day, &exchange);
    if (expires > 0) {
        speech_append(&day->text,
                      "%s;expires=%u;gruu=\"" PERSON ";opaque=user:epid:g%05u%u;gruu\"\r\n",
                      contact, expires, index, index, endpoint->number);
    }
    speech_append(&day->text, "Expires: %u\r\n", expires);
    send(day, &endpoint->connection, false);
}

/* ---- values ---- */

static void append_activity(struct buffer *out, const char *token, unsigned low)
{
    if (token != NULL) {
        speech_append(out,
                      "<activity token=\"%s\" minAvailability=\"%u\" maxAvailability=\"8999\"/>",
                      token, low);
    }
}

static void append_stamp(const struct day *day, struct buffer *out)
{
    int64_t ms = day->now / (TIME_SECOND / 1000);
    int64_t seconds = ms / 1000 % 86400;
    speech_append(out, "publishTime=\"2013-05-14T%02d:%02d:%02d.%03d\"", (int)(seconds / 3600),
                  (int)(seconds / 60 % 60), (int)(seconds % 60), (int)(ms % 1000));
}

static void append_aggregate(const struct person *person, unsigned container, struct buffer *out)
{
    struct shown shown = person->shown;
    if (container == 3 && shown.number == DO_NOT_DISTURB) {
        shown = (struct shown){SOFTENED, "urgent-interruptions-only"};
    }
    speech_append(out,
                  "<state xsi:type=\"aggregateState\" " STATE_NS "><availability>%u</availability>",
                  shown.number);
    append_activity(out, shown.token, shown.number);
    buffer_append_text(out, "</state>");
}

/* The state of one publication as it stands in a container. */
static void append_value(enum day_item item, unsigned number, unsigned container,
                         struct buffer *out)
{
    static const char *const types[DAY_ITEMS] = {
        [ITEM_CHOICE] = "manual=\"true\" xsi:type=\"userState\"",
        [ITEM_TIMED] = "manual=\"true\" xsi:type=\"userState\"",
        [ITEM_CALL] = "xsi:type=\"phoneState\"",
    };
    if (item == ITEM_NOTE) {
        speech_append(out,
                      "<note xmlns=\"http://schemas.microsoft.com/2006/09/sip/note\">"
                      "<body type=\"personal\">note %u</body></note>",
                      number);
        return;
    }
    bool softened = container == 3 && number == DO_NOT_DISTURB;
    speech_append(out, "<state %s " STATE_NS "><availability>%u</availability>",
                  item >= ITEM_MACHINE ? "manual=\"false\" xsi:type=\"machineState\"" : types[item],
                  softened ? SOFTENED : number);
    if (softened) {
        append_activity(out, "urgent-interruptions-only", SOFTENED);
    } else if (item == ITEM_CALL) {
        append_activity(out, "on-the-phone", number);
    }
    buffer_append_text(out, "</state>");
}

/* The attributes of one publication, in the words of the client or of the server. */
static void append_identity(const struct person *person, const struct day_value *value,
                            unsigned container, bool asked, struct buffer *out)
{
    static const struct {
        unsigned instance;
        const char *expire_type;
    } items[] = {
        [ITEM_CHOICE] = {0x20000000, "static"},    [ITEM_TIMED] = {0x24000000, "time"},
        [ITEM_CALL] = {0x80000000, "endpoint"},    [ITEM_NOTE] = {0, "static"},
        [ITEM_MACHINE] = {0x30000000, "endpoint"},
    };
    unsigned item = value->item < ITEM_MACHINE ? value->item : ITEM_MACHINE;
    unsigned instance = items[item].instance + (value->item - item);
    if (item == ITEM_MACHINE) {
        instance += person->index * DAY_ENDPOINTS;
    }
    speech_append(out,
                  "%s=\"%s\" instance=\"%u\" container=\"%u\" version=\"%u\" expireType=\"%s\"",
                  asked ? "<publication categoryName" : "<category name",
                  item == ITEM_NOTE ? "note" : "state", instance, container,
                  person->versions[value->item], items[item].expire_type);
    if (value->number == NUMBER_DELETED) {
        buffer_append_text(out, " expires=\"0\"");
    } else if (item == ITEM_TIMED) {
        buffer_append_text(out, " expires=\"86400\"");
    }
}

/* What the client asks for, with the version that it knows. */
static void append_asked(struct day *day, const struct person *person,
                         const struct day_value *value, unsigned container)
{
    append_identity(person, value, container, true, &day->body);
    if (value->number == NUMBER_DELETED) {
        buffer_append_text(&day->body, "/>");
        return;
    }
    buffer_append_byte(&day->body, '>');
    append_value(value->item, value->number, container, &day->body);
    buffer_append_text(&day->body, "</publication>");
}

/* The same as the server gives it back; what was deleted is not in it. */
static void append_taken(struct day *day, const struct person *person,
                         const struct day_value *value, unsigned container)
{
    if (value->number == NUMBER_DELETED) {
        return;
    }
    append_identity(person, value, container, false, &day->body);
    buffer_append_byte(&day->body, ' ');
    append_stamp(day, &day->body);
    buffer_append_byte(&day->body, '>');
    append_value(value->item, value->number, container, &day->body);
    buffer_append_text(&day->body, "</category>");
}

static void append_roaming(struct day *day, const struct person *person, bool begin)
{
    if (begin) {
        speech_append(&day->body,
                      "<roamingData " ROAMING_NS "><categories " CATEGORIES_NS " uri=\"" PERSON
                      "\">",
                      person->index);
    } else {
        buffer_append_text(&day->body, "</categories></roamingData>");
    }
}

void day_publish(struct day *day, struct endpoint *endpoint, const struct day_value *values,
                 size_t count)
{
    struct person *person = endpoint->person;
    struct exchange exchange = {0};
    char uri[64];
    exchange_of(&exchange, endpoint, "SERVICE", 1);
    SPEECH_FIELD(uri, PERSON, person->index);
    SPEECH_FIELD(exchange.call_id, "service-%05u-%u-%u", person->index, endpoint->number,
                 ++endpoint->serial);
    request(day, &exchange, uri);
    buffer_append_text(&day->text,
                       AGENT "Content-Type: application/msrtc-category-publish+xml\r\n");
    speech_append(&day->body,
                  "<publish xmlns=\"http://schemas.microsoft.com/2006/09/sip/rich-presence\">"
                  "<publications uri=\"%s\">",
                  uri);
    for (size_t i = 0; i < 2 * count; i++) {
        append_asked(day, person, &values[i / 2], 2 + i % 2);
    }
    buffer_append_text(&day->body, "</publications></publish>");
    send(day, &endpoint->connection, true);

    for (size_t i = 0; i < count; i++) {
        person->versions[values[i].item]++;
        person->numbers[values[i].item] = values[i].number;
    }
    answer(day, &exchange);
    buffer_append_text(&day->text, "Content-Type: application/vnd-microsoft-roaming-self+xml\r\n");
    append_roaming(day, person, true);
    for (size_t i = 0; i < 2 * count; i++) {
        append_taken(day, person, &values[i / 2], 2 + i % 2);
    }
    append_roaming(day, person, false);
    send(day, &endpoint->connection, false);
}

/* ---- the gateway ---- */

void day_report(struct day *day, struct person *person, enum day_report report)
{
    struct exchange exchange = {.method = "PUBLISH", .cseq = 1};
    unsigned serial = ++day->gateway_serial;
    char uri[64];
    SPEECH_FIELD(uri, PERSON, person->index);
    SPEECH_FIELD(exchange.via, "SIP/2.0/TLS 198.51.100.9:5067;branch=z9hG4bKac%u", serial);
    SPEECH_FIELD(exchange.from, "<%s>;tag=1c%u", uri, serial);
    SPEECH_FIELD(exchange.to, "<%s>", uri);
    SPEECH_FIELD(exchange.to_tag, "G%u", serial);
    SPEECH_FIELD(exchange.call_id, "%u@198.51.100.9", serial);
    request(day, &exchange, uri);
    speech_append(&day->text,
                  "Event: presence\r\nExpires: %u\r\nUser-Agent: ExampleGateway/7.2\r\n",
                  report == REPORT_CLEAR ? 0 : 600);
    if (report == REPORT_CALL) {
        person->call_serial++;
        person->tag_serial = 0;
        buffer_append_text(&day->text, "Content-Type: application/pidf+xml\r\n");
        speech_append(&day->body,
                      "<presence xmlns=\"urn:ietf:params:xml:ns:pidf\" "
                      "xmlns:ep=\"urn:ietf:params:xml:ns:pidf:status:rpid-status\" entity=\"%s\">"
                      "<tuple id=\"0\"><status><basic>open</basic><ep:activities><ep:activity>"
                      "on-the-phone</ep:activity></ep:activities></status></tuple></presence>",
                      uri);
    } else {
        speech_append(&day->text, "SIP-If-Match: %u-%u-%u\r\n", person->index, person->call_serial,
                      person->tag_serial);
    }
    send(day, &day->gateway, true);
    answer(day, &exchange);
    speech_append(&day->text, "Expires: %u\r\nSIP-ETag: %u-%u-%u\r\n",
                  report == REPORT_CLEAR ? 0 : 600, person->index, person->call_serial,
                  ++person->tag_serial);
    send(day, &day->gateway, false);
}

/* ---- subscriptions ---- */

static void append_subscription(struct day *day, const char *package)
{
    speech_append(&day->text,
                  "Event: %s\r\nExpires: %u\r\nsubscription-state: active;expires=%u\r\n", package,
                  SUBSCRIBE_SECONDS, SUBSCRIBE_SECONDS);
}

static void append_offer(struct day *day, const char *package)
{
    speech_append(&day->text,
                  "Event: %s\r\n" AGENT "Supported: ms-benotify\r\nProxy-Require: ms-benotify\r\n"
                  "Supported: ms-piggyback-first-notify\r\n",
                  package);
}

/* Both aggregates, as the owner sees them; the answer to a subscription lists all there is. */
static void append_own(struct day *day, const struct person *person, bool all)
{
    append_roaming(day, person, true);
    for (unsigned i = 0; i < 2 * DAY_ITEMS && all; i++) {
        const struct day_value value = {i / 2, person->numbers[i / 2]};
        append_taken(day, person, &value, 2 + i % 2);
    }
    for (unsigned container = 2; container <= 3 && person->shown.number > 0; container++) {
        speech_append(&day->body, "<category name=\"state\" instance=\"1\" ");
        append_stamp(day, &day->body);
        speech_append(&day->body, " container=\"%u\" version=\"%u\" expireType=\"user\">",
                      container, person->aggregate_version);
        append_aggregate(person, container, &day->body);
        buffer_append_text(&day->body, "</category>");
    }
    append_roaming(day, person, false);
}

static void append_watched(struct day *day, const struct person *person)
{
    speech_append(&day->body,
                  "<categories " CATEGORIES_NS " uri=\"" PERSON
                  "\"><category name=\"state\" instance=\"1\" ",
                  person->index);
    append_stamp(day, &day->body);
    buffer_append_byte(&day->body, '>');
    append_aggregate(person, 200, &day->body);
    buffer_append_text(&day->body, "</category></categories>");
}

/* The first one opens the dialog, with the first notification in its answer; others refresh. */
static void subscribe(struct day *day, struct endpoint *endpoint, struct exchange *exchange,
                      const struct person *target, const char *package)
{
    bool own = endpoint->person == target;
    bool first = exchange->cseq == 1;
    char uri[64];
    SPEECH_FIELD(uri, PERSON, target->index);
    SPEECH_FIELD(exchange->to, "<%s>", uri);
    SPEECH_FIELD(exchange->to_tag, "S%u", target->index);
    if (!first) {
        SPEECH_FIELD(exchange->to, "<%s>;tag=S%u", uri, target->index);
        exchange->to_tag[0] = '\0';
    }
    request(day, exchange, first ? uri : "sip:fe01.contoso.example:5061;transport=tls");
    append_offer(day, package);
    speech_append(
        &day->text, "Contact: <" PERSON ";opaque=user:epid:g%05u%u;gruu>\r\nExpires: %u\r\n",
        endpoint->person->index, endpoint->person->index, endpoint->number, SUBSCRIBE_SECONDS);
    if (own && first) {
        buffer_append_text(&day->text,
                           "Content-Type: application/vnd-microsoft-roaming-self+xml\r\n");
        buffer_append_text(&day->body, "<roamingList " ROAMING_NS
                                       "><roaming type=\"categories\"/></roamingList>");
    }
    send(day, &endpoint->connection, true);
    answer(day, exchange);
    append_subscription(day, package);
    speech_append(&day->text, "ms-piggyback-cseq: %u\r\nContent-Type: application/%s+xml\r\n",
                  exchange->cseq, own ? "vnd-microsoft-roaming-self" : "msrtc-event-categories");
    if (own) {
        append_own(day, target, true);
    } else {
        append_watched(day, target);
    }
    send(day, &endpoint->connection, false);
}

void day_subscribe_self(struct day *day, struct endpoint *endpoint)
{
    struct exchange exchange = {0};
    exchange_of(&exchange, endpoint, "SUBSCRIBE", ++endpoint->self_sent);
    SPEECH_FIELD(exchange.call_id, "self-%05u-%u", endpoint->person->index, endpoint->number);
    endpoint->self_got += endpoint->self_sent == 1;
    subscribe(day, endpoint, &exchange, endpoint->person, "vnd-microsoft-roaming-self");
}

void day_subscribe_watch(struct day *day, struct person *person)
{
    struct endpoint *endpoint = &person->watcher->endpoints[0];
    struct exchange exchange = {0};
    exchange_of(&exchange, endpoint, "SUBSCRIBE", ++person->watch_sent);
    SPEECH_FIELD(exchange.call_id, "watch-%05u", person->index);
    person->watch_got += person->watch_sent == 1;
    subscribe(day, endpoint, &exchange, person, "presence");
}

/* A notification in the dialog that this endpoint opened. */
static void notify(struct day *day, struct endpoint *endpoint, const struct person *target,
                   const char *call_id, unsigned cseq)
{
    bool own = endpoint->person == target;
    const char *package = own ? "vnd-microsoft-roaming-self" : "presence";
    const struct wire_end *end = &endpoint->connection.up.from;
    unsigned index = endpoint->person->index;
    day->now += TELL_TIME;
    speech_append(&day->text,
                  "BENOTIFY sip:%u.%u.%u.%u:%u;transport=tls;ms-opaque=%x SIP/2.0\r\n"
                  "Via: SIP/2.0/TLS " SERVER ";branch=z9hG4bK%x.%x;branched=FALSE\r\n"
                  "Max-Forwards: 70\r\n",
                  end->host[0], end->host[1], end->host[2], end->host[3], end->port, index,
                  target->index, cseq);
    speech_append(&day->text,
                  "To: <" PERSON ">;tag=SUBSCRIBE%u;epid=" EPID "\r\nFrom: <" PERSON
                  ">;tag=S%u\r\nCall-ID: %s\r\nCSeq: %u BENOTIFY\r\nEvent: %s\r\n"
                  "subscription-state: active;expires=%u\r\nContent-Type: application/%s+xml\r\n",
                  index, endpoint->number, index, endpoint->number, target->index, target->index,
                  call_id, cseq, package, SUBSCRIBE_SECONDS / 2,
                  own ? "vnd-microsoft-roaming-self" : "msrtc-event-categories");
    if (own) {
        append_own(day, target, false);
    } else {
        append_watched(day, target);
    }
    send(day, &endpoint->connection, false);
}

void day_tell(struct day *day, struct person *person)
{
    char call_id[64];
    person->aggregate_version++;
    for (unsigned i = 0; i < person->endpoint_count && person->own_document && person->online;
         i++) {
        struct endpoint *endpoint = &person->endpoints[i];
        SPEECH_FIELD(call_id, "self-%05u-%u", person->index, endpoint->number);
        notify(day, endpoint, person, call_id, ++endpoint->self_got);
    }
    if (person->watched && person->watcher->online) {
        SPEECH_FIELD(call_id, "watch-%05u", person->index);
        notify(day, &person->watcher->endpoints[0], person, call_id, ++person->watch_got);
    }
}
