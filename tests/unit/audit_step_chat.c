/*
 * Rows of the scripts for the audit's tests: sessions, rooms, posts, commands, files and what is
 * said of them. See audit_step.h.
 */
#include "tests/unit/audit_step.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- changes ---- */

static struct session_ref step_session(const struct step *step)
{
    return (struct session_ref){
        .id = step->session,
        .user = address_of(step->who),
        .epid = SLICE("e1"),
        .call_id = text_of(step->who),
        .dialog = step->dialog ? step->dialog : step->call_number,
        .lookup = step->lookup,
        .from_start = !step->late_start,
    };
}

static void stage_file(struct change *change, const struct step *step)
{
    change->kind = CHANGE_FILE;
    change->as.file = (struct file_change){
        .id = step->id,
        .session = step_session(step),
        .room = text_of(step->room),
        .room_name = text_of(step->room_name),
        .state = (enum file_state)step->state,
        .download = step->download,
        .name = text_of(step->name),
        .server = text_of(step->content),
        .token_hash = step->token,
        .granted = change->time,
    };
}

bool stage_chat(struct change *change, const struct step *step)
{
    switch (step->act) {
    case SESSION:
        change->kind = CHANGE_SESSION;
        change->as.session = (struct session_change){
            .session = step_session(step),
            .state = (enum session_state)step->state,
            .service = address_of(step->named ? step->named : "chat"),
            .status = (uint16_t)step->status,
            .expires = step->expires > 0 ? step->expires : -1,
            .reason = text_of(step->why),
        };
        break;
    case MEMBER:
        change->kind = CHANGE_MEMBERSHIP;
        change->as.membership = (struct membership_change){
            .session = step_session(step),
            .room = text_of(step->room),
            .from = step->again ? (enum membership_state)step->state
                    : step->was == MEMBER_NONE && step->state == MEMBER_NONE ? MEMBER_LEAVING
                                                                             : step->was,
            .state = (enum membership_state)step->state,
            .listed = step->listed,
            .assumed = step->assumed,
            .reason = text_of(step->why),
        };
        break;
    case ROSTER:
        change->kind = CHANGE_ROSTER;
        change->as.roster = (struct roster_change){
            .session = step_session(step),
            .room = text_of(step->room),
            .user = address_of(step->peer),
            .present = step->present,
            .notice = step->notice,
            .before = step->before,
            .membership = step->membership,
            .suspended = step->suspended,
        };
        break;
    case RENAME:
        change->kind = CHANGE_ROOM;
        change->as.room = (struct room_change){
            .uri = text_of(step->room),
            .name = text_of(step->room_name),
            .old_name = text_of(step->name),
            .suspended = step->suspended,
        };
        break;
    case COMMAND:
        change->kind = CHANGE_COMMAND;
        change->as.command = (struct command_change){
            .session = step_session(step),
            .id = step->id,
            .transaction = step->tx,
            .verb = step->verb,
            .name = text_of(step->name),
            .state = (enum command_state)step->state,
            .status = (uint16_t)step->status,
            .code = step->code,
            .code_text = step->code ? (struct slice)SLICE("EXAMPLE_NOT_ALLOWED") : text_of(""),
            .room = text_of(step->room),
            .sent_at = step->published ? START + step->published * TIME_SECOND : 0,
        };
        break;
    case OWN_MASK:
        change->kind = CHANGE_ROSTER;
        change->as.roster = (struct roster_change){
            .session = step_session(step),
            .room = text_of(step->room),
            .user = address_of(step->author ? step->author : step->who),
            .present = true,
            .has_mask = step->mask > 0,
            .mask = step->mask > 0 ? step->mask - 1 : 0,
        };
        break;
    case POST:
        change->kind = CHANGE_POST;
        change->as.post = (struct post_change){
            .id = step->id,
            .session = step_session(step),
            .transaction = step->tx,
            .room = text_of(step->room),
            .room_name = text_of(step->room_name),
            .author = address_of(step->author         ? step->author
                                 : step->wrong_author ? "bo"
                                                      : "ada"),
            .text = text_of(step->text),
            .ts = step->ts ? START + step->ts * TIME_SECOND : TIME_NONE,
            .state = (enum post_state)step->state,
            .membership = step->membership,
            .author_mismatch = step->wrong_author,
            .file_link = slice_starts(text_of(step->text), slice_of("ma-filelink:")),
            .has_ts = !step->no_ts,
            .captured = !step->uncaptured,
            .edited = step->edited,
            .echo = step->state == POST_DELIVERED && step->who && strcmp(step->who, "ada") == 0,
            .first_dialog = step->first_call,
            .retry = step->retry,
            .status = (uint16_t)step->status,
            .posted_at = START,
        };
        break;
    case FILE_STEP:
        stage_file(change, step);
        break;
    default:
        return false;
    }
    return true;
}

/* ---- facts ---- */

static void play_answer(const struct audience *audience, const struct step *step,
                        struct event *event)
{
    event->kind = EVENT_CHAT;
    event->as.chat = (struct chat_fact){
        .class = step->act == REPLY ? CHAT_REPLY : CHAT_COMMAND,
        .verb = step->verb,
        .has_ref = step->act == REPLY,
        .ref_envelope = SLICE("1"),
        .ref_sequence = SLICE("1"),
        .has_code = true,
        .code = step->code,
        .service_uri = text_of(step->name),
    };
    audience->event(audience->context, event);
}

static void play_web_call(const struct audience *audience, const struct step *step,
                          struct event *event)
{
    event->kind = EVENT_HTTP;
    event->message = NULL;
    event->as.http = (struct http_fact){
        .request = true,
        .call = HTTP_APPEND_CHUNK,
        .has_token = true,
        .token_hash = step->token,
        .room_id = text_of(step->name),
    };
    audience->event(audience->context, event);
}

static void play_search(const struct audience *audience, const struct step *step,
                        struct event *event)
{
    const struct chat_room room = {
        .uri = text_of(step->room), .name = SLICE("Ops Bridge"), .file_post = step->file_post};
    event->kind = EVENT_CHAT;
    event->as.chat = (struct chat_fact){
        .class = CHAT_REPLY,
        .verb = CHAT_CHANSRCH,
        .name = SLICE("chansrch"),
        .envelope = SLICE("1"),
        .sequence = SLICE("1"),
        .ref_envelope = SLICE("1"),
        .ref_sequence = SLICE("1"),
        .has_ref = true,
        .has_code = true,
        .code = 200,
        .rooms = &room,
        .room_count = 1,
    };
    audience->event(audience->context, event);
}

enum { STEP_MEMBERS = 100 };

static size_t step_members(const char *roster, char *text, size_t size, struct chat_member *members)
{
    size_t count = 0;
    snprintf(text, size, "%s", roster);
    for (char *save = NULL, *user = strtok_r(text, " ", &save); user;
         user = strtok_r(NULL, " ", &save)) {
        char *mask = strchr(user, '/');
        assert_true(count < STEP_MEMBERS);
        members[count] = (struct chat_member){.mask = 3984, .has_mask = true};
        if (*user == '?') {
            members[count].unresolved = true;
            members[count].id = (uint32_t)atoi(user + 1);
        }
        if (mask) {
            *mask++ = '\0';
            members[count].mask = (uint64_t)atoi(mask);
        }
        members[count].user = *user == '?' ? text_of("") : address_of(user);
        count++;
    }
    return count;
}

static void play_room(const struct audience *audience, const struct step *step, struct event *event)
{
    static struct chat_member members[STEP_MEMBERS];
    char text[1024];
    struct chat_room room = {
        .uri = text_of(step->room),
        .name = text_of(step->room_name),
        .failure = text_of(step->why),
        .repeated = step->repeated,
        .members = members,
        .member_count = step_members(step->roster ? step->roster : "", text, sizeof text, members),
    };
    event->kind = EVENT_CHAT;
    event->as.chat = (struct chat_fact){
        .class = step->code ? CHAT_REPLY : CHAT_NOTICE,
        .verb = step->verb,
        .name = SLICE("join"),
        .has_ref = step->code != 0,
        .has_code = step->code != 0,
        .code = step->code,
        .rooms = &room,
        .room_count = step->room != NULL,
        .unused_users = step->unused,
    };
    audience->event(audience->context, event);
}

/* Rooms of a command or history reply: one with the items, or one that is asked for. */
static void play_envelope(const struct audience *audience, const struct step *step,
                          struct event *event)
{
    struct chat_post items[8] = {0};
    struct chat_room room = {.uri = text_of(step->room), .history = items};
    struct slice rest = text_of(step->history);
    while (rest.size > 0) {
        slice_cut(rest, ' ', &items[room.history_count++].room, &rest);
    }
    event->kind = EVENT_CHAT;
    event->as.chat = (struct chat_fact){
        .class = step->class,
        .verb = step->verb,
        .envelope = text_of(step->tag),
        .ref_envelope = text_of(step->old_tag),
        .has_ref = step->old_tag != NULL,
        .has_code = step->class == CHAT_REPLY,
        .code = 200,
        .rooms = &room,
        .room_count = step->room != NULL,
        .history_limit = (uint32_t)step->count,
        .has_server = step->number > 0,
        .server = {.message_size = (uint64_t)step->number, .story_size = step->code},
        .post =
            {
                .room = text_of(step->room),
                .author = address_of(step->author),
                .author_uri = address_of(step->author),
                .text = text_of(step->text),
                .has_chat = step->text != NULL,
            },
    };
    audience->event(audience->context, event);
}

bool play_chat(const struct audience *audience, const struct step *step, struct event *event)
{
    switch (step->act) {
    case REPLY:
    case ASK:
        play_answer(audience, step, event);
        return true;
    case TOLD_ROOM:
        play_room(audience, step, event);
        return true;
    case WEB_CALL:
        play_web_call(audience, step, event);
        return true;
    case SEARCH:
        play_search(audience, step, event);
        return true;
    case CHAT:
        play_envelope(audience, step, event);
        return true;
    default:
        return false;
    }
}
