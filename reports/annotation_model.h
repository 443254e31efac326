/*
 * What an annotation keeps of a run; for annotation.c, which gathers it, and annotation_settle.c.
 *
 * Rows are compact, texts are kept once. Each kind of row has limits.comments of them at most;
 * those beyond are counted.
 */
#ifndef OCSIGHT_REPORTS_ANNOTATION_MODEL_H
#define OCSIGHT_REPORTS_ANNOTATION_MODEL_H

#include "reports/annotation.h"
#include "reports/meaning.h"

/* In the order in which a packet's comments stand; messages come behind findings. */
enum remark_kind {
    REMARK_FINDING,
    REMARK_FLOW,
    REMARK_PRESENCE,
    REMARK_DELIVERY,
    REMARK_AROUND,
    REMARK_COVERAGE,
};

/* A comment on a record. */
struct remark {
    uint64_t record;
    uint64_t finding; /* its number; 0 = it is about none */
    struct slice text;
    uint32_t place; /* in the order of the run */
    uint8_t kind;
};

struct annotation_room {
    struct slice name;
};

/* A message where it was seen: the comment that says what it means. */
struct sighting {
    uint64_t record;
    uint64_t message;
    uint64_t dialog;
    struct slice title;   /* "INFO", "200 OK" */
    struct slice meaning; /* may hold MEANING_ROOM */
    const struct annotation_room *room;
    uint32_t place;
    uint8_t role; /* enum message_role */
};

/* A copy of a post that reached somebody. */
struct delivery {
    uint64_t post; /* record */
    struct slice user;
};

struct rows {
    size_t count;
    size_t capacity;
};

struct annotation {
    struct annotation_options options;
    struct limits limits;
    struct choice *choice;
    struct sink choice_sink;
    struct arena arena;
    struct arena comments_arena; /* of the latest annotation_comments() */
    struct map texts;            /* every text once */
    struct map rooms;            /* URI -> struct annotation_room */
    struct map files;            /* token hash -> the name of the file, a text of `texts` */
    struct meaning meaning;
    size_t pending; /* sighting whose meaning is still being put together; SIZE_MAX = none */
    uint32_t places;
    struct sighting *sightings; /* settled: by record */
    struct rows sighting_rows;
    struct remark *remarks; /* settled: by record */
    struct rows remark_rows;
    struct remark *findings; /* settled: among the remarks */
    struct rows finding_rows;
    struct flow_label *labels;
    struct rows label_rows;
    struct delivery *deliveries;
    struct rows delivery_rows;
    uint64_t *records;
    size_t record_count;
    uint64_t beyond;
};

/* A copy that is kept; equal texts are kept once. */
struct slice annotation_keep(struct annotation *annotation, struct slice text);

/* Keeps it, unless its record is 0. */
void annotation_remark(struct annotation *annotation, const struct remark *remark);

/* The body events of the latest message are over: keeps what it means. */
void annotation_finish_message(struct annotation *annotation);

#endif
