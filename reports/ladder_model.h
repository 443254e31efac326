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
#include "reports/repeats.h"
#include "reports/report.h"

enum {
    LADDER_LANES = 64,      /* parties beyond share the last lane */
    LADDER_DOORS = 16384,   /* addresses with ports beyond share the first of their host */
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
    int32_t sent;     /* requests that began here */
    int32_t received; /* requests that ended here; less those that were handed on */
};

/* What traffic shows that a party does. */
enum ladder_duty {
    DUTY_HOME = 1 << 0,     /* answers REGISTER and what users ask their own server */
    DUTY_REDIRECT = 1 << 1, /* answers with another place to go to */
    DUTY_PROXY = 1 << 2,    /* hands on requests */
    DUTY_GATEWAY = 1 << 3,  /* publishes presence for others */
    DUTY_LOOKUP = 1 << 4,   /* chat: tells where the channel service is */
    DUTY_CHANNELS = 1 << 5, /* chat: the channel service */
    DUTY_POOL = 1 << 6,     /* chat: a Persistent Chat pool */
};

/*
 * Where messages came from and went to: an address with its port, or a user in a source that
 * has no addresses. What is learned while the run goes on is learned of doors; which of them are
 * one party shows only at the end.
 */
struct ladder_door {
    struct address at; /* family 0: known by `name` only */
    uint16_t number;
    uint16_t host; /* number of the first door at that address */
    bool loops;    /* of the first door: its host talks to itself */
    bool others;   /* stands for all that found no door */
    uint64_t messages;
    int64_t client; /* > 0: behaves as a client, < 0: as a server */
    unsigned duties;
    struct ladder_party parties[LADDER_PARTIES];
    size_t party_count;
    bool more_parties;
    struct slice user; /* whose endpoint it is; "" = nobody's */
    struct slice mark; /* which of the user's: a letter for the kind, then epid, instance, GRUU or
                          Contact; "" = not told */
    bool asks;         /* told by requests that began here, not by those that came */
    bool shared;       /* by several endpoints */
    struct slice sent_by; /* host of its Via, as the other texts safe */
    uint16_t sent_port;
    bool sent_by_varies;
    struct slice contact; /* host name that a server gives for itself */
    struct slice agent;   /* User-Agent or Server */
    struct slice kind;    /* what else it serves: "web service" */
    struct slice name;
};

struct ladder_lane {
    struct address host; /* of its first door; family 0: known by user only */
    bool by_port;        /* one of several at its address: told apart by port */
    bool others;         /* stands for all that found no lane */
    bool named;          /* --name or --names gave its name */
    uint64_t messages;
    int64_t client; /* > 0: behaves as a client, < 0: as a server */
    unsigned duties;
    struct ladder_party parties[LADDER_PARTIES];
    size_t party_count;
    bool more_parties;
    struct slice sent_by; /* host name of its Via */
    struct slice contact;
    struct slice agent;   /* User-Agent or Server */
    struct slice kind;    /* what else it serves: "web service" */
    struct slice name;    /* safe, as the two below */
    struct slice address; /* "192.0.2.21", "192.0.2.21, 192.0.2.77", "192.0.2.21:5070" */
    struct slice role;    /* "front end", "lookup" ...; "" = not known, or the name says it */
    unsigned place;       /* from the left, from 0 */
    unsigned rank;        /* by role, the leftmost first */
    size_t first;         /* row of its first use */
    const struct ladder_door **doors; /* in the order of first use */
    size_t door_count;
};

/* A room under one of its names. */
struct ladder_room {
    struct slice name;
    bool used; /* by a row */
};

enum ladder_row_kind {
    ROW_MESSAGE,
    ROW_PRESENCE,
    ROW_COVERAGE,
    ROW_FOLDED, /* stands for `repeats` messages that were folded; `title` says what they were */
};

struct ladder_row {
    int64_t time;
    int64_t until;   /* ROW_FOLDED: time of the last message that it stands for */
    uint64_t record; /* 0 = none */
    uint64_t stream_offset;
    uint64_t message;     /* id, shared by copies; 0 = no message, time alone caused it */
    uint64_t dialog;      /* as in struct message; 0 = none */
    uint64_t transaction; /* as in struct message: what a request and its responses share */
    uint32_t input;
    uint32_t repeats;       /* retransmissions that followed directly */
    uint32_t copies;        /* the same hop in another input */
    uint32_t repeat_copies; /* of `repeats`, those in another input */
    uint32_t finding;       /* first finding here, from 1; 0 = none */
    uint16_t status;
    uint8_t kind;  /* enum ladder_row_kind */
    uint16_t from; /* doors while the run goes on, lanes once settled; LADDER_NO_LANE */
    uint16_t to;
    uint8_t colour; /* of its dialog: counts up, the drawing takes it modulo its palette */
    uint8_t band;   /* ROW_PRESENCE */
    uint8_t was;    /* ROW_PRESENCE: the band before; BAND_UNKNOWN = nothing says so */
    bool request;
    bool again;           /* a retransmission that stands alone */
    bool early;           /* a response captured before its request */
    bool late;            /* a request captured after a later one of its dialog */
    bool plain;           /* its meaning says little: the first to go where there is no room */
    bool failed;          /* a response >= 400 other than a challenge */
    struct slice title;   /* "REGISTER", "200 OK", "ann: Busy", the sentence of a note */
    struct slice meaning; /* may hold MEANING_ROOM */
    const struct ladder_room *room; /* NULL without */
    struct slice method;   /* of the request, also in its responses; "" for what is no SIP */
    struct slice call_id;  /* as the next two: safe, each kept once; "" without */
    struct slice sender;   /* "user@host" of From, for a response of To */
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
    struct map rooms;    /* URI -> struct ladder_room of its latest name */
    struct map hosts;    /* address, with and without port -> door */
    struct map services; /* addresses of chat services, which are no users -> their duties */
    struct map files;    /* token hash -> the name of the file, a text of `texts` */
    struct ladder_door **doors;
    size_t door_count;
    size_t door_capacity;
    struct map other_hosts;                 /* that found no door */
    struct ladder_lane lanes[LADDER_LANES]; /* settled */
    size_t lane_count;
    unsigned order[LADDER_LANES]; /* lanes from left to right */
    struct ladder_row *rows;
    size_t row_count;
    size_t row_capacity;
    struct map standing; /* user -> band (uint8_t) that held before the first row */
    uint64_t messages;   /* SIP, drawn as arrows, folded copies included */
    uint64_t beyond;     /* rows and texts that found no room */
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
    size_t pending;       /* row whose meaning is still being put together; SIZE_MAX = none */
    size_t latest;        /* row of the latest message; SIZE_MAX = none or no room */
    int64_t clock;        /* time of the latest message; TIME_NONE */
    struct map early;     /* transaction -> row of a response whose request was not seen yet */
    struct map sequences; /* dialog and tag of the sender -> CSeq of the latest request */
    struct {
        uint64_t message;
        struct slice text;
        const struct ladder_room *room;
        bool plain;
    } meanings[LADDER_MEANINGS];
    struct map steps;              /* message id -> text of the call flow's step that it is */
    const struct choice *choice;   /* settled before the model; NULL = everything is drawn */
    const struct repeats *repeats; /* settled, too; NULL = nothing is folded */
    bool has_domain;
    struct slice domain; /* of the first user; left out in names */
    struct map names;    /* settled: what the user named -> struct ladder_name */
    bool *names_used;    /* settled: which of options.names name something */
};

void ladder_model_init(struct ladder_model *model, const struct ladder_options *options,
                       struct map_seed seed, const struct limits *limits);
void ladder_model_dispose(struct ladder_model *model);

/* A band that came before all rows, so that none tells of it: the strip of the user begins with it.
 */
void ladder_model_stand(struct ladder_model *model, struct slice user, enum band band);

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
