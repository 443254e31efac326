/*
 * What a choice remembers of a run, shared by the two files that make it: choice.c fills it and
 * answers, choice_marks.c works out at the end what is chosen. Nobody else includes this.
 *
 * All counts are bounded by limits.report_rows (users by limits.users); what found no room is
 * counted in `beyond` and told by choice_words().
 */
#ifndef OCSIGHT_REPORTS_CHOICE_PARTS_H
#define OCSIGHT_REPORTS_CHOICE_PARTS_H

#include "analyzer/engine/arena.h"
#include "reports/choice.h"

enum choice_mark {
    MARK_NUMBER = 1 << 0,   /* in the dialog with that number */
    MARK_CALL_ID = 1 << 1,  /* has that Call-ID */
    MARK_DIALOG = 1 << 2,   /* what --dialog chooses: one of the two above */
    MARK_FLOW = 1 << 3,     /* a step of the flow, or what belongs to one */
    MARK_EVIDENCE = 1 << 4, /* proves the finding */
    MARK_FINDING = 1 << 5,  /* what --finding chooses */
    MARK_CHOSEN = 1 << 6,   /* the answer */
};

enum choice_kind { CHOICE_MESSAGE, CHOICE_WEB, CHOICE_LOOKUP, CHOICE_GAP };

struct choice_user {
    bool service; /* a chat service: it is in everybody's dialogs */
    bool party;   /* of what is being looked around for */
    bool shown;   /* of what was chosen */
};

/* A message with all its copies, or something beside SIP. */
struct choice_entry {
    struct choice_entry *next; /* in the order of the run */
    uint64_t exchange;         /* shared with its answers, by `kind`; 0 = none */
    uint64_t dialog;           /* 0 = none */
    uint64_t path;             /* hash of the two addresses; 0 = none */
    struct choice_user *from;  /* NULL = no user */
    struct choice_user *to;
    int64_t first; /* times of its copies; TIME_NONE */
    int64_t last;
    uint64_t id; /* of a message */
    uint8_t kind;
    uint8_t marks;
};

/* Where a copy was seen. */
struct choice_place {
    uint32_t input;
    uint64_t record;
    uint64_t offset;
    struct choice_entry *entry;
};

/* A packet that proves a finding, or that is a step. */
struct choice_proof {
    uint64_t finding; /* 0 = a step of the flow */
    uint32_t input;
    uint64_t record;
    uint64_t offset;
    int64_t time;
};

struct choice {
    struct choice_options options;
    struct limits limits;
    struct map_seed seed;
    struct arena arena;
    uint64_t number;     /* of --dialog; 0 = it is no number */
    unsigned wanted;     /* marks that all must be there */
    struct map messages; /* id -> struct choice_entry */
    struct map users;    /* "user@host" -> struct choice_user */
    struct map steps;    /* ids of messages that are steps of the flow */
    struct map shown;    /* settled: ids of findings that are shown */
    struct choice_entry *first_entry;
    struct choice_entry *last_entry;
    size_t entry_count;
    struct choice_place *places; /* settled: sorted */
    size_t place_count;
    size_t place_capacity;
    struct choice_proof *proofs;
    size_t proof_count;
    size_t proof_capacity;
    uint64_t findings; /* how many there are */
    bool found;        /* the finding that was asked for is among them */
    int64_t found_time;
    const char *found_rule;
    int64_t first; /* settled: span of what is chosen */
    int64_t last;
    uint64_t beyond;
    struct slice problem; /* "" = none */
    struct slice words;
};

/* The first place at or behind the one given, by (input, record, offset). */
size_t choice_place_find(const struct choice *choice, uint32_t input, uint64_t record,
                         uint64_t offset);

/* Sets MARK_CHOSEN, the span, the users and the findings that are shown. */
void choice_mark(struct choice *choice);

#endif
