/*
 * Who and what a finding is about: the names that its sentence and its report
 * members need, borrowed while a rule puts them together, kept in one block once
 * an expectation or a verdict owns them.
 */
#ifndef OCSIGHT_ANALYZER_AUDIT_SUBJECT_H
#define OCSIGHT_ANALYZER_AUDIT_SUBJECT_H

#include "analyzer/engine/slice.h"

enum { SUBJECT_PARTS = 8 };

struct subject {
    union {
        struct {
            struct slice user;
            struct slice peer;
            struct slice room;      /* URI */
            struct slice room_name; /* "" = not known: the URI stands for it */
            struct slice call_id;
            struct slice what;   /* a method, a command, a cap: what the rule speaks of */
            struct slice place;  /* an address or host */
            struct slice detail; /* the source's own words: a reason, a code text */
        };
        struct slice parts[SUBJECT_PARTS];
    };
    char *block; /* private: owns the bytes; NULL while borrowed */
};

/* Copies everything `given` names; release with subject_dispose(). */
void subject_keep(struct subject *out, const struct subject *given);
void subject_dispose(struct subject *subject);

/* What a group of findings does not share becomes empty: user, peer, room and Call-ID. */
void subject_narrow(struct subject *subject, const struct subject *other);

#endif
