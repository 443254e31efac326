/* SIP of a day of chat: dialogs, requests and answers. See chat_day.h; shapes as in the samples
 * group-chat and persistent-chat. */
#include "analyzer/engine/origin.h"
#include "samples/chat_day.h"
#include "samples/speech.h"

#define AGENT_OLD "User-Agent: ExampleChat/3.5.6907.0\r\n"
#define AGENT_NEW "User-Agent: UCCAPI/15.0.4420.1017 OC/15.0.4420.1017 (Microsoft Lync)\r\n"
#define LOOKUP    "ocschat@contoso.example"
#define PERSON    "c%05u@contoso.example"
#define EPID      "%08x%02u"

enum {
    SESSION_SECONDS = 1800,
    FIRST_PORT = 20000,
    PORTS = 40000,
    ACK_TIME = 60000, /* connection.c: the acknowledgement behind each message is a packet, too */
};

#define ANSWER_TIME (3 * TIME_SECOND / 1000)
#define TELL_TIME   (TIME_SECOND / 2000)

/* ---- the connection ---- */

void talk_connect(struct chat_day *day, struct chat_client *client)
{
    unsigned host = client->person->index * CHAT_CLIENTS + client->number + 1;
    unsigned front_end = client->person->index % CHAT_FRONT_ENDS;
    const struct wire_path up = {
        .from = {.host = {10, (uint8_t)(host >> 16), (uint8_t)(host >> 8), (uint8_t)host},
                 .port = (uint16_t)(FIRST_PORT + client->ports++ % PORTS)},
        .to = {.host = {192, 0, 2, (uint8_t)(5 + front_end)}, .port = 5061},
        .upward = true,
    };
    connection_init(&client->connection, day->wire, &up, true, false, NULL);
}

/* Sends what stands in day->text, with the length and the text of `body` behind it. */
static void send(struct chat_day *day, struct chat_client *client, bool upward,
                 const struct buffer *body)
{
    static const struct buffer nothing = {0};
    speech_close(&day->text, body != NULL ? body : &nothing);
    connection_send(&client->connection, day->now, upward, buffer_slice(&day->text), true);
    buffer_clear(&day->text);
    day->record = day->wire->packets - 1;
    day->sent = day->wire->now - ACK_TIME;
    day->now = day->now > day->wire->now ? day->now : day->wire->now;
}

/* ---- parties ---- */

static void fill_via(struct exchange *exchange, const struct wire_end *end, const char *prefix,
                     unsigned serial, unsigned cseq)
{
    SPEECH_FIELD(exchange->via, "SIP/2.0/TLS %u.%u.%u.%u:%u;branch=z9hG4bK%s%x.%x", end->host[0],
                 end->host[1], end->host[2], end->host[3], end->port, prefix, serial, cseq);
}

static void fill_call_id(struct exchange *exchange, const struct chat_client *client,
                         const char *kind, unsigned serial)
{
    SPEECH_FIELD(exchange->call_id, "%s-%05u-%u-%u", kind, client->person->index, client->number,
                 serial);
}

void talk_call_id(const struct chat_client *client, unsigned serial, struct buffer *out)
{
    speech_append(out, "chat-%05u-%u-%u", client->person->index, client->number, serial);
}

/* The user at this endpoint, as From or To. */
static void fill_user(char (*field)[128], const struct chat_client *client, const char *kind,
                      unsigned serial)
{
    unsigned index = client->person->index;
    SPEECH_FIELD(*field, "\"사용자 %u\" <sip:" PERSON ">;tag=%s%u.%u;epid=" EPID, index, index,
                 kind, client->number, serial, index, client->number);
}

static void fill_service(char (*field)[128], const char *address, const char *kind, unsigned index,
                         unsigned serial)
{
    SPEECH_FIELD(*field, "<sip:%s>;tag=service.%s%u.%u", address, kind, index, serial);
}

/* The service's address; `text` has room for it. */
static const char *service_of(struct chat_day *day, const struct chat_person *person)
{
    buffer_clear(&day->scratch);
    words_service(person, &day->scratch);
    buffer_append_byte(&day->scratch, '\0');
    return day->scratch.data;
}

static const char *agent_of(const struct chat_client *client)
{
    return client->person->old ? AGENT_OLD : AGENT_NEW;
}

/* A request outside of dialogs, to the user's own address. */
static void own_exchange(struct exchange *exchange, struct chat_client *client, const char *kind,
                         const char *method, unsigned serial, unsigned cseq)
{
    unsigned index = client->person->index;
    exchange->method = method;
    exchange->cseq = cseq;
    fill_via(exchange, &client->connection.up.from, kind, serial, cseq);
    fill_user(&exchange->from, client, kind, serial);
    SPEECH_FIELD(exchange->to, "<sip:" PERSON ">", index);
    SPEECH_FIELD(exchange->to_tag, "service.%s%u.%u", kind, index, serial);
    fill_call_id(exchange, client, kind, serial);
}

/* A request of the client in a dialog with a service. */
static void up_exchange(struct exchange *exchange, const struct chat_client *client,
                        const char *kind, const char *service, unsigned serial)
{
    fill_via(exchange, &client->connection.up.from, kind, serial, exchange->cseq);
    fill_user(&exchange->from, client, kind, serial);
    fill_service(&exchange->to, service, kind,
                 client->person->index * CHAT_CLIENTS + client->number, serial);
    fill_call_id(exchange, client, kind, serial);
}

/* And one of the service. */
static void down_exchange(struct exchange *exchange, const struct chat_client *client,
                          const char *kind, const char *service, unsigned serial)
{
    fill_via(exchange, &client->connection.up.to, kind,
             client->person->index * CHAT_CLIENTS + client->number, serial << 24 ^ exchange->cseq);
    fill_service(&exchange->from, service, kind,
                 client->person->index * CHAT_CLIENTS + client->number, serial);
    fill_user(&exchange->to, client, kind, serial);
    fill_call_id(exchange, client, kind, serial);
}

/* ---- sign-in ---- */

void talk_register(struct chat_day *day, struct chat_client *client, unsigned expires)
{
    struct exchange exchange = {0};
    unsigned index = client->person->index;
    const struct wire_end *end = &client->connection.up.from;
    own_exchange(&exchange, client, "register", "REGISTER", 0, ++client->registers);
    char contact[256];
    SPEECH_FIELD(contact,
                 "Contact: <sip:%u.%u.%u.%u:%u;transport=tls;ms-opaque=%x>;proxy=replace;"
                 "+sip.instance=\"<urn:uuid:%08X-%04u-5111-8222-333344445555>\"",
                 end->host[0], end->host[1], end->host[2], end->host[3], end->port, index, index,
                 client->number);
    speech_request(&day->text, &exchange, "sip:contoso.example");
    speech_append(&day->text, "%s\r\n%sEvent: registration\r\nExpires: %u\r\n", contact,
                  agent_of(client), expires);
    send(day, client, true, NULL);
    day->now += ANSWER_TIME;
    speech_answer(&day->text, &exchange, "200 OK");
    if (expires > 0) {
        speech_append(&day->text,
                      "%s;expires=%u;gruu=\"sip:" PERSON ";opaque=user:epid:g%05u%u;gruu\"\r\n",
                      contact, expires, index, index, client->number);
    }
    speech_append(&day->text, "Expires: %u\r\n", expires);
    send(day, client, false, NULL);
}

/* Steps 2 and 3 of "Group Chat call flows": the contact list, and what the endpoint can do. */
void talk_presence(struct chat_day *day, struct chat_client *client)
{
    struct exchange exchange = {0};
    char uri[64];
    SPEECH_FIELD(uri, "sip:" PERSON, client->person->index);
    own_exchange(&exchange, client, "contacts", "SUBSCRIBE", ++client->requests, 1);
    speech_request(&day->text, &exchange, uri);
    speech_append(&day->text,
                  "Contact: <%s;opaque=user:epid:g%05u%u;gruu>\r\n%s"
                  "Event: vnd-microsoft-roaming-contacts\r\nExpires: 0\r\n"
                  "Accept: application/vnd-microsoft-roaming-contacts+xml\r\n"
                  "Supported: ms-piggyback-first-notify\r\n",
                  uri, client->person->index, client->number, agent_of(client));
    send(day, client, true, NULL);
    day->now += ANSWER_TIME;
    speech_answer(&day->text, &exchange, "200 OK");
    speech_append(&day->text, "Expires: 0\r\nEvent: vnd-microsoft-roaming-contacts\r\n"
                              "subscription-state: terminated;expires=0\r\n"
                              "ms-piggyback-cseq: 1\r\n"
                              "Content-Type: application/vnd-microsoft-roaming-contacts+xml\r\n");
    buffer_clear(&day->body);
    buffer_append_text(&day->body,
                       "<contactList deltaNum=\"1\"><group id=\"1\" name=\"~\"/></contactList>");
    send(day, client, false, &day->body);
    exchange = (struct exchange){0};
    own_exchange(&exchange, client, "service", "SERVICE", ++client->requests, 1);
    speech_request(&day->text, &exchange, uri);
    speech_append(&day->text,
                  "Contact: <%s;opaque=user:epid:g%05u%u;gruu>\r\n%s"
                  "Content-Type: application/msrtc-category-publish+xml\r\n",
                  uri, client->person->index, client->number, agent_of(client));
    buffer_clear(&day->body);
    speech_append(&day->body,
                  "<publish xmlns=\"http://schemas.microsoft.com/2006/09/sip/rich-presence\">"
                  "<publications uri=\"%s\"><publication categoryName=\"device\" "
                  "instance=\"%u\" container=\"2\" version=\"0\" expireType=\"endpoint\">"
                  "<device xmlns=\"http://schemas.microsoft.com/2006/09/sip/device\" "
                  "endpointId=\"%08X-%04u-5111-8222-333344445555\"><capabilities>"
                  "<text capture=\"true\" render=\"true\" publish=\"false\"/>"
                  "</capabilities></device></publication></publications></publish>",
                  uri, 1526000000 + client->number, client->person->index, client->number);
    send(day, client, true, &day->body);
    day->now += ANSWER_TIME;
    speech_answer(&day->text, &exchange, "200 OK");
    send(day, client, false, NULL);
}

void talk_provision(struct chat_day *day, struct chat_client *client)
{
    static const char type[] =
        "Content-Type: application/vnd-microsoft-roaming-provisioning-v2+xml";
    struct exchange exchange = {0};
    char uri[64];
    SPEECH_FIELD(uri, "sip:" PERSON, client->person->index);
    own_exchange(&exchange, client, "provision", "SUBSCRIBE", ++client->requests, 1);
    speech_request(&day->text, &exchange, uri);
    speech_append(&day->text,
                  "Contact: <%s;opaque=user:epid:g%05u%u;gruu>\r\n" AGENT_NEW
                  "Event: vnd-microsoft-provisioning-v2\r\nExpires: 0\r\n"
                  "Supported: ms-piggyback-first-notify\r\n%s\r\n",
                  uri, client->person->index, client->number, type);
    buffer_clear(&day->body);
    buffer_append_text(&day->body,
                       "<provisioningGroupList><provisioningGroup "
                       "name=\"persistentChatConfiguration\"/></provisioningGroupList>");
    send(day, client, true, &day->body);
    day->now += ANSWER_TIME;
    speech_answer(&day->text, &exchange, "200 OK");
    speech_append(&day->text,
                  "Contact: <sip:fe%02u.contoso.example:5061;transport=tls>\r\nExpires: 0\r\n"
                  "Event: vnd-microsoft-provisioning-v2\r\n"
                  "subscription-state: terminated;expires=0\r\nms-piggyback-cseq: 1\r\n%s\r\n",
                  client->person->index % CHAT_FRONT_ENDS + 1, type);
    const char *pool = service_of(day, client->person);
    buffer_clear(&day->body);
    speech_append(&day->body,
                  "<provisionGroupList><provisionGroup name=\"persistentChatConfiguration\">"
                  "<propertyEntryList><property name=\"EnablePersistentChat\">true</property>"
                  "<property name=\"DefaultPersistentChatPoolUri\">sip:%s</property>"
                  "<property name=\"PersistentChatPoolUris\">"
                  "sip:GC-1-PersistentChatService-2@contoso.example "
                  "sip:GC-1-PersistentChatService-5@contoso.example</property>"
                  "</propertyEntryList></provisionGroup></provisionGroupList>",
                  pool);
    send(day, client, false, &day->body);
}

/* ---- dialogs ---- */

static void append_sdp(struct buffer *out, const char *host, const char *message)
{
    buffer_clear(out);
    speech_append(out,
                  "v=0\r\no=- 0 0 IN IP4 %s\r\ns=session\r\nc=IN IP4 %s\r\nt=0 0\r\n"
                  "m=message 5060 sip %s\r\na=accept-types:text/plain\r\n",
                  host, host, message);
}

/* INVITE, 200, ACK. */
static void dialog_open(struct chat_day *day, struct chat_client *client, const char *kind,
                        const char *address, struct chat_dialog *dialog)
{
    char service[64];
    char uri[96];
    SPEECH_FIELD(service, "%s", address);
    SPEECH_FIELD(uri, "sip:%s", address);
    struct exchange exchange = {.method = "INVITE", .cseq = ++dialog->up};
    up_exchange(&exchange, client, kind, service, dialog->serial);
    SPEECH_FIELD(exchange.to, "<sip:%s>", service);
    SPEECH_FIELD(exchange.to_tag, "service.%s%u.%u", kind,
                 client->person->index * CHAT_CLIENTS + client->number, dialog->serial);
    speech_request(&day->text, &exchange, uri);
    speech_append(&day->text,
                  "Contact: <sip:" PERSON ";opaque=user:epid:g%05u%u;gruu>\r\n%s"
                  "Supported: ms-sender\r\nContent-Type: application/sdp\r\n",
                  client->person->index, client->person->index, client->number, agent_of(client));
    append_sdp(&day->body, "192.0.2.21", "null");
    send(day, client, true, &day->body);
    client->start = client->start > 0 ? client->start : day->sent;
    day->now += 3 * ANSWER_TIME;
    speech_answer(&day->text, &exchange, "200 OK");
    speech_append(&day->text, "Contact: <sip:%s;gruu;opaque=srvr:example>\r\n", service);
    if (!client->person->old) {
        speech_append(&day->text, "Session-Expires: %u;refresher=uac\r\n", SESSION_SECONDS);
    }
    buffer_append_text(&day->text, "Content-Type: application/sdp\r\n");
    append_sdp(&day->body, "192.0.2.80", uri);
    send(day, client, false, &day->body);
    day->now += ANSWER_TIME;
    up_exchange(&exchange, client, kind, service, dialog->serial);
    exchange.method = "ACK";
    speech_request(&day->text, &exchange, uri);
    send(day, client, true, NULL);
    day->now += ANSWER_TIME;
}

/* A request of the client in a dialog, without its answer. */
static void request_up(struct chat_day *day, struct chat_client *client, const char *kind,
                       const char *service, const char *method, const struct chat_dialog *dialog,
                       const struct buffer *body)
{
    struct exchange exchange = {.method = method, .cseq = dialog->up};
    char uri[96];
    SPEECH_FIELD(uri, "sip:%s;gruu;opaque=srvr:example", service);
    up_exchange(&exchange, client, kind, service, dialog->serial);
    speech_request(&day->text, &exchange, uri);
    buffer_append_text(&day->text, agent_of(client));
    if (body != NULL) {
        buffer_append_text(&day->text, "Content-Type: text/plain\r\n");
    }
    send(day, client, true, body);
}

static void answer_up(struct chat_day *day, struct chat_client *client, const char *kind,
                      const char *service, const char *method, unsigned serial, unsigned cseq,
                      const char *status)
{
    struct exchange exchange = {.method = method, .cseq = cseq};
    day->now += ANSWER_TIME;
    up_exchange(&exchange, client, kind, service, serial);
    speech_answer(&day->text, &exchange, status);
    if (status[0] == '5') {
        buffer_append_text(&day->text, "Ms-diagnostics: 20011;source=\"pchat01.contoso.example\";"
                                       "reason=\"Rejected message\";component=\"GroupChat\"\r\n");
    }
    send(day, client, false, NULL);
}

/* A request of the service in a dialog, with day->body, and the client's answer. */
static void request_down(struct chat_day *day, struct chat_client *client, const char *kind,
                         const char *service, const struct chat_dialog *dialog)
{
    struct exchange exchange = {.method = "INFO", .cseq = dialog->down};
    char uri[96];
    SPEECH_FIELD(uri, "sip:" PERSON ";opaque=user:epid:g%05u%u;gruu", client->person->index,
                 client->person->index, client->number);
    day->now += TELL_TIME / 16;
    down_exchange(&exchange, client, kind, service, dialog->serial);
    speech_request(&day->text, &exchange, uri);
    buffer_append_text(&day->text, "Content-Type: text/plain\r\n");
    send(day, client, false, &day->body);
}

static void answer_down(struct chat_day *day, struct chat_client *client, const char *kind,
                        const char *service, unsigned serial, unsigned cseq, const char *status)
{
    struct exchange exchange = {.method = "INFO", .cseq = cseq};
    day->now += TELL_TIME / 16;
    down_exchange(&exchange, client, kind, service, serial);
    speech_answer(&day->text, &exchange, status);
    send(day, client, true, NULL);
}

/* The short first dialog of OCS 2007 R2 that asks for the address of a channel server. */
void talk_lookup(struct chat_day *day, struct chat_client *client)
{
    struct chat_dialog dialog = {.serial = ++client->requests};
    dialog_open(day, client, "lookup", LOOKUP, &dialog);
    words_command(day, client, "requri");
    words_command_end(day);
    dialog.up++;
    request_up(day, client, "lookup", LOOKUP, "INFO", &dialog, &day->body);
    answer_up(day, client, "lookup", LOOKUP, "INFO", dialog.serial, dialog.up, "200 OK");
    words_reply(day, client, "requri");
    speech_append(&day->body, "<uib uri=\"sip:%s\"/>", service_of(day, client->person));
    words_reply_end(day);
    dialog.down++;
    request_down(day, client, "lookup", LOOKUP, &dialog);
    answer_down(day, client, "lookup", LOOKUP, dialog.serial, dialog.down, "200 OK");
    dialog.up++;
    request_up(day, client, "lookup", LOOKUP, "BYE", &dialog, NULL);
    answer_up(day, client, "lookup", LOOKUP, "BYE", dialog.serial, dialog.up, "200 OK");
}

void talk_invite(struct chat_day *day, struct chat_client *client)
{
    client->dialog = (struct chat_dialog){.serial = ++client->dialogs};
    dialog_open(day, client, "chat", service_of(day, client->person), &client->dialog);
}

/* ---- in the session ---- */

static void client_says(struct chat_day *day, struct chat_client *client, const char *method,
                        const struct buffer *body)
{
    char service[64];
    SPEECH_FIELD(service, "%s", service_of(day, client->person));
    client->dialog.up++;
    request_up(day, client, "chat", service, method, &client->dialog, body);
}

static void service_answers(struct chat_day *day, struct chat_client *client, const char *method,
                            unsigned cseq, const char *status)
{
    char service[64];
    SPEECH_FIELD(service, "%s", service_of(day, client->person));
    answer_up(day, client, "chat", service, method, client->dialog.serial, cseq, status);
}

void talk_update(struct chat_day *day, struct chat_client *client, const char *status)
{
    client_says(day, client, "UPDATE", NULL);
    service_answers(day, client, "UPDATE", client->dialog.up, status);
}

void talk_bye(struct chat_day *day, struct chat_client *client, const char *status)
{
    client_says(day, client, "BYE", NULL);
    client->end = day->sent;
    service_answers(day, client, "BYE", client->dialog.up, status);
}

void talk_up(struct chat_day *day, struct chat_client *client)
{
    client_says(day, client, "INFO", &day->body);
}

void talk_up_answer(struct chat_day *day, struct chat_client *client, unsigned cseq,
                    const char *status)
{
    service_answers(day, client, "INFO", cseq, status);
}

void talk_down(struct chat_day *day, struct chat_client *client, struct chat_dialog *dialog)
{
    char service[64];
    SPEECH_FIELD(service, "%s", service_of(day, client->person));
    dialog->down++;
    request_down(day, client, "chat", service, dialog);
}

void talk_down_answer(struct chat_day *day, struct chat_client *client,
                      const struct chat_dialog *dialog, unsigned cseq, const char *status)
{
    char service[64];
    SPEECH_FIELD(service, "%s", service_of(day, client->person));
    answer_down(day, client, "chat", service, dialog->serial, cseq, status);
}

void talk_command(struct chat_day *day, struct chat_client *client)
{
    talk_up(day, client);
    talk_up_answer(day, client, client->dialog.up, "200 OK");
}

void talk_tell(struct chat_day *day, struct chat_client *client)
{
    talk_down(day, client, &client->dialog);
    talk_down_answer(day, client, &client->dialog, client->dialog.down, "200 OK");
}
