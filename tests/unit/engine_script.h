/*
 * Stories for the engine as text, and what it says to them as text.
 *
 * One line is one thing that happens, with its time in seconds:
 *
 *   T register USER EPID|- SECONDS [STATUS [CONTACT [INSTANCE]]]
 *                                              REGISTER and its response
 *   T deregister USER EPID|-                   NOTIFY of registration-notify to that endpoint
 *   T set USER EPID STATUS|none AVAILABILITY ACTIVITY [CHOICE]
 *                                              setPresence of a 2005 client and its response
 *   T legacy WATCHER USER AVAILABILITY ACTIVITY [CHOICE]
 *                                              notification of text/xml+msrtc.pidf
 *   T service USER EPID STATUS|none ITEM... [!PLACE=VERSION...]
 *                                              SERVICE and its response; the places that a
 *                                              WrongDelta fault in it names
 *   T document USER ITEM...                    BENOTIFY of roaming-self to the user
 *   T roaming USER DIALOG ITEM...              200 to the user's own SUBSCRIBE: the whole document
 *   T aggregates                               CHANGE_AGGREGATE has lines from here on
 *   T agreed                                   so have CHANGE_PARTICIPANT and CHANGE_FOLLOW
 *   T containers USER ID|ID:TYPE=VALUE...      BENOTIFY of roaming-self with container members
 *   T members USER STATUS|none +ID:TYPE=VALUE|-ID:TYPE=VALUE...
 *                                              setContainerMembers and its response
 *   T notify WATCHER USER NUMBER[/ACTIVITY] [@PUBLISHED]
 *   T note WATCHER USER TEXT|-                 a note shown to a watcher, "-" = cleared
 *   T poll WATCHER USER NUMBER                 the same in the 200 to a SUBSCRIBE with Expires: 0
 *   T publish USER ACTIVITY|-|closed SECONDS IF-MATCH|- TAG|- STATUS|none
 *   T subscription ID WATCHER TARGET STATE UNTIL|- [REASON]
 *   T invite D USER EPID chat|lookup|im STATE
 *   T end D USER client|service                BYE
 *   T cmd D #TRANSACTION USER EPID VERB ENVELOPE [ROOM...]
 *   T post D #TRANSACTION USER EPID ROOM AUTHOR TEXT TS|-
 *   T answer D #TRANSACTION STATUS             to either
 *   T rpl D USER EPID VERB ENVELOPE CODE [ROOM[=NAME][;PROPERTY...][:MEMBER,...]|!ROOM...]
 *   T history D USER EPID ENVELOPE ROOM AUTHOR TEXT TS
 *   T ntc D USER EPID VERB ROOM MEMBER
 *   T copy D USER EPID ENVELOPE ROOM AUTHOR TEXT TS|-
 *   T response D METHOD STATUS USER [SECONDS [CSEQ]]
 *                                              another response in the dialog, to USER's request;
 *                                              Session-Expires, -1 = none; CSeq 0 opened it
 *   T ask, token, link, web, web-answer, order    see script_file.h
 *   T tick                                     time passes
 *   T finish                                   the input ends
 *
 * MEMBER "*N" stands for u1 to uN; PROPERTY is "#USERS", "%VISIBILITY", "?DESCRIPTION", "=TOPIC",
 * "+files" or "-files", and so for invites and logged.
 *
 * ITEM is NAME/INSTANCE/CONTAINER/KIND/NUMBER/EXPIRY[/ACTIVITY][@PUBLISHED][#VERSION], EXPIRY
 * being static, endpoint, user or seconds; "-NAME/INSTANCE/CONTAINER" deletes. Users are names
 * without a domain. "_" in a text is a blank, "~" CR LF, "^" LF.
 */
#ifndef OCSIGHT_TESTS_UNIT_ENGINE_SCRIPT_H
#define OCSIGHT_TESTS_UNIT_ENGINE_SCRIPT_H

#include "tests/unit/script_chat.h"
#include "tests/unit/script_file.h"
#include "tests/unit/script_presence.h"

static inline void script_act(struct script *script)
{
    const char *verb = script_arg(script, 1);
    /* clang-format off */
    static const struct { const char *verb; void (*run)(struct script *); } lines[] = {
        {"register", script_do_register}, {"service", script_do_service},
        {"deregister", script_do_deregister}, {"set", script_do_set},
        {"legacy", script_do_legacy}, {"document", script_do_document}, {"roaming", script_do_roaming}, {"publish", script_do_publish},
        {"subscription", script_do_subscription}, {"invite", script_do_invite},
        {"end", script_do_end}, {"cmd", script_do_cmd}, {"post", script_do_post},
        {"answer", script_do_answer}, {"rpl", script_do_rpl}, {"history", script_do_history},
        {"ntc", script_do_ntc}, {"copy", script_do_copy}, {"response", script_do_response},
        {"containers", script_do_containers}, {"members", script_do_members},
        {"note", script_do_note}, {"ask", script_do_ask}, {"token", script_do_token},
        {"link", script_do_link}, {"web", script_do_web}, {"web-answer", script_do_web_answer},
        {"order", script_do_order},
    };
    /* clang-format on */
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        if (strcmp(lines[i].verb, verb) == 0) {
            lines[i].run(script);
            return;
        }
    }
    if (strcmp(verb, "notify") == 0 || strcmp(verb, "poll") == 0) {
        script_do_notify(script, *verb == 'p');
    } else if (strcmp(verb, "aggregates") == 0) {
        script->aggregates = true;
    } else if (strcmp(verb, "agreed") == 0) {
        script->agreed = true;
    } else if (strcmp(verb, "tick") == 0) {
        engine_tick(script->engine, script->now);
    } else if (strcmp(verb, "finish") == 0) {
        engine_end(script->engine, script->now);
    } else {
        fail_msg("no such line: %s", verb);
    }
}

static inline void script_pass_time(struct script *script, int64_t until)
{
    enum { STEPS = 7 };
    int64_t step = (until - script->now) / STEPS;
    for (int i = 1; (script->mode & SCRIPT_TICKS) && script->now > 0 && i < STEPS; i++) {
        engine_tick(script->engine, script->now + i * step);
    }
}

static inline void script_run_line(struct script *script, char *line)
{
    script->tokens = 0;
    script->pool_size = 0;
    char *save = NULL;
    for (char *token = strtok_r(line, " ", &save); token && script->tokens < SCRIPT_TOKENS;
         token = strtok_r(NULL, " ", &save)) {
        script->token[script->tokens++] = token;
    }
    if (script->tokens > 1) {
        int64_t time = script_time(script->token[0]);
        script_pass_time(script, time);
        script->now = time;
        script_act(script);
    }
}

/* Runs the story; the log is the caller's to free. `caps` (may be NULL) gets the names of caps. */
static inline char *script_run(const char *story, unsigned mode, const struct limits *limits,
                               char caps[256])
{
    struct script *script = calloc(1, sizeof *script);
    struct change_sink changes = {script_change, script};
    struct event_sink events = {script_cap, script};
    struct limits defaults = limits_default();
    script->mode = mode;
    script->file = script_file;
    script->log = calloc(1, 1);
    script->engine = engine_new(test_seed(), limits ? limits : &defaults, &changes, &events);
    char *copy = strdup(story);
    char *save = NULL;
    for (char *line = strtok_r(copy, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
        script_run_line(script, line);
    }
    engine_end(script->engine, script->now);
    engine_free(script->engine);
    assert_false(script->disordered);
    if (caps) {
        memcpy(caps, script->caps, sizeof script->caps);
    }
    char *log = script->log;
    free(copy);
    free(script);
    return log;
}

struct story {
    const char *name;
    const char *script;
    const char *expected;
};

/* A story that breaks off after any line has said the beginning of what the whole one says. */
static inline void story_check_prefixes(const struct story *story)
{
    char *cut = strdup(story->script);
    for (char *end = strrchr(cut, '\n'); end; end = strrchr(cut, '\n')) {
        end[1] = '\0';
        char *log = script_run(cut, SCRIPT_PLAIN, NULL, NULL);
        if (strncmp(log, story->expected, strlen(log)) != 0) {
            fail_msg("%s, cut after:\n%s--- got\n%s", story->name, cut, log);
        }
        free(log);
        *end = '\0';
    }
    free(cut);
}

/* The story says what is expected, and still does with copies and with time passing in between. */
static inline void story_check(const struct story *story)
{
    for (unsigned mode = SCRIPT_PLAIN; mode <= (SCRIPT_COPIES | SCRIPT_TICKS); mode++) {
        char *log = script_run(story->script, mode, NULL, NULL);
        if (strcmp(log, story->expected) != 0) {
            fail_msg("%s (mode %u):\n--- got\n%s--- expected\n%s", story->name, mode, log,
                     story->expected);
        }
        free(log);
    }
}

#endif
