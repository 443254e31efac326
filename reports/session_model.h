/*
 * What `chat --session` keeps of a run: for each endpoint its dialogs, the rooms it
 * was in, the commands it gave, and what provisioning told its user.
 *
 * Built from changes and from a few events (what happens to a dialog that is not the
 * current one is no change). Rows lie in the model's arena in the order of the run; what
 * exceeds limits.report_rows is counted.
 */
#ifndef OCSIGHT_REPORTS_SESSION_MODEL_H
#define OCSIGHT_REPORTS_SESSION_MODEL_H

#include "reports/report.h"

/* Times are ns, TIME_NONE = not seen. */
struct session_dialog {
    struct session_dialog *next;
    struct slice call_id;
    struct slice service;
    bool lookup;
    bool from_start;
    bool disowned; /* the client answered 487 */
    enum session_state state;
    int64_t start;
    int64_t end;
    struct slice reason; /* how it ended */
    int64_t expires;     /* seconds, 0 = none */
    uint32_t refreshes;
};

/* One stay. */
struct session_room {
    struct session_room *next;
    struct slice uri;
    struct slice name;
    int64_t joined;
    int64_t left;
    struct slice reason;
    bool assumed; /* the join was not captured */
};

struct session_command {
    struct session_command *next;
    struct slice name;
    struct slice room; /* URI of the first room it names */
    struct slice call_id;
    int64_t sent;
    int64_t decided; /* the reply, or the refusal of its INFO */
    enum command_state state;
    uint16_t status;
    uint32_t code;
    struct slice code_text;
};

struct session_detail {
    struct session_dialog *dialogs;
    struct session_dialog *last_dialog;
    struct session_room *rooms;
    struct session_room *last_room;
    struct session_command *commands;
    struct session_command *last_command;
    bool looked_up; /* asked a lookup */
};

/* What a user was told last. */
struct session_provisioning {
    enum said enabled;
    struct slice pools; /* "a@x, b@x" */
    struct slice default_pool;
    int64_t time;
};

struct session_model {
    struct limits limits;
    struct arena arena;
    struct map details;     /* user NUL epid -> struct session_detail */
    struct map dialogs;     /* dialog -> struct session_dialog */
    struct map stays;       /* session, URI -> struct session_room that is not left */
    struct map commands;    /* command -> struct session_command not decided yet */
    struct map provisioned; /* user -> struct session_provisioning */
    size_t rows;
    uint64_t beyond; /* rows that found no room */
};

void session_model_init(struct session_model *model, struct map_seed seed,
                        const struct limits *limits);
void session_model_dispose(struct session_model *model);
void session_model_event(struct session_model *model, const struct event *event);
void session_model_change(struct session_model *model, const struct change *change);

/* NULL when nothing is known. */
const struct session_detail *session_detail_find(const struct session_model *model,
                                                 struct slice user, struct slice epid);
const struct session_provisioning *session_provisioning_find(const struct session_model *model,
                                                             struct slice user);

#endif
