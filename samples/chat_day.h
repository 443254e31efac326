/*
 * A day of chat: users of two generations of clients sign in, enter rooms, write, lose their
 * session, come back, sign out.
 *
 * The generator decides what happens to whom and therefore knows, without asking any engine,
 * which copy was not delivered, who was where and what was said. Its memory follows users and
 * rooms, never the number of posts.
 *
 *   chat_story.c  who does what when
 *   chat_acts.c   signing in and out, entering, writing: one act after the other
 *   chat_ask.c    reading, searching and the other commands
 *   chat_talk.c   SIP: dialogs, requests and answers
 *   chat_words.c  XCCOS: what the bodies and the texts say
 *   chat_truth.c  what must be found
 *
 * Private to those files and chat_day.c.
 */
#ifndef OCSIGHT_SAMPLES_CHAT_DAY_H
#define OCSIGHT_SAMPLES_CHAT_DAY_H

#include <stdio.h>

#include "samples/connection.h"

enum {
    CHAT_CLIENTS = 2,    /* of one user */
    CHAT_JOINED = 4,     /* rooms of one user */
    CHAT_HISTORY = 25,   /* messages that a room remembers */
    CHAT_NOTICES = 75,   /* participants above which nobody is told who comes and goes */
    CHAT_FRONT_ENDS = 3, /* that clients connect to */
    CHAT_SERVERS = 2,    /* channel servers, and pools */
};

/* How a text is made from its number. */
enum chat_wording { WORDS_PLAIN, WORDS_KOREAN, WORDS_EMOJI, WORDS_LINES, WORDS_BOT, WORDS_FILE };

/* The messages that prove that a post was made and accepted. */
struct chat_proof {
    int64_t time; /* of the post */
    uint64_t post;
    uint64_t answer;
};

/* A message: enough to write its text again. */
struct chat_line {
    struct chat_person *author;
    struct chat_room *room;
    enum chat_wording wording;
    unsigned number;
    int64_t sent;            /* `ts` of the post, to the second */
    int64_t accepted;        /* `ts` of the copies, to the millisecond */
    struct chat_proof first; /* the first attempt, which was refused; no time = none */
};

struct chat_room {
    unsigned index;
    struct chat_client **seats; /* the clients in it, in the order of joining */
    size_t seat_count;
    size_t seat_capacity;
    unsigned participants; /* users, with one client or two */
    bool quiet;            /* too many for notices */
    unsigned posts;
    struct chat_line last[CHAT_HISTORY];
    uint8_t *known; /* a bit for each user who was ever in it */
};

/* One dialog with the chat service as its messages name it. */
struct chat_dialog {
    unsigned serial; /* of the client; 0 = none */
    unsigned up;     /* CSeq of the client's requests */
    unsigned down;   /* CSeq of the service's */
};

/* One endpoint of a user, with a connection to a front end. */
struct chat_client {
    struct connection connection;
    struct chat_person *person;
    unsigned number;    /* 0 or 1 */
    unsigned ports;     /* connections so far */
    unsigned dialogs;   /* so far */
    unsigned requests;  /* outside of dialogs, so far */
    unsigned registers; /* CSeq of its REGISTERs */
    unsigned envelope;  /* the last one it sent */
    struct chat_dialog dialog;
    struct chat_dialog stale; /* left by a crash, not yet disowned */
    struct chat_line refused; /* to be sent again; no room = none */
    struct chat_room *rooms[CHAT_JOINED];
    unsigned room_count;
    bool online;
    int64_t held;  /* it neither goes nor leaves a room before */
    int64_t start; /* of its first dialog; 0 = none yet */
    int64_t end;   /* of its last one */
};

struct chat_person {
    unsigned index;
    bool old; /* OCS 2007 R2: lookup and channel server; else Lync 2013: provisioning and pool */
    bool bot; /* says the same over and over */
    unsigned preference; /* number of the stored list of rooms */
    struct chat_room *follows[CHAT_JOINED];
    unsigned follow_count;
    struct chat_client clients[CHAT_CLIENTS];
    unsigned client_count;
    unsigned mark[2]; /* see chat_words.c */
};

struct chat_counts {
    unsigned posts;   /* accepted */
    unsigned refused; /* INFOs with a post that met a 503 */
    unsigned copies;
    unsigned lost;
    unsigned stale;
    unsigned dropped; /* sessions that the service forgot: 481 */
};

struct chat_day {
    struct wire *wire;
    struct chat_person *people;
    unsigned people_count;
    struct chat_room *rooms;
    unsigned room_count;
    int64_t now;       /* ns */
    int64_t sent;      /* time of the last message, and its record */
    uint64_t record;   /* in the capture */
    uint64_t envelope; /* of the services */
    unsigned mark;     /* see chat_words.c */
    struct buffer text;
    struct buffer body;
    struct buffer scratch;
    struct chat_counts counts;
    FILE *truth;
    bool messages; /* the truth lists every message */
};

struct chat_plan {
    unsigned users;
    unsigned rooms;
    unsigned posts;
    unsigned lost;
    unsigned hours; /* that the posts are spread over */
    bool messages;
};

/* ---- chat_story.c ---- */

/* Plays the day onto the wire; what must be found of it goes to `truth`, one line of JSON each. */
void chat_day_run(const struct chat_plan *plan, struct wire *wire, FILE *truth);

/* ---- chat_acts.c ---- */

void chat_sign_in(struct chat_day *day, struct chat_client *client);
void chat_sign_out(struct chat_day *day, struct chat_client *client);

/* The client dies without a word and comes back; the service keeps both dialogs for a while. */
void chat_crash(struct chat_day *day, struct chat_client *client);

/* The service has forgotten the session (481), and the client begins another one. */
void chat_forgotten(struct chat_day *day, struct chat_client *client);

void chat_enter(struct chat_day *day, struct chat_client *client, struct chat_room *room);
void chat_leave(struct chat_day *day, struct chat_client *client, struct chat_room *room);
bool chat_is_in(const struct chat_client *client, const struct chat_room *room);

/* How the service treats a post. */
enum chat_fate {
    FATE_SHOWN,
    FATE_BUSY,  /* 503 */
    FATE_EARLY, /* copies come before the 200 */
    FATE_LOST,  /* somebody gets no copy */
};

struct chat_proof chat_post(struct chat_day *day, struct chat_client *client,
                            const struct chat_line *line, enum chat_fate fate,
                            struct chat_client *victim);

/* Two posts in one room, the second before the first is answered. */
void chat_post_pair(struct chat_day *day, struct chat_client *const clients[2],
                    const struct chat_line *lines[2]);

/* ---- chat_ask.c ---- */

void ask_limits(struct chat_day *day, struct chat_client *client);
void ask_preference(struct chat_day *day, struct chat_client *client, bool store);
void ask_associations(struct chat_day *day, struct chat_client *client);
void ask_invitations(struct chat_day *day, struct chat_client *client);
void ask_history(struct chat_day *day, struct chat_client *client, const struct chat_room *room,
                 unsigned count);
void ask_search(struct chat_day *day, struct chat_client *client, unsigned number);
void ask_token(struct chat_day *day, struct chat_client *client, const struct chat_room *room,
               bool upload);

/* ---- chat_talk.c ---- */

void talk_register(struct chat_day *day, struct chat_client *client, unsigned expires);
void talk_provision(struct chat_day *day, struct chat_client *client);
void talk_presence(struct chat_day *day, struct chat_client *client);
void talk_lookup(struct chat_day *day, struct chat_client *client);
void talk_invite(struct chat_day *day, struct chat_client *client);
void talk_update(struct chat_day *day, struct chat_client *client, const char *status);
void talk_bye(struct chat_day *day, struct chat_client *client, const char *status);
void talk_connect(struct chat_day *day, struct chat_client *client);

/* One INFO with day->body, in the current dialog; the answer is its own call. */
void talk_up(struct chat_day *day, struct chat_client *client);
void talk_up_answer(struct chat_day *day, struct chat_client *client, unsigned cseq,
                    const char *status);
void talk_down(struct chat_day *day, struct chat_client *client, struct chat_dialog *dialog);
void talk_down_answer(struct chat_day *day, struct chat_client *client,
                      const struct chat_dialog *dialog, unsigned cseq, const char *status);

/* A command in day->body and its acceptance; the service's answer in day->body and its. */
void talk_command(struct chat_day *day, struct chat_client *client);
void talk_tell(struct chat_day *day, struct chat_client *client);

void talk_call_id(const struct chat_client *client, unsigned serial, struct buffer *out);

/* ---- chat_words.c ---- */

/* "sip:" and then the address; addresses of services have no scheme. */
void words_room(const struct chat_room *room, struct buffer *out);
void words_room_name(const struct chat_room *room, struct buffer *out);
void words_user(const struct chat_person *person, struct buffer *out);
void words_service(const struct chat_person *person, struct buffer *out);

/* The text as people read it, LF between lines. */
void words_text(const struct chat_line *line, struct buffer *out);

/* Envelopes begin in day->body and end there. */
void words_command(struct chat_day *day, struct chat_client *client, const char *name);
void words_command_end(struct chat_day *day);
void words_reply(struct chat_day *day, const struct chat_client *client, const char *name);
void words_notice(struct chat_day *day, const char *name);
void words_notice_end(struct chat_day *day);
void words_reply_end(struct chat_day *day);

void words_post(struct chat_day *day, struct chat_client *client, const struct chat_line *line);
void words_copy(struct chat_day *day, const struct chat_line *line);
void words_asked_rooms(struct chat_day *day, struct chat_room *const *rooms, unsigned count);
void words_joined_rooms(struct chat_day *day, struct chat_room *const *rooms, unsigned count);
void words_association(struct chat_day *day, const struct chat_person *person,
                       const struct chat_room *room);
void words_history(struct chat_day *day, const struct chat_room *room, unsigned count);
void words_found(struct chat_day *day, const struct chat_room *room);
void words_limits(struct chat_day *day);
void words_clock(int64_t time, bool milliseconds, struct buffer *out);

/* ---- chat_truth.c ---- */

void truth_lost(struct chat_day *day, const struct chat_line *line, const struct chat_proof *proof,
                const struct chat_client *victim);

/* The client disowns its stale dialog with the message sent last. */
void truth_stale(struct chat_day *day, const struct chat_client *client);

/* A message with all who got it: the clients in the room but `without`. */
void truth_message(struct chat_day *day, const struct chat_line *line,
                   const struct chat_proof *proof, const struct chat_client *without);
void truth_end(struct chat_day *day);

#endif
