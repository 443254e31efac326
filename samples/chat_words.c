/* What is said in a day of chat. See chat_day.h; shapes as in the samples group-chat and
 * persistent-chat. */
#include "analyzer/engine/origin.h"
#include "samples/chat_day.h"
#include "samples/speech.h"

#define XCCOS_NS "xmlns=\"urn:parlano:xml:ns:xccos\""
#define XSD_NS                                                                                     \
    "xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\" "                                              \
    "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\""

enum { MEMBER = 3984, MANAGER = 12276, DAY_SECONDS = 86400 };

/* ---- names ---- */

void words_room(const struct chat_room *room, struct buffer *out)
{
    speech_append(out, "ma-chan://contoso.example/5ac3d1f0-2b77-4e19-9c35-a40f6b%06x", room->index);
}

void words_room_name(const struct chat_room *room, struct buffer *out)
{
    static const char *const names[] = {"Ops", "도면", "Coffee ☕", "Stand-up", "운영 회의"};
    speech_append(out, "%s %u", names[room->index % 5], room->index);
}

void words_user(const struct chat_person *person, struct buffer *out)
{
    speech_append(out, "sip:c%05u@contoso.example", person->index);
}

void words_service(const struct chat_person *person, struct buffer *out)
{
    unsigned server = person->index / 2 % CHAT_SERVERS;
    if (person->old) {
        speech_append(out, "gc%02u.chatsvc@contoso.example", server + 1);
    } else {
        speech_append(out, "GC-1-PersistentChatService-%u@contoso.example", server * 3 + 2);
    }
}

void words_clock(int64_t time, bool milliseconds, struct buffer *out)
{
    int64_t ms = time / (TIME_SECOND / 1000);
    int64_t second = ms / 1000 % DAY_SECONDS;
    speech_append(out, "2013-05-14T%02d:%02d:%02d", (int)(second / 3600), (int)(second / 60 % 60),
                  (int)(second % 60));
    if (milliseconds) {
        speech_append(out, ".%03d", (int)(ms % 1000));
    } else {
        buffer_append_byte(out, 'Z');
    }
}

/* ---- texts ---- */

/* The pattern with a number in place of each '#'. */
static void append_numbered(struct buffer *out, const char *pattern, unsigned number)
{
    for (; *pattern != '\0'; pattern++) {
        if (*pattern == '#') {
            buffer_append_u64(out, number);
        } else {
            buffer_append_byte(out, *pattern);
        }
    }
}

void words_text(const struct chat_line *line, struct buffer *out)
{
    enum { PATTERNS = 4, SMALL = 60 };
    static const char *const patterns[][PATTERNS] = {
        [WORDS_PLAIN] = {"link to rack # is back", "who has the plan of rack #?",
                         "ticket #: a < b && c > d", "see you at #"},
        [WORDS_KOREAN] = {"#번 랙 점검했습니다", "네, #번 확인했어요", "어젯밤 #번 조용했어요",
                          "#번 회의실로 오세요"},
        [WORDS_EMOJI] = {"👍", "☕ in # minutes 🙂", "🚒🔥 rack # 👨‍👩‍👧", "🎉🎉"},
        [WORDS_LINES] = {"steps for #:\n1. stop\n2. start\n\n끝", "if a < b\nthen call # \"now\"",
                         "#\n점검\n완료", "one\ntwo\n#"},
        [WORDS_BOT] = {"heartbeat: all services are up", "heartbeat: all services are up",
                       "heartbeat: all services are up", "heartbeat: all services are up"},
    };
    unsigned number = line->wording == WORDS_EMOJI ? line->number % SMALL : line->number;
    if (line->wording == WORDS_FILE) {
        speech_append(out,
                      "ma-filelink://contoso.example/5ac3d1f0-2b77-4e19-9c35-a40f6b%06x/"
                      "2c9d4f10-8e7b-4a65-b3c2-d1e0%08x.docx",
                      line->room->index, number);
    } else {
        append_numbered(out, patterns[line->wording][line->number % PATTERNS], number);
    }
}

/* The text as XML: sent with CRLF by clients and with LF by the service. */
static void append_escaped(struct buffer *out, struct slice text, const char *line_end)
{
    for (size_t i = 0; i < text.size; i++) {
        switch (text.data[i]) {
        case '<':
            buffer_append_text(out, "&lt;");
            break;
        case '>':
            buffer_append_text(out, "&gt;");
            break;
        case '&':
            buffer_append_text(out, "&amp;");
            break;
        case '\n':
            buffer_append_text(out, line_end);
            break;
        default:
            buffer_append_byte(out, text.data[i]);
        }
    }
}

/* ---- envelopes ---- */

static void client_begin(struct chat_day *day, struct chat_client *client)
{
    buffer_clear(&day->body);
    if (client->person->old) {
        speech_append(&day->body, "<xccos ver=\"1\" envid=\"%u\" " XCCOS_NS ">",
                      ++client->envelope);
    } else {
        speech_append(&day->body, "<xccos " XCCOS_NS " ver=\"1\" envid=\"%u\">",
                      ++client->envelope);
    }
}

static void service_begin(struct chat_day *day)
{
    buffer_clear(&day->body);
    speech_append(&day->body, "<xccos " XSD_NS " ver=\"1\" envid=\"%llu\" " XCCOS_NS ">",
                  (unsigned long long)++day->envelope);
}

void words_command(struct chat_day *day, struct chat_client *client, const char *name)
{
    client_begin(day, client);
    speech_append(&day->body, "<cmd id=\"cmd:%s\" seqid=\"1\"><data>", name);
}

void words_command_end(struct chat_day *day)
{
    buffer_append_text(&day->body, "</data></cmd></xccos>");
}

void words_reply(struct chat_day *day, const struct chat_client *client, const char *name)
{
    service_begin(day);
    speech_append(&day->body,
                  "<rpl id=\"rpl:%s\" seqid=\"1\"><commandid seqid=\"1\" envid=\"%u\"/>"
                  "<resp code=\"200\">SUCCESS_OK</resp><data>",
                  name, client->envelope);
}

void words_reply_end(struct chat_day *day)
{
    buffer_append_text(&day->body, "</data></rpl></xccos>");
}

void words_notice(struct chat_day *day, const char *name)
{
    service_begin(day);
    speech_append(&day->body, "<ntc id=\"ntc:%s\" seqid=\"1\"><data>", name);
}

void words_notice_end(struct chat_day *day)
{
    buffer_append_text(&day->body, "</data></ntc></xccos>");
}

/* ---- messages ---- */

static void append_message(struct chat_day *day, const struct chat_line *line, bool sent)
{
    struct buffer *out = &day->body;
    buffer_append_text(out, " chanUri=\"");
    words_room(line->room, out);
    buffer_append_text(out, "\" author=\"");
    words_user(line->author, out);
    buffer_append_text(out, "\" ts=\"");
    words_clock(sent ? line->sent : line->accepted, !sent, out);
    buffer_append_text(out, "\"><chat>");
    buffer_clear(&day->scratch);
    words_text(line, &day->scratch);
    append_escaped(out, buffer_slice(&day->scratch), sent ? "\r\n" : "\n");
    buffer_append_text(out, "</chat>");
}

void words_post(struct chat_day *day, struct chat_client *client, const struct chat_line *line)
{
    client_begin(day, client);
    buffer_append_text(&day->body, "<grpchat id=\"grpchat\" seqid=\"1\"");
    append_message(day, line, true);
    buffer_append_text(&day->body, "</grpchat></xccos>");
}

void words_copy(struct chat_day *day, const struct chat_line *line)
{
    service_begin(day);
    buffer_append_text(&day->body, "<grpchat id=\"grpchat\" seqid=\"1\"");
    append_message(day, line, false);
    buffer_append_text(&day->body, "</grpchat></xccos>");
}

/* The newest ones, the oldest of them first. */
void words_history(struct chat_day *day, const struct chat_room *room, unsigned count)
{
    unsigned kept = room->posts < CHAT_HISTORY ? room->posts : CHAT_HISTORY;
    count = count < kept ? count : kept;
    buffer_append_text(&day->body, "<chanib uri=\"");
    words_room(room, &day->body);
    buffer_append_text(&day->body, "\">");
    for (unsigned i = room->posts - count; i < room->posts; i++) {
        buffer_append_text(&day->body, "<msg id=\"grpchat\"");
        append_message(day, &room->last[i % CHAT_HISTORY], false);
        buffer_append_text(&day->body, "</msg>");
    }
    buffer_append_text(&day->body, "</chanib>");
}

/* ---- rooms ---- */

void words_asked_rooms(struct chat_day *day, struct chat_room *const *rooms, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        speech_append(&day->body,
                      "<chanid key=\"%u\" domain=\"contoso.example\" "
                      "value=\"5ac3d1f0-2b77-4e19-9c35-a40f6b%06x\"/>",
                      i, rooms[i]->index);
    }
}

static unsigned mask_of(const struct chat_day *day, const struct chat_person *person,
                        const struct chat_room *room)
{
    return room->index * 7 % day->people_count == person->index ? MANAGER : MEMBER;
}

/* The users of a room, with one mask after the other; each once, however many clients it has. */
static void append_roster(struct chat_day *day, const struct chat_room *room, unsigned mask,
                          unsigned first)
{
    unsigned mark = ++day->mark;
    size_t listed = 0;
    for (size_t i = 0; i < room->seat_count; i++) {
        struct chat_person *person = room->seats[i]->person;
        if (mask_of(day, person, room) == mask && person->mark[1] != mark) {
            person->mark[1] = mark;
            speech_append(&day->body, "%s%u",
                          listed++ > 0     ? ","
                          : mask == MEMBER ? "<aib key=\"3984\" value=\""
                                           : "<aib key=\"12276\" value=\"",
                          person->mark[0] - first);
        }
    }
    if (listed > 0) {
        buffer_append_text(&day->body, "\"/>");
    }
}

/*
 * A user's mark[0] is its number in this reply, as long as it lies at or above the first one that
 * the reply gave out; mark[1] says in which roster the user was listed last. Marks only grow.
 */
void words_joined_rooms(struct chat_day *day, struct chat_room *const *rooms, unsigned count)
{
    unsigned first = ++day->mark;
    for (unsigned i = 0; i < count; i++) {
        for (size_t k = 0; k < rooms[i]->seat_count; k++) {
            struct chat_person *person = rooms[i]->seats[k]->person;
            if (person->mark[0] < first) {
                person->mark[0] = day->mark++;
                speech_append(&day->body, "<uib id=\"%u\" uri=\"", person->mark[0] - first);
                words_user(person, &day->body);
                buffer_append_text(&day->body, "\"/>");
            }
        }
    }
    for (unsigned i = 0; i < count; i++) {
        buffer_append_text(&day->body, "<chanib uri=\"");
        words_room(rooms[i], &day->body);
        buffer_append_text(&day->body, "\" name=\"");
        words_room_name(rooms[i], &day->body);
        buffer_append_text(&day->body, "\">");
        append_roster(day, rooms[i], MEMBER, first);
        append_roster(day, rooms[i], MANAGER, first);
        buffer_append_text(&day->body, "</chanib>");
    }
}

void words_association(struct chat_day *day, const struct chat_person *person,
                       const struct chat_room *room)
{
    speech_append(&day->body,
                  "<aib key=\"%u\" domain=\"contoso.example\" "
                  "value=\"5ac3d1f0-2b77-4e19-9c35-a40f6b%06x\"/>",
                  mask_of(day, person, room), room->index);
}

void words_found(struct chat_day *day, const struct chat_room *room)
{
    buffer_append_text(&day->body, "<chanib name=\"");
    words_room_name(room, &day->body);
    buffer_append_text(&day->body, "\" description=\"\" uri=\"");
    words_room(room, &day->body);
    speech_append(&day->body,
                  "\"><info id=\"urn:parlano:ma:info:ucnt\">%u</info>"
                  "<info id=\"urn:parlano:ma:info:visibilty\">%s</info>"
                  "<prop id=\"urn:parlano:ma:prop:logged\">True</prop>"
                  "<prop id=\"urn:parlano:ma:prop:invite\">False</prop>"
                  "<prop id=\"urn:parlano:ma:prop:filepost\">True</prop></chanib>",
                  room->participants, room->index % 3 == 0 ? "open" : "private");
}

void words_limits(struct chat_day *day)
{
    buffer_append_text(&day->body, "<sib infoType=\"123\" serverTime=\"");
    words_clock(day->now, true, &day->body);
    buffer_append_text(&day->body,
                       "Z\" searchLimit=\"999\" messageSizeLimit=\"2048\" storySizeLimit=\"8192\" "
                       "rootUri=\"ma-cat://contoso.example/5a4b3c2d-1e0f-4987-b6a5-c4d3e2f10918\" "
                       "dbVersion=\"0a1b2c3d-4e5f-4607-8899-aabbccddeeff\"/>");
}
