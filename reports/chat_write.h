/*
 * The parts of the chat report, for reports/chat_report.c and its siblings only.
 *
 *   chat_report.c      what is kept, what is shown, which part writes it
 *   chat_rooms.c       rooms: names, properties, who was there
 *   chat_message.c     messages: what was said and who got it
 *   chat_fate.c        who did not get a message, and why
 *   chat_transcript.c  one room as people read a chat
 *   chat_sessions.c    sessions of endpoints
 *   chat_timeline.c    what happened in the rooms, one thing after the other
 *   chat_unknown.c     names that nothing is known of
 *   chat_preferences.c preference documents
 */
#ifndef OCSIGHT_REPORTS_CHAT_WRITE_H
#define OCSIGHT_REPORTS_CHAT_WRITE_H

#include "analyzer/engine/buffer.h"
#include "reports/activity_write.h"
#include "reports/chat_model.h"
#include "reports/chat_preferences.h"
#include "reports/chat_report.h"
#include "reports/chat_unknown.h"
#include "reports/session_model.h"
#include "reports/text.h"

struct chat_report {
    struct report_style style;
    struct chat_query query;
    struct chat_model model;
    struct unknown_names unknown;
    struct preference_rows preferences;
    struct session_model details;   /* kept with --session only */
    struct activity_model activity; /* kept with --timeline only */
    struct arena arena;             /* texts while writing */
};

/* Does the query ask for it? */
bool chat_shows_room(const struct chat_report *report, const struct chat_room_row *room);
bool chat_shows_session(const struct chat_report *report, const struct chat_session_row *session);

void chat_room_json(struct chat_report *report, struct json *json, const struct chat_room_row *room,
                    const struct summary *summary);
void chat_room_text(struct chat_report *report, const struct chat_room_row *room,
                    const struct summary *summary, struct output *output);

/* Why somebody has no copy of a message. */
enum chat_miss {
    CHAT_NOT_YET, /* came later */
    CHAT_GONE,    /* had left before, or left within seconds */
    CHAT_LOST,    /* the same, with the session */
    CHAT_REFUSED, /* nobody got it */
    CHAT_UNSEEN,  /* was there: no copy was captured */
};

struct chat_missed {
    const struct chat_person *person;
    enum chat_miss why;
    int64_t time; /* when it came or went; TIME_NONE */
};

/* Everybody with a captured session who was in the room at some time; free() the list. */
struct chat_missed *chat_missed_of(const struct chat_report *report,
                                   const struct chat_room_row *room,
                                   const struct chat_message *message, size_t *out_count);

/* "not joined yet" ... */
const char *chat_miss_name(enum chat_miss why);

/* One room, its days, moves and messages. */
void chat_transcript_text(struct chat_report *report, const struct chat_room_row *room,
                          const struct summary *summary, struct output *output);

/* With --timeline: as text, CSV or a drawing; and in JSON beside the rooms. */
void chat_timeline_write(struct chat_report *report, const struct summary *summary,
                         struct output *output);
void chat_timeline_json(struct chat_report *report, struct json *json,
                        const struct summary *summary);

/* Text on as many lines as it has, each wrapped and indented. */
void chat_said_text(struct output *output, struct slice text, size_t indent, size_t columns,
                    struct arena *arena);

void chat_message_json(struct chat_report *report, struct json *json,
                       const struct chat_room_row *room, const struct chat_message *message,
                       const struct summary *summary);
void chat_message_text(struct chat_report *report, const struct chat_message *message,
                       const struct summary *summary, struct output *output);

/* One line a message. */
void chat_messages_csv(struct chat_report *report, const struct summary *summary,
                       struct output *output);

/* With --session in detail. */
void chat_session_json(struct json *json, const struct chat_report *report,
                       const struct chat_session_row *session);
void chat_session_text(struct chat_report *report, const struct chat_session_row *session,
                       struct output *output);

/* With --session: one line for each dialog, stay in a room and command. */
void chat_sessions_csv(struct chat_report *report, struct output *output);

/* "label: a, b, c" on as many lines as it takes; nothing without names. */
void chat_names_text(struct output *output, const char *label, const struct buffer *names,
                     size_t indent, size_t columns);
void chat_names_add(struct buffer *names, struct slice user, struct arena *arena);

#endif
