/*
 * Private to the files sql/store_derived*.c.
 */
#ifndef OCSIGHT_SQL_STORE_DERIVED_PARTS_H
#define OCSIGHT_SQL_STORE_DERIVED_PARTS_H

#include "sql/store_derived.h"
#include "sql/store_parts.h"

enum derived_statement {
    DERIVED_SIP,
    DERIVED_DIALOG,
    DERIVED_PRESENCE,
    DERIVED_ENDPOINT,
    DERIVED_PUBLICATION,
    DERIVED_SUBSCRIPTION,
    DERIVED_SESSION,
    DERIVED_ROOM,
    DERIVED_MEMBERSHIP,
    DERIVED_PARTICIPANT,
    DERIVED_FOLLOW,
    DERIVED_POST,
    DERIVED_SET_POST,
    DERIVED_DELIVERY,
    DERIVED_FILE,
    DERIVED_FLOW,
    DERIVED_FLOW_CALL,
    DERIVED_FLOW_STEP,
    DERIVED_FLOW_LABEL,
    DERIVED_FINDING,
    DERIVED_EVIDENCE,
    DERIVED_STATEMENTS
};

/* Dialogs that changed last: one place each, by number; the next of that place writes it. */
enum { HELD_DIALOGS = 1 << 12 };

struct store_derived {
    struct store *store;
    struct lite_statement *statements[DERIVED_STATEMENTS];
    struct lite_statement *walk; /* over the messages, unless `beside` */
    int64_t walked;              /* the sequence it is at */
    bool beside;
    int64_t *inputs; /* ids by index */
    size_t input_count;
    int64_t place_base; /* added to streams, as the rows of `message` have it */
    struct dialog_view *dialogs;
    uint64_t flows;
};

/* One row being bound, column by column. */
struct derived_row {
    struct store_derived *derived;
    enum derived_statement which;
    struct lite_statement *statement;
    int next; /* parameter */
};

struct derived_row row_begin(struct store_derived *derived, enum derived_statement which);
void row_integer(struct derived_row *row, int64_t value);
void row_time(struct derived_row *row, int64_t time);
void row_text(struct derived_row *row, struct slice text); /* "" is NULL */
void row_name(struct derived_row *row, const char *name);  /* "" is NULL */
void row_availability(struct derived_row *row, int64_t availability);
void row_origin(struct derived_row *row, const struct origin *origin); /* input and record */
void row_end(struct derived_row *row);

/* store_derived_changes.c */
void store_derived_change(void *context, const struct change *change);

/* store_derived_dialogs.c: EVENT_MESSAGE and EVENT_DIALOG */
void store_derived_event(void *context, const struct event *event);
void store_derived_write_dialogs(struct store_derived *derived);
void store_derived_drop_dialogs(struct store_derived *derived);

#endif
