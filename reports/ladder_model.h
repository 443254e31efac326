/*
 * What a ladder keeps of a run: lanes, rows, findings, dialogs.
 *
 * Filled event by event, settled once at the end (lanes get their places and
 * names, findings their rows), then only read by the two ways of drawing.
 * Everything textual in it is safe to print. Rows are compact; what exceeds
 * limits.report_rows is counted in `beyond`.
 */
#ifndef OCSIGHT_REPORTS_LADDER_MODEL_H
#define OCSIGHT_REPORTS_LADDER_MODEL_H

#include "reports/ladder.h"
#include "reports/meaning.h"
#include "reports/report.h"

enum {
    LADDER_LANES = 64,      /* hosts beyond share the last lane */
    LADDER_PARTIES = 8,     /* users kept of one lane */
    LADDER_DIALOGS = 2000,  /* outline entries */
    LADDER_MEANINGS = 1024, /* latest messages whose meaning a later copy can repeat */
    LADDER_EVIDENCE = 4,    /* places tried for the marker of a finding */
    LADDER_SLOTS = 4,       /* strips of one lane; users beyond have none */
    LADDER_NO_LANE = LADDER_LANES
};

/* Someone who sends or gets requests at a lane. */
struct ladder_party {
    struct slice user;
    bool service;
    uint32_t sent;     /* requests that began here */
    uint32_t received; /* requests that ended here */
};

struct ladder_lane {
    struct address host; /* family 0: known by user only */
    bool by_port;        /* a host that talks to itself: one lane per port */
    bool others;         /* stands for all hosts that found no lane */
    uint64_t messages;
    int64_t client; /* > 0: behaves as a client, < 0: as a server */
    struct ladder_party parties[LADDER_PARTIES];
    size_t party_count;
    bool more_parties;
    struct slice sent_by; /* host name of its Via */
    struct slice agent;   /* User-Agent or Server */
    struct slice kind;    /* what else it serves: "web service" */
    /* settled: */
    struct slice name;
    struct slice address;
    unsigned place; /* from the left, from 0 */
};

struct ladder_room {
    struct slice name;
};

enum ladder_row_kind {
    ROW_MESSAGE,
    ROW_PRESENCE,
    ROW_COVERAGE,
    ROW_FOLDED, /* stands for `repeats` messages that were folded; `title` says what they were */
};

struct ladder_row {
    int64_t time;
    uint64_t record; /* 0 = none */
    uint64_t stream_offset;
    uint64_t message; /* id, shared by copies; 0 = no message, time alone caused it */
    uint64_t dialog;  /* as in struct message; 0 = none */
    uint32_t input;
    uint32_t repeats; /* retransmissions that followed directly */
    uint32_t copies;  /* the same hop in another input */
    uint32_t finding; /* first finding here, from 1; 0 = none */
    uint16_t status;
    uint8_t kind; /* enum ladder_row_kind */
    uint8_t from; /* lanes; LADDER_NO_LANE */
    uint8_t to;
    uint8_t colour; /* of its dialog: counts up, the drawing takes it modulo its palette */
    uint8_t band;   /* ROW_PRESENCE */
    bool request;
    bool again;           /* a retransmission that stands alone */
    bool plain;           /* its meaning says little: the first to go where there is no room */
    bool failed;          /* a response >= 400 other than a challenge */
    struct slice title;   /* "REGISTER", "200 OK", "ann: Busy", the sentence of a note */
    struct slice meaning; /* may hold MEANING_ROOM */
    const struct ladder_room *room; /* NULL without */
    struct slice call_id;           /* as the next two: safe, each kept once; "" without */
    struct slice sender;            /* "user@host" of From, for a response of To */
    struct slice receiver; /* the other of the two; of ROW_PRESENCE: whose presence it is */
    struct slice raw;      /* the whole message as it may be shown; "" unless it was asked for */
    struct slice step;     /* settled: "group-chat-sign-in 5 requri" of a request; "" without */
};

struct ladder_finding {
    uint64_t id;
    enum severity severity;
    struct slice label; /* "E1" */
    struct slice rule;
    struct slice message;
    int64_t time;
    struct origin evidence[LADDER_EVIDENCE];
    size_t evidence_count;
    size_t row;    /* SIZE_MAX = nothing of it is in the ladder */
    uint32_t next; /* further finding at the same row, from 1; 0 = none */
};

/*
 * A part of the strip along a user's lane: what the user's presence was from one row to another.
 * Settled; in the order of `first`.
 */
struct ladder_part {
    uint8_t lane;
    uint8_t slot; /* which strip of that lane, from 0: users that share it lie side by side */
    uint8_t band;
    struct slice user;
    size_t first; /* the ROW_PRESENCE that began it; SIZE_MAX = before all rows */
    size_t end;   /* the row that ended it; row_count = nothing did */
};

/* A dialog that began in the ladder; a bookmark. */
struct ladder_dialog {
    uint64_t id;
    size_t row;
    struct slice title;
};

struct ladder_model {
    struct ladder_options options;
    struct limits limits;
    struct map_seed seed;
    struct arena arena;
    struct map texts;    /* every text once */
    struct map rooms;    /* URI -> struct ladder_room */
    struct map hosts;    /* address -> lane */
    struct map services; /* addresses of chat services, which are no users */
    struct map files;    /* token hash -> the name of the file, a text of `texts` */
    struct ladder_lane lanes[LADDER_LANES];
    size_t lane_count;
    struct map other_hosts;       /* that share the last lane */
    unsigned order[LADDER_LANES]; /* lanes from left to right */
    struct ladder_row *rows;
    size_t row_count;
    size_t row_capacity;
    uint64_t messages; /* SIP, drawn as arrows, folded copies included */
    uint64_t beyond;   /* rows and texts that found no room */
    struct ladder_finding *findings;
    size_t finding_count;
    size_t finding_capacity;
    struct ladder_part *parts;
    size_t part_count;
    size_t part_capacity;
    uint64_t raw_bytes;  /* kept of whole messages */
    uint64_t raw_beyond; /* whole messages that found no room */
    struct ladder_dialog *dialogs;
    size_t dialog_count;
    size_t dialog_capacity;
    uint64_t dialogs_beyond;
    uint64_t latest_dialog;
    struct meaning meaning;
    size_t pending; /* row whose meaning is still being put together; SIZE_MAX = none */
    size_t latest;  /* row of the latest message; SIZE_MAX = none or no room */
    struct {
        uint64_t message;
        struct slice text;
        const struct ladder_room *room;
        bool plain;
    } meanings[LADDER_MEANINGS];
    struct map steps; /* message id -> text of the call flow's step that it is */
    bool has_domain;
    struct slice domain; /* of the first user; left out in names */
};

void ladder_model_init(struct ladder_model *model, const struct ladder_options *options,
                       struct map_seed seed, const struct limits *limits);
void ladder_model_dispose(struct ladder_model *model);

void ladder_model_event(struct ladder_model *model, const struct event *event);
void ladder_model_change(struct ladder_model *model, const struct change *change);
void ladder_model_finding(struct ladder_model *model, const struct finding *finding);

void ladder_model_label(struct ladder_model *model, const struct flow_label *label);

/* After the last event: nothing may be added any more. */
void ladder_model_settle(struct ladder_model *model);

/* A copy in the model; equal texts are kept once. "?" when there are too many. */
struct slice ladder_model_keep(struct ladder_model *model, struct slice text);

/* A row's meaning with the room's name in it. */
struct slice ladder_row_meaning(const struct ladder_row *row, struct arena *arena);

/* "retransmitted 3 times", "also in another input"; "" without. */
struct slice ladder_row_repeats(const struct ladder_row *row, struct arena *arena);

/* First and last time of the rows; false when there is none. */
bool ladder_model_span(const struct ladder_model *model, int64_t *first, int64_t *last);

#endif
