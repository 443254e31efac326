/* Commands of a day of chat that change nothing in the rooms. See chat_day.h. */
#include "samples/chat_day.h"
#include "samples/speech.h"

/* The command in day->body, and a reply without data. */
static void ask_plainly(struct chat_day *day, struct chat_client *client, const char *name)
{
    talk_command(day, client);
    words_reply(day, client, name);
    words_reply_end(day);
    talk_tell(day, client);
}

void ask_limits(struct chat_day *day, struct chat_client *client)
{
    words_command(day, client, "getserverinfo");
    buffer_append_text(&day->body, "<sib domain=\"contoso.example\" infoType=\"123\"/>");
    words_command_end(day);
    talk_command(day, client);
    words_reply(day, client, "getserverinfo");
    words_limits(day);
    words_reply_end(day);
    talk_tell(day, client);
}

static void append_preference(struct chat_day *day, unsigned number, const char *create,
                              bool content)
{
    speech_append(&day->body,
                  "<pref label=\"kedzie.GroupChannels\" seqid=\"%u\" createdefault=\"%s\"%s/>",
                  number, create, content ? " content=\"b3BhcXVlLWJ5dGVz\"" : "");
}

void ask_preference(struct chat_day *day, struct chat_client *client, bool store)
{
    struct chat_person *person = client->person;
    const char *name = store ? "setpref" : "getpref";
    words_command(day, client, name);
    if (store) {
        append_preference(day, ++person->preference, "false", true);
    } else {
        append_preference(day, person->preference > 0 ? person->preference - 1 : 0, "true", false);
    }
    words_command_end(day);
    talk_command(day, client);
    words_reply(day, client, name);
    if (!store) {
        append_preference(day, person->preference, "false", true);
    }
    words_reply_end(day);
    talk_tell(day, client);
}

/* The rooms as member, then those as manager: what the replies hold is not known. */
void ask_associations(struct chat_day *day, struct chat_client *client)
{
    for (unsigned i = 0; i < 2; i++) {
        words_command(day, client, "getassociations");
        words_command_end(day);
        ask_plainly(day, client, "getassociations");
    }
}

void ask_invitations(struct chat_day *day, struct chat_client *client)
{
    words_command(day, client, "getinv");
    buffer_append_text(&day->body, "<inv inviteId=\"417\" domain=\"contoso.example\"/>");
    words_command_end(day);
    ask_plainly(day, client, "getinv");
}

void ask_history(struct chat_day *day, struct chat_client *client, const struct chat_room *room,
                 unsigned count)
{
    words_command(day, client, "bccontext");
    buffer_append_text(&day->body, "<chanib uri=\"");
    words_room(room, &day->body);
    speech_append(&day->body, "\"/><bcq><last cnt=\"%u\"/></bcq>", count);
    words_command_end(day);
    talk_command(day, client);
    words_reply(day, client, "bccontext");
    words_history(day, room, count);
    words_reply_end(day);
    talk_tell(day, client);
}

void ask_search(struct chat_day *day, struct chat_client *client, unsigned number)
{
    words_command(day, client, "chansrch");
    speech_append(&day->body, "<qib qtype=\"BYNAME\" criteria=\"%u\" extended=\"false\"/>", number);
    words_command_end(day);
    talk_command(day, client);
    words_reply(day, client, "chansrch");
    if (number < day->room_count) {
        words_found(day, &day->rooms[number]);
    }
    words_reply_end(day);
    talk_tell(day, client);
}

void ask_token(struct chat_day *day, struct chat_client *client, const struct chat_room *room,
               bool upload)
{
    words_command(day, client, upload ? "getfutok" : "getfdtok");
    buffer_append_text(&day->body, "<ftdb channelUri=\"");
    words_room(room, &day->body);
    buffer_append_text(&day->body, "\" fileUrl=\"rack-plan.docx\"/>");
    words_command_end(day);
    talk_command(day, client);
    words_reply(day, client, "getftok");
    speech_append(&day->body,
                  "<token token=\"6f0e3a1c-7b52-4d8e-%04x-%012llx\" serveruri=\""
                  "https://fe01.contoso.example/PersistentChat/MGCWebService.asmx\"/>",
                  client->person->index & 0xffff, (unsigned long long)day->record);
    words_reply_end(day);
    talk_tell(day, client);
}
